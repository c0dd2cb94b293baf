"""The boxes of a picture: filled behind what a stop finds, an outline around what that is found from.

They are closed lines, a series for each look: plotly fills them all at once. The grounds of texts are thick lines.

==================  ==========================================================================
`Frame`             a box around a number
`Boxing`            the boxes of some marks, in their series
`Plate`             the ground of a text that lines would cross: they end at it, and go on behind it
`Plates`            the grounds of the texts of some marks, in their series
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin
from typing import NamedTuple, Protocol

from bppviz.picture.geometry import Box, Point
from bppviz.picture.marks import ALWAYS_LIT, COMMON, Patches, Series
from bppviz.picture.moment import Moment
from bppviz.picture.run import Run
from bppviz.picture.theme import part, stroke

# The looks of boxes, from the lowest to the uppermost: the colours of line and ground, and how thick the line is.
LOOKS: dict[str, tuple[str, str, float]] = {
    "still": ("line", "background", 1.7),  # those that hardly ever change have a series for themselves
    "quiet": ("line", "background", 1.7),
    "used ink": ("ink", "background", 2.8),
    "used forward": ("forward", "background", 2.8),
    "used backward": ("backward", "background", 2.8),
    "found ink": ("ink", "ink", 1.7),
    "found forward": ("forward", "forward", 1.7),
    "found backward": ("backward", "backward", 1.7),
    "found update": ("update", "update", 1.7),
}
PLATE_HIGH = 24  # as a line of text with its indices
ROUND = 10  # sides of half a circle
PLATE_ASIDE = 2  # from a text to the end of its ground
NOWHERE = (None, None, None), (None, None, None)


class Frame(NamedTuple):
    """A box, and its look; a round one is a capsule."""

    box: Box
    look: str
    is_round: bool = False


class Framing(Protocol):
    """A mark that puts boxes around some of its numbers."""

    def frames(self, run: Run, now: Moment, /) -> Iterable[Frame]:
        """Return the boxes of a stop."""


@dataclass(frozen=True)
class Boxing:
    """The boxes of some marks."""

    name: str
    marks: Sequence[Framing]

    def series(self) -> dict[str, Series]:
        """Return the boxes before any stop: none."""
        drawn = {f"{self.name} {look}": _drawn(*colours) for look, colours in LOOKS.items()}
        return {
            name: series if name.endswith(("still", "quiet")) else series | ALWAYS_LIT for name, series in drawn.items()
        }

    def patch(self, run: Run, now: Moment) -> Patches:
        """Draw the boxes of a stop."""
        # A line begins with a gap, because plotly drops a series without any points.
        drawn: dict[str, Series] = {name: {"x": [None], "y": [None]} for name in LOOKS}
        for mark in self.marks:
            for box, look, is_round in mark.frames(run, now):
                x, y = closed_line(box, is_round)
                drawn[look]["x"] += x
                drawn[look]["y"] += y
        return {f"{self.name} {name}": line for name, line in drawn.items()}


class Plate(NamedTuple):
    """The ground of a line of text: its middle, and how wide it is."""

    middle: Point
    wide: float


class Grounded(Protocol):
    """A mark of whose texts lines would cross some."""

    def plates(self, run: Run, now: Moment, /) -> Iterable[Plate | None]:
        """Return the grounds of a stop: as many at every one, None for a text that is not there."""


@dataclass(frozen=True)
class Plates:
    """The grounds of the texts of some marks, over all lines."""

    name: str
    marks: Sequence[Grounded]

    def series(self) -> dict[str, Series]:
        """Return the grounds before any stop: none."""
        line = {"color": part("background"), "width": PLATE_HIGH}
        return {self.name: {**COMMON, "mode": "lines", "x": [None], "y": [None], "line": line} | ALWAYS_LIT}

    def patch(self, run: Run, now: Moment) -> Patches:
        """Draw the grounds of a stop: each has its place in the list, of which then little changes."""
        drawn: Series = {"x": [None], "y": [None]}
        for plate in (it for mark in self.marks for it in mark.plates(run, now)):
            x, y = _level(plate) if plate else NOWHERE
            drawn["x"] += x
            drawn["y"] += y
        return {self.name: drawn}


def _level(plate: Plate) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
    """Return x and y of the line under a text, which reaches a little further up, where an index may stand."""
    (x, y), half = plate.middle, plate.wide / 2 + PLATE_ASIDE
    return (round(x - half), round(x + half), None), (round(y - 1), round(y - 1), None)


def _drawn(line: str, ground: str, width: float) -> Series:
    look = {"line": {"color": part(line), "width": stroke(width)}, "fill": "toself", "fillcolor": part(ground)}
    return {**COMMON, "mode": "lines", "x": [None], "y": [None], **look}


@lru_cache(maxsize=1024)  # most boxes stay as they are from stop to stop
def closed_line(box: Box, is_round: bool = False) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    """Return x and y of the line around a box, and the gap behind it."""
    corners = _capsule(box) if is_round else _rectangle(box)
    around = [*corners, *corners[:2]]  # so that the last corner is as sharp as the others
    return (*(round(it.x, 1) for it in around), None), (*(round(it.y, 1) for it in around), None)


def _rectangle(box: Box) -> list[Point]:
    left, top, right, bottom = box
    return [Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom)]


def _capsule(box: Box) -> list[Point]:
    """Return a box whose ends are half circles."""
    radius, middle = (box.bottom - box.top) / 2, (box.top + box.bottom) / 2
    turns = [pi * (i / ROUND - 0.5) for i in range(ROUND + 1)]
    right = [Point(box.right - radius + radius * cos(it), middle + radius * sin(it)) for it in turns]
    left = [Point(box.left + radius - radius * cos(it), middle - radius * sin(it)) for it in turns]
    return [*right, *left]
