"""Models of Keras: Dense layers one behind the other, Sequential or functional, read without importing it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from bppviz.core.checks import brief, kind
from bppviz.core.foreign import (
    FLATTENED,
    LOG_SOFTMAX,
    LOGITS,
    PROBABILITIES,
    Bend,
    Meant,
    ModelPart,
    Passed,
    Weighted,
    loss_by_name,
    own_kind,
    put_together,
)
from bppviz.core.functions import LOSSES
from bppviz.core.named import leaky

KERAS = ("keras.", "tf_keras.", "tensorflow.")
FROM_KERAS = "Dense layers with sigmoid, tanh, relu, LeakyReLU, linear, softmax or log_softmax"
KERAS_BENDS = {
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
    "leaky_relu": "leaky_relu(0.2)",
    "linear": "identity",
    "softmax": "softmax",
    "log_softmax": LOG_SOFTMAX,
}
LAYERS_OF_BENDS = {"ReLU": "relu", "LeakyReLU": "leaky_relu", "Softmax": "softmax", "Identity": "identity"}
KERAS_PASSED = {
    "InputLayer": "",
    "Dropout": "Dropout is passed over: the model is shown as it predicts, where nothing is dropped.",
    "Flatten": FLATTENED,
}
KERAS_LOSSES = {
    "binary_crossentropy": "binary_cross_entropy",
    "categorical_crossentropy": "cross_entropy",
    "sparse_categorical_crossentropy": "cross_entropy",
    "mean_squared_error": "mean_squared_error",
}
SHORT_NAMES = {"mse": "mean_squared_error", "bce": "binary_crossentropy"}
PENALTIES = ("kernel_regularizer", "bias_regularizer", "activity_regularizer")
CONSTRAINTS = ("kernel_constraint", "bias_constraint")
PLAIN_SETTINGS = {
    "max_value": None,
    "threshold": 0,
    "label_smoothing": 0,
    "ignore_class": None,
}  # with which it is ours


def read_keras(model: Any, loss: Any, total: str | None) -> dict[str, Any]:
    """Return the arguments of the Network that a model is, with the loss that is given or that it was compiled with.

    A total that is given takes the place of that of the loss. Raises TypeError or ValueError for what it cannot be.
    """
    parts = list(_parts(model))
    return put_together(parts, _loss(_compiled(model) if loss is None else loss), total)


def _compiled(model: Any) -> Any:
    """Return the loss that a model was compiled with, None without one; refuse one that has a weight."""
    weights = (model.get_compile_config() or {}).get("loss_weights") if hasattr(model, "get_compile_config") else None
    if weights is not None and any(it != 1 for it in _plain_values(weights)):
        raise ValueError(
            f"the model was compiled with loss_weights={brief(weights)}, and no loss here has a weight; "
            "give the loss without one: Network.from_keras(model, loss=…)."
        )
    return getattr(model, "loss", None)


def _plain_values(weights: Any) -> list[Any]:
    """Return the numbers of a list, of a dict, or of a single number."""
    values = weights.values() if isinstance(weights, dict) else weights
    return list(values) if isinstance(weights, dict | list | tuple) else [values]


def _parts(layer: Any) -> Iterator[ModelPart]:
    """Yield the parts of a layer or a model."""
    name = own_kind(layer, "call", *KERAS)
    said = f"layer {getattr(layer, 'name', '')!r} ({name})"
    if name in ("Sequential", "Functional"):
        _check_chain(layer, name)
        for inner in layer.layers:
            yield from _parts(inner)
    elif name == "Dense":
        yield _weighted(layer, said)
        yield from (Passed(said, why) for why in _added(layer, said))
        yield from _bends_of(layer.activation, said)
    elif name == "Activation":
        yield from _bends_of(layer.activation, said)
    elif name in LAYERS_OF_BENDS:
        _check_settings(layer, said)
        yield Bend(said, _bend(layer, name, said))
    elif name in KERAS_PASSED:
        yield Passed(said, KERAS_PASSED[name])
    else:
        own = ", and its own call cannot be looked into" if not name and hasattr(layer, "call") else ""
        raise TypeError(f"{_named(layer)} is {kind(layer)}{own}; from_keras takes {FROM_KERAS}, one behind the other.")


def _named(layer: Any) -> str:
    return f"layer {layer.name!r} of the model" if isinstance(getattr(layer, "name", None), str) else "the model"


def _check_chain(model: Any, name: str) -> None:
    """Refuse a functional model whose layers do not stand one behind the other."""
    layers = model.layers
    if name == "Functional" and not (
        all(after.input is before.output for before, after in pairwise(layers))
        and [layers[-1].output is it for it in model.outputs] == [True]
    ):
        raise ValueError(f"the layers of {model.name!r} do not stand in one row; a network here has one path alone.")


def _weighted(layer: Any, said: str) -> Weighted:
    arrays = layer.get_weights()
    if not arrays:
        raise ValueError(f"{said} has no weights yet; build the model, or call it once.")
    if len(arrays) != 1 + layer.use_bias:
        raise ValueError(f"{said} has {len(arrays)} arrays of numbers, where a plain Dense has a kernel and a bias.")
    return Weighted(said, arrays[0].T, arrays[1] if layer.use_bias else None, tuple(layer.weights))


def _added(layer: Any, said: str) -> Iterator[str]:
    """Yield a word for each penalty and constraint of a layer."""
    for what in PENALTIES:
        if getattr(layer, what, None) is not None:
            yield f"the {what} of {said} is no part of the loss here, nor of its gradients."
    for what in CONSTRAINTS:
        if getattr(layer, what, None) is not None:
            yield f"the {what} of {said} is passed over: here an update may go beyond it."


def _bends_of(activation: Any, said: str) -> Iterator[ModelPart]:
    """Yield an activation that a layer has: a function of Keras, or a layer itself."""
    if activation is None:
        return
    if hasattr(activation, "call"):
        yield from _parts(activation)
        return
    name = getattr(activation, "__name__", "")
    if name not in KERAS_BENDS or not activation.__module__.startswith(KERAS):
        raise TypeError(f"{said} has the activation {name or brief(activation)}; from_keras takes {FROM_KERAS}.")
    yield Bend(said, KERAS_BENDS[name])


def _bend(layer: Any, name: str, said: str) -> str:
    """Return the activation that a layer is, by our name; a ReLU with a slope below 0 is a leaky_relu."""
    slope = getattr(layer, "negative_slope", getattr(layer, "alpha", 0))
    has_slope = name == "LeakyReLU" or (name == "ReLU" and float(slope) != 0)
    return leaky(f"{said} has the slope {slope}", slope) if has_slope else LAYERS_OF_BENDS[name]


def _check_settings(it: Any, said: str) -> None:
    """Refuse an activation or a loss with other settings than those that make it one of ours."""
    if getattr(it, "axis", -1) not in (-1, 1):
        raise ValueError(f"{said} has axis={brief(it.axis)}, and the outputs of a sample are axis=-1; give that.")
    for setting, usual_value in PLAIN_SETTINGS.items():
        if getattr(it, setting, usual_value) != usual_value:
            raise ValueError(f"{said} has a {setting} of its own, and here there is none; give it without.")


def _loss(loss: Any) -> Meant:
    """Return the loss that is meant: one of ours by its name, or one of Keras as a name, a function or an object."""
    names = ", ".join(map(repr, LOSSES))
    if loss is None:
        raise TypeError(
            "the model was not compiled with a loss: give Network.from_keras(model, loss=…), "
            f"a loss of Keras such as 'categorical_crossentropy', or one of {names}."
        )
    name, said = _name_of(loss)
    if isinstance(loss, str) and name not in KERAS_LOSSES:
        return loss_by_name(loss)
    if name not in KERAS_LOSSES:
        raise TypeError(f"loss is {said}; give a loss of Keras, one of {', '.join(KERAS_LOSSES)}, or one of {names}.")
    _check_settings(loss, said)
    if getattr(loss, "reduction", "sum") in (None, "none"):
        raise ValueError(f"{said} has reduction={loss.reduction!r}, which is no single number; give 'sum'.")
    known, total = KERAS_LOSSES[name], "sum" if getattr(loss, "reduction", "") == "sum" else "mean"
    if known == "mean_squared_error":
        return Meant(said, known, total=total)
    takes = LOGITS if getattr(loss, "from_logits", False) else PROBABILITIES
    return Meant(said, known, takes, known == "binary_cross_entropy", total)


def _name_of(loss: Any) -> tuple[str, str]:
    """Return the name of a loss as Keras writes it in small letters, if it is one of Keras, and what it is called."""
    known = {name.replace("_", ""): name for name in KERAS_LOSSES} | SHORT_NAMES
    if isinstance(loss, str):
        return known.get(loss.replace("_", "").lower(), loss), repr(loss)
    said = getattr(loss, "__name__", "")
    if said and str(loss.__module__).startswith(KERAS):
        return said, said
    said = next((cls.__name__ for cls in type(loss).__mro__ if cls.__module__.startswith(KERAS)), kind(loss))
    return known.get(said.lower(), "") if own_kind(loss, "call", *KERAS) else "", said
