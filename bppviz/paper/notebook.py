"""The program of a run as a Jupyter notebook: a cell for each phase, under its formulas."""

from __future__ import annotations

import json
from typing import Any

from bppviz.core.functions import LOSSES
from bppviz.core.trace import Trace
from bppviz.words.catalogue import words
from bppviz.words.listing import Listing
from bppviz.words.program import biased

# Of one sample, a vector in each layer; of several, their rows in one matrix.
FORMULAS = {
    "z": r"z^{(k)} = W^{(k)} a^{(k-1)}",
    "a": r"a^{(k)} = \sigma(z^{(k)})",
    "dl_da": r"\frac{\partial l}{\partial a^{(k)}}"
    r" = (W^{(k+1)})^{\mathsf T} \frac{\partial l}{\partial z^{(k+1)}}",
    "dl_dz": r"\frac{\partial l}{\partial z^{(k)}}"
    r" = \sigma'(z^{(k)}) \odot \frac{\partial l}{\partial a^{(k)}}",
    "dl_dw": r"\frac{\partial l}{\partial W^{(k)}}"
    r" = \frac{\partial l}{\partial z^{(k)}} (a^{(k-1)})^{\mathsf T}",
    "dl_db": r"\frac{\partial l}{\partial b^{(k)}} = \frac{\partial l}{\partial z^{(k)}}",
}
FORMULAS_OF_ROWS = {
    "z": r"Z^{(k)} = A^{(k-1)} (W^{(k)})^{\mathsf T}",
    "a": r"A^{(k)} = \sigma(Z^{(k)})",
    "dl_da": r"\frac{\partial l}{\partial A^{(k)}}"
    r" = \frac{\partial l}{\partial Z^{(k+1)}} W^{(k+1)}",
    "dl_dz": r"\frac{\partial l}{\partial Z^{(k)}}"
    r" = \sigma'(Z^{(k)}) \odot \frac{\partial l}{\partial A^{(k)}}",
    "dl_dw": r"\frac{\partial L}{\partial W^{(k)}}"
    r" = SHARE \left(\frac{\partial l}{\partial Z^{(k)}}\right)^{\mathsf T} A^{(k-1)}",
    "dl_db": r"\frac{\partial L}{\partial b^{(k)}}"
    r" = SHARE \sum_n \frac{\partial l^n}{\partial z^{(k)}}",
}
UPDATE = r"# \leftarrow # - \eta \frac{\partial @}{\partial #}"


def notebook(made: Listing, trace: Trace, lang: str) -> bytes:
    """Return the program of a run as a notebook, with headings in a language."""
    say = words(lang)
    told = [f"# {say('listing.title', shape=trace.network.shape)}", say("listing.about")]
    told += [say("listing.checks")] * made.has_checks
    cells = [_told("\n\n".join(told)), _run("\n".join(made.beginning))]
    for phase, (_, *lines) in made.phases.items():  # the heading stands for the comment with its name
        parts = phase.split(" and ")
        heading = " · ".join(say(f"phase.{part}") for part in parts)
        formulas = [f"$${it}$$" for part in parts for it in _formulas(trace, part)]
        cells += [_told("\n\n".join([f"## {heading}", *formulas])), _run("\n".join(lines))]
    cells = [{"id": f"cell-{at:02}", **cell} for at, cell in enumerate(cells)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return f"{json.dumps(whole, ensure_ascii=False, indent=1)}\n".encode()


def _told(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def _run(code: str) -> dict[str, Any]:
    source = code.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def _formulas(trace: Trace, phase: str) -> list[str]:
    """Return what a phase computes, in LaTeX."""
    write, has_biases = FORMULAS_OF_ROWS if trace.samples else FORMULAS, bool(biased(trace))
    share = r"\tfrac{1}{N}" if trace.network.total == "mean" else ""
    match phase:
        case "forward":
            plus = r" + b^{(k)}" if has_biases else ""
            return [write["z"] + plus, write["a"]]
        case "loss":
            return [_loss(trace), *([rf"L = {share} \sum_n l^n"] if trace.samples else [])]
        case "backward":
            return [write["dl_da"], write["dl_dz"]] if trace.network.layers > 1 else []
        case "gradient":
            formulas = [write["dl_dw"], *([write["dl_db"]] if has_biases else [])]
            return [it.replace("SHARE", share) for it in formulas]
        case _:
            learned = ["W", *(["b"] if has_biases and trace.update_biases else [])]
            return [UPDATE.replace("#", it).replace("@", "L" if trace.samples else "l") for it in learned]


def _loss(trace: Trace) -> str:
    loss = LOSSES[trace.network.loss]
    terms = loss.formula.replace("#1", "y_i").replace("#2", "t_i")
    return rf"l = {loss.factor.latex(trace.network.sizes[-1])} \sum_i {terms}"
