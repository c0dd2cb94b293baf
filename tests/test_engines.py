"""The saved page in Firefox and WebKit, and the first lesson in JupyterLab in Firefox, with real keys and a mouse."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from engines import ENGINES, firefox
from faults import report
from lab import LOCAL
from networks import lecture

from bppviz import save_html
from bppviz.core.walk import walk
from bppviz.words.catalogue import words
from bppviz.words.formula import latex
from bppviz.words.sentences import Narrator

pytestmark = pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")  # Selenium's own
TRACE = lecture()
LAST = len(TRACE) - 1
LESSON = Path(__file__).parent.parent / "notebooks" / "en" / "0-start-here.ipynb"
IS_PAINTED = "Boolean(document.querySelector('.bppviz-stage[data-step] .bppviz-picture'))"
FOCUS = "document.querySelector('.bppviz-stage').focus()"
STEP = "Number(document.querySelector('.bppviz-stage').dataset.step)"
HANDLE = '.bppviz-slider[title="w₃"] .noUi-handle'
VALUE = f"Number(document.querySelector({HANDLE!r}).ariaValueText)"
PICTURE = "document.querySelector('.bppviz-stage .bppviz-plot')"
IS_IDLE = "document.querySelector('#jp-main-statusbar')?.textContent.includes('| Idle')"


@pytest.mark.parametrize(("name", "lang"), [("Firefox", "zh-TW"), ("WebKit", "en")])
def test_every_step_of_the_saved_page_is_told_and_can_be_read(tmp_path, name, lang):
    save_html(TRACE, tmp_path / "walk.html", lang=lang)
    narrator, looks = Narrator(TRACE), {}
    with ENGINES[name]((1280, 800)) as engine:
        engine.open((tmp_path / "walk.html").as_uri())
        engine.eventually(IS_PAINTED)
        engine.evaluate(FOCUS)
        for stop in walk(TRACE):
            look = looks[stop.last] = engine.look(stop.last)
            assert look["sentence"]["text"] == narrator.sentence(stop, words(lang))
            assert look["substituted"]["latex"] == latex(narrator.both(stop)[1])
            engine.press("ArrowRight")  # from the last one nowhere
        found = report(looks)
        assert not found, found
        engine.press("ArrowLeft")
        assert engine.look(LAST - 1)["sentence"] == looks[LAST - 1]["sentence"]
        engine.press("Home")
        engine.drag(engine.middle(".bppviz-scrub"), 100)
        engine.eventually(f"{STEP} > {LAST // 2}")
        assert engine.problems == []


def test_the_first_lesson_runs_in_firefox(lab):
    name = lab.write(LESSON)
    with firefox((1280, 900)) as engine:
        engine.open(f"{lab.url}/lab/workspaces/firefox/tree/{name}?reset")
        engine.eventually(IS_IDLE)
        engine.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        engine.eventually(IS_PAINTED)
        engine.evaluate(FOCUS)
        looks = {}
        for step in range(6):
            looks[step] = engine.look(step)
            engine.press("ArrowRight")
        found = report(looks)
        assert not found, found
        engine.evaluate("document.querySelector('.bppviz-show-weights').click()")
        engine.eventually(f"Boolean(document.querySelector({HANDLE!r}))")
        before = engine.evaluate(VALUE)
        engine.drag(engine.middle(HANDLE), 40)
        engine.eventually(f"{VALUE} > {before}")
        engine.eventually(f"{PICTURE}.textContent.replaceAll('\u200b', '').includes('𝑤3 = ' + {VALUE})")
        assert engine.problems == []
        assert {urlsplit(url).hostname for url in engine.requests if url.startswith("http")} <= set(LOCAL)
    lab.shut_down(name)
