"""Words before the picture: while plotly.js is still to come one walks as ever, and the picture follows."""

import pytest
from networks import lecture
from painting import PAINTED, drawn, plain, told
from saved import saved

from bppviz.core.walk import walk
from bppviz.words.catalogue import catalogue, words
from bppviz.words.spoken import spoken

TRACE = lecture()
# The fonts come with plotly.js, which is unpacked after them: here they wait until they are released, or fail.
HELD = """
globalThis.held = new Promise((resolve, reject) => Object.assign(globalThis, { release: resolve, refuse: reject }));
const load = FontFace.prototype.load;
FontFace.prototype.load = function () { return held.then(() => load.call(this)); };
"""
# Drawing takes until it is told that it has failed.
SLOW = """
const failed = new Promise((_, fail) => (globalThis.fail = () => fail(new Error("no room"))));
globalThis.bppvizPlotly = Promise.resolve({ newPlot: () => ((globalThis.isDrawing = true), failed), purge() {} });
"""
SHOWN = """() => {
  const stage = document.querySelector(".bppviz-stage");
  globalThis.shown = [];
  new MutationObserver(() => shown.push([stage.dataset.step, document.querySelector(".bppviz-counter b").textContent]))
    .observe(stage, { attributeFilter: ["data-step"] });
}"""
WORDS = """() => [
  ...["formula", "substituted"].map((it) => document.querySelector(`.bppviz-${it} math`).getAttribute("alttext")),
  document.querySelector(".bppviz-sentence").textContent,
]"""
TABLED = """() => [...document.querySelectorAll(".bppviz-panel-table td[data-step]:not(.bppviz-is-pending)")]
  .map((it) => Number(it.dataset.step))"""


@pytest.fixture
def held(browser, tmp_path):
    """A function that opens a saved page whose plotly.js is held back."""
    pages = []

    def open_held(**options):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        pages.append(page)
        page.add_init_script(HELD)
        page.goto(saved(TRACE, tmp_path, **options))
        page.locator(".bppviz-stage[data-step]").wait_for()
        return page

    yield open_held
    for page in pages:
        page.close()


def walks(page, step, lang):
    """Hold that everything but the picture is that of a step."""
    page.locator(f'.bppviz-stage[data-step="{step}"]').wait_for()
    assert page.locator(".bppviz-picture").count() == 0
    formula, substituted, sentence = told(TRACE, walk(TRACE)[step], lang)
    assert page.evaluate(WORDS) == [formula, substituted, sentence]
    assert page.locator(".bppviz-counter b").text_content() == str(step + 1)
    page.locator(".bppviz-spoken", has_text=spoken(sentence, words(lang))).wait_for(state="attached")
    page.wait_for_function("document.querySelector('.bppviz-description').textContent !== ''")


def painted(page):
    """Return the series that plotly.js has in a page."""
    return plain(page.evaluate(PAINTED))["data"]


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_in_a_saved_page_the_words_walk_while_the_picture_is_still_to_come(held, lang):
    page = held(lang=lang, theme="light")
    message = page.locator(".bppviz-message")
    walks(page, 0, lang)
    before = page.locator(".bppviz-description").text_content()
    page.locator(".bppviz-stage").focus()
    page.keyboard.press("ArrowRight")
    walks(page, 1, lang)
    page.wait_for_function(
        "(before) => document.querySelector('.bppviz-description').textContent !== before", arg=before
    )
    page.locator(".bppviz-next").click()
    walks(page, 2, lang)
    page.locator(".bppviz-last").click()
    walks(page, 48, lang)
    page.locator("input.bppviz-scrub").fill("21")
    walks(page, 21, lang)
    page.locator(".bppviz-show-table").click()
    assert max(page.evaluate(TABLED)) <= 21 < 48
    assert message.text_content() == catalogue(lang)["stage.waiting"]
    page.evaluate("release()")
    page.locator(".bppviz-picture").wait_for()
    assert painted(page) == drawn(TRACE, 21, lang=lang)["data"]
    page.wait_for_function("document.querySelector('.bppviz-message').textContent === ''")
    page.locator(".bppviz-next").click()
    page.locator('.bppviz-stage[data-step="22"]').wait_for()
    assert painted(page) == drawn(TRACE, 22, lang=lang)["data"]


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_where_plotly_never_comes_the_words_walk_and_one_sentence_says_why_there_is_no_picture(held, lang):
    page = held(lang=lang)
    page.evaluate("refuse(new Error('no fonts here'))")
    said = catalogue(lang)["stage.failed"].format(reason="no fonts here")
    page.locator(".bppviz-message", has_text=said).wait_for()
    page.locator(".bppviz-stage").focus()
    for step in (1, 2, 3):
        page.keyboard.press("ArrowRight")
        walks(page, step, lang)
    assert page.locator(".bppviz-message").text_content() == said


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_where_plotly_cannot_draw_the_words_walk_and_one_sentence_says_why_there_is_no_picture(browser, tmp_path, lang):
    page = browser.new_page()
    page.add_init_script(
        "globalThis.bppvizPlotly = Promise.resolve({ newPlot: () => Promise.reject(new Error('no room')), purge() {} })"
    )
    page.goto(saved(TRACE, tmp_path, lang=lang))
    said = catalogue(lang)["stage.failed"].format(reason="no room")
    page.locator(".bppviz-message", has_text=said).wait_for()
    page.locator(".bppviz-next").click()
    walks(page, 1, lang)
    assert page.locator(".bppviz-message").text_content() == said
    page.close()


def test_a_step_that_is_asked_for_while_plotly_draws_counts_as_shown_with_its_words_and_not_before(browser, tmp_path):
    page = browser.new_page()
    page.add_init_script(SLOW)
    page.goto(saved(TRACE, tmp_path))
    page.wait_for_function("globalThis.isDrawing")
    page.locator(".bppviz-stage").focus()
    page.evaluate(SHOWN)
    page.keyboard.press("ArrowRight")
    page.evaluate("fail()")
    walks(page, 1, "en")
    assert page.evaluate("shown") == [["0", "1"], ["1", "2"]]
    page.close()


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_in_jupyterlab_the_words_walk_while_a_busy_kernel_keeps_plotly_and_the_picture_follows(open_notebook, lang):
    name = f"go-on-{lang}"
    waits = f"while not pathlib.Path({name!r}).exists():\n    time.sleep(0.05)"
    shown = f"e = bppviz.explain(lang={lang!r}, theme='light')\ndisplay(e)"
    notebook = open_notebook(f"import pathlib, time\nimport bppviz\n{shown}\n{waits}", "None", fresh=True)
    page, go_on = notebook.page, notebook.lab.root / name
    notebook.start(0)
    page.locator(".bppviz-stage[data-step]").wait_for(timeout=60_000)
    walks(page, 0, lang)
    notebook.focus()
    for step in (1, 2, 3):
        notebook.press("ArrowRight")
        walks(page, step, lang)
    notebook.find(".bppviz-last").click()
    walks(page, 48, lang)
    notebook.says(notebook.find(".bppviz-message"), catalogue(lang)["stage.no_plotly"])
    notebook.find(".bppviz-back").click()
    walks(page, 47, lang)
    assert notebook.find(".bppviz-message").text_content() == catalogue(lang)["stage.no_plotly"]
    go_on.touch()
    notebook.painted()
    assert painted(page) == drawn(TRACE, 47, lang=lang)["data"]
    notebook.says(notebook.find(".bppviz-message"), "")
    notebook.prints("print(e.step)", "47")
