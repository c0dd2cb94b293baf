"""How strongly a number stands out at a stop: filled where it is found, outlined where it is used, quiet elsewhere.

==================  ==========================================================================
`Moment`            what a stop shows: what is known, what it is about, and with how many digits
`part_of`           the part that a quantity plays: given, a value, or a derivative
`ink`               the part whose colour the text of a number has
`box_look`          the name of the box around a number
==================  ==========================================================================
"""

from __future__ import annotations

from typing import NamedTuple

from bppviz.core.emphasis import Emphasis
from bppviz.core.order import GIVEN
from bppviz.core.place import Place
from bppviz.picture.shape import Known
from bppviz.words.numbers import DIGITS

QUIET = {"ink": "quiet", "forward": "forward-quiet", "backward": "backward-quiet", "update": "update"}
COMPUTED = ("z", "a", "loss")


class Moment(NamedTuple):
    """What a stop shows: what is known there, what it is about, and with how many digits that is written.

    With `in_full` it is about nothing in particular: everything has its full colour.
    """

    known: Known
    emphasis: Emphasis
    digits: int = DIGITS
    in_full: bool = False

    def of(self, place: Place) -> str:
        """Return how strongly a place is emphasised: "strong", "soft", or nothing."""
        return "" if self.in_full else self.emphasis.of(place)

    def digits_of(self, place: Place) -> int:
        """Return with how many digits a number is written: as in the formula; at an update, the old weight too."""
        is_old = self.emphasis.phase == "update" and place in self.emphasis.results
        return self.digits if is_old or place in self.emphasis.operands else DIGITS


def part_of(quantity: str) -> str:
    """Return the part whose colour a quantity has: what is given, a value, or a derivative."""
    return "ink" if quantity in GIVEN else "forward" if quantity in COMPUTED else "backward"


def ink(place: Place, now: Moment) -> str:
    """Return the part whose colour the text of a number has, in its box or without one."""
    own, strength = part_of(place.quantity), now.of(place)
    return "background" if strength == "strong" else own if strength or now.in_full else QUIET[own]


def box_look(strength: str, own: str) -> str:
    """Return which look a box has: that of a result, or of an operand, in the colour of its part."""
    return {"strong": f"found {own}", "soft": f"used {own}"}.get(strength, "quiet")
