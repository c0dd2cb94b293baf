"""The widget in marimo, which shows no ipywidgets: the page of the run, used with real keys."""

import os
import subprocess
import sys
import urllib.request
from importlib.util import find_spec
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest
from lab import LOCAL, free_port
from pages import missing

from bppviz.words.catalogue import LANGUAGES, words

NOTEBOOK = """
import marimo

app = marimo.App()


@app.cell
def _():
    import bppviz

    bppviz.explain(step=21, lang="LANG")


if __name__ == "__main__":
    app.run()
"""
PATIENCE = 60  # seconds until it answers


@pytest.fixture(params=LANGUAGES)
def page(request, browser, tmp_path):
    """A notebook of marimo with the widget; nothing may go wrong in it, nor be fetched from afar."""
    if not find_spec("marimo"):
        missing("This test needs marimo: pip install 'bppviz[test]'.")
    path = tmp_path / "notebook.py"
    path.write_text(NOTEBOOK.replace("LANG", request.param), encoding="utf-8")
    port = free_port()
    command = [sys.executable, "-m", "marimo", "run", path, "--headless", "--no-token", "--port", str(port)]
    own = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(command, env=own, stdout=log, stderr=log) as server:
        try:
            url, end = f"http://127.0.0.1:{port}", monotonic() + PATIENCE
            while not answers(url):
                assert server.poll() is None
                assert monotonic() < end
                sleep(0.2)
            page, problems, abroad = browser.new_page(viewport={"width": 1280, "height": 900}), [], []
            page.on("pageerror", lambda error: problems.append(error.stack))
            page.on("console", lambda said: said.type == "error" and problems.append(said.text))
            page.on(
                "request", lambda asked: urlsplit(asked.url).hostname not in (*LOCAL, None) and abroad.append(asked)
            )
            page.goto(url)
            page.lang = request.param
            yield page
            page.close()
            assert (problems, abroad) == ([], [])
        finally:
            server.terminate()


def answers(url):
    """Tell whether a server answers."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except OSError:
        return False
    return True


def test_marimo_shows_the_page_of_the_run_and_says_what_to_do_for_more(page):
    page.get_by_text(words(page.lang)("page.embedded")).wait_for(timeout=1000 * PATIENCE)
    frame = page.frame_locator("iframe")
    stage = frame.locator(".bppviz-stage")
    frame.locator(".bppviz-stage[data-step='21']").wait_for()
    stage.focus()
    page.keyboard.press("ArrowRight")
    frame.locator(".bppviz-stage[data-step='22']").wait_for()
    page.keyboard.press("p")
    frame.locator(".bppviz-quiz").wait_for()
