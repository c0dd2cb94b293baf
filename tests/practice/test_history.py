"""States that can be gone back to."""

from hypothesis import given
from hypothesis import strategies as st

from bppviz.practice.history import MOST_BYTES, MOST_STATES, History


def went(*states):
    history = History(states[0])
    for state in states[1:]:
        history.push(state)
    return history


def test_a_history_begins_where_it_was_begun_with_no_way_back_or_forward():
    history = went("a")
    assert (history.now, history.can_undo, history.can_redo) == ("a", False, False)


def test_undo_and_redo_go_back_and_forth_and_stay_at_the_ends():
    history = went("a", "b", "c")
    seen = []
    for go in (history.undo, history.undo, history.undo, history.redo, history.redo, history.redo):
        go()
        seen.append(history.now)
    assert seen == ["b", "a", "a", "b", "c", "c"]


def test_a_new_state_forgets_what_was_undone():
    history = went("a", "b", "c")
    history.undo()
    history.push("d")
    assert (history.now, history.can_redo) == ("d", False)
    history.undo()
    assert history.now == "b"


def test_a_state_that_is_replaced_is_one_step_still():
    history = went("a", "b")
    history.replace("c")
    assert history.now == "c"
    history.undo()
    assert history.now == "a"


def test_a_very_long_history_forgets_its_beginning_and_stays_where_it_is():
    history = went(*range(MOST_STATES + 10))
    assert history.now == MOST_STATES + 9
    for _ in range(2 * MOST_STATES):
        history.undo()
    assert history.now == 10


def test_large_states_are_forgotten_sooner_and_what_they_share_counts_once():
    shared, own = {-1: MOST_BYTES // 2}, MOST_BYTES // 8
    history = History(0, lambda state: {**shared, state: own})
    for state in range(1, 10):
        history.push(state)
    seen = [history.now]
    while history.can_undo:
        history.undo()
        seen.append(history.now)
    assert seen == [9, 8, 7, 6]


def test_however_large_states_are_the_last_can_be_undone():
    history = History(0, lambda state: {state: 2 * MOST_BYTES})
    for state in range(1, 5):
        history.push(state)
    history.undo()
    assert (history.now, history.can_undo) == (3, False)


@given(st.lists(st.integers(), min_size=1), st.integers(0, 20))
def test_to_go_back_and_forward_again_changes_nothing(states, times):
    history = went(*states)
    times = min(times, len(states) - 1)
    for _ in range(times):
        history.undo()
    for _ in range(times):
        history.redo()
    assert history.now == states[-1]


def test_a_state_that_is_dropped_cannot_be_done_again():
    history = History(1)
    for state in (2, 3):
        history.push(state)
    history.drop()
    assert (history.now, history.can_undo, history.can_redo) == (2, True, False)
