"""What the parts of the widget share: the stage, the session, and the one way to change them.

Each part builds its controls, shows in them what is, and can put them away. No part knows another: what changes the
numbers goes through `act`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import ipywidgets
import traitlets

from bppviz.core.network import Network
from bppviz.core.place import Place, place_at
from bppviz.core.trace import Trace
from bppviz.core.walk import Stop, locate, walk
from bppviz.page.packed import choices
from bppviz.practice.session import Session
from bppviz.practice.typed import DECIMAL_COMMA
from bppviz.widget.knobs import span
from bppviz.widget.parts import Parts
from bppviz.widget.stage import Hold, Stage
from bppviz.words.catalogue import Words, words


class RefusedError(Exception):
    """A change that does not fit; `problem` is what the page says: the name of a message, and its blanks."""

    def __init__(self, **problem: Any) -> None:
        super().__init__(problem["name"])
        self.problem = problem


class Edit(NamedTuple):
    """The last edit of a number: its place, in which hold it was made, and value, loss and gradient before it.

    `span` is from where to where the number could be moved when it was grabbed.
    """

    place: Place
    times: int
    before: tuple[float, float, float] | None
    span: tuple[float, float]


class Desk:
    """Stage and session, and `act(change)`, which makes a change and shows what came of it, or what is wrong.

    `edit` is the last edit of a number, None as soon as something else was done. `is_away` says that no page shows the
    widget any more, or that it was closed: then there are no controls, and nothing is sent.
    """

    def __init__(self, stage: Stage, session: Session, act: Callable[[Callable[[], None]], None]) -> None:
        self.stage, self.session, self.act = stage, session, act
        self.door = stage.door
        self.edit: Edit | None = None
        self.is_listening = True
        self.is_away = False

    @property
    def trace(self) -> Trace:
        """Return the run as it is now."""
        return self.session.trace

    @property
    def network(self) -> Network:
        """Return the network as it is now."""
        return self.trace.network

    @property
    def stop(self) -> Stop:
        """Return where the stage stands in its walk."""
        stops = walk(self.trace, self.stage.granularity)
        return stops[locate(self.trace, stops, self.stage.step, self.stage.partial)]

    @property
    def selected(self) -> Place:
        """Return the place of the number in hand, the first weight where none was chosen."""
        return place_at(self.stage.selected) if self.stage.selected else Place("w", 1, 0, 0)

    def span(self, place: Place) -> tuple[float, float]:
        """Return from where to where a number can be moved: as far as it could when it was grabbed, or farther."""
        known = self.edit.span if self.edit and self.edit.place == place else ()
        return span(self.network, place, self.session.value(place), *known)

    @property
    def say(self) -> Words:
        """Return the words of the language that is shown."""
        return words(self.stage.lang)

    def hold(self) -> Hold:
        """Return what the user grabbed last."""
        hold: Hold = self.stage.hold
        return hold

    def dare(self, change: Callable[[], None]) -> bool:
        """Try a change; say in place what is wrong with it, and tell whether it was made."""
        try:
            change()
        except OverflowError:
            self.stage.problem = {"name": "overflow"}
            return False
        except RefusedError as refused:
            self.stage.problem = refused.problem
            return False
        self.stage.problem = {}
        return True

    def misread(self, text: str) -> None:
        """Say what is wrong with what was typed for a number."""
        self.stage.problem = {"name": "point" if DECIMAL_COMMA.fullmatch(text.strip()) else "typed"}

    def heard(self, change: Callable[[Any], None]) -> Callable[[Any], None]:
        """Return what a control calls when the user changes its value; what Python shows there is not heard."""
        act = self.act
        return self.door.to("change", lambda it: act(lambda: change(it["new"])) if self.is_listening else None)

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """Change what controls show, and hear nothing of it."""
        self.is_listening = False
        try:
            yield
        finally:
            self.is_listening = True

    def button(self, parts: Parts, name: str, act: Callable[[], object]) -> ipywidgets.Button:
        """Return a button that does something."""
        button = parts.button(name)
        button.on_click(self.door.to("change", lambda _: act()))
        return button

    def choice(
        self, parts: Parts, name: str, kind: Callable[..., ipywidgets.Widget]
    ) -> tuple[ipywidgets.Widget, traitlets.link]:
        """Return a control that chooses one of the stage's options, and its link to the stage in both directions.

        `kind` makes it: a list that drops down, or segments.
        """
        trait = "lang" if name == "language" else name
        offered = choices(self.trace, live=True)[name]
        options = [(self.say(o["word"]) if o["word"] else o["label"], o["value"]) for o in offered]
        control = kind(name, options, getattr(self.stage, trait))
        return control, traitlets.link((control, "value"), (self.stage, trait))
