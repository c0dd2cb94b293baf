"""Worksheets: networks of their own for each student, drawn with blanks, and a key with what common mistakes give.

==================  ==========================================================================
`worksheet`         as many different sheets as there are students
`Worksheet`         what it returns: to be saved, checked, or taken as data
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from bppviz.core.checks import counted, whole_number
from bppviz.paper.handed import hand_over
from bppviz.paper.key import key_page
from bppviz.paper.pages import Page, document, html_path, numbered_pages, paper_name
from bppviz.paper.questions import question_pages, style
from bppviz.practice.exercise import Exercise, Marked
from bppviz.practice.levels import exercises, wanted
from bppviz.words.catalogue import language, words

ASK = ("z", "a", "dl_dz", "dl_dw")
MOST_SHEETS = 200


@dataclass(frozen=True, repr=False, eq=False)
class Worksheet:
    """Sheets with a network each, and their keys.

    `sheets` are the exercises, in order; sheet 1 is `sheets[0]`, and its run `sheets[0].trace`.
    """

    sheets: tuple[Exercise, ...]
    lang: str

    def __repr__(self) -> str:
        shape = self.sheets[0].trace.network.shape
        return f"Worksheet({len(self.sheets)} × {shape}, {counted(len(self.sheets[0].questions), 'question')} each)"

    def __len__(self) -> int:
        return len(self.sheets)

    def __getitem__(self, i: int) -> Exercise:
        return self.sheets[i]

    def save(self, path: str | PathLike[str], *, paper: str = "A4") -> None:
        """Write the sheets to an HTML file, to be printed from a browser on A4 or Letter paper.

        Raises TypeError or ValueError for what is no name of such a file and for another paper, OSError where the file
        cannot be written; what was there then stays.
        """
        target, paper = html_path(path, "sheets.html"), paper_name(paper)
        self._write(target, [page for sheet in self.sheets for page in self._pages(sheet, paper)], paper)

    def save_key(self, path: str | PathLike[str], *, paper: str = "A4") -> None:
        """Write the answers, one page for each sheet, beside each what common mistakes give there; as `save` does."""
        target, paper = html_path(path, "key.html"), paper_name(paper)
        self._write(target, numbered_pages([key_page(sheet, paper, self.lang) for sheet in self.sheets]), paper)

    def _pages(self, sheet: Exercise, paper: str) -> list[Page]:
        own = words(self.lang)("worksheet.number", number=sheet.number)
        return numbered_pages(question_pages(sheet, paper, self.lang), f"{own} ·")

    def _write(self, path: Path, pages: Sequence[Page], paper: str) -> None:
        title = words(self.lang)("worksheet.title")
        hand_over(path, document(title, pages, paper=paper, lang=self.lang, style=style()).encode(), self.lang)

    def check(self, student: int, answers: Any) -> list[Marked]:
        """Return what is said of a student's answers, one for each question of a sheet.

        `student` is the number of the sheet, from 1 on, as it is printed. `answers` are a list in the order of the
        questions, or a dict by their numbers or symbols: numbers, or text such as "−3/8"; None, "" and what is missing
        wait for an answer. An answer is right within 1 %, or as it rounds to the digits given.
        """
        number = whole_number("student", student, 1, 1)
        if number > len(self.sheets):
            raise ValueError(f"student is {number}; give the number of a sheet, from 1 to {len(self.sheets)}.")
        return self.sheets[number - 1].check(answers, self.lang)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return every question as plain data, for JSON, a table, or a script that grades.

        Each has the number of its sheet, its own number and symbol, where it stands in the network, what the sheet
        gives, the answer with its tolerance, and what common mistakes give: a name, a value and a sentence.
        """
        return [row for sheet in self.sheets for row in sheet.rows(self.lang)]


def worksheet(
    n: int = 30,
    seed: int = 0,
    *,
    level: str = "relu",
    sizes: Sequence[int] | None = None,
    activation: str | Sequence[str] | None = None,
    loss: str | None = None,
    ask: str | Sequence[str] = ASK,
    smallest: float = 0.01,
    lang: str | None = None,
) -> Worksheet:
    """Return `n` sheets with different networks, whose numbers are worth computing by hand.

    `level` is neuron: one of them; relu: a hidden layer, all in whole numbers, halves, quarters and eighths; sigmoid or
    softmax, with a small table on each sheet. `sizes`, `activation` and `loss` change that, as in `Network.random`.
    `ask` are the quantities that are asked for: z, a, loss, dl_da, dsigma, dl_dz, dl_dw, dl_db; what comes before the
    first of them is given. No gradient is smaller than `smallest`, but for the zeros of a ReLU that is off, which
    only a layer of three or more may have. The same seed gives the same sheets, whatever `n` is.

    Raises TypeError or ValueError for what does not fit, and ValueError where no such networks are found: it says what
    to loosen.
    """
    n, seed = whole_number("n", n, 1, 30), whole_number("seed", seed, 0, 0)
    if n > MOST_SHEETS:
        raise ValueError(f"n is {n}; give at most {MOST_SHEETS}, and another seed for more.")
    what = wanted(level, (sizes, activation, loss), ask, smallest)
    return Worksheet(exercises(what, n, seed), language(lang))
