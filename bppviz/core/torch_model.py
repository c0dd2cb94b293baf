"""Models of PyTorch: an nn.Sequential of fully connected layers, or a single one, read without importing it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bppviz.core.checks import brief, kind
from bppviz.core.foreign import (
    FLATTENED,
    LOG_SOFTMAX,
    LOGARITHMS,
    LOGITS,
    PROBABILITIES,
    Bend,
    Meant,
    ModelPart,
    Passed,
    Weighted,
    end_of,
    loss_by_name,
    own_kind,
    put_together,
)
from bppviz.core.functions import LEAK, LOSSES
from bppviz.core.named import leaky

TORCH_LAYERS = "torch.nn.modules."
FROM_TORCH = "an nn.Sequential of Linear, Sigmoid, Tanh, ReLU, LeakyReLU, Identity, Softmax and LogSoftmax"
TORCH_BENDS = {
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",  # with its slope
    "Identity": "identity",
    "Softmax": "softmax",
    "LogSoftmax": LOG_SOFTMAX,
}
TORCH_PASSED = {
    "Dropout": "Dropout is passed over: the model is shown as it is in eval mode, where nothing is dropped.",
    "Flatten": FLATTENED,
}
TORCH_LOSSES = {
    "CrossEntropyLoss": ("cross_entropy", LOGITS),
    "NLLLoss": ("cross_entropy", LOGARITHMS),
    "BCEWithLogitsLoss": ("binary_cross_entropy", LOGITS),
    "BCELoss": ("binary_cross_entropy", PROBABILITIES),
}
HOOKS = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
REDUCED = {"mean": "mean_squared_error", "sum": "squared_error"}
PLAIN_LOSS = {"weight": None, "pos_weight": None, "label_smoothing": 0.0, "ignore_index": -100}  # with which it is ours


def read_torch(module: Any, loss: Any, total: str | None) -> dict[str, Any]:
    """Return the arguments of the Network that computes what a module does, with a loss, and a total if one is given.

    Raises TypeError or ValueError for what it cannot be.
    """
    parts = list(_parts(module, ""))
    meant = _loss(loss, parts)
    return put_together([*parts, *_hooked(loss, meant.said)], meant, total)


def _parts(module: Any, path: str) -> Iterator[ModelPart]:
    """Yield the parts of a module; `path` tells where in the model it stands, as PyTorch writes it."""
    name = own_kind(module, "forward", TORCH_LAYERS)
    said = f"layer {path} ({name})" if path else f"the {name}"
    yield from _hooked(module, said)
    if name == "Sequential":
        for i, child in enumerate(module):
            yield from _parts(child, f"{path}.{i}" if path else str(i))
    elif name == "Linear":
        bias = None if module.bias is None else _numbers(module.bias)
        yield Weighted(said, _numbers(module.weight), bias, _tensors_of(module))
    elif name in TORCH_BENDS:
        yield Bend(said, _bend(module, name, said))
    elif name in TORCH_PASSED:
        yield Passed(said, TORCH_PASSED[name])
    else:
        raise _refusal(module, name, path)


def _hooked(module: Any, said: str) -> Iterator[Passed]:
    """Yield a word for what else is done in a module: hooks of its own or of its numbers, and numbers it computes."""
    holders = [module, *_tensors_of(module, recurse=False)] if own_kind(module, "forward", TORCH_LAYERS) else []
    hooks = [hook for it in holders for name in HOOKS for hook in (getattr(it, name, None) or {}).values()]
    for name in dict.fromkeys(getattr(hook, "__name__", type(hook).__name__) for hook in hooks):
        yield Passed(said, f"{said} has a hook, {name}, which is passed over: where it changes numbers, these differ.")
    if hasattr(module, "parametrizations"):
        made = " and ".join(module.parametrizations)
        yield Passed(
            said, f"{said} computes its {made} from other numbers: here it is plain, with a gradient of its own."
        )


def layers_in(module: Any) -> list[Weighted]:
    """Return the layers of weights of a module; raise TypeError for one that `read_torch` does not take."""
    return [part for part in _parts(module, "") if isinstance(part, Weighted)]


def end_in(module: Any) -> str:
    """Return the activation that a module ends in, by our name, or log_softmax."""
    end = end_of(_parts(module, ""))
    return end.name if isinstance(end, Bend) else "identity"


def _tensors_of(module: Any, **which: bool) -> tuple[Any, ...]:
    """Return the tensors that hold the numbers of a module, if it tells of any."""
    return tuple(module.parameters(**which)) if hasattr(module, "parameters") else ()


def without_hooks(module: Any) -> Any:
    """Take all hooks of a module and of its layers away, and return it."""
    for it in module.modules():
        for name in HOOKS:
            getattr(it, name, {}).clear()
    return module


def gradients_in(module: Any) -> list[tuple[Any, Any]]:
    """Return the gradients that the weights and the biases of each layer of a module hold, None where there are none.

    Raises TypeError for a module that `read_torch` does not take.
    """
    return [(_gradient(it.weights), _gradient(it.biases)) for it in layers_in(module)]


def drops_in(module: Any) -> bool:
    """Tell whether a module is in train mode, where a Dropout in it drops numbers."""
    return any(own_kind(it, "forward", TORCH_LAYERS) == "Dropout" and it.training and it.p for it in module.modules())


def _gradient(tensor: Any) -> Any:
    """Return the gradient of a tensor that may hold one: what was computed from others does not."""
    return tensor.grad if tensor is not None and tensor.is_leaf else None


def _numbers(tensor: Any) -> Any:
    """Return a tensor that NumPy can read: it has no bfloat16."""
    return tensor.float() if str(tensor.dtype) == "torch.bfloat16" else tensor


def _bend(module: Any, name: str, said: str) -> str:
    """Return an activation by our name; refuse one with other numbers than ours can have."""
    slope, dim = getattr(module, "negative_slope", LEAK), getattr(module, "dim", None)
    if dim not in (None, 1, -1):
        raise ValueError(
            f"{said} has dim={brief(dim)}, and the outputs of a sample are dim=1, or -1; give one of these."
        )
    return leaky(f"{said} has negative_slope={brief(slope)}", slope) if name == "LeakyReLU" else TORCH_BENDS[name]


def _refusal(module: Any, name: str, path: str) -> TypeError:
    """Return the error where a model, or a layer at a path in it, is none of those that can be shown."""
    what = f"{f'layer {path} of the model' if path else 'the model'} is {kind(module)}"
    if hasattr(module, "forward") and not name:
        return TypeError(
            f"{what}, and its own forward cannot be looked into; give its layers in order, as {FROM_TORCH}."
        )
    return TypeError(f"{what}; from_torch takes {FROM_TORCH}.")


def _loss(loss: Any, parts: list[ModelPart]) -> Meant:
    """Return the loss that is meant: one of ours by its name, or a loss of PyTorch; NLLLoss is behind a LogSoftmax."""
    end = end_of(parts)
    if loss is None and isinstance(end, Bend) and end.name == LOG_SOFTMAX:
        return loss_by_name("cross_entropy")
    names = ", ".join(map(repr, LOSSES))
    if loss is None:
        raise TypeError(
            "a model of PyTorch does not hold its loss: give Network.from_torch(model, loss=…), "
            f"a loss of PyTorch such as CrossEntropyLoss(), or one of {names}."
        )
    if isinstance(loss, str):
        return loss_by_name(loss)
    name = own_kind(loss, "forward", TORCH_LAYERS)
    _check_loss(loss, name)
    if name in TORCH_LOSSES:
        known, takes = TORCH_LOSSES[name]
        is_mean = known == "binary_cross_entropy" and loss.reduction == "mean"
        return Meant(name, known, takes, is_mean, loss.reduction)
    if name == "MSELoss":
        return Meant(name, REDUCED[loss.reduction], total=loss.reduction)
    known = ", ".join((*TORCH_LOSSES, "MSELoss"))
    raise TypeError(f"loss is {kind(loss)}; give a loss of PyTorch, one of {known}, or one of {names}.")


def _check_loss(loss: Any, name: str) -> None:
    """Refuse a loss with other settings than those that make it one of ours."""
    if isinstance(loss, type):
        raise TypeError(f"loss is the class {loss.__name__}; give one of its objects: {loss.__name__}().")
    if getattr(loss, "reduction", "mean") not in REDUCED:
        raise ValueError(f"{name} has reduction={loss.reduction!r}, which is no single number; give 'mean' or 'sum'.")
    for setting, plain in PLAIN_LOSS.items():
        value = getattr(loss, setting, plain)
        if name and value is not plain and not (isinstance(value, int | float) and value == plain):
            raise ValueError(f"{name} has a {setting} of its own, and no loss here has one; give it without.")
