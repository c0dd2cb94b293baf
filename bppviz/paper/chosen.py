"""Which stops of a walk somebody asks for: by step, by phase, or by what they compute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bppviz.core.checks import as_list, brief, choose, is_whole, known_name
from bppviz.core.trace import Trace
from bppviz.core.walk import Stop, first_known

PHASES = ("forward", "loss", "backward", "gradient", "sum", "update")
QUANTITIES = ("z", "a", "dl_da", "dsigma", "dl_dz", "dl_dw", "dl_db", "dL_dw", "dL_db", "w", "b")
USUAL = "give step numbers, phases or quantities, such as steps='backward' or steps=['dl_dz', 0, -1]"


def chosen(trace: Trace, stops: Sequence[Stop], steps: Any) -> list[int]:
    """Return the places in a walk that `steps` asks for, each once, in the order of the walk.

    Raises TypeError for what names no step, ValueError for an unknown name and where nothing is left, IndexError for a
    step that the trace does not have.
    """
    if steps is None:
        return list(range(len(stops)))
    wanted = [steps] if isinstance(steps, str) or is_whole(steps) else as_list(steps)
    if wanted is None:
        raise TypeError(f"steps is {brief(steps)}; {USUAL}.")
    if not wanted:
        raise ValueError(f"steps is empty; {USUAL}, or leave it out for all.")
    return sorted({place for it in wanted for place in _places(trace, stops, it)})


def _places(trace: Trace, stops: Sequence[Stop], it: Any) -> list[int]:
    if isinstance(it, Stop):
        return [stops.index(it)]
    if not isinstance(it, str):
        if not is_whole(it):
            raise TypeError(f"steps has {brief(it)} in it; {USUAL}.")
        return [first_known(trace, stops, trace.step_at(it))]
    name = known_name("step", it, (*PHASES, *QUANTITIES))
    found = [i for i, stop in enumerate(stops) if name in _names(trace, stop)]
    if not found:
        present = {name for stop in stops for name in _names(trace, stop)}
        raise ValueError(
            f"no step of this run is {name!r}; {choose([it for it in (*PHASES, *QUANTITIES) if it in present])}"
        )
    return found


def _names(trace: Trace, stop: Stop) -> set[str]:
    """Return the phases and quantities of a stop, those of its whole blocks where it has several."""
    if stop.first == stop.last or stop.granularity == "vector":
        event = trace[stop.last]
        return {event.phase, event.quantity}
    blocks = (it for it in trace.blocks if it.start <= stop.last and it.stop > stop.first)
    return {name for it in blocks for name in (it.phase, *it.computed)}
