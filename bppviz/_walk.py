"""Ways of walking through a trace: by pass, layer, neuron, equation, or term of a sum."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from bppviz._trace import Trace, TraceEvent

GRANULARITIES = ("pass", "layer", "neuron", "equation", "term")
DEFAULT = "equation"
# Above this many edges a network is drawn and walked by layer: a step for every weight would help nobody.
MANY_EDGES = 300


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
    return GRANULARITIES if edges(trace) <= MANY_EDGES else GRANULARITIES[:2]


def walk(trace: Trace, granularity: str = DEFAULT) -> list[Stop]:
    """Return the stops of a walk, from the first step of the trace to the last.

    Raises ValueError for a granularity that this trace does not have.
    """
    offered = granularities(trace)
    if granularity not in offered:
        raise ValueError(f"granularity {granularity!r} is not offered here; choose one of: {', '.join(offered)}.")
    if granularity in ("pass", "layer"):
        return _by_block(trace, granularity)
    if granularity == "neuron":
        groups = groupby(trace, key=_neuron)
        return [Stop(granularity, run[0].step, run[-1].step) for run in (list(group) for _, group in groups)]
    stops = []
    for event in trace:
        if granularity == "term":
            stops += [Stop(granularity, event.step, event.step, j) for j in range(1, sum_length(trace, event))]
        stops.append(Stop(granularity, event.step, event.step))
    return stops


def sum_length(trace: Trace, event: TraceEvent) -> int:
    """Return how many terms an event's formula adds up; 1 where it is no sum."""
    sizes = trace.network.sizes
    match event.quantity:
        case "z":
            return sizes[event.layer - 1] + 1
        case "loss":
            return sizes[-1]
        case "dl_da" if event.layer < len(sizes) - 1:
            return sizes[event.layer + 1]
        case _:
            return 1


def _neuron(event: TraceEvent) -> tuple[str, int, int | None, bool]:
    return event.phase, event.layer, event.unit, event.quantity in ("dl_dw", "dl_db")


def _by_block(trace: Trace, granularity: str) -> list[Stop]:
    """Group whole blocks, without looking at their events: there may be millions of them."""
    stops = []
    for _, group in groupby(trace.blocks, key=lambda b: (b.phase, b.layer, b.sources > 0) if granularity == "layer" else b.phase):
        blocks = list(group)
        stops.append(Stop(granularity, blocks[0].start, blocks[-1].stop - 1))
    return stops
