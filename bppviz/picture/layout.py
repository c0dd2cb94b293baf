"""Where things stand: the place of every neuron, number and edge of a network drawn neuron by neuron.

Units are pixels of a canvas that the stage scales as a whole; y points down.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from math import hypot
from typing import NamedTuple

ROOMY_ROWS = 3


class Point(NamedTuple):
    """A place on the canvas."""

    x: float
    y: float


class Spacing(NamedTuple):
    """Distances of a picture; a crowded one has smaller circles, and not every edge has a label."""

    labelled: bool
    radius: float
    row: float
    edge: float
    neuron: float
    above: float
    below: float
    closer: float = 1.0  # the rows of a mirror image, by those of the network


ROOMY = Spacing(labelled=True, radius=37, row=226, edge=200, neuron=118, above=136, below=92)
CROWDED = Spacing(labelled=False, radius=31, row=106, edge=228, neuron=98, above=98, below=74)
# Where the gradients stand in a mirror image below the network, less room is needed.
TWINNED = ROOMY._replace(radius=41, row=188, edge=192, neuron=124, above=133, below=47, closer=0.62)
TWINNED_CROWDED = CROWDED._replace(below=50)
UNDER = 30  # from the lower end of the network to the uppermost circles of its image
TARGET, LOSS, GATE = 74, 84, 15
RIM = 4  # between the circles of the inputs and the left end of the canvas; half of it is the circles' own line


@dataclass(frozen=True)
class Layout:
    """The picture of a network with these sizes, (n_in, …, n_out); a twinned one has its mirror image below it."""

    sizes: tuple[int, ...]
    given: Spacing | None = None
    twinned: bool = False

    @property
    def labels_are_free(self) -> bool:
        """Tell whether no label of an edge covers anything."""
        return not any(covered for _, covered in self._label_shares.values())

    @cached_property
    def roomy(self) -> bool:
        """Tell whether there is room for a label on every edge."""
        return max(self.sizes) <= ROOMY_ROWS and self._at_ease.labels_are_free

    @cached_property
    def _at_ease(self) -> Layout:
        """Return the roomy layout of these sizes, in which the labels find their places."""
        if self.given and self.given.labelled:
            return self
        return Layout(self.sizes, TWINNED if self.twinned else ROOMY, self.twinned)

    @cached_property
    def space(self) -> Spacing:
        """Return the distances that this picture keeps."""
        if self.given:
            return self.given
        roomy, crowded = (TWINNED, TWINNED_CROWDED) if self.twinned else (ROOMY, CROWDED)
        return roomy if self.roomy else crowded

    @property
    def layers(self) -> range:
        """Return the numbers of the layers, from 1."""
        return range(1, len(self.sizes))

    @property
    def width(self) -> float:
        """Return the width of the canvas."""
        return self.loss.x + 44

    @property
    def height(self) -> float:
        """Return the height of the canvas."""
        if not self.twinned:
            return self._lower_end
        return self.twin(Point(0, self._lower_end - self.space.below)).y + self.space.radius + 6

    @property
    def _lower_end(self) -> float:
        """Return where the network ends."""
        return self.space.above + (max(self.sizes) - 1) * self.space.row + self.space.below

    def twin(self, point: Point) -> Point:
        """Return the place in the mirror image: straight below the one in the network."""
        first = self._lower_end + UNDER + self.space.radius  # the first row of the image
        return Point(point.x, first + self.space.closer * (point.y - self.space.above))

    def mirrored_edge(self, layer: int, unit: int, source: int) -> tuple[Point, Point]:
        """Return where an edge of the mirror image leaves ∂l/∂z and where it meets the ∂l/∂a of its source."""
        return _between_rims(self.twin(self.z(layer, unit)), self.twin(self.a(layer - 1, source)), self.space.radius)

    def _y(self, layer: int, unit: int) -> float:
        middle = self.space.above + (max(self.sizes) - 1) * self.space.row / 2
        return middle + (unit - (self.sizes[layer] - 1) / 2) * self.space.row

    def x(self, unit: int) -> Point:
        """Return the place of an input."""
        return Point(self.space.radius + RIM, self._y(0, unit))

    def z(self, layer: int, unit: int) -> Point:
        """Return the place where a neuron's z stands."""
        column = self.x(0).x + layer * self.space.edge + (layer - 1) * self.space.neuron
        return Point(column, self._y(layer, unit))

    def a(self, layer: int, unit: int) -> Point:
        """Return the place where a neuron's a stands; layer 0 is the inputs."""
        if layer == 0:
            return self.x(unit)
        z = self.z(layer, unit)
        return Point(z.x + self.space.neuron, z.y)

    def gate(self, layer: int, unit: int) -> Point:
        """Return the place of a neuron's σ, between its z and its a."""
        z = self.z(layer, unit)
        return Point(z.x + self.space.neuron / 2, z.y)

    def target(self, unit: int) -> Point:
        """Return the place of a target, beside its output."""
        y = self.a(self.layers[-1], unit)
        return Point(y.x + TARGET, y.y)

    @property
    def loss(self) -> Point:
        """Return the place of the loss, behind the middle of the targets."""
        return Point(self.target(0).x + LOSS, self.target(0).y / 2 + self.target(self.sizes[-1] - 1).y / 2)

    def bias(self, layer: int, unit: int) -> Point:
        """Return the place of a bias, above its z."""
        z = self.z(layer, unit)
        return Point(z.x, z.y - 66) if self.space.labelled else Point(z.x - 34, z.y - self.space.radius - 12)

    def below(self, layer: int, unit: int) -> Point:
        """Return the place of ∂l/∂z, below its z."""
        z = self.z(layer, unit)
        return Point(z.x, z.y + self.space.radius + (40 if self.space.labelled else 13))

    def above(self, layer: int, unit: int) -> Point:
        """Return the place of ∂l/∂a: above its a where there is room, which leaves the edges below to their labels."""
        a = self.a(layer, unit)
        return Point(a.x, a.y - 60) if self.space.labelled else Point(a.x, a.y + self.space.radius + 13)

    def gain(self, layer: int, unit: int) -> Point:
        """Return the place of σ′(z), above the amplifier."""
        gate = self.gate(layer, unit)
        return Point(gate.x, gate.y - (38 if self.space.labelled else 42))

    def edge(self, layer: int, unit: int, source: int) -> tuple[Point, Point]:
        """Return where an edge leaves the circle of its source and where it meets the circle of its neuron."""
        return _between_rims(self.a(layer - 1, source), self.z(layer, unit), self.space.radius)

    def on_edge(self, layer: int, unit: int, source: int, share: float) -> Point:
        """Return the point that divides an edge in this proportion."""
        return _between(*self.edge(layer, unit, source), share)

    def edge_label(self, layer: int, unit: int, source: int) -> Point:
        """Return where the label of an edge stands: a weight, with its gradient below.

        In a crowded picture few edges are labelled at a time, where they are apart from each other and from the biases.
        """
        if self.roomy:
            return self.on_edge(layer, unit, source, self._at_ease._label_shares[layer, unit, source][0])
        start, end = self.a(layer - 1, source), self.z(layer, unit)
        return _between(start, end, 84 / (end.x - start.x))

    @cached_property
    def _label_shares(self) -> dict[tuple[int, int, int], tuple[float, float]]:
        """Give every edge in turn the best place where its label covers least of what stands already.

        Returns the share of the edge at which the label stands, and how much it covers.
        """
        return _label_shares(self)


@cache
def layout_of(sizes: tuple[int, ...], twinned: bool = False) -> Layout:
    """Return the layout of networks of these sizes; its places are found once."""
    return Layout(sizes, twinned=twinned)


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


_CANDIDATES = tuple(share / 50 for share in range(8, 43))


def _label_box(point: Point) -> Box:
    return Box(point.x - 46, point.y - 12, point.x + 46, point.y + 32)


def _between(start: Point, end: Point, share: float) -> Point:
    return Point(start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share)


def _between_rims(start: Point, end: Point, radius: float) -> tuple[Point, Point]:
    """Return the ends of a line between two circles, given their middles."""
    share = radius / hypot(end.x - start.x, end.y - start.y)
    return _between(start, end, share), _between(start, end, 1 - share)


def _label_shares(layout: Layout) -> dict[tuple[int, int, int], tuple[float, float]]:
    """Give every edge in turn the best place where its label covers least of what stands already."""
    shares = {}
    for layer in layout.layers:
        taken = [box for side in (layer - 1, layer) for box in _boxes(layout, side)]
        edges = [(i, j) for i in range(layout.sizes[layer]) for j in range(layout.sizes[layer - 1])]
        # Those with the least choice come first: level edges, then those that run down to a neuron, under its bias.
        edges.sort(key=lambda edge: _choice(layout.z(layer, edge[0]).y - layout.a(layer - 1, edge[1]).y))
        for unit, source in edges:
            boxes = {share: _label_box(layout.on_edge(layer, unit, source, share)) for share in _CANDIDATES}
            covered = {share: sum(box.covers(other) for other in taken) for share, box in boxes.items()}
            # Off the middle, where the other diagonals cross.
            wanted = 0.5 if layout.z(layer, unit).y == layout.a(layer - 1, source).y else 0.3
            best = min(_CANDIDATES, key=lambda share: (covered[share], abs(share - wanted)))
            taken.append(boxes[best])
            shares[layer, unit, source] = (best, covered[best])
    return shares


def _choice(fall: float) -> tuple[float, bool]:
    return abs(fall), fall < 0


def _boxes(layout: Layout, layer: int) -> list[Box]:
    """Return the room that the numbers of a layer take: in the circles, above z, and those of the gradients."""
    radius, boxes = layout.space.radius, []
    for unit in range(layout.sizes[layer]):
        a = layout.a(layer, unit)
        boxes.append(Box(a.x - radius, a.y - radius, a.x + radius, a.y + radius))
        if layer:
            z, bias, gradient = layout.z(layer, unit), layout.bias(layer, unit), layout.above(layer, unit)
            boxes.append(Box(z.x - radius, z.y - radius, z.x + radius, z.y + radius))
            boxes.append(Box(bias.x - 46, bias.y - 34, bias.x + 46, bias.y + 10))
            if not layout.twinned:
                boxes.append(Box(z.x - 46, z.y + radius, z.x + 46, z.y + radius + 52))
                boxes.append(Box(gradient.x - 44, gradient.y - 34, gradient.x + 44, gradient.y + 10))
    return boxes
