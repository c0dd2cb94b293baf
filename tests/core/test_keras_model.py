"""Models of Keras: their weights, outputs, loss and every gradient are those of Keras itself."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import agree, keras_or_skip, torch_or_skip

from bppviz import Network, backprop
from bppviz.core.functions import LOSSES

# What Keras itself warns of when it reads its own numbers with NumPy 2
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")
HIDDEN = ("sigmoid", "tanh", "relu", "linear")
# By the name of the loss: the activation at the output, and our name.
ENDS = {
    "categorical_crossentropy": ("softmax", "cross_entropy"),
    "binary_crossentropy": ("sigmoid", "binary_cross_entropy"),
}
# Its name and its class: of a single output, and of several.
LOSS_OF = [
    ("binary_crossentropy", "BinaryCrossentropy"),
    ("categorical_crossentropy", "CategoricalCrossentropy"),
]


def row(*layers, inputs=2):
    """Return a Sequential of these layers."""
    keras = keras_or_skip()
    return keras.Sequential([keras.Input((inputs,)), *layers])


SHAPES = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10_000),
        "sizes": st.lists(st.integers(1, 4), min_size=1, max_size=4),
        "outputs": st.integers(1, 4),
        "bends": st.lists(st.sampled_from(HIDDEN), min_size=4, max_size=4),
        "biases": st.lists(st.booleans(), min_size=4, max_size=4),
        "from_logits": st.booleans(),
        "functional": st.booleans(),
    }
)


def built(shape):
    """Return a model of a few Dense layers, compiled with a loss of probabilities or logits, and the loss's name."""
    keras = keras_or_skip()
    keras.utils.set_random_seed(shape["seed"])
    name, kind = LOSS_OF[shape["outputs"] > 1]
    units = [*shape["sizes"][1:], shape["outputs"]]
    bends = [*shape["bends"][: len(units) - 1], "linear" if shape["from_logits"] else ENDS[name][0]]
    layers = [
        keras.layers.Dense(n, bend, use_bias, bias_initializer="random_normal")
        for n, bend, use_bias in zip(units, bends, shape["biases"], strict=False)
    ]
    if shape["functional"]:
        x = y = keras.Input((shape["sizes"][0],))
        for layer in layers:
            y = layer(y)
        model = keras.Model(x, y)
    else:
        model = row(*layers, inputs=shape["sizes"][0])
    model.compile(loss=getattr(keras.losses, kind)(shape["from_logits"], reduction="sum"))
    return model, name


def compared(model, name, seed):
    """Yield names, our numbers and those of Keras, of a run of samples."""
    torch, rng = torch_or_skip(), np.random.default_rng(seed)
    dense = [layer for layer in model.layers if layer.get_weights()]
    x = torch.tensor(rng.normal(size=(3, dense[0].kernel.shape[0])).astype(np.float32))
    n = dense[-1].kernel.shape[1]
    t = np.eye(n)[rng.integers(0, n, 3)] if n > 1 else rng.integers(0, 2, (3, 1))
    L = model.loss(torch.tensor(t.astype(np.float32)), model(x))
    variables = [variable.value for layer in dense for variable in layer.trainable_weights]
    gradients = iter(torch.autograd.grad(L, variables))
    network = Network.from_keras(model)
    assert (network.activations[-1], network.loss) == ENDS[name]
    trace = backprop(network, x, t)
    yield "L", trace.L, L.item()
    for layer, it in enumerate(dense):
        assert (network.weights[layer] == it.get_weights()[0].T).all()
        yield f"dL_dw of {layer}", trace.dL_dw[layer], next(gradients).numpy().T
        if it.use_bias:
            assert (network.biases[layer] == it.get_weights()[1]).all()
            yield f"dL_db of {layer}", trace.dL_db[layer], next(gradients).numpy()


@given(SHAPES, st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_loss_and_every_gradient_are_those_of_keras_as_closely_as_float32_can_tell(shape, seed):
    # Behind any library but TensorFlow, Keras computes in float32 what it is told to compute in float64.
    for name, ours, theirs in compared(*built(shape), seed):
        agree(name, [ours], [theirs], 0, 1e-5 * max(1, np.abs(theirs).max()))


def test_the_outputs_are_those_that_keras_predicts():
    K = keras_or_skip().layers
    model = row(K.Dense(3, "tanh"), K.Dense(3, "leaky_relu", use_bias=False), K.Dense(2, "softmax"))
    trace = backprop(Network.from_keras(model, "cross_entropy"), [[0.5, -1], [2, 0]], [0, 1])
    agree("outputs", [trace.a[-1]], [model.predict(np.array([[0.5, -1], [2, 0]]), verbose=0)], 0, 1e-6)


# What is taken, and what is refused


def taken(keras):
    """Return models, each with a loss and what becomes of it."""
    K, half, x = keras.layers, "half_squared_error", keras.Input((2,))
    compiled = row(K.Dense(2, "softmax"))
    compiled.compile(loss="sparse_categorical_crossentropy")
    slope = keras.layers.LeakyReLU(negative_slope=0.01)
    return [
        (row(K.Dense(3, "relu"), K.Dense(1)), half, "2-3-1, relu-identity, half_squared_error"),
        (row(K.Dense(1, use_bias=False)), half, "2-1, identity, half_squared_error"),
        (row(K.Dense(3), K.Activation("tanh"), K.Dense(1)), half, "2-3-1, tanh-identity, half_squared_error"),
        (row(row(K.Dense(3), K.ReLU()), K.Dense(1)), half, "2-3-1, relu-identity, half_squared_error"),
        (row(K.Dense(1, activation=slope)), half, "2-1, leaky_relu, half_squared_error"),
        (row(K.Dense(1), K.LeakyReLU(negative_slope=0.3)), half, "2-1, leaky_relu(0.3), half_squared_error"),
        (row(K.Dense(1), K.ReLU(negative_slope=0.1)), half, "2-1, leaky_relu(0.1), half_squared_error"),
        (row(K.Dense(2), K.Softmax()), "cross_entropy", "2-2, softmax, cross_entropy"),
        (compiled, None, "2-2, softmax, cross_entropy, mean"),
        (compiled, half, "2-2, softmax, half_squared_error"),
        (row(K.Dense(2, "log_softmax")), "cross_entropy", "2-2, softmax, cross_entropy"),
        (row(K.Dense(1, "sigmoid")), "binary_crossentropy", "2-1, sigmoid, binary_cross_entropy, mean"),
        (row(K.Dense(1, "sigmoid")), "bce", "2-1, sigmoid, binary_cross_entropy, mean"),
        (row(K.Dense(1)), "MeanSquaredError", "2-1, identity, mean_squared_error, mean"),
        (row(K.Dense(2, "softmax")), keras.losses.categorical_crossentropy, "2-2, softmax, cross_entropy, mean"),
        (keras.Model(x, K.Dense(1, "tanh")(K.Dense(2)(x))), half, "2-2-1, identity-tanh, half_squared_error"),
        (keras.Model(x, row(K.Dense(1))(x)), half, "2-1, identity, half_squared_error"),
    ]


@pytest.mark.parametrize("case", range(17))
def test_a_model_is_taken_as_what_it_is(case):
    model, loss, said = taken(keras_or_skip())[case]
    assert repr(Network.from_keras(model, loss)) == f"Network({said})"


TAKES = "from_keras takes Dense layers with sigmoid, tanh, relu, LeakyReLU, linear, softmax or log_softmax"
OURS = ", ".join(map(repr, LOSSES))
THEIRS = "binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy, mean_squared_error"


def refused(keras):
    """Return models that cannot be shown, or not with this loss, and what is said of each."""
    K, half, x = keras.layers, "half_squared_error", keras.Input((2,))
    dense, losses = K.Dense(2, name="d"), keras.losses

    class Net(keras.Model):
        def call(self, inputs):
            return inputs

    class Twice(K.Dense):
        def call(self, inputs):
            return 2 * super().call(inputs)

    both, twice = keras.Model(x, [dense(x), dense(x)], name="m"), keras.Model(x, dense(dense(x)), name="m")
    one_row = "the layers of 'm' do not stand in one row; a network here has one path alone."
    return [
        (
            Net(name="m"),
            half,
            "layer 'm' of the model is a test_keras_model Net, and its own call cannot be looked "
            f"into; {TAKES}, one behind the other.",
        ),
        (
            row(Twice(2, name="t")),
            half,
            "layer 't' of the model is a test_keras_model Twice, and its own call cannot be "
            f"looked into; {TAKES}, one behind the other.",
        ),
        (
            row(K.BatchNormalization(name="b")),
            half,
            f"layer 'b' of the model is a keras BatchNormalization; {TAKES}, one behind the other.",
        ),
        (None, half, f"the model is a NoneType; {TAKES}, one behind the other."),
        (both, half, one_row),
        (twice, half, one_row),
        (
            keras.Sequential([K.Dense(2, name="d")]),
            half,
            "layer 'd' (Dense) has no weights yet; build the model, or call it once.",
        ),
        (row(K.Dense(2, "gelu", name="d")), half, f"layer 'd' (Dense) has the activation gelu; {TAKES}."),
        (
            row(K.Dense(2), K.LeakyReLU(negative_slope=2, name="r")),
            half,
            "layer 'r' (LeakyReLU) has the slope 2; a leaky_relu has a slope between 0 and 1: give leaky_relu(0.1), "
            "or relu for 0, or identity for 1.",
        ),
        (
            row(K.Dense(2), K.ReLU(max_value=6, name="r")),
            half,
            "layer 'r' (ReLU) has a max_value of its own, and here there is none; give it without.",
        ),
        (
            row(K.Dense(2), K.Softmax(axis=0, name="s")),
            half,
            "layer 's' (Softmax) has axis=0, and the outputs of a sample are axis=-1; give that.",
        ),
        (
            row(K.Dense(2, "tanh", name="d"), K.ReLU(name="r")),
            half,
            "layer 'r' (ReLU) follows layer 'd' (Dense); an "
            "activation belongs behind a layer of weights, one behind each.",
        ),
        (
            row(dense),
            None,
            "the model was not compiled with a loss: give Network.from_keras(model, loss=…), a loss of "
            f"Keras such as 'categorical_crossentropy', or one of {OURS}.",
        ),
        (row(dense), losses.Huber(), f"loss is Huber; give a loss of Keras, one of {THEIRS}, or one of {OURS}."),
        (row(dense), {"d": "mse"}, f"loss is a dict; give a loss of Keras, one of {THEIRS}, or one of {OURS}."),
        (
            row(dense),
            "categorical_crossentropy",
            "'categorical_crossentropy' takes probabilities, but the model ends in "
            "layer 'd' (Dense): end it in a softmax.",
        ),
        (
            row(K.Dense(2, "sigmoid", name="d")),
            "categorical_crossentropy",
            "'categorical_crossentropy' takes "
            "probabilities, but the model ends in layer 'd' (Dense): end it in a softmax.",
        ),
        (
            row(dense),
            losses.CategoricalCrossentropy(label_smoothing=0.1),
            "CategoricalCrossentropy has a label_smoothing of its own, and here there is none; give it without.",
        ),
        (
            row(dense),
            losses.CategoricalCrossentropy(reduction=None),
            "CategoricalCrossentropy has reduction=None, which is no single number; give 'sum'.",
        ),
    ]


@pytest.mark.parametrize("case", range(19))
def test_what_cannot_be_shown_is_refused_in_one_sentence_that_names_it(case):
    model, loss, said = refused(keras_or_skip())[case]
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(said)}$"):
        Network.from_keras(model, loss)


def test_the_tables_have_no_more_models_than_are_tried():
    keras = keras_or_skip()
    assert (len(taken(keras)), len(refused(keras))) == (17, 19)


@pytest.mark.parametrize("loss", ["mse", "mean_squared_error", "MeanSquaredError"])
def test_a_mean_of_squares_is_never_taken_for_half_of_their_sum(loss):
    keras = keras_or_skip()
    of_keras = keras.losses.MeanSquaredError()
    model = row(keras.layers.Dense(3))
    x, target = np.array([[1.0, 2.0], [0.5, 3.0]]), np.array([[1.0, 0.0, 1.0], [0.0, 2.0, 1.0]])
    network = Network.from_keras(model, of_keras if loss == "MeanSquaredError" else loss)
    assert network.loss == "mean_squared_error"
    agree("L", [backprop(network, x, target).L], [of_keras(target, model(x)).item()], 1e-5, 0)


def test_the_total_is_a_mean_unless_the_loss_or_somebody_says_sum():
    keras = keras_or_skip()
    model = row(keras.layers.Dense(2, "softmax"))
    of_sum, name = keras.losses.CategoricalCrossentropy(reduction="sum"), "categorical_crossentropy"
    assert Network.from_keras(model, of_sum).total == "sum"
    assert Network.from_keras(model, name).total == "mean"
    assert Network.from_keras(model, name, "sum").total == "sum"
    assert Network.from_keras(model, "cross_entropy").total == "sum"


def test_layers_that_are_passed_over_are_told_of_where_the_model_is_given():
    K = keras_or_skip().layers
    with pytest.warns(UserWarning, match="is passed over") as told:
        Network.from_keras(row(K.Flatten(), K.Dense(3), K.Dropout(0.5), K.Dense(1)), "half_squared_error")
    told = [it for it in told if it.category is UserWarning]
    assert [str(it.message) for it in told] == [
        "Flatten is passed over: give each sample as one row of numbers.",
        "Dropout is passed over: the model is shown as it predicts, where nothing is dropped.",
    ]
    assert {it.filename for it in told} == {__file__}


def test_a_mean_over_several_outputs_is_told_of_where_ours_is_their_sum():
    K = keras_or_skip().layers
    said = "'binary_crossentropy' is the mean over the 2 outputs, binary_cross_entropy the sum: all is 2 times as large"
    with pytest.warns(UserWarning, match=said):
        Network.from_keras(row(K.Dense(2, "sigmoid")), "binary_crossentropy")


@pytest.mark.parametrize("weights", [[2.0], 0.5, {"d": 2.0}])
def test_weights_of_the_loss_are_refused_unless_the_loss_is_given_without_them(weights):
    model = row(keras_or_skip().layers.Dense(1, name="d"))
    model.compile(loss={"d": "mse"} if isinstance(weights, dict) else "mse", loss_weights=weights)
    said = (
        f"the model was compiled with loss_weights={weights}, and no loss here has a weight; give the loss without one"
    )
    with pytest.raises(ValueError, match=re.escape(said)):
        Network.from_keras(model)
    assert Network.from_keras(model, "mse").loss == "mean_squared_error"


def test_a_weight_of_1_changes_nothing():
    model = row(keras_or_skip().layers.Dense(1))
    model.compile(loss="mse", loss_weights=[1.0])
    assert Network.from_keras(model).loss == "mean_squared_error"


@pytest.mark.parametrize("what", ["kernel_regularizer", "bias_regularizer", "activity_regularizer"])
def test_of_a_penalty_it_is_told_that_it_is_no_part_of_the_loss(what):
    model = row(keras_or_skip().layers.Dense(1, name="d", **{what: "l2"}))
    said = f"the {what} of layer 'd' (Dense) is no part of the loss here, nor of its gradients."
    with pytest.warns(UserWarning, match=f"^{re.escape(said)}$"):
        Network.from_keras(model, "mse")


@pytest.mark.parametrize("what", ["kernel_constraint", "bias_constraint"])
def test_of_a_constraint_it_is_told_that_an_update_may_go_beyond_it(what):
    model = row(keras_or_skip().layers.Dense(1, name="d", **{what: "non_neg"}))
    said = f"the {what} of layer 'd' (Dense) is passed over: here an update may go beyond it."
    with pytest.warns(UserWarning, match=f"^{re.escape(said)}$"):
        Network.from_keras(model, "mse")


def test_layers_that_share_their_numbers_are_refused():
    keras = keras_or_skip()
    shared = keras.layers.Dense(2, name="d")
    with pytest.raises(ValueError, match=r"^layer 'd' \(Dense\) shares its numbers with layer 'd' \(Dense\); such"):
        Network.from_keras(row(row(shared), shared), "mse")


def test_of_a_mean_over_outputs_and_samples_that_are_to_be_added_up_both_are_told():
    K = keras_or_skip().layers
    said = "is the mean over the 2 outputs of N samples, binary_cross_entropy the sum: all is 2 N times as large here."
    with pytest.warns(UserWarning, match=said):
        Network.from_keras(row(K.Dense(2, "sigmoid")), "binary_crossentropy", "sum")
