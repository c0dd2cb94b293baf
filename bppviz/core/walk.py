"""Ways of walking through a trace: by pass, layer, neuron, equation, or term of a sum."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from bppviz.core.checks import choose, known_name
from bppviz.core.order import Block
from bppviz.core.place import Place
from bppviz.core.trace import Trace

GRANULARITIES = ("pass", "layer", "neuron", "equation", "term")
DEFAULT = "equation"
# Above this many edges, or neurons in a layer, a network is drawn and walked by layer: a step for every weight would
# help nobody, and the picture would not fit a screen.
MOST_EDGES, MOST_NEURONS = 300, 16
# The longest sum in such a network, z of 16 inputs, is added up term by term; a sum over more samples is one step.
MOST_TERMS = MOST_NEURONS + 1
# Parts of the picture in the frames of a film: making as many takes about 3 s and 120 MB, or 1 s.
MOST_WORK, LONG = 700_000, 250_000


class Stop(NamedTuple):
    """A place to stand in a walk: the steps `first` to `last` are what is new here.

    `terms` counts the products of the last step's sum that have been added so far; None is all of them.
    """

    granularity: str
    first: int
    last: int
    terms: int | None = None


def edges(trace: Trace) -> int:
    """Return the number of weights of the network."""
    return sum(w.size for w in trace.network.weights)


def granularities(trace: Trace) -> tuple[str, ...]:
    """Return the ways in which this trace can be walked, coarsest first."""
    small = edges(trace) <= MOST_EDGES and max(trace.network.sizes) <= MOST_NEURONS
    return GRANULARITIES if small else GRANULARITIES[:2]


def default_granularity(trace: Trace) -> str:
    """Return the way in which a walk begins: by equation, or in a large network by layer."""
    return DEFAULT if DEFAULT in granularities(trace) else granularities(trace)[-1]


def walk(trace: Trace, granularity: str = DEFAULT) -> list[Stop]:
    """Return the stops of a walk, from the first step of the trace to the last.

    Raises ValueError for a granularity that this trace does not have.
    """
    offered = granularities(trace)
    if known_name("granularity", granularity, GRANULARITIES) not in offered:
        raise ValueError(f"granularity {granularity!r} is not offered here; {choose(offered)}")
    if granularity in ("pass", "layer"):
        return _by_block(trace, granularity)
    if granularity == "neuron":
        return _by_neuron(trace)
    if granularity == "equation":
        return [Stop(granularity, step, step) for step in range(len(trace))]
    stops = []
    for block in trace.blocks:
        for step in range(block.start, block.stop):
            length = sum_length(trace, block.place(step))
            stops += [Stop(granularity, step, step, j) for j in range(1, length)]
            stops.append(Stop(granularity, step, step))
    return stops


def film_stops(trace: Trace, names: Sequence[str]) -> tuple[list[Stop], dict[str, list[int]]]:
    """Return every stop of these walks that looks different, once, and for each walk which of them it goes along.

    By term, a whole equation looks as it does by equation.
    """
    places: dict[Stop, int] = {}
    walks = {}
    for name in names:
        stops = walk(trace, name)
        if name == "term":
            stops = [stop._replace(granularity=DEFAULT) if stop.terms is None else stop for stop in stops]
        walks[name] = [places.setdefault(stop, len(places)) for stop in stops]
    return list(places), walks


def filmed(trace: Trace) -> tuple[str, ...]:
    """Return the walks whose frames are made beforehand; of the others each is made when somebody comes to it."""
    names = granularities(trace)
    while len(names) > 1 and work(trace, names) > MOST_WORK:
        names = names[:-1]
    return names


def work(trace: Trace, names: Sequence[str]) -> int:
    """Return how many parts of the picture all frames of these walks show together."""
    sizes = trace.network.sizes
    if len(granularities(trace)) <= 2:
        parts = 100 + sum(sizes) // 5  # cells are quickly drawn
    else:
        parts = (edges(trace) + 3 * sum(sizes[1:])) * (3 if max(sizes) <= 3 else 1)  # where there is room, with labels
    return parts * len(film_stops(trace, names)[0])


def takes_long(trace: Trace) -> bool:
    """Tell whether the frames that are made beforehand take a second or more."""
    return work(trace, filmed(trace)) > LONG


def sum_length(trace: Trace, place: Place) -> int:
    """Return how many terms the formula of a number adds up; 1 where it is no sum."""
    sizes = trace.network.sizes
    match place.quantity:
        case "z":
            return sizes[place.layer - 1] + (place.layer not in trace.network.without_bias)
        case "loss":
            return sizes[-1]
        case "dl_da" if place.layer < len(sizes) - 1:
            return sizes[place.layer + 1]
        case "dL_dw" | "dL_db" if (trace.samples or 1) <= MOST_TERMS:
            return trace.samples or 1
        case _:
            return 1


def _by_neuron(trace: Trace) -> list[Stop]:
    """Group what is computed of a neuron without a break."""
    units = [(block.phase, block.layer, unit, block) for block in trace.blocks for unit in range(block.units)]
    stops = []
    for _, group in groupby(units, key=lambda it: it[:3]):
        (*_, first, block), *more = group
        last_block = more[-1][-1] if more else block
        stops.append(Stop("neuron", block.first(first), last_block.first(first + 1) - 1))
    return stops


def _by_block(trace: Trace, granularity: str) -> list[Stop]:
    """Group whole blocks, without looking at their events: there may be millions of them."""

    def key(block: Block) -> tuple[object, ...]:
        return (block.phase,) if granularity == "pass" else (block.phase, block.layer)

    groups = [list(group) for _, group in groupby(trace.blocks, key)]
    return [Stop(granularity, blocks[0].start, blocks[-1].stop - 1) for blocks in groups]


def stop_at(trace: Trace, k: int) -> Stop:
    """Return the stop of step k in the walk that a trace is shown with at first.

    Raises IndexError for a step that the trace does not have, TypeError for what is no whole number.
    """
    step = trace.step_at(k)
    return next(stop for stop in walk(trace, default_granularity(trace)) if stop.last >= step)


def locate(stops: list[Stop], step: int, partial: dict[str, int]) -> int:
    """Return the place in a walk where the page stands: the whole stop of a step, or so many terms before its end.

    `partial` is {"step": k, "back": n}: at step k, n terms of its sum are still missing.
    """
    place = next((i for i, stop in enumerate(stops) if stop.terms is None and stop.last >= step), len(stops) - 1)
    earlier = place - partial["back"]
    return earlier if partial["step"] == step and earlier >= 0 and stops[earlier].terms is not None else place
