"""The picture of a network too large to be drawn neuron by neuron: each layer a block of cells, walked by layer.

Forward values stand above, ∂l/∂z below. A cell's strength is its share of the layer's largest value, its shape the
sign; of the weights only the strongest are drawn, and a note says how many are not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any, NamedTuple

import numpy as np

from bppviz.core.place import Place, key
from bppviz.core.sums import Array
from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import Stop, edges
from bppviz.picture.graph import Patch
from bppviz.picture.theme import FONT, TEXT, part
from bppviz.words.catalogue import Words
from bppviz.words.numbers import number
from bppviz.words.symbols import Symbols

WIDTH, HEIGHT = 1230.0, 690.0
COLUMN = 250.0  # the least distance between two layers
TOP, BOTTOM, BLOCK = 210.0, 485.0, 210.0
MOST_ROWS, MOST_COLUMNS = 28, 28
STRONGEST = 24


class Cell(NamedTuple):
    """One neuron, or the strongest of several that share a cell."""

    layer: int
    unit: int
    x: float
    y: float


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
        self._strongest = [place for layer in self._layers for place in self._strong(layer)]
        self._known_looks: dict[str, list[Look]] = {}
        self.series: list[dict[str, Any]] = []
        self._draw()

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
        return len(self.series) - 1

    def captions(self, say: Words) -> list[str]:
        """Return the headings over the blocks, what the cells show, and what is left out."""
        sizes, names = self.trace.network.sizes, self.trace.network.activations
        layers = [
            (say("picture.output") if layer == self._layers[-1] else say("picture.layer", layer=layer))
            + f"<br>{names[layer - 1].replace('_', ' ')}<br>{sizes[layer]}"
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
        patch: Patch = defaultdict(dict)
        event = self.trace[stop.last]
        for index, looks in ((4, self._looks("a", self._forward)), (5, self._looks("dl_dz", self._backward))):
            shown = [it if it.step <= stop.last else UNKNOWN for it in looks]
            patch["marker.opacity"][index] = [it.opacity for it in shown]
            patch["marker.symbol"][index] = [it.symbol for it in shown]
            patch["hovertext"][index] = [it.said for it in shown]
        lit = event.layer if stop.granularity == "layer" and event.quantity != "loss" else None
        lit = lit + 1 if lit and event.phase == "backward" and event.quantity == "dl_dz" else lit
        colour = part("backward" if event.phase == "backward" else "forward")
        for index, negative in ((2, False), (3, True)):
            x, y = self._lines(p for p in self._strongest if p[0] == lit and (self._weight(p) < 0) == negative)
            patch["x"][index], patch["y"][index], patch["line.color"][index] = x, y, colour
        return dict(patch)

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
        own = key(Place("b", cell.layer, cell.unit))
        return [own, own, self.trace.step_of(quantity, cell.layer, cell.unit)]

    ring = 9.0  # the radius of the ring that marks a cell

    def marks(self) -> dict[Place, list[list[float]]]:
        """Return where everything that is drawn is marked: the cells of a neuron, or the two ends of an edge."""
        at = {(cell.layer, cell.unit): cell for cell in self._forward}
        marks: dict[Place, list[list[float]]] = defaultdict(list)
        for cell in (*self._forward, *self._backward):
            marks[Place("b" if cell.layer else "x", cell.layer, cell.unit)].append([cell.x, cell.y])
        for layer, unit, source in self._strongest:
            start, end = at[layer - 1, source], at[layer, unit]
            marks[Place("w", layer, unit, source)] = [[start.x, start.y, end.x, end.y]]
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
            Cell(layer, unit, round(left + (i // rows) * step, 1), round(top + (i % rows) * step, 1))
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

    def _strong(self, layer: int) -> list[tuple[int, int, int]]:
        """Return the strongest weights between cells that are drawn."""
        drawn_in = sorted(cell.unit for cell in self._forward if cell.layer == layer - 1)
        drawn_out = sorted(cell.unit for cell in self._forward if cell.layer == layer)
        w = np.abs(self.trace.network.weights[layer - 1][np.ix_(drawn_out, drawn_in)])
        strongest = np.argsort(w, axis=None)[::-1][:STRONGEST]
        return [
            (layer, drawn_out[i], drawn_in[j])
            for i, j in zip(*(a.tolist() for a in np.unravel_index(strongest, w.shape)), strict=True)
        ]

    def _weight(self, place: tuple[int, int, int]) -> float:
        return self.trace.value("w", *place)

    def _lines(self, places: Iterable[tuple[int, int, int]]) -> tuple[list[float | None], list[float | None]]:
        at = {(cell.layer, cell.unit): cell for cell in self._forward}
        x: list[float | None] = [None]
        y: list[float | None] = [None]
        for layer, unit, source in places:
            start, end = at[layer - 1, source], at[layer, unit]
            x += [start.x, end.x, None]
            y += [start.y, end.y, None]
        return x, y

    def _draw(self) -> None:
        common = {"type": "scatter", "hoverinfo": "skip", "showlegend": False, "cliponaxis": False}
        for width in (1.5, 3.0):
            for negative, colour, dash in ((False, "positive", "solid"), (True, "negative", "8px,5px")):
                places = [p for p in self._strongest if (self._weight(p) < 0) == negative] if width < 2 else []
                x, y = self._lines(places)
                line = {"color": part(colour), "width": width, "dash": dash}
                self.series.append({**common, "mode": "lines", "x": x, "y": y, "line": line})
        for cells, quantity in ((self._forward, "a"), (self._backward, "dl_dz")):
            sizes = {
                layer: 0.86 * BLOCK / max(9, min(n, 12 if n <= 144 else MOST_ROWS))
                for layer, n in enumerate(self.trace.network.sizes)
            }
            self.series.append(
                {
                    **common,
                    "mode": "markers",
                    "x": [cell.x for cell in cells],
                    "y": [cell.y for cell in cells],
                    "marker": {
                        "symbol": ["square"] * len(cells),
                        "size": [round(sizes[cell.layer], 1) for cell in cells],
                        "color": part("forward" if quantity == "a" else "backward"),
                        "opacity": [0.05] * len(cells),
                        "line": {"width": 0},
                    },
                    "hoverinfo": "text",
                    "hovertext": [""] * len(cells),
                    "customdata": [self._answer(quantity, cell) for cell in cells],
                }
            )
        heads = [(self._column(layer), 52.0) for layer in range(len(self.trace.network.sizes))]
        heads += [(12.0, TOP - BLOCK / 2 - 40), (12.0, BOTTOM - BLOCK / 2 - 25), (self._width / 2, HEIGHT - 50)]
        self.series.append(
            {
                **common,
                "mode": "text",
                "x": [x for x, _ in heads],
                "y": [y for _, y in heads],
                "text": [" "] * len(heads),
                "textposition": ["middle center"] * (len(heads) - 3) + ["middle right"] * 2 + ["middle center"],
                "textfont": {
                    "family": FONT,
                    "size": [TEXT] * len(heads),
                    "color": [part("muted")] * (len(heads) - 3) + [part("forward"), part("backward"), part("ink")],
                    "shadow": part("halo"),
                },
            }
        )
