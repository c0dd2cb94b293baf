"""What somebody types after `python -m bppviz`: a network, its samples, and steps of their run.

==================  ==========================================================================
`run_of`            the recorded run of a network, with the samples that were typed
`read_typed`        what an option was given, read
`network_given`     what an example or a JSON file gives: a network, and its samples
`step_number`       the step that a walk counts as its 28th
`steps_given`       phases, quantities and such numbers, as `save_sheet` takes them
`sizes_given`       the sizes of a network, 2,2,1
`page_given`        the path of a page that can be written, and `data_given` that of a JSON file
==================  ==========================================================================

The name of a file ends in .json. It holds what `network.to_dict()` returns, or that with the samples of a run:

    {"network": {"format": "bppviz network", …}, "x": [1, -1], "target": [1, 0], "learning_rate": 0.5}

Several samples are rows of x and target, and learning_rate, η of an update, may be left out.
"""

from __future__ import annotations

import json
import re
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bppviz.core.backprop import backprop
from bppviz.core.checks import MOST_REPEATED, brief, known_name
from bppviz.core.examples import EXAMPLES
from bppviz.core.files import check_writable, file_path
from bppviz.core.network import Network
from bppviz.core.samples import default_sample
from bppviz.core.trace import Trace
from bppviz.core.walk import Stop, walk
from bppviz.paper.pages import html_path
from bppviz.practice.typed import IN_ASCII, numbers, single

ANY_FILE = "FILE.json"  # what stands for a file among the names of examples
FILE_KEYS = ("network", "x", "target", "learning_rate")


def run_of(asked: Namespace) -> Trace:
    """Return the run of a network with the samples and the learning rate that were typed, or else its own.

    Raises TypeError, ValueError, OverflowError or OSError for what does not fit, and for a file that cannot be read.
    """
    given = network_given(asked.network)
    readers = {"x": _rows, "target": _rows, "learning_rate": single}
    typed = {name: read_typed(name, getattr(asked, name), read) for name, read in readers.items()}
    run = given | {name: value for name, value in typed.items() if value is not None}
    if "x" not in run or "target" not in run:
        raise ValueError(f"{asked.network} has no sample in it; give {_missing(run)}.")
    return backprop(**run)


def network_given(name: str) -> dict[str, Any]:
    """Return what `backprop` needs, as far as an example or a file gives it."""
    if name.lower().endswith(".json"):
        return _of_file(name, _read(name))
    it = EXAMPLES[known_name("network", name, (*EXAMPLES, ANY_FILE), any_case=True)]
    return {name: getattr(it, name) for name in (*FILE_KEYS, "update_biases")}


def step_number(trace: Trace, number: int, granularity: str) -> int:
    """Return the step, as an index of the trace, that a walk counts from 1.

    Raises ValueError for a number that the walk does not have.
    """
    return _stop(walk(trace, granularity), number).last


def steps_given(trace: Trace, typed: Sequence[str], granularity: str) -> list[str | Stop]:
    """Return the names of phases and quantities as they are, and 12 or 12-20 as stops of the walk."""
    steps: list[str | Stop] = []
    stops = walk(trace, granularity)
    for it in typed:
        numbered = re.fullmatch(r"(\d+)(?:[-–](\d+))?", it)
        if numbered is None:
            steps.append(it)
            continue
        first, last = sorted(int(end) for end in (numbered[1], numbered[2] or numbered[1]))
        steps += stops[stops.index(_stop(stops, first)) : stops.index(_stop(stops, last)) + 1]
    return steps


def _stop(stops: Sequence[Stop], number: int) -> Stop:
    if not 1 <= number <= len(stops):
        raise ValueError(f"there is no step {brief(number)}; the steps of this walk are 1 to {len(stops)}.")
    return stops[number - 1]


def sizes_given(text: str) -> list[int]:
    """Return the sizes of a network, typed as 2,2,1 or 2-2-1."""
    plain = text.translate(IN_ASCII).strip()
    pieces = re.split(r"\s*-\s*" if re.fullmatch(r"[\d\s-]+", plain) else r"[\s,]+", plain.strip(","))
    if not all(map(str.isdecimal, pieces)):
        raise ValueError(f"{brief(text)} is not a list of whole numbers; write it as 2,2,1.")
    return [int(it) for it in pieces]


def page_given(path: str, usual: str) -> Path:
    """Return the path of a page that can be written; raise ValueError or OSError for another."""
    target = html_path(path, usual)
    check_writable(target)
    return target


def data_given(path: str) -> Path:
    """Return the path of a JSON file that can be written; raise ValueError or OSError for another."""
    target = file_path(path, "answers.json")
    if target.suffix.lower() != ".json":
        raise ValueError(f"path is {brief(path)}; give a name that ends in .json, such as 'answers.json'.")
    check_writable(target)
    return target


def _read(name: str) -> Any:
    """Return what a JSON file holds; say what is wrong with one that cannot be read."""
    try:
        return json.loads(Path(name).read_bytes())
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no file {brief(name)}; give another name.") from None
    except IsADirectoryError:
        raise IsADirectoryError(f"{name} is a folder; give a file in it.") from None
    except OSError as error:
        raise type(error)(f"{name} cannot be read ({error.strerror}); give another file.") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"{name} is not JSON: {error.msg}, line {error.lineno}, column {error.colno}.") from None
    except UnicodeDecodeError:
        raise ValueError(f"{name} is not written in UTF-8; save it so, or write it anew with json.dump.") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, or thousands of lists in lists
        raise ValueError(f"{name} holds something too long to be read; give what network.to_dict() returned.") from None


def _of_file(name: str, data: Any) -> dict[str, Any]:
    """Return the network that a file holds, and the samples where it holds them too."""
    try:
        if not (isinstance(data, dict) and "network" in data):
            return {"network": Network.from_dict(data)}
        for key in data:
            known_name("key", key, FILE_KEYS)
        return {**data, "network": Network.from_dict(data["network"])}
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name}: {error}") from None


def _missing(run: dict[str, Any]) -> str:
    """Return the options that are missing for a run, with numbers that its network would take."""
    sample = zip(("x", "target"), default_sample(run["network"]), strict=True)
    given = {
        option(name): ",".join(str(value).removesuffix(".0") for value in values)
        for name, values in sample
        if name not in run
    }
    whole = " ".join(f"{name} {text}" for name, text in given.items())
    return f"{' and '.join(given)} too, such as {whole}" if len(whole) <= MOST_REPEATED else " and ".join(given)


def option(name: str) -> str:
    """Return an option as it is typed: --learning-rate."""
    return f"--{name.replace('_', '-')}"


def read_typed(name: str, text: str | None, read: Callable[[str], Any]) -> Any:
    """Return what an option was given, read, and None where it was not given."""
    try:
        return None if text is None else read(text)
    except ValueError as error:
        raise ValueError(f"{option(name)}: {error}") from None


def _rows(text: str) -> list[Any]:
    """Return the numbers of a sample, or a list for each where semicolons part several."""
    rows = [[it.value for it in numbers(row)] for row in text.translate(IN_ASCII).split(";")]
    return rows if len(rows) > 1 else rows[0]
