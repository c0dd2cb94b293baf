"""The picture of a network, neuron by neuron: what never changes is drawn once, what a stop shows is a patch to it.

A picture is a tuple of marks: edges, wires, nodes, gates, names, values, labels. Every patch sets the same attributes
of the same series, so that any stop can follow any other. No number of the run is in what is drawn once, so that
another run of the same shape needs other patches and no other picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache

from bppviz.core.emphasis import hidden, questioned
from bppviz.core.place import Place
from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import Stop
from bppviz.picture.edges import BOTH, FORWARD, Arrows, Lines, wires
from bppviz.picture.labels import BesideNodes, Learned, answering_gradients, gradients, names
from bppviz.picture.layout import Point
from bppviz.picture.marks import (
    Answers,
    Mark,
    Outline,
    Patch,
    Patches,
    Series,
    Still,
    no_bars,
    numbered,
    outline,
    unwritten,
)
from bppviz.picture.nodes import Gates, Nodes, Signs, Values
from bppviz.picture.run import Run
from bppviz.picture.shape import Known, Shape
from bppviz.picture.theme import HEADING
from bppviz.words.catalogue import Words

Outlines = dict[Place, list[Outline]]
GROUNDS = 8  # that are kept of each kind
MOST_KEPT = 300  # edges of a shape whose ground is kept; that of a very deep network takes megabytes


class Ground:
    """What all pictures of a shape have in common: their marks and series, and where each place is marked."""

    def __init__(self, shape: Shape, marks: Sequence[Mark], outlines: Outlines) -> None:
        self.shape = shape
        self.marks = marks
        self.outlines = outlines
        self.series = {name: series for mark in marks for name, series in mark.series().items()}


class Graph:
    """The picture of one run: the ground of its shape, and its numbers."""

    def __init__(self, ground: Ground, trace: Trace) -> None:
        self.ground = ground
        self.run = Run(ground.shape, trace)

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
        return self.ground.shape.layout.space.radius + 8

    @property
    def headings(self) -> int:
        """Return the index of the series whose texts are `captions`."""
        return list(self.ground.series).index("headings")

    def captions(self, say: Words) -> list[str]:
        """Return the headings over the columns and that of a mirror, in the order of the series `headings`."""
        shape = self.ground.shape
        last = shape.layout.layers[-1]
        layers = [
            (say("picture.output") if layer == last else say("picture.layer", layer=layer))
            + f" · {shape.activations[layer - 1].replace('_', ' ')}"
            for layer in shape.layout.layers
        ]
        mirror = [say("picture.mirror").replace("\n", "<br>")] if shape.twinned else []
        return [say("picture.input"), *layers, say("picture.target"), say("picture.loss"), *mirror]

    def patch(self, stop: Stop, asked: Sequence[TraceEvent] = ()) -> Patch:
        """Return what the picture shows at a stop; of the events that are asked for, a question mark."""
        known = Known(stop.last if stop.terms is None else stop.last - 1, hidden(stop, asked))
        emphasis = questioned(self.run.trace, stop, asked)
        patches: Patches = defaultdict(dict)
        for mark in self.ground.marks:
            for name, changes in mark.patch(self.run, known, emphasis).items():
                patches[name].update(changes)
        return numbered(patches, self.ground.series)

    def marks(self) -> Outlines:
        """Return where every place is marked: at the two ends of an edge, or around the middle of a ring."""
        return self.ground.outlines


def kept(made: Callable[[Shape], Ground]) -> Callable[[Shape], Ground]:
    """Return what makes the ground of a shape once, and keeps it for the runs that follow, unless it is large."""
    known = lru_cache(maxsize=GROUNDS)(made)
    return lambda shape: (known if len(shape.ends) <= MOST_KEPT else made)(shape)


@kept
def ground(shape: Shape) -> Ground:
    """Return what pictures of a shape, without a mirror, have in common."""
    return Ground(shape, marks(shape, Gates(shape), BesideNodes(shape, gradients(shape))), outlines(shape))


def marks(shape: Shape, gates: Mark, beside: BesideNodes) -> tuple[Mark, ...]:
    """Return the marks of a network, from the lowest to the uppermost, given those at and beside its places of σ."""
    passes = FORWARD if shape.twinned else BOTH
    return (
        Lines(shape.ends, passes),
        Still({"wires": wires(shape)}),
        Arrows(shape, shape.ends, passes),
        Answers(shape, "edges", {**shape.homes, **shape.biases}),
        answering_gradients(shape, beside.points),
        Nodes(shape, "nodes", shape.nodes, "forward"),
        gates,
        Still({"bars": no_bars()}),
        headings(shape),
        names(shape),
        Values(shape, "values", shape.nodes, "forward"),
        Signs(shape),
        Learned(shape, beside),
        beside,
    )


def headings(shape: Shape) -> Still:
    """Return the headings, over every column and of a mirror, that the page writes in its language."""
    at = shape.layout
    columns = [at.x(0), *(at.gate(layer, 0) for layer in at.layers), at.target(0), at.loss]
    points = [Point(column.x, 24) for column in columns]
    if shape.twinned:
        first, last = at.twin(at.x(0)), at.twin(at.x(at.sizes[0] - 1))
        points.append(Point(first.x + 58, first.y / 2 + last.y / 2 - 22))
    return Still({"headings": unwritten(points, "muted", size=HEADING)})


def outlines(shape: Shape) -> Outlines:
    """Return where every place of a network is marked."""
    points = {**shape.nodes, **shape.gates, **shape.biases}
    points |= {
        it._replace(quantity=shape.beside[it.quantity]): points[it] for it in shape.nodes if it.quantity in shape.beside
    }
    edges = {edge: [outline(*ends)] for edge, ends in shape.ends.items()}
    return {**edges, **{place: [outline(point)] for place, point in points.items()}}
