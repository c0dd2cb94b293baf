"""People do anything in any order: after every action, what is shown belongs to the network, and all can be undone.

Two machines act on a widget as its page does, in a kernel's event loop and without one. To let them act for longer:

    BPPVIZ_EXAMPLES=500 python -m pytest -n0 tests/widget/test_explainer_machine.py
"""

import asyncio
import gzip
import json
import logging
import os
import re
from collections import Counter
from dataclasses import replace
from math import isfinite

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pictures import value_at
from widgets import (
    CONTROLS,
    asked,
    field,
    is_idle,
    joined,
    look_into,
    numbers,
    page,
    parts,
    parts_of,
    says,
    session,
    slider,
    stage,
)

import bppviz.widget.feed as feed_module
import bppviz.widget.panels as panels_module
import bppviz.widget.training as training_module
from bppviz import Network, backprop, example, explain, samples
from bppviz.core.place import groups, key, place_at
from bppviz.core.samples import data_for
from bppviz.core.walk import granularities, locate, walk
from bppviz.page.packed import Position, packed, packed_frame
from bppviz.page.pool import TOLD
from bppviz.picture.film import views
from bppviz.practice.quiz import factor
from bppviz.practice.typed import single
from bppviz.widget.predict import PANEL
from bppviz.widget.sliders import short, told
from bppviz.widget.stage import Chart
from bppviz.words.equations import digits_of
from bppviz.words.notation import Notation
from bppviz.words.numbers import number

EXAMPLES = int(os.environ.get("BPPVIZ_EXAMPLES", "0"))
STARTS = {
    "lecture": lambda: explain(),
    "2-3-1, xor": lambda: explain(Network.random([2, 3, 1], "sigmoid"), *samples("xor")),
    "softmax": lambda: explain(
        Network.random([2, 2, 3], "tanh", "cross_entropy"),
        [[1, 2], [-1, 0.5], [0, 1]],
        [[0, 0, 1], [1, 0, 0], [0, 1, 0]],
    ),
    "regression": lambda: explain(example("regression")),
    "ReLU": lambda: explain(Network.random([2, 3, 2], "relu", seed=4), [1, -0.5], [0.5, 1], view="mirror"),
    "probabilities": lambda: explain(Network.random([1, 2, 1], "relu", "binary_cross_entropy"), [[1], [2]], [[0], [1]]),
    "larger": lambda: explain(Network.random([6, 6]), lang="zh-TW"),
    "cells": lambda: explain(Network.random([17, 3, 2], "sigmoid")),
}
QUICK = ("lecture", "regression", "probabilities", "cells")
NUMBERS = st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.14159265358979, 1e-7, 123456.789])
FAR = st.sampled_from([1e-300, 5e-324, 1e17, -1e155, 1e200, -1.7e308, 1.7e308])
TEXTS = st.sampled_from(["abc", "", "1 2", "−2,5", "３．５", "1e999", "0.3↑↑", "nan", "1.5×10⁻³"])
PROBLEMS = {"typed", "point", "overflow", "number", "target", "rate", "diverged"}  # what may be said in place
LOGS = ("traitlets", "bppviz")
NONSENSE = (
    {"granularity": "bogus"},
    {"partial": {}},
    {"panel": "bogus"},
    {"selected": "w-9-9-9"},
    {"step": "three"},
    {"film": ""},
    {"reply": {"act": 3}},
)
# What changes numbers, and so may be one more thing to undo; all that a hand does while it holds a slider is one.
CHANGES = {"types", "drags", "resets", "uses", "updates", "trains"}


def position(at):
    """Return where a stage stands."""
    return Position(at.view, at.granularity, at.step, at.partial)


def digits_at(trace, at):
    """Return with how many digits the operands are written where a stage stands."""
    stops = walk(trace, at.granularity)
    return digits_of(Notation(trace), stops[locate(trace, stops, at.step, at.partial)])


def unpacked(data):
    """Return what was sent to the page; no number in it may be anything else than finite."""

    def refuse(name):
        raise AssertionError(f"the page is sent {name}")

    return json.loads(gzip.decompress(data), parse_constant=refuse)


class Heard(logging.Handler):
    """What is written into a log, by ipywidgets or by us, instead of being raised."""

    def __init__(self):
        super().__init__()
        self.errors = []

    def emit(self, record):
        self.errors.append(record.exc_info[1] if record.exc_info else record.getMessage())


class Widget(RuleBasedStateMachine):
    """A widget without a kernel, where a training and a film are made at once."""

    @initialize(start=st.sampled_from(QUICK))
    def begin(self, start):
        self.heard = Heard()
        for name in LOGS:
            logging.getLogger(name).addHandler(self.heard)
        self.explainer = self.do(STARTS[start])
        self.stage = stage(self.explainer)
        self.do(lambda: look_into(self.explainer, *CONTROLS))
        self.session = session(self.explainer)
        self.held = None
        self.done = Counter()
        self.first = self.numbers()

    def do(self, act):
        """Do something as a kernel would."""
        return act()

    # What people do

    def widget(self, name):
        return parts(self.explainer)[name]

    @rule(data=st.data(), text=NUMBERS | NUMBERS | FAR | TEXTS)
    def types(self, data, text):
        """Type a number into a field, and go on to the next."""
        at = data.draw(st.sampled_from(numbers(self.explainer)))
        self.takes(at, slider=False)
        self.page(field(self.explainer, at), value=str(text))
        self.lets_go()
        self.done["types"] += 1

    @precondition(lambda self: self.held is None)
    @rule(data=st.data())
    def takes_a_slider(self, data):
        self.takes(data.draw(st.sampled_from(numbers(self.explainer))), slider=True)
        self.done["drags"] += 1

    @precondition(lambda self: self.held in numbers(self.explainer))
    @rule(part=st.lists(st.floats(0, 1), min_size=1, max_size=3))
    def drags(self, part):
        held = slider(self.explainer, self.held)
        for share in part:
            self.page(held, value=round(held.min + share * (held.max - held.min), 2))

    @precondition(lambda self: self.held)
    @rule()
    def leaves(self):
        self.lets_go()

    def takes(self, at, *, slider):
        if self.held:
            self.lets_go()
        self.held = at
        self.hold = {"kind": "hold", "at": at, "slider": slider}
        self.do(lambda: says(self.stage, {**self.hold, "down": True, "taken": True}))

    def lets_go(self):
        self.held = None
        self.do(lambda: says(self.stage, {**self.hold, "down": False, "taken": False}))

    @rule(name=st.sampled_from(["sample", "visit"]), shares=st.lists(st.floats(0, 1), min_size=1, max_size=2))
    def counts(self, name, shares):
        """Drag the slider of the samples, or of the course."""
        counter = self.widget(name)
        self.takes(name, slider=True)
        for share in shares:
            self.page(counter, value=round(counter.min + share * (counter.max - counter.min)))
        self.lets_go()

    @rule(name=st.sampled_from(["undo", "redo"]))
    def goes_back_or_forth(self, name):
        self.click(name)

    @rule()
    def resets(self):
        self.click("reset")
        self.done["resets"] += 1

    @rule()
    def updates(self):
        self.click("update")
        self.done["updates"] += 1

    @rule(updates=st.integers(2, 30))
    def trains(self, updates):
        self.page(self.widget("updates"), value=updates)
        self.click("run")
        self.done["trains"] += 1

    @rule(rate=st.sampled_from([0.5, 0.01, 3.0, 0.0, -1.0, 1e-320, 1e6, 1e300]))
    def types_a_rate(self, rate):
        self.takes("rate", slider=False)
        self.page(self.widget("rate-field"), value=str(rate))
        self.lets_go()

    @rule(power=st.sampled_from([-3.0, -0.3, 0.0, 1.05]))
    def drags_the_rate(self, power):
        self.takes("rate", slider=True)
        self.page(self.widget("rate"), value=10**power)
        self.lets_go()

    @rule(name=st.sampled_from(["walk-update", "log"]), is_on=st.booleans())
    def ticks(self, name, is_on):
        self.page(self.widget(name), value=is_on)

    @rule(data=st.data())
    def uses(self, data):
        """Take another data set."""
        self.choose("data", data.draw(st.integers(0, len(data_for(self.explainer.network)))))
        self.done["uses"] += 1

    @rule(name=st.sampled_from(["view", "granularity", "speed", "language", "theme"]), data=st.data())
    def chooses(self, name, data):
        self.choose(name, data.draw(st.integers(0, len(self.widget(name).options) - 1)))

    @rule(data=st.data())
    def walks(self, data):
        """Go anywhere on the walk, as the page does: a step, and how many terms of its sum are still missing."""
        stops = walk(self.explainer.trace, self.stage.granularity)
        at = data.draw(st.integers(0, len(stops) - 1))
        whole = next(i for i in range(at, len(stops)) if stops[i].terms is None)
        partial = {"step": stops[at].last, "back": whole - at} if whole > at else {"step": -1, "back": 0}
        self.page(self.stage, step=stops[at].last, partial=partial)
        self.page(self.widget("scrub"), value=stops[at].last)

    @rule(share=st.floats(0, 1))
    def is_sent_to_a_step(self, share):
        """Set the step in Python."""
        step = int(share * (len(self.explainer.trace) - 1))
        self.do(lambda: setattr(self.explainer, "step", step))

    @rule(data=st.data())
    def selects(self, data):
        places = [key(place) for group in groups(self.explainer.network.sizes, ()) for place in group]
        self.page(self.stage, selected=data.draw(st.sampled_from(["", *places])))

    @rule(name=st.sampled_from(["weights", "training", "table", "why", "check", PANEL, PANEL]))
    def folds(self, name):
        """Open or close a panel."""
        self.page(self.stage, panel="" if name == self.stage.panel else name)

    @precondition(lambda self: self.is_asking())
    @rule(kind=st.sampled_from(["right", "wrong", "none"]))
    def answers(self, kind):
        question, _ = asked(self.explainer)
        values = [event.value if kind == "right" else 2 * event.value + 1 for event in question]
        self.replies(act="answer", text="nothing" if kind == "none" else " ".join(map(number, values)))

    @precondition(lambda self: self.is_asking())
    @rule(act=st.sampled_from(["hint", "hint", "next", "next", "short", "long", "round", "reset"]))
    def asks(self, act):
        self.replies(act=act)

    @precondition(lambda self: self.is_asking())
    @rule(level=st.integers(0, 9))
    def begins_a_round(self, level):
        self.replies(act="level", level=level)

    def is_asking(self):
        """Tell whether results are asked for: the tables can be looked at meanwhile."""
        return self.stage.quiz.get("is_on", False)

    def replies(self, **reply):
        times = self.stage.reply["times"] + 1
        self.page(self.stage, reply={"step": self.stage.step, **reply, "times": times})

    @rule(state=st.sampled_from(NONSENSE))
    def sends_nonsense(self, state):
        """Send what no page of ours sends: it is refused, that is said, and nothing has changed."""
        names = [name for it in NONSENSE for name in it if name != "film"]
        before = {name: getattr(self.stage, name) for name in ("problem", *names)}
        self.page(self.stage, **state)
        assert self.stage.problem["name"] == "failed_message"
        self.heard.errors.clear()
        self.page(self.stage, problem=before["problem"])
        assert {name: getattr(self.stage, name) for name in before} == before

    @rule()
    def has_seen(self):
        self.do(lambda: says(self.stage, {"kind": "seen", "progress": self.stage.progress}))

    def page(self, widget, **state):
        self.do(lambda: page(widget, **state))

    def click(self, name):
        if self.held:  # a hand that clicks has let go
            self.lets_go()
        self.do(lambda: says(self.widget(name), {"event": "click"}))

    def choose(self, name, index):
        self.page(self.widget(name), index=index)

    # What is always so

    @invariant()
    def all_is_well(self):
        self.nothing_goes_wrong_in_silence()
        if not self.is_training():  # which ends before anything else is done
            self.all_belongs_together()

    def is_training(self):
        return self.stage.running

    def all_belongs_together(self):
        self.the_trace_is_that_of_the_network()
        self.the_page_shows_the_trace()
        self.what_is_asked_for_is_not_given_away()
        self.the_controls_show_what_is()
        self.the_fields_show_the_numbers()

    def numbers(self):
        """Return every number that can be changed, exactly."""
        course, network = self.session.now.course, self.session.now.network
        return [array.tobytes() for array in (*network.weights, *network.biases, course.x, course.target)]

    def nothing_goes_wrong_in_silence(self):
        assert self.heard.errors == []
        assert self.stage.problem.get("name", "overflow") in PROBLEMS

    def the_trace_is_that_of_the_network(self):
        trace = self.explainer.trace
        assert trace.network is self.explainer.network
        same_run(trace, backprop(trace.network, trace.x, trace.target, trace.learning_rate))

    def the_page_shows_the_trace(self):
        trace, at = self.explainer.trace, self.stage
        stops = walk(trace, at.granularity)
        place = locate(trace, stops, at.step, at.partial)
        if at.fresh:
            sent = unpacked(at.fresh)
            assert (sent["granularity"], sent["place"]) == (at.granularity, place)
        film, wanted = unpacked(at.film), unpacked(packed_frame(trace, position(at), *asked(self.explainer)))
        if at.fresh and "of_film" not in sent:
            assert sent == wanted
            frame = sent["frame"]
        else:
            assert film["steps"] == len(trace)
            frame = with_values(whole(film, film["walks"][at.granularity][place]), film["values"])
            frame = renewed(frame, sent["frame"]) if at.fresh else frame
            assert frame == with_values(wanted["frame"], wanted["values"])
        assert not re.search(r"\b(nan|inf)\b", json.dumps([frame, wanted["values"]]), re.IGNORECASE)
        for chart in parts_of(self.explainer, Chart):
            unpacked(chart.figure)

    def what_is_asked_for_is_not_given_away(self):
        question, hints = asked(self.explainer)
        if not self.is_asking():
            assert not question
            return
        assert self.stage.fresh
        if question:
            at = self.stage
            own = [self.explainer.trace[event.step] for event in question]
            other = with_other_values(self.explainer.trace, own)
            asks_inputs = question[0].quantity == "dz_dw"
            events = tuple(factor(other[it.step]) if asks_inputs else other[it.step] for it in own)
            # What it is computed from is written with as many digits as that takes.
            if digits_at(other, at) == digits_at(self.explainer.trace, at):
                assert at.fresh == packed_frame(other, position(at), events, hints)

    def the_controls_show_what_is(self):
        session, trace = self.session, self.explainer.trace
        assert (self.widget("undo").disabled, self.widget("redo").disabled) == (
            not session.can_undo,
            not session.can_redo,
        )
        assert self.widget("reset").disabled == (self.explainer.network is session.initial)
        assert self.widget("scrub").max == len(trace) - 1
        assert 0 <= self.explainer.step < len(trace)
        assert self.widget("sample").value == trace.sample + 1
        assert self.widget("walk-update").value == (trace.learning_rate is not None)
        assert self.stage.granularity in granularities(trace)
        assert self.stage.view in views(trace)

    def the_fields_show_the_numbers(self):
        for at in numbers(self.explainer):
            value, of_it = self.session.value(place_at(at)), slider(self.explainer, at)
            assert is_shown(value, field(self.explainer, at))
            if self.held != at:  # and no slider goes beyond 10³⁰⁰
                assert of_it.value == min(max(value, of_it.min), of_it.max)
                assert abs(value) <= of_it.max or abs(value) > 1e300
        visit, now = self.widget("visit"), self.session.now
        assert (visit.value, visit.max) == (now.epoch, len(now.course))  # which is left alone under a hand
        rate = single(self.widget("rate-field").tooltip.split(" = ")[1])
        assert isfinite(rate)
        assert rate > 0
        assert is_shown(rate, self.widget("rate-field"))
        assert self.explainer.trace.learning_rate in (None, rate)

    def teardown(self):
        if not hasattr(self, "explainer"):
            return
        try:
            self.all_can_be_undone_and_done_again()
        finally:
            self.do(self.explainer.close)
            for name in LOGS:
                logging.getLogger(name).removeHandler(self.heard)

    def all_can_be_undone_and_done_again(self):
        if self.is_training():
            self.click("run")
        # With the update in the walk, a state that was left may be out of reach of this η; then that is said.
        self.page(self.widget("walk-update"), value=False)
        while self.session.can_redo:
            self.click("redo")
        last, states = self.numbers(), [self.numbers()]
        while self.session.can_undo:
            self.click("undo")
            states.append(self.numbers())
        assert self.numbers() == self.first
        assert len(states) - 1 <= sum(self.done[name] for name in CHANGES)
        assert not self.widget("redo").disabled or len(states) == 1
        for state in states[-2::-1]:
            self.click("redo")
            assert self.numbers() == state
        assert self.numbers() == last
        self.page(self.stage, panel="")
        self.rests()
        self.all_is_well()
        assert self.stage.film == packed(self.explainer.trace, self.stage.view)

    def rests(self):
        """Leave the widget alone until nothing is left to be made."""


class InAKernel(Widget):
    """A widget in a kernel's event loop: it trains beside, and makes a film when the hand rests."""

    @initialize(start=st.sampled_from(list(STARTS)))
    def begin(self, start):
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda _, context: self.heard.errors.append(context))
        super().begin(start)

    def do(self, act):
        async def acted():
            result = act()
            await asyncio.sleep(0.002)  # and let whatever goes on beside go on
            return result

        return self.loop.run_until_complete(acted())

    @rule(updates=st.integers(2, 30))
    def trains(self, updates):
        super().trains(updates)
        self.waits(lambda: self.is_training())

    @rule()
    def updates(self):
        super().updates()
        self.waits(lambda: self.is_training())

    @rule()
    def begins_to_train(self):
        """Begin a training that will not end by itself, unless it diverges."""
        super().trains(1_000_000)

    @precondition(lambda self: self.is_training())
    @rule()
    def stops_the_training(self):
        self.click("run")
        assert not self.is_training()

    def waits(self, condition):
        """Let the loop go on as long as a condition holds."""

        async def waited():
            while condition():
                await asyncio.sleep(0.002)

        self.loop.run_until_complete(waited())

    @precondition(lambda self: not self.is_training())
    @rule()
    def rests(self):
        """Leave the widget alone until nothing is left to be made."""
        self.waits(lambda: not is_idle(self.explainer))
        assert bool(self.stage.fresh) == self.is_asking()

    def the_fields_show_the_numbers(self):
        if is_idle(self.explainer):
            super().the_fields_show_the_numbers()

    def teardown(self):
        try:
            super().teardown()
        finally:
            if hasattr(self, "loop"):
                self.loop.run_until_complete(self.loop.shutdown_default_executor())
                self.loop.close()


def same_run(one, other):
    """Check that two runs are the same, bit by bit."""
    for name in ("z", "a", "dsigma", "dl_da", "dl_dz", "dl_dw", "dl_db", "dL_dw", "dL_db"):
        for ours, theirs in zip(getattr(one, name), getattr(other, name), strict=True):
            assert (ours is None) == (theirs is None)
            assert ours is None or (ours.tobytes() == theirs.tobytes() and np.isfinite(ours).all()), name
    assert one.L == other.L
    assert np.array_equal(one.loss, other.loss)
    assert (one.updated is None) == (other.updated is None)
    if one.updated:
        pairs = zip(
            (*one.updated.weights, *one.updated.biases), (*other.updated.weights, *other.updated.biases), strict=True
        )
        assert all(ours.tobytes() == theirs.tobytes() for ours, theirs in pairs)


def is_shown(value, field):
    """Tell whether a field shows a number: as much of it as has room, or as it was typed, and all in its tooltip."""
    return field.tooltip == told(field.symbol, value) and (field.value == short(value) or single(field.value) == value)


def whole(film, place):
    """Return a frame of a film as the page puts it together."""
    frame, patch = film["frames"][place], {}
    for (attribute, series), at in zip(film["series"], frame["patch"], strict=True):
        patch.setdefault(attribute, {})[str(series)] = at
    return {**frame, **{name: joined(frame[name], film["texts"]) for name in TOLD}, "patch": patch}


def with_values(frame, values):
    """Return a frame with the values of its patch in their places, not their numbers in a list."""
    patch = {name: {series: value_at(values, i) for series, i in them.items()} for name, them in frame["patch"].items()}
    return {**frame, "patch": patch}


def renewed(before, others):
    """Return a frame with what differs in it put in, as the page does it."""
    if isinstance(others, dict) and isinstance(before, list) and set(others) == {"at", "put"}:
        put = dict(zip(others["at"], others["put"], strict=True))
        return [put.get(i, value) for i, value in enumerate(before)]
    if isinstance(others, dict) and isinstance(before, dict):
        return before | {key: renewed(before[key], value) for key, value in others.items()}
    return others


def with_other_values(trace, events):
    """Return the run as if other numbers had come out at these events, and nothing else had changed."""
    for event in events:
        trace = with_another_value(trace, event)
    return trace


def with_another_value(trace, event):
    value, kept = 7.25 - 3 * event.value, {name: it for name, it in vars(trace).items() if name == "dl_dw"}
    other = replace(trace, **with_another_array(trace, event, value))
    if trace.samples and event.phase not in ("sum", "update"):  # what is told of a sample stands in its own run, too
        of_all = {"dl_dw": with_another(trace.dl_dw, event, value, trace.sample)} if event.quantity == "dl_dw" else {}
        vars(other).update({**kept, **of_all, "one": with_another_value(trace.one, event)})
    return other


def with_another_array(trace, event, value):
    """Return the field of a run that an event's value stands in, with another one there."""
    quantity, row = event.quantity, trace.sample if trace.samples else None
    if event.phase == "update":
        kind = "weights" if quantity == "w" else "biases"
        arrays = with_another(getattr(trace.updated, kind), event, value)
        return {"updated": replace(trace.updated, **{kind: arrays})}
    if quantity == "loss":
        return {"loss": changed(trace.loss, (row,), value) if trace.samples else value}
    if quantity == "dl_dw":  # of several samples it is computed when somebody asks for it
        return {} if trace.samples else {"dL_dw": with_another(trace.dL_dw, event, value)}
    return {quantity: with_another(getattr(trace, quantity), event, value, None if event.phase == "sum" else row)}


def with_another(arrays, event, value, row=None):
    """Return the arrays of all layers with another value at an event's place."""
    place = (row, event.unit, event.source)
    return tuple(changed(it, place, value) if i == event.layer else it for i, it in enumerate(arrays, 1))


def changed(array, place, value):
    array = array.copy()
    array[tuple(index for index in place if index is not None)] = value
    return array


def lasting(examples):
    """Return the settings for so many walks; where they are always the same, a failure is told as it is found."""
    return settings(
        max_examples=EXAMPLES or examples,
        stateful_step_count=30,
        derandomize=not EXAMPLES,
        phases=[Phase.generate, *([Phase.shrink] if EXAMPLES else [])],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(autouse=True, scope="module")
def hasty():
    """Let everything that happens by time happen between actions, not after all of them."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((feed_module, "REST"), (panels_module, "DRAWN")):
            patch.setattr(module, name, 0.005)
        for name in ("CHUNK", "SHOWN"):
            patch.setattr(training_module, name, 0.005)
        yield


TestWidget = Widget.TestCase
TestWidget.settings = lasting(10)
TestInAKernel = InAKernel.TestCase
TestInAKernel.settings = lasting(25)
