"""The numbers that a learner may change: where each stands, and the same network or sample with another one there."""

from __future__ import annotations

from dataclasses import replace

from bppviz.core.functions import Array
from bppviz.core.network import Network
from bppviz.core.place import Place


def key(place: Place) -> str:
    """Return a place as the page calls it: w-1-0-1, b-1-0, x-0-1, t-3-0."""
    return "-".join(map(str, (part for part in place if part is not None)))


def home(place: Place) -> Place:
    """Return the place of the picture where a quantity has its home: the gradient of a weight at the weight."""
    if place.quantity.endswith(("_dw", "_db")):
        return place._replace(quantity=place.quantity[-1])
    return place


def place_at(key: str) -> Place:
    """Return the place that the page calls so."""
    quantity, layer, unit, *source = key.split("-")
    return Place(quantity, int(layer), int(unit), *map(int, source))


def groups(network: Network) -> list[list[Place]]:
    """Return every input, then by layer and neuron every weight and bias, then every target."""
    sizes = network.sizes
    layers = [
        [place for unit in range(sizes[layer]) for place in entering(network, layer, unit)]
        for layer in range(1, len(sizes))
    ]
    inputs = [Place("x", 0, unit) for unit in range(sizes[0])]
    return [inputs, *layers, [Place("t", len(sizes) - 1, unit) for unit in range(sizes[-1])]]


def entering(network: Network, layer: int, unit: int) -> list[Place]:
    """Return the weights and the bias that enter a neuron."""
    weights = [Place("w", layer, unit, source) for source in range(network.sizes[layer - 1])]
    return [*weights, Place("b", layer, unit)]


def with_number(network: Network, place: Place, value: float) -> Network:
    """Return a network with another number at the place of a weight or bias.

    Raises ValueError for a number that is not finite.
    """
    arrays = list(network.weights if place.quantity == "w" else network.biases)
    arrays[place.layer - 1] = changed(arrays[place.layer - 1], place, value)
    if place.quantity == "w":
        return replace(network, weights=tuple(arrays))
    return replace(network, biases=tuple(arrays))


def changed(array: Array, place: Place, value: float) -> Array:
    """Return a copy of an array, of a layer or of a sample, with another number at a place."""
    array = array.copy()
    array[place.unit if place.source is None else (place.unit, place.source)] = value
    return array
