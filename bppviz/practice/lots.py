"""Networks with numbers that are worth computing by hand, drawn by lot; the same seed draws the same ones for ever.

==================  ==========================================================================
`Drawn`             what is drawn: how large the network is, and of which functions
`drawn_runs`        so many different runs of such networks
`tabled`            the z for which a table of a function is printed
==================  ==========================================================================

Where functions are exact, so is everything: whole inputs, halves as weights, quarters and eighths as results. Where a
function bends, the bias is chosen so that z comes to lie on the grid of a small table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain, pairwise
from math import isclose
from random import Random
from typing import NamedTuple

import numpy as np

from bppviz.core.backprop import backprop
from bppviz.core.checks import counted
from bppviz.core.functions import LOSSES, activation_of
from bppviz.core.network import Network
from bppviz.core.refusals import too_few_fit
from bppviz.core.sums import Array
from bppviz.core.trace import Trace
from bppviz.words.numbers import rounded

# Neither 0 nor ±1: who forgets such a factor has the right number all the same.
WHOLE, HALVES = (-4, -3, -2, 2, 3, 4), (-2, -1.5, -0.5, 0.5, 1.5, 2)
FIRST_WEIGHTS, WEIGHTS, BIASES = (-2, -1, 1, 2, 3), (-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2), (-3, -2, -1, 1, 2, 3)
SHARES = (0.1, 0.2, 0.3, 0.7, 0.8, 0.9)  # targets of outputs between 0 and 1
TABLE_STEP = 0.25  # of the tables
LARGEST_Z = {"sigmoid": 2.0, "tanh": 1.25, "softmax": 2.0}  # beyond which a function is flat, or a table long
LARGEST = 100  # of all numbers of a run
FOUND = ("z", "a", "dsigma", "dl_da", "dl_dz", "dl_dw", "dl_db")  # arrays of a run
APART = 0.02  # that two results are from each other, as a part of the larger: each is right within half of that
GIVEN_DIGITS = 3  # of a number that is given
TRIES = 2000  # in vain, before it is given up


class Drawn(NamedTuple):
    """What is drawn, and of which quantities the numbers are asked for; no gradient is smaller, but for zeros."""

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    ask: tuple[str, ...]
    smallest: float


class UnfitError(Exception):
    """A network that is not worth computing by hand, and why: the name of a reason."""


def tabled(activation: str) -> list[float]:
    """Return the z for which a table is printed, none for a function that is computed without one.

    That of sigmoid and tanh has no negative z, for which people need no table.
    """
    if activation not in LARGEST_Z:
        return []
    last = int(LARGEST_Z[activation] / TABLE_STEP)
    return [i * TABLE_STEP for i in range(-last if activation == "softmax" else 0, last + 1)]


def drawn_runs(what: Drawn, n: int, seed: int) -> list[Trace]:
    """Return `n` different runs; the first of them do not depend on how many there are.

    Raises ValueError where too few are found, which says what to loosen.
    """
    runs: dict[tuple[bytes, ...], Trace] = {}
    lots, unfit, in_vain = Lots(seed), Counter[str](), 0
    while len(runs) < n and in_vain < TRIES:
        before = len(runs)
        try:
            trace = _run(what, lots)
        except UnfitError as reason:
            unfit[str(reason)] += 1
        else:
            runs.setdefault(_given(trace), trace)
            unfit["known"] += len(runs) == before
        in_vain = in_vain + 1 if len(runs) == before else 0
    if len(runs) < n:
        found = f"{len(runs)} of {counted(n, 'network')} of the size {'-'.join(map(str, what.sizes))}"
        del unfit["flat"]  # a matter of chance, if anything gets farther
        most_frequent = max(+unfit, key=unfit.__getitem__, default="flat")
        raise too_few_fit(found, most_frequent, what.smallest)
    return list(runs.values())


def _given(trace: Trace) -> tuple[bytes, ...]:
    """Return everything that a run was made from, to tell it from others."""
    biases = (b for b in trace.network.biases if b is not None)
    return tuple(it.tobytes() for it in (*trace.network.weights, *biases, trace.x, trace.target))


class Lots:
    """Draws by lot: of Python's generators, it is `random` alone that is promised to draw the same for ever."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random

    def one_of(self, menu: Sequence[float]) -> float:
        """Return one of a menu."""
        return menu[int(self._random() * len(menu))]

    def of(self, menu: Sequence[float], *shape: int) -> Array:
        """Return as many of a menu as an array of this shape has."""
        numbers = [self.one_of(menu) for _ in range(int(np.prod(shape)))]
        return np.array(numbers, dtype=float).reshape(shape)

    def unlike(self, menu: Sequence[float], n: int) -> Array:
        """Return `n` of a menu, of different sizes as long as it has them: who mixes them up is wrong then."""
        numbers: list[float] = []
        while len(numbers) < n:
            value = self.one_of(menu)
            if abs(value) not in map(abs, numbers) or len(set(map(abs, menu))) <= len(numbers):
                numbers.append(value)
        return np.array(numbers)


def _run(what: Drawn, lots: Lots) -> Trace:
    """Draw a network with its sample; raise UnfitError for one that is not worth computing."""
    bends = any(tabled(name) for name in what.activations[:-1]) or what.activations[-1] in ("sigmoid", "tanh")
    x = a = lots.unlike(HALVES if bends else WHOLE, what.sizes[0])
    weights, biases = list[Array](), list[Array]()
    for (n_in, n_out), name in zip(pairwise(what.sizes), what.activations, strict=True):
        weights.append(lots.of(FIRST_WEIGHTS if not (weights or bends) else WEIGHTS, n_out, n_in))
        sums = weights[-1] @ a
        biases.append(np.array([_bias(s, name, lots) for s in sums.tolist()]))
        z = sums + biases[-1]
        _check_slopes(z, name)
        a = activation_of(name).f(z)
    network = Network(tuple(weights), tuple(biases), what.activations, what.loss)
    trace = backprop(network, x, _target(a, what, lots))
    _check(trace, what)
    return trace


def _bias(total: float, activation: str, lots: Lots) -> float:
    """Draw a bias; before a table, one of three digits that takes z to where that has an entry, or very near."""
    if not tabled(activation):
        return lots.one_of(BIASES)
    entries = {sign * z for z in tabled(activation) for sign in (-1, 1) if z}
    most = 10 if total % TABLE_STEP == 0 else 1
    near = sorted(z for z in entries if 0.0005 < abs(z - total) < most)
    if not near:
        raise UnfitError("flat")
    return round(lots.one_of(near) - total, GIVEN_DIGITS)


def _check_slopes(z: Array, activation: str) -> None:
    """Refuse a ReLU that stands at its corner, and one that is off, but for one of three or more."""
    if activation_of(activation).kind in ("relu", "leaky_relu") and ((z == 0).any() or (z < 0).sum() > (len(z) >= 3)):
        raise UnfitError("flat")


def _target(y: Array, what: Drawn, lots: Lots) -> Array:
    """Draw what the outputs should have been: a class, a share, or where all is exact something half a step away."""
    output = what.activations[-1]
    if output == "softmax":
        return np.asarray(np.eye(len(y))[int(lots.one_of(range(len(y))))])
    if LOSSES[what.loss].probabilities:
        return lots.of((0, 1), len(y))
    if output in ("sigmoid", "tanh"):
        return lots.of(SHARES, len(y)) * (1 if output == "sigmoid" else lots.of((-1, 1), len(y)))
    return np.asarray(y - lots.of(HALVES, len(y)))


def _check(trace: Trace, what: Drawn) -> None:
    """Refuse what is too long, too large, too small, or too much alike."""
    given = [*trace.x.tolist(), *trace.target.tolist(), *trace.network.array("b", trace.network.layers).tolist()]
    if any(rounded(value, GIVEN_DIGITS) != value for value in given):
        raise UnfitError("large")
    found = {name: [np.ravel(it) for it in getattr(trace, name) if it is not None] for name in FOUND}
    numbers = [*chain.from_iterable(found.values()), np.ravel(trace.loss)]
    if any(np.abs(it).max() > LARGEST for it in numbers):
        raise UnfitError("large")
    off = [it == 0 for it in found["dsigma"]]
    # A zero is that of a neuron that is off, and no sum whose terms cancel out.
    if any((it == 0).any() for it in found["dl_da"][:-1]) or _has_zeros(found["dl_dz"], off):
        raise UnfitError("small")
    gradients = chain.from_iterable(found[name] for name in FOUND if name.startswith("dl_"))
    if any((np.abs(it[it != 0]) < what.smallest).any() for it in gradients):
        raise UnfitError("small")
    asked = set(what.ask) & set(found) - {"dsigma"}  # which is 1 of every ReLU
    if any(_are_alike(it[it != 0].tolist()) for name in asked for it in found[name]):
        raise UnfitError("alike")


def _has_zeros(gradients: Sequence[Array], off: Sequence[Array]) -> bool:
    """Tell whether a ∂l/∂z is 0 although its neuron is not off; a softmax is never."""
    padded = [*off, *[np.zeros(1, dtype=bool)] * (len(gradients) - len(off))]
    return any(((it == 0) & ~is_off).any() for it, is_off in zip(gradients, padded, strict=True))


def _are_alike(values: Sequence[float]) -> bool:
    """Tell whether two numbers are so close that one would pass for the other."""
    ordered = sorted(values)
    return any(isclose(lower, upper, rel_tol=APART) for lower, upper in pairwise(ordered))
