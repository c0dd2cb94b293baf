"""Activations and losses by their names, checked at the door of a network.

=====================  =======================================================================
`checked_activations`  a name for each layer, of a list or of one name for all
`known_activation`     one of them: sigmoid, or with a slope leaky_relu(0.1)
`check_loss`           whether a loss is known, and goes with the activation of the output
=====================  =======================================================================
"""

from __future__ import annotations

import re
from math import nan
from typing import Any

from bppviz.core.checks import as_list, brief, counted, known_name
from bppviz.core.functions import ACTIVATIONS, LEAK, LOSSES, activation_of

SLOPED = re.compile(r"\s*leaky_relu\s*\(\s*(.*?)\s*\)\s*")
POSSIBLE = "a leaky_relu has a slope between 0 and 1: give leaky_relu(0.1), or relu for 0, or identity for 1"


def checked_activations(given: Any, layers: int) -> tuple[str, ...]:
    """Return the name of the activation of each layer.

    Raises TypeError or ValueError for what is none, for too few or too many, and for a softmax in a hidden layer.
    """
    names = [given] * layers if isinstance(given, str) else as_list(given)
    if names is None:
        known = ", ".join(ACTIVATIONS)
        raise TypeError(f"activations is {brief(given)}; give a name, or a list with one for each layer, of: {known}.")
    names = [known_activation(name) for name in names]
    if len(names) != layers:
        raise ValueError(
            f"{counted(len(names), 'activation')} for {counted(layers, 'layer')}; "
            "give one for each layer, or one name for all."
        )
    for layer, name in enumerate(names[:-1], 1):
        if activation_of(name).derivative is None:
            raise ValueError(
                f"{name} in layer {layer} of {layers}, a hidden layer; it turns outputs into probabilities and "
                "belongs at the output. Use sigmoid, tanh, relu, leaky_relu or identity there."
            )
    return tuple(names)


def known_activation(name: Any) -> str:
    """Return the name of an activation that is known: leaky_relu with its usual slope, with another leaky_relu(0.1).

    Raises TypeError or ValueError for any other name, and for a slope that is not between 0 and 1.
    """
    sloped = SLOPED.fullmatch(name) if isinstance(name, str) else None
    return leaky(f"activation is {brief(name)}", sloped[1]) if sloped else known_name("activation", name, ACTIVATIONS)


def leaky(said: str, slope: Any) -> str:
    """Return the name of the leaky_relu with a slope; raise ValueError for a bad one, of which is `said`."""
    try:
        leak = float(str(slope))  # of a float32 the number that was meant
    except ValueError:
        leak = nan
    if not 0 < leak < 1:
        raise ValueError(f"{said}; {POSSIBLE}.")
    return "leaky_relu" if leak == LEAK else f"leaky_relu({leak!r})"


def check_loss(loss: Any, output: str) -> None:
    """Raise TypeError or ValueError for a loss that is not known, or takes logarithms of outputs that have none."""
    known_name("loss", loss, LOSSES)
    if LOSSES[loss].probabilities and activation_of(output).log_not is None:
        raise ValueError(
            f"{loss} takes the logarithm of the outputs, and those of {output} can be 0 or negative: "
            "make the output layer sigmoid or softmax, or use loss='half_squared_error'."
        )
