"""What the kernel of a student takes: the import, its memory, a tick of a drag, and a training that is looked at."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import cycle
from statistics import median
from time import perf_counter, process_time
from typing import Any

from measure import Figure, Work, seconds

from bppviz import explain, samples, train
from bppviz.core.network import Network
from bppviz.widget.stage import Hold

IMPORT = Figure("`import bppviz`, against `import ipywidgets, numpy`", 1.3, "×")
SIZE = Figure("`import bppviz`, its memory against that of `import ipywidgets, numpy`", 1.3, "×")
KERNEL = Figure("memory of a student's kernel with a widget, beyond a bare ipykernel, of ten at a time", 15, "MB")
TICK = Figure("from a slider's message to the bytes of its frame, lecture's network, of the processor's time", 4, "ms")
TRAINING = Figure("training of XOR in a widget that shows it, against the same updates without a page", 2, "×")
PICTURE = Figure("from picture to picture of a training in a widget", 0.2, "s")
FIGURES = (IMPORT, SIZE, KERNEL, TICK, TRAINING, PICTURE)

OURS, OTHERS = "import bppviz", "import ipywidgets, numpy"
BARE = "import ipykernel.kernelapp, ipykernel.ipkernel, ipykernel.comm"
SHOWN = f"{BARE}, bppviz; explainer = bppviz.explain()"
IMPORTED = """
from time import perf_counter
begun = perf_counter()
PROGRAM
print(perf_counter() - begun)
"""
WAITING = """
import gc
PROGRAM
gc.collect()
print(flush=True)
input()
"""
KERNELS = 10


def measured(quick: bool) -> dict[Figure, float]:
    """Return every figure; a quick run shows that the benchmark works, not more."""
    rounds, kernels, lasts = (1, 1, 0.5) if quick else (9, KERNELS, 4)
    bare, ours, others, shown = (memory(it, kernels) for it in ("pass", OURS, OTHERS, SHOWN))
    share, pace = asyncio.run(trained(lasts))
    return {
        IMPORT: median(imported(OURS) / imported(OTHERS) for _ in range(rounds)),
        SIZE: (ours - bare) / (others - bare),
        KERNEL: shown - memory(BARE, kernels),
        TICK: 1e3 * asyncio.run(ticked(10 * rounds)),
        TRAINING: 1 / share,
        PICTURE: pace,
    }


def imported(program: str) -> float:
    """Return the seconds that an import takes in a new process."""
    command = [sys.executable, "-c", IMPORTED.replace("PROGRAM", program)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def memory(program: str, processes: int) -> float:
    """Return the proportional set size of a process after a program, in megabytes, with so many at a time."""
    command = [sys.executable, "-c", WAITING.replace("PROGRAM", program)]
    pipe = subprocess.PIPE
    running = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(processes)]
    for process in running:
        process.stdout.readline()  # type: ignore[union-attr]
    sizes = [proportional(process.pid) for process in running]
    for process in running:
        process.communicate("\n")
    return median(sizes)


def proportional(pid: int) -> float:
    """Return the proportional set size of a process, in megabytes."""
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        return int(re.search(r"^Pss:\s+(\d+)", rollup.read(), re.MULTILINE)[1]) / 1e3  # type: ignore[index]


def inside(widget: Any) -> Iterator[Any]:
    """Yield a widget and all that is in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


async def ticked(times: int) -> float:
    """Return the seconds of the processor from a new value of w₅ to its frame, at the last step of the walk."""
    explainer = explain(step=48, open="weights")
    took = seconds(dragged(explainer, "w-3-0-0"), times, process_time)
    explainer.close()
    return took


def dragged(explainer: Any, at: str) -> Work:
    """Hold the slider of a number, and return what moves it."""
    classes = {"bppviz-slider", f"bppviz-at-{at}"}
    slider = next(it for it in inside(explainer) if classes <= set(getattr(it, "_dom_classes", ())))
    explainer._stage.hold = Hold(at, 1, slider=True, down=True)
    values = cycle([round(1 + i / 100, 2) for i in range(97)])
    return lambda: slider.set_state({"value": next(values)})


async def trained(lasts: float) -> tuple[float, float]:
    """Return how many updates a widget makes against a bare loop, and the seconds between two of its pictures."""
    network = Network.random([2, 2, 1], "sigmoid", seed=3)
    explainer = explain(network, *samples("xor"), learning_rate=0.5, open="training")
    stage, pictures = explainer._stage, []

    def see(change: Any) -> None:
        pictures.append(perf_counter())
        stage.seen = change["new"]

    stage.observe(see, "progress")
    begun = perf_counter()
    explainer._training._begin(10**9)
    await asyncio.sleep(lasts)
    made, took = explainer._session.now.epoch, perf_counter() - begun
    explainer.close()
    plain = perf_counter()
    for _ in train(network, *samples("xor"), 0.5, made):
        pass
    return (perf_counter() - plain) / took, took / max(1, len(pictures))
