"""An event on its own, as a cell or a terminal shows it: its equation in text, LaTeX and HTML."""

import re
from itertools import product
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from networks import lecture, lecture_of_two, runs

from bppviz import Network, backprop
from bppviz.core.functions import ACTIVATIONS, LOSSES
from bppviz.core.walk import Stop
from bppviz.words.catalogue import words
from bppviz.words.formula import mathml
from bppviz.words.sentences import Narrator


def line(quantity, layer, unit=0, source=None, trace=None):
    trace = trace or lecture()
    return repr(trace[trace.step_of(quantity, layer, unit, source)])


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (("z", 1), "step 0: z₁ = x₁ w₁ + x₂ w₂ + b₁ = 1 × 1 + (−1) × (−2) + 1 = 4"),
        (("a", 1), "step 1: a₁ = σ(z₁) = 1/(1 + e^(−z₁)) = 1/(1 + e⁻⁴) = 0.9820"),
        (("loss", 3), "step 12: l = ½[(y₁ − t₁)² + (y₂ − t₂)²] = ½[(0.6177 − 1)² + (0.8291 − 0)²] = 0.4168"),
        (("dl_da", 3), "step 13: ∂l/∂y₁ = y₁ − t₁ = 0.6177 − 1 = −0.3823"),
        (("dsigma", 3), "step 14: ∂y₁/∂z₅ = σ′(z₅) = y₁(1 − y₁) = 0.6177 × (1 − 0.6177) = 0.2361"),
        (
            ("dl_da", 2),
            "step 19: ∂l/∂a₃ = ∂z₅/∂a₃ ∂l/∂z₅ + ∂z₆/∂a₃ ∂l/∂z₆ = w₅ ∂l/∂z₅ + w₆ ∂l/∂z₆ = "
            + "3 × (−0.09028) + (−1) × 0.1175 = −0.3883",
        ),
        (("dl_dw", 1, 0, 1), "step 32: ∂l/∂w₂ = ∂z₁/∂w₂ ∂l/∂z₁ = x₂ ∂l/∂z₁ = −1 × (−0.003565) = 0.003565"),
    ],
)
def test_an_event_of_the_lecture_is_its_equation_in_one_line(place, told):
    assert line(*place) == told


@pytest.mark.parametrize(
    ("loss", "told"),
    [
        ("squared_error", "step 3: ∂l/∂y₁ = 2(y₁ − t₁) = 2(3 − 1) = 4"),
        ("mean_squared_error", "step 3: ∂l/∂y₁ = 2/K (y₁ − t₁) = 2/2 (3 − 1) = 2"),
    ],
)
def test_a_factor_stands_before_its_parentheses(loss, told):
    trace = backprop(Network([[[3], [-1]]], [[0, 0]], "identity", loss), [1], [1, 0])
    assert line("dl_da", 1, trace=trace) == told.replace("step 3", "step 5")


def test_a_sum_over_the_samples_and_an_update_are_told_too():
    trace = lecture_of_two()
    assert line("dL_dw", 3, 0, 0, trace) == (
        "step 61: ∂L/∂w₅ = Σₙ ∂lⁿ/∂w₅ = ∂l¹/∂w₅ + ∂l²/∂w₅ = −0.077956 + 0.092534 = 0.01458"
    )
    assert line("w", 3, 0, 0, trace) == "step 79: w₅ ← w₅ − η ∂L/∂w₅ = 3 − 0.5 × 0.01458 = 2.993"


def test_the_two_sides_of_a_relu_are_told_apart():
    trace = backprop(Network([[[1, -2]]], [[0]], "relu", "half_squared_error"), [1, 2], [1])
    assert line("a", 1, trace=trace) == "step 1: y = σ(z) = max(0, z) = max(0, −3) = 0"
    assert line("dsigma", 1, trace=trace) == "step 4: ∂y/∂z = σ′(z) = {1 if z > 0; 0 if z ≤ 0}; −3 ≤ 0 ⇒ 0"


def test_powers_and_small_numbers_are_raised():
    trace = backprop(Network([[[1.0]]], [[0]], "tanh", "half_squared_error"), [2e-7], [0])
    assert "1 − y² = 1 − (2×10⁻⁷)²" in line("dsigma", 1, trace=trace)
    assert line("z", 1, trace=trace).endswith("= 2×10⁻⁷ × 1 + 0 = 2×10⁻⁷")


def test_a_bracket_that_is_open_where_a_line_ends_is_closed():
    network = Network.random([3, 4, 2], total="mean")
    trace = backprop(network, [[1, 2, 3]] * 5, [[1, 0]] * 5)
    lines = [repr(event) for event in trace]
    assert any("…] = " in line for line in lines)
    assert all(line.count("[") == line.count("]") for line in lines)


def test_of_a_long_equation_the_line_tells_how_it_begins_and_its_value():
    trace = backprop(Network.random([9, 2]), [1] * 9, [1, 0])
    assert repr(trace[0]) == f"step 0: z₁⁽¹⁾ = x₁ w₁₁⁽¹⁾ + x₂ w₁₂⁽¹⁾ + x₃ w₁₃⁽¹⁾ + … = {trace[0].value:.4g}".replace(
        "-", "−"
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(runs())
def test_every_equation_is_a_short_line_of_text_and_none_of_latex_or_mathml_is_left(trace):
    for event in trace[:: max(1, len(trace) // 20)]:
        text = repr(event)
        assert text.startswith(f"step {event.step}: ")
        assert len(text) <= 140
        assert not re.search(r"[\\{<>&_\n]|  ", re.sub(r"\{1 if .+?\}| [<>] ", "", text)), text


def test_every_activation_and_loss_has_a_text_without_stray_powers():
    for hidden, output, loss in product(ACTIVATIONS, ACTIVATIONS, LOSSES):
        if hidden == "softmax" or (LOSSES[loss].probabilities and ACTIVATIONS[output].log is None):
            continue
        for event in backprop(Network.random([2, 2, 2], [hidden, output], loss), [1, -1], [1, 0]):
            assert set(re.findall(r"\^(.)", repr(event))) <= {"("}


def test_latex_has_the_symbols_in_the_first_line_and_the_numbers_below():
    event = lecture()[13]
    symbols, numbers = r"\frac{\partial l}{\partial y_{1}} = y_{1}-t_{1}", "= 0.6177-1 = -0.3823"
    assert event._repr_latex_() == rf"$$\begin{{aligned}} & {symbols} \\ & {numbers} \end{{aligned}}$$"


@pytest.mark.parametrize("step", [0, 12, 13, 27, 44])
def test_html_has_the_formula_the_numbers_and_the_sentence_of_the_widget(step):
    trace, stop = lecture(), Stop("equation", step, step)
    tell = Narrator(trace)
    *formulas, sentence = ElementTree.fromstring(trace[step]._repr_html_())
    assert [ElementTree.tostring(it[0]) for it in formulas] == [
        ElementTree.tostring(ElementTree.fromstring(mathml(it))) for it in tell.both(stop)
    ]
    assert sentence.text == tell.sentence(stop, words("en"))


def test_names_with_marks_of_html_or_of_formulas_are_text():
    names = ["<script>alert(1)</script>", "$x$ & y"]
    network = Network([[[1, 2]]], [[0]], "tanh", "half_squared_error", input_names=names)
    trace = backprop(network, [1, 2], [0])
    html = trace[trace.step_of("dl_dw", 1, 0, 0)]._repr_html_()
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    html = trace[trace.step_of("dl_dw", 1, 0, 1)]._repr_html_()
    assert 'class="tex2jax_ignore mathjax_ignore"' in html  # else a notebook takes $x$ for a formula
    assert "$x$ &amp; y" in html
