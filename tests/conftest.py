"""Fixtures of the browser tests: a browser, a JupyterLab, and notebooks in it."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from lab import HOW_TO_GET_A_BROWSER, Notebook, launched, running_lab

settings.register_profile("untimed", settings.default, deadline=None)  # how fast a machine is says nothing
settings.load_profile("untimed")


def pytest_collection_modifyitems(items):
    """Begin with the files that need a browser: at the end, short ones keep every worker busy."""
    long = {item.path for item in items if "lab" in item.fixturenames}
    items.sort(key=lambda item: item.path not in long)


def missing(why):
    """Skip; but where everything is to be tested, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI=true: nothing may be missing. {why}", pytrace=False)
    pytest.skip(why)


# Playwright keeps an event loop running in this thread while it is open, so it is not open for longer than a file.
@pytest.fixture(scope="module")
def browser():
    """A Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("The browser tests need Playwright: pip install 'bppviz[test]'.")
    with sync_playwright() as playwright:
        browser = launched(playwright.chromium)
        if browser is None:
            missing(HOW_TO_GET_A_BROWSER)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A running JupyterLab."""
    try:
        import jupyterlab  # noqa: F401
    except ImportError:
        missing("The browser tests need JupyterLab: pip install 'bppviz[lab]'.")
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


def opener(browser, lab, kind=Notebook):
    """Return a function that opens a notebook with these cells in a page of some size, and one that closes them all.

    Instead of cells, the path of a notebook can be given. Those opened `in_turn` stand in the same page, each in the
    place of the one before. The `kind` knows the pages of its server.
    """
    notebooks, in_place = [], []

    def open_notebook(*cells, size=(1280, 720), in_turn=False):
        source = cells[0] if isinstance(cells[0], Path) else list(cells)
        if in_turn and in_place:
            in_place[0].turn_to(source, size)
            return in_place[0]
        page = browser.new_page(viewport={"width": size[0], "height": size[1]}, locale="en-US")
        notebooks.append(notebook := kind(lab, page, source))
        if in_turn:
            in_place.append(notebook)
        return notebook

    def close():
        for notebook in notebooks:
            notebook.close()
        quiet = {"problems": [], "requests that left the machine": []}
        for notebook in notebooks:
            assert {"problems": notebook.problems, "requests that left the machine": notebook.abroad} == quiet

    return open_notebook, close


@pytest.fixture
def open_notebook(browser, lab):
    """A function that opens a notebook; at the end nothing may have gone wrong in any."""
    open_one, close = opener(browser, lab)
    yield open_one
    close()


@pytest.fixture(scope="module")
def open_shared_notebook(browser, lab):
    """The same for a notebook that the tests of a file share."""
    open_one, close = opener(browser, lab)
    yield open_one
    close()
