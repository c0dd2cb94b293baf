"""The sheets of all samples at once: each sample is a row, and the sum over them is inside the product.

==================  ==========================================================================
`of_all_samples`    the product of a quantity of a layer for all samples, and why it is so
`both_forms`        the four products of a layer, of one sample and of all of them
==================  ==========================================================================

An equation is the one of `bppviz.core.backprop` and of the program: Z = A Wᵀ + b, ∂L/∂A = ∂L/∂Z W, ∂L/∂W = (∂L/∂Z)ᵀ A.
Each of its grids has `uses`, which says what of it a result is computed from.
"""

from __future__ import annotations

from typing import Any

from bppviz.core.simplified import DIFFERENCE
from bppviz.core.trace import Trace
from bppviz.panels.fillings import Texts, labels_of
from bppviz.panels.grids import MOST_WRITTEN, Grid, Grids
from bppviz.picture.names import spelled
from bppviz.words.catalogue import by_language
from bppviz.words.vectors import Whole

FORMS = {"z": 0, "dl_da": 1, "dl_dw": 2, "dL_dw": 2, "dl_db": 3, "dL_db": 3}  # which of the four products it is


def of_all_samples(grids: Grids, quantity: str, layer: int) -> dict[str, Any] | None:
    """Return the product that computes a quantity of a layer for all samples; none of the update, which has no sample.

    `form` is its place in `both_forms`, −1 for what goes entry by entry.
    """
    if quantity in ("w", "b"):
        return None
    form = -1 if _is_of_loss(grids, quantity, layer) else FORMS.get(quantity, -1)
    make = (_forward, _backward, _gradient, _gradient_of_bias)[form] if form >= 0 else None
    equation, texts = make(grids, layer) if make else (_by_rows(grids, quantity, layer), _apart())
    widest = max(len(row) for it in equation if "cells" in it for row in it["cells"])
    size = "written" if widest <= MOST_WRITTEN + 1 else "cells"  # a gap between samples is a column, too
    return {"equation": equation, "size": size, "form": form, **texts}


def both_forms(trace: Trace) -> list[tuple[str, str]]:
    """Return the four products of a layer, each as it is of one sample and of all samples in rows."""
    is_mean = trace.network.total == "mean"
    of_row, share = ("l", "1/N ") if is_mean else ("L", "")
    plus = "" if len(trace.network.without_bias) == trace.network.layers else " + b"
    return [
        (f"z = W a{plus}", f"Z = A Wᵀ{plus}"),
        ("∂l/∂a = Wᵀ ∂l/∂z", f"∂{of_row}/∂A = ∂{of_row}/∂Z W"),
        ("∂l/∂W = ∂l/∂z aᵀ", f"∂L/∂W = {share}(∂{of_row}/∂Z)ᵀ A"),
        *([("∂l/∂b = ∂l/∂z", f"∂L/∂b = {share}Σₙ ∂lⁿ/∂z")] if plus else []),
    ]


def _is_of_loss(grids: Grids, quantity: str, layer: int) -> bool:
    """Tell whether it is ∂l/∂y, which is computed from the outputs and targets."""
    return quantity == "dl_da" and layer == grids.trace.network.layers


def _forward(grids: Grids, layer: int) -> tuple[list[Grid], Texts]:
    """Return Z = A Wᵀ + b."""
    a = grids.in_rows(Whole("a", layer - 1), met="cols", uses="rows")
    turned = grids.grid(Whole("w", layer, turned=True), met="rows") | {"uses": "columns"}
    result = grids.in_rows(Whole("z", layer))
    equation = [a, turned, {"sign": "="}, result]
    if layer not in grids.trace.network.without_bias:
        bias = _one_row(grids, "b", layer) | {"uses": "columns"}
        equation = [a, turned, {"sign": "+"}, bias, {"sign": "="}, result]
    blanks = {"labels": labels_of(grids, "a", layer - 1), "count": grids.trace.samples}
    texts = {
        "claim": by_language("matrices.rows_forward", a=a["name"], w=turned["name"]),
        "rule": by_language("matrices.rows_rule", inner=grids.sizes[layer - 1], outer=grids.sizes[layer], **blanks),
    }
    return equation, texts


def _backward(grids: Grids, layer: int) -> tuple[list[Grid], Texts]:
    """Return ∂L/∂A = ∂L/∂Z W."""
    after = layer + 1
    dz = grids.in_rows(Whole("dl_dz", after), met="cols", uses="rows")
    w = grids.grid(Whole("w", after), met="rows") | {"uses": "columns"}
    equation = [dz, w, {"sign": "="}, grids.in_rows(Whole("dl_da", layer))]
    blanks = {"labels": labels_of(grids, "z", after), "count": grids.trace.samples}
    texts = {
        "claim": by_language("matrices.rows_backward", dz=dz["name"], w=w["name"]),
        "rule": by_language("matrices.rows_rule", inner=grids.sizes[after], outer=grids.sizes[layer], **blanks),
    }
    return equation, texts


def _gradient(grids: Grids, layer: int) -> tuple[list[Grid], Texts]:
    """Return ∂L/∂W = (∂L/∂Z)ᵀ A, whose inner label is n."""
    turned = grids.in_rows(Whole("dl_dz", layer, turned=True), met="cols", uses="rows")
    a = grids.in_rows(Whole("a", layer - 1), met="rows", uses="columns")
    result = grids.grid(Whole("dL_dw", layer))
    of = {"dw": result["name"], "w": grids.symbol("w", layer), "count": grids.trace.samples}
    of |= {"rows": grids.sizes[layer], "columns": grids.sizes[layer - 1]}
    texts = {
        "claim": by_language("matrices.rows_meet"),
        "rule": by_language("matrices.rows_disappear", **of),
    }
    return [*_share(grids), turned, a, {"sign": "="}, result], texts | _of_mean(grids)


def _gradient_of_bias(grids: Grids, layer: int) -> tuple[list[Grid], Texts]:
    """Return ∂L/∂b, the sum of the rows of ∂L/∂Z."""
    dz = grids.in_rows(Whole("dl_dz", layer), uses="columns")
    texts = {"claim": by_language("matrices.rows_of_bias", dz=dz["name"])}
    sign = " ".join([*(it["sign"] for it in _share(grids)), "Σₙ"])
    return [{"sign": sign}, dz, {"sign": "="}, _one_row(grids, "dL_db", layer)], texts | _of_mean(grids)


def _apart() -> Texts:
    """Return what is said of what no sample has to do with another."""
    return {"claim": by_language("matrices.rows_apart")}


def _by_rows(grids: Grids, quantity: str, layer: int) -> list[Grid]:
    """Return what goes entry by entry, or row by row."""
    trace = grids.trace
    is_straight = trace.elementwise(layer)

    def rows(of: str, uses: str = "cells") -> Grid:
        return grids.in_rows(Whole(of, layer), uses=uses)

    if quantity == "a":
        sign = "σ" if is_straight else spelled(trace.network.activations[layer - 1])
        return [{"sign": f"{sign}("}, rows("z", "cells" if is_straight else "rows"), {"sign": ") ="}, rows("a")]
    if quantity == "dsigma":
        return [rows("a" if trace.network.activation(layer).in_a else "z"), {"sign": "→"}, rows("dsigma")]
    if quantity == "dl_dz" and not (layer == trace.network.layers and trace.network.simplified):
        if is_straight:
            return [rows("dsigma"), {"sign": "⊙"}, rows("dl_da"), {"sign": "="}, rows("dl_dz")]
        return [rows("a", "rows"), {"sign": ","}, rows("dl_da", "rows"), {"sign": "→"}, rows("dl_dz")]
    signs = ("−", "=") if quantity == "dl_dz" and _is_difference(trace) else (",", "→")
    uses = "rows" if quantity == "loss" or (quantity == "dl_dz" and not is_straight) else "cells"
    used = [rows("a", uses), {"sign": signs[0]}, rows("t", uses)]
    return [*used, {"sign": signs[1]}, rows(quantity)]


def _is_difference(trace: Trace) -> bool:
    """Tell whether ∂l/∂z of the outputs is y − t for every sample."""
    pair = trace.network.simplified
    totals = set(trace.target.sum(axis=1).tolist())
    return pair is not None and all(pair.formula(total) == DIFFERENCE for total in totals)


def _one_row(grids: Grids, quantity: str, layer: int) -> Grid:
    """Return biases, or their gradient, as the row that is added to each row."""
    column = grids.grid(Whole(quantity, layer))
    cells = [[it for row in column["cells"] for it in row]]
    return column | {"cells": cells, "rows": [], "cols": column["rows"], "shape": f"1 × {grids.sizes[layer]}"}


def _share(grids: Grids) -> list[Grid]:
    """Return what a product is multiplied by where the total is a mean."""
    return [{"sign": f"1/{grids.trace.samples}"}] if grids.trace.network.total == "mean" else []


def _of_mean(grids: Grids) -> Texts:
    """Return the hint on the mean, where the total is one."""
    count = grids.trace.samples
    return {"hint": by_language("matrices.rows_mean", count=count)} if _share(grids) else {}
