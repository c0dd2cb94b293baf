"""The surface at 200 %, where 1280 × 720 pixels have room for 640 × 360: with a panel open all is reached."""

import pytest
from lab import Notebook
from pages import QUIET, went_wrong
from surface import lost, opened

from bppviz.page.surface import TABS
from bppviz.words.catalogue import LANGUAGES

WIDE_TABLES = ("table", "check")  # which are scrolled sideways within their panel
BEGIN = """() => {
  globalThis.bppvizReached = new Set();
  document.querySelector(".bppviz-first").focus();
}"""
# Whether the focus is in the widget and, if so, what has it and cannot be seen: what else is where it should be.
REACH = """() => {
  const it = document.activeElement;
  if (!document.querySelector(".bppviz").contains(it)) return [false, ""];
  bppvizReached.add(it);
  const outer = document.querySelector(".jp-WindowedPanel-outer");
  const [own, place] = [it, outer].map((part) => part.getBoundingClientRect());
  const middle = (from, to) => (Math.max(own[from], place[from]) + Math.min(own[to], place[to])) / 2;
  const found = document.elementFromPoint(middle("left", "right"), middle("top", "bottom"));
  const isSeen = own.bottom > place.top && own.top < place.bottom && it.contains(found);
  return [true, isSeen ? "" : `${it.outerHTML} is behind ${found?.outerHTML}`];
}"""
# Every control that can have the focus and has not had it; of radio buttons the one that is chosen is for all.
MISSED = """() => [...document.querySelectorAll(".bppviz :is(button, select, input, .noUi-handle)")]
  .filter((it) => it.checkVisibility() && it.tabIndex >= 0 && !it.disabled && (it.type !== "radio" || it.checked))
  .filter((it) => !bppvizReached.has(it)).map((it) => it.outerHTML)"""


@pytest.fixture(scope="module", params=LANGUAGES)
def shared(request, browser, lab):
    """The lecture's network on a screen with two pixels for each; at the end nothing may have gone wrong."""
    page = browser.new_page(viewport={"width": 1280, "height": 720}, device_scale_factor=2, locale="en-US")
    notebook = Notebook(lab, page, [f"import bppviz\nbppviz.explain(step=21, lang={request.param!r})"]).run_all()
    yield notebook
    notebook.close()
    assert went_wrong(notebook) == QUIET


@pytest.fixture(params=[True, False], ids=["beside the file browser", "alone"])
def zoomed(request, shared):
    """The same at 200 %, with the file browser open or not."""
    shared.page.set_viewport_size({"width": 1280, "height": 720})
    files = shared.page.locator(".jp-FileBrowser")
    if files.is_visible() != request.param:
        shared.menu("View", "Appearance", "Show Left Sidebar")
        files.wait_for(state="visible" if request.param else "hidden")
    shared.page.set_viewport_size({"width": 640, "height": 360})
    shared.focus()
    return shared


def test_with_any_panel_open_nothing_is_cut_off(zoomed):
    for panel in TABS:
        surface = opened(zoomed, panel)
        assert (panel, lost(surface)) == (panel, [])
        assert surface["hidden"][0] == 0 or panel in WIDE_TABLES, panel


def test_every_control_is_reached_with_the_keyboard_and_the_focus_is_in_sight_there_and_back(zoomed):
    for panel in TABS:
        opened(zoomed, panel)
        zoomed.page.evaluate(BEGIN)
        for key in ("Tab", "Shift+Tab"):
            walk_through(zoomed, key)
            assert zoomed.page.evaluate(MISSED) == [], (panel, key)
            zoomed.page.evaluate("bppvizReached.clear()")


def walk_through(notebook, key):
    """Press a key until the focus is out of the widget, and then have it back."""
    back = {"Tab": "Shift+Tab", "Shift+Tab": "Tab"}[key]
    is_within = True
    while is_within:
        is_within, hidden = notebook.page.evaluate(REACH)
        assert hidden == ""
        notebook.press(key)
    notebook.press(back, back)
