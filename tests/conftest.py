"""Fixtures of the browser tests: a browser, a JupyterLab, and notebooks in it."""

import sys

import pytest
from hypothesis import settings
from lab import running_lab
from pages import Browser, Opener, missing

pytest.register_assert_rewrite("painting")
settings.register_profile("untimed", settings.default, deadline=None)  # how fast a machine is says nothing
settings.load_profile("untimed")
BROWSER = pytest.StashKey[Browser]()
LONG = pytest.StashKey[set]()


def pytest_configure(config):
    config.stash[BROWSER] = Browser()


def pytest_unconfigure(config):
    config.stash[BROWSER].close()


def pytest_collection_modifyitems(config, items):
    """Begin with the files that need a browser: at the end, short ones keep every worker busy."""
    config.stash[LONG] = long = {item.path for item in items if {"browser", "lab"} & set(item.fixturenames)}
    items.sort(key=lambda item: item.path not in long)


def pytest_runtest_setup(item):
    """Close the browser before the files that need none: while it is open, Playwright runs an event loop here."""
    if item.path not in item.config.stash[LONG]:
        item.config.stash[BROWSER].close()


@pytest.fixture(scope="session")
def browser(request):
    """A Chromium."""
    return request.config.stash[BROWSER]


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A running JupyterLab."""
    try:
        import jupyterlab  # noqa: F401
    except ImportError:
        missing("The browser tests need JupyterLab: pip install 'bppviz[lab]'.")
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture(scope="module")
def own_precision():
    """Give PyTorch its own precision back, which a program of a run sets for itself."""
    yield
    if torch := sys.modules.get("torch"):
        torch.set_default_dtype(torch.float32)


def opened(request, browser, lab):
    """Give a function that opens notebooks; at the end nothing may have gone wrong in any."""
    opener, failed = Opener(browser, lab), request.session.testsfailed
    yield opener.open
    opener.close(all_is_well=request.session.testsfailed == failed)


@pytest.fixture
def open_notebook(request, browser, lab):
    """A function that opens a notebook."""
    yield from opened(request, browser, lab)


@pytest.fixture(scope="module")
def open_shared_notebook(request, browser, lab):
    """The same for a notebook that the tests of a file share."""
    yield from opened(request, browser, lab)
