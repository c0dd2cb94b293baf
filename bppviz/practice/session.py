"""What a learner does to a run: edits, updates, training, and every way back. Nothing here knows of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from bppviz.core.backprop import backprop
from bppviz.core.checks import check_learning_rate
from bppviz.core.network import Network, changed, with_number
from bppviz.core.place import Place
from bppviz.core.samples import check_samples
from bppviz.core.sums import Array
from bppviz.core.trace import Trace
from bppviz.core.train import Epoch, train
from bppviz.practice.course import Course
from bppviz.practice.history import History


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
    update, else None. Without `update_biases` no update and no training changes a bias.
    """

    def __init__(
        self,
        network: Network,
        x: Array,
        target: Array,
        learning_rate: float | None = None,
        update_biases: bool = True,
    ) -> None:
        self.initial = network
        self.sample = 0
        self.learning_rate = learning_rate
        self._begun_at = 0  # of the last training, how many updates there were before it
        first = State(Course(network, x, target, update_biases), 0)
        self._history = History(first, lambda state: state.course.sizes)
        self._stand()

    @property
    def now(self) -> State:
        """Return where the session is."""
        return self._history.now

    @property
    def trace(self) -> Trace:
        """Return the run of the network as it is now, told of the chosen sample."""
        if self._ran != self._what:
            self._stand()
        return self._trace

    @property
    def _what(self) -> object:
        return self.now, self.sample, self.learning_rate

    def _stand(self) -> None:
        """Run the network as it is now; raise an error if that cannot be."""
        self._keep(self._run(self.now))

    def _keep(self, trace: Trace) -> None:
        self._trace = trace
        self.sample = trace.sample
        self._ran = self._what

    @property
    def losses(self) -> list[float]:
        """Return L after 0, 1, … updates of the course, as far as it went."""
        course = self.now.course
        end = self.trace if self.now.epoch == len(course) else self._run(State(course, len(course)))
        return [*course.losses, end.L]

    def _run(self, state: State) -> Trace:
        course = state.course
        trace = backprop(state.network, course.x, course.target, self.learning_rate, course.update_biases)
        return trace.at_sample(min(self.sample, (trace.samples or 1) - 1))

    def _go(self, state: State, *, amend: bool = False) -> None:
        trace = self._run(state)  # before anything is changed
        if amend:
            self._history.replace(state)
        else:
            self._history.push(state)
        self._keep(trace)

    def value(self, place: Place) -> float:
        """Return the number at a place: a weight or bias, or an input or target of the chosen sample."""
        return self.trace.value(place)

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
            row = _with_row(array, self.sample, changed(array[self.sample] if array.ndim == 2 else array, place, value))
            x, target = check_samples(network, *((row, target) if place.quantity == "x" else (x, row)))
        self._go(State(state.course.anew(network, x, target), 0), amend=amend)

    def use(self, x: Array, target: Array) -> None:
        """Take other samples."""
        x, target = check_samples(self.now.network, x, target)
        self._go(State(self.now.course.anew(self.now.network, x, target), 0))

    def choose(self, sample: int) -> None:
        """Walk through another sample, an array index."""
        self.trace.at_sample(sample)
        self.sample = sample

    def walk_update(self, learning_rate: float | None) -> None:
        """Let the walk go on to an update with this η, or end before it.

        Raises ValueError for an η that is not above 0, OverflowError where an updated number would be too large.
        """
        go_back = partial(setattr, self, "learning_rate", self.learning_rate)
        self.learning_rate = learning_rate
        self._stand_or(go_back)

    def train(self, learning_rate: float, updates: int) -> Iterator[int]:
        """Update so often, from here, and yield the number of updates made after each; it can be left at any time.

        To undo takes all of them back. Raises ArithmeticError where the numbers stop being finite. However it ends,
        `stay_finite` is to be called before the run is looked at.
        """
        state, rate = self.now, check_learning_rate(learning_rate)
        course = state.course.until(state.epoch)
        network = course.network(len(course))
        epochs = train(network, course.x, course.target, rate, updates, course.update_biases)
        return self._trained(epochs, course, rate)

    def _trained(self, epochs: Iterator[Epoch], course: Course, rate: float) -> Iterator[int]:
        self._begun_at, keep = len(course), self._history.push
        for epoch in epochs:
            course.add(epoch, rate)
            keep(State(course, len(course)))
            keep = self._history.replace
            yield len(course)

    def stay_finite(self) -> bool:
        """Go back to the last update after which the passes, too, are finite; tell whether one had to be taken back."""
        course, reached = self.now.course, self.now.epoch
        n = next(n for n in range(reached, -1, -1) if self._is_finite(State(course, n)))
        if n == self._begun_at < reached:
            self._history.drop()
        elif n < reached:
            self._history.replace(State(course.until(n), n))
        return n < reached

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
        course = self.now.course
        self._go(State(course.anew(self.initial, course.x, course.target), 0))

    @property
    def can_undo(self) -> bool:
        """Tell whether something can be taken back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Tell whether something was taken back."""
        return self._history.can_redo

    def undo(self) -> None:
        """Take back the last edit, update or training.

        Raises OverflowError where the walk's η is too large for what was before.
        """
        self._history.undo()
        self._stand_or(self._history.redo)

    def redo(self) -> None:
        """Do again what was taken back last; raises OverflowError as `undo` does."""
        self._history.redo()
        self._stand_or(self._history.undo)

    def _stand_or(self, go_back: Callable[[], None]) -> None:
        try:
            self._stand()
        except (ValueError, OverflowError):
            go_back()
            raise


def _with_row(array: Array, sample: int, row: Array) -> Array:
    """Return samples with another one in this place; or it alone, where there is no more than one."""
    if array.ndim == 1:
        return row
    array = array.copy()
    array[sample] = row
    return array
