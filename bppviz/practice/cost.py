"""What gradients cost, in multiplications: going backward, path by path, or by trying every weight.

==================  ==========================================================================
`shared`            each ∂l/∂z once, used by everything before it: back-propagation
`by_paths`          each ∂l/∂w from scratch: its ∂l/∂z is worked out anew, with all that stands behind it
`by_differences`    each ∂l/∂w from one more forward pass, with that weight moved a little
`sharers`           how many weights use one ∂l/∂z
`Cost`, `so_far`    the three of them, at a step of a walk
==================  ==========================================================================

All three have one forward pass behind them, which gives z, a, σ′(z) and ∂l/∂y; it is not counted. Gradients of weights
are counted, those of biases are ∂l/∂z themselves. `sizes` is (n_in, …, n_out). Each ∂l/∂z of the output counts as one
multiplication, also where a softmax, or a loss that simplifies, makes it another formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from bppviz.core.trace import Trace
from bppviz.core.walk import block_of

Sizes = Sequence[int]


class Cost(NamedTuple):
    """Multiplications in each of the three ways."""

    shared: int
    by_paths: int
    by_differences: int


def shared(sizes: Sizes) -> int:
    """Return the multiplications going backward: w ∂l/∂z′ on every edge behind, each σ′(z), and each ∂l/∂w once."""
    return weights(sizes) - sizes[0] * sizes[1] + sum(sizes[1:]) + weights(sizes)


def by_paths(sizes: Sizes) -> int:
    """Return the multiplications where each weight has its ∂l/∂z worked out anew, along every path to the output."""
    return sum(n_in * n_out * (anew(sizes, layer) + 1) for layer, (n_in, n_out) in enumerate(pairwise(sizes), 1))


def by_differences(sizes: Sizes) -> int:
    """Return the multiplications of one more forward pass for each weight."""
    return weights(sizes) ** 2


def weights(sizes: Sizes) -> int:
    """Return the number of weights, which is that of multiplications in a forward pass."""
    return sum(n_in * n_out for n_in, n_out in pairwise(sizes))


def anew(sizes: Sizes, layer: int) -> int:
    """Return the multiplications for one ∂l/∂z of a layer from nothing: σ′(z) [ w₃ ∂l/∂z′ + w₄ ∂l/∂z″ + … ]."""
    if layer == len(sizes) - 1:
        return 1
    return sizes[layer + 1] * (1 + anew(sizes, layer + 1)) + 1


def sharers(sizes: Sizes, layer: int) -> int:
    """Return how many weights use one ∂l/∂z of a layer: those that enter its neuron, and all of the layers before."""
    return sizes[layer - 1] + weights(sizes[:layer])


def whole(sizes: Sizes) -> Cost:
    """Return what all gradients of a network cost in the three ways."""
    return Cost(shared(sizes), by_paths(sizes), by_differences(sizes))


def so_far(trace: Trace, step: int, to_come: Iterable[int] = ()) -> Cost:
    """Return what the gradients that are known at a step have cost: nothing before the backward pass.

    Some steps before it may still be to come. The two other ways are counted for the weights whose ∂l/∂w is known.
    """
    sizes, cost = trace.network.sizes, [0, 0, 0]
    forward = weights(sizes)
    for block in trace.blocks:
        if block.start > step or block.phase not in ("backward", "gradient"):
            continue
        done = min(step + 1, block.stop) - block.start
        units, rest = divmod(done, block.stride)
        if block.phase == "gradient":
            known = units * block.sources + min(rest, block.sources)
            cost[0] += known
            cost[1] += known * (anew(sizes, block.layer) + 1)
            cost[2] += known * forward
            continue
        for i, quantity in enumerate(block.quantities):
            cost[0] += (units + (rest > i)) * _products(sizes, block.layer, quantity)
    for place in (block_of(trace, it).place(it) for it in to_come):
        cost[0] -= _products(sizes, place.layer, place.quantity)
    return Cost(*cost)


def _products(sizes: Sizes, layer: int, quantity: str) -> int:
    """Return the multiplications for a number of the backward pass."""
    return {"dl_da": sizes[layer + 1] if layer < len(sizes) - 1 else 0, "dl_dz": 1}.get(quantity, 0)
