"""The matrices of a run: every product comes out as the run has it, and each step can be seen in its sheet."""

import numpy as np
import pytest
from hypothesis import given
from networks import lecture, lecture_of_two, runs

from bppviz import Network, backprop
from bppviz.core.emphasis import emphasised
from bppviz.core.place import key, place_at
from bppviz.core.walk import granularities, walk
from bppviz.panels.grids import MOST_CELLS
from bppviz.panels.matrices import matrices, sheet_name
from bppviz.picture.run import Run
from bppviz.picture.shape import shape_of
from bppviz.words.catalogue import LANGUAGES
from bppviz.words.numbers import number
from bppviz.words.program import program_of

TRACE = lecture()


def values(told, trace, grid):
    """Return the numbers of a grid, exactly as the run has them where it has them."""

    def value(cell):
        own, _, text, *_ = told["numbers"][cell]
        if cell.endswith("+"):
            return trace.updated.value(place_at(own))
        return trace.value(place_at(own)) if own else float(text.replace("−", "-"))

    return np.array([[value(cell) for cell in row] for row in grid["cells"]])


def sheet_of(told, event):
    return told["sheets"][sheet_name(event.quantity, event.layer)]


def cells_of(sheet):
    """Return all cells of a sheet, those of its table and those of its equation."""
    table = sheet["table"]
    grids = [table.get(name, []) for name in ("cells", "above", "beside", "rows")]
    grids += [it["cells"] for it in sheet["equation"] if "cells" in it]
    return {cell for grid in grids for row in grid for cell in row if cell}


def joined(told, trace, sheet):
    """Return the left side of an equation, worked out, and its right side."""
    parts = sheet["equation"]
    equals = parts.index({"sign": "="})
    grids = [values(told, trace, it) for it in parts[:equals] if "cells" in it]
    return grids, values(told, trace, parts[equals + 1])


@given(runs(most_layers=3, most_units=4))
def test_every_product_is_what_the_run_has(trace):
    told = matrices(trace)
    made = {"z": lambda w, a, b=0.0: w @ a + b, "dl_dw": lambda dl_dz, a: dl_dz @ a, "dl_db": lambda it: it}
    for name, sheet in told["sheets"].items():
        quantity, layer = name.rsplit("-", 1)
        if quantity == "dl_da" and int(layer) < trace.network.layers:
            make = np.matmul
        elif quantity == "dl_dz" and {"sign": "⊙"} in sheet["equation"]:
            make = np.multiply
        elif quantity in ("w", "b"):
            make = lambda old, slope: old - trace.learning_rate * slope  # noqa: E731
        else:
            make = made.get(quantity)
        if make:
            grids, right = joined(told, trace, sheet)
            np.testing.assert_allclose(make(*grids), right, rtol=1e-12, atol=1e-12)


@given(runs(most_layers=3, most_units=4))
def test_what_a_step_finds_and_uses_stands_in_its_sheet(trace):
    told = matrices(trace)
    for event in trace:
        emphasis = emphasised(trace, walk(trace, "equation")[event.step])
        own = {told["numbers"][cell].own for cell in cells_of(sheet_of(told, event))}
        assert set(map(key, emphasis.results | emphasis.operands)) <= own, event


@given(runs(most_layers=3, most_units=4))
def test_labels_that_meet_are_the_same(trace):
    for sheet in matrices(trace)["sheets"].values():
        met = [part for part in sheet["equation"] if part.get("met")]
        if met:
            assert met[0]["cols"] == met[1]["rows"]
        for part in sheet["equation"]:
            if "cells" in part and part["rows"]:
                assert (len(part["rows"]), len(part["cols"])) == np.shape(part["cells"])


@given(runs(most_layers=3, most_units=4))
def test_numbers_are_written_and_known_as_in_the_picture(trace):
    run = Run(shape_of(trace), trace)
    for cell, (own, _, text, step, _) in matrices(trace)["numbers"].items():
        if own and not cell.endswith("+"):
            place = place_at(own)
            assert text == run.text(place)
            assert step == (-1 if place.quantity in ("x", "t", "w", "b") else trace.step_of(place))


def lit(trace, quantity, layer, unit, source=None):
    """Return the rows and columns of the table of a step that have a cell which the step uses or finds."""
    told = matrices(trace)
    event = trace[trace.step_of(quantity, layer, unit, source)]
    emphasis = emphasised(trace, walk(trace, "equation")[event.step])
    places = set(map(key, emphasis.operands | emphasis.results))
    table = sheet_of(told, event)["table"]
    return {(i, j) for i, row in enumerate(table["cells"]) for j, cell in enumerate(row) if cell in places}


def test_forward_reads_a_row_backward_a_column_and_the_gradient_a_cell():
    assert lit(TRACE, "z", 2, 1) == {(1, 0), (1, 1)}
    assert lit(TRACE, "dl_da", 1, 1) == {(0, 1), (1, 1)}
    assert lit(TRACE, "dl_dw", 2, 1, 0) == {(1, 0)}


def test_the_columns_of_a_matrix_are_the_rows_of_its_transpose():
    sheet = matrices(TRACE)["sheets"]["dl_da-1"]
    turned = sheet["equation"][0]
    assert (turned["name"], turned["rows"], turned["cols"]) == ("W⁽²⁾ᵀ", ["a₁", "a₂"], ["z₃", "z₄"])
    assert turned["cells"] == [list(column) for column in zip(*sheet["table"]["cells"], strict=True)]


def test_where_the_transpose_changes_no_number_the_sheet_says_so():
    sheets = matrices(TRACE)["sheets"]
    assert "(w₆ = w₁₁)" in sheets["dl_da-2"]["hint"]["en"]
    assert "hint" not in sheets["dl_da-1"]
    zero = backprop(TRACE.network, TRACE.x, TRACE.a[-1])  # every ∂l/∂z is 0
    assert "coincidence" in matrices(zero)["sheets"]["dl_da-1"]["hint"]["en"]


@pytest.mark.parametrize(
    "trace", [TRACE, lecture_of_two(), backprop(TRACE.network, [1, -1], [1, 0], learning_rate=0.5)]
)
def test_each_line_of_code_is_one_of_the_program(trace):
    lines = {sheet["code"] for sheet in matrices(trace)["sheets"].values()}
    assert "" not in lines
    assert {"z[2] = W[2] @ a[1] + b[2]", "dl_da[1] = W[2].T @ dl_dz[2]", "dl_dW[2] = np.outer(dl_dz[2], a[1])"} <= lines
    of_run = {
        line.value.partition("[")[0]
        for section in program_of(trace, "np").sections
        for loop in section.loops
        for line in loop.lines
    }
    assert {line.partition(" ")[0].partition("[")[0] for line in lines} >= of_run - {"L"}


def test_every_text_is_there_in_every_language():
    for trace in (TRACE, lecture_of_two()):
        for sheet in matrices(trace)["sheets"].values():
            for name in ("claim", "reason", "rule", "slope", "hint"):
                assert set(sheet.get(name, LANGUAGES)) == set(LANGUAGES)
                assert all(text.count("**") % 2 == 0 for text in sheet.get(name, {}).values())


def test_softmax_and_what_simplifies_have_their_own_sheets():
    network = Network([[[1, 2], [3, 4]]], [[0, 0]], activations="softmax", loss="half_squared_error")
    trace = backprop(network, [0.1, -0.2], [1, 0])
    told = matrices(trace)
    (jacobian, dl_da), right = joined(told, trace, told["sheets"]["dl_dz-1"])
    np.testing.assert_allclose(jacobian @ dl_da, right, rtol=1e-3)  # its entries are rounded to four digits
    assert np.count_nonzero(jacobian) == 4
    simple = backprop(
        Network([[[1, 2], [3, 4]]], [[0, 0]], activations="softmax", loss="cross_entropy"), [1, 2], [1, 0]
    )
    told = matrices(simple)
    (y, t), right = joined(told, simple, told["sheets"]["dl_dz-1"])
    np.testing.assert_allclose(y - t, right)


def test_a_large_matrix_is_a_window_of_cells():
    trace = backprop(Network.random([40, 20, 3]), np.linspace(-1, 1, 40), [1, 0, 0])
    told = matrices(trace)
    table = told["sheets"]["z-1"]["table"]
    assert np.shape(table["cells"]) == np.shape(table["shares"]) == (MOST_CELLS, MOST_CELLS)
    assert np.abs(table["shares"]).max() == 1
    assert table["window"]["en"] == "rows 1–16 of 20, columns 1–16 of 40"
    assert not told["sheets"]["z-1"]["equation"][0]["is_whole"]
    assert len(told["numbers"]) < 3000
    assert granularities(trace) == ("pass", "layer", "vector")  # of which none goes beyond the window


def test_numbers_of_the_lecture():
    numbers = matrices(TRACE)["numbers"]
    assert numbers["dl_da-1-0"][1:3] == ("∂l/∂a₁", number(TRACE.value("dl_da", 1, 0))) == ("∂l/∂a₁", "−0.2018")


def test_a_sentence_names_the_last_of_all_labels_where_the_table_shows_fewer():
    network = Network.random([20, 18], "sigmoid")
    told = matrices(backprop(network, np.ones(20), np.zeros(18)))
    assert "x₁, …, x₂₀" in told["sheets"]["z-1"]["rule"]["en"]


def test_the_squares_of_an_updated_matrix_are_those_of_its_new_weights():
    trace = backprop(Network.random([8, 8], "identity"), np.ones(8), np.zeros(8), learning_rate=0.9)
    shares, new = matrices(trace)["sheets"]["w-1"]["table"]["shares"], trace.updated.weights[0]
    np.testing.assert_allclose(shares, new / np.abs(new).max(), atol=6e-4)


def test_of_a_very_wide_layer_only_what_is_shown_is_made():
    network = Network.random([1, 200_000, 1], "sigmoid")  # all slopes would take 320 GB
    assert matrices(backprop(network, [1], [0]))["sheets"]["dsigma-1"]
