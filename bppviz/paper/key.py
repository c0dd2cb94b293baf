"""The key of a sheet, on one page: the network with all its numbers, and each answer with what mistakes give."""

from __future__ import annotations

from html import escape
from math import ceil

from bppviz.core.trace import TraceEvent
from bppviz.paper.letters import text_width
from bppviz.paper.pages import body_size
from bppviz.paper.questions import framed, height_of, symbol_of
from bppviz.picture.blanks import solved
from bppviz.practice.exercise import Exercise
from bppviz.practice.replies import cause
from bppviz.words.catalogue import Words, words
from bppviz.words.numbers import number

# In points: how high the title and the table's head are; a row, and each further line in it; the columns before the
# mistakes, what is left between two of these, and the size of their letters.
HEAD, ROW, LINE_MORE, COLUMNS_WIDE, APART, LETTERS = 74, 18, 10, 140, 12, 7.5
MOST_PICTURE, LEAST_PICTURE = 200, 110
MOST_MISTAKES = 3
SLACK = 1.1  # for words that do not fill their line

Wrong = list[tuple[str, str]]  # what mistakes come to, each with what was done wrong


def key_page(sheet: Exercise, paper: str, lang: str) -> str:
    """Return the HTML of a key: with as many mistakes as there is room for, and a picture where some is left."""
    say, (wide, high) = words(lang), body_size(paper)
    told = [_told(event, sheet, say) for event in sheet.questions]
    most = next((it for it in range(MOST_MISTAKES, 1, -1) if _height(told, it, wide) + MOST_PICTURE / 2 <= high), 1)
    drawn = solved(sheet.trace, lang)
    tall = min(height_of(drawn, wide), MOST_PICTURE, high - _height(told, most, wide))
    rows = "".join(_row(i, event, sheet, told[i - 1][:most]) for i, event in enumerate(sheet.questions, 1))
    heads = "".join(f"<th>{escape(say(f'worksheet.{name}'))}</th>" for name in ("asked", "answer", "mistakes"))
    table = f"<table class=key><tr>{heads}</tr>{rows}</table>"
    return _head(sheet, say) + (framed(drawn, tall, say) if tall >= LEAST_PICTURE else "") + table


def _head(sheet: Exercise, say: Words) -> str:
    own = escape(say("worksheet.number", number=sheet.number))
    return f"<header><h1>{escape(say('worksheet.key'))}</h1><p class=own>{own}</p></header>"


def _told(event: TraceEvent, sheet: Exercise, say: Words) -> Wrong:
    found = sheet.mistakes(event)[:MOST_MISTAKES]
    return [(number(value), cause(event, mistake, say)) for mistake, value in found]


def _height(told: list[Wrong], most: int, wide: float) -> float:
    """Return how high a key is with so many mistakes beside each answer."""
    return HEAD + sum(ROW + LINE_MORE * (_lines_of(row[:most], wide - COLUMNS_WIDE) - 1) for row in told)


def _lines_of(told: Wrong, wide: float) -> int:
    total = sum(text_width(f"{value} {why}", LETTERS) + APART for value, why in told)
    return max(1, ceil(SLACK * total / wide))


def _row(i: int, event: TraceEvent, sheet: Exercise, told: Wrong) -> str:
    """Return an answer, and what the likeliest mistakes come to."""
    mistakes = "".join(f"<span><b>{value}</b> {escape(why)}</span> " for value, why in told)
    return f"<tr><td><b>{i}</b>{symbol_of(event)}</td><td>{sheet.answer(event)}</td><td>{mistakes}</td></tr>"
