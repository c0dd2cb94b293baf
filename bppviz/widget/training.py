"""Training: so many updates of the network, beside the kernel's other work, and the controls for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any, NamedTuple

import ipywidgets

from bppviz.widget.desk import Desk, RefusedError
from bppviz.widget.interrupts import Interrupts
from bppviz.widget.knobs import RateKnob, rate_knob
from bppviz.widget.parts import Parts, running_loop
from bppviz.widget.sliders import Counter, counter
from bppviz.words.numbers import HOVERED, number

CHUNK = 0.03  # seconds of training between two looks at the buttons
# Seconds of training between two pictures, or more where a picture takes long: at most a quarter goes to them.
SHOWN = 0.15
USUAL_RATE = 0.5


class TrainingRun(NamedTuple):
    """A training that was begun after `start` updates of its course, and is to make so many `updates`."""

    start: int
    updates: int


class TrainingControls(NamedTuple):
    """The controls that show what is: learning rate, whether the walk has the update, and place in the course."""

    rate: RateKnob
    walked: ipywidgets.Checkbox
    visit: Counter


class Training:
    """Trains the session's network. `show` is called to show all that it has come to."""

    def __init__(self, desk: Desk, show: Callable[[], None]) -> None:
        self._desk, self._show = desk, show
        self._stage, self._session, self._door = desk.stage, desk.session, desk.door
        self._run: TrainingRun | None = None  # the one that goes on
        self._most_updates = 1000  # that a click on run makes
        self.rate = desk.session.learning_rate or USUAL_RATE
        self._controls: TrainingControls | None = None

    # Its controls

    def fill(
        self, parts: Parts, ways: Sequence[ipywidgets.Widget], charts: Sequence[ipywidgets.Widget]
    ) -> list[ipywidgets.Widget]:
        """Return what is in the panel of the training: the ways back, its controls, and the charts and theirs."""
        desk, session, heard = self._desk, self._session, self._desk.heard
        once = desk.button(parts, "update", lambda: self._begin(1))
        run = desk.button(parts, "run", self._begin_or_finish)
        updates = parts.whole_number("updates", self._most_updates)
        updates.observe(self._door.to("change", self._count), "value")
        rate = rate_knob(parts, self.rate, desk.hold)
        rate.changed = self._door.to("change", self._set_rate)
        rate.misread = self._door.to("change", desk.misread)
        walked = parts.tick("walk-update", session.learning_rate is not None)
        walked.observe(heard(lambda is_on: session.walk_update(self.rate if is_on else None)), "value")
        visit = counter(parts, "visit", 0, desk.hold)
        visit.observe(heard(session.visit), "value")
        self._controls = TrainingControls(rate, walked, visit)
        curve, log = charts
        undo, redo, data, sample = ways
        visit.add_class("bppviz-rail")
        return [
            parts.head("training", undo, redo),
            curve,
            visit,
            parts.box(once, run, updates, names=["runs"]),
            parts.box(rate.slider, rate.field, names=["learning-rate"]),
            parts.box(log, walked, data, sample, names=["options"]),
            parts.place("progress"),
        ]

    def put_away(self) -> None:
        """Forget the controls."""
        self._controls = None

    def refresh(self) -> None:
        """Let the controls show what is."""
        self.show_course()
        if self._controls:
            self._controls.walked.value = self._session.learning_rate is not None

    def show_course(self) -> None:
        """Let the slider along the course go as far as it does now: an update that is gone must not be visited."""
        if self._controls:
            now = self._session.now
            self._controls.visit.put(now.epoch, 0, len(now.course))

    def _count(self, change: Any) -> None:
        self._most_updates = change["new"]

    def _set_rate(self, value: float, part: Any) -> None:
        """Take another learning rate, and walk with it where the walk goes on to an update."""
        self.finish()
        self._stage.problem = {}
        if self._desk.dare(lambda: self._check_rate(value)) and self._session.learning_rate is not None:
            self._desk.act(lambda: self._session.walk_update(value))
        if self._controls is None:
            return
        if self._stage.problem:
            self._controls.rate.refuse(self.rate)
        else:
            self.rate = value
            self._controls.rate.show(value, but=part)

    def _check_rate(self, value: float) -> None:
        if value <= 0:
            raise RefusedError(name="rate", value=number(value, HOVERED))

    # The updates

    def _begin_or_finish(self) -> None:
        if self._run:
            self.finish()
        else:
            self._begin(self._most_updates)

    def _begin(self, updates: int) -> None:
        """Update so often: beside the kernel's other work, or where there is no kernel here and now."""
        self.stop()
        self._desk.edit = None
        self._stage.problem = {}
        self._run = run = TrainingRun(self._session.now.epoch, updates)
        self._stage.running = True
        loop = running_loop()
        if loop:
            self._door.task("training", self._train_beside(run), loop)
        else:
            self._door.call("training", self._train_at_once, run)

    def _train_at_once(self, run: TrainingRun) -> None:
        """Make all updates of a training; a loop of its own for that would end before what is put off to it."""
        with self._ending(run):
            for _ in self._session.train(self.rate, run.updates):
                pass

    async def _train_beside(self, run: TrainingRun) -> None:
        """Make the updates of a training, until they are made, or another one goes on, or none."""
        pause_at = perf_counter() + CHUNK
        show_at = perf_counter() + SHOWN
        with self._ending(run), Interrupts() as interrupts:
            for _ in self._session.train(self.rate, run.updates):
                if perf_counter() < pause_at:
                    continue
                if perf_counter() > show_at and self._stage.seen == self._stage.progress:
                    begun = perf_counter()
                    self._door.call("picture", self._show_on_the_way, run)
                    show_at = perf_counter() + max(SHOWN, 3 * (perf_counter() - begun))
                await asyncio.sleep(0.001)  # a click on stop is heard here
                if self._run is not run:
                    return
                if interrupts.came:
                    self.finish("interrupted")
                    return
                interrupts.listen()
                pause_at = perf_counter() + CHUNK

    @contextmanager
    def _ending(self, run: TrainingRun) -> Iterator[None]:
        """Show what a training has come to when it ends, unless it was ended already."""
        end = "made"
        try:
            yield
        except ArithmeticError:
            end = "diverged"
        except (KeyboardInterrupt, asyncio.CancelledError):
            self.finish("interrupted")
            raise
        except Exception:
            self.finish()
            raise
        if self._run is run:
            self.finish(end)

    def stop(self, end: str = "made") -> None:
        """End the training that goes on, if one does, after the last update that can be walked through."""
        run, self._run = self._run, None
        self._stage.running = False
        if run is None:
            return
        if self._session.stay_finite() or end == "diverged":
            rates = {"rate": number(self.rate), "less": number(self.rate / 10)}
            self._stage.problem = {"name": "diverged", "update": self._session.now.epoch + 1, **rates}
        self._report(run, "interrupted" if end == "interrupted" else "made")

    def finish(self, end: str = "made") -> None:
        """End the training that goes on, and show what it has come to."""
        if self._run:
            self.stop(end)
            self._show()

    def leave(self) -> None:
        """End the training that goes on without a word: nobody is there to read it."""
        self._run = None

    def _show_on_the_way(self, run: TrainingRun) -> None:
        if self._is_finite():
            self._show()
            self._report(run)  # last, for the page tells when it is done with it

    def _is_finite(self) -> bool:
        """Tell whether the passes, too, are finite after the last update; where not, the next update will say so."""
        try:
            return bool(self._desk.trace)
        except OverflowError:
            return False

    def _report(self, run: TrainingRun, name: str = "made") -> None:
        done = self._session.now.epoch - run.start
        loss = number(self._desk.trace.L)
        self._stage.progress = {"name": name, "done": done, "of": run.updates, "loss": loss}
