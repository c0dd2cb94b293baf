"""A recorded run: arrays for every quantity, and an event for every equation, made when somebody asks for it.

A run of several samples is walked through sample by sample: the events are those of one of them, then the sum of all
gradients, then the update.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import InitVar, dataclass, fields, replace
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, Protocol, overload

import numpy as np

from bppviz.core.checks import brief, counted, place_in
from bppviz.core.functions import ACTIVATIONS
from bppviz.core.network import Network, ReadOnly
from bppviz.core.place import Place, located
from bppviz.core.sums import Array

GIVEN = ("x", "t", "w", "b")  # what a pass is computed from; the update computes new w and b
SUMS = ("dL_dw", "dL_db")


class Operand(NamedTuple):
    """A number that an event was computed from.

    `quantity` is one of x, t, w, b, or an event's quantity. `layer` counts from 1 (the inputs are layer 0), `unit` and
    `source` are array indices. `step` is the event that computed it, None for what was given: x, t, w, b.
    `sample` is an array index too, None in a run of one sample and for what belongs to no sample.
    """

    quantity: str
    layer: int
    unit: int
    source: int | None
    value: float
    step: int | None
    sample: int | None = None

    @property
    def place(self) -> Place:
        """Return where the number stands."""
        return Place(*self[:4])


class Teller(Protocol):
    """Writes the equation of an event, in a line of text, in LaTeX, and in HTML with a sentence."""

    def text(self, event: TraceEvent) -> str: ...
    def latex(self, event: TraceEvent) -> str: ...
    def html(self, event: TraceEvent) -> str: ...


class _OfTrace:
    """What an event keeps of its trace, apart from its fields: a table of events has no column for it."""

    __slots__ = ("_trace",)
    _trace: Trace

    @property
    def trace(self) -> Trace:
        """Return the run that the event belongs to."""
        return self._trace


@dataclass(frozen=True, slots=True, repr=False)
class TraceEvent(_OfTrace):
    """One equation of the run: one number, where it stands, and what it was computed from.

    `phase` is forward, loss, backward, sum or update; `quantity` is z, a, loss, dl_da, dsigma, dl_dz, dl_dw or dl_db,
    of the sums dL_dw or dL_db, and of the update w or b, whose value is the new one.
    `layer` counts from 1, as in the lecture; `unit` and `source` are array indices, so that a weight's gradient is
    `trace.dl_dw[layer - 1][unit, source]`. The loss has unit None; only what belongs to a weight has a source.

    At the end of a notebook's cell an event shows its equation.
    """

    # Words stand above the numbers: the package puts here the module that knows them.
    teller: ClassVar[Teller]

    step: int
    phase: str
    quantity: str
    layer: int
    unit: int | None
    source: int | None
    value: float
    of: InitVar[Trace]

    def __post_init__(self, of: Trace) -> None:
        object.__setattr__(self, "_trace", of)

    def __reduce__(self) -> tuple[Any, ...]:
        return TraceEvent, (*self.to_dict().values(), self._trace)

    def to_dict(self) -> dict[str, Any]:
        """Return the event as a row of a table: step, phase, quantity, layer, unit, source, value."""
        return {it.name: getattr(self, it.name) for it in fields(self)}

    def __repr__(self) -> str:
        return self.teller.text(self)

    def _repr_latex_(self) -> str:
        return self.teller.latex(self)

    def _repr_html_(self) -> str:
        return self.teller.html(self)

    @property
    def place(self) -> Place:
        """Return where the number stands; the loss, which has no unit, as if it were the first."""
        return Place(self.quantity, self.layer, self.unit or 0, self.source)

    @property
    def operands(self) -> tuple[Operand, ...]:
        """Return what the value was computed from, in the order of the formula."""
        return self._trace.operands(self)


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
    def stride(self) -> int:
        return len(self.quantities) + self.sources

    @property
    def stop(self) -> int:
        return self.start + self.units * self.stride


@dataclass(frozen=True, eq=False, repr=False)
class Trace(ReadOnly, Sequence[TraceEvent]):
    """One forward and one backward pass of one sample, or of several with the sum of their gradients.

    `z, a, dsigma, dl_da, dl_dz, dl_dw, dl_db` are tuples by layer (index 0 is layer 1) of read-only float64 arrays:
    dl_dw of shape (n_out, n_in), the others (n_out,); of several samples dl_dw, N times as large as the network, is
    computed when it is first asked for. `dsigma` is None where the layer is softmax, which has no
    elementwise derivative. `loss_terms`, of shape (n_out,), add up to `loss`. In a run of N samples all of these, and
    x, target and loss, have the samples as their first axis.

    `L`, `dL_dw` and `dL_db`, without that axis, are the sums over the samples; of one sample they are its own loss and
    gradients. `updated` is the network after w ← w − η ∂L/∂w, None without a learning rate.

    `len(trace)` counts the equations and `trace[k]` gives one of them as a `TraceEvent`, at the same cost whatever
    the size of the network. In a run of several samples these are the equations of one, `sample`, an array index;
    `at_sample` tells the same run of another one. `pandas.DataFrame(trace)` is a table of them. A step that the trace
    does not have raises IndexError, and what is no whole number TypeError.
    """

    network: Network
    x: Array
    target: Array
    z: tuple[Array, ...]
    a: tuple[Array, ...]
    dsigma: tuple[Array | None, ...]
    dl_da: tuple[Array, ...]
    dl_dz: tuple[Array, ...]
    dl_db: tuple[Array, ...]
    loss_terms: Array
    loss: Array | float
    dL_dw: tuple[Array, ...]
    dL_db: tuple[Array, ...]
    L: float
    learning_rate: float | None = None
    update_biases: bool = True
    updated: Network | None = None
    sample: int = 0

    @property
    def samples(self) -> int | None:
        """Return how many samples the run has in rows, None where x is a single one."""
        return len(self.x) if self.x.ndim == 2 else None

    def at_sample(self, n: int) -> Trace:
        """Return the same run, its events those of the n-th sample, an array index.

        Raises IndexError for a sample that the run does not have, TypeError for what is no whole number.
        """
        count = self.samples or 1
        place = place_in("sample", n, count)
        if not 0 <= place < count:
            raise IndexError(f"sample {brief(place)} of a run of {count}; they count from 0 to {count - 1}.")
        return replace(self, sample=place)

    @cached_property
    def one(self) -> Trace:
        """The passes of the sample that is walked through, as a run of that sample alone, without its update."""
        if self.samples is None:
            return self
        row = self.sample
        own = {
            name: tuple(None if array is None else array[row] for array in getattr(self, name))
            for name in ("z", "a", "dsigma", "dl_da", "dl_dz", "dl_db")
        }
        x: Array = self.x[row]
        entering: tuple[Array, ...] = (x, *own["a"][:-1])  # type: ignore[arg-type]
        loss = float(np.asarray(self.loss)[row])
        return Trace(
            network=self.network,
            x=x,
            target=self.target[row],
            **own,  # type: ignore[arg-type]
            loss_terms=self.loss_terms[row],
            loss=loss,
            dL_dw=by_weight(own["dl_dz"], entering),  # type: ignore[arg-type]
            dL_db=own["dl_db"],  # type: ignore[arg-type]
            L=loss,
        )

    @cached_property
    def dl_dw(self) -> tuple[Array, ...]:
        """∂l/∂w by layer: of one sample (n_out, n_in), of several (N, n_out, n_in)."""
        return by_weight(self.dl_dz, (self.x, *self.a[:-1])) if self.samples else self.dL_dw

    def by_sample(self, quantity: str, layer: int, unit: int, source: int | None = None) -> Array:
        """Return ∂l/∂w or ∂l/∂b of every sample, of shape (N,), without those of the other weights."""
        dl_dz = np.atleast_2d(self.dl_dz[layer - 1])[:, unit]
        if quantity == "dl_db":
            return dl_dz
        with np.errstate(under="ignore"):
            return dl_dz * np.atleast_2d(self.x if layer == 1 else self.a[layer - 2])[:, source]

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The order of a lecture: forward layer by layer, the loss, from the output back; then sum and update."""
        blocks: list[Block] = []

        def add(phase: str, layer: int, units: int, *quantities: str, by_source: str = "") -> None:
            start = blocks[-1].stop if blocks else 0
            sources = sizes[layer - 1] if by_source else 0
            blocks.append(Block(start, phase, layer, units, quantities, sources, by_source))

        sizes = self.network.sizes
        layers = range(1, len(sizes))
        for layer in layers:
            for run in ("z a",) if self.elementwise(layer) else ("z", "a"):
                add("forward", layer, sizes[layer], *run.split())
        add("loss", layers[-1], 1, "loss")
        for layer in reversed(layers):
            for run in ("dl_da dsigma dl_dz",) if self.elementwise(layer) else ("dl_da", "dl_dz"):
                add("backward", layer, sizes[layer], *run.split())
            add("backward", layer, sizes[layer], "dl_db", by_source="dl_dw")
        if self.samples:
            for layer in layers:
                add("sum", layer, sizes[layer], "dL_db", by_source="dL_dw")
        if self.updated:
            for layer in layers:
                add("update", layer, sizes[layer], *(["b"] if self.update_biases else []), by_source="w")
        return tuple(blocks)

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    @cached_property
    def _block_of(self) -> dict[tuple[str, int], Block]:
        return {
            (quantity, block.layer): block
            for block in self.blocks
            for quantity in (*block.quantities, block.by_source)
            if quantity
        }

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
            try:
                return tuple(self[i] for i in range(*k.indices(len(self))))
            except TypeError:
                raise TypeError(f"steps are {brief(k)}; give whole numbers, such as trace[0:3].") from None
        step = self.step_at(k)
        block = self.blocks[bisect_right(self._starts, step) - 1]
        unit, nth = divmod(step - block.start, block.stride)
        source = nth if nth < block.sources else None
        quantity = block.by_source if source is not None else block.quantities[nth - block.sources]
        told = self.updated if block.phase == "update" and self.updated else self
        value = told.value(quantity, block.layer, unit, source)
        is_loss = quantity == "loss"
        return TraceEvent(step, block.phase, quantity, block.layer, None if is_loss else unit, source, value, self)

    def step_at(self, k: int) -> int:
        """Return the step of an index, which may count from the end.

        Raises IndexError for a step that the trace does not have, TypeError for what is no whole number.
        """
        place = place_in("step", k, len(self))
        if not -len(self) <= place < len(self):
            raise IndexError(
                f"step {brief(place)} of a trace with {len(self)} steps; they count from 0 to {len(self) - 1}."
            )
        return place % len(self)

    def __iter__(self) -> Iterator[TraceEvent]:
        return (self[k] for k in range(len(self)))

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the events as rows of plain values, for a table, JSON or CSV."""
        return [event.to_dict() for event in self]

    def __repr__(self) -> str:
        samples = f", {counted(self.samples, 'sample')}" if self.samples else ""
        return f"Trace({len(self)} steps of {self.network!r}{samples}, loss {self.L:.6g})"

    @cached_property
    def _shapes(self) -> dict[tuple[str, int], tuple[int, ...]]:
        """The shapes of one sample's numbers, and of what all samples have in common."""
        sizes, last = self.network.sizes, len(self.network.weights)
        shapes: dict[tuple[str, int], tuple[int, ...]] = {("x", 0): (sizes[0],), ("t", last): (sizes[-1],)}
        shapes |= self.network.shapes
        for layer in range(1, last + 1):
            own = ["z", "a", *(["dsigma"] if self.elementwise(layer) else []), "dl_da", "dl_dz"]
            shapes |= {(quantity, layer): (sizes[layer],) for quantity in (*own, "dl_db", "dL_db")}
            shapes |= {(quantity, layer): (sizes[layer], sizes[layer - 1]) for quantity in ("dl_dw", "dL_dw")}
        return shapes | {("loss", last): (1,)}

    def place(self, quantity: str | Place, layer: int | None = None, unit: int = 0, source: int | None = None) -> Place:
        """Return a place, given as a `Place` or spelled out, if this run has it.

        `layer` counts from 1 (x is layer 0), `unit` and `source` are array indices. Raises ValueError for an unknown
        quantity or a missing layer or source, IndexError for a place beyond its bounds, TypeError for what is no whole
        number.
        """
        return located(self._shapes, quantity, layer, unit, source)

    def step_of(self, quantity: str | Place, layer: int | None = None, unit: int = 0, source: int | None = None) -> int:
        """Return the step that computes a place, given as in `place`; of w and b, the step that updates it.

        Raises ValueError, too, for what no step of this run computes.
        """
        place = self.place(quantity, layer, unit, source)
        if place[:2] not in self._block_of:
            raise ValueError(f"no step of this run computes {place.quantity}{self._why_never(place.quantity)}.")
        block = self._block_of[place[:2]]
        at = block.sources + block.quantities.index(place.quantity) if place.source is None else place.source
        return block.start + place.unit * block.stride + at

    def _why_never(self, quantity: str) -> str:
        if quantity in SUMS:
            return ": it has a single sample, whose gradients are dl_dw and dl_db"
        if quantity in ("x", "t"):
            return ": it was given"
        return ": the biases stay as they are" if self.updated else ": give backprop a learning_rate"

    def value(self, quantity: str | Place, layer: int | None = None, unit: int = 0, source: int | None = None) -> float:
        """Return the number at a place, given as in `place`; of w and b, the one before the update."""
        return self._number(self.place(quantity, layer, unit, source))

    def _number(self, place: Place) -> float:
        quantity, layer, unit, source = place
        if quantity in ("w", "b"):
            return self.network.value(place)
        if quantity == "dl_dw" and self.samples:
            return self.one._number(place)
        if quantity in ("x", "t", "loss"):
            array = np.asarray({"x": self.x, "t": self.target, "loss": self.loss}[quantity])
        else:
            array = getattr(self, quantity)[layer - 1]
        at = () if quantity == "loss" else (unit,) if source is None else (unit, source)
        row = (self.sample,) if self.samples and quantity not in SUMS else ()
        return float(array[(*row, *at)])

    def operand(
        self, quantity: str | Place, layer: int | None = None, unit: int = 0, source: int | None = None
    ) -> Operand:
        """Return the number at a place, given as in `place`, as an operand."""
        place = self.place(quantity, layer, unit, source)
        step = None if place.quantity in GIVEN else self.step_of(place)
        sample = None if self.samples is None or place.quantity in ("w", "b", *SUMS) else self.sample
        return Operand(*place, self._number(place), step, sample)

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
            case "dl_db":
                return (get("dl_dz", layer, unit),)
            case "dL_dw" | "dL_db":
                return self._summands(event)
            case _:
                kind = "dL_d" if self.samples else "dl_d"
                place = (layer, unit, event.source)
                return (get(event.quantity, *place), get(f"{kind}{event.quantity}", *place))

    def _summands(self, event: TraceEvent) -> tuple[Operand, ...]:
        """Return the gradient of every sample, which a sum adds up."""
        quantity = event.quantity.replace("dL", "dl")
        one = self.operand(quantity, event.layer, event.unit or 0, event.source)
        values = self.by_sample(*one[:4])
        return tuple(one._replace(value=value, sample=n) for n, value in enumerate(values.tolist()))


def by_weight(dl_dz: Sequence[Array], entering: Sequence[Array]) -> tuple[Array, ...]:
    """Return ∂l/∂w = ∂z/∂w · ∂l/∂z of every layer, read-only: the a that enters each weight, times ∂l/∂z."""
    with np.errstate(under="ignore"):
        products = [gradient[..., :, None] * a[..., None, :] for gradient, a in zip(dl_dz, entering, strict=True)]
    for product in products:
        product.flags.writeable = False
    return tuple(products)
