"""What people read, by language: every message by its name, from `messages/en.json` and its like.

These files are made of the catalogues that translators edit; `bppviz.words.compile` says how.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

from bppviz.core.checks import known_name

LANGUAGES = {"en": "English", "zh-TW": "繁體中文"}  # with what each calls itself
Words = Callable[..., str]


def language(lang: str | None) -> str:
    """Return the language that `lang` asks for, in any case, English for None.

    Raises TypeError or ValueError for a language that has no catalogue.
    """
    return "en" if lang is None else known_name("language", lang, LANGUAGES, any_case=True)


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Return every message of a language by name."""
    text = (files("bppviz.words") / "messages" / f"{language(lang)}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def words(lang: str) -> Words:
    """Return a function that gives a message by its name, with its blanks filled in."""
    messages = catalogue(lang)

    def say(name: str, **blanks: object) -> str:
        return messages[name].format(**blanks) if blanks else messages[name]

    return say


def by_language(name: str, **blanks: object) -> dict[str, str]:
    """Return a message in every language, with its blanks filled in."""
    return {lang: words(lang)(name, **blanks) for lang in LANGUAGES}


def of_total(name: str, total: str) -> str:
    """Return the name of a message; of one about all samples, where their total is a mean, the one about means."""
    mean = f"mean.{name}"
    return mean if total == "mean" and mean in catalogue("en") else name


def without_bias(name: str) -> str:
    """Return the name of a message; of one that speaks of biases, the one for where there are none."""
    other = f"without_bias.{name}"
    return other if other in catalogue("en") else name


def listed(say: Words, items: Sequence[str]) -> str:
    """Return the items as a list in a sentence: z₃, z₄ and z₅; a long one is cut short."""
    items = few(items)
    if len(items) == 1:
        return items[0]
    return say("list.two", first=say("list.comma").join(items[:-1]), last=items[-1])


def few(items: Sequence[str]) -> list[str]:
    """Return the items of a list; of a long one the first and the last."""
    return [*items[:3], "…", items[-1]] if len(items) > 5 else [*items]
