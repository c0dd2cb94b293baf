"""The equations of a layer, or of a whole pass, at once: in vectors and matrices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from bppviz.core.sums import Array
from bppviz.core.trace import TraceEvent
from bppviz.words.digits import ABOUT, EQUALS, about
from bppviz.words.formula import Line, Token, Why, joined
from bppviz.words.notation import (
    BECOMES,
    CDOTS,
    CLOSE,
    COMMA,
    ETA,
    MINUS,
    MOST_MATRIX,
    OPEN,
    PLUS,
    Equation,
    Notation,
    bracketed,
    in_product,
    kept_terms,
    matrix,
    only_shape,
    role,
)
from bppviz.words.numbers import DIGITS, INFINITE, number
from bppviz.words.symbols import ANY_WEIGHT, LOSS, TOTAL, Symbol, gradient

WIDEST_OF_THREE = 3  # matrices of so many columns fit beside one another
ANY_GRADIENT = r"\frac{\partial l}{\partial z}"
# ∂l/∂z = σ′(z) [ w₃ ∂l/∂z′ + w₄ ∂l/∂z″ ], as the lecture writes it for any neuron
LECTURE = [
    Token(ANY_GRADIENT, (), "backward result"),
    EQUALS,
    Token(r"\sigma'(z)", (), "backward"),
    OPEN,
    Token(r"w_{3}", (), "weight"),
    Token(r"\frac{\partial l}{\partial z'}", (), "backward"),
    PLUS,
    Token(r"w_{4}", (), "weight"),
    Token(r"\frac{\partial l}{\partial z''}", (), "backward"),
    CLOSE,
]


class Whole(NamedTuple):
    """A quantity of a whole layer, as it stands or turned on its side; a of layer 0 are the inputs."""

    quantity: str
    layer: int
    turned: bool = False


def of_layer(write: Notation, event: TraceEvent) -> Equation:
    """Return the equations of a layer: forward, backward, its gradients, their sum over the samples, or its update."""
    if event.phase == "sum":
        return _layer_total(write, event.layer)
    if event.phase == "update":
        return _layer_update(write, event.layer)
    if event.quantity == "a":
        return _layer_forward(write, event.layer)
    if event.phase == "gradient":
        return _layer_gradients(write, event.layer)
    return _layer_backward(write, event.layer)


def _layer_forward(write: Notation, layer: int) -> Equation:
    vector = write.vector
    sigma = _sigma(write, layer)
    z_here, a_here = Whole("z", layer), Whole("a", layer)
    product, added = [Whole("w", layer), Whole("a", layer - 1)], _biases_of(write, Whole("b", layer))
    formula = [
        [vector("z", layer), EQUALS, *_plus([vector(*it[:2]) for it in (*product, *added)])],
        [vector("a", layer), EQUALS, Token(rf"{sigma}(#1)", (write.symbols.vector("z", layer).latex,), "forward")],
    ]
    summed, about_z = _operands_of(write, [*product, *added], z_here, lambda w, a, *b: sum(b, w @ a))
    f = write.trace.network.activation(layer).f
    (z,), about_a = _operands_of(write, [z_here], a_here, lambda z: f(z.astype(np.float64)))
    if limit := write.limit(layer):
        about_a = ABOUT._replace(why=limit)
    numeric = [
        [vector("z", layer), EQUALS, *_plus(summed), about_z, _numbers(write, z_here, "result")],
        [vector("a", layer), EQUALS, Token(sigma), z, about_a, _numbers(write, a_here, "result")],
    ]
    return formula, numeric


def _biases_of(write: Notation, whole: Whole) -> list[Whole]:
    """Return what belongs to the biases of a layer, if it has some."""
    return [] if whole.layer in write.trace.network.without_bias else [whole]


def _plus(summed: Sequence[Token]) -> Line:
    """Return W a + b, or W a alone."""
    w, a, *b = summed
    return [w, a, *([PLUS, *b] if b else [])]


def _layer_backward(write: Notation, layer: int) -> Equation:
    vector, result = write.vector, Whole("dl_dz", layer)
    lead, ending = [vector("dl_dz", layer), EQUALS], _numbers(write, result, "result")
    if not write.trace.elementwise(layer):
        return [[*lead, *_softmax_backward(write, layer)]], [[*_softmax_numbers(write, layer), ending]]
    by_gain, dot = [vector("dsigma", layer), Token(r"\odot")], Token(r"\odot")
    if layer == write.trace.network.layers:
        factors, f = [Whole("dsigma", layer), Whole("dl_da", layer)], lambda gain, dl_da: gain * dl_da
        (gain, dl_da), relation = _operands_of(write, factors, result, f, write.saturated(layer))
        return [[*lead, *by_gain, vector("dl_da", layer)]], [[EQUALS, gain, dot, dl_da, relation, ending]]
    turned = Token(r"\left(#1\right)^{\mathsf T}", (write.symbols.vector("w", layer + 1).latex,), "weight")
    used = [Whole("dsigma", layer), Whole("w", layer + 1, turned=True), Whole("dl_dz", layer + 1)]
    (gain, w, dl_dz), relation = _operands_of(write, used, result, lambda gain, w, dl_dz: gain * (w @ dl_dz))
    return (
        [[*lead, *by_gain, OPEN, turned, vector("dl_dz", layer + 1), CLOSE]],
        [[EQUALS, gain, dot, OPEN, w, dl_dz, CLOSE, relation, ending]],
    )


def _softmax_backward(write: Notation, layer: int) -> Line:
    y, dl_dy = (write.symbols.vector(quantity, layer).latex for quantity in ("a", "dl_da"))
    rest = Token(r"\odot\left(#2-#1^{\mathsf T}#2\right)", (y, dl_dy), "backward")
    simplified = Token(r"=#1-\mathbf{t}", (y,), "forward")
    return [write.vector("a", layer), rest, *([simplified] if write.is_difference else [])]


def _softmax_numbers(write: Notation, layer: int) -> Line:
    """Return the numbers of a softmax going backward, up to the ≈ before the result."""
    result, saturated = Whole("dl_dz", layer), write.saturated(layer)
    if write.is_difference:
        used = [Whole("a", layer), Whole("t", layer)]
        (y, t), relation = _operands_of(write, used, result, lambda y, t: y - t, saturated)
        return [EQUALS, y, MINUS, t, relation]
    mean = write.softmax_mean(layer)
    used = [Whole("a", layer), Whole("dl_da", layer)]
    arrays = [*(_array(write, it) for it in used), np.array([mean])]
    digits, relation = about(arrays, _array(write, result), lambda y, dl_da, mean: y * (dl_da - mean), saturated)
    if abs(mean) > INFINITE:  # ∞ − ∞ says nothing; the sentence says why
        return [relation]
    y, dl_da = (_numbers(write, it, digits=digits) for it in used)
    ending = [MINUS, Token(in_product(number(mean, digits), 1), (), "backward"), CLOSE]
    return [EQUALS, y, Token(r"\odot"), OPEN, dl_da, *ending, relation]


def _layer_gradients(write: Notation, layer: int) -> Equation:
    vector = write.vector
    used, dl_dw = [Whole("dl_dz", layer), Whole("a", layer - 1, turned=True)], Whole("dl_dw", layer)
    (dl_dz, a), relation = _operands_of(write, used, dl_dw, np.outer)
    turned = Token(r"\left(#1\right)^{\mathsf T}", (write.symbols.vector("a", layer - 1).latex,), "forward")
    of_bias = _biases_of(write, Whole("dl_db", layer, turned=True))
    formula = [
        [vector("dl_dw", layer), EQUALS, vector("dl_dz", layer), turned],
        *([vector("dl_db", layer), EQUALS, vector("dl_dz", layer)] for _ in of_bias),
    ]
    numeric = [
        [vector("dl_dw", layer), EQUALS, dl_dz, a, relation, _numbers(write, dl_dw, "result")],
        *([vector("dl_db", layer), ABOUT, _numbers(write, it, "result")] for it in of_bias),
    ]
    return formula, numeric


def of_pass(write: Notation, event: TraceEvent) -> Equation:
    """Return the equation of a whole pass."""
    match event.phase:
        case "sum":
            return _pass_total(write)
        case "update":
            return _pass_update(write)
        case "forward":
            return _pass_forward(write)
        case "gradient":
            return _pass_gradient(write)
        case _:
            return _pass_backward(write)


def _pass_forward(write: Notation) -> Equation:
    layers = write.trace.network.layers
    nested = r"\mathbf{x}" if layers <= 3 else r"\cdots"
    for layer in range(max(1, layers - 2), layers + 1):
        w, b = (write.symbols.vector(quantity, layer).latex for quantity in ("w", "b"))
        plus = f"+{b}" if _biases_of(write, Whole("b", layer)) else ""
        nested = rf"{_sigma(write, layer)}\left({w}\,{nested}{plus}\right)"
    y, result = write.vector("a", layers), _numbers(write, Whole("a", layers), "result")
    return [[y, EQUALS, Token(nested, (), "forward")]], [[y, ABOUT, result]]


def _pass_backward(write: Notation) -> Equation:
    network = write.trace.network
    hidden = max(1, network.layers - 1)
    formula = LECTURE if network.notation == "lecture" else _layer_backward(write, hidden)[0][0]
    return [formula], [[write.vector("dl_dz", 1), ABOUT, _numbers(write, Whole("dl_dz", 1), "result")]]


def _pass_gradient(write: Notation) -> Equation:
    any_gradient = Token(gradient(ANY_WEIGHT).latex, (), "backward result")
    dz_dw, dl_dz = Token(r"\frac{\partial z}{\partial w}", (), "forward"), Token(ANY_GRADIENT, (), "backward")
    numbers = _numbers(write, Whole("dl_dw", 1), "result")
    formula = [[any_gradient, EQUALS, dz_dw, dl_dz], _nabla(write, "gradient", LOSS)]
    return formula, [[write.vector("dl_dw", 1), ABOUT, numbers]]


def _nabla(write: Notation, phase: str, loss: Symbol) -> Line:
    """Return the gradient of a loss by θ, everything that is learned: what a phase computes, first to last."""
    blocks = [block for block in write.trace.blocks if block.phase == phase]
    first, stop = blocks[0].start, blocks[-1].stop
    entries = [
        [CDOTS if i is None else Token(write.symbols(*write.trace[first + i].place).latex, (), "backward")]
        for i in kept_terms(stop - first, brief=True)
    ]
    lead = Token(rf"\nabla {loss.latex}(\theta)", (), "backward result")
    return [lead, EQUALS, OPEN, *joined(entries, ","), CLOSE]


def _sigma(write: Notation, layer: int) -> str:
    return r"\sigma" if write.trace.elementwise(layer) else r"\mathrm{softmax}"


def _layer_total(write: Notation, layer: int) -> Equation:
    formula: Line = []
    learned = _learned(write, layer)
    for of in learned:
        over_samples = write.over_samples(write.symbols.vector(of, layer))
        formula += [*([COMMA] if formula else []), write.vector(f"dL_d{of}", layer), EQUALS, over_samples]
    return [formula], [_layer_numbers(write, f"dL_d{of}", layer) for of in learned]


def _learned(write: Notation, layer: int) -> list[str]:
    """Return what a layer has that can be learned: w, and b if it has biases."""
    return ["w", *(it.quantity for it in _biases_of(write, Whole("b", layer)))]


def _layer_numbers(write: Notation, total: str, layer: int) -> Line:
    return [write.vector(total, layer), ABOUT, matrix(write.trace.array(total, layer), "backward result")]


def _layer_update(write: Notation, layer: int) -> Equation:
    learned = _learned(write, layer) if write.trace.update_biases else ["w"]
    told = [_vector_update(write, quantity, layer) for quantity in learned]
    return [symbols for symbols, _ in told], [numbers for _, numbers in told]


def _vector_update(write: Notation, quantity: str, layer: int) -> tuple[Line, Line]:
    trace, vector = write.trace, write.vector(quantity, layer)
    old, new = (network.array(quantity, layer) for network in (trace.network, trace.updated or trace.network))
    dL = trace.array(f"dL_d{quantity}", layer)
    symbols = [vector, BECOMES, vector, MINUS, ETA, write.vector(f"d{write.loss.latex}_d{quantity}", layer)]
    digits, relation = DIGITS, ABOUT
    if max(old.shape) <= MOST_MATRIX:
        used = [old, np.array([write.learning_rate]), dL]
        digits, relation = about(used, new, lambda old, rate, dL: old - rate * dL)
    before_step = vector if old.shape[1:] > (WIDEST_OF_THREE,) else matrix(old, "weight", digits)
    numbers = [vector, BECOMES, before_step, MINUS, Token(number(write.learning_rate, digits))]
    numbers += [matrix(dL, "backward", digits), relation, matrix(new, "weight result")]
    return symbols, numbers


def _pass_total(write: Notation) -> Equation:
    trace, total = write.trace, Token(r"L(\theta)", (), "loss result")
    losses = Token(write.share + r"\sum_{n}l^{n}(\theta)", (), "loss")
    dL = Token(gradient(ANY_WEIGHT, TOTAL).latex, (), "backward result")
    formula = [total, EQUALS, losses, COMMA, dL, EQUALS, write.over_samples(ANY_WEIGHT)]
    added = write.addition([total], np.ravel(trace.loss).tolist(), trace.L, "loss")
    return [formula, _nabla(write, "sum", TOTAL)], [*added, _layer_numbers(write, "dL_dw", 1)]


def _pass_update(write: Notation) -> Equation:
    old, new = Token("w^{0}", (), "weight"), Token("w^{1}", (), "weight result")  # the lecture's w⁰ and the next, w¹
    dL = Token(gradient(ANY_WEIGHT, write.loss).latex, (), "backward")
    formula = [new, BECOMES, old, MINUS, ETA, dL]
    return [formula], [_vector_update(write, "w", 1)[1]]


def _array(write: Notation, whole: Whole) -> Array:
    array = write.one.array(whole.quantity, whole.layer)
    return array.T if whole.turned else array


def _operands_of(
    write: Notation, used: Sequence[Whole], result: Whole, f: Callable[..., Any], saturated: Why | None = None
) -> tuple[list[Token], Token]:
    """Write the numbers of some layers with so many digits that f of them comes near its result; return ≈, too."""
    arrays, digits, relation = [_array(write, it) for it in used], DIGITS, ABOUT
    if all(max(it.shape) <= MOST_MATRIX for it in arrays):
        digits, relation = about(arrays, _array(write, result), f, saturated)
    return [_numbers(write, it, digits=digits) for it in used], relation


def _numbers(write: Notation, whole: Whole, extra: str = "", digits: int = DIGITS) -> Token:
    """Write the numbers of a layer as a matrix, in which each has its home; of a large one only the shape."""
    layer, sizes = whole.layer, write.trace.network.sizes
    quantity = "x" if whole[:2] == ("a", 0) else whole.quantity
    by_source = quantity in ("w", "dl_dw")
    shape = (sizes[layer], sizes[layer - 1] if by_source else 1)
    part = f"{role(quantity)} {extra}".strip()
    if max(shape) > MOST_MATRIX:
        return only_shape(shape[::-1] if whole.turned else shape, part)
    rows = [
        [write.trace.operand(quantity, layer, unit, source if by_source else None) for source in range(shape[1])]
        for unit in range(shape[0])
    ]
    return bracketed(list(zip(*rows, strict=True)) if whole.turned else rows, part, digits)
