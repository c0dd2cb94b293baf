"""An output over the plane of two inputs, and the samples in it."""

from __future__ import annotations

from base64 import b64encode
from itertools import compress

import numpy as np

from bppviz.core.backprop import forward
from bppviz.core.network import Network
from bppviz.core.sums import Array
from bppviz.panels.chart import (
    ALONE,
    LEAST_SPAN,
    Key,
    Margin,
    Part,
    chart,
    filling,
    span_or_1,
    text_at,
)
from bppviz.picture.theme import part
from bppviz.words.catalogue import Words
from bppviz.words.numbers import INFINITE, number
from bppviz.words.symbols import Symbols

GRID = 41
MOST_DRAWN = 200
MAP = Margin(20, 2, 2, 20, 166, 166)  # the map is as wide as it is high
# The inside and the outline of the samples in a map.
SAMPLES = {
    "circle": ("ink", {"color": part("background"), "width": 2}),
    "square": ("background", {"color": part("ink"), "width": 3}),
}


def heat_map(network: Network, X: Array, T: Array, say: Words, output: int = 0) -> Part:
    """Return an output of a network with two inputs over their plane, and the samples, rows of X and T or one, in it.

    A line shows where the output is halfway between its two targets; where they are not two, where it is 0.5 if it is a
    probability, and 0 if not. The scale of colours has that line too. Of more than 200 samples, 200 from all over are
    drawn.
    """
    X, T = (_thinned_out(np.atleast_2d(rows)) for rows in (X, T))
    symbols, last = Symbols(network), network.layers
    places = (("x", 0, 0), ("x", 0, 1), ("a", last, output), ("t", last, output))
    x1, x2, y, t = (symbols(*place).text for place in places)
    targets = T[:, output]
    level = _level(network, targets)
    across, up = _grid(X)
    outputs = _outputs(network, np.stack(np.meshgrid(across, up), axis=-1), output)
    low, high = _limits(network, np.append(outputs, targets))
    surface = {
        **_surface(across, up, outputs),
        **_coloured(low, high, level),
        # Plotly's own digits, with a true minus: 1681 texts would be larger than the map.
        "hovertemplate": f"{x1} = %{{x}}<br>{x2} = %{{y}}<br>{y} = %{{z}}{ALONE}",
    }
    told = [
        f"{x1} = {number(row[0])}<br>{x2} = {number(row[1])}<br>{t} = {number(target)}<br>{y} = {number(value)}"
        for row, target, value in zip(X, targets, _outputs(network, X, output), strict=True)
    ]
    kinds = [("circle", targets >= level), ("square", targets < level)]
    kinds = [(mark, own) for mark, own in kinds if own.any()]
    figure = chart(
        [surface, *(_samples(X[own], list(compress(told, own)), mark) for mark, own in kinds)],
        (_bare_axis(across), _bare_axis(up)),
        _axis_names(x1, x2),
        margin=MAP,
    )
    plane, scale = say("chart.plane", x1=x1, x2=x2, y=y), f"{number(low, 2)} … {number(high, 2)}"
    keys = [Key("none", plane, plane), Key("scale", scale, scale)]
    texts = [(mark, f"{t} {_among(targets[own], mark, level)}") for mark, own in kinds]
    return filling(figure, ("", ""), [*keys, *(Key(mark, text, text) for mark, text in texts)])


def _thinned_out(rows: Array) -> Array:
    """Return no more rows than can be told apart in a map, from all over."""
    few: Array = rows[np.unique(np.linspace(0, len(rows) - 1, MOST_DRAWN).round().astype(int))]
    return few


def _surface(across: Array, up: Array, outputs: Array) -> Part:
    (x0, x), (y0, y) = across[:2].tolist(), up[:2].tolist()
    return {"type": "contour", "z": _packed(outputs), "x0": x0, "dx": x - x0, "y0": y0, "dy": y - y0}


def _grid(X: Array) -> Array:
    """Return the values of both inputs, in two rows: around the samples, both as far unless those differ greatly."""
    X = np.clip(X, -INFINITE, INFINITE)
    low, high = X.min(axis=0), X.max(axis=0)
    spans = high - low
    spans = np.where(spans > spans.max() / 4, spans.max(), spans)
    reach = np.where(spans > 1 / INFINITE, np.maximum(0.75 * spans, np.minimum(1, 4 * spans)), 1)
    middle = (low + high) / 2
    reach = np.maximum(reach, LEAST_SPAN * np.abs(middle))
    return np.linspace(middle - reach, middle + reach, GRID, axis=1)


def _outputs(network: Network, X: Array, output: int) -> Array:
    """Return an output of the network for inputs in the last axis of X."""
    sigma = network.sigma
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return np.nan_to_num(forward(network.weights, network.biases, sigma, X)[1][-1][..., output])


def _level(network: Network, targets: Array) -> float:
    kinds = np.unique(targets)
    if len(kinds) == 2:
        return float(kinds.mean())
    return 0.5 if _is_probability(network) else 0.0


def _is_probability(network: Network) -> bool:
    return network.sigma[-1].log is not None


def _limits(network: Network, values: Array) -> tuple[float, float]:
    """Return the ends of the scale of colours: 0 and 1, or as far below 0 as above it."""
    if _is_probability(network):
        return 0.0, 1.0
    largest = span_or_1(float(np.abs(values).max()))
    return -largest, largest


def _coloured(low: float, high: float, level: float) -> Part:
    return {
        "contours": {"coloring": "heatmap", "start": level, "end": level, "size": 1},
        "line": {"color": part("ink"), "width": 2},
        "zmin": low,
        "zmax": high,
        "colorscale": [[0, part("low")], [0.5, part("middle")], [1, part("high")]],
        "showscale": False,
    }


def _packed(values: Array) -> Part:
    """Return an array as plotly.js unpacks it: in four bytes a number, a fraction of what its digits take."""
    with np.errstate(over="ignore"):
        data = np.clip(values, -1e30, 1e30).astype("<f4")
    return {"dtype": "f4", "bdata": b64encode(data.tobytes()).decode(), "shape": ", ".join(map(str, data.shape))}


def _samples(X: Array, texts: list[str], mark: str) -> Part:
    """Return the samples of one kind: full circles or hollow squares, so that they are told apart without colours."""
    fill, stroke = SAMPLES[mark]
    marker = {"symbol": mark, "size": 13, "color": part(fill), "line": stroke}
    points = {"x": X[:, 0].tolist(), "y": X[:, 1].tolist(), "hovertext": texts, "hoverinfo": "text"}
    return {"type": "scatter", "mode": "markers", "showlegend": False, "marker": marker, **points}


def _bare_axis(values: Array) -> Part:
    """Return an axis without numbers, which the mouse tells."""
    return {"range": [float(values[0]), float(values[-1])], "visible": False, "fixedrange": True}


def _axis_names(x1: str, x2: str) -> list[Part]:
    """Return the names of both axes, at the ends to which they grow."""
    below: Part = {"xref": "paper", "x": 1, "xanchor": "right", "yref": "paper", "y": 0, "yanchor": "top"}
    beside: Part = {"xref": "paper", "x": 0, "xanchor": "right", "yref": "paper", "y": 1, "yanchor": "top"}
    return [text_at(f"{x1} →", "muted", **below), text_at(f"{x2}<br>↑", "muted", **beside)]


def _among(targets: Array, mark: str, level: float) -> str:
    """Return what the targets of one kind have in common: = 1, or ≥ 0.5."""
    if (targets == targets[0]).all():
        return f"= {number(targets[0])}"
    return f"{'≥' if mark == 'circle' else '<'} {number(level)}"
