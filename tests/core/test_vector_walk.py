"""The walk by vector: a stop for each quantity of each layer, whose steps lie between those of others."""

import pytest
from hypothesis import given
from networks import lecture, lecture_of_two, runs, traces

from bppviz import Network, backprop
from bppviz.core.emphasis import emphasised
from bppviz.core.walk import Stop, film_stops, first_known, found_at, stop_at, to_come, walk


def trace_of(sizes, rate=None, samples=None, biased=True, **options):
    network, one = Network.random(sizes, **options), [1] + [0] * (sizes[-1] - 1)
    network = network if biased else Network(network.weights, None, network.activations, network.loss)
    x = [0.5] * sizes[0]
    return backprop(network, [x] * samples if samples else x, [one] * samples if samples else one, rate)


RUNS = {
    "the lecture's": lecture,
    "two samples and an update": lecture_of_two,
    "4-8-8-3": lambda: trace_of([4, 8, 8, 3], 0.1),
    "a single neuron": lambda: trace_of([1, 1]),
    "no biases": lambda: trace_of([2, 3, 2], 0.1, biased=False),
    "softmax, simplified": lambda: trace_of([2, 3, 3], loss="cross_entropy"),
    "three samples": lambda: trace_of([2, 3, 2], samples=3),
    "large": lambda: trace_of([30, 20, 10]),
}


@pytest.fixture(scope="module", params=RUNS)
def trace(request):
    return RUNS[request.param]()


def names(trace):
    """Return what each stop computes: a quantity, and its layer."""
    return [(trace[stop.last].quantity, trace[stop.last].layer) for stop in walk(trace, "vector")]


def test_the_lectures_network_has_22_stops():
    forward = [(quantity, layer) for layer in (1, 2, 3) for quantity in ("z", "a")]
    backward = [(quantity, layer) for layer in (3, 2, 1) for quantity in ("dl_da", "dsigma", "dl_dz")]
    gradients = [(quantity, layer) for layer in (1, 2, 3) for quantity in ("dl_dw", "dl_db")]
    assert names(lecture()) == [*forward, ("loss", 3), *backward, *gradients]
    assert len(walk(lecture(), "vector")) == 22


def test_sums_and_updates_have_a_stop_for_the_weights_and_one_for_the_biases_of_each_layer():
    later = [(quantity, layer) for of in (("dL_dw", "dL_db"), ("w", "b")) for layer in (1, 2, 3) for quantity in of]
    assert names(lecture_of_two())[22:] == later


def test_without_biases_there_is_no_stop_for_them():
    assert [name for name in names(RUNS["no biases"]()) if name[0] in ("dl_db", "b")] == []


def test_a_stop_computes_one_quantity_of_one_layer_and_all_stops_compute_everything_once(trace):
    found = []
    for stop in walk(trace, "vector"):
        events = found_at(trace, stop)
        assert {(event.phase, event.quantity, event.layer) for event in events} == {
            (trace[stop.last].phase, trace[stop.last].quantity, trace[stop.last].layer)
        }
        assert (events[0].step, events[-1].step) == (stop.first, stop.last)
        found += [event.step for event in events]
    assert sorted(found) == list(range(len(trace)))


def test_stops_are_told_apart_by_their_last_step_and_come_in_its_order(trace):
    last = [stop.last for stop in walk(trace, "vector")]
    assert last == sorted(set(last))
    assert last[-1] == len(trace) - 1


def test_at_a_stop_exactly_that_is_known_which_it_and_those_before_it_compute(trace):
    found = set()
    for stop in walk(trace, "vector"):
        found |= {event.step for event in found_at(trace, stop)}
        assert set(range(stop.last + 1)) - to_come(trace, stop) == found


def test_every_number_is_known_before_it_is_used(trace):
    found = set()
    for stop in walk(trace, "vector"):
        events = found_at(trace, stop)
        used = {operand.step for event in events for operand in event.operands if operand.step is not None}
        own = {event.step for event in events}
        # The old weight of an update has the place of the new one.
        assert used <= found | (own if events[0].phase == "update" else set())
        found |= own


@given(traces() | runs())
def test_every_step_belongs_to_the_stop_that_computes_it(trace):
    stops = walk(trace, "vector")
    for place, stop in enumerate(stops):
        assert {first_known(trace, stops, event.step) for event in found_at(trace, stop)} == {place}
    assert first_known(trace, stops, len(trace)) == len(stops) - 1


def test_at_z_of_a_layer_its_a_is_to_come_although_the_trace_has_the_first_of_them_by_then():
    z, a, *_ = walk(lecture(), "vector")
    assert (z, to_come(lecture(), z)) == (Stop("vector", 0, 2), {1})
    assert (a, to_come(lecture(), a)) == (Stop("vector", 1, 3), set())


def test_a_stop_is_about_all_that_it_computes_and_all_that_it_computes_it_from(trace):
    for stop in walk(trace, "vector") if len(trace) < 1000 else []:
        emphasis, events = emphasised(trace, stop), found_at(trace, stop)
        assert emphasis.results == {event.place for event in events}
        assert not emphasis.operands & emphasis.results
    stop = walk(lecture(), "vector")[10]
    used = {f"{it.quantity}-{it.layer}" for it in emphasised(lecture(), stop).operands}
    assert (lecture()[stop.last].quantity, used) == ("dl_da", {"w-3", "dl_dz-3"})


def test_the_loss_is_the_frame_that_it_is_by_equation():
    stops, walks = film_stops(lecture(), ("vector", "equation"))
    assert len(stops) == 22 + 49 - 1
    assert walks["vector"][6] == walks["equation"][12]


def test_a_very_big_network_is_walked_by_vector_without_looking_at_its_events():
    trace = trace_of([784, 128, 64, 10])
    stops = walk(trace, "vector")
    assert len(stops) == 22
    assert sum(len(to_come(trace, stop)) for stop in stops) < 3000
    assert stop_at(trace, 0).granularity == "layer"  # the walk that it is shown with at first
