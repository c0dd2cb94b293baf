"""A walk on which results are asked for: what is hidden at a stop, what was answered, and what that comes to.

A worked example comes first. Then blanks fade in from the end of the derivation: first ∂l/∂w is asked for, in the next
round ∂l/∂z too, and so on, back to the first z. (Renkl, Atkinson, Maier and Staley, 2002: fading from the last step
backwards is learnt from best.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from bppviz._mistakes import Diagnosis, diagnosed
from bppviz._trace import Trace, TraceEvent
from bppviz._walk import Stop, walk

# The parts of a derivation, last to first; each round asks for one more.
RUNGS = (
    ("w", "b"),
    ("dL_dw", "dL_db"),
    ("dl_dw", "dl_db"),
    ("dl_dz",),
    ("dsigma",),
    ("dl_da",),
    ("loss",),
    ("a",),
    ("z",),
)
ASKED_BY = ("neuron", "equation", "term")  # the granularities whose stops can be asked for
HINTS = ("operands", "substituted", "answer")
POWERS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
NUMBER = re.compile(
    r"[+−-]?(?:\d+\.?\d*|\.\d+)(?:e[+−-]?\d+|[×x*]10\^?[⁻⁰¹²³⁴⁵⁶⁷⁸⁹+−-]?[⁻⁰¹²³⁴⁵⁶⁷⁸⁹\d]*)?", re.IGNORECASE
)


class Given(NamedTuple):
    """A number that somebody typed, and half a unit of its last digit, 0 where it has fewer than two digits."""

    value: float
    rounding: float


class Answer(NamedTuple):
    """One answer to one question, for a teacher to look at; a list of them makes a table.

    `given` is None where the answer was only shown. `mistakes` are the names of the known mistakes that lead to what
    was given: more than one where they come to the same. `attempt` counts the tries at this question, `hints` the hints
    taken before. `layer` counts from 1; `unit`, `source` and `sample` are array indices.
    """

    step: int
    quantity: str
    layer: int
    unit: int | None
    source: int | None
    sample: int
    given: float | None
    expected: float
    is_right: bool
    mistakes: tuple[str, ...]
    attempt: int
    hints: int


class Verdict(NamedTuple):
    """What is to be said of an answer: which event it was about, what was given, and the diagnosis."""

    event: TraceEvent
    given: float
    diagnosis: Diagnosis


@dataclass
class Quiz:
    """What was asked and answered on a walk. `level` says how many parts of the derivation are asked for: 0 is none."""

    level: int = 0
    answers: list[Answer] = field(default_factory=list)
    hints: int = 0  # taken at the question that stands
    attempts: int = 0
    _done: set[int] = field(default_factory=set)  # the steps that were answered, shown, or passed by

    def question(self, trace: Trace, stop: Stop) -> tuple[TraceEvent, ...]:
        """Return what is asked for at a stop: nothing where it is told, or was answered."""
        if stop.granularity not in ASKED_BY or stop.terms is not None:
            return ()
        events = [event for event in trace[stop.first : stop.last + 1] if event.quantity in asked(trace, self.level)]
        return () if all(event.step in self._done for event in events) else tuple(events)

    def answer(self, trace: Trace, stop: Stop, given: Sequence[Given], rate: float | None = None) -> Verdict:
        """Take numbers for everything that is asked for at a stop; return the verdict on the first wrong one.

        If all are right, the verdict is on the last, and the question is done.
        """
        self.attempts += 1
        question = self.question(trace, stop)
        for event, number in zip(question, given, strict=True):
            diagnosis = diagnosed(trace, event.step, number.value, number.rounding, rate)
            self._note(trace, event, number.value, diagnosis)
            if not diagnosis.is_right:
                return Verdict(event, number.value, diagnosis)
        self._finish(question)
        return Verdict(event, number.value, diagnosis)

    def hint(self, trace: Trace, stop: Stop) -> str:
        """Take the next hint at a stop, and return what it is; the last one is the answer, and the question is done."""
        name = HINTS[self.hints]
        self.hints += 1
        if name == "answer":
            question = self.question(trace, stop)
            for event in question:
                self._note(trace, event, None, Diagnosis(False))
            self._finish(question)
        return name

    def arrive(self, trace: Trace, stop: Stop) -> None:
        """Come to a stop: what stands before it can be seen, and is not asked for any more."""
        self.hints = self.attempts = 0
        self._done.update(range(stop.first))

    def begin(self, level: int) -> None:
        """Begin a round, with so many parts of the derivation asked for."""
        self.level = level
        self.hints = self.attempts = 0
        self._done.clear()

    def reset(self) -> None:
        """Forget all answers."""
        self.answers.clear()
        self.begin(self.level)

    def _finish(self, question: Sequence[TraceEvent]) -> None:
        self._done.update(event.step for event in question)
        self.hints = self.attempts = 0

    def _note(self, trace: Trace, event: TraceEvent, given: float | None, diagnosis: Diagnosis) -> None:
        names = tuple(dict.fromkeys(mistake.name for mistake in diagnosis.mistakes))
        place = (event.step, event.quantity, event.layer, event.unit, event.source)
        tries = (diagnosis.is_right, names, self.attempts, self.hints)
        self.answers.append(Answer(*place, trace.sample, given, event.value, *tries))

    @property
    def score(self) -> tuple[int, int]:
        """Return how many questions were answered at once and without a hint, and how many were asked."""
        first = [it for it in self.answers if it.attempt == (0 if it.given is None else 1)]
        return sum(it.is_right and not it.hints for it in first), len(first)


def rungs(trace: Trace) -> list[tuple[str, ...]]:
    """Return the parts of this derivation, last to first."""
    known = {quantity for block in trace.blocks for quantity in (*block.quantities, block.by_source)}
    return [rung for rung in RUNGS if known & set(rung)]


def asked(trace: Trace, level: int) -> set[str]:
    """Return the quantities that a level asks for."""
    return {quantity for rung in rungs(trace)[:level] for quantity in rung}


def next_question(trace: Trace, level: int, granularity: str, step: int = 0) -> Stop | None:
    """Return the first stop from a step on at which a level asks for something; if there is none, the first of all."""
    quiz = Quiz(level)
    stops = [stop for stop in walk(trace, granularity) if quiz.question(trace, stop)]
    return next((stop for stop in stops if stop.last >= step), stops[0] if stops else None)


def numbers(text: str) -> list[Given]:
    """Return the numbers that somebody typed, between spaces, commas or semicolons, as people and pictures write them.

    Raises ValueError where something else stands there, or a decimal comma.
    """
    pieces = [piece for piece in re.split(r"[\s,;]+", re.sub(r"\s*[×x*]\s*10\s*", "×10", text.strip())) if piece]
    if not pieces:
        raise ValueError("nothing was typed; give a number, such as 0.25.")
    return [_given(piece) for piece in pieces]


def _given(piece: str) -> Given:
    if not NUMBER.fullmatch(piece):
        raise ValueError(f"{piece!r} is not a number; write it as 0.25, −3 or 1.5e-4.")
    plain = piece.lower().replace("−", "-").translate(POWERS).replace("×10^", "e").replace("×10", "e")
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise ValueError(f"{piece!r} is not a number; write it as 0.25, −3 or 1.5e-4.") from error
    digits, exponent = number.as_tuple().digits, int(number.as_tuple().exponent)
    return Given(float(number), 0.5 * 10.0**exponent if len(digits) > 1 else 0.0)
