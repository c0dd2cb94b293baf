"""What goes wrong when people compute a pass by hand: every known mistake, and what comes out when it is made.

A mistake is computed as it is made: with the numbers of the run, and one of them taken wrongly. It is about one sample,
the one that is walked through.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

import numpy as np

from bppviz.core.backprop import descended
from bppviz.core.functions import LOSSES
from bppviz.core.place import Operand, Place
from bppviz.core.trace import TraceEvent
from bppviz.practice.formulas import (
    of_entries,
    of_formula,
    of_other_total,
    of_outer_product,
    of_squares,
    of_their_slope,
)
from bppviz.practice.mistake import Mistake
from bppviz.practice.nearby import beside, next_to, other_gradients, other_inputs, whole_neighbours


def every_mistake(event: TraceEvent, rate: float | None = None) -> Iterator[Mistake]:
    """Yield what comes out of an event for every mistake that can be made there, whether or not it makes a difference.

    `rate` is the learning rate of an update, from which weights may have been taken too early, where the run itself has
    none.
    """
    return _Made(event, rate).all()


class _Made:
    """Makes every mistake in one equation."""

    def __init__(self, event: TraceEvent, rate: float | None) -> None:
        self.trace = trace = event.trace
        self.one = trace.one
        self.event = event
        self.place = event.place
        self.layer, self.unit = self.place.layer, self.place.unit
        self.sizes = trace.network.sizes
        self._loss_function = LOSSES[trace.network.loss]
        self._rate = trace.learning_rate or rate

    def all(self) -> Iterator[Mistake]:
        """Yield every mistake of this kind of equation."""
        kind = self.event.quantity
        yield from {
            "z": self._z,
            "a": self._a,
            "loss": self._loss,
            "dl_da": self._dl_da,
            "dsigma": self._dsigma,
            "dl_dz": lambda: self._dl_dz(self.layer, self.unit),
            "dz_dw": self._dz_dw,
            "dl_dw": self._dl_dw,
            "dl_db": self._dl_db,
            "dL_dw": self._total,
            "dL_db": self._total,
            "w": self._update,
            "b": self._update,
        }[kind]()
        if self.event.value:
            yield Mistake("sign", -self.event.value)
            yield Mistake("point", 10 * self.event.value)
            yield Mistake("point", self.event.value / 10)

    def _value(self, quantity: str, layer: int, unit: int = 0, source: int | None = None) -> float:
        return self.one.value(quantity, layer, unit, source)

    # Sums of products, forward and backward

    def _sum(self, factors: list[tuple[Operand, Operand]], rest: float = 0.0) -> Iterator[Mistake]:
        """Add up products of a weight and another number, with one of them left out, or its sign lost."""
        total = sum(w.value * other.value for w, other in factors) + rest
        for w, other in factors:
            product = w.value * other.value
            if len(factors) > 1:
                yield Mistake("path_missing", total - product, w.place)
            yield Mistake("minus_lost" if product < 0 else "minus_added", total - 2 * product, w.place)
        for (w, other), (next_w, next_other) in pairwise(factors):
            crossed = (w.value - next_w.value) * (next_other.value - other.value)
            yield Mistake("crossed", total + crossed, w.place, next_w.place)

    def _other_weights(self, factors: list[tuple[Operand, Operand]], rest: float = 0.0) -> Iterator[Mistake]:
        """Add up the same products with weights from elsewhere: a neighbour's, the transposed or updated ones."""
        numbers = np.array([other.value for _, other in factors])
        total = sum(w.value * other.value for w, other in factors) + rest
        places = [w.place for w, _ in factors]
        layer = places[0].layer
        n_out, n_in = self.trace.network.array("w", layer).shape
        for place, (w, other) in zip(places, factors, strict=True):
            for unit, source in beside(place, n_out, n_in):
                taken = place._replace(unit=unit, source=source)
                value = total + (self._value(*taken) - w.value) * other.value
                yield Mistake("neighbour", value, taken, place)
        for move in whole_neighbours(places, n_out, n_in):
            value = float(np.dot([self._value(*place) for place in move], numbers)) + rest
            yield Mistake("neighbour", value, move[0], places[0])
        if n_out == n_in and n_in > 1:
            is_row = places[0].unit == places[-1].unit
            turned = [place._replace(unit=place.source or 0, source=place.unit) for place in places]
            value = float(np.dot([self._value(*place) for place in turned], numbers)) + rest
            at = places[0].unit if is_row else places[0].source or 0
            yield Mistake("transposed_forward" if is_row else "transposed", value, Place("w", layer, at, at))
        if self._updated:
            early = [float(self._updated[layer - 1][place.unit, place.source or 0]) for place in places]
            yield Mistake("updated", float(np.dot(early, numbers)) + rest, places[0])

    @cached_property
    def _updated(self) -> list[np.ndarray] | None:
        """Return the weights after the update, if there is a learning rate to know it from."""
        if self._rate is None:
            return None
        return descended(self.trace.network.weights, self.trace.dL_dw, self._rate)

    def _z(self) -> Iterator[Mistake]:
        layer, unit = self.layer, self.unit
        here = range(self.sizes[layer - 1])
        factors = [(self.one.operand("w", layer, unit, j), self.one.entering(layer, j)) for j in here]
        b = 0.0
        if layer not in self.trace.network.without_bias:
            b, own = self._value("b", layer, unit), Place("b", layer, unit)
            yield Mistake("bias_forgotten", self.event.value - b, own)
            yield Mistake("minus_lost" if b < 0 else "minus_added", self.event.value - 2 * b, own)
        yield Mistake("output_for_z", self._value("a", layer, unit), Place("a", layer, unit))
        yield from self._sum(factors, b)
        yield from self._other_weights(factors, b)
        for quantity, of in other_inputs(self.sizes, layer, len(here)):
            others = [self._value(quantity, of, j) for j in here]
            value = float(np.dot([w.value for w, _ in factors], others)) + b
            yield Mistake("other_input", value, Place(quantity, of, 0), factors[0][1].place)

    def _a(self) -> Iterator[Mistake]:
        layer, unit = self.layer, self.unit
        z = self._value("z", layer, unit)
        yield Mistake("activation_forgotten", z, Place("z", layer, unit))
        if self.trace.elementwise(layer):
            activation = self.trace.network.activation(layer)
            yield Mistake("slope", self._value("dsigma", layer, unit), Place("dsigma", layer, unit))
            yield Mistake("turned_z", float(activation.f(np.array([-z]))[0]), Place("z", layer, unit))

    def _loss(self) -> Iterator[Mistake]:
        terms = self.one.loss_terms
        total, last = float(terms.sum()), len(self.sizes) - 1
        if self._loss_function.is_squared:
            yield from of_squares(self._loss_function, total, self.one.a[-1] - self.one.target)
        for unit, term in enumerate(terms.tolist()):
            if len(terms) > 1:
                yield Mistake("path_missing", total - term, Place("a", last, unit))
        if self._loss_function.factor.over:  # else it is the mean
            yield Mistake("mean", total / len(terms))

    def _dsigma(self) -> Iterator[Mistake]:
        layer, unit = self.layer, self.unit
        at_a, at_z = self.one.operand("a", layer, unit), self.one.operand("z", layer, unit)
        activation = self.trace.network.activation(layer)
        yield Mistake("sigma", at_a.value, at_a.place, Place("dsigma", layer, unit))
        yield from of_formula(activation, at_a, at_z)
        if activation.derivative:
            value = float(activation.derivative(np.array([at_a.value]))[0])
            yield Mistake("slope_at_a", value, at_a.place, at_z.place)

    # Going backward

    def _dl_da(self) -> Iterator[Mistake]:
        yield from self._bracket(self.layer, self.unit)

    def _bracket(self, layer: int, unit: int) -> Iterator[Mistake]:
        """Make the mistakes of ∂l/∂a = Σ w ∂l/∂z of the next layer, or at the output those of ∂l/∂y."""
        if layer == len(self.sizes) - 1:
            y, t = self._value("a", layer, unit), self._value("t", layer, unit)
            loss, K = self._loss_function, self.sizes[-1]
            if loss.is_squared:
                yield from of_their_slope(loss, y, t, K)
                yield Mistake("target_forgotten", loss.slope_factor.of(y, K), Place("t", layer, unit))
            else:
                yield Mistake("other_loss", y - t)
            return
        later = range(self.sizes[layer + 1])
        factors = [(self.one.operand("w", layer + 1, i, unit), self.one.operand("dl_dz", layer + 1, i)) for i in later]
        yield from self._sum(factors)
        yield from self._other_weights(factors)
        w = [it.value for it, _ in factors]
        yield Mistake("weights_forgotten", sum(it.value for _, it in factors), factors[0][0].place)
        if self.trace.elementwise(layer + 1):
            before = [self._value("dl_da", layer + 1, i) for i in later]
            taken, instead = Place("dl_da", layer + 1, 0), Place("dl_dz", layer + 1, 0)
            yield Mistake("gain_forgotten_next", float(np.dot(w, before)), taken, instead)

    def _dl_dz(self, layer: int, unit: int) -> Iterator[Mistake]:
        right, bracket = self._value("dl_dz", layer, unit), self._value("dl_da", layer, unit)
        if not self.trace.elementwise(layer):
            yield Mistake("softmax_forgotten", bracket)
            yield Mistake("weighted_only", self._value("a", layer, unit) * bracket)
            yield Mistake("target_forgotten", self._value("a", layer, unit), Place("t", layer, unit))
            return
        gain, a = self._value("dsigma", layer, unit), self._value("a", layer, unit)
        own = Place("dsigma", layer, unit)
        yield Mistake("gain_forgotten", bracket, own)
        yield Mistake("bracket_forgotten", gain, Place("dl_da", layer, unit))
        yield Mistake("sigma", a * bracket, Place("a", layer, unit), own)
        yield from of_entries(self.one, layer, unit)
        at_output = layer == len(self.sizes) - 1
        if at_output and self.trace.network.simplified:
            yield Mistake("gain_twice", gain * right, own)
            yield Mistake("target_forgotten", a, Place("t", layer, unit))
        for mistake in self._bracket(layer, unit):
            yield mistake._replace(value=gain * mistake.value)

    def _dz_dw(self) -> Iterator[Mistake]:
        layer, unit, source = self.layer, self.unit, self.place.source or 0
        own, w = self.one.entering(layer, source), Place("w", layer, unit, source)
        yield Mistake("weight_for_input", self._value(*w), w, own.place)
        yield Mistake("weight_kept", own.value * self._value(*w), w)
        yield Mistake("product_for_factor", self._value("dl_dw", layer, unit, source), Place("dl_dz", layer, unit))
        yield from self._inputs_elsewhere(own.place, 1.0)

    def _inputs_elsewhere(self, own: Place, factor: float) -> Iterator[Mistake]:
        """Multiply an input from elsewhere: of another layer, or the neighbour's."""
        layer, source = self.layer, own.unit
        for quantity, of in other_inputs(self.sizes, layer, source + 1):
            taken = Place(quantity, of, source)
            yield Mistake("other_input", self._value(*taken) * factor, taken, own)
        for other in next_to(source, self.sizes[layer - 1]):
            taken = self.one.entering(layer, other).place
            yield Mistake("neighbour", self._value(*taken) * factor, taken, own)

    def _dl_dw(self) -> Iterator[Mistake]:
        layer, unit, source = self.layer, self.unit, self.place.source or 0
        entering, gradient = self.one.entering(layer, source), self._value("dl_dz", layer, unit)
        own = entering.place
        for mistake in self._dl_dz(layer, unit):
            yield mistake._replace(value=entering.value * mistake.value)
        yield Mistake("input_forgotten", gradient, own)
        yield Mistake("gradient_forgotten", entering.value, Place("dl_dz", layer, unit))
        w = Place("w", layer, unit, source)
        yield Mistake("weight_for_input", self._value(*w) * gradient, w, own)
        yield from self._inputs_elsewhere(own, gradient)
        for other in next_to(unit, self.sizes[layer]):
            taken, instead = Place("dl_dz", layer, other), Place("dl_dz", layer, unit)
            yield Mistake("neighbour", entering.value * self._value(*taken), taken, instead)
        yield from of_outer_product(self.one, w)

    def _dl_db(self) -> Iterator[Mistake]:
        yield from self._dl_dz(self.layer, self.unit)
        yield Mistake("not_the_bias", self._value("b", self.layer, self.unit) * self.event.value)
        for other in next_to(self.unit, self.sizes[self.layer]):
            taken, instead = Place("dl_dz", self.layer, other), Place("dl_dz", self.layer, self.unit)
            yield Mistake("neighbour", self._value(*taken), taken, instead)

    # Several samples, and the update

    def _total(self) -> Iterator[Mistake]:
        summands = self.event.operands
        total, over = self.event.value, self.trace.network.over(len(summands))
        yield of_other_total(self.trace, total)
        for summand in summands if len(summands) > 1 else ():
            yield Mistake("sample_missing", total - summand.value / over, sample=summand.sample)
            yield Mistake("one_sample", summand.value, sample=summand.sample)

    def _update(self) -> Iterator[Mistake]:
        old, gradient = self.event.operands
        rate = self.trace.learning_rate or 0.0
        other = of_other_total(self.trace, gradient.value)
        yield other._replace(value=old.value - rate * other.value)
        yield Mistake("old_value", old.value)
        yield Mistake("uphill", old.value + rate * gradient.value)
        yield Mistake("rate_forgotten", old.value - gradient.value)
        yield Mistake("step_alone", -rate * gradient.value)
        yield Mistake("step_alone", rate * gradient.value)
        for place in other_gradients(self.trace.network, gradient.place):
            yield Mistake("neighbour", old.value - rate * self.trace.value(place), place, gradient.place)
