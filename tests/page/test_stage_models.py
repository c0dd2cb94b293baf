"""A model of PyTorch in JupyterLab: its whole walk, told with its numbers, and PyTorch's gradients beside the check."""

import numpy as np
import pytest
from oracle import torch_or_skip

from bppviz import Network, backprop
from bppviz.core.walk import walk
from bppviz.words.catalogue import words
from bppviz.words.formula import latex
from bppviz.words.sentences import Narrator

W1, W2, B2 = [[0.5, -1.25], [-0.75, 2.0]], [[1.5, -0.5], [0.25, 1.0]], [0.1, -0.3]
MODEL = f"""import torch, bppviz
from torch import nn

model = nn.Sequential(nn.Linear(2, 2, bias=False), nn.LeakyReLU(0.1), nn.Linear(2, 2))
with torch.no_grad():
    model[0].weight.copy_(torch.tensor({W1}))
    model[2].weight.copy_(torch.tensor({W2}))
    model[2].bias.copy_(torch.tensor({B2}))
explainer = bppviz.explain(model, [1, 2], 1, loss=nn.CrossEntropyLoss(), theme="light")
explainer"""


@pytest.fixture(scope="module")
def notebook(open_shared_notebook):
    torch_or_skip()
    return open_shared_notebook(MODEL, size=(1440, 900)).run_all()


def run():
    """Return the same run, from the numbers that were put into the model."""
    weights, biases = (np.float32(it).astype(float) for it in (W1, W2)), [None, np.float32(B2).astype(float)]
    network = Network([*weights], biases, ["leaky_relu(0.1)", "softmax"], "cross_entropy")
    return backprop(network, [1, 2], 1)


def test_every_step_of_a_model_is_told_with_its_numbers(notebook):
    trace, tell = run(), Narrator(run())
    notebook.focus()
    notebook.press("Home")
    for stop in walk(trace):
        look = notebook.look(stop.last)
        assert look["formula"]["latex"] == latex(tell.both(stop)[0])
        assert look["substituted"]["latex"] == latex(tell.both(stop)[1])
        assert look["sentence"]["text"] == tell.sentence(stop, words("en"))
        notebook.press("ArrowRight")
    assert look["data"]["steps"] == str(len(trace))


def test_beside_the_check_stand_the_gradients_that_pytorch_finds_and_the_model_stays_as_it_was(notebook):
    notebook.open("check")
    table = notebook.find(".bppviz-panel-check table")
    table.get_by_text("PyTorch", exact=True).wait_for()
    rows = [row.locator("td").all_text_contents() for row in table.locator("tbody tr").all()]
    assert len(rows) == 4 + 4 + 2
    assert [row[-1] for row in rows] == ["✓"] * len(rows)
    of_ours, of_pytorch = ([float(row[at].replace("−", "-")) for row in rows] for at in (-5, -2))
    assert of_pytorch == pytest.approx(of_ours, rel=1e-5, abs=1e-7)
    assert notebook.python("print(model[0].weight.grad, model[2].bias.grad, model.training)") == "None None True"
