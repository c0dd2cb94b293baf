"""An answer in a cell of a notebook: it waits, it is right, or it says what may have happened."""

import numpy as np
import pytest
from networks import lecture

import bppviz
from bppviz import check_answer

TRACE = lecture()
DL_DZ3 = TRACE[21]  # -0.04576
OPEN = "Your turn: replace “...” with your answer, then run this cell again."


def said(answer, expected, **more):
    return str(check_answer(answer, expected, **more))


# A question waits


@pytest.mark.parametrize("answer", [..., [...], [0.98, ...], (..., 0.12)])
def test_where_dots_stand_it_waits_for_the_answer_and_does_not_tell_it(answer):
    check = check_answer(answer, TRACE[1:4:2])
    assert (check.passed, str(check)) == (None, OPEN)


# A number


@pytest.mark.parametrize("answer", [-0.04576, -0.0457, -0.046, np.float32(-0.04576), [-0.0456], np.array([[-0.0458]])])
def test_what_is_within_one_percent_or_rounds_to_its_digits_is_right(answer):
    check = check_answer(answer, DL_DZ3)
    assert (check.passed, str(check)) == (True, "✓ Right: ∂l/∂z₃ = −0.04576.")


def test_of_an_equation_the_mistake_is_named():
    assert said(0.04576, DL_DZ3) == "✗ ∂l/∂z₃ is not 0.04576. You get that if the sign is flipped."
    assert said(-0.3883, DL_DZ3) == "✗ ∂l/∂z₃ is not −0.3883. You get that if the gain σ′(z₃) is missing."


def test_a_number_that_no_known_mistake_leads_to_sends_back_to_the_formula():
    assert said(7, DL_DZ3) == "✗ ∂l/∂z₃ is not 7. Check the formula once more, factor by factor."


def test_one_digit_is_too_few_to_be_right_or_wrong():
    for expected in (DL_DZ3, DL_DZ3.value):
        check = check_answer(-0.05, expected)
        assert not check.passed
        assert "one digit is too few" in str(check)


def test_a_plain_number_is_right_or_not():
    assert said(1.99, 2.0) == "✓ Right: 1.99."
    assert said(3, 2.0) == "✗ Not right: 3."


@pytest.mark.parametrize(("answer", "is_right"), [(4095, True), (4095.0, True), (4096, False), (4094, False)])
def test_a_whole_number_is_exact(answer, is_right):
    assert check_answer(answer, 4095).passed is is_right
    assert check_answer(answer, np.int64(4095)).passed is is_right


@pytest.mark.parametrize("expected", [True, np.bool_(True)])
def test_true_and_false_are_answers_too(expected):
    assert said(True, expected) == "✓ Right: True."
    assert said(False, expected) == "✗ Not right: False."


def test_zero_is_right_only_where_it_is_the_value():
    assert check_answer(0, 0.0).passed
    assert not check_answer(0, DL_DZ3).passed
    assert not check_answer(0.0, DL_DZ3).passed


# Several


def test_each_of_several_is_told_in_its_own_sentence():
    check = check_answer([0.982, 0.881], TRACE[1:4:2])
    assert not check.passed
    assert check.said[0] == "✓ Right: a₁ = 0.9820."
    assert check.said[1].startswith("✗ a₂ is not 0.881.")
    assert check_answer([0.982, 0.119], TRACE.a[0]).said == ("✓ Right: 0.982.", "✓ Right: 0.119.")


def test_too_few_and_too_many_are_counted():
    for answer, given in ((2, 1), ([1, 2, 3], 3)):
        assert said(answer, [1, 2]) == f"✗ Numbers asked for: 2. Given: {given}."


# How it is shown, and refused


def test_a_cell_shows_a_line_for_each_sentence_in_its_language():
    shown = check_answer([1, 3], [1, 2], lang="zh-tw")._repr_html_()
    assert shown == '<p lang="zh-TW">✓ 答對了：1。<br>✗ 不對：3。</p>'
    assert check_answer(..., 1, lang="zh-TW").said == ("換你算：把「...」換成你的答案，再執行一次這個儲存格。",)


@pytest.mark.parametrize(
    ("answer", "expected", "error", "message"),
    [
        ("larger", 1, TypeError, "answer holds the text 'larger'; give real numbers"),
        (float("nan"), 1, ValueError, "answer holds nan"),
        (1, "larger", TypeError, "expected holds the text 'larger'"),
        (1, [], ValueError, "expected is empty"),
        (..., ..., TypeError, "expected holds"),
    ],
)
def test_what_is_no_number_is_refused(answer, expected, error, message):
    with pytest.raises(error, match=message):
        check_answer(answer, expected)


def test_it_is_public():
    assert isinstance(check_answer(1, 1), bppviz.AnswerCheck)
