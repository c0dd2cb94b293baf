"""The matrices of a run: for each equation of a layer its table, its product, why it is so, and its line of code.

Which sheet is seen follows from what a step computes and of which layer, and which of its cells are lit from the places
of the step: so every size of step, whatever it computes at once, has its sheet.

==================  ==========================================================================
`matrices`          all sheets of a run, and the numbers that stand in them
`sheet_name`        which of them shows a quantity of a layer
==================  ==========================================================================

A sheet has the texts `claim`, `reason`, `rule` (of the labels that meet), `slope` (the Jacobian in a line) and `hint`,
each in all languages; `code`; a `table`, and an `equation` of grids and signs. `bppviz.panels.grids` has the nouns.
Where there are several samples, a sheet has another form besides, `all`, in which each of them is a row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bppviz.core.order import SUMS
from bppviz.core.trace import Trace
from bppviz.panels.all_samples import both_forms, of_all_samples
from bppviz.panels.code import code_lines, own_line
from bppviz.panels.fillings import MAKERS
from bppviz.panels.grids import Grids, size_of
from bppviz.words.catalogue import by_language
from bppviz.words.program import at_layer

OF_ALL_SAMPLES = (*SUMS, "w", "b")  # what is computed once of a run, and not of each sample
OF_SHEETS = ("edge", "asked", "leaves", "used", "found", "large", "product")  # what the page says of any sheet
OF_ROWS = ("told", "term", "term_of_layer", "one_sample", "in_rows", "turned", "turned_reason")  # and of such rows

Sheet = dict[str, Any]


def matrices(trace: Trace) -> dict[str, Any]:
    """Return every sheet of a run by its name, the numbers that stand in them, and what is said of any sheet."""
    grids, of_run = Grids(trace), _lines(trace)
    of_one = of_run if trace.one is trace else _lines(trace.one)
    wholes = [(quantity, block.layer) for block in trace.blocks for quantity in block.computed]
    sheets: dict[str, Sheet] = {}
    for quantity, layer in wholes:
        line = of_run if quantity in OF_ALL_SAMPLES else of_one  # of a single sample, but for the sum and update
        sheets[sheet_name(quantity, layer)] = sheet = _sheet(grids, quantity, layer)
        sheet["code"] = line(quantity, layer)
        if (trace.samples or 1) > 1 and (form := of_all_samples(grids, quantity, layer)):
            sheet["all"] = form | {"code": of_run(quantity, layer)}
    words = {name: by_language(f"matrices.{name}") for name in OF_SHEETS}
    return {"numbers": grids.numbers, "sheets": sheets, "words": words} | _of_samples(trace)


def _of_samples(trace: Trace) -> dict[str, Any]:
    """Return the choice between the sample in the picture and all, and both forms; nothing of a single one."""
    if (trace.samples or 1) == 1:
        return {}
    blanks = {"n": trace.sample + 1, "count": trace.samples}
    choices = [(name, by_language(f"matrices.{name}_samples", **blanks)) for name in ("one", "all")]
    rows = {name: by_language(f"matrices.{name}") for name in OF_ROWS}
    counts = {"sample": trace.sample, "samples": trace.samples}
    return {"choices": choices, "rows": rows, "forms": both_forms(trace), **counts}


def sheet_name(quantity: str, layer: int) -> str:
    """Return the name of the sheet that shows a quantity of a layer."""
    return f"{quantity}-{layer}"


def _lines(run: Trace) -> Callable[[str, int], str]:
    """Return what finds the line of NumPy that computes a quantity of a layer; the program is written once."""
    lines = code_lines(run, "numpy")

    def line(quantity: str, layer: int) -> str:
        own = own_line(lines, run, quantity, layer)
        return at_layer(own.text.strip(), layer) if own else ""

    return line


def _sheet(grids: Grids, quantity: str, layer: int) -> Sheet:
    table, equation, texts = MAKERS[quantity](grids, layer)
    shapes = [(len(it["cells"]), len(it["cells"][0])) for it in equation if "cells" in it]
    size = size_of([max(shape) for shape in shapes])
    if size == "written" and any(columns > 1 for _, columns in shapes):
        size = "cells"  # the numbers stand in the table above
    return {"layer": layer, "table": table, "equation": equation, "size": size, **texts}
