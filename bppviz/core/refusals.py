"""Refusals of what people give in place of a network or of a recorded run, each with the call that they meant.

==================  ==========================================================================
`no_network`        the error where a network is wanted
`no_trace`          the error where a recorded run is wanted
==================  ==========================================================================
"""

from __future__ import annotations

from typing import Any

from bppviz.core.checks import as_list, brief, kind

NUMBERS_OF = {
    "torch": "[layer.weight, …], [layer.bias, …]",
    "keras": "[layer.get_weights()[0].T, …], [layer.get_weights()[1], …]",
    "sklearn": "[W.T for W in model.coefs_], model.intercepts_",
}
NUMBERS_OF["tensorflow"] = NUMBERS_OF["tf_keras"] = NUMBERS_OF["keras"]


def no_network(given: Any) -> TypeError:
    """Return the error where something else was given in a network's place."""
    libraries = [cls.__module__.partition(".")[0] for cls in type(given).__mro__]
    library = next((name for name in libraries if name in NUMBERS_OF), None)
    if _is_ours(getattr(given, "network", None), "Network"):
        mend = f"give its network: {kind(given).split()[-1].lower()}.network."
    elif as_list(given) is not None or hasattr(given, "__array__"):
        mend = "a network comes first, such as Network.random([2, 3, 1]), then x and target."
    elif library:
        mend = f"give its numbers: Network({NUMBERS_OF[library]}, activations, loss)."
    else:
        return TypeError(f"network is {brief(given)}; give a Network, such as Network.lecture().")
    return TypeError(f"network is {kind(given)}; {mend}")


def no_trace(call: str, given: Any) -> TypeError:
    """Return the error where something else was given to a call that needs a recorded run."""
    if _is_ours(given, "Network"):
        mend = f"give {call} backprop(network, x, target)."
    elif _is_ours(getattr(given, "trace", None), "Trace"):
        mend = f"give its trace: {kind(given).split()[-1].lower()}.trace."
    else:
        mend = "the trace comes first."
    return TypeError(f"{call} needs what bppviz.backprop returns, not {kind(given)}; {mend}")


def _is_ours(value: Any, name: str) -> bool:
    """Tell whether something is of a class of this package, which stands above this module."""
    own = type(value)
    return own.__name__ == name and own.__module__.startswith("bppviz.")
