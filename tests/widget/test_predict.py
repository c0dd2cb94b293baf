"""The widget asks for results: what it sends to the page, and what it makes of an answer."""

import asyncio
import json

import pytest
from networks import lecture, lecture_of_two
from widgets import CONTROLS, is_idle, look_into, stage, typed, unpacked, until

import bppviz
from bppviz.core.walk import walk
from bppviz.picture.film import Film
from bppviz.practice import replies
from bppviz.words.catalogue import LANGUAGES, words
from bppviz.words.formula import latex
from bppviz.words.numbers import number
from bppviz.words.sentences import Narrator

TRACE = lecture()
START = TRACE.step_of("dl_dw", 1, 0, 0)  # which is ∂l/∂z₁ itself, as its input is 1
FIRST = TRACE.step_of("dl_dw", 3, 0, 0)


@pytest.fixture
def explainer():
    """The lecture's network, which asks for every ∂l/∂w and ∂l/∂b, at the first one of the last layer."""
    explainer = bppviz.explain()
    look_into(explainer, *CONTROLS)
    stage(explainer).panel = "predict"
    reply(explainer, "long")
    reply(explainer, "level", level=1)
    explainer.step = FIRST
    yield explainer
    explainer.close()


def reply(explainer, act, **more):
    times = stage(explainer).reply["times"] + 1
    stage(explainer).reply = {"act": act, "step": explainer.step, **more, "times": times}


def shown(explainer):
    """Return the frame that the page shows."""
    return unpacked(stage(explainer).fresh)["frame"]


def quiz(explainer):
    return stage(explainer).quiz


def test_it_goes_to_the_first_question_when_it_is_opened():
    explainer = bppviz.explain()
    explainer.step = 2
    stage(explainer).panel = "predict"
    assert explainer.step == TRACE.step_of("loss", 3)
    assert quiz(explainer)["is_asked"]
    assert quiz(explainer)["is_short"]
    assert quiz(explainer)["level"] == 8
    explainer.close()


def test_what_is_asked_for_can_be_chosen_and_how_much_of_it(explainer):
    reply(explainer, "level", level=1)
    assert explainer.step == START
    assert quiz(explainer)["all"] == 18
    reply(explainer, "short")
    assert quiz(explainer)["all"] == 3
    reply(explainer, "level", level=8)
    assert (quiz(explainer)["all"], explainer.step) == (13, 0)
    reply(explainer, "level", level=0)
    assert (quiz(explainer)["all"], quiz(explainer)["is_asked"]) == (0, False)


def test_a_short_round_is_finished_with_an_answer_and_a_word_to_go_on_for_each_question():
    explainer = bppviz.explain(TRACE)
    stage(explainer).panel = "predict"
    for place in range(13):
        assert (quiz(explainer)["done"], quiz(explainer)["all"]) == (place, 13)
        (event,) = explainer._predict.question()
        reply(explainer, "answer", text=f"{event.value:.5g}")
        assert quiz(explainer)["kind"] == "right"
        if not quiz(explainer)["is_asked"] and place < 12:
            reply(explainer, "next")
    assert quiz(explainer)["is_finished"]
    assert (quiz(explainer)["right"], quiz(explainer)["asked"]) == (13, 13)
    reply(explainer, "round")
    assert (explainer.step, quiz(explainer)["done"], quiz(explainer)["asked"]) == (2, 0, 13)
    explainer.close()


def test_before_a_gradient_its_input_is_asked_for_and_nothing_gives_it_away(explainer):
    reply(explainer, "level", level=2)
    assert explainer.step == START
    assert quiz(explainer)["symbols"] == ["∂z₁/∂w₁"]
    explainer.step = FIRST
    assert quiz(explainer)["symbols"] == ["∂z₅/∂w₅"]
    assert quiz(explainer)["asked_factors"] == ["w-3-0-0"]
    assert "a_{3}" not in shown(explainer)["formula"]
    assert shown(explainer)["to"] == []
    assert shown(explainer)["from"] == ["w-3-0-0", "z-3-0"]
    reply(explainer, "hint")
    assert "In z₅, which number is w₅ multiplied by?" in shown(explainer)["sentence"]["en"]
    reply(explainer, "hint")
    assert "a_{3}" in shown(explainer)["substituted"]
    reply(explainer, "answer", text="3")
    assert "the weight w₅ itself is used instead of its input a₃" in quiz(explainer)["verdict"]["en"]
    reply(explainer, "answer", text="0.8635")
    assert quiz(explainer)["verdict"]["en"] == "✓ Right: ∂z₅/∂w₅ = 0.8635."
    assert quiz(explainer)["symbols"] == ["∂l/∂w₅"]
    assert "∂l/∂w₅" in shown(explainer)["sentence"]["en"]
    assert [answer.quantity for answer in explainer.answers] == ["dz_dw", "dz_dw"]


def test_a_worked_example_is_told_step_by_step(explainer):
    reply(explainer, "level", level=0)
    before = explainer.step
    reply(explainer, "next")
    assert explainer.step == before + 1
    explainer.step = len(TRACE) - 1
    assert quiz(explainer)["is_over"]
    reply(explainer, "round")
    assert quiz(explainer)["level"] == 1


def test_what_is_asked_for_is_not_in_what_the_page_shows(explainer):
    frame, film = shown(explainer), Film(TRACE)
    told = film.frame(walk(TRACE)[FIRST])
    assert frame["formula"] == told["formula"]
    assert frame["substituted"] == ""
    assert all("∂l/∂w₅" in frame["sentence"][lang] for lang in LANGUAGES)
    values = json.dumps(unpacked(stage(explainer).fresh)["values"], ensure_ascii=False)
    assert "0.07796" not in values
    assert '"<b>?</b>"' in values


def test_hints_show_the_operands_then_the_formula_with_the_numbers_then_the_answer(explainer):
    reply(explainer, "hint")
    assert "a₃ = 0.8635" in shown(explainer)["sentence"]["en"]
    assert shown(explainer)["substituted"] == ""
    reply(explainer, "hint")
    assert "0.8635" in shown(explainer)["substituted"]
    assert "?" not in shown(explainer)["substituted"]  # the field stands there
    assert "0.07796" not in shown(explainer)["substituted"]
    reply(explainer, "hint")
    assert "0.07796" in shown(explainer)["substituted"]
    assert not quiz(explainer)["is_asked"]
    assert quiz(explainer)["kind"] == "shown"
    assert (quiz(explainer)["right"], quiz(explainer)["asked"]) == (0, 1)


def test_a_right_answer_is_revealed(explainer):
    reply(explainer, "answer", text="-0.078")
    assert quiz(explainer)["kind"] == "right"
    assert quiz(explainer)["verdict"]["en"] == "✓ Right: ∂l/∂w₅ = −0.07796."
    assert shown(explainer)["substituted"] == Film(TRACE).frame(walk(TRACE)[FIRST])["substituted"]
    assert (quiz(explainer)["right"], quiz(explainer)["asked"]) == (1, 1)


def test_a_wrong_answer_is_named_for_what_it_is(explainer):
    reply(explainer, "answer", text=f"{TRACE.a[1][0] * TRACE.dl_da[2][0]:.5g}")
    said = quiz(explainer)["verdict"]
    assert quiz(explainer)["kind"] == "wrong"
    assert said["en"] == "✗ ∂l/∂w₅ is not −0.33012. You get that if the gain σ′(z₅) is missing."
    assert said["zh-TW"] == "✗ ∂l/∂w₅ 不是 −0.33012。會得到這個數，可能的原因：忘了乘上 σ′(z₅)。"
    assert quiz(explainer)["is_asked"]
    assert [answer.mistakes for answer in explainer.answers] == [("gain_forgotten",)]


def test_where_two_mistakes_come_to_the_same_both_are_named(explainer):
    reply(explainer, "answer", text="-0.0903")  # ∂l/∂z₅ itself, or x₁, which is 1, times ∂l/∂z₅
    assert explainer.answers[-1].mistakes == ("input_forgotten", "other_input")
    assert "the input a₃ is missing or a number from" in quiz(explainer)["verdict"]["en"]


def test_weights_that_were_already_updated_are_noticed_with_the_learning_rate_of_the_widget():
    explainer = bppviz.explain(learning_rate=2)
    stage(explainer).panel = "predict"
    trace = explainer.trace
    step = trace.step_of("dl_da", 2, 0)
    reply(explainer, "level", level=8)
    reply(explainer, "long")
    explainer.step = step
    wrong = float(trace.updated.weights[2][:, 0] @ trace.dl_dz[2])
    reply(explainer, "answer", text=f"{wrong:.6g}")
    assert explainer.answers[-1].mistakes == ("updated",)


@pytest.mark.parametrize(("text", "said"), [("abc", "“abc” is not a number"), ("0,5", "Write decimals with a point")])
def test_what_is_no_answer_is_refused_in_place_and_counts_for_nothing(explainer, text, said):
    reply(explainer, "answer", text=text)
    assert quiz(explainer)["kind"] == "problem"
    assert said in quiz(explainer)["verdict"]["en"]
    assert explainer.answers == ()
    assert quiz(explainer)["is_asked"]


def test_at_the_end_of_a_round_the_next_one_asks_for_more(explainer):
    reply(explainer, "level", level=1)
    for event in TRACE:
        if event.quantity in ("dl_dw", "dl_db"):
            assert not quiz(explainer)["is_finished"]
            explainer.step = event.step
            reply(explainer, "answer", text=str(event.value))
    assert quiz(explainer)["is_finished"]
    reply(explainer, "round")
    assert quiz(explainer)["level"] == 2
    assert explainer.step == START
    reply(explainer, "round")
    assert quiz(explainer)["level"] == 2  # it was not finished


def test_one_answer_at_the_last_step_is_no_round(explainer):
    explainer.step = len(TRACE) - 1
    reply(explainer, "answer", text=str(TRACE[-1].value))
    assert not quiz(explainer)["is_finished"]


def test_a_second_answer_to_a_question_that_was_answered_is_not_heard(explainer):
    for _ in range(3):
        reply(explainer, "answer", text="-0.078")
    assert len(explainer.answers) == 1
    assert quiz(explainer)["kind"] == "right"


def test_one_digit_is_too_few_to_tell_and_counts_for_nothing(explainer):
    reply(explainer, "answer", text="-0.08")
    assert "one digit is too few" in quiz(explainer)["verdict"]["en"]
    assert explainer.answers == ()
    for wrong in ("-0.3", "0", "-0.1"):
        reply(explainer, "answer", text=wrong)
        assert quiz(explainer)["kind"] == "wrong"


def test_a_level_can_be_chosen_and_the_score_reset(explainer):
    reply(explainer, "answer", text="1")
    reply(explainer, "level", level=8)
    assert explainer.step == 0
    assert quiz(explainer)["is_asked"]
    assert quiz(explainer)["asked"] == 1
    reply(explainer, "reset")
    assert quiz(explainer)["asked"] == 0
    assert explainer.answers == ()
    assert quiz(explainer)["levels"][:3] == ["", "∂l/∂w, ∂l/∂b", "… + ∂z/∂w"]


def test_by_neuron_all_its_numbers_are_asked_for(explainer):
    reply(explainer, "level", level=8)
    stage(explainer).granularity = "neuron"
    explainer.step = 1
    assert "z₁ and a₁" in shown(explainer)["sentence"]["en"]
    reply(explainer, "answer", text="4 4")
    assert "a₁ is not 4. You get that if the activation function is missing" in quiz(explainer)["verdict"]["en"]
    reply(explainer, "answer", text="4 0.982")
    assert quiz(explainer)["kind"] == "right"


def test_another_weight_asks_anew_with_the_new_numbers(explainer):
    reply(explainer, "answer", text="-0.078")
    assert not quiz(explainer)["is_asked"]
    typed(explainer, "w-3-0-0", 1.0)
    assert quiz(explainer)["is_asked"]
    reply(explainer, "answer", text=str(explainer.trace[FIRST].value))
    assert quiz(explainer)["kind"] == "right"


def test_when_it_is_closed_everything_is_told_again(explainer):
    stage(explainer).panel = "weights"
    assert stage(explainer).fresh == b""
    assert not quiz(explainer)["is_asked"]


def test_answers_are_for_a_teacher_to_look_at(explainer):
    reply(explainer, "answer", text="1")
    (answer,) = explainer.answers
    assert (answer.step, answer.quantity, answer.given, answer.is_right) == (FIRST, "dl_dw", 1.0, False)
    assert answer.expected == TRACE[FIRST].value


def test_the_formula_with_the_numbers_keeps_all_but_its_result():
    narrator, film = Narrator(TRACE), Film(TRACE)
    for stop in walk(TRACE):
        event = TRACE[stop.last]
        asked = film.question(stop, [event], dict.fromkeys(LANGUAGES, ""), numbers=True)["substituted"]
        whole = latex(narrator.both(stop)[1])
        before = asked.split('alttext="')[1].split('"')[0].split("?")[0].rstrip()
        assert whole.startswith(before)
        assert len(before) < len(whole) - 1


def test_an_answer_to_a_question_that_was_left_meanwhile_is_not_judged_as_one_to_the_next(explainer):
    explainer.step = FIRST + 1
    reply(explainer, "answer", text="-0.078", step=FIRST)
    assert explainer.answers == ()


def test_by_neuron_only_what_is_asked_for_is_hidden(explainer):
    reply(explainer, "level", level=3)
    stage(explainer).granularity = "neuron"
    step = TRACE.step_of("dl_dz", 2, 0)
    explainer.step = step
    assert quiz(explainer)["asked_steps"] == [step]
    values = str(unpacked(stage(explainer).fresh)["values"])
    assert values.count("<b>?</b>") == 1
    assert "<b>−0.3883</b>" in values  # ∂l/∂a₃, which it is computed from


def test_by_neuron_nothing_that_follows_from_an_input_is_told_while_that_is_asked_for(explainer):
    reply(explainer, "level", level=2)
    stage(explainer).granularity = "neuron"
    explainer.step = FIRST + 2
    assert quiz(explainer)["symbols"] == ["∂z₅/∂w₅", "∂z₅/∂w₁₁"]
    assert quiz(explainer)["asked_steps"] == [FIRST, FIRST + 1, FIRST + 2]
    reply(explainer, "answer", text="0.8635 0.1107")
    assert quiz(explainer)["symbols"] == ["∂l/∂w₅", "∂l/∂w₁₁", "∂l/∂b₅"]


def test_while_tables_are_looked_at_the_question_stays(explainer):
    for panel in ("table", "check", "why", "predict"):
        stage(explainer).panel = panel
        assert (quiz(explainer)["is_asked"], quiz(explainer)["is_on"], explainer.step) == (True, True, FIRST)
    for panel in ("weights", "training", ""):
        stage(explainer).panel = panel
        assert not quiz(explainer)["is_on"]
        stage(explainer).panel = "table"
        assert not quiz(explainer)["is_on"]
        stage(explainer).panel = "predict"


def test_the_hint_for_a_sum_names_the_gradient_of_every_sample():
    trace = lecture_of_two()
    event = trace[trace.step_of("dL_dw", 1, 0, 0)]
    said = replies.question([event], 1, words("en"))
    for n in (0, 1):
        assert f"∂l{'¹²'[n]}/∂w₁ = {number(trace.dl_dw[0][n, 0, 0])}" in said


def test_a_hint_names_numbers_with_the_digits_that_the_result_takes():
    event = TRACE[TRACE.step_of("dl_dz", 3, 0)]
    assert "σ′(z₅) = 0.23615, ∂l/∂y₁ = −0.38230" in replies.question([event], 1, words("en"))


@pytest.mark.parametrize(("activation", "named"), [("sigmoid", "a"), ("tanh", "a"), ("relu", "z")])
def test_the_hint_for_a_slope_names_the_number_that_its_formula_takes(activation, named):
    trace = bppviz.backprop(
        bppviz.Network([[[2]], [[1]]], [[-1], [0]], [activation, "identity"], "half_squared_error"), [1], [0]
    )
    event = trace[trace.step_of("dsigma", 1, 0)]
    (value,) = trace.a[0] if named == "a" else trace.z[0]
    hint = f"Computed from: {named}₁⁽¹⁾ = {number(value)}."
    assert replies.question([event], 1, words("en")).endswith(hint)


def test_after_the_panel_is_closed_nothing_goes_on_by_itself(explainer):
    reply(explainer, "answer", text="-0.078")
    stage(explainer).panel = ""
    assert "kind" not in quiz(explainer)


def test_by_layer_it_says_that_nothing_is_asked_for(explainer):
    stage(explainer).granularity = "layer"
    explainer.step = len(TRACE) - 1
    assert quiz(explainer)["is_too_coarse"]
    assert not quiz(explainer)["is_finished"]


def test_the_page_gets_questions_to_go_on_with_only_while_results_are_asked_for_and_those_of_its_film():
    async def work():
        explainer = bppviz.explain()
        it = stage(explainer)

        def first():
            return unpacked(it.exam)["items"][0]["right"] if it.exam else None

        await until(lambda: is_idle(explainer))
        assert it.exam == b""
        it.panel = "predict"
        await until(lambda: first() == [4])
        before = it.exam
        reply(explainer, "answer", text="3")
        assert it.exam is before
        typed(explainer, "w-1-0-0", 2.5)
        await until(lambda: first() == [5.5])
        it.panel = "table"
        it.panel = "weights"
        typed(explainer, "w-1-0-0", 1)
        await until(lambda: not it.exam)
        explainer.close()

    asyncio.run(work())


def test_what_was_asked_and_answered_is_told_so_that_the_page_can_go_on(explainer):
    reply(explainer, "answer", text="1")
    reply(explainer, "hint")
    memory = quiz(explainer)["memory"]
    assert memory["tries"] == [[(f"{FIRST} dl_dw",), 1, 1]]
    assert (memory["rounds"], memory["passed"], memory["answered"]) == (0, FIRST, [])
    reply(explainer, "answer", text="-0.078")
    assert quiz(explainer)["memory"]["tries"] == []
    assert quiz(explainer)["memory"]["answered"] == [f"{FIRST} dl_dw"]
    stage(explainer).panel = ""
    assert quiz(explainer)["memory"] == {}
