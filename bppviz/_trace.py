"""A recorded run: arrays for every quantity, and an event for every equation, made when somebody asks for it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import index
from typing import NamedTuple, overload

from bppviz._functions import ACTIVATIONS, Array
from bppviz._network import Network


class Operand(NamedTuple):
    """A number that an event was computed from.

    `quantity` is one of x, t, w, b, or an event's quantity. `layer` counts from 1 (the inputs are layer 0), `unit` and
    `source` are array indices. `step` is the event that computed it, None for what was given: x, t, w, b.
    """

    quantity: str
    layer: int
    unit: int
    source: int | None
    value: float
    step: int | None


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One equation of the run: one number, where it stands, and what it was computed from.

    `phase` is forward, loss or backward; `quantity` is z, a, loss, dl_da, dsigma, dl_dz, dl_dw or dl_db.
    `layer` counts from 1, as in the lecture; `unit` and `source` are array indices, so that a weight's gradient is
    `trace.dl_dw[layer - 1][unit, source]`. The loss has unit None; only dl_dw has a source.
    """

    step: int
    phase: str
    quantity: str
    layer: int
    unit: int | None
    source: int | None
    value: float
    _trace: Trace = field(repr=False, compare=False)

    @property
    def operands(self) -> tuple[Operand, ...]:
        """Return what the value was computed from, in the order of the formula."""
        return self._trace.operands(self)


class Block(NamedTuple):
    """A run of events of one layer, unit by unit: a dl_dw for every source, then an event for every quantity."""

    start: int
    phase: str
    layer: int
    units: int
    quantities: tuple[str, ...]
    sources: int

    @property
    def stride(self) -> int:
        return len(self.quantities) + self.sources

    @property
    def stop(self) -> int:
        return self.start + self.units * self.stride


@dataclass(frozen=True, eq=False, repr=False)
class Trace(Sequence[TraceEvent]):
    """One forward and one backward pass of one sample.

    `z, a, dsigma, dl_da, dl_dz, dl_dw, dl_db` are tuples by layer (index 0 is layer 1) of read-only float64 arrays:
    dl_dw of shape (n_out, n_in), the others (n_out,). `dsigma` is None where the layer is softmax, which has no
    elementwise derivative. `loss_terms`, of shape (n_out,), add up to `loss`.

    `len(trace)` counts the equations and `trace[k]` gives one of them as a `TraceEvent`, at the same cost whatever
    the size of the network.
    """

    network: Network
    x: Array
    target: Array
    z: tuple[Array, ...]
    a: tuple[Array, ...]
    dsigma: tuple[Array | None, ...]
    dl_da: tuple[Array, ...]
    dl_dz: tuple[Array, ...]
    dl_dw: tuple[Array, ...]
    dl_db: tuple[Array, ...]
    loss_terms: Array
    loss: float

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The order of a lecture: forward layer by layer, the loss, and from the output back."""
        blocks: list[Block] = []

        def add(phase: str, layer: int, units: int, *quantities: str, sources: int = 0) -> None:
            start = blocks[-1].stop if blocks else 0
            blocks.append(Block(start, phase, layer, units, quantities, sources))

        sizes = self.network.sizes
        layers = range(1, len(sizes))
        for layer in layers:
            for run in ("z a",) if self.elementwise(layer) else ("z", "a"):
                add("forward", layer, sizes[layer], *run.split())
        add("loss", layers[-1], 1, "loss")
        for layer in reversed(layers):
            for run in ("dl_da dsigma dl_dz",) if self.elementwise(layer) else ("dl_da", "dl_dz"):
                add("backward", layer, sizes[layer], *run.split())
            add("backward", layer, sizes[layer], "dl_db", sources=sizes[layer - 1])
        return tuple(blocks)

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    @cached_property
    def _block_of(self) -> dict[tuple[str, int], Block]:
        return {(quantity, block.layer): block for block in self.blocks for quantity in block.quantities}

    def elementwise(self, layer: int) -> bool:
        """Tell whether each a of this layer depends on its own z alone."""
        return ACTIVATIONS[self.network.activations[layer - 1]].derivative is not None

    def __len__(self) -> int:
        return self.blocks[-1].stop

    @overload
    def __getitem__(self, k: int) -> TraceEvent: ...
    @overload
    def __getitem__(self, k: slice) -> tuple[TraceEvent, ...]: ...
    def __getitem__(self, k: int | slice) -> TraceEvent | tuple[TraceEvent, ...]:
        if isinstance(k, slice):
            return tuple(self[i] for i in range(*k.indices(len(self))))
        if not -len(self) <= index(k) < len(self):
            raise IndexError(f"step {k} of a trace with {len(self)} steps; they count from 0 to {len(self) - 1}.")
        step = index(k) % len(self)
        block = self.blocks[bisect_right(self._starts, step) - 1]
        unit, place = divmod(step - block.start, block.stride)
        source = place if place < block.sources else None
        quantity = "dl_dw" if source is not None else block.quantities[place - block.sources]
        value = self.value(quantity, block.layer, unit, source)
        is_loss = quantity == "loss"
        return TraceEvent(step, block.phase, quantity, block.layer, None if is_loss else unit, source, value, self)

    def __iter__(self) -> Iterator[TraceEvent]:
        return (self[k] for k in range(len(self)))

    def __repr__(self) -> str:
        return f"Trace({len(self)} steps of {self.network!r}, loss {self.loss:.6g})"

    def step_of(self, quantity: str, layer: int, unit: int = 0, source: int | None = None) -> int:
        """Return the step that computes this quantity at this place."""
        block = self._block_of["dl_db" if quantity == "dl_dw" else quantity, layer]
        place = source if source is not None else block.sources + block.quantities.index(quantity)
        return block.start + unit * block.stride + place

    def value(self, quantity: str, layer: int, unit: int = 0, source: int | None = None) -> float:
        """Return one number: of x and t, of w and b, or of any quantity of the run."""
        if quantity == "loss":
            return self.loss
        if quantity == "x":
            return float(self.x[unit])
        if quantity == "t":
            return float(self.target[unit])
        arrays = {"w": self.network.weights, "b": self.network.biases}.get(quantity) or getattr(self, quantity)
        array = arrays[layer - 1]
        return float(array[unit] if source is None else array[unit, source])

    def operand(self, quantity: str, layer: int, unit: int = 0, source: int | None = None) -> Operand:
        """Return a number of the run as an operand."""
        given = quantity in ("x", "t", "w", "b")
        step = None if given else self.step_of(quantity, layer, unit, source)
        return Operand(quantity, layer, unit, source, self.value(quantity, layer, unit, source), step)

    def entering(self, layer: int, source: int) -> Operand:
        """Return what enters a layer from this source: x or the a before it."""
        return self.operand("x", 0, source) if layer == 1 else self.operand("a", layer - 1, source)

    def operands(self, event: TraceEvent) -> tuple[Operand, ...]:
        """Return what an event was computed from, in the order of its formula."""
        layer, unit = event.layer, event.unit or 0
        get, sizes = self.operand, self.network.sizes
        here = range(sizes[layer])
        match event.quantity:
            case "z":
                products = ((self.entering(layer, j), get("w", layer, unit, j)) for j in range(sizes[layer - 1]))
                return (*(operand for product in products for operand in product), get("b", layer, unit))
            case "a" | "dsigma" if self.elementwise(layer):
                return (get("z", layer, unit),)
            case "a":
                return tuple(get("z", layer, i) for i in here)
            case "loss":
                return tuple(operand for i in here for operand in (get("a", layer, i), get("t", layer, i)))
            case "dl_da" if layer == len(sizes) - 1:
                return (get("a", layer, unit), get("t", layer, unit))
            case "dl_da":
                behind = range(sizes[layer + 1])
                return tuple(
                    operand for i in behind for operand in (get("w", layer + 1, i, unit), get("dl_dz", layer + 1, i))
                )
            case "dl_dz" if self.elementwise(layer):
                return (get("dsigma", layer, unit), get("dl_da", layer, unit))
            case "dl_dz":
                return tuple(operand for i in here for operand in (get("a", layer, i), get("dl_da", layer, i)))
            case "dl_dw":
                return (self.entering(layer, event.source or 0), get("dl_dz", layer, unit))
            case _:
                return (get("dl_dz", layer, unit),)
