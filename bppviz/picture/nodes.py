"""The circles that hold a value, the boxes of the targets and the loss, and σ between z and a."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

from bppviz.core.functions import LOSSES
from bppviz.core.place import Place
from bppviz.picture.boxes import Frame
from bppviz.picture.geometry import Box, Point, box_around
from bppviz.picture.layout import GATE, TARGET_HIGH
from bppviz.picture.marks import (
    QUESTION,
    UNSEEN,
    Patches,
    Series,
    answering,
    filled,
    lit_with,
    texts,
)
from bppviz.picture.moment import Moment, box_look, ink, part_of
from bppviz.picture.names import italic, width_of_name
from bppviz.picture.run import Run
from bppviz.picture.shape import Shape
from bppviz.picture.theme import TEXT, part
from bppviz.words.numbers import width

NAME, NUMBER = -9, 13  # above and below the middle of a circle
RINGS = {"strong": 3.0, "soft": 4.2, "": 1.7}
TRIANGLE = 30
LEFTMOST = 2  # of the capsule of a wide input
SOFTMAX_WIDE = 46
BELOW_TOP = 44  # from the uppermost neuron of a softmax to its word, where no ∂z/∂b comes
# How the places of σ are called; those of the identity pass z on.
WORD_SIZE = 46  # of the ground on which a word stands, so that the wire does not run through it
WORDS = {"sigmoid": "σ", "tanh": "tanh", "relu": "ReLU", "leaky_relu": "leaky<br>ReLU", "identity": "="}
# The losses in short, as they stand under their name.
SHORT_LOSSES = {
    **{name: f"{italic(it.factor.text)} Σ (𝑦 − 𝑡)²".strip() for name, it in LOSSES.items() if it.is_squared},
    "cross_entropy": "−Σ 𝑡 ln 𝑦",
    "binary_cross_entropy": "−Σ [𝑡 ln 𝑦 +<br>(1−𝑡) ln (1−𝑦)]",
}


def number_at(run: Run, place: Place, now: Moment, before: str = "") -> str:
    """Return what stands in the place of a number: the number, a question mark, or nothing."""
    if run.shape.is_known(place, now.known):
        text = run.text(place, now.digits_of(place))
        return before + (f"<b>{text}</b>" if now.of(place) or now.in_full else text)
    return f"<b>{QUESTION}</b>" if place in now.emphasis.asked else ""


@dataclass(frozen=True)
class Nodes:
    """The circles of the network, or of its mirror, with name and number; a wide number stands in a capsule."""

    shape: Shape
    name: str
    points: Mapping[Place, Point]

    def series(self) -> dict[str, Series]:
        """Return the circles before any stop."""
        count = len(self.points)
        line = {"color": [part("line")] * count, "width": [RINGS[""]] * count}
        marker = {"symbol": "circle", "size": 2 * self.shape.layout.radius, "opacity": 1, "line": line}
        marker["color"] = [part("background")] * count
        return {self.name: lit_with(answering(self.shape, self.points, marker), self.points)}

    def patch(self, run: Run, now: Moment) -> Patches:
        """Fill the circle of what is found, and thicken the rims of what is used."""
        strengths = [now.of(place) for place in self.points]
        own = [part_of(place.quantity) for place in self.points]
        pairs = list(zip(own, strengths, strict=True))
        patch = {
            "marker.color": [part(it if strong == "strong" else "background") for it, strong in pairs],
            "marker.line.color": [part(it if strong else "line") for it, strong in pairs],
            "marker.line.width": [RINGS[strong] for strong in strengths],
            "hovertext": run.hover(self.points, now.known),
        }
        return {self.name: patch}

    def frames(self, run: Run, now: Moment) -> Iterator[Frame]:
        """Return the capsules of the numbers that are wider than a circle."""
        for place, point in self.points.items():
            texts = {"": ""}
            if self.shape.is_known(place, now.known):
                texts = {"": run.text(place), now.of(place): run.text(place, now.digits_of(place))}
            name = width_of_name(self.shape.symbols(*place).text)
            capsules = {strength: self._capsule(point, name, text) for strength, text in texts.items()}
            look = part_of(place.quantity)
            yield from (Frame(box, box_look(it, look), is_round=True) for it, box in capsules.items() if box)

    def _capsule(self, point: Point, name: float, text: str) -> Box | None:
        """Return the capsule of a number, or a name, that is wider than a circle."""
        radius, wide, widest = self.shape.layout.radius, width(text) * TEXT, name * TEXT
        if wide <= 2 * sqrt(radius**2 - (NUMBER + 7) ** 2) and widest <= 2 * sqrt(radius**2 - (NAME - 9) ** 2):
            return None
        box = box_around(point, max(wide + 18, widest + 20, 2 * radius), 2 * radius)
        return box._replace(left=max(box.left, LEFTMOST))


@dataclass(frozen=True)
class Values:
    """The names and numbers in the circles."""

    shape: Shape
    name: str
    points: Mapping[Place, Point]

    def series(self) -> dict[str, Series]:
        """Return the names, and the numbers before any stop: nothing."""
        names = [Point(it.x, it.y + NAME) for it in self.points.values()]
        numbers = [Point(it.x, it.y + NUMBER) for it in self.points.values()]
        symbols = [italic(self.shape.symbols(*place).text) for place in self.points]
        colours = [part("quiet")] * len(symbols)
        return {
            f"{self.name} names": lit_with(texts(names, symbols, "quiet", color=colours), self.points),
            f"{self.name} numbers": lit_with(texts(numbers, [""] * len(symbols), "quiet", color=colours), self.points),
        }

    def patch(self, run: Run, now: Moment) -> Patches:
        """Write every number that is known; names and numbers have the colour of their part."""
        colours = [part(ink(place, now)) for place in self.points]
        return {
            f"{self.name} names": {"textfont.color": colours},
            f"{self.name} numbers": {
                "text": filled(number_at(run, place, now) for place in self.points),
                "textfont.color": colours,
            },
        }


# Targets and loss


@dataclass(frozen=True)
class Goals:
    """The targets and the loss, in boxes: t₁ = 1, and the loss with its formula in short; its name is a heading."""

    shape: Shape
    points: Mapping[Place, Point]

    @property
    def _targets(self) -> list[Place]:
        return [place for place in self.points if place.quantity == "t"]

    def series(self) -> dict[str, Series]:
        """Return what answers the mouse, the loss's name and formula, and the numbers before any stop."""
        loss = self.shape.layout.loss
        told = [SHORT_LOSSES.get(self.shape.loss, "")]
        points = [
            Point(it.x, it.y + (self.shape.layout.loss_box[1] / 2 - 14 if place.quantity == "loss" else 0))
            for place, it in self.points.items()
        ]
        place = Place("loss", loss_layer(self.shape), 0)
        colours = [part("quiet")] * len(points)
        return {
            "ends": answering(self.shape, self.points, {**UNSEEN, "size": TARGET_HIGH}),
            "loss": lit_with(texts([Point(loss.x, loss.y - 1)], told, "quiet", color=[part("quiet")]), [place]),
            "end numbers": lit_with(texts(points, [""] * len(points), "quiet", color=colours), self.points),
        }

    def patch(self, run: Run, now: Moment) -> Patches:
        """Write the targets, and the loss once it is known."""
        loss = Place("loss", loss_layer(self.shape), 0)
        return {
            "ends": {"hovertext": run.hover(self.points, now.known)},
            "loss": {"textfont.color": [part(ink(loss, now))]},
            "end numbers": {
                "text": filled(number_at(run, place, now, self._before(place)) for place in self.points),
                "textfont.color": [part(ink(place, now)) for place in self.points],
            },
        }

    def _before(self, place: Place) -> str:
        return f"{italic(self.shape.symbols(*place).text)} = " if place.quantity == "t" else ""

    def frames(self, run: Run, now: Moment) -> Iterator[Frame]:
        """Return the boxes of the targets and of the loss."""
        for place, point in self.points.items():
            if place.quantity == "loss":
                box = box_around(point, *self.shape.layout.loss_box)
            else:
                symbol = f"{self.shape.symbols(*place).text} = "
                wide = (width_of_name(symbol) + width(run.text(place, now.digits_of(place)))) * TEXT
                box = box_around(point, max(wide + 16, 76), TARGET_HIGH)
            look = box_look(now.of(place), part_of(place.quantity))
            yield Frame(box, "still" if look == "quiet" else look)


def loss_layer(shape: Shape) -> int:
    """Return the layer that the loss belongs to."""
    return shape.layout.layers[-1]


# σ


@dataclass(frozen=True)
class Gates:
    """What stands between z and a: σ in a circle, another activation by its name, going backward a triangle.

    A softmax has one box for its layer.
    """

    shape: Shape

    @property
    def _words(self) -> list[str]:
        return [WORDS.get(self.shape.activation(gate.layer), "") for gate in self.shape.gates]

    def series(self) -> dict[str, Series]:
        """Return the places of σ before any stop."""
        gates, count = self.shape.gates, len(self.shape.gates)
        line = {"color": [part("line")] * count, "width": [1.7] * count}
        marker = {"symbol": ["circle"] * count, "size": [2 * GATE] * count, "opacity": 1, "line": line}
        marker["color"] = [part("background")] * count
        colours = [part("quiet")] * count
        return {
            "gates": lit_with(answering(self.shape, gates, marker), gates),
            "gate words": lit_with(texts(list(gates.values()), self._words, "quiet", color=colours), gates),
        }

    def patch(self, run: Run, now: Moment) -> Patches:
        """Turn those into triangles whose σ′ is known, or comes at this stop."""
        gates = self.shape.gates
        turned = {place: is_amplifier(self.shape, place, now) for place in gates}
        found = {place: turned[place] and now.of(place) == "strong" for place in gates}
        lit = {place: now.of(place._replace(quantity="a")) == "strong" for place in gates}
        patch = {
            "marker.symbol": ["triangle-left" if turned[it] else self._symbol(it) for it in gates],
            "marker.size": [TRIANGLE if turned[it] else self._size(it) for it in gates],
            "marker.color": [part("backward" if found[it] else "background") for it in gates],
            "marker.line.color": [
                part(("backward" if now.of(it) else "backward-quiet") if turned[it] else "ink" if lit[it] else "line")
                for it in gates
            ],
            "marker.line.width": [self._rim(it, turned[it], bool(now.of(it) or lit[it])) for it in gates],
            "hovertext": run.hover(gates, now.known),
        }
        words = ["" if turned[it] else word for it, word in zip(gates, self._words, strict=True)]
        colours = [part("ink" if lit[it] else "quiet") for it in gates]
        return {"gates": patch, "gate words": {"text": filled(words), "textfont.color": colours}}

    def _symbol(self, gate: Place) -> str:
        return "circle" if self.shape.activation(gate.layer) == "sigmoid" else "square"

    def _rim(self, gate: Place, is_triangle: bool, is_lit: bool) -> float:
        """Return how thick the rim is; the ground of a word has none."""
        has_rim = is_triangle or self._symbol(gate) == "circle"
        return (3.4 if is_lit else 1.7) if has_rim else 0

    def _size(self, gate: Place) -> float:
        """Return how large the circle around σ is, or the ground of a word, which interrupts the wire."""
        return {"sigmoid": 2 * GATE, "identity": GATE, "softmax": GATE}.get(
            self.shape.activation(gate.layer), WORD_SIZE
        )


def is_amplifier(shape: Shape, gate: Place, now: Moment) -> bool:
    """Tell whether the place of σ is an amplifier by now: its σ′ is known, or comes at this stop."""
    if shape.twinned or not shape.elementwise(gate.layer) or shape.activation(gate.layer) == "identity":
        return False
    return gate in now.emphasis.results or shape.is_known(gate, now.known)


@dataclass(frozen=True)
class Softmax:
    """One box over a layer whose a depend on every z of it."""

    shape: Shape

    @property
    def _layers(self) -> list[int]:
        return [layer for layer in self.shape.layout.layers if not self.shape.elementwise(layer)]

    def _box(self, layer: int) -> Box:
        at, last = self.shape.layout, self.shape.sizes[layer] - 1
        first, final = at.gate(layer, 0), at.gate(layer, last)
        return Box(first.x - SOFTMAX_WIDE / 2, first.y - 32, first.x + SOFTMAX_WIDE / 2, final.y + 32)

    def series(self) -> dict[str, Series]:
        """Return the words in the boxes."""
        points = [Point(it.x, it.y + BELOW_TOP) for it in (self.shape.layout.gate(layer, 0) for layer in self._layers)]
        words = texts(points, ["soft<br>max"] * len(points), "quiet", color=[part("quiet")] * len(points))
        return {"softmax": words} if points else {}

    def patch(self, run: Run, now: Moment) -> Patches:
        """Emphasise the word of the layer that a stop goes through."""
        if not self._layers:
            return {}
        return {"softmax": {"textfont.color": [part(self._colour(layer, now)) for layer in self._layers]}}

    def _colour(self, layer: int, now: Moment) -> str:
        found = {place.quantity for place in now.emphasis.results if place.layer == layer}
        return "backward" if "dl_dz" in found else "ink" if "a" in found else "quiet"

    def frames(self, run: Run, now: Moment) -> Iterator[Frame]:
        """Return the boxes."""
        for layer in self._layers:
            colour = self._colour(layer, now)
            yield Frame(self._box(layer), "still" if colour == "quiet" else f"used {colour}")
