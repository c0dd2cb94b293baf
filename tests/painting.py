"""What a stage has painted in a page, beside what `figure` and the narrator give for the same step."""

from faults import report

from bppviz import figure
from bppviz.core.walk import walk
from bppviz.panels.tables import run_tables
from bppviz.words.catalogue import words
from bppviz.words.formula import latex
from bppviz.words.sentences import Narrator

SEEN = """
() => [...document.querySelectorAll(".bppviz-panel-PANEL table")].map((table) => [...table.tBodies[0].rows].map((row) =>
  [...row.cells].map((cell) => getComputedStyle(cell.firstChild).visibility === "visible" ? cell.textContent : "")))
"""
PAINTED = "() => (({ data, layout }) => ({ data, layout }))(document.querySelector('.bppviz-picture'))"


def plain(value):
    """Return a picture as JSON has it: lists, numbers to nine digits, and nothing that is not set."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(f"{value:.9g}")
    return value


def painted(notebook):
    """Return what plotly.js has in the page."""
    return plain(notebook.page.evaluate(PAINTED))


def drawn(trace, step, **options):
    """Return what `figure` gives, without the template that plotly's Python adds to every figure of its own accord."""
    picture = plain(figure(trace, step, **options).to_plotly_json())
    picture["layout"].pop("template", None)
    return picture


def assert_painted(notebook, trace, step, **options):
    """Compare what is painted with the figure."""
    assert_drawn(painted(notebook), trace, step, **options)


def assert_drawn(page, trace, step, **options):
    """Compare what was painted with the figure."""
    ours = drawn(trace, step, **options)
    assert page["data"] == ours["data"], step
    assert chosen(page["layout"], ours["layout"]) == ours["layout"]


def chosen(layout, keys):
    """Return of a layout what another one sets; plotly.js adds to it what it has worked out."""
    return {
        key: chosen(layout[key], value) if isinstance(value, dict) else layout.get(key) for key, value in keys.items()
    }


def seen(notebook, panel):
    """Return what can be seen in the tables of a panel, by table and row."""
    return notebook.page.evaluate(SEEN.replace("PANEL", panel))


def run_of(trace, step, to_come=()):
    """Return what the tables of the run have to show at a step, but for those before it that are to come."""
    return [
        [[cell.text if cell.step <= step and cell.step not in to_come else "" for cell in row] for row in table["rows"]]
        for table in run_tables(trace)
    ]


def told(trace, stop, lang="en"):
    """Return what is told at a stop: the formula, the same with numbers, and the sentence."""
    narrator = Narrator(trace)
    return [*map(latex, narrator.both(stop)), narrator.sentence(stop, words(lang))]


def said(look):
    """Return the same as a stage says it."""
    return [look["formula"]["latex"], look["substituted"]["latex"], look["sentence"]["text"]]


def shows(notebook, trace, step, lang="en"):
    """Wait until the stage shows this run at this step: picture, formula, numbers and sentence."""
    words_of_it, picture = told(trace, walk(trace)[step], lang), drawn(trace, step, lang=lang)["data"]
    notebook.eventually(lambda: said(notebook.look(step)) == words_of_it)
    notebook.eventually(lambda: painted(notebook)["data"] == picture)
    is_wide = max(trace.network.sizes) > 2  # wider than a cell: a window onto what the step is about
    assert not (found := report({step: notebook.look(step)}, scrolls=is_wide)), found
