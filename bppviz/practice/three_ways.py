"""All gradients of a network's weights in three ways, in plain Python, so that their multiplications can be compared.

==================  ==========================================================================
`layer_by_layer`    each ∂l/∂z once, used by everything before it
`path_by_path`      each ∂l/∂w from scratch, along every path to the output
`pass_by_pass`      each ∂l/∂w from one more forward pass
`measured`          how long each of them takes here and now
==================  ==========================================================================

`cost` has the formulas for what they multiply; they hold for any numbers that can be added and multiplied.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from timeit import Timer
from typing import Any

import numpy as np

from bppviz.core.functions import LOSSES
from bppviz.core.sums import Array
from bppviz.core.trace import Trace
from bppviz.practice.cost import Cost, whole

MOST_WAITED_FOR = 3_000_000  # multiplications that are still waited for
MOVE = 1e-6

Number = Any
Layer = list[Number]
Gradients = list[list[Layer]]


class ForwardPass:
    """What the forward pass leaves behind, as lists of numbers: weights, a from the inputs on, σ′(z) and ∂l/∂y."""

    def __init__(self, trace: Trace, number: Callable[[float], Number] = float) -> None:
        one = trace.one
        self.sizes = trace.network.sizes
        self.last = len(self.sizes) - 1
        self.w = [[[number(v) for v in row] for row in layer] for layer in trace.network.weights]
        biases = zip(trace.network.biases, self.sizes[1:], strict=True)
        self.b = [[number(v) for v in (np.zeros(n) if layer is None else layer)] for layer, n in biases]
        self.a = [[number(v) for v in layer] for layer in (one.x, *one.a)]
        # Where σ′(z) · ∂l/∂y is simplified, or all outputs depend on each z, ∂l/∂z of the output is given, with gain 1.
        is_given = one.dsigma[-1] is None or trace.network.simplified is not None
        ones = np.ones(self.sizes[-1])
        gains = [ones if it is None or (it is one.dsigma[-1] and is_given) else it for it in one.dsigma]
        self.gain = [[number(v) for v in layer] for layer in gains]
        self.dl_dy = [number(v) for v in (one.dl_dz if is_given else one.dl_da)[-1]]


def layer_by_layer(known: ForwardPass) -> Gradients:
    """Return ∂l/∂w of every layer, going backward."""
    dl_dz: list[list[Number]] = [[] for _ in known.sizes]
    for layer in range(known.last, 0, -1):
        for unit, gain in enumerate(known.gain[layer - 1]):
            if layer == known.last:
                bracket = known.dl_dy[unit]
            else:
                bracket = _sum(row[unit] * g for row, g in zip(known.w[layer], dl_dz[layer + 1], strict=True))
            dl_dz[layer].append(gain * bracket)
    return [[[a * g for a in known.a[layer - 1]] for g in dl_dz[layer]] for layer in range(1, known.last + 1)]


def path_by_path(known: ForwardPass) -> Gradients:
    """Return ∂l/∂w of every layer, each with its ∂l/∂z worked out anew."""
    return [
        [[a * _anew(known, layer, unit) for a in known.a[layer - 1]] for unit in range(known.sizes[layer])]
        for layer in range(1, known.last + 1)
    ]


def _anew(known: ForwardPass, layer: int, unit: int) -> Number:
    """Work out one ∂l/∂z from what the forward pass left behind, and from nothing else."""
    gain = known.gain[layer - 1][unit]
    if layer == known.last:
        return gain * known.dl_dy[unit]
    return gain * _sum(row[unit] * _anew(known, layer + 1, i) for i, row in enumerate(known.w[layer]))


def pass_by_pass(
    known: ForwardPass, loss: Callable[[Layer], float], sigma: Sequence[Callable[[Layer], Layer]]
) -> Gradients:
    """Return ∂l/∂w of every layer, (l(w + h) − l(w)) / h, each from a forward pass of its own."""
    before = loss(known.a[-1])
    gradients: Gradients = []
    for layer in known.w:
        rows = []
        for row in layer:
            differences = []
            for source, w in enumerate(row):
                row[source] = w + type(w)(MOVE)
                differences.append((loss(_forward(known, sigma)) - before) / MOVE)
                row[source] = w
            rows.append(differences)
        gradients.append(rows)
    return gradients


def _forward(known: ForwardPass, sigma: Sequence[Callable[[Layer], Layer]]) -> Layer:
    a = known.a[0]
    for w, b, s in zip(known.w, known.b, sigma, strict=True):
        a = s([_sum(x * y for x, y in zip(row, a, strict=True)) + bias for row, bias in zip(w, b, strict=True)])
    return a


def _sum(terms: Any) -> Number:
    total, *rest = terms
    for term in rest:
        total = total + term
    return total


def ways(trace: Trace) -> dict[str, Callable[[], Gradients]]:
    """Return the three ways for a trace, by the names of `Cost`."""
    known = ForwardPass(trace)
    sigma = [_on_lists(activation.f) for activation in trace.network.sigma]

    def loss(y: Layer) -> float:
        of_loss = LOSSES[trace.network.loss]
        return float(of_loss.factor.of(of_loss.from_y(np.array(y), trace.one.target).sum(), len(y)))

    return {
        "shared": lambda: layer_by_layer(known),
        "by_paths": lambda: path_by_path(known),
        "by_differences": lambda: pass_by_pass(known, loss, sigma),
    }


def _on_lists(f: Callable[[Array], Array]) -> Callable[[Layer], Layer]:
    return lambda z: f(np.array(z)).tolist()


def measured(trace: Trace) -> dict[str, float | None]:
    """Return how many seconds each way takes on this machine, None where it would take too long."""
    cost: Cost = whole(trace.network.sizes)
    return {name: seconds(way) if getattr(cost, name) <= MOST_WAITED_FOR else None for name, way in ways(trace).items()}


def seconds(act: Callable[[], object], clock: Callable[[], float] = perf_counter) -> float:
    """Return how long an act takes, from so many in a row that a coarse clock, as browsers have, can tell."""
    timer = Timer(act, timer=clock)
    times, seconds = timer.autorange()
    return min(seconds, timer.timeit(times)) / times  # the longer one was disturbed
