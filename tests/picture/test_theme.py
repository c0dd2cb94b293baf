"""Colours: readable in every theme, the same parts in each, and none that nobody has named."""

import re

import pytest
from contrast import contrast

from bppviz.page.assets import style_sheet
from bppviz.picture.theme import CHOICES, HEADING, TEXT, THEMES, VALUE, choice, painted, palette, part

# The contrast that WCAG 2.2 asks for: AA in the light theme, AAA where the room is dark or the screen far away.
READABLE = {"light": 4.5, "dark": 7.0, "projector": 7.0}
SEEN = 3.0
MARKS = ("forward-soft", "forward-strong", "backward-soft", "backward-strong")
# What every text stands on: a value in a circle that is lit for its gradient, a factor in the term that is added.
GROUNDS = {
    "ink": ("background", *MARKS),
    "muted": ("background", *MARKS),
    "forward": ("background", *MARKS, "weight-soft", "weight-strong"),
    "backward": ("background", "backward-soft", "backward-strong", "weight-soft", "weight-strong"),
    "weight": ("background", "weight-soft", "weight-strong"),
    "update": ("background",),
    "sum": ("background",),
    "background": ("forward",),
}
LINES = ("line", "positive", "negative", "muted", "forward", "backward", "weight", "low", "high", "sum", "mark")


def test_the_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("text", GROUNDS)
def test_every_text_can_be_read_on_all_that_it_stands_on(theme, text):
    colours = THEMES[theme]
    ratios = {ground: contrast(colours[text], colours[ground]) for ground in GROUNDS[text]}
    assert {ground: ratio for ground, ratio in ratios.items() if ratio < READABLE[theme]} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_every_line_and_outline_is_seen_on_the_background(theme):
    colours = THEMES[theme]
    ratios = {line: contrast(colours[line], colours["background"]) for line in LINES}
    assert {line: ratio for line, ratio in ratios.items() if ratio < SEEN} == {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("phase", ["forward", "backward", "weight"])
def test_a_result_is_marked_more_strongly_than_what_it_is_computed_from(theme, phase):
    colours = THEMES[theme]
    soft, strong = (contrast(colours[f"{phase}-{strength}"], colours["background"]) for strength in ("soft", "strong"))
    assert 1.1 < soft < strong


@pytest.mark.parametrize("theme", THEMES)
def test_forward_and_backward_differ_in_more_than_lightness(theme):
    forward, backward = THEMES[theme]["forward"], THEMES[theme]["backward"]
    assert int(forward[5:], 16) > int(forward[1:3], 16)  # blue
    assert int(backward[1:3], 16) > int(backward[5:], 16)  # vermilion


def test_every_theme_has_the_same_parts():
    assert len({tuple(colours) for colours in THEMES.values()}) == 1
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colours in THEMES.values() for colour in colours.values())


def test_the_words_under_the_picture_use_no_colour_that_has_no_name():
    css = style_sheet()
    named = set(palette("light")) | {f"var({name})" for name in re.findall(r"(--bppviz-[\w-]+)\s*:", css)}
    used = set(re.findall(r"var\(--bppviz-[\w-]+\)", css))
    sizes = ("scale", "width", "x", "y", "beside", "wide", "depth", "columns", "share")
    places = {f"var(--bppviz-{name})" for name in sizes}
    assert used - named <= {"var(--bppviz-track)", *places}  # the phases on the scrubber, which the page works out
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", css) == []


def test_a_picture_is_painted_wherever_a_part_is_named():
    picture = {"line": {"color": part("forward")}, "list": [part("ink"), 3, None, "text"]}
    colours = THEMES["dark"]
    assert painted(picture, palette("dark")) == {
        "line": {"color": colours["forward"]},
        "list": [colours["ink"], 3, None, "text"],
    }


def test_texts_are_at_least_12_pixels_where_the_picture_is_two_thirds_of_its_size():
    assert min(TEXT, VALUE, HEADING) * 12 / 18 >= 12


def test_the_theme_follows_the_page_unless_one_is_asked_for():
    assert choice(None) == "auto"
    assert [choice(name) for name in CHOICES] == ["auto", "light", "dark", "projector"]


@pytest.mark.parametrize("theme", ["pink", "", "Light"])
def test_an_unknown_theme_is_refused_with_those_there_are(theme):
    with pytest.raises(ValueError, match=rf"unknown theme {theme!r}; choose one of: auto, light, dark, projector\."):
        choice(theme)
    with pytest.raises(ValueError, match=rf"unknown theme {theme!r}; choose one of: light, dark, projector\."):
        palette(theme)


def test_a_theme_that_is_no_name_is_refused():
    with pytest.raises(TypeError, match=r"theme 3 is not a name; give one of: auto, light, dark, projector\."):
        choice(3)
