"""Whatever is given to the public API, it does what its documentation says, and nothing else.

These calls are always the same. For many more, and others: `python -m tests.fuzz 100000 --seed 1`.
"""

import re
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from fuzz import documented, outcome, outcomes, report, wrong_with_shown
from made_up import NAMES, Call, Maker

import bppviz
from bppviz import Network, backprop

CALLS = 2000
# What others make.
RECORDS = {
    "Worksheet",
    *("Answer", "AnswerCheck", "Epoch", "Example", "GradientCheck", "Operand", "Place", "Still", "Trace", "TraceEvent"),
}


@pytest.fixture(scope="module")
def made():
    """What came of some thousand calls."""
    return list(outcomes(range(CALLS), seed=0))


def test_made_up_calls_do_what_is_documented_and_nothing_else(made):
    assert not any(it.failures for it in made), report(made)


def test_they_call_everything_that_is_public(made):
    called = {it.call.name.partition(".")[0] for it in made}
    assert set(bppviz.__all__) - RECORDS - called == set()


def test_a_good_part_of_them_succeed_and_a_good_part_are_refused(made):
    succeeded = sum(not it.refused_by for it in made)
    assert CALLS / 3 < succeeded < CALLS * 9 / 10


def test_the_same_seed_makes_the_same_calls():
    assert [Maker(f"3:{n}").call() for n in range(50)] == [Maker(f"3:{n}").call() for n in range(50)]
    assert [Maker(f"3:{n}").call() for n in range(50)] != [Maker(f"4:{n}").call() for n in range(50)]


# What it finds


def lecture(**changed):
    """Return the lecture's run with something in it that it must not have."""
    trace = backprop(Network.lecture(), [1, -1], [1, 0])
    for name, value in changed.items():
        object.__setattr__(trace, name, value)
    return trace


def refuses(error):
    raise error


def warns(message):
    warnings.warn(message, stacklevel=1)


def found(function, name="samples"):
    """Return the kinds of failures that are found where something public does this."""
    return " | ".join(failure.kind for failure in outcome(Call(name, name), function).failures)


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (lambda: refuses(KeyError("x")), "samples: KeyError is not documented"),
        (lambda: refuses(UnicodeError("x")), "samples: UnicodeError is not documented"),
        (lambda: refuses(ValueError("x")), "samples: ValueError in other words than ours"),
        (lambda: bppviz.samples(10**20), ""),
        (lambda: refuses(ValueError("x" * 301)), "samples: a message too long"),
        (lambda: refuses(ValueError("x\ny")), "samples: a message too long"),
        (lambda: warns("x"), "samples: UserWarning is not documented"),
        (lambda: np.array([1.0]) / np.array([0.0]), "samples: RuntimeWarning is not documented"),
        (lambda: float("nan"), "a number is not finite"),
        (lambda: object(), "a object is returned"),
        (lambda: np.array([1.0]), "array can be written to"),
        (lambda: lecture(L=float("inf")), r"trace\.L is not finite"),
        (lambda: lecture(z=(np.array([np.nan, 0]),) * 3), r"trace\.z is not finite"),
        (lambda: lecture(a=(np.zeros(2),) * 3), r"trace\.a can be written to"),
        (lambda: lecture(dl_db=(np.zeros(2, dtype=np.float32),) * 3), r"trace\.dl_db is no array of float64"),
        (lambda: lecture(), ""),
    ],
)
def test_what_must_not_be_is_found(function, kind):
    assert re.search(kind, found(function)) if kind else found(function) == ""


@pytest.mark.parametrize(
    "shown",
    [
        "= ∞ − ∞",
        "= −∞ + ∞",
        "= ∞+(−∞)",
        "<mo>[</mo><mi>∞</mi><mo>−</mo><mi>∞</mi>",
        "z is nan.",
        "≈ −inf",
        float("nan"),
        "\ud800",
    ],
)
def test_no_number_that_is_none_is_shown(shown):
    assert list(wrong_with_shown({"sentence": [shown]}, "a frame"))


@pytest.mark.parametrize(
    "shown",
    [
        "≈ ∞",
        "= ∞+∞ ≈ ∞",
        "= −∞+(−∞) ≈ −∞",
        "x = 0 − ∞",
        "informed finance",
        "<math class='nan'></math>",
        "<mtd>−∞</mtd><mtd>−∞</mtd>",
        1e308,
    ],
)
def test_what_is_documented_may_be_shown(shown):
    assert list(wrong_with_shown({"sentence": [shown]}, "a frame")) == []


def test_the_documented_errors_are_those_that_the_docstring_names():
    assert documented("figure") >= {"IndexError", "ValueError"}
    assert documented("train") == {"TypeError", "ValueError", "ArithmeticError"}
    assert documented("Network.lecture") == set()


def test_a_call_is_told_so_that_it_can_be_made_again():
    call = Call("Network.random", "Network.random", ("[2, 3, 1]",), {"seed": "3"})
    assert str(call) == "Network.random([2, 3, 1], seed=3)"
    assert eval(str(call), dict(NAMES)).sizes == call.ready(NAMES)().sizes == (2, 3, 1)


def test_from_the_command_line_it_says_how_many_were_made():
    root = Path(__file__).parent.parent
    run = subprocess.run([sys.executable, "-m", "tests.fuzz", "2"], cwd=root, capture_output=True, text=True)
    assert re.search(r"^2 calls: \d succeeded, \d were refused", run.stdout, re.MULTILINE), run.stderr
    assert run.returncode == ("failures of 0 kinds" not in run.stdout)
