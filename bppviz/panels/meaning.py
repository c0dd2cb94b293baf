"""What ∂l/∂w means: the slope of l over one weight, and how far it predicts."""

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
    KEY_WIDTH,
    Part,
    bottom_axis,
    chart,
    dot_at,
    heading,
    key_mark,
    left_axis,
    left_title,
    line_through,
    six_digits,
    span_or_1,
    text_at,
    with_hover,
)
from bppviz.words.catalogue import Words
from bppviz.words.numbers import INFINITE, number
from bppviz.words.symbols import LOSS, Symbols, gradient, loss_of

TANGENT = 80.0  # half of its length, in pixels
BESIDE = 9.0  # from one of two changes to the other, in pixels


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
    names = _named(trace, own)
    now = (trace.network.value(own), trace.one.L)
    move = Move(*(start or (*now, trace.value(gradient_of(own)))), *now)
    drawn = move._replace(w=_within(move.w), w_now=_within(move.w_now))
    values = _weights_over(_within(limit), (drawn.w, drawn.w_now))
    losses = losses_over(trace, own, values)
    window = _window(values, losses, drawn)
    curve = line_through(six_digits(values), six_digits(losses), "forward", 3)
    # Plotly's own digits for w, where the mouse is: every tick of a drag sends them all.
    curve = with_hover(curve, f"{names.weight} = %{{x}}<br>{names.loss} = %{{text}}{ALONE}")
    tangent = line_through(*_tangent(drawn, window), "backward", 3)
    point = with_hover(dot_at(drawn.w_now, drawn.loss_now, "forward"), curve["hovertemplate"])
    texts = _comparison(names, move, say) if start else _slope(names, move, say)
    return chart(
        [curve, tangent, *(_changes(drawn, window) if start else []), point],
        (bottom_axis(window.left, window.right, names.weight, CURVE), left_axis(window.bottom, window.top)),
        [*texts, *(_distance(names, drawn, window) if start else []), left_title(_alone(names.loss))],
        [key_mark("backward", 1, 5), key_mark("forward", 0, 5)] if start else [key_mark("backward", 0, 3)],
    )


def _within(value: float) -> float:
    """Return a number, or the end of what can be drawn where it lies beyond: its distance to another is finite."""
    return max(-FARTHEST, min(value, FARTHEST))


def losses_over(trace: Trace, own: Place, values: Array) -> Array:
    """Return l of the told sample for every value of one weight or bias, with all else as it is in the run."""
    network, one, layer = trace.network, trace.one, own.layer
    entering = 1.0 if own.source is None else trace.entering(layer, own.source).value
    sigma = network.sigma
    z = np.tile(one.array("z", layer), (len(values), 1))
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        z[:, own.unit] += (values - network.value(own)) * entering
        after = (network.weights[layer:], network.biases[layer:], sigma[layer:])
        later, a = forward(*after, network.activation(layer).f(z))
        return np.asarray(LOSSES[network.loss].terms(sigma[-1], [z, *later][-1], a[-1], one.target).sum(axis=-1))


def _named(trace: Trace, own: Place) -> Names:
    symbol = Symbols(trace.network)(*own)
    loss = LOSS if trace.samples is None else loss_of(trace.sample)
    return Names(symbol.text, loss.text, gradient(symbol, loss).text)


def _weights_over(limit: float, seen: Sequence[float]) -> Array:
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
    height = span_or_1(height + flat)
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
        line_through([move.w, beside], [move.loss] * 2, "muted", 2),
        line_through([move.w_now, beside], [predicted] * 2, "muted", 2),
        line_through([beside] * 2, [move.loss, predicted], "backward", 5),
        line_through([move.w_now] * 2, [move.loss, move.loss_now], "forward", 5),
    ]
    return [*(lines if move.w_now != move.w else []), dot_at(move.w, move.loss, "backward", hollow=True)]


def _alone(loss: str) -> str:
    """Return the symbol of the loss as formulas write it: where it stands alone, a plain l is a mere stroke."""
    return loss.replace(LOSS.text, "𝑙")


def _slope(names: Names, move: Move, say: Words) -> list[Part]:
    return [
        heading(say("chart.meaning", loss=_alone(names.loss), weight=names.weight), 1),
        heading(say("chart.slope", gradient=names.gradient, value=number(move.slope)), 0, "backward", KEY_WIDTH),
    ]


def _comparison(names: Names, move: Move, say: Words) -> list[Part]:
    change = number(move.predicted)
    predicted = say("chart.predicted", gradient=names.gradient, weight=names.weight, value=change)
    real = say("chart.real", loss=names.loss, value=number(move.loss_now - move.loss))
    return [heading(predicted, 1, "backward", KEY_WIDTH), heading(real, 0, "forward", KEY_WIDTH)]


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
    return [text_at(text, "muted", x=move.w, y=move.loss, **side, yanchor="middle", yshift=15 if above else -15)]
