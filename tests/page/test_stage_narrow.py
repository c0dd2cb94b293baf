"""The surface where there is little width: a cell of 560 pixels, a phone, a deep network, 200 % zoom, and paper."""

from itertools import pairwise

import pytest
from networks import lecture, lecture_of_two
from saved import saved

from bppviz import Network, backprop, example

MOST_CONTROLS = 19
CONTROLS = """() => [...document.querySelectorAll(".bppviz :is(button, select, input, .noUi-handle)")]
  .filter((it) => it.checkVisibility()).length"""
# How many neurons are an operand or a result, and how many of those are not wholly in sight.
LIT = """() => {
  const [picture, scroll] = ["picture", "scroll"].map((name) => document.querySelector(`.bppviz-${name}`));
  const isNodes = ({ marker, customdata }) => customdata && marker?.line?.width?.length && marker.symbol === "circle";
  const { x, marker } = picture.data.find(isNodes);
  const [own, place] = [picture.getBoundingClientRect(), scroll.getBoundingClientRect()];
  const scale = own.width / picture.offsetWidth;
  const lit = x.map((_, i) => i).filter((i) => marker.line.width[i] > 2);
  const reach = (i, sign) => own.left + scale * (x[i] + (sign * marker.size) / 2);
  return [lit.length, lit.filter((i) => reach(i, -1) < place.left - 1 || reach(i, 1) > place.right + 1).length];
}"""
# At which sides the picture fades.
FADED = """() => {
  const { maskImage } = getComputedStyle(document.querySelector(".bppviz-scroll"));
  const stops = maskImage.match(/rgba\\(0, 0, 0, 0\\)/g)?.length ?? 0;
  return [maskImage.includes("to right") && stops > 0, maskImage.includes("to left") || stops > 1];
}"""
# What is not seen whole of the formula and its numbers.
CUT = """() => ["formula", "substituted"].flatMap((name) => {
  const part = document.querySelector(`.bppviz-${name}`);
  const { left, right } = part.getBoundingClientRect();
  const leaves = [...part.querySelectorAll("mi, mn, mo")].map((it) => [it.textContent, it.getBoundingClientRect()]);
  return leaves.filter(([, it]) => it.left < left - 1 || it.right > right + 1).map(([text]) => text);
})"""
SMALLEST = """() => {
  const picture = document.querySelector(".bppviz-picture");
  const scale = picture.getBoundingClientRect().width / picture.offsetWidth;
  return scale * parseFloat(getComputedStyle(picture.querySelector("svg text")).fontSize);
}"""
# The names of the phases that are seen, each with its left and right end, and the right end of the scrubber.
PHASES = """() => {
  const names = [...document.querySelectorAll(".bppviz-phases > *")];
  const ends = names.filter((it) => it.checkVisibility({ visibilityProperty: true })).map((it) => {
    const range = document.createRange();
    range.selectNodeContents(it);
    const { left, right } = range.getBoundingClientRect();
    return [left, right];
  });
  return [ends, document.querySelector(".bppviz-way").getBoundingClientRect().right];
}"""
DEEP = backprop(Network.random([2] + [2] * 10 + [1], activation="sigmoid"), [1, -1], [1])


@pytest.fixture
def opened(browser, tmp_path):
    """A function that saves a walk and opens it in a page of some size; at the end nothing may have gone wrong."""
    page = browser.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))

    def write_and_open(trace, size, address="", **options):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(saved(trace, tmp_path, **options) + address)
        page.locator(".bppviz-stage[data-step]:has(.bppviz-picture)").wait_for(timeout=60_000)
        return page

    yield write_and_open
    page.close()
    assert problems == []


def walked(page, steps):
    """Walk with the keys, and yield each step once it is seen."""
    page.locator(".bppviz-stage").focus()
    for step in range(1, steps):
        page.keyboard.press("ArrowRight")
        page.locator(f'.bppviz-stage[data-step="{step}"]').wait_for()
        yield step


def box(page, name):
    """Return where a part of the widget is."""
    return page.locator(f".bppviz-{name}").first.bounding_box()


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_in_a_cell_of_560_pixels_controls_picture_and_words_are_600_pixels_high(open_notebook, lang):
    notebook = open_notebook(f"import bppviz\nbppviz.explain(step=21, lang={lang!r})", size=(1024, 768)).run_all()
    page = notebook.page
    widget = notebook.find(".bppviz-lay").bounding_box()
    assert 500 < widget["width"] < 640
    assert widget["height"] <= 600
    assert page.evaluate(CONTROLS) <= MOST_CONTROLS
    tops = {round(button.bounding_box()["y"]) for button in page.locator(".bppviz-tabs > button").all()}
    assert len(tops) == 1
    assert page.evaluate("document.querySelector('.bppviz-tabs').scrollWidth") <= widget["width"]
    assert box(page, "way")["y"] >= box(page, "moves")["y"] + box(page, "moves")["height"] - 1
    assert box(page, "way")["width"] > 0.9 * (widget["width"] - 40)
    assert page.evaluate(SMALLEST) >= 11.99
    assert page.evaluate(LIT)[1] == 0
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("width", [390, 560])
def test_operands_and_result_of_every_step_are_in_sight_and_no_number_is_cut(opened, width):
    page = opened(lecture(), (width, 844))
    for step in walked(page, len(lecture())):
        assert page.evaluate(LIT)[1] == 0, step
        assert page.evaluate(CUT) == [], step
    assert page.evaluate(SMALLEST) >= 11.99


def test_a_deep_network_is_followed_at_any_width_below_a_map_of_the_whole(opened):
    page = opened(DEEP, (1280, 720))
    assert page.evaluate(SMALLEST) >= 11.99
    window = page.locator(".bppviz-map .bppviz-window")
    begun = float(window.get_attribute("x"))
    for step in walked(page, 40):
        assert page.evaluate(LIT)[1] == 0, step
    assert float(window.get_attribute("x")) > begun
    place = box(page, "map")
    page.mouse.click(place["x"] + 2, place["y"] + 10)
    page.wait_for_function("document.querySelector('.bppviz-scroll').scrollLeft === 0")
    page.keyboard.press("ArrowRight")
    page.locator('.bppviz-stage[data-step="40"]').wait_for()
    assert page.evaluate(LIT)[1] == 0


def test_a_picture_fades_where_it_goes_on_so_that_no_number_is_cut_off_without_a_sign(opened):
    page = opened(DEEP, (700, 720))
    assert page.evaluate(FADED) == [False, True]
    page.locator(".bppviz-stage").focus()
    page.keyboard.press("End")
    page.wait_for_function(f"String(({FADED})()) === 'true,false'")
    page.evaluate("document.querySelector('.bppviz-scroll').scrollLeft = 300")
    page.wait_for_function(f"String(({FADED})()) === 'true,true'")


def test_the_names_of_the_inputs_are_in_sight_where_an_input_takes_part(opened):
    iris = example("iris")
    page = opened(backprop(iris.network, iris.x[5], iris.target[5]), (500, 844), "#step=28")
    left = "document.querySelector('.bppviz-scroll').scrollLeft"
    assert page.evaluate(left) > 0
    page.locator(".bppviz-stage").focus()
    page.keyboard.press("ArrowRight")
    page.locator('.bppviz-stage[data-step="28"]').wait_for()
    assert page.evaluate(left) == 0
    assert page.evaluate(LIT)[1] == 0


def test_a_picture_that_is_seen_whole_has_no_map(opened):
    page = opened(lecture(), (1280, 720))
    assert not page.locator(".bppviz-map").is_visible()
    assert page.evaluate(FADED) == [False, False]


def test_a_sum_of_many_terms_is_broken_before_its_signs_and_joined_again_where_there_is_room(opened):
    wide = Network.random([8, 3, 2], activation="sigmoid")
    page = opened(backprop(wide, [0.5] * 8, [1, 0]), (430, 800))
    numbers = page.locator(".bppviz-substituted math")
    text = numbers.text_content()
    pieces = numbers.locator("> mrow:not(.bppviz-end)")
    assert pieces.count() == 10  # eight products, the bias and the result
    assert all(piece.text_content()[0] in "=+" for piece in pieces.all())
    assert page.evaluate(CUT) == []
    page.set_viewport_size({"width": 1600, "height": 800})
    page.wait_for_function("document.querySelector('.bppviz-substituted math').childElementCount === 1")
    assert numbers.text_content() == text


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_on_a_phone_the_moves_are_large_and_at_the_bottom_and_stay_there(opened, lang):
    page = opened(lecture(), (390, 844), "#step=22", lang=lang)
    assert page.evaluate(CONTROLS) == 14
    moves, play, tabs = (box(page, name) for name in ("moves", "play", "tabs"))
    for name in ("back", "next", "play"):
        assert box(page, name)["height"] >= 46
    assert moves["y"] + moves["height"] <= 844 <= moves["y"] + moves["height"] + 20
    assert play["x"] + play["width"] <= 390
    assert tabs["y"] + tabs["height"] <= moves["y"] + 1
    assert box(page, "way")["y"] < box(page, "scroll")["y"]
    assert page.evaluate("document.scrollingElement.scrollWidth") == 390
    page.set_viewport_size({"width": 390, "height": 500})
    page.wait_for_function("document.scrollingElement.scrollHeight > 550")
    assert box(page, "moves")["y"] + moves["height"] <= 500


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
@pytest.mark.parametrize("trace", [lecture(), lecture_of_two()], ids=["four", "six"])
def test_the_names_of_the_phases_stand_beside_each_other_over_the_scrubber(opened, trace, lang):
    page = opened(trace, (840, 700), lang=lang)
    phases = {block.phase: block for block in trace.blocks}
    for width in (840, 576, 390, 320):
        page.set_viewport_size({"width": width, "height": 700})
        for phase, block in phases.items():
            page.evaluate(f"location.hash = '#step={block.stop}'")
            page.locator(f".bppviz-phase-{phase}[aria-current]").wait_for()
            names, end = page.evaluate(PHASES)
            assert len(names) == (1 if width == 320 and len(phases) > 4 else len(phases))
            assert all(right + 2 < left for (_, right), (left, _) in pairwise(names)), (width, phase)
            assert names[-1][1] <= end + 4, (width, phase)


def test_the_table_of_a_saved_page_fills_as_the_walk_goes_on(opened):
    page = opened(lecture(), (1280, 720), "#step=22")
    page.locator(".bppviz-show-table").click()
    cells = page.locator(".bppviz-panel-table td.bppviz-is-new")
    assert set(cells.all_text_contents()) == {"−0.04576"}
    page.keyboard.press("Escape")
    page.locator(".bppviz-panel-table").wait_for(state="hidden")
    page.keyboard.press("n")
    page.locator(".bppviz-panel-table").wait_for()


def test_printed_the_whole_picture_and_the_words_are_there_and_no_control(opened):
    page = opened(lecture(), (390, 844), "#step=22")
    page.locator(".bppviz-show-steps").click()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 900})
    assert page.evaluate(CONTROLS) == 0
    picture = box(page, "picture")
    assert 0 <= picture["x"] < picture["x"] + picture["width"] <= 700
    assert picture["width"] > 600
    assert page.locator(".bppviz-sentence").is_visible()
    assert box(page, "formula")["y"] >= picture["y"] + picture["height"] - 1


def test_the_place_of_the_picture_has_its_height_before_the_picture_comes(opened, browser, tmp_path):
    page = browser.new_page(viewport={"width": 824, "height": 700})
    page.add_init_script("globalThis.bppvizPlotly = new Promise(() => {});")  # which never comes
    page.goto(saved(lecture(), tmp_path))
    page.locator(".bppviz-stage .bppviz-plot > svg").wait_for()
    waiting = box(page, "tabs"), box(page, "scroll")
    page.close()
    page = opened(lecture(), (824, 700))
    assert (box(page, "tabs"), box(page, "scroll")) == waiting
