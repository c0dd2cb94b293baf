"""Examples to begin with, and published ones, with the numbers that their sources print.

==================  ==========================================================================
`example`           an example by name, to be shown with `explain`
`Example`           its network and samples, and what was published of it
`compared`          every published number beside ours
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from bppviz.core.backprop import backprop
from bppviz.core.checks import known_name
from bppviz.core.network import Network, ReadOnly
from bppviz.core.place import Place
from bppviz.core.samples import check_samples
from bppviz.core.sums import Array
from bppviz.core.trace import Trace

AFTER = "L"  # the loss after the update, which is no quantity of the run itself
Published = tuple[tuple[str, int, int, int | None], str]


@dataclass(frozen=True, repr=False)
class Example(ReadOnly):
    """A network with its sample or samples.

    `published` are places of the run, (quantity, layer, unit, source) as in `Trace.value`, each with the number that
    the `source` prints there; w and b are those after one update, and L the loss that they lead to. `exercise` is the
    name of a message, of what there is to find out about them.
    """

    name: str
    network: Network
    x: Array
    target: Array
    learning_rate: float | None = None
    source: str = ""
    published: tuple[Published, ...] = ()
    update_biases: bool = True
    exercise: str = ""

    @property
    def trace(self) -> Trace:
        """Return its run, as the source makes it."""
        return backprop(self.network, self.x, self.target, self.learning_rate, self.update_biases)

    def __repr__(self) -> str:
        return f"Example({self.name!r}, {self.network!r})"


class Compared(NamedTuple):
    """A published number and ours, both as texts with the same number of decimals."""

    place: Place
    published: str
    ours: str

    @property
    def is_same(self) -> bool:
        """Tell whether ours rounds to what was published."""
        return Decimal(self.ours) == Decimal(self.published)


def compared(example: Example) -> Iterator[Compared]:
    """Yield every published number of an example beside ours, rounded as the published one is."""
    trace = example.trace
    for place, text in example.published:
        decimals = max(0, -int(Decimal(text).as_tuple().exponent))
        yield Compared(Place(*place), text, f"{_ours(trace, Place(*place)):.{decimals}f}")


def _ours(trace: Trace, place: Place) -> float:
    updated = trace.updated
    if place.quantity in (AFTER, "w", "b") and updated:
        if place.quantity == AFTER:
            return backprop(updated, trace.x, trace.target).L
        return updated.value(place)
    return trace.value(place)


def example(name: str) -> Example:
    """Return an example by name, in any case: neuron, regression, lecture, mazur, cs231n or iris.

    `neuron` has one weight and one neuron, for the chain rule; `regression` is the line y = w x + b through three
    samples, with its update; `lecture` is the lecture's worked example. `mazur` is the 2-2-2 network of Matt Mazur's "A
    Step by Step Backpropagation Example", `cs231n` the sigmoid neuron of Stanford's CS231n notes, whose gradients are
    those of the output itself: its target is chosen so that ∂l/∂y = 1. `iris` is a trained 4-3-3 network that tells
    three kinds of iris from four lengths in cm, with six flowers that it has never seen: a typical one of each kind,
    then two of which it is not sure, and one that it gets wrong. `benchmarks/iris.py` trained it with 100 of Fisher's
    150 flowers; of the other 50 it gets 49 right.

    Raises TypeError or ValueError for anything else.
    """
    return EXAMPLES[known_name("example", name, EXAMPLES, any_case=True)]


def _example(name: str, network: Network, x: Any, target: Any, *more: Any) -> Example:
    return Example(name, network, *check_samples(network, x, target), *more)


def _values(quantity: str, layer: int, *texts: str) -> Iterator[Published]:
    for unit, text in enumerate(texts):
        yield (quantity, layer, unit, None), text


def _weights(quantity: str, layer: int, *rows: tuple[str, ...]) -> Iterator[Published]:
    for unit, row in enumerate(rows):
        for source, text in enumerate(row):
            yield (quantity, layer, unit, source), text


def _network(weights: Any, biases: Any, activations: Any = "sigmoid") -> Network:
    return Network(weights, biases, activations, "half_squared_error")


_MAZUR = _network([[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]], [[0.35, 0.35], [0.60, 0.60]])
_CS231N = _network([[[2, -3]]], [[-3]])
_CS231N_OUTPUT = float(backprop(_CS231N, [-1, -2], [0]).a[0][0])

_IRIS = Network(
    weights=(  # type: ignore[arg-type]
        [[1.2, 1.1, -1.8, -1.4], [-0.4, -1.1, 2.0, 0.3], [1.2, 0.8, -1.9, -1.2]],
        [[2.5, -3.7, 2.6], [0.6, 0.7, 0.6], [-3.0, 2.2, -2.9]],
    ),
    biases=([0.4, -0.4, 0.6], [-0.9, 0.0, 1.0]),  # type: ignore[arg-type]
    activations=("sigmoid", "softmax"),
    loss="cross_entropy",
    input_names=("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"),
    output_names=("setosa", "versicolor", "virginica"),
)
_IRISES = [
    [5.1, 3.5, 1.4, 0.3],
    [7.0, 3.2, 4.7, 1.4],
    [6.5, 3.0, 5.8, 2.2],
    [6.7, 3.0, 5.0, 1.7],
    [6.5, 3.2, 5.1, 2.0],
    [6.0, 2.7, 5.1, 1.6],
]

EXAMPLES = {
    it.name: it
    for it in (
        _example("neuron", _network([[[2.0]]], [[-2.5]]), [1.5], [1]),
        _example(
            "regression",
            _network([[[1.0]]], [[0.0]], "identity"),
            [[1], [2], [3]],
            [[3], [5], [7]],
            0.05,
        ),
        _example(
            "lecture",
            Network.lecture(),
            [1, -1],
            [1, 0],
            None,
            "Hung-yi Lee, Machine Learning, Deep Learning",
            (
                *_values("z", 1, "4", "-2"),
                *_values("a", 1, "0.98", "0.12"),
                *_values("a", 2, "0.86", "0.11"),
                *_values("a", 3, "0.62", "0.83"),
            ),
        ),
        _example(
            "mazur",
            _MAZUR,
            [0.05, 0.10],
            [0.01, 0.99],
            0.5,
            "Matt Mazur, A Step by Step Backpropagation Example (2015)",
            (
                (("z", 1, 0, None), "0.3775"),
                *_values("a", 1, "0.593269992", "0.596884378"),
                (("z", 2, 0, None), "1.105905967"),
                *_values("a", 2, "0.75136507", "0.772928465"),
                (("loss", 2, 0, None), "0.298371109"),
                (("dl_da", 2, 0, None), "0.74136507"),
                (("dsigma", 2, 0, None), "0.186815602"),
                (("dl_dw", 2, 0, 0), "0.082167041"),
                (("dl_dw", 1, 0, 0), "0.000438568"),
                *_weights("w", 2, ("0.35891648", "0.408666186"), ("0.511301270", "0.561370121")),
                *_weights("w", 1, ("0.149780716", "0.19956143"), ("0.24975114", "0.29950229")),
                ((AFTER, 2, 0, None), "0.291027924"),
            ),
            False,
            "published.exercise",
        ),
        _example(
            "cs231n",
            _CS231N,
            [-1, -2],
            [_CS231N_OUTPUT - 1],
            None,
            "CS231n, Backpropagation, Intuitions: Sigmoid example",
            (
                (("z", 1, 0, None), "1.00"),
                (("a", 1, 0, None), "0.73"),
                (("dsigma", 1, 0, None), "0.2"),
                *_weights("dl_dw", 1, ("-0.20", "-0.39")),
                (("dl_db", 1, 0, None), "0.20"),
            ),
        ),
        _example("iris", _IRIS, _IRISES, [0, 1, 2, 1, 2, 1]),
    )
}
