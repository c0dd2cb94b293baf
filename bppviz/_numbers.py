"""How numbers are written: to so many significant digits, in full where they are short."""

from math import floor, log10

DIGITS = 4
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def rounded(value: float, digits: int = DIGITS) -> float:
    """Return the value that `number` shows."""
    return float(f"{value:.{digits - 1}e}")


def number(value: float, digits: int = DIGITS, *, signed: bool = False) -> str:
    """Write a number with a true minus sign: 4, 0.15, 0.9820, −2.083, 1.2×10⁻⁷.

    A number is padded with zeros only where digits were cut off, so that "4" says exactly 4.
    """
    shown = rounded(value, digits)
    exact = shown == value
    if shown == 0:
        return "0"
    exponent = floor(log10(abs(shown)) + 1e-12)
    if -5 < exponent < 6:
        text = f"{abs(shown):.{max(0, digits - 1 - exponent)}f}"
        text = _trim(text) if exact else text
    else:
        mantissa, power = f"{abs(shown):.{digits - 1}e}".split("e")
        text = f"{_trim(mantissa) if exact else mantissa}×10{str(int(power)).translate(SUPERSCRIPTS)}"
    return ("−" if shown < 0 else "+" if signed else "") + text


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
