"""What a worksheet is about: a level by its name, and what somebody wants instead.

==================  ==========================================================================
`NAMED_LEVELS`      the networks that are offered by a name
`wanted`            what is to be drawn, checked at the door
`exercises`         so many different exercises of it
==================  ==========================================================================
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from bppviz.core.backprop import backprop
from bppviz.core.checks import above_zero, as_list, brief, counted, is_whole, known_name
from bppviz.core.functions import LOSSES, OUTPUT_OF, activation_of
from bppviz.core.named import known_activation
from bppviz.core.network import Network
from bppviz.core.trace import Trace, TraceEvent
from bppviz.practice.exercise import Exercise
from bppviz.practice.lots import Drawn, drawn_runs

MOST_QUESTIONS = 36  # a sheet has two pages at most, and its key one
MOST_LAYERS, MOST_WIDE = 4, 5  # of a network that is drawn on a sheet
ASKABLE = ("z", "a", "loss", "dl_da", "dsigma", "dl_dz", "dl_dw", "dl_db")


class Level(NamedTuple):
    """A network by a name: how large it is, its hidden and its output activation, and its loss."""

    sizes: tuple[int, ...]
    hidden: str
    output: str
    loss: str = "half_squared_error"


NAMED_LEVELS = {
    "neuron": Level((2, 1), "relu", "relu"),
    "relu": Level((2, 2, 1), "relu", "identity"),
    "sigmoid": Level((2, 2, 1), "sigmoid", "sigmoid"),
    "softmax": Level((2, 2, 2), "relu", "softmax", "cross_entropy"),
}
UNBOUNDED = {"relu": "identity", "leaky_relu": "identity"}  # outputs behind hidden layers that cut off at 0


def exercises(what: Drawn, n: int, seed: int) -> tuple[Exercise, ...]:
    """Return `n` different exercises; the same seed gives the same ones.

    Raises ValueError where so many are not found, and for more questions than a sheet has room for.
    """
    count = len(_questions(_plain_run(what), what))
    if count > MOST_QUESTIONS:
        raise ValueError(
            f"{count} numbers would be asked for, and a sheet has room for {MOST_QUESTIONS}; "
            "take fewer neurons, or ask for less, such as ask=('dl_dz', 'dl_dw')."
        )
    if not count:
        raise ValueError(f"ask is {brief(what.ask)}, of which a run of this network has nothing; ask for z or dl_dw.")
    return tuple(Exercise(i, it, _questions(it, what)) for i, it in enumerate(drawn_runs(what, n, seed), 1))


def _plain_run(what: Drawn) -> Trace:
    """Return a run of such a network without any weights, which has the same steps; refuse one that there is not."""
    shapes = [(n_out, n_in) for n_in, n_out in pairwise(what.sizes)]
    biases = [np.zeros(n_out) for n_out, _ in shapes]
    network = Network(tuple(map(np.zeros, shapes)), tuple(biases), what.activations, what.loss)
    return backprop(network, np.zeros(what.sizes[0]), np.eye(what.sizes[-1])[0])


def _questions(trace: Trace, what: Drawn) -> tuple[TraceEvent, ...]:
    return tuple(event for event in trace if event.quantity in what.ask)


def wanted(level: str, instead: tuple[Any, Any, Any], ask: Any, smallest: Any) -> Drawn:
    """Return what is to be drawn, checked: what a level says, unless sizes, activation or loss are given instead."""
    sizes, activation, loss = instead
    usual = NAMED_LEVELS[known_name("level", level, NAMED_LEVELS, any_case=True)]
    sizes = usual.sizes if sizes is None else _sizes(sizes)
    loss = known_name("loss", loss, LOSSES) if loss is not None else usual.loss
    names = _activations(usual, activation, loss, len(sizes) - 1)
    if names[-1] == "softmax" and sizes[-1] == 1:
        raise ValueError(f"sizes is {brief(sizes)}, and a softmax of one output is always 1; give 2 outputs or more.")
    return Drawn(sizes, names, loss, _asked(ask), above_zero("smallest", smallest, 0.01))


def _sizes(sizes: Any) -> tuple[int, ...]:
    given = as_list(sizes)
    mend = f"give 2 to {MOST_LAYERS + 1} whole numbers from 1 to {MOST_WIDE}, such as (2, 2, 1)."
    if given is None or not all(map(is_whole, given)):
        raise TypeError(f"sizes is {brief(sizes)}; {mend}")
    if not 2 <= len(given) <= MOST_LAYERS + 1 or not all(1 <= it <= MOST_WIDE for it in given):
        raise ValueError(f"sizes is {brief(sizes)}, which a sheet has no room for; {mend}")
    return tuple(int(it) for it in given)


def _activations(usual: Level, activation: Any, loss: str, layers: int) -> tuple[str, ...]:
    """Return one activation for each layer: of a name for all, with an output that fits."""
    if activation is not None and not isinstance(activation, str):
        given = as_list(activation)
        if given is None or len(given) != layers:
            raise ValueError(
                f"activation is {brief(activation)}; give a name, or a list with one for each of "
                f"{counted(layers, 'layer')}."
            )
        return tuple(map(known_activation, given))
    if activation is None:
        return (*[usual.hidden] * (layers - 1), OUTPUT_OF.get(loss, usual.output))
    name = known_activation(activation)
    output = OUTPUT_OF.get(loss) or (UNBOUNDED.get(activation_of(name).kind, name) if layers > 1 else name)
    return (*[name] * (layers - 1), output)


def _asked(ask: Any) -> tuple[str, ...]:
    names = [ask] if isinstance(ask, str) else as_list(ask)
    if not names:
        raise TypeError(f"ask is {brief(ask)}; give some of: {', '.join(ASKABLE)}.")
    return tuple(known_name("quantity", it, ASKABLE) for it in names)
