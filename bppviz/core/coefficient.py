"""The number before a sum or a derivative: the ½ of half a squared error, the 1/K of a mean over K outputs."""

from __future__ import annotations

from typing import Any, NamedTuple


class Coefficient(NamedTuple):
    """A number `times / over`, where None is the number of outputs, K; how it is multiplied, and how it is written."""

    times: int = 1
    over: int | None = 1

    def of(self, value: Any, outputs: int) -> Any:
        """Return a value times this, for so many outputs."""
        over, value = self.over or outputs, value if self.times == 1 else self.times * value
        return value if over == 1 else value / over

    def latex(self, outputs: int | str) -> str:
        """Return it in LaTeX, with the number of outputs or a letter for it; nothing where it is 1."""
        over = self.over or outputs
        return (str(self.times) if self.times > 1 else "") if over == 1 else rf"\tfrac{{{self.times}}}{{{over}}}"

    @property
    def text(self) -> str:
        """Return it as plain text, with K for the number of outputs; nothing where it is 1."""
        whole = str(self.times) if self.times > 1 else ""
        return {1: whole, 2: "½"}.get(self.over or 0, f"{self.times}/K")


ONE = Coefficient()
