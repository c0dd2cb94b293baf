"""The tables in JupyterLab: lit together with the picture, filled in, right after every change.

That the table is filled in as the walk goes on is seen in test_stage_steps.py, on the same walk as all else.
"""

from dataclasses import replace

import pytest
from networks import lecture
from painting import run_of, seen
from sliders import drag

from bppviz import backprop
from bppviz.picture.layout import Layout
from bppviz.practice.cost import so_far, whole
from bppviz.words.numbers import number

TRACE = lecture()
LAYOUT = Layout(TRACE.network.sizes)


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    cell = "import bppviz\ne = bppviz.explain(theme='light')\ne"
    return open_shared_notebook(cell, size=(1280, 1300))


@pytest.fixture
def notebook(shared):
    """The lecture's network with nothing open."""
    shared.page.mouse.move(5, 5)
    shared.run(0)
    shared.painted()
    shared.find(".bppviz-show-weights").click()
    return shared


def opened(notebook, panel):
    notebook.find(f".bppviz-show-{panel}").click()
    notebook.find(f".bppviz-panel-{panel} table").wait_for()
    return notebook


def test_a_sum_that_is_still_being_added_is_not_told(notebook):
    opened(notebook, "table")
    notebook.choose("granularity", "term")
    notebook.focus()
    notebook.press("Home", "ArrowRight", "ArrowRight", "ArrowRight")
    notebook.until(1)
    notebook.press("ArrowRight", "ArrowRight")  # the first term of z₂
    notebook.until(2)
    notebook.eventually(lambda: seen(notebook, "table") == run_of(TRACE, 1))
    while notebook.find(".bppviz-stage").get_attribute("data-unfinished") is not None:
        notebook.press("ArrowRight")
        notebook.settled()
    notebook.eventually(lambda: seen(notebook, "table") == run_of(TRACE, 2))
    notebook.choose("granularity", "equation")


def test_hovering_a_cell_lights_its_place_and_hovering_the_place_lights_its_cells(notebook):
    opened(notebook, "table")
    notebook.focus()
    notebook.press("End")
    notebook.until(len(TRACE) - 1)
    notebook.page.locator("td[data-place='dl_dz-2-0']").first.hover()
    x, y = (round(it) for it in LAYOUT.z(2, 0))
    notebook.find(f".bppviz-marks circle[cx='{x}'][cy='{y}']").wait_for(state="attached")
    notebook.page.locator("td[data-place='w-3-0-1']").first.hover()
    notebook.find(".bppviz-marks path").wait_for(state="attached")
    notebook.find(".bppviz-frame").scroll_into_view_if_needed()
    notebook.page.mouse.move(*notebook.point(*LAYOUT.a(1, 1)))
    lit = notebook.page.locator(".bppviz-is-pointed")
    notebook.eventually(lambda: {it.get_attribute("data-place") for it in lit.all()} == {"a-1-1", "dl_da-1-1"})


def test_a_click_on_a_number_shows_the_step_that_computed_it(notebook):
    opened(notebook, "table")
    notebook.focus()
    notebook.press("End")
    notebook.until(len(TRACE) - 1)
    notebook.page.locator("td[data-place='dsigma-2-1']").click()
    notebook.until(TRACE.step_of("dsigma", 2, 1))
    notebook.page.locator("td[data-place='w-3-0-0']").first.click()  # was given, and is chosen
    notebook.find(".bppviz-slider.bppviz-at-w-3-0-0.bppviz-chosen").wait_for(state="attached")
    assert notebook.step() == TRACE.step_of("dsigma", 2, 1)


def test_with_the_keys_one_goes_from_cell_to_cell_and_shows_the_step_that_computed_a_number(notebook):
    opened(notebook, "table")
    notebook.focus()
    notebook.press("End")
    notebook.until(len(TRACE) - 1)
    notebook.page.locator(".bppviz-tables figure").first.evaluate("it => { it.style.maxHeight = '6em'; }")
    while notebook.page.evaluate("document.activeElement.closest('.bppviz-tables')") is None:
        notebook.press("Tab")
    focused = notebook.page.locator(":focus")
    assert focused.text_content() == "x₁"
    notebook.press(
        "ArrowRight", "End", "ArrowDown", "ArrowDown", "ArrowDown", "Home", "ArrowUp", "ArrowRight", "ArrowRight"
    )
    assert focused.get_attribute("data-place") == "z-1-0"
    assert notebook.step() == len(TRACE) - 1  # they have not walked
    x, y = (round(it) for it in LAYOUT.z(1, 0))
    notebook.find(f".bppviz-marks circle[cx='{x}'][cy='{y}']").wait_for(state="attached")
    notebook.press(*["ArrowDown"] * 9)
    figure = focused.locator("xpath=ancestor::figure")
    assert figure.evaluate("it => it.scrollTop") > 0
    head, cell, room = (it.bounding_box() for it in (figure.locator("thead"), focused, figure))
    assert head["y"] + head["height"] <= cell["y"] + 1
    assert cell["y"] + cell["height"] <= room["y"] + room["height"] + 1
    notebook.press("Home", *["ArrowUp"] * 5, *["ArrowRight"] * 4)
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
    notebook.choose("language", "English")


def test_after_another_weight_the_tables_have_the_new_numbers(notebook):
    opened(notebook, "table")
    notebook.find(".bppviz-show-weights").click()
    notebook.focus()
    notebook.press("End")
    notebook.until(len(TRACE) - 1)
    drag(notebook, "w₁", 40)
    notebook.page.mouse.up()
    notebook.settled()
    w = float(notebook.python("print(e.network.weights[0][0, 0])"))
    assert w != 1
    weights = [it.copy() for it in TRACE.network.weights]
    weights[0][0, 0] = w
    trace = backprop(replace(TRACE.network, weights=tuple(weights)), [1, -1], [1, 0])
    notebook.eventually(lambda: seen(notebook, "table") == run_of(trace, len(trace) - 1))


def test_the_counter_counts_with_the_walk(notebook):
    opened(notebook, "why")
    notebook.focus()
    for step in (0, 20, 33, len(TRACE) - 1):
        notebook.python(f"e.step = {step}")
        notebook.until(step)
        wanted = [str(cost) for cost in so_far(TRACE, step)]
        notebook.eventually(lambda wanted=wanted: [row[1] for row in seen(notebook, "why")[0]] == wanted)
    assert [row[2] for row in seen(notebook, "why")[0]] == [str(cost) for cost in whole(TRACE.network.sizes)]
    assert [row[2] for row in seen(notebook, "why")[1]] == ["10", "10", "6", "6", "2", "2"]


def test_the_three_ways_are_timed_on_request(notebook):
    opened(notebook, "why")
    notebook.find(".bppviz-measure").click()
    notebook.eventually(lambda: {len(row) for row in seen(notebook, "why")[0]} == {5})  # no rows: still measuring
    times = [row[4] for row in seen(notebook, "why")[0]]
    assert all(time.endswith(" ms") for time in times)
    shared, by_paths, by_differences = (float(time.removesuffix(" ms")) for time in times)
    assert shared < by_paths < by_differences


def test_every_gradient_is_checked_as_soon_as_it_is_known(notebook):
    opened(notebook, "check")
    notebook.focus()
    notebook.press("End")
    notebook.until(len(TRACE) - 1)
    rows = seen(notebook, "check")[0]
    assert len(rows) == 18
    assert {row[-1] for row in rows} == {"✓ agrees"}
    first = TRACE.step_of("dl_dw", 3, 0, 0)
    notebook.python(f"e.step = {first}")
    notebook.until(first)
    notebook.eventually(lambda: sum(row[-1] != "" for row in seen(notebook, "check")[0]) == 1)
    (row,) = (row for row in seen(notebook, "check")[0] if row[1])
    assert row[0] == "∂l/∂w₅"
    assert row[1] == number(TRACE[first].value, 6)
    notebook.choose("language", "繁體中文")
    notebook.eventually(lambda: "✓ 相符" in [row[-1] for row in seen(notebook, "check")[0]])


def test_while_something_is_asked_for_the_table_does_not_tell_it(notebook):
    opened(notebook, "table")
    notebook.find(".bppviz-show-predict").click()
    first = TRACE.step_of("dl_dw", 3, 0, 0)
    notebook.until(first)
    notebook.find(f".bppviz-stage[data-asked='{first}']").wait_for()
    notebook.eventually(lambda: seen(notebook, "table") == run_of(TRACE, first - 1))
    notebook.choose("granularity", "neuron")
    last = TRACE.step_of("dl_db", 3, 0)
    notebook.until(last)
    notebook.find(f".bppviz-stage[data-asked='{' '.join(map(str, range(first, last + 1)))}']").wait_for()
    notebook.eventually(lambda: seen(notebook, "table") == run_of(TRACE, first - 1))
