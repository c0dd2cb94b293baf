"""Networks that are drawn by lot for worksheets: always the same ones, and each worth computing by hand."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bppviz.core.functions import ACTIVATIONS
from bppviz.practice.diagnosis import diagnosed
from bppviz.practice.exercise import Exercise
from bppviz.practice.levels import NAMED_LEVELS, exercises, wanted
from bppviz.practice.lots import tabled
from bppviz.words.numbers import rounded

ASK = ("z", "a", "dl_dz", "dl_dw")
NOTHING = (None, None, None)
KEPT = Path(__file__).parent / "sheets.json"
INSTEAD = {
    **{level: (level, NOTHING) for level in NAMED_LEVELS},
    "3-3-2 relu": ("relu", ((3, 3, 2), None, None)),
    "2-2-2-1 relu": ("relu", ((2, 2, 2, 1), None, None)),
    "leaky": ("relu", (None, "leaky_relu", None)),
    "tanh": ("relu", (None, "tanh", None)),
    "3-2-2 sigmoid": ("sigmoid", ((3, 2, 2), None, None)),
    "binary": ("sigmoid", (None, "sigmoid", "binary_cross_entropy")),
    "2-2-3 softmax": ("softmax", ((2, 2, 3), None, None)),
    "tanh and softmax": ("softmax", (None, "tanh", None)),
}


def made(name: str, n: int = 30, seed: int = 0) -> tuple[Exercise, ...]:
    level, instead = INSTEAD[name]
    return exercises(wanted(level, instead, ASK, 0.005 if name == "leaky" else 0.01), n, seed)


def as_data(sheet: Exercise) -> dict:
    return {"given": sheet.given(), "answers": [rounded(event.value, 6) for event in sheet.questions]}


def test_the_same_seed_gives_the_same_sheets_for_ever():
    now = {level: [as_data(sheet) for sheet in made(level, 3, 7)] for level in NAMED_LEVELS}
    assert now == json.loads(KEPT.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", INSTEAD)
def test_no_two_sheets_are_alike_and_the_first_do_not_depend_on_how_many_there_are(name):
    sheets = [as_data(sheet) for sheet in made(name)]
    assert len({str(sheet) for sheet in sheets}) == 30
    assert [as_data(sheet) for sheet in made(name, 4)] == sheets[:4]
    assert [as_data(sheet) for sheet in made(name, 4, seed=1)] != sheets[:4]


@pytest.mark.parametrize("name", INSTEAD)
def test_the_numbers_are_worth_computing_by_hand(name):
    for sheet in made(name):
        trace, network = sheet.trace, sheet.trace.network
        given = np.concatenate([it.ravel() for it in (trace.x, trace.target, *network.weights, *network.biases)])
        assert [value for value in given.tolist() if float(f"{value:.3g}") != value] == []
        assert 0 not in [value for layer in network.weights for value in layer.ravel().tolist()]
        gradients = [event.value for event in trace if event.quantity.startswith("dl_") and event.value]
        assert min(map(abs, gradients)) >= (0.005 if name == "leaky" else 0.01)
        assert max(abs(event.value) for event in trace) <= 100
        for layer, activation in enumerate(network.activations, 1):
            z = trace.z[layer - 1]
            assert all(
                min(abs(abs(value) - it) for it in tabled(activation)) < 0.002 for value in z if tabled(activation)
            )
            if activation == "relu":
                assert (z < 0).sum() <= (len(z) >= 3)
        for kind in ASK:
            for layer in range(1, network.layers + 1):
                values = sorted(e.value for e in trace if e.quantity == kind and e.layer == layer and e.value)
                assert all(b - a > 0.02 * max(abs(a), abs(b)) for a, b in pairwise(values))


@pytest.mark.parametrize("name", [name for name, (level, _) in INSTEAD.items() if level in ("neuron", "relu")])
def test_where_functions_are_exact_so_are_the_answers(name):
    if name in ("tanh", "leaky"):
        return  # of which one is not, and the other has hundredths
    for sheet in made(name):
        assert sheet.is_exact
        assert all((64 * event.value).is_integer() for event in sheet.trace)
        assert all(float(sheet.answer(event).replace("−", "-")) == event.value for event in sheet.questions)


def from_table(activation: str, z: float) -> float:
    """Return what a student reads off the table of a sheet."""
    entry = min(tabled(activation), key=lambda it: abs(it - abs(z)))
    value = rounded(float(ACTIVATIONS[activation].f(np.array([entry]))[0]))
    if z >= 0:
        return value
    return rounded(1 - value) if activation == "sigmoid" else -value


def outputs(activation: str, z: list[float]) -> list[float]:
    """Return the outputs of a layer as a student finds them."""
    if activation == "softmax":
        powers = [rounded(float(np.exp(min(tabled(activation), key=lambda it, z=value: abs(it - z))))) for value in z]
        return [rounded(it / sum(powers)) for it in powers]
    if tabled(activation):
        return [from_table(activation, value) for value in z]
    return ACTIVATIONS[activation].f(np.array(z)).tolist()


def slope(activation: str, z: float, a: float) -> float:
    """Return the slope of an activation as a student finds it."""
    if activation == "sigmoid":
        return rounded(a * (1 - a))
    if activation == "tanh":
        return rounded(1 - a * a)
    return float(ACTIVATIONS[activation].derivative(np.array([z]))[0])


def by_hand(sheet: Exercise) -> dict:
    """Compute a sheet with its table, each result rounded to 4 digits and used so."""
    trace, network = sheet.trace, sheet.trace.network
    done: dict[tuple, float] = {}
    a = trace.x.tolist()
    layers = []
    for w, b, name in zip(network.weights, network.biases, network.activations, strict=True):
        z = [rounded(float(row @ np.array(a)) + bias) for row, bias in zip(w, b.tolist(), strict=True)]
        layers.append((a, z, outputs(name, z)))
        a = layers[-1][2]
    t = trace.target.tolist()
    if network.simplified:
        dl_dz = [rounded(y - it) for y, it in zip(a, t, strict=True)]
    else:
        _, z, _ = layers[-1]
        errors = [rounded(y - it) for y, it in zip(a, t, strict=True)]
        slopes = [slope(network.activations[-1], *it) for it in zip(z, a, strict=True)]
        dl_dz = [rounded(error * it) for error, it in zip(errors, slopes, strict=True)]
    for layer in range(network.layers, 0, -1):
        before, z, after = layers[layer - 1]
        for i, gradient in enumerate(dl_dz):
            done[("z", layer, i, None)], done[("a", layer, i, None)] = z[i], after[i]
            done[("dl_dz", layer, i, None)] = gradient
            done |= {("dl_dw", layer, i, j): rounded(it * gradient) for j, it in enumerate(before)}
        if layer > 1:
            sums = [rounded(float(column @ np.array(dl_dz))) for column in network.weights[layer - 1].T]
            _, z, after = layers[layer - 2]
            slopes = [slope(network.activations[layer - 2], *it) for it in zip(z, after, strict=True)]
            dl_dz = [rounded(it * s) for it, s in zip(sums, slopes, strict=True)]
    return done


@pytest.mark.parametrize("name", INSTEAD)
def test_who_uses_the_table_and_rounds_as_the_sheet_says_is_right_everywhere(name):
    for sheet in made(name):
        found = by_hand(sheet)
        for event in sheet.questions:
            value = found[event.quantity, event.layer, event.unit, event.source]
            assert diagnosed(event, value).is_right, (sheet.number, event, value)


@pytest.mark.parametrize("name", INSTEAD)
def test_what_cannot_be_mixed_up_with_the_answer_is_said_of_common_mistakes(name):
    told = 0
    for sheet in made(name, 10):
        for event in sheet.questions:
            for mistake, value in sheet.mistakes(event):
                diagnosis = diagnosed(event, value)
                assert not diagnosis.is_right
                assert mistake.name in {it.name for it in diagnosis.mistakes}
                told += 1
    assert told > 100


@pytest.mark.parametrize(
    ("instead", "smallest", "why"),
    [
        (
            ((2, 5, 5, 5, 1), "sigmoid", None),
            0.5,
            r"found 0 of 1 network of the size 2-5-5-5-1 .* smaller than smallest=0\.5; give a smaller one",
        ),
        (((2, 2, 1), "sigmoid", None), 0.5, r"found 0 of 1 network of the size 2-2-1 .* smaller than smallest=0\.5"),
        (((5, 5, 5, 5, 5), "relu", None), 0.01, "found 0 of 1 network .*; take fewer"),
    ],
)
def test_where_no_such_network_is_found_it_is_said_what_to_loosen(instead, smallest, why):
    with pytest.raises(ValueError, match=why):
        exercises(wanted("relu", instead, ("loss",), smallest), 1, 0)


def test_there_are_only_so_many_different_ones():
    with pytest.raises(ValueError, match="too few different ones; make fewer sheets, or take a larger network"):
        exercises(wanted("neuron", ((1, 1), "identity", None), ASK, 0.5), 5000, 0)
