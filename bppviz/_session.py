"""What a learner does to a run: edits, updates, training, and every way back. Nothing here knows of a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bppviz._backprop import backprop
from bppviz._course import Course
from bppviz._emphasis import Place
from bppviz._functions import Array
from bppviz._history import History
from bppviz._network import Network, check_learning_rate, check_samples
from bppviz._places import changed, with_number
from bppviz._trace import Trace
from bppviz._train import Epoch, train


class State(NamedTuple):
    """Where a session is: so many updates into a course."""

    course: Course
    epoch: int

    @property
    def network(self) -> Network:
        """Return the network after those updates."""
        return self.course.network(self.epoch)


class Session:
    """A network and its samples, as they are changed. What does not fit raises an error, and then nothing has changed.

    `sample` is the one that is walked through, an array index. `learning_rate` is η where the walk goes on to an
    update, else None.
    """

    def __init__(self, network: Network, x: Array, target: Array, learning_rate: float | None = None) -> None:
        self.initial = network
        self.sample = 0
        self.learning_rate = learning_rate
        self._history = History(State(Course(network, x, target), 0))
        self._trace: tuple[object, Trace] | None = None
        self.trace  # noqa: B018 — what does not fit is refused now

    @property
    def now(self) -> State:
        """Return where the session is."""
        return self._history.now

    @property
    def trace(self) -> Trace:
        """Return the run of the network as it is now, told of the chosen sample."""
        key = (self.now, self.sample, self.learning_rate)
        if self._trace is None or self._trace[0] != key:
            self._trace = (key, self._run(self.now))
        return self._trace[1]

    @property
    def losses(self) -> list[float]:
        """Return L after 0, 1, … updates of the course, as far as it went."""
        course = self.now.course
        end = self.trace if self.now.epoch == len(course) else self._run(State(course, len(course)))
        return [*course.losses, end.L]

    def _run(self, state: State) -> Trace:
        course = state.course
        trace = backprop(state.network, course.x, course.target, self.learning_rate)
        return trace.at_sample(min(self.sample, (trace.samples or 1) - 1))

    def _go(self, state: State, *, amend: bool = False) -> None:
        trace = self._run(state)  # before anything is changed
        (self._history.replace if amend else self._history.push)(state)
        self.sample = trace.sample
        self._trace = ((state, self.sample, self.learning_rate), trace)

    def value(self, place: Place) -> float:
        """Return the number at a place: a weight or bias, or an input or target of the chosen sample."""
        return self.trace.value(*place)

    def edit(self, place: Place, value: float, *, amend: bool = False) -> None:
        """Put another number at a place; with `amend`, as a part of the edit before.

        Raises ValueError for a number that does not fit there, OverflowError where the numbers grow too large.
        """
        state = self.now
        network, x, target = state.network, state.course.x, state.course.target
        if place.quantity in ("w", "b"):
            network = with_number(network, place, value)
        else:
            array = x if place.quantity == "x" else target
            row = self._with_row(array, changed(array[self.sample] if array.ndim == 2 else array, place, value))
            x, target = check_samples(network, *((row, target) if place.quantity == "x" else (x, row)))
        self._go(State(Course(network, x, target), 0), amend=amend)

    def _with_row(self, array: Array, row: Array) -> Array:
        if array.ndim == 1:
            return row
        array = array.copy()
        array[self.sample] = row
        return array

    def use(self, x: Array, target: Array) -> None:
        """Take other samples."""
        x, target = check_samples(self.now.network, x, target)
        self._go(State(Course(self.now.network, x, target), 0))

    def choose(self, sample: int) -> None:
        """Walk through another sample, an array index."""
        self.trace.at_sample(sample)
        self.sample = sample

    def walk_update(self, learning_rate: float | None) -> None:
        """Let the walk go on to an update with this η, or end before it."""
        before = self.learning_rate
        self.learning_rate = learning_rate
        try:
            self.trace  # noqa: B018 — what does not fit is refused now
        except (ValueError, OverflowError):
            self.learning_rate = before
            raise

    def train(self, learning_rate: float, updates: int) -> Iterator[int]:
        """Update so often, from here, and yield the number of updates made after each; it can be left at any time.

        To undo takes all of them back. Raises ArithmeticError where the numbers stop being finite, after the last
        update before that.
        """
        state, rate = self.now, check_learning_rate(learning_rate)
        course = state.course.until(state.epoch)
        epochs = train(course.network(len(course)), course.x, course.target, rate, updates)
        return self._trained(epochs, course, rate)

    def _trained(self, epochs: Iterator[Epoch], course: Course, rate: float) -> Iterator[int]:
        begun = False
        try:
            for epoch in epochs:
                course.add(epoch, rate)
                (self._history.replace if begun else self._history.push)(State(course, len(course)))
                begun = True
                yield len(course)
        except ArithmeticError:
            self._stay_finite()
            raise

    def _stay_finite(self) -> None:
        """Go back to the last update after which the numbers of the passes, too, are finite."""
        course = self.now.course
        for n in range(len(course), -1, -1):
            state = State(course.until(n), n)
            if self._is_finite(state):
                break
        self._history.replace(state)

    def _is_finite(self, state: State) -> bool:
        try:
            self._run(state)
        except OverflowError:
            return False
        return True

    def visit(self, epoch: int) -> None:
        """Go to the network after so many updates of this course."""
        self._go(State(self.now.course, epoch), amend=True)

    def reset(self) -> None:
        """Take the initial weights and biases, the very same numbers, with the samples as they are."""
        self._go(State(Course(self.initial, self.now.course.x, self.now.course.target), 0))

    @property
    def can_undo(self) -> bool:
        """Tell whether something can be taken back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Tell whether something was taken back."""
        return self._history.can_redo

    def undo(self) -> None:
        """Take back the last edit, update or training."""
        self._history.undo()
        self._stay_within_the_samples()

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._history.redo()
        self._stay_within_the_samples()

    def _stay_within_the_samples(self) -> None:
        x = self.now.course.x
        self.sample = min(self.sample, len(x) - 1) if x.ndim == 2 else 0
