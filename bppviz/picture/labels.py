"""The derivatives beneath the circles, ×σ′ beneath its triangle, and what an operand is as a derivative.

==================  ==========================================================================
`Blocks`            ∂l/∂z beneath z and ∂l/∂a beneath a, name and number
`Gains`             ×σ′ beneath its triangle, with its name above it at the stops that it belongs to
`Factors`           "= ∂z₄/∂w₄" beneath a₁, "= ∂z₅/∂a₃" at w₅; and how a slope or ∂l/∂y is found
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bppviz.core.emphasis import Emphasis
from bppviz.core.functions import LOSSES, Loss
from bppviz.core.place import Place, home
from bppviz.core.simplified import DIFFERENCE
from bppviz.picture.beside import BESIDE_MAST, beneath, bias, clear, rise_of, under
from bppviz.picture.boxes import Frame, Plate
from bppviz.picture.doors import list_box, listed_edge
from bppviz.picture.geometry import Point, box_around
from bppviz.picture.layout import BLOCK, to_block
from bppviz.picture.marks import ALWAYS_LIT, QUESTION, Patches, Series, filled, inked, lit_with, told_at, unwritten
from bppviz.picture.moment import Moment, box_look, ink
from bppviz.picture.names import UPPER, italic, width_of_name, width_of_named
from bppviz.picture.nodes import number_at
from bppviz.picture.run import Run
from bppviz.picture.shape import Shape
from bppviz.picture.theme import TEXT
from bppviz.words.numbers import width

OVER = 13  # from the top of a circle to a text over it
UNDER_BLOCK = 12  # from the foot of a block to the middle of a text under it
BEFORE_BLOCK = 5  # from a text to the block behind it
HALF = 11  # from the middle of a block to the middle of either line
PADDING = 9
GAIN_HIGH = 22
MOST_FACTORS = 17


def _factored(loss: Loss) -> str:
    """Return the derivative of a squared error behind its factor: y − t, 2 (y − t)."""
    factor = loss.slope_factor.text
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
        return lit_with(told_at(self.shape, unwritten(points, "backward-quiet"), self.points), self.points)

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
                box = box_around(point, wide, BLOCK)
                yield Frame(box._replace(top=box.top - rise_of(self.shape.layout)), box_look(strength, "backward"))

    def plates(self, run: Run, now: Moment) -> Iterator[Plate | None]:
        """Return the grounds of each ∂l/∂a that stands where edges to lists begin, of its name and of its number."""
        away = replaced(now.emphasis)
        for place, point in self.points.items():
            if self._is_crossed(place):
                is_shown = place not in away and self.shape.is_known(place, now.known)
                lines = (width_of_name(self.shape.symbols(*place).text), -HALF), (self._wide(run, place, now), HALF)
                yield from (Plate(Point(point.x, point.y + y), ems * TEXT) if is_shown else None for ems, y in lines)

    def _is_crossed(self, place: Place) -> bool:
        """Tell whether edges may run through what stands beneath a circle."""
        at = self.shape.layout
        return place.quantity == "dl_da" and place.layer < at.layers[-1] and not at.tagged

    def _wide(self, run: Run, place: Place, now: Moment) -> float:
        is_known = self.shape.is_known(place, now.known)
        return width(run.text(place, now.digits_of(place)) if is_known else QUESTION)


@dataclass(frozen=True)
class Gains:
    """×σ′ beneath each triangle, and its name where the stop uses it: in a place of its own, or else before it."""

    shape: Shape
    points: Mapping[Place, Point]
    names: Mapping[Place, Point] = field(default_factory=dict)

    def series(self) -> dict[str, Series]:
        """Return the numbers, and their names, before any stop: nothing."""
        drawn = {"gains": self.points, "gain names": self.names}
        return {name: lit_with(self._drawn(points), points) for name, points in drawn.items()}

    def _drawn(self, points: Mapping[Place, Point]) -> Series:
        return told_at(self.shape, unwritten(list(points.values()), "backward"), points)

    def patch(self, run: Run, now: Moment) -> Patches:
        """Write what is known; the name, where the stop is about it."""
        numbers = [self._told(place, number_at(run, place, now), now) for place in self.points]
        names = [italic(self._name(it)) if now.of(it) == "soft" else "" for it in self.names]
        colours = inked(ink(place, now) for place in self.points)
        return {
            "gains": {"text": filled(numbers), **colours},
            "gain names": {"text": filled(names)},
        }

    def _name(self, place: Place) -> str:
        return self.shape.symbols(*place).text

    def _told(self, place: Place, text: str, now: Moment) -> str:
        """Return a number, with × before it if it is known, or with its name."""
        if not text or QUESTION in text:
            return text
        if self._is_named(place, now):
            return f"{italic(self._name(place))} = {text}"
        return text.replace("<b>", "<b>×") if text.startswith("<b>") else f"×{text}"

    def _is_named(self, place: Place, now: Moment) -> bool:
        return not self.names and now.of(place) == "soft"

    def frames(self, run: Run, now: Moment) -> Iterator[Frame]:
        """Return the boxes around what is found or used."""
        for place, point in self.points.items():
            if strength := now.of(place):
                rise = rise_of(self.shape.layout) if self._is_named(place, now) else 0
                box = box_around(point, self._wide(run, place, now) * TEXT + 8, GAIN_HIGH)
                yield Frame(box._replace(top=box.top - rise), box_look(strength, "backward"))

    def _wide(self, run: Run, place: Place, now: Moment) -> float:
        if not self.shape.is_known(place, now.known):
            return width(QUESTION)
        number = run.text(place, now.digits_of(place))
        if self._is_named(place, now):
            return width_of_named(self._name(place), number)
        return width(f"×{number}")


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
        told = self._all_told(run, now)
        told += [("", Point(0, 0))] * (self._slots - len(told))
        return {
            "factors": {
                "text": filled(italic(text) for text, _ in told),
                "x": [round(point.x) for _, point in told],
                "y": [round(point.y) for _, point in told],
            }
        }

    def plates(self, run: Run, now: Moment) -> list[Plate | None]:
        """Return the grounds of the factors that lines may cross."""
        at, told = self.shape.layout, self._all_told(run, now)
        if at.tagged:
            told = [(text, point) for text, point in told if self._is_crossed(point, now.emphasis)]
        slots = at.rows if at.tagged else self._slots
        plates = [Plate(point, width_of_name(text) * TEXT) for text, point in told]
        return [*plates, *[None] * (slots - len(plates))]

    def _is_crossed(self, point: Point, emphasis: Emphasis) -> bool:
        """Tell whether lines may cross a factor of two rows: between them, where it is long, at a weight or output."""
        at = self.shape.layout
        if not at.first + at.radius < point.y < at.last - at.radius:
            return False
        is_at_output = any(it.layer == at.layers[-1] for it in emphasis.results if it.quantity == "dsigma")
        return bool(at.naming.layers) or is_at_output or any(it.quantity == "dl_da" for it in emphasis.results)

    @property
    def _slots(self) -> int:
        return min(MOST_FACTORS, max(self.shape.sizes) + 1)

    def _all_told(self, run: Run, now: Moment) -> list[tuple[str, Point]]:
        """Return what is told at a stop, and where: nothing where several results are found, or one is asked for."""
        if now.in_full or now.emphasis.asked or len(now.emphasis.results) != 1:
            return []
        return list(self._told(run, now))[: self._slots]

    def _told(self, run: Run, now: Moment) -> Iterator[tuple[str, Point]]:
        at, emphasis = self.shape.layout, now.emphasis
        (place,) = emphasis.results
        z = Place("z", place.layer, place.unit)
        if place.quantity == "dl_dw":
            by = f"= {self._derivative(z, home(place))}"
            yield by, self._at_source(place, width_of_name(by) * TEXT)
        elif place.quantity == "dl_db":
            by = f"1 = {self._derivative(z, home(place))}"
            yield by, self._at_bias(home(place), width_of_name(by) * TEXT)
        elif not self.shape.twinned and (rule := rule_of(self.shape, run, emphasis)):
            yield self._ruled(place, *rule, width(run.text(place, now.digits_of(place))))
        elif place.quantity == "dl_da" and (at.tagged or (at.open_lists and at.columns.names)):
            for edge in sorted(it for it in emphasis.operands if it.quantity == "w"):
                by = f"= {self._derivative(Place('z', edge.layer, edge.unit), Place('a', place.layer, place.unit))}"
                yield by, self._at_weight(edge, width_of_name(by) * TEXT)
        elif place.quantity == "dsigma" and (slope := self._slope(run, place)):
            text = f"{self.shape.symbols(*place).text}{slope}"
            yield text, self._at_gate(place, width_of_name(text) * TEXT)

    def _ruled(self, place: Place, rule: str, aside: float, number: float) -> tuple[str, Point]:
        """Return a rule and where it stands: below its number; of two rows before it, where there is more room."""
        x, y = beneath(self.shape.layout, place)
        if not self.shape.layout.tagged:
            return rule, Point(x - aside, y + BLOCK / 2 + UNDER_BLOCK)
        before = f"{rule.removeprefix('= ')} ="
        block = max(number, width_of_name(self.shape.symbols(*place).text)) * TEXT + PADDING
        return before, Point(x - block / 2 - BEFORE_BLOCK - width_of_name(before) * TEXT / 2, y + HALF)

    def _slope(self, run: Run, gate: Place) -> str:
        """Return how σ′(z) comes from a, or from the sign of z."""
        a, z = (self.shape.symbols(*gate._replace(quantity=quantity)).text for quantity in "az")
        match self.shape.activation(gate.layer):
            case "sigmoid":
                return f" = {a} (1 − {a})"
            case "tanh":
                return f" = 1 − {a}²" if a[-1] not in UPPER else f" = 1 − ({a})²"
            case "relu" | "leaky_relu":
                sign = "> 0" if run.trace.value(gate._replace(quantity="z")) > 0 else "≤ 0"
                return f" = {run.text(gate)} ({z} {sign})"
            case _:
                return ""

    def _derivative(self, of: Place, by: Place) -> str:
        return f"∂{self.shape.symbols(*of).text}/∂{self.shape.symbols(*by).text}"

    def _at_source(self, place: Place, wide: float) -> Point:
        """Return where ∂z/∂w stands: beneath its a, and over it where an arrow leaves downward to a list."""
        at = self.shape.layout
        x, y = at.a(place.layer - 1, place.source or 0)
        if not at.tagged and listed_edge(at, home(place), is_open=True)[1].y > y:
            return Point(max(x, wide / 2 + 4), y - at.radius - OVER)
        is_falling = at.z(place.layer, place.unit).y > y
        aside = 12 if is_falling and at.tagged else 0
        below = at.radius + OVER if at.twinned else to_block(at) + BLOCK / 2 - HALF  # where a block stands, or would
        return Point(max(x - aside, wide / 2 + 4), y + below)

    def _at_bias(self, own: Place, wide: float) -> Point:
        """Return where ∂z/∂b stands: over the bias, or below its list."""
        at = self.shape.layout
        if at.tagged:
            x, y = bias(at, own)
            return Point(x + wide / 2, y - 20)
        box = list_box(at, own, is_open=True)
        return Point(box.left + wide / 2, box.bottom + 15)

    def _at_weight(self, edge: Place, wide: float) -> Point:
        at, point = self.shape.layout, self.shape.homes[edge]
        if not at.tagged:
            return Point(point.x + at.columns.gradients / 2 + 8, point.y)
        return clear(at, edge, Point(point.x, point.y + under(at, edge)), wide)

    def _at_gate(self, gate: Place, wide: float) -> Point:
        """Return where σ′(z) stands: over its triangle, right of the mast of a bias."""
        at = self.shape.layout
        x, y = at.gate(gate.layer, gate.unit)
        if at.tagged and gate.layer not in at.without_bias:
            x = max(x, at.z(gate.layer, gate.unit).x + BESIDE_MAST + wide / 2)
        return Point(x, y - at.radius - OVER)


def rule_of(shape: Shape, run: Run, emphasis: Emphasis) -> tuple[str, float] | None:
    """Return how ∂l/∂y comes from y and t, or ∂l/∂z where the two are simplified, and how far left it stands."""
    place = next(iter(emphasis.results))
    uses_target = any(it.quantity == "t" for it in emphasis.operands)
    if not uses_target or place.quantity not in ("dl_da", "dl_dz"):
        return None
    y, t = (shape.symbols(*place._replace(quantity=quantity)).text for quantity in "at")
    if place.quantity == "dl_da":
        rule, aside = RULES[shape.loss]
        return rule.format(y=y, t=t), aside
    pair = run.trace.network.simplified
    if not pair or pair.formula(float(run.trace.one.target.sum())) != DIFFERENCE:
        return None
    return f"= {y} − {t}", 0
