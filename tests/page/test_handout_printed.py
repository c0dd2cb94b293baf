"""A saved page as it is printed: the step that is shown, as wide as the paper, without a control."""

import pytest
from networks import lecture
from printed import sheets_of
from saved import saved

from bppviz import Network, backprop
from bppviz.picture.film import VIEWS
from bppviz.words.catalogue import LANGUAGES, words

ROOM = {"A4": 703, "Letter": 725}  # between the margins, in pixels
# What is seen of the page where it is so wide, and what of it is wider. A script hears of paper before, and not again.
SEEN = """(wide) => {
  dispatchEvent(new Event("beforeprint"));
  const main = document.querySelector("main");
  main.style.width = `${wide}px`;
  const seen = (it) => it.checkVisibility({ visibilityProperty: true }) && it.getBoundingClientRect().width > 1;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const right = main.getBoundingClientRect().right;
  const frame = all(".bppviz-frame")[0].getBoundingClientRect();
  const picture = all(".bppviz-frame svg")[0].getBoundingClientRect();
  const found = {
    controls: all("button, input:not(.bppviz-answer), select, .bppviz-tag, .bppviz-told").map((it) => it.outerHTML),
    shares: [frame.width / wide, picture.width / wide],
    beyond: all("math, math *, .bppviz-sentence").filter((it) => it.getBoundingClientRect().right > right + 1).length,
    heading: getComputedStyle(all(".bppviz-stage, .bppviz-opening")[0], "::before").content,
    outlines: all("*").filter((it) => getComputedStyle(it).outlineStyle !== "none").length,
  };
  main.style.width = "";
  return found;
}"""


@pytest.fixture
def opened(browser, tmp_path):
    """A function that writes a page and opens it, with its scripts or without."""
    pages = []

    def write_and_open(trace, *, scripts=True, **options):
        page = browser.new_page(java_script_enabled=scripts, viewport={"width": 1280, "height": 720})
        pages.append(page)
        page.goto(saved(trace, tmp_path, **options))
        if scripts:
            page.locator(".bppviz-stage[data-step]:has(.bppviz-picture)").wait_for(timeout=60_000)
        return page

    yield write_and_open
    for page in pages:
        page.close()


def sheets(page, paper):
    """Return how many sheets Chromium prints."""
    return len(sheets_of(page.pdf(format=paper)))


def on_paper(page, paper):
    """Return what is seen of a page on paper."""
    page.emulate_media(media="print")
    seen = page.evaluate(SEEN, ROOM[paper])
    page.emulate_media(media="screen")
    return seen


@pytest.mark.parametrize("paper", ROOM)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
def test_the_step_that_is_shown_is_printed_on_one_sheet_without_controls(opened, view, lang, paper):
    page = opened(lecture(), view=view, lang=lang, step=28)
    page.locator(".bppviz-stage").focus()
    for step in (29, 30):
        if step == 30:
            page.keyboard.press("ArrowRight")
            page.locator('.bppviz-stage[data-step="29"]').wait_for()
        seen = on_paper(page, paper)
        assert (seen["controls"], seen["beyond"], seen["outlines"]) == ([], 0, 0)
        assert seen["shares"] == pytest.approx([1, 1], abs=0.05)
        assert seen["heading"] == f'"{words(lang)("stage.label", step=step, steps=49)}"'
    assert sheets(page, paper) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_no_script_runs_the_first_step_is_printed(opened, lang):
    page = opened(lecture(), scripts=False, lang=lang)
    assert sheets(page, "A4") == 1
    page.emulate_media(media="print")
    assert page.locator(".bppviz-opening svg[role=img]").is_visible()
    assert page.locator(".bppviz-sentence").is_visible()
    assert not any(it.is_visible() for it in page.locator("button, input, select, .bppviz-no-script").all())


@pytest.mark.parametrize("tab", ["table", "predict"])
def test_what_is_open_beside_the_picture_is_not_printed(opened, tab):
    page = opened(lecture(), step=20)
    page.locator(f".bppviz-show-{tab}").click()
    page.locator(f".bppviz-panel-{tab}").wait_for()
    assert sheets(page, "A4") == 1
    seen = on_paper(page, "A4")
    assert (seen["controls"], seen["beyond"]) == ([], 0)


def test_the_longest_formula_is_printed_whole(opened):
    network = Network.random([4, 4, 4], ["tanh", "sigmoid"], "binary_cross_entropy", seed=5)
    page = opened(backprop(network, [1, -1, 0.5, 2], [1, 0, 1, 0]))
    page.locator(".bppviz-show-steps").click()
    page.locator(".bppviz-granularity").get_by_role("button", name="layer", exact=True).click()
    page.keyboard.press("Escape")
    for _ in range(6):
        assert on_paper(page, "A4")["beyond"] == 0
        page.locator(".bppviz-stage").press("ArrowRight")
