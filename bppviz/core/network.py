"""The network: weights, biases, activations and a loss, checked at the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from bppviz.core.checks import (
    as_list,
    brief,
    checked_names,
    is_whole,
    known_name,
    whole_number,
)
from bppviz.core.functions import LOSSES, OUTPUT_OF, Activation, activation_of
from bppviz.core.keras_model import read_keras
from bppviz.core.named import check_loss, checked_activations
from bppviz.core.place import Place, located
from bppviz.core.record import as_record, read_record
from bppviz.core.shapes import checked_layers
from bppviz.core.simplified import Simplified, simplified
from bppviz.core.sklearn_model import read_sklearn
from bppviz.core.sums import Array
from bppviz.core.torch_model import read_torch

NOTATIONS = ("layered", "lecture")
TOTALS = ("sum", "mean")
MOST_SIZES = 12  # that are written out


class ReadOnly:
    """A record whose arrays are read-only, after copying and pickling too.

    NumPy alone makes them writeable there: https://github.com/numpy/numpy/issues/16726
    """

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over the state of a copy or a pickle."""
        self.__dict__.update(state)
        for value in state.values():
            for array in value if isinstance(value, tuple) else (value,):
                if isinstance(array, np.ndarray):
                    array.flags.writeable = False


@dataclass(frozen=True, eq=False, repr=False)
class Network(ReadOnly):
    """A fully connected network: layer l computes z = W a + b and a = σ(z) from the layer before it.

    Parameters
    ----------
    weights
        One array W for each layer, of shape (n_out, n_in): row i holds the weights that enter neuron i. PyTorch has
        them so, Keras and scikit-learn transposed: take W.T of theirs. Tensors and DataFrames are taken too.
    biases
        One array b for each layer, of shape (n_out,), or None for a layer that adds none: z = W a, and there is no b
        in formulas, picture and gradients. None in place of the list is a network without any.
    activations
        One name for each layer, or one name for all: sigmoid, tanh, relu, leaky_relu, identity;
        at the output also softmax. leaky_relu has the slope 0.01 below 0, and leaky_relu(0.1) another one.
    loss
        half_squared_error, ½ Σ (y − t)², as in the lecture; squared_error, Σ (y − t)²; mean_squared_error, the mean
        over the outputs; binary_cross_entropy; or cross_entropy.
    total
        How the losses of several samples make up L: "sum", Σₙ lⁿ, as in the lecture, or "mean", 1/N Σₙ lⁿ.
    input_names, output_names
        What the inputs and outputs are called, if they have names of their own: a list, or `frame.columns`.
    notation
        "layered" writes z₁⁽²⁾ for the first neuron of layer 2, and leaves the layer out where there is a single neuron;
        "lecture" numbers the neurons through, as the lecture does, and is only for a network of three layers of two.

    Raises
    ------
    TypeError, ValueError
        If anything does not fit; the message says what was given, what is expected, and how to mend it.

    The arrays are read-only, and copies of those that can still be changed: a network never changes.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array | None, ...]
    activations: tuple[str, ...]
    loss: str
    _: KW_ONLY
    total: str = "sum"
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    notation: str = "layered"

    def __post_init__(self) -> None:
        weights, biases = checked_layers(self.weights, self.biases)
        activations = checked_activations(self.activations, len(weights))
        check_loss(self.loss, activations[-1])
        checked = {
            "weights": weights,
            "biases": biases,
            "activations": activations,
            "total": known_name("total", self.total, TOTALS),
            "input_names": checked_names("input_names", self.input_names, weights[0].shape[1], "input"),
            "output_names": checked_names("output_names", self.output_names, weights[-1].shape[0], "output"),
            "notation": known_name("notation", self.notation, NOTATIONS),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        if self.notation == "lecture" and self.sizes != (2, 2, 2, 2):
            raise ValueError(
                f"notation='lecture' names the symbols of a 2-2-2-2 network, and this one is {self.shape}. "
                "Leave it out: every other network has layered symbols."
            )

    @property
    def sizes(self) -> tuple[int, ...]:
        """Return the number of inputs, then of the neurons of each layer."""
        return (self.weights[0].shape[1], *map(len, self.weights))

    @property
    def shape(self) -> str:
        """Return the sizes as people write them: 2-3-1, of many layers only the first and the last."""
        return _dashed(list(map(str, self.sizes)))

    @cached_property
    def shapes(self) -> dict[tuple[str, int], tuple[int, ...]]:
        """The shape of the weights and of the biases of each layer, by quantity, w or b, and layer."""
        arrays = {"w": self.weights, "b": self.biases}
        layers = ((name, layer, it) for name, all in arrays.items() for layer, it in enumerate(all, 1))
        return {(name, layer): it.shape for name, layer, it in layers if it is not None}

    @cached_property
    def without_bias(self) -> frozenset[int]:
        """The layers that have no biases."""
        return frozenset(layer for layer, b in enumerate(self.biases, 1) if b is None)

    def value(self, quantity: str | Place, layer: int | None = None, unit: int = 0, source: int | None = None) -> float:
        """Return the weight (w) or bias (b) at a place, a `Place` or spelled out.

        Layers count from 1, unit and source are array indices. Raises ValueError, IndexError or TypeError for a place
        that the network does not have.
        """
        place = located(self.shapes, quantity, layer, unit, source)
        array = self.array(place.quantity, place.layer)
        return float(array[place.unit] if place.source is None else array[place.unit, place.source])

    @property
    def layers(self) -> int:
        """Return the number of layers, which is that of the output layer."""
        return len(self.weights)

    @property
    def has_biases(self) -> bool:
        """Tell whether any layer has biases."""
        return len(self.without_bias) < self.layers

    @property
    def sigma(self) -> list[Activation]:
        """Return the activation of each layer."""
        return [activation_of(name) for name in self.activations]

    def array(self, quantity: str, layer: int) -> Array:
        """Return the weights (w) or biases (b) of a layer, which counts from 1; raise ValueError where it has none."""
        array = (self.weights if quantity == "w" else self.biases)[layer - 1]
        if array is None:
            raise ValueError(f"layer {layer} has no biases.")
        return array

    def activation(self, layer: int) -> Activation:
        """Return the activation of a layer, which counts from 1."""
        return activation_of(self.activations[layer - 1])

    def elementwise(self, layer: int) -> bool:
        """Tell whether each a of this layer depends on its own z alone."""
        return self.activation(layer).derivative is not None

    @property
    def simplified(self) -> Simplified | None:
        """Return ∂l/∂z of the output where σ′(z) · ∂l/∂y simplifies."""
        return simplified(self.activations[-1], self.loss)

    def over(self, samples: int | None) -> int:
        """Return what the sum over so many samples, or over a single one, None, is divided by: their number, or 1."""
        return samples if samples and self.total == "mean" else 1

    def to_dict(self) -> dict[str, Any]:
        """Return the network as plain data, for JSON; `from_dict` reads it, and `bppviz.core.record` documents it."""
        return as_record(self)

    @classmethod
    def from_dict(cls, data: Any) -> Network:
        """Return the network that `to_dict` returned as plain data, every number the same.

        Raises TypeError or ValueError for anything else, and for data of a newer version of bppviz.
        """
        return cls(**read_record(data))

    def __repr__(self) -> str:
        total = ", mean" if self.total == "mean" else ""
        return f"Network({self.shape}, {_dashed(list(self.activations))}, {self.loss}{total})"

    @classmethod
    def lecture(cls) -> Network:
        """Return the lecture's network: three layers of two sigmoid neurons, with the numbers of its worked example."""
        return cls(
            weights=([[1, -2], [-1, 1]], [[2, -1], [-2, -1]], [[3, -1], [-1, 4]]),  # type: ignore[arg-type]
            biases=([1, 0], [0, 0], [-2, 2]),  # type: ignore[arg-type]
            activations=("sigmoid", "sigmoid", "sigmoid"),
            loss="half_squared_error",
            notation="lecture",
        )

    @classmethod
    def random(
        cls,
        sizes: Sequence[int],
        activation: str | Sequence[str] = "tanh",
        loss: str = "half_squared_error",
        seed: int | None = 0,
        total: str = "sum",
    ) -> Network:
        """Return a network of these sizes, (n_in, …, n_out), with random weights of spread 1/√n_in and biases near 0.

        A single `activation` is used in every layer, but a cross-entropy needs outputs between 0 and 1: there the
        output layer is sigmoid for binary_cross_entropy and softmax for cross_entropy. The same seed, a whole number
        of 0 or more, gives the same network; None gives another one each time.

        Raises TypeError or ValueError for what does not fit.
        """
        sizes = _sizes(sizes)
        known_name("loss", loss, LOSSES)
        if isinstance(activation, str):
            activation = [activation] * (len(sizes) - 2) + [OUTPUT_OF.get(loss, activation)]
        rng = np.random.default_rng(None if seed is None else whole_number("seed", seed, 0, 0))
        # Rounded to two decimals, so that every sum can be redone by hand.
        return cls(
            weights=tuple(np.round(rng.normal(0, m**-0.5, (n, m)), 2) for m, n in pairwise(sizes)),
            biases=tuple(np.round(rng.normal(0, 0.1, n), 2) for n in sizes[1:]),
            activations=activation,  # type: ignore[arg-type]
            loss=loss,
            total=total,
        )

    @classmethod
    def from_torch(
        cls, module: Any, loss: Any = None, total: str | None = None, input_names: Any = (), output_names: Any = ()
    ) -> Network:
        """Return the network that a model of PyTorch is, with its numbers as they are now, and with a loss.

        The model is an nn.Sequential of Linear, Sigmoid, Tanh, ReLU, LeakyReLU, Identity, and at the end Softmax or
        LogSoftmax; Dropout and Flatten are passed over. A Linear with bias=False is a layer without biases. `loss` is
        one of our names or a loss of PyTorch. A softmax or sigmoid that is part of the loss, as in CrossEntropyLoss,
        becomes that of the output layer; LogSoftmax with NLLLoss is softmax with cross_entropy. Without `total` it is
        what the loss of PyTorch does, else "sum". BCELoss takes no logarithm to be below −100, and here it may be.

        Raises TypeError or ValueError for anything else in the model, and for a loss that does not go with it.
        """
        return cls(**read_torch(module, loss, total), input_names=input_names, output_names=output_names)

    @classmethod
    def from_sklearn(cls, model: Any) -> Network:
        """Return the network that a fitted MLPClassifier or MLPRegressor of scikit-learn is, with its names and loss.

        The log-loss of two classes is binary_cross_entropy with one output, the probability of the second class, which
        bears its name: targets may be the names of both, or 1 and 0. Of more classes it is cross_entropy. The squared
        error is half_squared_error. The total over samples is their mean, as in scikit-learn; its penalty `alpha` is no
        part of it, and no output is kept away from 0 and 1 as for its `loss_`.

        Raises TypeError or ValueError for any other model, for one that has not been fitted, and for a Poisson loss.
        """
        return cls(**read_sklearn(model))

    @classmethod
    def from_keras(
        cls, model: Any, loss: Any = None, total: str | None = None, input_names: Any = (), output_names: Any = ()
    ) -> Network:
        """Return the network that a model of Keras is: Dense layers one behind the other, Sequential or functional.

        Dropout and Flatten are passed over, and use_bias=False is kept. `loss` is one of our names or a loss of Keras;
        without one it is that which the model was compiled with. A loss with from_logits=True adds its softmax or
        sigmoid to the output layer. Without `total` it is what the loss of Keras does, a mean unless it says sum; with
        a name of ours "sum". Keras keeps probabilities 1e-07 away from 0 and 1 for their logarithms, and here they are
        taken as they are.

        Raises TypeError or ValueError for anything else in the model, and for a loss that does not go with it.
        """
        return cls(**read_keras(model, loss, total), input_names=input_names, output_names=output_names)


def with_number(network: Network, place: Place, value: float) -> Network:
    """Return a network with another number at the place of a weight or bias.

    Raises ValueError for a number that is not finite.
    """

    def with_array(arrays: Sequence[Any]) -> tuple[Any, ...]:
        array = changed(network.array(place.quantity, place.layer), place, value)
        return (*arrays[: place.layer - 1], array, *arrays[place.layer :])

    if place.quantity == "w":
        return replace(network, weights=with_array(network.weights))
    return replace(network, biases=with_array(network.biases))


def changed(array: Array, place: Place, value: float) -> Array:
    """Return a copy of an array, of a layer or of a sample, with another number at a place."""
    array = array.copy()
    array[place.unit if place.source is None else (place.unit, place.source)] = value
    return array


def _sizes(sizes: Any) -> tuple[int, ...]:
    given = as_list(sizes)
    if given is None or not all(map(is_whole, given)):
        raise TypeError(f"sizes is {brief(sizes)}; give whole numbers, such as [2, 3, 1].")
    if len(given) < 2 or min(given) < 1:
        raise ValueError(
            f"sizes is {brief(sizes)}; give the inputs and at least one layer, each with 1 neuron or more: [2, 3, 1]."
        )
    return tuple(int(n) for n in given)


def _dashed(parts: list[str]) -> str:
    """Return parts as 2-3-1; of many the first, how many there are, and the last."""
    return "-".join(parts if len(parts) <= MOST_SIZES else [*parts[:3], f"…({len(parts)})…", parts[-1]])
