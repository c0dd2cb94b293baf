"""A still picture shows what plotly.js paints: the same letters at the same points, and the same shapes."""

import pytest
from ink import page_of
from networks import lecture, lecture_of_two
from overlay import different_pixels, farthest, painted_letters, still_letters

from bppviz import Network, backprop, example, still
from bppviz.core.samples import default_sample
from bppviz.core.walk import default_granularity, stop_at, walk
from bppviz.picture.film import Film, views
from bppviz.picture.theme import painted, palette

FAR = 0.3  # units: a quarter of a pixel in JupyterLab
MOST = 40  # pixels where dashed lines cross, whose edges are mixed in another order; the smallest shape has more
EXAMPLES = ("neuron", "regression", "lecture", "mazur", "cs231n")


def usual(network, **options):
    return backprop(network, *default_sample(network), **options)


def published(name):
    shown = example(name)
    return backprop(shown.network, shown.x, shown.target, learning_rate=0.5)


RUNS = {
    **{name: published(name) for name in EXAMPLES},
    "two samples": lecture_of_two(),
    "2-3-2": usual(Network.random([2, 3, 2], "relu", "cross_entropy"), learning_rate=0.1),
    "4-8-8-3": usual(Network.random([4, 8, 8, 3], "leaky_relu", "cross_entropy")),
    "cells": usual(Network.random([30, 40, 10], "tanh", "cross_entropy")),
}
CASES = [(name, view) for name, trace in RUNS.items() for view in views(trace)]

THEMED = [("lecture", view, theme) for view in views(RUNS["lecture"]) for theme in ("dark", "projector")]


@pytest.fixture(scope="module")
def page(browser):
    page = page_of(browser)
    yield page
    page.close()


def pictures(trace, steps, view="network", lang="en", theme="light"):
    """Return what plotly.js gets to paint at some steps; `figure` gives it the same."""
    film, colours = Film(trace, view), palette(theme)
    return [painted(film.drawn(stop_at(trace, k), lang), colours) for k in steps]


def steps_of(trace, most: int) -> list[int]:
    """Return the steps of a walk, or some of them over the whole length."""
    steps = [stop.last for stop in walk(trace, default_granularity(trace))]
    return steps[:: max(1, len(steps) // most)]


@pytest.mark.parametrize(("name", "view"), CASES)
def test_every_letter_stands_where_plotly_puts_it(page, name, view):
    trace = RUNS[name]
    steps = steps_of(trace, 1000 if (name, view) == ("lecture", "network") else 12)
    found = painted_letters(page, pictures(trace, steps, view))
    for k, letters in zip(steps, found, strict=True):
        drawn = still_letters(still(trace, k, view=view, words=False).svg)
        assert letters
        assert max(farthest(letters, drawn), farthest(drawn, letters)) < FAR, f"step {k}"


@pytest.mark.parametrize("view", ["network", "mirror"])
def test_every_chinese_letter_does_so_too(page, view):
    trace = lecture()
    steps = steps_of(trace, 10)
    found = painted_letters(page, pictures(trace, steps, view, "zh-TW"))
    for k, letters in zip(steps, found, strict=True):
        drawn = still_letters(still(trace, k, view=view, lang="zh-TW", words=False).svg)
        assert farthest(letters, drawn) < FAR, f"step {k}"


@pytest.mark.parametrize(("name", "view", "theme"), [*((*case, "light") for case in CASES), *THEMED])
def test_every_shape_is_painted_alike(page, name, view, theme):
    trace = RUNS[name]
    steps = steps_of(trace, 4)
    for k, picture in zip(steps, pictures(trace, steps, view, theme=theme), strict=True):
        svg = still(trace, k, view=view, theme=theme, words=False).svg
        assert different_pixels(page, picture, svg) <= MOST, f"step {k}"
