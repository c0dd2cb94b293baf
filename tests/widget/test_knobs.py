"""The controls without a page: when they listen, how far they go, and in which order the page hears of it."""

import asyncio
from threading import get_ident

import pytest

from bppviz import Network
from bppviz.core.place import groups, place_at
from bppviz.widget.knobs import Knobs, limit, rate_knob, span
from bppviz.widget.parts import Parts
from bppviz.widget.sliders import Counter, Field, Slider, counter, rail
from bppviz.widget.stage import Hold
from bppviz.words.catalogue import words

NETWORK = Network.lecture()
W3 = place_at("w-2-0-0")


class Hand:
    """The user's hand: what it holds, as the page would tell it."""

    def __init__(self):
        self.last = Hold("", 0)

    def __call__(self):
        return self.last

    def holds(self, name, *, slider=True, down=False):
        self.last = Hold(name, self.last.times + 1, slider, down)

    def leaves(self):
        self.last = Hold(self.last.at, self.last.times, self.last.slider)


@pytest.fixture
def hand():
    return Hand()


@pytest.fixture
def parts():
    parts = Parts(words("en"))
    yield parts
    parts.close()


@pytest.fixture
def heard():
    return []


@pytest.fixture
def knobs(parts, hand, heard):
    told = lambda place, number, part: heard.append((place, number, part))  # noqa: E731
    knobs = Knobs(NETWORK, parts, hand, told, heard.append)
    for layer, column in enumerate(groups(NETWORK.sizes, ())):
        knobs.column(layer, column, lambda place: 0.0 if place.quantity in "xt" else NETWORK.value(*place))
    yield knobs
    knobs.clear()


def pair(knobs, place):
    """Return the slider and the field of a place."""
    knob = knobs[place]
    return knob.slider, knob.field


def show(knobs, place, number, **but):
    """Show another number at a place."""
    knobs[place].show(number, **but)


def test_a_slider_listens_to_the_page_only_while_it_is_held(knobs, hand, heard):
    slider, _ = pair(knobs, W3)
    slider.set_state({"value": 1.0})
    hand.holds("w-1-0-0")
    slider.set_state({"value": 1.0})
    assert (heard, slider.value) == ([], 2.0)
    hand.holds("w-2-0-0")
    slider.set_state({"value": 1.0})
    assert heard == [(W3, 1.0, slider)]


def test_a_number_from_the_sliders_grid_is_told_as_people_write_it(knobs, hand, heard):
    slider, _ = pair(knobs, W3)
    hand.holds("w-2-0-0")
    slider.set_state({"value": 0.1 + 0.2})
    assert heard == [(W3, 0.3, slider)]


def test_what_a_drag_has_told_is_not_sent_back_and_the_drag_goes_on(knobs, hand, heard):
    slider, field = pair(knobs, W3)
    hand.holds("w-2-0-0")
    for value in (0.1 + 0.2, 0.4):
        slider.set_state({"value": value})
        knobs.show(
            lambda place: heard[-1][1] if place == W3 else NETWORK.value(*place) if place.quantity in "wb" else 0
        )
        assert slider.is_held
    assert [number for _, number, _ in heard] == [0.3, 0.4]
    assert field.value == "0.4"


def test_a_slider_that_python_moves_listens_only_when_it_is_held_anew(knobs, hand, heard):
    slider, _ = pair(knobs, W3)
    hand.holds("w-2-0-0")
    show(knobs, W3, 1.5)
    slider.set_state({"value": -5.0})
    assert (heard, slider.value) == ([], 1.5)
    hand.holds("w-2-0-0")
    slider.set_state({"value": -5.0})
    assert heard == [(W3, -5.0, slider)]


def test_a_number_that_is_typed_is_told_as_it_is_and_needs_no_slider_that_reaches_it(knobs, heard):
    slider, field = pair(knobs, W3)
    field.value = "7.123456789"
    assert heard == [(W3, 7.123456789, field)]
    show(knobs, W3, 7.123456789, but=field)
    assert (slider.min, slider.max, slider.value) == (-10, 10, 7.123456789)


@pytest.mark.parametrize(
    ("value", "far"), [(0, 5), (-5, 5), (5.1, 10), (-21, 40), (float("nan"), 5), (1e9, 5 * 2.0**28)]
)
def test_a_slider_goes_as_far_as_it_takes(value, far):
    assert limit(value) == far


def test_the_span_of_a_number_reaches_all_that_it_was_and_that_of_a_probability_stays():
    assert span(NETWORK, W3, 2.0) == (-5, 5)
    assert span(NETWORK, W3, 2.0, -5.0, 5.0) == (-5, 5)
    assert span(NETWORK, W3, 2.0, -20.0) == (-20, 20)
    network = Network([[[1]]], [[0]], "sigmoid", "binary_cross_entropy")
    assert span(network, place_at("t-1-0"), 0.3) == (0, 1)
    assert span(network, place_at("x-0-0"), 0.3) == (-5, 5)


def test_the_slider_of_a_chart_follows_its_number_unless_it_is_dragged(parts, hand):
    under = rail(parts, hand)
    under.put(7.0, -10.0, 10.0)
    assert (under.min, under.max, under.value) == (-10, 10, 7)
    hand.holds("rail", down=True)
    under.put(1.0, -5.0, 5.0)
    assert (under.min, under.max, under.value) == (-10, 10, 7)
    under.set_state({"value": 6.0})
    assert (under.value, under.is_held) == (6, True)
    hand.leaves()
    under.put(1.0, -5.0, 5.0)
    assert (under.min, under.max, under.value, under.is_held) == (-5, 5, 1, False)


def test_the_page_hears_of_a_new_range_before_the_value_in_it(parts, hand, monkeypatch):
    sent = []
    visit = counter(parts, "visit", 0, hand)
    monkeypatch.setattr(Counter, "send_state", lambda self, key=None: sent.append(key))
    visit.put(100, 0, 1000)
    assert (visit.min, visit.max, visit.value) == (0, 1000, 100)
    assert sent == ["max", "value"]  # a value that comes first, or with it, would be cut to the old range
    sent.clear()
    visit.put(100, 0, 1000)
    assert sent == []


def test_a_counter_that_python_moves_listens_only_when_it_is_held_anew(parts, hand):
    visit = counter(parts, "visit", 0, hand)
    hand.holds("visit")
    visit.put(7, 0, 10)
    visit.set_state({"value": 0})
    assert visit.value == 7
    hand.holds("visit")
    visit.set_state({"value": 3})
    assert visit.value == 3


def test_controls_share_one_layout_and_one_style_of_a_kind(knobs, parts):
    one, other = (pair(knobs, place)[0] for place in (W3, place_at("b-3-1")))
    assert isinstance(one, Slider)
    assert one.layout is other.layout is parts.button("undo").layout
    assert one.style is other.style


def test_the_learning_rates_slider_grows_to_reach_what_is_typed(parts, hand):
    knob = rate_knob(parts, 0.5, hand)
    knob.show(2e5)
    assert (knob.slider.max, knob.slider.value, knob.field.value) == (6, 2e5, "200000")
    knob.show(1e-7)
    assert (knob.slider.min, knob.slider.value, knob.field.value) == (-7, 1e-7, "1×10⁻⁷")


def test_the_learning_rates_slider_comes_back_to_its_usual_range(parts, hand):
    knob = rate_knob(parts, 0.5, hand)
    for rate in (1e308, 1e-300, 0.3):
        knob.show(rate)
    assert (knob.slider.min, knob.slider.max, knob.slider.value) == (-3, 2, 0.3)


def test_a_slider_goes_no_further_than_it_takes(knobs):
    slider, field = pair(knobs, W3)
    for number, text, far in ((1e9, "1×10⁹", 5 * 2.0**28), (0.5, "0.5", 5), (-7, "−7", 10)):
        show(knobs, W3, number)
        assert (slider.min, slider.max, slider.value, field.value) == (-far, far, number, text)


def test_a_slider_that_is_dragged_is_not_moved_from_here_until_the_hand_leaves(knobs, hand, heard):
    slider, field = pair(knobs, W3)
    hand.holds("w-2-0-0", down=True)
    show(knobs, W3, 1.5)
    assert (slider.value, field.value) == (2.0, "1.5")
    slider.set_state({"value": 1.0})
    assert heard == [(W3, 1.0, slider)]
    hand.leaves()
    show(knobs, W3, 1.5)
    assert (slider.value, field.value) == (1.5, "1.5")


def test_a_number_that_is_typed_lets_no_slider_be_heard(knobs, hand, heard):
    slider, field = pair(knobs, W3)
    field.value = "12345.678"
    show(knobs, W3, 12345.678, but=field)
    hand.holds("w-2-0-0", slider=False)  # the page may tell of it afterwards
    slider.set_state({"value": 12345.7})
    assert heard == [(W3, 12345.678, field)]


def test_a_field_that_is_being_typed_in_is_left_alone_unless_what_is_typed_is_refused(knobs, hand):
    slider, field = pair(knobs, W3)
    hand.holds("w-2-0-0", slider=False, down=True)
    show(knobs, W3, 1.5)
    assert (slider.value, field.value) == (1.5, "2")
    field.value = "1e308"
    knobs[W3].refuse(1.5)
    assert field.value == "1.5"
    hand.leaves()
    show(knobs, W3, 3.0)
    assert (slider.value, field.value) == (3.0, "3")


# Fields


@pytest.mark.parametrize(
    ("number", "text", "exactly"),
    [
        (1.2345678e-7, "1.2×10⁻⁷", "1.2345678×10⁻⁷"),
        (-10.465123, "−10.47", "−10.465123"),
        (1 / 3, "0.3333", "0.3333333333333333"),
        (-1.2345e-100, "−1.2×10⁻¹⁰⁰", "−1.2345×10⁻¹⁰⁰"),
        (0.1, "0.1", "0.1"),
    ],
)
def test_a_field_shows_what_has_room_and_its_tooltip_all_of_it(knobs, number, text, exactly):
    _, field = pair(knobs, W3)
    show(knobs, W3, number)
    assert (field.value, field.tooltip) == (text, f"w₃ = {exactly}")


@pytest.mark.parametrize("text", ["−3", "-3", "- 3", "−３", "-3.0", "−30×10⁻¹", "-3e0", " −3 "])
def test_a_field_reads_numbers_as_an_answer_is_read(knobs, heard, text):
    _, field = pair(knobs, W3)
    field.value = text
    assert heard == [(W3, -3.0, field)]


@pytest.mark.parametrize("text", ["abc", "", "1 2", "1,5", "3↕", "nan", "1e", "1e400"])
def test_what_is_no_number_is_told_and_the_number_comes_back(knobs, heard, text):
    _, field = pair(knobs, W3)
    show(knobs, W3, 1 / 3)
    field.value = text or " "
    assert (heard, field.value) == ([text or " "], "0.3333")


def test_a_field_that_is_left_as_it_was_found_changes_nothing(knobs, hand, heard):
    _, field = pair(knobs, W3)
    show(knobs, W3, 1 / 3)
    hand.holds("w-2-0-0", slider=False, down=True)
    field.value = field.tooltip.split(" = ")[1]
    assert (heard, field.value) == ([], "0.3333333333333333")
    hand.leaves()
    show(knobs, W3, 1 / 3)
    assert (heard, field.value) == ([], "0.3333")


def test_nothing_reaches_a_field_while_somebody_types_in_it(knobs, hand, monkeypatch):
    slider, _ = pair(knobs, W3)
    sent = []
    hand.holds("w-2-0-0", slider=False, down=True)
    monkeypatch.setattr(Field, "send_state", lambda self, key=None: sent.append(set(key)))
    show(knobs, W3, 1.5)
    assert (sent, slider.value) == ([], 1.5)
    hand.leaves()
    show(knobs, W3, 1.5)
    assert sent == [{"value", "tooltip"}]


def test_a_key_steps_from_the_exact_number(knobs, hand, heard):
    _, field = pair(knobs, W3)
    hand.holds("w-2-0-0", slider=False, down=True)
    field.value = "0.123456789↑"
    assert (heard[-1], field.value) == ((W3, 0.173456789, field), "0.173456789")
    field.value = "0.3↓↓"
    assert (heard[-1], field.value) == ((W3, 0.2, field), "0.2")
    assert field.tooltip == "w₃ = 0.2"


def test_keys_that_are_sent_together_with_earlier_ones_step_once_each(knobs, hand, heard):
    _, field = pair(knobs, W3)
    hand.holds("w-2-0-0", slider=False, down=True)
    numbers = []
    for text in ("0.5↑", "0.5↑↑↑", "0.5↑↑↑↓"):  # the second of them never came, as the kernel was busy
        field.value = text
        numbers.append(heard[-1][1])
    assert numbers == [0.55, 0.65, 0.6]
    show(knobs, W3, 1.0)  # by a training, say
    field.value = "0.5↑↑↑↓↑"
    assert heard[-1][1] == 1.05
    show(knobs, W3, 0.5)
    hand.leaves()
    hand.holds("w-2-0-0", slider=False, down=True)
    field.value = "0.5↑"
    assert heard[-1][1] == 0.55


def test_a_key_makes_a_learning_rate_a_little_larger_and_never_less_than_nothing(parts, hand):
    knob, heard = rate_knob(parts, 0.5, hand), []
    knob.changed = lambda number, part: heard.append(number)
    for text in ("0.5↑", "0.56↓", "1×10⁻⁷↓", "-1↑"):
        knob.field.value = text
    assert heard == [0.56, 0.5, 8.9e-8, -1.0]


def test_a_key_leaves_a_probability_a_probability(parts, hand):
    network, heard = Network([[[1]]], [[0]], "sigmoid", "binary_cross_entropy"), []
    knobs = Knobs(network, parts, hand, lambda place, number, part: heard.append(number), heard.append)
    target = place_at("t-1-0")
    knobs.column(1, [target], lambda place: 0.97)
    _, field = pair(knobs, target)
    field.value = "0.97↑↑↓"
    assert (heard, field.value) == ([0.95], "0.95")
    knobs.clear()


def test_a_slider_that_is_dragged_tells_its_field_in_one_message(knobs, hand, monkeypatch):
    slider, _ = pair(knobs, W3)
    sent = []
    monkeypatch.setattr(Field, "send_state", lambda self, key=None: sent.append(set(key)))
    hand.holds("w-2-0-0", down=True)
    show(knobs, W3, 1.5, but=slider)
    assert sent == [{"value", "tooltip"}]


def test_a_control_is_heard_in_the_thread_that_made_it_in_whichever_the_page_is_heard(parts):
    async def heard_in():
        button, threads = parts.button("undo"), []
        button.on_click(lambda _: threads.append(get_ident()))
        content = {"data": {"method": "custom", "content": {"event": "click"}}}
        message = {"header": {"subshell_id": "another"}, "content": content, "buffers": []}
        button.comm.handle_msg(message)
        await asyncio.to_thread(button.comm.handle_msg, message)
        assert "subshell_id" not in message["header"]
        return threads

    assert asyncio.run(heard_in()) == [get_ident()] * 2
