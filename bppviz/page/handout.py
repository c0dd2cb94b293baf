"""A walk as a page of its own: the same stage, without a kernel, a server or the internet."""

from __future__ import annotations

import json
from base64 import b85encode
from collections.abc import Sequence
from html import escape
from os import PathLike
from string import Template
from typing import Any

from bppviz.core.files import file_path
from bppviz.core.refusals import no_trace
from bppviz.core.trace import Trace
from bppviz.core.walk import GRANULARITIES, default_granularity, edges, filmed
from bppviz.page.assets import asset, fonts, lean, packed_module, plotly_js, style_sheet
from bppviz.page.defaults import DEFAULTS
from bppviz.page.exam import packed_exam
from bppviz.page.opening import opening, opening_step, opening_style
from bppviz.page.packed import choices, packed, zipped
from bppviz.page.program import packed_program
from bppviz.page.surface import MORE, MOVES, SAVED, SETTINGS, SIZES
from bppviz.panels.matrices import matrices
from bppviz.panels.tables import MOST_TABLED, offered, run_tables, too_large
from bppviz.paper.handed import hand_over
from bppviz.picture.film import VIEWS, views
from bppviz.picture.theme import choice
from bppviz.practice.notices import notices
from bppviz.words.catalogue import Words, language, words


def save_html(
    trace: Trace,
    path: str | PathLike[str],
    *,
    lang: str | None = None,
    theme: str | None = None,
    view: str = VIEWS[0],
    step: int | None = None,
) -> None:
    """Write a trace to an HTML file, 2.3 MB, that walks through it in any browser, with nothing to install or fetch.

    `lang` is en or zh-TW, `theme` light, dark, projector, or auto, and `view` network, or mirror: with the reversed
    network of the backward pass below it; the page has controls for all of them. `step` is the step to begin at, an
    index of the trace. An address that ends in #step=28&lang=zh-TW&theme=projector&view=mirror opens the page so, at
    the step that its counter calls 28, and follows the walk. Of a network near the largest that is drawn neuron by
    neuron, the page has the coarser walks: a step for each term would make it too large. It asks for results and judges
    answers, as the widget does, in runs of up to 200 steps and 100 samples.

    Raises TypeError for what is not a trace, IndexError for a step that there is not, TypeError or ValueError for what
    is no path and for an unknown language, theme or view, OSError where the file cannot be written: then nothing of it
    is, and an older one stays as it was.
    """
    if not isinstance(trace, Trace):
        raise no_trace("save_html", trace)
    path, begin = file_path(path, "walk.html"), 0 if step is None else trace.step_at(step)
    begins = {"lang": language(lang), "theme": choice(theme), "view": view, "step": begin}
    hand_over(path, _page(trace, begins).encode(), language(lang))


def embedded(trace: Trace, begins: dict[str, Any]) -> str:
    """Return the page in a frame, for a page that shows HTML but no ipywidgets, below a sentence on what to do there.

    What it `begins` with is its lang, theme, view and step.
    """
    page = escape(_page(trace, begins))
    told = escape(words(begins["lang"])("page.embedded"))
    style = "width: 100%; height: 46rem; border: 0"
    return f'<p lang="{begins["lang"]}">{told}</p><iframe title="bppviz" srcdoc="{page}" style="{style}"></iframe>'


def _page(trace: Trace, begins: dict[str, Any]) -> str:
    """Return the page that walks through a trace; it begins in some language, theme and view, at some step."""
    say = words(begins["lang"])
    traits = {
        **DEFAULTS,
        "granularity": min(filmed(trace)[-1], default_granularity(trace), key=GRANULARITIES.index),
        **begins,
        "notices": notices(trace),
        "alone": True,
    }
    begun = opening_step(trace, traits)
    return Template(asset("handout.html")).substitute(
        lang=begins["lang"],
        title=escape(f"bppviz {trace.network.shape}"),
        css=lean(style_sheet()) + opening_style(begun, begins["theme"]),
        moves=_buttons(MOVES, say),
        play=_buttons(["play"], say),
        show_steps=_buttons(["show-steps"], say),
        steps=_steps(trace, say),
        tabs=_buttons([*(f"show-{name}" for name in SAVED), *MORE], say),
        close=_buttons(["close"], say),
        settings="".join(_segments(name, trace, say) for name in SETTINGS if len(choices(trace)[name]) > 1),
        sizes=_buttons(SIZES, say),
        last=len(trace) - 1,
        step=begins["step"],
        opening=opening(begun),
        no_script=escape(say("page.no_script")),
        traits=json.dumps(traits),
        assets=json.dumps({name: _text(data) for name, data in _assets(trace, begins["view"]).items()}),
        fonts=json.dumps([_text(data) for data in fonts()]),
    )


def _assets(trace: Trace, view: str) -> dict[str, bytes]:
    """Return what the page unpacks: the run, in what there is to see of it, and the modules that show it."""
    modules = {name: packed_module(f"{name}.js") for name in ("stage", "table", "matrices", "code", "link")}
    return {
        "film": packed(trace, view, alone=True),
        "plotly": plotly_js(),
        "exam": packed_exam(trace, views(trace)),
        "tables": zipped(_tabled(trace)),
        "sheets": zipped(matrices(trace)),
        "program": packed_program(trace),
        **modules,
    }


def _tabled(trace: Trace) -> dict[str, Any]:
    """Return the traits of the tables of a run, and which of them can be seen alone."""
    tables = run_tables(trace) if edges(trace) <= MOST_TABLED else [too_large(MOST_TABLED)]
    return {"tables": tables, "head": {}, "choices": offered("table"), "shown": "both"}


def _text(data: bytes) -> str:
    return b85encode(data).decode()


def _buttons(names: Sequence[str], say: Words) -> str:
    return "".join(f'<button class="bppviz-{name}">{escape(say(f"control.{name}"))}</button>' for name in names)


def _steps(trace: Trace, say: Words) -> str:
    """Return what says how one walks: step size, speed, and whether playing stops after each phase."""
    body = "".join(f"<option>{option}</option>" for option in _options("speed", trace, say))
    speed = f'<div class="bppviz-speed widget-dropdown">{_label("speed", say)}<select>{body}</select></div>'
    by_phase = f'<input type="checkbox"><span>{escape(say("control.by-phase"))}</span>'
    return (
        f"{_segments('granularity', trace, say)}"
        f'<div class="bppviz-controls">{_buttons(["again"], say)}{speed}</div>'
        f'<div class="bppviz-by-phase widget-checkbox"><label class="widget-label-basic">{by_phase}</label></div>'
    )


def _segments(name: str, trace: Trace, say: Words) -> str:
    body = "".join(f'<button class="widget-toggle-button">{option}</button>' for option in _options(name, trace, say))
    return f'<div class="bppviz-{name} widget-toggle-buttons">{_label(name, say)}<div>{body}</div></div>'


def _label(name: str, say: Words) -> str:
    return f'<label class="widget-label">{escape(say(f"control.{name}"))}</label>'


def _options(name: str, trace: Trace, say: Words) -> list[str]:
    return [escape(say(o["word"]) if o["word"] else o["label"]) for o in choices(trace)[name]]
