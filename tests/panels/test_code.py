"""The program of a run as one walks through it: the line of each step, and what stands in that line."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from networks import lecture, lecture_of_two, runs
from oracle import torch_or_skip

from bppviz import Network, backprop, example, listing
from bppviz.core.emphasis import put_in
from bppviz.core.place import home, key, place_at
from bppviz.core.walk import walk
from bppviz.panels.code import code_lines, code_panel, line_of
from bppviz.panels.code_operands import pieces_of, program_names
from bppviz.panels.code_torch import torch_found, torch_rows
from bppviz.words.equations import equation
from bppviz.words.notation import Notation
from bppviz.words.numbers import rounded

TRACE = lecture()


def ran(trace):
    """Return all names of the program of a run, after it has run."""
    space = {}
    with np.errstate(all="ignore"):
        exec(compile(listing(trace, checks=False), "program", "exec"), space)
    return space


def begun(trace):
    """Return the same without the update, which gives W and b other numbers."""
    return ran(backprop(trace.network, trace.x, trace.target)) | {"eta": trace.learning_rate}


def written(panel, line):
    """Return a line as Python reads it: every second piece is a key."""
    known = panel["scalars"] | panel["vectors"]
    return "".join(known[it]["token"] if at % 2 else it for at, it in enumerate(line))


def current(panel, step, framework="numpy"):
    """Return the text of the line at which the walk stands, and its k."""
    quantity, layer = panel["steps"][step][0].split("-")[:2]
    line = panel["libraries"][framework]["lines"][panel["blocks"][f"{quantity}-{layer}"]["at"][framework]]
    return "".join(line["pieces"]), int(layer)


def step(trace, *place):
    return trace.step_of(*place)


# Lines


@settings(max_examples=30, deadline=None)
@given(runs())
def test_the_lines_are_those_of_the_listing(trace):
    for framework in ("numpy", "torch"):
        body = listing(trace, framework=framework, checks=False).split("\n\n")[-1].splitlines()
        assert [it.text for it in code_lines(trace, framework)] == body
        shown = code_panel(trace)["libraries"][framework]["lines"]
        assert [4 * it["depth"] * " " + "".join(it["pieces"]) for it in shown] == [it.split("  #")[0] for it in body]


@settings(max_examples=100, deadline=None)
@given(runs())
def test_the_line_of_a_step_computes_its_quantity_in_its_layer(trace):
    names, is_simplified = program_names(trace), trace.network.simplified is not None
    for framework in ("numpy", "torch"):
        lines = code_lines(trace, framework)
        for block in trace.blocks:
            for quantity in block.computed:
                line = lines[line_of(lines, trace, quantity, block.layer)]
                if framework == "torch" and block.phase in ("backward", "gradient", "sum"):
                    assert line.text in ("loss.backward()", "L.backward()")
                    continue
                assert block.layer in line.layers
                of_pair = is_simplified and block.phase == "backward" and block.layer == trace.network.layers
                target = re.match(r"\s*(\w+)", line.text)[1]
                assert target == names[quantity] or (of_pair and target == "dl_dz")


@settings(max_examples=30, deadline=None)
@given(runs())
def test_a_line_is_reached_in_the_order_in_which_the_program_runs(trace):
    for framework in ("numpy", "torch"):
        shown = code_panel(trace)["libraries"][framework]["lines"]
        begins = [it["begins"] for it in shown]
        if trace.samples is None:  # of several, the sums come after all gradients
            assert begins == sorted(begins)
        for at, it in enumerate(shown):
            assert it["begins"] == min([first for _, first in it["layers"]], default=it["begins"])
            assert it["loop"] < at
            assert (it["loop"] >= 0) == (it["depth"] > 0)


def test_the_walk_moves_through_the_lecture_s_program_as_a_debugger_does():
    panel = code_panel(TRACE)
    at = {name: step(TRACE, *place) for name, place in {"z": ("z", 2, 0), "dl_dz": ("dl_dz", 2, 1)}.items()}
    assert current(panel, at["z"]) == ("z[k] = W[k] @ a[k-1] + b[k]", 2)
    assert current(panel, at["dl_dz"]) == ("dl_dz[k] = da_dz[k] * dl_da[k]", 2)
    assert current(panel, step(TRACE, "dl_da", 3, 0)) == ("dl_da[3] = a[3] - t", 3)
    assert current(panel, step(TRACE, "dl_dw", 3, 1, 0)) == ("dl_dW[k] = np.outer(dl_dz[k], a[k-1])", 3)
    assert current(panel, at["dl_dz"], "torch") == ("loss.backward()", 2)
    assert panel["blocks"]["dl_dz-2"]["called"] == "dl_dz[2]"
    lines = panel["libraries"]["numpy"]["lines"]
    loop = lines[lines[panel["blocks"]["dl_dz-2"]["at"]["numpy"]]["loop"]]
    assert loop["pieces"] == ["for k in 2, 1:"]


def test_the_names_in_a_line_are_its_target_and_its_operands():
    assert pieces_of("dl_da[k] = W[k+1].T @ dl_dz[k+1]")[1::2] == ["dl_da[k]", "W[k+1]", "dl_dz[k+1]"]
    assert pieces_of("dl_da[3] = 2 * (a[3] - t) / t.shape[-1]")[1::2] == ["dl_da[3]", "a[3]", "t"]
    assert pieces_of("dL_dW[k] = dl_dz[k].T @ a[k-1] / len(x)")[1::2] == ["dL_dW[k]", "dl_dz[k]", "a[k-1]"]
    assert pieces_of("a[k] = act[k](z[k])")[1::2] == ["a[k]", "z[k]"]
    assert pieces_of("W[k] -= eta * W[k].grad")[1::2] == ["W[k]", "eta", "W[k].grad"]
    assert pieces_of("z[k].retain_grad(); a[k].retain_grad()")[1::2] == []


# What stands in the line of a step


def test_the_line_of_a_step_has_the_operands_of_picture_and_formula_in_the_order_of_the_formula():
    panel, write = code_panel(TRACE), Notation(TRACE)
    for stop, line in zip(walk(TRACE, "equation"), panel["now"], strict=True):
        if TRACE[stop.last].quantity == "loss":  # in which vectors stand
            continue
        _, numbers = equation(write, stop)
        homes = [at.split()[0] for token in numbers[0] for at in token.at]
        operands = list(dict.fromkeys(line[3::2]))
        assert [key(home(place_at(it))) for it in operands] == homes, line
        assert {*operands} == {key(it.place) for it in put_in(TRACE[stop.last])}


def test_a_line_whose_shapes_need_another_order_than_the_formula_says_so():
    def told(trace, framework="numpy"):
        lines = code_panel(trace)["libraries"][framework]["lines"]
        return {it["pieces"][1].partition("[")[0]: it["order"]["en"] for it in lines if "order" in it}

    of_w, of_gradient = "W first: each row of W meets a", "dl_dz first: it gives the rows, a the columns"
    assert told(TRACE) == {"z": of_w, "dl_dW": of_gradient}
    assert told(TRACE, "torch") == {"z": of_w}
    assert told(lecture_of_two()) == {"dL_dW": of_gradient}  # there z = a @ W.T


@settings(max_examples=60, deadline=None)
@given(runs())
def test_the_line_of_a_step_is_python_that_computes_its_number(trace):
    panel, before, after = code_panel(trace), begun(trace), ran(trace)
    for event, line in zip(trace, panel["now"], strict=True):
        assert line[:2] == ["", key(event.place)]
        text = written(panel, line)
        if "⋯" in text or len(line) == 2:
            continue
        target, _, rest = text.partition(" = ")
        with np.errstate(all="ignore"):
            assert eval(rest, dict(before)) == pytest.approx(event.value, rel=1e-9, abs=1e-12), text
        if target:  # ∂l/∂w of one of several samples has no name
            assert eval(target, dict(after)) == pytest.approx(event.value, rel=1e-9, abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(runs())
def test_what_stands_in_a_line_is_what_has_that_name_in_the_program(trace):
    panel, given = code_panel(trace), begun(trace)
    for it in panel["scalars"].values():
        if it["token"]:
            value = float(eval(it["token"], dict(given)))
            shown = float(it["text"].replace("−", "-").replace("∞", "inf")) if "×" not in it["text"] else None
            assert shown is None or rounded(value) == pytest.approx(shown, rel=1e-3, abs=1e-9)
    for it in panel["vectors"].values():
        array = np.asarray(eval(it["token"], dict(given)))
        assert it["shape"] == str(array.shape)
        if it["cells"]:
            assert np.shape(it["cells"]) == (array.reshape(len(array), -1)).shape


def test_symbol_token_and_number_of_the_lecture_stand_in_one_column():
    panel = code_panel(TRACE)
    line = panel["now"][step(TRACE, "dl_dz", 2, 0)]
    assert line == ["", "dl_dz-2-0", " = ", "dsigma-2-0", " * ", "dl_da-2-0", ""]
    named = [panel["scalars"][it] for it in line[1::2]]
    assert [it["token"] for it in named] == ["dl_dz[2][0]", "da_dz[2][0]", "dl_da[2][0]"]
    assert [it["text"] for it in named] == ["−0.04576", "0.1179", "−0.3883"]
    assert {it["role"] for it in named} == {"backward"}
    assert named[0]["symbol"].startswith("<math")
    whole = panel["blocks"]["dl_dz-2"]["now"]
    assert written(panel, whole) == "dl_dz[2] = da_dz[2] * dl_da[2]"
    assert panel["vectors"]["dl_dz-2"]["cells"] == [["dl_dz-2-0"], ["dl_dz-2-1"]]
    assert panel["vectors"]["w-2"]["shape"] == "(2, 2)"


def test_a_sum_of_many_terms_shows_the_first_two_and_the_last():
    trace = backprop(Network.random([6, 2, 2]), [1.0] * 6, [1.0, 0.0])
    text = written(code_panel(trace), code_panel(trace)["now"][0])
    assert text == "z[1][0] = a[0][0] * W[1][0, 0] + a[0][1] * W[1][0, 1] + ⋯ + b[1][0]"


def test_of_several_samples_the_told_one_has_its_row_and_the_sum_goes_over_all():
    trace = lecture_of_two(total="mean").at_sample(1)
    panel = code_panel(trace)
    assert written(panel, panel["now"][step(trace, "dl_dz", 2, 0)]).startswith("dl_dz[2][1, 0] = ")
    total = "dL_dW[2][0, 1] = (a[1][0, 1] * dl_dz[2][0, 0] + a[1][1, 1] * dl_dz[2][1, 0]) / 2"
    assert written(panel, panel["now"][step(trace, "dL_dw", 2, 0, 1)]) == total
    assert panel["blocks"]["dl_dz-2"]["called"] == "dl_dz[2][1]"
    assert panel["blocks"]["dl_dw-2"]["told"] == "dL_dw-2"  # of one sample the program has none
    assert panel["scalars"]["dl_dw-2-0-1"]["token"] == ""


def test_where_the_output_simplifies_the_walk_waits_at_the_line_of_dl_dz():
    trace = backprop(Network.random([2, 2, 2], "tanh", "cross_entropy"), [1, -1], [1, 0])
    panel = code_panel(trace)
    at = step(trace, "dl_da", 2, 0)
    assert current(panel, at) == ("dl_dz[2] = a[2] - t", 2)
    assert panel["now"][at] == ["", "dl_da-2-0"]
    assert panel["blocks"]["dl_da-2"]["told"] == "dl_dz-2"
    line = panel["libraries"]["numpy"]["lines"][panel["blocks"]["dl_da-2"]["at"]["numpy"]]
    assert line["comment"] == "softmax with cross_entropy, simplified"


# The whole of it


@pytest.mark.parametrize("framework", ["numpy", "torch"])
def test_the_text_to_copy_is_the_listing_and_what_stands_above_is_folded(framework):
    it = code_panel(TRACE)["libraries"][framework]
    assert it["text"] == listing(TRACE, framework=framework, checks=False)
    assert it["text"].startswith(it["before"])
    lines = len(it["before"].splitlines())
    names = "x, t, W, b, sigmoid" if framework == "numpy" else "x, t, W, b"
    assert it["folded"] == {"en": f"{names} ({lines} lines)", "zh-TW": f"{names}（{lines} 行）"}


def test_a_run_with_too_many_numbers_has_a_sentence_in_place_of_its_program():
    large = backprop(Network.random([20, 20, 2]), [1.0] * 20, [1.0, 0.0])
    many = backprop(TRACE.network, [[1.0, -1.0]] * 400, [[1.0, 0.0]] * 400)
    for trace in (large, many):
        panel = code_panel(trace)
        assert list(panel) == ["note"]
        assert "save_listing" in panel["note"]["en"]


@pytest.mark.parametrize("name", ["neuron", "regression", "mazur", "cs231n"])
def test_every_example_has_a_panel_that_is_plain_data(name):
    panel = code_panel(example(name).trace)
    assert json.loads(json.dumps(panel)) == panel
    assert len(panel["steps"]) == len(panel["now"]) == len(example(name).trace)


# What PyTorch finds


@settings(max_examples=30, deadline=None)
@given(runs())
def test_pytorch_finds_every_gradient_of_the_walk(trace):
    torch = torch_or_skip()
    before = torch.get_default_dtype()
    rows, found = torch_rows(trace), torch_found(trace)
    assert torch.get_default_dtype() is before
    assert len(rows) == len(found)
    assert all(it["same"] for it in found)
    steps = [row["step"] for row in rows]
    assert steps == sorted(steps)
    for row in rows:
        quantity, layer = row["block"].split("-")
        assert trace[row["step"]].quantity == quantity
        assert trace[row["step"]].layer == int(layer)


def test_what_pytorch_finds_of_the_lecture_has_symbol_tensor_and_value():
    torch_or_skip()
    rows, found = torch_rows(TRACE), torch_found(TRACE)
    values = {row["token"]: it["value"] for row, it in zip(rows, found, strict=True)}
    assert list(values)[:3] == ["a[3].grad", "z[3].grad", "a[2].grad"]
    assert values["z[2].grad"] == "[−0.04576, 0.05516]"
    assert values["W[3].grad"] == "[[−0.07796, −0.009997], [0.1014, 0.01301]]"


def test_another_number_in_the_walk_is_not_the_same():
    torch_or_skip()
    other = replace(TRACE, dl_dz=tuple(it * (1 + 1e-6) for it in TRACE.dl_dz))
    same = {row["token"]: it["same"] for row, it in zip(torch_rows(other), torch_found(other), strict=True)}
    assert not same["z[2].grad"]
    assert same["a[2].grad"]
