"""Gradients checked: what back-propagation gives for every weight, beside what the loss does when the weight is moved.

==================  ==========================================================================
`check_gradients`   every ∂L/∂w and ∂L/∂b beside its central difference, with a verdict
`GradientCheck`     what comes out: a table, and whether all agree
`Checked`           one row of it
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple, overload

import numpy as np

from bppviz._backprop import Arrays, backprop, forward
from bppviz._functions import ACTIVATIONS, LOSSES, Array
from bppviz._network import Network, check_samples
from bppviz._numbers import number
from bppviz._symbols import Symbols
from bppviz._words import language, words

STEP = 1e-5  # how far a weight of about 1 is moved
TOLERANCE = 1e-5  # the relative error up to which two gradients agree
NOISE = 1e-15  # of the loss: how uncertain a difference of two is, at least
KINKED = ("relu", "leaky_relu")


class Checked(NamedTuple):
    """A gradient, and its check.

    `quantity` is dl_dw or dl_db, of several samples dL_dw or dL_db; `layer` counts from 1, `unit` and `source` are
    array indices, source None of a bias. `central` is (L(w + h) − L(w − h)) / 2h; `relative_error` is the distance of
    the two by the larger of them. `verdict` is "agrees", "differs", or "kink": then some z of a ReLU passes 0 between
    w − h and w + h, where L has a corner. It has the slope `left` before the corner and `right` behind it, and no
    derivative that a central difference could find; `at` tells the layer and the unit of the first such z.
    """

    quantity: str
    layer: int
    unit: int
    source: int | None
    gradient: float
    central: float
    relative_error: float
    verdict: str
    left: float
    right: float
    at: tuple[int, int] | None


@dataclass(frozen=True)
class GradientCheck(Sequence[Checked]):
    """Every gradient of a network with its check; printed, or at the end of a notebook's cell, it is a table."""

    rows: tuple[Checked, ...]
    network: Network
    lang: str = "en"

    @property
    def passed(self) -> bool:
        """Tell whether no gradient differs; where L has a corner there is nothing to agree with."""
        return not any(row.verdict == "differs" for row in self.rows)

    @property
    def largest_error(self) -> float:
        """Return the largest relative error among those that are known well enough to have one."""
        known = (row for row in self.rows if row.verdict == "differs" or row.relative_error <= TOLERANCE)
        return max((row.relative_error for row in known), default=0.0)

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, i: int) -> Checked: ...
    @overload
    def __getitem__(self, i: slice) -> tuple[Checked, ...]: ...
    def __getitem__(self, i: int | slice) -> Checked | tuple[Checked, ...]:
        return self.rows[i]

    def name(self, row: Checked) -> str:
        """Return what a row is about: ∂l/∂w₁, or ∂L/∂w₁ of several samples."""
        return Symbols(self.network)(row.quantity, row.layer, row.unit, row.source).text

    def summary(self, lang: str) -> list[str]:
        """Return how many agree, and what there is to say of those that do not."""
        say, symbols = words(lang), Symbols(self.network)
        agree = sum(row.verdict == "agrees" for row in self.rows)
        loss = "L" if self.rows and self.rows[0].quantity.startswith("dL") else "l"
        said = [say("check.summary", l=loss, agree=agree, all=len(self), error=f"{self.largest_error:.0e}")]
        for row in self.rows:
            if row.verdict == "differs":
                said.append(say("check.wrong", gradient=self.name(row)))
            if row.verdict == "kink" and row.at:
                w = symbols(row.quantity[4:], row.layer, row.unit, row.source).text
                slopes = {"left": number(row.left), "right": number(row.right)}
                said.append(say("check.corner", w=w, z=symbols("z", *row.at).text, **slopes))
        return said

    def _cells(self) -> Iterator[tuple[str, ...]]:
        say = words(self.lang)
        yield "", *map(say, ("check.backward", "check.central", "check.error", "check.verdict"))
        for row in self.rows:
            values = (f"{row.gradient:.8g}", f"{row.central:.8g}", f"{row.relative_error:.1e}")
            yield self.name(row), *values, say(f"check.{row.verdict}")

    def __str__(self) -> str:
        rows = list(self._cells())
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(["  ".join(map(str.rjust, cells, widths)) for cells in rows] + self.summary(self.lang))

    def _repr_html_(self) -> str:
        head, *body = self._cells()
        rows = ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>" for cells in body]
        titles = "".join(f"<th>{escape(cell)}</th>" for cell in head)
        notes = "".join(f"<p>{escape(said)}</p>" for said in self.summary(self.lang))
        return f"<table><thead><tr>{titles}</tr></thead><tbody>{''.join(rows)}</tbody></table>{notes}"


def check_gradients(
    network: Network,
    x: Any,
    target: Any,
    gradients: tuple[Sequence[Any], Sequence[Any]] | None = None,
    *,
    lang: str | None = None,
) -> GradientCheck:
    """Compare every gradient with the central difference (L(w + h) − L(w − h)) / 2h.

    x has shape (n_in,) and target (n_out,), or N samples are their rows; L is the sum over the samples. Without
    `gradients` those of `backprop` are checked; to check your own, give a pair of lists by layer: ∂L/∂w, each of shape
    (n_out, n_in), and ∂L/∂b, each (n_out,). h is 1e-5, in proportion larger for a weight above 1, and smaller for an
    input above 1. `lang`, en or zh-TW, is that of the table.

    Takes a few forward passes for each weight and bias. Raises TypeError or ValueError for what does not fit,
    OverflowError where the numbers grow too large.
    """
    trace = backprop(network, x, target)
    X, T = map(np.atleast_2d, check_samples(network, x, target))
    dw, db = (trace.dL_dw, trace.dL_db) if gradients is None else _own(network, gradients)
    kind = "dL" if trace.samples else "dl"
    checked = []
    for layer, (w, b) in enumerate(zip(network.weights, network.biases, strict=True), 1):
        for unit in range(len(b)):
            for source in range(w.shape[1]):
                moved = _Moved(network, X, T, layer, (unit, source))
                both = (float(it[layer - 1][unit, source]) for it in (dw, trace.dL_dw))
                checked.append(moved.checked(f"{kind}_dw", *both))
            moved = _Moved(network, X, T, layer, (unit,))
            both = (float(it[layer - 1][unit]) for it in (db, trace.dL_db))
            checked.append(moved.checked(f"{kind}_db", *both))
    return GradientCheck(tuple(checked), network, language(lang))


def _own(network: Network, gradients: Any) -> tuple[list[Array], list[Array]]:
    """Return gradients that somebody gave, as arrays of the right shapes."""
    try:
        dw, db = ([np.asarray(array, dtype=np.float64) for array in arrays] for arrays in gradients)
    except (TypeError, ValueError):
        raise TypeError(
            "gradients is no pair of lists of numbers; give (dL_dw, dL_db), each with one array for every layer."
        ) from None
    for name, given, wanted in (("dL_dw", dw, network.weights), ("dL_db", db, network.biases)):
        shapes, right = [array.shape for array in given], [array.shape for array in wanted]
        if shapes != right:
            raise ValueError(f"{name} has the shapes {shapes}; those of the network are {right}.")
    return dw, db


class _Moved:
    """One weight or bias, moved to both sides."""

    def __init__(self, network: Network, X: Array, T: Array, layer: int, place: tuple[int, ...]) -> None:
        self._network, self._X, self._T, self._layer, self._place = network, X, T, layer, place
        self._sigma = [ACTIVATIONS[name] for name in network.activations]
        array = (network.weights if len(place) == 2 else network.biases)[layer - 1]
        self._value = float(array[place])
        # What counts is how far z moves: less where a large input is multiplied.
        entering = 1.0 if len(place) == 1 else self._largest_input()
        self._h = STEP * max(1.0, abs(self._value)) / max(1.0, entering)

    def checked(self, quantity: str, gradient: float, conventional: float) -> Checked:
        """Compare a gradient with the differences; the `conventional` one takes the slope of ReLU at 0 as 0."""
        before, z_before = self._run(-self._h)
        here, _ = self._run(0.0)
        behind, z_behind = self._run(self._h)
        left, right = (here - before) / self._h, (behind - here) / self._h
        central = (behind - before) / (2 * self._h)
        largest, distance = max(abs(gradient), abs(central)), abs(gradient - central)
        # With half the step the error of a smooth curve is a quarter.
        half = (self._run(self._h / 2)[0] - self._run(-self._h / 2)[0]) / self._h
        uncertain = 2 * abs(half - central) + NOISE * max(1.0, abs(here)) / self._h
        corner = self._passes_zero(z_before, z_behind)
        if distance <= TOLERANCE * largest + uncertain:
            verdict = "agrees"
        else:
            slopes = sorted((left, right, conventional))
            is_between = slopes[0] - uncertain <= gradient <= slopes[-1] + uncertain
            verdict = "kink" if corner and is_between else "differs"
        unit, source = (*self._place, None)[:2]
        place = (quantity, self._layer, int(unit or 0), source)
        error = distance / largest if largest > uncertain else 0.0
        return Checked(*place, gradient, central, error, verdict, left, right, corner if verdict == "kink" else None)

    def _largest_input(self) -> float:
        before = slice(self._layer - 1)
        network = self._network
        a = forward(network.weights[before], network.biases[before], self._sigma[before], self._X)[1][-1]
        return float(np.abs(a[:, self._place[1]]).max())

    def _run(self, by: float) -> tuple[float, Arrays]:
        """Return L and every z with the weight moved so far."""
        weights, biases = list(self._network.weights), list(self._network.biases)
        arrays = weights if len(self._place) == 2 else biases
        moved = arrays[self._layer - 1].copy()
        moved[self._place] += by
        arrays[self._layer - 1] = moved
        z, a = forward(weights, biases, self._sigma, self._X)
        loss = LOSSES[self._network.loss]
        return float(loss.terms(self._sigma[-1], z[-1], a[-1], self._T).sum()), z

    def _passes_zero(self, before: Arrays, behind: Arrays) -> tuple[int, int] | None:
        """Return layer and unit of the first z of a ReLU that is 0 on the way from one side to the other."""
        for layer, name in enumerate(self._network.activations, 1):
            if name in KINKED:
                passes = (before[layer - 1] > 0) != (behind[layer - 1] > 0)
                if passes.any():
                    return layer, int(np.argwhere(passes)[0][-1])
        return None
