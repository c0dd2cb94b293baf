"""The picture of a network, neuron by neuron: what never changes is drawn once, what a stop shows is a patch to it.

A picture is a tuple of marks: edges, wires, nodes, gates, names, values, labels. Every patch sets the same attributes
of the same series, so that any stop can follow any other. No number of the run is in what is drawn once, so that
another run of the same shape needs other patches and no other picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import mul

from bppviz.core.emphasis import hidden, questioned
from bppviz.core.place import Place
from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import Stop, to_come
from bppviz.picture import legend
from bppviz.picture.beside import beneath, gain, gain_name
from bppviz.picture.boxes import Boxing, Framing, Plates
from bppviz.picture.doors import list_box, row_y
from bppviz.picture.edges import BOTH, FORWARD, Arrows, Lines, Ways, wires
from bppviz.picture.geometry import Point
from bppviz.picture.labels import Blocks, Factors, Gains
from bppviz.picture.legend import Headings, Rate
from bppviz.picture.lists import Lists, heads
from bppviz.picture.marks import (
    Answers,
    Fixed,
    Mark,
    Outline,
    Patch,
    Series,
    lit_with,
    numbered,
    outline,
    texts,
)
from bppviz.picture.moment import Moment
from bppviz.picture.nodes import Gates, Goals, Nodes, Softmax, Values
from bppviz.picture.run import Run, clean
from bppviz.picture.shape import Known, Shape
from bppviz.picture.tags import Tags
from bppviz.words.catalogue import Words
from bppviz.words.equations import digits_of
from bppviz.words.notation import Notation

Outlines = dict[Place, list[Outline]]
GROUNDS = 8  # that are kept of each kind
OVER_RULES = 21  # that a name of an output stands higher, where the gradient of a bias comes
HALF_TEXT = 24  # of a weight or bias
MOST_KEPT = 300  # edges of a shape whose ground is kept; that of a very deep network takes megabytes


class Ground:
    """What all pictures of a shape have in common: their marks and series, and where each place is marked."""

    def __init__(self, shape: Shape, marks: Sequence[Mark], outlines: Outlines) -> None:
        self.shape = shape
        self.marks = marks
        self.outlines = outlines
        drawn = {name: series for mark in marks for name, series in mark.series().items()}
        self.series = {name: series for name, series in drawn.items() if series["x"]}  # plotly draws no other


class Graph:
    """The picture of one run: the ground of its shape, and its numbers."""

    def __init__(self, ground: Ground, trace: Trace) -> None:
        self.ground = ground
        self.run = Run(ground.shape, trace)
        self._write = Notation(trace)  # its symbols are made once, and asked for at every stop

    @property
    def series(self) -> list[Series]:
        """Return everything that is drawn before any stop; all pictures of a shape share it."""
        return list(self.ground.series.values())

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height of the canvas."""
        return self.ground.shape.layout.width, self.ground.shape.layout.height

    @property
    def ring(self) -> float:
        """Return the radius of the ring that marks a point."""
        return self.ground.shape.layout.radius + 8

    @property
    def headings(self) -> int:
        """Return the index of the series whose texts are `captions`."""
        return list(self.ground.series).index("headings")

    def captions(self, say: Words) -> list[str]:
        """Return the headings and the words of the legend, in the order of the series `headings`."""
        return legend.captions(self.ground.shape, say)

    def patch(self, stop: Stop, asked: Sequence[TraceEvent] = ()) -> Patch:
        """Return what the picture shows at a stop; of the events that are asked for, a question mark."""
        last = stop.last if stop.terms is None else stop.last - 1
        known = Known(last, hidden(stop, asked) | to_come(self.run.trace, stop))
        digits = digits_of(self._write, stop)
        return self.at(Moment(known, questioned(self.run.trace, stop, asked), digits, stop.granularity == "pass"))

    def at(self, now: Moment) -> Patch:
        """Return what the picture shows at a moment."""
        patches = {name: it for mark in self.ground.marks for name, it in mark.patch(self.run, now).items()}
        return numbered({name: it for name, it in patches.items() if name in self.ground.series}, self.ground.series)

    def marks(self) -> Outlines:
        """Return where every place is marked: at the two ends of an edge, or around the middle of a ring."""
        return self.ground.outlines


def kept(made: Callable[[Shape], Ground]) -> Callable[[Shape], Ground]:
    """Return what makes the ground of a shape once, and keeps it for the runs that follow, unless it is large."""
    known = lru_cache(maxsize=GROUNDS)(made)
    return lambda shape: (known if sum(map(mul, shape.sizes, shape.sizes[1:])) <= MOST_KEPT else made)(shape)


@kept
def ground(shape: Shape) -> Ground:
    """Return what pictures of a shape, without a mirror, have in common."""
    blocks = Blocks(shape, gradients(shape))
    gains = Gains(shape, *gains_of(shape))
    return Ground(shape, marks(shape, [blocks, gains]), outlines(shape))


def marks(shape: Shape, beside: list[Blocks | Gains]) -> tuple[Mark, ...]:
    """Return the marks of a network, from the lowest to the uppermost, given those beneath its circles."""
    circles = {place: it for place, it in shape.nodes.items() if place.quantity in ("x", "z", "a")}
    goals = Goals(shape, {place: it for place, it in shape.nodes.items() if place not in circles})
    nodes, values = Nodes(shape, "nodes", circles), Values(shape, "values", circles)
    gates, softmax = Gates(shape), Softmax(shape)
    learned: list[Tags | Lists] = [Tags(shape, "w"), Tags(shape, "b")] if shape.layout.tagged else [Lists(shape)]
    has_homes = shape.layout.tagged or shape.layout.open_lists  # else the lists answer as they open and close
    factors = Factors(shape)
    framing: list[Framing] = [goals, softmax, nodes, *learned, *beside]
    blocks = [it for it in beside if isinstance(it, Blocks)]
    return (
        Lines(shape.ends),
        Fixed({"wires": wires(shape)}),
        Arrows(shape, shape.ends),
        Ways(shape, shape.ends, FORWARD if shape.twinned else BOTH),
        Plates("plates", [*learned, *blocks, factors]),
        *([Answers(shape, "edges", {**shape.homes, **shape.biases})] if has_homes else []),
        nodes,
        Boxing("boxes", framing),
        gates,
        Fixed(legend.signs(shape)),
        Headings(shape),
        Rate(shape),
        given_names(shape),
        *([Fixed({"list heads": heads(shape)})] if shape.layout.open_lists else []),
        softmax,
        goals,
        values,
        *learned,
        *beside,
        factors,
    )


def gradients(shape: Shape) -> dict[Place, Point]:
    """Return where ∂l/∂z and ∂l/∂a stand, beneath their circles."""
    at, points = shape.layout, {}
    for gate in shape.gates:
        for quantity in ("dl_dz", "dl_da"):
            place = gate._replace(quantity=quantity)
            points[place] = beneath(at, place)
    return points


def gains_of(shape: Shape) -> tuple[dict[Place, Point], dict[Place, Point]]:
    """Return where ×σ′ stands, beneath its triangle, and where its name does."""
    at = shape.layout
    return {it: gain(at, it) for it in shape.amplifying}, {it: gain_name(at, it) for it in shape.amplifying}


def given_names(shape: Shape) -> Fixed:
    """Return the names that the user gave: of inputs left of x, the last word below, of outputs over y."""
    at, radius = shape.layout, shape.layout.radius
    places = [Place("x", 0, i) for i in range(len(shape.input_names))]
    written = ["<br>".join(map(clean, _halves(name))) for name in shape.input_names]
    points = [Point(at.x(i).x - radius - 4, at.x(i).y) for i in range(len(places))]
    left = lit_with(texts(points, written, "quiet", "left"), places)
    last = at.layers[-1]
    outputs = [Place("a", last, i) for i in range(len(shape.output_names))]
    lift = OVER_RULES if at.tagged else 0
    over = [Point(at.a(last, i).x - 12, at.a(last, i).y - radius - 13 - lift) for i in range(len(outputs))]
    above = lit_with(texts(over, list(map(clean, shape.output_names)), "quiet"), outputs)
    drawn = {"input names": (left, points), "output names": (above, over)}
    return Fixed({name: series for name, (series, at_points) in drawn.items() if at_points})


def _halves(name: str) -> list[str]:
    """Return a name in two lines, the last word below; words of a name in a table may be joined by underscores."""
    first, _, last = name.replace("_", " ").rpartition(" ")
    return [first, last] if first else [last]


def outlines(shape: Shape) -> Outlines:
    """Return where every place of a network is marked."""
    points = {**shape.nodes, **shape.gates}
    points |= {
        it._replace(quantity=shape.beside[it.quantity]): points[it] for it in shape.nodes if it.quantity in shape.beside
    }
    own = {place: [outline(*band(shape, place))] for place in (*shape.edges, *shape.biases)}
    return {**{place: [outline(point)] for place, point in points.items()}, **own}


def band(shape: Shape, own: Place) -> tuple[Point, Point]:
    """Return where a weight or bias is marked: along its text, in a list along its row."""
    if shape.layout.tagged:
        return along({**shape.homes, **shape.biases}[own])
    is_open = shape.layout.open_lists
    box = list_box(shape.layout, own, is_open=is_open)
    y = row_y(shape.layout, own) if is_open else (box.top + box.bottom) / 2
    return Point(box.left + 8, y), Point(box.right - 8, y)


def along(middle: Point) -> tuple[Point, Point]:
    """Return the ends of a mark along a short text."""
    return Point(middle.x - HALF_TEXT, middle.y), Point(middle.x + HALF_TEXT, middle.y)
