"""Numbers as people type them, and as pictures write them.

==================  ==========================================================================
`numbers`           the numbers of an answer, each with half a unit of its last digit
`single`            the one number of a field, of any size
`is_too_short`      whether a number is right as far as it goes, but has too few digits to tell
`READING`           the same rules for the page, which reads answers where there is no kernel
==================  ==========================================================================
"""

from __future__ import annotations

import re
from decimal import Decimal
from math import isinf
from typing import NamedTuple

from bppviz.core.checks import brief
from bppviz.words.numbers import rounded
from bppviz.words.scripts import POWER, SUPERSCRIPTS, levelled

USUAL_POWER = 300  # of ten, of a number of a usual size
# What an input method for Chinese types: every sign of ASCII once more, and the space.
FULL_WIDTH = {**{chr(0xFF00 + i): chr(0x20 + i) for i in range(1, 95)}, chr(0x3000): " ", "–": "-"}
IN_ASCII = str.maketrans(FULL_WIDTH)
# Spaces within a number: 5 × 10⁻³, − 3.
INNER_GAPS = r"\s+(?=[×x*]\s*10)|(?<=[×x*])\s+(?=10)|(?<=(?<![0-9.])[+−-])\s+(?=[0-9.])"
TEN = rf"[×x*]\s*10(?:\^\s*|(?=[{POWER}+−-]))"  # before a power, which may be raised: ×10⁻⁷, *10^-7
DECIMAL_COMMA = re.compile(r"[+−-]?[0-9]*,[0-9]+")
TYPED_NUMBER = re.compile(
    rf"[+−-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:(?:e|{TEN})[+−⁻-]?[{SUPERSCRIPTS}0-9]{{1,9}})?", re.IGNORECASE
)
READING = {
    "full_width": ["".join(FULL_WIDTH), "".join(FULL_WIDTH.values())],
    "raised": [f"{POWER}−", levelled(f"{POWER}−")],
    "gaps": INNER_GAPS,
    "ten": TEN,
    "number": TYPED_NUMBER.pattern,
    "comma": DECIMAL_COMMA.pattern,
    "largest_power": USUAL_POWER,
}


class Given(NamedTuple):
    """A number that somebody typed, and half a unit of its last digit, 0 where it has fewer than two digits."""

    value: float
    rounding: float


def numbers(text: str) -> list[Given]:
    """Return the numbers that somebody typed, between spaces, commas or semicolons, as people and pictures write them.

    Brackets around them, as of an array of NumPy, say nothing.

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
    return not given.rounding and given.value == rounded(value, 1)


def _pieces(text: str) -> list[str]:
    plain = re.sub(INNER_GAPS, "", text.translate(IN_ASCII).strip())
    pieces = [piece for piece in re.split(r"[\s,;\[\]]+", plain) if piece]
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
    if number.adjusted() > USUAL_POWER:
        raise ValueError(f"{brief(piece)} is not a number of a usual size; write it as 0.25, −3 or 1.5e-4.")
    return Given(float(number), float(f"5e{exponent - 1}") if len(digits) > 1 else 0.0)
