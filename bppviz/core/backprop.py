"""Back-propagation: one forward pass and one backward pass, recorded.

==================  ========================================================================
`backprop`          both passes of one sample or of several, their sum, and an update
`forward`           z = W a + b and a = σ(z), layer by layer
`backward`          σ′(z), ∂l/∂a and ∂l/∂z, from the output to the first layer
`summed`            ∂L/∂w = Σₙ ∂lⁿ/∂w, or the mean
`descended`         w ← w − η ∂L/∂w
==================  ========================================================================

One sample is an array of shape (n,); several are the rows of one of shape (N, n), and the same lines serve both.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bppviz.core.checks import check_learning_rate, switch
from bppviz.core.functions import LOSSES, Activation, Loss, through_softmax
from bppviz.core.given import as_network
from bppviz.core.network import Network
from bppviz.core.samples import check_samples
from bppviz.core.simplified import simplified
from bppviz.core.sums import Array, all_finite, by_weight, difference, product
from bppviz.core.trace import Trace

Arrays = Sequence[Array]
Biases = Sequence[Array | None]  # None for a layer that has none


def backprop(
    network: Any, x: Any, target: Any, learning_rate: float | None = None, update_biases: bool = True
) -> Trace:
    """Run one sample forward and backward, or several and add up their gradients, and record every quantity on the way.

    In the network's place may stand a model of PyTorch, scikit-learn or Keras, which is taken as `Network.from_torch`
    and its like take it. x has shape (n_in,) and target (n_out,); N samples are the rows of x of shape (N, n_in) and
    target (N, n_out). Of a single input or output (N,) will do; where the outputs are a softmax, so will class numbers,
    counted from 0, or the names of outputs: one for one sample, (N,) for N. Lists, arrays, DataFrames and tensors are
    taken, tensors without their history; the columns of a DataFrame name inputs that have no names.
    With a `learning_rate` η the run goes on to w ← w − η ∂L/∂w, for the biases too unless `update_biases` is False.
    Formulas: Hung-yi Lee, Machine Learning, Backpropagation: ∂l/∂w = ∂z/∂w · ∂l/∂z,
    ∂l/∂z = σ′(z) [ Wᵀ ∂l/∂z of the next layer ], and ∂L/∂w = Σₙ ∂lⁿ/∂w, a sum and not a mean, unless the network has
    total="mean".

    Raises TypeError or ValueError for samples or a learning rate that do not fit, before anything is computed, and
    OverflowError where the numbers grow beyond what a float can hold.
    """
    network = as_network(network, x)
    x, target = check_samples(network, x, target)
    rate = None if learning_rate is None else check_learning_rate(learning_rate)
    update_biases = switch("update_biases", update_biases)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return _run(network, x, target, rate, update_biases)


def _run(network: Network, x: Array, target: Array, rate: float | None, update_biases: bool) -> Trace:
    sigma = network.sigma
    loss = LOSSES[network.loss]

    z, a = forward(network.weights, network.biases, sigma, x)
    loss_terms = loss.terms(sigma[-1], z[-1], a[-1], target)
    dsigma, dl_da, dl_dz = backward(network.weights, sigma, loss, (z, a), target)

    # ∂l/∂w = ∂z/∂w · ∂l/∂z: the input that the weight multiplies, times ∂l/∂z; and ∂z/∂b = 1
    entering = a[:-1]
    over = network.over(len(x) if x.ndim == 2 else None)
    dL_dw, dL_db = summed(dl_dz, entering, over) if x.ndim == 2 else (by_weight(dl_dz, entering), dl_dz)

    losses = np.asarray(loss_terms.sum(axis=-1))
    L = float(losses.sum()) / over
    _check_finite(z, L, entering, dl_dz)
    updated = None if rate is None else _updated(network, dL_dw, dL_db if update_biases else None, rate)
    gains = [gain for gain in dsigma if gain is not None]
    for array in (*z, *a, *dl_da, *dl_dz, *dL_dw, *dL_db, *gains, loss_terms, losses):
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
        dl_db=_of_biases(network, dl_dz),
        loss_terms=loss_terms,
        loss=losses if x.ndim == 2 else L,
        dL_dw=tuple(dL_dw),
        dL_db=_of_biases(network, dL_db),
        L=L,
        learning_rate=rate,
        update_biases=update_biases,
        updated=updated,
    )


def _of_biases(network: Network, gradients: Arrays) -> tuple[Array | None, ...]:
    """Return the gradients of the biases that there are, and None for a layer that has none."""
    return tuple(None if b is None else it for b, it in zip(network.biases, gradients, strict=True))


def forward(weights: Arrays, biases: Biases, sigma: Sequence[Activation], x: Array) -> tuple[list[Array], list[Array]]:
    """Return z of every layer, and a of every layer from the inputs on: the forward pass (向前傳播)."""
    z, a = [], [x]
    for W, b, s in zip(weights, biases, sigma, strict=True):
        z.append(product(a[-1], W.T, b))
        a.append(s.f(z[-1]))
    return z, a


def backward(
    weights: Arrays, sigma: Sequence[Activation], loss: Loss, passed: tuple[Arrays, Arrays], target: Array
) -> tuple[list[Array | None], list[Array], list[Array]]:
    """Return σ′(z), ∂l/∂a and ∂l/∂z of every layer: the backward pass (向後傳播).

    `passed` are z and a of the forward pass. σ′(z) is None for a layer of softmax, which has no elementwise derivative.
    """
    z, a = passed
    y, pair = a[-1], simplified(sigma[-1].name, loss.name)
    dsigma: list[Any] = [s.derivative(zl) if s.derivative else None for s, zl in zip(sigma, z, strict=True)]
    dl_da, dl_dz = [y] * len(z), [y] * len(z)

    # at the output there is no next layer: ∂l/∂y can be computed at once
    dl_da[-1] = loss.derivative(y, target)
    if pair:
        dl_dz[-1] = pair.f(z[-1], target)
    elif dsigma[-1] is None:
        dl_dz[-1] = through_softmax(y, dl_da[-1])
    else:
        dl_dz[-1] = dsigma[-1] * dl_da[-1]

    for i in reversed(range(len(z) - 1)):
        dl_da[i] = product(dl_dz[i + 1], weights[i + 1])
        dl_dz[i] = dsigma[i] * dl_da[i]  # ∂l/∂z = σ′(z) [ Wᵀ ∂l/∂z of the next layer ]
    return dsigma, dl_da, dl_dz


def summed(dl_dz: Arrays, entering: Arrays, over: int) -> tuple[list[Array], list[Array]]:
    """Return ∂L/∂w = Σₙ ∂lⁿ/∂z aⁿ and ∂L/∂b = Σₙ ∂lⁿ/∂z of every layer, of samples in rows.

    `entering` holds the a that enters each layer; a mean is a sum that is divided, `over` their number.
    """
    dL_dw = [product(gradient.T, a) for gradient, a in zip(dl_dz, entering, strict=True)]
    dL_db = [product(np.ones(len(gradient)), gradient) for gradient in dl_dz]
    return (dL_dw, dL_db) if over == 1 else ([it / over for it in dL_dw], [it / over for it in dL_db])


def descended(values: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    """Return w − η ∂L/∂w of every layer, all from the old values."""
    return [difference(w, learning_rate * gradient) for w, gradient in zip(values, gradients, strict=True)]


def descended_biases(biases: Biases, gradients: Arrays, learning_rate: float) -> list[Array | None]:
    """Return b − η ∂L/∂b of every layer that has biases, and None for the others."""
    pairs = zip(biases, gradients, strict=True)
    return [None if b is None else difference(b, learning_rate * gradient) for b, gradient in pairs]


def _updated(network: Network, dL_dw: Arrays, dL_db: Arrays | None, rate: float) -> Network:
    weights = descended(network.weights, dL_dw, rate)
    biases = network.biases if dL_db is None else descended_biases(network.biases, dL_db, rate)
    for layer, (w, b) in enumerate(zip(weights, biases, strict=True), 1):
        if not (np.isfinite(w).all() and (b is None or np.isfinite(b).all())):
            raise OverflowError(
                f"with learning_rate {rate:g} a weight of layer {layer} becomes larger than a float can hold. "
                f"Try {rate / 10:g}."
            )
    return replace(network, weights=tuple(weights), biases=tuple(biases))


def _check_finite(z: Arrays, L: float, entering: Arrays, dl_dz: Arrays) -> None:
    """Refuse a run that overflowed, and name the first layer where it did."""
    sizes = [float(np.vdot(a, a) * np.vdot(gradient, gradient)) for a, gradient in zip(entering, dl_dz, strict=True)]
    if all_finite(L, *z, *sizes):  # |∂l/∂w|² = |a|² |∂l/∂z|²: where these are finite, so is everything
        return
    hint = "The weights or inputs are too large: divide them by a power of 10."
    for layer, zl in enumerate(z, 1):
        if not np.isfinite(zl).all():
            raise OverflowError(f"z of layer {layer} is larger than a float can hold. {hint}")
    if not np.isfinite(L):
        raise OverflowError(f"the loss is larger than a float can hold. {hint}")
    for layer, (a, gradient) in enumerate(zip(entering, dl_dz, strict=True), 1):
        largest = np.abs(a).max(axis=-1) * np.abs(gradient).max(axis=-1)  # ∂lⁿ/∂w, of each sample
        if not np.isfinite(largest.sum()):
            raise OverflowError(f"a gradient of layer {layer} is larger than a float can hold. {hint}")
