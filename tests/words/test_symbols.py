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
        (("z", 2, 0), "z_{1}^{(2)}", "z₁⁽²⁾"),
        (("a", 1, 1), "a_{2}^{(1)}", "a₂⁽¹⁾"),
        (("a", 3, 0), "y_{1}", "y₁"),
        (("b", 2, 11), "b_{12}^{(2)}", "b₁₂⁽²⁾"),
        (("w", 1, 0, 2), "w_{13}^{(1)}", "w₁₃⁽¹⁾"),
        (("w", 2, 11, 0), "w_{12,1}^{(2)}", "w₁₂,₁⁽²⁾"),
        (("w", 3, 0, 11), "w_{1,12}^{(3)}", "w₁,₁₂⁽³⁾"),
        (("loss", 3), "l", "l"),
        (("dsigma", 2, 0), r"\sigma'(z_{1}^{(2)})", "σ′(z₁⁽²⁾)"),
        (("dl_da", 3, 0), r"\frac{\partial l}{\partial y_{1}}", "∂l/∂y₁"),
        (("dl_dz", 2, 0), r"\frac{\partial l}{\partial z_{1}^{(2)}}", "∂l/∂z₁⁽²⁾"),
        (("dl_dw", 1, 0, 2), r"\frac{\partial l}{\partial w_{13}^{(1)}}", "∂l/∂w₁₃⁽¹⁾"),
        (("dl_db", 2, 0), r"\frac{\partial l}{\partial b_{1}^{(2)}}", "∂l/∂b₁⁽²⁾"),
        (("dL_dw", 1, 0, 2), r"\frac{\partial L}{\partial w_{13}^{(1)}}", "∂L/∂w₁₃⁽¹⁾"),
        (("dL_db", 2, 0), r"\frac{\partial L}{\partial b_{1}^{(2)}}", "∂L/∂b₁⁽²⁾"),
    ],
)
def test_other_networks_carry_the_layer_and_a_comma_where_an_index_has_two_digits(layered, place, latex, text):
    assert layered(*place) == Symbol(latex, text)


@pytest.mark.parametrize(
    ("inputs", "texts"),
    [
        (1, "x w b z y t l σ′(z) ∂l/∂y ∂l/∂z ∂z/∂w ∂l/∂w ∂l/∂b ∂L/∂w"),
        (3, "x₃ w₃ b z y t l σ′(z) ∂l/∂y ∂l/∂z ∂z/∂w₃ ∂l/∂w₃ ∂l/∂b ∂L/∂w₃"),
        (12, "x₁₂ w₁₂ b z y t l σ′(z) ∂l/∂y ∂l/∂z ∂z/∂w₁₂ ∂l/∂w₁₂ ∂l/∂b ∂L/∂w₁₂"),
    ],
)
def test_a_single_neuron_has_no_layer_and_with_a_single_input_no_index(inputs, texts):
    symbols, last = Symbols(Network.random([inputs, 1])), inputs - 1
    names = ["w", "b", "z", "a", "t", "loss", "dsigma", "dl_da", "dl_dz", "dz_dw", "dl_dw", "dl_db", "dL_dw"]
    told = [symbols("x", 0, last), *(symbols(it, 1, 0, last if it.endswith("w") else None) for it in names)]
    assert " ".join(it.text for it in told) == texts
    assert symbols("w", 1, 0, last).latex == ("w" if inputs == 1 else f"w_{{{inputs}}}")
    assert [symbols.vector(it, 1).text for it in ("w", "z", "a", "dl_dw")] == ["W", "z", "y", "∂l/∂W"]


def test_one_layer_of_several_neurons_is_called_by_its_number():
    symbols, places = Symbols(Network.random([1, 2])), [("x", 0), ("w", 1, 1, 0), ("z", 1, 1), ("a", 1, 1)]
    assert [symbols(*place).text for place in places] == ["x₁", "w₂₁⁽¹⁾", "z₂⁽¹⁾", "y₂"]


def test_the_weight_into_the_first_neuron_of_layer_2_from_the_third_of_layer_1_is_w_13_of_layer_2():
    assert Symbols(Network.random([1, 3, 1]))("w", 2, 0, 2) == Symbol("w_{13}^{(2)}", "w₁₃⁽²⁾")


@pytest.mark.parametrize(
    ("quantity", "layer", "latex", "text"),
    [
        ("w", 2, r"W^{(2)}", "W⁽²⁾"),
        ("z", 2, r"z^{(2)}", "z⁽²⁾"),
        ("a", 0, r"x", "x"),
        ("a", 1, r"a^{(1)}", "a⁽¹⁾"),
        ("a", 3, r"y", "y"),
        ("t", 3, r"t", "t"),
        ("dsigma", 2, r"\sigma'(z^{(2)})", "σ′(z⁽²⁾)"),
        ("dl_dz", 2, r"\frac{\partial l}{\partial z^{(2)}}", "∂l/∂z⁽²⁾"),
        ("dl_dw", 10, r"\frac{\partial l}{\partial W^{(10)}}", "∂l/∂W⁽¹⁰⁾"),
        ("dL_dw", 2, r"\frac{\partial L}{\partial W^{(2)}}", "∂L/∂W⁽²⁾"),
        ("dL_db", 2, r"\frac{\partial L}{\partial b^{(2)}}", "∂L/∂b⁽²⁾"),
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
