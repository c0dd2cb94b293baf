"""Which matrix, and which product: what is asked of a vector before its numbers, with a few answers to choose among.

==================  ==========================================================================
`choice_of`         what is asked of a quantity of a layer: which weights, which product, or by ⊙ or a matrix
`Choice`            the question, its options in their order, and which of them is right
`Option`            what can be chosen, and what is said of it then
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from bppviz.core.place import Place, key
from bppviz.core.trace import Trace
from bppviz.words.catalogue import LANGUAGES, by_language, few, listed, words
from bppviz.words.symbols import Symbols

InLanguages = dict[str, str]


class Option(NamedTuple):
    """What can be chosen, and what is said when it was: why it is right, or why it is not.

    `weights` are the places of those that it names.
    """

    text: InLanguages
    said: InLanguages
    weights: tuple[str, ...] = ()


class Choice(NamedTuple):
    """A question with its options, of which one is right; its place is not the same in every layer."""

    ask: InLanguages
    options: tuple[Option, ...]
    right: int


def choice_of(trace: Trace, quantity: str, layer: int) -> Choice | None:
    """Return what is asked of a quantity of a layer before its numbers; None where there is nothing to choose."""
    sizes, last = trace.network.sizes, trace.network.layers
    if quantity == "dl_da" and layer < last and min(sizes[layer : layer + 2]) > 1:
        return _weights(Symbols(trace.network), sizes, layer)
    if quantity == "dl_dw" and max(sizes[layer - 1 : layer + 1]) > 1:
        return _product(Symbols(trace.network), layer)
    is_simplified = layer == last and trace.network.simplified
    if quantity == "dl_dz" and trace.elementwise(layer) and sizes[layer] > 1 and not is_simplified:
        return _way(Symbols(trace.network), layer)
    return None


def _choice(ask: InLanguages, options: Sequence[Option], layer: int) -> Choice:
    """Put the first option, which is the right one, elsewhere."""
    right = layer % len(options)
    return Choice(ask, (*options[1 : right + 1], options[0], *options[right + 1 :]), right)


def _same(text: str) -> InLanguages:
    return dict.fromkeys(LANGUAGES, text)


def _weights(symbols: Symbols, sizes: Sequence[int], layer: int) -> Choice:
    """Ask which weights ∂l/∂z of the next layer meet on their way to the first ∂l/∂a of a layer."""
    after = layer + 1
    a, other, z, first = (
        symbols(*it).text for it in (("a", layer, 0), ("a", layer, 1), ("z", after, 0), ("z", layer, 0))
    )
    gradients = [symbols("dl_dz", after, i).text for i in range(sizes[after])]
    lines = {
        "column": [Place("w", after, i, 0) for i in range(sizes[after])],
        "row": [Place("w", after, 0, j) for j in range(sizes[layer])],
        "other": [Place("w", after, i, 1) for i in range(sizes[after])],
        "before": [Place("w", layer, 0, j) for j in range(sizes[layer - 1])],
    }
    named = {name: [symbols(*it).text for it in line] for name, line in lines.items()}
    blanks = {"a": a, "other": other, "z": z, "before": first, "matrix": symbols.vector("w", after).text}
    options = [
        Option(
            _commas(named[name]),
            _with_lists(f"choice.{name}", {"weights": named[name]}, **blanks),
            tuple(map(key, line)),
        )
        for name, line in lines.items()
        if len(line) > 1  # the sentences are about several; of a single input there is nothing to confuse
    ]
    ask = _with_lists("choice.weights", {"gradients": gradients}, result=symbols("dl_da", layer, 0).text)
    return _choice(ask, options, layer)


def _commas(line: Sequence[str]) -> InLanguages:
    return {lang: words(lang)("list.comma").join(few(line)) for lang in LANGUAGES}


def _with_lists(name: str, lists: dict[str, list[str]], **blanks: str) -> InLanguages:
    """Return a message in every language in which lists stand, too."""
    said = {lang: {blank: listed(words(lang), line) for blank, line in lists.items()} for lang in LANGUAGES}
    return {lang: words(lang)(name, **said[lang], **blanks) for lang in LANGUAGES}


def _product(symbols: Symbols, layer: int) -> Choice:
    """Ask which product ∂l/∂W is."""
    dl_dz, a = symbols.vector("dl_dz", layer).text, symbols.vector("a", layer - 1).text
    turned_a = f"({a})ᵀ" if layer > 1 else f"{a}ᵀ"
    told = {
        "outer": f"{dl_dz} {turned_a}",
        "turned": f"{a} ({dl_dz})ᵀ",
        "inner": f"{turned_a} {dl_dz}",
        "entries": f"{dl_dz} ⊙ {a}",
    }
    ask = by_language("choice.product", matrix=symbols.vector("dl_dw", layer).text)
    return _choice(ask, [Option(_same(text), by_language(f"choice.{name}")) for name, text in told.items()], layer)


def _way(symbols: Symbols, layer: int) -> Choice:
    """Ask whether ∂l/∂a becomes ∂l/∂z by ⊙ or by a matrix."""
    say = partial(by_language, z=symbols("z", layer, 0).text, a=symbols("a", layer, 0).text)
    options = [
        Option(by_language("choice.by_entries"), say("choice.straight")),
        Option(by_language("choice.by_matrix"), say("choice.crossed")),
    ]
    wholes = {name: symbols.vector(name, layer).text for name in ("dl_da", "dl_dz")}
    return _choice(by_language("choice.way", **wholes), options, layer)
