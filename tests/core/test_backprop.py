"""Every gradient against two other programs, against differences of the loss, and against published numbers."""

import re
from dataclasses import replace

import autograd
import autograd.numpy as anp
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from networks import (
    ELEMENTWISE,
    SQUARED,
    batches,
    biases_or_zeros,
    lecture,
    networks,
    of_biases,
    samples,
    traces,
    trainings,
)
from oracle import agree, torch_or_skip

from bppviz import Network, backprop

GRADIENTS = ("dl_da", "dl_dz", "dl_dw", "dl_db")


# The network once more, in plain formulas. `np` is autograd's NumPy or PyTorch. Beside each output y stands
# 1 − y, written so that it keeps its digits, because a logarithm is taken of it.


def activate(np, name, z):
    match name:
        case "sigmoid":
            return 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(z))
        case "tanh":
            return np.tanh(z), None
        case "relu":
            return np.where(z > 0, z, 0 * z), None
        case "leaky_relu":
            return np.where(z > 0, z, 0.01 * z), None
        case "leaky_relu(0.3)":
            return np.where(z > 0, z, 0.3 * z), None
        case "identity":
            return z, None
    e = np.exp(z)
    others = np.stack([sum((e[j] for j in range(len(e)) if j != i), 0 * e[i]) for i in range(len(e))])
    return e / np.sum(e), others / np.sum(e)


def loss_of(np, name, y, not_y, t):
    if name in SQUARED:
        return np.sum((y - t) ** 2) / {"half": 2, "squared": 1, "mean": len(t)}[name.split("_")[0]]
    terms = [t[i] * np.log(y[i]) for i in range(len(t)) if t[i] != 0]
    if name == "binary_cross_entropy":
        terms += [(1 - t[i]) * np.log(not_y[i]) for i in range(len(t)) if t[i] != 1]
    return -sum(terms, 0 * y[0])


def plain_loss(np, network, x, target, w, b, shift_z, shift_a):
    """Return l; the two shifts, all zero, are added to z and a, so that ∂l/∂z and ∂l/∂a are gradients too."""
    a = x
    for layer, name in enumerate(network.activations):
        a, not_a = activate(np, name, w[layer] @ a + b[layer] + shift_z[layer])
        a = a + shift_a[layer]
        not_a = None if not_a is None else not_a - shift_a[layer]
    return loss_of(np, network.loss, a, not_a, target)


def differentiable(network, x, target):
    """Leave out what no reference can do: the logarithm of 0, and a corner of relu met exactly."""
    single = network.activations[-1] == "softmax" and network.sizes[-1] == 1
    assume(not (single and network.loss == "binary_cross_entropy" and target[0] != 1))


def by_autograd(network, x, target):
    zeros = [np.zeros(len(w)) for w in network.weights]

    def loss(w, b, shift_z, shift_a):
        return plain_loss(anp, network, np.array(x), np.array(target), w, b, shift_z, shift_a)

    of = [list(network.weights), biases_or_zeros(network), zeros, zeros]
    dw, db, dz, da = autograd.grad(loss, (0, 1, 2, 3))(*of)
    return {"dl_dw": dw, "dl_db": of_biases(network, db), "dl_dz": dz, "dl_da": da}, loss(*of)


@given(st.data())
@settings(max_examples=300)
def test_every_gradient_agrees_with_autograd(data):
    network = data.draw(networks())
    x, target = data.draw(samples(network))
    differentiable(network, x, target)
    trace = backprop(network, x, target)
    gradients, loss = by_autograd(network, x, target)
    agree("loss", [trace.loss], [loss], 1e-12, 1e-14)
    for name in GRADIENTS:
        agree(name, getattr(trace, name), gradients[name], 1e-12, 1e-14)


def by_torch(torch, network, x, target):
    def leaves(arrays):
        return [torch.tensor(np.array(array), dtype=torch.float64, requires_grad=True) for array in arrays]

    zeros = [np.zeros(len(w)) for w in network.weights]
    w, b, z, a = leaves(network.weights), leaves(biases_or_zeros(network)), leaves(zeros), leaves(zeros)
    x, target = (torch.tensor(values, dtype=torch.float64) for values in (x, target))
    loss = plain_loss(torch, network, x, target, w, b, z, a)
    loss.backward()
    gradients = {"dl_dw": w, "dl_db": b, "dl_dz": z, "dl_da": a}
    found = {name: [leaf.grad.numpy() for leaf in of] for name, of in gradients.items()}
    return {**found, "dl_db": of_biases(network, found["dl_db"])}


@given(st.data())
@settings(max_examples=100)
def test_every_gradient_agrees_with_pytorch(data):
    torch = torch_or_skip()
    network = data.draw(networks())
    x, target = data.draw(samples(network))
    differentiable(network, x, target)
    trace = backprop(network, x, target)
    for name, theirs in by_torch(torch, network, x, target).items():
        agree(name, getattr(trace, name), theirs, 1e-12, 1e-14)


@pytest.mark.parametrize(
    ("loss", "output", "of_torch"),
    [
        ("half_squared_error", "identity", lambda F, z, t: F.mse_loss(z, t, reduction="sum") / 2),
        ("squared_error", "identity", lambda F, z, t: F.mse_loss(z, t, reduction="sum")),
        ("mean_squared_error", "identity", lambda F, z, t: F.mse_loss(z, t)),
        ("binary_cross_entropy", "sigmoid", lambda F, z, t: F.binary_cross_entropy_with_logits(z, t, reduction="sum")),
        ("cross_entropy", "softmax", lambda F, z, t: F.cross_entropy(z, t)),
    ],
)
def test_the_losses_are_those_of_pytorch(loss, output, of_torch):
    torch = torch_or_skip()
    network = Network([[[2, 0], [0, 3]]], [[0, 0]], output, loss)
    trace = backprop(network, [40, -30], [0, 1])
    z = torch.tensor([80.0, -90.0], dtype=torch.float64, requires_grad=True)
    expected = of_torch(torch.nn.functional, z, torch.tensor([0.0, 1.0], dtype=torch.float64))
    expected.backward()
    assert trace.loss == pytest.approx(expected.item(), rel=1e-14)
    agree("dl_dz", trace.dl_dz, [z.grad.numpy()], 1e-14, 0)


def test_a_published_example_with_the_loss_without_a_half_holds_digit_by_digit():
    # github.com/mdmohsin212/interview-prep, Deep Learning/Neural Network/Basic/Backpropagation.ipynb
    trace = backprop(Network([[[0.5]], [[0.3]]], [[0.1], [0.2]], "sigmoid", "squared_error"), [2], [1])
    printed = {
        "z": ["1.100", "0.425"],
        "a": ["0.750", "0.605"],
        "loss": ["0.156"],
        "dl_dw": ["-0.021", "-0.142"],
        "dl_db": ["-0.011", "-0.189"],
    }
    for quantity, numbers in printed.items():
        assert [f"{event.value:.3f}" for event in trace if event.quantity == quantity] == numbers


# Differences of the loss


def changed(arrays, layer, place, h):
    """Return copies of the arrays, one number of one of them changed by h."""
    copies = [None if array is None else array.copy() for array in arrays]
    copies[layer][place] += h
    return copies


def differences(network, x, target, h=1e-5):
    """Return (l(w + h) − l(w − h)) / 2h for every weight and every bias."""

    def slopes(make, arrays):
        found = [None if array is None else np.zeros_like(array) for array in arrays]
        for layer, array in enumerate(arrays):
            for place in () if array is None else np.ndindex(array.shape):
                up, down = (backprop(make(changed(arrays, layer, place, d)), x, target).loss for d in (h, -h))
                found[layer][place] = (up - down) / (2 * h)
        return found

    rest = network.activations, network.loss
    return {
        "dl_dw": slopes(lambda w: Network(w, network.biases, *rest), network.weights),
        "dl_db": slopes(lambda b: Network(network.weights, b, *rest), network.biases),
    }


@given(st.data())
@settings(max_examples=60)
def test_every_gradient_agrees_with_central_differences(data):
    network = data.draw(networks(most_layers=3, most_units=3))
    x, target = data.draw(samples(network))
    trace = backprop(network, x, target)
    for name, z in zip(network.activations, trace.z, strict=True):
        assume("relu" not in name or (np.abs(z) > 1e-3).all())  # no slope at the corner
    for name, expected in differences(network, x, target).items():
        agree(name, getattr(trace, name), expected, 1e-6, 1e-7)


@given(traces())
def test_the_gradient_of_a_bias_is_that_of_its_z_and_the_gradient_of_a_weight_is_that_times_its_input(trace):
    for entering, z, w, b in zip((trace.x, *trace.a), trace.dl_dz, trace.dl_dw, trace.dl_db, strict=False):
        assert b is None or (b == z).all()
        np.testing.assert_array_equal(w, [[i * g for i in entering] for g in z])


# Published numbers

# Matt Mazur, A Step by Step Backpropagation Example (2015); his w5 is the first weight of the second layer.
MAZUR = Network(
    weights=[[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]],
    biases=[[0.35, 0.35], [0.60, 0.60]],
    activations="sigmoid",
    loss="half_squared_error",
)


def test_the_lecture_network_gives_the_lecture_numbers():
    trace = lecture()
    assert trace.z[0].tolist() == [4, -2]
    assert [np.round(a, 2).tolist() for a in trace.a] == [[0.98, 0.12], [0.86, 0.11], [0.62, 0.83]]


def test_the_lecture_network_gives_the_gradients_of_the_lecture_formulas():
    trace = lecture()
    (_, w2, w3), y = trace.network.weights, trace.a[-1]
    s1, s2, s3 = (a * (1 - a) for a in trace.a)
    expected_z3 = s3 * (y - [1, 0])
    expected_z2 = [s2[i] * (w3[0, i] * expected_z3[0] + w3[1, i] * expected_z3[1]) for i in (0, 1)]
    expected_z1 = [s1[i] * (w2[0, i] * expected_z2[0] + w2[1, i] * expected_z2[1]) for i in (0, 1)]
    agree("dl_dz", trace.dl_dz, [expected_z1, expected_z2, expected_z3], 1e-13, 0)


def test_mazur_published_example_holds_digit_by_digit():
    trace = backprop(MAZUR, [0.05, 0.10], [0.01, 0.99])
    assert trace.loss == pytest.approx(0.298371108760002689, rel=1e-15)
    assert trace.dl_dw[1][0, 0] == pytest.approx(0.0821670405642307788, rel=1e-15)
    assert trace.dl_dw[0][0, 0] == pytest.approx(0.000438567734474346727, rel=1e-15)


@pytest.mark.parametrize(
    ("update_biases", "loss"), [(False, 0.291027773693599351), (True, 0.280471446791430158)], ids=["weights", "both"]
)
def test_mazur_example_learns_with_all_weights_updated_at_once(update_biases, loss):
    trace = backprop(MAZUR, [0.05, 0.10], [0.01, 0.99], 0.5, update_biases)
    assert backprop(trace.updated, [0.05, 0.10], [0.01, 0.99]).loss == pytest.approx(loss, rel=2e-15)


# Several samples

RECORDED = ("z", "a", "dsigma", *GRADIENTS)


def off_the_corners(trace):
    """Leave out runs with a z so close to 0 that rounding decides on which side of a corner of relu it lies."""
    for name, z in zip(trace.network.activations, trace.z, strict=True):
        assume("relu" not in name or (np.abs(z) > 1e-9).all())


@given(st.data())
def test_each_row_of_several_samples_is_the_run_of_that_sample_alone(data):
    network = data.draw(networks())
    X, T = data.draw(batches(network))
    trace = backprop(network, X, T)
    off_the_corners(trace)
    for n, (x, target) in enumerate(zip(X, T, strict=True)):
        alone = backprop(network, x, target)
        agree("loss", [trace.loss[n], *trace.loss_terms[n]], [alone.loss, *alone.loss_terms], 1e-12, 1e-14)
        for name in RECORDED:
            rows = [array[n] for array in getattr(trace, name) if array is not None]
            agree(name, rows, [array for array in getattr(alone, name) if array is not None], 1e-12, 1e-14)


@given(trainings())
def test_the_gradients_and_the_loss_of_all_samples_are_sums_or_means(trace):
    over = trace.samples if trace.network.total == "mean" else 1
    agree("dL_dw", trace.dL_dw, [dl_dw.sum(axis=0) / over for dl_dw in trace.dl_dw], 1e-12, 1e-14)
    agree("dL_db", trace.dL_db, [it if it is None else it.sum(axis=0) / over for it in trace.dl_db], 1e-12, 1e-14)
    agree("L", [trace.L], [trace.loss_terms.sum() / over], 1e-14, 0)
    assert trace.loss.shape == (trace.samples,)


@pytest.mark.parametrize(
    ("loss", "output", "of_torch"),
    [
        ("mean_squared_error", "identity", lambda nn, z, t: nn.MSELoss()(z, t)),
        ("cross_entropy", "softmax", lambda nn, z, t: nn.CrossEntropyLoss()(z, t)),
        ("binary_cross_entropy", "sigmoid", lambda nn, z, t: nn.BCEWithLogitsLoss()(z, t) * 3),  # a mean over outputs
    ],
)
def test_the_losses_of_pytorch_as_they_are_made_are_means_over_the_samples(loss, output, of_torch):
    torch = torch_or_skip()
    rng = np.random.default_rng(3)
    network = Network.random([2, 4, 3], ["tanh", output], loss, total="mean")
    X, T = rng.normal(size=(5, 2)), np.eye(3)[rng.integers(3, size=5)]
    trace = backprop(network, X, T, 0.5)
    W, B = ([torch.tensor(np.array(it), requires_grad=True) for it in of] for of in (network.weights, network.biases))
    hidden = torch.tanh(torch.nn.functional.linear(torch.tensor(X), W[0], B[0]))
    expected = of_torch(torch.nn, torch.nn.functional.linear(hidden, W[1], B[1]), torch.tensor(T))
    expected.backward()
    agree("L", [trace.L], [expected.item()], 1e-12, 0)
    agree("dL_dw", trace.dL_dw, [w.grad.numpy() for w in W], 1e-12, 1e-14)
    agree("dL_db", trace.dL_db, [b.grad.numpy() for b in B], 1e-12, 1e-14)
    agree("w", trace.updated.weights, [(w - 0.5 * w.grad).detach().numpy() for w in W], 1e-12, 1e-14)


def test_the_mean_over_a_single_sample_is_its_own_loss():
    network = replace(Network.lecture(), total="mean")
    alone, in_a_row = backprop(network, [1, -1], [1, 0]), backprop(network, [[1, -1]], [[1, 0]])
    assert (alone.L, in_a_row.L) == (lecture().L, lecture().L)
    agree("dL_dw", alone.dL_dw, lecture().dL_dw, 0, 0)
    agree("dL_dw", in_a_row.dL_dw, lecture().dL_dw, 1e-14, 0)


def test_the_same_sample_twice_has_twice_the_loss_and_twice_the_gradients():
    once, twice = lecture(), backprop(Network.lecture(), [[1, -1]] * 2, [[1, 0]] * 2)
    agree("L", [twice.L], [2 * once.loss], 1e-14, 0)
    agree("dL_dw", twice.dL_dw, [2 * dl_dw for dl_dw in once.dl_dw], 1e-13, 0)
    agree("dL_db", twice.dL_db, [2 * dl_db for dl_db in once.dl_db], 1e-13, 0)


@given(traces())
def test_the_sums_of_a_single_sample_are_its_own_gradients(trace):
    assert (trace.samples, trace.L) == (None, trace.loss)
    agree("dL_dw", trace.dL_dw, trace.dl_dw, 0, 0)
    agree("dL_db", trace.dL_db, trace.dl_db, 0, 0)


def test_tables_of_pandas_give_the_same_as_arrays():
    network = Network.random([3, 2, 1])
    X, T = np.arange(12.0).reshape(4, 3) / 10, np.array([[0], [1], [1], [0]])
    expected = backprop(network, X, T, 0.1)
    table = pd.DataFrame(X, columns=["height", "width", "depth"], index=list("abcd"))
    for target in (pd.DataFrame(T, columns=["fits"]), pd.Series(T[:, 0], name="fits")):
        trace = backprop(network, table, target, 0.1)
        assert trace.target.shape == (4, 1)
        agree("dl_dw", trace.dl_dw, expected.dl_dw, 0, 0)
        agree("w", trace.updated.weights, expected.updated.weights, 0, 0)


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"a": [True, False], "b": [0.5, 1.5]}),
        pd.DataFrame({"a": [1, 0], "b": [0.5, 1.5]}).convert_dtypes(),
        pd.DataFrame({"a": [1, 0], "b": [0.5, 1.5]}, dtype=object),
    ],
)
def test_a_table_with_columns_of_different_kinds_is_taken_as_numbers(table):
    assert backprop(Network.random([2, 1]), table, [0, 1]).x.tolist() == [[1, 0.5], [0, 1.5]]


def test_large_numbers_of_different_samples_are_not_taken_for_one_overflow():
    network = Network([[[0.0]]], [[0.0]], "identity", "half_squared_error")
    assert backprop(network, [[1e200], [0]], [[0], [1e150]]).dL_dw[0].tolist() == [[0]]


def test_a_table_with_a_hole_is_refused():
    table = pd.DataFrame({"a": [1, None], "b": [0.5, 1.5]}).convert_dtypes()
    with pytest.raises((TypeError, ValueError), match="x holds"):
        backprop(Network.random([2, 1]), table, [0, 1])


# The update


def test_an_update_can_be_done_by_hand():
    network = Network([[[2]]], [[0]], "identity", "half_squared_error")
    trace = backprop(network, [[1], [3]], [[0], [0]], 0.05)
    # y = 2, 6; l = ½ · 2², ½ · 6²; ∂L/∂w = 2 · 1 + 6 · 3; ∂L/∂b = 2 + 6
    assert (trace.loss.tolist(), trace.L) == ([2, 18], 20)
    assert (trace.dL_dw[0].tolist(), trace.dL_db[0].tolist()) == ([[20]], [8])
    assert (trace.updated.weights[0].tolist(), trace.updated.biases[0].tolist()) == ([[1]], [-0.4])


@given(st.data())
def test_all_weights_and_biases_are_updated_at_once_from_the_old_ones(data):
    network = data.draw(networks())
    X, T = data.draw(batches(network))
    gradients, trace = backprop(network, X, T), backprop(network, X, T, 0.25)
    for name, values in (("dL_dw", "weights"), ("dL_db", "biases")):
        old, new = getattr(network, values), getattr(trace.updated, values)
        pairs = zip(old, getattr(gradients, name), strict=True)
        agree(values, new, [v if v is None else v - 0.25 * g for v, g in pairs], 0, 0)


def test_biases_stay_as_they_are_where_only_weights_are_updated():
    trace = backprop(Network.lecture(), [1, -1], [1, 0], 0.5, update_biases=False)
    assert [b.tolist() for b in trace.updated.biases] == [[1, 0], [0, 0], [-2, 2]]


def test_an_update_makes_a_new_network_and_leaves_the_old_one_as_it_is():
    network = Network.lecture()
    trace = backprop(network, [1, -1], [1, 0], 0.5)
    assert trace.network is network
    assert [w.tolist() for w in network.weights] == [w.tolist() for w in Network.lecture().weights]
    assert [b.tolist() for b in network.biases] == [b.tolist() for b in Network.lecture().biases]
    assert (trace.updated.notation, trace.updated.activations) == (network.notation, network.activations)


def test_without_a_learning_rate_nothing_is_updated():
    assert (lecture().learning_rate, lecture().updated) == (None, None)


@pytest.mark.parametrize("rate", [1, 0.5, np.float32(0.5), np.int64(1)])
def test_a_learning_rate_is_any_number_above_0(rate):
    trace = backprop(Network.lecture(), [1, -1], [1, 0], rate)
    assert (type(trace.learning_rate), trace.learning_rate) == (float, float(rate))


@pytest.mark.parametrize("rate", [0, 0.0, -0.1, np.nan, np.inf, -np.inf])
def test_a_learning_rate_that_is_not_above_0_or_not_finite_is_refused(rate):
    message = f"learning_rate is {rate:g}; give a finite number above 0, such as 0.1."
    with pytest.raises(ValueError, match=re.escape(message)):
        backprop(Network.lecture(), [1, -1], [1, 0], rate)


@pytest.mark.parametrize("rate", [True, "0.1", [0.1], 1j, np.array([0.1])])
def test_a_learning_rate_that_is_no_number_is_refused(rate):
    message = f"learning_rate is {rate!r}; give a number above 0, such as 0.1."
    with pytest.raises(TypeError, match=re.escape(message)):
        backprop(Network.lecture(), [1, -1], [1, 0], rate)


def test_an_update_that_grows_beyond_a_float_is_refused():
    network = Network([[[1e100]]], [[0]], "identity", "half_squared_error")
    message = "with learning_rate 1e+250 a weight of layer 1 becomes larger than a float can hold. Try 1e+249."
    with pytest.raises(OverflowError, match=re.escape(message)):
        backprop(network, [1], [0], 1e250)


# Both far ends


def far(activation, loss, z, target):
    """Run a network of one layer whose z are these."""
    return backprop(Network([np.diag(z)], [np.zeros(len(z))], activation, loss), np.ones(len(z)), target)


def test_the_loss_of_an_output_that_is_certain_and_wrong_is_exact():
    assert far("sigmoid", "binary_cross_entropy", [-1000.0], [1]).loss == 1000.0
    assert far("sigmoid", "binary_cross_entropy", [1000.0], [0]).loss == 1000.0
    assert far("sigmoid", "cross_entropy", [-1000.0], [1]).loss == 1000.0
    assert far("softmax", "cross_entropy", [1000.0, -1000.0], [0, 1]).loss == 2000.0
    assert far("softmax", "binary_cross_entropy", [1000.0, -1000.0], [0, 1]).loss == 4000.0


@pytest.mark.parametrize(
    ("activation", "loss", "gradient"),
    [
        ("sigmoid", "binary_cross_entropy", [1, -1]),
        ("sigmoid", "cross_entropy", [0, -1]),
        ("softmax", "binary_cross_entropy", [2, -2]),
        ("softmax", "cross_entropy", [1, -1]),
        ("sigmoid", "half_squared_error", [0, 0]),
        ("softmax", "half_squared_error", [0, 0]),
    ],
)
def test_the_gradient_of_an_output_that_is_certain_and_wrong_is_exact(activation, loss, gradient):
    assert far(activation, loss, [1000.0, -1000.0], [0, 1]).dl_dz[0].tolist() == gradient


OUTPUTS = [(a, loss) for a in (*ELEMENTWISE, "softmax") for loss in SQUARED]
OUTPUTS += [(a, loss) for a in ("sigmoid", "softmax") for loss in ("binary_cross_entropy", "cross_entropy")]


@pytest.mark.parametrize(("activation", "loss"), OUTPUTS)
@pytest.mark.parametrize("z", [[1000.0, -1000.0], [-1000.0, -1000.0], [0.0, 1000.0], [1000.0], [-1000.0]])
@pytest.mark.parametrize("ones", [0.0, 1.0])
def test_a_saturated_run_is_finite_everywhere(activation, loss, z, ones):
    with np.errstate(all="raise", under="ignore"):  # backprop looks after itself; nothing else may warn
        trace = far(activation, loss, z, [ones] * len(z))
    arrays = [trace.loss_terms, *(array for name in (*GRADIENTS, "z", "a", "dsigma") for array in getattr(trace, name))]
    assert all(np.isfinite(array).all() for array in arrays if array is not None)
    assert all(np.isfinite(event.value) for event in trace)


@pytest.mark.parametrize(
    ("weight", "x", "activation", "message"),
    [
        (1e200, 1e200, "tanh", "z of layer 1 is larger than a float can hold."),
        (1.0, 1e200, "identity", "the loss is larger than a float can hold."),
        (1e-100, 1e250, "identity", "a gradient of layer 1 is larger than a float can hold."),
    ],
)
def test_numbers_that_grow_beyond_a_float_are_refused_where_it_happens(weight, x, activation, message):
    network = Network([[[weight]]], [[0]], activation, "half_squared_error")
    with pytest.raises(OverflowError, match=message + " The weights or inputs are too large: divide them by"):
        backprop(network, [x], [0])


def test_an_overflow_in_the_second_layer_is_found_there():
    network = Network([[[1e200]], [[1e200]]], [[0], [0]], "identity", "half_squared_error")
    with pytest.raises(OverflowError, match="z of layer 2"):
        backprop(network, [1], [0])


def test_a_run_touches_neither_its_sample_nor_its_network():
    network, x, target = Network.lecture(), np.array([1.0, -1.0]), np.array([1.0, 0.0])
    trace = backprop(network, x, target)
    x[:], target[:] = 7, 7
    assert (trace.x.tolist(), trace.target.tolist()) == ([1, -1], [1, 0])
    assert trace.network is network
