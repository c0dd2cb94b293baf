"""What is said to somebody who gives something else in place of a network or of a recorded run."""

import re

import numpy as np
import pandas as pd
import pytest
from networks import lecture
from oracle import torch_or_skip

from bppviz import Network, backprop, check_gradients, example, explain, figure, train


def refuses(message: str):
    """Expect a TypeError whose whole text is this message."""
    return pytest.raises(TypeError, match=f"^{re.escape(message)}$")


def test_a_model_of_pytorch_is_answered_with_where_its_numbers_are():
    torch = torch_or_skip()
    model = torch.nn.Sequential(*(torch.nn.Linear(2, 2) for _ in range(30)))
    mend = "give its numbers: Network([layer.weight, …], [layer.bias, …], activations, loss)."
    with refuses(f"network is a torch Sequential; {mend}"):
        explain(model)

    class Net(torch.nn.Module):
        pass

    with refuses(f"network is a test_refusals Net; {mend}"):
        backprop(Net(), [1], [1])


@pytest.mark.parametrize(
    ("library", "numbers"),
    [
        ("keras.src.models.sequential", "[layer.get_weights()[0].T, …], [layer.get_weights()[1], …]"),
        ("sklearn.neural_network._multilayer_perceptron", "[W.T for W in model.coefs_], model.intercepts_"),
    ],
)
def test_a_model_of_another_library_is_known_by_where_its_class_comes_from(library, numbers):
    model = type("Model", (), {"__module__": library})()
    with refuses(
        f"network is a {library.split('.')[0]} Model; give its numbers: Network({numbers}, activations, loss)."
    ):
        explain(model)


@pytest.mark.parametrize("given", [np.ones((9, 9)), pd.DataFrame({"a": [1]}), [[1, 2]]])
def test_samples_in_the_networks_place_are_told_what_comes_first(given):
    with pytest.raises(
        TypeError, match=r"^network is an? .+; a network comes first, such as Network\.random\(\[2, 3, 1\]"
    ):
        explain(given)


@pytest.mark.parametrize("call", [backprop, check_gradients, lambda *given: train(*given, 0.1, 1)])
def test_what_has_a_network_is_answered_with_where_it_is(call):
    with refuses("network is a Trace; give its network: trace.network."):
        call(lecture(), [1, -1], [1, 0])
    with refuses("network is an Example; give its network: example.network."):
        call(example("mazur"), [1, -1], [1, 0])


def test_a_widget_in_the_networks_place_is_answered_with_its_network():
    explainer = explain()
    with refuses("network is an Explainer; give its network: explainer.network."):
        explain(explainer)
    explainer.close()


def test_a_network_in_the_place_of_its_run_is_answered_with_how_to_make_one():
    with refuses("figure needs what bppviz.backprop returns, not a Network; give figure backprop(network, x, target)."):
        figure(Network.lecture(), 3)
