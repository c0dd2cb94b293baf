"""The edges of a network: their lines, the heads of their arrows, and the thin wires inside of neurons.

A quiet edge is grey and points forward, always; a dash says that its weight is negative. What a stop computes along an
edge is drawn over it, dark, and points the way that its numbers go: ∂l/∂a back, and ∂l/∂w from both ends to the weight.
A line of plotly has one width and one colour in all its length, so the edges stand in a few series, by sign and by size
of their weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import atan2, degrees
from typing import NamedTuple

from bppviz.core.emphasis import Emphasis
from bppviz.core.place import Place, gradient_of, home, key
from bppviz.picture.beside import bias, met
from bppviz.picture.doors import listed_edge
from bppviz.picture.geometry import Point, between, far
from bppviz.picture.layout import DOOR, Layout
from bppviz.picture.marks import ALWAYS_LIT, Patches, Series, lines, lit_with, markers, path, snapped
from bppviz.picture.moment import Moment
from bppviz.picture.run import Run
from bppviz.picture.shape import Ends, Shape
from bppviz.picture.theme import part, stroke

WIDTHS, LIT_WIDTHS = (1.4, 2.4, 3.4), (4.0, 6.0, 8.0)  # of a line, by the level of its weight
KINDS = tuple((sign, level) for sign in ("positive", "negative") for level in range(len(WIDTHS)))
WIRE = 1.7
HEAD, LIT_HEAD = 12, 22
# The passes whose stops light the edges: of a network alone both, of one with its mirror one each.
BOTH, FORWARD, BACKWARD = "both", "forward", "backward"
STILL = ("sum", "update")  # the phases in which nothing goes along an edge: of gradients, and of weights alone

Head = tuple[float, float, int]  # of an arrow: x, y and the angle to the upright


class Way(NamedTuple):
    """An arrow that a stop draws over others, and how its line looks."""

    ends: Ends
    colour: str
    kind: tuple[str, int] = ("positive", 1)


def goes_back(emphasis: Emphasis) -> bool:
    """Tell whether a stop is about ∂l/∂z or ∂l/∂a, which go back through the network."""
    return any(place.quantity in ("dl_da", "dl_dz") for place in emphasis.results)


def lit_edges(emphasis: Emphasis) -> frozenset[Place]:
    """Return the weights of the edges that the numbers of a stop go along."""
    if emphasis.phase in STILL:
        return frozenset()
    lit = emphasis.operands | {home(it) for it in emphasis.results}
    return frozenset(place for place in lit if place.quantity == "w")


@dataclass(frozen=True)
class Lines:
    """The quiet lines of some edges; a weight's sign and size say how its line looks."""

    ends: Mapping[Place, Ends]
    prefix: str = ""

    def series(self) -> dict[str, Series]:
        """Return the lines before any stop."""
        return {f"{self.prefix}{sign} {level}": _lines(sign, WIDTHS[level], "edge") for sign, level in KINDS}

    @cached_property
    def _segments(self) -> dict[Place, Ends]:
        """Return the ends of all edges, as finely as they are drawn."""
        return {edge: snapped(ends) for edge, ends in self.ends.items()}

    def patch(self, run: Run, _: Moment) -> Patches:
        """Draw the lines by the signs and sizes of their weights."""
        edges: dict[tuple[str, int], list[Place]] = {kind: [] for kind in KINDS}
        for edge in self.ends:
            edges[run.levels[edge]].append(edge)
        return {
            f"{self.prefix}{sign} {level}": line(self._segments[edge] for edge in places)
            for (sign, level), places in edges.items()
        }


@dataclass(frozen=True)
class Arrows:
    """The quiet heads of the arrows of some edges: forward in the network, back in its mirror."""

    shape: Shape
    ends: Mapping[Place, Ends]
    prefix: str = ""

    def series(self) -> dict[str, Series]:
        """Return the heads of the arrows."""
        heads = [head(ends) for ends in self.ends.values()]
        marker = {
            "symbol": "arrow",
            "size": [HEAD] * len(heads),
            "opacity": 1,  # else plotly makes what has sizes of its own paler than the lines
            "angle": [angle for *_, angle in heads],
            "line": {"width": 0},
            "color": [part("edge")] * len(heads),
        }
        points = [Point(x, y) for x, y, _ in heads]
        return {f"{self.prefix}arrows": lit_with(markers(points, marker), self.ends)}

    def patch(self, _: Run, now: Moment) -> Patches:
        """Hide the heads of the edges over which a stop draws others."""
        lit = frozenset() if now.in_full else lit_edges(now.emphasis)
        return {f"{self.prefix}arrows": {"marker.size": [0 if edge in lit else HEAD for edge in self.ends]}}


@dataclass(frozen=True)
class Ways:
    """What a stop draws over the edges and wires: dark lines that point the way its numbers go."""

    shape: Shape
    ends: Mapping[Place, Ends]
    passes: str = BOTH

    @property
    def _prefix(self) -> str:
        return "mirrored " if self.passes == BACKWARD else ""

    def series(self) -> dict[str, Series]:
        """Return the lines and heads before any stop: none."""
        drawn = {
            f"{self._prefix}lit {colour} {sign} {level}": _lines(sign, LIT_WIDTHS[level], colour) | ALWAYS_LIT
            for colour in ("ink", "backward")
            for sign, level in KINDS
        }
        marker = {"symbol": "arrow", "size": LIT_HEAD, "angle": [0], "line": {"width": 0}, "color": [part("ink")]}
        heads = {**markers([], marker), "x": [None], "y": [None]} | ALWAYS_LIT
        return {**drawn, f"{self._prefix}lit arrows": heads}

    def patch(self, run: Run, now: Moment) -> Patches:
        """Draw the ways of a stop."""
        ways = [] if now.in_full else list(self._ways(run, now))
        drawn: dict[str, list[Ends]] = {
            f"lit {colour} {sign} {level}": [] for colour in ("ink", "backward") for sign, level in KINDS
        }
        for way in ways:
            drawn[f"lit {way.colour} {way.kind[0]} {way.kind[1]}"].append(snapped(way.ends))
        heads = [(*head(way.ends), way.colour) for way in ways]
        arrows = {
            "x": [None, *(x for x, *_ in heads)],
            "y": [None, *(y for _, y, *_ in heads)],
            "marker.angle": [0, *(angle for _, _, angle, _ in heads)],
            "marker.color": [part("ink"), *(part(colour) for *_, colour in heads)],
        }
        patches = {f"{self._prefix}{name}": line(ends) for name, ends in drawn.items()}
        return {**patches, f"{self._prefix}lit arrows": arrows}

    def _ways(self, run: Run, now: Moment) -> Iterable[Way]:
        emphasis = now.emphasis
        back = goes_back(emphasis)
        if self.passes != BOTH and back != (self.passes == BACKWARD):
            return
        lit = sorted(lit_edges(emphasis) & self.ends.keys())
        opens = not (self.shape.layout.tagged or self.shape.layout.open_lists or back)
        is_opened = opens and len({edge[1:3] for edge in lit}) == 1
        for edge in lit:
            start, end = listed_edge(self.shape.layout, edge, is_open=True) if is_opened else self.ends[edge]
            if gradient_of(edge) in emphasis.results:
                yield from _meeting((start, end), met(self.shape.layout, edge) if not is_opened else None)
            elif back:
                ends = (start, end) if self.passes == BACKWARD else (end, start)
                yield Way(ends, "backward", run.levels[edge])
            else:
                yield Way((start, end), "ink", run.levels[edge])
        if self.passes == BOTH or not back:
            yield from self._wires(emphasis)

    def _wires(self, emphasis: Emphasis) -> Iterable[Way]:
        """Return the wires that a stop goes along: from z to a, from y and t to the loss, from a mast."""
        at, radius = self.shape.layout, self.shape.layout.radius
        for place in sorted(emphasis.results, key=key):  # a set has another order in every process
            layer, unit = place.layer, place.unit
            if place.quantity == "a" and self.shape.elementwise(layer):
                z, a = at.z(layer, unit), at.a(layer, unit)
                yield Way((Point(z.x + radius, z.y), Point(a.x - radius, a.y)), "ink", ("positive", 0))
            elif place._replace(quantity="dsigma") in emphasis.operands and not self.shape.twinned:
                z, a = at.z(layer, unit), at.a(layer, unit)
                yield Way((Point(a.x - radius, a.y), Point(z.x + radius, z.y)), "backward", ("positive", 0))
            elif place.quantity == "loss":
                yield from (Way(ends, "ink", ("positive", 0)) for ends in into_loss(self.shape.layout))
            elif place.quantity == "z" and (layer not in at.without_bias or not at.tagged):
                yield Way(self._from_bias(place), "ink", ("positive", 0))
            elif place.quantity == "dl_db":
                yield Way(self._from_bias(place)[::-1], "backward", ("positive", 0))

    def _from_bias(self, place: Place) -> Ends:
        """Return the wire from a bias to its z: its mast, or what leads from the list to z."""
        at, z = self.shape.layout, self.shape.layout.z(place.layer, place.unit)
        if at.tagged:
            return Point(z.x, bias(at, place).y + 6), Point(z.x, z.y - at.radius)
        return Point(z.x - at.radius - DOOR, z.y), Point(z.x - at.radius, z.y)


def _meeting(ends: Ends, weight: Point | None) -> Iterable[Way]:
    """Return the two arrows that meet at a weight: the input's from one end, ∂l/∂z's from the other."""
    start, end = ends
    middle = weight or between(start, end, 0.5)
    yield Way((start, middle), "ink")
    yield Way((end, middle), "backward")


def into_loss(at: Layout) -> list[Ends]:
    """Return the wires from the outputs and the targets to the loss.

    Those of three outputs or more lead from the right of each circle to a point of their own, so that none runs through
    what stands above or beneath another output.
    """
    last, count = at.layers[-1], at.sizes[-1]
    left, apart = at.loss.x - at.loss_box[0] / 2, at.loss_box[1] / count if count > 2 else 0
    ends = []
    for unit in range(count):
        y, door = at.a(last, unit), Point(left, at.loss.y + (unit - (count - 1) / 2) * apart)
        ends.append((Point(y.x + at.radius, y.y) if apart else between(y, door, at.radius / far(y, door)), door))
    targets = [at.target(unit) for unit in range(count)]
    half = at.loss_box[1] / 2
    if len(targets) == 2:
        return [*ends, *((it, Point(it.x, at.loss.y + (half if it.y > at.loss.y else -half))) for it in targets)]
    return [*ends, (targets[-1], Point(at.loss.x, at.loss.y + half))]


def wires(shape: Shape) -> Series:
    """Return the thin lines: through each neuron, from a list to z, the masts of the biases, and into the loss."""
    at, ends = shape.layout, []
    for layer in at.layers:
        for unit in range(at.sizes[layer]):
            z, a = at.z(layer, unit), at.a(layer, unit)
            ends.append((z, a))
            if at.tagged and layer not in at.without_bias:
                ends.append((Point(z.x, bias(at, Place("b", layer, unit)).y - 10), z))
            elif not at.tagged:
                ends.append((Point(z.x - at.radius - DOOR, z.y), z))
    return wired([*ends, *into_loss(at)])


def wired(ends: Iterable[Ends]) -> Series:
    """Return thin lines."""
    return lines(ends, color=part("line"), width=stroke(WIRE))


def head(ends: Ends) -> Head:
    """Return the head of an arrow, at the end of its line."""
    start, end = snapped(ends)
    angle = round(degrees(atan2(end.x - start.x, start.y - end.y)))
    return end.x, end.y, -180 if angle == 180 else angle  # as plotly writes it


def line(segments: Iterable[Ends]) -> Series:
    """Return segments as what sets one broken line."""
    x, y = path(segments)
    return {"x": x, "y": y}


def _lines(sign: str, width: float, colour: str) -> Series:
    dash = f"{6 + width}px,{4 + width / 2}px" if sign == "negative" else "solid"
    return lines([], color=part(colour), width=stroke(width), dash=dash)
