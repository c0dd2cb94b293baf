"""Samples: small data sets by name, and those that people give, checked at the door.

==================  ===================================================================
`samples`           the inputs and targets of a data set, by name
`data_for`          the names of those that a network has the inputs and outputs for
`default_sample`    the lecture's sample, as long as a network needs it
`check_samples`     inputs and targets that fit a network
==================  ===================================================================
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bppviz.core.checks import as_list, brief, checked_array, counted, known_name
from bppviz.core.functions import LOSSES
from bppviz.core.network import Network
from bppviz.core.sums import Array

CLASSES = "give numbers; np.unique(target, return_inverse=True)[1] numbers the classes from 0"
PAIRS = ((0, 0), (0, 1), (1, 0), (1, 1))
DATA = {
    "and": (PAIRS, ((0,), (0,), (0,), (1,))),
    "or": (PAIRS, ((0,), (1,), (1,), (1,))),
    "xor": (PAIRS, ((0,), (1,), (1,), (0,))),
    "lecture": (((1, -1), (0, 0)), ((1, 0), (0, 1))),
}


def samples(name: str) -> tuple[Array, Array]:
    """Return the inputs X and the targets T of a data set, a sample in each row: and, or, xor, lecture, in any case.

    X has shape (N, 2); T has shape (4, 1), of the lecture's samples (2, 2). Both are read-only.
    Raises TypeError or ValueError for anything else than one of these names.
    """
    X, T = map(_rows, DATA[known_name("data set", name, DATA, any_case=True)])
    return X, T


def data_for(network: Network) -> tuple[str, ...]:
    """Return the names of the data sets that have as many inputs and outputs as a network."""
    ends = (network.sizes[0], network.sizes[-1])
    return tuple(name for name, (X, T) in DATA.items() if (len(X[0]), len(T[0])) == ends)


def _rows(rows: Any) -> Array:
    array = np.array(rows, dtype=np.float64)
    array.flags.writeable = False
    return array


def default_sample(network: Network) -> tuple[Array, Array]:
    """Return the lecture's input (1, −1, …) and target (1, 0, …), as long as this network needs them."""
    x, target = np.ones(network.sizes[0]), np.zeros(network.sizes[-1])
    x[1::2], target[0] = -1, 1
    return x, target


def check_samples(network: Network, x: Any, target: Any) -> tuple[Array, Array]:
    """Return x and target as read-only arrays that fit this network: one sample, or N of them in rows.

    One sample has x of shape (n_in,) and target (n_out,); N samples have (N, n_in) and (N, n_out), where a network with
    a single input also takes N > 1 inputs of shape (N,), and one with a single output targets of shape (N,). Where the
    outputs are a softmax a target may be the number of its class, counted from 0, or the name of its output: one for
    one sample, (N,) for N. The target of a single sigmoid that has a name may be that name, for 1, or the name of the
    other class, for 0. Columns of a table that are called as inputs or outputs are must stand in their order.
    """
    _check_order("x", x, network.input_names, "input_names")
    _check_order("target", target, network.output_names, "output_names")
    inputs = checked_array("x", x)
    if network.sizes[0] == 1 and inputs.ndim == 1 and len(inputs) > 1:
        inputs = inputs[:, None]
    rows = len(inputs) if inputs.ndim == 2 else None
    targets = checked_array("target", _without_names(network, target, rows), of_text=CLASSES)
    if _fits_in_rows(network, inputs, targets) and targets.ndim == 1 and network.sizes[-1] == 1:
        targets = targets[:, None]
    elif _are_classes(network, targets, rows):
        _check_numbering(network, targets)
        targets = _one_hot(targets.reshape(-1), network.sizes[-1])
        targets = targets if rows else targets[0]
    _check_columns(network, {"x": inputs, "target": targets})
    _check_counts(network, inputs, targets)
    if LOSSES[network.loss].probabilities and not ((targets >= 0) & (targets <= 1)).all():
        bad = targets[(targets < 0) | (targets > 1)][0]
        raise ValueError(
            f"target holds {bad:g}, but {network.loss} compares probabilities: "
            "give targets between 0 and 1, or use loss='half_squared_error'."
        )
    return inputs, targets


def _fits_in_rows(network: Network, x: Array, target: Array) -> bool:
    """Tell whether these are samples in rows, or could be if the targets of a single output were."""
    if x.ndim != 2 or x.shape[1] != network.sizes[0]:
        return False
    flat = network.sizes[-1] == 1 or network.activations[-1] == "softmax"
    return target.shape == (len(x), network.sizes[-1]) or (flat and target.shape == (len(x),))


def _are_classes(network: Network, target: Array, rows: int | None) -> bool:
    """Tell whether targets have the shape of class numbers, one for each sample, and not of probabilities."""
    shapes = [(rows,), (rows, 1)] if rows else [(), (1,)]
    return network.activations[-1] == "softmax" and network.sizes[-1] > 1 and target.shape in shapes


def _without_names(network: Network, target: Any, rows: int | None) -> Any:
    """Return numbers in the place of names of classes, if the outputs are called so.

    For a softmax that is a row of 0 and 1 in the place of each name; for a single sigmoid 1 in the place of its name,
    and 0 in that of the other class.
    """
    names, output = list(network.output_names), network.activations[-1]
    is_class = output == "softmax" or (output == "sigmoid" and len(names) == 1)
    given = _texts(target) if names and is_class else None
    if not given:
        return target
    if not rows and len(given) > 1:
        raise ValueError(f"target holds {len(given)} names, but x is one sample; give one name.")
    if output == "sigmoid":
        _check_two(names[0], given)
        made = np.array([[float(it == names[0])] for it in given])
        return made if rows else made[0]
    unknown = [it for it in given if it not in names]
    if unknown:
        raise ValueError(f"target holds {brief(unknown[0])}, and no output is called so; they are {brief(names)}.")
    made = np.eye(len(names))[[names.index(it) for it in given]]
    return made if rows else made[0]


def _check_two(name: str, given: list[str]) -> None:
    """Refuse names of more classes than two, one of which is called as the output is, and that name in another form."""
    others = list(dict.fromkeys(it for it in given if it != name))
    like = next((it for it in others if it.strip().casefold() == name.strip().casefold()), None)
    if like is not None:
        raise ValueError(f"target holds {brief(like)}, and the output is called {brief(name)}; write it so.")
    if len(others) > 1:
        raise ValueError(
            f"target holds {brief(others[0])} and {brief(others[1])}, but beside {brief(name)}, as the output is "
            "called, there is one class alone; give two names, or 1 and 0."
        )


def _texts(target: Any) -> list[str] | None:
    """Return a text, or texts in a list, an array or a column of them, as a list; of anything else None."""
    if isinstance(target, str):
        return [target]
    values = target.to_numpy() if hasattr(target, "columns") and hasattr(target, "to_numpy") else target
    may_be = isinstance(values, list | tuple) or getattr(getattr(values, "dtype", None), "kind", "") in ("O", "U", "T")
    given = as_list(values) if may_be else None
    rows = [as_list(it) for it in given or []]
    flat = [row[0] if row and len(row) == 1 else it for row, it in zip(rows, given or [], strict=True)]
    return flat if flat and all(isinstance(it, str) for it in flat) else None


def _check_order(name: str, given: Any, names: tuple[str, ...], mend: str) -> None:
    """Refuse a table, or a row of one, whose columns are called as inputs or outputs are, in another order."""
    columns = [str(it) for it in as_list(getattr(given, "columns", getattr(given, "index", None))) or []]
    if names and columns != list(names) and sorted(columns) == sorted(names):
        raise ValueError(
            f"the columns of {name} stand in another order than the {mend.partition('_')[0]}s of the network; "
            f"give {name}[list(network.{mend})]."
        )


def _check_numbering(network: Network, classes: Array) -> None:
    """Refuse class numbers of outputs that are called by other numbers: either could be meant."""
    names = network.output_names
    numbers = [_number_of(it) for it in names]
    if names and None not in numbers and numbers != list(range(len(names))):
        raise ValueError(
            f"target holds {classes.flat[0]:g}, but the outputs are called {brief(list(names))}: "
            f"give a name as text, such as {names[0]!r}, or a probability for each output."
        )


def _number_of(name: str) -> float | None:
    """Return the number that a name is, such as 2 or 2.0, if it is one."""
    try:
        return float(name)
    except ValueError:
        return None


def _one_hot(flat: Array, size: int) -> Array:
    """Return a row for each class number: 1 at its place and 0 elsewhere."""
    wrong = (flat < 0) | (flat > size - 1) | (flat != np.round(flat))
    if wrong.any():
        from_1 = flat.min() == 1 and flat.max() == size and (flat == np.round(flat)).all()
        mend = "subtract 1 from each" if from_1 else f"or give {size} probabilities for each sample"
        raise ValueError(
            f"target holds {flat[wrong][0]:g}, but the classes of {size} outputs are the whole numbers "
            f"0 to {size - 1}; {mend}."
        )
    rows: Array = np.eye(size)[flat.astype(int)]
    rows.flags.writeable = False
    return rows


def _check_columns(network: Network, given: dict[str, Array]) -> None:
    """Refuse samples that would fit if their columns were rows."""
    if _fits_in_rows(network, *given.values()):
        return
    for names in (["x", "target"], ["x"], ["target"]):
        turned = [array.T if name in names else array for name, array in given.items()]
        if _fits_in_rows(network, *turned):
            shapes = " and ".join(f"{name} has shape {array.shape}" for name, array in given.items())
            mend = " and ".join(f"{name}.T" for name in names if given[name].ndim == 2)
            raise ValueError(
                f"{shapes}: the samples stand in columns, and here they stand in rows. "
                f"Give {mend}, or np.transpose of a list."
            )


def _check_counts(network: Network, x: Array, target: Array) -> None:
    n_in, n_out = network.sizes[0], network.sizes[-1]
    rows = len(x) if x.ndim == 2 else None
    if rows and target.shape[:1] != (rows,):
        raise ValueError(
            f"x has {counted(rows, 'sample')}, but target has shape {target.shape}: "
            f"give one target for each sample, shape ({rows}, {n_out})."
        )
    for name, array, size, unit in (("x", x, n_in, "input"), ("target", target, n_out, "output")):
        wanted = (rows, size) if rows else (size,)
        if array.shape != wanted:
            raise ValueError(
                f"{name} has shape {array.shape}, but this network ({network.shape}) has {counted(size, unit)}: "
                + (f"give {size} for each of the {rows} samples, " if rows else f"give {counted(size, 'number')}, ")
                + f"shape {wanted}."
                + (_about_classes(array, size, rows) if name == "target" else "")
            )


def _about_classes(target: Array, size: int, rows: int | None) -> str:
    """Return how to give what look like class numbers to outputs that are not a softmax."""
    look_so = target.shape == ((rows,) if rows else ()) and size > 1
    fit = look_so and ((target >= 0) & (target < size) & (target == np.round(target))).all()
    return f" If it holds class numbers, give np.eye({size})[target], or make the outputs a softmax." if fit else ""
