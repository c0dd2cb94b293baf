"""The tables beside the network: every number of the run in its row, at its step, and at its place."""

import re

import numpy as np
import pytest
from hypothesis import given
from networks import lecture, lecture_of_two, runs

from bppviz import Network, backprop, check_gradients, example
from bppviz.core.place import home, key, place_at
from bppviz.core.walk import default_granularity
from bppviz.panels.tables import (
    check_head,
    check_table,
    cost_table,
    offered,
    plain_head,
    published_table,
    run_tables,
    sharing_table,
    too_large,
    unchecked,
)
from bppviz.picture.film import Film
from bppviz.practice.cost import so_far, whole
from bppviz.words.catalogue import LANGUAGES, words
from bppviz.words.numbers import number

TRACE = lecture()


def cells(table):
    return [cell for row in table["rows"] for cell in row]


def row(table, name):
    (found,) = (cells for cells in table["rows"] if cells[0].text == name)
    return found


@given(runs(most_layers=3, most_units=3))
def test_every_number_of_the_run_is_seen_from_its_step_on(trace):
    shown = {(cell.step, cell.text) for table in run_tables(trace) for cell in cells(table)}
    for event in trace:
        assert (event.step, number(event.value)) in shown, event


@given(runs(most_layers=3, most_units=3))
def test_every_row_has_a_cell_for_every_heading(trace):
    check = check_gradients(trace.network, trace.x, trace.target)
    for table in (*run_tables(trace), check_table(trace, check), sharing_table(trace), cost_table(trace)):
        assert {len(cells) for cells in table["rows"]} == {len(table["heads"])}
        assert set(table["caption"]) == set(LANGUAGES)


@pytest.mark.parametrize("view", ["network", "mirror"])
def test_what_a_cell_belongs_to_is_marked_in_the_picture(view):
    for trace in (TRACE, lecture_of_two()):
        marks = {key(place) for place in Film(trace, view).picture.marks()}
        tables = [*run_tables(trace), sharing_table(trace)]
        places = {place_at(cell.place) for table in tables for cell in cells(table) if cell.place}
        assert {key(home(place)) for place in places} <= marks
        assert default_granularity(trace) == "equation"


def test_a_neuron_of_the_lecture_has_all_its_numbers_in_a_row():
    neurons, weights = run_tables(TRACE)
    assert neurons["heads"] == ["", "z", "a", "σ′(z)", "∂l/∂a", "∂l/∂z"]
    values = ["1.845", "0.8635", "0.1179", "−0.3883", "−0.04576"]
    assert [cell.text for cell in row(neurons, "z₃ → a₃")] == ["z₃ → a₃", *values]
    assert [cell.text for cell in row(neurons, "x₂")] == ["x₂", "", "−1", "", "", ""]
    assert [cell.text for cell in row(neurons, "l")][2] == "0.4168"
    assert weights["heads"] == ["", "w, b", "∂z/∂w, ∂z/∂b", "∂l/∂z", "∂l/∂w, ∂l/∂b"]
    assert [cell.text for cell in row(weights, "w₃")] == ["w₃", "2", "0.9820", "−0.04576", "−0.04494"]


def test_a_bias_has_a_row_like_the_weight_of_an_input_that_is_always_1():
    weights = run_tables(TRACE)[1]
    assert [cell.text for cell in row(weights, "b₅")] == ["b₅", "−2", "1", "−0.09028", "−0.09028"]
    assert row(weights, "b₅")[-1].step == TRACE.step_of("dl_db", 3, 0)
    assert [cells[0].text for cells in weights["rows"]][:6] == ["w₁", "w₂", "b₁", "w₇", "w₈", "b₂"]


def test_of_several_samples_with_an_update_the_sum_and_the_new_weight_are_there_too():
    trace = lecture_of_two()
    weights = run_tables(trace)[1]
    assert weights["heads"][-2:] == ["∂L/∂w\n∂L/∂b", {"en": "new\nw, b", "zh-TW": "新的\nw, b"}]
    last = row(weights, "w₁")[-2:]
    assert last[0].text == number(trace.dL_dw[0][0, 0])
    assert last[1].text == number(trace.updated.weights[0][0, 0])
    assert last[1].step == trace.step_of("w", 1, 0, 0)
    last = row(weights, "b₁")[-2:]
    assert last[0].text == number(trace.dL_db[0][0])
    assert last[1].text == number(trace.updated.biases[0][0])


def test_softmax_has_no_slope_to_be_told():
    trace = backprop(Network.random([2, 2, 2], "tanh", "cross_entropy"), [1, -1], [1, 0])
    texts = [cells[3].text for cells in run_tables(trace)[0]["rows"]]
    assert texts[-3:] == ["–", "–", ""]


def test_the_check_stands_beside_every_gradient_with_a_verdict():
    table = check_table(TRACE, check_gradients(TRACE.network, TRACE.x, TRACE.target))
    assert table["heads"][2] == "(l(w + h) − l(w − h)) / 2h"
    name, gradient, central, verdict = row(table, "∂l/∂w₅")
    assert gradient.text == central.text == "−0.0779561"
    assert verdict.text == "✓"
    assert re.fullmatch("✓ agrees · relative error [0-9]×10⁻(⁸|⁹|¹⁰|¹¹|¹²)", verdict.hint["en"])
    assert verdict.hint["zh-TW"].startswith("✓ 相符 · 相對誤差 ")
    assert {cell.step for cell in (gradient, central, verdict)} == {TRACE.step_of("dl_dw", 3, 0, 0)}
    assert name.step == -1
    assert "moved a little to both sides" in table["foot"]["en"]
    assert "note" not in table


def test_the_verdict_over_all_gradients_is_the_head_of_their_panel():
    head = check_head(check_gradients(TRACE.network, TRACE.x, TRACE.target))
    assert head["title"] == {"en": "✓ All 18 agree", "zh-TW": "✓ 18 個全部相符"}
    assert head["said"]["en"].startswith("largest relative error ")
    assert head["role"] == ""
    own = [w + (w == TRACE.dl_dw[2]) for w in TRACE.dl_dw], TRACE.dl_db
    wrong = check_head(check_gradients(TRACE.network, TRACE.x, TRACE.target, gradients=own))
    assert wrong["title"] == {"en": "✗ 14 of 18 agree", "zh-TW": "✗ 18 個中只有 14 個相符"}
    assert wrong["role"] == "differs"


def test_the_head_says_while_something_is_computed():
    assert plain_head(is_working=True) == {"said": {"en": "computing…", "zh-TW": "計算中…"}}
    assert plain_head(is_check=True) == {"title": {"en": "Check", "zh-TW": "驗算"}, "said": ""}


def test_neurons_and_weights_can_be_seen_alone():
    names = [table["name"] for table in run_tables(TRACE)]
    assert [value for value, _ in offered("table")] == [*names, "both"]
    assert [text["en"] for _, text in offered("table")] == ["Neurons", "Weights", "Both"]
    assert offered("check") == []


def test_a_corner_is_explained_under_the_check_in_both_languages():
    network = Network([[[1.0, -1.0]], [[2.0]]], [[0.0], [0.0]], ["relu", "identity"], "half_squared_error")
    trace = backprop(network, [1, 1], [-1])
    check = check_gradients(network, [1, 1], [-1])
    table = check_table(trace, check)
    note = table["note"]
    assert {cells[-1].text["en"] for cells in table["rows"] if cells[-1].role == "kink"} == {"corner"}
    assert not check_head(check)["title"]["en"].startswith(("✓", "✗"))  # nothing is wrong, and not all can be compared
    assert "ReLU has a corner" in note["en"]
    assert "ReLU 的折點" in note["zh-TW"]


@pytest.mark.parametrize("factor", [2, -1, np.nan, np.inf])
def test_what_is_said_under_the_check_is_what_is_printed(factor):
    own = [w * factor for w in TRACE.dl_dw], [b * factor for b in TRACE.dl_db]
    check = check_gradients(TRACE.network, TRACE.x, TRACE.target, gradients=own)
    table = check_table(TRACE, check)
    for lang in LANGUAGES:
        assert [table["foot"][lang], *table["note"][lang].split("\n")] == [
            words(lang)("check.moved", l="l"),
            *check.summary(lang)[1:],
        ]
    assert str(check).endswith(table["note"]["en"])
    assert {cells[-1].text for cells in table["rows"]} == {"✗"}
    if not np.isfinite(factor):
        error = "nan" if np.isnan(factor) else "∞"
        assert {cells[-1].hint["en"] for cells in table["rows"]} == {f"✗ differs · relative error {error}"}


def test_every_gradient_of_z_tells_how_many_weights_use_it():
    table = sharing_table(TRACE)
    assert [[cells[0].text, cells[2].text] for cells in table["rows"]] == [
        ["∂l/∂z₅", "10"],
        ["∂l/∂z₆", "10"],
        ["∂l/∂z₃", "6"],
        ["∂l/∂z₄", "6"],
        ["∂l/∂z₁", "2"],
        ["∂l/∂z₂", "2"],
    ]


def test_the_cost_is_told_at_every_step_and_in_all():
    table = cost_table(TRACE)
    assert [cells[2].text for cells in table["rows"]] == [str(cost) for cost in whole(TRACE.network.sizes)]
    for i, texts in enumerate(table["by_step"]["texts"]):
        assert texts == [str(so_far(TRACE, step)[i]) for step in range(len(TRACE))]
    timed = cost_table(TRACE, {"shared": 1e-5, "by_paths": 2.5e-5, "by_differences": None})
    assert [cells[-1].text for cells in timed["rows"][:2]] == ["0.01 ms", "0.025 ms"]
    assert timed["rows"][2][-1].text["en"] == "too long"


def test_published_numbers_stand_beside_ours_with_their_source():
    table = published_table(example("mazur"))
    assert "Matt Mazur" in table["caption"]["en"]
    assert [cell.text for cell in row(table, "a₁⁽¹⁾")][:3] == ["a₁⁽¹⁾", "0.593269992", "0.593269992"]
    other = table["rows"][-1]
    assert [cell.text for cell in other[1:3]] == ["0.291027924", "0.291027774"]
    assert other[3].text["en"] == "✗ different"
    assert "Which mistake leads to it?" in table["note"]["en"]
    assert "note" not in published_table(example("cs231n"))


def test_of_a_large_network_only_the_whole_cost_is_told():
    network = Network.random([30, 20, 10])
    trace = backprop(network, [1, -1] * 15, [1] + [0] * 9)
    table = cost_table(backprop(Network.random([64, 40, 10]), [1, -1] * 32, [1] + [0] * 9))
    assert "by_step" not in table
    assert "by_step" in cost_table(trace)
    deep = Network.random([1] * 120)
    assert "by_step" not in cost_table(backprop(deep, [1], [1]))
    assert "300" in too_large(300)["caption"]["en"]


def test_gradients_that_cannot_be_checked_have_a_sentence_in_their_place():
    table = unchecked()
    assert "the loss is larger than a computer can hold" in table["caption"]["en"]
    assert (table["heads"], table["rows"]) == ([], [])
