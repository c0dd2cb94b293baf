"""Numbers as people read them, and never another number than the one that is meant."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bppviz._numbers import number, rounded

PLAIN = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")


def read(text: str) -> float:
    """Return the number that a text says."""
    match = re.fullmatch(r"([+−]?\d+(?:\.\d+)?)(?:×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?", text)
    assert match, f"{text!r} is no number"
    return float(match[1].translate(PLAIN) + (f"e{match[2].translate(PLAIN)}" if match[2] else ""))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4.0, "4"),
        (0.15, "0.15"),
        (-2.0, "−2"),
        (0.0, "0"),
        (-0.0, "0"),
        (1200.0, "1200"),
        (999999.0, "999999"),
        (0.1 + 0.2, "0.3"),
        (2.5e6, "2.5×10⁶"),
        (1.2e-7, "1.2×10⁻⁷"),
        (0.0001, "0.0001"),
        (0.00001, "1×10⁻⁵"),
        (5e-324, "4.941×10⁻³²⁴"),
    ],
)
def test_a_short_number_is_written_in_full(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.98201379, "0.9820"),
        (12346.2, "12346"),
        (-2.0833333, "−2.083"),
        (3.99999, "4.000"),
        (0.99996, "1.000"),
        (1.20004e-7, "1.200×10⁻⁷"),
    ],
)
def test_a_number_is_padded_with_zeros_only_where_digits_were_cut_off(value, text):
    assert number(value) == text


def test_the_digits_can_be_chosen():
    assert [number(2 / 3, digits) for digits in (1, 2, 6)] == ["0.7", "0.67", "0.666667"]


def test_a_sign_can_be_asked_for_and_zero_has_none():
    assert [number(value, signed=True) for value in (1.5, -1.5, 0.0)] == ["+1.5", "−1.5", "0"]


def test_a_minus_is_a_true_minus_and_never_a_hyphen():
    assert number(-1e-9) == "−1×10⁻⁹"
    assert "-" not in number(-1e-9)


@given(st.floats(-1e300, 1e300), st.integers(1, 15), st.booleans())
@example(0.9999999999999, 15, False)
@example(999999.5, 6, False)
@example(1e5, 1, True)
def test_a_text_says_the_number_that_rounded_gives(value, digits, signed):
    assert read(number(value, digits, signed=signed)) == rounded(value, digits)


@given(st.floats(-1e300, 1e300), st.integers(1, 15))
def test_rounding_twice_is_rounding_once(value, digits):
    assert rounded(rounded(value, digits), digits) == rounded(value, digits)
