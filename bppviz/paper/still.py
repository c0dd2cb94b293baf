"""A stop as a still picture: its drawing as the stage paints it, with its formula, numbers and sentence below.

It is made without a browser, from the same series and patch that plotly.js gets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import escape
from math import ceil
from os import PathLike
from typing import Any

from bppviz.core.checks import known_name, switch
from bppviz.core.files import file_path
from bppviz.core.refusals import no_trace
from bppviz.core.trace import Trace
from bppviz.core.walk import Stop, stop_at
from bppviz.paper.convert import WRITERS
from bppviz.paper.formula import can_typeset, typeset
from bppviz.paper.handed import hand_over
from bppviz.paper.letters import balanced
from bppviz.paper.svg import Drawing, defined, drawing, stacked, text_drawing
from bppviz.picture.film import VIEWS, Film
from bppviz.picture.theme import painted, palette, part
from bppviz.words.catalogue import language
from bppviz.words.event_text import in_a_line

PART = re.compile(r"var\(--bppviz-[a-z-]+\)")
# The sizes of the words, in the picture's own units, and the space around them.
FORMULA, NUMBERS, SENTENCE, GAP, MARGIN = 27.0, 24.0, 18.0, 12.0, 16.0
WORDS_WIDE = 47  # of a sentence, in its sizes


@dataclass(frozen=True)
class Still:
    """The picture of a stop, in a language and a theme, with its words or without.

    `svg` is the text of an SVG file: it needs no font and no browser, and looks the same everywhere, but for letters of
    names that no font of ours has, which are those of whoever looks at it. A notebook shows it at the end of a cell.
    `save` writes it to a file.
    """

    trace: Trace
    stop: Stop
    lang: str = "en"
    theme: str = "light"
    view: str = VIEWS[0]
    words: bool = True

    @property
    def step(self) -> int:
        """The step that it shows, an index of the trace."""
        return self.stop.last

    @cached_property
    def _film(self) -> Film:
        return Film(self.trace, self.view)

    @cached_property
    def frame(self) -> dict[str, Any]:
        """What the stage shows at this stop: a patch to the picture, and the words under it."""
        return self._film.frame(self.stop)

    @cached_property
    def title(self) -> str:
        """What the picture shows, spelled out as it is read aloud."""
        spoken = self.frame["spoken"][self.lang]
        return f"{spoken['result']} {spoken['sentence']}".strip()

    @cached_property
    def svg(self) -> str:
        """The picture as the text of an SVG file, its formula drawn where the extra `image` is installed."""
        whole = stacked([self.picture, *self._told()], GAP, centred=True) if self.words else self.picture
        return self._painted(self._file(whole))

    @cached_property
    def svg_alone(self) -> str:
        """The same without its words, for where these stand beside it."""
        return self._painted(self.svg_unpainted)

    @cached_property
    def svg_unpainted(self) -> str:
        """The drawing alone, for a page that has the colours as variables of CSS."""
        return self._file(self.picture)

    @cached_property
    def picture(self) -> Drawing:
        """The drawing alone, its colours still variables of CSS."""
        colours = {name: it for name, it in palette(self.theme).items() if isinstance(it, float)}
        return drawing(painted(self._film.drawn(self.stop, self.lang), colours))

    def _told(self) -> list[Drawing]:
        """Return the formula, the numbers and the sentence."""
        frame, wide = self.frame, self.picture.width - 2 * MARGIN
        told = [_formula(frame[name], size, wide) for name, size in (("formula", FORMULA), ("substituted", NUMBERS))]
        sentence = balanced(
            escape(frame["sentence"][self.lang], quote=False), SENTENCE, min(wide, WORDS_WIDE * SENTENCE)
        )
        return [*(it for it in told if it.width), text_drawing(sentence, SENTENCE, part("ink"))]

    def save(self, path: str | PathLike[str]) -> None:
        """Write the picture to a file whose name ends in .svg, .png or .pdf; the latter two need the extra `image`.

        Raises TypeError or ValueError for what is no such name, ValueError for a PDF file with letters that no font of
        ours has, ImportError, which says what to install, and OSError where the file cannot be written; what was there
        then stays.
        """
        target = file_path(path, "step.svg")
        write = known_name("ending", target.suffix.lower().removeprefix("."), WRITERS)
        hand_over(target, WRITERS[write](self.svg), self.lang)

    def _file(self, whole: Drawing) -> str:
        wide, high = ceil(whole.width), ceil(whole.height + (MARGIN if whole is not self.picture else 0))
        ground = f'<path fill="{part("background")}" d="M0 0H{wide}V{high}H0Z"/>'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" '
            f'role="img" lang="{self.lang}" stroke-miterlimit="2"><title>{escape(self.title)}</title>'
            f"{defined(whole.letters)}{ground}{whole.body}</svg>"
        )

    def _painted(self, svg: str) -> str:
        """Return a drawing with the colours of the theme in place of the variables."""
        colours = palette(self.theme)
        return PART.sub(lambda found: colours.get(found[0], found[0]), svg)

    def _repr_svg_(self) -> str:
        return self.svg


def _formula(mathml: str, size: float, wide: float) -> Drawing:
    """Return a formula, smaller where it would be wider than that; without the means to draw it, as text."""
    if not mathml:
        return Drawing("", 0, 0)
    if not can_typeset():
        return text_drawing(balanced(escape(in_a_line(mathml), quote=False), SENTENCE, wide), SENTENCE, part("ink"))
    block = typeset(mathml, size)
    share = min(1.0, wide / block.width)
    scaled = f'<g transform="scale({share:.4g})">{block.body}</g>' if share < 1 else block.body
    return Drawing(scaled, block.width * share, block.height * share)


def still(
    trace: Trace, k: int, *, lang: str | None = None, theme: str = "light", view: str = VIEWS[0], words: bool = True
) -> Still:
    """Return the still picture of step k: what the widget shows there, made without a browser.

    `lang` is en or zh-TW and `theme` light, dark or projector. `view` is network, or mirror: with the reversed network
    of the backward pass below it. The formula, its numbers and the sentence stand below the picture unless `words` is
    False. A network too large to be drawn neuron by neuron shows the layer that step k belongs to.
    Raises IndexError for a step that the trace does not have, TypeError or ValueError for what is no trace and for an
    unknown language, theme or view.
    """
    if not isinstance(trace, Trace):
        raise no_trace("still", trace)
    made = Still(trace, stop_at(trace, k), language(lang), theme, view, switch("words", words))
    palette(theme)
    made.picture  # noqa: B018  # so that what does not fit is said here
    return made
