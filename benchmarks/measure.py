"""Timing: medians, and ratios of two things that take turns, so that a slow moment of the machine meets both."""

from collections.abc import Callable, Iterable, Mapping
from statistics import median
from time import perf_counter
from typing import NamedTuple

Work = Callable[[], object]


class Figure(NamedTuple):
    """What is measured, the most that it may be, and the unit of both."""

    name: str
    bound: float
    unit: str

    def written(self, value: float) -> str:
        """Write a value as people read it: 1.8×, 3.1 µs."""
        return f"{value:.3g}{'' if self.unit == '×' else ' '}{self.unit}"


def seconds(work: Work, repeats: int) -> float:
    """Return how long the work takes, in the median."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
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
