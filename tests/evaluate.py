"""Read LaTeX with numbers in it as a pupil would, and work it out: a small calculator of its own."""

import math
import re

TOKEN = re.compile(r"\s*(\\[a-zA-Z]+|\d+(?:\.\d+)?|[-+^{}()\[\],e])")
STANDS_BEFORE_A_FACTOR = ("(", "[", r"\frac", r"\ln")


def evaluate(latex: str) -> float:
    """Return the value of an expression of numbers."""
    calculator = Calculator(re.sub(r"\\(left|right|bigl|bigr)(?=\W)", "", latex).strip())
    value = calculator.sum()
    assert not calculator.tokens, f"cannot read {latex} from {calculator.tokens}"
    return value


class Calculator:
    """A sum is made of products, a product of factors; a number stands alone or before a bracket, never by another."""

    def __init__(self, latex: str) -> None:
        self.tokens = []
        while latex:
            match = TOKEN.match(latex)
            assert match, f"cannot read {latex}"
            self.tokens.append(match[1])
            latex = latex[match.end() :].strip()

    def next(self, *wanted: str) -> str | None:
        """Take the next token if it is one of those wanted."""
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else None

    def between(self, opening: str, closing: str) -> float:
        assert self.next(opening), f"{opening} is missing before {self.tokens}"
        value = self.sum()
        assert self.next(closing), f"{closing} is missing before {self.tokens}"
        return value

    def sum(self) -> float:
        sign = -1 if self.next("-") else 1
        value = sign * self.product()
        while operator := self.next("+", "-"):
            value += self.product() if operator == "+" else -self.product()
        return value

    def product(self) -> float:
        value = self.power()
        while self.next(r"\times") or (self.tokens and self.tokens[0] in STANDS_BEFORE_A_FACTOR):
            value *= self.power()
        return value

    def power(self) -> float:
        base = self.factor()
        return base ** self.between("{", "}") if self.next("^") else base

    def factor(self) -> float:
        if self.tokens[0] in "([":
            return self.between(self.tokens[0], {"(": ")", "[": "]"}[self.tokens[0]])
        match token := self.tokens.pop(0):
            case "e":
                return math.e
            case r"\infty":
                return math.inf
            case r"\frac" | r"\tfrac":
                return self.between("{", "}") / self.between("{", "}")
            case r"\ln":
                return math.log(self.power())
            case r"\tanh":
                return math.tanh(self.between("(", ")"))
            case r"\max":
                return max(self.between("(", ","), self.rest_of_a_pair())
        return float(token)

    def rest_of_a_pair(self) -> float:
        value = self.sum()
        assert self.next(")")
        return value
