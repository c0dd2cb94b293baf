"""The network with its mirror, in JupyterLab: it can be read at every step, and what lights one lights the other."""

import pytest
from faults import report
from networks import lecture
from painting import assert_painted
from places import mirrored_edge_at
from sliders import drag

from bppviz.core.place import key
from bppviz.core.walk import walk
from bppviz.picture.layout import layout_of
from bppviz.picture.nodes import TRIANGLE

TRACE = lecture()
LAYOUT = layout_of(TRACE.network.sizes, twinned=True)
NETWORKS = {
    "2-2-1": "Network.random([2, 2, 1], 'sigmoid')",
    "2-3-1": "Network.random([2, 3, 1], 'relu')",
    "2-2-2 with softmax": "Network.random([2, 2, 2], 'tanh', 'cross_entropy')",
    "4-4-3": "Network.random([4, 4, 3])",
}
GAINS = """
() => document.querySelector(".bppviz-picture").data
  .find(({ marker }) => Array.isArray(marker?.symbol) && marker.symbol.includes("triangle-left")).marker.size
"""


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    cells = ("import bppviz\nfrom bppviz import Network\ne = bppviz.explain(view='mirror', theme='light')\ne", "None")
    return open_shared_notebook(*cells, size=(1280, 1100))


@pytest.fixture
def notebook(shared):
    """The lecture's network with its mirror, not yet walked through."""
    shared.page.mouse.move(5, 5)
    shared.run(0)
    shared.painted()
    return shared


def ringed(notebook):
    """Return the middles of the rings that mark something."""
    return notebook.page.evaluate(
        "() => [...document.querySelectorAll('.bppviz-marks circle')]"
        ".map((it) => ['cx', 'cy'].map((at) => Number(it.getAttribute(at))))"
    )


def rounded(*points):
    return [[round(point.x), round(point.y)] for point in points]


@pytest.mark.parametrize("lang", ["English", "繁體中文"])
def test_every_step_of_the_lectures_network_can_be_read_and_is_the_figure_of_that_step(notebook, lang):
    notebook.choose("language", lang)
    notebook.focus()
    looks = {}
    for step in range(len(TRACE)):
        looks[step] = notebook.look(step)
        assert_painted(notebook, TRACE, step, view="mirror", lang="en" if lang == "English" else "zh-TW")
        notebook.press("ArrowRight")
    found = report(looks)
    assert not found, found


@pytest.mark.parametrize("name", NETWORKS)
def test_other_networks_can_be_read_too(notebook, name):
    notebook.run(1, f"e = bppviz.explain({NETWORKS[name]}, view='mirror', theme='dark')\ne")
    notebook.painted(1)
    notebook.focus(1)
    looks = {}
    for i, stop in enumerate(walk(eval_trace(NETWORKS[name]))):
        if i % 3 == 0:
            looks[stop.last] = notebook.look(stop.last, 1)
        notebook.press("ArrowRight")
    found = report(looks, scrolls=True)
    assert not found, found


def eval_trace(source):
    """Return the run that a notebook shows of a network."""
    from bppviz import Network, backprop
    from bppviz.core.samples import default_sample

    network = eval(source, {"Network": Network})
    return backprop(network, *default_sample(network))


def test_hovering_a_circle_lights_its_twin_and_the_other_way_round(notebook):
    for layer in LAYOUT.layers:
        for unit in (0, 1):
            for above in (LAYOUT.z(layer, unit), LAYOUT.a(layer, unit)):
                both = rounded(above, LAYOUT.twin(above))
                for point in (above, LAYOUT.twin(above)):
                    notebook.page.mouse.move(*notebook.point(*point))
                    notebook.eventually(lambda both=both: ringed(notebook) == both)
    notebook.page.mouse.move(5, 5)
    notebook.eventually(lambda: ringed(notebook) == [])


def test_hovering_a_weight_of_the_mirror_lights_it_in_the_network_too(notebook):
    start, end = mirrored_edge_at(LAYOUT, 3, 0, 0)
    notebook.page.mouse.move(*notebook.point(start.x / 2 + end.x / 2, start.y))
    notebook.eventually(lambda: notebook.page.locator(".bppviz-marks path").count() == 2)


def test_a_click_in_the_mirror_selects_both_and_shows_the_step_that_computed_it(notebook):
    below = LAYOUT.twin(LAYOUT.z(2, 0))
    notebook.page.mouse.click(*notebook.point(*below))
    notebook.until(TRACE.step_of("dl_dz", 2, 0))
    notebook.page.mouse.move(5, 5)
    notebook.eventually(lambda: ringed(notebook) == rounded(LAYOUT.z(2, 0), below))
    notebook.find("button.bppviz-show-weights").click()
    notebook.find(".bppviz-slider.bppviz-chosen").wait_for()
    assert notebook.page.locator(f".bppviz-slider.bppviz-at-{key(('b', 2, 0))}.bppviz-chosen").count() == 1


def test_turning_a_weight_changes_the_gains_in_the_mirror_while_it_is_turned(notebook):
    notebook.focus()
    notebook.press("End")
    notebook.until(len(TRACE) - 1)
    before = notebook.page.evaluate(GAINS)
    notebook.find("button.bppviz-show-weights").click()
    drag(notebook, "w₁", -40)
    notebook.eventually(lambda: notebook.page.evaluate(GAINS)[0] > before[0] + 3)
    notebook.page.mouse.up()


def test_the_mirror_comes_and_goes_with_the_picture_that_is_chosen_and_the_step_stays(notebook):
    notebook.focus()
    notebook.press("End")
    notebook.until(len(TRACE) - 1)
    notebook.choose("view", "Network")
    notebook.eventually(lambda: notebook.page.evaluate(GAINS) == [TRIANGLE] * 6)
    assert_painted(notebook, TRACE, len(TRACE) - 1)
    notebook.choose("view", "With its mirror")
    notebook.eventually(lambda: notebook.page.evaluate(GAINS)[0] < 30)
    assert_painted(notebook, TRACE, len(TRACE) - 1, view="mirror")
