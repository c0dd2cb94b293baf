"""Where things stand: the place of every neuron, number and edge of a network drawn neuron by neuron.

One rule for all derivatives: each stands under its thing, ∂l/∂z under z, ∂l/∂w under w. Up to two rows of neurons have
their weights on the edges; more have them in lists, one at the door of every neuron, where each edge ends at its row.
Units are pixels of a canvas that the stage scales as a whole; y points down.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from math import ceil
from typing import NamedTuple

from bppviz.picture.geometry import Point

MOST_TAGGED = 2  # rows whose weights have room on their edges
MOST_OPEN = 4  # rows whose lists are all open; of more, only that of the neuron that a step is about
RIM, WIDE_RIM = 12, 18  # between the circles of the inputs and the left end of the canvas
HEADING = 12  # of a column, from the top
FIRST, FIRST_BARE = 127, 104  # from the top to the first row, over which biases stand on masts, and without any
EDGE, WIDE_EDGE = 194, 256  # from a to the next z, also where names have their layer
NEURON, WIDE_NEURON, CLOSED_NEURON = 137, 164, 176  # from z to a; more where numbers, or words, may be wide
BEHIND_MASTS = 32  # how far right of its middle a softmax is, where biases stand left of it
FREE_EDGE, OPENING = 88, 266  # that every edge has before it comes to a list; to one that has yet to open, more
ROOM_FOR = {"": 0, "sum": 18, "mean": 38}  # more, where a sum over samples is to stand on it, or a mean
NAMED_SUMS = 72  # and more again where the name of its weight stands there too
WIDE_MEAN = 18  # that the gradients of a list with little room for them take more where they are means over samples
DOOR = 24  # from a list to its z
LIST_ROW = 29  # from a row of a list to the next
HAIRLINE = 5  # between the weights of a list and its bias
NAMES = 122  # that the names of the inputs take, where there are any
LINE_HIGH = 23  # from a line of text to the next
BETWEEN = 28  # from what stands beneath a neuron to the next one, which may have a rule over it
BLOCK = 50  # the height of a name with its number below
TO_BLOCK, BELOW_GAIN = 6, 12  # from a circle to what stands beneath it; where ×σ′ has no room above that, more
TAGGED_ROW, TWINNED_ROW = 198, 190  # from row to row, where weights stand on the edges
RULE = 22  # of what tells how ∂l/∂y comes from y and t, below that
TARGET_HIGH = 30
TO_LOSS, FROM_MANY = 52, 66  # from the middle of y to the box of the loss; the second from three outputs or more
LOSS_BOX, WIDE_LOSS_BOX = (104, 78), (150, 104)  # width and height of the box of the loss
UNDER = 22  # from the network to the uppermost circles of its mirror
FOOT = 2  # below the network
LEGEND = 30  # the height of the legend's first line, with the rule above it
GATE = 17
ENTRIES = (104, 104, 204, 168, 138, 136, 78, 102, 112)  # how wide those of the legend are, in either language
COLOURS = 6  # the first entry that explains a colour


class Columns(NamedTuple):
    """How wide the rows of a list are: its names, its numbers and, beside these, its gradients."""

    names: float
    numbers: float
    gradients: float

    @property
    def width(self) -> float:
        """Return the width of a list, with its padding."""
        return self.names + self.numbers + self.gradients + 22


NAMED_ROWS, BARE_ROWS = Columns(84, 64, 134), Columns(0, 76, 108)
OPENED_ROWS, NO_ROWS = Columns(84, 64, 108), Columns(0, 0, 0)
CLOSED = 130  # the width of a closed list


class Naming(NamedTuple):
    """What needs more room: names of inputs and outputs, symbols but the lecture's, a long loss, a softmax.

    `total` is what becomes of several samples, their sum or their mean; empty for one.
    """

    inputs: bool = False
    outputs: bool = False
    layers: bool = False
    loss: bool = False
    softmax: bool = False
    total: str = ""


NO_NAMING = Naming()


@dataclass(frozen=True)
class Layout:
    """The picture of a network with these sizes, (n_in, …, n_out).

    A `twinned` one has its mirror image below it. `without_bias` are the layers that have no biases.
    """

    sizes: tuple[int, ...]
    twinned: bool = False
    naming: Naming = NO_NAMING
    without_bias: frozenset[int] = frozenset()

    @property
    def layers(self) -> range:
        """Return the numbers of the layers, from 1."""
        return range(1, len(self.sizes))

    @cached_property
    def rows(self) -> int:
        """Return how many neurons the largest layer has."""
        return max(self.sizes)

    @cached_property
    def tagged(self) -> bool:
        """Tell whether the weights stand on their edges; else they stand in lists."""
        return self.rows <= MOST_TAGGED

    @cached_property
    def open_lists(self) -> bool:
        """Tell whether every neuron's list is open."""
        return not self.tagged and self.rows <= MOST_OPEN

    @cached_property
    def radius(self) -> float:
        """Return the radius of a circle."""
        return 35 if self.rows <= MOST_OPEN else 31

    @cached_property
    def columns(self) -> Columns:
        """Return how wide the lists are: with names where the network is not deep."""
        if self.tagged:
            return NO_ROWS
        if self.open_lists and len(self.sizes) <= 3:
            return NAMED_ROWS
        own = BARE_ROWS if self.open_lists else OPENED_ROWS
        return own._replace(gradients=own.gradients + WIDE_MEAN * (self.naming.total == "mean"))

    @cached_property
    def list_width(self) -> float:
        """Return how wide the lists are as they stand when nothing is computed."""
        return self.columns.width if self.open_lists else CLOSED

    @cached_property
    def neuron(self) -> float:
        """Return how far a neuron's a is from its z."""
        own = NEURON if self.tagged and not self.naming.layers else WIDE_NEURON
        own = own if self.rows <= MOST_OPEN else CLOSED_NEURON
        return own + 2 * _aside(self)

    @cached_property
    def edge_column(self) -> float:
        """Return how far a layer's z is from the a before it."""
        if self.tagged:
            return WIDE_EDGE if self.naming.layers else EDGE
        return 2 * self.radius + _free_edge(self) + self.list_width + DOOR

    @cached_property
    def row(self) -> float:
        """Return how far apart the rows are."""
        if self.tagged:
            return TWINNED_ROW if self.twinned else TAGGED_ROW
        over = LINE_HIGH if self.naming.outputs and self.sizes[-1] > 1 else 0
        block = 2 * self.radius + BLOCK + BETWEEN + over
        return max(block, 2 * _half_list(self) + 22)

    @cached_property
    def first(self) -> float:
        """Return how far down the first row is: as high as the lists leave room for the headings."""
        if self.tagged:
            return FIRST if len(self.without_bias) < len(self.layers) else FIRST_BARE
        if not self.open_lists:
            return 80
        lists = ((list_high(self, n) - (self.rows - self.sizes[n]) * self.row) / 2 for n in self.layers)
        return max(92, *(64 + it for it in lists))

    # Size

    @cached_property
    def loss_box(self) -> tuple[float, float]:
        """Return width and height of the box of the loss, whose formula may be long, or take two lines."""
        return WIDE_LOSS_BOX if self.naming.loss else LOSS_BOX

    @property
    def width(self) -> float:
        """Return the width of the canvas, in whole pixels: plotly.js rounds it, and would stretch what is drawn."""
        is_wide = self.naming.layers or self.naming.loss  # a target may be wider than the loss
        widest = (WIDE_LOSS_BOX if is_wide else LOSS_BOX)[0]
        return ceil(self.loss.x + widest / 2 + 4)

    @property
    def height(self) -> float:
        """Return the height of the canvas, in whole pixels."""
        return ceil(self.drawn_height + LEGEND + (len(legend_lines(self)) - 1) * LINE_HIGH)

    @cached_property
    def drawn_height(self) -> float:
        """Return the height of the network, and of its mirror, without the legend."""
        if self.twinned:
            return self.twin(Point(0, self.last)).y + self.radius + 22
        beneath, outputs = to_block(self) + BLOCK, self.a(self.layers[-1], self.sizes[-1] - 1).y
        rule = 0 if self.tagged else RULE  # of two rows it stands before the number
        neurons = max(self.last + max(beneath, _half_list(self)), outputs + beneath + rule)
        return max(neurons, _targets_end(self), self.loss.y + self.loss_box[1] / 2) + FOOT

    @property
    def last(self) -> float:
        """Return how far down the last row is."""
        return self.first + (self.rows - 1) * self.row

    # Neurons

    @cached_property
    def _ys(self) -> list[list[float]]:
        """Return by layer how far down its neurons are."""
        middle = self.first + (self.rows - 1) * self.row / 2
        return [[middle + (unit - (size - 1) / 2) * self.row for unit in range(size)] for size in self.sizes]

    @cached_property
    def _places(self) -> tuple[list[list[Point]], list[list[Point]]]:
        """Return by layer where its z stand, and its a; those of layer 0 are the inputs."""
        left = NAMES if self.naming.inputs else WIDE_RIM if self.naming.layers else RIM
        inputs = self.radius + left
        columns = [inputs + layer * self.edge_column + (layer - 1) * self.neuron for layer in self.layers]
        z = [[Point(x, y) for y in ys] for x, ys in zip(columns, self._ys[1:], strict=True)]
        a = [[Point(x + self.neuron, y) for x, y in layer] for layer in z]
        first = [Point(inputs, y) for y in self._ys[0]]
        return [first, *z], [first, *a]

    def x(self, unit: int) -> Point:
        """Return the place of an input."""
        return self._places[1][0][unit]

    def z(self, layer: int, unit: int) -> Point:
        """Return the place where a neuron's z stands."""
        return self._places[0][layer][unit]

    def a(self, layer: int, unit: int) -> Point:
        """Return the place where a neuron's a stands; layer 0 is the inputs."""
        return self._places[1][layer][unit]

    def gate(self, layer: int, unit: int) -> Point:
        """Return the place of a neuron's σ, between its z and its a."""
        z = self.z(layer, unit)
        return Point(z.x + self.neuron / 2 + (_aside(self) if layer == self.layers[-1] else 0), z.y)

    @cached_property
    def loss(self) -> Point:
        """Return the place of the loss, at the middle of the outputs; with many targets below it, above the middle."""
        last, count = self.layers[-1], self.sizes[-1]
        first, final = self.a(last, 0), self.a(last, count - 1)
        below = 0 if count <= 2 else count * (TARGET_HIGH + 8) / 2
        away = (TO_LOSS if count <= 2 else FROM_MANY) + self.loss_box[0] / 2
        return Point(first.x + away, max(first.y / 2 + final.y / 2 - below, 34 + self.loss_box[1] / 2))

    def target(self, unit: int) -> Point:
        """Return the place of a target: of two one above and one below the loss, of others all below it."""
        away = self.loss_box[1] / 2 + 18 + TARGET_HIGH / 2
        if self.sizes[-1] == 2:
            return Point(self.loss.x, self.loss.y + (away if unit else -away))
        return Point(self.loss.x, self.loss.y + away + unit * (TARGET_HIGH + 8))

    # The mirror

    def twin(self, point: Point) -> Point:
        """Return the place in the mirror image: straight below the one in the network."""
        end = max(self.last + max(self.radius, _half_list(self)), _targets_end(self)) + 10
        first = end + UNDER + self.radius
        row = 94 if self.tagged else 2 * self.radius + 32
        return Point(point.x, first + (point.y - self.first) * row / self.row)


@cache
def layout_of(
    sizes: tuple[int, ...],
    twinned: bool = False,
    naming: Naming = NO_NAMING,
    without_bias: frozenset[int] = frozenset(),
) -> Layout:
    """Return the layout of networks of these sizes; its places are found once."""
    return Layout(sizes, twinned, naming, without_bias)


@cache
def legend_lines(at: Layout) -> list[list[int]]:
    """Return which entries of the legend stand in each of its lines: those of the colours together."""
    fits = sum(ENTRIES) <= at.width
    lines: list[list[int]] = [[]]
    for i, entry in enumerate(ENTRIES):
        if lines[-1] and (sum(ENTRIES[j] for j in lines[-1]) + entry > at.width or (i == COLOURS and not fits)):
            lines.append([])
        lines[-1].append(i)
    return lines


def _aside(at: Layout) -> float:
    """Return how far right of the middle between z and a the box of a softmax is, behind the biases on masts."""
    return BEHIND_MASTS if at.tagged and at.naming.softmax else 0


def _free_edge(at: Layout) -> float:
    """Return how much of an edge is free of lists as they stand when nothing is computed."""
    sums = ROOM_FOR[at.naming.total]
    if not at.open_lists:
        return OPENING + sums
    return FREE_EDGE + sums + (NAMED_SUMS if sums and not at.columns.names else 0)


def list_high(at: Layout, layer: int) -> float:
    """Return how high an open list of a layer is: its weights, and a bias if there is one."""
    of_bias = 0 if layer in at.without_bias else LIST_ROW + HAIRLINE
    return at.sizes[layer - 1] * LIST_ROW + of_bias + 6


def to_block(at: Layout) -> float:
    """Return how far below the middle of a circle begins what stands beneath it."""
    return at.radius + (BELOW_GAIN if at.tagged else TO_BLOCK)


def _half_list(at: Layout) -> float:
    """Return half the height of the longest list that is always open."""
    return max(list_high(at, layer) for layer in at.layers) / 2 if at.open_lists else 0


def _targets_end(at: Layout) -> float:
    return max(at.target(unit).y for unit in range(at.sizes[-1])) + TARGET_HIGH / 2
