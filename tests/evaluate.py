"""Read LaTeX with numbers in it as a pupil would, and work it out exactly: a small calculator of its own."""

import re
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext

import numpy as np

TOKEN = re.compile(r"\s*(\\begin\{bmatrix\}|\\end\{bmatrix\}|\\\\|\\[a-zA-Z]+|\d+(?:\.\d+)?|[-+^{}()\[\],e&])")
STANDS_BEFORE_A_FACTOR = ("(", "[", r"\frac", r"\ln", r"\begin{bmatrix}")
EXACT = Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


def evaluate(latex: str, sigma=None):
    """Return the value of an expression of numbers, a Decimal, or an array of them where it is a matrix.

    `sigma` is what σ and softmax do to a column.
    """
    if latex.startswith(r"\frac{e^{"):
        latex = shifted(latex)
    with localcontext(EXACT):
        calculator = Calculator(
            re.sub(r"\\(left|right|bigl|bigr)(?=\W)", "", latex).replace(r"\mathrm{softmax}", r"\sigma").strip(), sigma
        )
        value = calculator.sum()
    assert not calculator.tokens, f"cannot read {latex} from {calculator.tokens}"
    return value


def shifted(latex: str) -> str:
    """Take the largest power of e out of all powers of a fraction: no number has so many digits as e to the 10^20."""
    powers = re.compile(r"(?<=e\^)\{((?:[^{}]|\{[^{}]*\})*)\}")
    largest = max(evaluate(match[1]) for match in powers.finditer(latex))
    with localcontext(EXACT):
        return powers.sub(lambda match: f"{{{evaluate(match[1]) - largest:f}}}", latex)


def tanh(x: Decimal) -> Decimal:
    shrinking = (-2 * abs(x)).exp()
    return ((1 - shrinking) / (1 + shrinking)).copy_sign(x)


class Calculator:
    """A sum is made of products, a product of factors; a number stands alone or before a bracket, never by another."""

    def __init__(self, latex: str, sigma=None) -> None:
        self.sigma = sigma
        self.tokens = []
        while latex:
            match = TOKEN.match(latex)
            assert match, f"cannot read {latex}"
            self.tokens.append(match[1])
            latex = latex[match.end() :].strip()

    def next(self, *wanted: str) -> str | None:
        """Take the next token if it is one of those wanted."""
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else None

    def between(self, opening: str, closing: str):
        assert self.next(opening), f"{opening} is missing before {self.tokens}"
        value = self.sum()
        assert self.next(closing), f"{closing} is missing before {self.tokens}"
        return value

    def sum(self):
        sign = -1 if self.next("-") else 1
        value = sign * self.product()
        while operator := self.next("+", "-"):
            value = value + self.product() if operator == "+" else value - self.product()
        return value

    def product(self):
        value = self.power()
        while (sign := self.next(r"\times", r"\odot")) or (self.tokens and self.tokens[0] in STANDS_BEFORE_A_FACTOR):
            other = self.power()
            are_matrices = isinstance(value, np.ndarray) and isinstance(other, np.ndarray)
            value = value @ other if are_matrices and sign != r"\odot" else value * other
        return value

    def power(self):
        base = self.factor()
        if isinstance(base, str):
            return self.between("{", "}").exp() if self.next("^") else Decimal(1).exp()
        return base ** self.between("{", "}") if self.next("^") else base

    def factor(self):
        if self.tokens[0] in "([":
            return self.between(self.tokens[0], {"(": ")", "[": "]"}[self.tokens[0]])
        match token := self.tokens.pop(0):
            case "e":
                return "e"
            case r"\infty":
                return Decimal("Infinity")
            case r"\frac" | r"\tfrac":
                return self.between("{", "}") / self.between("{", "}")
            case r"\ln":
                return self.power().ln()
            case r"\tanh":
                return tanh(self.between("(", ")"))
            case r"\max":
                return max(self.between("(", ","), self.rest_of_a_pair())
            case r"\begin{bmatrix}":
                return self.matrix()
            case r"\sigma":
                return self.sigma(self.factor())
        return Decimal(token)

    def rest_of_a_pair(self):
        value = self.sum()
        assert self.next(")")
        return value

    def matrix(self):
        rows = [[self.sum()]]
        while (mark := self.tokens.pop(0)) != r"\end{bmatrix}":
            if mark == "&":
                rows[-1].append(self.sum())
            else:
                rows.append([self.sum()])
        return np.array(rows, dtype=object)
