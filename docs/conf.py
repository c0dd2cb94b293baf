"""How the documentation is built: Sphinx, out of pages in Markdown and of the docstrings.

    python -m pip install -e ".[image]" -r docs/requirements.txt
    python -m sphinx --fail-on-warning docs build/docs

With `--tag lessons` its first pages link the lessons, which whoever builds it puts beside them, in lessons/.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import draw  # noqa: E402

import bppviz  # noqa: E402

project = "bppviz"
author = "bppviz contributors"
project_copyright = f"2026, {author}"
version = release = bppviz.__version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
default_role = "py:obj"
autodoc_typehints = "none"  # the docstrings say what is taken, with shapes
autodoc_member_order = "bysource"

html_theme = "furo"
html_title = f"bppviz {version}"
html_static_path = ["static"]
html_css_files = ["page.css"]
html_copy_source = html_show_sphinx = False

BROKEN_LINE = re.compile(r"(?<=[\u3001-\uff60])\n(?=[\u3001-\uff60])")  # between two Chinese letters
# The labels of the theme, some of which no catalogue of its can translate: as a text, or as an attribute of one.
LABELS = json.loads((HERE / "labels.zh-TW.json").read_text(encoding="utf-8"))
LABEL = re.compile(rf'(?<=[>"])(\s*)({"|".join(map(re.escape, LABELS))})(?=\s*[<"])')
ARTICLE, TO_HEADING = re.compile("(<article .*</article>)", re.DOTALL), "Link to this heading"
LINK = re.compile(r'href="[^"#]*?(\.zh-TW)?\.html"')


def in_one_line(_app: Any, page: str, source: list[str]) -> None:
    """Join the lines of a paragraph in Chinese, where a browser would put a space between them."""
    if page.endswith(".zh-TW"):
        source[0] = BROKEN_LINE.sub("", source[0])


def told(_app: Any, page: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Tell the language of a page and of each link beside it, and what level of headings stands above these."""
    if page.endswith(".zh-TW"):
        context["language"] = "zh-TW"
    beside = context["furo_navigation_tree"].replace('role="heading"', 'role="heading" aria-level="2"')
    context["furo_navigation_tree"] = LINK.sub(lambda it: f'{it[0]} lang="{"zh-TW" if it[1] else "en"}"', beside)


def in_chinese(app: Any, error: Exception | None) -> None:
    """Write the labels of the theme in the language of their page."""
    for page in () if error else Path(app.outdir).glob("*.zh-TW.html"):
        before, article, behind = ARTICLE.split(page.read_text(encoding="utf-8"))
        before, behind = (LABEL.sub(lambda it: it[1] + LABELS[it[2]], it) for it in (before, behind))
        article = article.replace(TO_HEADING, LABELS[TO_HEADING])  # all else in it is ours: Home may be a key there
        page.write_text(before + article + behind, encoding="utf-8", newline="\n")


def setup(app: Any) -> None:
    """Draw the pictures, and take part where pages are read and written."""
    draw.draw_all(HERE / "drawn")
    app.connect("source-read", in_one_line)
    app.connect("html-page-context", told, priority=900)  # when the theme has put its links there
    app.connect("build-finished", in_chinese)
