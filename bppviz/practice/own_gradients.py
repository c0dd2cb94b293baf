"""Gradients that somebody computed, checked at the door: a pair of lists by layer, ∂L/∂w and ∂L/∂b."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bppviz.core.checks import NUMBERS, as_list, counted, kind, real_array
from bppviz.core.network import Network
from bppviz.core.sums import Array

AnyArray = NDArray[Any]


def check_own_gradients(network: Network, gradients: Any) -> tuple[list[Any], list[Any]]:
    """Return gradients that somebody gave, (dL_dw, dL_db), as arrays by layer in their own precision.

    They may be nan or infinite: a check is there to find that, too. Of a layer without biases dL_db is None.
    """
    pair = as_list(gradients)
    if pair is None:
        raise TypeError(f"gradients is {kind(gradients)}; give a pair of lists, (dL_dw, dL_db).")
    if len(pair) != 2:
        in_turn = len(pair) == 2 * network.layers
        hint = " If weights and biases take turns, give (g[0::2], g[1::2])." if in_turn else ""
        raise ValueError(f"gradients has {len(pair)} entries; give a pair of lists, (dL_dw, dL_db).{hint}")
    dw, db = pair
    db = network.biases if db is None and not network.has_biases else db
    return _own("dL_dw", dw, network.weights), _own("dL_db", db, network.biases)


def _own(name: str, given: Any, wanted: Sequence[Array | None]) -> list[Any]:
    """Return one array of gradients for each layer, in the shapes of the weights or biases `wanted`, None for None."""
    layers = as_list(given)
    if layers is None:
        raise TypeError(f"{name} is {kind(given)}; give a list with one array for each layer.")
    if len(layers) != len(wanted):
        raise ValueError(
            f"{name} has length {len(layers)}, but the network has {counted(len(wanted), 'layer')}: "
            "give a list with one array for each layer."
        )
    arrays = [_numbers_of(f"{name}[{i}]", *pair) for i, pair in enumerate(zip(layers, wanted, strict=True))]
    there = [
        (i, array, right) for i, (array, right) in enumerate(zip(arrays, wanted, strict=True)) if right is not None
    ]
    for i, array, right in there:
        if array.shape != right.shape:
            hint = _how_to_fit(f"{name}[{i}]", array, right)
            if all(it.T.shape == of.shape for _, it, of in there):
                hint += " Every array of the list fits that way."
            raise ValueError(f"{name}[{i}] has shape {array.shape}; layer {i + 1} needs shape {right.shape}.{hint}")
    return arrays


def _numbers_of(name: str, value: Any, wanted: Array | None) -> Any:
    """Return the gradients of a layer as an array, and None for the biases of a layer that has none."""
    if wanted is not None:
        return _numbers_in(name, value)
    if value is not None:
        raise ValueError(f"{name} is {kind(value)}, but its layer has no biases; give None in its place.")
    return None


def _how_to_fit(name: str, array: AnyArray, wanted: Array) -> str:
    if array.T.shape == wanted.shape:
        return f" It fits if it is transposed: (n_in, n_out) is Keras' and scikit-learn's way, so give {name}.T."
    if wanted.ndim == 1 and array.size == wanted.size:
        return f" Give {name}.ravel()."
    return ""


def _numbers_in(name: str, value: Any) -> AnyArray:
    """Return `value` as an array of floats in its own precision, finite or not, or say what is wrong with it."""
    array = real_array(name, value)
    if array.dtype.kind == "b":
        raise TypeError(f"{name} holds bool values; {NUMBERS}.")
    return array if array.dtype in (np.float16, np.float32) else array.astype(np.float64)
