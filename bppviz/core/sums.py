"""Sums that are 0 where they are 0 by hand.

0.2 + 0.1 − 0.4 + 0.1 is 0 to whoever adds it up, and 2.8×10⁻¹⁷ in floats, where a ReLU would be on. A sum that is no
larger than what rounding can make of its terms is therefore 0 here.

==================  ==========================================================================
`product`           x M + b: the z of a layer, ∂l/∂a, and the sum over the samples
`difference`        y − t, w − η ∂L/∂w, and whatever else is one number less another
`settled`           any sum, whose terms have these sizes together
`by_weight`         a ∂l/∂z for every weight, the summands of ∂L/∂w
`all_finite`        whether no number has grown beyond what a float can hold
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ROUNDING = 4 * float(np.finfo(float).eps)  # of Σ|terms|: how far from 0 a sum may be that is 0 by hand
LARGE_ENOUGH = 1e-8  # what is larger is looked at no further: it would take terms above 10⁷ to be their rounding


def product(x: Array, matrix: Array, plus: Array | None = None) -> Array:
    """Return x M, or x M + b, for a row x of shape (n,) or several of shape (N, n)."""
    total = x @ matrix if plus is None else x @ matrix + plus
    if _are_clear(total):
        return total
    sizes = np.abs(x) @ np.abs(matrix)
    return settled(total, sizes if plus is None else sizes + np.abs(plus))


def difference(one: Array, other: Array) -> Array:
    """Return one − other, elementwise."""
    total = one - other
    return total if _are_clear(total) else settled(total, np.abs(one) + np.abs(other))


def _are_clear(totals: Array) -> bool:
    """Tell whether every sum is too large to be what rounding has left over."""
    sizes = np.abs(totals)
    return bool(sizes.item(sizes.argmin()) > LARGE_ENOUGH)  # for a few numbers twice as fast as sizes.min()


def settled(total: Array, sizes: Array) -> Array:
    """Return sums with 0 in place of what rounding has left over of their terms; `sizes` is Σ|terms| of each."""
    return np.where((np.abs(total) <= ROUNDING * sizes) & np.isfinite(sizes), 0.0, total)


def all_finite(*values: Array | float) -> bool:
    """Tell whether every number is finite; a sum of squares that is finite settles it at a fraction of the cost."""
    return isfinite(sum(np.vdot(v, v) for v in values)) or all(np.isfinite(v).all() for v in values)


def by_weight(dl_dz: Sequence[Array], entering: Sequence[Array]) -> tuple[Array, ...]:
    """Return ∂l/∂w = ∂z/∂w · ∂l/∂z of every layer, read-only: the a that enters each weight, times ∂l/∂z."""
    with np.errstate(under="ignore"):
        products = [gradient[..., :, None] * a[..., None, :] for gradient, a in zip(dl_dz, entering, strict=True)]
    for product in products:
        product.flags.writeable = False
    return tuple(products)
