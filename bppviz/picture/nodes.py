"""The circles and boxes that hold a value, the places of σ between them, and the numbers inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bppviz.core.emphasis import Emphasis
from bppviz.core.place import Place
from bppviz.picture.layout import GATE, Point
from bppviz.picture.marks import Patches, Series, answering, filled, lit_with, outlined, unknown, unwritten
from bppviz.picture.run import BOXED, DROP, LARGEST_BOX, Run
from bppviz.picture.shape import Known, Shape, twin
from bppviz.picture.theme import VALUE, part


@dataclass(frozen=True)
class Nodes:
    """The circles and boxes of the network, or the circles of its mirror; they have the colour of their pass."""

    shape: Shape
    name: str
    points: Mapping[Place, Point]
    colour: str

    def series(self) -> dict[str, Series]:
        """Return the circles and boxes before any stop."""
        diameter = 2 * self.shape.layout.space.radius
        marker = outlined(len(self.points), self.colour)
        marker["symbol"] = ["square" if place.quantity in BOXED else "circle" for place in self.points]
        marker["size"] = [min(diameter * BOXED.get(place.quantity, 1), LARGEST_BOX) for place in self.points]
        return {self.name: lit_with(answering(self.shape, self.points, marker), self.points, self.shape.beside)}

    def patch(self, run: Run, known: Known, emphasis: Emphasis) -> Patches:
        """Fill the circles of what is known, and emphasise what the stop is about."""
        fills, rings, widths = zip(*(self._look(place, known, emphasis) for place in self.points), strict=True)
        patch = {
            "marker.color": [part(it) for it in fills],
            "marker.line.color": [part(it) for it in rings],
            "marker.line.width": list(widths),
            "hovertext": run.hover(self.points, known),
        }
        return {self.name: patch}

    def _look(self, place: Place, known: Known, emphasis: Emphasis) -> tuple[str, str, int]:
        """Return the parts whose colours the circle and its rim have, and how wide that is.

        What its twin computes is a result of the same circle, unless the twin has a circle of its own.
        """
        is_twin_lit = twin(place) in emphasis.results
        is_seen_in_twin = is_twin_lit and self.shape.twinned
        colour = "backward" if is_twin_lit and not self.shape.twinned else self.colour
        is_result = place in emphasis.results or (is_twin_lit and not self.shape.twinned)
        is_operand = place in emphasis.operands
        is_full = is_operand or self.shape.is_known(place, known)
        fill = f"{colour}-strong" if is_result else f"{colour}-soft" if is_full else "background"
        is_given = place.quantity == "t" and not is_operand
        ring = colour if is_result or is_full or is_seen_in_twin else "line"
        return fill, "muted" if is_given else ring, 5 if is_result else 4 if is_operand or is_seen_in_twin else 2


@dataclass(frozen=True)
class Values:
    """The numbers in the circles of the network, or of its mirror."""

    shape: Shape
    name: str
    points: Mapping[Place, Point]
    colour: str

    def series(self) -> dict[str, Series]:
        """Return the numbers before any stop: nothing."""
        drop = DROP if self.shape.layout.roomy else 0
        points = [Point(it.x, it.y + drop) for it in self.points.values()]
        colours = [part("ink" if it.quantity in ("t", "loss") else self.colour) for it in self.points]
        series = unwritten(points, self.colour, size=VALUE, color=colours)
        return {self.name: lit_with(series, self.points, self.shape.beside)}

    def patch(self, run: Run, known: Known, emphasis: Emphasis) -> Patches:
        """Write every number that is known, those that the stop is about bold."""
        return {self.name: {"text": filled(numbers_at(run, self.points, known, emphasis))}}


def numbers_at(run: Run, places: Mapping[Place, Any], known: Known, emphasis: Emphasis) -> Iterator[str]:
    """Yield what stands at some places: the number, a question mark, or nothing."""
    for place in places:
        if run.shape.is_known(place, known):
            yield run.label(place).marked_up(emphasis.of(place))
        else:
            yield unknown(place, emphasis)


@dataclass(frozen=True)
class Gates:
    """The places of σ; going backward each becomes an amplifier, a triangle that multiplies by σ′(z)."""

    shape: Shape

    def series(self) -> dict[str, Series]:
        """Return the places of σ before any stop."""
        count = len(self.shape.gates)
        marker = outlined(count, "muted") | {"symbol": ["circle"] * count, "size": [2 * GATE] * count}
        return {"gates": lit_with(answering(self.shape, self.shape.gates, marker), self.shape.gates)}

    def patch(self, run: Run, known: Known, emphasis: Emphasis) -> Patches:
        """Turn those into amplifiers whose σ′ is known, or comes at this stop."""
        gates = self.shape.gates
        turned = {place: is_amplifier(self.shape, place, known, emphasis) for place in gates}
        patch = {
            "marker.symbol": ["triangle-left" if turned[it] else "circle" for it in gates],
            "marker.size": [34 if turned[it] else 2 * GATE for it in gates],
            "marker.color": [part(gate_fill(it, turned[it], emphasis)) for it in gates],
            "marker.line.color": [part("backward" if turned[it] else "muted") for it in gates],
            "marker.line.width": [rim(it, emphasis) for it in gates],
            "hovertext": run.hover(gates, known),
        }
        return {"gates": patch}


@dataclass(frozen=True)
class Signs:
    """The letters at the places of σ, an S for softmax; an amplifier has none, but stands in the mirror if there is."""

    shape: Shape

    def series(self) -> dict[str, Series]:
        """Return the letters before any stop: nothing."""
        return {"gates text": lit_with(unwritten(list(self.shape.gates.values()), "muted"), self.shape.gates)}

    def patch(self, _: Run, known: Known, emphasis: Emphasis) -> Patches:
        """Write the letters where there is no amplifier."""
        signs = [
            ""
            if not self.shape.twinned and is_amplifier(self.shape, gate, known, emphasis)
            else ("σ" if self.shape.elementwise(gate.layer) else "S")
            for gate in self.shape.gates
        ]
        return {"gates text": {"text": filled(signs)}}


def is_amplifier(shape: Shape, gate: Place, known: Known, emphasis: Emphasis) -> bool:
    """Tell whether the place of σ is an amplifier by now: its σ′ is known, or comes at this stop."""
    return shape.elementwise(gate.layer) and (gate in emphasis.results or shape.is_known(gate, known))


def rim(gate: Place, emphasis: Emphasis) -> int:
    """Return how wide the rim of an amplifier is."""
    return 4 if gate in emphasis.results else 3 if gate in emphasis.operands else 2


def gate_fill(gate: Place, is_known: bool, emphasis: Emphasis) -> str:
    """Return the part whose colour the place of σ is filled with, where its σ′ is known or not."""
    if gate in emphasis.results:
        return "backward-strong"
    return "backward-soft" if is_known else "background"
