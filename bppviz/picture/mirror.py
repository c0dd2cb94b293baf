"""The network and, below it, the network that the backward pass is: the same one, mirrored.

In the mirror the arrows are reversed, the edges carry the same weights, and each neuron is an amplifier, a triangle
that multiplies by σ′(z). ∂l/∂y enters at the right. In the network stand what is computed forward, and each ∂l/∂w at
its weight; straight below every z and a stand ∂l/∂z and ∂l/∂a, their twins. What lights one up lights up the other too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bppviz.core.emphasis import Emphasis
from bppviz.core.place import Place
from bppviz.core.trace import Trace
from bppviz.picture import graph
from bppviz.picture.beside import MIRRORED_ASIDE, is_steep, mirrored_edge, mirrored_weight, rise_of
from bppviz.picture.boxes import Boxing, Frame, Plate, Plates
from bppviz.picture.edges import BACKWARD, FORWARD, Arrows, Lines, Ways, goes_back, lit_edges, wired
from bppviz.picture.geometry import Point, box_around
from bppviz.picture.graph import Ground, Outlines, kept
from bppviz.picture.labels import Gains, rule_of
from bppviz.picture.layout import LOSS_BOX, UNDER
from bppviz.picture.marks import (
    ALWAYS_LIT,
    Answers,
    Fixed,
    Mark,
    Patches,
    Series,
    answering,
    filled,
    lines,
    lit_in,
    lit_with,
    outline,
    texts,
    told_at,
    unwritten,
)
from bppviz.picture.moment import Moment, box_look
from bppviz.picture.names import italic, width_of_named
from bppviz.picture.nodes import Nodes, Values
from bppviz.picture.run import Run
from bppviz.picture.shape import Ends, Shape, twin
from bppviz.picture.theme import TEXT, part

MOST_MIRRORED = 6  # neurons in a layer; the mirror of a larger network would not fit a screen
SMALLEST, LARGEST = 18.0, 40.0  # an amplifier that multiplies by 0, and by the largest gain
FROM_CROSSING = 14  # from the middle of a steep edge at least to where its weight begins
BELOW = 11  # from a circle to the middle of a text below it
CIRCLED = ("x", "z", "a", "t")  # which stand in the network alone
MOST_LABELS = 12  # on the edges of a mirror whose network has lists


def has_mirror(trace: Trace) -> bool:
    """Tell whether a network is small enough to be shown with its mirror."""
    return max(trace.network.sizes) <= MOST_MIRRORED


@kept
def mirrored_ground(shape: Shape) -> Ground:
    """Return what pictures of a twinned shape have in common: the marks of the network, and those turned round."""
    above = (Half(mark, FORWARD) for mark in graph.marks(shape, []))
    below = (Half(mark, BACKWARD) for mark in mirrored(shape))
    return Ground(shape, (*above, *below), mirrored_outlines(shape))


@dataclass(frozen=True)
class Half:
    """A mark of the network, or of its mirror: what goes back stands out in the mirror alone."""

    mark: Mark
    passes: str

    def series(self) -> dict[str, Series]:
        """Return the mark's series by name; the spotlight lights up what both halves have in its own pass."""
        series = self.mark.series()
        return {name: lit_in(self.passes, it) if _is_in_both(it) else it for name, it in series.items()}

    def patch(self, run: Run, now: Moment) -> Patches:
        """Return what changes at a stop."""
        if self.passes == FORWARD and goes_back(now.emphasis):
            used = frozenset(it for it in now.emphasis.operands if it.quantity in CIRCLED)
            now = now._replace(emphasis=Emphasis(frozenset(), used, now.emphasis.phase))
        return self.mark.patch(run, now)


def _is_in_both(series: Series) -> bool:
    """Tell whether a series belongs to weights or places of σ."""
    places = " ".join(series.get("meta", {"at": ""})["at"]).split()
    return any(place.startswith(("w-", "dsigma-")) for place in places)


def mirrored(shape: Shape) -> tuple[Mark, ...]:
    """Return the marks of the mirror, from the lowest to the uppermost."""
    ends, points = mirrored_ends(shape), circles(shape)
    labels = {edge: mirrored_weight(shape.layout, edge) for edge in ends}
    nodes, values = Nodes(shape, "mirrored nodes", points), Values(shape, "mirrored values", points)
    gains = Gains(shape, {gate: below_gate(shape, gate) for gate in shape.amplifying})
    weights = Weights(shape, labels)
    return (
        Lines(ends, "mirrored "),
        Fixed({"mirrored wires": mirrored_wires(shape)}),
        Arrows(shape, ends, "mirrored "),
        Ways(shape, ends, BACKWARD),
        Plates("mirrored plates", [weights]),
        Fixed({"fold": fold(shape)}),
        *([Answers(shape, "mirrored edges", labels)] if shape.layout.tagged else []),  # of others few are told
        nodes,
        Amplifiers(shape),
        Boxing("mirrored boxes", [nodes, Source(shape), weights, gains]),
        mirrored_loss(shape),
        values,
        gains,
        weights,
        Rule(shape, points),
    )


@dataclass(frozen=True)
class Rule:
    """How ∂l/∂y comes from y and t, or ∂l/∂z where the two are simplified, below its circle."""

    shape: Shape
    points: Mapping[Place, Point]

    def series(self) -> dict[str, Series]:
        """Return the text before any stop: nothing."""
        return {"mirrored rule": unwritten([Point(0, 0)], "backward") | ALWAYS_LIT}

    def patch(self, run: Run, now: Moment) -> Patches:
        """Write the rule of a single equation."""
        is_one = len(now.emphasis.results) == 1 and not (now.in_full or now.emphasis.asked)
        told = rule_of(self.shape, run, now.emphasis) if is_one else None
        point = self.points[next(iter(now.emphasis.results))] if told else Point(0, 0)
        y = point.y + self.shape.layout.radius + BELOW
        return {"mirrored rule": {"text": filled([italic(told[0]) if told else ""]), "x": [point.x], "y": [y]}}


# Where things stand


def mirrored_ends(shape: Shape) -> dict[Place, Ends]:
    """Return the ends of the edges that something goes back along; to the inputs, nothing does."""
    return {edge: mirrored_edge(shape.layout, edge) for edge in shape.edges if edge.layer > 1}


def circles(shape: Shape) -> dict[Place, Point]:
    """Return the circles of ∂l/∂z and ∂l/∂a, straight below those of z and a."""
    twins = {twin(place): shape.layout.twin(point) for place, point in shape.nodes.items()}
    return {place: point for place, point in twins.items() if place}


def source(shape: Shape) -> Point:
    """Return the twin of the loss, where what goes back comes from."""
    return shape.layout.twin(shape.layout.loss)


def below_gate(shape: Shape, gate: Place) -> Point:
    """Return the place of what an amplifier multiplies by: below the circles, which may be as wide as their numbers."""
    point = shape.layout.twin(shape.gates[gate])
    return Point(point.x, point.y + shape.layout.radius + BELOW + rise_of(shape.layout))


def mirrored_outlines(shape: Shape) -> Outlines:
    """Return where every place is marked, and where its twin is."""
    marked, at = graph.outlines(shape), shape.layout
    for edge in mirrored_ends(shape):
        marked[edge] += [outline(*graph.along(mirrored_weight(shape.layout, edge)))]
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
    y = at.twin(Point(0, at.first)).y - at.radius - UNDER / 3  # clear of what stands beneath the last row
    return lines([(Point(12, y), Point(at.width - 12, y))], color=part("line"), width=1.5, dash="3px,6px")


def mirrored_loss(shape: Shape) -> Fixed:
    """Return the symbol of the loss where ∂l/∂y enters."""
    place = Place("loss", shape.layout.layers[-1])
    symbol = italic(shape.symbols(*place).text)
    return Fixed({"mirrored loss": lit_with(texts([source(shape)], [symbol], "quiet"), [place])})


# What a stop shows


@dataclass(frozen=True)
class Amplifiers:
    """The triangles of the mirror, the larger the more they multiply by; softmax and identity have circles."""

    shape: Shape

    @property
    def _points(self) -> dict[Place, Point]:
        return {gate: self.shape.layout.twin(point) for gate, point in self.shape.gates.items()}

    def series(self) -> dict[str, Series]:
        """Return the amplifiers before any stop."""
        gates, count = self.shape.gates, len(self.shape.gates)
        line = {"color": [part("line")] * count, "width": [1.7] * count}
        marker = {"color": [part("background")] * count, "opacity": 1, "line": line, "size": [SMALLEST] * count}
        marker["symbol"] = ["triangle-left" if self.shape.elementwise(gate.layer) else "circle" for gate in gates]
        return {"mirrored gates": lit_with(answering(self.shape, self._points, marker), self._points)}

    def patch(self, run: Run, now: Moment) -> Patches:
        """Let each grow as soon as its z is known, and with it the gain, though its number is told at its own step."""
        gates, known = self.shape.gates, now.known
        has_z = {gate: self.shape.is_known(gate._replace(quantity="z"), known) for gate in gates}
        strengths = [now.of(gate) for gate in gates]
        patch = {
            "marker.size": [_side(run, it) if has_z[it] else SMALLEST for it in gates],
            "marker.color": [part("backward" if it == "strong" else "background") for it in strengths],
            "marker.line.color": [
                part("backward" if strong else "backward-quiet" if self.shape.is_known(it, known) else "line")
                for it, strong in zip(gates, strengths, strict=True)
            ],
            "marker.line.width": [3.4 if it else 1.7 for it in strengths],
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
    return round(SMALLEST + (LARGEST - SMALLEST) * share, 1)


@dataclass(frozen=True)
class Source:
    """The box at the right, from which ∂l/∂y enters the mirror."""

    shape: Shape

    def frames(self, *_: object) -> Iterator[Frame]:
        """Return the box."""
        yield Frame(box_around(source(self.shape), LOSS_BOX[0] / 2, 44), "still")


@dataclass(frozen=True)
class Weights:
    """The weights on the edges of the mirror: all where there is room, else those that a stop is about."""

    shape: Shape
    points: Mapping[Place, Point]

    @property
    def _slots(self) -> int:
        return max(len(self.points) if self.shape.layout.tagged else MOST_LABELS, 1)

    def _shown(self, now: Moment) -> list[Place]:
        if self.shape.layout.tagged:
            return list(self.points)
        lit = lit_edges(now.emphasis) if goes_back(now.emphasis) else ()
        return [edge for edge in self.points if edge in lit][: self._slots]

    def series(self) -> dict[str, Series]:
        """Return the weights before any stop: nothing."""
        drawn = unwritten([Point(0, 0)] * self._slots, "quiet")
        is_each_its_own = self.shape.layout.tagged and self.points
        drawn = told_at(self.shape, drawn, self.points if is_each_its_own else ())
        return {"mirrored weights": lit_with(drawn, self.points) if is_each_its_own else drawn | ALWAYS_LIT}

    def patch(self, run: Run, now: Moment) -> Patches:
        """Write the weights."""
        edges = self._shown(now)
        lit = [self._is_lit(edge, now) for edge in edges]
        free = self._slots - len(edges)
        points = [self._point(run, edge, now) for edge in edges] + [Point(0, 0)] * free
        told = [self._told(run, *pair, now) for pair in zip(edges, lit, strict=True)]
        patch = {
            "text": filled([*told, *[""] * free]),
            "x": [round(it.x, 1) for it in points],
            "y": [round(it.y, 1) for it in points],
            "textfont.color": [part("ink" if it or now.in_full else "quiet") for it in (*lit, *[False] * free)],
        }
        if not self.shape.layout.tagged:
            patch["customdata"] = list(map(self.shape.answer, edges))
        return {"mirrored weights": patch}

    def _is_lit(self, edge: Place, now: Moment) -> bool:
        return bool(now.of(edge)) and goes_back(now.emphasis)

    def _told(self, run: Run, edge: Place, is_lit: bool, now: Moment) -> str:
        number = run.text(edge, now.digits_of(edge))
        return f"{italic(self.shape.symbols(*edge).text)} = {f'<b>{number}</b>' if is_lit else number}"

    def _wide(self, run: Run, edge: Place, now: Moment) -> float:
        number = run.text(edge, now.digits_of(edge))
        return width_of_named(self.shape.symbols(*edge).text, number) * TEXT

    def _point(self, run: Run, edge: Place, now: Moment) -> Point:
        """Return where a weight stands: beside a slanting edge so far away that it does not reach over the middle."""
        point, (start, end) = self.points[edge], mirrored_edge(self.shape.layout, edge)
        away = FROM_CROSSING + self._wide(run, edge, now) / 2 - MIRRORED_ASIDE
        if away <= 0 or not is_steep(self.shape.layout, edge):
            return point
        return Point(point.x + (away if start.y > end.y else -away), point.y)

    def frames(self, run: Run, now: Moment) -> Iterator[Frame]:
        """Return the boxes around the weights that something goes back along."""
        for edge in self._shown(now):
            point, wide = self._point(run, edge, now), self._wide(run, edge, now)
            if self._is_lit(edge, now):
                box = box_around(point, wide + 10, 22)
                yield Frame(box._replace(top=box.top - rise_of(self.shape.layout)), box_look("soft", "ink"))

    def plates(self, run: Run, now: Moment) -> list[Plate | None]:
        """Return the grounds of the weights."""
        shown = self._shown(now)
        plates = [Plate(self._point(run, edge, now), self._wide(run, edge, now)) for edge in shown]
        return [*plates, *[None] * (self._slots - len(shown))]
