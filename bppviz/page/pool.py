"""What the frames of a film have in common, which it stores once: values of the picture, and pieces of the texts.

==================  ==========================================================================
`Pool`              the values and texts of some frames, and their patches as indices
==================  ==========================================================================
"""

from __future__ import annotations

import re
from typing import Any

from bppviz.picture.marks import Patch

SHORT = 8  # entries of a list that is stored whole
DEEPEST = 256  # differences that the page has to put together to a list
TOLD = ("formula", "substituted", "sentence", "spoken")
# Where a text is cut: a formula before a token, its place, what it shows, = and +; a sentence behind a sign, which in
# Chinese is ，。；：or 、.
CUTS = re.compile(
    r'(?=<mrow class=|<mo>[=+]| data-at=| [=+] )|(?<=\d">)|(?<=[,;:.] )|(?<=[\uff0c\u3002\uff1b\uff1a\u3001])'
)


class Pool:
    """Values and texts that are stored once: most of a picture stays as it is from stop to stop.

    Of a list that is nearly the one that stood in the same place before, only the difference is stored. `series` says
    which attribute of which series each index of a patch is for: every patch of a picture sets the same.
    """

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.series: list[tuple[str, int]] = []
        self._indices: dict[Any, int] = {}
        self._before: dict[tuple[str, int], tuple[int, list[Any], int]] = {}  # by place: index, list, and depth
        self._texts: dict[str, int] = {}

    @property
    def texts(self) -> list[str]:
        """Return the pieces of all texts."""
        return list(self._texts)

    def put(self, frame: dict[str, Any]) -> dict[str, Any]:
        """Return a frame whose patch has the indices of its values, and whose texts those of their pieces."""
        return {**frame, **{name: self._cut(frame[name]) for name in TOLD}, "patch": self.listed(frame["patch"])}

    def _cut(self, text: Any) -> Any:
        if isinstance(text, dict):
            return {name: self._cut(it) for name, it in text.items()}
        return [self._texts.setdefault(piece, len(self._texts)) for piece in CUTS.split(text) if piece]

    def listed(self, patch: Patch) -> list[int]:
        """Return a patch as the indices of its values, in the order of `series`."""
        self.series = self.series or [(attribute, it) for attribute, found in patch.items() for it in found]
        return [self._index(patch[attribute][it], (attribute, it)) for attribute, it in self.series]

    def named(self, patch: Patch) -> dict[str, dict[int, int]]:
        """Return a patch with the indices of its values in their place."""
        return {
            attribute: {series: self._index(value, (attribute, series)) for series, value in by_series.items()}
            for attribute, by_series in patch.items()
        }

    def _index(self, value: Any, place: tuple[str, int]) -> int:
        key = tuple(value) if isinstance(value, list) else value
        if key not in self._indices:
            self._indices[key] = len(self.values)
            self.values.append(self._difference(value, place) if isinstance(value, list) else value)
        return self._indices[key]

    def _difference(self, value: list[Any], place: tuple[str, int]) -> Any:
        """Return how a list differs from the one before in its place; itself, where that would not be shorter."""
        index, before, depth = self._before.get(place, (-1, [], DEEPEST))
        at = [i for i, (new, old) in enumerate(zip(value, before, strict=False)) if new != old]
        is_near = SHORT < len(value) == len(before) and 2 * len(at) < len(value)
        if depth >= DEEPEST or not is_near:
            self._before[place] = (len(self.values), value, 0)
            return value
        self._before[place] = (len(self.values), value, depth + 1)
        return {"of": index, "at": at, "put": [value[i] for i in at]}
