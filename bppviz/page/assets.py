"""The files of the package that go to a page: its modules and style sheet, plotly.js and the fonts."""

from __future__ import annotations

import gzip
import re
from functools import cache
from hashlib import sha256
from importlib.resources import files

from plotly.offline import get_plotlyjs


def asset(name: str) -> str:
    """Return the text of one of the package's files for the page."""
    return (files("bppviz.page") / name).read_text(encoding="utf-8")


def lean(source: str) -> str:
    """Return a module or style sheet without what only its readers need: indentation, and lines that are a comment."""
    return re.sub(r"^[ ]*(?://.*\n|/\*[^*]*\*/\n|\n)?", "", source, flags=re.MULTILINE)


def once(source: str) -> str:
    """Return a lean module whose code every widget in a page shares.

    A page keeps each module that it has ever imported, and anywidget imports one for every widget.
    """
    name = sha256(source.encode()).hexdigest()[:16]
    shared = f'export default globalThis["bppviz {name}"] ??='
    return re.sub("^export default", shared, lean(source), flags=re.MULTILINE)


def stage_js() -> str:
    """Return the stage's module for the page."""
    return once(asset("plotly.js") + asset("kernel.js") + asset("screen.js") + asset("stage.js"))


@cache
def plotly_js() -> bytes:
    """Return the plotly.js of the installed plotly package, gzipped."""
    return gzip.compress(get_plotlyjs().encode(), 6)


@cache
def fonts() -> list[bytes]:
    """Return the font of the formulas, and that of the pictures, plain and bold."""
    return [(files("bppviz.page") / "fonts" / f"{name}.woff2").read_bytes() for name in ("math", "text", "text-bold")]
