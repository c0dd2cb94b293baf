"""Numbers are asked for by their place, and nobody gets one from another place."""

import numpy as np
import pytest
from networks import lecture, lecture_of_two

from bppviz import Network, backprop
from bppviz.core.place import Place

TRACE = lecture()
SOFTMAX = backprop(Network.random([2, 3, 2], loss="cross_entropy"), [1, -1], [1, 0])


@pytest.mark.parametrize("trace", [TRACE, lecture_of_two(), SOFTMAX], ids=["lecture", "training", "softmax"])
def test_every_event_and_operand_has_its_place_and_its_number_is_found_there(trace):
    for event in trace:
        assert event.place == (event.quantity, event.layer, event.unit or 0, event.source)
        assert trace.step_of(event.place) == trace.step_of(*event.place) == event.step
        if event.phase != "update":
            assert trace.value(event.place) == trace.value(*event.place) == event.value
        for operand in event.operands:
            own = trace.at_sample(operand.sample or 0)
            assert own.value(operand.place) == operand.value
            assert own.operand(operand.place) == own.operand(*operand.place) == operand


def test_the_loss_has_no_unit_and_is_found_without_one():
    event = next(event for event in TRACE if event.quantity == "loss")
    assert event.unit is None
    assert TRACE.value("loss", 3, event.unit) == TRACE.value("loss", 3) == event.value


def test_a_weight_is_found_in_its_network_by_place():
    assert Network.lecture().value(Place("w", 3, 1, 1)) == Network.lecture().value("w", 3, 1, 1) == 4
    assert Network.lecture().value(Place("b", 3, 1)) == Network.lecture().value("b", 3, 1) == 2


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (("z", 0, 0), r"z has no layer 0; give 1 to 3 \(the inputs, x, are layer 0\)"),
        (("z", -1, 0), "z has no layer -1"),
        (("z", 4, 0), "z has no layer 4; give 1 to 3"),
        (("w", 0, 0, 0), "w has no layer 0"),
        (("x", 1, 0), "x has no layer 1; give 0"),
        (("t", 1, 0), "t has no layer 1; give 3"),
        (("loss", 1), "loss has no layer 1; give 3"),
        (("z", 1, 5), "z of layer 1 has no unit 5; give 0 to 1"),
        (("z", 1, -1), "z of layer 1 has no unit -1; give 0 to 1"),
        (("dl_dw", 1, 5, 0), "dl_dw of layer 1 has no unit 5; give 0 to 1"),
        (("dl_dw", 1, 0, 2), "dl_dw of layer 1 has no source 2; give 0 to 1"),
        (("dl_dw", 1, 0, -1), "dl_dw of layer 1 has no source -1; give 0 to 1"),
    ],
)
@pytest.mark.parametrize("ask", [TRACE.value, TRACE.step_of, TRACE.operand, TRACE.place])
def test_a_place_beyond_the_network_is_refused(ask, place, message):
    with pytest.raises(IndexError, match=message):
        ask(*place)
    with pytest.raises(IndexError, match=message):
        ask(Place(*place))


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (("dldw", 1, 0), "unknown quantity 'dldw'; choose one of: x, t, w, b, z, a, .* Did you mean 'dl_dw'"),
        (("q", 1), "unknown quantity 'q'"),
        (("z",), "which z\\? Give its layer too: 1 to 3"),
        (("dl_dw", 1, 0), "dl_dw belongs to a weight: give its source too, 0 to 1"),
        (("w", 1, 0), "w belongs to a weight: give its source too, 0 to 1"),
        (("z", 1, 0, 1), "z belongs to a neuron and has no source; leave it out"),
        (("z", 1, None), "z belongs to a neuron: give its unit too, 0 to 1"),
        (("b", 1, 0, 1), "b belongs to a neuron and has no source; leave it out"),
    ],
)
@pytest.mark.parametrize("ask", [TRACE.value, TRACE.step_of, TRACE.operand, TRACE.place])
def test_a_place_that_means_nothing_is_refused(ask, place, message):
    with pytest.raises(ValueError, match=message):
        ask(*place)


def test_a_network_has_weights_and_biases_alone():
    with pytest.raises(ValueError, match="unknown quantity 'q'; choose one of: w, b"):
        Network.lecture().value("q", 1, 0, 0)
    with pytest.raises(IndexError, match="w has no layer 0; give 1 to 3"):
        Network.lecture().value("w", 0, 0, 0)


@pytest.mark.parametrize(
    ("place", "what"),
    [
        (("z", 1.0), "layer"),
        (("z", 1, "0"), "unit"),
        (("w", 1, 0, 0.5), "source"),
        (("z", np.array([1, 2])), "layer"),
        (("z", 1, np.array([])), "unit"),
        (("dl_dw", 1, 0, np.array([1, None])), "source"),
    ],
)
def test_a_place_is_counted_in_whole_numbers(place, what):
    with pytest.raises(TypeError, match=f"{what} of {place[0]} is .* give a whole number"):
        TRACE.value(*place)


@pytest.mark.parametrize("quantity", [None, ["z"], 1])
def test_a_quantity_is_a_name(quantity):
    with pytest.raises(TypeError, match="is not a name; give one of: x, t, w, b, z, a"):
        TRACE.value(quantity, 1)


def test_indices_of_numpy_are_taken_as_plain_ones():
    assert TRACE.value("w", np.int64(3), np.int8(1), np.uint16(1)) == 4
    assert repr(TRACE.place("w", np.int64(3), True, 0)) == repr(Place("w", 3, 1, 0))


@pytest.mark.parametrize("place", [("z", 10**400), ("w", 1, 10**400, 0), ("w", 1, 0, -(10**400))])
def test_a_place_far_beyond_is_refused_in_one_line_too(place):
    with pytest.raises(IndexError, match=r"^.{1,120}$"):
        TRACE.value(*place)


def test_a_softmax_layer_has_no_slope():
    with pytest.raises(IndexError, match="dsigma has no layer 2; give 1"):
        SOFTMAX.value("dsigma", 2, 0)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (("x", 0, 0), "no step of this run computes x: it was given"),
        (("t", 3, 0), "no step of this run computes t: it was given"),
        (("w", 1, 0, 0), "no step of this run computes w: give backprop a learning_rate"),
        (("dL_dw", 1, 0, 0), "no step of this run computes dL_dw: it has a single sample, whose gradients are dl_dw"),
    ],
)
def test_what_no_step_computes_is_told(place, message):
    with pytest.raises(ValueError, match=message):
        TRACE.step_of(*place)


def test_biases_that_stay_are_updated_by_no_step():
    with pytest.raises(ValueError, match="no step of this run computes b: the biases stay as they are"):
        lecture_of_two(update_biases=False).step_of("b", 1, 0)
