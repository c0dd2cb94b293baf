"""The recorded run: the order of a lecture, what each event names, and events made only when asked for."""

import json
import pickle
import tracemalloc
from copy import copy, deepcopy

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from networks import lecture, lecture_of_two, traces, trainings

from bppviz import Network, Operand, Trace, backprop

FORWARD = """
z1.1 a1.1 z1.2 a1.2
z2.1 a2.1 z2.2 a2.2
z3.1 a3.1 z3.2 a3.2
loss3
"""
BACKWARD = """
dl_da3.1 dsigma3.1 dl_dz3.1 dl_da3.2 dsigma3.2 dl_dz3.2
dl_da2.1 dsigma2.1 dl_dz2.1 dl_da2.2 dsigma2.2 dl_dz2.2
dl_da1.1 dsigma1.1 dl_dz1.1 dl_da1.2 dsigma1.2 dl_dz1.2
"""
GRADIENT = """
dl_dw1.11 dl_dw1.12 dl_db1.1 dl_dw1.21 dl_dw1.22 dl_db1.2
dl_dw2.11 dl_dw2.12 dl_db2.1 dl_dw2.21 dl_dw2.22 dl_db2.2
dl_dw3.11 dl_dw3.12 dl_db3.1 dl_dw3.21 dl_dw3.22 dl_db3.2
"""
PASSES = FORWARD + BACKWARD + GRADIENT


def short(event) -> str:
    """Write an event's quantity and place, counted from 1: dl_dw3.12."""
    indices = "".join(str(i + 1) for i in (event.unit, event.source) if i is not None)
    return f"{event.quantity}{event.layer}" + (f".{indices}" if indices else "")


def softmax_trace() -> Trace:
    """Return a 1-2 network with softmax and z = ln 1, ln 3, so y = 1/4, 3/4."""
    network = Network([np.log([[1.0], [3.0]])], [[0, 0]], "softmax", "cross_entropy")
    return backprop(network, [1], [0, 1])


# Order


def test_the_lecture_network_is_told_in_the_order_of_the_lecture():
    trace = lecture()
    assert [short(event) for event in trace] == PASSES.split()


def test_the_phases_are_forward_then_loss_then_backward_then_gradient():
    phases = ["forward"] * 12 + ["loss"] + ["backward"] * 18 + ["gradient"] * 18
    assert [event.phase for event in lecture()] == phases


def test_a_softmax_layer_is_told_with_all_its_z_before_the_first_a():
    order = "z1.1 z1.2 a1.1 a1.2 loss1 dl_da1.1 dl_da1.2 dl_dz1.1 dl_dz1.2 dl_dw1.11 dl_db1.1 dl_dw1.21 dl_db1.2"
    assert [short(event) for event in softmax_trace()] == order.split()


@given(traces())
def test_no_event_is_told_before_what_it_is_computed_from(trace):
    for event in trace:
        assert all(operand.step is None or operand.step < event.step for operand in event.operands)


# Operands


def operands(trace, quantity, layer, unit=0, source=None):
    return trace[trace.step_of(quantity, layer, unit, source)].operands


def test_each_event_of_the_lecture_names_what_it_is_computed_from():
    trace = lecture()
    names = {
        short(event): " ".join(short(operand) for operand in event.operands)
        for event in trace
        if event.layer in (1, 3) and event.unit in (0, None) and event.source in (0, None)
    }
    assert names == {
        "z1.1": "x0.1 w1.11 x0.2 w1.12 b1.1",
        "a1.1": "z1.1",
        "z3.1": "a2.1 w3.11 a2.2 w3.12 b3.1",
        "a3.1": "z3.1",
        "loss3": "a3.1 t3.1 a3.2 t3.2",
        "dl_da3.1": "a3.1 t3.1",
        "dsigma3.1": "z3.1",
        "dl_dz3.1": "dsigma3.1 dl_da3.1",
        "dl_dw3.11": "a2.1 dl_dz3.1",
        "dl_db3.1": "dl_dz3.1",
        "dl_da1.1": "w2.11 dl_dz2.1 w2.21 dl_dz2.2",
        "dsigma1.1": "z1.1",
        "dl_dz1.1": "dsigma1.1 dl_da1.1",
        "dl_dw1.11": "x0.1 dl_dz1.1",
        "dl_db1.1": "dl_dz1.1",
    }


def test_operands_carry_their_place_value_and_step():
    assert operands(lecture(), "z", 1) == (
        Operand("x", 0, 0, None, 1.0, None),
        Operand("w", 1, 0, 0, 1.0, None),
        Operand("x", 0, 1, None, -1.0, None),
        Operand("w", 1, 0, 1, -2.0, None),
        Operand("b", 1, 0, None, 1.0, None),
    )
    assert operands(lecture(), "a", 1) == (Operand("z", 1, 0, None, 4.0, 0),)


def test_each_softmax_output_and_gradient_names_the_whole_layer():
    trace = softmax_trace()
    assert [short(operand) for operand in operands(trace, "a", 1, 1)] == ["z1.1", "z1.2"]
    assert [short(operand) for operand in operands(trace, "dl_dz", 1, 1)] == ["a1.1", "dl_da1.1", "a1.2", "dl_da1.2"]


def test_softmax_has_no_slope_of_its_own():
    trace = softmax_trace()
    assert trace.dsigma == (None,)
    assert [a.tolist() for a in trace.a] == [pytest.approx([0.25, 0.75])]
    assert [g.tolist() for g in trace.dl_dz] == [pytest.approx([0.25, -0.25])]


# Several samples, their sum, and the update

WEIGHTS_AND_BIASES = """
dw1.11 dw1.12 db1.1 dw1.21 dw1.22 db1.2
dw2.11 dw2.12 db2.1 dw2.21 dw2.22 db2.2
dw3.11 dw3.12 db3.1 dw3.21 dw3.22 db3.2
"""
SUM = WEIGHTS_AND_BIASES.replace("dw", "dL_dw").replace("db", "dL_db")
UPDATE = WEIGHTS_AND_BIASES.replace("d", "")


def test_behind_the_passes_of_one_sample_come_the_sums_and_then_the_update():
    trace = lecture_of_two()
    assert len(trace) == 85
    assert [short(event) for event in trace] == (PASSES + SUM + UPDATE).split()
    assert [event.phase for event in trace[49:]] == ["sum"] * 18 + ["update"] * 18


def test_several_samples_without_a_learning_rate_end_with_their_sums():
    assert [short(event) for event in lecture_of_two(None)] == (PASSES + SUM).split()


def test_a_single_sample_needs_no_sums_before_its_update():
    trace = backprop(Network.lecture(), [1, -1], [1, 0], 0.5)
    assert [short(event) for event in trace] == (PASSES + UPDATE).split()


def test_biases_that_are_not_updated_are_not_told_of_in_the_update():
    weights = [name for name in UPDATE.split() if name.startswith("w")]
    assert [short(event) for event in lecture_of_two(update_biases=False)][67:] == weights


def test_the_value_of_a_sum_is_the_total_gradient_and_that_of_an_update_the_new_number():
    trace = lecture_of_two()
    for event in trace[49:]:
        place = (event.unit,) if event.source is None else (event.unit, event.source)
        of = trace.updated if event.phase == "update" else trace
        name = {"w": "weights", "b": "biases"}.get(event.quantity, event.quantity)
        assert event.value == getattr(of, name)[event.layer - 1][place]


def test_a_sum_is_computed_from_the_gradient_of_every_sample():
    trace = lecture_of_two()
    dl_dw, dl_db = trace.step_of("dl_dw", 2, 1, 0), trace.step_of("dl_db", 2, 1)
    assert operands(trace, "dL_dw", 2, 1, 0) == (
        Operand("dl_dw", 2, 1, 0, trace.dl_dw[1][0, 1, 0], dl_dw, 0),
        Operand("dl_dw", 2, 1, 0, trace.dl_dw[1][1, 1, 0], dl_dw, 1),
    )
    assert operands(trace, "dL_db", 2, 1) == (
        Operand("dl_db", 2, 1, None, trace.dl_db[1][0, 1], dl_db, 0),
        Operand("dl_db", 2, 1, None, trace.dl_db[1][1, 1], dl_db, 1),
    )


def test_an_update_is_computed_from_the_old_number_and_its_sum():
    trace = lecture_of_two()
    assert operands(trace, "w", 1, 0, 1) == (
        Operand("w", 1, 0, 1, -2.0, None),
        Operand("dL_dw", 1, 0, 1, trace.dL_dw[0][0, 1], trace.step_of("dL_dw", 1, 0, 1)),
    )
    assert operands(trace, "b", 3, 1) == (
        Operand("b", 3, 1, None, 2.0, None),
        Operand("dL_db", 3, 1, None, trace.dL_db[2][1], trace.step_of("dL_db", 3, 1)),
    )


def test_the_update_of_a_single_sample_is_computed_from_its_own_gradient():
    trace = backprop(Network.lecture(), [1, -1], [1, 0], 0.5)
    assert operands(trace, "w", 1, 0, 1) == (
        Operand("w", 1, 0, 1, -2.0, None),
        Operand("dl_dw", 1, 0, 1, trace.dl_dw[0][0, 1], trace.step_of("dl_dw", 1, 0, 1)),
    )


def test_the_operands_of_a_pass_carry_the_sample_that_is_walked_through_and_weights_carry_none():
    trace = lecture_of_two().at_sample(1)
    assert operands(trace, "z", 1) == (
        Operand("x", 0, 0, None, 0.0, None, 1),
        Operand("w", 1, 0, 0, 1.0, None),
        Operand("x", 0, 1, None, 0.0, None, 1),
        Operand("w", 1, 0, 1, -2.0, None),
        Operand("b", 1, 0, None, 1.0, None),
    )
    assert operands(trace, "loss", 3)[1] == Operand("t", 3, 0, None, 0.0, None, 1)


def test_the_passes_that_are_told_are_those_of_the_sample_that_was_asked_for():
    first, second = lecture_of_two(), lecture_of_two().at_sample(1)
    assert (first.sample, second.sample) == (0, 1)
    assert [event.value for event in first[:2]] == [first.z[0][0, 0], first.a[0][0, 0]]
    assert [event.value for event in second[:2]] == [first.z[0][1, 0], first.a[0][1, 0]]
    assert [event.value for event in second[49:]] == [event.value for event in first[49:]]


def test_one_is_the_run_of_the_sample_alone():
    trace = lecture_of_two()
    assert [event.value for event in trace.one] == pytest.approx([event.value for event in lecture()], rel=1e-14)
    assert [event.value for event in trace.at_sample(1).one] == [event.value for event in trace.at_sample(1)[:49]]
    assert lecture().at_sample(0).one.loss == lecture().loss


@pytest.mark.parametrize("n", [2, -1])
def test_a_sample_that_is_not_there_is_refused(n):
    with pytest.raises(IndexError, match=f"sample {n} of a run of 2; they count from 0 to 1."):
        lecture_of_two().at_sample(n)


def test_a_single_sample_has_no_second():
    with pytest.raises(IndexError, match=r"sample 1 of a run of 1; they count from 0 to 0\."):
        lecture().at_sample(1)


@pytest.mark.parametrize("n", [0.0, "0", None])
def test_a_sample_that_is_no_whole_number_is_refused(n):
    with pytest.raises(TypeError, match=f"sample is {n!r}; give a whole number from 0 to 1"):
        lecture_of_two().at_sample(n)
    with pytest.raises(TypeError, match=f"sample is {n!r}; give 0, the only one"):
        lecture().at_sample(n)


def test_a_trace_of_several_samples_says_so_and_gives_their_loss_together():
    trace = lecture_of_two()
    network = "Network(2-2-2-2, sigmoid-sigmoid-sigmoid, half_squared_error)"
    assert repr(trace) == f"Trace(85 steps of {network}, 2 samples, loss {trace.loss.sum():.6g})"


@given(trainings())
def test_in_a_training_no_event_is_told_before_what_it_is_computed_from_and_each_is_found_where_it_stands(trace):
    for k, event in enumerate(trace):
        assert trace.step_of(event.quantity, event.layer, event.unit or 0, event.source) == k
        assert all(operand.step is None or operand.step < k for operand in event.operands)


@given(trainings())
def test_in_a_training_the_operands_of_a_sum_add_up_and_those_of_an_update_make_the_new_number(trace):
    over = trace.samples if trace.network.total == "mean" else 1
    for event in trace:
        values = [operand.value for operand in event.operands]
        if event.phase == "sum":
            assert event.value == pytest.approx(sum(values) / over, rel=1e-12, abs=1e-14)
        if event.phase == "update":
            assert event.value == values[0] - trace.learning_rate * values[1]


@given(trainings())
def test_every_array_of_a_training_is_read_only(trace):
    names = ("z", "a", "dsigma", "dl_da", "dl_dz", "dl_dw", "dl_db", "dL_dw", "dL_db")
    arrays = [array for name in names for array in getattr(trace, name)]
    arrays += [trace.x, trace.target, trace.loss, trace.loss_terms, *trace.updated.weights, *trace.updated.biases]
    assert not any(array.flags.writeable for array in arrays if array is not None)


# Looking up


def test_a_trace_is_a_sequence():
    trace = lecture()
    events = list(trace)
    assert len(trace) == len(events) == 49
    assert trace[-1] == events[48]
    assert trace[np.int64(3)] == events[3]
    assert trace[10:14] == tuple(events[10:14])
    assert trace[::-10] == tuple(events[::-10])
    assert events[7] in trace


def test_a_trace_says_what_it_is():
    assert repr(lecture()).startswith("Trace(49 steps of Network(2-2-2-2, sigmoid-sigmoid-sigmoid, half_squared_error)")


@pytest.mark.parametrize("step", [49, -50])
def test_a_step_that_is_not_there_is_refused(step):
    with pytest.raises(IndexError, match=f"step {step} of a trace with 49 steps; they count from 0 to 48."):
        lecture()[step]


@pytest.mark.parametrize("step", [1.5, "1", None])
def test_a_step_that_is_no_whole_number_is_refused(step):
    with pytest.raises(TypeError, match=f"step is {step!r}; give a whole number from 0 to 48"):
        lecture()[step]


def test_a_slice_of_no_whole_numbers_is_refused():
    with pytest.raises(TypeError, match=r"^steps are slice\(.+\); give whole numbers, such as trace\[0:3\]\.$"):
        lecture()["a":]


@given(traces())
def test_step_of_is_the_inverse_of_looking_up(trace):
    for k, event in enumerate(trace):
        assert event.step == k
        assert trace.step_of(event.quantity, event.layer, event.unit or 0, event.source) == k


@given(traces())
def test_the_value_of_every_event_is_the_number_in_its_array(trace):
    for event in trace:
        if event.quantity == "loss":
            assert event.value == trace.loss
        else:
            place = (event.unit,) if event.source is None else (event.unit, event.source)
            assert event.value == getattr(trace, event.quantity)[event.layer - 1][place]


@given(traces())
def test_a_trace_has_an_equation_for_every_number_that_was_computed(trace):
    arrays = [a for name in ("z", "a", "dsigma", "dl_da", "dl_dz", "dl_dw", "dl_db") for a in getattr(trace, name)]
    assert len(trace) == 1 + sum(array.size for array in arrays if array is not None)


@given(traces())
def test_every_array_is_read_only(trace):
    arrays = [a for name in ("z", "a", "dsigma", "dl_da", "dl_dz", "dl_dw", "dl_db") for a in getattr(trace, name)]
    arrays += [trace.x, trace.target, trace.loss_terms, *trace.network.weights, *trace.network.biases]
    assert not any(array.flags.writeable for array in arrays if array is not None)


def test_the_loss_is_the_sum_of_its_terms():
    trace = lecture()
    (y1, y2) = trace.a[-1]
    assert trace.loss_terms.tolist() == pytest.approx([(y1 - 1) ** 2 / 2, y2**2 / 2], rel=1e-15)
    assert trace.loss == trace.loss_terms.sum()


# Size


def enormous() -> Trace:
    """Return the run of an 8000-8000 network, 64 million weights, whose arrays repeat a single number in memory."""
    n = 8000
    ones, square = np.broadcast_to(1.0, n), np.broadcast_to(1.0, (n, n))
    network = object.__new__(Network)
    fields = {"weights": (square,), "biases": (ones,), "activations": ("identity",), "loss": "half_squared_error"}
    for name, value in fields.items():
        object.__setattr__(network, name, value)
    return Trace(network, ones, ones, *(((ones,)),) * 5, (ones,), ones, 0.0, (square,), (ones,), 0.0)


def test_the_events_of_an_enormous_network_are_made_only_when_asked_for():
    trace = enormous()
    assert len(trace) == 2 * 8000 + 1 + 3 * 8000 + 8000 * 8001
    assert short(trace[-1]) == "dl_db1.8000"
    middle = trace[32_024_000]  # behind 40,001 others, in blocks of 8,001 for a neuron: 3997 · 8001 + 4002
    assert (middle.quantity, middle.unit, middle.source) == ("dl_dw", 3997, 4002)
    assert trace.step_of("dl_dw", 1, 3997, 4002) == 32_024_000


# Events as values, and as rows of a table


def test_events_of_equal_fields_are_equal_whatever_their_trace():
    first, again = lecture(), lecture()
    assert first[20] == again[20]
    assert hash(first[20]) == hash(again[20])
    assert first[20] != first[21]
    assert not hasattr(first[20], "__dict__")
    with pytest.raises(AttributeError, match="cannot assign to field 'value'"):
        first[20].value = 3


@pytest.mark.parametrize("copied", [lambda it: pickle.loads(pickle.dumps(it)), copy, deepcopy])
def test_a_copy_of_an_event_still_knows_its_operands(copied):
    event = lecture_of_two()[60]
    again = copied(event)
    assert again == event
    assert again.operands == event.operands
    assert repr(again) == repr(event)


COLUMNS = ["step", "phase", "quantity", "layer", "unit", "source", "value"]


def test_a_trace_is_a_table_with_a_row_for_each_event_and_no_more_columns_than_an_event_has():
    trace = lecture_of_two()
    table = pd.DataFrame(trace)
    assert list(table.columns) == COLUMNS
    assert len(table) == len(trace)
    assert table.value.tolist() == [event.value for event in trace]
    row = table.iloc[trace.step_of("dl_dw", 1, 1, 0)]
    assert (row.phase, row.quantity, row.layer, row.unit, row.source) == ("gradient", "dl_dw", 1, 1, 0)
    assert table[table.quantity == "loss"].unit.isna().all()


def test_the_rows_of_a_trace_are_plain_values_that_json_can_hold():
    trace = lecture()
    rows = trace.to_dicts()
    assert json.loads(json.dumps(rows)) == rows
    assert rows[12] == {
        "step": 12,
        "phase": "loss",
        "quantity": "loss",
        "layer": 3,
        "unit": None,
        "source": None,
        "value": trace.loss,
    }
    assert {type(value) for row in rows for value in row.values()} == {int, str, float, type(None)}
    assert pd.DataFrame(rows).equals(pd.DataFrame(trace))


def test_the_gradients_of_every_sample_take_memory_only_when_they_are_asked_for():
    network, x = Network.random([100, 100, 1]), np.random.default_rng(0).normal(size=(500, 100))
    tracemalloc.start()
    trace = backprop(network, x, np.zeros((500, 1)))
    gradients = trace.value("dl_dw", 1, 3, 4), trace.by_sample("dl_dw", 1, 3, 4), trace.one.dl_dw[0]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    all_of_them = 8 * 500 * 10_100
    assert most < all_of_them / 4
    assert [dl_dw.shape for dl_dw in trace.dl_dw] == [(500, 100, 100), (500, 1, 100)]
    assert not any(dl_dw.flags.writeable for dl_dw in trace.dl_dw)
    assert trace.dl_dw is trace.dl_dw
    assert gradients[0] == trace.dl_dw[0][0, 3, 4]
    assert np.array_equal(gradients[1], trace.dl_dw[0][:, 3, 4])
    assert np.array_equal(gradients[2], trace.dl_dw[0][0])


def test_only_gradients_are_asked_for_by_sample():
    trace = backprop(Network.lecture(), [[1, -1], [0, 0]], [[1, 0], [0, 1]])
    with pytest.raises(ValueError, match=r"unknown gradient 'z'; choose one of: dl_dw, dl_db\."):
        trace.by_sample("z", 1, 0)
