"""The marks that a picture is made of, and what they are drawn with: broken lines, texts, markers, bars.

A mark draws its series once for a shape, and at each stop tells what changes in them. Plotly calls its series "traces";
here they are series, found by name, and a trace is a recorded run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from bppviz.core.emphasis import Emphasis
from bppviz.core.place import Place, key
from bppviz.picture.layout import Point
from bppviz.picture.run import Label, Run
from bppviz.picture.shape import Ends, Known, Shape
from bppviz.picture.theme import FONT, TEXT, part

Series = dict[str, Any]
Patches = dict[str, Series]  # by series, its attributes, such as "marker.color", with their new values
Patch = dict[str, dict[int, Any]]  # the same as the page takes it: by attribute, and by the index of a series
Outline = list[float]  # x and y of a ring's middle, or of both ends of a band

QUESTION = "?"
COMMON = {"type": "scatter", "hoverinfo": "skip", "showlegend": False, "cliponaxis": False}
ALWAYS_LIT = {"meta": {"at": "*"}}  # of a series that the spotlight never dims
UNSEEN = {"size": 22, "opacity": 0, "color": part("background")}  # what answers the mouse where a label stands
# A bar behind a text is plotly's marker "line-ew", a stroke 1.4 times as long as its size.
STROKE = 1.4


class Mark(Protocol):
    """A part of a picture: everything of one kind that stands in it."""

    def series(self) -> dict[str, Series]:
        """Return the mark's series by name, before any stop."""

    def patch(self, run: Run, known: Known, emphasis: Emphasis, /) -> Patches:
        """Return what changes at a stop: the same attributes of the same series at every one."""


class Still(NamedTuple):
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

    def patch(self, run: Run, known: Known, _: Emphasis) -> Patches:
        """Say what is known."""
        return {self.name: {"hovertext": run.hover(self.points, known)}}


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


def texts(points: Sequence[Point], written: Sequence[str], colour: str, **font: Any) -> Series:
    """Return texts at points."""
    font = {"family": FONT, "size": TEXT, "color": part(colour), "shadow": part("halo"), **font}
    return {**COMMON, "mode": "text", "x": xs(points), "y": ys(points), "text": filled(written), "textfont": font}


def unwritten(points: Sequence[Point], colour: str, **font: Any) -> Series:
    """Return texts at points, which are empty before any stop."""
    return texts(points, [""] * len(points), colour, **font)


def slotted(slots: int, colour: str, **font: Any) -> Series:
    """Return empty texts that each stop puts into their places."""
    return unwritten([Point(0, 0)] * slots, colour, **font)


def markers(points: Iterable[Point], marker: Series, **more: Any) -> Series:
    """Return markers at points."""
    points = list(points)
    return {**COMMON, "mode": "markers", "x": xs(points), "y": ys(points), "marker": marker, **more}


def answering(shape: Shape, points: Mapping[Place, Point], marker: Series) -> Series:
    """Return markers at some places, which answer the mouse."""
    answers = {"customdata": [shape.answer(place) for place in points], "hovertext": [""] * len(points)}
    return markers(points.values(), marker, hoverinfo="text", **answers)


def lit_with(series: Series, places: Iterable[Place], beside: Mapping[str, str] | None = None) -> Series:
    """Return a series whose points the spotlight lights up with their places, or with the gradients `beside` these."""
    keys = ([it, it._replace(quantity=(beside or {}).get(it.quantity, it.quantity))] for it in places)
    return {**series, "meta": {"at": [" ".join(dict.fromkeys(map(key, pair))) for pair in keys]}}


def outlined(count: int, colour: str) -> Series:
    """Return markers with nothing in them, each with a fill and an outline of its own."""
    line = {"color": [part(colour)] * count, "width": [2] * count}
    return {"color": [part("background")] * count, "opacity": 1, "line": line}


# Bars


class Backdrop(NamedTuple):
    """A bar of a colour behind a label."""

    label: Label
    colour: str


def no_bars() -> Series:
    """Return a series of bars before any stop."""
    marker = {"symbol": "line-ew", "size": [0], "opacity": 1, "line": {"width": 24, "color": [part("background")]}}
    return {**markers([], marker), "x": [None], "y": [None]}


def barred(bars: Sequence[Backdrop]) -> Series:
    """Return what puts bars into their series."""
    return {
        "x": [None, *xs(bar.label.point for bar in bars)],
        "y": [None, *ys(bar.label.point for bar in bars)],
        "marker.size": [0, *(bar.label.width / STROKE for bar in bars)],
        "marker.line.color": [part("background"), *(part(bar.colour) for bar in bars)],
    }


# Texts


def written_into(labels: Iterable[tuple[Label, object]], slots: int) -> Series:
    """Return what writes labels into the slots of a series, each bold or not."""
    pairs = list(labels)
    pairs += [(Label(""), False)] * (slots - len(pairs))
    return {
        "text": filled(label.marked_up(bold) for label, bold in pairs),
        "x": xs(label.point for label, _ in pairs),
        "y": ys(label.point for label, _ in pairs),
    }


def unknown(place: Place, emphasis: Emphasis) -> str:
    """Return what stands in the place of a number that is not known: a question mark where it is asked for."""
    return f"<b>{QUESTION}</b>" if place in emphasis.asked else ""


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
