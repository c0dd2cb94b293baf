"""A stop as a row of the walk's outline: the name of what it computes, and its value where that is one number."""

from __future__ import annotations

from typing import NamedTuple

from bppviz.core.place import Place
from bppviz.core.trace import Trace
from bppviz.core.walk import Stop
from bppviz.words.numbers import number
from bppviz.words.symbols import Symbols


class Row(NamedTuple):
    """What a stop is called, z₁ or z₁ → a₁ or ∂l/∂W⁽²⁾, and what it comes to; either may be empty."""

    name: str
    value: str


def row(trace: Trace, symbols: Symbols, stop: Stop) -> Row:
    """Return the row of a stop. A pass has no name but that of its phase; of part of a sum no value is shown."""
    first, last = trace[stop.first].place, trace[stop.last]
    value = number(last.value)
    if stop.granularity == "vector" and last.quantity != "loss":
        return Row(symbols.vector(last.quantity, last.layer).text, value if stop.first == stop.last else "")
    if last.quantity == "loss" or stop.first == stop.last:
        return Row(symbols(*last.place).text, "" if stop.terms else value)
    if stop.granularity == "pass":
        return Row("", "")
    is_chain = first.source is None  # z → a: its end follows from its beginning; gradients stand side by side
    ends = [_called(symbols, place, stop) for place in (first, last.place)]
    name = (" → " if is_chain else ", " if stop.granularity == "layer" else " … ").join(dict.fromkeys(ends))
    return Row(name, value if is_chain and stop.granularity == "neuron" else "")


def _called(symbols: Symbols, place: Place, stop: Stop) -> str:
    """Return the symbol of a place, or of its whole layer."""
    symbol = symbols.vector(place.quantity, place.layer) if stop.granularity == "layer" else symbols(*place)
    return symbol.text
