"""What a saved notebook keeps of a widget: beside it, in an output of its own, a still picture of where it rests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from IPython.display import display, update_display

from bppviz.paper.convert import can_picture
from bppviz.paper.output import output, output_untold, output_with_image
from bppviz.paper.still import Still
from bppviz.picture.theme import THEMES
from bppviz.widget.desk import Desk
from bppviz.widget.parts import running_loop

KEPT_AFTER = 3.0  # seconds without a change: longer than a step of the slowest walk
CHANGES = ("step", "partial", "granularity", "lang", "theme", "view", "film", "fresh")  # after which another is due


class Keepsake:
    """The still picture beside a widget. None is made while it `is_asking`, for that would show the result."""

    def __init__(self, desk: Desk, is_asking: Callable[[], bool]) -> None:
        self._desk, self._is_asking = desk, is_asking
        self._id = ""
        self._resting: asyncio.TimerHandle | None = None
        self._of: Still | None = None
        self._is_making = False

    def show(self, widget: dict[str, Any]) -> None:
        """Show the still, and after it the widget, given as what a notebook shows of it."""
        if not self._id:
            self._id = uuid4().hex
            self._desk.stage.observe(self._desk.door.to("picture", lambda _: self._rest_later()), CHANGES)
        asks = self._is_asking()
        self._of = None if asks else self._now()
        shown = output_untold(self._desk.stage.lang) if asks else output(self._now())
        display(shown, raw=True, display_id=self._id)
        display({**widget, "text/plain": ""}, raw=True)  # a text would be seen below the still where no widget can be
        if can_picture() and not asks and running_loop():
            self._make()  # the image takes longer than the widget may wait

    def _now(self) -> Still:
        """Return the picture of where the stage stands; in a theme that follows the page, the light one."""
        stage = self._desk.stage
        theme = stage.theme if stage.theme in THEMES else "light"
        return Still(self._desk.trace, self._desk.stop, stage.lang, theme, stage.view)

    def _rest_later(self) -> None:
        self._cancel()
        loop = running_loop()
        self._resting = loop.call_later(KEPT_AFTER, self._desk.door.to("picture", self._rest)) if loop else None

    def _rest(self) -> None:
        """Make the picture, unless it is there, beside whatever else the kernel does."""
        self._resting = None
        if self._desk.stage.running or self._is_making:
            self._rest_later()
        elif not (self._is_asking() or self._desk.is_away or self._now() == self._of):
            self._make()

    def _make(self) -> None:
        self._of, self._is_making = self._now(), True
        making = asyncio.get_running_loop().run_in_executor(None, output_with_image, self._now())
        making.add_done_callback(self._desk.door.to("picture", self._renew))

    def _renew(self, made: asyncio.Future[dict[str, Any]]) -> None:
        self._is_making = False
        if self._id:
            update_display(made.result(), raw=True, display_id=self._id)

    def _cancel(self) -> None:
        if self._resting:
            self._resting.cancel()
        self._resting = None

    def close(self) -> None:
        """Take the picture away, with the widget."""
        self._cancel()
        if self._id:
            update_display({"text/html": "", "text/plain": ""}, raw=True, display_id=self._id)
            self._id = ""
