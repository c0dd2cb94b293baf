"""A file that was written is offered as a download where Python runs in a browser, and nowhere else."""

import sys
from pathlib import Path

import IPython.display
import pytest

import bppviz
from bppviz.core.files import write_whole
from bppviz.paper import handed

TRACE = bppviz.example("lecture").trace
WRITERS = {
    "walk.html": lambda path: bppviz.save_html(TRACE, path, lang="zh-TW"),
    "a & b.html": lambda path: bppviz.save_sheet(TRACE, path, steps=[0], lang="zh-TW"),
    "題目.html": lambda path: bppviz.worksheet(1, lang="zh-TW").save(path),
    "key.html": lambda path: bppviz.worksheet(1, lang="zh-TW").save_key(path),
    "step.svg": lambda path: bppviz.still(TRACE, 3, lang="zh-TW").save(path),
}


@pytest.fixture
def shown(monkeypatch):
    """What cells have shown, in a list."""
    pieces = []
    monkeypatch.setattr(IPython.display, "display", lambda it: pieces.append(it.data))
    return pieces


@pytest.fixture
def drive(monkeypatch, tmp_path):
    """A folder that Python in a browser would take for the reader's files, and is in."""
    monkeypatch.setattr(handed, "is_browser", lambda: True)
    monkeypatch.setattr(handed, "DRIVE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("name", "href"), [("walk.html", "walk.html"), ("a & b.html", "a%20%26%20b.html")])
def test_a_link_leads_to_the_file_by_its_name(drive, shown, name, href):
    WRITERS[name](name)
    label = name.replace("&", "&amp;")
    assert shown == [f'<a href="{href}" download="{label}" style="{handed.LOOK}">下載 {label}</a>']


@pytest.mark.parametrize("name", WRITERS)
def test_whatever_writes_a_file_offers_it(drive, shown, name):
    WRITERS[name](drive / name)
    assert len(shown) == 1
    assert (drive / name).stat().st_size


def test_nothing_is_offered_that_is_not_among_the_readers_files(drive, shown, monkeypatch):
    monkeypatch.setattr(handed, "DRIVE", "/drive")
    WRITERS["step.svg"](drive / "step.svg")
    assert shown == []


def test_nothing_is_offered_outside_a_browser(shown, tmp_path):
    assert handed.is_browser() == (sys.platform == "emscripten")
    for name, write in WRITERS.items():
        write(tmp_path / name)
    assert shown == []


def test_a_file_that_cannot_be_written_is_not_offered(drive, shown):
    write_whole(drive / "file", b"")
    with pytest.raises(OSError, match="is a file and no folder"):
        WRITERS["step.svg"](Path("file/step.svg"))
    assert shown == []


@pytest.mark.parametrize("ending", ["png", "pdf"])
def test_pictures_that_need_a_library_of_the_system_are_refused_in_one_sentence(monkeypatch, tmp_path, ending):
    monkeypatch.setattr("bppviz.paper.convert.is_browser", lambda: True)
    for library in ("resvg_py", "reportlab.graphics.renderPDF"):
        monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ImportError, match=rf"^{ending.upper()} files cannot be made .*; save \.svg\.$"):
        bppviz.still(TRACE, 3).save(tmp_path / f"step.{ending}")
