"""Benchmarks of what Python does: recording a run, training, making its events, and making the frames of its film."""

import subprocess
import sys
from collections import deque
from itertools import pairwise
from random import Random
from statistics import median

import numpy as np
from measure import Figure, Work, ratio, seconds

from bppviz import Epoch, Network, Trace, backprop, samples, still, train
from bppviz.core.walk import walk
from bppviz.paper.output import output
from bppviz.picture.film import Film

RELU = Figure("`backprop` of 784-128-64-10, relu and softmax cross-entropy, against bare NumPy", 1.5, "×")
SIGMOID = Figure("`backprop` of 784-128-64-10, sigmoid and half squared error, against bare NumPy", 1.5, "×")
LINEAR = Figure("`backprop`, time for each weight: with 2 or 8 times the weights against once", 1.5, "×")
TRAINING = Figure("training, 10,000 updates of XOR 2-2-1, against a bare NumPy loop", 1.5, "×")
EVENT = Figure("`trace[k]` of 784-128-64-10, any k", 20, "µs")
SIZE = Figure("`trace[k]` of 8,000,000 events against 49", 3, "×")
FILM = Figure("all frames of the lecture's network, for the first time", 40, "ms")
FRAME = Figure("one frame of the lecture's network, the slowest", 3, "ms")
STILL = Figure(
    "`still` of the lecture's network with its words as a notebook keeps them, in the mean of all steps", 15, "ms"
)
SHEET = Figure("`save_sheet` of the lecture's network, all 49 steps, with the imports", 2, "s")
WORKSHEETS = Figure("30 worksheets with their keys, with the imports", 5, "s")
FIGURES = (RELU, SIGMOID, LINEAR, TRAINING, EVENT, SIZE, FILM, FRAME, STILL, SHEET, WORKSHEETS)

SIZES = (784, 128, 64, 10)
FIRST_FILM = """
from time import perf_counter
from bppviz import Network, backprop
from bppviz.picture.film import Film
from bppviz.core.walk import walk
trace = backprop(Network.lecture(), [1, -1], [1, 0])
start = perf_counter()
film = Film(trace)
frames = [film.frame(stop) for stop in walk(trace)]
print(perf_counter() - start)
"""
FIRST_SHEET = """
from tempfile import TemporaryDirectory
from time import process_time
from bppviz import Network, backprop, save_sheet
with TemporaryDirectory() as folder:
    save_sheet(backprop(Network.lecture(), [1, -1], [1, 0]), f"{folder}/walk.html")
print(process_time())
"""
FIRST_WORKSHEETS = """
from tempfile import TemporaryDirectory
from time import process_time
from bppviz import worksheet
with TemporaryDirectory() as folder:
    sheets = worksheet(30, level="sigmoid")
    sheets.save(folder + "/sheets.html")
    sheets.save_key(folder + "/key.html")
print(process_time())
"""


def measured(quick: bool) -> dict[Figure, float]:
    """Return every figure; a quick run shows that the benchmark works, not more."""
    rounds, repeats = (1, 3) if quick else (15, 200)
    lecture = backprop(Network.lecture(), [1, -1], [1, 0])
    large = recorded(*SIZES)
    huge = large if quick else recorded(3000, 2000, 1000, 10)
    return {
        RELU: ratio(*against_numpy("relu", "cross_entropy"), rounds, repeats),
        SIGMOID: ratio(*against_numpy("sigmoid", "half_squared_error"), rounds, repeats),
        LINEAR: max(growth(factor, rounds, repeats // 3) for factor in (2, 8)),
        TRAINING: ratio(*training(100 if quick else 10_000), rounds, 1),
        EVENT: 1e6 * seconds(thousand_events(large), rounds) / 1000,
        SIZE: ratio(thousand_events(huge), thousand_events(lecture), rounds, 5),
        FILM: 1e3 * median(printed_by(FIRST_FILM) for _ in range(1 if quick else 7)),
        FRAME: 1e3 * slowest_frame(lecture, rounds),
        STILL: 1e3
        * seconds(lambda: [output(still(lecture, k)) for k in range(len(lecture))], 1 if quick else 5)
        / len(lecture),
        SHEET: median(printed_by(FIRST_SHEET) for _ in range(1 if quick else 7)),
        WORKSHEETS: median(printed_by(FIRST_WORKSHEETS) for _ in range(1 if quick else 7)),
    }


def sample(network: Network) -> tuple[np.ndarray, np.ndarray]:
    """Return an input like a picture's, and a target that names one class."""
    x = np.random.default_rng(1).normal(size=network.sizes[0])
    return x, np.eye(network.sizes[-1])[0]


def recorded(*sizes: int) -> Trace:
    """Return the recorded run of a network of these sizes."""
    network = Network.random(sizes)
    return backprop(network, *sample(network))


def against_numpy(activation: str, loss: str) -> tuple[Work, Work]:
    """Return the recorded run, and the plain one that gives the same gradients."""
    network = Network.random(SIZES, activation, loss)
    x, target = sample(network)
    plain = {"relu": plain_relu, "sigmoid": plain_sigmoid}[activation]
    for ours, theirs in zip(backprop(network, x, target).dl_dw, plain(network, x, target)[0], strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)
    return lambda: backprop(network, x, target), lambda: plain(network, x, target)


def plain_relu(network: Network, x: np.ndarray, target: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the gradients of a relu network with softmax and cross-entropy, and keep nothing else."""
    a, W = [x], network.weights
    for w, b in zip(W[:-1], network.biases[:-1], strict=True):
        a.append(np.maximum(w @ a[-1] + b, 0))
    e = np.exp(W[-1] @ a[-1] + network.biases[-1])
    delta = e / e.sum() - target
    dl_dw, dl_db = [np.outer(delta, a[-1])], [delta]
    for w, (below, here) in zip(W[:0:-1], list(pairwise(a))[::-1], strict=True):
        delta = (w.T @ delta) * (here > 0)
        dl_dw.insert(0, np.outer(delta, below))
        dl_db.insert(0, delta)
    return dl_dw, dl_db


def plain_sigmoid(network: Network, x: np.ndarray, target: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the gradients of a sigmoid network with half squared error, and keep nothing else."""
    a, W = [x], network.weights
    for w, b in zip(W, network.biases, strict=True):
        a.append(1 / (1 + np.exp(-(w @ a[-1] + b))))
    delta = (a[-1] - target) * a[-1] * (1 - a[-1])
    dl_dw, dl_db = [np.outer(delta, a[-2])], [delta]
    for w, (below, here) in zip(W[:0:-1], list(pairwise(a[:-1]))[::-1], strict=True):
        delta = (w.T @ delta) * here * (1 - here)
        dl_dw.insert(0, np.outer(delta, below))
        dl_db.insert(0, delta)
    return dl_dw, dl_db


def growth(factor: int, rounds: int, repeats: int) -> float:
    """Return how much longer each weight takes in a network with so many times the inputs."""
    runs, weights = [], []
    for n_in in (factor * SIZES[0], SIZES[0]):
        network = Network.random((n_in, *SIZES[1:]), "relu", "cross_entropy")
        x, target = sample(network)
        runs.append(lambda network=network, x=x, target=target: backprop(network, x, target))
        weights.append(sum(w.size for w in network.weights))
    return ratio(*runs, rounds, repeats) * weights[1] / weights[0]


def training(updates: int) -> tuple[Work, Work]:
    """Return the training of a network on XOR, and the plain loop that gives the same weights."""
    network, (X, T) = Network.random([2, 2, 1], "sigmoid", seed=3), samples("xor")

    def trained() -> Epoch:
        return deque(train(network, X, T, 0.5, updates), maxlen=1)[0]

    def looped() -> tuple[np.ndarray, ...]:
        return plain_training(network, X, T, 0.5, updates)

    last = trained().network
    for ours, theirs in zip((*last.weights, *last.biases), looped(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)
    return trained, looped


def plain_training(
    network: Network, X: np.ndarray, T: np.ndarray, learning_rate: float, updates: int
) -> tuple[np.ndarray, ...]:
    """Return the weights and biases of two sigmoid layers with half squared error, after so many updates."""
    (W1, W2), (b1, b2) = network.weights, network.biases
    for _ in range(updates):
        a1 = 1 / (1 + np.exp(-(X @ W1.T + b1)))
        y = 1 / (1 + np.exp(-(a1 @ W2.T + b2)))
        loss = 0.5 * ((y - T) ** 2).sum()
        delta2 = (y - T) * y * (1 - y)
        delta1 = (delta2 @ W2) * a1 * (1 - a1)
        W1, W2 = W1 - learning_rate * (delta1.T @ X), W2 - learning_rate * (delta2.T @ a1)
        b1, b2 = b1 - learning_rate * delta1.sum(axis=0), b2 - learning_rate * delta2.sum(axis=0)
    assert np.isfinite(loss)
    return W1, W2, b1, b2


def thousand_events(trace: Trace) -> Work:
    """Return the making of a thousand events from anywhere in a trace."""
    steps = Random(0).choices(range(len(trace)), k=1000)
    return lambda: [trace[k] for k in steps]


def printed_by(program: str) -> float:
    """Return the seconds that a program prints, in a new process."""
    return float(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout)


def slowest_frame(trace: Trace, rounds: int) -> float:
    """Return the seconds of the frame that takes longest in the median."""
    film = Film(trace)
    return max(seconds(lambda stop=stop: film.frame(stop), rounds) for stop in walk(trace))
