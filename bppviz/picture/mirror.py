"""The network and, below it, the network that the backward pass is: the same one, mirrored.

In the mirror the arrows are reversed, the edges carry the same weights, and each neuron is an amplifier, a triangle
that multiplies by σ′(z). ∂l/∂y enters at the right. In the network stand what is computed forward, and each ∂l/∂w at
its weight; straight below every z and a stand ∂l/∂z and ∂l/∂a, their twins. What lights one up lights up the other too.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from bppviz.core.emphasis import Emphasis
from bppviz.core.place import Place
from bppviz.core.trace import Trace
from bppviz.picture.graph import UNSEEN, Graph, Known, Label, Mark, Shape, outlined, shape, unknown
from bppviz.picture.layout import UNDER, Layout, Point, layout_of
from bppviz.picture.lines import Lines, Patch, path, xs, ys
from bppviz.picture.theme import VALUE, part, stroke
from bppviz.words.catalogue import Words

MOST_ROWS = 6  # neurons in a layer; the mirror of a larger network would not fit a screen
TWINS = {"z": "dl_dz", "a": "dl_da"}
BACKWARD = ("dl_da", "dl_dz")
SMALLEST, LARGEST, LARGEST_CROWDED = 20.0, 40.0, 28.0  # an amplifier that multiplies by 0, and by the largest gain


def has_mirror(trace: Trace) -> bool:
    """Tell whether a network is small enough to be shown with its mirror."""
    return max(trace.network.sizes) <= MOST_ROWS


class Mirror(Graph):
    """The picture of one trace, with its mirror."""

    beside: ClassVar[dict[str, str]] = {}  # the gradients have circles of their own

    def __init__(self, trace: Trace) -> None:
        super().__init__(trace)
        self._draw_mirrored_edges()
        self._draw_mirrored_nodes()
        self._draw_mirrored_texts()

    def _layout(self) -> Layout:
        return layout_of(self.trace.network.sizes, twinned=True)

    def captions(self, say: Words) -> list[str]:
        """Return the headings over the columns, and that of the mirror."""
        return [*super().captions(say), say("picture.mirror").replace("\n", "<br>")]

    def marks(self) -> dict[Place, list[Shape]]:
        """Return where every place is marked, and where its twin is."""
        marks = super().marks()
        for edge, ends in self._mirrored_ends.items():
            marks[edge] += [shape(*ends)]
        for place, point in self._mirrored_nodes.items():
            marks[place] = marks[_forward(place)] = [*marks[_forward(place)], shape(point)]
        for place in self._gates:
            marks[place] = marks[place] + [shape(self.layout.twin(self._gates[place]))]
        for place in self._biases:
            # Who chooses a bias by clicking on its neuron is shown that neuron, and its twin.
            marks[place] = marks[place] + marks[place._replace(quantity="z")]
        return marks

    # What stands still

    def _heads(self) -> list[Point]:
        first, last = (self.layout.twin(self.layout.x(unit)) for unit in (0, self.layout.sizes[0] - 1))
        return [*super()._heads(), Point(first.x + 58, first.y / 2 + last.y / 2 - 22)]

    @cached_property
    def _mirrored_edges(self) -> list[Place]:
        """Return the edges that something goes back along; to the inputs, nothing does."""
        return [edge for edge in self._edges if edge.layer > 1]

    @cached_property
    def _mirrored_ends(self) -> dict[Place, tuple[Point, Point]]:
        return {edge: self.layout.mirrored_edge(*edge[1:]) for edge in self._mirrored_edges}  # type: ignore[arg-type]

    @cached_property
    def _mirrored_lines(self) -> Lines:
        weights = {edge: self.trace.value(edge) for edge in self._mirrored_edges}
        return Lines(self._mirrored_ends, weights, self._largest)

    @cached_property
    def _mirrored_nodes(self) -> dict[Place, Point]:
        return {
            Place(TWINS[place.quantity], place.layer, place.unit): self.layout.twin(point)
            for place, point in self._nodes.items()
            if place.quantity in TWINS
        }

    @cached_property
    def _mirrored_values(self) -> dict[Place, Label]:
        return {place: self._within(point, place) for place, point in self._mirrored_nodes.items()}

    @cached_property
    def _gradients(self) -> dict[Place, Label]:
        """Return what the amplifiers multiply by; the gradients stand in circles."""
        return self._gains(self._beside_gate)

    def _beside_gate(self, layer: int, unit: int) -> Point:
        """Return the place above an amplifier; below it, where the names of the circles stand above them."""
        gate = self.layout.twin(self.layout.gate(layer, unit))
        return Point(gate.x, gate.y + (-34 if self.layout.roomy else 30))

    def _draw_mirrored_edges(self) -> None:
        for name, series in self._mirrored_lines.series().items():
            self._add(f"mirrored {name}", **series)
        at, last = self.layout, self.layout.layers[-1]
        wires = [(at.twin(at.z(*gate[1:3])), at.twin(at.a(*gate[1:3]))) for gate in self._gates]
        wires += [(self._source, at.twin(at.a(last, unit))) for unit in range(at.sizes[last])]
        x, y = path(wires)
        self._add("mirrored wires", mode="lines", x=x, y=y, line={"color": part("line"), "width": stroke(2)})
        self._add("mirrored arrows", **self._mirrored_lines.arrows(self.head))
        middle = at.twin(Point(0, at.space.above)).y - at.space.radius - UNDER / 2
        x, y = path([(Point(12, middle), Point(at.width - 12, middle))])
        self._add("fold", mode="lines", x=x, y=y, line={"color": part("line"), "width": 1.5, "dash": "3px,6px"})
        labels = [self._mirrored_label(edge) for edge in self._mirrored_edges]
        self._add_answering("mirrored edges", self._mirrored_edges, labels, UNSEEN)

    def _mirrored_label(self, edge: Place) -> Point:
        start, end = self._mirrored_ends[edge]
        home, (first, last) = self._homes[edge], self._ends[edge]
        share = (home.x - first.x) / (last.x - first.x)
        return Point(home.x, end.y + (start.y - end.y) * share)

    def _draw_mirrored_nodes(self) -> None:
        marker = outlined(len(self._mirrored_nodes), "line")
        marker |= {"symbol": "circle", "size": 2 * self.layout.space.radius}
        self._add_answering("mirrored nodes", list(self._mirrored_nodes), list(self._mirrored_nodes.values()), marker)
        gates = list(self._gates)
        marker = outlined(len(gates), "line")
        marker["symbol"] = ["triangle-left" if self.trace.elementwise(gate.layer) else "circle" for gate in gates]
        marker["size"] = [SMALLEST] * len(gates)
        self._add_answering("mirrored gates", gates, [self.layout.twin(it) for it in self._gates.values()], marker)
        marker = {"symbol": "square", "size": 46, "color": part("background"), "opacity": 1}
        marker["line"] = {"color": part("line"), "width": 2}
        self._add("source", mode="markers", x=xs([self._source]), y=ys([self._source]), marker=marker)

    @property
    def _source(self) -> Point:
        """Return the twin of the loss, where what goes back comes from."""
        return self.layout.twin(self.layout.loss)

    def _draw_mirrored_texts(self) -> None:
        self._add_marks("mirrored marks")
        lift = 13 if self.layout.roomy else self.layout.space.radius + 11
        points = [Point(point.x, point.y - lift) for point in self._mirrored_nodes.values()]
        names = [self.symbols(*place).text for place in self._mirrored_nodes]
        self._add_texts("mirrored names", [*points, self._source], [*names, self.symbols("loss", 1).text], "muted")
        values = [it.point for it in self._mirrored_values.values()]
        self._add_texts("mirrored values", values, [""] * len(values), "backward", font={"size": VALUE})
        slots = max(self._slots, 1)
        self._add_texts("mirrored weights", [Point(0, 0)] * slots, [""] * slots, "weight")

    # What a stop shows

    def _patch_nodes(self, patch: Patch, known: Known, emphasis: Emphasis) -> None:
        super()._patch_nodes(patch, known, emphasis)
        widths = patch["marker.line.width"][self._index["nodes"]]
        for i, place in enumerate(self._nodes):
            if _twin(place) in emphasis.results:
                widths[i] = 4
                patch["marker.line.color"][self._index["nodes"]][i] = part("forward")
        self._patch_mirrored_nodes(patch, known, emphasis)
        self._patch_amplifiers(patch, known, emphasis)

    def _patch_mirrored_nodes(self, patch: Patch, known: Known, emphasis: Emphasis) -> None:
        fills, rings, widths = [], [], []
        for place in self._mirrored_nodes:
            result, operand = place in emphasis.results, place in emphasis.operands
            twin, here = _forward(place) in emphasis.results, self._is_known(place, known)
            fills.append(part("backward-strong" if result else "backward-soft" if here or operand else "background"))
            rings.append(part("backward" if result or operand or twin or here else "line"))
            widths.append(5 if result else 4 if operand or twin else 2)
        nodes = self._index["mirrored nodes"]
        patch["marker.color"][nodes] = fills
        patch["marker.line.color"][nodes] = rings
        patch["marker.line.width"][nodes] = widths
        source = self._index["source"]
        fed = Place("dl_da", self.layout.layers[-1], 0)
        patch["marker.line.color"][source] = part("backward" if self._is_known(fed, known) else "line")

    def _patch_gates(self, patch: Patch, known: Known, emphasis: Emphasis) -> None:
        """Leave every σ what it is in the forward network: the amplifiers stand in the mirror."""
        gates = self._index["gates"]
        lit = [place in emphasis.results for place in self._gates]
        patch["marker.line.color"][gates] = [part("forward" if it else "muted") for it in lit]
        patch["marker.line.width"][gates] = [4 if it else 2 for it in lit]
        names = ["σ" if self.trace.elementwise(place.layer) else "S" for place in self._gates]
        patch["text"][self._index["gates text"]] = names

    def _patch_amplifiers(self, patch: Patch, known: Known, emphasis: Emphasis) -> None:
        sizes, fills, rings, widths = [], [], [], []
        for place in self._gates:
            result, operand = place in emphasis.results, place in emphasis.operands
            here = self._is_known(place, known)
            # z is known from the forward pass on, and with it the gain, though its number is told at its own step.
            has_z = self._is_known(place._replace(quantity="z"), known)
            sizes.append(self._side(place) if has_z else SMALLEST)
            fills.append(part("backward-strong" if result else "backward-soft" if here else "background"))
            rings.append(part("backward" if here or has_z else "line"))
            widths.append(4 if result else 3 if operand else 2)
        gates = self._index["mirrored gates"]
        patch["marker.size"][gates] = sizes
        patch["marker.color"][gates] = fills
        patch["marker.line.color"][gates] = rings
        patch["marker.line.width"][gates] = widths

    def _side(self, place: Place) -> float:
        """Return how large an amplifier is drawn: the larger, the more it multiplies by."""
        if not self.trace.elementwise(place.layer):
            return SMALLEST
        share = min(1.0, abs(self.trace.value(place)) / self._largest_gain)
        largest = LARGEST if self.layout.roomy else LARGEST_CROWDED
        return round(SMALLEST + (largest - SMALLEST) * share, 1)

    @property
    def _largest_gain(self) -> float:
        """Return the largest σ′(z) that the activations can have: 1/4 of the sigmoid, 1 of all others."""
        names = set(self.trace.network.activations) - {"softmax"}
        return 0.25 if names == {"sigmoid"} else 1.0

    def _turned(self, *_: Any) -> bool:
        """In the network itself no arrow turns round."""
        return False

    def _patch_edges(self, patch: Patch, known: Known, emphasis: Emphasis) -> None:
        super()._patch_edges(patch, known, emphasis)
        is_mirrored = _is_backward(emphasis)
        lit = {edge for edge in super()._lit_edges(emphasis) if is_mirrored}
        index = {name: self._index[f"mirrored {name}"] for name in self._mirrored_lines.names}
        self._mirrored_lines.patch(patch, index, lit, part("backward"))
        carried = [self._is_known(Place("dl_da", it.layer - 1, it.source or 0), known) for it in self._mirrored_edges]
        colours = [
            part("backward" if edge in lit or was else "muted")
            for edge, was in zip(self._mirrored_edges, carried, strict=True)
        ]
        turned = [False] * len(colours)
        self._mirrored_lines.patch_arrows(patch, self._index["mirrored arrows"], turned, colours)

    def _lit_edges(self, emphasis: Emphasis) -> frozenset[Place]:
        return frozenset() if _is_backward(emphasis) else super()._lit_edges(emphasis)

    def _patch_labels(self, patch: Patch, known: Known, emphasis: Emphasis) -> list[Mark]:
        values = [
            it.marked_up(emphasis.of(place)) if self._is_known(place, known) else unknown(place, emphasis)
            for place, it in self._mirrored_values.items()
        ]
        patch["text"][self._index["mirrored values"]] = values
        written = self._mirrored_written(emphasis)
        marks = [
            Mark(label, f"weight-{emphasis.of(edge)}" if emphasis.of(edge) and _is_backward(emphasis) else "background")
            for edge, label in written
        ]
        self._patch_marks(patch, marks, "mirrored marks")
        slots = max(self._slots, 1)
        labels = [(label, emphasis.of(edge)) for edge, label in written]
        labels += [(Label(Point(0, 0), ""), "")] * (slots - len(labels))
        series = self._index["mirrored weights"]
        patch["text"][series] = [label.marked_up(bold) for label, bold in labels]
        patch["x"][series] = xs(label.point for label, _ in labels)
        patch["y"][series] = ys(label.point for label, _ in labels)
        return super()._patch_labels(patch, known, emphasis)

    def _mirrored_written(self, emphasis: Emphasis) -> list[tuple[Place, Label]]:
        if self.layout.roomy:
            edges = self._mirrored_edges
        else:
            lit = super()._lit_edges(emphasis)
            edges = [edge for edge in self._mirrored_edges if edge in lit][: self._slots]
        return [(edge, self._weights[edge]._replace(point=self._mirrored_label(edge))) for edge in edges]

    @property
    def _hovered(self) -> dict[str, list[Place]]:
        mirrored = {
            "mirrored nodes": [*self._mirrored_nodes],
            "mirrored gates": [*self._gates],
            "mirrored edges": self._mirrored_edges,
        }
        return {**super()._hovered, **mirrored}


def _twin(place: Place) -> Place | None:
    """Return what stands below a circle of the network."""
    return place._replace(quantity=TWINS[place.quantity]) if place.quantity in TWINS else None


def _forward(place: Place) -> Place:
    """Return what stands above a circle of the mirror."""
    return place._replace(quantity=place.quantity.removeprefix("dl_d"))


def _is_backward(emphasis: Emphasis) -> bool:
    """Tell whether a stop is about what goes back through the mirror."""
    return any(place.quantity in BACKWARD for place in emphasis.results)
