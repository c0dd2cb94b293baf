"""What is drawn in the page with plotly.js: the stage, which walks among the frames of a film, and charts beside it."""

from __future__ import annotations

from typing import Any, NamedTuple

import anywidget
import traitlets

from bppviz.core.checks import brief
from bppviz.core.network import Network
from bppviz.core.place import place_at
from bppviz.core.trace import Trace
from bppviz.page.assets import fonts, packed_module, page_module, plotly_js, style_sheet
from bppviz.page.defaults import DEFAULTS
from bppviz.page.packed import choices, packed, zipped
from bppviz.page.surface import TABS
from bppviz.widget.door import Door, described
from bppviz.words.catalogue import catalogue

TEXT_SIZES = 0.5, 3.0  # of words and controls, the smallest and the largest
# The traits that the page sets. All else goes from here to the page.
FROM_PAGE = {
    *("step", "partial", "granularity", "speed", "by_phase", "text_size", "letter_keys", "view", "lang", "theme"),
    *("spotlight", "selected", "panel", "problem", "data", "reply"),
}
# What a reply may say, and the type of each.
REPLY = {"act": str, "text": str, "level": int, "step": int, "times": int}


class Loaded(anywidget.AnyWidget):
    """A view whose module and style sheet are sent packed, in `code`: so each widget costs a page a third of them."""

    # Text, not a path: anywidget would watch a file, and keep every instance alive for it:
    # https://github.com/manzt/anywidget/issues/929
    _esm = page_module("load.js")

    code = traitlets.Bytes().tag(sync=True)


class Plotted(Loaded):
    """A view that is drawn with plotly.js, which it sends to a page that asks for it."""

    def __init__(self, door: Door, **traits: Any) -> None:
        super().__init__(**traits)
        self.door = door
        self.on_msg(lambda _, message, __: door.call("message", self._answer, message))

    def _answer(self, message: dict[str, Any]) -> None:
        """Do what the page asks for in a message, if it is of a known kind."""
        if message["kind"] == "plotly":
            self.send({"kind": "plotly"}, [plotly_js(), *fonts()])


class Hold(NamedTuple):
    """What the user grabbed last: its place, and whether that was a slider; else a field, or a number in the picture.

    `times` counts how often something was grabbed; `down` is True as long as it is held: while the mouse button is
    down on a slider, and while a field has the focus.
    """

    at: str
    times: int
    slider: bool = False
    down: bool = False

    def is_on(self, at: str, *, slider: bool) -> bool:
        """Tell whether the user is holding the slider, or else the field, of a place."""
        return self.down and self.at == at and self.slider == slider


class Entered(NamedTuple):
    """The number that the user changed last in the picture: the name of its place, and what it is to be.

    `value` is a text where it was typed. `times` counts how often one was changed.
    """

    at: str
    value: float | str
    times: int


class Stage(Plotted):
    """The picture and the words under it, at `step` of the trace in `film`.

    With `by_phase` playing stops at the end of each phase; `text_size` is that of words and controls, 1 at first;
    without `letter_keys` no key of one character does anything; with `spotlight` the picture dims all that has no part
    in the step. `selected` is the place that is chosen, such as
    "w-1-0-1"; `panel` is the one that is open, if one is; `problem` and `progress` hold the name of a message and its
    blanks, `notices` some such. While the panel "predict" is open the page shows `fresh` alone; `quiz` says whether
    something is asked for and how it went, `reply` what was answered: its `act`, and how many there were. With `exam`
    the page goes on asking by itself when the kernel is gone.

    What the page tells in messages is never held back behind what else it sends: `hold` says which slider or field the
    user grabbed last, how many times one was grabbed, and whether it is still held; `seen` is the last `progress` with
    which the page was done; `way` says whether a key undid or redid, and how many did; `entered` is the number that the
    user changed last in the picture; `shown` says whether a page shows the stage, or may come to do so. A message with
    a `number` is answered: so the page knows that the kernel still knows it.

    A trait refuses with a TraitError what the page or Python cannot go on with. What fails is told to the `door`.
    """

    # Until the style sheet is unpacked nothing is seen, or after a second where it cannot be.
    _css = "@keyframes bppviz-wait { from, to { visibility: hidden; } } .bppviz-lay { animation: bppviz-wait 1s; }"
    code = traitlets.Bytes(packed_module("stage.js", style_sheet())).tag(sync=True)
    film = traitlets.Bytes().tag(sync=True)
    fresh = traitlets.Bytes().tag(sync=True)
    exam = traitlets.Bytes().tag(sync=True)
    step = traitlets.Int(DEFAULTS["step"], min=0).tag(sync=True)
    partial = traitlets.Dict(DEFAULTS["partial"]).tag(sync=True)
    granularity = traitlets.Unicode(DEFAULTS["granularity"]).tag(sync=True)
    speed = traitlets.Float(DEFAULTS["speed"]).tag(sync=True)
    by_phase = traitlets.Bool(DEFAULTS["by_phase"]).tag(sync=True)
    text_size = traitlets.Float(DEFAULTS["text_size"]).tag(sync=True)
    letter_keys = traitlets.Bool(DEFAULTS["letter_keys"]).tag(sync=True)
    view = traitlets.Unicode(DEFAULTS["view"]).tag(sync=True)
    lang = traitlets.Unicode(DEFAULTS["lang"]).tag(sync=True)
    theme = traitlets.Unicode(DEFAULTS["theme"]).tag(sync=True)
    spotlight = traitlets.Bool(DEFAULTS["spotlight"]).tag(sync=True)
    selected = traitlets.Unicode(DEFAULTS["selected"]).tag(sync=True)
    hold = traitlets.Instance(Hold, ("", 0))
    way = traitlets.Tuple(("", 0))
    entered = traitlets.Instance(Entered, ("", 0.0, 0))
    shown = traitlets.Bool(True)
    panel = traitlets.Unicode(DEFAULTS["panel"]).tag(sync=True)
    problem = traitlets.Dict().tag(sync=True)
    notices: traitlets.List[Any] = traitlets.List().tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)
    running = traitlets.Bool(False).tag(sync=True)
    data = traitlets.Unicode("").tag(sync=True)
    quiz = traitlets.Dict(DEFAULTS["quiz"]).tag(sync=True)
    reply = traitlets.Dict({"act": "", "times": 0}).tag(sync=True)

    def __init__(self, trace: Trace, door: Door | None = None, *, coming: bool = False, **traits: Any) -> None:
        self._network = trace.network
        self._choices = choices(trace, live=True)
        self.steps = len(trace)
        film = packed(trace, traits.get("view", DEFAULTS["view"]), coming=coming)
        super().__init__(door or Door(self.tell_failure), film=film, **traits)
        self.seen: dict[str, Any] = {}

    def tell_failure(self, part: str, error: Exception) -> None:
        """Say in place that a part of the widget failed, and that the rest goes on."""
        self.problem = {"name": f"failed_{part}", "error": described(error)}

    def _answer(self, message: dict[str, Any]) -> None:
        super()._answer(message)
        if message["kind"] == "seen":
            self.seen = message["progress"]
        elif message["kind"] in ("here", "left"):
            self.shown = message["kind"] == "here"
        elif message["kind"] == "hold":
            times = self.hold.times + message["taken"]
            self.hold = Hold(message["at"], times, message["slider"], message["down"])
        elif message["kind"] in ("undo", "redo"):
            self.way = (message["kind"], self.way[1] + 1)
        elif message["kind"] == "enter":
            self.entered = Entered(message["at"], message["value"], self.entered.times + 1)
        if "number" in message:
            self.send({"kind": "heard", "number": message["number"]})

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take over a state from the page; of what is refused, tell the page how it is."""
        if not self.door.call("message", self._take, sync_data):
            self.send_state([name for name in sync_data if name in self.keys])

    def _take(self, state: dict[str, Any]) -> None:
        state = {name: value for name, value in state.items() if name != "quiz"}  # the page asked, when we were away
        foreign = sorted(state.keys() - FROM_PAGE)
        if foreign:
            raise traitlets.TraitError(f"{', '.join(foreign)} cannot be set from the page.")
        super().set_state(state)

    @traitlets.validate("granularity", "speed", "lang", "theme", "view", "data")
    def _check_choice(self, proposal: Any) -> Any:
        name, value = proposal["trait"].name, proposal["value"]
        offered = [choice["value"] for choice in self._choices["language" if name == "lang" else name]]
        if value not in offered:
            raise _refused(proposal, f"choose one of: {', '.join(map(str, offered))}")
        return value

    @traitlets.validate("step")
    def _check_step(self, proposal: Any) -> int:
        return min(int(proposal["value"]), self.steps - 1)  # the page may still have a walk that was longer

    @traitlets.validate("partial")
    def _check_partial(self, proposal: Any) -> dict[str, int]:
        value: dict[str, int] = proposal["value"]
        whole = all(type(it) is int for it in value.values())
        if value.keys() != {"step", "back"} or not whole or value["back"] < 0:
            raise _refused(proposal, "give a step and how many terms of its sum are missing: {'step': 3, 'back': 1}")
        return value

    @traitlets.validate("panel")
    def _check_panel(self, proposal: Any) -> str:
        value: str = proposal["value"]
        if value and value not in TABS:
            raise _refused(proposal, f"choose one of: {', '.join(TABS)}; or an empty text, for none")
        return value

    @traitlets.validate("selected")
    def _check_selected(self, proposal: Any) -> str:
        value: str = proposal["value"]
        if value and not _exists(self._network, value):
            raise _refused(proposal, "give a number of this network, such as w-1-0-0, or an empty text")
        return value

    @traitlets.validate("text_size")
    def _check_size(self, proposal: Any) -> float:
        value: float = proposal["value"]
        least, most = TEXT_SIZES
        if not least <= value <= most:
            raise _refused(proposal, f"give a number from {least:g} to {most:g}")
        return value

    @traitlets.validate("problem", "progress")
    def _check_said(self, proposal: Any) -> dict[str, Any]:
        value: dict[str, Any] = proposal["value"]
        if value and f"{proposal['trait'].name}.{value.get('name')}" not in catalogue("en"):
            raise _refused(proposal, "give the name of a message with its blanks, or an empty dict")
        return value

    @traitlets.validate("reply")
    def _check_reply(self, proposal: Any) -> dict[str, Any]:
        value: dict[str, Any] = proposal["value"]
        if not all(type(it) is REPLY.get(name) for name, it in value.items()):
            raise _refused(proposal, f"give some of: {', '.join(REPLY)}")
        return value


def _refused(proposal: Any, mend: str) -> traitlets.TraitError:
    """Return the error that a trait raises for a value: what was given, and how to mend it."""
    return traitlets.TraitError(f"{proposal['trait'].name} is {brief(proposal['value'])}; {mend}.")


def _exists(network: Network, key: str) -> bool:
    """Tell whether a network has a number that the page calls so."""
    try:
        place = place_at(key)
    except (ValueError, TypeError):
        return False
    sizes = network.sizes
    shapes = {**network.shapes, ("x", 0): (sizes[0],), ("t", network.layers): (sizes[-1],)}
    at = (place.unit,) if place.source is None else (place.unit, place.source)
    shape = shapes.get(place[:2], ())
    return len(at) == len(shape) and all(0 <= i < size for i, size in zip(at, shape, strict=True))


class Tables(Loaded):
    """Tables beside the network, which the page fills in as the walk goes on.

    `head` is what the head of their panel says: a `title`, what is `said` beside it, and its `role`. Among `choices`,
    each a value and its text, the page sets what is `shown`: one of the tables by its name, or something beside them.
    """

    code = traitlets.Bytes(packed_module("table.js")).tag(sync=True)
    tables: traitlets.List[Any] = traitlets.List().tag(sync=True)
    head = traitlets.Dict().tag(sync=True)
    choices: traitlets.List[Any] = traitlets.List().tag(sync=True)
    shown = traitlets.Unicode("").tag(sync=True)

    def show(self, tables: list[dict[str, Any]], head: dict[str, Any]) -> None:
        """Show tables, and say something in the head of their panel."""
        with self.hold_sync():
            self.tables, self.head = tables, head


class Matrices(Loaded):
    """The matrices of a run beside the network, gzipped JSON, of which the page shows the sheet of the step.

    The page sets whether one sample is `shown`, that of the picture, or all of several.
    """

    code = traitlets.Bytes(packed_module("matrices.js")).tag(sync=True)
    sheets = traitlets.Bytes().tag(sync=True)
    shown = traitlets.Unicode("one").tag(sync=True)

    def show(self, sheets: dict[str, Any]) -> None:
        """Show the sheets of a run."""
        self.sheets = zipped(sheets)


class ProgramView(Loaded):
    """The program of a run, packed, in which the page moves on with the walk.

    The page sets the library that is `shown`, numpy or torch. `found` holds the `values` that PyTorch finds, or a
    `state`: computing, no_torch, or failed with a `why`.
    """

    code = traitlets.Bytes(packed_module("code.js")).tag(sync=True)
    program = traitlets.Bytes().tag(sync=True)
    shown = traitlets.Unicode("numpy").tag(sync=True)
    found = traitlets.Dict().tag(sync=True)

    def show(self, program: bytes, found: dict[str, Any]) -> None:
        """Show a program, and what PyTorch finds."""
        with self.hold_sync():
            self.program, self.found = program, found


class Chart(Plotted):
    """A plotly figure beside the network, gzipped JSON, whose colours the page puts in; empty shows nothing."""

    code = traitlets.Bytes(packed_module("chart.js")).tag(sync=True)
    figure = traitlets.Bytes().tag(sync=True)

    def show(self, figure: dict[str, Any]) -> None:
        """Draw a figure."""
        self.figure = zipped(figure)
