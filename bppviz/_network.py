"""The network: weights, biases, activations and a loss, checked at the door."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from itertools import pairwise
from math import inf
from numbers import Real
from typing import Any

import numpy as np

from bppviz._functions import ACTIVATIONS, LOSSES, Array
from bppviz._place import Place, located

NOTATIONS = ("layered", "lecture")


class ReadOnly:
    """A record whose arrays are read-only, in a copy and behind a pickle too, where NumPy would make them writeable."""

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
        One array W for each layer, of shape (n_out, n_in): row i holds the weights that enter neuron i.
    biases
        One array b for each layer, of shape (n_out,).
    activations
        One name for each layer, or one name for all: sigmoid, tanh, relu, leaky_relu, identity;
        at the output also softmax.
    loss
        half_squared_error, ½ Σ (y − t)²; binary_cross_entropy; or cross_entropy.
    input_names, output_names
        What the inputs and outputs are called, if they have names of their own.
    notation
        "layered" writes z²₁ for the first neuron of layer 2; "lecture" numbers the neurons through, as the
        lecture does, and is only for a network of three layers of two.

    Raises
    ------
    TypeError, ValueError
        If anything does not fit; the message says what was given, what is expected, and how to mend it.

    The arrays are read-only, and copies of those that can still be changed: a network never changes.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    activations: tuple[str, ...]
    loss: str
    _: KW_ONLY
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    notation: str = "layered"

    def __post_init__(self) -> None:
        weights = _arrays("weights", self.weights, 2)
        biases = _arrays("biases", self.biases, 1)
        _check_shapes(weights, biases)
        activations = _activations(self.activations, len(weights))
        _check_loss(self.loss, activations[-1])
        checked = {
            "weights": weights,
            "biases": biases,
            "activations": activations,
            "input_names": _names("input_names", self.input_names, weights[0].shape[1]),
            "output_names": _names("output_names", self.output_names, weights[-1].shape[0]),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        if self.notation not in NOTATIONS:
            raise ValueError(f"notation is {self.notation!r}; choose one of: {', '.join(NOTATIONS)}.")
        if self.notation == "lecture" and self.sizes != (2, 2, 2, 2):
            raise ValueError(
                f"notation='lecture' names the symbols of a 2-2-2-2 network, and this one is {self.shape}. "
                "Leave it out: every other network has layered symbols."
            )

    @property
    def sizes(self) -> tuple[int, ...]:
        """Return the number of inputs, then of the neurons of each layer."""
        return (self.weights[0].shape[1], *(len(b) for b in self.biases))

    @property
    def shape(self) -> str:
        """Return the sizes as people write them: 2-3-1."""
        return "-".join(map(str, self.sizes))

    @cached_property
    def shapes(self) -> dict[tuple[str, int], tuple[int, ...]]:
        """The shape of the weights and of the biases of each layer, by quantity, w or b, and layer."""
        arrays = {"w": self.weights, "b": self.biases}
        return {(name, layer): it.shape for name, all in arrays.items() for layer, it in enumerate(all, 1)}

    def value(self, quantity: str | Place, layer: int | None = None, unit: int = 0, source: int | None = None) -> float:
        """Return the weight (w) or bias (b) at a place, a `Place` or spelled out.

        Layers count from 1, unit and source are array indices. Raises ValueError, IndexError or TypeError for a place
        that the network does not have.
        """
        place = located(self.shapes, quantity, layer, unit, source)
        array = (self.weights if place.quantity == "w" else self.biases)[place.layer - 1]
        return float(array[place.unit] if place.source is None else array[place.unit, place.source])

    def __repr__(self) -> str:
        return f"Network({self.shape}, {'-'.join(self.activations)}, {self.loss})"

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
        seed: int = 0,
    ) -> Network:
        """Return a network of these sizes, (n_in, …, n_out), with random weights of spread 1/√n_in and biases near 0.

        A single `activation` is used in every layer, but a cross-entropy needs outputs between 0 and 1: there the
        output layer is sigmoid for binary_cross_entropy and softmax for cross_entropy. The same seed gives the
        same network.
        """
        sizes = _sizes(sizes)
        _check_name("loss", loss, LOSSES)
        if isinstance(activation, str):
            fitting = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}
            activation = [activation] * (len(sizes) - 2) + [fitting.get(loss, activation)]
        rng = np.random.default_rng(seed)
        # Rounded to two decimals, so that every sum can be redone by hand.
        return cls(
            weights=tuple(np.round(rng.normal(0, m**-0.5, (n, m)), 2) for m, n in pairwise(sizes)),
            biases=tuple(np.round(rng.normal(0, 0.1, n), 2) for n in sizes[1:]),
            activations=activation,  # type: ignore[arg-type]
            loss=loss,
        )


def check_samples(network: Network, x: Any, target: Any) -> tuple[Array, Array]:
    """Return x and target as read-only arrays that fit this network: one sample, or N of them in rows.

    One sample has x of shape (n_in,) and target (n_out,); N samples have (N, n_in) and (N, n_out), where a network with
    a single output also takes targets of shape (N,).
    """
    if not isinstance(network, Network):
        raise TypeError(f"network is {network!r}; give a Network, such as Network.lecture().")
    x, target = _array("x", x), _array("target", target)
    n_in, n_out = network.sizes[0], network.sizes[-1]
    rows = len(x) if x.ndim == 2 else None
    if rows and n_out == 1 and target.shape == (rows,):
        target = target[:, None]
    if rows and target.shape[:1] != (rows,):
        raise ValueError(
            f"x has {rows} sample{'s' if rows > 1 else ''}, but target has {_shape(target)}: "
            f"give one target for each sample, shape ({rows}, {n_out})."
        )
    for name, array, size, units in (("x", x, n_in, "inputs"), ("target", target, n_out, "outputs")):
        wanted = (rows, size) if rows else (size,)
        if array.shape != wanted:
            raise ValueError(
                f"{name} has {_shape(array)}, but this network ({network.shape}) has {size} {units}: "
                + (f"give {size} for each of the {rows} samples, " if rows else f"give {_numbers(size)}, ")
                + f"shape {wanted}."
            )
    if LOSSES[network.loss].probabilities and not ((target >= 0) & (target <= 1)).all():
        raise ValueError(
            f"target is {target.tolist()}, but {network.loss} compares probabilities: "
            "give targets between 0 and 1, or use loss='half_squared_error'."
        )
    return x, target


def _shape(array: Array) -> str:
    return f"shape {array.shape}"


def _numbers(size: int) -> str:
    return f"{size} number{'s' if size > 1 else ''}"


def check_learning_rate(learning_rate: Any) -> float:
    """Return η as a float, if it is a number above 0."""
    if isinstance(learning_rate, bool) or not isinstance(learning_rate, Real):
        raise TypeError(f"learning_rate is {learning_rate!r}; give a number above 0, such as 0.1.")
    try:
        rate = float(learning_rate)
    except OverflowError:  # a whole number of hundreds of digits
        rate = inf
    if not 0 < rate < inf:
        raise ValueError(f"learning_rate is {rate:g}; give a finite number above 0, such as 0.1.")
    return rate


def default_sample(network: Network) -> tuple[Array, Array]:
    """Return the lecture's input (1, −1, …) and target (1, 0, …), as long as this network needs them."""
    x, target = np.ones(network.sizes[0]), np.zeros(network.sizes[-1])
    x[1::2], target[0] = -1, 1
    return x, target


def _array(name: str, value: Any) -> Array:
    """Return `value` as read-only float64, a copy unless it is that already, or say what is wrong with it."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths; give every row the same number of entries.") from None
    if array.dtype.kind == "O" and _ragged(value):
        raise ValueError(f"{name} has rows of different lengths; give every row the same number of entries.")
    if array.dtype.kind == "O" and all(isinstance(it, Real | np.bool_) for it in array.flat):
        array = _from_objects(array)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} holds {_kind(value)}; give real numbers, in a list or a NumPy array.")
    if not (array is value and array.dtype == np.float64 and array.flags.owndata and not array.flags.writeable):
        array = np.array(array, dtype=np.float64)  # what is ours already is shared: an edit changes one array alone
    if array.size == 0:
        raise ValueError(f"{name} is empty; give at least one number.")
    if not np.isfinite(array).all():
        bad = array[~np.isfinite(array)][0]
        raise ValueError(
            f"{name} holds {bad}; every number must be finite. Look for a division by 0 or a missing value."
        )
    array.flags.writeable = False
    return array


def _from_objects(array: Any) -> Any:
    """Return numbers as an array of floats: a DataFrame with columns of different kinds gives them as objects."""
    try:
        return array.astype(np.float64)
    except OverflowError:  # a whole number of hundreds of digits
        return array


def _ragged(value: Any) -> bool:
    return isinstance(value, Sequence) and len({np.size(row) for row in value}) > 1


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return f"the text {value!r}"
    return {"U": "text", "S": "bytes", "c": "complex numbers", "O": "things that NumPy does not take as numbers"}.get(
        np.asarray(value).dtype.kind, f"{np.asarray(value).dtype} values"
    )


def _is_list(values: Any) -> bool:
    """Tell whether these are several things in an order: a list, a tuple, an array; no text, dict, set or generator."""
    if isinstance(values, np.ndarray):
        return values.ndim > 0
    return isinstance(values, Sequence) and not isinstance(values, str | bytes)


def _arrays(name: str, values: Any, ndim: int) -> tuple[Array, ...]:
    """Return one array for each layer, each with `ndim` axes."""
    form = "of shape (n_out, n_in)" if ndim == 2 else "of shape (n_out,)"
    if not _is_list(values):
        raise TypeError(f"{name} is {values!r}; give a list with one array {form} for each layer.")
    if len(values) == 0:
        raise ValueError(f"{name} is empty; a network needs at least one layer. Give one array {form} for each layer.")
    arrays = tuple(_array(f"{name}[{i}]", value) for i, value in enumerate(values))
    for i, array in enumerate(arrays):
        if array.ndim != ndim:
            what = "a row" if ndim == 2 else "a number"
            raise ValueError(f"{name}[{i}] has shape {array.shape}; give an array {form}: {what} for each neuron.")
    return arrays


def _check_shapes(weights: tuple[Array, ...], biases: tuple[Array, ...]) -> None:
    if len(weights) != len(biases):
        raise ValueError(
            f"{len(weights)} weight arrays and {len(biases)} bias arrays; give one of each for every layer."
        )
    for i, (before, w) in enumerate(pairwise(weights), 1):
        if w.shape[1] != before.shape[0]:
            raise ValueError(
                f"weights[{i}] has shape {w.shape}, but the layer before it has {before.shape[0]} neurons: "
                f"its shape must be ({w.shape[0]}, {before.shape[0]}), that is (n_out, n_in)."
            )
    for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
        if b.shape != w.shape[:1]:
            raise ValueError(
                f"biases[{i}] has shape {b.shape}, but weights[{i}] has {w.shape[0]} rows: "
                f"give one bias for each neuron, shape ({w.shape[0]},)."
            )


def _activations(names: Any, layers: int) -> tuple[str, ...]:
    if isinstance(names, str):
        names = (names,) * layers
    if not _is_list(names):
        known = ", ".join(ACTIVATIONS)
        raise TypeError(f"activations is {names!r}; give a name, or a list with one for each layer, of: {known}.")
    for name in names:
        _check_name("activation", name, ACTIVATIONS)
    if len(names) != layers:
        raise ValueError(f"{len(names)} activations for {layers} layers; give one for each layer, or one name for all.")
    for layer, name in enumerate(names[:-1], 1):
        if ACTIVATIONS[name].derivative is None:
            raise ValueError(
                f"{name} in layer {layer} of {layers}, a hidden layer; it turns outputs into probabilities and "
                "belongs at the output. Use sigmoid, tanh, relu, leaky_relu or identity there."
            )
    return tuple(map(str, names))


def _check_name(what: str, name: Any, known: Collection[str]) -> None:
    if not isinstance(name, str):
        raise TypeError(f"{what} {name!r} is not a name; give one of: {', '.join(known)}.")
    if name not in known:
        raise ValueError(f"unknown {what} {name!r}; choose one of: {', '.join(known)}.")


def _check_loss(loss: Any, output: str) -> None:
    _check_name("loss", loss, LOSSES)
    if LOSSES[loss].probabilities and ACTIVATIONS[output].log_not is None:
        raise ValueError(
            f"{loss} takes the logarithm of the outputs, and those of {output} can be 0 or negative: "
            "make the output layer sigmoid or softmax, or use loss='half_squared_error'."
        )


def _names(what: str, names: Any, size: int) -> tuple[str, ...]:
    if not _is_list(names) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"{what} is {names!r}; give a list of texts.")
    if len(names) not in (0, size):
        raise ValueError(f"{what} has {len(names)} names for {size} places; give one for each, or none.")
    return tuple(map(str, names))


def _sizes(sizes: Any) -> tuple[int, ...]:
    if not _is_list(sizes) or not all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in sizes):
        raise TypeError(f"sizes is {sizes!r}; give whole numbers, such as [2, 3, 1].")
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(
            f"sizes is {sizes!r}; give the inputs and at least one layer, each with 1 neuron or more: [2, 3, 1]."
        )
    return tuple(int(n) for n in sizes)
