"""Names as the picture writes them: letters in italics, the index below, the layer in brackets above.

Numbers are upright, so that no name can be read as a number: b₄ = 0 is not b₄₀. Italics are letters of Unicode's own,
which plotly takes as they are.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

from bppviz.words.numbers import width
from bppviz.words.scripts import SUBSCRIPTS, SUPERSCRIPTS, levelled

LOWER, UPPER = SUBSCRIPTS, f"{SUPERSCRIPTS}⁽⁾"
# The indices of plotly have 70 % of the size of the text; these have 80 %.
INDEX = '<{0}><span style="font-size:115%">{1}</span></{0}>'
INDEX_SIZE = 0.8
LETTER, SLASH, GREEK, PARENTHESIS = 0.54, 0.3, 0.6, 0.34  # how wide they are, in ems
AFTER_NAME = 1.1  # ems from a name to its number: a "=" with its spaces


def _letter(letter: str) -> str:
    if letter == "h":
        return "ℎ"  # Unicode has it elsewhere, as Planck's constant
    if "a" <= letter <= "z":
        return chr(0x1D44E + ord(letter) - ord("a"))
    if "A" <= letter <= "Z":
        return chr(0x1D434 + ord(letter) - ord("A"))
    return {"σ": "\U0001d70e", "∂": "\U0001d715"}.get(letter, letter)


def _script(character: str) -> str:
    return "sub" if character in LOWER else "sup" if character in UPPER else ""


def _levelled(text: str) -> str:
    return levelled(text).replace("⁽", "(").replace("⁾", ")")


def spelled(activation: str) -> str:
    """Return an activation as people write it: leaky ReLU (0.1)."""
    return activation.replace("_", " ").replace("relu", "ReLU").replace("(", " (")


@lru_cache(maxsize=4096)
def italic(symbol: str) -> str:
    """Return a symbol, such as ∂l/∂w₁₃⁽²⁾, as plotly takes it."""
    runs = ((script, "".join(run)) for script, run in groupby(symbol, _script))
    return "".join(
        INDEX.format(script, _levelled(run)) if script else "".join(map(_letter, run)) for script, run in runs
    )


@lru_cache(maxsize=4096)
def width_of_name(symbol: str) -> float:
    """Return about how wide a symbol is written, in ems."""
    return sum(_width(character) for character in symbol)


def width_of_named(symbol: str, number: str) -> float:
    """Return about how wide a number is written after its name, in ems: w₁₃ = 0.25."""
    return width_of_name(symbol) + AFTER_NAME + width(number)


def _width(character: str) -> float:
    if _script(character):
        return INDEX_SIZE * (PARENTHESIS if character in "⁽⁾" else 0.556)
    return {"/": SLASH, "(": PARENTHESIS, ")": PARENTHESIS, "′": 0.25, "σ": GREEK}.get(character, LETTER)


def width_of_words(text: str) -> float:
    """Return about how wide upright words are written, in ems."""
    return sum(1.0 if ord(c) > 0x2E80 else 0.28 if c in "iljtfrI .,'()" else 0.8 if c in "mwMW" else 0.6 for c in text)
