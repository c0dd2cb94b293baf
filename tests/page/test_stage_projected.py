"""Full screen in JupyterLab, at the sizes of projectors: what is read from the last row is measured, at every step."""

import pytest
from networks import lecture

from bppviz.core.walk import GRANULARITIES
from bppviz.picture.theme import THEMES
from bppviz.words.catalogue import catalogue

SIZES = [(1280, 720), (1920, 1080), (3840, 2160), (1024, 768)]
SHAPES = [(1280, 720), (1024, 768)]
LAST = len(lecture()) - 1
TEXT, FORMULA = 1 / 50, 1 / 25  # of the screen's height, at least
PRESENTED = """() => {
  const box = document.querySelector(".bppviz");
  const seen = [...box.querySelectorAll("*")].filter((it) => it.checkVisibility() && it.getClientRects().length);
  const texts = seen.filter((it) => !it.closest("svg, math, .bppviz-spoken, .bppviz-description, option") &&
    [...it.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  const size = (it) => parseFloat(getComputedStyle(it).fontSize);
  const rect = (it) => it.getBoundingClientRect().toJSON();
  return {
    full: document.fullscreenElement === box,
    theme: box.dataset.theme,
    texts: texts.map((it) => ({ text: it.textContent.trim(), size: size(it), ...rect(it) })),
    formula: Math.min(...["formula", "substituted"].map((name) => size(box.querySelector(`.bppviz-${name}`)))),
    scrolls: seen.filter((it) => /auto|scroll/.test(getComputedStyle(it).overflow)
      && (it.scrollWidth > it.clientWidth + 1 || it.scrollHeight > it.clientHeight + 1)).map((it) => it.className),
    box: { ...rect(box), hidden: box.scrollHeight - box.clientHeight },
    controls: seen.filter((it) => it.matches("button, select, input, [role=slider]"))
      .map((it) => it.closest("[class*=bppviz-]").className),
  };
}"""
FITTED = """() => {
  const size = (name) => document.querySelector(`.bppviz-${name}`).getBoundingClientRect();
  const [picture, place] = [size("picture"), size("scroll")];
  const spare = Math.min(place.width - picture.width, place.height - picture.height);
  return spare > -1 && spare < 2;
}"""
HAS_MIRROR = "document.querySelector('.bppviz-picture').textContent.includes('reversed network')"
PLACES = """() => [...document.querySelectorAll(".jp-Cell, .bppviz, .bppviz *:not(svg, svg *, math, math *)")]
  .filter((it) => it.checkVisibility())
  .map((it) => [it.className, ...Object.values(it.getBoundingClientRect().toJSON())])"""


@pytest.fixture(scope="module")
def notebook(open_shared_notebook):
    """The lecture's network, further down in a notebook that has to be scrolled."""
    notebook = open_shared_notebook("import bppviz", *["1"] * 6, "e = bppviz.explain()\ne")
    for number in range(8):
        notebook.run(number)
    notebook.painted()
    return notebook


def resize(notebook, width, height):
    notebook.page.set_viewport_size({"width": width, "height": height})
    notebook.settled()


def speak(notebook, lang):
    while notebook.look()["lang"] != lang:
        notebook.press("l")
        notebook.settled()


@pytest.fixture
def presented(notebook):
    """The same in full screen, by its key; afterwards it is left by the same key."""
    notebook.focus()
    notebook.press("Home", "f")
    notebook.eventually(lambda: notebook.page.evaluate(PRESENTED)["full"])
    yield notebook
    notebook.press("f")
    notebook.eventually(lambda: not notebook.page.evaluate(PRESENTED)["full"])
    resize(notebook, 1280, 720)
    notebook.choose("language", "English")


def inside(part, width, height):
    return min(part["left"], part["top"]) >= -1 and part["right"] <= width + 1 and part["bottom"] <= height + 1


def assert_read_from_the_last_row(notebook, step, width, height):
    shown, screen = notebook.look(step), notebook.page.evaluate(PRESENTED)
    assert screen["theme"] == "projector"
    for text in [*shown["labels"], *screen["texts"]]:
        assert text["size"] >= TEXT * height, text
        assert inside(text, width, height), text
    assert screen["formula"] >= FORMULA * height
    for name in ("formula", "substituted", "sentence"):
        assert max(shown[name]["hidden"]) <= 1, (name, shown[name]["hidden"])
        assert inside(shown[name]["box"], width, height), name
        assert all(inside(part, width, height) for part in shown[name]["parts"]), name
    assert screen["scrolls"] == []
    assert screen["box"]["hidden"] == 0
    assert (screen["box"]["right"], screen["box"]["bottom"]) == (width, height)
    # The words do not lie over the picture, nor the controls over the words.
    assert max(label["bottom"] for label in shown["labels"]) <= shown["formula"]["box"]["top"] + 1
    bar = [text for text in screen["texts"] if text["text"] == catalogue(shown["lang"])["control.next"]]
    assert shown["sentence"]["box"]["bottom"] <= bar[0]["top"]


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_step_is_read_from_the_last_row_and_fits_without_scrolling(presented, width, height, lang):
    resize(presented, width, height)
    speak(presented, lang)
    # Another language has the same picture; a screen of the same shape shows the same, larger: a few steps are enough.
    stride = 12 if (width, height) not in SHAPES else 1 if lang == "en" else 7
    for step in range(0, LAST + 1, stride):
        presented.python(f"e.step = {step}")
        assert_read_from_the_last_row(presented, step, width, height)


@pytest.mark.parametrize(("width", "height"), SHAPES)
@pytest.mark.parametrize("granularity", ["pass", "layer", "vector", "neuron", "term"])
def test_by_larger_and_smaller_steps_too_nothing_has_to_be_scrolled(presented, width, height, granularity):
    resize(presented, width, height)
    far = GRANULARITIES.index(granularity) - GRANULARITIES.index("equation")
    presented.press(*["ArrowDown" if far > 0 else "ArrowUp"] * abs(far))
    presented.press("Home")
    presented.settled()
    _, stops = presented.counted()
    for place in range(1, stops + 1, 1 if stops < 20 else 7):
        presented.at(place, stops)
        presented.settled()
        shown, screen = presented.look(), presented.page.evaluate(PRESENTED)
        assert screen["scrolls"] == []
        assert screen["box"]["hidden"] == 0
        # On a narrow screen a formula of several lines takes room from the picture: both may be an eighth smaller.
        spared = 1 if width / height > 3 / 2 else 0.88
        assert min(label["size"] for label in shown["labels"]) >= spared * TEXT * height
        # Beside its numbers a formula of matrices may be a little smaller.
        assert screen["formula"] >= 0.95 * spared * FORMULA * height
        assert all(inside(text, width, height) for text in screen["texts"])
        presented.press(*["PageDown"] * (1 if stops < 20 else 7))
    presented.press(*["ArrowUp" if far > 0 else "ArrowDown"] * abs(far))


@pytest.fixture
def mirrored(notebook):
    """The network and its mirror, before full screen."""
    notebook.choose("view", catalogue("en")["view.mirror"])
    notebook.eventually(lambda: notebook.page.evaluate(HAS_MIRROR))
    yield
    notebook.choose("view", catalogue("en")["view.network"])
    notebook.eventually(lambda: not notebook.page.evaluate(HAS_MIRROR))


@pytest.mark.usefixtures("mirrored")
@pytest.mark.parametrize("lang", ["en", "zh-TW"])
@pytest.mark.parametrize(("width", "height"), SHAPES)
def test_a_network_and_its_mirror_are_read_from_the_last_row_together(presented, width, height, lang):
    resize(presented, width, height)
    speak(presented, lang)
    stride = 2 if lang == "en" else 8
    for step in range(0, LAST + 1, stride):
        presented.python(f"e.step = {step}")
        assert_read_from_the_last_row(presented, step, width, height)


def test_a_click_beside_the_buttons_leaves_the_keys_to_the_widget(presented):
    cells = presented.cells()
    presented.find(".bppviz-phases").click(position={"x": 2, "y": 2})
    presented.press("PageDown", "x", "d", "d")
    presented.until(1)
    assert presented.cells() == cells


def test_another_size_of_the_screen_fits_at_once(presented):
    resize(presented, 1920, 1080)
    presented.python("e.step = 21")
    for width, height in SIZES:
        resize(presented, width, height)
        presented.eventually(lambda: presented.page.evaluate(FITTED))
        assert_read_from_the_last_row(presented, 21, width, height)


def test_nothing_is_on_the_wall_but_picture_words_and_walk(presented):
    controls = " ".join(presented.page.evaluate(PRESENTED)["controls"])
    for name in ("next", "back", "play", "scrub", "show-steps", "present", "help"):
        assert f"bppviz-{name}" in controls
    for name in ("slider", "exact", "undo", "theme", "language", "view", "show-weights", "show-settings"):
        assert f"bppviz-{name}" not in controls


def test_leaving_full_screen_restores_the_notebook_as_it_was(notebook):
    notebook.find("button.bppviz-present").scroll_into_view_if_needed()
    before = notebook.page.evaluate(PLACES)
    theme = notebook.look()["data"]["theme"]
    notebook.find("button.bppviz-present").click()
    notebook.eventually(lambda: notebook.page.evaluate(PRESENTED)["full"])
    assert notebook.find("button.bppviz-present").text_content() == catalogue("en")["control.leave"]
    resize(notebook, 1920, 1080)
    notebook.press("PageDown", "PageUp")
    resize(notebook, 1280, 720)  # a browser has its window again before it says that full screen is over
    notebook.find("button.bppviz-present").click()
    notebook.eventually(lambda: notebook.page.evaluate(PLACES) == before)
    assert notebook.look()["data"]["theme"] == theme == "light"


@pytest.fixture
def refusing(notebook):
    """The same in a page that may not have the screen."""
    notebook.page.evaluate(
        "() => { globalThis.given = Element.prototype.requestFullscreen;"
        " Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('no')); }"
    )
    yield
    notebook.page.evaluate("() => { Element.prototype.requestFullscreen = globalThis.given; }")


@pytest.mark.usefixtures("refusing")
def test_a_page_that_may_not_have_the_screen_gives_its_window(notebook):
    notebook.focus()
    notebook.press("f")
    notebook.eventually(lambda: notebook.page.evaluate(PRESENTED)["theme"] == "projector")
    screen = notebook.page.evaluate(PRESENTED)
    assert not screen["full"]
    assert (screen["box"]["left"], screen["box"]["top"]) == (0, 0)
    notebook.press("Escape")
    notebook.eventually(lambda: notebook.page.evaluate(PRESENTED)["theme"] == "light")


def test_the_dark_theme_stays_dark_on_the_wall(notebook):
    assert set(THEMES) == {"light", "dark", "projector"}
    notebook.choose("theme", catalogue("en")["theme.dark"])
    notebook.focus()
    notebook.press("f")
    notebook.eventually(lambda: notebook.page.evaluate(PRESENTED)["theme"] == "dark")
    notebook.press("f")
    notebook.choose("theme", catalogue("en")["theme.auto"])
