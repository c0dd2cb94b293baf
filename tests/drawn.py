"""Read a picture as a person does, place by place: what is written at each, and what is solid, outlined or quiet."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import groupby

from pictures import MARKUP, Text

from bppviz.core.emphasis import emphasised
from bppviz.core.place import Place, home, key
from bppviz.picture.film import Film, patched
from bppviz.picture.found import SUM_OF
from bppviz.picture.names import italic
from bppviz.picture.nodes import RINGS
from bppviz.picture.theme import part
from bppviz.words.notation import kept_terms

CIRCLES = ("nodes", "mirrored nodes")
# The texts that hold the number of a place, by its quantity, in the network and in its mirror.
NUMBERS = {
    **dict.fromkeys("xza", ("values numbers",)),
    **dict.fromkeys(("t", "loss"), ("end numbers",)),
    **dict.fromkeys(("dl_dz", "dl_da"), ("gradients", "mirrored values numbers")),
    "dsigma": ("gains",),
    "w": ("weights", "row numbers"),
    "b": ("biases", "row numbers"),
}
FOUND = {"w": ["weights found names", "weights found", "row gradients", "row news"]}
FOUND["b"] = ["biases found names", "biases found", "row gradients", "row news"]
BOXES = re.compile(r"(?:mirrored )?boxes (found|used) (\w+)")


class Drawn:
    """The picture of a film at a stop, its series by name."""

    def __init__(self, film: Film, stop, asked=()) -> None:
        self.film, self.stop = film, stop
        self.shape = film.picture.ground.shape
        data = patched(film.base["data"], film.picture.patch(stop, asked))
        self.series = dict(zip(film.picture.ground.series, data, strict=True))

    def written(self, name: str, own: Place) -> Text | None:
        """Return what a series writes at a place."""
        series = self.series.get(name)
        rows = [] if series is None else self._rows if name.startswith("row ") else _places_of(series)
        for i, keys in enumerate(rows):
            if series and key(own) in keys and series["text"][i].strip():
                text, colours = series["text"][i], series["textfont"]["color"]
                return Text(series["x"][i], series["y"][i], plain(text), "<b>" in text, colours[i])
        return None

    @cached_property
    def _rows(self) -> list[list[str]]:
        """Return the places of the rows of lists: of all that are open, or of the one that a stop has opened."""
        series = self.series["row names"]
        if series["meta"]["at"] != "*":
            return _places_of(series)
        names = {f"{self._name(own)} =": key(own) for own in (*self.shape.edges, *self.shape.biases)}
        return [[names.get(plain(text), "")] for text in series["text"]]

    def _name(self, place: Place) -> str:
        return plain(italic(self.shape.symbols(*place).text))

    def own(self, place: Place) -> Text | None:
        """Return the text of a value, of a weight or bias, or of a derivative that stands at a circle."""
        texts = (self.written(name, place) for name in NUMBERS[place.quantity])
        return self._mirrored(place) or next(filter(None, texts), None) or self._closed(place)

    def _mirrored(self, place: Place) -> Text | None:
        """Return the weight that a stop goes back along in the mirror."""
        series = self.series.get("mirrored weights") if place.quantity == "w" else None
        for x, y, text in zip(*(series[it] for it in ("x", "y", "text")), strict=True) if series else ():
            if plain(text).startswith(f"{self._name(place)} =") and "<b>" in text:
                return Text(x, y, plain(text), bold=True)
        return None

    def _closed(self, place: Place) -> Text | None:
        """Return the one weight that a closed list shows."""
        text = self.written("closed lists", place) if place.quantity in "wb" else None
        return text if text and text.text.startswith(f"{self._name(place)} =") else None

    def found(self, place: Place) -> Text | None:
        """Return the text of ∂l/∂w, its sum or the new value, beside its weight or bias."""
        texts = [self.written(name, home(place)) for name in FOUND[home(place).quantity]]
        numbers = [text for text in texts if text and text.value is not None]
        of_all = plain(SUM_OF[self.film.trace.network.total])
        sign = "←" if place.quantity in "wb" else of_all if place.quantity.startswith("dL_") else ""
        return next((it for it in numbers if it.text.rpartition(" ")[0] == sign), None)

    def text(self, place: Place, *, is_result: bool = False) -> Text | None:
        """Return the text of the number of a place; of a weight that is the result of a step, the new one."""
        is_found = place.quantity.startswith(("dl_dw", "dl_db", "dL_")) or (is_result and place.quantity in "wb")
        return self.found(place) if is_found else self.own(place)

    # Solid and outlined

    def look(self, place: Place, *, is_result: bool = False) -> str:
        """Return how the number of a place stands out: "found" and "used" with its part, or nothing."""
        text = self.text(place, is_result=is_result)
        return (text and (self._box(text) or self._ring(place))) or ""

    def _box(self, text: Text) -> str:
        """Return the look of the uppermost box around the point of a text."""
        looks = [
            f"{match[1]} {match[2]}"
            for name, series in self.series.items()
            if (match := BOXES.fullmatch(name))
            for left, top, right, bottom in boxes(series)
            if left <= text.x <= right and top <= text.y <= bottom
        ]
        return looks[-1] if looks else ""

    def _ring(self, place: Place) -> str:
        """Return the look of a circle."""
        for series in (self.series[name] for name in CIRCLES if name in self.series):
            for i, keys in enumerate(series["meta"]["at"]):
                if key(place) in keys.split(" "):
                    line, fill = series["marker"]["line"], series["marker"]["color"][i]
                    colour = line["color"][i].removeprefix(part("")[:-1]).removesuffix(")")
                    is_used = line["width"][i] == RINGS["soft"]
                    return f"found {colour}" if fill != part("background") else f"used {colour}" if is_used else ""
        return ""

    def standing_out(self, kind: str) -> set[str]:
        """Return the places that are solid ("found") or outlined ("used")."""
        about = emphasised(self.film.trace, self.stop)
        owns = [*self.shape.edges, *self.shape.biases]
        given = {key(it) for it in (*self.places(), *owns) if self.look(it).startswith(kind)}
        found = {key(it) for own in owns for it in self.shape.found_of(own) if it != own and self._is(it, kind)}
        new = {key(own) for own in owns if own in about.results and self.look(own, is_result=True).startswith(kind)}
        return given | found | ({f"new {it}" for it in new})

    def _is(self, place: Place, kind: str) -> bool:
        """Tell whether a gradient that is shown beside a weight stands out."""
        is_known = self.shape.steps[place] <= self.stop.last
        return is_known and bool(self.found(place)) and self.look(place).startswith(kind)

    def places(self) -> list[Place]:
        """Return all places that stand at a circle, a box or a gate."""
        gradients = [place._replace(quantity=f"dl_d{place.quantity}") for place in self.shape.nodes if place[0] in "za"]
        return [*self.shape.nodes, *gradients, *self.shape.gates]


def written_otherwise(drawn: Drawn, formula) -> list[tuple[Place, str, str]]:
    """Return which numbers of a formula, or its result, a picture does not write in the same way at their places."""
    trace = drawn.film.trace
    event = trace[drawn.stop.last]
    wanted = [(event.place, formula[-1][-1].template, True)]
    tokens = [token for line in formula for token in line if token.at]
    if event.phase == "sum":  # of its terms, if there are several, the picture has the told one alone
        terms = [n for n in kept_terms(trace.samples or 1) if n is not None]
        tokens = [token for n, token in zip(terms, tokens, strict=bool(tokens)) if n == trace.sample]
    for token in tokens:
        texts = token.arguments or [token.template]
        for at, text in zip(token.at, texts, strict=True):
            own, step = at.split(" ")
            wanted.append((parsed(own) if step == "-1" else trace[int(step)].place, text.strip("()"), False))
    shown = [(place, text, drawn.text(place, is_result=is_result)) for place, text, is_result in wanted]
    return [(place, text, it.number if it else "") for place, text, it in shown if not it or it.number != text]


def parsed(own: str) -> Place:
    """Return the place that a key such as w-1-0-1 names."""
    quantity, *numbers = own.split("-")
    return Place(quantity, *map(int, numbers))


def boxes(series) -> list[tuple[float, float, float, float]]:
    """Return the rectangles around the closed lines of a series."""
    points = list(zip(series["x"], series["y"], strict=True))
    outlines = [list(run) for is_gap, run in groupby(points, lambda point: point[0] is None) if not is_gap]
    return [(min(x), min(y), max(x), max(y)) for x, y in (zip(*outline, strict=True) for outline in outlines)]


def plain(text: str) -> str:
    """Return a text without its markup."""
    return re.sub(MARKUP, "", text)


def _places_of(series) -> list[list[str]]:
    return [at.split(" ") for at in series["meta"]["at"]]
