"""Undo and redo: a line of states, and a position in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

Kept = TypeVar("Kept")
# What is kept, so that a long lesson does not fill the memory; the state before is kept whatever its size.
MOST_STATES = 500  # states
MOST_BYTES = 100_000_000


class History(Generic[Kept]):
    """A line of states, and a position in it: `now`. A new state makes it forget those that were undone.

    `weigh` returns the bytes of everything that a state keeps, by its id: what several states share counts once.
    """

    def __init__(self, first: Kept, weigh: Callable[[Kept], Mapping[int, int]] = lambda state: {}) -> None:
        self._states = [first]
        self._at = 0
        self._weigh = weigh

    @property
    def now(self) -> Kept:
        """Return the state at this place."""
        return self._states[self._at]

    @property
    def can_undo(self) -> bool:
        """Tell whether there is a state before this one."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Tell whether there is a state after this one."""
        return self._at < len(self._states) - 1

    def push(self, state: Kept) -> None:
        """Go on to a new state."""
        states = [*self._states[: self._at + 1], state]
        self._states = states[-self._affordable(states) :]
        self._at = len(self._states) - 1

    def _affordable(self, states: list[Kept]) -> int:
        """Return how many of the last states can be kept."""
        kept: dict[int, int] = {}
        total = 0
        for count, state in enumerate(reversed(states[-MOST_STATES:])):
            new = {it: size for it, size in self._weigh(state).items() if it not in kept}
            kept |= new
            total += sum(new.values())
            if total > MOST_BYTES and count > 1:
                return count
        return MOST_STATES

    def replace(self, state: Kept) -> None:
        """Put another state at this place: the same change, gone further."""
        self._states[self._at] = state

    def drop(self) -> None:
        """Go back one state, and forget the one that was left."""
        self.undo()
        self._states = self._states[: self._at + 1]

    def undo(self) -> None:
        """Go back one state, if there is one."""
        self._at -= self.can_undo

    def redo(self) -> None:
        """Go forward one state, if there is one."""
        self._at += self.can_redo
