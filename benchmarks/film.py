"""Take the film of the documentation again: the lecture's walk in full screen, step by step, in both languages.

    python benchmarks/film.py

It needs what the tests need, and ffmpeg. The films stand in docs/static.
"""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from measure import jupyterlab

FILMS = Path(__file__).parent.parent / "docs" / "static"
SIZE = (1280, 720)
LAST = 48  # of the lecture's walk, counted from 0
SECONDS = 1.5  # a step is seen
CODEC = ["-c:v", "libx264", "-preset", "veryslow", "-tune", "animation", "-crf", "31", "-g", "300"]
PLAYED = ["-pix_fmt", "yuv420p", "-r", "2", "-movflags", "+faststart"]  # by every browser, before all of it is there


def main() -> None:
    """Take a film for each language."""
    from bppviz.words.catalogue import LANGUAGES

    with jupyterlab() as (browser, lab), TemporaryDirectory() as folder:
        for lang in LANGUAGES:
            take(opened(browser, lab, lang), Path(folder))
            write(Path(folder), FILMS / f"walk-{lang}.mp4")


def opened(browser: Any, lab: Any, lang: str) -> Any:
    """Return a notebook that shows the first step in full screen."""
    from lab import Notebook

    page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
    notebook = Notebook(lab, page, [f'import bppviz\nbppviz.explain(theme="light", lang="{lang}")']).run_all()
    notebook.focus()
    notebook.press("f")
    page.wait_for_function("document.fullscreenElement")
    page.mouse.move(0, 0)
    return notebook


def take(notebook: Any, folder: Path) -> None:
    """Take a picture of each step, going on by a key."""
    for step in range(LAST + 1):
        notebook.until(step)
        notebook.settled()
        notebook.page.screenshot(path=folder / f"{step:02}.png")
        notebook.press("ArrowRight")


def write(folder: Path, path: Path) -> None:
    """Write the pictures as a film."""
    taken = ["-framerate", str(1 / SECONDS), "-i", str(folder / "%02d.png")]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", *taken, *CODEC, *PLAYED, str(path)], check=True)


if __name__ == "__main__":
    main()
