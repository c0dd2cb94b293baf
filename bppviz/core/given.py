"""What people give in the place of a network: one of ours, or a model of another library, which is taken as one.

==================  ==========================================================================
`as_network`        the network that is meant, with the names of a table's columns
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bppviz.core.checks import as_list, kind
from bppviz.core.foreign import library_of
from bppviz.core.network import Network
from bppviz.core.refusals import no_network

FROM: dict[str, Callable[..., Network]] = {
    "torch": Network.from_torch,
    "sklearn": Network.from_sklearn,
    "keras": Network.from_keras,
}


def as_network(given: Any, x: Any, loss: Any = None) -> Network:
    """Return a network, or the one that a model of PyTorch, scikit-learn or Keras is.

    A `loss` is for a model of PyTorch or Keras. If the network has no names for its inputs, they are those of the
    columns of x, or of the entries of a row. Raises TypeError or ValueError for anything else.
    """
    return _named(given if isinstance(given, Network) and loss is None else _of_model(given, loss), x)


def _of_model(given: Any, loss: Any) -> Network:
    library = "" if hasattr(given, "__array__") else library_of(given)
    if not library and not isinstance(given, Network):
        raise no_network(given)
    if loss is None:
        return FROM[library](given)
    if library not in ("torch", "keras"):
        raise TypeError(f"loss is for a model of PyTorch or Keras, and {kind(given)} has its own; leave it out.")
    return FROM[library](given, loss)


def _named(network: Network, x: Any) -> Network:
    """Return a network with the names that its inputs have in x."""
    names = as_list(getattr(x, "columns", getattr(x, "index", None))) or []
    if len(names) != network.sizes[0] or not all(isinstance(name, str) for name in names):
        return network
    return network if network.input_names else replace(network, input_names=tuple(names))
