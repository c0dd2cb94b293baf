"""Measure every bound on speed, each within one run, and print them as one markdown table.

    python benchmarks/run.py                 everything; needs JupyterLab and Chromium as the tests do
    python benchmarks/run.py --no-browser    what Python does, alone

Leaves with status 1 where a bound is missed. With --quick nothing is repeated, so that no figure means anything.
"""

import argparse
import sys

import browser
import core
from measure import Figure


def table(measured: dict[Figure, float]) -> str:
    """Return a row for every figure; what was not measured is a dash."""
    rows = [("Figure", "Measured", "Bound"), ("---", "---", "---")]
    for figure in (*core.FIGURES, *browser.FIGURES):
        value = figure.written(measured[figure]) if figure in measured else "—"
        rows.append((figure.name, value, f"≤ {figure.written(figure.bound)}"))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main() -> int:
    """Run the benchmarks that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-browser", action="store_true", help="leave out what is measured in JupyterLab")
    parser.add_argument("--quick", action="store_true", help="repeat nothing, only show that it works")
    options = parser.parse_args()
    measured = core.measured(options.quick)
    if not options.no_browser:
        measured |= browser.measured(options.quick)
    print(table(measured))
    missed = [figure.name for figure, value in measured.items() if value > figure.bound]
    if missed and not options.quick:
        print(f"\nMissed: {'; '.join(missed)}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
