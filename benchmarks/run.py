"""Measure every bound on speed, each within one run, and print them as one markdown table.

    python benchmarks/run.py                 everything; needs JupyterLab and Chromium as the tests do
    python benchmarks/run.py --no-browser    what Python does, alone

Leaves with status 1 where a bound is missed. With --quick nothing is repeated, so that no figure means anything.
"""

import sys

import browser
import core
from measure import main

if __name__ == "__main__":
    sys.exit(main(__doc__, (*core.FIGURES, *browser.FIGURES), core.measured, browser.measured))
