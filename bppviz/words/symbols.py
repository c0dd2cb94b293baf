"""The name of every quantity, in LaTeX and in plain text, in the lecture's notation or by layer."""

from __future__ import annotations

from typing import NamedTuple

from bppviz.core.network import Network
from bppviz.words.scripts import lowered, raised

# w₁, w₂ enter z₁; w₃, w₄ leave a₁; w₅, w₆ leave a₃; the lecture leaves the others unnamed. [layer][neuron][source]
LECTURE_WEIGHTS = (((1, 2), (7, 8)), ((3, 9), (4, 10)), ((5, 11), (6, 12)))


class Symbol(NamedTuple):
    """A letter with its indices, or with what stands around it."""

    latex: str
    text: str


OF_ONE_LAYER = ("x", "y", "t")
MOST_NAME = 60  # characters of a name that are shown
LOSS, TOTAL, ANY_WEIGHT = Symbol("l", "l"), Symbol("L", "L"), Symbol("w", "w")


class Symbols:
    """The symbols of one network.

    The lecture numbers its neurons through; in other networks the layer stands in brackets above the index: w₁₃⁽²⁾. A
    single neuron needs no layer, and with a single input no index either.
    """

    def __init__(self, network: Network) -> None:
        self._sizes = network.sizes
        self._lecture = network.notation == "lecture"
        self._is_neuron = network.sizes[1:] == (1,)
        self._known: dict[tuple[str, int, int, int | None], Symbol] = {}

    def __call__(self, quantity: str, layer: int, unit: int = 0, source: int | None = None) -> Symbol:
        """Return the symbol of a quantity (x, t, w, b, or an event's) at its place."""
        place = (quantity, layer, unit, source)
        if place not in self._known:
            self._known[place] = self._make(*place)
        return self._known[place]

    def vector(self, quantity: str, layer: int) -> Symbol:
        """Return the symbol of a whole layer's quantity: z⁽²⁾, W⁽²⁾, ∂l/∂z⁽²⁾, ∂L/∂W⁽²⁾."""
        if quantity == "dsigma":
            return _apply(r"\sigma'(#)", "σ′(#)", self.vector("z", layer))
        if quantity.startswith(("dl_d", "dL_d")):
            return gradient(self.vector(quantity[4:], layer), TOTAL if quantity[1] == "L" else LOSS)
        letter = "W" if quantity == "w" else self._letter(quantity, layer)
        return _indexed(Symbol(letter, letter), "", self._layer(letter, layer))

    def _make(self, quantity: str, layer: int, unit: int, source: int | None) -> Symbol:
        match quantity:
            case "loss":
                return LOSS
            case "dsigma":
                return _apply(r"\sigma'(#)", "σ′(#)", self("z", layer, unit))
            case "dl_da" | "dl_dz" | "dl_dw" | "dl_db":
                return gradient(self(quantity[4:], layer, unit, source))
            case "dz_dw":
                return gradient(self("w", layer, unit, source), self("z", layer, unit))
            case "dL_dw" | "dL_db":
                return gradient(self(quantity[4:], layer, unit, source), TOTAL)
        letter = self._letter(quantity, layer)
        above = "" if self._lecture else self._layer(letter, layer)
        return _indexed(Symbol(letter, letter), self._index(letter, layer, unit, source), above)

    def _letter(self, quantity: str, layer: int) -> str:
        """Return the letter of a quantity: the a of the inputs are x, those of the last layer y."""
        return {0: "x", len(self._sizes) - 1: "y"}.get(layer, quantity) if quantity == "a" else quantity

    def _layer(self, letter: str, layer: int) -> str:
        """Return the layer of a symbol, if it could be of another one."""
        return "" if letter in OF_ONE_LAYER or self._is_neuron else str(layer)

    def _index(self, letter: str, layer: int, unit: int, source: int | None) -> str:
        if self._lecture and letter not in OF_ONE_LAYER:
            return str(2 * (layer - 1) + unit + 1 if source is None else LECTURE_WEIGHTS[layer - 1][unit][source])
        places = [(unit, layer)] if source is None else [(unit, layer), (source, layer - 1)]
        indices = [str(i + 1) for i, at in places if self._sizes[at] > 1 or not self._is_neuron]
        return ("," if max(map(len, indices), default=0) > 1 else "").join(indices)


def anywhere(quantity: str) -> str:
    """Return the text of a quantity as it is called without a place: z, l, σ′(z), ∂l/∂w."""
    if quantity.startswith(("dl_d", "dL_d", "dz_d")):
        return f"∂{quantity[1]}/∂{quantity[4:]}"
    return {"loss": "l", "dsigma": "σ′(z)"}.get(quantity, quantity)


def called(name: str) -> str:
    """Return the name that a user gave to an input or output, cut to a length at which it can be shown."""
    return name if len(name) <= MOST_NAME else f"{name[: MOST_NAME - 1]}…"


def _indexed(letter: Symbol, index: str, layer: str) -> Symbol:
    below, above = f"_{{{index}}}" if index else "", f"^{{({layer})}}" if layer else ""
    return Symbol(letter.latex + below + above, letter.text + lowered(index) + raised(f"({layer})" if layer else ""))


def loss_of(sample: int | None) -> Symbol:
    """Return lⁿ, the loss of a sample, an array index that is shown from 1: l¹, l², …; None is any of them."""
    number = "n" if sample is None else str(sample + 1)
    return Symbol(f"l^{{{number}}}", "l" + raised(number))


def gradient(of: Symbol, loss: Symbol = LOSS) -> Symbol:
    """Return the derivative of a loss: ∂l/∂w₁, or ∂l²/∂w₁ of the second sample, or ∂L/∂w₁ of them all; or ∂z₁/∂w₁."""
    return Symbol(rf"\frac{{\partial {loss.latex}}}{{\partial {of.latex}}}", f"∂{loss.text}/∂{of.text}")


def _apply(latex: str, text: str, to: Symbol) -> Symbol:
    return Symbol(latex.replace("#", to.latex), text.replace("#", to.text))
