"""∂l/∂z of an output layer where σ′(z) · ∂l/∂y simplifies, with its formula.

===================  ============================================================
`simplified`         it, by the names of an activation and a loss
`PairFormula`        how people write it
===================  ============================================================
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from bppviz.core.functions import sigmoid, softmax, softmax_of_others
from bppviz.core.sums import Array, difference

TOTAL_DIGITS = 12  # to which targets that add up to 1 do so


def _others(v: Array) -> Array:
    """Return for each entry the sum of those before it and after it; sum − v would lose digits."""
    before, after = np.zeros_like(v), np.zeros_like(v)
    np.add.accumulate(v[..., :-1], axis=-1, out=before[..., 1:])
    np.add.accumulate(v[..., :0:-1], axis=-1, out=after[..., -2::-1])
    return before + after


def _softmax_cross_entropy(z: Array, t: Array) -> Array:
    y = softmax(z)
    return difference(y * _others(t), t * _others(y))


def _softmax_binary_cross_entropy(z: Array, t: Array) -> Array:
    missed = (1 - t) * softmax(z)
    passed_on = (missed[..., None] * softmax_of_others(z)).sum(axis=-2)
    return np.asarray(_softmax_cross_entropy(z, t) + missed - passed_on)


class PairFormula(NamedTuple):
    """How people write a simplified ∂l/∂z: in LaTeX, with #1 for y, #2 for t and #3 for Σ t, and as a function."""

    formula: str
    f: Callable[..., Any]

    @property
    def takes_total(self) -> bool:
        """Tell whether the function takes Σ t too, after y and t."""
        return "#3" in self.formula


DIFFERENCE = PairFormula("#1-#2", lambda y, t: y - t)


@dataclass(frozen=True)
class Simplified:
    """∂l/∂z of an output layer, from z and t, where σ′(z) · ∂l/∂y simplifies.

    `written` is its formula, if it has a short one, and `written_for_1` the one for targets that add up to 1.
    """

    f: Callable[[Array, Array], Array]
    written: PairFormula | None = None
    written_for_1: PairFormula | None = None

    def formula(self, total: float) -> PairFormula | None:
        """Return its formula for targets of this sum."""
        adds_up_to_1 = float(f"{total:.{TOTAL_DIGITS - 1}e}") == 1
        return self.written_for_1 if adds_up_to_1 and self.written_for_1 else self.written


# Where an output is rounded to 0 or 1, σ′(z) · ∂l/∂y is 0 · ∞, and y − t loses its digits where y is close to t.
# These are the same products, simplified by hand: y − t = (1 − t) y − t (1 − y), and likewise for softmax.
SIMPLIFIED = {
    ("sigmoid", "binary_cross_entropy"): Simplified(
        lambda z, t: difference((1 - t) * sigmoid(z), t * sigmoid(-z)), DIFFERENCE
    ),
    ("sigmoid", "cross_entropy"): Simplified(
        lambda z, t: -t * sigmoid(-z), PairFormula(r"-#2\left(1-#1\right)", lambda y, t: -t * (1 - y))
    ),
    ("softmax", "cross_entropy"): Simplified(
        _softmax_cross_entropy, PairFormula(r"#1\times #3-#2", lambda y, t, total: y * total - t), DIFFERENCE
    ),
    ("softmax", "binary_cross_entropy"): Simplified(_softmax_binary_cross_entropy),
}


def simplified(activation: str, loss: str) -> Simplified | None:
    """Return ∂l/∂z of an output layer, by the names of its activation and loss, where σ′(z) · ∂l/∂y simplifies."""
    return SIMPLIFIED.get((activation, loss))
