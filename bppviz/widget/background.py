"""Work that takes a while, done in another thread while the kernel goes on hearing the page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from bppviz.widget.door import Door
from bppviz.widget.parts import running_loop

Made = TypeVar("Made")


class Background(Generic[Made]):
    """Makes one thing at a time, and keeps the last; `made` is called when one is there, through the `door`."""

    def __init__(self, made: Callable[[], None], door: Door) -> None:
        self._made, self._door = made, door
        self._of: object = None
        self._last: Made | None = None
        self._making: asyncio.Future[Made] | None = None

    def get(self, of: object, make: Callable[[], Made]) -> Made | None:
        """Return what was made of something, or None as long as it, or something before it, is being made.

        Where no loop runs, and nothing could be heard anyway, it is made at once.
        """
        if self._of is of:
            return self._last
        loop = running_loop()
        if loop is None:
            self._of, self._last = of, make()
        elif self._making is None:
            self._making = loop.run_in_executor(None, make)
            self._making.add_done_callback(self._door.to("chart", partial(self._keep, of)))
        return self._last if self._of is of else None

    def _keep(self, of: object, making: asyncio.Future[Made]) -> None:
        self._making = None
        self._of, self._last = of, making.result()
        self._made()
