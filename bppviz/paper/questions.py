"""A sheet for a student: the network with blanks, what has to be known, and a line with room for each number.

==================  ==========================================================================
`question_pages`    the one or two pages of a sheet
`height_of`         how high a picture is where it is so wide
`framed`            a picture of a network in HTML, of a height
`sheet_head`        the title of a page, with places for what a student writes there
`symbol_of`         the symbol of a number in a line of text
`style`             the rules of CSS for sheets and keys
==================  ==========================================================================
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from math import ceil
from typing import Any

import numpy as np

from bppviz.core.functions import LOSSES, activation_of
from bppviz.core.trace import TraceEvent
from bppviz.paper.pages import body_size, drawn_on_paper
from bppviz.paper.svg import decimal, defined, view_of
from bppviz.picture.blanks import with_blanks
from bppviz.practice.exercise import Exercise
from bppviz.practice.lots import tabled
from bppviz.words.catalogue import Words, words
from bppviz.words.formula import Token, mathml
from bppviz.words.numbers import number
from bppviz.words.symbols import Symbols

# In points: how high the parts of the first page are, with what is between them, and a line to write on.
HEAD, FACTS, TABLE, BETWEEN = 76, 46, 52, 9
MOST_PICTURE, LINE, HIGHEST_LINE = 270, 34, 68
COLUMNS = 2
IN_A_FRACTION = re.compile(r"\\frac{(\\partial [^{}]+)}{(.+)}")
TABLED = {"sigmoid": r"\sigma(z)", "tanh": r"\tanh(z)", "softmax": "e^{z}"}


def question_pages(sheet: Exercise, paper: str, lang: str) -> list[str]:
    """Return the HTML of a sheet's pages."""
    say, (wide, high) = words(lang), body_size(paper)
    drawn = with_blanks(sheet.trace, sheet.known, sheet.questions, lang)
    tall = min(height_of(drawn, wide), MOST_PICTURE)
    tables = _tables(sheet, say)
    room = high - HEAD - tall - FACTS - TABLE * len(tables) - 4 * BETWEEN
    first = COLUMNS * int(room / LINE)
    lines = [_line(i, event) for i, event in enumerate(sheet.questions, 1)]
    if len(lines) > first:  # both pages alike full
        first = min(first, COLUMNS * ceil(len(lines) / 2 / COLUMNS))
    head, task = sheet_head(sheet, say), f"<p class=task>{escape(_task(sheet, say))}</p>"
    rest = [head + _lines(lines[first:])] if lines[first:] else []
    return [head + task + framed(drawn, tall, say) + _facts(sheet) + "".join(tables) + _lines(lines[:first]), *rest]


def style() -> str:
    """Return the rules of CSS for what stands on sheets and keys."""
    return (files("bppviz.paper") / "worksheet.css").read_text(encoding="utf-8")


def sheet_head(sheet: Exercise, say: Words) -> str:
    """Return the title of a page, with lines for a name and the points."""
    own = escape(say("worksheet.number", number=sheet.number))
    points = f"{escape(say('worksheet.points'))}<i></i>/ {len(sheet.questions)}"
    return (
        f"<header><h1>{escape(say('worksheet.title'))}</h1><p class=own>{own}</p>"
        f"<p class=name>{escape(say('worksheet.name'))}<i></i></p><p class=points>{points}</p></header>"
    )


def height_of(drawn: dict[str, Any], wide: float) -> float:
    """Return how high a picture is where it is so wide."""
    size = drawn["layout"]
    return float(wide * size["height"] / size["width"])


def framed(drawn: dict[str, Any], tall: float, say: Words) -> str:
    """Return a picture as SVG, so many points high."""
    made = drawn_on_paper(drawn)
    svg = view_of(made._replace(body=defined(made.letters) + made.body), say("stage.picture"))
    return f'<div class=picture style="height: {decimal(tall)}pt">{svg}</div>'


def _task(sheet: Exercise, say: Words) -> str:
    return say("worksheet.task", how=say("worksheet.exact" if sheet.is_exact else "worksheet.rounded"))


def _facts(sheet: Exercise) -> str:
    """Return how the network's functions and its loss are defined, and where gradients are asked for their slopes."""
    network, is_backward = sheet.trace.network, any(event.quantity.startswith("d") for event in sheet.questions)
    facts = []
    for name in dict.fromkeys(it for it in network.activations if it != "identity"):
        activation, letter = activation_of(name), "a" if name in network.activations[:-1] else "y"
        facts.append(Token(f"{letter}={activation.formula}", ("z",)))
        if is_backward and activation.derivative_formula:
            facts.append(Token(rf"\sigma'(z)={activation.derivative_formula}", ("z",)))
    loss = LOSSES[network.loss]
    facts.append(Token(rf"l={loss.factor.latex(network.sizes[-1])}\sum{loss.formula}", ("y", "t")))
    if is_backward and not sheet.trace.elementwise(network.layers) and not network.simplified:
        facts.append(Token(r"\partial l/\partial z_i=y_i(\partial l/\partial y_i-\sum_k y_k\partial l/\partial y_k)"))
    pair = network.simplified and network.simplified.formula(float(sheet.trace.target.sum()))
    if is_backward and pair:
        facts.append(Token(rf"\partial l/\partial z={pair.formula}", ("y", "t", str(sheet.trace.target.sum()))))
    return f"<div class=facts>{''.join(mathml([[it]]) for it in facts)}</div>"


def _tables(sheet: Exercise, say: Words) -> list[str]:
    """Return the tables of the functions that have to be looked up, if the forward pass is asked for."""
    is_forward = any(event.phase == "forward" for event in sheet.questions)
    names = dict.fromkeys(sheet.trace.network.activations)
    return [_table(name, say) for name in names if is_forward and tabled(name)]


def _table(name: str, say: Words) -> str:
    """Return a small table of a function."""
    entries = tabled(name)
    values = [_entry(name, z) for z in entries]
    z_row = "".join(f"<td>{number(z)}</td>" for z in entries)
    row = "".join(f"<td>{value}</td>" for value in values)
    heads = [mathml([[Token(template)]]) for template in ("z", TABLED[name])]
    return (
        f"<div class=table><table><tr><th>{heads[0]}</th>{z_row}</tr><tr><th>{heads[1]}</th>{row}</tr></table>"
        f"<p>{escape(say(f'worksheet.{name}'))}</p></div>"
    )


def _lines(lines: Sequence[str]) -> str:
    """Return lines to write on, in columns."""
    rows = ceil(len(lines) / COLUMNS)
    look = f"grid-template-rows: repeat({rows}, minmax(0, {HIGHEST_LINE}pt))"
    return f'<ol class=work style="{look}">{"".join(lines)}</ol>'


def _line(i: int, event: TraceEvent) -> str:
    return f"<li><b>{i}</b>{symbol_of(event, '=')}<i></i></li>"


def symbol_of(event: TraceEvent, after: str = "") -> str:
    """Return the symbol of a number in a line: ∂l/∂w, and no fraction, for which a line is not high enough."""
    symbol = IN_A_FRACTION.sub(r"\1/\2", Symbols(event.trace.network)(*event.place).latex)
    return mathml([[Token(symbol), Token(after)] if after else [Token(symbol)]])


def _entry(name: str, z: float) -> str:
    """Return an entry of a table, with as many digits as answers have."""
    value = np.exp(z) if name == "softmax" else float(activation_of(name).f(np.array([z]))[0])
    return number(value)
