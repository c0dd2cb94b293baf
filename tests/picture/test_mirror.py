"""The network with its mirror: the same weights on reversed edges, and a twin for every z and a."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from networks import lecture, traces
from pictures import colour, home, numbers, painted_frame, texts

from bppviz import Network, backprop, figure
from bppviz.core.place import Place
from bppviz.core.samples import default_sample
from bppviz.core.walk import granularities, walk
from bppviz.picture import film
from bppviz.picture.film import Film, views
from bppviz.picture.layout import layout_of
from bppviz.picture.mirror import LARGEST, SMALLEST
from bppviz.words.symbols import Symbols

TRACE = lecture()
LAYOUT = layout_of(TRACE.network.sizes, twinned=True)
SYMBOLS = Symbols(TRACE.network)


@pytest.fixture(scope="module")
def pictures():
    """The lecture's pictures with the mirror, one for each step."""
    return [figure(TRACE, k, view="mirror").to_plotly_json() for k in range(len(TRACE))]


def at_home(trace, event):
    """Return where the number of an event belongs, in the network or in its mirror."""
    layer, unit = event.layer, event.unit or 0
    layout = layout_of(trace.network.sizes, twinned=True)
    match event.quantity:
        case "dl_dz":
            return layout.twin(layout.z(layer, unit))
        case "dl_da":
            return layout.twin(layout.a(layer, unit))
        case "dsigma":
            x, y = layout.twin(layout.gate(layer, unit))
            return x, y - 34
        case _:
            return home(trace, event, layout)


def mirrored(picture, what):
    """Return the markers of the mirror: its circles ("dl_dz"), its amplifiers ("dsigma"), or its edges ("w")."""
    below = LAYOUT.twin(LAYOUT.z(1, 0)).y - LAYOUT.space.radius
    return next(
        it
        for it in picture["data"]
        if "customdata" in it and min(it["y"]) >= below and it["customdata"][0][1].startswith(what)
    )


def rings(picture, quantity):
    """Return the width of the ring of every place of a quantity that has a circle."""
    found = {}
    for it in picture["data"]:
        for i, (_, own, *_) in enumerate(it.get("customdata", [])):
            if own.startswith(f"{quantity}-"):
                found[own] = it["marker"]["line"]["width"][i]
    return found


def test_every_number_of_the_trace_has_its_home_and_stays_there(pictures):
    for event in TRACE:
        for picture in pictures[event.step :]:
            nearest = min(numbers(picture), key=lambda text: text.far(at_home(TRACE, event)))
            assert nearest.far(at_home(TRACE, event)) < 16, event
            assert nearest.value == pytest.approx(event.value, rel=0.04), event
        for picture in pictures[: event.step]:
            assert min(text.far(at_home(TRACE, event)) for text in numbers(picture)) > 16, event


def test_what_goes_back_stands_in_the_mirror_and_what_goes_forward_in_the_network(pictures):
    fold = LAYOUT.twin(LAYOUT.z(1, 0)).y - LAYOUT.space.radius - 34
    backward = {SYMBOLS(e.quantity, e.layer, e.unit).text for e in TRACE if e.quantity in ("dl_dz", "dl_da")}
    names = [text for text in texts(pictures[0]) if text.text in backward]
    assert {text.text for text in names} == backward
    assert all(text.y > fold for text in names)
    assert all(text.y < fold for text in texts(pictures[0]) if text.text in ("z₁", "z₂", "a₁", "y₁", "x₁", "t₁"))


def test_the_edges_of_the_mirror_carry_the_same_weights_and_lead_to_no_input(pictures):
    edges = [own for _, own, *_ in mirrored(pictures[0], "w-")["customdata"]]
    assert edges == [f"w-{layer}-{unit}-{source}" for layer in (2, 3) for unit in (0, 1) for source in (0, 1)]
    shown = [text.text for text in texts(pictures[0]) if text.text.startswith("w")]
    assert sorted(shown) == sorted(
        2 * [t for t in set(shown) if shown.count(t) == 2] + ["w₁ +1", "w₂ −2", "w₇ −1", "w₈ +1"]
    )
    assert len(set(shown)) == 12


def test_the_arrows_of_the_mirror_are_reversed_and_those_of_the_network_never_turn(pictures):
    for picture in pictures:
        forward, backward = (
            np.array(it["marker"]["angle"]) for it in picture["data"] if it.get("marker", {}).get("symbol") == "arrow"
        )
        assert (forward % 360 < 180).all()  # to the right
        assert (backward % 360 > 180).all()
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


@pytest.mark.parametrize(("quantity", "twin"), [("z", "dl_dz"), ("a", "dl_da"), ("dl_dz", "z"), ("dl_da", "a")])
def test_a_step_lights_what_it_computes_and_its_twin(pictures, quantity, twin):
    for event in TRACE:
        if event.quantity != quantity:
            continue
        own, other = (f"{name}-{event.layer}-{event.unit}" for name in (quantity, twin))
        assert rings(pictures[event.step], quantity)[own] == 5
        lit = rings(pictures[event.step], twin)
        assert lit[other] == 4


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


def test_the_gradients_are_vermilion(pictures):
    for event in TRACE:
        if event.phase == "backward":
            nearest = min(numbers(pictures[-1]), key=lambda text: text.far(at_home(TRACE, event)))
            assert nearest.colour == colour("backward"), event


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
    picture, layout = painted_frame(Film(trace, "mirror"), walk(trace)[0]), layout_of((2, 1, 1, 1), twinned=True)
    for edge in ((2, 0, 0), (3, 0, 0)):
        above, below = (looks_of(picture, ends) for ends in (layout.edge(*edge), layout.mirrored_edge(*edge)))
        assert len(above) == 1
        assert above == below


def test_the_ground_of_a_very_deep_network_is_not_kept():
    shallow, deep = (Network.random([2] * depth, "tanh") for depth in (10, 100))
    for network, is_kept in ((shallow, True), (deep, False)):
        one, other = (film.picture(backprop(network, *default_sample(network)), "mirror") for _ in range(2))
        assert (one.ground is other.ground) == is_kept
