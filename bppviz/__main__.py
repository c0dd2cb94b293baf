"""The command `python -m bppviz`."""

import sys

from bppviz.page.command import main

sys.exit(main())
