"""What an answer is compared with where Python cannot judge it; tests/page/test_examiner.py compares the judgements."""

import json

import pytest
from networks import lecture, lecture_of_two

from bppviz import Network, backprop
from bppviz.practice.answer_key import answer_key
from bppviz.practice.quiz import Quiz, askable, rungs
from bppviz.practice.replies import MOST_OPERANDS

TRACES = {"lecture": lecture(), "two samples and an update": lecture_of_two()}


@pytest.fixture(params=TRACES)
def trace(request):
    return TRACES[request.param]


def test_everything_that_can_be_asked_for_is_in_the_key_with_the_value_that_is_right(trace):
    key = answer_key(trace)
    assert [(it["step"], it["quantity"]) for it in key["items"]] == [(e.step, e.quantity) for e in askable(trace)]
    for it, event in zip(key["items"], askable(trace), strict=True):
        assert it["right"][0] == event.value


def test_every_level_asks_for_the_items_up_to_its_rung(trace):
    items = answer_key(trace)["items"]
    for level in range(len(rungs(trace)) + 1):
        wanted = {(it["step"], it["quantity"]) for it in items if it["rung"] <= level}
        assert wanted == {(it.step, it.quantity) for it in Quiz(level).wanted(trace)}


def test_the_key_is_plain_data_with_every_sentence_that_it_needs_in_both_languages(trace):
    key = answer_key(trace)
    assert json.loads(json.dumps(key)) == key
    names = {f"mistake.{mistake[0]}" for it in key["items"] for mistake in it["mistakes"]}
    for texts in key["mistakes"].values():
        assert set(texts) == names


def test_of_a_sum_over_many_samples_the_key_has_the_first_and_the_last():
    many = backprop(Network.lecture(), [[1, -1]] * 60, [[1, 0]] * 60, 0.5)
    (total, *_) = [it for it in answer_key(many)["items"] if it["quantity"] == "dL_dw"]
    told = [alone for alone, *_ in total["operands"]]
    assert len(told) == MOST_OPERANDS + 1
    assert (told[0][:6], told[-1][:7]) == ("∂l¹/∂w", "∂l⁶⁰/∂w")
