"""What is shown at thousands of random steps, read as it stands there and worked out: it comes to what is said to.

= holds to the last digit shown; ≈ within 2 %, or the sentence says why not. The picture writes the numbers of the
formulas, each at its place, as the formulas do.
"""

import re
from itertools import pairwise

import numpy as np
import pytest
from claims import equations, holds, sigma_of
from drawn import Drawn, written_otherwise
from networks import ELEMENTWISE, OUTPUTS

from bppviz import Network, backprop
from bppviz.core.walk import granularities, walk
from bppviz.picture.film import VIEWS, Film
from bppviz.words.catalogue import LANGUAGES, catalogue, words
from bppviz.words.formula import latex
from bppviz.words.sentences import Narrator

STEPS = 5000


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


def faults(trace, stop):
    """Return the equations of a stop whose numbers do not come to their result, where nothing is said of it."""
    sigma = sigma_of(trace, trace[stop.last].layer)
    wrong = [it for it in equations(latex(Narrator(trace).both(stop)[1])) if not holds(it, sigma)]
    return [it for it in wrong if r"\approx" not in it or not is_told(trace, stop)]


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


@pytest.mark.parametrize("view", VIEWS)
def test_the_picture_writes_each_number_of_a_formula_at_its_place_and_as_the_formula_writes_it(view):
    found = []
    for seed in range(80):
        trace = made(seed)
        film, steps = Film(trace, view), walk(trace, "equation")
        for stop in steps[:: len(steps) // 12 + 1]:
            found += [
                (seed, stop, *fault) for fault in written_otherwise(Drawn(film, stop), Narrator(trace).both(stop)[1])
            ]
    assert not found, "\n".join(map(str, found[:20]))


def result_of(trace, step):
    """Return the result of an equation as its formula writes it."""
    line = Narrator(trace).both(walk(trace, "equation")[step])[1][-1]
    return line[-1].template


def test_what_is_said_aloud_are_the_numbers_of_the_formulas():
    for seed in range(40):
        trace = made(seed)
        for stop in walk(trace, "equation"):
            said = Narrator(trace).result(stop, words("en"))
            assert said.endswith(f" = {result_of(trace, stop.last)}."), said
