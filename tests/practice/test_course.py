"""A course of updates: any of them can be visited, whether its weights were kept or not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bppviz.practice.course as course_module
from bppviz import Network, samples, train
from bppviz.practice.course import Course

NETWORK = Network.random([2, 2, 1], "sigmoid", seed=3)
X, T = samples("xor")


def run(updates, rate=0.5):
    """Return a course of so many updates, and the networks as training gave them."""
    course, networks = Course(NETWORK, X, T), [NETWORK]
    for epoch in train(NETWORK, X, T, rate, updates):
        course.add(epoch, rate)
        networks.append(epoch.network)
    return course, networks


def same(one, other):
    return all(map(np.array_equal, (*one.weights, *one.biases), (*other.weights, *other.biases)))


def test_a_course_begins_with_the_very_network_that_it_was_given():
    course = Course(NETWORK, X, T)
    assert len(course) == 0
    assert course.network(0) is NETWORK


def test_every_network_of_a_course_is_the_one_that_training_gave():
    course, networks = run(20)
    assert len(course) == 20
    assert all(same(course.network(n), network) for n, network in enumerate(networks))


@pytest.mark.parametrize(("bound", "most"), [("MOST_BYTES_OF_NETWORKS", 500), ("MOST_NETWORKS", 8)])
def test_a_network_that_was_not_kept_is_computed_again_to_the_last_bit(bound, most, monkeypatch):
    monkeypatch.setattr(course_module, bound, most)
    course, networks = run(100)
    assert len(course.log.kept) < 10
    assert all(same(course.network(n), network) for n, network in enumerate(networks))


def test_a_course_goes_on_from_any_of_its_updates_and_the_old_one_stays():
    course, networks = run(10)
    other = course.until(4)
    assert (len(other), len(course)) == (4, 10)
    assert other.losses == course.losses[:4]
    assert same(other.network(4), networks[4])
    epoch = next(train(networks[4], X, T, 2.0, 1))
    other.add(epoch, 2.0)
    assert same(other.network(5), epoch.network)
    assert same(course.network(5), networks[5])


def test_courses_that_begin_alike_share_what_they_begin_with():
    course, _ = run(100)
    shorter = course.until(40)
    assert shorter.log is course.log
    shorter.add(next(train(shorter.network(40), X, T, 2.0, 1)), 2.0)
    assert shorter.log is not course.log
    assert shorter.sizes.items() >= course.sizes.items()
    assert list(shorter.log.losses) == shorter.losses[40:]


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.25, 0.5, 2.0]), st.integers(1, 9)), max_size=8))
def test_whatever_ways_are_gone_on_from_wherever_each_keeps_its_own_losses_and_networks(ways):
    course, networks = Course(NETWORK, X, T), [NETWORK]
    gone = [(course, networks, [])]
    for share, rate, updates in ways:
        before, networks, losses = gone[-1]
        n = round(share * len(before))
        course, networks, losses = before.until(n), networks[: n + 1], losses[:n]
        for epoch in train(networks[-1], X, T, rate, updates):
            course.add(epoch, rate)
            networks.append(epoch.network)
            losses.append(epoch.loss)
        gone.append((course, networks, losses))
    for course, networks, losses in gone:
        assert course.losses == losses
        assert all(same(course.network(n), it) for n, it in enumerate(networks))


@pytest.mark.parametrize("kept", [500, 32_000_000])
def test_each_update_keeps_its_own_learning_rate(kept, monkeypatch):
    monkeypatch.setattr(course_module, "MOST_BYTES_OF_NETWORKS", kept)
    course, network, networks = Course(NETWORK, X, T), NETWORK, [NETWORK]
    for rate in np.linspace(0.1, 3, 40).tolist():
        epoch = next(train(network, X, T, rate, 1))
        network = epoch.network
        course.add(epoch, rate)
        networks.append(network)
    assert all(same(course.network(n), it) for n, it in enumerate(networks))
