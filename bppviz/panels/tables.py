"""The tables beside the network, as plain rows of cells that the page writes and fills in.

==================  ==========================================================================
`run_tables`        every quantity of a run, by neuron, and by weight and bias
`check_table`       every gradient beside its central difference, and `check_head`, the verdict
`published_table`   every published number of an example beside ours
`sharing_table`     each ∂l/∂z, and how many weights use it
`cost_table`        what the gradients have cost in three ways, and the whole of it
==================  ==========================================================================

A cell is seen from its `step` on, and belongs to a `place` of the run, where it has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from bppviz.core.examples import AFTER, Example, compared
from bppviz.core.order import GIVEN
from bppviz.core.place import Place, gradient_of, groups, key
from bppviz.core.trace import Trace
from bppviz.core.walk import to_come, walk
from bppviz.practice.cost import sharers, so_far, whole
from bppviz.practice.gradient_check import Checked, GradientCheck
from bppviz.practice.left_gradients import Left
from bppviz.words.catalogue import LANGUAGES, by_language, without_bias, words
from bppviz.words.notation import role
from bppviz.words.numbers import HOVERED, TICK, grouped, least, minus, number
from bppviz.words.symbols import Symbols

MOST_TABLED = 300  # weights that a table has room for
COUNTED_STEPS, COUNTED_LAYERS = 3000, 100  # of a walk along which multiplications are counted, layer by layer
# What one can choose to see in a panel, and the message that names it.
OFFERED = {
    "table": (("neurons", "table.neurons"), ("weights", "table.weights"), ("both", "table.both")),
    "why": (("depth", "cost.by_depth"), ("width", "cost.by_width")),
}

Text = str | dict[str, str]  # the same in all languages, or by language
Table = dict[str, Any]
Heading = dict[str, Any]  # what the head of a panel says: a title, and something beside it


class Entry(NamedTuple):
    """A text, where it belongs, from which step on it is seen, the part that it plays, and what more it says."""

    text: Text
    place: str = ""
    step: int = -1
    role: str = ""
    hint: Text = ""


def run_tables(trace: Trace) -> list[Table]:
    """Return the quantities of a run by neuron, and by weight and bias, which appear as the walk goes on."""
    return [_neurons(trace), _weights(trace)]


def _neurons(trace: Trace) -> Table:
    symbols, sizes = Symbols(trace.network), trace.network.sizes
    columns = ("z", "a", "dsigma", "dl_da", "dl_dz")

    def named(place: Place) -> list[Entry]:
        """Return the row of an input or of the loss, which stands where the outputs of neurons do."""
        value = _value(trace, place)
        return [_name(symbols, place), *(value if column == "a" else Entry("") for column in columns)]

    rows = [named(Place("x", 0, unit)) for unit in range(sizes[0])]
    for layer in range(1, len(sizes)):
        for unit in range(sizes[layer]):
            places = [Place(quantity, layer, unit) for quantity in columns]
            cells = [_value(trace, place) if _has(trace, place) else Entry("–") for place in places]
            name = f"{symbols('z', layer, unit).text} → {symbols('a', layer, unit).text}"
            rows.append([Entry(name, key(places[0])), *cells])
    heads = ["", "z", "a", "σ′(z)", "∂l/∂a", "∂l/∂z"]
    return _table("neurons", heads, [*rows, named(Place("loss", len(sizes) - 1, 0))])


def _weights(trace: Trace) -> Table:
    """Return what belongs to each weight and bias, which is like the weight of an input that is always 1."""
    symbols, network = Symbols(trace.network), trace.network
    places = chain.from_iterable(groups(network.sizes, network.without_bias)[1:-1])
    rows = [[_name(symbols, place), *_of_number(trace, place)] for place in places]
    of_each = [f"{it}, {it[:-1]}b" if network.has_biases else it for it in ("w", "∂z/∂w", "∂l/∂w", "∂L/∂w")]
    own, dz, dl, dL = of_each
    new = "table.new" if network.has_biases else without_bias("table.new")
    heads: list[Text] = [dz, "∂l/∂z", dl]
    later: list[Text] = [*([dL] if trace.samples else []), *([by_language(new)] if trace.updated else [])]
    if later:  # beside more columns there is less room
        heads, later = ([it.replace(", ", "\n") if isinstance(it, str) else it for it in all] for all in (heads, later))
    return {**_table("weights", ["", own, *heads, *later], rows), "factors": 2}


def _of_number(trace: Trace, place: Place) -> list[Entry]:
    """Return the numbers of a weight or bias: its value, the slopes whose product is its gradient, and what follows."""
    _, layer, unit, source = place
    is_updated = source is not None or trace.update_biases
    return [
        _value(trace, place),
        Entry("1") if source is None else _value(trace, trace.entering(layer, source).place),
        _value(trace, Place("dl_dz", layer, unit)),
        _value(trace, gradient_of(place)),
        *([_value(trace, gradient_of(place, "L"))] if trace.samples else []),
        *([_value(trace, place, new=True) if is_updated else Entry("–")] if trace.updated else []),
    ]


def _has(trace: Trace, place: Place) -> bool:
    return place.quantity != "dsigma" or trace.elementwise(place.layer)


def _name(symbols: Symbols, place: Place) -> Entry:
    return Entry(symbols(*place).text, key(place))


def _value(trace: Trace, place: Place, *, new: bool = False) -> Entry:
    """Return a number of the run; of a weight or bias, the one before the update unless the `new` one is asked for."""
    known = place.quantity in GIVEN and not new
    step = -1 if known else trace.step_of(place)
    value = trace[step].value if new else trace.value(place)
    return Entry(number(value), key(place), step, role(place.quantity))


def check_table(trace: Trace, check: GradientCheck, failed: str = "") -> Table:
    """Return every gradient beside its central difference, with a verdict, and beside that of a model if there is one.

    `failed` says why there is none of a model that was given.
    """
    rows = []
    for i, row in enumerate(check):
        step, at = trace.step_of(row.place), key(row.place)
        gradient = Entry(number(row.gradient, HOVERED), at, step, "backward")
        difference = Entry(number(row.central, HOVERED), step=step)
        both = gradient, difference, _verdict(row, step)
        rows.append([Entry(check.name(row), at), *both, *_of_model(check.left, i, step)])
    broken = "\n" if check.left else " "  # beside more columns there is less room
    central = f"({check.loss}(w + h){broken}− {check.loss}(w − h)) / 2h"
    heads: list[Text] = ["", by_language("check.backward"), central, ""]
    heads += [by_language("check.left"), ""] if check.left else []
    foot = by_language(check.moved, l=check.loss)
    wrong = {lang: "\n".join(_notes(check, failed, lang)) for lang in LANGUAGES}
    return {**_table("check", heads, rows), "foot": foot, **({"note": wrong} if any(wrong.values()) else {})}


def _verdict(row: Checked, step: int) -> Entry:
    """Return whether a gradient agrees, as a sign; the hint says it in words, with the relative error."""
    if row.verdict == "kink":
        return Entry(by_language("check.kink"), "", step, row.verdict)
    error = least(row.relative_error)
    hint = {lang: f"{words(lang)(f'check.{row.verdict}')} · {words(lang)('check.error')} {error}" for lang in LANGUAGES}
    return Entry("✓" if row.verdict == "agrees" else "✗", "", step, row.verdict, hint)


def _of_model(left: Left | None, i: int, step: int) -> list[Entry]:
    """Return the gradient of a model in a row, and whether it is the same, if there is a model."""
    value = left.values[i] if left else None
    if not left or value is None:
        return [Entry("–", step=step), Entry("")] if left else []
    verdict = "agrees" if left.same[i] else "differs"
    hint = {lang: f"{words(lang)('check.left')} · {words(lang)(f'check.{verdict}')}" for lang in LANGUAGES}
    return [
        Entry(number(value, HOVERED), step=step),
        Entry("✓" if left.same[i] else "✗", "", step, verdict, hint),
    ]


def _notes(check: GradientCheck, failed: str, lang: str) -> list[str]:
    """Return what there is to say under a check, but for its first sentence, which the head of the panel says."""
    return [*check.summary(lang)[1:], *([words(lang)("check.run_failed", why=failed)] if failed else [])]


def check_head(check: GradientCheck) -> Heading:
    """Return the verdict over all gradients, which is the head of their panel."""
    counts = {"agree": check.agreeing, "all": len(check)}
    name = "all_agree" if check.agreeing == len(check) else "some_agree" if check.passed else "some_differ"
    error = by_language("check.largest", error=least(check.largest_error))
    return {"title": by_language(f"check.{name}", **counts), "said": error, "role": "" if check.passed else "differs"}


def published_table(example: Example) -> Table:
    """Return every published number of an example beside ours, with its source."""
    symbols = Symbols(example.network)
    rows = []
    for row in compared(example):
        is_after = row.place.quantity == AFTER
        name: Text = by_language("published.after") if is_after else symbols(*row.place).text
        if row.place.quantity in ("w", "b"):
            name = f"{name} →"
        verdict = by_language("published.same" if row.is_same else "published.other")
        numbers = [Entry(minus(text)) for text in (row.published, row.ours)]
        rows.append([Entry(name), *numbers, Entry(verdict, role="agrees" if row.is_same else "differs")])
    heads: list[Text] = ["", *map(by_language, ("published.published", "published.ours", "check.verdict"))]
    caption = {lang: words(lang)("table.published", source=example.source) for lang in LANGUAGES}
    table = {**_table("check", heads, rows), "caption": caption, "is_titled": True}
    return {**table, "note": by_language(example.exercise)} if example.exercise else table


def sharing_table(trace: Trace) -> Table:
    """Return each ∂l/∂z, and how many weights use it, as they are computed."""
    symbols, sizes = Symbols(trace.network), trace.network.sizes
    rows = []
    for layer in reversed(range(1, len(sizes))):
        for unit in range(sizes[layer]):
            place = Place("dl_dz", layer, unit)
            step = trace.step_of(place)
            count = Entry(str(sharers(sizes, layer)), step=step)
            rows.append([_name(symbols, place), _value(trace, place), count])
    return {**_table("sharing", ["", "∂l/∂z", by_language("table.shared")], rows), "is_titled": True}


def cost_table(trace: Trace, seconds: Mapping[str, float | None] | None = None) -> Table:
    """Return what the gradients have cost so far, at every step, and in all; and the `seconds` that each way took."""
    is_counted = len(trace) <= COUNTED_STEPS and trace.network.layers <= COUNTED_LAYERS
    costs = [so_far(trace, step) for step in range(len(trace) if is_counted else 0)]
    total = whole(trace.network.sizes)
    rows = [
        [
            Entry(by_language(f"cost.{name}"), role=name),
            Entry("–"),
            Entry(grouped(in_all)),
            Entry(_times(in_all, total.shared)),
        ]
        for name, in_all in total._asdict().items()
    ]
    heads: list[Text] = ["", *map(by_language, ("cost.so_far", "cost.in_all", "cost.times"))]
    if seconds:
        heads.append(by_language("cost.measured"))
        for row, time in zip(rows, seconds.values(), strict=True):
            row.append(Entry(by_language("cost.too_long") if time is None else f"{number(1000 * time, TICK)} ms"))
    table = _table("cost", heads, rows)
    if not is_counted:
        return table
    series = [[grouped(cost[i]) for cost in costs] for i in range(3)]
    missing = {stop.last: to_come(trace, stop) for stop in walk(trace, "vector")}
    apart = {step: [grouped(it) for it in so_far(trace, step, later)] for step, later in missing.items() if later}
    return {**table, "by_step": {"column": 1, "texts": series, "apart": apart}}


def too_large(most: int) -> Table:
    """Return what stands in the place of a table for which a network is too large."""
    return _note("table.too_large", most=most)


def too_many(most: int) -> Table:
    """Return what stands in the place of the check where it would take too long: for so many samples it does not."""
    return _note("table.too_many", most=most)


def unchecked() -> Table:
    """Return what stands in the place of the checked gradients where a loss beside is too large."""
    return _note("table.too_far")


def _note(name: str, **blanks: object) -> Table:
    return {**_table("check", [], []), "caption": by_language(name, **blanks), "is_titled": True}


def plain_head(*, is_check: bool = False, is_working: bool = False) -> Heading:
    """Return the head of a panel without a verdict; that of the check has no title of its own otherwise."""
    title = {"title": by_language("control.show-check")} if is_check else {}
    return {**title, "said": by_language("table.working") if is_working else ""}


def offered(panel: str) -> list[tuple[str, Text]]:
    """Return what one can choose to see in a panel, each with its name."""
    return [(value, by_language(name)) for value, name in OFFERED.get(panel, ())]


def _times(value: int, shared: int) -> str:
    return f"{number(value / shared, TICK)}×"


def _table(name: str, heads: Sequence[Text], rows: Iterable[Sequence[Entry]]) -> Table:
    caption = by_language(f"table.{name}")
    return {"name": name, "caption": caption, "heads": list(heads), "rows": [list(row) for row in rows]}
