"""The words of a picture that are written in the page's language: the headings, and the legend at its foot.

The legend's signs are drawn as what they stand for is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bppviz.core.place import Place, key
from bppviz.picture.boxes import closed_line
from bppviz.picture.geometry import Box, Point
from bppviz.picture.layout import ENTRIES, HEADING, LEGEND, LINE_HIGH, legend_lines
from bppviz.picture.marks import ALWAYS_LIT, COMMON, Patches, Series, filled, lines, markers, texts, unwritten
from bppviz.picture.moment import Moment, ink
from bppviz.picture.names import italic, spelled
from bppviz.picture.nodes import TRIANGLE
from bppviz.picture.run import Run
from bppviz.picture.shape import Shape
from bppviz.picture.theme import part, stroke
from bppviz.words.catalogue import Words
from bppviz.words.numbers import number
from bppviz.words.symbols import LOSS

SIGN_WIDE = 34  # how wide the sign of an entry is
# The entries, with the part whose colour each word has.
KEYS = {
    "positive": "quiet",
    "negative": "quiet",
    "size": "quiet",
    "gain": "quiet",
    "used": "quiet",
    "found": "quiet",
    "given": "ink",
    "value": "forward",
    "derivative": "backward",
}


@dataclass(frozen=True)
class Headings:
    """All texts of a picture that have a language: over the columns, in the loss's box, and in the legend."""

    shape: Shape

    @cached_property
    def _columns(self) -> list[Point]:
        at = self.shape.layout
        columns = [at.x(0), *(at.gate(layer, 0) for layer in at.layers), at.loss]
        return [Point(it.x, HEADING) for it in columns]

    @cached_property
    def _points(self) -> list[Point]:
        loss = self.shape.layout.loss
        mirror = [self._mirror()] if self.shape.twinned else []
        return [
            *self._columns,
            Point(loss.x, loss.y - self.shape.layout.loss_box[1] / 2 + 15),
            *mirror,
            *(_words_at(self.shape, i) for i in range(len(KEYS))),
        ]

    def _mirror(self) -> Point:
        at = self.shape.layout
        first, last = at.twin(at.x(0)), at.twin(at.x(at.sizes[0] - 1))
        return Point(2, first.y / 2 + last.y / 2)

    def series(self) -> dict[str, Series]:
        """Return the texts, which the page writes."""
        others = len(self._points) - len(KEYS)
        colours = [part("quiet")] * others + [part(colour) for colour in KEYS.values()]
        from_left = len(KEYS) + self.shape.twinned  # begin where they stand
        side = ["middle center"] * (others - self.shape.twinned) + ["middle right"] * from_left
        drawn = texts(self._points, [""] * len(self._points), "quiet", color=colours)
        at = [""] * len(self._points)
        at[len(self._columns)] = key(Place("loss", self.shape.layout.layers[-1], 0))
        return {"headings": {**drawn, "textposition": side, "meta": {"at": at}}}

    def patch(self, _: Run, now: Moment) -> Patches:
        """Write the loss's name in the colour of its box."""
        loss = Place("loss", self.shape.layout.layers[-1], 0)
        before, after = len(self._columns), len(self._points) - len(self._columns) - 1 - len(KEYS)
        colours = ["quiet"] * before + [ink(loss, now)] + ["quiet"] * after + list(KEYS.values())
        return {"headings": {"textfont.color": [part(it) for it in colours]}}


@dataclass(frozen=True)
class Rate:
    """What an update multiplies the gradients by, η = 0.5, below the last heading for as long as the steps update."""

    shape: Shape

    def series(self) -> dict[str, Series]:
        """Return the text before any stop: nothing."""
        loss = self.shape.layout.loss
        return {"rate": unwritten([Point(loss.x, HEADING + LINE_HIGH + 1)], "update") | ALWAYS_LIT}

    def patch(self, run: Run, now: Moment) -> Patches:
        """Write the learning rate."""
        rate = run.trace.learning_rate
        is_updating = now.emphasis.phase == "update"
        return {"rate": {"text": filled([f"η = {number(rate)}" if rate and is_updating else ""])}}


def captions(shape: Shape, say: Words) -> list[str]:
    """Return the texts of `Headings`."""
    last = shape.layout.layers[-1]
    layers = [
        (say("picture.output") if layer == last else say("picture.layer", layer=layer))
        + f" · {spelled(shape.activations[layer - 1])}"
        for layer in shape.layout.layers
    ]
    mirror = [say("picture.mirror").replace("\n", "<br>")] if shape.twinned else []
    ends = [say("picture.ends"), say("picture.loss_of", loss=italic(LOSS.text))]
    told = {key: say(f"legend.{key}", w=italic("w"), z=italic("z")) for key in KEYS}
    return [say("picture.input"), *layers, *ends, *mirror, *(told[key] for key in KEYS)]


# The legend


def _at(shape: Shape, entry: int) -> Point:
    """Return where an entry of the legend begins."""
    at = shape.layout
    line = next(i for i, entries in enumerate(legend_lines(at)) if entry in entries)
    before = sum(ENTRIES[i] for i in legend_lines(at)[line] if i < entry)
    return Point(6 + before, at.drawn_height + LEGEND / 2 + 2 + line * LINE_HIGH)


def _words_at(shape: Shape, entry: int) -> Point:
    """Return where the words of an entry begin; those that explain a colour have no sign."""
    point = _at(shape, entry)
    is_double = list(KEYS)[entry] == "size"
    has_sign = list(KEYS.values())[entry] == "quiet"
    return Point(point.x + (SIGN_WIDE * (1 + is_double) if has_sign else 6), point.y)


def signs(shape: Shape) -> dict[str, Series]:
    """Return the signs of the legend, and the rule above it."""
    at = shape.layout
    place = {key: _at(shape, i) for i, key in enumerate(KEYS)}
    rule = (Point(6, at.drawn_height + 4), Point(at.width - 6, at.drawn_height + 4))

    def line(key: str, width: float, dash: str = "solid", aside: float = 0) -> Series:
        start = Point(place[key].x + aside, place[key].y)
        return lines([(start, Point(start.x + 28, start.y))], color=part("edge"), width=stroke(width), dash=dash)

    gain = place["gain"]
    marker = {"symbol": "triangle-left", "size": TRIANGLE * 0.6, "color": part("background"), "opacity": 1}
    marker["line"] = {"color": part("backward-quiet"), "width": 1.7}
    return {
        "rule": lines([rule], color=part("line"), width=stroke(1.4)),
        "legend positive": line("positive", 2.4),
        "legend negative": line("negative", 2.4, "6px,5px"),  # that ends in a dash
        "legend thin": line("size", 1.4),
        "legend thick": line("size", 3.4, aside=34),
        "legend gain": markers([Point(gain.x + 16, gain.y)], marker) | {"meta": {"at": [""]}},
        "legend used": _box(place["used"], "background"),
        "legend found": _box(place["found"], "quiet"),
    }


def _box(at: Point, ground: str) -> Series:
    box = Box(at.x + 3, at.y - 8, at.x + 27, at.y + 8)
    x, y = closed_line(box)  # its last corner as sharp as the others
    line = {"color": part("quiet"), "width": stroke(2.8)}
    look = {"mode": "lines", "line": line, "fill": "toself", "fillcolor": part(ground)}
    return {**COMMON, "x": list(x), "y": list(y), **look}
