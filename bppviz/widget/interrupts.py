"""Kernel › Interrupt while nothing but a task of ours runs.

ipykernel lets an interrupt through while a cell or a message is handled, and ignores it between them: a training that
runs beside the kernel's other work would never hear of it.
"""

from __future__ import annotations

import signal
import threading
from typing import ClassVar
from weakref import WeakSet


class Interrupts:
    """Hears interrupts as long as it is open, where they would otherwise be ignored; `came` says whether one did."""

    _open: ClassVar[WeakSet[Interrupts]] = WeakSet()  # as many as trainings run; a process has one handler

    def __init__(self) -> None:
        self.came = False

    def __enter__(self) -> Interrupts:
        self._open.add(self)
        self.listen()
        return self

    def listen(self) -> None:
        """Go on hearing: a cell that was begun earlier may have put back what was before."""
        if _is_main() and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            signal.signal(signal.SIGINT, _note_signal)

    def __exit__(self, *_: object) -> None:
        self._open.discard(self)
        if _is_main() and signal.getsignal(signal.SIGINT) is _note_signal and not self._open:
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    @classmethod
    def note(cls) -> None:
        """Let all that are open know of an interrupt."""
        for it in cls._open:
            it.came = True


def _note_signal(*_: object) -> None:
    Interrupts.note()


def _is_main() -> bool:
    """Tell whether this is the thread that hears signals."""
    return threading.current_thread() is threading.main_thread()
