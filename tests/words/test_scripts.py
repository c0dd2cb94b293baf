"""Superscripts and subscripts: what is raised or lowered comes back as it was."""

import pytest

from bppviz.words.scripts import levelled, lowered, raised


@pytest.mark.parametrize(("text", "above"), [("2", "²"), ("-17", "⁻¹⁷"), ("(3)", "⁽³⁾"), ("−3", "⁻³"), ("n", "ⁿ")])
def test_a_power_or_an_index_is_raised(text, above):
    assert raised(text) == above
    assert levelled(above) == text.replace("−", "-")


@pytest.mark.parametrize(("text", "below"), [("10", "₁₀"), ("3,12", "₃,₁₂"), ("n", "ₙ"), ("k", "ₖ")])
def test_an_index_is_lowered(text, below):
    assert lowered(text) == below
    assert levelled(below) == text


def test_what_is_neither_stays_as_it_is():
    assert (raised("∂l"), lowered("∂l"), levelled("∂l/∂w")) == ("∂l", "∂l", "∂l/∂w")
