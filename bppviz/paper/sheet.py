"""A walk on paper: every stop, or those that are chosen, on pages that a browser prints."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from os import PathLike
from string import Template
from typing import Any

from bppviz.core.checks import brief, is_whole
from bppviz.core.refusals import no_trace
from bppviz.core.trace import Trace
from bppviz.core.walk import Stop, default_granularity, walk
from bppviz.paper.chosen import chosen
from bppviz.paper.handed import hand_over
from bppviz.paper.letters import Letter
from bppviz.paper.pages import THEME, document, drawn_on_paper, html_path, numbered_pages, paper_name
from bppviz.paper.plan import BETWEEN, GAP, GRIDS, Plan, Told, planned
from bppviz.paper.svg import decimal, defined, view_of
from bppviz.picture.film import VIEWS, Film
from bppviz.picture.theme import palette, part
from bppviz.words.catalogue import language, of_total, words

MOST_PAGES = 400


def save_sheet(
    trace: Trace,
    path: str | PathLike[str],
    steps: Any = None,
    *,
    per_page: int | None = None,
    paper: str = "A4",
    lang: str | None = None,
    view: str = VIEWS[0],
    granularity: str | None = None,
) -> None:
    """Write the steps of a walk to an HTML file that a browser prints, page by page, on A4 or Letter.

    `steps` are those to be printed, all unless it is given: a step, as in `trace[k]`, a phase (forward, loss, backward,
    gradient, sum, update), a quantity (z, a, dl_da, dsigma, dl_dz, dl_dw, dl_db, …), or a list of them. They stand in
    the order of the walk, each with its picture, formula, numbers and sentence. `per_page` is 1, 2, 3, 4 or 6; without
    it, as many as leave the picture readable. `lang` is en or zh-TW, and `view` network, or mirror: with the reversed
    network of the backward pass below it. `granularity` is the size of a step: pass, layer, vector, neuron, equation or
    term.

    Raises TypeError or ValueError for what is not a trace, for an option that is none of these, for steps that this run
    does not have or that need more than 400 pages, and for what is no path to an .html file, IndexError for a step that
    there is not, OSError where the file cannot be written: then nothing of it is, and an older one stays as it was.
    """
    if not isinstance(trace, Trace):
        raise no_trace("save_sheet", trace)
    target, lang, paper, per_page = html_path(path, "walk.html"), language(lang), paper_name(paper), _count(per_page)
    film = Film(trace, view)
    stops = walk(trace, default_granularity(trace) if granularity is None else granularity)
    places = chosen(trace, stops, steps)
    _check_pages(len(places), per_page or max(GRIDS))
    told = [_told(film, stops, place, lang) for place in places]
    plan = planned(paper, per_page, film.picture.size, told)
    _check_pages(len(places), plan.per_page)
    hand_over(target, _html(film, [stops[place] for place in places], told, plan, lang).encode(), lang)


def _count(per_page: Any) -> int | None:
    """Return how many steps a page shall have, None where that is not said."""
    if per_page is None:
        return None
    mend = f"give one of: {', '.join(map(str, GRIDS))}."
    if not is_whole(per_page):
        raise TypeError(f"per_page is {brief(per_page)}; {mend}")
    if per_page not in GRIDS:
        raise ValueError(f"per_page is {brief(int(per_page))}; {mend}")
    return int(per_page)


def _check_pages(steps: int, per_page: int) -> None:
    pages = -(-steps // per_page)
    if pages > MOST_PAGES:
        raise ValueError(
            f"{steps:,} steps would be {pages:,} pages with {per_page} on each, and {MOST_PAGES} are the most; "
            "choose some, such as steps='backward', or a coarser granularity."
        )


def _told(film: Film, stops: Sequence[Stop], place: int, lang: str) -> Told:
    """Return the words of a stop, under the number that it has in its walk."""
    frame, say = film.frame(stops[place]), words(lang)
    phase = say(of_total(f"phase.{frame['phase']}", film.trace.network.total))
    step = say("sheet.step", place=place + 1, steps=len(stops), phase=phase)
    return Told(step, frame["name"], frame["formula"], frame["substituted"], frame["sentence"][lang])


def _html(film: Film, stops: Sequence[Stop], told: Sequence[Told], plan: Plan, lang: str) -> str:
    """Return the whole file; letters that several pictures have stand in it once."""
    label = words(lang)("stage.picture")
    used, cells = set[Letter](), list[str]()
    for stop, it in zip(stops, told, strict=True):
        drawn = drawn_on_paper(film.drawn(stop, lang))
        used |= drawn.letters
        cells.append(_cell(view_of(drawn, label), it, plan))
    letters = f'<svg class="bppviz-letters" aria-hidden="true">{defined(used)}</svg>'
    grid = f"grid-template: repeat({plan.rows}, minmax(0, 1fr)) / repeat({plan.columns}, minmax(0, 1fr))"
    pages = ["".join(cells[at : at + plan.per_page]) for at in range(0, len(cells), plan.per_page)]
    sections = [f'<div class="bppviz-steps" style="{grid}">\n{page}</div>' for page in pages]
    sections[0] = letters + sections[0]
    style = _style(plan, plan.picture_high(film.picture.size, told))
    title = _title(film.trace, lang)
    return document(title, numbered_pages(sections), paper=plan.paper, lang=lang, style=style)


def _title(trace: Trace, lang: str) -> str:
    """Return whose walk it is; of several samples also which one is walked through."""
    say, shape = words(lang), trace.network.shape
    if not trace.samples:
        return say("sheet.title", shape=shape)
    return say("sheet.title_of_sample", shape=shape, sample=trace.sample + 1, samples=trace.samples)


def _cell(svg: str, told: Told, plan: Plan) -> str:
    size = plan.fitting(told)
    smaller = f' style="font-size: {decimal(size)}pt"' if size < plan.size else ""
    formulas = "".join(f"<div>{it}</div>" for it in (told.formula, told.numbers) if it)
    name = f"<span> · {escape(told.name)}</span>" if told.name else ""
    return (
        f'<article class="bppviz-step"{smaller}>\n<h2>{escape(told.step)}{name}</h2>\n{svg}\n'
        f'<div class="bppviz-formulas" style="font-size: {decimal(plan.formula_size(told, size))}em">{formulas}</div>\n'
        f"<p>{escape(told.sentence)}</p>\n</article>\n"
    )


def _style(plan: Plan, high: float) -> str:
    sheet = Template((files("bppviz.paper") / "sheet.css").read_text(encoding="utf-8"))
    sizes = {"size": decimal(plan.size), "high": decimal(high), "gap": GAP, "between": BETWEEN}
    return sheet.substitute(sizes, line=palette(THEME)[part("line")])
