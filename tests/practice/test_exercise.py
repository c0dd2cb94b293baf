"""Sheets of a worksheet as data: questions, answers with their tolerance, and what is said of a student's answers."""

import json

import pandas as pd
import pytest

from bppviz.core.backprop import backprop
from bppviz.practice.diagnosis import diagnosed, is_close
from bppviz.practice.exercise import Exercise
from bppviz.practice.levels import NAMED_LEVELS, exercises, wanted
from bppviz.words.numbers import number

ASK = ("z", "a", "dl_dz", "dl_dw")
NOTHING = (None, None, None)


def made(level: str = "relu", ask=ASK) -> Exercise:
    return exercises(wanted(level, NOTHING, ask, 0.01), 1, 0)[0]


@pytest.mark.parametrize("level", NAMED_LEVELS)
@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_every_row_has_the_answer_of_backprop_and_what_each_mistake_comes_to(level, lang):
    sheet = made(level)
    network = sheet.trace.network
    again = backprop(network, sheet.trace.x, sheet.trace.target)
    rows = list(sheet.rows(lang))
    assert json.loads(json.dumps(rows)) == rows
    assert [row["number"] for row in rows] == list(range(1, len(sheet.questions) + 1))
    for row, event in zip(rows, sheet.questions, strict=True):
        assert row["answer"] == again.value(row["quantity"], row["layer"], row["unit"], row["source"])
        assert is_close(row["answer"] + 0.99 * row["tolerance"], row["answer"])
        assert (row["activations"], row["loss"]) == (list(network.activations), network.loss)
        assert not diagnosed(event, row["answer"] + 2 * row["tolerance"] or 0.01).is_right
        for mistake in row["mistakes"]:
            assert mistake["name"] in {it.name for it in diagnosed(event, mistake["value"]).mistakes}
            assert mistake["said"]


@pytest.mark.parametrize("level", NAMED_LEVELS)
def test_every_row_says_all_that_is_given(level):
    sheet = made(level)
    (given,) = {row["given"] for row in sheet.rows("en")}
    network = sheet.trace.network
    count = sum(w.size for w in network.weights) + sum(b.size for b in network.biases)
    assert given.count(" = ") == count + network.sizes[0] + network.sizes[-1]
    assert f"= {number(float(network.weights[0][0, 0]))}," in given


def test_answers_as_they_are_printed_in_the_key_are_right():
    for level in NAMED_LEVELS:
        sheet = made(level)
        marked = sheet.check([sheet.answer(event) for event in sheet.questions], "en")
        assert [it.passed for it in marked] == [True] * len(sheet.questions)
        assert [it.symbol for it in marked] == list(sheet.symbols)


def test_what_a_mistake_comes_to_is_recognised_in_words():
    sheet = made()
    event = next(it for it in sheet.questions if it.quantity == "dl_dw")
    place = sheet.questions.index(event)
    mistake, value = next(it for it in sheet.mistakes(event) if it[0].name == "input_forgotten")
    marked = sheet.check({place + 1: value}, "en")[place]
    assert (marked.passed, marked.given) == (False, value)
    assert mistake.name in marked.mistakes
    assert "is missing" in marked.said
    assert "忘了" in sheet.check({place + 1: value}, "zh-TW")[place].said


@pytest.mark.parametrize(
    ("answer", "given", "passed"),
    [
        ("3/8", 0.375, False),
        (" −6/2 ", -3, False),
        ("½", 0.5, False),
        ("2½", 2.5, False),
        ("−1 1/2", -1.5, False),
        ("６／２", 3, True),
        ("⁶/2", None, False),
        (10**400, None, False),
        (float("inf"), None, False),
        (float("nan"), None, None),
        (pd.NA, None, None),
        ("6/2", 3, True),
        ("12/4", 3, True),
        ("3.0", 3, True),
        (3, 3, True),
        ("３", 3, True),
        ("3.1", 3.1, False),
        ("1/0", None, False),
        ("three", None, False),
        ("3 4", None, False),
        ("", None, None),
        (None, None, None),
        (..., None, None),
    ],
)
def test_answers_are_read_as_people_write_them(answer, given, passed):
    sheet = made()
    assert sheet.questions[0].value == 3
    first = sheet.check([answer], "en")[0]
    assert (first.given, first.passed) == (given, passed)
    assert bool(first.said) == (passed is not None)


def test_answers_are_taken_by_number_by_symbol_and_in_order():
    sheet = made()
    right = sheet.answer(sheet.questions[1])
    for answers in ({2: right}, {"2": right}, {sheet.symbols[1]: right}, [None, right], (None, right)):
        assert [it.passed for it in sheet.check(answers, "en")[:3]] == [None, True, None]


@pytest.mark.parametrize(
    ("answers", "error", "why"),
    [
        (3, TypeError, "answers is 3; give a list in the order of the sheet, or a dict"),
        ("1 2 3", TypeError, "answers is '1 2 3'; give a list"),
        ([0] * 16, ValueError, "16 answers for 15 questions; give one for each, or None"),
        ({16: 0}, ValueError, "unknown question '16'; choose one of: 1, 2, 3"),
        ({"z₁": 0}, ValueError, "unknown question 'z₁'; choose one of: 1, 2, 3"),
        ({1.5: 0}, TypeError, "question 1.5 is not a name"),
        ([[1]], TypeError, r"an answer is \[1\]; give a number, or text such as '−3/8'"),
        ([True], TypeError, "an answer is True; give a number"),
    ],
)
def test_what_cannot_be_taken_as_answers_is_said(answers, error, why):
    with pytest.raises(error, match=why):
        made().check(answers, "en")


def test_a_fraction_is_not_a_number_of_one_digit():
    sheet = exercises(wanted("relu", ((3, 3, 1), None, None), ASK, 0.01), 5, 0)[0]
    place = next(i for i, event in enumerate(sheet.questions) if abs(event.value) == 0.25)
    sign = "-" if sheet.questions[place].value < 0 else ""
    assert "not" in sheet.check({place + 1: f"{sign}1/5"}, "en")[place].said


def test_answers_are_exact_only_where_the_key_has_every_digit():
    for instead in ((None, None, None), ((1, 1, 1, 1, 1), None, None), ((2, 2, 3), None, "mean_squared_error")):
        for sheet in exercises(wanted("relu", instead, ASK, 0.01), 10, 0):
            printed = [float(sheet.answer(event).replace("−", "-")) for event in sheet.questions]
            assert sheet.is_exact == (printed == [event.value for event in sheet.questions])


def test_what_is_given_is_told_in_words_too():
    sheet = made(ask=("dl_dz", "dl_dw"))
    (given,) = {row["given"] for row in sheet.rows("en")}
    assert all(f"{symbol} = " in given for symbol in ("z₁⁽¹⁾", "a₂⁽¹⁾", "y₁", "l"))


def test_what_is_asked_for_can_be_chosen():
    assert {it.quantity for it in made(ask=("loss", "dl_db")).questions} == {"loss", "dl_db"}
    assert {it.quantity for it in made(ask="z").questions} == {"z"}
