"""The rows of the outline: what a stop of any size is called, and what it comes to."""

import pytest
from hypothesis import given
from networks import lecture, trainings

from bppviz.core.walk import granularities, walk
from bppviz.words.numbers import number
from bppviz.words.outline import row
from bppviz.words.symbols import Symbols


def rows(trace, granularity):
    symbols = Symbols(trace.network)
    return [tuple(row(trace, symbols, stop)) for stop in walk(trace, granularity)]


def test_an_equation_is_called_after_what_it_computes():
    found = rows(lecture(), "equation")
    assert len(found) == 49
    assert found[21] == ("∂l/∂z₃", "−0.04576")
    assert [found[place] for place in (0, 12, 14, 48)] == [
        ("z₁", "4"),
        ("l", "0.4168"),
        ("σ′(z₅)", "0.2361"),
        ("∂l/∂b₆", "0.1175"),
    ]


def test_a_sum_that_is_being_added_up_has_no_value_until_its_last_term():
    assert rows(lecture(), "term")[:4] == [("z₁", ""), ("z₁", ""), ("z₁", "4"), ("a₁", "0.9820")]


@pytest.mark.parametrize(
    ("granularity", "place", "expected"),
    [
        ("neuron", 0, ("z₁ → a₁", "0.9820")),
        ("neuron", 9, ("∂l/∂a₃ → ∂l/∂z₃", "−0.04576")),
        ("neuron", 15, ("∂l/∂w₃ … ∂l/∂b₃", "")),
        ("layer", 2, ("z⁽³⁾ → y", "")),
        ("layer", 9, ("∂l/∂W⁽³⁾, ∂l/∂b⁽³⁾", "")),
        ("pass", 0, ("", "")),
        ("pass", 1, ("l", "0.4168")),
    ],
)
def test_a_larger_step_is_called_after_its_beginning_and_end(granularity, place, expected):
    assert rows(lecture(), granularity)[place] == expected


@given(trainings())
def test_every_stop_but_a_pass_has_a_name_and_every_whole_equation_its_value(trace):
    for granularity in granularities(trace):
        names = [name for name, _ in rows(trace, granularity)]
        assert all(names) or granularity == "pass"
    values = [value for _, value in rows(trace, "equation")]
    assert values == [number(event.value) for event in trace]
