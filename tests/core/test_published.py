"""Worked examples that others published, in their conventions, digit by digit. Only their numbers are taken."""

import re

import numpy as np
import pytest

from bppviz import Network, backprop, train


def same(ours, published, units=0.5001):
    """Compare numbers with texts, each within half a unit of the last digit that was published, or so many units."""
    texts = np.ravel(published)
    assert np.size(ours) == len(texts)
    for value, text in zip(np.ravel(ours), texts, strict=True):
        decimals = len(text.partition(".")[2])
        assert abs(float(value) - float(text)) <= units * 10.0**-decimals, (value, text)


def logistic():
    """Return the network, and its three samples with X and Y in columns as they are published.

    A. Ng, K. Katanforoosh, Y. Bensouda Mourri: Neural Networks and Deep Learning, week 2, programming assignment
    "Logistic Regression with a Neural Network mindset", expected output of `propagate` and of `optimize`.
    """
    network = Network([[[1, 2]]], [[2]], "sigmoid", "binary_cross_entropy", total="mean")
    return network, np.array([[1.0, 2.0, -1.0], [3.0, 4.0, -3.2]]), np.array([[1, 0, 1]])


def test_samples_in_columns_are_answered_with_what_to_give():
    network, X, Y = logistic()
    with pytest.raises(
        ValueError, match=re.escape("the samples stand in columns, and here they stand in rows. Give x.T")
    ):
        backprop(network, X, Y)


def test_the_binary_cross_entropy_of_three_samples_as_a_mean_has_the_published_gradients():
    network, X, Y = logistic()
    trace = backprop(network, X.T, Y.T)
    same(trace.L, ["5.80154531939"])  # its last four digits are lost where 1 − a is taken of an a close to 1
    same(trace.dL_dw[0], ["0.99845601", "2.39507239"])
    same(trace.dL_db[0], ["0.00145557813678"])


def test_a_hundred_updates_with_that_mean_lead_to_the_published_weights():
    network, X, Y = logistic()
    *_, before, last = train(network, X.T, Y.T, 0.009, 100)
    same(last.network.weights[0], ["0.19033591", "0.12259159"])
    same(last.network.biases[0], ["1.92535983008"])
    # The gradients that are published with them are those of the last update.
    trace = backprop(before.network, X.T, Y.T)
    same(trace.dL_dw[0], ["0.67752042", "1.41625495"])
    same(trace.dL_db[0], ["0.219194504541"])


def test_a_hidden_layer_of_tanh_with_that_mean_has_the_published_gradients():
    """A. Ng and others, as above, week 3: "Planar data classification with one hidden layer", `backward_propagation`.

    Its samples are the first normal numbers of NumPy's seed 1, and its activations are given with 8 decimals.
    """
    rng = np.random.RandomState(1)
    X, Y = rng.randn(2, 3), rng.randn(1, 3) > 0
    W1 = [
        [-0.00416758, -0.00056267],
        [-0.02136196, 0.01640271],
        [-0.01793436, -0.00841747],
        [0.00502881, -0.01245288],
    ]
    W2 = [[-0.01057952, -0.00909008, 0.00551454, 0.02292208]]
    network = Network([W1, W2], [[0] * 4, [0]], ["tanh", "sigmoid"], "binary_cross_entropy", total="mean")
    trace = backprop(network, X.T, Y.T)
    same(trace.a[1].T, ["0.5002307", "0.49985831", "0.50023963"])
    of_first = ["0.00301023", "-0.00747267", "0.00257968", "-0.00641288"]
    same(trace.dL_dw[0], [*of_first, "-0.00156892", "0.003893", "-0.00652037", "0.01618243"])
    same(trace.dL_db[0], ["0.00176201", "0.00150995", "-0.00091736", "-0.00381422"])
    same(trace.dL_dw[1], ["0.00078841", "0.01765429", "-0.00084166", "-0.01022527"])
    same(trace.dL_db[1], ["-0.16655712"])


def test_two_hidden_neurons_and_a_square_without_a_half_have_the_published_gradient():
    """V. Zhou: Machine Learning for Beginners: An Introduction to Neural Networks, for Alice alone.

    All activations are sigmoids, the loss is (1 − y)². What follows the output is published from rounded numbers.
    """
    network = Network([[[1, 1], [1, 1]], [[1, 1]]], [[0, 0], [0]], "sigmoid", "squared_error")
    trace = backprop(network, [-2, -1], [1])
    same(trace.a[0], ["0.0474", "0.0474"])
    same(trace.a[1], ["0.524"])
    same(trace.dl_da[1], ["-0.952"], units=1)
    same(trace.dsigma[1], ["0.249"])
    same(trace.dsigma[0], ["0.0452", "0.0452"])
    same(trace.dl_dw[0][0, 0], ["0.0214"], units=1)
