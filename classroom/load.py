"""Let made-up students work at a hub on this machine, all at once, and print what that takes as one markdown table.

    python classroom/load.py                 # 20 students, who drag for 10 seconds
    python classroom/load.py --students 2 --seconds 3

Starts a hub of its own with jupyterhub_config.py. Every student has a real server and a real kernel, runs the first
lesson, opens its widget and drags a slider, in the messages that a page of JupyterLab sends; one does so alone first.
No browser takes part. Leaves with status 1 where anything failed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time
from typing import NamedTuple

MOST_STUDENTS, MOST_SECONDS = 60, 60
NEEDED = "httpx", "jupyterhub", "jupyterlab", "psutil", "bppviz"
PROXY = Path(__file__).resolve().parent / "node_modules" / ".bin" / "configurable-http-proxy"
REST = 1.0  # seconds after which nothing is left to be done that the lesson began
BEGIN, EACH = 120, 15  # seconds in which all has to be over, beside those of the drags


class Figures(NamedTuple):
    """What a class took: megabytes, seconds, and the processor's seconds in each second of the drag."""

    students: int
    came_in: float  # the slowest of them
    server: float
    kernel: float
    others: float  # hub and proxy
    busy_student: float
    busy_others: float
    busy_here: float
    ticks: list[float]
    rate: float  # ticks in a second, of each student


ROWS: dict[str, Callable[[Figures], str]] = {
    "memory of a student's server (PSS)": lambda it: f"{it.server:.0f} MB",
    "memory of a student's kernel (PSS)": lambda it: f"{it.kernel:.0f} MB",
    "memory of hub and proxy (PSS)": lambda it: f"{it.others:.0f} MB",
    "memory in all": lambda it: f"{it.others + it.students * (it.server + it.kernel):.0f} MB",
    "processors that a student keeps busy, dragging": lambda it: f"{it.busy_student:.2f}",
    "processors that hub and proxy keep busy": lambda it: f"{it.busy_others:.2f}",
    "processors that this program keeps busy": lambda it: f"{it.busy_here:.2f}",
    "from the login until the lesson has run, the slowest": lambda it: f"{it.came_in:.1f} s",
    "ticks of the drag in a second, for each student": lambda it: f"{it.rate:.1f}",
    "a tick, from the value to its picture, p50": lambda it: f"{1e3 * percentile(it.ticks, 50):.1f} ms",
    "a tick, from the value to its picture, p95": lambda it: f"{1e3 * percentile(it.ticks, 95):.1f} ms",
}


def percentile(values: list[float], share: int) -> float:
    """Return the value below which so many of a hundred lie."""
    return quantiles(values, n=100, method="inclusive")[share - 1]


def table(alone: Figures, together: Figures) -> str:
    """Return a row for every figure, in markdown."""
    heads = ["Figure", "1 student alone", f"{together.students} students at once"]
    rows = [heads, ["---"] * 3, *([name, written(alone), written(together)] for name, written in ROWS.items())]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


async def at_once(students: Iterable, deed: Callable) -> None:
    """Let students do something at once; where one fails, end it for all, and say who failed."""

    async def do(student) -> None:
        try:
            await deed(student)
        except Exception as error:
            raise RuntimeError(f"{student.name}: {error or type(error).__name__}") from error

    async with asyncio.TaskGroup() as group:
        for student in students:
            group.create_task(do(student))


async def work(hub, students: list, seconds: float) -> Figures:
    """Let students who have come in drag, and return what that takes."""
    await asyncio.sleep(REST)
    before, begun, here = hub.taken(), perf_counter(), process_time()
    await at_once(students, lambda student: student.drag(seconds))
    lasted, here = perf_counter() - begun, process_time() - here
    after = hub.taken()

    def memory(name: str, *, kernel: bool = False) -> float:
        return after[name, kernel].memory

    def busy(names: Iterable[str]) -> float:
        return sum(it.seconds - before[key].seconds for key, it in after.items() if key[0] in names) / lasted

    names, count = [student.name for student in students], len(students)
    ticks = [tick for student in students for tick in student.ticks]
    return Figures(
        students=count,
        came_in=max(student.came_in for student in students),
        server=sum(map(memory, names)) / count,
        kernel=sum(memory(name, kernel=True) for name in names) / count,
        others=memory(""),
        busy_student=busy(names) / count,
        busy_others=busy([""]),
        busy_here=here / lasted,
        ticks=ticks,
        rate=len(ticks) / count / lasted,
    )


async def measure(hub, count: int, seconds: float) -> tuple[Figures, Figures]:
    """Return the figures of the first student alone, and of all at once."""
    from student import Student

    students = [Student(f"student-{number}", hub.url, hub.password) for number in range(1, count + 1)]
    try:
        async with asyncio.timeout(BEGIN + EACH * count + 2 * seconds):
            await at_once(students[:1], Student.come_in)
            alone = await work(hub, students[:1], seconds)
            await at_once(students[1:], Student.come_in)
            return alone, await work(hub, students, seconds)
    finally:
        for student in students:
            await student.leave()


def bounded(least: int, most: int) -> Callable[[str], int]:
    """Return a function that reads a whole number within bounds."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} to {most}.")
        return int(text)

    return read


class Parser(argparse.ArgumentParser):
    """A command line that says in one sentence what is wrong with it."""

    def error(self, message: str) -> None:
        """Leave, with that sentence."""
        self.exit(2, f"{message}\n")


def options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    students, seconds = bounded(2, MOST_STUDENTS), bounded(1, MOST_SECONDS)
    parser.add_argument("--students", type=students, default=20, metavar="N", help="how many there are")
    parser.add_argument("--seconds", type=seconds, default=10, metavar="N", help="how long they drag")
    return parser.parse_args()


def missing() -> str:
    """Return a sentence about what is not installed, if anything is not."""
    names = [name for name in NEEDED if find_spec(name) is None]
    if names:
        return f'{", ".join(names)} cannot be imported here: pip install -e ".[lab]" -r classroom/requirements.txt'
    return "" if PROXY.exists() else "The proxy of the hub is not installed: npm ci --prefix classroom"


def main() -> int:
    """Do what the command line says."""
    asked = options()
    if sentence := missing():
        print(sentence, file=sys.stderr)
        return 2
    from hub import running

    try:
        with running() as hub:
            print(table(*asyncio.run(measure(hub, asked.students, asked.seconds))))
    except KeyboardInterrupt:
        print("Interrupted: all that was started has ended.", file=sys.stderr)
        return 130
    except TimeoutError:
        print("Failed: it took too long.", file=sys.stderr)
        return 1
    except (RuntimeError, ExceptionGroup) as failed:
        for error in getattr(failed, "exceptions", (failed,)):
            print(f"Failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
