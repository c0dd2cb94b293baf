"""The program of a run as a file: a script, or a notebook with its formulas."""

from __future__ import annotations

from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from bppviz.core.checks import brief
from bppviz.core.files import check_writable, file_path, write_whole
from bppviz.core.refusals import no_trace
from bppviz.core.trace import Trace
from bppviz.paper.notebook import notebook
from bppviz.words.catalogue import language
from bppviz.words.listing import listing_of

SCRIPT, NOTEBOOK, NUMBERS = ".py", ".ipynb", ".npz"


def save_listing(
    trace: Trace,
    path: str | PathLike[str],
    *,
    framework: str = "numpy",
    checks: bool = True,
    lang: str | None = None,
) -> None:
    """Write the program of a run, as `listing` returns it, to a script (.py) or a Jupyter notebook (.ipynb).

    In a notebook each phase is a cell under its formulas, with headings in a language, en or zh-TW. A run with more
    than 1000 numbers has them in a file beside the program, such as run.py.npz, from which it takes them.

    Raises TypeError or ValueError for what `listing` refuses, for an unknown language, and for what is no path to such
    a file; OSError where a file cannot be written: then the program is not, and an older one stays as it was.
    """
    if not isinstance(trace, Trace):
        raise no_trace("save_listing", trace)
    for file, data in program_files(trace, listing_path(path), framework, checks=checks, lang=language(lang)).items():
        write_whole(file, data)


def program_files(trace: Trace, path: Path, framework: str, *, checks: bool, lang: str) -> dict[Path, bytes]:
    """Return the files of a program, in the order in which they are written: its numbers, if need be, and itself."""
    # Named after the whole of the program's name: of run.py and run.ipynb, each has its own numbers.
    beside, is_script = path.with_name(path.name + NUMBERS), path.suffix.lower() == SCRIPT
    file = f'__file__ + "{NUMBERS}"' if is_script else repr(beside.name)
    made = listing_of(trace, framework, checks=checks, file=file)
    check_writable(path)
    numbers = {beside: _archive(made.beside)} if made.beside else {}
    return numbers | {path: made.text.encode() if is_script else notebook(made, trace, lang)}


def listing_path(path: Any) -> Path:
    """Return the path of a script or a notebook; raise TypeError or ValueError for another."""
    target = file_path(path, "run.py")
    if target.suffix.lower() not in (SCRIPT, NOTEBOOK):
        raise ValueError(
            f"path is {brief(str(path))}; give a name that ends in .py, such as {target.stem[:40] + SCRIPT!r}, or in "
            ".ipynb for a notebook."
        )
    return target


def _archive(numbers: dict[str, Any]) -> bytes:
    """Return numbers as a file that NumPy reads."""
    file = BytesIO()
    np.savez(file, **numbers)
    return file.getvalue()
