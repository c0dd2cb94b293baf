"""What comes out of formulas that are wrongly remembered: of slopes, losses, sums over the samples, and matrices.

==================  ==========================================================================
`of_formula`        mistakes in the formula of σ′(z)
`of_other_total`    the mean over the samples in place of their sum, or the other way round
`of_squares`        mistakes in a squared error
`of_their_slope`    mistakes in its derivative
`of_entries`        a matrix product for one that goes entry by entry
`of_outer_product`  an outer product turned round, and the inner one in its place
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bppviz.core.functions import Activation, Loss
from bppviz.core.place import Operand, Place
from bppviz.core.sums import Array
from bppviz.core.trace import Trace
from bppviz.practice.mistake import Mistake


def of_formula(activation: Activation, at_a: Operand, at_z: Operand) -> Iterator[Mistake]:
    """Make the mistakes in the formula of σ′(z) of one activation, from a and z."""
    a, z = at_a.value, at_z.value
    match activation.kind:
        case "sigmoid":
            yield Mistake("factor_missing", 1 - a, at_a.place)
            yield Mistake("squared", a * a, at_a.place)
            yield Mistake("z_for_a", z * (1 - z), at_z.place, at_a.place)
        case "tanh":
            yield Mistake("squared", a * a, at_a.place)
            yield Mistake("tanh_square", 1 - a, at_a.place)
            yield Mistake("sech", float(1 / np.cosh(z)))
            yield Mistake("z_for_a", 1 - z * z, at_z.place, at_a.place)
        case "relu" | "leaky_relu":
            yield Mistake("wrong_side", activation.leak if z > 0 else 1.0, at_z.place)


def of_other_total(trace: Trace, total: float) -> Mistake:
    """Take the mean over the samples for the sum, or the sum for the mean."""
    N = trace.samples or 1
    return Mistake("added_up", total * N) if trace.network.over(N) > 1 else Mistake("mean", total / N)


def of_squares(loss: Loss, total: float, missed: Array) -> Iterator[Mistake]:
    """Make the mistakes of a squared error: another factor before the sum, or no squares."""
    factor, K = loss.factor, len(missed)
    wrong: dict[int | None, dict[str, float]] = {
        2: {"half_forgotten": 2},
        1: {"half_added": 1 / 2},
        None: {"half_added": 1 / 2, "added_up": K, "half_loss": K / 2},
    }
    for name, times in wrong[factor.over].items():
        yield Mistake(name, times * total)
    yield Mistake("square_forgotten", factor.of(float(missed.sum()), K))
    yield Mistake("square_forgotten", factor.of(float(np.abs(missed).sum()), K))


def of_their_slope(loss: Loss, y: float, t: float, K: int) -> Iterator[Mistake]:
    """Make the mistakes of ∂l/∂y of a squared error: another factor before y − t."""
    wrong: dict[int | None, dict[str, float]] = {
        2: {"half_kept": 1 / 2, "half_forgotten": 2},
        1: {"two_forgotten": 1, "mean": 2 / K},
        None: {"two_forgotten": 1 / K, "half_loss": 1, "added_up": 2},
    }
    for name, times in wrong[loss.factor.over].items():
        yield Mistake(name, times * (y - t))


def of_entries(one: Trace, layer: int, unit: int) -> Iterator[Mistake]:
    """Add up σ′(z) ∂l/∂a over the neurons of a layer, as a matrix product would, in the run of one sample."""
    gains, dl_da = one.array("dsigma", layer), one.array("dl_da", layer)
    if len(gains) > 1:
        yield Mistake("entries_summed", float(np.dot(gains, dl_da)), Place("z", layer, unit), Place("a", layer, unit))


def of_outer_product(one: Trace, w: Place) -> Iterator[Mistake]:
    """Turn ∂l/∂z aᵀ round, or take aᵀ ∂l/∂z for it, at a weight in the run of one sample."""
    layer, unit, source = w.layer, w.unit, w.source or 0
    dl_dz, entering = one.array("dl_dz", layer), one.array("a", layer - 1)
    if max(unit, source) < min(len(dl_dz), len(entering)) and unit != source:
        yield Mistake("outer", float(entering[unit] * dl_dz[source]), Place("w", layer, source, unit))
    if len(dl_dz) == len(entering) > 1:
        yield Mistake("inner", float(np.dot(entering, dl_dz)))
