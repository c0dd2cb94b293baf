"""The program of a run: it runs alone, every assert of it holds, and it computes what the trace holds."""

import json
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import batches, lecture, lecture_of_two, networks, runs, samples
from oracle import torch_or_skip

from bppviz import Network, Trace, backprop, example, listing
from bppviz.words.listing import MOST_IN_TEXT

pytestmark = pytest.mark.usefixtures("own_precision")

# Runs programs, each in a namespace of its own, and says what they computed, by name and layer, or where they failed.
ALONE = """
import json, sys, traceback
def plain(value):
    if isinstance(value, dict): return {k: plain(it) for k, it in value.items()}
    return value.tolist() if hasattr(value, "tolist") else value
GRADS = {"z": ["dl_dz"], "a": ["dl_da"], "W": ["dl_dW", "dL_dW"], "b": ["dl_db", "dL_db"]}
results = []
for text, names in json.load(sys.stdin):
    space = {"__name__": "__main__"}
    try:
        exec(compile(text, "program", "exec"), space)
        result = {name: plain(space[name]) for name in names if name in space}
        for name, of in GRADS.items() if "torch" in sys.modules else ():
            of_layers = {k: getattr(it, "grad", None) for k, it in space.get(name, {}).items()}
            result |= {it: {k: plain(v) for k, v in of_layers.items() if v is not None} for it in of}
        results.append(result)
    except Exception as error:
        at = traceback.extract_tb(error.__traceback__)[-1].lineno
        results.append(f"{error!r} at {text.splitlines()[at - 1]}")
print(json.dumps([results, sorted({name.split(".")[0] for name in sys.modules})]))
"""
EXAMPLES = ("neuron", "regression", "lecture", "mazur", "cs231n")
MISTAKES = {
    "W for its transpose": (r"W\[(.+?)\]\.T @ dl_dz", r"W[\1] @ dl_dz"),
    "W transposed, of several samples": (r"(dl_dz\[.+?\] @ W\[.+?\])$", r"\1.T"),
    "a turned outer product": (r"np\.outer\((.+?), (.+?)\)", r"np.outer(\2, \1)"),
    "a turned product of several samples": (r"(dl_dz\[.+?\])\.T @ (a\[.+?\])", r"\2.T @ \1"),
    "@ for *": (r"(da_dz\[.+?\]) \* dl_da", r"\1 @ dl_da"),
}


def arrays(trace: Trace) -> dict[str, tuple]:
    """Return the arrays of a run by the names that a program has for them."""
    of = "L" if trace.samples else "l"
    named = {"z": trace.z, "a": trace.a, "dl_da": trace.dl_da, "da_dz": trace.dsigma, "dl_dz": trace.dl_dz}
    named |= {f"d{of}_dW": trace.dL_dw, f"d{of}_db": trace.dL_db}
    return named | ({"W": trace.updated.weights, "b": trace.updated.biases} if trace.updated else {})


def run_alone(traces: list[Trace], framework: str) -> tuple[list, set[str]]:
    """Run the programs of some traces in a fresh interpreter where a warning is an error."""
    given = [(listing(it, framework=framework), [*arrays(it), "loss", "L"]) for it in traces]
    command = [sys.executable, "-I", "-W", "error", "-c", ALONE]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)
    results, modules = json.loads(done.stdout)
    return results, set(modules)


def agrees(trace: Trace, result: dict, *, by_torch: bool) -> bool:
    """Tell whether what a program computed is what a trace holds."""
    wanted = {(name, str(k)): it for name, of_layers in arrays(trace).items() for k, it in enumerate(of_layers, 1)}
    wanted |= {"loss": trace.loss, "L": trace.L, ("a", "0"): trace.x}
    got = {(name, k): it for name in arrays(trace).keys() & result.keys() for k, it in result[name].items()}
    got |= {name: result[name] for name in ("loss", "L") if name in result}
    assert len(got) >= 2 + 4 * trace.network.layers
    scale = len(trace.x) if by_torch and trace.samples and trace.network.total == "mean" else 1
    for at, value in got.items():
        if wanted[at] is None:  # a layer without biases has 0 in their place
            continue
        times = scale if at[0] in ("dl_dz", "dl_da") else 1  # PyTorch has the derivatives of L, not of each l
        computed = times * np.array(value)
        if computed.shape != np.shape(wanted[at]) or not np.allclose(computed, wanted[at], 1e-12, 1e-12):
            return False
    return True


def body(text: str) -> list[str]:
    """Return the lines of a program from the forward pass on."""
    return text[text.index("# forward") :].splitlines()


@st.composite
def wild(draw) -> Trace:
    """Make runs whose outputs may be anything: saturated, tiny, rounded to 0 or 1."""
    network = draw(networks())
    factor = draw(st.sampled_from([1, 30, 300, 1e-6]))
    network = replace(network, weights=[w * factor for w in network.weights])
    x, target = draw(samples(network) | batches(network))
    return backprop(network, x, target, draw(st.none() | st.just(0.5)))


def made(strategy, count: int) -> list[Trace]:
    """Return so many examples of a strategy, the same each time."""
    found = []

    @settings(max_examples=count, database=None, derandomize=True)
    @given(strategy)
    def collect(it):
        found.append(it)

    collect()
    return found


@pytest.mark.parametrize("framework", ["numpy", "torch"])
def test_a_program_runs_alone_and_computes_what_was_shown(framework):
    if framework == "torch":
        torch_or_skip()
    tame = [*(example(it).trace for it in EXAMPLES), *made(runs(), 200)]
    traces = [*tame, *made(wild(), 60)]
    results, modules = run_alone(traces, framework)
    for trace, result in zip(traces, results, strict=True):
        assert isinstance(result, dict), f"{result}\n{listing(trace, framework=framework)}"
    for trace, result in zip(tame, results[: len(tame)], strict=True):
        assert agrees(trace, result, by_torch=framework == "torch"), listing(trace, framework=framework)
    assert framework in modules
    assert "bppviz" not in modules
    assert framework == "torch" or "torch" not in modules


@settings(max_examples=100, deadline=None)
@given(runs())
def test_a_mistake_in_a_program_is_caught_wherever_the_numbers_differ(trace):
    text = listing(trace)
    nothing = float(re.search(r"atol=(.+)\)", text)[1])
    for pattern, instead in MISTAKES.values():
        mistaken = re.sub(pattern, instead, text, flags=re.MULTILINE)
        if mistaken != text and differ(trace, mistaken, nothing):
            with pytest.raises((AssertionError, ValueError)):
                ran(mistaken)


def differ(trace: Trace, text: str, nothing: float) -> bool:
    """Tell whether a program computes other numbers than the trace holds, in the digits that are shown."""
    try:
        computed = ran(re.sub(r"^ *assert .*\n", "", text, flags=re.MULTILINE))
    except ValueError:  # shapes that do not fit
        return True
    return any(
        np.shape(computed[name][layer]) != it.shape or not np.allclose(computed[name][layer], it, 2e-3, 2 * nothing)
        for name, of_layers in arrays(trace).items()
        for layer, it in enumerate(of_layers, 1)
        if it is not None and layer in computed.get(name, {})
    )


def ran(text: str) -> dict:
    """Run a program, and return its names."""
    space = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(text, "program", "exec"), space)
    return space


def test_what_is_taken_for_0_is_far_below_every_number_of_the_program():
    for trace in [*made(runs(), 50), *made(wild(), 50)]:
        space = ran(listing(trace))
        computed = [it for name in arrays(trace) for it in space.get(name, {}).values()]
        largest = max(
            float(np.abs(it).max()) for it in (*computed, space["loss"], trace.target, *trace.network.weights)
        )
        nothing = float(re.search(r"atol=(.+)\)", listing(trace))[1])
        assert nothing <= 1e-11 * largest


def test_the_mistakes_are_caught_in_the_layer_that_is_not_its_own_mirror_image():
    text = listing(lecture())
    for name in ("W for its transpose", "a turned outer product", "@ for *"):
        pattern, instead = MISTAKES[name]
        with pytest.raises(AssertionError):
            ran(re.sub(pattern, instead, text))
    once = listing(backprop(replace(Network.lecture(), weights=[np.eye(2)] * 3), [1, -1], [1, 0]))
    ran(re.sub(*MISTAKES["W for its transpose"], once))  # there both give the same numbers


@settings(max_examples=60)
@given(runs(), st.sampled_from(["numpy", "torch"]))
def test_a_program_has_at_most_25_lines_from_the_forward_pass_on(trace, framework):
    plain, checked = (listing(trace, framework=framework, checks=checks) for checks in (False, True))
    assert len(body(plain)) <= 25
    assert [it for it in body(checked) if "assert" not in it][: len(body(plain))] == body(plain) or framework == "torch"
    assert max(len(it.split("  #")[0]) for it in body(plain)) <= 80
    assert "shown" not in plain


def test_every_line_that_computes_something_is_followed_by_its_check():
    lines = [it.strip() for it in body(listing(lecture_of_two()))]
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if " = " in line and not line.startswith("for"):
            name, _, k = line.split(" = ")[0].partition("[")
            assert after == f'assert same({line.split(" = ")[0]}, shown["{name}"]{"[" * bool(k)}{k})'


LECTURE = """\
# forward
for k in 1, 2, 3:
    z[k] = W[k] @ a[k-1] + b[k]
    a[k] = sigmoid(z[k])
# loss
loss = np.sum((a[3] - t)**2) / 2
# backward
dl_da[3] = a[3] - t
da_dz[3] = a[3] * (1 - a[3])
dl_dz[3] = da_dz[3] * dl_da[3]
for k in 2, 1:
    dl_da[k] = W[k+1].T @ dl_dz[k+1]
    da_dz[k] = a[k] * (1 - a[k])
    dl_dz[k] = da_dz[k] * dl_da[k]
# gradient
for k in 1, 2, 3:
    dl_dW[k] = np.outer(dl_dz[k], a[k-1])
    dl_db[k] = dl_dz[k]
"""
CLASSES = """\
# forward
for k in range(1, 7):
    z[k] = a[k-1] @ W[k].T + b[k]
    a[k] = act[k](z[k])
    z[k].retain_grad(); a[k].retain_grad()
# loss
loss = -torch.sum(t * torch.log(a[6]), dim=1)
L = torch.mean(loss)
# backward and gradient
L.backward()
# update
with torch.no_grad():
    for k in range(1, 7):
        W[k] -= eta * W[k].grad
        b[k] -= eta * b[k].grad
"""


def test_the_program_of_the_lecture_reads_like_the_lecture():
    assert "\n".join([*body(listing(lecture(), checks=False)), ""]) == LECTURE


def test_a_slope_is_found_from_a_as_in_the_formula_unless_that_would_lose_digits_or_layers_differ():
    def slopes(network, x, target):
        return [it.strip() for it in body(listing(backprop(network, x, target), checks=False)) if "da_dz[" in it][::2]

    of = partial(Network.random, [1, 1, 1])
    assert slopes(of("tanh"), [1], [1]) == ["da_dz[2] = 1 - a[2]**2", "da_dz[1] = 1 - a[1]**2"]
    assert slopes(of("relu"), [1], [1])[1] == "da_dz[1] = relu_slope(z[1])"
    near_1 = Network([[[40.0]], [[1.0]]], [[0], [0]], "sigmoid", "half_squared_error")
    careful = "da_dz[1] = sigmoid_slope(z[1])  # a * (1 - a), without losing digits"
    assert slopes(near_1, [1], [0])[1] == careful
    mixed = replace(Network.random([1, 1, 1, 1]), activations=["sigmoid", "relu", "sigmoid"])
    of_both = "da_dz[k] = slope[k](z[k])  # sigmoid: a * (1 - a)"
    assert slopes(mixed, [1], [0]) == ["da_dz[3] = a[3] * (1 - a[3])", of_both]
    assert "def sigmoid_slope" in listing(backprop(mixed, [1], [0]))


def test_the_twin_in_pytorch_has_one_call_that_goes_backward():
    network = Network.random([2, 3, 3, 3, 3, 3, 3], "relu", "cross_entropy", total="mean")
    trace = backprop(network, [[1, 2], [0, 1]], [0, 2], 0.5)
    assert "\n".join([*body(listing(trace, framework="Torch", checks=False)), ""]) == CLASSES


def test_a_relu_that_is_0_by_hand_is_off_in_the_program_too():
    trace = backprop(Network([[[0.1, 0.2]], [[1]]], [[-0.3], [0]], "relu", "half_squared_error"), [1, 1], [1])
    assert trace.z[0].tolist() == [0]
    assert 0.1 + 0.2 - 0.3 > 0
    assert "z > 1e-14" in listing(trace)
    ran(listing(trace))
    assert "z > 0," in listing(backprop(Network([[[1, 1]]], [[-2]], "relu", "half_squared_error"), [1, 1], [1]))


@pytest.mark.parametrize(
    ("arguments", "named", "error", "message"),
    [
        (
            (Network.lecture(),),
            {},
            TypeError,
            "listing needs what bppviz.backprop returns, not a Network; give listing",
        ),
        ((lecture(),), {"framework": "keras"}, ValueError, "unknown framework 'keras'; choose one of: numpy, torch."),
        ((lecture(),), {"checks": 1}, TypeError, "checks is 1; give True or False."),
    ],
)
def test_what_does_not_fit_is_refused(arguments, named, error, message):
    with pytest.raises(error, match=re.escape(message)):
        listing(*arguments, **named)


def test_a_run_with_too_many_numbers_is_refused_with_what_to_do():
    trace = backprop(Network.random([MOST_IN_TEXT, 1]), [0.5] * MOST_IN_TEXT, [1])
    with pytest.raises(ValueError, match=r"^a program with [\d ]+ numbers in it cannot be read; save_listing"):
        listing(trace)
