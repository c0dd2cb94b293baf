"""How many digits a step has: the fewest with which its numbers, as they are written, give its result."""

from collections import Counter
from decimal import localcontext

import pytest
from hypothesis import given, settings
from networks import lecture, lecture_of_two, runs, traces

from bppviz import Network, backprop
from bppviz.core.walk import DEFAULT, Stop, walk
from bppviz.words.claims import claim
from bppviz.words.digits import EQUALS, EXACTLY, fewest
from bppviz.words.equations import digits_of, equation
from bppviz.words.notation import Notation
from bppviz.words.numbers import DIGITS, number, shown


def digits_at(trace, *place):
    step = trace.step_of(*place)
    return digits_of(Notation(trace), Stop(DEFAULT, step, step))


def test_most_steps_of_the_lecture_need_four_digits_and_none_more_than_six():
    write = Notation(lecture())
    assert Counter(digits_of(write, stop) for stop in walk(lecture())) == {4: 37, 5: 9, 6: 3}


@pytest.mark.parametrize(
    ("place", "digits"),
    [(("z", 1), 4), (("dl_dz", 3), 5), (("dl_da", 2, 1), 6), (("dl_dz", 1), 5), (("dl_dw", 1, 0, 0), 4)],
)
def test_a_step_has_as_many_digits_as_its_result_takes(place, digits):
    assert digits_at(lecture(), *place) == digits


def test_where_no_number_of_digits_is_enough_there_are_four():
    rest = backprop(Network([[[1 / 3, -1 / 3 * (1 - 1e-14)]]], [[0]], "identity", "half_squared_error"), [1, 1], [0])
    limit = backprop(Network([[[40]]], [[0]], "sigmoid", "binary_cross_entropy"), [1], [1])
    assert (digits_at(rest, "z", 1), digits_at(limit, "dl_dz", 1)) == (DIGITS, DIGITS)


def test_a_partial_sum_has_the_digits_that_it_needs_itself():
    trace = backprop(Network([[[1.00004, -1, 1]]], [[0]], "identity", "half_squared_error"), [1, 1, 1], [0])
    write = Notation(trace)
    assert [digits_of(write, stop) for stop in walk(trace, "term")[:4]] == [4, 6, 4, 4]


def test_fewer_digits_would_not_give_the_result():
    write = Notation(lecture())
    for told in (claim(write, event) for event in lecture()):
        digits, relation = fewest(told)
        assert relation == EQUALS
        for fewer in range(DIGITS, digits):
            with localcontext(EXACTLY):
                assert number(float(told.f([shown(value, fewer) for value in told.values]))) != number(told.result)


@pytest.mark.parametrize("granularity", ["layer", "pass"])
def test_a_stop_of_several_equations_has_four_digits(granularity):
    trace = lecture_of_two()
    assert {digits_of(Notation(trace), stop) for stop in walk(trace, granularity)} == {DIGITS}


@given(traces(most_layers=3) | runs(most_layers=3))
@settings(max_examples=50)
def test_a_formula_writes_every_operand_with_the_digits_of_its_stop_and_the_result_with_four(trace):
    write = Notation(trace)
    for stop in walk(trace, "term"):
        event, digits = trace[stop.last], digits_of(write, stop)
        told = claim(write, event, stop.terms)
        tokens = [token for line in equation(write, stop)[1] for token in line]
        texts = {text.strip("()") for it in tokens[:-1] for text in it.arguments or (it.template,)}
        written = {number(value, digits) for value in told.values}
        assert {text for text in texts if text[-1].isdigit() and text != "1"} <= written, (stop, texts)
        assert tokens[-1].template == number(told.result)
