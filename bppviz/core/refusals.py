"""Refusals of what people give or ask for, each with what they may have meant, or what to change.

==================  ==========================================================================
`no_network`        the error where a network is wanted
`no_trace`          the error where a recorded run is wanted
`too_few_fit`       the error where too few networks are found whose numbers are worth computing by hand
==================  ==========================================================================
"""

from __future__ import annotations

from typing import Any

from bppviz.core.checks import as_list, brief, kind


def no_network(given: Any) -> TypeError:
    """Return the error where something else was given in a network's place."""
    if _is_ours(getattr(given, "network", None), "Network"):
        mend = f"give its network: {kind(given).split()[-1].lower()}.network."
    elif as_list(given) is not None or hasattr(given, "__array__"):
        mend = "a network comes first, such as Network.random([2, 3, 1]), then x and target."
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


def too_few_fit(found: str, reason: str, smallest: float) -> ValueError:
    """Return the error where too few networks are worth computing by hand, by the most frequent reason."""
    mends = {
        "small": f"gradients come out smaller than smallest={smallest:g}; give a smaller one, or fewer layers",
        "large": "numbers come out too large, or too long; take fewer layers, or fewer neurons in a layer",
        "flat": "neurons come out where their activation is flat; take fewer neurons in the layer before",
        "alike": "two answers of a layer come out alike; take fewer neurons in a layer, or ask for less",
        "known": "there are too few different ones; make fewer sheets, or take a larger network",
    }
    return ValueError(f"found {found} that are worth computing by hand: {mends[reason]}.")


def _is_ours(value: Any, name: str) -> bool:
    """Tell whether something is of a class of this package, which stands above this module."""
    own = type(value)
    return own.__name__ == name and own.__module__.startswith("bppviz.")
