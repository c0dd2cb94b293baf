"""The site of the lessons: built from files, with Python in the browser, used with real keys and a real mouse."""

import json
import os
import subprocess
import sys
import threading
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from lab import Notebook
from networks import lecture
from pages import Opener, missing
from painting import shows
from sliders import drag, edited, shown

import bppviz
from bppviz.words.catalogue import LANGUAGES, words
from bppviz.words.numbers import number

ROOT = Path(__file__).parent.parent
LESSONS = ROOT / "notebooks"
FILES = Path(os.environ.get("BPPVIZ_SITE_FILES", ROOT / "build" / "site-files"))
W3 = "w-2-0-0"
PATIENCE = 300  # seconds: on a busy machine, Python takes its time to start in a browser
NUMBERS = "import json; print(json.dumps([w.tolist() for w in explainer.network.weights]))"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and tells nobody."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Say nothing."""


class Site:
    """The site on a server of its own, where a JupyterLab would be."""

    def __init__(self, server):
        self.url = f"http://127.0.0.1:{server.server_port}"

    def write(self, lesson):
        """Return where in the site a lesson is."""
        return lesson.relative_to(LESSONS).as_posix()

    def shut_down(self, name):
        """Do nothing: Python ends with the page."""


class Lite(Notebook):
    """A notebook in a page of JupyterLite."""

    address = "/lab/index.html?path={name}"

    def arrive(self):
        """Wait until Python has started."""
        self.page.set_default_timeout(1000 * PATIENCE)
        self.page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built without the internet, and served on this machine."""
    if not FILES.is_dir() or not find_spec("jupyterlite_core"):
        missing(f"These tests build the site: pip install -r site/requirements.txt; site/build.py --fetch {FILES}.")
    folder = tmp_path_factory.mktemp("site") / "site"
    build = [sys.executable, ROOT / "site" / "build.py", "--offline", FILES, "--output", folder]
    built = subprocess.run(build, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    settings = json.loads((folder / "jupyter-lite.json").read_text(encoding="utf-8"))
    settings["jupyter-config-data"]["exposeAppInBrowser"] = True  # for these tests, which ask Python behind the page
    (folder / "jupyter-lite.json").write_text(json.dumps(settings), encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield Site(server)
        server.shutdown()
        serving.join()


@pytest.fixture(params=LANGUAGES, scope="module")
def shared(request, browser, site):
    """The first lesson in a language, all its cells run; nothing may go wrong, nor be fetched from afar."""
    opener = Opener(browser, site, Lite)
    notebook = opener.open(LESSONS / request.param / "0-start-here.ipynb").run_all()
    notebook.lang = request.param
    yield notebook
    fetched = [url for url in notebook.requests if f"/bppviz-{bppviz.__version__}-" in url]
    assert fetched, "what the page's Python fetches is not seen here"
    opener.close()


@pytest.fixture
def lesson(shared):
    """The lesson at its first step, with the numbers of the lecture."""
    shared.open("weights")
    reset = shared.find("button.bppviz-reset")
    reset.wait_for()
    if reset.is_enabled():
        reset.click()
    shared.focus()
    shared.press("Escape", "Escape", "Home")  # the number in hand, then the panel
    shows(shared, lecture(), 0, shared.lang)
    return shared


def test_keys_walk_and_picture_formula_and_sentence_follow(lesson):
    lesson.press("ArrowRight", "ArrowRight", "ArrowLeft")
    shows(lesson, lecture(), 1, lesson.lang)
    lesson.press("End")
    shows(lesson, lecture(), 48, lesson.lang)


def test_a_weight_that_is_dragged_changes_what_is_shown_and_the_network(lesson):
    lesson.open("weights")
    drag(lesson, "w₃", 30)
    lesson.page.mouse.up()
    weight = shown(lesson, W3)
    assert weight != 3
    lesson.prints(NUMBERS, json.dumps([w.tolist() for w in edited(W3, weight).network.weights]))
    lesson.find(".bppviz-panel-weights .main-svg").wait_for()


def train(lesson, updates):
    """Begin to train, and return the button that ends it."""
    lesson.open("training")
    field = lesson.find(".bppviz-updates input")
    field.fill(str(updates))
    field.press("Enter")
    lesson.find("button.bppviz-run").click()
    return lesson.find("button.bppviz-run")


def test_500_updates_come_to_what_they_come_to_elsewhere(lesson):
    train(lesson, 500)
    *_, last = bppviz.train(lecture().network, [1, -1], [1, 0], learning_rate=0.5, epochs=500)
    loss = number(bppviz.backprop(last.network, [1, -1], [1, 0]).L)
    lesson.says(lesson.find(".bppviz-progress"), words(lesson.lang)("progress.made", done=500, of=500, loss=loss))
    for ours, theirs in zip(json.loads(lesson.python(NUMBERS)), last.network.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_a_training_hears_the_button_that_ends_it(lesson):
    run, say = train(lesson, 1_000_000), words(lesson.lang)
    lesson.says(run, say("control.stop"))
    run.click()
    lesson.says(run, say("control.run"))


def test_answers_are_judged_and_gradients_checked(lesson):
    lesson.press("p")
    lesson.page.locator(".bppviz-stage[data-asked]").wait_for()
    lesson.find(".bppviz-answer").fill(str(lecture()[lesson.step()].value))
    lesson.press("Enter")
    lesson.eventually(lambda: "✓" in lesson.find(".bppviz-verdict").text_content())
    lesson.open("check")
    lesson.eventually(lambda: "18" in lesson.find(".bppviz-panel-check .bppviz-head").text_content())


def test_a_saved_page_is_offered_as_a_download(lesson, tmp_path):
    code = f'bppviz.save_html(trace, "走 1.html", lang={lesson.lang!r}, view="mirror")'
    lesson.start(lesson.cells() - 2, code)
    link = lesson.page.get_by_role("link", name=words(lesson.lang)("saved.download", file="走 1.html"))
    with lesson.page.expect_download() as download:
        link.click()
    saved = download.value
    saved.save_as(tmp_path / "walk.html")
    assert saved.suggested_filename == "走 1.html"
    mark = sha256((tmp_path / "walk.html").read_bytes()).hexdigest()
    lesson.prints('import hashlib; print(hashlib.sha256(open("走 1.html", "rb").read()).hexdigest())', mark)


def test_what_python_cannot_do_in_a_browser_is_said_in_a_sentence(lesson):
    told = lesson.python("bppviz.still(trace, 3).save('step.png')")
    assert told.endswith("PNG files cannot be made where Python runs in a browser; save .svg.")
