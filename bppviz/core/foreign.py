"""Models of other libraries, as the parts they are made of, put together as a network of ours.

The libraries are not imported: their objects are recognised by their classes.

==================  ==========================================================================
`Weighted`, `Bend`  a fully connected layer, and an activation behind it
`Passed`            a layer that computes nothing here, and why
`Meant`             a loss, and what it takes from the model
`put_together`      the arguments of a Network, from the parts in their order and the loss
`end_of`            the last part that changes anything
`library_of`        where the class of a model comes from: torch, keras or sklearn
`own_kind`          what a layer is called by the library that computes it
`loss_by_name`      a loss by our name
`tell`              a word to somebody whose model is not quite what is shown
==================  ==========================================================================
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from bppviz.core.checks import known_name, real_array
from bppviz.core.functions import LOSSES, OUTPUT_OF

FLATTENED = "Flatten is passed over: give each sample as one row of numbers."
LIBRARIES = {"torch": "torch", "keras": "keras", "tf_keras": "keras", "tensorflow": "keras", "sklearn": "sklearn"}
LOG_SOFTMAX = "log_softmax"  # no activation here: with its loss it is softmax and cross_entropy
OUTPUTS, PROBABILITIES, LOGITS, LOGARITHMS = "outputs", "probabilities", "logits", "logarithms of probabilities"
ENDS = {
    OUTPUTS: "that goes with cross_entropy alone",
    PROBABILITIES: "end it in a {}",
    LOGITS: "end it in a layer of weights, without an activation",
    LOGARITHMS: "end it in a LogSoftmax",
}


class Weighted(NamedTuple):
    """A fully connected layer: weights of shape (n_out, n_in), and biases, or None where it has none.

    `held` are the objects of its library that hold these numbers.
    """

    said: str
    weights: Any
    biases: Any
    held: tuple[Any, ...] = ()


class Bend(NamedTuple):
    """An activation by our name; `said` is which layer of the model it is."""

    said: str
    name: str


class Passed(NamedTuple):
    """A layer that is passed over, and what there is to say of it, if anything."""

    said: str
    why: str = ""


class Meant(NamedTuple):
    """A loss by our name; `said` is what its library calls it, and `takes` what it takes from the model.

    `is_mean` tells that it is the mean over the outputs, where ours is the sum; `total` is that of several samples.
    """

    said: str
    name: str
    takes: str = OUTPUTS
    is_mean: bool = False
    total: str = "sum"


ModelPart = Weighted | Bend | Passed


def put_together(parts: Iterable[ModelPart], loss: Meant, total: str | None = None) -> dict[str, Any]:
    """Return the arguments of the network that has these parts, and tell what is passed over.

    `total` takes the place of that of the loss. Raises ValueError for an activation without a layer of its own, for
    layers that share their numbers, and for a loss that does not go with the model.
    """
    parts = list(parts)
    layers = [part for part in parts if isinstance(part, Weighted)]
    if not layers:
        raise ValueError("the model has no fully connected layer; give one that has at least one.")
    _check_tied(layers)
    behind = _behind(list(filter(_computes, parts)))
    activations = [*(bend.name for bend in behind[:-1]), _output(behind[-1], loss)]
    if LOG_SOFTMAX in activations:
        raise ValueError("the model has a LogSoftmax before its last layer; it belongs at the output.")
    weights = [real_array(f"the weight of {it.said}", it.weights) for it in layers]
    passed = [part.why for part in parts if isinstance(part, Passed)]
    means = _about_means(loss, max(weights[-1].shape[:1], default=1), total)
    for why in filter(None, dict.fromkeys([*passed, means])):
        tell(why)
    made = {"weights": weights, "biases": [it.biases for it in layers], "activations": activations}
    return made | {"loss": loss.name, "total": total or loss.total}


def _about_means(loss: Meant, n: int, total: str | None) -> str:
    """Return what there is to say of a loss that is a mean over `n` outputs, where ours is their sum."""
    if not loss.is_mean or n == 1:
        return ""
    times = f"{n}" if total in (None, loss.total) else f"{n} N"
    of_samples = "" if times == f"{n}" else " of N samples"
    mean = f"{loss.said} is the mean over the {n} outputs{of_samples}"
    return f"{mean}, {loss.name} the sum: all is {times} times as large here."


def _check_tied(layers: Sequence[Weighted]) -> None:
    """Refuse layers that share numbers: these have one gradient, the sum of what each layer adds to it."""
    holders: dict[int, Weighted] = {}
    for layer in layers:
        for it in layer.held:
            other = holders.setdefault(id(it), layer)
            if other is not layer:
                raise ValueError(
                    f"{layer.said} shares its numbers with {other.said}; such numbers have one gradient, the sum over "
                    "both layers, and here each layer has its own. Give a model without shared numbers."
                )


def end_of(parts: Iterable[ModelPart]) -> ModelPart | None:
    """Return the last part that changes anything, if there is one."""
    return next(filter(_computes, reversed(list(parts))), None)


def _computes(part: ModelPart) -> bool:
    """Tell whether a part changes anything."""
    return isinstance(part, Weighted) or (isinstance(part, Bend) and part.name != "identity")


def _behind(parts: Sequence[ModelPart]) -> list[Bend]:
    """Return the activation of each layer: what stands behind it, or the identity."""
    found: list[Bend] = []
    for before, part in zip((None, *parts), parts, strict=False):
        if isinstance(part, Weighted):
            found.append(Bend(part.said, "identity"))
        elif isinstance(before, Weighted) and isinstance(part, Bend):
            found[-1] = part
        else:
            where = f"follows {before.said}" if before else "stands before the first layer of weights"
            raise ValueError(f"{part.said} {where}; an activation belongs behind a layer of weights, one behind each.")
    return found


def _output(end: Bend, loss: Meant) -> str:
    """Return the activation of the output: the one that the model has there, or that its loss contains."""
    own = OUTPUT_OF.get(loss.name, "")
    of_logits = {"identity": own} if own else {}
    of_logarithms = {LOG_SOFTMAX: "softmax"} if own == "softmax" else {}
    taken = {
        OUTPUTS: ({} if end.name == LOG_SOFTMAX else {end.name: end.name}) | of_logits | of_logarithms,
        # Those of a softmax are probabilities of each class alone, too; those of a sigmoid do not add up to 1.
        PROBABILITIES: {own: own, "softmax": "softmax"},
        LOGITS: of_logits | of_logarithms,
        LOGARITHMS: of_logarithms,
    }[loss.takes]
    if end.name not in taken:
        other = f", or give loss={loss.name!r}" if loss.takes == LOGITS and end.name in OUTPUT_OF.values() else ""
        mend = ENDS[loss.takes].format(own)
        raise ValueError(f"{loss.said} takes {loss.takes}, but the model ends in {end.said}: {mend}{other}.")
    return taken[end.name]


def library_of(model: Any) -> str:
    """Return where the class of a model comes from: torch, keras or sklearn, or "" from elsewhere."""
    homes = (cls.__module__.partition(".")[0] for cls in type(model).__mro__)
    return next((LIBRARIES[home] for home in homes if home in LIBRARIES), "")


def own_kind(layer: Any, method: str, *homes: str) -> str:
    """Return what a layer is called by the library whose `method` computes it, or "" where that is somebody's own.

    `homes` are the modules where the library has its layers.
    """
    computed_by = next((cls for cls in type(layer).__mro__ if method in vars(cls)), object)
    is_theirs = f"{computed_by.__module__}.".startswith(homes) and method not in getattr(layer, "__dict__", {})
    return computed_by.__name__ if is_theirs else ""


def loss_by_name(loss: str) -> Meant:
    """Return a loss by our name."""
    return Meant(loss, known_name("loss", loss, LOSSES))


def tell(word: str) -> None:
    """Say a word, as a warning at the line of whoever called us."""
    frame, level = sys._getframe(1), 2
    while frame.f_back and frame.f_globals.get("__name__", "").startswith("bppviz."):
        frame, level = frame.f_back, level + 1
    warnings.warn(word, stacklevel=level)
