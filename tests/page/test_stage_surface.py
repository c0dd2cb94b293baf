"""The control surface in JupyterLab: how much of it there is at first sight, and that all that is opened is in sight.

The bounds are those that the design was drawn with: for a laptop with the file browser open, and a screen without.
"""

import pytest

from bppviz.page.surface import TABS
from bppviz.words.catalogue import LANGUAGES

LAPTOP, WIDE = (1280, 720), (1440, 900)
MOST_CONTROLS, MOST_HEIGHT, LEAST_TEXT = 16, 560, 12
SURFACE = """() => {
  const box = document.querySelector(".bppviz");
  const within = (selector) => [...box.querySelectorAll(selector)].filter((it) => it.checkVisibility());
  const rect = (it) => it?.getBoundingClientRect().toJSON();
  const { right, width, height } = rect(box);
  const [panel, ...others] = within(".bppviz-panel");
  const laid = within("*").filter((it) => !it.closest("svg, math, .bppviz-scroll, .bppviz-panel"));
  return {
    controls: within("button, select, input, .noUi-handle").map((it) => it.closest("[class*=bppviz-]").className),
    width, height, room: document.querySelector(".jp-WindowedPanel-outer").clientHeight,
    tabs: rect(within(".bppviz-tabs")[0]), stage: rect(within(".bppviz-stage")[0]),
    picture: rect(within(".bppviz-picture")[0]),
    panel: rect(panel), panels: Number(Boolean(panel)) + others.length, popovers: within(".bppviz-pop").length,
    beyond: laid.filter((it) => it.getClientRects().length && rect(it).right > right + 1).map((it) => it.className),
  };
}"""


@pytest.fixture(scope="module", params=LANGUAGES)
def shared(request, open_shared_notebook):
    """The lecture's network at a step that has much to say."""
    cell = f"from bppviz import explain\nexplain(step=27, lang={request.param!r})"
    return open_shared_notebook(cell, size=LAPTOP).run_all()


@pytest.fixture
def laptop(shared):
    """The same with nothing open, on a small screen with the file browser beside it."""
    return at_rest(shared, LAPTOP, is_browsing=True)


@pytest.fixture
def wide(shared):
    """The same on a larger screen, with nothing beside it."""
    return at_rest(shared, WIDE, is_browsing=False)


def at_rest(notebook, size, *, is_browsing):
    notebook.page.set_viewport_size({"width": size[0], "height": size[1]})
    files = notebook.page.locator(".jp-FileBrowser")
    if files.is_visible() != is_browsing:
        notebook.menu("View", "Appearance", "Show Left Sidebar")
        files.wait_for(state="visible" if is_browsing else "hidden")
    for tab in notebook.page.locator('.bppviz-tabs [aria-expanded="true"]').all():
        tab.click()
    notebook.eventually(lambda: notebook.page.evaluate(SURFACE)["panels"] == 0)
    notebook.focus()
    return notebook


def opened(notebook, panel):
    """Open a panel by its tab, and return the surface once it is filled and stands still."""
    notebook.open(panel)
    if panel != "predict":
        notebook.find(f".bppviz-panel-{panel} :is(table, .main-svg)").wait_for()
    looks = [{}, notebook.page.evaluate(SURFACE)]
    while looks[-1] != looks[-2]:
        notebook.page.wait_for_timeout(200)
        looks.append(notebook.page.evaluate(SURFACE))
    return looks[-1]


def test_at_first_sight_there_are_a_picture_a_formula_a_sentence_and_few_controls(laptop):
    surface = laptop.page.evaluate(SURFACE)
    assert len(surface["controls"]) <= MOST_CONTROLS, surface["controls"]
    assert surface["height"] <= MOST_HEIGHT
    assert (surface["panels"], surface["popovers"], surface["beyond"]) == (0, 0, [])
    assert min(label["size"] for label in laptop.look()["labels"]) >= LEAST_TEXT


@pytest.mark.parametrize("panel", TABS)
def test_on_a_laptop_all_of_the_widget_is_in_sight_with_any_panel_open(laptop, panel):
    surface = opened(laptop, panel)
    assert surface["height"] <= surface["room"]
    assert surface["panel"]["height"] >= min(160, surface["panel"]["height"])
    assert (surface["panels"], surface["beyond"]) == (1, [])
    assert surface["panel"]["top"] >= surface["tabs"]["bottom"] - 1
    assert min(label["size"] for label in laptop.look()["labels"]) >= LEAST_TEXT


def test_on_a_larger_screen_a_panel_stands_beside_the_picture_and_nothing_moves_from_one_to_the_next(wide):
    places = {}
    for panel in TABS:
        surface = opened(wide, panel)
        assert surface["height"] <= surface["room"], panel
        assert surface["panel"]["left"] >= surface["stage"]["right"], panel
        assert surface["beyond"] == [], panel
        places[panel] = (surface["tabs"], surface["picture"])
    assert places["predict"][1] == places["weights"][1]  # but for the tabs: its words are lower by its field
    assert len({str(place) for panel, place in places.items() if panel != "predict"}) == 1


def test_one_panel_and_one_popover_are_open_at_a_time_and_escape_closes_what_was_opened_last(laptop):
    opened(laptop, "table")
    assert opened(laptop, "check")["panels"] == 1
    laptop.find("button.bppviz-show-settings").click()
    laptop.eventually(lambda: laptop.page.evaluate(SURFACE)["popovers"] == 1)
    laptop.focus()
    laptop.press("o")
    laptop.find(".bppviz-pop-steps.bppviz-is-up").wait_for()
    assert laptop.page.evaluate(SURFACE)["popovers"] == 1
    laptop.press("Escape")
    laptop.eventually(lambda: laptop.page.evaluate(SURFACE)["popovers"] == 0)
    assert laptop.page.evaluate(SURFACE)["panels"] == 1
    assert laptop.page.evaluate("document.activeElement.matches('.bppviz-show-steps')")
    laptop.press("Escape")
    laptop.eventually(lambda: laptop.page.evaluate(SURFACE)["panels"] == 0)


def test_a_click_beside_a_popover_closes_it(laptop):
    laptop.find("button.bppviz-show-steps").click()
    laptop.eventually(lambda: laptop.page.evaluate(SURFACE)["popovers"] == 1)
    laptop.find(".bppviz-sentence").click()
    laptop.eventually(lambda: laptop.page.evaluate(SURFACE)["popovers"] == 0)


def test_every_tab_has_a_key_and_the_same_key_closes_it(laptop):
    for panel, key in zip(TABS, "cptnyg", strict=True):
        for expanded in ("true", "false"):
            laptop.focus()
            laptop.press(key)
            tab = laptop.find(f"button.bppviz-show-{panel}")
            laptop.eventually(lambda tab=tab, expanded=expanded: tab.get_attribute("aria-expanded") == expanded)


def test_keys_undo_and_redo_wherever_the_focus_is_but_in_a_field(laptop):
    laptop.open("weights")
    field = laptop.find(".bppviz-exact.bppviz-at-w-1-0-0 input")
    field.fill("2.5")
    field.press("Enter")
    shown = laptop.find(".bppviz-at-w-1-0-0 .noUi-handle")
    laptop.eventually(lambda: float(shown.get_attribute("aria-valuenow")) == 2.5)
    for keys, number in (("ControlOrMeta+z", 1), ("ControlOrMeta+Shift+z", 2.5), ("ControlOrMeta+z", 1)):
        laptop.focus()
        laptop.press(keys)
        laptop.eventually(lambda number=number: float(shown.get_attribute("aria-valuenow")) == number)
