"""How soon what is opened is in sight: counted in frames that the browser paints, from the press of the mouse."""

import pytest

# What stands in an opened panel or popover, when it is there.
INSIDE = {
    "panel-weights": ".bppviz-slider .noUi-handle",
    "panel-training": "button.bppviz-run",
    "panel-table": "tbody td",
    "panel-why": "tbody td",
    "panel-check": "tbody td",
    "pop-settings": ".bppviz-theme button",
    "pop-steps": ".bppviz-granularity button",
}
# Count the frames from a click until something has a size; a callback runs right before its frame is painted.
COUNT = """(selector) => {
  globalThis.frames = new Promise((resolve) => {
    const look = (frame) => {
      const { width = 0, height = 0 } = document.querySelector(selector)?.getBoundingClientRect() ?? {};
      if (width * height > 0) resolve(frame);
      else requestAnimationFrame(() => look(frame + 1));
    };
    const begin = () => requestAnimationFrame(() => look(1));
    addEventListener("click", begin, { capture: true, once: true });
  });
}"""


@pytest.fixture(scope="module")
def notebook(open_shared_notebook):
    """A widget in which everything was open once, for Python makes what is in a panel; now the kernel is busy."""
    notebook = open_shared_notebook("import bppviz\nbppviz.explain()", "None", size=(1280, 720))
    notebook.run(0)
    notebook.painted()
    for it in INSIDE:
        opener(notebook, it).click()
        notebook.find(f".bppviz-{it} {INSIDE[it]}").wait_for()
    opener(notebook, it).click()
    notebook.idle()
    go_on = notebook.occupy(1)
    yield notebook
    go_on.touch()
    notebook.idle()


def opener(notebook, it):
    """Return the button that opens and closes a panel or popover."""
    return notebook.find(f".bppviz-show-{it.partition('-')[2]}")


@pytest.mark.parametrize("it", INSIDE)
def test_what_was_filled_once_is_seen_within_two_frames_while_the_kernel_is_busy(notebook, it):
    inside = f".bppviz-{it} {INSIDE[it]}"
    assert not notebook.page.locator(inside).first.is_visible()
    notebook.page.evaluate(COUNT, inside)
    opener(notebook, it).click()
    frame = notebook.page.evaluate("globalThis.frames")
    opener(notebook, it).click()
    notebook.page.locator(inside).first.wait_for(state="hidden")
    assert frame <= 2, f"seen in frame {frame}"
