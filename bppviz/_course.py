"""A course of updates, any of which can be visited again."""

from __future__ import annotations

from copy import copy
from itertools import groupby

from bppviz._functions import Array
from bppviz._network import Network
from bppviz._train import Epoch, train

# What is kept of a course; what lies between is computed again.
MOST_NETWORKS = 2000
MOST_BYTES = 32_000_000


class Course:
    """The updates of a network by the same samples, from `start` on: every loss, and the network after each.

    `losses` holds L before every update, `rates` its learning rate.
    """

    def __init__(self, start: Network, x: Array, target: Array) -> None:
        self.x, self.target = x, target
        self.losses: list[float] = []
        self.rates: list[float] = []
        self._kept: dict[int, Network | Epoch] = {0: start}
        self._last: Network | Epoch = start
        self._stride = 1
        self._bytes = sum(array.nbytes for array in (*start.weights, *start.biases))

    def __len__(self) -> int:
        return len(self.losses)

    def add(self, epoch: Epoch, rate: float) -> None:
        """Put an update behind the last one."""
        self.losses.append(epoch.loss)
        self.rates.append(rate)
        self._last = epoch
        if len(self) % self._stride == 0:
            self._kept[len(self)] = epoch
        if len(self._kept) > min(MOST_NETWORKS, max(2, MOST_BYTES // self._bytes)):
            self._stride *= 2
            self._kept = {n: it for n, it in self._kept.items() if n % self._stride == 0}

    def network(self, n: int) -> Network:
        """Return the network after n updates."""
        if n == len(self):
            return _network(self._last)
        nearest = n - n % self._stride
        network = _network(self._kept[nearest])
        for rate, updates in groupby(self.rates[nearest:n]):
            *_, last = train(network, self.x, self.target, rate, len(list(updates)))
            network = last.network
        return network

    def until(self, n: int) -> Course:
        """Return the course as it was after n updates, to go on from there."""
        course = copy(self)
        course.losses, course.rates = self.losses[:n], self.rates[:n]
        course._kept = {k: it for k, it in self._kept.items() if k <= n}
        course._last = self._last if n == len(self) else self.network(n)
        return course


def _network(it: Network | Epoch) -> Network:
    return it if isinstance(it, Network) else it.network
