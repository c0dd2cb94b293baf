"""A recorded run: arrays for every quantity, and an event for every equation, made when somebody asks for it.

A run of several samples is walked through sample by sample: the events are those of one of them, then the sum of all
gradients, then the update.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import InitVar, dataclass, fields, replace
from functools import cached_property
from typing import Any, ClassVar, Protocol, overload

import numpy as np

from bppviz.core.checks import brief, counted, known_name, place_in
from bppviz.core.network import Network, ReadOnly
from bppviz.core.order import GIVEN, SUMS, Block, Order, shapes_of
from bppviz.core.place import Operand, Place, Shapes, gradient_of, located, of_one_sample
from bppviz.core.sums import Array, by_weight

OF_ALL = ("w", "b", *SUMS)  # what is the same of every sample


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

    `phase` is forward, loss, backward, gradient, sum or update; `quantity` is z, a, loss, dl_da, dsigma, dl_dz, dl_dw
    or dl_db, of the sums dL_dw or dL_db, and of the update w or b, whose value is the new one.
    `layer` counts from 1, as in the lecture; `unit` and `source` are array indices, so that a weight's gradient is
    `trace.dl_dw[layer - 1][unit, source]`. The loss has unit None; only what belongs to a weight has a source.

    At the end of a notebook's cell an event shows its equation.
    """

    # Words stand above the numbers: the package puts here what imports the module that knows them.
    teller: ClassVar[Callable[[], Teller]]

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
        return TraceEvent.teller().text(self)

    def _repr_latex_(self) -> str:
        return TraceEvent.teller().latex(self)

    def _repr_html_(self) -> str:
        return TraceEvent.teller().html(self)

    @property
    def place(self) -> Place:
        """Return where the number stands; the loss, which has no unit, as if it were the first."""
        return Place(self.quantity, self.layer, 0 if self.unit is None else self.unit, self.source)

    @property
    def operands(self) -> tuple[Operand, ...]:
        """Return what the value was computed from, in the order of the formula."""
        return _operands(self._trace, self)


@dataclass(frozen=True, eq=False, repr=False)
class Trace(ReadOnly, Sequence[TraceEvent]):
    """One forward and one backward pass of one sample, or of several with the sum of their gradients.

    `z, a, dsigma, dl_da, dl_dz, dl_dw, dl_db` are tuples by layer (index 0 is layer 1) of read-only float64 arrays:
    dl_dw of shape (n_out, n_in), the others (n_out,); of several samples dl_dw, N times as large as the network, is
    computed when it is first asked for. `dsigma` is None where the layer is softmax, which has no elementwise
    derivative, and dl_db and dL_db where it has no biases. `loss_terms`, of shape (n_out,), add up to `loss`. In a run
    of N samples all of these, and x, target and loss, have the samples as their first axis.

    `L`, `dL_dw` and `dL_db`, without that axis, are the sums over the samples, or the means; of one sample they are its
    own loss and gradients. `updated` is the network after w ← w − η ∂L/∂w, None without a learning rate.

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
    dl_db: tuple[Array | None, ...]
    loss_terms: Array
    loss: Array | float
    dL_dw: tuple[Array, ...]
    dL_db: tuple[Array | None, ...]
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
            dL_db=own["dl_db"],
            L=loss,
        )

    @cached_property
    def dl_dw(self) -> tuple[Array, ...]:
        """∂l/∂w by layer: of one sample (n_out, n_in), of several (N, n_out, n_in)."""
        return by_weight(self.dl_dz, (self.x, *self.a[:-1])) if self.samples else self.dL_dw

    def by_sample(
        self, quantity: str | Place, layer: int | None = None, unit: int = 0, source: int | None = None
    ) -> Array:
        """Return ∂l/∂w or ∂l/∂b at a place, given as in `place`, of every sample: shape (N,)."""
        place = self.place(quantity, layer, unit, source)
        known_name("gradient", place.quantity, ("dl_dw", "dl_db"))
        dl_dz = np.atleast_2d(self.array("dl_dz", place.layer))[:, place.unit]
        if place.source is None:
            return dl_dz
        with np.errstate(under="ignore"):
            return dl_dz * np.atleast_2d(self.array("a", place.layer - 1))[:, place.source]

    @cached_property
    def _order(self) -> Order:
        learned = (("w", "b") if self.update_biases else ("w",)) if self.updated else ()
        return Order(self.network, sums=self.samples is not None, learned=learned)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return the order of its events, block by block."""
        return tuple(self._order.blocks)

    def elementwise(self, layer: int) -> bool:
        """Tell whether each a of this layer depends on its own z alone."""
        return self.network.elementwise(layer)

    def __len__(self) -> int:
        return len(self._order)

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
        block = self._order.block(step)
        place = block.place(step)
        value = self.updated.value(place) if block.phase == "update" and self.updated else self._number(place)
        unit = None if place.quantity == "loss" else place.unit
        return TraceEvent(step, block.phase, place.quantity, place.layer, unit, place.source, value, self)

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
    def _shapes(self) -> Shapes:
        return shapes_of(self.network)

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
        return self._order.step_of(place)

    def value(self, quantity: str | Place, layer: int | None = None, unit: int = 0, source: int | None = None) -> float:
        """Return the number at a place, given as in `place`; of w and b, the one before the update."""
        return self._number(self.place(quantity, layer, unit, source))

    def array(self, quantity: str, layer: int) -> Array:
        """Return all numbers of a quantity in a layer, of all samples; the a of layer 0 are the inputs."""
        if quantity in ("w", "b"):
            return self.network.array(quantity, layer)
        if quantity in ("x", "t", "loss") or layer == 0:
            return np.asarray({"t": self.target, "loss": self.loss}.get(quantity, self.x))
        array: Array = getattr(self, quantity)[layer - 1]
        return array

    def _number(self, place: Place) -> float:
        quantity, layer, unit, source = place
        if quantity == "dl_dw" and self.samples:
            return self.one._number(place)
        at = () if quantity == "loss" else (unit,) if source is None else (unit, source)
        row = (self.sample,) if self.samples and quantity not in OF_ALL else ()
        return float(self.array(quantity, layer).item(*row, *at))

    def operand(
        self, quantity: str | Place, layer: int | None = None, unit: int = 0, source: int | None = None
    ) -> Operand:
        """Return the number at a place, given as in `place`, as an operand."""
        place = self.place(quantity, layer, unit, source)
        step = None if place.quantity in GIVEN else self._order.step_of(place)
        sample = None if self.samples is None or place.quantity in OF_ALL else self.sample
        return Operand(*place, self._number(place), step, sample)

    def entering(self, layer: int, source: int) -> Operand:
        """Return what enters a layer from this source: x or the a before it."""
        return self.operand("x", 0, source) if layer == 1 else self.operand("a", layer - 1, source)


def _operands(trace: Trace, event: TraceEvent) -> tuple[Operand, ...]:
    """Return what an event was computed from, in the order of its formula."""
    _, layer, unit, source = place = event.place
    get, sizes = trace.operand, trace.network.sizes
    here = range(sizes[layer])
    match event.quantity:
        case "z":
            products = ((trace.entering(layer, j), get("w", layer, unit, j)) for j in range(sizes[layer - 1]))
            b = () if layer in trace.network.without_bias else (get("b", layer, unit),)
            return (*(operand for product in products for operand in product), *b)
        case "a" | "dsigma" if trace.elementwise(layer):
            return (get("z", layer, unit),)
        case "a":
            return tuple(get("z", layer, i) for i in here)
        case "loss":
            return tuple(operand for i in here for operand in (get("a", layer, i), get("t", layer, i)))
        case "dl_da" if layer == len(sizes) - 1:
            return (get("a", layer, unit), get("t", layer, unit))
        case "dl_da":
            later = range(sizes[layer + 1])
            return tuple(
                operand for i in later for operand in (get("w", layer + 1, i, unit), get("dl_dz", layer + 1, i))
            )
        case "dl_dz" if trace.elementwise(layer):
            return (get("dsigma", layer, unit), get("dl_da", layer, unit))
        case "dl_dz":
            return tuple(operand for i in here for operand in (get("a", layer, i), get("dl_da", layer, i)))
        case "dz_dw":  # no step of its own: it is known since the forward pass
            return (trace.entering(layer, source or 0),)
        case "dl_dw":
            return (trace.entering(layer, source or 0), get("dl_dz", layer, unit))
        case "dl_db":
            return (get("dl_dz", layer, unit),)
        case "dL_dw" | "dL_db":
            return _summands(trace, of_one_sample(place))
        case _:
            return (get(place), get(gradient_of(place, "L" if trace.samples else "l")))


def _summands(trace: Trace, place: Place) -> tuple[Operand, ...]:
    """Return a gradient of every sample, which a sum adds up."""
    one = trace.operand(place)
    return tuple(one._replace(value=value, sample=n) for n, value in enumerate(trace.by_sample(place).tolist()))
