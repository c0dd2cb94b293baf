"""What goes to the page of a run: a film of all frames, or the one frame that is looked at.

What is in `film`, gzipped JSON:

==============  =====================================================================================
`base`          plotly's data and layout; its colours are parts, "var(--bppviz-forward)"; the `meta` of a series says
                with which places the spotlight lights each of its points, or * for all of them, and at the stops of
                which `pass` alone
`values`        every value that a patch sets, once; a list that hardly differs from another one is
                {"of": index of the other, "at": the places where it differs, "put": what stands there}
`series`        what each value of a patch is for: an attribute, and the index of a series
`texts`         the pieces of which formulas, sentences and what is spoken consist, once; a frame has their indices
`frames`        step, phase, layer, unit, quantity, patch, formula, substituted, sentence, what is `spoken`, the places
                `from` and `to` which it computes, and `name` and `value` of what that is
`walks`         by granularity, the indices of its frames; a frame without patch comes in `fresh` when it is looked at
`coming`        whether all frames do so for now, for they take long to make
`captions`      by language, the headings of the picture; `headings` is their series
`words`         by language, what stage and controls say
`choices`       by control, its values and the names of their words
`palettes`      by theme, the colour of every part
`steps`         how many steps the trace has
`spans`         the phases, each with where it begins and ends on the scrubber, in percent; `gaps` are where one layer
                ends and another begins
`size`          width and height of the picture; `ring` is the radius of a mark in it
`marks`         by place, such as "w-1-0-1", where it and its twin are marked: both ends of an edge, or a point
`without_bias`  the layers that have no biases
`controls`      the names of the controls, whose words are control.* and hint.*
`views`         of a page without a kernel, by name the other views: what they have of their own in place of the above,
                and by frame the `patches` of theirs
==============  =====================================================================================

When a number of the network changes, the film would take a while to make and to send. What is to be seen is therefore
sent first, in `fresh`: one frame with its `granularity`, `place` in the walk and `values`; the film follows when the
hand rests. While there is a fresh frame, the page shows nothing else. Of a frame that the page has of another run, in
its film, only what differs is sent, `of_film`: of a list {"at": the places where it differs, "put": what stands there}.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from functools import partial
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from bppviz.core.network import Network
from bppviz.core.place import key
from bppviz.core.samples import data_for
from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import Stop, film_stops, filmed, granularities, locate, walk
from bppviz.page.pool import Pool
from bppviz.picture.film import VIEWS, Film, views
from bppviz.picture.theme import CHOICES, THEMES, palette
from bppviz.practice import replies
from bppviz.practice.choices import Choice
from bppviz.words.catalogue import LANGUAGES, catalogue, of_total, without_bias, words
from bppviz.words.numbers import number

MOST_GAPS = 24  # of a scrubber, between which there is still something to see
SPEEDS = (0.5, 1.0, 2.0, 4.0)
SPOKEN = (
    "control.",
    "hint.",
    "list.",
    "stage.",
    "phase.",
    "granularity.",
    "outline.",
    "picture.layer",
    "picture.output",
    "picture.target",
    "theme.",
    "spotlight.",
    "panel.",
    "view.",
    "problem.",
    "notice.",
    "progress.",
    "data.",
    "quiz.",
    "keys.",
    "spoken.",
)


def packed(trace: Trace, view: str = VIEWS[0], *, coming: bool = False, alone: bool = False) -> bytes:
    """Return everything that the page needs to show a trace in a view, gzipped.

    With `coming` all frames are still to come; `alone` it has only the walks that need no kernel, but every view.
    """
    film, pool = Film(trace, view), Pool()
    offered = filmed(trace) if alone else granularities(trace)
    stops, walks = film_stops(trace, offered)
    made = 0 if coming else len(film_stops(trace, filmed(trace))[0])  # these come first
    frames = [pool.put(film.frame(stop)) for stop in stops[:made]] + [film.about(stop) for stop in stops[made:]]
    others = [name for name in views(trace) if name != view] if alone else []
    whole = {
        "steps": len(trace),
        "frames": frames,
        "walks": walks,
        "coming": coming,
        "words": {lang: _spoken(lang, trace.network) for lang in LANGUAGES},
        "choices": choices(trace, live=True) | {"granularity": _granularities(offered)},
        "palettes": {theme: palette(theme) for theme in THEMES},
        "spans": spans(trace),
        "gaps": gaps(trace),
        "without_bias": sorted(trace.network.without_bias),
        "controls": [name.removeprefix("control.") for name in catalogue("en") if name.startswith("control.")],
        "texts": pool.texts,
        "views": {name: _other(Film(trace, name), stops) for name in others},
    }
    return zipped(whole | _pictured(film, pool))


def _pictured(film: Film, pool: Pool) -> dict[str, Any]:
    """Return what the picture of a view has of its own, with the values of all its frames."""
    width, height = film.picture.size
    return {
        "base": film.base,
        "values": pool.values,
        "series": pool.series,
        "captions": film.captions(),
        "headings": film.picture.headings,
        "size": {"width": round(width), "height": round(height)},
        "ring": film.picture.ring,
        "marks": {key(place): shapes for place, shapes in film.picture.marks().items()},
    }


def _other(film: Film, stops: Sequence[Stop]) -> dict[str, Any]:
    """Return another view of a film whose frames are there: they say the same in it."""
    pool = Pool()
    patches = [pool.listed(film.picture.patch(stop)) for stop in stops]
    return {"patches": patches} | _pictured(film, pool)


class Position(NamedTuple):
    """Where a page stands: at a step of a walk, or within the sum of that step, in a view."""

    view: str
    granularity: str
    step: int
    partial: dict[str, int]


def packed_frame(
    trace: Trace, at: Position, question: Sequence[TraceEvent] = (), hints: int = 0, choice: Choice | None = None
) -> bytes:
    """Return the one frame that the page wants, gzipped.

    With a `question` the results of these events are asked for, after so many hints; a `choice` comes before them.
    """
    pool, stops = Pool(), walk(trace, at.granularity)
    place = locate(trace, stops, at.step, at.partial)
    film, stop = Film(trace, at.view), stops[place]
    if choice:
        frame = film.question(stop, question, choice.ask, numbers=False) | {"formula": film.left_side(stop)}
    elif question:
        ask = partial(replies.question, question, hints, by_vector=at.granularity == "vector")
        asks = {lang: ask(words(lang)) for lang in LANGUAGES}
        frame = film.question(stop, question, asks, numbers=hints > 1)
    else:
        frame = film.frame(stop)
    frame["patch"] = pool.named(frame["patch"])
    return zipped({"granularity": at.granularity, "place": place, "values": pool.values, "frame": frame})


def packed_difference(trace: Trace, at: Position, told: dict[str, Any]) -> bytes:
    """Return how the one frame that the page wants differs from the one that it has there, gzipped."""
    place, frame = frame_at(trace, at)
    differs = {"step": frame["step"], **_differing(frame, told)}
    return zipped({"granularity": at.granularity, "place": place, "of_film": True, "frame": differs})


def frame_at(trace: Trace, at: Position) -> tuple[int, dict[str, Any]]:
    """Return the place in its walk where a page stands, and the frame there, with the values in its patch."""
    stops = walk(trace, at.granularity)
    place = locate(trace, stops, at.step, at.partial)
    return place, Film(trace, at.view).frame(stops[place])


def _differing(new: Any, old: Any) -> Any:
    """Return what is new: of a dictionary its other entries, of a list as long as the old one where it differs."""
    if isinstance(new, dict) and isinstance(old, dict):
        return {key: _differing(value, old.get(key)) for key, value in new.items() if value != old.get(key)}
    if isinstance(new, list) and isinstance(old, list) and len(new) == len(old):
        at = [i for i, (one, other) in enumerate(zip(new, old, strict=True)) if one != other]
        return {"at": at, "put": [new[i] for i in at]}
    return new


def zipped(data: dict[str, Any]) -> bytes:
    """Return data as JSON, gzipped."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 6, mtime=0)  # the same data are the same bytes, and not sent again


def choices(trace: Trace, *, live: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Return the values of every control that chooses, each with the name of its word, or None where it is its own.

    With `live`, what needs a kernel too: the data set, and the walks whose frames it makes. What is only said cannot be
    chosen: that the samples were changed.
    """
    sets = [{"value": name, "word": f"data.{name or 'given'}"} for name in ("", *data_for(trace.network))]
    pictures = [{"value": name, "word": f"view.{name}"} for name in views(trace)]
    changed = {"value": "changed", "word": "data.changed", "only_said": True}
    return {
        **({"data": [*sets, changed]} if live else {}),
        "view": pictures,
        "granularity": _granularities(granularities(trace) if live else filmed(trace)),
        "speed": [{"value": speed, "word": None, "label": f"{number(speed)}×"} for speed in SPEEDS],
        "language": [{"value": lang, "word": None, "label": name} for lang, name in LANGUAGES.items()],
        "theme": [{"value": name, "word": f"theme.{name}"} for name in CHOICES],
        "spotlight": [{"value": is_on, "word": f"spotlight.{'on' if is_on else 'off'}"} for is_on in (False, True)],
    }


def _granularities(names: Sequence[str]) -> list[dict[str, Any]]:
    return [{"value": name, "word": f"granularity.{name}"} for name in names]


def spans(trace: Trace) -> list[tuple[str, float, float]]:
    """Return the phases of a trace, each with its beginning and end in percent of all steps."""
    ends, start = [], 0
    for phase, blocks in groupby(trace.blocks, key=lambda block: block.phase):
        stop = list(blocks)[-1].stop
        ends.append((phase, round(100 * start / len(trace), 2), round(100 * stop / len(trace), 2)))
        start = stop
    return ends


def gaps(trace: Trace) -> list[float]:
    """Return where one layer ends and another begins within a phase, in percent of all steps; none where too many."""
    blocks = trace.blocks
    starts = [new.start for old, new in pairwise(blocks) if old.phase == new.phase and old.layer != new.layer]
    return [round(100 * start / len(trace), 2) for start in starts] if len(starts) <= MOST_GAPS else []


def _spoken(lang: str, network: Network) -> dict[str, str]:
    """Return the page's texts as they are of a network, whose total may be a mean, and which may have no biases."""
    texts = catalogue(lang)
    spoken = {name: of_total(name, network.total) for name in texts if name.startswith(SPOKEN)}
    return {name: texts[own if network.has_biases else without_bias(own)] for name, own in spoken.items()}
