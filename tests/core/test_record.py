"""A network as plain data: the same network again, and a sentence for everything that is none."""

import json
import re
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from made_up import ANYTHING, NAMES
from networks import networks

from bppviz import Network, example
from bppviz.core import record
from bppviz.core.record import NEEDED, OPTIONAL, VERSION

MEND = "give a dict that network.to_dict() returned"
NAMED = replace(example("neuron").network, input_names=("身高 (cm)",), output_names=("y",))


def neuron(**changed):
    """Return the record of a network with one neuron, with something else in it."""
    return {**example("neuron").network.to_dict(), **changed}


def without(key):
    """Return the same record without a key."""
    return {name: value for name, value in neuron().items() if name != key}


def refuses(error, message):
    """Expect an error whose whole text is this message."""
    return pytest.raises(error, match=f"^{re.escape(message)}$")


def assert_same(one, other):
    """Expect every field of two networks to be the same, to the last bit."""
    assert [w.tobytes() for w in one.weights] == [w.tobytes() for w in other.weights]
    of_biases = ([None if b is None else b.tobytes() for b in network.biases] for network in (one, other))
    assert next(of_biases) == next(of_biases)
    assert one.shapes == other.shapes
    rest = ("activations", "loss", *OPTIONAL)
    assert [getattr(one, name) for name in rest] == [getattr(other, name) for name in rest]


def test_a_record_is_plain_data_with_a_format_and_a_version():
    assert NAMED.to_dict() == {
        "format": "bppviz network",
        "version": 1,
        "weights": [[[2.0]]],
        "biases": [[-2.5]],
        "activations": ["sigmoid"],
        "loss": "half_squared_error",
        "total": "sum",
        "input_names": ["身高 (cm)"],
        "output_names": ["y"],
        "notation": "layered",
    }


def test_a_record_has_every_field_of_a_network():
    assert [it.name for it in fields(Network)] == [*NEEDED, *OPTIONAL]


@given(networks())
def test_a_network_comes_back_the_same_from_json(network):
    assert_same(Network.from_dict(json.loads(json.dumps(network.to_dict()))), network)


MEAN = replace(NAMED, total="mean")


@pytest.mark.parametrize("network", [Network.lecture(), NAMED, MEAN], ids=["notation", "names", "total"])
def test_names_notation_and_total_come_back_too(network):
    assert_same(Network.from_dict(json.loads(json.dumps(network.to_dict()))), network)


def test_numbers_come_back_to_the_last_bit():
    numbers = [0.1, 1 / 3, -0.0, 5e-324, 1.7976931348623157e308, np.nextafter(1, 2), 2.0**53 + 2]
    network = Network([[numbers]], [[0]], "tanh", "half_squared_error")
    assert_same(Network.from_dict(json.loads(json.dumps(network.to_dict()))), network)


def test_names_notation_and_total_may_be_left_out():
    for key in OPTIONAL:
        assert_same(Network.from_dict(without(key)), example("neuron").network)


def test_the_documented_example_is_a_record():
    example = json.loads(re.search(r"\{.*\}", record.__doc__, re.DOTALL)[0])
    assert Network.from_dict(example).to_dict() == example
    assert list(example) == list(neuron())


def test_a_record_shares_nothing_with_its_network():
    data = neuron()
    network = Network.from_dict(data)
    data["weights"][0][0][0] = 7
    assert network.weights[0].tolist() == [[2.0]]


# What is refused


@pytest.mark.parametrize("source", [it for it in ANYTHING if it != "itself()"])
def test_what_is_no_dict_is_refused_in_a_line(source):
    given = eval(source, dict(NAMES))
    with pytest.raises((TypeError, ValueError), match=rf"^data (is|has) [^\n]+; {re.escape(MEND)}"):
        Network.from_dict(given)


def test_what_is_no_dict_is_refused_with_what_is_wanted():
    with refuses(TypeError, f"data is [1, 2]; {MEND}."):
        Network.from_dict([1, 2])
    with refuses(TypeError, f"data is '{{}}'; {MEND}, as json.loads reads it."):
        Network.from_dict("{}")


@pytest.mark.parametrize("key", ["format", "version", *NEEDED])
def test_a_key_that_is_missing_is_named(key):
    with refuses(ValueError, f"data has no {key!r}; {MEND}."):
        Network.from_dict(without(key))


@pytest.mark.parametrize("name", ["torch", None, 3, ["bppviz network"]])
def test_another_format_is_refused(name):
    with refuses(ValueError, f"format is {name!r}, not 'bppviz network'; {MEND}."):
        Network.from_dict(neuron(format=name))


@pytest.mark.parametrize("version", [0, -1, 1.0, "1", None, True])
def test_what_is_no_version_is_refused(version):
    with refuses(ValueError, f"version is {version!r}, not a whole number such as 1; {MEND}."):
        Network.from_dict(neuron(version=version))


def test_a_newer_version_asks_for_an_update_whatever_else_it_holds():
    text = (
        f"data was written by a newer bppviz, in version 2 of its format, and this one reads version {VERSION}: update"
    )
    with refuses(ValueError, f"{text} bppviz."):
        Network.from_dict({"format": "bppviz network", "version": 2, "layers": []})


def test_an_unknown_key_is_named_with_the_one_that_may_have_been_meant():
    keys = "format, version, weights, biases, activations, loss, total, input_names, output_names, notation"
    with refuses(ValueError, f"unknown key 'weight'; choose one of: {keys}. Did you mean 'weights'?"):
        Network.from_dict({**without("weights"), "weight": []})
    with refuses(TypeError, f"key 3 is not a name; give one of: {keys}."):
        Network.from_dict({**neuron(), 3: 4})


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"weights": [[[1, 2], [3]]]}, ValueError, "weights[0] has rows of different lengths"),
        ({"weights": [[["2"]]]}, TypeError, "weights[0] holds text"),
        ({"biases": [[float("nan")]]}, ValueError, "biases[0] holds nan"),
        ({"biases": 0}, TypeError, "biases is 0"),
        ({"activations": ["sigmoyd"]}, ValueError, "unknown activation 'sigmoyd'"),
        ({"loss": "mse"}, ValueError, "unknown loss 'mse'"),
        ({"input_names": ["a", "b"]}, ValueError, "input_names has 2 names for 1 input"),
        ({"notation": "lecture"}, ValueError, "notation='lecture' names the symbols of a 2-2-2-2 network"),
    ],
)
def test_what_a_network_refuses_is_refused_in_the_same_words(changed, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        Network.from_dict(neuron(**changed))
