"""The edges of a network as lines, and the heads of their arrows.

A line of plotly has one width and one colour in all its length, so the edges stand in a few series, by sign and by size
of their weights; the same series once more hold those that are lit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from math import atan2, degrees
from typing import Any

from bppviz.core.place import Place
from bppviz.picture.layout import Point
from bppviz.picture.theme import part, stroke

Patch = dict[str, dict[int, Any]]
LEVELS = (2.0, 4.0, 7.0)
BINS = tuple(f"{sign} {level}" for sign in ("positive", "negative") for level in range(len(LEVELS)))


class Lines:
    """The lines of some edges, each from one point to another; a weight's sign and size say how it looks.

    The size is seen beside the `largest` weight of the network. `names` are those of the series.
    """

    names = tuple(f"{prefix}{name}" for prefix in ("", "lit ") for name in BINS)

    def __init__(
        self, ends: Mapping[Place, tuple[Point, Point]], weights: Mapping[Place, float], largest: float
    ) -> None:
        self.ends = ends
        self._bins: dict[str, list[Place]] = {name: [] for name in BINS}
        for place, w in weights.items():
            self._bins[f"{'negative' if w < 0 else 'positive'} {min(2, int(3 * (abs(w) / largest)))}"].append(place)
        # There at every stop.
        self._quiet = {name: self._segments(places) for name, places in self._bins.items()}
        self._heads = {place: _heads(*it) for place, it in ends.items()}

    def series(self) -> dict[str, dict[str, Any]]:
        """Return the lines as plotly's series, before any stop, by name: all of them, and those that are lit."""
        series = {}
        for prefix in ("", "lit "):
            for sign in ("positive", "negative"):
                for level, width in enumerate(LEVELS):
                    line = {"color": part(sign), "width": stroke(width + (1.5 if prefix else 0)), "dash": "solid"}
                    if sign == "negative":
                        line["dash"] = f"{6 + width}px,{4 + width / 2}px"
                    x, y = path([])
                    series[f"{prefix}{sign} {level}"] = {"mode": "lines", "x": x, "y": y, "line": line}
        return series

    def arrows(self, size: float) -> dict[str, Any]:
        """Return the heads of the arrows as plotly's series, before any stop."""
        count = len(self.ends)
        marker = {"symbol": "arrow", "size": size, "angle": [0] * count, "line": {"width": 0}}
        marker["color"] = [part("muted")] * count
        return {"mode": "markers", "x": [0.0] * count, "y": [0.0] * count, "marker": marker}

    def patch(self, patch: Patch, index: Mapping[str, int], lit: Collection[Place], colour: str) -> None:
        """Draw the lines, and the lit ones once more in a colour."""
        for name, places in self._bins.items():
            patch["x"][index[name]], patch["y"][index[name]] = self._quiet[name]
            series = index[f"lit {name}"]
            patch["x"][series], patch["y"][series] = self._segments(place for place in places if place in lit)
            patch["line.color"][series] = colour

    def patch_arrows(self, patch: Patch, series: int, turned: Collection[bool], colours: list[str]) -> None:
        """Draw the heads of the arrows, those that are turned round at the other end."""
        heads = [pair[back] for pair, back in zip(self._heads.values(), turned, strict=True)]
        patch["x"][series] = [x for x, _, _ in heads]
        patch["y"][series] = [y for _, y, _ in heads]
        patch["marker.angle"][series] = [angle for _, _, angle in heads]
        patch["marker.color"][series] = colours

    def _segments(self, places: Iterable[Place]) -> tuple[list[float | None], list[float | None]]:
        return path(self.ends[place] for place in places)


Head = tuple[float, float, int]


def _heads(start: Point, end: Point) -> tuple[Head, Head]:
    """Return the head of an edge's arrow, forward and backward: x, y and the angle to the upright."""
    angle = round(degrees(atan2(end.x - start.x, start.y - end.y)))
    forward = (round(end.x, 1), round(end.y, 1), angle)
    return forward, (round(start.x, 1), round(start.y, 1), angle - 180)


def path(segments: Iterable[tuple[Point, Point]]) -> tuple[list[float | None], list[float | None]]:
    """Return segments as one broken line. It begins with a gap, because plotly drops a series without any points."""
    x: list[float | None] = [None]
    y: list[float | None] = [None]
    for start, end in segments:
        x += [round(start.x, 1), round(end.x, 1), None]
        y += [round(start.y, 1), round(end.y, 1), None]
    return x, y


def xs(points: Iterable[Point]) -> list[float]:
    """Return how far right some points are, in the picture's own units."""
    return [round(point.x, 1) for point in points]


def ys(points: Iterable[Point]) -> list[float]:
    """Return how far down some points are."""
    return [round(point.y, 1) for point in points]
