"""What is too large to be walked through is refused at the door, with the limit and what to give instead."""

import re

import numpy as np
import pytest

from bppviz import Network, backprop, explain
from bppviz.core.limits import MOST_LAYERS, MOST_NUMBERS, MOST_SAMPLES, check_limits, most_samples


def test_more_samples_than_can_be_walked_through_are_refused_and_the_first_ones_are_taken():
    network = Network.random([2, 2, 1])
    x, target = np.zeros((MOST_SAMPLES + 1, 2)), np.zeros((MOST_SAMPLES + 1, 1))
    said = (
        "x has 100,001 samples; explain shows up to 100,000 of this network (2-2-1). Give the first ones, "
        "x[:100000] and target[:100000]; bppviz.backprop and bppviz.train take any size."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        explain(network, x, target)
    assert explain(network, x[:MOST_SAMPLES], target[:MOST_SAMPLES]).trace.samples == MOST_SAMPLES
    assert backprop(network, x, target).samples == MOST_SAMPLES + 1


def test_of_a_larger_network_fewer_samples_can_be_walked_through():
    network = Network.random([784, 128, 64, 10])
    most = most_samples(network)
    assert 1000 < most < MOST_SAMPLES
    assert most * (784 + 5 * (128 + 64 + 10)) <= MOST_NUMBERS
    check_limits(network, np.zeros((most, 784)))
    with pytest.raises(ValueError, match=re.escape(f"x[:{most}]")):
        check_limits(network, np.zeros((most + 1, 784)))


def test_a_single_sample_of_any_width_is_taken():
    check_limits(Network.random([100_000, 10]), np.zeros(100_000))
    assert most_samples(Network.random([10_000_001, 1])) == 1


def test_a_network_with_too_many_weights_is_refused():
    network = Network.random([10_001, 1000])
    with pytest.raises(ValueError, match=r"network has 10,001,000 weights; explain shows up to 10,000,000\."):
        explain(network)


def test_a_network_with_too_many_layers_is_refused():
    network = Network.random([1] * (MOST_LAYERS + 2))
    with pytest.raises(ValueError, match=rf"network has 501 layers; explain shows up to {MOST_LAYERS}\."):
        explain(network)
