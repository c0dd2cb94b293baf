"""The equation of a stop, in symbols and with the numbers put in: of a number, of a neuron, or of more at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from bppviz.core.functions import LOSSES
from bppviz.core.place import Operand, of_one_sample
from bppviz.core.trace import TraceEvent
from bppviz.core.walk import Stop
from bppviz.words.claims import claim
from bppviz.words.digits import ABOUT, EQUALS, fewest, together
from bppviz.words.formula import Formula, Line, Token, joined, plain
from bppviz.words.matrices import of_layer, of_pass
from bppviz.words.notation import (
    BECOMES,
    CDOTS,
    CLOSE,
    ETA,
    MINUS,
    OPEN,
    TERMS_IN_A_LINE,
    TIMES,
    Equation,
    Notation,
    broken,
    chained,
    closed,
    ended,
    home_of,
    in_pairs,
    in_product,
    kept_terms,
    numbers_in,
    products_of,
    progress,
    role,
    total_of,
    value_token,
    with_home,
    with_role,
)
from bppviz.words.numbers import DIGITS, number
from bppviz.words.symbols import Symbol, gradient
from bppviz.words.vectors import of_vector

# ∂l²/∂w₁, with what changes from weight to weight and from sample to sample left open
OF_SAMPLE = gradient(Symbol("#1", ""), Symbol("l^{#2}", "")).latex


def equation(write: Notation, stop: Stop) -> Equation:
    """Return the equation of a stop, or the few that stand for what is new there."""
    event = write.trace[stop.last]
    if _is_single(stop, event):
        return _event(write, event, stop.terms)
    if stop.granularity == "pass":
        return of_pass(write, event)
    if stop.granularity == "layer":
        return of_layer(write, event)
    if stop.granularity == "vector":
        return of_vector(write, event)
    return _stacked(write, write.trace[stop.first : stop.last + 1])


def digits_of(write: Notation, stop: Stop) -> int:
    """Return with how many digits the numbers that a stop computes from are written; 4 where it has several equations.

    The result has 4. The picture and the formula write the same number in the same way.
    """
    event = write.trace[stop.last]
    return fewest(claim(write, event, stop.terms))[0] if _is_single(stop, event) else DIGITS


def _is_single(stop: Stop, event: TraceEvent) -> bool:
    """Tell whether a stop is told by the one equation of its last event."""
    if event.quantity == "loss":
        return True
    is_neuron = stop.granularity == "neuron" and event.quantity != "a"
    return stop.granularity in ("equation", "term") or (is_neuron and event.phase in ("forward", "backward"))


def _event(write: Notation, event: TraceEvent, terms: int | None = None) -> Equation:
    match event.quantity:
        case "loss":
            return _loss(write, event, terms)
        case "a":
            return _a(write, event)
        case "dl_da" if event.layer == write.trace.network.layers:
            return _dl_dy(write, event)
        case "z" | "dl_da":
            return _sum(write, event, terms)
        case "dsigma":
            return _dsigma(write, event)
        case "dl_dz":
            return _dl_dz(write, event)
        case "dl_dw":
            return _dl_dw(write, event)
        case "dl_db":
            return _dl_db(write, event)
        case "dL_dw" | "dL_db":
            return _total(write, event, terms)
        case _:
            return _update(write, event)


def _sum(write: Notation, event: TraceEvent, terms: int | None = None) -> Equation:
    """Return a sum of products, or the first `terms` of them."""
    products, told = products_of(event), claim(write, event, terms)
    symbolic = [with_role(list(map(write.token, product)), progress(i, terms)) for i, product in enumerate(products)]
    lead = [write.result(event), EQUALS]
    formula = broken(lead, symbolic)
    if event.quantity == "dl_da":
        formula = chained(broken(lead, _by_chain_rule(write, event, terms)), broken([EQUALS], symbolic))
    texts, relation = together(told)
    written = iter(texts)
    numeric = [
        joined(([value_token(factor, next(written), i + j)] for j, factor in enumerate(product)), r"\times")
        for i, product in enumerate(products[:terms])
    ]
    return formula, ended(broken([EQUALS], numeric), relation, told.result, role(event.quantity))


def _by_chain_rule(write: Notation, event: TraceEvent, terms: int | None) -> list[Line]:
    """Return the terms of a hidden ∂l/∂a with each weight as the derivative that it is: ∂z₅/∂a₃ ∂l/∂z₅, …"""
    products: list[Line] = [[_dz_da(write, w), write.token(dl_dz)] for w, dl_dz in in_pairs(event.operands)]
    kept = kept_terms(len(products), brief=True)
    return [[CDOTS] if i is None else with_role(products[i], progress(i, terms)) for i in kept]


def _dz_da(write: Notation, weight: Operand) -> Token:
    z = write.symbols("z", weight.layer, weight.unit).latex
    a = write.symbols("a", weight.layer - 1, weight.source or 0).latex
    return Token(r"\frac{\partial #1}{\partial #2}", (z, a), "backward", (home_of(weight),))


def _a(write: Notation, event: TraceEvent) -> Equation:
    if not write.trace.elementwise(event.layer):
        return _softmax(write, event)
    (z,) = event.operands
    sigma = write.into(r"\sigma(#1)", z)
    activation = write.trace.network.activation(event.layer)
    (text,), relation = together(claim(write, event))
    # Behind a minus or a times sign a negative number needs its parentheses; alone it does not.
    text = in_product(text, "-#1" in activation.formula or r"\times" in activation.formula)
    formula = [write.result(event), EQUALS, sigma, EQUALS, write.into(activation.formula, z)]
    numeric = numbers_in(activation.formula, [text], z)
    return [formula], ended([[EQUALS, numeric]], _squashed(write, event, relation), event.value, "forward")


def _squashed(write: Notation, event: TraceEvent, relation: Token) -> Token:
    """Return ≈ for an output that is written as the limit that it never reaches, else the relation."""
    limit = write.limit(event.layer, [event.place.unit])
    return ABOUT._replace(why=limit) if limit else relation


def _softmax(write: Notation, event: TraceEvent) -> Equation:
    zs, own = event.operands, event.place.unit
    kept, holes = kept_terms(len(zs), brief=True), iter(range(2, len(zs) + 2))
    exponentials = [r"\cdots" if i is None else f"e^{{#{next(holes)}}}" for i in kept]
    template = rf"\frac{{e^{{#1}}}}{{{'+'.join(exponentials)}}}"
    used = [own, *(i for i in kept if i is not None)]
    operands = [zs[i] for i in used]
    texts, relation = together(claim(write, event))
    formula = [write.result(event), EQUALS, write.into(template, *operands)]
    numeric = numbers_in(template, [texts[i] for i in used], *operands)
    return [formula], ended([[EQUALS, numeric]], _squashed(write, event, relation), event.value, "forward")


def _loss(write: Notation, event: TraceEvent, terms: int | None = None) -> Equation:
    loss = LOSSES[write.trace.network.loss]
    pairs = in_pairs(event.operands)
    told = claim(write, event, terms)
    symbolic = [[write.into(loss.formula, y, t)] for y, t in pairs]
    texts, relation = together(told)
    # Beside ln a number may need parentheses where in a difference it does not.
    ys = map(closed, texts[::2]) if loss.probabilities else texts[::2]
    numbers = zip(ys, texts[1::2], pairs[:terms], strict=True)
    numeric = [[numbers_in(loss.formula, [y, closed(t)], *pair)] for y, t, pair in numbers]
    head, head_of_numbers = ([Token(it)] if it else [] for it in write.in_both(loss.factor.latex))
    around = (OPEN, CLOSE) if head and len(pairs) > 1 else None
    formula = broken(
        [write.result(event), EQUALS, *head],
        [with_role(t, progress(i, terms)) for i, t in enumerate(symbolic)],
        around,
    )
    return formula, ended(broken([EQUALS, *head_of_numbers], numeric, around), relation, told.result, "loss")


def _dl_dy(write: Notation, event: TraceEvent) -> Equation:
    y, t = event.operands
    loss = LOSSES[write.trace.network.loss]
    texts, relation = together(claim(write, event))
    of_symbols, of_numbers = write.in_both(loss.slope_formula)
    symbolic = write.into(of_symbols, y, t)
    numeric = numbers_in(of_numbers, [texts[0], in_product(texts[1], 1)], y, t)
    return [[write.result(event), EQUALS, symbolic]], ended([[EQUALS, numeric]], relation, event.value, "backward")


def _dsigma(write: Notation, event: TraceEvent) -> Equation:
    activation = write.trace.network.activation(event.layer)
    (z,) = event.operands
    own = write.trace.operand("a", z.layer, z.unit)
    derivative = Token(rf"\frac{{\partial {write.latex(own)}}}{{\partial #1}}", (write.latex(z),), "backward")
    lead = [derivative, EQUALS, write.result(event), EQUALS]
    (text,), relation = together(claim(write, event))
    if activation.in_a:  # the forward pass has found a, too, and it is what picture and program take
        numeric = [EQUALS, numbers_in(activation.in_a[0], [closed(text)], own)]
        by_a = write.into(activation.in_a[0].replace(r"\times", ""), own)
        return [[*lead, by_a]], ended([numeric], relation, event.value, "backward")
    formula = [*lead, write.into(activation.derivative_formula, z)]
    if activation.name == "identity":
        return [formula], ended([], EQUALS, event.value, "backward")
    case = numbers_in(r"#1>0" if z.value > 0 else r"#1\le 0", [text], z)
    return [formula], [[case, Token(r"\Rightarrow"), Token(number(event.value), (), "backward result")]]


def _dl_dz(write: Notation, event: TraceEvent) -> Equation:
    if not write.trace.elementwise(event.layer):
        return _through_softmax(write, event)
    if event.layer == write.trace.network.layers:
        return _dl_dz_at_output(write, event)
    dsigma, dl_da = event.operands
    bracket = in_pairs(write.trace[dl_da.step or 0].operands)
    inside = [[write.token(w), write.token(g)] for w, g in bracket]
    product = [write.result(event), EQUALS, write.token(dsigma), write.token(dl_da)]
    return chained([product], broken([EQUALS, write.token(dsigma)], inside, (OPEN, CLOSE))), _product(write, event)


def _dl_dz_at_output(write: Notation, event: TraceEvent) -> Equation:
    dsigma, dl_da = event.operands
    dy, dz = (write.symbols(quantity, event.layer, dsigma.unit).latex for quantity in ("a", "z"))
    chain_rule = [Token(rf"\frac{{\partial {dy}}}{{\partial {dz}}}", (), "backward"), write.token(dl_da)]
    line = [write.result(event), EQUALS, *chain_rule, EQUALS, write.token(dsigma), write.token(dl_da)]
    if simplified := _simplified(write, event):
        return [[*line, *simplified[0]]], simplified[1]
    return [line], _product(write, event)


def _product(write: Notation, event: TraceEvent) -> Formula:
    """Return the operands of an event, multiplied."""
    texts, relation = together(claim(write, event))
    factors = enumerate(zip(event.operands, texts, strict=True))
    numeric = joined(([value_token(it, text, i)] for i, (it, text) in factors), r"\times")
    return ended([[EQUALS, *numeric]], relation, event.value, "backward")


def _simplified(write: Notation, event: TraceEvent) -> tuple[Line, Formula] | None:
    """Return what σ′(z) · ∂l/∂y simplifies to, in symbols and in numbers, for the losses made for it."""
    pair = write.simplified
    if pair is None:
        return None
    y, t = (write.trace.operand(event.place._replace(quantity=quantity)) for quantity in ("a", "t"))
    texts, relation = together(claim(write, event))
    template = pair.formula.replace("#3", plain(texts[-1]))
    symbolic = [EQUALS, write.into(template, y, t)]
    numeric = [EQUALS, numbers_in(template, [texts[0], in_product(texts[1], 1)], y, t)]
    return symbolic, ended([numeric], relation, event.value, "backward")


def _through_softmax(write: Notation, event: TraceEvent) -> Equation:
    pairs = in_pairs(event.operands)
    a, dl_da = pairs[event.place.unit]
    total = Token(r"\sum_{k}y_{k}\frac{\partial l}{\partial y_{k}}", (), "backward")
    formula = [
        [write.result(event), EQUALS, write.token(a), OPEN, write.token(dl_da), MINUS, total, CLOSE],
    ]
    if simplified := _simplified(write, event):
        return [[*formula[0], *simplified[0]]], simplified[1]
    texts, relation = together(claim(write, event))
    if all("∞" in text for text in texts[1:]):  # ∞ − ∞ says nothing; the sentence says why
        return formula, ended([], relation, event.value, "backward")
    numeric = [EQUALS, value_token(a, texts[0]), TIMES, OPEN, value_token(dl_da, texts[1]), MINUS]
    numeric += [Token(in_product(texts[2], 1), (), "backward"), CLOSE]
    return formula, ended([numeric], relation, event.value, "backward")


def _dl_dw(write: Notation, event: TraceEvent) -> Equation:
    entering, dl_dz = event.operands
    derivative = _dz_by(write, event)
    formula = [write.result(event), EQUALS, derivative, write.token(dl_dz), EQUALS]
    formula += [write.token(entering), write.token(dl_dz)]
    return [formula], _product(write, event)


def factors_asked(write: Notation, events: Sequence[TraceEvent]) -> Equation:
    """Return where each ∂z/∂w stands in its ∂l/∂w, without its value, and the z that is differentiated."""
    formula = []
    for event in events if len(events) <= TERMS_IN_A_LINE else [*events[:2], events[-1]]:
        asked = _dz_by(write, event)._replace(role="forward result")
        dl_dw = Token(write.symbols("dl_dw", *event.place[1:]).latex, (), "backward")
        dl_dz = Token(write.symbols("dl_dz", *event.place[1:3]).latex, (), "backward")
        formula.append([dl_dw, EQUALS, asked, dl_dz])
    z = write.trace[write.trace.step_of("z", *events[0].place[1:3])]
    return formula, _sum(write, z)[0]


def _dl_db(write: Notation, event: TraceEvent) -> Equation:
    (dl_dz,) = event.operands
    formula = [write.result(event), EQUALS, _dz_by(write, event), write.token(dl_dz), EQUALS, Token("1"), TIMES]
    numeric = [EQUALS, Token("1"), TIMES, value_token(dl_dz, number(dl_dz.value), 1)]
    return [[*formula, write.token(dl_dz)]], ended([numeric], EQUALS, event.value, "backward")


def _dz_by(write: Notation, event: TraceEvent) -> Token:
    """Return ∂z/∂w or ∂z/∂b, whichever belongs to the event."""
    top, bottom = write.dz_symbols(event)
    return Token(rf"\frac{{\partial {top.latex}}}{{\partial {bottom.latex}}}", (), "forward")


def _stacked(write: Notation, events: Sequence[TraceEvent]) -> Equation:
    """Tell a few equations under one another; of many, the first, the second and the last."""
    shown = events if len(events) <= TERMS_IN_A_LINE else [*events[:2], events[-1]]
    told = [_total(write, event, brief=True) if event.phase == "sum" else _event(write, event) for event in shown]
    formula = list(chain.from_iterable(f for f, _ in told))
    lines = [line for event, (_, s) in zip(shown, told, strict=True) for line in _led(write, event, s)]
    return formula, lines


def _led(write: Notation, event: TraceEvent, substituted: Formula) -> Formula:
    """Put what is computed in front, where several equations stand under one another."""
    first, *others = substituted
    if event.phase == "update":
        first = [BECOMES, *first[1:]]
    return [[write.result(event), *first] if first[0] in (EQUALS, BECOMES) else first, *others]


def _total(write: Notation, event: TraceEvent, terms: int | None = None, *, brief: bool = False) -> Equation:
    """Tell ∂L/∂w = Σₙ ∂lⁿ/∂w, or as much of it as the first `terms` samples give."""
    of, own = write.learned(event), write.trace.operand(of_one_sample(event.place))
    values = write.trace.by_sample(own.place).tolist()
    symbolic = [
        [CDOTS] if n is None else [Token(OF_SAMPLE, (of.latex, str(n + 1)), "backward")]
        for n in kept_terms(len(values), brief)
    ]
    share = [Token(write.share)] if write.share else []
    lead = [write.result(event), EQUALS, write.over_samples(of), EQUALS, *share]
    marked = [with_role(term, progress(i, terms)) for i, term in enumerate(symbolic)]
    formula = broken(lead, marked, (OPEN, CLOSE) if share and len(values) > 1 else None)
    summands = values[:terms]
    result = event.value if terms is None else total_of(summands) / write.over
    return with_home((formula, write.addition([], summands, result, "backward", brief)), own)


def _update(write: Notation, event: TraceEvent) -> Equation:
    old, dL = event.operands
    texts, relation = together(claim(write, event))
    formula = [write.result(event), BECOMES, write.token(old), MINUS, ETA, write.token(dL)]
    numeric = [EQUALS, value_token(old, texts[0]), MINUS, Token(texts[1]), TIMES, value_token(dL, texts[2], 1)]
    return [formula], ended([numeric], relation, event.value, "weight")
