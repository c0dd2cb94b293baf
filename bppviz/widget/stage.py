"""What is drawn in the page with plotly.js: the stage, which walks among the frames of a film, and charts beside it.

What goes to the page, gzipped JSON, in `film`:

==============  =====================================================================================
`base`          plotly's data and layout, as JSON text; its colours are parts, "var(--bppviz-forward)"
`values`        every value that a patch sets, once, as JSON text; a long list that hardly differs from another one is
                {"of": index of the other, "at": the places where it differs, "put": what stands there}
`frames`        step, phase, quantity, patch, formula, substituted, sentence, what is `spoken`, and the places `from`
                and `to` which it computes
`walks`         by granularity, the indices of its frames; a frame without patch comes in `news` to who stands there
`coming`        whether all frames do so for now, for they take long to make
`captions`      by language, the headings of the picture; `headings` is their series
`words`         by language, what stage and controls say
`choices`       by control, its values and the names of their words
`palettes`      by theme, the colour of every part
`steps`         how many steps the trace has
`spans`         the phases, each with where it begins and ends on the scrubber, in percent
`size`          width and height of the picture; `ring` is the radius of a mark in it
`marks`         by place, such as "w-1-0-1", where it and its twin are marked: both ends of an edge, or a point
`controls`      the names of the controls, whose words are control.* and hint.*
==============  =====================================================================================

When a number of the network changes, the film would take a while to make and to send. What is to be seen is therefore
sent first, in `news`: one frame with its `granularity`, `place` in the walk and `values`; the film follows when the
hand rests. While there are news, the page shows nothing else.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from typing import Any, NamedTuple

import anywidget
import traitlets
from plotly.offline import get_plotlyjs

from bppviz.core.checks import brief
from bppviz.core.network import Network
from bppviz.core.places import key, place_at
from bppviz.core.samples import fitting
from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import DEFAULT, filmed, granularities, reel, standing, walk
from bppviz.picture.film import VIEWS, Film, views
from bppviz.picture.theme import CHOICES, THEMES, palette
from bppviz.widget.door import Door, described
from bppviz.words.catalogue import LANGUAGES, NAMES, catalogue
from bppviz.words.numbers import number

MOVES = ("first", "back", "play", "next", "last")
TEACHING = ("by-phase", "again", "present", "help")  # buttons that act in the page alone, as the moves do
SHORT = 24  # entries of a list that is stored whole
DEEPEST = 16  # differences that the page has to put together to a list
SPEEDS = (0.5, 1.0, 2.0, 4.0)
PANELS = ("predict", "weights", "training", "table", "why", "check")
TEXT_SIZES = 0.5, 3.0  # of words and controls, the smallest and the largest
# The traits that the page sets. All else goes from here to the page.
FROM_PAGE = {
    *("step", "partial", "granularity", "speed", "by_phase", "text_size", "view", "lang", "theme", "selected"),
    *("panels", "problem", "data", "reply"),
}
# What a reply may say, and the type of each.
REPLY = {"act": str, "text": str, "level": int, "step": int, "times": int}
SPOKEN = (
    "control.",
    "hint.",
    "list.",
    "stage.",
    "phase.",
    "granularity.",
    "theme.",
    "view.",
    "problem.",
    "notice.",
    "progress.",
    "data.",
    "quiz.",
    "keys.",
    "spoken.",
)


def asset(name: str) -> str:
    """Return the text of one of the package's files for the page."""
    return (files("bppviz.page") / name).read_text(encoding="utf-8")


def lean(source: str) -> str:
    """Return a module or style sheet without what only its readers need: indentation, and lines that are a comment."""
    return re.sub(r"^[ ]*(?://.*\n|/\*[^*]*\*/\n|\n)?", "", source, flags=re.MULTILINE)


def once(source: str) -> str:
    """Return a lean module whose code every widget in a page shares.

    A page keeps each module that it has ever imported, and anywidget imports one for every widget.
    """
    name = sha256(source.encode()).hexdigest()[:16]
    shared = f'export default globalThis["bppviz {name}"] ??='
    return re.sub("^export default", shared, lean(source), flags=re.MULTILINE)


def stage_js() -> str:
    """Return the stage's module for the page."""
    return once(asset("plotly.js") + asset("kernel.js") + asset("screen.js") + asset("stage.js"))


@cache
def plotly_js() -> bytes:
    """Return the plotly.js of the installed plotly package, gzipped."""
    return gzip.compress(get_plotlyjs().encode(), 6)


@cache
def fonts() -> list[bytes]:
    """Return the font of the formulas, and that of the pictures, plain and bold."""
    return [(files("bppviz.page") / "fonts" / f"{name}.woff2").read_bytes() for name in ("math", "text", "text-bold")]


class _Pool:
    """Values that are stored once: most of a picture stays as it is from stop to stop.

    Of a long list that is nearly the one that stood in the same place before, only the difference is stored.
    """

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._indices: dict[Any, int] = {}
        self._before: dict[tuple[str, int], tuple[int, list[Any], int]] = {}  # by place: index, list, and depth

    def put(self, frame: dict[str, Any]) -> dict[str, Any]:
        """Return a frame whose patch has the indices of its values."""
        patch = {
            attribute: {series: self._index(value, (attribute, series)) for series, value in by_series.items()}
            for attribute, by_series in frame["patch"].items()
        }
        return {**frame, "patch": patch}

    def _index(self, value: Any, place: tuple[str, int]) -> int:
        key = tuple(value) if isinstance(value, list) else value
        if key not in self._indices:
            self._indices[key] = len(self.values)
            self.values.append(self._difference(value, place) if isinstance(value, list) else value)
        return self._indices[key]

    def _difference(self, value: list[Any], place: tuple[str, int]) -> Any:
        """Return how a list differs from the one before in its place; itself, where that would not be shorter."""
        index, before, depth = self._before.get(place, (-1, [], DEEPEST))
        at = [i for i, (new, old) in enumerate(zip(value, before, strict=False)) if new != old]
        is_near = SHORT < len(value) == len(before) and 3 * len(at) < len(value)
        if depth >= DEEPEST or not is_near:
            self._before[place] = (len(self.values), value, 0)
            return value
        self._before[place] = (len(self.values), value, depth + 1)
        return {"of": index, "at": at, "put": [value[i] for i in at]}


def packed(trace: Trace, view: str = VIEWS[0], *, coming: bool = False, alone: bool = False) -> bytes:
    """Return everything that the page needs to show a trace in a view, gzipped.

    With `coming` all frames are still to come; `alone` it has only the walks that need no kernel.
    """
    film, pool = Film(trace, view), _Pool()
    offered = filmed(trace) if alone else granularities(trace)
    stops, walks = reel(trace, offered)
    made = 0 if coming else len(reel(trace, filmed(trace))[0])  # these come first
    frames = [pool.put(film.frame(stop)) for stop in stops[:made]] + [film.about(stop) for stop in stops[made:]]
    width, height = film.picture.size
    whole = {
        "steps": len(trace),
        "base": json.dumps(film.base),
        "values": json.dumps(pool.values),
        "frames": frames,
        "walks": walks,
        "coming": coming,
        "captions": film.captions(),
        "headings": film.picture.headings,
        "words": {lang: _spoken(lang) for lang in LANGUAGES},
        "choices": choices(trace, live=True) | {"granularity": _granularities(offered)},
        "palettes": {theme: palette(theme) for theme in THEMES},
        "spans": spans(trace),
        "size": {"width": round(width), "height": round(height)},
        "ring": film.picture.ring,
        "marks": {key(place): shapes for place, shapes in film.picture.marks().items()},
        "controls": [name.removeprefix("control.") for name in catalogue("en") if name.startswith("control.")],
    }
    return zipped(whole)


def packed_frame(
    trace: Trace,
    view: str,
    granularity: str,
    step: int,
    partial: dict[str, int],
    question: Sequence[TraceEvent] = (),
    hints: int = 0,
) -> bytes:
    """Return the one frame that the page wants, gzipped: where it stands in a walk, at a step or within its sum.

    With a `question` the results of these events are asked for, after so many hints.
    """
    pool, stops = _Pool(), walk(trace, granularity)
    place = standing(stops, step, partial)
    film = Film(trace, view)
    frame = film.question(stops[place], question, hints) if question else film.frame(stops[place])
    frame = pool.put(frame)
    return zipped({"granularity": granularity, "place": place, "values": json.dumps(pool.values), "frame": frame})


def zipped(data: dict[str, Any]) -> bytes:
    """Return data as JSON, gzipped."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 6, mtime=0)  # the same data are the same bytes, and not sent again


def choices(trace: Trace, *, live: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Return the values of every control that chooses, each with the name of its word, or None where it is its own.

    With `live`, what needs a kernel too: the data set, the picture, and the walks whose frames it makes. What is only
    said cannot be chosen: that the samples were changed.
    """
    sets = [{"value": name, "word": f"data.{name or 'given'}"} for name in ("", *fitting(trace.network))]
    pictures = [{"value": name, "word": f"view.{name}"} for name in views(trace)]
    changed = {"value": "changed", "word": "data.changed", "only_said": True}
    return {
        **({"data": [*sets, changed], "view": pictures} if live else {}),
        "granularity": _granularities(granularities(trace) if live else filmed(trace)),
        "speed": [{"value": speed, "word": None, "label": f"{number(speed)}×"} for speed in SPEEDS],
        "language": [{"value": lang, "word": None, "label": NAMES[lang]} for lang in LANGUAGES],
        "theme": [{"value": name, "word": f"theme.{name}"} for name in CHOICES],
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


def _spoken(lang: str) -> dict[str, str]:
    return {name: text for name, text in catalogue(lang).items() if name.startswith(SPOKEN)}


class Plotted(anywidget.AnyWidget):
    """A view that is drawn with plotly.js, which it sends to a page that asks for it."""

    def __init__(self, door: Door, **traits: Any) -> None:
        super().__init__(**traits)
        self.door = door
        self.on_msg(lambda _, message, __: door.call("message", self._answer, message))

    def _answer(self, message: dict[str, Any]) -> None:
        """Do what the page asks for in a message, if it is of a known kind."""
        if message["kind"] == "plotly":
            self.send({"kind": "plotly"}, [plotly_js(), *fonts()])


class Grip(NamedTuple):
    """What a hand took hold of last: the name of its place, and whether that was a slider or else a field.

    `times` counts how often something was taken hold of; `down` is True as long as it is: while the mouse button is
    down on a slider, and while a field has the focus.
    """

    at: str
    times: int
    slider: bool = False
    down: bool = False

    def is_on(self, at: str, *, slider: bool) -> bool:
        """Tell whether a hand is in the middle of the slider, or else of the field, of a place."""
        return self.down and self.at == at and self.slider == slider


class Stage(Plotted):
    """The picture and the words under it, at `step` of the trace in `film`.

    With `by_phase` playing stops at the end of each phase; `text_size` is that of words and controls, 1 at first.
    `selected` is the place that is chosen, such as "w-1-0-1"; `panels` are those that are open; `problem` and
    `progress` hold the name of a message and its blanks, `notices` some such. While the panel "predict" is open the
    page shows `news` alone; `quiz` says whether something is asked for and how it went, `reply` what was answered: its
    `act`, and how many there were.

    What the page tells in messages is never held back behind what else it sends: `grip` says which slider or field a
    hand took hold of last, how many times one was, and whether it still does; `seen` is the last `progress` with which
    the page was done; `shown` says whether a page shows the stage, or may come to do so. A message with a `number` is
    answered: so the page knows that the kernel still knows it.

    A trait refuses with a TraitError what the page or Python cannot go on with. What fails is told to the `door`.
    """

    # Text, not paths: anywidget would watch a file, and keep every instance alive for it.
    _esm = stage_js()
    _css = lean(asset("stage.css"))

    film = traitlets.Bytes().tag(sync=True)
    news = traitlets.Bytes().tag(sync=True)
    step = traitlets.Int(0, min=0).tag(sync=True)
    partial = traitlets.Dict({"step": -1, "back": 0}).tag(sync=True)
    granularity = traitlets.Unicode(DEFAULT).tag(sync=True)
    speed = traitlets.Float(1.0).tag(sync=True)
    by_phase = traitlets.Bool(False).tag(sync=True)
    text_size = traitlets.Float(1.0).tag(sync=True)
    view = traitlets.Unicode(VIEWS[0]).tag(sync=True)
    lang = traitlets.Unicode("en").tag(sync=True)
    theme = traitlets.Unicode("auto").tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)
    grip = traitlets.Instance(Grip, ("", 0))
    shown = traitlets.Bool(True)
    panels = traitlets.List(["weights"]).tag(sync=True)
    problem = traitlets.Dict().tag(sync=True)
    notices: traitlets.List[Any] = traitlets.List().tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)
    running = traitlets.Bool(False).tag(sync=True)
    data = traitlets.Unicode("").tag(sync=True)
    quiz = traitlets.Dict().tag(sync=True)
    reply = traitlets.Dict({"act": "", "times": 0}).tag(sync=True)

    def __init__(self, trace: Trace, door: Door | None = None, *, coming: bool = False, **traits: Any) -> None:
        self._network = trace.network
        self._choices = choices(trace, live=True)
        self.steps = len(trace)
        film = packed(trace, traits.get("view", VIEWS[0]), coming=coming)
        super().__init__(door or Door(self.tell_failure), film=film, **traits)
        self.seen: dict[str, Any] = {}

    def tell_failure(self, part: str, error: Exception) -> None:
        """Say in place that a part of the widget failed, and that the rest goes on."""
        self.problem = {"name": f"failed_{part}", "error": described(error)}

    def _answer(self, message: dict[str, Any]) -> None:
        super()._answer(message)
        if message["kind"] == "seen":
            self.seen = message["progress"]
        elif message["kind"] in ("here", "left"):
            self.shown = message["kind"] == "here"
        elif message["kind"] == "grip":
            times = self.grip.times + message["taken"]
            self.grip = Grip(message["at"], times, message["slider"], message["down"])
        if "number" in message:
            self.send({"kind": "heard", "number": message["number"]})

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take over a state from the page; of what is refused, tell the page how it is."""
        if not self.door.call("message", self._take, sync_data):
            self.send_state([name for name in sync_data if name in self.keys])

    def _take(self, state: dict[str, Any]) -> None:
        foreign = sorted(state.keys() - FROM_PAGE)
        if foreign:
            raise traitlets.TraitError(f"{', '.join(foreign)} cannot be set from the page.")
        super().set_state(state)

    @traitlets.validate("granularity", "speed", "lang", "theme", "view", "data")
    def _check_choice(self, proposal: Any) -> Any:
        name, value = proposal["trait"].name, proposal["value"]
        offered = [choice["value"] for choice in self._choices["language" if name == "lang" else name]]
        if value not in offered:
            raise _refused(proposal, f"choose one of: {', '.join(map(str, offered))}")
        return value

    @traitlets.validate("step")
    def _check_step(self, proposal: Any) -> int:
        return min(int(proposal["value"]), self.steps - 1)  # the page may still have a walk that was longer

    @traitlets.validate("partial")
    def _check_partial(self, proposal: Any) -> dict[str, int]:
        value: dict[str, int] = proposal["value"]
        whole = all(type(it) is int for it in value.values())
        if value.keys() != {"step", "back"} or not whole or value["back"] < 0:
            raise _refused(proposal, "give a step and how many terms of its sum are missing: {'step': 3, 'back': 1}")
        return value

    @traitlets.validate("panels")
    def _check_panels(self, proposal: Any) -> list[str]:
        value: list[str] = proposal["value"]
        if not all(name in PANELS for name in value):
            raise _refused(proposal, f"choose some of: {', '.join(PANELS)}")
        return value

    @traitlets.validate("selected")
    def _check_selected(self, proposal: Any) -> str:
        value: str = proposal["value"]
        if value and not _has(self._network, value):
            raise _refused(proposal, "give a number of this network, such as w-1-0-0, or an empty text")
        return value

    @traitlets.validate("text_size")
    def _check_size(self, proposal: Any) -> float:
        value: float = proposal["value"]
        least, most = TEXT_SIZES
        if not least <= value <= most:
            raise _refused(proposal, f"give a number from {least:g} to {most:g}")
        return value

    @traitlets.validate("problem", "progress")
    def _check_said(self, proposal: Any) -> dict[str, Any]:
        value: dict[str, Any] = proposal["value"]
        if value and f"{proposal['trait'].name}.{value.get('name')}" not in catalogue("en"):
            raise _refused(proposal, "give the name of a message with its blanks, or an empty dict")
        return value

    @traitlets.validate("reply")
    def _check_reply(self, proposal: Any) -> dict[str, Any]:
        value: dict[str, Any] = proposal["value"]
        if not all(type(it) is REPLY.get(name) for name, it in value.items()):
            raise _refused(proposal, f"give some of: {', '.join(REPLY)}")
        return value


def _refused(proposal: Any, mend: str) -> traitlets.TraitError:
    """Return the error that a trait raises for a value: what was given, and how to mend it."""
    return traitlets.TraitError(f"{proposal['trait'].name} is {brief(proposal['value'])}; {mend}.")


def _has(network: Network, key: str) -> bool:
    """Tell whether a network has a number that the page calls so."""
    try:
        place = place_at(key)
    except (ValueError, TypeError):
        return False
    sizes, layer = network.sizes, place.layer
    layers = {"x": [0], "t": [len(sizes) - 1], "w": range(1, len(sizes)), "b": range(1, len(sizes))}
    if layer not in layers.get(place.quantity, []) or not 0 <= place.unit < sizes[layer]:
        return False
    return place.source in range(sizes[layer - 1]) if place.quantity == "w" else place.source is None


class Tables(anywidget.AnyWidget):
    """Tables beside the network, which the page fills in as the walk goes on."""

    _esm = once(asset("plotly.js") + asset("table.js"))

    tables: traitlets.List[Any] = traitlets.List().tag(sync=True)


class Chart(Plotted):
    """A plotly figure beside the network, gzipped JSON, whose colours the page puts in; empty shows nothing."""

    _esm = once(asset("plotly.js") + asset("chart.js"))

    figure = traitlets.Bytes().tag(sync=True)

    def show(self, figure: dict[str, Any]) -> None:
        """Draw a figure."""
        self.figure = zipped(figure)
