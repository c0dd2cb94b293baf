"""The spotlight in JupyterLab and in a saved page: all but the operands and the result of a step is dimmed."""

import pytest
from networks import lecture
from painting import assert_painted

from bppviz import Network, backprop, save_html
from bppviz.core.walk import walk
from bppviz.picture.theme import THEMES

TRACE = lecture()
DIMMED = 0.22
TEXTS = """() => [...document.querySelectorAll(".bppviz-picture .scatterlayer text")].map((text) => {
  const found = getComputedStyle(text).fill.match(/\\d+/g).map(Number);
  return [text.textContent.normalize("NFKC").replaceAll("\\u200b", "").trim(), found];
}).filter(([text]) => text)"""
FORWARD = ["x1", "1", "x2", "−1", "w1 = 1", "w2 = −2", "b1 = 1", "z1", "4"]
BACKWARD = ["∂l/∂z3", "−0.04576", "×0.11785", "σ′(z3)", "∂l/∂a3", "−0.38830"]
STEP = TRACE.step_of("dl_dz", 2, 0)


def rgb(colour):
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def lit(texts, theme):
    """Return the texts that have a colour of the theme; every other one has what is left of one on the background."""
    ground, colours = rgb(THEMES[theme]["background"]), [rgb(it) for it in THEMES[theme].values()]
    dim = [[round(b + DIMMED * (c - b)) for b, c in zip(ground, it, strict=True)] for it in colours]
    full = [text for text, colour in texts if colour in colours]
    wrong = [(text, colour) for text, colour in texts if colour not in colours and not is_near(colour, dim)]
    assert not wrong, wrong
    return full


def is_near(colour, others):
    return any(max(abs(a - b) for a, b in zip(colour, it, strict=True)) <= 1 for it in others)


def shown(page):
    return page.evaluate(TEXTS)


def spotlight(notebook, is_on):
    """Press S, and wait until that has been painted."""
    notebook.press("s")
    stage = notebook.page.locator(".bppviz-stage")
    stage.and_(notebook.page.locator("[data-spotlit]" if is_on else ":not([data-spotlit])")).wait_for()


def walked(notebook, step):
    notebook.focus()
    # Where Python does not know yet that the page has walked on, to set its step to what it was sends nothing.
    notebook.prints("print(e.step)", str(notebook.step()))
    notebook.python(f"e.step = {step}")
    notebook.until(step)


@pytest.fixture(scope="module")
def notebook(open_shared_notebook):
    return open_shared_notebook("import bppviz\ne = bppviz.explain(theme='light')\ne").run_all()


@pytest.mark.parametrize("theme", THEMES)
def test_only_what_a_step_uses_and_finds_is_lit(notebook, theme):
    notebook.python(f"e._stage.theme = {theme!r}")
    notebook.page.locator(f'.bppviz-stage[data-theme="{theme}"]').wait_for()
    walked(notebook, 0)
    spotlight(notebook, True)
    assert sorted(lit(shown(notebook.page), theme)) == sorted(FORWARD)
    walked(notebook, STEP)
    assert sorted(lit(shown(notebook.page), theme)) == sorted(BACKWARD)
    assert notebook.find(".bppviz-sentence").evaluate("it => getComputedStyle(it).opacity") == "1"
    spotlight(notebook, False)
    notebook.python("e._stage.theme = 'light'")
    notebook.page.locator('.bppviz-stage[data-theme="light"]').wait_for()


def test_python_knows_it_and_without_it_the_picture_is_the_figure_again(notebook):
    walked(notebook, STEP)
    notebook.prints("print(e._stage.spotlight)", "False")
    spotlight(notebook, True)
    notebook.prints("print(e._stage.spotlight)", "True")
    notebook.press("ArrowRight")
    notebook.until(STEP + 1)
    spotlight(notebook, False)
    assert_painted(notebook, TRACE, STEP + 1)


def test_every_step_lights_its_result_and_dims_something(notebook):
    walked(notebook, 0)
    spotlight(notebook, True)
    for step, stop in enumerate(walk(TRACE)):
        notebook.until(step)
        notebook.settled()
        texts = shown(notebook.page)
        found = lit(texts, "light")
        value = notebook.find(".bppviz-substituted .bppviz-is-result").last.text_content()
        assert any(value in text for text in found), (stop, value, found)
        assert len(found) < len(texts) / 2
        notebook.press("ArrowRight")
    spotlight(notebook, False)


HALVES = """() => document.querySelector(".bppviz-picture").data.filter(({ meta }) => meta?.pass)
  .map(({ meta, textfont, marker }) => [meta.pass, textfont ?? (marker.line.color ? marker.line : marker)])
  .map(([half, { color }]) => [half, [color].flat()])"""


@pytest.mark.parametrize("network", ["Network.lecture()", "Network.random([2, 3, 2], 'tanh', 'cross_entropy')"])
def test_with_the_mirror_a_step_lights_weights_and_places_of_sigma_in_its_own_half(open_notebook, network):
    source = f"from bppviz import *\ne = explain({network}, theme='light', view='mirror')\ne"
    notebook = open_notebook(source, size=(1280, 1000)).run_all()
    trace = backprop(eval(network, {"Network": Network}), [1, -1], [1, 0])
    walked(notebook, 0)
    spotlight(notebook, True)
    full = {*THEMES["light"].values()} - {THEMES["light"]["background"]}
    own = {"dl_da": {"backward"}, "dl_dz": {"backward"}, "dsigma": {"forward", "backward"}}
    for step, event in enumerate(trace):
        notebook.until(step)
        notebook.settled()
        found = notebook.page.evaluate(HALVES)
        assert {half for half, _ in found} == {"forward", "backward"}
        halves = {half for half, colours in found if {*colours} & full}
        assert halves <= own.get(event.quantity, {"forward"}), (event, halves)
        if event.quantity == "z":
            assert halves == {"forward"}  # its weights
        notebook.press("ArrowRight")


def test_a_whole_pass_is_lit_as_a_whole(notebook):
    walked(notebook, 0)
    spotlight(notebook, True)
    notebook.press(*["ArrowUp"] * 4)
    notebook.until(11)
    texts = shown(notebook.page)
    assert lit(texts, "light") == [text for text, _ in texts]
    notebook.press(*["ArrowDown"] * 4)
    spotlight(notebook, False)


def test_the_settings_and_the_drawer_switch_it_too(notebook):
    walked(notebook, 3)
    notebook.find(".bppviz-show-settings").click()
    notebook.find(".bppviz-spotlight button >> nth=1").click()
    notebook.page.locator(".bppviz-stage[data-spotlit]").wait_for()
    notebook.press("Escape")
    notebook.focus()
    notebook.press("f")
    notebook.page.wait_for_function("document.fullscreenElement")
    notebook.press("o")
    switch = notebook.find(".bppviz-spot")
    switch.wait_for()
    assert switch.get_attribute("aria-pressed") == "true"
    switch.click()
    notebook.page.locator(".bppviz-stage:not([data-spotlit])").wait_for()
    assert switch.get_attribute("aria-pressed") == "false"
    notebook.press("f")


def test_where_the_system_chooses_the_colours_nothing_is_dimmed(notebook):
    walked(notebook, STEP)
    notebook.page.emulate_media(forced_colors="active")
    notebook.press("s")
    notebook.prints("print(e._stage.spotlight)", "True")
    notebook.press("ArrowRight")
    notebook.until(STEP + 1)
    texts = shown(notebook.page)
    assert lit(texts, "light") == [text for text, _ in texts]
    notebook.page.emulate_media(forced_colors="none")
    notebook.press("s")


@pytest.mark.parametrize("view", ["network", "mirror"])
def test_a_saved_page_has_a_spotlight(browser, tmp_path, view):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    network = Network.random([2, 3, 2], "tanh", "cross_entropy")
    trace = backprop(network, [1, -1], [1, 0])
    save_html(trace, tmp_path / "walk.html", view=view, theme="light")
    page.goto((tmp_path / "walk.html").as_uri())
    page.locator(".bppviz-stage[data-step]:has(.bppviz-picture)").wait_for()
    page.locator(".bppviz-stage").focus()
    page.keyboard.press("s")
    for _ in range(16):
        page.keyboard.press("ArrowRight")
    page.locator('.bppviz-stage[data-step="16"][data-spotlit]').wait_for()
    texts = shown(page)
    assert 0 < len(lit(texts, "light")) < len(texts) / 2
    page.close()
