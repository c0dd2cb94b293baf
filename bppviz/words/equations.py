"""Every equation of a run, in symbols and with the numbers put in: one alone, a neuron's, a layer's, or a pass's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import chain
from math import prod
from typing import Any

import numpy as np

from bppviz.core.functions import ACTIVATIONS, LOSSES
from bppviz.core.place import home, key
from bppviz.core.sums import Array, settled
from bppviz.core.trace import Operand, Trace, TraceEvent
from bppviz.core.walk import MOST_TERMS, Stop
from bppviz.words.digits import ABOUT, EQUALS, MOST_DIGITS, about, in_floats, together
from bppviz.words.formula import Formula, Line, Token, Why, joined, latex, plain
from bppviz.words.numbers import DIGITS, INFINITE, number, rounded
from bppviz.words.symbols import LOSS, TOTAL, Symbol, Symbols, gradient, loss_of

TERMS_IN_A_LINE = 4
MOST_MATRIX = 4
LINE = 54
LINE_OF_FRACTIONS = 41  # ∂l¹/∂w₁ in the lecture's short symbols is wider than its lower half, which is what is counted
WIDEST_OF_THREE = 3  # matrices of so many columns fit beside one another
FRACTION = re.compile(r"\\frac\{(?:[^{}]|\{[^{}]*\})*\}")
COMMAND = re.compile(r"\\[a-zA-Z]+")
UNSEEN = str.maketrans("", "", "{}_^ ")
PLUS, MINUS, TIMES = Token("+"), Token("-"), Token(r"\times")
BECOMES, COMMA, ETA = Token(r"\leftarrow"), Token(r",\quad"), Token(r"\eta")
OPEN, CLOSE, CDOTS = Token(r"\bigl["), Token(r"\bigr]"), Token(r"\cdots")
ANY_WEIGHT = Symbol("w", "w")
# ∂l²/∂w₁ and Σₙ ∂lⁿ/∂w₁, with what changes from weight to weight and from sample to sample left open
OF_SAMPLE = gradient(Symbol("#1", ""), Symbol("l^{#2}", "")).latex
OVER_SAMPLES = r"\sum_{n}" + gradient(Symbol("#1", ""), loss_of(None)).latex
# ∂l/∂z = σ′(z) [ w₃ ∂l/∂z′ + w₄ ∂l/∂z″ ], as the lecture writes it for any neuron
LECTURE = [
    COMMA,
    Token(r"\frac{\partial l}{\partial z}", (), "backward"),
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
SQUASHED = {"sigmoid": (0, 1), "tanh": (-1, 1), "softmax": (0, 1)}  # the limits of an output, never reached
ROLES = {"x": "forward", "z": "forward", "a": "forward", "w": "weight", "b": "weight", "t": "target", "loss": "loss"}


def asking(substituted: Formula) -> Formula:
    """Return a formula with a question mark in place of every result."""
    return [[Token("?", (), it.role) if "result" in it.role else it for it in line] for line in substituted]


def role(quantity: str) -> str:
    """Return the part that a quantity plays in picture and formula: forward, weight, target, loss or backward."""
    return ROLES.get(quantity, "backward")


class Equations:
    """The equations of one trace: each a pair, the formula in symbols and the same with the numbers put in."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.one = trace.one
        self.symbols = Symbols(trace.network)

    def at(self, stop: Stop) -> tuple[Formula, Formula]:
        """Return the equation of a stop, or the few that stand for what is new there."""
        event = self.trace[stop.last]
        if event.quantity == "loss":
            return self._loss(event, stop.terms)
        if stop.granularity == "pass":
            return self._pass(event)
        if stop.granularity == "layer":
            return self._layer(event)
        if stop.granularity == "neuron" and (event.quantity in ("a", "dl_db") or event.phase in ("sum", "update")):
            return self._stacked(self.trace[stop.first : stop.last + 1])
        return self._event(event, stop.terms)

    # One equation

    def _event(self, event: TraceEvent, terms: int | None = None) -> tuple[Formula, Formula]:
        match event.quantity:
            case "z":
                return self._z(event, terms)
            case "a":
                return self._a(event)
            case "dl_da":
                return self._dl_da(event, terms)
            case "dsigma":
                return self._dsigma(event)
            case "dl_dz":
                return self._dl_dz(event)
            case "dl_dw":
                return self._dl_dw(event)
            case "dl_db":
                return self._dl_db(event)
            case "dL_dw" | "dL_db":
                return self._total(event, terms)
            case _:
                return self._update(event)

    def _z(self, event: TraceEvent, terms: int | None) -> tuple[Formula, Formula]:
        *products, bias = event.operands
        return self._sum(event, [*_pairs(products), (bias,)], terms)

    def _dl_da(self, event: TraceEvent, terms: int | None) -> tuple[Formula, Formula]:
        if event.layer == len(self.trace.network.weights):
            return self._dl_dy(event)
        return self._sum(event, _pairs(event.operands), terms)

    def _sum(
        self, event: TraceEvent, products: Sequence[tuple[Operand, ...]], terms: int | None
    ) -> tuple[Formula, Formula]:
        """Tell a sum of products, or the first `terms` of them."""
        lead, symbolic = [self._result(event), EQUALS], [list(map(self._token, product)) for product in products]
        formula = _broken(lead, [_with_role(t, _progress(i, terms)) for i, t in enumerate(symbolic)])
        added = products[:terms]
        groups = [tuple(factor.value for factor in product) for product in added]
        result = event.value if terms is None else _added_up([float(np.prod(group)) for group in groups])
        texts, relation = together(list(chain(*groups)), result, lambda v: _sum_of_products(v, groups))
        written = iter(texts)
        numeric = [
            joined(([_number(factor, next(written), i + j)] for j, factor in enumerate(product)), r"\times")
            for i, product in enumerate(added)
        ]
        return formula, _ended(_broken([EQUALS], numeric), relation, result, role(event.quantity))

    def _a(self, event: TraceEvent) -> tuple[Formula, Formula]:
        name = self.trace.network.activations[event.layer - 1]
        if name == "softmax":
            return self._softmax(event)
        (z,) = event.operands
        sigma = self._symbols_in(r"\sigma(#1)", z)
        activation = ACTIVATIONS[name]
        f = in_floats(lambda v: activation.f(v)[0])
        (text,), relation = together([z.value], event.value, f)
        # Behind a minus or a times sign a negative number needs its parentheses; alone it does not.
        text = _factor(text, "-#1" in activation.formula or r"\times" in activation.formula)
        formula = [self._result(event), EQUALS, sigma, EQUALS, self._symbols_in(activation.formula, z)]
        numeric = _numbers_in(activation.formula, [text], z)
        return [formula], _ended([[EQUALS, numeric]], self._squashed(event, relation), event.value, "forward")

    def _squashed(self, event: TraceEvent, relation: Token) -> Token:
        """Return ≈ for an output that is written as the limit that it never reaches, else the relation."""
        limit = self._limit(event.layer, [event.unit or 0])
        return ABOUT._replace(why=limit) if limit else relation

    def _limit(self, layer: int, units: Sequence[int] | None = None) -> Why | None:
        """Return the first output of a layer, or of some of its units, that is written as the limit of all."""
        name, a = self.trace.network.activations[layer - 1], self.one.a[layer - 1]
        for unit in range(len(a)) if units is None else units:
            text = number(float(a[unit]))
            if text in map(number, SQUASHED.get(name, ())) and not (name == "softmax" and len(a) == 1):
                return Why("inexact.limit", self.symbols("a", layer, unit).text, text)
        return None

    def _saturated(self, layer: int, units: Sequence[int] | None = None) -> Why | None:
        """Return the first output of a layer, or of some of its units, that four digits do not tell from its limit."""
        name, a = self.trace.network.activations[layer - 1], self.one.a[layer - 1]
        limits = SQUASHED.get(name, ())
        message = "inexact.zero" if name == "softmax" and len(a) == 1 else "inexact.rounded"
        for unit in range(len(a)) if units is None else units:
            value = rounded(float(a[unit]))
            if value in limits:
                return Why(message, self.symbols("a", layer, unit).text, number(value))
        return None

    def _softmax(self, event: TraceEvent) -> tuple[Formula, Formula]:
        zs, own = event.operands, event.unit or 0
        kept, holes = _kept(len(zs), brief=True), iter(range(2, len(zs) + 2))
        exponentials = [r"\cdots" if i is None else f"e^{{#{next(holes)}}}" for i in kept]
        template = rf"\frac{{e^{{#1}}}}{{{'+'.join(exponentials)}}}"
        used = [own, *(i for i in kept if i is not None)]
        operands = [zs[i] for i in used]

        def f(v: Array) -> float:
            return float(np.exp(v[own] - np.logaddexp.reduce(v)))

        texts, relation = together([z.value for z in zs], event.value, in_floats(f))
        formula = [self._result(event), EQUALS, self._symbols_in(template, *operands)]
        numeric = _numbers_in(template, [texts[i] for i in used], *operands)
        return [formula], _ended([[EQUALS, numeric]], self._squashed(event, relation), event.value, "forward")

    def _loss(self, event: TraceEvent, terms: int | None = None) -> tuple[Formula, Formula]:
        loss = LOSSES[self.trace.network.loss]
        pairs = _pairs(event.operands)
        count = len(pairs) if terms is None else terms
        result = event.value if terms is None else float(self.one.loss_terms[:count].sum())
        symbolic = [[self._symbols_in(loss.formula, y, t)] for y, t in pairs]
        values = [operand.value for pair in pairs[:count] for operand in pair]
        f = in_floats(lambda v: loss.from_y(v[::2], v[1::2]).sum())
        texts, relation = together(values, result, f, self._saturated(event.layer, range(count)))
        # Beside ln a number may need parentheses where in a difference it does not.
        ys = texts[::2] if loss.factor else map(_closed, texts[::2])
        numbers = zip(ys, texts[1::2], pairs[:count], strict=True)
        numeric = [[_numbers_in(loss.formula, [y, _closed(t)], *pair)] for y, t, pair in numbers]
        head = [Token(loss.factor)] if loss.factor else []
        around = (OPEN, CLOSE) if head and len(pairs) > 1 else None
        formula = _broken(
            [self._result(event), EQUALS, *head],
            [_with_role(t, _progress(i, terms)) for i, t in enumerate(symbolic)],
            around,
        )
        return formula, _ended(_broken([EQUALS, *head], numeric, around), relation, result, "loss")

    def _dl_dy(self, event: TraceEvent) -> tuple[Formula, Formula]:
        y, t = event.operands
        loss = LOSSES[self.trace.network.loss]
        saturated = self._saturated(event.layer, [y.unit])
        texts, relation = together([y.value, t.value], event.value, lambda v: loss.as_written(*v), saturated)
        symbolic = self._symbols_in(loss.derivative_formula, y, t)
        numeric = _numbers_in(loss.derivative_formula, [texts[0], _factor(texts[1], 1)], y, t)
        return [[self._result(event), EQUALS, symbolic]], _ended([[EQUALS, numeric]], relation, event.value, "backward")

    def _dsigma(self, event: TraceEvent) -> tuple[Formula, Formula]:
        activation = ACTIVATIONS[self.trace.network.activations[event.layer - 1]]
        (z,) = event.operands
        a = self.symbols("a", z.layer, z.unit).latex
        derivative = Token(rf"\frac{{\partial {a}}}{{\partial #1}}", (self._latex(z),), "backward")
        slope = self._symbols_in(activation.derivative_formula, z)
        formula = [derivative, EQUALS, self._result(event), EQUALS, slope]
        if activation.in_a:
            template, f = activation.in_a
            own = self.trace.operand("a", z.layer, z.unit)
            saturated = self._saturated(z.layer, [z.unit])
            (text,), relation = together([own.value], event.value, lambda v: f(v[0]), saturated)
            numeric = [EQUALS, _numbers_in(template, [_closed(text)], own)]
            return [formula], _ended([numeric], relation, event.value, "backward")
        if activation.name == "identity":
            return [formula], _ended([], EQUALS, event.value, "backward")
        case = _numbers_in(r"#1>0" if z.value > 0 else r"#1\le 0", [number(z.value)], z)
        return [formula], [[case, Token(r"\Rightarrow"), Token(number(event.value), (), "backward result")]]

    def _dl_dz(self, event: TraceEvent) -> tuple[Formula, Formula]:
        if not self.trace.elementwise(event.layer):
            return self._through_softmax(event)
        dsigma, dl_da = event.operands
        at_output = event.layer == len(self.trace.network.weights)
        if at_output:
            dz = self.symbols("z", event.layer, dsigma.unit).latex
            dy = self.symbols("a", event.layer, dsigma.unit).latex
            chain_rule = Token(rf"\frac{{\partial {dy}}}{{\partial {dz}}}", (), "backward")
            formula = [
                [
                    self._result(event),
                    EQUALS,
                    chain_rule,
                    self._token(dl_da),
                    EQUALS,
                    self._token(dsigma),
                    self._token(dl_da),
                ]
            ]
            texts, relation = together([dsigma.value, dl_da.value], event.value, lambda v: v[0] * v[1])
            factors = zip((dsigma, dl_da), texts, strict=True)
            numeric = joined(([_number(it, text, i)] for i, (it, text) in enumerate(factors)), r"\times")
            simplified = self._simplified(event)
            if simplified:
                return [[*formula[0], *simplified[0]]], simplified[1]
            return formula, _ended([[EQUALS, *numeric]], relation, event.value, "backward")
        bracket = _pairs(self.trace[dl_da.step or 0].operands)
        lead = [self._result(event), EQUALS, self._token(dsigma)]
        formula = _broken(lead, [[self._token(w), self._token(g)] for w, g in bracket], (OPEN, CLOSE))
        values = [dsigma.value, *(o.value for pair in bracket for o in pair)]
        texts, relation = together(values, event.value, lambda v: v[0] * _sum_of_products(v[1:], bracket))
        written = iter(texts)
        numeric_lead = [EQUALS, _number(dsigma, next(written)), TIMES]
        products = [
            [_number(w, next(written), i), TIMES, _number(g, next(written), 1)] for i, (w, g) in enumerate(bracket)
        ]
        return formula, _ended(_broken(numeric_lead, products, (OPEN, CLOSE)), relation, event.value, "backward")

    def _simplified(self, event: TraceEvent) -> tuple[Line, Formula] | None:
        """Return what σ′(z) · ∂l/∂y simplifies to, in symbols and in numbers, for the losses made for it."""
        network = self.trace.network
        y, t = (self.trace.operand(quantity, event.layer, event.unit or 0) for quantity in ("a", "t"))
        total = float(self.one.target.sum())
        pair = network.activations[-1], network.loss
        values, saturated = [y.value, t.value], self._saturated(event.layer, [y.unit])
        if pair == ("sigmoid", "cross_entropy"):
            template = r"-#2\left(1-#1\right)"
            texts, relation = together(values, event.value, lambda v: -v[1] * (1 - v[0]), saturated)
        elif self.is_difference:
            template = "#1-#2"
            texts, relation = together(values, event.value, lambda v: v[0] - v[1], saturated)
        elif pair == ("softmax", "cross_entropy"):
            texts, relation = together([*values, total], event.value, lambda v: v[0] * v[2] - v[1], saturated)
            template = rf"#1\times {plain(texts.pop())}-#2"
        else:
            return None
        symbolic = [EQUALS, self._symbols_in(template, y, t)]
        numeric = [EQUALS, _numbers_in(template, [texts[0], _factor(texts[1], 1)], y, t)]
        return symbolic, _ended([numeric], relation, event.value, "backward")

    def _through_softmax(self, event: TraceEvent) -> tuple[Formula, Formula]:
        pairs = _pairs(event.operands)
        a, dl_da = pairs[event.unit or 0]
        total = Token(r"\sum_{k}y_{k}\frac{\partial l}{\partial y_{k}}", (), "backward")
        formula = [
            [self._result(event), EQUALS, self._token(a), OPEN, self._token(dl_da), MINUS, total, CLOSE],
        ]
        simplified = self._simplified(event)
        if simplified:
            return [[*formula[0], *simplified[0]]], simplified[1]
        values = [a.value, dl_da.value, self._mean(event.layer)]
        texts, relation = together(values, event.value, lambda v: v[0] * (v[1] - v[2]), self._saturated(event.layer))
        if all("∞" in text for text in texts[1:]):  # ∞ − ∞ says nothing; the sentence says why
            return formula, _ended([], relation, event.value, "backward")
        numeric = [EQUALS, _number(a, texts[0]), TIMES, OPEN, _number(dl_da, texts[1]), MINUS]
        numeric += [Token(_factor(texts[2], 1), (), "backward"), CLOSE]
        return formula, _ended([numeric], relation, event.value, "backward")

    def _mean(self, layer: int) -> float:
        """Return Σ y ∂l/∂y of a softmax, of which no term is 0 · ∞."""
        one, loss = self.one, LOSSES[self.trace.network.loss]
        if layer == len(self.trace.network.weights) and loss.weighted:
            return float(loss.weighted(ACTIVATIONS["softmax"], one.z[-1], one.target).sum())
        return float(one.a[layer - 1] @ one.dl_da[layer - 1])

    def _dl_dw(self, event: TraceEvent) -> tuple[Formula, Formula]:
        entering, dl_dz = event.operands
        derivative = self._dz_by(event)
        formula = [self._result(event), EQUALS, derivative, self._token(dl_dz), EQUALS]
        formula += [self._token(entering), self._token(dl_dz)]
        texts, relation = together([entering.value, dl_dz.value], event.value, lambda v: v[0] * v[1])
        numeric = [EQUALS, _number(entering, texts[0]), TIMES, _number(dl_dz, texts[1], 1)]
        return [formula], _ended([numeric], relation, event.value, "backward")

    def _dl_db(self, event: TraceEvent) -> tuple[Formula, Formula]:
        (dl_dz,) = event.operands
        formula = [self._result(event), EQUALS, self._dz_by(event), self._token(dl_dz), EQUALS, Token("1"), TIMES]
        numeric = [EQUALS, Token("1"), TIMES, _number(dl_dz, number(dl_dz.value), 1)]
        return [[*formula, self._token(dl_dz)]], _ended([numeric], EQUALS, event.value, "backward")

    def _dz_by(self, event: TraceEvent) -> Token:
        """Return ∂z/∂w or ∂z/∂b, whichever belongs to the event."""
        top, bottom = self.dz_symbols(event)
        return Token(rf"\frac{{\partial {top.latex}}}{{\partial {bottom.latex}}}", (), "forward")

    def dz_symbols(self, event: TraceEvent) -> tuple[Symbol, Symbol]:
        place = (event.layer, event.unit or 0)
        return self.symbols("z", *place), self._learned(event)

    # Several at once

    def _stacked(self, events: Sequence[TraceEvent]) -> tuple[Formula, Formula]:
        """Tell a few equations under one another; of many, the first, the second and the last."""
        shown = events if len(events) <= TERMS_IN_A_LINE else [*events[:2], events[-1]]
        told = [self._total(event, brief=True) if event.phase == "sum" else self._event(event) for event in shown]
        formula = list(chain.from_iterable(f for f, _ in told))
        lines = [line for event, (_, s) in zip(shown, told, strict=True) for line in self._led(event, s)]
        return formula, lines

    def _led(self, event: TraceEvent, substituted: Formula) -> Formula:
        """Put what is computed in front, where several equations stand under one another."""
        first, *others = substituted
        if event.phase == "update":
            first = [BECOMES, *first[1:]]
        return [[self._result(event), *first] if first[0] in (EQUALS, BECOMES) else first, *others]

    def _layer(self, event: TraceEvent) -> tuple[Formula, Formula]:
        if event.phase == "sum":
            return self._layer_total(event.layer)
        if event.phase == "update":
            return self._layer_update(event.layer)
        if event.quantity == "a":
            return self._layer_forward(event.layer)
        if event.quantity == "dl_db":
            return self._layer_gradients(event.layer)
        return self._layer_backward(event.layer)

    def _layer_forward(self, layer: int) -> tuple[Formula, Formula]:
        vector, numbers = self._vector, self._numbers
        sigma = r"\sigma" if self.trace.elementwise(layer) else r"\mathrm{softmax}"
        formula = [
            [vector("z", layer), EQUALS, vector("w", layer), vector("a", layer - 1), PLUS, vector("b", layer)],
            [vector("a", layer), EQUALS, Token(rf"{sigma}(#1)", (self.symbols.vector("z", layer).latex,), "forward")],
        ]
        sums = [("w", layer), ("a", layer - 1), ("b", layer)]
        (w, a, b), about_z = self._matrices(sums, ("z", layer), lambda w, a, b: w @ a + b)
        f = ACTIVATIONS[self.trace.network.activations[layer - 1]].f
        (z,), about_a = self._matrices([("z", layer)], ("a", layer), lambda z: f(z.astype(np.float64)))
        if limit := self._limit(layer):
            about_a = ABOUT._replace(why=limit)
        numeric = [
            [vector("z", layer), EQUALS, w, a, PLUS, b, about_z, numbers("z", layer, "result")],
            [vector("a", layer), EQUALS, Token(sigma), z, about_a, numbers("a", layer, "result")],
        ]
        return formula, numeric

    def _layer_backward(self, layer: int) -> tuple[Formula, Formula]:
        vector, result = self._vector, ("dl_dz", layer)
        lead, ending = [vector(*result), EQUALS], self._numbers(*result, "result")
        if not self.trace.elementwise(layer):
            return [[*lead, *self._softmax_backward(layer)]], [[*self._softmax_numbers(layer), ending]]
        by_gain, dot = [vector("dsigma", layer), Token(r"\odot")], Token(r"\odot")
        if layer == len(self.trace.network.weights):
            factors, f = [("dsigma", layer), ("dl_da", layer)], lambda gain, dl_da: gain * dl_da
            (gain, dl_da), relation = self._matrices(factors, result, f, self._saturated(layer))
            return [[*lead, *by_gain, vector("dl_da", layer)]], [[EQUALS, gain, dot, dl_da, relation, ending]]
        turned = Token(r"\left(#1\right)^{\mathsf T}", (self.symbols.vector("w", layer + 1).latex,), "weight")
        used = [("dsigma", layer), ("w", layer + 1, True), ("dl_dz", layer + 1)]
        (gain, w, dl_dz), relation = self._matrices(used, result, lambda gain, w, dl_dz: gain * (w @ dl_dz))
        return (
            [[*lead, *by_gain, OPEN, turned, vector("dl_dz", layer + 1), CLOSE]],
            [[EQUALS, gain, dot, OPEN, w, dl_dz, CLOSE, relation, ending]],
        )

    def _softmax_backward(self, layer: int) -> Line:
        y, dl_dy = (self.symbols.vector(quantity, layer).latex for quantity in ("a", "dl_da"))
        rest = Token(r"\odot\left(#2-#1^{\mathsf T}#2\right)", (y, dl_dy), "backward")
        simplified = Token(r"=#1-\mathbf{t}", (y,), "forward")
        return [self._vector("a", layer), rest, *([simplified] if self.is_difference else [])]

    def _softmax_numbers(self, layer: int) -> Line:
        """Return the numbers of a softmax going backward, up to the ≈ before the result."""
        result, saturated = ("dl_dz", layer), self._saturated(layer)
        if self.is_difference:
            (y, t), relation = self._matrices([("a", layer), ("t", layer)], result, lambda y, t: y - t, saturated)
            return [EQUALS, y, MINUS, t, relation]
        mean = self._mean(layer)
        used = [self._array("a", layer), self._array("dl_da", layer), np.array([mean])]
        digits, relation = about(used, self._array(*result), lambda y, dl_da, mean: y * (dl_da - mean), saturated)
        if abs(mean) > INFINITE:  # ∞ − ∞ says nothing; the sentence says why
            return [relation]
        y, dl_da = (self._numbers(quantity, layer, digits=digits) for quantity in ("a", "dl_da"))
        ending = [MINUS, Token(_factor(number(mean, digits), 1), (), "backward"), CLOSE]
        return [EQUALS, y, Token(r"\odot"), OPEN, dl_da, *ending, relation]

    @property
    def is_difference(self) -> bool:
        """Tell whether ∂l/∂z of the output layer is y − t."""
        network = self.trace.network
        pair = network.activations[-1], network.loss
        ones = rounded(float(self.one.target.sum()), MOST_DIGITS) == 1
        return pair == ("sigmoid", "binary_cross_entropy") or (pair == ("softmax", "cross_entropy") and ones)

    def _layer_gradients(self, layer: int) -> tuple[Formula, Formula]:
        vector, numbers = self._vector, self._numbers
        used = [("dl_dz", layer), ("a", layer - 1, True)]
        (dl_dz, a), relation = self._matrices(used, ("dl_dw", layer), np.outer)
        turned = Token(r"\left(#1\right)^{\mathsf T}", (self.symbols.vector("a", layer - 1).latex,), "forward")
        formula = [
            [vector("dl_dw", layer), EQUALS, vector("dl_dz", layer), turned],
            [vector("dl_db", layer), EQUALS, vector("dl_dz", layer)],
        ]
        numeric = [
            [vector("dl_dw", layer), EQUALS, dl_dz, a, relation, numbers("dl_dw", layer, "result")],
            [vector("dl_db", layer), ABOUT, numbers("dl_db", layer, "result", turned=True)],
        ]
        return formula, numeric

    def _pass(self, event: TraceEvent) -> tuple[Formula, Formula]:
        if event.phase == "sum":
            return self._pass_total()
        if event.phase == "update":
            return self._pass_update()
        trace = self.one
        layers = len(trace.network.weights)
        if event.phase == "forward":
            nested = r"\mathbf{x}" if layers <= 3 else r"\cdots"
            for layer in range(max(1, layers - 2), layers + 1):
                w, b = (self.symbols.vector(quantity, layer).latex for quantity in ("w", "b"))
                sigma = r"\sigma" if trace.elementwise(layer) else r"\mathrm{softmax}"
                nested = rf"{sigma}\left({w}\,{nested}+{b}\right)"
            result = self._numbers("a", layers, "result")
            return [[self._vector("a", layers), EQUALS, Token(nested, (), "forward")]], [
                [self._vector("a", layers), ABOUT, result]
            ]
        whole = [
            Token(r"\frac{\partial l}{\partial w}", (), "backward result"),
            EQUALS,
            Token(r"\frac{\partial z}{\partial w}", (), "forward"),
            Token(r"\frac{\partial l}{\partial z}", (), "backward"),
        ]
        if trace.network.notation == "lecture":
            whole += LECTURE
        elif layers > 1:
            whole += [COMMA, *self._layer_backward(layers - 1)[0][0]]
        formula = [whole]
        ending = [ABOUT, self._numbers("dl_dw", 1, "result")]
        return formula, [[self._vector("dl_dw", 1), *ending]]

    # The sum over the samples, and the update

    def _total(self, event: TraceEvent, terms: int | None = None, *, brief: bool = False) -> tuple[Formula, Formula]:
        """Tell ∂L/∂w = Σₙ ∂lⁿ/∂w, or as much of it as the first `terms` samples give."""
        place = (event.layer, event.unit or 0, event.source)
        of, values = self._learned(event).latex, self.trace.by_sample(event.quantity.replace("dL", "dl"), *place)
        symbolic = [
            [CDOTS] if n is None else [Token(OF_SAMPLE, (of, str(n + 1)), "backward")]
            for n in _kept(len(values), brief)
        ]
        lead = [self._result(event), EQUALS, Token(OVER_SAMPLES, (of,), "backward"), EQUALS]
        marked = [_with_role(term, _progress(i, terms)) for i, term in enumerate(symbolic)]
        line = LINE_OF_FRACTIONS if self.trace.network.notation == "lecture" else LINE
        formula = _broken(lead, marked, line=line)
        added = values[:terms]
        return formula, _added([], added, event.value if terms is None else _added_up(added), "backward", brief)

    def _update(self, event: TraceEvent) -> tuple[Formula, Formula]:
        old, dL = event.operands
        values = [old.value, self.learning_rate, dL.value]
        texts, relation = together(values, event.value, lambda v: v[0] - v[1] * v[2])
        formula = [self._result(event), BECOMES, self._token(old), MINUS, ETA, self._token(dL)]
        numeric = [EQUALS, _number(old, texts[0]), MINUS, Token(texts[1]), TIMES, _number(dL, texts[2], 1)]
        return [formula], _ended([numeric], relation, event.value, "weight")

    @property
    def learning_rate(self) -> float:
        """Return η of a run that has an update."""
        return self.trace.learning_rate or 0.0

    def _layer_total(self, layer: int) -> tuple[Formula, Formula]:
        formula: Line = []
        for of, total in (("w", "dL_dw"), ("b", "dL_db")):
            over_samples = Token(OVER_SAMPLES, (self.symbols.vector(of, layer).latex,), "backward")
            formula += [*([COMMA] if formula else []), self._vector(total, layer), EQUALS, over_samples]
        return [formula], [self._layer_numbers("dL_dw", layer), self._layer_numbers("dL_db", layer)]

    def _layer_numbers(self, total: str, layer: int) -> Line:
        array = (self.trace.dL_dw if total == "dL_dw" else self.trace.dL_db)[layer - 1]
        return [self._vector(total, layer), ABOUT, _matrix(array, "backward result")]

    def _layer_update(self, layer: int) -> tuple[Formula, Formula]:
        learned = ("w", "b") if self.trace.update_biases else ("w",)
        told = [self._vector_update(quantity, layer) for quantity in learned]
        return [symbols for symbols, _ in told], [numbers for _, numbers in told]

    def _vector_update(self, quantity: str, layer: int) -> tuple[Line, Line]:
        trace, vector = self.trace, self._vector(quantity, layer)
        before, after = trace.network, trace.updated or trace.network
        weights, biases = (before.weights, trace.dL_dw, after.weights), (before.biases, trace.dL_db, after.biases)
        old, dL, new = (by_layer[layer - 1] for by_layer in (weights if quantity == "w" else biases))
        symbols = [vector, BECOMES, vector, MINUS, ETA, self._vector(f"d{self.loss.latex}_d{quantity}", layer)]
        digits, relation = DIGITS, ABOUT
        if max(old.shape) <= MOST_MATRIX:
            used = [old, np.array([self.learning_rate]), dL]
            digits, relation = about(used, new, lambda old, rate, dL: old - rate * dL)
        before_step = vector if old.shape[1:] > (WIDEST_OF_THREE,) else _matrix(old, "weight", digits)
        numbers = [vector, BECOMES, before_step, MINUS, Token(number(self.learning_rate, digits))]
        numbers += [_matrix(dL, "backward", digits), relation, _matrix(new, "weight result")]
        return symbols, numbers

    def _pass_total(self) -> tuple[Formula, Formula]:
        trace, total = self.trace, Token(r"L(\theta)", (), "loss result")
        losses = Token(r"\sum_{n}l^{n}(\theta)", (), "loss")
        dL = Token(gradient(ANY_WEIGHT, TOTAL).latex, (), "backward result")
        formula = [total, EQUALS, losses, COMMA, dL, EQUALS, Token(OVER_SAMPLES, (ANY_WEIGHT.latex,), "backward")]
        added = _added([total], np.ravel(trace.loss), trace.L, "loss")
        return [formula], [*added, self._layer_numbers("dL_dw", 1)]

    def _pass_update(self) -> tuple[Formula, Formula]:
        w = Token(ANY_WEIGHT.latex, (), "weight")
        dL = Token(gradient(ANY_WEIGHT, self.loss).latex, (), "backward")
        formula = [w._replace(role="weight result"), BECOMES, w, MINUS, ETA, dL]
        return [formula], [self._vector_update("w", 1)[1]]

    @property
    def loss(self) -> Symbol:
        """Return the loss that an update makes smaller: L of several samples, l of a single one."""
        return TOTAL if self.trace.samples else LOSS

    def _learned(self, event: TraceEvent) -> Symbol:
        """Return the symbol of the weight or bias that a gradient belongs to."""
        return self.symbols(event.quantity[4:], event.layer, event.unit or 0, event.source)

    # Symbols

    def _latex(self, operand: Operand) -> str:
        return self.symbols(*operand.place).latex

    def _symbols_in(self, template: str, *operands: Operand) -> Token:
        """Put the symbols of operands into a template."""
        return _numbers_in(template, list(map(self._latex, operands)), *operands)

    def _token(self, operand: Operand) -> Token:
        return Token(self._latex(operand), (), role(operand.quantity), (_home(operand),))

    def _result(self, event: TraceEvent) -> Token:
        return Token(self.symbols(*event.place).latex, (), f"{role(event.quantity)} result")

    def _vector(self, quantity: str, layer: int) -> Token:
        return Token(self.symbols.vector(quantity, layer).latex, (), role(quantity))

    def _array(self, quantity: str, layer: int, turned: bool = False) -> Array:
        """Return the numbers of a layer; the outputs of layer 0 are the inputs."""
        one, given = self.one, {"w": self.trace.network.weights, "b": self.trace.network.biases}
        if (quantity, layer) == ("a", 0):
            return one.x
        by_layer = given.get(quantity) or (None if quantity == "t" else getattr(one, quantity))
        array = one.target if by_layer is None else by_layer[layer - 1]
        return np.asarray(array.T if turned else array)

    def _matrices(
        self, used: Sequence[tuple[Any, ...]], result: tuple[str, int], f: Any, saturated: Why | None = None
    ) -> tuple[list[Token], Token]:
        """Write the numbers of some layers with so many digits that f of them comes near its result; return ≈, too.

        Each is a quantity and a layer, and True where it is turned on its side.
        """
        arrays, digits, relation = [self._array(*it) for it in used], DIGITS, ABOUT
        if all(max(it.shape) <= MOST_MATRIX for it in arrays):
            digits, relation = about(arrays, self._array(*result), f, saturated)
        return [self._numbers(*it[:2], turned=len(it) > 2, digits=digits) for it in used], relation

    def _numbers(
        self, quantity: str, layer: int, extra: str = "", *, turned: bool = False, digits: int = DIGITS
    ) -> Token:
        """Write the numbers of a layer as a matrix, in which each has its home; of a large one only the shape."""
        quantity, sizes = "x" if quantity == "a" and layer == 0 else quantity, self.trace.network.sizes
        by_source = quantity in ("w", "dl_dw")
        shape = (sizes[layer], sizes[layer - 1] if by_source else 1)
        part = f"{role(quantity)} {extra}".strip()
        if max(shape) > MOST_MATRIX:
            return _shape(shape[::-1] if turned else shape, part)
        rows = [
            [self.trace.operand(quantity, layer, unit, source if by_source else None) for source in range(shape[1])]
            for unit in range(shape[0])
        ]
        return _bracketed(list(zip(*rows, strict=True)) if turned else rows, part, digits)


def _sum_of_products(values: Sequence[Decimal], groups: Sequence[Sequence[object]]) -> Decimal:
    """Add up products of so many values as each group has."""
    written = iter(values)
    return sum((prod([next(written) for _ in group], start=Decimal(1)) for group in groups), Decimal(0))


def _added_up(terms: Sequence[float] | Array) -> float:
    """Return the sum of some terms, 0 where they cancel."""
    return float(settled(np.asarray(np.sum(terms)), np.abs(terms).sum()))


def _home(operand: Operand) -> str:
    """Return where a number has its home, and the step that computed it, −1 for what was given."""
    return f"{key(home(operand.place))} {-1 if operand.step is None else operand.step}"


def _numbers_in(template: str, texts: Sequence[str], *operands: Operand) -> Token:
    """Put what is written for operands, each of which has its home, into a template."""
    return Token(template, tuple(texts), "forward", tuple(map(_home, operands)))


def _number(operand: Operand, text: str, position: int = 0) -> Token:
    """Write the value of an operand, which is not always the first in its product."""
    return Token(_factor(text, position), (), role(operand.quantity), (_home(operand),))


def _pairs(operands: Sequence[Operand]) -> list[tuple[Operand, Operand]]:
    return list(zip(operands[::2], operands[1::2], strict=True))


def _factor(text: str, position: int) -> str:
    """Put a negative number in parentheses, unless it comes first."""
    return f"({text})" if text.startswith("−") and position > 0 else text


def _closed(text: str) -> str:
    """Put a number in parentheses where a bare one would be misread: before a power, after a minus or ln."""
    return f"({text})" if text.startswith("−") or "×" in text else text


def _progress(i: int, terms: int | None) -> str:
    """Return what is to be said of the i-th term while a sum is being added up."""
    if terms is None:
        return ""
    return "term" if i == terms - 1 else "pending" if i >= terms else ""


def _with_role(line: Line, extra: str) -> Line:
    return [token._replace(role=f"{token.role} {extra}".strip()) for token in line] if extra else line


def _kept(count: int, brief: bool = False) -> list[int | None]:
    """Return which terms of a long sum are shown, None standing for those left out of a long one."""
    most, first, last = (TERMS_IN_A_LINE, 2, 1) if brief else (MOST_TERMS, 6, 2)
    return list(range(count)) if count <= most else [*range(first), None, *range(count - last, count)]


def _added(lead: Line, values: Array, result: float, part: str, brief: bool = False) -> Formula:
    """Add up a number of every sample; what a long sum leaves out counts in full, however the others are rounded."""
    if len(values) == 1:
        return _ended([lead], EQUALS, result, part)
    kept = _kept(len(values), brief)
    shown = [float(values[n]) for n in kept if n is not None]
    left_out = Decimal(result - sum(shown) if None in kept else 0)
    texts, relation = together(shown, result, lambda v: sum(v, left_out))
    numbers = iter(texts)
    terms = [[CDOTS if n is None else Token(_factor(next(numbers), i), (), part)] for i, n in enumerate(kept)]
    return _ended(_broken([*lead, EQUALS], terms), relation, result, part)


def _broken(lead: Line, terms: list[Line], around: tuple[Token, Token] | None = None, line: int = LINE) -> Formula:
    """Write a sum in lines of a few terms, behind `lead` and between two brackets; cut a very long one short."""
    if len(terms) > MOST_TERMS:
        terms = [*terms[:6], [CDOTS], *terms[-2:]]
    if around and terms:
        terms = [[around[0], *terms[0]], *terms[1:]]
        terms[-1] = [*terms[-1], around[1]]
    lines: list[Line] = [list(lead)]
    for i, term in enumerate(terms):
        if i and _length([*lines[-1], *term]) > line:
            lines.append([])
        lines[-1] += [PLUS, *term] if i else term
    return lines


def _length(line: Line) -> int:
    """Return about how many characters wide a line is shown; of a fraction only the lower half counts."""
    text = FRACTION.sub("", latex([line]))
    return len(COMMAND.sub("x", text).translate(UNSEEN))


def _ended(formula: Formula, relation: Token, result: float, part: str) -> Formula:
    """Put the result behind the last line."""
    ending = [relation, Token(number(result), (), f"{part} result")]
    return [*formula[:-1], [*formula[-1], *ending]] if formula else [ending]


def _matrix(array: Array, part: str, digits: int = DIGITS) -> Token:
    """Write a small array in full, and of a large one only the shape."""
    rows = array[:, None] if array.ndim == 1 else array
    if max(rows.shape) > MOST_MATRIX:
        return _shape(rows.shape, part)
    return Token(_brackets(rows.shape), tuple(number(float(v), digits) for v in rows.flat), part)


def _bracketed(rows: Sequence[Sequence[Operand]], part: str, digits: int = DIGITS) -> Token:
    """Write rows of numbers as a matrix."""
    operands = list(chain(*rows))
    texts, homes = (number(it.value, digits) for it in operands), map(_home, operands)
    return Token(_brackets((len(rows), len(rows[0]))), tuple(texts), part, tuple(homes))


def _brackets(shape: tuple[int, ...]) -> str:
    rows = (range(i * shape[1] + 1, (i + 1) * shape[1] + 1) for i in range(shape[0]))
    body = r"\\".join("&".join(f"#{i}" for i in row) for row in rows)
    return rf"\begin{{bmatrix}}{body}\end{{bmatrix}}"


def _shape(shape: tuple[int, ...], part: str) -> Token:
    return Token(rf"\left[{shape[0]}\times {shape[1]}\right]", (), part)
