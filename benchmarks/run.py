"""Measure every bound on speed, each within one run, and print them as one markdown table.

    python benchmarks/run.py                 everything; needs JupyterLab and Chromium as the tests do
    python benchmarks/run.py --no-browser    what Python does, alone

Leaves with status 1 where a bound is missed. With --quick nothing is repeated, so that no figure means anything.
"""

import argparse
import sys

import browser
import core
from measure import table


def main() -> int:
    """Run the benchmarks that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-browser", action="store_true", help="leave out what is measured in JupyterLab")
    parser.add_argument("--quick", action="store_true", help="repeat nothing, only show that it works")
    options = parser.parse_args()
    measured = core.measured(options.quick)
    if not options.no_browser:
        measured |= browser.measured(options.quick)
    print(table((*core.FIGURES, *browser.FIGURES), measured))
    missed = [figure.name for figure, value in measured.items() if value > figure.bound]
    if missed and not options.quick:
        print(f"\nMissed: {'; '.join(missed)}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
