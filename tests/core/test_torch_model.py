"""Models of PyTorch: their weights, outputs, loss and every gradient are those of PyTorch itself."""

import re
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import agree, torch_or_skip

from bppviz import Network, backprop
from bppviz.core.functions import LOSSES

BENDS = {
    "sigmoid": lambda nn: nn.Sigmoid(),
    "tanh": lambda nn: nn.Tanh(),
    "relu": lambda nn: nn.ReLU(),
    "leaky_relu": lambda nn: nn.LeakyReLU(),
    "leaky_relu(0.2)": lambda nn: nn.LeakyReLU(0.2),
    "identity": lambda nn: nn.Identity(),
}
# By what is trained: the output layers, our name and PyTorch's loss of samples that are added up.
ENDS = {
    "logits of classes": ((), "cross_entropy", lambda nn: nn.CrossEntropyLoss(reduction="sum")),
    "logarithms": (("LogSoftmax",), "cross_entropy", lambda nn: nn.NLLLoss(reduction="sum")),
    "logarithms once more": (("LogSoftmax",), "cross_entropy", lambda nn: nn.CrossEntropyLoss(reduction="sum")),
    "logits": ((), "binary_cross_entropy", lambda nn: nn.BCEWithLogitsLoss(reduction="sum")),
    "probabilities": (("Sigmoid",), "binary_cross_entropy", lambda nn: nn.BCELoss(reduction="sum")),
    "probabilities of classes": (("Softmax",), "binary_cross_entropy", lambda nn: nn.BCELoss(reduction="sum")),
}


@st.composite
def models(draw, dtype):
    """Make a Sequential of a few layers, some nested and some without bias, with the name of its end."""
    torch = torch_or_skip()
    nn = torch.nn
    torch.manual_seed(draw(st.integers(0, 10_000)))
    end = draw(st.sampled_from(list(ENDS)))
    outputs = draw(st.integers(2 if end == "probabilities of classes" else 1, 5))
    sizes = [*draw(st.lists(st.integers(1, 5), min_size=1, max_size=4)), outputs]
    layers = []
    for m, n in pairwise(sizes):
        layers.append(nn.Linear(m, n, bias=draw(st.booleans()), dtype=dtype(torch)))
        layers += [BENDS[name](nn) for name in draw(st.lists(st.sampled_from(list(BENDS)), max_size=1))]
    while not isinstance(layers[-1], nn.Linear):
        layers.pop()
    layers += [
        nn.LogSoftmax(-1) if it == "LogSoftmax" else getattr(nn, it)() if it == "Sigmoid" else nn.Softmax(-1)
        for it in ENDS[end][0]
    ]
    cut = draw(st.integers(0, len(layers)))
    nested = [nn.Sequential(*layers[:cut]), *layers[cut:]] if draw(st.booleans()) else layers
    return nn.Sequential(*nested), end


def samples_for(model, end, seed, dtype):
    """Return a few samples, in rows, and their targets as PyTorch and as we take them."""
    torch, rng = torch_or_skip(), np.random.default_rng(seed)
    linear = [it for it in model.modules() if isinstance(it, torch.nn.Linear)]
    x = torch.tensor(rng.normal(size=(3, linear[0].in_features)), dtype=dtype(torch))
    n = linear[-1].out_features
    if ENDS[end][1] == "cross_entropy":
        classes = torch.tensor(rng.integers(0, n, 3))
        return x, classes, np.eye(n)[classes.numpy()]
    target = torch.tensor(rng.integers(0, 2, (3, n)), dtype=dtype(torch))
    return x, target, target


def compared(model, end, seed, dtype):
    """Yield names, our numbers and PyTorch's, of a run of samples."""
    torch = torch_or_skip()
    loss = ENDS[end][2](torch.nn)
    x, theirs, ours = samples_for(model, end, seed, dtype)
    model.zero_grad()
    y = model(x)
    L = loss(y, theirs)
    L.backward()
    network = Network.from_torch(model, loss)
    assert network.loss == ENDS[end][1]
    trace = backprop(network, x, ours)
    linear = [it for it in model.modules() if isinstance(it, torch.nn.Linear)]
    if end not in ("logits", "logits of classes"):
        yield "outputs", trace.a[-1], np.exp(y.detach().numpy()) if "logarithms" in end else y.detach().numpy()
    yield "L", trace.L, L.item()
    for layer, it in enumerate(linear):
        assert (network.weights[layer] == it.weight.detach().numpy()).all()
        yield f"dL_dw of {layer}", trace.dL_dw[layer], it.weight.grad.numpy()
        if it.bias is not None:
            assert (network.biases[layer] == it.bias.detach().numpy()).all()
            yield f"dL_db of {layer}", trace.dL_db[layer], it.bias.grad.numpy()
        else:
            assert network.biases[layer] is trace.dL_db[layer] is None


@given(models(lambda torch: torch.float64), st.integers(0, 10_000))
@settings(max_examples=150, deadline=None)
def test_outputs_loss_and_every_gradient_are_those_of_pytorch(made, seed):
    for name, ours, theirs in compared(*made, seed, lambda torch: torch.float64):
        agree(name, [ours], [theirs], 1e-12, 1e-14)


@given(models(lambda torch: torch.float32), st.integers(0, 10_000))
@settings(max_examples=50, deadline=None)
def test_of_a_model_in_float32_they_agree_as_closely_as_that_can_tell(made, seed):
    for name, ours, theirs in compared(*made, seed, lambda torch: torch.float32):
        agree(name, [ours], [theirs], 0, 1e-5 * max(1, np.abs(theirs).max()))


@given(st.integers(0, 10_000), st.integers(1, 4))
@settings(max_examples=30, deadline=None)
def test_half_squared_error_is_half_of_the_squares_that_pytorch_adds_up(seed, n):
    torch = torch_or_skip()
    torch.manual_seed(seed)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, n)).double()
    x, target = torch.randn(5, 3).double(), torch.randn(5, n).double()
    L = torch.nn.MSELoss(reduction="sum")(model(x), target) / 2
    L.backward()
    trace = backprop(Network.from_torch(model, "half_squared_error"), x, target)
    agree("L", [trace.L], [L.item()], 1e-12, 0)
    agree("dL_dw", trace.dL_dw, [model[0].weight.grad, model[2].weight.grad], 1e-12, 1e-14)


def of_one(nn):
    """Return losses whose mean over one sample is theirs, with a model and a target for each."""
    return [
        (nn.Linear(2, 3), nn.CrossEntropyLoss(), 1),
        (nn.Sequential(nn.Linear(2, 3), nn.LogSoftmax(1)), nn.NLLLoss(), 2),
        (nn.Linear(2, 1), nn.BCEWithLogitsLoss(), [1.0]),
        (nn.Sequential(nn.Linear(2, 1), nn.Sigmoid()), nn.BCELoss(), [0.0]),
    ]


@pytest.mark.parametrize("case", range(4))
def test_of_one_sample_a_mean_of_pytorch_is_our_loss(case):
    torch = torch_or_skip()
    model, loss, target = of_one(torch.nn)[case]
    x = [[0.5, -2.0]]
    L = loss(model(torch.tensor(x)), torch.tensor([target]))
    agree("L", [backprop(Network.from_torch(model, loss), x[0], target).L], [L.item()], 1e-6, 0)


# What is taken, and what is refused


def taken(nn):
    """Return models, each with its loss and what becomes of it."""
    half = "half_squared_error"
    return [
        (nn.Linear(2, 1), half, "2-1, identity, half_squared_error"),
        (nn.Linear(2, 1, bias=False), half, "2-1, identity, half_squared_error"),
        (nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1)), half, "2-3-1, identity-identity, half_squared_error"),
        (
            nn.Sequential(nn.Linear(2, 3), nn.Sigmoid(), nn.Linear(3, 1), nn.Tanh()),
            half,
            "2-3-1, sigmoid-tanh, " + half,
        ),
        (
            nn.Sequential(nn.Linear(2, 3), nn.Identity(), nn.ReLU(), nn.Linear(3, 1)),
            half,
            "2-3-1, relu-identity, " + half,
        ),
        (nn.Sequential(nn.Identity(), nn.Linear(2, 1), nn.LeakyReLU(0.01)), half, "2-1, leaky_relu, " + half),
        (nn.Sequential(nn.Linear(2, 1, bias=False), nn.LeakyReLU(0.3)), half, "2-1, leaky_relu(0.3), " + half),
        (
            nn.Sequential(nn.Sequential(nn.Sequential(nn.Linear(2, 3)), nn.ReLU()), nn.Linear(3, 1)),
            half,
            "2-3-1, relu-identity, " + half,
        ),
        (nn.Sequential(nn.Linear(2, 2), nn.Softmax(dim=-1)), half, "2-2, softmax, " + half),
        (nn.Sequential(nn.Linear(2, 2), nn.Softmax(dim=1)), "cross_entropy", "2-2, softmax, cross_entropy"),
        (nn.Sequential(nn.Linear(2, 2), nn.Softmax()), "cross_entropy", "2-2, softmax, cross_entropy"),
        (nn.Sequential(nn.Linear(2, 2), nn.LogSoftmax(dim=1)), None, "2-2, softmax, cross_entropy"),
        (nn.Sequential(nn.Linear(2, 2), nn.LogSoftmax(dim=1)), "cross_entropy", "2-2, softmax, cross_entropy"),
        (nn.Sequential(nn.Linear(2, 2), nn.LogSoftmax(dim=1)), nn.NLLLoss(), "2-2, softmax, cross_entropy, mean"),
        (nn.Linear(2, 2), "cross_entropy", "2-2, softmax, cross_entropy"),
        (nn.Linear(2, 2), nn.CrossEntropyLoss(), "2-2, softmax, cross_entropy, mean"),
        (nn.Linear(2, 1), "binary_cross_entropy", "2-1, sigmoid, binary_cross_entropy"),
        (nn.Linear(2, 1), nn.BCEWithLogitsLoss(), "2-1, sigmoid, binary_cross_entropy, mean"),
        (nn.Sequential(nn.Linear(2, 1), nn.Sigmoid()), nn.BCELoss(), "2-1, sigmoid, binary_cross_entropy, mean"),
        (
            nn.Sequential(nn.Linear(2, 2), nn.Sigmoid()),
            nn.BCELoss(reduction="sum"),
            "2-2, sigmoid, binary_cross_entropy",
        ),
        (type("Named", (nn.Sequential,), {})(nn.Linear(2, 1)), half, "2-1, identity, half_squared_error"),
    ]


@pytest.mark.parametrize("case", range(21))
def test_a_model_is_taken_as_what_it_is(case):
    model, loss, said = taken(torch_or_skip().nn)[case]
    assert repr(Network.from_torch(model, loss)) == f"Network({said})"


SUPPORTED = "an nn.Sequential of Linear, Sigmoid, Tanh, ReLU, LeakyReLU, Identity, Softmax and LogSoftmax."
KNOWN = ", ".join(map(repr, LOSSES))
OWN = "an activation belongs behind a layer of weights, one behind each."


def own(nn):
    """Return a module with a forward of its own, as most people write them."""

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Linear(2, 1)

        def forward(self, x):
            return self.first(x)

    return Net()


def doubled(nn):
    """Return a Linear whose forward is changed."""

    class Twice(nn.Linear):
        def forward(self, x):
            return 2 * super().forward(x)

    return Twice(2, 1)


def refused(nn):
    """Return models that cannot be shown, or not with this loss, and what is said of each."""
    torch, half, S, L = torch_or_skip(), "half_squared_error", nn.Sequential, nn.Linear
    return [
        (
            own(nn),
            half,
            "the model is a test_torch_model Net, and its own forward cannot be looked into; "
            f"give its layers in order, as {SUPPORTED}",
        ),
        (
            S(doubled(nn)),
            half,
            "layer 0 of the model is a test_torch_model Twice, and its own forward cannot be looked "
            f"into; give its layers in order, as {SUPPORTED}",
        ),
        (
            S(L(2, 1), S(nn.BatchNorm1d(1))),
            half,
            f"layer 1.0 of the model is a torch BatchNorm1d; from_torch takes {SUPPORTED}",
        ),
        (nn.ModuleList([L(2, 1)]), half, f"the model is a torch ModuleList; from_torch takes {SUPPORTED}"),
        (torch.ones(2), half, f"the model is a torch Tensor; from_torch takes {SUPPORTED}"),
        (3, half, f"the model is an int; from_torch takes {SUPPORTED}"),
        (S(nn.Sigmoid()), half, "the model has no fully connected layer; give one that has at least one."),
        (S(nn.ReLU(), L(2, 1)), half, f"layer 0 (ReLU) stands before the first layer of weights; {OWN}"),
        (S(L(2, 1), nn.ReLU(), nn.Sigmoid()), half, f"layer 2 (Sigmoid) follows layer 1 (ReLU); {OWN}"),
        (
            S(L(2, 1), nn.LeakyReLU(2)),
            half,
            "layer 1 (LeakyReLU) has negative_slope=2; a leaky_relu has a slope between 0 and 1: give leaky_relu(0.1), "
            "or relu for 0, or identity for 1.",
        ),
        (
            S(L(2, 2), nn.Softmax(0)),
            half,
            "layer 1 (Softmax) has dim=0, and the outputs of a sample are dim=1, or -1; give one of these.",
        ),
        (
            S(L(2, 2), nn.Softmax(1), L(2, 1)),
            half,
            "softmax in layer 1 of 2, a hidden layer; it turns outputs into "
            "probabilities and belongs at the output. Use sigmoid, tanh, relu, leaky_relu or identity there.",
        ),
        (
            S(L(2, 2), nn.LogSoftmax(1), L(2, 1)),
            half,
            "the model has a LogSoftmax before its last layer; it belongs at the output.",
        ),
        (
            S(L(2, 2), nn.LogSoftmax(1)),
            half,
            "half_squared_error takes outputs, but the model ends in layer 1 "
            "(LogSoftmax): that goes with cross_entropy alone.",
        ),
        (
            L(2, 1),
            None,
            "a model of PyTorch does not hold its loss: give Network.from_torch(model, loss=…), a loss of "
            f"PyTorch such as CrossEntropyLoss(), or one of {KNOWN}.",
        ),
        (
            L(2, 1),
            nn.L1Loss(),
            "loss is a torch L1Loss; give a loss of PyTorch, one of CrossEntropyLoss, NLLLoss, "
            f"BCEWithLogitsLoss, BCELoss, MSELoss, or one of {KNOWN}.",
        ),
        (L(2, 1), nn.MSELoss, "loss is the class MSELoss; give one of its objects: MSELoss()."),
        (
            S(L(2, 2), nn.Softmax(1)),
            nn.CrossEntropyLoss(),
            "CrossEntropyLoss takes logits, but the model ends in layer 1 "
            "(Softmax): end it in a layer of weights, without an activation, or give loss='cross_entropy'.",
        ),
        (
            L(2, 2),
            nn.NLLLoss(),
            "NLLLoss takes logarithms of probabilities, but the model ends in the Linear: end it in a LogSoftmax.",
        ),
        (
            L(2, 2),
            nn.BCELoss(),
            "BCELoss takes probabilities, but the model ends in the Linear: end it in a sigmoid.",
        ),
        (
            L(2, 2),
            nn.CrossEntropyLoss(weight=torch.ones(2)),
            "CrossEntropyLoss has a weight of its own, and no loss here has one; give it without.",
        ),
        (
            L(2, 2),
            nn.CrossEntropyLoss(label_smoothing=0.1),
            "CrossEntropyLoss has a label_smoothing of its own, and no loss here has one; give it without.",
        ),
        (
            L(2, 2),
            nn.CrossEntropyLoss(reduction="none"),
            "CrossEntropyLoss has reduction='none', which is no single number; give 'mean' or 'sum'.",
        ),
        (
            nn.LazyLinear(2),
            half,
            "the weight of the Linear is a torch UninitializedParameter, which NumPy cannot read; "
            "give real numbers, in a list or a NumPy array.",
        ),
    ]


@pytest.mark.parametrize("case", range(24))
def test_what_cannot_be_shown_is_refused_in_one_sentence_that_names_it(case):
    with warnings.catch_warnings(action="ignore"):  # PyTorch's, of its lazy layers
        model, loss, said = refused(torch_or_skip().nn)[case]
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(said)}$"):
        Network.from_torch(model, loss)


def test_the_tables_have_no_more_models_than_are_tried():
    nn = torch_or_skip().nn
    with warnings.catch_warnings(action="ignore"):
        assert (len(taken(nn)), len(refused(nn)), len(of_one(nn))) == (21, 24, 4)


@pytest.mark.parametrize(("reduction", "name"), [("mean", "mean_squared_error"), ("sum", "squared_error")])
def test_squares_without_a_half_are_never_taken_for_those_with_one(reduction, name):
    torch = torch_or_skip()
    model, loss = torch.nn.Linear(2, 3).double(), torch.nn.MSELoss(reduction=reduction)
    x, target = torch.randn(4, 2).double(), torch.randn(4, 3).double()
    L = loss(model(x), target)
    L.backward()
    trace = backprop(Network.from_torch(model, loss), x, target)
    assert (trace.network.loss, trace.network.total) == (name, reduction)
    agree("L", [trace.L], [L.item()], 1e-12, 0)
    agree("dL_dw", trace.dL_dw, [model.weight.grad], 1e-12, 1e-14)


@pytest.mark.parametrize("case", range(4))
def test_a_mean_over_the_samples_is_one_here_too(case):
    torch = torch_or_skip()
    model, loss, target = of_one(torch.nn)[case]
    x, targets = torch.randn(5, 2).double(), torch.tensor([target] * 5)
    L = loss(model.double()(x), targets if targets.ndim == 1 else targets.double())
    network = Network.from_torch(model, loss)
    agree("L", [backprop(network, x, targets).L], [L.item()], 1e-12, 0)
    added_up = Network.from_torch(model, loss, "sum")
    agree("L", [backprop(added_up, x, targets).L], [5 * L.item()], 1e-12, 0)


def test_a_name_of_ours_is_that_loss_with_the_total_that_is_asked_for():
    nn = torch_or_skip().nn
    assert Network.from_torch(nn.Linear(2, 1), "half_squared_error").total == "sum"
    assert Network.from_torch(nn.Linear(2, 1), "half_squared_error", "mean").total == "mean"


def test_layers_that_are_passed_over_are_told_of_where_the_model_is_given():
    nn = torch_or_skip().nn
    model = nn.Sequential(nn.Flatten(), nn.Linear(2, 3), nn.Dropout(), nn.ReLU(), nn.Dropout(), nn.Linear(3, 1))
    with pytest.warns(UserWarning, match="is passed over") as told:
        network = Network.from_torch(model, "half_squared_error")
    assert [str(it.message) for it in told] == [
        "Flatten is passed over: give each sample as one row of numbers.",
        "Dropout is passed over: the model is shown as it is in eval mode, where nothing is dropped.",
    ]
    assert {it.filename for it in told} == {__file__}
    assert network.activations == ("relu", "identity")


def test_a_mean_over_several_outputs_is_told_of_where_ours_is_their_sum():
    torch = torch_or_skip()
    model, loss = torch.nn.Linear(2, 3).double(), torch.nn.BCEWithLogitsLoss()
    said = (
        "BCEWithLogitsLoss is the mean over the 3 outputs, binary_cross_entropy the sum: all is 3 times as large here."
    )
    with pytest.warns(UserWarning, match=said):
        network = Network.from_torch(model, loss)
    x, target = torch.tensor([[1.0, 2.0]]).double(), torch.tensor([[1.0, 0.0, 1.0]]).double()
    L = loss(model(x), target)
    agree("L", [backprop(network, x[0], target[0]).L], [3 * L.item()], 1e-12, 0)


def test_of_a_mean_over_outputs_and_samples_that_are_to_be_added_up_both_are_told():
    torch = torch_or_skip()
    model, loss = torch.nn.Linear(2, 3).double(), torch.nn.BCEWithLogitsLoss()
    said = "is the mean over the 3 outputs of N samples, binary_cross_entropy the sum: all is 3 N times as large here."
    with pytest.warns(UserWarning, match=said):
        network = Network.from_torch(model, loss, "sum")
    x, target = torch.randn(5, 2).double(), torch.ones(5, 3).double()
    agree("L", [backprop(network, x, target).L], [3 * 5 * loss(model(x), target).item()], 1e-12, 0)


def test_an_activation_that_stands_in_the_model_twice_is_there_twice():
    nn = torch_or_skip().nn
    bend = nn.Tanh()
    model = nn.Sequential(nn.Linear(2, 2), bend, nn.Linear(2, 2), bend)
    assert Network.from_torch(model, "half_squared_error").activations == ("tanh", "tanh")


@pytest.mark.parametrize("shared", ["layer", "weight", "bias"])
def test_layers_that_share_their_numbers_are_refused_for_these_have_one_gradient(shared):
    nn = torch_or_skip().nn
    first, second = nn.Linear(2, 2), nn.Linear(2, 2)
    if shared == "layer":
        second = first
    else:
        setattr(second, shared, getattr(first, shared))
    said = (
        "layer 2 (Linear) shares its numbers with layer 0 (Linear); such numbers have one gradient, the sum over both"
    )
    with pytest.raises(ValueError, match=re.escape(said)):
        Network.from_torch(nn.Sequential(first, nn.Tanh(), second), "half_squared_error")


def doing_more(nn):
    """Return models in which more is done than their layers say, and what is said of it."""
    recorded, slowed, normed, checked = (nn.Sequential(nn.Linear(2, 1)) for _ in range(4))
    recorded[0].register_forward_hook(ten_times)
    slowed[0].weight.register_hook(ten_times)
    nn.utils.parametrizations.weight_norm(normed[0])
    checked.register_full_backward_hook(ten_times)
    return [
        (
            recorded,
            "layer 0 (Linear) has a hook, ten_times, which is passed over: where it changes numbers, these differ.",
        ),
        (
            slowed,
            "layer 0 (Linear) has a hook, ten_times, which is passed over: where it changes numbers, these differ.",
        ),
        (
            checked,
            "the Sequential has a hook, ten_times, which is passed over: where it changes numbers, these differ.",
        ),
        (
            normed,
            "layer 0 (Linear) computes its weight from other numbers: here it is plain, with a gradient of its own.",
        ),
    ]


def ten_times(*given):
    """Return ten times what a hook may change."""
    return given[-1] * 10


@pytest.mark.parametrize("case", range(4))
def test_what_else_is_done_in_a_layer_is_told(case):
    model, said = doing_more(torch_or_skip().nn)[case]
    with pytest.warns(UserWarning, match=f"^{re.escape(said)}$") as told:
        Network.from_torch(model, "half_squared_error")
    assert len(told) == 1


def test_a_hook_of_the_loss_is_told_too():
    nn = torch_or_skip().nn
    loss = nn.MSELoss()
    loss.register_forward_hook(ten_times)
    with pytest.warns(UserWarning, match="^MSELoss has a hook, ten_times, which is passed over"):
        Network.from_torch(nn.Linear(2, 1), loss)


def test_a_logarithm_may_be_below_minus_100_where_bce_loss_ends():
    torch = torch_or_skip()
    model, loss = torch.nn.Sequential(torch.nn.Linear(1, 1), torch.nn.Sigmoid()), torch.nn.BCELoss()
    with torch.no_grad():
        model[0].weight.fill_(300)
        model[0].bias.fill_(0)
    network = Network.from_torch(model, loss)
    assert loss(model(torch.ones(1, 1)), torch.zeros(1, 1)).item() == 100
    assert backprop(network, [1], [0]).L == 300


@pytest.mark.parametrize("behind", [("Dropout",), ("Identity",), ("Dropout", "Identity", "Flatten")])
@pytest.mark.filterwarnings("ignore:.* is passed over")
def test_a_log_softmax_says_what_its_loss_is_whatever_stands_behind_it_that_changes_nothing(behind):
    nn = torch_or_skip().nn
    layers = [nn.Linear(2, 2), nn.LogSoftmax(1), *(getattr(nn, it)() for it in behind)]
    assert Network.from_torch(nn.Sequential(*layers)).loss == "cross_entropy"


def test_a_model_that_is_trained_on_leaves_its_network_as_it_was():
    torch = torch_or_skip()
    model = torch.nn.Linear(2, 1)
    network = Network.from_torch(model, "half_squared_error", input_names=["height", "width"], output_names=["area"])
    before = network.weights[0].copy()
    with torch.no_grad():
        model.weight += 1
    assert (network.weights[0] == before).all()
    assert (network.input_names, network.output_names) == (("height", "width"), ("area",))


def test_numbers_of_16_bits_are_taken_as_they_are():
    torch = torch_or_skip()
    model = torch.nn.Linear(2, 1, dtype=torch.bfloat16)
    network = Network.from_torch(model, "half_squared_error")
    assert network.weights[0].tolist() == model.weight.tolist()
