"""The picture of a network too large to be drawn neuron by neuron: each layer a block of cells, walked by layer.

Forward values stand above, ∂l/∂z below. A cell's strength is its share of the layer's largest value, its shape the
sign; of the weights only the strongest are drawn, and a note says how many are not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import ceil
from typing import NamedTuple

import numpy as np

from bppviz.core.place import Place, chosen_for, key
from bppviz.core.sums import Array
from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import Stop, edges, to_come
from bppviz.picture.geometry import Point
from bppviz.picture.marks import (
    ALWAYS_LIT,
    Outline,
    Patch,
    Patches,
    Series,
    lines,
    markers,
    numbered,
    path,
    snapped,
    texts,
)
from bppviz.picture.names import spelled
from bppviz.picture.shape import Ends, Known
from bppviz.picture.theme import part
from bppviz.words.catalogue import Words
from bppviz.words.numbers import number
from bppviz.words.symbols import Symbols

WIDTH, HEIGHT = 1230.0, 690.0
COLUMN = 250.0  # the least distance between two layers
TOP, BOTTOM, BLOCK = 210.0, 485.0, 210.0
MOST_ROWS, MOST_COLUMNS = 28, 28
STRONGEST = 24
DASHES = {"positive": "solid", "negative": "8px,5px"}  # of weights, with the dashes of their lines
# What is computed entry by entry, and the cells that stand for it.
WITHIN = {"a": "a", "dsigma": "dl_dz", "dl_dz": "dl_dz"}
OF_BIASES = ("dl_db", "dL_db", "b")


class Cell(NamedTuple):
    """One neuron, or the strongest of several that share a cell."""

    layer: int
    unit: int
    point: Point


class Look(NamedTuple):
    """How a cell looks from a step on, and what hovering says of it."""

    step: int
    opacity: float
    symbol: str
    said: str


UNKNOWN = Look(-1, 0.05, "square", "")


class Cells:
    """The picture of one trace, in blocks of cells."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.symbols = Symbols(trace.network)
        sizes = trace.network.sizes
        self._layers = range(1, len(sizes))
        self._forward = [cell for layer in range(len(sizes)) for cell in self._block("a", layer, TOP)]
        self._backward = [cell for layer in self._layers for cell in self._block("dl_dz", layer, BOTTOM)]
        self._at = {(cell.layer, cell.unit): cell.point for cell in self._forward}
        self._strongest = {place: self._sign(place) for layer in self._layers for place in self._strong(layer)}
        self._known_looks: dict[str, list[Look]] = {}
        self._series = self._drawn()

    @property
    def series(self) -> list[Series]:
        """Return everything that is drawn before any stop."""
        return list(self._series.values())

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height of the canvas."""
        return self._width, HEIGHT

    @property
    def _width(self) -> float:
        return max(WIDTH, 300 + COLUMN * len(self._layers))

    @property
    def headings(self) -> int:
        """Return the index of the series whose texts are `captions`."""
        return list(self._series).index("headings")

    def captions(self, say: Words) -> list[str]:
        """Return the headings over the blocks, what the cells show, and what is left out."""
        sizes, names = self.trace.network.sizes, self.trace.network.activations
        layers = [
            (say("picture.output") if layer == self._layers[-1] else say("picture.layer", layer=layer))
            + f"<br>{spelled(names[layer - 1])}<br>{sizes[layer]}"
            for layer in self._layers
        ]
        note = say("picture.left_out", edges=edges(self.trace), shown=len(self._strongest)).replace("\n", "<br>")
        key = f"■ {say('picture.positive')}  ● {say('picture.negative')}"
        return [
            f"{say('picture.input')}<br>{sizes[0]}",
            *layers,
            say("phase.forward"),
            say("phase.backward"),
            f"{note}<br>{key}",
        ]

    def patch(self, stop: Stop, asked: Sequence[TraceEvent] = ()) -> Patch:
        """Return what the picture shows at a stop; a layer is never asked for."""
        event = self.trace[stop.last]
        known = Known(stop.last, to_come(self.trace, stop))
        patches: Patches = {}
        for name, looks in (
            ("forward", self._looks("a", self._forward)),
            ("backward", self._looks("dl_dz", self._backward)),
        ):
            shown = [it if known.has(it.step) else UNKNOWN for it in looks]
            patches[name] = {
                "marker.opacity": [it.opacity for it in shown],
                "marker.symbol": [it.symbol for it in shown],
                "hovertext": [it.said for it in shown],
            }
        lit = self._lit(stop, event)
        colour = part("backward" if event.phase in ("backward", "gradient") else "forward")
        for sign in DASHES:
            ends = self._ends(it for it, own in self._strongest.items() if it.layer == lit and own == sign)
            x, y = path(map(snapped, ends))
            patches[f"lit {sign}"] = {"x": x, "y": y, "line.color": colour}
        return numbered(patches, self._series)

    def _lit(self, stop: Stop, event: TraceEvent) -> int | None:
        """Return the layer whose edges a stop goes along: none for a whole pass, and a vector that no matrix gives."""
        has_none = stop.granularity == "vector" and event.quantity in (*WITHIN, *OF_BIASES)
        if stop.granularity == "pass" or has_none or event.quantity == "loss":
            return None
        return event.layer + (event.phase == "backward")

    def ways(self, stop: Stop) -> tuple[list[str], list[str]]:
        """Return the blocks of cells that a layer is computed from, and what it computes; nothing for a whole pass."""
        event = self.trace[stop.last]
        layer, last = event.layer, self._layers[-1]
        if stop.granularity == "pass":
            return [], []
        if stop.granularity == "vector" and event.quantity in WITHIN:
            return [f"{WITHIN[event.quantity]}-{layer}"], [f"{WITHIN[event.quantity]}-{layer}"]
        match event.phase:
            case "forward":
                return [f"a-{layer - 1}"], [f"a-{layer}"]
            case "loss":
                return [f"a-{last}"], ["loss"]
            case "backward":
                return [f"a-{last}" if layer == last else f"dl_dz-{layer + 1}"], [f"dl_dz-{layer}"]
            case "gradient":
                return [f"a-{layer - 1}", f"dl_dz-{layer}"], [f"w-{layer}"]
            case _:
                return [f"w-{layer}"], [f"w-{layer}"]

    def _looks(self, quantity: str, cells: list[Cell]) -> list[Look]:
        """Return how the cells look once they are known, the same at every stop."""
        if quantity not in self._known_looks:
            shares = self._shares(quantity)
            self._known_looks[quantity] = [self._look(quantity, cell, shares[cell.layer, cell.unit]) for cell in cells]
        return self._known_looks[quantity]

    def _look(self, quantity: str, cell: Cell, share: float) -> Look:
        step = self.trace.step_of(quantity, cell.layer, cell.unit) if cell.layer else -1
        symbol = "circle" if self._array(quantity, cell.layer)[cell.unit] < 0 else "square"
        return Look(step, round(max(0.08, share), 3), symbol, self._said(quantity, cell))

    def _answer(self, quantity: str, cell: Cell) -> list[str | int]:
        """Return what a cell answers the mouse: what a click chooses, of a neuron its bias; itself; and its step."""
        if not cell.layer:
            return [key(Place("x", 0, cell.unit))] * 2
        chosen = chosen_for(self.trace.network.without_bias, cell.layer, cell.unit)
        return [key(chosen), key(self._own(cell)), self.trace.step_of(quantity, cell.layer, cell.unit)]

    def _own(self, cell: Cell) -> Place:
        """Return what a cell is called: by its bias, if it has one, which a click on it chooses."""
        has_bias = cell.layer not in self.trace.network.without_bias
        return Place(("b" if has_bias else "a") if cell.layer else "x", cell.layer, cell.unit)

    ring = 9.0  # the radius of the ring that marks a cell

    def marks(self) -> dict[Place, list[Outline]]:
        """Return where everything that is drawn is marked: the cells of a neuron, or the two ends of an edge."""
        marks: dict[Place, list[Outline]] = defaultdict(list)
        for cell in (*self._forward, *self._backward):
            marks[self._own(cell)].append([*cell.point])
        for place, (start, end) in zip(self._strongest, self._ends(self._strongest), strict=True):
            marks[place] = [[*start, *end]]
        return dict(marks)

    def _column(self, layer: int) -> float:
        return 150 + (self._width - 300) * layer / (len(self.trace.network.sizes) - 1)

    def _block(self, quantity: str, layer: int, middle: float) -> list[Cell]:
        """Arrange a layer in columns, top to bottom; where cells run out, each is the strongest of a few neurons."""
        size = self.trace.network.sizes[layer]
        count = min(size, MOST_ROWS * MOST_COLUMNS)
        values = np.abs(self._array(quantity, layer))
        groups = np.array_split(np.arange(size), count)
        units = [int(group[np.argmax(values[group])]) for group in groups]
        rows = min(count, 12 if count <= 144 else MOST_ROWS)
        columns = ceil(count / rows)
        step = BLOCK / max(rows, 9)
        left = self._column(layer) - (columns - 1) * step / 2
        top = middle - (rows - 1) * step / 2
        return [
            Cell(layer, unit, Point(round(left + (i // rows) * step, 1), round(top + (i % rows) * step, 1)))
            for i, unit in enumerate(units)
        ]

    def _array(self, quantity: str, layer: int) -> Array:
        if layer == 0:
            return self.trace.one.x
        return np.asarray(getattr(self.trace.one, quantity)[layer - 1])

    def _shares(self, quantity: str) -> dict[tuple[int, int], float]:
        """Return every value of a quantity as a share of the largest of its layer."""
        shares = {}
        for layer in range(0 if quantity == "a" else 1, len(self.trace.network.sizes)):
            values = np.abs(self._array(quantity, layer))
            largest = float(values.max()) or 1.0
            shares.update({(layer, unit): value / largest for unit, value in enumerate(values.tolist())})
        return shares

    def _said(self, quantity: str, cell: Cell) -> str:
        value = float(self._array(quantity, cell.layer)[cell.unit])
        symbol = self.symbols(quantity if cell.layer else "x", cell.layer, cell.unit)
        return f"{symbol.text} = {number(value)}"

    def _strong(self, layer: int) -> list[Place]:
        """Return the strongest weights between cells that are drawn."""
        drawn_in = sorted(cell.unit for cell in self._forward if cell.layer == layer - 1)
        drawn_out = sorted(cell.unit for cell in self._forward if cell.layer == layer)
        w = np.abs(self.trace.network.weights[layer - 1][np.ix_(drawn_out, drawn_in)])
        strongest = np.argsort(w, axis=None)[::-1][:STRONGEST]
        return [
            Place("w", layer, drawn_out[i], drawn_in[j])
            for i, j in zip(*(a.tolist() for a in np.unravel_index(strongest, w.shape)), strict=True)
        ]

    def _sign(self, weight: Place) -> str:
        return "negative" if self.trace.network.value(weight) < 0 else "positive"

    def _ends(self, weights: Iterable[Place]) -> list[Ends]:
        """Return the ends of weights."""
        return [(self._at[place.layer - 1, place.source or 0], self._at[place.layer, place.unit]) for place in weights]

    def _drawn(self) -> dict[str, Series]:
        """Return everything that is drawn before any stop, by name."""
        drawn: dict[str, Series] = {}
        for sign in DASHES:
            drawn[sign] = lines(
                self._ends(it for it, own in self._strongest.items() if own == sign), **_line(sign, 1.5)
            )
        drawn |= {f"lit {sign}": lines([], **_line(sign, 3.0)) | ALWAYS_LIT for sign in DASHES}
        drawn["forward"] = self._markers("a", self._forward, part("forward"))
        drawn["backward"] = self._markers("dl_dz", self._backward, part("backward"))
        return {**drawn, "headings": self._headings()}

    def _markers(self, quantity: str, cells: list[Cell], colour: str) -> Series:
        """Return the cells of one pass."""
        sizes = [0.86 * BLOCK / max(9, min(n, 12 if n <= 144 else MOST_ROWS)) for n in self.trace.network.sizes]
        marker = {
            "symbol": ["square"] * len(cells),
            "size": [round(sizes[cell.layer], 1) for cell in cells],
            "color": colour,
            "opacity": [UNKNOWN.opacity] * len(cells),
            "line": {"width": 0},
        }
        answers = {"customdata": [self._answer(quantity, cell) for cell in cells], "hovertext": [""] * len(cells)}
        lit = {"meta": {"at": [f"{quantity}-{cell.layer}" for cell in cells]}}
        return markers((cell.point for cell in cells), marker, hoverinfo="text", **answers, **lit)

    def _headings(self) -> Series:
        """Return what stands over the blocks and below them, in the order of `captions`."""
        columns = [Point(self._column(layer), 52.0) for layer in range(len(self.trace.network.sizes))]
        passes = [Point(12.0, TOP - BLOCK / 2 - 40), Point(12.0, BOTTOM - BLOCK / 2 - 25)]
        points = [*columns, *passes, Point(self._width / 2, HEIGHT - 50)]
        colours = [part("muted")] * len(columns) + [part("forward"), part("backward"), part("ink")]
        positions = ["middle center"] * len(columns) + ["middle right"] * 2 + ["middle center"]
        headings = texts(points, [""] * len(points), "muted", color=colours)
        return {**headings, "textposition": positions}


def _line(sign: str, width: float) -> Series:
    return {"color": part(sign), "width": width, "dash": DASHES[sign]}
