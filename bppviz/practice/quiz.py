"""A walk on which results are asked for: what is hidden at a stop, what was answered, and what that comes to.

A worked example comes first. Then blanks fade in from the end of the derivation: first ∂l/∂w is asked for, in the next
round ∂l/∂z too, and so on, back to the first z. (Renkl, Atkinson, Maier and Staley, 2002: fading from the last step
backwards is learnt from best.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import isinf
from typing import NamedTuple

from bppviz.core.checks import brief
from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import Stop, walk
from bppviz.practice.diagnosis import Diagnosis, diagnosed
from bppviz.words.scripts import POWER, SUPERSCRIPTS, levelled

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
# What an input method for Chinese types: every sign of ASCII once more, and the space.
FULL_WIDTH: dict[int, int | str] = {**{0xFF00 + i: 0x20 + i for i in range(1, 95)}, 0x3000: " ", ord("–"): "-"}
TEN = rf"[×x*]\s*10(?:\^\s*|(?=[{POWER}+−-]))"  # before a power, which may be raised: ×10⁻⁷, *10^-7
DECIMAL_COMMA = re.compile(r"[+−-]?\d*,\d+")
TYPED_NUMBER = re.compile(rf"[+−-]?(?:\d+\.?\d*|\.\d+)(?:(?:e|{TEN})[+−⁻-]?[{SUPERSCRIPTS}\d]+)?", re.IGNORECASE)


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
class Tries:
    """How often a question was answered, and how many hints were taken at it."""

    attempts: int = 0
    hints: int = 0


@dataclass
class Quiz:
    """What was asked and answered on a walk. `level` says how many parts of the derivation are asked for: 0 is none."""

    level: int = 0
    answers: list[Answer] = field(default_factory=list)
    _done: set[int] = field(default_factory=set)  # the steps that were answered, shown, or passed by in this round
    _answered: set[int] = field(default_factory=set)  # those that were not just passed by
    _tries: dict[int, Tries] = field(default_factory=dict)  # in this round, by the last step of the question
    _at_once: list[bool] = field(default_factory=list)  # of every question, whether the first answer was right

    def question(self, trace: Trace, stop: Stop) -> tuple[TraceEvent, ...]:
        """Return what is asked for at a stop: nothing where it is told, or was answered."""
        if stop.granularity not in ASKED_BY or stop.terms is not None:
            return ()
        events = [event for event in trace[stop.first : stop.last + 1] if event.quantity in asked(trace, self.level)]
        return () if all(event.step in self._done for event in events) else tuple(events)

    def hints(self, stop: Stop) -> int:
        """Return how many hints were taken at a stop."""
        return self._tried(stop).hints

    def answer(self, trace: Trace, stop: Stop, given: Sequence[Given], rate: float | None = None) -> Verdict:
        """Take numbers for everything that is asked for at a stop; return the verdict on the first wrong one.

        If all are right, the verdict is on the last, and the question is done.
        """
        tries, question = self._tried(stop), self.question(trace, stop)
        tries.attempts += 1
        for event, number in zip(question, given, strict=True):
            diagnosis = diagnosed(trace, event.step, number.value, number.rounding, rate)
            self._note(trace, event, number.value, diagnosis, tries)
            if not diagnosis.is_right:
                break
        if diagnosis.is_right:
            self._finish(question)
        if tries.attempts == 1:
            self._at_once.append(diagnosis.is_right and not tries.hints)
        return Verdict(event, number.value, diagnosis)

    def hint(self, trace: Trace, stop: Stop) -> str:
        """Take the next hint at a stop, and return what it is; the last one is the answer, and the question is done."""
        tries = self._tried(stop)
        name = HINTS[tries.hints]
        tries.hints += 1
        if name == "answer":
            question = self.question(trace, stop)
            for event in question:
                self._note(trace, event, None, Diagnosis(False), tries)
            self._finish(question)
            if not tries.attempts:
                self._at_once.append(False)
        return name

    def arrive(self, stop: Stop) -> None:
        """Come to a stop: what stands before it can be seen, and is not asked for any more."""
        self._done.update(range(stop.first))

    def begin(self, level: int) -> None:
        """Begin a round, with so many parts of the derivation asked for."""
        self.level = level
        for kept in (self._done, self._answered, self._tries):
            kept.clear()

    def reset(self) -> None:
        """Forget all answers, and count anew; the round goes on."""
        self.answers.clear()
        self._at_once.clear()

    def is_complete(self, trace: Trace) -> bool:
        """Tell whether all that this round asks for was answered, or shown."""
        wanted = asked(trace, self.level)
        return all(event.step in self._answered for event in trace if event.quantity in wanted)

    def _finish(self, question: Sequence[TraceEvent]) -> None:
        steps = {event.step for event in question}
        self._done |= steps
        self._answered |= steps

    def _tried(self, stop: Stop) -> Tries:
        return self._tries.setdefault(stop.last, Tries())

    def _note(self, trace: Trace, event: TraceEvent, given: float | None, diagnosis: Diagnosis, tries: Tries) -> None:
        names = tuple(dict.fromkeys(mistake.name for mistake in diagnosis.mistakes))
        place = (event.step, event.quantity, event.layer, event.unit, event.source)
        told = (diagnosis.is_right, names, tries.attempts, tries.hints)
        self.answers.append(Answer(*place, trace.sample, given, event.value, *told))

    @property
    def score(self) -> tuple[int, int]:
        """Return how many questions were answered right at once and without a hint, and how many were asked."""
        return sum(self._at_once), len(self._at_once)


def rungs(trace: Trace) -> list[tuple[str, ...]]:
    """Return the parts of this derivation, last to first."""
    known = {quantity for block in trace.blocks for quantity in (*block.quantities, block.by_source)}
    return [rung for rung in RUNGS if known & set(rung)]


def asked(trace: Trace, level: int) -> set[str]:
    """Return the quantities that a level asks for."""
    return {quantity for rung in rungs(trace)[:level] for quantity in rung}


def next_question(trace: Trace, level: int, granularity: str, step: int = 0) -> Stop | None:
    """Return the first stop from a step on at which a level asks for something; the first of all, if few are left."""
    quiz = Quiz(level)
    stops = [stop for stop in walk(trace, granularity) if quiz.question(trace, stop)]
    left = [stop for stop in stops if stop.last >= step]
    return next(iter(left if 2 * len(left) >= len(stops) else stops), None)


def numbers(text: str) -> list[Given]:
    """Return the numbers that somebody typed, between spaces, commas or semicolons, as people and pictures write them.

    Raises ValueError where something else stands there, or a number that is too large.
    """
    return [_given(piece) for piece in _pieces(text)]


def single(text: str) -> float:
    """Return the one number that somebody typed, of any size.

    Raises ValueError where it is not one number, or one that no float can hold.
    """
    pieces = _pieces(text)
    if len(pieces) > 1:
        raise ValueError(f"{text!r} is {len(pieces)} numbers; give one, such as 0.25.")
    value = float(_read(pieces[0]))
    if isinf(value):
        raise ValueError(f"{text!r} is larger than a float can hold; give a number such as 0.25.")
    return value


def is_too_short(given: Given, value: float) -> bool:
    """Tell whether a number is a value with one digit left of it, which is too few to be right or wrong."""
    return not given.rounding and given.value == float(f"{value:.0e}")


def _pieces(text: str) -> list[str]:
    plain = re.sub(r"\s*([×x*])\s*10", r"\g<1>10", text.translate(FULL_WIDTH).strip())
    plain = re.sub(r"(?<![\d.])([+−-])\s+(?=[\d.])", r"\g<1>", plain)
    pieces = [piece for piece in re.split(r"[\s,;]+", plain) if piece]
    if not pieces:
        raise ValueError("nothing was typed; give a number, such as 0.25.")
    return pieces


def _read(piece: str) -> Decimal:
    if not TYPED_NUMBER.fullmatch(piece):
        raise ValueError(f"{brief(piece)} is not a number; write it as 0.25, −3 or 1.5e-4.")
    return Decimal(levelled(re.sub(TEN, "e", piece.lower())))


def _given(piece: str) -> Given:
    number = _read(piece)
    digits, exponent = number.as_tuple().digits, int(number.as_tuple().exponent)
    if number.adjusted() > 300:
        raise ValueError(f"{brief(piece)} is not a number of a usual size; write it as 0.25, −3 or 1.5e-4.")
    return Given(float(number), 0.5 * 10.0**exponent if len(digits) > 1 else 0.0)
