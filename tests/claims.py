"""What an equation of a formula claims, read as it stands there and worked out: its numbers come to its result.

= holds to the last digit shown, ≈ within 2 %.
"""

import re
from decimal import Decimal, localcontext

import numpy as np
from evaluate import EXACT, evaluate, tanh

from bppviz.words.numbers import DIGITS

RELATION = re.compile(r"(=|\\approx|\\Rightarrow|\\leftarrow)")
LARGE_MATRIX = re.compile(r"\\left\[\d")
SYMBOL = re.compile(r"[a-zLW]_|^[a-zLW](\^\{\(| |$)|\\partial|\(\\theta\)|\\eta")

BELOW_ZERO = (0, 1, Decimal("0.01"), Decimal("0.3"))  # the slopes of activations there; that of the identity is 1


def unit(result):
    """Return what the last digit of a result stands for: at least the fourth, or the last that is written."""
    fourth = result.adjusted() - DIGITS + 1
    return Decimal(1).scaleb(min(fourth, 0) if result.adjusted() < 6 else fourth)  # no digit is cut off before a point


def sigma_of(trace, layer):
    """Return what the activation of a layer does to a column of numbers, worked out apart."""

    def applied(column):
        with localcontext(EXACT):
            zs = [row[0] for row in column]
            name = trace.network.activations[layer - 1]
            if name == "softmax":
                powers = [(z - max(zs)).exp() for z in zs]
                return np.array([[power / sum(powers)] for power in powers], dtype=object)
            f = {
                "sigmoid": lambda z: 1 / (1 + (-z).exp()),
                "tanh": tanh,
                "relu": lambda z: max(z, Decimal(0)),
                "leaky_relu": lambda z: max(z, z / 100),
                "leaky_relu(0.3)": lambda z: max(z, z * 3 / 10),
                "identity": lambda z: z,
            }[name]
            return np.array([[f(z)] for z in zs], dtype=object)

    return applied


def equations(text):
    """Return the equations of a formula, each in one line; a long sum goes on in the next with a plus."""
    return text.replace(r" \\ +", " +").split(r" \\ ")


def holds(line, sigma):
    """Tell whether the numbers of an equation come to its result, as the relation between them says."""
    if r"\cdots" in line or LARGE_MATRIX.search(line):
        return True  # not all of it is shown
    *before, relation, ending = [part.strip() for part in RELATION.split(line)]
    shown = [part for part in before if part and part not in ("=", r"\leftarrow") and not SYMBOL.search(part)]
    if not shown:
        return True  # the result alone
    result = evaluate(ending)
    if relation == r"\Rightarrow" and isinstance(result, np.ndarray):
        slopes = zip(evaluate(shown[-1]).flat, result.flat, strict=True)
        return all(slope == 1 if z > 0 else slope in BELOW_ZERO for z, slope in slopes)
    if relation == r"\Rightarrow":
        left, comparison, right = re.split(r"(>|\\le)", shown[-1])
        above = evaluate(left) > evaluate(right)
        return above == (comparison == ">") and result == (1 if above else result) and result in BELOW_ZERO
    value = evaluate(shown[-1], sigma)
    if isinstance(result, np.ndarray):
        return value.shape == result.shape and all(map(is_about, value.flat, result.flat))
    return is_rounded(value, result) if relation == "=" else is_about(value, result)


def is_rounded(value, result):
    if value.is_nan() or not result.is_finite():
        return False
    return value == result or (bool(result) and abs(value - result) <= unit(result) / 2)


def is_about(value, result):
    if value.is_nan() or not result.is_finite():
        return False
    return abs(value - result) <= abs(result) * Decimal("0.02")
