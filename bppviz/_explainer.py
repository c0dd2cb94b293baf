"""The widget: the stage, with the controls of the walk around it."""

from __future__ import annotations

from typing import Any

import ipywidgets
import traitlets

from bppviz._backprop import backprop
from bppviz._network import Network, default_sample
from bppviz._stage import BUTTONS, Stage, choices
from bppviz._theme import choice
from bppviz._trace import Trace
from bppviz._walk import default_granularity, walk
from bppviz._words import language, words


class Explainer(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A walk through one trace, shown in a notebook. `explain` makes one."""

    _link: ipywidgets.Widget | None = None

    def __init__(self, trace: Trace, *, lang: str | None = None, theme: str | None = None) -> None:
        self._trace = trace
        granularity = default_granularity(trace)
        self._stage = Stage(
            trace,
            step=walk(trace, granularity)[0].last,
            granularity=granularity,
            lang=language(lang),
            theme=choice(theme),
        )
        say = words(self._stage.lang)
        buttons = [
            ipywidgets.Button(description=say(f"control.{name}"), tooltip=say(f"hint.{name}")) for name in BUTTONS
        ]
        for name, button in zip(BUTTONS, buttons, strict=True):
            button.add_class(f"bppviz-{name}")
        scrub = ipywidgets.IntSlider(self._stage.step, max=len(trace) - 1, readout=False)
        scrub.add_class("bppviz-scrub")
        self._link = ipywidgets.jslink((scrub, "value"), (self._stage, "step"))
        counter = ipywidgets.Box()
        counter.add_class("bppviz-counter")
        moves = _row(*buttons, scrub, counter)
        options = _row(*(self._dropdown(name, options) for name, options in choices(trace).items()))
        super().__init__([moves, self._stage, options])
        self.add_class("bppviz")

    def _dropdown(self, name: str, options: list[dict[str, Any]]) -> ipywidgets.Dropdown:
        """Return a control that chooses one of the stage's options, linked to it in both directions."""
        say = words(self._stage.lang)
        trait = "lang" if name == "language" else name
        dropdown = ipywidgets.Dropdown(
            options=[(say(o["word"]) if o["word"] else o["label"], o["value"]) for o in options],
            value=getattr(self._stage, trait),
            description=say(f"control.{name}"),
            style={"description_width": "auto"},
        )
        dropdown.add_class(f"bppviz-{name}")
        traitlets.link((dropdown, "value"), (self._stage, trait))
        return dropdown

    def close(self) -> None:
        """Take the widget out of every page, with all of its parts."""
        for row in self.children:
            for part in getattr(row, "children", ()):
                part.close()
            row.close()
        if self._link:  # also called for one that was never finished
            self._link.close()
        super().close()

    @property
    def trace(self) -> Trace:
        """Return the recorded run that is walked through."""
        return self._trace

    @property
    def network(self) -> Network:
        """Return the network of the run."""
        return self._trace.network

    @property
    def step(self) -> int:
        """Return the step that is shown, an index of the trace; set it to show another.

        Raises IndexError for a step that the trace does not have.
        """
        return int(self._stage.step)

    @step.setter
    def step(self, k: int) -> None:
        self._stage.set_trait("partial", {"step": -1, "back": 0})
        self._stage.step = self._trace[k].step


def _row(*children: ipywidgets.Widget) -> ipywidgets.Box:
    row = ipywidgets.HBox(children)
    row.add_class("bppviz-controls")
    return row


def explain(
    network: Network | None = None,
    x: Any = None,
    target: Any = None,
    *,
    lang: str | None = None,
    theme: str | None = None,
) -> Explainer:
    """Show one forward and one backward pass, step by step.

    Without arguments it is the lecture's network and sample. x has shape (n_in,) and target (n_out,); what is left out
    is taken from the lecture's sample, (1, −1, …) and (1, 0, …). `lang` is en or zh-TW; `theme` is light, dark,
    projector, or auto, which follows the page.

    Raises TypeError or ValueError for what does not fit, OverflowError where the numbers grow too large.
    """
    if network is None:
        network = Network.lecture()
    if not isinstance(network, Network):
        raise TypeError(f"network is {network!r}; give a bppviz.Network, such as Network.random([2, 3, 1]).")
    usual_x, usual_target = default_sample(network)
    trace = backprop(network, usual_x if x is None else x, usual_target if target is None else target)
    return Explainer(trace, lang=lang, theme=theme)
