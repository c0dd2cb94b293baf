"""What is shown at thousands of random steps, read as it stands there and worked out: it comes to what is said to.

= holds to the last digit shown; ≈ within 2 %, or the sentence says why not. The numbers of the picture are those of the
formulas, with as many digits as have room.
"""

import re
from decimal import Decimal, localcontext
from itertools import pairwise

import numpy as np
import pytest
from evaluate import EXACT, evaluate, tanh
from networks import ELEMENTWISE, OUTPUTS

from bppviz import Network, backprop
from bppviz.core.walk import granularities, walk
from bppviz.picture.film import VIEWS, picture
from bppviz.words.catalogue import LANGUAGES, catalogue, words
from bppviz.words.formula import latex
from bppviz.words.numbers import DIGITS, FEWEST, number
from bppviz.words.sentences import Narrator

STEPS = 5000
RELATION = re.compile(r"(=|\\approx|\\Rightarrow|\\leftarrow)")
LARGE_MATRIX = re.compile(r"\\left\[\d")
SYMBOL = re.compile(r"[a-zLW]_|\\partial|\\mathbf|\(\\theta\)|\\eta")
PLAIN = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")
SAID = re.compile(r"[+−]?(?:\d+(?:\.\d+)?|∞)(?:×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?$")


# Runs of all kinds

NUMBERS = {
    "usual": lambda rng, shape: rng.normal(size=shape).round(9),
    "short": lambda rng, shape: rng.integers(-10, 11, size=shape) / 10,
    "whole": lambda rng, shape: rng.integers(-2, 3, size=shape).astype(float),
    "saturating": lambda rng, shape: rng.normal(size=shape) * 10 ** rng.uniform(0, 3),
    "tiny and huge": lambda rng, shape: rng.choice([-1, 1], size=shape) * 10.0 ** rng.uniform(-12, 9, size=shape),
    "extreme": lambda rng, shape: rng.normal(size=shape) * 10.0 ** rng.uniform(-90, 60),
    "with remains": lambda rng, shape: (rng.integers(-3, 4, size=shape) / 3) * (1 + 1e-15 * rng.normal(size=shape)),
    "nearly equal": lambda rng, shape: 1 + 10.0 ** -rng.integers(3, 15) * rng.integers(-5, 6, size=shape),
}


def made(seed):
    """Make a small run of some kind, of one sample or a few, often with an update; None where it would overflow."""
    rng = np.random.default_rng(seed)
    numbers = NUMBERS[list(NUMBERS)[seed % len(NUMBERS)]]
    sizes = rng.integers(1, 5, size=rng.integers(2, 5)).tolist()
    loss = rng.choice(list(OUTPUTS))
    hidden = [str(rng.choice(ELEMENTWISE)) for _ in sizes[2:]]
    network = Network(
        weights=[numbers(rng, (n, m)) for m, n in pairwise(sizes)],
        biases=[numbers(rng, n) * rng.integers(0, 2) for n in sizes[1:]],
        activations=[*hidden, str(rng.choice(OUTPUTS[loss]))],
        loss=str(loss),
    )
    count = int(rng.integers(1, 7))
    x = numbers(rng, (count, sizes[0])) if rng.random() < 0.7 else NUMBERS["short"](rng, (count, sizes[0]))
    if rng.random() < 0.3:
        x[1::2] = -x[: count // 2 * 2 : 2]  # samples that cancel
    soft = rng.random() < 0.3
    target = rng.random((count, sizes[-1])).round(3) if soft else rng.integers(0, 2, (count, sizes[-1])).astype(float)
    single = rng.random() < 0.4
    rate = rng.choice([None, 0.5, 0.1, 1.0, 1e-9, 1e4])
    try:
        trace = backprop(network, *(it[0] if single else it for it in (x, target)), rate)
    except OverflowError:
        return None
    return trace if single else trace.at_sample(int(rng.integers(count)))


def stops(trace, seed, most=60):
    """Return some stops of all walks of a run."""
    rng = np.random.default_rng(seed)
    all_of_them = [stop for granularity in granularities(trace) for stop in walk(trace, granularity)]
    return [all_of_them[i] for i in rng.permutation(len(all_of_them))[:most]]


# What a line says


def unit(result):
    """Return what the last digit of a result stands for: at least the fourth, or the last that is written."""
    fourth = result.adjusted() - DIGITS + 1
    return Decimal(1).scaleb(min(fourth, 0) if result.adjusted() < 6 else fourth)  # no digit is cut off before a point


def is_told(trace, stop):
    """Tell whether the sentence of a stop says, in every language, why a result is only about what is shown."""
    return all(
        any(re.search(pattern(text), Narrator(trace).sentence(stop, words(lang))) for text in reasons(lang))
        for lang in LANGUAGES
    )


def reasons(lang):
    return [text for name, text in catalogue(lang).items() if name.startswith("inexact.")]


def pattern(message):
    return re.sub(r"\\\{\w+\\\}", ".+", re.escape(message))


def sigma_of(trace, layer):
    """Return what the activation of a layer does to a column of numbers, worked out apart."""

    def applied(column):
        with localcontext(EXACT):
            zs = [row[0] for row in column]
            name = trace.network.activations[layer - 1]
            if name == "softmax":
                powers = [(z - max(zs)).exp() for z in zs]
                return np.array([[power / sum(powers)] for power in powers], dtype=object)
            f = {
                "sigmoid": lambda z: 1 / (1 + (-z).exp()),
                "tanh": tanh,
                "relu": lambda z: max(z, Decimal(0)),
                "leaky_relu": lambda z: max(z, z / 100),
                "identity": lambda z: z,
            }[name]
            return np.array([[f(z)] for z in zs], dtype=object)

    return applied


def faults(trace, stop):
    """Return the equations of a stop whose numbers do not come to their result, where nothing is said of it."""
    sigma = sigma_of(trace, trace[stop.last].layer)
    wrong = [it for it in equations(latex(Narrator(trace).both(stop)[1])) if not holds(it, sigma)]
    return [it for it in wrong if r"\approx" not in it or not is_told(trace, stop)]


def equations(text):
    """Return the equations of a formula, each in one line; a long sum goes on in the next with a plus."""
    return text.replace(r" \\ +", " +").split(r" \\ ")


def holds(line, sigma):
    """Tell whether the numbers of an equation come to its result, as the relation between them says."""
    if r"\cdots" in line or LARGE_MATRIX.search(line):
        return True  # not all of it is shown
    *before, relation, ending = [part.strip() for part in RELATION.split(line)]
    shown = [part for part in before if part and part not in ("=", r"\leftarrow") and not SYMBOL.search(part)]
    if not shown:
        return True  # the result alone
    result = evaluate(ending)
    if relation == r"\Rightarrow":
        left, comparison, right = re.split(r"(>|\\le)", shown[-1])
        above = evaluate(left) > evaluate(right)
        return above == (comparison == ">") and result == (1 if above else result) and result in (0, 1, Decimal("0.01"))
    value = evaluate(shown[-1], sigma)
    if isinstance(result, np.ndarray):
        return value.shape == result.shape and all(map(is_about, value.flat, result.flat))
    return is_rounded(value, result) if relation == "=" else is_about(value, result)


def is_rounded(value, result):
    if value.is_nan() or not result.is_finite():
        return False
    return value == result or (bool(result) and abs(value - result) <= unit(result) / 2)


def is_about(value, result):
    if value.is_nan() or not result.is_finite():
        return False
    return abs(value - result) <= abs(result) * Decimal("0.02")


def test_the_numbers_shown_at_thousands_of_random_steps_come_to_the_results_shown():
    looked, seed, found = 0, 0, []
    while looked < STEPS:
        trace = made(seed)
        seed += 1
        if trace is None:
            continue
        for stop in stops(trace, seed):
            looked += 1
            found += [(seed - 1, stop, fault) for fault in faults(trace, stop)]
    assert not found, "\n".join(map(str, found[:20]))


# The picture


def read(text):
    """Return the number that a text of the picture says, and what its last digit stands for."""
    text = text.split(" ")[-1].lstrip("×+")
    assert SAID.fullmatch(text), text
    mantissa, _, power = text.translate(PLAIN).partition("×10")
    return Decimal(mantissa) * Decimal(10) ** int(power or 0), Decimal(mantissa).as_tuple(), int(power or 0)


def is_the_same(label, result, value):
    """Tell whether a label says what a formula says, or the same value rounded to fewer digits, at least two."""
    if "∞" in label or "∞" in result:
        return label.split(" ")[-1].lstrip("×+") == result
    said, (_, digits, exponent), power = read(label)
    unit = Decimal(1).scaleb(exponent + power)
    is_exact = abs(said - Decimal(value)) <= abs(Decimal(value)) * Decimal("1e-11")
    return is_exact or (len(digits) >= FEWEST and abs(said - Decimal(value)) <= unit / 2)


def labels(graph):
    """Return everything that a picture writes about a run, with the place that it is about."""
    shape, label = graph.ground.shape, graph.run.label
    gradients = [place for gate in shape.gates for place in (at(gate, "dl_dz"), at(gate, "dl_da"))]
    yield from ((place, label(place)) for place in (*shape.nodes, *gradients, *shape.amplifying))
    for own in (*shape.edges, *shape.biases):
        yield from ((found.place, found.label) for found in graph.run.findings(own))


def at(place, quantity):
    """Return the place of another quantity of the same neuron."""
    return place._replace(quantity=quantity)


def result_of(trace, step):
    """Return the result of an equation as its formula writes it."""
    line = Narrator(trace).both(walk(trace, "equation")[step])[1][-1]
    return line[-1].template


@pytest.mark.parametrize("view", VIEWS)
def test_the_picture_shows_the_numbers_of_the_formulas_with_as_many_digits_as_have_room(view):
    for seed in range(80):
        trace = made(seed)
        for place, label in labels(picture(trace, view)):
            if place.quantity in ("x", "t"):
                value, result = trace.value(*place), number(trace.value(*place))
            else:
                step = trace.step_of(*place)
                value, result = trace[step].value, result_of(trace, step)
            assert is_the_same(label.text, result, value), (seed, place, label, result)


def test_what_is_said_aloud_are_the_numbers_of_the_formulas():
    for seed in range(40):
        trace = made(seed)
        for stop in walk(trace, "equation"):
            said = Narrator(trace).result(stop, words("en"))
            assert said.endswith(f" = {result_of(trace, stop.last)}."), said
