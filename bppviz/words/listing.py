"""The whole run as a program of some twenty lines, which computes exactly what was shown.

==================  ==========================================================================
`listing`           the program as text
`listing_of`        the same in pieces, and the numbers that are too many for its text
==================  ==========================================================================
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from bppviz.core.checks import known_name, switch
from bppviz.core.refusals import no_trace
from bppviz.core.trace import Trace
from bppviz.words.dialect import FRAMEWORKS, Dialect, definitions
from bppviz.words.literals import IMPORTS, flat, folded, from_file, in_brief, in_full, shown_from_file
from bppviz.words.numbers import grouped
from bppviz.words.program import Program, biased, gradient_names, program_of

MOST_IN_TEXT = 1000  # that a program has in its text
GIVEN_BY_LAYER = ("W", "b")
# A number of 4 digits may miss by 5 of the fifth.
SAME = {
    "np": """def same(value, shown):
    if np.shape(value) != np.shape(shown): return False
    return np.allclose(value, shown, rtol=6e-4, atol={nothing})""",
    "torch": """def same(value, shown):
    shown = torch.tensor(shown)
    if value.shape != shown.shape: return False
    return torch.allclose(value, shown, rtol=6e-4, atol={nothing})""",
}


class Listing(NamedTuple):
    """A program in pieces: what stands before the forward pass, and the lines of each phase, by its name.

    `beside` are the numbers that it takes from a file, by name, where they are too many for its text.
    """

    beginning: list[str]
    phases: dict[str, list[str]]
    beside: dict[str, Any]
    has_checks: bool

    @property
    def text(self) -> str:
        """Return the whole program."""
        return "\n".join([*self.beginning, "", *(line for lines in self.phases.values() for line in lines)]) + "\n"


def listing(trace: Trace, *, framework: str = "numpy", checks: bool = True) -> str:
    """Return a run as a program of its own, which needs NumPy alone: at most 25 lines from the forward pass on.

    Each line that computes something is followed by an assert with the number that was shown, in 4 digits, unless
    `checks` is False; these lines come on top. k is the layer, from 1 on, as in the formulas: z[2][0] is the first
    neuron of layer 2. Several samples are rows. `framework` is numpy, or torch: the same forward pass in PyTorch, whose
    one call of backward() does the rest, with every number of the walk in a .grad.

    Raises TypeError or ValueError for what is no trace, for an unknown framework, and for a run with more than 1000
    numbers: `save_listing` puts these into a file beside the program.
    """
    made = listing_of(trace, framework, checks=checks)
    if made.beside:
        many = grouped(sum(map(np.size, made.beside.values())))
        raise ValueError(
            f"a program with {many} numbers in it cannot be read; save_listing(trace, 'run.py') writes it with a file "
            "of numbers beside it."
        )
    return made.text


def listing_of(trace: Trace, framework: str, *, checks: bool, file: str = "") -> Listing:
    """Return the program of a run in pieces; `file` is how it calls the file of its numbers, if it needs one.

    Raises TypeError or ValueError as `listing` does, but for the size.
    """
    if not isinstance(trace, Trace):
        raise no_trace("listing", trace)
    library = FRAMEWORKS[known_name("framework", framework, FRAMEWORKS, any_case=True)]
    program, checks = program_of(trace, library), switch("checks", checks)
    given, shown = _given(trace), _shown(trace, program) if checks else {}
    beside = flat(given) | flat(shown, "shown ")
    if sum(map(np.size, beside.values())) > MOST_IN_TEXT:
        numbers, results = from_file(given, library, file), shown_from_file(shown)
    else:
        beside, numbers, results = {}, in_full(given, library), in_brief(shown)
    rate = [] if trace.updated is None else [f"eta = {trace.learning_rate!r}"]
    same = SAME[library].format(nothing=program.dialect.tolerance).splitlines()
    beginning = [
        *IMPORTS[library],
        *("", *numbers, *rate),
        *_functions(trace, program.dialect),
        *(["", *results, *same] if checks else []),
        *("", _rooms(program)),
    ]
    phases = {it.phase: [line.text for line in it.written(checks=checks)] for it in program.sections}
    return Listing(beginning, phases, beside, checks)


def _given(trace: Trace) -> dict[str, Any]:
    """Return the numbers that a run begins with: x, t, and W and b by layer."""
    weights = dict(enumerate(trace.network.weights, 1))
    biases = {layer: 0.0 if b is None else b for layer, b in enumerate(trace.network.biases, 1)}
    return {"x": trace.x, "t": trace.target, "W": weights} | ({"b": biases} if biased(trace) else {})


def _shown(trace: Trace, program: Program) -> dict[str, Any]:
    """Return the numbers that a program is compared with: arrays by name and layer, and the losses by name."""
    network, (of_weights, of_biases) = trace.updated or trace.network, gradient_names(trace)
    arrays = {
        **{name: getattr(trace, name) for name in ("z", "a", "dl_da", "dl_dz")},
        "da_dz": trace.dsigma,
        of_weights: trace.dL_dw,
        of_biases: trace.dL_db,
        "W": network.weights,
        "b": network.biases,
    }
    compared = dict[str, list[int]]()
    for line, layer in program.compared:
        compared.setdefault(line.name, []).append(layer)
    return {
        name: {k: arrays[name][k - 1] for k in sorted(layers)} if name in arrays else getattr(trace, name)
        for name, layers in compared.items()
    }


def _functions(trace: Trace, dialect: Dialect) -> list[str]:
    """Return the functions that a program defines, and which are those of a layer where they differ."""
    names = trace.network.activations
    slopes = tuple(f"{it}_slope" for it in names[:-1]) if dialect.library == "np" else ()
    lines = "\n".join(definitions(trace.network, dialect)).splitlines()
    for name, functions in (("act", names), ("slope", slopes)):
        if len(set(functions)) > 1:
            entries = (f"{layer}: {dialect.called(it)}" for layer, it in enumerate(functions, 1))
            lines += folded(f"{name} = {{{', '.join(entries)}}}")
    return ["", *lines] if lines else []


def _rooms(program: Program) -> str:
    """Return the line that makes room for results, by layer; a of layer 0 are the inputs."""
    named = (line.name for line, _ in program.compared if line.text and "[" in line.value)
    names = [name for name in dict.fromkeys(named) if name not in GIVEN_BY_LAYER]
    return f"{', '.join(names)} = {', '.join('{0: x}' if name == 'a' else '{}' for name in names)}"
