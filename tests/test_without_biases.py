"""A network without biases has none anywhere: no b in walk, formulas, sentences, pictures, tables and words."""

import json
import re

import numpy as np
import pytest
from widgets import joined, unpacked

from bppviz import Network, backprop, check_gradients
from bppviz.core.place import key
from bppviz.core.samples import default_sample
from bppviz.page.packed import packed
from bppviz.page.pool import TOLD
from bppviz.panels.tables import check_table, run_tables
from bppviz.picture.names import italic
from bppviz.practice.answer_key import answer_key
from bppviz.practice.diagnosis import mistakes
from bppviz.practice.gradient_check import GradientCheck

B = re.compile(rf"\bb[₀-₉⁽_^]|∂b|{italic('b')}|<mi>b</mi>|w, b|\b[Bb]ias|偏差|\"(?:d[lL]_d)?b-\d")
SIZES = {"2-2-2-2": [2, 2, 2, 2], "lists": [2, 3, 1], "closed lists": [2, 5, 1], "cells": [17, 2]}


def without(sizes, keeps=()):
    """Return a run of two samples, with an update, of a network with biases in some layers alone."""
    made = Network.random(sizes, ["relu"] * (len(sizes) - 2) + ["softmax"], "cross_entropy", seed=4)
    biases = [b if layer in keeps else None for layer, b in enumerate(made.biases, 1)]
    network = Network(made.weights, biases, made.activations, made.loss)
    x, target = default_sample(network)
    return backprop(network, [x, np.zeros(len(x))], [target, target], 0.5)


RUNS = {name: without(sizes) for name, sizes in SIZES.items()}


def film(trace):
    """Return what a page of a run is made of, all of it in plain sight."""
    made = unpacked(packed(trace, alone=True))
    for frame in made["frames"]:
        frame.update({name: joined(frame[name], made["texts"]) for name in TOLD})
    return made


@pytest.mark.parametrize("name", SIZES)
def test_nothing_that_the_page_shows_speaks_of_a_bias(name):
    assert B.findall(json.dumps(film(RUNS[name]), ensure_ascii=False)) == []


def test_of_a_network_with_biases_it_does():
    shown = json.dumps(film(backprop(Network.random([2, 2, 1]), [1, 2], [0], 0.5)), ensure_ascii=False)
    assert {"∂b", italic("b"), "<mi>b</mi>", "b^", "bias", "偏差", '"b-1', '"dl_db-1'} <= set(B.findall(shown))


@pytest.mark.parametrize("name", ["2-2-2-2", "lists"])
def test_no_table_question_or_mistake_has_one(name):
    trace = RUNS[name]
    check = check_gradients(trace.network, trace.x, trace.target)
    assert isinstance(check, GradientCheck)
    told = [*run_tables(trace), check_table(trace, check), answer_key(trace), str(check)]
    assert B.findall(json.dumps(told, ensure_ascii=False)) == []
    names = {mistake.name for event in trace for mistake in mistakes(event, 0.1)}
    assert not names & {"bias_forgotten", "not_the_bias"}


@pytest.mark.parametrize("sizes", [[2, 2, 2, 2], [2, 3, 2, 1]])
def test_a_layer_without_them_has_none_beside_one_that_has(sizes):
    trace = without(sizes, keeps=[2])
    made = film(trace)
    own = re.compile(r"\bb-(\d)-\d")
    assert set(own.findall(json.dumps(made))) == {"2"}
    assert made["without_bias"] == [1, 3]
    assert {event.layer for event in trace if event.quantity in ("dl_db", "dL_db", "b")} == {2}
    assert {key(event.place) for event in trace if event.quantity == "b"} == {f"b-2-{i}" for i in range(sizes[2])}
    told = {
        (it["layer"], "plus the bias" in it["sentence"]["en"])
        for it in made["frames"]
        if it["quantity"] == "z" and it["whole"]
    }
    assert told == {(1, False), (2, True), (3, False)}


def test_z_is_the_sum_of_the_products_alone():
    trace = RUNS["2-2-2-2"]
    assert repr(trace[trace.step_of("z", 2, 1)]).endswith(f"= {trace.value('z', 2, 1):.4g}".replace("-", "−"))
    for layer, w in enumerate(trace.network.weights, 1):
        a = trace.array("a", layer - 1)
        np.testing.assert_allclose(trace.z[layer - 1], a @ w.T, rtol=1e-14, atol=1e-16)


def test_where_only_weights_are_learned_nothing_is_said_of_biases_that_there_are_not():
    network = Network([[[1, 2]]], None, "sigmoid", "half_squared_error")
    trace = backprop(network, [1, 2], [0], 0.5, update_biases=False)
    assert B.findall(json.dumps(film(trace), ensure_ascii=False)) == []
