"""Activations and losses, each beside its derivative and its formula.

===================  ============================================================
`ACTIVATIONS`        a = σ(z) and σ′(z), by name
`LOSSES`             l(y, t) and ∂l/∂y, by name
`SIMPLIFIED`         ∂l/∂z of an output layer where σ′(z) · ∂l/∂y simplifies
`through_softmax`    ∂l/∂z of a layer where each a depends on every z
===================  ============================================================

Every function here stays finite for every finite z: sigmoid of ±1000, the logarithm of an output
that is rounded to 0, and the derivative of either.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
TINY = float(np.finfo(float).tiny)
LEAK = 0.01


@dataclass(frozen=True)
class Activation:
    """An activation: a = f(z), elementwise unless `derivative` is None.

    `log` and `log_not` give log a and log (1 − a) from z; only outputs that are probabilities have them.
    The formulas are LaTeX, with `z` for the input.
    """

    name: str
    f: Callable[[Array], Array]
    derivative: Callable[[Array], Array] | None
    formula: str
    derivative_formula: str
    log: Callable[[Array], Array] | None = None
    log_not: Callable[[Array], Array] | None = None


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + e⁻ᶻ), elementwise, for any finite z."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


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


def log_not_softmax(z: Array) -> Array:
    """Return log(1 − softmax(z)): for each unit the share of all the others."""
    others = np.where(np.eye(z.shape[-1], dtype=bool), -np.inf, z[..., None, :])
    alone = z.shape[-1] == 1
    total = np.logaddexp.reduce(z, axis=-1, keepdims=True)
    return np.full_like(z, np.log(TINY)) if alone else np.logaddexp.reduce(others, axis=-1) - total


# Written as products, not as 1 − a or 1 − a², so that no digit is lost where a is close to ±1.
ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation(
            "sigmoid",
            f=sigmoid,
            derivative=lambda z: sigmoid(z) * sigmoid(-z),
            formula=r"\frac{1}{1+e^{-z}}",
            derivative_formula=r"\sigma(z)\left(1-\sigma(z)\right)",
            log=log_sigmoid,
            log_not=lambda z: log_sigmoid(-z),
        ),
        Activation(
            "tanh",
            f=np.tanh,
            derivative=lambda z: 4 * sigmoid(2 * z) * sigmoid(-2 * z),
            formula=r"\tanh z",
            derivative_formula=r"1-\tanh^{2}z",
        ),
        Activation(
            "relu",
            f=lambda z: np.maximum(z, 0.0),
            derivative=lambda z: np.where(z > 0, 1.0, 0.0),
            formula=r"\max(0,z)",
            derivative_formula=r"\begin{cases}1&z>0\\0&z\le 0\end{cases}",
        ),
        Activation(
            "leaky_relu",
            f=lambda z: np.where(z > 0, z, LEAK * z),
            derivative=lambda z: np.where(z > 0, 1.0, LEAK),
            formula=r"\max(0.01\,z,z)",
            derivative_formula=r"\begin{cases}1&z>0\\0.01&z\le 0\end{cases}",
        ),
        Activation(
            "identity",
            f=lambda z: z.copy(),
            derivative=np.ones_like,
            formula=r"z",
            derivative_formula=r"1",
        ),
        Activation(
            "softmax",
            f=softmax,
            derivative=None,
            formula=r"\frac{e^{z}}{\sum_{k}e^{z_{k}}}",
            derivative_formula="",
            log=log_softmax,
            log_not=log_not_softmax,
        ),
    )
}


@dataclass(frozen=True)
class Loss:
    """A loss of one sample, l = Σ terms, and its derivative ∂l/∂y.

    `terms(activation, z, y, t)` gives what each output adds to l; it may use z to find log y.
    `probabilities` says that y and t must lie between 0 and 1. The formulas are those of one term.
    """

    name: str
    terms: Callable[[Activation, Array, Array, Array], Array]
    derivative: Callable[[Array, Array], Array]
    formula: str
    derivative_formula: str
    probabilities: bool = False


def _half_squared_error(_activation: Activation, _z: Array, y: Array, t: Array) -> Array:
    return 0.5 * ((y - t) ** 2)


def _binary_cross_entropy(activation: Activation, z: Array, _y: Array, t: Array) -> Array:
    assert activation.log is not None and activation.log_not is not None  # Network admits no other
    return -(t * activation.log(z) + (1 - t) * activation.log_not(z))


def _cross_entropy(activation: Activation, z: Array, _y: Array, t: Array) -> Array:
    assert activation.log is not None  # Network admits no other
    return -t * activation.log(z)


LOSSES = {
    loss.name: loss
    for loss in (
        Loss(
            "half_squared_error",
            terms=_half_squared_error,
            derivative=lambda y, t: y - t,
            formula=r"\tfrac{1}{2}(y-t)^{2}",
            derivative_formula=r"y-t",
        ),
        Loss(
            "binary_cross_entropy",
            terms=_binary_cross_entropy,
            derivative=lambda y, t: (y - t) / (np.maximum(y, TINY) * np.maximum(1 - y, TINY)),
            formula=r"-t\ln y-(1-t)\ln(1-y)",
            derivative_formula=r"\frac{y-t}{y(1-y)}",
            probabilities=True,
        ),
        Loss(
            "cross_entropy",
            terms=_cross_entropy,
            derivative=lambda y, t: -t / np.maximum(y, TINY),
            formula=r"-t\ln y",
            derivative_formula=r"-\frac{t}{y}",
            probabilities=True,
        ),
    )
}

# Where an output is rounded to 0 or 1, σ′(z) · ∂l/∂y is 0 · ∞. These are the same products, simplified by hand.
SIMPLIFIED: dict[tuple[str, str], Callable[[Array, Array], Array]] = {
    ("sigmoid", "binary_cross_entropy"): lambda z, t: sigmoid(z) - t,
    ("sigmoid", "cross_entropy"): lambda z, t: -t * sigmoid(-z),
    ("softmax", "cross_entropy"): lambda z, t: softmax(z) * t.sum(axis=-1, keepdims=True) - t,
}


def through_softmax(a: Array, dl_da: Array) -> Array:
    """Return ∂l/∂zᵢ = aᵢ (∂l/∂aᵢ − Σₖ aₖ ∂l/∂aₖ): each a depends on every z of its layer."""
    return np.asarray(a * (dl_da - (a * dl_da).sum(axis=-1, keepdims=True)))
