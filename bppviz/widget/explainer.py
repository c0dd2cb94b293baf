"""The widget: the stage, with the controls of the walk, of the numbers and of training around it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

import ipywidgets
import numpy as np
import traitlets

from bppviz.core.checks import check_learning_rate, counted
from bppviz.core.examples import Example, example
from bppviz.core.functions import LOSSES
from bppviz.core.instead import no_network
from bppviz.core.limits import check_limits
from bppviz.core.network import Network
from bppviz.core.place import Place, entering, groups, key, place_at
from bppviz.core.samples import check_samples, data_for, default_sample, samples
from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.walk import default_granularity, edges, filmed, takes_long, walk
from bppviz.page.packed import MOVES, TEACHING, choices, packed, packed_frame
from bppviz.panels.cost_chart import cost_chart
from bppviz.panels.heat_map import heat_map
from bppviz.panels.loss_curve import loss_curve
from bppviz.panels.meaning import meaning
from bppviz.panels.stack import stack
from bppviz.panels.tables import (
    check_table,
    cost_table,
    published_table,
    run_tables,
    sharing_table,
    too_large,
    too_many,
    unchecked,
    working,
)
from bppviz.picture.film import VIEWS
from bppviz.picture.theme import choice
from bppviz.practice.differences import effort as check_work
from bppviz.practice.gradient_check import MOST_EFFORT, check_gradients
from bppviz.practice.notices import notices
from bppviz.practice.quiz import DECIMAL_COMMA, Answer
from bppviz.practice.session import Session
from bppviz.practice.three_ways import measured
from bppviz.widget.beside import Beside
from bppviz.widget.door import Door
from bppviz.widget.interrupts import Interrupts
from bppviz.widget.predict import PANEL as PREDICT
from bppviz.widget.predict import Predict
from bppviz.widget.sliders import Knobs, Parts, limit, running_loop
from bppviz.widget.stage import PANELS, Chart, Grip, Stage, Tables
from bppviz.words.catalogue import language, words
from bppviz.words.numbers import HOVERED, number

GRACE = 10.0  # seconds without a view, after which none is expected: a cell that is moved is shown again at once
REST = 0.5  # seconds without a change after which the hand rests
CHUNK = 0.03  # seconds of training between two looks at the buttons
SHOWN = (
    0.2  # seconds of training between two pictures, or more where a picture takes long: at most a quarter goes to them
)
DRAWN = 0.25  # seconds of dragging between two drawings of a chart: the network goes first
MOST_KNOBS = 40  # numbers; in a larger network only what is selected has sliders
USUAL_RATE = 0.5
CHARTS = {"weights": ("meaning", "stack"), "training": ("curve", "map"), "why": ("depth", "width")}
TABLES = ("table", "why", "check")
MOST_ROWS = 300  # weights that a table has room for
CHECKED_AT_ONCE = 30_000_000  # multiplications: up to 0.3 s


@dataclass(frozen=True, eq=False)
class Training:
    """A training that was begun after `start` updates of its course, and is to make so many `updates`."""

    start: int
    updates: int


class Explainer(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A walk through a run of a network, which can be changed and trained on the way. `explain` makes one."""

    def __init__(
        self,
        session: Session,
        *,
        lang: str | None = None,
        theme: str | None = None,
        view: str = VIEWS[0],
        example: Example | None = None,
    ) -> None:
        self._door = Door(self._failed)
        self._session = session
        self._example = example
        self._given = session.now.course
        self._training: Training | None = None  # the one that runs
        self._resting: asyncio.TimerHandle | None = None
        self._making: asyncio.Future[bytes] | None = None  # the film that is being made: one at a time
        self._edited: tuple[Place, int] | None = None  # where, and by which grip, the last edit was
        self._before: tuple[float, float, float] | None = None  # value, loss and gradient where that edit began
        self._rate = session.learning_rate or USUAL_RATE
        self._is_listening = False
        self._drawn = 0.0
        self._seconds: dict[str, float | None] | None = None  # that the three ways to the gradients took
        self._timed: tuple[int, ...] | None = None  # the sizes of the network for which
        self._is_small = _count(session.now.network) <= MOST_KNOBS
        self._sent: object = None  # what the last news were of
        trace = session.trace
        granularity = default_granularity(trace)
        is_coming = running_loop() is not None and takes_long(trace)
        self._stage: Stage = Parts(words(language(lang))).make(
            Stage,
            trace=trace,
            door=self._door,
            coming=is_coming,
            step=walk(trace, granularity)[0].last,
            granularity=granularity,
            lang=language(lang),
            theme=choice(theme),
            view=view,
        )
        self._film_of = trace  # whose film is in the page
        self._filmed = () if is_coming else filmed(trace)  # the walks that are in it
        self._predict = Predict(self._stage, lambda: self.trace, lambda: self._rate, self._show_stop)
        self._check: Beside[dict[str, Any]] = Beside(lambda: self._draw("check"), self._door)
        self._most_updates = 1000  # that a click on run makes
        self._leaving: asyncio.TimerHandle | None = None
        self._is_asleep = False
        super().__init__(layout=self._stage.layout)
        self._build()
        self.add_class("bppviz")
        self._listen()
        self._refresh()
        self._draw()
        self._look()
        if is_coming:
            self._rest_later()

    # The parts

    def _build(self) -> None:
        """Make the controls around the stage."""
        before = set(vars(self))
        self._parts = Parts(self._say)
        self._links: list[traitlets.link] = []
        enter = partial(self._door.to, "change")
        self._knobs = Knobs(self.network, self._parts, self._grip, enter(self._edit), enter(self._misread))
        # Made when they are first looked at, for each is a good part of what goes to the page.
        self._charts: dict[str, Chart] = {}
        self._tables: dict[str, Tables] = {}
        self._measure: Any = None  # the button, once there is a table of what gradients cost
        self._drawings = {panel: self._parts.row() for panel in CHARTS}
        self._panels = {name: self._parts.panel(name) for name in TABLES}
        self.children = [
            self._moves(),
            self._stage,
            self._parts.row(self._options(), self._teaching(), self._edits()),
            *self._panels.values(),
            self._numbers(),
            self._trainings(),
        ]
        self._made = set(vars(self)) - before

    def _put_away(self) -> None:
        """Close all controls; the stage stays."""
        for link in (self._link, *self._links):
            link.unlink()
        self._link.close()
        for own in (self._sample, self._data):
            own.layout.close()
        self._knobs.clear()
        for part in (*self.children, *self._drawings.values()):
            if part is not self._stage:
                _close(part)
        self._parts.close()

    def _feel_alone(self) -> None:
        """Go to sleep after a while if no page shows this widget any more, and wake up when one does."""
        if self._leaving:
            self._leaving.cancel()
            self._leaving = None
        loop = running_loop()
        if self._stage.shown and self._is_asleep:
            self._is_asleep = False
            self._build()
            self._make_film()
        elif loop and not self._stage.shown and not self._is_asleep:
            self._stage.send({"kind": "who"})  # another page may show it
            self._leaving = loop.call_later(GRACE, self._door.to("picture", self._sleep))

    def _sleep(self) -> None:
        """Give back the memory of what only a page needs: a cell that is run again leaves its widget behind.

        ipywidgets knows every widget until it is closed. The stage stays, and tells when a page shows it again.
        """
        self._leaving = None
        if self._training or self._making:
            self._feel_alone()
            return
        if self._resting:
            self._resting.cancel()
            self._resting = None
        self._is_asleep = True
        self._put_away()
        self.children = [self._stage]
        for name in self._made:
            delattr(self, name)
        self._filmed = ()
        self._stage.film = self._stage.news = b""
        self._sent = None

    def _moves(self) -> ipywidgets.Box:
        parts, most = self._parts, len(self.trace) - 1
        self._scrub = parts.make(ipywidgets.IntSlider, "scrub", value=self._stage.step, max=most, readout=False)
        self._link = ipywidgets.jslink((self._scrub, "value"), (self._stage, "step"))
        return parts.row(*map(parts.button, MOVES), self._scrub, parts.place("counter"))

    def _options(self) -> ipywidgets.Box:
        return self._parts.row(*map(self._choice, ("view", "granularity", "speed", "language", "theme")))

    def _teaching(self) -> ipywidgets.Box:
        row = self._parts.row(*map(self._parts.button, TEACHING))
        row.add_class("bppviz-teaching")
        return row

    def _choice(self, name: str) -> ipywidgets.Dropdown:
        """Return a control that chooses one of the stage's options, linked to it in both directions."""
        say, trait = self._say, "lang" if name == "language" else name
        offered = choices(self.trace, live=True)[name]
        options = [(say(o["word"]) if o["word"] else o["label"], o["value"]) for o in offered]
        control = self._parts.dropdown(name, options, getattr(self._stage, trait))
        self._links.append(traitlets.link((control, "value"), (self._stage, trait)))
        return control

    def _edits(self) -> ipywidgets.Box:
        parts, session = self._parts, self._session
        self._undo = self._button("undo", lambda: self._change(session.undo))
        self._redo = self._button("redo", lambda: self._change(session.redo))
        self._reset = self._button("reset", lambda: self._change(session.reset))
        self._sample = parts.counter("sample", 1, self._grip)
        self._sample.observe(self._heard(lambda n: session.choose(n - 1)), "value")
        self._data = self._choice("data")
        for control in (self._sample, self._data):
            control.layout = ipywidgets.Layout()  # their own, for they come and go
        shows = [parts.button(f"show-{name}") for name in PANELS]
        return parts.row(self._undo, self._redo, self._reset, self._data, self._sample, *shows)

    def _numbers(self) -> ipywidgets.Box:
        parts = self._parts
        self._columns = parts.place("groups")
        self._choose_knobs()
        hint = [] if self._is_small else [parts.place("choose")]
        charts = self._drawings["weights"]
        charts.add_class("bppviz-slopes")
        return parts.panel("weights", *hint, self._columns, charts)

    def _trainings(self) -> ipywidgets.Box:
        parts = self._parts
        self._once = self._button("update", lambda: self._train(1))
        self._run = self._button("run", lambda: self._finish() if self._training else self._train(self._updates.value))
        self._updates: ipywidgets.BoundedIntText = parts.whole_number("updates", self._most_updates)
        keep = partial(setattr, self, "_most_updates")  # for when the controls are made anew
        self._updates.observe(self._door.to("change", lambda change: keep(change["new"])), "value")
        self._eta = parts.rate(self._rate, self._grip)
        self._eta.changed = self._door.to("change", self._set_rate)
        self._eta.misread = self._door.to("change", self._misread)
        self._walked = parts.tick("walk-update", self._session.learning_rate is not None)
        self._walked.observe(self._heard(lambda on: self._session.walk_update(self._rate if on else None)), "value")
        self._visit = parts.counter("visit", 0, self._grip)
        self._visit.observe(self._heard(self._session.visit), "value")
        self._log = parts.tick("log", False)
        self._log.observe(self._door.to("chart", lambda _: self._draw()), "value")
        return parts.panel(
            "training",
            parts.row(self._once, self._run, self._updates, self._eta.slider, self._eta.field, self._walked),
            parts.row(self._visit, self._log, parts.place("progress")),
            self._drawings["training"],
        )

    def _furnish(self, name: str) -> None:
        """Put into the panel of a table what belongs there, when it is opened for the first time."""
        parts = self._parts
        self._tables[name] = parts.make(Tables)
        rows = []
        if name == "why":
            self._measure = self._button("measure", self._time)
            rows = [parts.row(self._measure), self._drawings[name]]
        self._panels[name].children = [self._tables[name], *rows]

    def _listen(self) -> None:
        def hear(act: Callable[[Any], object], *names: str) -> None:
            self._stage.observe(self._door.to("change", act), names)

        hear(lambda _: self._arrive(), "step", "partial", "granularity")
        hear(lambda _: self._draw(), "lang", "panels")
        hear(lambda change: self._open(PREDICT in change["new"], PREDICT in change["old"]), "panels")
        hear(lambda _: self._film(), "view")
        hear(lambda _: self._select(), "selected")
        hear(lambda change: self._feel(change["old"], change["new"]), "grip")
        hear(lambda change: self._use(change["new"]), "data")
        hear(lambda _: self._feel_alone(), "shown")

        self._is_listening = True

    def _button(self, name: str, act: Callable[[], object]) -> ipywidgets.Button:
        """Return a button that does something."""
        button = self._parts.button(name)
        button.on_click(self._door.to("change", lambda _: act()))
        return button

    def _heard(self, act: Callable[[Any], None]) -> Callable[[Any], None]:
        """Return what a control calls when a person changes its value; what Python shows there is not heard."""
        return self._door.to("change", lambda it: self._change(lambda: act(it["new"])) if self._is_listening else None)

    def _failed(self, part: str, error: Exception) -> None:
        """Say in place that a part failed, and let no control stay as it was in the middle of that."""
        self._stage.tell_failure(part, error)
        self._refresh()

    # What people do

    def _change(self, act: Callable[[], None]) -> None:
        """Do something to the session, and show what came of it, or what is wrong."""
        self._stop()
        self._edited = self._before = None
        self._stage.progress = {}
        self._dared(act)
        self._show()
        self._refresh()
        if not self._grip().down or self._is_due:
            self._draw()

    def _dared(self, act: Callable[[], None]) -> bool:
        """Do something that may not be possible; say in place why it is not."""
        try:
            act()
        except OverflowError:
            self._stage.problem = {"name": "overflow"}
            return False
        self._stage.problem = {}
        return True

    def _edit(self, place: Place, value: float, part: Any) -> None:
        """Put another number into the network or its sample, as one edit while a hand holds the slider."""
        self._stop()
        grip = self._grip()
        amend = grip.times > 0 and self._edited == (place, grip.times)
        before = self._before if amend else self._standing_of(place)
        if not (self._fits(place, value) and self._dared(lambda: self._session.edit(place, value, amend=amend))):
            self._knobs.refuse(place, self._session.value(place))
            return
        self._edited, self._before = (place, grip.times), before
        self._stage.progress = {}
        self._show()
        with self._unheard():
            self._show_ways()
        if self._is_due:
            self._knobs.show(self._session.value, but=part)
            self._draw("weights", "table")

    def _misread(self, text: str) -> None:
        """Say what is wrong with what was typed for a number."""
        self._stage.problem = {"name": "point" if DECIMAL_COMMA.fullmatch(text.strip()) else "typed"}

    def _standing_of(self, place: Place) -> tuple[float, float, float] | None:
        """Return a weight or bias as it is, with the loss and its gradient."""
        if place.quantity not in ("w", "b"):
            return None
        one = self.trace.one
        return one.value(*place), one.L, one.value(f"dl_d{place.quantity}", *place[1:])

    def _fits(self, place: Place, value: float) -> bool:
        """Tell whether a number can stand at a place, and say so where it cannot."""
        probabilities = place.quantity == "t" and LOSSES[self.network.loss].probabilities
        fits = not probabilities or 0 <= value <= 1
        if not fits:
            self._stage.problem = {"name": "target", "value": number(value, HOVERED)}
        return fits

    def _arrive(self) -> None:
        """Show another stop; where the page knows it already, it needs nothing."""
        if self._predict.is_on:
            self._predict.arrive()
        self._look()

    def _open(self, is_open: bool, was_open: bool) -> None:
        """Begin to ask for results, or end it."""
        if is_open and not was_open:
            self._predict.open()
        if is_open != was_open:
            self._show()
        if was_open and not is_open:
            self._predict.close()

    def _use(self, name: str) -> None:
        """Take one of the data sets that fit, or the samples that were given."""
        if self._is_listening:
            x, target = samples(name) if name else (self._given.x, self._given.target)
            self._change(lambda: self._session.use(x, target))

    def _set_rate(self, value: float, part: Any) -> None:
        self._finish()
        self._stage.problem = {}
        if value <= 0:
            self._stage.problem = {"name": "rate", "value": number(value, HOVERED)}
        elif self._session.learning_rate is not None:
            self._change(lambda: self._session.walk_update(value))
        if self._stage.problem:
            self._eta.refuse(self._rate)
        else:
            self._rate = value
            self._eta.show(value, but=part)

    def _select(self) -> None:
        """Give sliders to what was chosen, and show what its derivative means."""
        if self._edited and self._stage.selected != key(self._edited[0]):
            self._before = None
        if self._stage.selected and place_at(self._stage.selected) not in self._knobs:
            self._choose_knobs()
        self._draw()

    def _feel(self, before: Grip, now: Grip) -> None:
        """End a training when a hand takes hold of a number; soon show what could not be shown where one has left."""
        if now.times > before.times:
            self._finish()
        if self._resting is None:
            self._rest_later()

    def _grip(self) -> Grip:
        grip: Grip = self._stage.grip
        return grip

    @property
    def _selected(self) -> Place:
        """Return the weight or bias that is chosen, the first weight where none is."""
        place = place_at(self._stage.selected) if self._stage.selected else None
        return place if place and place.quantity in ("w", "b") else Place("w", 1, 0, 0)

    def _choose_knobs(self) -> None:
        """Make the sliders: of every number, or in a larger network of the chosen edge, or of the chosen neuron."""
        if self._is_small:
            columns = groups(self.network.sizes)
        else:
            place = place_at(self._stage.selected) if self._stage.selected else Place("b", 1, 0)
            columns = [[] for _ in (*self.network.sizes, "targets")]
            for it in self._strongest(place) if place.quantity == "b" else [place]:
                columns[-1 if it.quantity == "t" else it.layer].append(it)
        old = self._columns.children
        self._knobs.clear()
        value = self._session.value
        # The targets stand under the inputs: both are the sample's.
        sample, layers = (0, len(columns) - 1), range(1, len(columns) - 1)
        boxes = [[self._knobs.column(i, columns[i], value) for i in some if columns[i]] for some in (sample, layers)]
        self._columns.children = [
            *([self._parts.make(ipywidgets.VBox, children=boxes[0])] if boxes[0] else []),
            *boxes[1],
        ]
        for box in old:
            _close(box)

    def _strongest(self, bias: Place) -> list[Place]:
        """Return a bias and the largest of the weights that enter its neuron."""
        *weights, _ = entering(self.network.sizes, bias.layer, bias.unit)
        return [*sorted(weights, key=lambda w: -abs(self._session.value(w)))[:11], bias]

    # Training

    def _train(self, updates: int) -> None:
        """Update so often: beside the kernel's other work, or where there is no kernel here and now."""
        self._stop()
        self._edited = self._before = None
        self._stage.problem = {}
        self._training = training = Training(self._session.now.epoch, updates)
        self._stage.running = True
        loop = running_loop()
        if loop:
            self._door.task("training", self._goes_on(training), loop)
        elif self._door.call("training", asyncio.run, self._goes_on(training)):
            self._film()

    async def _goes_on(self, training: Training) -> None:
        """Make the updates of a training, until they are made, or it is not the one that runs any more."""
        end = "made"
        try:
            if not await self._updated(training):
                return
        except ArithmeticError:
            end = "diverged"
        except (KeyboardInterrupt, asyncio.CancelledError):
            self._finish("interrupted")
            raise
        except Exception:
            self._finish()
            raise
        self._finish(end)

    async def _updated(self, training: Training) -> bool:
        """Make the updates of a training; tell whether it is still the one that runs."""
        pause_at = perf_counter() + CHUNK
        show_at = perf_counter() + SHOWN
        with Interrupts() as interrupts:
            for _ in self._session.train(self._rate, training.updates):
                if perf_counter() < pause_at:
                    continue
                if perf_counter() > show_at and self._stage.seen == self._stage.progress:
                    begun = perf_counter()
                    self._door.call("picture", self._show_training, training)
                    show_at = perf_counter() + max(SHOWN, 3 * (perf_counter() - begun))
                await asyncio.sleep(0.001)  # a click on stop is heard here
                if self._training is not training:
                    return False
                if interrupts.came:
                    self._finish("interrupted")
                    return False
                interrupts.listen()
                pause_at = perf_counter() + CHUNK
        return True

    def _stop(self, end: str = "made") -> None:
        """End the training that runs, if one does, after the last update that can be walked through."""
        training, self._training = self._training, None
        self._stage.running = False
        if training is None:
            return
        if self._session.stay_finite() or end == "diverged":
            rates = {"rate": number(self._rate), "less": number(self._rate / 10)}
            self._stage.problem = {"name": "diverged", "update": self._session.now.epoch + 1, **rates}
        self._report(training, "interrupted" if end == "interrupted" else "made")

    def _finish(self, end: str = "made") -> None:
        """End the training that runs, and show what it has come to."""
        if self._training:
            self._stop(end)
            self._show()
            self._refresh()
            self._draw()

    def _show_training(self, training: Training) -> None:
        try:
            self._show()
        except OverflowError:  # the next update will say so
            return
        self._refresh()
        self._draw()
        self._report(training)  # last, for the page tells when it is done with it

    def _report(self, training: Training, name: str = "made") -> None:
        done = self._session.now.epoch - training.start
        loss = number(self.trace.L)
        self._stage.progress = {"name": name, "done": done, "of": training.updates, "loss": loss}

    # What is shown

    def _show(self) -> None:
        """Show the run as it is now: what is looked at first, and all of it when the hand rests."""
        if self._predict.is_on:
            self._predict.arrive()
        is_other = len(self.trace) != len(self._film_of)
        if self._film_of is not self.trace and (running_loop() is None or is_other):
            self._film()  # of another walk, what the page knows is of no use
            return
        self._door.call("picture", self._look)
        self._rest_later()

    def _show_stop(self) -> None:
        """Show anew what is looked at."""
        self._door.call("picture", self._send_news)

    def _film(self) -> None:
        """Make the film of the run here and now, and send it."""
        self._door.call("picture", self._make_film)

    def _rest_later(self) -> None:
        if self._resting:
            self._resting.cancel()
        loop = running_loop()
        self._resting = loop.call_later(REST, self._door.to("picture", self._rest)) if loop else None
        if loop is None:
            self._refresh()

    @property
    def _is_in_film(self) -> bool:
        """Tell whether the page has the frame at which it stands."""
        return self._film_of is self.trace and self._stage.granularity in self._filmed

    def _look(self) -> None:
        """Let the page show where it stands: from its film, or the one frame that is sent."""
        if self._is_asleep:
            return
        if self._is_in_film and not self._predict.is_on:
            self._stage.news, self._sent = b"", None
        else:
            self._send_news()

    def _send_news(self) -> None:
        """Send the one frame that is looked at."""
        stage = self._stage
        wanted = (self.trace, stage.view, stage.granularity, stage.step, stage.partial, *self._asked)
        if wanted != self._sent:
            self._sent = wanted
            stage.news = packed_frame(*wanted)

    @property
    def _asked(self) -> tuple[tuple[TraceEvent, ...], int]:
        """Return what is asked for, and how many hints were taken."""
        return self._predict.question(), self._predict.hints

    def _rest(self) -> None:
        """Make the film of the run as it is now, beside whatever else the kernel does."""
        self._resting = None
        if self._training or self._making:
            return
        self._refresh()
        if self._film_of is self.trace and self._filmed:
            return
        seen = (self.trace, self._stage.view)
        self._making = asyncio.get_running_loop().run_in_executor(None, packed, *seen)
        self._making.add_done_callback(self._door.to("picture", lambda made: self._send_made(made, *seen)))

    def _send_made(self, made: asyncio.Future[bytes], trace: Trace, view: str) -> None:
        self._making = None
        film = made.result()
        if trace is self.trace and view == self._stage.view:
            self._send_film(film)
        elif not self._resting:
            self._rest()

    def _make_film(self) -> None:
        """Send the film of the run as it is now; where it takes long to make, when the hand rests."""
        is_coming = running_loop() is not None and takes_long(self.trace)
        self._send_film(packed(self.trace, self._stage.view, coming=is_coming), () if is_coming else None)
        if is_coming:
            self._rest_later()

    def _send_film(self, film: bytes, walks: tuple[str, ...] | None = None) -> None:
        """Send a film with the frames of these walks, or of all that are made beforehand."""
        with self._stage.hold_sync():
            self._film_of = self.trace
            self._filmed = filmed(self.trace) if walks is None else walks
            self._stage.film = film
            self._look()
        self._refresh()
        self._draw()

    def _refresh(self) -> None:
        """Let every control show what is."""
        if self._is_asleep:
            return
        session, trace = self._session, self.trace
        with self._unheard():
            self._knobs.show(session.value)
            self._show_ways()
            self._sample.put(session.sample + 1, 1, trace.samples or 1)
            self._sample.layout.display = None if trace.samples else "none"
            self._scrub.max = len(trace) - 1
            self._stage.steps = len(trace)
            self._stage.step = min(self._stage.step, len(trace) - 1)
            self._stage.data = self._data_name()
            self._stage.notices = notices(trace)
            self._data.layout.display = None if data_for(self.network) else "none"
            self._walked.value = session.learning_rate is not None

    def _show_ways(self) -> None:
        """Let the ways back and along the course go as far as they do now: one that is gone must not be taken."""
        session, now = self._session, self._session.now
        self._undo.disabled, self._redo.disabled = not session.can_undo, not session.can_redo
        self._reset.disabled = self.network is session.initial
        self._visit.put(now.epoch, 0, len(now.course))

    @contextmanager
    def _unheard(self) -> Iterator[None]:
        """Change what controls show, and hear nothing of it."""
        self._is_listening = False
        try:
            yield
        finally:
            self._is_listening = True

    def _data_name(self) -> str:
        """Return the name of the data set that the samples are now: nothing for those that were given."""
        now, given = self._session.now.course, self._given
        sets = {name: samples(name) for name in data_for(self.network)} | {"": (given.x, given.target)}
        is_now = (name for name, data in sets.items() if all(map(np.array_equal, (now.x, now.target), data)))
        return next(is_now, "changed")

    def _draw(self, *only: str) -> None:
        """Draw the charts and tables that are in sight, or of those only the ones of some panels."""
        if self._is_asleep:
            return
        for panel in PANELS:
            if panel in self._stage.panels and panel in (only or PANELS):
                self._draw_panel(panel)
        self._drawn = perf_counter()

    def _draw_panel(self, panel: str) -> None:
        """Draw each chart and table of a panel that there is something to draw of, whatever comes of the others."""
        for name, figure in self._figures(panel).items():
            self._door.call("chart", lambda name=name, figure=figure: self._chart(name).show(figure()))
        if panel in TABLES:
            self._door.call("chart", self._tabulate, panel)

    def _figures(self, panel: str) -> dict[str, Callable[[], Any]]:
        """Return what makes each figure of a panel."""
        say, trace, course = self._say, self.trace, self._session.now.course
        place = self._selected
        figures: dict[str, Callable[[], Any]] = {}
        if panel == "weights":
            figures["meaning"] = lambda: meaning(trace, place, limit(trace.value(place)), self._before, say)
            if trace.samples:
                figures["stack"] = lambda: stack(trace, place, say)
        elif panel == "training":
            epoch, log = self._session.now.epoch, self._log.value
            figures["curve"] = lambda: loss_curve(self._session.losses, epoch, say, log=log)
            if self.network.sizes[0] == 2:
                figures["map"] = lambda: heat_map(self.network, course.x, course.target, say)
        elif panel == "why":
            sizes = trace.network.sizes
            figures = {name: partial(cost_chart, sizes, name, say) for name in CHARTS["why"]}
        return figures

    def _tabulate(self, name: str) -> None:
        """Write the tables of a panel."""
        if name not in self._tables:
            self._furnish(name)
        self._tables[name].tables = self._tabulated(name)

    @property
    def _is_due(self) -> bool:
        """Tell whether the charts are to be drawn in the middle of a drag; when the hand rests, they are."""
        return perf_counter() > self._drawn + DRAWN

    def _chart(self, name: str) -> Chart:
        """Return a chart, which takes its place in the row of its panel when it is first drawn."""
        if name not in self._charts:
            self._charts[name] = self._parts.make(Chart, door=self._door)
            panel = next(panel for panel, names in CHARTS.items() if name in names)
            self._drawings[panel].children = [self._charts[it] for it in CHARTS[panel] if it in self._charts]
        return self._charts[name]

    def _tabulated(self, name: str) -> list[dict[str, Any]]:
        """Return the tables of a panel; a network too large to be walked through by neuron has only what it costs."""
        trace = self.trace
        if edges(trace) > MOST_ROWS and name != "why":
            return [too_large(MOST_ROWS)]
        if name == "table":
            return run_tables(trace)
        if name == "why":
            seconds = self._seconds if self._timed == trace.network.sizes else None
            measuring = [working()] if self._measure.disabled else []
            return [
                *measuring,
                cost_table(trace, seconds),
                *([] if edges(trace) > MOST_ROWS else [sharing_table(trace)]),
            ]
        example = self._example
        return [self._checked(), *([published_table(example)] if example and example.published else [])]

    def _checked(self) -> dict[str, Any]:
        """Return the table of the checked gradients, or what stands in its place."""
        trace = self.trace

        def make() -> dict[str, Any]:
            try:
                return check_table(trace, check_gradients(trace.network, trace.x, trace.target))
            except OverflowError:
                return unchecked()

        needed = check_work(trace.network, trace.samples or 1)
        if needed < CHECKED_AT_ONCE:
            return make()
        if needed > MOST_EFFORT:
            return too_many((trace.samples or 1) * MOST_EFFORT // needed)
        return self._check.get(trace, make) or working()

    def _time(self) -> None:
        """Take the time of the three ways to the gradients, beside whatever else the kernel does."""

        def take() -> None:
            self._seconds, self._timed = measured(trace), trace.network.sizes

        def tell(taken: asyncio.Future[None] | None = None) -> None:
            if self._is_asleep:
                return
            self._measure.disabled = False
            if taken:
                taken.result()
            self._draw("why")

        trace, loop = self.trace, running_loop()
        self._measure.disabled = True  # two at a time would time each other
        self._draw("why")
        if loop:
            loop.run_in_executor(None, take).add_done_callback(self._door.to("time", tell))
        else:
            self._door.call("time", take)
            tell()

    @property
    def _say(self) -> Any:
        return words(self._stage.lang)

    def __repr__(self) -> str:
        samples = f", {counted(self.trace.samples, 'sample')}" if self.trace.samples else ""
        return f"Explainer({self.network.shape}, step {self.step} of {len(self.trace)}{samples})"

    def close(self) -> None:
        """Take the widget out of every page, with all of its parts."""
        if hasattr(self, "_made"):  # also called for one that was never finished
            self._training = None
            if self._resting:
                self._resting.cancel()
            if self._leaving:
                self._leaving.cancel()
            if not self._is_asleep:
                self._is_asleep = True
                self._put_away()
            self._stage.close()
            self.layout.close()
        super().close()

    # What the outside asks

    @property
    def trace(self) -> Trace:
        """Return the recorded run that is walked through."""
        return self._session.trace

    @property
    def network(self) -> Network:
        """Return the network as it is now."""
        return self.trace.network

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Return every answer that was given while results were asked for, for a teacher to look at.

        Each is a named tuple, so that `pandas.DataFrame(explainer.answers)` makes a table of them.
        """
        return self._predict.answers

    @property
    def step(self) -> int:
        """Return the step that is shown, an index of the trace; set it to show another.

        Raises IndexError for a step that the trace does not have, TypeError for what is no whole number.
        """
        return int(self._stage.step)

    @step.setter
    def step(self, k: int) -> None:
        step = self.trace.step_at(k)
        self._stage.partial = {"step": -1, "back": 0}
        self._stage.step = step


def _count(network: Network) -> int:
    """Return how many numbers can be changed: weights, biases, inputs and targets."""
    return sum(it.size for it in (*network.weights, *network.biases)) + network.sizes[0] + network.sizes[-1]


def _close(widget: ipywidgets.Widget) -> None:
    for part in getattr(widget, "children", ()):
        _close(part)
    widget.close()


def explain(
    network: Network | Example | Trace | str | None = None,
    x: Any = None,
    target: Any = None,
    *,
    lang: str | None = None,
    theme: str | None = None,
    learning_rate: float | None = None,
    view: str = VIEWS[0],
) -> Explainer:
    """Show one forward and one backward pass, step by step, with sliders for every number.

    Without arguments it is the lecture's network and sample. In the network's place may stand an `example` or its name,
    such as "mazur", or a recorded run. x has shape (n_in,) and target (n_out,), or N samples are the rows of x,
    (N, n_in), and target, (N, n_out); where the outputs are a softmax, target may be the number of a class, counted
    from 0, or N of them. What is left out is taken from the example or the run, else from the lecture's sample,
    (1, −1, …) and (1, 0, …). With a `learning_rate` η the walk ends with the update, of the biases too. `lang` is en or
    zh-TW; `theme` is light, dark, projector, or auto, which follows the page. `view` is network, or mirror: with the
    reversed network of the backward pass below it.

    Raises TypeError or ValueError for what does not fit or is too large to be walked through, OverflowError where the
    numbers grow too large.
    """
    given = example(network) if isinstance(network, str) else network
    sample = given.sample if isinstance(given, Trace) and x is None else 0
    shown = given if isinstance(given, Example) else None
    if isinstance(given, Example | Trace):
        given, x, target, learning_rate = _with_samples(given, x, target, learning_rate)
    given = Network.lecture() if given is None else given
    if not isinstance(given, Network):
        raise no_network(given)
    rate = None if learning_rate is None else check_learning_rate(learning_rate)
    usual_x, usual_target = default_sample(given)
    x, target = check_samples(given, usual_x if x is None else x, usual_target if target is None else target)
    check_limits(given, x)
    session = Session(given, x, target, rate)
    session.choose(sample)
    return Explainer(session, lang=lang, theme=theme, view=view, example=shown)


def _with_samples(
    run: Example | Trace, x: Any, target: Any, rate: float | None
) -> tuple[Network, Any, Any, float | None]:
    """Return network, samples and learning rate: those of an example or a run where no others are given."""
    x, target = (own if given is None else given for given, own in ((x, run.x), (target, run.target)))
    return run.network, x, target, run.learning_rate if rate is None else rate
