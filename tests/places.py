"""Where the numbers of a picture stand, by layer, unit and source: where a hand would point at them."""

from bppviz.core.place import Place
from bppviz.picture import beside
from bppviz.picture.geometry import Point
from bppviz.picture.layout import LINE_HIGH

HALF_BIAS = 30  # from the beginning of a bias to the middle of its text


def weight_at(layout, layer, unit, source):
    """Return where a weight stands beside its edge."""
    return beside.weight(layout, Place("w", layer, unit, source))


def bias_at(layout, layer, unit):
    """Return the middle of a bias on its mast."""
    x, y = beside.bias(layout, Place("b", layer, unit))
    return Point(x + HALF_BIAS, y)


def found_at(layout, layer, unit, source=None):
    """Return where the gradient of a weight or bias stands, under it."""
    own = Place("b", layer, unit) if source is None else Place("w", layer, unit, source)
    x, y = bias_at(layout, layer, unit) if source is None else beside.weight(layout, own)
    return Point(x, y + (36 if beside.is_level(layout, own) else LINE_HIGH))


def gradient_at(layout, quantity, layer, unit):
    """Return where ∂l/∂z or ∂l/∂a stands, beneath its circle."""
    return beside.beneath(layout, Place(quantity, layer, unit))


def gain_at(layout, layer, unit):
    """Return where ×σ′ stands, beneath its triangle."""
    return beside.gain(layout, Place("dsigma", layer, unit))


def edge_at(layout, layer, unit, source):
    """Return both ends of an edge."""
    return beside.edge_of(layout, Place("w", layer, unit, source))


def mirrored_edge_at(layout, layer, unit, source):
    """Return both ends of an edge of the mirror."""
    return beside.mirrored_edge(layout, Place("w", layer, unit, source))
