"""The widget asks: between a quiz, which knows what is asked and what is right, and the stage, which shows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bppviz.core.emphasis import hidden
from bppviz.core.place import home, key
from bppviz.core.trace import TraceEvent
from bppviz.core.walk import walk
from bppviz.page.defaults import WHOLE
from bppviz.practice import replies
from bppviz.practice.answer import Answer
from bppviz.practice.answer_key import MOST_TYPED
from bppviz.practice.choices import Choice
from bppviz.practice.diagnosis import diagnosed
from bppviz.practice.quiz import Quiz, can_be_asked, levels, rungs
from bppviz.practice.typed import DECIMAL_COMMA, Given, is_too_short, numbers
from bppviz.widget.desk import Desk
from bppviz.widget.exam import Exam
from bppviz.words.catalogue import LANGUAGES, words
from bppviz.words.symbols import Symbols

PANEL = "predict"
READ = ("table", "matrices", "why", "check", "code")  # the panels that can be looked at while something is asked for


class Predict:
    """Asks for results on a stage, from when its panel is opened until it is closed, or numbers are to be changed.

    `rate` returns the learning rate; `show` is called when the stage has to show more.
    """

    def __init__(self, desk: Desk, rate: Callable[[], float], show: Callable[[], None]) -> None:
        self._desk, self._rate, self._show = desk, rate, show
        self._stage = desk.stage
        self._quiz = Quiz(level=len(rungs(desk.trace)), is_short=True)
        self._trace = desk.trace  # which is asked about
        self.is_on = False  # whether results are asked for
        self.exam = Exam(desk, lambda: self.is_on, rate)
        self._verdict: dict[str, Any] = {}
        self._heard = 0  # how many replies were
        desk.stage.observe(desk.door.to("question", lambda change: self._hear(**change["new"])), "reply")

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Return every answer that was given."""
        return tuple(self._quiz.answers)

    def question(self) -> tuple[TraceEvent, ...]:
        """Return what is asked for where the stage stands."""
        return self._quiz.question(self._desk.trace, self._desk.stop) if self.is_on else ()

    @property
    def choice(self) -> Choice | None:
        """Return what is to be chosen first where the stage stands."""
        return self._quiz.choice(self._desk.trace, self._desk.stop) if self.is_on else None

    @property
    def hints(self) -> int:
        """Return how many hints were taken at this question."""
        return self._quiz.hints(self._desk.trace, self._desk.stop) if self.is_on else 0

    def follow(self, panel: str) -> bool:
        """Begin to ask where the panel that is open now says so, or end it; tell whether that has changed anything.

        A round begins at the next question from where the stage stands.
        """
        was_on, self.is_on = self.is_on, panel == PANEL or (self.is_on and panel in READ)
        if self.is_on and not was_on:
            self._begin(self._quiz.level, self._stage.step)
        elif was_on and not self.is_on:
            self._verdict = {}
            self.tell()
        return was_on != self.is_on

    def arrive(self) -> None:
        """Ask anew: the stage has come to another stop, or the numbers have changed."""
        trace = self._desk.trace
        if trace is not self._trace:
            is_all = self._quiz.level >= len(rungs(self._trace))
            self._trace = trace
            self._quiz.begin(len(rungs(trace)) if is_all else self._quiz.level)
        self._quiz.arrive(self._desk.stop)
        self._verdict = {}
        self.tell()

    def tell(self) -> None:
        """Let the page know what is asked for, and how it went."""
        question, choice = self.question(), self.choice
        symbols = Symbols(self._desk.network)
        self._stage.quiz = {
            "step": self._stage.step,
            "heard": self._heard,
            "asked_steps": sorted(hidden(self._desk.stop, question)),
            "asked_factors": [key(home(event.place)) for event in question if event.quantity == "dz_dw"],
            "symbols": [symbols(*event.place).text for event in question],
            "whole": replies.whole_of(question) if question and self._stage.granularity == "vector" else "",
            "choices": [{"text": it.text, "weights": list(it.weights)} for it in choice.options] if choice else [],
            "is_on": self.is_on,
            "is_asked": bool(question),
            "is_too_coarse": self.is_on and not self._is_fine,
            "hints": self.hints,
            **self._round(),
            **self._verdict,
        }

    def _round(self) -> dict[str, Any]:
        """Return what the page shows of this round, and which others there are."""
        quiz, trace = self._quiz, self._desk.trace
        right, asked = quiz.score
        granularity = self._stage.granularity
        is_told = self.is_on and self._is_fine
        done, of = quiz.progress(trace, granularity)
        return {
            "level": quiz.level,
            "levels": levels(trace),
            "is_short": quiz.is_short,
            "right": right,
            "asked": asked,
            "done": done,
            "all": of if is_told else 0,
            "is_over": is_told and self._is_over(),
            "is_finished": is_told and self._is_over() and quiz.is_complete(trace, granularity),
            "is_last": quiz.level == len(rungs(trace)),
            "memory": quiz.memory() if self.is_on else {},
        }

    @property
    def _is_fine(self) -> bool:
        """Tell whether the steps are small enough to be asked for."""
        return can_be_asked(self._desk.trace, self._stage.granularity)

    def _is_over(self) -> bool:
        """Tell whether nothing is left to be asked for; of a worked example, whether its end is reached."""
        trace = self._desk.trace
        return (
            self._quiz.is_over(trace, self._stage.granularity)
            if self._quiz.level
            else self._desk.stop.last == len(trace) - 1
        )

    # What people answer

    def _hear(self, act: str = "", text: str = "", level: int = 0, step: int = -1, times: int = 0) -> None:
        self._heard = times
        # The stage may have gone on meanwhile: then the reply is to another question.
        is_asked = self.question() and bool(self.choice) == (act == "choose")
        is_late = act in ("answer", "hint", "choose") and (step != self._stage.step or not is_asked)
        acts: dict[str, Callable[[], None]] = {
            "answer": lambda: self._answer(text),
            "hint": self._hint,
            "choose": lambda: self._choose(text),
            "next": self._go_on,
            "level": lambda: self._begin(level),
            "short": lambda: self._measure(is_short=True),
            "long": lambda: self._measure(is_short=False),
            "round": self._begin_next,
            "reset": self._quiz.reset,
        }
        if act in acts and self.is_on and not is_late:
            acts[act]()
        self.tell()
        if self.is_on:
            self._show()

    def _answer(self, text: str) -> None:
        trace, stop, question = self._desk.trace, self._desk.stop, self.question()
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
        if any(_is_too_short(event, it) for it, event in zip(given, question, strict=True)):
            self._say("problem", lambda say: say("quiz.digits"))
            return
        verdict = self._quiz.answer(trace, stop, given, self._rate())
        self._say("right" if verdict.diagnosis.is_right else "wrong", lambda say: replies.verdict(verdict, say))

    def _choose(self, text: str) -> None:
        chosen = int(text) if re.fullmatch("[0-9]", text) else -1
        if option := self._quiz.choose(self._desk.trace, self._desk.stop, chosen):
            is_right = self.choice is None
            self._verdict = {"kind": "right" if is_right else "wrong", "verdict": option.said}

    def _hint(self) -> None:
        question, self._verdict = self.question(), {}
        if question and self._quiz.hint(self._desk.trace, self._desk.stop) == "answer":
            self._say("shown", lambda say: replies.answer_shown(question, say))

    def _go_on(self) -> None:
        """Go to the next question; without any, one step on."""
        trace, granularity = self._desk.trace, self._stage.granularity
        stops = walk(trace, granularity)
        following = stops[min(stops.index(self._desk.stop) + 1, len(stops) - 1)]
        self._go_to((self._quiz.next_stop(trace, granularity, self._stage.step) or following).last)

    def _begin(self, level: int, step: int = 0) -> None:
        """Begin a round at the first question from a step on; without any, it is a worked example from there."""
        self._quiz.begin(max(0, min(level, len(rungs(self._desk.trace)))))
        self._start(step)

    def _begin_next(self) -> None:
        """Begin the round that follows, from the beginning of the walk."""
        self._quiz.next_round(self._desk.trace, self._stage.granularity)
        self._start()

    def _measure(self, *, is_short: bool) -> None:
        """Begin a round of another length."""
        self._quiz.is_short = is_short
        self._begin(self._quiz.level)

    def _start(self, step: int = 0) -> None:
        trace, granularity = self._desk.trace, self._stage.granularity
        stop = self._quiz.first_stop(trace, granularity, step)
        self._go_to(stop.last if stop else max(step, walk(trace, granularity)[0].last))

    def _go_to(self, step: int) -> None:
        stage = self._stage
        with stage.hold_trait_notifications():
            stage.partial = dict(WHOLE)
            stage.step = step
        self.arrive()

    def _say(self, kind: str, tell: Callable[[Any], str]) -> None:
        self._verdict = {"kind": kind, "verdict": {lang: tell(words(lang)) for lang in LANGUAGES}}


def _is_too_short(event: TraceEvent, given: Given) -> bool:
    """Tell whether a number is the value with one digit left of it, which is too few to be right or wrong."""
    is_right = diagnosed(event, given.value, given.rounding).is_right
    return not is_right and is_too_short(given, event.value)
