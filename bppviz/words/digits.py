"""How many digits it takes until the numbers shown come to the result shown; or why no number of digits is enough.

==================  ==========================================================================
`Claim`             that f of some numbers is their result
`fewest`            how many digits of the numbers give the result, and =; or ≈, and why
`together`          the numbers with so many digits, and = or ≈
`about`             how many digits of some matrices come near the matrix that they give
`in_floats`         a function of floats, as one of the numbers shown
==================  ==========================================================================

What is shown is added and multiplied exactly, as people do it, and not in floats: 0.1 + 0.2 − 0.3 is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Context, Decimal, localcontext
from typing import Any, NamedTuple

import numpy as np

from bppviz.core.sums import Array
from bppviz.words.formula import Token, Why
from bppviz.words.numbers import DIGITS, INFINITE, number, shown

Combine = Callable[[Sequence[Decimal]], Any]  # gives a Decimal, or a float where it is no sum of products

MOST_DIGITS = 12  # as many as a pocket calculator has; more would be copied wrongly
NEAR_ENOUGH = Decimal("0.01")  # of the result, for a ≈
SMALLEST_EXACT = 1e-300  # below which floats begin to lose their digits
EXACTLY = Context(prec=80, traps=[])
EQUALS, ABOUT = Token("="), Token(r"\approx")
INFINITE_NUMBER, TOO_SMALL, CANCELLED = map(Why, ("inexact.infinite", "inexact.tiny", "inexact.cancelled"))


class Claim(NamedTuple):
    """What an equation says: that f of its values is its result; and an output that no digits tell from its limit."""

    values: Sequence[float]
    result: float
    f: Combine
    saturated: Why | None = None


def fewest(claim: Claim) -> tuple[int, Token]:
    """Return the fewest digits, 4 or more, with which f of the values as written is the result as written, and =.

    Where no reasonable number of digits is enough, return 4 and ≈. Unless the result is near, ≈ says why: that one of
    the values is `saturated`, or what else it is.
    """
    values, result, f, saturated = claim
    if max(map(abs, [*values, result])) > INFINITE:
        return DIGITS, _about(saturated or INFINITE_NUMBER)
    for digits in range(DIGITS, MOST_DIGITS + 1):
        if _rounds_to(_combined(values, digits, f), result):
            return digits, EQUALS
    combined = _combined(values, DIGITS, f)
    return DIGITS, ABOUT if _is_near(combined, result) else _about(saturated or _why(abs(combined), abs(result)))


def together(claim: Claim) -> tuple[list[str], Token]:
    """Write the values with the fewest digits that give their result; return the texts and = or ≈."""
    digits, relation = fewest(claim)
    return [number(value, digits) for value in claim.values], relation


def about(
    arrays: Sequence[Array], result: Array, f: Callable[..., Any], saturated: Why | None = None
) -> tuple[int, Token]:
    """Return with how many digits f of the arrays comes near their result, and ≈, which says why where none do."""
    if max(float(np.abs(it).max()) for it in (*arrays, result)) > INFINITE:
        return DIGITS, _about(saturated or INFINITE_NUMBER)
    for digits in range(DIGITS, MOST_DIGITS + 1):
        with localcontext(EXACTLY), np.errstate(all="ignore"):
            combined = list(map(Decimal, f(*(_shown_array(array, digits) for array in arrays)).flat))
        if all(map(_is_near, combined, result.flat)):
            return digits, ABOUT
    return DIGITS, _about(saturated or _why(*min(zip(map(abs, combined), np.abs(result).flat, strict=True))))


def in_floats(f: Callable[[Array], Any]) -> Combine:
    """Return a function of an array as one of the numbers shown."""
    return lambda values: float(f(np.array([float(value) for value in values])))


def _combined(values: Sequence[float], digits: int, f: Combine) -> Decimal:
    with localcontext(EXACTLY), np.errstate(all="ignore"):
        return Decimal(f([shown(value, digits) for value in values]))


def _rounds_to(combined: Decimal, result: float) -> bool:
    """Tell whether a number is written as the result is; halfway between two, people would round it another way."""
    wanted = shown(result)
    unit = Decimal(1).scaleb(int(wanted.as_tuple().exponent)) if wanted else Decimal(0)
    with localcontext(EXACTLY):
        return combined == wanted or abs(combined - wanted) < unit / 2


def _shown_array(array: Array, digits: int) -> Any:
    return np.array([shown(float(value), digits) for value in array.flat], dtype=object).reshape(array.shape)


def _is_near(combined: Decimal, result: float) -> bool:
    with localcontext(EXACTLY):
        return abs(combined - Decimal(result)) <= NEAR_ENOUGH * abs(Decimal(result))


def _about(why: Why) -> Token:
    return ABOUT._replace(why=why)


def _why(combined: Decimal, result: float) -> Why:
    """Return why what the numbers come to is not their result: both are too small to have digits, or it cancels."""
    return TOO_SMALL if not combined.is_nan() and max(combined, Decimal(result)) < SMALLEST_EXACT else CANCELLED
