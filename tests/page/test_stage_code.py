"""The program in JupyterLab: it walks with the picture as in a debugger, is in sight, and gives nothing away."""

import json

import pytest
from networks import lecture
from oracle import torch_or_skip
from wcag import wrong

from bppviz import Network, backprop, listing, save_html
from bppviz.panels.code import code_panel
from bppviz.words.catalogue import LANGUAGES, catalogue
from bppviz.words.numbers import number

CELL = "import bppviz\ne = bppviz.explain(theme='light', lang={lang!r})\ne"
TRACE = lecture()
PANEL = code_panel(TRACE)
WIDE, LOW = (1440, 900), (1280, 720)
# The current line, the comment at its loop, and the one with what it has found; and what is filled and outlined in it.
CURRENT = """() => {
  const [item, ...others] = document.querySelectorAll(".bppviz-code-line[aria-current=step]");
  if (!item || others.length) return [];
  const loops = [...document.querySelectorAll(".bppviz-of-loop")].map((it) => it.textContent).filter(Boolean);
  const names = ["new", "used"].map((way) => [...item.querySelectorAll(`.bppviz-name.bppviz-is-${way}`)]);
  const texts = names.map((them) => them.map((it) => it.textContent));
  return [item.querySelector("code").textContent, loops.join(), item.querySelector(".bppviz-worth").textContent, texts];
}"""
TIERS = """() => [...document.querySelectorAll(".bppviz-tier")].map((it) =>
  [it.querySelector("code").textContent, it.querySelector("b")?.textContent, it.classList.contains("bppviz-is-new")])"""
# Where the lines stand in the widget, wherever they are scrolled to.
TOPS = """them => them.map((it) => it.getBoundingClientRect().top + it.closest(".bppviz-program").scrollTop
  - it.closest(".bppviz").getBoundingClientRect().top)"""
# What of the program is cut off, but for the listing, which scrolls, and how far the current line is out of it.
CUT = """() => {
  const panel = document.querySelector(".bppviz-panel-code");
  const isSeen = (it) => it.checkVisibility() && it.getClientRects().length;
  const parts = [...panel.querySelectorAll(".bppviz-tier, .bppviz-code-acts button, .bppviz-title")].filter(isSeen);
  const room = panel.getBoundingClientRect();
  const isOut = ({ left, right, top, bottom }) =>
    left < room.left - 1 || right > room.right + 1 || top < room.top - 1 || bottom > room.bottom + 1;
  const out = parts.filter((it) => isOut(it.getBoundingClientRect()) || it.scrollWidth > it.clientWidth + 1);
  const rect = (selector) => panel.querySelector(selector).getBoundingClientRect();
  const [line, list] = [rect("[aria-current=step]"), rect(".bppviz-program")];
  const over = document.querySelector(".bppviz").getBoundingClientRect().height
    - document.querySelector(".jp-WindowedPanel-outer").clientHeight;
  return [out.map((it) => it.textContent), line.top < list.top - 1 || line.bottom > list.bottom + 1, Math.max(0, over)];
}"""


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    return open_shared_notebook(CELL.format(lang="en"), size=WIDE)


@pytest.fixture
def notebook(shared):
    """The lecture's network with its program beside it."""
    return shown(shared, "en", WIDE)


def shown(notebook, lang, size):
    """Show the program in a window of some size; where that is low, with the file browser beside the notebook."""
    notebook.page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    files = notebook.page.locator(".jp-FileBrowser")
    if files.is_visible() != (size == LOW):
        notebook.menu("View", "Appearance", "Show Left Sidebar")
        files.wait_for(state="visible" if size == LOW else "hidden")
    notebook.page.mouse.move(5, 5)
    notebook.run(0, CELL.format(lang=lang))
    notebook.painted()
    notebook.open("code")
    notebook.find("[aria-current=step]").wait_for()
    return notebook


def goes_to(notebook, *place):
    """Go to the step that computes a place, and wait for its line."""
    step = TRACE.step_of(*place)
    notebook.python(f"e.step = {step}")
    notebook.until(step)
    stands_at(notebook, step)


def stands_at(notebook, step):
    notebook.eventually(lambda: notebook.page.evaluate(CURRENT)[:3] == told(step))


def told(step):
    """Return the line of a step, the comment at its loop, and the one below it with what was found up to then."""
    quantity, layer = PANEL["steps"][step][0].split("-")[:2]
    block = PANEL["blocks"][f"{quantity}-{layer}"]
    line = PANEL["libraries"]["numpy"]["lines"][block["at"]["numpy"]]
    places = [
        (at, *it.split("-")[2:]) for at, (it, _) in enumerate(PANEL["steps"]) if it.startswith(f"{quantity}-{layer}-")
    ]
    unit = next(place[1] for place in places if place[0] == step)
    shown = [at for at, own, *_ in places if own == unit or quantity != "dl_dw"]  # of a matrix a row
    written = ", ".join(PANEL["steps"][at][1] if at <= step else "·" for at in shown)
    value = written if quantity == "loss" else f"[{written}]"
    row = f"[{unit}]" if quantity == "dl_dw" else ""
    return [
        "".join(line["pieces"]),
        f"# k = {layer}" if line["loop"] >= 0 else "",
        f"# {block['called']}{row} = {value}",
    ]


def button(notebook, text):
    """Return the line of the listing that has this text."""
    return notebook.page.locator(".bppviz-listing button", has_text=text).first


# The walk


def test_the_walk_moves_through_the_lines_as_in_a_debugger(notebook):
    notebook.focus()
    notebook.press("Home")
    for step in range(len(TRACE)):
        notebook.until(step)
        stands_at(notebook, step)
        begins = [line["begins"] > step for line in PANEL["libraries"]["numpy"]["lines"]]
        lines = notebook.page.locator(".bppviz-code-line")
        assert lines.evaluate_all("them => them.map((it) => it.matches('.bppviz-is-to-come'))") == begins
        notebook.press("ArrowRight")


def test_result_and_operands_stand_as_symbol_name_and_number_and_are_filled_and_outlined(notebook):
    goes_to(notebook, "dl_dz", 2, 0)
    names = [["dl_dz[2][0]", "−0.04576", True], ["da_dz[2][0]", "0.11785", False], ["dl_da[2][0]", "−0.38830", False]]
    assert notebook.page.evaluate(TIERS) == names  # with the digits of the equation
    assert notebook.page.evaluate(CURRENT)[3] == [["dl_dz[k]"], ["da_dz[k]", "dl_da[k]"]]
    assert notebook.page.locator(".bppviz-tier math").count() == 3
    goes_to(notebook, "z", 3, 0)
    terms = notebook.page.locator(".bppviz-term")
    assert [it[:1] for it in terms.all_text_contents()[1:]] == ["+", "+"]  # it is parted before each +
    notebook.page.locator(".bppviz-tier").nth(1).hover()
    notebook.find(".bppviz-marks circle").wait_for(state="attached")  # a₃, in the picture


def test_where_shapes_need_another_order_than_the_formula_the_line_says_why(notebook):
    order = notebook.page.locator(".bppviz-order:not(:empty)")
    goes_to(notebook, "dl_dw", 2, 0, 0)
    assert [name for name, *_ in notebook.page.evaluate(TIERS)] == ["dl_dW[2][0, 0]", "a[1][0]", "dl_dz[2][0]"]
    notebook.says(order, "# dl_dz first: it gives the rows, a the columns")
    notebook.choose("granularity", catalogue("en")["granularity.vector"])  # whose formula has the line's order
    notebook.eventually(lambda: order.count() == 0)


def test_by_layer_the_line_is_of_whole_arrays_with_their_shapes(notebook):
    goes_to(notebook, "dl_dz", 2, 1)
    notebook.choose("granularity", catalogue("en")["granularity.layer"])
    notebook.eventually(lambda: [it[0] for it in notebook.page.evaluate(TIERS)] == ["dl_dz[2]", "da_dz[2]", "dl_da[2]"])
    array = [number(it) for it in TRACE.dl_dz[1]]
    tier = notebook.page.locator(".bppviz-tier").first
    assert tier.locator("b").all_text_contents() == array
    assert tier.locator("small").text_content() == "(2,)"
    assert notebook.page.evaluate(CURRENT)[1:3] == ["# k = 2", f"# dl_dz[2] = [{', '.join(array)}]"]


def test_of_a_sum_that_is_still_being_added_the_line_has_found_nothing_yet(notebook):
    notebook.choose("granularity", catalogue("en")["granularity.term"])
    notebook.focus()
    notebook.press("Home")
    notebook.eventually(lambda: notebook.page.evaluate(CURRENT)[2:3] == ["# z[1] = [·, ·]"])
    assert notebook.page.evaluate(TIERS)[0] == ["z[1][0]", "·", True]


def test_by_vector_a_line_that_is_gone_to_has_found_all_of_its_vector(notebook):
    goes_to(notebook, "dl_dz", 2, 1)
    notebook.choose("granularity", catalogue("en")["granularity.vector"])
    button(notebook, "z[k] = W[k]").click()
    written = ", ".join(number(it) for it in TRACE.z[1])
    notebook.eventually(lambda: notebook.page.evaluate(CURRENT)[2:3] == [f"# z[2] = [{written}]"])


# Lines to go to


def test_a_click_on_a_line_goes_to_its_step_at_this_k_or_else_at_the_next(notebook):
    goes_to(notebook, "dl_dz", 2, 0)
    clicks = {
        "z[k] = W[k]": ("z", 2, 0),
        "dl_dW[k] =": ("dl_dw", 2, 0, 0),
        "dl_da[3] =": ("dl_da", 3, 0),  # for k = 3 alone
        "dl_da[k] =": ("dl_da", 2, 0),  # not for k = 3, and for 2 next
        "dl_db[k] =": ("dl_db", 2, 0),
        "loss =": ("loss", 3),
    }
    for text, place in clicks.items():
        button(notebook, text).click()
        notebook.until(TRACE.step_of(*place))
        stands_at(notebook, TRACE.step_of(*place))


@pytest.mark.parametrize("size", [WIDE, LOW], ids=["beside", "below"])
def test_a_line_that_is_pointed_at_is_read_in_place_of_the_one_now_and_nothing_moves_or_is_cut(shared, size):
    notebook = shown(shared, "en", size)
    goes_to(notebook, "dl_dz", 2, 1)
    now = notebook.page.evaluate(TIERS)
    lines = notebook.page.locator(".bppviz-code-line")
    before = lines.evaluate_all(TOPS)

    def reads(*tokens):
        notebook.eventually(lambda: [it[0] for it in notebook.page.evaluate(TIERS)] == list(tokens))
        assert lines.evaluate_all(TOPS) == pytest.approx(before)
        assert notebook.find(".bppviz-now").evaluate("it => it.scrollHeight - it.clientHeight") <= 0
        return notebook.page.locator(".bppviz-tier").first.locator("b").all_text_contents()

    button(notebook, "z[k] = W[k]").hover()
    assert reads("z[2]", "W[2]", "a[1]", "b[2]") == [number(it) for it in TRACE.z[1]]
    button(notebook, "dl_dW[k] =").hover()
    assert reads("dl_dW[2]", "dl_dz[2]", "a[1]") == ["·"] * 4
    button(notebook, "dl_dz[k] =").hover()  # where the walk stands
    reads(*(it[0] for it in now))
    assert notebook.page.evaluate(TIERS) == now
    button(notebook, "loss =").hover()
    notebook.eventually(lambda: notebook.page.evaluate(TIERS)[0][:2] == ["loss", number(TRACE.loss)])
    notebook.page.mouse.move(5, 5)
    notebook.eventually(lambda: notebook.page.evaluate(TIERS) == now)
    notebook.page.locator(".bppviz-program summary").focus()
    notebook.press("Tab", "ArrowUp")
    reads("da_dz[2]", "a[2]", "a[2]")
    notebook.python(f"e.step = {TRACE.step_of('dl_da', 1, 0)}")
    notebook.eventually(lambda: notebook.page.evaluate(TIERS)[0][0] == "dl_da[1][0]")


def test_a_line_of_wide_layers_that_is_pointed_at_is_folded_into_its_room(browser, tmp_path):
    network = Network.random([4, 4, 4, 2], seed=3)
    trace = backprop(network, [1, -1, 0.5, 2], [1, 0], 0.5)
    save_html(trace, tmp_path / "walk.html", step=trace.step_of("dl_dz", 2, 1))  # whose line takes a single row
    page = browser.new_page(viewport=dict(zip(("width", "height"), WIDE, strict=True)))
    page.goto((tmp_path / "walk.html").as_uri())
    page.locator(".bppviz-stage[data-step]:has(.bppviz-picture)").wait_for(timeout=60_000)
    page.locator(".bppviz-show-code").click()
    lines = page.locator(".bppviz-listing button")
    read = {}
    for i in range(lines.count()):
        lines.nth(i).hover()
        page.wait_for_function("() => document.querySelector('.bppviz-is-elsewhere, [aria-current] button:hover')")
        assert page.evaluate("(it => it.scrollHeight - it.clientHeight)(document.querySelector('.bppviz-now'))") <= 0
        seen = page.locator(".bppviz-now .bppviz-tier:visible")
        read[lines.nth(i).inner_text()] = [it.split() for it in seen.all_inner_texts()]
    page.close()
    of_z, of_gradient = read["z[k] = W[k] @ a[k-1] + b[k]"], read["dl_dW[k] = np.outer(dl_dz[k], a[k-1])"]
    z = ["z[2]", *map(number, trace.z[1]), "(4,)"]
    assert of_z == [z, ["W[2]", "(4,", "4)"], ["a[1]", "(4,)"], ["b[2]", "(4,)"]]  # what it finds is seen
    assert [it[-1] for it in of_gradient] == ["4)", "(4,)", "(4,)"]


def test_with_the_keys_one_reaches_the_listing_goes_from_line_to_line_and_to_a_step(notebook):
    goes_to(notebook, "dl_dz", 2, 0)
    assert notebook.page.locator(".bppviz-listing button[tabindex='0']").count() == 1
    notebook.page.locator(".bppviz-program summary").focus()
    notebook.press("Tab")
    focused = notebook.page.locator(":focus")
    assert focused.text_content() == "dl_dz[k] = da_dz[k] * dl_da[k]"  # where the walk stands
    notebook.press("ArrowUp", "ArrowUp")
    assert focused.text_content().startswith("dl_da[k]")
    notebook.press("Enter")
    notebook.until(TRACE.step_of("dl_da", 2, 0))
    assert focused.text_content().startswith("dl_da[k]")
    notebook.press("Home")
    assert focused.text_content().startswith("z[k]")
    notebook.press("Escape")
    assert notebook.page.evaluate("document.activeElement.matches('.bppviz-show-code')")


# While something is asked for


def test_what_is_asked_for_is_not_given_away(notebook):
    goes_to(notebook, "dl_dz", 2, 0)
    answer = number(TRACE.value("dl_dz", 2, 0))
    notebook.open("predict")
    notebook.page.locator(".bppviz-stage[data-asked]").wait_for()
    notebook.open("code")
    notebook.eventually(lambda: notebook.page.evaluate(TIERS)[:1] == [["dl_dz[2][0]", "?", True]])
    assert notebook.page.evaluate(CURRENT)[2] == "# dl_dz[2] = [?, ·]"
    assert answer not in notebook.find(".bppviz-panel-code").text_content()
    assert not notebook.find("button.bppviz-save-py").is_visible()  # its checks are answers
    asked = notebook.page.evaluate(TIERS)
    button(notebook, "z[k] = W[k]").hover()
    notebook.settled()
    assert notebook.page.evaluate(TIERS) == asked
    notebook.find(".bppviz-answer").fill(answer)
    notebook.press("Enter")
    notebook.eventually(lambda: notebook.page.evaluate(TIERS)[0][1] == answer)
    assert notebook.page.evaluate(CURRENT)[2] == f"# dl_dz[2] = [{answer}, ·]"


# Copies


def test_what_is_copied_and_saved_runs_by_itself(notebook):
    notebook.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    notebook.find("button.bppviz-copy").click()
    notebook.says(notebook.find(".bppviz-copied"), catalogue("en")["code.copied"])
    notebook.find(".bppviz-copied").wait_for(state="hidden")
    notebook.find("button.bppviz-copy").click()
    notebook.find(".bppviz-copied").wait_for(state="visible")  # the second time too
    assert notebook.page.evaluate("navigator.clipboard.readText()") == listing(TRACE, checks=False)
    with notebook.page.expect_download() as script:
        notebook.find("button.bppviz-save-py").click()
    assert script.value.suggested_filename == "numpy_run.py"
    assert script.value.path().read_text(encoding="utf-8") == listing(TRACE)
    with notebook.page.expect_download() as file:
        notebook.find("button.bppviz-save-ipynb").click()
    cells = json.loads(file.value.path().read_text(encoding="utf-8"))["cells"]
    assert any("assert same" in "".join(cell["source"]) for cell in cells)


# PyTorch


def test_pytorch_has_the_same_numbers_and_a_tick_as_soon_as_the_walk_has_found_them(notebook):
    torch_or_skip()
    goes_to(notebook, "dl_dz", 2, 1)
    notebook.page.get_by_role("button", name="PyTorch", exact=True).click()
    rows = notebook.page.locator(".bppviz-tensors tbody tr")
    rows.first.wait_for()
    notebook.eventually(lambda: rows.locator("[role=img]").count() == 4)  # of both outputs, and of layer 2
    row = notebook.page.locator(".bppviz-tensors tr", has_text="z[2].grad")
    assert row.locator("td").all_text_contents() == ["z[2].grad", "[−0.04576, 0.05516]", "✓"]
    assert notebook.page.evaluate(CURRENT)[0] == "loss.backward()"
    notebook.focus()
    notebook.press("End")
    notebook.until(len(TRACE) - 1)
    notebook.eventually(lambda: rows.locator("[role=img]").count() == rows.count() == 12)
    assert wrong(notebook.page) == []
    goes_to_asked(notebook)
    notebook.eventually(lambda: "−0.04576" not in notebook.find(".bppviz-tensors").text_content())


@pytest.mark.parametrize("size", [WIDE, LOW], ids=["beside", "below"])
def test_a_line_of_pytorch_that_is_pointed_at_says_what_it_computes_and_has_found_and_nothing_moves(shared, size):
    notebook = shown(shared, "en", size)
    goes_to(notebook, "dl_dz", 2, 1)
    notebook.page.get_by_role("button", name="PyTorch", exact=True).click()
    call = notebook.find(".bppviz-one-call")
    said = catalogue("en")["code.one_call"]
    notebook.eventually(lambda: call.inner_text().startswith(said))
    lines = notebook.page.locator(".bppviz-code-line")
    before = lines.evaluate_all(TOPS)

    def says(*texts):
        notebook.eventually(lambda: call.inner_text().splitlines() == list(texts))
        assert lines.evaluate_all(TOPS) == pytest.approx(before)

    button(notebook, "z[k] = W[k]").hover()
    says("z[2] = W[2] @ a[1] + b[2]", f"# z[2] = [{', '.join(number(it) for it in TRACE.z[1])}]")
    button(notebook, "loss.backward()").hover()
    notebook.eventually(lambda: call.inner_text().startswith(said))
    notebook.page.mouse.move(5, 5)
    notebook.page.locator(".bppviz-program summary").focus()
    notebook.press("Tab", "ArrowUp")
    says("loss = torch.sum((a[3] - t)**2) / 2", f"# loss = {number(TRACE.loss)}")
    goes_to_asked(notebook)
    notebook.find("button[data-library=torch]").wait_for()
    button(notebook, "z[k] = W[k]").hover()
    notebook.settled()
    assert call.inner_text().startswith(said)  # one might ask for it


def goes_to_asked(notebook):
    """Ask for ∂l/∂z₃, with the program in sight."""
    notebook.python(f"e.step = {TRACE.step_of('dl_dz', 2, 0)}")
    notebook.open("predict")
    notebook.page.locator(f".bppviz-stage[data-asked][data-step='{TRACE.step_of('dl_dz', 2, 0)}']").wait_for()
    notebook.open("code")


# In sight


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", [WIDE, LOW], ids=["beside", "below"])
def test_the_line_now_and_the_current_line_are_in_sight_at_every_step_and_axe_finds_nothing(shared, lang, size):
    notebook = shown(shared, lang, size)
    notebook.find(".bppviz-transport").evaluate("it => it.scrollIntoView()")
    for place in (("z", 3, 0), ("loss", 3), ("dl_da", 2, 0), ("dl_dz", 2, 0), ("dl_dw", 3, 1, 1)):
        goes_to(notebook, *place)
        notebook.eventually(lambda: notebook.page.evaluate(CUT) == [[], False, 0])
    assert wrong(notebook.page) == []
