"""Sliders and fields for numbers, which listen to the page only while the user holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ipywidgets

from bppviz.widget.parts import Parts
from bppviz.widget.stage import Hold
from bppviz.words.numbers import exact, fitting

ROOM, FIELD_DIGITS = 3.3, 4  # of a field, in ems; and the digits of a number in it
FINEST = 0.05  # a step of a slider; what is typed is exact


class Hearing:
    """What our sliders add to those of ipywidgets: they listen to the page only while the user holds them.

    The page puts a handle on its grid, or within a range that is about to grow, and reports that as a change.
    """

    def listen(self, name: str, hold: Callable[[], Hold]) -> None:
        """Listen to the page while the last hold is one of this name."""
        self._held_as = name
        self._hold = hold
        self._left_at = 0

    @property
    def is_held(self) -> bool:
        """Tell whether this slider is what the user grabbed last."""
        hold = self._hold()
        return hold.slider and hold.at == self._held_as and hold.times > self._left_at

    @property
    def is_down(self) -> bool:
        """Tell whether the user is dragging this slider: then Python must not move it."""
        return self._hold().is_on(self._held_as, slider=True)

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
        """Ignore the page until the user grabs this slider again: Python is about to move it."""
        self._left_at = self._hold().times

    def move(self, number: float, least: float, most: float) -> None:
        """Put the handle on a number, and let the slider go from one number to another."""
        if (least, most) == (self.min, self.max):  # type: ignore[has-type]
            self.value = number
            return
        with self.muted():
            # The number comes last, for the page would cut it to the old range; and never is one end beyond the other.
            self.max, self.min, self.value = most, least, number

    def set_state(self, sync_data: Any) -> None:
        """Take over a state from the page."""
        if self.is_held:
            super().set_state(sync_data)  # type: ignore[misc]


class Slider(Hearing, ipywidgets.FloatSlider):  # type: ignore[misc]
    """A slider over numbers."""


class Rail(Slider):
    """The slider under a chart, which moves whatever number the chart is of."""

    def put(self, number: float, least: float, most: float) -> None:
        """Show a number, as far as the chart goes, unless the user is moving it."""
        if self.is_down:
            return
        if number != self.value:
            self.let_go()
        self.move(number, least, most)


class Counter(Hearing, ipywidgets.IntSlider):  # type: ignore[misc]
    """A slider over whole numbers."""

    def put(self, value: int, least: int, most: int) -> None:
        """Show a value between two others."""
        if self.is_down:
            return
        # Another range alone moves no handle; and the last value of a drag that has ended may still be on its way.
        if value != self.value:
            self.let_go()
        # One by one: of what comes together, the page may take the value first and cut it to the old range.
        for name, it in {"max": most, "min": least, "value": value}.items():
            setattr(self, name, it)


class LogSlider(Hearing, ipywidgets.FloatLogSlider):  # type: ignore[misc]
    """A slider over powers of ten."""


class Field(ipywidgets.Text):  # type: ignore[misc]
    """A field that shows as much of a number as has room, and all of it as long as it has the focus.

    The tooltip has all of it too; the page takes it from there when the field gets the focus. Arrow
    keys are sent as arrows after the text from which they began, all of them each time.
    """

    symbol = ""

    def put(self, number: float, text: str | None) -> None:
        """Show a number as a text; None leaves what is typed there."""
        with self.hold_sync():
            self.tooltip = told(self.symbol, number)
            if text is not None:
                self.value = text


def short(number: float) -> str:
    """Return as much of a number as a field has room for."""
    return fitting(number, ROOM, FIELD_DIGITS)


def told(symbol: str, number: float) -> str:
    """Return all of a number, after what it is called."""
    return f"{symbol} = {exact(number)}"


def counter(parts: Parts, name: str, least: int, hold: Callable[[], Hold]) -> Counter:
    """Return a slider over whole numbers from `least` on."""
    bounds = {"value": least, "min": least, "max": least}
    made: Counter = parts.make(Counter, name, f"at-{name}", **bounds, **parts.described(name))
    made.listen(name, hold)
    return made


def rail(parts: Parts, hold: Callable[[], Hold]) -> Rail:
    """Return the slider under the chart of a number."""
    made: Rail = parts.make(Rail, "in-chart", "rail", "at-rail", min=-1.0, max=1.0, step=FINEST, readout=False)
    made.listen("rail", hold)
    return made


def field(parts: Parts, symbol: str, value: float, *names: str) -> Field:
    """Return a field for the number that a symbol stands for."""
    traits = {"value": short(value), "tooltip": told(symbol, value), "continuous_update": False}
    made: Field = parts.make(Field, "exact", *names, **traits)
    made.symbol = symbol
    return made
