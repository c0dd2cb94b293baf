"""How far rounding moves gradients that were computed with fewer digits than ours, or typed with fewer.

==================  ==========================================================================
`computed`          what to allow for gradients computed in float32, say
`written`           what to allow for numbers typed with few digits
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bppviz.core.functions import LOSSES
from bppviz.core.sums import Array
from bppviz.core.trace import Trace
from bppviz.practice.differences import check_finite, in_rows
from bppviz.practice.own_gradients import AnyArray

SPREAD = 4  # roundings that add up in a number, in units of the last place of its terms
BENT = ("sigmoid", "tanh", "softmax")  # their slope changes with z, and is a difference such as 1 − a²
MOST_TYPED_DIGITS = 8  # that somebody types


def computed(trace: Trace, dtypes: Sequence[Any]) -> list[Array]:
    """Return for every layer what rounding may do to its gradients, of shape (n_out, n_in + 1), a bias last.

    `dtypes` are those of the gradients by layer. Raises OverflowError where that is more than a float can hold.
    """
    with np.errstate(all="ignore"):
        scales = _uncertain(trace)
    allowed, over = [], trace.network.over(trace.samples)
    for layer, (dtype, scale) in enumerate(zip(map(np.finfo, dtypes), scales, strict=True), 1):
        check_finite(layer, scale.ravel().tolist())
        allowed.append(SPREAD * (float(dtype.eps) * scale / over + float(dtype.smallest_subnormal)))
    return allowed


def written(numbers: AnyArray) -> Array:
    """Return half a unit of the last digit of the numbers of a layer, if they are rounded, else zeros.

    They are if all have the same number of decimals at most, or the same number of significant digits: 3 to 8 of them.
    Of decimals at least 2 must be significant somewhere, or a wrong number would look right.
    """
    decimals, digits = _enough(numbers, _to_decimals), _enough(numbers, _to_digits)
    allowed = np.zeros(numbers.shape)
    if 3 <= decimals <= MOST_TYPED_DIGITS and digits >= 2:
        allowed += 0.5 * 10.0**-decimals
    if 3 <= digits <= MOST_TYPED_DIGITS:
        allowed = np.maximum(allowed, np.where(numbers != 0, 0.5 * 10.0 ** (_places(numbers) - digits), 0.0))
    return allowed


def _enough(numbers: AnyArray, rounded: Callable[[AnyArray, int], AnyArray]) -> int:
    """Return how many digits are enough to write the numbers, as `rounded` counts them; 9 if 8 are not."""
    tried = (n for n in range(MOST_TYPED_DIGITS + 1) if np.array_equal(rounded(numbers, n), numbers, equal_nan=True))
    return next(tried, MOST_TYPED_DIGITS + 1)


def _to_decimals(numbers: AnyArray, decimals: int) -> AnyArray:
    with np.errstate(all="ignore"):  # float16 has no room for 8 more digits
        return np.round(numbers, decimals)


def _to_digits(numbers: AnyArray, digits: int) -> AnyArray:
    texts = [f"{value:.{digits - 1}e}" if digits else "0" for value in numbers.ravel()]
    return np.array(texts, dtype=numbers.dtype).reshape(numbers.shape)


def _places(numbers: AnyArray) -> Array:
    """Return how many digits stand before the point: 2 of 12.5, −1 of 0.0125."""
    values = np.where(numbers, numbers, 1).astype(np.float64)
    return np.asarray(np.floor(np.log10(np.abs(values))) + 1)


def _uncertain(trace: Trace) -> list[Array]:
    """Return how uncertain every gradient is if each number on the way is uncertain by itself, as a part of it.

    Such errors do not depend on each other, so that of a sum is the root of the sum of their squares.
    """
    x, _, a, target = in_rows(trace)
    weights, biases = trace.network.weights, trace.network.biases
    held, sums = [np.abs(x)], []
    for layer, w in enumerate(weights):
        b = biases[layer]
        sums.append(_combined(held[-1], w.T) if b is None else np.hypot(_combined(held[-1], w.T), b))
        held.append(np.abs(a[layer]) + _through(trace, layer, sums[layer]))
    error = _at_output(trace, held[-1] + np.abs(target), sums[-1])
    scales, ones = [], np.ones((len(x), 1))
    for layer in reversed(range(len(weights))):
        dl_dz, entering = np.atleast_2d(trace.dl_dz[layer]), x if layer == 0 else a[layer - 1]
        of_slopes = _combined(error.T, np.hstack([entering, ones]))
        scales.append(np.hypot(of_slopes, _combined(dl_dz.T, np.hstack([held[layer], ones]))))
        if layer:
            bent = _combined(dl_dz, weights[layer]) * _bent(trace, layer - 1, sums[layer - 1])
            error = _through(trace, layer - 1, _combined(error, weights[layer])) + bent
    return scales[::-1]


def _combined(errors: Array, by: Array) -> Array:
    """Return how uncertain the sums of a matrix product are."""
    return np.asarray(np.sqrt(errors**2 @ by**2))


def _through(trace: Trace, layer: int, z: Array) -> Array:
    """Return what a change of z, or ∂l/∂a, becomes on its way through an activation."""
    gain, a = trace.dsigma[layer], np.atleast_2d(trace.a[layer])
    return np.asarray(a * (z + (a * z).sum(axis=-1, keepdims=True)) if gain is None else np.abs(gain) * z)


def _bent(trace: Trace, layer: int, z: Array) -> Array | float:
    """Return how uncertain the slope of an activation is, as z is; |σ″| is at most 2 σ′."""
    if trace.network.activations[layer] not in BENT:
        return 0.0
    gain = trace.dsigma[layer]
    return 1 + 2 * (np.atleast_2d(trace.a[layer]) if gain is None else np.abs(gain)) * z


def _at_output(trace: Trace, y: Array, z: Array) -> Array:
    """Return how uncertain ∂l/∂z of the outputs is, as the outputs and targets are, and z."""
    if trace.network.simplified:
        return np.asarray(y + y.sum(axis=-1, keepdims=True))
    dl_dy = LOSSES[trace.network.loss].slope_factor.of(y, y.shape[-1])
    return _through(trace, -1, dl_dy) + np.abs(np.atleast_2d(trace.dl_da[-1])) * _bent(trace, -1, z)
