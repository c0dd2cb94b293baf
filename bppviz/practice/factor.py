"""One factor that explains many wrong gradients: a loss without ½, a mean instead of a sum, a sign.

==================  ==========================================================================
`Pair`              a gradient beside its difference
`factors`           the factors by which all gradients, or those of some layers, are wrong
`likely`            the factors that other definitions of a loss lead to
`Factor`            one of them, and its likely cause
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import NamedTuple

from bppviz.core.functions import LOSSES, TINY
from bppviz.core.place import Place
from bppviz.core.trace import Trace
from bppviz.practice.differences import Difference
from bppviz.words.numbers import rounded

ENOUGH = 2  # wrong gradients that a factor has to explain: for a single one there always is a factor
DIGITS_OF_FACTOR = 6  # of a factor that has no name


class Pair(NamedTuple):
    """A gradient beside its difference, with what its own rounding allows: `computed` with few digits, or `typed`."""

    place: Place
    gradient: float
    difference: Difference
    computed: float = 0.0
    typed: float = 0.0

    def verdict(self, factor: float = 1.0) -> str:
        """Return agrees, differs or kink, if the gradient is to be so many times the difference."""
        return self.difference.verdict(self.gradient / factor, self.computed + self.typed / abs(factor))

    @property
    def known(self) -> float:
        """Return how large the difference is beside what is uncertain about the two."""
        return abs(self.difference.central) / (self.difference.uncertain + self.computed + self.typed + TINY)


class Factor(NamedTuple):
    """By how much gradients are wrong: `value` times the difference.

    It holds for all gradients, or for those of some `layers`, counted from 1, or for one `quantity` of these.
    `cause` is half, mean, added_up, every_mean, squares, sign or other, of some gradients own_mean, own_sum or own_sign
    too; or the name of another loss, which with `over` numbers is their mean where ours is the sum, or the other way
    round; of a model that holds gradients also again. A mean is one over `over` numbers.
    """

    value: float
    cause: str
    over: int
    layers: tuple[int, ...] = ()
    quantity: str = ""

    @property
    def is_overall(self) -> bool:
        """Tell whether the factor explains all gradients."""
        return not self.layers and not self.quantity

    def covers(self, quantity: str, layer: int) -> bool:
        """Tell whether gradients of a layer are among those that the factor explains."""
        return (not self.layers or layer in self.layers) and self.quantity in ("", quantity)


def factors(found: Sequence[Pair], trace: Trace) -> tuple[Factor, ...]:
    """Return the factor of all gradients if there is one, else those of layers, or of their weights or biases."""
    overall = _factor(found, list(likely(trace)))
    if overall:
        return (overall,)
    N = trace.samples or 1
    own = Factor(1 / N, "own_mean", N) if trace.network.total == "sum" else Factor(float(N), "own_sum", N)
    known = [Factor(-1.0, "own_sign", 1), own]
    rest: list[Pair] = []
    explained: list[Factor] = []
    for rows in _by(found, lambda row: row.place.layer):
        factor = _factor(rows, known)
        explained += [factor._replace(layers=(rows[0].place.layer,))] if factor else []
        rest += [] if factor else rows
    for rows in _by(rest, lambda row: row.place.quantity):
        factor = _factor(rows, known)
        for part in [rows] if factor else _by(rows, lambda row: row.place.layer):
            of_part = factor or _factor(part, known)
            if of_part:
                layers = tuple(dict.fromkeys(row.place.layer for row in part))
                explained.append(of_part._replace(layers=layers, quantity=part[0].place.quantity))
    return _merged(explained, len(trace.z))


def _by(rows: Sequence[Pair], key: Callable[[Pair], int | str]) -> list[list[Pair]]:
    """Return rows in groups, in the order of their first."""
    groups: dict[int | str, list[Pair]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return list(groups.values())


def likely(trace: Trace) -> Iterator[Factor]:
    """Yield the factors that other definitions of a loss lead to: of N samples with n outputs."""
    N, n, own = trace.samples or 1, trace.network.sizes[-1], LOSSES[trace.network.loss]
    has_half, is_sum = own.factor.over == 2, trace.network.total == "sum"
    if has_half:
        yield Factor(2.0, "half", 1)
    yield Factor(-1.0, "sign", 1)
    total = Factor(1 / N, "mean", N) if is_sum else Factor(float(N), "added_up", N)
    yield total
    if is_sum and own.factor.over:
        yield Factor(1 / (N * n), "every_mean", N * n)
    elif own.factor.over and (has_half or not own.is_squared):  # that of Σ (y − t)² has a name
        yield Factor(1 / n, "every_mean", n)
    for count in (N, N * n) if is_sum and has_half else ():
        yield Factor(2 / count, "squares", count)
    for name, other in LOSSES.items() if own.is_squared else ():
        if other.is_squared and other != own:
            ratio = other.factor.of(1.0, n) / own.factor.of(1.0, n)
            yield Factor(ratio, name, 1)
            yield Factor(ratio * total.value, name, N)


def _factor(rows: Sequence[Pair], known: Sequence[Factor]) -> Factor | None:
    """Return the factor that explains all of these gradients, if they are wrong by one; a likely one comes first."""
    wrong = [row for row in rows if row.verdict() == "differs"]
    if len(wrong) < ENOUGH or not all(isfinite(row.gradient) for row in wrong):
        return None
    best = max(wrong, key=lambda row: (row.difference.corner is None, row.known))
    value = best.gradient / best.difference.central if best.difference.central else 0.0
    tried = [*known, Factor(rounded(value, DIGITS_OF_FACTOR), "other", 1), Factor(value, "other", 1)]
    return next((it for it in tried if it.value not in (0, 1) and _explains(it.value, rows)), None)


def _explains(factor: float, rows: Sequence[Pair]) -> bool:
    return isfinite(factor) and all(row.verdict(factor) != "differs" for row in rows)


def _merged(found: Sequence[Factor], layers: int) -> tuple[Factor, ...]:
    """Return the factors of several layers as one where they are the same; of a quantity in all layers without them."""
    same: dict[Factor, tuple[int, ...]] = {}
    for it in found:
        alone = it._replace(layers=())
        same[alone] = same.get(alone, ()) + it.layers
    return tuple(it if it.quantity and len(at) == layers else it._replace(layers=at) for it, at in same.items())
