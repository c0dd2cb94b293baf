"""A file handed to the reader: where Python runs in the browser, none of the reader's folders has it, but a link."""

from __future__ import annotations

import os
import sys
from html import escape
from pathlib import Path
from urllib.parse import quote

from bppviz.core.files import write_whole
from bppviz.words.catalogue import words

DRIVE = "/drive"  # where JupyterLite has the reader's files, which it keeps in the browser
LOOK = "display: inline-block; padding: 4px 0"  # large enough to be hit


def is_browser() -> bool:
    """Tell whether Python runs in a browser, where there are no threads, processes or libraries of the system."""
    return sys.platform == "emscripten"


def hand_over(path: Path, data: bytes, lang: str) -> None:
    """Write a file at once, as `write_whole` does, and show a link that downloads it where Python runs in a browser."""
    write_whole(path, data)
    if is_browser() and Path(os.path.realpath(path)).is_relative_to(DRIVE):
        from IPython.display import HTML, display

        display(HTML(link(path, lang)))


def link(path: Path, lang: str) -> str:
    """Return a link that downloads a file; JupyterLab looks for it beside the notebook, where Python is at work too."""
    label = words(lang)("saved.download", file=path.name)
    address, name = quote(os.path.relpath(path)), escape(path.name)
    return f'<a href="{address}" download="{name}" style="{LOOK}">{escape(label)}</a>'
