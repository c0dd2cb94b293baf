"""The lessons are stored without outputs, are the same in both languages, and run from top to bottom in JupyterLab.

They ask on the way, and running them tells no answer.
"""

import ast
import json
import re
from pathlib import Path

import numpy as np
import pytest

import bppviz
from bppviz.words.catalogue import catalogue

LESSONS = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(LESSONS.glob("**/*.ipynb"))
ENGLISH, CHINESE = (sorted((LESSONS / lang).glob("*.ipynb")) for lang in ("en", "zh-TW"))
QUESTION = re.compile(r"(?<= = )\.\.\.(?:, \.\.\.)*$", re.MULTILINE)  # z2 = ..., in a cell
# What belongs in place of the dots.
ANSWERS = {
    "0-start-here": ["-0.0458", "0.4168"],
    "1-from-regression-to-network": ["2", "1.5, 0.235, -0.3775", "-0.078"],
    "2-forward": ["-2", "0.982, 0.119", "0.962"],
    "3-backward": ["-0.0903", "0.0552", "-0.003565"],
    "4-why-backward": ["4095"],
    "5-learning": ["True", "367"],
    "6-your-own-network": ["-0.891"],
    "7-a-model-of-your-own": ["1.208", "-2.678", "0.5"],
    "8-matrices": ["-0.2018", "W[2].T @ dl_dz[2]", "0.0542", "batch.dl_dz[1].T @ batch.a[0]"],
}


def named(path):
    return f"{path.parent.name}/{path.stem}"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def cells(path, kind):
    """Return the sources of a notebook's cells of one kind."""
    return ["".join(cell["source"]) for cell in read(path)["cells"] if cell["cell_type"] == kind]


def answered(source, answer):
    """Return the source of a cell with an answer in place of its dots."""
    return QUESTION.sub(answer, source)


def run(source, names):
    """Run a cell among the names of a notebook, and return the value of its last line, None where it has none."""
    *before, last = ast.parse(source).body
    exec(compile(ast.Module(before, []), "cell", "exec"), names)
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    return exec(compile(ast.Module([last], []), "cell", "exec"), names)


def put_out(source, names):
    """Run a cell among the names of a notebook, and return the value of its last line as a notebook shows it."""
    value = run(source, names)
    if value is None:
        return ""
    if isinstance(value, bppviz.Explainer):
        return value.close() or ""
    return value._repr_html_() if hasattr(value, "_repr_html_") else repr(value)


def labels(lang, text):
    """Return what stands in prose as the name of a control, each with the names of the messages that it is."""
    named = {"en": r"\*\*([^*]+)\*\*", "zh-TW": "「([^」]+)」"}[lang]
    shown = {name: re.sub(r"\\{\w+\\}", r"\\d+", re.escape(it)) for name, it in catalogue(lang).items()}
    return {
        label: {name for name, pattern in shown.items() if re.fullmatch(pattern, label)}
        for label in re.findall(named, text)
    }


def numbers(text):
    """Return every number in a text."""
    return [float(it) for it in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?", text.replace("−", "-"))]


def told(outputs, path):
    """Return which answers of a lesson stand in what its cells put out; one of a single digit may do so by chance."""
    values = [number for text in outputs for number in numbers(re.sub(r"<[^>]*>", " ", text))]
    answers = [it for answer in ANSWERS[path.stem] for it in numbers(answer) if len(f"{abs(it):g}".strip("0.")) > 1]
    return [it for it in answers if any(abs(value - it) <= 0.002 * abs(it) for value in values)]


def test_there_are_nine_lessons_in_both_languages_and_nothing_else():
    titles = ["start-here", "from-regression-to-network", "forward", "backward", "why-backward", "learning"]
    titles += ["your-own-network", "a-model-of-your-own", "matrices"]
    names = [f"{i}-{title}.ipynb" for i, title in enumerate(titles)]
    assert [path.name for path in ENGLISH] == [path.name for path in CHINESE] == names
    assert sorted([*ENGLISH, *CHINESE]) == NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_notebook_is_stored_without_outputs_and_names_its_kernel(path):
    notebook = read(path)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"  # else JupyterLab would ask for one
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [(cell["outputs"], cell["execution_count"]) for cell in code] == [([], None)] * len(code)


@pytest.mark.parametrize(("english", "chinese"), [*zip(ENGLISH, CHINESE, strict=True)], ids=[it.stem for it in ENGLISH])
def test_a_lesson_has_the_same_cells_and_the_same_code_in_both_languages(english, chinese):
    def kinds(path):
        return [cell["cell_type"] for cell in read(path)["cells"]]

    def without_language(source):
        return re.sub(r'(, )?lang="zh-TW"', "", source)

    assert kinds(english) == kinds(chinese)
    assert cells(english, "code") == [without_language(source) for source in cells(chinese, "code")]
    for source in cells(chinese, "code"):
        assert source.count("explain(") == source.count("lang=") - source.count("save_html(") - source.count("check_")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_lesson_asks_on_the_way_and_ends_in_a_summary_and_exercises_with_hidden_solutions(path):
    prose = cells(path, "markdown")
    asks, summary, exercises, solution = {
        "en": ("Guess|Work out|Work it out|work it out", "## Summary", "## Exercises", "<details><summary>Solution"),
        "zh-TW": ("猜|先算|找找看", "## 小結", "## 練習", "<details><summary>解答"),
    }[path.parent.name]
    assert any(re.search(asks, text) for text in prose[:-1])
    assert prose[-1].index(summary) < prose[-1].index(exercises) < prose[-1].index(solution)
    before, hidden = prose[-1].split("<details>")
    numbers = re.findall(r"^(\d)\.", before, flags=re.MULTILINE)
    assert re.findall(r"^(\d)\.", hidden, flags=re.MULTILINE) == numbers == ["1", "2", "3"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_lesson_hides_its_solutions_in_one_place(path):
    hidden = [text for text in cells(path, "markdown") if "<details" in text]
    assert len(hidden) == 1
    assert hidden[0].count("<details>") == hidden[0].count("<details") == 1  # and it is not open


@pytest.mark.parametrize(("english", "chinese"), [*zip(ENGLISH, CHINESE, strict=True)], ids=[it.stem for it in ENGLISH])
def test_a_lesson_names_the_controls_as_they_are_labelled_and_the_same_ones_in_both_languages(english, chinese):
    for one, other in zip(cells(english, "markdown"), cells(chinese, "markdown"), strict=True):
        ours, theirs = labels("en", one), labels("zh-TW", other)
        for mine, yours in ((ours, theirs), (theirs, ours)):
            assert [label for label, names in mine.items() if not any(names & it for it in yours.values())] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_lesson_ends_in_something_that_the_learner_does(path):
    last = [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"][-1]
    assert last["metadata"].get("tags") == ["question"] or "save_html(" in "".join(last["source"])


@pytest.mark.parametrize("path", ENGLISH, ids=named)
def test_the_gradients_in_a_lesson_are_large_enough_to_be_read(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names, least = {}, 0.0004  # the smallest of the published example
    for source in cells(path, "code"):
        value = run(source, names)
        if isinstance(value, bppviz.Explainer):
            sizes = abs(np.concatenate([it.ravel() for it in (*value.trace.dl_dw, *value.trace.dL_dw)]))
            assert least < sizes[sizes > 0].min()
            assert 5 * least < np.median(sizes[sizes > 0])
            value.close()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_lesson_has_about_as_much_prose_as_code_and_most_cells_of_code_are_short(path):
    prose, code = cells(path, "markdown"), cells(path, "code")
    assert 0.5 <= len(prose) / len(code) <= 2
    assert sum(len(source.splitlines()) <= 2 for source in code) >= 0.6 * len(code)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_run_from_top_to_bottom_a_lesson_waits_for_answers_and_tells_none(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names, waits = {}, bppviz.check_answer(..., 0, lang=path.parent.name)._repr_html_()
    outputs = [(source, put_out(source, names)) for source in cells(path, "code")]
    asked = [output for source, output in outputs if QUESTION.search(source)]
    assert asked == [waits] * len(ANSWERS[path.stem])
    assert told((output for _, output in outputs), path) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_lesson_runs_without_its_questions_too_as_voila_shows_it(path, tmp_path, monkeypatch):
    voila = read(LESSONS.parent / "voila.json")
    left_out = set(voila["TagRemovePreprocessor"]["remove_cell_tags"])
    questions = [cell for cell in read(path)["cells"] if left_out & {*cell["metadata"].get("tags", ())}]
    sources = ["".join(cell["source"]) for cell in questions]
    assert sources == [source for source in cells(path, "code") if QUESTION.search(source)]
    monkeypatch.chdir(tmp_path)
    names = {}
    for source in cells(path, "code"):
        if source not in sources:
            put_out(source, names)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_the_answers_that_a_lesson_hides_are_right(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names, answers = {}, iter(ANSWERS[path.stem])
    for source in cells(path, "code"):
        is_question = QUESTION.search(source)
        output = put_out(answered(source, next(answers)) if is_question else source, names)
        assert not is_question or re.fullmatch(r"<p [^>]*>✓[^<]*(<br>✓[^<]*)*</p>", output)
    hidden = numbers(cells(path, "markdown")[-1].split("<details>")[1])
    assert set(numbers(" ".join(ANSWERS[path.stem]))) <= set(hidden)


def test_an_answer_that_is_put_out_would_be_found():
    forward = ENGLISH[2]
    assert told(["array([0.98201379, 0.11920292])"], forward) == [0.982, 0.119]
    assert told(["<td>−0.0458</td>", "(np.float64(-0.04576289),)"], ENGLISH[0]) == [-0.0458]
    assert told(["array([0.01766271, 0.10499359])"], forward) == []


# The code is the same in both languages, as a test above holds: each lesson runs in one, every other in Chinese.
@pytest.mark.parametrize("path", [pair[i % 2] for i, pair in enumerate(zip(CHINESE, ENGLISH, strict=True))], ids=named)
def test_a_lesson_runs_from_top_to_bottom_and_every_widget_is_painted(open_shared_notebook, path):
    notebook = open_shared_notebook(path, size=(1280, 8000), in_turn=True).run_all()
    for stage in range(sum("explain(" in source for source in cells(path, "code"))):
        notebook.painted(stage)
    notebook.idle()
    assert notebook.page.locator('[data-mime-type*="error"]').count() == 0
    results = notebook.page.locator(".jp-OutputArea-output:not(:has(.bppviz, .bppviz-still))")
    waits = str(bppviz.check_answer(..., 0, lang=path.parent.name))
    notebook.eventually(lambda: results.all_text_contents().count(waits) == len(ANSWERS[path.stem]))
    assert told(results.all_text_contents(), path) == []
    assert notebook.page.locator("details").count() == 1
    assert not notebook.page.locator("details").get_attribute("open")
