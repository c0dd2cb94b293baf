"""Read a picture as plotly gets it: the texts that stand in it, and where."""

from __future__ import annotations

import re
from math import hypot
from typing import NamedTuple

from bppviz.core.walk import granularities, walk
from bppviz.picture.theme import painted, palette

MARKUP = r"</?(?:b|span|sub|sup)[^>]*>"
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


class Text(NamedTuple):
    """A text of a picture."""

    x: float
    y: float
    text: str
    bold: bool = False
    colour: str = ""

    @property
    def number(self) -> str:
        """Return the number that a text shows, or that it ends with, as it is written: of w₁ = 3 and ×0.118 alike."""
        return self.text.split(" ")[-1].removeprefix("×")

    @property
    def value(self) -> float | None:
        """Return the number that a text shows; None where there is none."""
        mantissa, _, power = self.number.replace("−", "-").partition("×10")
        try:
            return float(mantissa) * 10.0 ** int(power.translate(SUPERSCRIPTS) or 0)
        except ValueError:
            return None

    def far(self, point) -> float:
        """Return how far a text stands from a point."""
        return hypot(self.x - point[0], self.y - point[1])


def texts(figure):
    """Return every text of a figure that can be seen."""
    found = []
    for series in figure["data"]:
        if "text" not in series.get("mode", ""):
            continue
        colours = series["textfont"]["color"]
        for i, (x, y, text) in enumerate(zip(series["x"], series["y"], series["text"], strict=True)):
            if text.strip():
                plain = re.sub(MARKUP, "", text)
                found.append(Text(x, y, plain, "<b>" in text, colours if isinstance(colours, str) else colours[i]))
    return found


def numbers(figure):
    """Return every text that shows a number."""
    return [text for text in texts(figure) if text.value is not None]


def colour(part, theme="light"):
    """Return the colour of a part of the picture."""
    return palette(theme)[f"var(--bppviz-{part})"]


def strings(value):
    """Return every string in a picture, however deep."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in strings(item)]
    return []


def painted_frame(film, stop, data=None):
    """Return the picture of a film at a stop, put upon whatever is shown already, with its colours."""
    from bppviz.picture.film import patched

    return painted({"data": patched(data or film.base["data"], film.picture.patch(stop))}, palette("light"))


def walks(film):
    """Return the frames of every walk of a film."""
    return {name: [film.frame(stop) for stop in walk(film.trace, name)] for name in granularities(film.trace)}


def value_at(values, index):
    """Return a value of a film as the page does: a long list may be told by how it differs from another one."""
    value = values[index]
    if not isinstance(value, dict):
        return value
    changed = dict(zip(value["at"], value["put"], strict=True))
    return [changed.get(i, old) for i, old in enumerate(value_at(values, value["of"]))]
