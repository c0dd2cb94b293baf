"""The tables beside the network, as plain rows of cells that the page writes and fills in.

==================  ==========================================================================
`run_tables`        every quantity of a run, by neuron and by weight
`check_table`       every gradient beside its central difference
`published_table`   every published number of an example beside ours
`sharing_table`     each ∂l/∂z, and how many weights use it
`cost_table`        what the gradients have cost in three ways, and the whole of it
==================  ==========================================================================

A cell is seen from its `step` on, and belongs to a `place` of the picture, where it has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bppviz.core.examples import AFTER, Example, compared
from bppviz.core.order import GIVEN
from bppviz.core.place import Place, home, key
from bppviz.core.trace import Trace
from bppviz.practice.cost import sharers, so_far, whole
from bppviz.practice.gradient_check import GradientCheck
from bppviz.words.catalogue import LANGUAGES, words
from bppviz.words.notation import role
from bppviz.words.numbers import HOVERED, TICK, grouped, least, minus, number
from bppviz.words.symbols import Symbols

MOST_TABLED = 300  # weights that a table has room for
COUNTED_STEPS, COUNTED_LAYERS = 3000, 100  # of a walk along which multiplications are counted, layer by layer

Text = str | dict[str, str]  # the same in all languages, or by language
Table = dict[str, Any]


class Entry(NamedTuple):
    """A text, where it belongs in the picture, from which step on it is seen, and the part that it plays."""

    text: Text
    place: str = ""
    step: int = -1
    role: str = ""


def run_tables(trace: Trace) -> list[Table]:
    """Return the quantities of a run by neuron, and by weight, which appear as the walk goes on."""
    return [_neurons(trace), _weights(trace)]


def _neurons(trace: Trace) -> Table:
    symbols, sizes = Symbols(trace.network), trace.network.sizes
    columns = ("b", "z", "a", "dsigma", "dl_da", "dl_dz", "dl_db")
    rows = []
    for unit in range(sizes[0]):
        x = Place("x", 0, unit)
        blank = [Entry("")] * len(columns)
        blank[2] = _value(trace, x)
        rows.append([_name(symbols, x), *blank])
    for layer in range(1, len(sizes)):
        for unit in range(sizes[layer]):
            places = [Place(quantity, layer, unit) for quantity in columns]
            cells = [_value(trace, place) if _has(trace, place) else Entry("–") for place in places]
            named = f"{symbols('z', layer, unit).text} → {symbols('a', layer, unit).text}"
            rows.append([Entry(named, key(Place("z", layer, unit))), *cells])
    heads = ["", "b", "z", "a", "σ′(z)", "∂l/∂a", "∂l/∂z", "∂l/∂b"]
    loss = Place("loss", len(sizes) - 1, 0)
    foot = [Entry(symbols(*loss).text, key(loss)), *[Entry("")] * len(columns)]
    foot[3] = _value(trace, loss)
    return _table("table.neurons", heads, [*rows, foot])


def _weights(trace: Trace) -> Table:
    symbols, sizes = Symbols(trace.network), trace.network.sizes
    later = [*(["dL_dw"] if trace.samples else []), *(["w"] if trace.updated else [])]
    rows = []
    for layer in range(1, len(sizes)):
        for unit in range(sizes[layer]):
            for source in range(sizes[layer - 1]):
                w = Place("w", layer, unit, source)
                entering = trace.entering(layer, source)
                found = [w._replace(quantity=quantity) for quantity in ("dl_dw", *later)]
                given = (w, entering.place, Place("dl_dz", layer, unit))
                cells = [_value(trace, place) for place in given]
                cells += [_value(trace, place, new=place.quantity == "w") for place in found]
                rows.append([_name(symbols, w), *cells])
    new: dict[str, Text] = {"dL_dw": "∂L/∂w", "w": _by_language("table.new")}
    heads: list[Text] = ["", "w", "∂z/∂w", "∂l/∂z", "∂l/∂w", *(new[quantity] for quantity in later)]
    return {**_table("table.weights", heads, rows), "factors": heads.index("∂z/∂w")}


def _has(trace: Trace, place: Place) -> bool:
    return place.quantity != "dsigma" or trace.elementwise(place.layer)


def _name(symbols: Symbols, place: Place) -> Entry:
    return Entry(symbols(*place).text, key(place))


def _value(trace: Trace, place: Place, *, new: bool = False) -> Entry:
    """Return a number of the run; of a weight, the one before the update unless the `new` one is asked for."""
    known = place.quantity in GIVEN and not new
    step = -1 if known else trace.step_of(place)
    value = trace[step].value if new else trace.value(place)
    return Entry(number(value), key(home(place)), step, role(place.quantity))


def check_table(trace: Trace, check: GradientCheck) -> Table:
    """Return every gradient with its central difference, relative error and verdict."""
    rows = []
    for row in check:
        step, at = trace.step_of(row.place), key(home(row.place))
        error = "–" if row.verdict == "kink" else least(row.relative_error)
        numbers = [number(row.gradient, HOVERED), number(row.central, HOVERED), error]
        cells = [Entry(text, at, step, "backward" if i == 0 else "") for i, text in enumerate(numbers)]
        verdict = Entry(_by_language(f"check.{row.verdict}"), at, step, row.verdict)
        rows.append([Entry(check.name(row), at), *cells, verdict])
    heads: list[Text] = ["", *map(_by_language, ("check.backward", "check.central", "check.error", "check.verdict"))]
    note = {lang: "\n".join(check.summary(lang)) for lang in LANGUAGES}
    return {**_table("table.check", heads, rows), "note": note}


def published_table(example: Example) -> Table:
    """Return every published number of an example beside ours, with its source."""
    symbols = Symbols(example.network)
    rows = []
    for row in compared(example):
        is_after = row.place.quantity == AFTER
        name: Text = _by_language("published.after") if is_after else symbols(*row.place).text
        if row.place.quantity in ("w", "b"):
            name = f"{name} →"
        verdict = _by_language("published.same" if row.is_same else "published.other")
        numbers = [Entry(minus(text)) for text in (row.published, row.ours)]
        rows.append([Entry(name), *numbers, Entry(verdict, role="agrees" if row.is_same else "differs")])
    heads: list[Text] = ["", *map(_by_language, ("published.published", "published.ours", "check.verdict"))]
    caption = {lang: words(lang)("table.published", source=example.source) for lang in LANGUAGES}
    table = {**_table("table.check", heads, rows), "caption": caption}
    return {**table, "note": _by_language(example.exercise)} if example.exercise else table


def sharing_table(trace: Trace) -> Table:
    """Return each ∂l/∂z, and how many weights use it, as they are computed."""
    symbols, sizes = Symbols(trace.network), trace.network.sizes
    rows = []
    for layer in reversed(range(1, len(sizes))):
        for unit in range(sizes[layer]):
            place = Place("dl_dz", layer, unit)
            step = trace.step_of(place)
            cells = (number(trace.value(place)), str(sharers(sizes, layer)))
            told = [Entry(text, key(place), step, "backward") for text in cells]
            rows.append([Entry(symbols(*place).text, key(place)), *told])
    return _table("table.sharing", ["", "∂l/∂z", _by_language("table.shared")], rows)


def cost_table(trace: Trace, seconds: Mapping[str, float | None] | None = None) -> Table:
    """Return what the gradients have cost so far, at every step, and in all; and the `seconds` that each way took."""
    is_counted = len(trace) <= COUNTED_STEPS and trace.network.layers <= COUNTED_LAYERS
    costs = [so_far(trace, step) for step in range(len(trace) if is_counted else 0)]
    total = whole(trace.network.sizes)
    rows = [
        [Entry(_by_language(f"cost.{name}")), Entry("–"), Entry(grouped(in_all)), Entry(_times(in_all, total.shared))]
        for name, in_all in total._asdict().items()
    ]
    heads: list[Text] = ["", *map(_by_language, ("cost.so_far", "cost.in_all", "cost.times"))]
    if seconds:
        heads.append(_by_language("cost.measured"))
        for row, time in zip(rows, seconds.values(), strict=True):
            row.append(Entry(_by_language("cost.too_long") if time is None else f"{number(1000 * time, TICK)} ms"))
    table = _table("table.cost", heads, rows)
    series = [[grouped(cost[i]) for cost in costs] for i in range(3)]
    return {**table, "by_step": {"column": 1, "texts": series}} if is_counted else table


def too_large(most: int) -> Table:
    """Return what stands in the place of a table for which a network is too large."""
    return _note("table.too_large", most=most)


def too_many(most: int) -> Table:
    """Return what stands in the place of the check where it would take too long: for so many samples it does not."""
    return _note("table.too_many", most=most)


def working() -> Table:
    """Return what stands in the place of a table that is being computed."""
    return _note("table.working")


def _note(name: str, **blanks: object) -> Table:
    return {**_table("table.check", [], []), "caption": _by_language(name, **blanks)}


def unchecked() -> Table:
    """Return what stands in the place of the checked gradients where a loss beside is too large."""
    return {**_table("table.check", [], []), "caption": _by_language("table.too_far")}


def _times(value: int, shared: int) -> str:
    return f"{number(value / shared, TICK)}×"


def _by_language(name: str, **blanks: object) -> dict[str, str]:
    return {lang: words(lang)(name, **blanks) for lang in LANGUAGES}


def _table(name: str, heads: Sequence[Text], rows: Iterable[Sequence[Entry]]) -> Table:
    return {"caption": _by_language(name), "heads": list(heads), "rows": [list(row) for row in rows]}
