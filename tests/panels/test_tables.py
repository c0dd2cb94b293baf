"""The tables beside the network: every number of the run in its row, at its step, and at its place."""

import numpy as np
import pytest
from hypothesis import given
from networks import lecture, lecture_of_two, runs

from bppviz import Network, backprop, check_gradients, example
from bppviz.core.place import key
from bppviz.core.walk import default_granularity
from bppviz.panels.tables import (
    check_table,
    cost_table,
    published_table,
    run_tables,
    sharing_table,
    too_large,
    unchecked,
)
from bppviz.picture.film import Film
from bppviz.practice.cost import so_far, whole
from bppviz.words.catalogue import LANGUAGES
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
        if event.quantity != "b" and not (event.quantity.startswith("dL_db")):
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
        assert {cell.place for table in tables for cell in cells(table) if cell.place} <= marks
        assert default_granularity(trace) == "equation"


def test_a_neuron_of_the_lecture_has_all_its_numbers_in_a_row():
    neurons, weights = run_tables(TRACE)
    values = ["0", "1.845", "0.8635", "0.1179", "−0.3883", "−0.04576", "−0.04576"]
    assert [cell.text for cell in row(neurons, "z₃ → a₃")] == ["z₃ → a₃", *values]
    assert [cell.text for cell in row(weights, "w₃")] == ["w₃", "2", "0.9820", "−0.04576", "−0.04494"]
    assert [cell.text for cell in row(neurons, "l")][3] == "0.4168"


def test_of_several_samples_with_an_update_the_sum_and_the_new_weight_are_there_too():
    trace = lecture_of_two()
    weights = run_tables(trace)[1]
    assert weights["heads"][-2:] == ["∂L/∂w", {"en": "new w", "zh-TW": "新的 w"}]
    last = row(weights, "w₁")[-2:]
    assert last[0].text == number(trace.dL_dw[0][0, 0])
    assert last[1].text == number(trace.updated.weights[0][0, 0])
    assert last[1].step == trace.step_of("w", 1, 0, 0)


def test_softmax_has_no_slope_to_be_told():
    trace = backprop(Network.random([2, 2, 2], "tanh", "cross_entropy"), [1, -1], [1, 0])
    texts = [cells[4].text for cells in run_tables(trace)[0]["rows"]]
    assert texts[-3:] == ["–", "–", ""]


def test_the_check_stands_beside_every_gradient_with_a_verdict():
    table = check_table(TRACE, check_gradients(TRACE.network, TRACE.x, TRACE.target))
    name, gradient, central, error, verdict = row(table, "∂l/∂w₅")
    assert gradient.text == central.text == "−0.0779561"
    assert verdict.text == {"en": "✓ agrees", "zh-TW": "✓ 相符"}
    assert {cell.step for cell in (gradient, central, error, verdict)} == {TRACE.step_of("dl_dw", 3, 0, 0)}
    assert name.step == -1
    assert error.text.endswith(("×10⁻¹²", "×10⁻¹¹", "×10⁻¹⁰", "×10⁻⁹", "×10⁻⁸"))
    assert "18 of 18 gradients agree" in table["note"]["en"]


def test_a_corner_is_explained_under_the_check_in_both_languages():
    network = Network([[[1.0, -1.0]], [[2.0]]], [[0.0], [0.0]], ["relu", "identity"], "half_squared_error")
    trace = backprop(network, [1, 1], [-1])
    note = check_table(trace, check_gradients(network, [1, 1], [-1]))["note"]
    assert "ReLU has a corner" in note["en"]
    assert "ReLU 的折點" in note["zh-TW"]


@pytest.mark.parametrize("factor", [2, -1, np.nan, np.inf])
def test_what_is_said_under_the_check_is_what_is_printed(factor):
    own = [w * factor for w in TRACE.dl_dw], [b * factor for b in TRACE.dl_db]
    check = check_gradients(TRACE.network, TRACE.x, TRACE.target, gradients=own)
    table = check_table(TRACE, check)
    for lang in LANGUAGES:
        assert table["note"][lang].split("\n") == check.summary(lang)
    assert str(check).endswith(table["note"]["en"])
    assert {cells[-1].text["en"] for cells in table["rows"]} == {"✗ differs"}
    if not np.isfinite(factor):
        assert {cells[3].text for cells in table["rows"]} == {"nan" if np.isnan(factor) else "∞"}


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
    assert timed["rows"][2][-1].text["en"] == "too long to wait for"


def test_published_numbers_stand_beside_ours_with_their_source():
    table = published_table(example("mazur"))
    assert "Matt Mazur" in table["caption"]["en"]
    assert [cell.text for cell in row(table, "a¹₁")][:3] == ["a¹₁", "0.593269992", "0.593269992"]
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
