"""Training: the same numbers as PyTorch, one epoch after another, and never one that is not finite."""

import re
from collections import deque
from itertools import islice

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import batches, networks
from oracle import agree, torch_or_skip

from bppviz import Epoch, Network, backprop, samples, train

XOR = samples("xor")


def xor_network(activations="sigmoid", seed=3) -> Network:
    """Make a 2-2-1 network, with a seed from which it learns."""
    return Network.random([2, 2, 1], activations, seed=seed)


def line(weight=2.0, bias=0.0) -> Network:
    """Make a network of one weight and one bias, y = w x + b."""
    return Network([[[weight]]], [[bias]], "identity", "half_squared_error")


def last(epochs) -> Epoch:
    """Go through all epochs and return the last."""
    (epoch,) = deque(epochs, maxlen=1)
    return epoch


def same(network: Network, other: Network) -> bool:
    """Tell whether two networks have exactly the same numbers."""
    pairs = zip((*network.weights, *network.biases), (*other.weights, *other.biases), strict=True)
    return all(np.array_equal(ours, theirs) for ours, theirs in pairs)  # None is None too


# What it computes


def test_a_line_is_updated_by_the_sums_that_can_be_done_by_hand():
    first, second = train(line(), [[1], [3]], [[0], [0]], 0.05, 2)
    # y = 2, 6; L = ½ · 4 + ½ · 36; ∂L/∂w = 2 · 1 + 6 · 3; ∂L/∂b = 2 + 6
    assert (first.epoch, first.loss) == (1, 20)
    assert (first.network.weights[0].tolist(), first.network.biases[0].tolist()) == ([[1]], [-0.4])
    # y = 0.6, 2.6; L = ½ · 0.36 + ½ · 6.76; ∂L/∂w = 0.6 · 1 + 2.6 · 3; ∂L/∂b = 0.6 + 2.6
    assert (second.epoch, second.loss) == (2, pytest.approx(3.56))
    assert second.network.weights[0].tolist() == [[pytest.approx(1 - 0.05 * 8.4)]]
    assert second.network.biases[0].tolist() == [pytest.approx(-0.4 - 0.05 * 3.2)]


@given(st.data())
def test_the_first_epoch_is_exactly_the_update_that_backprop_records(data):
    network = data.draw(networks())
    X, T = data.draw(batches(network))
    update_biases = data.draw(st.booleans())
    trace = backprop(network, X, T, 0.1, update_biases)
    (epoch,) = train(network, X, T, 0.1, 1, update_biases)
    assert epoch.loss == trace.L
    assert same(epoch.network, trace.updated)


def test_each_epoch_goes_on_from_the_network_of_the_one_before():
    network = xor_network()
    for epoch in train(network, *XOR, 0.5, 20):
        trace = backprop(network, *XOR, 0.5)
        assert epoch.loss == trace.L
        assert same(epoch.network, trace.updated)
        network = epoch.network


OF_TORCH = {
    "sigmoid": lambda torch, z: torch.sigmoid(z),
    "tanh": lambda torch, z: torch.tanh(z),
    "relu": lambda torch, z: torch.relu(z),
    "leaky_relu": lambda torch, z: torch.nn.functional.leaky_relu(z, 0.01),
    "identity": lambda torch, z: z,
    "softmax": lambda torch, z: torch.softmax(z, dim=1),
    "half_squared_error": lambda torch, y, t: torch.nn.functional.mse_loss(y, t, reduction="sum") / 2,
    "squared_error": lambda torch, y, t: torch.nn.functional.mse_loss(y, t, reduction="sum"),
    "mean_squared_error": lambda torch, y, t: torch.nn.functional.mse_loss(y, t, reduction="sum") / y.shape[1],
    "binary_cross_entropy": lambda torch, y, t: torch.nn.functional.binary_cross_entropy(y, t, reduction="sum"),
    "cross_entropy": lambda torch, y, t: -(t * torch.log(y)).sum(),
}


def by_torch(torch, network, X, T, learning_rate, epochs, update_biases):
    """Return the losses, weights and biases of the same training with torch.optim.SGD."""

    def leaves(arrays):
        return [torch.tensor(array.copy(), requires_grad=True) for array in arrays]

    weights, biases = leaves(network.weights), leaves(network.biases)
    optimizer = torch.optim.SGD(weights + biases if update_biases else weights, lr=learning_rate)
    losses = []
    for _ in range(epochs):
        a = torch.tensor(X)
        for W, b, name in zip(weights, biases, network.activations, strict=True):
            a = OF_TORCH[name](torch, torch.nn.functional.linear(a, W, b))
        loss = OF_TORCH[network.loss](torch, a, torch.tensor(T)) / (len(X) if network.total == "mean" else 1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, *([leaf.detach().numpy() for leaf in of] for of in (weights, biases))


@pytest.mark.parametrize(("total", "update_biases"), [("sum", True), ("sum", False), ("mean", True)])
@pytest.mark.parametrize(
    ("activations", "loss"),
    [
        (["sigmoid", "sigmoid"], "half_squared_error"),
        (["tanh", "identity"], "half_squared_error"),
        (["tanh", "identity"], "squared_error"),
        (["tanh", "sigmoid"], "mean_squared_error"),
        (["tanh", "softmax"], "half_squared_error"),
        (["relu", "tanh", "leaky_relu"], "half_squared_error"),
        (["tanh", "sigmoid"], "binary_cross_entropy"),
        (["sigmoid", "softmax"], "binary_cross_entropy"),
        (["leaky_relu", "tanh", "softmax"], "cross_entropy"),
        (["relu", "sigmoid"], "cross_entropy"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value) if isinstance(value, list) else None,
)
def test_a_hundred_updates_agree_with_those_of_pytorch(activations, loss, total, update_biases):
    torch = torch_or_skip()
    rng = np.random.default_rng(len(activations))
    network = Network.random([3, 4, 3, 2][-len(activations) - 1 :], activations, loss, total=total)
    X, T = rng.normal(size=(6, network.sizes[0])), np.eye(2)[rng.integers(2, size=6)]
    epochs = list(train(network, X, T, 0.05, 100, update_biases))
    losses, weights, biases = by_torch(torch, network, X, T, 0.05, 100, update_biases)
    agree("loss", [epoch.loss for epoch in epochs], losses, 1e-9, 1e-9)
    agree("w", epochs[-1].network.weights, weights, 1e-9, 1e-9)
    agree("b", epochs[-1].network.biases, biases, 1e-9, 1e-9)


def test_a_network_of_two_hidden_sigmoids_learns_xor():
    epoch = last(train(xor_network(), *XOR, 5, 1000))
    assert epoch.loss < 0.01
    assert np.round(backprop(epoch.network, *XOR).a[-1]).tolist() == XOR[1].tolist()


# What an epoch is


def test_the_loss_of_an_epoch_is_the_one_before_its_update():
    epochs = list(train(xor_network(), *XOR, 0.5, 3))
    before = [xor_network(), *(epoch.network for epoch in epochs)]
    assert [epoch.loss for epoch in epochs] == [backprop(network, *XOR).L for network in before[:3]]


def test_epochs_count_from_1():
    assert [epoch.epoch for epoch in train(xor_network(), *XOR, 0.5, 4)] == [1, 2, 3, 4]


def test_an_epoch_says_what_it_is():
    (epoch,) = train(line(), [[1], [3]], [[0], [0]], 0.05, 1)
    assert repr(epoch) == "Epoch(epoch=1, loss=20.0)"


def test_no_epoch_changes_a_network_that_was_there_before():
    network = xor_network()
    numbers = [array.tolist() for array in (*network.weights, *network.biases)]
    first, *_ = epochs = list(train(network, *XOR, 0.5, 50))
    assert [array.tolist() for array in (*network.weights, *network.biases)] == numbers
    assert same(first.network, backprop(network, *XOR, 0.5).updated)
    assert len({epoch.network.weights[0][0, 0] for epoch in epochs}) == 50


def test_the_biases_stay_where_only_weights_are_updated():
    network = xor_network()
    epoch = last(train(network, *XOR, 0.5, 10, update_biases=False))
    assert [b.tolist() for b in epoch.network.biases] == [b.tolist() for b in network.biases]
    assert not np.array_equal(epoch.network.weights[0], network.weights[0])


def test_the_network_of_an_epoch_keeps_its_names_and_its_notation():
    lecture = last(train(Network.lecture(), *samples("lecture"), 0.5, 2)).network
    assert (lecture.notation, lecture.loss, lecture.activations) == ("lecture", "half_squared_error", ("sigmoid",) * 3)
    named = Network([[[1, 2]]], [[0]], "tanh", "half_squared_error", input_names=["a", "b"], output_names=["c"])
    made = last(train(named, *XOR, 0.5, 2)).network
    assert (made.input_names, made.output_names) == (("a", "b"), ("c",))


# What it takes


def test_a_single_sample_need_not_be_a_row():
    alone = last(train(Network.lecture(), [1, -1], [1, 0], 0.5, 20))
    in_a_row = last(train(Network.lecture(), [[1, -1]], [[1, 0]], 0.5, 20))
    assert alone.loss == in_a_row.loss
    assert same(alone.network, in_a_row.network)


def test_tables_of_pandas_are_taken_as_arrays_are():
    X, T = XOR
    table, column = pd.DataFrame(X, columns=["p", "q"]), pd.Series(T[:, 0], name="p xor q")
    assert same(
        last(train(xor_network(), table, column, 0.5, 5)).network, last(train(xor_network(), X, T, 0.5, 5)).network
    )


@pytest.mark.parametrize("epochs", [np.int64(3), np.uint8(3), np.array(3)[()]])
def test_epochs_can_be_a_numpy_integer(epochs):
    assert len(list(train(xor_network(), *XOR, 0.5, epochs))) == 3


def test_samples_can_be_changed_while_a_training_runs():
    X, T = (array.copy() for array in XOR)
    epochs = train(xor_network(), X, T, 0.5, 5)
    X[:], T[:] = 7, 7
    assert same(last(epochs).network, last(train(xor_network(), *XOR, 0.5, 5)).network)


def test_a_training_is_computed_only_as_far_as_somebody_asks_for_it():
    epochs = train(xor_network(), *XOR, 0.5, 10**12)
    assert [epoch.epoch for epoch in islice(epochs, 3)] == [1, 2, 3]
    epochs.close()
    assert list(epochs) == []


# What it refuses, at the call


@pytest.mark.parametrize("epochs", [10.0, "10", None, True, np.bool_(True), [10], np.float64(10)])
def test_epochs_that_are_no_whole_number_are_refused(epochs):
    message = f"epochs is {epochs!r}; give a whole number of 1 or more, such as 1000."
    with pytest.raises(TypeError, match=re.escape(message)):
        train(xor_network(), *XOR, 0.5, epochs)


@pytest.mark.parametrize("epochs", [0, -1, np.int64(0)])
def test_less_than_one_epoch_is_refused(epochs):
    with pytest.raises(ValueError, match=f"epochs is {epochs}; give a whole number of 1 or more, such as 1000."):
        train(xor_network(), *XOR, 0.5, epochs)


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"network": None}, TypeError, "network is None; give a Network, such as Network.lecture()."),
        ({"X": [[1, 2, 3]] * 4}, ValueError, "x has shape (4, 3), but this network (2-2-1) has 2 inputs"),
        ({"T": [[1, 2]] * 4}, ValueError, "target has shape (4, 2), but this network (2-2-1) has 1 output: give"),
        ({"T": [[1]] * 3}, ValueError, "x has 4 samples, but target has shape (3, 1): give one target for each"),
        ({"X": np.full((4, 2), np.nan)}, ValueError, "x holds nan; every number must be finite."),
        ({"T": "1234"}, TypeError, "target holds the text '1234'; give numbers"),
        ({"learning_rate": 0}, ValueError, "learning_rate is 0; give a finite number above 0, such as 0.1."),
        ({"learning_rate": np.nan}, ValueError, "learning_rate is nan; give a finite number above 0, such as 0.1."),
        ({"learning_rate": None}, TypeError, "learning_rate is None; give a number above 0, such as 0.1."),
        ({"learning_rate": "0.1"}, TypeError, "learning_rate is '0.1'; give a number above 0, such as 0.1."),
    ],
)
def test_what_does_not_fit_is_refused_at_the_call(changed, error, message):
    fitting = {"network": xor_network(), "X": XOR[0], "T": XOR[1], "learning_rate": 0.5, "epochs": 10}
    with pytest.raises(error, match=re.escape(message)):
        train(**fitting | changed)


# Divergence


def diverging(learning_rate):
    """Train y = w x from w = 2 at x = 1, t = 0, where each update multiplies w by 1 − η; return the last words too."""
    epochs = []
    with pytest.raises(ArithmeticError) as failure:
        epochs.extend(train(line(), [1], [0], learning_rate, 10_000, update_biases=False))
    return epochs, str(failure.value)


def test_a_training_that_diverges_says_when_and_what_to_try():
    epochs, words = diverging(50)
    # w = 2 · (−49)ⁿ after n updates, and w² is larger than a float can hold where w is above 1.34e154.
    n = len(epochs)
    assert 2 * 49.0 ** (n - 1) < 1.34e154 < 2 * 49.0**n
    expected = f"update {n + 1} with learning_rate 50: the loss is no longer finite. Try a smaller one, such as 5."
    assert words == expected


@pytest.mark.parametrize("learning_rate", [2.5, 50, 1e10, 1e150])
def test_everything_before_a_divergence_is_finite(learning_rate):
    epochs, _ = diverging(learning_rate)
    assert epochs
    assert np.isfinite([epoch.loss for epoch in epochs]).all()
    assert np.isfinite([epoch.network.weights[0][0, 0] for epoch in epochs]).all()


@pytest.mark.parametrize(
    ("network", "x", "what"),
    [(line(1e100), 1.0, "a weight of layer 1"), (line(0, 1e100), 0.0, "a bias of layer 1")],
    ids=["weight", "bias"],
)
def test_an_update_to_something_infinite_is_refused_and_named(network, x, what):
    message = f"update 1 with learning_rate 1e+250: {what} is no longer finite. Try a smaller one, such as 1e+249."
    with pytest.raises(ArithmeticError, match=re.escape(message)):
        next(train(network, [x], [0], 1e250, 10))


@pytest.mark.parametrize(
    ("network", "x", "what"),
    [(line(1), 1e200, "the loss"), (line(1e-100), 1e250, "a weight of layer 1")],
    ids=["loss", "gradient"],
)
def test_numbers_that_are_too_large_before_any_update_are_not_the_learning_rates_fault(network, x, what):
    message = f"{what} is no longer finite. The weights or inputs are too large: divide them by a power of 10."
    with pytest.raises(ArithmeticError, match=re.escape(message)):
        next(train(network, [x], [0], 0.1, 10))


def test_large_numbers_that_are_finite_are_no_divergence():
    (epoch,) = train(line(), [1e-200], [1e150], 1e210, 1, update_biases=False)
    assert epoch.network.weights[0].tolist() == [[pytest.approx(1e160)]]  # and w² would be larger than a float can hold


def test_a_training_that_diverges_warns_of_nothing_even_where_the_caller_wants_to_hear_it():
    with np.errstate(all="raise"):
        diverging(50)


def test_between_two_epochs_the_caller_is_warned_as_always():
    epochs = train(xor_network(), *XOR, 0.5, 10)
    with np.errstate(all="warn"):
        next(epochs)
        with pytest.warns(RuntimeWarning, match="divide by zero"):
            np.float64(1) / np.float64(0)
        next(epochs)
    assert np.geterr() == {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
