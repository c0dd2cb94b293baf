"""Where everything stands that is no circle: edges with their weights, biases, and what is found going backward."""

from __future__ import annotations

from bppviz.core.place import Place
from bppviz.picture.doors import listed_edge, row_end
from bppviz.picture.geometry import Point, between, between_rims
from bppviz.picture.layout import BLOCK, LINE_HIGH, MOST_OPEN, Layout, to_block

MAST = 71  # from the middle of z up to its bias
ON_EDGE, UNDER_EDGE = -14, 22  # from a level edge to its weight, and to its gradient
# Of a slanting edge the weight stands beside its lower half, at the outer side: no other edge comes there.
ASIDE, WIDE_ASIDE, BELOW_CROSSING = 51, 62, 8
WIDEST_BESIDE = 125  # of what stands beside an edge
MIRRORED_ASIDE, MIRRORED_OVER = 52, 26  # in a mirror: of a steep edge, and of one that falls or rises by half a row
HALF_ASIDE, OVER_EDGE = 44, -38  # of an edge that falls or rises by half a row
RISE = 3  # of what stands above a name
LEAN = 20  # how far left of its a ∂l/∂a stands where edges fall steeply from that
GAIN, GAIN_NAME = 34, -28  # from a triangle to its number, and to the name of that
BEFORE_MAST, BESIDE_MAST = 7, 9  # from a weight to a mast, and from that to its bias


def beneath(at: Layout, place: Place) -> Point:
    """Return the place of ∂l/∂z beneath its z, or of ∂l/∂a beneath its a."""
    circle = at.z if place.quantity.endswith("z") else at.a
    x, y = circle(place.layer, place.unit)
    is_fanned = place.quantity.endswith("a") and at.rows > MOST_OPEN and place.layer < at.layers[-1]
    return Point(x - (LEAN if is_fanned else 0), y + to_block(at) + BLOCK / 2)


def gain(at: Layout, gate: Place) -> Point:
    """Return the place of ×σ′, beneath its triangle."""
    x, y = at.gate(gate.layer, gate.unit)
    return Point(x, y + GAIN)


def gain_name(at: Layout, gate: Place) -> Point:
    """Return the place of the name σ′(z), above the triangle."""
    x, y = at.gate(gate.layer, gate.unit)
    return Point(x, y + GAIN_NAME)


def bias(at: Layout, own: Place) -> Point:
    """Return where a bias begins, on its mast above z; in a list, where its number ends."""
    if not at.tagged:
        return row_end(at, own)
    x, y = at.z(own.layer, own.unit)
    return Point(x + BESIDE_MAST, y - MAST)


def edge_of(at: Layout, own: Place) -> tuple[Point, Point]:
    """Return where an edge leaves its source, and where it ends: at its neuron, or at that neuron's list."""
    if not at.tagged:
        return listed_edge(at, own, is_open=at.open_lists)
    return between_rims(at.a(own.layer - 1, own.source or 0), at.z(own.layer, own.unit), at.radius)


def weight(at: Layout, own: Place) -> Point:
    """Return where a weight stands: the middle of its text beside an edge, the end of its number in a list."""
    if not at.tagged:
        return row_end(at, own)
    start, end = at.a(own.layer - 1, own.source or 0), at.z(own.layer, own.unit)
    middle = between(start, end, 0.5)
    if start.y == end.y:
        return Point(middle.x, start.y + ON_EDGE)
    crosses = is_steep(at, own)
    aside = HALF_ASIDE if not crosses else WIDE_ASIDE if at.naming.layers else ASIDE
    side = aside if end.y > start.y else -aside
    return Point(middle.x + side, middle.y + (BELOW_CROSSING if crosses else OVER_EDGE))


def clear(at: Layout, own: Place, point: Point, wide: float) -> Point:
    """Return where the middle of a text beside a slanting edge stands, so that it meets no other.

    Beside a falling edge it ends before the mast of the bias, beside a rising one it leaves room for that.
    """
    if not at.tagged or own.source is None or not is_steep(at, own):
        return point
    mast = at.z(own.layer, own.unit).x - BEFORE_MAST
    is_falling = at.a(own.layer - 1, own.source).y < at.z(own.layer, own.unit).y
    return Point(min(point.x, (mast if is_falling else mast - WIDEST_BESIDE) - wide / 2), point.y)


def is_steep(at: Layout, own: Place) -> bool:
    """Tell whether an edge goes from one row to the other."""
    start, end = at.a(own.layer - 1, own.source or 0), at.z(own.layer, own.unit)
    return at.tagged and abs(start.y - end.y) > at.row / 2


def rise_of(at: Layout) -> float:
    """Return how far above a name its layer reaches, where names have one."""
    return RISE if at.naming.layers else 0


def under(at: Layout, own: Place) -> float:
    """Return how far under a weight or bias stands what is found of it."""
    return UNDER_EDGE - ON_EDGE if is_level(at, own) else LINE_HIGH + rise_of(at)


def is_level(at: Layout, own: Place) -> bool:
    """Tell whether this is a weight over a level edge, with its gradient below that."""
    if not at.tagged or own.source is None:
        return False
    return at.a(own.layer - 1, own.source).y == at.z(own.layer, own.unit).y


def met(at: Layout, own: Place) -> Point:
    """Return the point of an edge beside its weight, where what its gradient is made of meets."""
    start, end = edge_of(at, own)
    if not at.tagged or start.y == end.y:
        return between(start, end, 0.5)
    # On the half that the weight and its gradient leave free, or at its end.
    upper = (0.37 if at.naming.layers else 0.5) if is_steep(at, own) else 0.32
    return between(start, end, upper if end.y > start.y else 1 - upper)


def mirrored_edge(at: Layout, own: Place) -> tuple[Point, Point]:
    """Return where an edge of the mirror image leaves ∂l/∂z, and where it meets the ∂l/∂a of its source."""
    start, end = at.z(own.layer, own.unit), at.a(own.layer - 1, own.source or 0)
    return between_rims(at.twin(start), at.twin(end), at.radius)


def mirrored_weight(at: Layout, own: Place) -> Point:
    """Return where the weight of a mirrored edge stands.

    Over a level edge, on one to a list, beside a steep one, and beyond one that falls or rises by half a row.
    """
    start, end = mirrored_edge(at, own)
    middle, side = between(start, end, 0.5), 1 if start.y > end.y else -1
    if start.y == end.y:
        return Point(middle.x, start.y + ON_EDGE)
    if not at.tagged:
        return middle
    if is_steep(at, own):  # beside its lower half, where no other edge comes
        return Point(middle.x + side * MIRRORED_ASIDE, middle.y + 1)
    return Point(middle.x, middle.y - side * MIRRORED_OVER)
