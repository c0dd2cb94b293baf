"""Files that people name: the path checked at the door, and the whole of a file written, or nothing of it.

==================  ==========================================================================
`file_path`         the path of a file that can be called so
`check_writable`    whether a file can be written there, before there is anything to write
`write_whole`       all of a file at once; where that fails, what was there stays as it was
==================  ==========================================================================
"""

from __future__ import annotations

import os
from os import PathLike, fsdecode, fsencode
from pathlib import Path
from secrets import token_hex
from shutil import copymode
from typing import Any

from bppviz.core.checks import brief

LONGEST_SHOWN = 260  # characters of a path that an error repeats in full: one has to see where it goes wrong


def file_path(path: Any, usual: str) -> Path:
    """Return the path of a file that can be written to, or say why there can be none; `usual` is a name for one.

    Raises TypeError for what is no path, ValueError for what no file can be called.
    """
    if not isinstance(path, str | PathLike):
        raise TypeError(f"path is of type {type(path).__name__}; give the name of a file, such as {usual!r}.")
    try:
        name = fsencode(path)
    except UnicodeEncodeError:
        name = b"\0"
    if b"\0" in name or not name or fsdecode(name)[-1] in (os.sep, os.altsep):
        raise ValueError(f"path is {ascii(path)[:80]}, which no file can be called; give a name such as {usual!r}.")
    return Path(fsdecode(name))


def check_writable(path: Path) -> None:
    """Raise OSError, as `write_whole` does, where no file can be written; nothing is changed."""
    try:
        if path.exists():
            path.open("ab").close()
        if not path.exists() or path.is_file():
            _beside(path).unlink()
    except OSError as error:
        raise _refusal(path, error) from None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file at once: it appears when all of it is there, with the mode that any new file has here.

    A file that is replaced keeps its mode, and a link to it stays one. Raises OSError, in one sentence, where the file
    cannot be written; a file that was there is then as it was.
    """
    try:
        _write(path, data)
    except OSError as error:
        raise _refusal(path, error) from None


def _write(path: Path, data: bytes) -> None:
    if path.exists():
        with path.open("ab") as file:  # this asks for the permission, and changes nothing yet
            if not path.is_file():  # a device or a pipe, which must not be replaced
                file.write(data)
                return
    target, beside = Path(os.path.realpath(path)), _beside(path)
    try:
        beside.write_bytes(data)
        if target.exists():
            copymode(target, beside)
        beside.replace(target)
    except BaseException:
        beside.unlink()
        raise


def _beside(path: Path) -> Path:
    """Make an empty file in the folder of a file, or of what a link leads to, and return its path."""
    beside = Path(os.path.realpath(path)).with_name(
        f".bppviz-{token_hex(8)}"
    )  # short: a name may be as long as allowed
    beside.touch(exist_ok=False)
    return beside


def _refusal(path: Path, error: OSError) -> OSError:
    """Return the same error in the words of somebody who wanted a file: what was given, and how to mend it."""
    folder = os.path.dirname(os.path.realpath(path))
    if os.path.isdir(path):
        why = "which is a folder; give the name of a file in it."
    elif os.path.isfile(folder):
        why = f"but {_shown(folder)} is a file and no folder; give another path."
    elif isinstance(error, FileNotFoundError):
        why = f"but there is no folder {_shown(folder)}; make it first, or give another path."
    elif isinstance(error, PermissionError):
        why = "where you may not write; give a file in a folder of your own."
    else:
        why = f"which cannot be written ({error.strerror}); give another path."
    return type(error)(f"path is {_shown(str(path))}, {why}")


def _shown(path: str) -> str:
    return repr(path) if len(path) <= LONGEST_SHOWN else brief(path)
