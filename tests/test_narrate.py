"""A stop in words: the lecture's formulas, numbers that can be redone, and a sentence in every language."""

import math
import re

import pytest
from evaluate import evaluate
from hypothesis import given, settings
from networks import lecture, traces

from bppviz import Network, backprop
from bppviz._formula import latex
from bppviz._narrate import Narrator
from bppviz._numbers import rounded
from bppviz._walk import granularities, walk
from bppviz._words import LANGUAGES, words


def stop_at(trace, quantity, layer, unit=0, source=None):
    return walk(trace)[trace.step_of(quantity, layer, unit, source)]


def told(trace, *place):
    """Return the formula of an event, in symbols and with the numbers put in, and its English sentence."""
    narrator, stop = Narrator(trace), stop_at(trace, *place)
    return latex(narrator.formula(stop)), latex(narrator.substituted(stop)), narrator.sentence(stop, words("en"))


def d(symbol):
    return rf"\frac{{\partial l}}{{\partial {symbol}}}"


# The lecture's network


def test_z_is_the_lecture_sum():
    symbols, numbers, sentence = told(lecture(), "z", 1)
    assert symbols == "z_{1} = x_{1} w_{1} + x_{2} w_{2} + b_{1}"
    assert numbers == r"= 1 \times 1 + (-1) \times (-2) + 1 = 4"
    assert sentence == "z₁ is what enters the neuron: each input times its weight, all added up, plus the bias b₁."


def test_a_is_the_sigmoid_of_z():
    symbols, numbers, _ = told(lecture(), "a", 1, 1)
    assert symbols == r"a_{2} = \sigma(z_{2}) = \frac{1}{1+e^{-z_{2}}}"
    assert numbers == r"= \frac{1}{1+e^{-(-2)}} = 0.1192"


def test_the_loss_is_half_the_squared_distance():
    symbols, numbers, _ = told(lecture(), "loss", 3)
    assert symbols == (r"l = \tfrac{1}{2} \bigl[ \left(y_{1}-t_{1}\right)^{2} + \left(y_{2}-t_{2}\right)^{2} \bigr]")
    assert numbers == r"= \tfrac{1}{2} \bigl[ \left(0.6177-1\right)^{2} + \left(0.8291-0\right)^{2} \bigr] = 0.4168"


def test_the_backward_pass_starts_at_the_output():
    assert told(lecture(), "dl_da", 3)[:2] == (d("y_{1}") + " = y_{1}-t_{1}", "= 0.6177-1 = -0.3823")


def test_the_slope_is_found_from_the_output():
    symbols, numbers, sentence = told(lecture(), "dsigma", 3)
    derivative = r"\frac{\partial y_{1}}{\partial z_{5}}"
    assert symbols == derivative + r" = \sigma'(z_{5}) = \sigma(z_{5})\left(1-\sigma(z_{5})\right)"
    assert numbers == r"= 0.6177\times\left(1-0.6177\right) = 0.2361"
    assert "the slope is a constant" in sentence


def test_at_the_output_the_chain_rule_is_worked_out_at_once():
    symbols, numbers, _ = told(lecture(), "dl_dz", 3)
    chain = r"\frac{\partial y_{1}}{\partial z_{5}} " + d("y_{1}")
    assert symbols == f"{d('z_{5}')} = {chain} = " + r"\sigma'(z_{5}) " + d("y_{1}")
    assert numbers == r"= 0.23615 \times (-0.38230) = -0.09028"


@pytest.mark.parametrize(
    ("layer", "unit", "z", "bracket"),
    [
        (1, 0, "z_{1}", [("w_{3}", "z_{3}"), ("w_{4}", "z_{4}")]),
        (1, 1, "z_{2}", [("w_{9}", "z_{3}"), ("w_{10}", "z_{4}")]),
        (2, 0, "z_{3}", [("w_{5}", "z_{5}"), ("w_{6}", "z_{6}")]),
        (2, 1, "z_{4}", [("w_{11}", "z_{5}"), ("w_{12}", "z_{6}")]),
    ],
)
def test_each_neuron_amplifies_what_comes_back_to_it(layer, unit, z, bracket):
    inside = " + ".join(f"{w} {d(behind)}" for w, behind in bracket)
    symbols, _, sentence = told(lecture(), "dl_dz", layer, unit)
    assert symbols == rf"{d(z)} = \sigma'({z}) \bigl[ {inside} \bigr]"
    assert "the neuron is an amplifier: the bracket is ∂l/∂a" in sentence


def test_the_numbers_of_an_amplifier_can_be_redone():
    numbers = told(lecture(), "dl_dz", 1)[1]
    assert numbers == r"= 0.017663 \times \bigl[ 2 \times (-0.045763) + (-2) \times 0.055161 \bigr] = -0.003565"


def test_the_gradient_of_a_weight_is_its_input_times_the_gradient_of_z():
    symbols, numbers, sentence = told(lecture(), "dl_dw", 1, 0, 0)
    split = r"\frac{\partial z_{1}}{\partial w_{1}} " + d("z_{1}")
    assert symbols == f"{d('w_{1}')} = {split} = x_{{1}} {d('z_{1}')}"
    assert numbers == r"= 1 \times (-0.003565) = -0.003565"
    assert sentence == (
        "∂z₁/∂w₁ = x₁: the derivative is simply the input that the weight multiplies. Times ∂l/∂z₁, it gives the "
        "gradient of w₁. If w₁ grows a little, the loss falls."
    )


def test_the_gradient_of_a_bias_is_the_gradient_of_z():
    symbols, numbers, _ = told(lecture(), "dl_db", 1)
    split = r"\frac{\partial z_{1}}{\partial b_{1}} " + d("z_{1}")
    assert symbols == f"{d('b_{1}')} = {split} = 1 \\times {d('z_{1}')}"
    assert numbers == r"= 1 \times (-0.003565) = -0.003565"


def test_the_backward_pass_as_a_whole_is_the_two_formulas_of_the_lecture():
    trace = lecture()
    formula = latex(Narrator(trace).formula(walk(trace, "pass")[-1]))
    assert formula.startswith(
        r"\frac{\partial l}{\partial w} = \frac{\partial z}{\partial w} \frac{\partial l}{\partial z}"
    )
    bracket = r"\bigl[ w_{3} \frac{\partial l}{\partial z'} + w_{4} \frac{\partial l}{\partial z''} \bigr]"
    assert formula.endswith(r"\frac{\partial l}{\partial z} = \sigma'(z) " + bracket)


def test_a_sum_grows_term_by_term():
    trace = lecture()
    narrator = Narrator(trace)
    texts = [latex(narrator.substituted(stop)) for stop in walk(trace, "term")[:3]]
    assert texts == [
        r"= 1 \times 1 = 1",
        r"= 1 \times 1 + (-1) \times (-2) = 3",
        r"= 1 \times 1 + (-1) \times (-2) + 1 = 4",
    ]
    assert narrator.sentence(walk(trace, "term")[1], words("en")).startswith("2 of 3 terms added so far. z₁ is")


def test_the_lecture_numbers_never_need_an_about():
    trace = lecture()
    assert not any(r"\approx" in latex(Narrator(trace).substituted(stop)) for stop in walk(trace, "term"))


# Other networks


def run(weights, biases, activations, loss, x, target, **names):
    return backprop(Network(weights, biases, activations, loss, **names), x, target)


def test_other_networks_have_layered_symbols():
    trace = backprop(Network.random([2, 3, 1]), [1, -1], [1])
    assert told(trace, "z", 2)[0] == (
        "z^{2}_{1} = a^{1}_{1} w^{2}_{11} + a^{1}_{2} w^{2}_{12} + a^{1}_{3} w^{2}_{13} + b^{2}_{1}"
    )
    assert told(trace, "dl_dz", 1, 2)[0] == (
        rf"{d('z^{1}_{3}')} = \sigma'(z^{{1}}_{{3}}) \bigl[ w^{{2}}_{{13}} {d('z^{2}_{1}')} \bigr]"
    )


def test_softmax_has_its_own_formula():
    trace = run([[[1], [2]]], [[0, 0]], "softmax", "half_squared_error", [1], [1, 0])
    assert told(trace, "a", 1, 1)[0] == r"y_{2} = \frac{e^{z^{1}_{2}}}{e^{z^{1}_{1}}+e^{z^{1}_{2}}}"
    total = r"\sum_{k}y_{k}\frac{\partial l}{\partial y_{k}}"
    assert told(trace, "dl_dz", 1)[0] == rf"{d('z^{1}_{1}')} = y_{{1}} \bigl[ {d('y_{1}')} - {total} \bigr]"


@pytest.mark.parametrize(
    ("output", "loss", "target", "ending"),
    [
        ("sigmoid", "binary_cross_entropy", [1, 0], "= y_{1}-t_{1}"),
        ("softmax", "cross_entropy", [1, 0], "= y_{1}-t_{1}"),
        ("softmax", "cross_entropy", [1, 1], r"= y_{1}\times 2-t_{1}"),
        ("sigmoid", "cross_entropy", [1, 0], r"= -t_{1}\left(1-y_{1}\right)"),
        ("softmax", "binary_cross_entropy", [1, 0], r"\bigr]"),
    ],
)
def test_a_loss_that_is_made_for_its_output_shows_what_the_gradient_simplifies_to(output, loss, target, ending):
    trace = run([[[1], [2]]], [[0, 0]], output, loss, [1], target)
    assert told(trace, "dl_dz", 1)[0].endswith(ending)


def test_a_difference_that_the_digits_cannot_show_is_only_about_its_result():
    trace = run([[[40]]], [[0]], "sigmoid", "binary_cross_entropy", [1], [1])
    assert told(trace, "dl_dz", 1)[1] == r"= 1-1 \approx -4.248\times 10^{-18}"


def test_a_division_by_an_output_that_is_rounded_to_zero_is_only_about_its_result():
    trace = run([[[-1000]]], [[0]], "sigmoid", "binary_cross_entropy", [1], [1])
    assert told(trace, "dl_da", 1)[1] == r"= \frac{0-1}{0(1-0)} \approx -\infty "
    assert told(trace, "loss", 1)[1].endswith(r"\approx 1000")


def test_a_name_of_the_user_stands_beside_its_symbol():
    trace = run([[[1]]], [[0]], "tanh", "half_squared_error", [1], [1], input_names=["size <in {m}>"])
    assert told(trace, "dl_dw", 1, 0, 0)[2].startswith("∂z¹₁/∂w¹₁₁ = x₁ (size <in {m}>): the derivative")


def test_a_long_sum_is_broken_into_lines():
    trace = backprop(Network.random([16, 1]), [1] * 16, [1])
    lines = told(trace, "z", 1)[0].split(r" \\ ")
    assert len(lines) > 2
    assert lines[-1].endswith("b^{1}_{1}")


def test_the_loss_of_very_many_outputs_is_cut_short():
    trace = backprop(Network.random([1, 20]), [1], [1] * 20)
    (stop,) = (stop for stop in walk(trace, "layer") if trace[stop.last].quantity == "loss")
    assert r"\cdots" in latex(Narrator(trace).formula(stop))


# Every number can be redone


def assert_claims_hold(text, result):
    """Work out everything that stands before an = and compare it with what stands behind, in the digits shown."""
    *shown, relation, ending = re.split(r"(=|\\approx|\\Rightarrow)", text.replace(r"\\", ""))
    if abs(result) > 1e300:
        assert (relation, evaluate(ending)) == (r"\approx", math.copysign(math.inf, result))
        return
    assert math.isclose(evaluate(ending), rounded(result), rel_tol=1e-12)
    if relation == "=" and r"\cdots" not in text and len(shown) > 1:
        (value,) = map(evaluate, shown[2:])
        half_a_unit = 0.5 * 10.0 ** (math.floor(math.log10(abs(result))) - 3) if result else 0
        assert abs(value - evaluate(ending)) <= half_a_unit * (1 + 1e-6) + 1e-15, text


def partial_sum(trace, stop):
    """Return the sum of the first terms of a stop's event."""
    event = trace[stop.last]
    if event.quantity == "loss":
        return trace.loss_terms[: stop.terms].sum()
    values = [operand.value for operand in event.operands]
    return sum(v * w for v, w in zip(values[: 2 * stop.terms : 2], values[1 : 2 * stop.terms : 2], strict=True))


@given(traces(most_layers=3))
@settings(max_examples=150, deadline=None)
def test_the_numbers_shown_give_the_result_shown(trace):
    narrator = Narrator(trace)
    for stop in walk(trace, "term"):
        event = trace[stop.last]
        text = latex(narrator.substituted(stop))
        expected = event.value if stop.terms is None else partial_sum(trace, stop)
        assert_claims_hold(text, expected)


@given(traces(most_layers=2, most_units=3))
@settings(max_examples=50, deadline=None)
def test_a_walk_by_neuron_shows_the_same_numbers_line_by_line(trace):
    narrator = Narrator(trace)
    for stop in walk(trace, "neuron"):
        events = trace[stop.first : stop.last + 1]
        lines = latex(narrator.substituted(stop)).split(r" \\ ")
        for line, event in zip(lines, events, strict=False):
            if len(lines) == len(events):
                assert_claims_hold(line, event.value)


@pytest.mark.parametrize(("z", "comparison"), [(2, "2>0"), (-2, r"-2\le 0"), (0, r"0\le 0")])
@pytest.mark.parametrize(("name", "low"), [("relu", "0"), ("leaky_relu", "0.01")])
def test_a_slope_with_two_cases_shows_which_one_holds(z, comparison, name, low):
    trace = run([[[z]]], [[0]], name, "half_squared_error", [1], [1])
    assert told(trace, "dsigma", 1)[1] == rf"{comparison} \Rightarrow {'1' if z > 0 else low}"


# Sentences


@given(traces())
@settings(max_examples=50, deadline=None)
def test_every_stop_of_every_walk_is_told_in_every_language(trace):
    narrator = Narrator(trace)
    for granularity in granularities(trace):
        for stop in walk(trace, granularity):
            sentences = [narrator.sentence(stop, words(lang)) for lang in LANGUAGES]
            assert all(sentence and not re.search(r"[{}]", sentence) for sentence in sentences)
            assert len(set(sentences)) == len(LANGUAGES)
            assert narrator.both(stop) == (narrator.formula(stop), narrator.substituted(stop))


@pytest.mark.parametrize("sizes", [[30, 12], [784, 128, 64, 10]])
@pytest.mark.parametrize("output", ["tanh", "softmax"])
def test_a_big_network_is_told_by_pass_and_by_layer(sizes, output):
    activations = ["tanh"] * (len(sizes) - 2) + [output]
    trace = backprop(Network.random(sizes, activations), [1] * sizes[0], [0] * sizes[-1])
    narrator = Narrator(trace)
    for granularity in ("pass", "layer"):
        for stop in walk(trace, granularity):
            assert len(latex(narrator.substituted(stop))) < 2000
            assert all("{" not in narrator.sentence(stop, words(lang)) for lang in LANGUAGES)


def test_the_sentence_says_which_way_the_loss_goes():
    trace = run([[[1, 1, 0]]], [[0]], "identity", "half_squared_error", [1, -1, 0], [-3])
    endings = [told(trace, "dl_dw", 1, 0, j)[2].split(". ")[-1] for j in range(3)]
    assert endings == [
        "If w¹₁₁ grows a little, the loss rises.",
        "If w¹₁₂ grows a little, the loss falls.",
        "If w¹₁₃ changes a little, the loss hardly changes.",
    ]
