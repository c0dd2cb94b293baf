"""The command `python -m bppviz`: a walk as a page, on paper, or as a program, and worksheets with their key.

It writes files and says so in a line each. What does not fit is said in one sentence, as an error is in Python, and the
exit code is 2; it is 0 where all is well, 130 after Ctrl+C, and 1 where nobody reads what it says.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bppviz
from bppviz.core.files import write_whole
from bppviz.core.walk import default_granularity
from bppviz.page.arguments import help_language, parser
from bppviz.page.given import data_given, page_given, read_typed, run_of, sizes_given, step_number, steps_given
from bppviz.page.handout import save_html
from bppviz.paper.listing_file import NOTEBOOK, listing_path, program_files
from bppviz.paper.sheet import save_sheet
from bppviz.paper.worksheet import worksheet
from bppviz.practice.typed import single
from bppviz.words.catalogue import Words, language, words
from bppviz.words.numbers import number

REFUSED, UNREAD, INTERRUPTED = 2, 1, 130
WRONG = (TypeError, ValueError, IndexError, OverflowError, ImportError, OSError)  # what the public functions raise
NEGATIVE = r"-\.?\d[^a-df-z]*"  # numbers that begin with a minus sign


def main(argv: Sequence[str] | None = None) -> int:
    """Do what these arguments ask for, those of the command line where none are given, and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a console may lack ∂ and Chinese
    try:
        text = "".join(_done(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:
        return INTERRUPTED
    except WRONG as error:
        print(f"bppviz: {error}", file=sys.stderr)
        return REFUSED
    return _say(text)


def _done(argv: Sequence[str]) -> list[str]:
    """Do what is asked for, and return what is to be said: a line for each file that was written, or the help."""
    say = words(help_language(argv))
    typed = parser(say)
    try:
        asked = typed.parse_args([_marked(it) for it in argv])
    except SystemExit as ending:  # with the help
        return [str(ending.code)]
    if asked.version:
        return [f"bppviz {bppviz.__version__}\n"]
    if asked.command is None:
        return [typed.format_help()]
    written = COMMANDS[asked.command](asked)
    return [_line(path, name, say) for path, name in written.items()]


def _marked(argument: str) -> str:
    """Return an argument so that numbers such as -1,2 are not taken for an option."""
    return f" {argument}" if re.fullmatch(NEGATIVE, argument, re.IGNORECASE) else argument


def _line(path: Path, name: str, say: Words) -> str:
    """Return what is said of a file."""
    size = path.stat().st_size
    shown = f"{number(size / 1e6, 2)} MB" if size >= 1e6 else f"{number(size / 1e3, 2)} kB"
    return say(f"command.wrote_{name}", path=path, size=shown) + "\n"


def _say(text: str) -> int:
    """Print a text, and return the exit code."""
    try:
        print(text, end="", flush=True)
    except OSError:  # nobody reads on: what is left of it must not be written when Python ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    return 0


def _page(asked: Namespace) -> dict[Path, str]:
    """Write a walk as a page of its own."""
    path, trace = page_given(asked.path, "walk.html"), run_of(asked)
    step = None if asked.step is None else step_number(trace, asked.step, default_granularity(trace))
    save_html(trace, path, lang=asked.lang, theme=asked.theme, view=asked.view, step=step)
    return {path: "page"}


def _sheet(asked: Namespace) -> dict[Path, str]:
    """Write a walk on pages to be printed."""
    path, trace = page_given(asked.path, "walk.html"), run_of(asked)
    by = default_granularity(trace) if asked.by is None else asked.by
    steps = None if asked.steps is None else steps_given(trace, asked.steps, by)
    looks = {"lang": asked.lang, "view": asked.view, "paper": asked.paper}
    save_sheet(trace, path, steps, per_page=asked.per_page, granularity=by, **looks)
    return {path: "sheet"}


def _listing(asked: Namespace) -> dict[Path, str]:
    """Write a run as a program, and beside it a file of its numbers where they are too many."""
    path, trace = listing_path(asked.path), run_of(asked)
    lang = language(asked.lang)
    files = program_files(trace, path, asked.framework, checks=not asked.no_checks, lang=lang)
    for file, data in files.items():
        write_whole(file, data)
    own = "notebook" if path.suffix.lower() == NOTEBOOK else "listing"
    return {file: own if file == path else "data" for file in files}


def _worksheet(asked: Namespace) -> dict[Path, str]:
    """Write worksheets, and where they are asked for their key, and their answers as data."""
    path = page_given(asked.path, "sheets.html")
    key = None if asked.key is None else page_given(asked.key, "key.html")
    data = None if asked.data is None else data_given(asked.data)
    if key and os.path.realpath(key) == os.path.realpath(path):
        raise ValueError(f"the sheets and their key are both {str(path)!r}; give the key another name.")
    sheets = worksheet(asked.n, asked.seed, **_wishes(asked))
    sheets.save(path, paper=asked.paper)
    if key:
        sheets.save_key(key, paper=asked.paper)
    if data:
        write_whole(data, json.dumps(sheets.to_dicts(), ensure_ascii=False, indent=1).encode())
    return {it: kind for it, kind in ((path, "sheet"), (key, "sheet"), (data, "data")) if it}


def _wishes(asked: Namespace) -> dict[str, Any]:
    """Return what was said of the worksheets; the rest is as `worksheet` has it."""
    wishes = {name: getattr(asked, name) for name in ("level", "activation", "loss", "ask", "lang")}
    wishes |= {name: read_typed(name, getattr(asked, name), read) for name, read in READERS.items()}
    return {name: wish for name, wish in wishes.items() if wish is not None}


READERS = {"sizes": sizes_given, "smallest": single}
COMMANDS = {"page": _page, "sheet": _sheet, "listing": _listing, "worksheet": _worksheet}
