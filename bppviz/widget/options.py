"""The controls of the walk, of how it is shown, and the row of tabs. Most of them act in the page alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import ipywidgets
import traitlets
from ipywidgets.widgets.widget_link import Link

from bppviz.page.surface import MORE, MOVES, SETTINGS, SIZES, TABS
from bppviz.widget.desk import Desk
from bppviz.widget.parts import Parts


class OptionControls(NamedTuple):
    """The slider along the walk, and what links it and the other controls to the stage."""

    scrub: ipywidgets.IntSlider
    in_page: Link
    links: Sequence[traitlets.link]


class Surface(NamedTuple):
    """What stands around the stage: above it the transport, below it the tabs, and what can be opened from each."""

    transport: ipywidgets.Box
    steps: ipywidgets.Box
    tabs: ipywidgets.Box
    settings: ipywidgets.Box


class Options:
    """Lets the user walk, and choose how the walk is shown."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._stage = desk, desk.stage
        self._controls: OptionControls | None = None

    def build(self, parts: Parts, sample: ipywidgets.Widget) -> Surface:
        """Return the controls; that of the sample stands with those that say how one walks."""
        desk, most = self._desk, len(self._desk.trace) - 1
        scrub = parts.make(ipywidgets.IntSlider, "scrub", value=self._stage.step, max=most, readout=False)
        in_page = ipywidgets.jslink((scrub, "value"), (self._stage, "step"))
        size, link_size = desk.choice(parts, "granularity", parts.segments)
        speed, link_speed = desk.choice(parts, "speed", parts.dropdown)
        looks = [desk.choice(parts, name, parts.segments) for name in SETTINGS]
        by_phase = parts.tick("by-phase", self._stage.by_phase)
        links = [link_size, link_speed, *(link for _, link in looks)]
        links.append(traitlets.link((by_phase, "value"), (self._stage, "by_phase")))
        self._controls = OptionControls(scrub, in_page, links)
        buttons = parts.button
        way = parts.box(parts.place("phases"), scrub, names=["way"])
        moves = parts.box(*map(buttons, MOVES), names=["moves"])
        text = parts.box(*map(buttons, SIZES), parts.place("text-size"), names=["sizes"])
        pace = parts.row(buttons("again"), speed)
        tabs = [*(buttons(f"show-{name}") for name in TABS), *map(buttons, MORE)]
        return Surface(
            parts.box(moves, buttons("play"), way, buttons("show-steps"), names=["transport"]),
            parts.box(size, pace, by_phase, sample, parts.place("outline"), names=["pop", "pop-steps"]),
            parts.box(*tabs, names=["tabs"]),
            parts.box(*(it for it, _ in looks), text, names=["pop", "pop-settings"]),
        )

    def put_away(self) -> None:
        """Unlink the controls from the stage, and forget them."""
        if self._controls:
            for link in (self._controls.in_page, *self._controls.links):
                link.unlink()
            self._controls.in_page.close()
        self._controls = None

    def refresh(self) -> None:
        """Let the slider go as far as the walk does now, and the stage stand on it."""
        if self._controls:
            steps = len(self._desk.trace)
            self._controls.scrub.max = steps - 1
            self._stage.steps = steps
            self._stage.step = min(self._stage.step, steps - 1)
