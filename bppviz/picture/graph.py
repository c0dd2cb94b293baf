"""The picture of a network, neuron by neuron: what never changes is drawn once, what a stop shows is a patch to it.

Plotly calls its series "traces"; here they are series, and a trace is a recorded run.
Every patch sets the same attributes of the same series, so that any stop can follow any other. No number of the run is
in what is drawn once, so that another run of the same network needs other patches and no other picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property, lru_cache
from html import escape
from itertools import chain
from math import ceil, floor, sqrt
from typing import Any, ClassVar, NamedTuple

import numpy as np

from bppviz.core.emphasis import Emphasis, emphasised
from bppviz.core.order import GIVEN
from bppviz.core.place import Place, key
from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import Stop
from bppviz.picture.layout import GATE, Layout, Point, layout_of
from bppviz.picture.lines import Lines, Patch, path, xs, ys
from bppviz.picture.theme import FONT, HEADING, TEXT, VALUE, part, stroke
from bppviz.words.catalogue import Words
from bppviz.words.notation import role
from bppviz.words.numbers import DIGITS, HOVERED, fitting, number, width
from bppviz.words.symbols import Symbols, called

MOST_LABELS = 12
QUESTION = "?"
BOXED = {"t": 0.74, "loss": 1.16}  # what stands in a box, and how wide that is beside a circle
LARGEST_BOX = 86  # for which there is room at the right
WIDEST_NAME = 84  # as wide as its circle's column
UNSEEN = {"size": 22, "opacity": 0, "color": part("background")}  # what answers the mouse where a label stands
# A mark behind a text is plotly's marker "line-ew", a stroke 1.4 times as long as its size.
STROKE = 1.4
CROWDED_DIGITS = 3
DROP = 11  # of a number below the middle of its circle, where its name stands above
RIM = 1  # of a box, on both sides of its number together
# How much room the numbers beside circles and edges have, in ems: in a roomy picture, and in a crowded one.
GRADIENT, GAIN, WEIGHT, NEW = (5.7, 4.5), (4.0, 2.9), (3.4, 3.4), (4.5, 4.5)
LEAST_WEIGHT = 4.7  # ems that a weight of two digits has
SUM_SIGN = 1.1  # ems that a Σ before a number takes
SMALLEST = 11.0  # pixels, below which a number is not shrunk to fit
TIGHTEST = 0.7  # pixels that the characters of a number may stand closer, before it is shrunk
EM = 0.57  # of the picture's font, the width of most characters

Shape = list[float]  # x and y of a ring's middle, or of both ends of a band


class Label(NamedTuple):
    """A text at a point, with its width estimated so that a mark fits behind it."""

    point: Point
    text: str
    size: float = TEXT
    tight: float = 0  # pixels that each character stands closer to the next

    @property
    def width(self) -> float:
        """Return about how wide the text is."""
        return 10 + _width(self.text) * self.size / TEXT - self.tight * len(self.text)

    def marked_up(self, bold: object) -> str:
        """Return the text as plotly takes it: closer or smaller where it has to be, and bold if it is."""
        style = f"letter-spacing:-{self.tight:g}px" if self.tight else f"font-size:{self.size:g}px"
        text = f'<span style="{style}">{self.text}</span>' if self.tight or self.size != TEXT else self.text
        return f"<b>{text}</b>" if bold else text


@lru_cache(maxsize=4096)  # the same labels are seen at step after step
def _width(text: str) -> float:
    return sum(11.5 if ord(c) > 0x2E80 else 5.5 if c in ".,₀₁₂₃₄₅₆₇₈₉ ⁰¹²³⁴⁵⁶⁷⁸⁹⁻" else 10.2 for c in text)


class Known(NamedTuple):
    """What is known at a stop: everything up to the last step, but for what is hidden because it is asked for."""

    last: int
    hidden: frozenset[int] = frozenset()

    def has(self, step: int) -> bool:
        """Tell whether what a step computes is known."""
        return step <= self.last and step not in self.hidden


class Mark(NamedTuple):
    """A bar of a colour behind a label."""

    label: Label
    colour: str


class Written(NamedTuple):
    """A label, the part whose colour it has, and how strongly it is emphasised."""

    label: Label
    part: str
    strength: str


class Graph:
    """The picture of one trace.

    `beside` are the gradients that have their home beside the circle of a forward value.
    """

    beside: ClassVar[dict[str, str]] = {"z": "dl_dz", "a": "dl_da"}

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.layout = self._layout()
        self.symbols = Symbols(trace.network)
        self.series: list[dict[str, Any]] = []
        self._index: dict[str, int] = {}
        self._computed_at: dict[Place, int] = {}
        self._draw_edges()
        self._draw_nodes()
        self._draw_texts()

    def _layout(self) -> Layout:
        return layout_of(self.trace.network.sizes)

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height of the canvas."""
        return self.layout.width, self.layout.height

    @property
    def headings(self) -> int:
        """Return the index of the series whose texts are `captions`."""
        return self._index["headings"]

    def captions(self, say: Words) -> list[str]:
        """Return the headings over the columns, in the order of the series `headings`."""
        last = self.layout.layers[-1]
        names = self.trace.network.activations
        layers = [
            (say("picture.output") if layer == last else say("picture.layer", layer=layer))
            + f" · {names[layer - 1].replace('_', ' ')}"
            for layer in self.layout.layers
        ]
        return [say("picture.input"), *layers, say("picture.target"), say("picture.loss")]

    def patch(self, stop: Stop, asked: Sequence[TraceEvent] = ()) -> Patch:
        """Return what the picture shows at a stop; of the events that are asked for, a question mark."""
        hidden = frozenset(event.step for event in asked)
        known = Known(stop.last if stop.terms is None else stop.last - 1, hidden)
        emphasis = emphasised(self.trace, stop)._replace(asked=frozenset(event.place for event in asked))
        patch: Patch = defaultdict(dict)
        self._patch_nodes(patch, known, emphasis)
        self._patch_edges(patch, known, emphasis)
        self._patch_marks(patch, self._patch_labels(patch, known, emphasis))
        self._patch_hover(patch, known)
        patch["text"] = {series: filled(texts) for series, texts in patch["text"].items()}
        return dict(patch)

    # Series

    def _add(self, name: str, **series: Any) -> None:
        self._index[name] = len(self.series)
        self.series.append({"type": "scatter", "hoverinfo": "skip", "showlegend": False, "cliponaxis": False, **series})

    def _add_texts(self, name: str, points: Sequence[Point], texts: Sequence[str], colour: str, **more: Any) -> None:
        font = {"family": FONT, "size": TEXT, "color": part(colour), "shadow": part("halo")}
        font.update(more.pop("font", {}))
        self._add(name, mode="text", x=xs(points), y=ys(points), text=filled(texts), textfont=font, **more)

    def _add_marks(self, name: str) -> None:
        """Add the bars behind labels."""
        marker = {"symbol": "line-ew", "size": [0], "opacity": 1, "line": {"width": 24, "color": [part("background")]}}
        self._add(name, mode="markers", x=[None], y=[None], marker=marker)

    def _add_answering(
        self, name: str, places: Sequence[Place], points: Sequence[Point], marker: dict[str, Any]
    ) -> None:
        """Add markers that answer the mouse."""
        answers = {"customdata": [self._answer(place) for place in places], "hovertext": [""] * len(places)}
        self._add(name, mode="markers", x=xs(points), y=ys(points), marker=marker, hoverinfo="text", **answers)

    @cached_property
    def _edges(self) -> list[Place]:
        sizes = self.layout.sizes
        return [
            Place("w", layer, unit, source)
            for layer in self.layout.layers
            for unit in range(sizes[layer])
            for source in range(sizes[layer - 1])
        ]

    @cached_property
    def _edge_lines(self) -> Lines:
        return Lines(self._ends, {place: self.trace.value(place) for place in self._edges}, self._largest)

    @cached_property
    def _largest(self) -> float:
        return max(float(np.abs(w).max()) for w in self.trace.network.weights) or 1.0

    def _draw_edges(self) -> None:
        for name, series in self._edge_lines.series().items():
            self._add(name, **series)
        x, y = path(self._wires())
        self._add("wires", mode="lines", x=x, y=y, line={"color": part("line"), "width": stroke(2)})
        self._add("arrows", **self._edge_lines.arrows(self.head))
        labels = [*self._homes.values(), *(self._bias_point(*place[1:3]) for place in self._biases)]
        self._add_answering("edges", [*self._edges, *self._biases], labels, UNSEEN)

    def _wires(self) -> list[tuple[Point, Point]]:
        """Return the thin lines: through each neuron, from its bias, and from the outputs to the loss."""
        at, wires = self.layout, []
        for layer in at.layers:
            for unit in range(at.sizes[layer]):
                z, a, bias = at.z(layer, unit), at.a(layer, unit), at.bias(layer, unit)
                wires.append((z, a))
                if at.roomy:
                    wires.append((Point(bias.x, bias.y + 12), z))
            if not self.trace.elementwise(layer):
                wires.append((at.gate(layer, 0), at.gate(layer, at.sizes[layer] - 1)))
        for unit in range(at.sizes[-1]):
            wires += [(at.a(at.layers[-1], unit), at.target(unit)), (at.target(unit), at.loss)]
        return wires

    @cached_property
    def _nodes(self) -> dict[Place, Point]:
        """Return the circles and boxes that hold a forward value."""
        at = self.layout
        nodes = {Place("x", 0, unit): at.x(unit) for unit in range(at.sizes[0])}
        for layer in at.layers:
            for unit in range(at.sizes[layer]):
                nodes[Place("z", layer, unit)] = at.z(layer, unit)
                nodes[Place("a", layer, unit)] = at.a(layer, unit)
        nodes.update({Place("t", at.layers[-1], unit): at.target(unit) for unit in range(at.sizes[-1])})
        return {**nodes, Place("loss", at.layers[-1], 0): at.loss}

    @cached_property
    def _gates(self) -> dict[Place, Point]:
        """Return the places of σ, which going backward are amplifiers."""
        at = self.layout
        return {
            Place("dsigma", layer, unit): at.gate(layer, unit) for layer in at.layers for unit in range(at.sizes[layer])
        }

    def _draw_nodes(self) -> None:
        points = list(self._nodes.values())
        diameter = 2 * self.layout.space.radius
        marker = outlined(len(points), "forward")
        marker["symbol"] = ["square" if place.quantity in BOXED else "circle" for place in self._nodes]
        marker["size"] = [min(diameter * BOXED.get(place.quantity, 1), LARGEST_BOX) for place in self._nodes]
        self._add_answering("nodes", list(self._nodes), points, marker)
        gates = list(self._gates.values())
        marker = outlined(len(gates), "muted")
        marker |= {"symbol": ["circle"] * len(gates), "size": [2 * GATE] * len(gates)}
        self._add_answering("gates", list(self._gates), gates, marker)

    def _answer(self, place: Place) -> list[str | int]:
        """Return what a place answers the mouse: what a click chooses, of a neuron its bias; itself; and its steps."""
        chooses = {"loss": ""}.get(place.quantity, key(place._replace(quantity="b")))
        return [key(place) if place.quantity in GIVEN else chooses, key(place), *self._steps(place)]

    def marks(self) -> dict[Place, list[Shape]]:
        """Return where every place is marked: at the two ends of an edge, or around the middle of a ring."""
        marks = {edge: [shape(*ends)] for edge, ends in self._ends.items()}
        points = {**self._nodes, **self._gates, **{place: self._bias_point(*place[1:3]) for place in self._biases}}
        points |= {
            Place(self.beside[it.quantity], *it[1:]): points[it] for it in self._nodes if it.quantity in self.beside
        }
        return {**marks, **{place: [shape(point)] for place, point in points.items()}}

    @property
    def head(self) -> float:
        """Return the size of the head of an arrow."""
        return 15 if self.layout.roomy else 11

    @property
    def ring(self) -> float:
        """Return the radius of the ring that marks a point."""
        return self.layout.space.radius + 8

    @cached_property
    def _ends(self) -> dict[Place, tuple[Point, Point]]:
        return {edge: self.layout.edge(*edge[1:]) for edge in self._edges}  # type: ignore[arg-type]

    def _steps(self, place: Place) -> list[int]:
        """Return the steps that belong to a place: the one that computes its value, and its gradient's."""
        layer, unit = place.layer, place.unit
        if place.quantity in ("w", "b"):
            known = (f"dl_d{place.quantity}", *self._later(place.quantity))
            return [self.trace.step_of(quantity, *place[1:]) for quantity in known]
        if place.quantity == "dsigma" and not self.trace.elementwise(layer):
            return [self.trace.step_of("a", layer, unit)]
        quantities = () if place.quantity in GIVEN else self._at(place.quantity)
        return [self.trace.step_of(quantity, layer, unit) for quantity in quantities]

    def _at(self, quantity: str) -> tuple[str, ...]:
        """Return the quantities whose home is where this one is."""
        return (quantity, self.beside[quantity]) if quantity in self.beside else (quantity,)

    def _later(self, quantity: str) -> tuple[str, ...]:
        """Return what the run computes of a weight or bias after its gradient: the sum, and the new value."""
        sums = (f"dL_d{quantity}",) if self.trace.samples else ()
        return (*sums, quantity) if self._is_updated(quantity) else sums

    def _is_updated(self, quantity: str) -> bool:
        return self.trace.updated is not None and (quantity == "w" or self.trace.update_biases)

    # Texts that stand still, and the homes of those that come

    @cached_property
    def _values(self) -> dict[Place, Label]:
        """Return every forward value at home in its circle."""
        return {place: self._within(point, place) for place, point in self._nodes.items()}

    def _within(self, point: Point, place: Place) -> Label:
        """Return the number in a circle or box."""
        drop, radius = DROP if self.layout.roomy else 0, self.layout.space.radius
        side = BOXED.get(place.quantity)
        room = 2 * sqrt(radius**2 - drop**2) if side is None else min(2 * radius * side, LARGEST_BOX) - RIM
        return self._short(self.trace.value(place), room / TEXT)._replace(point=Point(point.x, point.y + drop))

    def _short(self, value: float, room: float, before: str = "", *, signed: bool = False) -> Label:
        """Return a number as it is written in the picture, where it has so much room, in ems, behind a text.

        It has as many digits as fit, but never fewer than two: rather they stand closer, or all of it is smaller.
        """
        text = fitting(value, room, DIGITS if self.layout.roomy else CROWDED_DIGITS, signed=signed)
        label, over = Label(Point(0, 0), before + text), (width(text) - room) * TEXT
        tight = ceil(10 * over / len(text)) / 10
        if tight <= TIGHTEST:
            return label._replace(tight=max(0, tight))
        share = (len(before) * EM + room) / (len(before) * EM + width(text))
        return label._replace(size=max(SMALLEST, floor(2 * TEXT * share) / 2))

    def _room(self, room: tuple[float, float]) -> float:
        return room[0 if self.layout.roomy else 1]

    @cached_property
    def _gradients(self) -> dict[Place, Label]:
        """Return the gradients of z and a beside their circles, and the gains above their triangles."""
        at, homes = self.layout, {}
        for layer in at.layers:
            for unit in range(at.sizes[layer]):
                homes[Place("dl_dz", layer, unit)] = at.below(layer, unit)
                homes[Place("dl_da", layer, unit)] = at.above(layer, unit)
        room = self._room(GRADIENT)
        gradients = {place: self._short(self.trace.value(place), room) for place in homes}
        return {**{place: it._replace(point=homes[place]) for place, it in gradients.items()}, **self._gains(at.gain)}

    def _gains(self, at: Callable[[int, int], Point]) -> dict[Place, Label]:
        """Return what every amplifier multiplies by."""
        gates = [place for place in self._gates if self.trace.elementwise(place.layer)]
        room = self._room(GAIN)
        gains = {place: self._short(self.trace.value(place), room, "×") for place in gates}
        return {place: gain._replace(point=at(*place[1:3])) for place, gain in gains.items()}

    def _found(self, own: Place, known: Known) -> tuple[Place, Label] | None:
        """Return what was last found of a weight or bias, a gradient, their sum, or the new value; and its label."""
        found = None
        for step, place, label in self._findings[own]:
            if not known.has(step):
                break
            found = place, label
        return found

    @cached_property
    def _findings(self) -> dict[Place, list[tuple[int, Place, Label]]]:
        """Return what is found of every weight and bias, one after the other: its step, its place and its label."""
        findings = {}
        for own in chain(self._edges, self._biases):
            quantities = (f"dl_d{own.quantity}", *self._later(own.quantity))
            places = [own._replace(quantity=quantity) for quantity in quantities]
            findings[own] = [(self.trace.step_of(place), place, self._written(place)) for place in places]
        return findings

    def _written(self, place: Place) -> Label:
        """Return how something that is found of a weight or bias is written in the picture."""
        room = self._room(GRADIENT)
        if place.quantity.startswith("dl_"):
            return self._short(self.trace.value(place), room)
        if place.quantity.startswith("dL_"):
            return self._short(self.trace.value(place), room - SUM_SIGN, "Σ ")
        value = self.trace.updated.value(place)  # type: ignore[union-attr]
        return self._short(value, self._room(NEW), "→ ", signed=True)

    @cached_property
    def _weights(self) -> dict[Place, Label]:
        """Return the label of every edge: its symbol and its signed value."""
        return {place: self._named_short(place, self.symbols(*place).text, self._homes[place]) for place in self._edges}

    def _named_short(self, place: Place, name: str, point: Point) -> Label:
        value, room = self.trace.value(place), self._room(WEIGHT)
        room = room if width(fitting(value, room, signed=True)) <= room else LEAST_WEIGHT
        return self._short(value, room, f"{name} ", signed=True)._replace(point=point)

    @cached_property
    def _biases(self) -> dict[Place, Label]:
        """Return the label of every bias; a crowded picture has it left of the point, and no room for the indices."""
        labels = {}
        for layer in self.layout.layers:
            for unit in range(self.layout.sizes[layer]):
                place = Place("b", layer, unit)
                symbol = self.symbols(*place).text if self.layout.roomy else "b"
                labels[place] = self._bias_label(place, self._named_short(place, symbol, Point(0, 0)))
        return labels

    def _bias_label(self, place: Place, label: Label) -> Label:
        label = label._replace(point=self.layout.bias(*place[1:3]))
        if self.layout.roomy:
            return label
        return label._replace(point=Point(label.point.x - label.width / 2, label.point.y))

    def _bias_point(self, layer: int, unit: int) -> Point:
        """Return where a bias answers the mouse, whatever its number."""
        point = self.layout.bias(layer, unit)
        return point if self.layout.roomy else Point(point.x - 30, point.y)

    @cached_property
    def _homes(self) -> dict[Place, Point]:
        """Return where the label of every edge stands."""
        return {place: self.layout.edge_label(*place[1:]) for place in self._edges}  # type: ignore[arg-type]

    def _heads(self) -> list[Point]:
        """Return where the headings stand."""
        at = self.layout
        columns = [at.x(0), *(at.gate(layer, 0) for layer in at.layers), at.target(0), at.loss]
        return [Point(column.x, 24) for column in columns]

    def _draw_texts(self) -> None:
        self._add_marks("marks")
        heads = self._heads()
        self._add_texts("headings", heads, [""] * len(heads), "muted", font={"size": HEADING})
        names = list(self._names())
        self._add_texts("names", [label.point for label in names], [label.text for label in names], "muted")
        values = self._values.values()
        colours = [part("ink" if place.quantity in ("t", "loss") else "forward") for place in self._values]
        font = {"size": VALUE, "color": colours}
        self._add_texts("values", [label.point for label in values], [""] * len(values), "forward", font=font)
        self._add_texts("gates text", list(self._gates.values()), [""] * len(self._gates), "muted")
        for name, slots in (("biases", len(self._biases)), ("weights", self._slots)):
            self._add_texts(name, [Point(0, 0)] * slots, [""] * slots, "weight")
            colours = [part("backward")] * slots
            self._add_texts(
                f"found of {name}", [Point(0, 0)] * slots, [""] * slots, "backward", font={"color": colours}
            )
        gradients = self._gradients.values()
        self._add_texts("gradients", [label.point for label in gradients], [""] * len(gradients), "backward")
        captions = [_above(label.point) for place, label in self._captioned()]
        self._add_texts("gradient names", captions, [""] * len(captions), "backward")

    def _captioned(self) -> list[tuple[Place, Label]]:
        """Return the gradients that have room for their name above the number."""
        named = ("dl_dz", "dl_da") if self.layout.roomy else ()
        return [(place, label) for place, label in self._gradients.items() if place.quantity in named]

    def _names(self) -> Iterable[Label]:
        """Return the symbols of the circles, with the names that the user gave to inputs and outputs."""
        network, lift = self.trace.network, (16 if self.layout.roomy else self.layout.space.radius + 12)
        given = {"x": network.input_names, "t": network.output_names}
        for place, point in self._nodes.items():
            above = {"t": 33, "loss": 48}.get(place.quantity, lift) if not self.layout.roomy else lift
            yield Label(Point(point.x, point.y - above), self.symbols(*place).text)
            names = given.get(place.quantity)
            if names:
                drop = self.layout.space.radius + 15
                yield Label(Point(point.x, point.y + drop), clean(names[place.unit]))

    # What a stop shows

    def _is_known(self, place: Place, known: Known) -> bool:
        if place.quantity == "dsigma" and not self.trace.elementwise(place.layer):
            return False
        step = self._computed_at.get(place)
        return known.has(self._step_of(place) if step is None else step)

    def _step_of(self, place: Place) -> int:
        """Return the step from which on a place is known: for what was given, before the first."""
        if place not in self._computed_at:
            known = place.quantity in GIVEN or (place.quantity == "dsigma" and not self.trace.elementwise(place.layer))
            self._computed_at[place] = -1 if known else self.trace.step_of(place)
        return self._computed_at[place]

    def _patch_nodes(self, patch: Patch, known: Known, emphasis: Emphasis) -> None:
        fills, rings, widths = [], [], []
        for place in self._nodes:
            backward = self.beside.get(place.quantity)
            gradient = Place(backward, place.layer, place.unit) if backward else None
            hot = "backward" if gradient in emphasis.results else "forward"
            result = place in emphasis.results or gradient in emphasis.results
            operand = place in emphasis.operands
            here = self._is_known(place, known)
            fills.append(part(f"{hot}-strong" if result else f"{hot}-soft" if here or operand else "background"))
            given = place.quantity == "t" and not operand
            rings.append(part("muted" if given else hot if result or operand or here else "line"))
            widths.append(5 if result else 4 if operand else 2)
        nodes = self._index["nodes"]
        patch["marker.color"][nodes] = fills
        patch["marker.line.color"][nodes] = rings
        patch["marker.line.width"][nodes] = widths
        self._patch_gates(patch, known, emphasis)

    def _patch_gates(self, patch: Patch, known: Known, emphasis: Emphasis) -> None:
        symbols, sizes, fills, rings, widths, texts = [], [], [], [], [], []
        for place in self._gates:
            result, operand = place in emphasis.results, place in emphasis.operands
            amplifier = self.trace.elementwise(place.layer) and self._is_known(place, known)
            coming = self.trace.elementwise(place.layer) and result
            symbols.append("triangle-left" if amplifier or coming else "circle")
            sizes.append(34 if amplifier or coming else 2 * GATE)
            fills.append(part("backward-strong" if result else "backward-soft" if amplifier else "background"))
            rings.append(part("backward" if amplifier or coming else "muted"))
            widths.append(4 if result else 3 if operand else 2)
            texts.append("" if amplifier or coming else "σ" if self.trace.elementwise(place.layer) else "S")
        gates = self._index["gates"]
        patch["marker.symbol"][gates] = symbols
        patch["marker.size"][gates] = sizes
        patch["marker.color"][gates] = fills
        patch["marker.line.color"][gates] = rings
        patch["marker.line.width"][gates] = widths
        patch["text"][self._index["gates text"]] = texts

    def _lit_edges(self, emphasis: Emphasis) -> frozenset[Place]:
        of_weights = ("dl_dw", "dL_dw", "w")
        lit = emphasis.operands | {p._replace(quantity="w") for p in emphasis.results if p.quantity in of_weights}
        return frozenset(place for place in lit if place.quantity == "w")

    def _patch_edges(self, patch: Patch, known: Known, emphasis: Emphasis) -> None:
        lit = self._lit_edges(emphasis)
        colour = part({"backward": "backward", "sum": "backward", "update": "weight"}.get(emphasis.phase, "forward"))
        self._edge_lines.patch(patch, self._index, lit, colour)
        turned = [self._turned(place, known, lit) for place in self._edges]
        quiet = (part("muted"), part("backward"))
        colours = [colour if place in lit else quiet[back] for place, back in zip(self._edges, turned, strict=True)]
        self._edge_lines.patch_arrows(patch, self._index["arrows"], turned, colours)

    def _turned(self, edge: Place, known: Known, lit: Collection[Place]) -> bool:
        """Tell whether ∂l/∂z has begun to go back along this edge; no gradient goes back to an input."""
        if edge.layer == 1:
            return False
        if self._is_known(Place("dl_da", edge.layer - 1, edge.source or 0), known):
            return True
        return edge in lit and self._is_known(Place("dl_dz", edge.layer, edge.unit), known)

    def _patch_labels(self, patch: Patch, known: Known, emphasis: Emphasis) -> list[Mark]:
        """Write every number that is known, the emphasised ones bold; return the bars behind them."""
        marks: list[Mark] = []

        def written(place: Place, label: Label, bar: bool) -> str:
            if not self._is_known(place, known):
                return unknown(place, emphasis)
            if not emphasis.of(place):
                return label.marked_up(bold=False)
            if bar:
                marks.append(Mark(label, f"{role(place.quantity)}-{emphasis.of(place)}"))
            return label.marked_up(bold=True)

        patch["text"][self._index["values"]] = [written(*item, bar=False) for item in self._values.items()]
        patch["text"][self._index["gradients"]] = [written(*item, bar=True) for item in self._gradients.items()]
        patch["text"][self._index["gradient names"]] = [
            self.symbols(*place).text if self._is_known(place, known) else "" for place, _ in self._captioned()
        ]
        edges = [(edge, self._weights[edge]) for edge in self._labelled(emphasis)]
        for name, labels in (("weights", edges), ("biases", list(self._biases.items()))):
            own = [self._own(*item, known, emphasis) for item in labels]
            found = [self._finding(*item, known, emphasis) for item in labels]
            slots = self._slots if name == "weights" else len(self._biases)
            marks += self._patch_written(patch, name, own, slots)
            marks += self._patch_written(patch, f"found of {name}", [it for it in found if it], slots)
            series = self._index[f"found of {name}"]
            colours = [part(it.part) for it in found if it]
            patch["textfont.color"][series] = colours + [part("backward")] * (slots - len(colours))
        return marks

    def _patch_written(self, patch: Patch, name: str, written: list[Written], slots: int) -> list[Mark]:
        """Write labels into the slots of a series, and return the bars behind them."""
        series = self._index[name]
        labels = [it.label for it in written] + [Label(Point(0, 0), "")] * (slots - len(written))
        bold = [bool(it.strength) for it in written] + [False] * (slots - len(written))
        patch["text"][series] = [it.marked_up(b) for it, b in zip(labels, bold, strict=True)]
        patch["x"][series] = xs(label.point for label in labels)
        patch["y"][series] = ys(label.point for label in labels)
        over_lines = name.endswith("weights")
        return [
            Mark(it.label, f"{it.part}-{it.strength}" if it.strength else "background")
            for it in written
            if it.strength or over_lines
        ]

    def _own(self, own: Place, label: Label, known: Known, emphasis: Emphasis) -> Written:
        """Return how a weight or bias is written; where what is found has no home, it stands for that too."""
        found = self._found(own, known)
        if found and not self._has_room(own) and found[0] in emphasis.results:
            is_new = found[0] == own
            new = self._bias_label(own, found[1]._replace(text=f"b {found[1].text}"))
            return Written(new if is_new else label, _colour(found[0], own), "strong")
        is_old = emphasis.phase == "update" and own in emphasis.results
        return Written(label, "weight", "soft" if is_old else emphasis.of(own))

    def _finding(self, own: Place, label: Label, known: Known, emphasis: Emphasis) -> Written | None:
        """Return how what was last found of a weight or bias is written beside it, if it is."""
        found = self._asked(own, emphasis) or self._found(own, known)
        if not found or not self._has_room(own):
            return None
        strength = emphasis.of(found[0])
        if not strength and not self.layout.roomy:
            return None
        point = _below(label.point) if own.quantity == "w" else _over(label.point)
        return Written(found[1]._replace(point=point), _colour(found[0], own), strength)

    def _asked(self, own: Place, emphasis: Emphasis) -> tuple[Place, Label] | None:
        """Return what is asked for of a weight or bias, and a question mark."""
        question = Label(Point(0, 0), QUESTION)
        return next(((place, question) for _, place, _ in self._findings[own] if place in emphasis.asked), None)

    def _has_room(self, own: Place) -> bool:
        """Tell whether there is room beside the label of a weight or bias for what is found of it."""
        return self.layout.roomy or own.quantity == "w"

    def _labelled(self, emphasis: Emphasis) -> list[Place]:
        """Return the edges that have a label: all where there is room, else those that the stop is about."""
        if self.layout.roomy:
            return self._edges
        lit = self._lit_edges(emphasis)
        return [edge for edge in self._edges if edge in lit] if len(lit) <= MOST_LABELS else []

    @property
    def _slots(self) -> int:
        return len(self._edges) if self.layout.roomy else MOST_LABELS

    def _patch_marks(self, patch: Patch, marks: list[Mark], name: str = "marks") -> None:
        series = self._index[name]
        patch["x"][series] = [None, *xs(mark.label.point for mark in marks)]
        patch["y"][series] = [None, *ys(mark.label.point for mark in marks)]
        patch["marker.size"][series] = [0, *(mark.label.width / STROKE for mark in marks)]
        patch["marker.line.color"][series] = [part("background"), *(part(mark.colour) for mark in marks)]

    def _patch_hover(self, patch: Patch, known: Known) -> None:
        last, hidden = known  # not asked one by one: this is the most frequent question of all
        for name, places in self._hovered.items():
            patch["hovertext"][self._index[name]] = [
                "<br>".join(filter(None, (line[step <= last and step not in hidden] for step, line in self._said[own])))
                for own in places
            ]

    @property
    def _hovered(self) -> dict[str, list[Place]]:
        """Return the places that answer the mouse, by series."""
        return {"nodes": [*self._nodes], "gates": [*self._gates], "edges": [*self._edges, *self._biases]}

    @cached_property
    def _said(self) -> dict[Place, list[tuple[int, tuple[str, str]]]]:
        """Return what hovering says of every place: the step of each line, and the line before and from that step."""
        companions: dict[str, tuple[str, ...]] = {quantity: (gradient,) for quantity, gradient in self.beside.items()}
        companions |= {q: (f"dl_d{q}", *(later for later in self._later(q) if later != q)) for q in ("w", "b")}
        said = {}
        for own in chain.from_iterable(self._hovered.values()):
            places = [own, *(own._replace(quantity=q) for q in companions.get(own.quantity, ()))]
            said[own] = [(self._step_of(place), self._lines(place)) for place in places]
            if self.trace.updated and own.quantity in ("w", "b") and self._is_updated(own.quantity):
                value = self.trace.updated.value(own)
                said[own].append((self.trace.step_of(own), ("", f"→ {number(value, HOVERED)}")))
        return said

    def _lines(self, place: Place) -> tuple[str, str]:
        if place.quantity == "dsigma" and not self.trace.elementwise(place.layer):
            return "softmax", "softmax"
        names = {"x": self.trace.network.input_names, "t": self.trace.network.output_names}.get(place.quantity)
        symbol = self.symbols(*place).text + (f" ({clean(names[place.unit])})" if names else "")
        return symbol, f"{symbol} = {number(self.trace.value(place), HOVERED)}"


def unknown(place: Place, emphasis: Emphasis) -> str:
    """Return what stands in the place of a number that is not known: a question mark where it is asked for."""
    return f"<b>{QUESTION}</b>" if place in emphasis.asked else ""


def outlined(count: int, colour: str) -> dict[str, Any]:
    """Return markers with nothing in them, each with a fill and an outline of its own."""
    line = {"color": [part(colour)] * count, "width": [2] * count}
    return {"color": [part("background")] * count, "opacity": 1, "line": line}


def filled(texts: Iterable[str]) -> list[str]:
    """Return texts of which none is empty: plotly removes an empty one for good, and misses the next text there."""
    return [text or " " for text in texts]


def clean(name: str) -> str:
    """Return a name given by a user, cut to a fair length, with nothing in it that plotly would act upon."""
    name = called(name)  # one of a million characters would take minutes
    while Label(Point(0, 0), name).width > WIDEST_NAME:
        name = name[:-2] + "…"
    return escape(name, quote=False).replace("$", "&#36;")


def _below(point: Point) -> Point:
    return Point(point.x, point.y + 22)


def _over(point: Point) -> Point:
    return Point(point.x, point.y - 22)


def _colour(found: Place, own: Place) -> str:
    """Return the part of what was found of a weight or bias: its new value looks as it does, the rest is a gradient."""
    return "weight" if found == own else "backward"


def _above(point: Point) -> Point:
    return Point(point.x, point.y - 23)


def shape(*points: Point) -> Shape:
    """Return where something is marked: around one point, or from one to another."""
    return [float(round(it)) for point in points for it in point]
