"""Questions for a page without a kernel: the key to all answers, and what the picture shows while each is asked for.

What is in `exam`, gzipped JSON, besides what `answer_key` says:

==============  =====================================================================================
`asked`         by walk and items, such as "neuron 3 4", what the frame of a question says other than that of the film:
                its formulas, which are indices into `texts`, and of ∂z/∂w its places
`choices`       by the first step of a vector, what is to be chosen before its numbers are asked for
`patches`       by view, and then in the same way, what its patch sets otherwise; of lists, what differs in them
==============  =====================================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, product
from typing import Any

from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import Stop, filmed, found_at, walk
from bppviz.page.packed import zipped
from bppviz.picture.film import VIEWS, Film
from bppviz.picture.marks import Patch
from bppviz.practice.answer_key import answer_key, choice_told
from bppviz.practice.choices import choice_of
from bppviz.practice.quiz import can_be_asked, factor, item, vector_of
from bppviz.words.catalogue import LANGUAGES

WALKS = (
    "vector",
    "neuron",
    "equation",
)  # whose stops look different while something is asked for; by term, as by equation
MOST_STEPS, MOST_SAMPLES = 200, 100  # which take seconds
UNSAID = dict.fromkeys(LANGUAGES, "")  # what is asked is put together in the page


def packed_exam(trace: Trace, views: Sequence[str] = VIEWS[:1], rate: float | None = None) -> bytes:
    """Return everything that a page needs to ask for the results of a run in some views, gzipped.

    It is empty where a walk has no questions, or more than are made beforehand. `rate` is a learning rate as in
    `diagnosed`.
    """
    walks = [name for name in WALKS if name in filmed(trace) and can_be_asked(trace, name)]
    if not walks or is_too_large(trace):
        return b""
    key = answer_key(trace, rate)
    places = {(it["step"], it["quantity"]): i for i, it in enumerate(key["items"])}
    texts: dict[str, int] = {}
    asked: dict[str, Any] = {}
    choices: dict[int, Any] = {}
    patches: dict[str, Any] = {view: {} for view in views}
    films = {view: Film(trace, view) for view in views}
    for stop in (stop for name in walks for stop in walk(trace, name)):
        told = {view: film.picture.patch(stop) for view, film in films.items()}
        for events in questions(trace, stop):
            name = " ".join([stop.granularity, *(str(places[item(event)]) for event in events)])
            for view, film in films.items():
                frame = film.question(stop, events, UNSAID, numbers=True)
                patches[view][name] = _other(frame["patch"], told[view])
            asked[name] = _said(frame, events, texts)
            if stop.granularity == "vector" and (choice := choice_of(trace, events[0].quantity, events[0].layer)):
                left = texts.setdefault(next(iter(films.values())).left_side(stop), len(texts))
                choices[events[0].step] = {**choice_told(choice), "formula": left}
    return zipped({**key, "asked": asked, "choices": choices, "texts": list(texts), "patches": patches})


def is_too_large(trace: Trace) -> bool:
    """Tell whether it would take long to find what every mistake comes to, and what every question looks like."""
    return len(trace) > MOST_STEPS or (trace.samples or 1) > MOST_SAMPLES


def questions(trace: Trace, stop: Stop) -> Iterator[tuple[TraceEvent, ...]]:
    """Yield everything that may be asked for at a stop at once, each as a tuple of events.

    A long round asks for all of a quantity there, from where it began; a short one for one of each quantity at most. By
    vector it is all or nothing.
    """
    results = found_at(trace, stop)
    if stop.granularity == "vector":
        yield from [results] * (vector_of(results[0]) is not None)
        return
    factors = tuple(factor(event) for event in results if event.quantity == "dl_dw")
    for events in filter(None, (factors, results)):
        alike = [(None, *group) for _, group in groupby(events, key=lambda event: event.quantity)]
        singles = [tuple(filter(None, chosen)) for chosen in product(*alike)]
        yield from dict.fromkeys([*filter(None, singles), *(events[i:] for i in range(len(events)))])


def _said(frame: dict[str, Any], events: Sequence[TraceEvent], texts: dict[str, int]) -> dict[str, Any]:
    """Return what the frame of a question says other than the one that is told."""
    names = ["substituted"]
    places = {}
    if events[0].quantity == "dz_dw":
        names.append("formula")
        places = {way: frame[way] for way in ("from", "to")}
    return {**{name: texts.setdefault(frame[name], len(texts)) for name in names}, **places}


def _other(patch: Patch, told: Patch) -> dict[str, dict[int, Any]]:
    """Return the values of a patch that differ from those of another one; of lists, what differs in them."""
    return {
        attribute: {series: _change(value, told[attribute][series]) for series, value in found.items()}
        for attribute, by_series in patch.items()
        if (found := {series: value for series, value in by_series.items() if value != told[attribute][series]})
    }


def _change(value: Any, told: Any) -> Any:
    """Return what differs in a list from another one of its length; else the value itself."""
    if not isinstance(value, list) or len(value) != len(told):
        return value
    at = [i for i, (new, old) in enumerate(zip(value, told, strict=True)) if new != old]
    return {"at": at, "put": [value[i] for i in at]}
