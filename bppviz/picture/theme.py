"""How things look, by the part that they play: one table of colours, and one of sizes.

A picture is drawn in parts, "var(--bppviz-forward)", and gets its colours at the end: in Python from `painted`, in the
page from the same table. The words under the picture use the same names as CSS variables.
Colours are those of Okabe and Ito (2008), darkened or lightened until text in them is readable on all that it stands
on, and lines are seen: WCAG 2.2 AA in the light theme, AAA for text where the room is dark or the screen far away.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from bppviz.core.checks import known_name

# The page has a font of ours, so that a text is as wide as it is meant to be; elsewhere it is one of about that width.
FONT = (
    '"bppviz text", "bppviz math", "Noto Sans", "Segoe UI", "Helvetica Neue", Arial, '
    '"Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei", sans-serif'
)
# Sizes in the picture's own units; the stage scales the whole picture, and no text may end below 12 px.
TEXT, VALUE, HEADING = 18, 18, 18

THEMES = {
    "light": {
        "background": "#ffffff",
        "ink": "#1c2733",
        "muted": "#52606e",
        "line": "#8a949f",
        "positive": "#7e95b0",
        "negative": "#ac8e73",
        "edge": "#84919d",
        "quiet": "#66727e",
        "forward-quiet": "#55779a",
        "backward-quiet": "#91643f",
        "forward": "#0059a3",
        "forward-soft": "#e8f2fb",
        "forward-strong": "#bfdcf5",
        "backward": "#a04000",
        "backward-soft": "#fdeee4",
        "backward-strong": "#fddfc9",
        "weight": "#1c2733",
        "weight-soft": "#eceff3",
        "weight-strong": "#d3dae2",
        "low": "#2b7bba",
        "middle": "#f4f4f2",
        "high": "#d95f0e",
        "sum": "#7b4fa0",
        "update": "#00734f",
        "mark": "#a23b86",
    },
    "dark": {
        "background": "#14181d",
        "ink": "#e8edf2",
        "muted": "#c3cdd6",
        "line": "#5d6771",
        "positive": "#4d6a8c",
        "negative": "#84664c",
        "edge": "#707c87",
        "quiet": "#93a0ab",
        "forward-quiet": "#7ba0bd",
        "backward-quiet": "#c29172",
        "forward": "#97d1f8",
        "forward-soft": "#16293a",
        "forward-strong": "#1c3b55",
        "backward": "#ffb27d",
        "backward-soft": "#35221a",
        "backward-strong": "#4d2c18",
        "weight": "#e8edf2",
        "weight-soft": "#262d35",
        "weight-strong": "#2d353f",
        "low": "#56a8e0",
        "middle": "#20262d",
        "high": "#e8803a",
        "sum": "#c9a6ee",
        "update": "#4fd1a5",
        "mark": "#e58ac9",
    },
    "projector": {
        "background": "#ffffff",
        "ink": "#000000",
        "muted": "#2b343c",
        "line": "#89949f",
        "positive": "#7996ba",
        "negative": "#b48b68",
        "edge": "#7d8893",
        "quiet": "#4a555f",
        "forward-quiet": "#365a80",
        "backward-quiet": "#785030",
        "forward": "#003d7a",
        "forward-soft": "#e3f0fc",
        "forward-strong": "#b0d6f6",
        "backward": "#732a00",
        "backward-soft": "#fde9db",
        "backward-strong": "#fccdac",
        "weight": "#000000",
        "weight-soft": "#e6eaee",
        "weight-strong": "#d0d7df",
        "low": "#0067b0",
        "middle": "#ffffff",
        "high": "#cc4c00",
        "sum": "#5f2f8a",
        "update": "#005a3d",
        "mark": "#8a1f6d",
    },
}
CHOICES = ("auto", *THEMES)
STROKES = (1.4, 1.7, 2.0, 2.4, 2.8, 3.4, 4.0, 6.0, 7.0, 8.0)  # the widths of lines
THICKER = {"projector": 1.35}  # so that the thinnest line, and its dashes, are seen from the last row


@cache
def part(name: str) -> str:
    """Return the colour of a part as it stands in a picture that is not yet painted."""
    return f"var(--bppviz-{name})"


def stroke(width: float) -> str:
    """Return the width of a line as it stands in a picture that is not yet painted."""
    return part(f"stroke-{width:g}")


def palette(theme: str) -> dict[str, Any]:
    """Return the colour of every part, and the widths of lines.

    Raises TypeError or ValueError for a theme that does not exist.
    """
    colours = THEMES[known_name("theme", theme, THEMES)]
    widths = {stroke(width): width * THICKER.get(theme, 1) for width in STROKES}
    return {part(name): colour for name, colour in colours.items()} | widths


def painted(picture: Any, colours: dict[str, Any]) -> Any:
    """Return a picture with every part's colour, and every line's width, put in."""
    if isinstance(picture, dict):
        return {key: painted(value, colours) for key, value in picture.items()}
    if isinstance(picture, list):
        return [painted(value, colours) for value in picture]
    return colours.get(picture, picture) if isinstance(picture, str) else picture


def sheet(
    size: tuple[float, float],
    margin: tuple[int, int, int, int],
    axes: tuple[dict[str, Any], dict[str, Any]],
    font: dict[str, Any],
    hovered: dict[str, Any],
) -> dict[str, Any]:
    """Return plotly's layout of a picture or a chart, not yet painted.

    `margin` is what is left free at the left, right, top and bottom; `axes` are that across and that upwards; `font` is
    that of the texts, and `hovered` that of what is said at the mouse.
    """
    return {
        "width": round(size[0]),
        "height": round(size[1]),
        "margin": dict(zip("lrtb", margin, strict=True)),
        "xaxis": axes[0],
        "yaxis": axes[1],
        "paper_bgcolor": part("background"),
        "plot_bgcolor": part("background"),
        "font": {"family": FONT, **font},
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": part("background"), "bordercolor": part("muted"), "font": hovered},
        "dragmode": False,
    }


def choice(theme: str | None) -> str:
    """Return the theme that is asked for; None follows the page.

    Raises TypeError or ValueError for a theme that does not exist.
    """
    return "auto" if theme is None else known_name("theme", theme, CHOICES)
