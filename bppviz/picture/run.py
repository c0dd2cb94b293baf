"""How one run's numbers are written in its picture: as many digits as have room, and what hovering says of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from html import escape
from math import ceil, floor, sqrt
from typing import NamedTuple

import numpy as np

from bppviz.core.place import Place
from bppviz.core.trace import Trace
from bppviz.picture.layout import Point
from bppviz.picture.shape import Known, Shape
from bppviz.picture.theme import TEXT
from bppviz.words.numbers import DIGITS, HOVERED, fitting, number, width
from bppviz.words.symbols import called

BOXED = {"t": 0.74, "loss": 1.16}  # what stands in a box, and how wide that is beside a circle
LARGEST_BOX = 86  # for which there is room at the right
WIDEST_NAME = 84  # as wide as its circle's column
CROWDED_DIGITS = 3
DROP = 11  # of a number below the middle of its circle, where its name stands above
BOX_RIM = 1  # of a box, on both sides of its number together
# How much room the numbers beside circles and edges have, in ems: in a roomy picture, and in a crowded one.
GRADIENT, GAIN, WEIGHT, NEW = (5.7, 4.5), (4.0, 2.9), (3.4, 3.4), (4.5, 4.5)
LEAST_WEIGHT = 4.7  # ems that a weight of two digits has
SUM_SIGN = 1.1  # ems that a Σ before a number takes
SMALLEST = 11.0  # pixels, below which a number is not shrunk to fit
TIGHTEST = 0.7  # pixels that the characters of a number may stand closer, before it is shrunk
EM = 0.57  # of the picture's font, the width of most characters
LEVELS = 3  # of a weight's size, beside the largest one

HoverLine = tuple[int, tuple[str, str]]  # of a hover text: a step, and what stands there before and from that step


class Label(NamedTuple):
    """A text, at a point when it has one, with its width estimated so that a bar fits behind it."""

    text: str
    size: float = TEXT
    tight: float = 0  # pixels that each character stands closer to the next
    point: Point = Point(0, 0)

    @property
    def width(self) -> float:
        """Return about how wide the text is."""
        return 10 + _width(self.text) * self.size / TEXT - self.tight * len(self.text)

    def at(self, point: Point) -> Label:
        """Return the label at a point."""
        return Label(self.text, self.size, self.tight, point)

    def marked_up(self, bold: object) -> str:
        """Return the text as plotly takes it: closer or smaller where it has to be, and bold if it is."""
        text = self.text
        if self.tight or self.size != TEXT:
            style = f"letter-spacing:-{self.tight:g}px" if self.tight else f"font-size:{self.size:g}px"
            text = f'<span style="{style}">{text}</span>'
        return f"<b>{text}</b>" if bold else text


@lru_cache(maxsize=4096)  # the same labels are seen at step after step
def _width(text: str) -> float:
    return sum(11.5 if ord(c) > 0x2E80 else 5.5 if c in ".,₀₁₂₃₄₅₆₇₈₉ ⁰¹²³⁴⁵⁶⁷⁸⁹⁻" else 10.2 for c in text)


def clean(name: str) -> str:
    """Return a name given by a user, cut to a fair length, with nothing in it that plotly would act upon."""
    name = called(name)  # one of a million characters would take minutes
    while Label(name).width > WIDEST_NAME:
        name = name[:-2] + "…"
    return escape(name, quote=False).replace("$", "&#36;")


@lru_cache(maxsize=4096)  # most numbers stay what they are while one is moved
def short_label(value: float, room: float, digits: int, before: str, signed: bool) -> Label:
    """Return a number as it is written in the picture, where it has so much room, in ems, after a text.

    It has as many digits as fit, but never fewer than two: rather they stand closer, or all of it is smaller.
    """
    text = fitting(value, room, digits, signed=signed)
    label, over = Label(before + text), (width(text) - room) * TEXT
    tight = ceil(10 * over / len(text)) / 10
    if tight <= TIGHTEST:
        return label._replace(tight=max(0, tight))
    share = (len(before) * EM + room) / (len(before) * EM + width(text))
    return label._replace(size=max(SMALLEST, floor(2 * TEXT * share) / 2))


class Finding(NamedTuple):
    """What is found of a weight or bias at a step: its gradient, their sum, or the new value."""

    step: int
    place: Place
    label: Label


class Run:
    """The numbers of one run as its picture writes them, each written when it is first seen."""

    def __init__(self, shape: Shape, trace: Trace) -> None:
        self.shape = shape
        self.trace = trace
        self._labels: dict[Place, Label] = {}
        self._findings: dict[Place, list[Finding]] = {}
        self._said: dict[Place, list[HoverLine]] = {}

    # In the picture

    def label(self, place: Place) -> Label:
        """Return how a number is written; of a weight or bias, the old one and its symbol."""
        if place not in self._labels:
            self._labels[place] = self._write(place)
        return self._labels[place]

    def findings(self, own: Place) -> list[Finding]:
        """Return what is found of a weight or bias, one after the other."""
        if own not in self._findings:
            self._findings[own] = [
                Finding(self.shape.steps[it], it, self._new(own) if it == own else self.label(it))
                for it in self.shape.found_of(own)
            ]
        return self._findings[own]

    def _write(self, place: Place) -> Label:
        value, quantity = self.trace.value(place), place.quantity
        if place in self.shape.nodes or (self.shape.twinned and quantity in ("dl_dz", "dl_da")):
            return self._short(value, self._within(quantity))
        if quantity in ("w", "b"):
            is_named = quantity == "w" or self.shape.layout.roomy
            return self._named(value, self.shape.symbols(*place).text if is_named else "b")
        if quantity == "dsigma":
            return self._short(value, self._room(GAIN), "×")
        if quantity.startswith("dL_"):
            return self._short(value, self._room(GRADIENT) - SUM_SIGN, "Σ ")
        return self._short(value, self._room(GRADIENT))

    def _new(self, own: Place) -> Label:
        """Return how the new value of a weight or bias is written."""
        value = self.trace.updated.value(own)  # type: ignore[union-attr]
        return self._short(value, self._room(NEW), "→ ", signed=True)

    def _named(self, value: float, name: str) -> Label:
        room = self._room(WEIGHT)
        room = room if width(fitting(value, room, signed=True)) <= room else LEAST_WEIGHT
        return self._short(value, room, f"{name} ", signed=True)

    def _within(self, quantity: str) -> float:
        """Return how much room a number has in its circle or box, in ems."""
        drop, radius = DROP if self.shape.layout.roomy else 0, self.shape.layout.space.radius
        side = BOXED.get(quantity)
        return (2 * sqrt(radius**2 - drop**2) if side is None else min(2 * radius * side, LARGEST_BOX) - BOX_RIM) / TEXT

    def _room(self, room: tuple[float, float]) -> float:
        return room[0 if self.shape.layout.roomy else 1]

    def _short(self, value: float, room: float, before: str = "", *, signed: bool = False) -> Label:
        digits = DIGITS if self.shape.layout.roomy else CROWDED_DIGITS
        return short_label(value, room, digits, before, signed)

    @cached_property
    def levels(self) -> dict[Place, tuple[str, int]]:
        """Return of every weight its sign, and how large it is beside the largest of the network."""
        largest = max(float(np.abs(w).max()) for w in self.trace.network.weights) or 1.0
        weights = {place: self.trace.network.value(place) for place in self.shape.edges}
        return {
            place: ("negative" if w < 0 else "positive", min(LEVELS - 1, int(LEVELS * (abs(w) / largest))))
            for place, w in weights.items()
        }

    # At the mouse

    def hover(self, places: Iterable[Place], known: Known) -> list[str]:
        """Return what hovering says of some places."""
        last, hidden = known  # not asked one by one: this is the most frequent question of all
        return [
            "<br>".join(filter(None, (line[step <= last and step not in hidden] for step, line in self._lines(own))))
            for own in places
        ]

    def _lines(self, own: Place) -> list[HoverLine]:
        """Return the lines that hovering over a place shows: its number, and what belongs to it."""
        if own not in self._said:
            beside = self.shape.beside.get(own.quantity)
            places = [own, *([own._replace(quantity=beside)] if beside else [])]
            found = self.shape.found_of(own) if own.quantity in ("w", "b") else []
            lines = [self._line(place) for place in (*places, *(it for it in found if it != own))]
            if own in found:
                value = self.trace.updated.value(own)  # type: ignore[union-attr]
                lines.append((self.shape.steps[own], ("", f"→ {number(value, HOVERED)}")))
            self._said[own] = lines
        return self._said[own]

    def _line(self, place: Place) -> HoverLine:
        step = self.shape.since(place)
        if place.quantity == "dsigma" and not self.shape.elementwise(place.layer):
            return step, ("softmax", "softmax")
        names = {"x": self.shape.input_names, "t": self.shape.output_names}.get(place.quantity)
        symbol = self.shape.symbols(*place).text + (f" ({clean(names[place.unit])})" if names else "")
        return step, (symbol, f"{symbol} = {number(self.trace.value(place), HOVERED)}")
