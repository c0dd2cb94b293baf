"""Playing in JupyterLab, with the page's clock in the test's hand; and several views and widgets in one page."""

import pytest
from networks import lecture

from bppviz.core.walk import walk
from bppviz.words.catalogue import catalogue

PLAY, PAUSE = (catalogue("en")[f"control.{name}"] for name in ("play", "pause"))

LAST = len(lecture()) - 1
ONE = "import bppviz\n\nshown = []"
SHOW = "shown.append(bppviz.explain())\nshown[-1]"


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    notebook = open_shared_notebook(ONE, SHOW, "None")
    notebook.run(0)
    return notebook


@pytest.fixture
def notebook(shared):
    """The lecture's network, not yet walked through, in a page whose time stands still."""
    shared.run(1)
    shared.painted()
    shared.stop_time()
    yield shared
    shared.resume_time()
    if shared.page.locator(".bppviz-stage").count() > 1:
        shared.run(2, "None")


def says(notebook, stage=0):
    return notebook.find(".bppviz-play", stage).text_content()


def test_play_walks_to_the_end_and_stops_there_and_then_plays_from_the_beginning(notebook):
    stops = [stop.last for stop in walk(lecture(), "layer")]
    notebook.choose("granularity", "layer")
    notebook.focus()
    notebook.press("Home")
    for _ in range(2):
        notebook.find(".bppviz-play").click()
        seen = []
        for _ in range(200):
            notebook.pass_time(0.1)
            seen += [notebook.step()] if seen[-1:] != [notebook.step()] else []
        assert seen[seen[0] == LAST :] == stops
        assert says(notebook) == PLAY


def test_speed_is_how_many_steps_are_played_in_a_time(notebook):
    played = {}
    for speed in ("0.5×", "1×", "2×", "4×"):
        notebook.choose("speed", speed)
        notebook.focus()
        notebook.press("Home", " ")
        notebook.pass_time(12)
        notebook.press(" ")
        played[speed] = notebook.step()
    assert played["1×"] in range(6, 13)
    assert [played[speed] for speed in played] == pytest.approx(
        [share * played["1×"] for share in (0.5, 1, 2, 4)], abs=3
    )


def test_pause_stops_playing(notebook):
    notebook.find(".bppviz-play").click()
    notebook.pass_time(5)
    assert says(notebook) == PAUSE
    notebook.find(".bppviz-play").click()
    assert says(notebook) == PLAY
    before = notebook.step()
    notebook.pass_time(20)
    assert notebook.step() == before in range(2, 6)


@pytest.mark.parametrize("control", ["back", "next", "first", "last"])
def test_walking_by_hand_stops_playing(notebook, control):
    notebook.find(".bppviz-play").click()
    notebook.pass_time(5)
    before = notebook.step()
    notebook.find(f".bppviz-{control}").click()
    notebook.pass_time(20)
    assert notebook.step() == {"back": before - 1, "next": before + 1, "first": 0, "last": LAST}[control]
    assert says(notebook) == PLAY


def test_another_speed_language_or_theme_does_not_stop_playing(notebook):
    notebook.find(".bppviz-play").click()
    notebook.pass_time(3)
    notebook.choose("speed", "4×")
    notebook.choose("language", "繁體中文")
    notebook.choose("theme", "深色")
    notebook.choose("granularity", "逐層")
    notebook.pass_time(30)
    assert notebook.step() == LAST


def test_two_views_of_one_widget_agree_and_play_no_faster_than_one(notebook):
    notebook.resume_time()
    notebook.run(2, "shown[-1]")
    notebook.painted(1)
    notebook.stop_time()
    for stage, other in ((0, 1), (1, 0)):
        notebook.focus(stage)
        notebook.press("Home", "ArrowRight", "ArrowRight")
        notebook.pass_time(0.1)
        notebook.until(2, other)
        assert notebook.look(2, stage)["sentence"]["text"] == notebook.look(2, other)["sentence"]["text"]
        notebook.find(".bppviz-play", stage).click()
        notebook.pass_time(7)
        assert (says(notebook, 0), says(notebook, 1)) == (PAUSE, PAUSE)
        assert notebook.step(0) == notebook.step(1) in range(6, 9)  # one view alone plays five steps in seven seconds
        notebook.find(".bppviz-play", other).click()
        assert (says(notebook, 0), says(notebook, 1)) == (PLAY, PLAY)
    notebook.choose("language", "繁體中文", 1)
    notebook.choose("granularity", "逐層", 1)
    notebook.pass_time(0.1)
    assert [notebook.look(None, stage)["lang"] for stage in (0, 1)] == ["zh-TW", "zh-TW"]
    assert notebook.counted(0) == notebook.counted(1)


def test_a_view_that_is_closed_does_not_stop_the_other(notebook):
    notebook.resume_time()
    notebook.run(2, "shown[-1]")
    notebook.painted(1)
    notebook.find(".bppviz-play", 1).click()
    notebook.run(2, "None")
    assert notebook.page.locator(".bppviz-stage").count() == 1
    before = notebook.step()
    notebook.stop_time()
    notebook.pass_time(10)
    assert notebook.step() > before
    assert says(notebook) == PAUSE


def test_running_the_cell_once_more_leaves_nothing_that_keeps_playing(notebook):
    notebook.resume_time()
    notebook.choose("speed", "4×")
    notebook.find(".bppviz-play").click()
    notebook.eventually(lambda: notebook.step() > 1)
    notebook.run(1)
    notebook.painted()
    left_at = notebook.python("print(shown[-2].step)")
    notebook.stop_time()
    notebook.pass_time(20)
    assert notebook.page.locator(".bppviz-stage").count() == 1
    assert (notebook.step(), says(notebook)) == (0, PLAY)
    notebook.resume_time()
    assert 1 < int(left_at) < LAST
    assert notebook.python("print(shown[-2].step, shown[-1].step)") == f"{left_at} 0"


def test_two_widgets_in_one_page_do_not_disturb_each_other(notebook):
    notebook.resume_time()
    notebook.run(2, "other = bppviz.explain(bppviz.Network.random([2, 3, 1]), lang='zh-TW', theme='dark')\nother")
    notebook.painted(1)
    notebook.stop_time()
    notebook.focus(1)
    notebook.press("ArrowRight", "ArrowRight", "ArrowRight")
    notebook.pass_time(0.1)
    assert (notebook.step(0), notebook.step(1)) == (0, 3)
    notebook.find(".bppviz-play", 0).click()
    notebook.pass_time(10)
    assert notebook.step(0) in range(5, 11)
    assert notebook.step(1) == 3
    looks = [notebook.look(None, stage) for stage in (0, 1)]
    assert [(look["lang"], look["data"]["theme"]) for look in looks] == [("en", "light"), ("zh-TW", "dark")]
