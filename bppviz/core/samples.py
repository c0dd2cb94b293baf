"""Small data sets: what a network of two inputs can learn while people look on.

==================  ===================================================================
`samples`           the inputs and targets of a data set, by name
`fitting`           the names of those that a network has the inputs and outputs for
==================  ===================================================================
"""

from typing import Any

import numpy as np

from bppviz.core.checks import known_name
from bppviz.core.functions import Array
from bppviz.core.network import Network

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


def fitting(network: Network) -> tuple[str, ...]:
    """Return the names of the data sets that have as many inputs and outputs as a network."""
    ends = (network.sizes[0], network.sizes[-1])
    return tuple(name for name, (X, T) in DATA.items() if (len(X[0]), len(T[0])) == ends)


def _rows(rows: Any) -> Array:
    array = np.array(rows, dtype=np.float64)
    array.flags.writeable = False
    return array
