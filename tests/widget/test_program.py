"""The program in the widget: written when it is first looked at, kept up to date, and run in PyTorch when asked for."""

import numpy as np
import pytest
from oracle import torch_or_skip
from widgets import page, part, parts_of, stage, tells, unpacked

import bppviz
from bppviz import backprop, explain, listing
from bppviz.panels.code_torch import torch_found
from bppviz.widget import panels
from bppviz.widget.stage import ProgramView


@pytest.fixture
def explainer():
    return explain(open="code")


def view(explainer):
    (it,) = parts_of(explainer, ProgramView)
    return it


def test_nothing_is_made_before_the_panel_is_opened():
    explainer = explain()
    assert parts_of(explainer, ProgramView) == []
    stage(explainer).panel = "code"
    assert unpacked(view(explainer).program)["libraries"]["numpy"]["text"] == listing(explainer.trace, checks=False)


def test_another_number_is_in_the_program_at_once_and_where_the_panel_was_closed(explainer):
    for panel, value in (("code", 0.25), ("table", 0.75)):
        stage(explainer).panel = panel
        tells(explainer, "enter", at="w-1-0-0", value=value)
        files = unpacked(view(explainer).program)["files"]["numpy"]
        assert explainer.network.weights[0][0, 0] == value
        assert files["py"] == listing(explainer.trace)


def test_pytorch_runs_when_its_program_is_chosen_and_not_before(explainer):
    torch_or_skip()
    assert view(explainer).found == {"state": "computing"}  # what is said until there is more
    page(view(explainer), shown="torch")
    assert view(explainer).found == {"values": torch_found(explainer.trace)}
    assert all(it["same"] for it in view(explainer).found["values"])


def test_without_pytorch_it_says_so_and_what_fails_there_is_told(explainer, monkeypatch):
    monkeypatch.setattr(panels, "has_torch", lambda: False)
    page(view(explainer), shown="torch")
    assert view(explainer).found == {"state": "no_torch"}

    def fail(trace):
        raise RuntimeError("no such device")

    monkeypatch.setattr(panels, "has_torch", lambda: True)
    monkeypatch.setattr(panels, "torch_found", fail)
    page(view(explainer), shown="numpy")
    page(view(explainer), shown="torch")
    assert view(explainer).found["state"] == "failed"
    assert "no such device" in view(explainer).found["why"]


def test_a_run_with_too_many_numbers_has_a_sentence_in_its_place():
    explainer = explain(bppviz.Network.random([20, 20, 2]), np.ones(20), [1, 0], open="code")
    assert "save_listing" in unpacked(view(explainer).program)["note"]["en"]


def test_the_program_goes_with_the_sample_that_is_told():
    explainer = explain(None, [[1, -1], [0, 0]], [[1, 0], [0, 1]], open="code")
    assert part(explainer, "panel-code").children
    program = unpacked(view(explainer).program)
    trace = backprop(explainer.network, [[1, -1], [0, 0]], [[1, 0], [0, 1]])
    assert program["files"]["torch"]["py"] == listing(trace, framework="torch")
    assert program["blocks"]["z-1"]["called"] == "z[1][0]"
