"""The weights and biases of a network, checked at the door: an array of each for every layer, that fit one another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from bppviz.core.checks import as_list, brief, checked_array, counted
from bppviz.core.sums import Array


def checked_layers(weights: Any, biases: Any) -> tuple[tuple[Array, ...], tuple[Array | None, ...]]:
    """Return the weights and the biases of each layer as read-only arrays, None for biases that a layer does not have.

    Raises TypeError or ValueError for what does not fit.
    """
    checked = _weights(weights)
    added = (None,) * len(checked) if biases is None else _biases(biases)
    _check_shapes(checked, added)
    return checked, added


def _weights(values: Any) -> tuple[Array, ...]:
    """Return the weights of each layer, an array with two axes."""
    given = _by_layer("weights", values, "of shape (n_out, n_in)")
    return tuple(_array(f"weights[{i}]", value, 2) for i, value in enumerate(given))


def _biases(values: Any) -> tuple[Array | None, ...]:
    """Return the biases of each layer, an array with one axis, or None."""
    given = _by_layer("biases", values, "of shape (n_out,)")
    return tuple(None if value is None else _array(f"biases[{i}]", value, 1) for i, value in enumerate(given))


def _by_layer(name: str, values: Any, form: str) -> list[Any]:
    """Return what somebody gave for each layer, if it is a list of something."""
    given = as_list(values)
    if given is None:
        raise TypeError(f"{name} is {brief(values)}; give a list with one array {form} for each layer.")
    if len(given) == 0:
        raise ValueError(f"{name} is empty; a network needs at least one layer. Give one array {form} for each layer.")
    return given


def _array(name: str, value: Any, ndim: int) -> Array:
    """Return an array with `ndim` axes."""
    array = checked_array(name, value)
    if array.ndim != ndim:
        form, what = ("(n_out, n_in)", "a row") if ndim == 2 else ("(n_out,)", "a number")
        raise ValueError(f"{name} has shape {array.shape}; give an array of shape {form}: {what} for each neuron.")
    return array


def _check_shapes(weights: tuple[Array, ...], biases: Sequence[Array | None]) -> None:
    if len(weights) != len(biases):
        raise ValueError(
            f"{counted(len(weights), 'weight array')} and {counted(len(biases), 'bias array')}; "
            "give one of each for every layer."
        )
    if not _fit(weights, biases) and _fit([w.T for w in weights], biases):
        raise ValueError(
            f"weights[0] has shape {weights[0].shape}, which is (n_in, n_out) as in Keras and scikit-learn; "
            "here it is (n_out, n_in). All fit once they are transposed: give W.T of each, or np.transpose of a list."
        )
    for i, (before, w) in enumerate(pairwise(weights), 1):
        if w.shape[1] != before.shape[0]:
            raise ValueError(
                f"weights[{i}] has shape {w.shape}, but the layer before it has {counted(before.shape[0], 'neuron')}: "
                f"its shape must be ({w.shape[0]}, {before.shape[0]}), that is (n_out, n_in)."
            )
    for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
        if b is not None and b.shape != w.shape[:1]:
            raise ValueError(
                f"biases[{i}] has shape {b.shape}, but weights[{i}] has {counted(w.shape[0], 'row')}: "
                f"give one bias for each neuron, shape ({w.shape[0]},)."
            )


def _fit(weights: Sequence[Array], biases: Sequence[Array | None]) -> bool:
    """Tell whether the layers fit each other."""
    rows = [len(w) for w in weights]
    is_each = all(b is None or len(b) == row for b, row in zip(biases, rows, strict=True))
    return is_each and [w.shape[1] for w in weights[1:]] == rows[:-1]
