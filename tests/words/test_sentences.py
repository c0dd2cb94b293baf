"""A stop in words: the lecture's formulas, numbers that can be redone, and a sentence in every language."""

import itertools
import math
import re

import pytest
from evaluate import evaluate
from hypothesis import given, settings
from networks import lecture, lecture_of_two, runs, traces

from bppviz import Network, backprop
from bppviz.core.walk import granularities, walk
from bppviz.words.catalogue import LANGUAGES, words
from bppviz.words.equations import equation
from bppviz.words.formula import latex
from bppviz.words.notation import Notation
from bppviz.words.numbers import rounded
from bppviz.words.sentences import Narrator, direction


def stop_at(trace, quantity, layer, unit=0, source=None):
    return walk(trace)[trace.step_of(quantity, layer, unit, source)]


def told(trace, *place):
    """Return the formula of an event, in symbols and with the numbers put in, and its English sentence."""
    narrator, stop = Narrator(trace), stop_at(trace, *place)
    return latex(narrator.both(stop)[0]), latex(narrator.both(stop)[1]), narrator.sentence(stop, words("en"))


def d(symbol, loss="l"):
    """Return the derivative of a loss, or of z, by a symbol."""
    return rf"\frac{{\partial {loss}}}{{\partial {symbol}}}"


# The lecture's network


def test_z_is_the_lecture_sum():
    symbols, numbers, sentence = told(lecture(), "z", 1)
    assert symbols == "z_{1} = x_{1} w_{1} + x_{2} w_{2} + b_{1}"
    assert numbers == r"= 1 \times 1 + (-1) \times (-2) + 1 = 4"
    said = "z₁ is what enters the neuron: each input times its weight, all added up, plus the bias b₁."
    assert sentence == f"Leave the activation function out at first. {said}"
    assert told(lecture(), "z", 1, 1)[2] == said.replace("₁", "₂")


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
    assert symbols == derivative + r" = \sigma'(z_{5}) = y_{1}\left(1-y_{1}\right)"
    assert numbers == r"= 0.6177\times\left(1-0.6177\right) = 0.2361"
    assert "already found z₅ and y₁, so the slope is a constant" in sentence


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
    assert symbols == rf"{d(z)} = \sigma'({z}) {d(z.replace('z', 'a'))} = \sigma'({z}) \bigl[ {inside} \bigr]"
    assert "the neuron is an amplifier: the bracket is ∂l/∂a" in sentence


def test_the_weights_on_the_way_back_are_derivatives():
    symbols, numbers, sentence = told(lecture(), "dl_da", 2)
    chain_rule = " + ".join(f"{d('a_{3}', z)} {d(z)}" for z in ("z_{5}", "z_{6}"))
    assert symbols == f"{d('a_{3}')} = {chain_rule} = w_{{5}} {d('z_{5}')} + w_{{6}} {d('z_{6}')}"
    assert numbers == r"= 3 \times (-0.09028) + (-1) \times 0.1175 = -0.3883"
    assert sentence == (
        "a₃ feeds z₅ and z₆, the next layer's z′ and z″: the chain rule has a term for each. Since z₅ = a₃ w₅ + …, "
        "∂z₅/∂a₃ = w₅: the weight, a derivative, multiplies a gradient already computed."
    )


def test_of_a_single_or_of_many_neurons_behind_the_same_is_said():
    one, many = (backprop(Network.random([2, 3, n]), [1, -1], [1] * n) for n in (1, 6))
    symbols, _, sentence = told(one, "dl_da", 1, 1)
    z, a = "z_{1}^{(2)}", "a_{2}^{(1)}"
    assert symbols == f"{d(a)} = {d(a, z)} {d(z)} = w_{{12}}^{{(2)}} {d(z)}"
    assert sentence.startswith(
        "a₂⁽¹⁾ feeds only z₁⁽²⁾: the chain rule has a single term. Since z₁⁽²⁾ = a₂⁽¹⁾ w₁₂⁽²⁾ + …"
    )
    by_chain_rule, *sums = told(many, "dl_da", 1)[0].split(r" \\ ")
    assert by_chain_rule.count(r"\frac{\partial z_") == 3
    assert r"\cdots" in by_chain_rule
    assert sums[0].startswith("= w_{11}^{(2)}")
    assert " ".join(sums).count("w_{") == 6


def test_the_numbers_of_an_amplifier_can_be_redone():
    numbers = told(lecture(), "dl_dz", 1)[1]
    assert numbers == r"= 0.017663 \times (-0.20185) = -0.003565"


def test_the_gradient_of_a_weight_is_its_input_times_the_gradient_of_z():
    symbols, numbers, sentence = told(lecture(), "dl_dw", 1, 0, 0)
    split = r"\frac{\partial z_{1}}{\partial w_{1}} " + d("z_{1}")
    assert symbols == f"{d('w_{1}')} = {split} = x_{{1}} {d('z_{1}')}"
    assert numbers == r"= 1 \times (-0.003565) = -0.003565"
    assert sentence == (
        "Every ∂l/∂z is computed. Now each is multiplied by the ∂z/∂w that the forward pass gave. "
        "∂z₁/∂w₁ = x₁: the derivative is simply the input that the weight multiplies. Times ∂l/∂z₁, it gives the "
        "gradient of w₁. If w₁ grows a little, the loss falls."
    )
    assert told(lecture(), "dl_dw", 1, 0, 1)[2].startswith("∂z₁/∂w₂ = x₂: the derivative")


def test_the_gradient_of_a_bias_is_the_gradient_of_z():
    symbols, numbers, _ = told(lecture(), "dl_db", 1)
    split = r"\frac{\partial z_{1}}{\partial b_{1}} " + d("z_{1}")
    assert symbols == f"{d('b_{1}')} = {split} = 1 \\times {d('z_{1}')}"
    assert numbers == r"= 1 \times (-0.003565) = -0.003565"


def test_the_backward_pass_as_a_whole_is_the_formula_of_the_lecture():
    symbols, numbers, sentence = lines_at(lecture(), "pass", "dl_dz", 1)
    bracket = r"\bigl[ w_{3} \frac{\partial l}{\partial z'} + w_{4} \frac{\partial l}{\partial z''} \bigr]"
    assert symbols == [r"\frac{\partial l}{\partial z} = \sigma'(z) " + bracket]
    assert numbers == [d(r"z^{(1)}") + r" \approx \begin{bmatrix}-0.003565\\-0.0009867\end{bmatrix}"]
    assert sentence.endswith("worked out again and again: that is why it is called the backward pass.")


def test_the_gradient_as_a_whole_is_every_derivative_by_a_weight_or_bias():
    symbols, numbers, sentence = lines_at(lecture(), "pass", "dl_dw", 1, 0, 0)
    assert symbols == [
        r"\frac{\partial l}{\partial w} = \frac{\partial z}{\partial w} \frac{\partial l}{\partial z}",
        rf"\nabla l(\theta) = \bigl[ {d('w_{1}')} , {d('w_{2}')} , \cdots , {d('b_{6}')} \bigr]",
    ]
    assert numbers[0].startswith(d(r"W^{(1)}") + r" \approx \begin{bmatrix}-0.003565&")
    assert "∇l(θ)" in sentence
    assert "∇L(θ), every ∂L/∂w" in sentence


@pytest.mark.parametrize(("inputs", "entries", "is_cut"), [(1, 2, False), (3, 4, False), (4, 4, True), (9, 4, True)])
def test_a_long_gradient_is_written_with_its_beginning_and_its_end(inputs, entries, is_cut):
    symbols, _, _ = lines_at(backprop(Network.random([inputs, 1]), [1] * inputs, [1]), "pass", "dl_db", 1)
    assert symbols[1].count(" , ") == entries - 1
    assert (r"\cdots" in symbols[1]) == is_cut


def test_why_the_pass_goes_backward_is_told_where_it_begins_if_there_is_something_to_share():
    why = "The pass starts at the output, because early derivatives need the late ones"
    for granularity in ("layer", "vector", "neuron", "equation", "term"):
        narrator, stops = Narrator(lecture()), walk(lecture(), granularity)
        assert [stop.first for stop in stops if why in narrator.sentence(stop, words("en"))] == [13]
    single = backprop(Network.random([2, 1]), [1, 2], [1])
    assert why not in told(single, "dl_da", 1)[2]


def test_that_each_gradient_of_z_meets_the_forward_pass_is_told_where_the_gradient_begins():
    now = "Now each is multiplied by the ∂z/∂w that the forward pass gave."
    for granularity in ("vector", "neuron", "equation", "term"):
        narrator, stops = Narrator(lecture()), walk(lecture(), granularity)
        assert [stop.first for stop in stops if now in narrator.sentence(stop, words("en"))] == [31]
    assert lines_at(lecture(), "layer", "dl_db", 1)[2] == (
        "The gradients of layer 1: the ∂l/∂z⁽¹⁾ of each neuron times ∂z/∂w, its inputs from the forward pass."
    )


def test_a_sum_grows_term_by_term():
    trace = lecture()
    narrator = Narrator(trace)
    texts = [latex(narrator.both(stop)[1]) for stop in walk(trace, "term")[:3]]
    assert texts == [
        r"= 1 \times 1 = 1",
        r"= 1 \times 1 + (-1) \times (-2) = 3",
        r"= 1 \times 1 + (-1) \times (-2) + 1 = 4",
    ]
    assert narrator.sentence(walk(trace, "term")[1], words("en")).startswith("2 of 3 terms added so far. Leave the")


@pytest.mark.parametrize("trace", [lecture(), lecture_of_two(), lecture_of_two().at_sample(1)])
def test_the_lecture_numbers_never_need_an_about(trace):
    assert not any(r"\approx" in latex(Narrator(trace).both(stop)[1]) for stop in walk(trace, "term"))


# Several samples, and an update


def D(symbol):
    return d(symbol, "L")


def over_samples(symbol):
    return rf"\sum_{{n}}{d(symbol, 'l^{n}')}"


def lines_at(trace, granularity, quantity, *place):
    """Return the lines of a stop's formula, in symbols and with the numbers put in, and its English sentence."""
    step, narrator = trace.step_of(quantity, *place), Narrator(trace)
    stop = next(stop for stop in walk(trace, granularity) if stop.first <= step <= stop.last)
    symbols, numbers = (latex(formula).split(r" \\ ") for formula in narrator.both(stop))
    return symbols, numbers, narrator.sentence(stop, words("en"))


def same_samples(n, learning_rate=None):
    """Return the run of n samples that each have ∂l/∂w = 1 and ∂l/∂b = 0.5."""
    network = Network([[[1]]], [[0.5]], "identity", "half_squared_error")
    return backprop(network, [[2]] * n, [[2]] * n, learning_rate)


def test_the_passes_are_told_of_one_sample():
    first, second = lecture_of_two(), lecture_of_two().at_sample(1)
    for place in [("z", 1), ("loss", 3), ("dl_da", 3), ("dl_dz", 1), ("dl_dw", 1, 0, 0)]:
        assert told(first, *place) == told(lecture(), *place)
    assert told(second, "z", 1)[1] == r"= 0 \times 1 + 0 \times (-2) + 1 = 1"
    assert lines_at(second, "layer", "a", 1)[1] == [
        r"z^{(1)} = \begin{bmatrix}1&-2\\-1&1\end{bmatrix} \begin{bmatrix}0\\0\end{bmatrix} + "
        r"\begin{bmatrix}1\\0\end{bmatrix} \approx \begin{bmatrix}1\\0\end{bmatrix}",
        r"a^{(1)} = \sigma \begin{bmatrix}1\\0\end{bmatrix} \approx \begin{bmatrix}0.7311\\0.5\end{bmatrix}",
    ]


def test_the_gradients_of_all_samples_are_added_up():
    symbols, numbers, sentence = told(lecture_of_two(), "dL_db", 1)
    assert symbols == f"{D('b_{1}')} = {over_samples('b_{1}')} = {d('b_{1}', 'l^{1}')} + {d('b_{1}', 'l^{2}')}"
    assert numbers == "= -0.0035652 + 0.040115 = 0.03655"
    assert sentence == (
        "The losses of all samples add up to L(θ) = Σₙ lⁿ(θ), so their gradients add up too: ∂L/∂b₁ = Σₙ ∂lⁿ/∂b₁. "
        "It is enough to find ∂l/∂b₁ for one sample, and add up. If b₁ grows a little, the total loss L rises."
    )


def test_a_mean_over_the_samples_says_so_in_its_formula_and_its_sentence():
    trace = lecture_of_two(total="mean")
    symbols, numbers, sentence = told(trace, "dL_db", 1)
    share = r"\tfrac{1}{N}"
    terms = rf"\bigl[ {d('b_{1}', 'l^{1}')} + {d('b_{1}', 'l^{2}')} \bigr]"
    assert symbols == f"{D('b_{1}')} = {share}{over_samples('b_{1}')} = {share} {terms}"
    assert numbers == r"= \tfrac{1}{2} \bigl[ -0.003565 + 0.04012 \bigr] = 0.01828"
    assert sentence == (
        "The loss L is the mean over all samples, L(θ) = 1/N Σₙ lⁿ(θ) with N = 2, so its gradient is a mean too: "
        "∂L/∂b₁ = 1/N Σₙ ∂lⁿ/∂b₁. It is enough to find ∂l/∂b₁ for each sample, and take the mean. "
        "If b₁ grows a little, the mean loss L rises."
    )
    chinese = Narrator(trace).sentence(stop_at(trace, "dL_db", 1), words("zh-TW"))
    assert chinese.startswith("所有樣本的損失取平均就是 L(θ) = 1/N Σₙ lⁿ(θ)，N = 2，")


def test_a_mean_grows_sample_by_sample_within_its_brackets():
    trace = lecture_of_two(total="mean")
    first, both = (stop for stop in walk(trace, "term") if stop.last == trace.step_of("dL_dw", 3, 1, 0))
    assert latex(Narrator(trace).both(first)[1]) == r"= \tfrac{1}{2} \bigl[ 0.10144 \bigr] = 0.05072"
    assert latex(Narrator(trace).both(both)[1]) == r"= \tfrac{1}{2} \bigl[ 0.101436 + (-0.0131080) \bigr] = 0.04416"


@pytest.mark.parametrize(
    ("granularity", "said"),
    [
        ("neuron", "the gradients of all samples are averaged, because L(θ) = 1/N Σₙ lⁿ(θ)."),
        ("layer", "and take the mean."),
        ("pass", "so their gradients have the mean ∇L(θ): every ∂L/∂w."),
    ],
)
def test_larger_steps_tell_of_the_mean_too(granularity, said):
    symbols, numbers, sentence = lines_at(lecture_of_two(total="mean"), granularity, "dL_db", 1)
    assert r"\tfrac{1}{N}\sum_{n}" in symbols[0]
    assert said in sentence
    if granularity == "pass":
        assert numbers[0] == r"L(\theta) = \tfrac{1}{2} \bigl[ 0.4168 + 0.1416 \bigr] = 0.2792"


def test_a_sum_over_samples_grows_sample_by_sample():
    trace = lecture_of_two()
    narrator = Narrator(trace)
    first, both = (stop for stop in walk(trace, "term") if stop.last == trace.step_of("dL_dw", 3, 1, 0))
    assert latex(narrator.both(first)[1]) == "= 0.1014"
    assert latex(narrator.both(both)[1]) == "= 0.10144 + (-0.013108) = 0.08833"
    assert latex(narrator.both(first)[0]) == latex(narrator.both(both)[0])
    assert narrator.sentence(first, words("en")).startswith("1 of 2 terms added so far. The losses of all samples")


def test_a_weight_steps_against_its_gradient():
    symbols, numbers, sentence = told(lecture_of_two(), "w", 3, 1, 0)
    assert symbols == r"w_{6} \leftarrow w_{6} - \eta " + D("w_{6}")
    assert numbers == r"= -1 - 0.5 \times 0.08833 = -1.044"
    assert sentence == (
        "w₆ takes a step against its gradient: the learning rate η = 0.5 times ∂L/∂w₆ is subtracted. All gradients "
        "come from the old weights, so all weights are updated at once. If η is small enough, the loss falls."
    )


def test_the_gradient_of_a_single_sample_is_that_of_its_own_loss():
    trace = backprop(Network.lecture(), [1, -1], [1, 0], 0.5)
    symbols, numbers, sentence = told(trace, "w", 1, 0, 0)
    assert symbols == r"w_{1} \leftarrow w_{1} - \eta " + d("w_{1}")
    assert numbers == r"= 1 - 0.5 \times (-0.003565) = 1.002"
    assert sentence == (
        "As in linear regression, w¹ ← w⁰ − η ∂l/∂w leads from the weights w⁰ to the next, w¹. w₁ takes a step against "
        "its gradient: the learning rate η = 0.5 times ∂l/∂w₁ is subtracted. All gradients come from the old weights, "
        "so all weights are updated at once."
    )
    assert lines_at(trace, "pass", "w", 1, 0, 0)[0] == [r"w^{1} \leftarrow w^{0} - \eta " + d("w")]
    assert lines_at(trace, "layer", "b", 3)[0][1] == (r"b^{(3)} \leftarrow b^{(3)} - \eta " + d(r"b^{(3)}"))


def test_the_sums_of_a_neuron_stand_under_one_another():
    symbols, numbers, sentence = lines_at(lecture_of_two(), "neuron", "dL_db", 2)
    assert symbols == [
        f"{D(w)} = {over_samples(w)} = {d(w, 'l^{1}')} + {d(w, 'l^{2}')}" for w in ("w_{3}", "w_{9}", "b_{3}")
    ]
    assert numbers == [
        D("w_{3}") + " = -0.04494 + 0.05875 = 0.01381",
        D("w_{9}") + " = -0.0054551 + 0.040184 = 0.03473",
        D("b_{3}") + " = -0.04576 + 0.08037 = 0.03461",
    ]
    assert sentence == (
        "For each weight that enters this neuron, the gradients of all samples are added up, because L(θ) = Σₙ lⁿ(θ)."
    )


def test_the_updates_of_a_neuron_stand_under_one_another():
    symbols, numbers, _ = lines_at(lecture_of_two(), "neuron", "b", 1)
    assert symbols == [rf"{w} \leftarrow {w} - \eta {D(w)}" for w in ("w_{1}", "w_{2}", "b_{1}")]
    assert numbers == [
        r"w_{1} \leftarrow 1 - 0.5 \times (-0.003565) = 1.002",
        r"w_{2} \leftarrow -2 - 0.5 \times 0.003565 = -2.002",
        r"b_{1} \leftarrow 1 - 0.5 \times 0.03655 = 0.9817",
    ]


def test_the_gradients_of_a_layer_are_added_up_as_matrices():
    W, b = r"W^{(1)}", r"b^{(1)}"
    symbols, numbers, sentence = lines_at(lecture_of_two(), "layer", "dL_db", 1)
    assert symbols == [rf"{D(W)} = {over_samples(W)} ,\quad {D(b)} = {over_samples(b)}"]
    assert numbers == [
        D(W) + r" \approx \begin{bmatrix}-0.003565&0.003565\\-0.0009867&0.0009867\end{bmatrix}",
        D(b) + r" \approx \begin{bmatrix}0.03655\\-0.01567\end{bmatrix}",
    ]
    assert sentence.endswith("It is enough to find ∂l/∂W⁽¹⁾ for one sample, and add up.")


def test_a_layer_is_updated_as_a_whole():
    W, b = r"W^{(3)}", r"b^{(3)}"
    symbols, numbers, _ = lines_at(lecture_of_two(), "layer", "b", 3)
    assert symbols == [rf"{it} \leftarrow {it} - \eta {D(it)}" for it in (W, b)]
    assert numbers == [
        W + r" \leftarrow \begin{bmatrix}3&-1\\-1&4\end{bmatrix} - 0.5 "
        r"\begin{bmatrix}0.01458&0.005764\\0.08833&0.01078\end{bmatrix} \approx "
        r"\begin{bmatrix}2.993&-1.003\\-1.044&3.995\end{bmatrix}",
        b + r" \leftarrow \begin{bmatrix}-2\\2\end{bmatrix} - 0.5 \begin{bmatrix}0.03761\\0.09935\end{bmatrix} \approx "
        r"\begin{bmatrix}-2.019\\1.950\end{bmatrix}",
    ]


def test_of_a_wide_layer_the_old_weights_are_not_written_out_again():
    trace = backprop(Network.random([4, 1], "identity"), [0, 0, 0, 1], [0], 1)
    numbers = lines_at(trace, "layer", "b", 1)[1]
    assert numbers[0].startswith(r"W \leftarrow W - 1 \begin{bmatrix}0&0&0&")


def test_the_sum_as_a_whole_is_that_of_the_losses_and_of_the_gradients():
    symbols, numbers, sentence = lines_at(lecture_of_two(), "pass", "dL_db", 1)
    assert symbols == [
        rf"L(\theta) = \sum_{{n}}l^{{n}}(\theta) ,\quad {D('w')} = {over_samples('w')}",
        rf"\nabla L(\theta) = \bigl[ {D('w_{1}')} , {D('w_{2}')} , \cdots , {D('b_{6}')} \bigr]",
    ]
    assert numbers[0] == r"L(\theta) = 0.4168 + 0.1416 = 0.5584"
    assert numbers[1].startswith(D(r"W^{(1)}") + r" \approx \begin{bmatrix}-0.003565&")
    assert "their gradients add up to ∇L(θ): every ∂L/∂w. It is enough to find ∂l/∂w for one sample" in sentence


def test_the_update_as_a_whole_is_that_of_linear_regression():
    symbols, numbers, sentence = lines_at(lecture_of_two(), "pass", "w", 1, 0, 0)
    assert symbols == [r"w^{1} \leftarrow w^{0} - \eta " + D("w")]
    assert numbers == lines_at(lecture_of_two(), "layer", "w", 1, 0, 0)[1][:1]
    assert sentence.startswith("The update, as in linear regression: every weight takes a step against its gradient")


@pytest.mark.parametrize("granularity", ["pass", "layer", "vector", "neuron"])
def test_biases_that_stay_are_spoken_of_and_not_updated(granularity):
    kept, moved = (lines_at(lecture_of_two(0.5, biases), granularity, "w", 1, 0, 0) for biases in (False, True))
    assert not any(re.search(r"b[_}]", line) for line in kept[0])
    assert kept[2] == f"{moved[2]} The biases are left as they are."


def test_a_sum_over_very_many_samples_is_cut_short():
    symbols, numbers, _ = told(same_samples(1000), "dL_dw", 1, 0, 0)
    w = "w"
    shown = [d(w, f"l^{{{n}}}") for n in range(1, 7)] + [r"\cdots"] + [d(w, f"l^{{{n}}}") for n in (999, 1000)]
    assert symbols.replace(r"\\ ", "") == f"{D(w)} = {over_samples(w)} = " + " + ".join(shown)
    assert numbers == r"= 1 + 1 + 1 + 1 + 1 + 1 + \cdots + 1 + 1 = 1000"


def test_the_sums_of_a_neuron_over_many_samples_are_cut_to_a_line_each():
    numbers = lines_at(same_samples(5), "neuron", "dL_db", 1)[1]
    assert numbers == [
        D("w") + r" = 1 + 1 + \cdots + 1 = 5",
        D("b") + r" = 0.5 + 0.5 + \cdots + 0.5 = 2.5",
    ]


def test_a_sum_over_one_sample_is_its_gradient():
    symbols, numbers, _ = told(same_samples(1), "dL_dw", 1, 0, 0)
    assert symbols.endswith(f"{over_samples('w')} = {d('w', 'l^{1}')}")
    assert numbers == "= 1"


def test_gradients_that_cancel_add_up_to_nothing():
    trace = backprop(Network([[[1]]], [[0]], "identity", "half_squared_error"), [[1], [1]], [[0], [2]])
    _, numbers, sentence = told(trace, "dL_db", 1)
    assert numbers == "= 1 + (-1) = 0"
    assert sentence.endswith("The sum is 0: to first order, the total loss L does not change if b changes a little.")


# Other networks


def run(weights, biases, activations, loss, x, target, **names):
    return backprop(Network(weights, biases, activations, loss, **names), x, target)


def test_other_networks_have_layered_symbols():
    trace = backprop(Network.random([2, 3, 1]), [1, -1], [1])
    assert told(trace, "z", 2)[0] == (
        "z_{1}^{(2)} = a_{1}^{(1)} w_{11}^{(2)} + a_{2}^{(1)} w_{12}^{(2)} + a_{3}^{(1)} w_{13}^{(2)} + b_{1}^{(2)}"
    )
    z, slope = "z_{3}^{(1)}", r"\sigma'(z_{3}^{(1)})"
    bracket = rf"\bigl[ w_{{13}}^{{(2)}} {d('z_{1}^{(2)}')} \bigr]"
    assert told(trace, "dl_dz", 1, 2)[0] == f"{d(z)} = {slope} {d('a_{3}^{(1)}')} = {slope} {bracket}"


def test_softmax_has_its_own_formula():
    trace = run([[[1], [2]]], [[0, 0]], "softmax", "half_squared_error", [1], [1, 0])
    assert told(trace, "a", 1, 1)[0] == r"y_{2} = \frac{e^{z_{2}^{(1)}}}{e^{z_{1}^{(1)}}+e^{z_{2}^{(1)}}}"
    total = r"\sum_{k}y_{k}\frac{\partial l}{\partial y_{k}}"
    assert told(trace, "dl_dz", 1)[0] == rf"{d('z_{1}^{(1)}')} = y_{{1}} \bigl[ {d('y_{1}')} - {total} \bigr]"


@pytest.mark.parametrize(
    ("loss", "formula", "numbers", "slope", "slope_numbers", "chinese"),
    [
        (
            "squared_error",
            r"l = \left(y_{1}-t_{1}\right)^{2} + \left(y_{2}-t_{2}\right)^{2} + \left(y_{3}-t_{3}\right)^{2}",
            r"= \left(3-1\right)^{2} + \left(-1-0\right)^{2} + \left(2-0\right)^{2} = 9",
            r"2\left(y_{1}-t_{1}\right)",
            r"= 2\left(3-1\right) = 4",
            "每個差先平方，再加總。",
        ),
        (
            "mean_squared_error",
            r"l = \tfrac{1}{K} \bigl[ \left(y_{1}-t_{1}\right)^{2} + \left(y_{2}-t_{2}\right)^{2} "
            r"+ \left(y_{3}-t_{3}\right)^{2} \bigr]",
            r"= \tfrac{1}{3} \bigl[ \left(3-1\right)^{2} + \left(-1-0\right)^{2} + \left(2-0\right)^{2} \bigr] = 3",
            r"\tfrac{2}{K}\left(y_{1}-t_{1}\right)",
            r"= \tfrac{2}{3}\left(3-1\right) = 1.333",
            "每個差先平方再加總，然後除以輸出的個數 K = 3。",
        ),
    ],
)
def test_the_formula_of_a_squared_error_says_its_factor(loss, formula, numbers, slope, slope_numbers, chinese):
    trace = run([[[3], [-1], [2]]], [[0, 0, 0]], "identity", loss, [1], [1, 0, 0])
    assert told(trace, "loss", 1)[:2] == (formula, numbers)
    assert told(trace, "dl_da", 1)[:2] == (f"{d('y_{1}')} = {slope}", slope_numbers)
    assert Narrator(trace).sentence(stop_at(trace, "loss", 1), words("zh-TW")).endswith(chinese)


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
    _, numbers, sentence = told(trace, "dl_dz", 1)
    assert numbers == r"= 1-1 \approx -4.248\times 10^{-18}"
    assert sentence.endswith("y is so close to 1 that it is written as 1; the result comes from the exact number.")


def test_an_output_that_is_written_as_its_limit_does_not_reach_it():
    trace = run([[[40]]], [[0]], "sigmoid", "binary_cross_entropy", [1], [1])
    _, numbers, sentence = told(trace, "a", 1)
    assert numbers == r"= \frac{1}{1+e^{-40}} \approx 1"
    assert sentence.endswith("y never reaches 1, but comes so close that it is written as 1.")
    assert told(run([[[1]]], [[0]], "tanh", "half_squared_error", [0], [1]), "a", 1)[1] == r"= \tanh(0) = 0"


def test_partial_sums_that_cancel_come_to_nothing():
    network = Network([[[0.1, 0.2, -0.3]]], [[1]], "identity", "half_squared_error")
    trace = backprop(network, [1, 1, 1], [0])
    text = latex(Narrator(trace).both(walk(trace, "term")[2])[1])
    assert text == r"= 1 \times 0.1 + 1 \times 0.2 + 1 \times (-0.3) = 0"


def test_a_softmax_that_is_as_wrong_as_can_be_still_combines_or_says_why_not():
    trace = run([[[1000], [-1000]]], [[0, 0]], "softmax", "binary_cross_entropy", [1], [1, 1])
    assert told(trace, "dl_dz", 1)[1] == r"= 1 \times \bigl[ -1 - (-2) \bigr] = 1"
    _, numbers, sentence = told(trace, "dl_dz", 1, 1)
    assert numbers.startswith(r"= 0 \times \bigl[ -\infty")
    assert "y₁ is so close to 1 that it is written as 1" in sentence


def test_where_more_digits_are_needed_than_people_write_the_sentence_says_so():
    # Half of the terms' last digit is left: more than their rounding, less than 12 digits show.
    trace = run([[[1 / 3, -1 / 3 * (1 - 1e-14)]]], [[0]], "identity", "half_squared_error", [1, 1], [0])
    _, numbers, sentence = told(trace, "z", 1)
    assert numbers.startswith(r"= 1 \times 0.3333 + 1 \times (-0.3333) + 0 \approx 3.")
    assert sentence.endswith("the digits shown do not tell what is left; the result comes from all digits.")


def test_a_whole_layer_is_written_with_as_many_digits_as_its_sum_takes():
    trace = run([[[1.00004, -1]]], [[0]], "identity", "half_squared_error", [1, 1], [0])
    numbers = lines_at(trace, "layer", "a", 1)[1]
    assert numbers[0].startswith(r"z = \begin{bmatrix}1.00004&-1\end{bmatrix}")


def test_a_division_by_an_output_that_is_rounded_to_zero_is_only_about_its_result():
    trace = run([[[-1000]]], [[0]], "sigmoid", "binary_cross_entropy", [1], [1])
    assert told(trace, "dl_da", 1)[1] == r"= \frac{0-1}{0(1-0)} \approx -\infty "
    assert told(trace, "loss", 1)[1].endswith(r"\approx 1000")


def test_a_name_of_the_user_stands_beside_its_symbol():
    trace = run([[[1]]], [[0]], "tanh", "half_squared_error", [1], [1], input_names=["size <in {m}>"])
    assert "∂z/∂w = x (size <in {m}>): the derivative" in told(trace, "dl_dw", 1, 0, 0)[2]


def test_a_long_sum_is_broken_into_lines():
    trace = backprop(Network.random([16, 2]), [1] * 16, [1, 0])
    lines = told(trace, "z", 1)[0].split(r" \\ ")
    assert len(lines) > 2
    assert lines[-1].endswith("b_{1}^{(1)}")


def test_the_loss_of_very_many_outputs_is_cut_short():
    trace = backprop(Network.random([1, 20]), [1], [1] * 20)
    (stop,) = (stop for stop in walk(trace, "layer") if trace[stop.last].quantity == "loss")
    assert r"\cdots" in latex(Narrator(trace).both(stop)[0])


# Every number can be redone


def assert_claims_hold(text, result):
    """Work out everything that stands before an = and compare it with what stands behind, in the digits shown."""
    *shown, relation, ending = re.split(r"(=|\\approx|\\Rightarrow|\\leftarrow)", text.replace(r"\\", ""))
    if abs(result) > 1e300:
        assert (relation, evaluate(ending)) == (r"\approx", math.copysign(math.inf, result))
        return
    assert math.isclose(evaluate(ending), rounded(result), rel_tol=1e-12, abs_tol=1e-15)  # 0.1 + 0.2 − 0.3 is 0
    if relation == "=" and r"\cdots" not in text and len(shown) > 1:
        (value,) = map(evaluate, shown[2:])
        half_a_unit = 0.5 * 10.0 ** (math.floor(math.log10(abs(rounded(result)))) - 3) if result else 0
        assert abs(value - evaluate(ending)) <= half_a_unit * (1 + 1e-6) + 1e-15, text


def partial_sum(trace, stop):
    """Return the sum of the first terms of a stop's event."""
    event = trace[stop.last]
    if event.quantity == "loss":
        return trace.one.loss_terms[: stop.terms].sum()
    values = [operand.value for operand in event.operands]
    if event.phase == "sum":
        return sum(values[: stop.terms]) / (trace.samples if trace.network.total == "mean" else 1)
    return sum(v * w for v, w in zip(values[: 2 * stop.terms : 2], values[1 : 2 * stop.terms : 2], strict=True))


@given(traces(most_layers=3) | runs(most_layers=3))
@settings(max_examples=75)
def test_the_numbers_shown_give_the_result_shown(trace):
    narrator = Narrator(trace)
    for stop in walk(trace, "term"):
        event = trace[stop.last]
        text = latex(narrator.both(stop)[1])
        expected = event.value if stop.terms is None else partial_sum(trace, stop)
        assert_claims_hold(text, expected)


@given(traces(most_layers=2, most_units=3) | runs(most_layers=2, most_units=3))
@settings(max_examples=50)
def test_a_walk_by_neuron_shows_the_same_numbers_line_by_line(trace):
    narrator = Narrator(trace)
    for stop in walk(trace, "neuron"):
        events = trace[stop.first : stop.last + 1]
        lines = latex(narrator.both(stop)[1]).split(r" \\ ")
        for line, event in zip(lines, events, strict=False):
            if len(lines) == len(events):
                assert_claims_hold(line, event.value)


@pytest.mark.parametrize(("name", "slope"), [("leaky_relu", "0.01"), ("leaky_relu(0.25)", "0.25")])
def test_a_leaky_relu_is_told_with_its_slope(name, slope):
    trace = run([[[-2]]], None, name, "half_squared_error", [1], [1])
    symbols, numbers, sentence = told(trace, "a", 1)
    assert symbols.endswith(rf"\max({slope}\times z,z)")
    assert numbers.startswith(rf"= \max({slope}\times (-2),(-2))")
    assert sentence.endswith(f"positive numbers pass unchanged, negative ones are multiplied by {slope}.")


@pytest.mark.parametrize(("z", "comparison"), [(2, "2>0"), (-2, r"-2\le 0"), (0, r"0\le 0")])
@pytest.mark.parametrize(("name", "low"), [("relu", "0"), ("leaky_relu", "0.01"), ("leaky_relu(0.25)", "0.25")])
def test_a_slope_with_two_cases_shows_which_one_holds(z, comparison, name, low):
    trace = run([[[z]]], [[0]], name, "half_squared_error", [1], [1])
    assert told(trace, "dsigma", 1)[1] == rf"{comparison} \Rightarrow {'1' if z > 0 else low}"


# Sentences


@given(traces() | runs(most_samples=20))
@settings(max_examples=25)
def test_every_stop_of_every_walk_is_told_in_every_language(trace):
    narrator = Narrator(trace)
    for granularity in granularities(trace):
        for stop in walk(trace, granularity):
            sentences = [narrator.sentence(stop, words(lang)) for lang in LANGUAGES]
            assert all(sentence and not re.search(r"[{}]", sentence) for sentence in sentences)
            assert len(set(sentences)) == len(LANGUAGES)
            assert all(latex(formula).strip() for formula in narrator.both(stop))
            assert narrator.both(stop) == equation(Notation(trace), stop)


@pytest.mark.parametrize("sizes", [[30, 12], [784, 128, 64, 10]])
@pytest.mark.parametrize("output", ["tanh", "softmax"])
def test_a_big_network_is_told_by_pass_layer_and_vector(sizes, output):
    activations = ["tanh"] * (len(sizes) - 2) + [output]
    network, x, target = Network.random(sizes, activations), [1] * sizes[0], [0] * sizes[-1]
    one, several = backprop(network, x, target), backprop(network, [x] * 100, [target] * 100, 0.1)
    for trace, granularity in itertools.product((one, several), ("pass", "layer", "vector")):
        narrator = Narrator(trace)
        for stop in walk(trace, granularity):
            assert len(latex(narrator.both(stop)[1])) < 2000
            assert all("{" not in narrator.sentence(stop, words(lang)) for lang in LANGUAGES)


def test_the_sentence_says_which_way_the_loss_goes():
    trace = run([[[1, 1, 0]]], [[0]], "identity", "half_squared_error", [1, -1, 0], [-3])
    endings = [told(trace, "dl_dw", 1, 0, j)[2].split(". ")[-1] for j in range(3)]
    assert endings == [
        "If w₁ grows a little, the loss rises.",
        "If w₂ grows a little, the loss falls.",
        "Its gradient is 0: to first order, the loss does not change if w₃ changes a little.",
    ]


SMALL = "is so small that the"


@pytest.mark.parametrize(
    ("gradient", "largest", "word"),
    [
        *[(1, 1, "up"), (-1, 1, "down"), (0.0, 1, "none"), (4.7e-60, 1, "small"), (-4.7e-60, 1, "small")],
        *[(4.7e-60, 1e-59, "up"), (2e-9, 1, "up"), (0.5e-9, 1, "small"), (0.0, 0.0, "none")],
    ],
)
def test_a_gradient_is_small_beside_the_largest_and_never_by_itself(gradient, largest, word):
    assert direction(gradient, largest) == word


def test_of_a_gradient_that_is_small_beside_the_largest_nobody_says_that_the_loss_rises():
    trace = run([[[1]], [[1]]], [[0], [0]], ["sigmoid", "identity"], "half_squared_error", [1], [0])
    saturated = run([[[137]], [[1]]], [[0], [0]], ["sigmoid", "identity"], "half_squared_error", [1], [0])
    assert 0 < saturated.dl_dw[0][0, 0] < 1e-59
    assert told(trace, "dl_dw", 1, 0, 0)[2].endswith("the loss rises.")
    assert told(saturated, "dl_dw", 1, 0, 0)[2].endswith(
        "Its gradient is so small that the loss hardly changes if w₁₁⁽¹⁾ changes a little."
    )
    assert told(saturated, "dl_dw", 2, 0, 0)[2].endswith("the loss rises.")
    alone = run([[[137]]], [[0]], "sigmoid", "half_squared_error", [1], [0])  # its output misses by 1
    assert SMALL in told(alone, "dl_dw", 1, 0, 0)[2]


def test_of_a_sum_over_samples_that_is_small_beside_the_largest_the_same_is_said():
    network = Network([[[137]], [[1]]], [[0], [0]], ["sigmoid", "identity"], "half_squared_error")
    trace = backprop(network, [[1], [1]], [[0], [0]])
    assert told(trace, "dL_dw", 1, 0, 0)[2].endswith(
        "The sum is so small that the total loss L hardly changes if w₁₁⁽¹⁾ changes a little."
    )
    assert told(trace, "dL_db", 2, 0)[2].endswith("the total loss L rises.")


def test_where_one_infinite_number_is_less_another_only_the_result_is_written():
    network = Network([[[1, 3]]], [[0.5]], ["softmax"], "binary_cross_entropy")
    trace = backprop(network, [0.5, 0], [0])
    told = Narrator(trace)
    for granularity, result in (("equation", "0"), ("layer", r"\begin{bmatrix}0\end{bmatrix}")):
        stop = next(it for it in walk(trace, granularity) if it.last == trace.step_of("dl_dz", 1))
        assert latex(told.both(stop)[1]) == rf"\approx {result}"
        assert "y is exactly 1; where the formula divides by 0" in told.sentence(stop, words("en"))
