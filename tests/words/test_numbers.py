"""Numbers as people read them, and never another number than the one that is meant."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import bppviz
from bppviz.words.catalogue import LANGUAGES, catalogue
from bppviz.words.numbers import exact, fitting, grouped, number, rounded, shown

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


@pytest.mark.parametrize(
    ("value", "room", "text"),
    [
        (0.98201379, 4, "0.9820"),
        (0.98201379, 2.6, "0.982"),
        (-2.5e8, 4, "−2.5×10⁸"),
        (-2.6e8, 1, "−2.6×10⁸"),
        (-0.00012345, 4, "−0.00012"),
        (-3e-9, 4, "−3×10⁻⁹"),
        (123456.789, 1, "123457"),
    ],
)
def test_a_number_has_as_many_digits_as_fit_but_never_fewer_than_two(value, room, text):
    assert fitting(value, room) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(1e308)
@example(5e-324)
@example(99999.95)
def test_a_number_written_exactly_is_read_as_the_same(value):
    assert read(exact(value)) == value


@given(st.floats(-1e300, 1e300), st.integers(1, 15))
def test_what_is_computed_with_is_what_is_written(value, digits):
    assert float(shown(value, digits)) == rounded(value, digits)


def test_a_count_has_its_digits_in_groups_and_a_very_large_one_is_short():
    assert [grouped(n) for n in (7, 12345, 10**9, 123456789012)] == ["7", "12 345", "1×10⁹", "1.23×10¹¹"]


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


# One formatter for all

PACKAGE = Path(bppviz.__file__).parent
# Widths in CSS; which answer has a single digit, and what a slider's grid means; how far typed gradients and mistakes
# are rounded; where things stand in a drawing, and how a letter is called in a font; what a
# program takes for 0, and the number of a notebook's cell.
OF_OTHERS = (
    "theme.py",
    "run.py",
    "knobs.py",
    "rounding.py",
    "diagnosis.py",
    "svg.py",
    "letters.py",
    "still.py",
    "font_indices.py",
    "dialect.py",
    "notebook.py",
)


def formats(source):
    """Return how the texts of a source format numbers, but for those of errors."""
    tree = ast.parse(source)
    raised = {id(node) for it in ast.walk(tree) if isinstance(it, ast.Raise) for node in ast.walk(it)}
    specs = [node for node in ast.walk(tree) if isinstance(node, ast.FormattedValue) and node.format_spec]
    return [ast.unparse(spec.format_spec) for spec in specs if id(spec) not in raised]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.name)
def test_no_other_module_formats_a_number_that_people_read(path):
    if path.parent.name != "core" and path.name not in ("numbers.py", *OF_OTHERS):  # what the core writes are errors
        assert formats(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.js")), ids=lambda path: path.name)
def test_the_page_formats_no_number(path):
    if path.name == "typed.js":  # what a reply repeats was typed without a kernel, which could have written it
        return
    source = path.read_text(encoding="utf-8")
    assert re.findall(r"toFixed|toPrecision|toExponential|toLocaleString|NumberFormat", source) == []


def test_no_message_has_a_hyphen_for_a_minus():
    messages = [text for lang in LANGUAGES for text in catalogue(lang).values()]
    assert [text for text in messages if re.search(r"(?<![\w–-])-\d", text)] == []
