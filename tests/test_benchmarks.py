"""The benchmarks run, and print the table that the README records; how fast things are, a quiet machine must say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def rows(text: str) -> list[tuple[str, str]]:
    """Return what is measured and its bound, for each row of the table of figures in a text."""
    lines = text.splitlines()
    start = lines.index("| Figure | Measured | Bound |") + 2
    table = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        figure, _, bound = line.strip("| ").split(" | ")
        table.append((figure, bound))
    return table


def test_the_benchmarks_print_every_row_that_the_readme_records():
    command = [sys.executable, "benchmarks/run.py", "--quick", "--no-browser"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8", timeout=120).stdout
    assert rows(printed) == rows((ROOT / "README.md").read_text(encoding="utf-8"))
    assert rows(printed)


def test_the_benchmark_of_memory_prints_every_row():
    command = [sys.executable, "benchmarks/memory.py", "--quick", "--no-browser"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8", timeout=120).stdout
    assert len(rows(printed)) == 21
    assert ("undo: 100,000 updates of XOR, then 200 single ones, all together", "≤ 10 MB") in rows(printed)


def test_the_benchmark_of_growth_prints_how_steep_each_column_is():
    command = [sys.executable, "benchmarks/growth.py", "--quick"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8", timeout=120).stdout
    assert printed.count("| grows as weights to the power of |") == 2
