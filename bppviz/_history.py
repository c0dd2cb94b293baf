"""What was, and can be gone back to."""

from __future__ import annotations

from typing import Generic, TypeVar

State = TypeVar("State")
MOST = 500  # states that are kept, so that a long lesson does not fill the memory


class History(Generic[State]):
    """A line of states, and a place in it: `now`. To push a state forgets those that were undone."""

    def __init__(self, first: State) -> None:
        self._states = [first]
        self._at = 0

    @property
    def now(self) -> State:
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

    def push(self, state: State) -> None:
        """Go on to a new state."""
        self._states = [*self._states[: self._at + 1], state][-MOST:]
        self._at = len(self._states) - 1

    def replace(self, state: State) -> None:
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
