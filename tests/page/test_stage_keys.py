"""The keys, really pressed in JupyterLab: what each does, whose it is, and that none of them reaches JupyterLab."""

import pytest
from networks import lecture

from bppviz.core.emphasis import emphasised
from bppviz.core.walk import GRANULARITIES, walk
from bppviz.words.catalogue import catalogue

LAST = len(lecture()) - 1
STEP = lecture().step_of("dl_dz", 2, 0)  # ∂l/∂z₃
SAID = catalogue("en")
# Whether the focus is in the widget, and if so, that it stands behind where it was before.
GOES_ON = """() => {
  const now = document.activeElement;
  if (!now.closest(".bppviz")) return false;
  const isBehind = !before || before.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING;
  if (!isBehind) throw new Error(`${now.outerHTML} does not come after ${before.outerHTML}`);
  return Boolean((globalThis.before = now));
}"""
OUTLINED = """() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
}"""


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    return open_shared_notebook("1", f"import bppviz\ne = bppviz.explain()\ne.step = {STEP}\ne", "1")


@pytest.fixture
def notebook(shared):
    """The lecture's network at a step of the backward pass, with the focus on the stage."""
    shared.run(1)
    shared.painted()
    shared.until(STEP)
    shared.focus()
    return shared


def has(notebook, name):
    return notebook.page.locator(".bppviz").first.evaluate("(box, name) => box.classList.contains(name)", name)


def focused(notebook):
    """Return the part of the widget that has the focus, by its class; nothing outside of it."""
    return notebook.page.evaluate("document.activeElement.closest('.bppviz [class*=bppviz-]')?.className ?? ''")


def test_a_remote_and_the_arrows_walk_and_home_and_end_go_to_the_ends(notebook):
    for key, step in [("PageDown", STEP + 1), ("ArrowRight", STEP + 2), ("PageUp", STEP + 1), ("ArrowLeft", STEP)]:
        notebook.press(key)
        notebook.until(step)
    notebook.press("End")
    notebook.until(LAST)
    notebook.press("Home")
    notebook.until(0)


def test_a_remote_works_wherever_the_focus_was_left(notebook):
    notebook.open("weights")
    before = notebook.find(".bppviz-exact.bppviz-at-w-2-0-0 input").input_value()
    sliders = [".bppviz-scrub .noUi-handle", ".bppviz-at-w-2-0-0 .noUi-handle"]
    others = ["button.bppviz-next", "button.bppviz-show-steps", ".bppviz-exact.bppviz-at-w-2-0-0 input"]
    for part in (*sliders, *others):
        notebook.find(part).focus()
        notebook.press("PageDown")
        notebook.until(STEP + 1)
        notebook.press("PageUp")
        notebook.until(STEP)
    assert notebook.find(".bppviz-exact.bppviz-at-w-2-0-0 input").input_value() == before
    assert notebook.chosen("granularity") == SAID["granularity.equation"]


def test_up_and_down_make_the_steps_larger_and_smaller(notebook):
    for key, names in (("ArrowUp", ["neuron", "vector", "layer", "pass", "pass"]), ("ArrowDown", GRANULARITIES[1:])):
        for name in names:
            notebook.press(key)
            notebook.eventually(lambda name=name: notebook.chosen("granularity") == SAID[f"granularity.{name}"])
            notebook.eventually(lambda name=name: notebook.counted()[1] == len(walk(lecture(), name)))


def test_space_plays_and_pauses(notebook):
    notebook.press(" ")
    notebook.says(notebook.find(".bppviz-play"), SAID["control.pause"])
    notebook.press(" ")
    notebook.says(notebook.find(".bppviz-play"), SAID["control.play"])


def test_a_blank_screen_ends_with_any_key_or_click_and_nothing_else_happens(notebook):
    for end in ("b", "PageDown", "x", None):
        notebook.press("b")
        notebook.eventually(lambda: has(notebook, "bppviz-is-blank"))
        cover = "getComputedStyle(document.querySelector('.bppviz'), '::after').backgroundColor"
        assert notebook.page.evaluate(cover) == "rgb(0, 0, 0)"
        if end:
            notebook.press(end)
        else:
            box = notebook.find("button.bppviz-next").bounding_box()
            notebook.page.mouse.click(box["x"] + 5, box["y"] + 5)
            notebook.focus()
        notebook.eventually(lambda: not has(notebook, "bppviz-is-blank"))
    assert notebook.step() == STEP
    assert notebook.cells() == 3


def test_plus_and_minus_change_the_size_of_the_words(notebook):
    def size():
        return notebook.look()["formula"]["size"]

    usual = size()
    notebook.press("+")
    notebook.eventually(lambda: size() == pytest.approx(1.25 * usual, rel=0.01))
    notebook.press("-", "-")
    notebook.eventually(lambda: size() == pytest.approx(0.8 * usual, rel=0.01))
    notebook.press(*["="] * 9)
    notebook.eventually(lambda: size() == pytest.approx(1.8 * usual, rel=0.01))


def test_p_asks_for_the_result_and_l_speaks_the_other_language(notebook):
    notebook.press("p")
    notebook.find(".bppviz-quiz :is(.bppviz-answer, .bppviz-option):focus").wait_for()
    assert has(notebook, "bppviz-has-predict")
    notebook.focus()
    notebook.press("p")
    notebook.eventually(lambda: not has(notebook, "bppviz-has-predict"))
    notebook.focus()
    for lang in ("zh-TW", "en"):
        notebook.press("l")
        notebook.eventually(lambda lang=lang: notebook.look()["lang"] == lang)


def test_the_question_mark_shows_every_key_and_goes_back_to_where_the_focus_was(notebook):
    keys = notebook.page.locator("dialog.bppviz-keys")
    for close in ("?", "Escape", "Enter"):
        notebook.press("?")
        keys.wait_for()
        text = keys.text_content()
        for name in (name for name in SAID if name.startswith("keys.") and name not in ("keys.key", "keys.act")):
            assert SAID[name] in text
        notebook.press(close)
        keys.wait_for(state="hidden")
        assert focused(notebook).startswith("bppviz-stage")
    assert notebook.step() == STEP


def test_letter_keys_can_be_turned_off_and_arrows_and_escape_stay(notebook):
    def letters():
        notebook.find("button.bppviz-help").click()
        return notebook.page.get_by_role("dialog").get_by_role("checkbox", name=SAID["keys.letters"])

    keys = notebook.page.locator("dialog.bppviz-keys")
    box = letters()
    assert box.is_checked()
    target = notebook.page.locator("dialog.bppviz-keys label").bounding_box()
    assert target["height"] >= 24
    box.press(" ")
    assert not box.is_checked()
    notebook.press("Escape")
    keys.wait_for(state="hidden")
    notebook.focus()
    size = notebook.look()["formula"]["size"]
    notebook.press(*"pfotnsl?+b", "Shift+C")
    notebook.press("ArrowRight")
    notebook.until(STEP + 1)
    notebook.press("ArrowLeft")
    notebook.until(STEP)
    notebook.press(" ")
    notebook.says(notebook.find(".bppviz-play"), SAID["control.pause"])
    notebook.press(" ")
    notebook.says(notebook.find(".bppviz-play"), SAID["control.play"])
    assert (notebook.look()["formula"]["size"], notebook.look()["lang"]) == (size, "en")
    assert notebook.cells() == 3  # nor do they reach JupyterLab
    assert notebook.page.locator(".bppviz [aria-expanded=true]:not([role=treeitem])").count() == 0
    assert not keys.is_visible()
    assert not has(notebook, "bppviz-is-blank")
    notebook.open("weights")
    notebook.find(".bppviz-panel-weights .bppviz-close").focus()
    notebook.press("Escape")
    notebook.eventually(lambda: not has(notebook, "bppviz-has-weights"))
    box = letters()
    assert not box.is_checked()
    box.check()
    notebook.press("Escape")
    keys.wait_for(state="hidden")
    notebook.focus()
    notebook.press("l")
    notebook.eventually(lambda: notebook.look()["lang"] == "zh-TW")
    notebook.press("l")
    notebook.eventually(lambda: notebook.look()["lang"] == "en")


def test_no_key_reaches_jupyterlab_and_a_field_or_list_keeps_its_own(notebook):
    notebook.open("weights")
    field = notebook.find(".bppviz-exact.bppviz-at-w-2-0-0 input")
    notebook.find("button.bppviz-show-steps").click()
    for part in (".bppviz-speed select", ".bppviz-stage", "button.bppviz-last", ".bppviz-at-w-2-0-0 .noUi-handle"):
        notebook.find(part).focus()
        notebook.press(*"adxzmjk0", "Shift+M", "Enter" if part == ".bppviz-stage" else "v")
        assert notebook.cells() == 3
        notebook.open("weights")  # D and M are keys of other panels
    field.focus()
    notebook.press("ControlOrMeta+a", *"1-1")  # a minus types, and makes nothing smaller
    assert notebook.look()["scale"] > 0
    notebook.press("ControlOrMeta+a", *"2.5", "Home", "End", "Enter")
    handle = notebook.find(".bppviz-at-w-2-0-0 .noUi-handle")
    notebook.eventually(lambda: float(handle.get_attribute("aria-valuenow")) == 2.5)
    assert notebook.step() == STEP
    handle.focus()
    notebook.press("ArrowRight")
    notebook.eventually(lambda: field.input_value() == "2.55")
    assert notebook.step() == STEP


def test_a_key_with_control_stays_jupyterlab_s(notebook):
    dirty = notebook.page.locator(".lm-TabBar-tab.jp-mod-dirty")
    notebook.run(2, "2")
    notebook.eventually(lambda: dirty.count() > 0)
    notebook.focus()
    notebook.press("ArrowRight", "p")
    field = notebook.find(".bppviz-answer")
    field.wait_for()
    field.press("ControlOrMeta+s")
    notebook.eventually(lambda: not dirty.count())
    notebook.focus()
    notebook.press("p")


def test_keys_outside_of_the_widget_are_jupyterlab_s(notebook):
    notebook.cell(2).locator(".cm-content").click()
    notebook.press("Escape", "b")
    notebook.eventually(lambda: notebook.cells() == 4)
    notebook.press("d", "d")
    notebook.eventually(lambda: notebook.cells() == 3)
    assert not has(notebook, "bppviz-is-blank")


def test_tab_goes_through_in_order_with_the_focus_in_sight_and_out_again(notebook):
    notebook.open("weights")
    notebook.page.evaluate("globalThis.before = null")
    notebook.find("button.bppviz-first").focus()
    names = []
    while notebook.page.evaluate(GOES_ON):
        assert not names or notebook.page.evaluate(OUTLINED), focused(notebook)
        names.append(focused(notebook))
        notebook.press("Tab")
    names = " ".join(names)
    parts = ["first", "next", "scrub", "show-steps", "stage", "show-training", "show-settings", "help", "weight"]
    for name in parts:
        assert f"bppviz-{name}" in names
    assert notebook.page.evaluate("!document.activeElement.closest('.bppviz')")
    notebook.press("Shift+Tab")
    assert notebook.page.evaluate("document.activeElement === before")


def test_playing_pauses_after_each_phase_when_asked(notebook):
    ends = [4 * 3 - 1, 12, 30, LAST]
    notebook.find("button.bppviz-show-steps").click()
    notebook.find(".bppviz-by-phase input").check()
    notebook.choose("speed", "4×")
    notebook.press("Escape")
    notebook.stop_time()
    notebook.focus()
    notebook.press("Home")
    for end in ends:
        notebook.press(" ")
        notebook.pass_time(18)
        assert notebook.step() == end
        assert notebook.find(".bppviz-play").text_content() == SAID["control.play"]
    notebook.resume_time()


def test_say_it_again_shows_how_the_step_comes_about_and_stays_there(notebook):
    (stop,) = (stop for stop in walk(lecture()) if stop.last == STEP)
    used = len(emphasised(lecture(), stop).operands)
    assert notebook.page.locator(".bppviz-pulse").count() == 0
    sentence = notebook.find(".bppviz-spoken").text_content()
    notebook.page.evaluate(
        "() => { globalThis.said = []; new MutationObserver(() => said.push(document.querySelector('.bppviz-spoken')"
        ".textContent)).observe(document.querySelector('.bppviz-spoken'), { childList: true }); }"
    )
    notebook.press("r")
    notebook.eventually(lambda: notebook.page.locator(".bppviz-pulse").count() == used + 1)  # and the result
    notebook.eventually(lambda: notebook.page.evaluate("globalThis.said") == ["", sentence])
    assert notebook.step() == STEP
    groups = "[...document.querySelectorAll('.bppviz-pulse')].map((it) => it.childElementCount)"
    for step in (STEP, lecture().step_of("dl_dw", 2, 0, 0)):
        notebook.python(f"e.step = {step}")
        notebook.until(step)
        notebook.focus()
        notebook.press("r")
        notebook.eventually(lambda: (counts := notebook.page.evaluate(groups)) and min(counts) > 0)
    notebook.press("r", "p")  # the result that is asked for is not told
    notebook.find(".bppviz-answer").wait_for()
    notebook.page.wait_for_timeout(700)
    asked = SAID["quiz.ask"].split("{")[0]
    assert asked in notebook.find(".bppviz-spoken").text_content()
    notebook.focus()
    notebook.press("p")


def test_a_click_on_a_number_of_the_formula_explains_it(notebook):
    number = notebook.find(".bppviz-substituted [data-at^='dl_da-2-0 ']")
    step = int(number.get_attribute("data-at").split()[1])
    number.hover()
    notebook.eventually(lambda: notebook.page.locator(".bppviz-pointed circle").count() == 1)
    number.click()
    notebook.until(step)
    event = lecture()[step]
    assert (event.quantity, event.layer, event.unit) == ("dl_da", 2, 0)
    notebook.press("Home")
    notebook.until(0)
    notebook.find(".bppviz-substituted [data-at='x-0-0 -1']").click()
    notebook.page.mouse.move(0, 0)
    notebook.eventually(lambda: notebook.page.locator(".bppviz-marks > circle").count() == 1)
    assert notebook.step() == 0


def test_a_step_is_announced_once_as_a_whole_sentence_without_symbols(notebook):
    spoken = notebook.page.locator(".bppviz [aria-live=polite]")
    assert spoken.count() == 1
    assert notebook.page.locator(".bppviz-sentence[aria-live]").count() == 0
    notebook.page.evaluate(
        "() => { globalThis.said = []; new MutationObserver((changes) => said.push(...changes.map(({ target }) =>"
        " target.textContent))).observe(document.querySelector('.bppviz-spoken'), { childList: true }); }"
    )
    notebook.press("ArrowRight")
    notebook.until(STEP + 1)
    notebook.settled()
    (said,) = notebook.page.evaluate("globalThis.said")
    assert said.startswith(f"Step {STEP + 2} of {LAST + 1}, Backward. the derivative of l by ")
    assert not set(said) & set("∂σ′Σ₁₂₃₄₅₆×−=")
    label = notebook.page.locator(".bppviz-formula math, .bppviz-substituted math")
    assert all(label.nth(i).get_attribute("alttext") for i in range(label.count()))
