"""The lessons are stored without outputs, are the same in both languages, and run from top to bottom in JupyterLab."""

import json
import re
from pathlib import Path

import pytest

LESSONS = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(LESSONS.glob("**/*.ipynb"))
ENGLISH, CHINESE = (sorted((LESSONS / lang).glob("*.ipynb")) for lang in ("en", "zh-TW"))


def named(path):
    return f"{path.parent.name}/{path.stem}"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def cells(path, kind):
    """Return the sources of a notebook's cells of one kind."""
    return ["".join(cell["source"]) for cell in read(path)["cells"] if cell["cell_type"] == kind]


def test_there_are_seven_lessons_in_both_languages_and_nothing_else():
    titles = ["start-here", "from-regression-to-network", "forward", "backward", "why-backward", "learning"]
    names = [f"{i}-{title}.ipynb" for i, title in enumerate([*titles, "your-own-network"])]
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
        assert source.count("explain(") == source.count("lang=") - source.count("save_html(") - source.count("check_gr")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_lesson_asks_on_the_way_and_ends_in_a_summary_and_exercises_with_hidden_solutions(path):
    prose = cells(path, "markdown")
    predict, summary, exercises, solution = {
        "en": ("[Pp]redict|[Gg]uess", "## Summary", "## Exercises", "<details><summary>Solution"),
        "zh-TW": ("猜|先算|找找看", "## 小結", "## 練習", "<details><summary>解答"),
    }[path.parent.name]
    assert any(re.search(predict, text) for text in prose[:-1])
    assert prose[-1].index(summary) < prose[-1].index(exercises) < prose[-1].index(solution)
    before, hidden = prose[-1].split("<details>")
    numbers = re.findall(r"^(\d)\.", before, flags=re.MULTILINE)
    assert re.findall(r"^(\d)\.", hidden, flags=re.MULTILINE) == numbers == ["1", "2", "3"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_lesson_hides_its_solutions_in_one_place(path):
    hidden = [text for text in cells(path, "markdown") if "<details" in text]
    assert len(hidden) == 1
    assert hidden[0].count("<details>") == hidden[0].count("<details") == 1  # and it is not open


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_lesson_has_about_as_much_prose_as_code_and_most_cells_of_code_are_short(path):
    prose, code = cells(path, "markdown"), cells(path, "code")
    assert 0.5 <= len(prose) / len(code) <= 2
    assert sum(len(source.splitlines()) <= 2 for source in code) >= 0.6 * len(code)


# The code is the same in both languages, as a test above holds: each lesson runs in one, every other in Chinese.
@pytest.mark.parametrize("path", [pair[i % 2] for i, pair in enumerate(zip(CHINESE, ENGLISH, strict=True))], ids=named)
def test_a_lesson_runs_from_top_to_bottom_and_every_widget_is_painted(open_shared_notebook, path):
    notebook = open_shared_notebook(path, size=(1280, 8000), in_turn=True).run_all()
    for stage in range(sum("explain(" in source for source in cells(path, "code"))):
        notebook.painted(stage)
    notebook.idle()
    assert notebook.page.locator('[data-mime-type*="error"]').count() == 0
    assert notebook.page.locator("details").count() == 1
    assert not notebook.page.locator("details").get_attribute("open")
