"""A knob is a slider and a field for one number: of the network, of its sample, or the learning rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from math import ceil, floor, log10
from typing import Any

import ipywidgets

from bppviz.core.functions import LOSSES
from bppviz.core.network import Network
from bppviz.core.place import Place, key
from bppviz.practice.typed import single
from bppviz.widget.parts import Parts
from bppviz.widget.sliders import FINEST, Field, LogSlider, Slider, field, short
from bppviz.widget.stage import Hold
from bppviz.words.numbers import exact
from bppviz.words.symbols import Symbols

LIMIT = 5.0  # sliders go from −5 to 5, or as far as it takes
WIDEST = 1e300  # from which on a range grows no further
USUAL_POWERS = -3, 2  # of ten, between which the slider of η goes, or as far as it takes
MOST_POWER = 307  # of ten, beyond which no slider goes
ARROWS = {"↑": 1, "↓": -1}  # a key that makes the number in a field larger or smaller by a step


class Knob:
    """A slider and a field for one number; where the user changes it, `changed(number, part)` hears of it.

    `misread(text)` hears of what is typed and is not a number; then the number before comes back.
    """

    def __init__(self, name: str, slider: Any, field: Field, hold: Callable[[], Hold]) -> None:
        self.slider, self.field = slider, field
        self.changed: Callable[[float, Any], None] = lambda number, part: None
        self.misread: Callable[[str], None] = lambda text: None
        self._number = float(slider.value)
        self._is_quiet = False
        self._name, self._hold = name, hold
        self._is_fixed = slider.min == 0  # a probability
        self._slider_shows = self._number
        self._heard = 0, "", ""  # in which hold, after what text, which arrows
        slider.listen(name, hold)
        for part in (slider, field):
            part.observe(self._hear, "value")

    def _hear(self, change: Any) -> None:
        if self._is_quiet:
            return
        if change["owner"] is self.field:
            self._read(change["new"])
            return
        number = float(change["new"])
        self._slider_shows = self._number = self._tidy(number) if self.slider.is_held else number
        self.changed(self._number, self.slider)

    def _read(self, text: str) -> None:
        """Read what was typed, and each arrow after it that is new as a step."""
        typed = text.rstrip("".join(ARROWS))
        arrows = text[len(typed) :]
        try:
            number = single(typed)
        except ValueError:
            self._put_back()
            self.misread(text)
            return
        before, self._heard = self._heard, (self._hold().times, typed, arrows)
        more = arrows
        if arrows and before[:2] == self._heard[:2] and arrows.startswith(before[2]):
            number, more = self._number, arrows.removeprefix(before[2])
        for arrow in more:
            number = self._stepped(number, ARROWS[arrow])
        is_new, self._number = number != self._number, number
        if is_new:
            self.changed(number, self.field)
        if arrows or not is_new:
            self._put_back()
        else:
            self._put_field(None)

    def _put_back(self) -> None:
        """Show the number in the field as it is, whatever is typed there."""
        self._put_field(exact(self._number) if self._is_busy(self.field) else short(self._number))

    def _stepped(self, number: float, by: int) -> float:
        """Return the number that is a step of the slider away."""
        number = float(Decimal(repr(number)) + by * Decimal(repr(FINEST)))
        return min(max(number, self.slider.min), self.slider.max) if self._is_fixed else number

    def _tidy(self, number: float) -> float:
        """Return a number of the slider's grid as people write it: 0.1, not 0.09999999999999964."""
        return round(number, 2)

    def show(self, number: float, *, but: Any = None) -> None:
        """Show a number, in both parts `but` the one that it comes from; what is shown already is not sent again.

        A part that the user holds is left alone: a field would lose what is being typed.
        """
        self._number = number
        if self.slider is not but and not self._is_busy(self.slider):
            self._put_slider(number)
        if not self._is_busy(self.field):
            self._put_field(None if self.field is but else short(number))

    def refuse(self, number: float) -> None:
        """Show the number that stays when another was refused: in the field even where it is being typed."""
        self.show(number)
        self._put_back()

    def _is_busy(self, part: Any) -> bool:
        return self._hold().is_on(self._name, slider=part is self.slider)

    def _put_slider(self, number: float) -> None:
        if self._slider_shows == number:
            return
        self._slider_shows = number
        with self._quietly():
            self.slider.let_go()
            self._move(number)

    def _put_field(self, text: str | None) -> None:
        with self._quietly():
            self.field.put(self._number, text)

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Hear nothing of what Python changes."""
        self._is_quiet = True
        try:
            yield
        finally:
            self._is_quiet = False

    def _move(self, number: float) -> None:
        """Put the slider on a number, and let it go as far as that, and no further than it takes."""
        slider = self.slider
        slider.move(number, *((slider.min, slider.max) if self._is_fixed else self._range(number)))

    def _range(self, number: float) -> tuple[float, float]:
        """Return from where to where a slider goes that reaches a number."""
        return -limit(number), limit(number)

    def close(self) -> None:
        """Take both parts out of every page."""
        self.slider.close()
        self.field.close()


class RateKnob(Knob):
    """The same for a number above 0, whose slider counts its powers of ten."""

    def _tidy(self, number: float) -> float:
        return float(f"{number:.2g}")

    def _stepped(self, number: float, by: int) -> float:
        return self._tidy(number * 10.0 ** (by * FINEST)) if number > 0 else number

    def _range(self, number: float) -> tuple[float, float]:
        least, most = USUAL_POWERS
        return max(min(least, floor(log10(number))), -MOST_POWER), min(max(most, ceil(log10(number))), MOST_POWER)


def rate_knob(parts: Parts, value: float, hold: Callable[[], Hold]) -> RateKnob:
    """Return the slider and the field of the learning rate η."""
    bounds = {"min": USUAL_POWERS[0], "max": USUAL_POWERS[1], "step": FINEST, "readout": False}
    slider = parts.make(LogSlider, "rate", "at-rate", value=value, **bounds, **parts.described("rate"))
    knob = RateKnob("rate", slider, field(parts, "η", value, "rate-field", "at-rate"), hold)
    knob.show(value)
    return knob


def limit(value: float) -> float:
    """Return how far a slider goes that reaches a number."""
    far = LIMIT
    while far < abs(value) and far < WIDEST:
        far *= 2
    return far


def span(network: Network, place: Place, *numbers: float) -> tuple[float, float]:
    """Return from where to where the slider of a place goes that reaches some numbers."""
    if place.quantity == "t" and LOSSES[network.loss].probabilities:
        return 0.0, 1.0
    far = max(map(limit, numbers))
    return -far, far


class Knobs:
    """The sliders and fields of a network's weights and biases, and of its inputs and targets.

    Where the user changes one, `changed(place, number, part)` hears of it; `part` is the slider or the field. And
    `misread(text)` hears of what is typed and is not a number.
    """

    def __init__(
        self,
        network: Network,
        parts: Parts,
        hold: Callable[[], Hold],
        changed: Callable[[Place, float, Any], None],
        misread: Callable[[str], None],
    ) -> None:
        self._network = network
        self._symbols = Symbols(network)
        self._parts = parts
        self._hold = hold
        self._changed = changed
        self._misread = misread
        self._all: dict[Place, Knob] = {}

    def column(self, layer: int, places: Sequence[Place], value: Callable[[Place], float]) -> ipywidgets.Box:
        """Return the knobs of some places, in a column under the caption of a layer, which the page writes."""
        for place in places:
            self._all[place] = self._knob(place, value(place))
        parts = [part for place in places for part in (self._all[place].slider, self._all[place].field)]
        return self._parts.make(ipywidgets.Box, "group", f"layer-{layer}", children=parts)

    def _knob(self, place: Place, value: float) -> Knob:
        symbol = self._symbols(*place).text
        least, most = span(self._network, place, value)
        kind = {"w": "weight", "b": "weight", "x": "input", "t": "target"}[place.quantity]
        at, named = f"at-{key(place)}", {"description": symbol, "tooltip": symbol}
        bounds = {"min": least, "max": most, "step": FINEST, "readout": False}
        slider = self._parts.make(Slider, kind, "slider", at, value=value, **bounds, **named)
        knob = Knob(key(place), slider, field(self._parts, symbol, value, at), self._hold)
        knob.show(value)
        knob.misread = self._misread
        knob.changed = lambda number, part: self._changed(place, number, part)
        return knob

    def show(self, value: Callable[[Place], float], *, but: Any = None) -> None:
        """Show the numbers as they are, everywhere `but` in the part that is just being changed."""
        for place, knob in self._all.items():
            knob.show(value(place), but=but)

    def __getitem__(self, place: Place) -> Knob:
        return self._all[place]

    def __contains__(self, place: Place) -> bool:
        return place in self._all

    def clear(self) -> None:
        """Take all knobs away."""
        for knob in self._all.values():
            knob.close()
        self._all.clear()
