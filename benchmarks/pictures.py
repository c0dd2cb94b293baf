"""Take the pictures in the READMEs again, in each language: a number that is changed in JupyterLab, and full screen.

    python benchmarks/pictures.py

They stand in notebooks/images.
"""

import re
from pathlib import Path
from typing import Any

from measure import jupyterlab

IMAGES = Path(__file__).parent.parent / "notebooks" / "images"
WIDE, PROJECTED = (1700, 1000), (1280, 720)  # the first leaves the widget room for a panel beside the picture
MARGIN = 4  # pixels around the widget
ENDS = {"": "step=21", ".zh-TW": 'step=21, lang="zh-TW"'}  # of the names of the files, and how `explain` is called


def main() -> None:
    """Take both, one after the other, in each language."""
    with jupyterlab() as (browser, lab):
        for end, how in ENDS.items():
            take_change(opened(browser, lab, WIDE, f'{how}, open="weights"'), IMAGES / f"lecture-step-22{end}.png")
            take_full_screen(opened(browser, lab, PROJECTED, how), IMAGES / f"full-screen{end}.png")


def opened(browser: Any, lab: Any, size: tuple[int, int], how: str) -> Any:
    """Return a notebook of that size which shows the lecture's network."""
    from lab import Notebook

    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    return Notebook(lab, page, [f'import bppviz\nbppviz.explain(theme="light", {how})']).run_all()


def take_change(notebook: Any, path: Path) -> None:
    """Take the widget with w₅ turned from 3 to 1.4."""
    from sliders import field

    exact = field(notebook, "w-3-0-0")
    exact.fill("1.4")
    exact.press("Enter")
    notebook.page.mouse.move(0, 0)
    notebook.find(".bppviz-panel-weights").get_by_text(re.compile("estimated|估計")).first.wait_for()
    notebook.settled()
    box = notebook.page.locator(".bppviz").bounding_box()
    clip = {
        "x": box["x"] - MARGIN,
        "y": box["y"] - MARGIN,
        "width": box["width"] + 2 * MARGIN,
        "height": box["height"] + 2 * MARGIN,
    }
    notebook.page.screenshot(path=path, clip=clip)


def take_full_screen(notebook: Any, path: Path) -> None:
    """Take the whole screen."""
    notebook.focus()
    notebook.press("f")
    notebook.page.wait_for_function("document.fullscreenElement")
    notebook.settled()
    notebook.page.screenshot(path=path)


if __name__ == "__main__":
    main()
