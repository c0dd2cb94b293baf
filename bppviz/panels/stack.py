"""∂L/∂w = Σₙ ∂lⁿ/∂w, bar upon bar."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from bppviz.core.place import Place, gradient_of
from bppviz.core.trace import Trace
from bppviz.panels.chart import (
    LINE_HEIGHT,
    TICK_SIZE,
    Margin,
    Part,
    bottom_axis,
    chart,
    heading,
    line_style,
    line_through,
    span_or_1,
    text_at,
    text_style,
)
from bppviz.picture.theme import part
from bppviz.words.catalogue import Words
from bppviz.words.numbers import number
from bppviz.words.symbols import TOTAL, Symbols, gradient, loss_of

MOST_NUMBERED, MOST_BARS = 8, 60
SUM = 30.0  # the height of the row of the sum
LIST = Margin(98, 92, 54, 44)


class Bar(NamedTuple):
    """A gradient and where it is drawn from; the samples it belongs to are array indices, none for the sum."""

    name: str
    value: float
    base: float
    row: float
    samples: range


def stack(trace: Trace, own: Place, say: Words) -> Part:
    """Return ∂L/∂w = Σₙ ∂lⁿ/∂w of one weight or bias: a bar for each sample, begun where the one before it ends."""
    symbol = Symbols(trace.network)(*own)
    name, of_sample = (gradient(symbol, loss).text for loss in (TOTAL, loss_of(None)))
    bars = _bars(trace, own)
    total = Bar(name, trace.value(gradient_of(own, "L")), 0.0, LIST.inner[1] - SUM / 2, range(0))
    told = next(bar for bar in bars if trace.sample in bar.samples)
    thick = min(0.72 * LIST.inner[1] / len(bars), 20.0)
    ends = [0.0, *(bar.base + bar.value for bar in bars)]
    margin = 0.05 * span_or_1(max(ends) - min(ends))
    upright = {"yref": "paper", "y0": 0, "y1": 1, "x0": 0, "x1": 0, "line": line_style("muted", 1)}
    rule = {"xref": "paper", "x0": 0, "x1": 1, "y0": total.row - SUM / 2, "y1": total.row - SUM / 2}
    return chart(
        [
            _stairs([*bars, total]),
            _filled([bar for bar in bars if bar != told], thick, "backward-strong", "backward"),
            _filled([told], max(thick, 6), "backward", "background"),
            _filled([total], 16, "sum", "background"),
        ],
        (
            bottom_axis(min(ends) - margin, max(ends) + margin, say("chart.so_far"), LIST),
            {"range": [LIST.inner[1], 0], "fixedrange": True, "visible": False},
        ),
        [
            heading(say("chart.stack"), 1),
            heading(f"{name} = Σₙ {of_sample} = {number(total.value)}", 0, "sum"),
            *(text for bar in bars if _is_written(bar, told, bars) for text in _texts(bar, "backward", bar is told)),
            *_texts(total, "sum", True),
        ],
        [_band(told, max(thick, 6)), upright, {**rule, "line": line_style("line", 1)}],
        margin=LIST,
    )


def _bars(trace: Trace, own: Place) -> list[Bar]:
    """Return a bar for each sample; of very many, for a few neighbours together."""
    gradients = trace.by_sample(gradient_of(own))
    groups = np.array_split(np.arange(len(gradients)), min(len(gradients), MOST_BARS))
    step = (LIST.inner[1] - SUM) / len(groups)
    symbol = Symbols(trace.network)(*own)
    bars: list[Bar] = []
    for i, group in enumerate(groups):
        samples = range(int(group[0]), int(group[-1]) + 1)
        name = gradient(symbol, loss_of(i)).text if len(groups) <= MOST_NUMBERED else _numbered(samples)
        base = bars[-1].base + bars[-1].value if bars else 0.0
        bars.append(Bar(name, float(gradients[group].sum()), base, step * (i + 0.5), samples))
    return bars


def _numbered(samples: range) -> str:
    """Return the samples that share a bar, counted from 1: n = 7, or n = 494–510."""
    return f"n = {samples[0] + 1}" + (f"–{samples[-1] + 1}" if len(samples) > 1 else "")


def _is_written(bar: Bar, told: Bar, bars: Sequence[Bar]) -> bool:
    """Tell whether a bar has its name and number beside it: all of a few; of many the told one, and the first."""
    return len(bars) <= MOST_NUMBERED or bar is told or (bar is bars[0] and told.row - bar.row > LINE_HEIGHT)


def _filled(bars: Sequence[Bar], thick: float, colour: str, hatch: str) -> Part:
    """Return bars from where the one before ends to where the next begins; the negative ones are hatched."""
    few = thick > 6
    outline = colour.removesuffix("-strong")
    return {
        "type": "bar",
        "orientation": "h",
        "showlegend": False,
        "base": [bar.base for bar in bars],
        "x": [bar.value for bar in bars],
        "y": [bar.row for bar in bars],
        "width": thick,
        "hovertext": [f"{bar.name}<br>{number(bar.value, signed=True)}" for bar in bars],
        "hoverinfo": "text",
        "marker": {
            "color": part(colour if few else outline),
            "line": {"color": part(outline), "width": 1 if few else 0},
            "pattern": {
                "shape": ["" if bar.value >= 0 else "/" if few else "|" for bar in bars],
                "fillmode": "overlay",
                "fgcolor": part(hatch if few else "background"),
                "fgopacity": 1,
                "size": 6,
                "solidity": 0.25,
            },
        },
    }


def _band(bar: Bar, thick: float) -> Part:
    """Return a mark behind a bar, all along its row."""
    place = {"xref": "paper", "x0": 0, "x1": 1, "y0": bar.row - thick / 2 - 2, "y1": bar.row + thick / 2 + 2}
    return {"type": "rect", **place, "fillcolor": part("backward-soft"), "line": {"width": 0}}


def _stairs(bars: Sequence[Bar]) -> Part:
    """Return the thin line that leads from the end of each bar to the row of the next."""
    x = [x for bar in bars[:-1] for x in (bar.base + bar.value, bar.base + bar.value, None)]
    y = [y for bar, after in pairwise(bars) for y in (bar.row, after.row, None)]
    return line_through(x, y, "muted", 1)


def _texts(bar: Bar, colour: str, strong: bool) -> list[Part]:
    """Return the name before a bar and the number behind it, bold where it is emphasised."""
    texts = (bar.name, number(bar.value, signed=True))
    name, value = (f"<b>{text}</b>" if strong else text for text in texts)
    common: Part = {"y": bar.row, "xref": "paper", "yanchor": "middle", "xanchor": "right"}
    common["font"] = text_style(colour, TICK_SIZE)
    return [text_at(name, x=0, xshift=-8, **common), text_at(value, x=1, xshift=LIST.right - 8, **common)]
