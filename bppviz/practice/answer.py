"""An answer to a question, how often one was tried, and what is to be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bppviz.core.trace import TraceEvent
from bppviz.practice.diagnosis import Diagnosis


class Answer(NamedTuple):
    """One answer to one question, for a teacher to look at; a list of them makes a table.

    `given` is None where the answer was only shown. `mistakes` are the names of the known mistakes that lead to what
    was given: more than one where they come to the same. `attempt` counts the tries at this question, `hints` the hints
    taken before. Of a `choice` among a few options, `given` and `expected` are the number of an option, from 1. `layer`
    counts from 1; `unit`, `source` and `sample` are array indices.
    """

    step: int
    quantity: str
    layer: int
    unit: int | None
    source: int | None
    sample: int
    given: float | None
    expected: float
    is_right: bool
    mistakes: tuple[str, ...]
    attempt: int
    hints: int


class Verdict(NamedTuple):
    """What is to be said of an answer: which event it was about, what was given, and the diagnosis.

    `before` are the events of the question whose numbers stand before it, and are right.
    """

    event: TraceEvent
    given: float
    diagnosis: Diagnosis
    before: tuple[TraceEvent, ...] = ()


@dataclass
class Tries:
    """How often a question was answered, and how many hints were taken at it."""

    attempts: int = 0
    hints: int = 0
