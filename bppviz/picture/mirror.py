"""The network and, below it, the network that the backward pass is: the same one, mirrored.

In the mirror the arrows are reversed, the edges carry the same weights, and each neuron is an amplifier, a triangle
that multiplies by σ′(z). ∂l/∂y enters at the right. In the network stand what is computed forward, and each ∂l/∂w at
its weight; straight below every z and a stand ∂l/∂z and ∂l/∂a, their twins. What lights one up lights up the other too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bppviz.core.emphasis import Emphasis
from bppviz.core.place import Place
from bppviz.core.trace import Trace
from bppviz.picture import graph
from bppviz.picture.edges import BACKWARD, BOTH, Arrows, Lines, goes_back, lit_edges, wired
from bppviz.picture.graph import Ground, Outlines, kept
from bppviz.picture.labels import BesideNodes, most_weights
from bppviz.picture.layout import UNDER, Point
from bppviz.picture.marks import (
    Answers,
    Backdrop,
    Mark,
    Patches,
    Series,
    Still,
    answering,
    barred,
    lines,
    lit_with,
    markers,
    no_bars,
    outline,
    outlined,
    slotted,
    texts,
    written_into,
)
from bppviz.picture.nodes import Gates, Nodes, Values, gate_fill, rim
from bppviz.picture.run import Run
from bppviz.picture.shape import Ends, Known, Shape, twin
from bppviz.picture.theme import part

MOST_MIRRORED = 6  # neurons in a layer; the mirror of a larger network would not fit a screen
SMALLEST, LARGEST, LARGEST_CROWDED = 20.0, 40.0, 28.0  # an amplifier that multiplies by 0, and by the largest gain


def has_mirror(trace: Trace) -> bool:
    """Tell whether a network is small enough to be shown with its mirror."""
    return max(trace.network.sizes) <= MOST_MIRRORED


@kept
def mirrored_ground(shape: Shape) -> Ground:
    """Return what pictures of a twinned shape have in common: the marks of the network, and those turned round."""
    gains = BesideNodes(shape, {gate: beside_gate(shape, gate) for gate in shape.amplifying})
    return Ground(shape, (*graph.marks(shape, Sigmas(shape), gains), *mirrored(shape)), mirrored_outlines(shape))


def mirrored(shape: Shape) -> tuple[Mark, ...]:
    """Return the marks of the mirror, from the lowest to the uppermost."""
    ends, points = mirrored_ends(shape), circles(shape)
    labels = {edge: label_point(shape, edge) for edge in ends}
    return (
        Lines(ends, BACKWARD),
        Still({"mirrored wires": mirrored_wires(shape)}),
        Arrows(shape, ends, BACKWARD),
        Still({"fold": fold(shape)}),
        Answers(shape, "mirrored edges", labels),
        Nodes(shape, "mirrored nodes", points, "backward"),
        Amplifiers(shape),
        Source(shape),
        Still({"mirrored bars": no_bars()}),
        mirrored_names(shape),
        Values(shape, "mirrored values", points, "backward"),
        Weights(shape, labels),
    )


# Where things stand


def mirrored_ends(shape: Shape) -> dict[Place, Ends]:
    """Return the ends of the edges that something goes back along; to the inputs, nothing does."""
    return {
        edge: shape.layout.mirrored_edge(*edge[1:])  # type: ignore[arg-type]
        for edge in shape.edges
        if edge.layer > 1
    }


def circles(shape: Shape) -> dict[Place, Point]:
    """Return the circles of ∂l/∂z and ∂l/∂a, straight below those of z and a."""
    twins = {twin(place): shape.layout.twin(point) for place, point in shape.nodes.items()}
    return {place: point for place, point in twins.items() if place}


def source(shape: Shape) -> Point:
    """Return the twin of the loss, where what goes back comes from."""
    return shape.layout.twin(shape.layout.loss)


def beside_gate(shape: Shape, gate: Place) -> Point:
    """Return the place above an amplifier; below it, where the names of the circles stand above them."""
    point = shape.layout.twin(shape.gates[gate])
    return Point(point.x, point.y + (-34 if shape.layout.roomy else 30))


def label_point(shape: Shape, edge: Place) -> Point:
    """Return where the weight of a mirrored edge stands: straight below its label in the network."""
    start, end = shape.layout.mirrored_edge(*edge[1:])  # type: ignore[arg-type]
    home, (first, last) = shape.homes[edge], shape.ends[edge]
    share = (home.x - first.x) / (last.x - first.x)
    return Point(home.x, end.y + (start.y - end.y) * share)


def mirrored_outlines(shape: Shape) -> Outlines:
    """Return where every place is marked, and where its twin is."""
    marked, at = graph.outlines(shape), shape.layout
    for edge, ends in mirrored_ends(shape).items():
        marked[edge] += [outline(*ends)]
    for place, point in circles(shape).items():
        value = twin(place) or place
        marked[place] = marked[value] = [*marked[value], outline(point)]
    for gate, point in shape.gates.items():
        marked[gate] = [*marked[gate], outline(at.twin(point))]
    for bias in shape.biases:
        # Who chooses a bias by clicking on its neuron is shown that neuron, and its twin.
        marked[bias] = [*marked[bias], *marked[bias._replace(quantity="z")]]
    return marked


# What stands still


def mirrored_wires(shape: Shape) -> Series:
    """Return the thin lines of the mirror: through each amplifier, and from where ∂l/∂y enters."""
    at, last = shape.layout, shape.layout.layers[-1]
    through = [(at.twin(at.z(*gate[1:3])), at.twin(at.a(*gate[1:3]))) for gate in shape.gates]
    entering = [(source(shape), at.twin(at.a(last, unit))) for unit in range(at.sizes[last])]
    return wired([*through, *entering])


def fold(shape: Shape) -> Series:
    """Return the line between the network and its mirror."""
    at = shape.layout
    middle = at.twin(Point(0, at.space.above)).y - at.space.radius - UNDER / 2
    return lines([(Point(12, middle), Point(at.width - 12, middle))], color=part("line"), width=1.5, dash="3px,6px")


def mirrored_names(shape: Shape) -> Still:
    """Return the symbols of the circles, and of the loss where ∂l/∂y enters."""
    lift = 13 if shape.layout.roomy else shape.layout.space.radius + 11
    points = [Point(it.x, it.y - lift) for it in circles(shape).values()]
    places = (*circles(shape), Place("loss", 1))
    symbols = [shape.symbols(*place).text for place in places]
    return Still({"mirrored names": lit_with(texts([*points, source(shape)], symbols, "muted"), places)})


# What a stop shows


@dataclass(frozen=True)
class Sigmas:
    """The places of σ in the network, which stay what they are: the amplifiers stand in the mirror."""

    shape: Shape

    def series(self) -> dict[str, Series]:
        """Return the places of σ before any stop, as those of a network without a mirror."""
        return Gates(self.shape).series()

    def patch(self, run: Run, known: Known, emphasis: Emphasis) -> Patches:
        """Emphasise what the stop is about."""
        lit = [gate in emphasis.results for gate in self.shape.gates]
        patch = {
            "marker.line.color": [part("forward" if it else "muted") for it in lit],
            "marker.line.width": [4 if it else 2 for it in lit],
            "hovertext": run.hover(self.shape.gates, known),
        }
        return {"gates": patch}


@dataclass(frozen=True)
class Amplifiers:
    """The triangles of the mirror, the larger the more they multiply by."""

    shape: Shape

    @property
    def _points(self) -> dict[Place, Point]:
        return {gate: self.shape.layout.twin(point) for gate, point in self.shape.gates.items()}

    def series(self) -> dict[str, Series]:
        """Return the amplifiers before any stop; a softmax layer has circles instead."""
        marker = outlined(len(self.shape.gates), "line")
        is_amplifier = [self.shape.elementwise(gate.layer) for gate in self.shape.gates]
        marker["symbol"] = ["triangle-left" if it else "circle" for it in is_amplifier]
        marker["size"] = [SMALLEST] * len(is_amplifier)
        return {"mirrored gates": lit_with(answering(self.shape, self._points, marker), self._points)}

    def patch(self, run: Run, known: Known, emphasis: Emphasis) -> Patches:
        """Let each grow as soon as its z is known, and with it the gain, though its number is told at its own step."""
        gates, is_known = self.shape.gates, self.shape.is_known
        has_z = {gate: is_known(gate._replace(quantity="z"), known) for gate in gates}
        patch = {
            "marker.size": [_side(run, it) if has_z[it] else SMALLEST for it in gates],
            "marker.color": [part(gate_fill(it, is_known(it, known), emphasis)) for it in gates],
            "marker.line.color": [part("backward" if has_z[it] or is_known(it, known) else "line") for it in gates],
            "marker.line.width": [rim(it, emphasis) for it in gates],
            "hovertext": run.hover(gates, known),
        }
        return {"mirrored gates": patch}


def _side(run: Run, gate: Place) -> float:
    """Return how large an amplifier is drawn: the larger, the more it multiplies by."""
    if not run.shape.elementwise(gate.layer):
        return SMALLEST
    is_sigmoid = set(run.shape.activations) - {"softmax"} == {"sigmoid"}
    most = 0.25 if is_sigmoid else 1.0  # that σ′(z) can be
    share = min(1.0, abs(run.trace.value(gate)) / most)
    largest = LARGEST if run.shape.layout.roomy else LARGEST_CROWDED
    return round(SMALLEST + (largest - SMALLEST) * share, 1)


@dataclass(frozen=True)
class Source:
    """The box at the right, from which ∂l/∂y enters the mirror."""

    shape: Shape

    def series(self) -> dict[str, Series]:
        """Return the box before any stop."""
        marker = {"symbol": "square", "size": 46, "color": part("background"), "opacity": 1}
        marker["line"] = {"color": part("line"), "width": 2}
        return {"source": lit_with(markers([source(self.shape)], marker), [Place("loss", 1)])}

    def patch(self, _: Run, known: Known, __: Emphasis) -> Patches:
        """Colour its rim once ∂l/∂y is known."""
        fed = Place("dl_da", self.shape.layout.layers[-1], 0)
        return {"source": {"marker.line.color": part("backward" if self.shape.is_known(fed, known) else "line")}}


@dataclass(frozen=True)
class Weights:
    """The weights on the edges of the mirror, with the bars behind them."""

    shape: Shape
    points: Mapping[Place, Point]

    @property
    def _slots(self) -> int:
        return max(most_weights(self.shape), 1)

    def series(self) -> dict[str, Series]:
        """Return the weights before any stop: nothing."""
        return {"mirrored weights": slotted(self._slots, "weight")}

    def patch(self, run: Run, _: Known, emphasis: Emphasis) -> Patches:
        """Write the weights where there is room, else those that the stop is about."""
        edges = list(self.points)
        if not self.shape.layout.roomy:
            lit = lit_edges(emphasis, BOTH)
            edges = [edge for edge in edges if edge in lit][: self._slots]
        labels = [(run.label(edge).at(self.points[edge]), emphasis.of(edge)) for edge in edges]
        back = goes_back(emphasis)
        bars = [Backdrop(it, f"weight-{strong}" if strong and back else "background") for it, strong in labels]
        return {"mirrored weights": written_into(labels, self._slots), "mirrored bars": barred(bars)}
