"""The control surface in JupyterLab: how much of it there is at first sight, and that all that is opened is in sight.

The bounds are those that the design was drawn with: for a laptop with the file browser open, and a screen without.
"""

from typing import NamedTuple

import pytest
from surface import closed, lost, measured, opened, still

from bppviz.page.surface import TABS
from bppviz.words.catalogue import LANGUAGES

MOST_CONTROLS, LEAST_TEXT = 19, 12
CELLS = "explain(step=21, lang={lang!r})", "explain(None, *samples('lecture'), lang={lang!r})"
READ = ("table", "matrices", "why", "check", "code")  # the panels that can be looked at while something is asked for


class Screen(NamedTuple):
    """A window, whether the file browser is open in it, how wide a widget is there, and how high it may be."""

    size: tuple[int, int]
    is_browsing: bool
    width: int
    at_rest: int
    with_panel: int


LAPTOP = Screen((1280, 720), True, 848, 560, 599)
NARROW = Screen((1024, 768), True, 592, 600, 647)
WIDE = Screen((1440, 900), False, 1260, 780, 780)
SCREENS = [LAPTOP, NARROW, Screen((1440, 900), True, 1008, 780, 780), WIDE]


@pytest.fixture(scope="module", params=LANGUAGES)
def shared(request, open_shared_notebook):
    """The lecture's network at a step that has much to say, and below it the same with several samples."""
    cells = [f"from bppviz import explain, samples\n{cell.format(lang=request.param)}" for cell in CELLS]
    notebook = open_shared_notebook(*cells, size=LAPTOP.size).run_all()
    notebook.painted(1)
    return notebook


@pytest.fixture
def laptop(shared):
    """The same with nothing open, on a small screen with the file browser beside it."""
    return at_rest(shared, LAPTOP)


@pytest.fixture
def wide(shared):
    """The same on a larger screen, with nothing beside it."""
    return at_rest(shared, WIDE)


def at_rest(notebook, screen):
    """Show the notebook in such a window, with no panel open."""
    notebook.page.set_viewport_size(dict(zip(("width", "height"), screen.size, strict=True)))
    files = notebook.page.locator(".jp-FileBrowser")
    if files.is_visible() != screen.is_browsing:
        notebook.menu("View", "Appearance", "Show Left Sidebar")
        files.wait_for(state="visible" if screen.is_browsing else "hidden")
    for stage in (0, 1):
        closed(notebook, stage)
    notebook.focus()
    assert still(notebook.page)["width"] == pytest.approx(screen.width, abs=8)
    return notebook


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: str(screen.width))
def test_at_first_sight_there_are_a_picture_a_formula_a_sentence_and_few_controls(shared, screen):
    surface = still(at_rest(shared, screen).page)
    assert len(surface["controls"]) <= MOST_CONTROLS, surface["controls"]
    assert surface["height"] <= min(screen.at_rest, surface["room"])
    assert (surface["panels"], surface["popovers"], lost(surface)) == (0, 0, [])
    assert surface["text"] >= LEAST_TEXT


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: str(screen.width))
def test_with_any_panel_open_all_of_the_widget_fits_into_what_is_in_sight(shared, screen):
    notebook = at_rest(shared, screen)
    for panel in TABS:
        surface = opened(notebook, panel)
        assert surface["height"] <= min(screen.with_panel, surface["room"]), panel
        assert (panel, surface["panels"], lost(surface)) == (panel, 1, [])
        assert surface["text"] >= LEAST_TEXT, panel


def test_below_the_picture_a_panel_is_high_enough_to_work_in(laptop):
    for panel in TABS:
        surface = opened(laptop, panel)
        assert surface["panel"]["top"] >= surface["tabs"]["bottom"] - 1
        assert surface["panel"]["height"] >= (150 if panel != "predict" else 30), panel  # whose field is in the formula
        assert surface["hidden"] == [0, 0] or panel == "why", panel


def test_with_several_samples_nothing_of_a_training_has_to_be_scrolled(laptop):
    surface = opened(laptop, "training", 1)
    assert surface["height"] <= min(LAPTOP.with_panel, surface["room"])
    assert (surface["hidden"], lost(surface)) == ([0, 0], [])


def test_a_panel_that_is_looked_at_while_something_is_asked_fits_into_what_is_in_sight_with_the_question(laptop):
    opened(laptop, "predict")
    for panel in READ:
        surface = opened(laptop, panel)
        assert laptop.find(".bppviz-is-asking .bppviz-answer").is_visible()
        assert surface["height"] <= min(LAPTOP.with_panel, surface["room"]), panel
        assert (panel, lost(surface)) == (panel, [])
        assert surface["panel"]["height"] >= 110, panel


def test_on_a_larger_screen_a_panel_stands_beside_the_picture_and_nothing_moves_from_one_to_the_next(wide):
    places = {}
    for panel in TABS:
        surface = opened(wide, panel)
        assert surface["panel"]["left"] >= surface["stage"]["right"], panel
        assert surface["hidden"] == [0, 0], panel
        places[panel] = (surface["tabs"], surface["picture"])
    assert places["predict"][1] == places["weights"][1]  # but for the tabs: its words are lower by its field
    assert len({str(place) for panel, place in places.items() if panel != "predict"}) == 1


def test_one_panel_and_one_popover_are_open_at_a_time_and_escape_closes_what_was_opened_last(laptop):
    opened(laptop, "table")
    assert opened(laptop, "check")["panels"] == 1
    laptop.find("button.bppviz-show-settings").click()
    laptop.eventually(lambda: measured(laptop.page)["popovers"] == 1)
    laptop.focus()
    laptop.press("o")
    laptop.find(".bppviz-pop-steps.bppviz-is-up").wait_for()
    assert measured(laptop.page)["popovers"] == 1
    laptop.press("Escape")
    laptop.eventually(lambda: measured(laptop.page)["popovers"] == 0)
    assert measured(laptop.page)["panels"] == 1
    assert laptop.page.evaluate("document.activeElement.matches('.bppviz-show-steps')")
    laptop.press("Escape")
    laptop.eventually(lambda: measured(laptop.page)["panels"] == 0)


def test_a_click_beside_a_popover_closes_it(laptop):
    laptop.find("button.bppviz-show-steps").click()
    laptop.eventually(lambda: measured(laptop.page)["popovers"] == 1)
    laptop.find(".bppviz-sentence").click()
    laptop.eventually(lambda: measured(laptop.page)["popovers"] == 0)


def test_every_tab_has_a_key_and_the_same_key_closes_it(laptop):
    for panel, key in zip(TABS, "cptnmygd", strict=True):
        for expanded in ("true", "false"):
            laptop.focus()
            laptop.press(key)
            tab = laptop.find(f"button.bppviz-show-{panel}")
            laptop.eventually(lambda tab=tab, expanded=expanded: tab.get_attribute("aria-expanded") == expanded)
            if (panel, expanded) == ("predict", "true"):  # a question takes the focus when it comes, and then the keys
                laptop.find(".bppviz-quiz :is(.bppviz-answer, .bppviz-option):focus").wait_for()


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
