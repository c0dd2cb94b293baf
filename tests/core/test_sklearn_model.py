"""Models of scikit-learn: their weights, outputs, loss and every gradient are those of scikit-learn itself."""

import re
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import agree, sklearn_or_skip

from bppviz import Network, backprop

RATE = 1.0  # of the one step of gradient descent from which the gradients are read
FEATURES = ["height", "width", "depth"]


def perceptron(kind, hidden=(3,), activation="tanh", seed=0, **more):
    """Return a model that has yet to be fitted, and that descends along its gradients alone."""
    plain = {"solver": "sgd", "momentum": 0, "nesterovs_momentum": False, "learning_rate_init": RATE, "alpha": 0}
    made = getattr(sklearn_or_skip(), f"MLP{kind}")
    return made(hidden_layer_sizes=hidden, activation=activation, random_state=seed, **(plain | more))


def targets_for(kind, rng):
    """Return targets of six samples as scikit-learn takes them, and as we do."""
    if kind == "two classes":
        classes = np.array([0, 1, 1, 0, 1, 0])
        return np.array(["no", "yes"])[classes], classes[:, None]
    if kind == "classes":
        classes = np.array([0, 1, 2, 0, 1, 2])
        return np.array(["ant", "bee", "cow"])[classes], classes
    if kind == "labels":
        labels = np.array([[1, 0], [0, 1], [1, 1], [0, 0], [1, 0], [0, 1]])
        return labels, labels
    values = rng.normal(size=(6, 1 if kind == "value" else 3))
    return values[:, 0] if kind == "value" else values, values


KINDS = {"two classes": "Classifier", "classes": "Classifier", "labels": "Classifier", "value": "Regressor"}
KINDS["values"] = "Regressor"


@given(
    st.sampled_from(list(KINDS)),
    st.sampled_from(["identity", "logistic", "tanh", "relu"]),
    st.lists(st.integers(1, 4), max_size=3),
    st.integers(0, 10_000),
)
@settings(max_examples=60, deadline=None)
def test_outputs_loss_and_every_gradient_are_those_of_scikit_learn(kind, activation, hidden, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(6, 3))
    theirs, ours = targets_for(kind, rng)
    model = perceptron(KINDS[kind], hidden, activation, seed)
    first = {"classes": np.unique(theirs) if theirs.ndim == 1 else [0, 1]} if KINDS[kind] == "Classifier" else {}
    model.partial_fit(x, theirs, **first)
    with warnings.catch_warnings(action="ignore" if kind in ("values", "two classes") else "error"):
        network = Network.from_sklearn(model)
    trace = backprop(network, x, ours)
    outputs = getattr(model, "predict_proba" if KINDS[kind] == "Classifier" else "predict")(x).reshape(6, -1)
    agree("outputs", [trace.a[-1]], [outputs[:, 1:] if kind == "two classes" else outputs], 1e-12, 1e-14)

    before = [w.T.copy() for w in model.coefs_], [b.copy() for b in model.intercepts_]
    agree("weights", network.weights, before[0], 0, 0)
    agree("biases", network.biases, before[1], 0, 0)
    model.partial_fit(x, theirs)
    agree("L", [trace.L], [model.loss_ * (3 if kind == "values" else 1)], 1e-12, 1e-14)
    gradients = (
        [old - new for old, new in zip(olds, news, strict=True)]
        for olds, news in zip(before, ([w.T for w in model.coefs_], model.intercepts_), strict=True)
    )
    for ours, theirs in zip((trace.dL_dw, trace.dL_db), gradients, strict=True):
        agree("gradients", ours, theirs, 1e-12, 1e-14)


def fitted(kind, y, **more):
    """Return a model that was fitted for a moment, to a table with names."""
    x = pd.DataFrame(np.arange(len(y) * 3).reshape(-1, 3) / 10, columns=FEATURES)
    return perceptron(kind, **more).partial_fit(x, y, **({"classes": np.unique(y)} if kind == "Classifier" else {}))


@pytest.mark.parametrize(
    ("kind", "y", "said", "outputs"),
    [
        ("Classifier", ["no", "yes"], "3-3-1, tanh-sigmoid, binary_cross_entropy, mean", ("yes",)),
        ("Classifier", ["a", "b", "c"], "3-3-3, tanh-softmax, cross_entropy, mean", ("a", "b", "c")),
        ("Classifier", [4, 5, 6], "3-3-3, tanh-softmax, cross_entropy, mean", ("4", "5", "6")),
        ("Classifier", [False, True], "3-3-1, tanh-sigmoid, binary_cross_entropy, mean", ("True",)),
        ("Regressor", [0.5, 1.5], "3-3-1, tanh-identity, half_squared_error, mean", ()),
    ],
)
@pytest.mark.filterwarnings("ignore:the output is the probability")
def test_features_and_classes_are_the_names_of_inputs_and_outputs(kind, y, said, outputs):
    network = Network.from_sklearn(fitted(kind, y))
    assert repr(network) == f"Network({said})"
    assert network.input_names == tuple(FEATURES)
    assert network.output_names == outputs


def test_of_two_classes_it_is_told_which_of_them_the_output_is_the_probability_of():
    x = np.arange(12.0).reshape(6, 2)
    model = perceptron("Classifier", [2], "tanh", 0).partial_fit(x, [1, 2] * 3, classes=[1, 2])
    with pytest.warns(UserWarning, match="class 2: as a target give 1 for it, and 0 for class 1"):
        Network.from_sklearn(model)


def test_of_two_classes_with_names_these_are_the_targets():
    x, y = np.arange(12.0).reshape(6, 2), np.array(["no", "yes"] * 3)
    model = perceptron("Classifier", [2], "tanh", 0).partial_fit(x, y, classes=["no", "yes"])
    network = Network.from_sklearn(model)
    assert (network.output_names, network.activations[-1]) == (("yes",), "sigmoid")
    of_names, of_numbers = backprop(model, x, y), backprop(network, x, [0, 1] * 3)
    assert of_names.L == of_numbers.L
    model.partial_fit(x, y)
    agree("L", [of_names.L], [model.loss_], 1e-12, 0)


def test_of_several_outputs_it_is_told_that_the_loss_is_reported_as_their_mean():
    said = "MLPRegressor reports the mean over its 2 outputs as its loss, but its gradients are those of their sum, "
    with pytest.warns(UserWarning, match=f"^{said}half_squared_error, as here.$") as told:
        Network.from_sklearn(fitted("Regressor", [[0.0, 1], [1, 2]]))
    assert [it.filename for it in told] == [__file__]


def of_others():
    """Return models that cannot be shown, and what is said of each."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    takes = "from_sklearn takes a fitted MLPClassifier or MLPRegressor."
    poisson = fitted("Regressor", [0.5, 1.5], loss="poisson")
    return [
        (
            perceptron("Classifier"),
            "the model is an MLPClassifier that has not been fitted; fit it first: model.fit(X, y).",
        ),
        (poisson, "the MLPRegressor has loss='poisson', and no loss here is that one; give one with squared_error."),
        (LogisticRegression(), f"the model is a sklearn LogisticRegression; {takes}"),
        (
            make_pipeline(perceptron("Classifier")),
            "the model is a sklearn Pipeline; give its last step, model[-1], and x "
            "as the steps before it make it, model[:-1].transform(x).",
        ),
        (None, f"the model is a NoneType; {takes}"),
    ]


@pytest.mark.parametrize("case", range(5))
def test_any_other_model_is_refused_in_a_sentence(case):
    sklearn_or_skip()
    model, said = of_others()[case]
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(said)}$"):
        Network.from_sklearn(model)
