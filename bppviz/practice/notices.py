"""Where nothing can be learned, or less than it seems, and why: what the widget says beside a run.

Each notice is the name of a message and its blanks. A run that learns has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from bppviz.core.trace import Trace
from bppviz.words.symbols import Symbols

MOST_SENTENCES = 2  # sentences: more would not be read


def notices(trace: Trace) -> list[dict[str, Any]]:
    """Return the notices of a run, the weightiest first: {"name": …} with the blanks of its message."""
    found = [*_without_loss(trace), *_alike(trace), *_dead(trace)]
    return found[:MOST_SENTENCES] or [*_flat(trace)]


def _without_loss(trace: Trace) -> Iterator[dict[str, Any]]:
    """Tell where the loss does not depend on the weights at all."""
    network = trace.network
    if network.activations[-1] == "softmax" and network.sizes[-1] == 1:
        yield {"name": "single_softmax"}
    elif network.loss == "cross_entropy" and not trace.target.any():
        yield {"name": "no_class"}


def _alike(trace: Trace) -> Iterator[dict[str, Any]]:
    """Tell of hidden neurons with the same weights before and after them: their gradients are the same for ever."""
    network = trace.network
    for layer, (w, own, after) in enumerate(zip(network.weights, network.biases, network.weights[1:], strict=False), 1):
        b = np.zeros(len(w)) if own is None else own
        # A glance first: the whole rows of a large layer take long to compare.
        if len({*zip(b.tolist(), w[:, 0].tolist(), after[0].tolist(), strict=True)}) == len(b):
            continue
        rows = np.column_stack([w, b, after.T]) + 0.0  # −0 is 0
        same = Counter(row.tobytes() for row in rows).most_common(1)[0][1]
        if same > 1:
            yield {"name": "alike", "layer": layer, "count": same}
            return


def _dead(trace: Trace) -> Iterator[dict[str, Any]]:
    """Tell of neurons with ReLU that are 0 for every sample; of a single sample that is nothing unusual."""
    if (trace.samples or 1) == 1:
        return
    at = [
        (layer, unit)
        for layer, (name, a) in enumerate(zip(trace.network.activations, trace.a, strict=True), 1)
        if name == "relu"
        for unit in np.flatnonzero(~a.any(axis=0)).tolist()
    ]
    if at:
        name = "dead" if len(at) == 1 else "dead_several"
        yield {"name": name, "a": Symbols(trace.network)("a", *at[0]).text, "count": len(at)}


def _flat(trace: Trace) -> Iterator[dict[str, Any]]:
    """Tell where every gradient is 0 although the loss is not."""
    if trace.L > 0 and not any(gradient.any() for gradient in (*trace.dL_dw, *trace.dL_db) if gradient is not None):
        yield {"name": "flat"}
