"""Trace the outlines of letters, which a still picture writes with, out of the fonts.

    python -m bppviz.paper.trace_letters NotoSansCJK-Regular.ttc

makes `letters/*.json` from the fonts of the page and, for Chinese, from that file of the Debian package
`fonts-noto-cjk`: only what the messages of the package need. Without it the Chinese characters stay as they are. That
needs fonttools, brotli and uharfbuzz, which come with the tests; a test fails where it was forgotten.
"""

from __future__ import annotations

import io
import json
import re
import sys
from itertools import product
from pathlib import Path
from typing import Any

from bppviz.words.catalogue import LANGUAGES, catalogue

PAGE_FONTS = Path(__file__).parent.parent / "page" / "fonts"
OUTLINES = Path(__file__).parent / "letters"
CHINESE_FROM = 0x2E80  # the first character that only a Chinese font has
BOLD_LETTERS = {*map(chr, range(0x1D400, 0x1D434)), *map(chr, range(0x1D468, 0x1D49C))}  # letters that no picture has
TAIWAN = 3  # of the fonts in such a file
COMMAND, NUMBER = re.compile("([A-Z])([^A-Z]*)"), re.compile("-?[0-9]+")
TAKEN = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "Z": 0}  # how many numbers a command takes


def traced(path: Path, characters: set[str] | None = None, number: int = 0) -> dict[str, Any]:
    """Return the outlines of some characters of a font, or of all with their kerning, in thousandths of an em.

    Of each character: how far the next one stands, and the commands of its path, y downwards; of pairs that stand
    closer or farther than these say, by how much.
    """
    from fontTools.misc.transform import Scale  # a tool of ours: the package is read without it
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.ttLib import TTFont

    font = TTFont(path, fontNumber=number)
    scale = 1000 / font["head"].unitsPerEm
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    written = sorted(c for c in map(chr, names) if characters is None or c in characters)
    drawn: dict[str, Any] = {}
    for character in written:
        glyph = glyphs[names[ord(character)]]
        pen = SVGPathPen(glyphs, ntos=lambda number: f"{round(number)}")
        glyph.draw(TransformPen(pen, Scale(scale, -scale)))
        drawn[character] = [round(glyph.width * scale, 2), relative(pen.getCommands())]
    return {"letters": drawn, "pairs": {} if characters else _pairs(font, written, scale)}


def relative(path: str) -> str:
    """Return the commands of a path with each point as seen from the last one: that takes a fifth less room."""
    written, last = "", ""
    at: tuple[int, ...] = (0, 0)
    start = at
    for name, numbers in COMMAND.findall(path):
        ends = [*map(int, NUMBER.findall(numbers))]
        size = TAKEN[name]
        for i in range(0, len(ends), size) if size else [0]:
            point = ends[i : i + size]
            before = {"H": at[:1], "V": at[1:]}.get(name, at)
            steps = [end - before[j % len(before)] for j, end in enumerate(point)]
            at = {"H": (*point, at[1]), "V": (at[0], *point), "Z": start}.get(name, (*point[-2:],))
            start = at if name == "M" and not i else start
            written += (" " if i or name == last else name.lower()) + " ".join(map(str, steps))
            last = name
    return written.replace(" -", "-")


def _pairs(font: Any, written: list[str], scale: float) -> dict[str, float]:
    """Return how much closer the letters of some pairs stand, as a browser sets them."""
    import uharfbuzz

    font.flavor = None
    file = io.BytesIO()
    font.save(file)
    face = uharfbuzz.Font(uharfbuzz.Face(file.getvalue()))

    def width(text: str) -> float:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        if buffer.script != "Grek":
            buffer.script = "Latn"  # digits among themselves belong to none, and are set as if they were Latin
        uharfbuzz.shape(face, buffer)
        return float(sum(it.x_advance for it in buffer.glyph_positions)) * scale

    alone = {character: width(character) for character in written}
    pairs = {a + b: round(width(a + b) - alone[a] - alone[b], 2) for a, b in product(written, repeat=2)}
    return {pair: by for pair, by in pairs.items() if by}


def chinese() -> set[str]:
    """Return every character of the messages that only a Chinese font has."""
    return {c for lang in LANGUAGES for text in catalogue(lang).values() for c in text if ord(c) >= CHINESE_FROM}


def write(name: str, font: dict[str, Any]) -> None:
    """Write the outlines of a font, a line for each character."""
    text = json.dumps(font, ensure_ascii=False, indent=0, separators=(",", ":"))
    (OUTLINES / f"{name}.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def latin() -> dict[str, dict[str, Any]]:
    """Return the outlines of the page's fonts: those of the texts, and what only that of the formulas has."""
    plain, bold = (traced(PAGE_FONTS / f"{name}.woff2") for name in ("text", "text-bold"))
    italic = {c for c in map(chr, range(0x2100, 0x1D800)) if c not in plain["letters"]} - BOLD_LETTERS
    return {"text": plain, "text-bold": bold, "math": traced(PAGE_FONTS / "math.woff2", italic)}


if __name__ == "__main__":
    OUTLINES.mkdir(exist_ok=True)
    for name, font in latin().items():
        write(name, font)
    for file in sys.argv[1:]:
        write("chinese", traced(Path(file), chinese(), TAIWAN))
