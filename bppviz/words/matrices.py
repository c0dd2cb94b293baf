"""The equations of a layer, or of a whole pass, at once: in vectors and matrices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bppviz.core.trace import TraceEvent
from bppviz.words.digits import ABOUT, EQUALS
from bppviz.words.formula import Line, Token, joined
from bppviz.words.notation import (
    BECOMES,
    CDOTS,
    CLOSE,
    COMMA,
    ETA,
    MINUS,
    OPEN,
    PLUS,
    Equation,
    Notation,
    kept_terms,
    with_home,
)
from bppviz.words.symbols import ANY_WEIGHT, LOSS, TOTAL, Symbol, gradient
from bppviz.words.vectors import (
    ENTRY_BY_ENTRY,
    Sides,
    Whole,
    a_of,
    activation,
    biases_of,
    dl_db_of,
    dl_dw_of,
    dl_dz_of,
    numbers_of,
    operands,
    total_of_layer,
    transposed,
    update_of,
    z_of,
)

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


def of_layer(write: Notation, event: TraceEvent) -> Equation:
    """Return the equations of a layer: forward, backward, its gradients, their sum over the samples, or its update."""
    layer = event.layer
    if event.phase == "sum":
        return _layer_total(write, layer)
    if event.phase == "update":
        learned = _learned(write, layer) if write.trace.update_biases else ["w"]
        return _stacked([update_of(write, it, layer) for it in learned])
    if event.quantity == "a":
        return _stacked([z_of(write, layer), a_of(write, layer)])
    if event.phase == "gradient":
        of_bias = [dl_db_of(write, layer, turned=True) for _ in biases_of(write, Whole("dl_db", layer))]
        return _stacked([dl_dw_of(write, layer), *of_bias])
    return _layer_backward(write, layer)


def _stacked(told: Sequence[Sides]) -> Equation:
    """Put equations under one another, each with what it computes in front of its numbers."""
    return [symbols for symbols, _ in told], [[symbols[0], *substituted] for symbols, substituted in told]


def _layer_backward(write: Notation, layer: int) -> Equation:
    """Tell ∂l/∂z at once from that of the next layer, or at the output."""
    if layer == write.trace.network.layers or not write.trace.elementwise(layer):
        symbols, substituted = dl_dz_of(write, layer)
        return [symbols], [substituted]
    result, behind = Whole("dl_dz", layer), Whole("dl_dz", layer + 1)
    used = [Whole("dsigma", layer), Whole("w", layer + 1, turned=True), behind]
    (gain, w, dl_dz), relation = operands(write, used, result, lambda gain, w, dl_dz: gain * (w @ dl_dz))
    lead = [write.vector("dl_dz", layer), EQUALS, write.vector("dsigma", layer), ENTRY_BY_ENTRY]
    formula = [*lead, OPEN, transposed(write, "w", layer + 1), write.vector("dl_dz", layer + 1), CLOSE]
    ending = [OPEN, w, dl_dz, CLOSE, relation, numbers_of(write, result, "result")]
    return [formula], [[EQUALS, gain, ENTRY_BY_ENTRY, *ending]]


def _layer_total(write: Notation, layer: int) -> Equation:
    told = [total_of_layer(write, of, layer) for of in _learned(write, layer)]
    formula = joined((symbols for symbols, _ in told), COMMA.template)
    return [formula], _stacked(told)[1]


def _learned(write: Notation, layer: int) -> list[str]:
    """Return what a layer has that can be learned: w, and b if it has biases."""
    return ["w", *(it.quantity for it in biases_of(write, Whole("b", layer)))]


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
    nested = "x" if layers <= 3 else r"\cdots"
    for layer in range(max(1, layers - 2), layers + 1):
        w, b = (write.symbols.vector(quantity, layer).latex for quantity in ("w", "b"))
        plus = f"+{b}" if biases_of(write, Whole("b", layer)) else ""
        nested = rf"{activation(write, layer)}\left({w}\,{nested}{plus}\right)"
    y, result = write.vector("a", layers), numbers_of(write, Whole("a", layers), "result")
    return [[y, EQUALS, Token(nested, (), "forward")]], [[y, ABOUT, result]]


def _pass_backward(write: Notation) -> Equation:
    network = write.trace.network
    hidden = max(1, network.layers - 1)
    formula = LECTURE if network.notation == "lecture" else _layer_backward(write, hidden)[0][0]
    return [formula], [[write.vector("dl_dz", 1), ABOUT, numbers_of(write, Whole("dl_dz", 1), "result")]]


def _pass_gradient(write: Notation) -> Equation:
    any_gradient = Token(gradient(ANY_WEIGHT).latex, (), "backward result")
    dz_dw, dl_dz = Token(r"\frac{\partial z}{\partial w}", (), "forward"), Token(ANY_GRADIENT, (), "backward")
    result = numbers_of(write, Whole("dl_dw", 1), "result")
    formula = [[any_gradient, EQUALS, dz_dw, dl_dz], _nabla(write, "gradient", LOSS)]
    return formula, [[write.vector("dl_dw", 1), ABOUT, result]]


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


def _pass_total(write: Notation) -> Equation:
    trace, total = write.trace, Token(r"L(\theta)", (), "loss result")
    losses = Token(write.share + r"\sum_{n}l^{n}(\theta)", (), "loss")
    dL = Token(gradient(ANY_WEIGHT, TOTAL).latex, (), "backward result")
    formula = [total, EQUALS, losses, COMMA, dL, EQUALS, write.over_samples(ANY_WEIGHT)]
    added = write.addition([total], np.ravel(trace.loss).tolist(), trace.L, "loss")
    (formula,), added = with_home(([formula], added), trace.operand("loss", trace.network.layers))
    return [formula, _nabla(write, "sum", TOTAL)], [*added, *_stacked([total_of_layer(write, "w", 1)])[1]]


def _pass_update(write: Notation) -> Equation:
    old, new = Token("w^{0}", (), "weight"), Token("w^{1}", (), "weight result")  # the lecture's w⁰ and the next, w¹
    dL = Token(gradient(ANY_WEIGHT, write.loss).latex, (), "backward")
    formula = [new, BECOMES, old, MINUS, ETA, dL]
    return [formula], _stacked([update_of(write, "w", 1)])[1]
