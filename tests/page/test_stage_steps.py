"""Every step of the lecture's network, seen in JupyterLab: what it says and paints, and that all of it can be read."""

from time import monotonic
from typing import NamedTuple

import pytest
from faults import report
from networks import lecture
from painting import assert_drawn, painted, run_of, seen

from bppviz.core.walk import walk
from bppviz.words.catalogue import catalogue, words
from bppviz.words.formula import latex
from bppviz.words.sentences import Narrator

TRACE = lecture()
STEPS = range(len(TRACE))
# Each language and theme at one size, which differ in room alone. The way back is seen in one language.
SEEN = [((1280, 900), "en", "dark"), ((1280, 900), "zh-TW", "light")]
SEEN += [((1920, 1080), "en", "light"), ((1920, 1080), "zh-TW", "dark")]


class Walk(NamedTuple):
    """What was seen of a walk through all steps: the looks there, what was painted, the table; the looks back."""

    lang: str
    theme: str
    there: list
    painted: list
    table: list
    back: list


@pytest.fixture(scope="module", params=SEEN, ids=lambda it: f"{it[0][0]}x{it[0][1]}-{it[1]}-{it[2]}")
def seen_walk(request, open_shared_notebook):
    """One walk there and back, for all tests of this file."""
    size, lang, theme = request.param
    given = "" if lang == "en" else f"lang={lang!r}, theme={theme!r}"
    notebook = open_shared_notebook(f"import bppviz\n\nbppviz.explain({given})", size=size, in_turn=True).run_all()
    if not given:
        notebook.choose("theme", catalogue("en")[f"theme.{theme}"])
    notebook.page.locator(f'.bppviz-stage[data-theme="{theme}"][lang="{lang}"]').wait_for()
    notebook.open("table")
    notebook.focus()
    notebook.press("Home")
    wanted = [run_of(TRACE, step) for step in STEPS]
    walked = Walk(lang, theme, [], [], [], [])
    for step in STEPS:
        walked.there.append(notebook.look(step))
        walked.painted.append(painted(notebook))
        patience = 60 if walked.table == wanted[:step] else 0
        walked.table.append(filled(notebook, step, patience))
        notebook.press("ArrowRight")  # from the last one nowhere
    for step in reversed(STEPS) if lang == "en" else ():
        walked.back.append(notebook.look(step))
        notebook.press("ArrowLeft")
    notebook.press("Home")
    walked.table.append(filled(notebook, 0))
    return walked


def filled(notebook, step, patience=60):
    """Return what is seen of the table at a step; it is written after the rest."""
    deadline = monotonic() + patience
    while (cells := seen(notebook, "table")) != run_of(TRACE, step) and monotonic() < deadline:
        notebook.settled()
    return cells


def expected(trace, lang, theme):
    """Return what a stage has to say at every step, from the trace alone."""
    narrator = Narrator(trace)
    return [
        {
            "data": {
                "step": str(event.step),
                "steps": str(len(trace)),
                "phase": event.phase,
                "quantity": event.quantity,
                "theme": theme,
            },
            "lang": lang,
            "formula": latex(narrator.both(stop)[0]),
            "substituted": latex(narrator.both(stop)[1]),
            "sentence": narrator.sentence(stop, words(lang)),
            "label": words(lang)("stage.label", step=event.step + 1, steps=len(trace)),
        }
        for event, stop in zip(trace, walk(trace), strict=True)
    ]


def said(look):
    """Return what a stage says."""
    return {
        "data": look["data"],
        "lang": look["lang"],
        "formula": look["formula"]["latex"],
        "substituted": look["substituted"]["latex"],
        "sentence": look["sentence"]["text"],
        "label": look["label"],
    }


def differences(before, after, name="look"):
    """Return what differs between two looks."""
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        return [each for key in before for each in differences(before[key], after[key], f"{name}.{key}")]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [
            each for i, pair in enumerate(zip(before, after, strict=True)) for each in differences(*pair, f"{name}.{i}")
        ]
    return [] if before == after else [f"{name}: {before} before, {after} after"]


def test_every_step_is_told_as_the_narrator_tells_it(seen_walk):
    assert [said(look) for look in seen_walk.there] == expected(TRACE, seen_walk.lang, seen_walk.theme)


def test_all_of_every_step_can_be_read(seen_walk):
    found = report(dict(enumerate(seen_walk.there)))
    assert not found, found


def test_every_step_is_painted_as_the_figure_of_that_step(seen_walk):
    for step in STEPS:
        assert_drawn(seen_walk.painted[step], TRACE, step, lang=seen_walk.lang, theme=seen_walk.theme)


def test_the_table_is_filled_in_as_the_walk_goes_on_and_emptied_on_the_way_back(seen_walk):
    assert seen_walk.table == [run_of(TRACE, step) for step in (*STEPS, 0)]


def test_on_the_way_back_every_step_looks_as_on_the_way_there(seen_walk):
    looks = zip(reversed(STEPS), seen_walk.back, strict=True) if seen_walk.back else ()
    differ = {step: differences(seen_walk.there[step], look) for step, look in looks}
    assert not any(differ.values()), differ
