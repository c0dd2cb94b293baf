"""The key of a sheet, on one page: the network with all its numbers, and each answer with what mistakes give."""

from __future__ import annotations

from html import escape

from bppviz.core.trace import TraceEvent
from bppviz.paper.pages import body_size
from bppviz.paper.questions import framed, height_of, symbol_of
from bppviz.picture.blanks import solved
from bppviz.practice.exercise import Exercise
from bppviz.practice.replies import cause
from bppviz.words.catalogue import Words, words
from bppviz.words.numbers import number

MOST_PICTURE = 200  # points
FEW_QUESTIONS = 16  # questions beside whose answers there is room for more
MANY_QUESTIONS = 26  # questions that leave no room for a picture
MISTAKES, MISTAKES_OF_MANY = 3, 2


def key_page(sheet: Exercise, paper: str, lang: str) -> str:
    """Return the HTML of a key."""
    say, count = words(lang), len(sheet.questions)
    head = (
        f"<header><h1>{escape(say('worksheet.key'))}</h1>"
        f"<p class=own>{escape(say('worksheet.number', number=sheet.number))}</p></header>"
    )
    heads = "".join(f"<th>{escape(say(f'worksheet.{name}'))}</th>" for name in ("asked", "answer", "mistakes"))
    rows = "".join(_row(i, event, sheet, say) for i, event in enumerate(sheet.questions, 1))
    size = "few" if count <= FEW_QUESTIONS else "some" if count <= MANY_QUESTIONS else "many"
    return f"{head}{_picture(sheet, paper, lang)}<table class='key {size}'><tr>{heads}</tr>{rows}</table>"


def _picture(sheet: Exercise, paper: str, lang: str) -> str:
    if len(sheet.questions) > MANY_QUESTIONS:
        return ""
    drawn = solved(sheet.trace, max(event.step for event in sheet.questions), lang)
    return framed(drawn, min(height_of(drawn, body_size(paper)[0]), MOST_PICTURE))


def _row(i: int, event: TraceEvent, sheet: Exercise, say: Words) -> str:
    """Return an answer, and what the likeliest mistakes come to."""
    count = len(sheet.questions)
    most = MISTAKES if count <= FEW_QUESTIONS else MISTAKES_OF_MANY if count <= MANY_QUESTIONS else 1
    mistakes = "".join(
        f"<span><b>{number(value)}</b> {escape(cause(event, mistake, say))}</span>"
        for mistake, value in sheet.mistakes(event)[:most]
    )
    return f"<tr><td><b>{i}</b>{symbol_of(event)}</td><td>{sheet.answer(event)}</td><td>{mistakes}</td></tr>"
