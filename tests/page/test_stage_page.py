"""The widget as a part of the page: what is sent, what is left after a reload, and names that look like markup."""

from statistics import median

import pytest
from faults import report
from networks import lecture
from painting import shows
from sliders import drag, field, shown

from bppviz import Network, backprop
from bppviz.core.network import with_number
from bppviz.core.place import place_at
from bppviz.core.walk import walk
from bppviz.practice.typed import single
from bppviz.words.catalogue import catalogue, words
from bppviz.words.sentences import Narrator

# A name that would do harm, or change the picture, if it were not shown as plain text.
NAMES = {
    "a tag that runs a script": "<img src=x onerror=alert(1)>",
    "a tag that plotly knows": "<b>bold</b>",
    "a formula": "$a$",
    "an entity": "&amp;",
    "an at sign": "@x",
    "a template of plotly": "%{x}",
    "a backslash": "\\\\alpha",
    "a quotation mark": "a\"b'c",
    "a very long name": "temperature of the water " * 40,
    "Chinese": "溫度",
    "a line break": "one\ntwo",
}

CHART = "[it for it in ipywidgets.widgets.widget._instances.values() if isinstance(it, bppviz.widget.stage.Chart)][-1]"


@pytest.fixture(scope="module")
def notebook(open_shared_notebook):
    notebook = open_shared_notebook(
        "import bppviz, ipywidgets\nfrom bppviz import Network, explain", "None", "None", size=(1280, 1500)
    )
    notebook.run(0)
    return notebook


def test_plotly_is_sent_once_for_a_page_and_a_widget_is_small(open_notebook):
    notebook = open_notebook(
        "import bppviz", "bppviz.explain()", "bppviz.explain(lang='zh-TW')", size=(1280, 1800), fresh=True
    )
    notebook.run(0)
    weights, modules = [], []
    for number in (1, 2):
        before = notebook.received
        notebook.run(number)
        notebook.painted(number - 1)
        notebook.idle()
        weights.append(notebook.received - before)
        modules.append(notebook.page.evaluate("Object.keys(bppvizModules).length"))
    said = "the first widget received {:,} bytes, the next {:,}".format(*weights)
    assert weights[0] <= 2_000_000, said
    assert weights[1] <= 380_000, said  # of which its still picture, as HTML and again with a PNG, is a third
    assert modules[0] == modules[1]  # a page never frees a module
    assert notebook.page.locator("style#bppviz-style").count() == 1


STILL_LATER = """
from bppviz.widget import keepsake
keepsake.can_picture, keepsake.KEPT_AFTER = lambda: False, 3600
"""


def test_a_step_by_key_sends_little_and_asks_the_kernel_for_nothing(notebook):
    notebook.python(STILL_LATER)  # the still picture is sent when the walk rests
    notebook.run(1, "explain()")
    notebook.painted()
    notebook.idle()
    requests, received = len(notebook.requests), notebook.received
    notebook.focus()
    notebook.press(*["ArrowRight"] * 10)
    notebook.until(10)
    assert (notebook.received - received) / 10 < 5_000
    assert [url for url in notebook.requests[requests:] if "/api/kernels/" in url] == []


def reloaded(notebook):
    """Save a notebook and load its page again."""
    notebook.idle()
    notebook.focus()
    notebook.press("Control+s")
    file = notebook.lab.root / notebook.name
    notebook.eventually(lambda: "widget-view" in file.read_text(encoding="utf-8"))
    notebook.page.reload()
    notebook.painted()


def test_a_page_that_is_reloaded_shows_the_widget_at_its_step_with_its_numbers_as_they_were_changed(open_notebook):
    source = "import bppviz\n\ne = bppviz.explain(lang='zh-TW', theme='light', open='weights')\ne"
    notebook = open_notebook(source, "None", size=(1280, 1500), fresh=True).run_all()
    drag(notebook, "w₃", -15)
    notebook.page.mouse.up()
    value = shown(notebook, "w-2-0-0")
    edited = backprop(with_number(Network.lecture(), place_at("w-2-0-0"), value), [1, -1], [1, 0])
    shows(notebook, edited, 0, lang="zh-TW")
    notebook.focus()
    notebook.press("End", "ArrowLeft")
    notebook.until(47)
    reloaded(notebook)
    shows(notebook, edited, 47, lang="zh-TW")
    assert notebook.look(47)["lang"] == "zh-TW"
    assert notebook.counted() == (48, 49)
    assert single(field(notebook, "w-2-0-0").input_value()) == value
    notebook.focus()
    notebook.press("ArrowRight")
    shows(notebook, edited, 48, lang="zh-TW")
    notebook.idle()
    notebook.prints("print(e.step)", "48")


def test_a_tick_of_a_drag_sends_little(notebook):
    # Every tick waits for the picture, the chart and the slider in it: a hand that goes on does not.
    notebook.python("import bppviz.widget.feed\nbppviz.widget.feed.REST = 3600")  # all other steps are sent at rest
    notebook.python(STILL_LATER)
    notebook.run(1, "explain(theme='light', open='weights')")
    notebook.painted()
    notebook.focus()
    notebook.press("End")
    notebook.until(48)
    notebook.idle()
    drag(notebook, "w₃", 0)
    box = notebook.find('.bppviz-slider[title="w₃"] .noUi-handle').bounding_box()
    notebook.count_pictures()
    received = []
    for tick in range(12):
        before, pictures = notebook.received, notebook.pictures
        notebook.page.mouse.move(box["x"] + 5 - 3 * (tick % 5), box["y"] + 8)  # a slider is short
        notebook.eventually(lambda pictures=pictures: notebook.pictures > pictures)
        notebook.idle()  # the chart comes after the picture
        received.append(notebook.received - before)
    notebook.page.mouse.up()
    assert median(received) <= 16_000, received  # two pictures and a chart; the film of the run is ten times as much


def test_without_plotly_formula_sentence_and_walk_go_on_and_the_reason_is_said(open_notebook):
    broken = "gzip.compress(b'throw new Error(\"too old\")//' + bytes(1_000_000), 0)"
    notebook = open_notebook(
        f"import gzip, bppviz{STILL_LATER}bppviz.widget.stage.plotly_js = lambda: {broken}\ne = bppviz.explain()\ne",
        "print(e.step)",
        fresh=True,
    )
    notebook.start(0)
    said = catalogue("en")["stage.failed"].format(reason="too old")
    notebook.says(notebook.find(".bppviz-message"), said)
    notebook.focus()
    notebook.press("ArrowRight", "ArrowRight")
    notebook.until(2)
    assert notebook.find(".bppviz-sentence").text_content() == Narrator(lecture()).sentence(
        walk(lecture())[2], words("en")
    )
    assert notebook.find(".bppviz-message").text_content() == said
    notebook.prints("print(e.step)", "2")
    received = notebook.received
    notebook.focus()
    notebook.press("ArrowRight")
    notebook.until(3)
    assert notebook.received - received < 5_000  # plotly.js is not sent anew with every step


def test_a_chart_that_cannot_be_drawn_says_so_and_all_else_goes_on(notebook):
    notebook.python("e = None")
    notebook.run(1, "e = explain(theme='light', open='weights')\ne")
    notebook.painted()
    notebook.page.locator(".bppviz-chart .main-svg").first.wait_for()
    notebook.python(f"{CHART}.show({{'data': []}})")
    problem = notebook.find(".bppviz-problem")
    notebook.eventually(lambda: problem.text_content())
    before, after = catalogue("en")["problem.failed_chart"].split("{error}")
    assert problem.text_content().startswith(f"{before}TypeError: ")
    assert problem.text_content().endswith(after)
    notebook.focus()
    notebook.press("ArrowRight")
    notebook.until(1)
    field(notebook, "w-1-0-0").fill("2")
    notebook.press("Enter")
    notebook.says(problem, "")  # the chart is drawn anew
    edited = backprop(with_number(Network.lecture(), place_at("w-1-0-0"), 2), [1, -1], [1, 0])
    shows(notebook, edited, 1)


def save_state(notebook, wanted):
    """Tell JupyterLab whether to save the state of widgets with a notebook."""
    notebook.menu("Settings", "Save Widget State Automatically")
    plugin = "/lab/api/settings/@jupyter-widgets/jupyterlab-manager:plugin"
    notebook.eventually(lambda: notebook.lab.ask(plugin)["settings"].get("saveState", False) == wanted)


def test_a_widget_that_was_saved_with_its_state_says_in_its_place_what_is_missing_without_its_kernel(open_notebook):
    notebook = open_notebook("import bppviz\n\nbppviz.explain(lang='zh-TW')", fresh=True).run_all()
    save_state(notebook, True)
    notebook.focus()
    file = notebook.lab.root / notebook.name

    def saved():
        """Save once more: JupyterLab may have saved the notebook before it had gathered the state."""
        notebook.press("Control+s")
        notebook.page.wait_for_timeout(1000)
        return "widget-state" in file.read_text(encoding="utf-8")

    notebook.eventually(saved)
    save_state(notebook, False)
    notebook.lab.shut_down(notebook.name)
    notebook.page.reload()
    message = notebook.page.locator(".bppviz-message", has_text=catalogue("zh-TW")["stage.no_plotly"])
    message.wait_for(timeout=60_000)
    assert notebook.find(".bppviz-sentence").text_content()  # what needs no picture can be read
    assert notebook.page.locator(".bppviz-picture").count() == 0


def test_what_a_user_calls_things_is_shown_as_text_and_nothing_in_it_is_executed(notebook):
    wrong = {}
    for about, name in NAMES.items():
        source = (
            "net = Network([[[1, 2]], [[3], [-1]]], [[1], [0, 1]], 'sigmoid', 'half_squared_error', "
            f"input_names=[{name!r}, 'b'], output_names=['c', {name!r}])\nexplain(net)"
        )
        notebook.run(1, source)
        notebook.painted()
        notebook.focus()
        notebook.press("End")
        last = int(notebook.find(".bppviz-stage").get_attribute("data-steps")) - 1
        look = notebook.look(last)
        shown = [label["text"] for label in look["labels"] if stands_for(name, label["text"])]
        found = report({"last": look})
        if len(shown) != 2 or found:
            wrong[about] = (shown, found)
    assert wrong == {}


def stands_for(name, text):
    """Tell whether a label is a name, which may stand in two lines, or what is left of it where it is too long."""
    name, text = "".join(name.split()), "".join(text.split())
    first, _, last = text.partition("…")
    return text == name or ("…" in text and len(text) > 3 and name.startswith(first) and name.endswith(last))
