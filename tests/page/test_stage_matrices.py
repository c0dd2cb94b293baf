"""The matrices in JupyterLab: each step has its sheet, lit with the picture, and what is asked for is not told."""

import pytest
from networks import lecture
from surface import lost, opened
from wcag import wrong

from bppviz.panels.matrices import matrices
from bppviz.picture.layout import Layout
from bppviz.words.catalogue import LANGUAGES, catalogue
from bppviz.words.numbers import number

TRACE = lecture()
TOLD = matrices(TRACE)
LAYOUT = Layout(TRACE.network.sizes)
STEPS = {name: TRACE.step_of(*place) for name, place in {
    "row": ("z", 2, 0), "column": ("dl_da", 1, 0), "straight": ("dl_dz", 2, 1), "cell": ("dl_dw", 2, 1, 0),
}.items()}  # fmt: skip
# The numbers of the table that are found, and those that are used, as they are written.
LIT = """() => ["new", "used"].map((name) => [
  ...document.querySelectorAll(`.bppviz-drawn .bppviz-is-${name}`)].map((it) => it.dataset.id).sort())"""
POINTED = """() => [...document.querySelectorAll(".bppviz-matrices .bppviz-is-pointed")].map((it) => it.dataset.id)"""
SHOWN = """() => [...document.querySelectorAll(".bppviz-matrices .bppviz-number")]
  .map((it) => [it.dataset.id, it.querySelector(".bppviz-text").textContent.replace("= ", "")])"""
TOGGLE = "jupyterapp.commands.execute('application:toggle-left-area')"  # the file browser
ROOM = {(1440, 900): 780, (1280, 720): 599}


@pytest.fixture(scope="module", params=LANGUAGES)
def shared(request, open_shared_notebook):
    """The lecture's network in a language, with its matrices open."""
    cell = f"import bppviz\ne = bppviz.explain(theme='light', lang='{request.param}', open='matrices')\ne"
    notebook = open_shared_notebook(cell, size=(1440, 900)).run_all()
    notebook.painted()
    notebook.page.evaluate(TOGGLE)
    notebook.lang = request.param
    return notebook


@pytest.fixture
def notebook(shared):
    shared.page.mouse.move(5, 5)
    shared.open("matrices")
    shared.find(".bppviz-matrices table").first.wait_for()
    return shared


def goes_to(notebook, step):
    notebook.python(f"e.step = {step}")
    notebook.until(step)


def lit(notebook, found, used):
    """Wait until these numbers of the table are found and used."""
    notebook.eventually(lambda: notebook.page.evaluate(LIT) == [sorted(found), sorted(used)])


def pointed(notebook, *places):
    """Wait until these numbers, each wherever it stands, are marked."""
    notebook.eventually(lambda: set(notebook.page.evaluate(POINTED)) == set(places))


def test_each_step_has_its_row_column_or_cell_and_is_in_sight(notebook):
    for size, most in ROOM.items():
        notebook.page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        if size == (1280, 720):
            notebook.page.evaluate(TOGGLE)
        for name, step in STEPS.items():
            goes_to(notebook, step)
            surface = opened(notebook, "matrices")
            assert surface["height"] <= min(most, surface["room"]), name
            assert (name, surface["hidden"], lost(surface)) == (name, [0, 0], [])
            claim = TOLD["sheets"][f"{TRACE[step].quantity}-{TRACE[step].layer}"]["claim"][notebook.lang]
            assert notebook.find(".bppviz-claim").text_content() == claim.replace("**", "").replace("/", "/\u2060")
            assert wrong(notebook.page, ".bppviz-panel-matrices") == []
    notebook.page.evaluate(TOGGLE)
    notebook.page.set_viewport_size({"width": 1440, "height": 900})
    goes_to(notebook, STEPS["row"])
    lit(notebook, ["z-2-0"], ["a-1-0", "a-1-1", "b-2-0", "w-2-0-0", "w-2-0-1"])
    goes_to(notebook, STEPS["column"])
    lit(notebook, ["dl_da-1-0"], ["dl_dz-2-0", "dl_dz-2-1", "w-2-0-0", "w-2-1-0"])
    goes_to(notebook, STEPS["cell"])
    lit(notebook, ["dl_dw-2-1-0"], ["a-1-0", "dl_dz-2-1"])


def test_what_was_not_found_yet_has_no_number_and_all_else_is_written_as_in_the_picture(notebook):
    goes_to(notebook, STEPS["column"])
    for cell, text in notebook.page.evaluate(SHOWN):
        _, _, written, step, _ = TOLD["numbers"][cell]
        assert text == (written if step <= STEPS["column"] else "") or (text, step > STEPS["column"]) == ("·", True)


def test_a_cell_lights_its_edge_in_the_picture_and_the_edge_its_cell(notebook):
    goes_to(notebook, STEPS["column"])
    marks = notebook.page.locator(".bppviz-marks .bppviz-pointed path")
    cell = notebook.find(".bppviz-drawn [data-id='w-2-1-0']")
    cell.hover()
    notebook.eventually(lambda: marks.count() == 1)
    pointed(notebook, "w-2-1-0")
    said = notebook.find(".bppviz-panel-matrices .bppviz-said")
    sentence = catalogue(notebook.lang)["matrices.leaves"].format(w="w₄", value="−2", a="a₁", z="z₄").replace("**", "")
    notebook.says(said, sentence)
    notebook.find(".bppviz-drawn [data-id='dl_da-1-0']").hover()  # its column is the fan-out of a₁
    pointed(notebook, "a-1-0", "dl_da-1-0", "w-2-0-0", "w-2-1-0")
    notebook.eventually(lambda: marks.count() == 2)
    notebook.says(said, "∂l/\u2060∂a₁ = −0.2018 ≈ 2 × (−0.04576) + (−2) × 0.05516")
    notebook.page.mouse.move(5, 5)
    pointed(notebook)
    a, z = LAYOUT.a(1, 1), LAYOUT.z(2, 1)
    x, y = notebook.point((a.x + z.x) / 2, a.y)
    notebook.page.mouse.move(x - 3, y)
    notebook.page.mouse.move(x, y)
    pointed(notebook, "w-2-1-1")


def test_a_click_goes_to_the_step_of_a_number_or_chooses_one_that_was_given(notebook):
    goes_to(notebook, STEPS["column"])
    notebook.find(".bppviz-drawn [data-id='dl_dz-2-1']").click()
    notebook.until(TRACE.step_of("dl_dz", 2, 1))
    goes_to(notebook, STEPS["column"])
    notebook.find(".bppviz-drawn [data-id='w-2-1-0']").click()
    notebook.find(".bppviz-held[aria-label='w₄']").wait_for()
    notebook.press("Escape")


def test_keys_reach_every_number_of_the_table_by_one_stop_of_the_tab_key(notebook):
    goes_to(notebook, STEPS["column"])
    stops = notebook.find(".bppviz-matrices [tabindex='0']")
    assert stops.count() == 1
    stops.focus()
    notebook.press("ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "Home")
    focused = "() => document.activeElement.dataset.id"
    for key, cell in [
        ("ArrowDown", "dl_da-1-0"),
        ("ArrowDown", "w-2-0-0"),
        ("ArrowRight", "w-2-0-1"),
        ("End", "dl_dz-2-0"),
    ]:
        notebook.press(key)
        assert notebook.page.evaluate(focused) == cell
    notebook.press("Enter")
    notebook.until(TRACE.step_of("dl_dz", 2, 0))
    chips = notebook.page.locator(".bppviz-matrices .bppviz-chip")
    assert {it.get_attribute("role") for it in chips.all()} == {"button"}
    product = notebook.find(".bppviz-product")
    assert product.get_attribute("aria-label") == catalogue(notebook.lang)["matrices.product"]


def test_while_something_is_asked_for_the_matrices_give_nothing_away(notebook):
    goes_to(notebook, STEPS["cell"] - 1)
    opened(notebook, "predict")
    notebook.find(".bppviz-answer").wait_for()
    notebook.open("matrices")
    asked = catalogue(notebook.lang)["matrices.asked"].replace("**", "")
    notebook.says(notebook.find(".bppviz-claim"), asked)
    wanted = notebook.find(".bppviz-stage").get_attribute("data-asked").split()
    (step,) = (int(it) for it in wanted if it.isdigit())
    texts = notebook.page.evaluate(SHOWN)
    asks = {cell for cell, text in texts if text == "?"}
    assert {cell for cell, (_, _, _, known, _) in TOLD["numbers"].items() if known == step} <= asks
    assert all(TOLD["numbers"][cell].step <= step for cell, text in texts if text not in ("", "·"))
    assert number(TRACE[step].value) not in notebook.find(".bppviz-matrices").inner_text()
    assert not notebook.find(".bppviz-matrices .bppviz-line").is_visible()
    notebook.find(".bppviz-answer").fill(number(TRACE[step].value))
    notebook.press("Enter")
    claim = TOLD["sheets"][f"{TRACE[step].quantity}-{TRACE[step].layer}"]["claim"][notebook.lang]
    notebook.says(notebook.find(".bppviz-claim"), claim.replace("**", "").replace("/", "/\u2060"))
    opened(notebook, "predict")
    notebook.find(".bppviz-show-predict").click()


def test_by_layer_all_rows_or_columns_are_lit_at_once(notebook):
    notebook.choose("granularity", catalogue(notebook.lang)["granularity.layer"])
    goes_to(notebook, TRACE.step_of("a", 2, 1))
    weights = [f"w-2-{i}-{j}" for i in range(2) for j in range(2)]
    lit(notebook, ["z-2-0", "z-2-1"], ["a-1-0", "a-1-1", "b-2-0", "b-2-1", *weights])
    notebook.choose("granularity", catalogue(notebook.lang)["granularity.equation"])
