"""Networks of every shape, activation and loss, seen in JupyterLab: at its steps all of it can be read."""

import pytest
from faults import report

from bppviz import Network, backprop
from bppviz.core.samples import default_sample
from bppviz.core.walk import edges, walk

XOR = "Network([[[20, 20], [-20, -20]], [[20, 20]]], [[-10, 30], [-30]], 'sigmoid', 'binary_cross_entropy')"
SATURATED = "Network([[[800, -900]], [[-1e6], [2e-7]]], [[1], [0, 1]], ['sigmoid', 'identity'], 'half_squared_error')"
NETWORKS = {
    "1-1": "Network.random([1, 1])",
    "1-2": "Network.random([1, 2], 'identity')",
    "2-2-1 for xor": XOR,
    "2-2-2 without biases": "Network([[[1, -2], [-1, 1]], [[2, -1], [-2, -1]]], None, 'tanh', 'half_squared_error')",
    "2-3-1 with a bias at the output": "Network([[[1, 2], [-1, 1], [2, 0.5]], [[1, -1, 2]]], [None, [1]], 'tanh', "
    "'half_squared_error')",
    "2-2-2 with softmax": "Network.random([2, 2, 2], 'relu', 'cross_entropy')",
    "3-3-3 with sigmoid": "Network.random([3, 3, 3], 'sigmoid', 'binary_cross_entropy', seed=2)",
    "2-1-2 with very large and very small numbers": SATURATED,
    "2-4-2 with softmax": "Network.random([2, 4, 2], 'tanh', 'cross_entropy')",
    "8-1": "Network.random([8, 1], 'sigmoid')",
    "1-8": "Network.random([1, 8])",
    "3-3-3-3": "Network.random([3, 3, 3, 3], seed=3)",
    "4-8-8-3 with softmax": "Network.random([4, 8, 8, 3], 'relu', 'cross_entropy')",
    "30-20-10": "Network.random([30, 20, 10])",
    "784-64-10 with softmax": "Network.random([784, 64, 10], 'relu', 'cross_entropy')",
}
MOST_ROWS = 2  # of a picture that fits into a cell without being scrolled


@pytest.fixture(scope="module")
def notebook(open_shared_notebook):
    notebook = open_shared_notebook("import bppviz\nfrom bppviz import Network", "None")
    notebook.run(0)
    return notebook


@pytest.mark.parametrize("name", NETWORKS)
def test_at_its_steps_all_of_it_can_be_read(notebook, name):
    network = eval(NETWORKS[name], {"Network": Network})
    trace = backprop(network, *default_sample(network))
    stops = walk(trace) if edges(trace) <= 300 else walk(trace, "layer")
    notebook.run(1, f"e = bppviz.explain({NETWORKS[name]}, theme='light')\ne")
    notebook.painted()
    every = 4 if len(stops) < 80 else 14
    looks = {}
    for stop in [*stops[::every], stops[-1]]:
        notebook.python(f"e.step = {stop.last}")
        looks[stop.last] = notebook.look(stop.last)
    assert set(looks) <= set(range(len(trace)))
    assert looks[len(trace) - 1]["data"]["steps"] == str(len(trace))
    found = report(looks, scrolls=max(network.sizes) > MOST_ROWS or network.layers > 2)
    assert not found, found


SAMPLES = {"large": [1e8, -2.5e8], "small": [1e-12, -3e-9], "of different sizes": [123456.789, -0.00012345]}
ROOMY, CROWDED = "Network.lecture()", "Network.random([2, 5, 2], ['tanh', 'identity'], seed=1)"


@pytest.mark.parametrize("view", ["network", "mirror"])
@pytest.mark.parametrize(
    ("network", "sample"),
    [*((ROOMY, sample) for sample in SAMPLES), (CROWDED, "of different sizes")],
    ids=[*SAMPLES, "crowded"],
)
def test_numbers_of_any_size_stand_within_their_places(notebook, network, sample, view):
    x = SAMPLES[sample]
    trace = backprop(eval(network, {"Network": Network}), x, [1, -0.35], 0.5)
    notebook.run(1, f"e = bppviz.explain({network}, {x}, [1, -0.35], learning_rate=0.5, view='{view}')\ne")
    notebook.painted()
    looks = {}
    for step in [*range(0, len(trace), 7), len(trace) - 1]:
        notebook.python(f"e.step = {step}")
        looks[step] = notebook.look(step)
    # Two powers of ten side by side, in a circle and on the edge to it, may touch, and two long new values.
    faults = report(looks, scrolls=True).splitlines()
    found = [fault for fault in faults if max(fault.count("×10"), fault.count("←")) < 2]
    assert not found, "\n".join(found)
