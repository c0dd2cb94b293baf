"""Gradients beside their central differences: right ones agree, wrong ones do not, and a corner is explained."""

import numpy as np
import pytest
from hypothesis import given, settings
from networks import lecture, lecture_of_two, runs

from bppviz import Network, backprop, check_gradients

LECTURE = (Network.lecture(), [1, -1], [1, 0])


def by_place(check):
    """Return the rows by quantity, layer, unit and source."""
    return {row[:4]: row for row in check}


@settings(max_examples=40)
@given(runs(most_layers=3, most_units=3, most_samples=3))
def test_back_propagation_agrees_wherever_there_is_a_derivative(trace):
    check = check_gradients(trace.network, trace.x, trace.target)
    assert check.passed, str(check)
    assert len(check) == sum(w.size for w in (*trace.network.weights, *trace.network.biases))
    corners = [row for row in check if row.verdict == "kink"]
    assert not corners or {"relu", "leaky_relu"} & set(trace.network.activations)


def test_every_gradient_of_the_lectures_network_stands_beside_its_central_difference():
    check, trace = check_gradients(*LECTURE), lecture()
    rows = by_place(check)
    for layer in (0, 1, 2):
        for (unit, source), gradient in np.ndenumerate(trace.dl_dw[layer]):
            row = rows["dl_dw", layer + 1, unit, source]
            assert row.gradient == gradient
            assert row.central == pytest.approx(gradient, rel=1e-6)
            assert row.verdict == "agrees"
    assert check.largest_error < 1e-6


def test_of_several_samples_the_sums_are_checked():
    trace = lecture_of_two(None)
    rows = by_place(check_gradients(trace.network, trace.x, trace.target))
    assert rows["dL_dw", 2, 0, 1].gradient == trace.dL_dw[1][0, 1]
    assert rows["dL_db", 3, 1, None].central == pytest.approx(trace.dL_db[2][1], rel=1e-6)


def test_a_wrong_gradient_of_ones_own_is_found_and_the_others_agree():
    trace = lecture()
    dw = [w.copy() for w in trace.dl_dw]
    dw[1][0, 1] *= -1
    check = check_gradients(*LECTURE, gradients=(dw, trace.dl_db))
    assert [row[:4] for row in check if row.verdict == "differs"] == [("dl_dw", 2, 0, 1)]
    assert not check.passed
    assert by_place(check)["dl_dw", 2, 0, 1].relative_error == pytest.approx(2, rel=1e-4)
    assert "17 of 18 gradients agree" in str(check)
    assert "∂l/∂w₉ is wrong" in str(check)


def test_gradients_without_the_slope_of_the_activation_are_wrong():
    trace = lecture()
    dw = [*trace.dl_dw[:2], np.outer(trace.dl_da[2], trace.a[1])]
    check = check_gradients(*LECTURE, gradients=(dw, trace.dl_db))
    assert [row.layer for row in check if row.verdict == "differs"] == [3] * 4


def corner():
    """Return a network whose first z is 0: ReLU has a corner there, with slope 0 before and 1 behind."""
    return Network([[[1.0, -1.0]], [[2.0]]], [[0.0], [0.0]], ["relu", "identity"], "half_squared_error")


def test_a_corner_of_relu_is_explained_and_not_called_wrong():
    check = check_gradients(corner(), [1, 1], [-1])
    row = by_place(check)["dl_dw", 1, 0, 0]
    assert (row.verdict, row.at) == ("kink", (1, 0))
    assert row.gradient == 0  # σ′(0) is 0 here
    assert row.left == pytest.approx(0, abs=1e-4)
    assert row.right == pytest.approx(2, rel=1e-4)
    assert row.central == pytest.approx(1, rel=1e-4)
    assert check.passed
    assert "w¹₁₁: here z¹₁ passes 0, where ReLU has a corner. The slope is 0" in str(check)
    assert "w¹₁₁：z¹₁ 在這裡剛好經過 0" in str(check_gradients(corner(), [1, 1], [-1], lang="zh-TW"))


def test_beside_the_corner_the_same_weight_agrees():
    network = Network([[[1.001, -1.0]], [[2.0]]], [[0.0], [0.0]], ["relu", "identity"], "half_squared_error")
    assert {row.verdict for row in check_gradients(network, [1, 1], [-1])} == {"agrees"}


def test_a_gradient_of_zero_agrees_with_zero():
    network = Network([[[-1.0]], [[2.0]]], [[0.0], [0.0]], ["relu", "identity"], "half_squared_error")
    row = by_place(check_gradients(network, [1], [1]))["dl_dw", 1, 0, 0]
    assert (row.gradient, row.central, row.relative_error, row.verdict) == (0, 0, 0, "agrees")


def test_it_is_printed_as_a_table_and_shown_as_one_in_a_notebook():
    check = check_gradients(*LECTURE)
    lines = str(check).splitlines()
    assert lines[0].split() == ["going", "backward", "central", "difference", "relative", "error", "verdict"]
    assert len(lines) == 1 + 18 + 1
    assert lines[1].split()[0] == "∂l/∂w₁"
    assert "18 of 18 gradients agree" in lines[-1]
    assert check._repr_html_().count("<tr>") == 19
    assert len(check[:3]) == 3


@pytest.mark.parametrize(
    ("gradients", "error", "said"),
    [
        (3, TypeError, "gradients is no pair of lists"),
        (([["a"]], [[1]]), TypeError, "gradients is no pair of lists"),
        (([np.zeros((2, 2))] * 2, [np.zeros(2)] * 3), ValueError, r"dL_dw has the shapes \[\(2, 2\), \(2, 2\)\]"),
        (([np.zeros((2, 2))] * 3, [np.zeros(3)] * 3), ValueError, "dL_db has the shapes"),
    ],
)
def test_gradients_that_do_not_fit_are_refused(gradients, error, said):
    with pytest.raises(error, match=said):
        check_gradients(*LECTURE, gradients=gradients)


def test_samples_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="x"):
        check_gradients(Network.lecture(), [1, 2, 3], [1, 0])


def test_it_agrees_with_itself_for_larger_weights():
    network = Network([[[30.0, -20.0]], [[5.0]]], [[10.0], [0.0]], ["tanh", "identity"], "half_squared_error")
    trace = backprop(network, [0.1, 0.2], [3])
    assert check_gradients(network, trace.x, trace.target).passed


@pytest.mark.parametrize("gradient", [1e6, -77.0, 5.0])
def test_a_corner_excuses_no_gradient_that_is_none_of_its_slopes(gradient):
    trace = backprop(corner(), [1, 1], [-1])
    dw = [np.array([[gradient, trace.dl_dw[0][0, 1]]]), trace.dl_dw[1]]
    check = check_gradients(corner(), [1, 1], [-1], gradients=(dw, trace.dl_db))
    assert by_place(check)["dl_dw", 1, 0, 0].verdict == "differs"
    assert not check.passed


@pytest.mark.parametrize("x", [5.0, 10.0, 30.0, 1000.0])
def test_at_the_very_bottom_and_with_large_inputs_a_right_gradient_agrees(x):
    network = Network([[[0.001 if x > 100 else 0.4]]], [[0.1]], "sigmoid", "half_squared_error")
    y = backprop(network, [x], [0]).a[0]
    for target in (y, [0.3]):
        check = check_gradients(network, [x], target)
        assert check.passed, str(check)
        assert check.largest_error < 1e-5
