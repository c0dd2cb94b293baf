"""Where a number stands in a run: the noun by which every number is asked for.

==================  ==========================================================================
`Place`             quantity, layer, unit and source
`Operand`           a number at its place, from which another was computed
`located`           the place that somebody asked for, if there is such a place
`key`               a place as the page calls it, w-1-0-1, and `place_at` back
`home`              where in the picture a quantity stands: the gradient of a weight at the weight
`gradient_of`       where the gradient of a weight or bias stands
`groups`            all numbers that a learner may change, by layer
`entering`          the weights of a neuron, and its bias if it has one
`chosen_for`        the one of them that is chosen where somebody chooses the neuron
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from operator import index
from typing import Any, NamedTuple, NoReturn

from bppviz.core.checks import brief, known_name

# By quantity and layer, the shape of its numbers: (units,) or, of what belongs to a weight, (units, sources).
Shapes = Mapping[tuple[str, int], tuple[int, ...]]


class Place(NamedTuple):
    """Where a number stands in a run.

    `quantity` is one of x, t, w, b, or an event's. `layer` counts from 1, the inputs are layer 0. `unit` is the array
    index of the neuron; `source`, of what belongs to a weight, that of the neuron or input which the weight comes from.
    """

    quantity: str
    layer: int
    unit: int = 0
    source: int | None = None


class Operand(NamedTuple):
    """A number that an event was computed from.

    `quantity` is one of x, t, w, b, or an event's quantity. `layer` counts from 1 (the inputs are layer 0), `unit` and
    `source` are array indices. `step` is the event that computed it, None for what was given: x, t, w, b.
    `sample` is an array index too, None in a run of one sample and for what belongs to no sample.
    """

    quantity: str
    layer: int
    unit: int
    source: int | None
    value: float
    step: int | None
    sample: int | None = None

    @property
    def place(self) -> Place:
        """Return where the number stands."""
        return Place(self.quantity, self.layer, self.unit, self.source)


def located(shapes: Shapes, quantity: Any, layer: Any = None, unit: Any = 0, source: Any = None) -> Place:
    """Return a place, given as a `Place` or spelled out, if a run or network of these shapes has it.

    Raises ValueError for a quantity that there is not, or one whose layer or source is missing or too much, IndexError
    for a layer, unit or source beyond its bounds, TypeError for one that is no whole number.
    """
    if isinstance(quantity, Place):
        quantity, layer, unit, source = quantity
    if isinstance(quantity, str) and quantity == "loss" and unit is None:  # as its event has it
        unit = 0
    try:
        place = Place(quantity, index(layer), index(unit), None if source is None else index(source))
        shape = shapes[place[:2]]
    except (KeyError, TypeError):
        _refuse(shapes, quantity, layer, unit, source)
    if not (0 <= place.unit < shape[0] and _has_source(shape, place.source)):
        _refuse(shapes, *place)
    return place


def _has_source(shape: tuple[int, ...], source: int | None) -> bool:
    """Tell whether numbers of this shape have such a source, or have none if it is None."""
    return len(shape) == 1 if source is None else len(shape) == 2 and 0 <= source < shape[1]


def key(place: Place) -> str:
    """Return a place as the page calls it: w-1-0-1, b-1-0, x-0-1, t-3-0."""
    return "-".join(map(str, (part for part in place if part is not None)))


def home(place: Place) -> Place:
    """Return the place of the picture where a quantity has its home: the gradient of a weight at the weight."""
    if place.quantity.endswith(("_dw", "_db")):
        return place._replace(quantity=place.quantity[-1])
    return place


def gradient_of(place: Place, loss: str = "l") -> Place:
    """Return the place of ∂l/∂w, or of the ∂L/∂w of another `loss`, of the weight or bias at a place."""
    return place._replace(quantity=f"d{loss}_d{place.quantity}")


def of_one_sample(place: Place) -> Place:
    """Return the place of the gradient of one sample, ∂l/∂w, that a sum over the samples, ∂L/∂w, adds up."""
    return place._replace(quantity=place.quantity.replace("dL", "dl"))


def place_at(key: str) -> Place:
    """Return the place that the page calls so."""
    quantity, layer, unit, *source = key.split("-")
    return Place(quantity, int(layer), int(unit), *map(int, source))


def groups(sizes: Sequence[int], without_bias: Collection[int]) -> list[list[Place]]:
    """Return every input, then by layer and neuron every weight and bias, then every target."""
    layers = [
        [place for unit in range(sizes[layer]) for place in entering(sizes, without_bias, layer, unit)]
        for layer in range(1, len(sizes))
    ]
    inputs = [Place("x", 0, unit) for unit in range(sizes[0])]
    return [inputs, *layers, [Place("t", len(sizes) - 1, unit) for unit in range(sizes[-1])]]


def entering(sizes: Sequence[int], without_bias: Collection[int], layer: int, unit: int) -> list[Place]:
    """Return the weights that enter a neuron, and its bias, unless its layer is one of those without."""
    weights = [Place("w", layer, unit, source) for source in range(sizes[layer - 1])]
    return weights if layer in without_bias else [*weights, Place("b", layer, unit)]


def chosen_for(without_bias: Collection[int], layer: int, unit: int) -> Place:
    """Return what is chosen in the place of a neuron, which is no number to change: its bias, or its first weight."""
    return Place("w", layer, unit, 0) if layer in without_bias else Place("b", layer, unit)


def _refuse(shapes: Shapes, quantity: Any, layer: Any, unit: Any, source: Any) -> NoReturn:
    """Say what is wrong with a place that there is not."""
    known_name("quantity", quantity, list(dict.fromkeys(name for name, _ in shapes)))
    layers = [at for name, at in shapes if name == quantity]
    if layer is None:
        raise ValueError(f"which {quantity}? Give its layer too: {_bounds(layers)}.")
    for name, it in (("layer", layer), ("unit", unit), ("source", source)):
        if it is not None and not _is_index(it):
            raise TypeError(f"{name} of {quantity} is {brief(it)}; give a whole number.")
    if layer not in layers:
        beyond = f"{quantity} has no layer {brief(layer)}"
        raise IndexError(f"{beyond}; give {_bounds(layers)} (the inputs, x, are layer 0).")
    units, *sources = shapes[quantity, layer]
    if sources and source is None:
        raise ValueError(f"{quantity} belongs to a weight: give its source too, {_bounds(range(sources[0]))}.")
    if source is not None and not sources:
        raise ValueError(f"{quantity} belongs to a neuron and has no source; leave it out.")
    if unit is None:
        raise ValueError(f"{quantity} belongs to a neuron: give its unit too, {_bounds(range(units))}.")
    beyond = f"unit {brief(unit)}" if not 0 <= unit < units else f"source {brief(source)}"
    bounds = _bounds(range(units if beyond.startswith("unit") else sources[0]))
    raise IndexError(f"{quantity} of layer {layer} has no {beyond}; give {bounds}.")


def _is_index(it: Any) -> bool:
    """Tell whether something counts as a whole number; an array has the method, and most refuse."""
    try:
        index(it)
    except TypeError:
        return False
    return True


def _bounds(numbers: Any) -> str:
    first, last = min(numbers), max(numbers)
    return str(first) if first == last else f"{first} to {last}"
