"""What can be walked through at once: a first picture within a few seconds and a few hundred megabytes."""

from __future__ import annotations

from bppviz.core.network import Network
from bppviz.core.sums import Array

MOST_WEIGHTS = 10_000_000
MOST_LAYERS = 500
MOST_SAMPLES = 100_000
MOST_NUMBERS = 10_000_000  # of all samples, with all that a run computes of them
RECORDED = 5  # numbers of every neuron and sample: z, a, σ′(z), ∂l/∂a and ∂l/∂z
ELSEWHERE = "bppviz.backprop and bppviz.train take any size"


def check_limits(network: Network, x: Array) -> None:
    """Raise ValueError for a network or a number of samples that is too large to be walked through."""
    weights, layers = sum(w.size for w in network.weights), network.layers
    if weights > MOST_WEIGHTS:
        raise ValueError(
            f"network has {weights:,} weights; explain shows up to {MOST_WEIGHTS:,}. Give a smaller one; {ELSEWHERE}."
        )
    if layers > MOST_LAYERS:
        raise ValueError(f"network has {layers:,} layers; explain shows up to {MOST_LAYERS}. {ELSEWHERE}.")
    most = most_samples(network)
    if x.ndim == 2 and len(x) > most:
        raise ValueError(
            f"x has {len(x):,} samples; explain shows up to {most:,} of this network ({network.shape}). "
            f"Give the first ones, x[:{most}] and target[:{most}]; {ELSEWHERE}."
        )


def most_samples(network: Network) -> int:
    """Return how many samples of a network can be walked through."""
    numbers = network.sizes[0] + RECORDED * sum(network.sizes[1:])
    return max(1, min(MOST_SAMPLES, MOST_NUMBERS // numbers))
