"""The outline in full screen: a drawer on the side away from what the step lights up."""

from itertools import pairwise

import pytest
from outlines import current, focused, is_up
from surface import lost, still
from wcag import wrong

from bppviz.picture.theme import THEMES
from bppviz.words.catalogue import LANGUAGES, catalogue

MOST_CONTROLS = 9  # in full screen
IN_FULL_SCREEN = {"light": "projector"}  # the colours that become others there
PLACES = """() => {
  const box = document.querySelector(".bppviz-is-presenting");
  const place = (selector) => {
    const { left, right, top, bottom } = box.querySelector(selector).getBoundingClientRect();
    return [left, right, top, bottom].map(Math.round);
  };
  const texts = [...box.querySelectorAll(".bppviz-picture .scatterlayer text")];
  const strong = texts.filter((it) => it.querySelector("[style*=bold]"));
  return {
    drawer: place(".bppviz-pop-steps"),
    picture: place(".bppviz-frame"),
    words: [".bppviz-formula math", ".bppviz-substituted math", ".bppviz-sentence"].map(place),
    bar: place(".bppviz-next"),
    lit: strong.map((it) => it.getBoundingClientRect()).map(({ left, right }) => [left, right]),
    scrolled: document.documentElement.scrollHeight - innerHeight,
  };
}"""


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    return open_shared_notebook("import bppviz\ne = bppviz.explain()\ne").run_all()


@pytest.fixture(params=[(1280, 720), (1920, 1080)], ids=str)
def presented(shared, request):
    """The lecture's network in full screen, at the beginning of the walk."""
    width, height = request.param
    shared.page.set_viewport_size({"width": width, "height": height})
    shared.focus()
    shared.press("Home", "f")
    shared.page.locator(".bppviz-is-presenting").wait_for()
    shared.until(0)
    yield shared
    for _ in range(3):
        if shared.page.locator(".bppviz-is-presenting").count():
            shared.press("Escape")
            shared.settled()
    shared.page.locator(".bppviz:not(.bppviz-is-presenting)").wait_for()


LEAST_SMALLER = 0.04  # of the picture's size, where the sentence takes one more line beside the drawer


def places(notebook):
    notebook.settled()
    return notebook.page.evaluate(PLACES)


def test_it_covers_nothing_that_a_step_is_about_and_the_picture_keeps_its_size(presented):
    def walk():
        for step in range(49):
            presented.until(step)
            yield places(presented)
            presented.press("PageDown")

    pictures = [it["picture"] for it in walk()]
    presented.press("Home", "o")
    presented.find(".bppviz-outline [aria-current]").wait_for()
    sides = []
    for step, it in enumerate(walk()):
        left, right, top, bottom = it["drawer"]
        width, height = presented.page.viewport_size.values()
        assert (left, right) in ((0, right), (left, width))
        assert top == 0
        assert bottom <= it["bar"][2]
        assert right - left == pytest.approx(322 / 720 * height, abs=2)
        before, after = (
            [end - start for start, end in (pairs[:2], pairs[2:])] for pairs in (pictures[step], it["picture"])
        )
        assert after == pytest.approx(before, rel=LEAST_SMALLER), step
        assert all(end <= left or start >= right for start, end in it["lit"]), step
        assert all(end <= left or start >= right for start, end, *_ in it["words"]), step
        assert it["scrolled"] == 0
        assert current(presented)["number"] == str(step + 1) or current(presented)["name"] == "Loss"
        sides.append(left)
    assert sum(a != b for a, b in pairwise(sides)) <= 4


def test_it_stays_while_one_walks_and_escape_closes_one_thing_at_a_time(presented):
    presented.press("o")
    presented.find(".bppviz-next").click()
    presented.until(1)
    presented.find(".bppviz-sentence").click()
    presented.find('.bppviz-outline [data-place="5"]').click()
    presented.until(5)
    assert is_up(presented)
    assert focused(presented) == "a₃"
    presented.press("ArrowDown", "Enter")
    presented.until(6)
    assert is_up(presented)
    presented.press("Escape")
    assert not is_up(presented)
    assert presented.page.locator(".bppviz-is-presenting").count() == 1
    presented.press("Escape")
    presented.page.locator(".bppviz:not(.bppviz-is-presenting)").wait_for()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_wrong_with_it_in_any_colours(shared, lang):
    shared.choose("language", LANGUAGES[lang])
    shared.page.locator(f'.bppviz-stage[lang="{lang}"]').wait_for()
    for theme in THEMES:
        shared.choose("theme", catalogue(lang)[f"theme.{theme}"])
        shared.focus()
        shared.press("Home", "f", "o")
        shared.page.locator(f'.bppviz-is-presenting[data-theme="{IN_FULL_SCREEN.get(theme, theme)}"]').wait_for()
        shared.find(".bppviz-outline [aria-current]").wait_for()
        assert (theme, wrong(shared.page)) == (theme, [])
        shared.press("s")
        shared.page.locator(".bppviz-stage[data-spotlit]").wait_for()
        dimmed = [it for it in wrong(shared.page) if not (it.startswith("color-contrast") and "bppviz-plot" in it)]
        assert (theme, dimmed) == (theme, [])  # but for what the spotlight leaves in the dark
        shared.press("s", "Escape", "Escape")
        shared.page.locator(".bppviz:not(.bppviz-is-presenting)").wait_for()
    shared.choose("language", LANGUAGES["en"])


def test_there_is_no_more_than_a_bar_until_it_is_opened(presented):
    for lang in LANGUAGES:
        presented.eventually(lambda lang=lang: presented.look()["lang"] == lang)
        surface = still(presented.page)
        assert len(surface["controls"]) <= MOST_CONTROLS, surface["controls"]
        assert (lost(surface), surface["panels"], surface["popovers"]) == ([], 0, 0)
        presented.press("l")
    presented.eventually(lambda: presented.look()["lang"] == "en")
