"""Walking in JupyterLab when the kernel is busy, shut down or restarted: everything is in the page already."""

import os
import re
import signal

import pytest
from networks import lecture
from painting import run_of, seen
from sliders import edited

from bppviz.core.walk import GRANULARITIES, walk
from bppviz.picture.layout import Layout
from bppviz.words.catalogue import catalogue

LAST = len(lecture()) - 1
# ipywidgets tells by itself about every state that it cannot send to a kernel that is no more.
CANNOT_SEND = re.compile(
    r"console: Could not send widget sync message Error: Cannot send\n.*/@jupyter-widgets/jupyterlab-manager/",
    re.S,
)


SAYS = catalogue("en")
GONE, BEHIND, WHY = (SAYS[f"stage.{name}"] for name in ("gone", "behind", "needs_kernel"))
NEEDS = ("undo", "redo", "reset", "show-weights", "show-predict", "show-training", "show-why")
WALKS = ("first", "back", "play", "next", "last", "again", "show-steps", "show-settings", "present", "help")
IS_WITHHELD = """it => it.readOnly || it.getAttribute("aria-disabled") === "true" || it.hasAttribute("disabled")"""


@pytest.fixture
def notebook(open_notebook):
    return open_notebook("import bppviz\n\ne = bppviz.explain()\ne", "print(e.step)").run_all()


def field(notebook, place="w-1-0-0"):
    return notebook.find(f".bppviz-exact.bppviz-at-{place} input")


def restarted(notebook):
    """Restart the kernel by JupyterLab's menu, and wait until it is there again."""
    notebook.menu("Kernel", "Restart Kernel…")
    notebook.page.locator(".jp-Dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    status = notebook.page.locator("#jp-main-statusbar")
    status.get_by_text("| Idle").wait_for(state="detached")
    status.get_by_text("| Idle").wait_for()


def kernel_says(notebook, text):
    notebook.says(notebook.find(".bppviz-kernel"), text)


def is_withheld(notebook):
    """Check that what needs the kernel does nothing and says why, and that all else does what it says."""
    for name in NEEDS:
        for part in notebook.page.locator(f".bppviz button.bppviz-{name}:not([aria-expanded=true])").all():
            assert part.evaluate(IS_WITHHELD), name
            assert [part.get_attribute(it) for it in ("aria-description", "title")] == [WHY, WHY], name
    for part in notebook.page.locator(".bppviz .bppviz-view button").all():
        assert part.get_attribute("title") == WHY
    for selector in (".bppviz-exact input", ".bppviz-view button", ".bppviz-slider .noUi-target"):
        for part in notebook.page.locator(f".bppviz {selector}").all():
            assert part.evaluate(IS_WITHHELD), selector
    for name in WALKS:
        assert notebook.find(f"button.bppviz-{name}").get_attribute("aria-description") != WHY, name
    tab = notebook.find("button.bppviz-show-why")
    tab.focus()
    assert tab.evaluate("it => it === document.activeElement")
    notebook.press("Enter")
    notebook.focus()
    notebook.press("y")
    notebook.settled()
    assert tab.get_attribute("aria-expanded") == "false"


def begun(notebook):
    """Begin a training that will not end by itself, and wait for its first picture."""
    notebook.open("weights")
    field(notebook).wait_for()
    notebook.open("training")
    notebook.find(".bppviz-updates input").fill("1000000")
    notebook.press("Enter")
    before = notebook.look(0)["substituted"]["text"]
    notebook.find("button.bppviz-run").click()
    notebook.eventually(lambda: notebook.look(0)["substituted"]["text"] != before)


def walks_everywhere(notebook):
    """Walk with every control there is."""
    notebook.focus()
    notebook.press(*["ArrowRight"] * 5)
    notebook.until(5)
    for button, step in (("next", 6), ("back", 5), ("last", LAST), ("first", 0)):
        notebook.find(f".bppviz-{button}").click()
        notebook.until(step)
    bar = notebook.find(".bppviz-scrub .noUi-base").bounding_box()
    notebook.page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    notebook.until(LAST // 2)
    for granularity in GRANULARITIES:
        notebook.choose("granularity", granularity)
        notebook.focus()
        notebook.press("End")
        stops = walk(lecture(), granularity)
        notebook.at(len(stops), len(stops))
    notebook.choose("granularity", "layer")
    notebook.choose("speed", "4×")
    notebook.focus()
    notebook.press("Home", " ")
    notebook.until(LAST)
    notebook.choose("language", "繁體中文")
    notebook.choose("theme", "深色")
    notebook.page.locator('.bppviz-stage[data-theme="dark"][lang="zh-TW"]').wait_for()
    assert notebook.find(".bppviz-next").text_content() == "下一步 ›"


def test_without_a_kernel_every_control_works_as_before(notebook):
    notebook.lose_kernel()
    walks_everywhere(notebook)
    notebook.problems[:] = [problem for problem in notebook.problems if not CANNOT_SEND.match(problem)]


def test_without_a_kernel_a_click_in_the_picture_and_jupyterlabs_theme_are_followed(notebook):
    notebook.lose_kernel()
    trace = lecture()
    notebook.click_at(*Layout(trace.network.sizes).a(2, 1))
    notebook.until(trace.step_of("a", 2, 1))
    notebook.menu("Settings", "Theme", "JupyterLab Dark")
    notebook.page.locator('.bppviz-stage[data-theme="dark"]').wait_for()
    notebook.menu("Settings", "Theme", "JupyterLab Light")  # for whoever comes after
    notebook.problems[:] = [problem for problem in notebook.problems if not CANNOT_SEND.match(problem)]


def test_while_the_kernel_is_busy_every_control_works_and_afterwards_python_knows_the_step(notebook):
    go_on = notebook.occupy(1)
    walks_everywhere(notebook)
    assert notebook.prompt(1) == "[*]:"
    go_on.touch()
    notebook.idle()
    stage = "next(it for it in e.children[0].children if hasattr(it, 'film'))"
    notebook.prints(f"s = {stage}\nprint(e.step, s.lang, s.theme)", f"{LAST} zh-TW dark")


def test_after_a_restart_of_the_kernel_one_walks_on_and_runs_the_cell_again(notebook):
    notebook.open("weights")
    notebook.focus()
    notebook.press("End")
    notebook.until(LAST)
    restarted(notebook)
    kernel_says(notebook, GONE)
    is_withheld(notebook)
    assert field(notebook).input_value() == "1"
    assert (
        notebook.page.locator(".bppviz .jupyter-widgets-disconnected").first.evaluate(
            "it => getComputedStyle(it, '::before').display"
        )
        == "none"
    )  # the walk's buttons work
    notebook.focus()
    notebook.press("p", "Home")
    notebook.until(0)
    walks_everywhere(notebook)
    assert notebook.find(".bppviz-kernel").text_content() == catalogue("zh-TW")["stage.gone"]
    notebook.find("button.bppviz-hide").click()
    notebook.find(".bppviz-lost").wait_for(state="hidden")
    notebook.start(0)
    notebook.page.locator('.bppviz-stage[data-step="0"]').wait_for()
    assert notebook.page.locator(".bppviz-kernel").count() == 0
    notebook.open("weights")
    field(notebook).fill("2.5")
    notebook.press("Enter")
    notebook.eventually(lambda: "2.5" in notebook.look(0)["substituted"]["text"])
    notebook.focus()
    notebook.press("ArrowRight", "ArrowRight")
    notebook.until(2)
    notebook.start(1, "print('step', e.step)")
    notebook.eventually(lambda: notebook.output(1) == "step 2")
    assert notebook.page.locator(".bppviz-stage").count() == 1


def test_a_kernel_that_has_forgotten_the_widget_is_found_out_by_what_it_does_not_answer(notebook):
    notebook.open("weights")
    field(notebook).wait_for()
    notebook.python("__import__('comm').get_comm_manager().comms.clear()")
    notebook.idle()
    assert notebook.page.locator(".bppviz-kernel").count() == 0  # nobody has asked
    field(notebook).fill("2.5")
    notebook.press("Enter")
    kernel_says(notebook, GONE)
    assert field(notebook).input_value() == "1"
    is_withheld(notebook)
    walks_everywhere(notebook)


def test_without_a_kernel_the_table_opens_although_it_was_never_seen_with_the_numbers_of_the_picture(notebook):
    notebook.open("weights")
    field(notebook).fill("2.5")
    notebook.press("Enter")
    notebook.idle()
    notebook.eventually(lambda: "2.5" in notebook.look(0)["substituted"]["text"])
    notebook.prints("print(len(next(it for it in e.children[0].children if hasattr(it, 'film')).fresh))", "0")
    notebook.lose_kernel()
    notebook.focus()
    notebook.press("n", "End")
    notebook.until(LAST)
    tables = run_of(edited("w-1-0-0", 2.5), LAST)
    notebook.eventually(lambda: seen(notebook, "table") == tables)
    notebook.press("Home")
    notebook.until(0)
    tables = run_of(edited("w-1-0-0", 2.5), 0)
    notebook.eventually(lambda: seen(notebook, "table") == tables)
    notebook.problems[:] = [problem for problem in notebook.problems if not CANNOT_SEND.match(problem)]


def asked(notebook):
    """Wait until the page has all questions."""
    held = "next(it for it in e.children[0].children if hasattr(it, 'film'))"
    notebook.prints(f"print(len({held}.exam) > 0)", "True")


def answers(notebook, text, mark):
    """Type an answer, and wait for the verdict."""
    notebook.find(".bppviz-answer").fill(text)
    notebook.press("Enter")
    notebook.eventually(lambda: mark in notebook.find(".bppviz-verdict").text_content())


@pytest.mark.parametrize("way", ["shut down", "forgotten"])
def test_questions_go_on_when_the_kernel_is_gone_with_the_score_that_there_was(notebook, way):
    notebook.focus()
    notebook.press("p")
    notebook.find(".bppviz-answer:focus").wait_for()
    answers(notebook, "4", "✓")
    notebook.press("Enter")
    notebook.until(1)
    answers(notebook, "4", "✗")
    notebook.find(".bppviz-hint").click()
    notebook.eventually(lambda: "z₁ = 4" in notebook.find(".bppviz-sentence").text_content())
    asked(notebook)
    if way == "shut down":
        notebook.lose_kernel()
    else:
        notebook.python("__import__('comm').get_comm_manager().comms.clear()")
        notebook.idle()
    answers(notebook, "0.0177", "✗")
    kernel_says(notebook, GONE)
    assert SAYS["mistake.slope"].format(taken="σ′(z₁)") in notebook.find(".bppviz-verdict").text_content()
    assert "?" in [label["text"] for label in notebook.look(1)["labels"]]
    notebook.says(notebook.find(".bppviz-hint"), SAYS["quiz.hint"].format(hint=2, hints=3))
    notebook.find(".bppviz-hint").click()
    notebook.eventually(lambda: "4" in notebook.find(".bppviz-substituted").text_content())
    answers(notebook, "0.982", "✓")
    notebook.says(notebook.find(".bppviz-score"), SAYS["quiz.score"].format(right=1, asked=2))
    notebook.focus()
    notebook.press("l")
    notebook.eventually(lambda: "答對了" in notebook.find(".bppviz-verdict").text_content())
    notebook.press("l")
    notebook.find(".bppviz-check").click()
    notebook.until(12)
    notebook.says(notebook.find(".bppviz-place"), SAYS["quiz.progress"].format(place=3, all=13))
    notebook.focus()
    notebook.press("p")
    notebook.find(".bppviz-quiz").wait_for(state="hidden")
    notebook.press("p")
    notebook.find(".bppviz-answer:focus").wait_for()
    answers(notebook, f"{lecture()[12].value:.4g}", "✓")
    notebook.problems[:] = [problem for problem in notebook.problems if not CANNOT_SEND.match(problem)]


@pytest.mark.parametrize("panel", ["predict", "check"])
def test_a_panel_that_only_a_kernel_could_fill_does_not_open_without_it(notebook, panel):
    notebook.python("__import__('comm').get_comm_manager().comms.clear()")
    notebook.idle()
    notebook.find(f"button.bppviz-show-{panel}").click()
    kernel_says(notebook, GONE)
    notebook.find(f'.bppviz-show-{panel}[aria-expanded="false"]').wait_for()
    assert notebook.look(0)["formula"]["text"]
    walks_everywhere(notebook)


def test_a_kernel_that_is_killed_while_it_trains_leaves_a_picture_and_its_numbers(notebook):
    begun(notebook)
    pid = int(notebook.python("import os\nprint(os.getpid())"))
    os.kill(pid, signal.SIGKILL)
    notebook.page.locator(".jp-Dialog").get_by_role("button", name="Ok").click()
    kernel_says(notebook, f"{GONE} {BEHIND}")
    notebook.says(notebook.find("button.bppviz-run"), SAYS["control.run"])
    is_withheld(notebook)
    notebook.focus()
    notebook.press("ArrowRight", "ArrowLeft")
    notebook.until(0)
    notebook.settled()
    assert (field(notebook).input_value(), notebook.look(0)["substituted"]["text"]) == ("1", "=1×1+(−1)×(−2)+1=4")
    kernel_says(notebook, f"{GONE} {BEHIND}")
    walks_everywhere(notebook)
    notebook.problems[:] = [problem for problem in notebook.problems if not CANNOT_SEND.match(problem)]


def test_a_busy_kernel_is_called_busy_and_does_what_was_asked_when_it_is_free(notebook):
    notebook.open("training")
    go_on = notebook.occupy(1)
    notebook.find("button.bppviz-update").click()
    notebook.says(notebook.find(".bppviz-panel-training .bppviz-busy"), SAYS["stage.waits"])
    assert notebook.page.locator(".bppviz-kernel").count() == 0
    for name in ("update", "show-predict", "show-table"):
        assert not notebook.find(f"button.bppviz-{name}").evaluate(IS_WITHHELD)
    notebook.focus()
    notebook.press("ArrowRight")
    notebook.until(1)
    notebook.press("Escape", "Control+z")
    kernel_says(notebook, SAYS["stage.busy"])  # no panel is open that could say so
    go_on.touch()
    kernel_says(notebook, "")
    notebook.find(".bppviz-lost").wait_for(state="hidden")
    notebook.open("training")
    assert not notebook.find(".bppviz-busy").is_visible()
