"""Texts as outlines of letters, so that they look the same on every machine, with its fonts or without.

A text is written as plotly takes it: with <b>, <sub>, <sup>, <br> and spans of another size in it. Sizes and shifts of
indices are those of plotly.js, so that both set every letter at the same point.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from html import unescape
from importlib.resources import files
from typing import NamedTuple

TAG = re.compile(r"(<[^>]*>)")
OPENS, CLOSES = r"\uff08\u300c\u300e", r"\uff0c\u3002\u3001\uff1b\uff1a\uff01\uff1f\uff09\u300d\u300f"  # Chinese marks
HAN = r"\u2e80-\u2fff\u3005-\u3007\u3400-\u9fff"
# What is not broken: a word with the space after it, a Chinese character, each with the marks that belong to it.
WORD = re.compile(rf"[{OPENS}]*(?:[{HAN}]|[^\s{HAN}{OPENS}{CLOSES}]+)[{CLOSES}\u2026]*\s*|\S\s*")
LATIN_1, LETTER = "\xff", re.compile("[A-Za-zΑ-ω]")
PERCENT = re.compile(r"font-size: *([\d.]+)%")
SMALLER = 0.7
SHIFTS = {"sub": 0.3 * SMALLER, "sup": -0.6 * SMALLER}  # how far down, in sizes of the text around
CHAINS = {
    False: ("text", "math", "chinese"),
    True: ("text-bold", "math", "chinese"),
}  # fonts that a letter is sought in
UNKNOWN_WIDE = 1.0  # in ems, of a letter without an outline


class Letter(NamedTuple):
    """A letter of a font: its name in a drawing, how wide it is in thousandths of an em, and its outline."""

    name: str
    font: str
    wide: float
    path: str


class Style(NamedTuple):
    """How a piece of a text is set: its size, how far down its baseline is, and whether it is bold and kerned."""

    size: float
    kerned: bool
    down: float = 0.0
    bold: bool = False


class Piece(NamedTuple):
    """Letters of one style, each with how far right of the piece's beginning it stands, in thousandths of an em."""

    style: Style
    left: float
    letters: tuple[tuple[Letter, float], ...]


class TextRow(NamedTuple):
    """A line of a text: its pieces, and how wide it is."""

    pieces: tuple[Piece, ...]
    width: float


@cache
def _font(name: str) -> tuple[dict[str, tuple[float, str]], dict[str, float]]:
    """Return the letters of a font, and by how much some pairs stand closer."""
    text = (files("bppviz.paper") / "letters" / f"{name}.json").read_text(encoding="utf-8")
    font = json.loads(text)
    return font["letters"], font["pairs"]


@cache
def letter(character: str, *, bold: bool) -> Letter | None:
    """Return the outline of a character, None where no font of ours has it."""
    for font in CHAINS[bold]:
        if font == "chinese" and ord(character) < 0x2E80:
            return None  # no need to read that font
        found = _font(font)[0].get(character)
        if found:
            name = f"b{'b' if font == 'text-bold' else 't'}{ord(character):x}"
            return Letter(name, font, *found)
    return None


def has_outlines(text: str) -> bool:
    """Tell whether every character of a text has an outline."""
    return all(letter(c, bold=False) for c in unescape(TAG.sub("", text)))


@lru_cache(maxsize=4096)
def rows_of(text: str, size: float) -> tuple[TextRow, ...]:
    """Return the lines of a text that is set in a size; letters without outlines leave their room."""
    return tuple(_line(pieces) for pieces in _split(text, size))


def text_width(text: str, size: float) -> float:
    """Return how wide a text is, or the widest of its lines."""
    return max(line.width for line in rows_of(text, size))


def _split(text: str, size: float) -> Iterator[list[tuple[str, Style]]]:
    """Yield the lines of a text as pieces, each with its style."""
    styles, line = [Style(size, _is_kerned(unescape(TAG.sub("", text))))], list[tuple[str, Style]]()
    for part in TAG.split(text):
        if not part.startswith("<") or not part.endswith(">"):
            if part:
                line.append((unescape(part), styles[-1]))
        elif part == "<br>":
            yield line
            line = []
        elif part.startswith("</"):
            styles.pop()
        else:
            styles.append(_styled(part, styles[-1]))
    yield line


def _is_kerned(text: str) -> bool:
    """Tell whether a browser kerns a text: digits and signs alone are no Latin text, unless Latin-1 has them all."""
    return text.isascii() or max(text) <= LATIN_1 or LETTER.search(text) is not None


def _styled(tag: str, around: Style) -> Style:
    name = tag[1:-1].split(" ")[0]
    if name in SHIFTS:
        return around._replace(size=around.size * SMALLER, down=around.down + SHIFTS[name] * around.size)
    larger = PERCENT.search(tag)
    size = around.size * float(larger[1]) / 100 if larger else around.size
    return around._replace(size=size, bold=around.bold or name == "b")


def _line(parts: Sequence[tuple[str, Style]]) -> TextRow:
    left, pieces = 0.0, list[Piece]()
    for text, style in parts:
        letters, wide = _set(text, bold=style.bold, kerned=style.kerned)
        pieces.append(Piece(style, left, letters))
        left += wide * style.size / 1000
    return TextRow(tuple(pieces), left)


@lru_cache(maxsize=4096)
def _set(text: str, *, bold: bool, kerned: bool) -> tuple[tuple[tuple[Letter, float], ...], float]:
    """Return letters side by side, and how wide they are."""
    at, before, placed = 0.0, None, list[tuple[Letter, float]]()
    for character in text:
        found = letter(character, bold=bold)
        if not found:
            at, before = at + 1000 * UNKNOWN_WIDE, None
            continue
        if kerned and before and before[1] == found.font:
            at += _font(found.font)[1].get(before[0] + character, 0)
        placed.append((found, at))
        at += found.wide
        before = (character, found.font)
    return tuple(placed), at


def wrapped(text: str, size: float, wide: float) -> list[str]:
    """Return a text in lines no wider than that: broken at spaces, and between Chinese characters."""
    rows = [""]
    for word in WORD.findall(text):
        if rows[-1].strip() and text_width(rows[-1] + word.rstrip(), size) > wide:
            rows.append("")
        rows[-1] += word
    return [row.strip() for row in rows]


def balanced(text: str, size: float, wide: float) -> list[str]:
    """Return a text in as few lines as `wrapped` does, of which none is much longer than the others."""
    rows = wrapped(text, size, wide)
    even = (wrapped(text, size, wide * part / 20) for part in range(8, 20))
    return next((it for it in even if len(it) == len(rows)), rows)
