"""A still picture laid over what plotly.js paints: where each letter stands in both, and how the shapes differ."""

from __future__ import annotations

import re
from collections import defaultdict
from io import BytesIO
from math import dist

import numpy as np
from ink import texts_of
from PIL import Image

DRAW = "({ data, layout }) => Plotly.newPlot('picture', data, layout, { staticPlot: true }).then(() => {})"
PIECE = re.compile(r'<g transform="translate\(([-\d.]+) ([-\d.]+)\)scale\(([\d.]+)\)">((?:<use[^>]*>)+)</g>')
LETTER = re.compile(r'<use href="#b[bt]([0-9a-f]+)" x="([-\d]+)"/>')
HALF_A_PIXEL = 64  # of 255: what a line differs by that stands half a pixel elsewhere
Letters = list[tuple[str, float, float]]


def painted_letters(page, pictures) -> list[Letters]:
    """Return every letter of some pictures, with the point where plotly.js begins to write it."""
    return [[letter for text in one for letter in text["letters"]] for one in texts_of(page, pictures)]


def still_letters(svg: str) -> Letters:
    """Return every letter of a still picture, with the point where it begins."""
    found = []
    for piece in PIECE.finditer(svg):
        x, y, scale = map(float, piece.group(1, 2, 3))
        found += [(chr(int(code, 16)), x + scale * float(left), y) for code, left in LETTER.findall(piece[4])]
    return found


def farthest(some: Letters, others: Letters) -> float:
    """Return how far the letters of one picture are from the same of the other, at most; infinite if one is missing."""
    by_letter = defaultdict(list)
    for letter, *point in others:
        by_letter[letter].append(point)
    if sorted(it[0] for it in some) != sorted(it[0] for it in others):
        return float("inf")
    return max(min(dist(point, other) for other in by_letter[letter]) for letter, *point in some)


def different_pixels(page, picture, svg: str) -> int:
    """Return how many pixels of a picture without its texts are not those that plotly.js paints."""
    data = [series for series in picture["data"] if series["mode"] != "text"]
    page.evaluate(DRAW, {**picture, "data": data})
    theirs = page.locator("#picture .svg-container").screenshot()
    page.evaluate("(svg) => (document.getElementById('picture').innerHTML = svg)", re.sub(r"<use [^>]*>", "", svg))
    ours = page.locator("#picture svg").screenshot()
    one, other = (np.asarray(Image.open(BytesIO(it)).convert("RGB"), dtype=int) for it in (theirs, ours))
    assert one.shape == other.shape
    return int((abs(one - other).max(axis=2) > HALF_A_PIXEL).sum())
