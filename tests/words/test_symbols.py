"""The name of every quantity, in the lecture's notation and by layer."""

import pytest

from bppviz import Network
from bppviz.words.symbols import Symbol, Symbols, gradient, loss_of


@pytest.fixture
def lecture():
    return Symbols(Network.lecture())


@pytest.fixture
def layered():
    return Symbols(Network.random([3, 2, 12, 1]))


def test_the_lecture_numbers_its_neurons_through(lecture):
    assert " ".join(lecture("z", layer, unit).text for layer in (1, 2, 3) for unit in (0, 1)) == "z₁ z₂ z₃ z₄ z₅ z₆"
    assert " ".join(lecture("a", layer, unit).text for layer in (1, 2, 3) for unit in (0, 1)) == "a₁ a₂ a₃ a₄ y₁ y₂"
    assert " ".join(lecture("b", layer, unit).text for layer in (1, 2, 3) for unit in (0, 1)) == "b₁ b₂ b₃ b₄ b₅ b₆"


@pytest.mark.parametrize(
    ("layer", "rows"),
    [(1, [["w₁", "w₂"], ["w₇", "w₈"]]), (2, [["w₃", "w₉"], ["w₄", "w₁₀"]]), (3, [["w₅", "w₁₁"], ["w₆", "w₁₂"]])],
)
def test_the_lecture_names_its_weights_as_they_leave_the_neurons(lecture, layer, rows):
    assert [[lecture("w", layer, unit, source).text for source in (0, 1)] for unit in (0, 1)] == rows


@pytest.mark.parametrize(
    ("place", "latex", "text"),
    [
        (("x", 0, 2), "x_{3}", "x₃"),
        (("t", 3, 0), "t_{1}", "t₁"),
        (("z", 2, 0), "z^{2}_{1}", "z²₁"),
        (("a", 1, 1), "a^{1}_{2}", "a¹₂"),
        (("a", 3, 0), "y_{1}", "y₁"),
        (("b", 2, 11), "b^{2}_{12}", "b²₁₂"),
        (("w", 1, 0, 2), "w^{1}_{13}", "w¹₁₃"),
        (("w", 2, 11, 0), "w^{2}_{12,1}", "w²₁₂,₁"),
        (("w", 3, 0, 11), "w^{3}_{1,12}", "w³₁,₁₂"),
        (("loss", 3), "l", "l"),
        (("dsigma", 2, 0), r"\sigma'(z^{2}_{1})", "σ′(z²₁)"),
        (("dl_da", 3, 0), r"\frac{\partial l}{\partial y_{1}}", "∂l/∂y₁"),
        (("dl_dz", 2, 0), r"\frac{\partial l}{\partial z^{2}_{1}}", "∂l/∂z²₁"),
        (("dl_dw", 1, 0, 2), r"\frac{\partial l}{\partial w^{1}_{13}}", "∂l/∂w¹₁₃"),
        (("dl_db", 2, 0), r"\frac{\partial l}{\partial b^{2}_{1}}", "∂l/∂b²₁"),
        (("dL_dw", 1, 0, 2), r"\frac{\partial L}{\partial w^{1}_{13}}", "∂L/∂w¹₁₃"),
        (("dL_db", 2, 0), r"\frac{\partial L}{\partial b^{2}_{1}}", "∂L/∂b²₁"),
    ],
)
def test_other_networks_carry_the_layer_and_a_comma_where_an_index_has_two_digits(layered, place, latex, text):
    assert layered(*place) == Symbol(latex, text)


def test_the_weight_into_the_first_neuron_of_layer_2_from_the_third_of_layer_1_is_w_2_13():
    assert Symbols(Network.random([1, 3, 1]))("w", 2, 0, 2) == Symbol("w^{2}_{13}", "w²₁₃")


@pytest.mark.parametrize(
    ("quantity", "layer", "latex", "text"),
    [
        ("w", 2, r"\mathbf{W}^{2}", "W²"),
        ("z", 2, r"\mathbf{z}^{2}", "z²"),
        ("a", 0, r"\mathbf{x}", "x"),
        ("a", 1, r"\mathbf{a}^{1}", "a¹"),
        ("a", 3, r"\mathbf{y}", "y"),
        ("t", 3, r"\mathbf{t}", "t"),
        ("dsigma", 2, r"\sigma'(\mathbf{z}^{2})", "σ′(z²)"),
        ("dl_dz", 2, r"\frac{\partial l}{\partial \mathbf{z}^{2}}", "∂l/∂z²"),
        ("dl_dw", 10, r"\frac{\partial l}{\partial \mathbf{W}^{10}}", "∂l/∂W¹⁰"),
        ("dL_dw", 2, r"\frac{\partial L}{\partial \mathbf{W}^{2}}", "∂L/∂W²"),
        ("dL_db", 2, r"\frac{\partial L}{\partial \mathbf{b}^{2}}", "∂L/∂b²"),
    ],
)
def test_a_whole_layer_has_a_bold_letter(layered, quantity, layer, latex, text):
    assert layered.vector(quantity, layer) == Symbol(latex, text)


@pytest.mark.parametrize(
    ("sample", "latex", "text"),
    [
        (0, r"\frac{\partial l^{1}}{\partial w_{3}}", "∂l¹/∂w₃"),
        (11, r"\frac{\partial l^{12}}{\partial w_{3}}", "∂l¹²/∂w₃"),
        (None, r"\frac{\partial l^{n}}{\partial w_{3}}", "∂lⁿ/∂w₃"),
    ],
)
def test_the_loss_of_a_sample_carries_its_number_from_1_or_n_for_any(lecture, sample, latex, text):
    assert gradient(lecture("w", 2, 0, 0), loss_of(sample)) == Symbol(latex, text)
