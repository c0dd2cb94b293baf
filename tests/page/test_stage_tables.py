"""The tables in JupyterLab: lit together with the picture, filled in, in sight, right after every change.

That the table is filled in as the walk goes on is seen in test_stage_steps.py, on the same walk as all else.
"""

from dataclasses import replace

import pytest
from networks import lecture
from painting import run_of, seen
from sliders import drag

from bppviz import backprop
from bppviz.core.emphasis import emphasised
from bppviz.core.place import key
from bppviz.core.walk import to_come, walk
from bppviz.picture.layout import Layout
from bppviz.practice.cost import so_far, whole
from bppviz.words.catalogue import catalogue
from bppviz.words.numbers import number

CELL = "import bppviz\ne = bppviz.explain(theme='light')\ne"
TRACE = lecture()
LAYOUT = Layout(TRACE.network.sizes)
# The cells that are filled in the first table that shows their number, by how strongly.
FILLED = """(panel) => ["new", "used"].map((name) => {
  const cells = [...document.querySelectorAll(`.bppviz-panel-${panel} td.bppviz-is-${name}`)];
  return cells.map((cell) => `${cell.closest("tr").cells[0].textContent} ${cell.dataset.own}`);
})"""
# How far cells that are filled reach out of their table, or below its head; and how far anything around was scrolled.
OUTSIDE = """() => {
  const out = [...document.querySelectorAll(".bppviz-panel-table figure")].flatMap((figure) => {
    const [room, head] = [figure, figure.querySelector("thead th")].map((it) => it.getBoundingClientRect());
    const name = figure.querySelector(".bppviz-is-new") ? "new" : "used";
    const cell = figure.querySelector(`.bppviz-is-${name}`)?.getBoundingClientRect();
    return cell && (cell.top < head.bottom - 1 || cell.bottom > room.bottom + 1) ? [figure.innerText] : [];
  });
  return [out, document.querySelector(".jp-WindowedPanel-outer").scrollTop];
}"""
# What of a panel is cut off or has to be scrolled, and what of the widget is below the end of what is in sight.
HIDDEN = """(panel) => {
  const box = document.querySelector(`.bppviz-panel-${panel}`);
  const parts = box.querySelectorAll(".bppviz-head, .bppviz-tables, figure, .bppviz-charts, .bppviz-controls");
  const cut = [box, ...parts].filter((it) => it.scrollWidth > it.clientWidth || it.scrollHeight > it.clientHeight);
  const room = document.querySelector(".jp-WindowedPanel-outer").clientHeight;
  const over = box.closest(".bppviz").getBoundingClientRect().height - room;
  return [cut.map(({ className, tagName }) => className || tagName), Math.max(0, over)];
}"""


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    return open_shared_notebook(CELL, size=(1280, 1300))


@pytest.fixture
def notebook(shared):
    """The lecture's network with nothing open."""
    shared.page.mouse.move(5, 5)
    shared.run(0, CELL)
    shared.painted()
    return shared


@pytest.fixture
def wide(notebook):
    """The same where the panels stand beside the picture."""
    toggle = "jupyterapp.commands.execute('application:toggle-left-area')"
    notebook.page.set_viewport_size({"width": 1440, "height": 900})
    notebook.page.evaluate(toggle)
    yield notebook
    notebook.page.evaluate(toggle)
    notebook.page.set_viewport_size({"width": 1280, "height": 1300})


@pytest.fixture
def low(notebook):
    """The same on a small screen, where they stand below it."""
    notebook.page.set_viewport_size({"width": 1280, "height": 720})
    yield notebook
    notebook.page.set_viewport_size({"width": 1280, "height": 1300})


def opened(notebook, panel):
    notebook.open(panel)
    notebook.find(f".bppviz-panel-{panel} table").wait_for()
    return notebook


def at_end(notebook):
    notebook.focus()
    notebook.press("End")
    notebook.until(len(TRACE) - 1)


def goes_to(notebook, step):
    notebook.python(f"e.step = {step}")
    notebook.until(step)


def visible(notebook):
    """Return the tables that can be seen, by name."""
    captions = notebook.page.locator(".bppviz-panel-table figure:visible caption")
    return captions.all_text_contents()


# What a step is about


def test_the_result_of_a_step_and_its_operands_are_filled_where_they_stand_first(notebook):
    opened(notebook, "table")
    for stop in walk(TRACE):
        notebook.until(stop.last)
        emphasis = emphasised(TRACE, stop)
        new, used = (sorted(map(key, places)) for places in (emphasis.results, emphasis.operands))
        in_table = [it for it in used if not it.startswith("t-")]  # targets stand in no table
        notebook.eventually(
            lambda new=new, wanted=in_table: (
                [
                    [sorted({name.split()[-1] for name in cells}) for cells in notebook.page.evaluate(FILLED, "table")],
                ]
                == [[new, wanted]]
            )
        )
        if stop.last < len(TRACE) - 1:
            notebook.find(".bppviz-next").click()


def test_a_number_is_not_filled_wherever_it_is_repeated_but_beside_what_is_computed_from_it(wide):
    opened(wide, "table")
    dl_dz, dl_dw = TRACE.step_of("dl_dz", 2, 0), TRACE.step_of("dl_dw", 2, 0, 0)
    goes_to(wide, dl_dz)
    used = ["z₃ → a₃ dsigma-2-0", "z₃ → a₃ dl_da-2-0"]
    wide.eventually(lambda: wide.page.evaluate(FILLED, "table") == [["z₃ → a₃ dl_dz-2-0"], used])
    goes_to(wide, dl_dw)
    used = ["z₁ → a₁ a-1-0", "z₃ → a₃ dl_dz-2-0", "w₃ a-1-0", "w₃ dl_dz-2-0"]
    wide.eventually(lambda: wide.page.evaluate(FILLED, "table") == [["w₃ dl_dw-2-0-0"], used])
    fills = wide.page.locator(".bppviz-panel-table :is(.bppviz-is-new, .bppviz-is-used)")
    colours = fills.evaluate_all("them => them.map((it) => getComputedStyle(it).backgroundColor)")
    assert set(colours) == {"rgb(253, 223, 201)", "rgb(253, 238, 228)"}  # strong and soft, as in the picture


def test_of_an_update_the_old_value_and_the_gradient_are_what_the_new_one_is_computed_from(notebook):
    notebook.run(0, CELL.replace("theme", "learning_rate=0.5, open='table', theme"))
    notebook.find(".bppviz-panel-table table").wait_for()
    trace = backprop(TRACE.network, [1, -1], [1, 0], 0.5)
    goes_to(notebook, trace.step_of("w", 3, 0, 0))
    wanted = [["w₅ w-3-0-0"], ["w₅ w-3-0-0", "w₅ dl_dw-3-0-0"]]
    notebook.eventually(lambda: notebook.page.evaluate(FILLED, "table") == wanted)
    texts = notebook.page.locator(".bppviz-panel-table td:is(.bppviz-is-new, .bppviz-is-used)").all_text_contents()
    w, gradient, new = (trace.value("w", 3, 0, 0), trace.dl_dw[2][0, 0], trace.updated.weights[2][0, 0])
    assert texts == [number(w), number(gradient), number(new)]


def test_a_sum_that_is_still_being_added_is_not_told(notebook):
    opened(notebook, "table")
    notebook.choose("granularity", catalogue("en")["granularity.term"])
    notebook.focus()
    notebook.press("Home", "ArrowRight", "ArrowRight", "ArrowRight")
    notebook.until(1)
    notebook.press("ArrowRight", "ArrowRight")  # the first term of z₂
    notebook.until(2)
    notebook.eventually(lambda: seen(notebook, "table") == run_of(TRACE, 1))
    assert notebook.page.evaluate(FILLED, "table")[0] == ["z₂ → a₂ z-1-1"]  # where it will stand
    while notebook.find(".bppviz-stage").get_attribute("data-unfinished") is not None:
        notebook.press("ArrowRight")
        notebook.settled()
    notebook.eventually(lambda: seen(notebook, "table") == run_of(TRACE, 2))
    notebook.choose("granularity", catalogue("en")["granularity.equation"])


def test_by_vector_the_tables_show_what_is_known_and_nothing_that_is_to_come(notebook):
    opened(notebook, "table")
    notebook.choose("granularity", catalogue("en")["granularity.vector"])
    notebook.focus()
    notebook.press("Home")
    stops = walk(TRACE, "vector")
    for place, stop in enumerate(stops, 1):
        notebook.at(place, len(stops))
        wanted = run_of(TRACE, stop.last, to_come(TRACE, stop))
        notebook.eventually(lambda wanted=wanted: seen(notebook, "table") == wanted)
        notebook.press("ArrowRight")
    notebook.open("why")
    for stop in stops[9:12]:  # ∂l/∂z of the output, and behind it the next ∂l/∂a, which σ′ goes with before its ∂l/∂z
        goes_to(notebook, stop.last)
        wanted = [str(cost) for cost in so_far(TRACE, stop.last, to_come(TRACE, stop))]
        notebook.eventually(lambda wanted=wanted: [row[1] for row in seen(notebook, "why")[0]] == wanted)
    notebook.choose("granularity", catalogue("en")["granularity.equation"])


# What is in sight


def test_the_row_of_a_step_is_scrolled_into_sight_in_both_tables_and_nothing_else_moves(low):
    opened(low, "table")
    low.find(".bppviz-transport").evaluate("it => it.scrollIntoView()")
    low.focus()
    low.press("Home")
    low.until(0)
    _, scrolled = low.page.evaluate(OUTSIDE)
    figures = low.page.locator(".bppviz-panel-table figure")
    assert figures.evaluate_all("them => them.every((it) => it.scrollHeight > it.clientHeight)")
    for step in range(len(TRACE)):
        low.until(step)
        low.eventually(lambda: low.page.evaluate(OUTSIDE) == [[], scrolled])
        low.press("ArrowRight")


def test_one_chooses_neurons_weights_or_both_and_a_number_is_filled_where_it_can_be_seen(wide):
    opened(wide, "table")
    goes_to(wide, TRACE.step_of("dl_dz", 2, 0))
    group = wide.page.get_by_role("group", name="Numbers")
    assert group.get_by_role("button", pressed=True).all_text_contents() == ["Both"]
    assert visible(wide) == ["Neurons", "Weights"]
    for name in ("Neurons", "Weights"):
        group.get_by_role("button", name=name).click()
        assert visible(wide) == [name]
        assert group.get_by_role("button", pressed=True).all_text_contents() == [name]
    assert wide.page.evaluate(FILLED, "table")[0] == ["w₃ dl_dz-2-0", "w₉ dl_dz-2-0", "b₃ dl_dz-2-0"]
    wide.focus()
    wide.press("l")
    wide.page.locator('.bppviz-stage[lang="zh-TW"]').wait_for()
    said = [catalogue("zh-TW")[f"table.{name}"] for name in ("neurons", "weights", "both")]
    wide.eventually(lambda: wide.page.locator(".bppviz-panel-table .bppviz-choices button").all_text_contents() == said)
    assert visible(wide) == [said[1]]  # what was chosen stays chosen
    wide.page.get_by_role("group", name=catalogue("zh-TW")["panel.table"]).get_by_role("button").last.focus()
    wide.press("Enter")
    assert visible(wide) == said[:2]


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_beside_the_picture_nothing_of_a_panel_is_cut_off(wide, lang):
    at_end(wide)
    if lang != "en":
        wide.press("l")
        wide.page.locator(f'.bppviz-stage[lang="{lang}"]').wait_for()
    for panel in ("table", "why", "check"):
        opened(wide, panel)
        if panel == "why":
            wide.find(".bppviz-panel-why .bppviz-chart .main-svg").wait_for()
        wide.settled()
        assert (panel, wide.page.evaluate(HIDDEN, panel)) == (panel, [[], 0])


def test_on_a_small_screen_the_tables_scroll_and_their_heads_stay(low):
    opened(low, "table")
    at_end(low)
    assert low.find(".bppviz-panel-table").bounding_box()["height"] >= 160
    first, second = low.page.locator(".bppviz-panel-table figure").all()
    assert first.bounding_box()["y"] == second.bounding_box()["y"]  # side by side
    for figure in (first, second):
        figure.evaluate("it => { it.scrollTop = 60; }")
        assert figure.locator("thead th").first.bounding_box()["y"] == pytest.approx(figure.bounding_box()["y"], abs=1)
    opened(low, "check")
    tables = low.find(".bppviz-panel-check .bppviz-tables")
    tables.evaluate("it => { it.scrollTop = 60; }")
    head = low.find(".bppviz-panel-check .bppviz-head").bounding_box()
    assert tables.locator("thead th").first.bounding_box()["y"] == pytest.approx(head["y"] + head["height"], abs=1)


# Pointing, choosing, and the keys


def test_hovering_a_cell_lights_its_place_and_hovering_the_place_lights_its_cells(notebook):
    opened(notebook, "table")
    at_end(notebook)
    notebook.page.locator("td[data-place='dl_dz-2-0']").first.hover()
    x, y = (round(it) for it in LAYOUT.z(2, 0))
    notebook.find(f".bppviz-marks circle[cx='{x}'][cy='{y}']").wait_for(state="attached")
    notebook.page.locator("td[data-place='w-3-0-1']").first.hover()
    notebook.find(".bppviz-marks path").wait_for(state="attached")
    notebook.find(".bppviz-frame").scroll_into_view_if_needed()
    notebook.page.mouse.move(*notebook.point(*LAYOUT.a(1, 1)))
    lit = notebook.page.locator(".bppviz-is-pointed")
    notebook.eventually(lambda: {it.get_attribute("data-place") for it in lit.all()} == {"a-1-1", "dl_da-1-1"})


def test_a_mouse_that_rests_lights_no_row_that_is_scrolled_under_it(low):
    opened(low, "table")
    low.focus()
    low.press("Home")
    low.until(0)
    rows = low.page.locator(".bppviz-panel-table figure >> nth=0 >> tbody tr")
    box = rows.nth(2).locator("th").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    low.page.mouse.move(x, y)
    lit = low.page.locator(".bppviz-is-pointed")
    low.eventually(lambda: lit.count() > 0)
    low.page.evaluate("""() => {
      globalThis.bppvizOver = 0;
      document.addEventListener("mouseover", ({ target }) => target.closest("td, th") && (bppvizOver += 1), true);
    }""")
    low.page.locator(".bppviz-panel-table figure").first.evaluate("it => { it.scrollTop = it.scrollHeight; }")
    low.eventually(lambda: low.page.evaluate("bppvizOver") > 0)  # another row has come under the mouse
    low.settled()
    first = rows.nth(2).locator("th").get_attribute("data-place")
    assert first in {it.get_attribute("data-place") for it in lit.all()}
    low.page.mouse.move(x + 1, y)
    low.eventually(lambda: first not in {it.get_attribute("data-place") for it in lit.all()})


def test_a_click_on_a_number_shows_the_step_that_computed_it(notebook):
    opened(notebook, "table")
    at_end(notebook)
    notebook.page.locator("td[data-place='dsigma-2-1']").click()
    notebook.until(TRACE.step_of("dsigma", 2, 1))
    notebook.page.locator("td[data-place='w-3-0-0']").first.click()  # was given, and is chosen
    notebook.page.mouse.move(5, 5)
    notebook.find(".bppviz-marks > path").wait_for(state="attached")
    assert notebook.step() == TRACE.step_of("dsigma", 2, 1)


def test_a_given_number_of_a_table_is_chosen_as_in_the_picture_and_the_walk_among_the_cells_goes_on(notebook):
    opened(notebook, "table")
    held, cells = notebook.find(".bppviz-held"), notebook.page.locator(".bppviz-panel-table figure")
    notebook.until(0)
    cells.last.locator("td[data-place='w-3-0-0']").first.click()
    notebook.says(held, "w₅ +3")
    assert notebook.find(".bppviz-tag").is_visible()
    notebook.press("ArrowUp")
    notebook.says(held, "w₅ +3.1")
    notebook.prints("print(e.network.weights[2][0, 0])", "3.1")
    notebook.press("Escape")
    held.wait_for(state="hidden")
    cell = notebook.page.locator(":focus")
    notebook.says(cell, "3.1")  # written anew, with the focus in it
    assert cell.get_attribute("data-place") == "w-3-0-0"
    notebook.press("Home", *["ArrowUp"] * 20)
    for moves, text in (([], "w₁ +1"), (["End", "Home", "ArrowDown"], "w₂ −2")):
        notebook.press(*moves, "Enter")
        notebook.says(held, text)
        notebook.press("Escape")
        held.wait_for(state="hidden")
    assert notebook.page.locator(":focus").get_attribute("data-place") == "w-1-0-1"
    assert notebook.step() == 0
    first = cells.first.locator("td[data-place='x-0-1']").first
    first.click()
    notebook.says(held, "x₂ −1")
    notebook.press("Escape", "Control+z")
    notebook.prints("print(e.network.weights[2][0, 0])", "3.0")


def test_with_the_keys_one_goes_from_cell_to_cell_and_shows_the_step_that_computed_a_number(notebook):
    opened(notebook, "table")
    at_end(notebook)
    notebook.page.locator(".bppviz-tables figure").first.evaluate("it => { it.style.maxHeight = '6em'; }")
    while notebook.page.evaluate("document.activeElement.closest('.bppviz-tables')") is None:
        notebook.press("Tab")
    focused = notebook.page.locator(":focus")
    assert focused.text_content() == "x₁"
    notebook.press("ArrowRight", "End", "ArrowDown", "ArrowDown", "ArrowDown", "Home", "ArrowUp", "ArrowRight")
    assert focused.get_attribute("data-place") == "z-1-0"
    assert notebook.step() == len(TRACE) - 1  # they have not walked
    x, y = (round(it) for it in LAYOUT.z(1, 0))
    notebook.find(f".bppviz-marks circle[cx='{x}'][cy='{y}']").wait_for(state="attached")
    notebook.press(*["ArrowDown"] * 9)
    figure = focused.locator("xpath=ancestor::figure")
    assert figure.evaluate("it => it.scrollTop") > 0
    head, cell, room = (it.bounding_box() for it in (figure.locator("thead th").first, focused, figure))
    assert head["y"] + head["height"] <= cell["y"] + 1
    assert cell["y"] + cell["height"] <= room["y"] + room["height"] + 1
    notebook.press("Home", *["ArrowUp"] * 5, *["ArrowRight"] * 3)
    assert focused.get_attribute("data-place") == "dsigma-1-1"
    notebook.press("Enter")
    notebook.until(TRACE.step_of("dsigma", 1, 1))
    notebook.press("l")  # the table is written anew
    notebook.page.locator('.bppviz-stage[lang="zh-TW"]').wait_for()
    assert focused.get_attribute("data-place") == "dsigma-1-1"
    notebook.press("PageDown")
    notebook.until(TRACE.step_of("dsigma", 1, 1) + 1)
    notebook.press("Shift+Tab")  # out of it again
    assert notebook.page.evaluate("document.activeElement.closest('.bppviz-tables')") is None


def test_after_another_weight_the_tables_have_the_new_numbers(notebook):
    opened(notebook, "table")
    notebook.open("weights")
    at_end(notebook)
    drag(notebook, "w₁", 40)
    notebook.page.mouse.up()
    notebook.settled()
    w = float(notebook.python("print(e.network.weights[0][0, 0])"))
    assert w != 1
    weights = [it.copy() for it in TRACE.network.weights]
    weights[0][0, 0] = w
    trace = backprop(replace(TRACE.network, weights=tuple(weights)), [1, -1], [1, 0])
    opened(notebook, "table")
    notebook.eventually(lambda: seen(notebook, "table") == run_of(trace, len(trace) - 1))
    notebook.focus()
    notebook.press("Control+z")
    notebook.eventually(lambda: seen(notebook, "table") == run_of(TRACE, len(TRACE) - 1))


# What the gradients cost


def test_the_counter_counts_with_the_walk(notebook):
    opened(notebook, "why")
    notebook.focus()
    for step in (0, 20, 33, len(TRACE) - 1):
        goes_to(notebook, step)
        wanted = [str(cost) for cost in so_far(TRACE, step)]
        notebook.eventually(lambda wanted=wanted: [row[1] for row in seen(notebook, "why")[0]] == wanted)
    assert [row[2] for row in seen(notebook, "why")[0]] == [str(cost) for cost in whole(TRACE.network.sizes)]
    assert [row[2] for row in seen(notebook, "why")[1]] == ["10", "10", "6", "6", "2", "2"]


def test_the_three_ways_are_timed_on_request(notebook):
    opened(notebook, "why")
    notebook.find(".bppviz-measure").click()
    notebook.eventually(lambda: {len(row) for row in seen(notebook, "why")[0]} == {5})
    notebook.says(notebook.find(".bppviz-panel-why .bppviz-said"), "")  # no longer computing
    times = [row[4] for row in seen(notebook, "why")[0]]
    assert all(time.endswith(" ms") for time in times)
    shared, by_paths, by_differences = (float(time.removesuffix(" ms")) for time in times)
    assert shared < by_paths < by_differences


def test_one_chart_shows_what_grows_with_the_depth_or_with_the_width(notebook):
    opened(notebook, "why")
    chart = notebook.page.locator(".bppviz-panel-why .bppviz-chart[aria-label]")
    notebook.eventually(lambda: "by depth: layers of 2 neurons" in chart.get_attribute("aria-label"))
    notebook.page.get_by_role("group", name="Multiplications").get_by_role("button", name="by width").click()
    notebook.eventually(lambda: "by width: 3 layers" in chart.get_attribute("aria-label"))
    assert chart.count() == 1
    keys = notebook.page.locator(".bppviz-panel-why figure >> nth=0 >> th[scope=row]")
    lines = keys.evaluate_all("""them => them.map((it) => {
      const { borderTopStyle, borderTopColor } = getComputedStyle(it, "::before");
      return [borderTopStyle, borderTopColor === getComputedStyle(it).color];
    })""")
    assert lines == [["solid", True], ["dashed", True], ["dotted", True]]  # the key of the chart


# The gradients, checked


def test_every_gradient_is_checked_as_soon_as_it_is_known(notebook):
    opened(notebook, "check")
    at_end(notebook)
    rows = seen(notebook, "check")[0]
    assert len(rows) == 18
    assert {row[-1] for row in rows} == {"✓"}
    first = TRACE.step_of("dl_dw", 1, 0, 0)
    goes_to(notebook, first)
    notebook.eventually(lambda: sum(row[-1] != "" for row in seen(notebook, "check")[0]) == 1)
    assert len(seen(notebook, "check")[0]) == 18
    (row,) = (row for row in seen(notebook, "check")[0] if row[1])
    assert row[0] == "∂l/∂w₁"
    assert row[1] == number(TRACE[first].value, 6)


def test_the_head_of_the_check_is_its_verdict_and_a_sign_says_what_it_means(notebook):
    opened(notebook, "check")
    at_end(notebook)
    title, said = (notebook.find(f".bppviz-panel-check .bppviz-{name}") for name in ("title", "said"))
    notebook.says(title, "✓ All 18 agree")
    assert said.text_content().startswith("largest relative error ")
    agrees = notebook.page.get_by_role("gridcell", name="✓ agrees · relative error")
    assert agrees.count() == 18
    notebook.focus()
    notebook.press("l")
    notebook.says(title, "✓ 18 個全部相符")
    assert notebook.page.get_by_role("gridcell", name="✓ 相符 · 相對誤差").count() == 18
    goes_to(notebook, 0)
    notebook.eventually(lambda: notebook.page.get_by_role("gridcell", name="✓ 相符").count() == 0)  # not told either
