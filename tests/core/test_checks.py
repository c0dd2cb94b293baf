"""What people give, checked at the door: it is taken as other libraries have it, or refused in one short line."""

import re

import numpy as np
import pandas as pd
import pytest
from oracle import torch_or_skip

import bppviz
from bppviz import Network, backprop
from bppviz.core.checks import as_list, brief, checked_array, checked_names, counted, kind, known_name

XOR = ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])


def refuses(error: type[Exception], message: str):
    """Expect an error whose text holds this message."""
    return pytest.raises(error, match=re.escape(message))


# What was given, in one line


@pytest.mark.parametrize("value", [None, 3, 2.5, "text", [1, 2], (1, [2]), {"a": 1}, np.array([1, 2]), len])
def test_what_is_short_is_repeated_as_it_is_written(value):
    assert brief(value) == repr(value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.zeros((50, 50)), "a numpy ndarray"),
        (pd.DataFrame({"a": [1, 2]}), "a pandas DataFrame"),
        (bppviz.Operand, "<class 'bppviz.core.place.Operand'>"),
    ],
)
def test_of_what_is_long_it_is_said_what_kind_of_thing_it_is(value, said):
    assert brief(value) == said


@pytest.mark.parametrize("value", ["a" * 10**6, list(range(10**5)), [["b" * 99] * 9] * 9, "line\n" * 99, {1: "c" * 99}])
def test_a_long_text_or_list_is_cut_to_one_short_line(value):
    assert len(brief(value)) <= 80
    assert "\n" not in brief(value)


def test_a_whole_number_of_thousands_of_digits_is_called_one():
    assert brief(10**5000) == "an int"


def test_what_cannot_say_what_it_is_is_named_by_its_kind():
    class Broken:
        def __repr__(self):
            raise RuntimeError

    assert brief(Broken()) == "a test_checks Broken"


def test_a_kind_has_its_article_and_its_library():
    assert [kind(it) for it in (1, "a", np.zeros(1), Network.lecture())] == [
        "an int",
        "a str",
        "a numpy ndarray",
        "a Network",
    ]


def test_one_thing_is_counted_without_an_s():
    assert [counted(n, "input") for n in (0, 1, 2)] == ["0 inputs", "1 input", "2 inputs"]


# Names


def test_a_name_in_another_case_is_suggested_and_only_taken_where_case_does_not_matter():
    assert known_name("data set", "X-OR", ("and", "xor"), any_case=True) == "xor"
    with refuses(ValueError, "unknown data set 'XOR'; choose one of: and, xor. Did you mean 'xor'?"):
        known_name("data set", "XOR", ("and", "xor"))


def test_a_name_like_no_other_is_refused_without_a_guess():
    with pytest.raises(ValueError, match=r"^unknown theme 'pink'; choose one of: light, dark\.$"):
        known_name("theme", "pink", ("light", "dark"))


def test_a_name_of_a_million_characters_is_refused_in_a_short_line():
    with pytest.raises(ValueError, match=r"^unknown theme 'a.{1,90}; choose one of: light, dark\.$"):
        known_name("theme", "a" * 10**6, ("light", "dark"))


# Lists of names


@pytest.mark.parametrize(
    "names",
    [
        ["a", "b"],
        ("a", "b"),
        np.array(["a", "b"]),
        np.array(["a", "b"], dtype=object),
        pd.DataFrame({"a": [1], "b": [2]}).columns,
        pd.Series(["a", "b"]),
    ],
)
def test_names_are_taken_from_anything_in_an_order(names):
    network = Network([[[1, 2]], [[1], [2]]], [[0], [0, 0]], "tanh", "half_squared_error", input_names=names)
    assert network.input_names == ("a", "b")
    assert checked_names("output_names", names, 2, "output") == ("a", "b")


def test_numbers_are_names_too_as_in_a_table_without_any():
    assert checked_names("input_names", pd.DataFrame([[1, 2, 3]]).columns, 3, "input") == ("0", "1", "2")


def test_what_cannot_be_shown_in_a_name_is_replaced():
    assert checked_names("input_names", ["a\n\tb\x00c", "\ud800x", "<b> & $x$"], 3, "input") == (
        "a b c",
        "\ufffdx",
        "<b> & $x$",
    )


@pytest.mark.parametrize("values", ["ab", b"ab", {"a": 1}, {"a"}, 3, None, np.array(3), pd.DataFrame({"a": [1]})])
def test_what_has_no_order_is_no_list(values):
    assert as_list(values) is None


# Arrays


def test_tables_and_columns_of_pandas_are_taken_wherever_numbers_are():
    frame = pd.DataFrame(XOR[0], columns=["left", "right"])
    network = Network.random([2, 2, 1])
    table = backprop(network, frame, pd.Series(XOR[1]), 0.1)
    assert table.L == backprop(network, *XOR, 0.1).L
    weights = [pd.DataFrame(w) for w in network.weights]
    again = Network(weights, list(map(pd.Series, network.biases)), "tanh", "half_squared_error")
    assert backprop(again, *XOR).L == table.L
    assert bppviz.explain(network, frame, pd.Series(XOR[1])).trace.L == table.L


def test_columns_of_different_kinds_and_whole_numbers_that_may_be_missing_are_numbers():
    assert checked_array("x", pd.DataFrame({"a": [1, 2], "b": [True, False]})).tolist() == [[1, 1], [2, 0]]
    assert checked_array("x", pd.array([1, 2], dtype="Int64")).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (pd.DataFrame({"age": [1, 2], "height": [3, None]}, index=["ann", "bob"]), "in row 'bob', column 'height'."),
        (pd.DataFrame({"age": pd.array([1, None], dtype="Int64")}), "in row 1, column 'age'."),
        (pd.Series([1, None]), "in row 1."),
        ([[1, 2], [3, None]], "at x[1, 1]."),
        (np.array([1, np.nan]), "at x[1]."),
        (np.nan, "in x."),
    ],
)
def test_a_missing_value_is_refused_with_its_place(value, where):
    with refuses(
        ValueError, f"x holds nan; every number must be finite. Look for a division by 0 or a missing value {where}"
    ):
        checked_array("x", value)


@pytest.mark.parametrize(
    "value", [np.ma.array([1, 2], mask=[0, 1]), [np.ma.array([1, 2], mask=[0, 1]), [3, 4]], [1.0, np.ma.masked]]
)
def test_masked_values_are_refused(value):
    with refuses(ValueError, "x holds masked values; fill them, or leave out the samples that they belong to."):
        checked_array("x", value)


def test_an_array_with_a_mask_that_hides_nothing_is_taken():
    assert checked_array("x", np.ma.array([1, 2], mask=[0, 0])).tolist() == [1, 2]


@pytest.mark.parametrize("value", [["1", "2"], pd.Series(["1", "2"]), np.array(["1", "2"], dtype=object)])
def test_text_is_called_text(value):
    with refuses(TypeError, "x holds text; give real numbers, in a list or a NumPy array."):
        checked_array("x", value)


class Tensor:
    """A tensor as other libraries have them: NumPy can read it once it is detached, and in the computer's memory."""

    def __init__(self, values, steps=("detach", "cpu")):
        self.values, self.steps = values, steps
        for step in steps[:1]:
            setattr(self, step, lambda: Tensor(values, steps[1:]))

    def __array__(self, dtype=None, copy=None):
        if self.steps:
            raise RuntimeError(f"call {self.steps[0]}() first")
        return np.array(self.values)


class Convertible:
    """Something with no more than a method that gives its numbers."""

    def numpy(self):
        return np.array([1.0, 2.0])


@pytest.mark.parametrize("value", [Tensor([1, 2]), [Tensor(1), Tensor(2)], Convertible()])
def test_tensors_are_taken_without_their_history(value):
    assert checked_array("x", value).tolist() == [1, 2]


def test_what_numpy_cannot_read_is_refused_in_our_words():
    with refuses(TypeError, "x is a test_checks Tensor, which NumPy cannot read; give real numbers, in a list or a"):
        checked_array("x", Tensor([1, 2], ("get",)))


def test_the_layers_of_pytorch_are_taken_as_they_are():
    torch = torch_or_skip()
    layers = [torch.nn.Linear(2, 3), torch.nn.Linear(3, 1)]
    network = Network([it.weight for it in layers], [it.bias for it in layers], "tanh", "half_squared_error")
    assert network.sizes == (2, 3, 1)
    x, target = torch.tensor(XOR[0], dtype=torch.float32, requires_grad=True), torch.tensor(XOR[1])
    assert backprop(network, x, target).L == backprop(network, *XOR).L
    assert backprop(network, [torch.tensor(1.0, requires_grad=True), torch.tensor(0.0)], [1]).x.tolist() == [1, 0]


# Switches and whole numbers


@pytest.mark.parametrize("value", ["no", 0, None])
def test_only_true_and_false_say_whether_biases_are_updated(value):
    message = f"update_biases is {value!r}; give True or False."
    with refuses(TypeError, message):
        backprop(Network.lecture(), [1, -1], [1, 0], 0.5, value)
    with refuses(TypeError, message):
        bppviz.train(Network.lecture(), [1, -1], [1, 0], 0.5, 1, value)


def test_a_longer_float_than_ours_in_a_table_of_objects_is_refused_as_infinite():
    table = np.array([[np.longdouble("1e4000"), 0.5]], dtype=object)
    with pytest.raises(ValueError, match=r"x holds inf; every number must be finite. .* at x\[0, 0\]"):
        checked_array("x", table)
