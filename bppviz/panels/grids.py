"""Grids of numbers, each by where it stands in the run: matrices and vectors, the crossing table of W, and wires.

==================  ==========================================================================
`Grids`             makes them, and keeps what each number is called, how it is written, and its step
`size_of`           how a grid of some shape is drawn
`Whole`             a quantity of a layer (`bppviz.words.vectors`), whose grid is asked for
`samples_shown`     the samples that have a row of their own where each is one
==================  ==========================================================================

A cell is the name of an entry of `Grids.numbers`; a number is written once, however often it stands in a grid. Where
samples are left out, a cell is empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from bppviz.core.order import GIVEN
from bppviz.core.place import Place, key
from bppviz.core.sums import Array
from bppviz.core.trace import Trace
from bppviz.words.catalogue import by_language
from bppviz.words.numbers import number
from bppviz.words.symbols import Symbols
from bppviz.words.vectors import Whole

MOST_NAMED, MOST_WRITTEN, MOST_CELLS = 3, 5, 16  # rows and columns with names, with numbers, and at all
BY_SOURCE = ("w", "dl_dw", "dL_dw")
OF_A = ("a", "x", "dl_da", "t")  # what has the names of a along its side; all else those of z
MOST_ROWS = 5  # samples that each have a row
LEFT_OUT = "⋮"  # samples without a row
IN_ROWS = str.maketrans("zaxyt", "ZAXYT")  # letters of what has a row for each sample

Grid = dict[str, Any]


class CellNumber(NamedTuple):
    """A number: its place in the picture, if it has one, its name, how it is written, and the step that computes it.

    `home` is where the picture has the number of the told sample, for one of another sample.
    """

    own: str
    name: str
    text: str
    step: int
    home: str = ""


class Grids:
    """Makes the grids of a run of one sample, and of the update and the sum that follow."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.symbols = Symbols(trace.network)
        self.sizes = trace.network.sizes
        self.numbers: dict[str, CellNumber] = {}

    def place(self, quantity: str, layer: int, unit: int = 0, source: int | None = None) -> Place:
        """Return the place of a number; the a of layer 0 are the inputs."""
        return Place("x" if (quantity, layer) == ("a", 0) else quantity, layer, unit, source)

    def cell(self, place: Place, *, new: bool = False) -> str:
        """Return the cell of a number of the run; of a weight or bias the one before the update, or the `new` one."""
        name = key(place) + ("+" if new else "")
        if name not in self.numbers:
            is_given = place.quantity in GIVEN and not new
            step = -1 if is_given else self.trace.step_of(place)
            value = self.trace[step].value if new else self.trace.value(place)
            self.numbers[name] = CellNumber(key(place), self.symbols(*place).text, number(value), step)
        return name

    def literal(self, name: str, symbol: str, value: float, step: int) -> str:
        """Return the cell of a number that no step computes by itself: it is known from a step on."""
        self.numbers[name] = CellNumber("", symbol, number(value), step)
        return name

    def names(self, quantity: str, layer: int) -> list[str]:
        """Return the names of the z or a of a layer, as many as a grid shows."""
        return [self.symbols(*self.place(quantity, layer, unit)).text for unit in range(self._shown(layer))]

    def _shown(self, layer: int) -> int:
        return min(self.sizes[layer], MOST_CELLS)

    def vector(self, quantity: str, layer: int) -> list[str]:
        """Return the cells of a vector."""
        return [self.cell(self.place(quantity, layer, unit)) for unit in range(self._shown(layer))]

    def matrix(self, quantity: str, layer: int, *, new: bool = False) -> list[list[str]]:
        """Return the cells of what belongs to the weights of a layer: a row for each z, a column for each a."""
        sources = range(self._shown(layer - 1))
        return [
            [self.cell(Place(quantity, layer, unit, source), new=new) for source in sources]
            for unit in range(self._shown(layer))
        ]

    def symbol(self, quantity: str, layer: int) -> str:
        """Return the name of a whole layer's quantity."""
        return self.symbols.vector(quantity, layer).text

    def grid(self, whole: Whole, *, met: str = "", new: bool = False) -> Grid:
        """Return the grid of a factor or result; `met`, rows or cols, says which labels meet those of another."""
        quantity, layer, turned = whole
        down = self.names(_side(quantity), layer)
        shape, cols = (self.sizes[layer], 1), [""]
        if quantity in BY_SOURCE:
            cells, cols = self.matrix(quantity, layer, new=new), self.names("a", layer - 1)
            shape = (self.sizes[layer], self.sizes[layer - 1])
        elif quantity == "b" and new:
            cells = [[self.cell(Place("b", layer, unit), new=True)] for unit in range(self._shown(layer))]
        else:
            cells = [[it] for it in self.vector(quantity, layer)]
        name = self.symbol(quantity, layer)
        if turned:
            cells, down, cols, shape = [list(it) for it in zip(*cells, strict=True)], cols, down, shape[::-1]
            name += "ᵀ"
        return _grid(name, cells, (down, cols), shape) | {"met": met}

    def jacobian(self, layer: int) -> Grid:
        """Return the grid of ∂a/∂z of a layer: a diagonal, or what a softmax has, in which every a hangs on every z."""
        trace, units = self.trace.one, range(self._shown(layer))
        step = max(self.trace.step_of(Place("a", layer, unit)) for unit in units)
        shown = trace.array("dsigma" if trace.elementwise(layer) else "a", layer)[: len(units)]
        slopes = np.diag(shown) if trace.elementwise(layer) else np.diag(shown) - np.outer(shown, shown)
        cells = [
            [self._slope(layer, i, j, float(slopes[i, j]), step) for j in units]  #
            for i in units
        ]
        symbol = f"∂{self.symbol('a', layer)}/∂{self.symbol('z', layer)}"
        labels = self.names("a", layer), self.names("z", layer)
        return _grid(symbol, cells, labels, (self.sizes[layer], self.sizes[layer])) | {"met": ""}

    def _slope(self, layer: int, i: int, j: int, value: float, step: int) -> str:
        if i == j and self.trace.elementwise(layer):
            return self.cell(Place("dsigma", layer, i))
        a, z = self.symbols("a", layer, i).text, self.symbols("z", layer, j).text
        return self.literal(f"slope-{layer}-{i}-{j}", f"∂{a}/∂{z}", value, step)

    # Samples in rows

    def of_sample(self, place: Place, n: int) -> str:
        """Return the cell of a number of any sample: those of the told one stand in the picture, too.

        The others are known from the same step on, for it is the same line of the program.
        """
        if n == self.trace.sample:
            return self.cell(place)
        name = f"{key(place)}@{n + 1}"
        if name not in self.numbers:
            array = self.trace.array(place.quantity, place.layer)
            value = float(array[n] if place.quantity == "loss" else array[n, place.unit])
            step = -1 if place.quantity in GIVEN else self.trace.step_of(place)
            symbol = f"{self.symbols(*place).text} (n = {n + 1})"
            self.numbers[name] = CellNumber("", symbol, number(value), step, key(place))
        return name

    def in_rows(self, whole: Whole, *, met: str = "", uses: str = "cells") -> Grid:
        """Return the grid of a quantity of a layer with a row for each sample, or turned, with a column for each.

        To a result it gives what stands in the same place, in `rows` the whole row of it, in `columns` the column.
        """
        quantity, layer, turned = whole
        samples, units = samples_shown(self.trace), range(1 if quantity == "loss" else self._shown(layer))
        places = [self.place(quantity, layer, unit) for unit in units]
        cells = [[("" if n is None else self.of_sample(it, n)) for it in places] for n in samples]
        down = [LEFT_OUT if n is None else "n = 1" if n == 0 else str(n + 1) for n in samples]
        is_own = quantity in ("loss", "t")  # what a column is called by itself, and not by the neuron it belongs to
        cols = [self.symbols(*it).text for it in places] if is_own else self.names(_side(quantity), layer)
        shape = (len(self.trace.x), 1 if quantity == "loss" else self.sizes[layer])
        name = self.name_in_rows(quantity, layer)
        if turned:
            cells, shape, name = [list(it) for it in zip(*cells, strict=True)], shape[::-1], f"({name})ᵀ"
        told = {"told": samples.index(self.trace.sample), "samples": "cols" if turned else "rows"}
        grid = _grid(name, cells, (cols, down) if turned else (down, cols), (self.sizes[layer], 1))
        return grid | {"shape": _shape(shape), "met": met, "uses": uses} | told

    def name_in_rows(self, quantity: str, layer: int) -> str:
        """Return the name of what has a row for each sample: Z⁽²⁾, ∂L/∂Z⁽²⁾; of a mean each row is a ∂l/∂z."""
        if quantity == "loss":
            return "l"
        name = self.symbol(quantity, layer).translate(IN_ROWS)
        return name if self.trace.network.total == "mean" else name.replace("∂l", "∂L")

    # The tables

    def crossing(self, layer: int, quantity: str = "w", *, new: bool = False) -> Grid:
        """Return the crossing table of the edges into a layer: a above its columns, z beside its rows."""
        whole = (self.sizes[layer], self.sizes[layer - 1])
        name, cells = self.symbol(quantity, layer), self.matrix(quantity, layer, new=new)
        rows, cols = self.names("z", layer), self.names("a", layer - 1)
        named = {"matrix": name, "shape": _shape(whole), "rows": ", ".join(rows), "columns": ", ".join(cols)}
        of = {"all_rows": whole[0], "all_columns": whole[1]}
        table: Grid = {
            "kind": "crossing",
            "name": name,
            "shape": _shape(whole),
            "caption": by_language("matrices.caption", **named),
            "size": size_of(whole),
            "cells": cells,
            "above": [[it] for it in self.vector("a", layer - 1)],
            "beside": [[it] for it in self.vector("z", layer)],
        }
        if table["size"] == "cells":
            table["shares"] = _shares(self._values(quantity, layer, new=new), len(cells), len(cells[0]))
        if not _fits(whole):
            table["window"] = by_language("matrices.window", rows=f"1–{len(cells)}", columns=f"1–{len(cells[0])}", **of)
        return table

    def _values(self, quantity: str, layer: int, *, new: bool) -> Array:
        """Return all numbers of a table."""
        if quantity == "dl_dw":
            return self.trace.one.array(quantity, layer)
        updated = self.trace.updated if new else None
        return updated.array(quantity, layer) if updated else self.trace.array(quantity, layer)

    def wires(self, columns: Sequence[Sequence[str]], sign: str, name: str, *, crossed: bool = False) -> Grid:
        """Return wires that do not cross, or a box in which they do: in each row a number, what it passes, another."""
        caption = by_language("matrices.boxed" if crossed else "matrices.wires" if sign else "matrices.pairs", of=name)
        rows = [list(row) for row in zip(*columns, strict=True)]
        return {"kind": "wires", "caption": caption, "rows": rows, "sign": sign, "crossed": crossed}


def samples_shown(trace: Trace) -> list[int | None]:
    """Return the samples that have a row: all, or the first two, the told one and the last; None stands for others."""
    count = trace.samples or 1
    if count <= MOST_ROWS:
        return list(range(count))
    kept = sorted({0, 1, trace.sample, count - 1})
    rows: list[int | None] = []
    for before, n in zip([-1, *kept], kept, strict=False):
        rows += [n] if n == before + 1 else [None, n]
    return rows


def _shares(values: Array, rows: int, columns: int) -> list[list[float]]:
    """Return how large each number that is shown is beside the largest of them, with its sign."""
    shown = values[:rows, :columns]
    largest = float(np.abs(shown).max()) or 1.0
    return [[round(float(it) / largest, 3) for it in row] for row in shown]


def _side(quantity: str) -> str:
    """Return whose names stand along the side of a quantity."""
    return "a" if quantity in OF_A else "z"


def size_of(shape: Sequence[int]) -> str:
    """Return how a grid is drawn: with names and numbers, with numbers, or as cells."""
    return "named" if max(shape) <= MOST_NAMED else "written" if max(shape) <= MOST_WRITTEN else "cells"


def _grid(name: str, cells: list[list[str]], labels: tuple[list[str], list[str]], shape: tuple[int, int]) -> Grid:
    rows, cols = labels
    return {"name": name, "cells": cells, "rows": rows, "cols": cols, "shape": _shape(shape), "is_whole": _fits(shape)}


def _fits(shape: tuple[int, int]) -> bool:
    return max(shape) <= MOST_CELLS


def _shape(shape: tuple[int, int]) -> str:
    return f"{shape[0]} × {shape[1]}"
