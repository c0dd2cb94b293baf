"""The equation of one quantity of a layer, in vectors and matrices.

==================  ==========================================================================
`of_vector`         the equation of what an event computes, of its whole layer at once
`EQUATIONS`         by quantity, how that is told: in symbols, and from its = on with the numbers put in
`Whole`, `numbers_of`  a quantity of a layer, and its numbers as a matrix
==================  ==========================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from bppviz.core.functions import LOSSES
from bppviz.core.simplified import PairFormula
from bppviz.core.sums import Array
from bppviz.core.trace import TraceEvent
from bppviz.words.digits import ABOUT, EQUALS, about
from bppviz.words.formula import Line, Token, Why, plain
from bppviz.words.notation import (
    BECOMES,
    CLOSE,
    ETA,
    MINUS,
    MOST_MATRIX,
    OPEN,
    PLUS,
    Equation,
    Notation,
    bracketed,
    in_product,
    matrix,
    only_shape,
    role,
)
from bppviz.words.numbers import DIGITS, INFINITE, number

WIDEST_OF_THREE = 3  # matrices of so many columns fit beside one another
ENTRY_BY_ENTRY = Token(r"\odot")
# Where a number is multiplied by a parenthesis, in which a matrix may stand.
FACTOR = re.compile(r"(#\d)(?:\\times)?(?:\\left)?\((.*?)(?:\\right)?\)")
HOLE = re.compile(r"#(\d+)")

Sides = tuple[Line, Line]  # an equation in symbols, and from its = on with the numbers put in


class Whole(NamedTuple):
    """A quantity of a whole layer, as it stands or turned on its side; a of layer 0 are the inputs."""

    quantity: str
    layer: int
    turned: bool = False


def of_vector(write: Notation, event: TraceEvent) -> Equation:
    """Return the equation of what an event computes, of all neurons of its layer at once."""
    (lead, *symbols), substituted = EQUATIONS[event.quantity](write, event.layer)
    return [[lead._replace(role=f"{lead.role} result"), *symbols]], [substituted]


# Forward


def z_of(write: Notation, layer: int) -> Sides:
    """Tell z = W a + b."""
    summed = [Whole("w", layer), Whole("a", layer - 1), *biases_of(write, Whole("b", layer))]
    used, relation = operands(write, summed, Whole("z", layer), lambda w, a, *b: sum(b, w @ a))
    symbols = [write.vector("z", layer), EQUALS, *_plus([write.vector(*it[:2]) for it in summed])]
    return symbols, [EQUALS, *_plus(used), relation, numbers_of(write, Whole("z", layer), "result")]


def a_of(write: Notation, layer: int) -> Sides:
    """Tell a = σ(z)."""
    sigma, f = activation(write, layer), write.trace.network.activation(layer).f
    (z,), relation = operands(write, [Whole("z", layer)], Whole("a", layer), lambda z: f(z.astype(np.float64)))
    if limit := write.limit(layer):
        relation = ABOUT._replace(why=limit)
    of_z = Token(rf"{sigma}(#1)", (write.symbols.vector("z", layer).latex,), "forward")
    substituted = [EQUALS, Token(sigma), z, relation, numbers_of(write, Whole("a", layer), "result")]
    return [write.vector("a", layer), EQUALS, of_z], substituted


def activation(write: Notation, layer: int) -> str:
    """Return what a layer does to its z, in LaTeX."""
    return r"\sigma" if write.trace.elementwise(layer) else r"\mathrm{softmax}"


def biases_of(write: Notation, whole: Whole) -> list[Whole]:
    """Return what belongs to the biases of a layer, if it has some."""
    return [] if whole.layer in write.trace.network.without_bias else [whole]


def _plus(summed: Sequence[Token]) -> Line:
    """Return W a + b, or W a alone."""
    w, a, *b = summed
    return [w, a, *([PLUS, *b] if b else [])]


# Backward


def _dl_da_of(write: Notation, layer: int) -> Sides:
    """Tell ∂l/∂a = (W)ᵀ ∂l/∂z of the next layer, or at the output ∂l/∂y by the formula of the loss."""
    lead, ending = [write.vector("dl_da", layer), EQUALS], numbers_of(write, Whole("dl_da", layer), "result")
    if layer < write.trace.network.layers:
        used, result = [Whole("w", layer + 1, turned=True), Whole("dl_dz", layer + 1)], Whole("dl_da", layer)
        factors, relation = operands(write, used, result, lambda w, dl_dz: w @ dl_dz)
        symbols = [*lead, transposed(write, "w", layer + 1), write.vector("dl_dz", layer + 1)]
        return symbols, [EQUALS, *factors, relation, ending]
    loss, pair = LOSSES[write.trace.network.loss], [Whole("a", layer), Whole("t", layer)]
    factor, of_outputs, of_numbers = loss.slope_factor, *write.in_both(loss.slope_formula)
    y_and_t, relation = operands(
        write,
        pair,
        Whole("dl_da", layer),
        lambda y, t: factor.of(loss.as_written(y, t), write.outputs),
        write.saturated(layer),
    )
    return [*lead, _symbols(write, of_outputs, pair)], [EQUALS, _put(of_numbers, y_and_t), relation, ending]


def _dsigma_of(write: Notation, layer: int) -> Sides:
    """Tell σ′(z), from a where that is usual."""
    own, result = write.trace.network.activation(layer), Whole("dsigma", layer)
    lead, ending = [write.vector("dsigma", layer), EQUALS], numbers_of(write, result, "result")
    if own.in_a:
        template, used = own.in_a[0], [Whole("a", layer)]
        a, relation = operands(write, used, result, own.in_a[1], write.saturated(layer))
        return [*lead, _symbols(write, template, used)], [EQUALS, _put(template, a), relation, ending]
    symbols = [*lead, _symbols(write, own.derivative_formula, [Whole("z", layer)])]
    if own.name == "identity":
        return symbols, [EQUALS, ending]
    return symbols, [numbers_of(write, Whole("z", layer)), Token(r"\Rightarrow"), ending]


def dl_dz_of(write: Notation, layer: int) -> Sides:
    """Tell ∂l/∂z = σ′(z) ⊙ ∂l/∂a, or through a softmax, or at the output what that simplifies to."""
    lead, ending = [write.vector("dl_dz", layer), EQUALS], numbers_of(write, Whole("dl_dz", layer), "result")
    way = _by_gain if write.trace.elementwise(layer) else _through_softmax
    symbols, substituted = way(write, layer)
    if layer == write.trace.network.layers and write.simplified:
        of_pair, substituted = _simplified(write, write.simplified, layer)
        symbols = [*symbols, EQUALS, of_pair]
    return [*lead, *symbols], [*substituted, ending]


def _by_gain(write: Notation, layer: int) -> Sides:
    used, saturated = [Whole("dsigma", layer), Whole("dl_da", layer)], write.saturated(layer)
    (gain, dl_da), relation = operands(write, used, Whole("dl_dz", layer), lambda one, other: one * other, saturated)
    symbols = [write.vector("dsigma", layer), ENTRY_BY_ENTRY, write.vector("dl_da", layer)]
    return symbols, [EQUALS, gain, ENTRY_BY_ENTRY, dl_da, relation]


def _through_softmax(write: Notation, layer: int) -> Sides:
    y, dl_dy = (write.symbols.vector(quantity, layer).latex for quantity in ("a", "dl_da"))
    rest = Token(r"\odot\left(#2-#1^{\mathsf T}#2\right)", (y, dl_dy), "backward")
    symbols, mean = [write.vector("a", layer), rest], write.softmax_mean(layer)
    used = [Whole("a", layer), Whole("dl_da", layer)]
    arrays, result = [*(_array(write, it) for it in used), np.array([mean])], _array(write, Whole("dl_dz", layer))
    digits, relation = about(arrays, result, lambda y, dl_da, mean: y * (dl_da - mean), write.saturated(layer))
    if abs(mean) > INFINITE:  # ∞ − ∞ says nothing; the sentence says why
        return symbols, [relation]
    a, dl_da = (numbers_of(write, it, digits=digits) for it in used)
    less = [MINUS, Token(in_product(number(mean, digits), 1), (), "backward"), CLOSE]
    return symbols, [EQUALS, a, ENTRY_BY_ENTRY, OPEN, dl_da, *less, relation]


def _simplified(write: Notation, pair: PairFormula, layer: int) -> tuple[Token, Line]:
    """Return what ∂l/∂z of the output simplifies to, in symbols and in numbers, for a loss made for it."""
    used, saturated = [Whole("a", layer), Whole("t", layer)], write.saturated(layer)
    total = float(write.one.target.sum())
    of_total = [Decimal(repr(total))] if pair.takes_total else []
    y_and_t, relation = operands(write, used, Whole("dl_dz", layer), lambda y, t: pair.f(y, t, *of_total), saturated)
    template = pair.formula.replace("#3", plain(number(total)))
    return _symbols(write, template, used), [EQUALS, _put(template, y_and_t), relation]


# Gradients, their sum over the samples, and the update


def dl_dw_of(write: Notation, layer: int) -> Sides:
    """Tell ∂l/∂W = ∂l/∂z aᵀ, an outer product."""
    used, result = [Whole("dl_dz", layer), Whole("a", layer - 1, turned=True)], Whole("dl_dw", layer)
    factors, relation = operands(write, used, result, np.outer)
    symbols = [write.vector("dl_dw", layer), EQUALS, write.vector("dl_dz", layer), transposed(write, "a", layer - 1)]
    return symbols, [EQUALS, *factors, relation, numbers_of(write, result, "result")]


def dl_db_of(write: Notation, layer: int, *, turned: bool = False) -> Sides:
    """Tell ∂l/∂b = ∂l/∂z; `turned`, its numbers take a single row."""
    symbols = [write.vector("dl_db", layer), EQUALS, write.vector("dl_dz", layer)]
    return symbols, [ABOUT, numbers_of(write, Whole("dl_db", layer, turned), "result")]


def total_of_layer(write: Notation, of: str, layer: int) -> Sides:
    """Tell ∂L/∂W or ∂L/∂b, the sum over the samples."""
    total = f"dL_d{of}"
    symbols = [write.vector(total, layer), EQUALS, write.over_samples(write.symbols.vector(of, layer))]
    return symbols, [ABOUT, numbers_of(write, Whole(total, layer), "result")]


def update_of(write: Notation, quantity: str, layer: int) -> Sides:
    """Tell W ← W − η ∂L/∂W, or that of b."""
    trace, vector = write.trace, write.vector(quantity, layer)
    old, new = (network.array(quantity, layer) for network in (trace.network, trace.updated or trace.network))
    dL = trace.array(f"dL_d{quantity}", layer)
    symbols = [vector, BECOMES, vector, MINUS, ETA, write.vector(f"d{write.loss.latex}_d{quantity}", layer)]
    digits, relation = DIGITS, ABOUT
    if max(old.shape) <= MOST_MATRIX:
        used = [old, np.array([write.learning_rate]), dL]
        digits, relation = about(used, new, lambda old, rate, dL: old - rate * dL)
    before_step = vector if old.shape[1:] > (WIDEST_OF_THREE,) else matrix(old, "weight", digits)
    less = [before_step, MINUS, Token(number(write.learning_rate, digits)), matrix(dL, "backward", digits)]
    return symbols, [BECOMES, *less, relation, matrix(new, "weight result")]


EQUATIONS: dict[str, Callable[[Notation, int], Sides]] = {
    "z": z_of,
    "a": a_of,
    "dl_da": _dl_da_of,
    "dsigma": _dsigma_of,
    "dl_dz": dl_dz_of,
    "dl_dw": dl_dw_of,
    "dl_db": dl_db_of,
    "dL_dw": lambda write, layer: total_of_layer(write, "w", layer),
    "dL_db": lambda write, layer: total_of_layer(write, "b", layer),
    "w": lambda write, layer: update_of(write, "w", layer),
    "b": lambda write, layer: update_of(write, "b", layer),
}


# Whole layers


def transposed(write: Notation, quantity: str, layer: int) -> Token:
    """Return the symbol of a quantity of a whole layer, turned on its side."""
    return Token(r"\left(#1\right)^{\mathsf T}", (write.symbols.vector(quantity, layer).latex,), role(quantity))


def _symbols(write: Notation, template: str, wholes: Sequence[Whole]) -> Token:
    """Put the symbols of whole layers into a formula of numbers."""
    symbols = tuple(write.symbols.vector(*it[:2]).latex for it in wholes)
    return Token(_by_entry(template), symbols, "backward")


def _put(template: str, matrices: Sequence[Token]) -> Token:
    """Put matrices into a formula of numbers, each of which keeps its home."""
    arguments = [argument for token in matrices for argument in token.arguments]
    homes = [home for token in matrices for home in token.at]
    before = [0, *accumulate(len(token.arguments) for token in matrices)]
    shifted = [_shifted(token.template, by) for token, by in zip(matrices, before, strict=False)]
    written = HOLE.sub(lambda hole: shifted[int(hole[1]) - 1], _by_entry(template))
    return Token(written, tuple(arguments), "forward", tuple(homes))


def _shifted(template: str, by: int) -> str:
    """Return a template whose holes are counted from a later one."""
    return HOLE.sub(lambda hole: f"#{int(hole[1]) + by}", template)


def _by_entry(template: str) -> str:
    """Write a product of numbers as one of vectors, entry by entry."""
    return FACTOR.sub(r"\1\\odot\\left(\2\\right)", template.replace("#1^{2}", r"#1\odot #1"))


def _array(write: Notation, whole: Whole) -> Array:
    array = write.one.array(whole.quantity, whole.layer)
    return array.T if whole.turned else array


def operands(
    write: Notation, used: Sequence[Whole], result: Whole, f: Callable[..., Any], saturated: Why | None = None
) -> tuple[list[Token], Token]:
    """Write the numbers of some layers with so many digits that f of them comes near its result; return ≈, too."""
    arrays, digits, relation = [_array(write, it) for it in used], DIGITS, ABOUT
    if all(max(it.shape) <= MOST_MATRIX for it in arrays):
        digits, relation = about(arrays, _array(write, result), f, saturated)
    return [numbers_of(write, it, digits=digits) for it in used], relation


def numbers_of(write: Notation, whole: Whole, extra: str = "", digits: int = DIGITS) -> Token:
    """Write the numbers of a layer as a matrix, in which each has its home; of a large one only the shape."""
    layer, sizes = whole.layer, write.trace.network.sizes
    quantity = "x" if whole[:2] == ("a", 0) else whole.quantity
    by_source = quantity in ("w", "dl_dw", "dL_dw")
    shape = (sizes[layer], sizes[layer - 1] if by_source else 1)
    part = f"{role(quantity)} {extra}".strip()
    if max(shape) > MOST_MATRIX:
        return only_shape(shape[::-1] if whole.turned else shape, part)
    rows = [
        [write.trace.operand(quantity, layer, unit, source if by_source else None) for source in range(shape[1])]
        for unit in range(shape[0])
    ]
    return bracketed(list(zip(*rows, strict=True)) if whole.turned else rows, part, digits)
