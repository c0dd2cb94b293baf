"""The files of the package that go to a page: its modules and style sheet, plotly.js and the fonts."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from graphlib import TopologicalSorter
from importlib.resources import files

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
# The parts of the style sheet: of two rules that differ, the later one holds.
SHEETS = ("surface.css", "stage.css", "panels.css", "matrices.css", "code.css", "screen.css")
EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
# A name, or several in brackets: const [HALF, AWAY] = [11, 4].
DEFINED = re.compile(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+|[\[{][^=]*(?= =))", re.MULTILINE)


def asset(name: str) -> str:
    """Return the text of one of the package's files for the page."""
    return (files("bppviz.page") / name).read_text(encoding="utf-8")


def bundle(entry: str, read: Callable[[str], str] = asset) -> str:
    """Return a module as one text with all that it imports, each module after those that it needs itself.

    They share a scope then. Raises ValueError for modules that import each other in a circle, and for a name that two
    of them define.
    """
    sources: dict[str, str] = {}
    needs: dict[str, list[str]] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name not in sources:
            sources[name] = read(name)
            needs[name] = [module for _, module in IMPORT.findall(sources[name])]
            waiting += needs[name]
    modules = {name: sources[name] for name in TopologicalSorter(needs).static_order()}
    found = (names for source in modules.values() for names in DEFINED.findall(source))
    names = Counter(name for several in found for name in re.findall(r"\w+(?!\w*:)", several))
    twice = [name for name, times in names.items() if times > 1]
    if twice:
        raise ValueError(f"{', '.join(twice)}: defined twice in {', '.join(modules)}, which share a scope.")
    return "".join(EXPORT.sub("", IMPORT.sub("", source)) for source in modules.values())


def lean(source: str) -> str:
    """Return a module or style sheet without what only its readers need: indentation, types and comments."""
    untyped = re.sub(r"/\*\*.*?\*/ ?", "", source, flags=re.DOTALL)
    uncommented = re.sub(r"(?<=[;,(){}\]]) // .*$", "", untyped, flags=re.MULTILINE)
    return re.sub(r"^[ ]*(?://.*\n|/\*[^*]*\*/\n|\n)?", "", uncommented, flags=re.MULTILINE)


def page_module(entry: str) -> str:
    """Return a module for the page, lean, with all that it imports."""
    return lean(bundle(entry))


def style_sheet() -> str:
    """Return the whole style sheet: controls, the stage, the panels, and what lies over them or fills the screen."""
    return "".join(map(asset, SHEETS))


def packed_module(entry: str, sheet: str = "") -> bytes:
    """Return a module for the page and a style sheet, gzipped as `load.js` takes them."""
    style = f"export const style = {json.dumps(lean(sheet))};\n" if sheet else ""
    return gzip.compress((page_module(entry) + style).encode(), 9, mtime=0)


@cache
def plotly_js() -> bytes:
    """Return the plotly.js of the installed plotly package, gzipped."""
    from plotly.offline import get_plotlyjs  # not before a page asks for it

    return gzip.compress(get_plotlyjs().encode(), 9, mtime=0)


@cache
def fonts() -> list[bytes]:
    """Return the font of the formulas, and that of the pictures, plain and bold."""
    return [(files("bppviz.page") / "fonts" / f"{name}.woff2").read_bytes() for name in ("math", "text", "text-bold")]
