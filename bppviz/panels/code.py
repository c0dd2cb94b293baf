"""The program of a run as the walk goes through it: which of its lines computes each step.

==================  ==========================================================================
`code_panel`        all that the page shows of it, in NumPy and in PyTorch, with the line of every step
`code_lines`        the lines of a program, from the forward pass on
`line_of`           which of them computes a quantity of a layer
`own_line`          the one that computes that and nothing else, if there is one
==================  ==========================================================================

k is the layer, as in the formulas. What stands in the line of a step is in `bppviz.panels.code_operands`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bppviz.core.place import key
from bppviz.core.trace import Trace
from bppviz.core.walk import edges
from bppviz.panels.code_operands import OF_ONE, Operands, pieces_of, program_names
from bppviz.panels.tables import MOST_TABLED
from bppviz.words.catalogue import by_language
from bppviz.words.dialect import FRAMEWORKS
from bppviz.words.listing import listing_of
from bppviz.words.literals import INDENT
from bppviz.words.numbers import number
from bppviz.words.program import ProgramLine, program_of

# What computes these has its factors in another order than the formula of a number, as their shapes need it.
TURNED = {"z": "w_first", "dl_dW": "dl_dz_first", "dL_dW": "dl_dz_first"}
DEFINED_NAME = re.compile(r"^(?:def )?(\w+)(?= = |\()", re.MULTILINE)


def code_panel(trace: Trace) -> dict[str, Any]:
    """Return the program of a run in NumPy and in PyTorch, the line of every step, and what stands in it.

    A run with more numbers than a program can be read with has only a sentence that says so.
    """
    if edges(trace) > MOST_TABLED or listing_of(trace, "numpy", checks=False).beside:
        return {"note": by_language("code.too_large")}
    operands = Operands(trace)
    lines = {name: code_lines(trace, name) for name in FRAMEWORKS}
    return {
        "libraries": {name: _library(trace, name, them) for name, them in lines.items()},
        "steps": [[key(event.place), number(event.value)] for event in trace],
        "blocks": _blocks(trace, operands, lines),
        "now": [
            operands.of_event(event, own_line(lines["numpy"], trace, event.quantity, event.layer)) for event in trace
        ],
        "scalars": operands.scalars,
        "vectors": operands.vectors,
    }


def code_lines(trace: Trace, framework: str) -> list[ProgramLine]:
    """Return the lines of the program of a run from the forward pass on, in numpy or torch."""
    sections = program_of(trace, FRAMEWORKS[framework]).sections
    return [line for section in sections for line in section.written(checks=False)]


def line_of(lines: Sequence[ProgramLine], trace: Trace, quantity: str, layer: int) -> int:
    """Return which line of a program computes a quantity of a layer.

    Where σ′(z) · ∂l/∂y simplifies there is no line for either, but one for ∂l/∂z; PyTorch does the whole backward pass
    in one line.
    """
    names = program_names(trace)
    for name in (names[quantity], names["dl_dz"]):
        for at, line in enumerate(lines):
            if line.name == name and layer in line.layers:
                return at
    return next(at for at, line in enumerate(lines) if line.text.endswith(".backward()"))


def own_line(lines: Sequence[ProgramLine], trace: Trace, quantity: str, layer: int) -> ProgramLine | None:
    """Return the line that computes a quantity of a layer; none where the program gets along without that."""
    line = lines[line_of(lines, trace, quantity, layer)]
    return line if line.name == program_names(trace)[quantity] else None


def _blocks(trace: Trace, operands: Operands, lines: Mapping[str, Sequence[ProgramLine]]) -> dict[str, Any]:
    """Return of each quantity of a layer its lines, what stands there of whole layers, and what the line computes."""
    blocks = {}
    for block in trace.blocks:
        for quantity in block.computed:
            at = [line_of(them, trace, quantity, block.layer) for them in lines.values()]
            code = own_line(lines["numpy"], trace, quantity, block.layer)
            told = quantity if code and not (trace.samples and quantity in OF_ONE) else _instead(quantity)
            blocks[f"{quantity}-{block.layer}"] = {
                "at": dict(zip(lines, at, strict=True)),
                "now": operands.of_layer(code, block.layer) if code else [],
                "told": f"{told}-{block.layer}",
                "called": operands.called(told, block.layer),
            }
    return blocks


def _instead(quantity: str) -> str:
    """Return what the line of a quantity computes which has none of its own."""
    return quantity.replace("dl_d", "dL_d") if quantity in OF_ONE else "dl_dz"


def _library(trace: Trace, framework: str, lines: Sequence[ProgramLine]) -> dict[str, Any]:
    """Return a program: its lines, what stands before them, and the whole of it without and with its checks."""
    made = listing_of(trace, framework, checks=False)
    before = "\n".join(made.beginning).strip()
    names = [name for name in DEFINED_NAME.findall(before) if not name.endswith("slope")]
    folded = by_language("code.given", names=", ".join(names), lines=len(before.splitlines()))
    return {"before": before, "folded": folded, "lines": _shown_lines(trace, lines), "text": made.text}


def _shown_lines(trace: Trace, lines: Sequence[ProgramLine]) -> list[dict[str, Any]]:
    """Return the lines of a program in pieces, each with its loop, and by layer the step with which it is reached."""
    reached: list[dict[int, int]] = [{} for _ in lines]
    for event in trace:
        reached[line_of(lines, trace, event.quantity, event.layer)].setdefault(event.layer, event.step)
    shown: list[dict[str, Any]] = []
    for at, line in enumerate(lines):
        code, _, comment = line.text.partition("  # ")
        body = code.lstrip()
        depth = (len(code) - len(body)) // len(INDENT)
        loop = next((i for i in reversed(range(at)) if shown[i]["depth"] < depth), -1)
        firsts = [list(it) for it in reached[at].items()]
        pieces = [body] if is_head(line.text) else pieces_of(body)
        own = {"depth": depth, "pieces": pieces, "comment": comment, "loop": loop, "layers": firsts}
        shown.append(own | _order(trace, line))
    for at, it in enumerate(shown):
        around = shown[at:] if is_head(lines[at].text) else shown[at::-1]  # of a loop, what is below it
        it["begins"] = next(near["layers"][0][1] for near in around if near["layers"])
    return shown


def _order(trace: Trace, line: ProgramLine) -> dict[str, Any]:
    """Return why the factors of a line stand in another order than in the formula of a number, where they do."""
    has_rows = line.name == "z" and trace.samples  # each a row, as in the formula: x first
    return {} if has_rows or line.name not in TURNED else {"order": by_language(f"code.{TURNED[line.name]}")}


def is_head(text: str) -> bool:
    """Tell whether a line computes nothing, but leads to those below it."""
    return text.startswith("#") or text.endswith(":")
