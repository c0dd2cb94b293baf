"""Activations and losses, each beside its derivative and its formula.

===================  ============================================================
`ACTIVATIONS`        a = σ(z) and σ′(z), by name
`activation_of`      one of them, or leaky_relu with another slope: leaky_relu(0.1)
`LOSSES`             l(y, t) and ∂l/∂y, by name
`through_softmax`    ∂l/∂z of a layer where each a depends on every z
===================  ============================================================

Every function here stays finite for every finite z: sigmoid of ±1000, the logarithm of an output
that is rounded to 0, and the derivative of either.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np

from bppviz.core.coefficient import ONE, Coefficient
from bppviz.core.sums import Array as Array  # used everywhere
from bppviz.core.sums import difference

TINY = float(np.finfo(float).tiny)
LEAK = 0.01
LARGEST_POWER = 700.0  # of e that a float can hold


@dataclass(frozen=True)
class Activation:
    """An activation: a = f(z), elementwise unless `derivative` is None.

    `log` and `log_not` give log a and log (1 − a) from z; only outputs that are probabilities have them.
    The formulas are LaTeX, with #1 for z. `in_a` is σ′(z) written with a: its formula, with #1 for a, and its function.
    `leak` is the slope below 0 of a leaky_relu.
    """

    name: str
    f: Callable[[Array], Array]
    derivative: Callable[[Array], Array] | None
    formula: str
    derivative_formula: str
    log: Callable[[Array], Array] | None = None
    log_not: Callable[[Array], Array] | None = None
    in_a: tuple[str, Callable[[Any], Any]] | None = None
    leak: float = 0.0

    @property
    def kind(self) -> str:
        """Return its name without a slope: leaky_relu of every leaky_relu."""
        return "leaky_relu" if self.leak else self.name


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + e⁻ᶻ), elementwise, for any finite z."""
    return np.asarray(np.exp(np.minimum(z, 0.0)) / (1 + np.exp(-np.abs(z))))


def sigmoid_slope(z: Array) -> Array:
    """Return σ(z) (1 − σ(z)) = e⁻ᶻ / (1 + e⁻ᶻ)², elementwise; it is the same for z and −z."""
    e = np.exp(-np.abs(z))
    return np.asarray(e / (1 + e) ** 2)


def softmax(z: Array) -> Array:
    """Return eᶻ divided by its sum over the last axis, for any finite z."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def log_sigmoid(z: Array) -> Array:
    """Return log σ(z) = −log(1 + e⁻ᶻ), elementwise."""
    return -np.logaddexp(0.0, -z)


def log_softmax(z: Array) -> Array:
    """Return log softmax(z) over the last axis."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def softmax_of_others(z: Array) -> Array:
    """Return a row for each unit: the softmax of all the others, as if that unit were not there."""
    nothing = -float(np.finfo(float).max)
    return softmax(np.where(np.eye(z.shape[-1], dtype=bool), nothing, z[..., None, :]))


def log_not_softmax(z: Array) -> Array:
    """Return log(1 − softmax(z)): for each unit the share of all the others."""
    others = np.where(np.eye(z.shape[-1], dtype=bool), -np.inf, z[..., None, :])
    alone = z.shape[-1] == 1
    total = np.logaddexp.reduce(z, axis=-1, keepdims=True)
    return np.full_like(z, np.log(TINY)) if alone else np.logaddexp.reduce(others, axis=-1) - total


def _leaky_relu(name: str, leak: float) -> Activation:
    """Return the activation that multiplies what is below 0 by a slope between 0 and 1."""
    slope = format(Decimal(repr(leak)), "f")
    return Activation(
        name,
        f=lambda z: np.where(z > 0, z, leak * z),
        derivative=lambda z: np.where(z > 0, 1.0, leak),
        formula=rf"\max({slope}\times #1,#1)",
        derivative_formula=rf"\begin{{cases}}1&#1>0\\{slope}&#1\le 0\end{{cases}}",
        leak=leak,
    )


# Written as products, not as 1 − a or 1 − a², so that no digit is lost where a is close to ±1.
ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation(
            "sigmoid",
            f=sigmoid,
            derivative=sigmoid_slope,
            formula=r"\frac{1}{1+e^{-#1}}",
            derivative_formula=r"\sigma(#1)\left(1-\sigma(#1)\right)",
            in_a=(r"#1\times\left(1-#1\right)", lambda a: a * (1 - a)),
            log=log_sigmoid,
            log_not=lambda z: log_sigmoid(-z),
        ),
        Activation(
            "tanh",
            f=np.tanh,
            derivative=lambda z: 4 * sigmoid_slope(2 * z),
            formula=r"\tanh(#1)",
            derivative_formula=r"1-\tanh^{2}(#1)",
            in_a=(r"1-#1^{2}", lambda a: 1 - a**2),
        ),
        Activation(
            "relu",
            f=lambda z: np.maximum(z, 0.0),
            derivative=lambda z: np.heaviside(z, 0.0),
            formula=r"\max(0,#1)",
            derivative_formula=r"\begin{cases}1&#1>0\\0&#1\le 0\end{cases}",
        ),
        _leaky_relu("leaky_relu", LEAK),
        Activation(
            "identity",
            f=lambda z: z.copy(),
            derivative=np.ones_like,
            formula=r"#1",
            derivative_formula=r"1",
        ),
        Activation(
            "softmax",
            f=softmax,
            derivative=None,
            formula=r"\frac{e^{#1}}{\sum_{k}e^{z_{k}}}",
            derivative_formula="",
            log=log_softmax,
            log_not=log_not_softmax,
        ),
    )
}


@lru_cache(maxsize=256)
def activation_of(name: str) -> Activation:
    """Return the activation that a network has by this name: one of `ACTIVATIONS`, or leaky_relu(0.1)."""
    _, has_slope, slope = name.partition("(")
    return _leaky_relu(name, float(slope.removesuffix(")"))) if has_slope else ACTIVATIONS[name]


@dataclass(frozen=True)
class Loss:
    """A loss of one sample, l = Σ terms, and its derivative ∂l/∂y.

    `terms(activation, z, y, t)` gives what each output adds to l; it may use z to find log y. `from_y(y, t)` is the
    same as the formula has it, for outputs that are not rounded to 0 or 1, and `as_written(y, t)` is ∂l/∂y as its
    formula has it. `weighted(activation, z, t)` is y ∂l/∂y where that may be 0 · ∞. The formulas are LaTeX, those of
    one term, with #1 for y and #2 for t. These and their functions leave out the `factor` before the sum, and the
    `slope_factor` before ∂l/∂y. `probabilities` says that y and t must lie between 0 and 1.
    """

    name: str
    terms: Callable[[Activation, Array, Array, Array], Array]
    from_y: Callable[[Array, Array], Array]
    derivative: Callable[[Array, Array], Array]
    as_written: Callable[[Any, Any], Any]
    formula: str
    derivative_formula: str
    factor: Coefficient = ONE
    slope_factor: Coefficient = ONE
    probabilities: bool = False
    weighted: Callable[[Activation, Array, Array], Array] | None = None

    @property
    def is_squared(self) -> bool:
        """Tell whether the terms are squares; those of every other loss are logarithms of probabilities."""
        return not self.probabilities

    def slope_formula(self, outputs: int | str) -> str:
        """Return the formula of ∂l/∂y behind its factor, in which so many outputs, or a letter for them, stand."""
        factor, formula = self.slope_factor.latex(outputs), self.derivative_formula
        return rf"{factor}\left({formula}\right)" if factor else formula

    @property
    def text(self) -> str:
        """Return a squared error as plain text: ½ Σ (y − t)²."""
        return f"{self.factor.text} Σ (y − t)²".strip()


def _squared(name: str, over: int | None) -> Loss:
    """Return the loss that divides Σ (y − t)² by a number, or where that is None by the number of outputs."""
    factor, slope_factor = Coefficient(1, over), ONE if over == 2 else Coefficient(2, over)

    def terms(_activation: Activation, _z: Array, y: Array, t: Array) -> Array:
        return difference(y, t) ** 2 / (over or y.shape[-1])

    def derivative(y: Array, t: Array) -> Array:
        return 2 * difference(y, t) / (over or y.shape[-1])

    return Loss(
        name,
        terms=terms,
        derivative=difference if slope_factor == ONE else derivative,
        as_written=lambda y, t: y - t,
        from_y=lambda y, t: (y - t) ** 2,
        factor=factor,
        slope_factor=slope_factor,
        formula=r"\left(#1-#2\right)^{2}",
        derivative_formula=r"#1-#2",
    )


def _binary_cross_entropy(activation: Activation, z: Array, _y: Array, t: Array) -> Array:
    assert activation.log is not None  # Network admits no other
    assert activation.log_not is not None
    return -(t * activation.log(z) + (1 - t) * activation.log_not(z))


def _weighted_binary(activation: Activation, z: Array, t: Array) -> Array:
    assert activation.log is not None  # Network admits no other
    assert activation.log_not is not None
    odds = np.exp(np.minimum(activation.log(z) - activation.log_not(z), LARGEST_POWER))
    return (1 - t) * odds - t


def _cross_entropy(activation: Activation, z: Array, _y: Array, t: Array) -> Array:
    assert activation.log is not None  # Network admits no other
    return -t * activation.log(z)


LOSSES = {
    loss.name: loss
    for loss in (
        _squared("half_squared_error", over=2),
        _squared("squared_error", over=1),
        _squared("mean_squared_error", over=None),
        Loss(
            "binary_cross_entropy",
            terms=_binary_cross_entropy,
            # In two terms, because the one fraction is 0/0 where y has reached t.
            derivative=lambda y, t: (1 - t) / np.maximum(1 - y, TINY) - t / np.maximum(y, TINY),
            as_written=lambda y, t: (y - t) / (y * (1 - y)),
            weighted=_weighted_binary,
            from_y=lambda y, t: -(t * np.log(y) + (1 - t) * np.log(1 - y)),
            formula=r"\left(-#2\ln #1-\left(1-#2\right)\ln\left(1-#1\right)\right)",
            derivative_formula=r"\frac{#1-#2}{#1(1-#1)}",
            probabilities=True,
        ),
        Loss(
            "cross_entropy",
            terms=_cross_entropy,
            derivative=lambda y, t: -t / np.maximum(y, TINY),
            as_written=lambda y, t: -t / y,
            from_y=lambda y, t: -t * np.log(y),
            formula=r"\left(-#2\ln #1\right)",
            derivative_formula=r"-\frac{#2}{#1}",
            probabilities=True,
        ),
    )
}


OUTPUT_OF = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}  # the output that goes with a loss


def through_softmax(a: Array, dl_da: Array) -> Array:
    """Return ∂l/∂zᵢ = aᵢ (∂l/∂aᵢ − Σₖ aₖ ∂l/∂aₖ): each a depends on every z of its layer."""
    return np.asarray(a * difference(dl_da, (a * dl_da).sum(axis=-1, keepdims=True)))
