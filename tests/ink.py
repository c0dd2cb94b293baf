"""A picture as Chromium draws it, with plotly.js and our fonts: where the ink of its texts is, and what that meets."""

from __future__ import annotations

import json
from base64 import b64encode
from importlib.resources import files
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import NamedTuple

import numpy as np
from drawn import boxes
from plotly.offline import get_plotlyjs

from bppviz.picture.geometry import Box

MEASURE = Path(__file__).with_name("ink.js").read_text(encoding="utf-8").split("\n", 1)[1].rstrip().rstrip(";")
FACES = [("text", "text.woff2", "400"), ("text", "text-bold.woff2", "700"), ("math", "math.woff2", "400 700")]


class Ink(NamedTuple):
    """A text, and where its pieces are."""

    text: str
    pieces: list[Box]
    smallest: float

    @property
    def box(self) -> Box:
        """Return the rectangle around all pieces."""
        left, top, right, bottom = zip(*self.pieces, strict=True)
        return Box(min(left), min(top), max(right), max(bottom))


def page_of(browser):
    """Return an empty page with our fonts and plotly.js."""
    page = browser.new_page(viewport={"width": 2400, "height": 1800})
    faces = "".join(_face(*face) for face in FACES)
    page.set_content(f"<style>{faces} body {{ margin: 0 }}</style><div id='picture'></div>")
    page.add_script_tag(content=get_plotlyjs())
    return page


def _face(name: str, file: str, weight: str) -> str:
    data = b64encode((files("bppviz.page") / "fonts" / file).read_bytes()).decode()
    source = f"src: url(data:font/woff2;base64,{data})"
    return f"@font-face {{ font-family: 'bppviz {name}'; font-weight: {weight}; {source} }}"


def inks_of(page, figures) -> list[list[Ink]]:
    """Draw some figures, and return the ink of each."""
    return [
        [
            Ink(it["text"].strip(), [Box(*piece[:4]) for piece in it["pieces"]], min(p[4] for p in it["pieces"]))
            for it in one
            if it["pieces"]
        ]
        for one in texts_of(page, figures)
    ]


def texts_of(page, figures) -> list[list[dict]]:
    """Return what is measured of the texts of each of some figures of one layout; what several have is drawn once."""
    (layout,) = {json.dumps(it["layout"]) for it in figures}
    written = [[*_written(figure["data"])] for figure in figures]
    texts = list(dict.fromkeys(text for one in written for text in one))
    found = dict(
        zip(texts, page.evaluate(MEASURE, {"texts": _drawn(texts), "layout": json.loads(layout)}), strict=True)
    )
    return [[found[text] for text in one] for one in written]


def _written(data):
    """Yield of each text of a figure all that its place and its shape depend on."""
    for series in data:
        if "text" in series["mode"]:
            assert series["mode"] == "text"  # a marker would move it
            font, position = series["textfont"], series.get("textposition", "middle center")
            assert set(font) <= {"family", "size", "color"}
            for i, point in enumerate(zip(series["x"], series["y"], series["text"], strict=True)):
                yield *point, position[i] if isinstance(position, list) else position, font["family"], font["size"]


def _drawn(texts):
    """Return a series of these texts."""
    x, y, text, position, family, size = map(list, zip(*texts, strict=True))
    font = {"family": family, "size": size}
    series = {"type": "scatter", "mode": "text", "cliponaxis": False, "textposition": position, "textfont": font}
    return {**series, "x": x, "y": y, "text": text}


def shared(one: Box, other: Box) -> float:
    """Return how far two rectangles reach into each other; less than 0 where they are apart."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    return min(wide, min(one.bottom, other.bottom) - max(one.top, other.top))


def overlapping(inks: list[Ink], most: float) -> list[tuple[str, str, float]]:
    """Return the pairs of texts that reach further into each other."""
    boxes_of = np.array([it.box for it in inks])
    (left, top, right, bottom), (lefts, tops, rights, bottoms) = boxes_of.T[:, :, None], boxes_of.T
    wide = np.minimum(right, rights) - np.maximum(left, lefts)
    high = np.minimum(bottom, bottoms) - np.maximum(top, tops)
    found = []
    for i, j in np.argwhere(np.tril(np.minimum(wide, high) > most, -1)):
        one, other = inks[i], inks[j]
        into = max(shared(piece, theirs) for piece in one.pieces for theirs in other.pieces)
        found += [(one.text, other.text, round(into, 1))] if into > most else []
    return found


def cut(inks: list[Ink], width: float, height: float) -> list[tuple[str, Box]]:
    """Return the texts that reach out of the canvas."""
    canvas = Box(0, 0, width, height)
    return [(it.text, it.box) for it in inks if out_of(it.box, canvas) > 0]


def out_of(inner: Box, outer: Box) -> float:
    """Return how far one rectangle reaches out of another."""
    sides = (outer.left - inner.left, outer.top - inner.top, inner.right - outer.right, inner.bottom - outer.bottom)
    return max(sides)


def bursting(inks: list[Ink], series, most: float) -> list[tuple[str, str, Box]]:
    """Return the texts through which the outline of a box runs: they are neither in it nor beside it."""
    found = []
    for name, drawn in series.items():
        points = _along(drawn) if "boxes " in name else np.empty((0, 2))
        for box in (Box(*it) for it in boxes(drawn)) if len(points) else ():
            into = [it for it in inks if max(shared(piece, box) for piece in it.pieces) > most]
            out = [it for it in into if out_of(it.box, box) > most]
            found += [(it.text, name, box) for it in out if _runs_through(points, it.box, most)]
    return found


def _runs_through(points: np.ndarray, box: Box, most: float) -> bool:
    """Tell whether any of the points of a line, whose corners may be round, is within a text."""
    inner = np.array([(box.left + most, box.top + most, box.right - most, box.bottom - most)])
    return bool(_within(points, inner).any())


def struck(inks: list[Ink], series, most: float) -> list[tuple[str, str]]:
    """Return the texts through which a line can be seen to run, each with the line's series.

    Lines lie below circles, boxes and the grounds of texts, and cannot be seen there.
    """
    pieces = [(ink.text, piece) for ink in inks for piece in ink.pieces]
    inner = np.array([(it.left + most, it.top + most, it.right - most, it.bottom - most) for _, it in pieces])
    hidden, found = _over_lines(series), set()
    for name, drawn in series.items():
        is_line = drawn["mode"] == "lines" and not drawn.get("fill") and not name.endswith("plates")
        if is_line and not name.startswith("legend"):
            points = _along(drawn)
            inside = _within(points, inner)
            within = inside.any(axis=1)
            seen = _outside(points[within], hidden)
            found |= {(pieces[i][0], name) for i in np.flatnonzero(inside[within][seen].any(axis=0))}
    return sorted(found)


def _along(line) -> np.ndarray:
    """Return points of a broken line, one in every unit."""
    ends = [None if None in it else np.array(it, float) for it in zip(line["x"], line["y"], strict=True)]
    parts = [(a, b) for a, b in pairwise(ends) if a is not None and b is not None]
    points = [np.linspace(a, b, max(2, int(hypot(*(b - a))))) for a, b in parts]
    return np.concatenate([np.empty((0, 2)), *points])


def _over_lines(series) -> tuple[np.ndarray, np.ndarray]:
    """Return the rectangles that lie over lines, and the circles, with their radius."""
    rectangles = [it for drawn in series.values() if drawn.get("fill") for it in boxes(drawn)]
    rectangles += [it for name, drawn in series.items() if name.endswith("plates") for it in _grounds(drawn)]
    circles = [
        (x, y, each / 2)
        for name in ("nodes", "gates", "mirrored nodes", "mirrored gates")
        if (drawn := series.get(name))
        for x, y, each in zip(
            drawn["x"], drawn["y"], np.broadcast_to(drawn["marker"]["size"], len(drawn["x"])), strict=True
        )
    ]
    return np.array(rectangles), np.array(circles)


def _grounds(thick) -> list[tuple[float, float, float, float]]:
    """Return the rectangles that a thick line covers, each of whose pieces is level."""
    half, ends = thick["line"]["width"] / 2, zip(thick["x"], thick["y"], strict=True)
    pieces = [(a, b) for a, b in pairwise(ends) if None not in a and None not in b]
    return [(a[0], a[1] - half, b[0], a[1] + half) for a, b in pieces]


def _within(points: np.ndarray, rectangles: np.ndarray) -> np.ndarray:
    """Tell of each point in which rectangles it is."""
    (x, y), (left, top, right, bottom) = points.T[:, :, None], rectangles.T
    return (x >= left) & (x <= right) & (y >= top) & (y <= bottom)


def _outside(points: np.ndarray, hidden: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Tell of each point whether nothing lies over it."""
    rectangles, circles = hidden
    in_circle = np.hypot(*np.moveaxis(points[:, None] - circles[:, :2], 2, 0)) <= circles[:, 2]
    return ~(_within(points, rectangles).any(axis=1) | in_circle.any(axis=1))


def across_rims(inks: list[Ink], series, most: float) -> list[tuple[str, float, float]]:
    """Return the texts through which the rim of a circle runs, unless a capsule takes the place of the circle."""
    capsules = [Box(*it) for name, drawn in series.items() if "boxes " in name for it in boxes(drawn)]
    found = []
    for name in ("nodes", "mirrored nodes"):
        drawn = series.get(name, {"x": [], "y": [], "marker": {"size": 0}})
        radius = drawn["marker"]["size"] / 2
        for x, y in zip(drawn["x"], drawn["y"], strict=True):
            circle = Box(x - radius, y - radius, x + radius, y + radius)
            if not any(out_of(circle, it) <= 0 for it in capsules):
                found += [(it.text, x, y) for it in inks if _crosses(it, x, y, radius, most)]
    return found


def _crosses(ink: Ink, x: float, y: float, radius: float, most: float) -> bool:
    nearest = min(hypot(max(it.left - x, 0, x - it.right), max(it.top - y, 0, y - it.bottom)) for it in ink.pieces)
    corners = [(a, b) for it in ink.pieces for a in (it.left, it.right) for b in (it.top, it.bottom)]
    return nearest < radius - most and max(hypot(a - x, b - y) for a, b in corners) > radius + most
