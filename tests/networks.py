"""Networks and samples for the tests, made by hypothesis."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bppviz import Network, Trace, backprop

ELEMENTWISE = ("sigmoid", "tanh", "relu", "leaky_relu", "leaky_relu(0.3)", "identity")
SQUARED = ("half_squared_error", "squared_error", "mean_squared_error")
OUTPUTS = {
    **dict.fromkeys(SQUARED, (*ELEMENTWISE, "softmax")),
    "binary_cross_entropy": ("sigmoid", "softmax"),
    "cross_entropy": ("sigmoid", "softmax"),
}


def numbers(limit: float = 2.0) -> st.SearchStrategy[float]:
    """Make numbers of moderate size, and often the short ones of a lecture."""
    return st.integers(-4, 4).map(lambda k: k * limit / 4) | st.floats(-limit, limit).map(lambda v: round(v, 9))


@st.composite
def networks(draw, most_layers: int = 4, most_units: int = 5) -> Network:
    """Make a network of any sizes, activations and loss, often without biases in some layers or in all.

    Its z stay so small that no output is saturated.
    """
    sizes = draw(st.lists(st.integers(1, most_units), min_size=2, max_size=most_layers + 1))
    loss = draw(st.sampled_from(list(OUTPUTS)))
    hidden = [draw(st.sampled_from(ELEMENTWISE)) for _ in sizes[2:]]
    have_biases = draw(st.sampled_from([st.just(True), st.booleans(), st.just(False)]))
    return Network(
        weights=[draw(arrays(float, (n, m), elements=numbers())) / m for m, n in pairwise(sizes)],
        biases=[draw(arrays(float, n, elements=numbers(1))) if draw(have_biases) else None for n in sizes[1:]],
        activations=[*hidden, draw(st.sampled_from(OUTPUTS[loss]))],
        loss=loss,
        total=draw(st.sampled_from(["sum", "mean"])),
    )


def biases_or_zeros(network: Network) -> list[np.ndarray]:
    """Return the biases of a network as a program has them that knows no layer without: zeros in their place."""
    return [np.zeros(len(w)) if b is None else b for w, b in zip(network.weights, network.biases, strict=True)]


def of_biases(network: Network, values: list) -> list:
    """Return what belongs to the biases of a network, by layer: None where it has none."""
    return [None if b is None else value for b, value in zip(network.biases, values, strict=True)]


@st.composite
def samples(draw, network: Network) -> tuple[list[float], list[float]]:
    """Make an input and a target that suit a network; often a target of 0 and 1, as classes have."""
    n_in, n_out = network.sizes[0], network.sizes[-1]
    x = draw(st.lists(numbers(), min_size=n_in, max_size=n_in))
    target = st.sampled_from([0.0, 1.0]) | st.floats(0, 1).map(lambda v: round(v, 9))
    return x, draw(st.lists(target, min_size=n_out, max_size=n_out))


@st.composite
def batches(draw, network: Network, most_samples: int = 4) -> tuple[list[list[float]], list[list[float]]]:
    """Make the inputs and the targets of some samples, in rows."""
    rows = draw(st.lists(samples(network), min_size=1, max_size=most_samples))
    return [x for x, _ in rows], [target for _, target in rows]


@st.composite
def trainings(draw) -> Trace:
    """Make the recorded run of some samples in rows, with an update."""
    network = draw(networks(most_layers=3, most_units=3))
    return backprop(network, *draw(batches(network)), learning_rate=0.1, update_biases=draw(st.booleans()))


@st.composite
def runs(draw, most_layers: int = 4, most_units: int = 5, most_samples: int = 6) -> Trace:
    """Make the recorded run of one sample or of several in rows, often with an update; any of them is told."""
    network = draw(networks(most_layers, most_units))
    x, target = draw(samples(network) | batches(network, most_samples))
    rate = draw(st.none() | st.sampled_from([0.5, 0.1]) | st.floats(1e-4, 2))
    trace = backprop(network, x, target, rate, draw(st.booleans()))
    return trace.at_sample(draw(st.integers(0, (trace.samples or 1) - 1)))


@st.composite
def traces(draw, most_layers: int = 4, most_units: int = 5) -> Trace:
    """Make the recorded run of such a network with such a sample."""
    network = draw(networks(most_layers, most_units))
    return backprop(network, *draw(samples(network)))


@cache
def lecture_of_two(learning_rate: float | None = 0.5, update_biases: bool = True, total: str = "sum") -> Trace:
    """Return the lecture's network with the lecture's sample and (0, 0), and an update."""
    network = replace(Network.lecture(), total=total)
    return backprop(network, [[1, -1], [0, 0]], [[1, 0], [0, 1]], learning_rate, update_biases)


@cache
def lecture() -> Trace:
    """Return the lecture's network with the lecture's sample."""
    return backprop(Network.lecture(), [1, -1], [1, 0])
