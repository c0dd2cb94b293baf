"""What is written beside the circles: symbols, weights and biases, and what is found of them going backward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bppviz.core.emphasis import Emphasis
from bppviz.core.place import Place, gradient_of
from bppviz.picture.edges import BOTH, FORWARD, lit_edges
from bppviz.picture.layout import Point
from bppviz.picture.marks import (
    ALWAYS_LIT,
    QUESTION,
    UNSEEN,
    Backdrop,
    Patches,
    Series,
    Still,
    barred,
    filled,
    lit_with,
    markers,
    slotted,
    texts,
    unwritten,
    written_into,
)
from bppviz.picture.nodes import numbers_at
from bppviz.picture.run import Finding, Label, Run, clean
from bppviz.picture.shape import Known, Shape
from bppviz.picture.theme import part
from bppviz.words.notation import role

MOST_LABELS = 12  # on the edges of a crowded picture
LINE_HIGH = 22  # from a label to what is found of it
NAME = 23  # from a gradient up to its name
# Above the middle of a circle, the name of what stands in it; in a crowded picture, of what stands in boxes too.
LIFT, LIFT_CROWDED, LIFT_OF_BOX = 16, 12, {"t": 33, "loss": 48}


class Written(NamedTuple):
    """A label, the part whose colour it has, and how strongly it is emphasised."""

    label: Label
    part: str
    strength: str


@dataclass(frozen=True)
class BesideNodes:
    """The numbers beside the circles, the gradients of z and a with their names; and σ′(z) at each amplifier."""

    shape: Shape
    points: Mapping[Place, Point]

    @cached_property
    def _named(self) -> dict[Place, Point]:
        """Return the gradients that have room for their name above the number."""
        named = ("dl_dz", "dl_da") if self.shape.layout.roomy else ()
        return {place: Point(it.x, it.y - NAME) for place, it in self.points.items() if place.quantity in named}

    def series(self) -> dict[str, Series]:
        """Return the gradients and their names before any stop: nothing."""
        drawn = {"gradients": self.points, "gradient names": self._named}
        return {name: lit_with(unwritten(list(points.values()), "backward"), points) for name, points in drawn.items()}

    def patch(self, run: Run, known: Known, emphasis: Emphasis) -> Patches:
        """Write what is known."""
        is_known = self.shape.is_known
        names = [self.shape.symbols(*it).text if is_known(it, known) else "" for it in self._named]
        return {
            "gradients": {"text": filled(numbers_at(run, self.points, known, emphasis))},
            "gradient names": {"text": filled(names)},
        }

    def bars(self, run: Run, known: Known, emphasis: Emphasis) -> list[Backdrop]:
        """Return the bars behind what the stop is about."""
        return [
            Backdrop(run.label(place).at(point), f"{role(place.quantity)}-{emphasis.of(place)}")
            for place, point in self.points.items()
            if emphasis.of(place) and self.shape.is_known(place, known)
        ]


@dataclass(frozen=True)
class Learned:
    """The weights and biases, and beside each what was last found of it; with the bars behind these and the gradients.

    The bars are put into the series "bars", which is drawn below all texts.
    """

    shape: Shape
    gradients: BesideNodes

    @cached_property
    def slots(self) -> dict[str, int]:
        """Return how many weights and biases can have a label at a time."""
        return {"biases": len(self.shape.biases), "weights": most_weights(self.shape)}

    def series(self) -> dict[str, Series]:
        """Return weights, biases and findings before any stop: nothing."""
        series = {}
        for name, slots in self.slots.items():
            own = self.shape.biases if name == "biases" else self.shape.edges if self.shape.layout.roomy else None
            series[name] = slotted(slots, "weight")
            series[name] |= lit_with(series[name], own) if own else ALWAYS_LIT  # without room, only those that are lit
            series[f"found of {name}"] = slotted(slots, "backward", color=[part("backward")] * slots)
        return series

    def patch(self, run: Run, known: Known, emphasis: Emphasis) -> Patches:
        """Write what is known, and put bars behind what the stop is about."""
        passes = FORWARD if self.shape.twinned else BOTH
        labels = {
            "weights": [
                (edge, run.label(edge).at(self.shape.homes[edge])) for edge in labelled(self.shape, emphasis, passes)
            ],
            "biases": [(bias, self._beside(bias, run.label(bias))) for bias in self.shape.biases],
        }
        patches, bars = {}, self.gradients.bars(run, known, emphasis)
        for name, pairs in labels.items():
            own = [self._own(run, *pair, known, emphasis) for pair in pairs]
            found = [it for it in (self._finding(run, *pair, known, emphasis) for pair in pairs) if it]
            patches[name] = written_into(((it.label, it.strength) for it in own), self.slots[name])
            patches[f"found of {name}"] = self._found(found, self.slots[name])
            bars += [Backdrop(it.label, _bar(it)) for it in (*own, *found) if it.strength or name == "weights"]
        return {**patches, "bars": barred(bars)}

    @staticmethod
    def _found(found: list[Written], slots: int) -> Series:
        colours = [part(it.part) for it in found] + [part("backward")] * (slots - len(found))
        return {**written_into(((it.label, it.strength) for it in found), slots), "textfont.color": colours}

    def _own(self, run: Run, own: Place, label: Label, known: Known, emphasis: Emphasis) -> Written:
        """Return how a weight or bias is written; where what is found has no home, it stands for that too."""
        found = last_found(run, own, known)
        if found and not self._has_room(own) and found.place in emphasis.results:
            new = self._beside(own, found.label._replace(text=f"b {found.label.text}"))
            return Written(new if found.place == own else label, _colour(found.place, own), "strong")
        is_old = emphasis.phase == "update" and own in emphasis.results
        return Written(label, "weight", "soft" if is_old else emphasis.of(own))

    def _finding(self, run: Run, own: Place, label: Label, known: Known, emphasis: Emphasis) -> Written | None:
        """Return how what was last found of a weight or bias is written beside it, if it is."""
        found = asked_for(run, own, emphasis) or last_found(run, own, known)
        if not found or not self._has_room(own):
            return None
        strength = emphasis.of(found.place)
        if not strength and not self.shape.layout.roomy:
            return None
        return Written(found.label.at(next_line(own, label.point)), _colour(found.place, own), strength)

    def _has_room(self, own: Place) -> bool:
        """Tell whether there is room beside the label of a weight or bias for what is found of it."""
        return self.shape.layout.roomy or own.quantity == "w"

    def _beside(self, bias: Place, label: Label) -> Label:
        """Return the label of a bias at its place; in a crowded picture it ends there."""
        layout = self.shape.layout
        if layout.roomy:
            return label.at(self.shape.biases[bias])
        point = layout.bias(bias.layer, bias.unit)
        return label.at(Point(point.x - label.width / 2, point.y))


def next_line(own: Place, point: Point) -> Point:
    """Return where what is found of a weight or bias stands, given where itself does."""
    return Point(point.x, point.y + (LINE_HIGH if own.quantity == "w" else -LINE_HIGH))


def answering_gradients(shape: Shape, gradients: Mapping[Place, Point]) -> Still:
    """Return points that cannot be seen, where gradients stand: a click there goes to the step that computed one."""
    own = {**shape.homes, **shape.biases} if shape.layout.roomy else {}
    points = {**{gradient_of(it): next_line(it, point) for it, point in own.items()}, **gradients}
    answers = [shape.answer(place) for place in points]
    return Still({"computed": markers(points.values(), UNSEEN, customdata=answers)} if points else {})


def last_found(run: Run, own: Place, known: Known) -> Finding | None:
    """Return what was last found of a weight or bias."""
    found = None
    for finding in run.findings(own):
        if not known.has(finding.step):
            break
        found = finding
    return found


def asked_for(run: Run, own: Place, emphasis: Emphasis) -> Finding | None:
    """Return what is asked for of a weight or bias, with a question mark for its number."""
    asked = (it for it in run.findings(own) if it.place in emphasis.asked)
    return next((it._replace(label=Label(QUESTION)) for it in asked), None)


def most_weights(shape: Shape) -> int:
    """Return how many edges can have a label at a time."""
    return len(shape.edges) if shape.layout.roomy else MOST_LABELS


def labelled(shape: Shape, emphasis: Emphasis, passes: str) -> list[Place]:
    """Return the edges that have a label: all where there is room, else those that the stop is about."""
    if shape.layout.roomy:
        return shape.edges
    lit = lit_edges(emphasis, passes)
    return [edge for edge in shape.edges if edge in lit] if len(lit) <= MOST_LABELS else []


def gradients(shape: Shape) -> dict[Place, Point]:
    """Return where the gradients of z and a stand, beside their circles, and where σ′(z) does, above its triangle."""
    at, points = shape.layout, {}
    for gate in shape.gates:
        points[gate._replace(quantity="dl_dz")] = at.below(*gate[1:3])
        points[gate._replace(quantity="dl_da")] = at.above(*gate[1:3])
    return {**points, **{gate: at.gain(*gate[1:3]) for gate in shape.amplifying}}


def names(shape: Shape) -> Still:
    """Return the symbols of the circles, with the names that the user gave to inputs and outputs."""
    given, points, found, places = {"x": shape.input_names, "t": shape.output_names}, [], [], []
    radius = shape.layout.space.radius
    for place, point in shape.nodes.items():
        lift = LIFT if shape.layout.roomy else LIFT_OF_BOX.get(place.quantity, radius + LIFT_CROWDED)
        points.append(Point(point.x, point.y - lift))
        found.append(shape.symbols(*place).text)
        places.append(place)
        if given.get(place.quantity):
            points.append(Point(point.x, point.y + radius + 15))
            found.append(clean(given[place.quantity][place.unit]))
            places.append(place)
    return Still({"names": lit_with(texts(points, found, "muted"), places, shape.beside)})


def _bar(it: Written) -> str:
    return f"{it.part}-{it.strength}" if it.strength else "background"


def _colour(found: Place, own: Place) -> str:
    """Return the part of what was found of a weight or bias: its new value looks as it does, the rest is a gradient."""
    return "weight" if found == own else "backward"
