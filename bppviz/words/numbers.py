"""How numbers are written, wherever people read them: one rule for digits.

==================  ==========================================================================
`number`            to so many significant digits, 4 unless others are asked for; in full where it is short
`rounded`           the value that `number` shows, and `shown` the same, to be computed with exactly
`fitting`           with the most digits, but never fewer than 2, that a place has room for
`exact`             with every digit that tells it from its neighbours
`least`             to one digit, where only its size matters: an error
`grouped`           a whole number, in groups of three digits
==================  ==========================================================================
"""

from decimal import Decimal
from functools import lru_cache
from math import floor, isfinite, isnan, log10

from bppviz.words.scripts import POWER, raised

DIGITS = 4
FEWEST = 2  # digits, below which a number would mislead
HOVERED = 6  # digits of a number that is pointed at, or compared
TICK = 3  # digits of a number that only orders: how many times as much, how long
LARGEST_COUNT = 10**9
INFINITE = 1e300
# How wide a character is, in ems of the picture's font, whose digits are all as wide as one another.
DIGIT, POINT, SIGN, RAISED_DIGIT = 0.556, 0.278, 0.584, 0.48


def shown(value: float, digits: int = DIGITS) -> Decimal:
    """Return the value that `number` shows, exactly."""
    return Decimal(f"{value:.{_enough(value, digits) - 1}e}")


def rounded(value: float, digits: int = DIGITS) -> float:
    """Return the value that `number` shows."""
    return float(f"{value:.{_enough(value, digits) - 1}e}")


@lru_cache(maxsize=2048)  # the same numbers are written at step after step
def number(value: float, digits: int = DIGITS, *, signed: bool = False) -> str:
    """Write a number with a true minus sign: 4, 0.15, 0.9820, −2.083, 1.2×10⁻⁷.

    A number is padded with zeros only where digits were cut off, so that "4" says exactly 4, and no digit is cut off
    before the point. What is too large to mean anything is written ∞, and what is no number nan, as people type it.
    """
    if isnan(value):
        return "nan"
    if abs(value) > INFINITE:
        return "−∞" if value < 0 else "∞"
    if value == 0:
        return "0"
    digits = _enough(value, digits)
    written = f"{abs(value):.{digits - 1}e}"
    is_exact = float(written) == float(f"{abs(value):.12g}")  # 0.1 + 0.2 is 0.3 to a reader
    mantissa, _, power = written.partition("e")
    exponent = int(power)
    if -5 < exponent < 6:
        text = f"{float(written):.{max(0, digits - 1 - exponent)}f}"
        text = _trim(text) if is_exact else text
    else:
        text = f"{_trim(mantissa) if is_exact else mantissa}×10{raised(str(exponent))}"
    return ("−" if value < 0 else "+" if signed else "") + text


def _enough(value: float, digits: int) -> int:
    """Return at least as many digits as stand before the point of a number that is written in full."""
    before = floor(log10(abs(value))) + 1 if value and isfinite(value) else 0
    return max(digits, before) if before <= 6 else digits


def fitting(value: float, room: float, digits: int = DIGITS, *, signed: bool = False) -> str:
    """Write a number with as many digits as have room, in ems; with 2 digits even where these have not."""
    text = ""
    for fewer in range(digits, FEWEST - 1, -1):
        text = number(value, fewer, signed=signed)
        if width(text) <= room:
            break
    return text


@lru_cache(maxsize=4096)  # the same numbers are measured at step after step
def width(text: str) -> float:
    """Return how wide a number is written, in ems."""
    return sum(POINT if c == "." else RAISED_DIGIT if c in POWER else SIGN if c in "×−+" else DIGIT for c in text)


def exact(value: float) -> str:
    """Write a number so that reading it gives the same one again: 0.1, −1.2345678×10⁻⁷."""
    read = Decimal(repr(float(value)))
    exponent = read.adjusted()
    is_short = -5 < exponent < 6 or not value
    text = f"{abs(read if is_short else read.scaleb(-exponent)).normalize():f}"
    return ("−" if value < 0 else "") + (text if is_short else f"{text}×10{raised(str(exponent))}")


def least(value: float) -> str:
    """Write a number to one digit, where only its size matters."""
    return number(value, 1)


def grouped(value: float) -> str:
    """Write a whole number in groups of three digits, and a very large one in a few digits."""
    return f"{int(value):,}".replace(",", " ") if value < LARGEST_COUNT else number(float(value), TICK)


def minus(text: str) -> str:
    """Write a number that is already a text with a true minus sign."""
    return text.replace("-", "−")


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
