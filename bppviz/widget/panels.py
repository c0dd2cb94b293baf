"""The charts and tables in the panels beside the picture, which are drawn while their panel is open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import Any

import ipywidgets

from bppviz.core.examples import Example
from bppviz.core.trace import Trace
from bppviz.core.walk import edges
from bppviz.page.program import packed_program
from bppviz.page.surface import TABS
from bppviz.panels.code_torch import torch_found
from bppviz.panels.cost_chart import cost_chart
from bppviz.panels.heat_map import heat_map
from bppviz.panels.loss_curve import loss_curve
from bppviz.panels.matrices import matrices
from bppviz.panels.meaning import meaning
from bppviz.panels.tables import (
    MOST_TABLED,
    Heading,
    Table,
    check_head,
    check_table,
    cost_table,
    offered,
    plain_head,
    published_table,
    run_tables,
    sharing_table,
    too_large,
    too_many,
    unchecked,
)
from bppviz.practice.differences import effort
from bppviz.practice.gradient_check import MOST_EFFORT, GradientCheck, check_gradients
from bppviz.practice.left_gradients import holds_gradients
from bppviz.practice.three_ways import measured
from bppviz.practice.torch_run import gradients_of_copy, has_torch
from bppviz.widget.background import Background
from bppviz.widget.desk import Desk
from bppviz.widget.door import described
from bppviz.widget.parts import Parts, running_loop
from bppviz.widget.stage import Chart, Matrices, ProgramView, Tables

DRAWN = 0.25  # seconds of dragging between two drawings of a chart: the network goes first
CHARTS = {"weights": ("meaning",), "training": ("curve", "plane"), "why": ("cost",)}
TABLES = {"table": ("table",), "why": ("why", "sharing"), "check": ("check",)}
AT_FIRST = {"table": "both", "why": "depth"}  # what is chosen at first
CHECKED_AT_ONCE = 30_000_000  # multiplications: up to 0.3 s


class Boxes:
    """The boxes of charts and tables, each of which is made when it is first looked at: a page gets much for it."""

    def __init__(self, desk: Desk, parts: Parts, panels: dict[str, ipywidgets.Box]) -> None:
        self.parts = parts
        self.panels = panels
        self.charts: dict[str, Chart] = {}
        self.tables: dict[str, Tables] = {}
        self.rows: dict[str, ipywidgets.Box] = {}
        self.matrices: Matrices | None = None  # once their panel was opened
        self.log: ipywidgets.Checkbox | None = None  # once there is a curve of the loss
        self.measure: ipywidgets.Button | None = None  # once there is a table of what gradients cost
        self.program: ProgramView | None = None  # once its panel was opened
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

    def table(self, name: str) -> Tables:
        """Return tables; those that are named after their panel write its head, and offer what can be chosen there."""
        if name not in self.tables:
            self.tables[name] = self.parts.make(Tables, choices=offered(name), shown=AT_FIRST.get(name, ""))
        return self.tables[name]


class Panels:
    """Draws the panels that are open; `shown` is the example that is shown, or the model of PyTorch, if it is one."""

    def __init__(self, desk: Desk, shown: Any) -> None:
        self._desk = desk
        self._example = shown if isinstance(shown, Example) else None
        self._model = shown if holds_gradients(shown) else None
        self._stage, self._session, self._door = desk.stage, desk.session, desk.door
        self._check: Background[tuple[list[Table], Heading]] = Background(lambda: self.draw("check"), desk.door)
        self._torch: Background[dict[str, Any]] = Background(lambda: self.draw("code"), desk.door)
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
        if self._stage.panel in (only or TABS):
            self._draw_panel(self._stage.panel, self._boxes)
        self._drawn = perf_counter()

    def keep(self) -> None:
        """Write what is in the panels that can be opened without a kernel, of the run whose film the page has."""
        if self._boxes and self._stage.panel != "table":
            self._door.call("chart", self._tabulate, "table", self._boxes)
        if self._boxes and self._boxes.matrices and self._stage.panel != "matrices":
            self._door.call("chart", self._lay_out, self._boxes)
        if self._boxes and self._boxes.program and self._stage.panel != "code":
            self._door.call("chart", self._program, self._boxes)

    def _draw_panel(self, panel: str, boxes: Boxes) -> None:
        """Draw each chart and table of a panel that there is something to draw of, whatever comes of the others."""
        if panel in TABLES:
            self._door.call("chart", self._tabulate, panel, boxes)
        if panel == "matrices":
            self._door.call("chart", self._lay_out, boxes)
        if panel == "code":
            self._door.call("chart", self._program, boxes)
        log = bool(boxes.log and boxes.log.value)
        for name, figure in self._figures(panel, log).items():
            self._door.call("chart", lambda name=name, figure=figure: boxes.chart(name).show(figure()))

    # Charts

    def _figures(self, panel: str, log: bool) -> dict[str, Callable[[], Any]]:
        """Return what makes each figure of a panel; with `log` the axis of the loss is logarithmic."""
        desk, trace = self._desk, self._desk.trace
        say, place = desk.say, desk.selected
        figures: dict[str, Callable[[], Any]] = {}
        if panel == "weights":
            before = desk.edit.before if desk.edit else None
            figures["meaning"] = lambda: meaning(trace, place, desk.span(place), before, say)
        elif panel == "training":
            course, epoch = self._session.now
            figures["curve"] = lambda: loss_curve(self._session.losses, epoch, say, log=log)
            if trace.network.sizes[0] == 2:
                figures["plane"] = lambda: heat_map(trace.network, course.x, course.target, say)
        elif panel == "why":
            by = "width" if self._boxes and self._boxes.table("why").shown == "width" else "depth"
            figures["cost"] = lambda: cost_chart(trace.network.sizes, by, say)
        return figures

    # Tables

    def _lay_out(self, boxes: Boxes) -> None:
        """Show the matrices of the run, in a panel that is filled when it is first opened."""
        if boxes.matrices is None:
            boxes.matrices = boxes.parts.make(Matrices, "sheets")
            head = boxes.parts.head("matrices", boxes.parts.place("said"), boxes.parts.place("choices"))
            boxes.panels["matrices"].children = [head, boxes.matrices]
        boxes.matrices.show(matrices(self._desk.trace))

    def _tabulate(self, panel: str, boxes: Boxes) -> None:
        """Write the tables of a panel, which is filled when it is first opened."""
        if not boxes.panels[panel].children:
            boxes.panels[panel].children = self._filled(panel, boxes)
        for name in TABLES[panel]:
            boxes.table(name).show(*self._tabulated(name, boxes))

    def _filled(self, panel: str, boxes: Boxes) -> list[ipywidgets.Widget]:
        """Return what is in a panel: its head, its tables, and what else belongs there."""
        parts, table = boxes.parts, boxes.table
        if panel == "table":
            return [parts.head("table", parts.place("choices")), table("table")]
        if panel == "check":
            return [parts.head("verdict", parts.place("said")), table("check")]
        table("why").observe(self._door.to("chart", lambda _: self.draw("why")), "shown")
        boxes.measure = self._desk.button(parts, "measure", self._time)
        growth = parts.row(parts.place("choices", "growth"), boxes.measure)
        return [parts.head("why", parts.place("said")), table("why"), boxes.row("why"), growth, table("sharing")]

    def _tabulated(self, name: str, boxes: Boxes) -> tuple[list[Table], Heading]:
        """Return tables, and what the head of their panel says.

        A network too large to be walked through by neuron has only what it costs.
        """
        trace, example = self._desk.trace, self._example
        is_large = edges(trace) > MOST_TABLED
        if name == "why":
            seconds = self._seconds if self._timed == trace.network.sizes else None
            is_working = bool(boxes.measure and boxes.measure.disabled)
            return [cost_table(trace, seconds)], plain_head(is_working=is_working)
        if name == "sharing":
            return [] if is_large else [sharing_table(trace)], {}
        if is_large:
            return [too_large(MOST_TABLED)], plain_head(is_check=name == "check")
        if name == "table":
            return run_tables(trace), {}
        tables, head = self._checked()
        return [*tables, *([published_table(example)] if example and example.published else [])], head

    def _checked(self) -> tuple[list[Table], Heading]:
        """Return the table of the checked gradients, or what stands in its place, and the verdict."""
        trace = self._desk.trace
        head = plain_head(is_check=True)

        def make() -> tuple[list[Table], Heading]:
            try:
                check = check_gradients(trace.network, trace.x, trace.target)
            except OverflowError:
                return [unchecked()], head
            check, failed = self._beside(trace, check)
            return [check_table(trace, check, failed)], check_head(check)

        needed = effort(trace.network, trace.samples or 1)
        if needed < CHECKED_AT_ONCE:
            return make()
        if needed > MOST_EFFORT:
            return [too_many((trace.samples or 1) * MOST_EFFORT // needed)], head
        return self._check.get(trace, make) or ([], plain_head(is_check=True, is_working=True))

    def _beside(self, trace: Trace, check: GradientCheck) -> tuple[GradientCheck, str]:
        """Return a check with the gradients of the model beside it, if there is one, or why they cannot be had."""
        if self._model is None:
            return check, ""
        try:
            return check.beside(trace, gradients_of_copy(self._model, trace)), ""
        except Exception as error:  # in PyTorch's words
            return check, described(error)

    # The program

    def _program(self, boxes: Boxes) -> None:
        """Write the program of the run, whose panel is filled when it is first opened."""
        if boxes.program is None:
            boxes.program = view = boxes.parts.make(ProgramView)
            view.observe(self._door.to("chart", lambda _: self.draw("code")), "shown")
            boxes.panels["code"].children = [boxes.parts.head("code", boxes.parts.place("acts")), view]
        trace = self._desk.trace
        boxes.program.show(packed_program(trace), self._found(trace, is_shown=boxes.program.shown == "torch"))

    def _found(self, trace: Trace, *, is_shown: bool) -> dict[str, Any]:
        """Return what PyTorch finds, or why there is nothing: it is computed beside whatever else the kernel does."""
        if not has_torch():
            return {"state": "no_torch"}
        if not is_shown:
            return {"state": "computing"}  # as soon as somebody wants to see it

        def make() -> dict[str, Any]:
            try:
                return {"values": torch_found(trace)}
            except Exception as error:  # in PyTorch's words
                return {"state": "failed", "why": described(error)}

        return self._torch.get(trace, make) or {"state": "computing"}

    # What the gradients cost

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
        self.draw("why")
        if taken:
            taken.result()  # tells what went wrong
