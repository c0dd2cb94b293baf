"""The matrices of all samples, in JupyterLab and on a saved page: rows of a product that lights up with the walk."""

import pytest
from networks import lecture_of_two
from saved import saved
from surface import lost, opened
from wcag import wrong

from bppviz import Network, backprop
from bppviz.panels.matrices import matrices
from bppviz.words.catalogue import LANGUAGES, catalogue
from bppviz.words.numbers import number

X, TARGETS = [[1, -1], [0, 1], [-1, 1], [0.5, 0]], [[1, 0], [0, 1], [0, 1], [1, 0]]
TRACE = backprop(Network.lecture(), X, TARGETS)
TOLD = matrices(TRACE)
CELL = f"""import bppviz
e = bppviz.explain(bppviz.Network.lecture(), {X}, {TARGETS}, theme='light', lang='{{lang}}', open='matrices')
e"""
PRODUCT = """() => ["new", "used"].map((name) => [
  ...document.querySelectorAll(`.bppviz-of-all .bppviz-is-${name}`)].map((it) => it.dataset.id).sort())"""
CHOICES = ".bppviz-panel-matrices .bppviz-choices"
TOGGLE = "jupyterapp.commands.execute('application:toggle-left-area')"  # the file browser


def rows(quantity, layer, unit):
    """Return the cells of a number of every sample, the first of which is in the picture."""
    own = f"{quantity}-{layer}-{unit}"
    return [own, *(f"{own}@{n}" for n in (2, 3, 4))]


# By step, the numbers of the product that are found, and those that are used.
LIT = {
    ("z", 2, 0): (rows("z", 2, 0), [*rows("a", 1, 0), *rows("a", 1, 1), "w-2-0-0", "w-2-0-1", "b-2-0"]),
    ("dl_da", 1, 1): (rows("dl_da", 1, 1), [*rows("dl_dz", 2, 0), *rows("dl_dz", 2, 1), "w-2-0-1", "w-2-1-1"]),
    ("dl_dz", 2, 1): (rows("dl_dz", 2, 1), [*rows("dsigma", 2, 1), *rows("dl_da", 2, 1)]),
    ("dl_dw", 3, 0, 0): ([], ["a-2-0", "dl_dz-3-0"]),
    ("dL_dw", 3, 0, 0): (["dL_dw-3-0-0"], [*rows("a", 2, 0), *rows("dl_dz", 3, 0)]),
    ("dL_db", 3, 0): (["dL_db-3-0"], rows("dl_dz", 3, 0)),
}
LONG = ("dL_db", 3, 0)  # its formula takes more lines, with one sample or with all


@pytest.fixture(scope="module", params=LANGUAGES)
def shared(request, open_shared_notebook):
    """The lecture's network with four samples, its matrices open."""
    notebook = open_shared_notebook(CELL.format(lang=request.param), size=(1440, 900)).run_all()
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


def goes_to(notebook, *place):
    step = TRACE.step_of(*place)
    notebook.python(f"e.step = {step}")
    notebook.until(step)


def shows(notebook, n):
    """Choose one sample, 0, or all, 1."""
    button = notebook.page.locator(f"{CHOICES} button").nth(n)
    button.click()
    notebook.eventually(lambda: button.get_attribute("aria-pressed") == "true")


def lit(page):
    return page.evaluate(PRODUCT)


def test_each_step_lights_the_product_of_all_samples_and_is_in_sight(notebook):
    goes_to(notebook, "z", 2, 0)
    shows(notebook, 1)
    for place, (found, used) in LIT.items():
        goes_to(notebook, *place)
        notebook.eventually(lambda found=found, used=used: lit(notebook.page) == [sorted(found), sorted(used)])
        surface = opened(notebook, "matrices")
        assert surface["height"] <= 780, place
        assert (place, surface["hidden"], lost(surface)) == (place, [0, 0], [])
        assert wrong(notebook.page, ".bppviz-panel-matrices") == []
    notebook.page.set_viewport_size({"width": 1280, "height": 720})
    notebook.page.evaluate(TOGGLE)
    for place in LIT:
        goes_to(notebook, *place)
        surface = opened(notebook, "matrices")
        assert (place, surface["hidden"][0], lost(surface)) == (place, 0, [])
        if place != LONG:
            assert surface["height"] <= surface["room"], place
        assert wrong(notebook.page, ".bppviz-panel-matrices") == []
    notebook.page.evaluate(TOGGLE)
    notebook.page.set_viewport_size({"width": 1440, "height": 900})
    shows(notebook, 0)


def test_the_picture_stays_at_one_sample_and_a_sentence_says_which_term_it_is(notebook):
    words = catalogue(notebook.lang)
    goes_to(notebook, "z", 2, 0)
    shows(notebook, 1)
    said = notebook.find(".bppviz-of-picture")
    notebook.says(said, words["matrices.told"].format(n=1))
    for quantity in ("dl_dw", "dL_dw"):
        goes_to(notebook, quantity, 3, 0, 0)
        term = words["matrices.term"].format(n=1, count=4, gradient="∂l/\u2060∂w₅", value="−0.07796")
        notebook.says(said, term.replace("**", ""))
    notebook.says(notebook.find(".bppviz-matrices .bppviz-line"), "dL_dW[3] = dl_dz[3].T @ a[2]")
    current = notebook.find(".bppviz-forms [aria-current] td:last-child")
    assert current.get_attribute("aria-label") == "∂L/∂W = (∂L/∂Z)ᵀ A"
    shows(notebook, 0)
    assert notebook.find(".bppviz-of-all").count() == 0


def test_a_number_of_the_picture_lights_up_with_it_and_keys_reach_all_of_them(notebook):
    goes_to(notebook, "z", 2, 0)
    shows(notebook, 1)
    marks = notebook.page.locator(".bppviz-marks .bppviz-pointed path")
    notebook.find(".bppviz-of-all [data-id='w-2-0-1']").hover()
    notebook.eventually(lambda: marks.count() == 1)
    told = catalogue(notebook.lang)["matrices.leaves"].format(w="w₉", value="−1", a="a₂", z="z₃").replace("**", "")
    notebook.says(notebook.find(".bppviz-pointed-at"), told)
    notebook.page.mouse.move(5, 5)
    stop = notebook.find(".bppviz-matrices [tabindex='0']")
    assert stop.count() == 1
    stop.focus()
    focused = "() => document.activeElement.dataset.id"
    for key, cell in [("ArrowDown", "a-1-0@2"), ("End", "a-1-1@2"), ("ArrowUp", "a-1-1")]:
        notebook.press(key)
        assert notebook.page.evaluate(focused) == cell
    notebook.press("Enter")
    notebook.until(TRACE.step_of("a", 1, 1))
    shows(notebook, 0)


def test_a_number_of_another_sample_lights_that_of_the_picture_and_says_its_own(notebook):
    goes_to(notebook, "z", 2, 0)
    shows(notebook, 1)
    marks = notebook.page.locator(".bppviz-marks circle")
    other = notebook.find(".bppviz-of-all [data-id='a-1-0@3']")
    said = notebook.find(".bppviz-pointed-at")

    own = f"a₁ (n = 3) = {number(TRACE.at_sample(2).value('a', 1, 0))}"

    def is_told():
        notebook.says(said, own)
        notebook.eventually(lambda: marks.count() == 1)
        lit_with_it = notebook.page.locator(".bppviz-matrices .bppviz-is-pointed")
        assert lit_with_it.evaluate_all("them => them.map((it) => it.dataset.id)") == ["a-1-0"]

    other.hover()
    is_told()
    notebook.page.mouse.move(5, 5)
    notebook.eventually(lambda: marks.count() == 0)
    other.focus()
    is_told()
    other.click()  # goes to the step in which every sample's is computed, and takes nothing of this sample in hand
    notebook.until(TRACE.step_of("a", 1, 0))
    goes_to(notebook, "dL_dw", 2, 0, 1)
    terms = notebook.page.locator(".bppviz-substituted [data-at]")
    assert terms.count() == 4
    terms.nth(2).hover()  # of a sum over the samples
    notebook.eventually(lambda: notebook.page.locator(".bppviz-marks .bppviz-pointed path").count() == 1)
    terms.nth(2).click()
    notebook.until(TRACE.step_of("dl_dw", 2, 0, 1))
    shows(notebook, 0)


def test_while_something_is_asked_for_there_is_one_sample_and_no_answer(notebook):
    goes_to(notebook, "z", 2, 1)
    shows(notebook, 1)
    opened(notebook, "predict")
    notebook.find(".bppviz-answer").wait_for()
    notebook.open("matrices")
    asked = catalogue(notebook.lang)["matrices.asked"].replace("**", "")
    notebook.says(notebook.find(".bppviz-claim"), asked)
    assert not notebook.find(CHOICES).is_visible()
    assert notebook.find(".bppviz-of-all").count() == 0
    wanted = notebook.find(".bppviz-stage").get_attribute("data-asked").split()
    (step,) = (int(it) for it in wanted if it.isdigit())
    assert number(TRACE[step].value) not in notebook.find(".bppviz-matrices").inner_text()
    notebook.find(".bppviz-answer").fill(number(TRACE[step].value))
    notebook.press("Enter")
    notebook.find(".bppviz-of-all").wait_for()  # as it was chosen
    opened(notebook, "predict")
    notebook.find(".bppviz-show-predict").click()
    notebook.open("matrices")
    shows(notebook, 0)


@pytest.mark.parametrize(("total", "hints"), [("sum", 0), ("mean", 1)])
def test_a_saved_page_shows_all_samples_without_a_kernel(browser, tmp_path, total, hints):
    trace = lecture_of_two(total=total)
    page, problems = browser.new_page(viewport={"width": 1440, "height": 900}), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(saved(trace, tmp_path, lang="zh-TW", step=trace.step_of("dL_dw", 2, 1, 0)))
    page.locator(".bppviz-stage[data-step]:has(.bppviz-picture)").wait_for(timeout=60_000)
    page.locator(".bppviz-show-matrices").click()
    page.locator(CHOICES).get_by_role("button", name=catalogue("zh-TW")["matrices.all_samples"].format(count=2)).click()
    page.locator(".bppviz-of-all").wait_for()
    assert lit(page) == [["dL_dw-2-1-0"], ["a-1-0", "a-1-0@2", "dl_dz-2-1", "dl_dz-2-1@2"]]
    found = page.locator(".bppviz-of-all .bppviz-is-new")
    assert found.inner_text() == number(trace.value("dL_dw", 2, 1, 0))
    assert page.locator(".bppviz-matrices .bppviz-hint").count() == hints
    assert wrong(page, ".bppviz-panel-matrices") == []
    page.close()
    assert problems == []
