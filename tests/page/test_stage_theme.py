"""Colours and languages in JupyterLab: the stage follows the page, or keeps what was asked for."""

import pytest

from bppviz.picture.theme import palette
from bppviz.words.catalogue import catalogue

JUPYTER = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
CONTROLS = ("first", "back", "play", "next", "last")


def is_in(notebook, theme, stage=0):
    """Wait until a stage is painted in the colours of a theme, and see that all of the widget is."""
    notebook.page.locator(f'.bppviz-stage >> nth={stage} >> css=:scope[data-theme="{theme}"]').wait_for()
    background = palette(theme)["var(--bppviz-background)"]
    notebook.eventually(lambda: colour(notebook.find(".bppviz-picture .main-svg", stage)) == background)
    assert colour(notebook.page.locator(".bppviz").nth(stage)) == background
    assert colour(notebook.find(".bppviz-lay >> xpath=..", stage)) == background


def colour(part):
    """Return the background of a part of the page, as #rrggbb."""
    red, green, blue = part.evaluate("it => getComputedStyle(it).backgroundColor.match(/\\d+/g).map(Number)")[:3]
    return f"#{red:02x}{green:02x}{blue:02x}"


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    notebook = open_shared_notebook("import bppviz", "None")
    notebook.run(0)
    return notebook


@pytest.fixture
def jupyter_theme(open_shared_notebook):
    """A function that chooses JupyterLab's own theme; in the end it is light again, for whoever comes after."""
    used = []

    def choose(notebook, theme):
        used.append(notebook)
        notebook.menu("Settings", "Theme", JUPYTER[theme])
        notebook.page.locator(f'body[data-jp-theme-light="{str(theme == "light").lower()}"]').wait_for(state="attached")

    yield choose
    if used:
        choose(used[0], "light")


def test_the_stage_follows_jupyterlabs_theme_unless_it_was_given_one(open_shared_notebook, jupyter_theme):
    cells = ("import bppviz\nbppviz.explain()", "bppviz.explain(theme='dark')")
    notebook = open_shared_notebook(*cells, size=(1280, 1800), in_turn=True).run_all()
    notebook.painted(1)
    is_in(notebook, "light", 0)
    is_in(notebook, "dark", 1)
    jupyter_theme(notebook, "dark")
    is_in(notebook, "dark", 0)
    is_in(notebook, "dark", 1)
    notebook.focus()
    notebook.press("ArrowRight", "ArrowRight")
    notebook.until(2)
    jupyter_theme(notebook, "light")
    is_in(notebook, "light", 0)
    is_in(notebook, "dark", 1)
    assert notebook.step() == 2


def test_a_notebook_opened_in_jupyterlabs_dark_theme_is_dark_from_the_beginning(open_shared_notebook, jupyter_theme):
    notebook = open_shared_notebook("import bppviz", "bppviz.explain()", in_turn=True)
    jupyter_theme(notebook, "dark")
    is_in(notebook.run_all(), "dark")


def test_the_control_chooses_the_colours_and_gives_them_back_to_the_page(open_shared_notebook, jupyter_theme):
    notebook = open_shared_notebook("import bppviz\ne = bppviz.explain()\ne", in_turn=True).run_all()
    for label, theme in (("Dark", "dark"), ("Projector", "projector"), ("Light", "light")):
        notebook.choose("theme", label)
        is_in(notebook, theme)
    jupyter_theme(notebook, "dark")
    is_in(notebook, "light")
    notebook.choose("theme", "Match the page")
    is_in(notebook, "dark")


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_everything_is_said_in_the_language_that_was_asked_for_and_then_in_the_one_that_is_chosen(shared, lang):
    shared.run(1, f"bppviz.explain(lang={lang!r}, step=1)")
    shared.painted()
    says_everything_in(shared, lang)
    other = {"en": ("zh-TW", "繁體中文"), "zh-TW": ("en", "English")}[lang]
    shared.choose("language", other[1])
    shared.page.locator(f'.bppviz-stage[lang="{other[0]}"]').wait_for()
    says_everything_in(shared, other[0])


def says_everything_in(notebook, lang):
    """See that buttons, hints, choices and the headings of the picture are in a language."""
    words = catalogue(lang)
    for name in CONTROLS:
        button = notebook.find(f".bppviz-{name}")
        assert (button.text_content(), button.get_attribute("title")) == (
            words[f"control.{name}"],
            words[f"hint.{name}"],
        )
    for name in ("granularity", "speed", "language", "theme"):
        assert notebook.find(f".bppviz-{name} label").text_content() == words[f"control.{name}"]
    for name in ("granularity", "theme"):
        options = notebook.find(f".bppviz-{name}").locator("button").all_text_contents()
        assert options == [text for message, text in words.items() if message.startswith(f"{name}.")]
    assert notebook.find(".bppviz-language").locator("button").all_text_contents() == ["English", "繁體中文"]
    phases = [words["phase.forward"], "l", words["phase.backward"], words["phase.gradient"]]
    assert notebook.page.locator(".bppviz-phases > *").all_text_contents() == phases
    counter = words["control.show-steps"].replace("{place}", "2").replace("{steps}", "49")
    assert notebook.find(".bppviz-counter").text_content() == counter
    labels = [label["text"] for label in notebook.look()["labels"]]
    assert {words["picture.input"], words["picture.ends"], words["legend.found"]} <= set(labels)


def test_every_control_has_a_name_for_those_who_cannot_see_it(shared):
    shared.run(1, "bppviz.explain()")
    shared.painted()
    words, widget = catalogue("en"), shared.page.locator(".bppviz")
    for name in (words["hint.first"], "Back", "Play", "Next", words["hint.last"], "Change", "Settings"):
        assert widget.get_by_role("button", name=name, exact=True).count() == 1
    shared.find("button.bppviz-show-steps").click()
    assert widget.get_by_role("combobox", name=words["control.speed"]).count() == 1
    assert widget.get_by_role("group", name=words["control.granularity"]).count() == 1
    shared.find("button.bppviz-show-settings").click()
    for name in ("language", "theme"):
        assert widget.get_by_role("group", name=words[f"control.{name}"]).count() == 1
    shared.press("Escape")
    assert widget.get_by_role("slider", name=words["control.scrub"]).count() == 1
    assert widget.get_by_role("group", name="Network, step 1 of 49").count() == 1
