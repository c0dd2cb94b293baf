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

WIDE, HIGH = 48, 20  # of a blank, in units: as much as there is in a circle
NOTHING = Emphasis(frozenset(), frozenset(), "forward")


def with_blanks(trace: Trace, asked: Sequence[TraceEvent], lang: str) -> dict[str, Any]:
    """Return the picture with what is given, and with blanks for some events, as `Film.drawn` does.

    Given is what the steps before the first of these events compute; of the later ones, nothing is shown.
    """
    film = Film(trace)
    assert isinstance(film.picture, Graph)  # a sheet has no room for a network that is drawn as cells
    known = Known(min(event.step for event in asked) - 1, frozenset())
    places = frozenset(event.place for event in asked)
    patch = film.picture.at(Moment(known, NOTHING._replace(asked=places), in_full=True))
    drawn = _without_legend(film, film.patched(patch, lang))
    return {**drawn, "data": list(_blanked(drawn["data"]))}


def solved(trace: Trace, last: int, lang: str) -> dict[str, Any]:
    """Return the same picture with everything up to a step."""
    film = Film(trace)
    assert isinstance(film.picture, Graph)
    patch = film.picture.at(Moment(Known(last, frozenset()), NOTHING, in_full=True))
    return _without_legend(film, film.patched(patch, lang))


def _without_legend(film: Film, drawn: dict[str, Any]) -> dict[str, Any]:
    """Return a picture that ends above its legend."""
    assert isinstance(film.picture, Graph)
    headings = drawn["data"][film.picture.headings]
    headings["text"] = [*headings["text"][: -len(KEYS)], *[""] * len(KEYS)]
    high = film.picture.ground.shape.layout.drawn_height
    layout = drawn["layout"]
    return {
        **drawn,
        "data": [it for name, it in zip(film.picture.ground.series, drawn["data"], strict=True) if not _is_sign(name)],
        "layout": {**layout, "height": high, "yaxis": {**layout["yaxis"], "range": [high, 0]}},
    }


def _is_sign(name: str) -> bool:
    """Tell whether a series belongs to the legend."""
    return name == "rule" or name.startswith("legend ")


def _blanked(data: Sequence[Series]) -> Iterator[Series]:
    """Yield the series with a blank in the place of every question mark."""
    for series in data:
        if series["mode"] != "text":
            yield series
            continue
        texts = series["text"]
        asks = [i for i, text in enumerate(texts) if QUESTION in text]
        if asks:
            yield _blanks([_box(series, i) for i in asks])
        yield {**series, "text": ["" if QUESTION in text else text for text in texts]}


def _box(series: Series, i: int) -> Box:
    """Return the blank of a text, on the side of its point where the text would be."""
    x, y = series["x"][i], series["y"][i]
    side = series.get("textposition", "middle center")
    side = (side if isinstance(side, str) else side[i]).split(" ")[1]
    left = {"left": x - WIDE, "center": x - WIDE / 2, "right": x}[side]
    return Box(left, y - HIGH / 2, left + WIDE, y + HIGH / 2)


def _blanks(boxes: Sequence[Box]) -> Series:
    """Return blanks to write in: white, so that no line runs through them, with a thin edge."""
    x: list[float | None] = []
    y: list[float | None] = []
    for box in boxes:
        x += [box.left, box.right, box.right, box.left, box.left, None]
        y += [box.top, box.top, box.bottom, box.bottom, box.top, None]
    look = {"line": {"color": part("edge"), "width": stroke(1.4)}, "fill": "toself", "fillcolor": part("background")}
    return {**COMMON, "mode": "lines", "x": x, "y": y, **look}
