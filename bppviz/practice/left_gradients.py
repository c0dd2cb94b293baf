"""The gradients that loss.backward() left in a model of PyTorch, beside ours.

==================  ==========================================================================
`holds_gradients`   whether something is a model that may hold some
`left_in`           those of a model, by layer
`compared_with`     each beside ours, as closely as their precision can tell
`Held`, `Left`      what a model holds, and what comes out
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from bppviz.core.foreign import library_of
from bppviz.core.place import Place
from bppviz.core.torch_model import drops_in, gradients_in
from bppviz.core.trace import Trace
from bppviz.practice.differences import TOLERANCE
from bppviz.practice.factor import DIGITS_OF_FACTOR, ENOUGH, Factor, likely
from bppviz.practice.own_gradients import AnyArray, check_own_gradients
from bppviz.practice.rounding import computed
from bppviz.words.numbers import rounded

CLOSE = 1e-3  # how near a factor must be to one that is known, to be tried


class Held(NamedTuple):
    """The gradients of weights and biases by layer that a model holds, None where it holds none.

    With `drops` the model is in train mode, where a Dropout drops numbers. With `is_run` they were computed just now,
    in a copy of the model.
    """

    layers: list[tuple[Any, Any]]
    drops: bool = False
    is_run: bool = False


class Left(NamedTuple):
    """Gradients that a model holds, in the order of the rows of a check, None where it holds none, or has no bias.

    `same` tells which are ours, or all of them a factor times ours: then `factors` are that factor with what may have
    led to it, and empty otherwise. `dtype` is their precision; the rest is as in `Held`.
    """

    values: tuple[float | None, ...]
    same: tuple[bool, ...]
    factors: tuple[Factor, ...]
    dtype: str
    drops: bool = False
    is_run: bool = False

    @property
    def again(self) -> int:
        """Return how many times backward() may have been called in a row, 1 where that explains nothing."""
        value = self.factors[0].value if self.factors else 1.0
        return int(value) if value > 1 and value == int(value) else 1


def holds_gradients(given: Any) -> bool:
    """Tell whether something is a model of PyTorch, which may hold gradients."""
    return library_of(given) == "torch" and not hasattr(given, "__array__")


def left_in(network: Any, gradients: Any) -> Held | None:
    """Return the gradients of weights and biases by layer that a model of PyTorch holds, which is either of the two.

    Raises ValueError where somebody gave a model as gradients that holds none.
    """
    model = next((it for it in (gradients, network) if holds_gradients(it)), None)
    layers = [] if model is None else gradients_in(model)
    if any(of_w is not None for of_w, _ in layers):
        return Held(layers, drops_in(model))
    if model is not None and model is gradients:
        raise ValueError("the model given as gradients holds none yet; call loss.backward() first.")
    return None


def compared_with(trace: Trace, held: Held, places: Sequence[Place]) -> Left:
    """Return the gradients of a model beside those of a run; raise ValueError where their shapes do not fit."""
    zeros = [tuple(map(_zeros, layer)) for layer in zip(trace.dL_dw, trace.dL_db, strict=True)]
    both = zip(held.layers, [*zeros, *zeros[-1:] * len(held.layers)], strict=False)  # whether all fit is said below
    filled = [[of if it is None else it for it, of in zip(*layer, strict=True)] for layer in both]
    dw, db = check_own_gradients(trace.network, ([w for w, _ in filled], [b for _, b in filled]))
    dtypes = [w.dtype for w in dw]
    ours, theirs = _rows(trace.dL_dw, trace.dL_db, places), _rows(dw, db, places)
    is_held = np.array([held.layers[it.layer - 1][it.source is None] is not None for it in places])
    within = _within(trace, dtypes, places)

    def same(factor: float) -> AnyArray:
        return np.asarray((np.abs(theirs - factor * ours) <= abs(factor) * within) | ~is_held)

    found = () if same(1).all() else _factors(trace, ours[is_held], theirs[is_held], lambda it: bool(same(it).all()))
    values = tuple(value if there else None for value, there in zip(theirs.tolist(), is_held.tolist(), strict=True))
    precision = str(max(dtypes, key=lambda it: np.finfo(it).eps))
    told = tuple(same(found[0].value if found else 1).tolist())
    return Left(values, told, found, precision, held.drops, held.is_run)


def _within(trace: Trace, dtypes: Sequence[Any], places: Sequence[Place]) -> AnyArray:
    """Return how far the precision of a model may move each of its gradients."""
    allowed = computed(trace, dtypes)
    # What is common to all samples is rounded once, and long sums drift.
    drift = max(1.0, (trace.samples or 1) ** 0.5 / 4)
    within = drift * _rows([it[:, :-1] for it in allowed], [it[:, -1] for it in allowed], places)
    if any(it != np.float64 for it in dtypes):
        within = within + TOLERANCE * np.abs(_rows(trace.dL_dw, trace.dL_db, places))
    return np.asarray(within)


def _factors(trace: Trace, ours: AnyArray, theirs: AnyArray, explains: Callable[[float], bool]) -> tuple[Factor, ...]:
    """Return the one factor that explains all gradients of a model, once for each likely cause; none without one."""
    largest = int(np.abs(ours).argmax())
    if np.count_nonzero(ours) < ENOUGH or not np.isfinite(theirs).all() or not theirs[largest]:
        return ()
    value = theirs[largest] / ours[largest]
    known = [it for it in likely(trace) if abs(it.value / value - 1) < CLOSE and explains(it.value)]
    if known:
        return tuple(known)
    tried = (float(round(value)), rounded(value, DIGITS_OF_FACTOR), float(value))
    return next(((Factor(it, "other", 1),) for it in tried if it and explains(it)), ())


def _zeros(array: AnyArray | None) -> AnyArray | None:
    return None if array is None else np.zeros_like(array)


def _rows(of_w: Sequence[Any], of_b: Sequence[Any], places: Sequence[Place]) -> AnyArray:
    """Return the numbers at the places of weights and biases, in their order."""
    return np.array(
        [
            float(of_b[it.layer - 1][it.unit] if it.source is None else of_w[it.layer - 1][it.unit, it.source])
            for it in places
        ]
    )
