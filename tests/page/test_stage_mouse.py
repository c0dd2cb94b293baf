"""The mouse in the picture, in JupyterLab: a click shows the step that computed a number, hovering tells it."""

from functools import partial
from itertools import cycle

import pytest
from networks import lecture
from places import bias_at, found_at, gain_at, gradient_at, weight_at

from bppviz import Network, backprop
from bppviz.core.walk import walk
from bppviz.picture.layout import Layout
from bppviz.words.numbers import number
from bppviz.words.symbols import Symbols

TRACE = lecture()
LAYOUT = Layout(TRACE.network.sizes)
SYMBOLS = Symbols(TRACE.network)
UNITS = [(layer, unit) for layer in (1, 2, 3) for unit in (0, 1)]
EDGES = [(layer, unit, source) for layer, unit in UNITS for source in (0, 1)]
CELL = "import bppviz\n\ne = bppviz.explain()\ne"


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    return open_shared_notebook(CELL).run_all()


@pytest.fixture
def notebook(shared):
    """The lecture's network, not yet walked through."""
    shared.page.mouse.move(5, 5)
    shared.focus()
    shared.press("Home")
    shared.until(0)
    shared.settled()
    return shared


def told(notebook, point, name):
    """Move the mouse to a point of the picture and return the lines that are told there, once one names it."""
    label = notebook.page.locator(".bppviz-told", has_text=name)
    x, y = notebook.point(*point)
    by = cycle((1, 0))

    def is_told():
        notebook.page.mouse.move(x + next(by), y)  # where a picture is exchanged under a mouse at rest nothing is told
        return label.is_visible()

    notebook.eventually(is_told)
    return label.text_content().split("\n")


def click(notebook, point, name):
    """Click on a point of the picture, once its name is told there."""
    told(notebook, point, name)
    notebook.page.mouse.click(*notebook.point(*point))


def name(*place):
    return SYMBOLS(*place).text


def value(*place):
    """Return a line that tells a value."""
    return f"{name(*place)} = {number(TRACE.value(*place), 6)}"


def test_a_click_on_a_circle_shows_its_step_and_one_more_that_of_its_gradient(notebook):
    notebook.find(".bppviz-last").click()
    for layer, unit in UNITS:
        for quantity, gradient, point in (("z", "dl_dz", LAYOUT.z(layer, unit)), ("a", "dl_da", LAYOUT.a(layer, unit))):
            click(notebook, point, name(quantity, layer, unit))
            notebook.until(TRACE.step_of(quantity, layer, unit))
            click(notebook, point, name(quantity, layer, unit))
            notebook.until(TRACE.step_of(gradient, layer, unit))


def test_a_click_on_a_gradient_shows_the_step_that_computes_it(notebook):
    for edge in EDGES:
        notebook.find(".bppviz-last").click()
        notebook.until(len(TRACE) - 1)
        notebook.click_at(*found_at(LAYOUT, *edge))
        notebook.until(TRACE.step_of("dl_dw", *edge))
    for layer, unit in UNITS:
        gradients = {
            "dl_db": found_at(LAYOUT, layer, unit),
            "dsigma": gain_at(LAYOUT, layer, unit),
            **{name: gradient_at(LAYOUT, name, layer, unit) for name in ("dl_dz", "dl_da")},
        }
        for quantity, point in gradients.items():
            notebook.find(".bppviz-last").click()
            notebook.until(len(TRACE) - 1)
            notebook.click_at(*point)
            notebook.until(TRACE.step_of(quantity, layer, unit))


def test_a_click_on_a_weight_or_bias_chooses_it_and_shows_no_other_step(notebook):
    notebook.find(".bppviz-last").click()
    notebook.until(len(TRACE) - 1)
    for point, place in [
        *((weight_at(LAYOUT, *edge), ("w", *edge)) for edge in EDGES),
        *((bias_at(LAYOUT, *unit), ("b", *unit)) for unit in UNITS),
    ]:
        click(notebook, point, name(*place))
        notebook.eventually(lambda place=place: name(*place) in notebook.find(".bppviz-held").text_content())
    assert notebook.step() == len(TRACE) - 1


def test_a_click_on_a_gate_shows_the_slope_of_its_activation(notebook):
    for layer, unit in UNITS:
        click(notebook, LAYOUT.gate(layer, unit), name("dsigma", layer, unit))
        notebook.until(TRACE.step_of("dsigma", layer, unit))


def test_a_click_means_what_the_mouse_was_pressed_on_although_the_walk_goes_on_meanwhile(notebook):
    notebook.focus()
    for point, symbol in ((LAYOUT.target(0), "t₁"), (LAYOUT.x(1), "x₂")):
        step = notebook.step()
        notebook.page.mouse.move(*notebook.point(*point))
        notebook.page.mouse.down()
        notebook.press("ArrowRight")
        notebook.page.wait_for_timeout(500)  # the next step would be there by now
        notebook.page.mouse.up()
        notebook.eventually(lambda symbol=symbol: symbol in notebook.find(".bppviz-held").text_content())
        notebook.until(step + 1)


def test_a_click_on_the_loss_shows_the_loss_and_one_on_an_input_changes_nothing(notebook):
    click(notebook, LAYOUT.loss, "l")
    notebook.until(TRACE.step_of("loss", 3))
    click(notebook, LAYOUT.x(0), name("x", 0, 0))
    notebook.settled()
    assert notebook.step() == TRACE.step_of("loss", 3)


def test_after_a_click_in_the_picture_the_keys_walk_on_from_there(notebook):
    click(notebook, LAYOUT.z(2, 0), name("z", 2, 0))
    notebook.press("ArrowRight")
    notebook.until(TRACE.step_of("z", 2, 0) + 1)
    notebook.prints("print(e.step)", str(notebook.step()))


def test_a_click_shows_the_step_in_a_walk_by_vector_and_by_layer_too(notebook):
    notebook.press("ArrowUp", "ArrowUp")
    click(notebook, LAYOUT.a(2, 0), name("a", 2, 0))
    notebook.until(TRACE.step_of("a", 2, 0))
    assert notebook.counted() == (4, 22)  # a of layer 2, although z of both its neurons has a step behind that one
    notebook.press("ArrowUp")
    notebook.at(2, 10)
    click(notebook, LAYOUT.a(2, 0), name("a", 2, 0))
    notebook.until(TRACE.step_of("a", 2, 0))
    assert notebook.counted() == (2, 10)
    notebook.press("ArrowDown", "ArrowDown", "ArrowDown")


def test_a_click_in_a_picture_drawn_smaller_or_larger_hits_too(open_notebook):
    for size in ((1920, 1080), (1000, 700)):
        page = open_notebook("import bppviz\nbppviz.explain()", size=size, in_turn=True).run_all()
        click(page, LAYOUT.gate(1, 1), name("dsigma", 1, 1))
        page.until(TRACE.step_of("dsigma", 1, 1))


def test_hovering_names_a_circle_and_its_values_as_far_as_they_are_known(notebook):
    assert told(notebook, LAYOUT.x(1), name("x", 0, 1)) == [value("x", 0, 1)]
    assert told(notebook, LAYOUT.z(1, 0), name("z", 1, 0)) == [value("z", 1, 0), name("dl_dz", 1, 0)]
    assert told(notebook, LAYOUT.a(1, 0), name("a", 1, 0)) == [name("a", 1, 0), name("dl_da", 1, 0)]
    notebook.find(".bppviz-last").click()
    notebook.until(len(TRACE) - 1)
    for layer, unit in UNITS:
        assert told(notebook, LAYOUT.z(layer, unit), name("z", layer, unit)) == [
            value("z", layer, unit),
            value("dl_dz", layer, unit),
        ]


def test_hovering_names_an_edge_and_its_values(notebook):
    notebook.find(".bppviz-last").click()
    notebook.until(len(TRACE) - 1)
    for edge in EDGES:
        lines = told(notebook, weight_at(LAYOUT, *edge), name("w", *edge))
        assert lines == [value("w", *edge), value("dl_dw", *edge)]


def test_hovering_names_a_gate_and_its_slope(notebook):
    notebook.find(".bppviz-last").click()
    notebook.until(len(TRACE) - 1)
    for layer, unit in UNITS:
        place = ("dsigma", layer, unit)
        assert told(notebook, LAYOUT.gate(layer, unit), name(*place)) == [value(*place)]


def test_what_the_mouse_was_on_is_forgotten_with_the_picture_until_the_mouse_moves(notebook):
    at, label = LAYOUT.z(2, 1), notebook.find(".bppviz-told")
    marked = notebook.page.locator(".bppviz-marks .bppviz-pointed")
    told(notebook, at, name("z", 2, 1))
    notebook.eventually(lambda: marked.count() == 1)
    notebook.focus()
    for keys, step in ((["ArrowRight"], 1), (["ArrowRight"] * 5, 6), (["ArrowLeft"] * 6, 0)):
        notebook.press(*keys)
        notebook.until(step)
        notebook.settled()
        assert (marked.count(), label.is_visible()) == (0, False)
        told(notebook, at, name("z", 2, 1))
        notebook.eventually(lambda: marked.count() == 1)
    notebook.press("ArrowRight")
    notebook.until(1)
    notebook.page.mouse.move(5, 5)
    notebook.settled()
    assert (marked.count(), label.is_visible()) == (0, False)


def test_escape_takes_away_what_is_told_on_hovering_while_the_mouse_rests(notebook):
    told(notebook, LAYOUT.z(2, 1), name("z", 2, 1))
    notebook.press("Escape")
    notebook.find(".bppviz-told").wait_for(state="hidden")


def test_what_is_told_on_hovering_is_seen_whole(notebook):
    notebook.find(".bppviz-last").click()
    notebook.until(len(TRACE) - 1)
    frame = notebook.find(".bppviz-frame").bounding_box()
    places = [
        (("x", 0, 0), LAYOUT.x(0)),
        (("x", 0, 1), LAYOUT.x(1)),
        (("loss", 3), LAYOUT.loss),
        (("t", 3, 0), LAYOUT.target(0)),
    ]
    for place, point in [*places, (("z", 1, 1), LAYOUT.z(1, 1)), (("a", 3, 1), LAYOUT.a(3, 1))]:
        told(notebook, point, name(*place))
        box = notebook.find(".bppviz-told").bounding_box()
        assert box["x"] >= frame["x"] - 1
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
        assert box["y"] >= frame["y"] - 1
        assert box["y"] + box["height"] <= frame["y"] + frame["height"] + 1


def test_a_click_on_a_cell_of_a_big_network_shows_its_layer(notebook):
    network = Network.random([30, 20, 10])
    trace = backprop(network, [1, -1] * 15, [1] + [0] * 9)
    symbols, stops = Symbols(network), walk(trace, "layer")
    notebook.run(0, "import bppviz\ne = bppviz.explain(bppviz.Network.random([30, 20, 10]))\ne")
    notebook.painted()
    notebook.find(".bppviz-last").click()
    cells = notebook.page.evaluate(
        "() => document.querySelector('.bppviz-picture').data.filter(({ customdata }) => customdata)"
        ".flatMap(({ x, y, customdata }) => customdata.map((steps, i) => [steps, x[i], y[i]]))"
    )
    assert len(cells) == 30 + 2 * (20 + 10)
    for (_, _, step), x, y in cells[30::7]:
        event = trace[step]
        click(notebook, (x, y), symbols(event.quantity, event.layer, event.unit).text)
        notebook.until(step)
        place = next(i for i, stop in enumerate(stops, 1) if stop.first <= step <= stop.last)
        assert notebook.counted() == (place, len(stops))
        notebook.find(".bppviz-last").click()
    notebook.run(0, CELL)


def test_without_a_bias_the_first_weight_of_a_neuron_is_chosen_where_somebody_clicks_on_it(notebook):
    layout = Layout(TRACE.network.sizes, without_bias=frozenset({1, 2, 3}))
    network = "replace(bppviz.Network.lecture(), biases=None)"
    notebook.run(0, f"import bppviz\nfrom dataclasses import replace\n\ne = bppviz.explain({network})\ne")
    notebook.painted()
    click(notebook, layout.z(1, 1), "z₂")
    notebook.until(2)
    notebook.prints("print(e._stage.selected)", "w-1-1-0")
    notebook.press("ArrowLeft")
    notebook.until(1)
    notebook.find(".bppviz-words [data-at='z-1-0 0']").first.click()
    notebook.until(0)
    notebook.prints("print(e._stage.selected)", "w-1-0-0")
    notebook.run(0, CELL)


WHERE = """own => document.querySelector(".bppviz-picture").data.filter(({ customdata, text }) => customdata && !text)
  .flatMap(({ x, y, customdata }) => customdata.map((point, i) => [point[1], x[i], y[i]]))
  .filter(([key, x]) => key === own && x !== null).map(([, x, y]) => [x, y]).sort(([one], [other]) => one - other)"""


def test_a_click_on_a_closed_list_opens_it_and_then_each_of_its_numbers_can_be_chosen(open_notebook):
    cell = "import bppviz\n\ne = bppviz.explain(bppviz.Network.random([4, 8, 8, 3]))\ne"
    notebook = open_notebook(cell, size=(1280, 1000)).run_all()
    network = Network.random([4, 8, 8, 3])
    trace = backprop(network, [1, -1, 1, -1], [1, 0, 0])
    tag = notebook.find(".bppviz-tag")
    for unit in (3, 6):
        door, _ = notebook.page.evaluate(WHERE, f"z-1-{unit}")  # left of the circle
        notebook.click_at(*door)
        notebook.until(trace.step_of("z", 1, unit))
        notebook.settled()
        for source, w in enumerate(network.weights[0][unit]):
            (row,) = notebook.page.evaluate(WHERE, f"w-1-{unit}-{source}")
            notebook.click_at(*row)
            notebook.prints("print(e._stage.selected)", f"w-1-{unit}-{source}")
            notebook.eventually(partial(says, tag, number(w)))
            notebook.press("Escape")
    assert notebook.page.evaluate(WHERE, "w-1-0-0") == []


def says(part, text):
    return text in part.text_content()
