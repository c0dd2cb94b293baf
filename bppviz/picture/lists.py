"""The lists at the doors of neurons: a row for each weight, below a hairline the bias; beside each what was found.

Each edge ends at its own row. Where not all lists have room, they are closed, and the neuron that a stop is about opens
its own. A number answers the mouse where it is told, and a closed list for its neuron, whose z opens it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bppviz.core.place import Place, home, key
from bppviz.picture.boxes import Frame, Plate
from bppviz.picture.doors import list_box, row_y
from bppviz.picture.found import Found, found_of, strength_of_own
from bppviz.picture.geometry import Box, Point
from bppviz.picture.layout import LIST_ROW, Layout
from bppviz.picture.marks import (
    ALWAYS_LIT,
    UNSEEN,
    Patches,
    Series,
    answering,
    filled,
    finding,
    inked,
    lit_with,
    texts,
    told_at,
    unwritten,
)
from bppviz.picture.moment import Moment, box_look
from bppviz.picture.names import AFTER_NAME, italic, width_of_name
from bppviz.picture.run import Run
from bppviz.picture.shape import Shape
from bppviz.picture.tags import answers_of, colour_of, wide_of
from bppviz.picture.theme import TEXT, part

# The texts of a row, and at which side of their point they stand.
CELLS = {"row names": "right", "row numbers": "left", "row gradients": "left", "row news": "left"}
# How they answer the mouse.
ANSWERING = {"row names": told_at, "row numbers": told_at, "row gradients": finding, "row news": finding}
HEAD = 11  # from the middle of a head down to its list
HEADS = ("w", "b"), ("∂l/∂w", "∂l/∂b")
HALF_ROW = LIST_ROW / 2 - 1.5
BESIDE_NUMBER = 4  # on either side of a number in a box

Neuron = tuple[int, int]  # its layer and unit


class RowPlaces(NamedTuple):
    """Where the texts of a row stand: its name, its number, its gradient, and at its update the new number."""

    name: Point
    number: Point
    gradient: Point
    new: Point


@dataclass(frozen=True)
class Lists:
    """All lists of a network."""

    shape: Shape

    @cached_property
    def _owns(self) -> list[Place]:
        return [it for gate in self.shape.gates for it in self.shape.entering(*gate[1:3])]

    @cached_property
    def _slots(self) -> int:
        return len(self._owns) if self.shape.layout.open_lists else max(self.shape.sizes) + 1

    def series(self) -> dict[str, Series]:
        """Return the texts before any stop: nothing."""
        slots = [Point(0, 0)] * self._slots
        at = self._owns if self.shape.layout.open_lists else None
        drawn = {name: unwritten(slots, "quiet", side) for name, side in CELLS.items()}
        drawn = {name: lit_with(it, at) if at else it | ALWAYS_LIT for name, it in drawn.items()}
        drawn = {name: ANSWERING[name](self.shape, it, at or []) for name, it in drawn.items()}
        middles = [self._middle(box) for box in self._closed_boxes.values()]
        own = [" ".join(map(key, self.shape.entering(*door))) for door in self._closed_boxes]
        closed = {**unwritten(middles, "quiet"), "meta": {"at": own}}
        heads = _heads_at([Point(0, 0)] * 2, ["", ""])
        return {**self._answering(), **drawn, "closed lists": closed, "own heads": heads}

    def _answering(self) -> dict[str, Series]:
        """Return points that cannot be seen and answer the mouse where not all lists are open: of numbers and lists."""
        if self.shape.layout.open_lists:
            return {}
        numbers = {own: self._middle(self._closed_boxes[own[1:3]]) for own in self._owns}
        doors = {Place("z", *door): self._middle(box) for door, box in self._closed_boxes.items()}
        return {"rows": answering(self.shape, numbers, UNSEEN), "doors": answering(self.shape, doors, UNSEEN)}

    @staticmethod
    def _middle(box: Box) -> Point:
        return Point((box.left + box.right) / 2, (box.top + box.bottom) / 2)

    def opened(self, now: Moment) -> list[Place]:
        """Return the rows that are shown: all, or those of the one neuron that a stop is about."""
        if self.shape.layout.open_lists:
            return self._owns
        door = self._door(now)
        return self.shape.entering(door.layer, door.unit) if door else []

    def _door(self, now: Moment) -> Place | None:
        """Return the one neuron whose list a stop is about."""
        about = {*now.emphasis.results, *now.emphasis.asked}
        doors = {it[1:3] for it in about if it.quantity in ("z", "b", "w") or home(it).quantity in ("w", "b")}
        return Place("z", *doors.pop()) if len(doors) == 1 and not now.in_full else None

    def patch(self, run: Run, now: Moment) -> Patches:
        """Write the rows."""
        rows = self.opened(now)
        found = [(own, found_of(run, own, now)) for own in rows]
        cells = [self._row(run, *pair, now) for pair in found]
        empty = [("", Point(0, 0), "quiet")] * len(CELLS)
        cells += [empty] * (self._slots - len(cells))
        patches = {
            name: {
                "text": filled(row[i][0] for row in cells),
                "x": [round(row[i][1].x, 1) for row in cells],
                "y": [round(row[i][1].y, 1) for row in cells],
                **inked(row[i][2] for row in cells),
            }
            for i, name in enumerate(CELLS)
        }
        shut = self._shut(rows)
        closed = [self._closed(run, it, now) if it in shut else ("", "quiet") for it in self._closed_boxes]
        told = {"text": filled(text for text, _ in closed), **inked(colour for _, colour in closed)}
        answers = {} if self.shape.layout.open_lists else self._answers(run, rows, now)
        patches["row gradients"] |= answers_of(self.shape, found, 0)
        patches["row news"] |= answers_of(self.shape, found, -1)
        if answers:
            for name in ("row names", "row numbers"):
                patches[name] = told_at(self.shape, patches[name], rows)
        return {**patches, **answers, "closed lists": told, "own heads": self._heads(now)}

    def _answers(self, run: Run, rows: list[Place], now: Moment) -> Patches:
        """Let the numbers that are told answer where they stand, and a list that tells none for its neuron."""
        shut = {door: self._middle(self._closed_boxes[door]) for door in self._shut(rows)}
        used = {door: own for door in shut if (own := self._used(door, now))}
        numbers = {own: self._columns(own).number for own in rows} | {own: shut[door] for door, own in used.items()}
        doors = {Place("z", *door): point for door, point in shut.items() if door not in used}
        return {
            "rows": {**_found_at(numbers, self._owns), "hovertext": run.hover(self._owns, now.known)},
            "doors": _found_at(doors, [Place("z", *door) for door in self._closed_boxes]),
        }

    def _heads(self, now: Moment) -> Series:
        """Return the heads over the columns of the one list that a stop is about, unless these have them always."""
        at, door = self.shape.layout, self._door(now)
        if not door or (at.open_lists and not door.unit):
            return {"text": filled(["", ""]), "x": [0, 0], "y": [0, 0]}
        box = list_box(at, door, is_open=True)
        y = round(box.top - HEAD, 1)
        return {
            "text": filled(_heads_of(at, door.layer)),
            "x": [round(box.left - 2, 1), round(box.right + 2, 1)],
            "y": [y, y],
        }

    @cached_property
    def _closed_boxes(self) -> dict[Neuron, Box]:
        return {it[1:3]: list_box(self.shape.layout, it, is_open=False) for it in self.shape.gates}

    def _shut(self, rows: list[Place]) -> list[Neuron]:
        """Return the neurons whose closed lists are seen, beside the open ones."""
        doors = {own[1:3] for own in rows}
        opened = [list_box(self.shape.layout, Place("z", *door), is_open=True) for door in doors]
        boxes = ((it, box) for it, box in self._closed_boxes.items() if it not in doors)
        return [it for it, box in boxes if not any(box.covers(other) for other in opened)]

    def _closed(self, run: Run, door: Neuron, now: Moment) -> tuple[str, str]:
        """Return what stands in a closed list: how many numbers it has, or the one that a stop uses."""
        if not (used := self._used(door, now)):
            of_bias = "" if door[0] in self.shape.without_bias else f", 1 {italic('b')}"
            return f"{self.shape.sizes[door[0] - 1]} {italic('w')}{of_bias}", "quiet"
        return f"{italic(self.shape.symbols(*used).text)} = <b>{run.text(used, now.digits_of(used))}</b>", "ink"

    def _used(self, door: Neuron, now: Moment) -> Place | None:
        """Return the one weight of a closed list that a stop uses."""
        used = [it for it in self.shape.entering(*door) if now.of(it) == "soft"]
        return used[0] if len(used) == 1 else None

    def _row(self, run: Run, own: Place, found: list[Found], now: Moment) -> list[tuple[str, Point, str]]:
        """Return the texts of a row, each with its place and its colour."""
        at = self._columns(own)
        strength = strength_of_own(own, now)
        colour = "ink" if strength or now.in_full else "quiet"
        number = run.text(own, now.digits_of(own))
        is_named = self.shape.layout.columns.names or strength or any(it.strength for it in found)
        name = f"{italic(self.shape.symbols(*own).text)} =" if is_named else ""
        first, new = (found[0] if found else None), (found[1] if len(found) > 1 else None)
        return [
            (name, at.name, colour),
            (f"<b>{number}</b>" if strength else number, at.number, colour),
            (*_told(first, now, at.gradient),),
            (*_told(new, now, at.new),),
        ]

    def _wide_of_name(self, own: Place) -> float:
        """Return how wide a name is, with the "=" after it."""
        return (width_of_name(self.shape.symbols(*own).text) + AFTER_NAME) * TEXT

    def _columns(self, own: Place) -> RowPlaces:
        return self._places[own]

    @cached_property
    def _places(self) -> dict[Place, RowPlaces]:
        return {own: self._placed(own) for own in self._owns}

    def _placed(self, own: Place) -> RowPlaces:
        """Return where the texts of a row stand; a name that has no column stands before the list."""
        columns, y = self.shape.layout.columns, row_y(self.shape.layout, own)
        left = list_box(self.shape.layout, own, is_open=True).left + 2
        before = left if columns.names else left - self._wide_of_name(own)
        number = left + 2 + columns.names + columns.numbers
        gradient = number + columns.gradients + 6
        new = Point(number, y + LIST_ROW) if own.quantity == "b" else Point(before - 10, y)
        return RowPlaces(Point(before, y), Point(number, y), Point(gradient, y), new)

    # Boxes

    def frames(self, run: Run, now: Moment) -> Iterator[Frame]:
        """Return the lists, the hairlines over their biases, and the boxes around what is found or used."""
        rows = self.opened(now)
        at = self.shape.layout
        for shut in self._shut(rows):
            yield Frame(self._closed_boxes[shut], "used ink" if self._used(shut, now) else "still")
        for door in sorted({own[1:3] for own in rows}):
            yield Frame(list_box(at, Place("z", *door), is_open=True), "still")
        for own in rows:
            box = list_box(self.shape.layout, own, is_open=True)
            y = row_y(self.shape.layout, own)
            if own.quantity == "b":
                line = y - LIST_ROW / 2 - 2
                yield Frame(Box(box.left + 5, line, box.right - 5, line), "still")
            if not now.in_full:
                yield from self._row_frames(run, own, now)

    def plates(self, run: Run, now: Moment) -> list[Plate | None]:
        """Return the grounds of what stands outside of lists: of heads, and of names that have no column in them."""
        plates = [*self._head_plates(now), *self._name_plates(run, now)]
        return [*plates, *[None] * (self._slots + len(HEADS) - len(plates))]

    def _head_plates(self, now: Moment) -> Iterator[Plate]:
        """Return the grounds of the heads of the one list that a stop is about."""
        heads, door = self._heads(now), self._door(now)
        if door and any(it.strip() for it in heads["text"]):
            written = _headed(self.shape.layout, door.layer)
            for x, y, head, side in zip(heads["x"], heads["y"], written, (1, -1), strict=True):
                wide = width_of_name(head) * TEXT
                yield Plate(Point(x + side * wide / 2, y), wide)

    def _name_plates(self, run: Run, now: Moment) -> Iterator[Plate]:
        """Return the grounds of the names of weights that are not used themselves, but of which something is found."""
        if self.shape.layout.columns.names or now.in_full:
            return
        for own in self.opened(now):
            if not strength_of_own(own, now) and any(it.strength for it in found_of(run, own, now)):
                point, wide = (
                    self._columns(own).name,
                    (width_of_name(self.shape.symbols(*own).text) + AFTER_NAME) * TEXT,
                )
                yield Plate(Point(point.x + wide / 2, point.y), wide - 2)

    def _row_frames(self, run: Run, own: Place, now: Moment) -> Iterator[Frame]:
        at, shown = self._columns(own), found_of(run, own, now)
        if strength := strength_of_own(own, now):
            yield Frame(_around(at.name, at.number.x + 3), box_look(strength, "ink"))
        for found, end in zip(shown, (at.gradient, at.new), strict=False):
            if found.strength:
                wide, right = max(wide_of(found.text) * TEXT + 2 * BESIDE_NUMBER, 40), end.x + BESIDE_NUMBER
                yield Frame(_around(Point(right - wide, end.y), right), box_look(found.strength, found.role))


def _found_at(points: Mapping[Place, Point], places: Sequence[Place]) -> Series:
    """Return where some of these places stand; the others are not in the picture."""
    found = [points.get(place) for place in places]
    return {"x": [it and round(it.x, 1) for it in found], "y": [it and round(it.y, 1) for it in found]}


def _told(found: Found | None, now: Moment, point: Point) -> tuple[str, Point, str]:
    if not found:
        return "", point, "backward"
    is_bold = found.strength or now.in_full
    return f"<b>{found.text}</b>" if is_bold else found.text, point, colour_of(found, now)


def _around(start: Point, right: float) -> Box:
    return Box(start.x, start.y - HALF_ROW, right, start.y + HALF_ROW)


def heads(shape: Shape) -> Series:
    """Return the heads of the lists' columns, over the uppermost list of each layer."""
    at = shape.layout
    boxes = [list_box(at, Place("z", layer), is_open=True) for layer in at.layers]
    points = [Point(x, box.top - HEAD) for box in boxes for x in (box.left - 2, box.right + 2)]
    return _heads_at(points, [head for layer in at.layers for head in _heads_of(at, layer)])


def _heads_of(at: Layout, layer: int) -> list[str]:
    """Return the heads of a list of a layer, as they are written."""
    return list(map(italic, _headed(at, layer)))


def _headed(at: Layout, layer: int) -> list[str]:
    """Return what the columns of a list of a layer hold: w, b and ∂l/∂w, ∂l/∂b, where there is a b."""
    return [", ".join(both[:1] if layer in at.without_bias else both) for both in HEADS]


def _heads_at(points: list[Point], written: Sequence[str]) -> Series:
    pairs = len(points) // 2
    drawn = texts(points, written, "quiet", color=[part("quiet"), part("backward-quiet")] * pairs)
    return {**drawn, "textposition": ["middle right", "middle left"] * pairs}
