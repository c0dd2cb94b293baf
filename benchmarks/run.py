"""Measure every bound on speed, each within one run, and print them as one markdown table.

    python benchmarks/run.py                 everything; needs JupyterLab and Chromium as the tests do
    python benchmarks/run.py --no-browser    what Python does, alone

Leaves with status 1 where a bound is missed. With --quick nothing is repeated, so that no figure means anything.
"""

import sys

import browser
import core
import kernel
from measure import Figure, main

FIGURES = (*core.FIGURES, *kernel.FIGURES, *browser.FIGURES)


def alone(quick: bool) -> dict[Figure, float]:
    """Return the figures of Python alone."""
    return core.measured(quick) | kernel.measured(quick)


if __name__ == "__main__":
    sys.exit(main(__doc__, FIGURES, alone, browser.measured))
