"""A stop in words: its formula in symbols, the same with the numbers put in, and a sentence that says why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

import numpy as np

from bppviz.core.place import Operand
from bppviz.core.sums import Array
from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import Stop, sum_length
from bppviz.words.catalogue import Words, listed, of_total, without_bias
from bppviz.words.equations import equation, factors_asked
from bppviz.words.formula import Formula, Token, Why
from bppviz.words.notation import Equation, Notation, asking
from bppviz.words.numbers import number
from bppviz.words.symbols import ANY_WEIGHT, LOSS, TOTAL, called, gradient, loss_of

NEGLIGIBLE = 1e-9  # of the largest gradient of the walk, or of how far the outputs miss


class Narrator:
    """Tells one trace. Every method is a pure function of a stop."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._notation = Notation(trace)
        self.symbols = self._notation.symbols

    def both(self, stop: Stop) -> Equation:
        """Return the equation of a stop: in symbols, and with the numbers put in and the result."""
        return _both(self._notation, stop)

    def asking(self, stop: Stop, events: Sequence[TraceEvent]) -> Equation:
        """Return the equation of a stop at which some events are asked for, with a question mark for every result."""
        if events[0].quantity == "dz_dw":
            return factors_asked(self._notation, events)
        formula, substituted = self.both(stop)
        return formula, asking(substituted)

    def left_side(self, stop: Stop) -> Formula:
        """Return the equation of a stop in symbols up to its =, and a question mark for the rest."""
        (result, equals, *_), *_ = self.both(stop)[0]
        return [[result, equals, Token("?", (), "backward")]]

    def sentence(self, stop: Stop, say: Words) -> str:
        """Return a sentence, or a few, that say why; and why the numbers shown do not come to the result, if so."""
        sentence = self._sentence(stop, say)
        for why in _reasons(self.both(stop)[1]):
            reason = say(why.name, symbol=why.symbol, value=why.value)
            sentence = say("list.sentences", first=sentence, second=reason)
        return sentence

    def _sentence(self, stop: Stop, say: Words) -> str:
        why, begins = self._why(stop, say), self._beginnings.get(stop.first)
        # The others say it themselves: beside two rows of matrices there is no room for another sentence.
        if begins is None or stop.granularity == "pass" or (stop.granularity, begins) == ("layer", "begins.gradient"):
            return why
        return say("list.sentences", first=say(begins), second=why)

    @cached_property
    def _beginnings(self) -> dict[int, str]:
        """Return what is said first where a phase begins, by its first step; a single layer has nothing to share."""
        starts = {block.phase: block.start for block in reversed(self.trace.blocks)}
        told = ("backward", "gradient") if self.trace.network.layers > 1 else ("gradient",)
        return {starts[phase]: f"begins.{phase}" for phase in told}

    def _why(self, stop: Stop, say: Words) -> str:
        event = self.trace[stop.last]
        if stop.granularity == "pass" and event.quantity != "loss":
            if event.phase == "update":
                return self._update_sentence("pass", event, say)
            name = self._of_total(f"pass.{event.phase}")
            return say(name if self.trace.network.has_biases else without_bias(name))
        if stop.granularity == "layer" and event.quantity != "loss":
            return self._layer_sentence(event, say)
        if stop.granularity == "vector" and event.quantity != "loss":
            return self._vector_sentence(event, say)
        of_neuron = event.quantity == "a" or event.phase in ("gradient", "sum", "update")
        if stop.granularity == "neuron" and stop.first < stop.last and of_neuron:
            return self._neuron_sentence(event, say)
        sentence = self._event_sentence(event, say)
        if stop.terms is None:
            return sentence
        so_far = say("term", count=stop.terms, total=sum_length(self.trace, event.place))
        return say("list.sentences", first=so_far, second=sentence)

    def result(self, stop: Stop, say: Words) -> str:
        """Return the result of a stop that computes a single number, else nothing."""
        event = self.trace[stop.last]
        is_one = stop.granularity in ("equation", "term") or (event.quantity == "loss" and stop.granularity != "pass")
        if not is_one or stop.terms is not None:
            return ""
        return say("spoken.result", what=self._text(*event.place), value=number(event.value))

    def _event_sentence(self, event: TraceEvent, say: Words) -> str:
        _, layer, unit, source = event.place
        last = self.trace.network.layers
        text = {q: self._text(q, layer, unit) for q in ("z", "a", "b", "t", "dsigma", "dl_da", "dl_dz")}
        here = self._text(*event.place)
        match event.quantity:
            case "z":
                name = "z.first" if event.step == 0 else "z.input" if layer == 1 else "z.hidden"
                return say(self._of_layer(name, layer), z=here, b=text["b"])
            case "a":
                own = self.trace.network.activation(layer)
                return say(f"a.{own.kind}", a=here, z=text["z"], slope=number(own.leak))
            case "loss":
                ys = [self._text("a", layer, i) for i in range(self.trace.network.sizes[-1])]
                return say(f"loss.{self.trace.network.loss}", ys=listed(say, ys), count=len(ys))
            case "dl_da" if layer == last:
                return say("dl_da.output", a=text["a"], t=text["t"], gradient=here)
            case "dl_da":
                return self._dl_da_sentence(event, text["a"], say)
            case "dsigma":
                return say("dsigma", dsigma=here, z=text["z"], a=text["a"])
            case "dl_dz":
                return self._dl_dz_sentence(layer, text, say)
            case "dL_dw" | "dL_db":
                return self._sum_sentence(event, say)
            case "w" | "b":
                blanks = {"w": here, "rate": self._rate, "gradient": self._text(*event.operands[1].place)}
                if self.trace[event.step - 1].phase == "update":
                    return say("update", **blanks)
                return say("update.first", any_gradient=gradient(ANY_WEIGHT, self._notation.loss).text, **blanks)
        top, bottom = (symbol.text for symbol in self._notation.dz_symbols(event))
        derivative = f"∂{top}/∂{bottom}"
        effect = say(f"effect.{direction(event.value, self._largest)}", w=bottom)
        if event.quantity == "dl_db":
            why = say("dl_db", dz_db=derivative, dl_dz=text["dl_dz"])
            return say("list.sentences", first=why, second=effect)
        entering = self._named(self.trace.entering(layer, source or 0))
        why = say("dl_dw", dz_dw=derivative, input=entering, dl_dz=text["dl_dz"], w=bottom)
        return say("list.sentences", first=why, second=effect)

    def _dl_da_sentence(self, event: TraceEvent, a: str, say: Words) -> str:
        behind = event.layer + 1
        zs = [self._text("z", behind, i) for i in range(self.trace.network.sizes[behind])]
        reason = {"z": zs[0], "w": self._text("w", behind, 0, event.unit), "dz_da": f"∂{zs[0]}/∂{a}"}
        if len(zs) == 1:
            return say("dl_da.single", a=a, dl_dz=self._text("dl_dz", behind), **reason)
        return say("dl_da.pair" if len(zs) == 2 else "dl_da.hidden", a=a, zs=listed(say, zs), **reason)

    def _dl_dz_sentence(self, layer: int, text: dict[str, str], say: Words) -> str:
        at_output = layer == self.trace.network.layers
        kind = "softmax" if not self.trace.elementwise(layer) else "output" if at_output else "hidden"
        blanks = {q: text[q] for q in ("a", "z", "dsigma", "dl_da")}
        why = say(f"dl_dz.{kind}", gradient=text["dl_dz"], da_dz=f"∂{text['a']}/∂{text['z']}", **blanks)
        if not at_output or not self._notation.is_difference:
            return why
        return say("list.sentences", first=why, second=say("dl_dz.difference", a=text["a"], t=text["t"]))

    def _sum_sentence(self, event: TraceEvent, say: Words) -> str:
        w = self._notation.learned(event)
        total, of_sample, of_one = (gradient(w, loss).text for loss in (TOTAL, loss_of(None), LOSS))
        blanks = {"total": total, "of_sample": of_sample, "of_one": of_one, "count": self.trace.samples}
        effect = say(self._of_total(f"total.{direction(event.value, self._largest_total)}"), w=w.text)
        return say("list.sentences", first=say(self._of_total("sum"), **blanks), second=effect)

    def _of_total(self, name: str) -> str:
        """Return the name of a message about all samples, whether L is their sum or their mean."""
        return of_total(name, self.trace.network.total)

    def _of_layer(self, name: str, layer: int) -> str:
        """Return the name of a message; of one that speaks of biases, where the layer has none, the one without."""
        return without_bias(name) if layer in self.trace.network.without_bias else name

    @cached_property
    def _largest(self) -> float:
        """Return the largest gradient that the walk comes by, or how far the outputs miss, which all come from."""
        one = self.trace.one
        return _largest([*one.dl_dw, *one.dl_dz, one.a[-1] - one.target])

    @cached_property
    def _largest_total(self) -> float:
        trace = self.trace
        of_biases = [it for it in trace.dL_db if it is not None]
        return _largest([*trace.dL_dw, *of_biases, trace.a[-1] - trace.target])

    def _update_sentence(self, family: str, event: TraceEvent, say: Words) -> str:
        """Tell several updates at once, and that the biases are left out if they are."""
        why, network = say(f"{family}.update", rate=self._rate, layer=event.layer), self.trace.network
        has_bias = network.has_biases if family == "pass" else event.layer not in network.without_bias
        if self.trace.update_biases or not has_bias:
            return why
        return say("list.sentences", first=why, second=say("biases_kept"))

    def _neuron_sentence(self, event: TraceEvent, say: Words) -> str:
        if event.phase == "sum":
            return say(self._of_total("neuron.sum"))
        if event.phase == "update":
            return self._update_sentence("neuron", event, say)
        z, a, dl_dz = (self._text(quantity, event.layer, event.place.unit) for quantity in ("z", "a", "dl_dz"))
        if event.quantity == "a":
            return say(self._of_layer("neuron.forward", event.layer), z=z, a=a)
        return say("neuron.gradients", dl_dz=dl_dz)

    def _layer_sentence(self, event: TraceEvent, say: Words) -> str:
        layer = event.layer
        if event.phase == "update":
            return self._update_sentence("layer", event, say)
        if event.phase == "sum":
            return say(self._of_total("layer.sum"), layer=layer, dl_dw=self.symbols.vector("dl_dw", layer).text)
        text = {q: self.symbols.vector(q, layer).text for q in ("z", "w", "dsigma", "dl_da", "dl_dz")}
        if event.quantity == "a":
            name = "layer.forward" if self.trace.elementwise(layer) else "layer.forward_softmax"
            return say(name, layer=layer, w=text["w"], z=text["z"])
        if event.phase == "gradient":
            return say("layer.gradients", layer=layer, dl_dz=text["dl_dz"])
        if not self.trace.elementwise(layer):
            return say("layer.backward_softmax", layer=layer, z=text["z"])
        if layer == self.trace.network.layers:
            return say("layer.backward_output", layer=layer, dl_da=text["dl_da"], dsigma=text["dsigma"])
        return say("layer.backward", layer=layer, w=self.symbols.vector("w", layer + 1).text, dsigma=text["dsigma"])

    def _vector_sentence(self, event: TraceEvent, say: Words) -> str:
        quantity, layer = event.quantity, event.layer
        at_output, elementwise = layer == self.trace.network.layers, self.trace.elementwise(layer)
        if event.phase in ("sum", "update") and quantity != "b":
            return self._layer_sentence(event, say)
        of = {it: self.symbols.vector(it, layer).text for it in ("z", "a", "t", "dsigma", "dl_da", "dl_dz", "dl_db")}
        match quantity:
            case "z" | "dl_dw":
                w, entering = (self.symbols.vector(*it).text for it in (("w", layer), ("a", layer - 1)))
                return say(self._of_layer(f"vector.{quantity}", layer), layer=layer, w=w, a=entering, z=of["z"])
            case "a":
                return say("vector.a" if elementwise else "vector.a_softmax", z=of["z"])
            case "dl_da" if at_output:
                return say("vector.dl_da_output", a=of["a"], gradient=of["dl_da"])
            case "dl_da":
                return say("vector.dl_da", w=self.symbols.vector("w", layer + 1).text)
            case "dl_dz":
                name = "vector.dl_dz" if elementwise else "layer.backward_softmax"
                why = say(name, layer=layer, **of)
                difference = say("dl_dz.difference", a=of["a"], t=of["t"])
                is_shorter = at_output and self._notation.is_difference
                return say("list.sentences", first=why, second=difference) if is_shorter else why
            case _:
                return say(f"vector.{quantity}", layer=layer, rate=self._rate if quantity == "b" else "", **of)

    @property
    def _rate(self) -> str:
        return number(self._notation.learning_rate)

    def _text(self, quantity: str, layer: int, unit: int = 0, source: int | None = None) -> str:
        return self.symbols(quantity, layer, unit, source).text

    def _named(self, operand: Operand) -> str:
        """Return an operand's symbol, with the name that the user gave to it."""
        symbol = self._text(*operand.place)
        names = self.trace.network.input_names
        return f"{symbol} ({called(names[operand.unit])})" if operand.quantity == "x" and names else symbol


def direction(gradient: float, largest: float) -> str:
    """Return what the loss does when the weight of a gradient grows: "up", "down", "none", or next to nothing, "small".

    Small is a gradient below 1e-9 of the `largest`: in any training, what it does is lost beside the others.
    """
    if gradient == 0:
        return "none"
    if abs(gradient) < NEGLIGIBLE * largest:
        return "small"
    return "up" if gradient > 0 else "down"


def _largest(arrays: Iterable[Array]) -> float:
    return max(float(np.abs(array).max()) for array in arrays)


@lru_cache(maxsize=1)  # of a stop they are asked for by the formula, and in every language by the sentence
def _both(notation: Notation, stop: Stop) -> Equation:
    return equation(notation, stop)


def _reasons(substituted: Formula) -> list[Why]:
    """Return why results are only about what the numbers before them come to, once each."""
    return list(dict.fromkeys(token.why for line in substituted for token in line if token.why))
