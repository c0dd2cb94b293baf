"""A figure as SVG: lines, markers and texts where plotly.js draws them, in what a picture of ours is made of.

What is written here is what our marks use, and no more: broken and closed lines, four kinds of markers, and texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape, unescape
from itertools import groupby
from math import cos, pi, radians, sin
from typing import Any, NamedTuple

from bppviz.paper.letters import TAG, Letter, Piece, TextRow, has_outlines, rows_of, text_width
from bppviz.picture.marks import Series
from bppviz.picture.theme import FONT

Corners = list[tuple[float, float]]
LEADING = 1.3  # of a text, in its sizes
# Plotly's symbols that have corners, for a marker with the radius 1.
SYMBOLS: dict[str, Corners] = {
    "square": [(-1, -1), (1, -1), (1, 1), (-1, 1)],
    "triangle-left": [(0.5, 2 / 3**0.5), (0.5, -2 / 3**0.5), (-1, 0)],
    "arrow": [(0, 0), (2 * sin(pi / 10), 2 * cos(pi / 10)), (-2 * sin(pi / 10), 2 * cos(pi / 10))],
}
ABOVE = {"top": -2, "middle": -1, "bottom": 0}  # how many halves of a text's height it begins above its point
ANCHORS = {"left": (1.0, "end"), "center": (0.5, "middle"), "right": (0.0, "start")}


class Drawing(NamedTuple):
    """Elements of SVG from 0, 0 on, how large they are, and the letters that they use."""

    body: str
    width: float
    height: float
    letters: frozenset[Letter] = frozenset()


class Axes(NamedTuple):
    """How the numbers of a picture become points of the drawing, whose size plotly.js rounds."""

    across: float
    down: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the picture is drawn."""
        return x * self.across, y * self.down


def drawing(figure: dict[str, Any]) -> Drawing:
    """Return a picture, with its data and layout, as SVG."""
    layout = figure["layout"]
    wide, high = layout["width"], layout["height"]
    axes = Axes(wide / max(layout["xaxis"]["range"]), high / max(layout["yaxis"]["range"]))
    ground = layout["paper_bgcolor"]
    used: set[Letter] = set()
    parts = [f'<path fill="{ground}" d="M0 0H{wide}V{high}H0Z"/>']
    for series in figure["data"]:
        if series["mode"] == "lines":
            parts.append(_lines(series, axes))
        elif series["mode"] == "markers":
            parts += _markers(series, axes)
        else:
            parts += _texts(series, axes, used)
    return Drawing("".join(parts), wide, high, frozenset(used))


def stacked(blocks: Sequence[Drawing], gap: float = 0.0, *, centred: bool = False) -> Drawing:
    """Return blocks below each other."""
    wide, down, body = max((it.width for it in blocks), default=0.0), 0.0, ""
    for block in blocks:
        left = (wide - block.width) / 2 if centred else 0
        body += f'<g transform="translate({decimal(left)} {decimal(down)})">{block.body}</g>'
        down += block.height + gap
    return Drawing(body, wide, down - gap, frozenset().union(*(it.letters for it in blocks)))


def text_drawing(rows: Sequence[str], size: float, colour: str) -> Drawing:
    """Return lines of text, each in the middle of the widest."""
    wide, used = max(text_width(row, size) for row in rows), set[Letter]()
    high = LEADING * size
    drawn = [placed_text(row, (wide / 2, (i + 0.5) * high), size, "middle center", used) for i, row in enumerate(rows)]
    return Drawing(f'<g fill="{colour}">{"".join(drawn)}</g>', wide, high * len(rows), frozenset(used))


def defined(letters: Iterable[Letter]) -> str:
    """Return the outlines of letters, to be used by their names."""
    ordered = sorted(letters, key=lambda it: it.name)
    return "<defs>" + "".join(f'<path id="{it.name}" d="{it.path}"/>' for it in ordered) + "</defs>"


def view_of(drawn: Drawing, label: str) -> str:
    """Return a drawing for a page of HTML, as large as there is room, called by its label."""
    size = f"{decimal(drawn.width)} {decimal(drawn.height)}"
    return f'<svg viewBox="0 0 {size}" role="img" aria-label="{escape(label)}" stroke-miterlimit="2">{drawn.body}</svg>'


def decimal(number: float) -> str:
    """Return a number with at most two decimals."""
    return f"{round(number, 2) + 0:g}" if abs(number) < 1000 else f"{number:.1f}".removesuffix(".0")


# Lines


def _lines(series: Series, axes: Axes) -> str:
    """Return lines that are broken at None, filled where the series is."""
    path = "".join(map(_stroke, _runs(series, axes)))
    if not path:
        return ""
    line = series["line"]
    dash = line.get("dash", "solid")
    dashed = f' stroke-dasharray="{dash.replace("px", "")}"' if dash != "solid" else ""
    fill = series["fillcolor"] if series.get("fill") == "toself" else "none"
    look = f'fill="{fill}" stroke="{line["color"]}" stroke-width="{decimal(line["width"])}"{dashed}'
    return f'<path {look} d="{path}"/>'


def _runs(series: Series, axes: Axes) -> Iterator[Corners]:
    """Yield the points of each unbroken piece of a line."""
    points = zip(series["x"], series["y"], strict=True)
    for is_gap, run in groupby(points, lambda point: None in point):
        if not is_gap:
            yield [axes.point(x, y) for x, y in run]


def _stroke(points: Corners) -> str:
    return "M" + "L".join(f"{decimal(x)} {decimal(y)}" for x, y in points)


# Markers


def _markers(series: Series, axes: Axes) -> Iterator[str]:
    """Yield the markers that can be seen."""
    marker = series["marker"]
    line = marker.get("line", {})
    for i, (x, y) in enumerate(zip(series["x"], series["y"], strict=True)):
        opacity = _each(marker.get("opacity", 1), i)
        if x is None or not opacity:
            continue
        thick = _each(line.get("width", 0), i)
        outline = f' stroke="{_each(line["color"], i)}" stroke-width="{decimal(thick)}"' if thick else ""
        faint = f' opacity="{decimal(opacity)}"' if opacity < 1 else ""
        look = f'fill="{_each(marker["color"], i)}"{outline}{faint}'
        radius, turn = _each(marker["size"], i) / 2, _each(marker.get("angle", 0), i)
        yield _symbol(_each(marker.get("symbol", "circle"), i), axes.point(x, y), radius, turn, look)


def _symbol(name: str, at: tuple[float, float], radius: float, turn: float, look: str) -> str:
    x, y = at
    if name == "circle":
        return f'<circle cx="{decimal(x)}" cy="{decimal(y)}" r="{decimal(radius)}" {look}/>'
    # Turned here, and not by an attribute: the box around a turned element would be larger than what is seen.
    c, s = cos(radians(turn)), sin(radians(turn))
    corners = [(x + radius * (c * u - s * v), y + radius * (s * u + c * v)) for u, v in SYMBOLS[name]]
    return f'<path {look} d="{_stroke(corners)}Z"/>'


def _each(values: Any, i: int) -> Any:
    """Return what belongs to the i-th point, where not all have the same."""
    return values[i] if isinstance(values, list) else values


# Texts


def _texts(series: Series, axes: Axes, used: set[Letter]) -> Iterator[str]:
    """Yield the texts of a series."""
    font = series["textfont"]
    for i, (x, y) in enumerate(zip(series["x"], series["y"], strict=True)):
        text = _each(series["text"], i)
        if x is None or not text.strip():
            continue
        size, side = _each(font["size"], i), _each(series.get("textposition", "middle center"), i)
        body = placed_text(text, axes.point(x, y), size, side, used)
        yield f'<g fill="{_each(font["color"], i)}">{body}</g>'


def placed_text(text: str, at: tuple[float, float], size: float, side: str, used: set[Letter]) -> str:
    """Return a text beside a point, as plotly.js places it, and add its letters to those that are used."""
    x, y = at
    up, across = side.split(" ")
    set_rows = rows_of(text, size)
    high = 1 + LEADING * (len(set_rows) - 1)
    first = y + size * (0.75 + ABOVE[up] * high / 2)
    placed = [(row, first + i * LEADING * size) for i, row in enumerate(set_rows)]
    share, anchor = ANCHORS[across]
    if has_outlines(text):
        return "".join(_row(row, (x - share * row.width, y), used) for row, y in placed)
    rows = zip(text.split("<br>"), placed, strict=True)
    return "".join(_plain(part, size, (x, y), anchor) for part, (_, y) in rows)


def _row(row: TextRow, at: tuple[float, float], used: set[Letter]) -> str:
    """Return a line of a text as outlines, which are thousandths of an em large."""
    return "".join(_piece(piece, at, used) for piece in row.pieces)


def _piece(piece: Piece, at: tuple[float, float], used: set[Letter]) -> str:
    x, y = at
    drawn = [(letter, left) for letter, left in piece.letters if letter.path]
    used |= {letter for letter, _ in drawn}
    uses = "".join(f'<use href="#{letter.name}" x="{left:.0f}"/>' for letter, left in drawn)
    where = f"translate({decimal(x + piece.left)} {decimal(y + piece.style.down)})scale({piece.style.size / 1000:.4g})"
    return f'<g transform="{where}">{uses}</g>' if uses else ""


def _plain(text: str, size: float, at: tuple[float, float], anchor: str) -> str:
    """Return a line of a text that has letters without an outline, as text: such as a name that somebody gave."""
    x, y = at
    words = escape(unescape(TAG.sub("", text)))
    font = f'font-family="{escape(FONT)}" font-size="1000" text-anchor="{anchor}"'
    return f'<text transform="translate({decimal(x)} {decimal(y)})scale({size / 1000:.4g})" {font}>{words}</text>'
