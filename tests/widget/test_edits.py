"""Numbers that are changed in the picture: what the page tells of them, and what becomes of it."""

import pytest
from widgets import stage, tells

import bppviz
from bppviz import Network
from bppviz.core.place import place_at


@pytest.fixture
def explainer():
    return bppviz.explain()


def grabs(explainer, at):
    """Take hold of a number in the picture."""
    tells(explainer, "hold", at=at, slider=False, down=False, taken=True)


def enters(explainer, at, value):
    """Drag a number to a value, or type it."""
    tells(explainer, "enter", at=at, value=value)


def test_a_drag_is_one_edit_however_many_numbers_it_passes(explainer):
    for values in ([1.1, 1.2, 1.3], [1.4, 1.5]):
        grabs(explainer, "w-1-0-0")
        for value in values:
            enters(explainer, "w-1-0-0", value)
    found = []
    for _ in range(3):
        found.append(explainer.network.weights[0][0, 0])
        tells(explainer, "undo")
    assert found == [1.5, 1.3, 1.0]


@pytest.mark.parametrize(
    ("at", "entered", "value"),
    [("w-2-1-0", -0.5, -0.5), ("b-3-1", 7, 7.0), ("x-0-1", "0.25", 0.25), ("t-3-0", "−1.5e-4", -1.5e-4)],
)
def test_weights_biases_inputs_and_targets_are_dragged_or_typed(explainer, at, entered, value):
    enters(explainer, at, entered)
    assert explainer.trace.value(place_at(at)) == value
    assert stage(explainer).problem == {}


@pytest.mark.parametrize(("text", "name"), [("much", "typed"), ("", "typed"), ("1 2", "typed"), ("0,5", "point")])
def test_what_is_typed_and_is_no_number_is_said_and_changes_nothing(explainer, text, name):
    enters(explainer, "w-1-0-0", text)
    assert stage(explainer).problem == {"name": name}
    assert explainer.network.weights[0][0, 0] == 1


@pytest.mark.parametrize(("value", "target", "name"), [(1.7, 1.0, None), (-3, 0.0, None), ("1.7", 0.5, "target")])
def test_a_probability_is_dragged_to_its_bounds_and_typed_within_them(value, target, name):
    explainer = bppviz.explain(Network.random([2, 2, 1], loss="binary_cross_entropy"), [1, 0], [0.5])
    enters(explainer, "t-2-0", value)
    assert explainer.trace.target[0] == target
    assert stage(explainer).problem.get("name") == name


@pytest.mark.parametrize(("at", "value"), [("w-9-0-0", 1.0), ("zz", 1.0), ("w-1-0-0", None), ("w-1-0-0", [1])])
def test_what_the_page_cannot_mean_is_said_and_the_next_number_is_heard(explainer, at, value):
    enters(explainer, at, value)
    assert stage(explainer).problem["name"] in ("failed_change", "failed_message")
    enters(explainer, "w-1-0-0", 0.5)
    assert explainer.network.weights[0][0, 0] == 0.5
