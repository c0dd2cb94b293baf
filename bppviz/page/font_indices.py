"""Add to the fonts of the texts the raised and lowered letters that they lack, each like those that they have.

    python -m bppviz.page.font_indices

does so to the files of `fonts/README.md`. That needs fonttools and brotli, which come with the tests.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

FONT_FILES = Path(__file__).parent / "fonts"
HIGH = {"⁰": "0", "⁻": "−", "⁽": "(", "⁾": ")"}
LOW = {"₊": "+", "ₖ": "k", "ₙ": "n"}


def add_indices(font: Any) -> None:
    """Add the missing indices to a font, as small and as high or low as its 4 is."""
    for letters, like in ((HIGH, "⁴"), (LOW, "₄")):
        names = font.getBestCmap()
        scale, shift = _change(font["glyf"], names[ord("4")], names[ord(like)])
        for letter, base in letters.items():
            _add(font, letter, names[ord(base)], (scale, 0, 0, scale, 0, shift))


def _change(glyphs: Any, plain: str, small: str) -> tuple[float, int]:
    """Return the scale of an index, and how far up it stands, from one that the font has."""
    before, after = glyphs[plain], glyphs[small]
    scale = (after.yMax - after.yMin) / (before.yMax - before.yMin)
    return scale, round(after.yMin - scale * before.yMin)


def _add(font: Any, letter: str, base: str, transform: tuple[float, ...]) -> None:
    from fontTools.pens.transformPen import TransformPen  # a tool of ours: the package is read without it
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    name = f"uni{ord(letter):04X}"
    glyphs, pen = font.getGlyphSet(), TTGlyphPen(None)
    glyphs[base].draw(TransformPen(pen, transform))
    font["glyf"][name] = pen.glyph(round=round)
    font["glyf"][name].recalcBounds(font["glyf"])
    font["hmtx"][name] = round(font["hmtx"][base][0] * transform[0]), font["glyf"][name].xMin
    for table in font["cmap"].tables:
        table.cmap[ord(letter)] = name


if __name__ == "__main__":
    from fontTools.ttLib import TTFont

    for file in ("text.woff2", "text-bold.woff2"):
        font = TTFont(FONT_FILES / file, recalcTimestamp=False)
        add_indices(font)
        font.save(FONT_FILES / file)
