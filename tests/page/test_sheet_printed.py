"""A walk on paper, printed by Chromium: every page of its size, with everything on it in its place."""

import numpy as np
import pytest
from networks import lecture
from printed import LETTERS, MISPLACED, opened_for_paper, sheets_of

from bppviz import Network, backprop, example, samples, save_sheet
from bppviz.core.samples import default_sample
from bppviz.core.walk import granularities, walk
from bppviz.paper.pages import document, numbered_pages
from bppviz.paper.plan import GRIDS, SURE
from bppviz.paper.room import room
from bppviz.picture.film import Film
from bppviz.words.catalogue import LANGUAGES

PAPERS = {"A4": (595, 842), "Letter": (612, 792)}
IRIS = Network.random([4, 8, 8, 3], ["relu", "relu", "softmax"], "cross_entropy", seed=1)
NAMED = Network(
    IRIS.weights,
    IRIS.biases,
    IRIS.activations,
    IRIS.loss,
    input_names=["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"],
    output_names=["Iris-setosa", "Iris-versicolor", "Iris-virginica"],
)


def run_of(network: Network):
    return backprop(network, *default_sample(network))


# What is printed.
WALKS = {
    "the lecture's": (lecture, {}),
    "with its mirror": (lecture, {"view": "mirror"}),
    "layer by layer": (lecture, {"granularity": "layer"}),
    "pass by pass": (lecture, {"granularity": "pass"}),
    "one neuron": (lambda: example("neuron").trace, {}),
    "wide, with long names": (lambda: run_of(NAMED), {"steps": [0, 20, "loss", 60, 100, 150, -1]}),
    "cells": (lambda: run_of(Network.random([784, 128, 64, 10])), {}),
    "samples and an update": (
        lambda: backprop(Network.random([2, 3, 1], seed=2), *samples("xor"), 0.5),
        {"steps": ["sum", "update", 0], "granularity": "neuron"},
    ),
    "sums over many samples": (lambda: backprop(Network.lecture(), [[1, -1]] * 17, [[1, 0]] * 17), {"steps": "sum"}),
}


@pytest.fixture
def printed(browser, tmp_path):
    """A function that writes a sheet, opens it as it is printed, and looks at it; then nothing may have gone wrong."""
    path, pages, found = tmp_path / "walk.html", [], []

    def print_out(trace, **options):
        save_sheet(trace, path, **options)
        page, problems = opened_for_paper(browser, path)
        pages.append(page)
        found.append(problems)
        assert page.evaluate(MISPLACED) == []
        return page

    yield print_out
    for page in pages:
        page.close()
    assert found == [[]] * len(found)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("about", WALKS)
def test_nothing_is_cut_and_nothing_lies_over_anything_else(printed, about, paper, lang):
    make, options = WALKS[about]
    page = printed(make(), paper=paper, lang=lang, **options)
    sheets = sheets_of(page.pdf(prefer_css_page_size=True))
    assert len(sheets) == page.locator(".bppviz-page").count()
    assert {tuple(sorted(size)) for size in sheets} == {PAPERS[paper]}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("per_page", GRIDS)
def test_as_many_steps_stand_on_a_page_as_were_asked_for(printed, per_page, lang):
    for trace, options in ((lecture(), {"granularity": "layer"}), (run_of(NAMED), {"steps": [0, 60, -1]})):
        page = printed(trace, per_page=per_page, lang=lang, **options)
        steps = page.locator(".bppviz-page").first.locator(".bppviz-step").count()
        assert steps == min(per_page, page.locator(".bppviz-step").count())


def test_what_is_cut_or_lies_over_something_is_found(printed):
    page = printed(lecture(), steps=[0, 20])
    page.add_style_tag(content=".bppviz-step p { font-size: 60pt; }")
    found = page.evaluate(MISPLACED)
    assert any("out of" in it for it in found)
    page.add_style_tag(content=".bppviz-step p { font-size: 10pt; margin-top: -40pt; }")
    assert any("lies over" in it for it in page.evaluate(MISPLACED))


@pytest.mark.parametrize("paper", PAPERS)
def test_the_lecture_has_three_steps_on_a_page_with_readable_pictures_of_one_size(printed, paper):
    page = printed(lecture(), paper=paper)
    assert page.locator(".bppviz-page").count() == 17
    letters = sorted(page.evaluate(LETTERS))
    assert letters[0] > 5.5
    assert letters[len(letters) // 8] == pytest.approx(letters[-1], rel=0.01)
    assert letters[-1] >= 6


def test_a_formula_has_about_the_room_that_is_planned_for_it(browser, tmp_path):
    formulas = {
        formula
        for make, options in WALKS.values()
        for film in [Film(make(), options.get("view", "network"))]
        for name in granularities(film.trace)
        for stop in walk(film.trace, name)[::7]
        for frame in [film.frame(stop)]
        for formula in (frame["formula"], frame["substituted"])
        if formula
    }
    ordered = sorted(formulas)
    body = "".join(f"<div>{it}</div>" for it in ordered)
    style = ".bppviz-page { width: auto; height: auto; } .bppviz-body div { font-size: 100px; width: max-content; }"
    (tmp_path / "formulas.html").write_text(
        document("", numbered_pages([body]), paper="A4", lang="en", style=style), encoding="utf-8"
    )
    page, _ = opened_for_paper(browser, tmp_path / "formulas.html")
    sizes = page.evaluate(
        "[...document.querySelectorAll('math')].map(it => [it.getBoundingClientRect()]"
        ".flatMap(({ width, height }) => [width / 100, height / 100]))"
    )
    page.close()
    shares = np.array([room(it) for it in ordered]) / sizes
    assert len(ordered) > 300
    assert (shares > [0.85, 0.6]).all(), shares.min(axis=0)
    assert (shares < [1.2, 1.5]).all(), shares.max(axis=0)
    assert all(share * SURE > 1 for (share, _), (wide, _) in zip(shares, sizes, strict=True) if wide > 15)
