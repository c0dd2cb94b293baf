"""The arguments of `python -m bppviz`, and its help in two languages.

==================  ==========================================================================
`parser`            the parser of the command, with one for each of its subcommands
`help_language`     the language of the help: the one that is asked for, or the system's
==================  ==========================================================================
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, NoReturn

from bppviz.core.checks import brief
from bppviz.core.examples import EXAMPLES
from bppviz.core.functions import ACTIVATIONS, LOSSES
from bppviz.core.walk import GRANULARITIES
from bppviz.paper.pages import PAPERS
from bppviz.paper.plan import GRIDS
from bppviz.picture.film import VIEWS
from bppviz.picture.theme import CHOICES
from bppviz.practice.levels import ASKABLE, NAMED_LEVELS
from bppviz.words.catalogue import LANGUAGES, Words, language
from bppviz.words.dialect import FRAMEWORKS

PROG = "python -m bppviz"
TAIWANESE = ("zh_TW", "zh_HK", "zh_Hant")  # how the locales of those begin who read traditional Chinese
# What can be typed after the name of each subcommand, and examples.
CALLS = {
    "page": ("PATH [NETWORK] [OPTIONS]", "walk.html", "walk.html mazur --step 22 --lang zh-TW"),
    "sheet": ("PATH [NETWORK] [OPTIONS]", "walk.html --steps backward", "walk.html mazur --steps z 12-20 --per-page 2"),
    "listing": ("PATH [NETWORK] [OPTIONS]", "run.py", "run.ipynb mazur --framework torch"),
    "worksheet": ("PATH [OPTIONS]", "sheets.html --key key.html -n 30 --lang zh-TW", "sheets.html --level softmax"),
}


class Parser(argparse.ArgumentParser):
    """A parser that prints nothing: it raises its help, as what Python would end with, and errors in one sentence."""

    def print_help(self, file: object = None) -> NoReturn:
        """Raise SystemExit with the help."""
        raise SystemExit(self.format_help())

    def error(self, message: str) -> NoReturn:
        """Raise ValueError for arguments that do not fit."""
        raise ValueError(f"{message}; see {self.prog} --help.")


class Help(argparse.RawDescriptionHelpFormatter):
    """Help that begins with a word of its language too."""

    def __init__(self, usage: str, prog: str, **more: Any) -> None:
        super().__init__(prog, **more)
        self.usage_word = usage

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Begin with how the command is called."""
        super().add_usage(usage, actions, groups, prefix or self.usage_word)


def parser(say: Words) -> Parser:
    """Return the parser of the whole command, whose help is in the language of `say`."""
    whole = Parser(prog=PROG, usage=f"{PROG} COMMAND [OPTIONS]", description=say("command.about"), **_look(say))
    commands = whole.add_subparsers(title=say("command.commands"), dest="command", metavar="COMMAND")
    for name, (call, *examples) in CALLS.items():
        about, prog = say(f"command.{name}"), f"{PROG} {name}"
        lines = [say("command.examples"), *(f"  {prog} {it}" for it in examples)]
        more = {"usage": f"{prog} {call}", "epilog": "\n".join(lines), **_look(say)}
        ADD[name](commands.add_parser(name, prog=prog, help=about, description=about, **more), say)
    options = whole.add_argument_group(say("command.options"))
    whole.set_defaults(lang=None)  # which a subcommand leaves as it is
    _add_lang(options, say)
    options.add_argument("--version", action="store_true", help=say("command.version"))
    _add_help(options, say)
    return whole


def help_language(argv: Sequence[str]) -> str:
    """Return the language of the help: that of --lang where it is known, else the system's."""
    asked = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    asked.add_argument("--lang", nargs="?")
    lang = asked.parse_known_args(argv)[0].lang
    with suppress(ValueError):  # of another language, which is refused where it is used
        if lang is not None:
            return language(lang)
    system = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    if system.startswith(TAIWANESE):
        return "zh-TW"
    return next((lang for lang in LANGUAGES if system.startswith(lang)), "en")


def _look(say: Words) -> dict[str, Any]:
    """Return what all parsers have in common; each adds its own help, in its language."""
    return {"formatter_class": partial(Help, say("command.usage")), "add_help": False, "allow_abbrev": False}


def _add_page(page: Parser, say: Words) -> None:
    _add_network(page, say)
    options = page.add_argument_group(say("command.options"))
    options.add_argument("--step", metavar="N", type=_whole, help=say("command.step"))
    _add_lang(options, say)
    _add_choice(options, say, "theme", CHOICES)
    _add_choice(options, say, "view", VIEWS, default=VIEWS[0])
    _add_help(options, say)


def _add_sheet(sheet: Parser, say: Words) -> None:
    _add_network(sheet, say)
    options = sheet.add_argument_group(say("command.options"))
    options.add_argument("--steps", metavar="STEP", nargs="+", help=say("command.steps"))
    _add_choice(options, say, "by", GRANULARITIES)
    _add_choice(options, say, "per-page", map(str, GRIDS), metavar="N", type=_whole)
    _add_choice(options, say, "paper", PAPERS, default="A4")
    _add_lang(options, say)
    _add_choice(options, say, "view", VIEWS, default=VIEWS[0])
    _add_help(options, say)


def _add_listing(program: Parser, say: Words) -> None:
    _add_network(program, say, "program")
    options = program.add_argument_group(say("command.options"))
    _add_choice(options, say, "framework", FRAMEWORKS, default="numpy")
    options.add_argument("--no-checks", action="store_true", help=say("command.no-checks"))
    _add_lang(options, say)
    _add_help(options, say)


def _add_worksheet(sheets: Parser, say: Words) -> None:
    files = sheets.add_argument_group(say("command.files"))
    files.add_argument("path", metavar="PATH", help=say("command.path"))
    files.add_argument("--key", metavar="PATH", help=say("command.key"))
    files.add_argument("--data", metavar="PATH", help=say("command.data"))
    options = sheets.add_argument_group(say("command.options"))
    options.add_argument("-n", metavar="N", type=_whole, default=30, help=say("command.n"))
    options.add_argument("--seed", metavar="N", type=_whole, default=0, help=say("command.seed"))
    _add_choice(options, say, "level", NAMED_LEVELS)
    options.add_argument("--sizes", metavar="NUMBERS", help=say("command.sizes"))
    _add_choice(options, say, "activation", ACTIVATIONS)
    _add_choice(options, say, "loss", LOSSES)
    _add_choice(options, say, "ask", ASKABLE, nargs="+")
    options.add_argument("--smallest", metavar="NUMBER", help=say("command.smallest"))
    _add_choice(options, say, "paper", PAPERS, default="A4")
    _add_lang(options, say)
    _add_help(options, say)


ADD = {"page": _add_page, "sheet": _add_sheet, "listing": _add_listing, "worksheet": _add_worksheet}


def _add_network(command: Parser, say: Words, path: str = "path") -> None:
    """Add what is written to, and the network and the samples that are shown."""
    given = command.add_argument_group(say("command.given"))
    given.add_argument("path", metavar="PATH", help=say(f"command.{path}"))
    networks = say("command.network", names=", ".join(EXAMPLES))
    given.add_argument("network", metavar="NETWORK", nargs="?", default="lecture", help=networks)
    given.add_argument("--x", metavar="NUMBERS", help=say("command.x"))
    given.add_argument("--target", metavar="NUMBERS", help=say("command.target"))
    given.add_argument("--learning-rate", metavar="RATE", help=say("command.learning-rate"))


def _add_choice(options: Any, say: Words, name: str, names: Iterable[str], **more: Any) -> None:
    """Add an option that takes one of a few values, which its help lists."""
    listed = say(f"command.{name}", names=", ".join(names))
    options.add_argument(f"--{name}", **{"metavar": "NAME", "help": listed, **more})


def _add_lang(options: Any, say: Words) -> None:
    _add_choice(options, say, "lang", LANGUAGES, default=argparse.SUPPRESS)


def _add_help(options: Any, say: Words) -> None:
    options.add_argument("-h", "--help", action="help", help=say("command.help"))


def _whole(text: str) -> int:
    """Return a whole number that somebody typed."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{brief(text)} is not a whole number") from None
