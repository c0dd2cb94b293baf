"""Twelve networks, step by step, read from the drawing alone: it says what the formula says, and can be read."""

import json

import numpy as np
import pytest
from claims import equations, holds, sigma_of
from contrast import READABLE, contrast
from drawn import Drawn, boxes, written_otherwise
from ink import across_rims, bursting, cut, inks_of, overlapping, page_of, struck
from networks import lecture, lecture_of_two

from bppviz import Network, backprop, example
from bppviz.core.samples import default_sample
from bppviz.core.walk import walk
from bppviz.picture.film import Film
from bppviz.picture.layout import MOST_TAGGED
from bppviz.picture.theme import THEMES, painted, palette
from bppviz.words.catalogue import LANGUAGES, words
from bppviz.words.formula import latex
from bppviz.words.sentences import Narrator


def usual(network, **options):
    return backprop(network, *default_sample(network), **options)


def iris():
    it = example("iris")
    return backprop(it.network, it.x[5], it.target[5])


def means(network):
    rng = np.random.default_rng(1)
    return backprop(network, rng.normal(size=(3, network.sizes[0])), rng.integers(0, 2, size=(3, network.sizes[-1])))


def extreme():
    rng = np.random.default_rng(3)

    def numbers(*shape):
        return rng.choice([-1, 1], size=shape) * 10.0 ** rng.uniform(-9, 7, size=shape)

    weights, biases = [numbers(2, 2), numbers(2, 2)], [numbers(2), numbers(2)]
    return backprop(Network(weights, biases, "identity", "half_squared_error"), numbers(2), numbers(2))


RUNS = {
    "lecture": lecture(),
    "two samples": lecture_of_two(),
    "1-1": usual(Network.random([1, 1]), learning_rate=0.1),
    "2-3-1": usual(Network.random([2, 3, 1], "relu")),
    "2-3-2": usual(Network.random([2, 3, 2], "relu", "cross_entropy"), learning_rate=0.1),
    "iris": iris(),
    "deep": usual(Network.random([2, 2, 2, 2, 2, 2])),
    "4-8-8-3": usual(Network.random([4, 8, 8, 3], "leaky_relu", "cross_entropy")),
    "extreme": extreme(),
    "2-2-1": usual(Network.random([2, 2, 1], "tanh", "binary_cross_entropy")),
    "means": means(Network.random([2, 3, 2], total="mean")),
    "deep means": means(Network.random([2, 3, 3, 1], total="mean")),
}
# What has no room, by the text that reaches too far: weights of ten characters and more on edges that cross,
# and targets as wide. No line runs through these either.
TOO_WIDE = {
    "extreme": {
        *("𝑤21(1) = −3.207×10⁻⁸", "𝑤21(2) = −0.001818", "𝑤22(1) = −0.008512", "𝑤12(1) = −2.063"),
        *("𝑤12(2) = −6.588×10⁻⁸", "𝑡1 = −5.94867×10⁻⁵", "−1206.01", "−1206", "𝑤21(2) = −0.00181824"),
        "1 = 𝜕𝑧2(1)/𝜕𝑏2(1)",
    },
}
# Units by which texts may reach into one another, out of a box or over a rim: a fifth of an index's height.
TOLERANCE = 2.0


def stops(name):
    """Return the steps of a run; of a large one, some of each kind."""
    steps = walk(RUNS[name], "equation")
    return steps[:: len(steps) // 60 + 1]


@pytest.fixture(scope="module", params=RUNS)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def drawings(name):
    film = Film(RUNS[name])
    return [Drawn(film, stop) for stop in stops(name)]


# The same numbers


def test_drawing_and_formula_write_the_same_numbers(drawings):
    tell = Narrator(drawings[0].film.trace)
    found = [(it.stop.last, *fault) for it in drawings for fault in written_otherwise(it, tell.both(it.stop)[1])]
    assert found == []


def test_the_numbers_of_the_drawing_come_to_its_result_and_no_step_is_only_about_right(drawings):
    """What they are put into is the formula, which the test above compares with the drawing."""
    trace = drawings[0].film.trace
    for drawn in drawings:
        told = latex(Narrator(trace).both(drawn.stop)[1])
        assert r"\approx" not in told, (drawn.stop, told)
        sigma = sigma_of(trace, trace[drawn.stop.last].layer)
        assert [it for it in equations(told) if not holds(it, sigma)] == [], drawn.stop


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_said_of_a_step_ends_with_the_number_that_the_drawing_shows(drawings, lang):
    tell = Narrator(drawings[0].film.trace)
    for drawn in drawings:
        shown = drawn.text(drawn.film.trace[drawn.stop.last].place, is_result=True).number
        assert f" {shown}" in tell.result(drawn.stop, words(lang)), drawn.stop


# Contrast


def grounds(drawn):
    """Return the colour of each text of a picture, and of what it stands on."""
    for name, series in drawn.series.items():
        if "text" not in series["mode"]:
            continue
        colours = series["textfont"]["color"]
        for i, (x, y, text) in enumerate(zip(series["x"], series["y"], series["text"], strict=True)):
            if text.strip() or name == "headings":
                yield (colours if isinstance(colours, str) else colours[i]), ground(drawn, x, y)


def ground(drawn, x, y):
    """Return the colour of the uppermost box or circle that a point is in."""
    colour = "var(--bppviz-background)"
    for name, series in drawn.series.items():
        if name in ("nodes", "gates"):
            sizes = series["marker"]["size"]
            for i, (left, top) in enumerate(zip(series["x"], series["y"], strict=True)):
                radius = (sizes[i] if isinstance(sizes, list) else sizes) / 2
                if (x - left) ** 2 + (y - top) ** 2 < radius**2:
                    colour = series["marker"]["color"][i]
        elif series.get("fill") == "toself" and any(is_in(x, y, *box) for box in boxes(series)):
            colour = series["fillcolor"]
    return colour


def is_in(x, y, left, top, right, bottom):
    return left <= x <= right and top <= y <= bottom


def test_every_text_can_be_read_on_what_it_stands_on_in_every_theme(drawings):
    pairs = {pair for drawn in drawings for pair in grounds(drawn)}
    assert any("background" in colour for colour, _ in pairs)
    for theme in THEMES:
        colours = palette(theme)
        ratios = {pair: contrast(*(colours[it] for it in pair)) for pair in pairs}
        assert {pair: ratio for pair, ratio in ratios.items() if ratio < READABLE[theme]} == {}, theme


# As it is drawn in a browser


@pytest.fixture(scope="module")
def page(browser):
    page = page_of(browser)
    yield page
    page.close()


def of_each_kind(name):
    """Return one step of each kind, in the first layer, in the last, and between, and the end.

    Where weights stand on edges, every neuron and every weight of such a layer is of a kind of its own.
    """
    trace, chosen = RUNS[name], {}
    sizes = trace.network.sizes
    for stop in walk(trace, "equation"):
        event = trace[stop.last]
        layer = -1 if event.layer == len(sizes) - 1 else min(event.layer, 2)
        chosen[event.quantity, event.phase, layer, *(event.place[2:] if max(sizes) <= MOST_TAGGED else ())] = stop
    return [*chosen.values(), walk(trace, "pass")[-1]]


def figures(name, lang, view="network"):
    film = Film(RUNS[name], view)
    for stop in of_each_kind(name) if lang == "en" else of_each_kind(name)[-2:]:
        drawn = Drawn(film, stop)
        drawn.series["headings"]["text"] = film.picture.captions(words(lang))
        layout = {**film.base["layout"], "template": {}}
        yield drawn, painted({"data": list(drawn.series.values()), "layout": layout}, palette("light"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_stands_on_another_or_a_line_or_out_of_its_box_or_is_cut_or_too_small(page, name, lang):
    found = faults_of(page, name, figures(name, lang))
    assert found == [], "\n".join(map(str, found))


@pytest.mark.parametrize("name", ["lecture", "2-2-1", "2-3-2", "iris", "deep"])
def test_nor_does_any_in_a_network_with_its_mirror(page, name):
    found = faults_of(page, name, figures(name, "en", "mirror"))
    assert found == [], "\n".join(map(str, found))


def faults_of(page, name, pictures):
    """Return what is wrong with the texts of some pictures of a run."""
    drawn, painted_ones = zip(*pictures, strict=True)
    found = []
    for it, inks in zip(drawn, inks_of(page, json.loads(json.dumps(painted_ones))), strict=True):
        step = it.film.trace[it.stop.last].place
        assert len(inks) > 20
        faults = [
            *(("overlap", *fault) for fault in overlapping(inks, TOLERANCE)),
            *(("line", *fault) for fault in struck(inks, it.series, TOLERANCE)),
            *(("cut", *fault) for fault in cut(inks, *it.film.picture.size)),
            *(("box", *fault) for fault in bursting(inks, it.series, TOLERANCE)),
            *(("rim", *fault) for fault in across_rims(inks, it.series, TOLERANCE)),
            *(("small", ink.text) for ink in inks if ink.smallest < 14.4),  # 80 % of 18: an index
        ]
        found += [
            (it.stop.granularity, "-".join(map(str, step)), *fault)
            for fault in faults
            if fault[0] == "line" or fault[1] not in TOO_WIDE.get(name, ())
        ]
    return found
