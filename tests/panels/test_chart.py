"""The charts: what they draw is what back-propagation computed, and they can be shown as they are."""

import base64
import json
import re
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import HealthCheck, given, settings
from networks import lecture, lecture_of_two, trainings
from pictures import strings

from bppviz import Network, backprop
from bppviz.core.network import with_number
from bppviz.core.place import Place
from bppviz.core.samples import samples
from bppviz.panels.cost_chart import cost_chart
from bppviz.panels.heat_map import heat_map
from bppviz.panels.loss_curve import MOST_LOSSES, loss_curve, thinned
from bppviz.panels.meaning import MOST_THIN, losses_over, meaning
from bppviz.picture.theme import THEMES, painted, palette, part
from bppviz.practice.cost import by_differences, by_paths, shared, whole
from bppviz.widget.knobs import span
from bppviz.words.catalogue import LANGUAGES, words
from bppviz.words.numbers import grouped, number

SAY = words("en")
W = Place("w", 1, 0, 0)
W5 = Place("w", 3, 0, 0)
XOR = samples("xor")
USUAL = -5.0, 5.0  # from where to where a number is moved


def one_weight(w):
    """Return the run of y = w x with x = 2 and t = 1, so that l = ½ (2 w − 1)² and ∂l/∂w = 2 (2 w − 1)."""
    return backprop(Network([[[w]]], [[0]], "identity", "half_squared_error"), [2], [1])


def moved_from_1(w):
    """Return what the chart shows once the weight is moved from 1, where l = 0.5 and ∂l/∂w = 2."""
    return meaning(one_weight(w), W, USUAL, (1.0, 0.5, 2.0), SAY)


def many(count, told=0):
    """Return the run of y = x with x = 1, −1, 1, … and t = 0.5, −0.5 + 1, … so that ∂lⁿ/∂w = 0.5, −0.5 + 2, …"""
    x = np.where(np.arange(count) % 2, -1.0, 1.0)
    network = Network([[[1]]], [[0]], "identity", "half_squared_error")
    return backprop(network, x[:, None], np.full((count, 1), 0.5)).at_sample(told)


def xor_network(*activations, loss="half_squared_error"):
    return Network.random([2, 3, 1], list(activations), loss, seed=1)


def charts(say):
    """Return one of every kind, by name."""
    two, deep, tanh = (
        lecture_of_two(),
        Network.random([2, 12, 12, 2], "tanh", "cross_entropy"),
        xor_network("tanh", "tanh"),
    )
    wide = backprop(deep, [1, 2], [1, 0])
    pattern = [1e3 * 0.998**n for n in range(10_001)]
    return {
        "meaning": meaning(lecture(), W5, USUAL, None, say),
        "meaning, moved": moved_from_1(2.0),
        "meaning of an input": meaning(two, Place("x", 0, 1), USUAL, None, say),
        "meaning of a target": meaning(lecture(), Place("t", 3, 0), USUAL, None, say),
        "meaning of many samples": meaning(many(1000, 500), W, USUAL, None, say),
        "meaning of a bias": meaning(two, Place("b", 2, 1), USUAL, None, say),
        "meaning, crowded": meaning(wide, Place("w", 2, 11, 10), USUAL, (4.0, 1.0, -1e-7), say),
        "losses": loss_curve(pattern, 700, say),
        "losses, logarithmic": loss_curve([*pattern, 0.0], 0, say, log=True),
        "no update yet": loss_curve([0.5], 0, say),
        "map": heat_map(xor_network("tanh", "sigmoid"), *XOR, say),
        "map of tanh": heat_map(tanh, XOR[0], 2 * XOR[1] - 1, say),
        "map of the second output": heat_map(deep, XOR[0], np.eye(2)[[0, 1, 1, 0]], say, output=1),
    }


@pytest.fixture(scope="module", params=LANGUAGES)
def every_chart(request):
    return charts(words(request.param))


def lines(figure, colour):
    """Return the lines of a colour, each as its points."""
    return [
        list(zip(series["x"], series["y"], strict=True))
        for series in figure["data"]
        if series.get("mode") == "lines" and series["line"]["color"] == part(colour)
    ]


def dots(figure):
    """Return the single points, each with the colour of its inside."""
    marks = [series for series in figure["data"] if series.get("mode") == "markers" and len(series["x"]) == 1]
    return {(series["x"][0], series["y"][0]): series["marker"]["color"] for series in marks}


def texts(figure):
    return [annotation["text"] for annotation in figure["layout"]["annotations"]]


def keys(figure, *, short=False):
    """Return what the marks of a chart mean, in full or where there is little room."""
    told = [key["short" if short else "text"] for key in figure["layout"]["meta"]["keys"]]
    return [text for text in told if text]


def head(figure):
    """Return what a chart is about."""
    return " ".join(figure["layout"]["meta"]["head"]).strip()


def point(figure):
    """Return the point that a slider moves, in the units of the axes."""
    axes = (figure["layout"][name]["range"] for name in ("xaxis", "yaxis"))
    return tuple(
        low + share * (high - low) for share, (low, high) in zip(figure["layout"]["meta"]["point"], axes, strict=True)
    )


def surface(figure):
    """Return the outputs that a map shows: rows from the bottom up."""
    z = figure["data"][0]["z"]
    shape = tuple(map(int, z["shape"].split(",")))
    return np.frombuffer(base64.b64decode(z["bdata"]), z["dtype"]).reshape(shape)


# What any chart may show


def test_plotly_takes_every_chart_in_every_theme(every_chart):
    for name, figure in every_chart.items():
        for theme in THEMES:
            assert isinstance(go.Figure(painted(figure, palette(theme))), go.Figure), name


def test_every_colour_of_a_chart_is_a_part_of_the_theme(every_chart):
    found = strings(list(every_chart.values()))
    assert [text for text in found if re.search(r"#[0-9a-fA-F]{3}|rgb|hsl", text)] == []
    assert {text for text in found if "var(" in text} <= set(palette("light"))


def test_no_text_of_a_chart_has_a_dollar_sign_or_other_markup_than_plotly_needs(every_chart):
    found = strings(list(every_chart.values()))
    assert [text for text in found if "$" in text] == []
    tags = {tag for text in found for tag in re.findall(r"<[^>]*>", text)}
    assert tags <= {"<b>", "</b>", "<br>", "<extra>", "</extra>"}


def test_every_chart_fills_its_place_and_has_axes_that_stand_still(every_chart):
    for name, figure in every_chart.items():
        layout = figure["layout"]
        assert set(layout["meta"]) == {"head", "keys", "point"}
        for axis in (layout["xaxis"], layout["yaxis"]):
            assert axis["fixedrange"], name
            assert np.isfinite(axis["range"]).all(), name


def test_no_text_of_a_chart_is_smaller_than_12_pixels(every_chart):
    def sizes(value):
        if isinstance(value, list):
            return [size for item in value for size in sizes(item)]
        if not isinstance(value, dict):
            return []
        own = [value["font"]["size"]] if "font" in value else []
        return own + [size for item in value.values() for size in sizes(item)]

    assert min(sizes(list(every_chart.values()))) >= 12


def test_every_chart_can_be_sent_to_the_page(every_chart):
    for name, figure in every_chart.items():
        assert len(json.dumps(figure, allow_nan=False)) < 20_000, name


@pytest.mark.parametrize("far", [1e17, 1e300, 1.7e308, 1e8, 1e-17, 1e-310, 5e-324])
@pytest.mark.parametrize("rows", [[[1, 0]], [[1, 1], [1, 1]], [[1, 0], [0, 1], [1, 1]], [[-1, 1], [1, -1]]])
def test_a_range_that_is_empty_in_floats_has_axes_with_numbers_on_them(far, rows):
    network = Network([[[0.5, 1e-3]]], [[0.0]], "sigmoid", "binary_cross_entropy")
    X, T = np.array(rows) * far, np.ones((len(rows), 1))
    trace, losses = backprop(network, X, T), [far, far]
    figures = [heat_map(network, X, T, SAY), loss_curve(losses, 1, SAY), loss_curve(losses, 1, SAY, log=True)]
    figures.append(meaning(trace, W, USUAL, None, SAY))
    for figure in figures:
        assert json.dumps(figure, allow_nan=False)
        for axis in (figure["layout"]["xaxis"], figure["layout"]["yaxis"]):
            assert axis["range"][0] != axis["range"][1]
            ticks = axis.get("tickvals", [0])
            assert ticks == sorted(set(ticks))
            assert ticks


def test_a_chart_speaks_the_language_that_is_asked_for():
    first = {lang: keys(meaning(lecture(), W5, USUAL, None, words(lang)))[0] for lang in LANGUAGES}
    assert first == {"en": "𝑙 when only w₅ changes", "zh-TW": "只改變 w₅ 時的 𝑙"}


# What ∂l/∂w means


def test_the_curve_is_l_over_the_weight():
    (curve,) = lines(meaning(one_weight(1.0), W, USUAL, None, SAY), "forward")
    assert len(curve) >= 61
    assert (curve[0][0], curve[-1][0]) == (-5, 5)
    for w, loss in curve:
        assert loss == pytest.approx(0.5 * (2 * w - 1) ** 2, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize(
    "network",
    [
        Network.lecture(),
        Network.random([2, 3, 3], ["tanh", "softmax"], "cross_entropy"),
        Network.random([2, 3, 2], ["relu", "sigmoid"], "binary_cross_entropy"),
        Network.random([2, 2, 2], ["leaky_relu", "identity"]),
    ],
    ids=str,
)
def test_the_curve_agrees_with_backprop_for_every_weight_and_bias(network):
    outputs = network.sizes[-1]
    trace = backprop(network, [[1, -1], [0.5, 2]], np.eye(outputs)[:2]).at_sample(1)
    values = np.array([-3.0, 0.0, 0.7, 40.0])
    for event in trace:
        if event.quantity in ("dl_dw", "dl_db"):
            own = Place(event.quantity[-1], event.layer, event.unit, event.source)
            runs = [backprop(with_number(network, own, value), trace.x, trace.target) for value in values]
            assert losses_over(trace, own, values) == pytest.approx(np.array([run.loss for run in runs]), rel=1e-12), (
                own
            )


@pytest.mark.parametrize("own", [Place("x", 0, 1), Place("t", 3, 0)])
def test_an_input_or_target_belongs_to_the_sample_that_is_told_and_has_no_tangent(own):
    trace, values = lecture_of_two().at_sample(1), np.array([-3.0, 0.25])
    for value, losses in zip(values, losses_over(trace, own, values), strict=True):
        x, target = np.array(trace.x), np.array(trace.target)
        (x if own.quantity == "x" else target)[1, own.unit] = value
        assert losses == pytest.approx(backprop(trace.network, x, target).loss, rel=1e-12)
    figure = meaning(trace, own, USUAL, None, SAY)
    assert [len(lines(figure, colour)) for colour in ("forward", "backward")] == [2, 0]
    assert head(figure) == f"{own.quantity}{'₂' if own.quantity == 'x' else '₁'} = {number(trace.value(own))}"


def test_the_chart_goes_as_far_as_the_slider_below_it_and_its_point_is_where_the_handle_stands():
    figure = meaning(lecture(), W5, USUAL, None, SAY)
    assert tuple(figure["layout"]["xaxis"]["range"]) == USUAL
    assert point(figure) == pytest.approx((3.0, lecture().loss), abs=1e-3)
    log = loss_curve([1.0, 0.1, 0.01], 1, SAY, log=True)
    assert point(log) == pytest.approx((1, -1), abs=1e-3)


@pytest.mark.parametrize(("total", "over"), [("sum", 1), ("mean", 2)])
def test_of_several_samples_the_chart_draws_all_together_and_each_one_thin(total, over):
    trace = lecture_of_two(total=total)
    figure = meaning(trace, W5, USUAL, None, SAY)
    thin, together = lines(figure, "forward")
    values = np.array([x for x, _ in together])
    losses = losses_over(trace, W5, values)
    assert [y for _, y in together] == pytest.approx(losses.sum(axis=1) / over, rel=1e-5)
    assert [y for x, y in thin if x is not None] == pytest.approx(losses.T.ravel(), rel=1e-5)
    ((start, end),) = lines(figure, "backward")
    slope = (end[1] - start[1]) / (end[0] - start[0])
    assert slope == pytest.approx(trace.dL_dw[2][0, 0])
    told = f"slope ∂L/∂w₅ = {number(slope)}"
    assert keys(figure) == ["L when only w₅ changes", "𝑙ⁿ of each sample", told]
    assert keys(figure, short=True) == ["𝑙ⁿ of each sample", told]


def test_of_very_many_samples_some_are_drawn_and_fewer_values_are_computed():
    few, many_of = meaning(many(20), W, USUAL, None, SAY), meaning(many(500_000), W, USUAL, None, SAY)
    for figure in (few, many_of):
        assert [x for x, _ in lines(figure, "forward")[0]].count(None) == MOST_THIN
    assert len(lines(many_of, "forward")[1]) < len(lines(few, "forward")[1])


def test_the_tangent_touches_the_curve_where_the_weight_is_and_its_slope_is_the_gradient():
    figure = meaning(lecture(), W5, USUAL, None, SAY)
    ((start, end),) = lines(figure, "backward")
    w, loss, slope = 3.0, lecture().loss, lecture().value("dl_dw", 3, 0, 0)
    assert start[0] < w < end[0]
    for x, y in (start, end):
        assert y - loss == pytest.approx(slope * (x - w))
    assert dots(figure) == {(w, loss): part("forward")}
    assert keys(figure) == ["𝑙 when only w₅ changes", "slope ∂l/∂w₅ = −0.07796"]
    assert keys(figure, short=True) == ["slope ∂l/∂w₅ = −0.07796"]
    assert head(figure) == "w₅ = 3"


def test_a_moved_weight_keeps_the_tangent_where_it_began():
    figure = moved_from_1(2.0)
    tangent = lines(figure, "backward")[0]
    assert [y for _, y in tangent] == pytest.approx([0.5 + 2 * (x - 1) for x, _ in tangent])
    assert tangent[-1][0] >= 2
    assert dots(figure) == {(1.0, 0.5): part("background"), (2.0, 4.5): part("forward")}


@pytest.mark.parametrize(("w", "predicted", "real"), [(2.0, 2, 4), (0.5, -1, -0.5), (-1.0, -4, 4)])
def test_the_estimated_change_is_the_gradient_times_the_move_and_the_actual_one_stands_beside_it(w, predicted, real):
    figure = moved_from_1(w)
    told = [f"estimated ∂l/∂w · Δw = {predicted}", f"actual Δl = {real}"]
    assert keys(figure) == [text.replace("-", "−") for text in told]
    assert keys(figure, short=True) == [f"estimated {number(predicted)}", f"actual {number(real)}"]
    assert lines(figure, "forward")[1] == [(w, 0.5), (w, 0.5 + real)]
    (beside, low), (_, high) = lines(figure, "backward")[1]
    assert abs(beside - w) < 0.5
    assert (low, high) == (0.5, 0.5 + predicted)


def test_a_weight_that_is_held_but_not_moved_shows_no_change():
    figure = moved_from_1(1.0)
    assert keys(figure) == ["estimated ∂l/∂w · Δw = 0", "actual Δl = 0"]
    assert [len(lines(figure, colour)) for colour in ("forward", "backward", "muted")] == [1, 1, 0]


def test_of_many_samples_a_map_draws_some_from_all_over():
    X = np.linspace(-1, 1, 10_000).reshape(5000, 2)
    figure = heat_map(Network.random([2, 1]), X, (X[:, :1] > 0).astype(float), SAY)
    drawn = np.concatenate([series["x"] for series in figure["data"] if series.get("mode") == "markers"])
    assert len(drawn) == 200
    assert (drawn.min(), drawn.max()) == (X[0, 0], X[-1, 0])


def test_what_does_not_change_looks_flat():
    trace = backprop(Network.lecture(), [0, 0], [1, 0])
    bottom, top = meaning(trace, W, USUAL, None, SAY)["layout"]["yaxis"]["range"]
    assert top - bottom > 0.1 * trace.loss
    assert (bottom + top) / 2 == pytest.approx(trace.loss, rel=0.02)


def test_a_curve_that_shoots_up_leaves_room_for_the_tangent():
    trace = backprop(Network([[[1]], [[1]]], [[0], [0]], ["relu", "identity"], "half_squared_error"), [1], [1])
    figure = meaning(trace, W, (-100.0, 100.0), None, SAY)
    assert max(y for _, y in lines(figure, "forward")[0]) == pytest.approx(99**2 / 2)
    assert figure["layout"]["yaxis"]["range"][1] < 99**2 / 2


def test_a_weight_beyond_the_limit_is_in_the_chart():
    left, right = meaning(one_weight(40.0), W, USUAL, None, SAY)["layout"]["xaxis"]["range"]
    assert (left, right) == (-5, 40)


@pytest.mark.parametrize("w", [1e149, 1e153])
def test_a_loss_near_the_largest_number_can_be_drawn(w):
    figure = meaning(one_weight(w), W, USUAL, None, SAY)
    json.dumps(figure, allow_nan=False)
    assert np.isfinite(figure["layout"]["yaxis"]["range"]).all()


@pytest.mark.parametrize("w", [0.0, 5e-324, -1e155, 1e300, 1.7e308, -1.7e308])
@pytest.mark.parametrize("start", [None, (1.0, 5e299, 1e300), (-1.7e308, 1.125, -0.0), (1.7e308, 0.0, 5e-324)])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_a_weight_of_any_size_moved_from_anywhere_has_a_chart(w, start, activation):
    trace = backprop(Network([[[w]]], [[0.5]], activation, "half_squared_error"), [1e-160], [0.5])
    figure = meaning(trace, W, span(trace.network, W, w), start, SAY)
    json.dumps(figure, allow_nan=False)
    assert np.isfinite([figure["layout"][axis]["range"] for axis in ("xaxis", "yaxis")]).all()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(trainings())
def test_any_weight_of_any_run_has_a_chart_with_the_present_point_in_it(trace):
    own = Place("w", len(trace.network.weights), 0, 0)
    for start in (None, (own.source + 0.5, 1.0, -1e6)):
        figure = meaning(trace, own, USUAL, start, SAY)
        json.dumps(figure, allow_nan=False)
        x, y = (figure["layout"][axis]["range"] for axis in ("xaxis", "yaxis"))
        w, loss = list(dots(figure))[-1]
        assert (w, loss) == (trace.value(own), trace.L)
        assert x[0] <= w <= x[1]
        assert y[0] < loss < y[1]


# L after every update


def test_few_losses_are_all_drawn():
    figure = loss_curve([3.0, 2.0, 1.5], 1, SAY)
    assert lines(figure, "forward") == [[(0, 3.0), (1, 2.0), (2, 1.5)]]
    assert dots(figure) == {(1, 2.0): part("forward")}
    assert head(figure) == "L = 2 after update 1 of 2"


def test_before_the_first_update_the_only_loss_is_that_of_the_start():
    figure = loss_curve([3.0], 0, SAY)
    assert dots(figure) == {(0, 3.0): part("forward")}
    assert head(figure) == "L = 3 before the first update"


def test_of_10000_losses_so_many_are_drawn_that_their_shape_stays():
    losses = np.random.default_rng(0).random(10_001) + np.linspace(3, 0, 10_001)
    losses[[77, 8888]] = 9, -1
    kept = thinned(losses, 4321)
    assert len(kept) <= MOST_LOSSES
    assert kept == sorted(set(kept))
    assert {0, 77, 4321, 8888, 10_000} <= set(kept)
    assert max(after - before for before, after in pairwise(kept)) < 200


@pytest.mark.parametrize(("count", "end"), [(1, 1), (2, 1), (12, 11), (10_001, 10_000)])
def test_the_axis_of_updates_ends_where_its_slider_does_and_counts_whole_updates(count, end):
    axis = loss_curve([1.0] * count, 0, SAY)["layout"]["xaxis"]
    assert axis["range"] == [0, end]
    assert all(tick == int(tick) for tick in axis["tickvals"])


def test_a_logarithmic_axis_has_powers_of_ten_around_all_losses():
    axis = loss_curve([1e3, 1.0, 1e-9], 0, SAY, log=True)["layout"]["yaxis"]
    assert (axis["type"], axis["tickvals"][0], axis["ticktext"][0]) == ("log", 1e-9, "10⁻⁹")
    assert axis["range"][0] < -9
    assert axis["range"][1] > 3


@pytest.mark.parametrize("losses", [[1.0, 0.0], [1.0, 5e-324], [0.0], [5e-324], [1e308, 1.0]])
@pytest.mark.parametrize("log", [False, True])
def test_no_loss_is_too_small_or_too_large_to_be_drawn(losses, log):
    figure = loss_curve(losses, 0, SAY, log)
    json.dumps(figure, allow_nan=False)
    axis = figure["layout"]["yaxis"]
    for _, L in lines(figure, "forward")[0]:
        assert axis["range"][0] < (np.log10(L) if log else L) < axis["range"][1]


def test_a_loss_below_a_logarithmic_axis_lies_at_its_end_which_says_so():
    figure = loss_curve([1.0, 0.0], 1, SAY, log=True)
    assert lines(figure, "forward") == [[(0, 1.0), (1, 1e-16)]]
    assert figure["layout"]["yaxis"]["ticktext"][0] == "≤10⁻¹⁶"
    assert head(figure) == "L = 0 after update 1 of 1"


# An output over the plane of two inputs


def test_the_map_shows_the_outputs_that_backprop_computes():
    network = Network.lecture()
    figure = heat_map(network, np.array([[1.0, -1.0], [0, 0]]), np.eye(2), SAY, output=1)
    drawn, outputs = figure["data"][0], surface(figure)
    assert outputs.shape == (41, 41)
    for row, column in ((0, 0), (3, 30), (20, 20), (40, 7)):
        x = drawn["x0"] + column * drawn["dx"], drawn["y0"] + row * drawn["dy"]
        assert outputs[row, column] == pytest.approx(backprop(network, x, [1, 0]).a[-1][1], rel=1e-6)


@pytest.mark.parametrize(
    ("X", "across", "up"),
    [
        (XOR[0], (-0.5, 1.5), (-0.5, 1.5)),
        ([[-1, -1], [1, 1]], (-1.5, 1.5), (-1.5, 1.5)),
        ([[1, -1], [0, 0]], (-0.5, 1.5), (-1.5, 0.5)),
        ([[5, 300]], (4, 6), (299, 301)),
        ([[0, 0], [1, 100]], (-0.5, 1.5), (-25, 125)),
    ],
)
def test_the_map_reaches_beyond_the_samples(X, across, up):
    X = np.array(X, dtype=float)
    layout = heat_map(xor_network("tanh", "sigmoid"), X, np.zeros((len(X), 1)), SAY)["layout"]
    assert layout["xaxis"]["range"] == pytest.approx(list(across))
    assert layout["yaxis"]["range"] == pytest.approx(list(up))


def test_one_sample_may_come_without_a_row_of_its_own():
    network = Network.lecture()
    one, rows = (
        heat_map(network, np.array(x), np.array(t), SAY) for x, t in (([1, -1], [1, 0]), ([[1, -1]], [[1, 0]]))
    )
    assert one == rows
    assert (one["data"][1]["x"], one["data"][1]["y"]) == ([1], [-1])


def test_the_map_is_as_wide_as_it_is_high():
    layout = heat_map(xor_network("tanh", "sigmoid"), *XOR, SAY)["layout"]
    margin = layout["margin"]
    assert layout["width"] - margin["l"] - margin["r"] == layout["height"] - margin["t"] - margin["b"]


def test_the_targets_of_samples_are_told_by_shape_and_filling():
    _, ones, zeros = heat_map(xor_network("tanh", "sigmoid"), *XOR, SAY)["data"]
    assert (ones["x"], ones["y"]) == ([0, 1], [1, 0])
    assert (zeros["x"], zeros["y"]) == ([0, 1], [0, 1])
    assert (ones["marker"]["symbol"], zeros["marker"]["symbol"]) == ("circle", "square")
    assert ones["marker"]["color"] != zeros["marker"]["color"]


def test_a_sample_tells_its_inputs_target_and_output():
    network = Network([[[1, 2]]], [[0]], "identity", "half_squared_error")
    figure = heat_map(network, *XOR, SAY)
    assert figure["data"][1]["hovertext"] == [
        "x₁ = 0<br>x₂ = 1<br>t = 1<br>y = 2",
        "x₁ = 1<br>x₂ = 0<br>t = 1<br>y = 1",
    ]


@pytest.mark.parametrize(
    ("activation", "T", "limits", "level"),
    [
        ("sigmoid", [0, 1, 1, 0], (0, 1), 0.5),
        ("sigmoid", [0.2, 0.2, 0.2, 0.2], (0, 1), 0.5),
        ("tanh", [-1, 1, 1, -1], (-1, 1), 0),
        ("tanh", [0, 1, 1, 0], (-1, 1), 0.5),
        ("identity", [-3, 1, 2, 3], (-3, 3), 0),
    ],
)
def test_the_scale_and_the_line_suit_the_output(activation, T, limits, level):
    network = Network([[[0.1, 0.1]]], [[0]], activation, "half_squared_error")
    figure = heat_map(network, XOR[0], np.array(T, dtype=float)[:, None], SAY)
    drawn = figure["data"][0]
    assert (drawn["zmin"], drawn["zmax"]) == limits
    assert (drawn["contours"]["start"], drawn["contours"]["end"]) == (level, level)
    assert f"{number(limits[0])} … {number(limits[1])}" in keys(figure)


@pytest.mark.parametrize(
    ("T", "told"),
    [([0, 1, 1, 0], ["t₁ = 1", "t₁ = 0"]), ([1, 1, 1, 1], ["t₁ = 1"]), ([0, 0.2, 0.9, 1], ["t₁ ≥ 0.5", "t₁ < 0.5"])],
)
def test_beside_the_map_stands_what_the_shapes_mean(T, told):
    figure = heat_map(xor_network("tanh", "sigmoid"), XOR[0], np.array(T, dtype=float)[:, None], SAY)
    assert keys(figure) == ["y₁ for every x₁ and x₂", "0 … 1", *told]


def test_a_map_is_small_enough_to_be_sent_after_every_update():
    assert len(json.dumps(heat_map(xor_network("tanh", "sigmoid"), *XOR, SAY))) < 14_000


# What the gradients cost


@pytest.mark.parametrize("by", ["depth", "width"])
def test_the_cost_of_the_gradients_is_drawn_from_the_exact_formulas(by):
    sizes = (2, 2, 2, 2)
    figure = cost_chart(sizes, by, words("en"))
    lines = [series for series in figure["data"] if series["mode"] == "lines"]
    across = lines[0]["x"]
    networks = [[2] * (n + 1) if by == "depth" else [n] * 4 for n in across]
    drawn = [list(series["y"]) for series in lines]
    assert drawn == [[float(way(it)) for it in networks] for way in (by_differences, by_paths, shared)]
    dots = [(series["x"], series["y"]) for series in figure["data"] if series["mode"] == "markers"]
    here = 3 if by == "depth" else 2
    assert dots == [([here], [float(way(sizes))]) for way in (by_differences, by_paths, shared)]


@pytest.mark.parametrize("by", ["depth", "width"])
@pytest.mark.parametrize("sizes", [(1,) * 400, (2,) * 500, (784, 128, 10), (500,) * 120])
def test_costs_beyond_all_numbers_are_drawn_as_the_largest(sizes, by):
    figure = cost_chart(sizes, by, words("en"))
    dots = [series for series in figure["data"] if series["mode"] == "markers"]
    assert [dot["x"] for dot in dots] == [[len(sizes) - 1 if by == "depth" else max(sizes)]] * 3
    assert all(len(series["x"]) <= 50 for series in figure["data"])
    assert np.isfinite(figure["layout"]["yaxis"]["range"]).all()


def test_a_deeper_network_than_usual_is_in_the_picture_too():
    figure = cost_chart((3,) * 15, "depth", words("zh-TW"))
    assert figure["data"][0]["x"][-1] == 15
    assert figure["layout"]["xaxis"]["range"][1] > 14


def test_what_is_said_of_a_point_is_written_as_everywhere_else():
    trace = backprop(Network.lecture(), [1, -1], [1, 0])
    curve, *_, point = meaning(trace, Place("w", 2, 0, 0), USUAL, None, SAY)["data"]
    assert point["text"] == [number(trace.L)]
    assert curve["text"] == [number(value) for value in curve["y"]]
    assert loss_curve([1e-7, 0.5], 1, SAY)["data"][0]["text"] == ["1×10⁻⁷", "0.5"]
    assert cost_chart([2, 2, 2], "depth", SAY)["data"][0]["text"][-1] == grouped(whole([2] * 11).by_differences)
