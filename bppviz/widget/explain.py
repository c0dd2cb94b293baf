"""The door to the widget: what people give, checked, and shown."""

from __future__ import annotations

from typing import Any

from bppviz.core.checks import check_learning_rate, known_name
from bppviz.core.examples import Example, example
from bppviz.core.given import as_network
from bppviz.core.limits import check_limits
from bppviz.core.network import Network
from bppviz.core.samples import check_samples, default_sample
from bppviz.core.trace import Trace
from bppviz.page.surface import TABS
from bppviz.picture.film import VIEWS
from bppviz.practice.session import Session
from bppviz.widget.explainer import Beginning, Explainer


def explain(
    network: Any = None,
    x: Any = None,
    target: Any = None,
    *,
    loss: Any = None,
    lang: str | None = None,
    theme: str | None = None,
    learning_rate: float | None = None,
    view: str = VIEWS[0],
    step: int | None = None,
    open: str | None = None,
) -> Explainer:
    """Show one forward and one backward pass, step by step, with sliders for every number.

    Without arguments it is the lecture's network and sample. In the network's place may stand an `example` or its name,
    such as "mazur", a recorded run, or a model of PyTorch, scikit-learn or Keras; `backprop` says how it is taken. A
    model of PyTorch needs its `loss`, as `Network.from_torch` takes it; the panel check has its gradients beside ours,
    those of a copy with the numbers that are shown. x has shape (n_in,) and target (n_out,), or N samples are the rows
    of x, (N, n_in), and target, (N, n_out); where the outputs are a softmax, target may be the number of a class,
    counted from 0, or its name, or N of them. What is left out is taken from the example or the run, else from the
    lecture's sample, (1, −1, …) and (1, 0, …). With a `learning_rate` η the walk ends with the update, of the biases
    too, but where an example or a run keeps them. `lang` is en or zh-TW; `theme` is light, dark, projector, or auto,
    which follows the page. `view` is network, or mirror: with the reversed network of the backward pass below it.
    `step` is the step to begin at, an index of the trace; `open` is a panel to open: weights, predict, training, table,
    matrices, why, check, or code.

    Raises TypeError or ValueError for what does not fit or is too large to be walked through, IndexError for a step
    that there is not, OverflowError where the numbers grow too large.
    """
    given = example(network) if isinstance(network, str) else network
    panel = "" if open is None else known_name("panel", open, TABS)
    session = _session(given, (x, target), learning_rate, loss)
    return Explainer(session, Beginning(lang, theme, view, step, panel), given)


def _session(given: Any, samples: tuple[Any, Any], learning_rate: float | None, loss: Any) -> Session:
    """Return what is done to a run of a network, of an example, or of a run that was recorded."""
    x, target = samples
    sample = given.sample if isinstance(given, Trace) and x is None else 0
    update_biases = given.update_biases if isinstance(given, Example | Trace) else True
    if isinstance(given, Example | Trace):
        given, x, target, learning_rate = _with_samples(given, x, target, learning_rate)
    given = as_network(Network.lecture() if given is None else given, x, loss)
    rate = None if learning_rate is None else check_learning_rate(learning_rate)
    usual_x, usual_target = default_sample(given)
    x, target = check_samples(given, usual_x if x is None else x, usual_target if target is None else target)
    check_limits(given, x)
    session = Session(given, x, target, rate, update_biases)
    session.choose(sample)
    return session


def _with_samples(
    run: Example | Trace, x: Any, target: Any, rate: float | None
) -> tuple[Network, Any, Any, float | None]:
    """Return network, samples and learning rate: those of an example or a run where no others are given."""
    x, target = (own if given is None else given for given, own in ((x, run.x), (target, run.target)))
    return run.network, x, target, run.learning_rate if rate is None else rate
