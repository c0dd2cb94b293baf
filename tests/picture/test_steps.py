"""What each step shows: solid what is found, outlined what it is found from, quiet the rest; every number at its place.

The lecture's network stands for all that are written on their edges, others for what is special to them.
"""

import math
import re
from itertools import chain, combinations, pairwise

import pytest
from drawn import Drawn, plain
from networks import lecture, lecture_of_two
from pictures import strings

from bppviz import Network, backprop
from bppviz.core.place import Place, gradient_of, home, key
from bppviz.core.samples import default_sample
from bppviz.core.walk import walk
from bppviz.picture.film import Film
from bppviz.picture.layout import layout_of
from bppviz.picture.moment import part_of
from bppviz.picture.names import italic
from bppviz.picture.theme import part
from bppviz.words.numbers import number

RUNS = {
    "lecture": lecture(),
    "two samples": lecture_of_two(),
    **{
        name: backprop(network, *default_sample(network), learning_rate=0.1)
        for name, network in {
            "2-3-2": Network.random([2, 3, 2], "relu", "cross_entropy"),
            "1-1": Network.random([1, 1]),
            "2-2-1": Network.random([2, 2, 1], "identity", seed=1),
            "4-8-8-3": Network.random([4, 8, 8, 3], "leaky_relu", "cross_entropy"),
        }.items()
    },
}
LAYOUT = layout_of((2, 2, 2, 2))
# What is solid and what is outlined at the step of a place: of the lecture's network, and of some others.
STEPS = [
    ("lecture", "z-1-0", "z-1-0", "x-0-0 x-0-1 w-1-0-0 w-1-0-1 b-1-0"),
    ("lecture", "z-2-0", "z-2-0", "a-1-0 a-1-1 w-2-0-0 w-2-0-1 b-2-0"),
    ("lecture", "a-2-0", "a-2-0", "z-2-0"),
    ("lecture", "loss-3-0", "loss-3-0", "a-3-0 a-3-1 t-3-0 t-3-1"),
    ("lecture", "dl_da-3-0", "dl_da-3-0", "a-3-0 t-3-0"),
    ("lecture", "dl_da-2-0", "dl_da-2-0", "w-3-0-0 w-3-1-0 dl_dz-3-0 dl_dz-3-1"),
    ("lecture", "dsigma-2-0", "dsigma-2-0", "a-2-0"),
    ("lecture", "dl_dz-2-0", "dl_dz-2-0", "dsigma-2-0 dl_da-2-0"),
    ("lecture", "dl_dw-2-1-0", "dl_dw-2-1-0", "a-1-0 dl_dz-2-1"),
    ("lecture", "dl_dw-1-1-0", "dl_dw-1-1-0", "x-0-0 dl_dz-1-1"),
    ("lecture", "dl_db-2-1", "dl_db-2-1", "dl_dz-2-1"),
    ("two samples", "dL_dw-2-1-0", "dL_dw-2-1-0", "dl_dw-2-1-0"),
    ("two samples", "w-2-1-0", "new w-2-1-0", "w-2-1-0 dL_dw-2-1-0"),
    ("two samples", "b-2-1", "new b-2-1", "b-2-1 dL_db-2-1"),
    ("2-3-2", "z-2-1", "z-2-1", "a-1-0 a-1-1 a-1-2 w-2-1-0 w-2-1-1 w-2-1-2 b-2-1"),
    ("2-3-2", "a-2-0", "a-2-0", "z-2-0 z-2-1"),
    ("2-3-2", "dl_dz-2-0", "dl_dz-2-0", "a-2-0 t-2-0"),
    ("2-3-2", "dl_da-1-1", "dl_da-1-1", "w-2-0-1 w-2-1-1 dl_dz-2-0 dl_dz-2-1"),
    ("2-3-2", "dsigma-1-1", "dsigma-1-1", "z-1-1"),
    ("2-3-2", "dl_dw-2-1-0", "dl_dw-2-1-0", "a-1-0 dl_dz-2-1"),
    ("2-3-2", "dl_db-2-1", "dl_db-2-1", "dl_dz-2-1"),
    ("2-3-2", "w-2-1-0", "new w-2-1-0", "w-2-1-0 dl_dw-2-1-0"),
    ("2-3-2", "b-2-1", "new b-2-1", "b-2-1 dl_db-2-1"),
    ("1-1", "dl_dz-1-0", "dl_dz-1-0", "dsigma-1-0 dl_da-1-0"),
    ("1-1", "w-1-0-0", "new w-1-0-0", "w-1-0-0 dl_dw-1-0-0"),
    ("4-8-8-3", "z-2-3", "z-2-3", " ".join(f"a-1-{i} w-2-3-{i}" for i in range(8)) + " b-2-3"),
    ("4-8-8-3", "dl_da-2-3", "dl_da-2-3", " ".join(f"w-3-{i}-3 dl_dz-3-{i}" for i in range(3))),
    ("4-8-8-3", "dl_dw-2-3-5", "dl_dw-2-3-5", "a-1-5 dl_dz-2-3"),
]


@pytest.fixture(scope="module")
def films():
    return {name: Film(trace) for name, trace in RUNS.items()}


@pytest.fixture(scope="module")
def steps(films):
    """The picture of every step of the lecture's network."""
    return [Drawn(films["lecture"], stop) for stop in walk(RUNS["lecture"], "equation")]


@pytest.fixture(scope="module")
def end(films):
    """The end of the lecture's run, walked by pass: it is about nothing in particular."""
    return Drawn(films["lecture"], walk(RUNS["lecture"], "pass")[-1])


def place(own):
    quantity, *numbers = own.split("-")
    return Place(quantity, *map(int, numbers))


def at_step(film, own):
    """Return the picture at the step that computes a place."""
    step = film.picture.ground.shape.steps[place(own)]
    return Drawn(film, walk(film.trace, "equation")[step])


def events(*quantities):
    return [event for event in RUNS["lecture"] if event.quantity in quantities]


# Solid and outlined


@pytest.mark.parametrize(("name", "step", "solid", "outlined"), STEPS)
def test_what_is_found_is_solid_and_what_it_is_found_from_is_outlined(films, name, step, solid, outlined):
    drawn = at_step(films[name], step)
    assert drawn.standing_out("found") == {solid}
    assert drawn.standing_out("used") == set(outlined.split())


@pytest.mark.parametrize(("name", "step"), [row[:2] for row in STEPS])
def test_what_stands_out_has_the_colour_of_its_part_and_the_result_that_of_the_paper(films, name, step):
    drawn = at_step(films[name], step)
    is_new = place(step).quantity in "wb"
    found = drawn.text(place(step), is_result=True)
    assert found.colour == part("background")
    assert found.bold
    assert drawn.look(place(step), is_result=True) == f"found {'update' if is_new else part_of(place(step).quantity)}"
    for own in map(place, drawn.standing_out("used")):
        assert drawn.text(own).colour == part(part_of(own.quantity))
        assert drawn.look(own) == f"used {part_of(own.quantity)}"
        assert drawn.text(own).bold


def test_what_a_step_is_not_about_has_a_quiet_colour_and_is_not_bold(steps):
    for drawn in steps:
        standing_out = drawn.standing_out("found") | drawn.standing_out("used")
        quiet = [it for it in known(drawn) if key(it) not in standing_out]
        assert len(quiet) > 10
        for own in quiet:
            assert drawn.text(own).colour.removesuffix(")").endswith("quiet"), own
            assert not drawn.text(own).bold


def test_at_the_end_everything_has_its_full_colour_and_nothing_a_box(end):
    for own in known(end):
        assert end.text(own).colour == part(part_of(own.quantity)), own
        assert end.look(own) == ""
    boxes = {name: series["x"] for name, series in end.series.items() if name.startswith(("boxes found", "boxes used"))}
    assert set(map(str, boxes.values())) <= {"[None]"} | {str(boxes["boxes found forward"])}


def test_what_stands_out_is_different_at_every_step(steps):
    assert len({str(drawn.series) for drawn in steps}) == len(steps)


# Every number at its place


def known(drawn):
    """Return the places whose numbers a picture shows."""
    shape = drawn.shape
    gradients = [it for own in (*shape.edges, *shape.biases) for it in shape.found_of(own) if it != own]
    places = [*drawn.places(), *shape.edges, *shape.biases, *gradients]
    return [it for it in places if drawn.text(it) and drawn.text(it).value is not None]


@pytest.mark.parametrize("name", [name for name in RUNS if name != "4-8-8-3"])  # whose lists are closed
def test_at_the_last_step_every_number_of_the_run_is_at_its_place(films, name):
    film = films[name]
    drawn = Drawn(film, walk(film.trace, "pass")[-1])
    for event in film.trace:
        later = (
            drawn.shape.found_of(home(event.place))[-1] if event.source is not None or "b" in event.quantity else None
        )
        if later in (None, event.place):
            assert drawn.text(event.place, is_result=True).number == number(event.value), event


def test_a_closed_list_opens_at_a_step_of_its_neuron(films):
    film = films["4-8-8-3"]
    for own in (Place("w", 2, 3, 5), Place("w", 1, 0, 3), Place("b", 3, 2)):
        step = film.picture.ground.shape.steps[own._replace(quantity=f"dl_d{own.quantity}")]
        before, drawn = (Drawn(film, walk(film.trace, "equation")[it]) for it in (0, step))
        assert drawn.own(own).number == number(film.trace.value(own))
        assert drawn.found(own._replace(quantity=f"dl_d{own.quantity}")).number == number(film.trace[step].value)
        assert before.own(own) is None or own[1:3] == (1, 0)


def answers(drawn):
    """Return what answers the mouse of lists that are closed or were opened: of each place, where."""
    found = [
        zip(it["customdata"], it["x"], it["y"], strict=True) for it in (drawn.series["rows"], drawn.series["doors"])
    ]
    return {own: (x, y) for (_, own, *_), x, y in chain(*found) if x is not None}


def test_numbers_of_closed_lists_answer_where_they_are_told_and_a_list_that_tells_none_for_its_neuron(films):
    film = films["4-8-8-3"]
    shape, numbers = film.picture.ground.shape, set()
    for stop in walk(film.trace, "equation"):
        drawn = Drawn(film, stop)
        found = answers(drawn)
        for own in (*shape.edges, *shape.biases):
            text = drawn.own(own)
            assert (key(own) in found) == bool(text), (stop, own)
            if text:
                assert found[key(own)] == pytest.approx((text.x, text.y), abs=1)
                numbers.add(own)
        places = sorted(found.values())
        assert all(math.dist(*pair) > 15 for pair in combinations(places, 2))
        doors = {it[1:3] for it in shape.gates if key(Place("z", *it[1:3])) in found}
        assert all(key(own) not in found for own in (*shape.edges, *shape.biases) if own[1:3] in doors)
    assert numbers == {*shape.edges, *shape.biases}


def test_a_gradient_in_an_opened_list_answers_for_the_step_that_found_it(films):
    film, seen = films["4-8-8-3"], set()
    shape = film.picture.ground.shape
    for stop in (it for it in walk(film.trace, "equation") if film.trace[it.last].phase == "gradient"):
        drawn = Drawn(film, stop)
        series = drawn.series["row gradients"]
        rows = zip(series["customdata"], series["x"], series["y"], series["text"], strict=False)
        found = {own: (steps, x, y) for (_, own, *steps), x, y, text in rows if text.strip()}
        told = {own: text for own in (*shape.edges, *shape.biases) if (text := drawn.found(gradient_of(own)))}
        assert found.keys() == set(map(key, told))
        for own, text in told.items():
            steps, x, y = found[key(own)]
            assert steps == [shape.steps[gradient_of(own)]]
            assert (x, y) == (text.x, text.y)
            seen.add(own)
    assert seen == {*shape.edges, *shape.biases}


def test_each_step_writes_its_own_number_and_takes_none_away(steps):
    """But for a ∂l/∂a that makes room at the step at which its a is told as ∂z/∂w."""
    given = [it for it in known(steps[0]) if it.quantity in "xtwb"]
    assert len(given) == 4 + 12 + 6
    for event, drawn in zip(RUNS["lecture"], steps, strict=True):
        wanted = {*given, *(earlier.place for earlier in RUNS["lecture"][: event.step + 1])}
        away = (
            {Place("dl_da", event.layer - 1, event.source)} if event.quantity == "dl_dw" and event.layer > 1 else set()
        )
        hidden = away | {Place("dl_dw", *it[1:]) for it in factors(event)}
        assert set(known(drawn)) | hidden == wanted | hidden, event
        for own in known(drawn):
            assert drawn.text(own).value == pytest.approx(RUNS["lecture"].value(own), rel=5e-4), own


def factors(event):
    """Return the weights that a step tells as a ∂z/∂a."""
    return [it.place for it in event.operands if it.quantity == "w" and event.quantity == "dl_da"]


@pytest.mark.parametrize("name", ["lecture", "2-3-2", "1-1", "2-2-1"])
def test_a_derivative_stands_under_its_thing(films, name):
    trace = films[name].trace
    drawn = Drawn(films[name], next(it for it in walk(trace, "pass") if trace[it.last].phase == "gradient"))
    radius = drawn.shape.layout.radius
    for own in (it for it in known(drawn) if it.quantity in ("dl_dz", "dl_da", "dsigma")):
        thing = drawn.shape.gates.get(own) or drawn.shape.nodes[own._replace(quantity=own.quantity[-1])]
        assert drawn.text(own).x == pytest.approx(thing.x, abs=0.1)
        assert 20 < drawn.text(own).y - thing.y < radius + 50
    if drawn.shape.layout.tagged:
        for own in (*drawn.shape.edges, *drawn.shape.biases):
            gradient = drawn.found(own._replace(quantity=f"dl_d{own.quantity}"))
            assert gradient.x == pytest.approx(drawn.own(own).x, abs=30)  # a wide one makes room for the mast beside it
            assert 20 < gradient.y - drawn.own(own).y < 40


# Names and numbers


def test_names_are_in_italics_and_never_bold_and_numbers_are_upright(steps, end):
    for drawn in (*steps, end):
        for text in filter(None, (it for series in drawn.series.values() for it in series.get("text", ()))):
            for bold in re.findall("<b>(.*?)</b>", text):
                assert re.fullmatch(r"(?:[×←Σ] ?)?[−\d.×⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", bold), text


@pytest.mark.parametrize("name", RUNS)
def test_every_weight_and_bias_is_written_with_its_name_and_an_equals_sign(films, name):
    drawn = Drawn(films[name], walk(films[name].trace, "equation")[0])
    shape = drawn.shape
    for own in (*shape.edges, *shape.biases):
        text = drawn.own(own)
        if shape.layout.tagged:
            assert text.text == f"{plain(italic(shape.symbols(*own).text))} = {number(films[name].trace.value(own))}"
        elif shape.layout.open_lists:
            assert drawn.written("row names", own).text == f"{plain(italic(shape.symbols(*own).text))} ="


def test_an_index_is_no_part_of_a_number():
    """b₄ = 0 cannot be read as b₄₀."""
    assert italic("b₄") == '𝑏<sub><span style="font-size:115%">4</span></sub>'
    assert plain(italic("w₁₃⁽²⁾")) == "𝑤13(2)"
    assert italic("∂l/∂h") == "𝜕𝑙/𝜕ℎ"


def test_what_an_operand_is_as_a_derivative_is_said_at_it(films):
    told = {
        "dl_dw-2-1-0": ["= 𝜕𝑧4/𝜕𝑤4"],
        "dl_db-2-1": ["1 = 𝜕𝑧4/𝜕𝑏4"],
        "dl_da-2-0": ["= 𝜕𝑧5/𝜕𝑎3", "= 𝜕𝑧6/𝜕𝑎3"],
        "dl_dz-2-0": [],
        "z-2-0": [],
    }
    for step, wanted in told.items():
        drawn = at_step(films["lecture"], step)
        assert [plain(it) for it in drawn.series["factors"]["text"] if it.strip()] == wanted, step


def test_the_operands_of_a_step_have_its_digits_and_fall_back_to_four_after_it(steps):
    longer = 0
    for drawn, following in pairwise(steps):
        about = drawn.standing_out("used") - following.standing_out("used")
        for own in (it for it in map(place, about) if not it.quantity.startswith("dl_da") and following.text(it)):
            longer += len(drawn.text(own).number) > len(following.text(own).number)
            assert following.text(own).number == number(RUNS["lecture"].value(own))
    assert longer > 5


# Lines


def angles(drawn, name):
    return [angle % 360 for angle in drawn.series[name]["marker"]["angle"]]


def heads(drawn):
    """Return where the heads of the dark arrows are, with their angles and colours."""
    series = drawn.series["lit arrows"]
    columns = (series["x"], series["y"], [it % 360 for it in series["marker"]["angle"]], series["marker"]["color"])
    return list(zip(*columns, strict=True))[1:]


def test_a_quiet_edge_points_forward_at_every_step(steps):
    assert {str(angles(drawn, "arrows")) for drawn in steps} == {str(angles(steps[0], "arrows"))}
    assert all(0 < angle < 180 for angle in angles(steps[0], "arrows"))


def test_the_arrows_of_a_step_point_the_way_its_numbers_go(films):
    right, left = (lambda angle: 0 < angle < 180), (lambda angle: 180 < angle < 360)
    forward = heads(at_step(films["lecture"], "z-2-0"))
    assert len(forward) == 3  # two edges, and the mast of the bias, which points down
    assert sorted(right(angle) for _, _, angle, _ in forward) == [False, True, True]
    assert {colour for *_, colour in forward} == {part("ink")}
    back = heads(at_step(films["lecture"], "dl_da-2-0"))
    assert [left(angle) for _, _, angle, _ in back] == [True, True]
    assert {colour for *_, colour in back} == {part("backward")}
    a = LAYOUT.a(2, 0)
    assert all(abs(((x - a.x) ** 2 + (y - a.y) ** 2) ** 0.5 - LAYOUT.radius) < 1 for x, y, *_ in back)


def test_at_a_gradient_of_a_weight_two_arrows_meet_at_it_one_of_each_colour(films):
    for own in ("dl_dw-2-0-0", "dl_dw-2-1-0", "dl_dw-3-0-1"):
        drawn = at_step(films["lecture"], own)
        (x, y, one, first), (x2, y2, other, second) = heads(drawn)
        assert (x, y) == (x2, y2)
        assert [first, second] == [part("ink"), part("backward")]
        assert abs((one - other) % 360 - 180) <= 1
        weight = drawn.own(place(own)._replace(quantity="w"))
        assert ((weight.x - x) ** 2 + (weight.y - y) ** 2) ** 0.5 < 70
        lit = [name for name, series in drawn.series.items() if name.startswith("lit ") and len(series["x"]) > 1]
        assert not [name for name in lit if "negative" in name]  # the sign of the weight has no part in it


def test_a_dash_alone_is_the_sign_of_a_weight_and_a_larger_one_is_wider(steps):
    lines = {name: it["line"] for name, it in steps[0].series.items() if re.fullmatch(r"(positive|negative) \d", name)}
    assert {it["color"] for it in lines.values()} == {part("edge")}
    assert {name for name, it in lines.items() if it["dash"] != "solid"} == {f"negative {level}" for level in range(3)}
    for sign in ("positive", "negative"):
        widths = [float(re.search(r"[\d.]+", lines[f"{sign} {level}"]["width"])[0]) for level in range(3)]
        assert widths == sorted(set(widths))


def test_the_sigma_of_a_neuron_becomes_a_triangle_once_its_slope_is_known(steps):
    for event, drawn in zip(RUNS["lecture"], steps, strict=True):
        gates = drawn.series["gates"]
        known = {it.place for it in events("dsigma") if it.step <= event.step}
        assert [it == "triangle-left" for it in gates["marker"]["symbol"]] == [it in known for it in drawn.shape.gates]
        words = [text.strip() for text in drawn.series["gate words"]["text"]]
        assert words == ["" if it in known else "σ" for it in drawn.shape.gates]


def test_what_is_no_sigmoid_is_written_as_it_is_called(films):
    words = {name: {plain(it) for it in Drawn(film, walk(film.trace)[0]).series["gate words"]["text"] if it.strip()}
             for name, film in films.items()}  # fmt: skip
    assert words["2-3-2"] == {"ReLU"}
    assert words["1-1"] == {"tanh"}
    assert words["2-2-1"] == {"="}
    assert "softmax" in plain("".join(strings(Drawn(films["2-3-2"], walk(RUNS["2-3-2"])[0]).series["softmax"]["text"])))


@pytest.mark.parametrize(
    ("loss", "in_box", "rule"),
    [
        ("half_squared_error", "½ Σ (𝑦 − 𝑡)²", "𝑦1 − 𝑡1"),
        ("squared_error", "Σ (𝑦 − 𝑡)²", "2 (𝑦1 − 𝑡1)"),
        ("mean_squared_error", "1/𝐾 Σ (𝑦 − 𝑡)²", "2/𝐾 (𝑦1 − 𝑡1)"),
    ],
)
@pytest.mark.parametrize(("view", "told"), [("network", "{} ="), ("mirror", "= {}")])  # before its number, or below it
def test_the_box_of_the_loss_and_the_rule_of_its_derivative_say_the_factor(loss, in_box, rule, view, told):
    trace = backprop(Network.random([2, 2, 2], "tanh", loss), [1, -1], [1, 0])
    shown = strings(Film(trace, view).drawn(walk(trace)[trace.step_of("dl_da", 2, 0)], "en"))
    assert {in_box, told.format(rule)} <= set(map(plain, shown))
    assert all(told.format(it) not in map(plain, shown) for it in ("𝑦1 − 𝑡1", "2 (𝑦1 − 𝑡1)") if it != rule)


@pytest.mark.parametrize(("total", "before", "value"), [("sum", "Σ", "0.03655"), ("mean", "Σ/𝑁", "0.01828")])
def test_a_gradient_of_all_samples_is_told_from_that_of_one(total, before, value):
    trace = lecture_of_two(total=total)
    shown = strings(Film(trace).drawn(walk(trace)[trace.step_of("dL_db", 1, 0)], "en"))
    assert f"{before} {value}" in set(map(plain, shown))
