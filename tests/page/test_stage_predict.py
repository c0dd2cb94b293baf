"""Results that are asked for, in JupyterLab, with real keys: a round from beginning to end, and nothing given away."""

import pytest
from faults import report
from networks import lecture

from bppviz.core.walk import walk
from bppviz.words.catalogue import words
from bppviz.words.numbers import number
from bppviz.words.symbols import Symbols

TRACE = lecture()
FIRST = TRACE.step_of("dl_dw", 3, 0, 0)
ASKED = [event for event in TRACE if event.quantity in ("dl_dw", "dl_db")]
ANSWERS = "print([(a.step, a.is_right, a.mistakes, a.hints) for a in e.answers])"


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    cell = "import bppviz\ne = bppviz.explain(theme='light')\ne"
    return open_shared_notebook(cell, size=(1280, 1000))


@pytest.fixture
def notebook(shared):
    """The lecture's network, which asks for ∂l/∂w and ∂l/∂b."""
    shared.run(0)
    shared.painted()
    shared.find(".bppviz-show-predict").focus()
    shared.page.keyboard.press("Enter")
    shared.until(FIRST)
    shared.says(shared.find(".bppviz-sentence"), asks(TRACE[FIRST]))
    return shared


def asks(event, lang="en"):
    """Return what is said where an event is asked for."""
    symbol = Symbols(TRACE.network)(event.quantity, event.layer, event.unit or 0, event.source).text
    return words(lang)("quiz.ask", what=symbol)


def typed(notebook, text):
    notebook.find(".bppviz-answer").fill(text)
    notebook.page.keyboard.press("Enter")


def verdict(notebook):
    return notebook.find(".bppviz-verdict").text_content()


def test_a_whole_round_is_answered_with_the_keyboard_alone(notebook):
    notebook.find(".bppviz-answer:focus").wait_for()
    for event in ASKED:
        while notebook.step() < event.step:
            notebook.page.keyboard.press("Enter")  # what is told goes on with Enter
            notebook.page.wait_for_timeout(150)
        notebook.says(notebook.find(".bppviz-sentence"), asks(event))
        notebook.find(".bppviz-answer:focus").wait_for()
        notebook.page.keyboard.type(f"{event.value:.6g}")
        notebook.page.keyboard.press("Enter")
        notebook.eventually(lambda step=event.step: "✓" in verdict(notebook) or notebook.step() > step)
    notebook.eventually(lambda: "This round is finished" in verdict(notebook))
    assert notebook.find(".bppviz-score").text_content() == f"{len(ASKED)} of {len(ASKED)} right the first time"
    assert eval(notebook.python(ANSWERS)) == [(event.step, True, (), 0) for event in ASKED]


def test_nothing_that_can_be_seen_gives_the_answer_away(notebook):
    shown = number(TRACE[FIRST].value)
    look = notebook.look()
    assert shown not in str(look)
    assert "?" in [label["text"] for label in look["labels"]]
    for panel in ("table", "check", "why"):
        notebook.find(f".bppviz-show-{panel}").click()
        notebook.find(f".bppviz-panel-{panel} table").wait_for()
    notebook.settled()
    assert shown not in notebook.page.locator(".bppviz").first.inner_text()
    for panel in ("table", "check", "why"):
        notebook.find(f".bppviz-show-{panel}").click()


def test_a_right_answer_is_revealed_and_the_walk_goes_on(notebook):
    typed(notebook, "-0.078")
    notebook.says(notebook.find(".bppviz-verdict"), "✓ Right: ∂l/∂w₅ = −0.07796.")
    notebook.until(FIRST + 1)
    notebook.says(notebook.find(".bppviz-sentence"), asks(TRACE[FIRST + 1]))
    assert "−0.07796" in [label["text"] for label in notebook.look()["labels"]]
    assert notebook.find(".bppviz-answer").input_value() == ""


def test_a_wrong_answer_is_named_and_stays_to_be_mended(notebook):
    typed(notebook, f"{TRACE.a[1][0] * TRACE.dl_da[2][0]:.5g}")  # without σ′(z₅)
    notebook.eventually(lambda: "if the gain σ′(z₅) is missing" in verdict(notebook))
    assert notebook.step() == FIRST
    notebook.choose("language", "繁體中文")
    notebook.eventually(lambda: "忘了乘上 σ′(z₅)" in verdict(notebook))


def test_hints_show_operands_then_the_formula_then_the_answer(notebook):
    notebook.find(".bppviz-hint").click()
    notebook.eventually(lambda: "a₃ = 0.8635" in notebook.find(".bppviz-sentence").text_content())
    notebook.find(".bppviz-hint").click()
    notebook.eventually(lambda: "?" in notebook.find(".bppviz-substituted").text_content())
    notebook.find(".bppviz-hint").click()
    notebook.eventually(lambda: "0.07796" in notebook.find(".bppviz-substituted").text_content())
    assert notebook.find(".bppviz-score").text_content() == "0 of 1 right the first time"
    notebook.find(".bppviz-reset-score").click()
    notebook.says(notebook.find(".bppviz-score"), "0 of 0 right the first time")


def test_what_is_no_number_is_refused_in_place(notebook):
    typed(notebook, "a lot")
    notebook.eventually(lambda: "“a lot” is not a number" in verdict(notebook))
    assert notebook.find(".bppviz-answer").input_value() == "a lot"


def test_letters_typed_into_the_field_reach_nothing_else(notebook):
    cells = notebook.cells()
    notebook.find(".bppviz-answer").focus()
    notebook.page.keyboard.type("bbddxx")
    assert notebook.cells() == cells
    assert notebook.find(".bppviz-answer").input_value() == "bbddxx"


def test_when_it_is_closed_the_walk_is_told_again_without_questions(notebook):
    notebook.find(".bppviz-show-predict").click()
    notebook.eventually(lambda: "0.07796" in notebook.find(".bppviz-substituted").text_content())
    assert not notebook.find(".bppviz-quiz").is_visible()
    notebook.focus()
    notebook.press("ArrowRight")
    notebook.until(FIRST + 1)


@pytest.mark.parametrize(("view", "lang"), [("network", "繁體中文"), ("mirror", "English")])
def test_every_question_can_be_read(notebook, lang, view):
    notebook.run(0, f"e = bppviz.explain(theme='light', view='{view}')\ne")
    notebook.painted()
    notebook.choose("language", lang)
    notebook.find(".bppviz-show-predict").click()
    notebook.find(".bppviz-level select").select_option(index=7)
    notebook.until(0)
    looks = {}
    for stop in walk(TRACE)[::4]:
        notebook.python(f"e.step = {stop.last}")
        notebook.until(stop.last)
        event = TRACE[stop.last]
        sentence, question = notebook.find(".bppviz-sentence"), asks(event, "en" if lang == "English" else "zh-TW")
        notebook.says(sentence, question)
        notebook.find(".bppviz-hint").click()
        notebook.eventually(lambda sentence=sentence, question=question: sentence.text_content() != question)
        notebook.find(".bppviz-hint").click()  # then there is most to read
        notebook.eventually(lambda: "?" in notebook.find(".bppviz-substituted").text_content())
        looks[stop.last] = notebook.look(stop.last)
        assert "?" in [label["text"] for label in looks[stop.last]["labels"]]
    notebook.run(0, "import bppviz\ne = bppviz.explain(theme='light')\ne")
    found = report(looks)
    assert not found, found
