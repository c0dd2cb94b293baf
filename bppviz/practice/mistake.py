"""A known mistake, as its name and what it comes to."""

from __future__ import annotations

from typing import NamedTuple

from bppviz.core.place import Place


class Mistake(NamedTuple):
    """A mistake by name, and the value that it leads to.

    `taken` is the place of the number that was taken wrongly, or left out; `instead_of` that of the one that belongs
    there, if another does; where rows and columns are confused, `taken` is the weight in which those two cross, or the
    one to which the number belongs. `sample` is the one that was left out, or taken alone, an array index.
    """

    name: str
    value: float
    taken: Place | None = None
    instead_of: Place | None = None
    sample: int | None = None
