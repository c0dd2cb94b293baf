"""How the equations of a run are written: a symbol or a number as a token, sums in lines, and small matrices.

==================  ==========================================================================
`Notation`          the symbols of one trace, and why some of its outputs are shown as a limit or rounded to one
`numbers_in`        numbers put into a template, each with its home in the picture
`value_token`       a number alone, in parentheses where it is negative and not the first of a product
`broken`, `ended`   a sum in lines of a few terms; and its result behind the last of them
`chained`           sums that are equal, behind one another or in lines
`matrix`            a small array in full, of a large one only the shape
`asking`            a formula with question marks in place of results
==================  ==========================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import chain
from math import prod

import numpy as np

from bppviz.core.functions import ACTIVATIONS, LOSSES
from bppviz.core.place import Operand, home, key
from bppviz.core.simplified import DIFFERENCE, PairFormula
from bppviz.core.sums import Array, settled
from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import MOST_TERMS
from bppviz.words.digits import EQUALS, Claim, together
from bppviz.words.formula import Formula, Line, Token, Why, latex
from bppviz.words.numbers import DIGITS, number, rounded
from bppviz.words.symbols import LOSS, TOTAL, Symbol, Symbols, gradient, loss_of

TERMS_IN_A_LINE = 4
MOST_MATRIX = 4
LINE = 71  # digits of a formula that a cell of 824 px has room for
FRACTION = re.compile(r"\\frac\{((?:[^{}]|\{[^{}]*\})*)\}\{((?:[^{}]|\{[^{}]*\})*)\}")
LAYERED = re.compile(r"_\{([^{}]*)\}\^\{\((\d+)\)\}")
SIGN = re.compile(r"[+=]|\\(?:times|approx|leftarrow|cdots|ln)(?![a-z])|(?<=[\w})]) ?-")  # with the spaces around it
SIZED, HALF_AS_WIDE = re.compile(r"\\(?:left|right|bigl|bigr)(?![a-z])"), "().,"
COMMAND = re.compile(r"\\[a-zA-Z]+")
WITHOUT_WIDTH = str.maketrans("", "", "{}_^ ")
PLUS, MINUS, TIMES = Token("+"), Token("-"), Token(r"\times")
BECOMES, COMMA, ETA = Token(r"\leftarrow"), Token(r",\quad"), Token(r"\eta")
OPEN, CLOSE, CDOTS = Token(r"\bigl["), Token(r"\bigr]"), Token(r"\cdots")
# Σₙ ∂lⁿ/∂w₁, with what changes from weight to weight left open
OVER_SAMPLES = r"\sum_{n}" + gradient(Symbol("#1", ""), loss_of(None)).latex
SQUASHED = {"sigmoid": (0, 1), "tanh": (-1, 1), "softmax": (0, 1)}  # the limits of an output, never reached
ROLES = {"x": "forward", "z": "forward", "a": "forward", "w": "weight", "b": "weight", "t": "target", "loss": "loss"}

Equation = tuple[Formula, Formula]  # in symbols, and the same with the numbers put in


def asking(substituted: Formula) -> Formula:
    """Return a formula with a question mark in place of every result; a single one at its end is left out."""
    lines = [[Token("?", (), it.role) if "result" in it.role else it for it in line] for line in substituted]
    return [lines[0][:-1]] if len(lines) == 1 and lines[0][-1].template == "?" else lines


class Notation:
    """The symbols of one trace, as tokens; and why some of its outputs are shown as a limit or rounded to one."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.one = trace.one
        self.symbols = Symbols(trace.network)

    def latex(self, operand: Operand) -> str:
        """Return the symbol of an operand in LaTeX."""
        return self.symbols(*operand.place).latex

    def into(self, template: str, *operands: Operand) -> Token:
        """Put the symbols of operands into a template."""
        return numbers_in(template, list(map(self.latex, operands)), *operands)

    def token(self, operand: Operand) -> Token:
        """Return the symbol of an operand."""
        return Token(self.latex(operand), (), role(operand.quantity), (home_of(operand),))

    def result(self, event: TraceEvent) -> Token:
        """Return the symbol of what an event computes."""
        return Token(self.symbols(*event.place).latex, (), f"{role(event.quantity)} result")

    def vector(self, quantity: str, layer: int) -> Token:
        """Return the symbol of a quantity of a whole layer."""
        return Token(self.symbols.vector(quantity, layer).latex, (), role(quantity))

    def learned(self, event: TraceEvent) -> Symbol:
        """Return the symbol of the weight or bias that a gradient belongs to."""
        return self.symbols(*home(event.place))

    def dz_symbols(self, event: TraceEvent) -> tuple[Symbol, Symbol]:
        """Return z and the weight or bias whose ∂z/∂w or ∂z/∂b a gradient is made of."""
        return self.symbols("z", event.layer, event.place.unit), self.learned(event)

    def limit(self, layer: int, units: Sequence[int] | None = None) -> Why | None:
        """Return the first output of a layer, or of some of its units, that is written as the limit of all."""
        name, a = self.trace.network.activation(layer).name, self.one.array("a", layer)
        for unit in range(len(a)) if units is None else units:
            text = number(float(a[unit]))
            if text in map(number, SQUASHED.get(name, ())) and not (name == "softmax" and len(a) == 1):
                return Why("inexact.limit", self.symbols("a", layer, unit).text, text)
        return None

    def saturated(self, layer: int, units: Sequence[int] | None = None) -> Why | None:
        """Return the first output of a layer, or of some of its units, that four digits do not tell from its limit."""
        name, a = self.trace.network.activation(layer).name, self.one.array("a", layer)
        limits = SQUASHED.get(name, ())
        message = "inexact.zero" if name == "softmax" and len(a) == 1 else "inexact.rounded"
        for unit in range(len(a)) if units is None else units:
            value = rounded(float(a[unit]))
            if value in limits:
                return Why(message, self.symbols("a", layer, unit).text, number(value))
        return None

    def softmax_mean(self, layer: int) -> float:
        """Return Σ y ∂l/∂y of a softmax, of which no term is 0 · ∞."""
        one, loss = self.one, LOSSES[self.trace.network.loss]
        if layer == self.trace.network.layers and loss.weighted:
            return float(loss.weighted(ACTIVATIONS["softmax"], one.z[-1], one.target).sum())
        return float(one.array("a", layer) @ one.array("dl_da", layer))

    @property
    def outputs(self) -> int:
        """Return the number of outputs."""
        return len(self.one.target)

    @property
    def over(self) -> int:
        """Return what a sum over the samples is divided by: N where it is a mean, else 1."""
        return self.trace.network.over(self.trace.samples)

    @property
    def share(self) -> str:
        """Return what stands before a sum over the samples: 1/N where it is a mean, else nothing."""
        return r"\tfrac{1}{N}" if self.trace.network.total == "mean" else ""

    def over_samples(self, of: Symbol) -> Token:
        """Return Σₙ ∂lⁿ/∂w, or the mean 1/N Σₙ ∂lⁿ/∂w."""
        return Token(self.share + OVER_SAMPLES, (of.latex,), "backward")

    def addition(self, lead: Line, values: Sequence[float], result: float, part: str, brief: bool = False) -> Formula:
        """Add up a number of every sample, and divide for a mean; what a long sum leaves out counts in full."""
        head = [Token(rf"\tfrac{{1}}{{{self.over}}}")] if self.over > 1 else []
        if len(values) == 1 and not head:
            return ended([lead], EQUALS, result, part)
        texts, relation = together(self.added(values, result, brief))
        numbers, kept = iter(texts), kept_terms(len(values), brief)
        terms = [[CDOTS if n is None else Token(in_product(next(numbers), i), (), part)] for i, n in enumerate(kept)]
        return ended(broken([*lead, EQUALS, *head], terms, (OPEN, CLOSE) if head else None), relation, result, part)

    def added(self, values: Sequence[float], result: float, brief: bool = False) -> Claim:
        """Return the claim that some numbers add up, or their mean; a long sum shows the first and the last."""
        kept, over = kept_terms(len(values), brief), self.over
        shown = [float(values[n]) for n in kept if n is not None]
        left_out = Decimal(result * over - sum(shown) if None in kept else 0)
        return Claim(shown, result, lambda v: sum(v, left_out) / over)

    def in_both(self, formula: Callable[[int | str], str]) -> list[str]:
        """Return a formula with the letter K for the number of outputs, and with the number."""
        return [formula("K"), formula(self.outputs)]

    @property
    def learning_rate(self) -> float:
        """Return η of a run that has an update."""
        return self.trace.learning_rate or 0.0

    @property
    def loss(self) -> Symbol:
        """Return the loss that an update makes smaller: L of several samples, l of a single one."""
        return TOTAL if self.trace.samples else LOSS

    @property
    def simplified(self) -> PairFormula | None:
        """Return how ∂l/∂z of the output layer is written where σ′(z) · ∂l/∂y simplifies."""
        pair = self.trace.network.simplified
        return pair.formula(float(self.one.target.sum())) if pair else None

    @property
    def is_difference(self) -> bool:
        """Tell whether ∂l/∂z of the output layer is y − t."""
        return self.simplified == DIFFERENCE


def role(quantity: str) -> str:
    """Return the part that a quantity plays in picture and formula: forward, weight, target, loss or backward."""
    return ROLES.get(quantity, "backward")


def sum_of_products(values: Sequence[Decimal], groups: Sequence[Sequence[object]]) -> Decimal:
    """Add up products of so many values as each group has."""
    written = iter(values)
    return sum((prod([next(written) for _ in group], start=Decimal(1)) for group in groups), Decimal(0))


def products_of(event: TraceEvent) -> Sequence[tuple[Operand, ...]]:
    """Return the products that a z, ∂l/∂a or gradient adds up, each with its factors; of z, the bias is the last."""
    operands = event.operands
    return [operands[i : i + 2] for i in range(0, len(operands), 2)]


def total_of(terms: Sequence[float] | Array) -> float:
    """Return the sum of some terms, 0 where they cancel."""
    return float(settled(np.asarray(np.sum(terms)), np.abs(terms).sum()))


def home_of(operand: Operand) -> str:
    """Return where a number has its home, and the step that computed it, −1 for what was given."""
    return f"{key(home(operand.place))} {-1 if operand.step is None else operand.step}"


def numbers_in(template: str, texts: Sequence[str], *operands: Operand) -> Token:
    """Put what is written for operands, each of which has its home, into a template."""
    return Token(template, tuple(texts), "forward", tuple(map(home_of, operands)))


def value_token(operand: Operand, text: str, position: int = 0) -> Token:
    """Write the value of an operand, which is not always the first in its product."""
    return Token(in_product(text, position), (), role(operand.quantity), (home_of(operand),))


def with_home(equation: Equation, operand: Operand) -> Equation:
    """Give the terms of a sum over the samples the home of the one that is told: in the picture it stands for all."""
    part, at = role(operand.quantity), (home_of(operand),)
    formula, numbers = (
        [[it._replace(at=at) if part in it.role and "result" not in it.role else it for it in line] for line in lines]
        for lines in equation
    )
    return formula, numbers


def in_pairs(operands: Sequence[Operand]) -> list[tuple[Operand, Operand]]:
    """Return operands two by two: each weight with what it multiplies, each output with its target."""
    return list(zip(operands[::2], operands[1::2], strict=True))


def in_product(text: str, position: int) -> str:
    """Put a negative number in parentheses, unless it comes first."""
    return f"({text})" if text.startswith("−") and position > 0 else text


def closed(text: str) -> str:
    """Put a number in parentheses where a bare one would be misread: before a power, after a minus or ln."""
    return f"({text})" if text.startswith("−") or "×" in text else text


def progress(i: int, terms: int | None) -> str:
    """Return what is to be said of the i-th term while a sum is being added up."""
    if terms is None:
        return ""
    return "term" if i == terms - 1 else "pending" if i >= terms else ""


def with_role(line: Line, extra: str) -> Line:
    return [token._replace(role=f"{token.role} {extra}".strip()) for token in line] if extra else line


def kept_terms(count: int, brief: bool = False) -> list[int | None]:
    """Return which terms of a long sum are shown, None standing for those left out of a long one."""
    most, first, last = (TERMS_IN_A_LINE, 2, 1) if brief else (MOST_TERMS, 6, 2)
    return list(range(count)) if count <= most else [*range(first), None, *range(count - last, count)]


def broken(lead: Line, terms: list[Line], around: tuple[Token, Token] | None = None) -> Formula:
    """Write a sum in lines of a few terms, behind `lead` and between two brackets; cut a very long one short."""
    if len(terms) > MOST_TERMS:
        terms = [*terms[:6], [CDOTS], *terms[-2:]]
    if around and terms:
        terms = [[around[0], *terms[0]], *terms[1:]]
        terms[-1] = [*terms[-1], around[1]]
    lines: list[Line] = [list(lead)]
    for i, term in enumerate(terms):
        if i and _length([*lines[-1], *term]) > LINE:
            lines.append([])
        lines[-1] += [PLUS, *term] if i else term
    return lines


def chained(*sums: Formula) -> Formula:
    """Write sums behind one another, each in a line of its own where the one before it leaves no room."""
    lines: Formula = []
    for begun in sums:
        fits = lines and len(begun) == 1 and _length([*lines[-1], *begun[0]]) <= LINE
        lines = [*lines[:-1], [*lines[-1], *begun[0]]] if fits else [*lines, *begun]
    return lines


def _length(line: Line) -> float:
    return _characters(latex([line]))


def _characters(text: str) -> float:
    """Return about how wide some LaTeX is shown, in digits, or a little more; of a fraction the wider half counts."""
    text = FRACTION.sub(lambda halves: f"{max(halves.groups(), key=_characters)}x", text)
    text = LAYERED.sub(lambda scripts: max(scripts[1], f"x{scripts[2]}", key=len), text)
    text = COMMAND.sub("x", SIGN.sub("xxx", SIZED.sub("", text))).translate(WITHOUT_WIDTH)
    return len(text) - sum(map(text.count, HALF_AS_WIDE)) / 2


def ended(formula: Formula, relation: Token, result: float, part: str) -> Formula:
    """Put the result behind the last line, or below it where it would not be seen whole."""
    return chained(formula, [[relation, Token(number(result), (), f"{part} result")]])


def matrix(array: Array, part: str, digits: int = DIGITS) -> Token:
    """Write a small array in full, and of a large one only the shape."""
    rows = array[:, None] if array.ndim == 1 else array
    if max(rows.shape) > MOST_MATRIX:
        return only_shape(rows.shape, part)
    return Token(_brackets(rows.shape), tuple(number(float(v), digits) for v in rows.flat), part)


def bracketed(rows: Sequence[Sequence[Operand]], part: str, digits: int = DIGITS) -> Token:
    """Write rows of numbers as a matrix."""
    operands = list(chain(*rows))
    texts, homes = (number(it.value, digits) for it in operands), map(home_of, operands)
    return Token(_brackets((len(rows), len(rows[0]))), tuple(texts), part, tuple(homes))


def _brackets(shape: tuple[int, ...]) -> str:
    rows = (range(i * shape[1] + 1, (i + 1) * shape[1] + 1) for i in range(shape[0]))
    body = r"\\".join("&".join(f"#{i}" for i in row) for row in rows)
    return rf"\begin{{bmatrix}}{body}\end{{bmatrix}}"


def only_shape(shape: tuple[int, ...], part: str) -> Token:
    return Token(rf"\left[{shape[0]}\times {shape[1]}\right]", (), part)
