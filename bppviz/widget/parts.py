"""How controls are made, heard and closed; the page finds each by its class."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from threading import get_ident
from typing import Any

import ipywidgets

from bppviz.words.catalogue import Words


class Parts:
    """Makes the controls of one widget. The page finds each by its class, and names it in its own language."""

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
        return self.make(ipywidgets.Button, name, tooltip=self._say(f"hint.{name}"), **self.described(name))

    def tick(self, name: str, value: bool) -> ipywidgets.Checkbox:
        """Return a box to tick."""
        return self.make(ipywidgets.Checkbox, name, value=value, indent=False, **self.described(name))

    def segments(self, name: str, options: Sequence[tuple[str, Any]], value: Any) -> ipywidgets.ToggleButtons:
        """Return buttons side by side, of which one is pressed."""
        return self.make(ipywidgets.ToggleButtons, name, options=options, value=value, **self.described(name))

    def dropdown(self, name: str, options: Sequence[tuple[str, Any]], value: Any) -> ipywidgets.Dropdown:
        """Return a control that chooses one of a few."""
        return self.make(ipywidgets.Dropdown, name, options=options, value=value, **self.described(name))

    def whole_number(self, name: str, value: int) -> ipywidgets.BoundedIntText:
        """Return a field for a whole number from 1 on."""
        described = self.described(name)
        return self.make(ipywidgets.BoundedIntText, name, min=1, max=1_000_000, value=value, **described)

    def place(self, *names: str) -> ipywidgets.Box:
        """Return a box that the page, or the widget, fills."""
        return self.make(ipywidgets.Box, *names)

    def box(self, *children: ipywidgets.Widget, names: Sequence[str]) -> ipywidgets.Box:
        """Return a box with all that belongs together, which the page lays out."""
        return self.make(ipywidgets.Box, *names, children=children)

    def row(self, *children: ipywidgets.Widget) -> ipywidgets.Box:
        """Return controls side by side."""
        return self.box(*children, names=["controls"])

    def head(self, name: str, *controls: ipywidgets.Widget) -> ipywidgets.Box:
        """Return the first line of a panel: what it is about, which the page writes, and controls at its end."""
        return self.box(self.place("title", f"title-{name}"), *controls, self.button("close"), names=["head"])

    def panel(self, name: str, *children: ipywidgets.Widget) -> ipywidgets.Box:
        """Return what a tab opens."""
        return self.box(*children, names=["panel", f"panel-{name}"])

    def described(self, name: str) -> dict[str, str]:
        """Return the trait that says what a control is called."""
        return {"description": self._say(f"control.{name}")}

    def close(self) -> None:
        """Close the layout and the styles that all of them share."""
        for look in self._looks.values():
            look.close()


def close_all(widget: ipywidgets.Widget) -> None:
    """Take a widget out of every page, with everything in it."""
    for part in getattr(widget, "children", ()):
        close_all(part)
    widget.close()


def offer(control: ipywidgets.Widget, is_offered: bool) -> None:
    """Let a control be seen, or not where there is nothing to choose."""
    change = control.remove_class if is_offered else control.add_class
    change("bppviz-is-absent")


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop that runs in this thread, if one does."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _hear_here(widget: ipywidgets.Widget) -> None:
    """Let a widget hear the page in the thread that made it.

    A kernel with subshells hears some widgets in one thread and some in another
    (https://github.com/ipython/ipykernel/issues/1438): then two are heard at once, and not in the order
    in which the user did things.
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
