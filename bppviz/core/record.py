"""A network as plain data, for JSON: written with the name of its format and a version, and checked when it is read.

==================  ==========================================================================
`as_record`         a network's fields as plain data
`read_record`       the same fields, out of data that somebody gives
==================  ==========================================================================

A record has these keys; the first six are required, and `Network` says what each of the fields holds; the biases of a
layer that has none are null:

    {
        "format": "bppviz network",
        "version": 1,
        "weights": [[[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45]]],
        "biases": [[0.35, 0.35], [0.6]],
        "activations": ["sigmoid", "sigmoid"],
        "loss": "half_squared_error",
        "total": "sum",
        "input_names": [],
        "output_names": [],
        "notation": "layered"
    }

Every number is written so that reading it gives the same float again.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bppviz.core.checks import brief, is_whole, known_name

FORMAT = "bppviz network"
VERSION = 1
NEEDED = ("weights", "biases", "activations", "loss")
OPTIONAL = ("total", "input_names", "output_names", "notation")
RECORD_KEYS = ("format", "version", *NEEDED, *OPTIONAL)
MEND = "give a dict that network.to_dict() returned"


def as_record(network: Any) -> dict[str, Any]:
    """Return a network's fields as plain data, with the name of the format and its version."""
    fields = {name: _plain(getattr(network, name)) for name in (*NEEDED, *OPTIONAL)}
    return {"format": FORMAT, "version": VERSION, **fields}


def read_record(data: Any) -> dict[str, Any]:
    """Return the fields of a network out of its record; what each holds is for `Network` to check.

    Raises TypeError for what is no dict, ValueError for another format, a newer version, and keys that are unknown or
    missing.
    """
    if not isinstance(data, dict):
        hint = ", as json.loads reads it" if isinstance(data, str | bytes) else ""
        raise TypeError(f"data is {brief(data)}; {MEND}{hint}.")
    _check_format(data)
    for key in data:
        known_name("key", key, RECORD_KEYS)
    for name in NEEDED:
        if name not in data:
            raise ValueError(f"data has no {name!r}; {MEND}.")
    return {name: value for name, value in data.items() if name in NEEDED + OPTIONAL}


def _check_format(data: dict[Any, Any]) -> None:
    """Refuse what is no record of a network, and one of a version that is not known yet."""
    if "format" not in data or "version" not in data:
        missing = "format" if "format" not in data else "version"
        raise ValueError(f"data has no {missing!r}; {MEND}.")
    name, version = data["format"], data["version"]
    if not isinstance(name, str) or name != FORMAT:
        raise ValueError(f"format is {brief(name)}, not {FORMAT!r}; {MEND}.")
    if not is_whole(version) or version < 1:
        raise ValueError(f"version is {brief(version)}, not a whole number such as {VERSION}; {MEND}.")
    if version > VERSION:
        raise ValueError(
            f"data was written by a newer bppviz, in version {brief(version)} of its format, and this one reads "
            f"version {VERSION}: update bppviz."
        )


def _plain(value: Any) -> Any:
    """Return a field as lists, numbers and texts."""
    if isinstance(value, tuple):
        return [_plain(it) for it in value]
    return value.tolist() if isinstance(value, np.ndarray) else value
