"""Gradients beside their central differences: right ones agree, wrong ones do not, and a corner is explained."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from networks import ELEMENTWISE, OUTPUTS, lecture, lecture_of_two, runs
from oracle import torch_or_skip

import bppviz
from bppviz import Network, backprop, check_gradients
from bppviz.practice.diagnosis import mistakes
from bppviz.practice.gradient_check import MOST_EFFORT
from bppviz.words.catalogue import words

LECTURE = (Network.lecture(), [1, -1], [1, 0])


def by_place(check):
    """Return the rows by quantity, layer, unit and source."""
    return {row[:4]: row for row in check}


@settings(max_examples=40)
@given(runs(most_layers=3, most_units=3, most_samples=3))
def test_back_propagation_agrees_wherever_there_is_a_derivative(trace):
    check = check_gradients(trace.network, trace.x, trace.target)
    assert check.passed, str(check)
    assert len(check) == sum(len(np.ravel(it)) for it in (*trace.dL_dw, *trace.dL_db) if it is not None)
    corners = [row for row in check if row.verdict == "kink"]
    assert not corners or any("relu" in name for name in trace.network.activations)


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
    assert "w₁₁⁽¹⁾: here z₁⁽¹⁾ passes 0, where ReLU has a corner. The slope is 0" in str(check)
    assert "w₁₁⁽¹⁾：z₁⁽¹⁾ 在這裡剛好是 0，正是" in str(check_gradients(corner(), [1, 1], [-1], lang="zh-TW"))


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
    assert lines[0].split() == ["backward", "central", "difference", "relative", "error", "verdict"]
    assert len(lines) == 1 + 18 + 1
    assert lines[1].split()[0] == "∂l/∂w₁"
    assert "18 of 18 gradients agree" in lines[-1]
    assert check._repr_html_().count("<tr>") == 19
    assert len(check[:3]) == 3


GOOD = [np.zeros((2, 2))] * 3, [np.zeros(2)] * 3
MASKED = np.ma.masked_array(np.zeros((2, 2)), mask=np.eye(2))


@pytest.mark.parametrize(
    ("gradients", "error", "said"),
    [
        (3, TypeError, r"gradients is an int; give a pair of lists, \(dL_dw, dL_db\)"),
        (dict(zip("wb", GOOD, strict=True)), TypeError, "gradients is a dict; give a pair of lists"),
        ([GOOD[0]], ValueError, "gradients has 1 entries; give a pair of lists"),
        ([*GOOD[0], *GOOD[1]], ValueError, r"has 6 entries.* take turns, give \(g\[0::2\], g\[1::2\]\)"),
        ((3, GOOD[1]), TypeError, "dL_dw is an int; give a list with one array for each layer"),
        ((GOOD[0][:2], GOOD[1]), ValueError, "dL_dw has length 2, but the network has 3 layers: give a list with one"),
        ((GOOD[0], [np.zeros(3)] * 3), ValueError, r"dL_db\[0\] has shape \(3,\); layer 1 needs shape \(2,\)"),
        ((GOOD[0], [np.zeros((2, 1))] * 3), ValueError, r"dL_db\[0\] has shape \(2, 1\).* Give dL_db\[0\].ravel\(\)"),
        (([[["a", "b"]] * 2] * 3, GOOD[1]), TypeError, r"dL_dw\[0\] holds text; give real numbers"),
        (([1j * GOOD[0][0]] * 3, GOOD[1]), TypeError, r"dL_dw\[0\] holds complex numbers; give real numbers"),
        ((GOOD[0], [[True, False]] * 3), TypeError, r"dL_db\[0\] holds bool values; give real numbers"),
        ((GOOD[0], [[object(), 1]] * 3), TypeError, r"dL_db\[0\] holds things that NumPy does not take as numbers"),
        (([MASKED] * 3, GOOD[1]), ValueError, r"dL_dw\[0\] holds masked values; fill them"),
    ],
)
def test_gradients_that_are_not_numbers_or_do_not_fit_are_refused_in_a_line(gradients, error, said):
    with pytest.raises(error, match=said) as raised:
        check_gradients(*LECTURE, gradients=gradients)
    assert len(str(raised.value)) < 200
    assert "\n" not in str(raised.value)


def test_gradients_the_way_of_keras_are_told_to_be_transposed():
    network = Network.random([2, 3, 1])
    trace = backprop(network, [1, 2], [0])
    transposed = [w.T for w in trace.dL_dw]
    with pytest.raises(ValueError, match=r"dL_dw\[0\] has shape \(2, 3\); layer 1 needs shape \(3, 2\)") as raised:
        check_gradients(network, trace.x, trace.target, gradients=(transposed, trace.dL_db))
    assert "(n_in, n_out) is Keras' and scikit-learn's way, so give dL_dw[0].T" in str(raised.value)
    assert "Every array of the list fits that way" in str(raised.value)
    with pytest.raises(ValueError, match=r"layer 2 needs shape \(1, 3\). It fits if it is transposed") as raised:
        check_gradients(network, trace.x, trace.target, gradients=([trace.dL_dw[0], transposed[1]], trace.dL_db))
    assert "Every" not in str(raised.value)


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


# What is not finite


def of_lecture(change):
    """Return the check of the lecture's gradients after a change of (dw, db), in which arrays may be written."""
    trace = lecture()
    dw, db = [w.copy() for w in trace.dl_dw], [b.copy() for b in trace.dl_db]
    change(dw, db)
    return check_gradients(*LECTURE, gradients=(dw, db))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_gradients_that_are_all_not_finite_never_pass(value):
    check = check_gradients(*LECTURE, gradients=([np.full((2, 2), value)] * 3, [np.full(2, value)] * 3))
    assert not check.passed
    assert check.factor is None
    assert {row.verdict for row in check} == {"differs"}
    error = np.nan if np.isnan(value) else np.inf
    np.testing.assert_equal([check.largest_error, *(row.relative_error for row in check)], [error] * 19)
    shown = "nan" if np.isnan(value) else "∞" if value > 0 else "−∞"
    assert f"∂l/∂w₁ is {shown}: the first of 18 gradients that are not finite." in str(check)
    assert "is wrong" not in str(check)


@pytest.mark.parametrize(("value", "shown"), [(np.nan, "nan"), (np.inf, "∞"), (-np.inf, "−∞")])
def test_a_single_gradient_that_is_not_finite_is_named(value, shown):
    def change(dw, db):
        dw[1][0, 1] = value

    check = of_lecture(change)
    assert [row[:4] for row in check if row.verdict == "differs"] == [("dl_dw", 2, 0, 1)]
    assert f"∂l/∂w₉ is {shown}; every other gradient is finite." in str(check)
    assert f"∂l/∂w₉ 是 {shown}，其他梯度都是有限值。" in check.summary("zh-TW")[1]
    np.testing.assert_equal(check.largest_error, abs(value))


def test_nan_beside_inf_is_what_the_largest_error_says():
    def change(dw, db):
        dw[0][0, 0], db[2][1] = np.inf, np.nan

    assert np.isnan(of_lecture(change).largest_error)


def test_a_corner_excuses_nothing_that_is_not_finite():
    trace = backprop(corner(), [1, 1], [-1])
    for value in (np.nan, np.inf):
        dw = [np.full((1, 2), value), trace.dl_dw[1]]
        check = check_gradients(corner(), [1, 1], [-1], gradients=(dw, trace.dl_db))
        assert [row.verdict for row in check][:2] == ["differs", "differs"]


# One factor


def batch(samples=4, loss="half_squared_error", total="sum"):
    """Return a run of some samples through a 2-3-3-2 network."""
    rng = np.random.default_rng(1)
    network = Network.random([2, 3, 3, 2], "tanh", loss, total=total)
    return backprop(network, rng.normal(size=(samples, 2)), np.eye(2)[np.arange(samples) % 2])


def with_factors(trace, of_w, of_b=None):
    """Return the check of a run's gradients, each layer's times a factor, or all times the same."""
    layers = range(len(trace.z))
    of_w = [of_w] * len(layers) if np.isscalar(of_w) else of_w
    of_b = of_w if of_b is None else of_b
    dw = [trace.dL_dw[i] * of_w[i] for i in layers]
    db = [None if trace.dL_db[i] is None else trace.dL_db[i] * of_b[i] for i in layers]
    return check_gradients(trace.network, trace.x, trace.target, gradients=(dw, db))


@pytest.mark.parametrize(
    ("factor", "said", "chinese"),
    [
        (2.0, "All gradients are 2 × the central difference: is your loss without ½?", "你的損失是不是少了 ½？"),
        (0.25, "1/4 × the central difference: is your loss a mean over the 4 samples?", "4 個樣本的平均"),
        (0.125, "1/8 × the central difference: is your loss a mean over all 8 outputs?", "全部 8 個輸出的平均"),
        (0.5, "1/2 × the central difference: is your loss a mean of 4 squares?", "4 個平方的平均"),
        (-1.0, "All gradients are −1 × the central difference: is the sign of y − t flipped?", "y − t 的正負號"),
        (3.5, "All gradients are 3.5 × the central difference: one factor is missing", "少乘或多乘了一個因數"),
    ],
)
def test_one_factor_of_all_gradients_is_the_verdict(factor, said, chinese):
    check = with_factors(batch(), factor)
    assert check.factor == factor
    assert not check.passed
    assert len(check.summary("en")) == 2
    assert said in check.summary("en")[1]
    assert chinese in check.summary("zh-TW")[1]
    for shown in (str(check), check._repr_html_()):
        assert said in shown
        assert "is wrong" not in shown


@pytest.mark.parametrize(
    ("loss", "factor", "said"),
    [
        ("squared_error", 0.5, "is your loss ½ Σ (y − t)²? Here it is Σ (y − t)²."),
        ("squared_error", 0.25, "is your loss a mean over the 4 samples? Here it is their sum."),
        ("mean_squared_error", 2.0, "is your loss Σ (y − t)²? Here it is 1/K Σ (y − t)²."),
        ("mean_squared_error", 0.25, "is your loss a mean over the 4 samples? Here it is their sum."),
    ],
)
def test_the_gradients_of_another_squared_error_are_told_by_their_factor(loss, factor, said):
    assert with_factors(batch(loss=loss), factor).summary("en")[1].endswith(said)


@pytest.mark.parametrize(
    ("loss", "factor", "said", "chinese"),
    [
        (
            "half_squared_error",
            4.0,
            "is your loss the sum over the 4 samples? Here it is their mean.",
            "4 個樣本的總和",
        ),
        ("cross_entropy", 4.0, "is your loss the sum over the 4 samples? Here it is their mean.", "4 個樣本的總和"),
        ("half_squared_error", 2.0, "is your loss without ½?", "少了 ½"),
        ("mean_squared_error", 2.0, "is your loss Σ (y − t)²? Here it is 1/K Σ (y − t)².", "你的損失是不是 Σ (y − t)²"),
    ],
)
def test_of_a_mean_the_factors_are_those_of_a_sum(loss, factor, said, chinese):
    check = with_factors(batch(loss=loss, total="mean"), factor)
    assert check.factor == factor
    assert check.summary("en")[1].endswith(said)
    assert chinese in check.summary("zh-TW")[1]
    assert with_factors(batch(loss=loss, total="mean"), 1.0).passed


@pytest.mark.parametrize(
    ("loss", "total", "factor", "said"),
    [
        (
            "binary_cross_entropy",
            "mean",
            1 / 2,
            "1/2 × the central difference: is your loss a mean over all 2 outputs?",
        ),
        ("half_squared_error", "mean", 1 / 2, "is your loss a mean over all 2 outputs? Here it is their sum."),
        ("squared_error", "mean", 1 / 2, "is your loss ½ Σ (y − t)²? Here it is Σ (y − t)²."),
        (
            "half_squared_error",
            "mean",
            8.0,
            "is your loss Σ (y − t)², added up over the 4 samples? Here it is ½ Σ (y −",
        ),
        ("mean_squared_error", "sum", 1 / 2, "is your loss Σ (y − t)², as a mean over the 4 samples? Here it is 1/K Σ"),
    ],
)
def test_means_over_outputs_and_over_samples_are_told_together(loss, total, factor, said):
    assert said in with_factors(batch(loss=loss, total=total), factor).summary("en")[1]


def test_of_a_mean_a_single_layer_may_be_a_sum():
    check = with_factors(batch(total="mean"), [1.0, 4.0, 1.0])
    assert "are they sums over the 4 samples? Here they are means." in check.summary("en")[1]


@settings(max_examples=40, suppress_health_check=[HealthCheck.filter_too_much])
@given(runs(most_layers=3, most_units=3, most_samples=3), st.sampled_from([2.0, -1.0, "mean", 1.001, -0.3, 1e6, 1e-6]))
def test_whatever_the_network_one_factor_is_found_and_does_not_pass(trace, factor):
    factor = 1 / (trace.samples or 1) if factor == "mean" else factor
    assume(factor != 1)
    assume(all(row.verdict == "agrees" for row in with_factors(trace, 1.0)))  # at a corner many factors would do
    check = with_factors(trace, factor)
    wrong = [row for row in check if row.verdict == "differs"]
    assert check.factor == (pytest.approx(factor, rel=1e-5) if len(wrong) > 1 else None)
    telling = [row for row in check if abs(row.central) > 1e-6 and row.gradient]  # any factor of 0 is 0
    assert not telling or not check.passed


WITHOUT = Network([[[1, -2], [-1, 1]], [[2, -1]]], None, "sigmoid", "half_squared_error")


def test_of_a_network_without_biases_the_weights_alone_are_checked():
    trace = backprop(WITHOUT, [1, -1], [0])
    for own in (None, (trace.dl_dw, None), (trace.dl_dw, [None, None])):
        check = check_gradients(WITHOUT, [1, -1], [0], own)
        assert {row.quantity for row in check} == {"dl_dw"}
        assert check.passed
        assert len(check) == 6
    assert check.summary("en")[0].startswith("Each weight was moved a little to both sides, ")
    assert check.summary("zh-TW")[0].startswith("把每個權重往兩邊各移動一點點，")


def test_gradients_of_biases_that_there_are_not_are_refused():
    trace = backprop(WITHOUT, [1, -1], [0])
    message = "dL_db[0] is a list, but its layer has no biases; give None in its place."
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        check_gradients(WITHOUT, [1, -1], [0], (trace.dl_dw, [[0, 0], None]))
    with pytest.raises(TypeError, match=r"^dL_db is a NoneType; give a list with one array for each layer"):
        check_gradients(*LECTURE, (lecture().dl_dw, None))


def test_right_gradients_have_no_factor():
    check = with_factors(batch(), 1.0)
    assert check.factor is None
    assert check.factors == ()


def test_a_mean_of_cross_entropies_is_one_over_samples_too_and_2_has_no_name_there():
    trace = batch(loss="cross_entropy")
    assert "a mean over the 4 samples" in str(with_factors(trace, 0.25))
    check = with_factors(trace, 2.0)
    assert check.factor == 2
    assert "one factor is missing" in str(check)


def test_a_layer_that_is_off_by_a_factor_is_named_and_the_others_agree():
    check = with_factors(batch(), [1, -1, 1])
    assert check.factor is None
    assert check.summary("en")[1:] == [
        "All gradients of layer 2 are −1 × the central difference: is a sign flipped there?"
    ]
    assert "第 2 層的所有梯度都是中央差分的 −1 倍" in check.summary("zh-TW")[1]


def test_layers_with_the_same_factor_share_a_sentence():
    assert with_factors(batch(), [3, -1, 3]).summary("en")[1:] == [
        "All gradients of layers 1 and 3 are 3 × the central difference: "
        "one factor is missing, or there is one too many.",
        "All gradients of layer 2 are −1 × the central difference: is a sign flipped there?",
    ]


def test_the_mean_of_the_biases_alone_is_found():
    means = "are 1/4 × the central difference: are they means over the 4 samples? Here they are sums."
    ones = [1, 1, 1]
    assert with_factors(batch(), ones, [0.25] * 3).summary("en")[1:] == [f"All ∂L/∂b {means}"]
    assert with_factors(batch(), ones, [1, 0.25, 1]).summary("en")[1:] == [f"All ∂L/∂b of layer 2 {means}"]
    assert "∂L/∂b 全部都是中央差分的 1/4 倍" in with_factors(batch(), ones, [0.25] * 3).summary("zh-TW")[1]


@pytest.mark.parametrize("factor", [2.0, -1.0, 0.5])
def test_a_single_wrong_gradient_has_no_factor(factor):
    def change(dw, db):
        dw[1][0, 1] *= factor

    check = of_lecture(change)
    assert (check.factor, check.factors) == (None, ())
    assert "∂l/∂w₉ is wrong" in str(check)


def test_two_gradients_off_by_different_factors_have_none():
    def change(dw, db):
        dw[1] *= [[2, 2], [2, 3]]
        db[1] *= [2, 3]

    check = of_lecture(change)
    assert check.factors == ()
    assert str(check).count("is wrong.") == 3
    assert "3 more gradients are wrong." in str(check)
    assert "還有 3 個梯度算錯了。" in check.summary("zh-TW")


def test_a_gradient_of_zero_contradicts_no_factor_and_alone_makes_none():
    network = Network([[[1.0, 1.0]], [[0.5]]], [[0.0], [0.0]], ["tanh", "identity"], "half_squared_error")
    trace = backprop(network, [1, 0], [0])
    assert trace.dl_dw[0][0, 1] == 0
    assert with_factors(trace, 2).factor == 2
    zeros = [np.zeros_like(w) for w in trace.dl_dw], [np.zeros_like(b) for b in trace.dl_db]
    check = check_gradients(network, trace.x, trace.target, gradients=zeros)
    assert check.factor is None
    assert not check.passed


def test_a_corner_does_not_hide_a_factor():
    trace = backprop(corner(), [1, 1], [-3])
    check = with_factors(trace, 2)
    assert {row.verdict for row in check_gradients(corner(), [1, 1], [-3])} == {"kink", "agrees"}
    assert check.factor in (2, None)
    assert (check.factor == 2) == (sum(row.verdict == "differs" for row in check) > 1)


# Precision


def float32_pass(network, x, target):
    """Return ∂L/∂w and ∂L/∂b of a tanh network, computed in float32 as a framework does, with σ′ from a."""
    W, B = ([array.astype(np.float32) for array in arrays] for arrays in (network.weights, network.biases))
    a, target = [x.astype(np.float32)], target.astype(np.float32)
    for w, b in zip(W, B, strict=True):
        a.append(np.tanh(a[-1] @ w.T + b) if len(a) < len(W) else a[-1] @ w.T + b)
    dz = a[-1] - target
    dw, db = [], []
    for i in reversed(range(len(W))):
        dw.insert(0, dz.T @ a[i])
        db.insert(0, dz.sum(axis=0))
        dz = (dz @ W[i]) * (1 - a[i] ** 2)
    return dw, db


def as_float32(rng, *shape):
    """Return numbers that float32 holds exactly."""
    return rng.normal(size=shape).astype(np.float32).astype(np.float64)


def random_batch(seed, output="identity", loss="half_squared_error", hidden="tanh"):
    """Return a network with the numbers of float32, and 8 samples of inputs of very different size."""
    rng = np.random.default_rng(seed)
    sizes = [3, *rng.integers(1, 6, rng.integers(0, 4)).tolist(), 2]
    weights = [as_float32(rng, n, m) for m, n in pairwise(sizes)]
    biases = [as_float32(rng, n) for n in sizes[1:]]
    network = Network(weights, biases, [*[hidden] * (len(sizes) - 2), output], loss)
    x = as_float32(rng, 8, 3) * [1, 4, 1 / 64]
    return network, x, np.eye(2)[rng.integers(2, size=8)]


@pytest.mark.parametrize("seed", range(60))
def test_right_gradients_computed_in_float32_pass(seed):
    network, x, target = random_batch(seed)
    dw, db = float32_pass(network, x, target)
    assert {array.dtype for array in (*dw, *db)} == {np.dtype(np.float32)}
    check = check_gradients(network, x, target, gradients=(dw, db))
    assert check.passed, str(check)
    wrong = with_one(dw, -1, lambda w: w * np.float32(1.01))
    assert not check_gradients(network, x, target, gradients=(wrong, db)).passed


def with_one(arrays, i, change):
    """Return arrays, the largest number of one of them changed."""
    arrays = [np.array(array) for array in arrays]
    place = np.unravel_index(np.abs(arrays[i]).argmax(), arrays[i].shape)
    arrays[i][place] = change(arrays[i][place])
    return arrays


OVER = {"half_squared_error": 2, "squared_error": 1, "mean_squared_error": 2}  # of two outputs


def by_torch(torch, network, x, target):
    """Return the gradients that PyTorch finds in float32, as tensors."""
    W, B = (
        [torch.tensor(array, dtype=torch.float32, requires_grad=True) for array in arrays]
        for arrays in (network.weights, network.biases)
    )
    a, t = (torch.tensor(array, dtype=torch.float32) for array in (x, target))
    for w, b, name in zip(W, B, network.activations, strict=True):
        z = torch.nn.functional.linear(a, w, b)
        a = z if name in ("identity", "softmax") else getattr(torch, name)(z)
    if network.loss == "cross_entropy":
        torch.nn.functional.cross_entropy(z, t, reduction="sum").backward()
    else:
        torch.nn.functional.mse_loss(a, t, reduction="sum").div(OVER[network.loss]).backward()
    return [w.grad for w in W], [b.grad for b in B]


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", "relu"])
@pytest.mark.parametrize(("output", "loss"), [*(("identity", it) for it in OVER), ("softmax", "cross_entropy")])
def test_right_gradients_of_pytorch_pass_whatever_the_batch(output, loss, hidden):
    torch = torch_or_skip()
    for seed in range(40):
        network, x, target = random_batch(seed, output, loss, hidden)
        check = check_gradients(network, x, target, gradients=by_torch(torch, network, x, target))
        assert check.passed, str(check)


def test_the_same_numbers_pass_as_float32_and_not_as_float64_where_that_makes_a_difference():
    heeded = 0
    for seed in range(40):
        network, x, target = random_batch(seed)
        own = float32_pass(network, x, target)
        check = check_gradients(network, x, target, gradients=own)
        exact = [[array.astype(np.float64) for array in arrays] for arrays in own]
        assert check_gradients(network, x, target, gradients=exact).passed == (check.rounded == ())
        heeded += check.rounded == ("float32",)
    assert 0 < heeded < 40


def test_tensors_that_require_their_gradient_are_taken():
    torch = torch_or_skip()
    trace = lecture()
    dw, db = ([torch.tensor(array, requires_grad=True) for array in arrays] for arrays in (trace.dl_dw, trace.dl_db))
    assert check_gradients(*LECTURE, gradients=(dw, db)).passed


def test_float16_is_heeded_and_said():
    trace = lecture()
    dw, db = ([array.astype(np.float16) for array in arrays] for arrays in (trace.dl_dw, trace.dl_db))
    check = check_gradients(*LECTURE, gradients=(dw, db))
    assert check.passed
    assert "Your gradients are float16: a difference that such rounding explains counts as agreement." in str(check)
    assert "你的梯度是 float16" in check.summary("zh-TW")[-1]
    assert not check_gradients(*LECTURE, gradients=([w * np.float16(1.1) for w in dw], db)).passed


def to_digits(arrays, digits):
    """Return numbers rounded to significant digits, as they are shown."""
    return [np.array([float(f"{v:.{digits - 1}e}") for v in array.ravel()]).reshape(array.shape) for array in arrays]


@pytest.mark.parametrize(
    "rounded",
    [lambda arrays: [np.round(array, 4) for array in arrays], lambda arrays: to_digits(arrays, 4)],
    ids=["decimals", "digits"],
)
def test_numbers_typed_with_four_digits_agree_within_the_last_of_them(rounded):
    trace = lecture()
    dw, db = rounded(trace.dl_dw), rounded(trace.dl_db)
    check = check_gradients(*LECTURE, gradients=(dw, db))
    assert check.passed, str(check)
    assert check.rounded == ("typed",)
    assert "half a unit of the last digit counts as agreement" in check.summary("en")[-1]
    off = with_one(dw, 2, lambda w: w + 0.0002)
    assert not check_gradients(*LECTURE, gradients=(off, db)).passed


def test_what_is_not_finite_does_not_spoil_the_typed_numbers_beside_it():
    trace = lecture()
    dw, db = ([np.round(array, 4) for array in arrays] for arrays in (trace.dl_dw, trace.dl_db))
    for value in (np.nan, np.inf):
        own = with_one(dw, 0, lambda w, value=value: value)
        check = check_gradients(*LECTURE, gradients=(own, db))
        assert [row.layer for row in check if row.verdict == "differs"] == [1]


def test_a_layer_is_as_precise_as_the_coarser_of_its_weights_and_biases():
    network, x, target = random_batch(1)
    dw, db = float32_pass(network, x, target)
    assert check_gradients(network, x, target, gradients=(dw, [b.astype(np.float64) for b in db])).passed


def test_numbers_with_few_digits_of_a_layer_do_not_excuse_another():
    trace = lecture()
    dw = [np.round(trace.dl_dw[0], 4), trace.dl_dw[1] * 1.0005, trace.dl_dw[2]]
    check = check_gradients(*LECTURE, gradients=(dw, [np.round(trace.dl_db[0], 4), *trace.dl_db[1:]]))
    assert {row.layer for row in check if row.verdict == "differs"} == {2}


@pytest.mark.parametrize("value", [0.0, 1.0, 0.5, 0.05, 0.01])
def test_short_numbers_excuse_nothing(value):
    check = check_gradients(*LECTURE, gradients=([np.full((2, 2), value)] * 3, [np.full(2, value)] * 3))
    assert not any(row.verdict == "agrees" for row in check)


@pytest.mark.parametrize("by", [1.1, 0.9, 1.001, -1.0])
def test_a_small_gradient_beside_large_ones_is_still_found_in_float64(by):
    network = Network([[[0.3, 0.2]], [[0.5]]], [[0.1], [0.0]], "identity", "half_squared_error")
    trace = backprop(network, [1e-6, 1000.0], [3.0])
    dw = [trace.dl_dw[0] * [[by, 1]], trace.dl_dw[1]]
    check = check_gradients(network, trace.x, trace.target, gradients=(dw, trace.dl_db))
    assert [row[:4] for row in check if row.verdict == "differs"] == [("dl_dw", 1, 0, 0)]


# Wrong ones are found


@pytest.mark.parametrize("loss", ["half_squared_error", "cross_entropy"])
def test_one_wrong_number_of_a_thousandth_is_found_wherever_it_is(loss):
    trace = batch(loss=loss)
    for place in (0, 1):
        for layer in range(3):
            own = [trace.dL_dw, trace.dL_db]
            own[place] = with_one(own[place], layer, lambda v: v * 1.001)
            check = check_gradients(trace.network, trace.x, trace.target, gradients=own)
            assert [row.layer for row in check if row.verdict == "differs"] == [layer + 1]


def test_a_transposed_square_is_found():
    trace = batch()
    dw = [trace.dL_dw[0], trace.dL_dw[1].T, trace.dL_dw[2]]
    check = check_gradients(trace.network, trace.x, trace.target, gradients=(dw, trace.dL_db))
    assert {row[:2] for row in check if row.verdict == "differs"} == {("dL_dw", 2)}
    assert check.factors == ()


def every_mistake(trace):
    """Return by mistake the gradients that come out, with the values as they are where it cannot be made."""
    made = {}
    for event in trace:
        if event.quantity in (("dL_dw", "dL_db") if trace.samples else ("dl_dw", "dl_db")):
            for mistake in mistakes(event):
                right = tuple([it if it is None else it.copy() for it in of] for of in (trace.dL_dw, trace.dL_db))
                dw, db = made.setdefault(mistake.name, right)
                if event.source is None:
                    db[event.layer - 1][event.unit] = mistake.value
                else:
                    dw[event.layer - 1][event.unit, event.source] = mistake.value
    return made


@settings(max_examples=60)
@given(runs(most_layers=3, most_units=3, most_samples=3))
def test_no_known_mistake_passes(trace):
    right = check_gradients(trace.network, trace.x, trace.target)
    for name, own in every_mistake(trace).items():
        check = check_gradients(trace.network, trace.x, trace.target, gradients=own)
        changed = any(
            abs(row.gradient - it.gradient) > 1e-3 * abs(row.gradient) + 1e-6
            for row, it in zip(check, right, strict=True)
            if it.verdict != "kink"
        )
        assert not changed or not check.passed, name


# Numbers of any size


@st.composite
def wild_runs(draw):
    """Make networks and samples with numbers from 10⁻¹² to 10¹²: saturated, huge, or 0."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    loss = draw(st.sampled_from(list(OUTPUTS)))
    number = st.builds(lambda m, e: m * 10.0**e, st.floats(-10, 10), st.integers(-12, 12)) | st.just(0.0)
    weights = [draw(arrays(float, (n, m), elements=number)) for m, n in pairwise(sizes)]
    hidden = [draw(st.sampled_from(ELEMENTWISE)) for _ in sizes[2:]]
    output = draw(st.sampled_from(OUTPUTS[loss]))
    network = Network(weights, [draw(arrays(float, n, elements=number)) for n in sizes[1:]], [*hidden, output], loss)
    samples = draw(st.integers(1, 3))
    x = draw(arrays(float, (samples, sizes[0]), elements=number))
    return network, x, draw(arrays(float, (samples, sizes[-1]), elements=st.sampled_from([0.0, 0.5, 1.0])))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(wild_runs())
def test_numbers_of_any_size_agree_or_are_refused(run):
    try:
        check = check_gradients(*run)
    except OverflowError:  # as documented, where the numbers grow beyond what a float can hold
        return
    assert check.passed, str(check)
    assert np.isfinite(check.largest_error)
    assert all(np.isfinite((row.gradient, row.central, row.relative_error)).all() for row in check)


def test_a_tiny_bias_alone_in_its_sum_does_not_make_the_check_blind():
    network = Network([[[0.0, 0.0]]], [[1.19e-7]], "sigmoid", "half_squared_error")
    trace = backprop(network, [0, 0], [0])
    check = check_gradients(network, [0, 0], [0], gradients=(trace.dl_dw, [trace.dl_db[0] * 1.001]))
    assert not check.passed


def test_tiny_inputs_of_relu_do_not_make_a_corner_of_everything():
    network = Network([[[1.0, 2.0]], [[1.0]]], [[0.0], [0.0]], ["relu", "identity"], "half_squared_error")
    trace = backprop(network, [1e-7, 2e-7], [1])
    assert {row.verdict for row in check_gradients(network, trace.x, trace.target)} == {"agrees"}
    check = check_gradients(network, trace.x, trace.target, gradients=([w * 1.1 for w in trace.dl_dw], trace.dl_db))
    assert [row.verdict for row in check if row.source is not None] == ["differs"] * 3


def test_a_loss_that_overflows_beside_the_weight_is_refused():
    network = Network([[[0.0]], [[1e200]]], [[0.0], [0.0]], "identity", "half_squared_error")
    with pytest.raises(OverflowError, match="around a weight of layer 1 the loss is larger than a float can hold"):
        check_gradients(network, [1], [0])


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1e3, 1e9])
def test_a_wrong_gradient_is_found_whatever_the_unit_of_the_inputs(scale):
    network = Network.random([2, 3, 1], "identity")
    trace = backprop(network, [scale, -2 * scale], [1])
    assert check_gradients(network, trace.x, trace.target).passed
    dw = with_one(trace.dl_dw, 0, lambda w: w * 1.1)
    check = check_gradients(network, trace.x, trace.target, gradients=(dw, trace.dl_db))
    assert len([row for row in check if row.verdict == "differs"]) == 1


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("activation", ["leaky_relu", "tanh"])
def test_a_wrong_gradient_is_found_at_the_bottom_of_a_deep_network(activation, dtype):
    network = Network.random([2, *[6] * 40, 1], activation, seed=2)
    trace = backprop(network, [[1, -1], [-2, 3]], [[1], [0]])
    own = [[array.astype(dtype) for array in arrays] for arrays in (trace.dL_dw, trace.dL_db)]
    assert check_gradients(network, trace.x, trace.target, gradients=own).passed
    wrong = with_one(own[0], 20, lambda w: w * dtype(1.1))
    check = check_gradients(network, trace.x, trace.target, gradients=(wrong, own[1]))
    assert [row.layer for row in check if row.verdict == "differs"] == [21]


@pytest.mark.parametrize("z", [10.0, 30.0, 100.0, 1000.0])
@pytest.mark.parametrize(("output", "loss"), [("sigmoid", "half_squared_error"), ("sigmoid", "binary_cross_entropy")])
def test_a_saturated_output_agrees(z, output, loss):
    network = Network([[[z]]], [[0.0]], output, loss)
    for target in (0, 1):
        assert check_gradients(network, [1], [target]).passed


# What is said


def test_in_a_list_it_is_a_line():
    assert repr(check_gradients(*LECTURE)) == "GradientCheck(2-2-2-2, 18 of 18 gradients agree, passed)"

    def change(dw, db):
        dw[0][0, 0] = 1

    assert repr(of_lecture(change)) == "GradientCheck(2-2-2-2, 17 of 18 gradients agree, not passed)"


def test_it_is_public():
    assert isinstance(check_gradients(*LECTURE), bppviz.GradientCheck)


def test_a_few_wrong_ones_are_named_and_of_many_three():
    def four(dw, db):
        dw[1] += 1

    def five(dw, db):
        four(dw, db)
        db[1][0] += 2

    assert str(of_lecture(four)).count("is wrong.") == 4
    assert "more" not in str(of_lecture(four))
    assert str(of_lecture(five)).count("is wrong.") == 3
    assert "2 more gradients are wrong." in str(of_lecture(five))


def test_many_corners_are_told_in_a_few_sentences():
    network = Network(
        [np.zeros((6, 2)), np.ones((1, 6))], [np.zeros(6), [0]], ["relu", "identity"], "half_squared_error"
    )
    check = check_gradients(network, [1, 1], [1])
    corners = sum(row.verdict == "kink" for row in check)
    assert corners == 18
    assert str(check).count("ReLU has a corner") == 3
    assert "15 more are at a corner of ReLU." in str(check)
    assert words("zh-TW")("check.more_corners", count=15) in check.summary("zh-TW")


# What would take too long


def test_a_check_that_would_take_minutes_is_refused_at_the_door():
    network = Network.random([784, 128, 64, 10], loss="cross_entropy")
    x, target = np.ones((1000, 784)), np.eye(10)[np.arange(1000) % 10]
    with pytest.raises(ValueError, match="checking a 784-128-64-10 network with 1000 samples takes") as raised:
        check_gradients(network, x, target)
    assert f"the limit is {MOST_EFFORT:.0e}, about half a minute" in str(raised.value)
    assert "Give fewer samples, or check the same code with smaller layers." in str(raised.value)


def test_a_network_of_a_lesson_is_far_from_the_limit():
    trace = batch(samples=200)
    assert check_gradients(trace.network, trace.x, trace.target).passed


def test_a_printed_check_writes_numbers_as_everything_else_does():
    check = check_gradients(Network.lecture(), [1, -1], [1, 0])
    line = next(line for line in str(check).splitlines() if "∂l/∂w₁ " in line)
    assert line.split()[1:3] == ["−0.00356516", "−0.00356516"]
    assert not re.search(r"(?<!\w)-|e-", str(check))
    assert not re.search(r"(?<!\w)-|e-", check._repr_html_())


# Beside the gradients that PyTorch left in a model


def after_backward(loss, samples, dtype="float32", steps=1):
    """Return a model that holds the gradients of some samples with targets of 0 and 1."""
    torch = torch_or_skip()
    torch.manual_seed(1)
    nn, dtype = torch.nn, getattr(torch, dtype)
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2, bias=False), nn.LogSoftmax(1)).to(dtype)
    for _ in range(steps):
        loss(nn)(model(torch.tensor(samples, dtype=dtype)), torch.tensor([0, 1])).backward()
    return model


TWO = [[1.0, -1.0], [0.5, 2.0]]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_gradients_that_pytorch_left_in_the_model_stand_beside_ours(dtype):
    model = after_backward(lambda nn: nn.NLLLoss(reduction="sum"), TWO, dtype)
    check = check_gradients(model, TWO, [0, 1])
    assert check.passed
    assert (check.left.factors, check.left.dtype) == ((), dtype)
    assert all(check.left.same)
    for row, value in zip(check, check.left.values, strict=True):
        held = model[0 if row.layer == 1 else 2]
        if row.source is None:
            assert value == (None if row.layer == 2 else held.bias.grad[row.unit].item())
        else:
            assert value == held.weight.grad[row.unit, row.source].item()
    lines = str(check).splitlines()
    assert lines[0].split()[:3] == ["backward", "PyTorch", "central"]
    assert lines[1].count("✓") == 2
    said = f"All 15 gradients that loss.backward() left in the model are the same, as closely as {dtype} can tell."
    assert lines[-1] == said
    assert "<th>PyTorch</th>" in check._repr_html_()
    assert f"15 個梯度全部相同（以 {dtype} 的精度來看）。" in str(check_gradients(model, TWO, [0, 1], lang="zh-TW"))


THREE = [*TWO, [-1.0, 0.25]]
TARGETS = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
MEAN_OF_3 = "is your loss a mean over the 3 samples? Here it is their sum."


def squares(nn, y, t):
    return ((y - t) ** 2).sum()


def of_another_loss():
    """Return our loss and total, PyTorch's of three samples with two outputs, the factor, and what is said of it."""
    own, half = "squared_error", "half_squared_error"
    return [
        (half, "sum", lambda nn: nn.MSELoss(reduction="sum"), "2", "is your loss without ½?"),
        (half, "sum", lambda nn: lambda y, t: squares(nn, y, t) / 6, "1/3", MEAN_OF_3),
        (half, "sum", lambda nn: nn.MSELoss(), "1/3", "is your loss a mean of 6 squares? Here it is half their sum."),
        (half, "mean", lambda nn: nn.MSELoss(reduction="sum"), "6", "added up over the 3 samples? Here it is ½ Σ (y −"),
        (half, "mean", lambda nn: lambda y, t: squares(nn, y, t) / 3, "2", "is your loss without ½?"),
        (
            own,
            "sum",
            lambda nn: lambda y, t: squares(nn, y, t) / 2,
            "0.5",
            "is your loss ½ Σ (y − t)²? Here it is Σ (y",
        ),
        (own, "sum", lambda nn: nn.MSELoss(), "1/6", "a mean over all 6 outputs? Here it is their sum."),
        (
            own,
            "mean",
            lambda nn: nn.MSELoss(reduction="sum"),
            "3",
            "is your loss the sum over the 3 samples? Here it is",
        ),
        (own, "mean", lambda nn: nn.MSELoss(), "0.5", "is your loss 1/K Σ (y − t)²? Here it is Σ (y − t)²."),
        (
            "binary_cross_entropy",
            "mean",
            lambda nn: nn.BCEWithLogitsLoss(),
            "1/2",
            "a mean over all 2 outputs? Here it",
        ),
        ("binary_cross_entropy", "sum", lambda nn: nn.BCEWithLogitsLoss(), "1/6", "a mean over all 6 outputs? Here it"),
        (own, "sum", lambda nn: lambda y, t: -squares(nn, y, t), "−1", "is the sign of y − t flipped?"),
        (
            own,
            "sum",
            lambda nn: lambda y, t: 0.7 * squares(nn, y, t),
            "0.7",
            "one factor is missing, or there is one too",
        ),
    ]


@pytest.mark.parametrize("case", range(13))
def test_gradients_of_another_loss_are_told_by_their_factor(case):
    torch = torch_or_skip()
    loss, total, theirs, factor, said = of_another_loss()[case]
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 2))
    theirs(torch.nn)(model(torch.tensor(THREE)), torch.tensor(TARGETS)).backward()
    check = check_gradients(Network.from_torch(model, loss, total), THREE, TARGETS, model)
    assert all(check.left.same)
    told = [it for it in check.summary("en") if it.startswith("As closely as float32 can tell, all 17 gradients that ")]
    assert any(f"left in the model are {factor} × those here: " in it and said in it for it in told), told
    assert any(f"留在模型裡的 17 個梯度都是這裡的 {factor} 倍" in it for it in check.summary("zh-TW"))
    assert check.passed


def test_of_as_many_samples_as_outputs_both_means_are_asked_for():
    torch = torch_or_skip()
    model = torch.nn.Linear(2, 2)
    (squares(torch.nn, model(torch.tensor(TWO)), torch.tensor(TARGETS[:2])) / 2).backward()
    said = check_gradients(Network.from_torch(model, "squared_error"), TWO, TARGETS[:2], model).summary("en")
    for question in ("a mean over the 2 samples?", "is your loss ½ Σ (y − t)²?", "is your loss 1/K Σ (y − t)²?"):
        assert any(question in it for it in said), said


def test_gradients_of_a_mean_over_the_samples_are_recognised_as_such():
    model = after_backward(lambda nn: nn.NLLLoss(), TWO)
    check = check_gradients(Network.from_torch(model), TWO, [0, 1], model)
    assert [(it.value, it.cause) for it in check.left.factors] == [(0.5, "mean")]
    mean = check_gradients(Network.from_torch(model, torch_or_skip().nn.NLLLoss()), TWO, [0, 1], model)
    assert (mean.left.factors, all(mean.left.same)) == ((), True)


@pytest.mark.parametrize("steps", [2, 3])
def test_gradients_that_were_added_up_again_are_told_with_how_often(steps):
    model = after_backward(lambda nn: nn.NLLLoss(reduction="sum"), TWO, steps=steps)
    check = check_gradients(model, TWO, [0, 1])
    assert [(it.value, it.cause) for it in check.left.factors] == [(steps, "other")]
    said = f"Or was loss.backward() called {steps} times, without model.zero_grad() in between?"
    assert check.summary("en")[-1] == said
    assert f"loss.backward() 呼叫了 {steps} 次" in check.summary("zh-TW")[-1]


@pytest.mark.parametrize("of", [[0, 0], [1, 0]])
def test_gradients_of_other_targets_differ_and_it_is_asked_why(of):
    model = after_backward(lambda nn: nn.NLLLoss(reduction="sum"), TWO)
    check = check_gradients(model, TWO, of)
    assert check.left.factors == ()
    assert "✗" in str(check).splitlines()[1]
    assert check.summary("en")[-1].startswith("0 of 15 gradients that loss.backward() left in the model are the same")
    assert "Was it called once after model.zero_grad()" in check.summary("en")[-1]


@pytest.mark.filterwarnings("ignore:Dropout is passed over")
def test_of_a_model_in_train_mode_a_dropout_is_named():
    torch = torch_or_skip()
    nn = torch.nn
    torch.manual_seed(1)
    model = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Dropout(0.5), nn.Linear(6, 2), nn.LogSoftmax(1))
    nn.NLLLoss(reduction="sum")(model(torch.tensor(TWO)), torch.tensor([0, 1])).backward()
    said = "The model is in train mode, in which Dropout drops numbers at random: call model.eval() before the forward"
    assert said in check_gradients(model, TWO, [0, 1]).summary("en")[-1]
    model.zero_grad()
    nn.NLLLoss(reduction="sum")(model.eval()(torch.tensor(TWO)), torch.tensor([0, 1])).backward()
    assert all(check_gradients(model, TWO, [0, 1]).left.same)


def test_a_single_wrong_gradient_in_a_model_is_found():
    model = after_backward(lambda nn: nn.NLLLoss(reduction="sum"), TWO)
    model[0].weight.grad[1, 0] *= 1.001
    check = check_gradients(model, TWO, [0, 1])
    assert [row.place[1:] for row, same in zip(check, check.left.same, strict=True) if not same] == [(1, 1, 0)]


def test_a_model_that_holds_no_gradients_has_no_column_and_is_refused_in_their_place():
    nn = torch_or_skip().nn
    model = nn.Sequential(nn.Linear(2, 2), nn.LogSoftmax(1))
    assert check_gradients(model, [1, -1], 0).left is None
    with pytest.raises(ValueError, match=r"the model given as gradients holds none yet; call loss\.backward"):
        check_gradients(Network.from_torch(model), [1, -1], 0, model)


@pytest.mark.filterwarnings("ignore:.* computes its weight from other numbers")
def test_weights_that_are_computed_hold_no_gradients():
    torch = torch_or_skip()
    model = torch.nn.Sequential(
        torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(2, 2)), torch.nn.LogSoftmax(1)
    )
    torch.nn.NLLLoss()(model(torch.tensor([[1.0, -1.0]])), torch.tensor([0])).backward()
    check = check_gradients(model, [1, -1], 0)
    assert check.passed
    assert check.left is None


def test_the_gradients_of_another_model_are_refused():
    model = after_backward(lambda nn: nn.NLLLoss(), TWO)
    with pytest.raises(ValueError, match="dL_dw has length 2, but the network has 3 layers"):
        check_gradients(*LECTURE, model)


@pytest.mark.parametrize("samples", [150, 600])
@pytest.mark.parametrize("loss", ["MSELoss", "CrossEntropyLoss"])
def test_the_gradients_of_many_samples_in_float32_are_the_same_and_a_thousandth_more_is_not(samples, loss):
    torch = torch_or_skip()
    for seed in range(5):
        torch.manual_seed(seed)
        x, classes = torch.randn(samples, 4), torch.randint(0, 3, (samples,))
        target = classes if loss == "CrossEntropyLoss" else torch.randn(samples, 3)
        model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Tanh(), torch.nn.Linear(3, 3))
        criterion = getattr(torch.nn, loss)()
        criterion(model(x), target).backward()
        network = Network.from_torch(model, loss=criterion)
        assert all(check_gradients(network, x, target, model).left.same)
        model[2].weight.grad *= 1.01
        assert sum(check_gradients(network, x, target, model).left.same) == 12 + 3 + 3


def test_a_layer_that_does_not_learn_holds_no_gradients_and_the_others_are_compared():
    torch = torch_or_skip()
    model = after_backward(lambda nn: nn.NLLLoss(reduction="sum"), TWO, "float64")
    first = next(it for it in model if isinstance(it, torch.nn.Linear))
    first.weight.grad = first.bias.grad = None
    left = check_gradients(model, TWO, [0, 1]).left
    count = first.weight.numel() + first.bias.numel()
    assert left.values[:count] == (None,) * count
    assert None not in left.values[count : count + 3]
    assert all(left.same)
