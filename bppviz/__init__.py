"""See back-propagation, one equation at a time.

==================  ===================================================================
`explain`           show a network's two passes in a notebook, step by step
`Network`           weights, biases, activations and a loss, checked at the door
`backprop`          one forward and one backward pass of a sample, recorded
`train`             one update after another, from all samples at once
`Epoch`             one of them: its loss, and the network after it
`check_gradients`   every gradient beside its central difference, with a verdict
`example`           a first example by name, or a published one: neuron, regression, lecture, mazur, cs231n
`samples`           a small data set by name: and, or, xor, lecture
`Trace`             the recorded run: arrays, and `trace[k]`, the k-th equation
`TraceEvent`        one equation: its quantity, place, value and operands
`figure`            the picture at one step, a plotly Figure
`save_html`         the walk as a page of its own, for whoever has no kernel
`Explainer`         the widget that `explain` returns
==================  ===================================================================
"""

from bppviz._backprop import backprop
from bppviz._data import samples
from bppviz._draw import figure
from bppviz._examples import example
from bppviz._explainer import Explainer, explain
from bppviz._gradient_check import check_gradients
from bppviz._handout import save_html
from bppviz._network import Network
from bppviz._trace import Operand, Trace, TraceEvent
from bppviz._train import Epoch, train

__all__ = [
    "Epoch",
    "Explainer",
    "Network",
    "Operand",
    "Trace",
    "TraceEvent",
    "backprop",
    "check_gradients",
    "example",
    "explain",
    "figure",
    "samples",
    "save_html",
    "train",
]
