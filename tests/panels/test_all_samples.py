"""The matrices of all samples, each in a row: every product comes out as the run has it, and the picture is one row."""

import numpy as np
import pytest
from hypothesis import assume, given
from networks import lecture, lecture_of_two, runs

from bppviz import Network, backprop
from bppviz.core.place import place_at
from bppviz.panels.all_samples import both_forms
from bppviz.panels.grids import samples_shown
from bppviz.panels.matrices import matrices
from bppviz.words.catalogue import LANGUAGES
from bppviz.words.numbers import number

TWO = lecture_of_two(None)


def value(trace, cell):
    """Return the number of a cell exactly, of its own sample."""
    own, _, n = cell.partition("@")
    return (trace.at_sample(int(n) - 1) if n else trace).value(place_at(own))


def grids_of(trace, sheet):
    """Return the factors of a product and its result, in numbers."""
    return [np.array([[value(trace, it) for it in row] for row in part["cells"]]) for part in parts_of(sheet)]


def parts_of(sheet):
    return [part for part in sheet["equation"] if "cells" in part]


def signs_of(sheet):
    return [part["sign"] for part in sheet["equation"] if "sign" in part]


def sheets_of(trace):
    return {name: sheet["all"] for name, sheet in matrices(trace)["sheets"].items() if "all" in sheet}


def worked_out(trace, sheet, factors):
    """Return what a product of all samples comes to, for those that are products or go entry by entry; else None."""
    over = trace.samples if trace.network.total == "mean" else 1
    match sheet["form"]:
        case 0:
            a, w, *b = factors
            return a @ w + sum(b)
        case 1:
            return factors[0] @ factors[1]
        case 2:
            return factors[0] @ factors[1] / over
        case 3:
            return factors[0].sum(axis=0, keepdims=True) / over
    if "⊙" in signs_of(sheet):
        return factors[0] * factors[1]
    return factors[0] - factors[1] if "−" in signs_of(sheet) else None


@given(runs(most_layers=3, most_units=4, most_samples=5))
def test_every_product_of_all_samples_is_what_the_run_has(trace):
    assume((trace.samples or 1) > 1)
    for sheet in sheets_of(trace).values():
        *factors, result = grids_of(trace, sheet)
        made = worked_out(trace, sheet, factors)
        if made is not None:
            np.testing.assert_allclose(made, result, rtol=1e-12, atol=1e-12)


@given(runs(most_layers=3, most_units=4))
def test_labels_that_meet_are_the_same_and_each_number_has_its_label(trace):
    assume((trace.samples or 1) > 1)
    for sheet in sheets_of(trace).values():
        met = [part for part in sheet["equation"] if part.get("met")]
        assert len(met) == (2 if sheet["form"] in (0, 1, 2) else 0)
        if met:
            assert met[0]["cols"] == met[1]["rows"]
            assert (met[0].get("samples") == "cols") == (sheet["form"] == 2)  # the inner label of a gradient is n
        for part in parts_of(sheet):
            assert len(part["rows"]) in (0, len(part["cells"]))
            assert {len(part["cols"])} == {len(row) for row in part["cells"]}


@given(runs(most_layers=3, most_units=3))
def test_all_samples_are_known_with_the_step_of_the_one_in_the_picture(trace):
    assume((trace.samples or 1) > 1)
    told = matrices(trace)
    for cell, (in_picture, _, text, step, home) in told["numbers"].items():
        own, _, n = cell.partition("@")
        assert (in_picture, home) == ("", own) if n else home == ""
        if n:
            assert step == told["numbers"][own].step
            assert text == number(value(trace, cell))
    for sheet in sheets_of(trace).values():
        for part in parts_of(sheet):
            if "samples" in part:
                rows = part["cells"] if part["samples"] == "rows" else zip(*part["cells"], strict=True)
                assert not any("@" in cell for cell in list(rows)[part["told"]])


def test_every_quantity_but_the_update_has_a_form_of_all_samples_and_its_line_of_the_program():
    trace = lecture_of_two()
    sheets = matrices(trace)["sheets"]
    assert {name for name, sheet in sheets.items() if "all" not in sheet} == {
        f"{it}-{k}" for it in "wb" for k in (1, 2, 3)
    }
    lines = {sheet["all"]["code"] for sheet in sheets.values() if "all" in sheet}
    assert {
        "z[2] = a[1] @ W[2].T + b[2]",
        "dl_da[1] = dl_dz[2] @ W[2]",
        "dL_dW[2] = dl_dz[2].T @ a[1]",
        "dL_db[2] = np.sum(dl_dz[2], axis=0)",
    } <= lines
    assert sheets["z-2"]["code"] == "z[2] = W[2] @ a[1] + b[2]"  # that of one sample stays


def test_the_names_are_capital_letters_and_the_t_stands_on_the_other_side():
    sheets = sheets_of(TWO)
    names = {name: [part.get("name", part.get("sign")) for part in sheets[name]["equation"]] for name in sheets}
    assert names["z-2"] == ["A⁽¹⁾", "W⁽²⁾ᵀ", "+", "b⁽²⁾", "=", "Z⁽²⁾"]
    assert names["dl_da-1"] == ["∂L/∂Z⁽²⁾", "W⁽²⁾", "=", "∂L/∂A⁽¹⁾"]
    assert names["dL_dw-1"] == names["dl_dw-1"] == ["(∂L/∂Z⁽¹⁾)ᵀ", "X", "=", "∂L/∂W⁽¹⁾"]
    assert names["loss-3"] == ["Y", ",", "T", "→", "l"]


def test_a_mean_is_taken_once_where_the_samples_are_added_up():
    trace = lecture_of_two(None, total="mean")
    sheets = sheets_of(trace)
    assert [part.get("name", part.get("sign")) for part in sheets["dL_dw-2"]["equation"]] == [
        "1/2", "(∂l/∂Z⁽²⁾)ᵀ", "A⁽¹⁾", "=", "∂L/∂W⁽²⁾",
    ]  # fmt: skip
    assert signs_of(sheets["dL_db-2"]) == ["1/2 Σₙ", "="]
    assert "1/2" in sheets["dL_dw-2"]["hint"]["en"]
    assert "hint" not in sheets["dl_da-1"]
    assert [form for _, form in both_forms(trace)] == [
        "Z = A Wᵀ + b", "∂l/∂A = ∂l/∂Z W", "∂L/∂W = 1/N (∂l/∂Z)ᵀ A", "∂L/∂b = 1/N Σₙ ∂lⁿ/∂z",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("count", "told", "rows"),
    [
        (2, 1, [0, 1]),
        (5, 2, [0, 1, 2, 3, 4]),
        (6, 0, [0, 1, None, 5]),
        (100, 56, [0, 1, None, 56, None, 99]),
        (100, 2, [0, 1, 2, None, 99]),
        (100, 99, [0, 1, None, 99]),
    ],
)
def test_many_samples_show_the_first_two_the_one_in_the_picture_and_the_last(count, told, rows):
    network = Network([[[1.0]]], [[0]], "identity", "half_squared_error")
    trace = backprop(network, np.linspace(0, 1, count)[:, None], np.zeros((count, 1))).at_sample(told)
    assert samples_shown(trace) == rows
    z = parts_of(sheets_of(trace)["z-1"])[-1]
    labels = {0: "n = 1", None: "⋮"}
    assert z["rows"] == [labels[n] if n in labels else str(n + 1) for n in rows]
    assert [row[0] == "" for row in z["cells"]] == [n is None for n in rows]
    assert (z["shape"], z["told"]) == (f"{count} × 1", rows.index(told))


def test_a_run_of_one_sample_has_no_other_form():
    for trace in (lecture(), backprop(Network.lecture(), [[1, -1]], [[1, 0]])):
        told = matrices(trace)
        assert "choices" not in told
        assert not any("all" in sheet for sheet in told["sheets"].values())


def test_a_network_without_biases_has_no_line_for_them():
    network = Network([[[1, 2]]], [None], "identity", "half_squared_error")
    trace = backprop(network, [[1, 2], [3, 4]], [[0], [1]])
    assert [form for _, form in both_forms(trace)] == ["Z = A Wᵀ", "∂L/∂A = ∂L/∂Z W", "∂L/∂W = (∂L/∂Z)ᵀ A"]
    assert signs_of(sheets_of(trace)["z-1"]) == ["="]


def test_outputs_that_simplify_do_so_for_every_sample_or_say_only_what_they_need():
    network = Network([[[1, 2], [3, 4]]], [[0, 0]], activations="softmax", loss="cross_entropy")
    sure, unsure = (backprop(network, [[1, 2], [0, 1]], [[1, 0], [0, last]]) for last in (1, 0.5))
    assert signs_of(sheets_of(sure)["dl_dz-1"]) == ["−", "="]
    assert signs_of(sheets_of(unsure)["dl_dz-1"]) == [",", "→"]


def test_every_text_is_there_in_every_language():
    told = matrices(TWO)
    for sheet in sheets_of(TWO).values():
        for name in ("claim", "rule", "hint"):
            assert set(sheet.get(name, LANGUAGES)) == set(LANGUAGES)
    assert [value for value, _ in told["choices"]] == ["one", "all"]
    assert told["choices"][1][1] == {"en": "All 2 samples", "zh-TW": "全部 2 個樣本"}
    assert (told["sample"], told["samples"]) == (0, 2)


def test_a_wide_layer_has_its_shape_alone():
    network = Network.random([40, 20, 3], "sigmoid")
    trace = backprop(network, np.zeros((3, 40)), np.zeros((3, 3)))
    sheet = sheets_of(trace)["z-1"]
    assert sheet["size"] == "cells"
    assert [part["shape"] for part in parts_of(sheet)] == ["3 × 40", "40 × 20", "1 × 20", "3 × 20"]
    assert not all(part["is_whole"] for part in parts_of(sheet))
