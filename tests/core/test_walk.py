"""Ways of walking: each covers the whole trace, in order and without a gap."""

import pytest
from hypothesis import given
from networks import lecture, lecture_of_two, runs, traces

from bppviz import Network, backprop
from bppviz.core.emphasis import emphasised
from bppviz.core.place import Place
from bppviz.core.walk import (
    DEFAULT,
    GRANULARITIES,
    LONG,
    MOST_WORK,
    Stop,
    edges,
    film_stops,
    filmed,
    found_at,
    granularities,
    sum_length,
    takes_long,
    walk,
    work,
)


def spans(trace, granularity):
    return [(stop.first, stop.last) for stop in walk(trace, granularity)]


def random_trace(*sizes):
    return backprop(Network.random(sizes), [1] * sizes[0], [0] * sizes[-1])


def random_run(samples, *sizes):
    return backprop(Network.random(sizes), [[1] * sizes[0]] * samples, [[0] * sizes[-1]] * samples, 0.1)


def test_a_walk_by_pass_stops_after_each_pass():
    assert spans(lecture(), "pass") == [(0, 11), (12, 12), (13, 30), (31, 48)]


def test_a_walk_by_layer_stops_at_each_layer_forward_backward_and_at_its_gradients():
    forward = [(0, 3), (4, 7), (8, 11)]
    backward, gradient = [(13, 18), (19, 24), (25, 30)], [(31, 36), (37, 42), (43, 48)]
    assert spans(lecture(), "layer") == [*forward, (12, 12), *backward, *gradient]


def test_a_walk_by_neuron_stops_at_each_neuron_forward_backward_and_at_its_gradients():
    forward = [(k, k + 1) for k in range(0, 12, 2)]
    backward, gradient = ([(k, k + 2) for k in range(first, first + 18, 3)] for first in (13, 31))
    assert spans(lecture(), "neuron") == [*forward, (12, 12), *backward, *gradient]


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


def test_a_run_of_two_samples_walks_on_through_the_sum_and_the_update():
    trace = lecture_of_two()
    assert spans(trace, "pass") == [(0, 11), (12, 12), (13, 30), (31, 48), (49, 66), (67, 84)]
    assert spans(trace, "layer")[-6:] == [(49, 54), (55, 60), (61, 66), (67, 72), (73, 78), (79, 84)]
    assert spans(trace, "neuron")[-12:] == [(k, k + 2) for k in range(49, 85, 3)]
    assert spans(trace, "equation") == [(k, k) for k in range(85)]


def test_a_neuron_whose_biases_stay_is_updated_by_its_weights_alone():
    trace = backprop(Network.lecture(), [1, -1], [1, 0], 0.5, update_biases=False)
    assert spans(trace, "neuron")[-7:] == [(46, 48), (49, 50), (51, 52), (53, 54), (55, 56), (57, 58), (59, 60)]


def test_a_sum_over_samples_has_a_term_for_each_and_one_over_very_many_is_a_single_step():
    few, many = random_run(17, 1, 1), random_run(18, 1, 1)
    assert [sum_length(few, event) for event in few if event.phase == "sum"] == [17, 17]
    assert [sum_length(many, event) for event in many if event.phase == "sum"] == [1, 1]
    assert {sum_length(few, event) for event in few if event.phase == "update"} == {1}


@given(traces() | runs())
def test_every_walk_covers_all_steps_in_order_and_without_a_gap(trace):
    for granularity in granularities(trace):
        stops = walk(trace, granularity)
        complete = [stop for stop in stops if stop.terms is None]
        steps = [event.step for stop in complete for event in found_at(trace, stop)]
        assert (sorted(steps) if granularity == "vector" else steps) == list(range(len(trace)))
        assert {stop.granularity for stop in stops} == {granularity}


@given(traces() | runs())
def test_a_walk_by_term_counts_every_sum_up_to_its_last_term(trace):
    stops = walk(trace, "term")
    for event in trace:
        terms = [stop.terms for stop in stops if stop.last == event.step]
        assert terms == [*range(1, sum_length(trace, event)), None]


def test_a_small_network_can_be_walked_in_every_way():
    trace = random_trace(12, 12, 13)
    assert edges(trace) == 300
    assert granularities(trace) == GRANULARITIES == ("pass", "layer", "vector", "neuron", "equation", "term")


def test_a_big_network_is_walked_by_pass_layer_and_vector_only():
    trace = random_trace(43, 7)
    assert edges(trace) == 301
    assert granularities(trace) == ("pass", "layer", "vector")
    with pytest.raises(
        ValueError, match=r"granularity 'neuron' is not offered here; choose one of: pass, layer, vector\."
    ):
        walk(trace, "neuron")


def test_a_network_with_a_long_layer_is_walked_by_layer():
    assert granularities(random_trace(17, 1)) == ("pass", "layer", "vector")
    assert granularities(random_trace(16, 1)) == GRANULARITIES


def test_a_very_big_network_is_walked_without_looking_at_its_events():
    trace = random_trace(784, 128, 64, 10)
    first, last = walk(trace, "pass")[0], walk(trace, "layer")[-1]
    assert (first.last, last.last) == (403, len(trace) - 1)


@pytest.mark.parametrize(
    ("granularity", "error"), [("step", ValueError), ("", ValueError), (None, TypeError), (["pass"], TypeError)]
)
def test_an_unknown_granularity_is_refused_with_those_there_are(granularity, error):
    with pytest.raises(error, match=r"granularity .+ one of: pass, layer, vector, neuron, equation, term\."):
        walk(lecture(), granularity)


# What a stop is about


def lit(trace, granularity, quantity, *place):
    """Return what is emphasised at the stops of an event: for each, the results and the operands."""
    step = trace.step_of(quantity, *place)
    stops = [stop for stop in walk(trace, granularity) if stop.first <= step <= stop.last]
    return [(set(e.results), set(e.operands)) for e in (emphasised(trace, stop) for stop in stops)]


def test_a_sum_shows_the_gradient_of_the_told_sample_as_what_it_adds_up():
    total, own = {Place("dL_dw", 1, 0, 1)}, {Place("dl_dw", 1, 0, 1)}
    trace = lecture_of_two()
    assert lit(trace, "equation", "dL_dw", 1, 0, 1) == [(total, own)]
    assert lit(trace, "term", "dL_dw", 1, 0, 1) == [(total, own), (total, own)]
    assert lit(trace.at_sample(1), "term", "dL_dw", 1, 0, 1) == [(total, set()), (total, own)]


@pytest.mark.parametrize(("activation", "used"), [("sigmoid", "a"), ("tanh", "a"), ("relu", "z"), ("identity", "z")])
def test_a_slope_is_found_from_the_number_that_its_formula_puts_in(activation, used):
    trace = backprop(Network.random([2, 2, 1], activation), [1, 2], [1])
    slope = {Place("dsigma", 1, 1)}
    assert lit(trace, "equation", "dsigma", 1, 1) == [(slope, {Place(used, 1, 1)})]


def test_a_gradient_of_z_is_found_from_the_slope_and_the_gradient_of_a_and_not_again_from_what_is_behind():
    for layer in (1, 2, 3):
        operands = {Place("dsigma", layer, 1), Place("dl_da", layer, 1)}
        assert lit(lecture(), "equation", "dl_dz", layer, 1) == [({Place("dl_dz", layer, 1)}, operands)]


@pytest.mark.parametrize(
    ("output", "loss", "is_simplified"),
    [
        ("softmax", "cross_entropy", True),
        ("sigmoid", "binary_cross_entropy", True),
        ("sigmoid", "cross_entropy", True),
        ("softmax", "binary_cross_entropy", False),
        ("tanh", "half_squared_error", False),
    ],
)
def test_where_the_gradient_of_z_simplifies_it_is_found_from_output_and_target(output, loss, is_simplified):
    trace = backprop(Network.random([2, 2, 2], ["tanh", output], loss), [1, 2], [1, 0])
    simplified = {Place("a", 2, 1), Place("t", 2, 1)}
    given = {operand.place for operand in trace[trace.step_of("dl_dz", 2, 1)].operands}
    ((_, operands),) = lit(trace, "equation", "dl_dz", 2, 1)
    assert operands == (simplified if is_simplified else given)


def test_an_update_shows_the_weight_as_its_result_and_the_gradient_as_what_it_is_computed_from():
    w = {Place("w", 1, 0, 1)}
    assert lit(lecture_of_two(), "equation", "w", 1, 0, 1) == [(w, {Place("dL_dw", 1, 0, 1)})]
    one = backprop(Network.lecture(), [1, -1], [1, 0], 0.5)
    assert lit(one, "equation", "w", 1, 0, 1) == [(w, {Place("dl_dw", 1, 0, 1)})]


def test_an_update_of_a_neuron_shows_all_that_enters_it():
    ((results, operands),) = lit(lecture_of_two(), "neuron", "b", 2, 1)
    assert results == {Place("w", 2, 1, 0), Place("w", 2, 1, 1), Place("b", 2, 1)}
    assert operands == {Place("dL_dw", 2, 1, 0), Place("dL_dw", 2, 1, 1), Place("dL_db", 2, 1)}


def test_the_sum_and_the_update_as_a_whole_emphasise_nothing_of_their_own():
    assert lit(lecture_of_two(), "pass", "dL_dw", 1, 0, 0) == [(set(), set())]
    assert lit(lecture_of_two(), "pass", "w", 1, 0, 0) == [(set(), set())]


# What is made beforehand


@given(runs(most_layers=3, most_units=3))
def test_a_reel_has_every_stop_of_every_walk_and_none_that_looks_like_another(trace):
    stops, walks = film_stops(trace, granularities(trace))
    assert len(set(stops)) == len(stops)
    for name, indices in walks.items():
        same = [(stops[i].first, stops[i].last, stops[i].terms) for i in indices]
        assert same == [(stop.first, stop.last, stop.terms) for stop in walk(trace, name)]
    assert max(max(indices) for indices in walks.values()) == len(stops) - 1


@pytest.mark.parametrize("sizes", [(2, 2, 2, 2), (16, 16, 2), (8, 8, 8, 8, 8), (4,) * 12, (784, 128, 10), (2,) * 150])
def test_of_these_networks_all_frames_are_made_beforehand(sizes):
    trace = random_trace(*sizes)
    assert filmed(trace) == granularities(trace)


@pytest.mark.parametrize("trace", [random_run(16, 16, 16, 2), random_trace(*(2,) * 70), random_trace(*(1,) * 250)])
def test_where_the_frames_would_be_too_many_those_of_the_finest_walks_are_not_made_beforehand(trace):
    made = filmed(trace)
    assert made == granularities(trace)[: len(made)]
    assert 0 < len(made) < len(GRANULARITIES)
    assert granularities(trace) == GRANULARITIES
    assert work(trace, made) <= MOST_WORK < work(trace, granularities(trace)[: len(made) + 1])


def test_the_lectures_network_takes_no_time_and_one_with_hundreds_of_edges_does():
    assert work(lecture(), GRANULARITIES) < LONG / 20
    assert not takes_long(lecture())
    assert takes_long(random_trace(16, 16, 2))
