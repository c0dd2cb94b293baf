"""See back-propagation, one equation at a time.

==================  ===================================================================
`explain`           show a network's two passes in a notebook, step by step
`Network`           weights, biases, activations and a loss, checked at the door
`backprop`          one forward and one backward pass of a sample, recorded
`train`             one update after another, from all samples at once
`Epoch`             one of them: its loss, and the network after it
`check_gradients`   every gradient beside its central difference, with a verdict
`GradientCheck`     what it returns: a table with one row for each gradient, `passed`, and `factor`
`check_answer`      whether a number found by hand is right, and if not, what may have happened
`AnswerCheck`       what it returns: `passed`, and what is said of it
`example`           a first example by name, or a published one: neuron, regression, lecture, mazur, cs231n, iris
`Example`           its network and samples, and what was published of it
`samples`           a small data set by name: and, or, xor, lecture
`Trace`             the recorded run: arrays, and `trace[k]`, the k-th equation
`TraceEvent`        one equation: its quantity, place, value and operands
`Operand`           a number that it was computed from
`figure`            the picture at one step, a plotly Figure
`still`             the same as a file: SVG, PNG or PDF, with its formula and sentence; a `Still`
`Still`             what it returns, which a notebook shows
`latex`             the formula of one step, for papers and slides
`listing`           the whole run as a program of some twenty lines, in NumPy or PyTorch
`save_listing`      the same as a script or a notebook, in a file of its own
`save_html`         the walk as a page of its own, for whoever has no kernel
`worksheet`         so many different sheets to be computed by hand, with keys; a `Worksheet`
`Worksheet`         what it returns: to be saved and printed, to check answers, as data
`save_sheet`        the walk on paper: pages with a few steps on each, to be printed
`Explainer`         the widget that `explain` returns
`Answer`            one of the answers that it has been given
==================  ===================================================================
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bppviz.core.backprop import backprop
from bppviz.core.examples import Example, example
from bppviz.core.network import Network
from bppviz.core.place import Operand
from bppviz.core.samples import samples
from bppviz.core.trace import Trace, TraceEvent
from bppviz.core.train import Epoch, train

if TYPE_CHECKING:
    from bppviz.page.handout import save_html
    from bppviz.paper.listing_file import save_listing
    from bppviz.paper.sheet import save_sheet
    from bppviz.paper.still import Still, still
    from bppviz.paper.worksheet import Worksheet, worksheet
    from bppviz.picture.film import figure
    from bppviz.practice.answer import Answer
    from bppviz.practice.answer_check import AnswerCheck, check_answer
    from bppviz.practice.gradient_check import GradientCheck, check_gradients
    from bppviz.widget.explain import explain
    from bppviz.widget.explainer import Explainer
    from bppviz.words.listing import listing
    from bppviz.words.tex import latex

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "AnswerCheck",
    "Epoch",
    "Example",
    "Explainer",
    "GradientCheck",
    "Network",
    "Operand",
    "Still",
    "Trace",
    "TraceEvent",
    "Worksheet",
    "backprop",
    "check_answer",
    "check_gradients",
    "example",
    "explain",
    "figure",
    "latex",
    "listing",
    "samples",
    "save_html",
    "save_listing",
    "save_sheet",
    "still",
    "train",
    "worksheet",
]

# Where the names stand that are imported when somebody first asks for them: who only computes needs NumPy alone.
_LATER = {
    "Answer": "practice.answer",
    "AnswerCheck": "practice.answer_check",
    "Explainer": "widget.explainer",
    "GradientCheck": "practice.gradient_check",
    "Still": "paper.still",
    "Worksheet": "paper.worksheet",
    "check_answer": "practice.answer_check",
    "check_gradients": "practice.gradient_check",
    "explain": "widget.explain",
    "figure": "picture.film",
    "latex": "words.tex",
    "listing": "words.listing",
    "save_html": "page.handout",
    "save_listing": "paper.listing_file",
    "save_sheet": "paper.sheet",
    "still": "paper.still",
    "worksheet": "paper.worksheet",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})


TraceEvent.teller = staticmethod(lambda: import_module(f"{__name__}.words.event_text"))
