"""The ipywidgets that stand around the stage: how they are made, and what they are called in the page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from math import ceil, floor, log10
from threading import get_ident
from typing import Any

import ipywidgets

from bppviz.core.functions import LOSSES
from bppviz.core.network import Network
from bppviz.core.place import Place, key
from bppviz.practice.quiz import single
from bppviz.widget.stage import Grip
from bppviz.words.catalogue import Words
from bppviz.words.numbers import exact, fitting
from bppviz.words.symbols import Symbols

LIMIT = 5.0  # sliders go from −5 to 5, or as far as it takes
LARGEST = 1e300  # from which on a range grows no further
USUAL_POWERS = -3, 2  # of ten, between which the slider of η goes, or as far as it takes
MOST_POWER = 307  # of ten, beyond which no slider goes
FINEST = 0.05  # a step of a slider; what is typed is exact
ROOM, MOST_DIGITS = 5.8, 5  # of a field, in ems; and the digits of a number in it
ARROWS = {"↑": 1, "↓": -1}  # a key that makes the number in a field larger or smaller by a step


class Parts:
    """Makes the controls of one widget. In the page each is found, and named in the page's language, by its class."""

    def __init__(self, say: Words) -> None:
        self._say = say
        # One layout, and one style of a kind, for all of them: each would be a widget of its own, to be sent and kept.
        self._looks: dict[type, ipywidgets.Widget] = {}

    def make(self, kind: type, *names: str, **traits: Any) -> Any:
        """Return a widget that is found in the page by the class bppviz-name, for each name."""
        for trait in {"layout", "style"} & kind.class_traits().keys():  # type: ignore[attr-defined]
            look = kind.class_traits()[trait].klass  # type: ignore[attr-defined]
            if look not in self._looks:
                self._looks[look] = look()
            traits.setdefault(trait, self._looks[look])
        widget = kind(_dom_classes=[f"bppviz-{name}" for name in names], **traits)
        _hear_here(widget)
        return widget

    def button(self, name: str) -> ipywidgets.Button:
        """Return a button."""
        return self.make(ipywidgets.Button, name, tooltip=self._say(f"hint.{name}"), **self._described(name))

    def tick(self, name: str, value: bool) -> ipywidgets.ToggleButton:
        """Return a button that is on or off."""
        hint = self._say(f"hint.{name}")
        return self.make(ipywidgets.ToggleButton, name, value=value, tooltip=hint, **self._described(name))

    def dropdown(self, name: str, options: Sequence[tuple[str, Any]], value: Any) -> ipywidgets.Dropdown:
        """Return a control that chooses one of a few."""
        return self.make(ipywidgets.Dropdown, name, options=options, value=value, **self._described(name))

    def counter(self, name: str, least: int, grip: Callable[[], Grip]) -> Counter:
        """Return a slider over whole numbers from `least` on."""
        bounds = {"value": least, "min": least, "max": least}
        counter: Counter = self.make(Counter, name, f"at-{name}", **bounds, **self._described(name))
        counter.heed(name, grip)
        return counter

    def whole_number(self, name: str, value: int) -> ipywidgets.BoundedIntText:
        """Return a field for a whole number from 1 on."""
        described = self._described(name)
        return self.make(ipywidgets.BoundedIntText, name, min=1, max=1_000_000, value=value, **described)

    def rate(self, value: float, grip: Callable[[], Grip]) -> RateKnob:
        """Return the slider and the field of the learning rate η."""
        bounds = {"min": USUAL_POWERS[0], "max": USUAL_POWERS[1], "step": 0.05, "readout": False}
        slider = self.make(LogSlider, "rate", "at-rate", value=value, **bounds, **self._described("rate"))
        knob = RateKnob("rate", slider, self.field("η", value, "rate-field", "at-rate"), grip)
        knob.show(value)
        return knob

    def field(self, symbol: str, value: float, *names: str) -> Field:
        """Return a field for the number that a symbol stands for."""
        traits = {"value": short(value), "tooltip": told(symbol, value), "continuous_update": False}
        field: Field = self.make(Field, "exact", *names, **traits)
        field.symbol = symbol
        return field

    def place(self, *names: str) -> ipywidgets.Box:
        """Return a place that the page, or the explainer, fills."""
        return self.make(ipywidgets.Box, *names)

    def row(self, *children: ipywidgets.Widget) -> ipywidgets.Box:
        """Return controls side by side."""
        return self.make(ipywidgets.HBox, "controls", children=children)

    def panel(self, name: str, *children: ipywidgets.Widget) -> ipywidgets.Box:
        """Return a part of the widget that can be folded away."""
        return self.make(ipywidgets.VBox, "panel", f"panel-{name}", children=children)

    def _described(self, name: str) -> dict[str, Any]:
        return {"description": self._say(f"control.{name}")}

    def close(self) -> None:
        """Take away what all of them have in common."""
        for look in self._looks.values():
            look.close()


def _hear_here(widget: ipywidgets.Widget) -> None:
    """Let a widget hear the page in the thread that it was made in.

    A kernel may hear some widgets in one thread and some in another: then two are heard at once, and not in the order
    in which a hand did things.
    """
    loop, home, hear = running_loop(), get_ident(), widget._handle_msg
    if loop is None or widget.comm is None:
        return

    def pass_on(message: Any) -> None:
        message.get("header", {}).pop("subshell_id", None)  # else what is answered turns the widget to that thread
        if get_ident() == home:
            hear(message)
        else:
            # The page sends no more before this is heard.
            asyncio.run_coroutine_threadsafe(heard(message), loop).result()

    async def heard(message: Any) -> None:
        hear(message)

    widget.comm.on_msg(pass_on)


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop that runs in this thread, if one does."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class Hearing:
    """What a slider of ours adds to that of ipywidgets: it heeds the page only while a hand is on it.

    The page puts a handle on its grid, or within a range that is about to grow, and reports that as a change.
    """

    def heed(self, name: str, grip: Callable[[], Grip]) -> None:
        """Heed the page while the last grip is one of this name."""
        self._grip_of = name
        self._grip = grip
        self._left_at = 0

    @property
    def is_held(self) -> bool:
        """Tell whether a hand was on this slider last."""
        grip = self._grip()
        return grip.slider and grip.at == self._grip_of and grip.times > self._left_at

    @property
    def is_down(self) -> bool:
        """Tell whether a hand is dragging this slider: then it must not be moved from here."""
        return self._grip().is_on(self._grip_of, slider=True)

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Let the page's views of this slider set no value while its range is changed.

        Each of them puts what is shown on its own grid. Two views whose ranges differ for a moment would correct each
        other by the last bit without end: "Maximum call stack size exceeded", as two views of any FloatSlider do.
        """
        self.continuous_update = False
        try:
            yield
        finally:
            self.continuous_update = True

    def let_go(self) -> None:
        """Heed no hand but one that takes hold from now on: what is shown is about to be changed from here."""
        self._left_at = self._grip().times

    def set_state(self, sync_data: Any) -> None:
        """Take over a state from the page."""
        if self.is_held:
            super().set_state(sync_data)  # type: ignore[misc]


class Slider(Hearing, ipywidgets.FloatSlider):  # type: ignore[misc]
    """A slider over numbers."""


class Counter(Hearing, ipywidgets.IntSlider):  # type: ignore[misc]
    """A slider over whole numbers."""

    def put(self, value: int, least: int, most: int) -> None:
        """Show a value between two others."""
        if self.is_down:
            return
        # Another range alone moves no handle; and the last value of a hand that has left may still be on its way.
        if value != self.value:
            self.let_go()
        # One by one: of what comes together, the page may take the value first and cut it to the old range.
        for name, it in {"max": most, "min": least, "value": value}.items():
            setattr(self, name, it)


class LogSlider(Hearing, ipywidgets.FloatLogSlider):  # type: ignore[misc]
    """A slider over powers of ten."""


def short(number: float) -> str:
    """Return as much of a number as a field has room for."""
    return fitting(number, ROOM, MOST_DIGITS)


def told(symbol: str, number: float) -> str:
    """Return all of a number, behind what it is called."""
    return f"{symbol} = {exact(number)}"


class Field(ipywidgets.Text):  # type: ignore[misc]
    """A field that shows as much of a number as has room, and all of it as long as somebody is in it.

    The tooltip has all of it too; from there the page takes it when somebody comes. An arrow key is sent as an arrow
    behind what stands in the field.
    """

    symbol = ""

    def put(self, number: float, text: str | None) -> None:
        """Show a number as a text; None leaves what is typed there."""
        with self.hold_sync():
            self.tooltip = told(self.symbol, number)
            if text is not None:
                self.value = text


class Knob:
    """A slider and a field for one number; where a person changes it, `changed(number, part)` hears of it.

    `misread(text)` hears of what is typed and is no number; then the number before comes back.
    """

    def __init__(self, name: str, slider: Any, field: Field, grip: Callable[[], Grip]) -> None:
        self.slider, self.field = slider, field
        self.changed: Callable[[float, Any], None] = lambda number, part: None
        self.misread: Callable[[str], None] = lambda text: None
        self._number = float(slider.value)
        self._is_quiet = False
        self._name, self._grip = name, grip
        self._is_fixed = slider.min == 0  # a probability
        self._stands_at = self._number  # of the slider
        slider.heed(name, grip)
        for part in (slider, field):
            part.observe(self._hear, "value")

    def _hear(self, change: Any) -> None:
        if self._is_quiet:
            return
        if change["owner"] is self.field:
            self._read(change["new"])
            return
        number = float(change["new"])
        self._stands_at = self._number = self._tidy(number) if self.slider.is_held else number
        self.changed(self._number, self.slider)

    def _read(self, text: str) -> None:
        """Take what was typed, and the arrows behind it as so many steps."""
        typed = text.rstrip("".join(ARROWS))
        arrows = text[len(typed) :]
        try:
            number = single(typed)
        except ValueError:
            self._put_back()
            self.misread(text)
            return
        for arrow in arrows:
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

        A part that a hand is in the middle of is left alone: a field would lose what is being typed.
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
        return self._grip().is_on(self._name, slider=part is self.slider)

    def _put_slider(self, number: float) -> None:
        if self._stands_at == number:
            return
        self._stands_at = number
        with self._quietly():
            self.slider.let_go()
            self._move(number)

    def _put_field(self, text: str | None) -> None:
        with self._quietly():
            self.field.put(self._number, text)

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Let nothing be heard that is changed from here."""
        self._is_quiet = True
        try:
            yield
        finally:
            self._is_quiet = False

    def _move(self, number: float) -> None:
        """Put the slider on a number, and let it go as far as that, and no further than it takes."""
        slider = self.slider
        least, most = (slider.min, slider.max) if self._is_fixed else self._range(number)
        if (least, most) == (slider.min, slider.max):
            slider.value = number
            return
        with slider.muted():
            # The number comes last, for the page would cut it to the old range; and never is one end beyond the other.
            slider.max, slider.min, slider.value = most, least, number

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


def limit(value: float) -> float:
    """Return how far a slider goes that reaches a number."""
    far = LIMIT
    while far < abs(value) and far < LARGEST:
        far *= 2
    return far


class Knobs:
    """The sliders and fields of a network's weights and biases, and of its inputs and targets.

    Where a person changes one, `changed(place, number, part)` hears of it; `part` is the slider or the field. And
    `misread(text)` hears of what is typed and is no number.
    """

    def __init__(
        self,
        network: Network,
        parts: Parts,
        grip: Callable[[], Grip],
        changed: Callable[[Place, float, Any], None],
        misread: Callable[[str], None],
    ) -> None:
        self._network = network
        self._symbols = Symbols(network)
        self._parts = parts
        self._grip = grip
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
        within = place.quantity == "t" and LOSSES[self._network.loss].probabilities
        most = 1.0 if within else limit(value)
        kind = {"w": "weight", "b": "weight", "x": "input", "t": "target"}[place.quantity]
        at, named = f"at-{key(place)}", {"description": symbol, "tooltip": symbol}
        bounds = {"min": 0.0 if within else -most, "max": most, "step": FINEST, "readout": False}
        slider = self._parts.make(Slider, kind, "slider", at, value=value, **bounds, **named)
        knob = Knob(key(place), slider, self._parts.field(symbol, value, at), self._grip)
        knob.show(value)
        knob.misread = self._misread
        knob.changed = lambda number, part: self._changed(place, number, part)
        return knob

    def show(self, value: Callable[[Place], float], *, but: Any = None) -> None:
        """Show the numbers as they are, everywhere `but` in the part that is just being changed."""
        for place, knob in self._all.items():
            knob.show(value(place), but=but)

    def refuse(self, place: Place, value: float) -> None:
        """Show the number that stays at a place when another was refused there."""
        if place in self._all:
            self._all[place].refuse(value)

    def __contains__(self, place: Place) -> bool:
        return place in self._all

    def clear(self) -> None:
        """Take all knobs away."""
        for knob in self._all.values():
            knob.close()
        self._all.clear()
