"""The weights and biases of a network, checked at the door: an array of each for every layer, that fit one another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from bppviz.core.checks import as_list, brief, checked_array, counted
from bppviz.core.sums import Array


def checked_layers(weights: Any, biases: Any) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    """Return the weights and the biases of each layer as read-only arrays; raise TypeError or ValueError for others."""
    layers = _arrays("weights", weights, 2), _arrays("biases", biases, 1)
    _check_shapes(*layers)
    return layers


def _arrays(name: str, values: Any, ndim: int) -> tuple[Array, ...]:
    """Return one array for each layer, each with `ndim` axes."""
    form = "of shape (n_out, n_in)" if ndim == 2 else "of shape (n_out,)"
    given = as_list(values)
    if given is None:
        raise TypeError(f"{name} is {brief(values)}; give a list with one array {form} for each layer.")
    if len(given) == 0:
        raise ValueError(f"{name} is empty; a network needs at least one layer. Give one array {form} for each layer.")
    arrays = tuple(checked_array(f"{name}[{i}]", value) for i, value in enumerate(given))
    for i, array in enumerate(arrays):
        if array.ndim != ndim:
            what = "a row" if ndim == 2 else "a number"
            raise ValueError(f"{name}[{i}] has shape {array.shape}; give an array {form}: {what} for each neuron.")
    return arrays


def _check_shapes(weights: tuple[Array, ...], biases: tuple[Array, ...]) -> None:
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
        if b.shape != w.shape[:1]:
            raise ValueError(
                f"biases[{i}] has shape {b.shape}, but weights[{i}] has {counted(w.shape[0], 'row')}: "
                f"give one bias for each neuron, shape ({w.shape[0]},)."
            )


def _fit(weights: Sequence[Array], biases: Sequence[Array]) -> bool:
    """Tell whether the layers fit each other."""
    rows = [len(w) for w in weights]
    return rows == [len(b) for b in biases] and [w.shape[1] for w in weights[1:]] == rows[:-1]
