"""The picture by vector: what is new is filled, what it is found from is outlined, and nothing later can be seen."""

import pytest
from networks import lecture, lecture_of_two
from pictures import colour, numbers, painted_frame

from bppviz import Network, backprop
from bppviz.core.place import key
from bppviz.core.walk import found_at, walk
from bppviz.picture.film import VIEWS, Film, views
from bppviz.words.numbers import number
from bppviz.words.symbols import Symbols

RUNS = {
    "the lecture's": lecture,
    "two samples and an update": lecture_of_two,
    "4-8-8-3": lambda: backprop(Network.random([4, 8, 8, 3]), [1, 2, 3, 4], [1, 0, 0]),
    "softmax, simplified": lambda: backprop(Network.random([2, 3, 3], "tanh", "cross_entropy"), [1, 2], [1, 0, 0]),
    "no biases": lambda: backprop(
        Network([[[1, 2], [3, 4]]], None, "tanh", "half_squared_error"), [0.1, 0.2], [1, 0], 0.5
    ),
}
TOLD_BY_MOUSE = ("z", "a", "dsigma", "dl_da", "dl_dz", "dl_dw", "dl_db", "dL_dw", "dL_db", "loss")


@pytest.fixture(scope="module", params=RUNS)
def trace(request):
    return RUNS[request.param]()


def told(film, stop):
    """Return the names of all numbers that pointing at the picture tells."""
    series = painted_frame(film, stop)["data"]
    hovers = [text for it in series for text in (it.get("hovertext") or [])]
    return {line.partition(" = ")[0] for text in hovers for line in text.split("<br>") if " = " in line}


def test_what_is_known_can_be_pointed_at_and_nothing_that_is_to_come(trace):
    symbols = Symbols(trace.network)
    name_of = {event.step: symbols(*event.place).text for event in trace if event.quantity in TOLD_BY_MOUSE}
    for view in views(trace):
        film, known = Film(trace, view), set()
        for stop in walk(trace, "vector"):
            known |= {event.step for event in found_at(trace, stop)}
            names = told(film, stop) & set(name_of.values())
            assert names == {name for step, name in name_of.items() if step in known}


@pytest.mark.parametrize("view", VIEWS)
def test_the_numbers_that_a_stop_finds_stand_in_filled_boxes_and_no_others(view):
    film, trace = Film(lecture(), view), lecture()
    for stop in walk(trace, "vector"):
        filled = {it.number for it in numbers(painted_frame(film, stop)) if it.colour == colour("background")}
        assert filled == {number(it.value) for it in found_at(trace, stop)}


def test_a_frame_says_what_is_found_and_from_what():
    stop = walk(lecture(), "vector")[10]
    frame = Film(lecture()).frame(stop)
    assert frame["to"] == [key(event.place) for event in found_at(lecture(), stop)] == ["dl_da-2-0", "dl_da-2-1"]
    weights = [f"w-3-{unit}-{source}" for unit in (0, 1) for source in (0, 1)]
    assert frame["from"] == ["dl_dz-3-0", "dl_dz-3-1", *weights]
    assert (frame["step"], frame["to_come"]) == (22, [20, 21])
