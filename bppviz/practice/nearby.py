"""Which numbers stand beside a number and may be taken for it.

==================  ==========================================================================
`other_inputs`      the numbers of other layers, in place of those that enter a layer
`other_gradients`   the gradients beside that of a weight
`next_to`           the index before and the one after
`beside`            the weights beside a weight
`whole_neighbours`  the weights of the neighbouring neuron
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bppviz.core.network import Network
from bppviz.core.place import Place


def other_inputs(sizes: Sequence[int], layer: int, size: int) -> Iterator[tuple[str, int]]:
    """Yield what may be taken for so many numbers that enter a layer: those of other layers, or z before σ."""
    for other in range(len(sizes)):
        if other != layer - 1 and sizes[other] >= size:
            yield ("x", 0) if other == 0 else ("a", other)
    if layer > 1:
        yield "z", layer - 1


def other_gradients(network: Network, own: Place) -> Iterator[Place]:
    """Yield the places of the gradients beside that of a weight."""
    if own.source is not None:
        for unit, source in beside(own, *network.array("w", own.layer).shape):
            yield own._replace(unit=unit, source=source)


def next_to(index: int, count: int) -> Iterator[int]:
    """Yield the index before and the one after, as far as there are such."""
    return (other for other in (index - 1, index + 1) if 0 <= other < count)


def beside(place: Place, n_out: int, n_in: int) -> Iterator[tuple[int, int]]:
    """Yield unit and source of the weights beside a weight: of the same neuron, and of the same source."""
    unit, source = place.unit, place.source or 0
    for other in next_to(unit, n_out):
        yield other, source
    for other in next_to(source, n_in):
        yield unit, other


def whole_neighbours(places: list[Place], n_out: int, n_in: int) -> Iterator[list[Place]]:
    """Yield the weights of the neighbouring neuron: of one row of W, or of one column, moved by one."""
    is_row = len({place.unit for place in places}) == 1 and len(places) == n_in
    for by in (-1, 1):
        moved = [
            place._replace(unit=place.unit + by) if is_row else place._replace(source=(place.source or 0) + by)
            for place in places
        ]
        if all(0 <= place.unit < n_out and 0 <= (place.source or 0) < n_in for place in moved):
            yield moved
