"""Back-propagation: one forward pass and one backward pass, recorded."""

from math import isfinite
from typing import Any

import numpy as np

from bppviz._functions import ACTIVATIONS, LOSSES, SIMPLIFIED, Array, through_softmax
from bppviz._network import Network, check_sample
from bppviz._trace import Trace


def backprop(network: Network, x: Any, target: Any) -> Trace:
    """Run one sample forward and backward and record every quantity on the way.

    x has shape (n_in,) and target (n_out,). Formulas: Hung-yi Lee, Machine Learning, Backpropagation:
    ∂l/∂w = ∂z/∂w · ∂l/∂z, and ∂l/∂z = σ′(z) [ Wᵀ ∂l/∂z of the layer behind ].

    Raises TypeError or ValueError for a sample that does not fit the network, before anything is computed, and
    OverflowError where the numbers grow beyond what a float can hold.
    """
    x, target = check_sample(network, x, target)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return _run(network, x, target)


def _run(network: Network, x: Array, target: Array) -> Trace:
    layers = range(len(network.weights))
    sigma = [ACTIVATIONS[name] for name in network.activations]
    loss = LOSSES[network.loss]

    # Forward pass (向前傳播): z = W a + b, a = σ(z)
    z, a = [], [x]
    for W, b, s in zip(network.weights, network.biases, sigma, strict=True):
        z.append(W @ a[-1] + b)
        a.append(s.f(z[-1]))
    y = a[-1]
    loss_terms = loss.terms(sigma[-1], z[-1], y, target)
    total = float(loss_terms.sum())

    # Backward pass (向後傳播): ∂l/∂z = σ′(z) [ Wᵀ ∂l/∂z of the layer behind ]
    dsigma = [s.derivative(zl) if s.derivative else None for s, zl in zip(sigma, z, strict=True)]
    dl_da, dl_dz = [y] * len(layers), [y] * len(layers)
    for i in reversed(layers):
        at_output = i == layers[-1]
        dl_da[i] = loss.derivative(y, target) if at_output else network.weights[i + 1].T @ dl_dz[i + 1]
        simplified = SIMPLIFIED.get((sigma[i].name, loss.name)) if at_output else None
        gain = dsigma[i]
        if simplified:
            dl_dz[i] = simplified(z[i], target)
        elif gain is None:
            dl_dz[i] = through_softmax(a[i + 1], dl_da[i])
        else:
            dl_dz[i] = gain * dl_da[i]

    # ∂l/∂w = ∂z/∂w · ∂l/∂z: the input that the weight multiplies, times ∂l/∂z
    dl_dw = [np.outer(dl_dz[i], a[i]) for i in layers]

    _check_finite(z, total, a, dl_dz)
    for array in (*z, *a, *dl_da, *dl_dz, *dl_dw, *(gain for gain in dsigma if gain is not None), loss_terms):
        array.flags.writeable = False
    return Trace(
        network=network,
        x=x,
        target=target,
        z=tuple(z),
        a=tuple(a[1:]),
        dsigma=tuple(dsigma),
        dl_da=tuple(dl_da),
        dl_dz=tuple(dl_dz),
        dl_dw=tuple(dl_dw),
        dl_db=tuple(dl_dz),  # ∂z/∂b = 1
        loss_terms=loss_terms,
        loss=total,
    )


def _check_finite(z: list[Array], loss: float, a: list[Array], dl_dz: list[Array]) -> None:
    """Refuse a run that overflowed, and name the first layer where it did."""
    hint = "The weights or inputs are too large: divide them by a power of 10."
    for layer, zl in enumerate(z, 1):
        if not np.isfinite(zl).all():
            raise OverflowError(f"z of layer {layer} is larger than a float can hold. {hint}")
    if not isfinite(loss):
        raise OverflowError(f"the loss is larger than a float can hold. {hint}")
    for layer, (al, gradient) in enumerate(zip(a, dl_dz, strict=False), 1):
        if not isfinite(np.abs(al).max() * np.abs(gradient).max()):
            raise OverflowError(f"a gradient of layer {layer} is larger than a float can hold. {hint}")
