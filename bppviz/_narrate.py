"""A stop in words: its formula in symbols, the same with the numbers put in, and a sentence that says why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np

from bppviz._formula import Formula, Line, Token, joined
from bppviz._functions import LOSSES, SIMPLIFIED, Array
from bppviz._numbers import DIGITS, number, rounded
from bppviz._symbols import Symbol, Symbols
from bppviz._trace import Operand, Trace, TraceEvent
from bppviz._walk import Stop, sum_length
from bppviz._words import Words, listed

TERMS_IN_A_LINE = 4
MOST_TERMS = 12
MOST_MATRIX = 4
EQUALS, PLUS, TIMES = Token("="), Token("+"), Token(r"\times")
OPEN, CLOSE = Token(r"\bigl["), Token(r"\bigr]")
ROLES = {"x": "forward", "z": "forward", "a": "forward", "w": "weight", "b": "weight", "t": "target", "loss": "loss"}


def role(quantity: str) -> str:
    """Return the part that a quantity plays in picture and formula: forward, weight, target, loss or backward."""
    return ROLES.get(quantity, "backward")


class Narrator:
    """Tells one trace. Every method is a pure function of a stop."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.symbols = Symbols(trace.network)

    # The three things that stand under the picture

    def formula(self, stop: Stop) -> Formula:
        """Return the equation of a stop in symbols."""
        return self._equation(stop)[0]

    def substituted(self, stop: Stop) -> Formula:
        """Return the same equation with the numbers put in, and the result."""
        return self._equation(stop)[1]

    def sentence(self, stop: Stop, say: Words) -> str:
        """Return one sentence, or two, that say why."""
        event = self.trace[stop.last]
        if stop.granularity == "pass" and event.quantity != "loss":
            return say(f"pass.{event.phase}")
        if stop.granularity == "layer" and event.quantity != "loss":
            return self._layer_sentence(event, say)
        if stop.granularity == "neuron" and stop.first < stop.last and event.quantity in ("a", "dl_db"):
            return self._neuron_sentence(event, say)
        sentence = self._event_sentence(event, say)
        if stop.terms is None:
            return sentence
        return say("term", count=stop.terms, total=sum_length(self.trace, event)) + " " + sentence

    def both(self, stop: Stop) -> tuple[Formula, Formula]:
        """Return `formula` and `substituted`, which share their work."""
        return self._equation(stop)

    def _equation(self, stop: Stop) -> tuple[Formula, Formula]:
        event = self.trace[stop.last]
        if event.quantity == "loss":
            return self._loss(event, stop.terms)
        if stop.granularity == "pass":
            return self._pass(event)
        if stop.granularity == "layer":
            return self._layer(event)
        if stop.granularity == "neuron" and event.quantity in ("a", "dl_db"):
            return self._stacked(self.trace[stop.first : stop.last + 1])
        return self._event(event, stop.terms)

    # One equation

    def _event(self, event: TraceEvent, terms: int | None = None) -> tuple[Formula, Formula]:
        tell = {
            "z": self._z,
            "loss": self._loss,
            "dl_da": self._dl_da,
        }.get(event.quantity)
        if tell:
            return tell(event, terms)
        return getattr(self, f"_{event.quantity}")(event)  # type: ignore[no-any-return]

    def _z(self, event: TraceEvent, terms: int | None) -> tuple[Formula, Formula]:
        *products, bias = event.operands
        pairs = list(zip(products[::2], products[1::2], strict=True))
        symbolic = [[self._token(x), self._token(w)] for x, w in pairs] + [[self._token(bias)]]
        groups = [(x.value, w.value) for x, w in pairs] + [(bias.value,)]
        return self._sum(event, symbolic, groups, [("forward", "weight")] * len(pairs) + [("weight",)], terms)

    def _dl_da(self, event: TraceEvent, terms: int | None) -> tuple[Formula, Formula]:
        if event.layer == len(self.trace.network.weights):
            return self._dl_dy(event)
        pairs = _pairs(event.operands)
        symbolic = [[self._token(w), self._token(g)] for w, g in pairs]
        groups = [(w.value, g.value) for w, g in pairs]
        return self._sum(event, symbolic, groups, [("weight", "backward")] * len(pairs), terms)

    def _sum(
        self,
        event: TraceEvent,
        symbolic: list[Line],
        groups: Sequence[tuple[float, ...]],
        roles: Sequence[tuple[str, ...]],
        terms: int | None,
    ) -> tuple[Formula, Formula]:
        """Tell a sum of products, or the first `terms` of them."""
        count = len(groups) if terms is None else terms
        lead = [self._result(event), EQUALS]
        formula = _broken(lead, [_with_role(t, _progress(i, terms)) for i, t in enumerate(symbolic)])
        partial = sum(float(np.prod(group)) for group in groups[:count])
        result = event.value if terms is None else partial
        texts, relation = _shown(
            [v for group in groups[:count] for v in group], result, lambda v: _sum_of_products(v, groups[:count])
        )
        factors = iter(texts)
        numeric = [
            joined(([Token(_factor(next(factors), i + j), (), part)] for j, part in enumerate(roles[i])), r"\times")
            for i in range(count)
        ]
        return formula, _ended(_broken([EQUALS], numeric), relation, result, role(event.quantity))

    def _a(self, event: TraceEvent) -> tuple[Formula, Formula]:
        name = self.trace.network.activations[event.layer - 1]
        if name == "softmax":
            return self._softmax(event)
        (z,) = event.operands
        sigma = Token(r"\sigma(#1)", (self._latex(z),), "forward")
        templates = {
            "sigmoid": r"\frac{1}{1+e^{-#1}}",
            "tanh": r"\tanh(#1)",
            "relu": r"\max(0,#1)",
            "leaky_relu": r"\max(0.01\times #1,#1)",
            "identity": "#1",
        }
        template = templates[name]
        f = {
            "sigmoid": lambda v: 1 / (1 + np.exp(min(-v[0], 700))),
            "tanh": lambda v: np.tanh(v[0]),
            "relu": lambda v: max(0.0, v[0]),
            "leaky_relu": lambda v: max(0.01 * v[0], v[0]),
            "identity": lambda v: v[0],
        }[name]
        (text,), relation = _shown([z.value], event.value, f)
        inner = _factor(text, 1) if name in ("sigmoid", "leaky_relu") else text
        formula = [self._result(event), EQUALS, sigma, EQUALS, Token(template, (self._latex(z),), "forward")]
        return [formula], _ended([[EQUALS, Token(template, (inner,), "forward")]], relation, event.value, "forward")

    def _softmax(self, event: TraceEvent) -> tuple[Formula, Formula]:
        zs = [(z.unit, z.value, self._latex(z)) for z in event.operands]
        own = event.unit or 0
        shown = zs if len(zs) <= TERMS_IN_A_LINE else [*zs[:2], zs[-1]]
        gap = len(shown) < len(zs)

        def fraction(texts: Sequence[str], top: str) -> Token:
            exponentials = [f"e^{{{text.replace('−', '-')}}}" for text in texts]
            if gap:
                exponentials.insert(2, r"\cdots")
            return Token(rf"\frac{{e^{{{top.replace('−', '-')}}}}}{{{'+'.join(exponentials)}}}", (), "forward")

        def f(v: Sequence[float]) -> float:
            return float(np.exp(v[own] - np.logaddexp.reduce(np.array(v))))

        texts, relation = _shown([z[1] for z in zs], event.value, f)
        formula = [self._result(event), EQUALS, fraction([z[2] for z in shown], zs[own][2])]
        numeric = fraction([texts[z[0]] for z in shown], texts[own])
        return [formula], _ended([[EQUALS, numeric]], relation, event.value, "forward")

    def _loss(self, event: TraceEvent, terms: int | None = None) -> tuple[Formula, Formula]:
        name = self.trace.network.loss
        pairs = _pairs(event.operands)
        count = len(pairs) if terms is None else terms
        result = event.value if terms is None else float(self.trace.loss_terms[:count].sum())
        symbolic = [_loss_term(name, self._latex(y), self._latex(t), i) for i, (y, t) in enumerate(pairs)]
        texts, relation = _shown(
            [v for y, t in pairs[:count] for v in (y.value, t.value)], result, lambda v: _loss_value(name, v)
        )
        numeric = [_loss_term(name, texts[2 * i], _factor(texts[2 * i + 1], 1), i) for i in range(count)]
        head: Line = [Token(r"\tfrac{1}{2}")] if name == "half_squared_error" else []
        around = (OPEN, CLOSE) if head and len(pairs) > 1 else None
        formula = _broken(
            [self._result(event), EQUALS, *head], [_with_role(t, _progress(i, terms)) for i, t in enumerate(symbolic)], around
        )
        return formula, _ended(_broken([EQUALS, *head], numeric, around), relation, result, "loss")

    def _dl_dy(self, event: TraceEvent) -> tuple[Formula, Formula]:
        y, t = event.operands
        name = self.trace.network.loss
        templates = {
            "half_squared_error": "#1-#2",
            "binary_cross_entropy": r"\frac{#1-#2}{#1(1-#1)}",
            "cross_entropy": r"-\frac{#2}{#1}",
        }
        (y_text, t_text), relation = _shown(
            [y.value, t.value], event.value, lambda v: float(LOSSES[name].derivative(np.array(v[0]), np.array(v[1])))
        )
        formula = [self._result(event), EQUALS, Token(templates[name], (self._latex(y), self._latex(t)), "forward")]
        numeric = Token(templates[name], (y_text, _factor(t_text, 1)), "forward")
        return [formula], _ended([[EQUALS, numeric]], relation, event.value, "backward")

    def _dsigma(self, event: TraceEvent) -> tuple[Formula, Formula]:
        name = self.trace.network.activations[event.layer - 1]
        (z,) = event.operands
        lead = [self._result(event), EQUALS]
        if name in ("sigmoid", "tanh"):
            symbolic, numeric, f = {
                "sigmoid": (r"\sigma(#1)\left(1-\sigma(#1)\right)", r"#1\times\left(1-#1\right)", lambda v: v[0] * (1 - v[0])),
                "tanh": (r"1-\tanh^{2}(#1)", r"1-#1^{2}", lambda v: 1 - v[0] ** 2),
            }[name]
            a = self.trace.value("a", event.layer, event.unit or 0)
            (text,), relation = _shown([a], event.value, f)
            text = _factor(text, 1) if name == "tanh" else text
            return [[*lead, Token(symbolic, (self._latex(z),), "forward")]], _ended(
                [[EQUALS, Token(numeric, (text,), "forward")]], relation, event.value, "backward"
            )
        if name == "identity":
            return [[*lead, Token("1")]], _ended([], "=", event.value, "backward")
        case = rf"\text{{{'' if z.value > 0 else ''}}}"
        del case
        comparison = r"#1>0" if z.value > 0 else r"#1\le 0"
        slope = number(event.value)
        formula = [*lead, Token(slope), Token(","), Token(comparison, (self._latex(z),), "forward")]
        check = [Token(comparison, (number(z.value),), "forward"), Token(r"\Rightarrow")]
        return [formula], [[*check, Token(number(event.value), (), "backward result")]]

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
                [self._result(event), EQUALS, chain_rule, self._token(dl_da), EQUALS, self._token(dsigma), self._token(dl_da)]
            ]
            texts, relation = _shown([dsigma.value, dl_da.value], event.value, lambda v: v[0] * v[1])
            numeric = joined([[Token(_factor(text, i), (), "backward")] for i, text in enumerate(texts)], r"\times")
            simplified = self._simplified(event)
            if simplified:
                formula[0] += [EQUALS, *simplified[0]]
                return formula, _ended([[EQUALS, *simplified[1]]], "=", event.value, "backward")
            return formula, _ended([[EQUALS, *numeric]], relation, event.value, "backward")
        bracket = _pairs(self.trace[dl_da.step or 0].operands)
        lead = [self._result(event), EQUALS, self._token(dsigma)]
        formula = _broken(lead, [[self._token(w), self._token(g)] for w, g in bracket], (OPEN, CLOSE))
        values = [dsigma.value, *(o.value for pair in bracket for o in pair)]
        texts, relation = _shown(
            values, event.value, lambda v: v[0] * _sum_of_products(v[1:], [(0.0, 0.0)] * len(bracket))
        )
        products = [
            [Token(_factor(w, i), (), "weight"), TIMES, Token(_factor(g, 1), (), "backward")]
            for i, (w, g) in enumerate(zip(texts[1::2], texts[2::2], strict=True))
        ]
        numeric_lead = [EQUALS, Token(texts[0], (), "backward"), TIMES]
        return formula, _ended(_broken(numeric_lead, products, (OPEN, CLOSE)), relation, event.value, "backward")

    def _simplified(self, event: TraceEvent) -> tuple[Line, Line] | None:
        """Return what σ′(z) · ∂l/∂y simplifies to, in symbols and in numbers, for the losses made for it."""
        network = self.trace.network
        if (network.activations[-1], network.loss) not in SIMPLIFIED:
            return None
        unit = event.unit or 0
        y, t = (self.trace.operand(quantity, event.layer, unit) for quantity in ("a", "t"))
        ones = float(self.trace.target.sum())
        template, f = "#1-#2", lambda v: v[0] - v[1]
        if network.activations[-1] == "sigmoid" and network.loss == "cross_entropy":
            template, f = r"-#2\left(1-#1\right)", lambda v: -v[1] * (1 - v[0])
        elif network.activations[-1] == "softmax" and ones != 1:
            template, f = rf"#1\times {number(ones)}-#2", lambda v: v[0] * ones - v[1]
        (y_text, t_text), _ = _shown([y.value, t.value], event.value, f)
        symbolic = [Token(template, (self._latex(y), self._latex(t)), "forward")]
        return symbolic, [Token(template, (y_text, _factor(t_text, 1)), "forward")]

    def _through_softmax(self, event: TraceEvent) -> tuple[Formula, Formula]:
        pairs = _pairs(event.operands)
        a, dl_da = pairs[event.unit or 0]
        total = Token(r"\sum_{k}y_{k}\frac{\partial l}{\partial y_{k}}", (), "backward")
        formula = [
            [self._result(event), EQUALS, self._token(a), OPEN, self._token(dl_da), Token("-"), total, CLOSE],
        ]
        simplified = self._simplified(event)
        if simplified:
            formula[0] += [EQUALS, *simplified[0]]
            return formula, _ended([[EQUALS, *simplified[1]]], "=", event.value, "backward")
        mean = sum(share.value * gradient.value for share, gradient in pairs)
        texts, relation = _shown([a.value, dl_da.value, mean], event.value, lambda v: v[0] * (v[1] - v[2]))
        numeric = [
            EQUALS,
            Token(texts[0], (), "forward"),
            TIMES,
            OPEN,
            Token(texts[1], (), "backward"),
            Token("-"),
            Token(_factor(texts[2], 1), (), "backward"),
            CLOSE,
        ]
        return formula, _ended([numeric], relation, event.value, "backward")

    def _dl_dw(self, event: TraceEvent) -> tuple[Formula, Formula]:
        entering, dl_dz = event.operands
        derivative = self._dz_by(event)
        formula = [self._result(event), EQUALS, derivative, self._token(dl_dz), EQUALS]
        formula += [self._token(entering), self._token(dl_dz)]
        texts, relation = _shown([entering.value, dl_dz.value], event.value, lambda v: v[0] * v[1])
        numeric = [
            EQUALS,
            Token(_factor(texts[0], 0), (), "forward"),
            TIMES,
            Token(_factor(texts[1], 1), (), "backward"),
        ]
        return [formula], _ended([numeric], relation, event.value, "backward")

    def _dl_db(self, event: TraceEvent) -> tuple[Formula, Formula]:
        (dl_dz,) = event.operands
        formula = [self._result(event), EQUALS, self._dz_by(event), self._token(dl_dz), EQUALS, Token("1"), TIMES]
        numeric = [EQUALS, Token("1"), TIMES, Token(_factor(number(dl_dz.value), 1), (), "backward")]
        return [[*formula, self._token(dl_dz)]], _ended([numeric], "=", event.value, "backward")

    def _dz_by(self, event: TraceEvent) -> Token:
        """Return ∂z/∂w or ∂z/∂b, whichever belongs to the event."""
        top, bottom = self._dz_symbols(event)
        return Token(rf"\frac{{\partial {top.latex}}}{{\partial {bottom.latex}}}", (), "forward")

    def _dz_symbols(self, event: TraceEvent) -> tuple[Symbol, Symbol]:
        place = (event.layer, event.unit or 0)
        return self.symbols("z", *place), self.symbols(event.quantity[4:], *place, event.source)

    # Several at once

    def _stacked(self, events: Sequence[TraceEvent]) -> tuple[Formula, Formula]:
        """Tell a few equations under one another; of many, the first, the second and the last."""
        shown = events if len(events) <= TERMS_IN_A_LINE else [*events[:2], events[-1]]
        told = [self._event(event) for event in shown]
        formula = list(chain.from_iterable(f for f, _ in told))
        lines = [line for _, s in told for line in s]
        return formula, lines

    def _layer(self, event: TraceEvent) -> tuple[Formula, Formula]:
        if event.quantity == "a":
            return self._layer_forward(event.layer)
        if event.quantity == "dl_db":
            return self._layer_gradients(event.layer)
        return self._layer_backward(event.layer)

    def _layer_forward(self, layer: int) -> tuple[Formula, Formula]:
        trace, vector = self.trace, self._vector
        before = trace.x if layer == 1 else trace.a[layer - 2]
        w, b = trace.network.weights[layer - 1], trace.network.biases[layer - 1]
        z, a = trace.z[layer - 1], trace.a[layer - 1]
        formula = [
            [vector("z", layer), EQUALS, vector("w", layer), vector("a", layer - 1), PLUS, vector("b", layer)],
            [vector("a", layer), EQUALS, Token(r"\sigma(#1)", (self.symbols.vector("z", layer).latex,), "forward")],
        ]
        numeric = [
            [vector("z", layer), EQUALS, _matrix(w, "weight"), _matrix(before, "forward"), PLUS, _matrix(b, "weight")],
            [vector("a", layer), EQUALS, Token(r"\sigma"), _matrix(z, "forward"), Token(r"\approx"), _matrix(a, "forward result")],
        ]
        numeric[0] += [Token(r"\approx"), _matrix(z, "forward result")]
        return formula, numeric

    def _layer_backward(self, layer: int) -> tuple[Formula, Formula]:
        trace, vector = self.trace, self._vector
        lead = [vector("dl_dz", layer), EQUALS]
        dl_dz, dl_da, gain = (arrays[layer - 1] for arrays in (trace.dl_dz, trace.dl_da, trace.dsigma))
        ending = [Token(r"\approx"), _matrix(dl_dz, "backward result")]
        if gain is None:
            rest = Token(r"\odot\left(\frac{\partial l}{\partial\mathbf{y}}-\mathbf{y}^{\mathsf T}\frac{\partial l}{\partial\mathbf{y}}\right)")
            return [[*lead, vector("a", layer), rest]], [[vector("dl_dz", layer), *ending]]
        by_gain = [vector("dsigma", layer), Token(r"\odot")]
        numeric = [EQUALS, _matrix(gain, "backward"), Token(r"\odot")]
        if layer == len(trace.network.weights):
            return [[*lead, *by_gain, vector("dl_da", layer)]], [[*numeric, _matrix(dl_da, "backward"), *ending]]
        w, behind = trace.network.weights[layer], trace.dl_dz[layer]
        turned = Token(r"{#1}^{\mathsf T}", (self.symbols.vector("w", layer + 1).latex,), "weight")
        return (
            [[*lead, *by_gain, OPEN, turned, vector("dl_dz", layer + 1), CLOSE]],
            [[*numeric, OPEN, _matrix(w.T, "weight"), _matrix(behind, "backward"), CLOSE, *ending]],
        )

    def _layer_gradients(self, layer: int) -> tuple[Formula, Formula]:
        trace, vector = self.trace, self._vector
        before = trace.x if layer == 1 else trace.a[layer - 2]
        dl_dz = trace.dl_dz[layer - 1]
        turned = Token(r"{#1}^{\mathsf T}", (self.symbols.vector("a", layer - 1).latex,), "forward")
        formula = [
            [vector("dl_dw", layer), EQUALS, vector("dl_dz", layer), turned, Token(r",\quad"),
             vector("dl_db", layer), EQUALS, vector("dl_dz", layer)],
        ]
        numeric = [
            [vector("dl_dw", layer), EQUALS, _matrix(dl_dz, "backward"), _matrix(before[None, :], "forward"),
             Token(r"\approx"), _matrix(trace.dl_dw[layer - 1], "backward result")],
        ]
        return formula, numeric

    def _pass(self, event: TraceEvent) -> tuple[Formula, Formula]:
        trace = self.trace
        layers = len(trace.network.weights)
        if event.phase == "forward":
            nested = r"\mathbf{x}" if layers <= 3 else rf"\cdots"
            for layer in range(max(1, layers - 2), layers + 1):
                nested = rf"\sigma\left({self.symbols.vector('w', layer).latex}\,{nested}+{self.symbols.vector('b', layer).latex}\right)"
            result = _matrix(trace.a[-1], "forward result")
            return [[self._vector("a", layers), EQUALS, Token(nested, (), "forward")]], [[self._vector("a", layers), Token(r"\approx"), result]]
        formula = [
            [
                Token(r"\frac{\partial l}{\partial w}", (), "backward result"),
                EQUALS,
                Token(r"\frac{\partial z}{\partial w}", (), "forward"),
                Token(r"\frac{\partial l}{\partial z}", (), "backward"),
                Token(r",\quad"),
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
        ]
        ending = [Token(r"\approx"), _matrix(trace.dl_dw[0], "backward result")]
        return formula, [[self._vector("dl_dw", 1), *ending]]

    # Sentences

    def _event_sentence(self, event: TraceEvent, say: Words) -> str:
        layer, unit = event.layer, event.unit or 0
        last = len(self.trace.network.weights)
        text = {q: self._text(q, layer, unit) for q in ("z", "a", "b", "t", "dsigma", "dl_da", "dl_dz")}
        here = self._text(event.quantity, layer, unit, event.source)
        match event.quantity:
            case "z":
                return say("z.input" if layer == 1 else "z.hidden", z=here, b=text["b"])
            case "a":
                return say(f"a.{self.trace.network.activations[layer - 1]}", a=here, z=text["z"])
            case "loss":
                ys = [self._text("a", layer, i) for i in range(self.trace.network.sizes[-1])]
                return say(f"loss.{self.trace.network.loss}", ys=listed(say, ys))
            case "dl_da" if layer == last:
                return say("dl_da.output", a=text["a"], t=text["t"], gradient=here)
            case "dl_da":
                behind = range(self.trace.network.sizes[layer + 1])
                zs = [self._text("z", layer + 1, i) for i in behind]
                ws = [self._text("w", layer + 1, i, unit) for i in behind]
                name = "dl_da.hidden" if len(zs) > 1 else "dl_da.single"
                return say(name, a=text["a"], zs=listed(say, zs), ws=listed(say, ws))
            case "dsigma":
                return say("dsigma", dsigma=here, z=text["z"])
            case "dl_dz":
                kind = "softmax" if not self.trace.elementwise(layer) else "output" if layer == last else "hidden"
                return say(f"dl_dz.{kind}", gradient=here, **{q: text[q] for q in ("a", "z", "dsigma", "dl_da")})
        top, bottom = (symbol.text for symbol in self._dz_symbols(event))
        derivative = f"∂{top}/∂{bottom}"
        effect = say(f"effect.{'up' if event.value > 0 else 'down' if event.value < 0 else 'none'}", w=bottom)
        if event.quantity == "dl_db":
            return say("dl_db", dz_db=derivative, dl_dz=text["dl_dz"]) + " " + effect
        entering = self._named(self.trace.entering(layer, event.source or 0))
        return say("dl_dw", dz_dw=derivative, input=entering, dl_dz=text["dl_dz"], w=bottom) + " " + effect

    def _neuron_sentence(self, event: TraceEvent, say: Words) -> str:
        place = (event.layer, event.unit or 0)
        if event.quantity == "a":
            return say("neuron.forward", z=self._text("z", *place), a=self._text("a", *place))
        return say("neuron.gradients", dl_dz=self._text("dl_dz", *place))

    def _layer_sentence(self, event: TraceEvent, say: Words) -> str:
        layer = event.layer
        text = {q: self.symbols.vector(q, layer).text for q in ("z", "w", "dsigma", "dl_da", "dl_dz")}
        if event.quantity == "a":
            return say("layer.forward", layer=layer, w=text["w"], z=text["z"])
        if event.quantity == "dl_db":
            return say("layer.gradients", layer=layer, dl_dz=text["dl_dz"])
        if not self.trace.elementwise(layer):
            return say("layer.backward_softmax", layer=layer, z=text["z"])
        if layer == len(self.trace.network.weights):
            return say("layer.backward_output", layer=layer, dl_da=text["dl_da"], dsigma=text["dsigma"])
        return say("layer.backward", layer=layer, w=self.symbols.vector("w", layer + 1).text, dsigma=text["dsigma"])

    # Symbols

    def _text(self, quantity: str, layer: int, unit: int = 0, source: int | None = None) -> str:
        return self.symbols(quantity, layer, unit, source).text

    def _named(self, operand: Operand) -> str:
        """Return an operand's symbol, with the name that the user gave to it."""
        symbol = self._text(*operand[:4])
        names = self.trace.network.input_names
        return f"{symbol} ({names[operand.unit]})" if operand.quantity == "x" and names else symbol

    def _latex(self, operand: Operand) -> str:
        return self.symbols(*operand[:4]).latex

    def _token(self, operand: Operand) -> Token:
        return Token(self._latex(operand), (), role(operand.quantity))

    def _result(self, event: TraceEvent) -> Token:
        place = (event.quantity, event.layer, event.unit or 0, event.source)
        return Token(self.symbols(*place).latex, (), f"{role(event.quantity)} result")

    def _vector(self, quantity: str, layer: int) -> Token:
        return Token(self.symbols.vector(quantity, layer).latex, (), role(quantity))


def _shown(values: Sequence[float], result: float, f: Callable[[list[float]], float]) -> tuple[list[str], str]:
    """Write the values with so many digits that f of what is written gives the result as it is written.

    Returns the texts and "=", or "≈" where no reasonable number of digits is enough.
    """
    wanted = rounded(result)
    for digits in range(DIGITS, 9):
        with np.errstate(all="ignore"):
            if rounded(float(f([rounded(v, digits) for v in values]))) == wanted:
                return [number(v, digits) for v in values], "="
    return [number(v) for v in values], r"\approx"


def _sum_of_products(values: Sequence[float], groups: Sequence[tuple[float, ...]]) -> float:
    total, start = 0.0, 0
    for group in groups:
        total += float(np.prod(values[start : start + len(group)]))
        start += len(group)
    return total


def _pairs(operands: Sequence[Operand]) -> list[tuple[Operand, Operand]]:
    return list(zip(operands[::2], operands[1::2], strict=True))


def _factor(text: str, position: int) -> str:
    """Put a negative number in parentheses, unless it comes first."""
    return f"({text})" if text.startswith("−") and position > 0 else text


def _progress(i: int, terms: int | None) -> str:
    """Return what is to be said of the i-th term while a sum is being added up."""
    if terms is None:
        return ""
    return "term" if i == terms - 1 else "pending" if i >= terms else ""


def _with_role(line: Line, extra: str) -> Line:
    return [token._replace(role=f"{token.role} {extra}".strip()) for token in line] if extra else line


def _broken(lead: Line, terms: list[Line], around: tuple[Token, Token] | None = None) -> Formula:
    """Write a sum in lines of a few terms, behind `lead` and between two brackets; cut a very long one short."""
    if len(terms) > MOST_TERMS:
        terms = [*terms[:6], [Token(r"\cdots")], *terms[-2:]]
    if around and terms:
        terms = [[around[0], *terms[0]], *terms[1:]]
        terms[-1] = [*terms[-1], around[1]]
    rows = [terms[i : i + TERMS_IN_A_LINE] for i in range(0, len(terms), TERMS_IN_A_LINE)]
    if len(rows) > 1 and len(rows[-1]) == 1:
        rows[-2:] = [[*rows[-2], *rows[-1]]]
    lines = [joined(row, "+") for row in rows]
    return [[*lead, *lines[0]], *([PLUS, *line] for line in lines[1:])]


def _ended(formula: Formula, relation: str, result: float, part: str) -> Formula:
    """Put the result behind the last line."""
    ending = [Token(relation), Token(number(result), (), f"{part} result")]
    return [*formula[:-1], [*formula[-1], *ending]] if formula else [ending]


def _loss_term(name: str, y: str, t: str, i: int) -> Line:
    templates = {
        "half_squared_error": r"\left(#1-#2\right)^{2}",
        "binary_cross_entropy": r"-\left[#2\ln #1+\left(1-#2\right)\ln\left(1-#1\right)\right]",
        "cross_entropy": r"\left(-#2\ln #1\right)",
    }
    return [Token(templates[name], (y, t), "forward")]


def _loss_value(name: str, values: Sequence[float]) -> float:
    y, t = np.array(values[::2]), np.array(values[1::2])
    if name == "half_squared_error":
        return float(0.5 * ((y - t) ** 2).sum())
    if name == "cross_entropy":
        return float(-(t * np.log(y)).sum())
    return float(-(t * np.log(y) + (1 - t) * np.log(1 - y)).sum())


def _matrix(array: Array, part: str) -> Token:
    """Write a small array in full, and of a large one only the shape."""
    rows = array[:, None] if array.ndim == 1 else array
    if max(rows.shape) > MOST_MATRIX:
        return Token(rf"\left[{rows.shape[0]}\times {rows.shape[1]}\right]", (), part)
    body = r"\\".join("&".join(number(float(v)).replace("−", "-") for v in row) for row in rows)
    return Token(rf"\begin{{bmatrix}}{body}\end{{bmatrix}}", (), part)
