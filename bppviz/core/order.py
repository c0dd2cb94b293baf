"""The order in which a run computes its numbers: a step for each, laid out in blocks without being made.

==================  ==========================================================================
`Block`             the steps of one layer, neuron by neuron
`Order`             all blocks, as in a lecture; what a step computes, and which step computes a place
`shapes_of`         the places that a run has: by quantity and layer, the shape of its numbers
==================  ==========================================================================
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from bppviz.core.network import Network
from bppviz.core.place import Place, Shapes

GIVEN = ("x", "t", "w", "b")  # what a pass is computed from; the update computes new w and b
SUMS = ("dL_dw", "dL_db")


class Block(NamedTuple):
    """A run of events of one layer, unit by unit: one for every source, then one for every quantity.

    `by_source` is the quantity that has a source: dl_dw, dL_dw or w.
    """

    start: int
    phase: str
    layer: int
    units: int
    quantities: tuple[str, ...]
    sources: int = 0
    by_source: str = ""

    @property
    def computed(self) -> tuple[str, ...]:
        """Return every quantity of the block, in the order of a unit."""
        return (*([self.by_source] if self.by_source else []), *self.quantities)

    @property
    def stride(self) -> int:
        """Return how many events a unit has."""
        return len(self.quantities) + self.sources

    @property
    def stop(self) -> int:
        """Return the step after the last one."""
        return self.first(self.units)

    def first(self, unit: int) -> int:
        """Return the first step of a unit."""
        return self.start + unit * self.stride

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Return the first and the last step of each quantity, whose steps lie between those of the others."""
        widths = [self.sources] * bool(self.sources) + [1] * len(self.quantities)
        first, last = self.first(0), self.first(self.units - 1)
        ends = accumulate(widths)
        return [(first + end - width, last + end - 1) for width, end in zip(widths, ends, strict=True)]

    def later(self, step: int) -> Iterator[int]:
        """Yield the steps before this one that compute what every unit has after the quantity of this one."""
        own, nth = divmod(step - self.start, self.stride)
        for unit in range(own):
            yield from range(self.first(unit) + nth + 1, self.first(unit + 1))

    def place(self, step: int) -> Place:
        """Return the place that a step of this block computes."""
        unit, nth = divmod(step - self.start, self.stride)
        if nth < self.sources:
            return Place(self.by_source, self.layer, unit, nth)
        return Place(self.quantities[nth - self.sources], self.layer, unit)

    def step(self, place: Place) -> int:
        """Return the step of this block that computes a place."""
        nth = self.sources + self.quantities.index(place.quantity) if place.source is None else place.source
        return self.start + place.unit * self.stride + nth


class Order:
    """The order of the lecture: forward, the loss, every ∂l/∂z from the output back, then every ∂l/∂w from layer 1 on.

    The sum over the samples and the update come after it.

    `learned` are the quantities that the update changes: w, or w and b, or none.
    """

    def __init__(self, network: Network, *, sums: bool, learned: tuple[str, ...]) -> None:
        self.blocks: list[Block] = []
        self._learned, self._without_bias = learned, network.without_bias
        sizes = network.sizes
        layers = range(1, len(sizes))
        for layer in layers:
            for run in ("z a",) if network.elementwise(layer) else ("z", "a"):
                self._add("forward", layer, sizes, run)
        self._add("loss", layers[-1], (*sizes[:-1], 1), "loss")
        for layer in reversed(layers):
            for run in ("dl_da dsigma dl_dz",) if network.elementwise(layer) else ("dl_da", "dl_dz"):
                self._add("backward", layer, sizes, run)
        for layer in layers:
            self._add("gradient", layer, sizes, self._of_bias("dl_db", layer), "dl_dw")
        for layer in layers if sums else ():
            self._add("sum", layer, sizes, self._of_bias("dL_db", layer), "dL_dw")
        for layer in layers if learned else ():
            self._add("update", layer, sizes, self._of_bias("b", layer) if "b" in learned else "", "w")
        self._starts = [block.start for block in self.blocks]
        self._length = self._end
        self._by_place = {(quantity, block.layer): block for block in self.blocks for quantity in block.computed}

    def _of_bias(self, quantity: str, layer: int) -> str:
        """Return a quantity that belongs to biases, and nothing in a layer that has none."""
        return "" if layer in self._without_bias else quantity

    def _add(self, phase: str, layer: int, sizes: tuple[int, ...], run: str, by_source: str = "") -> None:
        sources = sizes[layer - 1] if by_source else 0
        self.blocks.append(Block(self._end, phase, layer, sizes[layer], tuple(run.split()), sources, by_source))

    @property
    def _end(self) -> int:
        return self.blocks[-1].stop if self.blocks else 0

    def __len__(self) -> int:
        return self._length

    def block(self, step: int) -> Block:
        """Return the block that a step belongs to."""
        return self.blocks[bisect_right(self._starts, step) - 1]

    def step_of(self, place: Place) -> int:
        """Return the step that computes a place; raise ValueError, and say why, where none does."""
        block = self._by_place.get((place.quantity, place.layer))
        if block is None:
            raise ValueError(f"no step of this run computes {place.quantity}{self._why_never(place.quantity)}.")
        return block.step(place)

    def _why_never(self, quantity: str) -> str:
        if quantity in SUMS:
            return ": it has a single sample, whose gradients are dl_dw and dl_db"
        if quantity in ("x", "t"):
            return ": it was given"
        return ": the biases stay as they are" if self._learned else ": give backprop a learning_rate"


def shapes_of(network: Network) -> Shapes:
    """Return the shapes of one sample's numbers, and of what all samples have in common."""
    sizes, last = network.sizes, network.layers
    shapes: dict[tuple[str, int], tuple[int, ...]] = {("x", 0): (sizes[0],), ("t", last): (sizes[-1],)}
    shapes |= network.shapes
    for layer in range(1, last + 1):
        dsigma = ["dsigma"] if network.elementwise(layer) else []
        of_bias = [] if layer in network.without_bias else ["dl_db", "dL_db"]
        own = ["z", "a", *dsigma, "dl_da", "dl_dz", *of_bias]
        shapes |= {(quantity, layer): (sizes[layer],) for quantity in own}
        shapes |= {(quantity, layer): (sizes[layer], sizes[layer - 1]) for quantity in ("dl_dw", "dL_dw")}
    return shapes | {("loss", last): (1,)}
