"""Numbers as a program has them: written out in its text, or taken from a file beside it.

==================  ==========================================================================
`in_full`           the lines that hold what a run was given, in full
`in_brief`          the lines that hold what was shown, in a few digits
`from_file`         the lines that take from a file what was given, `shown_from_file` what was shown
`flat`              the same numbers by one name each, as the file has them
`folded`            a line that is too long, in several
==================  ==========================================================================

Numbers are arrays by name, or by name and layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any

import numpy as np

from bppviz.words.numbers import rounded

Numbers = Mapping[str, Any]

INDENT = 4 * " "
WIDEST_LINE = 88  # characters of a line of numbers: as many as a notebook's cell shows
IMPORTS = {"np": ["import numpy as np"], "torch": ["import torch", "torch.set_default_dtype(torch.float64)"]}
ARRAY = {"np": "np.array({})", "torch": "torch.tensor({})"}
LEARNED = {"np": "np.array({})", "torch": "torch.tensor({}, requires_grad=True)"}
LOADER = (
    "data = dict(np.load({file}))",
    'def loaded(name): return {{int(it.split()[-1]): data[it] for it in data if it.startswith(name + " ")}}',
)
LOADED = {"np": 'data["{name}"]', "torch": 'torch.tensor(data["{name}"])'}
LOADED_BY_LAYER = {
    "np": 'loaded("{name}")',
    "torch": '{{k: torch.tensor(it, requires_grad=True) for k, it in loaded("{name}").items()}}',
}


def in_full(numbers: Numbers, library: str) -> list[str]:
    """Return the lines that hold what a run was given, in full."""
    lines = []
    for name, value in numbers.items():
        if isinstance(value, dict):
            entries = (f"{k}: {LEARNED[library].format(it.tolist()) if np.ndim(it) else it}" for k, it in value.items())
            lines += folded(f"{name} = {{{', '.join(entries)}}}")
        else:
            lines += folded(f"{name} = {ARRAY[library].format(value.tolist())}")
    return lines


def in_brief(numbers: Numbers) -> list[str]:
    """Return the lines that hold what was shown, in a few digits."""
    lines = []
    for name, value in numbers.items():
        by_layer = (f"{k}: {_brief(it)}" for k, it in value.items()) if isinstance(value, dict) else ()
        text = f"{{{', '.join(by_layer)}}}" if isinstance(value, dict) else _brief(value)
        lines += folded(f'{INDENT}"{name}": {text},')
    return ["shown = {", *lines, "}"]


def _brief(array: Any) -> str:
    values = np.asarray(array)
    return str(np.array([rounded(it) + 0.0 for it in values.flat]).reshape(values.shape).tolist())  # −0 is 0


def from_file(numbers: Numbers, library: str, file: str) -> list[str]:
    """Return the lines that take from a file what a run was given; `file` is an expression."""
    taken = {name: (LOADED_BY_LAYER if isinstance(it, dict) else LOADED)[library] for name, it in numbers.items()}
    imports = IMPORTS["np"] if library != "np" else []
    opening = [line.format(file=file) for line in LOADER]
    return [*imports, *opening, *(f"{name} = {take.format(name=name)}" for name, take in taken.items())]


def shown_from_file(numbers: Numbers) -> list[str]:
    """Return the lines that take from a file what was shown."""
    taken = {name: 'loaded("{}")' if isinstance(it, dict) else 'data["{}"]' for name, it in numbers.items()}
    entries = (f'"{name}": {take.format(f"shown {name}")}' for name, take in taken.items())
    return folded(f"shown = {{{', '.join(entries)}}}")


def flat(numbers: Numbers, before: str = "") -> dict[str, Any]:
    """Return numbers by one name each: W 1 for W of layer 1."""
    by_name: dict[str, Any] = {}
    for name, value in numbers.items():
        by_layer = value.items() if isinstance(value, dict) else [("", value)]
        by_name |= {f"{before}{name} {layer}".strip(): it for layer, it in by_layer}
    return by_name


def folded(line: str) -> list[str]:
    """Return a line of a program, and one that is too long in several: each entry of its first list or dict in one."""
    if len(line) <= WIDEST_LINE:
        return [line]
    inset = (len(line) - len(line.lstrip()) + len(INDENT)) * " "
    start = min(at for at in map(line.find, "[{") if at >= 0)
    pieces = list(_pieces(line, start))
    head, entries, tail = line[: start + 1], pieces[:-1], pieces[-1]
    if not any(it in entry for entry in entries for it in "[{("):
        lines = wrap(", ".join(entries), WIDEST_LINE - len(inset), break_on_hyphens=False)
        return [head, *(inset + it for it in lines), inset[len(INDENT) :] + tail]
    return [head, *(it for entry in entries for it in folded(f"{inset}{entry},")), inset[len(INDENT) :] + tail]


def _pieces(line: str, start: int) -> Iterator[str]:
    """Yield the entries of the list or dict that begins at a place of a line, then what stands behind them."""
    depth, begun = 0, start + 1
    for at in range(start, len(line)):
        depth += (line[at] in "[{(") - (line[at] in ")}]")
        if depth == 0:
            yield line[begun:at]
            yield line[at:]
            return
        if depth == 1 and line[at] == ",":
            yield line[begun:at]
            begun = at + 2
