"""A run of which some numbers are asked for on paper: questions, answers, and what common mistakes come to.

==================  ==========================================================================
`Exercise`          a run of its own, with its questions
`Marked`            what is said of an answer to one of them
==================  ==========================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple
from unicodedata import normalize

from bppviz.core.checks import MOST_REPEATED, as_list, brief, counted, is_missing, is_real, is_whole, known_name
from bppviz.core.place import Place, groups
from bppviz.core.trace import Trace, TraceEvent
from bppviz.practice.answer_check import as_typed, on_equation
from bppviz.practice.diagnosis import RIGHT_WITHIN, ZERO, comes_to, mistakes, plausibility
from bppviz.practice.mistake import Mistake
from bppviz.practice.replies import cause, symbol_at
from bppviz.practice.typed import IN_ASCII, Given, numbers
from bppviz.words.catalogue import Words, words
from bppviz.words.numbers import DIGITS, HOVERED, number, rounded
from bppviz.words.symbols import Symbols

OBVIOUS = ("sign", "point")  # mistakes that nobody needs to be told the value of
# Fractions: −3/8, 1 1/2, and the signs for the simplest.
FRACTION_TYPED = re.compile(r"([+-]?)\s*(?:(\d+)\s+)?(\d+)\s*/\s*(\d+)")
UNROUNDED = 1e-12  # half a unit of a number that somebody did not round


class Marked(NamedTuple):
    """An answer to a question of a sheet: what was given and expected, whether it is right, and what is said of it.

    `passed` and `given` are None where nothing was answered; `mistakes` are the names of the known mistakes that lead
    to what was given.
    """

    number: int
    symbol: str
    given: float | None
    expected: float
    passed: bool | None
    mistakes: tuple[str, ...]
    said: str


@dataclass(frozen=True, eq=False)
class Exercise:
    """A run with its number among the sheets, and the equations whose results are asked for, in their order."""

    number: int
    trace: Trace
    questions: tuple[TraceEvent, ...]

    @cached_property
    def is_exact(self) -> bool:
        """Tell whether all answers can be written down exactly, in few digits."""
        return all(rounded(event.value, HOVERED) == event.value for event in self.questions)

    @cached_property
    def known(self) -> frozenset[int]:
        """Return the steps whose results are given: all before the first question; and every z where only a is asked.

        Of the later ones nothing is, for it would give answers away.
        """
        asked = {event.quantity for event in self.questions}
        first = self.questions[0].step
        has_z = "a" in asked and "z" not in asked
        return frozenset(it.step for it in self.trace if it.step < first or (has_z and it.quantity == "z"))

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        """Return the symbol of every question."""
        return tuple(symbol_at(event, event.place) for event in self.questions)

    def answer(self, event: TraceEvent) -> str:
        """Return how the answer to a question is written."""
        return number(event.value, HOVERED if self.is_exact else DIGITS)

    def mistakes(self, event: TraceEvent) -> list[tuple[Mistake, float]]:
        """Return what mistakes at a question come to, the likeliest first, each value once."""
        known: dict[str, tuple[Mistake, float]] = {}
        for mistake in sorted(mistakes(event), key=lambda it: plausibility(it.name)):
            if mistake.name not in OBVIOUS:
                value = comes_to(event, mistake) + 0.0
                known.setdefault(number(value), (mistake, value))
        return list(known.values())

    def given(self) -> str:
        """Return all numbers that the sheet gives, as text."""
        trace, sizes = self.trace, self.trace.network.sizes
        symbols, last = Symbols(trace.network), len(sizes) - 1
        inputs = [Place("x", 0, i) for i in range(sizes[0])]
        own = chain.from_iterable(groups(sizes, trace.network.without_bias)[1:-1])
        targets = [Place("t", last, i) for i in range(sizes[-1])]
        known = [trace[step].place for step in sorted(self.known)]
        return ", ".join(f"{symbols(*it).text} = {number(trace.value(it))}" for it in (*inputs, *own, *targets, *known))

    def rows(self, lang: str) -> Iterator[dict[str, Any]]:
        """Yield a row of plain data for each question."""
        say, given, network = words(lang), self.given(), self.trace.network
        for i, (event, symbol) in enumerate(zip(self.questions, self.symbols, strict=True), 1):
            told = [
                {"name": it.name, "value": value, "said": cause(event, it, say)} for it, value in self.mistakes(event)
            ]
            yield {
                "sheet": self.number,
                "number": i,
                "symbol": symbol,
                **{name: getattr(event, name) for name in ("quantity", "layer", "unit", "source")},
                "activations": list(network.activations),
                "loss": network.loss,
                "given": given,
                "answer": event.value + 0.0,  # and not −0
                "tolerance": RIGHT_WITHIN * abs(event.value) or ZERO,
                "mistakes": told,
            }

    def check(self, answers: Any, lang: str) -> list[Marked]:
        """Return what is said of every answer; see `Worksheet.check`."""
        say = words(lang)
        given = self._by_number(answers)
        asked = enumerate(zip(self.questions, self.symbols, strict=True), 1)
        return [_marked(i, event, symbol, given.get(i), say) for i, (event, symbol) in asked]

    def _by_number(self, answers: Any) -> dict[int, Any]:
        """Return answers by the number of their question."""
        if isinstance(answers, Mapping):
            return {self._number_of(name): answer for name, answer in answers.items()}
        listed = as_list(answers)
        if listed is None:
            raise TypeError(f"answers is {brief(answers)}; give a list in the order of the sheet, or a dict.")
        if len(listed) > len(self.questions):
            asked = counted(len(self.questions), "question")
            raise ValueError(f"{counted(len(listed), 'answer')} for {asked}; give one for each, or None.")
        return dict(enumerate(listed, 1))

    def _number_of(self, name: Any) -> int:
        known = [str(i) for i in range(1, len(self.questions) + 1)]
        text = str(int(name)) if is_whole(name) else name
        if isinstance(text, str) and text in self.symbols:
            return self.symbols.index(text) + 1
        return int(known_name("question", text, known))


def _marked(i: int, event: TraceEvent, symbol: str, answer: Any, say: Words) -> Marked:
    expected = event.value + 0.0
    if _is_open(answer):
        return Marked(i, symbol, None, expected, None, (), "")
    try:
        given = _read(answer)
    except (ValueError, OverflowError, ZeroDivisionError):
        text = answer[:MOST_REPEATED] if isinstance(answer, str) else brief(answer)
        return Marked(i, symbol, None, expected, False, (), say("worksheet.not_a_number", text=text))
    diagnosis, said = on_equation(given, event, say)
    names = tuple(dict.fromkeys(it.name for it in diagnosis.mistakes))
    return Marked(i, symbol, given.value, expected, diagnosis.is_right, names, said)


def _is_open(answer: Any) -> bool:
    """Tell whether nothing stands in the place of an answer."""
    if isinstance(answer, str):
        return not answer.strip()
    return answer is ... or is_missing(answer) or (is_real(answer) and answer != answer)


def _read(answer: Any) -> Given:
    """Return what somebody wrote as an answer: a number, or text with a number or a fraction."""
    if is_real(answer) and not isinstance(answer, bool):
        return as_typed(float(answer))
    if not isinstance(answer, str):
        raise TypeError(f"an answer is {brief(answer)}; give a number, or text such as '−3/8'.")
    plain = re.sub("[¼-¾⅐-⅞]", lambda sign: f" {normalize('NFKC', sign[0])}", answer.translate(IN_ASCII))
    fraction = FRACTION_TYPED.fullmatch(re.sub("[−⁻]", "-", plain.replace("⁄", "/")).strip())
    if fraction:
        sign, whole, over, under = fraction.groups()
        value = int(whole or 0) + int(over) / int(under)
        return Given(-value if sign == "-" else value, UNROUNDED)
    given, *more = numbers(answer)
    if more:
        raise ValueError(f"{answer!r} is more than one number.")
    return given
