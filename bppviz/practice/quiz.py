"""A walk on which results are asked for: what is hidden at a stop, what was answered, and what that comes to.

A short round asks for one number of each kind, so that it can be finished; a long one asks for all. A level says how
many parts of the derivation are asked for, counted from its end: first ∂l/∂w, then ∂z/∂w and ∂l/∂z, of which it is the
product, and so on, back to the first z. At level 0 the walk is a worked example. (Renkl, Atkinson, Maier and Staley,
2002: fading from the last step backwards is learnt from best.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import DEFAULT, Stop, found_at, is_drawn_by_neuron, walk
from bppviz.practice.answer import Answer, Tries, Verdict
from bppviz.practice.choices import Choice, Option, choice_of
from bppviz.practice.diagnosis import Diagnosis, diagnosed
from bppviz.practice.typed import Given
from bppviz.words.symbols import anywhere

# The parts of a derivation, last to first; each level asks for one more.
RUNGS = (
    ("w", "b"),
    ("dL_dw", "dL_db"),
    ("dl_dw", "dl_db"),
    ("dz_dw",),
    ("dl_dz",),
    ("dsigma",),
    ("dl_da",),
    ("loss",),
    ("a",),
    ("z",),
)
ASKED_BY = ("vector", "neuron", "equation", "term")  # the granularities whose stops can be asked for
MOST_AT_ONCE = 16  # of a vector or matrix: nobody types more of them at once
FEWEST_LEFT = 3  # questions that are a round
CHOICE = "choice"  # what is asked for where one of a few options is right
HINTS = ("operands", "substituted", "answer")


@dataclass
class Quiz:
    """What was asked and answered on a walk.

    `level` says how many parts of the derivation are asked for: 0 is none. A round that `is_short` asks for one number
    of each kind, and the round after it for another one.
    """

    level: int = 0
    is_short: bool = False
    answers: list[Answer] = field(default_factory=list)
    _rounds: int = 0  # that were begun before this one
    _begun: int | None = None  # the step from which on this round asks
    _passed: int = 0  # the steps before this one can be seen, and are not asked for any more
    _answered: set[Item] = field(default_factory=set)  # or shown
    _chosen: set[int] = field(default_factory=set)  # at which steps an option was, by the first of the vector
    _tries: dict[tuple[Item, ...], Tries] = field(default_factory=dict)  # in this round, by question
    _at_once: list[bool] = field(default_factory=list)  # of every question, whether the first answer was right

    def wanted(self, trace: Trace, granularity: str = DEFAULT) -> frozenset[Item]:
        """Return everything that this round asks for in a walk."""
        return frozenset(chain.from_iterable(self._groups(trace, granularity)))

    def _groups(self, trace: Trace, granularity: str) -> list[Group]:
        """Return what this round asks for in a walk, together what is asked for together in every round."""
        groups = groups_in(trace, self.level, self._rounds if self.is_short else None, granularity == "vector")
        return [group for group in groups if group[0].step >= (self._begun or 0)]

    def question(self, trace: Trace, stop: Stop) -> tuple[TraceEvent, ...]:
        """Return what is asked for at a stop, every ∂z/∂w before ∂l/∂w: nothing where it is told, or was answered."""
        if not can_be_asked(trace, stop.granularity) or stop.terms is not None:
            return ()
        results = found_at(trace, stop)
        factors = [factor(event) for event in results if event.quantity == "dl_dw"]
        groups = self._groups(trace, stop.granularity)
        for events in (factors, results):
            here = set(map(item, events))
            asked = [group for group in groups if here.issuperset(group)]
            if any(map(self._is_open, asked)):
                wanted = set(chain.from_iterable(asked))
                return tuple(event for event in events if item(event) in wanted)
        return ()

    def choice(self, trace: Trace, stop: Stop) -> Choice | None:
        """Return what is to be chosen at a stop before its numbers are asked for; None where nothing is, or it was."""
        question = self.question(trace, stop) if stop.granularity == "vector" else ()
        if not question or question[0].step in self._chosen:
            return None
        return choice_of(trace, question[0].quantity, question[0].layer)

    def choose(self, trace: Trace, stop: Stop, chosen: int) -> Option | None:
        """Take what was chosen at a stop, if there is such an option; if it is right, numbers are asked for next."""
        choice = self.choice(trace, stop)
        if choice is None or not 0 <= chosen < len(choice.options):
            return None
        event, is_right = self.question(trace, stop)[0], chosen == choice.right
        tries = self._tries.setdefault((Item(event.step, CHOICE),), Tries())
        tries.attempts += 1
        place = (event.step, CHOICE, event.layer, None, None)
        told = (is_right, (), tries.attempts, 0)
        self.answers.append(Answer(*place, trace.sample, chosen + 1.0, choice.right + 1.0, *told))
        if is_right:
            self._chosen.add(event.step)
        if tries.attempts == 1:
            self._at_once.append(is_right)
        return choice.options[chosen]

    def hints(self, trace: Trace, stop: Stop) -> int:
        """Return how many hints were taken at the question of a stop."""
        return self._tried(self.question(trace, stop)).hints

    def answer(self, trace: Trace, stop: Stop, given: Sequence[Given], rate: float | None = None) -> Verdict:
        """Take numbers for everything that is asked for at a stop; return the verdict on the first wrong one.

        If all are right, the verdict is on the last, and the question is done.
        """
        question = self.question(trace, stop)
        tries = self._tried(question)
        tries.attempts += 1
        for event, number in zip(question, given, strict=True):
            diagnosis = diagnosed(event, number.value, number.rounding, rate)
            self._note(event, number.value, diagnosis, tries)
            if not diagnosis.is_right:
                break
        if diagnosis.is_right:
            self._answered.update(map(item, question))
        if tries.attempts == 1:
            self._at_once.append(diagnosis.is_right and not tries.hints)
        return Verdict(event, number.value, diagnosis, tuple(question[: question.index(event)]))

    def hint(self, trace: Trace, stop: Stop) -> str:
        """Take the next hint at a stop, and return what it is; the last one is the answer, and the question is done."""
        question = self.question(trace, stop)
        tries = self._tried(question)
        name = HINTS[tries.hints]
        tries.hints += 1
        if name == "answer":
            for event in question:
                self._note(event, None, Diagnosis(False), tries)
            self._answered.update(map(item, question))
            if not tries.attempts:
                self._at_once.append(False)
        return name

    def arrive(self, stop: Stop) -> None:
        """Come to a stop: what stands before it can be seen, and is not asked for any more."""
        if self._begun is None:
            self._begun = stop.first
        self._passed = max(self._passed, stop.first)

    def begin(self, level: int) -> None:
        """Begin a round, with so many parts of the derivation asked for."""
        self.level = level
        self._begun, self._passed = None, 0
        self._answered.clear()
        self._chosen.clear()
        self._tries.clear()

    def next_round(self, trace: Trace, granularity: str = DEFAULT) -> None:
        """Begin the next round: after one that was finished with one more part, if there is one, and other numbers."""
        is_done = self.is_complete(trace, granularity)
        self._rounds += is_done
        self.begin(min(self.level + is_done, len(rungs(trace))))

    def reset(self) -> None:
        """Forget all answers, and count anew; the round goes on."""
        self.answers.clear()
        self._at_once.clear()

    def next_stop(self, trace: Trace, granularity: str, step: int = 0) -> Stop | None:
        """Return the first stop from a step on at which something is asked for."""
        stops = (stop for stop in walk(trace, granularity) if stop.last >= step)
        return next((stop for stop in stops if self.question(trace, stop)), None)

    def first_stop(self, trace: Trace, granularity: str, step: int = 0) -> Stop | None:
        """Return the stop at which a round begins: the next one from a step on, or the first, if few are left."""
        wanted = self.wanted(trace, granularity)
        left = sum(it.step >= step for it in wanted)
        return self.next_stop(trace, granularity, step if left >= min(FEWEST_LEFT, len(wanted)) else 0)

    def is_over(self, trace: Trace, granularity: str = DEFAULT) -> bool:
        """Tell whether nothing is left to be asked for in this round."""
        return not any(map(self._is_open, self._groups(trace, granularity)))

    def is_complete(self, trace: Trace, granularity: str = DEFAULT) -> bool:
        """Tell whether all that this round asks for was answered, or shown."""
        return self.wanted(trace, granularity) <= self._answered

    def memory(self) -> dict[str, Any]:
        """Return what a page needs to go on with this round, beside what it shows, where the kernel is gone."""
        answered = set(map(str, self._answered))
        tried = {tuple(map(str, question)): it for question, it in self._tries.items() if it.attempts or it.hints}
        return {
            "rounds": self._rounds,
            "begun": self._begun,
            "passed": self._passed,
            "answered": sorted(answered),
            "chosen": sorted(self._chosen),
            "tries": [[names, it.attempts, it.hints] for names, it in tried.items() if not answered.issuperset(names)],
        }

    def progress(self, trace: Trace, granularity: str = DEFAULT) -> tuple[int, int]:
        """Return how much of what this round asks for was answered, or shown, and of how much: by vector, vectors."""
        groups = self._groups(trace, granularity)
        return sum(self._answered.issuperset(group) for group in groups), len(groups)

    @property
    def score(self) -> tuple[int, int]:
        """Return how many questions were answered right at once and without a hint, and how many were asked."""
        return sum(self._at_once), len(self._at_once)

    def _is_open(self, group: Group) -> bool:
        return group[0].step >= self._passed and not self._answered.issuperset(group)

    def _tried(self, question: Sequence[TraceEvent]) -> Tries:
        return self._tries.setdefault(tuple(map(item, question)), Tries())

    def _note(self, event: TraceEvent, given: float | None, diagnosis: Diagnosis, tries: Tries) -> None:
        names = tuple(dict.fromkeys(mistake.name for mistake in diagnosis.mistakes))
        place = (event.step, event.quantity, event.layer, event.unit, event.source)
        told = (diagnosis.is_right, names, tries.attempts, tries.hints)
        self.answers.append(Answer(*place, event.trace.sample, given, event.value, *told))


class Item(NamedTuple):
    """What can be asked for: the quantity that a step computes, or ∂z/∂w, which it multiplies by."""

    step: int
    quantity: str

    def __str__(self) -> str:
        return f"{self.step} {self.quantity}"


def item(event: TraceEvent) -> Item:
    """Return which question an event is."""
    return Item(event.step, event.quantity)


def factor(event: TraceEvent) -> TraceEvent:
    """Return ∂z/∂w, the input of the weight by which a ∂l/∂w is multiplied, as an event of the same step."""
    trace, layer, source = event.trace, event.layer, event.source
    value = trace.entering(layer, source or 0).value
    return TraceEvent(event.step, event.phase, "dz_dw", layer, event.unit, source, value, trace)


Group = tuple[
    Item, ...
]  # what is asked for together: a number alone, or by vector all numbers of a quantity of a layer


def can_be_asked(trace: Trace, granularity: str) -> bool:
    """Tell whether a walk has stops that can be asked for: of a large network, which is drawn as cells, none has."""
    return granularity in ASKED_BY and is_drawn_by_neuron(trace)


@lru_cache(maxsize=1)  # every stop of a walk asks for it
def groups_in(trace: Trace, level: int, nth: int | None, by_vector: bool) -> tuple[Group, ...]:
    """Return what a round asks for: of every kind of a level the n-th group, or all of them where n is None."""
    quantities = asked(trace, level)
    by_kind: defaultdict[object, defaultdict[object, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for event in askable(trace):
        if event.quantity in quantities and not (by_vector and vector_of(event) is None):
            group = vector_of(event) if by_vector else item(event)
            by_kind[kind_of(event)][group].append(item(event))
    kinds = [[tuple(group) for group in groups.values()] for groups in by_kind.values()]
    return tuple(chain.from_iterable(kinds if nth is None else ([kind[nth % len(kind)]] for kind in kinds)))


def vector_of(event: TraceEvent) -> tuple[str, int] | None:
    """Return to which vector or matrix an event belongs; none where that is not asked for: ∂z/∂w, and large ones."""
    sizes, layer = event.trace.network.sizes, event.layer
    entries = sizes[layer] * (1 if event.source is None else sizes[layer - 1])
    is_asked = event.quantity != "dz_dw" and entries <= MOST_AT_ONCE
    return (event.quantity, layer) if is_asked else None


def askable(trace: Trace) -> Iterator[TraceEvent]:
    """Yield everything that can be asked for: every event, and behind every ∂l/∂w its ∂z/∂w."""
    for event in trace:
        yield event
        if event.quantity == "dl_dw":
            yield factor(event)


def kind_of(event: TraceEvent) -> tuple[str, object]:
    """Return what an event has in common with those that are computed in the same way."""
    network, layer = event.trace.network, event.layer
    match event.quantity:
        case "a" | "dsigma":
            return event.quantity, network.activation(layer).name
        case "dl_da" | "dl_dz":
            return event.quantity, layer == network.layers
        case "dl_dw" | "dz_dw":
            return event.quantity, layer == 1  # where the input of the weight is x
        case quantity:
            return quantity, None


def rungs(trace: Trace) -> list[tuple[str, ...]]:
    """Return the parts of this derivation, last to first, each with what the run computes of it."""
    known = {"dz_dw", *(quantity for block in trace.blocks for quantity in block.computed)}
    parts = [tuple(quantity for quantity in rung if quantity in known) for rung in RUNGS]
    return [part for part in parts if part]


def levels(trace: Trace) -> list[str]:
    """Return how the page calls every level: by the parts that it asks for, and above the first by what is added."""
    names = [", ".join(map(anywhere, rung)) for rung in rungs(trace)]
    return ["", names[0], *(f"… + {name}" for name in names[1:])]


def asked(trace: Trace, level: int) -> set[str]:
    """Return the quantities that a level asks for."""
    return {quantity for rung in rungs(trace)[:level] for quantity in rung}
