"""L after every update."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bppviz.core.sums import Array
from bppviz.panels.chart import (
    ALONE,
    Part,
    chart,
    corner_title,
    dot_at,
    drop_line,
    filling,
    grid,
    left_axis,
    line_through,
    log_axis,
    rail_axis,
    shares,
    six_digits,
    span_or_1,
    with_hover,
)
from bppviz.words.catalogue import Words
from bppviz.words.numbers import INFINITE, number

MOST_LOSSES = 300


def loss_curve(losses: Sequence[float], at: int, say: Words, log: bool = False) -> Part:
    """Return L after 0, 1, 2, … updates, with a dot at the update that is visited, above the slider that visits it.

    On a logarithmic axis a loss that is 0, or too small beside the largest, lies at the lower end.
    """
    L = np.minimum(np.asarray(losses, dtype=np.float64), INFINITE)
    kept = thinned(L, at)
    high = span_or_1(float(L.max()))
    end = max(len(L) - 1, 1)
    y = log_axis(float(L.min()), high) if log else left_axis(-0.04 * high, 1.1 * high, 4)
    axes = rail_axis(0, end, 1), grid(y)
    shown = np.maximum(L, y["tickvals"][0])
    hover = f"{say('chart.updates')}: %{{x}}<br>L = %{{text}}{ALONE}"
    curve = with_hover(line_through(kept, six_digits(shown[kept]), "forward", 3), hover)
    dot = with_hover(dot_at(at, float(shown[at]), "forward"), hover)
    told = say("chart.after", update=at, updates=len(L) - 1) if at else say("chart.before")
    point = shares(axes, at, float(shown[at]))
    figure = chart([curve, dot], axes, [corner_title("L")], [drop_line(at, point[1])])
    return filling(figure, (f"L = {number(L[at])}", told), [], point)


def thinned(losses: Array, at: int) -> list[int]:
    """Return which losses to draw, at most 300: the ends, the visited, the least and the largest of every stretch."""
    indices = np.arange(len(losses))
    if len(losses) <= MOST_LOSSES:
        return indices.tolist()
    stretches = np.array_split(indices, MOST_LOSSES // 2 - 2)
    extremes = [stretch[find(losses[stretch])] for stretch in stretches for find in (np.argmin, np.argmax)]
    return sorted({0, at, len(losses) - 1, *map(int, extremes)})
