"""What a picture is drawn with, as plotly has it: broken lines, texts, markers.

A mark draws its series once for a shape, and at each stop tells what changes in them. Plotly calls its series "traces";
here they are series, found by name, and a trace is a recorded run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from bppviz.core.place import Place, gradient_of, key
from bppviz.picture.geometry import Point
from bppviz.picture.moment import Moment
from bppviz.picture.run import Run
from bppviz.picture.shape import Ends, Shape
from bppviz.picture.theme import FONT, TEXT, part

Series = dict[str, Any]
Patches = dict[str, Series]  # by series, its attributes, such as "marker.color", with their new values
Patch = dict[str, dict[int, Any]]  # the same as the page takes it: by attribute, and by the index of a series
Outline = list[float]  # x and y of a ring's middle, or of both ends of a band

QUESTION = "?"
COMMON = {"type": "scatter", "hoverinfo": "skip", "showlegend": False, "cliponaxis": False}
ALWAYS_LIT = {"meta": {"at": "*"}}  # of a series that the spotlight never dims
UNSEEN = {"size": 22, "opacity": 0, "color": part("background")}  # what answers the mouse where a label stands


class Mark(Protocol):
    """A part of a picture: everything of one kind that stands in it."""

    def series(self) -> dict[str, Series]:
        """Return the mark's series by name, before any stop."""

    def patch(self, run: Run, now: Moment, /) -> Patches:
        """Return what changes at a stop: the same attributes of the same series at every one."""


class Fixed(NamedTuple):
    """A mark that stays as it is, but for what another mark may put into its series."""

    drawn: dict[str, Series]

    def series(self) -> dict[str, Series]:
        """Return the mark's series by name."""
        return self.drawn

    def patch(self, *_: object) -> Patches:
        """Return nothing: it stays as it is."""
        return {}


@dataclass(frozen=True)
class Answers:
    """Points that cannot be seen and answer the mouse, where labels stand."""

    shape: Shape
    name: str
    points: Mapping[Place, Point]

    def series(self) -> dict[str, Series]:
        """Return the markers."""
        return {self.name: answering(self.shape, self.points, UNSEEN)}

    def patch(self, run: Run, now: Moment) -> Patches:
        """Say what is known."""
        return {self.name: {"hovertext": run.hover(self.points, now.known)}}


def numbered(patches: Patches, names: Iterable[str]) -> Patch:
    """Return what changes in some series as the page takes it, given the names of all."""
    index = {name: i for i, name in enumerate(names)}
    patch: Patch = defaultdict(dict)
    for name, changes in patches.items():
        for attribute, value in changes.items():
            patch[attribute][index[name]] = value
    return dict(patch)


# Series


def lines(segments: Iterable[Ends], **line: Any) -> Series:
    """Return segments as one broken line, solid unless another dash is given."""
    x, y = path(map(snapped, segments))
    return {**COMMON, "mode": "lines", "x": x, "y": y, "line": line}


def texts(points: Sequence[Point], written: Sequence[str], colour: str, side: str = "", **font: Any) -> Series:
    """Return texts at points: in the middle of each, or at one `side` of it, left or right."""
    font = {"family": FONT, "size": TEXT, "color": part(colour), **font}
    at_side = {"textposition": f"middle {side}"} if side else {}
    drawn = {"x": xs(points), "y": ys(points), "text": filled(written), "textfont": font}
    return {**COMMON, "mode": "text", **at_side, **drawn}


def inked(colours: Iterable[str]) -> Series:
    """Return what gives texts their colours."""
    return {"textfont.color": list(map(part, colours))}


def unwritten(points: Sequence[Point], colour: str, side: str = "") -> Series:
    """Return texts at points, which are empty before any stop, each with a colour of its own."""
    count = len(points)
    return texts(points, [""] * count, colour, side, color=[part(colour)] * count)


def markers(points: Iterable[Point], marker: Series, **more: Any) -> Series:
    """Return markers at points."""
    points = list(points)
    return {**COMMON, "mode": "markers", "x": xs(points), "y": ys(points), "marker": marker, **more}


def answering(shape: Shape, points: Mapping[Place, Point], marker: Series) -> Series:
    """Return markers at some places, which answer the mouse."""
    answers = {"customdata": [shape.answer(place) for place in points], "hovertext": [""] * len(points)}
    return markers(points.values(), marker, hoverinfo="text", **answers)


def told_at(shape: Shape, series: Series, places: Iterable[Place]) -> Series:
    """Return texts that answer the mouse, each for the number that it tells, wherever it stands."""
    return {**series, "customdata": [shape.answer(place) for place in places]}


def finding(shape: Shape, series: Series, owns: Iterable[Place]) -> Series:
    """Return texts that answer for what is found of weights and biases: their gradients, until more is."""
    return {**series, "customdata": [shape.found_answer(gradient_of(own)) for own in owns]}


def lit_with(series: Series, places: Iterable[Place], beside: Mapping[str, str] | None = None) -> Series:
    """Return a series whose points the spotlight lights up with their places, or with the gradients `beside` these."""
    keys = ([it, it._replace(quantity=(beside or {}).get(it.quantity, it.quantity))] for it in places)
    return {**series, "meta": {"at": [" ".join(dict.fromkeys(map(key, pair))) for pair in keys]}}


def lit_in(passes: str, series: Series) -> Series:
    """Return a series that the spotlight lights up at stops of one pass alone, in the half of a picture that it has."""
    return {**series, "meta": {**series["meta"], "pass": passes}}


def outlined(count: int, colour: str) -> Series:
    """Return markers with nothing in them, each with a fill and an outline of its own."""
    line = {"color": [part(colour)] * count, "width": [2] * count}
    return {"color": [part("background")] * count, "opacity": 1, "line": line}


# Texts


def filled(written: Iterable[str]) -> list[str]:
    """Return texts of which none is empty: plotly removes an empty one for good, and misses the next text there."""
    return [text or " " for text in written]


# Points


def path(segments: Iterable[Ends]) -> tuple[list[float | None], list[float | None]]:
    """Return segments as one broken line. It begins with a gap, because plotly drops a series without any points."""
    x: list[float | None] = [None]
    y: list[float | None] = [None]
    for start, end in segments:
        x += (start.x, end.x, None)
        y += (start.y, end.y, None)
    return x, y


def snapped(ends: Ends) -> Ends:
    """Return both ends of a line as finely as they are drawn."""
    start, end = (Point(round(it.x, 1), round(it.y, 1)) for it in ends)
    return start, end


def xs(points: Iterable[Point]) -> list[float]:
    """Return how far right some points are, in the picture's own units."""
    return [round(point.x, 1) for point in points]


def ys(points: Iterable[Point]) -> list[float]:
    """Return how far down some points are."""
    return [round(point.y, 1) for point in points]


def outline(*points: Point) -> Outline:
    """Return where something is marked: around one point, or from one to another."""
    return [float(round(it)) for point in points for it in point]
