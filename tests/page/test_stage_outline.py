"""The outline of the walk in JupyterLab: every stop by its name, opened by the counter, walked by mouse and keys."""

import pytest
from networks import lecture
from outlines import current, focused, heads, is_up, items, opened, stops
from wcag import wrong

from bppviz.core.walk import GRANULARITIES, walk
from bppviz.words.catalogue import LANGUAGES, words
from bppviz.words.numbers import number
from bppviz.words.outline import row
from bppviz.words.symbols import Symbols

TRACE = lecture()
STEP = TRACE.step_of("dl_dz", 2, 0)  # ∂l/∂z₃
CELLS = (
    "from bppviz import *\ne = explain()\ne",
    "explain(Network.random([16, 16, 2], seed=1), [[0.5] * 16] * 3, [[1, 0]] * 3, learning_rate=0.1)",
)
SCROLLED = """() => {
  const find = (selector) => document.querySelector(`.bppviz-outline ${selector}`);
  const [tree, item] = ["[role=tree]", "[aria-current]"].map(find);
  const [room, own] = [tree, item].map((it) => it.getBoundingClientRect());
  return room.top <= own.top + 1 && own.bottom <= room.bottom + 1;
}"""


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    return open_shared_notebook(CELLS[0]).run_all()


@pytest.fixture
def notebook(shared):
    """The lecture's network by equation, in English, with nothing open."""
    page = shared.page
    shared.focus()
    page.evaluate("document.querySelector('.bppviz-show-predict[aria-expanded=true]')?.click()")
    if page.locator(".bppviz-stage").get_attribute("lang") != "en":
        shared.press("l")
    shared.press(*["Escape"] * 2, *["ArrowUp"] * 5, *["ArrowDown"] * 4, "Home")
    shared.until(0)
    return shared


def sized(notebook, granularity):
    """Choose the size of steps in the open popover."""
    notebook.find(f".bppviz-granularity button >> nth={GRANULARITIES.index(granularity)}").click()
    notebook.find(".bppviz-outline [role=tree]").wait_for()


def test_the_counter_opens_the_walk_where_one_stands_with_what_is_known(notebook):
    opened(notebook, STEP)
    assert heads(notebook) == [
        ("Forward", "1–12"),
        ("Loss", "13"),
        ("Backward · output", "14–19"),
        ("Backward · layer 2", "20–25"),
        ("Backward · layer 1", "26–31"),
        ("Gradient · layer 1", "32–37"),
        ("Gradient · layer 2", "38–43"),
        ("Gradient · output", "44–49"),
    ]
    assert stops(notebook)[:4] == [
        (20, "∂l/∂a₃", "−0.3883"),
        (21, "σ′(z₃)", "0.1179"),
        (22, "∂l/∂z₃", "−0.04576"),
        (23, "∂l/∂a₄", ""),
    ]
    assert current(notebook)["name"] == focused(notebook) == "∂l/∂z₃"
    assert notebook.page.evaluate(SCROLLED)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("granularity", GRANULARITIES)
def test_every_stop_of_every_walk_has_its_name_and_at_the_end_its_value(notebook, granularity, lang):
    if lang != "en":
        notebook.press("l")
    opened(notebook, 0)
    sized(notebook, granularity)
    notebook.find(".bppviz-last").click()
    notebook.until(48)
    notebook.find(".bppviz-show-steps").click()
    symbols, found = Symbols(TRACE.network), {}
    for group in range(len(heads(notebook))):
        head = [it for it in items(notebook) if it["level"] == 1][group]
        if head["expanded"] is None:
            found[int(head["number"])] = ("", head["value"])
            continue
        if head["expanded"] == "false":
            notebook.find(f'.bppviz-outline [data-group="{group}"]').click()
        found |= {place: (name.split(" · ")[0], value) for place, name, value in stops(notebook)}
    expected = [row(TRACE, symbols, stop) for stop in walk(TRACE, granularity)]
    assert sorted(found) == list(range(1, len(expected) + 1))
    for place, (name, value) in found.items():
        assert value == expected[place - 1].value
        assert name in ("", expected[place - 1].name)
    say = words(lang)
    assert {name.split(" · ")[0] for name, _ in heads(notebook)} == {
        say(f"phase.{phase}") for phase in ("forward", "loss", "backward", "gradient")
    }


def test_keys_move_open_close_and_go(notebook):
    opened(notebook, STEP)
    notebook.press("ArrowDown", "ArrowDown", "ArrowUp")
    assert focused(notebook) == "∂l/∂a₄"
    assert notebook.step() == STEP
    notebook.press("ArrowLeft")
    assert focused(notebook) == "Backward · layer 2"
    notebook.press("ArrowLeft")
    assert stops(notebook) == []
    notebook.press("ArrowUp", "ArrowRight")
    assert [place for place, *_ in stops(notebook)] == list(range(14, 20))
    notebook.press("ArrowRight", "End")
    assert focused(notebook) == "Gradient · output"
    notebook.press("Home", "Enter", "ArrowRight", "ArrowDown", " ")
    notebook.until(1)
    assert not is_up(notebook)
    assert notebook.find(".bppviz-show-steps").evaluate("it => it === document.activeElement")


def test_a_click_goes_to_a_stop_and_closes_the_popover(notebook):
    opened(notebook, 3)
    notebook.find('.bppviz-outline [data-group="3"]').click()
    assert notebook.step() == 3
    notebook.find('.bppviz-outline [data-place="24"]').click()
    notebook.until(24)
    assert not is_up(notebook)
    notebook.press("o")
    assert current(notebook)["name"] == focused(notebook) == "∂l/∂z₄"
    notebook.press("Escape")
    assert not is_up(notebook)


def test_a_group_of_one_stop_is_that_stop(notebook):
    opened(notebook, 0)
    notebook.find(".bppviz-outline [data-place='12']").click()
    notebook.until(12)
    notebook.press("o")
    assert (current(notebook)["name"], current(notebook)["value"]) == ("Loss", "0.4168")
    sized(notebook, "pass")
    assert [it["level"] for it in items(notebook)] == [1, 1, 1, 1]


def test_what_is_asked_for_is_a_question_mark_in_the_outline(notebook):
    notebook.press(*["ArrowRight"] * 5)
    notebook.until(5)
    notebook.press("p")
    notebook.page.locator(".bppviz-stage[data-asked] .bppviz-is-asking").wait_for()
    notebook.find(".bppviz-show-steps").click()
    assert current(notebook)["value"] == "?"
    values = {it["number"]: it["value"] for it in items(notebook) if it["value"]}
    notebook.find('.bppviz-outline [data-group="0"]').evaluate("it => it.ariaExpanded === 'true' || it.click()")
    assert all(value in ("?", number(TRACE[int(at) - 1].value)) for at, value in values.items())
    assert max(map(int, values)) == notebook.step() + 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_scrubber_is_read_out_with_the_name_of_its_step(notebook, lang):
    if lang != "en":
        notebook.press("l")
    notebook.press(*["ArrowRight"] * STEP)
    notebook.until(STEP)
    said = {"en": "22 of 49, Backward, ∂l/∂z₃", "zh-TW": "第 22 步，共 49 步、向後傳播、∂l/∂z₃"}[lang]
    handle = notebook.find(".bppviz-scrub .noUi-handle")
    notebook.eventually(lambda: handle.get_attribute("aria-valuetext") == said)


def test_at_the_ends_of_the_walk_the_moves_that_lead_nowhere_say_why(notebook):
    def over():
        moves = {name: notebook.find(f".bppviz-{name}") for name in ("first", "back", "next", "last")}
        found = {name: it.get_attribute("aria-description") for name, it in moves.items()}
        assert {name for name, it in moves.items() if it.get_attribute("aria-disabled")} == {
            name for name, why in found.items() if why and moves[name].get_attribute("title") == why
        }
        return {name: why for name, why in found.items() if why}

    notebook.eventually(lambda: over() == dict.fromkeys(("first", "back"), "Start of the walk"))
    notebook.find(".bppviz-next").click()
    notebook.eventually(lambda: over() == {})
    notebook.find(".bppviz-last").click()
    notebook.eventually(lambda: over() == {"next": "End of the walk"})
    notebook.find(".bppviz-next").click(force=True)
    notebook.settled()
    assert notebook.step() == 48
    notebook.press("l")
    notebook.eventually(lambda: over() == {"next": "已到最後一步"})


def test_larger_steps_and_back_by_the_segments_lead_to_where_one_was(notebook):
    opened(notebook, 22)
    for granularity, step in (
        ("neuron", 24),
        ("vector", 22),
        ("layer", 24),
        ("pass", 30),
        ("layer", 24),
        ("equation", 22),
    ):
        sized(notebook, granularity)
        notebook.until(step)
    assert current(notebook)["number"] == "23"


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_nothing_is_wrong_with_the_outline(notebook, theme):
    notebook.python(f"e._stage.theme = {theme!r}")
    notebook.page.locator(f'.bppviz-stage[data-theme="{theme}"]').wait_for()
    opened(notebook, STEP)
    assert wrong(notebook.page) == []
    notebook.python("e._stage.theme = 'auto'")


def test_thousands_of_stops_open_a_group_at_a_time(open_notebook):
    notebook = open_notebook(f"from bppviz import *\n{CELLS[1]}").run_all()
    notebook.focus()
    notebook.press("ArrowDown")
    counter = notebook.find(".bppviz-counter")
    notebook.eventually(lambda: int(counter.text_content().split(" / ")[1]) > 1500)
    notebook.press("o")
    notebook.find(".bppviz-outline [aria-current]").wait_for()
    assert heads(notebook)[0] == ("Forward · layer 1", "1–288")
    sums = [name for name, _ in heads(notebook) if name.startswith("Sum · layer 1")]
    assert sums == [f"Sum · layer 1 · neuron {unit}" for unit in range(1, 17)]
    notebook.press("End", "ArrowUp", "ArrowUp", "ArrowRight", "End")
    assert len(items(notebook)) < 500
