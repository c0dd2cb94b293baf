"""What a learner does to a run, without a page: edits, updates, training, and every way back."""

import tracemalloc
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import networks
from networks import samples as samples_of

from bppviz import Network, backprop, samples, train
from bppviz.core.place import Place, groups
from bppviz.practice.session import Session

W = Place("w", 1, 0, 0)


def lecture():
    network = Network.lecture()
    return Session(network, np.array([1.0, -1.0]), np.array([1.0, 0.0]))


def xor(seed=0):
    return Session(Network.random([2, 2, 1], "sigmoid", seed=seed), *samples("xor"))


def numbers(session):
    """Return every number that a learner can change."""
    course = session.now.course
    network = session.now.network
    biases = (b for b in network.biases if b is not None)
    return [array.tolist() for array in (*network.weights, *biases, course.x, course.target)]


# Edits


def test_an_edit_changes_one_number_and_the_run_follows():
    session = lecture()
    session.edit(W, 2.5)
    assert session.value(W) == 2.5
    assert session.trace.z[0].tolist() == [5.5, -2]
    assert session.trace.loss == backprop(session.now.network, [1, -1], [1, 0]).loss


@pytest.mark.parametrize(("place", "arrays"), [(Place("x", 0, 1), "x"), (Place("t", 3, 0), "target")])
def test_inputs_and_targets_are_edited_in_the_chosen_sample_alone(place, arrays):
    session = Session(Network.lecture(), *samples("lecture"))
    session.choose(1)
    session.edit(place, 0.25)
    assert session.value(place) == 0.25
    array = getattr(session.trace, arrays)
    assert array[0].tolist() == samples("lecture")[arrays == "target"][0].tolist()
    assert array[1, place.unit] == 0.25


def test_an_edit_that_goes_on_is_undone_as_one():
    session = lecture()
    before = numbers(session)
    session.edit(W, 1.1)
    for value in (1.2, 1.3, 1.4):
        session.edit(W, value, amend=True)
    assert session.value(W) == 1.4
    session.undo()
    assert numbers(session) == before
    session.redo()
    assert session.value(W) == 1.4


@pytest.mark.parametrize(
    ("place", "value", "error"),
    [(W, float("nan"), ValueError), (W, 1e200, OverflowError), (Place("x", 0, 0), float("inf"), ValueError)],
)
def test_an_edit_that_does_not_fit_is_refused_and_nothing_changes(place, value, error):
    session = Session(Network([[[1.0]]], [[0.0]], "identity", "half_squared_error"), np.array([1.0]), np.array([0.0]))
    session.edit(W, 1.5)
    before, trace = numbers(session), session.trace
    with pytest.raises(error):
        session.edit(place, value)
    assert numbers(session) == before
    assert session.trace is trace


@st.composite
def edited(draw):
    """Make a session, and edits of it: each a place and a number."""
    network = draw(networks(3, 3))
    x, target = draw(samples_of(network))
    rows = draw(st.sampled_from([None, 1, 3]))
    x, target = (np.array(it) if rows is None else np.tile(it, (rows, 1)) for it in (x, target))
    places = [*chain.from_iterable(groups(network.sizes, network.without_bias))]
    edits = st.tuples(st.sampled_from(places), st.floats(0, 1), st.booleans())
    return Session(network, x, target), draw(st.lists(edits, min_size=1, max_size=8))


@given(edited())
def test_undo_takes_back_every_edit_exactly_and_redo_does_it_again(made):
    session, edits = made
    states = [numbers(session)]
    for place, value, amend in edits:
        amend = amend and len(states) > 1
        session.edit(place, value, amend=amend)
        states = [*states[:-1], numbers(session)] if amend else [*states, numbers(session)]
    for state in states[-2::-1]:
        session.undo()
        assert numbers(session) == state
    assert not session.can_undo
    for state in states[1:]:
        session.redo()
        assert numbers(session) == state
    assert not session.can_redo


@given(edited())
def test_the_way_back_to_the_initial_weights_is_never_lost(made):
    session, edits = made
    initial = session.now.network
    for place, value, _ in edits:
        session.edit(place, value)
    for _ in session.train(0.01, 2):
        pass
    session.reset()
    assert session.now.network is initial


def test_undo_takes_back_the_reset_too():
    session = lecture()
    session.edit(W, 3)
    session.reset()
    assert session.value(W) == 1
    session.undo()
    assert session.value(W) == 3


# Samples


def test_another_sample_is_walked_through_and_the_sums_stay():
    session = xor()
    sums = session.trace.dL_dw
    session.choose(2)
    assert session.trace.sample == 2
    assert session.trace.one.x.tolist() == [1, 0]
    assert session.trace.dL_dw is not None
    assert all(map(np.array_equal, session.trace.dL_dw, sums))


def test_a_sample_that_is_not_there_is_refused():
    session = xor()
    with pytest.raises(IndexError, match="sample 4 of a run of 4; they count from 0 to 3"):
        session.choose(4)
    assert session.sample == 0


def test_other_samples_can_be_taken_and_given_back():
    session = Session(Network.random([2, 1]), np.array([1.0, -1.0]), np.array([1.0]))
    session.use(*samples("and"))
    session.choose(3)
    assert session.trace.samples == 4
    session.undo()
    assert (session.trace.samples, session.trace.sample) == (None, 0)
    session.redo()
    assert session.trace.samples == 4


def test_samples_that_do_not_fit_are_refused_and_nothing_changes():
    session = lecture()
    with pytest.raises(ValueError, match="outputs"):
        session.use(*samples("xor"))
    assert session.trace.samples is None


# Updates and training


def test_training_makes_the_updates_that_train_makes_and_is_undone_as_one():
    session = xor()
    before = session.now.network
    assert list(session.train(0.5, 5)) == [1, 2, 3, 4, 5]
    *_, last = train(before, *samples("xor"), 0.5, 5)
    assert all(map(np.array_equal, session.now.network.weights, last.network.weights))
    session.undo()
    assert session.now.network is before
    session.redo()
    assert all(map(np.array_equal, session.now.network.weights, last.network.weights))


def test_one_update_is_the_update_of_the_recorded_run():
    session = xor()
    updated = backprop(session.now.network, *samples("xor"), learning_rate=0.5).updated
    list(session.train(0.5, 1))
    for name in ("weights", "biases"):
        assert all(map(np.array_equal, getattr(session.now.network, name), getattr(updated, name)))


def test_where_a_run_keeps_its_biases_no_update_and_no_training_changes_them():
    network = Network.random([2, 2, 1], "sigmoid", seed=3)
    session = Session(network, *samples("xor"), 0.5, update_biases=False)
    assert all(map(np.array_equal, session.trace.updated.biases, network.biases))
    list(session.train(0.5, 9))
    session.visit(4)
    session.use([[1, 2]], [[1]])
    list(session.train(0.5, 9))
    assert all(map(np.array_equal, session.now.network.biases, network.biases))
    assert session.trace.L < backprop(network, [[1, 2]], [[1]]).L


def test_training_that_is_left_keeps_what_it_reached():
    session = xor()
    for made in session.train(0.5, 1000):
        if made == 7:
            break
    assert session.now.epoch == 7
    assert len(session.losses) == 8


def test_training_goes_on_from_where_it_is_and_its_losses_grow_into_one_curve():
    session = xor()
    list(session.train(0.5, 3))
    assert list(session.train(0.25, 2)) == [4, 5]
    losses = session.losses
    assert len(losses) == 6
    assert losses[-1] == session.trace.L
    assert losses == sorted(losses, reverse=True)


def test_any_update_can_be_visited_and_walked_through():
    session = xor()
    networks = [session.now.network, *(epoch.network for epoch in train(session.now.network, *samples("xor"), 0.5, 9))]
    list(session.train(0.5, 9))
    for n in (4, 0, 9):
        session.visit(n)
        assert session.now.epoch == n
        assert session.trace.L == backprop(networks[n], *samples("xor")).L
        assert len(session.losses) == 10


def test_training_from_an_update_that_is_visited_forgets_what_came_after_it_and_undo_brings_it_back():
    session = xor()
    list(session.train(0.5, 9))
    session.visit(4)
    assert list(session.train(0.5, 1)) == [5]
    assert len(session.losses) == 6
    session.undo()
    assert (session.now.epoch, len(session.losses)) == (4, 10)


def test_single_updates_after_a_long_training_take_next_to_no_memory():
    session = xor()
    tracemalloc.start()
    list(session.train(0.5, 5000))
    before, _ = tracemalloc.get_traced_memory()
    for _ in range(200):
        list(session.train(0.5, 1))
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(session.losses) == 5201
    assert before < 4_000_000
    assert after - before < 600_000  # 3 kB each


def test_an_edit_of_a_large_network_keeps_one_array_more():
    network = Network.random([100, 50, 40, 10])
    session = Session(network, np.ones(100), np.zeros(10))
    session.edit(Place("w", 3, 0, 0), 2.5)
    session.edit(Place("x", 0, 7), 3.0)
    now = session.now.network
    shared = [one is other for one, other in zip(now.weights, network.weights, strict=True)]
    assert shared == [True, True, False]
    assert all(one is other for one, other in zip(now.biases, network.biases, strict=True))
    session.reset()
    assert session.now.network is network


def test_an_edit_begins_a_new_course():
    session = xor()
    list(session.train(0.5, 3))
    session.edit(W, 0.5)
    assert (session.now.epoch, len(session.losses)) == (0, 1)
    session.undo()
    assert (session.now.epoch, len(session.losses)) == (3, 4)


def test_training_that_diverges_says_so_and_keeps_the_last_weights_that_can_be_walked_through():
    network = Network([[[1.0]], [[1.0]]], [[0.0], [0.0]], "identity", "half_squared_error")
    session = Session(network, np.array([[1.0]]), np.array([[0.0]]))
    with pytest.raises(ArithmeticError, match="Try a smaller one"):
        list(session.train(10, 1000))
    session.stay_finite()
    trace = session.trace
    assert np.isfinite(trace.L)
    assert all(np.isfinite(w).all() for w in session.now.network.weights)
    assert session.now.epoch == len(session.now.course) > 0
    assert len(session.losses) == session.now.epoch + 1
    session.undo()
    assert session.now.network is network


@pytest.mark.parametrize("rate", [0, -1, float("nan")])
def test_a_learning_rate_that_is_not_above_0_is_refused_at_once(rate):
    session = xor()
    with pytest.raises(ValueError, match="learning_rate is"):
        session.train(rate, 1)
    assert not session.can_undo


def test_the_walk_goes_on_to_the_update_where_that_is_wanted():
    session = lecture()
    assert len(session.trace) == 49
    session.walk_update(0.5)
    assert len(session.trace) == 67
    session.walk_update(None)
    assert len(session.trace) == 49
    with pytest.raises(ValueError, match="learning_rate is 0"):
        session.walk_update(0)
    assert len(session.trace) == 49


def test_an_update_whose_weights_are_finite_and_whose_passes_are_not_is_taken_back():
    network = Network([[[1.0]]], [[0.0]], "identity", "half_squared_error")
    session = Session(network, np.array([1.0]), np.array([0.0]))
    assert list(session.train(0.1, 2)) == [1, 2]
    assert not session.stay_finite()
    assert list(session.train(1e200, 1)) == [3]
    assert session.stay_finite()
    assert (session.now.epoch, len(session.losses)) == (2, 3)


@pytest.mark.parametrize("step", ["undo", "redo"])
def test_a_way_back_that_cannot_be_walked_is_refused_and_nothing_changes(step):
    network = Network([[[1.0]]], [[0.0]], "identity", "half_squared_error")
    session = Session(network, np.array([1.0]), np.array([0.0]))
    session.edit(Place("w", 1, 0, 0), 1e150)
    session.edit(Place("w", 1, 0, 0), 1)
    if step == "redo":
        session.undo()
        session.undo()
    session.walk_update(1e200)
    trace = session.trace
    with pytest.raises(OverflowError):
        getattr(session, step)()
    assert session.trace is trace
    session.walk_update(None)
    getattr(session, step)()
    assert session.value(Place("w", 1, 0, 0)) == 1e150
