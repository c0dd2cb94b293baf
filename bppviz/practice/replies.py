"""What a learner is asked, and what is said of an answer, in words.

==================  ===================================================================
`question`          asks for the values of some events
`whole_of`          the symbol of a vector or matrix that is asked for
`verdict`           whether a number is right, and if not, what may have happened
`right`             that a whole answer is right
`answer_shown`      the values that were asked for
`told_operand`      a number that something is computed from, as a hint tells it
`own_digits`        with how many digits, if one event alone is asked for
`cause`             what somebody may have done, in a mistake's words
`blanks_of`         what stands in the sentence about a mistake
`symbol_at`         the symbol of a number of a run
==================  ===================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bppviz.core.emphasis import put_in
from bppviz.core.place import Operand, Place, home
from bppviz.core.trace import TraceEvent
from bppviz.practice.answer import Verdict
from bppviz.practice.mistake import Mistake
from bppviz.words.catalogue import Words, few, listed
from bppviz.words.claims import claim
from bppviz.words.digits import fewest
from bppviz.words.notation import Notation
from bppviz.words.numbers import DIGITS, HOVERED, number
from bppviz.words.symbols import Symbols, gradient, loss_of

Blanks = Mapping[str, str | list[str]]  # symbols, or lists of them, by their names in a sentence

MOST_CAUSES = 2
MOST_OPERANDS = 40  # that a hint names; of a sum over many samples, the first and the last:
FIRST_OPERANDS, LAST_OPERANDS = 6, 2


def question(events: Sequence[TraceEvent], hints: int, say: Words, *, by_vector: bool = False) -> str:
    """Ask for the values of some events, or by vector for what they are together; with a hint, name the operands."""
    ask = _ask(events, say, whole_of(events) if by_vector else None)
    if not hints:
        return ask
    return say("list.sentences", first=ask, second=_first_hint(events, say))


def _ask(events: Sequence[TraceEvent], say: Words, whole: str | None) -> str:
    if whole is None or len(events) == 1:
        wanted = listed(say, [_asked(event, say) for event in events])
        return say("quiz.ask" if len(events) == 1 else "quiz.ask_all", what=wanted)
    kind = "vector" if events[0].source is None else "matrix"
    entries = listed(say, [symbol_at(event, event.place) for event in events])
    whole = say("quiz.new", w=whole) if events[0].phase == "update" else whole
    return say(f"quiz.ask_{kind}", what=whole, entries=entries)


def whole_of(events: Sequence[TraceEvent]) -> str:
    """Return the symbol of the vector or matrix that some events are together."""
    return Symbols(events[0].trace.network).vector(events[0].quantity, events[0].layer).text


def _first_hint(events: Sequence[TraceEvent], say: Words) -> str:
    """Name the numbers that some events are computed from; of ∂z/∂w, say how to find its only one."""
    event = events[0]
    if event.quantity != "dz_dw":
        return say("quiz.operands", operands=_operands(events, say))
    z = event.place._replace(quantity="z", source=None)
    return say("quiz.factor", z=symbol_at(event, z), w=symbol_at(event, home(event.place)))


def _operands(events: Sequence[TraceEvent], say: Words) -> str:
    """Return the numbers that some events are computed from, but for those that are asked for themselves.

    Those of a single event are written with as many digits as in its formula.
    """
    digits = own_digits(events[0]) if len(events) == 1 else DIGITS
    steps = {event.step for event in events}
    used = {(it.place, it.sample): (it, event) for event in events for it in put_in(event) if it.step not in steps}
    few = list(used.values())
    if len(few) > MOST_OPERANDS:
        few = [*few[:FIRST_OPERANDS], *few[-LAST_OPERANDS:]]
    said = [told_operand(operand, event, digits) for operand, event in few]
    if len(few) < len(used):
        said.insert(FIRST_OPERANDS, "…")
    return say("list.comma").join(said)


def own_digits(event: TraceEvent) -> int:
    """Return with how many digits the numbers of an event stand in its formula."""
    return fewest(claim(Notation(event.trace), event))[0]


def told_operand(operand: Operand, event: TraceEvent, digits: int) -> str:
    """Return a number that an event is computed from, with its symbol: a₃ = 0.8635."""
    return f"{_told(operand, event)} = {number(operand.value, digits)}"


def verdict(verdict: Verdict, say: Words) -> str:
    """Say whether an answer is right, and if not, what of it is, which value is wrong and what may have happened."""
    event, mistakes, before = verdict.event, verdict.diagnosis.likely, verdict.before
    if verdict.diagnosis.is_right:
        return right([*before, event], say)
    wrong = say("quiz.wrong", symbol=symbol_at(event, event.place), given=number(verdict.given, HOVERED))
    if before:
        wrong = say("list.sentences", first=right(before, say), second=wrong)
    if not mistakes:
        return say("list.sentences", first=wrong, second=say("quiz.unknown"))
    causes = dict.fromkeys(cause(event, mistake, say) for mistake in mistakes[:MOST_CAUSES])
    return say("list.sentences", first=wrong, second=say("quiz.cause", causes=say("list.or").join(causes)))


def right(events: Sequence[TraceEvent], say: Words) -> str:
    """Say that an answer is right, with all that was asked for."""
    if len(events) > 1:
        return say("quiz.right_all", values=_values(events, say))
    return say("quiz.right", symbol=symbol_at(events[0], events[0].place), value=number(events[0].value))


def answer_shown(events: Sequence[TraceEvent], say: Words) -> str:
    """Tell the values that were asked for."""
    return say("quiz.shown", values=_values(events, say))


def _values(events: Sequence[TraceEvent], say: Words) -> str:
    return listed(say, [f"{symbol_at(event, event.place)} = {number(event.value)}" for event in events])


def _asked(event: TraceEvent, say: Words) -> str:
    """Return the symbol of an event; of an updated weight, that it is the new one."""
    symbol = symbol_at(event, event.place)
    return say("quiz.new", w=symbol) if event.phase == "update" else symbol


def _told(operand: Operand, event: TraceEvent) -> str:
    """Return the symbol of an operand, in a sum over the samples with the number of its sample."""
    if event.phase != "sum":
        return symbol_at(event, operand.place)
    w = Symbols(event.trace.network)(*home(operand.place))
    return gradient(w, loss_of(operand.sample)).text


def cause(event: TraceEvent, mistake: Mistake, say: Words) -> str:
    """Return the sentence about a mistake, without its point."""
    blanks = blanks_of(event, mistake)
    said = {name: it if isinstance(it, str) else say("list.comma").join(it) for name, it in blanks.items()}
    return say(f"mistake.{mistake.name}", **said)


def blanks_of(event: TraceEvent, mistake: Mistake) -> Blanks:
    """Return what stands in the sentence about a mistake."""
    if mistake.taken and mistake.name in WHOLES:
        return WHOLES[mistake.name](event, mistake.taken)
    places = {"taken": mistake.taken, "instead_of": mistake.instead_of}
    blanks = {name: symbol_at(event, place) for name, place in places.items() if place}
    return blanks if mistake.sample is None else {**blanks, "sample": str(mistake.sample + 1)}


def _row_and_column(event: TraceEvent, at: Place) -> Blanks:
    """Return the row and the column of W that cross in a weight, where those arrive, and what these leave."""
    symbols, sizes, (_, layer, unit, source) = Symbols(event.trace.network), event.trace.network.sizes, at
    return {
        "matrix": symbols.vector("w", layer).text,
        "row": few([symbols("w", layer, unit, j).text for j in range(sizes[layer - 1])]),
        "z": symbols("z", layer, unit).text,
        "column": few([symbols("w", layer, i, source).text for i in range(sizes[layer])]),
        "a": symbol_at(event, event.trace.entering(layer, source or 0).place),
    }


def _product(event: TraceEvent, at: Place) -> Blanks:
    """Return the product that is the gradient of a weight."""
    gradient = at._replace(quantity="dl_dz", source=None)
    entering = event.trace.entering(at.layer, at.source or 0).place
    return {"a": symbol_at(event, entering), "gradient": symbol_at(event, gradient), "w": symbol_at(event, at)}


# Mistakes about whole rows and columns: what stands in their sentences.
WHOLES: dict[str, Callable[[TraceEvent, Place], Blanks]] = {
    "transposed": _row_and_column,
    "transposed_forward": _row_and_column,
    "outer": _product,
}


def symbol_at(event: TraceEvent, place: Place) -> str:
    """Return the symbol of a number of the run that an event belongs to."""
    return Symbols(event.trace.network)(*place).text
