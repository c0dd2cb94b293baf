"""Central differences: what the loss does when one weight or bias is moved, and how precisely that is known.

==================  ==========================================================================
`differences`       (L(w + h) − L(w − h)) / 2h for every weight and bias of a layer
`Difference`        one of them, with the slopes on both sides, its uncertainty and a corner
`effort`            how many numbers are computed for all of them
==================  ==========================================================================

A weight that moves by h moves z by h times its input, and all layers before it stay as they are. So the pass starts at
that z, and many weights are moved at a time: each of them makes a copy of the samples.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bppviz.core.backprop import Arrays, backward, forward
from bppviz.core.functions import LOSSES, TINY
from bppviz.core.network import Network
from bppviz.core.sums import Array
from bppviz.core.trace import Trace

STEP = 1e-5  # how far a z of about 1 is moved
TOLERANCE = 1e-5  # the relative error up to which two gradients agree
NOISE = 8 * float(np.finfo(float).eps)  # of the terms that are added up to a z: how uncertain their sum is
FAR = 0.01  # the most that any z is moved, where an activation bends it
ROUNDS = 4  # in which h is made smaller until that is so
KINKED = ("relu", "leaky_relu")
AT_A_TIME = 30_000  # numbers of a layer that are held at a time: they fit into the cache of a processor
FUNCTION = 16  # numbers that could be multiplied in the time that an activation takes for one
ROW = 10_000  # and in the time that each weight takes by itself

Indices = NDArray[np.intp]


class Difference(NamedTuple):
    """What the loss does around one weight: its slope to the left, to the right and across, each as a derivative.

    `conventional` is the gradient of `backprop`, which takes the slope of ReLU at 0 as 0. `uncertain` is how far
    rounding and the size of h may have moved `central`. `corner` tells the layer and the unit of the first z of a ReLU
    that passes 0 on the way.
    """

    central: float
    left: float
    right: float
    conventional: float
    uncertain: float
    corner: tuple[int, int] | None

    def verdict(self, gradient: float, allowed: float = 0.0) -> str:
        """Return agrees, differs or kink for a gradient, whose own rounding is `allowed`."""
        distance, largest = abs(gradient - self.central), max(abs(gradient), abs(self.central))
        if not isfinite(distance):
            return "differs"
        allowed += self.uncertain
        if distance <= TOLERANCE * largest + allowed:
            return "agrees"
        slopes = sorted((self.left, self.right, self.conventional))
        is_between = slopes[0] - allowed <= gradient <= slopes[-1] + allowed
        return "kink" if self.corner and is_between else "differs"


def effort(network: Network, samples: int) -> int:
    """Return how many numbers are multiplied, or as slow as that, to move every weight and bias of a network."""
    sizes, total, behind = network.sizes, 0, 0
    for layer in range(len(sizes) - 1, 0, -1):
        passed = behind + FUNCTION * sizes[layer]
        moved = (sizes[layer - 1] + (layer not in network.without_bias)) * sizes[layer]
        total += moved * (samples * passed + ROW)
        behind = passed + sizes[layer - 1] * sizes[layer]
    return total


def differences(trace: Trace, layer: int) -> list[list[Difference]]:
    """Return for every neuron of a layer the differences of its weights, then that of its bias, if it has one.

    Raises OverflowError where the loss grows too large on the way.
    """
    with np.errstate(all="ignore"):
        moving = _Moving(trace, layer)
        found = [row for moves in moving.at_a_time() for row in moving.rows(*moves)]
    check_finite(layer, chain.from_iterable(row[:5] for row in found))
    n = len(found) // trace.network.sizes[layer]
    return [found[i : i + n] for i in range(0, len(found), n)]


def check_finite(layer: int, numbers: Iterable[float]) -> None:
    """Refuse a layer where a number has become larger than a float can hold."""
    if not all(map(isfinite, numbers)):
        raise OverflowError(
            f"around a weight of layer {layer} the loss is larger than a float can hold. "
            "The weights or inputs are too large: divide them by a power of 10."
        )


def in_rows(trace: Trace) -> tuple[Array, list[Array], list[Array], Array]:
    """Return the inputs, every z, every a and the targets of a trace, with the samples in rows also if there is one."""
    x, target, *both = map(np.atleast_2d, (trace.x, trace.target, *trace.z, *trace.a))
    return x, both[: len(trace.z)], both[len(trace.z) :], target


class _Moving:
    """The weights and biases of a layer, some of them moved at a time; these are the first axis of an array.

    `unit` and `source` are those of the ones that are moved; the source behind the last one is the bias, if it has one.
    """

    def __init__(self, trace: Trace, layer: int) -> None:
        network, at = trace.network, layer - 1
        x, self._z, a, self._target = in_rows(trace)
        entering, ones = [x, *a[:-1]], np.ones((len(x), 1))
        self._trace, self._layer, self._sizes = trace, layer, network.sizes
        of_bias = trace.dL_db[at]
        self._entering = entering[at] if of_bias is None else np.hstack([entering[at], ones])
        self._gradients = trace.dL_dw[at] if of_bias is None else np.column_stack([trace.dL_dw[at], of_bias])
        self._weights, self._biases = network.weights[at:], network.biases[at:]
        self._sigma = network.sigma[at:]
        self._loss = LOSSES[network.loss]
        self._here = self._loss.terms(self._sigma[-1], self._z[-1], a[-1], self._target)
        # What the terms of every z from this layer on add up to without their signs, Σ |w a| + |b|
        layers = zip(self._weights, self._biases, entering[at:], strict=True)
        self._added_up = [np.abs(al) @ np.abs(w).T + (0 if b is None else np.abs(b)) for w, b, al in layers]

    def at_a_time(self) -> Iterator[tuple[Indices, Indices]]:
        """Yield units and sources, so many that the numbers of a layer are not too many."""
        n = self._entering.shape[1]
        stop = n * self._sizes[self._layer]
        count = max(1, AT_A_TIME // (max(self._sizes[self._layer :]) * len(self._target)))
        for start in range(0, stop, count):
            yield np.divmod(np.arange(start, min(start + count, stop)), n)

    def rows(self, unit: Indices, source: Indices) -> Iterator[Difference]:
        """Yield the difference of each weight."""
        h = self._steps(unit, source)
        over = self._trace.network.over(self._trace.samples)

        def slope(change: Array, steps: int) -> Array:
            return np.asarray(change.sum(axis=(1, 2)) / (steps * h * over))

        before, z_before, _ = self._run(unit, source, -h)
        behind, z_behind, a_behind = self._run(unit, source, h)
        central = slope(behind - before, 2)
        # With half the step the error of a smooth curve is a quarter.
        bent = 2 * np.abs(slope(self._run(unit, source, h / 2)[0] - self._run(unit, source, -h / 2)[0], 1) - central)
        uncertain = bent + self._noise(z_behind, a_behind) / (h * over)
        left, right = slope(self._here - before, 1), slope(behind - self._here, 1)
        corners = self._corners(z_before, z_behind)
        columns = (central, left, right, self._gradients[unit, source], uncertain)
        for i, (c, le, ri, g, u) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            yield Difference(c, le, ri, g, u, corners.get(i))

    def _steps(self, unit: Indices, source: Indices) -> Array:
        """Return h: what counts is how far z moves.

        That is 1e-5, or so much of the terms that it is made of if they are larger. Where a ReLU would pass 0 on the
        way, it is so much of the terms also if they are small.
        """
        entering = np.abs(self._entering).max(axis=0)[source]
        entering = np.where(entering > 0, entering, 1.0)
        scale = self._added_up[0].max(axis=0)[unit]
        h = np.asarray(STEP * np.maximum(1.0, scale) / entering)
        for _ in range(ROUNDS):
            far = self._farthest(self._run(unit, source, h)[1])
            if not (far > FAR).any():
                break
            h = h * np.minimum(1.0, FAR / 2 / np.maximum(far, TINY))
        is_small = (scale > 0) & (scale < 1)
        if is_small.any():
            passing = list(self._corners(self._run(unit, source, -h)[1], self._run(unit, source, h)[1]))
            h[passing] = np.where(is_small, np.minimum(h, STEP * scale / entering), h)[passing]
        return h

    def _farthest(self, moved: Arrays) -> Array:
        """Return how far each weight moves a z at most: behind large weights it may be too far to see a slope.

        A z of ReLU that is large may be moved in proportion, and one of the identity without limit.
        """
        shape, here_on = (-1, len(self._target)), self._z[self._layer - 1 :]
        far = np.zeros(1)
        for z, here, added_up, sigma in zip(moved, here_on, self._added_up, self._sigma, strict=True):
            if sigma.name != "identity":
                by = np.abs(z.reshape(*shape, z.shape[-1]) - here) - NOISE * added_up
                unit = np.maximum(1.0, np.abs(here)) if sigma.kind in KINKED else 1.0
                far = np.maximum(far, (by / unit).max(axis=(1, 2)))
        return far

    def _run(self, unit: Indices, source: Indices, h: Array) -> tuple[Array, list[Array], list[Array]]:
        """Return the terms of the loss, and every z and a from this layer on, with each weight moved by its h."""
        z = np.repeat(self._z[self._layer - 1][None], len(unit), axis=0)
        z[np.arange(len(z)), :, unit] += self._entering[:, source].T * h[:, None]
        z = z.reshape(-1, z.shape[-1])
        behind, a = forward(self._weights[1:], self._biases[1:], self._sigma[1:], self._sigma[0].f(z))
        target = np.tile(self._target, (len(unit), 1))
        terms = self._loss.terms(self._sigma[-1], [z, *behind][-1], a[-1], target)
        return terms.reshape(-1, *self._target.shape), [z, *behind], a

    def _noise(self, z: Arrays, a: Arrays) -> Array:
        """Return how far rounding may move a loss: what it moves each z, times the slope of the loss there.

        Both are those before the move and behind it, because the slope, or z itself, may be 0 at one of them.
        """
        count = len(z[0]) // len(self._target)
        target = np.tile(self._target, (count, 1))
        _, dl_da, dl_dz = backward(self._weights, self._sigma, self._loss, (z, [z[0], *a]), target)
        found = list(zip(dl_dz, self._trace.dl_dz[self._layer - 1 :], z, self._added_up, strict=True))
        if not self._loss.probabilities:  # those are found from z, any other from y, which is rounded too
            found.append((dl_da[-1], self._trace.dl_da[-1], a[-1], np.abs(self._trace.a[-1])))
        noise = np.full(count, np.abs(self._here).sum() + self._target.size * TINY / NOISE)
        for slope, slope_here, value, added_up in found:
            slopes, values = (np.abs(it).reshape(count, len(self._target), -1) for it in (slope, value))
            noise += ((slopes + np.abs(slope_here)) * (values + added_up)).sum(axis=(1, 2))
        return NOISE * noise

    def _corners(self, before: Arrays, behind: Arrays) -> dict[int, tuple[int, int]]:
        """Return for each weight the layer and unit of the first z of a ReLU that is 0 on its way, if there is one."""
        found: dict[int, tuple[int, int]] = {}
        for at in reversed(range(len(self._sigma))):
            if self._sigma[at].kind in KINKED:
                passes = ((before[at] > 0) != (behind[at] > 0)).reshape(-1, len(self._target), before[at].shape[-1])
                units = passes.any(axis=1)
                passing = np.flatnonzero(units.any(axis=1)).tolist()
                found |= {i: (self._layer + at, int(units[i].argmax())) for i in passing}
        return found
