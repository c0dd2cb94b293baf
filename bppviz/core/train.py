"""Training: epoch after epoch, the gradients of all samples are added up and the weights updated.

==================  ========================================================================
`train`             the epochs of a training, each made when it is asked for
`Epoch`             one of them: its loss, and the network after its update
==================  ========================================================================
"""

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

import numpy as np

from bppviz.core.backprop import Arrays, Biases, backward, descended, descended_biases, forward, summed
from bppviz.core.checks import check_learning_rate, switch, whole_number
from bppviz.core.functions import LOSSES
from bppviz.core.given import as_network
from bppviz.core.network import Network
from bppviz.core.samples import check_samples
from bppviz.core.sums import Array, all_finite


@dataclass(frozen=True, slots=True, eq=False)
class Epoch:
    """One update of all weights from all samples.

    `epoch` counts from 1. `loss` is L, the total over the samples, before the update; `network` is the one after it.
    """

    epoch: int
    loss: float
    _weights: Arrays = field(repr=False)
    _biases: Biases = field(repr=False)
    _start: Network = field(repr=False)

    @property
    def network(self) -> Network:
        """Return the network after the update, made anew: its checks would cost more than the epoch itself."""
        return replace(self._start, weights=tuple(self._weights), biases=tuple(self._biases))


def train(
    network: Any, X: Any, T: Any, learning_rate: float, epochs: int, update_biases: bool = True
) -> Generator[Epoch, None, None]:
    """Update a network from all samples at once, again and again, and yield each epoch as soon as it is computed.

    X has shape (N, n_in) and T (N, n_out), or (n_in,) and (n_out,) for one sample; T may hold class numbers, and a
    model may stand in the network's place: `backprop` says how. Each epoch computes ∂L/∂w of the total L over the
    samples, then w ← w − η ∂L/∂w, for the biases too unless `update_biases` is False.

    Raises TypeError or ValueError for arguments that do not fit, when it is called; and ArithmeticError in place of an
    epoch whose loss or network is not finite: the learning rate was too large.
    """
    network = as_network(network, X)
    X, T = map(np.atleast_2d, check_samples(network, X, T))
    rate, most = check_learning_rate(learning_rate), whole_number("epochs", epochs, 1, 1000)
    return _epochs(network, (X, T), rate, most, switch("update_biases", update_biases))


def _epochs(
    network: Network, samples: tuple[Array, Array], rate: float, epochs: int, update_biases: bool
) -> Generator[Epoch, None, None]:
    X, T = samples
    sigma = network.sigma
    loss, over = LOSSES[network.loss], network.over(len(X))
    weights: Arrays = network.weights
    biases: Biases = network.biases
    for epoch in range(1, epochs + 1):
        with np.errstate(all="ignore"):  # left before the yield: what the caller does meanwhile may warn
            z, a = forward(weights, biases, sigma, X)
            L = float(loss.terms(sigma[-1], z[-1], a[-1], T).sum(axis=-1).sum()) / over
            dl_dz = backward(weights, sigma, loss, (z, a), T)[2]
            dL_dw, dL_db = summed(dl_dz, a[:-1], over)
            weights = descended(weights, dL_dw, rate)
            if update_biases:
                biases = descended_biases(biases, dL_db, rate)
            is_finite = all_finite(L, *weights, *(b for b in biases if b is not None))
            began_too_large = not is_finite and epoch == 1 and not all_finite(L, *dL_dw, *dL_db)
        if not is_finite:
            raise _divergence(epoch, rate, _not_finite(L, weights, biases), began_too_large)
        yield Epoch(epoch, L, weights, biases, network)


def _not_finite(L: float, weights: Arrays, biases: Biases) -> str:
    """Name the first thing that is not finite."""
    if not isfinite(L):
        return "the loss"
    for layer, w in enumerate(weights, 1):
        if not np.isfinite(w).all():
            return f"a weight of layer {layer}"
    layer = next(layer for layer, b in enumerate(biases, 1) if b is not None and not np.isfinite(b).all())
    return f"a bias of layer {layer}"


def _divergence(epoch: int, rate: float, what: str, began_too_large: bool) -> ArithmeticError:
    where = f"update {epoch} with learning_rate {rate:g}: {what} is no longer finite."
    # Before the first update the learning rate has had no say.
    mend = "The weights or inputs are too large: divide them by a power of 10."
    return ArithmeticError(f"{where} {mend if began_too_large else f'Try a smaller one, such as {rate / 10:g}.'}")
