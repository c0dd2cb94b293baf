"""Ways of walking through a trace: by pass, layer, vector, neuron, equation, or term of a sum."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from bppviz.core.checks import choose, known_name
from bppviz.core.order import Block
from bppviz.core.place import Place
from bppviz.core.trace import Trace, TraceEvent

GRANULARITIES = ("pass", "layer", "vector", "neuron", "equation", "term")
DEFAULT = "equation"
# Above this many edges, or neurons in a layer, a network is drawn and walked by layer: a step for every weight would
# help nobody, and the picture would not fit a screen.
MOST_EDGES, MOST_NEURONS = 300, 16
# The longest sum in such a network, z of 16 inputs, is added up term by term; a sum over more samples is one step.
MOST_TERMS = MOST_NEURONS + 1
# Parts of the picture in the frames of a film: making as many takes about 3 s and 120 MB, or 1 s.
MOST_WORK, LONG = 700_000, 250_000


class Stop(NamedTuple):
    """A place to stand in a walk: the steps `first` to `last` are what is new here, of a vector those of its quantity.

    `terms` counts the products of the last step's sum that have been added so far; None is all of them.
    """

    granularity: str
    first: int
    last: int
    terms: int | None = None


def edges(trace: Trace) -> int:
    """Return the number of weights of the network."""
    return sum(w.size for w in trace.network.weights)


def is_drawn_by_neuron(trace: Trace) -> bool:
    """Tell whether a network is small enough to be drawn and walked neuron by neuron."""
    return edges(trace) <= MOST_EDGES and max(trace.network.sizes) <= MOST_NEURONS


def granularities(trace: Trace) -> tuple[str, ...]:
    """Return the ways in which this trace can be walked, coarsest first."""
    return GRANULARITIES if is_drawn_by_neuron(trace) else GRANULARITIES[:3]


def default_granularity(trace: Trace) -> str:
    """Return the way in which a walk begins: by equation, or in a large network by layer."""
    return DEFAULT if is_drawn_by_neuron(trace) else "layer"


def walk(trace: Trace, granularity: str = DEFAULT) -> list[Stop]:
    """Return the stops of a walk, from the first step of the trace to the last.

    Raises ValueError for a granularity that this trace does not have.
    """
    offered = granularities(trace)
    if known_name("granularity", granularity, GRANULARITIES) not in offered:
        raise ValueError(f"granularity {granularity!r} is not offered here; {choose(offered)}")
    if granularity in ("pass", "layer"):
        return _by_block(trace, granularity)
    if granularity == "vector":
        return [Stop(granularity, *span) for block in trace.blocks for span in block.spans]
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

    By term, a whole equation looks as it does by equation; the loss does in every walk but that by pass.
    """
    places: dict[Stop, int] = {}
    walks = {}
    for name in names:
        stops = (_as_shown(trace, stop) for stop in walk(trace, name))
        walks[name] = [places.setdefault(stop, len(places)) for stop in stops]
    return list(places), walks


def _as_shown(trace: Trace, stop: Stop) -> Stop:
    """Return the stop by equation that looks the same, or else a stop itself."""
    is_whole = stop.granularity == "term" and stop.terms is None
    is_loss = block_of(trace, stop.last).phase == "loss" and stop.terms is None and stop.granularity != "pass"
    return stop._replace(granularity=DEFAULT) if is_whole or is_loss else stop


def filmed(trace: Trace) -> tuple[str, ...]:
    """Return the walks whose frames are made beforehand; of the others each is made when somebody comes to it."""
    names = granularities(trace)
    while len(names) > 1 and work(trace, names) > MOST_WORK:
        names = names[:-1]
    return names


def work(trace: Trace, names: Sequence[str]) -> int:
    """Return how many parts of the picture all frames of these walks show together."""
    sizes = trace.network.sizes
    if not is_drawn_by_neuron(trace):
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


def block_of(trace: Trace, step: int) -> Block:
    """Return the block of events that a step belongs to."""
    return trace.blocks[bisect_right(trace.blocks, step, key=lambda block: block.start) - 1]


def found_at(trace: Trace, stop: Stop) -> tuple[TraceEvent, ...]:
    """Return the events that are new at a stop."""
    events = trace[stop.first : stop.last + 1]
    is_whole = stop.granularity != "vector"
    return tuple(event for event in events if is_whole or event.quantity == events[-1].quantity)


def to_come(trace: Trace, stop: Stop) -> frozenset[int]:
    """Return the steps before the end of a stop that are not known there: by vector, what its neurons have next."""
    return frozenset(block_of(trace, stop.last).later(stop.last)) if stop.granularity == "vector" else frozenset()


def stop_at(trace: Trace, k: int) -> Stop:
    """Return the stop of step k in the walk that a trace is shown with at first.

    Raises IndexError for a step that the trace does not have, TypeError for what is no whole number.
    """
    stops = walk(trace, default_granularity(trace))
    return stops[first_known(trace, stops, trace.step_at(k))]


def first_known(trace: Trace, stops: Sequence[Stop], step: int) -> int:
    """Return the place in a walk of the first whole stop at which a step is known; beyond the last step, the last."""
    known = (
        place
        for place, stop in enumerate(stops)
        if stop.terms is None and stop.last >= step and step not in to_come(trace, stop)
    )
    return next(known, len(stops) - 1)


def locate(trace: Trace, stops: Sequence[Stop], step: int, partial: dict[str, int]) -> int:
    """Return the place in a walk where the page stands: the whole stop of a step, or so many terms before its end.

    `partial` is {"step": k, "back": n}: at step k, n terms of its sum are still missing.
    """
    place = first_known(trace, stops, step)
    earlier = place - partial["back"]
    return earlier if partial["step"] == step and earlier >= 0 and stops[earlier].terms is not None else place
