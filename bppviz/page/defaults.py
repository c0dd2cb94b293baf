"""How a walk is shown before anybody has chosen anything, in a page with a kernel and in one without."""

from __future__ import annotations

from typing import Any

from bppviz.core.walk import DEFAULT
from bppviz.picture.film import VIEWS

WHOLE = {"step": -1, "back": 0}  # the value of `partial` where no term of a sum is missing
DEFAULTS: dict[str, Any] = {
    "step": 0,
    "partial": WHOLE,
    "granularity": DEFAULT,
    "speed": 1.0,
    "by_phase": False,
    "text_size": 1.0,
    "letter_keys": True,
    "lang": "en",
    "theme": "auto",
    "view": VIEWS[0],
    "selected": "",
    "spotlight": False,
    "panel": "",
    "notices": [],
    "quiz": {},
}
