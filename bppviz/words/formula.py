"""Formulas as lines of tokens, written as LaTeX and shown as MathML.

Converting LaTeX takes most of a millisecond, so it is done once for each shape: `#1` in a token's template
stands for what changes, a symbol or a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import NamedTuple

from latex2mathml.converter import convert

from bppviz.words.numbers import minus
from bppviz.words.scripts import POWER, levelled

SHOWN_NUMBER = re.compile(rf"[−+]?(?:∞|[\d.]+)(?:×10([{POWER}]+))?$")
BRACKET = r'<mo stretchy="false">&#x0002{};</mo>'
LAYER = re.compile(rf"<mrow>{BRACKET.format(8)}<mn>(\d+)</mn>{BRACKET.format(9)}</mrow>")  # z⁽²⁾: one thing, not three
OPERATORS = {
    "=": "=",
    "+": "+",
    "-": "−",
    "(": "(",
    ")": ")",
    ",": ",",
    r"\approx": "≈",
    r"\times": "×",
    r"\cdots": "⋯",
}
# As TeX sets them: ln keeps off its neighbours, a minus behind a parenthesis is a sign, and ᵀ is upright.
SET = {
    "<mi>ln</mi>": '<mo lspace="0.17em" rspace="0.17em">ln</mo>',
    '<mi mathvariant="sans-serif">T': '<mi mathvariant="normal">T',
    "&#x00028;</mo><mo>&#x02212;": '&#x00028;</mo><mo form="prefix">&#x02212;',
}
FENCES = {r"\bigl[": "[", r"\bigr]": "]"}


class Why(NamedTuple):
    """Why a result is only about what the numbers before it come to: the name of a message, and its blanks."""

    name: str
    symbol: str = ""
    value: str = ""


class Token(NamedTuple):
    """A piece of a formula: a LaTeX template, what stands in it for #1, #2 and so on, and the part that it plays.

    `role` is a CSS class of the stage: forward, backward, weight, result, term, or empty for what is only structure.
    `at` says where the number that is meant has its home, and the step that computed it, such as "z-1-0 0"; where
    several are meant, it says so for every argument. `why` is that of a ≈ whose numbers do not come near the result.
    """

    template: str
    arguments: tuple[str, ...] = ()
    role: str = ""
    at: tuple[str, ...] = ()
    why: Why | None = None


Line = list[Token]
Formula = list[Line]


def latex(formula: Formula) -> str:
    r"""Return a formula as LaTeX, its lines separated by \\."""
    return r" \\ ".join(" ".join(_token_latex(token) for token in line) for line in formula)


def mathml(formula: Formula) -> str:
    """Return a formula as one MathML element, with the tokens' roles as classes."""
    label = escape(latex(formula), quote=True)
    rows = ["".join(_token_mathml(token) for token in line) for line in formula]
    body = rows[0] if len(rows) == 1 else '<mtable displaystyle="true">' + "".join(map(_row, rows)) + "</mtable>"
    return f'<math display="block" alttext="{label}"><mrow>{body}</mrow></math>'


def _row(row: str) -> str:
    return f'<mtr><mtd style="text-align:left"><mrow>{row}</mrow></mtd></mtr>'


def _token_latex(token: Token) -> str:
    text = token.template
    for i, argument in reversed(list(enumerate(token.arguments, 1))):  # #12 before #1
        text = text.replace(f"#{i}", plain(argument))
    return plain(text)


def plain(text: str) -> str:
    """Write a number, which may stand in parentheses, as LaTeX."""
    inner = text[1:-1] if text.startswith("(") else text
    match = SHOWN_NUMBER.match(inner)
    if not match:
        return text
    written = levelled(inner.split("×")[0]).replace("∞", r"\infty ")
    written += rf"\times 10^{{{levelled(match[1])}}}" if match[1] else ""
    return f"({written})" if text.startswith("(") else written


def _token_mathml(token: Token) -> str:
    body = _atom(token.template)
    several = len(token.at) > 1
    for i, argument in enumerate(token.arguments):
        written = _atom(argument)
        body = body.replace(f"<mi>{_hole(i)}</mi>", f"<mrow{_at(token.at[i])}>{written}</mrow>" if several else written)
    at = _at(token.at[0]) if len(token.at) == 1 else ""
    return f'<mrow class="{classes(token.role)}"{at}>{body}</mrow>' if token.role else body


def _at(home: str) -> str:
    return f' data-at="{home}"' if home else ""


def classes(roles: str) -> str:
    """Return roles as the CSS classes of the stage."""
    return " ".join(f"bppviz-is-{role}" for role in roles.split())


def _hole(i: int) -> str:
    """Return a character of Unicode's private use, which no formula has."""
    return chr(0xE000 + i)


@lru_cache(maxsize=20_000)
def _atom(text: str) -> str:
    if text in OPERATORS:
        return f"<mo>{OPERATORS[text]}</mo>"
    if text in FENCES:
        return f'<mo fence="true" stretchy="true">{FENCES[text]}</mo>'
    inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    match = SHOWN_NUMBER.match(inner)
    if not match:
        return _convert(text)
    body = f"<mn>{inner.split('×')[0]}</mn>"
    if match[1]:
        power = minus(levelled(match[1]))
        body = f"<mrow>{body}<mo>×</mo><msup><mn>10</mn><mn>{power}</mn></msup></mrow>"
    return f'<mrow><mo stretchy="false">(</mo>{body}<mo stretchy="false">)</mo></mrow>' if inner != text else body


@lru_cache(maxsize=20_000)
def _convert(template: str) -> str:
    template = re.sub(r"#(\d+)", lambda match: _hole(int(match[1]) - 1), template)
    whole = LAYER.sub(r"<mn>(\1)</mn>", convert(template))
    for plain_set, well_set in SET.items():
        whole = whole.replace(plain_set, well_set)
    return whole[whole.index("<mrow>") : whole.rindex("</math>")]


def joined(parts: Iterable[Line], operator: str) -> Line:
    """Return the parts in one line, with an operator between each two."""
    line: Line = []
    for part in parts:
        line += [Token(operator), *part] if line else part
    return line
