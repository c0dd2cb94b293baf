"""The widget without a kernel: what its parts are, how they are linked, and what goes to the page."""

import asyncio
import gzip
import json
import re
import signal
import subprocess
import sys
import threading
import time
from functools import wraps
from math import isfinite

import anywidget
import ipywidgets
import numpy as np
import pytest
import traitlets
from ipywidgets.widgets.widget import _instances
from networks import lecture
from oracle import torch_or_skip
from pictures import value_at
from widgets import (
    asked,
    charts,
    field,
    holds,
    is_idle,
    joined,
    lets_go,
    look_into,
    numbers,
    page,
    parts,
    parts_of,
    says,
    session,
    slider,
    stage,
    tabled,
    tables,
    tells,
    typed,
    unpacked,
    until,
)

import bppviz.core.walk as walk_module
import bppviz.widget.away as away_module
import bppviz.widget.edits as edits_module
import bppviz.widget.feed as feed_module
import bppviz.widget.panels as panels_module
import bppviz.widget.stage as stage_module
import bppviz.widget.training as training_module
from bppviz import Explainer, Network, backprop, check_gradients, explain, samples
from bppviz.core.samples import default_sample
from bppviz.core.walk import filmed, granularities, locate, walk
from bppviz.page.assets import plotly_js
from bppviz.page.packed import SPEEDS, choices, packed, spans
from bppviz.panels.cost_chart import cost_chart
from bppviz.panels.tables import check_head, check_table
from bppviz.picture.film import VIEWS, Film
from bppviz.picture.theme import CHOICES, THEMES, palette
from bppviz.practice.typed import single
from bppviz.widget.stage import Stage, Tables
from bppviz.words.catalogue import LANGUAGES, catalogue, words

CHOSEN = {"granularity": "granularity", "speed": "speed", "language": "lang", "theme": "theme"}


@pytest.fixture
def explainer():
    explainer = explain()
    yield explainer
    explainer.close()


# explain


def test_explain_shows_the_lectures_network_with_the_lectures_sample(explainer):
    assert isinstance(explainer, Explainer)
    assert explainer.network.notation == "lecture"
    assert explainer.trace.x.tolist() == [1, -1]
    assert explainer.trace.target.tolist() == [1, 0]
    assert explainer.step == 0


def test_explain_takes_from_the_lectures_sample_what_is_left_out():
    network = Network.random([3, 2])
    assert explain(network).trace.x.tolist() == [1, -1, 1]
    assert explain(network, target=[0.5, 0.5]).trace.x.tolist() == [1, -1, 1]
    assert explain(network, [1, 2, 3]).trace.target.tolist() == [1, 0]
    assert explain(network, [1, 2, 3], [0, 1]).trace.loss == backprop(network, [1, 2, 3], [0, 1]).loss
    assert explain(x=[2, 3]).trace.x.tolist() == [2, 3]


def test_a_recorded_run_is_shown_as_it_is_with_its_samples_its_update_and_the_sample_it_tells():
    trace = backprop(Network.random([2, 2, 1]), *samples("xor"), 0.25).at_sample(2)
    explainer = explain(trace)
    assert explainer.network is trace.network
    assert (explainer.trace.sample, explainer.trace.learning_rate) == (2, 0.25)
    assert list(explainer.trace) == list(trace)
    assert parts(explainer)["sample"].value == 3
    assert explain(trace, learning_rate=0.5).trace.learning_rate == 0.5
    assert explain(trace, x=[1, 2], target=[3]).trace.x.tolist() == [1, 2]
    kept = backprop(trace.network, *samples("xor"), 0.25, update_biases=False)
    assert list(explain(kept).trace) == list(kept)


def test_the_number_of_a_class_is_shown_as_its_one_hot_target():
    explainer = explain(Network.random([2, 3], loss="cross_entropy"), target=2)
    assert explainer.trace.target.tolist() == [0, 0, 1]
    explainer.close()


@pytest.mark.parametrize("step", ["a", 1.5, None])
def test_a_step_that_is_no_whole_number_is_refused_and_the_one_shown_stays(explainer, step):
    explainer.step = 20
    with pytest.raises(TypeError, match=f"step is {step!r}; give a whole number from 0 to 48"):
        explainer.step = step
    assert explainer.step == 20


def test_explain_begins_at_the_step_and_with_the_panel_that_are_asked_for():
    explainer = explain(step=21, open="weights")
    assert (explainer.step, stage(explainer).panel) == (21, "weights")
    assert isinstance(slider(explainer, "w-3-0-0"), ipywidgets.FloatSlider)
    assert explain(step=-1).step == 48
    assert asked(explain(step=20, open="predict"))[0]


@pytest.mark.parametrize(
    ("asked_for", "error", "said"),
    [
        ({"step": 49}, IndexError, "49 steps"),
        ({"open": "sliders"}, ValueError, "choose one of: weights, predict, training, table, matrices, why, check"),
        ({"open": 1}, TypeError, "panel"),
    ],
)
def test_explain_refuses_a_step_or_panel_that_there_is_not(asked_for, error, said):
    with pytest.raises(error, match=said):
        explain(**asked_for)


def test_an_explainer_says_what_it_is_in_one_line():
    explainer = explain()
    explainer.step = 20
    assert repr(explainer) == "Explainer(2-2-2-2, step 20 of 49)"
    assert explainer._repr_mimebundle_()["text/plain"] == repr(explainer)
    assert "application/vnd.jupyter.widget-view+json" in explainer._repr_mimebundle_()
    assert repr(explain(Network.random([2, 1]), *samples("and"))) == "Explainer(2-1, step 0 of 12, 4 samples)"
    explainer.close()
    assert repr(explainer) == "Explainer(2-2-2-2, step 20 of 49)"


def test_where_nothing_can_be_learned_the_page_is_told_why_until_it_can():
    network = Network([[[0, 0], [0, 0]], [[0, 0]]], [[0, 0], [0]], "sigmoid", "half_squared_error")
    explainer = explain(network, *samples("xor"))
    assert stage(explainer).notices == [{"name": "alike", "layer": 1, "count": 2}]
    typed(explainer, "w-1-0-0", 1.0)  # the four samples pull against each other still
    assert stage(explainer).notices == [{"name": "flat"}]
    typed(explainer, "w-2-0-0", 1.0)
    assert stage(explainer).notices == []
    parts(explainer)["undo"].click()
    parts(explainer)["undo"].click()
    assert stage(explainer).notices == [{"name": "alike", "layer": 1, "count": 2}]
    assert stage(explain()).notices == []
    explainer.close()


def test_explain_gives_the_network_that_it_was_given():
    network = Network.random([2, 2])
    assert explain(network).network is network


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"network": "lectures"}, ValueError, r"unknown example 'lectures'; .+ Did you mean 'lecture'\?"),
        ({"network": [2, 3, 1]}, TypeError, r"network is a list; a network comes first, such as Network\.random"),
        ({"network": Network}, TypeError, r"network is <class .+>; give a Network, such as Network\.lecture\(\)"),
        ({"x": [1, 2, 3]}, ValueError, "x"),
        ({"x": "text"}, TypeError, "x holds the text"),
        ({"target": [float("nan"), 0]}, ValueError, "target holds nan"),
        ({"lang": "fr"}, ValueError, r"unknown language 'fr'; choose one of: en, zh-TW\."),
        ({"theme": "pink"}, ValueError, r"unknown theme 'pink'; choose one of: auto, light, dark, projector\."),
    ],
)
def test_explain_refuses_what_does_not_fit_in_words(given, kind, said):
    with pytest.raises(kind, match=said):
        explain(**given)


@pytest.mark.parametrize(("lang", "is_"), [(None, "en"), ("en", "en"), ("zh-TW", "zh-TW"), ("zh_tw", "zh-TW")])
def test_explain_speaks_the_language_that_is_asked_for(lang, is_):
    explainer = explain(lang=lang)
    assert stage(explainer).lang == is_
    assert parts(explainer)["next"].description == catalogue(is_)["control.next"]
    assert parts(explainer)["language"].value == is_


@pytest.mark.parametrize(("theme", "is_"), [(None, "auto"), *((name, name) for name in CHOICES)])
def test_explain_has_the_colours_that_are_asked_for(theme, is_):
    explainer = explain(theme=theme)
    assert stage(explainer).theme == parts(explainer)["theme"].value == is_


# The step


def test_the_step_is_that_of_the_stage(explainer):
    stage(explainer).step = 7
    assert explainer.step == 7
    explainer.step = 9
    assert stage(explainer).step == 9


def test_a_step_counts_from_the_end_where_it_is_negative(explainer):
    explainer.step = -1
    assert explainer.step == 48


@pytest.mark.parametrize("k", [49, -50])
def test_a_step_that_the_trace_does_not_have_is_refused_and_nothing_changes(explainer, k):
    explainer.step = 5
    with pytest.raises(IndexError, match=rf"step {k} of a trace with 49 steps; they count from 0 to 48\."):
        explainer.step = k
    assert explainer.step == 5


@pytest.mark.parametrize("k", ["3", 3.0, None, slice(2), [1]])
def test_a_step_that_is_no_whole_number_is_refused(explainer, k):
    with pytest.raises(TypeError, match="give a whole number from 0 to 48"):
        explainer.step = k


def test_a_step_that_is_set_is_seen_whole_in_a_walk_by_term(explainer):
    stage(explainer).partial = {"step": 0, "back": 2}
    explainer.step = 0
    assert stage(explainer).partial["step"] == -1


def test_trace_and_network_cannot_be_replaced(explainer):
    with pytest.raises(AttributeError):
        explainer.trace = lecture()
    with pytest.raises(AttributeError):
        explainer.network = Network.lecture()


# The controls


def test_the_controls_are_ipywidgets_with_the_classes_that_the_outside_relies_on(explainer):
    found = parts(explainer)
    assert found["bppviz"] is explainer
    for name in ("first", "back", "play", "next", "last"):
        assert isinstance(found[name], ipywidgets.Button)
        assert found[name].description == catalogue("en")[f"control.{name}"]
        assert found[name].tooltip == catalogue("en")[f"hint.{name}"]
    assert isinstance(found["scrub"], ipywidgets.IntSlider)
    assert (found["scrub"].min, found["scrub"].max, found["scrub"].readout) == (0, 48, False)
    for name in CHOSEN:
        assert isinstance(found[name], ipywidgets.Dropdown if name == "speed" else ipywidgets.ToggleButtons)


@pytest.mark.parametrize("name", CHOSEN)
def test_a_control_that_chooses_and_the_stage_agree_in_both_directions(explainer, name):
    control, trait = parts(explainer)[name], CHOSEN[name]
    for _, value in control.options:
        control.value = value
        assert getattr(stage(explainer), trait) == value
    for _, value in control.options:
        setattr(stage(explainer), trait, value)
        assert control.value == value


def test_the_scrubber_and_the_stage_are_linked_in_the_page(explainer):
    links = [widget for widget in _instances.values() if isinstance(widget, ipywidgets.widgets.widget_link.Link)]
    (target,) = [link.target for link in links if link.source == (parts(explainer)["scrub"], "value")]
    assert target == (stage(explainer), "step")


def test_the_walk_begins_by_equation_and_a_big_network_is_walked_by_layer():
    assert stage(explain()).granularity == "equation"
    big = explain(Network.random([30, 20, 10]))
    assert stage(big).granularity == "layer"
    assert [value for _, value in parts(big)["granularity"].options] == ["pass", "layer", "vector"]
    assert big.step == walk(big.trace, "layer")[0].last


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_choice_has_a_word_in_every_language(lang):
    for options in choices(lecture()).values():
        for option in options:
            assert catalogue(lang)[option["word"]] if option["word"] else option["label"]


def test_the_choices_are_all_that_there_are():
    values = {name: [option["value"] for option in options] for name, options in choices(lecture()).items()}
    assert values == {
        "view": list(VIEWS),
        "granularity": list(granularities(lecture())),
        "speed": list(SPEEDS),
        "language": list(LANGUAGES),
        "theme": list(CHOICES),
        "spotlight": [False, True],
    }
    assert (min(SPEEDS), max(SPEEDS)) == (0.5, 4)


# What goes to the page


def test_the_stage_carries_everything_in_traits(explainer):
    synced = {
        name
        for name in stage(explainer).trait_names(sync=True)
        if not name.startswith(("_", "layout", "tabbable", "tooltip"))
    }
    assert {"film", "step", "granularity", "speed", "lang", "theme"} <= synced
    assert issubclass(Stage, anywidget.AnyWidget)


def test_a_widget_can_be_rebuilt_from_its_state(explainer):
    explainer.step = 20
    saved = stage(explainer).get_state()
    film = unpacked(saved["film"])
    frame = film["frames"][film["walks"][saved["granularity"]][20]]
    assert (saved["step"], frame["step"], frame["quantity"]) == (20, 20, lecture()[20].quantity)


def test_the_film_has_the_keys_that_the_stage_documents():
    documented = set(re.findall(r"^`(\w+)`  ", stage_module.__doc__, re.MULTILINE))
    documented |= set(re.findall(r"; `(\w+)` is their series", stage_module.__doc__))
    assert documented <= set(unpacked(packed(lecture())))


@pytest.mark.parametrize("sizes", [(2, 2, 2, 2), (8, 8, 1), (30, 20)])
def test_the_film_shows_at_every_stop_what_the_picture_and_the_narrator_say(sizes):
    network = Network.random(sizes)
    trace = backprop(network, *default_sample(network))
    film, made = unpacked(packed(trace)), Film(trace)
    for granularity in granularities(trace):
        for index, stop in zip(film["walks"][granularity], walk(trace, granularity), strict=True):
            frame, wanted = film["frames"][index], made.frame(stop)
            patch = {}
            for (attribute, series), place in zip(film["series"], frame["patch"], strict=True):
                patch.setdefault(attribute, {})[series] = value_at(film["values"], place)
            assert json.dumps(patch) == json.dumps(wanted["patch"])  # what is a tuple here is a list there
            assert {name: frame[name] for name in ("step", "phase", "quantity", "whole")}.items() <= wanted.items()
            for name in ("formula", "substituted", "sentence", "spoken"):
                assert joined(frame[name], film["texts"]) == wanted[name]


def test_the_film_holds_every_colour_of_every_theme_and_no_colour_elsewhere():
    film = unpacked(packed(lecture()))
    assert film["palettes"] == {theme: palette(theme) for theme in THEMES}
    assert re.findall(r"#[0-9a-f]{6}", json.dumps([film["base"], film["values"]])) == []


def test_the_frames_of_a_film_share_what_they_have_in_common():
    network = Network.random((16, 16, 2), "sigmoid")
    large = packed(backprop(network, *default_sample(network)))
    assert len(packed(lecture())) < 70_000
    assert len(gzip.decompress(large)) < 3_200_000


@pytest.mark.parametrize("sizes", [(1, 1), (2, 3, 1), (4, 8, 8, 3), (30, 20, 10)])
def test_the_phases_fill_the_scrubber_without_a_gap(sizes):
    trace = backprop(Network.random(sizes), [1] * sizes[0], [0] * sizes[-1])
    phases, starts, ends = zip(*spans(trace), strict=True)
    assert phases == ("forward", "loss", "backward", "gradient")
    assert starts == (0, *ends[:-1])
    assert ends[-1] == 100


def test_plotly_is_sent_when_the_page_asks_for_it_and_not_before(explainer, monkeypatch):
    sent = []
    monkeypatch.setattr(Stage, "send", lambda self, content, buffers=None: sent.append((content, buffers)))
    tells(explainer, "something else")
    assert sent == []
    tells(explainer, "plotly")
    (content, buffers), *others = sent
    assert (content, others) == ({"kind": "plotly"}, [])
    assert b"plotly.js v" in gzip.decompress(buffers[0])[:200]
    assert buffers[0] == plotly_js()
    assert buffers[1][:4] == b"wOF2"


def test_a_closed_widget_leaves_none_of_its_parts_behind():
    explainer = explain()
    made = [explainer, *parts(explainer).values(), stage(explainer)]
    explainer.close()
    assert [widget for widget in made if widget.comm is not None] == []


def test_a_trait_refuses_what_is_not_of_its_kind(explainer):
    with pytest.raises(traitlets.TraitError):
        stage(explainer).step = "three"


# What people do, with the loop of a kernel


def in_a_kernel(work):
    """Run a test's coroutine as a kernel would: the explainer hears of what happens between its awaits."""

    @wraps(work)
    def run(*arguments, **named):
        asyncio.run(work(*arguments, **named))

    return run


def xor(**options):
    return explain(Network.random([2, 2, 1], "sigmoid", seed=3), *samples("xor"), **options)


async def training(explainer):
    """Begin a training that will not end by itself, and return the explainer's parts."""
    found = parts(explainer)
    found["updates"].value = 1_000_000
    found["run"].click()
    await until(lambda: session(explainer).now.epoch > 0)
    return found


@in_a_kernel
async def test_a_training_that_is_begun_anew_is_the_only_one_that_goes_on():
    explainer = xor()
    found = await training(explainer)
    typed(explainer, "w-1-0-0", 3.0)
    found["run"].click()
    seen = []
    for _ in range(20):
        await asyncio.sleep(0.01)
        seen.append((session(explainer).now.course, session(explainer).now.epoch))
    assert len({id(course) for course, _ in seen}) == 1
    assert [epoch for _, epoch in seen] == sorted(epoch for _, epoch in seen)
    assert session(explainer).now.course.network(0).weights[0][0, 0] == 3.0
    found["run"].click()
    assert not stage(explainer).running
    made = session(explainer).now.epoch
    await asyncio.sleep(0.2)
    assert session(explainer).now.epoch == made
    assert stage(explainer).progress["done"] == made


@in_a_kernel
async def test_one_update_in_the_middle_of_a_training_is_what_is_reported_last():
    explainer = xor()
    found = await training(explainer)
    found["update"].click()
    await until(lambda: not stage(explainer).running)
    await asyncio.sleep(0.2)
    assert (stage(explainer).progress["done"], stage(explainer).progress["of"]) == (1, 1)


@pytest.mark.parametrize(("rate", "updates"), [(1e200, 1), (1e6, 25), (1e6, 1000)])
@in_a_kernel
async def test_a_training_that_diverges_says_so_wherever_it_ends_and_the_widget_goes_on(rate, updates):
    explainer = explain(Network([[[1.0]]], [[0.0]], "identity", "half_squared_error"), [1], [0], learning_rate=rate)
    found = parts(explainer)
    found["walk-update"].value = False
    found["updates"].value = updates
    found["run"].click()
    await until(lambda: not stage(explainer).running)
    assert stage(explainer).problem["name"] == "diverged"
    assert isfinite(explainer.trace.L)
    assert stage(explainer).progress["done"] == session(explainer).now.epoch
    found["visit"].value = 0
    assert explainer.network.weights[0].tolist() == [[1]]
    typed(explainer, "w-1-0-0", 2.0)
    assert explainer.network.weights[0].tolist() == [[2]]


def test_without_a_kernel_a_training_ends_before_the_click_does():
    explainer = xor()
    film = stage(explainer).film
    parts(explainer)["update"].click()
    assert stage(explainer).film != film
    assert stage(explainer).fresh == b""
    assert stage(explainer).progress["done"] == 1


def test_without_a_kernel_a_training_puts_nothing_off_however_long_the_rest_takes(monkeypatch):
    def slow(*run):
        time.sleep(0.2)  # much longer than the film is waited with
        return check_gradients(*run)

    monkeypatch.setattr(feed_module, "REST", 0.01)
    monkeypatch.setattr(panels_module, "CHECKED_AT_ONCE", 0)
    monkeypatch.setattr(panels_module, "check_gradients", slow)
    explainer = xor(open="check")
    before = tables(explainer, "check")
    parts(explainer)["update"].click()
    assert stage(explainer).problem == {}
    assert is_idle(explainer)
    assert stage(explainer).film == packed(explainer.trace)
    assert tables(explainer, "check") != before


@in_a_kernel
async def test_what_was_made_is_said_only_as_long_as_it_is_so():
    explainer = xor()
    for change in (lambda: typed(explainer, "w-1-0-0", 2.0), lambda: parts(explainer)["undo"].click()):
        parts(explainer)["update"].click()
        await until(lambda: stage(explainer).progress)
        change()
        assert stage(explainer).progress == {}


@in_a_kernel
async def test_one_film_is_made_at_a_time_and_the_last_one_is_of_the_last_number(monkeypatch):
    at_once, most = 0, 0

    def slow(trace, view):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        time.sleep(0.3)
        at_once -= 1
        return packed(trace, view)

    monkeypatch.setattr(feed_module, "packed", slow)
    monkeypatch.setattr(feed_module, "REST", 0.01)
    explainer = explain()
    for value in range(5):
        typed(explainer, "w-1-0-0", value)
        await asyncio.sleep(0.1)
    await until(lambda: stage(explainer).fresh == b"")
    assert most == 1
    assert stage(explainer).film == packed(explainer.trace)


# Away from every page


@in_a_kernel
async def test_what_no_page_shows_is_put_away_and_comes_back_when_one_does(monkeypatch):
    monkeypatch.setattr(away_module, "GRACE", 0.05)
    before = set(_instances)
    explainer = explain(learning_rate=0.25)
    parts(explainer)["updates"].value = 7
    parts(explainer)["update"].click()
    await until(lambda: not stage(explainer).running)
    stage(explainer).granularity = "layer"
    tells(explainer, "left")
    await until(lambda: stage(explainer).film == b"")
    kept = set(_instances) - before
    assert kept == {explainer.model_id, stage(explainer).model_id, explainer.layout.model_id}
    explainer.step = 20
    assert (stage(explainer).fresh, explainer.step) == (b"", 20)
    tells(explainer, "here")
    found = parts(explainer)
    assert (found["updates"].value, found["granularity"].value, found["scrub"].value) == (7, "layer", 20)
    assert stage(explainer).film == packed(explainer.trace)
    typed(explainer, "w-1-0-0", 2.0)
    found["undo"].click()
    found["undo"].click()
    assert session(explainer).now.epoch == 0
    found["granularity"].value = "equation"
    assert stage(explainer).granularity == "equation"
    explainer.close()
    assert set(_instances) == before


@in_a_kernel
async def test_what_another_page_shows_is_not_put_away(monkeypatch):
    monkeypatch.setattr(away_module, "GRACE", 0.05)
    explainer = explain()
    asked = []
    monkeypatch.setattr(Stage, "send", lambda self, content, buffers=None: asked.append(content))
    tells(explainer, "left")
    assert asked == [{"kind": "who"}]
    tells(explainer, "here")
    await asyncio.sleep(0.2)
    assert stage(explainer).film == packed(explainer.trace)


@in_a_kernel
async def test_a_training_goes_on_without_a_page_and_what_it_reached_is_shown_later(monkeypatch):
    monkeypatch.setattr(away_module, "GRACE", 0.05)
    explainer = xor()
    parts(explainer)["updates"].value = 3000
    parts(explainer)["run"].click()
    tells(explainer, "left")
    await until(lambda: stage(explainer).film == b"")
    assert session(explainer).now.epoch == 3000
    tells(explainer, "here")
    assert parts(explainer)["visit"].value == 3000


@in_a_kernel
async def test_a_widget_that_is_put_away_can_be_closed(monkeypatch):
    monkeypatch.setattr(away_module, "GRACE", 0.01)
    before = set(_instances)
    explainer = explain()
    tells(explainer, "left")
    await until(lambda: stage(explainer).film == b"")
    explainer.close()
    assert set(_instances) == before


@in_a_kernel
async def test_where_the_controls_cannot_be_made_again_the_walk_goes_on(monkeypatch):
    monkeypatch.setattr(away_module, "GRACE", 0.01)
    explainer = explain()
    tells(explainer, "left")
    await until(lambda: stage(explainer).film == b"")
    with monkeypatch.context() as broken:
        broken.setattr(edits_module.Edits, "build", lambda *_: 1 / 0)
        tells(explainer, "here")
    assert stage(explainer).problem["name"] == "failed_change"
    explainer.step = 20
    assert unpacked(stage(explainer).fresh)["frame"]["step"] == 20
    explainer.close()


@in_a_kernel
async def test_a_widget_that_is_closed_while_its_film_is_made_makes_no_other(monkeypatch):
    made, go_on = [], threading.Event()

    def slow(*given, **named):
        made.append(given)
        go_on.wait(10)
        return packed(*given, **named)

    monkeypatch.setattr(feed_module, "REST", 0.01)
    explainer = explain()
    monkeypatch.setattr(feed_module, "packed", slow)
    typed(explainer, "w-1-0-0", 2.0)
    await until(lambda: made)
    typed(explainer, "w-1-0-0", 3.0)
    explainer.close()
    go_on.set()
    await asyncio.sleep(0.3)
    assert len(made) == 1


# Large networks


def film_of(explainer):
    return unpacked(stage(explainer).film)


def shown(explainer):
    """Return the step of the frame that the page shows: of the fresh frame, or of the film where there is none."""
    it = stage(explainer)
    if it.fresh:
        return unpacked(it.fresh)["frame"]["step"]
    film = unpacked(it.film)
    stops = walk(explainer.trace, it.granularity)
    frame = film["frames"][film["walks"][it.granularity][locate(explainer.trace, stops, it.step, it.partial)]]
    return frame["step"] if "patch" in frame else None


@in_a_kernel
async def test_of_a_large_network_the_first_picture_is_there_before_the_film_which_follows(monkeypatch):
    monkeypatch.setattr(feed_module, "REST", 0.05)
    explainer = explain(Network.random([16, 16, 2]))
    film = film_of(explainer)
    assert film["coming"]
    assert not any("patch" in frame for frame in film["frames"])
    assert len(film["walks"]["equation"]) == len(explainer.trace)
    assert shown(explainer) == 0
    explainer.step = 20
    assert shown(explainer) == 20
    await until(lambda: stage(explainer).fresh == b"")
    film = film_of(explainer)
    assert not film["coming"]
    assert all("patch" in frame for frame in film["frames"])
    film = stage(explainer).film
    stage(explainer).panel = "predict"
    stage(explainer).panel = ""
    await asyncio.sleep(0.2)
    assert (stage(explainer).film, stage(explainer).fresh) == (film, b"")


@in_a_kernel
async def test_a_walk_that_is_too_long_for_the_film_is_walked_frame_by_frame(monkeypatch):
    monkeypatch.setattr(walk_module, "MOST_WORK", 5_000)
    explainer = explain()
    it = stage(explainer)
    assert filmed(explainer.trace) == ("pass", "layer", "vector", "neuron")
    assert parts(explainer)["granularity"].options[-1][1] == "term"
    for step in (0, 7, 30):
        explainer.step = step
        assert shown(explainer) == step
    it.granularity = "layer"
    assert it.fresh == b""
    it.granularity = "term"
    explainer.step = 48
    assert shown(explainer) == 48
    film = it.film
    await asyncio.sleep(0.1)
    assert it.film == film


def test_a_saved_page_has_the_walks_whose_frames_it_has(monkeypatch):
    monkeypatch.setattr(walk_module, "MOST_WORK", 5_000)
    film = unpacked(packed(lecture(), alone=True))
    assert list(film["walks"]) == ["pass", "layer", "vector", "neuron"]
    assert [it["value"] for it in film["choices"]["granularity"]] == ["pass", "layer", "vector", "neuron"]
    assert all("patch" in frame for frame in film["frames"])


@pytest.mark.parametrize("view", VIEWS)
def test_a_saved_page_has_every_view_and_what_they_share_once(view):
    alone, films = unpacked(packed(lecture(), view, alone=True)), {it: unpacked(packed(lecture(), it)) for it in VIEWS}
    other = next(it for it in VIEWS if it != view)
    assert alone == films[view] | {"views": alone["views"]}
    own = alone["views"].pop(other)
    patches = own.pop("patches")
    frames = [frame | {"patch": patch} for frame, patch in zip(alone["frames"], patches, strict=True)]
    assert alone | own | {"frames": frames} == films[other] | {"views": {}}
    assert len(packed(lecture(), view, alone=True)) < 1.5 * len(packed(lecture(), view))


@pytest.mark.parametrize(
    ("sizes", "most"),
    [((16, 16, 2), 8.5e6), ((8, 8, 8, 8, 8), 10e6), ((2,) * 40, 12e6), ((1,) * 200, 9e6), ((2,) * 150, 4.5e6)],
)
def test_no_film_is_large(sizes, most):
    network = Network.random(sizes)
    film = packed(backprop(network, *default_sample(network)))
    assert len(gzip.decompress(film)) < most
    assert len(film) < most / 10


@in_a_kernel
async def test_a_check_that_takes_long_is_said_to_be_going_on_and_its_table_follows():
    x, target = samples("xor")
    explainer = explain(Network.random([2, 3, 1], "sigmoid"), np.tile(x, (25_000, 1)), np.tile(target, (25_000, 1)))
    stage(explainer).panel = "check"
    table = tabled(explainer, "check")
    assert (table.tables, table.head["said"]["en"]) == ([], "computing…")
    typed(explainer, "w-1-0-0", 2.0)
    await until(lambda: table.tables)
    check = check_gradients(explainer.network, explainer.trace.x, explainer.trace.target)
    wanted = [check_table(explainer.trace, check)], check_head(check)
    assert json.loads(json.dumps([table.tables, table.head])) == json.loads(json.dumps(wanted))


def classifier(nn):
    """Return a model of PyTorch that says by its end what its loss is."""
    return nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 2), nn.LogSoftmax(1))


def test_beside_the_checked_gradients_of_a_model_stand_those_of_pytorch_with_the_numbers_that_are_shown():
    model = classifier(torch_or_skip().nn)
    explainer = explain(model, [1, -1], 0, open="check")
    for value in (None, 7):
        if value is not None:
            typed(explainer, "w-1-0-0", value)
            stage(explainer).panel = "check"
        (table,) = tables(explainer, "check")
        assert table["heads"][4:] == [{"en": "PyTorch", "zh-TW": "PyTorch"}, ""]
        assert len(table["rows"]) == 12
        assert {row[5][0] for row in table["rows"]} == {"✓"}
        assert "PyTorch finds the same 12 gradients in a copy of the model" in table["note"]["en"]
    assert model[0].weight.grad is None
    explainer.close()


def test_a_loss_that_is_given_with_a_model_is_that_of_pytorch_too():
    nn = torch_or_skip().nn
    explainer = explain(nn.Linear(2, 2), [1, -1], [0, 1], loss=nn.MSELoss(), open="check")
    assert explainer.network.loss == "mean_squared_error"
    assert {row[5][0] for row in tables(explainer, "check")[0]["rows"]} == {"✓"}
    explainer.close()
    for other in (None, Network.lecture(), "mazur"):
        with pytest.raises(
            TypeError, match=r"^loss is for a model of PyTorch or Keras, and a Network has its own; leave"
        ):
            explain(other, loss="cross_entropy")
    with pytest.raises(TypeError, match=r"^network is 3; give a Network"):
        explain(3, loss="cross_entropy")


def test_where_a_copy_of_the_model_cannot_be_run_it_is_said_in_place():
    nn = torch_or_skip().nn
    model = classifier(nn)
    nn.utils.parametrizations.weight_norm(model[0])
    with pytest.warns(UserWarning, match="computes its weight from other numbers"):
        explainer = explain(model, [1, -1], 0, open="check")
    (table,) = tables(explainer, "check")
    assert len(table["heads"]) == 4
    assert "There are no gradients of PyTorch here: a copy of the model could not be run" in table["note"]["en"]
    explainer.close()


def test_a_check_of_too_many_samples_is_refused_in_place():
    x, target = np.zeros((70_000, 10)), np.zeros((70_000, 4))
    explainer = explain(Network.random([10, 20, 4], "sigmoid"), x, target)
    stage(explainer).panel = "check"
    table = tabled(explainer, "check")
    (said,) = re.findall(r"\d+", table.tables[0]["caption"]["en"])
    assert 10_000 < int(said) < 70_000


@in_a_kernel
async def test_the_frame_that_is_looked_at_is_made_once(monkeypatch):
    explainer = explain()
    typed(explainer, "w-1-0-0", 2.0)
    made = []
    made_of = feed_module.packed_difference
    monkeypatch.setattr(feed_module, "packed_difference", lambda *wanted: made.append(wanted) or made_of(*wanted))
    stage(explainer).set_state({"partial": {"step": 3, "back": 0}, "step": 3})
    assert len(made) == 1


def test_a_slider_that_is_taken_hold_of_in_a_larger_network_stays():
    explainer = explain(Network.random([2, 8, 8, 1]))
    weight = next(key for key in numbers(explainer) if key.startswith("w"))
    grabbed = slider(explainer, weight)
    stage(explainer).selected = weight
    assert slider(explainer, weight) is grabbed
    stage(explainer).selected = "w-2-3-1"
    assert numbers(explainer)[0] == "w-2-3-1"


@pytest.mark.parametrize("rate", [500, 1e-5, 0.5])
def test_the_learning_rate_that_is_given_is_shown(rate):
    found = parts(explain(learning_rate=rate))
    assert found["rate"].value == rate == single(found["rate-field"].value)


def learning_rate(explainer):
    """Return the rate that is trained with, all of which is in the tooltip of its field."""
    return single(field(explainer, "rate").tooltip.split(" = ")[1])


@pytest.mark.parametrize("rate", [1.5e308, 1e-320, 7])
def test_any_learning_rate_above_0_can_be_typed(explainer, rate):
    typed(explainer, "rate", rate)
    assert learning_rate(explainer) == rate


def test_a_learning_rate_that_the_walk_cannot_take_changes_nothing():
    explainer = explain(Network([[[1.0]]], [[0.0]], "identity", "half_squared_error"), [1e100], [0], learning_rate=0.5)
    typed(explainer, "rate", "1e200")
    assert stage(explainer).problem == {"name": "overflow"}
    assert learning_rate(explainer) == single(field(explainer, "rate").value) == explainer.trace.learning_rate == 0.5


@pytest.mark.parametrize("value", [1.7e308, -1.7e308, 1e-300])
def test_any_weight_can_be_typed_that_a_run_can_be_made_of(explainer, value):
    typed(explainer, "w-3-1-1", value)
    assert explainer.network.weights[2][1, 1] == value
    assert stage(explainer).problem == {}


def test_samples_that_were_changed_are_not_called_as_given_and_the_given_ones_come_back():
    explainer = explain(Network.random([2, 2, 1]), [[1, 2], [3, 4]], [[0], [1]])
    data = parts(explainer)["data"]
    assert data.value == ""
    typed(explainer, "x-0-0", 9.0)
    assert data.value == "changed"
    data.value = ""
    assert explainer.trace.x.tolist() == [[1, 2], [3, 4]]
    parts(explainer)["undo"].click()
    assert data.value == "changed"
    data.value = "xor"
    assert explainer.trace.samples == 4


def test_a_step_that_is_refused_leaves_the_term_that_is_looked_at(explainer):
    stage(explainer).partial = {"step": 0, "back": 2}
    with pytest.raises(IndexError):
        explainer.step = 999
    assert stage(explainer).partial == {"step": 0, "back": 2}


@pytest.mark.parametrize("at", ["w-1-0-0", "visit", "rate"])
@in_a_kernel
async def test_a_training_ends_when_a_hand_takes_hold_of_a_number(at):
    explainer = xor()
    await training(explainer)
    holds(explainer, at)
    assert not stage(explainer).running
    made = session(explainer).now.epoch
    await asyncio.sleep(0.1)
    assert session(explainer).now.epoch == stage(explainer).progress["done"] == made


@in_a_kernel
async def test_a_drag_that_ends_a_training_is_heard_to_its_end(monkeypatch):
    monkeypatch.setattr(feed_module, "REST", 0.05)
    explainer = xor()
    weight = slider(explainer, "w-1-0-0")
    await training(explainer)
    holds(explainer, "w-1-0-0")
    for value in (1.0, 1.05, 1.1):
        await asyncio.sleep(0.2)
        weight.set_state({"value": value})
        assert explainer.network.weights[0][0, 0] == value
    lets_go(explainer, "w-1-0-0")
    await until(lambda: stage(explainer).fresh == b"")
    assert weight.value == 1.1


@in_a_kernel
async def test_the_last_value_of_a_hand_is_heard_however_late_it_comes(monkeypatch):
    monkeypatch.setattr(feed_module, "REST", 0.05)
    explainer = xor()
    await training(explainer)
    visit = parts(explainer)["visit"]
    holds(explainer, "visit")
    visit.set_state({"value": 2})
    lets_go(explainer, "visit")
    made = len(session(explainer).now.course)
    await until(lambda: visit.max == made and is_idle(explainer))
    visit.set_state({"value": 1})
    assert session(explainer).now.epoch == visit.value == 1


@in_a_kernel
async def test_a_training_shows_no_more_than_the_page_has_seen(monkeypatch):
    monkeypatch.setattr(training_module, "SHOWN", 0.01)
    explainer = xor()
    shown = []
    stage(explainer).observe(lambda change: shown.append(change["new"]), "progress")
    await training(explainer)
    await until(lambda: shown)
    for pictures in (1, 2, 3):
        made = session(explainer).now.epoch
        await until(lambda made=made: session(explainer).now.epoch > made + 100)
        assert len(shown) == pictures
        tells(explainer, "seen", progress=shown[-1])
        await until(lambda pictures=pictures: len(shown) == pictures + 1)


@in_a_kernel
async def test_what_was_refused_while_a_hand_held_it_is_put_right_when_it_leaves(monkeypatch):
    monkeypatch.setattr(feed_module, "REST", 0.05)
    explainer = explain(x=[1e308, 0], target=[0, 0])
    weight = slider(explainer, "w-1-0-0")
    holds(explainer, "w-1-0-0")
    weight.set_state({"value": 5.0})
    assert stage(explainer).problem == {"name": "overflow"}
    weight.set_state({"value": 0.5})
    assert (stage(explainer).problem, explainer.network.weights[0][0, 0]) == ({}, 0.5)
    weight.set_state({"value": 5.0})
    lets_go(explainer, "w-1-0-0")
    await until(lambda: weight.value == 0.5)


@in_a_kernel
async def test_a_training_that_keeps_no_update_leaves_nothing_to_undo():
    explainer = explain(Network([[[1.0]]], [[0.0]], "identity", "half_squared_error"), [1], [0])
    typed(explainer, "rate", "1e200")
    parts(explainer)["update"].click()
    await until(lambda: stage(explainer).problem)
    assert stage(explainer).problem["name"] == "diverged"
    assert parts(explainer)["undo"].disabled


def test_where_a_loss_beside_is_too_large_the_panel_says_that_gradients_cannot_be_checked():
    explainer = explain(Network([[[1e154]]], [[0.0]], "identity", "half_squared_error"), [1.3], [0])
    stage(explainer).panel = "check"
    (table,) = tables(explainer, "check")
    assert "cannot be checked" in table["caption"]["en"]
    typed(explainer, "w-1-0-0", 2.0)
    (table,) = tables(explainer, "check")
    assert table["rows"]


@in_a_kernel
async def test_what_can_be_undone_is_known_as_soon_as_a_number_is_typed():
    explainer = xor()
    found = parts(explainer)
    for change in (lambda: found["update"].click(), lambda: found["undo"].click()):
        change()
        await until(lambda: not stage(explainer).running)
    assert (found["undo"].disabled, found["redo"].disabled, found["visit"].max) == (True, False, 0)
    typed(explainer, "w-1-0-0", 3.0)
    assert (found["undo"].disabled, found["redo"].disabled, found["reset"].disabled) == (False, True, False)


@in_a_kernel
async def test_a_course_that_an_edit_has_ended_cannot_be_visited_any_more():
    explainer = xor()
    visit = parts(explainer)["visit"]
    parts(explainer)["updates"].value = 20
    parts(explainer)["run"].click()
    await until(lambda: not stage(explainer).running)
    assert visit.max == 20
    typed(explainer, "w-1-0-0", 3.0)
    holds(explainer, "visit")
    visit.set_state({"value": 7})
    assert (visit.max, session(explainer).now.epoch, explainer.network.weights[0][0, 0]) == (0, 0, 3)


# When something is wrong


EVERYTHING = ["weights", "training", "table", "why", "check"]


@in_a_kernel
async def test_with_numbers_that_floats_cannot_tell_apart_every_panel_opens_and_it_trains_to_the_end():
    explainer = explain(x=[1e17, 1])
    found = parts(explainer)
    look_into(explainer, *EVERYTHING)
    stage(explainer).panel = "training"
    assert stage(explainer).problem == {}
    assert [len(charts(explainer, panel)) for panel in ("weights", "training", "why")] == [1, 2, 1]
    found["updates"].value = 20_000
    found["run"].click()
    await until(lambda: not stage(explainer).running)
    assert (stage(explainer).problem, stage(explainer).progress["done"]) == ({}, 20_000)


def failing(*_, **__):
    raise RuntimeError("out of order")


OUT_OF_ORDER = "RuntimeError: out of order"


def failed(part):
    return {"name": f"failed_{part}", "error": OUT_OF_ORDER}


@in_a_kernel
async def test_a_chart_that_fails_is_said_and_the_training_and_all_other_charts_go_on(monkeypatch):
    explainer = xor()
    look_into(explainer, *EVERYTHING)
    stage(explainer).panel = "training"
    _, plane = charts(explainer, "training")
    before = plane.figure
    monkeypatch.setattr(panels_module, "loss_curve", failing)
    found = await training(explainer)
    await until(lambda: plane.figure != before)
    assert stage(explainer).running
    assert stage(explainer).problem == failed("chart")
    found["run"].click()
    assert not stage(explainer).running
    monkeypatch.undo()
    found["undo"].click()
    assert stage(explainer).problem == {}


@in_a_kernel
async def test_a_training_that_fails_leaves_no_stop_behind_and_all_else_goes_on(monkeypatch):
    explainer = xor()
    monkeypatch.setattr(session(explainer), "train", failing)
    found = parts(explainer)
    found["run"].click()
    await until(lambda: not stage(explainer).running)
    await until(lambda: stage(explainer).problem == failed("training"))
    monkeypatch.undo()
    found["update"].click()
    await until(lambda: stage(explainer).progress["done"] == 1)
    assert stage(explainer).problem == {}


@in_a_kernel
async def test_a_film_that_fails_is_said_and_the_next_number_makes_another(monkeypatch):
    monkeypatch.setattr(feed_module, "REST", 0.01)
    explainer = explain()
    monkeypatch.setattr(feed_module, "packed", failing)
    typed(explainer, "w-1-0-0", 2.0)
    await until(lambda: stage(explainer).problem == failed("picture"))
    stage(explainer).step = 1
    assert unpacked(stage(explainer).fresh)["frame"]["step"] == 1  # what is looked at comes all the same
    monkeypatch.setattr(feed_module, "packed", packed)
    typed(explainer, "w-1-0-0", 3.0)
    await until(lambda: stage(explainer).fresh == b"")
    assert stage(explainer).film == packed(explainer.trace)


@in_a_kernel
async def test_a_measurement_that_fails_gives_its_button_back(monkeypatch):
    explainer = explain()
    stage(explainer).panel = "why"
    monkeypatch.setattr(panels_module, "measured", failing)
    measure = parts(explainer)["measure"]
    head = next(it for it in parts_of(explainer, Tables) if it.head)
    measure.click()
    assert (measure.disabled, head.head["said"]["en"]) == (True, "computing…")
    await until(lambda: not measure.disabled)
    assert stage(explainer).problem == failed("time")
    assert head.head["said"] == ""


def test_what_grows_with_the_depth_or_with_the_width_is_drawn_in_one_chart():
    explainer = explain(open="why")
    (chart,) = charts(explainer, "why")
    chooser = tabled(explainer, "why")
    sizes = explainer.network.sizes
    assert unpacked(chart.figure) == json.loads(json.dumps(cost_chart(sizes, "depth", words("en"))))
    page(chooser, shown="width")
    assert unpacked(chart.figure) == json.loads(json.dumps(cost_chart(sizes, "width", words("en"))))


def test_a_click_that_fails_is_said_and_every_control_shows_what_is(monkeypatch, explainer):
    typed(explainer, "w-1-0-0", 2.0)
    monkeypatch.setattr(session(explainer), "undo", failing)
    parts(explainer)["undo"].click()
    assert stage(explainer).problem == failed("change")
    monkeypatch.undo()
    parts(explainer)["undo"].click()
    assert (stage(explainer).problem, explainer.network.weights[0][0, 0]) == ({}, 1)


@in_a_kernel
async def test_an_interrupt_ends_a_training_and_what_is_said_counts_its_updates():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in a kernel with nothing else to do
    try:
        explainer = xor()
        await training(explainer)
        signal.raise_signal(signal.SIGINT)
        await until(lambda: not stage(explainer).running)
        said = stage(explainer).progress
        assert (said["name"], said["done"], said["of"]) == ("interrupted", session(explainer).now.epoch, 1_000_000)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


MALFORMED = {
    "granularity": "bogus",
    "partial": {},
    "panel": "x",
    "theme": "?",
    "step": -5,
    "speed": 0,
    "selected": "zz",
    "reply": {"act": 3},
    "lang": "fr",
    "view": "?",
    "text_size": -1,
    "problem": {"name": "bogus"},
    "data": "iris",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_trait_refuses_what_nothing_can_go_on_with_from_python_and_from_the_page(explainer, name):
    before = getattr(stage(explainer), name)
    with pytest.raises(traitlets.TraitError, match=rf"{name}.*(is|should not be)"):
        setattr(stage(explainer), name, MALFORMED[name])
    stage(explainer).set_state({name: MALFORMED[name], "by_phase": True})
    assert getattr(stage(explainer), name) == before or name == "problem"
    assert stage(explainer).problem["name"] == "failed_message"
    stage(explainer).set_state({"step": 7, "granularity": "layer", "partial": {"step": -1, "back": 0}})
    assert (explainer.step, stage(explainer).granularity) == (7, "layer")


@pytest.mark.parametrize(
    "partial", [{"step": 1}, {"step": 1, "back": -1}, {"step": "1", "back": 0}, {"step": 1, "back": 0, "x": 1}]
)
def test_a_place_within_a_sum_is_a_step_and_how_many_terms_are_missing(explainer, partial):
    with pytest.raises(traitlets.TraitError, match="partial is"):
        stage(explainer).partial = partial


@pytest.mark.parametrize(
    "key", ["w-4-0-0", "w-1-2-0", "w-1-0", "w-1-0-2", "b-1-0-0", "x-1-0", "t-2-0", "z-1-0", "w-1-0--1"]
)
def test_what_is_selected_is_a_number_of_the_network(explainer, key):
    with pytest.raises(traitlets.TraitError, match=f"selected is '{key}'; give a number of this network"):
        stage(explainer).selected = key


def test_the_page_sets_no_trait_that_python_makes(explainer):
    film, quiz = stage(explainer).film, stage(explainer).quiz
    for name, value in (("film", b""), ("running", True)):
        stage(explainer).set_state({name: value})
        assert f"{name} cannot be set from the page" in stage(explainer).problem["error"]
    stage(explainer).set_state({"quiz": {"levels": 5}})  # of a page that asked without a kernel
    assert (stage(explainer).film, stage(explainer).quiz, stage(explainer).running) == (film, quiz, False)


def test_a_step_beyond_the_end_from_the_page_is_the_last_one(explainer):
    stage(explainer).set_state({"step": 999})
    assert explainer.step == len(explainer.trace) - 1


@pytest.mark.parametrize("message", ["text", {}, {"kind": "hold"}, {"kind": "seen"}, {"kind": "hold", "taken": "x"}])
def test_a_message_that_cannot_be_understood_is_said_and_the_next_is_heard(explainer, message):
    says(stage(explainer), message)
    assert stage(explainer).problem["name"] == "failed_message"
    holds(explainer, "w-1-0-0")
    assert stage(explainer).hold.at == "w-1-0-0"


def test_every_message_with_a_number_is_answered(explainer, monkeypatch):
    sent = []
    monkeypatch.setattr(Stage, "send", lambda self, content, buffers=None: sent.append(content))
    tells(explainer, "ask", number=1)
    tells(explainer, "hold", number=2, at="rate", slider=True, down=True, taken=True)
    tells(explainer, "seen", progress={})
    assert sent == [{"kind": "heard", "number": 1}, {"kind": "heard", "number": 2}]


def test_a_script_that_has_shown_widgets_ends_without_a_word():
    script = "import bppviz\nbppviz.explain()\nkept = bppviz.explain('mazur')"
    ended = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, encoding="utf-8")
    assert (ended.stdout, ended.stderr) == ("", "")
