"""How one run's numbers are written in its picture, as its formulas write them, and what hovering says of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from html import escape

import numpy as np

from bppviz.core.place import Place
from bppviz.core.trace import Trace
from bppviz.picture.names import width_of_words
from bppviz.picture.shape import Known, Shape
from bppviz.picture.theme import TEXT
from bppviz.words.numbers import DIGITS, HOVERED, number
from bppviz.words.symbols import called

WIDEST_NAME = 112  # of an input or output, in units
LEVELS = 3  # of a weight's size, beside the largest one

HoverLine = tuple[int, tuple[str, str]]  # of a hover text: a step, and what stands there before and from that step


def clean(name: str) -> str:
    """Return a name given by a user, cut to a fair length, with nothing in it that plotly would act upon."""
    name = called(name)  # one of a million characters would take minutes
    while TEXT * width_of_words(name) > WIDEST_NAME:
        name = name[:-2] + "…"
    return escape(name, quote=False).replace("$", "&#36;")


class Run:
    """The numbers of one run as its picture writes them, each written when it is first seen."""

    def __init__(self, shape: Shape, trace: Trace) -> None:
        self.shape = shape
        self.trace = trace
        self._texts: dict[tuple[Place, int], str] = {}
        self._said: dict[Place, list[HoverLine]] = {}

    # In the picture

    def text(self, place: Place, digits: int = DIGITS) -> str:
        """Return how a number is written; of a weight or bias, the old one."""
        written = self._texts.get((place, digits))
        if written is None:
            written = self._texts[place, digits] = number(self.trace.value(place), digits)
        return written

    def new(self, own: Place) -> str:
        """Return how the new value of a weight or bias is written."""
        return number(self.trace.updated.value(own))  # type: ignore[union-attr]

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
