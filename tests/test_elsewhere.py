"""The first lesson in Notebook 7 and in Voila, with real keys and a real mouse, and without internet."""

import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lab import LOCAL, Notebook, running_lab
from networks import lecture
from pages import Opener, missing
from painting import drawn, painted, shows
from sliders import drag, edited, handle, shown
from surface import lost, opened, still

import bppviz
from bppviz.page.surface import TABS
from bppviz.words.catalogue import LANGUAGES

ROOT = Path(__file__).parent.parent
LESSON = ROOT / "notebooks" / "en" / "0-start-here.ipynb"
W3 = "w-2-0-0"
STEP = 21  # ∂l/∂z₃
MOST_CONTROLS, LEAST_TEXT, AT_REST = 19, 12, 560  # the last for a cell of a laptop


class Elsewhere(Notebook):
    """A notebook in a page that is not JupyterLab's, from which nothing gets through to the internet."""

    server = "ServerApp"
    laptop = (0, 0)  # a window in which a cell is as wide as on a laptop in JupyterLab with its file browser
    own_mistakes = "nothing"  # of the server's page, with the widget or without

    def __init__(self, lab, page, cells):
        page.route(lambda url: urlsplit(url).hostname not in LOCAL, lambda route: route.abort())
        page.on("requestfailed", self._forget_what_the_page_forbids)
        super().__init__(lab, page, cells)

    def _forget_what_the_page_forbids(self, request):
        if request.failure == "csp":  # the browser has not even begun to ask
            self.requests.remove(request.url)

    def close(self):
        """Close the page and forget its own mistakes; the kernel ends with the server."""
        self.page.close()
        self.problems[:] = [problem for problem in self.problems if not re.search(self.own_mistakes, problem)]


class Notebook7(Elsewhere):
    """A notebook in a page of Notebook 7."""

    module, address = "notebook", "/notebooks/{name}"
    laptop = (950, 720)
    own_mistakes = r"^page error: .*'schema'.*\n +at .*/static/notebook/notebook_core\."

    def idle(self):
        """Wait until the kernel has nothing to do, which no status bar says."""
        bar = self.page.locator(".jp-Toolbar").filter(has_not_text="No Kernel")  # which would be called idle too
        bar.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()


class Voila(Elsewhere):
    """A notebook as a page of Voila, whose cells have run before it is there."""

    module, server, address = "voila", "Voila", "/voila/render/{name}"
    laptop = (880, 720)
    # Notebook 7 and nbgrader, installed beside it for these tests, are not made for its pages; and what it forbids it
    # tells.
    own_mistakes = (
        "/voila/labextensions/@jupyter(-notebook|/nbgrader)/|^console: (Loading|Refused to load) the stylesheet 'https:"
    )

    def arrive(self):
        """Wait for the first picture."""
        self.painted()

    def run_all(self):
        """Return the notebook as it is."""
        return self


@pytest.fixture(params=[Notebook7, Voila], ids=["Notebook 7", "Voila"], scope="module")
def place(request, browser, tmp_path_factory):
    """The first lesson, all its cells run; at the end nothing may have gone wrong, nor been fetched from afar."""
    kind = request.param
    try:
        __import__(kind.module)
    except ImportError:
        missing(f"These tests need {kind.module}: pip install 'bppviz[test]'.")
    folder = tmp_path_factory.mktemp(kind.module)
    (folder / "jupyter_config_dir").mkdir()
    shutil.copy(ROOT / "voila.json", folder / "jupyter_config_dir")
    with running_lab(folder, kind.module, kind.server) as server:
        opener = Opener(browser, server, kind)
        yield opener.open(LESSON).run_all()
        opener.close()


@pytest.fixture
def lesson(place):
    """The lesson at its first step, with the numbers of the lecture."""
    place.open("weights")
    reset = place.find("button.bppviz-reset")
    reset.wait_for()
    if reset.is_enabled():
        reset.click()
    place.focus()
    place.press("Escape")
    place.press("Home")
    shows(place, lecture(), 0)
    return place


def test_keys_walk_and_picture_formula_and_sentence_follow(lesson):
    cells = lesson.cells()
    for step in range(1, 6):
        lesson.press("ArrowRight")
        shows(lesson, lecture(), step)
    lesson.press("ArrowLeft", "b", "d", "d")  # a notebook would insert a cell, and cut one
    lesson.until(4)
    lesson.press("End", "ArrowLeft")
    lesson.until(47)
    assert lesson.cells() == cells


@pytest.fixture(params=["laptop", "screen"])
def sized(request, lesson):
    """The lesson in a window of some size."""
    size = lesson.laptop if request.param == "laptop" else (1280, 720)
    lesson.page.set_viewport_size({"width": size[0], "height": size[1]})
    yield lesson
    lesson.choose("language", LANGUAGES["en"])
    lesson.page.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_of_the_widget_fits_into_what_is_in_sight_at_rest_and_with_any_panel_open(sized, lang):
    sized.choose("language", LANGUAGES[lang])
    sized.page.locator(f".bppviz-stage[lang={lang}]").wait_for()
    surface = still(sized.page)
    assert surface["height"] <= (AT_REST if surface["width"] < 870 else surface["room"])
    assert len(surface["controls"]) <= MOST_CONTROLS, surface["controls"]
    assert (surface["text"] >= LEAST_TEXT, lost(surface)) == (True, [])
    for panel in TABS:
        surface = opened(sized, panel)
        assert surface["height"] <= surface["room"], panel
        assert (panel, surface["panels"], lost(surface)) == (panel, 1, [])
        assert surface["text"] >= LEAST_TEXT, panel


def test_questions_to_be_answered_in_a_cell_are_there_where_cells_are(place):
    questions = place.page.get_by_text(str(bppviz.check_answer(..., 0)))
    asked = LESSON.read_text(encoding="utf-8").count("check_answer(")
    place.eventually(lambda: questions.count() == (0 if isinstance(place, Voila) else asked))


def is_painted(lesson, trace):
    """Wait until the picture shows a run; with a panel open there may be no room for the sentence."""
    picture = drawn(trace, STEP)["data"]
    lesson.eventually(lambda: painted(lesson)["data"] == picture)


def test_a_weight_that_is_turned_with_mouse_or_keys_changes_what_is_shown(lesson):
    lesson.press("End", *["ArrowLeft"] * (48 - STEP))
    lesson.open("weights")
    drag(lesson, "w₃", 30)
    dragged = shown(lesson, W3)
    is_painted(lesson, edited(W3, dragged))
    lesson.page.mouse.up()
    handle(lesson, "w₃").focus()
    lesson.press("ArrowLeft")
    lesson.eventually(lambda: shown(lesson, W3) < dragged)
    is_painted(lesson, edited(W3, shown(lesson, W3)))
