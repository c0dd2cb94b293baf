"""What the equation of an event claims: that its numbers, put together, give its result."""

from __future__ import annotations

from math import prod

import numpy as np

from bppviz.core.functions import LOSSES
from bppviz.core.trace import TraceEvent
from bppviz.words.digits import Claim, in_floats
from bppviz.words.notation import Notation, in_pairs, products_of, sum_of_products, total_of


def claim(write: Notation, event: TraceEvent, terms: int | None = None) -> Claim:
    """Return what an event claims, or what the first `terms` of its sum do."""
    values = [operand.value for operand in event.operands]
    match event.quantity:
        case "a":
            return _activation(write, event)
        case "loss":
            return _loss(write, event, terms)
        case "dl_da" if event.layer == write.trace.network.layers:
            return _dl_dy(write, event)
        case "z" | "dl_da":
            return _sum(event, terms)
        case "dsigma":
            return _slope(write, event)
        case "dl_dz":
            return _simplified(write, event) or _dl_dz(write, event)
        case "dL_dw" | "dL_db":
            summands = values[:terms]
            return write.added(summands, event.value if terms is None else total_of(summands) / write.over)
        case "w" | "b":
            old, dL = values
            return Claim([old, write.learning_rate, dL], event.value, lambda v: v[0] - v[1] * v[2])
    return Claim(values, event.value, prod)


def _sum(event: TraceEvent, terms: int | None) -> Claim:
    groups = [[factor.value for factor in product] for product in products_of(event)[:terms]]
    result = event.value if terms is None else total_of([float(np.prod(group)) for group in groups])
    return Claim([value for group in groups for value in group], result, lambda v: sum_of_products(v, groups))


def _activation(write: Notation, event: TraceEvent) -> Claim:
    values, own = [z.value for z in event.operands], event.place.unit
    if write.trace.elementwise(event.layer):
        f = write.trace.network.activation(event.layer).f
        return Claim(values, event.value, in_floats(lambda v: f(v)[0]))
    return Claim(values, event.value, in_floats(lambda v: np.exp(v[own] - np.logaddexp.reduce(v))))


def _loss(write: Notation, event: TraceEvent, terms: int | None) -> Claim:
    loss, count = LOSSES[write.trace.network.loss], len(write.one.target) if terms is None else terms
    values = [operand.value for operand in event.operands[: 2 * count]]
    result = event.value if terms is None else float(write.one.loss_terms[:count].sum())
    f = in_floats(lambda v: loss.factor.of(loss.from_y(v[::2], v[1::2]).sum(), write.outputs))
    return Claim(values, result, f, write.saturated(event.layer, range(count)))


def _dl_dy(write: Notation, event: TraceEvent) -> Claim:
    y, t = event.operands
    loss = LOSSES[write.trace.network.loss]
    saturated = write.saturated(event.layer, [y.unit])
    factor, K = loss.slope_factor, write.outputs
    return Claim([y.value, t.value], event.value, lambda v: factor.of(loss.as_written(*v), K), saturated)


def _slope(write: Notation, event: TraceEvent) -> Claim:
    (z,), activation = event.operands, write.trace.network.activation(event.layer)
    if activation.in_a:
        f, a = activation.in_a[1], write.trace.value("a", z.layer, z.unit)
        return Claim([a], event.value, lambda v: f(v[0]), write.saturated(z.layer, [z.unit]))
    assert activation.derivative is not None  # a softmax has no such event
    slope = activation.derivative
    return Claim([z.value], event.value, in_floats(lambda v: slope(v)[0]))


def _dl_dz(write: Notation, event: TraceEvent) -> Claim:
    if write.trace.elementwise(event.layer):
        return Claim([operand.value for operand in event.operands], event.value, prod)
    a, dl_da = in_pairs(event.operands)[event.place.unit]
    values = [a.value, dl_da.value, write.softmax_mean(event.layer)]
    return Claim(values, event.value, lambda v: v[0] * (v[1] - v[2]), write.saturated(event.layer))


def _simplified(write: Notation, event: TraceEvent) -> Claim | None:
    """Return what σ′(z) · ∂l/∂y simplifies to, for the losses made for the output."""
    pair = write.simplified
    if pair is None or event.layer < write.trace.network.layers:
        return None
    y, t = (write.trace.value(event.place._replace(quantity=quantity)) for quantity in ("a", "t"))
    values = [y, t, *([float(write.one.target.sum())] if pair.takes_total else [])]
    return Claim(values, event.value, lambda v: pair.f(*v), write.saturated(event.layer, [event.place.unit]))
