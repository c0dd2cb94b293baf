"""Where the lists at the doors of neurons stand, and their rows: one for each weight, then the bias if there is one.

All are open, or all are closed until a stop is about one: that one opens to its left, over the edges.
"""

from __future__ import annotations

from bppviz.core.place import Place
from bppviz.picture.geometry import Box, Point, between, far
from bppviz.picture.layout import DOOR, HAIRLINE, LIST_ROW, Layout, list_high

CLOSED_HIGH = 32
BELOW_OPENED = 26  # that a list which opens leaves free below it, for what tells of its bias
TOP = 28  # above which no list goes: there are the headings


def list_box(at: Layout, door: Place, *, is_open: bool) -> Box:
    """Return the list of a neuron, open or closed."""
    y, right = at.z(door.layer, door.unit).y, list_left(at, door.layer) + at.list_width
    if not is_open:
        return Box(right - at.list_width, y - CLOSED_HIGH / 2, right, y + CLOSED_HIGH / 2)
    high = list_high(at, door.layer)
    below = 4 if at.open_lists else BELOW_OPENED
    top = max(TOP, min(y - high / 2, at.drawn_height - high - below))
    return Box(right - at.columns.width, top, right, top + high)


def list_left(at: Layout, layer: int) -> float:
    """Return where the lists of a layer begin, as they stand when nothing is computed."""
    return at.z(layer, 0).x - at.radius - DOOR - at.list_width


def row_y(at: Layout, own: Place) -> float:
    """Return how far down the row of a weight or bias is in an open list."""
    is_bias = own.source is None
    before = at.sizes[own.layer - 1] if own.source is None else own.source
    return list_box(at, own, is_open=True).top + 3 + (before + 0.5) * LIST_ROW + is_bias * HAIRLINE


def row_end(at: Layout, own: Place) -> Point:
    """Return the right end of a row's own number; a closed list has all in its middle."""
    if at.open_lists:
        right = list_left(at, own.layer) + 6 + at.columns.names + at.columns.numbers
        return Point(right, row_y(at, own))
    box = list_box(at, own, is_open=False)
    return Point((box.left + box.right) / 2, at.z(own.layer, own.unit).y)


def listed_edge(at: Layout, edge: Place, *, is_open: bool) -> tuple[Point, Point]:
    """Return where an edge leaves its source, and where it ends: at its row of an open list, or at a closed one."""
    start = at.a(edge.layer - 1, edge.source or 0)
    y = row_y(at, edge) if is_open else at.z(edge.layer, edge.unit).y
    end = Point(list_box(at, edge, is_open=is_open).left, y)
    return between(start, end, at.radius / far(start, end)), end
