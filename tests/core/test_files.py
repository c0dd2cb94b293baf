"""Files that people name: written as a whole or not at all, and a sentence where that cannot be."""

import os
import re
import stat
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bppviz.core.files import check_writable, file_path, write_whole

NOBODY = 65534
POSIX = pytest.mark.skipif(os.name != "posix", reason="modes, links and devices as Unix has them")


@pytest.fixture
def not_root():
    """A folder that anybody may enter, and no rights beyond those of an ordinary user: root may write anywhere."""
    was_root = os.geteuid() == 0
    with TemporaryDirectory() as name:
        folder = Path(name)
        if was_root:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        yield folder
        folder.chmod(0o700)
        if was_root:
            os.seteuid(0)


def refuses(kind, path, why):
    """Expect an error whose whole text says what was given, and why it cannot be written."""
    return pytest.raises(kind, match=f"^{re.escape(f'path is {str(path)!r}, {why}')}$")


# What refuses in the same words: to write, and to ask before there is anything to be written.
WAYS = pytest.mark.parametrize(
    "write", [lambda path: write_whole(path, b"other"), check_writable], ids=["write_whole", "check_writable"]
)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_written_and_nothing_stands_beside_it(tmp_path):
    path = file_path(str(tmp_path / "walk.html"), "walk.html")
    for data in (b"one", b"two"):
        write_whole(path, data)
        assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


def test_the_longest_name_that_a_file_may_have_can_be_given(tmp_path):
    path = tmp_path / ("x" * 250 + ".html")
    write_whole(path, b"whole")
    assert path.read_bytes() == b"whole"


@POSIX
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_mode_of_any_new_file_and_one_that_is_replaced_keeps_its_own(tmp_path, mask):
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "new", b"")
        (tmp_path / "usual").write_bytes(b"")
    finally:
        os.umask(before)
    assert mode(tmp_path / "new") == mode(tmp_path / "usual") == 0o666 & ~mask
    (tmp_path / "new").chmod(0o640)
    write_whole(tmp_path / "new", b"more")
    assert mode(tmp_path / "new") == 0o640


@POSIX
@pytest.mark.parametrize("there", [True, False])
def test_what_a_link_leads_to_is_written_and_the_link_stays(tmp_path, there):
    (tmp_path / "shared").mkdir()
    target = tmp_path / "shared" / "walk.html"
    if there:
        target.write_bytes(b"old")
    link = tmp_path / "link.html"
    link.symlink_to(Path("shared") / "walk.html")
    write_whole(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert sorted(it.name for it in tmp_path.rglob("*")) == ["link.html", "shared", "walk.html"]


def test_to_ask_whether_a_file_can_be_written_changes_nothing(tmp_path):
    there = tmp_path / "there"
    there.write_bytes(b"kept")
    before = there.stat().st_mtime_ns
    for path in (there, tmp_path / "new"):
        check_writable(path)
    assert [*tmp_path.iterdir()] == [there]
    assert (there.read_bytes(), there.stat().st_mtime_ns) == (b"kept", before)


@POSIX
def test_a_device_is_written_to_and_not_replaced():
    write_whole(Path("/dev/null"), b"gone")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@WAYS
def test_a_folder_is_refused(tmp_path, write):
    with refuses(IsADirectoryError, tmp_path, "which is a folder; give the name of a file in it."):
        write(tmp_path)


@WAYS
def test_a_folder_that_is_not_there_is_named(tmp_path, write):
    path = tmp_path / "a" / "b.html"
    why = f"but there is no folder {str(tmp_path / 'a')!r}; make it first, or give another path."
    with refuses(FileNotFoundError, path, why):
        write(path)


def test_the_folder_that_is_not_there_is_told_in_full_where_the_path_is_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    why = f"but there is no folder {str(tmp_path / 'a')!r}; make it first, or give another path."
    with refuses(FileNotFoundError, Path("a") / "b.html", why):
        write_whole(Path("a/b.html"), b"")


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path):
    (tmp_path / "a").write_bytes(b"kept")
    why = f"but {str(tmp_path / 'a')!r} is a file and no folder; give another path."
    with refuses(NotADirectoryError, tmp_path / "a" / "b.html", why):
        write_whole(tmp_path / "a" / "b.html", b"")
    assert (tmp_path / "a").read_bytes() == b"kept"


@POSIX
@WAYS
def test_where_one_may_not_write_a_sentence_says_so_and_what_was_there_is_kept(not_root, write):
    old, new = not_root / "old.html", not_root / "new.html"
    old.write_bytes(b"kept")
    old.chmod(0o400)
    mend = "where you may not write; give a file in a folder of your own."
    with refuses(PermissionError, old, mend):
        write(old)
    old.chmod(0o600)
    not_root.chmod(0o500)
    for path in (old, new):
        with refuses(PermissionError, path, mend):
            write(path)
    assert old.read_bytes() == b"kept"
    assert list(not_root.iterdir()) == [old]


@POSIX
def test_a_disk_that_is_full_leaves_what_was_there(tmp_path):
    """A file may be no longer than this process allows, which fails in the middle of writing as a full disk does."""
    resource, signal = pytest.importorskip("resource"), pytest.importorskip("signal")
    path = tmp_path / "walk.html"
    path.write_bytes(b"kept")
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with refuses(OSError, path, "which cannot be written (File too large); give another path."):
            write_whole(path, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert path.read_bytes() == b"kept"
    assert list(tmp_path.iterdir()) == [path]


@POSIX
def test_a_name_that_is_too_long_is_refused_in_a_line(tmp_path):
    with pytest.raises(OSError, match=r"^path is '.{,80}', which cannot be written \(File name too long\); give an"):
        write_whole(tmp_path / ("x" * 300), b"")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "\0", "\ud800", "pages/"])
def test_what_no_file_can_be_called_is_refused(name):
    text = f"path is {name!a}, which no file can be called; give a name such as 'walk.html'."
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        file_path(name, "walk.html")


def test_what_is_no_path_is_refused():
    with pytest.raises(TypeError, match=r"^path is of type int; give the name of a file, such as 'step\.svg'\.$"):
        file_path(3, "step.svg")
