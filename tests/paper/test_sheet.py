"""A walk on paper, as text: which steps it has, in which words, and what it refuses."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from networks import lecture, lecture_of_two

from bppviz import Explainer, Network, backprop, explain, save_sheet
from bppviz.core.samples import default_sample
from bppviz.core.walk import GRANULARITIES, walk
from bppviz.paper.chosen import chosen
from bppviz.paper.pages import PAPERS, body_size, document, numbered_pages, turned
from bppviz.paper.plan import GRIDS, Told, planned
from bppviz.paper.room import room
from bppviz.picture.film import Film
from bppviz.words.catalogue import LANGUAGES, words

LECTURES = (1200.0, 454.0)  # the size of its picture
WORDS = Told("Step 1 of 9 · Forward", "z₁", "", "", "Each input times its weight, all added up, plus the bias.")


@pytest.fixture(scope="module")
def trace():
    return lecture()


@pytest.fixture
def saved(tmp_path):
    """A function that writes a sheet and returns its text."""

    def write(trace, *arguments, **options):
        save_sheet(trace, tmp_path / "walk.html", *arguments, **options)
        return (tmp_path / "walk.html").read_text(encoding="utf-8")

    return write


def headings(html: str) -> list[str]:
    return [re.sub("<.*?>", "", it) for it in re.findall("<h2>(.*?)</h2>", html)]


# What stands in it


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_step_has_its_heading_picture_formula_and_sentence(trace, saved, lang):
    html, film, say = saved(trace, lang=lang), Film(trace), words(lang)
    steps = html.split('<article class="bppviz-step"')[1:]
    assert len(steps) == 49
    for place, (stop, step) in enumerate(zip(walk(trace), steps, strict=True), 1):
        frame = film.frame(stop)
        heading = say("sheet.step", place=place, steps=49, phase=say(f"phase.{frame['phase']}"))
        assert headings(step) == [f"{heading} · {frame['name']}"]
        assert step.count("<svg ") == 1
        assert f"<div>{frame['formula']}</div><div>{frame['substituted']}</div>" in step
        assert unescape(re.search("<p>(.*)</p>", step)[1]) == frame["sentence"][lang]


@pytest.mark.parametrize(("total", "phase"), [("sum", "加總"), ("mean", "平均")])
def test_the_step_of_all_samples_is_called_what_it_is(saved, total, phase):
    html = saved(lecture_of_two(total=total), lang="zh-TW", steps="sum")
    assert all(phase in heading for heading in headings(html))


def test_it_needs_nothing_from_elsewhere_and_runs_nothing(trace, saved):
    html = saved(trace)
    assert not re.search(r"<script|<link|<img|\son\w+=|https?://(?!www\.w3\.org)|var\(", html)
    assert set(re.findall(r"url\(\"(data:font/woff2)", html)) == {"data:font/woff2"}


def test_letters_that_its_pictures_share_stand_in_it_once(trace, saved):
    html = saved(trace)
    names = re.findall(r'<path id="(b\w+)"', html)
    assert len(names) == len(set(names))
    assert set(re.findall(r'<use href="#(b\w+)"', html)) == set(names)


def test_pages_are_numbered_and_bear_a_title(trace, saved):
    html = saved(trace, lang="zh-TW", per_page=4)
    assert re.findall(r"<span>(\d+ / \d+)</span>", html) == [f"{n} / 13" for n in range(1, 14)]
    assert html.count("<span>2-2-2-2 網路的反向傳播</span>") == 13
    assert '<html lang="zh-TW">' in html


def test_of_several_samples_the_title_says_which_one_is_walked_through(saved):
    html = saved(lecture_of_two().at_sample(1), [0])
    assert "<title>Back-propagation in a 2-2-2-2 network: sample 2 of 2</title>" in html


@pytest.mark.parametrize("name", ["R&D", "a<b", "</p>", "<script>", "длина", "x" * 80])
def test_a_name_is_taken_as_it_is(saved, name):
    made = Network.random([2, 1], "tanh")
    network = Network(made.weights, made.biases, made.activations, made.loss, input_names=[name, "k"])
    html = saved(backprop(network, [1, 2], [0]))
    assert "<script" not in html
    for picture in re.findall("<svg viewBox.*?</svg>", html):
        ElementTree.fromstring(picture)


def test_the_same_walk_gives_the_same_file(trace, saved):
    assert saved(trace, paper="letter") == saved(lecture(), paper="Letter")


@pytest.mark.parametrize("paper", PAPERS)
def test_its_paper_is_named_in_the_style_sheet(trace, saved, paper):
    assert f"@page {{ size: {paper}; margin: 0; }}" in saved(trace, [0], paper=paper.upper(), per_page=3)


# Which steps


@pytest.mark.parametrize(
    ("steps", "places"),
    [
        (0, [0]),
        (-1, [48]),
        ([5, -49, 5, 3], [0, 3, 5]),
        ("forward", list(range(12))),
        ("loss", [12]),
        (["loss", "dsigma"], [12, 14, 17, 20, 23, 26, 29]),
        (("gradient", 0), [0, *range(31, 49)]),
    ],
)
def test_steps_are_chosen_by_number_phase_and_quantity_in_the_order_of_the_walk(trace, steps, places):
    assert chosen(trace, walk(trace), steps) == places


def test_without_a_choice_it_is_all_of_them(trace):
    assert chosen(trace, walk(trace), None) == list(range(49))


@pytest.mark.parametrize("granularity", GRANULARITIES)
def test_in_any_walk_a_phase_is_all_stops_in_it(granularity):
    trace = lecture_of_two()
    stops = walk(trace, granularity)
    for phase in ("forward", "backward", "sum", "update"):
        wanted = [i for i, it in enumerate(stops) if trace[it.last].phase == phase]
        assert [i for i in chosen(trace, stops, phase) if trace[stops[i].last].quantity != "loss"] == wanted


def test_a_quantity_is_every_stop_that_computes_it(trace):
    stops = walk(trace, "neuron")
    assert chosen(trace, stops, "dl_dz") == [i for i, it in enumerate(stops) if trace[it.last].phase == "backward"]


def test_a_step_whose_sum_is_added_term_by_term_is_its_last_stop_and_its_quantity_all_of_them(trace):
    stops = walk(trace, "term")
    assert chosen(trace, stops, 0) == [2]
    assert chosen(trace, stops, "z")[:3] == [0, 1, 2]


def test_the_counter_is_that_of_the_whole_walk(trace, saved):
    assert headings(saved(trace, ["loss", -1]))[-1].startswith("Step 49 of 49 · Gradient")


def test_a_walk_can_go_by_layer(trace, saved):
    assert len(headings(saved(trace, granularity="layer"))) == len(walk(trace, "layer"))


# How many on a page


def test_as_many_stand_on_a_page_as_can_be_read():
    assert planned("A4", None, LECTURES, [WORDS] * 49).per_page == 3
    assert planned("A4", None, (2232.0, 1351.0), [WORDS] * 49)[:2] == (turned("A4"), 1)
    assert planned("A4", None, (656.0, 310.0), [WORDS] * 60).per_page == 6


def test_no_more_stand_on_a_page_than_its_pages_need():
    assert planned("A4", None, (656.0, 310.0), [WORDS] * 8).per_page == 4
    assert planned("A4", None, LECTURES, [WORDS]).per_page == 1


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("per_page", GRIDS)
def test_so_many_stand_on_a_page_as_is_asked_for(paper, per_page):
    plan = planned(paper, per_page, LECTURES, [WORDS] * 49)
    wide, high = plan.cell
    assert plan.per_page == per_page
    assert wide * plan.columns <= body_size(plan.paper)[0]
    assert high * plan.rows <= body_size(plan.paper)[1]


def test_long_words_are_written_smaller_so_that_a_picture_has_room():
    plan, long = planned("A4", 6, LECTURES, [WORDS]), WORDS._replace(sentence="Added up over all samples. " * 40)
    assert plan.fitting(WORDS) == plan.size
    assert plan.fitting(long) < plan.size


def test_a_paper_on_its_side_is_as_wide_as_it_was_high():
    assert f"@page {{ size: {turned('A4')}; margin: 0; }}" in document(
        "", numbered_pages([""]), paper=turned("A4"), lang="en"
    )
    assert body_size(turned("A4"))[0] > body_size("A4")[0]


def test_a_formula_has_room_for_all_of_its_parts():
    letter = room("<math><mi>z</mi></math>")
    assert room("") == (0, 0)
    assert room("<math><mi>z</mi><mi>z</mi></math>") == (2 * letter[0], letter[1])
    assert room("<math><mfrac><mi>z</mi><mi>z</mi></mfrac></math>")[1] > 2 * letter[1]
    rows = "<mtr><mtd><mi>z</mi></mtd><mtd><mi>z</mi></mtd></mtr>" * 3
    assert room(f"<math><mtable>{rows}</mtable></math>") > (2 * letter[0], 3 * letter[1])


# What is refused


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"steps": "forwards"}, ValueError, "unknown step 'forwards'; .* Did you mean 'forward'?"),
        ({"steps": "dldz"}, ValueError, "unknown step 'dldz'; .* Did you mean 'dl_dz'?"),
        ({"steps": ["z", None]}, TypeError, "steps has None in it; give step numbers, phases or quantities, such as"),
        ({"steps": 1.5}, TypeError, "steps is 1.5; give step numbers"),
        ({"steps": True}, TypeError, "steps is True; give step numbers"),
        ({"steps": []}, ValueError, "steps is empty; give step numbers, .* or leave it out for all."),
        (
            {"steps": "update"},
            ValueError,
            "no step of this run is 'update'; choose one of: forward, loss, backward, gr",
        ),
        ({"steps": ["z", "dL_dw"]}, ValueError, "no step of this run is 'dL_dw'; choose one of"),
        ({"steps": [0, 49]}, IndexError, "step 49 of a trace with 49 steps"),
        ({"per_page": 5}, ValueError, "per_page is 5; give one of: 1, 2, 3, 4, 6."),
        ({"per_page": "2"}, TypeError, "per_page is '2'; give one of"),
        ({"paper": "A5"}, ValueError, "unknown paper 'A5'; choose one of: A4, Letter."),
        ({"paper": None}, TypeError, "paper None is not a name; give one of: A4, Letter."),
        ({"lang": "fr"}, ValueError, "unknown language 'fr'"),
        ({"view": "mirrored"}, ValueError, "unknown view 'mirrored'"),
        ({"granularity": "step"}, ValueError, "unknown granularity 'step'"),
        (
            {"path": "walk.pdf"},
            ValueError,
            r"path is '.*walk\.pdf', and .*; give a name that ends in \.html, such as 'walk",
        ),
        ({"path": "walk"}, ValueError, r"give a name that ends in \.html"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(trace, tmp_path, options, error, said):
    path = tmp_path / options.pop("path", "walk.html")
    with pytest.raises(error, match=said) as raised:
        save_sheet(trace, path, **options)
    assert "\n" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_more_than_400_pages_are_refused_with_how_many_it_would_be(tmp_path):
    network = Network.random([16, 16, 1], "tanh")
    trace = backprop(network, *default_sample(network), learning_rate=0.1)
    with pytest.raises(ValueError, match=r"^\d+ steps would be \d+ pages with 1 on each, and 400 are the most; choose"):
        save_sheet(trace, tmp_path / "walk.html", per_page=1)
    long = Network.random([3] * 25, "tanh")
    trace = backprop(long, *([row] * 17 for row in default_sample(long)))
    with pytest.raises(
        ValueError, match=r"^\d,\d+ steps would be \d+ pages with 6 on each, and 400 are the most; choose"
    ):
        save_sheet(trace, tmp_path / "walk.html", granularity="term")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_trace_is_refused_with_the_call_that_was_meant(tmp_path):
    with pytest.raises(
        TypeError, match=r"^save_sheet needs what bppviz\.backprop returns, not a Network; give save_sh"
    ):
        save_sheet(Network.lecture(), tmp_path / "walk.html")
    explainer: Explainer = explain("neuron")
    with pytest.raises(TypeError, match=r"give its trace: explainer\.trace\."):
        save_sheet(explainer, tmp_path / "walk.html")
    explainer.close()
