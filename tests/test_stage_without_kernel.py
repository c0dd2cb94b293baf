"""Walking in JupyterLab when the kernel is busy, shut down or restarted: everything is in the page already."""

import re

import pytest
from networks import lecture

from bppviz._layout import Layout
from bppviz._walk import GRANULARITIES, walk

LAST = len(lecture()) - 1
# ipywidgets tells by itself about every state that it cannot send to a kernel that is no more.
CANNOT_SEND = re.compile(
    r"console: Could not send widget sync message Error: Cannot send\n.*/@jupyter-widgets/jupyterlab-manager/",
    re.S,
)


@pytest.fixture
def notebook(open_notebook):
    return open_notebook("import bppviz\n\ne = bppviz.explain()\ne", "print(e.step)").run_all()


def disconnected(notebook):
    """Wait until JupyterLab has noticed that there is no kernel."""
    notebook.page.locator("#jp-main-statusbar").get_by_text("| Disconnected").wait_for()


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
    notebook.lab.shut_down(notebook.name)
    disconnected(notebook)
    walks_everywhere(notebook)
    notebook.problems[:] = [problem for problem in notebook.problems if not CANNOT_SEND.match(problem)]


def test_without_a_kernel_a_click_in_the_picture_and_jupyterlabs_theme_are_followed(notebook):
    notebook.lab.shut_down(notebook.name)
    disconnected(notebook)
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
    notebook.run(1, "print(e.step, e.children[1].lang, e.children[1].theme)")
    notebook.prints(1, f"{LAST} zh-TW dark")


def test_after_a_restart_of_the_kernel_one_runs_the_cell_again_and_walks_on(notebook):
    notebook.focus()
    notebook.press("End")
    notebook.until(LAST)
    notebook.menu("Kernel", "Restart Kernel…")
    notebook.page.locator(".jp-Dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    status = notebook.page.locator("#jp-main-statusbar")
    status.get_by_text("| Idle").wait_for(state="detached")
    status.get_by_text("| Idle").wait_for()
    notebook.start(0)
    notebook.page.locator('.bppviz-stage[data-step="0"]').wait_for()
    notebook.focus()
    notebook.press("ArrowRight", "ArrowRight")
    notebook.until(2)
    notebook.start(1, "print('step', e.step)")
    notebook.eventually(lambda: notebook.output(1) == "step 2")
    assert notebook.page.locator(".bppviz-stage").count() == 1
