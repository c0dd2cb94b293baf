"""A widget that no page shows: it goes to sleep after a while, and wakes up when a page shows it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bppviz.widget.desk import Desk
from bppviz.widget.parts import running_loop

GRACE = 10.0  # seconds without a view, after which none is expected: a cell that is moved is shown again at once


class Away:
    """Calls `sleep` some time after the last page has left the stage of a desk, and `wake` when one shows it again.

    As long as it `is_busy` the widget stays awake.
    """

    def __init__(
        self, desk: Desk, sleep: Callable[[], None], wake: Callable[[], None], is_busy: Callable[[], bool]
    ) -> None:
        self._desk, self._sleep, self._wake, self._is_busy = desk, sleep, wake, is_busy
        self._leaving: asyncio.TimerHandle | None = None

    def hear(self) -> None:
        """Fall asleep after a while if no page shows the stage any more, and wake up when one does."""
        self.stop()
        stage, loop = self._desk.stage, running_loop()
        if stage.shown and self._desk.is_away:
            self._desk.is_away = False
            self._wake()
        elif loop and not stage.shown and not self._desk.is_away:
            stage.send({"kind": "who"})  # another page may show it
            self._leaving = loop.call_later(GRACE, self._desk.door.to("picture", self._fall_asleep))

    def _fall_asleep(self) -> None:
        self._leaving = None
        if self._is_busy():
            self.hear()
            return
        self._desk.is_away = True
        self._sleep()

    def stop(self) -> None:
        """Let nothing come of a page that has left."""
        if self._leaving:
            self._leaving.cancel()
        self._leaving = None
