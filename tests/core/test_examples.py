"""The examples: what was published agrees with what comes out here, but for one number, whose mistake is known."""

import runpy
from pathlib import Path

import numpy as np
import pytest
from oracle import sklearn_or_skip

import bppviz
from bppviz import Network, backprop, example
from bppviz.core.examples import EXAMPLES, compared


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_can_be_shown(name):
    it = example(name)
    explainer = bppviz.explain(it)
    assert explainer.network is it.network
    np.testing.assert_array_equal(explainer.trace.x, it.x)
    assert (explainer.trace.learning_rate is None) == (it.learning_rate is None)
    explainer.close()


@pytest.mark.parametrize("name", ["lecture", "cs231n"])
def test_what_was_published_comes_out(name):
    rows = list(compared(example(name)))
    assert len(rows) >= 6
    assert [row for row in rows if not row.is_same] == []
    assert example(name).source


def test_of_mazurs_numbers_all_come_out_but_the_loss_after_the_update():
    rows = list(compared(example("mazur")))
    assert len(rows) == 20
    assert [(row.place.quantity, row.published, row.ours) for row in rows if not row.is_same] == [
        ("L", "0.291027924", "0.291027774")
    ]


def test_the_number_that_does_not_come_out_was_made_with_weights_already_updated():
    it = example("mazur")
    trace = it.trace
    behind = trace.updated.weights[1]
    dl_dz = trace.dsigma[0] * (behind.T @ trace.dl_dz[1])  # the mistake: the new weights, not the old ones
    wrong = [it.network.weights[0] - 0.5 * np.outer(dl_dz, it.x), behind]
    updated = Network(wrong, it.network.biases, "sigmoid", "half_squared_error")
    assert f"{backprop(updated, it.x, it.target).loss:.9f}" == "0.291027924"


def test_the_gradients_of_cs231n_are_those_of_the_output_itself():
    trace = example("cs231n").trace
    assert trace.dl_da[0] == pytest.approx([1])
    assert trace.dl_dw[0].ravel() == pytest.approx([-0.19661193324148185, -0.3932238664829637])


def test_the_regression_is_a_line_through_its_samples_that_its_updates_find():
    it = example("regression")
    *_, last = bppviz.train(it.network, it.x, it.target, 0.05, 2000)
    assert last.network.weights[0].ravel() == pytest.approx([2], abs=1e-3)
    assert last.network.biases[0] == pytest.approx([1], abs=1e-3)


def test_the_numbers_of_iris_are_those_that_its_training_comes_to():
    sklearn_or_skip()
    script = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "iris.py"))
    it = example("iris")
    assert script["trained"]().to_dict() == it.network.to_dict()
    assert it.x.tolist() == script["X"][script["SHOWN"]].tolist()
    assert it.target.argmax(axis=1).tolist() == script["CLASSES"][script["SHOWN"]].tolist()
    held_out = script["HELD_OUT"]
    assert held_out[script["SHOWN"]].all()
    assert [script["right"](it.network, which) for which in (~held_out, held_out)] == [99, 49]
    assert (len(held_out), held_out.sum()) == (150, 50)


def test_of_the_irises_three_are_sure_two_are_not_and_the_last_is_wrong():
    it = example("iris")
    y = it.trace.a[-1]
    of_its_class = (y * it.target).sum(axis=1)
    assert (of_its_class[:3] > 0.85).all()
    assert ((of_its_class[3:5] > 0.5) & (of_its_class[3:5] < 0.75)).all()
    assert y[5].tolist() == pytest.approx([0.004, 0.299, 0.697], abs=5e-4)
    assert it.target[5].tolist() == [0, 1, 0]


def test_one_weight_and_one_neuron_take_a_few_steps():
    steps = "z a loss dl_da dsigma dl_dz dl_dw dl_db"
    assert " ".join(event.quantity for event in example("neuron").trace) == steps


@pytest.mark.parametrize(("name", "error"), [("mnist", ValueError), (3, TypeError)])
def test_anything_else_is_refused(name, error):
    with pytest.raises(error, match="one of: neuron, regression, lecture, mazur, cs231n, iris"):
        example(name)


def test_an_example_is_known_in_any_case_and_says_what_it_is_in_one_line():
    assert example("Mazur") is example("mazur")
    assert repr(example("mazur")) == "Example('mazur', Network(2-2-2, sigmoid-sigmoid, half_squared_error))"


def test_an_example_can_be_shown_by_its_name():
    explainer = bppviz.explain("mazur")
    assert explainer.network is example("mazur").network
    explainer.close()


def test_samples_can_still_be_given_with_an_example():
    explainer = bppviz.explain(example("regression"), [[1.0]], [[2.0]])
    assert explainer.trace.x.tolist() == [[1.0]]
    assert explainer.trace.learning_rate == 0.05
    explainer.close()


def test_the_update_of_the_regression_is_that_of_the_widget():
    it = example("regression")
    explainer = bppviz.explain(it)
    np.testing.assert_array_equal(it.trace.updated.biases[0], explainer.trace.updated.biases[0])
    explainer.close()


def test_of_an_example_the_target_stays_where_only_another_input_is_given():
    explainer = bppviz.explain(example("mazur"), x=[1, 1])
    assert explainer.trace.target.tolist() == [0.01, 0.99]
    explainer.close()
