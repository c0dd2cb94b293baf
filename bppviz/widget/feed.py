"""What the page gets to show: the frame that is looked at first, and the film of all frames when nothing changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import filmed, takes_long
from bppviz.page.packed import Position, frame_at, packed, packed_difference, packed_frame
from bppviz.practice.choices import Choice
from bppviz.widget.desk import Desk
from bppviz.widget.parts import running_loop

REST = 0.5  # seconds without a change after which the film is made


class Asking(Protocol):
    """What asks for results, and therefore keeps them from the page."""

    @property
    def is_on(self) -> bool:
        """Tell whether results are asked for."""

    @property
    def hints(self) -> int:
        """Return how many hints were taken at this question."""

    @property
    def choice(self) -> Choice | None:
        """Return what is to be chosen before that."""

    def question(self) -> tuple[TraceEvent, ...]:
        """Return the events that are asked for."""

    def arrive(self) -> None:
        """Ask anew, where the stage stands now."""


def comes_later(trace: Trace) -> bool:
    """Tell whether a film takes so long that it is made after the first frame is shown."""
    return running_loop() is not None and takes_long(trace)


class Feed:
    """Feeds a stage. `refresh` and `draw` are called where the rest of the widget has to follow."""

    def __init__(self, desk: Desk, asking: Asking, refresh: Callable[[], None], draw: Callable[[], None]) -> None:
        self._desk, self._asking, self._refresh, self._draw = desk, asking, refresh, draw
        self._stage, self._door = desk.stage, desk.door
        self._resting: asyncio.TimerHandle | None = None
        self._making: asyncio.Future[bytes] | None = None  # the film that is being made: one at a time
        self._film_of, self._film_view = desk.trace, desk.stage.view  # whose film is in the page
        self._filmed = () if comes_later(desk.trace) else filmed(desk.trace)  # the walks that are in it
        self._fresh_of: object = None  # what the frame was made of that the page shows instead of its film
        self._told: tuple[object, dict[str, Any]] = (None, {})  # the frame that its film has there, and of what

    @property
    def is_making(self) -> bool:
        """Tell whether a film is being made."""
        return self._making is not None

    @property
    def is_idle(self) -> bool:
        """Tell whether the page has all that it gets for now."""
        return not (self._resting or self._making)

    def begin(self) -> None:
        """Show the first frame, and let the film follow where the page has none yet."""
        self.look()
        if not self._filmed:
            self._rest_later()

    def arrive(self) -> None:
        """Show another stop; where the page knows it already, it needs nothing."""
        if self._asking.is_on:
            self._asking.arrive()
        self.look()

    def show(self) -> None:
        """Show the run as it is now: the frame that is looked at first, and all of it when nothing changes."""
        if self._asking.is_on:
            self._asking.arrive()
        trace = self._desk.trace
        is_other = len(trace) != len(self._film_of)
        if self._film_of is not trace and (running_loop() is None or is_other):
            self.film()  # of another walk, what the page knows is of no use
            return
        self._door.call("picture", self.look)
        self._rest_later()

    def show_frame(self) -> None:
        """Show anew what is looked at."""
        self._door.call("picture", self._send_fresh)

    def look(self) -> None:
        """Let the page show where it stands: from its film, or a fresh frame."""
        if self._desk.is_away:
            return
        if self._is_in_film and not self._asking.is_on:
            self._stage.fresh, self._fresh_of = b"", None
        else:
            self._send_fresh()

    @property
    def _is_in_film(self) -> bool:
        """Tell whether the page has the frame at which it stands."""
        return self._film_of is self._desk.trace and self._stage.granularity in self._filmed

    def _send_fresh(self) -> None:
        """Send the one frame that is looked at."""
        stage, asking = self._stage, self._asking
        at = Position(stage.view, stage.granularity, stage.step, stage.partial)
        wanted = (self._desk.trace, at, asking.question(), asking.hints, asking.choice)
        told = None if asking.is_on else self._told_at(at)
        if (*wanted, self._film_of) != self._fresh_of:
            self._fresh_of = (*wanted, self._film_of)
            stage.fresh = packed_difference(self._desk.trace, at, told) if told else packed_frame(*wanted)

    def _told_at(self, at: Position) -> dict[str, Any] | None:
        """Return the frame that the page's film has where it stands, if that is of another run of the same network."""
        is_in_film = at.view == self._film_view and at.granularity in self._filmed
        if not is_in_film or self._film_of is self._desk.trace or len(self._film_of) != len(self._desk.trace):
            return None
        if self._told[0] != (self._film_of, at):
            self._told = ((self._film_of, at), frame_at(self._film_of, at)[1])
        return self._told[1]

    # The film

    def film(self) -> None:
        """Make the film of the run here and now, and send it."""
        self._door.call("picture", self._make)

    def rest(self) -> None:
        """Make the film soon, if it is not about to be made."""
        if self._resting is None:
            self._rest_later()

    def _rest_later(self) -> None:
        if self._resting:
            self._resting.cancel()
        loop = running_loop()
        self._resting = loop.call_later(REST, self._door.to("picture", self._rest)) if loop else None
        if loop is None:
            self._refresh()

    def _rest(self) -> None:
        """Make the film of the run as it is now, beside whatever else the kernel does."""
        self._resting = None
        if self._stage.running or self._making or self._desk.is_away:
            return
        self._refresh()
        if self._film_of is self._desk.trace and self._filmed:
            return
        seen = (self._desk.trace, self._stage.view)
        self._making = asyncio.get_running_loop().run_in_executor(None, packed, *seen)
        self._making.add_done_callback(self._door.to("picture", lambda made: self._send_made(made, *seen)))

    def _send_made(self, made: asyncio.Future[bytes], trace: Trace, view: str) -> None:
        self._making = None
        film = made.result()
        if self._desk.is_away:
            return
        if trace is self._desk.trace and view == self._stage.view:
            self._send(film, filmed(trace))
        elif not self._resting:
            self._rest()

    def _make(self) -> None:
        """Send the film of the run as it is now; where it takes long to make, when nothing changes."""
        trace = self._desk.trace
        is_coming = comes_later(trace)
        self._send(packed(trace, self._stage.view, coming=is_coming), () if is_coming else filmed(trace))
        if is_coming:
            self._rest_later()

    def _send(self, film: bytes, walks: tuple[str, ...]) -> None:
        """Send a film with the frames of these walks."""
        with self._stage.hold_sync():
            self._film_of, self._film_view = self._desk.trace, self._stage.view
            self._filmed = walks
            self._stage.film = film
            self.look()
        self._refresh()
        self._draw()

    # Without a page

    def stop(self) -> None:
        """Make no film that was to be made."""
        if self._resting:
            self._resting.cancel()
        self._resting = None

    def put_away(self) -> None:
        """Take film and frame back from the page."""
        self.stop()
        self._filmed = ()
        self._stage.film = self._stage.fresh = b""
        self._fresh_of = None

    def come_back(self) -> None:
        """Send a film again."""
        self._make()
