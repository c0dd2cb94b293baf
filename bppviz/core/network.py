"""The network: weights, biases, activations and a loss, checked at the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from itertools import pairwise
from math import inf
from typing import Any

import numpy as np

from bppviz.core.checks import (
    as_list,
    brief,
    checked_array,
    checked_names,
    counted,
    is_real,
    is_whole,
    known_name,
    whole_number,
)
from bppviz.core.functions import ACTIVATIONS, LOSSES, Array
from bppviz.core.instead import no_network
from bppviz.core.place import Place, located

NOTATIONS = ("layered", "lecture")
MOST_SIZES = 12  # that are written out
CLASSES = "give numbers; np.unique(target, return_inverse=True)[1] numbers the classes from 0"


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
        One array W for each layer, of shape (n_out, n_in): row i holds the weights that enter neuron i. PyTorch has
        them so, Keras and scikit-learn transposed: take W.T of theirs. Tensors and DataFrames are taken too.
    biases
        One array b for each layer, of shape (n_out,).
    activations
        One name for each layer, or one name for all: sigmoid, tanh, relu, leaky_relu, identity;
        at the output also softmax.
    loss
        half_squared_error, ½ Σ (y − t)²; binary_cross_entropy; or cross_entropy.
    input_names, output_names
        What the inputs and outputs are called, if they have names of their own: a list, or `frame.columns`.
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
        return (self.weights[0].shape[1], *(len(b) for b in self.biases))

    @property
    def shape(self) -> str:
        """Return the sizes as people write them: 2-3-1, of many layers only the first and the last."""
        return _dashed(list(map(str, self.sizes)))

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
        return f"Network({self.shape}, {_dashed(list(self.activations))}, {self.loss})"

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
            fitting = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}
            activation = [activation] * (len(sizes) - 2) + [fitting.get(loss, activation)]
        rng = np.random.default_rng(None if seed is None else whole_number("seed", seed, 0, 0))
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
    a single input also takes N > 1 inputs of shape (N,), and one with a single output targets of shape (N,). Where the
    outputs are a softmax a target may be the number of its class, counted from 0: one for one sample, (N,) for N.
    """
    if not isinstance(network, Network):
        raise no_network(network)
    inputs, targets = checked_array("x", x), checked_array("target", target, of_text=CLASSES)
    if network.sizes[0] == 1 and inputs.ndim == 1 and len(inputs) > 1:
        inputs = inputs[:, None]
    rows = len(inputs) if inputs.ndim == 2 else None
    if _fits_in_rows(network, inputs, targets) and targets.ndim == 1 and network.sizes[-1] == 1:
        targets = targets[:, None]
    elif _are_classes(network, targets, rows):
        targets = _one_hot(targets, network.sizes[-1])
    _check_columns(network, {"x": inputs, "target": targets})
    _check_counts(network, inputs, targets)
    if LOSSES[network.loss].probabilities and not ((targets >= 0) & (targets <= 1)).all():
        bad = targets[(targets < 0) | (targets > 1)][0]
        raise ValueError(
            f"target holds {bad:g}, but {network.loss} compares probabilities: "
            "give targets between 0 and 1, or use loss='half_squared_error'."
        )
    return inputs, targets


def _fits_in_rows(network: Network, x: Array, target: Array) -> bool:
    """Tell whether these are samples in rows, or could be if the targets of a single output were."""
    if x.ndim != 2 or x.shape[1] != network.sizes[0]:
        return False
    flat = network.sizes[-1] == 1 or network.activations[-1] == "softmax"
    return target.shape == (len(x), network.sizes[-1]) or (flat and target.shape == (len(x),))


def _are_classes(network: Network, target: Array, rows: int | None) -> bool:
    """Tell whether targets have the shape of class numbers, one for each sample, and not of probabilities."""
    shapes = [(rows,), (rows, 1)] if rows else [()]
    return network.activations[-1] == "softmax" and network.sizes[-1] > 1 and target.shape in shapes


def _one_hot(classes: Array, size: int) -> Array:
    """Return a row for each class number: 1 at its place and 0 elsewhere."""
    flat = classes.reshape(-1) if classes.ndim == 2 else classes
    wrong = (flat < 0) | (flat > size - 1) | (flat != np.round(flat))
    if wrong.any():
        from_1 = flat.min() == 1 and flat.max() == size and (flat == np.round(flat)).all()
        mend = "subtract 1 from each" if from_1 else f"or give {size} probabilities for each sample"
        raise ValueError(
            f"target holds {flat[wrong][0]:g}, but the classes of {size} outputs are the whole numbers "
            f"0 to {size - 1}; {mend}."
        )
    rows: Array = np.eye(size)[flat.astype(int)]
    rows.flags.writeable = False
    return rows


def _check_columns(network: Network, given: dict[str, Array]) -> None:
    """Refuse samples that would fit if their columns were rows."""
    if _fits_in_rows(network, *given.values()):
        return
    for names in (["x", "target"], ["x"], ["target"]):
        turned = [array.T if name in names else array for name, array in given.items()]
        if _fits_in_rows(network, *turned):
            shapes = " and ".join(f"{name} has shape {array.shape}" for name, array in given.items())
            mend = " and ".join(f"{name}.T" for name in names if given[name].ndim == 2)
            raise ValueError(
                f"{shapes}: the samples stand in columns, and here they stand in rows. "
                f"Give {mend}, or np.transpose of a list."
            )


def _check_counts(network: Network, x: Array, target: Array) -> None:
    n_in, n_out = network.sizes[0], network.sizes[-1]
    rows = len(x) if x.ndim == 2 else None
    if rows and target.shape[:1] != (rows,):
        raise ValueError(
            f"x has {counted(rows, 'sample')}, but target has shape {target.shape}: "
            f"give one target for each sample, shape ({rows}, {n_out})."
        )
    for name, array, size, unit in (("x", x, n_in, "input"), ("target", target, n_out, "output")):
        wanted = (rows, size) if rows else (size,)
        if array.shape != wanted:
            raise ValueError(
                f"{name} has shape {array.shape}, but this network ({network.shape}) has {counted(size, unit)}: "
                + (f"give {size} for each of the {rows} samples, " if rows else f"give {counted(size, 'number')}, ")
                + f"shape {wanted}."
                + (_about_classes(array, size, rows) if name == "target" else "")
            )


def _about_classes(target: Array, size: int, rows: int | None) -> str:
    """Return how to give what look like class numbers to outputs that are not a softmax."""
    look_so = target.shape == ((rows,) if rows else ()) and size > 1
    fit = look_so and ((target >= 0) & (target < size) & (target == np.round(target))).all()
    return f" If it holds class numbers, give np.eye({size})[target], or make the outputs a softmax." if fit else ""


def check_learning_rate(learning_rate: Any) -> float:
    """Return η as a float, if it is a number above 0."""
    if isinstance(learning_rate, bool) or not is_real(learning_rate):
        raise TypeError(f"learning_rate is {brief(learning_rate)}; give a number above 0, such as 0.1.")
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


def _arrays(name: str, values: Any, ndim: int) -> tuple[Array, ...]:
    """Return one array for each layer, each with `ndim` axes."""
    form = "of shape (n_out, n_in)" if ndim == 2 else "of shape (n_out,)"
    given = as_list(values)
    if given is None:
        raise TypeError(f"{name} is {brief(values)}; give a list with one array {form} for each layer.")
    if len(given) == 0:
        raise ValueError(f"{name} is empty; a network needs at least one layer. Give one array {form} for each layer.")
    arrays = tuple(checked_array(f"{name}[{i}]", value) for i, value in enumerate(given))
    for i, array in enumerate(arrays):
        if array.ndim != ndim:
            what = "a row" if ndim == 2 else "a number"
            raise ValueError(f"{name}[{i}] has shape {array.shape}; give an array {form}: {what} for each neuron.")
    return arrays


def _check_shapes(weights: tuple[Array, ...], biases: tuple[Array, ...]) -> None:
    if len(weights) != len(biases):
        raise ValueError(
            f"{counted(len(weights), 'weight array')} and {counted(len(biases), 'bias array')}; "
            "give one of each for every layer."
        )
    if not _fit(weights, biases) and _fit([w.T for w in weights], biases):
        raise ValueError(
            f"weights[0] has shape {weights[0].shape}, which is (n_in, n_out) as in Keras and scikit-learn; "
            "here it is (n_out, n_in). All fit once they are transposed: give W.T of each, or np.transpose of a list."
        )
    for i, (before, w) in enumerate(pairwise(weights), 1):
        if w.shape[1] != before.shape[0]:
            raise ValueError(
                f"weights[{i}] has shape {w.shape}, but the layer before it has {counted(before.shape[0], 'neuron')}: "
                f"its shape must be ({w.shape[0]}, {before.shape[0]}), that is (n_out, n_in)."
            )
    for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
        if b.shape != w.shape[:1]:
            raise ValueError(
                f"biases[{i}] has shape {b.shape}, but weights[{i}] has {counted(w.shape[0], 'row')}: "
                f"give one bias for each neuron, shape ({w.shape[0]},)."
            )


def _fit(weights: Sequence[Array], biases: Sequence[Array]) -> bool:
    """Tell whether the layers fit each other."""
    rows = [len(w) for w in weights]
    return rows == [len(b) for b in biases] and [w.shape[1] for w in weights[1:]] == rows[:-1]


def _activations(given: Any, layers: int) -> tuple[str, ...]:
    names = [given] * layers if isinstance(given, str) else as_list(given)
    if names is None:
        known = ", ".join(ACTIVATIONS)
        raise TypeError(f"activations is {brief(given)}; give a name, or a list with one for each layer, of: {known}.")
    names = [known_name("activation", name, ACTIVATIONS) for name in names]
    if len(names) != layers:
        raise ValueError(
            f"{counted(len(names), 'activation')} for {counted(layers, 'layer')}; "
            "give one for each layer, or one name for all."
        )
    for layer, name in enumerate(names[:-1], 1):
        if ACTIVATIONS[name].derivative is None:
            raise ValueError(
                f"{name} in layer {layer} of {layers}, a hidden layer; it turns outputs into probabilities and "
                "belongs at the output. Use sigmoid, tanh, relu, leaky_relu or identity there."
            )
    return tuple(names)


def _check_loss(loss: Any, output: str) -> None:
    known_name("loss", loss, LOSSES)
    if LOSSES[loss].probabilities and ACTIVATIONS[output].log_not is None:
        raise ValueError(
            f"{loss} takes the logarithm of the outputs, and those of {output} can be 0 or negative: "
            "make the output layer sigmoid or softmax, or use loss='half_squared_error'."
        )


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
