"""Ways of walking through a trace: by pass, layer, neuron, equation, or term of a sum."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from bppviz._checks import choose, known_name
from bppviz._trace import Block, Trace, TraceEvent

GRANULARITIES = ("pass", "layer", "neuron", "equation", "term")
DEFAULT = "equation"
# Above this many edges, or neurons in a layer, a network is drawn and walked by layer: a step for every weight would
# help nobody, and the picture would not fit a screen.
MOST_EDGES, MOST_NEURONS = 300, 16
# The longest sum in such a network, z of 16 inputs, is added up term by term; a sum over more samples is one step.
MOST_TERMS = MOST_NEURONS + 1


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
        case "dL_dw" | "dL_db" if (trace.samples or 1) <= MOST_TERMS:
            return trace.samples or 1
        case _:
            return 1


def _neuron(event: TraceEvent) -> tuple[str, int, int | None, bool]:
    return event.phase, event.layer, event.unit, event.quantity in ("dl_dw", "dl_db")


def _by_block(trace: Trace, granularity: str) -> list[Stop]:
    """Group whole blocks, without looking at their events: there may be millions of them."""

    def key(block: Block) -> tuple[object, ...]:
        return (block.phase,) if granularity == "pass" else (block.phase, block.layer, block.sources > 0)

    groups = [list(group) for _, group in groupby(trace.blocks, key)]
    return [Stop(granularity, blocks[0].start, blocks[-1].stop - 1) for blocks in groups]


def standing(stops: list[Stop], step: int, partial: dict[str, int]) -> int:
    """Return the place in a walk where the page stands: the whole stop of a step, or so many terms before its end.

    `partial` is {"step": k, "back": n}: at step k, n terms of its sum are still missing.
    """
    place = next((i for i, stop in enumerate(stops) if stop.terms is None and stop.last >= step), len(stops) - 1)
    earlier = place - partial["back"]
    return earlier if partial["step"] == step and earlier >= 0 and stops[earlier].terms is not None else place
