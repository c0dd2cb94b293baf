"""What is said aloud: no symbol is left that a screen reader would spell or leave out."""

import re

import pytest
from networks import lecture
from pictures import walks

from bppviz import Network, backprop
from bppviz.picture.film import Film
from bppviz.words.catalogue import LANGUAGES, words
from bppviz.words.spoken import spoken

SAID = {
    "∂l/∂z₃": ("the derivative of l by z 3", "l 對 z 3 的偏微分"),
    "∂lⁿ/∂w₁₁": ("the derivative of l n by w 11", "l n 對 w 11 的偏微分"),
    "∂L/∂W⁽²⁾": ("the derivative of L by W of layer 2", "L 對 第 2 層的 W 的偏微分"),
    "∂l/∂z₁⁽²⁾": ("the derivative of l by z 1 of layer 2", "l 對 第 2 層的 z 1 的偏微分"),
    "w₃₁⁽²⁾": ("w 3 1 of layer 2", "第 2 層的 w 3 1"),
    "w₁₀,₃⁽²⁾": ("w 10 3 of layer 2", "第 2 層的 w 10 3"),
    "b₁₂⁽¹⁰⁾": ("b 12 of layer 10", "第 10 層的 b 12"),
    "σ′(z₁⁽²⁾)": ("sigma prime (z 1 of layer 2)", "sigma prime (第 2 層的 z 1)"),
    "w₁₀": ("w 10", "w 10"),
    "∇l(θ)": ("nabla l(theta)", "nabla l(theta)"),
    "σ′(z₃)": ("sigma prime (z 3)", "sigma prime (z 3)"),
    "−0.5": ("minus 0.5", "負 0.5"),
    "∂l/∂z″": ("the derivative of l by z double prime", "l 對 z 兩撇 的偏微分"),
    "z₅ = a₃ w₅ + …": ("z 5 equals a 3 w 5 plus…", "z 5 等於 a 3 w 5 加…"),
    "w¹ ← w⁰ − η ∂L/∂w": ("w 1 becomes w 0 minus eta the derivative of L by w", "w 1 變成 w 0 減 eta L 對 w 的偏微分"),
    "y₁ − t₁": ("y 1 minus t 1", "y 1 減 t 1"),
    "½ (y − t)²": ("one half (y minus t) squared", "二分之一 (y 減 t) 的平方"),
    "1/N Σₙ lⁿ": ("one over N times the sum over n of l n", "N 分之一乘以 對 n 加總的 l n"),
    "K = 2": ("K equals 2", "K 等於 2"),
    "tanh²(z)": ("tanh squared (z)", "tanh 的平方 (z)"),
    "2×10⁻⁷": ("2 times 10 to the power of minus 7", "2 乘以 10 的 負 7 次方"),
    "the same ∂l/∂z₃": ("the same derivative of l by z 3", "the same l 對 z 3 的偏微分"),
    "∂l/∂a₃, and": ("the derivative of l by a 3, and", "l 對 a 3 的偏微分, and"),
}


@pytest.mark.parametrize("text", SAID)
def test_every_symbol_has_its_words(text):
    assert tuple(spoken(text, words(lang)) for lang in ("en", "zh-TW")) == SAID[text]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_step_of_any_walk_leaves_a_symbol(lang):
    softmax = Network.random([2, 3, 2], ["tanh", "softmax"], "cross_entropy")
    pair = backprop(softmax, [[1, 2], [0, 1]], [[1, 0], [0, 1]], learning_rate=0.1)
    for trace in (lecture(), pair):
        for frames in walks(Film(trace)).values():
            for frame in frames:
                said = " ".join(frame["spoken"][lang].values())
                assert not re.search("[∂σ′″Σηθ×≈=+−←½₀-₉⁰¹²³⁴-⁹ⁿₙ⁽⁾]", said), said
                assert not re.search(r"  |\b(the|same|each|every|its) the\b", said), said


def test_the_result_is_said_where_a_step_computes_a_single_number():
    frames = walks(Film(lecture()))
    assert frames["equation"][0]["spoken"]["en"]["result"] == "z 1 equals 4."
    assert frames["term"][0]["spoken"]["en"]["result"] == ""  # the sum is not yet known
    assert frames["term"][2]["spoken"]["en"]["result"] == "z 1 equals 4."
    results = {frame["quantity"]: frame["spoken"]["en"]["result"] for frame in frames["layer"]}
    assert {quantity for quantity, result in results.items() if result} == {"loss"}
    assert all(frame["spoken"]["en"]["result"] == "" for frame in frames["pass"])
