"""Interrupts between cells: heard where they would be ignored, left alone where somebody else hears them."""

import signal

import pytest

from bppviz.widget.door import Door
from bppviz.widget.interrupts import Interrupts


@pytest.fixture(autouse=True)
def ignored():
    """What a kernel does with an interrupt while it has nothing to do."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_is_heard_as_long_as_one_listens_and_ignored_as_before_afterwards():
    with Interrupts() as interrupts:
        assert not interrupts.came
        signal.raise_signal(signal.SIGINT)
        assert interrupts.came
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_two_that_listen_both_hear_it_and_the_second_still_listens_when_the_first_has_ended():
    with Interrupts() as first:
        with Interrupts() as second:
            signal.raise_signal(signal.SIGINT)
        assert (first.came, second.came) == (True, True)
        first.came = False
        signal.raise_signal(signal.SIGINT)
        assert first.came
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_a_cell_keeps_its_own_way_of_being_interrupted():
    with Interrupts() as interrupts:
        in_between = signal.signal(signal.SIGINT, signal.default_int_handler)  # as ipykernel does for each cell
        interrupts.listen()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert not interrupts.came
        signal.signal(signal.SIGINT, in_between)
        signal.raise_signal(signal.SIGINT)
        assert interrupts.came


def test_one_that_began_within_a_cell_listens_when_the_cell_has_ended():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with Interrupts() as interrupts:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        interrupts.listen()
        signal.raise_signal(signal.SIGINT)
        assert interrupts.came


def test_an_interrupt_of_what_comes_in_by_the_door_is_heard_too():
    def interrupted():
        raise KeyboardInterrupt

    with Interrupts() as interrupts:
        with pytest.raises(KeyboardInterrupt):
            Door(print).call("change", interrupted)
        assert interrupts.came
