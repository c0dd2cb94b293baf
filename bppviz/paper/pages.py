"""Pages of paper in one HTML file: each as large as the paper, with a title and its number at the foot.

==================  ==========================================================================
`paper_name`        the paper that somebody asks for: A4 or Letter
`html_path`         the path of the file, which has to be one of HTML
`turned`            the same paper on its side
`body_size`         how much room a page has, in points
`drawn_on_paper`    a picture in the colours of paper
`numbered_pages`    pages, each with its number
`document`          the whole file, from its pages
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
from typing import Any, NamedTuple

from bppviz.core.checks import brief, known_name
from bppviz.core.files import file_path
from bppviz.paper.formula import role_rules
from bppviz.paper.svg import Drawing, decimal, drawing
from bppviz.picture.theme import FONT, painted, palette, part

PAPERS = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}  # how wide and high they are, in millimetres
ON_ITS_SIDE = " landscape"  # as CSS calls it
SIDE, TOP, BOTTOM, FOOT = 12.0, 10.0, 7.0, 8.0  # around what stands on a page, and for its foot, in millimetres
POINTS = 72 / 25.4  # in a millimetre
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


def turned(paper: str) -> str:
    """Return the name of a paper on its side, which all the others take too."""
    return paper + ON_ITS_SIDE


def body_size(paper: str) -> tuple[float, float]:
    """Return how wide and how high the room on a page is, in points."""
    wide, high = _paper_size(paper)
    return (wide - 2 * SIDE) * POINTS, (high - TOP - FOOT - BOTTOM) * POINTS


def drawn_on_paper(figure: dict[str, Any]) -> Drawing:
    """Return a picture, not yet painted, in the colours of paper."""
    return drawing(painted(figure, palette(THEME)))


class Page(NamedTuple):
    """The HTML of a page, and where in the file, or in its own part of it, it stands: 3 / 17."""

    body: str
    number: str


def numbered_pages(bodies: Sequence[str], part: str = "") -> list[Page]:
    """Return pages with their numbers, after the name of the part that they are."""
    return [Page(body, f"{part} {n} / {len(bodies)}".strip()) for n, body in enumerate(bodies, 1)]


def document(title: str, pages: Sequence[Page], *, paper: str, lang: str, style: str = "") -> str:
    """Return an HTML file that prints as these pages, each with the title and its number at its foot.

    It has the fonts of formulas and texts in it, and the colours of the formulas' pieces. `style` are rules of CSS for
    what stands on the pages.
    """
    body = "".join(_page(title, it) for it in pages)
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f"<style>\n{_faces()}{_rules(paper)}{style}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


def _page(title: str, page: Page) -> str:
    foot = f'<p class="bppviz-foot"><span>{escape(title)}</span><span>{escape(page.number)}</span></p>'
    return f'<section class="bppviz-page">\n<div class="bppviz-body">{page.body}</div>\n{foot}\n</section>\n'


def _paper_size(paper: str) -> tuple[float, float]:
    wide, high = PAPERS[paper.removesuffix(ON_ITS_SIDE)]
    return (high, wide) if paper.endswith(ON_ITS_SIDE) else (wide, high)


def _rules(paper: str) -> str:
    (wide, high), (body_wide, body_high) = _paper_size(paper), body_size(paper)
    sizes = {"wide": wide, "high": high, "body_wide": body_wide / POINTS, "body_high": body_high / POINTS}
    margins = {"side": SIDE, "top": TOP, "bottom": BOTTOM}
    colours = {name: palette(THEME)[part(name)] for name in PARTS}
    sheet = Template((files("bppviz.paper") / "pages.css").read_text(encoding="utf-8"))
    numbers = {name: decimal(it) for name, it in {**sizes, **margins}.items()}
    return sheet.substitute(numbers, paper=paper, font=FONT, **colours) + role_rules(THEME, ".bppviz-page")


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
