"""The one door: whatever the page, a clock, a task or a thread calls in the widget comes in here.

Jupyter swallows what an observer raises, and nobody hears of a task that ends with an exception. Behind this door an
exception ends only the part that it belongs to, and is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from bppviz.widget.interrupts import Interrupts

LOG = logging.getLogger("bppviz")


class Door:
    """Lets calls in, each to a part of the widget; `tell(part, error)` hears of those that fail.

    The parts are "change", what people do to the numbers; "training"; "picture"; "chart", with the tables; "question",
    what is asked; "time", the taking of it; and "message", what the page says.
    """

    def __init__(self, tell: Callable[[str, Exception], None]) -> None:
        self._tell = tell
        self._logged = ""

    def call(self, part: str, act: Callable[..., object], *given: Any) -> bool:
        """Do something; tell whether it went well."""
        try:
            act(*given)
        except Exception as error:
            self._fail(part, error)
            return False
        except KeyboardInterrupt:
            Interrupts.note()  # a training hears of it, whatever the kernel is in the middle of
            raise
        return True

    def to(self, part: str, act: Callable[..., object]) -> Callable[..., None]:
        """Return what an observer, a button, a clock or a future can call."""

        def enter(*given: Any) -> None:
            self.call(part, act, *given)

        return enter

    def task(self, part: str, work: Coroutine[Any, Any, None], loop: asyncio.AbstractEventLoop) -> None:
        """Begin a task."""
        task = loop.create_task(work)
        task.add_done_callback(self.to(part, lambda it: it.cancelled() or it.result()))

    def _fail(self, part: str, error: Exception) -> None:
        said = f"{part}: {described(error)}"
        if said != self._logged:  # what fails with every picture of a training would fill the log
            LOG.info("%s", said, exc_info=error)  # with its traceback, for those who ask for the log
        self._logged = said
        try:
            self._tell(part, error)
        except Exception:
            LOG.exception("%s: cannot be shown", part)


def described(error: Exception) -> str:
    """Return an exception's type and message in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())
