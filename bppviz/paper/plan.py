"""How steps are laid out on paper: how many on a page, which way up it lies, and how large their words are.

==================  ==========================================================================
`Told`              the words of a step
`Plan`              pages of a paper, in rows and columns
`planned`           the plan that suits a picture and some words
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil
from typing import NamedTuple

from bppviz.paper.letters import text_width
from bppviz.paper.pages import body_size, turned
from bppviz.paper.room import room
from bppviz.picture.theme import TEXT

# The columns and rows of a page that stands upright, by how many steps it has; on its side it has as many rows.
GRIDS = {1: (1, 1), 2: (1, 2), 3: (1, 3), 4: (2, 2), 6: (2, 3)}
GAP, BETWEEN = 8.5, 20.0  # between two rows and between two columns of a page, in points
LEAST_LETTER = 6.0  # of a picture, in points, where nobody asks for more steps on a page
SMALLEST, LARGEST = 7.5, 10.5  # the letters of the words, in points
# The sizes of the rest, in those of the sentence: of a formula, a heading, a line of the sentence, and what is between.
FORMULA, HEADING, LINE, ROW_GAP = 1.25, 1.5, 1.35, 0.4
LONGEST_LINE = 60.0
SURE = 1.1  # formulas may be wider than they are thought to be
NEARLY_ALL = 0.9
MOST_WORDS = 0.6  # of the height of a step, that its words may take
SHRUNK = (1.0, 0.93, 0.86, 0.8, 0.73, 0.66, 0.6, 0.53, 0.46, 0.4)


class Told(NamedTuple):
    """The words of a step: which it is, what it computes, its formula and numbers, in MathML, and its sentence."""

    step: str
    name: str
    formula: str
    numbers: str
    sentence: str


class Plan(NamedTuple):
    """Pages of a paper, each with steps in columns and rows."""

    paper: str
    columns: int
    rows: int

    @property
    def per_page(self) -> int:
        """Return how many steps a page has."""
        return self.columns * self.rows

    @property
    def cell(self) -> tuple[float, float]:
        """Return how wide and how high the room of a step is, in points."""
        wide, high = body_size(self.paper)
        return (wide - (self.columns - 1) * BETWEEN) / self.columns, (high - (self.rows - 1) * GAP) / self.rows

    @property
    def size(self) -> float:
        """Return how large the letters of the words are, in points."""
        wide, high = self.cell
        return max(SMALLEST, min(LARGEST, wide / 40, high / 27))

    def fitting(self, told: Told) -> float:
        """Return the size of a step's words that leaves its picture some room."""
        sizes = [self.size * share for share in SHRUNK]
        return next((it for it in sizes if self.words_high(told, it) <= MOST_WORDS * self.cell[1]), sizes[-1])

    def formula_size(self, told: Told, size: float) -> float:
        """Return how large formulas are, in sizes of the words, so that none is wider than its room."""
        widest = max(room(told.formula)[0], room(told.numbers)[0]) * size * SURE
        return min(FORMULA, self.cell[0] / widest) if widest else FORMULA

    def words_high(self, told: Told, size: float) -> float:
        """Return how high the words of a step are: the heading, the formula, its numbers, and the sentence."""
        wide = self.cell[0]
        of_formula = self.formula_size(told, size) * size
        (w1, h1), (w2, h2) = room(told.formula), room(told.numbers)
        formulas = max(h1, h2) if (w1 + w2 + 0.5) * of_formula * SURE <= wide else h1 + h2 + 0.2
        lines = ceil(text_width(escape(told.sentence, quote=False), 1) * size / min(wide, LONGEST_LINE * size) + 0.1)
        return formulas * of_formula + (HEADING + lines * LINE + 3 * ROW_GAP) * size

    def picture_high(self, picture: tuple[float, float], words: Sequence[Told]) -> float:
        """Return how high a picture of this size is drawn, in points, beside nearly all of some words.

        It is the same for all steps, so that nothing moves from one to the next; but for the few that say much more.
        """
        wide, high = self.cell
        taken = sorted(self.words_high(it, self.fitting(it)) for it in words)
        return min(wide / picture[0] * picture[1], high - taken[int(NEARLY_ALL * (len(taken) - 1))])

    def letter(self, picture: tuple[float, float], words: Sequence[Told]) -> float:
        """Return how large the letters of a picture are, in points."""
        return TEXT * self.picture_high(picture, words) / picture[1]


def planned(paper: str, per_page: int | None, picture: tuple[float, float], words: Sequence[Told]) -> Plan:
    """Return the plan with so many steps on a page; without that, the one with the fewest readable pages."""
    plans = [_best(paper, count, picture, words) for count in ([per_page] if per_page else GRIDS)]
    readable = [it for it in plans if it.letter(picture, words) >= LEAST_LETTER]
    return min(readable or plans[:1], key=lambda it: (ceil(len(words) / it.per_page), it.per_page))


def _best(paper: str, count: int, picture: tuple[float, float], words: Sequence[Told]) -> Plan:
    """Return the plan with so many steps on a page whose pictures are larger: of upright pages, or of pages turned."""
    columns, rows = GRIDS[count]
    ways = (Plan(paper, columns, rows), Plan(turned(paper), rows, columns))
    return max(ways, key=lambda it: it.letter(picture, words))
