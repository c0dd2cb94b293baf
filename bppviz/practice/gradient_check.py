"""Gradients checked: what back-propagation gives for every weight, beside what the loss does when the weight is moved.

==================  ==========================================================================
`check_gradients`   every ∂L/∂w and ∂L/∂b beside its central difference, with a verdict
`GradientCheck`     what comes out: a table, and whether all agree
`Checked`           one row of it
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape
from math import inf, isfinite, isnan, nan
from typing import Any, NamedTuple, overload

import numpy as np

from bppviz.core.backprop import backprop
from bppviz.core.functions import LOSSES
from bppviz.core.given import as_network
from bppviz.core.network import Network
from bppviz.core.place import Place, home
from bppviz.core.samples import check_samples
from bppviz.core.trace import Trace
from bppviz.practice.differences import TOLERANCE, differences, effort
from bppviz.practice.factor import Factor, Pair, factors
from bppviz.practice.left_gradients import Held, Left, compared_with, holds_gradients, left_in
from bppviz.practice.own_gradients import check_own_gradients
from bppviz.practice.rounding import computed, written
from bppviz.words.catalogue import Words, language, listed, without_bias, words
from bppviz.words.numbers import HOVERED, least, number
from bppviz.words.symbols import Symbols, anywhere

LARGEST_DENOMINATOR = 10**6  # of a factor that is written as a fraction
MOST_NAMED = 3  # gradients of one kind that are named, each in a sentence of its own
MOST_EFFORT = 3_000_000_000  # numbers multiplied in one pass for every weight: 12 to 30 seconds of a core


class Checked(NamedTuple):
    """A gradient, and its check.

    `quantity` is dl_dw or dl_db, of several samples dL_dw or dL_db; `layer` counts from 1, `unit` and `source` are
    array indices, source None of a bias. `central` is (L(w + h) − L(w − h)) / 2h; `relative_error` is the distance of
    the two by the larger of them, and 0 where they are as close as the difference is known. `verdict` is "agrees",
    "differs", or "kink": then some z of a ReLU passes 0 between w − h and w + h, where L has a corner. It has the slope
    `left` before the corner and `right` behind it, and no derivative that a central difference could find; `at` tells
    the layer and the unit of the first such z.
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

    @property
    def place(self) -> Place:
        """Return where the gradient stands."""
        return Place(self.quantity, self.layer, self.unit, self.source)


@dataclass(frozen=True, repr=False)
class GradientCheck(Sequence[Checked]):
    """Every gradient of a network with its check; printed, or at the end of a notebook's cell, it is a table.

    `factors` tells by which factors gradients are wrong, all of them or those of a layer. `rounded` tells what
    precision explains a difference somewhere: float32, float16, or "typed" of numbers with few digits. `left` are the
    gradients that a model of PyTorch holds, in the order of the rows, if one was given; `passed` does not count them.
    """

    rows: tuple[Checked, ...]
    network: Network
    lang: str = "en"
    factors: tuple[Factor, ...] = ()
    rounded: tuple[str, ...] = ()
    left: Left | None = None

    @property
    def passed(self) -> bool:
        """Tell whether no gradient differs; where L has a corner there is nothing to agree with."""
        return not any(row.verdict == "differs" for row in self.rows)

    @property
    def largest_error(self) -> float:
        """Return the largest relative error where there is no corner; nan or inf if a gradient is not finite."""
        errors = [row.relative_error for row in self.rows if row.verdict != "kink"]
        return nan if any(map(isnan, errors)) else max(errors, default=0.0)

    @property
    def factor(self) -> float | None:
        """Return the one factor by which all gradients are wrong: 2.0 without ½, 1/N of a mean, −1; else None."""
        return next((factor.value for factor in self.factors if factor.is_overall), None)

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, i: int) -> Checked: ...
    @overload
    def __getitem__(self, i: slice) -> tuple[Checked, ...]: ...
    def __getitem__(self, i: int | slice) -> Checked | tuple[Checked, ...]:
        return self.rows[i]

    def __repr__(self) -> str:
        verdict = "passed" if self.passed else "not passed"
        return f"GradientCheck({self.network.shape}, {self.agreeing} of {len(self)} gradients agree, {verdict})"

    @property
    def agreeing(self) -> int:
        """Return how many gradients agree."""
        return sum(row.verdict == "agrees" for row in self.rows)

    @property
    def loss(self) -> str:
        """Return what the loss is called that was checked: l, or L of several samples."""
        return self.rows[0].quantity[1] if self.rows else "l"

    @property
    def moved(self) -> str:
        """Return the name of the message that tells what was moved."""
        return "check.moved" if self.network.has_biases else without_bias("check.moved")

    def name(self, row: Checked) -> str:
        """Return what a row is about: ∂l/∂w₁, or ∂L/∂w₁ of several samples."""
        return Symbols(self.network)(*row.place).text

    def summary(self, lang: str) -> list[str]:
        """Return how many agree, and what there is to say of those that do not."""
        say = words(lang)
        counted = say("check.summary", agree=self.agreeing, all=len(self), error=least(self.largest_error))
        return [
            say("list.sentences", first=say(self.moved, l=self.loss), second=counted),
            *self._not_finite(say),
            *(self._told(factor, self._these(factor, say), say("check.those_central"), say) for factor in self.factors),
            *self._wrong(say),
            *self._corners(say),
            *self._left(say),
            *(say(f"check.{'typed' if it == 'typed' else 'computed'}", dtype=it) for it in self.rounded),
        ]

    def _these(self, factor: Factor, say: Words) -> str:
        """Return which gradients a factor explains."""
        layers = listed(say, [str(layer) for layer in factor.layers]) if factor.layers else ""
        part = "part" if factor.quantity else "all"
        name = f"check.{part}{'_of_layer' if layers else ''}{'s' * (len(factor.layers) > 1)}"
        return say(name, layers=layers, what=anywhere(factor.quantity))

    def _told(self, factor: Factor, these: str, those: str, say: Words) -> str:
        """Return by which factor gradients are another than they should be, and the likely cause."""
        value = number(factor.value)
        if factor.over > 1:
            value = str(Fraction(factor.value).limit_denominator(LARGEST_DENOMINATOR))
        blanks: dict[str, Any] = {"these": these, "those": those, "factor": value, "count": factor.over}
        if factor.cause in LOSSES:
            name = "loss" if factor.over == 1 else f"loss_{'mean' if self.network.total == 'sum' else 'added_up'}"
            own, other = LOSSES[self.network.loss].text, LOSSES[factor.cause].text
            return say(f"check.times.{name}", **blanks, own=own, other=other)
        return say(f"check.times.{factor.cause}", **blanks)

    def _not_finite(self, say: Words) -> Iterator[str]:
        found = [row for row in self.rows if not isfinite(row.gradient)]
        if found:
            name = "check.not_finite" if len(found) > 1 else "check.one_not_finite"
            yield say(name, gradient=self.name(found[0]), value=number(found[0].gradient), count=len(found))

    def _wrong(self, say: Words) -> Iterator[str]:
        wrong = [row for row in self.rows if row.verdict == "differs" and isfinite(row.gradient)]
        wrong = [row for row in wrong if not any(factor.covers(row.quantity, row.layer) for factor in self.factors)]
        named = _few(wrong)
        yield from (say("check.wrong", gradient=self.name(row)) for row in named)
        if len(named) < len(wrong):
            yield say("check.more", count=len(wrong) - len(named))

    def _corners(self, say: Words) -> Iterator[str]:
        symbols = Symbols(self.network)
        found = [row for row in self.rows if row.verdict == "kink"]
        named = _few(found)
        for row in named:
            w, z = symbols(*home(row.place)), symbols("z", *(row.at or (1, 0)))
            yield say("check.corner", w=w.text, z=z.text, left=number(row.left), right=number(row.right))
        if len(named) < len(found):
            yield say("check.more_corners", count=len(found) - len(named))

    def _left(self, say: Words) -> Iterator[str]:
        if not self.left:
            return
        left = self.left
        same = sum(it and value is not None for it, value in zip(left.same, left.values, strict=True))
        counts = {"same": same, "all": sum(value is not None for value in left.values), "dtype": left.dtype}
        if left.is_run:
            yield say(f"check.run_{'same' if all(left.same) and not left.factors else 'other'}", **counts)
        elif not left.factors:
            yield say(f"check.left_{'same' if all(left.same) else 'dropped' if left.drops else 'other'}", **counts)
        else:
            these, those = say("check.left_these", **counts), say("check.those_ours")
            yield from (self._told(factor, these, those, say) for factor in left.factors)
            if left.again > 1:
                yield say("check.left_again", count=left.again)

    def beside(self, trace: Trace, held: Held) -> GradientCheck:
        """Return this check of a run with the gradients of a model beside it."""
        return replace(self, left=compared_with(trace, held, [row.place for row in self.rows]))

    def _cells(self) -> Iterator[tuple[str, ...]]:
        say = words(self.lang)
        left = self._left_cells()
        yield "", say("check.backward"), *left[:1], *map(say, ("check.central", "check.error", "check.verdict"))
        for i, row in enumerate(self.rows, 1):
            gradient, *values = number(row.gradient, HOVERED), number(row.central, HOVERED), least(row.relative_error)
            yield self.name(row), gradient, *left[i : i + 1], *values, say(f"check.{row.verdict}")

    def _left_cells(self) -> list[str]:
        """Return the column of the gradients that a model holds, with its head, if there is one."""
        if not self.left:
            return []
        cells = zip(self.left.values, self.left.same, strict=True)
        written = ("" if value is None else f"{number(value, HOVERED)} {'✓' if same else '✗'}" for value, same in cells)
        return [words(self.lang)("check.left"), *written]

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
    network: Any,
    x: Any,
    target: Any,
    gradients: Any = None,
    *,
    lang: str | None = None,
) -> GradientCheck:
    """Compare every gradient with the central difference (L(w + h) − L(w − h)) / 2h.

    x has shape (n_in,) and target (n_out,), or N samples are their rows; L is the total over the samples. Without
    `gradients` those of `backprop` are checked; to check your own, give a pair of lists by layer: ∂L/∂w, each of shape
    (n_out, n_in), and ∂L/∂b, each (n_out,), or None of a layer without biases. Where the network or `gradients` is a
    model of PyTorch, those that loss.backward() left in it stand beside ours. h moves z by 1e-5, or so much of its
    terms if they are large. `lang`, en or zh-TW, is that of the table.

    Two gradients agree up to a relative error of 1e-5, and up to what rounding explains: of the difference, and of the
    gradients given. They are taken to be computed as precisely as their arrays are, in float32 or float16, and to be
    typed if all numbers of a layer have at most 8 decimals or significant digits, at least 3: then half a unit of the
    last digit is allowed.

    Takes a few forward passes for each weight and bias. Raises TypeError or ValueError for what does not fit,
    ValueError too for what takes longer than about half a minute (3×10⁹ multiplications), OverflowError where the
    numbers grow too large.
    """
    given, network = network, as_network(network, x)
    x, target = check_samples(network, x, target)
    held = left_in(given, gradients)
    is_own = gradients is not None and not holds_gradients(gradients)
    own = check_own_gradients(network, gradients) if is_own else None
    _check_work(network, len(np.atleast_2d(x)))
    trace = backprop(network, x, target)
    dw, db = own or (trace.dL_dw, trace.dL_db)
    dtypes = [_coarsest(w, b) for w, b in zip(dw, db, strict=True)]
    found = list(_pairs(trace, dw, db, dtypes))
    rounded = dict.fromkeys(_explained(it, dtypes[it.place.layer - 1]) for it in found)
    rows = tuple(map(_row, found))
    check = GradientCheck(rows, network, language(lang), factors(found, trace), tuple(filter(None, rounded)))
    return check.beside(trace, held) if held else check


def _coarsest(of_w: Any, of_b: Any) -> Any:
    """Return the least precise dtype of a layer's gradients."""
    dtypes = (it.dtype for it in (of_w, of_b) if it is not None)
    return max(dtypes, key=lambda it: np.finfo(it).eps)


def _check_work(network: Network, samples: int) -> None:
    """Refuse what would take long, before anything is computed."""
    needed = effort(network, samples)
    if needed > MOST_EFFORT:
        of = f" with {samples} samples" if samples > 1 else ""
        raise ValueError(
            f"checking a {network.shape} network{of} takes {needed:.0e} multiplications, a few forward passes for each "
            f"weight and bias; the limit is {MOST_EFFORT:.0e}, about half a minute. "
            "Give fewer samples, or check the same code with smaller layers."
        )


def _pairs(trace: Trace, dw: Sequence[Any], db: Sequence[Any], dtypes: Sequence[Any]) -> Iterator[Pair]:
    """Yield every gradient beside its difference: layer by layer, neuron by neuron, weights before the bias."""
    kind = "dL" if trace.samples else "dl"
    for layer, (of_w, of_b, allowed) in enumerate(zip(dw, db, computed(trace, dtypes), strict=True), 1):
        gradients = of_w if of_b is None else np.column_stack([of_w, of_b])
        typed, gradients = written(gradients), gradients.astype(np.float64)
        for unit, row in enumerate(differences(trace, layer)):
            for i, difference in enumerate(row):
                source = i if i < of_w.shape[1] else None
                place = Place(f"{kind}_db" if source is None else f"{kind}_dw", layer, unit, source)
                numbers = (float(it[unit, i]) for it in (allowed, typed))
                yield Pair(place, float(gradients[unit, i]), difference, *numbers)


def _explained(pair: Pair, dtype: Any) -> str:
    """Return what precision of a gradient makes it agree where one in float64 would not: its dtype's, or typed."""
    if pair.verdict() == "differs" or pair.difference.verdict(pair.gradient) != "differs":
        return ""
    if pair._replace(typed=0.0).verdict() == "differs":
        return "typed"
    return "" if dtype == np.float64 else str(dtype)


def _row(pair: Pair) -> Checked:
    gradient, difference, verdict = pair.gradient, pair.difference, pair.verdict()
    distance, largest = abs(gradient - difference.central), max(abs(gradient), abs(difference.central))
    if not isfinite(distance):
        error = nan if isnan(distance) else inf
    else:
        is_known = distance > difference.uncertain or difference.uncertain <= TOLERANCE * largest
        error = distance / largest if largest and is_known else 0.0
    at = difference.corner if verdict == "kink" else None
    slopes = difference.left, difference.right
    return Checked(*pair.place, gradient, difference.central, error, verdict, *slopes, at)


def _few(rows: Sequence[Checked]) -> Sequence[Checked]:
    """Return the rows to be named: all but one are never left for "and one more"."""
    return rows if len(rows) <= MOST_NAMED + 1 else rows[:MOST_NAMED]
