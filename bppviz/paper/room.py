"""About how much room a formula in MathML takes in a browser, in sizes of its letters: enough to plan a page with.

A test lays it beside what Chromium makes of hundreds of formulas.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

SCRIPT = 0.71  # of an index, in sizes of what it stands at
LETTER, BOLD, DIGIT = 0.58, 0.66, 0.52  # how wide
BOLD_FROM = 0x1D400  # the first of Unicode's bold letters
WIDE = {
    "(": 0.4,
    ")": 0.4,
    "[": 0.5,
    "]": 0.5,
    ",": 0.25,
    ".": 0.25,
    "≈": 0.75,
    "⋯": 0.95,
    "∑": 1.4,
    "∂": 0.56,
    "∇": 0.8,
}
WIDE |= dict.fromkeys("+−=⊙><≤≥", 0.68) | dict.fromkeys("←⇒", 1.0)
# At both sides together.
SPACE = dict.fromkeys("=≈←⇒><≤≥", 0.56) | dict.fromkeys("+−×⊙", 0.45) | {",": 0.17, "ln": 0.34}
UP, DOWN = 0.72, 0.22  # of a letter, from its baseline
AXIS = 0.25  # how far above the baseline fractions and matrices have their middle
BETWEEN_COLUMNS, BETWEEN_ROWS = 0.8, 0.5


class Extent(NamedTuple):
    """How wide a piece is, and how far it reaches above and below its baseline."""

    wide: float
    up: float
    down: float

    def scaled(self, by: float) -> Extent:
        """Return the same in another size."""
        return Extent(self.wide * by, self.up * by, self.down * by)


@lru_cache(maxsize=1024)
def room(mathml: str) -> tuple[float, float]:
    """Return about how wide and how high a formula is; of nothing, nothing."""
    if not mathml:
        return 0.0, 0.0
    box = _box(ElementTree.fromstring(mathml))
    return box.wide, box.up + box.down


def _box(node: Element) -> Extent:
    parts = [_box(child) for child in node]
    match node.tag:
        case "mi" | "mn" | "mo":
            return Extent(sum(map(_width, node.text or "")) + SPACE.get(node.text or "", 0), UP, DOWN)
        case "mspace":
            return Extent(float(node.get("width", "0em").removesuffix("em")), 0, 0)
        case "msub":
            base, below = parts[0], parts[1].scaled(SCRIPT)
            return Extent(base.wide + below.wide, base.up, max(base.down, AXIS + below.down))
        case "msup":
            base, above = parts[0], parts[1].scaled(SCRIPT)
            return Extent(base.wide + above.wide, max(base.up, 0.36 + above.up), base.down)
        case "msubsup":
            base, below, above = parts[0], parts[1].scaled(SCRIPT), parts[2].scaled(SCRIPT)
            wide = base.wide + max(below.wide, above.wide)
            return Extent(wide, max(base.up, 0.4 + above.up), max(base.down, AXIS + below.down))
        case "mfrac":
            top, bottom = parts
            return Extent(max(top.wide, bottom.wide) + 0.12, 0.42 + top.up + top.down, bottom.up + bottom.down - 0.15)
        case "mtable":
            return _table([[_box(cell) for cell in row] for row in node])
        case _:
            return _row(parts)


def _width(character: str) -> float:
    if character in WIDE:
        return WIDE[character]
    return DIGIT if not character.isalpha() else BOLD if ord(character) >= BOLD_FROM else LETTER


def _row(parts: Sequence[Extent]) -> Extent:
    wide = sum(it.wide for it in parts)
    return Extent(wide, max((it.up for it in parts), default=0), max((it.down for it in parts), default=0))


def _table(rows: Sequence[Sequence[Extent]]) -> Extent:
    columns = [max(row[i].wide for row in rows if i < len(row)) for i in range(max(map(len, rows)))]
    high = sum(max(it.up for it in row) + max(it.down for it in row) + BETWEEN_ROWS for row in rows)
    return Extent(sum(columns) + BETWEEN_COLUMNS * len(columns), high / 2 + AXIS, high / 2 - AXIS)
