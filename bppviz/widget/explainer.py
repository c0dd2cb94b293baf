"""The widget: the stage, with the controls of the walk, of the numbers and of training around it.

Whatever changes the numbers goes through `act`: stop the training, try, say what is wrong, feed the page, refresh the
controls, draw what is open. The parts of the widget share a desk, and only the explainer knows them all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import ipywidgets

from bppviz.core.checks import counted
from bppviz.core.network import Network
from bppviz.core.trace import Trace
from bppviz.core.walk import default_granularity, walk
from bppviz.page.defaults import WHOLE
from bppviz.page.handout import embedded
from bppviz.page.surface import TABS
from bppviz.picture.film import VIEWS
from bppviz.picture.theme import choice
from bppviz.practice.answer import Answer
from bppviz.practice.notices import notices
from bppviz.practice.session import Session
from bppviz.widget.away import Away
from bppviz.widget.desk import Desk
from bppviz.widget.door import Door
from bppviz.widget.edits import Edits
from bppviz.widget.feed import Feed, comes_later
from bppviz.widget.keepsake import Keepsake
from bppviz.widget.options import Options
from bppviz.widget.panels import Panels
from bppviz.widget.parts import Parts, close_all
from bppviz.widget.predict import Predict
from bppviz.widget.stage import Hold, Stage
from bppviz.widget.training import Training
from bppviz.words.catalogue import language, words


class Beginning(NamedTuple):
    """How a widget is shown at first: `step` is None at the beginning of the walk, `panel` empty where none is open."""

    lang: str | None = None
    theme: str | None = None
    view: str = VIEWS[0]
    step: int | None = None
    panel: str = ""


def _in_marimo(explainer: Explainer) -> tuple[str, str]:
    """Return what marimo shows of a widget, for it knows no ipywidgets: the page of the run as it is now."""
    stage = explainer._stage
    begins = {"lang": stage.lang, "theme": stage.theme, "view": stage.view, "step": stage.step}
    return "text/html", embedded(explainer.trace, begins)


class Explainer(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A walk through a run of a network, which can be changed and trained on the way. `explain` makes one."""

    _mime_ = _in_marimo

    def __init__(self, session: Session, begins: Beginning, shown: Any = None) -> None:
        self._session = session
        self._stage = _stage(session.trace, Door(self._fail), begins)
        self._desk = desk = Desk(self._stage, session, self._act)
        self._predict = Predict(desk, lambda: self._training.rate, lambda: self._feed.show_frame())
        self._panels = Panels(desk, shown)
        self._feed = Feed(desk, self._predict, self._refresh, self._draw)
        self._edits = Edits(desk, self._put)
        self._training = Training(desk, self._show)
        self._options = Options(desk)
        self._away = Away(desk, self._sleep, self._wake, lambda: self._stage.running or self._feed.is_making)
        self._keepsake = Keepsake(desk, lambda: self._predict.is_on)
        super().__init__(layout=self._stage.layout)
        self._build()
        self.add_class("bppviz")
        self._listen()
        self._refresh()
        self._draw()
        if self._predict.follow(begins.panel):
            self._predict.exam.keep()
        self._feed.begin()

    # What is done

    def _act(self, change: Callable[[], None]) -> None:
        """Make a change, and show what came of it, or what is wrong."""
        self._training.stop()
        self._desk.edit = None
        self._stage.progress = {}
        self._desk.dare(change)
        self._feed.show()
        self._refresh()
        if not self._desk.hold().down or self._panels.is_due:
            self._panels.draw()

    def _put(self, change: Callable[[], None], part: Any) -> bool:
        """Make a change for a slider or field, and tell whether it was made: what is refused changes nothing.

        No more is shown of it than a drag has time for; the rest follows when the drag ends.
        """
        self._training.stop()
        if not self._desk.dare(change):
            return False
        self._stage.progress = {}
        self._feed.show()
        with self._desk.unheard():
            self._edits.show_ways()
            self._training.show_course()
        if self._panels.is_due:
            self._edits.show_numbers(but=part)
            self._panels.draw("weights", "table", "matrices")
        return True

    def _show(self) -> None:
        """Show the run as it is now, everywhere."""
        self._feed.show()
        self._refresh()
        self._panels.draw()

    def _draw(self) -> None:
        """Draw what is open, and keep what the page shows without a kernel."""
        self._panels.draw()
        self._panels.keep()

    def _refresh(self) -> None:
        """Let every control show what is."""
        if self._desk.is_away:
            return
        with self._desk.unheard():
            self._edits.refresh()
            self._training.refresh()
            self._options.refresh()
            self._predict.exam.keep()
            self._edits.show_data()
            self._stage.notices = notices(self.trace)

    def _fail(self, part: str, error: Exception) -> None:
        """Say in place that a part failed, and let no control stay as it was in the middle of that."""
        self._stage.tell_failure(part, error)
        self._refresh()

    # What is heard

    def _listen(self) -> None:
        def hear(act: Callable[[Any], object], *names: str) -> None:
            self._stage.observe(self._desk.door.to("change", act), names)

        hear(lambda _: self._feed.arrive(), "step", "partial", "granularity")
        hear(lambda change: self._open(change["new"]), "panel")
        hear(lambda _: self._panels.draw(), "lang", "panel")
        hear(lambda change: self._go(change["new"][0]), "way")
        hear(lambda _: self._feed.film(), "view")
        hear(lambda _: self._select(), "selected")
        hear(lambda change: self._grab(change["old"], change["new"]), "hold")
        hear(lambda change: self._edits.enter(change["new"]), "entered")
        hear(lambda change: self._edits.use(change["new"]), "data")
        hear(lambda _: self._away.hear(), "shown")

    def _open(self, panel: str) -> None:
        """Fill the panel that is opened; begin to ask for results, or end it."""
        self._fill(panel)
        if self._predict.follow(panel):
            self._feed.show()
            self._predict.exam.keep()

    def _go(self, way: str) -> None:
        """Undo or redo by a key."""
        self._act(self._session.undo if way == "undo" else self._session.redo)

    def _select(self) -> None:
        """Give sliders to what was chosen, and show what its derivative means."""
        self._edits.select()
        self._panels.draw()

    def _grab(self, before: Hold, now: Hold) -> None:
        """End a training when the user grabs a number, and soon show what could not be shown where one was let go."""
        if now.times > before.times:
            self._training.finish()
        self._feed.rest()

    # The controls, which are there as long as a page shows them

    def _build(self) -> None:
        """Make the controls around the stage."""
        self._parts = parts = Parts(self._desk.say)
        self._ways = self._edits.build(parts)
        self._boxes = boxes = {name: parts.panel(name) for name in TABS}
        self._panels.build(parts, boxes)
        around = self._options.build(parts, self._ways.sample)
        main = [around.transport, around.steps, self._stage, around.tabs, around.settings]
        self.children = [parts.box(*main, *boxes.values(), names=["lay"])]
        self._fill(self._stage.panel)

    def _fill(self, panel: str) -> None:
        """Make what is in a panel, when it is first opened: the page gets much for it."""
        if self._desk.is_away or panel not in self._boxes or self._boxes[panel].children:
            return
        if panel == "weights":
            self._boxes[panel].children = self._edits.fill(self._panels.charts(panel))
        if panel == "training":
            ways = [self._ways.undo, self._ways.redo, self._ways.data, self._ways.sample]
            charts = [self._panels.charts(panel), self._panels.log()]
            self._boxes[panel].children = self._training.fill(self._parts, ways, charts)
        self._refresh()

    def _put_away(self) -> None:
        """Close all controls; the stage stays."""
        for part in (self._options, self._edits, self._training, self._panels):
            part.put_away()
        for lay in self.children:
            if lay is not self._stage:  # which stands alone where the controls could not be made
                lay.children = [child for child in lay.children if child is not self._stage]
                close_all(lay)
        self._parts.close()

    def _sleep(self) -> None:
        """Give back the memory of what only a page needs: a cell that is run again leaves its widget behind.

        ipywidgets keeps every widget until it is closed: https://github.com/jupyter-widgets/ipywidgets/issues/1345
        The stage stays, and tells when a page shows it again.
        """
        self._put_away()
        self.children = [self._stage]
        self._feed.put_away()
        self._predict.exam.put_away()

    def _wake(self) -> None:
        self._build()
        self._feed.come_back()

    def close(self) -> None:
        """Take the widget out of every page, with all of its parts."""
        if hasattr(self, "_parts"):  # also called for one that was never finished
            self._training.leave()
            self._feed.stop()
            self._predict.exam.stop()
            self._away.stop()
            self._keepsake.close()
            if not self._desk.is_away:
                self._desk.is_away = True
                self._put_away()
            self._stage.close()
            self.layout.close()
        super().close()

    # What the outside asks

    def _ipython_display_(self) -> None:
        """Show the widget in a notebook, and beside it what is seen where it is not alive."""
        self._keepsake.show(self._repr_mimebundle_())

    def __repr__(self) -> str:
        samples = f", {counted(self.trace.samples, 'sample')}" if self.trace.samples else ""
        return f"Explainer({self.network.shape}, step {self.step} of {len(self.trace)}{samples})"

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
        self._stage.partial = dict(WHOLE)
        self._stage.step = step


def _stage(trace: Trace, door: Door, begins: Beginning) -> Stage:
    """Return the stage as it is shown at first."""
    granularity = default_granularity(trace)
    given: dict[str, Any] = {
        "lang": language(begins.lang),
        "theme": choice(begins.theme),
        "view": begins.view,
        "step": walk(trace, granularity)[0].last if begins.step is None else trace.step_at(begins.step),
        "granularity": granularity,
        "panel": begins.panel,
    }
    stage: Stage = Parts(words(given["lang"])).make(Stage, trace=trace, door=door, coming=comes_later(trace), **given)
    return stage
