"""WCAG 2.2 AA in JupyterLab: axe-core finds nothing in any view, theme, language, panel and popover, and beyond it."""

from contextlib import contextmanager

import pytest
from wcag import COLOURS, TAGS, wrong

from bppviz.picture.theme import THEMES
from bppviz.words.catalogue import LANGUAGES, catalogue

PANELS = ("weights", "training", "table", "why", "check", "code")
CELLS = (
    "from bppviz import Network, explain, samples\nexplain(None, *samples('lecture'), theme='light')",
    "explain(Network.random([30, 20, 10], seed=1), theme='light')",
)
# A box to tick is pressed anywhere in its row.
TARGETS = "button, select, input:not([type=checkbox]), .widget-label-basic, .noUi-touch-area, .widget-readout"
SMALL = """(targets) => [...document.querySelectorAll(targets)].filter((it) => it.checkVisibility()).filter((it) => {
  const { width, height } = it.getBoundingClientRect();
  return Math.min(width, height) < 23.9;
}).map((it) => it.outerHTML)"""
SPOKEN = """() => {
  const read = (it) => it.textContent.replace(/[^\\p{L}\\p{N} ]/gu, "").trim();
  const buttons = [...document.querySelectorAll(".bppviz button")].filter((it) => it.checkVisibility());
  return buttons.map((it) => [read(it), it.getAttribute("aria-label") ?? read(it)]);
}"""
STATES = """(it) => [it.getAttribute("aria-expanded") ?? it.getAttribute("aria-pressed"),
  getComputedStyle(it).borderTopWidth]"""


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    """The lecture's network, and one that is drawn as cells."""
    notebook = open_shared_notebook(*CELLS, size=(1280, 2400)).run_all()
    notebook.painted(1)
    return notebook


@pytest.fixture
def notebook(shared):
    """The same at the beginning of the walk, in English and light."""
    dressed(shared, "en", "light")
    shared.focus()
    shared.press("Home")
    shared.until(0)
    return shared


def dressed(notebook, lang, theme):
    """Choose language and colours of both stages."""
    for stage in (0, 1):
        notebook.choose("language", LANGUAGES[lang], stage)
        notebook.page.locator(f'.bppviz-stage >> nth={stage} >> css=:scope[lang="{lang}"]').wait_for()
        notebook.choose("theme", catalogue(lang)[f"theme.{theme}"], stage)
        notebook.page.locator(f'.bppviz-stage >> nth={stage} >> css=:scope[data-theme="{theme}"]').wait_for()


def opened(notebook, panel, stage=0):
    """Open a panel, and wait for what is in it."""
    notebook.open(panel, stage)
    notebook.find(
        f".bppviz-panel-{panel} :is(table, .main-svg, .bppviz-code-line, .bppviz-code-note:not(:empty))", stage
    ).wait_for()


@contextmanager
def asking(notebook):
    """Let the stage of the lecture's network ask for a result."""
    show = notebook.find("button.bppviz-show-predict")
    show.click()
    notebook.page.locator(".bppviz-stage[data-asked] .bppviz-is-asking .bppviz-answer").wait_for()
    yield
    show.click()
    notebook.page.locator(".bppviz-stage").first.and_(notebook.page.locator(":not([data-asked])")).wait_for()


def answered(notebook, text):
    """Give an answer, and tell whether there is a verdict on the one before that it was wrong."""
    notebook.find(".bppviz-answer").fill(text)
    notebook.press("Enter")
    return "bppviz-is-wrong" in notebook.find(".bppviz-verdict").get_attribute("class")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_wrong_in_any_view_and_with_any_panel_or_popover_open(notebook, lang, theme):
    dressed(notebook, lang, theme)
    tags = TAGS if theme == "light" else COLOURS
    for view in ("mirror", "network"):
        notebook.choose("view", catalogue(lang)[f"view.{view}"])
        assert wrong(notebook.page, tags=tags) == []
    for panel in PANELS:
        opened(notebook, panel)
        opened(notebook, panel, 1)
        assert (panel, wrong(notebook.page, f".bppviz-panel-{panel}, .bppviz-tabs", tags)) == (panel, [])
    for popover in ("steps", "settings"):
        notebook.find(f"button.bppviz-show-{popover}").click()
        notebook.find(f".bppviz-pop-{popover}.bppviz-is-up").wait_for()
        assert (popover, wrong(notebook.page, f".bppviz-pop-{popover}", tags)) == (popover, [])
        notebook.press("Escape")
    with asking(notebook):
        assert wrong(notebook.page, tags=tags) == []


def test_nothing_is_wrong_after_a_mistake(notebook):
    opened(notebook, "training")
    notebook.find(".bppviz-rate-field input").fill("-1")
    notebook.press("Enter")
    notebook.find(".bppviz-progress.bppviz-is-problem").wait_for()
    assert wrong(notebook.page) == []
    with asking(notebook):
        notebook.eventually(lambda: answered(notebook, "100"))
        assert wrong(notebook.page) == []


def test_nothing_is_wrong_where_the_page_is_narrow_and_all_that_is_cut_off_is_reached_with_the_keys(notebook):
    size = notebook.page.viewport_size
    notebook.page.set_viewport_size({"width": 640, "height": 2400})
    notebook.find(".bppviz-scroll[tabindex='0']").wait_for()  # JupyterLab lays itself out more than once
    notebook.settled()
    assert wrong(notebook.page) == []
    notebook.page.set_viewport_size(size)
    notebook.find(".bppviz-scroll:not([tabindex])").wait_for()


def test_every_target_is_large_enough_for_a_finger(notebook):
    targets = ", ".join(f".bppviz :is({target})" for target in TARGETS.split(", "))
    for panel in PANELS:
        opened(notebook, panel)
        assert (panel, notebook.page.evaluate(SMALL, targets)) == (panel, [])
    for popover in ("steps", "settings"):
        notebook.find(f"button.bppviz-show-{popover}").click()
        assert (popover, notebook.page.evaluate(SMALL, targets)) == (popover, [])
        notebook.press("Escape")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_button_is_called_what_stands_on_it(notebook, lang):
    dressed(notebook, lang, "light")
    spoken = notebook.page.evaluate(SPOKEN)
    assert [(text, name) for text, name in spoken if text not in name or not name] == []


def test_a_button_that_stays_pressed_says_so(notebook):
    notebook.find("button.bppviz-show-settings").click()
    for name in ("on", "off"):
        button = notebook.page.locator(".bppviz-spotlight").first.get_by_role(
            "button", name=catalogue("en")[f"spotlight.{name}"], exact=True
        )
        button.click()
        notebook.eventually(lambda button=button: button.get_attribute("aria-pressed") == "true")
        assert notebook.page.locator(".bppviz-spotlight").first.locator("[aria-pressed=true]").count() == 1
    notebook.press("Escape")


def test_the_picture_is_described_by_the_numbers_that_it_shows_those_first_that_are_new(notebook):
    picture = notebook.find(".bppviz-plot")
    assert picture.get_attribute("role") == "img"
    assert picture.get_attribute("aria-label") == catalogue("en")["stage.picture"]
    description = notebook.find(f"[id='{picture.get_attribute('aria-describedby')}']")
    notebook.eventually(lambda: "a₁" not in description.text_content())  # it is written when the page is idle
    first = description.text_content()
    assert first.startswith("Known so far: ")
    assert {"x₁ = 1", "z₁ = 4", "w₁ = 1", "t₂ = 0"} <= set(first[14:-1].split("; "))
    assert "a₁" not in first
    notebook.press("ArrowRight")
    notebook.until(1)
    notebook.eventually(lambda: description.text_content().startswith("Known so far: a₁ = 0.982014; "))
    notebook.choose("language", "繁體中文")
    notebook.eventually(lambda: description.text_content().startswith("目前已知：a₁ = 0.982014；"))


def test_of_many_cells_some_are_told_and_how_many_more_there_are(notebook):
    description = notebook.find(".bppviz-description", 1)
    known = 30 + 20  # inputs, and the first layer of neurons
    assert known <= 60
    notebook.eventually(lambda: description.text_content().count("=") == known)
    notebook.focus(1)
    notebook.press("End")
    of_all = 30 + 2 * (20 + 10)
    notebook.eventually(lambda: description.text_content().endswith(f"; and {of_all - 60} more."))


def test_every_chart_has_the_name_that_is_written_over_it(notebook):
    for panel in ("training", "why", "weights"):
        opened(notebook, panel)
    charts = notebook.page.locator(".bppviz-chart:has(.main-svg)")
    assert charts.count() >= 4
    names = {chart.get_attribute("aria-label") for chart in charts.all()}
    assert None not in names
    assert any("slope ∂L/∂w₁ = " in name for name in names), names


def test_colours_of_the_system_leave_the_picture_its_own_and_show_what_is_open(notebook):
    notebook.page.emulate_media(forced_colors="active")
    try:
        assert wrong(notebook.page) == []
        background = notebook.find(".bppviz-stage").evaluate("it => getComputedStyle(it).backgroundColor")
        assert background == "rgb(255, 255, 255)"
        notebook.open("table")
        assert notebook.find("button.bppviz-show-table").evaluate(STATES) == ["true", "3px"]
        assert notebook.find("button.bppviz-show-predict").evaluate(STATES) == ["false", "1px"]
    finally:
        notebook.page.emulate_media(forced_colors="none")
