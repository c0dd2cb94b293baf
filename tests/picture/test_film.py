"""The picture as plotly gets it: any step can follow any other, and `figure` is exactly that."""

import re

import plotly.graph_objects as go
import pytest
from hypothesis import HealthCheck, given, settings
from networks import lecture, traces
from pictures import painted_frame, strings, texts, walks

from bppviz import Network, backprop, example, figure
from bppviz.core.network import with_number
from bppviz.core.place import Place
from bppviz.core.samples import default_sample
from bppviz.core.walk import granularities, walk
from bppviz.picture.film import VIEWS, Film, patched, views
from bppviz.picture.layout import layout_of
from bppviz.picture.theme import THEMES
from bppviz.words.catalogue import LANGUAGES, words

NETWORKS = {
    "lecture": Network.lecture(),
    "1-1": Network.random([1, 1]),
    "2-3-1": Network.random([2, 3, 1], "relu"),
    "2-2-1": Network.random([2, 2, 1], "identity", seed=1),
    "3-3-3": Network.random([3, 3, 3], "sigmoid", "binary_cross_entropy"),
    "2-2-2 with softmax": Network.random([2, 2, 2], "tanh", "cross_entropy"),
    "4-8-8-3": Network.random([4, 8, 8, 3], "leaky_relu", "cross_entropy"),
    "30-20-10": Network.random([30, 20, 10]),
}


def recorded(network):
    return backprop(network, *default_sample(network))


@pytest.fixture(scope="module", params=NETWORKS)
def trace(request):
    """The trace of one of the networks."""
    return recorded(NETWORKS[request.param])


@pytest.fixture(scope="module")
def film(trace):
    return Film(trace)


def every_stop(trace):
    return [stop for granularity in granularities(trace) for stop in walk(trace, granularity)]


# What may stand in a picture


def test_no_text_of_any_picture_has_a_dollar_sign(film):
    frames = [frame["patch"] for frames in walks(film).values() for frame in frames]
    assert [text for text in strings([film.base, frames, film.captions()]) if "$" in text] == []


def test_names_with_dollar_signs_and_markup_are_harmless():
    names = ["$x$", "<a href='javascript:alert(1)'>x</a>"]
    network = Network([[[1, 2], [3, 4]]], [[0, 0]], "tanh", "half_squared_error", input_names=names, output_names=names)
    film = Film(recorded(network))
    frames = [frame["patch"] for frames in walks(film).values() for frame in frames]
    found = strings([film.base, frames, film.captions()])
    assert [text for text in found if "$" in text or "<a" in text] == []
    assert [text for text in found if "&#36;x&#36;" in text]
    assert [text for text in found if "&lt;a" in text]


def test_a_name_of_a_million_characters_takes_no_more_room_than_its_beginning():
    def told(name):
        film = Film(recorded(Network([[[1]]], [[0]], "tanh", "half_squared_error", input_names=[name])))
        return [film.base, walks(film)["equation"]]

    assert told("n" * 10**6) == told("n" * 100)
    assert max(map(len, strings(told("n" * 10**6)))) < 10_000


def test_the_only_markup_is_bold_the_line_break_and_what_an_index_needs(film):
    frames = [frame["patch"] for frames in walks(film).values() for frame in frames]
    tags = {tag for text in strings([film.base, frames, film.captions()]) for tag in re.findall(r"<[^>]*>", text)}
    indices = {"<sub>", "</sub>", "<sup>", "</sup>", '<span style="font-size:115%">', "</span>"}
    assert tags <= {"<b>", "</b>", "<br>", *indices}


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_of_a_figure_is_painted(trace, theme):
    for k in (0, len(trace) // 2, len(trace) - 1):
        found = strings(figure(trace, k, theme=theme).to_plotly_json())
        assert [text for text in found if "var(" in text] == []


# Any step can follow any other


def test_every_frame_sets_the_same_attributes_of_the_same_series(trace, film):
    shapes = {
        tuple((attribute, tuple(sorted(series))) for attribute, series in sorted(film.picture.patch(stop).items()))
        for stop in every_stop(trace)
    }
    assert len(shapes) == 1


def test_a_frame_looks_the_same_whatever_was_painted_before(trace, film):
    stops = every_stop(trace)
    for stop, before in zip(stops[:: len(stops) // 12 + 1], stops[-1 :: -(len(stops) // 9 + 1)], strict=False):
        shown = patched(film.base["data"], film.picture.patch(before))
        assert painted_frame(film, stop, shown) == painted_frame(film, stop)


@pytest.mark.parametrize("view", VIEWS)
def test_runs_of_one_shape_share_what_never_changes_and_nothing_else(view):
    def run(weight):
        network = with_number(Network.lecture(), Place("w", 2, 0, 1), weight)
        return backprop(network, [1, -1], [1, 0])

    one, other = Film(run(-3), view), Film(run(12345.678), view)
    stop = walk(one.trace)[-1]
    assert one.base == other.base
    assert all(mine is theirs for mine, theirs in zip(one.base["data"], other.base["data"], strict=True))
    before = painted_frame(one, stop)
    assert painted_frame(other, stop) != before
    assert painted_frame(one, stop) == before


# figure


def test_figure_returns_a_plotly_figure_of_the_size_of_the_picture():
    drawn = figure(lecture(), 0)
    assert isinstance(drawn, go.Figure)
    layout = layout_of((2, 2, 2, 2))
    assert (drawn.layout.width, drawn.layout.height) == (round(layout.width), round(layout.height))


def test_figure_counts_from_the_end_for_negative_steps():
    assert figure(lecture(), -1) == figure(lecture(), 48)
    assert figure(lecture(), -49) == figure(lecture(), 0)


@pytest.mark.parametrize("k", [49, -50, 10_000])
def test_figure_refuses_a_step_that_the_trace_does_not_have(k):
    with pytest.raises(IndexError, match=rf"step {k} of a trace with 49 steps; they count from 0 to 48"):
        figure(lecture(), k)


def test_figure_refuses_an_unknown_theme_or_language():
    with pytest.raises(ValueError, match=r"unknown theme 'pink'; choose one of: light, dark, projector"):
        figure(lecture(), 0, theme="pink")
    with pytest.raises(ValueError, match=r"unknown language 'fr'; choose one of: en, zh-TW"):
        figure(lecture(), 0, lang="fr")
    with pytest.raises(TypeError, match=r"theme \[\] is not a name; give one of: light, dark, projector"):
        figure(lecture(), 0, theme=[])
    with pytest.raises(TypeError, match=r"language \[\] is not a name; give one of: en, zh-TW"):
        figure(lecture(), 0, lang=[])
    with pytest.raises(TypeError, match=r"view None is not a name; give one of: network, mirror"):
        figure(lecture(), 0, view=None)


def test_figure_refuses_what_is_not_a_trace():
    with pytest.raises(TypeError, match=r"not a Network; give figure backprop\(network, x, target\)\."):
        figure(Network.lecture(), 0)
    with pytest.raises(TypeError, match=r"not an Example; give its trace: example\.trace\."):
        figure(example("mazur"), 0)
    with pytest.raises(TypeError, match="not an int; the trace comes first"):
        figure(3, lecture())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figure_writes_the_headings_in_the_language_that_is_asked_for(lang):
    wanted = {words(lang)(f"picture.{name}") for name in ("input", "ends")}
    assert wanted <= {text.text for text in texts(figure(lecture(), 0, lang=lang).to_plotly_json())}


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(traces())
def test_any_network_can_be_drawn_at_any_step(trace):
    for k in (0, len(trace) // 2, len(trace) - 1):
        drawn = figure(trace, k)
        width, height = drawn.layout.width, drawn.layout.height
        for text in texts(drawn.to_plotly_json()):
            assert 0 <= text.x <= width
            assert 0 <= text.y <= height


def test_the_spotlight_finds_everything_that_a_step_is_about(trace):
    for view in views(trace):
        film = Film(trace, view)
        places = [series["meta"]["at"] for series in film.base["data"] if "meta" in series]
        lengths = [len(series["x"]) for series in film.base["data"] if "meta" in series]
        counted = [(len(at), length) for at, length in zip(places, lengths, strict=True) if at != "*"]
        assert [of for of, _ in counted] == [length for _, length in counted]
        known = {place for at in places if at != "*" for names in at for place in names.split()}
        for stop in walk(trace, granularities(trace)[-1]):
            frame = film.frame(stop)
            of_blocks = {f"w-{frame['layer']}", "loss"}  # the lines of a block of weights are lit by themselves
            at_home = {re.sub(r"^d\w_d([wb])-", r"\1-", place) for place in (*frame["from"], *frame["to"])}
            assert at_home <= known | of_blocks
