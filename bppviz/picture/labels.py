"""The derivatives beneath the circles, ×σ′ beneath its triangle, and what an operand is as a derivative.

==================  ==========================================================================
`Blocks`            ∂l/∂z beneath z and ∂l/∂a beneath a, name and number
`Gains`             ×σ′ beneath its triangle, with its name above it at the stops that it belongs to
`Factors`           "= ∂z₄/∂w₄" beneath a₁, "= ∂z₅/∂a₃" at w₅; and how a slope or ∂l/∂y is found
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from bppviz.core.emphasis import Emphasis
from bppviz.core.functions import LOSSES, Loss
from bppviz.core.place import Place, home
from bppviz.core.simplified import DIFFERENCE
from bppviz.picture.beside import bias, under
from bppviz.picture.boxes import Frame
from bppviz.picture.doors import list_box
from bppviz.picture.geometry import Point, box_around
from bppviz.picture.layout import BLOCK
from bppviz.picture.marks import ALWAYS_LIT, QUESTION, Patches, Series, filled, inked, lit_with, unwritten
from bppviz.picture.moment import Moment, box_look, ink
from bppviz.picture.names import italic, width_of_name
from bppviz.picture.nodes import number_at
from bppviz.picture.run import Run
from bppviz.picture.shape import Shape
from bppviz.picture.theme import TEXT
from bppviz.words.numbers import width

OVER = 13  # from the top of a circle to a text over it
HALF = 11  # from the middle of a block to the middle of either line
PADDING = 9
GAIN_HIGH = 24
MOST_FACTORS = 17


def _factored(loss: Loss) -> str:
    """Return the derivative of a squared error behind its factor: y − t, 2 (y − t)."""
    factor = italic(loss.slope_factor.text)
    return f"{factor} ({{y}} − {{t}})" if factor else "{y} − {t}"


# ∂l/∂y, as it follows from each loss, and how far left of y it stands.
RULES = {
    **{name: (f"= {_factored(it)}", 0) for name, it in LOSSES.items() if it.is_squared},
    "cross_entropy": ("= −{t} / {y}", 0),
    "binary_cross_entropy": ("= ({y} − {t}) / ({y} (1 − {y}))", 45),
}


def replaced(emphasis: Emphasis) -> set[Place]:
    """Return the ∂l/∂a that make room, where a is told as a ∂z/∂w."""
    found = [it for it in emphasis.results if it.quantity == "dl_dw"]
    return {Place("dl_da", it.layer - 1, it.source or 0) for it in found} if len(found) == 1 else set()


@dataclass(frozen=True)
class Blocks:
    """∂l/∂z and ∂l/∂a, each beneath its circle."""

    shape: Shape
    points: Mapping[Place, Point]

    @cached_property
    def _names(self) -> dict[Place, str]:
        return {place: italic(self.shape.symbols(*place).text) for place in self.points}

    def series(self) -> dict[str, Series]:
        """Return names and numbers before any stop: nothing."""
        return {
            "gradient names": self._drawn(-HALF),
            "gradients": self._drawn(HALF),
        }

    def _drawn(self, lower: float) -> Series:
        points = [Point(it.x, it.y + lower) for it in self.points.values()]
        return lit_with(unwritten(points, "backward-quiet"), self.points)

    def patch(self, run: Run, now: Moment) -> Patches:
        """Write what is known, and what is asked for."""
        away = replaced(now.emphasis)
        numbers = ["" if place in away else number_at(run, place, now) for place in self.points]
        colours = inked(ink(place, now) for place in self.points)
        names = [name if number else "" for name, number in zip(self._names.values(), numbers, strict=True)]
        return {
            "gradient names": {"text": filled(names), **colours},
            "gradients": {"text": filled(numbers), **colours},
        }

    def frames(self, run: Run, now: Moment) -> Iterator[Frame]:
        """Return the boxes around what is found or used."""
        for place, point in self.points.items():
            if strength := now.of(place):
                name = width_of_name(self.shape.symbols(*place).text)
                wide = max(name, self._wide(run, place, now)) * TEXT + PADDING
                yield Frame(box_around(point, wide, BLOCK), box_look(strength, "backward"))

    def _wide(self, run: Run, place: Place, now: Moment) -> float:
        is_known = self.shape.is_known(place, now.known)
        return width(run.text(place, now.digits_of(place)) if is_known else QUESTION)


@dataclass(frozen=True)
class Gains:
    """×σ′ beneath each triangle."""

    shape: Shape
    points: Mapping[Place, Point]
    names: Mapping[Place, Point]

    def series(self) -> dict[str, Series]:
        """Return the numbers, and their names, before any stop: nothing."""
        drawn = {"gains": self.points, "gain names": self.names}
        return {name: lit_with(unwritten(list(points.values()), "backward"), points) for name, points in drawn.items()}

    def patch(self, run: Run, now: Moment) -> Patches:
        """Write what is known; the name, where the stop is about it."""
        numbers = [_times(number_at(run, place, now)) for place in self.points]
        names = [italic(self.shape.symbols(*it).text) if now.of(it) == "soft" else "" for it in self.names]
        colours = inked(ink(place, now) for place in self.points)
        return {
            "gains": {"text": filled(numbers), **colours},
            "gain names": {"text": filled(names)},
        }

    def frames(self, run: Run, now: Moment) -> Iterator[Frame]:
        """Return the boxes around what is found or used."""
        for place, point in self.points.items():
            if strength := now.of(place):
                is_known = self.shape.is_known(place, now.known)
                wide = width("×" + run.text(place, now.digits_of(place)) if is_known else QUESTION) * TEXT + 8
                yield Frame(box_around(point, wide, GAIN_HIGH), box_look(strength, "backward"))


def _times(text: str) -> str:
    """Put × before a number that is known."""
    if not text or QUESTION in text:
        return text
    return text.replace("<b>", "<b>×") if text.startswith("<b>") else f"×{text}"


@dataclass(frozen=True)
class Factors:
    """What an operand is as a derivative: "= ∂z₄/∂w₄" beneath a₁, "= ∂z₅/∂a₃" at w₅, "1 = ∂z₄/∂b₄" over b₄."""

    shape: Shape

    def series(self) -> dict[str, Series]:
        """Return the texts before any stop: nothing."""
        slots = [Point(0, 0)] * min(MOST_FACTORS, max(self.shape.sizes) + 1)
        return {"factors": unwritten(slots, "backward") | ALWAYS_LIT}

    def patch(self, run: Run, now: Moment) -> Patches:
        """Write the factors of a single equation."""
        slots = min(MOST_FACTORS, max(self.shape.sizes) + 1)
        told = [] if now.in_full or now.emphasis.asked else list(self._told(run, now.emphasis))[:slots]
        texts = [text for text, _ in told] + [""] * (slots - len(told))
        points = [point for _, point in told] + [Point(0, 0)] * (slots - len(told))
        return {
            "factors": {
                "text": filled(texts),
                "x": [round(it.x, 1) for it in points],
                "y": [round(it.y, 1) for it in points],
            }
        }

    def _told(self, run: Run, emphasis: Emphasis) -> Iterator[tuple[str, Point]]:
        at = self.shape.layout
        if len(emphasis.results) != 1:
            return
        (place,) = emphasis.results
        z = Place("z", place.layer, place.unit)
        if place.quantity == "dl_dw":
            by, ems = self._derivative(z, home(place))
            yield f"= {by}", self._at_source(place, (ems + 0.9) * TEXT)
        elif place.quantity == "dl_db":
            by, ems = self._derivative(z, home(place))
            yield f"1 = {by}", self._at_bias(home(place), (ems + 1.5) * TEXT)
        elif not self.shape.output_names and (rule := rule_of(self.shape, run, emphasis)):  # where names stand
            (x, y), (text, aside) = at.a(place.layer, place.unit), rule
            yield text, Point(x - aside, y - at.radius - OVER)
        elif place.quantity == "dl_da" and (at.tagged or (at.open_lists and at.columns.names)):
            for edge in sorted(it for it in emphasis.operands if it.quantity == "w"):
                by, _ = self._derivative(Place("z", edge.layer, edge.unit), Place("a", place.layer, place.unit))
                yield f"= {by}", self._at_weight(edge)
        elif place.quantity == "dsigma" and (slope := self._slope(run, place)):
            x, y = at.gate(place.layer, place.unit)
            yield f"{italic(self.shape.symbols(*place).text)}{slope}", Point(x, y - at.radius - OVER)

    def _slope(self, run: Run, gate: Place) -> str:
        """Return how σ′(z) comes from a, or from the sign of z."""
        a, z = (italic(self.shape.symbols(*gate._replace(quantity=quantity)).text) for quantity in "az")
        match self.shape.activation(gate.layer):
            case "sigmoid":
                return f" = {a} (1 − {a})"
            case "tanh":
                return f" = 1 − {a}²"
            case "relu" | "leaky_relu":
                sign = "> 0" if run.trace.value(gate._replace(quantity="z")) > 0 else "≤ 0"
                return f" = {run.text(gate)}, {z} {sign}"
            case _:
                return ""

    def _derivative(self, of: Place, by: Place) -> tuple[str, float]:
        """Return a derivative as it is written, and how wide it is, in ems."""
        symbol = f"∂{self.shape.symbols(*of).text}/∂{self.shape.symbols(*by).text}"
        return italic(symbol), width_of_name(symbol)

    def _at_source(self, place: Place, wide: float) -> Point:
        """Return where ∂z/∂w stands: beneath its a, and over it where an arrow leaves downward to a list."""
        at = self.shape.layout
        x, y = at.a(place.layer - 1, place.source or 0)
        is_falling = at.z(place.layer, place.unit).y > y
        x = max(x - (12 if is_falling and at.tagged else 0), wide / 2 + 4)  # the left end of the canvas may be near
        if is_falling and at.open_lists:
            return Point(x, y - at.radius - OVER)
        return Point(x, y + at.radius + 6 + BLOCK / 2 - HALF)

    def _at_bias(self, own: Place, wide: float) -> Point:
        """Return where ∂z/∂b stands: over the bias, or below its list."""
        at = self.shape.layout
        if at.tagged:
            x, y = bias(at, own)
            return Point(x + wide / 2, y - 20)
        box = list_box(at, own, is_open=True)
        return Point(box.left + wide / 2, box.bottom + 15)

    def _at_weight(self, edge: Place) -> Point:
        at, point = self.shape.layout, self.shape.homes[edge]
        if not at.tagged:
            return Point(point.x + at.columns.gradients / 2 + 8, point.y)
        return Point(point.x, point.y + under(at, edge))


def rule_of(shape: Shape, run: Run, emphasis: Emphasis) -> tuple[str, float] | None:
    """Return how ∂l/∂y comes from y and t, or ∂l/∂z where the two are simplified, and how far left it stands."""
    place = next(iter(emphasis.results))
    uses_target = any(it.quantity == "t" for it in emphasis.operands)
    if not uses_target or place.quantity not in ("dl_da", "dl_dz"):
        return None
    y, t = (italic(shape.symbols(*place._replace(quantity=quantity)).text) for quantity in "at")
    if place.quantity == "dl_da":
        rule, aside = RULES[shape.loss]
        return rule.format(y=y, t=t), aside
    pair = run.trace.network.simplified
    if not pair or pair.formula(float(run.trace.one.target.sum())) != DIFFERENCE:
        return None
    is_beside_box = not shape.elementwise(place.layer)  # of a softmax, which leaves less room
    return (f"= {y} − {t}", 0) if is_beside_box else (f"{italic(shape.symbols(*place).text)} = {y} − {t}", 30)
