"""Numbers that are changed in JupyterLab with a real mouse and real keys: what is painted is what a run apart gives."""

import json

import pytest
from networks import lecture
from painting import shows as shows_at
from places import weight_at
from sliders import LECTURE, drag, edited, field, grasp, handle, pull, shown

from bppviz import backprop
from bppviz.core.network import with_number
from bppviz.core.place import groups, place_at
from bppviz.picture.layout import Layout
from bppviz.practice.typed import single
from bppviz.words.catalogue import catalogue
from bppviz.words.numbers import number
from bppviz.words.symbols import Symbols

STEP = 21  # ∂l/∂z₃
W3 = place_at("w-2-0-0")
LAYOUT = Layout(LECTURE.sizes)
STATE = (
    "import json; print(json.dumps([[w.tolist() for w in e.network.weights], [b.tolist() for b in e.network.biases]]))"
)


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    return open_shared_notebook(
        f"import bppviz\n\ne = bppviz.explain(theme='light', step={STEP}, open='weights')\ne", STATE, size=(1280, 1500)
    )


@pytest.fixture
def notebook(shared):
    """The lecture's network at the step that computes ∂l/∂z₃, as it was in the beginning."""
    shared.page.mouse.move(5, 5)
    shared.run(0)
    shared.painted()
    shared.until(STEP)
    shared.find(".bppviz-panel-weights .bppviz-plotted .main-svg").wait_for()
    return shared


def shows(notebook, trace, step=STEP):
    """Wait until the stage shows this run at this step."""
    shows_at(notebook, trace, step)


# Sliders


def test_every_number_of_the_lectures_network_has_a_slider_with_its_symbol_and_a_field_with_its_number(notebook):
    titles = [it.get_attribute("title") for it in notebook.page.locator(".bppviz-weight").all()]
    assert len(titles) == 18
    symbols = Symbols(LECTURE)
    assert set(titles) == {symbols(*place).text for column in groups(LECTURE.sizes, ())[1:-1] for place in column}
    assert notebook.page.locator(".bppviz-input").count() == notebook.page.locator(".bppviz-target").count() == 2
    for title in titles:
        assert handle(notebook, title).get_attribute("aria-label") == title
    assert field(notebook, "w-2-0-0").input_value() == "2"
    headings = [it.get_attribute("data-title") for it in notebook.page.locator(".bppviz-group").all()]
    assert headings == ["input · target", "", "layer 1 · sigmoid", "layer 2 · sigmoid", "output · sigmoid"]
    for row in notebook.page.locator(".bppviz-group > *").all():
        assert row.bounding_box()["height"] == 24


def spun(notebook, name):
    """Return what a screen reader has of the spin button of this name: its number, and how far it goes."""
    reader = notebook.page.context.new_cdp_session(notebook.page)
    document = reader.send("DOM.getDocument")["root"]["nodeId"]
    query = {"nodeId": document, "role": "spinbutton", "accessibleName": name}
    (found,) = reader.send("Accessibility.queryAXTree", query)["nodes"]
    reader.detach()
    told = {it["name"]: it["value"].get("value") for it in found["properties"]}
    return round(found["value"]["value"], 4), *(told.get(it) for it in ("valuemin", "valuemax"))


def test_a_screen_reader_has_each_field_as_a_spin_button_with_its_number_and_how_far_its_slider_goes(notebook):
    assert spun(notebook, "w₃") == (2, -5, 5)
    it = field(notebook, "w-2-0-0")
    it.fill("-7.5")
    it.press("Enter")
    notebook.eventually(lambda: spun(notebook, "w₃") == (-7.5, -10, 10))
    it.press("ArrowUp")
    notebook.eventually(lambda: spun(notebook, "w₃") == (-7.45, -10, 10))
    drag(notebook, "w₄", 20)
    value = shown(notebook, "w-2-1-0")
    notebook.eventually(lambda: spun(notebook, "w₄")[0] == value)
    notebook.page.mouse.up()
    notebook.open("training")
    assert spun(notebook, "Learning rate η")[0] == 0.5


def test_while_a_slider_is_dragged_the_step_that_is_looked_at_follows_and_stays(notebook):
    x, y = grasp(notebook, handle(notebook, "w₃"))
    seen = set()
    for by in (-6, -12, -18, -24):
        notebook.page.mouse.move(x + by, y, steps=3)
        value = shown(notebook, "w-2-0-0")
        shows(notebook, edited("w-2-0-0", value))
        seen.add(value)
    assert len(seen) == 4
    notebook.page.mouse.up()
    shows(notebook, edited("w-2-0-0", value))
    assert notebook.step() == STEP
    assert json.loads(notebook.python(STATE))[0][1][0][0] == value


def test_after_a_drag_every_other_step_belongs_to_the_new_weight_too(notebook):
    drag(notebook, "w₃", -15)
    notebook.page.mouse.up()
    value = shown(notebook, "w-2-0-0")
    notebook.focus()
    for key, step in (("ArrowLeft", STEP - 1), ("End", 48), ("Home", 0)):
        notebook.press(key)
        shows(notebook, edited("w-2-0-0", value), step)


def test_the_last_picture_of_a_fast_drag_belongs_to_its_last_number(notebook):
    x, y = grasp(notebook, handle(notebook, "w₅"))
    for by in (-40, 20, -30, 10, -20) * 3:
        notebook.page.mouse.move(x + by, y, steps=2)
    notebook.page.mouse.up()
    shows(notebook, edited("w-3-0-0", shown(notebook, "w-3-0-0")))


def test_a_key_pressed_at_once_after_a_drag_shows_the_new_numbers(notebook):
    drag(notebook, "w₃", -15)
    notebook.page.mouse.up()
    notebook.focus()
    notebook.press("ArrowRight", "ArrowRight")
    shows(notebook, edited("w-2-0-0", shown(notebook, "w-2-0-0")), STEP + 2)


@pytest.mark.parametrize(("title", "key"), [("b₃", "b-2-0"), ("x₁", "x-0-0"), ("t₂", "t-3-1")])
def test_biases_inputs_and_targets_are_dragged_too(notebook, title, key):
    drag(notebook, title, 10)
    notebook.page.mouse.up()
    value, place = shown(notebook, key), place_at(key)
    if place.quantity == "b":
        return shows(notebook, edited(key, value))
    x, target = [1.0, -1.0], [1.0, 0.0]
    (x if place.quantity == "x" else target)[place.unit] = value
    return shows(notebook, backprop(LECTURE, x, target))


def test_the_arrow_keys_move_a_slider_by_a_step_and_nothing_else(notebook):
    cells = notebook.cells()
    handle(notebook, "w₃").focus()
    for key, value in (("ArrowRight", 2.05), ("ArrowRight", 2.1), ("ArrowLeft", 2.05)):
        notebook.press(key)
        notebook.eventually(lambda value=value: field(notebook, "w-2-0-0").input_value() == str(value))
    notebook.press("b", "d", "d")
    shows(notebook, edited("w-2-0-0", 2.05))
    assert notebook.cells() == cells
    notebook.open("weights")  # D is the key of another panel
    notebook.find("button.bppviz-undo").click()
    shows(notebook, edited("w-2-0-0", 2.1))  # each key was an edit


def test_a_key_on_a_slider_counts_while_the_kernel_has_yet_to_hear_of_the_last_steps(notebook):
    go_on = notebook.occupy(1)
    notebook.focus()
    notebook.press("ArrowLeft", "ArrowRight")
    notebook.until(STEP)
    handle(notebook, "w₃").focus()
    notebook.press("ArrowRight")
    go_on.touch()
    notebook.eventually(lambda: field(notebook, "w-2-0-0").input_value() == "2.05")
    shows(notebook, edited("w-2-0-0", 2.05))
    notebook.run(1, STATE)


# The chart, which is a slider


def chart_head(notebook):
    return notebook.find(".bppviz-title-weights")


def test_the_slider_under_the_chart_moves_the_number_that_the_chart_is_of_in_one_edit(notebook):
    field(notebook, "w-3-0-0").focus()
    notebook.says(chart_head(notebook), "w₅ = 3 ")
    pull(notebook, notebook.find(".bppviz-panel-weights .bppviz-rail .noUi-handle"), -40)
    notebook.eventually(lambda: single(field(notebook, "w-3-0-0").input_value()) < 3)
    notebook.page.mouse.up()
    value = rail_shows(notebook)
    notebook.eventually(lambda: shown(notebook, "w-3-0-0") == value)
    shows(notebook, edited("w-3-0-0", value))
    notebook.says(chart_head(notebook), f"w₅ = {number(value)} ")
    notebook.find("button.bppviz-undo").click()
    shows(notebook, lecture())


def test_the_point_of_the_chart_is_dragged_and_the_slider_lies_exactly_under_its_axis(notebook):
    field(notebook, "w-3-0-0").focus()
    notebook.says(chart_head(notebook), "w₅ = 3 ")
    axis = notebook.find(".bppviz-panel-weights .bppviz-plotted .nsewdrag")
    plot, rail = axis.bounding_box(), notebook.find(".bppviz-panel-weights .bppviz-rail .noUi-target").bounding_box()
    assert (rail["x"], rail["width"]) == (pytest.approx(plot["x"], abs=1), pytest.approx(plot["width"], abs=1))
    point = notebook.find(".bppviz-panel-weights .bppviz-point")
    before = point.bounding_box()["x"]
    pull(notebook, point, -30)
    notebook.eventually(lambda: point.bounding_box()["x"] == pytest.approx(before - 30, abs=2))
    notebook.page.mouse.up()
    value = rail_shows(notebook)
    assert value == pytest.approx(3 - 30 * 10 / plot["width"], abs=0.05)
    shows(notebook, edited("w-3-0-0", value))
    notebook.find("button.bppviz-undo").click()
    shows(notebook, lecture())


def rail_shows(notebook):
    """Return the number at which the slider under the chart stands."""
    handle = notebook.find(".bppviz-panel-weights .bppviz-rail .noUi-handle")
    return round(float(handle.get_attribute("aria-valuetext")), 2)


def test_the_chart_of_an_input_has_no_tangent_and_moves_it_too(notebook):
    field(notebook, "x-0-0").focus()
    notebook.says(chart_head(notebook), "x₁ = 1 ")
    handle = notebook.find(".bppviz-panel-weights .bppviz-rail .noUi-handle")
    handle.focus()
    notebook.press("ArrowRight")
    shows(notebook, backprop(LECTURE, [1.05, -1], [1, 0]))


@pytest.mark.parametrize(("size", "hides"), [((1280, 720), False), ((1440, 900), True)])
def test_all_numbers_and_the_chart_are_in_sight_below_the_picture_or_beside_it(open_shared_notebook, size, hides):
    cell = "import bppviz\n\nbppviz.explain(theme='light', open='weights')"
    notebook = open_shared_notebook(cell, size=size, in_turn=True)
    if hides:
        notebook.menu("View", "File Browser")
    notebook.run_all()
    notebook.find(".bppviz-panel-weights .bppviz-plotted .main-svg").wait_for()
    panel = notebook.find(".bppviz-panel-weights")
    assert panel.evaluate("it => it.scrollHeight - it.clientHeight") <= 2
    cut = "them => them.map(it => it.scrollWidth - it.clientWidth)"
    for part in (".bppviz-panel-weights", ".bppviz-group .bppviz-exact input", ".bppviz-panel-weights .bppviz-key"):
        assert max(notebook.page.locator(part).evaluate_all(cut)) <= 0, part
    if hides:
        notebook.menu("View", "File Browser")


# Exact numbers


def test_an_exact_number_is_typed_and_the_slider_grows_to_reach_it(notebook):
    field(notebook, "w-2-0-0").fill("7.25")
    notebook.press("Enter")
    shows(notebook, edited("w-2-0-0", 7.25))
    notebook.eventually(lambda: handle(notebook, "w₃").get_attribute("aria-valuemax") == "10.0")
    field(notebook, "w-2-0-0").fill("0.123456789")
    notebook.press("Enter")
    shows(notebook, edited("w-2-0-0", 0.123456789))
    notebook.page.wait_for_timeout(1000)  # the page puts the handle on its grid; the number stays exact
    assert json.loads(notebook.python(STATE))[0][1][0][0] == 0.123456789


def test_a_field_shows_what_has_room_and_all_of_its_number_to_whoever_comes_into_it(notebook):
    w3, undo = field(notebook, "w-2-0-0"), notebook.find("button.bppviz-undo")
    w3.fill("−1.2345678×10⁻⁷")
    notebook.press("Enter")
    shows(notebook, edited("w-2-0-0", -1.2345678e-7))
    assert w3.input_value() == "−1.2345678×10⁻⁷"
    field(notebook, "b-2-0").focus()
    notebook.eventually(lambda: w3.input_value() == "−1.2×10⁻⁷")
    assert w3.get_attribute("title") == "w₃ = −1.2345678×10⁻⁷"
    w3.click()
    assert w3.input_value() == "−1.2345678×10⁻⁷"
    notebook.press("Enter")
    field(notebook, "b-2-0").focus()
    assert w3.input_value() == "−1.2×10⁻⁷"
    notebook.page.wait_for_timeout(1000)
    assert w3.input_value() == "−1.2×10⁻⁷"
    assert json.loads(notebook.python(STATE))[0][1][0][0] == -1.2345678e-7
    undo.click()  # a field that is only looked at is no edit
    shows(notebook, lecture())


def test_what_is_typed_after_the_tab_key_takes_the_place_of_the_number(notebook):
    notebook.find(".bppviz-stage").focus()
    field(notebook, "w-2-0-0").fill("0.123456789")
    notebook.press("Enter")
    shows(notebook, edited("w-2-0-0", 0.123456789))
    handle(notebook, "w₃").focus()
    notebook.press("Tab", *"0.75", "Enter")
    shows(notebook, edited("w-2-0-0", 0.75))


def test_an_arrow_key_in_a_field_steps_from_the_exact_number_each_time(notebook):
    w3 = field(notebook, "w-2-0-0")
    w3.fill("0.123456789")
    notebook.press("Enter", "ArrowUp", "ArrowUp", "ArrowUp")
    notebook.eventually(lambda: w3.input_value() == "0.273456789")
    notebook.press("ArrowDown")
    notebook.eventually(lambda: w3.input_value() == "0.223456789")
    shows(notebook, edited("w-2-0-0", 0.223456789))
    assert notebook.step() == STEP
    notebook.focus()
    notebook.eventually(lambda: w3.input_value() == "0.2235")


# Two keys at once, and a third as soon as the first is answered: the second is then still to be sent.
WHILE_ANSWERED = """field => {
  const press = () => field.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true }));
  const answered = new MutationObserver(() => { answered.disconnect(); press(); });
  answered.observe(field, { attributeFilter: ["title"] });
  press();
  press();
}"""


def test_no_arrow_key_in_a_field_is_lost_to_the_answer_of_an_earlier_one(notebook):
    w3 = field(notebook, "w-2-0-0")
    w3.click()
    w3.evaluate(WHILE_ANSWERED)
    shows(notebook, edited("w-2-0-0", 2.15))
    notebook.press("ArrowUp")
    shows(notebook, edited("w-2-0-0", 2.2))


@pytest.mark.parametrize(("text", "problem"), [("abc", "typed"), ("", "typed"), ("0,5", "point")])
def test_what_is_no_number_is_refused_in_place_and_the_number_comes_back(notebook, text, problem):
    w3, said = field(notebook, "w-2-0-0"), notebook.find(".bppviz-problem")
    w3.fill(text)
    notebook.press("Enter")
    notebook.says(said, catalogue("en")[f"problem.{problem}"])
    notebook.eventually(lambda: w3.input_value() == "2")
    at, told = w3.bounding_box(), said.bounding_box()
    assert told["y"] == pytest.approx(at["y"] + at["height"], abs=8)
    assert w3.get_attribute("aria-invalid") == "true"
    w3.fill("0.5")
    notebook.press("Enter")
    notebook.says(said, "")
    notebook.eventually(lambda: w3.get_attribute("aria-invalid") is None)
    shows(notebook, edited("w-2-0-0", 0.5))


def test_a_number_is_dragged_where_it_is_written_and_a_click_selects_it_to_be_typed(notebook):
    w5 = field(notebook, "w-3-0-0")
    pull(notebook, w5, -12)
    notebook.page.mouse.up()
    shows(notebook, edited("w-3-0-0", 1.8))
    assert w5.input_value() == "1.8"
    notebook.focus()
    notebook.find("button.bppviz-undo").click()
    shows(notebook, lecture())
    w5.click()
    notebook.page.keyboard.type("1.4")
    notebook.press("Enter")
    shows(notebook, edited("w-3-0-0", 1.4))


def test_after_an_update_no_field_is_cut_off_in_a_window_as_wide_as_most_are(open_shared_notebook):
    cell = "import bppviz\n\ne = bppviz.explain(theme='light', open='training')\ne"
    for size in ((1280, 720), (824, 720)):
        notebook = open_shared_notebook(cell, "print(e.network.weights[2].tolist())", size=size, in_turn=True).run_all()
        notebook.find(".bppviz-rate-field input").fill("123.456")
        notebook.find("button.bppviz-update").click()
        notebook.find("button.bppviz-show-weights").click()
        w12 = field(notebook, "w-3-1-1")
        notebook.eventually(lambda w12=w12: w12.input_value() not in ("", "4"))
        hidden = "them => them.map(it => it.scrollWidth - it.clientWidth)"
        cut = notebook.page.locator(".bppviz-group .bppviz-exact input").evaluate_all(hidden)
        assert len(cut) == 22
        assert max(cut) <= 0


def test_a_number_too_large_to_compute_with_is_refused_in_place_and_everything_stays(notebook):
    field(notebook, "w-1-0-0").fill("2")
    notebook.press("Enter")
    shows(notebook, edited("w-1-0-0", 2))
    problem = notebook.find(".bppviz-problem")
    field(notebook, "x-0-0").fill("1e308")
    notebook.press("Enter")
    notebook.eventually(lambda: problem.text_content() == catalogue("en")["problem.overflow"])
    assert problem.is_visible()
    notebook.focus()
    notebook.press("l")
    notebook.says(problem, catalogue("zh-TW")["problem.overflow"])
    notebook.press("l")
    assert field(notebook, "x-0-0").input_value() == "1"
    assert json.loads(notebook.python(STATE))[0][0][0][0] == 2
    field(notebook, "x-0-0").fill("0.5")
    notebook.press("Enter")
    notebook.says(problem, "")
    shows(notebook, backprop(with_number(LECTURE, place_at("w-1-0-0"), 2), [0.5, -1], [1, 0]))


def test_neurons_that_start_alike_are_told_of_in_place_until_a_number_tells_them_apart(open_notebook):
    notebook = open_notebook(
        "from bppviz import *\n\n"
        "e = explain(Network([[[0, 0], [0, 0]], [[0, 0]]], [[0, 0], [0]], 'sigmoid', 'half_squared_error'), "
        "*samples('XOR'), open='weights')\ne"
    )
    notebook.run(0)
    notebook.painted()
    notice = notebook.find(".bppviz-notice")
    notebook.says(notice, catalogue("en")["notice.alike"].format(layer=1, count=2))
    assert notice.is_visible()
    notebook.focus()
    notebook.press("l")
    notebook.says(notice, catalogue("zh-TW")["notice.alike"].format(layer=1, count=2))
    field(notebook, "w-2-0-0").fill("1")
    notebook.press("Enter")
    notebook.says(notice, "")
    assert not notice.is_visible()


# The way back


def test_undo_and_redo_step_through_edits_and_the_initial_weights_come_back_exactly(notebook):
    before = notebook.python(STATE)
    undo, redo, reset = (notebook.find(f"button.bppviz-{name}") for name in ("undo", "redo", "reset"))
    assert undo.is_disabled()
    drag(notebook, "w₃", -15)
    notebook.page.mouse.up()
    first = shown(notebook, "w-2-0-0")
    drag(notebook, "b₃", 15)
    notebook.page.mouse.up()
    second = shown(notebook, "b-2-0")
    both = backprop(with_number(with_number(LECTURE, W3, first), place_at("b-2-0"), second), [1, -1], [1, 0])
    shows(notebook, both)
    undo.click()
    shows(notebook, edited("w-2-0-0", first))
    undo.click()
    shows(notebook, lecture())
    notebook.eventually(undo.is_disabled)
    redo.click()
    redo.click()
    shows(notebook, both)
    reset.click()
    shows(notebook, lecture())
    assert notebook.python(STATE) == before
    undo.click()
    shows(notebook, both)


# Choosing


def test_a_click_on_an_edge_or_a_neuron_chooses_its_slider_and_marks_it(notebook):
    for point, key in (
        (weight_at(LAYOUT, 2, 0, 0), "w-2-0-0"),
        (LAYOUT.z(2, 1), "b-2-1"),
        (LAYOUT.x(1), "x-0-1"),
        (LAYOUT.target(0), "t-3-0"),
    ):
        notebook.find(".bppviz-picture").scroll_into_view_if_needed()
        notebook.settled()  # a page that scrolls would move the point away from under the mouse
        notebook.click_at(*point)
        notebook.find(f".bppviz-slider.bppviz-at-{key}.bppviz-chosen").wait_for()
        assert notebook.page.locator(".bppviz-slider.bppviz-chosen").count() == 1
        assert notebook.page.locator(".bppviz-marks > :not(.bppviz-pointed)").count() == 1


def test_a_slider_that_is_moved_marks_its_edge(notebook):
    assert notebook.page.locator(".bppviz-marks > :not(.bppviz-pointed)").count() == 0
    drag(notebook, "w₃", 5)
    notebook.page.mouse.up()
    mark = notebook.find(".bppviz-marks path")
    mark.wait_for(state="attached")  # a line that lies is "hidden": it is not high
    box = mark.evaluate("it => it.getBoundingClientRect().toJSON()")
    middle = notebook.point(*weight_at(LAYOUT, 2, 0, 0))
    assert (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) == pytest.approx(middle, abs=2)
    assert box["width"] > 2 * box["height"]  # along its text


def test_what_the_derivative_means_is_drawn_for_the_chosen_weight_with_the_change_it_predicts_and_the_real_one(
    notebook,
):
    key, trace = notebook.find(".bppviz-meaning .bppviz-key"), lecture()
    notebook.click_at(*weight_at(LAYOUT, 2, 0, 0))
    notebook.eventually(lambda: f"∂l/∂w₃ = {number(trace.dl_dw[1][0, 0])}" in key.text_content())
    drag(notebook, "w₃", -15)
    value = shown(notebook, "w-2-0-0")
    predicted = trace.dl_dw[1][0, 0] * (value - 2)
    real = edited("w-2-0-0", value).loss - trace.loss
    both = f"∂l/∂w₃ · Δw₃ = {number(predicted)}", f"Δl = {number(real)}"
    notebook.eventually(lambda: all(it in key.text_content() for it in both))
    notebook.page.mouse.up()


# Larger networks


COVERED = """() => {
  const parts = [...document.querySelectorAll(".bppviz-panel-weights :is(button, .bppviz-slider, .bppviz-filter)")];
  const boxes = parts.filter((it) => it.checkVisibility()).map((it) => [it.className, it.getBoundingClientRect()]);
  const share = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
  return boxes.flatMap(([name, one], i) => boxes.slice(i + 1)
    .filter(([, other]) => share(one, other)).map(([another]) => [name, another]));
}"""


@pytest.mark.parametrize("sizes", [[4, 8, 8, 3], [30, 20, 10]])
def test_in_a_larger_network_what_is_clicked_gets_sliders(open_shared_notebook, sizes):
    source = f"import bppviz\n\ne = bppviz.explain(bppviz.Network.random({sizes}), theme='light', open='weights')\ne"
    notebook = open_shared_notebook(source, size=(1280, 1500), in_turn=True).run_all()
    assert notebook.find(".bppviz-choose").text_content() == catalogue("en")["stage.choose"]
    for height in (900, 1500):  # where it is low, the panel must not save room that its parts need
        notebook.page.set_viewport_size({"width": 1280, "height": height})
        notebook.settled()
        assert notebook.page.evaluate(COVERED) == []
    key, x, y = notebook.page.evaluate(
        "() => document.querySelector('.bppviz-picture').data.filter(({ customdata }) => customdata)"
        ".flatMap(({ x, y, customdata }) => customdata.map(([key], i) => [key, x[i], y[i]]))"
        ".find(([key, x]) => key.startsWith('b-2-3') && x !== null)"
    )
    notebook.click_at(x, y)
    bias = notebook.find(f".bppviz-slider.bppviz-at-{key} .noUi-handle")
    bias.wait_for()
    assert notebook.page.locator(".bppviz-weight").count() == 1 + min(11, sizes[1])
    bias.focus()
    before = single(field(notebook, key).input_value())
    notebook.press("ArrowRight", "ArrowRight")
    notebook.eventually(lambda: single(field(notebook, key).input_value()) > before)
    weight = notebook.find(".bppviz-slider[class*=bppviz-at-w-2-3-] .noUi-handle")
    start = float(weight.get_attribute("aria-valuetext"))
    for by in (12, 24):
        x, y = grasp(notebook, weight)
        notebook.page.mouse.move(x + by, y, steps=6)
        notebook.page.mouse.up()
        key = (
            notebook.page.locator(".bppviz-slider.bppviz-chosen")
            .get_attribute("class")
            .split("bppviz-at-")[1]
            .split()[0]
        )
        assert shown(notebook, key) > start
        start = shown(notebook, key)
    notebook.find(".bppviz-filter input").fill("w4,3(2)")
    notebook.eventually(lambda: notebook.page.locator(".bppviz-group .bppviz-slider").count() == 1)
    notebook.find(".bppviz-group .bppviz-slider .noUi-handle").wait_for()
    notebook.prints("print(e._feed.is_idle)", "True")  # then every slider was told its number, and has answered
    notebook.settled()
    notebook.idle()
