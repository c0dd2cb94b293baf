"""How NumPy and PyTorch write the functions of a network: activations, their slopes, losses, and their gradients.

==================  ==========================================================================
`Dialect`           what the program of a run is written in, and how carefully
`definitions`       the functions that it defines
`loss_of_outputs`   l, of a sample or of each of several
`slope_of_outputs`  ∂l/∂a of the output layer
`slope_of_layers`   σ′(z) of some layers
`simplified_slope`  ∂l/∂z of the output layer where σ′(z) · ∂l/∂a simplifies
==================  ==========================================================================

All is written as people write formulas. Only where outputs come so close to their limits that this would lose digits,
it is written as `bppviz.core.functions` computes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import ceil, log10
from typing import NamedTuple

import numpy as np

from bppviz.core.functions import LEAK, LOSSES, TINY
from bppviz.core.network import Network
from bppviz.core.simplified import DIFFERENCE
from bppviz.core.sums import Array
from bppviz.core.trace import Trace
from bppviz.words.digits import SMALLEST_EXACT
from bppviz.words.numbers import INFINITE

NEAR_LIMIT, NEAR_LIMIT_OF_LOGARITHM = 1e-10, 1e-3  # how far from 1 an output has digits enough in 1 − a, in its log
FEW_BITS = 2**10  # times what has few binary digits is a whole number
DIGITS_IN_A_SUM = 14  # that rounding leaves of the largest term
OF_SLOPE = re.compile(r"\((.+)\)")  # of leaky_relu(0.1)
IN_NAMES = str.maketrans(".-", "__")  # what stands in a number, and may not stand in a name
FRAMEWORKS = {"numpy": "np", "torch": "torch"}
OWN = {  # what a library has by itself
    "np": {"tanh": "np.tanh"},
    "torch": {"sigmoid": "torch.sigmoid", "tanh": "torch.tanh", "relu": "torch.relu"},
}
PLAIN = {
    "np": {
        "sigmoid": "def sigmoid(z): return 1 / (1 + np.exp(-z))",
        "sigmoid_slope": "def sigmoid_slope(z): return sigmoid(z) * (1 - sigmoid(z))",
        "tanh_slope": "def tanh_slope(z): return 1 - np.tanh(z)**2",
        "relu": "def relu(z): return np.maximum(z, 0)",
        "relu_slope": "def relu_slope(z): return np.where(z > {edge}, 1.0, 0.0)",
        "leaky_relu": "def {name}(z): return np.where(z > 0, z, {leak} * z)",
        "leaky_relu_slope": "def {name}(z): return np.where(z > {edge}, 1.0, {leak})",
        "identity": "def identity(z): return z",
        "identity_slope": "def identity_slope(z): return np.ones_like(z)",
        "softmax": "def softmax(z):\n"
        "    e = np.exp(z - z.max(axis=-1, keepdims=True))\n"
        "    return e / e.sum(axis=-1, keepdims=True)",
    },
    "torch": {
        "relu": "def relu(z): return torch.where(z > {edge}, z, 0.0)",
        "leaky_relu": "def {name}(z): return torch.where(z > {edge}, z, {leak} * z)",
        "identity": "def identity(z): return z",
        "softmax": "def softmax(z): return torch.softmax(z, dim=-1)",
    },
}
CAREFUL = {
    "np": {
        "sigmoid": "def sigmoid(z):\n    e = np.exp(-np.abs(z))\n    return np.where(z >= 0, 1, e) / (1 + e)",
        "sigmoid_slope": "def sigmoid_slope(z): return sigmoid(z) * sigmoid(-z)",
        "tanh_slope": "def tanh_slope(z): return 1 / np.cosh(np.clip(z, -350, 350))**2",
        "log_sigmoid": "def log_sigmoid(z): return -np.logaddexp(0, -z)",
        "log_softmax": "def log_softmax(z): return z - np.logaddexp.reduce(z, axis=-1, keepdims=True)",
        "log_not_softmax": "def log_not_softmax(z):\n"
        "    others = np.where(np.eye(z.shape[-1]) == 1, -np.inf, z[..., None, :])\n"
        "    return np.logaddexp.reduce(others, axis=-1) - np.logaddexp.reduce(z, axis=-1, keepdims=True)",
        "others": "others = 1 - np.eye({outputs})",
        "softmax_binary_slope": "def softmax_binary_slope(z, t):\n"
        "    y, missed = softmax(z), (1 - t) * softmax(z)\n"
        "    of_others = softmax(np.where(others == 0, -1e308, z[..., None, :]))\n"
        "    passed_on = (missed[..., None] * of_others).sum(axis=-2)\n"
        "    return y * (t @ others) - t * (y @ others) + missed - passed_on",
    },
    "torch": {
        "log_sigmoid": "def log_sigmoid(z): return torch.nn.functional.logsigmoid(z)",
        "log_softmax": "def log_softmax(z): return torch.log_softmax(z, dim=-1)",
        "log_not_softmax": "def log_not_softmax(z):\n"
        "    others = z[..., None, :].masked_fill(torch.eye(z.shape[-1]) == 1, -torch.inf)\n"
        "    return torch.logsumexp(others, dim=-1) - torch.logsumexp(z, dim=-1, keepdim=True)",
    },
}
NOTHING_LEFT = "def log_not_softmax(z): return 0 * z + {log_tiny}"  # of a single output, which is always 1
LOSSES_OF = {
    "half_squared_error": "{lib}.sum(({y} - t)**2{axis}) / 2",
    "squared_error": "{lib}.sum(({y} - t)**2{axis})",
    "mean_squared_error": "{lib}.mean(({y} - t)**2{axis})",
    "binary_cross_entropy": "-{lib}.sum(t*{lib}.log({y}) + (1-t)*{lib}.log(1-{y}){axis})",
    "cross_entropy": "-{lib}.sum(t * {lib}.log({y}){axis})",
}
CAREFUL_LOSSES = {
    "binary_cross_entropy": "-{lib}.sum(t*{log} + (1-t)*{log_not}{axis})",
    "cross_entropy": "-{lib}.sum(t * {log}{axis})",
}
SLOPES = {
    "half_squared_error": "{y} - t",
    "squared_error": "2 * ({y} - t)",
    "mean_squared_error": "2 * ({y} - t) / t.shape[-1]",
    "binary_cross_entropy": "({y} - t) / ({y} * (1 - {y}))",
    "cross_entropy": "-t / {y}",
}
# σ′(z) as the formula and the picture have it: the forward pass has found a, too
SLOPES_IN_A = {"sigmoid": "a[k] * (1 - a[k])", "tanh": "1 - a[k]**2"}
# ∂l/∂z of the outputs where σ′(z) · ∂l/∂a simplifies; y − t stands for targets that add up to 1, too
SIMPLIFIED_SLOPES = {
    ("sigmoid", "binary_cross_entropy"): "{y} - t",
    ("sigmoid", "cross_entropy"): "-t * (1 - {y})",
    ("softmax", "cross_entropy"): "{y} * np.sum(t{rows}) - t",
}
CAREFUL_SLOPES = {
    ("sigmoid", "binary_cross_entropy"): "(1 - t) * {y} - t * sigmoid(-{z})",
    ("sigmoid", "cross_entropy"): "-t * sigmoid(-{z})",
    ("softmax", "cross_entropy"): "{y} * (t @ others) - t * ({y} @ others)",
    ("softmax", "binary_cross_entropy"): "softmax_binary_slope({z}, t)",
}


class Dialect(NamedTuple):
    """What the program of a run is written in: np or torch, with the samples in rows or a single one, and with care.

    `edge` is the number above which a z counts as positive: what is 0 by hand may be 10⁻¹⁷ in floats. `nothing` is what
    the program takes for 0 where it compares.
    """

    library: str
    has_rows: bool
    is_careful: bool
    edge: float
    nothing: float

    @classmethod
    def of(cls, trace: Trace, library: str) -> Dialect:
        """Return how the program of a run is written."""
        nothing = _rounding(trace)
        return cls(library, trace.samples is not None, _is_near_limit(trace), _edge(trace, nothing), nothing)

    def called(self, function: str) -> str:
        """Return what the program calls an activation, or its slope: leaky_relu_0_1 is leaky_relu(0.1)."""
        if function in OWN[self.library] and not (function == "relu" and self.edge):
            return OWN[self.library][function]
        return OF_SLOPE.sub(r"_\1", function).translate(IN_NAMES)

    def takes_a(self, function: str) -> bool:
        """Tell whether σ′(z) of an activation is found from a, which close to a limit would lose digits."""
        return function in SLOPES_IN_A and not self.is_careful

    def written(self, template: str, output: str) -> str:
        """Return a piece of the program that speaks of the outputs, by the activation of their layer."""
        blanks = {"lib": self.library, "y": "a[k]", "z": "z[k]", "log": f"log_{output}(z[k])"}
        blanks["log_not"] = "log_sigmoid(-z[k])" if output == "sigmoid" else "log_not_softmax(z[k])"
        blanks["axis"] = {"np": ", axis=1", "torch": ", dim=1"}[self.library] if self.has_rows else ""
        blanks["rows"] = ", axis=1, keepdims=True" if self.has_rows else ""
        return template.format(**blanks)

    @property
    def tolerance(self) -> str:
        """Return what is taken for 0, as Python reads it: 1e-13."""
        return f"{self.nothing:g}".replace("e-0", "e-")


def definitions(network: Network, dialect: Dialect) -> list[str]:
    """Return the functions that a program defines: those that its library does not have by itself."""
    table = PLAIN[dialect.library] | (CAREFUL[dialect.library] if dialect.is_careful else {})
    if network.sizes[-1] == 1:
        table["log_not_softmax"] = NOTHING_LEFT
    blanks = {"edge": f"{dialect.edge:g}", "outputs": network.sizes[-1], "log_tiny": float(np.log(TINY))}
    lines = []
    for function in dict.fromkeys(_functions(network, dialect)):
        name, kind, slope = dialect.called(function), OF_SLOPE.sub("", function), OF_SLOPE.search(function)
        if kind in table and name not in OWN[dialect.library].values():
            lines.append(table[kind].format(name=name, leak=slope[1] if slope else LEAK, **blanks))
    return lines


def _functions(network: Network, dialect: Dialect) -> Iterator[str]:
    """Yield the names of all functions that a program of a network may need, those first that others need."""
    *hidden, output = network.activations
    for names in (hidden, [output]):
        is_written = len(set(names)) == 1 and dialect.takes_a(names[0])  # in the line itself
        has_slope = not is_written and (names is hidden or network.simplified is None)
        for name in names:
            yield from [name, *([f"{name}_slope"] if has_slope else [])]
    if LOSSES[network.loss].probabilities:
        yield f"log_{output}"
    if network.loss == "binary_cross_entropy":
        yield f"log_not_{output}"
    if output == "softmax" and network.simplified:
        yield "others"
        yield from ["softmax_binary_slope"] * (network.loss == "binary_cross_entropy")


def loss_of_outputs(network: Network, dialect: Dialect) -> str:
    """Return how a program computes l, of a sample or of each of several."""
    table = LOSSES_OF | (CAREFUL_LOSSES if dialect.is_careful else {})
    return dialect.written(table[network.loss], network.activations[-1])


def slope_of_outputs(network: Network, dialect: Dialect) -> str:
    """Return how a program computes ∂l/∂a of the output layer."""
    return dialect.written(SLOPES[network.loss], network.activations[-1])


def slope_of_layers(names: Sequence[str], dialect: Dialect) -> tuple[str, str]:
    """Return how a program computes σ′(z) of layers with these activations, and what is to be said of it."""
    usual = {name: SLOPES_IN_A[name].replace("[k]", "") for name in dict.fromkeys(names) if name in SLOPES_IN_A}
    if len(set(names)) != 1:
        return "slope[k](z[k])", ", ".join(f"{name}: {in_a}" for name, in_a in usual.items())
    if dialect.takes_a(names[0]):
        return SLOPES_IN_A[names[0]], ""
    comment = f"{usual[names[0]]}, without losing digits" if usual else ""
    return f"{dialect.called(f'{names[0]}_slope')}(z[k])", comment


def simplified_slope(trace: Trace, dialect: Dialect) -> str | None:
    """Return how a program computes ∂l/∂z of the output layer where σ′(z) · ∂l/∂a simplifies, else None."""
    network = trace.network
    output, pair = network.activations[-1], network.simplified
    if pair is None:
        return None
    totals = np.atleast_2d(trace.target).sum(axis=1).tolist()
    if not dialect.is_careful and all(pair.formula(total) == DIFFERENCE for total in totals):
        return "a[k] - t"
    template = (CAREFUL_SLOPES if dialect.is_careful else SIMPLIFIED_SLOPES).get((output, network.loss))
    return dialect.written(template, output) if template else None


def _is_near_limit(trace: Trace) -> bool:
    """Tell whether an output is so close to its limits that 1 − a, or its logarithm, loses digits."""
    network = trace.network
    for layer, (name, a) in enumerate(zip(network.activations, trace.a, strict=True), 1):
        is_logarithm = layer == network.layers and network.loss == "binary_cross_entropy"
        rim = NEAR_LIMIT_OF_LOGARITHM if is_logarithm else NEAR_LIMIT
        if name in ("sigmoid", "tanh", "softmax") and float(np.abs(a).max()) > 1 - rim:
            return True
        if name in ("sigmoid", "softmax") and float(a.min()) < SMALLEST_EXACT:
            return True
    return False


def _edge(trace: Trace, nothing: float) -> float:
    """Return the number above which a z counts as positive: 0 unless a ReLU has a z that is 0 but for rounding."""
    network = trace.network
    bent = [layer for layer, name in enumerate(network.activations, 1) if "relu" in name]
    if all(trace.z[layer - 1].all() or _is_exact(trace, layer) for layer in bent):
        return 0.0
    positive = (trace.z[layer - 1][trace.z[layer - 1] > 0] for layer in bent)
    return min([nothing, *(float(z.min()) / 10 for z in positive if z.size)])


def _is_exact(trace: Trace, layer: int) -> bool:
    """Tell whether floats compute z of a layer without rounding, as they do with halves and quarters."""
    w, b, a = trace.network.weights[layer - 1], trace.network.biases[layer - 1], trace.array("a", layer - 1)
    with np.errstate(over="ignore", invalid="ignore"):
        return all(bool(np.all(it * FEW_BITS % 1 == 0)) for it in (w, a, 0.0 if b is None else b))


def _rounding(trace: Trace) -> float:
    """Return a power of 10 that rounding does not reach, in any sum of a program."""
    sizes = [float(np.abs(it).max()) for it in (trace.target, trace.loss, trace.L)]
    with np.errstate(over="ignore"):
        sizes += [float(it.max()) for layer in range(1, trace.network.layers + 1) for it in _summed(trace, layer)]
    largest = min(max(sizes), INFINITE)
    return 10.0 ** (ceil(log10(largest)) - DIGITS_IN_A_SUM) if largest else 0.0


def _summed(trace: Trace, layer: int) -> Iterator[Array]:
    """Yield how large the terms are together that a program adds up in a layer."""
    network, at = trace.network, layer - 1
    w, b, dL_dw = np.abs(network.weights[at]), network.biases[at], np.abs(trace.dL_dw[at])
    a, dl_dz = (np.abs(np.atleast_2d(it)) for it in (trace.array("a", at), trace.dl_dz[at]))
    yield a @ w.T + (0.0 if b is None else np.abs(b))
    yield dl_dz @ w
    yield dl_dz.T @ a
    yield dl_dz
    yield w + (trace.learning_rate or 0.0) * dL_dw
    if layer < network.layers or network.simplified is None:  # else ∂l/∂a may be anything, and nobody computes it
        yield np.abs(trace.dl_da[at])
