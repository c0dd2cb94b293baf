"""What a stop is about: the places in the network that it computes, and those that it computes them from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from bppviz.core.place import Operand, Place, home, of_one_sample
from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import Stop, found_at


class Emphasis(NamedTuple):
    """The places that a stop computes, and those that it computes them from; and what is asked for."""

    results: frozenset[Place]
    operands: frozenset[Place]
    phase: str
    asked: frozenset[Place] = frozenset()

    def of(self, place: Place) -> str:
        """Return how strongly a place is emphasised: "strong" for a result, "soft" for an operand, else nothing."""
        return "strong" if place in self.results else "soft" if place in self.operands else ""


@lru_cache(maxsize=1)  # of a stop it is asked for by the picture, and once more by what is said about it
def emphasised(trace: Trace, stop: Stop) -> Emphasis:
    """Return what is to be emphasised at a stop; of a whole pass, only where it ends."""
    events = found_at(trace, stop)
    phase, outputs = events[-1].phase, trace.network.layers
    if stop.granularity == "pass":
        ends = (e for e in events if e.quantity == "loss" or (e.quantity == "a" and e.layer == outputs))
        return Emphasis(frozenset(event.place for event in ends), frozenset(), phase)
    results = {event.place for event in events}
    operands = {operand.place for event in events for operand in _lit(trace, event, stop.terms)}
    return Emphasis(frozenset(results), frozenset(operands - results), phase)


def questioned(trace: Trace, stop: Stop, asked: Sequence[TraceEvent]) -> Emphasis:
    """Return what is to be emphasised while some events are asked for: of ∂z/∂w both letters, and not the input."""
    places = frozenset(event.place for event in asked)
    emphasis = emphasised(trace, stop)
    if any(place.quantity == "dz_dw" for place in places):
        letters = ((home(place), Place("z", place.layer, place.unit)) for place in places)
        emphasis = Emphasis(frozenset(), frozenset(chain.from_iterable(letters)), emphasis.phase)
    return emphasis._replace(asked=places)


def hidden(stop: Stop, asked: Sequence[TraceEvent]) -> frozenset[int]:
    """Return the steps that are not shown while some events are asked for: with ∂z/∂w, all that is multiplied by it."""
    if any(event.quantity == "dz_dw" for event in asked):
        return frozenset(range(stop.first, stop.last + 1))
    return frozenset(event.step for event in asked)


def put_in(event: TraceEvent) -> Sequence[Operand]:
    """Return the operands whose numbers stand in the formula of an event."""
    instead = _instead(event.trace, event)
    return tuple(event.trace.operand(event.place._replace(quantity=it)) for it in instead) or event.operands


def _lit(trace: Trace, event: TraceEvent, terms: int | None) -> Iterable[Operand]:
    """Return the operands whose numbers the formula shows, or the factors of one term while a sum is added up."""
    if event.phase == "sum":
        return _of_told_sample(trace, event, terms)
    if terms is not None:
        return event.operands[2 * terms - 2 : 2 * terms]
    return put_in(event)


def _instead(trace: Trace, event: TraceEvent) -> tuple[str, ...]:
    """Return what stands at the same neuron and is computed with instead of the operands: σ′(z) may be found from a."""
    if event.quantity == "dsigma" and trace.network.activation(event.layer).in_a:
        return ("a",)
    is_output = event.quantity == "dl_dz" and event.layer == trace.network.layers
    pair = trace.network.simplified if is_output else None
    return ("a", "t") if pair and pair.formula(float(trace.one.target.sum())) else ()


def _of_told_sample(trace: Trace, event: TraceEvent, terms: int | None) -> Iterable[Operand]:
    """Return the gradient that a sum over the samples adds up for the told one, which is the one in the picture."""
    if terms is not None and terms - 1 != trace.sample:
        return ()
    return (trace.operand(of_one_sample(event.place)),)
