"""What a page needs to ask and to judge where there is no kernel: numbers to compare, and sentences to choose among.

What back-propagation is, Python alone knows. Of everything that can be asked for the key has the values that are right,
what every known mistake comes to, and the hints; the page compares, as `diagnosed` does.
"""

from __future__ import annotations

import re
from math import isfinite
from typing import Any

from bppviz.core.emphasis import put_in
from bppviz.core.place import home, key
from bppviz.core.trace import Trace, TraceEvent
from bppviz.practice import diagnosis, replies
from bppviz.practice.choices import Choice
from bppviz.practice.mistake import Mistake
from bppviz.practice.quiz import FEWEST_LEFT, askable, kind_of, levels, rungs, vector_of
from bppviz.practice.typed import READING
from bppviz.words.catalogue import LANGUAGES, Words, words
from bppviz.words.numbers import DIGITS, HOVERED, INFINITE, number, rounded
from bppviz.words.spoken import spoken
from bppviz.words.symbols import Symbols

ASKING = (
    *("quiz.ask", "quiz.ask_all", "quiz.ask_vector", "quiz.ask_matrix"),
    *("quiz.new", "quiz.operands", "quiz.factor"),
)  # the sentences that ask and help
MOST_TYPED = 60  # characters that are repeated of what is not a number
COMPARING = {
    "tolerances": [diagnosis.VERY_CLOSE, diagnosis.RIGHT_WITHIN],
    "zero": diagnosis.ZERO,
    "infinite": INFINITE,
    "digits": HOVERED,
    "of_matrices": list(diagnosis.OF_MATRICES),
    "unlikely": list(diagnosis.UNLIKELY),
    "most_causes": replies.MOST_CAUSES,
    "most_operands": replies.MOST_OPERANDS,
    "first_operands": replies.FIRST_OPERANDS,
    "last_operands": replies.LAST_OPERANDS,
    "most_typed": MOST_TYPED,
    "fewest_left": FEWEST_LEFT,
}


def answer_key(trace: Trace, rate: float | None = None) -> dict[str, Any]:
    """Return everything that can be asked for in a run, each with what an answer to it is compared with.

    `rate` is a learning rate as in `diagnosed`.
    """
    kinds: dict[object, int] = {}
    parts = rungs(trace)
    wholes = list(dict.fromkeys(filter(None, map(vector_of, askable(trace)))))
    items = [
        {**_item(event, rate), "rung": _rung(event, parts), "kind": kinds.setdefault(kind_of(event), len(kinds))}
        | ({"whole": wholes.index(whole)} if (whole := vector_of(event)) else {})
        for event in askable(trace)
    ]
    names = sorted({mistake[0] for it in items for mistake in it["mistakes"]})
    symbols = [Symbols(trace.network).vector(*it).text for it in wholes]
    texts = sorted({*symbols, *(text for it in items for text in _blanks(it))})
    return {
        "rules": COMPARING,
        "reading": READING,
        "levels": levels(trace),
        "items": items,
        "wholes": symbols,
        "ranks": {name: rank for name in names if (rank := diagnosis.plausibility(name))},
        "mistakes": {lang: {f"mistake.{name}": words(lang)(f"mistake.{name}") for name in names} for lang in LANGUAGES},
        "aloud": {lang: _aloud(lang, texts) for lang in LANGUAGES},
    }


def _rung(event: TraceEvent, parts: list[tuple[str, ...]]) -> int:
    """Return the level from which on an event is asked for."""
    return next(level for level, part in enumerate(parts, 1) if event.quantity in part)


def _item(event: TraceEvent, rate: float | None) -> dict[str, Any]:
    """Return what an answer to one event is compared with, and what is said of it."""
    own = {
        "step": event.step,
        "quantity": event.quantity,
        "symbol": replies.symbol_at(event, event.place),
        "right": list(dict.fromkeys(diagnosis.right_values(event))),
        "short": short if isfinite(short := rounded(event.value, 1)) else event.value,
        "shown": number(event.value),
        "mistakes": [_mistake(event, it) for it in diagnosis.mistakes(event, rate)],
    }
    if event.source is not None:
        own |= {"is_of_matrix": True}
    if event.phase == "update":
        own |= {"is_new": True, "scale": diagnosis.scale_of(event)}
    if event.quantity == "dz_dw":
        z = event.place._replace(quantity="z", source=None)
        factor = {"z": replies.symbol_at(event, z), "w": replies.symbol_at(event, home(event.place))}
        return {**own, "place": key(home(event.place)), "factor": factor}
    return {**own, "operands": _operands(event)}


def _mistake(event: TraceEvent, mistake: Mistake) -> list[Any]:
    """Return a mistake as its name, what it comes to, and what stands in its sentence, if anything does."""
    blanks = replies.blanks_of(event, mistake)
    return [mistake.name, diagnosis.comes_to(event, mistake), *filter(None, [blanks])]


def _operands(event: TraceEvent) -> list[list[Any]]:
    """Return the numbers that an event is computed from: as told of it alone, the step, and as told of several.

    Of a sum over many samples, the first and the last are enough, and one more, so that the page knows of the others.
    """
    digits = replies.own_digits(event)
    used = list({(it.place, it.sample): it for it in put_in(event)}.values())
    if len(used) > replies.MOST_OPERANDS:
        end = replies.MOST_OPERANDS + 1 - replies.LAST_OPERANDS
        used = [*used[:end], *used[-replies.LAST_OPERANDS :]]
    told = [[replies.told_operand(it, event, n) for n in (digits, DIGITS)] for it in used]
    return [
        [alone, it.step, *([] if alone == together else [together])]
        for it, (alone, together) in zip(used, told, strict=True)
    ]


def _blanks(it: dict[str, Any]) -> list[str]:
    """Return the symbols and numbers that stand in the question of an item and in its hint."""
    told = [text for alone, _, *together in it.get("operands", []) for text in (alone, *together)]
    return [it["symbol"], *it.get("factor", {}).values(), *told]


def _aloud(lang: str, texts: list[str]) -> dict[str, Any]:
    """Return the sentences that ask, and what stands in them, as a screen reader says them."""
    say = words(lang)
    return {
        "words": {name: _said_around(say(name), say) for name in ASKING},
        "texts": {text: said for text in texts if (said := spoken(text, say)) != text},
    }


def _said_around(text: str, say: Words) -> str:
    """Return a sentence with blanks as it is said: a blank will be words, and the spaces around it stay."""
    return re.sub(r"_(\w+)_", r"{\1}", spoken(re.sub(r"{(\w+)}", r"_\1_", text), say))


def choice_told(choice: Choice) -> dict[str, Any]:
    """Return a choice as plain data: what is asked and said aloud; of each option its text, what is said, weights."""
    aloud = {lang: spoken(text, words(lang)) for lang, text in choice.ask.items()}
    return {"ask": choice.ask, "aloud": aloud, "options": [list(it) for it in choice.options], "right": choice.right}
