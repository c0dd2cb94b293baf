"""The program of a run: what its lines compute, phase by phase, of which layers.

==================  ==========================================================================
`Program`           the sections of a program, and how it is written
`program_of`        the program of a run, in NumPy or in PyTorch
`Section`           a phase: its loops
`Loop`              lines that are gone through for some layers, with k in place of the layer
`CodeLine`          what is computed, and what is to be compared with a number that was shown
`ProgramLine`       a line as text, with what it computes
==================  ==========================================================================

It reads like `bppviz.core.backprop`: several samples are rows, a single one is a vector, as in the lecture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bppviz.core.trace import Trace
from bppviz.words.dialect import Dialect, loss_of_outputs, simplified_slope, slope_of_layers, slope_of_outputs
from bppviz.words.literals import INDENT

LISTED = 4  # layers of a loop that are written one by one
SUBSCRIPT = re.compile(r"\[k(?:([+-])1)?\]")


class CodeLine(NamedTuple):
    """A line of a program, or only a value that is compared; `name` is what was shown of it."""

    text: str
    value: str = ""
    name: str = ""


class ProgramLine(NamedTuple):
    """A line of a program as text, with the name of what it computes, if it does, and the layers of its loop."""

    text: str
    name: str = ""
    layers: tuple[int, ...] = ()

    def within(self) -> ProgramLine:
        """Return the line as it stands within another one."""
        return self._replace(text=INDENT + self.text)


class Loop(NamedTuple):
    """Lines for each of some layers, in the order in which they are computed."""

    layers: tuple[int, ...]
    lines: tuple[CodeLine, ...]

    def written(self, *, checks: bool) -> list[ProgramLine]:
        """Return the lines as text, each followed by its check: in a loop, or without one for a single layer."""
        pairs = ((line, text) for line in self.lines for text in (line.text, _check(line) if checks else ""))
        lines = [ProgramLine(text, line.name, self.layers) for line, text in pairs if text]
        if not lines or not self.layers:
            return []
        if len(self.layers) == 1:
            return [line._replace(text=at_layer(line.text, self.layers[0])) for line in lines]
        return [ProgramLine(f"for k in {_counted(self.layers)}:"), *(line.within() for line in lines)]


class Section(NamedTuple):
    """A phase of a program; `block` is what all of it stands in."""

    phase: str
    loops: tuple[Loop, ...]
    block: str = ""

    def written(self, *, checks: bool) -> list[ProgramLine]:
        """Return the section as lines of text, under its name."""
        lines = [line for loop in self.loops for line in loop.written(checks=checks)]
        if self.block:
            lines = [ProgramLine(self.block), *(line.within() for line in lines)]
        return [ProgramLine(f"# {self.phase}"), *lines]


class Program(NamedTuple):
    """The sections of a program, and how it is written."""

    dialect: Dialect
    sections: tuple[Section, ...]

    @property
    def compared(self) -> Iterator[tuple[CodeLine, int]]:
        """Yield what is compared, each line with a layer, in the order of the program."""
        for loop in (loop for section in self.sections for loop in section.loops):
            for line in loop.lines:
                yield from ((line, layer) for layer in loop.layers if line.name)


def program_of(trace: Trace, library: str) -> Program:
    """Return the program of a run, in np or torch."""
    dialect = Dialect.of(trace, library)
    after = _after_forward if library == "np" else _after_forward_in_torch
    update = () if trace.updated is None else (_update(trace, dialect),)
    return Program(dialect, (_forward(trace, dialect), *after(trace, dialect), *update))


def _forward(trace: Trace, dialect: Dialect) -> Section:
    network = trace.network
    product = "a[k-1] @ W[k].T" if dialect.has_rows else "W[k] @ a[k-1]"
    plus = " + b[k]" if biased(trace) else ""
    lines = [_line(f"z[k] = {product}{plus}"), _line(f"a[k] = {_activation(network.activations, dialect)}(z[k])")]
    if dialect.library == "torch":
        lines.append(CodeLine("z[k].retain_grad(); a[k].retain_grad()"))
    return Section("forward", (Loop(_layers(trace), tuple(lines)),))


def _activation(names: Sequence[str], dialect: Dialect) -> str:
    return dialect.called(names[0]) if len(set(names)) == 1 else "act[k]"


def _after_forward(trace: Trace, dialect: Dialect) -> tuple[Section, ...]:
    """Return the loss, the backward pass, and the gradients."""
    return _loss(trace, dialect), _backward(trace, dialect), _gradient(trace, dialect)


def _loss(trace: Trace, dialect: Dialect) -> Section:
    lines = [_line(f"loss = {loss_of_outputs(trace.network, dialect)}")]
    if dialect.has_rows:
        lines.append(_line(f"L = {dialect.library}.{trace.network.total}(loss)"))
    return Section("loss", (Loop((trace.network.layers,), tuple(lines)),))


def _backward(trace: Trace, dialect: Dialect) -> Section:
    names, layers = trace.network.activations, _layers(trace)
    product = "dl_dz[k+1] @ W[k+1]" if dialect.has_rows else "W[k+1].T @ dl_dz[k+1]"
    hidden = (_line(f"dl_da[k] = {product}"), *_through(names[:-1], dialect))
    return Section("backward", (Loop(layers[-1:], _outputs(trace, dialect)), Loop(layers[-2::-1], hidden)))


def _outputs(trace: Trace, dialect: Dialect) -> tuple[CodeLine, ...]:
    """Return the lines of the output layer going backward."""
    network = trace.network
    output = network.activations[-1]
    if simplified := simplified_slope(trace, dialect):
        return (_line(f"dl_dz[k] = {simplified}", f"{output} with {network.loss}, simplified"),)
    slope = _line(f"dl_da[k] = {slope_of_outputs(network, dialect)}")
    if trace.elementwise(network.layers):
        return (slope, *_through([output], dialect))
    mean = dialect.written("np.sum(a[k] * dl_da[k]{rows})", output)
    return slope, _line(f"dl_dz[k] = a[k] * (dl_da[k] - {mean})")


def _through(names: Sequence[str], dialect: Dialect) -> tuple[CodeLine, ...]:
    """Return the lines that go back through the activations of some layers."""
    slope, comment = slope_of_layers(names, dialect)
    return _line(f"da_dz[k] = {slope}", comment), _line("dl_dz[k] = da_dz[k] * dl_da[k]")


def _gradient(trace: Trace, dialect: Dialect) -> Section:
    of_weights, of_biases = gradient_names(trace)
    w, b = "np.outer(dl_dz[k], a[k-1])", "dl_dz[k]"
    if dialect.has_rows:
        mean = " / len(x)" if trace.network.total == "mean" else ""
        w, b = f"dl_dz[k].T @ a[k-1]{mean}", f"np.sum(dl_dz[k], axis=0){mean}"
    lines = _line(f"{of_weights}[k] = {w}"), _line(f"{of_biases}[k] = {b}")
    return Section("gradient", _of_learned(trace, *lines))


def _after_forward_in_torch(trace: Trace, dialect: Dialect) -> tuple[Section, ...]:
    """Return the loss, and the one call that does all the rest, with what it leaves behind."""
    layers = _layers(trace)
    total, each = ("L", "len(x) * ") if dialect.has_rows else ("loss", "")
    each = each if trace.network.total == "mean" else ""
    of_weights, of_biases = gradient_names(trace)
    is_reached = not (dialect.is_careful and trace.network.loss in ("binary_cross_entropy", "cross_entropy"))
    dl_da, dl_dz = CodeLine("", f"{each}a[k].grad", "dl_da"), CodeLine("", f"{each}z[k].grad", "dl_dz")
    loops = (
        Loop(layers[-1:], (CodeLine(f"{total}.backward()"),)),
        Loop(layers[-1:], (dl_da, dl_dz) if is_reached else (dl_dz,)),
        Loop(layers[-2::-1], (dl_da, dl_dz)),
        *_of_learned(trace, CodeLine("", "W[k].grad", of_weights), CodeLine("", "b[k].grad", of_biases)),
    )
    return _loss(trace, dialect), Section("backward and gradient", loops)


def _update(trace: Trace, dialect: Dialect) -> Section:
    if dialect.library == "torch":
        w, b = "W[k] -= eta * W[k].grad", "b[k] -= eta * b[k].grad"
    else:
        w, b = (f"{it}[k] = {it}[k] - eta * {of}[k]" for it, of in zip("Wb", gradient_names(trace), strict=True))
    has_both = trace.update_biases
    loops = _of_learned(trace, _line(w), _line(b)) if has_both else (Loop(_layers(trace), (_line(w),)),)
    return Section("update", loops, "with torch.no_grad():" if dialect.library == "torch" else "")


def _of_learned(trace: Trace, w: CodeLine, b: CodeLine) -> tuple[Loop, ...]:
    """Return the line of the weights and that of the biases, in one loop where each layer has both."""
    layers = _layers(trace)
    return (Loop(layers, (w, b)),) if layers == biased(trace) else (Loop(layers, (w,)), Loop(biased(trace), (b,)))


def at_layer(text: str, layer: int) -> str:
    """Return a line with a layer in place of k."""
    steps = {None: 0, "+": 1, "-": -1}
    return SUBSCRIPT.sub(lambda subscript: f"[{layer + steps[subscript[1]]}]", text)


def gradient_names(trace: Trace) -> tuple[str, str]:
    """Return what the program calls the gradients that an update takes: L is the total of several samples."""
    return ("dL_dW", "dL_db") if trace.samples else ("dl_dW", "dl_db")


def biased(trace: Trace) -> tuple[int, ...]:
    """Return the layers that have biases."""
    return tuple(layer for layer, b in enumerate(trace.network.biases, 1) if b is not None)


def _layers(trace: Trace) -> tuple[int, ...]:
    return tuple(range(1, trace.network.layers + 1))


def _line(text: str, comment: str = "") -> CodeLine:
    """Return a line that computes something."""
    value = text.partition(" ")[0]
    return CodeLine(f"{text}  # {comment}" if comment else text, value, value.partition("[")[0])


def _check(line: CodeLine) -> str:
    """Return the check behind a line, where it has one."""
    subscript = "[k]" if "[" in line.value else ""
    return f'assert same({line.value}, shown["{line.name}"]{subscript})' if line.name else ""


def _counted(layers: Sequence[int]) -> str:
    """Return the layers of a loop."""
    first, last = layers[0], layers[-1]
    step = 1 if first < last else -1
    if len(layers) <= LISTED or list(layers) != list(range(first, last + step, step)):
        return ", ".join(map(str, layers))
    return f"range({first}, {last + 1})" if step > 0 else f"range({first}, {last - 1}, -1)"
