"""What stands in the line of a step: the symbol, the name in the program, and the number of each operand.

==================  ==========================================================================
`Operands`          the line of a step, or of a whole layer, with its operands
`pieces_of`         a line in pieces: every second one is a name with its index
`program_names`     what a program calls each quantity
==================  ==========================================================================

A line is a list of texts and keys by turns: "", "z-1-0", " = ", "w-1-0-0", " * ", …; what they stand for is in
`scalars` and `vectors`. Of several samples the told one has a row of its own in z[2][n, 0].
"""

from __future__ import annotations

import re
from typing import Any

from bppviz.core.order import SUMS
from bppviz.core.place import Place, key
from bppviz.core.sums import Array
from bppviz.core.trace import OF_ALL, Trace, TraceEvent
from bppviz.words.formula import Token, mathml
from bppviz.words.notation import products_of, role
from bppviz.words.numbers import number
from bppviz.words.program import ProgramLine, at_layer, gradient_names
from bppviz.words.symbols import Symbol, Symbols, gradient, loss_of

Pieces = list[str]

# A name with its index, such as z[k] or W[k+1]; a .T behind it is none of it, and t.shape and len(x) are no operands.
NAME = re.compile(
    r"(?<![\w.])(?<!len\()"
    r"((?:d[lL]_d[aWzb]|da_dz|loss|eta|[zaWbtxL])(?:\[[^\]]*\])?(?:\.grad)?)"
    r"(?![\w(\[]|\.(?!T\b))"
)
OF_ONE = ("dl_dw", "dl_db")
UNLAYERED = ("loss", "x", "t")
WITH_LAYER = re.compile(r"(\w+)(?:\[(\d+)\])?")
CALL = re.compile(r" = [\w.]+(?:\[\d+\])?\([^()]*\)")
OF_LAYERS = ("@", "np.sum", "np.mean", "softmax")  # in lines whose entries depend on whole layers
MOST_ENTRIES = 4  # rows and columns of an array that is shown in numbers
MOST_SUMMED = 3  # of a sum that are shown
CDOTS = " + ⋯ + "


def pieces_of(text: str) -> Pieces:
    """Return a line in pieces: every second one is a name with its index."""
    return NAME.split(text)


def program_names(trace: Trace) -> dict[str, str]:
    """Return what a program calls each quantity; ∂l/∂w of one of several samples is part of its ∂L/∂w."""
    of_weights, of_biases = gradient_names(trace)
    names = {it: it for it in ("z", "a", "loss", "dl_da", "dl_dz", "x", "t", "b", "eta")}
    names |= {"w": "W", "dsigma": "da_dz", "dl_dw": of_weights, "dl_db": of_biases}
    return names | {"dL_dw": of_weights, "dL_db": of_biases}


class Operands:
    """The lines of steps and layers, and all that stands in them, by key."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._symbols = Symbols(trace.network)
        self._names = program_names(trace)
        self._quantities = {name: quantity for quantity, name in reversed(self._names.items())}
        self._quantities |= dict(zip(gradient_names(trace), SUMS if trace.samples else OF_ONE, strict=True))
        self.scalars: dict[str, dict[str, str]] = {}
        self.vectors: dict[str, dict[str, Any]] = {}

    # The line of a number

    def of_event(self, event: TraceEvent, code: ProgramLine | None) -> Pieces:
        """Return the line of one number, entry by entry; where the program has no line for it, the number alone."""
        result = self._scalar(event.place)
        if code is None:
            self.scalars[result]["token"] = ""
            return ["", result]
        groups = self._terms(event)
        if not groups:
            return self._as_written(event, code, result)
        before, behind = (" = (", [f") / {self.trace.samples}"]) if self._is_mean(event) else (" = ", [])
        line = ["", result]
        for sign, group in zip(_signs(before, len(groups)), _kept(groups), strict=True):
            line += [sign, *[it for factor in group for it in (factor, " * ")][:-1]]
        return [*line, *behind]

    def _terms(self, event: TraceEvent) -> list[list[str]]:
        """Return what a number adds up: of each product its factors, in the order of the formula.

        Nothing where its line says it as it is.
        """
        is_output = event.layer == self.trace.network.layers
        match event.quantity:
            case "z" | "dl_dw" | "dl_db":
                return [[self._scalar(it.place) for it in product] for product in products_of(event)]
            case "dl_da" if not is_output:
                return [[self._scalar(it.place) for it in product] for product in products_of(event)]
            case "dL_dw" | "dL_db":
                return [self._of_sample(event, n) for n in range(self.trace.samples or 1)]
        return []

    def _of_sample(self, event: TraceEvent, n: int) -> list[str]:
        """Return what a sum over the samples takes of one of them."""
        _, layer, unit, source = event.place
        dl_dz = self._scalar(Place("dl_dz", layer, unit), n)
        return [dl_dz] if source is None else [self._scalar(self.trace.entering(layer, source).place, n), dl_dz]

    def _is_mean(self, event: TraceEvent) -> bool:
        return event.phase == "sum" and self.trace.network.total == "mean"

    def _as_written(self, event: TraceEvent, code: ProgramLine, result: str) -> Pieces:
        """Return a line as the program has it, with one entry of each array, or of an array that needs all of it."""
        line = pieces_of(code_of(code, event.layer))
        is_layer = event.quantity in ("a", "dl_dz") and not self.trace.elementwise(event.layer)
        is_whole = is_layer or any(it in "".join(line) for it in OF_LAYERS)
        is_call = CALL.fullmatch("".join(line[2:]))
        line[1] = result
        for at in range(3, len(line), 2):
            line[at] = self._vector(line[at]) if is_whole else self._entry(line[at], event.place)
        index = self.scalars[result]["token"].removeprefix(self.called(event.quantity, event.layer, told=False))
        if is_whole and index:
            line[2] = line[2] if is_call else line[2].replace(" = ", " = (")
            line[-1] += index if is_call else f"){index}"
        return line

    # The line of a layer

    def of_layer(self, code: ProgramLine, layer: int) -> Pieces:
        """Return a line as the program has it, of whole layers."""
        line = pieces_of(code_of(code, layer))
        return [self._vector(it) if at % 2 else it for at, it in enumerate(line)]

    def called(self, quantity: str, layer: int, *, told: bool = True) -> str:
        """Return what the program calls a quantity of a layer; of several samples, the row of the told one."""
        name = self._names[quantity] + ("" if quantity in UNLAYERED else f"[{layer}]")
        return f"{name}[{self.trace.sample}]" if told and self._has_rows(quantity) else name

    # What stands in them

    def _has_rows(self, quantity: str) -> bool:
        """Tell whether an array has a row for each sample."""
        return self.trace.samples is not None and quantity not in OF_ALL

    def _scalar(self, place: Place, n: int | None = None) -> str:
        """Return the key of a number, of the told sample or of the n-th one."""
        trace, (quantity, layer, unit, _) = self.trace, place
        row = trace.sample if n is None else n
        is_told = row == trace.sample
        name = key(place) if is_told else f"{key(place)} {row}"
        if name not in self.scalars:
            value = trace.value(place) if is_told else float(trace.array(quantity, layer)[row, unit])
            symbol = self._symbols(*place)
            if quantity == "dl_dz" and n is not None:
                symbol = gradient(self._symbols("z", layer, unit), loss_of(n))
            self._keep(name, symbol, self._token(place, row), quantity, number(value))
        return name

    def _token(self, place: Place, row: int) -> str:
        """Return what the program calls a number; nothing for ∂l/∂w of one of several samples, which it has not."""
        quantity, layer, unit, source = place
        if quantity in OF_ONE and self.trace.samples:
            return ""
        name = f"a[{layer}]" if quantity == "x" else self.called(quantity, layer, told=False)
        indices = [*([row] if self._has_rows(quantity) else []), *([] if quantity == "loss" else [unit])]
        indices += [] if source is None else [source]
        return name + (f"[{', '.join(map(str, indices))}]" if indices else "")

    def _keep(self, name: str, symbol: Symbol, token: str, quantity: str, text: str) -> None:
        written = mathml([[Token(symbol.latex)]])
        own = {"symbol": written, "plain": symbol.text, "token": token, "role": role(quantity), "text": text}
        self.scalars[name] = own

    def _entry(self, name: str, place: Place) -> str:
        """Return the key of the entry of an array that has the same place as another number."""
        quantity, layer = self._named(name)
        if quantity == "eta":
            return self._eta()
        return self._scalar(place._replace(quantity=quantity, layer=layer))

    def _eta(self) -> str:
        self._keep("eta", Symbol(r"\eta", "η"), "eta", "w", number(self.trace.learning_rate or 0.0))
        return "eta"

    def _named(self, name: str) -> tuple[str, int]:
        """Return the quantity and the layer of what the program calls so."""
        word, layer = WITH_LAYER.match(name).groups()  # type: ignore[union-attr]
        return self._quantities[word], int(layer or self.trace.network.layers)

    def _vector(self, name: str) -> str:
        """Return the key of an array, or of the one number that it is."""
        trace, (quantity, layer) = self.trace, self._named(name)
        if quantity == "eta":
            return self._eta()
        if quantity == "loss" and not trace.samples:
            return self._scalar(Place("loss", layer))
        own = f"{quantity}-{layer}"
        if quantity == "b" and layer in trace.network.without_bias:  # as the program has it
            self._keep(own, self._symbols.vector(quantity, layer), name, quantity, number(0.0))
        elif own not in self.vectors:
            array = trace.array(quantity, layer)
            symbol = self._symbols(quantity, layer) if quantity == "loss" else self._symbols.vector(quantity, layer)
            self.vectors[own] = {
                "symbol": mathml([[Token(symbol.latex)]]),
                "plain": symbol.text,
                "token": name,
                "role": role("x" if layer == 0 else quantity),
                "shape": str(array.shape),
                "cells": self._cells(quantity, layer, array),
            }
        return own

    def _cells(self, quantity: str, layer: int, array: Array) -> list[list[str]]:
        """Return the keys of the numbers of an array, in rows; none of one that is large, or has several samples."""
        if self._has_rows(quantity) or max(array.shape) > MOST_ENTRIES:
            return []
        letter = "x" if layer == 0 else quantity
        if array.ndim == 1:
            return [[self._scalar(Place(letter, layer, unit))] for unit in range(len(array))]
        rows, columns = map(range, array.shape)
        return [[self._scalar(Place(letter, layer, unit, source)) for source in columns] for unit in rows]


def code_of(code: ProgramLine, layer: int) -> str:
    """Return a line without its comment, with a layer in place of k."""
    return at_layer(code.text.strip().partition("  #")[0], layer)


def _kept(groups: list[list[str]]) -> list[list[str]]:
    """Return the terms of a sum that are shown: of a long one the first two and the last."""
    return groups if len(groups) <= MOST_SUMMED else [*groups[:2], groups[-1]]


def _signs(first: str, terms: int) -> list[str]:
    """Return what stands before each of these."""
    return [first, " + ", CDOTS] if terms > MOST_SUMMED else [first, *[" + "] * (terms - 1)]
