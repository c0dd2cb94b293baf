"""What is said to somebody who gives something else in place of a network or of a recorded run."""

import re

import numpy as np
import pandas as pd
import pytest
from networks import lecture

from bppviz import Network, backprop, check_gradients, example, explain, figure, train


def refuses(message: str):
    """Expect a TypeError whose whole text is this message."""
    return pytest.raises(TypeError, match=f"^{re.escape(message)}$")


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
