"""What is to be chosen of a vector before its numbers are asked for: one option is right, and each has its reason."""

import re

import numpy as np
import pytest
from networks import lecture

from bppviz import Network, backprop
from bppviz.core.walk import walk
from bppviz.practice.choices import choice_of
from bppviz.practice.quiz import Quiz
from bppviz.practice.typed import Given
from bppviz.words.catalogue import LANGUAGES

TRACE = lecture()
WIDE = backprop(Network.random([2, 3, 4, 2], "tanh", seed=2), [1, -1], [1, 0])


def stop_of(quantity, layer, trace=TRACE):
    """Return the stop of a walk by vector that finds a quantity of a layer."""
    of = [(trace[stop.last].quantity, trace[stop.last].layer) for stop in walk(trace, "vector")]
    return walk(trace, "vector")[of.index((quantity, layer))]


def texts(choice, lang="en"):
    return [option.text[lang] for option in choice.options]


def test_the_weights_that_meet_the_gradients_are_those_that_leave_the_neuron():
    choice = choice_of(TRACE, "dl_da", 1)
    assert choice.ask["en"] == "Your turn: which weights meet ∂l/∂z₃ and ∂l/∂z₄ for ∂l/∂a₁? You can click them, too."
    assert sorted(texts(choice)) == ["w₁, w₂", "w₃, w₄", "w₃, w₉", "w₉, w₁₀"]
    assert texts(choice)[choice.right] == "w₃, w₄"
    assert choice.options[choice.right].weights == ("w-2-0-0", "w-2-1-0")
    (row,) = [option for option in choice.options if option.text["en"] == "w₃, w₉"]
    assert row.said["en"].startswith("✗ w₃ and w₉ arrive at z₃: that is a row of W⁽²⁾.")
    assert row.said["zh-TW"].startswith("✗ w₃ 與 w₉ 進入 z₃")
    single = choice_of(backprop(Network.random([1, 2, 2], seed=2), [1], [1, 0]), "dl_da", 1)
    assert len(single.options) == 3  # a single weight arrives at z₁
    assert choice_of(TRACE, "dl_da", 3) is None  # ∂l/∂y comes from no weights


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_only_the_product_that_is_right_gives_the_gradient_of_the_weights(layer):
    choice = choice_of(WIDE, "dl_dw", layer)
    dl_dz, a = WIDE.dl_dz[layer - 1], WIDE.array("a", layer - 1)
    of_z, of_a = f"∂l/∂z⁽{'¹²³'[layer - 1]}⁾", f"a⁽{'⁰¹²'[layer - 1]}⁾" if layer > 1 else "x"
    turned = f"({of_a})ᵀ" if layer > 1 else "xᵀ"
    products = {
        f"{of_z} {turned}": np.outer(dl_dz, a),
        f"{of_a} ({of_z})ᵀ": np.outer(a, dl_dz),
        f"{turned} {of_z}": np.zeros(1),
        f"{of_z} ⊙ {of_a}": np.zeros(1),
    }
    assert {*texts(choice)} == {*products}
    right = [np.array_equal(products[text], WIDE.dl_dw[layer - 1]) for text in texts(choice)]
    assert right == [i == choice.right for i in range(4)]


def test_by_entries_or_by_a_matrix_is_asked_where_an_activation_works_neuron_by_neuron():
    choice = choice_of(TRACE, "dl_dz", 2)
    assert texts(choice)[choice.right] == "by ⊙"
    assert texts(choice, "zh-TW")[choice.right] == "用 ⊙"
    softmax = backprop(Network.random([2, 3, 2], "tanh", "cross_entropy"), [1, -1], [1, 0])
    assert choice_of(softmax, "dl_dz", 2) is None
    assert choice_of(softmax, "dl_dz", 1)
    simplified = backprop(Network.random([2, 3, 2], "relu", "binary_cross_entropy", seed=3), [1, -1], [1, 0])
    assert choice_of(simplified, "dl_dz", 2) is None
    assert choice_of(backprop(Network.random([2, 1, 1], seed=3), [1, -1], [1]), "dl_dz", 1) is None


@pytest.mark.parametrize("trace", [TRACE, WIDE])
def test_all_options_differ_and_the_right_one_alone_is_told_to_be_right(trace):
    places = []
    for stop in walk(trace, "vector"):
        if choice := choice_of(trace, trace[stop.last].quantity, trace[stop.last].layer):
            places.append(choice.right)
            for lang in LANGUAGES:
                assert len({*texts(choice, lang)}) == len(choice.options)
                said = [option.said[lang] for option in choice.options]
                assert [text.startswith("✓") for text in said] == [i == choice.right for i in range(len(said))]
                assert not any(re.search("[{}]", text) for text in [*said, choice.ask[lang]])
    assert len({*places}) > 1  # who knows where it stood last time knows nothing


def test_a_choice_comes_before_the_numbers_and_counts_as_a_question_of_its_own():
    quiz, stop = Quiz(8), stop_of("dl_dw", 2)
    choice = quiz.choice(TRACE, stop)
    wrong = (choice.right + 1) % 4
    assert quiz.choose(TRACE, stop, wrong) == choice.options[wrong]
    assert quiz.choice(TRACE, stop) == choice
    assert quiz.choose(TRACE, stop, 4) is None
    quiz.choose(TRACE, stop, choice.right)
    assert quiz.choice(TRACE, stop) is None
    quiz.answer(TRACE, stop, [Given(value, 0) for value in TRACE.dl_dw[1].ravel()])
    assert quiz.score == (1, 2)
    told = [(it.quantity, it.given, it.expected, it.is_right, it.attempt) for it in quiz.answers[:2]]
    right = choice.right + 1.0
    assert told == [("choice", wrong + 1.0, right, False, 1), ("choice", right, right, True, 2)]
    quiz.begin(8)
    assert quiz.choice(TRACE, stop) == choice


def test_nothing_is_to_be_chosen_by_equation_nor_where_nothing_is_asked():
    assert not any(Quiz(8).choice(TRACE, stop) for stop in walk(TRACE))
    assert not any(Quiz(0).choice(TRACE, stop) for stop in walk(TRACE, "vector"))
    found = [Quiz(8).choice(TRACE, stop) for stop in walk(TRACE, "vector")]
    assert sum(choice is not None for choice in found) == 8
