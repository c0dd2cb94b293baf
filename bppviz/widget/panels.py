"""The charts and tables in the panels beside the picture, which are drawn while their panel is open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any

import ipywidgets

from bppviz.core.examples import Example
from bppviz.core.place import Place, place_at
from bppviz.core.walk import edges
from bppviz.panels.cost_chart import cost_chart
from bppviz.panels.heat_map import heat_map
from bppviz.panels.loss_curve import loss_curve
from bppviz.panels.meaning import meaning
from bppviz.panels.stack import stack
from bppviz.panels.tables import (
    MOST_TABLED,
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
from bppviz.practice.differences import effort
from bppviz.practice.gradient_check import MOST_EFFORT, check_gradients
from bppviz.practice.three_ways import measured
from bppviz.widget.background import Background
from bppviz.widget.desk import Desk
from bppviz.widget.knobs import limit
from bppviz.widget.parts import Parts, running_loop
from bppviz.widget.stage import PANELS, Chart, Tables

DRAWN = 0.25  # seconds of dragging between two drawings of a chart: the network goes first
CHARTS = {"weights": ("meaning", "stack"), "training": ("curve", "map"), "why": ("depth", "width")}
TABLES = ("table", "why", "check")
CHECKED_AT_ONCE = 30_000_000  # multiplications: up to 0.3 s


class Boxes:
    """The boxes of charts and tables, each of which is made when it is first looked at: a page gets much for it."""

    def __init__(self, desk: Desk, parts: Parts, panels: dict[str, ipywidgets.Box]) -> None:
        self.parts = parts
        self.panels = panels
        self.charts: dict[str, Chart] = {}
        self.tables: dict[str, Tables] = {}
        self.rows: dict[str, ipywidgets.Box] = {}
        self.log: ipywidgets.Checkbox | None = None  # once there is a curve of the loss
        self.measure: ipywidgets.Button | None = None  # once there is a table of what gradients cost
        self._door = desk.door

    def row(self, panel: str) -> ipywidgets.Box:
        """Return the row of the charts of a panel."""
        if panel not in self.rows:
            self.rows[panel] = self.parts.box(names=["charts"])
        return self.rows[panel]

    def chart(self, name: str) -> Chart:
        """Return a chart, which takes its place in the row of its panel when it is first drawn."""
        if name not in self.charts:
            self.charts[name] = self.parts.make(Chart, name, door=self._door)
            panel = next(panel for panel, names in CHARTS.items() if name in names)
            self.row(panel).children = [self.charts[it] for it in CHARTS[panel] if it in self.charts]
        return self.charts[name]

    def table(self, name: str, *more: ipywidgets.Widget) -> Tables:
        """Return the tables of a panel, which is filled with them, and with what else belongs there, at first."""
        if name not in self.tables:
            self.tables[name] = self.parts.make(Tables)
            self.panels[name].children = [self.tables[name], *more]
        return self.tables[name]


class Panels:
    """Draws the panels that are open; `example` is the one that is shown, with its published numbers."""

    def __init__(self, desk: Desk, example: Example | None) -> None:
        self._desk, self._example = desk, example
        self._stage, self._session, self._door = desk.stage, desk.session, desk.door
        self._check: Background[dict[str, Any]] = Background(lambda: self.draw("check"), desk.door)
        self._drawn = 0.0
        self._seconds: dict[str, float | None] | None = None  # that the three ways to the gradients took
        self._timed: tuple[int, ...] | None = None  # the sizes of the network for which
        self._boxes: Boxes | None = None

    def build(self, parts: Parts, panels: dict[str, ipywidgets.Box]) -> None:
        """Remember the panels that charts and tables will stand in."""
        self._boxes = Boxes(self._desk, parts, panels)

    def charts(self, panel: str) -> ipywidgets.Box:
        """Return the row that the charts of a panel will stand in."""
        assert self._boxes is not None
        return self._boxes.row(panel)

    def log(self) -> ipywidgets.Checkbox:
        """Return the control that makes the axis of the loss logarithmic."""
        assert self._boxes is not None
        self._boxes.log = log = self._boxes.parts.tick("log", False)
        log.observe(self._door.to("chart", lambda _: self.draw()), "value")
        return log

    def put_away(self) -> None:
        """Forget the boxes."""
        self._boxes = None

    @property
    def is_due(self) -> bool:
        """Tell whether the charts are to be drawn in the middle of a drag; at its end they are anyway."""
        return perf_counter() > self._drawn + DRAWN

    def draw(self, *only: str) -> None:
        """Draw the charts and tables that are in sight, or of those only the ones of some panels."""
        if self._boxes is None:
            return
        if self._stage.panel in (only or PANELS):
            self._draw_panel(self._stage.panel, self._boxes)
        self._drawn = perf_counter()

    def _draw_panel(self, panel: str, boxes: Boxes) -> None:
        """Draw each chart and table of a panel that there is something to draw of, whatever comes of the others."""
        log = bool(boxes.log and boxes.log.value)
        for name, figure in self._figures(panel, log).items():
            self._door.call("chart", lambda name=name, figure=figure: boxes.chart(name).show(figure()))
        if panel in TABLES:
            self._door.call("chart", self._tabulate, panel, boxes)

    # Charts

    def _figures(self, panel: str, log: bool) -> dict[str, Callable[[], Any]]:
        """Return what makes each figure of a panel; with `log` the axis of the loss is logarithmic."""
        desk, trace = self._desk, self._desk.trace
        say, place = desk.say, self._selected
        figures: dict[str, Callable[[], Any]] = {}
        if panel == "weights":
            before = desk.edit.before if desk.edit else None
            figures["meaning"] = lambda: meaning(trace, place, limit(trace.value(place)), before, say)
            if trace.samples:
                figures["stack"] = lambda: stack(trace, place, say)
        elif panel == "training":
            course, epoch = self._session.now
            figures["curve"] = lambda: loss_curve(self._session.losses, epoch, say, log=log)
            if trace.network.sizes[0] == 2:
                figures["map"] = lambda: heat_map(trace.network, course.x, course.target, say)
        elif panel == "why":
            figures = {name: partial(cost_chart, trace.network.sizes, name, say) for name in CHARTS["why"]}
        return figures

    @property
    def _selected(self) -> Place:
        """Return the weight or bias that is chosen, the first weight where none is."""
        place = place_at(self._stage.selected) if self._stage.selected else None
        return place if place and place.quantity in ("w", "b") else Place("w", 1, 0, 0)

    # Tables

    def _tabulate(self, name: str, boxes: Boxes) -> None:
        """Write the tables of a panel."""
        more = self._timing(boxes) if name == "why" and name not in boxes.tables else []
        boxes.table(name, *more).tables = self._tabulated(name, boxes)

    def _tabulated(self, name: str, boxes: Boxes) -> list[dict[str, Any]]:
        """Return the tables of a panel; a network too large to be walked through by neuron has only what it costs."""
        trace, example = self._desk.trace, self._example
        if name == "why":
            return self._costs(boxes)
        if edges(trace) > MOST_TABLED:
            return [too_large(MOST_TABLED)]
        if name == "table":
            return run_tables(trace)
        return [self._checked(), *([published_table(example)] if example and example.published else [])]

    def _checked(self) -> dict[str, Any]:
        """Return the table of the checked gradients, or what stands in its place."""
        trace = self._desk.trace

        def make() -> dict[str, Any]:
            try:
                return check_table(trace, check_gradients(trace.network, trace.x, trace.target))
            except OverflowError:
                return unchecked()

        needed = effort(trace.network, trace.samples or 1)
        if needed < CHECKED_AT_ONCE:
            return make()
        if needed > MOST_EFFORT:
            return too_many((trace.samples or 1) * MOST_EFFORT // needed)
        return self._check.get(trace, make) or working()

    # What the gradients cost

    def _timing(self, boxes: Boxes) -> list[ipywidgets.Widget]:
        """Return the button that takes the time, and the charts of what grows."""
        boxes.measure = self._desk.button(boxes.parts, "measure", self._time)
        return [boxes.parts.row(boxes.measure), boxes.row("why")]

    def _costs(self, boxes: Boxes) -> list[dict[str, Any]]:
        trace = self._desk.trace
        seconds = self._seconds if self._timed == trace.network.sizes else None
        is_measuring = boxes.measure and boxes.measure.disabled
        return [
            *([working()] if is_measuring else []),
            cost_table(trace, seconds),
            *([] if edges(trace) > MOST_TABLED else [sharing_table(trace)]),
        ]

    def _time(self) -> None:
        """Take the time of the three ways to the gradients, beside whatever else the kernel does."""

        def take() -> None:
            self._seconds, self._timed = measured(trace), trace.network.sizes

        trace, loop = self._desk.trace, running_loop()
        if self._boxes and self._boxes.measure:
            self._boxes.measure.disabled = True  # two at a time would time each other
        self.draw("why")
        if loop:
            loop.run_in_executor(None, take).add_done_callback(self._door.to("time", self._show_time))
        else:
            self._door.call("time", take)
            self._show_time()

    def _show_time(self, taken: asyncio.Future[None] | None = None) -> None:
        if self._boxes is None:
            return
        if self._boxes.measure:
            self._boxes.measure.disabled = False
        if taken:
            taken.result()
        self.draw("why")
