"""Superscripts and subscripts: what is raised, what is lowered, and both back on the line.

==================  ==========================================================================
`raised`            2 → ², −7 → ⁻⁷, n → ⁿ, (3) → ⁽³⁾
`lowered`           1 → ₁, n → ₙ, k → ₖ
`levelled`          back: ² → 2, ⁻⁷ → -7, ₙ → n
==================  ==========================================================================
"""

from __future__ import annotations

SUPERSCRIPTS, SUBSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"
POWER = f"⁻{SUPERSCRIPTS}"  # the signs of a power of ten
INDICES = f"{SUBSCRIPTS}ₙ{SUPERSCRIPTS}ⁿ"  # those of a symbol
RAISED = str.maketrans("0123456789-−n()", f"{SUPERSCRIPTS}⁻⁻ⁿ⁽⁾")
LOWERED = str.maketrans("0123456789nk", f"{SUBSCRIPTS}ₙₖ")
LEVELLED = str.maketrans(f"{SUPERSCRIPTS}⁻−ⁿ⁽⁾{SUBSCRIPTS}ₙₖ", "0123456789--n()0123456789nk")


def raised(text: str) -> str:
    """Return a power or an index as it stands above the line."""
    return text.translate(RAISED)


def lowered(text: str) -> str:
    """Return an index as it stands below the line."""
    return text.translate(LOWERED)


def levelled(text: str) -> str:
    """Return a text with all that is raised or lowered on the line, and with a plain minus sign."""
    return text.translate(LEVELLED)
