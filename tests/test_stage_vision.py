"""Colour is never the only sign: the screen as people see it who lack a kind of cone, or print it in grey."""

from base64 import b64encode
from itertools import groupby
from math import cos, hypot, radians, sin

import pytest
from networks import lecture

from bppviz.core.place import Place
from bppviz.picture.film import picture
from bppviz.picture.layout import GATE
from bppviz.picture.theme import THEMES
from bppviz.words.catalogue import catalogue

VISIONS = ["protanopia", "deuteranopia", "tritanopia", "achromatopsia"]
COLOURS = """async ([png, points]) => {
  const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  const at = ([x, y]) => 4 * (Math.round(y) * image.width + Math.round(x));
  return points.map((point) => [...data.subarray(at(point), at(point) + 3)]);
}"""


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    return open_shared_notebook("import bppviz\n\nbppviz.explain(theme='light')", size=(1600, 1200)).run_all()


@pytest.fixture(params=VISIONS)
def vision(request, shared):
    """One kind of sight, which the browser imitates."""
    eyes = shared.page.context.new_cdp_session(shared.page)
    eyes.send("Emulation.setEmulatedVisionDeficiency", {"type": request.param})
    yield request.param
    eyes.send("Emulation.setEmulatedVisionDeficiency", {"type": "none"})
    eyes.detach()


@pytest.fixture(params=THEMES)
def notebook(request, shared):
    shared.choose("theme", catalogue("en")[f"theme.{request.param}"])
    shared.page.locator(f'.bppviz-stage[data-theme="{request.param}"]').wait_for()
    shared.focus()
    shared.press("Home")
    shared.look(0)
    shared.page.mouse.move(0, 0)
    return shared


def colours(notebook, points):
    """Return the colours of some points of the page as they are seen."""
    png = b64encode(notebook.page.screenshot()).decode()
    return notebook.page.evaluate(COLOURS, [png, [list(point) for point in points]])


def seen(notebook, points):
    """Return the colours of some points of the picture, given in its own units."""
    look = notebook.look()
    left, top, scale = look["frame"]["left"], look["frame"]["top"], look["scale"]
    return colours(notebook, [(left + scale * x, top + scale * y) for x, y in points])


def luminance(colour):
    linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def drawn(notebook, points):
    """Tell of some points of the picture whether something is drawn there."""
    paper, *found = seen(notebook, [(2, 2), *points])
    return [contrast(colour, paper) >= 2 for colour in found]


def test_negative_weights_are_dashed_and_positive_ones_are_not(notebook, vision):
    edges, count = picture(lecture(), "network").ground.shape.ends, 160
    part = range(8, count - 24)  # between a neuron and the head of the arrow
    points = [
        (start.x + (end.x - start.x) * i / count, start.y + (end.y - start.y) * i / count)
        for start, end in edges.values()
        for i in part
    ]
    marks = iter(drawn(notebook, points))
    for place, (start, end) in edges.items():
        runs = groupby([next(marks) for _ in part])
        longest = (
            max(len(list(run)) for is_drawn, run in runs if is_drawn) / count * hypot(end.x - start.x, end.y - start.y)
        )
        assert (longest < 25) == (lecture().value(*place) < 0), place


def thickness(notebook, point, radius):
    """Return how thick the rim of a circle is, in the picture's own units, where no line meets it."""
    at = [
        (point.x + r * cos(radians(60)), point.y - r * sin(radians(60)))
        for r in (radius + i / 4 for i in range(-32, 32))
    ]
    return sum(drawn(notebook, at)) / 4


def test_the_current_result_has_the_thicker_rim(notebook, vision):
    shape = picture(lecture(), "network").ground.shape
    nodes, radius = shape.nodes, shape.layout.space.radius
    current, other = (thickness(notebook, nodes[Place(*place)], radius) for place in (("z", 1, 0), ("z", 2, 0)))
    assert current > other + 1.5


def test_forward_and_backward_have_other_shapes_and_the_phase_is_said(notebook, vision):
    gate = picture(lecture(), "network").ground.shape.gates[Place("dsigma", 3, 0)]
    turns = [radians(it) for it in range(20, 360, 20) if it != 180]  # but where the wires are
    outline = [(gate.x + GATE * cos(turn), gate.y + GATE * sin(turn)) for turn in turns]
    for key, phase in (("Home", "forward"), ("End", "backward")):
        notebook.press(key)
        notebook.look(0 if key == "Home" else len(lecture()) - 1)
        is_circle = sum(drawn(notebook, outline)) > 12
        assert is_circle == (phase == "forward")
        said = notebook.find(".bppviz-counter [aria-current]")
        assert said.text_content() == catalogue("en")[f"phase.{phase}"]
        weight, line = "getComputedStyle(it).fontWeight", "getComputedStyle(it).textDecorationLine"
        assert said.evaluate(f"it => [{weight}, {line}]") == ["700", "underline"]


# In grey the shapes, the places and the words tell them apart, as the test above holds.
@pytest.mark.parametrize("vision", VISIONS[:3], indirect=True)
def test_the_colours_of_forward_and_backward_stay_apart_wherever_there_is_colour(notebook, vision):
    track = notebook.find(".bppviz-scrub .noUi-connects").bounding_box()
    points = [(track["x"] + share * track["width"], track["y"] + track["height"] / 2) for share in (0.12, 0.8)]
    forward, backward = colours(notebook, points)
    assert hypot(*(a - b for a, b in zip(forward, backward, strict=True))) >= 60
