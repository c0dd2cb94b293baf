"""Multiplications in three ways, by the depth or the width of a network."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from bppviz.panels.chart import (
    Margin,
    Part,
    bottom_axis,
    chart,
    dot_at,
    heading,
    left_title,
    line_through,
    log_axis,
    with_hover,
)
from bppviz.picture.theme import part
from bppviz.practice.cost import whole
from bppviz.words.catalogue import Words
from bppviz.words.numbers import grouped

COSTS = Margin(48, 14, 34, 42)
SIZE = {"width": 376, "height": 236}
MOST_ACROSS = {"depth": 10, "width": 16}
MOST_POINTS = 40
MOST_COST = 10**300  # beyond it, a number no longer fits into a float
WAYS = (("shared", "backward", "solid"), ("by_paths", "mark", "6px,4px"), ("by_differences", "forward", "2px,3px"))


def cost_chart(sizes: Sequence[int], by: str, say: Words) -> Part:
    """Return the multiplications that the gradients cost in three ways, by depth or by width, from exact formulas.

    All layers are of one width: by depth it is that of the widest layer of `sizes`, by width the depth is the same.
    A dot shows the network of that depth and width. The table beside the chart says which line is which.
    """
    depth, width = len(sizes) - 1, max(sizes)
    at = depth if by == "depth" else width
    most = max(MOST_ACROSS[by], at + 1)
    across = sorted({at, *range(1, most + 1, ceil(most / MOST_POINTS))})
    costs = [whole([width] * (n + 1) if by == "depth" else [n] * (depth + 1)) for n in across]
    series = []
    for name, colour, dash in reversed(WAYS):
        counts = [float(min(getattr(cost, name), MOST_COST)) for cost in costs]
        hover = f"%{{x}}: %{{text}}<extra>{say(f'cost.{name}')}</extra>"
        line = with_hover(line_through(across, counts, colour, 3), hover, grouped)
        line["line"]["dash"] = dash
        series += [line, with_hover(dot_at(at, counts[across.index(at)], colour), hover, grouped)]
    title = say("cost.depth", width=width) if by == "depth" else say("cost.width", depth=depth)
    high = min(max(max(cost) for cost in costs), MOST_COST)
    right = bottom_axis(0.5, across[-1] + 0.5, say("cost.layers" if by == "depth" else "cost.neurons"), COSTS)
    up = {**log_axis(1, float(high), 0), "showgrid": True, "gridcolor": part("weight-strong")}
    figure = chart(series, (right, up), [heading(title, 0), left_title("×")], margin=COSTS)
    return {**figure, "layout": {**figure["layout"], **SIZE}}
