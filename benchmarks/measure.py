"""What the benchmarks have in common: timing, the table that they print, their command line, and JupyterLab.

Times are medians, and ratios of two things that take turns, so that a slow moment of the machine meets both.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

Work = Callable[[], object]


class Figure(NamedTuple):
    """What is measured, the most that it may be, and the unit of both."""

    name: str
    bound: float
    unit: str

    def written(self, value: float) -> str:
        """Write a value as people read it: 1.8×, 3.1 µs."""
        return f"{value:.3g}{'' if self.unit == '×' else ' '}{self.unit}"


def seconds(work: Work, repeats: int, clock: Callable[[], float] = perf_counter) -> float:
    """Return how long the work takes by a clock, in the median."""
    times = []
    for _ in range(repeats):
        start = clock()
        work()
        times.append(clock() - start)
    return median(times)


def ratio(work: Work, other: Work, rounds: int, repeats: int) -> float:
    """Return how many times as long the work takes as the other, in the median of the rounds."""
    return median(seconds(work, repeats) / seconds(other, repeats) for _ in range(rounds))


def table(figures: Iterable[Figure], measured: Mapping[Figure, float]) -> str:
    """Return a row for every figure, in markdown; what was not measured is a dash."""
    rows = [("Figure", "Measured", "Bound"), ("---", "---", "---")]
    for figure in figures:
        value = figure.written(measured[figure]) if figure in measured else "—"
        rows.append((figure.name, value, f"≤ {figure.written(figure.bound)}"))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


Measure = Callable[[bool], dict[Figure, float]]


def main(doc: str, figures: Iterable[Figure], alone: Measure, in_browser: Measure) -> int:
    """Measure what the command line asks for, print the table, and return 1 where a bound is missed.

    `alone` and `in_browser` measure the figures, the second in JupyterLab; told to be quick, they only show that it
    works.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-browser", action="store_true", help="leave out what is measured in JupyterLab")
    parser.add_argument("--quick", action="store_true", help="repeat nothing, only show that it works")
    options = parser.parse_args()
    measured = alone(options.quick)
    if not options.no_browser:
        measured |= in_browser(options.quick)
    print(table(figures, measured))
    missed = [figure.name for figure, value in measured.items() if value > figure.bound]
    if missed and not options.quick:
        print(f"\nMissed: {'; '.join(missed)}.", file=sys.stderr)
        return 1
    return 0


@contextmanager
def jupyterlab() -> Iterator[tuple[Any, Any]]:
    """Run a browser and a JupyterLab, both as the tests do."""
    sys.path.append(str(Path(__file__).parent.parent / "tests"))
    from lab import HOW_TO_GET_A_BROWSER, launched, running_lab
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser = launched(playwright.chromium)
        if browser is None:
            raise SystemExit(HOW_TO_GET_A_BROWSER)
        with running_lab(Path(folder)) as lab:
            yield browser, lab
        browser.close()
