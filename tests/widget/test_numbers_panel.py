"""The panel of the numbers without a page: what its slider moves, and which numbers of a large network have sliders."""

import pytest
from widgets import charts, field, holds, lets_go, numbers, page, part, parts, stage, typed, unpacked

from bppviz import Network, explain, samples
from bppviz.words.numbers import number


@pytest.fixture
def lecture():
    explainer = explain(open="weights")
    yield explainer
    explainer.close()


@pytest.fixture
def large():
    explainer = explain(Network.random([30, 20, 10]), open="weights")
    yield explainer
    explainer.close()


def rail(explainer):
    """Return the slider under the chart."""
    return part(explainer, "rail", "in-chart")


def test_the_slider_under_the_chart_stands_at_the_number_in_hand_the_first_weight_at_first(lecture):
    assert rail(lecture).value == lecture.network.weights[0][0, 0]
    stage(lecture).selected = "w-3-0-0"
    assert (rail(lecture).min, rail(lecture).max, rail(lecture).value) == (-5, 5, 3)
    typed(lecture, "w-3-0-0", 7)
    assert (rail(lecture).min, rail(lecture).max, rail(lecture).value) == (-10, 10, 7)


def test_a_drag_of_the_slider_under_the_chart_is_one_edit_of_the_number_in_hand(lecture):
    stage(lecture).selected = "w-3-0-0"
    holds(lecture, "rail")
    for value in (2.5, 2.0, 1.4):
        page(rail(lecture), value=value)
    lets_go(lecture, "rail")
    assert lecture.network.weights[2][0, 0] == 1.4
    assert field(lecture, "w-3-0-0").value == "1.4"
    parts(lecture)["undo"].click()
    assert lecture.network.weights[2][0, 0] == 3
    assert rail(lecture).value == 3


def test_what_still_comes_from_a_drag_does_not_move_the_number_that_is_chosen_next(lecture):
    stage(lecture).selected = "w-3-0-0"
    holds(lecture, "rail")
    page(rail(lecture), value=2.0)
    lets_go(lecture, "rail")
    stage(lecture).selected = "w-2-0-0"
    page(rail(lecture), value=1.9)
    assert lecture.network.weights[1][0, 0] == 2


def test_the_chart_of_several_samples_begins_a_move_at_the_loss_of_all(lecture):
    both = explain(None, *samples("lecture"), open="weights")
    stage(both).selected = "w-3-0-0"
    before = both.trace
    typed(both, "w-3-0-0", 2)
    (chart,) = charts(both, "weights")
    told = [key["short"] for key in unpacked(chart.figure)["layout"]["meta"]["keys"]]
    estimated, actual = -before.dL_dw[2][0, 0], both.trace.L - before.L
    assert told == [f"estimated {number(estimated)}", f"actual {number(actual)}"]
    both.close()


def test_in_a_large_network_the_selected_neuron_has_sliders_for_its_bias_and_its_largest_weights(large):
    stage(large).selected = "b-2-3"
    weights = large.network.weights[1][3]
    largest = sorted(range(20), key=lambda source: -abs(weights[source]))[:11]
    assert numbers(large) == [*(f"w-2-3-{source}" for source in largest), "b-2-3"]
    least = min(range(20), key=lambda source: abs(weights[source]))
    stage(large).selected = f"w-2-3-{least}"
    assert numbers(large)[0] == f"w-2-3-{least}"
    assert len(numbers(large)) == 12


@pytest.mark.parametrize(
    ("typed_in", "found"), [("w 4,2", ["w-2-3-1"]), ("w42(2)", ["w-2-3-1"]), ("W₄₂⁽²⁾", ["w-2-3-1"]), ("b", ["b-2-3"])]
)
def test_the_numbers_of_a_neuron_are_filtered_by_their_names_as_people_type_them(large, typed_in, found):
    stage(large).selected = "b-2-3"
    parts(large)["filter"].value = typed_in
    assert set(found) <= set(numbers(large))
    assert len(numbers(large)) < 12
    parts(large)["filter"].value = ""
    assert len(numbers(large)) == 12


def test_a_number_that_is_refused_from_the_chart_leaves_everything(lecture):
    typed(lecture, "w-1-0-0", 2)
    stage(lecture).selected = "x-0-0"
    typed(lecture, "x-0-0", "1e308")
    assert stage(lecture).problem == {"name": "overflow"}
    assert rail(lecture).value == 1
    assert field(lecture, "x-0-0").value == number(1)
