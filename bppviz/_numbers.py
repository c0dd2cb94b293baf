"""How numbers are written: to so many significant digits, in full where they are short."""

from math import floor, isfinite, log10

DIGITS = 4
INFINITE = 1e300
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def rounded(value: float, digits: int = DIGITS) -> float:
    """Return the value that `number` shows."""
    return float(f"{value:.{_enough(value, digits) - 1}e}")


def number(value: float, digits: int = DIGITS, *, signed: bool = False) -> str:
    """Write a number with a true minus sign: 4, 0.15, 0.9820, −2.083, 1.2×10⁻⁷.

    A number is padded with zeros only where digits were cut off, so that "4" says exactly 4, and no digit is cut off
    before the point. What is too large to mean anything is written ∞.
    """
    if abs(value) > INFINITE:
        return "−∞" if value < 0 else "∞"
    digits = _enough(value, digits)
    shown = rounded(value, digits)
    exact = shown == float(f"{value:.12g}")  # 0.1 + 0.2 is 0.3 to a reader
    if shown == 0:
        return "0"
    mantissa, power = f"{abs(shown):.{digits - 1}e}".split("e")
    exponent = int(power)
    if -5 < exponent < 6:
        text = f"{abs(shown):.{max(0, digits - 1 - exponent)}f}"
        text = _trim(text) if exact else text
    else:
        text = f"{_trim(mantissa) if exact else mantissa}×10{str(exponent).translate(SUPERSCRIPTS)}"
    return ("−" if shown < 0 else "+" if signed else "") + text


def _enough(value: float, digits: int) -> int:
    """Return at least as many digits as stand before the point of a number that is written in full."""
    before = floor(log10(abs(value))) + 1 if value and isfinite(value) else 0
    return max(digits, before) if before <= 6 else digits


def fitting(value: float, width: int, digits: int = DIGITS, *, signed: bool = False) -> str:
    """Write a number with so many digits that it is not longer than `width` characters, if that can be.

    A power of ten counts as one more, because × is wider than a digit.
    """
    texts = [number(value, d, signed=signed) for d in range(digits, 0, -1)]
    return next((text for text in texts if len(text) + ("×" in text) <= width), texts[-1])


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
