"""The order in which a run computes its numbers."""

import pytest
from hypothesis import given
from networks import lecture, lecture_of_two, runs

from bppviz.core.order import GIVEN, Order, shapes_of
from bppviz.core.place import Place


@given(runs())
def test_every_step_computes_the_place_of_its_event_and_leads_back_to_it(trace):
    for event in trace:
        assert trace.step_of(event.place) == event.step


@given(runs())
def test_a_block_names_what_its_steps_compute_in_their_order(trace):
    for block in trace.blocks:
        first = [block.place(step).quantity for step in range(block.start, block.first(1))]
        assert list(block.computed) == list(dict.fromkeys(first))


def test_the_steps_of_a_neuron_stand_together_and_those_of_its_weights_before_its_bias():
    order = Order(lecture().network, sums=False, learned=())
    gradients = order.block(order.step_of(Place("dl_db", 2, 1)))
    places = [gradients.place(step) for step in range(gradients.start, gradients.stop)]
    assert [(it.quantity, it.unit, it.source) for it in places] == [
        *(("dl_dw", 0, 0), ("dl_dw", 0, 1), ("dl_db", 0, None)),
        *(("dl_dw", 1, 0), ("dl_dw", 1, 1), ("dl_db", 1, None)),
    ]


def test_every_gradient_of_z_is_found_from_the_last_layer_to_the_first_before_those_of_weights_from_the_first_on():
    order = Order(lecture().network, sums=True, learned=("w", "b"))
    assert [(block.phase, block.layer) for block in order.blocks] == [
        *(("forward", layer) for layer in (1, 2, 3)),
        ("loss", 3),
        *(("backward", layer) for layer in (3, 2, 1)),
        *((phase, layer) for phase in ("gradient", "sum", "update") for layer in (1, 2, 3)),
    ]


def test_what_is_given_has_a_place_and_no_step():
    order, shapes = Order(lecture().network, sums=False, learned=()), shapes_of(lecture().network)
    assert {name for name, _ in shapes if name in GIVEN} == set(GIVEN)
    with pytest.raises(ValueError, match="no step of this run computes x: it was given"):
        order.step_of(Place("x", 0, 0))


def test_an_update_of_the_weights_alone_has_no_step_for_a_bias():
    network = lecture_of_two().network
    both, alone = (Order(network, sums=True, learned=learned) for learned in (("w", "b"), ("w",)))
    assert len(both) - len(alone) == sum(network.sizes[1:])
