"""What is given in a network's place: models of other libraries, and the names of columns and classes."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from oracle import agree, keras_or_skip, sklearn_or_skip, torch_or_skip

from bppviz import Network, backprop, check_gradients, explain, train
from bppviz.core.samples import check_samples

X, CLASSES = [[0.5, -1.0], [2.0, 0.0]], [1, 0]


def torch_model():
    """Return a model of PyTorch that says by its end what its loss is."""
    nn = torch_or_skip().nn
    return nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2), nn.LogSoftmax(1))


def sklearn_model():
    """Return a fitted model of scikit-learn."""
    made = sklearn_or_skip().MLPClassifier((3,), max_iter=1, random_state=0)
    return made.partial_fit(pd.DataFrame([*X, *X], columns=["height", "width"]), [0, 1, 2, 0], classes=[0, 1, 2])


def keras_model():
    """Return a compiled model of Keras."""
    keras = keras_or_skip()
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, "softmax")])
    model.compile(loss="sparse_categorical_crossentropy")
    return model


MODELS = {
    "torch": (torch_model, Network.from_torch),
    "sklearn": (sklearn_model, Network.from_sklearn),
    "keras": (keras_model, Network.from_keras),
}
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")  # of Keras


@pytest.mark.parametrize("library", MODELS)
def test_a_model_stands_wherever_a_network_does(library):
    make, take = MODELS[library]
    model = make()
    expected = backprop(take(model), X, CLASSES)
    trace = backprop(model, X, CLASSES)
    assert trace.L == expected.L
    agree("dL_dw", trace.dL_dw, expected.dL_dw, 0, 0)
    assert next(train(model, X, CLASSES, 0.1, 1)).loss == expected.L
    assert check_gradients(model, X, CLASSES).passed
    explainer = explain(model, X, CLASSES)
    assert explainer.trace.L == expected.L
    explainer.close()


def test_a_model_without_a_loss_is_answered_with_the_line_to_write():
    model = torch_or_skip().nn.Linear(2, 1)
    for call in (backprop, explain):
        with pytest.raises(TypeError, match=re.escape("give Network.from_torch(model, loss=…), a loss of PyTorch")):
            call(model, [1, 2], [0])


# Names


FRAME = pd.DataFrame(X, columns=["height", "width"])
NETWORK = Network.random([2, 3], loss="cross_entropy")


@pytest.mark.parametrize("x", [FRAME, FRAME.iloc[0]])
def test_the_columns_of_a_table_and_the_entries_of_its_row_name_the_inputs(x):
    target = CLASSES if x.ndim == 2 else 1
    assert backprop(NETWORK, x, target).network.input_names == ("height", "width")
    explainer = explain(NETWORK, x, target)
    assert explainer.trace.network.input_names == ("height", "width")
    explainer.close()


@pytest.mark.parametrize("x", [X, np.array(X), pd.DataFrame(X), [0.5, -1.0], pd.Series([0.5, -1.0])])
def test_numbers_that_count_the_columns_are_no_names(x):
    network = backprop(NETWORK, x, CLASSES if np.ndim(x) == 2 else 1).network
    assert network is NETWORK


def test_names_that_a_network_has_stay_and_columns_in_another_order_are_refused():
    named = replace(NETWORK, input_names=("height", "width"))
    other = FRAME.rename(columns={"height": "h"})
    assert backprop(named, other, CLASSES).network.input_names == ("height", "width")
    said = "the columns of x stand in another order than the inputs of the network; give x[list(network.input_names)]"
    turned = FRAME[["width", "height"]]
    for call in (backprop, explain, check_gradients, lambda *given: next(train(*given, 0.1, 1))):
        with pytest.raises(ValueError, match=re.escape(said)):
            call(named, turned, CLASSES)
    with pytest.raises(ValueError, match=re.escape(said)):
        backprop(named, turned.iloc[0], 0)
    assert backprop(named, FRAME[["width", "height"]][list(named.input_names)], CLASSES).x.tolist() == X


ANIMALS = replace(NETWORK, output_names=("ant", "bee", "cow"))
ROWS = [[0, 1, 0], [1, 0, 0]]


@pytest.mark.parametrize(
    "target",
    [
        ["bee", "ant"],
        ("bee", "ant"),
        np.array(["bee", "ant"]),
        np.array(["bee", "ant"], dtype=object),
        pd.Series(["bee", "ant"]),
        pd.Series(["bee", "ant"], dtype="category"),
        [["bee"], ["ant"]],
        np.array([["bee"], ["ant"]]),
        pd.DataFrame({"animal": ["bee", "ant"]}),
        CLASSES,
    ],
)
def test_the_names_of_classes_are_targets_as_their_numbers_are(target):
    assert check_samples(ANIMALS, X, target)[1].tolist() == ROWS


@pytest.mark.parametrize("target", ["bee", ["bee"], ("bee",), np.array(["bee"]), pd.Series(["bee"]), [["bee"]], 1, [1]])
def test_of_one_sample_a_name_or_a_number_is_the_target_in_a_list_too(target):
    assert check_samples(ANIMALS, X[0], target)[1].tolist() == ROWS[0]
    assert check_samples(ANIMALS, X[:1], [target] if isinstance(target, int) else target)[1].tolist() == ROWS[:1]


def test_several_names_for_one_sample_are_refused():
    with pytest.raises(ValueError, match=r"^target holds 2 names, but x is one sample; give one name\.$"):
        check_samples(ANIMALS, X[0], ["bee", "ant"])


HOT = pd.DataFrame(ROWS, columns=["ant", "bee", "cow"])


def test_columns_of_targets_are_the_outputs_and_in_another_order_they_are_refused():
    assert check_samples(ANIMALS, X, HOT)[1].tolist() == ROWS
    said = "the columns of target stand in another order than the outputs of the network; "
    said += "give target[list(network.output_names)]."
    turned = HOT[["cow", "ant", "bee"]]
    for x, target in ((X, turned), (X[0], turned.iloc[0])):
        with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
            check_samples(ANIMALS, x, target)
    assert check_samples(ANIMALS, X, turned[list(ANIMALS.output_names)])[1].tolist() == ROWS


def test_columns_that_are_called_by_numbers_are_compared_as_texts():
    network = replace(NETWORK, output_names=("4", "5", "6"))
    hot = pd.DataFrame(ROWS, columns=[4, 5, 6])
    assert check_samples(network, X, hot)[1].tolist() == ROWS
    with pytest.raises(ValueError, match="stand in another order than the outputs"):
        check_samples(network, X, hot[[6, 5, 4]])


# Two classes, of which a single output has the name of one


YES = replace(Network.random([2, 1], loss="binary_cross_entropy"), output_names=("yes",))


@pytest.mark.parametrize(
    "target", [["yes", "no"], [["yes"], ["no"]], np.array([["yes"], ["no"]]), pd.Series(["yes", "no"])]
)
def test_the_name_of_the_output_is_1_and_the_other_class_0(target):
    assert check_samples(YES, X, target)[1].tolist() == [[1], [0]]
    assert check_samples(YES, X, ["no", "no"])[1].tolist() == [[0], [0]]


@pytest.mark.parametrize(("target", "number"), [("yes", 1), (["yes"], 1), ("no", 0)])
def test_of_one_sample_too(target, number):
    assert check_samples(YES, X[0], target)[1].tolist() == [number]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (["Yes", "no"], "target holds 'Yes', and the output is called 'yes'; write it so."),
        (["yes ", "no"], "target holds 'yes ', and the output is called 'yes'; write it so."),
        (
            ["no", "maybe"],
            "target holds 'no' and 'maybe', but beside 'yes', as the output is called, there is one class alone; "
            "give two names, or 1 and 0.",
        ),
    ],
)
def test_names_that_cannot_be_the_two_classes_are_refused(target, said):
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        check_samples(YES, X, target)


@pytest.mark.parametrize("target", ["dog", ["bee", "dog"]])
def test_a_name_that_no_output_has_is_refused(target):
    said = "target holds 'dog', and no output is called so; they are ['ant', 'bee', 'cow']."
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        check_samples(ANIMALS, X[0] if isinstance(target, str) else X, target)


@pytest.mark.parametrize("names", ["123", "456", "210", ("1.0", "2.0", "3.0")])
def test_numbers_of_classes_that_are_called_by_other_numbers_are_refused(names):
    network = replace(NETWORK, output_names=tuple(names))
    said = f"target holds 1, but the outputs are called {list(names)}: give a name as text, such as '{names[0]}', or a "
    with pytest.raises(ValueError, match=f"^{re.escape(said)}probability for each output.$"):
        check_samples(network, X, CLASSES)
    assert check_samples(network, X, list(names[:2]))[1].tolist() == [[1, 0, 0], [0, 1, 0]]
    assert check_samples(network, X, ROWS)[1].tolist() == ROWS


def test_classes_that_are_called_by_their_own_numbers_are_taken():
    network = replace(NETWORK, output_names=("0", "1", "2"))
    assert check_samples(network, X, CLASSES)[1].tolist() == ROWS
