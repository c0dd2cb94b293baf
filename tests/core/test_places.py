"""The numbers that a learner may change, and what the page calls them."""

from itertools import chain

import pytest

from bppviz import Network
from bppviz.core.network import changed, with_number
from bppviz.core.place import Place, chosen_for, entering, groups, key, place_at

LECTURE = Network.lecture()


def test_the_lectures_network_has_eighteen_weights_and_biases_between_its_inputs_and_targets():
    inputs, *layers, targets = groups(LECTURE.sizes, ())
    assert [key(place) for place in inputs] == ["x-0-0", "x-0-1"]
    assert [key(place) for place in layers[0]] == ["w-1-0-0", "w-1-0-1", "b-1-0", "w-1-1-0", "w-1-1-1", "b-1-1"]
    assert [len(layer) for layer in layers] == [6, 6, 6]
    assert [key(place) for place in targets] == ["t-3-0", "t-3-1"]


def test_a_place_is_found_again_by_what_the_page_calls_it():
    for place in chain.from_iterable(groups([3, 12, 2], {2})):
        assert place_at(key(place)) == place


def test_what_enters_a_neuron_is_its_weights_and_its_bias():
    assert [key(place) for place in entering(LECTURE.sizes, {3}, 2, 1)] == ["w-2-1-0", "w-2-1-1", "b-2-1"]
    assert [key(place) for place in entering(LECTURE.sizes, {3}, 3, 1)] == ["w-3-1-0", "w-3-1-1"]


def test_in_the_place_of_a_neuron_its_bias_is_chosen_or_its_first_weight():
    assert [key(chosen_for({3}, layer, 1)) for layer in (2, 3)] == ["b-2-1", "w-3-1-0"]


@pytest.mark.parametrize("place", [Place("w", 2, 1, 0), Place("b", 3, 1)])
def test_a_number_is_changed_in_a_new_network_and_nothing_else(place):
    network = with_number(LECTURE, place, 0.125)
    assert network.value(*place) == 0.125
    for other in chain.from_iterable(groups(LECTURE.sizes, ())[1:-1]):
        if other != place:
            assert network.value(*other) == LECTURE.value(*other)
    assert (network.notation, network.loss, network.activations) == ("lecture", LECTURE.loss, LECTURE.activations)
    assert LECTURE.value(*place) != 0.125


def test_a_number_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="biases\\[0\\] holds nan"):
        with_number(LECTURE, Place("b", 1, 0), float("nan"))


def test_a_copy_is_changed_and_not_the_array():
    array = LECTURE.weights[0]
    assert changed(array, Place("w", 1, 0, 1), 9)[0, 1] == 9
    assert array[0, 1] == -2
