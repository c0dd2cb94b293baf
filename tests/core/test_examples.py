"""The examples: what was published agrees with what comes out here, but for one number, whose mistake is known."""

import numpy as np
import pytest

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


def test_one_weight_and_one_neuron_take_a_few_steps():
    steps = "z a loss dl_da dsigma dl_dz dl_dw dl_db"
    assert " ".join(event.quantity for event in example("neuron").trace) == steps


@pytest.mark.parametrize(("name", "error"), [("mnist", ValueError), (3, TypeError)])
def test_anything_else_is_refused(name, error):
    with pytest.raises(error, match="one of: neuron, regression, lecture, mazur, cs231n"):
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
