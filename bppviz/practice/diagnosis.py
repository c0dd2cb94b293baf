"""What is to be said of a number that somebody found: that it is right, or which mistakes lead to it.

==================  ==========================================================================
`diagnosed`         what may have happened when somebody found a certain value
`mistakes`          the wrong values of an equation, each with the mistake that leads to it
`right_values`      the values of an equation that count as right
`scale_of`          what 1 % is of, where it is not the value
`comes_to`          what a mistake comes to, as an answer is compared with it
`plausibility`      the rank of a mistake among those that lead to the same
`is_close`          whether a number counts as a value
==================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite, prod

import numpy as np

from bppviz.core.functions import LOSSES
from bppviz.core.trace import TraceEvent
from bppviz.practice.mistake import Mistake
from bppviz.practice.mistakes import every_mistake
from bppviz.words.numbers import rounded

RIGHT_WITHIN = 0.01  # of the value: numbers that were rounded on the way are right too
VERY_CLOSE = 0.002  # if a mistake leads as close as this to an answer, those that lead less close are not meant
LIKELY = ("path_missing", "input_forgotten", "sigma", "gain_forgotten", "sign")  # the likeliest last
UNLIKELY = ("other_input", "crossed", "neighbour", "point", "updated")
OF_MATRICES = ("transposed", "transposed_forward", "outer")  # told alone, rather than beside a neighbour by chance
COMPARED = 8  # digits of what a mistake comes to: many more than 1 % has, and without the noise of floats
ZERO = 1e-9  # what counts as 0 beside numbers of about 1


@dataclass(frozen=True)
class Diagnosis:
    """What is to be said of an answer: that it is right, or every known mistake that leads to it, likeliest first."""

    is_right: bool
    mistakes: tuple[Mistake, ...] = ()

    @property
    def likely(self) -> tuple[Mistake, ...]:
        """Return the mistakes that are worth telling: beside rows and columns that were confused, none by chance."""
        is_of_matrices = any(it.name in OF_MATRICES for it in self.mistakes)
        return tuple(it for it in self.mistakes if not (is_of_matrices and it.name in UNLIKELY))


def diagnosed(event: TraceEvent, given: float, rounding: float = 0.0, rate: float | None = None) -> Diagnosis:
    """Say of a number that somebody found for an event whether it is right, and if not, what may have happened.

    It is right within 1 %, of an update within 1 % of the change, or where the value rounds to it: `rounding` is half a
    unit of its last digit. What comes out of the numbers as they are shown is right, too. `rate` is the learning rate
    of an update, from which weights may have been taken too early, where the run itself has none.
    """
    if _is_right(event, given, rounding):
        return Diagnosis(True)
    made = [(it, comes_to(event, it)) for it in mistakes(event, rate)]
    found: list[Mistake] = []
    for tolerance in (VERY_CLOSE, RIGHT_WITHIN):
        found = found or [it for it, value in made if is_close(given, value, rounding, tolerance, scale_of(event))]
    by_what = {(it.name, it.taken, it.sample): it for it in reversed(found)}
    first_found = [*by_what.values()][::-1]
    return Diagnosis(False, tuple(sorted(first_found, key=lambda it: plausibility(it.name))))


def is_close(
    given: float, value: float, rounding: float = 0.0, tolerance: float = RIGHT_WITHIN, scale: float | None = None
) -> bool:
    """Tell whether a number is a value within 1 % of it, or of the `scale` given, or within its own rounding."""
    scale = abs(value) if scale is None else scale
    return abs(given - value) <= max(tolerance * scale, rounding, ZERO * (abs(value) < ZERO))


def comes_to(event: TraceEvent, mistake: Mistake) -> float:
    """Return what a mistake comes to, to as many digits as an answer is compared with.

    1 % of an update may be much less than its weight: there every digit counts.
    """
    return mistake.value if event.phase == "update" else float(f"{mistake.value:.{COMPARED}g}")


def plausibility(name: str) -> int:
    """Return the rank of a mistake among those that people make; what leads to the same by chance comes last."""
    return -LIKELY.index(name) - 1 if name in LIKELY else int(name in UNLIKELY)


def _is_right(event: TraceEvent, given: float, rounding: float = 0.0) -> bool:
    return any(is_close(given, value, rounding, scale=scale_of(event)) for value in right_values(event))


def scale_of(event: TraceEvent) -> float | None:
    """Return what 1 % is of: of an update the change, which may be much smaller than the weight; else the value."""
    return abs(event.value - event.operands[0].value) if event.phase == "update" else None


def right_values(event: TraceEvent) -> Iterator[float]:
    """Yield the value, and what comes out of the rounded numbers that are shown, where terms may cancel."""
    yield event.value
    network = event.trace.network
    shown = [rounded(operand.value) for operand in event.operands]
    if event.quantity == "z" or (event.quantity == "dl_da" and event.layer < network.layers):
        yield float(sum(prod(shown[i : i + 2]) for i in range(0, len(shown), 2)))  # a bias has no partner
    elif event.quantity == "dl_da" and (loss := LOSSES[network.loss]).is_squared:
        yield loss.slope_factor.of(shown[0] - shown[1], network.sizes[-1])


def mistakes(event: TraceEvent, rate: float | None = None) -> list[Mistake]:
    """Return what comes out of an event for every mistake that can be made there and makes a difference.

    `rate` is a learning rate as in `diagnosed`.
    """
    with np.errstate(all="ignore"):  # a mistake may lead beyond what a float can hold
        found = [mistake for mistake in every_mistake(event, rate) if isfinite(mistake.value)]
    return [mistake for mistake in found if not _is_right(event, mistake.value)]
