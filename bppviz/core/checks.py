"""What people give, checked at the door: names, whole numbers, lists and arrays, and one line that helps if one does
not fit.

==================  ==========================================================================
`known_name`        a name out of those that are known; or which one was meant
`whole_number`      a whole number that is not too small
`switch`            True or False
`above_zero`        a finite number above 0, and `check_learning_rate`, a learning rate
`checked_array`     finite numbers as a read-only array, from a list, a DataFrame or a tensor
`real_array`        numbers of any kind as an array
`as_list`           several things in an order
`checked_names`     names of inputs or outputs, fit to be shown
`brief`, `kind`     what was given, in one short line
`counted`           1 input, 2 inputs
==================  ==========================================================================
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from math import inf
from numbers import Real
from operator import index
from reprlib import Repr
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bppviz.core.sums import Array, all_finite

MOST_REPEATED = 80  # characters of what was given that an error repeats
MOST_NESTED = 4  # lists in lists, in which tensors are looked for
NUMBERS = "give real numbers, in a list or a NumPy array"
WRITTEN = (type(None), bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset)
SHORTENED = Repr()
SHORTENED.maxstring = SHORTENED.maxother = MOST_REPEATED - 10

# What other libraries, and other books, call it; without case, spaces and hyphens.
OTHER_NAMES = {
    "logistic": ("sigmoid",),
    "expit": ("sigmoid",),
    "linear": ("identity",),
    "none": ("identity",),
    "hyperbolictangent": ("tanh",),
    "rectifier": ("relu",),
    "mse": ("mean_squared_error",),
    "mseloss": ("mean_squared_error",),
    "sse": ("squared_error",),
    "l2": ("squared_error", "half_squared_error"),
    "bce": ("binary_cross_entropy",),
    "bceloss": ("binary_cross_entropy",),
    "bcewithlogitsloss": ("binary_cross_entropy",),
    "logloss": ("binary_cross_entropy", "cross_entropy"),
    "ce": ("cross_entropy",),
    "nll": ("cross_entropy",),
    "nllloss": ("cross_entropy",),
    "crossentropyloss": ("cross_entropy",),
    "categoricalcrossentropy": ("cross_entropy",),
    "sparsecategoricalcrossentropy": ("cross_entropy",),
    "english": ("en",),
    "chinese": ("zh-TW",),
    "zh": ("zh-TW",),
    "zhhant": ("zh-TW",),
    "tw": ("zh-TW",),
}
NOTES = {
    "mean_squared_error": "It is the mean over the K outputs of a sample; total='mean' takes that over samples too.",
    "squared_error": "It is Σ (y − t)², and half_squared_error is ½ Σ (y − t)².",
}


# In words


def brief(value: Any) -> str:
    """Return what was given in one short line: as it is written, or where that is long what kind of thing it is."""
    is_written = isinstance(value, WRITTEN)
    try:
        text = " ".join(SHORTENED.repr(value).split()) if is_written else repr(value)
    except Exception:  # of another library's object, or of a whole number of thousands of digits
        return kind(value)
    if len(text) <= MOST_REPEATED and "\n" not in text:
        return text
    return text[: MOST_REPEATED - 1] + "…" if is_written else kind(value)


def kind(value: Any) -> str:
    """Return what kind of thing something is: a Trace, a torch Sequential, an int."""
    own = type(value)
    library = own.__module__.partition(".")[0]
    name = own.__name__ if library in ("builtins", "bppviz", "__main__") else f"{library} {own.__name__}"
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: 1 input, 2 inputs."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


# Names and switches


def known_name(what: str, name: Any, known: Collection[str], *, any_case: bool = False) -> str:
    """Return a name out of those that are known; `any_case` takes "XOR" for "xor".

    Raises TypeError for what is no text, ValueError for an unknown name, with the one that may have been meant.
    """
    if not isinstance(name, str):
        raise TypeError(f"{what} {brief(name)} is not a name; give one of: {', '.join(known)}.")
    if name in known:
        return str(name)
    folded = {_folded(it): it for it in reversed(list(known))}  # dl_dw, not dL_dw, which folds to the same
    if any_case and _folded(name) in folded:
        return folded[_folded(name)]
    raise ValueError(f"unknown {what} {brief(name)}; {choose(known)}{_meant(name, folded)}")


def choose(known: Collection[str]) -> str:
    """Return the end of an error: what can be chosen."""
    return f"choose one of: {', '.join(known)}."


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


def _meant(name: str, known: dict[str, str]) -> str:
    """Return a question for the name that may have been meant, out of those that are `known` by their folded names."""
    wanted = _folded(name[:MOST_REPEATED])
    near = [it for it in OTHER_NAMES.get(wanted, ()) if it in known.values()]
    close = [wanted] if wanted in known else get_close_matches(wanted, known, 1)
    meant = near or [known[it] for it in close]
    if not meant:
        return ""
    notes = [NOTES[it] for it in near if it in NOTES]
    return " ".join([f" Did you mean {' or '.join(map(repr, meant))}?", *notes])


def is_real(value: Any) -> bool:
    """Tell whether something is a real number; True and False are, and a span of time is not, as NumPy has it."""
    return isinstance(value, Real | np.bool_) and not isinstance(value, np.timedelta64)


def is_whole(value: Any) -> bool:
    """Tell whether something is a whole number, and neither True nor False."""
    return is_real(value) and isinstance(value, int | np.integer) and not isinstance(value, bool)


def whole_number(name: str, value: Any, least: int, usual: int) -> int:
    """Return a whole number of `least` or more; raise TypeError or ValueError for anything else."""
    mend = f"give a whole number of {least} or more, such as {usual}."
    if not is_whole(value):
        raise TypeError(f"{name} is {brief(value)}; {mend}")
    if value < least:
        raise ValueError(f"{name} is {brief(int(value))}; {mend}")
    return int(value)


def place_in(name: str, k: Any, count: int) -> int:
    """Return a place in a row of `count` as an int, also where it is beyond it; raise TypeError for no whole number."""
    try:
        return index(k)
    except TypeError:
        mend = f"give a whole number from 0 to {count - 1}" if count > 1 else "give 0, the only one"
        raise TypeError(f"{name} is {brief(k)}; {mend}.") from None


def switch(name: str, value: Any) -> bool:
    """Return True or False; raise TypeError for anything else."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} is {brief(value)}; give True or False.")
    return bool(value)


# Lists


def as_list(values: Any) -> list[Any] | None:
    """Return several things in an order as a list: of a list, a tuple, an array, a tensor, an Index or a Series.

    Anything else, such as a text, a dict, a set or a generator, gives None.
    """
    if isinstance(values, str | bytes):
        return None
    has_order = hasattr(values, "tolist") and getattr(values, "ndim", 0) > 0
    return list(values) if isinstance(values, Sequence) or has_order else None


def checked_names(what: str, names: Any, size: int, noun: str) -> tuple[str, ...]:
    """Return the names of `size` inputs or outputs as texts, or none; a number is a name too, as in a DataFrame."""
    given = as_list(names)
    if given is None or not all(isinstance(it, str) or is_whole(it) for it in given):
        raise TypeError(f"{what} is {brief(names)}; give a list of texts.")
    if len(given) not in (0, size):
        raise ValueError(
            f"{what} has {counted(len(given), 'name')} for {counted(size, noun)}; give one for each, or none."
        )
    return tuple(_showable(str(it)) for it in given)


def _showable(name: str) -> str:
    """Return a name without what cannot be shown: control characters, halves of a character, and what is none."""
    return re.sub("[\ud800-\udfff\ufffe\uffff]", "\ufffd", re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", name))


# Arrays


def checked_array(name: str, value: Any, of_text: str = NUMBERS) -> Array:
    """Return finite numbers as read-only float64, a copy unless they are ours already, or say what is wrong.

    Raises ValueError for nothing at all, and for what is missing or not finite; and what `real_array` raises.
    """
    array = real_array(name, value, of_text)
    with np.errstate(over="ignore"):  # of a longer float: what becomes infinite is found below
        numbers: Array = np.asarray(array, dtype=np.float64)
    if numbers.size == 0:
        raise ValueError(f"{name} is empty; give at least one number.")
    if not all_finite(numbers):
        place = tuple(np.argwhere(~np.isfinite(numbers))[0].tolist())
        raise ValueError(
            f"{name} holds {numbers[place]}; every number must be finite. "
            f"Look for a division by 0 or a missing value {_where(name, value, place)}."
        )
    return fixed(numbers)


def fixed(array: Array) -> Array:
    """Return an array that nobody can ever write to: over bytes, where NumPy cannot be told otherwise.

    One that is fixed already is shared, so that an edit of a network costs one array alone.
    """
    base: Any = array.base
    return (
        array
        if isinstance(base, bytes) and array.flags.c_contiguous
        else np.ndarray(array.shape, dtype=np.float64, buffer=array.tobytes())
    )


def real_array(name: str, value: Any, of_text: str = NUMBERS) -> NDArray[Any]:
    """Return real numbers as an array of whatever kind they are, a missing one as nan; a tensor loses its history.

    Raises TypeError for what are no real numbers, where `of_text` says what to give in place of text, and ValueError
    for rows of different lengths and masked values.
    """
    if _is_masked(value):
        raise ValueError(f"{name} holds masked values; fill them, or leave out the samples that they belong to.")
    array = _read(name, value)
    if array.dtype.kind == "O":
        array = _from_objects(array)
    if array.dtype.kind not in "fiub":
        what = _what(value, array)
        raise TypeError(f"{name} holds {what}; {of_text if 'text' in what else NUMBERS}.")
    return array


def _is_masked(value: Any) -> bool:
    """Tell whether an array, or one of a list, has masked values; without numpy.ma, which is large, there are none."""
    masked = sys.modules.get("numpy.ma")
    parts = (value, *value) if isinstance(value, list | tuple) else (value,)
    return masked is not None and any(masked.is_masked(it) for it in parts if isinstance(it, masked.MaskedArray))


def _read(name: str, value: Any) -> NDArray[Any]:
    """Return what was given as an array of whatever it holds."""
    ragged = f"{name} has rows of different lengths; give every row the same number of entries."
    try:
        plain = _plain(value)
        array = np.asarray(plain)
    except Exception as error:  # in another library's words
        if isinstance(error, ValueError) and isinstance(value, Sequence):
            raise ValueError(ragged) from None
        raise TypeError(f"{name} is {kind(value)}, which NumPy cannot read; {NUMBERS}.") from None
    if array.dtype.kind == "O" and isinstance(plain, list | tuple) and len({np.size(row) for row in plain}) > 1:
        raise ValueError(ragged)
    return array


def _plain(value: Any, depth: int = 0) -> Any:
    """Return a tensor as NumPy reads it: without the history of its gradient, and in the computer's own memory."""
    if isinstance(value, list | tuple):
        is_flat = len(value) == 0 or is_real(value[0]) or depth == MOST_NESTED
        return value if is_flat else [_plain(it, depth + 1) for it in value]
    steps = ("detach", "cpu") if hasattr(value, "__array__") else ("detach", "cpu", "numpy")
    for step in steps:
        if callable(getattr(value, step, None)):
            value = getattr(value, step)()
    return np.asarray(value) if hasattr(value, "__array__") else value


def _from_objects(array: NDArray[Any]) -> NDArray[Any]:
    """Return numbers as an array of floats: a DataFrame with columns of different kinds gives them as objects."""
    if array.ndim == 0 and is_missing(array.item()):
        return array
    if not all(is_real(it) or is_missing(it) for it in array.flat):
        return array
    missing = np.array([is_missing(it) for it in array.flat], dtype=bool).reshape(array.shape)
    try:
        with np.errstate(over="ignore"):  # of a longer float, as below
            return np.where(missing, np.nan, array).astype(np.float64)
    except OverflowError:  # a whole number of hundreds of digits
        return array


def is_missing(value: Any) -> bool:
    """Tell whether something stands for a number that there is not: None, or what pandas has in an empty cell."""
    return value is None or type(value).__name__ in ("NAType", "NaTType")


def _what(value: Any, array: Any) -> str:
    """Return what an array holds, in place of numbers."""
    if isinstance(value, str):
        return f"the text {brief(value)}"
    if array.dtype.kind == "O" and array.size and all(isinstance(it, str) for it in array.flat):
        return "text"
    kinds = {"U": "text", "S": "bytes", "c": "complex numbers", "O": "things that NumPy does not take as numbers"}
    return kinds.get(array.dtype.kind, f"{array.dtype} values")


def _where(name: str, value: Any, place: tuple[int, ...]) -> str:
    """Return where a number stands: of a DataFrame or a Series in its own words."""
    if hasattr(value, "iloc") and place:
        row = f"in row {brief(value.index.tolist()[place[0]])}"
        return row if len(place) == 1 else f"{row}, column {brief(value.columns.tolist()[place[1]])}"
    return f"at {name}[{', '.join(map(str, place))}]" if place else f"in {name}"


def check_learning_rate(learning_rate: Any) -> float:
    """Return η as a float, if it is a number above 0."""
    return above_zero("learning_rate", learning_rate, 0.1)


def above_zero(name: str, value: Any, usual: float) -> float:
    """Return a finite number above 0 as a float; raise TypeError or ValueError for anything else."""
    if isinstance(value, bool) or not is_real(value):
        raise TypeError(f"{name} is {brief(value)}; give a number above 0, such as {usual}.")
    try:
        number = float(value)
    except OverflowError:  # a whole number of hundreds of digits
        number = inf if value > 0 else -inf
    if not 0 < number < inf:
        raise ValueError(f"{name} is {number:g}; give a finite number above 0, such as {usual}.")
    return number
