"""What the stage has painted in JupyterLab is what `figure` gives for the same step.

For every step of the lecture's network test_stage_steps.py sees to that.
"""

from dataclasses import replace

import pytest
from networks import lecture
from painting import assert_painted, drawn, painted
from sliders import edited, grasp, handle
from sliders import shown as number_shown

import bppviz
from bppviz import Network, backprop
from bppviz.core.samples import default_sample
from bppviz.core.walk import edges, filmed, walk

NETWORKS = {
    "1-1": "Network.random([1, 1])",
    "2-3-1": "Network.random([2, 3, 1], 'relu')",
    "4-8-8-3 with softmax": "Network.random([4, 8, 8, 3], loss='cross_entropy')",
}
BIG = "Network.random([30, 20, 10])"
NAMED = "replace(Network.random([2, 3, 2]), input_names=['height < 1', 'a & b'], output_names=['$', 'ill'])"
SAMPLES = ([[1, -1], [0.5, 2]], [[1, 0], [0, 1]])
WRITTEN = {  # what is explained, in which view, and at how many steps it is looked at
    "a network whose weights stand in lists, and its mirror": (NAMED, (), "mirror", 8),
    "several samples": ("Network.random([2, 2, 2], 'tanh')", SAMPLES, "network", 8),
    "one neuron": ("Network.random([1, 1])", (), "network", 8),
    "layers as cells": (BIG, (), "network", 7),
    "a large network": ("Network.random([4, 8, 8, 3])", (), "network", 4),
}
# Draw a figure on a fresh place beside the stage's own picture, and return everything that is drawn in both.
TWICE = """
async ({ data, layout }) => {
  const styles = ["fill", "stroke", "strokeWidth", "strokeDasharray", "textShadow", "opacity", "font", "fontWeight"];
  // Of a shape without points plotly leaves a path of no size, with any colour.
  const parts = (plot) => [...plot.querySelectorAll(".scatterlayer :is(path, text, tspan):not([d='M0,0Z'])")];
  const rounded = (text) => text?.replace(/-?\\d+[.]\\d+(e-\\d+)?/g, (it) => String(Math.round(1000 * it) / 1000));
  // Of a box without height plotly leaves out what is drawn twice.
  const flat = (piece) => {
    const points = piece.replace("Z", "").split("L").map((point) => point.split(",").map(Number));
    const [xs, ys] = [0, 1].map((i) => points.map((point) => point[i]));
    return ys.every((y) => y === ys[0]) ? [Math.min(...xs), Math.max(...xs), ys[0]].join(" ") : piece;
  };
  const path = (d) => d && rounded(d).split("M").map(flat).join("M");
  const drawn = (plot) => parts(plot).map((it) => [
    it.tagName, it.textContent, path(it.getAttribute("d")),
    ...["transform", "x", "y", "dy"].map((name) => rounded(it.getAttribute(name))),
    ...styles.map((name) => getComputedStyle(it)[name]),
  ]);
  const fresh = document.body.appendChild(document.createElement("div"));
  await (await bppvizPlotly).newPlot(fresh, data, layout, { displayModeBar: false, responsive: false });
  const both = [drawn(document.querySelector(".bppviz-picture")), drawn(fresh)];
  fresh.remove();
  return both;
}
"""


def traced(source, samples=()):
    """Return the run that a cell shows of a network."""
    network = eval(source, {"Network": Network, "replace": replace})
    return backprop(network, *(samples or default_sample(network)))


@pytest.fixture(scope="module")
def notebook(open_shared_notebook):
    begin = "from dataclasses import replace\nimport bppviz\nfrom bppviz import Network"
    notebook = open_shared_notebook(begin, "None", size=(1280, 720))
    notebook.run(0)
    return notebook


def shown(notebook, source):
    """Run a cell that shows an explainer, and return once it is painted."""
    notebook.run(1, source)
    notebook.painted()
    notebook.focus()


def test_after_a_walk_through_other_languages_and_colours_it_is_still_the_figure_of_that_step(notebook):
    trace = lecture()
    shown(notebook, "bppviz.explain(theme='light')")
    for step, lang, theme in (
        (5, "繁體中文", "深色"),
        (20, "繁體中文", "投影"),
        (30, "English", "Light"),
        (12, "English", "Light"),
    ):
        notebook.choose("language", lang)
        notebook.choose("theme", theme)
        notebook.focus()
        notebook.press(*(["Home"] + ["ArrowRight"] * step))
        notebook.until(step)
    assert_painted(notebook, trace, 12, theme="light", lang="en")


def assert_written(notebook, trace, step, **options):
    """Compare what is seen with what plotly draws of the figure."""
    stage, fresh = notebook.page.evaluate(TWICE, drawn(trace, step, **options))
    assert len(fresh) > (100 if len(trace) > 8 else 50)  # of a single neuron there is less
    assert stage == fresh, step


def test_every_step_that_is_written_into_the_picture_is_what_plotly_draws_of_that_figure(notebook):
    shown(notebook, "bppviz.explain(theme='light')")
    trace = lecture()
    for step in range(len(trace)):
        notebook.until(step)
        assert_written(notebook, trace, step)
        notebook.press("ArrowRight")
    for step in (47, 46):  # and on the way back
        notebook.press("ArrowLeft")
        notebook.until(step)
        assert_written(notebook, trace, step)


@pytest.mark.parametrize("what", WRITTEN)
def test_so_is_that_of_other_networks(notebook, what):
    source, samples, view, count = WRITTEN[what]
    trace = traced(source, samples)
    explained = ", ".join([source, *map(str, samples)])
    shown(notebook, f"e = bppviz.explain({explained}, view={view!r}, theme='dark')\ne")
    for share in range(count):
        step = round(share * (len(trace) - 1) / (count - 1))
        notebook.python(f"e.step = {step}")
        notebook.until(step)
        assert_written(notebook, trace, step, theme="dark", view=view)


def test_while_a_number_is_dragged_what_is_seen_is_what_plotly_draws_of_that_figure(notebook):
    shown(notebook, "bppviz.explain(theme='light', open='weights')")
    notebook.press("End")
    notebook.until(48)
    x, y = grasp(notebook, handle(notebook, "w₃"))
    for step, by in ((48, -4), (48, -5), (48, -30), (48, 12), (47, 12)):
        notebook.page.mouse.move(x + by, y, steps=3)
        if step < 48:  # with other colours
            notebook.page.mouse.up()
            notebook.focus()
            notebook.press("ArrowLeft")
            notebook.until(step)
        trace = edited("w-2-0-0", number_shown(notebook, "w-2-0-0"))
        notebook.eventually(lambda: painted(notebook)["data"] == drawn(trace, step)["data"])  # noqa: B023
        assert_written(notebook, trace, step)


@pytest.mark.parametrize("network", NETWORKS)
def test_for_another_network_it_is_the_figure_of_that_step(notebook, network):
    trace = traced(NETWORKS[network])
    shown(notebook, f"e = bppviz.explain({NETWORKS[network]}, theme='projector')\ne")
    for step in sorted({round(share * (len(trace) - 1) / 6) for share in range(7)}):
        notebook.python(f"e.step = {step}")
        notebook.until(step)
        assert_painted(notebook, trace, step, theme="projector")


def test_for_a_network_too_big_to_be_drawn_neuron_by_neuron_it_is_the_figure_of_that_layer(notebook):
    trace = traced(BIG)
    assert edges(trace) > 300
    shown(notebook, f"bppviz.explain({BIG}, theme='light')")
    for stop in walk(trace, "layer"):
        notebook.until(stop.last)
        assert_painted(notebook, trace, stop.last)
        notebook.press("ArrowRight")


def test_the_page_uses_the_plotly_of_the_installed_package(notebook):
    from plotly.offline import get_plotlyjs_version

    shown(notebook, "bppviz.explain()")
    assert notebook.page.evaluate("async () => (await bppvizPlotly).version") == get_plotlyjs_version()
    assert bppviz.__all__


def test_a_large_network_is_seen_before_its_film_is_made_and_every_step_is_that_of_the_figure(notebook):
    source = "Network.random([16, 16, 2])"
    trace = traced(source)
    shown(notebook, f"e = bppviz.explain({source}, theme='light')\ne")
    message = notebook.find(".bppviz-message")
    for step in (0, 1, 40, 41, 200, 396):
        notebook.python(f"e.step = {step}")
        notebook.until(step)
        assert_painted(notebook, trace, step)
    notebook.says(message, "")
    for step in (395, 200, 17, 16):
        notebook.python(f"e.step = {step}")
        notebook.until(step)
        assert_painted(notebook, trace, step)


def test_where_the_film_lacks_a_walk_each_of_its_steps_comes_when_it_is_walked(notebook):
    source = "Network.random([2] * 40, 'sigmoid')"
    trace = traced(source)
    assert "equation" not in filmed(trace)
    shown(notebook, f"e = bppviz.explain({source}, theme='light')\ne")
    notebook.python("e.step = 100")
    notebook.until(100)
    notebook.focus()
    for step in range(101, 104):
        notebook.press("ArrowRight")
        notebook.until(step)
        assert_painted(notebook, trace, step)
    stops = walk(trace, "layer")
    notebook.choose("granularity", "layer")
    notebook.eventually(lambda: notebook.counted()[1] == len(stops))
    place, of = notebook.counted()
    notebook.focus()
    notebook.press("ArrowRight")
    notebook.at(place + 1, of)
    notebook.choose("granularity", "equation")
    notebook.at(stops[place].last + 1, len(trace))
    notebook.until(stops[place].last)
    assert_painted(notebook, trace, stops[place].last)
