"""The picture of a network as it is printed to be filled in: a blank where a number is asked for, and no legend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bppviz.core.emphasis import Emphasis
from bppviz.core.trace import Trace, TraceEvent
from bppviz.picture.film import Film
from bppviz.picture.geometry import Box
from bppviz.picture.graph import Graph
from bppviz.picture.legend import KEYS
from bppviz.picture.marks import COMMON, QUESTION, Series
from bppviz.picture.moment import Moment
from bppviz.picture.shape import Known
from bppviz.picture.theme import part, stroke

# How wide and high a blank is, in units: as much as there is in a circle, in the row of a list, and elsewhere.
BLANK_SIZES = {"values numbers": (48, 20), "end numbers": (60, 20), "row gradients": (56, 20)}
OTHER_BLANKS = (62, 23)
NOTHING = Emphasis(frozenset(), frozenset(), "forward")


def with_blanks(trace: Trace, given: frozenset[int], asked: Sequence[TraceEvent], lang: str) -> dict[str, Any]:
    """Return the picture with the results of the steps that are given, and blanks for some others, as `Film.drawn`."""
    last = max(given, default=-1)
    known = Known(last, frozenset(range(last + 1)) - given)
    places = frozenset(event.place for event in asked)
    return _drawn(trace, Moment(known, NOTHING._replace(asked=places), in_full=True), lang)


def solved(trace: Trace, lang: str) -> dict[str, Any]:
    """Return the same picture with every number."""
    return _drawn(trace, Moment(Known(len(trace) - 1, frozenset()), NOTHING, in_full=True), lang)


def _drawn(trace: Trace, now: Moment, lang: str) -> dict[str, Any]:
    """Return the picture of a moment, which ends above its legend."""
    film = Film(trace)
    assert isinstance(film.picture, Graph)  # a sheet has no room for a network that is drawn as cells
    drawn = film.patched(film.picture.at(now), lang)
    data = dict(zip(film.picture.ground.series, drawn["data"], strict=True))
    data["headings"]["text"] = [*data["headings"]["text"][: -len(KEYS)], *[""] * len(KEYS)]
    if "list heads" in data and not _has_gradients(now):
        data["list heads"]["text"] = [it if i % 2 == 0 else "" for i, it in enumerate(data["list heads"]["text"])]
    signs = {name for name in data if name == "rule" or name.startswith("legend ")}
    high = film.picture.ground.shape.layout.drawn_height
    yaxis = {**drawn["layout"]["yaxis"], "range": [high, 0]}
    return {
        "data": [it for name, series in data.items() if name not in signs for it in _blanked(name, series)],
        "layout": {**drawn["layout"], "height": high, "yaxis": yaxis},
    }


def _has_gradients(now: Moment) -> bool:
    """Tell whether anything stands in the columns of ∂l/∂w and ∂l/∂b: a blank, or where nothing is asked a number."""
    asked = {place.quantity for place in now.emphasis.asked}
    return not asked or bool(asked & {"dl_dw", "dl_db"})


def _blanked(name: str, series: Series) -> Iterator[Series]:
    """Yield a series, and before it the blanks that stand in the places of its question marks."""
    if series["mode"] != "text":
        yield series
        return
    texts = series["text"]
    asks = [i for i, text in enumerate(texts) if QUESTION in text]
    if asks:
        yield _blanks([_box(series, i, *BLANK_SIZES.get(name, OTHER_BLANKS)) for i in asks])
    yield {**series, "text": ["" if QUESTION in text else text for text in texts]}


def _box(series: Series, i: int, wide: float, high: float) -> Box:
    """Return the blank of a text, on the side of its point where the text would be."""
    x, y = series["x"][i], series["y"][i]
    side = series.get("textposition", "middle center")
    side = (side if isinstance(side, str) else side[i]).split(" ")[1]
    left = {"left": x - wide, "center": x - wide / 2, "right": x}[side]
    return Box(left, y - high / 2, left + wide, y + high / 2)


def _blanks(boxes: Sequence[Box]) -> Series:
    """Return blanks to write in: white, so that no line runs through them, with a thin edge."""
    x: list[float | None] = []
    y: list[float | None] = []
    for box in boxes:
        x += [box.left, box.right, box.right, box.left, box.left, None]
        y += [box.top, box.top, box.bottom, box.bottom, box.top, None]
    look = {"line": {"color": part("edge"), "width": stroke(1.4)}, "fill": "toself", "fillcolor": part("background")}
    return {**COMMON, "mode": "lines", "x": x, "y": y, **look}
