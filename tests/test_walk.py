"""Ways of walking: each covers the whole trace, in order and without a gap."""

import pytest
from hypothesis import given
from networks import lecture, traces

from bppviz import Network, backprop
from bppviz._walk import DEFAULT, GRANULARITIES, Stop, edges, granularities, sum_length, walk


def spans(trace, granularity):
    return [(stop.first, stop.last) for stop in walk(trace, granularity)]


def random_trace(*sizes):
    return backprop(Network.random(sizes), [1] * sizes[0], [0] * sizes[-1])


def test_a_walk_by_pass_stops_after_each_pass():
    assert spans(lecture(), "pass") == [(0, 11), (12, 12), (13, 48)]


def test_a_walk_by_layer_stops_at_each_layer_and_backward_also_at_its_gradients():
    forward = [(0, 3), (4, 7), (8, 11)]
    backward = [(13, 18), (19, 24), (25, 30), (31, 36), (37, 42), (43, 48)]
    assert spans(lecture(), "layer") == [*forward, (12, 12), *backward]


def test_a_walk_by_neuron_stops_at_each_neuron_and_backward_also_at_its_gradients():
    forward = [(k, k + 1) for k in range(0, 12, 2)]
    backward = [(k, k + 2) for k in range(13, 49, 3)]
    assert spans(lecture(), "neuron") == [*forward, (12, 12), *backward]


def test_a_walk_by_equation_stops_at_every_step_and_is_the_default():
    assert walk(lecture()) == walk(lecture(), DEFAULT) == [Stop("equation", k, k) for k in range(49)]


def test_a_walk_by_term_adds_up_each_sum_one_product_at_a_time():
    stops = walk(lecture(), "term")
    assert stops[:4] == [Stop("term", 0, 0, 1), Stop("term", 0, 0, 2), Stop("term", 0, 0), Stop("term", 1, 1)]
    trace = lecture()
    assert len(stops) == len(trace) + 6 * 2 + 1 + 4  # z: two products before the bias; loss; the hidden ∂l/∂a


def test_the_sums_of_a_trace_are_z_the_loss_and_the_hidden_gradients():
    trace = random_trace(3, 4, 2)
    lengths = {(event.quantity, event.layer): sum_length(trace, event) for event in trace}
    sums = {place: length for place, length in lengths.items() if length > 1}
    assert sums == {("z", 1): 4, ("z", 2): 5, ("loss", 2): 2, ("dl_da", 1): 2}


@given(traces())
def test_every_walk_covers_all_steps_in_order_and_without_a_gap(trace):
    for granularity in granularities(trace):
        stops = walk(trace, granularity)
        complete = [stop for stop in stops if stop.terms is None]
        steps = [k for stop in complete for k in range(stop.first, stop.last + 1)]
        assert steps == list(range(len(trace)))
        assert {stop.granularity for stop in stops} == {granularity}


@given(traces())
def test_a_walk_by_term_counts_every_sum_up_to_its_last_term(trace):
    stops = walk(trace, "term")
    for event in trace:
        terms = [stop.terms for stop in stops if stop.last == event.step]
        assert terms == [*range(1, sum_length(trace, event)), None]


def test_a_small_network_can_be_walked_in_every_way():
    trace = random_trace(12, 12, 13)
    assert edges(trace) == 300
    assert granularities(trace) == GRANULARITIES == ("pass", "layer", "neuron", "equation", "term")


def test_a_big_network_is_walked_by_pass_and_by_layer_only():
    trace = random_trace(43, 7)
    assert edges(trace) == 301
    assert granularities(trace) == ("pass", "layer")
    with pytest.raises(ValueError, match=r"granularity 'neuron' is not offered here; choose one of: pass, layer\."):
        walk(trace, "neuron")


def test_a_network_with_a_long_layer_is_walked_by_layer():
    assert granularities(random_trace(17, 1)) == ("pass", "layer")
    assert granularities(random_trace(16, 1)) == GRANULARITIES


def test_a_very_big_network_is_walked_without_looking_at_its_events():
    trace = random_trace(784, 128, 64, 10)
    first, last = walk(trace, "pass")[0], walk(trace, "layer")[-1]
    assert (first.last, last.last) == (403, len(trace) - 1)


@pytest.mark.parametrize("granularity", ["step", "", None, 3, ["pass"]])
def test_an_unknown_granularity_is_refused_with_those_on_offer(granularity):
    with pytest.raises(ValueError, match=r"not offered here; choose one of: pass, layer, neuron, equation, term\."):
        walk(lecture(), granularity)
