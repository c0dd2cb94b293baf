"""A trace as a picture: `figure` for papers and tests, and the frames that the stage shows in the page."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bppviz.core.checks import choose, known_name
from bppviz.core.emphasis import emphasised, questioned
from bppviz.core.place import key
from bppviz.core.refusals import no_trace
from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import Stop, is_drawn_by_neuron, stop_at, to_come
from bppviz.picture import graph, mirror
from bppviz.picture.cells import Cells
from bppviz.picture.graph import Graph
from bppviz.picture.marks import Patch
from bppviz.picture.mirror import MOST_MIRRORED, has_mirror
from bppviz.picture.shape import shape_of
from bppviz.picture.theme import FONT, TEXT, painted, palette, part, sheet
from bppviz.words.catalogue import LANGUAGES, language, words
from bppviz.words.formula import mathml
from bppviz.words.outline import row
from bppviz.words.sentences import Narrator
from bppviz.words.spoken import spoken

if TYPE_CHECKING:
    import plotly.graph_objects as go

VIEWS = ("network", "mirror")


def views(trace: Trace) -> tuple[str, ...]:
    """Return the pictures that there are of a trace: the network, and unless it is too large that with its mirror."""
    return VIEWS if has_mirror(trace) else VIEWS[:1]


def picture(trace: Trace, view: str) -> Graph | Cells:
    """Return the picture of a trace: with its mirror, neuron by neuron, or where it is large as cells.

    Raises ValueError for a view that this trace does not have.
    """
    if known_name("view", view, VIEWS) not in views(trace):
        why = f"with more than {MOST_MIRRORED} neurons per layer"
        raise ValueError(f"view {view!r} is not offered {why}; {choose(views(trace))}")
    if view == "mirror":
        return Graph(mirror.mirrored_ground(shape_of(trace, twinned=True)), trace)
    if is_drawn_by_neuron(trace):
        return Graph(graph.ground(shape_of(trace)), trace)
    return Cells(trace)


class Film:
    """One view of a trace, ready to be shown: the picture that stays, and a frame for each stop."""

    def __init__(self, trace: Trace, view: str = VIEWS[0]) -> None:
        self.trace = trace
        self.picture = picture(trace, view)
        self._narrator = Narrator(trace)

    @cached_property
    def base(self) -> dict[str, Any]:
        """Return the picture before anything is computed, as plotly's data and layout, not yet painted."""
        width, height = self.picture.size
        axis = {"fixedrange": True, "visible": False}
        axes = ({**axis, "range": [0, width]}, {**axis, "range": [height, 0]})
        hovered = {"family": FONT, "size": TEXT, "color": part("ink")}
        layout = sheet((width, height), (0, 0, 0, 0), axes, {"size": TEXT}, hovered) | {"hoverdistance": 24}
        return {"data": self.picture.series, "layout": layout}

    def drawn(self, stop: Stop, lang: str) -> dict[str, Any]:
        """Return the picture at a stop in a language, as plotly's data and layout, not yet painted."""
        return self.patched(self.picture.patch(stop), lang)

    def patched(self, patch: Patch, lang: str) -> dict[str, Any]:
        """Return the picture with a patch applied, as `drawn` does."""
        data = patched(self.base["data"], patch)
        data[self.picture.headings]["text"] = self.picture.captions(words(lang))
        return {"data": data, "layout": self.base["layout"]}

    def frame(self, stop: Stop) -> dict[str, Any]:
        """Return everything that the stage shows at a stop: a patch to the picture, and the words under it."""
        tell = self._narrator
        formula, substituted = tell.both(stop)
        sentences = {lang: tell.sentence(stop, words(lang)) for lang in LANGUAGES}
        results = {lang: tell.result(stop, words(lang)) for lang in LANGUAGES}
        return {
            **self.about(stop),
            **self._ways(stop),
            "patch": self.picture.patch(stop),
            "formula": mathml(formula),
            "substituted": mathml(substituted),
            "sentence": sentences,
            "spoken": {lang: _aloud(results[lang], sentences[lang], lang) for lang in LANGUAGES},
        }

    def question(
        self, stop: Stop, events: Sequence[TraceEvent], asks: dict[str, str], *, numbers: bool
    ) -> dict[str, Any]:
        """Return what the stage shows at a stop as long as the values of some events are asked for.

        What `asks` for them is a text in each language; with `numbers` those are put into the formula.
        """
        formula, substituted = self._narrator.asking(stop, events)
        return {
            **self.about(stop),
            **self._ways(stop, events),
            "value": "",
            "patch": self.picture.patch(stop, events),
            "formula": mathml(formula),
            "substituted": mathml(substituted) if numbers else "",
            "sentence": asks,
            "spoken": {lang: _aloud("", asks[lang], lang) for lang in LANGUAGES},
        }

    def left_side(self, stop: Stop) -> str:
        """Return the formula of a stop up to its =, and a question mark for the rest."""
        return mathml(self._narrator.left_side(stop))

    def about(self, stop: Stop) -> dict[str, Any]:
        """Return where a stop stands, which is all of a frame that is made only when somebody comes to it."""
        event, later = self.trace[stop.last], sorted(to_come(self.trace, stop))
        return {
            "step": stop.last,
            "phase": event.phase,
            "layer": event.layer,
            "unit": event.place.unit,
            "quantity": event.quantity,
            "whole": stop.terms is None,
            **({"to_come": later} if later else {}),
            **row(self.trace, self._narrator.symbols, stop)._asdict(),
        }

    def _ways(self, stop: Stop, asked: Sequence[TraceEvent] = ()) -> dict[str, list[str]]:
        """Return the places that a stop computes, and those that it computes them from; of cells, whole blocks."""
        if isinstance(self.picture, Cells):
            used_blocks, found_blocks = self.picture.ways(stop)
            return {"from": used_blocks, "to": found_blocks}
        emphasis = questioned(self.trace, stop, asked) if asked else emphasised(self.trace, stop)
        return {"from": sorted(map(key, emphasis.operands)), "to": sorted(map(key, emphasis.results))}

    def captions(self) -> dict[str, list[str]]:
        """Return the headings of the picture in every language."""
        return {lang: self.picture.captions(words(lang)) for lang in LANGUAGES}


def _aloud(result: str, sentence: str, lang: str) -> dict[str, str]:
    return {"result": spoken(result, words(lang)), "sentence": spoken(sentence, words(lang))}


def figure(trace: Trace, k: int, *, theme: str = "light", lang: str | None = None, view: str = VIEWS[0]) -> go.Figure:
    """Return the picture at step k as a plotly Figure: exactly what the widget paints there.

    `theme` is light, dark or projector. `view` is network, or mirror: with the reversed network of the backward pass
    below it, for networks of up to 6 neurons in a layer. A network too large to be drawn neuron by neuron shows the
    layer that step k belongs to. Raises IndexError for a step that the trace does not have, TypeError or ValueError for
    an unknown theme, language or view.
    """
    if not isinstance(trace, Trace):
        raise no_trace("figure", trace)
    import plotly.graph_objects as go  # the widget, which has plotly.js alone, does without it

    stop = stop_at(trace, k)
    drawn = painted(Film(trace, view).drawn(stop, language(lang)), palette(theme))
    return go.Figure(drawn["data"], {**drawn["layout"], "template": {}})  # plotly's own template is for charts


def patched(data: list[dict[str, Any]], patch: Patch) -> list[dict[str, Any]]:
    """Return the series with a patch applied: {"marker.color": {index: value}}."""
    data = deepcopy(data)
    for attribute, by_series in patch.items():
        *path, last = attribute.split(".")
        for index, value in by_series.items():
            target = data[index]
            for name in path:
                target = target[name]
            target[last] = value
    return data
