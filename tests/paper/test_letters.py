"""The outlines of letters are those of the fonts, and there is one for all that a picture says."""

import json

import pytest

from bppviz.paper.letters import balanced, has_outlines, text_width, wrapped
from bppviz.paper.trace_letters import OUTLINES, chinese, latin
from bppviz.words.catalogue import LANGUAGES, catalogue

TOLD = ("picture", "legend", "z", "a", "loss", "dl_da", "dsigma", "dl_dz", "dl_dw", "dl_db", "pass", "layer", "update")


def test_the_outlines_are_those_of_the_fonts():
    for name, font in latin().items():
        written = json.loads((OUTLINES / f"{name}.json").read_text(encoding="utf-8"))
        assert written == json.loads(json.dumps(font)), "run python -m bppviz.paper.trace_letters"


def test_every_chinese_character_of_the_messages_has_an_outline():
    known = json.loads((OUTLINES / "chinese.json").read_text(encoding="utf-8"))["letters"]
    assert chinese() <= known.keys(), "run python -m bppviz.paper.trace_letters with the Chinese font"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_picture_says_has_outlines(lang):
    told = [text for name, text in catalogue(lang).items() if name.split(".")[0] in TOLD]
    assert len(told) > 40
    assert [text for text in told if not has_outlines(text.replace("\n", ""))] == []


@pytest.mark.parametrize("text", ["−5.717×10⁻⁵", "∂l/∂w₁₃⁽²⁾", "wₙ, wₖ, w₊", "½ Σ (y − t)²", "■ ●"])
def test_numbers_and_symbols_have_outlines(text):
    assert has_outlines(text)


def test_a_name_in_another_script_has_none():
    assert not has_outlines("длина")


def test_an_index_is_smaller_and_a_bold_letter_wider():
    assert text_width("w<sub>1</sub>", 18) < text_width("w1", 18)
    assert text_width("<b>net</b>", 18) > text_width("net", 18)
    assert text_width("one<br>and two", 18) == text_width("and two", 18)


def test_lines_are_broken_at_spaces_and_between_chinese_characters():
    assert wrapped("one two three", 10, 42) == ["one two", "three"]
    rows = wrapped("依連鎖律各有一項，（偏微分）就是權重。", 10, 85)
    assert "".join(rows) == "依連鎖律各有一項，（偏微分）就是權重。"
    assert not any(row[0] in "，）。" or row[-1] == "（" for row in rows)
    assert len(rows) == 3


def test_a_word_that_is_too_long_has_a_line_of_its_own():
    assert wrapped("a incomprehensibilities b", 10, 30) == ["a", "incomprehensibilities", "b"]


def test_lines_are_about_as_long_as_each_other():
    text = "The chain rule has a term for each of them, and the weight multiplies it."
    wide = text_width(text, 18) * 0.95
    assert len(wrapped(text, 18, wide)) == len(balanced(text, 18, wide)) == 2
    first, second = balanced(text, 18, wide)
    assert text_width(second, 18) > 0.7 * text_width(first, 18)
