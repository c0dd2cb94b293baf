"""See back-propagation, one equation at a time.

==================  ===============================================================
`Network`           weights, biases, activations and a loss, checked at the door
`backprop`          one forward and one backward pass of a sample, recorded
`Trace`             the recorded run: arrays, and `trace[k]`, the k-th equation
`TraceEvent`        one equation: its quantity, place, value and operands
==================  ===============================================================
"""

from bppviz._backprop import backprop
from bppviz._network import Network
from bppviz._trace import Operand, Trace, TraceEvent

__all__ = ["Network", "Operand", "Trace", "TraceEvent", "backprop"]
