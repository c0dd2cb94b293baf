"""The small data sets, and which networks they fit."""

import re

import numpy as np
import pytest

from bppviz import Network, backprop, samples
from bppviz.core.samples import DATA, data_for

PAIRS = [[0, 0], [0, 1], [1, 0], [1, 1]]


@pytest.mark.parametrize(
    ("name", "targets"), [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("xor", [0, 1, 1, 0])], ids=["and", "or", "xor"]
)
def test_and_or_and_xor_have_the_four_pairs_of_0_and_1_as_inputs(name, targets):
    X, T = samples(name)
    assert X.tolist() == PAIRS
    assert T.tolist() == [[t] for t in targets]


def test_the_lecture_has_its_two_inputs_with_a_class_for_each():
    X, T = samples("lecture")
    assert X.tolist() == [[1, -1], [0, 0]]
    assert T.tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize("name", DATA)
def test_samples_are_read_only_arrays_of_floats(name):
    for array in samples(name):
        assert array.dtype == np.float64
        assert not array.flags.writeable


def test_a_data_set_is_known_in_any_case():
    assert samples("XOR")[1].tolist() == samples("xor")[1].tolist()


def test_an_unknown_data_set_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"unknown data set 'nand'; choose one of: and, or, xor, lecture\."):
        samples("nand")


@pytest.mark.parametrize("name", [None, 3, ["xor"], samples])
def test_a_data_set_that_is_no_name_is_refused(name):
    with pytest.raises(TypeError, match=re.escape(f"data set {name!r} is not a name; give one of: and, or, xor, lec")):
        samples(name)


@pytest.mark.parametrize(
    ("sizes", "names"),
    [
        ([2, 1], ("and", "or", "xor")),
        ([2, 3, 1], ("and", "or", "xor")),
        ([2, 2, 2, 2], ("lecture",)),
        ([3, 1], ()),
        ([2, 3], ()),
    ],
)
def test_a_data_set_fits_a_network_with_as_many_inputs_and_outputs(sizes, names):
    network = Network.random(sizes)
    assert data_for(network) == names
    for name in names:
        assert backprop(network, *samples(name)).samples == len(samples(name)[0])
