"""What was found of a weight or bias: its gradient, their sum over the samples, the new value."""

from __future__ import annotations

from typing import NamedTuple

from bppviz.core.place import Place
from bppviz.picture.marks import QUESTION
from bppviz.picture.moment import Moment
from bppviz.picture.names import italic
from bppviz.picture.run import Run

# Before a gradient of all samples: their sum, or their mean.
SUM_OF = {"sum": "Σ", "mean": f"Σ/{italic('N')}"}


class Found(NamedTuple):
    """A number that was found of a weight or bias, as it is written beside it."""

    place: Place
    text: str
    strength: str
    role: str = "backward"


def found_of(run: Run, own: Place, now: Moment) -> list[Found]:
    """Return what is shown of a weight or bias: what was last found; at its sum or update, also what that is from."""
    last, hidden = now.known
    steps, found = run.shape.steps, run.shape.found_of(own)
    known = [it for it in found if steps[it] <= last]
    shown = [it for it in known if steps[it] not in hidden][-1:]
    asked = [it for it in found if it in now.emphasis.asked] if now.emphasis.asked else []
    if asked:
        return [Found(asked[0], QUESTION, "strong", _role(asked[0], own))]
    is_found = (known[-1] if known else own) in now.emphasis.results and not now.in_full
    if is_found and now.emphasis.phase in ("sum", "update"):
        shown = known[-2:]
    return [_found(run, it, own, now) for it in shown]


def _found(run: Run, place: Place, own: Place, now: Moment) -> Found:
    if place == own:
        return Found(place, f"← {run.new(own)}", now.of(own), "update")
    text = run.text(place, now.digits_of(place))
    if place.quantity.startswith("dL_"):
        text = f"{SUM_OF[run.trace.network.total]} {text}"
    return Found(place, text, now.of(place))


def strength_of_own(own: Place, now: Moment) -> str:
    """Return how strongly a weight or bias is emphasised: at its update, the old one is what it is found from."""
    return "soft" if now.of(own) == "strong" else now.of(own)


def _role(place: Place, own: Place) -> str:
    return "update" if place == own else "backward"
