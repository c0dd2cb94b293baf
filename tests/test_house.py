"""How the code is laid out: no file, function or class longer than we allow, and no name for two things."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_bound_on_how_the_code_is_laid_out_is_met():
    done = subprocess.run([sys.executable, ROOT / "benchmarks" / "house.py"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
