"""Points and rectangles on a canvas; y points down."""

from __future__ import annotations

from math import hypot
from typing import NamedTuple


class Point(NamedTuple):
    """A place on the canvas."""

    x: float
    y: float


class Box(NamedTuple):
    """A rectangle on the canvas."""

    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: Box) -> float:
        """Return the area that two rectangles share."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)

    def grown(self, by: float) -> Box:
        """Return the rectangle with so much more at each side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


def box_around(middle: Point, width: float, height: float) -> Box:
    """Return the rectangle of a size around a point."""
    return Box(middle.x - width / 2, middle.y - height / 2, middle.x + width / 2, middle.y + height / 2)


def far(start: Point, end: Point) -> float:
    """Return how far two points are apart."""
    return hypot(end.x - start.x, end.y - start.y)


def between(start: Point, end: Point, share: float) -> Point:
    """Return the point that divides the way from one to another in this proportion."""
    return Point(start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share)


def between_rims(start: Point, end: Point, radius: float) -> tuple[Point, Point]:
    """Return the ends of a line between two circles, given their middles."""
    share = radius / far(start, end)
    return between(start, end, share), between(start, end, 1 - share)
