"""What PyTorch itself computes of the numbers of a run: in a copy of a model that was given, or by its program.

==================  ==========================================================================
`gradients_of_copy` run and differentiate a copy; the model stays as it is
`found_by_program`  run the program of a run, and return what it leaves behind
`has_torch`         whether PyTorch can be imported here
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from bppviz.core.foreign import LOG_SOFTMAX, Weighted
from bppviz.core.functions import LOSSES
from bppviz.core.network import Network
from bppviz.core.sums import Array
from bppviz.core.torch_model import end_in, gradients_in, layers_in, without_hooks
from bppviz.core.trace import Trace
from bppviz.practice.left_gradients import Held
from bppviz.words.listing import listing_of

Tensor = Any

SETS_PRECISION = "torch.set_default_dtype(torch.float64)"  # of everything in this process


def gradients_of_copy(model: Any, trace: Trace) -> Held:
    """Return the gradients of a run's total loss that PyTorch computes, with the numbers and the samples of the run.

    The copy is in eval mode and has no hooks. Raises ValueError where it cannot have those numbers, and whatever
    PyTorch raises.
    """
    copy = without_hooks(deepcopy(model).eval()).requires_grad_(True)
    copy.zero_grad()
    layers = layers_in(copy)
    for layer, w, b in zip(layers, trace.network.weights, trace.network.biases, strict=True):
        _take(layer, [w] if b is None else [w, b])
    like = layers[0].held[0]
    x, target = (like.new_tensor(np.atleast_2d(it).tolist()) for it in (trace.x, trace.target))
    _loss(trace.network, copy(x), target, end_in(copy)).backward()
    return Held(gradients_in(copy), is_run=True)


def _take(layer: Weighted, numbers: list[Any]) -> None:
    """Write the numbers of a layer into its tensors; raise ValueError where it has no place for them."""
    if len(layer.held) != len(numbers):
        raise ValueError(f"{layer.said} has no place for these numbers")
    for tensor, array in zip(layer.held, numbers, strict=True):
        tensor.data.copy_(tensor.new_tensor(array.tolist()))


def _loss(network: Network, y: Tensor, t: Tensor, end: str) -> Tensor:
    """Return the total loss of a network as a tensor, from what a model puts out whose end is of some kind."""
    loss, n = LOSSES[network.loss], network.sizes[-1]
    if loss.is_squared:
        terms = loss.factor.of((y - t) ** 2, n)
    elif network.loss == "cross_entropy":
        logarithms = {"identity": lambda: y.log_softmax(-1), LOG_SOFTMAX: lambda: y}.get(end, y.log)()
        terms = -t * logarithms
    elif end == "identity":
        terms = y.logaddexp(0 * y) - t * y  # of logits, −t ln σ(y) − (1 − t) ln(1 − σ(y))
    else:
        terms = -t.xlogy(y) - (1 - t).xlogy(1 - y)
    return terms.sum() / network.over(len(t))


def has_torch() -> bool:
    """Tell whether PyTorch can be imported, without doing so."""
    try:
        return find_spec("torch") is not None
    except ValueError:  # something that only calls itself so
        return False


def found_by_program(trace: Trace, wanted: Sequence[str]) -> list[Array]:
    """Run the program of a run in PyTorch, and return what is wanted of it, such as z[2].grad.

    The precision that PyTorch has by default stays as it is. Raises whatever PyTorch raises.
    """
    torch = import_module("torch")
    text = listing_of(trace, "torch", checks=False).text
    exact = text.replace(SETS_PRECISION, "").replace("torch.tensor(", "tensor(")
    space = {"tensor": partial(torch.tensor, dtype=torch.float64)}
    exec(compile(exact, "<program>", "exec"), space)
    return [np.asarray(eval(it, space).detach().tolist()) for it in wanted]
