"""What a saved page shows before any script runs, and where none may: the picture and the words of its first step.

It stands where the stage will stand, and is as large; so nothing moves when the stage takes its place.
"""

from __future__ import annotations

from html import escape
from typing import Any

from bppviz.core.trace import Trace
from bppviz.core.walk import locate, walk
from bppviz.page.defaults import WHOLE
from bppviz.paper.still import Still
from bppviz.picture.theme import THEMES, palette, part

# As in painter.js: the least scale, that on a phone, what stands around the picture, and how wide a phone is.
LEAST, ON_PHONE, AROUND, PHONE = 12 / 18, 14 / 18, 232, 479.9
PADDING, PADDING_ON_PHONE = 16, 24  # at both sides of the page, in pixels


def opening_step(trace: Trace, traits: dict[str, Any]) -> Still:
    """Return the picture of the step that a page with these traits begins with."""
    stops = walk(trace, traits["granularity"])
    stop = stops[locate(trace, stops, traits["step"], WHOLE)]
    theme = traits["theme"] if traits["theme"] in THEMES else "light"  # which says no more than how thick lines are
    return Still(trace, stop, traits["lang"], theme, traits["view"])


def opening(made: Still) -> str:
    """Return a step in HTML, with the classes that the stage has."""
    words = "".join(f'<div class="bppviz-{name}">{made.frame[name]}</div>' for name in ("formula", "substituted"))
    sentence = escape(made.frame["sentence"][made.lang])
    return (
        f'<div class="bppviz-opening" lang="{made.lang}"><div class="bppviz-sight"><svg class="bppviz-map"></svg>'
        f'<div class="bppviz-scroll"><div class="bppviz-frame">{made.svg_unpainted}</div></div></div>'
        f'<div class="bppviz-words">{words}<div class="bppviz-line"><p class="bppviz-sentence">{sentence}</p></div>'
        "</div></div>"
    )


def opening_style(made: Still, theme: str) -> str:
    """Return how large the first picture is, and the colours of the theme, for as long as no script runs."""
    wide, high = made.picture.width, made.picture.height
    room = f"(100vh - {AROUND}px) * {wide / high}"
    cut = ".bppviz-opening .bppviz-map { display: block; }"  # a map of the whole stands above it
    return f"""{_colours(theme)}
.bppviz-opening .bppviz-frame {{ width: max({wide * LEAST}px, min(100%, {room})); aspect-ratio: {wide} / {high}; }}
@container bppviz (max-width: {wide * LEAST + PADDING}px) {{ {cut} }}
@container bppviz (max-width: {PHONE}px) {{
  .bppviz-opening .bppviz-frame {{ width: max({wide * LEAST}px, min(max(100%, {wide * ON_PHONE}px), {room})); }}
}}
@container bppviz (max-width: {min(PHONE, wide * ON_PHONE + PADDING_ON_PHONE)}px) {{ {cut} }}"""


def _colours(theme: str) -> str:
    """Return the colours as variables: those of the page's theme, or the system's, and of one that is chosen later."""
    chosen = "".join(f':root:has(.bppviz-stage[data-theme="{it}"]) {{ {_variables(it)} }}\n' for it in THEMES)
    if theme in THEMES:
        return f"{chosen}:root {{ {_variables(theme)} }}"
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {_variables('dark')} }} }}"
    return f"{chosen}:root {{ {_variables('light')} }} {dark}"


def _variables(theme: str) -> str:
    colours = {name: colour for name, colour in palette(theme).items() if name in map(part, THEMES[theme])}
    return " ".join(f"{name[4:-1]}: {colour};" for name, colour in colours.items())
