"""Formulas as outlines, for files: ziamath draws their MathML; without it they are lines of text.

The words under a picture in a page are MathML, which every browser draws; `role_rules` are its colours.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from threading import Lock
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bppviz.paper.svg import Drawing, stacked
from bppviz.picture.theme import palette, part

# The parts whose colours the roles of a formula's pieces have, as in the style sheet: of letters, and behind a result.
INKS = {"forward": "forward", "backward": "backward", "weight": "weight", "pending": "muted"}
RESULT_GROUNDS = {"forward": "forward-strong", "loss": "forward-strong", "backward": "backward-strong"}
BOLD_DIGITS = str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")
ROOM = {"×": "0.22em", "←": "0.28em"}  # what a browser leaves around these signs, and ziamath does not
ONE_AT_A_TIME = Lock()  # that setting of ziamath is one for all threads, and several may draw
GAP = 0.45  # between two rows, in sizes of the formula


def can_typeset() -> bool:
    """Tell whether formulas can be drawn as formulas."""
    return find_spec("ziamath") is not None


def role_rules(theme: str, around: str) -> str:
    """Return the rules of CSS that give the pieces of a formula the colours of a theme, within a selector."""
    colours = palette(theme)
    inks = {f".bppviz-is-{role}": f"color: {colours[part(ink)]}" for role, ink in INKS.items()}
    grounds = {
        f".bppviz-is-{role}.bppviz-is-result": f"font-weight: bold; background: {colours[part(ground)]}"
        for role, ground in RESULT_GROUNDS.items()
    }
    return "".join(f"{around} {name} {{ {look}; }}" for name, look in {**inks, **grounds}.items())


@lru_cache(maxsize=64)
def typeset(mathml: str, size: float) -> Drawing:
    """Return a formula, not yet painted, its equations below each other as they begin at the left."""
    return stacked([_row(row, size) for row in _rows(ElementTree.fromstring(mathml))], GAP * size)


def _rows(math: Element) -> list[Element]:
    """Return the equations of a formula, which stand below each other, each as a formula of its own."""
    cells = math.findall("./mrow/mtable/mtr/mtd[@style]")
    rows = [Element("math", display="block") for _ in cells]
    for row, cell in zip(rows, cells, strict=True):
        row.extend(cell)
    return rows or [math]


def _row(math: Element, size: float) -> Drawing:
    """Return one equation."""
    _dress(math)
    group, ziamath = Element("g"), _ziamath()
    with _without_symbols(ziamath.config):
        drawn = ziamath.Math(math, size=size)
        width, height = drawn.getsize()
        drawn.drawon(group, -drawn.node.bbox.xmin, height, "left", "bottom")
    return Drawing(ElementTree.tostring(group, encoding="unicode"), width, height)


@cache
def _ziamath() -> Any:
    """Return the library that draws formulas, of the extra `image`, which reads its font in a deprecated way."""
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        return import_module("ziamath")


@contextmanager
def _without_symbols(config: Any) -> Iterator[None]:
    """Let ziamath write each letter where it stands, without <symbol>, which not every converter knows."""
    with ONE_AT_A_TIME:
        before, config.svg2 = config.svg2, False
        try:
            yield
        finally:
            config.svg2 = before


def _dress(math: Element) -> None:
    """Give the pieces of a formula their looks as attributes, since ziamath knows no style sheet."""
    math.set("mathcolor", part("ink"))
    for piece in math.iter():
        roles = [name.removeprefix("bppviz-is-") for name in piece.get("class", "").split()]
        for role in roles:
            if role in INKS:
                piece.set("mathcolor", part(INKS[role]))
        if "term" in roles:
            piece.set("mathbackground", part("weight-strong"))
        if "result" in roles:
            _embolden(piece, [part(RESULT_GROUNDS[role]) for role in roles if role in RESULT_GROUNDS])
        if piece.text == "∑":
            piece.set("stretchy", "false")  # or ziamath makes the brackets around it sixty lines high
        if piece.tag == "mo" and piece.text in ROOM:
            piece.attrib |= dict.fromkeys(("lspace", "rspace"), ROOM[piece.text])


def _embolden(result: Element, grounds: list[str]) -> None:
    for ground in grounds:
        result.set("mathbackground", ground)
    for it in result.iter():
        if it.tag == "mn" and it.text:
            it.text = it.text.translate(BOLD_DIGITS)
        elif it.tag == "mi":
            it.set("mathvariant", "bold-italic")
        elif it.tag == "mo":
            it.set("mathvariant", "bold")
