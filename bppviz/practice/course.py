"""A course of updates, any of which can be visited again."""

from __future__ import annotations

from array import array
from copy import copy
from itertools import groupby

from bppviz.core.network import Network
from bppviz.core.sums import Array
from bppviz.core.train import Epoch, train

# What is kept of a course; what lies between is computed again.
MOST_NETWORKS = 2000
MOST_BYTES_OF_NETWORKS = 32_000_000
OBJECTS = 200  # bytes that an array takes besides its numbers, about


class Course:
    """The updates of a network by the same samples, from the first one on: every loss, and the network after each.

    They leave the biases as they are unless `update_biases`.

    A course is the beginning of a log: so many of its updates. Courses that begin alike share it, so that one takes no
    memory of its own; the one that goes on another way has its own log from there on.
    """

    def __init__(self, start: Network, x: Array, target: Array, update_biases: bool = True) -> None:
        self.x, self.target, self.update_biases = x, target, update_biases
        self.log = Log(start)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def anew(self, start: Network, x: Array, target: Array) -> Course:
        """Return a course that begins with another network or other samples, whose updates are of the same kind."""
        return Course(start, x, target, self.update_biases)

    @property
    def losses(self) -> list[float]:
        """Return L before every update."""
        losses: list[float] = []
        for course in reversed(self._line):
            losses += course.log.losses[: len(course) - course.log.begin]
        return losses

    @property
    def _line(self) -> list[Course]:
        """Return this course, the one that its log goes on from, and so on back to the first."""
        line = [self]
        while (before := line[-1].log.before) is not None:
            line.append(before)
        return line

    @property
    def sizes(self) -> dict[int, int]:
        """Return about how many bytes everything takes that this course keeps, by its id."""
        samples = {id(it): it.nbytes for it in (self.x, self.target)}
        return samples | {it: size for course in self._line for it, size in course.log.sizes.items()}

    def add(self, epoch: Epoch, rate: float) -> None:
        """Put an update with this learning rate behind the last one."""
        if len(self) < self.log.end:
            self.log = Log(self.network(len(self)), copy(self))
        self.log.add(epoch, rate)
        self._length += 1

    def network(self, n: int) -> Network:
        """Return the network after n updates."""
        log = self.until(n).log
        nearest, rates = log.nearest(n)
        network = nearest if isinstance(nearest, Network) else nearest.network
        for rate, updates in groupby(rates):
            *_, last = train(network, self.x, self.target, rate, len(list(updates)), self.update_biases)
            network = last.network
        return network

    def until(self, n: int) -> Course:
        """Return the course as it was after n updates, to go on from there."""
        course = copy(next(course for course in self._line if n >= course.log.begin))
        course._length = n
        return course


class Log:
    """Updates, one after the other: nothing in it ever changes, it only grows.

    It begins with a network: that after `begin` updates, at the end of the course `before`.
    """

    def __init__(self, start: Network, before: Course | None = None) -> None:
        self.before = before
        self.begin = 0 if before is None else len(before)
        self.losses, self._rates = array("d"), array("d")
        self.kept: list[Network | Epoch] = [start]  # after every so many updates
        self._last: Network | Epoch = start
        self._stride = 1
        biases = (b for b in start.biases if b is not None)
        self._first = (*start.weights, *biases)  # what an edit leaves as it is, other courses share
        self._each = sum(it.nbytes + OBJECTS for it in self._first)

    @property
    def end(self) -> int:
        """Return how many updates have been made at its end, from the first of all."""
        return self.begin + len(self.losses)

    @property
    def sizes(self) -> dict[int, int]:
        """Return about how many bytes everything takes that this log keeps, by its id."""
        start = {id(it): it.nbytes + OBJECTS for it in self._first}
        updates = (len(self.kept) - 1) * self._each + 2 * self.losses.itemsize * len(self.losses)
        return {**start, id(self): updates}

    def add(self, epoch: Epoch, rate: float) -> None:
        """Put an update behind the last one."""
        self.losses.append(epoch.loss)
        self._rates.append(rate)
        self._last = epoch
        if len(self.losses) % self._stride == 0:
            self.kept.append(epoch)
        if len(self.kept) > min(MOST_NETWORKS, max(2, MOST_BYTES_OF_NETWORKS // self._each)):
            self._stride *= 2
            self.kept = self.kept[::2]

    def nearest(self, n: int) -> tuple[Network | Epoch, array[float]]:
        """Return the last network that was kept within n updates, and the learning rates of those behind it."""
        if n == self.end:
            return self._last, array("d")
        at = (n - self.begin) // self._stride
        return self.kept[at], self._rates[at * self._stride : n - self.begin]
