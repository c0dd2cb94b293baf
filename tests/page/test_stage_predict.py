"""Results that are asked for, in JupyterLab, with real keys: a round from beginning to end, and nothing given away."""

from functools import partial

import pytest
from faults import report
from networks import lecture
from places import weight_at
from wcag import wrong

from bppviz.core.walk import walk
from bppviz.picture.layout import Layout
from bppviz.practice.quiz import Quiz, factor
from bppviz.practice.typed import Given
from bppviz.words.catalogue import catalogue, words
from bppviz.words.numbers import number
from bppviz.words.symbols import Symbols

TRACE = lecture()
START = TRACE.step_of("dl_dw", 1, 0, 0)  # which is ∂l/∂z₁ itself, as its input is 1
FIRST = TRACE.step_of("dl_dw", 3, 0, 0)
HIDDEN = TRACE.step_of("dl_dw", 2, 0, 0)
ANSWERS = "print([(a.step, a.is_right, a.mistakes, a.hints) for a in e.answers])"


@pytest.fixture(scope="module")
def shared(open_shared_notebook):
    cell = "import bppviz\ne = bppviz.explain(theme='light')\ne"
    return open_shared_notebook(cell, "", size=(1280, 1000))


@pytest.fixture
def notebook(shared):
    """The lecture's network, which asks for one number of each kind."""
    shared.run(0)
    shared.painted()
    shared.find(".bppviz-show-predict").focus()
    shared.page.keyboard.press("Enter")
    shared.until(0)
    shared.says(shared.find(".bppviz-sentence"), asks(TRACE[0]))
    return shared


@pytest.fixture
def gradients(notebook):
    """The same, which asks for every ∂l/∂w and ∂l/∂b, at the first one of the last layer."""
    choose(notebook, level=1)
    notebook.find(".bppviz-length label:last-child").click()
    notebook.until(START)
    notebook.says(notebook.find(".bppviz-place"), "Question 1 of 18")
    go(notebook, FIRST)
    notebook.find(".bppviz-answer").focus()
    return notebook


def choose(notebook, level):
    notebook.find(".bppviz-level select").select_option(index=level)


def go(notebook, step):
    """Go to a step at which something is asked for."""
    notebook.python(f"e.step = {step}")
    notebook.page.locator(f'.bppviz-stage[data-step="{step}"][data-asked]').wait_for()


def asks(event, lang="en"):
    """Return what is said where an event is asked for."""
    symbol = Symbols(TRACE.network)(event.quantity, event.layer, event.unit or 0, event.source).text
    return words(lang)("quiz.ask", what=symbol)


def typed(notebook, text):
    notebook.find(".bppviz-answer").fill(text)
    notebook.page.keyboard.press("Enter")


def verdict(notebook):
    return notebook.find(".bppviz-verdict").text_content()


def has_focus(notebook, name):
    notebook.find(f".bppviz-{name}:focus").wait_for()


def round_of(quiz):
    """Yield the questions of a round, each when the one before was answered."""
    while stop := quiz.next_stop(TRACE, "equation"):
        quiz.arrive(stop)
        (event,) = quiz.question(TRACE, stop)
        yield event
        quiz.answer(TRACE, stop, [Given(event.value, 0)])


def test_a_whole_round_is_answered_with_the_keyboard_alone(notebook):
    told = []
    for event in round_of(Quiz(8, is_short=True)):
        notebook.until(event.step)
        notebook.says(notebook.find(".bppviz-sentence"), asks(event))
        has_focus(notebook, "answer")
        notebook.page.keyboard.type(f"{event.value:.6g}")
        notebook.page.keyboard.press("Enter")
        notebook.eventually(lambda: "✓" in verdict(notebook))
        told.append((event.step, True, (), 0))
        if event.quantity != "dz_dw":  # after its input, the gradient is asked for at the same step
            has_focus(notebook, "check")
            notebook.page.keyboard.press("Enter")
    notebook.says(notebook.find(".bppviz-score"), "13 of 13 right the first time")
    notebook.until(2)  # the next round asks for other numbers
    notebook.says(notebook.find(".bppviz-place"), "Question 1 of 13")
    assert eval(notebook.python(ANSWERS)) == told


def test_at_the_end_of_a_round_it_says_so_and_enter_begins_the_next(gradients):
    gradients.find(".bppviz-length label:first-child").click()
    for place, event in enumerate(round_of(Quiz(1, is_short=True)), 1):
        gradients.until(event.step)
        gradients.says(gradients.find(".bppviz-place"), f"Question {place} of 3")
        has_focus(gradients, "answer") if place > 1 else gradients.find(".bppviz-answer").focus()
        typed(gradients, str(event.value))
        has_focus(gradients, "check")
        if "finished" not in verdict(gradients):
            gradients.page.keyboard.press("Enter")
    assert "This round is finished. The next one hides one more part." in verdict(gradients)
    assert gradients.find(".bppviz-check").text_content() == "New round"
    gradients.page.keyboard.press("Enter")
    gradients.says(gradients.find(".bppviz-place"), "Question 1 of 5")
    assert gradients.find(".bppviz-asked").text_content() == "∂z₁/∂w₂ ="


@pytest.mark.parametrize("has_files", [True, False])  # the file browser beside the notebook, which is then narrower
def test_nothing_moves_and_everything_is_in_sight_from_question_to_verdict(open_notebook, has_files):
    notebook = open_notebook("import bppviz\ne = bppviz.explain(theme='light')\ne", size=(1280, 720)).run_all()
    if not has_files:
        notebook.menu("View", "Appearance", "Show Left Sidebar")
    notebook.find(".bppviz-show-predict").click()
    has_focus(notebook, "answer")
    notebook.find(".bppviz-lay").evaluate("lay => lay.scrollIntoView()")
    before = boxes(notebook)
    room = notebook.page.locator(".jp-WindowedPanel-outer").evaluate("it => it.clientHeight")
    assert before["lay"][1] <= room
    typed(notebook, "3")
    notebook.eventually(lambda: "✗" in verdict(notebook))
    assert boxes(notebook) == before
    notebook.page.keyboard.press("h")
    notebook.eventually(lambda: "w₁ = 1" in notebook.find(".bppviz-sentence").text_content())
    assert boxes(notebook) == before
    notebook.page.keyboard.press("h")
    notebook.eventually(lambda: "=" in notebook.find(".bppviz-substituted").text_content())
    assert boxes(notebook) == before
    typed(notebook, "4")
    has_focus(notebook, "check")
    assert boxes(notebook) == before


def boxes(notebook):
    """Return where the parts of the widget begin in it and how high they are, as whole pixels."""
    return notebook.find(".bppviz-lay").evaluate(
        """lay => {
          const top = lay.getBoundingClientRect().top;
          const parts = ["lay", "scroll", "formula", "line", "tabs", "panel-predict"];
          return Object.fromEntries(parts.map((name) => {
            const box = name === "lay" ? lay : lay.querySelector(`.bppviz-${name}`);
            const { y, height } = box.getBoundingClientRect();
            return [name, [Math.round(y - top), Math.round(height)]];
          }));
        }"""
    )


def test_nothing_that_can_be_seen_gives_the_answer_away(gradients):
    shown = number(TRACE[FIRST].value)
    look = gradients.look()
    assert shown not in str(look)
    assert "?" in [label["text"] for label in look["labels"]]
    assert shown not in gradients.page.locator(".bppviz").first.inner_text()


def test_tables_have_a_question_mark_where_something_is_asked_for(gradients):
    gradients.find(".bppviz-show-table").click()
    gradients.says(gradients.find(f".bppviz-panel-table [data-step='{FIRST}'] > b"), "?")
    gradients.find(".bppviz-show-check").click()
    row = gradients.page.locator(f".bppviz-panel-check [data-step='{FIRST}']")
    row.first.wait_for()
    assert {cell.inner_text() for cell in row.all()} == {"?"}
    typed(gradients, "-0.078")  # the question stays while the tables are looked at
    has_focus(gradients, "check")
    gradients.eventually(lambda: row.first.inner_text() == number(TRACE[FIRST].value, 6))
    assert "?" not in row.all_inner_texts()
    gradients.find(".bppviz-show-predict").click()
    has_focus(gradients, "check")
    gradients.find(".bppviz-show-weights").click()
    gradients.find(".bppviz-quiz").wait_for(state="hidden")


def test_what_is_typed_is_seen_where_the_number_belongs(gradients):
    (mark,) = (label for label in gradients.look()["labels"] if label["text"] == "?")
    gradients.find(".bppviz-answer").focus()
    gradients.page.keyboard.type("-0.08")
    echo = gradients.find(".bppviz-echo")
    gradients.says(echo, "-0.08")
    home = echo.locator("rect").bounding_box()
    assert home["x"] < mark["left"] < mark["right"] < home["x"] + home["width"]
    assert home["y"] < mark["top"] < mark["bottom"] < home["y"] + home["height"]
    gradients.page.keyboard.press("Backspace")
    gradients.says(echo, "-0.0")
    gradients.find(".bppviz-answer").fill("")
    echo.wait_for(state="detached")
    typed(gradients, "-0.078")
    has_focus(gradients, "check")
    echo.wait_for(state="detached")


def test_the_input_of_a_weight_is_asked_for_and_no_picture_or_formula_gives_it_away(notebook):
    choose(notebook, level=2)
    notebook.until(START)
    notebook.says(notebook.find(".bppviz-asked"), "∂z₁/∂w₁ =")
    go(notebook, HIDDEN)
    notebook.says(notebook.find(".bppviz-asked"), "∂z₃/∂w₃ =")
    assert "a₁" not in notebook.find(".bppviz-formula").inner_text()
    notebook.find(".bppviz-show-table").click()
    row = notebook.page.locator(".bppviz-panel-table tr", has=notebook.page.locator("th", has_text="w₃")).locator("td")
    notebook.eventually(lambda: row.all_inner_texts() == ["2", "?", "−0.04576", "?"])
    notebook.find(".bppviz-show-predict").click()
    typed(notebook, "0.982")
    notebook.says(notebook.find(".bppviz-verdict"), "✓ Right: ∂z₃/∂w₃ = 0.9820.")
    notebook.says(notebook.find(".bppviz-asked"), "∂l/∂w₃ =")
    has_focus(notebook, "answer")
    assert notebook.find(".bppviz-answer").input_value() == ""


def test_a_right_answer_is_revealed_and_enter_goes_on(gradients):
    typed(gradients, "-0.078")
    gradients.says(gradients.find(".bppviz-verdict"), "✓ Right: ∂l/∂w₅ = −0.07796.")
    gradients.eventually(lambda: "−0.07796" in [label["text"] for label in gradients.look()["labels"]])
    assert gradients.step() == FIRST
    has_focus(gradients, "check")
    assert gradients.find(".bppviz-check").text_content() == "Go on ↵"
    gradients.page.keyboard.press("Enter")
    gradients.until(FIRST + 1)
    gradients.says(gradients.find(".bppviz-sentence"), asks(TRACE[FIRST + 1]))
    assert gradients.find(".bppviz-answer").input_value() == ""


def test_which_weights_meet_the_gradients_is_answered_by_clicking_them_in_the_picture_and_in_matrices(notebook):
    layout, step = Layout(TRACE.network.sizes), TRACE.step_of("dl_da", 1, 0)
    long_round = notebook.find(".bppviz-length label:last-child").click
    by_vector = partial(notebook.choose, "granularity", catalogue("en")["granularity.vector"])
    for choice in (long_round, by_vector):
        before = notebook.find(".bppviz-place").text_content()
        choice()
        notebook.eventually(lambda before=before: notebook.find(".bppviz-place").text_content() != before)
    go(notebook, step)
    options = notebook.page.locator(".bppviz-option")
    meant = notebook.page.locator(".bppviz-is-meant")
    notebook.eventually(lambda: "w₃, w₉" in options.all_text_contents())
    notebook.click_at(*weight_at(layout, 2, 0, 0))
    notebook.eventually(lambda: sorted(meant.all_text_contents()) == ["w₃, w₄", "w₃, w₉"])
    notebook.click_at(*weight_at(layout, 2, 0, 1))
    say = words("en")
    wrong_row = say("choice.row", weights="w₃ and w₉", z="z₃", matrix="W⁽²⁾", a="a₁")
    notebook.says(notebook.find(".bppviz-verdict"), wrong_row)
    assert meant.count() == 0
    notebook.open("matrices")
    for name in ("w-2-1-0", "w-2-0-0"):
        notebook.page.locator(f".bppviz-matrices [data-place='{name}']").first.click()
    right = say("choice.column", weights="w₃ and w₄", a="a₁", matrix="W⁽²⁾")
    notebook.eventually(lambda: verdict(notebook).startswith(right))
    notebook.eventually(lambda: options.count() == 0)


def test_a_wrong_answer_is_named_and_selected_to_be_mended(gradients):
    typed(gradients, f"{TRACE.a[1][0] * TRACE.dl_da[2][0]:.5g}")  # without σ′(z₅)
    gradients.eventually(lambda: "if the gain σ′(z₅) is missing" in verdict(gradients))
    assert gradients.step() == FIRST
    assert not gradients.find(".bppviz-sentence").is_visible()
    gradients.eventually(lambda: gradients.page.evaluate("getSelection().toString()") == "-0.33012")
    gradients.page.keyboard.type("-0.078")
    assert gradients.find(".bppviz-answer").input_value() == "-0.078"
    gradients.focus()
    gradients.press("l")
    gradients.eventually(lambda: "忘了乘上 σ′(z₅)" in verdict(gradients))
    gradients.press("l")


@pytest.mark.parametrize("way", ["click", "key", "key in the field"])
def test_hints_show_operands_then_the_formula_then_the_answer(gradients, way):
    hint = gradients.find(".bppviz-hint")

    def take():
        if way == "key":
            gradients.focus()
        if way == "click":
            hint.click()
        else:
            gradients.page.keyboard.press("h")

    assert hint.text_content() == "Hint 1 of 3"
    take()
    gradients.eventually(lambda: "a₃ = 0.8635" in gradients.find(".bppviz-sentence").text_content())
    if way != "key":
        has_focus(gradients, "answer")
    gradients.says(hint, "Hint 2 of 3")
    take()
    gradients.eventually(lambda: "0.8635" in gradients.find(".bppviz-substituted").text_content())
    gradients.says(hint, "Hint 3 of 3")
    take()
    gradients.eventually(lambda: "0.07796" in gradients.find(".bppviz-substituted").text_content())
    assert gradients.find(".bppviz-score").text_content() == "0 of 1 right the first time"
    gradients.find(".bppviz-reset-score").click()
    gradients.says(gradients.find(".bppviz-score"), "0 of 0 right the first time")


def test_a_length_chosen_before_the_kernel_has_said_which_it_is_counts(shared):
    shared.run(0)
    shared.painted()
    go_on = shared.occupy(1)
    shared.find(".bppviz-show-predict").click()
    longer = shared.find(".bppviz-length label:last-child")
    assert not longer.locator("input").is_checked()
    longer.click()
    go_on.touch()
    shared.says(shared.find(".bppviz-place"), "Question 1 of 61")
    assert longer.locator("input").is_checked()


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


def test_when_it_is_closed_the_walk_is_told_again_without_questions(gradients):
    gradients.find(".bppviz-show-predict").click()
    gradients.eventually(lambda: "0.07796" in gradients.find(".bppviz-substituted").text_content())
    assert not gradients.find(".bppviz-quiz").is_visible()
    gradients.focus()
    gradients.press("ArrowRight")
    gradients.until(FIRST + 1)


def test_where_there_is_room_the_parts_are_a_list_of_radio_buttons(open_notebook):
    notebook = open_notebook("import bppviz\ne = bppviz.explain(open='predict')\ne", size=(1800, 900)).run_all()
    levels = notebook.find(".bppviz-levels")
    levels.wait_for()
    assert not notebook.find(".bppviz-level select").is_visible()
    names = levels.locator("label").all_text_contents()
    assert names[:3] == ["nothing: a worked example", "∂l/∂w, ∂l/∂b", "… + ∂z/∂w"]
    assert names[-1] == "… + z: everything"
    assert levels.locator("input").nth(8).is_checked()
    levels.locator("input").nth(1).check()
    notebook.says(notebook.find(".bppviz-place"), "Question 1 of 3")
    notebook.page.keyboard.press("ArrowDown")  # as in any list of radio buttons
    notebook.says(notebook.find(".bppviz-place"), "Question 1 of 5")
    assert wrong(notebook.page) == []


@pytest.mark.parametrize(("view", "lang"), [("network", "zh-TW"), ("mirror", "en")])
def test_every_question_can_be_read(notebook, lang, view):
    notebook.run(0, f"e = bppviz.explain(theme='light', view='{view}', lang='{lang}')\ne")
    notebook.painted()
    notebook.find(".bppviz-show-predict").click()
    notebook.until(0)
    notebook.find(".bppviz-length label:last-child").click()
    notebook.eventually(lambda: "61" in notebook.find(".bppviz-place").text_content())
    looks = {}
    for stop in walk(TRACE)[::4]:
        event = TRACE[stop.last]
        notebook.python(f"e.step = {stop.last}")
        notebook.until(stop.last)
        sentence = notebook.find(".bppviz-sentence")
        question = asks(factor(event) if event.quantity == "dl_dw" else event, lang)
        notebook.says(sentence, question)
        notebook.find(".bppviz-hint").click()
        notebook.eventually(lambda sentence=sentence, question=question: sentence.text_content() != question)
        notebook.find(".bppviz-hint").click()  # then there is most to read
        notebook.eventually(lambda: notebook.find(".bppviz-substituted").text_content() != "")
        looks[stop.last] = notebook.look(stop.last)
        if event.quantity != "dl_dw":
            assert "?" in [label["text"] for label in looks[stop.last]["labels"]]
    notebook.run(0, "import bppviz\ne = bppviz.explain(theme='light')\ne")
    found = report(looks)
    assert not found, found
