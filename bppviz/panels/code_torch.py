"""What PyTorch finds of a run, number by number: each .grad that its program leaves behind.

==================  ==========================================================================
`torch_rows`        what there is, in the order of the walk
`torch_found`       the values that PyTorch finds, and whether the walk has the same
==================  ==========================================================================
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bppviz.core.order import SUMS
from bppviz.core.sums import Array
from bppviz.core.trace import Trace
from bppviz.panels.code_operands import OF_ONE
from bppviz.practice.torch_run import found_by_program
from bppviz.words.numbers import number
from bppviz.words.program import at_layer, gradient_names, program_of
from bppviz.words.symbols import Symbols

NEAR, TINY = 1e-9, 1e-12  # relative, and beside the largest number: how near two results of floats are the same


def torch_rows(trace: Trace) -> list[dict[str, Any]]:
    """Return each .grad with its symbol, its quantity and layer, and the step after which the walk has all of it."""
    symbols = Symbols(trace.network)
    quantities = dict(zip(gradient_names(trace), SUMS if trace.samples else OF_ONE, strict=True))
    rows = []
    for line, layer in program_of(trace, "torch").compared:
        if not line.value.endswith(".grad"):
            continue
        quantity = quantities.get(line.name, line.name)
        rows.append(
            {
                "block": f"{quantity}-{layer}",
                "symbol": symbols.vector(quantity, layer).text,
                "token": at_layer(line.value, layer),
                "step": trace.step_of(quantity, layer, *_last(trace, quantity, layer)),
            }
        )
    return sorted(rows, key=lambda row: row["step"])


def _last(trace: Trace, quantity: str, layer: int) -> tuple[int, ...]:
    """Return the index of the last number of a quantity in a layer."""
    sizes = trace.network.sizes
    return (sizes[layer] - 1, sizes[layer - 1] - 1) if quantity.endswith("_dw") else (sizes[layer] - 1,)


def torch_found(trace: Trace) -> list[dict[str, Any]]:
    """Return what PyTorch finds for each of these rows, as text, and whether that is the same.

    Of several samples the text has the row of the told one.
    """
    rows = torch_rows(trace)
    found = found_by_program(trace, [row["token"] for row in rows])
    return [_compared(trace, row["block"], array) for row, array in zip(rows, found, strict=True)]


def _compared(trace: Trace, block: str, array: Array) -> dict[str, Any]:
    quantity, layer = block.split("-")
    own = trace.array(quantity, int(layer))
    told = array[trace.sample] if trace.samples and quantity not in SUMS else array
    same = array.shape == own.shape and np.allclose(array, own, NEAR, TINY * max(1.0, float(np.abs(own).max())))
    return {"value": written_list(told), "same": bool(same)}


def written_list(array: Array) -> str:
    """Write an array as a list, or as a list of lists."""
    return f"[{', '.join(map(written_list, array))}]" if array.ndim else number(float(array))
