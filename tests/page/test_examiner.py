"""The questions of a page without a kernel: it must ask, judge, help and count exactly as Python does.

A widget is asked in Python and answered in every way; then the page's own module hears the same, and must say the same.
"""

import random
import re
from base64 import b64encode

import pytest
from networks import lecture, lecture_of_two
from widgets import asked as asked_of
from widgets import stage, unpacked

import bppviz
from bppviz import Network, backprop
from bppviz.core.walk import walk
from bppviz.page.assets import page_module
from bppviz.page.defaults import DEFAULTS
from bppviz.page.exam import packed_exam
from bppviz.page.packed import packed
from bppviz.picture.film import views
from bppviz.practice import replies
from bppviz.practice.answer_key import answer_key
from bppviz.practice.diagnosis import diagnosed, mistakes
from bppviz.practice.quiz import ASKED_BY, Verdict, askable, rungs
from bppviz.practice.typed import is_too_short, numbers
from bppviz.words.catalogue import LANGUAGES, catalogue, words
from bppviz.words.numbers import number

RATE = 0.5  # of a widget whose walk has no update
# Answers to any question: what is no number, the wrong count of them, and numbers as people write them.
TYPED = """
abc|a lot|1/4|--3|1.2.3|nan|∞|1e400|1e99999999999|{what}|<b>4</b>|0,5|-3,25|0.5 apples|4 0.98|4, 0.98; −1  7|０|４．０
−２．５|.5|5.|+2.50|1.5e-4|1.2×10⁻⁷|1.2 * 10^-7|2E3|5 x 10 ^ -3|- 3|−３|123456.5|123455.5|0.0000123456|999999.6|1234567
1e-320|1e300|0|0.0|-0|00.50|1e²|1e−3|٣|7.0000000000001|100000000000000000000
"""
TYPED = TYPED.strip().replace("\n", "|").split("|")
# A model as the page has it: it says what its examiner tells, and what is shown then.
PAGE = """async ([source, traits, heard]) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { Examiner, filmsOf, valueAt } = await import(url);
  const bytes = (text) => Uint8Array.from(atob(text), (it) => it.charCodeAt(0));
  for (const name of ["film", "exam"]) traits[name] = bytes(traits[name]);
  const listeners = {};
  const model = {
    get: (name) => traits[name],
    set(name, value) {
      const is_other = traits[name] !== value;
      traits[name] = value;
      if (is_other) (listeners[`change:${name}`] ?? []).forEach((it) => it());
    },
    on: (name, listener) => (listeners[name] ??= []).push(listener),
    save_changes() {},
  };
  const films = filmsOf(model);
  const examiner = new Examiner(model, films);
  await examiner.begin();
  const shown = [];
  for (const [trait, value] of heard) {
    model.set(trait, value);
    await null; // it is told of all changes at once
    const { step, quiz } = traits;
    const fresh = await films.fresh;
    if (!fresh) { shown.push({ step, quiz }); continue; }
    const values = [...JSON.parse(fresh.values), ...JSON.parse(fresh.more ?? "[]")];
    const { frame } = fresh;
    const patch = Object.fromEntries(Object.entries(frame.patch).map(([attribute, bySeries]) =>
      [attribute, Object.fromEntries(Object.entries(bySeries).map(([of, it]) => [of, valueAt(values, it)]))]));
    shown.push({ step, quiz, frame: { ...frame, from: frame.used, to: frame.found, patch } });
  }
  return shown;
}"""
TOLD = ("step", "phase", "layer", "unit", "quantity", "whole", "name", "value", "from", "to", "patch")
TOLD += ("formula", "substituted", "sentence")
OTHER_ACTS = (
    "choose",
    "choose",
    "hint",
    "next",
    "level",
    "short",
    "long",
    "round",
    "reset",
    "step",
    "granularity",
    "panel",
    "late",
)
UNSAID = {"memory", "is_missing"}  # which one of the two does not need
NETWORKS = {
    "lecture": (lecture(), "network"),
    "lecture with its mirror": (lecture(), "mirror"),
    "two samples and an update": (lecture_of_two(), "network"),
    "three classes": (
        backprop(Network.random([2, 3, 3], "tanh", "cross_entropy"), [1, -0.5], [0, 1, 0]),
        "network",
    ),
    "a published one": (None, "network"),
}


class Asked:
    """A widget that is asked: everything that it hears, and what it shows then."""

    def __init__(self, trace, view):
        self.explainer = bppviz.explain(trace, view=view)
        self.stage = stage(self.explainer)
        self.heard, self.shown = [], []
        self.answered = set()  # the kinds of verdicts, each with the walk in which it was given
        self.chance = random.Random(3)

    def hear(self, trait, value):
        setattr(self.stage, trait, value)
        self.heard.append((trait, value))
        self.shown.append(seen(self.stage))
        self.answered.add((self.stage.granularity, self.stage.quiz.get("kind")))

    def reply(self, act, **more):
        self.hear("reply", {"act": act, "step": self.stage.step, **more, "times": self.stage.reply["times"] + 1})

    def answers(self):
        """Return answers to what is asked: right ones, as they are written and rounded, wrong ones, and others."""
        question = asked_of(self.explainer)[0]
        values = [event.value for event in question]
        yield " ".join(f"{value:.6g}" for value in values)
        yield "; ".join(f"{value:.1g}" for value in values)
        yield " ".join(number(value) for value in values)
        yield " ".join(f"{value:.2g}" for value in values)
        known = [mistake.value for event in question[-1:] for mistake in mistakes(event, RATE)]
        for value in self.chance.sample(known, min(6, len(known))):
            for digits in (2, 4, 6):
                yield " ".join([*(f"{it:.6g}" for it in values[:-1]), f"{value:.{digits}g}"])
        for value in values[-1:]:
            yield from (f"{by * value:.6g}" for by in (0.99, 1.0099, 1.02, -1, 10, 0.5))
        yield from self.chance.sample(TYPED, 6)

    def stumble(self):
        """Give a few answers to a question, and take hints until it is told, or a few of them."""
        for i in self.chance.sample(range(4), 4):
            if self.stage.quiz["choices"]:
                self.reply("choose", text=str(i))
        step, symbols = self.stage.step, self.stage.quiz["symbols"]
        answers = list(self.answers())
        for text in self.chance.sample(answers[4:], min(4, len(answers) - 4)):
            self.reply("answer", text=text)
        while (self.stage.step, self.stage.quiz["symbols"]) == (step, symbols) and self.stage.quiz["is_asked"]:
            if self.chance.random() < 0.6:
                self.reply("hint")
            else:
                self.reply("answer", text=self.chance.choice(answers[:4]))
        if not self.stage.quiz["is_asked"]:
            self.reply("next")

    def go_by_vector(self, questions):
        """Answer so many questions about whole vectors, and what is to be chosen before them."""
        self.hear("granularity", "vector")
        self.reply("long")
        for _ in range(questions):
            if self.stage.quiz["is_asked"]:
                self.stumble()
            else:
                self.reply("next")

    def wander(self, times):
        """Do anything that can be done, in any order, so many times."""
        trace = self.explainer.trace
        acts = [*["answer"] * 4, *["stumble"] * 6, *OTHER_ACTS]
        while len(self.shown) < times:
            act = self.chance.choice(acts)
            if act == "stumble" and self.stage.quiz["is_asked"]:
                self.stumble()
            elif act == "answer":
                self.reply("answer", text=self.chance.choice([*self.answers()] or TYPED))
            elif act == "choose":
                self.reply("choose", text=self.chance.choice(["0", "1", "2", "3", "4", "", "a", "²"]))
            elif act == "level":
                self.reply("level", level=self.chance.randrange(-1, len(rungs(trace)) + 2))
            elif act == "step":
                self.hear("step", self.chance.choice(walk(trace, self.stage.granularity)).last)
            elif act == "granularity":
                self.hear("granularity", self.chance.choice([*ASKED_BY, "vector", "layer"]))
            elif act == "panel":
                self.hear("panel", self.chance.choice(["table", "predict", "", "predict"]))
            elif act == "late":
                self.hear("reply", {"act": "hint", "step": -1, "times": self.stage.reply["times"] + 1})
            else:
                self.reply(act)


def seen(it):
    """Return what a stage tells the page, and the frame that this shows."""
    quiz = {name: value for name, value in it.quiz.items() if name not in UNSAID}
    if not it.fresh:
        return {"step": it.step, "quiz": quiz}
    fresh = unpacked(it.fresh)
    values = fresh["values"]
    patch = fresh["frame"]["patch"].items()
    resolved = {attribute: {of: resolve(values, at) for of, at in by.items()} for attribute, by in patch}
    return {"step": it.step, "quiz": quiz, "frame": {**fresh["frame"], "patch": resolved}}


def resolve(values, index):
    """Return a value of a frame, which may be stored as its difference from another one."""
    value = values[index]
    if not isinstance(value, dict):
        return value
    found = [*resolve(values, value["of"])]
    for at, it in zip(value["at"], value["put"], strict=True):
        found[at] = it
    return found


def same(python, page):
    """Check that a page says and shows what Python does."""
    assert page["step"] == python["step"]
    quiz = {name: value for name, value in page["quiz"].items() if name not in UNSAID}
    assert quiz == {name: value for name, value in python["quiz"].items() if name in quiz}
    assert {name for name, value in python["quiz"].items() if value} <= {*quiz}
    assert ("frame" in python) == ("frame" in page)
    if "frame" in python:
        for name in TOLD:
            assert page["frame"][name] == python["frame"][name], name
        assert spoken(page["frame"]) == spoken(python["frame"])


def spoken(frame):
    """Return what is said aloud: spaces make no sound."""
    return {lang: re.sub(r"\s+", "", it["sentence"] + it["result"]) for lang, it in frame["spoken"].items()}


@pytest.mark.parametrize("name", NETWORKS)
def test_without_a_kernel_the_page_asks_judges_helps_and_counts_as_python_does(browser, name):
    trace, view = NETWORKS[name]
    asked = Asked(trace or bppviz.example("mazur"), view)
    trace = asked.explainer.trace
    asked.hear("panel", "predict")
    asked.go_by_vector(22)
    asked.wander(len(asked.shown) + 200)
    asked.explainer.close()
    traits = {**DEFAULTS, "view": view, "alone": True, "granularity": "equation"}
    traits["film"] = b64encode(packed(trace, view, alone=True)).decode()
    traits["exam"] = b64encode(packed_exam(trace, (view,), RATE)).decode()
    page = browser.new_page()
    source = page_module("examiner.js") + "export { Examiner, filmsOf, valueAt };"
    shown = page.evaluate(PAGE, [source, traits, asked.heard])
    page.close()
    assert len(shown) == len(asked.shown)
    kinds = {it["quiz"].get("kind") for it in asked.shown}
    assert kinds == {None, "right", "wrong", "problem", "shown"}
    assert {it for granularity, it in asked.answered if granularity == "vector"} >= {"right", "wrong", "shown"}
    assert {len(it["quiz"]["choices"]) for it in asked.shown} >= {0, 4}
    for place, (python, of_page) in enumerate(zip(asked.shown, shown, strict=True)):
        try:
            same(python, of_page)
        except AssertionError as error:
            error.add_note(f"after {asked.heard[place]}, number {place}")
            raise


JUDGE = """async ([source, key, texts]) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { diagnosed, isTooShort, numbersTyped, verdictOn } = await import(url);
  const said = (item, text) => {
    const given = numbersTyped(text, key.reading);
    if (given?.length !== 1) return null;
    const diagnosis = diagnosed(key, item, given[0]);
    const is_short = !diagnosis.isRight && isTooShort(item, given[0]);
    const told = { item, given: given[0], diagnosis };
    return [is_short, ...Object.keys(key.words).map((lang) => verdictOn(key, told, [], lang))];
  };
  return key.items.map((item, i) => texts[i].map((text) => said(item, text)));
}"""


def judged(event, text):
    """Return what Python says of an answer: whether it is too short, and the verdict in every language."""
    try:
        (given,) = numbers(text)
    except ValueError:
        return None
    diagnosis = diagnosed(event, given.value, given.rounding, RATE)
    is_short = not diagnosis.is_right and is_too_short(given, event.value)
    return [is_short, *(replies.verdict(Verdict(event, given.value, diagnosis), words(lang)) for lang in LANGUAGES)]


def answers_to(event):
    """Return the right answer and what every known mistake comes to, with few and with many digits, and more."""
    values = [event.value, *(mistake.value for mistake in mistakes(event, RATE))]
    written = [f"{by * value:.{digits}g}" for value in values for digits in (1, 2, 3, 6) for by in (1, 1.009)]
    return [*dict.fromkeys(written), *map(number, values), *TYPED]


@pytest.mark.parametrize("name", ["lecture", "two samples and an update", "three classes"])
def test_every_answer_to_every_equation_is_judged_as_python_judges_it(browser, name):
    trace, _ = NETWORKS[name]
    key = answer_key(trace, RATE)
    key["words"] = {lang: catalogue(lang) for lang in LANGUAGES}
    texts = [answers_to(event) for event in askable(trace)]
    page = browser.new_page()
    source = page_module("judge.js") + "export { diagnosed, isTooShort, numbersTyped, verdictOn };"
    found = page.evaluate(JUDGE, [source, key, texts])
    page.close()
    for event, answers, of_page in zip(askable(trace), texts, found, strict=True):
        for text, said in zip(answers, of_page, strict=True):
            assert (event, text, said) == (event, text, judged(event, text))


def test_what_a_page_gets_to_ask_by_itself_is_short_and_nothing_where_it_would_be_long():
    trace = lecture()
    assert len(packed_exam(trace)) < 31_000
    assert len(packed_exam(trace, views(trace))) < 42_000
    assert packed_exam(backprop(Network.random([12, 12, 10]), [1] * 12, [0] * 10)) == b""
    assert packed_exam(backprop(Network.random([40, 10]), [1] * 40, [0] * 10)) == b""
    assert packed_exam(backprop(Network.lecture(), [[1, -1]] * 200, [[1, 0]] * 200)) == b""
