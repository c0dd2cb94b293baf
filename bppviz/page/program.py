"""The program of a run for the page: what is seen of it, and the files that can be saved."""

from __future__ import annotations

from typing import Any

from bppviz.core.trace import Trace
from bppviz.page.packed import zipped
from bppviz.panels.code import code_panel
from bppviz.panels.code_torch import torch_rows
from bppviz.paper.notebook import notebook
from bppviz.words.catalogue import LANGUAGES, by_language
from bppviz.words.dialect import FRAMEWORKS
from bppviz.words.listing import listing_of

SAID = (
    *("library", "now", "listing", "copied", "not_copied", "one_call", "in_grad", "found", "value", "here"),
    *("same", "other", "foot", "computing", "no_torch", "failed"),
)


def packed_program(trace: Trace) -> bytes:
    """Return the program of a run with its files and the words around it, gzipped; or why there is none."""
    panel = code_panel(trace)
    if "note" in panel:
        return zipped(panel)
    said = {name: by_language(f"code.{name}") for name in SAID}
    files = {framework: _files(trace, framework) for framework in FRAMEWORKS}
    return zipped({**panel, "rows": torch_rows(trace), "files": files, "said": said})


def _files(trace: Trace, framework: str) -> dict[str, Any]:
    """Return a program as a script and as a notebook, with its checks unless these are too many numbers for a text."""
    made = listing_of(trace, framework, checks=True)
    if made.beside:
        made = listing_of(trace, framework, checks=False)
    return {"py": made.text, "ipynb": {lang: notebook(made, trace, lang).decode() for lang in LANGUAGES}}
