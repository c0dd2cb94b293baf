"""What a saved page shows before its scripts run, and without any: the first step, where the stage will stand."""

import pytest
from networks import lecture
from saved import saved

from bppviz import Network, backprop
from bppviz.core.samples import default_sample
from bppviz.picture.theme import THEMES
from bppviz.words.catalogue import catalogue

WINDOWS = [(390, 844), (800, 700), (1280, 720)]
MOST_SHIFTED = 0.01  # the layout shift of a page that nobody notices is 0.1
# Noted from the first moment on: how far anything moved.
WATCH = """
  globalThis.shifted = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((it) => (shifted += it.value)))
    .observe({ type: "layout-shift", buffered: true });
"""
BOXES = """(root) => ["frame", "formula", "substituted", "sentence"].map((name) => {
  const { width, height } = document.querySelector(`${root} .bppviz-${name}`).getBoundingClientRect();
  return [width, height].map((it) => Math.round(100 * it) / 100);
})"""


@pytest.fixture
def file(tmp_path):
    """A function that writes a page, and returns its address."""
    return lambda trace, **options: saved(trace, tmp_path, **options)


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
@pytest.mark.parametrize("window", WINDOWS)
def test_without_scripts_the_first_step_is_seen_with_its_words(browser, file, window, lang):
    address = file(lecture(), lang=lang, step=lecture().step_of("dl_da", 2, 0))
    page = browser.new_page(viewport=dict(zip(("width", "height"), window, strict=True)), java_script_enabled=False)
    page.goto(address)
    opening = page.locator(".bppviz-opening")
    assert opening.locator("svg[role=img]").bounding_box()["width"] > 0.6 * window[0]
    assert opening.locator("math").count() == 2
    assert opening.locator(".bppviz-sentence").inner_text().startswith(("a₃ feeds", "a₃ 進入"))
    assert page.get_by_text(catalogue(lang)["page.no_script"]).is_visible()
    assert page.locator("button:visible").count() == 0
    below = opening.locator(".bppviz-sentence").bounding_box()
    assert below["y"] + below["height"] < window[1]
    page.close()


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("trace", [lecture(), backprop(Network.random([1, 1]), [1], [0])], ids=["lecture", "1-1"])
def test_the_stage_takes_the_place_of_the_first_step_and_nothing_moves(browser, file, window, trace):
    address = file(trace)
    size = dict(zip(("width", "height"), window, strict=True))
    page = browser.new_page(viewport=size, java_script_enabled=False)
    page.goto(address)
    before = page.evaluate(BOXES, ".bppviz-opening")
    page.close()
    page = browser.new_page(viewport=size)
    page.add_init_script(WATCH)
    page.goto(address)
    page.locator(".bppviz-stage .textpoint").first.wait_for(timeout=60_000)
    after = page.evaluate(BOXES, ".bppviz-stage")
    assert after[0] == pytest.approx(before[0], abs=0.1)
    assert after[3] == pytest.approx(before[3], abs=1)
    assert page.locator(".bppviz-opening, .bppviz-plot > svg").count() == 0
    assert page.evaluate("shifted") < MOST_SHIFTED
    page.close()


@pytest.mark.parametrize("theme", THEMES)
def test_it_has_the_colours_of_the_theme(browser, file, theme):
    page = browser.new_page(java_script_enabled=False)
    page.goto(file(lecture(), theme=theme))
    colour = page.evaluate("getComputedStyle(document.querySelector('.bppviz-opening')).backgroundColor")
    red, green, blue = (int(THEMES[theme]["background"][i : i + 2], 16) for i in (1, 3, 5))
    assert colour == f"rgb({red}, {green}, {blue})"
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_a_theme_it_follows_the_system(browser, file, scheme):
    page = browser.new_page(java_script_enabled=False, color_scheme=scheme)
    page.goto(file(lecture()))
    dark = "rgb(20, 24, 29)"
    assert (page.evaluate("getComputedStyle(document.body).backgroundColor") == dark) == (scheme == "dark")
    page.close()


def test_the_page_around_the_stage_has_the_colours_that_are_chosen(browser, file):
    page = browser.new_page(color_scheme="light")
    page.goto(file(lecture()) + "#theme=dark")
    page.locator(".bppviz-stage[data-theme='dark']").wait_for()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 29)"
    page.close()


def test_who_walks_before_plotly_is_there_sees_no_picture_of_another_step(browser, file):
    page = browser.new_page()
    page.goto(file(lecture()), wait_until="commit")
    page.locator(".bppviz-stage[data-step='0']").wait_for()
    assert page.locator(".bppviz-message").text_content() == ""
    page.evaluate("document.querySelector('.bppviz-next').click()")
    page.locator(".bppviz-stage[data-step='1']").wait_for()
    assert page.locator(".bppviz-plot > svg").count() == 0
    page.locator(".bppviz-stage .textpoint").first.wait_for()
    page.close()


def test_where_plotly_fails_the_first_picture_stays_and_it_is_said_why(browser, file):
    page = browser.new_page()
    page.add_init_script("globalThis.bppvizPlotly = Promise.reject(new Error('no such luck'))")
    page.goto(file(lecture()))
    message = page.locator(".bppviz-message", has_text="no such luck")
    message.wait_for()
    assert page.locator(".bppviz-plot > svg").is_visible()
    page.locator(".bppviz-next").click()
    page.locator(".bppviz-stage[data-step='1']").wait_for()
    assert page.locator(".bppviz-plot > svg").count() == 0
    assert message.is_visible()
    page.close()


def test_an_address_with_another_step_shows_that_step(browser, file):
    page = browser.new_page()
    page.goto(file(lecture()) + "#step=28")
    page.locator(".bppviz-stage[data-step='27']").wait_for()
    assert page.locator(".bppviz-opening, .bppviz-plot > svg").count() == 0
    page.close()


def test_a_large_network_begins_so_too(browser, file):
    network = Network.random([30, 40, 10], "tanh", "cross_entropy")
    page = browser.new_page(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page.goto(file(backprop(network, *default_sample(network)), view="network"))
    assert page.locator(".bppviz-opening svg circle").count() > 10
    assert page.locator(".bppviz-opening math").count() >= 1
    page.close()
