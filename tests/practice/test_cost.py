"""The formulas of what gradients cost, against real multiplications, counted one by one."""

from itertools import pairwise
from math import floor
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import lecture, lecture_of_two

from bppviz import Network, backprop
from bppviz.core.samples import default_sample
from bppviz.practice.cost import Cost, anew, by_differences, by_paths, shared, sharers, so_far, weights, whole
from bppviz.practice.three_ways import ForwardPass, layer_by_layer, measured, pass_by_pass, path_by_path, seconds, ways

SIZES = st.lists(st.integers(1, 4), min_size=2, max_size=5).map(tuple)


class Counted:
    """A number that counts how often one is multiplied by another."""

    times = 0

    def __init__(self, value):
        self.value = float(value)

    def __mul__(self, other):
        Counted.times += 1
        return Counted(self.value * other.value)

    def __add__(self, other):
        return Counted(self.value + other.value)


def recorded(sizes):
    network = Network.random(sizes, "sigmoid", seed=1)
    return backprop(network, *default_sample(network))


def known(sizes):
    """Return what a forward pass leaves behind, in counted numbers, none of them multiplied yet."""
    it = ForwardPass(recorded(sizes), Counted)
    Counted.times = 0
    return it


def sigmoid(z):
    return [Counted(1 / (1 + np.exp(-it.value))) for it in z]


def values(gradients):
    return [it.value for layer in gradients for row in layer for it in row]


def right(sizes):
    return np.concatenate([w.ravel() for w in recorded(sizes).dl_dw])


def edges(sizes):
    """Return the layer and the unit that each weight enters."""
    return [(layer, i) for layer in range(1, len(sizes)) for i in range(sizes[layer]) for _ in range(sizes[layer - 1])]


@given(SIZES)
def test_going_backward_costs_what_the_formula_says_and_gives_the_gradients(sizes):
    found = values(layer_by_layer(known(sizes)))
    assert Counted.times == shared(sizes)
    np.testing.assert_allclose(found, right(sizes), rtol=1e-12)


@given(SIZES)
def test_path_by_path_costs_what_the_formula_says_and_gives_the_same_gradients(sizes):
    found = values(path_by_path(known(sizes)))
    assert Counted.times == by_paths(sizes)
    np.testing.assert_allclose(found, right(sizes), rtol=1e-12)


@given(SIZES)
def test_a_forward_pass_for_each_weight_costs_what_the_formula_says_and_comes_close(sizes):
    trace, run = recorded(sizes), known(sizes)

    def loss(y):
        return 0.5 * sum((it.value - t) ** 2 for it, t in zip(y, trace.target, strict=True))

    found = pass_by_pass(run, loss, [sigmoid] * (len(sizes) - 1))
    assert Counted.times == by_differences(sizes)
    np.testing.assert_allclose(np.concatenate([np.ravel(w) for w in found]), right(sizes), rtol=1e-3, atol=1e-7)


NETWORKS = {
    "lecture": Network.lecture(),
    "tanh": Network.random([3, 4, 2], "tanh"),
    "softmax": Network.random([2, 3, 2], loss="cross_entropy"),
    "simplified": Network.random([2, 3, 2], "sigmoid", "binary_cross_entropy"),
}


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_the_three_ways_that_are_timed_give_the_same_gradients(network):
    trace = backprop(network, *default_sample(network))
    wanted = np.concatenate([w.ravel() for w in trace.dl_dw])
    for way in ways(trace).values():
        np.testing.assert_allclose(np.concatenate([np.ravel(w) for w in way()]), wanted, rtol=1e-3, atol=1e-7)


def test_what_would_take_too_long_is_not_timed():
    times = measured(recorded([4] * 10))
    assert times["shared"] > 0
    assert times["by_paths"] is None
    assert times["by_differences"] > times["shared"]


@pytest.mark.parametrize("tick", [1e-7, 1e-4, 0.02])  # the last is coarser than any browser's
def test_a_short_act_takes_some_time_however_coarse_the_clock_is(tick):
    def coarse() -> float:
        return floor(perf_counter() / tick) * tick

    assert seconds(lambda: sum(range(1000)), coarse) > 0


def test_the_lectures_network():
    # backward: 8 on the edges after, 6 gains, 12 gradients; 12 forward passes of 12
    assert whole((2, 2, 2, 2)) == Cost(26, 4 * (13 + 1) + 4 * (5 + 1) + 4 * (1 + 1), 144)
    assert [anew((2, 2, 2, 2), layer) for layer in (3, 2, 1)] == [1, 5, 13]


@pytest.mark.parametrize(("layer", "count"), [(3, 2 + 8), (2, 2 + 4), (1, 2)])
def test_a_gradient_is_shared_by_the_weights_that_enter_its_neuron_and_all_before(layer, count):
    assert sharers((2, 2, 2, 2), layer) == count


@given(SIZES)
def test_who_shares_a_gradient_is_who_changes_with_it(sizes):
    """Count the weights whose ∂l/∂w has a path to this ∂l/∂z."""
    for layer in range(1, len(sizes)):
        own = [edge for edge in edges(sizes) if edge[0] < layer or edge == (layer, 0)]
        assert sharers(sizes, layer) == len(own)


@given(SIZES)
def test_at_the_end_of_a_walk_it_has_cost_the_whole(sizes):
    network = Network.random(sizes)
    trace = backprop(network, *default_sample(network))
    assert so_far(trace, len(trace) - 1) == whole(sizes)
    costs = [so_far(trace, k) for k in range(len(trace))]
    for before, after in pairwise(costs):
        assert all(x <= y for x, y in zip(before, after, strict=True))
    assert costs[trace.step_of("loss", len(sizes) - 1)] == Cost(0, 0, 0)


def test_each_step_adds_what_its_formula_multiplies():
    trace = lecture()
    for event in trace[1:]:
        added = so_far(trace, event.step).shared - so_far(trace, event.step - 1).shared
        wanted = {"dl_dz": 1, "dl_dw": 1, "dl_da": 0 if event.layer == 3 else 2}.get(event.quantity, 0)
        assert added == wanted, event


def test_the_sum_and_the_update_are_not_counted():
    trace = lecture_of_two()
    assert so_far(trace, len(trace) - 1) == whole((2, 2, 2, 2))


def test_in_deeper_networks_the_paths_explode_and_sharing_stays_in_proportion_to_the_weights():
    deep = [(4,) * (depth + 1) for depth in range(1, 9)]
    assert [by_paths(sizes) > by_differences(sizes) for sizes in deep][-1]
    assert all(shared(sizes) < 3 * weights(sizes) for sizes in deep)
