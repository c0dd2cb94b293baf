"""What a picture depends on apart from the numbers of a run: where everything stands, and from which step it is known.

Two runs of one shape are drawn on the same ground: while a weight is moved, all that was found here is found once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from bppviz.core.functions import activation_of
from bppviz.core.order import GIVEN, Block
from bppviz.core.place import Place, chosen_for, entering, gradient_of, home, key
from bppviz.core.trace import Trace
from bppviz.picture.beside import bias, edge_of, weight
from bppviz.picture.geometry import Point
from bppviz.picture.layout import Layout, Naming, layout_of
from bppviz.words.symbols import Symbols

GRADIENTS = {"z": "dl_dz", "a": "dl_da"}  # which belong to what stands in a circle
HALF_BIAS = 30  # from the beginning of a bias to the middle of its text
LONG_LOSSES = ("mean_squared_error", "binary_cross_entropy")  # their formulas need more room
VALUES = {gradient: value for value, gradient in GRADIENTS.items()}

Ends = tuple[Point, Point]


class Known(NamedTuple):
    """What is known at a stop: everything up to the last step, but for what is hidden: asked for, or still to come."""

    last: int
    hidden: frozenset[int] = frozenset()

    def has(self, step: int) -> bool:
        """Tell whether what a step computes is known."""
        return step <= self.last and step not in self.hidden


@dataclass(frozen=True)
class Shape:
    """Everything about a run that its picture depends on, but for the numbers.

    `total` is that of several samples, and empty for one. `blocks` are those of the run, and `without_bias` the layers
    that have no biases. A `twinned` picture has its mirror below the network. `symbols` follow from the rest.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    total: str
    notation: str
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    blocks: tuple[Block, ...]
    without_bias: frozenset[int]
    twinned: bool
    symbols: Symbols = field(compare=False, repr=False)

    @cached_property
    def layout(self) -> Layout:
        """Return where the neurons stand."""
        given = bool(self.input_names), bool(self.output_names)
        softmax = not self.elementwise(len(self.activations))
        naming = Naming(*given, self.notation != "lecture", self.loss in LONG_LOSSES, softmax, self.total)
        return layout_of(self.sizes, self.twinned, naming, self.without_bias)

    def elementwise(self, layer: int) -> bool:
        """Tell whether each a of this layer depends on its own z alone."""
        return activation_of(self.activations[layer - 1]).derivative is not None

    def activation(self, layer: int) -> str:
        """Return what kind of activation a layer has: leaky_relu, with whatever slope."""
        return activation_of(self.activations[layer - 1]).kind

    @property
    def beside(self) -> Mapping[str, str]:
        """Return the gradients that stand beside the circle of a value; in a mirror they have their own circles."""
        return {} if self.twinned else GRADIENTS

    # Places

    @cached_property
    def nodes(self) -> dict[Place, Point]:
        """Return the circles and boxes that hold a forward value."""
        at = self.layout
        nodes = {Place("x", 0, unit): at.x(unit) for unit in range(at.sizes[0])}
        for layer in at.layers:
            for unit in range(at.sizes[layer]):
                nodes[Place("z", layer, unit)] = at.z(layer, unit)
                nodes[Place("a", layer, unit)] = at.a(layer, unit)
        nodes.update({Place("t", at.layers[-1], unit): at.target(unit) for unit in range(at.sizes[-1])})
        return {**nodes, Place("loss", at.layers[-1], 0): at.loss}

    @cached_property
    def gates(self) -> dict[Place, Point]:
        """Return the places of σ, which going backward are amplifiers."""
        at = self.layout
        return {
            Place("dsigma", layer, unit): at.gate(layer, unit) for layer in at.layers for unit in range(at.sizes[layer])
        }

    @cached_property
    def amplifying(self) -> list[Place]:
        """Return the gates that multiply by a σ′ of their own: all but those of a softmax layer."""
        return [gate for gate in self.gates if self.elementwise(gate.layer)]

    @cached_property
    def edges(self) -> list[Place]:
        """Return the weights."""
        return [place for gate in self.gates for place in self.entering(*gate[1:3]) if place.quantity == "w"]

    def entering(self, layer: int, unit: int) -> list[Place]:
        """Return the weights that enter a neuron, and its bias, if it has one."""
        return entering(self.sizes, self.without_bias, layer, unit)

    @cached_property
    def ends(self) -> dict[Place, Ends]:
        """Return where every edge begins and ends."""
        return {edge: edge_of(self.layout, edge) for edge in self.edges}

    @cached_property
    def homes(self) -> dict[Place, Point]:
        """Return where the label of every edge stands."""
        return {edge: weight(self.layout, edge) for edge in self.edges}

    @cached_property
    def biases(self) -> dict[Place, Point]:
        """Return where every bias answers the mouse, whatever its number."""
        aside = HALF_BIAS if self.layout.tagged else 0
        places = (Place("b", *gate[1:3]) for gate in self.gates if gate.layer not in self.without_bias)
        points = {place: bias(self.layout, place) for place in places}
        return {place: Point(it.x + aside, it.y) for place, it in points.items()}

    # Steps

    @cached_property
    def steps(self) -> dict[Place, int]:
        """Return the step that computes each number, of a weight or bias the new one."""
        return {block.place(step): step for block in self.blocks for step in range(block.start, block.stop)}

    def found_of(self, own: Place) -> list[Place]:
        """Return what the run computes of a weight or bias: its gradient, their sum over the samples, the new value."""
        return self._found[own]

    @cached_property
    def _found(self) -> dict[Place, list[Place]]:
        owns = (*self.edges, *self.biases)
        return {own: [it for it in (gradient_of(own), gradient_of(own, "L"), own) if it in self.steps] for own in owns}

    @cached_property
    def _since(self) -> dict[Place, int]:
        given = [place for place in (*self.nodes, *self.edges, *self.biases) if place.quantity in GIVEN]
        return {**dict.fromkeys(self.gates, len(self.steps)), **self.steps, **dict.fromkeys(given, -1)}

    def since(self, place: Place) -> int:
        """Return the step from which a place is known: of what was given, one before the first."""
        return self._since[place]  # σ′ of a softmax layer never is

    def is_known(self, place: Place, known: Known) -> bool:
        """Tell whether the number of a place is known."""
        step = self._since[place]
        return step <= known.last and step not in known.hidden

    # The mouse

    def answer(self, place: Place) -> tuple[str | int, ...]:
        """Return what a place answers the mouse: what a click chooses, of a neuron its bias; its home; and its steps.

        A given number has no steps: it can be changed.
        """
        own = home(place)
        chosen = own if own.quantity in GIVEN else chosen_for(self.without_bias, own.layer, own.unit)
        chooses = "" if place.quantity == "loss" else key(chosen)
        return (chooses, key(own), *self._steps_at(place))

    def found_answer(self, place: Place) -> tuple[str | int, ...]:
        """Return what a number that was found of a weight or bias answers the mouse: the step that found it."""
        own = key(home(place))
        return own, own, self.steps[place]

    def _steps_at(self, place: Place) -> list[int]:
        """Return the steps that belong to a place: the one that computes its value, and its gradient's."""
        if place.quantity in GIVEN:
            places = []
        elif place.quantity in self.beside:
            places = [place, place._replace(quantity=self.beside[place.quantity])]
        elif place not in self.steps:  # σ′ of a softmax layer
            places = [place._replace(quantity="a")]
        else:
            places = [place]
        return [self.steps[it] for it in places]


def shape_of(trace: Trace, *, twinned: bool = False) -> Shape:
    """Return the shape of a run's picture."""
    network = trace.network
    return Shape(
        network.sizes,
        network.activations,
        network.loss,
        network.total if trace.samples else "",
        network.notation,
        network.input_names,
        network.output_names,
        trace.blocks,
        network.without_bias,
        twinned,
        Symbols(network),
    )


@lru_cache(maxsize=4096)  # asked for every circle at every stop
def twin(place: Place) -> Place | None:
    """Return the value that belongs to a gradient of a circle, or the gradient that belongs to a value."""
    quantity = GRADIENTS.get(place.quantity) or VALUES.get(place.quantity)
    return place._replace(quantity=quantity) if quantity else None
