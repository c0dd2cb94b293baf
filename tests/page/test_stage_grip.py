"""Given numbers are changed in the picture itself, in JupyterLab with a real mouse and real keys."""

import re

import pytest
from networks import lecture
from painting import drawn, painted, said, told
from places import bias_at, gradient_at, mirrored_edge_at, weight_at
from saved import saved
from sliders import edited
from wcag import wrong

from bppviz.core.walk import walk
from bppviz.picture.beside import ON_EDGE
from bppviz.picture.layout import Layout, Naming, layout_of
from bppviz.words.catalogue import catalogue

CELL = "import bppviz\n\ne = bppviz.explain()\ne"
TRACE = lecture()
LAYOUT = Layout(TRACE.network.sizes)
W5, STEP = weight_at(LAYOUT, 3, 0, 0), 19
NUMBERS = "print(e.network.weights, e.network.biases, e.trace.x, e.trace.target)"
LAST = "print(e.network.weights[2][0, 0])"
CURSOR = "([x, y]) => getComputedStyle(document.elementFromPoint(x, y)).cursor"
# ipywidgets tells by itself about every state that it cannot send to a kernel that is no more.
CANNOT_SEND = re.compile(r"console: Could not send widget sync message Error: Cannot send\n.*", re.S)


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    return open_shared_notebook(CELL).run_all()


@pytest.fixture
def notebook(shared):
    """The lecture's network with its own numbers, at the step of ∂l/∂z₃, the mouse away from it."""
    shared.page.mouse.up()
    shared.page.mouse.move(5, 5)
    shared.focus()
    shared.press("Escape", "Escape")
    shared.python(f"e.step = {STEP}")
    shared.until(STEP)
    before = shared.python(NUMBERS)
    yield shared
    shared.focus()
    while shared.python(NUMBERS) != before:
        shared.press("Control+z")
        shared.settled()


def shows(notebook, trace):
    """Wait until picture, formula, numbers and sentence are those of a run."""
    notebook.eventually(lambda: said(notebook.look(STEP)) == told(trace, walk(trace)[STEP]))
    picture = drawn(trace, STEP)["data"]
    notebook.eventually(lambda: painted(notebook)["data"] == picture)


def tag(notebook):
    return notebook.find(".bppviz-tag")


def says(notebook, text):
    """Wait until the tag says this."""
    notebook.eventually(lambda: notebook.find(".bppviz-held").text_content() == text and tag(notebook).is_visible())


def is_gone(notebook):
    """Wait until there is no tag and no mark."""
    notebook.eventually(lambda: not tag(notebook).is_visible())
    notebook.eventually(lambda: notebook.page.locator(".bppviz-marks > :not(.bppviz-pointed)").count() == 0)


def drag(notebook, point, by, *, keys=()):
    """Drag what stands at a point of the picture sideways, and keep it held."""
    x, y = notebook.point(*point)
    mouse = notebook.page.mouse
    mouse.move(x, y)
    mouse.down()
    for key in keys:
        notebook.page.keyboard.down(key)
    mouse.move(x + by, y, steps=8)
    for key in keys:
        notebook.page.keyboard.up(key)


def test_under_the_mouse_a_given_number_is_underlined_and_can_be_dragged_and_a_computed_one_leads_somewhere(notebook):
    line = notebook.find(".bppviz-underline")
    for point, text, cursor in (
        (W5, "w5 = 3", "ew-resize"),
        (bias_at(LAYOUT, 1, 0), "b1 = 1", "ew-resize"),
        (LAYOUT.x(1), "−1", "ew-resize"),
        (LAYOUT.target(0), "t1 = 1", "ew-resize"),
        (LAYOUT.z(2, 1), "", "pointer"),
        (gradient_at(LAYOUT, "dl_dz", 3, 0), "", "pointer"),
        (LAYOUT.loss, "", "pointer"),
    ):
        at = notebook.point(*point)
        notebook.page.mouse.move(*at)
        notebook.eventually(lambda text=text: (line.text_content() if line.is_visible() else "") == text)
        assert notebook.page.evaluate(CURSOR, at) == cursor, text


def test_a_weight_that_is_dragged_changes_what_is_shown_and_is_undone_at_once(notebook):
    drag(notebook, W5, -10)
    says(notebook, "w₅ +2")
    shows(notebook, edited("w-3-0-0", 2.0))
    x, y = notebook.point(*W5)
    notebook.page.mouse.move(x - 16, y + 90, steps=3)  # far from the line, and over other numbers
    says(notebook, "w₅ +1.4")
    assert notebook.find(".bppviz-told").is_hidden()
    notebook.page.mouse.up()
    shows(notebook, edited("w-3-0-0", 1.4))
    notebook.prints(LAST, "1.4")
    notebook.press("Control+z")
    notebook.prints(LAST, "3.0")
    shows(notebook, TRACE)
    says(notebook, "w₅ +3")


@pytest.mark.parametrize(
    ("place", "point", "by", "value"),
    [
        ("b-2-0", bias_at(LAYOUT, 2, 0), 37, 0.37),
        ("x-0-0", LAYOUT.x(0), -20, 0.8),
        ("t-3-1", LAYOUT.target(1), 50, 0.5),
        ("w-2-0-0", weight_at(LAYOUT, 2, 0, 0), 82, 12.0),
    ],
)
def test_every_given_number_can_be_dragged_finely_below_1_and_by_two_digits_above(notebook, place, point, by, value):
    drag(notebook, point, by)
    notebook.page.mouse.up()
    shows(notebook, edited(place, value))


@pytest.mark.parametrize(("keys", "value"), [(["Shift"], 8.0), (["Alt"], 3.05), (["Shift", "Alt"], 3.5)])
def test_with_shift_a_drag_is_ten_times_as_coarse_and_with_alt_as_fine(notebook, keys, value):
    drag(notebook, W5, 5, keys=keys)
    notebook.page.mouse.up()
    notebook.prints(LAST, str(value))


SCROLLED = "[...document.querySelectorAll('.jp-WindowedPanel-outer, .bppviz-scroll')].map((it) => it.scrollTop)"


@pytest.fixture
def finger(notebook):
    """What moves a finger from a point of the picture by so many pixels, on a screen that has to be scrolled."""
    page = notebook.page
    size = page.viewport_size
    page.set_viewport_size({"width": 1280, "height": 480})
    hand = page.context.new_cdp_session(page)
    hand.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def touch(kind, *points):
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    def moves(point, right, down):
        x, y = notebook.point(*point)
        touch("touchStart", (x, y))
        for share in range(1, 11):
            touch("touchMove", (x + right * share / 10, y + down * share / 10))
        touch("touchEnd")

    notebook.find(".bppviz-frame").evaluate("it => it.scrollIntoView({ block: 'center' })")
    notebook.settled()
    yield moves
    hand.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    hand.detach()
    page.set_viewport_size(size)


def test_a_finger_drags_a_given_number_sideways_and_scrolls_nothing(notebook, finger):
    before = notebook.page.evaluate(SCROLLED)
    finger(W5, -60, 4)
    notebook.eventually(lambda: re.fullmatch(r"w₅ [+−][\d.]+", notebook.find(".bppviz-held").text_content()))
    said = float(notebook.find(".bppviz-held").text_content().removeprefix("w₅ ").replace("−", "-"))
    assert said < 1
    notebook.prints(LAST, str(said))
    assert notebook.page.evaluate(SCROLLED) == before
    finger(bias_at(LAYOUT, 1, 0), 0, 0)
    says(notebook, "b₁ +1")  # a tap chooses


def test_a_finger_scrolls_up_and_down_from_anywhere_in_the_picture_and_changes_nothing(notebook, finger):
    empty = LAYOUT.gate(1, 0).x, (LAYOUT.gate(1, 0).y + LAYOUT.gate(1, 1).y) / 2
    for point in (empty, W5):
        before = notebook.page.evaluate(SCROLLED)
        finger(point, 5, -80)
        notebook.eventually(lambda before=before: notebook.page.evaluate(SCROLLED) != before)
        notebook.find(".bppviz-frame").evaluate("it => it.scrollIntoView({ block: 'center' })")
        notebook.settled()
    assert not tag(notebook).is_visible()
    notebook.prints(LAST, "3.0")


def test_a_clicked_number_gets_two_arrows_of_24_pixels_with_names(notebook):
    notebook.click_at(*W5)
    says(notebook, "w₅ +3")
    assert notebook.step() == STEP
    for name, label in (("less", "Decrease w₅"), ("more", "Increase w₅")):
        button = notebook.page.get_by_role("button", name=label)
        box = button.bounding_box()
        assert (box["width"] >= 24, box["height"] >= 24) == (True, True), name
    number = notebook.page.get_by_role("spinbutton", name="w₅")
    assert number.get_attribute("aria-valuetext") == "3"
    assert wrong(notebook.page) == []
    notebook.find(".bppviz-more").click()
    says(notebook, "w₅ +3.1")
    notebook.find(".bppviz-more").click(click_count=3)
    says(notebook, "w₅ +3.4")
    notebook.find(".bppviz-less").click(modifiers=["Shift"])
    says(notebook, "w₅ +2.4")
    shows(notebook, edited("w-3-0-0", 2.4))


def test_the_chosen_number_is_changed_with_the_keys_and_the_walk_stays(notebook):
    notebook.click_at(*W5)
    says(notebook, "w₅ +3")
    notebook.press("ArrowUp", "ArrowRight", "ArrowDown")
    says(notebook, "w₅ +3.1")
    notebook.press("Shift+ArrowLeft")
    says(notebook, "w₅ +2.1")
    notebook.prints(LAST, "2.1")
    assert notebook.step() == STEP
    notebook.press("PageDown")
    notebook.until(STEP + 1)
    is_gone(notebook)
    assert notebook.page.evaluate("document.activeElement.className") == "bppviz-stage"


def test_a_number_can_be_typed_after_a_second_click_or_enter(notebook):
    field = notebook.find(".bppviz-typed")
    notebook.click_at(*W5)
    says(notebook, "w₅ +3")
    notebook.click_at(*W5)
    field.wait_for()
    assert field.input_value() == "3"
    notebook.page.keyboard.type("-0.25")
    notebook.press("Enter")
    says(notebook, "w₅ −0.25")
    shows(notebook, edited("w-3-0-0", -0.25))
    notebook.press("Enter")
    field.wait_for()
    notebook.page.keyboard.type("much")
    notebook.press("Enter")
    notebook.says(notebook.find(".bppviz-problem"), catalogue("en")["problem.typed"])
    says(notebook, "w₅ −0.25")
    notebook.press("Enter")
    notebook.page.keyboard.type("7")
    notebook.press("Escape")
    says(notebook, "w₅ −0.25")
    notebook.press("Escape")
    is_gone(notebook)
    notebook.prints(LAST, "-0.25")


def test_escape_a_click_on_empty_ground_and_the_next_step_clear_the_mark(notebook):
    def escape():
        notebook.press("Escape")

    def click_on_ground():
        notebook.click_at(LAYOUT.gate(1, 0).x, (LAYOUT.gate(1, 0).y + LAYOUT.gate(1, 1).y) / 2)

    def go_on():
        notebook.find(".bppviz-next").click()

    for clear in (escape, click_on_ground, go_on):
        notebook.click_at(*weight_at(LAYOUT, 1, 0, 0))
        says(notebook, "w₁ +1")
        clear()
        is_gone(notebook)
    notebook.click_at(*LAYOUT.z(2, 1))
    notebook.until(TRACE.step_of("z", 2, 1))
    notebook.eventually(lambda: notebook.page.locator(".bppviz-marks > :is(circle, path)").count() == 1)
    escape()
    is_gone(notebook)


def test_a_given_number_of_the_formula_is_dragged_as_in_the_picture(notebook):
    three = notebook.page.locator(".bppviz-substituted [data-at='w-3-0-0 -1']").first.bounding_box()
    x, y = three["x"] + three["width"] / 2, three["y"] + three["height"] / 2
    notebook.page.mouse.move(x, y)
    notebook.page.mouse.down()
    notebook.page.mouse.move(x - 16, y, steps=8)
    says(notebook, "w₅ +1.4")
    notebook.page.mouse.up()
    shows(notebook, edited("w-3-0-0", 1.4))


def test_a_number_follows_the_mouse_in_a_scaled_page_a_zoomed_one_and_full_screen(notebook):
    for style in ("transform: scale(0.7); transform-origin: 0 0", "zoom: 1.3"):
        notebook.page.evaluate("style => { document.querySelector('.bppviz').style.cssText += style; }", style)
        notebook.find(".bppviz-frame").scroll_into_view_if_needed()
        notebook.settled()
        drag(notebook, W5, 10)
        says(notebook, "w₅ +4")
        notebook.page.mouse.up()
        held, number = (notebook.find(it).bounding_box() for it in (".bppviz-tag", ".bppviz-frame"))
        x, _ = notebook.point(*W5)
        assert held["x"] + held["width"] / 2 == pytest.approx(x, abs=2)
        assert held["x"] >= number["x"] - 1
        notebook.press("Control+z", "Escape")
        notebook.prints(LAST, "3.0")
        notebook.page.evaluate("document.querySelector('.bppviz').removeAttribute('style')")
        notebook.settled()
    notebook.focus()
    notebook.press("f")
    notebook.find(".bppviz-stage[data-theme='projector']").wait_for()
    drag(notebook, LAYOUT.x(1), -10)
    says(notebook, "x₂ −2")
    notebook.page.mouse.up()
    box, screen = tag(notebook).bounding_box(), notebook.page.viewport_size
    assert (box["x"] > -1, box["x"] + box["width"] < screen["width"] + 1) == (True, True)
    notebook.press("Control+z", "Escape")
    is_gone(notebook)
    notebook.focus()
    notebook.press("f")
    notebook.find(".bppviz-stage[data-theme='light']").wait_for()


def test_a_weight_of_the_mirror_is_dragged_where_it_stands(open_notebook):
    notebook = open_notebook("import bppviz\ne = bppviz.explain(view='mirror')\ne", size=(1280, 900)).run_all()
    mirror = layout_of(TRACE.network.sizes, twinned=True)
    start, end = mirrored_edge_at(mirror, 3, 0, 0)
    notebook.find(".bppviz-frame").scroll_into_view_if_needed()
    below = ((start.x + end.x) / 2, start.y + ON_EDGE)
    drag(notebook, below, 10)
    says(notebook, "w₅ +4")
    notebook.page.mouse.up()
    box, (x, y) = tag(notebook).bounding_box(), notebook.point(*below)
    assert box["x"] <= x <= box["x"] + box["width"]
    assert box["y"] <= y <= box["y"] + box["height"]
    notebook.prints(LAST, "4.0")


def test_a_target_that_is_a_probability_is_dragged_no_further_than_1(open_notebook):
    network = "bppviz.Network.random([2, 2, 1], loss='binary_cross_entropy')"
    notebook = open_notebook(f"import bppviz\ne = bppviz.explain({network}, [1, 0], [0])\ne").run_all()
    target = Layout((2, 2, 1), naming=Naming(layers=True, loss=True)).target(0)
    drag(notebook, target, 150)
    notebook.page.mouse.up()
    notebook.prints("print(e.trace.target)", "[1.]")
    notebook.eventually(lambda: notebook.find(".bppviz-held").text_content().endswith(" 1"))
    notebook.press("Enter")
    notebook.page.keyboard.type("2")
    notebook.press("Enter")
    notebook.eventually(lambda: notebook.find(".bppviz-problem").text_content() != "")
    notebook.prints("print(e.trace.target)", "[1.]")


def test_without_a_kernel_a_number_is_chosen_and_nothing_pretends_that_it_can_be_changed(open_notebook):
    notebook = open_notebook(CELL).run_all()
    notebook.click_at(*W5)
    says(notebook, "w₅ +3")
    notebook.lose_kernel()
    notebook.find(".bppviz-more").click()
    notebook.says(notebook.find(".bppviz-kernel"), catalogue("en")["stage.gone"])
    says(notebook, "w₅ +3")
    for part in (".bppviz-less", ".bppviz-more"):
        notebook.find(part).wait_for(state="hidden")
    drag(notebook, bias_at(LAYOUT, 1, 0), 30)
    notebook.page.mouse.up()
    says(notebook, "b₁ +1")
    notebook.press("ArrowUp", "Enter")
    notebook.settled()
    assert notebook.find(".bppviz-typed").is_hidden()
    notebook.page.mouse.move(5, 5)
    notebook.page.mouse.move(*notebook.point(*W5))
    notebook.eventually(lambda: notebook.find(".bppviz-told").is_visible())
    assert notebook.find(".bppviz-underline").is_hidden()
    notebook.problems[:] = [problem for problem in notebook.problems if not CANNOT_SEND.match(problem)]


def test_in_a_saved_page_a_number_is_chosen_and_has_no_arrows(browser, tmp_path):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(saved(TRACE, tmp_path))
    page.locator(".bppviz-stage[data-step]:has(.bppviz-picture)").wait_for(timeout=60_000)
    box = page.locator(".bppviz-picture").bounding_box()
    scale = box["width"] / LAYOUT.width
    page.mouse.click(box["x"] + scale * W5[0], box["y"] + scale * W5[1])
    held = page.locator(".bppviz-held")
    held.wait_for()
    assert held.text_content() == "w₅ +3"
    assert page.locator(".bppviz-tag :is(button, input)").evaluate_all("all => all.every((it) => it.hidden)")
    page.keyboard.press("Escape")
    held.wait_for(state="hidden")
    page.close()
