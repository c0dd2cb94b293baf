"""Widgets in JupyterLab that no page shows any more: what they leave behind, and how they come back."""

import pytest

COUNT = "from ipywidgets.widgets.widget import _instances\nprint(len(_instances))"
SOON = """import bppviz, bppviz.widget.away
bppviz.widget.away.GRACE = 0.2

def parts(explainer):
    return [it for child in explainer.children for it in getattr(child, "children", [child])]

def stage(explainer):
    return next(it for it in parts(explainer) if isinstance(it, bppviz.widget.stage.Stage))
"""
HEAVY = "print(len(stage(e).film), len(stage(e).fresh), len(parts(e)))"
TIMES = 20


@pytest.fixture
def notebook(open_notebook):
    notebook = open_notebook(SOON, "None", "None", size=(1280, 900))
    notebook.run(0)
    return notebook


def left_in_the_end(notebook):
    """Return how many widgets there are once they get no fewer."""
    count, before = int(notebook.python(COUNT)), None
    while count != before:
        notebook.page.wait_for_timeout(700)
        count, before = int(notebook.python(COUNT)), count
    return count


def left(notebook, source, selector, times):
    """Return how many widgets each run of a cell leaves."""
    counts = []
    for more in (1, times):
        for _ in range(more):
            notebook.run(1, source)
            notebook.page.locator(selector).first.wait_for()
        counts.append(left_in_the_end(notebook))
    return (counts[1] - counts[0]) / times


def test_a_cell_that_is_run_again_leaves_no_more_widgets_than_a_plain_slider(notebook):
    plain = left(notebook, "import ipywidgets\nipywidgets.FloatSlider()", ".jp-OutputArea .widget-slider", 3)
    ours = left(notebook, "bppviz.explain()", ".bppviz-stage[data-step]:has(.bppviz-picture)", TIMES)
    assert ours <= plain
    films = "print(sum(bool(stage(w).film) for w in _instances.values() if type(w) is bppviz.Explainer))"
    assert notebook.python(films) == "1"


def test_what_was_put_away_comes_back_as_it_was_when_it_is_shown_again(notebook):
    notebook.run(1, "e = bppviz.explain(theme='light')\ne")
    notebook.painted()
    notebook.focus()
    notebook.press("ArrowRight", "ArrowRight", "ArrowRight")
    notebook.until(3)
    notebook.run(1, "print('gone')")
    notebook.eventually(lambda: notebook.python(HEAVY) == "0 0 1")
    notebook.run(1, "e")
    notebook.painted()
    notebook.until(3)
    notebook.find(".bppviz-next").wait_for()
    notebook.focus()
    notebook.press("ArrowRight")
    notebook.until(4)
    notebook.choose("granularity", "layer")
    notebook.eventually(lambda: notebook.python("print(stage(e).granularity)") == "layer")
    notebook.open("weights")
    notebook.find(".bppviz-slider").wait_for()


def test_a_notebook_that_is_closed_and_opened_again_shows_its_widget(notebook):
    notebook.run(1, "e = bppviz.explain(theme='light')\ne")
    notebook.painted()
    page, lab = notebook.page, "jupyterapp"
    page.evaluate(f"async () => {{ await {lab}.commands.execute('docmanager:save'); }}")
    page.evaluate(f"{lab}.shell.currentWidget.dispose()")
    page.wait_for_timeout(2000)
    page.evaluate(f"async path => {{ await {lab}.commands.execute('docmanager:open', {{ path }}); }}", notebook.name)
    notebook.arrive()
    notebook.painted()
    notebook.focus()
    notebook.press("ArrowRight")
    notebook.until(1)
