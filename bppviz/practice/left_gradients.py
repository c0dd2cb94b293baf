"""The gradients that loss.backward() left in a model of PyTorch, beside ours.

==================  ==========================================================================
`holds_gradients`   whether something is a model that may hold some
`left_in`           those of a model, by layer
`compared_with`     each beside ours, as closely as their precision can tell
`Left`              what comes out
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from bppviz.core.foreign import library_of
from bppviz.core.place import Place
from bppviz.core.torch_model import gradients_in
from bppviz.core.trace import Trace
from bppviz.practice.differences import TOLERANCE
from bppviz.practice.own_gradients import AnyArray, check_own_gradients
from bppviz.practice.rounding import computed

Held = list[tuple[Any, Any]]


class Left(NamedTuple):
    """Gradients that a model holds, in the order of the rows of a check, None where it holds none, or has no bias.

    `same` tells which are ours, or all of them 1/`over` of ours: then the loss was a mean over so many numbers.
    `dtype` is their precision.
    """

    values: tuple[float | None, ...]
    same: tuple[bool, ...]
    over: int
    dtype: str


def holds_gradients(given: Any) -> bool:
    """Tell whether something is a model of PyTorch, which may hold gradients."""
    return library_of(given) == "torch" and not hasattr(given, "__array__")


def left_in(network: Any, gradients: Any) -> Held | None:
    """Return the gradients of weights and biases by layer that a model of PyTorch holds, which is either of the two.

    Raises ValueError where somebody gave a model as gradients that holds none.
    """
    model = next((it for it in (gradients, network) if holds_gradients(it)), None)
    held = [] if model is None else gradients_in(model)
    if any(of_w is not None for of_w, _ in held):
        return held
    if model is not None and model is gradients:
        raise ValueError("the model given as gradients holds none yet; call loss.backward() first.")
    return None


def compared_with(trace: Trace, held: Held, places: Sequence[Place]) -> Left:
    """Return the gradients of a model beside those of a run; raise ValueError where their shapes do not fit."""
    zeros = [tuple(map(_zeros, layer)) for layer in zip(trace.dL_dw, trace.dL_db, strict=True)]
    both = zip(held, [*zeros, *zeros[-1:] * len(held)], strict=False)  # whether so many layers fit is said below
    filled = [[of if it is None else it for it, of in zip(*layer, strict=True)] for layer in both]
    dw, db = check_own_gradients(trace.network, ([w for w, _ in filled], [b for _, b in filled]))
    dtypes = [w.dtype for w in dw]
    allowed = computed(trace, dtypes)
    N, n = trace.samples or 1, trace.network.sizes[-1]
    ours, theirs = _rows(trace.dL_dw, trace.dL_db, places), _rows(dw, db, places)
    # What is common to all samples is rounded once, and long sums drift.
    drift = max(1.0, N**0.5 / 4)
    within = drift * _rows([it[:, :-1] for it in allowed], [it[:, -1] for it in allowed], places)
    if any(it != np.float64 for it in dtypes):
        within = within + TOLERANCE * np.abs(ours)
    is_held = np.array([held[it.layer - 1][it.source is None] is not None for it in places])
    tried = {count: (np.abs(theirs * count - ours) <= within) | ~is_held for count in (1, N, n, N * n)}
    over = next((count for count, same in tried.items() if same.all()), 1)
    values = tuple(value if there else None for value, there in zip(theirs.tolist(), is_held.tolist(), strict=True))
    return Left(values, tuple(tried[over].tolist()), over, str(max(dtypes, key=lambda it: np.finfo(it).eps)))


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
