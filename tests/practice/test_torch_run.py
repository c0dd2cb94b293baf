"""What PyTorch itself finds, in a copy of a model with the numbers of a run; and the model that stays as it was."""

from dataclasses import replace

import numpy as np
import pytest
from oracle import torch_or_skip

from bppviz import Network, backprop, check_gradients
from bppviz.practice.torch_run import gradients_of_copy

X = [[1.0, -1.0], [0.5, 2.0], [-1.0, 0.25]]
CLASSES, BOTH = [0, 1, 1], [[1, 0], [0, 1], [1, 1]]
pytestmark = pytest.mark.filterwarnings("ignore:.* is passed over", "ignore:.*is the mean over")


def of_each_loss(nn):
    """Return models of each kind of end, with a loss and targets."""
    S, L = nn.Sequential, nn.Linear
    return [
        (S(L(2, 3), nn.Tanh(), L(3, 2, bias=False)), nn.MSELoss(), BOTH),
        (S(L(2, 3), nn.Tanh(), L(3, 2)), "half_squared_error", BOTH),
        (S(L(2, 3), nn.ReLU(), nn.Dropout(), L(3, 2)), nn.CrossEntropyLoss(), CLASSES),
        (S(L(2, 3), nn.ReLU(), L(3, 2), nn.LogSoftmax(1)), None, CLASSES),
        (S(L(2, 2), nn.Softmax(1)), "cross_entropy", CLASSES),
        (S(L(2, 2), nn.Softmax(1)), "squared_error", CLASSES),
        (S(L(2, 2), nn.Sigmoid()), nn.BCELoss(), BOTH),
        (S(L(2, 2), nn.Sigmoid()), "cross_entropy", BOTH),
        (L(2, 2), nn.BCEWithLogitsLoss(reduction="sum"), BOTH),
    ]


def beside(model, network, x, target):
    """Return a check with what PyTorch finds beside it."""
    trace = backprop(network, x, target)
    return check_gradients(network, x, target).beside(trace, gradients_of_copy(model, trace))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", range(9))
def test_pytorch_finds_the_same_gradients_whatever_the_loss(case, dtype):
    torch = torch_or_skip()
    torch.manual_seed(0)
    model, loss, target = of_each_loss(torch.nn)[case]
    network = Network.from_torch(model.to(getattr(torch, dtype)), loss)
    check = beside(model, network, X, target)
    assert all(check.left.same)
    assert (check.left.factors, check.left.dtype) == ((), dtype)
    held = [(value, row.gradient) for value, row in zip(check.left.values, check, strict=True) if value is not None]
    np.testing.assert_allclose(*zip(*held, strict=True), atol=1e-14 if dtype == "float64" else 1e-6)
    said = (
        f"PyTorch finds the same {len(held)} gradients in a copy of the model with the numbers shown here, as closely"
    )
    assert check.summary("en")[-1] == f"{said} as {dtype} can tell."
    assert f"算出的 {len(held)} 個梯度全部相同（以 {dtype} 的精度來看）。" in check.summary("zh-TW")[-1]


def test_the_numbers_are_those_of_the_run_and_the_model_stays_as_it_was():
    torch = torch_or_skip()
    nn, heard = torch.nn, []
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Dropout(0.5), nn.Linear(3, 1)).double()
    model[3].requires_grad_(False)
    model[0].weight.grad = torch.ones(3, 2).double()
    network = Network.from_torch(model, "half_squared_error")
    hook = model[1].register_forward_hook(lambda *_: heard.append(1))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    changed = replace(network, weights=(network.weights[0] + 1, network.weights[1] - 2))
    check = beside(model, changed, X[0], [0.5])
    assert all(check.left.same)
    assert None not in check.left.values
    assert (model.training, heard, len(model[1]._forward_hooks)) == (True, [], 1)
    assert [it.requires_grad for it in model.parameters()] == [True, True, False, False]
    assert all((value == before[name]).all() for name, value in model.state_dict().items())
    assert (model[0].weight.grad == 1).all()
    assert model[0].bias.grad is None
    hook.remove()


def test_a_layer_that_does_something_else_is_found():
    torch = torch_or_skip()
    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Tanh(), torch.nn.Linear(2, 2))
    network = replace(Network.from_torch(model, "half_squared_error"), activations=("sigmoid", "identity"))
    check = beside(model, network, X[0], BOTH[0])
    assert not all(check.left.same)
    assert "of 12 gradients to be the same in a copy of the model" in check.summary("en")[-1]


def test_numbers_that_the_model_has_no_place_for_are_refused():
    torch = torch_or_skip()
    model = torch.nn.Sequential(torch.nn.Linear(2, 2, bias=False), torch.nn.Tanh(), torch.nn.Linear(2, 2))
    network = Network.from_torch(model, "half_squared_error")
    moved = replace(network, biases=(np.ones(2), network.biases[1]))
    with pytest.raises(ValueError, match=r"^layer 0 \(Linear\) has no place for these numbers$"):
        beside(model, moved, X[0], BOTH[0])
