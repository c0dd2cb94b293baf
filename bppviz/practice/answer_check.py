"""An answer that somebody found with pencil and paper, checked in a cell of a notebook.

==================  ==========================================================================
`check_answer`      whether an answer is right, and if not, what may have happened
`AnswerCheck`       what comes out: whether it is right, and what is said of it
`on_equation`       the same of one number, found for an equation of a run
`as_typed`          a number as if somebody had typed it
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from bppviz.core.checks import checked_array, real_array
from bppviz.core.trace import TraceEvent
from bppviz.practice.answer import Verdict
from bppviz.practice.diagnosis import Diagnosis, diagnosed, is_close
from bppviz.practice.replies import verdict
from bppviz.practice.typed import Given, is_too_short, numbers
from bppviz.words.catalogue import Words, language, words
from bppviz.words.numbers import HOVERED, number
from bppviz.words.symbols import Symbols

Wanted = TraceEvent | float


@dataclass(frozen=True, repr=False)
class AnswerCheck:
    """What is said of an answer, a sentence for each number; at the end of a notebook's cell it shows them.

    `passed` is None where nothing was answered yet.
    """

    passed: bool | None
    said: tuple[str, ...]
    lang: str = "en"

    def __repr__(self) -> str:
        return "\n".join(self.said)

    def _repr_html_(self) -> str:
        return f'<p lang="{self.lang}">{"<br>".join(map(escape, self.said))}</p>'


def check_answer(answer: Any, expected: Any, *, lang: str | None = None) -> AnswerCheck:
    """Say whether an answer is right, without telling what would be.

    `answer` is a number, or several in a list; `...` in the place of any is a question that waits for its answer.
    `expected` is as many numbers, or equations of a run, such as `trace[21]`: of these, known mistakes are recognised.
    Whole numbers, True and False must be exact, others within 1 % or as they round to the digits given. `lang` is en or
    zh-TW.

    Raises TypeError or ValueError for what are no numbers.
    """
    lang = language(lang)
    say, wanted = words(lang), _wanted(expected)
    if _waits(answer):
        return AnswerCheck(None, (say("answer.open"),), lang)
    given = [as_typed(value) for value in checked_array("answer", answer).ravel().tolist()]
    if len(given) != len(wanted):
        return AnswerCheck(False, (say("answer.count", wanted=len(wanted), given=len(given)),), lang)
    replies = [_reply(*pair, say) for pair in zip(given, wanted, strict=True)]
    return AnswerCheck(all(is_right for is_right, _ in replies), tuple(said for _, said in replies), lang)


def _waits(answer: Any) -> bool:
    """Tell whether dots stand in the place of an answer, or of a part of it."""
    return answer is ... or (isinstance(answer, list | tuple) and any(it is ... for it in answer))


def _wanted(expected: Any) -> Sequence[Wanted]:
    """Return the equations or numbers that are asked for, one after the other."""
    if isinstance(expected, TraceEvent):
        return [expected]
    if isinstance(expected, list | tuple) and expected and all(isinstance(it, TraceEvent) for it in expected):
        return expected
    checked_array("expected", expected)
    wanted: list[float] = real_array("expected", expected).ravel().tolist()
    return wanted


def as_typed(value: float) -> Given:
    """Return a number with half a unit of its last digit."""
    return numbers(repr(value).removesuffix(".0"))[0]


def _reply(given: Given, wanted: Wanted, say: Words) -> tuple[bool, str]:
    """Return whether a number is right, and what is said of it."""
    if isinstance(wanted, TraceEvent):
        diagnosis, said = on_equation(given, wanted, say)
        return diagnosis.is_right, said
    is_exact = isinstance(wanted, int)
    is_right = given.value == wanted if is_exact else is_close(given.value, wanted, given.rounding)
    if not is_right and not is_exact and is_too_short(given, wanted):
        return False, say("quiz.digits")
    shown = str(bool(given.value)) if isinstance(wanted, bool) else number(given.value, HOVERED)
    return is_right, say("answer.right" if is_right else "answer.wrong", given=shown)


def on_equation(given: Given, event: TraceEvent, say: Words) -> tuple[Diagnosis, str]:
    """Return what may have happened where a number is to solve an equation of a run, and what is said of it."""
    diagnosis = diagnosed(event, given.value, given.rounding)
    if not diagnosis.is_right and is_too_short(given, event.value):
        return diagnosis, say("quiz.digits")
    if diagnosis.is_right or diagnosis.mistakes:
        return diagnosis, verdict(Verdict(event, given.value, diagnosis), say)
    symbol = Symbols(event.trace.network)(*event.place).text
    wrong = say("quiz.wrong", symbol=symbol, given=number(given.value, HOVERED))
    return diagnosis, say("list.sentences", first=wrong, second=say("answer.unknown"))
