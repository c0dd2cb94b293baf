"""The edges of a network: their lines, the heads of their arrows, and the thin wires inside of neurons.

A line of plotly has one width and one colour in all its length, so the edges stand in a few series, by sign and by size
of their weights; the same series once more hold those that are lit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import atan2, degrees

from bppviz.core.emphasis import Emphasis
from bppviz.core.place import Place
from bppviz.picture.layout import Point
from bppviz.picture.marks import ALWAYS_LIT, Patches, Series, lines, lit_with, markers, path, snapped
from bppviz.picture.run import Run
from bppviz.picture.shape import Ends, Known, Shape
from bppviz.picture.theme import part, stroke

WIDTHS = (2.0, 4.0, 7.0)  # of a line, by the level of its weight
LINE_KINDS = tuple((sign, level) for sign in ("positive", "negative") for level in range(len(WIDTHS)))
LIT = 1.5  # by which a lit line is wider
OF_WEIGHTS = ("dl_dw", "dL_dw", "w")
# The passes whose stops light the edges: of a network alone both, of one with its mirror one each.
BOTH, FORWARD, BACKWARD = "both", "forward", "backward"

Head = tuple[float, float, int]  # of an arrow: x, y and the angle to the upright


def goes_back(emphasis: Emphasis) -> bool:
    """Tell whether a stop is about ∂l/∂z or ∂l/∂a, which go back through the network."""
    return any(place.quantity in ("dl_da", "dl_dz") for place in emphasis.results)


def lit_edges(emphasis: Emphasis, passes: str = BOTH) -> frozenset[Place]:
    """Return the weights that a stop is about, where it belongs to the passes that are shown."""
    if passes != BOTH and goes_back(emphasis) != (passes == BACKWARD):
        return frozenset()
    lit = emphasis.operands | {it._replace(quantity="w") for it in emphasis.results if it.quantity in OF_WEIGHTS}
    return frozenset(place for place in lit if place.quantity == "w")


def lit_colour(emphasis: Emphasis, passes: str) -> str:
    """Return the colour of the edges that a stop is about."""
    if passes == BACKWARD:
        return part("backward")
    return part({"forward": "forward", "loss": "forward", "update": "weight"}.get(emphasis.phase, "backward"))


@dataclass(frozen=True)
class Lines:
    """The lines of some edges; a weight's sign and size say how its line looks."""

    ends: Mapping[Place, Ends]
    passes: str

    @property
    def _prefix(self) -> str:
        return "mirrored " if self.passes == BACKWARD else ""

    def series(self) -> dict[str, Series]:
        """Return the lines before any stop: all of them, and those that are lit."""
        return {
            f"{self._prefix}{lit}{sign} {level}": _lines(sign, level, LIT if lit else 0)
            for lit in ("", "lit ")
            for sign, level in LINE_KINDS
        }

    @cached_property
    def _segments(self) -> dict[Place, Ends]:
        """Return the ends of all edges, as finely as they are drawn."""
        return {edge: snapped(ends) for edge, ends in self.ends.items()}

    def patch(self, run: Run, _: Known, emphasis: Emphasis) -> Patches:
        """Draw the lines, and the lit ones once more in a colour."""
        lit, colour = lit_edges(emphasis, self.passes), lit_colour(emphasis, self.passes)
        edges: dict[tuple[str, int], list[Place]] = {level: [] for level in LINE_KINDS}
        for edge in self.ends:
            edges[run.levels[edge]].append(edge)
        patches = {}
        for (sign, level), places in edges.items():
            name = f"{sign} {level}"
            patches[f"{self._prefix}{name}"] = self._drawn(places)
            patches[f"{self._prefix}lit {name}"] = {
                **self._drawn(edge for edge in places if edge in lit),
                "line.color": colour,
            }
        return patches

    def _drawn(self, edges: Iterable[Place]) -> Series:
        x, y = path(self._segments[edge] for edge in edges)
        return {"x": x, "y": y}


@dataclass(frozen=True)
class Arrows:
    """The heads of the arrows of some edges; they turn round once a gradient goes back along an edge.

    In a network with its mirror they do not: there the mirror has the arrows that go back.
    """

    shape: Shape
    ends: Mapping[Place, Ends]
    passes: str

    @property
    def _name(self) -> str:
        return "mirrored arrows" if self.passes == BACKWARD else "arrows"

    @cached_property
    def _heads(self) -> dict[Place, tuple[Head, Head]]:
        return {edge: _heads(*ends) for edge, ends in self.ends.items()}

    def series(self) -> dict[str, Series]:
        """Return the heads of the arrows before any stop."""
        count, size = len(self.ends), 15 if self.shape.layout.roomy else 11
        marker = {"symbol": "arrow", "size": size, "angle": [0] * count, "line": {"width": 0}}
        marker["color"] = [part("muted")] * count
        return {self._name: lit_with(markers([Point(0.0, 0.0)] * count, marker), self.ends)}

    def patch(self, _: Run, known: Known, emphasis: Emphasis) -> Patches:
        """Draw the heads of the arrows, those that are turned round at the other end."""
        lit, colour = lit_edges(emphasis, self.passes), lit_colour(emphasis, self.passes)
        back = [self._goes_back(edge, known, lit) for edge in self.ends]
        quiet = (part("muted"), part("backward"))
        turned = back if self.passes == BOTH else [False] * len(back)
        heads = [pair[is_turned] for pair, is_turned in zip(self._heads.values(), turned, strict=True)]
        patch = {
            "x": [x for x, _, _ in heads],
            "y": [y for _, y, _ in heads],
            "marker.angle": [angle for _, _, angle in heads],
            "marker.color": [
                colour if it in lit else quiet[is_back] for it, is_back in zip(self.ends, back, strict=True)
            ],
        }
        return {self._name: patch}

    def _goes_back(self, edge: Place, known: Known, lit: Collection[Place]) -> bool:
        """Tell whether ∂l/∂z has begun to go back along this edge; no gradient goes back to an input."""
        if edge.layer == 1 or self.passes == FORWARD:
            return False
        if self.shape.is_known(Place("dl_da", edge.layer - 1, edge.source or 0), known):
            return True
        return edge in lit and self.shape.is_known(Place("dl_dz", edge.layer, edge.unit), known)


def wires(shape: Shape) -> Series:
    """Return the thin lines: through each neuron, from its bias, and from the outputs to the loss."""
    at, ends = shape.layout, []
    for layer in at.layers:
        for unit in range(at.sizes[layer]):
            z, a, bias = at.z(layer, unit), at.a(layer, unit), at.bias(layer, unit)
            ends.append((z, a))
            if at.roomy:
                ends.append((Point(bias.x, bias.y + 12), z))
        if not shape.elementwise(layer):
            ends.append((at.gate(layer, 0), at.gate(layer, at.sizes[layer] - 1)))
    for unit in range(at.sizes[-1]):
        ends += [(at.a(at.layers[-1], unit), at.target(unit)), (at.target(unit), at.loss)]
    return wired(ends)


def wired(ends: Iterable[Ends]) -> Series:
    """Return thin lines."""
    return lines(ends, color=part("line"), width=stroke(2))


def _lines(sign: str, level: int, wider: float) -> Series:
    width = WIDTHS[level]
    dash = f"{6 + width}px,{4 + width / 2}px" if sign == "negative" else "solid"
    series = lines([], color=part(sign), width=stroke(width + wider), dash=dash)
    return series | ALWAYS_LIT if wider else series


def _heads(start: Point, end: Point) -> tuple[Head, Head]:
    """Return the head of an edge's arrow, forward and backward."""
    angle = round(degrees(atan2(end.x - start.x, start.y - end.y)))
    tail, head = snapped((start, end))
    return (*head, angle), (*tail, angle - 180)
