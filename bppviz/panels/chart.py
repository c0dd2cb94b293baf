"""What the charts beside the network share: their frame, axes, lines and texts, as parts of plain plotly figures.

Nothing here is painted: a colour is named by the part that it plays. What is computed forward is blue and what is
computed backward vermilion, as in the picture of the network.

==================  ==========================================================================
`chart`             a figure of some series, with its axes, texts and shapes
`filling`           a figure that fills its place in the page, with the words that stand around it
`bottom_axis`       the axis below it; `left_axis` and `log_axis`, the one at its left
`rail_axis`         the axis below it that a slider stands on
`grid`              the axis at its left, with a line across the chart for each number
`line_through`      a series: a line; `dot_at`, a single point; `with_hover`, either with its numbers
`text_at`           a text anywhere; `heading` and `left_title`, above the chart
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import ceil, floor, log10
from typing import Any, NamedTuple

from bppviz.picture.theme import part, sheet
from bppviz.words.numbers import HOVERED, INFINITE, number, rounded
from bppviz.words.scripts import raised

Part = dict[str, Any]  # of a figure: a series, an axis, an annotation, or the whole
CHART_WIDTH, CHART_HEIGHT = 392, 280
TICK_SIZE, LABEL_SIZE = 12, 13
LINE_HEIGHT = 21  # pixels from line to line above a chart
ALONE = "<extra></extra>"  # behind what is said of a point: no name of its series
LEAST_SHARE = 1e-16  # the least share of the largest loss that a logarithmic axis goes down to
LEAST_SPAN = 1e-3  # the least share of its numbers that an axis spans: within less, they would all read the same
FARTHEST = 1e307  # where an axis ends
RAIL = 22  # pixels that a slider takes between a chart and the numbers of the axis below it


class Margin(NamedTuple):
    """What is left free around a chart, and how large it is with that, or about so large where it fills its place."""

    left: int
    right: int
    top: int
    bottom: int
    width: int = CHART_WIDTH
    height: int = CHART_HEIGHT

    @property
    def inner(self) -> tuple[int, int]:
        """Return the width and the height of the chart itself."""
        return self.width - self.left - self.right, self.height - self.top - self.bottom


CURVE = Margin(52, 18, 10, RAIL + 20, 380, 196)
LEAST_WIDTH = 230  # of a chart that fills its place


class Key(NamedTuple):
    """What a mark in a chart stands for; `short` says it where there is less room, and an empty text not at all.

    `mark` names how the page draws it: a line in the colour of a part, or what stands for samples.
    """

    mark: str
    text: str
    short: str


def chart(
    data: list[Part],
    axes: tuple[Part, Part],
    texts: list[Part],
    shapes: Sequence[Part] = (),
    margin: Margin = CURVE,
) -> Part:
    """Return a chart of some series: `axes` are the one below it and the one at its left."""
    size, font, hovered = margin[4:], text_style("ink", TICK_SIZE), text_style("ink", LABEL_SIZE)
    layout = sheet(size, margin[:4], axes, font, hovered) | {
        "annotations": texts,
        "shapes": [{"type": "line", "layer": "below", **shape} for shape in shapes],
        "showlegend": False,
        "barmode": "overlay",
    }
    return {"data": data, "layout": layout}


def filling(figure: Part, head: tuple[str, str], keys: Sequence[Key], point: tuple[float, float] | None = None) -> Part:
    """Return a figure that fills its place in the page, with the words that the page writes around it.

    `head` are the words above its panel, the first of them stronger. `point` is what a slider moves, in shares of the
    chart's width and height: in the page it can be dragged.
    """
    around = {"head": head, "keys": [key._asdict() for key in keys], "point": point}
    return {**figure, "layout": {**figure["layout"], "meta": around}}


def shares(axes: tuple[Part, Part], x: float, y: float) -> tuple[float, float]:
    """Return how far across and up a point lies, in shares of what the axes span."""
    spans = zip((x, y), axes, strict=True)
    across, up = (_share(log10(it) if axis.get("type") == "log" else it, *axis["range"]) for it, axis in spans)
    return across, up


def _share(value: float, low: float, high: float) -> float:
    return round(min(max((value - low) / (high - low), 0.0), 1.0), 4)


def rail_axis(low: float, high: float, least: float = 0.0) -> Part:
    """Return the axis below a chart that a slider stands on, whose numbers are no nearer to each other than `least`."""
    axis = _axis(low, high, _fitting(low, high, LEAST_WIDTH, least))
    return {**axis, "tickangle": 0, "ticks": "", "showline": False, "ticklabelstandoff": RAIL}


def grid(axis: Part) -> Part:
    """Return the axis at the left with a line across the chart for each of its numbers."""
    return {**axis, "ticks": "", "showline": False, "showgrid": True, "gridcolor": part("weight-strong")}


def bottom_axis(low: float, high: float, title: str, margin: Margin) -> Part:
    """Return the axis below a chart, with as many numbers as have room side by side."""
    low, high = _apart(low, high)
    axis = _axis(low, high, _fitting(low, high, margin.inner[0]))
    return {**axis, "tickangle": 0, "title": {"text": title, "font": text_style("ink", LABEL_SIZE), "standoff": 4}}


def _fitting(low: float, high: float, room: float, least: float = 0.0) -> list[float]:
    """Return as many numbers for an axis as have room side by side."""
    choices = [_ticks(low, high, most, least) for most in (5, 4, 3, 2, 1)]
    return next((ticks for ticks in choices if len(ticks) * _widest(map(number, ticks)) < room), choices[-1])


def _widest(texts: Iterable[str]) -> float:
    """Return about how wide the widest of some numbers is, with the space that it needs to the next."""
    return 16 + 7.5 * max(map(len, texts), default=0)


def _axis(low: float, high: float, ticks: list[float]) -> Part:
    return {
        "range": [low, high],
        "tickvals": ticks,
        "ticktext": [number(tick) for tick in ticks],
        "tickfont": text_style("muted", TICK_SIZE),
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": part("line"),
        "showline": True,
        "linecolor": part("line"),
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def left_axis(low: float, high: float, most: int = 5) -> Part:
    """Return the axis at the left of a chart, with about so many numbers at most."""
    low, high = _apart(low, high)
    return _axis(low, high, _ticks(low, high, most))


def log_axis(low: float, high: float, deepest: float = LEAST_SHARE) -> Part:
    """Return a logarithmic axis for numbers from `low` to `high`, whose ticks are powers of ten, some six of them."""
    first, last = floor(log10(max(low, deepest * high))), ceil(log10(high))
    first = min(first, last - 1)
    powers = range(first, last + 1, ceil((last - first) / 6))
    texts = [f"10{raised(str(power))}" for power in powers]
    texts[0] = f"≤{texts[0]}" if low < 10.0**first else texts[0]
    margin = 0.06 * (last - first)
    axis = _axis(first - margin, last + margin, [10.0**power for power in powers])
    return {**axis, "type": "log", "ticktext": texts}


def _apart(low: float, high: float) -> tuple[float, float]:
    """Return a range that an axis can have: its width is finite, and it is never empty in floats."""
    low, high = max(low, -FARTHEST), min(high, FARTHEST)
    least = max(LEAST_SPAN * max(abs(low), abs(high)), 1 / INFINITE)
    wanting = max(0.0, least - (high - low)) / 2
    return low - wanting, high + wanting


def _ticks(low: float, high: float, most: int, least: float = 0.0) -> list[float]:
    """Return the multiples of 1, 2 or 5 of a power of ten that lie within a range, about so many, or fewer."""
    least = max((high - low) / most, least)
    power = 10.0 ** floor(log10(least))
    step = next((factor * power for factor in (1, 2, 5) if factor * power >= least), 10 * power)
    return [step * k for k in range(ceil(low / step), floor(high / step) + 1)]


def span_or_1(span: float) -> float:
    """Return a span, or 1 for one that is too small to be divided."""
    return span if span > 1 / INFINITE else 1.0


def text_style(colour: str, size: int) -> Part:
    """Return how a text looks, its colour named by the part that it plays."""
    return {"size": size, "color": part(colour)}


def line_style(colour: str, width: float, dash: str = "solid") -> Part:
    """Return how a line looks, its colour named by the part that it plays."""
    return {"color": part(colour), "width": width, "dash": dash}


def line_through(x: Sequence[float | None], y: Sequence[float | None], colour: str, width: float) -> Part:
    """Return a line through points, broken where one is None."""
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {**line_style(colour, width), "simplify": False},
    }
    return {**line, "showlegend": False, "hoverinfo": "skip"}


def dot_at(x: float, y: float, colour: str, *, hollow: bool = False) -> Part:
    """Return a dot at a point, full or as a ring."""
    fill, ring = ("background", colour) if hollow else (colour, "background")
    marker = {"size": 12, "color": part(fill), "line": {"color": part(ring), "width": 3 if hollow else 2}}
    dot = {"type": "scatter", "mode": "markers", "x": [x], "y": [y], "marker": marker}
    return {**dot, "showlegend": False, "cliponaxis": False, "hoverinfo": "skip"}


def with_hover(series: Part, template: str, write: Callable[[Any], str] = number) -> Part:
    """Return a series that shows its numbers under the mouse: %{text} is y."""
    told = {name: it for name, it in series.items() if name != "hoverinfo"}
    texts = ["" if value is None else write(value) for value in series["y"]]
    return {**told, "text": texts, "hovertemplate": template}


def text_at(text: str, colour: str = "ink", **place: Any) -> Part:
    """Return a text at a place that plotly understands."""
    return {"text": text, "showarrow": False, "font": text_style(colour, LABEL_SIZE), **place}


def heading(text: str, row: int, colour: str = "muted", indent: int = 0) -> Part:
    """Return a line above a chart; rows count from the chart up."""
    place = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": indent}
    return text_at(text, colour, **place, yref="paper", y=1, yanchor="middle", yshift=19 + LINE_HEIGHT * row)


def left_title(name: str) -> Part:
    """Return the name of the upright axis at its end; beside it plotly would write it lying down."""
    place = {"xref": "paper", "x": 0, "xanchor": "right", "xshift": -8}
    return text_at(name, "ink", **place, yref="paper", y=1, yanchor="middle", yshift=19)


def corner_title(name: str) -> Part:
    """Return the name of the upright axis beside its uppermost numbers."""
    place = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": -CURVE.left}
    return text_at(name, "ink", **place, yref="paper", y=1, yanchor="middle")


def drop_line(x: float, up: float) -> Part:
    """Return the line from a point, so far up, to the slider below the chart that moves it."""
    return {"x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": up, "line": line_style("ink", 1, "2px,3px")}


def six_digits(values: Iterable[float]) -> list[float | None]:
    """Return numbers of six digits, and a gap for one that is not finite."""
    return [rounded(value, HOVERED) if abs(value) <= INFINITE else None for value in values]
