"""Mistakes made on purpose are recognised: as what they are, or as one of several that come to the same."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, currently_in_test_context, given, settings
from hypothesis import strategies as st
from networks import lecture, lecture_of_two, runs, traces

from bppviz import Network, backprop
from bppviz.practice import replies
from bppviz.practice.diagnosis import RIGHT_WITHIN, diagnosed, is_close, mistakes
from bppviz.practice.quiz import Verdict
from bppviz.words.catalogue import LANGUAGES, words

RATE = 0.5
LECTURE = lecture()


# The mistakes, each made here from the arrays of a run alone


def hidden(trace, draw):
    """Choose a hidden neuron whose activation is elementwise, as the next layer is; return its layer and unit."""
    layers = [layer for layer in range(1, len(trace.z)) if trace.elementwise(layer)]
    assume(layers)
    layer = draw(st.sampled_from(layers))
    return layer, draw(st.integers(0, len(trace.z[layer - 1]) - 1))


def need(condition):
    """Let hypothesis look for another example where a mistake cannot be made."""
    if currently_in_test_context():
        assume(condition)


def following(trace, layer, unit):
    """Return the weights out of a neuron and the ∂l/∂z at their ends."""
    return trace.network.weights[layer][:, unit], trace.dl_dz[layer]


def gain(trace, layer, unit):
    return trace.dsigma[layer - 1][unit]


def took_sigma(trace, layer, unit, draw):
    return trace.a[layer - 1][unit] * trace.dl_da[layer - 1][unit]


def forgot_the_gain(trace, layer, unit, draw):
    return trace.dl_da[layer - 1][unit]


def missed_a_path(trace, layer, unit, draw):
    w, g = following(trace, layer, unit)
    need(len(w) > 1)
    missed = draw(st.integers(0, len(w) - 1))
    return gain(trace, layer, unit) * (np.delete(w, missed) @ np.delete(g, missed))


def turned_the_sign(trace, layer, unit, draw):
    return -trace.dl_dz[layer - 1][unit]


def transposed_the_weights(trace, layer, unit, draw):
    W = trace.network.weights[layer]
    need(W.shape[0] == W.shape[1] > 1)
    return gain(trace, layer, unit) * (W[unit] @ trace.dl_dz[layer])


def added_up_what_goes_entry_by_entry(trace, layer, unit, draw):
    need(len(trace.z[layer - 1]) > 1)
    return trace.dsigma[layer - 1] @ trace.dl_da[layer - 1]


def took_a_neighbouring_weight(trace, layer, unit, draw):
    W, g = trace.network.weights[layer], trace.dl_dz[layer]
    need(W.shape[1] > 1)
    w, row = W[:, unit].copy(), draw(st.integers(0, len(g) - 1))
    w[row] = W[row, unit + 1 if unit + 1 < W.shape[1] else unit - 1]
    return gain(trace, layer, unit) * (w @ g)


def took_the_neighbours_weights(trace, layer, unit, draw):
    W = trace.network.weights[layer]
    need(W.shape[1] > 1)
    return gain(trace, layer, unit) * (W[:, unit + 1 if unit + 1 < W.shape[1] else unit - 1] @ trace.dl_dz[layer])


def took_updated_weights(trace, layer, unit, draw):
    new = trace.network.weights[layer] - RATE * trace.dl_dw[layer]
    return gain(trace, layer, unit) * (new[:, unit] @ trace.dl_dz[layer])


IN_A_NEURON = {
    took_sigma: "sigma",
    forgot_the_gain: "gain_forgotten",
    missed_a_path: "path_missing",
    turned_the_sign: "sign",
    transposed_the_weights: "transposed",
    added_up_what_goes_entry_by_entry: "entries_summed",
    took_a_neighbouring_weight: "neighbour",
    took_the_neighbours_weights: "neighbour",
    took_updated_weights: "updated",
}


# Few networks have what a mistake needs, so that many are thrown away.
HARD_TO_FIND = settings(max_examples=50, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def assert_recognised(trace, step, wrong, name):
    """A wrong answer is named for what it is; where it is within the tolerance of the right one, it is right."""
    diagnosis = diagnosed(trace[step], wrong, rate=RATE)
    if is_close(wrong, trace[step].value):
        assert diagnosis.is_right
        return
    names = {mistake.name for mistake in diagnosis.mistakes}
    assert not diagnosis.is_right
    assert name in names, (name, names)
    assert all(is_close(wrong, mistake.value) for mistake in diagnosis.mistakes)


@HARD_TO_FIND
@pytest.mark.parametrize("made", IN_A_NEURON, ids=lambda made: made.__name__)
@given(data=st.data(), trace=traces(most_layers=3, most_units=3))
def test_a_mistake_in_dl_dz_is_recognised(made, trace, data):
    layer, unit = hidden(trace, data.draw)
    wrong = float(made(trace, layer, unit, data.draw))
    assert_recognised(trace, trace.step_of("dl_dz", layer, unit), wrong, IN_A_NEURON[made])


@HARD_TO_FIND
@pytest.mark.parametrize("made", IN_A_NEURON, ids=lambda made: made.__name__)
@given(data=st.data(), trace=traces(most_layers=3, most_units=3))
def test_it_is_recognised_in_dl_dw_too(made, trace, data):
    layer, unit = hidden(trace, data.draw)
    entering = trace.x if layer == 1 else trace.a[layer - 2]
    source = data.draw(st.integers(0, len(entering) - 1))
    wrong = float(entering[source] * made(trace, layer, unit, data.draw))
    assert_recognised(trace, trace.step_of("dl_dw", layer, unit, source), wrong, IN_A_NEURON[made])


@HARD_TO_FIND
@given(data=st.data(), trace=traces(most_layers=4, most_units=4))
def test_the_input_of_another_layer_is_recognised(trace, data):
    layer = data.draw(st.integers(1, len(trace.z)))
    unit = data.draw(st.integers(0, len(trace.z[layer - 1]) - 1))
    layers = [trace.x, *trace.a]
    source = data.draw(st.integers(0, len(layers[layer - 1]) - 1))
    others = [a for i, a in enumerate(layers) if i != layer - 1 and source < len(a)]
    assume(others)
    wrong = float(data.draw(st.sampled_from(others))[source] * trace.dl_dz[layer - 1][unit])
    assert_recognised(trace, trace.step_of("dl_dw", layer, unit, source), wrong, "other_input")


@HARD_TO_FIND
@given(data=st.data(), trace=runs(most_layers=3, most_units=4))
def test_whatever_a_mistake_leads_to_is_diagnosed_as_that_mistake_among_those_that_lead_to_the_same(trace, data):
    step = data.draw(st.integers(0, len(trace) - 1))
    for mistake in mistakes(trace[step], RATE):
        diagnosis = diagnosed(trace[step], mistake.value, rate=RATE)
        assert not diagnosis.is_right
        assert mistake.name in {other.name for other in diagnosis.mistakes}


@given(trace=runs(), data=st.data())
def test_the_value_itself_is_right_and_so_is_what_is_within_one_percent_of_it(trace, data):
    step = data.draw(st.integers(0, len(trace) - 1))
    event, value = trace[step], trace[step].value
    one_percent = RIGHT_WITHIN * abs(value - (event.operands[0].value if event.phase == "update" else 0))
    for given_value in (value, value + 0.99 * one_percent, value - 0.99 * one_percent):
        assert diagnosed(trace[step], given_value).is_right


@given(trace=traces(), data=st.data())
def test_what_is_further_away_than_the_numbers_that_are_shown_is_wrong(trace, data):
    step = data.draw(st.integers(0, len(trace) - 1))
    event = trace[step]
    largest = max([abs(event.value), *(abs(it.value) for it in event.operands)])
    assume(largest < 1e150)  # beyond, its square is no float
    assert not diagnosed(trace[step], event.value + 0.2 * (1 + largest) ** 2).is_right


def test_an_update_is_told_from_the_old_weight_though_it_changes_little():
    trace = lecture_of_two(learning_rate=0.5)
    for event in trace:
        if event.phase != "update" or abs(event.value - event.operands[0].value) < 1e-6:
            continue
        old, step = event.operands[0].value, event.step
        assert diagnosed(trace[step], event.value).is_right
        assert not diagnosed(trace[step], old).is_right
        assert "uphill" in {it.name for it in diagnosed(trace[step], 2 * old - event.value).mistakes}


def test_what_comes_out_of_the_numbers_as_they_are_shown_is_right():
    network = Network([[[7.65]]], [[0.0]], "sigmoid", "half_squared_error")
    trace = backprop(network, [1], [1])
    step, y = trace.step_of("dl_da", 1), trace.a[0][0]
    assert f"{y:.4f}" == "0.9995"
    assert abs(-0.0005 - (y - 1)) > 0.02 * abs(y - 1)
    assert diagnosed(trace[step], -0.0005).is_right


# Where no two of them come to the same, every one is told apart

GENERIC = backprop(Network.random([3, 3, 3, 3], "sigmoid", seed=4), [0.7, -1.3, 0.4], [1, 0, 0])


@pytest.mark.parametrize("made", IN_A_NEURON, ids=lambda made: made.__name__)
def test_in_a_network_without_coincidences_a_mistake_is_told_apart_from_all_others(made):
    wrong = float(made(GENERIC, 2, 0, lambda _: 1))  # the second path, the second weight
    (mistake,) = diagnosed(GENERIC[GENERIC.step_of("dl_dz", 2, 0)], wrong, rate=RATE).mistakes
    assert mistake.name == IN_A_NEURON[made]


@pytest.mark.parametrize(
    ("place", "wrong", "name"),
    [
        (("z", 2, 0), LECTURE.a[0] @ [2, 1], "minus_lost"),
        (("z", 1, 0), 3.0, "bias_forgotten"),
        (("z", 2, 0), LECTURE.z[0] @ [2, -1], "other_input"),
        (("a", 1, 0), 4.0, "activation_forgotten"),
        (("a", 1, 0), LECTURE.dsigma[0][0], "slope"),
        (("loss", 3, 0), 2 * LECTURE.loss, "half_forgotten"),
        (("dsigma", 1, 0), LECTURE.a[0][0], "sigma"),
        (("dsigma", 2, 0), LECTURE.z[1][0] * (1 - LECTURE.z[1][0]), "z_for_a"),
        (("dl_da", 3, 0), (LECTURE.a[2][0] - 1) / 2, "half_kept"),
        (("z", 1, 0), 0.0, "minus_added"),
        (("z", 1, 0), LECTURE.a[0][0], "output_for_z"),
        (("z", 3, 0), LECTURE.z[2][0] + 4, "minus_lost"),
        (("dl_da", 3, 0), LECTURE.a[2][0], "target_forgotten"),
        (("dl_da", 3, 0), 2 * (LECTURE.a[2][0] - 1), "half_forgotten"),
        (("dl_da", 2, 0), LECTURE.dl_dz[2].sum(), "weights_forgotten"),
        (("dl_da", 2, 0), LECTURE.network.weights[2][:, 0] @ LECTURE.dl_da[2], "gain_forgotten_next"),
        (("dl_da", 2, 1), 4 * LECTURE.dl_dz[2][0] - LECTURE.dl_dz[2][1], "crossed"),
        (("loss", 3, 0), 0.5 * abs(LECTURE.a[2] - LECTURE.target).sum(), "square_forgotten"),
        (("dsigma", 1, 1), 1 - LECTURE.a[0][1], "factor_missing"),
        (("dsigma", 1, 1), LECTURE.dsigma[0][1] * 0 + 0.24900, "slope_at_a"),
        (("dl_dw", 2, 0, 0), LECTURE.dl_dz[1][0], "input_forgotten"),
        (("dl_dw", 2, 0, 0), 2 * LECTURE.dl_dz[1][0], "weight_for_input"),
        (("dl_dw", 2, 0, 0), 10 * LECTURE.dl_dw[1][0, 0], "point"),
    ],
)
def test_other_mistakes_are_recognised_too(place, wrong, name):
    names = {mistake.name for mistake in diagnosed(LECTURE[LECTURE.step_of(*place)], float(wrong)).mistakes}
    assert name in names


def test_in_the_sum_and_the_update_mistakes_are_recognised():
    trace = lecture_of_two(learning_rate=0.5)
    total, new = trace.step_of("dL_dw", 1, 0, 0), trace.step_of("w", 1, 0, 0)
    gradient, w = trace.dL_dw[0][0, 0], trace.network.weights[0][0, 0]
    assert [it.name for it in diagnosed(trace[total], gradient / 2).mistakes] == ["mean"]
    other = backprop(Network.lecture(), [[1, -1], [1, 2]], [[1, 0], [0, 1]], 0.5)
    step = other.step_of("dL_dw", 1, 0, 0)
    names = [(it.name, it.sample) for it in diagnosed(other[step], other.dl_dw[0][1, 0, 0]).mistakes]
    assert ("one_sample", 1) in names
    assert ("sample_missing", 0) in names
    assert [it.name for it in diagnosed(trace[new], w - 200 * 0.5 * gradient).mistakes] == []
    big = backprop(Network([[[1.0]]], [[0.0]], "identity", "half_squared_error"), [1], [3], 0.1)
    step = big.step_of("w", 1, 0, 0)
    assert {it.name for it in diagnosed(big[step], 1 - 0.2).mistakes} == {"uphill"}
    assert {it.name for it in diagnosed(big[step], 1 + 2).mistakes} == {"rate_forgotten"}
    assert {it.name for it in diagnosed(big[step], 0.2).mistakes} == {"step_alone"}


def of_loss(loss):
    """Return a run of a network with three outputs and this loss."""
    return backprop(Network.random([2, 3, 3], ["tanh", "identity"], loss, seed=5), [0.7, -1.3], [0.2, -0.4, 0.9])


SQUARES, MEAN = of_loss("squared_error"), of_loss("mean_squared_error")
MISSED = MEAN.a[1] - MEAN.target


@pytest.mark.parametrize(
    ("trace", "place", "wrong", "name"),
    [
        (SQUARES, ("loss", 2), SQUARES.loss / 2, "half_added"),
        (SQUARES, ("loss", 2), SQUARES.loss / 3, "mean"),
        (SQUARES, ("loss", 2), MISSED.sum(), "square_forgotten"),
        (SQUARES, ("dl_da", 2, 0), MISSED[0], "two_forgotten"),
        (SQUARES, ("dl_da", 2, 0), 2 / 3 * MISSED[0], "mean"),
        (SQUARES, ("dl_da", 2, 0), 2 * MEAN.a[1][0], "target_forgotten"),
        (SQUARES, ("dl_dz", 2, 0), MISSED[0], "two_forgotten"),
        (MEAN, ("loss", 2), (MISSED**2).sum(), "added_up"),
        (MEAN, ("loss", 2), (MISSED**2).sum() / 2, "half_loss"),
        (MEAN, ("loss", 2), MEAN.loss / 2, "half_added"),
        (MEAN, ("dl_da", 2, 0), MISSED[0] / 3, "two_forgotten"),
        (MEAN, ("dl_da", 2, 0), MISSED[0], "half_loss"),
        (MEAN, ("dl_da", 2, 0), 2 * MISSED[0], "added_up"),
        (MEAN, ("dl_dw", 2, 0, 1), 2 * MISSED[0] * MEAN.a[0][1], "added_up"),
    ],
)
def test_the_factors_of_another_squared_error_are_mistakes(trace, place, wrong, name):
    event = trace[trace.step_of(*place)]
    assert [it.name for it in diagnosed(event, float(wrong)).mistakes] == [name]
    assert diagnosed(event, event.value).is_right


def test_a_sum_in_place_of_the_mean_over_the_samples_is_a_mistake_and_the_other_way_round():
    for total, factor, name in (("mean", 2, "added_up"), ("sum", 1 / 2, "mean")):
        trace = lecture_of_two(total=total)
        event, new = trace[trace.step_of("dL_db", 1, 0)], trace[trace.step_of("b", 1, 0)]
        assert [it.name for it in diagnosed(event, factor * event.value).mistakes] == [name]
        assert name in {it.name for it in diagnosed(new, 1 - 0.5 * factor * event.value).mistakes}
        assert diagnosed(event, event.value).is_right
        assert diagnosed(new, new.value).is_right
    three = backprop(replace(Network.lecture(), total="mean"), [[1, -1], [1, 2], [2, 0]], [[1, 0], [0, 1], [1, 1]])
    event = three[three.step_of("dL_dw", 1, 0, 0)]
    one, two, _ = three.dl_dw[0][:, 0, 0]
    assert [it.sample for it in diagnosed(event, (one + two) / 3).mistakes if it.name == "sample_missing"] == [2]


SOFTMAX = backprop(Network.random([2, 3, 2], "tanh", "cross_entropy"), [1, -1], [1, 0])
SIMPLIFIED = backprop(Network.random([2, 3, 2], "relu", "binary_cross_entropy", seed=3), [1, -1], [1, 0])


@pytest.mark.parametrize(
    ("trace", "place", "wrong", "name"),
    [
        (SOFTMAX, ("dl_dz", 2, 0), SOFTMAX.a[1][0], "target_forgotten"),
        (SOFTMAX, ("dl_dz", 2, 0), SOFTMAX.dl_da[1][0], "softmax_forgotten"),
        (SOFTMAX, ("dl_dz", 2, 0), SOFTMAX.a[1][0] * SOFTMAX.dl_da[1][0], "weighted_only"),
        (SOFTMAX, ("dsigma", 1, 0), 1 - SOFTMAX.a[0][0], "tanh_square"),
        (SOFTMAX, ("dsigma", 1, 2), (1 - SOFTMAX.a[0][2] ** 2) ** 0.5, "sech"),
        (GENERIC, ("dl_dw", 2, 0, 1), GENERIC.a[0][0] * GENERIC.dl_dz[1][1], "outer"),
        (GENERIC, ("dl_dw", 2, 0, 1), GENERIC.a[0] @ GENERIC.dl_dz[1], "inner"),
        (GENERIC, ("dl_db", 2, 0), GENERIC.dsigma[1] @ GENERIC.dl_da[1], "entries_summed"),
        (
            GENERIC,
            ("z", 2, 0),
            GENERIC.network.weights[1][:, 0] @ GENERIC.a[0] + GENERIC.network.biases[1][0],
            "transposed_forward",
        ),
        (SIMPLIFIED, ("dl_dz", 2, 0), (SIMPLIFIED.a[1][0] - 1) * SIMPLIFIED.dsigma[1][0], "gain_twice"),
        (SIMPLIFIED, ("dl_da", 2, 0), SIMPLIFIED.a[1][0] - 1, "other_loss"),
        (SIMPLIFIED, ("dsigma", 1, 0), 1 - SIMPLIFIED.dsigma[0][0], "wrong_side"),
    ],
)
def test_in_other_networks_too(trace, place, wrong, name):
    names = {mistake.name for mistake in diagnosed(trace[trace.step_of(*place)], float(wrong)).mistakes}
    assert name in names


def test_the_likeliest_mistake_is_told_first():
    step = LECTURE.step_of("dl_dw", 1, 0, 1)
    first, *_ = diagnosed(LECTURE[step], -LECTURE[step].value).mistakes
    assert first.name == "sign"


# Mistakes with matrices, in a layer whose W is not its own transpose

W, G, A = LECTURE.network.weights[1], LECTURE.dl_dz[1], LECTURE.a[0]
WITH_MATRICES = {
    ("dl_da", 1, 0): (
        *(W[0] @ G, "transposed"),
        "a row of W⁽²⁾ is read instead of its column: w₃, w₉ arrive at z₃; w₃, w₄ leave a₁.",
        "讀了 W⁽²⁾ 的列（row），該讀行（column）：w₃、w₉ 進入 z₃；w₃、w₄ 離開 a₁。",
    ),
    ("dl_da", 1, 1): (
        *(W[1] @ G, "transposed"),
        "a row of W⁽²⁾ is read instead of its column: w₄, w₁₀ arrive at z₄; w₉, w₁₀ leave a₂.",
        "讀了 W⁽²⁾ 的列（row），該讀行（column）：w₄、w₁₀ 進入 z₄；w₉、w₁₀ 離開 a₂。",
    ),
    ("z", 2, 0): (
        *(W[:, 0] @ A, "transposed_forward"),
        "a column of W⁽²⁾ is read instead of its row: w₃, w₄ leave a₁; w₃, w₉ arrive at z₃.",
        "讀了 W⁽²⁾ 的行（column），該讀列（row）：w₃、w₄ 離開 a₁；w₃、w₉ 進入 z₃。",
    ),
    ("dl_dw", 2, 1, 0): (
        *(A[1] * G[0], "outer"),
        "row and column are exchanged: a₂ · ∂l/∂z₃ belongs to w₉.",
        "列（row）與行（column）對調了：a₂ · ∂l/∂z₃ 是 w₉ 的。",
    ),
    ("dl_dw", 2, 0, 0): (
        *(A @ G, "inner"),
        "aᵀ ∂l/∂z is added up to one number: ∂l/∂W has one for each weight.",
        "aᵀ ∂l/∂z 加總成一個數了：∂l/∂W 每個權重各有一個。",
    ),
    ("dl_dz", 2, 0): (
        *(LECTURE.dsigma[1] @ LECTURE.dl_da[1], "entries_summed"),
        "the products are added up as in a matrix product: nothing is added up here, as z₃ reaches a₃ only.",
        "像矩陣乘法那樣加總了：這裡不加總，z₃ 只影響 a₃。",
    ),
}


@pytest.mark.parametrize("place", WITH_MATRICES)
def test_a_mistake_with_matrices_is_told_in_its_own_words_before_what_leads_to_the_same_by_chance(place):
    wrong, name, english, chinese = WITH_MATRICES[place]
    event = LECTURE[LECTURE.step_of(*place)]
    diagnosis = diagnosed(event, float(wrong))
    assert diagnosis.mistakes[0].name == name
    for lang, said in (("en", english), ("zh-TW", chinese)):
        assert replies.verdict(Verdict(event, float(wrong), diagnosis), words(lang)).endswith(said)


def test_nothing_is_said_of_the_transpose_where_it_gives_the_same_numbers():
    W3 = LECTURE.network.weights[2]
    assert np.array_equal(W3, W3.T)
    for unit in range(2):
        event = LECTURE[LECTURE.step_of("dl_da", 2, unit)]
        assert diagnosed(event, float(W3[unit] @ LECTURE.dl_dz[2])).is_right
        assert "transposed" not in {it.name for it in mistakes(event)}


def test_of_a_large_layer_the_first_and_the_last_weights_are_told():
    wide = backprop(Network.random([2, 7, 7, 2], seed=1), [1, -1], [1, 0])
    event = wide[wide.step_of("dl_da", 1, 0)]
    (mistake,) = [it for it in mistakes(event) if it.name == "transposed"]
    assert "w₁₁⁽²⁾, w₁₂⁽²⁾, w₁₃⁽²⁾, …, w₁₇⁽²⁾ arrive at z₁⁽²⁾" in replies.cause(event, mistake, words("en"))


def test_beside_rows_and_columns_that_were_confused_nothing_is_told_that_comes_to_the_same_by_chance():
    event = LECTURE[LECTURE.step_of("dl_da", 1, 0)]
    both = diagnosed(event, float(W[0] @ G))
    assert [it.name for it in both.mistakes] == ["transposed", "neighbour"]
    assert [it.name for it in both.likely] == ["transposed"]
    by_chance = diagnosed(event, 10 * event.value)
    assert [it.name for it in by_chance.likely] == [it.name for it in by_chance.mistakes] == ["point"]
    assert diagnosed(event, 1234.5).likely == ()
    weight = LECTURE[LECTURE.step_of("dl_dw", 3, 0, 0)]
    assert [it.name for it in diagnosed(weight, -0.0903).likely] == ["input_forgotten", "other_input"]


def test_a_number_that_no_known_mistake_leads_to_is_just_wrong():
    diagnosis = diagnosed(LECTURE[LECTURE.step_of("dl_dz", 2, 0)], 1234.5)
    assert not diagnosis.is_right
    assert diagnosis.mistakes == ()


def test_a_value_of_zero_takes_nothing_else_for_right():
    trace = backprop(Network([[[-1.0]], [[2.0]]], [[0], [0]], ["relu", "identity"], "half_squared_error"), [1], [1])
    step = trace.step_of("dl_dz", 1)
    assert trace[step].value == 0
    assert diagnosed(trace[step], 0).is_right
    assert not diagnosed(trace[step], 1e-3).is_right
    assert "gain_forgotten" in {it.name for it in diagnosed(trace[step], trace.dl_da[0][0]).mistakes}


@given(trace=runs(most_layers=3, most_units=3), data=st.data())
def test_every_mistake_is_told_in_every_language_with_no_blank_left_open(trace, data):
    step = data.draw(st.integers(0, len(trace) - 1))
    for mistake in mistakes(trace[step], RATE):
        verdict = Verdict(trace[step], mistake.value, diagnosed(trace[step], mistake.value, rate=RATE))
        for lang in LANGUAGES:
            said = replies.verdict(verdict, words(lang))
            assert "{" not in said
            assert len(said) > 10
