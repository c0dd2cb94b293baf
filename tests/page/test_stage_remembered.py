"""What a widget remembers in JupyterLab when it is shown once more: open tab, number in hand, step size and speed."""

import pytest
from places import weight_at

from bppviz.picture.layout import Layout
from bppviz.words.catalogue import catalogue

CELL = """import bppviz, bppviz.widget.away
bppviz.widget.away.GRACE = 0.2
e = bppviz.explain()
e"""
W5 = weight_at(Layout((2, 2, 2, 2)), 3, 0, 0)
LAYER = catalogue("en")["granularity.layer"]
CLOSE = """() => [...jupyterapp.shell.widgets("main")].filter(({ title }) => title.label.startsWith("Output View"))
  .forEach((it) => it.dispose())"""


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    return open_shared_notebook(CELL, "None", size=(1280, 900))


@pytest.fixture
def notebook(shared):
    """The lecture's network with a tab open, a weight in hand, and another pace than usual."""
    shared.run(0, CELL)
    shared.painted()
    shared.choose("granularity", LAYER)
    shared.choose("speed", "2×")
    shared.focus()
    shared.press("c", "ArrowRight")
    shared.find(".bppviz-at-w-3-0-0").first.wait_for()
    shared.click_at(*W5)
    shared.says(shared.find(".bppviz-held"), "w₅ +3")
    remembers(shared)
    return shared


def remembers(notebook, stage=0):
    """Wait until a view shows what was chosen."""
    notebook.painted(stage)
    notebook.eventually(lambda: notebook.find(".bppviz-show-weights", stage).get_attribute("aria-expanded") == "true")
    notebook.find(".bppviz-weight.bppviz-at-w-3-0-0.bppviz-chosen", stage).wait_for()
    notebook.find(".bppviz-marks > path", stage).wait_for(state="attached")
    assert notebook.chosen("granularity", stage) == LAYER
    assert notebook.chosen("speed", stage) == "2×"
    assert notebook.counted(stage)[0] == 2


def test_a_cell_that_is_shown_again_after_it_was_put_away_shows_what_was_chosen(notebook):
    notebook.run(0, "print('gone')")
    notebook.prints("print(hasattr(e.children[0], 'film'))", "True")  # all but the stage is gone
    notebook.run(0, "e")
    remembers(notebook)


def test_a_notebook_that_is_opened_again_shows_what_was_chosen(notebook):
    page, lab = notebook.page, "jupyterapp"
    page.evaluate(f"async () => {{ await {lab}.commands.execute('docmanager:save'); }}")
    page.evaluate(f"async () => {{ await {lab}.commands.execute('application:close'); }}")
    page.evaluate(f"async path => {{ await {lab}.commands.execute('docmanager:open', {{ path }}); }}", notebook.name)
    notebook.arrive()
    remembers(notebook)


def test_a_second_view_shows_what_was_chosen_in_the_first(notebook):
    notebook.page.evaluate("jupyterapp.commands.execute('notebook:create-output-view')")
    notebook.page.locator(".bppviz-stage").nth(1).wait_for()
    remembers(notebook, 1)
    notebook.page.evaluate(CLOSE)
