"""A step's formula in LaTeX, for papers and slides."""

from __future__ import annotations

from bppviz.core.checks import switch
from bppviz.core.refusals import no_trace
from bppviz.core.trace import Trace
from bppviz.core.walk import stop_at
from bppviz.words.formula import Formula
from bppviz.words.formula import latex as written
from bppviz.words.sentences import Narrator


def latex(trace: Trace, k: int, *, numbers: bool = False) -> str:
    r"""Return the formula of step k in LaTeX, for a math environment; with `numbers`, these put in below it.

    Several lines stand in an `aligned`, which amsmath has. Of a network too large to be drawn neuron by neuron it is
    the formula of the layer that step k belongs to. Raises TypeError for what is no trace, IndexError for a step that
    the trace does not have.
    """
    if not isinstance(trace, Trace):
        raise no_trace("latex", trace)
    formula, substituted = Narrator(trace).both(stop_at(trace, k))
    return aligned([*formula, *substituted] if switch("numbers", numbers) else formula)


def aligned(formula: Formula) -> str:
    r"""Return the lines of a formula in LaTeX, each as far left as the others."""
    lines = r" \\ & ".join(written([line]) for line in formula)
    return lines if len(formula) == 1 else rf"\begin{{aligned}} & {lines} \end{{aligned}}"
