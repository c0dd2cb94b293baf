"""Walking in JupyterLab: by buttons, keys and scrubber, in steps of every size, and what Python knows of it."""

import pytest
from faults import report
from networks import lecture

from bppviz.core.walk import GRANULARITIES, first_known, walk
from bppviz.words.catalogue import catalogue, words
from bppviz.words.formula import latex
from bppviz.words.sentences import Narrator

LAST = len(lecture()) - 1
OTHERS = [name for name in GRANULARITIES if name != "equation"]  # that walk has tests of its own
SHORTCUTS = ("b", "a", "x", "d", "d", "z", "m", "Shift+m", "Escape", "l", "k", "Shift+l", "0", "0")


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    return open_shared_notebook("import bppviz\n\ne = bppviz.explain()\ne", "print(e.step)").run_all()


@pytest.fixture
def notebook(shared):
    """The lecture's network, not yet walked through."""
    shared.choose("granularity", "equation")
    shared.focus()
    shared.press("Home")
    shared.until(0)
    return shared


# Buttons


def test_the_buttons_go_to_the_first_the_last_the_next_and_the_step_before(notebook):
    steps = []
    for button in ("next", "next", "back", "last", "back", "next", "next", "first", "back", "next"):
        notebook.find(f".bppviz-{button}").click(force=True)  # at an end of the walk, too
        notebook.settled()
        steps.append(notebook.step())
    assert steps == [1, 2, 1, LAST, LAST - 1, LAST, LAST, 0, 0, 1]


# Keys


def test_the_keys_walk_where_the_stage_has_the_focus(notebook):
    notebook.focus()
    steps = []
    for key in (
        "ArrowRight",
        "ArrowRight",
        "ArrowLeft",
        "End",
        "ArrowLeft",
        "ArrowRight",
        "ArrowRight",
        "Home",
        "ArrowLeft",
    ):
        notebook.press(key)
        notebook.settled()
        steps.append(notebook.step())
    assert steps == [1, 2, 1, LAST, LAST - 1, LAST, LAST, 0, 0]


def test_space_plays_and_pauses_on_the_stage_and_on_the_button(notebook):
    play = notebook.find(".bppviz-play")
    for focused in (notebook.find(".bppviz-stage"), play):
        focused.focus()
        notebook.press(" ")
        notebook.says(play, catalogue("en")["control.pause"])
        notebook.press(" ")
        notebook.says(play, catalogue("en")["control.play"])


def test_the_arrows_walk_after_a_click_on_a_button(notebook):
    notebook.find(".bppviz-next").click()
    notebook.press("ArrowRight", "ArrowRight", "ArrowLeft")
    notebook.until(2)


def test_keys_held_down_walk_one_step_at_a_time_and_lose_none(notebook):
    notebook.focus()
    notebook.press(*["ArrowRight"] * 30)
    notebook.until(30)
    notebook.press(*["ArrowLeft"] * 12)
    notebook.until(18)


def test_the_keys_that_walk_do_not_scroll_the_notebook(notebook):
    notebook.focus()
    place = "stage => stage.getBoundingClientRect().top"
    before = notebook.find(".bppviz-stage").evaluate(place)
    notebook.press("End", "Home", " ", " ", "ArrowRight")
    notebook.until(1)
    assert notebook.find(".bppviz-stage").evaluate(place) == before


@pytest.mark.parametrize(
    "place", [".bppviz-stage", ".bppviz-next", ".bppviz-play", ".bppviz-scrub .noUi-handle", ".bppviz-show-steps"]
)
def test_no_shortcut_of_jupyterlab_fires_where_something_of_the_widget_has_the_focus(notebook, place):
    def state():
        return notebook.cells(), notebook.prompt(0), notebook.prompt(1), notebook.page.locator(".bppviz").count()

    before = state()
    focused = notebook.find(place)
    focused.focus()
    for key in SHORTCUTS:
        notebook.press(key)
        assert focused.evaluate("it => it === document.activeElement"), key
    assert state() == before
    notebook.run(0)  # those keys that are the widget's have been heard
    notebook.painted()


def test_a_shortcut_with_control_still_reaches_jupyterlab(notebook):
    saying = "print('saved from inside the widget')"
    notebook.run(1, saying)
    notebook.find(".bppviz-next").click()
    notebook.press("Control+s")
    notebook.eventually(lambda: saying in (notebook.lab.root / notebook.name).read_text(encoding="utf-8"))


# The scrubber


def drag(notebook, share):
    """Drag the handle of the scrubber to this share of its way, and return where it is left, as a share."""
    mouse, handle = notebook.page.mouse, notebook.find(".bppviz-scrub .noUi-handle").bounding_box()
    base = notebook.find(".bppviz-scrub .noUi-base").bounding_box()
    y = handle["y"] + handle["height"] / 2
    mouse.move(handle["x"] + handle["width"] / 2, y)
    mouse.down()
    mouse.move(base["x"] + share * base["width"], y, steps=8)
    mouse.up()
    notebook.settled()
    handle = notebook.find(".bppviz-scrub .noUi-handle").bounding_box()
    return (handle["x"] + handle["width"] / 2 - base["x"]) / base["width"]


def test_the_scrubber_is_dragged_to_any_step_and_stays_where_it_is_left(notebook):
    for share in (0.5, 0.75, 0.2, 1, 0):
        left_at = drag(notebook, share)
        assert notebook.step() == pytest.approx(share * LAST, abs=1)
        assert left_at == pytest.approx(notebook.step() / LAST, abs=0.01)


def test_the_scrubber_follows_every_other_way_of_walking(notebook):
    notebook.focus()
    for key, step in (("End", LAST), ("ArrowLeft", LAST - 1), ("Home", 0), ("ArrowRight", 1)):
        notebook.press(key)
        notebook.until(step)
        assert notebook.find(".bppviz-scrub .noUi-handle").get_attribute("aria-valuenow") == f"{step}.0"


# Steps of every size


@pytest.mark.parametrize("granularity", OTHERS)
def test_every_walk_stops_where_it_should_there_and_back_and_can_be_read(notebook, granularity):
    trace = lecture()
    narrator, stops = Narrator(trace), walk(trace, granularity)
    notebook.choose("granularity", granularity)
    notebook.focus()
    notebook.press("Home")
    there = []
    for i, stop in enumerate(stops, 1):
        notebook.at(i, len(stops))
        there.append(notebook.look(stop.last))
        notebook.press("ArrowRight")
    told = [(narrator.sentence(stop, words("en")), *map(latex, narrator.both(stop))) for stop in stops]
    assert [
        (look["sentence"]["text"], look["formula"]["latex"], look["substituted"]["latex"]) for look in there
    ] == told
    for i, stop in reversed(list(enumerate(stops, 1))):
        notebook.at(i, len(stops))
        assert notebook.step() == stop.last
        notebook.press("ArrowLeft")
    found = report({f"stop {i}": look for i, look in enumerate(there)})
    assert not found, found


def test_another_size_of_step_stops_where_that_walk_stops_next(notebook):
    notebook.focus()
    notebook.press(*["ArrowRight"] * 20)
    notebook.until(20)
    for granularity in ("term", "neuron", "vector", "layer", "equation", "pass"):
        notebook.choose("granularity", granularity)
        stops = walk(lecture(), granularity)
        place = first_known(lecture(), stops, 20)
        notebook.at(place + 1, len(stops))
        notebook.until(stops[place].last)


# What Python knows


def test_larger_steps_and_back_lead_to_where_one_was_unless_one_has_moved(notebook):
    def size(key, *steps):
        for step in steps:
            notebook.press(key)
            notebook.until(step)

    def stands(place, of):
        notebook.at(place, of)

    notebook.focus()
    notebook.press("Home", *["ArrowRight"] * 22)
    notebook.until(22)
    size("ArrowUp", 24, 22, 24, 30)
    size("ArrowDown", 24, 22, 24, 22)
    notebook.press("ArrowDown", "ArrowLeft")  # within a sum
    stands(37, 66)
    notebook.press(*["ArrowUp"] * 5)
    stands(3, 4)
    notebook.press(*["ArrowDown"] * 5)
    stands(37, 66)
    notebook.choose("granularity", "pass")
    stands(3, 4)
    notebook.choose("granularity", "term")
    stands(37, 66)
    notebook.focus()
    notebook.press("ArrowUp", "ArrowUp")
    stands(11, 19)
    notebook.press("ArrowRight", "ArrowLeft", "ArrowDown")  # who has moved begins where that led to
    stands(25, 49)


def test_python_knows_the_step_that_is_shown(notebook):
    notebook.focus()
    notebook.press("End", "ArrowLeft", "ArrowLeft")
    notebook.until(LAST - 2)
    notebook.prints("print(e.step)", str(LAST - 2))
    drag(notebook, 0.3)
    notebook.prints("print(e.step)", str(notebook.step()))


@pytest.mark.parametrize("granularity", OTHERS)
def test_python_knows_the_step_that_is_shown_in_a_walk_by_other_steps(notebook, granularity):
    notebook.choose("granularity", granularity)
    notebook.focus()
    notebook.press("Home", "ArrowRight", "ArrowRight")
    notebook.at(3, len(walk(lecture(), granularity)))
    notebook.prints("print(e.step)", str(notebook.step()))
    drag(notebook, 0.55)
    notebook.prints("print(e.step)", str(notebook.step()))


def test_python_shows_another_step(notebook):
    assert notebook.run(1, "e.step = 12\nprint(e.step)") == "12"
    notebook.until(12)
    notebook.run(1, "e.step = -1")
    notebook.until(LAST)
    notebook.focus()
    notebook.press("ArrowLeft")
    notebook.until(LAST - 1)
    notebook.prints("print(e.step)", str(LAST - 1))


def test_a_step_that_the_trace_does_not_have_is_refused_in_words(notebook):
    said = notebook.run(1, "e.step = 99")
    assert "IndexError: step 99 of a trace with 49 steps; they count from 0 to 48." in said
    assert notebook.step() == 0
