"""How many models a widget has, each of which is sent to the page and kept there and in the kernel."""

import pytest
from ipywidgets.widgets.widget import _instances
from widgets import stage

from bppviz import explain
from bppviz.page.surface import TABS

AT_REST, WITH_ALL_OPENED = 80, 175  # of the lecture's network, of whose 45 sliders and fields none is there at rest


@pytest.fixture
def models():
    """A function that counts the models that were made since the test began."""
    before = len(_instances)
    return lambda: len(_instances) - before


def test_a_widget_begins_with_few_models(models):
    explainer = explain()
    assert models() <= AT_REST
    explainer.close()
    assert models() == 0


def test_the_models_of_a_panel_are_made_when_it_is_first_opened_and_kept(models):
    explainer = explain()
    counts = []
    for _ in range(2):
        for panel in (*TABS, ""):
            stage(explainer).panel = panel
        counts.append(models())
    assert counts[0] == counts[1] <= WITH_ALL_OPENED
    explainer.close()
    assert models() == 0
