"""What is asked for, what was answered, and what that comes to."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import lecture, lecture_of_two

from bppviz import Network, backprop
from bppviz.core.walk import walk
from bppviz.practice import replies
from bppviz.practice.diagnosis import is_close
from bppviz.practice.quiz import Answer, Quiz, asked, factor, rungs
from bppviz.practice.typed import Given, numbers
from bppviz.words.catalogue import words
from bppviz.words.numbers import number

TRACE = lecture()
STOPS = walk(TRACE)


def answered(quiz, stop, *values, trace=TRACE):
    return quiz.answer(trace, stop, [Given(value, 0) for value in values])


# What is asked for


def test_a_worked_example_asks_for_nothing():
    assert not any(Quiz(0).question(TRACE, stop) for stop in STOPS)


def test_blanks_fade_in_from_the_end_of_the_derivation_to_its_beginning():
    parts = ["dl_dw dl_db", "dz_dw", "dl_dz", "dsigma", "dl_da", "loss", "a", "z"]
    assert [" ".join(rung) for rung in rungs(TRACE)] == parts
    for level in range(len(parts) + 1):
        wanted = set(" ".join(parts[:level]).split())
        assert asked(TRACE, level) == wanted
        assert {quantity for _, quantity in Quiz(level).wanted(TRACE)} == wanted
    assert len(Quiz(level).wanted(TRACE)) == len(TRACE) + len([it for it in TRACE if it.quantity == "dl_dw"])


def test_of_several_samples_with_an_update_that_is_asked_for_first():
    parts = [" ".join(rung) for rung in rungs(lecture_of_two())]
    assert parts[:3] == ["w b", "dL_dw dL_db", "dl_dw dl_db"]


def test_a_short_round_asks_for_one_number_of_each_kind_and_the_next_one_for_another():
    quiz = Quiz(8, is_short=True)
    first = [(it.quantity, it.layer) for it in every_question(quiz)]
    assert first == [
        *[("z", 1), ("a", 1), ("loss", 3)],
        *[("dl_da", 3), ("dsigma", 3), ("dl_dz", 3), ("dl_da", 2), ("dl_dz", 2)],
        *[("dz_dw", 1), ("dl_dw", 1), ("dl_db", 1), ("dz_dw", 2), ("dl_dw", 2)],
    ]
    before = quiz.wanted(TRACE)
    quiz.next_round(TRACE)
    assert quiz.wanted(TRACE) & before == {(TRACE.step_of("loss", 3), "loss")}
    assert len(quiz.wanted(TRACE)) == len(before)


def test_a_round_that_was_not_finished_is_begun_again_as_it_was():
    quiz = Quiz(3, is_short=True)
    before = quiz.wanted(TRACE)
    quiz.next_round(TRACE)
    assert (quiz.level, quiz.wanted(TRACE)) == (3, before)
    every_question(quiz)
    quiz.next_round(TRACE)
    assert quiz.level == 4


def every_question(quiz):
    """Answer a whole round, and return what was asked for."""
    events = []
    while stop := quiz.next_stop(TRACE, "equation"):
        assert not quiz.is_over(TRACE)
        quiz.arrive(stop)
        (event,) = quiz.question(TRACE, stop)
        assert answered(quiz, stop, event.value).diagnosis.is_right
        events.append(event)
    assert quiz.is_complete(TRACE)
    assert quiz.is_over(TRACE)
    return events


def test_of_a_gradient_its_input_is_asked_for_first():
    quiz, stop = Quiz(2), STOPS[TRACE.step_of("dl_dw", 3, 0, 0)]
    (event,) = quiz.question(TRACE, stop)
    assert (event.quantity, event.value) == ("dz_dw", TRACE.a[1][0])
    assert [it.place for it in event.operands] == [TRACE.place("a", 2, 0)]
    assert [it.name for it in answered(quiz, stop, 3.0).diagnosis.mistakes] == ["weight_for_input"]
    assert answered(quiz, stop, 0.8635).diagnosis.is_right
    (event,) = quiz.question(TRACE, stop)
    assert event == TRACE[stop.last]
    answered(quiz, stop, event.value)
    assert not quiz.question(TRACE, stop)
    assert quiz.score == (1, 2)


def test_the_input_of_a_weight_of_the_first_layer_is_x_of_the_sample_that_is_told():
    trace = lecture_of_two().at_sample(1)
    event = factor(trace[trace.step_of("dl_dw", 1, 1, 0)])
    assert event.value == trace.x[1][0]


def test_by_neuron_all_its_numbers_are_asked_for_at_once_and_a_layer_or_a_part_of_a_sum_is_not():
    questions = [Quiz(8).question(TRACE, stop) for stop in walk(TRACE, "neuron")]
    assert [event.quantity for event in questions[0]] == ["z", "a"]
    quiz, stop = Quiz(8), walk(TRACE, "neuron")[13]
    inputs = quiz.question(TRACE, stop)
    assert [event.quantity for event in inputs] == ["dz_dw", "dz_dw"]
    answered(quiz, stop, *(event.value for event in inputs))
    assert [event.quantity for event in quiz.question(TRACE, stop)] == ["dl_dw", "dl_dw", "dl_db"]
    assert not any(Quiz(8).question(TRACE, stop) for stop in walk(TRACE, "layer"))
    by_term = [stop for stop in walk(TRACE, "term") if Quiz(8).question(TRACE, stop)]
    assert all(stop.terms is None for stop in by_term)
    assert len(by_term) == len(TRACE)


# By vector


def by_vector(quantity, layer, trace=TRACE):
    """Return the stop of a walk by vector at which a quantity of a layer is found."""
    stops = [
        stop
        for stop in walk(trace, "vector")
        if (trace[stop.last].quantity, trace[stop.last].layer) == (quantity, layer)
    ]
    (stop,) = stops
    return stop


def test_by_vector_the_whole_vector_or_matrix_is_asked_for_row_by_row():
    quiz = Quiz(8)
    for stop in walk(TRACE, "vector"):
        end = TRACE[stop.last]
        events = quiz.question(TRACE, stop)
        assert [it.value for it in events] == TRACE.array(end.quantity, end.layer).ravel().tolist()
        assert {(it.quantity, it.layer) for it in events} == {(end.quantity, end.layer)}
        quiz.arrive(stop)
        assert answered(quiz, stop, *(it.value for it in events)).diagnosis.is_right
        assert not quiz.question(TRACE, stop)
    assert quiz.is_complete(TRACE, "vector")
    assert quiz.is_over(TRACE, "vector")
    assert quiz.progress(TRACE, "vector") == (22, 22)


def test_which_entry_of_a_vector_is_wrong_is_said_and_what_may_have_happened_there():
    quiz, stop = Quiz(8), by_vector("dl_dw", 2)
    (one, two), (three, four) = TRACE.dl_dw[1]
    verdict = answered(quiz, stop, one, three, two, four)
    assert (verdict.event.unit, verdict.event.source) == (0, 1)
    assert [it.name for it in verdict.diagnosis.likely] == ["outer"]
    assert [(it.attempt, it.is_right) for it in quiz.answers] == [(1, True), (1, False)]
    assert quiz.score == (0, 1)


def test_a_short_round_by_vector_asks_for_one_vector_of_each_kind_and_the_next_one_for_another():
    quiz = Quiz(8, is_short=True)
    rounds = []
    for _ in range(2):
        asked_for = []
        while stop := quiz.next_stop(TRACE, "vector"):
            quiz.arrive(stop)
            events = quiz.question(TRACE, stop)
            answered(quiz, stop, *(it.value for it in events))
            asked_for.append((events[0].quantity, events[0].layer))
        assert len(asked_for) == quiz.progress(TRACE, "vector")[1]
        rounds.append(asked_for)
        quiz.next_round(TRACE, "vector")
    assert rounds[0][:3] == [("z", 1), ("a", 1), ("loss", 3)]
    assert rounds[1][:3] == [("z", 2), ("a", 2), ("loss", 3)]
    assert {quantity for quantity, _ in rounds[0]} == {quantity for quantity, _ in rounds[1]}


def test_what_was_passed_by_vector_is_not_asked_for_any_more():
    quiz = Quiz(8)
    quiz.arrive(by_vector("a", 1))
    assert not quiz.question(TRACE, by_vector("z", 1))
    assert quiz.question(TRACE, by_vector("a", 1))
    quiz.arrive(by_vector("dl_db", 3))
    assert not quiz.is_over(TRACE, "vector")
    answered(quiz, by_vector("dl_db", 3), *TRACE.dl_dz[2])
    assert quiz.is_over(TRACE, "vector")


def test_a_matrix_with_more_numbers_than_anybody_types_is_told():
    large = backprop(Network.random([2, 5, 5, 2], seed=1), [1, -1], [1, 0])
    assert len(Quiz(8).question(large, by_vector("z", 2, large))) == 5
    assert len(Quiz(8).question(large, by_vector("dl_dw", 1, large))) == 10
    assert Quiz(8).question(large, by_vector("dl_dw", 2, large)) == ()
    cells = backprop(Network.random([2, 17, 2], seed=1), [1, -1], [1, 0])
    assert not any(Quiz(8).question(cells, stop) for stop in walk(cells, "vector"))


def test_the_next_question_is_looked_for_from_a_step_on_and_then_from_the_beginning():
    first = TRACE.step_of("dl_dw", 1, 0, 0)
    assert Quiz(1).first_stop(TRACE, "equation").last == first
    assert Quiz(1).first_stop(TRACE, "equation", first + 1).last == first + 1
    assert Quiz(8).first_stop(TRACE, "equation", 5).last == 5
    at_the_end = Quiz(1).first_stop(TRACE, "equation", len(TRACE) - 1)
    assert at_the_end.last == first  # a round of one question would be none
    assert Quiz(0).first_stop(TRACE, "equation") is None


# Answers


def test_a_right_answer_is_done_and_a_wrong_one_is_asked_for_again():
    quiz, stop = Quiz(3), STOPS[TRACE.step_of("dl_dz", 3, 0)]
    assert not answered(quiz, stop, 1.0).diagnosis.is_right
    assert quiz.question(TRACE, stop)
    assert answered(quiz, stop, TRACE.dl_dz[2][0]).diagnosis.is_right
    assert not quiz.question(TRACE, stop)


def test_of_several_numbers_the_first_wrong_one_is_named():
    quiz, stop = Quiz(8), walk(TRACE, "neuron")[0]
    verdict = answered(quiz, stop, 4.0, TRACE.dsigma[0][0])
    assert (verdict.event.quantity, [it.name for it in verdict.diagnosis.mistakes]) == ("a", ["slope"])
    said = replies.verdict(verdict, words("en"))
    assert said.startswith("✓ Right: z₁ = 4. ✗ a₁ is not 0.0176627. You get that if")
    verdict = answered(quiz, stop, 3.0, 0.0)
    assert replies.verdict(verdict, words("zh-TW")).startswith("✗ z₁ 不是 3。")
    assert verdict.event.quantity == "z"
    assert "bias_forgotten" in {it.name for it in verdict.diagnosis.mistakes}
    verdict = answered(quiz, stop, 4.0, 0.982)
    assert verdict.diagnosis.is_right
    assert replies.verdict(verdict, words("en")) == "✓ Right: z₁ = 4 and a₁ = 0.9820."
    assert not quiz.question(TRACE, stop)


def test_hints_end_with_the_answer_which_is_no_right_answer():
    quiz, stop = Quiz(1), STOPS[-1]
    assert [quiz.hint(TRACE, stop) for _ in range(3)] == ["operands", "substituted", "answer"]
    assert not quiz.question(TRACE, stop)
    assert quiz.score == (0, 1)
    assert quiz.answers[-1].given is None


def test_only_what_was_right_at_once_and_without_a_hint_counts():
    quiz, steps = Quiz(1), [len(TRACE) - 3, len(TRACE) - 2, len(TRACE) - 1]
    for step, wrong, hints in zip(steps, ([], [5.0], []), (0, 0, 1), strict=True):
        quiz.arrive(STOPS[step])
        for _ in range(hints):
            quiz.hint(TRACE, STOPS[step])
        for value in (*wrong, TRACE[step].value):
            answered(quiz, STOPS[step], value)
    assert quiz.score == (1, 3)
    quiz.reset()
    assert quiz.score == (0, 0)
    assert quiz.answers == []
    assert quiz.level == 1


def test_by_neuron_a_question_counts_once_however_many_numbers_it_asks_for():
    stop = walk(TRACE, "neuron")[0]
    one, other = Quiz(8), Quiz(8)
    answered(one, stop, 4.0, 0.982)
    assert one.score == (1, 1)
    answered(other, stop, 3.0, 0.982)
    answered(other, stop, 4.0, 0.982)
    assert other.score == (0, 1)


def test_whoever_goes_away_and_comes_back_has_not_answered_at_once():
    quiz, stop = Quiz(1), STOPS[-1]
    quiz.hint(TRACE, stop)
    quiz.arrive(STOPS[-2])
    quiz.arrive(stop)
    assert quiz.hints(TRACE, stop) == 1
    answered(quiz, stop, TRACE[-1].value)
    assert quiz.score == (0, 1)


def test_to_reset_the_score_does_not_ask_again_for_what_was_answered():
    quiz, stop = Quiz(1), STOPS[-1]
    answered(quiz, stop, TRACE[-1].value)
    quiz.reset()
    assert not quiz.question(TRACE, stop)


def test_what_was_passed_by_can_be_seen_and_is_not_asked_for_any_more():
    quiz = Quiz(8)
    quiz.arrive(STOPS[10])
    assert not quiz.question(TRACE, STOPS[9])
    assert quiz.question(TRACE, STOPS[10])
    quiz.begin(8)
    assert quiz.question(TRACE, STOPS[9])


def test_answers_are_data_for_a_table():
    quiz, stop = Quiz(3), STOPS[TRACE.step_of("dl_dz", 2, 0)]
    quiz.hint(TRACE, stop)
    answered(quiz, stop, TRACE.dl_da[1][0])
    (answer,) = quiz.answers
    step, value = TRACE.step_of("dl_dz", 2, 0), float(TRACE.dl_da[1][0])
    right = float(TRACE.dl_dz[1][0])
    assert answer == Answer(step, "dl_dz", 2, 0, None, 0, value, right, False, ("gain_forgotten",), 1, 1)
    table = pd.DataFrame(quiz.answers)
    assert list(table.columns) == list(Answer._fields)
    assert table.mistakes[0] == ("gain_forgotten",)


# Numbers as people type them


@pytest.mark.parametrize(
    ("text", "value", "rounding"),
    [
        ("0.12", 0.12, 0.005),
        (" −3 ", -3, 0),
        ("-0.0458", -0.0458, 0.00005),
        ("+2.50", 2.5, 0.005),
        (".5", 0.5, 0),
        ("1.5e-4", 1.5e-4, 0.5e-5),
        ("1.2×10⁻⁷", 1.2e-7, 0.5e-8),
        ("1.2 * 10^-7", 1.2e-7, 0.5e-8),
        ("2E3", 2000, 0),
        ("−２．５", -2.5, 0.05),
        ("5×10⁷", 5e7, 0),
    ],
)
def test_a_number_is_taken_as_people_write_it(text, value, rounding):
    (one,) = numbers(text)
    assert one.value == pytest.approx(value)
    assert one.rounding == pytest.approx(rounding)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "abc",
        "1.2.3",
        "0.5 apples",
        "--3",
        "1/4",
        "×10⁻⁷",
        "nan",
        "inf",
        "e5",
        "1e400",
        "1.5e400",
        "0.5*100",
        "2*1000",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"give a number|is not a number"):
        numbers(text)


def test_several_numbers_stand_between_spaces_commas_or_semicolons():
    assert [it.value for it in numbers("4, 0.98; −1  7")] == [4, 0.98, -1, 7]


@given(st.floats(-1e12, 1e12), st.integers(2, 6))
def test_whatever_a_picture_shows_can_be_typed(value, digits):
    (one,) = numbers(number(value, digits))
    assert one.value == pytest.approx(value, rel=0.051, abs=1e-300)


@given(st.floats(0.01, 100), st.integers(2, 5))
def test_a_value_that_was_rounded_to_two_digits_or_more_is_right(value, digits):
    (one,) = numbers(f"{value:.{digits - 1}e}")
    assert is_close(one.value, value, one.rounding * (1 + 1e-9))
