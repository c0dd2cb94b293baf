"""The picture of a network too large to be drawn neuron by neuron."""

from itertools import pairwise

import numpy as np
import pytest
from pictures import strings, texts, walks

from bppviz import Network, backprop, figure
from bppviz.core.walk import granularities, walk
from bppviz.picture.cells import MOST_COLUMNS, MOST_ROWS, STRONGEST, Cells
from bppviz.picture.film import Film, patched
from bppviz.words.catalogue import words
from bppviz.words.symbols import Symbols

SIZES = {"30-20-10": [30, 20, 10], "64-5": [64, 5], "784-128-64-10": [784, 128, 64, 10], "1000-2": [1000, 2]}


def recorded(*sizes):
    rng = np.random.default_rng(0)
    return backprop(Network.random(sizes), rng.normal(size=sizes[0]), [1] + [0] * (sizes[-1] - 1))


@pytest.fixture(scope="module", params=SIZES)
def trace(request):
    return recorded(*SIZES[request.param])


def cells(data, quantity):
    """Return the series of forward or of backward cells: those that answer a click."""
    forward, backward = [series for series in data if "customdata" in series]
    return forward if quantity == "a" else backward


def at(trace, stop):
    """Return the series of the picture at a stop."""
    film = Film(trace)
    return patched(film.base["data"], film.picture.patch(stop))


def test_a_big_network_is_drawn_in_cells_and_a_small_one_is_not():
    assert isinstance(Film(recorded(16, 16, 3)).picture, Cells)  # more than 300 edges
    assert isinstance(Film(recorded(17, 1)).picture, Cells)  # more neurons in a layer than fit below each other
    assert not isinstance(Film(recorded(16, 16)).picture, Cells)


def test_every_neuron_has_a_cell_as_far_as_there_is_room(trace):
    sizes = trace.network.sizes
    data = Film(trace).base["data"]
    most = MOST_ROWS * MOST_COLUMNS
    assert len(cells(data, "a")["x"]) == sum(min(n, most) for n in sizes)
    assert len(cells(data, "dl_dz")["x"]) == sum(min(n, most) for n in sizes[1:])


def test_no_two_cells_cover_each_other_and_all_are_inside(trace):
    film = Film(trace)
    width, height = film.picture.size
    for quantity in ("a", "dl_dz"):
        series = cells(film.base["data"], quantity)
        places = sorted(zip(series["x"], series["y"], series["marker"]["size"], strict=True))
        assert len({place[:2] for place in places}) == len(places)
        for x, y, size in places:
            assert size / 2 < x < width - size / 2
            assert size / 2 < y < height - size / 2
        for (x, y, size), (x2, y2, _) in pairwise(places):
            assert abs(x - x2) >= size - 0.2 or abs(y - y2) >= size - 0.2


def test_a_value_is_told_once_it_is_known_and_not_before(trace):
    symbols = Symbols(trace.network)
    for stop in walk(trace, "layer"):
        for quantity in ("a", "dl_dz"):
            series = cells(at(trace, stop), quantity)
            for (_, _, *steps), told in list(zip(series["customdata"], series["hovertext"], strict=True))[::37]:
                if not steps:
                    assert told.startswith("x")
                    continue
                event = trace[steps[0]]
                known = event.step <= stop.last
                assert bool(told.strip()) == known
                if known:
                    assert told.startswith(symbols(quantity, event.layer, event.unit).text + " = ")


def test_the_sign_of_a_value_is_its_shape_and_its_size_the_strength(trace):
    series = cells(at(trace, walk(trace, "layer")[-1]), "dl_dz")
    shapes, strengths = series["marker"]["symbol"], series["marker"]["opacity"]
    for (_, _, step), shape, strength in zip(series["customdata"], shapes, strengths, strict=True):
        event = trace[step]
        largest = np.abs(trace.dl_dz[event.layer - 1]).max()
        assert shape == ("circle" if event.value < 0 else "square")
        assert strength == pytest.approx(max(0.08, abs(event.value) / (largest or 1)), abs=1e-3)


def test_where_several_neurons_share_a_cell_it_is_the_strongest_that_is_seen():
    trace = recorded(1000, 2)
    series = cells(Film(trace).base["data"], "a")
    told = cells(at(trace, walk(trace, "layer")[0]), "a")["hovertext"]
    assert len(series["x"]) < 1000 + 2
    strongest = int(np.argmax(np.abs(trace.x)))
    assert any(text.startswith(Symbols(trace.network)("x", 0, strongest).text + " = ") for text in told)


def test_only_the_strongest_weights_are_drawn_and_a_note_says_how_many():
    trace = recorded(30, 20, 10)
    lines = [series for series in Film(trace).base["data"] if series["mode"] == "lines"]
    drawn = sum(np.count_nonzero([x is None for x in series["x"]]) - (series["x"][:1] == [None]) for series in lines)
    assert drawn == 2 * STRONGEST
    for lang in ("en", "zh-TW"):
        note = " ".join(Film(trace).picture.captions(words(lang)))
        assert str(2 * STRONGEST) in note
        assert "800" in note


def test_every_frame_sets_the_same_attributes_of_the_same_series(trace):
    film = Film(trace)
    patches = [film.picture.patch(stop) for granularity in granularities(trace) for stop in walk(trace, granularity)]
    shapes = {tuple((name, tuple(sorted(series))) for name, series in sorted(patch.items())) for patch in patches}
    assert len(shapes) == 1


def test_a_big_network_has_a_frame_for_every_pass_layer_and_vector_and_no_more(trace):
    layers = len(trace.network.weights)
    counts = {"pass": 4, "layer": 3 * layers + 1, "vector": 7 * layers + 1}
    assert {name: len(frames) for name, frames in walks(Film(trace)).items()} == counts


def test_by_vector_cells_are_seen_once_found_and_edges_are_lit_where_a_matrix_is_multiplied(trace):
    film, layers, found = Film(trace), len(trace.network.weights), {"a-0"}
    for stop in walk(trace, "vector"):
        event, data = trace[stop.last], at(trace, stop)
        found |= {f"{event.quantity}-{event.layer}"}
        for quantity in ("a", "dl_dz"):
            series = cells(data, quantity)
            seen = {block for text, block in zip(series["hovertext"], series["meta"]["at"], strict=True) if text}
            assert seen == {block for block in found if block.startswith(f"{quantity}-")}
        is_product = event.quantity in ("z", "dl_dw") or (event.quantity == "dl_da" and event.layer < layers)
        assert any(x != [None] for x in film.picture.patch(stop)["x"].values()) == is_product


def test_a_layer_going_backward_is_lit_by_the_weights_behind_it_and_its_gradients_by_its_own():
    trace = recorded(30, 20, 10)
    picture, stops = Film(trace).picture, walk(trace, "layer")
    told = [(trace[stop.last].phase, *picture.ways(stop)) for stop in stops[3:]]
    assert told == [
        ("backward", ["a-2"], ["dl_dz-2"]),
        ("backward", ["dl_dz-2"], ["dl_dz-1"]),
        ("gradient", ["a-0", "dl_dz-1"], ["w-1"]),
        ("gradient", ["a-1", "dl_dz-2"], ["w-2"]),
    ]
    lit = [[series["x"] for series in at(trace, stop) if series["mode"] == "lines"][2:] for stop in stops[3:]]
    assert lit[0] != lit[1] == lit[3] != lit[2]


def test_figure_shows_the_layer_that_a_step_belongs_to():
    trace = recorded(30, 20, 10)
    first, second = walk(trace, "layer")[:2]
    assert figure(trace, 0) == figure(trace, 7) == figure(trace, first.last)
    assert figure(trace, first.last) != figure(trace, second.last) == figure(trace, second.first)


def test_nothing_in_the_picture_has_a_dollar_sign_and_every_text_is_inside(trace):
    drawn = figure(trace, -1).to_plotly_json()
    assert [text for text in strings(drawn) if "$" in text] == []
    width, height = drawn["layout"]["width"], drawn["layout"]["height"]
    for text in texts(drawn):
        assert 0 <= text.x <= width
        assert 0 <= text.y <= height
