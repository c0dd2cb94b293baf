"""The weights on their edges and the biases on their masts, with what was found of each under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bppviz.core.place import Place, gradient_of
from bppviz.picture.beside import bias, clear, is_level, rise_of, under
from bppviz.picture.boxes import Frame, Plate
from bppviz.picture.found import Found, found_of, strength_of_own
from bppviz.picture.geometry import Box, Point
from bppviz.picture.layout import LINE_HIGH
from bppviz.picture.marks import Patches, Series, filled, finding, inked, lit_with, told_at, unwritten
from bppviz.picture.moment import QUIET, Moment, box_look
from bppviz.picture.names import italic, width_of_name, width_of_named
from bppviz.picture.run import Run
from bppviz.picture.shape import Shape
from bppviz.picture.theme import TEXT
from bppviz.words.numbers import width

OVER_BIAS = 23  # from a bias up to its gradient, below ∂l/∂z of the neuron over it
PADDING, HALF_HIGH = 5, 10.5  # around the text of a box; of a line of text
ARROW, LETTER = 1.3, 0.4  # ems that "← " or "Σ " takes, and each letter more of "Σ/N "


class Written(NamedTuple):
    """A text at its place, as it is at a stop."""

    text: str
    point: Point
    colour: str


@dataclass(frozen=True)
class Tags:
    """Weights or biases, each with what was found of it: of weights all texts are centred, of biases they begin."""

    shape: Shape
    quantity: str

    @cached_property
    def _points(self) -> dict[Place, Point]:
        if self.quantity == "w":
            return self.shape.homes
        return {own: bias(self.shape.layout, own) for own in self.shape.biases}

    @property
    def _name(self) -> str:
        return {"w": "weights", "b": "biases"}[self.quantity]

    def series(self) -> dict[str, Series]:
        """Return the texts before any stop: nothing."""
        side = "" if self.quantity == "w" else "right"
        points = list(self._points.values())
        found = [self._under(own, 0) for own in self._points]
        drawn = {
            self._name: told_at(self.shape, unwritten(points, "quiet", side), self._points),
            f"{self._name} found names": finding(self.shape, unwritten(found, "backward", side), self._points),
            f"{self._name} found": finding(self.shape, unwritten(found, "backward", side), self._points),
        }
        return {name: lit_with(series, self._points) for name, series in drawn.items()}

    def _under(self, own: Place, line: int) -> Point:
        """Return the place of a line under a weight or bias."""
        return self._lines[own][line]

    @cached_property
    def _lines(self) -> dict[Place, tuple[Point, Point]]:
        return {own: self._lines_under(own, point) for own, point in self._points.items()}

    def _lines_under(self, own: Place, point: Point) -> tuple[Point, Point]:
        first = under(self.shape.layout, own)
        return Point(point.x, point.y + first), Point(point.x, point.y + first + LINE_HIGH)

    def patch(self, run: Run, now: Moment) -> Patches:
        """Write every weight, and what was found of it."""
        told = [(place, found_of(run, place, now)) for place in self._points]
        own = [self._own(run, place, point, now) for place, point in self._points.items()]
        names = [self._name_line(*pair, now) for pair in told]
        found = [self._found_line(*pair, now) for pair in told]
        return {
            self._name: _texts(own) | _points(own),
            f"{self._name} found names": _texts(names) | _points(names) | answers_of(self.shape, told, 0),
            f"{self._name} found": _texts(found) | _points(found) | answers_of(self.shape, told, -1),
        }

    def _own(self, run: Run, own: Place, point: Point, now: Moment) -> Written:
        strength = strength_of_own(own, now)
        number = run.text(own, now.digits_of(own))
        text = f"{italic(self.shape.symbols(*own).text)} = {f'<b>{number}</b>' if strength else number}"
        point = clear(self.shape.layout, own, point, self._wide_of_own(own, number))
        return Written(text, point, "ink" if strength or now.in_full else "quiet")

    def _wide_of_own(self, own: Place, number: str) -> float:
        return width_of_named(self.shape.symbols(*own).text, number) * TEXT

    def _name_line(self, own: Place, shown: list[Found], now: Moment) -> Written:
        """Return the line under a weight: the gradient's name where the stop is about it, at an update its number."""
        first, at = self._under(own, 0), self.shape.layout
        if len(shown) == 2:
            point = clear(at, own, self._before_last(own), wide_of(shown[0].text) * TEXT)
            return Written(f"<b>{shown[0].text}</b>", point, "backward")
        if not shown or not shown[0].strength or shown[0].place == own:
            return Written("", first, "backward")
        symbol = self.shape.symbols(*shown[0].place).text
        point = clear(at, own, first, max(width_of_name(symbol), wide_of(shown[0].text)) * TEXT)
        return Written(italic(symbol) + (" =" if own.quantity == "b" else ""), point, colour_of(shown[0], now))

    def _found_line(self, own: Place, shown: list[Found], now: Moment) -> Written:
        if not shown:
            return Written("", self._under(own, 0), "backward")
        last = shown[-1]
        text = f"<b>{last.text}</b>" if last.strength or now.in_full else last.text
        point = clear(self.shape.layout, own, self._number_at(own, shown), wide_of(last.text) * TEXT)
        return Written(text, point, colour_of(last, now))

    def _before_last(self, own: Place) -> Point:
        """Return where stands what the last number found is from: under a weight, over a bias, which has less room."""
        point = self._points[own]
        return Point(point.x, point.y - OVER_BIAS) if own.quantity == "b" else self._under(own, 0)

    def _number_at(self, own: Place, shown: list[Found]) -> Point:
        """Return where the last number found stands: under its name, of a bias behind it."""
        last = shown[-1]
        if len(shown) == 2:
            return self._under(own, 0 if own.quantity == "b" else 1)
        if not last.strength or last.place == own:
            return self._under(own, 0)
        if own.quantity == "w":
            return self._under(own, 1)
        first = self._under(own, 0)
        return Point(first.x + (width_of_name(self.shape.symbols(*last.place).text) + 0.95) * TEXT, first.y)

    # Boxes

    def frames(self, run: Run, now: Moment) -> Iterator[Frame]:
        """Return the boxes around what is found or used."""
        for own, point in self._points.items():
            if now.in_full:
                return
            if strength := strength_of_own(own, now):
                number = run.text(own, now.digits_of(own))
                wide = self._wide_of_own(own, number)
                point = clear(self.shape.layout, own, point, wide)
                yield Frame(self._box(point, point, wide / TEXT), box_look(strength, "ink"))
            yield from self._found_frames(own, found_of(run, own, now))

    def plates(self, run: Run, now: Moment) -> Iterator[Plate | None]:
        """Return the grounds of what stands on slanting edges: of each weight, and of what was found of it."""
        at = self.shape.layout
        for own, point in self._points.items():
            if self.quantity == "w" and not is_level(at, own):
                wide, shown = self._wide_of_own(own, run.text(own, now.digits_of(own))), found_of(run, own, now)
                yield Plate(clear(at, own, point, wide), wide)
                yield self._found_plate(own, shown) if shown and not shown[-1].strength else None

    def _found_plate(self, own: Place, shown: list[Found]) -> Plate:
        wide = wide_of(shown[-1].text) * TEXT
        return Plate(clear(self.shape.layout, own, self._number_at(own, shown), wide), wide)

    def _found_frames(self, own: Place, shown: list[Found]) -> Iterator[Frame]:
        if len(shown) == 2:
            wide = wide_of(shown[0].text)
            point = clear(self.shape.layout, own, self._before_last(own), wide * TEXT)
            yield Frame(self._box(point, point, wide), "used backward")
        if not shown or not shown[-1].strength:
            return
        last, first = shown[-1], self._under(own, 0)
        end = self._number_at(own, shown)
        wide = wide_of(last.text)
        if len(shown) == 1 and last.place != own:
            name = width_of_name(self.shape.symbols(*last.place).text)
            wide = max(wide, name) if own.quantity == "w" else name + 0.95 + wide
        start = clear(self.shape.layout, own, first if len(shown) == 1 else end, wide * TEXT)
        yield Frame(self._box(start, end._replace(x=start.x), wide), box_look(last.strength, last.role))

    def _box(self, first: Point, last: Point, ems: float) -> Box:
        """Return the box around lines of text, from the first to the last."""
        wide = ems * TEXT + 2 * PADDING
        left = first.x - wide / 2 if self.quantity == "w" else first.x - PADDING + 3
        return Box(left, first.y - HALF_HIGH - rise_of(self.shape.layout), left + wide, last.y + HALF_HIGH)


def answers_of(shape: Shape, told: Iterable[tuple[Place, list[Found]]], which: int) -> Series:
    """Return for what the first, or last, numbers found of some weights and biases answer, if that ever changes."""
    at, is_one = shape.layout, len(shape.found_of(shape.edges[0])) == 1
    if is_one and (at.tagged or at.open_lists):
        return {}
    return {"customdata": [shape.found_answer(it[which].place if it else gradient_of(own)) for own, it in told]}


def wide_of(text: str) -> float:
    """Return how wide a number is with what stands before it, in ems."""
    before, _, written = text.rpartition(" ")
    return width(written) + (ARROW + LETTER * (len(before) - 1) if before else 0)


def colour_of(found: Found, now: Moment) -> str:
    if found.strength == "strong" and not now.in_full:
        return "background"
    return found.role if found.strength or now.in_full else QUIET[found.role]


def _texts(written: list[Written]) -> Series:
    return {"text": filled(it.text for it in written), **inked(it.colour for it in written)}


def _points(written: list[Written]) -> Series:
    return {"x": [round(it.point.x, 1) for it in written], "y": [round(it.point.y, 1) for it in written]}
