"""A still picture, as text and as files: what it shows, what it needs, and what it refuses."""

import re
import sys
from html import escape, unescape
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from networks import lecture

import bppviz
from bppviz import Network, Still, backprop, latex, still
from bppviz.core.samples import default_sample
from bppviz.paper.output import output
from bppviz.picture.theme import palette
from bppviz.words.catalogue import LANGUAGES

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def trace():
    return lecture()


def size_of(svg: str) -> tuple[float, float]:
    root = ElementTree.fromstring(svg)
    return float(root.get("width")), float(root.get("height"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_it_is_a_whole_file_in_the_colours_of_its_theme(trace, lang, theme):
    made = still(trace, 28, lang=lang, theme=theme)
    root = ElementTree.fromstring(made.svg)
    assert "var(" not in made.svg
    assert palette(theme)["var(--bppviz-backward)"] in made.svg
    assert root.find(f"{SVG}title").text == made.title
    assert root.get("lang") == lang
    names = {it.get("id") for it in root.iter() if it.get("id")}
    assert {it.get("href")[1:] for it in root.iter(f"{SVG}use")} <= names
    assert root.findall(f".//{SVG}text") == []


def test_its_title_says_the_step_aloud(trace):
    assert still(trace, 28).title.startswith("the derivative of l by a 2 equals minus 0.009398.")
    assert still(trace, 28, lang="zh-TW").title.startswith("l 對 a 2 的偏微分")


def test_words_stand_below_the_picture_unless_they_are_not_wanted(trace):
    told, alone = (size_of(still(trace, 28, words=words).svg) for words in (True, False))
    assert told[0] == alone[0]
    assert told[1] > alone[1] + 120


def test_a_notebook_shows_the_file(trace):
    made = still(trace, -1)
    assert made._repr_svg_() == made.svg
    assert made.step == len(trace) - 1


@pytest.mark.parametrize(("name", "begins"), [("a.svg", b"<svg "), ("b.PNG", b"\x89PNG"), ("c.pdf", b"%PDF")])
def test_it_is_saved_in_the_format_that_the_name_says(trace, tmp_path, name, begins):
    still(trace, 3, lang="zh-TW").save(tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert [it.name for it in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["walk", "walk.gif", "walk.svgz"])
def test_a_name_that_says_no_format_is_refused(trace, tmp_path, name):
    with pytest.raises(ValueError, match=r"^unknown ending .*; choose one of: svg, png, pdf\."):
        still(trace, 3).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "missing"), [("a.png", "resvg_py"), ("a.pdf", "svglib.svglib")])
def test_without_the_extra_it_is_said_what_to_install(trace, tmp_path, monkeypatch, name, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ImportError, match=r'need a library that is missing .*pip install "bppviz\[image\]"'):
        still(trace, 3).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_the_formula_is_a_line_of_text(trace, monkeypatch):
    drawn = still(trace, 11).svg
    monkeypatch.setattr("bppviz.paper.still.can_typeset", lambda: False)
    written = still(trace, 11).svg
    assert len(written) < len(drawn)
    assert size_of(written)[1] > size_of(still(trace, 11, words=False).svg)[1] + 60


def test_a_wide_formula_is_made_as_narrow_as_the_picture():
    network = Network.random([9, 2], "tanh", "half_squared_error")
    trace = backprop(network, *default_sample(network))
    made = still(trace, 0)
    assert size_of(made.svg)[0] == made.picture.width


def test_brackets_around_a_sum_are_as_high_as_what_they_hold():
    trace = backprop(Network.random([2, 3], "softmax"), [1, -1], [1, 0, 0])
    formula = still(trace, trace.step_of("dl_dz", 1)).svg
    assert size_of(formula)[1] < size_of(still(trace, 0).svg)[1] + 60


def test_a_name_that_has_no_outlines_is_written_as_text():
    made = Network.random([2, 1], "tanh")
    network = Network(made.weights, made.biases, made.activations, made.loss, input_names=["длина", "a < b"])
    svg = still(backprop(network, [1, 2], [0]), 0).svg
    root = ElementTree.fromstring(svg)
    assert [it.text for it in root.iter(f"{SVG}text")] == ["длина"]


@pytest.mark.parametrize("name", ["R&D", "a<b", "</b>", "<br>", "a &lt b", "x<y>z", "\ufffe$x$"])
def test_a_name_is_taken_as_it_is_in_files_and_in_the_output_of_a_cell(name):
    made = Network.random([2, 1], "tanh")
    network = Network(made.weights, made.biases, made.activations, made.loss, input_names=[name, "k"])
    trace = backprop(network, [1, 2], [0])
    for k in range(len(trace)):
        shown = still(trace, k)
        ElementTree.fromstring(shown.svg)
        html = output(shown)["text/html"]
        address = re.search(r'src="data:image/svg\+xml,([^"]*)"', html)[1]
        ElementTree.fromstring(unquote(unescape(address)))
        assert escape(name.replace("\ufffe", "\ufffd")) in html or name.replace("\ufffe", "\ufffd") not in shown.title


def test_a_name_without_outlines_is_refused_in_a_pdf_file_alone(tmp_path):
    made = Network.random([2, 1], "tanh")
    network = Network(made.weights, made.biases, made.activations, made.loss, input_names=["длина", "k"])
    shown = still(backprop(network, [1, 2], [0]), 0)
    shown.save(tmp_path / "a.png")
    with pytest.raises(ValueError, match=r"^PDF files cannot have these letters of your names: длина; save \.svg or"):
        shown.save(tmp_path / "a.pdf")


def test_a_large_network_shows_its_layer():
    network = Network.random([30, 40, 10], "tanh", "cross_entropy")
    svg = still(backprop(network, *default_sample(network)), 3, lang="zh-TW").svg
    assert ElementTree.fromstring(svg).findall(f".//{SVG}text") == []


@pytest.mark.parametrize("call", [still, latex])
def test_what_does_not_fit_is_refused(trace, call):
    with pytest.raises(TypeError, match=f"^{call.__name__} needs what bppviz.backprop returns"):
        call(Network.lecture(), 0)
    with pytest.raises(IndexError, match=r"^step 900 of a trace with 49 steps"):
        call(trace, 900)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"lang": "fr"}, "unknown language 'fr'"),
        ({"theme": "auto"}, "unknown theme 'auto'"),
        ({"view": "mirrored"}, "unknown view 'mirrored'"),
    ],
)
def test_unknown_options_are_refused_at_once(trace, options, error):
    with pytest.raises(ValueError, match=error):
        still(trace, 0, **options)


def test_equal_stills_have_equal_files(trace):
    assert isinstance(still(trace, 5), Still)
    assert still(trace, 5).svg == still(lecture(), 5).svg


def test_the_formula_in_latex(trace):
    assert latex(trace, 0) == "z_{1} = x_{1} w_{1} + x_{2} w_{2} + b_{1}"
    both = latex(trace, 0, numbers=True)
    assert both.startswith(r"\begin{aligned} & z_{1} = x_{1} w_{1} + x_{2} w_{2} + b_{1} \\ & = 1 \times 1")
    assert trace[0]._repr_latex_() == f"$${both}$$"
    assert bppviz.latex(trace, -1) == latex(trace, len(trace) - 1)
