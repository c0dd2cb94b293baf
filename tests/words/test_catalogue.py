"""Every text in every language, and none in the code."""

import ast
import itertools
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import polib
import pytest

import bppviz
from bppviz import Network, backprop
from bppviz.core.functions import ACTIVATIONS, LOSSES
from bppviz.core.samples import DATA
from bppviz.core.walk import GRANULARITIES, granularities, walk
from bppviz.picture.film import VIEWS
from bppviz.picture.legend import KEYS
from bppviz.picture.theme import CHOICES
from bppviz.practice.cost import Cost
from bppviz.words.catalogue import LANGUAGES, catalogue, language, listed, words
from bppviz.words.compile import CATALOGUES, compiled, compiled_file
from bppviz.words.sentences import Narrator

PACKAGE = Path(bppviz.__file__).parent
SOURCES = {
    path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))
}
TEMPLATE = polib.pofile((files("bppviz.words") / "messages" / "bppviz.pot").read_text(encoding="utf-8"))
TRANSLATIONS = [name for name in CATALOGUES.values() if name.endswith(".po")]
MESSAGES = {entry.msgctxt: entry.msgid for entry in TEMPLATE}


def blanks(text):
    return sorted(re.findall(r"\{(\w+)\}", text))


# Catalogues


def test_the_template_holds_every_name_once_and_an_english_text_for_each():
    assert len(MESSAGES) == len(TEMPLATE)
    assert all(MESSAGES.values())
    assert not any(entry.msgstr for entry in TEMPLATE)


@pytest.fixture(params=TRANSLATIONS)
def translation(request):
    return polib.pofile((files("bppviz.words") / "messages" / request.param).read_text(encoding="utf-8"))


def test_a_translation_has_the_messages_of_the_template_in_its_order(translation):
    assert [(entry.msgctxt, entry.msgid) for entry in translation] == list(MESSAGES.items())


def test_a_translation_lacks_no_text(translation):
    assert [entry.msgctxt for entry in translation if not entry.msgstr.strip()] == []


def test_a_translation_has_no_text_that_is_doubtful_or_out_of_use(translation):
    assert [entry.msgctxt for entry in translation if entry.fuzzy or entry.obsolete] == []


def test_a_translation_has_the_same_blanks(translation):
    assert {e.msgctxt: blanks(e.msgstr) for e in translation} == {e.msgctxt: blanks(e.msgid) for e in translation}


def test_every_file_of_messages_belongs_to_a_language():
    folder = files("bppviz.words") / "messages"
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == sorted(
        [*CATALOGUES.values(), *(f"{lang}.json" for lang in LANGUAGES)]
    )
    assert list(CATALOGUES) == list(LANGUAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_package_reads_is_made_of_the_catalogues_as_they_are(lang):
    assert compiled_file(lang).read_text(encoding="utf-8") == compiled(lang), "run python -m bppviz.words.compile"


def test_users_need_no_tool_of_translators():
    code = "import sys, bppviz; sys.exit('polib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Which messages the code asks for


@cache
def told_names():
    """Return the name of every message that a narrator asks for, over all activations, losses and walks."""
    asked = set()

    def recorder(name, **given):
        asked.add(name)
        assert set(blanks(MESSAGES.get(name, ""))) <= set(given), name
        return name

    saturated = Network([[[60]]], [[0]], "sigmoid", "half_squared_error")
    traces = [backprop(saturated, [[1]], [[0]])]  # small gradients
    for hidden, output, loss in itertools.product(ACTIVATIONS, ACTIVATIONS, LOSSES):
        log = ACTIVATIONS[output].log
        if hidden == "softmax" or (LOSSES[loss].probabilities and log is None):
            continue
        for n, sizes in enumerate([(1, 1, 2), (2, 2, 1)]):
            weights = [np.full((b, a), (-1.0) ** n) for a, b in itertools.pairwise(sizes)]
            network = Network(weights, [np.zeros(b) for b in sizes[1:]], [hidden, output], loss)
            x, target = np.zeros(sizes[0]) if n else [1], [0] * sizes[-1]
            traces += [backprop(network, x, target), backprop(network, [x], [target], 1, update_biases=bool(n))]
    means = [backprop(replace(it.network, total="mean"), it.x, it.target, 1) for it in traces[::6] if it.samples]
    bare = [backprop(replace(it.network, biases=None), it.x, it.target, 1) for it in (*traces[1:5], *means)]
    for trace in (*traces, *means, *bare):
        for granularity in granularities(trace):
            for stop in walk(trace, granularity):
                Narrator(trace).sentence(stop, recorder)
    return asked


def constants(source):
    """Return every text that stands as it is in a source, and every beginning of a text with blanks: f"hint.{name}"."""
    nodes = list(ast.walk(ast.parse(source)))
    whole = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    joined = [node.values[0] for node in nodes if isinstance(node, ast.JoinedStr) and node.values]
    return whole, {part.value for part in joined if isinstance(part, ast.Constant) and part.value.endswith(".")}


def names_in_the_page():
    """Return the name of every message that JavaScript asks for, "stage.label" or `hint.${name}`."""
    script = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.js"))
    beginnings = tuple(re.findall(r"`(\w+\.)\$\{", script))
    return {name for name in MESSAGES if f'"{name}"' in script or name.startswith(beginnings)}


def test_every_message_is_used():
    used = told_names() | names_in_the_page()
    for name, source in SOURCES.items():
        whole, beginnings = constants(source)
        used |= whole & set(MESSAGES)
        if name != "words/sentences.py":  # the narrator was listened to; of the others, believe what they write
            used |= {message for message in MESSAGES for beginning in beginnings if message.startswith(beginning)}
    used |= {f"mistake.{name}" for name in constants(SOURCES["practice/mistakes.py"])[0]}
    assert set(MESSAGES) - used == set()


def test_every_message_that_the_code_asks_for_exists():
    assert told_names() <= set(MESSAGES)
    for source in SOURCES.values():
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
        asked = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "say"]
        names = {node.value for node in asked if isinstance(node, ast.Constant)}
        assert names <= set(MESSAGES)


@pytest.mark.parametrize(
    ("family", "members"),
    [
        ("a", ACTIVATIONS),
        ("loss", LOSSES),
        ("granularity", GRANULARITIES),
        ("phase", ("forward", "loss", "backward", "gradient", "sum", "update")),
        ("pass", ("forward", "backward", "gradient", "sum", "update")),
        ("begins", ("backward", "gradient")),
        ("effect", ("up", "down", "small", "none")),
        ("notice", ("single_softmax", "no_class", "alike", "dead", "dead_several", "flat")),
        ("total", ("up", "down", "small", "none")),
    ],
)
def test_a_family_of_messages_has_a_text_for_each_member(family, members):
    assert {name for name in MESSAGES if name.startswith(f"{family}.")} == {f"{family}.{member}" for member in members}


@pytest.mark.parametrize(
    ("family", "members"),
    [
        ("panel", ("table", "matrices", "why", "code")),
        ("cost", Cost._fields),
        ("theme", CHOICES),
        ("view", VIEWS),
        ("spotlight", ("off", "on")),
        ("legend", KEYS),
        ("data", ("given", *DATA)),
        ("table", ("check", "cost", "sharing")),
    ],
)
def test_a_family_that_the_code_names_by_its_beginning_alone_has_no_text_too_many(family, members):
    script = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.js"))
    written = {name for source in SOURCES.values() for name in constants(source)[0]}
    unwritten = {name for name in MESSAGES if name not in written and f'"{name}"' not in script}
    assert {name for name in unwritten if name.startswith(f"{family}.")} == {f"{family}.{it}" for it in members}


def test_a_count_that_may_be_1_has_no_plural_after_it():
    several = {"most", "edges", "total", "all", "count", "width", "depth"}  # never 1 where they stand
    nouns = "samples|updates|gradients|neurons|weights|terms|layers|rows|numbers|inputs|outputs"
    counts = re.compile(rf"\{{(\w+)\}} (?:more )?(?:{nouns})\b")
    assert {blank for text in MESSAGES.values() for blank in counts.findall(text)} <= several


# No text in the code


def texts_outside_docstrings(source):
    """Return the texts of a source that can be shown: no docstrings, and not what an error says to a programmer."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    left_out = {
        id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and ast.get_docstring(node)
    }
    left_out |= {id(child) for node in ast.walk(tree) if isinstance(node, ast.Raise) for child in ast.walk(node)}
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node.value for node in nodes if id(node) not in left_out]


@pytest.mark.parametrize("name", SOURCES)
def test_no_chinese_stands_in_the_code(name):
    chinese = [
        text for text in texts_outside_docstrings(SOURCES[name]) if re.search(r"[\u3000-\u9fff\uff00-\uffef]", text)
    ]
    assert chinese == ([own for own in LANGUAGES.values() if not own.isascii()] if name == "words/catalogue.py" else [])


KNOWN = ", ".join(LANGUAGES)
UNSAID = ("core/", "practice/own_gradients.py", "words/literals.py")  # their texts are parts of errors, or of programs


@pytest.mark.parametrize("name", SOURCES)
def test_no_english_sentence_stands_in_the_code_that_shows_things(name):
    if name.startswith(UNSAID):
        return
    assert [
        text for text in texts_outside_docstrings(SOURCES[name]) if re.search(r"\b[A-Z]?[a-z]+( [a-z]+){3}", text)
    ] == []


# Saying


@pytest.mark.parametrize(
    ("asked", "known"),
    [(None, "en"), ("en", "en"), ("EN", "en"), ("zh-TW", "zh-TW"), ("zh_TW", "zh-TW"), ("zh-tw", "zh-TW")],
)
def test_a_language_is_known_by_its_usual_spellings(asked, known):
    assert language(asked) == known


@pytest.mark.parametrize("lang", ["fr", "", "zh-CN"])
def test_an_unknown_language_is_refused_with_the_known_ones(lang):
    with pytest.raises(ValueError, match=f"unknown language {lang!r}; choose one of: {KNOWN}."):
        language(lang)


@pytest.mark.parametrize("lang", [5, []])
def test_a_language_that_is_no_name_is_refused(lang):
    with pytest.raises(TypeError, match=re.escape(f"language {lang!r} is not a name; give one of: {KNOWN}.")):
        language(lang)


def test_a_catalogue_gives_each_message_in_its_language():
    assert (catalogue("en")["phase.forward"], catalogue("zh-TW")["phase.forward"]) == ("Forward", "向前傳播")


def test_blanks_are_filled_in_and_what_fills_them_stays_as_it_is():
    assert words("en")("effect.up", w="{w} % <b>") == "If {w} % <b> grows a little, the loss rises."


@pytest.mark.parametrize(
    ("items", "english", "chinese"),
    [
        (["a"], "a", "a"),
        (["a", "b"], "a and b", "a 與 b"),
        (list("abc"), "a, b and c", "a、b 與 c"),
        (list("abcde"), "a, b, c, d and e", "a、b、c、d 與 e"),
        (list("abcdef"), "a, b, c, … and f", "a、b、c、… 與 f"),
    ],
)
def test_a_list_is_said_as_the_language_says_it_and_a_long_one_is_cut_short(items, english, chinese):
    assert (listed(words("en"), items), listed(words("zh-TW"), items)) == (english, chinese)
