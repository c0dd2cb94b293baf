"""Activations and losses: known values, derivatives beside their functions, and both far ends."""

import numpy as np
import pytest

from bppviz.core.functions import (
    ACTIVATIONS,
    LOSSES,
    activation_of,
    log_not_softmax,
    log_sigmoid,
    log_softmax,
    sigmoid,
    softmax,
    softmax_of_others,
    through_softmax,
)
from bppviz.core.simplified import SIMPLIFIED

Z = np.array([-3.0, -0.5, 0.25, 2.0])
SLOPED = activation_of("leaky_relu(0.3)")
ELEMENTWISE = [SLOPED, *(activation for activation in ACTIVATIONS.values() if activation.derivative)]


def test_the_names_are_those_of_the_design():
    assert list(ACTIVATIONS) == ["sigmoid", "tanh", "relu", "leaky_relu", "identity", "softmax"]
    squared = ["half_squared_error", "squared_error", "mean_squared_error"]
    assert list(LOSSES) == [*squared, "binary_cross_entropy", "cross_entropy"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sigmoid", 1 / (1 + np.exp(-Z))),
        ("tanh", (np.exp(Z) - np.exp(-Z)) / (np.exp(Z) + np.exp(-Z))),
        ("relu", [0, 0, 0.25, 2]),
        ("leaky_relu", [-0.03, -0.005, 0.25, 2]),
        ("leaky_relu(0.3)", [-0.9, -0.15, 0.25, 2]),
        ("identity", [-3, -0.5, 0.25, 2]),
        ("softmax", np.exp(Z) / np.exp(Z).sum()),
    ],
)
def test_an_activation_gives_the_values_of_its_formula(name, expected):
    np.testing.assert_allclose(activation_of(name).f(Z), expected, rtol=1e-14)


@pytest.mark.parametrize("activation", ELEMENTWISE, ids=lambda activation: activation.name)
def test_a_derivative_is_the_slope_of_its_activation(activation):
    h = 1e-6
    slope = (activation.f(Z + h) - activation.f(Z - h)) / (2 * h)
    np.testing.assert_allclose(activation.derivative(Z), slope, rtol=1e-8)


@pytest.mark.parametrize(("name", "at_zero"), [("relu", 0.0), ("leaky_relu", 0.01)])
def test_the_slope_at_the_kink_is_the_one_of_the_negative_side(name, at_zero):
    assert ACTIVATIONS[name].derivative(np.array([0.0])) == at_zero


def test_a_slope_is_part_of_the_name_and_not_of_the_kind():
    assert (SLOPED.name, SLOPED.kind, SLOPED.leak) == ("leaky_relu(0.3)", "leaky_relu", 0.3)
    assert (ACTIVATIONS["leaky_relu"].kind, ACTIVATIONS["leaky_relu"].leak) == ("leaky_relu", 0.01)
    assert activation_of("relu").kind == "relu"
    assert activation_of("leaky_relu(1e-05)").formula == r"\max(0.00001\times #1,#1)"


def test_identity_gives_a_copy():
    z = np.array([1.0])
    assert not np.shares_memory(ACTIVATIONS["identity"].f(z), z)


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=lambda activation: activation.name)
def test_an_activation_and_its_derivative_stay_finite_at_both_ends(activation):
    ends = np.array([-1000.0, 1000.0, -1e300, 1e300])
    with np.errstate(over="ignore"):  # 2z in the derivative of tanh, z − max in softmax
        assert np.isfinite(activation.f(ends)).all()
        assert activation.derivative is None or np.isfinite(activation.derivative(ends)).all()


def test_sigmoid_of_a_thousand_is_one_and_of_minus_a_thousand_zero():
    assert sigmoid(np.array([-1000.0, 0.0, 1000.0])).tolist() == [0.0, 0.5, 1.0]


def test_sigmoid_keeps_its_digits_where_it_is_nearly_zero():
    np.testing.assert_allclose(sigmoid(np.array([-50.0, -700.0])), np.exp([-50.0, -700.0]), rtol=1e-14)


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_a_derivative_keeps_its_digits_where_the_output_is_rounded_to_one(name):
    expected = {"sigmoid": np.exp(-50), "tanh": 4 * np.exp(-100)}[name]
    assert ACTIVATIONS[name].derivative(np.array([50.0])) == pytest.approx(expected, rel=1e-14)


def test_softmax_of_a_thousand_and_minus_a_thousand_is_one_and_zero():
    assert softmax(np.array([1000.0, -1000.0])).tolist() == [1.0, 0.0]
    assert softmax(np.array([1000.0, 1000.0])).tolist() == [0.5, 0.5]


def test_logarithms_of_saturated_outputs_are_exact():
    z = np.array([1000.0, -1000.0])
    assert log_sigmoid(z).tolist() == [0.0, -1000.0]
    assert log_softmax(z).tolist() == [0.0, -2000.0]
    assert log_not_softmax(z).tolist() == [-2000.0, 0.0]


def test_logarithms_agree_with_the_plain_ones_where_nothing_is_saturated():
    np.testing.assert_allclose(log_sigmoid(Z), np.log(sigmoid(Z)), rtol=1e-14)
    np.testing.assert_allclose(log_softmax(Z), np.log(softmax(Z)), rtol=1e-14)
    np.testing.assert_allclose(log_not_softmax(Z), np.log(1 - softmax(Z)), rtol=1e-12)


def test_the_softmax_of_the_others_leaves_each_unit_out_in_turn():
    np.testing.assert_allclose(
        softmax_of_others(np.log([1.0, 2.0, 6.0])), [[0, 0.25, 0.75], [1 / 7, 0, 6 / 7], [1 / 3, 2 / 3, 0]]
    )


@pytest.mark.parametrize(
    ("name", "terms", "derivative"),
    [
        ("half_squared_error", [0.18, 0.32], [-0.6, 0.8]),
        ("squared_error", [0.36, 0.64], [-1.2, 1.6]),
        ("mean_squared_error", [0.18, 0.32], [-0.6, 0.8]),
        ("binary_cross_entropy", [-np.log(0.4), -np.log(0.2)], [-1 / 0.4, 1 / 0.2]),
        ("cross_entropy", [-np.log(0.4), 0], [-1 / 0.4, 0]),
    ],
)
def test_a_loss_gives_the_values_of_its_formula(name, terms, derivative):
    y, t = np.array([0.4, 0.8]), np.array([1.0, 0.0])
    z = np.log(y / (1 - y))
    loss = LOSSES[name]
    np.testing.assert_allclose(loss.terms(ACTIVATIONS["sigmoid"], z, y, t), terms, rtol=1e-13, atol=1e-16)
    np.testing.assert_allclose(loss.derivative(y, t), derivative, rtol=1e-13)


def test_the_mean_of_squares_is_over_the_outputs_of_each_sample():
    y, t = np.array([[1.0, 2.0, 4.0], [0.0, 0.0, 3.0]]), np.zeros((2, 3))
    loss, identity = LOSSES["mean_squared_error"], ACTIVATIONS["identity"]
    np.testing.assert_allclose(loss.terms(identity, y, y, t).sum(axis=-1), [7, 3], rtol=1e-14)
    np.testing.assert_allclose(loss.derivative(y, t), 2 / 3 * y, rtol=1e-14)


@pytest.mark.parametrize(("output", "loss"), SIMPLIFIED)
def test_a_simplified_gradient_is_the_product_that_it_replaces(output, loss):
    z, t = np.array([0.5, -1.0, 2.0]), np.array([0.25, 1.0, 0.0])
    activation = ACTIVATIONS[output]
    y = activation.f(z)
    dl_dy = LOSSES[loss].derivative(y, t)
    product = activation.derivative(z) * dl_dy if activation.derivative else through_softmax(y, dl_dy)
    np.testing.assert_allclose(SIMPLIFIED[output, loss].f(z, t), product, rtol=1e-13)


@pytest.mark.parametrize(
    ("output", "loss", "expected"),
    [
        ("sigmoid", "binary_cross_entropy", [1, -1]),
        ("sigmoid", "cross_entropy", [0, -1]),
        ("softmax", "cross_entropy", [1, -1]),
        ("softmax", "binary_cross_entropy", [2, -2]),
    ],
)
def test_a_simplified_gradient_is_right_where_the_output_is_as_wrong_as_can_be(output, loss, expected):
    assert SIMPLIFIED[output, loss].f(np.array([1000.0, -1000.0]), np.array([0.0, 1.0])).tolist() == expected


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_a_gradient_keeps_its_digits_where_the_output_is_nearly_right(output):
    z, t = {"sigmoid": ([30.0], [1.0]), "softmax": ([15.0, -15.0], [1.0, 0.0])}[output]
    loss = {"sigmoid": "binary_cross_entropy", "softmax": "cross_entropy"}[output]
    gradient = SIMPLIFIED[output, loss].f(np.array(z), np.array(t))
    assert gradient[0] == pytest.approx(-1 / (1 + np.exp(30)), rel=1e-14)


def test_softmax_of_a_single_output_never_changes_so_its_gradient_is_zero():
    for t in (0.0, 0.5, 1.0):
        assert SIMPLIFIED["softmax", "binary_cross_entropy"].f(np.array([3.0]), np.array([t])).tolist() == [0.0]
        assert through_softmax(np.array([1.0]), np.array([1 - t])).tolist() == [0.0]


def test_through_softmax_is_the_full_jacobian_times_the_gradient():
    a, gradient = np.array([0.2, 0.3, 0.5]), np.array([1.0, -2.0, 4.0])
    jacobian = np.diag(a) - np.outer(a, a)
    np.testing.assert_allclose(through_softmax(a, gradient), jacobian @ gradient, rtol=1e-14)
