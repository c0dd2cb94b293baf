"""Measure what a long lesson, a large network and a cell that is run again leave in memory; print one markdown table.

    python benchmarks/memory.py                 everything; needs JupyterLab and Chromium as the tests do
    python benchmarks/memory.py --no-browser    what Python alone takes

Leaves with status 1 where a bound is missed. With --quick nothing is repeated, so that no figure means anything.
"""

import gzip
import subprocess
import sys
import tracemalloc
from pathlib import Path

from measure import Figure, jupyterlab, main

from bppviz import Network, backprop, samples
from bppviz.core.samples import default_sample
from bppviz.page.packed import packed
from bppviz.practice.session import Session

HERE = Path(__file__).parent

UNDO = Figure("undo: 100,000 updates of XOR, then 200 single ones, all together", 10, "MB")
LARGE = {
    "100,000 samples of 2-2-1": "[2, 2, 1], 100_000",
    "784-128-64-10": "[784, 128, 64, 10], 0",
    "784-128-64-10 with 5,000 samples": "[784, 128, 64, 10], 5000",
    "2000-2000-10": "[2000, 2000, 10], 0",
    "16-16-2": "[16, 16, 2], 0",
    "16-16-2 with 16 samples and an update": "[16, 16, 2], 16",
    "200 layers of 2": "[2] * 201, 0",
    "300 edges one behind the other": "[1] * 301, 0",
}
TIMES = {name: Figure(f"{name}: seconds until it is shown", 5, "s") for name in LARGE}
PEAKS = {name: Figure(f"{name}: memory until all its steps are shown", 200, "MB") for name in LARGE}
FILM = Figure("the film of 16-16-2, as JSON", 3, "MB")
KERNEL = Figure("a cell that is run again leaves in the kernel, beyond what a plain `FloatSlider` does", 0.4, "MB")
WIDGETS = Figure("a cell that is run again leaves widgets, against a plain `FloatSlider`", 1, "×")
# JupyterLab keeps the comm of every widget, closed or not, as long as it is connected to a kernel: CommHandler connects
# to statusChanged and never disconnects (@jupyterlab/services 7.6). All that can be asked is no more than that.
PAGE = Figure("a cell that is run again leaves in the page, for each widget, against a plain `FloatSlider`", 1.3, "×")
ALONE = (UNDO, *(figure for name in LARGE for figure in (TIMES[name], PEAKS[name])), FILM)
FIGURES = (*ALONE, KERNEL, WIDGETS, PAGE)

SHOWN = """
import asyncio, re
from pathlib import Path
from time import perf_counter
import numpy as np
from bppviz import Network, explain
sizes, count = SIZES
network, many = Network.random(sizes, "sigmoid"), np.random.default_rng(0)
given = (many.normal(size=(count, sizes[0])), np.tile(np.eye(sizes[-1])[0], (count, 1))) if count else ()
explain()  # what is made once for all of them
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

async def show():
    before, begun = peak(), perf_counter()
    explainer = explain(network, *given, learning_rate=0.5 if count == 16 else None)
    took = perf_counter() - begun
    while not explainer._feed.is_idle:
        await asyncio.sleep(0.05)
    return took, (peak() - before) / 1e3

print(*asyncio.run(show()))
"""
EXPLAIN = "import bppviz, bppviz.widget.away\nbppviz.widget.away.GRACE = 0.5\nbppviz.explain()"
SLIDER = "import ipywidgets\nipywidgets.FloatSlider()"
MEASURE = """
import gc, re
from ipywidgets.widgets.widget import _instances
gc.collect()
with open("/proc/self/smaps_rollup") as rollup:
    print(len(_instances), re.search(r"^Pss:\\s+(\\d+)", rollup.read(), re.MULTILINE)[1])
"""


def undone(updates: int, clicks: int) -> float:
    """Return the megabytes that a training and single updates after it leave."""
    session = Session(Network.random([2, 2, 1], "sigmoid", seed=3), *samples("xor"))
    tracemalloc.start()
    for _ in session.train(0.5, updates):
        pass
    for _ in range(clicks):
        list(session.train(0.5, 1))
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return taken / 1e6


def shown(sizes: str) -> tuple[float, float]:
    """Return the seconds until a network is shown in a kernel of its own, and the megabytes until all of it is."""
    command = [sys.executable, "-c", SHOWN.replace("SIZES", sizes)]
    took, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(took), float(peak)


def alone(quick: bool) -> dict[Figure, float]:
    """Return the figures of Python alone."""
    network = Network.random([16, 16, 2], "sigmoid")
    film = packed(backprop(network, *default_sample(network)))
    figures = {UNDO: undone(*((1000, 5) if quick else (100_000, 200))), FILM: len(gzip.decompress(film)) / 1e6}
    for name, sizes in list(LARGE.items())[: 1 if quick else None]:
        figures[TIMES[name]], figures[PEAKS[name]] = shown(sizes)
    return figures


def rerun(browser, lab, source: str, times: int) -> tuple[float, float, float, float]:
    """Return what each run of a cell leaves, megabytes in kernel and page, and widgets; and how many widgets it has."""
    from lab import Notebook

    page = browser.new_page()
    notebook = Notebook(lab, page, [source, MEASURE])
    protocol = page.context.new_cdp_session(page)
    protocol.send("Performance.enable")

    def measured() -> tuple[float, float, float]:
        page.wait_for_timeout(3000)  # what is put away is, by then
        widgets, kernel = map(float, notebook.run(1).split())
        protocol.send("HeapProfiler.collectGarbage")
        metrics = {it["name"]: it["value"] for it in protocol.send("Performance.getMetrics")["metrics"]}
        return kernel / 1e3, metrics["JSHeapUsedSize"] / 1e6, widgets

    def run() -> None:
        notebook.run(0)
        page.locator(".jp-OutputArea .widget-slider, .bppviz-stage[data-step]:has(.bppviz-picture)").first.wait_for()

    run()  # what comes once, such as plotly.js
    run()
    before = measured()
    for _ in range(times):
        run()
    after = measured()
    page.close()
    kernel, heap, widgets = ((now - then) / times for now, then in zip(after, before, strict=True))
    return kernel, heap, widgets, before[2] - widgets


def beside_a_slider(quick: bool) -> dict[Figure, float]:
    """Return the figures of a cell that is run again, beside the same with a plain slider."""
    with jupyterlab() as (browser, lab):
        ours, plain = (rerun(browser, lab, source, 2 if quick else 20) for source in (EXPLAIN, SLIDER))
    for name, (kernel, page, widgets, made) in (("ours", ours), ("plain", plain)):
        left = f"{kernel:.3f} MB in the kernel, {page:.3f} MB in the page, {widgets:g} of {made:g} widgets"
        print(f"Each run leaves, {name}: {left}.", file=sys.stderr)
    return {KERNEL: ours[0] - plain[0], WIDGETS: ours[2] / plain[2], PAGE: ours[1] / ours[3] / (plain[1] / plain[3])}


if __name__ == "__main__":
    sys.exit(main(__doc__, FIGURES, alone, beside_a_slider))
