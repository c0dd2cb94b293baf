"""The network with its mirror: the same weights on reversed edges, and a twin for every z and a."""

from itertools import pairwise

import numpy as np
import pytest
from drawn import Drawn
from hypothesis import given
from networks import lecture, traces
from pictures import painted_frame, texts
from places import edge_at, mirrored_edge_at

from bppviz import Network, backprop, figure
from bppviz.core.place import Place
from bppviz.core.samples import default_sample
from bppviz.core.walk import granularities, walk
from bppviz.picture import film
from bppviz.picture.film import Film, views
from bppviz.picture.layout import UNDER, layout_of
from bppviz.picture.mirror import LARGEST, SMALLEST
from bppviz.picture.theme import part

TRACE = lecture()
LAYOUT = layout_of(TRACE.network.sizes, twinned=True)


@pytest.fixture(scope="module")
def pictures():
    """The lecture's pictures with the mirror, one for each step."""
    return [figure(TRACE, k, view="mirror").to_plotly_json() for k in range(len(TRACE))]


@pytest.fixture(scope="module")
def steps():
    """The same, each read place by place."""
    film = Film(TRACE, "mirror")
    return [Drawn(film, stop) for stop in walk(TRACE, "equation")]


def mirrored(picture, what):
    """Return the markers of the mirror: its circles ("dl_dz"), its amplifiers ("dsigma"), or its edges ("w")."""
    below = LAYOUT.twin(LAYOUT.z(1, 0)).y - LAYOUT.radius
    return next(
        it
        for it in picture["data"]
        if "customdata" in it and min(it["y"]) >= below and it["customdata"][0][1].startswith(what)
    )


def test_every_number_of_the_trace_has_its_place_and_stays_there(steps):
    for event in TRACE:
        for drawn in steps[event.step :]:
            assert drawn.text(event.place).value == pytest.approx(event.value, rel=5e-4), event
        for drawn in steps[: event.step]:
            text = drawn.text(event.place)
            assert text is None or text.value is None, event


def test_what_goes_back_stands_in_the_mirror_straight_below_and_what_goes_forward_in_the_network(steps):
    fold = LAYOUT.twin(LAYOUT.z(1, 0)).y - LAYOUT.radius - UNDER
    for event in TRACE:
        text = steps[-1].text(event.place)
        is_below = event.quantity in ("dl_dz", "dl_da", "dsigma")
        assert (text.y > fold) == is_below, event
        if event.quantity in ("dl_dz", "dl_da"):
            value = steps[-1].text(event.place._replace(quantity=event.quantity[-1]))
            assert text.x == value.x


def test_what_goes_back_is_solid_and_outlined_in_the_mirror(steps):
    for event in TRACE:
        if event.quantity in ("dl_dz", "dl_da") and event.layer < 3:
            drawn = steps[event.step]
            assert drawn.look(event.place) == "found backward"
            for operand in event.operands:
                assert drawn.look(operand.place).startswith("used"), (event, operand)


def test_the_edges_of_the_mirror_carry_the_same_weights_and_lead_to_no_input(pictures):
    edges = [own for _, own, *_ in mirrored(pictures[0], "w-")["customdata"]]
    assert edges == [f"w-{layer}-{unit}-{source}" for layer in (2, 3) for unit in (0, 1) for source in (0, 1)]
    shown = [text.text for text in texts(pictures[0]) if text.text.startswith("𝑤") and " = " in text.text]
    above = [text for text in shown if shown.count(text) == 1]
    assert len(shown) == 12 + 8
    assert len(set(shown)) == 12
    assert sorted(above) == ["𝑤1 = 1", "𝑤2 = −2", "𝑤7 = −1", "𝑤8 = 1"]


def test_the_arrows_of_the_mirror_point_back_and_those_of_the_network_never_turn(steps):
    for drawn in steps:
        forward, backward = (
            np.array(drawn.series[name]["marker"]["angle"]) % 360 for name in ("arrows", "mirrored arrows")
        )
        assert (forward < 180).all()  # to the right
        assert (backward > 180).all()
        assert len(forward) == 12
        assert len(backward) == 8


def test_the_network_keeps_its_sigmas_and_the_mirror_has_an_amplifier_below_each(pictures):
    for picture in pictures:
        assert [text.text for text in texts(picture)].count("σ") == 6
        amplifiers = mirrored(picture, "dsigma")
        assert set(amplifiers["marker"]["symbol"]) == {"triangle-left"}
        gates = [LAYOUT.gate(layer, unit).x for layer in LAYOUT.layers for unit in (0, 1)]
        assert amplifiers["x"] == pytest.approx(gates)


def test_an_amplifier_is_the_larger_the_more_it_multiplies_by_as_soon_as_z_is_known(pictures):
    sizes = mirrored(pictures[-1], "dsigma")["marker"]["size"]
    gains = [TRACE.value("dsigma", layer, unit) for layer in LAYOUT.layers for unit in (0, 1)]
    assert np.argsort(sizes).tolist() == np.argsort(gains).tolist()
    assert min(sizes) >= SMALLEST
    assert max(sizes) <= LARGEST
    before = mirrored(pictures[0], "dsigma")["marker"]["size"]
    assert before[0] == sizes[0]
    assert set(before[1:]) == {SMALLEST}


def test_another_weight_gives_other_gains():
    weights = [w.copy() for w in TRACE.network.weights]
    weights[0][0, 0] = -3
    turned = backprop(Network(weights, TRACE.network.biases, "sigmoid", "half_squared_error"), [1, -1], [1, 0])
    one, other = (
        mirrored(figure(trace, -1, view="mirror").to_plotly_json(), "dsigma")["marker"]["size"]
        for trace in (TRACE, turned)
    )
    assert one[0] < other[0]


def test_both_are_marked_together():
    marks = Film(TRACE, "mirror").picture.marks()
    for layer in LAYOUT.layers:
        for unit in (0, 1):
            for above, below in (("z", "dl_dz"), ("a", "dl_da")):
                here, there = marks[Place(above, layer, unit)]
                assert marks[Place(below, layer, unit)] == [here, there]
                assert here[0] == there[0]
                assert here[1] < there[1]
            assert len(marks[Place("dsigma", layer, unit)]) == 2
            assert marks[Place("b", layer, unit)][1:] == marks[Place("z", layer, unit)]
    assert [len(marks[Place("w", layer, 0, 1)]) for layer in LAYOUT.layers] == [1, 2, 2]


def test_every_frame_sets_the_same_attributes_and_can_follow_any_other():
    film = Film(TRACE, "mirror")
    stops = [stop for granularity in granularities(TRACE) for stop in walk(TRACE, granularity)]
    shapes = {
        tuple((name, tuple(sorted(by_series))) for name, by_series in sorted(film.picture.patch(stop).items()))
        for stop in stops
    }
    assert len(shapes) == 1


@given(traces(most_layers=3, most_units=6))
def test_every_small_network_has_a_mirror_with_a_circle_for_every_gradient(trace):
    film = Film(trace, "mirror")
    picture = painted_frame(film, walk(trace)[-1])
    width, height = film.picture.size
    own = {answer[1] for it in picture["data"] for answer in it.get("customdata", [])}
    for layer, size in enumerate(trace.network.sizes[1:], 1):
        assert {f"{quantity}-{layer}-{unit}" for quantity in ("dl_dz", "dl_da") for unit in range(size)} <= own
    assert all(0 < text.x < width and 0 < text.y < height for text in texts(picture))


def test_a_large_network_has_none_and_says_so():
    trace = backprop(*(lambda n: (n, *default_sample(n)))(Network.random([2, 7, 1])))
    assert views(trace) == ("network",)
    with pytest.raises(ValueError, match="not offered with more than 6 neurons per layer; choose one of: network"):
        figure(trace, 0, view="mirror")


def test_a_view_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="unknown view 'upside down'; choose one of: network, mirror"):
        figure(TRACE, 0, view="upside down")


def test_the_gradients_have_the_colour_of_derivatives_and_quiet_ones_a_quiet_one(steps):
    for event in TRACE:
        if event.quantity in ("dl_dz", "dl_da", "dsigma") and event.layer > 1:
            assert steps[-1].text(event.place).colour in (part("backward"), part("backward-quiet")), event
            assert steps[event.step].text(event.place).colour == part("background"), event


def looks_of(picture, ends):
    """Return colour, width and dash of every line that runs between two points."""
    found = []
    for it in picture["data"]:
        if it["mode"] == "lines":
            points = list(zip(it["x"], it["y"], strict=True))
            wanted = [(round(point.x, 1), round(point.y, 1)) for point in ends]
            found += [it["line"] for pair in pairwise(points) if list(pair) == wanted]
    return found


def test_a_weight_looks_the_same_in_the_mirror():
    network = Network([[[10.0, 1.0]], [[1.0]], [[-2.0]]], [[0.0], [0.0], [0.0]], "tanh", "half_squared_error")
    trace = backprop(network, [1, 1], [1])
    made = Film(trace, "mirror")
    picture, layout = painted_frame(made, walk(trace)[0]), made.picture.ground.shape.layout
    for edge in ((2, 0, 0), (3, 0, 0)):
        above, below = (looks_of(picture, ends) for ends in (edge_at(layout, *edge), mirrored_edge_at(layout, *edge)))
        assert len(above) == 1
        assert above == below


def test_the_ground_of_a_very_deep_network_is_not_kept():
    shallow, deep = (Network.random([2] * depth, "tanh") for depth in (10, 100))
    for network, is_kept in ((shallow, True), (deep, False)):
        one, other = (film.picture(backprop(network, *default_sample(network)), "mirror") for _ in range(2))
        assert (one.ground is other.ground) == is_kept
