"""The stage: an anywidget that shows the frames of a film with plotly.js and walks among them in the page.

What goes to the page, gzipped JSON, in `film`:

==============  =====================================================================================
`base`          plotly's data and layout, as JSON text; its colours are parts, "var(--bppviz-forward)"
`values`        every value that a patch sets, once, as JSON text
`walks`         by granularity, the frames: step, phase, quantity, patch, formula, substituted, sentence
`captions`      by language, the headings of the picture; `headings` is their series
`words`         by language, what stage and controls say
`choices`       by control, its values and the names of their words
`palettes`      by theme, the colour of every part
`steps`         how many steps the trace has
`spans`         the phases, each with where it begins and ends on the scrubber, in percent
==============  =====================================================================================
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

import anywidget
import traitlets
from plotly.offline import get_plotlyjs

from bppviz._draw import Film
from bppviz._theme import CHOICES, THEMES, palette
from bppviz._trace import Trace
from bppviz._walk import DEFAULT, granularities
from bppviz._words import LANGUAGES, NAMES, catalogue

BUTTONS = ("first", "back", "play", "next", "last")
SPEEDS = (0.5, 1.0, 2.0, 4.0)
SPOKEN = ("control.", "hint.", "stage.", "phase.", "granularity.", "theme.")


def asset(name: str) -> str:
    """Return the text of one of the package's files for the page."""
    return (files("bppviz") / name).read_text(encoding="utf-8")


@cache
def plotly_js() -> bytes:
    """Return the plotly.js of the installed plotly package, gzipped."""
    return gzip.compress(get_plotlyjs().encode(), 6)


@cache
def math_font() -> bytes:
    """Return the font of the formulas."""
    return (files("bppviz") / "fonts" / "math.woff2").read_bytes()


class _Pool:
    """Values that are stored once: most of a picture stays as it is from stop to stop."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._indices: dict[Any, int] = {}

    def index(self, value: Any) -> int:
        key = tuple(value) if isinstance(value, list) else value
        if key not in self._indices:
            self._indices[key] = len(self.values)
            self.values.append(value)
        return self._indices[key]


def packed(trace: Trace) -> bytes:
    """Return everything that the page needs to show a trace, gzipped."""
    film, pool = Film(trace), _Pool()
    walks = film.walks()
    for frames in walks.values():
        for frame in frames:
            frame["patch"] = {
                attribute: {series: pool.index(value) for series, value in by_series.items()}
                for attribute, by_series in frame["patch"].items()
            }
    reel = {
        "steps": len(trace),
        "base": json.dumps(film.base),
        "values": json.dumps(pool.values),
        "walks": walks,
        "captions": film.captions(),
        "headings": film.picture.headings,
        "words": {lang: _spoken(lang) for lang in LANGUAGES},
        "choices": choices(trace),
        "palettes": {theme: palette(theme) for theme in THEMES},
        "spans": spans(trace),
    }
    return gzip.compress(json.dumps(reel, ensure_ascii=False).encode(), 6)


def choices(trace: Trace) -> dict[str, list[dict[str, Any]]]:
    """Return the values of every control that chooses, each with the name of its word, or None where it is its own."""
    return {
        "granularity": [{"value": name, "word": f"granularity.{name}"} for name in granularities(trace)],
        "speed": [{"value": speed, "word": None, "label": f"{speed:g}×"} for speed in SPEEDS],
        "language": [{"value": lang, "word": None, "label": NAMES[lang]} for lang in LANGUAGES],
        "theme": [{"value": name, "word": f"theme.{name}"} for name in CHOICES],
    }


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


class Stage(anywidget.AnyWidget):
    """The picture and the words under it, at `step` of the trace in `film`."""

    # Text, not paths: anywidget would watch a file, and keep every instance alive for it.
    _esm = asset("_stage.js")
    _css = asset("_stage.css")

    film = traitlets.Bytes().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    partial = traitlets.Dict({"step": -1, "back": 0}).tag(sync=True)
    granularity = traitlets.Unicode(DEFAULT).tag(sync=True)
    speed = traitlets.Float(1.0).tag(sync=True)
    lang = traitlets.Unicode("en").tag(sync=True)
    theme = traitlets.Unicode("auto").tag(sync=True)

    def __init__(self, trace: Trace, **traits: Any) -> None:
        super().__init__(film=packed(trace), **traits)
        self.on_msg(self._answer)

    def _answer(self, _stage: Stage, message: Any, _buffers: Any) -> None:
        if message == {"kind": "plotly"}:
            self.send({"kind": "plotly"}, [plotly_js(), math_font()])
