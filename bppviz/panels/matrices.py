"""The matrices of a run: for each equation of a layer its table, its product, why it is so, and its line of code.

Which sheet is seen follows from what a step computes and of which layer, and which of its cells are lit from the places
of the step: so every size of step, whatever it computes at once, has its sheet.

==================  ==========================================================================
`matrices`          all sheets of a run, and the numbers that stand in them
`sheet_name`        which of them shows a quantity of a layer
==================  ==========================================================================

A sheet has the texts `claim`, `reason`, `rule` (of the labels that meet), `slope` (the Jacobian in a line) and `hint`,
each in all languages; `code`; a `table`, and an `equation` of grids and signs. `bppviz.panels.grids` has the nouns.
"""

from __future__ import annotations

from typing import Any

from bppviz.core.order import SUMS
from bppviz.core.trace import Trace
from bppviz.panels.code import code_lines, own_line
from bppviz.panels.fillings import MAKERS
from bppviz.panels.grids import Grids, size_of
from bppviz.words.catalogue import by_language
from bppviz.words.program import at_layer

OF_ALL_SAMPLES = (*SUMS, "w", "b")  # what is computed once of a run, and not of each sample
OF_SHEETS = ("edge", "asked", "leaves", "used", "found", "large")  # what the page says of any sheet

Sheet = dict[str, Any]


def matrices(trace: Trace) -> dict[str, Any]:
    """Return every sheet of a run by its name, the numbers that stand in them, and what is said of any sheet."""
    grids = Grids(trace)
    wholes = dict.fromkeys(
        (quantity, block.layer)
        for block in trace.blocks
        for quantity in (block.by_source, *block.quantities)
        if quantity
    )
    sheets = {sheet_name(*it): _sheet(grids, *it) | {"code": _line(trace, *it)} for it in wholes}
    return {
        "numbers": grids.numbers,
        "sheets": sheets,
        "words": {name: by_language(f"matrices.{name}") for name in OF_SHEETS},
    }


def sheet_name(quantity: str, layer: int) -> str:
    """Return the name of the sheet that shows a quantity of a layer."""
    return f"{quantity}-{layer}"


def _line(trace: Trace, quantity: str, layer: int) -> str:
    """Return the line of NumPy that computes a quantity of a layer: of a single sample, but for the sum and update."""
    run = trace if quantity in OF_ALL_SAMPLES else trace.one
    line = own_line(code_lines(run, "numpy"), run, quantity, layer)
    return at_layer(line.text.strip(), layer) if line else ""


def _sheet(grids: Grids, quantity: str, layer: int) -> Sheet:
    table, equation, texts = MAKERS[quantity](grids, layer)
    shapes = [(len(it["cells"]), len(it["cells"][0])) for it in equation if "cells" in it]
    size = size_of([max(shape) for shape in shapes])
    if size == "written" and any(columns > 1 for _, columns in shapes):
        size = "cells"  # the numbers stand in the table above
    return {"layer": layer, "table": table, "equation": equation, "size": size, **texts}
