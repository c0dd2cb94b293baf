"""Worksheets and their keys, printed by Chromium: on one or two pages, and on one, with everything in its place."""

import pytest
from printed import MISPLACED, opened_for_paper, sheets_of

from bppviz import worksheet
from bppviz.words.catalogue import LANGUAGES

PAPERS = {"A4": (595, 842), "Letter": (612, 792)}
ALL = ("z", "a", "loss", "dsigma", "dl_da", "dl_dz", "dl_dw", "dl_db")
# What is asked for, and on how many pages a sheet stands at most.
SHEETS = {
    **{level: ({"level": level}, 1) for level in ("neuron", "relu", "sigmoid")},
    "softmax": ({"level": "softmax"}, 2),
    "everything": ({"activation": "tanh", "ask": ALL}, 2),
    "backward": ({"level": "sigmoid", "ask": ("dl_dz", "dl_dw", "dl_db")}, 1),
    "wide": ({"sizes": (3, 3, 2)}, 2),
    "deep": ({"sizes": (2, 2, 2, 1)}, 2),
    "high": ({"sizes": (5, 2, 1), "ask": ("z", "loss", "dl_dw")}, 2),
    "as full as may be": ({"sizes": (2, 2, 2, 2), "ask": ("z", "a", "dl_da", "dl_dz", "dl_dw")}, 2),
    "two tables": ({"level": "softmax", "activation": "tanh"}, 2),
}


def looked_at(browser, path):
    """Return how many pages a file prints as, of which sizes, when nothing is wrong on them."""
    page, problems = opened_for_paper(browser, path)
    assert page.evaluate(MISPLACED) == []
    sizes = sheets_of(page.pdf(prefer_css_page_size=True))
    assert len(sizes) == page.locator(".bppviz-page").count()
    page.close()
    assert problems == []
    return sizes


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("about", SHEETS)
def test_nothing_is_cut_and_nothing_lies_over_anything_else(browser, tmp_path, about, paper, lang):
    options, most = SHEETS[about]
    sheets = worksheet(3, 5, lang=lang, **options)
    sheets.save(tmp_path / "sheets.html", paper=paper)
    sizes = looked_at(browser, tmp_path / "sheets.html")
    assert set(sizes) == {PAPERS[paper]}
    assert len(sizes) <= 3 * most
    sheets.save_key(tmp_path / "key.html", paper=paper)
    assert looked_at(browser, tmp_path / "key.html") == [PAPERS[paper]] * 3
