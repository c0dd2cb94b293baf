"""Symbols as words: what is said for ∂l/∂z₃, σ′(z₃), ∇l(θ) or −2.5×10⁻⁷, which a screen reader would leave out."""

from __future__ import annotations

import re

from bppviz.words.catalogue import Words
from bppviz.words.numbers import minus
from bppviz.words.scripts import INDICES, POWER, SUPERSCRIPTS, levelled

INDEX, LAYER = rf"[{INDICES}]+(?:,[{INDICES}]+)*", rf"⁽[{SUPERSCRIPTS}]+⁾"
LETTER = rf"[A-Za-z][′″]?(?:{INDEX})?(?:{LAYER})?"
DERIVATIVE = re.compile(rf"∂({LETTER})/∂({LETTER})")
INDEXED = re.compile(rf"([A-Za-z])(?=[{INDICES}⁽])({INDEX}|)({LAYER}|)")
OF_TEN = re.compile(rf"×10([{POWER}]+)")
SQUARED = re.compile(r"(\)|tanh)²")
GAPS = re.compile(r" +(?=[^\w (])|(?<=\() +")  # before a comma, and within parentheses
SIGNS = {
    "σ′": "slope",
    "σ": "sigma",
    "′": "prime",
    "″": "double_prime",
    "Σₙ": "sum",
    "η": "eta",
    "θ": "theta",
    "∇": "nabla",
    "×": "times",
    "≈": "about",
    "=": "equals",
    "←": "becomes",
    " + ": "plus",
    " − ": "less",
    "−": "minus",
    "½": "half",
    "1/N": "share",
}


def spoken(text: str, say: Words) -> str:
    """Return a sentence with a word for every symbol."""
    text = DERIVATIVE.sub(lambda match: say(_derivative(match, say), of=match[1], by=match[2]), text)
    text = OF_TEN.sub(lambda match: say("spoken.power", power=minus(levelled(match[1]))), text)
    text = SQUARED.sub(lambda match: f"{match[1]} {say('spoken.squared')} ", text)
    for sign, name in SIGNS.items():
        if sign in text:
            text = text.replace(sign, f" {say(f'spoken.{name}')} ")
    text = INDEXED.sub(lambda match: _symbol(match, say), text)
    return GAPS.sub("", re.sub(" {2,}", " ", text)).strip()


def _symbol(match: re.Match[str], say: Words) -> str:
    """Return w₃₁⁽²⁾ as w, neuron 3, source 1, of its layer; but w₁₁ as it is called in the lecture, 11."""
    letter, index, layer = match.groups()
    numbers = index.split(",") if "," in index else index if letter == "w" and layer else [index]
    symbol = " ".join([letter, *map(levelled, numbers)]).strip()
    return say("spoken.of_layer", symbol=symbol, layer=levelled(layer)[1:-1]) if layer else symbol


def _derivative(match: re.Match[str], say: Words) -> str:
    """Return the message for ∂l/∂z: where a word such as "the" or "each" comes before it, one without an article."""
    before = match.string[: match.start()].rstrip().rpartition(" ")[2].lower()
    return "spoken.this_derivative" if before in say("spoken.determiners").split() else "spoken.derivative"
