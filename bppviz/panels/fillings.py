"""What fills the sheets of the matrices: for each quantity its table, its product, and why it is so.

==================  ==========================================================================
`MAKERS`            by quantity, what makes its filling of a layer
`Filling`           a table, an equation of grids and signs, and texts in all languages
`labels_of`         the names of a layer in a sentence
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bppviz.core.simplified import DIFFERENCE
from bppviz.panels.grids import Grid, Grids
from bppviz.picture.names import spelled
from bppviz.words.catalogue import by_language
from bppviz.words.notation import Notation
from bppviz.words.numbers import number
from bppviz.words.vectors import Whole

MOST_MET = 3  # labels that are named one by one in a sentence

Texts = dict[str, dict[str, str]]


class Filling(NamedTuple):
    """What a sheet is made of, beside its line of code."""

    table: Grid
    equation: list[Grid]
    texts: Texts


def _sign(text: str) -> Grid:
    return {"sign": text}


def _listed(texts: list[str]) -> str:
    """Return texts one by one in a sentence; of many the first and the last."""
    return ", ".join(texts if len(texts) <= MOST_MET else [texts[0], "…", texts[-1]])


def labels_of(grids: Grids, quantity: str, layer: int) -> str:
    """Return the names of all the z or a of a layer in a sentence; a grid may show fewer."""
    last = grids.symbols(*grids.place(quantity, layer, grids.sizes[layer] - 1)).text
    return _listed([*grids.names(quantity, layer)[: grids.sizes[layer] - 1], last])


# Forward


def _z(grids: Grids, layer: int) -> Filling:
    w, a, z = (grids.symbol(*it) for it in (("w", layer), ("a", layer - 1), ("z", layer)))
    product = [grids.grid(Whole("w", layer), met="cols"), grids.grid(Whole("a", layer - 1), met="rows")]
    table = grids.crossing(layer) | {"along": "rows"}
    if has_bias := layer not in grids.trace.network.without_bias:
        product += [_sign("+"), grids.grid(Whole("b", layer)) | {"rows": []}]
        biases = grids.vector("b", layer)
        table["beside"] = [[b, *beside] for b, beside in zip(biases, table["beside"], strict=True)]
    result = grids.grid(Whole("z", layer)) | {"rows": [] if has_bias else grids.names("z", layer)}
    rows, columns = grids.sizes[layer], grids.sizes[layer - 1]
    labels = labels_of(grids, "a", layer - 1)
    texts = {
        "claim": by_language("matrices.row", w=w),
        "reason": by_language("matrices.row_reason"),
        "rule": by_language("matrices.row_rule", rows=rows, columns=columns, labels=labels),
        "slope": by_language("matrices.row_slope", z=z, a=a, w=w),
    }
    return Filling(table, [*product, _sign("="), result], texts)


def _a(grids: Grids, layer: int) -> Filling:
    trace, name = grids.trace, spelled(grids.trace.network.activations[layer - 1])
    is_straight = trace.elementwise(layer)
    sign = "σ" if is_straight else name
    blanks = {"z": grids.names("z", layer)[0], "a": grids.names("a", layer)[0], "activation": name}
    table = _straight(grids, layer, sign, crossed=not is_straight)
    equation = [_sign(f"{sign}("), grids.grid(Whole("z", layer)), _sign(") ="), grids.grid(Whole("a", layer))]
    kind = "entry" if is_straight else "softmax"
    texts = {
        "claim": by_language(f"matrices.{kind}", **blanks),
        "reason": by_language(f"matrices.{kind}_reason", **blanks),
    }
    return Filling(table, equation, texts)


def _straight(grids: Grids, layer: int, sign: str, gains: str = "", *, crossed: bool = False) -> Grid:
    """Return the wires from z to a of a layer, with what each multiplies by when it is gone back."""
    middle = grids.vector(gains, layer) if gains else [""] * len(grids.names("z", layer))
    columns = [grids.vector("z", layer), middle, grids.vector("a", layer)]
    return grids.wires(columns, sign, f"{grids.symbol('z', layer)} → {grids.symbol('a', layer)}", crossed=crossed)


def _loss(grids: Grids, layer: int) -> Filling:
    y, t = grids.grid(Whole("a", layer)), grids.grid(Whole("t", layer))
    loss = {"name": "l", "cells": [[grids.cell(grids.place("loss", layer))]], "rows": [], "cols": [""], "shape": ""}
    texts = {"claim": by_language("matrices.loss"), "reason": by_language("matrices.loss_reason")}
    equation = [y, _sign(","), t, _sign("→"), loss | {"met": "", "is_whole": True}]
    return Filling(_outputs(grids, layer), equation, texts)


def _outputs(grids: Grids, layer: int) -> Grid:
    """Return the wires between the outputs and their targets."""
    columns = [grids.vector("a", layer), [""] * len(grids.names("a", layer)), grids.vector("t", layer)]
    return grids.wires(columns, "", f"{grids.symbol('a', layer)}, {grids.symbol('t', layer)}")


# Backward


def _dl_da(grids: Grids, layer: int) -> Filling:
    if layer == grids.trace.network.layers:
        blanks = {"y": grids.names("a", layer)[0], "t": grids.symbols("t", layer).text}
        texts = {"claim": by_language("matrices.slope_of_loss", **blanks), "reason": by_language("matrices.loss_slope")}
        used = [grids.grid(Whole("a", layer)), _sign(","), grids.grid(Whole("t", layer))]
        return Filling(_outputs(grids, layer), [*used, _sign("→"), grids.grid(Whole("dl_da", layer))], texts)
    return _transposed(grids, layer)


def _transposed(grids: Grids, layer: int) -> Filling:
    """Return ∂l/∂a = Wᵀ ∂l/∂z."""
    after = layer + 1
    table = grids.crossing(after) | {"along": "columns"}
    table["above"] = _both(table["above"], grids.vector("dl_da", layer))
    table["beside"] = _both(table["beside"], grids.vector("dl_dz", after))
    turned = grids.grid(Whole("w", after, turned=True), met="cols")
    equation = [turned, grids.grid(Whole("dl_dz", after), met="rows"), _sign("="), grids.grid(Whole("dl_da", layer))]
    w, a, z = (grids.symbol(*it) for it in (("w", after), ("a", layer), ("z", after)))
    labels, others = labels_of(grids, "z", after), labels_of(grids, "a", layer)
    turned_gives, own_gives = _either_way(grids, after)
    is_same = own_gives == turned_gives
    rule = "unfit" if not own_gives else "fits" if is_same else "wrong"
    blanks = {"wrong": _listed(own_gives)} if rule == "wrong" else {}
    texts = {
        "claim": by_language("matrices.column", w=w),
        "reason": by_language("matrices.column_reason", w=w),
        "rule": by_language(f"matrices.column_{rule}", w=w, labels=labels, others=others, **blanks),
        "slope": by_language("matrices.column_slope", w=w, a=a, z=z),
    }
    return Filling(table, equation, texts | (_mirrored(grids, after) if is_same else {}))


def _both(lists: list[list[str]], more: list[str]) -> list[list[str]]:
    return [[*some, other] for some, other in zip(lists, more, strict=True)]


def _either_way(grids: Grids, after: int) -> tuple[list[str], list[str]]:
    """Return Wᵀ ∂l/∂z and W ∂l/∂z in the digits shown; nothing for the latter where its shape does not fit."""
    w, dl_dz = grids.trace.network.array("w", after), grids.trace.one.array("dl_dz", after)
    is_square = len(set(w.shape)) == 1
    with np.errstate(all="ignore"):
        return list(map(number, w.T @ dl_dz)), list(map(number, w @ dl_dz)) if is_square else []


def _mirrored(grids: Grids, after: int) -> Texts:
    """Return the hint for a W that gives the same numbers as its transpose, in the digits shown."""
    w = grids.trace.network.array("w", after)
    if len(w) == 1:
        return {}
    name = grids.symbol("w", after)
    if not np.array_equal(w, w.T):
        return {"hint": by_language("matrices.alike", w=name)}
    one, other = (grids.symbols("w", after, *at).text for at in ((1, 0), (0, 1)))
    return {"hint": by_language("matrices.mirror", w=name, one=one, other=other)}


def _dsigma(grids: Grids, layer: int) -> Filling:
    told = _gain(grids, layer)
    name = spelled(grids.trace.network.activations[layer - 1])
    equation = [grids.jacobian(layer), _sign("→"), grids.grid(Whole("dsigma", layer))]
    texts = told.texts | {"reason": by_language("matrices.dsigma_reason", activation=name)}
    return Filling(told.table, equation, texts)


def _dl_dz(grids: Grids, layer: int) -> Filling:
    network = grids.trace.network
    if layer == network.layers and (pair := Notation(grids.trace).simplified):
        y, t, result = (grids.grid(Whole(it, layer)) for it in ("a", "t", "dl_dz"))
        sign = [y, _sign("−"), t, _sign("=")] if pair == DIFFERENCE else [y, _sign(","), t, _sign("→")]
        blanks = {"activation": spelled(network.activations[-1])}
        texts = {
            "claim": by_language("matrices.simplified", **blanks),
            "reason": by_language("matrices.simplified_reason"),
        }
        return Filling(_outputs(grids, layer), [*sign, result], texts)
    return _gain(grids, layer) if grids.trace.elementwise(layer) else _through_softmax(grids, layer)


def _gain(grids: Grids, layer: int) -> Filling:
    """Return ∂l/∂z = σ′(z) ⊙ ∂l/∂a, in which no neuron looks at another."""
    gain, dl_da, dl_dz = (grids.grid(Whole(it, layer)) for it in ("dsigma", "dl_da", "dl_dz"))
    names = grids.names("z", layer), grids.names("a", layer)
    blanks = {"z": names[0][0], "a": names[1][0], "other": names[1][-1]}
    kind = "straight" if len(names[0]) > 1 else "single"
    texts = {
        "claim": by_language(f"matrices.{kind}", **blanks),
        "reason": by_language("matrices.straight_reason"),
        **({"rule": by_language("matrices.diagonal", **blanks)} if len(names[0]) > 1 else {}),
    }
    table = _straight(grids, layer, "◁", "dsigma")
    return Filling(table, [gain, _sign("⊙"), dl_da, _sign("="), dl_dz], texts)


def _through_softmax(grids: Grids, layer: int) -> Filling:
    jacobian = grids.jacobian(layer)
    turned = jacobian | {
        "name": f"({jacobian['name']})ᵀ",
        "cells": [list(it) for it in zip(*jacobian["cells"], strict=True)],
        "rows": jacobian["cols"],
        "cols": jacobian["rows"],
        "met": "cols",
    }
    dl_da = grids.grid(Whole("dl_da", layer), met="rows")
    texts = {
        "claim": by_language("matrices.softmax_back", z=grids.names("z", layer)[0]),
        "reason": by_language("matrices.softmax_back_reason"),
    }
    table = _straight(grids, layer, "softmax", crossed=True)
    return Filling(table, [turned, dl_da, _sign("="), grids.grid(Whole("dl_dz", layer))], texts)


# The gradient, its sum over the samples, and the update


def _dl_dw(grids: Grids, layer: int) -> Filling:
    """Return ∂l/∂W = ∂l/∂z aᵀ, in which nothing is added up."""
    table = grids.crossing(layer, "dl_dw") | {"along": "cells"}
    table["beside"] = _both(table["beside"], grids.vector("dl_dz", layer))
    dl_dz, a = grids.grid(Whole("dl_dz", layer)), grids.grid(Whole("a", layer - 1, turned=True))
    rows, columns = grids.sizes[layer], grids.sizes[layer - 1]
    place = (rows - 1, columns - 1)
    blanks = {"w": grids.symbols("w", layer, *place).text, "z": grids.symbols("z", layer, rows - 1).text}
    entering = grids.symbols(*grids.place("a", layer - 1, columns - 1)).text
    fits = "square" if rows == columns > 1 else "oblong"
    texts = {
        "claim": by_language("matrices.cell"),
        "reason": by_language("matrices.cell_reason", w=grids.symbol("w", layer)),
        "rule": by_language(f"matrices.cell_{fits}", rows=rows, columns=columns),
        "slope": by_language("matrices.cell_slope", a=entering, **blanks),
    }
    result = grids.grid(Whole("dl_dw", layer)) | {"rows": []}
    return Filling(table, [dl_dz, a, _sign("="), result], texts)


def _dl_db(grids: Grids, layer: int) -> Filling:
    table = grids.crossing(layer, "dl_dw") | {"along": "biases"}
    table["beside"] = _both([[it] for it in grids.vector("dl_dz", layer)], grids.vector("dl_db", layer))
    texts = {"claim": by_language("matrices.bias"), "reason": by_language("matrices.bias_reason")}
    equation = [grids.grid(Whole("dl_dz", layer)), _sign("="), grids.grid(Whole("dl_db", layer))]
    return Filling(table, equation, texts)


def _total(quantity: str) -> Callable[[Grids, int], Filling]:
    """Return what makes the sheet of ∂L/∂W or ∂L/∂b: the gradients of the samples, added up."""
    of = quantity[-1]

    def make(grids: Grids, layer: int) -> Filling:
        mean = grids.trace.network.total == "mean"
        table = grids.crossing(layer, "dL_dw") | {"along": "cells"}
        if of == "b":
            table |= {"along": "biases", "beside": _both(table["beside"], grids.vector("dL_db", layer))}
        share = f"1/{grids.trace.samples} Σₙ" if mean else "Σₙ"
        texts = {
            "claim": by_language("matrices.samples"),
            "reason": by_language("matrices.mean_reason" if mean else "matrices.sum_reason"),
        }
        one, total = (grids.grid(Whole(f"d{loss}_d{of}", layer)) for loss in "lL")
        return Filling(table, [_sign(share), one, _sign("="), total], texts)

    return make


def _new(of: str) -> Callable[[Grids, int], Filling]:
    """Return what makes the sheet of the new weights or biases."""

    def make(grids: Grids, layer: int) -> Filling:
        gradient = f"d{'L' if grids.trace.samples else 'l'}_d{of}"
        table = grids.crossing(layer, new=True) | {"along": "cells", "above": [[] for _ in grids.names("a", layer - 1)]}
        beside = [
            [grids.cell(grids.place("b", layer, i), new=True)] if of == "b" else [] for i in range(len(table["cells"]))
        ]
        table["beside"] = beside
        old, slope, new = Whole(of, layer), Whole(gradient, layer), grids.grid(Whole(of, layer), new=True)
        eta = f"− {number(grids.trace.learning_rate or 0.0)} ×"
        lead = {"rows": [], "name": f"{new['name']} ←"}
        equation = [grids.grid(old), _sign(eta), grids.grid(slope) | {"rows": []}, _sign("="), new | lead]
        blanks = {"gradient": f"∂{gradient[1]}/∂{of}"}
        texts = {
            "claim": by_language("matrices.update", **blanks),
            "reason": by_language("matrices.update_reason"),
        }
        return Filling(table, equation, texts)

    return make


MAKERS: dict[str, Callable[[Grids, int], Filling]] = {
    "z": _z,
    "a": _a,
    "loss": _loss,
    "dl_da": _dl_da,
    "dsigma": _dsigma,
    "dl_dz": _dl_dz,
    "dl_dw": _dl_dw,
    "dl_db": _dl_db,
    "dL_dw": _total("dL_dw"),
    "dL_db": _total("dL_db"),
    "w": _new("w"),
    "b": _new("b"),
}
