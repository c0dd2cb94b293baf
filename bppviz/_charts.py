"""The charts beside the network, as plain plotly figures that are not yet painted.

==================  ========================================================================
`meaning`           what ∂l/∂w means: the slope of l over one weight, and how far it predicts
`loss_curve`        L after every update
`heat_map`          an output over the plane of two inputs, and the samples in it
`stack`             ∂L/∂w = Σₙ ∂lⁿ/∂w, bar upon bar
==================  ========================================================================

What is computed forward is blue and what is computed backward vermilion, as in the picture of the network.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil, floor, hypot, log10
from typing import Any, NamedTuple

import numpy as np

from bppviz._backprop import forward
from bppviz._emphasis import Place
from bppviz._functions import ACTIVATIONS, LOSSES, Array
from bppviz._network import Network
from bppviz._numbers import INFINITE, SUPERSCRIPTS, number
from bppviz._symbols import LOSS, TOTAL, Symbols, gradient, loss_of
from bppviz._theme import FONT, part
from bppviz._trace import Trace
from bppviz._words import Words

Part = dict[str, Any]  # of a figure: a series, an axis, an annotation, or the whole
WIDTH, HEIGHT = 420, 280
TICK, LABEL = 13, 14
ROW, KEY = 21, 24  # pixels: from line to line above a chart, and for the mark before a line
TANGENT = 80.0  # half of its length, in pixels
MOST_LOSSES = 300
DEEPEST = 1e-16  # the least share of the largest loss that a logarithmic axis goes down to
GRID = 41
MOST_NUMBERED, MOST_BARS = 8, 60
SUM = 26.0  # the height of the row of the sum


class Margin(NamedTuple):
    """What is left free around a chart."""

    left: int
    right: int
    top: int
    bottom: int

    @property
    def inner(self) -> tuple[int, int]:
        """Return the width and the height of the chart itself."""
        return WIDTH - self.left - self.right, HEIGHT - self.top - self.bottom


CURVE = Margin(66, 18, 54, 44)
LIST = Margin(84, 78, 54, 44)
MAP = Margin(54, 163, 33, 44)  # the map is as wide as it is high


# What ∂l/∂w means


class Names(NamedTuple):
    """What a weight or bias, the loss, and the derivative of one by the other are called."""

    weight: str
    loss: str
    gradient: str


class Move(NamedTuple):
    """How far a weight has been moved: from `w`, where l and its slope are known, to `w_now`."""

    w: float
    loss: float
    slope: float
    w_now: float
    loss_now: float

    @property
    def predicted(self) -> float:
        """Return ∂l/∂w · Δw."""
        return self.slope * (self.w_now - self.w)


class Window(NamedTuple):
    """The part of the plane that a chart shows."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def scale(self) -> tuple[float, float]:
        """Return how many pixels wide and high a unit is."""
        width, height = CURVE.inner
        return width / (self.right - self.left), height / (self.top - self.bottom)


def meaning(trace: Trace, own: Place, limit: float, start: tuple[float, float, float] | None, say: Words) -> Part:
    """Return l of the told sample over one weight or bias, with the tangent whose slope is ∂l/∂w.

    `own` is the place of the weight or bias, `limit` how far from 0 it can be moved. `start` is its value, l and ∂l/∂w
    where a move began: then the tangent is the one there, and the change that it predicts stands beside the real one.
    """
    names = _names(trace, own)
    now = (trace.network.value(*own), trace.value("loss", own.layer))
    move = Move(*(start or (*now, trace.value(f"dl_d{own.quantity}", *own[1:]))), *now)
    values = _values(limit, (move.w, move.w_now))
    losses = losses_over(trace, own, values)
    window = _window(values, losses, move)
    hover = f"{names.weight} = %{{x:.4g}}<br>{names.loss} = %{{y:.4g}}<extra></extra>"
    curve = _line(_short(values), _short(losses), "forward", 3, hover=hover)
    tangent = _line(*_tangent(move, window), "backward", 3)
    point = _dot(*now, "forward", hover=hover)
    texts = _comparison(names, move, say) if start else _slope(names, move, say)
    return _figure(
        [curve, tangent, *(_changes(move) if start else []), point],
        _axis(window.left, window.right, title=names.weight),
        _axis(window.bottom, window.top),
        [*texts, *(_distance(names, move, window) if start else []), _upright(names.loss)],
        [_key("backward", 1, 9), _key("forward", 0, 4)] if start else [_key("backward", 0, 3)],
    )


def losses_over(trace: Trace, own: Place, values: Array) -> Array:
    """Return l of the told sample for every value of one weight or bias, with all else as it is in the run."""
    network, one, layer = trace.network, trace.one, own.layer
    entering = 1.0 if own.source is None else trace.entering(layer, own.source).value
    sigma = [ACTIVATIONS[name] for name in network.activations]
    z = np.tile(one.z[layer - 1], (len(values), 1))
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        z[:, own.unit] += (values - network.value(*own)) * entering
        behind = (network.weights[layer:], network.biases[layer:], sigma[layer:])
        later, a = forward(*behind, sigma[layer - 1].f(z))
        return np.asarray(LOSSES[network.loss].terms(sigma[-1], [z, *later][-1], a[-1], one.target).sum(axis=-1))


def _names(trace: Trace, own: Place) -> Names:
    symbol = Symbols(trace.network)(*own)
    loss = LOSS if trace.samples is None else loss_of(trace.sample)
    return Names(symbol.text, loss.text, gradient(symbol, loss).text)


def _values(limit: float, seen: Sequence[float]) -> Array:
    """Return values from end to end, closer and closer together around those that are seen: a curve may bend there."""
    low, high = min(-limit, *seen), max(limit, *seen)
    near = (high - low) * 0.5 ** np.arange(4, 16)
    around = [value + side * near for value in seen for side in (-1, 1)]
    return np.unique(np.clip(np.concatenate([np.linspace(low, high, 121), seen, *around]), low, high))


def _window(values: Array, losses: Array, move: Move) -> Window:
    """Return a window in which the slope can be read, wherever else the curve shoots up to.

    What is predicted is in it too, unless that is so far away that the rest would be squeezed.
    """
    finite = np.append(losses[np.abs(losses) < INFINITE], [move.loss, move.loss_now])
    low, high = float(finite.min()), float(finite.max())
    height = min(high - low, max(float(finite.mean()) - low, 3 * (move.loss - low), move.loss_now - low))
    height = max(height, 0.1 * abs(low))  # what hardly changes looks flat
    height = height if height > 1 / INFINITE else 1.0
    predicted = move.loss + move.predicted
    bottom = max(low - 0.6 * height, min(low, predicted))
    top = min(low + 1.6 * height, max(low + height, predicted))
    margin = 0.03 * float(values[-1] - values[0])
    return Window(float(values[0]) - margin, float(values[-1]) + margin, bottom - 0.12 * height, top + 0.12 * height)


def _tangent(move: Move, window: Window) -> tuple[list[float], list[float]]:
    """Return a piece of the tangent: of the same length whatever its slope, or so long that it reaches the new w."""
    across, up = window.scale
    half = TANGENT / hypot(across, move.slope * up)
    ends = [min(move.w - half, move.w_now), max(move.w + half, move.w_now)]
    return ends, [move.loss + move.slope * (end - move.w) for end in ends]


def _changes(move: Move) -> list[Part]:
    """Return where a move began, how far it went, and the two changes of l: predicted, and within it the real one."""
    at, real = [move.w_now] * 2, [move.loss, move.loss_now]
    return [
        _line([move.w, move.w_now], [move.loss] * 2, "muted", 2),
        _line(at, [move.loss, move.loss + move.predicted], "backward", 9),
        _line(at, real, "background", 6),
        _line(at, real, "forward", 4),
        _dot(move.w, move.loss, "backward", hollow=True),
    ]


def _slope(names: Names, move: Move, say: Words) -> list[Part]:
    return [
        _heading(say("chart.meaning", loss=names.loss, weight=names.weight), 1),
        _heading(say("chart.slope", gradient=names.gradient, value=number(move.slope)), 0, "backward", KEY),
    ]


def _comparison(names: Names, move: Move, say: Words) -> list[Part]:
    predicted, real = number(move.predicted), number(move.loss_now - move.loss)
    return [
        _heading(
            say("chart.predicted", gradient=names.gradient, weight=names.weight, value=predicted), 1, "backward", KEY
        ),
        _heading(say("chart.real", loss=names.loss, value=real), 0, "forward", KEY),
    ]


def _distance(names: Names, move: Move, window: Window) -> list[Part]:
    """Return the label of Δw, from the start on, on the side where neither the tangent nor the curve go."""
    if move.w_now == move.w:
        return []
    text = f"Δ{names.weight} = {number(move.w_now - move.w)}"
    ahead = move.w_now > move.w
    room = (window.right - move.w if ahead else move.w - window.left) * window.scale[0]
    anchor = "left" if ahead == (room > 8 * len(text)) else "right"
    lift = 15 if move.predicted <= 0 else -15
    return [_text(text, "muted", x=move.w, y=move.loss, xanchor=anchor, yanchor="middle", yshift=lift)]


# L after every update


def loss_curve(losses: Sequence[float], at: int, say: Words, log: bool = False) -> Part:
    """Return L after 0, 1, 2, … updates, with a dot at the update that is visited.

    On a logarithmic axis a loss that is 0, or too small beside the largest, lies at the lower end.
    """
    L = np.minimum(np.asarray(losses, dtype=np.float64), INFINITE)
    kept = thinned(L, at)
    y = _decades(float(L.min()), float(L.max())) if log else _axis(0, 1.1 * (float(L.max()) or 1.0))
    shown = np.maximum(L, y["tickvals"][0])
    hover = f"{say('chart.updates')}: %{{x}}<br>L = %{{y:.4g}}<extra></extra>"
    curve = _line(kept, _short(shown[kept]), "forward", 3, hover=hover)
    end = max(len(L) - 1, 10)
    told = say("chart.after", update=at, value=number(L[at])) if at else say("chart.before", value=number(L[at]))
    return _figure(
        [curve, _dot(at, float(shown[at]), "forward", hover=hover)],
        _axis(-0.02 * end, 1.03 * end, title=say("chart.updates"), tickvals=_ticks(0, end)),
        y,
        [_heading(say("chart.loss"), 1), _heading(told, 0, "forward"), _upright("L")],
        [{"x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "line": _stroke("muted", 1, "4px,4px")}],
    )


def thinned(losses: Array, at: int) -> list[int]:
    """Return which losses to draw, at most 300: the ends, the visited, the least and the largest of every stretch."""
    indices = np.arange(len(losses))
    if len(losses) <= MOST_LOSSES:
        return indices.tolist()
    stretches = np.array_split(indices, MOST_LOSSES // 2 - 2)
    extremes = [stretch[find(losses[stretch])] for stretch in stretches for find in (np.argmin, np.argmax)]
    return sorted({0, at, len(losses) - 1, *map(int, extremes)})


def _decades(low: float, high: float) -> Part:
    """Return a logarithmic axis for numbers from `low` to `high`, whose ticks are powers of ten, some six of them."""
    high = max(high, 1e-290)
    first, last = floor(log10(max(low, DEEPEST * high))), ceil(log10(high))
    first = min(first, last - 1)
    powers = range(first, last + 1, ceil((last - first) / 6))
    texts = ["10" + str(power).translate(SUPERSCRIPTS) for power in powers]
    texts[0] = f"≤{texts[0]}" if low < 10.0**first else texts[0]
    margin = 0.06 * (last - first)
    ticks = {"tickvals": [10.0**power for power in powers], "ticktext": texts}
    return {**_axis(0, 1), "type": "log", "range": [first - margin, last + margin], **ticks}


# An output over the plane of two inputs


def heat_map(network: Network, X: Array, T: Array, say: Words, output: int = 0) -> Part:
    """Return an output of a network with two inputs over their plane, and the samples, rows of X and T, in it.

    A line shows where the output is halfway between its two targets; where they are not two, where it is 0.5 if it is a
    probability, and 0 if not.
    """
    symbols, last = Symbols(network), len(network.weights)
    places = (("x", 0, 0), ("x", 0, 1), ("a", last, output), ("t", last, output))
    x1, x2, y, t = (symbols(*place).text for place in places)
    targets = T[:, output]
    across, up = _grid(X)
    outputs = _outputs(network, np.stack(np.meshgrid(across, up), axis=-1), output)
    level = _level(network, targets)
    surface = {
        "type": "contour",
        "z": _packed(outputs),
        "x0": float(across[0]),
        "dx": float(across[1] - across[0]),
        "y0": float(up[0]),
        "dy": float(up[1] - up[0]),
        "contours": {"coloring": "heatmap", "start": level, "end": level, "size": 1},
        "line": {"color": part("ink"), "width": 2},
        **_coloured(*_limits(network, np.append(outputs, targets))),
        "hovertemplate": f"{x1} = %{{x:.3g}}<br>{x2} = %{{y:.3g}}<br>{y} = %{{z:.4g}}<extra></extra>",
    }
    told = [
        f"{x1} = {number(row[0])}<br>{x2} = {number(row[1])}<br>{t} = {number(target)}<br>{y} = {number(value)}"
        for row, target, value in zip(X, targets, _outputs(network, X, output), strict=True)
    ]
    is_high = targets >= level
    data = [surface]
    keys = [f"— {y} = {number(level)}"]
    for mark, kind in (("●", is_high), ("□", ~is_high)):
        if kind.any():
            data.append(_samples(X[kind], [text for text, own in zip(told, kind, strict=True) if own], mark))
            keys.append(f"{mark} {t} {_among(targets[kind], mark, level)}")
    title = _heading(say("chart.plane", x1=x1, x2=x2, y=y), 0)
    return _figure(
        data,
        _axis(float(across[0]), float(across[-1]), title=x1),
        _axis(float(up[0]), float(up[-1])),
        [title, _upright(x2), *(_beside(text, row) for row, text in enumerate(keys))],
        margin=MAP,
    )


def _grid(X: Array) -> Array:
    """Return the values of both inputs, in two rows: around the samples, both as far unless those differ greatly."""
    low, high = X.min(axis=0), X.max(axis=0)
    spans = high - low
    spans = np.where(spans > spans.max() / 4, spans.max(), spans)
    reach = np.where(spans > 0, np.maximum(0.75 * spans, np.minimum(1, 4 * spans)), 1)
    middle = (low + high) / 2
    return np.linspace(middle - reach, middle + reach, GRID, axis=1)


def _outputs(network: Network, X: Array, output: int) -> Array:
    """Return an output of the network for inputs in the last axis of X."""
    sigma = [ACTIVATIONS[name] for name in network.activations]
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return np.nan_to_num(forward(network.weights, network.biases, sigma, X)[1][-1][..., output])


def _level(network: Network, targets: Array) -> float:
    kinds = np.unique(targets)
    if len(kinds) == 2:
        return float(kinds.mean())
    return 0.5 if _is_probability(network) else 0.0


def _is_probability(network: Network) -> bool:
    return ACTIVATIONS[network.activations[-1]].log is not None


def _limits(network: Network, values: Array) -> tuple[float, float]:
    """Return the ends of the scale of colours: 0 and 1, or as far below 0 as above it."""
    if _is_probability(network):
        return 0.0, 1.0
    largest = float(np.abs(values).max()) or 1.0
    return -largest, largest


def _coloured(low: float, high: float) -> Part:
    ticks = [low, (low + high) / 2, high]
    return {
        "zauto": False,
        "zmin": low,
        "zmax": high,
        "colorscale": [[0, part("low")], [0.5, part("middle")], [1, part("high")]],
        "colorbar": {
            "thickness": 14,
            "len": 1,
            "x": 1,
            "xpad": 10,
            "ypad": 0,
            "outlinewidth": 0,
            "tickvals": ticks,
            "ticktext": [number(tick, 2) for tick in ticks],
            "tickfont": _font("muted", TICK),
        },
    }


def _packed(values: Array) -> Part:
    """Return an array as plotly.js unpacks it: in four bytes a number, a fraction of what its digits take."""
    with np.errstate(over="ignore"):
        data = np.clip(values, -1e30, 1e30).astype("<f4")
    return {"dtype": "f4", "bdata": b64encode(data.tobytes()).decode(), "shape": ", ".join(map(str, data.shape))}


def _samples(X: Array, texts: list[str], mark: str) -> Part:
    """Return the samples of one kind: full circles or hollow squares, so that they are told apart without colours."""
    full = mark == "●"
    marker = {
        "symbol": "circle" if full else "square",
        "size": 13 if full else 12,
        "color": part("ink" if full else "background"),
        "line": {"color": part("background" if full else "ink"), "width": 2 if full else 3},
    }
    points = {"x": X[:, 0].tolist(), "y": X[:, 1].tolist(), "hovertext": texts, "hoverinfo": "text"}
    return {"type": "scatter", "mode": "markers", "showlegend": False, "marker": marker, **points}


def _among(targets: Array, mark: str, level: float) -> str:
    """Return what the targets of one kind have in common: = 1, or ≥ 0.5."""
    if (targets == targets[0]).all():
        return f"= {number(targets[0])}"
    return f"{'≥' if mark == '●' else '<'} {number(level)}"


# ∂L/∂w, bar upon bar


class Bar(NamedTuple):
    """The gradient of one sample, or of a few that stand together where there are too many."""

    first: int
    last: int
    value: float
    base: float


def stack(trace: Trace, own: Place, say: Words) -> Part:
    """Return ∂L/∂w = Σₙ ∂lⁿ/∂w of one weight or bias: a bar for each sample, begun where the one before it ends."""
    symbol = Symbols(trace.network)(*own)
    bars = _bars(trace, own)
    total = Bar(-1, -1, trace.value(f"dL_d{own.quantity}", *own[1:]), 0.0)
    told = next(i for i, bar in enumerate(bars) if bar.last >= trace.sample)
    step = (LIST.inner[1] - SUM) / len(bars)
    rows = [step * (i + 0.5) for i in range(len(bars))] + [step * len(bars) + SUM / 2]
    names = [
        gradient(symbol, loss_of(bar.first)).text if bar.first == bar.last else f"n = {bar.first + 1}–{bar.last + 1}"
        for bar in bars
    ] + [gradient(symbol, TOTAL).text]
    every = [*bars, total]
    hover = [f"{name} = {number(bar.value, signed=True)}" for name, bar in zip(names, every, strict=True)]
    series = {"y": rows, "width": [0.72 * step] * len(bars) + [0.6 * SUM], "hovertext": hover}
    written = [i for i in range(len(every)) if _has_room(i, told, rows)]
    texts = [
        text
        for i in written
        for text in _row(names[i], number(every[i].value, signed=True), rows[i], strong=i in (told, len(bars)))
    ]
    equation = f"{names[-1]} = Σₙ {gradient(symbol, loss_of(None)).text} = {number(total.value)}"
    ends = [end for bar in every for end in (bar.base, bar.base + bar.value)]
    margin = 0.05 * ((max(ends) - min(ends)) or 2.0)
    line = {"y0": rows[-1] - SUM / 2, "y1": rows[-1] - SUM / 2, "xref": "paper", "x0": 0, "x1": 1}
    return _figure(
        [_staircase(every, rows), {**_waterfall(every, told), **series}],
        _axis(min(ends) - margin, max(ends) + margin, title=say("chart.so_far")),
        {**_axis(0, 1), "range": [LIST.inner[1], 0], "visible": False},
        [_heading(say("chart.stack"), 1), _heading(equation, 0, "backward"), *texts],
        [
            {**line, "line": _stroke("line", 1)},
            {"x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1, "line": _stroke("muted", 1)},
        ],
        margin=LIST,
    )


def _bars(trace: Trace, own: Place) -> list[Bar]:
    array = getattr(trace, f"dl_d{own.quantity}")[own.layer - 1]
    gradients = np.atleast_1d(array[(..., *own[2 : 3 if own.source is None else 4])])
    groups = np.array_split(np.arange(len(gradients)), min(len(gradients), MOST_BARS))
    values = np.array([gradients[group].sum() for group in groups])
    bases = np.concatenate([[0.0], np.cumsum(values)[:-1]])
    return [
        Bar(int(group[0]), int(group[-1]), value, base)
        for group, value, base in zip(groups, values.tolist(), bases.tolist(), strict=True)
    ]


def _has_room(i: int, told: int, rows: list[float]) -> bool:
    """Tell whether a row is written out: all of a few; of many the told one, the sum, and the first and last."""
    last = len(rows) - 1
    if last <= MOST_NUMBERED or i in (told, last):
        return True
    return i in (0, last - 1) and abs(rows[i] - rows[told]) > ROW


def _waterfall(bars: Sequence[Bar], told: int) -> Part:
    """Return bars from where the one before ends to where the next begins; the negative ones are hatched."""
    strong = [i in (told, len(bars) - 1) for i in range(len(bars))]
    return {
        "type": "bar",
        "orientation": "h",
        "showlegend": False,
        "base": [bar.base for bar in bars],
        "x": [bar.value for bar in bars],
        "hoverinfo": "text",
        "textposition": "none",
        "marker": {
            "color": [part("backward" if own else "backward-strong") for own in strong],
            "line": {"color": part("backward"), "width": 1},
            "pattern": {
                "shape": ["/" if bar.value < 0 else "" for bar in bars],
                "fgcolor": [part("background" if own else "backward") for own in strong],
                "fillmode": "overlay",
                "fgopacity": 1,
                "size": 6,
                "solidity": 0.25,
            },
        },
    }


def _staircase(bars: Sequence[Bar], rows: Sequence[float]) -> Part:
    """Return the thin line that leads from the end of each bar to the beginning of the next."""
    ends = [bar.base + bar.value for bar in bars]
    x = [x for end in ends[:-1] for x in (end, end, None)]
    y = [y for row, next_row in pairwise(rows) for y in (row, next_row, None)]
    return _line(x, y, "muted", 1)


def _row(name: str, value: str, y: float, *, strong: bool) -> list[Part]:
    """Return the name before a bar and the number behind it, bold where it is emphasised."""
    left, right = (f"<b>{text}</b>" if strong else text for text in (name, value))
    common = {"y": y, "xref": "paper", "yanchor": "middle"}
    return [
        _text(left, "backward", x=0, xanchor="right", xshift=-8, **common),
        _text(right, "backward", x=1, xanchor="right", xshift=LIST.right - 8, **common),
    ]


# Parts of a chart


def _figure(
    data: list[Part], x: Part, y: Part, texts: list[Part], shapes: Sequence[Part] = (), margin: Margin = CURVE
) -> Part:
    layout = {
        "width": WIDTH,
        "height": HEIGHT,
        "margin": {"l": margin.left, "r": margin.right, "t": margin.top, "b": margin.bottom},
        "xaxis": x,
        "yaxis": y,
        "annotations": texts,
        "shapes": [{"type": "line", "layer": "below", **shape} for shape in shapes],
        "paper_bgcolor": part("background"),
        "plot_bgcolor": part("background"),
        "font": _font("ink", TICK),
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": part("background"),
            "bordercolor": part("muted"),
            "font": _font("ink", LABEL),
        },
        "dragmode": False,
    }
    return {"data": data, "layout": layout}


def _axis(low: float, high: float, title: str = "", tickvals: Sequence[float] | None = None) -> Part:
    ticks = _ticks(low, high) if tickvals is None else tickvals
    return {
        "range": [low, high],
        "tickvals": list(ticks),
        "ticktext": [number(tick) for tick in ticks],
        "tickfont": _font("muted", TICK),
        "title": {"text": title, "font": _font("ink", LABEL), "standoff": 4},
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": part("line"),
        "showline": True,
        "linecolor": part("line"),
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return the multiples of 1, 2 or 5 of a power of ten that lie within a range, some five of them."""
    least = (high - low) / most
    power = 10.0 ** floor(log10(least))
    step = next((factor * power for factor in (1, 2, 5) if factor * power >= least), 10 * power)
    return [step * k for k in range(ceil(low / step), floor(high / step) + 1)]


def _font(colour: str, size: int) -> Part:
    return {"family": FONT, "size": size, "color": part(colour)}


def _stroke(colour: str, width: float, dash: str = "solid") -> Part:
    return {"color": part(colour), "width": width, "dash": dash}


def _line(x: Sequence[float | None], y: Sequence[float | None], colour: str, width: float, hover: str = "") -> Part:
    line = {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": _stroke(colour, width)}
    return {**line, "showlegend": False, **_hover(hover)}


def _dot(x: float, y: float, colour: str, hover: str = "", *, hollow: bool = False) -> Part:
    fill, ring = ("background", colour) if hollow else (colour, "background")
    marker = {"size": 14, "color": part(fill), "line": {"color": part(ring), "width": 3 if hollow else 2}}
    dot = {"type": "scatter", "mode": "markers", "x": [x], "y": [y], "marker": marker}
    return {**dot, "showlegend": False, "cliponaxis": False, **_hover(hover)}


def _hover(template: str) -> Part:
    return {"hovertemplate": template} if template else {"hoverinfo": "skip"}


def _text(text: str, colour: str, **place: Any) -> Part:
    return {"text": text, "showarrow": False, "font": _font(colour, LABEL), **place}


def _heading(text: str, row: int, colour: str = "muted", indent: int = 0) -> Part:
    """Return a line above a chart; rows count from the chart up."""
    place = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": indent}
    return _text(text, colour, **place, yref="paper", y=1, yanchor="middle", yshift=19 + ROW * row)


def _key(colour: str, row: int, width: int) -> Part:
    """Return the mark before a line above a chart: a piece of what it tells about."""
    y = 19 + ROW * row
    place = {"xref": "paper", "xsizemode": "pixel", "xanchor": 0, "x0": 1, "x1": KEY - 6}
    return {
        **place,
        "yref": "paper",
        "ysizemode": "pixel",
        "yanchor": 1,
        "y0": y,
        "y1": y,
        "line": _stroke(colour, width),
    }


def _upright(name: str) -> Part:
    """Return the name of the upright axis at its end; beside it plotly would write it lying down."""
    place = {"xref": "paper", "x": 0, "xanchor": "right", "xshift": -8}
    return _text(name, "ink", **place, yref="paper", y=1, yanchor="middle", yshift=19)


def _beside(text: str, row: int) -> Part:
    """Return a line at the right of a map, behind its colour bar."""
    place = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 78}
    return _text(text, "ink", **place, yref="paper", y=1, yanchor="middle", yshift=-14 - 26 * row)


def _short(values: Iterable[float]) -> list[float | None]:
    """Return numbers of six digits, and a gap for one that is not finite."""
    return [float(f"{value:.6g}") if abs(value) < INFINITE else None for value in values]
