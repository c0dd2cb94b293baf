"""Every step of the lecture's network, seen in JupyterLab: what it says, and that all of it can be read."""

import pytest
from faults import report
from networks import lecture

from bppviz.core.walk import walk
from bppviz.words.catalogue import words
from bppviz.words.formula import latex
from bppviz.words.sentences import Narrator

SIZES = [(1280, 720), (1920, 1080)]
LANGUAGES = {"en": "English", "zh-TW": "繁體中文"}
THEMES = {"light": {"en": "light", "zh-TW": "淺色"}, "dark": {"en": "dark", "zh-TW": "深色"}}


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def notebook(request, open_shared_notebook):
    """The lecture's network in a page of this size."""
    return open_shared_notebook("import bppviz\n\nbppviz.explain()", size=request.param).run_all()


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


# Each language and theme at one size, which differ in room alone. The way back is seen in one language.
LOOKS = [(SIZES[0], "en", "dark"), (SIZES[0], "zh-TW", "light"), (SIZES[1], "en", "light"), (SIZES[1], "zh-TW", "dark")]


@pytest.mark.parametrize(("notebook", "lang", "theme"), LOOKS, indirect=["notebook"])
def test_every_step_there_and_back_is_told_as_the_narrator_tells_it_and_can_be_read(notebook, lang, theme):
    trace = lecture()
    notebook.choose("language", LANGUAGES[lang])
    notebook.choose("theme", THEMES[theme][lang])
    notebook.page.locator(f'.bppviz-stage[data-theme="{theme}"][lang="{lang}"]').wait_for()
    notebook.focus()
    notebook.press("Home")
    forward = [notebook.look(0)]
    for step in range(1, len(trace)):
        notebook.press("ArrowRight")
        forward.append(notebook.look(step))
    assert [said(look) for look in forward] == expected(trace, lang, theme)
    found = report(dict(enumerate(forward)))
    assert not found, found
    if lang == "en":
        notebook.press("ArrowRight")  # there is no further step
        differ = {}
        for step in reversed(range(len(trace))):
            differ[step] = differences(forward[step], notebook.look(step))
            notebook.press("ArrowLeft")
        assert not any(differ.values()), differ
