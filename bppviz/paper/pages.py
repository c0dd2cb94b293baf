"""Pages of paper in one HTML file: each as large as the paper, with a title and its number at the foot.

==================  ==========================================================================
`paper_name`        the paper that somebody asks for: A4 or Letter
`PAPERS`            how large each is
`html_path`         the path of the file, which has to be one of HTML
`document`          the whole file, from the HTML of each page
==================  ==========================================================================
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from bppviz.core.checks import brief, known_name
from bppviz.core.files import file_path
from bppviz.paper.formula import role_rules
from bppviz.picture.theme import FONT, palette, part

PAPERS = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}  # in millimetres: how wide, how high
THEME = "light"
PARTS = ("ink", "muted", "line", "background")
# The fonts of the page, which stand in its folder, by the name and weight that they have in the style sheet.
FACES = (("math", "math", "normal"), ("text", "text", "normal"), ("text-bold", "text", "bold"))


def paper_name(paper: str) -> str:
    """Return the paper that `paper` asks for, in any case; raise TypeError or ValueError for another."""
    return known_name("paper", paper, PAPERS, any_case=True)


def html_path(path: Any, usual: str) -> Path:
    """Return the path of an HTML file, or say how to come by another; `usual` is a name for one."""
    target = file_path(path, usual)
    if target.suffix.lower() != ".html":
        raise ValueError(
            f"path is {brief(str(path))}, and the pages are written as HTML; give a name that ends in .html, such as "
            f"{target.stem[:40] + '.html'!r}, and print that from a browser, which can save it as a PDF."
        )
    return target


def document(title: str, sections: Sequence[str], *, paper: str, lang: str, style: str = "") -> str:
    """Return an HTML file that prints as these pages: `sections` are the HTML of each, without what is at its foot.

    It has the fonts of formulas and texts in it, and the colours of the formulas' pieces. `style` are rules of CSS for
    what stands in the sections.
    """
    pages = "".join(_page(title, body, f"{n} / {len(sections)}") for n, body in enumerate(sections, 1))
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f"<style>\n{_faces()}{_rules(paper)}{style}</style>\n</head>\n<body>\n{pages}</body>\n</html>\n"
    )


def _page(title: str, body: str, number: str) -> str:
    foot = f'<p class="bppviz-foot"><span>{escape(title)}</span><span>{number}</span></p>'
    return f'<section class="bppviz-page">\n<div class="bppviz-body">{body}</div>\n{foot}\n</section>\n'


def _rules(paper: str) -> str:
    wide, high = PAPERS[paper]
    colours = palette(THEME)
    sheet = Template((files("bppviz.paper") / "pages.css").read_text(encoding="utf-8"))
    blanks = {"paper": paper, "wide": wide, "high": high, "font": FONT, **{it: colours[part(it)] for it in PARTS}}
    return sheet.substitute(blanks) + role_rules(THEME, ".bppviz-page")


@cache
def _faces() -> str:
    """Return the fonts as rules of CSS, so that a page needs no other file."""
    return "".join(
        f'@font-face {{ font-family: "bppviz {family}"; font-weight: {weight}; '
        f'src: url("data:font/woff2;base64,{_font(name)}") format("woff2"); }}\n'
        for name, family, weight in FACES
    )


def _font(name: str) -> str:
    return b64encode((files("bppviz.page") / "fonts" / f"{name}.woff2").read_bytes()).decode()
