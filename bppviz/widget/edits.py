"""Edits: another number, other samples, and every way back, with the controls for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import ipywidgets
import numpy as np
import traitlets

from bppviz.core.functions import LOSSES
from bppviz.core.network import Network
from bppviz.core.place import Place, entering, gradient_of, groups, key, place_at
from bppviz.core.samples import data_for, samples
from bppviz.practice.typed import single
from bppviz.widget.desk import Desk, Edit, RefusedError
from bppviz.widget.knobs import Knobs
from bppviz.widget.parts import Parts, close_all, offer
from bppviz.widget.sliders import Counter, Rail, Slider, counter, rail
from bppviz.widget.stage import Entered
from bppviz.words.numbers import HOVERED, number
from bppviz.words.scripts import levelled
from bppviz.words.symbols import Symbols

MOST_KNOBS = 40  # numbers; in a larger network only those of the selected neuron have sliders
MOST_ENTERING = 11  # weights of a neuron that have sliders, in a larger network


class EditControls(NamedTuple):
    """What the numbers and the samples are changed with."""

    parts: Parts
    undo: ipywidgets.Button
    redo: ipywidgets.Button
    reset: ipywidgets.Button
    sample: Counter
    data: ipywidgets.Dropdown
    link: traitlets.link  # of the data set with the stage
    knobs: Knobs
    columns: ipywidgets.Box  # of the knobs, once their panel was opened


class Edits:
    """Lets the user change numbers and samples.

    `put(change, part)` makes a change for a slider or field, as the desk's `act` does for all else, and tells whether
    it was made.
    """

    def __init__(self, desk: Desk, put: Callable[[Callable[[], None], Any], bool]) -> None:
        self._desk, self._put = desk, put
        self._stage, self._session = desk.stage, desk.session
        self._given = desk.session.now.course
        self._is_small = _count(desk.network) <= MOST_KNOBS
        self._controls: EditControls | None = None
        self._rail: Rail | None = None  # once the panel of the numbers was opened
        self._filter = ""  # what the names of the numbers of a neuron have in them, in a larger network

    # The controls

    def build(self, parts: Parts) -> EditControls:
        """Return the ways back and the samples, which more than one panel has."""
        self._controls = self._made(parts)
        return self._controls

    def fill(self, charts: ipywidgets.Box) -> list[ipywidgets.Widget]:
        """Return what is in the panel of the numbers, with its chart."""
        controls = self._controls
        assert controls is not None
        parts = controls.parts
        self._choose_knobs(controls)
        self._rail = rail(parts, self._desk.hold)
        self._rail.observe(self._desk.door.to("change", self._slide), "value")
        head = parts.head("weights", controls.undo, controls.redo, controls.reset)
        chosen = [] if self._is_small else [parts.row(parts.place("choose"), self._made_filter(parts))]
        return [head, charts, self._rail, *chosen, controls.columns, parts.row(controls.data, controls.sample)]

    def _made_filter(self, parts: Parts) -> ipywidgets.Text:
        """Return the field that chooses numbers by their names."""
        made = parts.make(ipywidgets.Text, "filter", value=self._filter, **parts.described("filter"))
        made.observe(self._desk.door.to("change", self._sift), "value")
        return made

    def _made(self, parts: Parts) -> EditControls:
        desk, session, enter = self._desk, self._session, self._desk.door.to
        undo = desk.button(parts, "undo", lambda: desk.act(session.undo))
        redo = desk.button(parts, "redo", lambda: desk.act(session.redo))
        reset = desk.button(parts, "reset", lambda: desk.act(session.reset))
        sample = counter(parts, "sample", 1, desk.hold)
        sample.observe(desk.heard(lambda n: session.choose(n - 1)), "value")
        data, link = desk.choice(parts, "data", parts.dropdown)
        knobs = Knobs(desk.network, parts, desk.hold, enter("change", self._edit), enter("change", desk.misread))
        return EditControls(parts, undo, redo, reset, sample, data, link, knobs, parts.place("groups"))

    def put_away(self) -> None:
        """Close what no box holds, and forget the controls."""
        if self._controls:
            controls = self._controls
            controls.link.unlink()
            controls.knobs.clear()
            for control in (controls.undo, controls.redo, controls.reset, controls.sample, controls.data):
                close_all(control)  # they stand in several panels, or in none as yet
            close_all(controls.columns)
        self._controls = self._rail = None

    def refresh(self) -> None:
        """Let the controls of the numbers show what is."""
        self.show_numbers()
        self.show_ways()
        if self._controls:
            count, sample = self._desk.trace.samples, self._controls.sample
            sample.put(self._session.sample + 1, 1, count or 1)
            offer(sample, bool(count))

    def show_numbers(self, *, but: Any = None) -> None:
        """Show the numbers as they are, everywhere `but` in the slider or field that is just being changed."""
        if self._controls:
            self._controls.knobs.show(self._session.value, but=but)
        if self._rail:
            place = self._desk.selected
            # As the page has it on its grid: another last bit would be put on the grid again, and told.
            number = but.value if isinstance(but, Slider) else self._session.value(place)
            self._rail.put(number, *self._desk.span(place))

    def show_ways(self) -> None:
        """Offer to undo, redo and reset where there is something to."""
        if self._controls:
            undo, redo, reset = self._controls.undo, self._controls.redo, self._controls.reset
            undo.disabled, redo.disabled = not self._session.can_undo, not self._session.can_redo
            reset.disabled = self._desk.network is self._session.initial

    def show_data(self) -> None:
        """Show which data set the samples are."""
        if self._controls:
            self._stage.data = self._data_name()
            offer(self._controls.data, bool(data_for(self._desk.network)))

    # Numbers

    def enter(self, entered: Entered) -> None:
        """Put in a number that was typed in the picture, or dragged there; a drag ends at the bounds of a number."""
        place = place_at(entered.at)
        if isinstance(entered.value, str):
            self._read(place, entered.value)
        else:
            value = float(entered.value)
            self._edit(place, min(max(value, 0.0), 1.0) if self._is_share(place) else value, None)

    def _read(self, place: Place, text: str) -> None:
        try:
            value = single(text)
        except ValueError:
            self._desk.misread(text)
        else:
            self._edit(place, value, None)

    def _slide(self, change: Any) -> None:
        """Move the number that the chart is of."""
        if self._rail and self._rail.is_held:
            self._edit(self._desk.selected, round(float(change["new"]), 2), self._rail)

    def _edit(self, place: Place, value: float, part: Any) -> None:
        """Put another number into the network or its sample, as one edit while the user holds the slider."""
        if not self._put(lambda: self._set(place, value), part) and self._controls:
            knobs = self._controls.knobs
            if place in knobs:
                knobs[place].refuse(self._session.value(place))

    def _set(self, place: Place, value: float) -> None:
        times, last = self._desk.hold().times, self._desk.edit
        amended = last if last and times > 0 and (last.place, last.times) == (place, times) else None
        before, span = amended[2:] if amended else (self._state_of(place), self._desk.span(place))
        if self._is_share(place) and not 0 <= value <= 1:
            raise RefusedError(name="target", value=number(value, HOVERED))
        self._session.edit(place, value, amend=amended is not None)
        self._desk.edit = Edit(place, times, before, span)

    def _is_share(self, place: Place) -> bool:
        """Tell whether a number has to be a probability."""
        return place.quantity == "t" and LOSSES[self._desk.network.loss].probabilities

    def _state_of(self, place: Place) -> tuple[float, float, float] | None:
        """Return a weight or bias as it is, with the loss of all samples and its gradient."""
        if place.quantity not in ("w", "b"):
            return None
        trace = self._desk.trace
        return trace.value(place), trace.L, trace.value(gradient_of(place, "L" if trace.samples else "l"))

    def select(self) -> None:
        """Give sliders to what was chosen, and let the rail move it."""
        edit, selected = self._desk.edit, self._stage.selected
        if edit and selected != key(edit.place):
            self._desk.edit = edit._replace(before=None)
        controls = self._controls
        if controls and selected and controls.columns.children and place_at(selected) not in controls.knobs:
            self._choose_knobs(controls)
        if self._rail:
            self._rail.let_go()
            self.show_numbers()

    def _sift(self, change: Any) -> None:
        """Give sliders to the numbers with this in their names."""
        self._filter = change["new"]
        if self._controls:
            self._choose_knobs(self._controls)

    def _choose_knobs(self, controls: EditControls) -> None:
        """Make the sliders: of every number, or in a larger network of those of the chosen neuron."""
        parts, knobs, value, network = controls.parts, controls.knobs, self._session.value, self._desk.network
        columns = groups(network.sizes, network.without_bias) if self._is_small else self._chosen()
        old = controls.columns.children
        knobs.clear()
        # The targets stand under the inputs: both are the sample's.
        sample, layers = (0, len(columns) - 1), range(1, len(columns) - 1)
        boxes = [[knobs.column(i, columns[i], value) for i in some if columns[i]] for some in (sample, layers)]
        of_sample = [parts.box(*boxes[0], names=["of-sample"])] if boxes[0] else []
        controls.columns.children = [*of_sample, *boxes[1]]
        for box in old:
            close_all(box)

    def _chosen(self) -> list[list[Place]]:
        """Return, by column, the numbers of the chosen neuron: what was chosen, the largest weights, and the bias."""
        network, place = self._desk.network, self._desk.selected
        columns: list[list[Place]] = [[] for _ in (*network.sizes, "targets")]
        if place.quantity in ("x", "t"):
            columns[-1 if place.quantity == "t" else 0].append(place)
            return columns
        entered = entering(network.sizes, network.without_bias, place.layer, place.unit)
        entered = [it for it in entered if self._has_name(it)]
        weights = sorted(
            (it for it in entered if it.quantity == "w"), key=lambda it: (it != place, -abs(self._session.value(it)))
        )
        columns[place.layer] = [*weights[:MOST_ENTERING], *(it for it in entered if it.quantity == "b")]
        return columns

    def _has_name(self, place: Place) -> bool:
        """Tell whether the name of a number has in it what is looked for, as people type it: w12 for w₁₂."""
        return _bare(self._filter) in _bare(Symbols(self._desk.network)(*place).text)

    # Samples

    def use(self, name: str) -> None:
        """Take one of the data sets that fit, or the samples that were given."""
        if self._desk.is_listening:
            x, target = samples(name) if name else (self._given.x, self._given.target)
            self._desk.act(lambda: self._session.use(x, target))

    def _data_name(self) -> str:
        """Return the name of the data set that the samples are now: nothing for those that were given."""
        now, given = self._session.now.course, self._given
        sets = {name: samples(name) for name in data_for(self._desk.network)} | {"": (given.x, given.target)}
        is_now = (name for name, data in sets.items() if all(map(np.array_equal, (now.x, now.target), data)))
        return next(is_now, "changed")


def _count(network: Network) -> int:
    """Return how many numbers can be changed: weights, biases, inputs and targets."""
    own = (it for it in (*network.weights, *network.biases) if it is not None)
    return sum(it.size for it in own) + network.sizes[0] + network.sizes[-1]


def _bare(name: str) -> str:
    """Return a name as people type it, without what they leave out."""
    return levelled(name).casefold().replace(",", "").replace(" ", "")
