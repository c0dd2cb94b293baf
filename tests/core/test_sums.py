"""Sums that are 0 by hand are 0, and no other number is touched."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import biases_or_zeros, networks, samples

from bppviz import Network, backprop, check_gradients, train
from bppviz.core.functions import ACTIVATIONS
from bppviz.core.sums import difference, product, settled
from bppviz.practice.diagnosis import diagnosed

W, B, X = [[0.2, -0.3, 0.1, -0.4]], [0.1], [1, 0, 1, 1]  # 0.2 + 0.1 − 0.4 + 0.1


def with_a_zero(activation: str) -> Network:
    """Return a network whose hidden neuron has a z of 0, and of 2.8e-17 where floats are added up."""
    return Network([W, [[0.7]]], [B, [0.2]], [activation, "identity"], "half_squared_error")


def line(w: float, b: float) -> Network:
    """Return y = w x + b."""
    return Network([[[w]]], [[b]], "identity", "half_squared_error")


def test_the_floats_alone_would_not_be_0():
    assert 0 < (np.array(X) @ np.array(W).T + B)[0] < 1e-16


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "sigmoid", "tanh", "identity"])
def test_a_z_that_is_0_by_hand_is_0_in_every_view_of_the_run(activation):
    trace = backprop(with_a_zero(activation), X, [1])
    zero = np.zeros(1)
    assert trace.value("z", 1) == 0
    assert trace.value("a", 1) == ACTIVATIONS[activation].f(zero)[0]
    assert trace.value("dsigma", 1) == ACTIVATIONS[activation].derivative(zero)[0]
    assert diagnosed(trace[trace.step_of("z", 1)], 0.0).is_right
    assert check_gradients(trace.network, X, [1]).passed


def test_no_gradient_flows_through_a_relu_at_0():
    trace = backprop(with_a_zero("relu"), X, [1])
    assert trace.value("dsigma", 1) == trace.value("dl_dz", 1) == 0
    assert not trace.dl_dw[0].any()
    (epoch,) = train(trace.network, X, [1], 0.1, 1)
    assert np.array_equal(epoch.network.weights[0], trace.network.weights[0])


def test_the_gradients_of_samples_that_cancel_add_up_to_0():
    # ∂l/∂w of the three samples: 0.1, 0.2 and −0.3
    trace = backprop(line(1, 0), [[1], [1], [1]], [[0.9], [0.8], [1.3]])
    assert trace.dl_dw[0].sum() != 0
    assert trace.value("dL_dw", 1, 0, 0) == trace.value("dL_db", 1, 0) == 0


def test_an_output_that_differs_from_its_target_by_rounding_alone_has_met_it():
    trace = backprop(Network([[[0.1, 0.2]]], [[0.0]], "identity", "half_squared_error"), [1, 1], [0.3])
    assert trace.a[0][0] != 0.3
    assert trace.loss == trace.value("dl_da", 1) == 0


def test_an_update_to_0_ends_at_0():
    # ∂l/∂w = ∂l/∂b = 0.1, and η = 3
    network, sample = line(0.3, 0.3), ([1], [0.5])
    trace = backprop(network, *sample, learning_rate=3)
    assert 0.3 - 3 * trace.value("dl_db", 1) != 0
    (epoch,) = train(network, *sample, 3, 1)
    for updated in (trace.updated, epoch.network):
        assert updated.value("w", 1, 0, 0) == updated.value("b", 1, 0) == 0


def test_paths_that_cancel_bring_nothing_back():
    # ∂l/∂a = 0.1 · 3 − 0.3 · 1
    network = Network([[[1.0]], [[0.1], [-0.3]]], [[0], [0, 0]], "identity", "half_squared_error")
    trace = backprop(network, [1], [0.1 - 3, -0.3 - 1])
    assert trace.value("dl_da", 1) == 0


@given(st.data())
def test_every_other_sum_stays_as_it_is(data):
    """A z is the very number that NumPy computes, or 0 where that one is lost in rounding."""
    network = data.draw(networks())
    x, target = data.draw(samples(network))
    trace = backprop(network, x, target)
    a = trace.x
    for z, w, b, after in zip(trace.z, network.weights, biases_or_zeros(network), trace.a, strict=True):
        plain = a @ w.T + b
        sizes = np.abs(a) @ np.abs(w).T + np.abs(b)
        assert ((z == plain) | ((z == 0) & (np.abs(plain) <= 1e-15 * sizes))).all()
        a = after


@pytest.mark.parametrize("small", [1e-300, 5e-324, 1e-30, 1e-12])
def test_small_numbers_are_no_rounding(small):
    assert product(np.array([small]), np.eye(1))[0] == small
    assert product(np.array([small, 2 * small]), np.ones((2, 1)))[0] == 3 * small
    assert difference(np.array([3 * small]), np.array([small]))[0] == 3 * small - small


def test_a_sum_whose_terms_are_too_large_to_be_added_up_is_left_alone():
    large = np.array([1.5e308, -1.5e308])
    with np.errstate(over="ignore"):
        assert product(large, np.ones((2, 1)), np.array([1e-9]))[0] == 1e-9


def test_what_is_left_of_terms_that_cancel_is_nothing():
    sums = np.array([0.1 + 0.2 - 0.3, 0.1 + 0.2 - 0.3 + 1e-12, 0.5])
    assert settled(sums, np.array(0.6)).tolist() == [0, sums[1], 0.5]
    assert settled(np.array(1e-300), np.array(1e-300)) == 1e-300
