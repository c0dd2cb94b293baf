"""Throw made-up inputs at the public API, and report everything that its documentation does not promise.

    python -m tests.fuzz 2000
    python -m tests.fuzz 2000 --seed 7 --only 1234

A call either gives what it should, whole: every number finite, nothing that can be written to, nothing warned of; or it
raises an error that its docstring names, with our own words, in one line.
"""

from __future__ import annotations

import argparse
import copy
import gzip
import json
import linecache
import pickle
import re
import sys
import traceback
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import FrozenInstanceError, fields
from functools import cache
from inspect import getdoc
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from types import TracebackType
from typing import Any, NamedTuple
from xml.etree import ElementTree

import numpy as np
import plotly.graph_objects as go

import bppviz
from bppviz.core.place import Place
from bppviz.core.walk import granularities, walk
from bppviz.picture.film import Film

if __package__:  # python -m tests.fuzz
    from tests.made_up import NAMES, Call, Maker
    from tests.widgets import stage
else:  # pytest
    from made_up import NAMES, Call, Maker
    from widgets import stage

LONGEST = 300  # characters of a message, or of what something says of itself
NOT_A_NUMBER = re.compile(
    r"(?<![a-z])(nan|inf|infinity)(?![a-z])|∞\s*[−-]\s*∞|−∞\s*\+\s*∞|(?<!−)∞\s*\+\s*\(−∞|Traceback", re.IGNORECASE
)
PACKAGE = str(Path(bppviz.__file__).parent)
ARRAYS = ("z", "a", "dsigma", "dl_da", "dl_dz", "dl_dw", "dl_db", "dL_dw", "dL_db")


class Failure(NamedTuple):
    """What a call did that it must not: the kind, told the same for all that have the same cause, and the details."""

    kind: str
    details: str = ""


class Outcome(NamedTuple):
    """What became of a call: the name of the error that refused it, "" where none did; and what was wrong with that."""

    number: int
    call: Call
    refused_by: str
    failures: list[Failure]
    seconds: float


# One call


def made(seed: int, number: int, names: dict[str, Any]) -> tuple[Call, Callable[[], Any]]:
    """Return a call, ready to be made; one whose arguments Python itself refuses to make is passed over."""
    maker = Maker(f"{seed}:{number}")
    while True:
        call = maker.call()
        try:
            return call, call.ready(names)
        except Exception:
            continue


def outcome(call: Call, ready: Callable[[], Any], number: int = 0) -> Outcome:
    """Make a call, and look at what comes of it."""
    begun = perf_counter()
    refused_by, failures = "", []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            result = ready()
        except Exception as error:
            refused_by = type(error).__name__
            failures = list(wrong_with_error(call.name, error))
        else:
            failures = [*looked_at(call.name, result, Random(number)), *shared(ready, result)]
    return Outcome(number, call, refused_by, failures, perf_counter() - begun)


def looked_at(name: str, result: Any, random: Random) -> list[Failure]:
    """Return what is wrong with a result, of every kind once; that it cannot be looked at is wrong, too."""
    found: dict[str, Failure] = {}
    try:
        for wrong in wrong_with(result, random):
            found.setdefault(wrong.kind, wrong)
    except Exception as error:
        kind = f"{name}: {type(error).__name__} when the result is looked at, {innermost(error.__traceback__)}"
        found[kind] = Failure(kind, one_line(error))
    finally:
        if isinstance(result, bppviz.Explainer):
            result.close()
    return list(found.values())


def shared(ready: Callable[[], Any], result: Any) -> Iterator[Failure]:
    """Yield a failure if a result has an array in common with what was given: its owner could change it."""
    given = [*getattr(ready, "args", ()), *getattr(ready, "keywords", {}).values()]
    theirs = [array for it in given for array in arrays_in(it)]
    ours = [array for part in ("weights", "biases", "x", "target") for array in arrays_in(getattr(result, part, ()))]
    if any(np.shares_memory(one, other) for one in theirs for other in ours):
        yield Failure(f"a {type(result).__name__} has an array in common with what was given")


def arrays_in(it: Any) -> Iterator[Any]:
    """Yield every array in lists and tuples of them."""
    if isinstance(it, np.ndarray) and it.dtype != object:
        yield it
    elif type(it) in (list, tuple):
        yield from (array for part in it for array in arrays_in(part))


# Errors


@cache
def documented(name: str) -> frozenset[str]:
    """Return the errors that the docstring of something public names, or that of another method which it refers to."""
    it: Any = bppviz
    for part in name.split("."):
        it = getattr(it, part)
    text = getdoc(it) or ""
    errors = frozenset(re.findall(r"\b[A-Z]\w*Error\b", text))
    return errors.union(
        *(documented(f"{name.partition('.')[0]}.{other}") for other in re.findall(r" as in `(\w+)`", text))
    )


def wrong_with_error(name: str, error: Exception) -> Iterator[Failure]:
    """Yield what is wrong with an error: its kind, who says it, and how."""
    kind, where, said = type(error).__name__, innermost(error.__traceback__), text_of(error)
    is_of_system = isinstance(error, OSError) and "OSError" in documented(name)
    if is_of_system:
        return
    if kind not in documented(name):
        yield Failure(f"{name}: {kind} is not documented, {where}", one_line(error))
    elif not is_ours(error.__traceback__):
        yield Failure(f"{name}: {kind} in other words than ours, {where}", one_line(error))
    if "\n" in said or len(said) > LONGEST:
        size = f"{said.count(chr(10)) + 1} lines, {len(said)} characters"
        yield Failure(f"{name}: a message too long, {where}", f"{size}: {one_line(error)}")


def is_ours(trace: TracebackType | None) -> bool:
    """Tell whether an error was raised on purpose, by a line of the package that says raise."""
    frame, line = innermost_line(trace)
    return frame.startswith(PACKAGE) and linecache.getline(frame, line).strip().startswith("raise ")


def innermost_line(trace: TracebackType | None) -> tuple[str, int]:
    """Return file and line at which an error was raised."""
    last = traceback.extract_tb(trace)[-1]
    return last.filename, last.lineno or 0


def innermost(trace: TracebackType | None) -> str:
    """Return the last line of the package on the way to an error."""
    ours = [it for it in traceback.extract_tb(trace) if it.filename.startswith(PACKAGE)]
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno} in {ours[-1].name}" if ours else "outside of the package"


def text_of(error: Exception) -> str:
    """Return what an error says; some have an argument that cannot be written, such as a number of 5000 digits."""
    try:
        return str(error)
    except ValueError as unsaid:
        return f"(what it says cannot be written: {unsaid})"


def one_line(error: Exception) -> str:
    """Return the beginning of what an error says."""
    return ascii(text_of(error))[1:160].removesuffix("'")


# Results


def wrong_with(result: Any, random: Random) -> Iterator[Failure]:
    """Yield what is wrong with something that the API returned."""
    kinds: tuple[tuple[type, Callable[[Any, Random], Iterator[Failure]]], ...] = (
        (bppviz.Network, wrong_with_network),
        (bppviz.Trace, wrong_with_trace),
        (bppviz.TraceEvent, wrong_with_event),
        (bppviz.Operand, wrong_with_number),
        (bppviz.Epoch, wrong_with_epoch),
        (bppviz.Explainer, wrong_with_explainer),
        (type(CHECK), wrong_with_check),
        (bppviz.AnswerCheck, lambda it, _: wrong_with_shown(it.said, "what is said of an answer")),
        (type(EXAMPLE), wrong_with_example),
        (go.Figure, wrong_with_figure),
        (bppviz.Still, wrong_with_still),
        (bppviz.Worksheet, wrong_with_worksheet),
        (str, lambda it, _: wrong_with_shown(it, "a formula in LaTeX")),
        (np.ndarray, lambda it, _: wrong_with_array("array", it)),
        (
            Place,
            lambda it, _: iter(() if all(map(is_plain, it[1:])) else [Failure("a place has numbers that are none")]),
        ),
        (list | tuple, lambda them, random: (wrong for it in them for wrong in wrong_with(it, random))),
        (float, lambda it, _: iter(() if np.isfinite(it) else [Failure("a number is not finite", repr(it))])),
        (int | None, lambda _, __: iter(())),
    )
    looks = next((look for kind, look in kinds if isinstance(result, kind)), None)
    if looks is None:
        yield Failure(f"a {type(result).__name__} is returned")
    else:
        yield from looks(result, random)


def is_plain(it: Any) -> bool:
    """Tell whether something is a whole number of Python's own, or nothing."""
    return it is None or type(it) is int


CHECK = bppviz.check_gradients(bppviz.Network.lecture(), [1, -1], [1, 0])
EXAMPLE = bppviz.example("neuron")


def wrong_with_array(name: str, array: Any) -> Iterator[Failure]:
    """Yield what is wrong with an array: it is to be finite, of float64, and read-only."""
    if not isinstance(array, np.ndarray) or array.dtype != np.float64:
        yield Failure(f"{name} is no array of float64", repr(array)[:99])
    elif not np.isfinite(array).all():
        yield Failure(f"{name} is not finite", str(array[~np.isfinite(array)][0]))
    elif array.flags.writeable:
        yield Failure(f"{name} can be written to")


def wrong_with_record(record: Any) -> Iterator[Failure]:
    """Yield what is wrong with a record: it is to be frozen, and to say in one line what it is."""
    try:
        setattr(record, fields(record)[0].name, 0)
        yield Failure(f"a {type(record).__name__} can be changed")
    except FrozenInstanceError:
        pass
    if "\n" in repr(record) or len(repr(record)) > LONGEST:
        yield Failure(f"repr of a {type(record).__name__} is too long", f"{len(repr(record))} characters")


def wrong_with_network(network: bppviz.Network, _random: Random | None = None) -> Iterator[Failure]:
    """Yield what is wrong with a network or with a copy of it."""
    yield from wrong_with_record(network)
    copies = {"": network, " of a pickle": pickle.loads(pickle.dumps(network)), " of a copy": copy.deepcopy(network)}
    for kind, one in copies.items():
        for array in (*one.weights, *(b for b in one.biases if b is not None)):
            yield from wrong_with_array(f"a weight{kind}", array)


def wrong_with_trace(trace: bppviz.Trace, random: Random) -> Iterator[Failure]:
    """Yield what is wrong with a trace, an event of it, and a frame of it."""
    for name in ARRAYS:
        for array in getattr(trace, name):
            if array is not None:
                yield from wrong_with_array(f"trace.{name}", array)
    for name in ("x", "target", "loss_terms"):
        yield from wrong_with_array(f"trace.{name}", getattr(trace, name))
    if not np.isfinite(trace.L) or not np.isfinite(trace.loss).all():
        yield Failure("trace.L is not finite")
    if trace.updated:
        yield from wrong_with_network(trace.updated)
    yield from wrong_with_record(trace)
    yield from wrong_with_event(trace[random.randrange(len(trace))], random)
    yield from wrong_with_frame(trace, random)


def wrong_with_event(event: bppviz.TraceEvent, random: Random) -> Iterator[Failure]:
    """Yield what is wrong with an event, or with what it was computed from."""
    yield from wrong_with_record(event)
    equation = [getattr(event, name)() for name in ("_repr_latex_", "_repr_html_") if hasattr(event, name)]
    yield from wrong_with_shown(equation, "the equation of an event")
    for it in (event, *event.operands):
        yield from wrong_with_number(it, random)


def wrong_with_number(it: Any, _random: Random) -> Iterator[Failure]:
    """Yield what is wrong with the value of an event or an operand."""
    if type(it.value) is not float or not np.isfinite(it.value):
        yield Failure(f"{it.quantity} has a value that is no finite float", repr(it.value)[:99])


def wrong_with_frame(trace: bppviz.Trace, random: Random) -> Iterator[Failure]:
    """Yield what is wrong with what the stage shows somewhere on a walk."""
    stop = random.choice(walk(trace, random.choice(granularities(trace))))
    yield from wrong_with_shown(Film(trace).frame(stop), f"a frame of {stop.granularity}")


def wrong_with_shown(shown: Any, what: str) -> Iterator[Failure]:
    """Yield what is wrong with something that a page is to show: it has to become JSON, with numbers for people."""
    try:
        text = json.dumps(shown, allow_nan=False, ensure_ascii=False)
        text.encode()
    except ValueError as error:
        yield Failure(f"{what} cannot be sent: {type(error).__name__}", one_line(error))
        return
    read = re.sub(r"<[^<>]*>", "", re.sub(r"</mt[dr]>", "; ", text))  # the entries of a matrix stand apart
    found = NOT_A_NUMBER.search(read)
    if found:
        yield Failure(f"{what} shows {found[0]}", read[max(0, found.start() - 60) : found.end() + 20])


def wrong_with_epoch(epoch: bppviz.Epoch, random: Random) -> Iterator[Failure]:
    """Yield what is wrong with an epoch."""
    yield from wrong_with_record(epoch)
    yield from wrong_with(epoch.loss, random)
    yield from wrong_with_network(epoch.network)


def wrong_with_check(check: Any, _random: Random) -> Iterator[Failure]:
    """Yield what is wrong with checked gradients: what is not finite must not have passed."""
    yield from wrong_with_record(check)
    numbers = np.array([(row.gradient, row.central, row.left, row.right, row.relative_error) for row in check])
    if not np.isfinite(numbers[:, 1:4]).all():
        yield Failure("check_gradients gives a difference that is not finite")
    if not np.isfinite(numbers).all() and (check.passed or np.isfinite(check.largest_error)):
        yield Failure("check_gradients passes what is not finite", str(check.largest_error))
    str(check).encode()
    if np.isfinite(numbers).all():
        yield from wrong_with_shown([str(check), check._repr_html_()], "a table of checked gradients")


def wrong_with_example(example: Any, random: Random) -> Iterator[Failure]:
    """Yield what is wrong with an example."""
    yield from wrong_with_record(example)
    yield from wrong_with_network(example.network)
    yield from wrong_with_trace(example.trace, random)


def wrong_with_figure(figure: go.Figure, _random: Random) -> Iterator[Failure]:
    """Yield what is wrong with a figure."""
    yield from wrong_with_shown(json.loads(figure.to_json()), "a figure")


def wrong_with_worksheet(worksheet: bppviz.Worksheet, random: Random) -> Iterator[Failure]:
    """Look at the data of a worksheet, and at one of its sheets, answered as its key has it."""
    data = json.dumps(worksheet.to_dicts(), allow_nan=False)
    yield from wrong_with_shown([repr(worksheet), data], "a worksheet")
    sheet = random.choice(worksheet.sheets)
    if not all(it.passed for it in sheet.check([sheet.answer(event) for event in sheet.questions], worksheet.lang)):
        yield Failure("an answer of the key is not right", f"sheet {sheet.number}")


def wrong_with_still(still: bppviz.Still, _random: Random) -> Iterator[Failure]:
    """Yield what is wrong with a still picture."""
    yield from wrong_with_shown(still.title, "the title of a still picture")
    try:
        ElementTree.fromstring(still.svg)
    except ElementTree.ParseError as error:
        yield Failure("a still picture is no XML", str(error))


def wrong_with_explainer(explainer: bppviz.Explainer, random: Random) -> Iterator[Failure]:
    """Yield what is wrong with a widget."""
    yield from wrong_with_trace(explainer.trace, random)
    if not 0 <= explainer.step < len(explainer.trace):
        yield Failure("the widget shows a step that there is not", str(explainer.step))
    if len(repr(explainer)) > LONGEST:
        yield Failure("repr of an Explainer is too long", f"{len(repr(explainer))} characters")
    reel = json.loads(gzip.decompress(stage(explainer).film))
    yield from wrong_with_shown([reel["frames"], reel["values"], reel["base"]], "a film")


# Many calls


def outcomes(numbers: Iterable[int], seed: int) -> Iterator[Outcome]:
    """Make the calls of these numbers, one after the other."""
    with TemporaryDirectory() as folder:
        for number in numbers:
            yield outcome(*made(seed, number, {**NAMES, "folder": Path(folder)}), number)


def report(done: list[Outcome]) -> str:
    """Say what came of all calls, and of every kind of failure how often it was and the shortest call that shows it."""
    refused = Counter(it.refused_by for it in done)
    well = refused.pop("", 0)
    errors = ", ".join(f"{count} {name}" for name, count in refused.most_common())
    slowest = max(done, key=lambda it: it.seconds)
    kinds: dict[str, list[tuple[Outcome, Failure]]] = defaultdict(list)
    for it in done:
        for failure in it.failures:
            kinds[failure.kind].append((it, failure))
    lines = [
        *(line for kind, them in sorted(kinds.items(), key=lambda item: -len(item[1])) for line in told(kind, them)),
        f"{len(done)} calls: {well} succeeded, {sum(refused.values())} were refused ({errors or 'by no error'}).",
        f"The slowest took {slowest.seconds:.1f} s: #{slowest.number} {cut(str(slowest.call))}",
        f"{sum(map(len, kinds.values()))} failures of {len(kinds)} kinds.",
    ]
    return "\n".join(lines)


def told(kind: str, them: list[tuple[Outcome, Failure]]) -> Iterator[str]:
    """Yield the lines about a kind of failure."""
    it, failure = min(them, key=lambda pair: len(str(pair[0].call)))
    yield from (f"{len(them)} × {kind}", f"    {failure.details}", f"    #{it.number}: {it.call}", "")


def cut(text: str) -> str:
    """Return a text, or only its beginning where it is long."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def main() -> int:
    """Run from the command line; return 1 where anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Throw made-up calls at the public API.")
    parser.add_argument("count", type=int, help="how many calls to make")
    parser.add_argument("--seed", type=int, default=0, help="another seed makes other calls")
    parser.add_argument("--only", type=int, help="make the call of this number alone, and show where its error is from")
    given = parser.parse_args()
    if given.only is not None:
        return alone(given.seed, given.only)
    done = list(outcomes(range(given.count), given.seed))
    print(report(done))
    return int(any(it.failures for it in done))


def alone(seed: int, number: int) -> int:
    """Make one call, report it, and make it once more so that Python shows where its error is from."""
    (it,) = outcomes([number], seed)
    print(report([it]), it.call, sep="\n")
    with TemporaryDirectory() as folder:
        made(seed, number, {**NAMES, "folder": Path(folder)})[1]()
    return int(bool(it.failures))


if __name__ == "__main__":
    sys.exit(main())
