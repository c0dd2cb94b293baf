"""A still picture as the output of a notebook's cell, which is seen where the widget beside it is not alive.

No single output can do it: a reopened notebook shows "model not found" in place of a widget and never falls back. So
there are two, and a style sheet hides the one that is not wanted.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from bppviz.paper.convert import can_picture, small_png
from bppviz.paper.formula import role_rules
from bppviz.paper.still import Still
from bppviz.picture.theme import palette, part
from bppviz.words.catalogue import words
from bppviz.words.event_text import in_a_line, text

# Of the output of a cell. While a stage lives there the still is hidden; while none does, what stands in its place:
# that it is loading, or that there is no model of it. The stage says itself where it lives: `:has(.bppviz-stage)` would
# have all of the widget styled anew at each step.
HIDING = (
    ".bppviz-lives-here .bppviz-still { display: none; }"
    ".bppviz-still { text-align: center; } .bppviz-still .bppviz-lines { display: none; }"
    ".bppviz-still .bppviz-formulas { display: block !important; font-size: 1.45em; }"
    ".jp-OutputArea-child:has(.bppviz-still) + .jp-OutputArea-child:not(.bppviz-lives-here) { display: none; }"
)
SAFE = " <>='():,/?@+$!*"  # what may stand in the address of an image as it is, within an attribute of HTML


def output(made: Still) -> dict[str, str]:
    """Return a still as the data of an output: HTML, and the equation as text."""
    return {"text/html": fragment(made), "text/plain": text(made.trace[made.step])}


def output_with_image(made: Still) -> dict[str, str]:
    """Return the same with a PNG, which more places show, where the extra `image` is installed."""
    image = {"image/png": b64encode(small_png(made.svg)).decode()} if can_picture() else {}
    return {**output(made), **image}


def output_untold(lang: str) -> dict[str, str]:
    """Return an output without a picture, for a widget that asks for what a picture would tell."""
    go_on = words(lang)("still.go_on")
    return {
        "text/html": f'<style>{HIDING}</style><div class="bppviz-still">{_paragraphs([go_on])}</div>',
        "text/plain": go_on,
    }


def fragment(made: Still) -> str:
    """Return a still as HTML: its picture, formula, sentence, and how to go on.

    The formula is MathML. Where that may not be, no style sheet may be either: then the same is seen in a line of text.
    """
    colours, theme = palette(made.theme), f"bppviz-still-{made.theme}"  # stills of several may stand in one page
    look = f"background: {colours[part('background')]}; color: {colours[part('ink')]}; padding-bottom: 6px"
    formulas = [made.frame[name] for name in ("formula", "substituted") if made.frame[name]]
    drawn = "".join(f'<div style="margin: 6px">{it}</div>' for it in formulas)
    lines = _paragraphs(map(in_a_line, formulas))
    told = _paragraphs([made.frame["sentence"][made.lang], words(made.lang)("still.go_on")])
    return (
        f"<style>{HIDING}{role_rules(made.theme, f'.{theme}')}</style>"
        f'<div class="bppviz-still {theme} tex2jax_ignore mathjax_ignore" lang="{made.lang}" style="{look}">'
        f'<img alt="{escape(made.title)}" src="{_address(made.svg_alone)}" style="max-width: 100%">'
        f'<div class="bppviz-formulas" style="display: none">{drawn}</div><div class="bppviz-lines">{lines}</div>'
        f"{told}</div>"
    )


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f'<p style="text-align: center">{escape(it)}</p>' for it in texts)


def _address(svg: str) -> str:
    """Return a picture as the address of an image; base64 would be larger."""
    return "data:image/svg+xml," + quote(svg.replace('"', "'"), safe=SAFE)
