"""Colour is never the only sign: the screen as people see it who lack a kind of cone, or print it in grey.

The colours that are seen are computed from those of the screen, as the browser computes them when it imitates a kind of
sight; a test compares the two.
"""

from base64 import b64encode
from itertools import groupby
from math import cos, hypot, radians, sin
from typing import NamedTuple

import numpy as np
import pytest
from networks import lecture
from places import edge_at

from bppviz.picture.layout import GATE, Layout
from bppviz.picture.theme import THEMES
from bppviz.words.catalogue import catalogue

TRACE = lecture()
LAYOUT = Layout(TRACE.network.sizes)
EDGES = [(layer, unit, source) for layer in LAYOUT.layers for unit in (0, 1) for source in (0, 1)]
COUNT = 160  # points on an edge
PART = range(8, COUNT - 24)  # of them between a neuron and the head of the arrow
# What is left of red, green and blue where one kind of cone is missing (Machado, Oliveira and Fernandes 2009, by light
# as it adds up), and where there is no colour at all.
VISIONS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    "achromatopsia": [[0.2126, 0.7152, 0.0722]] * 3,
}
COLOURS = """async ([png, points]) => {
  const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  const at = ([x, y]) => 4 * (Math.round(y) * image.width + Math.round(x));
  return points.map((point) => [...data.subarray(at(point), at(point) + 3)]);
}"""
STYLE = "it => [getComputedStyle(it).fontWeight, getComputedStyle(it).textDecorationLine]"


class Screen(NamedTuple):
    """What is measured of the page at a step: colours, by what they are of, and how the phase is said."""

    colours: dict
    said: str
    style: list


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    return open_shared_notebook("import bppviz\n\nbppviz.explain(theme='light')", size=(1600, 1200)).run_all()


@pytest.fixture(scope="module", params=THEMES)
def screens(request, shared):
    """The page in the colours of a theme at its first and its last step."""
    shared.choose("theme", catalogue("en")[f"theme.{request.param}"])
    shared.page.locator(f'.bppviz-stage[data-theme="{request.param}"]').wait_for()
    return {key: screen(shared, key) for key in ("Home", "End")}


def screen(notebook, key):
    """Go to the first or last step, and measure the page there."""
    notebook.focus()
    notebook.press(key)
    notebook.look(0 if key == "Home" else len(TRACE) - 1)
    notebook.page.mouse.move(0, 0)
    said = notebook.find(".bppviz-phases [aria-current]")
    return Screen(measured(notebook), said.text_content(), said.evaluate(STYLE))


def measured(notebook):
    """Return the colours of all points that are looked at, by what they are of."""
    places = {**{name: in_page(notebook, points) for name, points in PLACES.items()}, "track": on_track(notebook)}
    png = b64encode(notebook.page.screenshot()).decode()
    points = [point for group in places.values() for point in group]
    colours = iter(notebook.page.evaluate(COLOURS, [png, points]))
    return {name: np.array([next(colours) for _ in group]) for name, group in places.items()}


def in_page(notebook, points):
    """Return where in the page points of the picture are, given in its own units."""
    look = notebook.look()
    left, top, scale = look["frame"]["left"], look["frame"]["top"], look["scale"]
    return [(left + scale * x, top + scale * y) for x, y in points]


def on_track(notebook):
    """Return a point of the scrubber's track where it walks forward, and one where it walks backward."""
    track = notebook.find(".bppviz-scrub .noUi-connects").bounding_box()
    return [(track["x"] + share * track["width"], track["y"] + track["height"] / 2) for share in (0.12, 0.8)]


def along(start, end):
    return [(start.x + (end.x - start.x) * i / COUNT, start.y + (end.y - start.y) * i / COUNT) for i in PART]


def across_rim(point):
    """Return points across the rim of a circle, a quarter of a pixel apart, where no line meets it."""
    radii = (LAYOUT.radius + i / 4 for i in range(-32, 32))
    return [(point.x + r * cos(radians(60)), point.y - r * sin(radians(60))) for r in radii]


def around(gate):
    """Return points around a gate, but where the wires are."""
    turns = [radians(it) for it in range(20, 360, 20) if it != 180]
    return [(gate.x + GATE * cos(turn), gate.y + GATE * sin(turn)) for turn in turns]


PLACES = {
    "paper": [(2, 2)],
    **{edge: along(*edge_at(LAYOUT, *edge)) for edge in EDGES},
    "current": across_rim(LAYOUT.z(1, 0)),
    "other": across_rim(LAYOUT.z(2, 0)),
    "gate": around(LAYOUT.gate(3, 0)),
}


def light(colours):
    """Return how much light of each kind a screen gives for its values."""
    return np.where(colours <= 10, colours / 3294.6, ((colours / 255 + 0.055) / 1.055) ** 2.4)


def as_seen(colours, vision):
    """Return colours as they are seen with one kind of sight."""
    left = np.clip(light(colours) @ np.array(VISIONS[vision]).T, 0, 1)
    return 255 * np.where(left <= 0.0031308, 12.92 * left, 1.055 * left ** (1 / 2.4) - 0.055)


def luminance(colours):
    return light(colours) @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    one, other = luminance(one), luminance(other)
    return (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)


def drawn(screen, name, vision):
    """Tell of some points of the picture whether something is drawn there."""
    return contrast(as_seen(screen.colours[name], vision), as_seen(screen.colours["paper"], vision)) >= 2


@pytest.mark.parametrize("vision", VISIONS)
def test_negative_weights_are_dashed_and_positive_ones_are_not(screens, vision):
    for edge in EDGES:
        start, end = edge_at(LAYOUT, *edge)
        runs = [len(list(run)) for is_drawn, run in groupby(drawn(screens["Home"], edge, vision)) if is_drawn]
        longest = max(runs) / COUNT * hypot(end.x - start.x, end.y - start.y)
        assert (longest < 40) == (TRACE.value("w", *edge) < 0), edge


@pytest.mark.parametrize("vision", VISIONS)
def test_the_current_result_has_the_thicker_rim(screens, vision):
    current, other = (sum(drawn(screens["Home"], name, vision)) / 4 for name in ("current", "other"))
    assert current > other + 1.5


@pytest.mark.parametrize("vision", VISIONS)
def test_forward_and_backward_have_other_shapes_and_the_phase_is_said(screens, vision):
    for key, phase in (("Home", "forward"), ("End", "gradient")):
        is_circle = sum(drawn(screens[key], "gate", vision)) > 12
        assert is_circle == (phase == "forward")
        assert screens[key].said == catalogue("en")[f"phase.{phase}"]
        assert screens[key].style[0] == "700"


# In grey the shapes, the places and the words tell them apart, as the test above holds.
@pytest.mark.parametrize("vision", list(VISIONS)[:3])
def test_the_colours_of_forward_and_backward_stay_apart_wherever_there_is_colour(screens, vision):
    forward, backward = as_seen(screens["Home"].colours["track"], vision)
    assert hypot(*(forward - backward)) >= 60


@pytest.mark.parametrize("vision", VISIONS)
def test_colours_are_seen_as_the_browser_imitates_it(shared, screens, vision):
    shared.press("Home")
    shared.look(0)
    eyes = shared.page.context.new_cdp_session(shared.page)
    eyes.send("Emulation.setEmulatedVisionDeficiency", {"type": vision})
    imitated = measured(shared)
    eyes.send("Emulation.setEmulatedVisionDeficiency", {"type": "none"})
    eyes.detach()
    for name, colours in screens["Home"].colours.items():
        assert np.abs(imitated[name] - as_seen(colours, vision)).max() < 3, name
