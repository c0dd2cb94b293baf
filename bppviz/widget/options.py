"""The controls of the walk, and of how it is shown. Most of them act in the page alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import ipywidgets
import traitlets
from ipywidgets.widgets.widget_link import Link

from bppviz.page.packed import MOVES, TEACHING
from bppviz.widget.desk import Desk
from bppviz.widget.parts import Parts

OPTIONS = ("view", "granularity", "speed", "language", "theme")


class OptionControls(NamedTuple):
    """The slider along the walk, and what links it and the other controls to the stage."""

    scrub: ipywidgets.IntSlider
    in_page: Link
    links: Sequence[traitlets.link]


class Options:
    """Lets the user walk, and choose how the walk is shown."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._stage = desk, desk.stage
        self._controls: OptionControls | None = None

    def build(self, parts: Parts) -> tuple[ipywidgets.Box, list[ipywidgets.Box]]:
        """Return the row of the walk, and the rows of options and of what helps to teach."""
        desk, most = self._desk, len(self._desk.trace) - 1
        scrub = parts.make(ipywidgets.IntSlider, "scrub", value=self._stage.step, max=most, readout=False)
        in_page = ipywidgets.jslink((scrub, "value"), (self._stage, "step"))
        walk = parts.row(*map(parts.button, MOVES), scrub, parts.place("counter"))
        made = [desk.choice(parts, name) for name in OPTIONS]
        options = parts.row(*(control for control, _ in made))
        teaching = parts.row(*map(parts.button, TEACHING))
        teaching.add_class("bppviz-teaching")
        self._controls = OptionControls(scrub, in_page, [link for _, link in made])
        return walk, [options, teaching]

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
