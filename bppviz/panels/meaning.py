"""What ∂l/∂w means: the loss over one number, the slope there, and how far the slope predicts.

==================  ==========================================================================
`meaning`           the chart of one number, with the tangent where there is a derivative by it
`losses_over`       l of every sample for many values of one number, all else as it is
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from typing import NamedTuple

import numpy as np

from bppviz.core.backprop import forward
from bppviz.core.functions import LOSSES
from bppviz.core.place import Place, gradient_of
from bppviz.core.sums import Array
from bppviz.core.trace import Trace
from bppviz.panels.chart import (
    ALONE,
    CURVE,
    FARTHEST,
    Key,
    Part,
    chart,
    corner_title,
    dot_at,
    drop_line,
    filling,
    grid,
    left_axis,
    line_style,
    line_through,
    rail_axis,
    shares,
    six_digits,
    span_or_1,
    with_hover,
)
from bppviz.words.catalogue import Words
from bppviz.words.numbers import INFINITE, number
from bppviz.words.symbols import LOSS, TOTAL, Symbols, gradient, loss_of

TANGENT = 80.0  # half of its length, in pixels
BESIDE = 9.0  # from one of two changes to the other, in pixels
MOST_THIN = 12  # samples whose own loss is drawn
EVEN, NEAR = 51, 10  # values from end to end, and on each side of those that are seen: every tick of a drag sends them
MOST_WORK = 3_000_000  # multiplications for a chart; of more samples, fewer values are computed

Span = tuple[float, float]
Start = tuple[float, float, float]  # a number where a move began, with the loss and its derivative there


class Names(NamedTuple):
    """What a number, the loss, and the derivative of one by the other are called."""

    number: str
    loss: str
    gradient: str


class Move(NamedTuple):
    """How far a number has been moved: from `w`, where the loss and its slope are known, to `w_now`."""

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
        """Return about how many pixels wide and high a unit is."""
        width, height = CURVE.inner
        return width / (self.right - self.left), height / (self.top - self.bottom)


def meaning(trace: Trace, own: Place, span: Span, start: Start | None, say: Words) -> Part:
    """Return the loss over one number: L, and the lⁿ of each sample, with the tangent whose slope is ∂L/∂w.

    `own` is the place of the number, `span` from where to where it can be moved. `start` is its value, the loss and its
    derivative where a move began: then the tangent is the one there, and the change that it predicts stands beside the
    real one. By an input or a target back-propagation takes no derivative, and there is no tangent.
    """
    names, move = _named(trace, own), _moved(trace, own, start)
    drawn = move._replace(w=_within(move.w), w_now=_within(move.w_now))
    span = _within(min(span[0], drawn.w)), _within(max(span[1], drawn.w))
    values = _values(span, (drawn.w, drawn.w_now), trace)
    losses = losses_over(trace, own, values)
    curve = losses.sum(axis=1) / trace.network.over(trace.samples)
    thin = losses[:, _thin(trace, own)]
    window = _window(values, curve, thin, drawn)
    axes = rail_axis(window.left, window.right), grid(left_axis(window.bottom, window.top, 4))
    point = shares(axes, drawn.w_now, drawn.loss_now)
    slopes = _slopes(drawn, window, start is not None) if _is_derived(own) else []
    series = [*_thin_lines(values, thin), *_curve(names, values, curve), *slopes]
    dot = with_hover(dot_at(drawn.w_now, drawn.loss_now, "forward"), _hover(names))
    marks = [_tick(drawn.w)] if start and move.w_now != move.w else []
    figure = chart([*series, dot], axes, [corner_title(_alone(names.loss))], [drop_line(drawn.w_now, point[1]), *marks])
    keys = _comparison(names, move, say) if start and _is_derived(own) else _keys(names, move, trace, own, say)
    return filling(figure, (f"{names.number} = {number(move.w_now)}", ""), keys, point)


def _is_derived(own: Place) -> bool:
    """Tell whether back-propagation takes the derivative by a number."""
    return own.quantity in ("w", "b")


def _named(trace: Trace, own: Place) -> Names:
    symbol = Symbols(trace.network)(*own)
    loss = TOTAL if trace.samples else LOSS
    return Names(symbol.text, loss.text, gradient(symbol, loss).text)


def _moved(trace: Trace, own: Place, start: Start | None) -> Move:
    now = trace.value(own), trace.L
    slope = trace.value(gradient_of(own, "L" if trace.samples else "l")) if _is_derived(own) else 0.0
    return Move(*(start or (*now, slope)), *now)


def _within(value: float) -> float:
    """Return a number, or the end of what can be drawn where it lies beyond: its distance to another is finite."""
    return max(-FARTHEST, min(value, FARTHEST))


def _values(span: Span, seen: Sequence[float], trace: Trace) -> Array:
    """Return values from end to end, closer and closer together around those that are seen: a curve may bend there."""
    low, high = min(span[0], *seen), max(span[1], *seen)
    work = (trace.samples or 1) * sum(weights.size for weights in trace.network.weights)
    even = np.linspace(low, high, max(11, min(EVEN, MOST_WORK // work)))
    near = (high - low) * 0.5 ** np.arange(4, 4 + (NEAR if len(even) == EVEN else 0))
    around = [value + side * near for value in seen for side in (-1, 1)]
    return np.unique(np.clip(np.concatenate([even, seen, *around]), low, high))


def losses_over(trace: Trace, own: Place, values: Array) -> Array:
    """Return l of every sample for every value of one number, (values, samples), with all else as it is in the run.

    An input or target belongs to the sample that is told; the others keep theirs.
    """
    network, x, target = trace.network, np.atleast_2d(trace.x), np.atleast_2d(trace.target)
    targets = np.tile(target, (len(values), 1, 1))
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        if own.quantity == "t":
            targets[:, trace.sample, own.unit] = values
            z, a = (np.broadcast_to(np.atleast_2d(it), targets.shape) for it in (trace.z[-1], trace.a[-1]))
        elif own.quantity == "x":
            inputs = np.tile(x, (len(values), 1, 1))
            inputs[:, trace.sample, own.unit] = values
            zs, outputs = forward(network.weights, network.biases, network.sigma, inputs)
            z, a = zs[-1], outputs[-1]
        else:
            z, a = _after(trace, own, values)
        return np.asarray(LOSSES[network.loss].terms(network.sigma[-1], z, a, targets).sum(axis=-1))


def _after(trace: Trace, own: Place, values: Array) -> tuple[Array, Array]:
    """Return z and a of the last layer of every sample, for every value of a weight or bias."""
    network, layer = trace.network, own.layer
    before = np.atleast_2d(trace.a[layer - 2] if layer > 1 else trace.x)
    entering = np.ones(len(before)) if own.source is None else before[:, own.source]
    z = np.tile(np.atleast_2d(trace.z[layer - 1]), (len(values), 1, 1))
    z[..., own.unit] += np.multiply.outer(values - network.value(own), entering)
    after = network.weights[layer:], network.biases[layer:], network.sigma[layer:]
    later, a = forward(*after, network.activation(layer).f(z))
    return [z, *later][-1], a[-1]


def _thin(trace: Trace, own: Place) -> list[int]:
    """Return the samples whose own loss is drawn, thin: some from all over, or the one that the number belongs to."""
    if not trace.samples:
        return []
    if not _is_derived(own):
        return [trace.sample]
    return sorted({*np.linspace(0, trace.samples - 1, MOST_THIN).round().astype(int).tolist()})


def _window(values: Array, losses: Array, thin: Array, move: Move) -> Window:
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
    height = span_or_1(height + flat)
    predicted = move.loss + move.predicted
    bottom = max(low - 0.6 * height, min(low - flat / 2, predicted))
    top = min(low + 1.6 * height, max(low - flat / 2 + height, predicted))
    if thin.size:
        bottom = min(bottom, max(float(np.nanmin(thin)), top - 4 * height))
    height = top - bottom
    return Window(float(values[0]), float(values[-1]), bottom - 0.1 * height, top + 0.1 * height)


# What is drawn


def _hover(names: Names) -> str:
    # Plotly's own digits for w, where the mouse is: every tick of a drag sends them all.
    return f"{names.number} = %{{x}}<br>{names.loss} = %{{text}}{ALONE}"


def _curve(names: Names, values: Array, losses: Array) -> list[Part]:
    return [with_hover(line_through(six_digits(values), six_digits(losses), "forward", 3), _hover(names))]


def _thin_lines(values: Array, losses: Array) -> list[Part]:
    """Return the losses of some samples as one series, with a gap between two of them."""
    if not losses.size:
        return []
    x = [it for _ in losses.T for it in (*six_digits(values), None)]
    y = [it for own in losses.T for it in (*six_digits(own), None)]
    return [line_through(x, y, "forward", 1)]


def _slopes(move: Move, window: Window, is_moved: bool) -> list[Part]:
    """Return the tangent, and what came of a move."""
    return [line_through(*_tangent(move, window), "backward", 3), *(_changes(move, window) if is_moved else [])]


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
        line_through([move.w, beside], [move.loss] * 2, "muted", 2),
        line_through([move.w_now, beside], [predicted] * 2, "muted", 2),
        line_through([beside] * 2, [move.loss, predicted], "backward", 5),
        line_through([move.w_now] * 2, [move.loss, move.loss_now], "forward", 5),
    ]
    return [*(lines if move.w_now != move.w else []), dot_at(move.w, move.loss, "backward", hollow=True)]


def _tick(w: float) -> Part:
    """Return the mark on the slider below the chart where a move began."""
    up = {"yref": "paper", "ysizemode": "pixel", "yanchor": 0, "y0": -5, "y1": -17}
    return {"x0": w, "x1": w, **up, "line": line_style("backward", 2)}


# What is said


def _alone(loss: str) -> str:
    """Return the symbol of the loss as formulas write it: where it stands alone, a plain l is a mere stroke."""
    return loss.replace(LOSS.text, "𝑙")


def _keys(names: Names, move: Move, trace: Trace, own: Place, say: Words) -> list[Key]:
    over = say("chart.meaning", loss=_alone(names.loss), weight=names.number)
    curve = Key("forward", over, "" if _is_derived(own) else over)
    each = say("chart.each", loss=_alone(loss_of(None).text))
    slope = say("chart.slope", gradient=names.gradient, value=number(move.slope))
    return [
        curve,
        *([Key("thin", each, each)] if trace.samples and _is_derived(own) else []),
        *([Key("backward", slope, slope)] if _is_derived(own) else []),
    ]


def _comparison(names: Names, move: Move, say: Words) -> list[Key]:
    change, real = number(move.predicted), number(move.loss_now - move.loss)
    predicted = say("chart.predicted", gradient=names.gradient, weight=names.number, value=change)
    return [
        Key("backward", predicted, say("chart.predicted_short", value=change)),
        Key("forward", say("chart.real", loss=names.loss, value=real), say("chart.real_short", value=real)),
    ]
