"""Questions that the page can go on with when the kernel is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from bppviz.core.trace import Trace
from bppviz.page.exam import packed_exam
from bppviz.widget.desk import Desk
from bppviz.widget.parts import running_loop

MADE_AFTER = 1.0  # seconds without another film


class About(NamedTuple):
    """What questions are about: a run in a view, and the learning rate that somebody may have used too early."""

    trace: Trace
    view: str
    rate: float


class Exam:
    """Gives the page the questions of the run that it shows, while results are asked for there: they are long.

    `is_on` tells whether results are asked for, and `rate` the learning rate.
    """

    def __init__(self, desk: Desk, is_on: Callable[[], bool], rate: Callable[[], float]) -> None:
        self._desk, self._is_on, self._rate = desk, is_on, rate
        self._kept: About | None = None  # what the questions in the page are about
        self._resting: asyncio.TimerHandle | None = None
        self._making: asyncio.Future[bytes] | None = None

    def keep(self) -> None:
        """Take the questions of another run from the page, and give it those of this one soon."""
        if self._kept != self._about:
            self.put_away()
            loop = running_loop()
            if loop and self._is_on():
                self._resting = loop.call_later(MADE_AFTER, self._desk.door.to("question", self._make))

    def put_away(self) -> None:
        """Take the questions from the page."""
        self.stop()
        self._desk.stage.exam, self._kept = b"", None

    def stop(self) -> None:
        """Make no questions that were to be made."""
        if self._resting:
            self._resting.cancel()
        self._resting = None

    @property
    def _about(self) -> About:
        return About(self._desk.trace, self._desk.stage.view, self._rate())

    def _make(self) -> None:
        """Make the questions beside whatever else the kernel does; one run's at a time."""
        self._resting = None
        if self._making or self._desk.stage.running or self._desk.is_away:
            return
        about = self._about
        make = partial(packed_exam, about.trace, (about.view,), about.rate)
        self._making = asyncio.get_running_loop().run_in_executor(None, make)
        self._making.add_done_callback(self._desk.door.to("question", partial(self._send, about)))

    def _send(self, about: About, made: asyncio.Future[bytes]) -> None:
        self._making = None
        if about == self._about and not self._desk.is_away:
            self._desk.stage.exam, self._kept = made.result(), about
        else:
            self.keep()
