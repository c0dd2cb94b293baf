"""Where nothing can be learned, and where there is nothing to be said."""

from pathlib import Path

import nbformat
import numpy as np
import pytest
from widgets import stage

from bppviz import Network, backprop, example, samples, train
from bppviz.core.examples import EXAMPLES
from bppviz.practice.notices import notices

XOR = samples("xor")


def made(weights, biases, activations, loss="half_squared_error") -> Network:
    return Network(weights, biases, activations, loss)


def names(trace) -> list[str]:
    return [notice["name"] for notice in notices(trace)]


def all_gradients(trace) -> list[float]:
    return np.concatenate([np.ravel(it) for it in (*trace.dL_dw, *trace.dL_db)]).tolist()


@pytest.mark.parametrize("loss", ["half_squared_error", "cross_entropy", "binary_cross_entropy"])
def test_a_softmax_over_a_single_output_learns_nothing(loss):
    trace = backprop(made([[[1, 2]]], [[0]], "softmax", loss), [1, 2], [0.5])
    assert set(all_gradients(trace)) == {0}
    assert names(trace) == ["single_softmax"]


@pytest.mark.parametrize(("activation", "target"), [("sigmoid", [0]), ("sigmoid", [0, 0]), ("softmax", [0, 0])])
def test_cross_entropy_learns_nothing_from_targets_that_are_all_0(activation, target):
    network = Network.random([2, len(target)], activation, "cross_entropy") if activation == "softmax" else None
    network = network or made([np.ones((len(target), 2))], [np.zeros(len(target))], activation, "cross_entropy")
    trace = backprop(network, [1, 2], target)
    assert set(all_gradients(trace)) == {0}
    assert names(trace) == ["no_class"]
    assert names(backprop(network, [1, 2], [1, *target[1:]])) == []


def test_neurons_that_start_alike_stay_alike():
    network = made([np.zeros((3, 2)), np.zeros((1, 3))], [[0, 0, 0], [0]], "sigmoid")
    assert notices(backprop(network, *XOR)) == [{"name": "alike", "layer": 1, "count": 3}]
    *_, last = train(made([np.ones((3, 2)), np.ones((1, 3))], [[0, 0, 0], [0]], "sigmoid"), *XOR, 0.5, 50)
    assert len({tuple(row) for row in last.network.weights[0].tolist()}) == 1
    assert names(backprop(last.network, *XOR)) == ["alike"]


@pytest.mark.parametrize(
    "network",
    [
        made([[[1, 2], [1, 2]], [[1, 3]]], [[0, 0], [0]], "sigmoid"),  # what follows them tells them apart
        made([[[1, 2], [1, 2]], [[1, 1]]], [[0, 1], [0]], "sigmoid"),  # their biases do
        made([[[1, 2], [1, 3]], [[1, 1]]], [[0, 0], [0]], "sigmoid"),
        made([[[1, 2], [1, 2]]], [[0, 0]], "sigmoid"),  # two outputs: their targets may
    ],
)
def test_neurons_that_anything_tells_apart_are_not_alike(network):
    trace = backprop(network, [1, 2], [1, 0][: network.sizes[-1]])
    assert names(trace) == []


def test_a_relu_that_is_0_for_every_sample_is_dead():
    hidden = [[1, 1], [-1, -1]]
    trace = backprop(made([hidden, [[1, 2]]], [[0.5, -0.5], [0]], ["relu", "sigmoid"]), *XOR)
    assert notices(trace) == [{"name": "dead", "a": "a₂⁽¹⁾", "count": 1}]
    assert not trace.dL_dw[0][1].any()
    both = backprop(made([[[-1, -1], [-2, -1]], [[1, 2]]], [[-1, -0.5], [0]], ["relu", "sigmoid"]), *XOR)
    assert notices(both) == [{"name": "dead_several", "a": "a₁⁽¹⁾", "count": 2}]


@pytest.mark.parametrize("x", [[1, 1], [[1, 1]]])
def test_a_relu_that_is_0_for_a_single_sample_is_nothing_unusual(x):
    network = made([[[1, 1], [-1, -1]], [[1, 2]]], [[0.5, -0.5], [0]], ["relu", "sigmoid"])
    assert names(backprop(network, x, [1] if x == [1, 1] else [[1]])) == []


def test_where_every_gradient_is_0_for_another_reason_it_is_said_that_it_is():
    assert names(backprop(made([[[1, 1]]], [[-5]], "relu"), [1, 1], [1])) == ["flat"]
    assert names(backprop(made([[[1, 1]]], [[-1]], "identity"), [1, 1], [1])) == []  # nothing is left to learn


def test_no_more_is_said_than_will_be_read():
    network = made([-np.ones((3, 2)), np.zeros((1, 3))], [-np.ones(3), [0]], ["relu", "softmax"])
    assert names(backprop(network, *XOR)) == ["single_softmax", "alike"]


# Where there is nothing to be said


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_have_no_notice(name):
    assert names(example(name).trace) == []


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("loss", ["half_squared_error", "cross_entropy", "binary_cross_entropy"])
def test_random_networks_have_no_notice(loss, seed):
    assert names(backprop(Network.random([2, 3, 3], loss=loss, seed=seed), [1, -1], [1, 0, 0])) == []


LESSONS = sorted((Path(__file__).parents[2] / "notebooks").glob("*/*.ipynb"))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_widget_of_a_lesson_begins_with_a_notice(path, monkeypatch):
    import bppviz

    shown = []

    def show(*given, **options):
        shown.append(explain(*given, **options))
        return shown[-1]

    explain = bppviz.explain
    monkeypatch.setattr(bppviz, "explain", show)
    monkeypatch.chdir(path.parent)
    cells = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    names = {"__name__": "lesson"}
    for source in cells:
        exec(compile(source, path.name, "exec"), names)
    assert shown
    assert [stage(it).notices for it in shown] == [[]] * len(shown)
    for it in shown:
        it.close()
