"""The charts beside the network, as plain plotly figures that are not yet painted.

==================  ========================================================================
`meaning`           what ∂l/∂w means: the slope of l over one weight, and how far it predicts
`loss_curve`        L after every update
`heat_map`          an output over the plane of two inputs, and the samples in it
`stack`             ∂L/∂w = Σₙ ∂lⁿ/∂w, bar upon bar
`cost_chart`        multiplications in three ways, by the depth or the width of a network
==================  ========================================================================

What is computed forward is blue and what is computed backward vermilion, as in the picture of the network.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from itertools import compress, pairwise
from math import ceil, floor, hypot, log10
from typing import Any, NamedTuple

import numpy as np

from bppviz.core.backprop import forward
from bppviz.core.functions import ACTIVATIONS, LOSSES
from bppviz.core.network import Network
from bppviz.core.place import Place
from bppviz.core.sums import Array
from bppviz.core.trace import Trace
from bppviz.picture.theme import FONT, part
from bppviz.practice.cost import whole
from bppviz.words.catalogue import Words
from bppviz.words.numbers import HOVERED, INFINITE, counted, number, raised, rounded
from bppviz.words.symbols import LOSS, TOTAL, Symbols, gradient, loss_of

Part = dict[str, Any]  # of a figure: a series, an axis, an annotation, or the whole
WIDTH, HEIGHT = 392, 280
TICK, LABEL = 13, 14
ROW, KEY = 21, 24  # pixels: from line to line above a chart, and for the mark before a line
TANGENT = 80.0  # half of its length, in pixels
BESIDE = 9.0  # from one of two changes to the other, in pixels
MOST_LOSSES = 300
ALONE = "<extra></extra>"  # behind what is said of a point: no name of its series
DEEPEST = 1e-16  # the least share of the largest loss that a logarithmic axis goes down to
LEAST_SPAN = 1e-3  # the least share of its numbers that an axis spans: within less, they would all read the same
FARTHEST = 1e307  # where an axis ends
GRID = 41
MOST_SAMPLES = 200
MOST_NUMBERED, MOST_BARS = 8, 60
SUM = 30.0  # the height of the row of the sum


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
MAP = Margin(54, 135, 33, 44)  # the map is as wide as it is high
LIST = Margin(98, 92, 54, 44)
COSTS = Margin(66, 18, 54 + 2 * ROW, 44)
MOST_ACROSS = {"depth": 10, "width": 16}
MOST_POINTS = 40
MOST_COST = 10**300  # beyond it, a number no longer fits into a float
WAYS = (("shared", "backward", "solid"), ("by_paths", "mark", "6px,4px"), ("by_differences", "forward", "2px,3px"))
# The inside and the outline of the samples in a map.
SAMPLES = {
    "circle": ("ink", {"color": part("background"), "width": 2}),
    "square": ("background", {"color": part("ink"), "width": 3}),
}


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
        return self.slope * (self.w_now - self.w) if self.slope else 0.0  # whose distance may be infinite


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
    now = (trace.network.value(own), trace.one.L)
    move = Move(*(start or (*now, trace.value(f"dl_d{own.quantity}", *own[1:]))), *now)
    drawn = move._replace(w=_within(move.w), w_now=_within(move.w_now))
    values = _values(_within(limit), (drawn.w, drawn.w_now))
    losses = losses_over(trace, own, values)
    window = _window(values, losses, drawn)
    curve = _line(_short(values), _short(losses), "forward", 3)
    # Plotly's own digits for w, where the mouse is: every tick of a drag sends them all.
    curve = _told(curve, f"{names.weight} = %{{x}}<br>{names.loss} = %{{text}}{ALONE}")
    tangent = _line(*_tangent(drawn, window), "backward", 3)
    point = _told(_dot(drawn.w_now, drawn.loss_now, "forward"), curve["hovertemplate"])
    texts = _comparison(names, move, say) if start else _slope(names, move, say)
    return _figure(
        [curve, tangent, *(_changes(drawn, window) if start else []), point],
        _across(window.left, window.right, names.weight, CURVE),
        _upwards(window.bottom, window.top),
        [*texts, *(_distance(names, drawn, window) if start else []), _upright(_alone(names.loss))],
        [_key("backward", 1, 5), _key("forward", 0, 5)] if start else [_key("backward", 0, 3)],
    )


def _within(value: float) -> float:
    """Return a number, or the end of what can be drawn where it lies beyond: its distance to another is finite."""
    return max(-FARTHEST, min(value, FARTHEST))


def losses_over(trace: Trace, own: Place, values: Array) -> Array:
    """Return l of the told sample for every value of one weight or bias, with all else as it is in the run."""
    network, one, layer = trace.network, trace.one, own.layer
    entering = 1.0 if own.source is None else trace.entering(layer, own.source).value
    sigma = [ACTIVATIONS[name] for name in network.activations]
    z = np.tile(one.z[layer - 1], (len(values), 1))
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        z[:, own.unit] += (values - network.value(own)) * entering
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
    even = np.linspace(low, high, 51)  # every tick of a drag sends them
    near = (high - low) * 0.5 ** np.arange(4, 14)
    around = [value + side * near for value in seen for side in (-1, 1)]
    return np.unique(np.clip(np.concatenate([even, seen, *around]), low, high))


def _window(values: Array, losses: Array, move: Move) -> Window:
    """Return a window in which the slope can be read, wherever else the curve shoots up to.

    What is predicted is in it too, unless that is so far away that the rest would be squeezed.
    """
    is_shown = losses <= max(INFINITE, np.nanmin(losses))
    low, high = float(losses[is_shown].min()), float(losses[is_shown].max())
    width = np.gradient(values)[is_shown]
    mean = float(losses[is_shown] @ (width / width.sum()))
    usual = max(mean - low, 3 * (move.loss - low))
    height = high - low if high - low < 4 * usual else max(1.5 * usual, move.loss_now - low)
    flat = max(0.1 * abs(low) - height, 0)  # what hardly changes is to look flat
    height = _or_1(height + flat)
    predicted = move.loss + move.predicted
    bottom = max(low - 0.6 * height, min(low - flat / 2, predicted))
    top = min(low + 1.6 * height, max(low - flat / 2 + height, predicted))
    margin = 0.04 * float(values[-1] - values[0])
    return Window(float(values[0]) - margin, float(values[-1]) + margin, bottom - 0.18 * height, top + 0.12 * height)


def _tangent(move: Move, window: Window) -> tuple[list[float], list[float]]:
    """Return a piece of the tangent: of the same length whatever its slope, or so long that it reaches the new w."""
    across, up = window.scale
    half = TANGENT / hypot(across, move.slope * up)
    ends = [min(move.w - half, move.w_now), max(move.w + half, move.w_now)]
    return ends, [_within(move.loss + move.slope * (end - move.w)) for end in ends]


def _changes(move: Move, window: Window) -> list[Part]:
    """Return where a move began, and how far it went: Δw, and side by side the real and the predicted change of l."""
    beside = move.w_now + (BESIDE if move.w_now >= move.w else -BESIDE) / window.scale[0]
    predicted = _within(move.loss + move.predicted)
    lines = [
        _line([move.w, beside], [move.loss] * 2, "muted", 2),
        _line([move.w_now, beside], [predicted] * 2, "muted", 2),
        _line([beside] * 2, [move.loss, predicted], "backward", 5),
        _line([move.w_now] * 2, [move.loss, move.loss_now], "forward", 5),
    ]
    return [*(lines if move.w_now != move.w else []), _dot(move.w, move.loss, "backward", hollow=True)]


def _alone(loss: str) -> str:
    """Return the symbol of the loss as formulas write it: where it stands alone, a plain l is a mere stroke."""
    return loss.replace(LOSS.text, "𝑙")


def _slope(names: Names, move: Move, say: Words) -> list[Part]:
    return [
        _heading(say("chart.meaning", loss=_alone(names.loss), weight=names.weight), 1),
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
    """Return the label of Δw, from the start on or back, above or below: where neither the tangent nor the curve go."""
    if move.w_now == move.w:
        return []
    text = f"Δ{names.weight} = {number(move.w_now - move.w)}"
    ahead = move.w_now > move.w
    room = (window.right - move.w if ahead else move.w - window.left) * window.scale[0]
    turned = room < 8 * len(text)
    side = {"xanchor": "left" if ahead != turned else "right", "xshift": 4 if ahead != turned else -4}
    above = (move.predicted <= 0) != turned
    return [_text(text, "muted", x=move.w, y=move.loss, **side, yanchor="middle", yshift=15 if above else -15)]


# L after every update


def loss_curve(losses: Sequence[float], at: int, say: Words, log: bool = False) -> Part:
    """Return L after 0, 1, 2, … updates, with a dot at the update that is visited.

    On a logarithmic axis a loss that is 0, or too small beside the largest, lies at the lower end.
    """
    L = np.minimum(np.asarray(losses, dtype=np.float64), INFINITE)
    kept = thinned(L, at)
    high = _or_1(float(L.max()))
    y = _decades(float(L.min()), high) if log else _upwards(-0.04 * high, 1.1 * high)
    shown = np.maximum(L, y["tickvals"][0])
    hover = f"{say('chart.updates')}: %{{x}}<br>L = %{{text}}{ALONE}"
    curve = _told(_line(kept, _short(shown[kept]), "forward", 3), hover)
    dot = _told(_dot(at, float(shown[at]), "forward"), hover)
    end = max(len(L) - 1, 10)
    told = say("chart.after", update=at, value=number(L[at])) if at else say("chart.before", value=number(L[at]))
    return _figure(
        [curve, dot],
        _across(-0.02 * end, 1.03 * end, say("chart.updates"), CURVE),
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


def _decades(low: float, high: float, deepest: float = DEEPEST) -> Part:
    """Return a logarithmic axis for numbers from `low` to `high`, whose ticks are powers of ten, some six of them."""
    first, last = floor(log10(max(low, deepest * high))), ceil(log10(high))
    first = min(first, last - 1)
    powers = range(first, last + 1, ceil((last - first) / 6))
    texts = [f"10{raised(power)}" for power in powers]
    texts[0] = f"≤{texts[0]}" if low < 10.0**first else texts[0]
    margin = 0.06 * (last - first)
    axis = _axis(first - margin, last + margin, [10.0**power for power in powers])
    return {**axis, "type": "log", "ticktext": texts}


# An output over the plane of two inputs


def heat_map(network: Network, X: Array, T: Array, say: Words, output: int = 0) -> Part:
    """Return an output of a network with two inputs over their plane, and the samples, rows of X and T or one, in it.

    A line shows where the output is halfway between its two targets; where they are not two, where it is 0.5 if it is a
    probability, and 0 if not. The scale of colours has that line too. Of more than 200 samples, 200 from all over are
    drawn.
    """
    X, T = (_few(np.atleast_2d(rows)) for rows in (X, T))
    symbols, last = Symbols(network), len(network.weights)
    places = (("x", 0, 0), ("x", 0, 1), ("a", last, output), ("t", last, output))
    x1, x2, y, t = (symbols(*place).text for place in places)
    targets = T[:, output]
    level = _level(network, targets)
    across, up = _grid(X)
    outputs = _outputs(network, np.stack(np.meshgrid(across, up), axis=-1), output)
    surface = {
        **_surface(across, up, outputs),
        **_coloured(*_limits(network, np.append(outputs, targets)), level),
        # Plotly's own digits, with a true minus: 1681 texts would be larger than the map.
        "hovertemplate": f"{x1} = %{{x}}<br>{x2} = %{{y}}<br>{y} = %{{z}}{ALONE}",
    }
    told = [
        f"{x1} = {number(row[0])}<br>{x2} = {number(row[1])}<br>{t} = {number(target)}<br>{y} = {number(value)}"
        for row, target, value in zip(X, targets, _outputs(network, X, output), strict=True)
    ]
    kinds = [("circle", targets >= level), ("square", targets < level)]
    kinds = [(mark, own) for mark, own in kinds if own.any()]
    return _figure(
        [surface, *(_samples(X[own], list(compress(told, own)), mark) for mark, own in kinds)],
        _across(float(across[0]), float(across[-1]), x1, MAP),
        _upwards(float(up[0]), float(up[-1])),
        [
            _heading(say("chart.plane", x1=x1, x2=x2, y=y), 0),
            _upright(x2),
            _over_scale(y),
            *(_beside(f"{t} {_among(targets[own], mark, level)}", row) for row, (mark, own) in enumerate(kinds)),
        ],
        [_mark(mark, row) for row, (mark, _) in enumerate(kinds)],
        margin=MAP,
    )


def _few(rows: Array) -> Array:
    """Return no more rows than can be told apart in a map, from all over."""
    few: Array = rows[np.unique(np.linspace(0, len(rows) - 1, MOST_SAMPLES).round().astype(int))]
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
    largest = _or_1(float(np.abs(values).max()))
    return -largest, largest


def _coloured(low: float, high: float, level: float) -> Part:
    ticks = [low, level, high]
    return {
        "contours": {"coloring": "heatmap", "start": level, "end": level, "size": 1},
        "line": {"color": part("ink"), "width": 2},
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
    fill, stroke = SAMPLES[mark]
    marker = {"symbol": mark, "size": 13, "color": part(fill), "line": stroke}
    points = {"x": X[:, 0].tolist(), "y": X[:, 1].tolist(), "hovertext": texts, "hoverinfo": "text"}
    return {"type": "scatter", "mode": "markers", "showlegend": False, "marker": marker, **points}


def _mark(mark: str, row: int) -> Part:
    """Return what a line at the right of a map tells about, before it."""
    y = -14 - 26 * row
    place = {"xref": "paper", "xsizemode": "pixel", "xanchor": 1, "yref": "paper", "ysizemode": "pixel", "yanchor": 1}
    fill, stroke = SAMPLES[mark]
    shape = {"type": "circle" if mark == "circle" else "rect", "fillcolor": part(fill), "line": stroke}
    return {**place, **shape, "x0": 72, "x1": 84, "y0": y - 6, "y1": y + 6}


def _among(targets: Array, mark: str, level: float) -> str:
    """Return what the targets of one kind have in common: = 1, or ≥ 0.5."""
    if (targets == targets[0]).all():
        return f"= {number(targets[0])}"
    return f"{'≥' if mark == 'circle' else '<'} {number(level)}"


# ∂L/∂w, bar upon bar


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
    total = Bar(name, trace.value(f"dL_d{own.quantity}", *own[1:]), 0.0, LIST.inner[1] - SUM / 2, range(0))
    told = next(bar for bar in bars if trace.sample in bar.samples)
    thick = min(0.72 * LIST.inner[1] / len(bars), 20.0)
    ends = [0.0, *(bar.base + bar.value for bar in bars)]
    margin = 0.05 * _or_1(max(ends) - min(ends))
    upright = {"yref": "paper", "y0": 0, "y1": 1, "x0": 0, "x1": 0, "line": _stroke("muted", 1)}
    rule = {"xref": "paper", "x0": 0, "x1": 1, "y0": total.row - SUM / 2, "y1": total.row - SUM / 2}
    return _figure(
        [
            _stairs([*bars, total]),
            _filled([bar for bar in bars if bar != told], thick, "backward-strong", "backward"),
            _filled([told], max(thick, 6), "backward", "background"),
            _filled([total], 16, "sum", "background"),
        ],
        _across(min(ends) - margin, max(ends) + margin, say("chart.so_far"), LIST),
        {"range": [LIST.inner[1], 0], "fixedrange": True, "visible": False},
        [
            _heading(say("chart.stack"), 1),
            _heading(f"{name} = Σₙ {of_sample} = {number(total.value)}", 0, "sum"),
            *(text for bar in bars if _is_written(bar, told, bars) for text in _row(bar, "backward", bar is told)),
            *_row(total, "sum", True),
        ],
        [_band(told, max(thick, 6)), upright, {**rule, "line": _stroke("line", 1)}],
        margin=LIST,
    )


def _bars(trace: Trace, own: Place) -> list[Bar]:
    """Return a bar for each sample; of very many, for a few neighbours together."""
    gradients = trace.by_sample(f"dl_d{own.quantity}", *own[1:])
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
    return len(bars) <= MOST_NUMBERED or bar is told or (bar is bars[0] and told.row - bar.row > ROW)


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
    y = [y for bar, behind in pairwise(bars) for y in (bar.row, behind.row, None)]
    return _line(x, y, "muted", 1)


def _row(bar: Bar, colour: str, strong: bool) -> list[Part]:
    """Return the name before a bar and the number behind it, bold where it is emphasised."""
    texts = (bar.name, number(bar.value, signed=True))
    name, value = (f"<b>{text}</b>" if strong else text for text in texts)
    common: Part = {"y": bar.row, "xref": "paper", "yanchor": "middle", "xanchor": "right", "font": _font(colour, TICK)}
    return [_text(name, x=0, xshift=-8, **common), _text(value, x=1, xshift=LIST.right - 8, **common)]


# What the gradients cost


def cost_chart(sizes: Sequence[int], by: str, say: Words) -> Part:
    """Return the multiplications that the gradients cost in three ways, by depth or by width, from exact formulas.

    All layers are of one width: by depth it is that of the widest layer of `sizes`, by width the depth is the same.
    A dot shows the network of that depth and width.
    """
    depth, width = len(sizes) - 1, max(sizes)
    at = depth if by == "depth" else width
    most = max(MOST_ACROSS[by], at + 1)
    across = sorted({at, *range(1, most + 1, ceil(most / MOST_POINTS))})
    costs = [whole([width] * (n + 1) if by == "depth" else [n] * (depth + 1)) for n in across]
    series, keys, texts = [], [], []
    for row, (name, colour, dash) in enumerate(reversed(WAYS)):
        counts = [float(min(getattr(cost, name), MOST_COST)) for cost in costs]
        hover = f"%{{x}}: %{{text}}<extra>{say(f'cost.{name}')}</extra>"
        line = _told(_line(across, counts, colour, 3), hover, counted)
        line["line"]["dash"] = dash
        series += [line, _told(_dot(at, counts[across.index(at)], colour), hover, counted)]
        key = _key(colour, row, 3)
        key["line"]["dash"] = dash
        keys.append(key)
        texts.append(_heading(say(f"cost.{name}"), row, colour, KEY))
    title = say("cost.depth", width=width) if by == "depth" else say("cost.width", depth=depth)
    high = min(max(max(cost) for cost in costs), MOST_COST)
    figure = _figure(
        series,
        _across(0.5, across[-1] + 0.5, say("cost.layers" if by == "depth" else "cost.neurons"), COSTS),
        _decades(1, float(high), 0),
        [*texts, _heading(title, len(WAYS)), _upright("×")],
        keys,
        margin=COSTS,
    )
    return {**figure, "layout": {**figure["layout"], "height": HEIGHT + 50}}


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
        "font": {"family": FONT, **_font("ink", TICK)},
        "showlegend": False,
        "barmode": "overlay",
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": part("background"),
            "bordercolor": part("muted"),
            "font": _font("ink", LABEL),
        },
        "dragmode": False,
    }
    return {"data": data, "layout": layout}


def _across(low: float, high: float, title: str, margin: Margin) -> Part:
    """Return the axis below a chart, with as many numbers as have room side by side."""
    low, high = _apart(low, high)
    choices = [_ticks(low, high, most) for most in (5, 4, 3, 2, 1)]
    fitting = (ticks for ticks in choices if len(ticks) * _width(map(number, ticks)) < margin.inner[0])
    axis = _axis(low, high, next(fitting, choices[-1]))
    return {**axis, "tickangle": 0, "title": {"text": title, "font": _font("ink", LABEL), "standoff": 4}}


def _width(texts: Iterable[str]) -> float:
    """Return about how wide the widest of some numbers is, with the space that it needs to the next."""
    return 16 + 7.5 * max(map(len, texts), default=0)


def _axis(low: float, high: float, ticks: list[float]) -> Part:
    return {
        "range": [low, high],
        "tickvals": ticks,
        "ticktext": [number(tick) for tick in ticks],
        "tickfont": _font("muted", TICK),
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": part("line"),
        "showline": True,
        "linecolor": part("line"),
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _upwards(low: float, high: float) -> Part:
    low, high = _apart(low, high)
    return _axis(low, high, _ticks(low, high, 5))


def _apart(low: float, high: float) -> tuple[float, float]:
    """Return a range that an axis can have: its width is finite, and it is never empty in floats."""
    low, high = max(low, -FARTHEST), min(high, FARTHEST)
    least = max(LEAST_SPAN * max(abs(low), abs(high)), 1 / INFINITE)
    wanting = max(0.0, least - (high - low)) / 2
    return low - wanting, high + wanting


def _ticks(low: float, high: float, most: int) -> list[float]:
    """Return the multiples of 1, 2 or 5 of a power of ten that lie within a range, about so many."""
    least = (high - low) / most
    power = 10.0 ** floor(log10(least))
    step = next((factor * power for factor in (1, 2, 5) if factor * power >= least), 10 * power)
    return [step * k for k in range(ceil(low / step), floor(high / step) + 1)]


def _or_1(span: float) -> float:
    """Return a span, or 1 for one that is too small to be divided."""
    return span if span > 1 / INFINITE else 1.0


def _font(colour: str, size: int) -> Part:
    return {"size": size, "color": part(colour)}


def _stroke(colour: str, width: float, dash: str = "solid") -> Part:
    return {"color": part(colour), "width": width, "dash": dash}


def _line(x: Sequence[float | None], y: Sequence[float | None], colour: str, width: float) -> Part:
    line = {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": {**_stroke(colour, width), "simplify": False}}
    return {**line, "showlegend": False, "hoverinfo": "skip"}


def _dot(x: float, y: float, colour: str, *, hollow: bool = False) -> Part:
    fill, ring = ("background", colour) if hollow else (colour, "background")
    marker = {"size": 12, "color": part(fill), "line": {"color": part(ring), "width": 3 if hollow else 2}}
    dot = {"type": "scatter", "mode": "markers", "x": [x], "y": [y], "marker": marker}
    return {**dot, "showlegend": False, "cliponaxis": False, "hoverinfo": "skip"}


def _told(series: Part, template: str, write: Callable[[Any], str] = number) -> Part:
    """Let a series say its numbers where the mouse is on them: %{text} is y."""
    told = {name: it for name, it in series.items() if name != "hoverinfo"}
    texts = ["" if value is None else write(value) for value in series["y"]]
    return {**told, "text": texts, "hovertemplate": template}


def _text(text: str, colour: str = "ink", **place: Any) -> Part:
    return {"text": text, "showarrow": False, "font": _font(colour, LABEL), **place}


def _heading(text: str, row: int, colour: str = "muted", indent: int = 0) -> Part:
    """Return a line above a chart; rows count from the chart up."""
    place = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": indent}
    return _text(text, colour, **place, yref="paper", y=1, yanchor="middle", yshift=19 + ROW * row)


def _key(colour: str, row: int, width: int) -> Part:
    """Return the mark before a line above a chart: a piece of what it tells about."""
    y = 19 + ROW * row
    across = {"xref": "paper", "xsizemode": "pixel", "xanchor": 0, "x0": 1, "x1": KEY - 6}
    up = {"yref": "paper", "ysizemode": "pixel", "yanchor": 1, "y0": y, "y1": y}
    return {**across, **up, "line": _stroke(colour, width)}


def _upright(name: str) -> Part:
    """Return the name of the upright axis at its end; beside it plotly would write it lying down."""
    place = {"xref": "paper", "x": 0, "xanchor": "right", "xshift": -8}
    return _text(name, "ink", **place, yref="paper", y=1, yanchor="middle", yshift=19)


def _over_scale(name: str) -> Part:
    """Return the name of what the colours of a map tell, above them."""
    place = {"xref": "paper", "x": 1, "xanchor": "center", "xshift": 17}
    return _text(name, "ink", **place, yref="paper", y=1, yanchor="middle", yshift=19)


def _beside(text: str, row: int) -> Part:
    """Return a line at the right of a map, behind its colour bar."""
    place = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 92}
    return _text(text, "ink", **place, yref="paper", y=1, yanchor="middle", yshift=-14 - 26 * row)


def _short(values: Iterable[float]) -> list[float | None]:
    """Return numbers of six digits, and a gap for one that is not finite."""
    return [rounded(value, HOVERED) if abs(value) <= INFINITE else None for value in values]
