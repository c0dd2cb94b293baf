"""Pages of JupyterLab for the browser tests: one after the other, notebooks stand in the same page."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import pytest
from lab import HOW_TO_GET_A_BROWSER, Notebook, launched

QUIET = {"problems": [], "requests that left the machine": []}


def went_wrong(notebook: Notebook) -> dict[str, list[str]]:
    """Return what went wrong in a notebook's page."""
    return {"problems": [*notebook.problems], "requests that left the machine": notebook.abroad}


def missing(why: str) -> None:
    """Skip; but where everything is to be tested, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI=true: nothing may be missing. {why}", pytrace=False)
    pytest.skip(why)


class Browser:
    """A Chromium that is started when it is needed, and its pages of JupyterLab that are free for another notebook."""

    def __init__(self) -> None:
        self.free: list[Notebook] = []
        self._chromium = None
        self._closing = ExitStack()

    def new_page(self, **options):
        """Open a page in a context of its own."""
        return self._started().new_page(**options)

    def close(self) -> None:
        """Close the browser with all its pages."""
        self.free.clear()
        self._chromium = None
        self._closing.close()

    def _started(self):
        if self._chromium is None:
            try:
                from playwright.sync_api import sync_playwright
            except ImportError:
                missing("The browser tests need Playwright: pip install 'bppviz[test]'.")
            playwright = self._closing.enter_context(sync_playwright())
            self._chromium = launched(playwright.chromium)
            if self._chromium is None:
                self._closing.close()
                missing(HOW_TO_GET_A_BROWSER)
            self._closing.callback(self._chromium.close)
        return self._chromium


class Opener:
    """Opens notebooks, and closes them all; then nothing may have gone wrong in any.

    The `kind` knows the pages of its server.
    """

    def __init__(self, browser: Browser, lab, kind=Notebook) -> None:
        self._browser, self._lab, self._kind = browser, lab, kind
        self._notebooks: list[Notebook] = []
        self._in_turn: Notebook | None = None

    def open(self, *cells, size=(1280, 720), in_turn=False, fresh=False) -> Notebook:
        """Open a notebook with these cells in a page of some size; instead of cells, its path can be given.

        Those opened `in_turn` stand in the same page, each in the place of the one before. What must be the first in
        its page is opened in a `fresh` one.
        """
        source = cells[0] if isinstance(cells[0], Path) else list(cells)
        if in_turn and self._in_turn:
            self._in_turn.turn_to(source, size)
            return self._in_turn
        notebook = self._new(source, size) if fresh or not self._reusable() else self._used(source, size)
        self._notebooks.append(notebook)
        if in_turn:
            self._in_turn = notebook
        return notebook

    def close(self, *, all_is_well: bool = True) -> None:
        """Close the notebooks; where all is well their pages are kept for others."""
        found = [self._closed(notebook, all_is_well) for notebook in self._notebooks]
        assert found == [QUIET] * len(found), found

    def _closed(self, notebook: Notebook, all_is_well: bool) -> dict[str, list[str]]:
        """Close a notebook, or keep its page, and return what went wrong until then."""
        if all_is_well and self._kind is Notebook and notebook.is_as_new():
            found = went_wrong(notebook)
            notebook.leave()
            self._browser.free.append(notebook)
            return found
        notebook.close()
        return went_wrong(notebook)

    def _reusable(self) -> bool:
        return self._kind is Notebook and bool(self._browser.free)

    def _new(self, source, size) -> Notebook:
        page = self._browser.new_page(viewport={"width": size[0], "height": size[1]}, locale="en-US")
        return self._kind(self._lab, page, source)

    def _used(self, source, size) -> Notebook:
        notebook = self._browser.free.pop()
        notebook.forget()
        notebook.enter(source, size)
        return notebook
