"""An event on its own, as a notebook's cell or a terminal shows it: its equation, and a sentence that says why.

==================  ==========================================================================
`text`              the equation in one line: step 15: ∂l/∂z₅ = σ′(z₅) ∂l/∂y₁ = …
`in_a_line`         any formula in one line
`latex`             the equation in LaTeX, in symbols and with the numbers put in
`html`              both in MathML, with the sentence
==================  ==========================================================================
"""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree

from bppviz.core.trace import TraceEvent
from bppviz.core.walk import DEFAULT, Stop
from bppviz.words.catalogue import words
from bppviz.words.formula import Formula, mathml
from bppviz.words.numbers import number
from bppviz.words.scripts import POWER, lowered, raised
from bppviz.words.sentences import Narrator
from bppviz.words.tex import aligned

LONGEST = 110  # characters of an equation in one line
SPACED = "=≈+−×←⇒≤>"
# Where signs stand without a space, and where two factors need one.
TIGHT = (
    (re.compile(r" {2,}"), " "),
    (re.compile(r"(?<=[(\[])[ ]+|[ ]+(?=[)\],])"), ""),
    (re.compile(r"((?:^|[(\[=≈×←+−]) ?)− "), r"\1−"),
    (re.compile(r"(?<=[)\]₀-₉ₙₖ⁾η])(?=[A-Za-zσ∂\[])|(?<=\d)(?=ln)"), " "),
    (re.compile(r"\bln (?=\()"), "ln"),
    (re.compile(rf"(?<=\d) × (?=10[{POWER}])"), "×"),
)


def text(event: TraceEvent) -> str:
    """Return the equation of an event in one line; of a long one only how it begins, and its value."""
    formula, substituted = (in_a_line(mathml(it)) for it in _both(event))
    line = f"{formula} {substituted}" if substituted.startswith("=") else f"{formula}; {substituted}"
    if len(line) > LONGEST:
        begun, plus, _ = formula[: LONGEST // 2].rpartition(" + ")
        closed = "]" * (begun.count("[") - begun.count("]"))
        line = f"{begun}{plus}…{closed} = {number(event.value)}"
    return f"step {event.step}: {line}"


def latex(event: TraceEvent) -> str:
    """Return the equation of an event in LaTeX, with the numbers put in below it."""
    formula, substituted = _both(event)
    return f"$${aligned([*formula, *substituted])}$$"


def html(event: TraceEvent) -> str:
    """Return the equation of an event in MathML, and a sentence that says why; no $ in it starts a formula."""
    lines = "".join(f'<div style="margin: 0.5em">{mathml(it)}</div>' for it in _both(event))
    sentence = escape(Narrator(event.trace).sentence(_stop(event), words("en")))
    return f'<div class="tex2jax_ignore mathjax_ignore">{lines}<p>{sentence}</p></div>'


def _stop(event: TraceEvent) -> Stop:
    return Stop(DEFAULT, event.step, event.step)


def _both(event: TraceEvent) -> tuple[Formula, Formula]:
    return Narrator(event.trace).both(_stop(event))


def in_a_line(formula: str) -> str:
    """Return a formula in MathML as one line of text."""
    line = _read(ElementTree.fromstring(formula))
    for pattern, instead in TIGHT:
        line = pattern.sub(instead, line)
    return line.strip()


def _read(node: ElementTree.Element) -> str:
    """Return a piece of MathML as text."""
    parts = [_read(part) + (" " if part.get("class") else "") for part in node]  # a symbol stands alone: x w
    match node.tag:
        case "msub":
            return parts[0] + _lowered(parts[1])
        case "msup":
            return parts[0] + ("′" if parts[1] == "′" else _raised(parts[1]))
        case "msubsup":
            return parts[0] + _lowered(parts[1]) + _raised(parts[2])
        case "mfrac":
            return "½" if parts == ["1", "2"] else f"{_whole(parts[0])}/{_whole(parts[1])} "
        case "mtable":
            return "; ".join(parts) + "}" if len(node[0]) > 1 else " ".join(parts)
        case "mtr":
            return " if ".join(parts)
        case "mspace":
            return " "
        case _:
            return _sign(node.text or "") + "".join(parts)


def _sign(sign: str) -> str:
    """Return a letter, number or sign with the spaces that it needs."""
    return {"∑": "Σ", "ln": "ln ", ",": ", "}.get(sign, f" {sign} " if sign in SPACED and sign else sign)


def _whole(part: str) -> str:
    """Return a part of a fraction, in parentheses if it is more than one thing."""
    return f"({part})" if re.search(r"[ (]", part.strip()) else part


def _lowered(part: str) -> str:
    below = lowered(part)
    return below if below != part else f"_{part}"


def _raised(part: str) -> str:
    plain = part.replace(" ", "")
    return raised(plain) if re.fullmatch(r"[−\dn]+|\(\d+\)", plain) else f"^({part.strip()})"
