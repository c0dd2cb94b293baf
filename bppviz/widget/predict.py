"""The widget asks: between a quiz, which knows what is asked and what is right, and the stage, which shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import Stop, locate, walk
from bppviz.page.defaults import WHOLE
from bppviz.practice import replies
from bppviz.practice.diagnosis import diagnosed
from bppviz.practice.quiz import (
    ASKED_BY,
    DECIMAL_COMMA,
    Answer,
    Given,
    Quiz,
    Verdict,
    is_too_short,
    next_question,
    numbers,
    rungs,
)
from bppviz.widget.desk import Desk
from bppviz.words.catalogue import LANGUAGES, words
from bppviz.words.symbols import anywhere

PANEL = "predict"
MOST_TYPED = 60  # characters that are repeated of what is not a number


class Predict:
    """Asks for results on a stage, as long as its panel is open.

    `rate` returns the learning rate; `show` is called when the stage has to show more.
    """

    def __init__(self, desk: Desk, rate: Callable[[], float], show: Callable[[], None]) -> None:
        self._desk, self._rate, self._show = desk, rate, show
        self._stage = desk.stage
        self._quiz = Quiz(level=1)
        self._trace = desk.trace  # which is asked about
        self._verdict: dict[str, Any] = {}
        self._heard = 0  # how many replies were
        desk.stage.observe(desk.door.to("question", lambda change: self._hear(**change["new"])), "reply")

    @property
    def is_on(self) -> bool:
        """Tell whether results are asked for."""
        return bool(self._stage.panel == PANEL)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Return every answer that was given."""
        return tuple(self._quiz.answers)

    def question(self) -> tuple[TraceEvent, ...]:
        """Return what is asked for where the stage stands."""
        return self._quiz.question(self._desk.trace, self._stop()) if self.is_on else ()

    @property
    def hints(self) -> int:
        """Return how many hints were taken at this question."""
        return self._quiz.hints(self._stop())

    def open(self) -> None:
        """Go to the next question from where the stage stands."""
        self._begin(self._quiz.level, self._stage.step)

    def close(self) -> None:
        """Ask no more."""
        self._verdict = {}
        self.tell()

    def arrive(self) -> None:
        """Ask anew: the stage has come to another stop, or the numbers have changed."""
        trace = self._desk.trace
        if trace is not self._trace:
            self._trace = trace
            self._quiz.begin(self._quiz.level)
        self._quiz.arrive(self._stop())
        self._verdict = {}
        self.tell()

    def tell(self) -> None:
        """Let the page know what is asked for, and how it went."""
        right, asked = self._quiz.score
        trace, question = self._desk.trace, self.question()
        levels = [", ".join(map(anywhere, rung)) for rung in rungs(trace)]
        self._stage.quiz = {
            "step": self._stage.step,
            "heard": self._heard,
            "asked_steps": [event.step for event in question],
            "is_asked": bool(question),
            "is_too_coarse": self.is_on and self._stage.granularity not in ASKED_BY,
            "level": self._quiz.level,
            "levels": ["", levels[0], *(f"… {name}" for name in levels[1:])],
            "right": right,
            "asked": asked,
            "is_finished": self._is_finished(),
            "is_last": self._quiz.level == len(levels),
            **self._verdict,
        }

    def _stop(self) -> Stop:
        stage = self._stage
        stops = walk(self._desk.trace, stage.granularity)
        return stops[locate(stops, stage.step, stage.partial)]

    def _is_finished(self) -> bool:
        """Tell whether all that is asked for was answered; of a worked example, whether its end is reached."""
        trace = self._desk.trace
        if not self.is_on or self._stage.granularity not in ASKED_BY:
            return False
        at_end = self._stop().last == len(trace) - 1
        return self._quiz.is_complete(trace) if self._quiz.level else at_end

    # What people answer

    def _hear(self, act: str = "", text: str = "", level: int = 0, step: int = -1, times: int = 0) -> None:
        self._heard = times
        # The stage may have gone on meanwhile: then the reply is to another question.
        is_late = act in ("answer", "hint") and (step != self._stage.step or not self.question())
        acts: dict[str, Callable[[], None]] = {
            "answer": lambda: self._answer(text),
            "hint": self._hint,
            "level": lambda: self._begin(level),
            "round": lambda: self._begin(self._quiz.level + self._is_finished()),
            "reset": self._quiz.reset,
        }
        if act in acts and self.is_on and not is_late:
            acts[act]()
        self.tell()
        if self.is_on:
            self._show()

    def _answer(self, text: str) -> None:
        trace, stop, question = self._desk.trace, self._stop(), self.question()
        try:
            given = numbers(text)
        except ValueError:
            self._say("problem", lambda say: say("quiz.not_a_number", text=text.strip()[:MOST_TYPED]))
            return
        if len(given) != len(question):
            name = "quiz.point" if len(question) == 1 and DECIMAL_COMMA.fullmatch(text.strip()) else "quiz.count"
            counts = {"wanted": len(question), "given": len(given)} if name == "quiz.count" else {}
            self._say("problem", lambda say: say(name, **counts))
            return
        if any(_is_too_short(trace, event, it) for it, event in zip(given, question, strict=True)):
            self._say("problem", lambda say: say("quiz.digits"))
            return
        self._tell_verdict(self._quiz.answer(trace, stop, given, self._rate()))

    def _tell_verdict(self, verdict: Verdict) -> None:
        kind = "right" if verdict.diagnosis.is_right else "wrong"
        self._say(kind, lambda say: replies.verdict(verdict, say))

    def _hint(self) -> None:
        question = self.question()
        if question and self._quiz.hint(self._desk.trace, self._stop()) == "answer":
            self._say("shown", lambda say: replies.answer_shown(question, say))

    def _begin(self, level: int, step: int = 0) -> None:
        """Begin a round at the first question from a step on; without any, it is a worked example from there."""
        trace, stage = self._desk.trace, self._stage
        self._quiz.begin(max(0, min(level, len(rungs(trace)))))
        stop = next_question(trace, self._quiz.level, stage.granularity, step)
        with stage.hold_trait_notifications():
            stage.partial = dict(WHOLE)
            stage.step = stop.last if stop else max(step, walk(trace, stage.granularity)[0].last)
        self.arrive()

    def _say(self, kind: str, tell: Callable[[Any], str]) -> None:
        self._verdict = {"kind": kind, "verdict": {lang: tell(words(lang)) for lang in LANGUAGES}}


def _is_too_short(trace: Trace, event: TraceEvent, given: Given) -> bool:
    """Tell whether a number is the value with one digit left of it, which is too few to be right or wrong."""
    is_right = diagnosed(trace, event.step, given.value, given.rounding).is_right
    return not is_right and is_too_short(given, event.value)
