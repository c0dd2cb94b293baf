"""The walk by vector in words: each equation in vectors and matrices, and a sentence that says why."""

import re

import pytest
from networks import lecture, lecture_of_two

from bppviz import Network, backprop
from bppviz.core.walk import walk
from bppviz.words.catalogue import words
from bppviz.words.formula import latex
from bppviz.words.outline import row
from bppviz.words.sentences import Narrator


def told(trace, quantity, layer):
    """Return the equation of a quantity of a layer, in symbols and with its numbers, and both sentences."""
    narrator = Narrator(trace)
    stop = next(
        stop
        for stop in walk(trace, "vector")
        if (trace[stop.last].quantity, trace[stop.last].layer) == (quantity, layer)
    )
    formula, substituted = (latex(it) for it in narrator.both(stop))
    return formula, substituted, *(narrator.sentence(stop, words(lang)) for lang in ("en", "zh-TW"))


def whole(letter, layer=None):
    return letter + (f"^{{({layer})}}" if layer else "")


def d(of, loss="l"):
    return rf"\frac{{\partial {loss}}}{{\partial {of}}}"


def column(*numbers):
    return r"\begin{bmatrix}" + r"\\".join(numbers) + r"\end{bmatrix}"


def transposed(of):
    return rf"\left({of}\right)^{{\mathsf T}}"


Z2, Z3, A1, A2, W2, W3 = whole("z", 2), whole("z", 3), whole("a", 1), whole("a", 2), whole("W", 2), whole("W", 3)
FORMULAS = {
    ("z", 2): f"{Z2} = {W2} {A1} + {whole('b', 2)}",
    ("a", 2): rf"{A2} = \sigma({Z2})",
    ("dl_da", 3): rf"{d(whole('y'))} = {whole('y')}-{whole('t')}",
    ("dl_da", 2): f"{d(A2)} = {transposed(W3)} {d(Z3)}",
    ("dsigma", 2): rf"\sigma'({Z2}) = {A2}\odot\left(1-{A2}\right)",
    ("dl_dz", 2): rf"{d(Z2)} = \sigma'({Z2}) \odot {d(A2)}",
    ("dl_dw", 2): f"{d(W2)} = {d(Z2)} {transposed(A1)}",
    ("dl_db", 2): f"{d(whole('b', 2))} = {d(Z2)}",
}


@pytest.mark.parametrize(("stop", "formula"), FORMULAS.items())
def test_the_lectures_network_in_vectors(stop, formula):
    assert told(lecture(), *stop)[0] == formula


def test_the_gradient_of_the_first_a_is_computed_with_the_columns_of_w():
    numbers = told(lecture(), "dl_da", 1)[1]
    w = r"\begin{bmatrix}2&-2\\-1&-1\end{bmatrix}"
    assert numbers == rf"= {w} {column('-0.04576', '0.05516')} \approx {column('-0.2018', '-0.009398')}"


def test_a_slope_and_the_formula_of_a_loss_are_written_entry_by_entry():
    trace = backprop(Network.random([2, 2, 2], "sigmoid", "binary_cross_entropy"), [1, -1], [1, 0])
    assert told(trace, "dl_da", 2)[0].endswith(r"= \frac{y-t}{y\odot\left(1-y\right)}")
    assert told(trace, "dl_dz", 2)[0].endswith(r"= y-t")
    assert told(trace, "dl_dz", 2)[2].endswith("For this loss it simplifies to y − t: the output minus its target.")
    of_tanh = told(backprop(Network.random([2, 2, 1]), [1, -1], [1]), "dsigma", 1)[0]
    assert of_tanh.endswith(rf"= 1-{A1}\odot {A1}")


def test_a_slope_that_depends_on_the_sign_of_z_is_told_case_by_case():
    trace = backprop(Network([[[1], [-1]]], None, "relu", "half_squared_error"), [2], [1, 0])
    formula, numbers, *_ = told(trace, "dsigma", 1)
    assert r"\begin{cases}" in formula
    assert numbers == rf"{column('2', '-2')} \Rightarrow {column('1', '0')}"


def test_a_softmax_has_a_sentence_of_its_own_and_simplifies():
    trace = backprop(Network.random([2, 3, 3], "tanh", "cross_entropy"), [1, -0.5], [0, 1, 0])
    assert told(trace, "a", 2)[0] == rf"y = \mathrm{{softmax}}({Z2})"
    assert "shares that add up to 1" in told(trace, "a", 2)[2]
    assert told(trace, "dl_dz", 2)[0].endswith(r"= y-t")
    assert "every output depends on every entry" in told(trace, "dl_dz", 2)[2]


def test_sums_and_updates_are_told_once_for_the_weights_and_once_for_the_biases():
    trace = lecture_of_two()
    for of in ("W", "b"):
        quantity = f"dL_d{of.lower()}"
        assert told(trace, quantity, 1)[0] == rf"{d(whole(of, 1), 'L')} = \sum_{{n}}{d(whole(of, 1), 'l^{n}')}"
        formula, numbers, *_ = told(trace, of.lower(), 1)
        assert formula == rf"{whole(of, 1)} \leftarrow {whole(of, 1)} - \eta {d(whole(of, 1), 'L')}"
        assert numbers.startswith(r"\leftarrow \begin{bmatrix}")
    assert told(trace, "w", 1)[2].startswith("Layer 1: every weight takes a step against its gradient")
    assert told(trace, "b", 1)[2].startswith("Layer 1: every bias takes a step against its gradient")


def test_without_biases_none_are_spoken_of():
    trace = backprop(Network([[[1, 2], [3, 4]]], None, "tanh", "half_squared_error"), [1, -1], [1, 0])
    formula, _, english, chinese = told(trace, "z", 1)
    assert formula == rf"{Z2.replace('2', '1')} = {W2.replace('2', '1')} x"
    assert "bias" not in english
    assert "偏差" not in chinese


SAID = {
    ("z", 2): "each row of W⁽²⁾ holds the weights that enter one neuron",
    ("a", 2): "each z reaches only its own a, so no matrix is needed",
    ("dl_da", 3): "The pass starts at the output",
    ("dl_da", 2): "Each column of W⁽³⁾ holds the weights that leave one neuron",
    ("dsigma", 2): "these gains are constants",
    ("dl_dz", 2): "nothing is added up: ∂l/∂a⁽²⁾ is multiplied entry by entry",
    ("dl_dw", 1): "Every ∂l/∂z is computed.",
    ("dl_dw", 2): "that is an outer product",
    ("dl_db", 2): "∂l/∂b⁽²⁾ is ∂l/∂z⁽²⁾ itself",
}


@pytest.mark.parametrize(("stop", "said"), SAID.items())
def test_each_stop_says_why_in_both_languages(stop, said):
    _, _, english, chinese = told(lecture(), *stop)
    assert said in english
    assert re.search(r"[一-龥]", chinese)
    assert not re.search(r"[.,:;]( |$)", chinese)


def test_in_the_outline_a_stop_has_the_name_of_its_vector_and_of_a_single_neuron_its_value():
    symbols = Narrator(lecture()).symbols
    rows = [row(lecture(), symbols, stop) for stop in walk(lecture(), "vector")]
    names = "z⁽¹⁾ a⁽¹⁾ z⁽²⁾ a⁽²⁾ z⁽³⁾ y l ∂l/∂y σ′(z⁽³⁾) ∂l/∂z⁽³⁾ ∂l/∂a⁽²⁾ σ′(z⁽²⁾) ∂l/∂z⁽²⁾ ∂l/∂a⁽¹⁾ σ′(z⁽¹⁾) ∂l/∂z⁽¹⁾"
    names += " ∂l/∂W⁽¹⁾ ∂l/∂b⁽¹⁾ ∂l/∂W⁽²⁾ ∂l/∂b⁽²⁾ ∂l/∂W⁽³⁾ ∂l/∂b⁽³⁾"
    assert [it.name for it in rows] == names.split(" ")
    assert [it.value for it in rows if it.value] == ["0.4168"]
    one = backprop(Network([[[2]]], [[1]], "tanh", "half_squared_error"), [1], [0])
    assert row(one, Narrator(one).symbols, walk(one, "vector")[0]) == ("z", "3")
