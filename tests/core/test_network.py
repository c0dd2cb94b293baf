"""A network at the door: what it takes, what it keeps, and what it says to everything else."""

import copy
import pickle
import re
from dataclasses import replace

import numpy as np
import pytest
from networks import SQUARED, lecture_of_two

from bppviz import Network, Trace, backprop, check_gradients, example, train
from bppviz.core.examples import Example
from bppviz.core.samples import check_samples, default_sample

KNOWN = "sigmoid, tanh, relu, leaky_relu, identity, softmax"
KNOWN_LOSSES = "half_squared_error, squared_error, mean_squared_error, binary_cross_entropy, cross_entropy"
LAYERS = "give a list with one array of shape (n_out, n_in) for each layer."


def network(weights=([[1, 2]],), biases=([0],), activations="tanh", loss="half_squared_error", **names) -> Network:
    """Make a 2-1 network, with something else in it."""
    return Network(weights, biases, activations, loss, **names)


def refuses(error: type[Exception], message: str):
    """Expect an error whose text holds this message."""
    return pytest.raises(error, match=re.escape(message))


# What it takes and keeps


def test_the_lecture_network_holds_the_lecture_numbers():
    lecture = Network.lecture()
    assert [w.tolist() for w in lecture.weights] == [[[1, -2], [-1, 1]], [[2, -1], [-2, -1]], [[3, -1], [-1, 4]]]
    assert [b.tolist() for b in lecture.biases] == [[1, 0], [0, 0], [-2, 2]]
    assert lecture.activations == ("sigmoid", "sigmoid", "sigmoid")
    assert (lecture.loss, lecture.notation, lecture.sizes) == ("half_squared_error", "lecture", (2, 2, 2, 2))


def test_a_network_says_what_it_is():
    assert repr(Network.lecture()) == "Network(2-2-2-2, sigmoid-sigmoid-sigmoid, half_squared_error)"


def test_the_default_sample_is_the_lecture_sample_at_the_length_of_the_network():
    assert [array.tolist() for array in default_sample(Network.lecture())] == [[1, -1], [1, 0]]
    assert [array.tolist() for array in default_sample(Network.random([3, 1]))] == [[1, -1, 1], [1]]


def test_a_network_shares_no_memory_with_what_it_was_made_from():
    weights, biases = np.ones((1, 1, 2)), np.ones((1, 1))
    made = network(weights, biases)
    weights[:], biases[:] = 7, 7
    assert (made.weights[0].tolist(), made.biases[0].tolist()) == ([[1, 1]], [1])


def test_a_network_never_changes():
    made = network()
    with refuses(ValueError, "read-only"):
        made.weights[0][0, 0] = 5
    with refuses(AttributeError, "cannot assign to field 'loss'"):
        made.loss = "cross_entropy"


class Frame:
    """A table that NumPy can read, as those of pandas are."""

    def __array__(self, dtype=None, copy=None):
        return np.array([[1, 2]])


@pytest.mark.parametrize(
    "weights",
    [
        [[[1, 2]]],
        ([(1, 2)],),
        np.array([[[1, 2]]]),
        [np.array([[1, 2]], dtype=np.int8)],
        [np.float32([[1, 2]])],
        [Frame()],
    ],
)
def test_weights_can_be_lists_tuples_arrays_and_tables(weights):
    made = network(weights)
    assert made.weights[0].tolist() == [[1, 2]]
    assert made.weights[0].dtype == np.float64


def test_true_and_false_count_as_one_and_zero():
    assert network([np.array([[True, False]])]).weights[0].tolist() == [[1, 0]]


@pytest.mark.parametrize("activations", ["tanh", ["tanh"], ("tanh",), np.array(["tanh"])])
def test_activations_are_one_name_or_a_list_of_names(activations):
    assert network(activations=activations).activations == ("tanh",)


def test_names_are_kept():
    made = network(input_names=["height", "width"], output_names=np.array(["area"]))
    assert (made.input_names, made.output_names) == (("height", "width"), ("area",))


# Weights and biases


@pytest.mark.parametrize("weights", [None, 3, "abc", {0: [[1, 2]]}, {1, 2}, np.array(3.0), Frame(), (w for w in [])])
def test_weights_that_are_no_list_are_refused(weights):
    with refuses(TypeError, f"weights is {weights!r}; {LAYERS}"):
        network(weights)


@pytest.mark.parametrize("biases", [0, "abc", {0: [0]}])
def test_biases_that_are_no_list_are_refused(biases):
    with refuses(TypeError, f"biases is {biases!r}; give a list with one array of shape (n_out,) for each layer."):
        network(biases=biases)


def test_a_network_without_biases_has_none():
    made = Network(([[1, 2], [3, 4]], [[5, 6]]), None, "tanh", "half_squared_error")
    assert (made.biases, made.without_bias, made.has_biases) == ((None, None), {1, 2}, False)
    assert made.shapes == {("w", 1): (2, 2), ("w", 2): (1, 2)}
    assert made.sizes == (2, 2, 1)


def test_a_single_layer_may_have_none():
    made = Network(([[1, 2], [3, 4]], [[5, 6]]), [None, [7]], "tanh", "half_squared_error")
    assert (made.without_bias, made.has_biases, made.value("b", 2)) == ({1}, True, 7)
    with refuses(IndexError, "b has no layer 1; give 2 (the inputs, x, are layer 0)."):
        made.value("b", 1)
    with refuses(ValueError, "layer 1 has no biases."):
        made.array("b", 1)
    assert Network.lecture().without_bias == frozenset()


def test_without_biases_keras_weights_are_found_out_by_the_layers():
    with refuses(ValueError, "weights[0] has shape (2, 3), which is (n_in, n_out) as in Keras and scikit-learn;"):
        network((np.ones((2, 3)), np.ones((3, 1))), None)


def test_a_network_needs_a_layer():
    with refuses(ValueError, "weights is empty; a network needs at least one layer."):
        network([], [])


@pytest.mark.parametrize("empty", [[], [[]], np.ones((0, 2)), np.ones((2, 0))])
def test_a_layer_needs_a_neuron_and_an_input(empty):
    with refuses(ValueError, "weights[0] is empty; give at least one number."):
        network([empty])


@pytest.mark.parametrize(
    ("weights", "what"),
    [
        ("abc", "the text 'abc'"),
        ([["a", "b"]], "text"),
        ([[1, "2"]], "text"),
        ([[b"1"]], "bytes"),
        ([[1j, 2]], "complex numbers"),
        (np.array([["2026-01-01"]], dtype="datetime64[D]"), "datetime64[D] values"),
        (None, "things that NumPy does not take as numbers"),
        ({1: 2}, "things that NumPy does not take as numbers"),
        (np.array([[1, "2"]], dtype=object), "things that NumPy does not take as numbers"),
        ([[10**400, 1]], "things that NumPy does not take as numbers"),
        (len, "things that NumPy does not take as numbers"),
    ],
)
def test_what_is_not_a_real_number_is_refused(weights, what):
    with refuses(TypeError, f"weights[0] holds {what}; give real numbers, in a list or a NumPy array."):
        network([weights])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_are_refused(bad):
    with refuses(ValueError, f"weights[0] holds {bad}; every number must be finite."):
        network([[[1, bad]]])
    with refuses(ValueError, f"biases[0] holds {bad}; every number must be finite."):
        network(biases=[[bad]])


@pytest.mark.parametrize("ragged", [[[1, 2], [1]], [[1, [2]]], [[[1], 2], [3, 4]]])
def test_ragged_rows_are_refused(ragged):
    with refuses(ValueError, "weights[0] has rows of different lengths; give every row the same number of entries."):
        network([ragged])


@pytest.mark.parametrize(("array", "shape"), [(3, "()"), ([1, 2], "(2,)"), (np.ones((1, 2, 3)), "(1, 2, 3)")])
def test_weights_with_too_few_or_too_many_axes_are_refused(array, shape):
    message = f"weights[0] has shape {shape}; give an array of shape (n_out, n_in): a row for each neuron."
    with refuses(ValueError, message):
        network([array])


@pytest.mark.parametrize(("array", "shape"), [(0, "()"), ([[0]], "(1, 1)")])
def test_biases_with_too_few_or_too_many_axes_are_refused(array, shape):
    message = f"biases[0] has shape {shape}; give an array of shape (n_out,): a number for each neuron."
    with refuses(ValueError, message):
        network(biases=[array])


def test_layers_that_do_not_fit_each_other_are_refused():
    message = "weights[1] has shape (1, 2), but the layer before it has 3 neurons: its shape must be (1, 3), that is"
    with refuses(ValueError, message):
        network([np.ones((3, 2)), np.ones((1, 2))], [np.ones(3), np.ones(1)])


def test_biases_that_do_not_fit_their_weights_are_refused():
    message = "biases[0] has shape (3,), but weights[0] has 1 row: give one bias for each neuron, shape (1,)."
    with refuses(ValueError, message):
        network(biases=[[0, 0, 0]])


def test_a_wrong_count_of_biases_is_refused():
    with refuses(ValueError, "1 weight array and 2 bias arrays; give one of each for every layer."):
        network(biases=[[0], [0]])


def test_weights_as_keras_and_scikit_learn_have_them_are_refused_with_the_way_to_turn_them():
    message = (
        "weights[0] has shape (4, 5), which is (n_in, n_out) as in Keras and scikit-learn; here it is (n_out, n_in). "
        "All fit once they are transposed: give W.T of each, or np.transpose of a list."
    )
    weights = [np.ones((4, 5)), np.ones((5, 3))]
    with refuses(ValueError, message):
        network(weights, [np.ones(5), np.ones(3)])
    assert network([w.T for w in weights], [np.ones(5), np.ones(3)]).sizes == (4, 5, 3)
    with refuses(ValueError, "weights[0] has shape (4, 3), which is (n_in, n_out)"):
        network([np.ones((4, 3))], [np.ones(3)])


def test_a_network_of_many_layers_names_the_first_and_the_last():
    made = Network.random([2] * 201)
    assert repr(made) == "Network(2-2-2-…(201)…-2, tanh-tanh-tanh-…(200)…-tanh, half_squared_error)"


# Activations, loss, names


@pytest.mark.parametrize("name", ["swish", "Sigmoid", ""])
def test_an_unknown_activation_is_refused_with_the_known_ones(name):
    with refuses(ValueError, f"unknown activation {name!r}; choose one of: {KNOWN}."):
        network(activations=name)


@pytest.mark.parametrize("activations", [None, 3, np.tanh, {"tanh": 1}])
def test_activations_that_are_no_list_are_refused(activations):
    message = f"activations is {activations!r}; give a name, or a list with one for each layer, of: {KNOWN}."
    with refuses(TypeError, message):
        network(activations=activations)


@pytest.mark.parametrize("name", [None, np.tanh, 3])
def test_an_activation_that_is_no_name_is_refused(name):
    with refuses(TypeError, f"activation {name!r} is not a name; give one of: {KNOWN}."):
        network(activations=[name])


@pytest.mark.parametrize("names", [[], ["tanh", "tanh"]])
def test_a_wrong_count_of_activations_is_refused(names):
    message = f"{len(names)} activations for 1 layer; give one for each layer, or one name for all."
    with refuses(ValueError, message):
        network(activations=names)


def test_softmax_in_a_hidden_layer_is_refused():
    message = "softmax in layer 1 of 2, a hidden layer; it turns outputs into probabilities and belongs at the output."
    with refuses(ValueError, message):
        network([[[1, 2]], [[1]]], [[0], [0]], ["softmax", "tanh"])


def test_the_total_over_the_samples_is_a_sum_unless_it_is_said_to_be_a_mean():
    assert (network().total, network(total="mean").total) == ("sum", "mean")
    assert repr(network(total="mean")) == "Network(2-1, tanh, half_squared_error, mean)"
    assert repr(Network.random([2, 1], total="mean")) == "Network(2-1, tanh, half_squared_error, mean)"
    assert [network(total=it).over(n) for it in ("sum", "mean") for n in (None, 1, 4)] == [1, 1, 1, 1, 1, 4]


@pytest.mark.parametrize(
    ("total", "error", "message"),
    [
        ("average", ValueError, "unknown total 'average'; choose one of: sum, mean."),
        ("Mean", ValueError, "unknown total 'Mean'; choose one of: sum, mean. Did you mean 'mean'?"),
        (None, TypeError, "total None is not a name; give one of: sum, mean."),
    ],
)
def test_a_total_that_is_neither_is_refused(total, error, message):
    with refuses(error, message):
        network(total=total)


def test_an_unknown_loss_is_refused_with_the_known_ones():
    with refuses(ValueError, f"unknown loss 'hinge'; choose one of: {KNOWN_LOSSES}."):
        network(loss="hinge")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("logistic", "sigmoid"),
        ("linear", "identity"),
        ("ReLU", "relu"),
        ("Sigmoid", "sigmoid"),
        ("LeakyReLU", "leaky_relu"),
        ("leaky relu", "leaky_relu"),
        ("softmax ", "softmax"),
        ("sigmod", "sigmoid"),
    ],
)
def test_what_an_activation_is_called_elsewhere_is_answered_with_its_name_here(name, meant):
    with refuses(ValueError, f"unknown activation {name!r}; choose one of: {KNOWN}. Did you mean '{meant}'?"):
        network(activations=name)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("bce", "'binary_cross_entropy'?"),
        ("binary_crossentropy", "'binary_cross_entropy'?"),
        ("log_loss", "'binary_cross_entropy' or 'cross_entropy'?"),
        ("categorical_crossentropy", "'cross_entropy'?"),
        ("CrossEntropyLoss", "'cross_entropy'?"),
        ("mse", "'mean_squared_error'? It is the mean over the K outputs of a sample; total='mean' takes that over"),
        ("MSELoss", "'mean_squared_error'? It is the mean over the K outputs of a sample; total='mean'"),
        ("Mean Squared Error", "'mean_squared_error'?"),
        ("SSE", "'squared_error'? It is Σ (y − t)², and half_squared_error is ½ Σ (y − t)²."),
        ("L2", "'squared_error' or 'half_squared_error'? It is Σ (y − t)², and half_squared_error is ½ Σ (y − t)²."),
    ],
)
def test_what_a_loss_is_called_elsewhere_is_answered_with_its_name_here(name, meant):
    with refuses(ValueError, f"{KNOWN_LOSSES}. Did you mean {meant}"):
        network(loss=name)


@pytest.mark.parametrize("loss", [None, 3, ["half_squared_error"]])
def test_a_loss_that_is_no_name_is_refused(loss):
    with refuses(TypeError, f"loss {loss!r} is not a name; give one of: half_squared_error, "):
        network(loss=loss)


@pytest.mark.parametrize("given", ["leaky_relu(0.1)", " leaky_relu ( .10 ) ", "leaky_relu(1e-1)"])
def test_a_slope_stands_behind_the_name_of_a_leaky_relu(given):
    made = network(activations=given)
    assert made.activations == ("leaky_relu(0.1)",)
    assert Network.from_dict(made.to_dict()).activations == made.activations
    assert network(activations="leaky_relu(0.010)").activations == ("leaky_relu",)


@pytest.mark.parametrize("slope", ["0", "1", "2", "-0.1", "nan", "inf", "x", "", "0.1, 2", "(0.1)"])
def test_a_slope_that_none_can_have_is_refused(slope):
    says = "a leaky_relu has a slope between 0 and 1: give leaky_relu(0.1), or relu for 0, or identity for 1."
    with refuses(ValueError, f"activation is 'leaky_relu({slope})'; {says}"):
        network(activations=f"leaky_relu({slope})")


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "cross_entropy"])
@pytest.mark.parametrize("output", ["tanh", "relu", "leaky_relu", "identity"])
def test_a_logarithm_of_outputs_that_can_be_negative_is_refused(loss, output):
    message = f"{loss} takes the logarithm of the outputs, and those of {output} can be 0 or negative: make the output"
    with refuses(ValueError, message):
        network(activations=output, loss=loss)


@pytest.mark.parametrize("names", [None, 3, "ab", [1.5, 2], [b"a", b"b"], {"a": 1, "b": 2}, (c for c in "ab")])
def test_names_that_are_no_list_of_texts_are_refused(names):
    with refuses(TypeError, f"input_names is {names!r}; give a list of texts."):
        network(input_names=names)


def test_a_wrong_count_of_names_is_refused():
    with refuses(ValueError, "input_names has 1 name for 2 inputs; give one for each, or none."):
        network(input_names=["a"])
    with refuses(ValueError, "output_names has 2 names for 1 output; give one for each, or none."):
        network(output_names=["a", "b"])


def test_an_unknown_notation_is_refused():
    with refuses(ValueError, "unknown notation 'latin'; choose one of: layered, lecture."):
        network(notation="latin")


@pytest.mark.parametrize("notation", [None, ["lecture"]])
def test_a_notation_that_is_no_name_is_refused(notation):
    with refuses(TypeError, f"notation {notation!r} is not a name; give one of: layered, lecture."):
        network(notation=notation)


def test_the_lecture_symbols_are_refused_to_other_networks():
    message = "notation='lecture' names the symbols of a 2-2-2-2 network, and this one is 2-1. Leave it out:"
    with refuses(ValueError, message):
        network(notation="lecture")


# Network.random


def test_a_random_network_has_the_sizes_and_the_defaults_of_the_design():
    made = Network.random([2, 3, 1])
    assert repr(made) == "Network(2-3-1, tanh-tanh, half_squared_error)"


def test_the_same_seed_gives_the_same_network_and_another_seed_another():
    first, again, other = (Network.random([2, 3], seed=seed).weights[0].tolist() for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_random_numbers_have_two_decimals_so_that_sums_can_be_redone_by_hand():
    for array in (Network.random([4, 5]).weights[0], Network.random([4, 5]).biases[0]):
        np.testing.assert_array_equal(array, np.round(array, 2))


@pytest.mark.parametrize(("loss", "output"), [("binary_cross_entropy", "sigmoid"), ("cross_entropy", "softmax")])
def test_a_random_network_gets_the_output_layer_that_its_loss_needs(loss, output):
    assert Network.random([2, 3, 2], "relu", loss).activations == ("relu", output)


def test_a_random_network_takes_an_activation_for_each_layer():
    assert Network.random((2, 3, 1), ["relu", "sigmoid"]).activations == ("relu", "sigmoid")


@pytest.mark.parametrize("sizes", [(2, 1), np.array([2, 1]), [np.int64(2), np.int32(1)]])
def test_sizes_can_be_numpy_integers(sizes):
    assert Network.random(sizes).sizes == (2, 1)


@pytest.mark.parametrize(
    "sizes",
    [None, 3, "21", {2: 1}, [2.0, 1], [True, 1], ["2", "1"], [[2, 1]], [2, None], np.array(3), np.array([2.0, 1.0])],
)
def test_sizes_that_are_no_whole_numbers_are_refused(sizes):
    with refuses(TypeError, f"sizes is {sizes!r}; give whole numbers, such as [2, 3, 1]."):
        Network.random(sizes)


@pytest.mark.parametrize("sizes", [[], [3], [2, 0], [2, -1]])
def test_sizes_without_a_layer_or_a_neuron_are_refused(sizes):
    message = f"sizes is {sizes!r}; give the inputs and at least one layer, each with 1 neuron or more: [2, 3, 1]."
    with refuses(ValueError, message):
        Network.random(sizes)


@pytest.mark.parametrize("activation", [None, 3])
def test_a_random_network_refuses_activations_that_are_no_list(activation):
    with refuses(TypeError, f"activations is {activation!r}; give a name, or a list"):
        Network.random([2, 1], activation)


@pytest.mark.parametrize(("loss", "error"), [(["a"], TypeError), (None, TypeError), ("mse", ValueError)])
def test_a_random_network_refuses_a_loss_that_is_not_known(loss, error):
    with refuses(error, f"{KNOWN_LOSSES}."):
        Network.random([2, 1], loss=loss)


@pytest.mark.parametrize(("seed", "error"), [("a", TypeError), (1.5, TypeError), (True, TypeError), (-1, ValueError)])
def test_a_seed_that_is_no_whole_number_of_0_or_more_is_refused(seed, error):
    with refuses(error, f"seed is {seed!r}; give a whole number of 0 or more, such as 0."):
        Network.random([2, 1], seed=seed)


# The sample


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
@pytest.mark.parametrize("made", [Network.lecture, lecture_of_two, lambda: example("mazur")])
def test_a_copy_is_as_read_only_as_the_thing_itself(made, again):
    copied = list(arrays_in(again(made())))
    assert copied
    for array in copied:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 99


def test_no_array_of_a_network_can_be_made_writeable():
    for network_ in (Network.lecture(), Network.random([2, 1])):
        for array in (*network_.weights, *network_.biases):
            with pytest.raises(ValueError, match="WRITEABLE"):
                array.flags.writeable = True


def test_whoever_gave_an_array_cannot_change_a_network_with_it():
    given = np.array([[1.0, 2.0]])
    given.flags.writeable = False
    taken = Network([given], [[0.0]], "tanh", "half_squared_error")
    given.flags.writeable = True
    given[...] = 99
    assert taken.weights[0].tolist() == [[1, 2]]


def test_a_network_that_differs_in_one_array_shares_the_others():
    one = Network.lecture()
    other = replace(one, biases=(*one.biases[:2], [5, 6]))
    assert all(a is b for a, b in zip(one.weights, other.weights, strict=True))
    assert all(a is b for a, b in zip(one.biases[:2], other.biases, strict=False))


def arrays_in(it):
    """Yield every array in a record, however deep."""
    if isinstance(it, np.ndarray):
        yield it
    for part in vars(it).values() if isinstance(it, Network | Trace | Example) else it if isinstance(it, tuple) else ():
        yield from arrays_in(part)


def test_a_sample_becomes_two_read_only_arrays():
    x, target = check_samples(Network.lecture(), range(2), [True, False])
    assert (x.tolist(), target.tolist()) == ([0, 1], [1, 0])
    assert (x.flags.writeable, target.flags.writeable) == (False, False)


@pytest.mark.parametrize(
    ("x", "shape"),
    [(3, "()"), ([1], "(1,)"), ([1, 2, 3], "(3,)"), (np.ones((1, 1, 2)), "(1, 1, 2)")],
)
def test_an_input_that_does_not_fit_is_refused(x, shape):
    message = f"x has shape {shape}, but this network (2-2-2-2) has 2 inputs: give 2 numbers, shape (2,)."
    with refuses(ValueError, message):
        backprop(Network.lecture(), x, [1, 0])


def test_a_target_that_does_not_fit_is_refused():
    message = "target has shape (2,), but this network (2-1) has 1 output: give 1 number, shape (1,)."
    with refuses(ValueError, message):
        backprop(network(), [1, 2], [1, 0])


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (None, TypeError, "x holds things that NumPy does not take as numbers; give real numbers"),
        ({1: 2}, TypeError, "x holds things that NumPy does not take as numbers; give real numbers"),
        ("12", TypeError, "x holds the text '12'; give real numbers"),
        (["1", "2"], TypeError, "x holds text; give real numbers"),
        ([1j, 2], TypeError, "x holds complex numbers; give real numbers"),
        ([], ValueError, "x is empty; give at least one number."),
        ([1, [2]], ValueError, "x has rows of different lengths"),
        ([1, np.nan], ValueError, "x holds nan; every number must be finite."),
    ],
)
def test_an_input_that_is_not_made_of_numbers_is_refused(x, error, message):
    with refuses(error, message):
        backprop(Network.lecture(), x, [1, 0])


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "cross_entropy"])
@pytest.mark.parametrize("target", [-0.5, 1.5])
def test_a_target_that_is_no_probability_is_refused_where_the_loss_needs_one(loss, target):
    message = f"target holds {target}, but {loss} compares probabilities: give targets between 0 and 1, or use loss="
    with refuses(ValueError, message):
        backprop(network(activations="sigmoid", loss=loss), [1, 2], [target])


@pytest.mark.parametrize("loss", SQUARED)
def test_a_squared_error_takes_any_target(loss):
    taken = backprop(network(activations="identity", loss=loss), [1, 1], [7])
    assert taken.loss == (8.0 if loss == "half_squared_error" else 16.0)  # ½ (3 − 7)²


@pytest.mark.parametrize("wrong", [None, "lecture", Network.lecture])
def test_what_is_no_network_is_refused(wrong):
    with refuses(TypeError, f"network is {wrong!r}; give a Network, such as Network.lecture()."):
        backprop(wrong, [1, -1], [1, 0])


# Several samples


def test_several_samples_become_two_read_only_arrays_of_rows():
    x, target = check_samples(Network.lecture(), [[1, -1], [0, 0], [2, 3]], [[1, 0], [0, 1], [1, 1]])
    assert (x.tolist(), target.tolist()) == ([[1, -1], [0, 0], [2, 3]], [[1, 0], [0, 1], [1, 1]])
    assert (x.flags.writeable, target.flags.writeable) == (False, False)


def test_the_targets_of_a_single_output_need_not_be_rows():
    _, target = check_samples(network(), [[1, 2], [3, 4], [5, 6]], [0, 1, 0])
    assert target.tolist() == [[0], [1], [0]]


def test_several_targets_for_one_sample_are_not_taken_for_those_of_several():
    with refuses(ValueError, "target has shape (3,), but this network (2-1) has 1 output: give 1 number, shape (1,)."):
        backprop(network(), [1, 2], [0, 1, 0])


@pytest.mark.parametrize(
    ("x", "target", "message"),
    [
        (
            [[1, 2]] * 3,
            [[1]] * 2,
            "x has 3 samples, but target has shape (2, 1): give one target for each sample, shape",
        ),
        ([[1, 2]] * 3, [1] * 2, "x has 3 samples, but target has shape (2,): give one target for each sample, shape"),
        ([[1, 2]], [[1]] * 2, "x has 1 sample, but target has shape (2, 1): give one target for each sample, shape"),
    ],
)
def test_inputs_and_targets_of_different_counts_are_refused(x, target, message):
    with refuses(ValueError, f"{message} ({len(x)}, 1)."):
        backprop(network(), x, target)


@pytest.mark.parametrize("size", [1, 3])
def test_rows_with_a_wrong_number_of_inputs_are_refused(size):
    message = (
        f"x has shape (4, {size}), but this network (2-1) has 2 inputs: give 2 for each of the 4 samples, shape (4, 2)."
    )
    with refuses(ValueError, message):
        backprop(network(), np.ones((4, size)), [[1]] * 4)


@pytest.mark.parametrize(("target", "shape"), [(np.ones((4, 3)), "(4, 3)"), (np.ones(4), "(4,)")])
def test_rows_with_a_wrong_number_of_outputs_are_refused(target, shape):
    message = (
        f"target has shape {shape}, but this network (2-2-2-2) has 2 outputs: give 2 for each of the 4 samples, shape"
    )
    with refuses(ValueError, f"{message} (4, 2)."):
        backprop(Network.lecture(), np.ones((4, 2)), target)


def test_an_empty_data_set_is_refused():
    with refuses(ValueError, "x is empty; give at least one number."):
        backprop(network(), np.empty((0, 2)), np.empty((0, 1)))


def test_a_value_that_is_missing_in_one_sample_is_refused():
    with refuses(
        ValueError, "x holds nan; every number must be finite. Look for a division by 0 or a missing value at x[1, 1]."
    ):
        backprop(network(), [[1, 2], [3, np.nan]], [0, 1])
    with refuses(ValueError, "target holds nan; every number must be finite."):
        backprop(network(), [[1, 2], [3, 4]], [0, np.nan])


def test_several_samples_of_a_single_input_need_not_be_rows():
    x, target = check_samples(Network.random([1, 3, 1]), [1, 2, 3], [2, 4, 6])
    assert (x.tolist(), target.tolist()) == ([[1], [2], [3]], [[2], [4], [6]])
    assert (x.flags.writeable, target.flags.writeable) == (False, False)
    assert check_samples(Network.random([1, 3, 1]), [1], [2])[0].tolist() == [1]  # one number is one sample
    with refuses(
        ValueError, "x has 3 samples, but target has shape (2,): give one target for each sample, shape (3, 1)."
    ):
        check_samples(Network.random([1, 3, 1]), [1, 2, 3], [2, 4])


COLUMNS = "the samples stand in columns, and here they stand in rows. Give"


@pytest.mark.parametrize(
    ("sizes", "x", "target", "mend"),
    [
        ([2, 1], np.ones((2, 3)), np.ones((1, 3)), "x.T and target.T,"),
        ([2, 1], np.ones((2, 3)), np.ones(3), "x.T,"),
        ([2, 1], np.ones((2, 3)), np.ones((3, 1)), "x.T,"),
        ([2, 1], np.ones((3, 2)), np.ones((1, 3)), "target.T,"),
        ([2, 1], np.ones((2, 2)), np.ones((1, 2)), "x.T and target.T,"),  # x alone would fit either way
        ([1, 1], [[1, 2, 3]], [[2, 4, 6]], "x.T and target.T,"),
    ],
)
def test_samples_in_columns_are_refused_with_the_way_to_turn_them(sizes, x, target, mend):
    with refuses(ValueError, f"x has shape {np.shape(x)} and target has shape {np.shape(target)}: {COLUMNS} {mend}"):
        backprop(Network.random(sizes), x, target)


# Classes

CLASSES = Network.random([2, 3], loss="cross_entropy")


@pytest.mark.parametrize(
    ("x", "target", "rows"),
    [
        ([1, 2], 2, [0, 0, 1]),
        ([1, 2], np.float32(0), [1, 0, 0]),
        ([[1, 2], [3, 4]], [2, 0], [[0, 0, 1], [1, 0, 0]]),
        ([[1, 2], [3, 4]], [[2], [0]], [[0, 0, 1], [1, 0, 0]]),
        ([[1, 2]], [1], [[0, 1, 0]]),
        ([1, 2], [0, 1, 0], [0, 1, 0]),  # of one sample, three numbers are three probabilities
    ],
)
def test_the_number_of_a_class_is_taken_for_the_target_of_a_softmax(x, target, rows):
    taken = check_samples(CLASSES, x, target)[1]
    assert taken.tolist() == rows
    assert not taken.flags.writeable


def test_of_two_samples_with_two_outputs_two_numbers_are_classes_and_of_one_sample_probabilities():
    network = Network.random([2, 2], loss="cross_entropy")
    assert check_samples(network, [[1, 2], [3, 4]], [0, 1])[1].tolist() == [[1, 0], [0, 1]]
    assert check_samples(network, [1, 2], [0, 1])[1].tolist() == [0, 1]


def test_training_and_checking_take_class_numbers_as_one_hot_rows():
    X, one_hot = [[1, 2], [3, 4]], [[0, 0, 1], [1, 0, 0]]
    first, again = (next(train(CLASSES, X, T, 0.1, 1)) for T in ([2, 0], one_hot))
    assert first.loss == again.loss
    assert check_gradients(CLASSES, X, [2, 0]).passed


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (
            [3, 0],
            "3, but the classes of 3 outputs are the whole numbers 0 to 2; or give 3 probabilities for each sample.",
        ),
        ([-1, 0], "-1, but the classes of 3 outputs are the whole numbers 0 to 2; or give 3 probabilities"),
        ([1.5, 0], "1.5, but the classes of 3 outputs are the whole numbers 0 to 2; or give 3 probabilities"),
        ([1, 3], "3, but the classes of 3 outputs are the whole numbers 0 to 2; subtract 1 from each."),
    ],
)
def test_class_numbers_that_do_not_fit_are_refused(target, said):
    with refuses(ValueError, f"target holds {said}"):
        backprop(CLASSES, [[1, 2], [3, 4]], target)


def test_class_numbers_for_other_outputs_are_refused_with_what_would_fit():
    message = "shape (2, 3). If it holds class numbers, give np.eye(3)[target], or make the outputs a softmax."
    with refuses(ValueError, message):
        backprop(Network.random([2, 3]), [[1, 2], [3, 4]], [2, 0])


def test_classes_as_text_are_refused_with_the_way_to_number_them():
    message = "target holds text; give numbers; np.unique(target, return_inverse=True)[1] numbers the classes from 0."
    with refuses(TypeError, message):
        backprop(CLASSES, [[1, 2], [3, 4]], ["cat", "dog"])


def test_an_error_about_many_targets_is_one_short_line():
    target = np.zeros((1000, 3))
    target[5, 1] = 7
    with pytest.raises(ValueError, match=r"^target holds 7, but cross_entropy compares probabilities: .{1,90}$"):
        backprop(CLASSES, np.ones((1000, 2)), target)
