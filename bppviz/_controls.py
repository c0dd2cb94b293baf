"""The ipywidgets that stand around the stage: how they are made, and what they are called in the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor, isclose, isfinite, log10
from typing import Any

import ipywidgets
from ipywidgets.widgets.widget_description import DescriptionStyle

from bppviz._emphasis import Place
from bppviz._functions import LOSSES
from bppviz._network import Network
from bppviz._places import key
from bppviz._symbols import Symbols
from bppviz._words import Words

LIMIT = 5.0  # sliders go from −5 to 5, or as far as it takes
FINEST = 0.05  # a step of a slider; what is typed is exact


def button(name: str, say: Words) -> ipywidgets.Button:
    """Return a button; in the page it is found, and named in the page's language, by its class."""
    return named(ipywidgets.Button(description=say(f"control.{name}"), tooltip=say(f"hint.{name}")), name)


def dropdown(name: str, options: Sequence[tuple[str, Any]], value: Any, say: Words) -> ipywidgets.Dropdown:
    """Return a control that chooses one of a few."""
    return named(ipywidgets.Dropdown(options=options, value=value, **_described(name, say)), name)


def counter(name: str, least: int, most: int, say: Words) -> ipywidgets.IntSlider:
    """Return a slider over whole numbers."""
    return named(ipywidgets.IntSlider(least, least, most, continuous_update=True, **_described(name, say)), name)


def whole_number(name: str, value: int, say: Words) -> ipywidgets.BoundedIntText:
    """Return a field for a whole number from 1 on."""
    return named(ipywidgets.BoundedIntText(value, min=1, max=1_000_000, **_described(name, say)), name)


def tick(name: str, value: bool, say: Words) -> ipywidgets.ToggleButton:
    """Return a button that is on or off."""
    toggle = ipywidgets.ToggleButton(value, description=say(f"control.{name}"), tooltip=say(f"hint.{name}"))
    return named(toggle, name)


def row(*children: ipywidgets.Widget) -> ipywidgets.Box:
    """Return controls side by side."""
    return named(ipywidgets.HBox(children), "controls")


def panel(name: str, *children: ipywidgets.Widget) -> ipywidgets.Box:
    """Return a part of the widget that can be folded away."""
    return named(named(ipywidgets.VBox(children), "panel"), f"panel-{name}")


def _described(name: str, say: Words) -> dict[str, Any]:
    return {"description": say(f"control.{name}"), "style": {"description_width": "auto"}}


def named(widget: Any, name: str) -> Any:
    """Return a widget that is found in the page by the class bppviz-name."""
    widget.add_class(f"bppviz-{name}")
    return widget


class Knob:
    """A slider and a field for one number; where a person changes it, `changed(number, part)` hears of it.

    The page puts the handle of a slider on its grid, and reports that as a change. It is none: the number stays exact.
    """

    def __init__(self, slider: Any, field: Any, changed: Callable[[float, Any], None]) -> None:
        self.slider, self.field = slider, field
        self._changed = changed
        self._number = float(field.value)
        self._shown = dict.fromkeys((slider, field), self._number)
        self._is_quiet = False
        for part in (slider, field):
            part.observe(self._hear, "value")

    def _hear(self, change: Any) -> None:
        part, number = change["owner"], float(change["new"])
        if self._is_quiet or (part is self.slider and isclose(number, self._on_grid(self._number), abs_tol=1e-9)):
            return
        self._shown[part] = number
        self._changed(self._tidy(number) if part is self.slider else number, part)

    def _on_grid(self, number: float) -> float:
        """Return where the handle stands for a number."""
        slider = self.slider
        number = min(max(number, slider.min), slider.max)
        return float(slider.min + round((number - slider.min) / slider.step) * slider.step)

    def _tidy(self, number: float) -> float:
        """Return a number of the grid as people write it: 0.1, not 0.09999999999999964."""
        return round(number, 2)

    def show(self, number: float, *, but: Any = None) -> None:
        """Show a number, in both parts `but` the one that it comes from; what is shown already is not sent again."""
        self._number, self._is_quiet = number, True
        try:
            for part in (self.slider, self.field):
                if part is not but and self._shown[part] != number:
                    self._shown[part] = number
                    if part is self.slider:
                        self._reach(number)
                    part.value = number
        finally:
            self._is_quiet = False

    def _reach(self, number: float) -> None:
        """Let the slider go as far as a number."""
        slider = self.slider
        if not slider.min <= number <= slider.max:
            with slider.hold_sync():
                slider.max = limit(number)
                slider.min = -slider.max

    def close(self) -> None:
        """Take both parts out of every page."""
        self.slider.close()
        self.field.close()


class RateKnob(Knob):
    """The same for a number above 0, whose slider counts its powers of ten."""

    def _on_grid(self, number: float) -> float:
        slider = self.slider
        power = min(max(log10(number), slider.min), slider.max)
        return float(10 ** (slider.min + round((power - slider.min) / slider.step) * slider.step))

    def _tidy(self, number: float) -> float:
        return float(f"{number:.2g}")

    def _reach(self, number: float) -> None:
        with self.slider.hold_sync():
            self.slider.max = max(self.slider.max, ceil(log10(number)))
            self.slider.min = min(self.slider.min, floor(log10(number)))


def limit(value: float) -> float:
    """Return how far a slider goes that reaches a number."""
    far = LIMIT
    while far < abs(value) and isfinite(value):
        far *= 2
    return far


def rate(value: float, say: Words, changed: Any) -> RateKnob:
    """Return the slider and the field of the learning rate η."""
    slider = ipywidgets.FloatLogSlider(value, min=-3, max=2, step=0.05, readout=False, **_described("rate", say))
    field = ipywidgets.FloatText(value, continuous_update=False)
    return RateKnob(named(slider, "rate"), named(named(field, "exact"), "rate-field"), changed)


class Knobs:
    """The sliders and fields of a network's weights and biases, and of its inputs and targets.

    Where a person changes one, `changed(place, number, part)` hears of it; `part` is the slider or the field.
    """

    def __init__(self, network: Network, changed: Callable[[Place, float, Any], None]) -> None:
        self._network = network
        self._symbols = Symbols(network)
        self._changed = changed
        self._all: dict[Place, Knob] = {}
        # One layout and one style for all of them: each would be a widget of its own, to be sent and kept.
        self._looks = {
            "slider": {"layout": ipywidgets.Layout(), "style": ipywidgets.SliderStyle()},
            "field": {"layout": ipywidgets.Layout(), "style": DescriptionStyle()},
        }

    def column(self, layer: int, places: Sequence[Place], value: Callable[[Place], float]) -> ipywidgets.Box:
        """Return the knobs of some places, in a column under the caption of a layer, which the page writes."""
        for place in places:
            self._all[place] = self._knob(place, value(place))
        parts = [part for place in places for part in (self._all[place].slider, self._all[place].field)]
        return named(named(ipywidgets.Box(parts), "group"), f"layer-{layer}")

    def _knob(self, place: Place, value: float) -> Knob:
        symbol = self._symbols(*place).text
        within = place.quantity == "t" and LOSSES[self._network.loss].probabilities
        most = 1.0 if within else limit(value)
        slider = ipywidgets.FloatSlider(
            value,
            min=0.0 if within else -most,
            max=most,
            step=FINEST,
            description=symbol,
            tooltip=symbol,
            readout=False,
            **self._looks["slider"],
        )
        field = ipywidgets.FloatText(value, step=FINEST, tooltip=symbol, **self._looks["field"])
        kind = {"w": "weight", "b": "weight", "x": "input", "t": "target"}[place.quantity]
        for part, names in ((slider, ("slider", kind)), (field, ("exact",))):
            for name in (*names, f"at-{key(place)}"):
                named(part, name)
        return Knob(slider, field, lambda number, part: self._changed(place, number, part))

    def show(self, value: Callable[[Place], float], *, but: Any = None) -> None:
        """Show the numbers as they are, everywhere `but` in the part that is just being changed."""
        for place, knob in self._all.items():
            knob.show(value(place), but=but)

    def show_one(self, place: Place, value: float, *, but: Any = None) -> None:
        """Show the number of one place, if it has a knob."""
        if place in self._all:
            self._all[place].show(value, but=but)

    def clear(self) -> None:
        """Take all knobs away."""
        for knob in self._all.values():
            knob.close()
        self._all.clear()

    def close(self) -> None:
        """Take all knobs away, and what they have in common."""
        self.clear()
        for look in self._looks.values():
            for part in look.values():
                part.close()
