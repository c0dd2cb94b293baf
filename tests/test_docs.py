"""The pages of documentation: what stands in their code is run, and both languages have the same code."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from bppviz import worksheet

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
COMMENT = re.compile(r" *(?<![\"'#])#(?!#).*$", re.MULTILINE)
CHINESE = re.compile(r',? ?lang="zh-TW"')
IN_ENGLISH_ALONE = {  # for those who work on it
    "accessibility",
    "api",
    "changelog",
    "conduct",
    "contributing",
    "how-it-works",
    "measured",
    "translate",
}
ENGLISH = sorted(path for path in (ROOT / "docs").glob("*.md") if ".zh-TW" not in path.name)
IN_BOTH = [path for path in ENGLISH if path.stem not in IN_ENGLISH_ALONE]


SAID = {
    "student": ["12 of 12 gradients agree"],
    "student.zh-TW": ["12 個梯度中有 12 個相符"],
    "lecturer": [r"\frac{\partial l}{\partial z_{3}} = \sigma'(z_{3})"],
    "lecturer.zh-TW": [r"\frac{\partial l}{\partial z_{3}} = \sigma'(z_{3})"],
    "assistant": ["if the sign is flipped", "False 2.0"],
    "assistant.zh-TW": ["正負號反了", "False 2.0"],
    "how-it-works": ["dl_dz -0.04576"],
}


# What WCAG 2.2 has at levels A and AA, by guideline: the numbers within it.
CRITERIA = {
    "A": "1.1 1; 1.2 1 2 3; 1.3 1 2 3; 1.4 1 2; 2.1 1 2 4; 2.2 1 2; 2.3 1; 2.4 1 2 3 4; 2.5 1 2 3 4; 3.1 1; 3.2 1 2 6; "
    "3.3 1 2 7; 4.1 2",
    "AA": "1.2 4 5; 1.3 4 5; 1.4 3 4 5 10 11 12 13; 2.4 5 6 7 11; 2.5 7 8; 3.1 2; 3.2 3 4; 3.3 3 4 8; 4.1 3",
}
ROW = re.compile(r"^\| ([\d.]+) [^|]+ \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def blocks(path: Path, kind: str) -> list[str]:
    return [code for language, code in BLOCK.findall(path.read_text(encoding="utf-8")) if language == kind]


def in_any_language(code: str) -> str:
    """Return code without comments, as it would be if it asked for no language."""
    return CHINESE.sub("", COMMENT.sub("", code)).replace("zh-TW", "en")


@pytest.mark.parametrize("path", IN_BOTH, ids=lambda path: path.stem)
def test_both_languages_have_the_same_code(path):
    other = path.with_name(f"{path.stem}.zh-TW.md")
    for kind in ("python", "sh", "bat"):
        assert list(map(in_any_language, blocks(path, kind))) == list(map(in_any_language, blocks(other, kind)))


@pytest.mark.parametrize("page", SAID)
def test_the_code_of_a_page_runs_and_says_what_the_page_says(page, tmp_path):
    code = "\n".join(blocks(ROOT / "docs" / f"{page}.md", "python"))
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert all(said in ran.stdout for said in SAID[page]), ran.stdout


@pytest.fixture(scope="module", params=["worksheets.md", "worksheets.zh-TW.md"])
def course(request, tmp_path_factory):
    """A folder in which the Python code of a page was run, as it stands there, and what was printed."""
    folder = tmp_path_factory.mktemp("course")
    sheets = worksheet(30, seed=7)
    with (folder / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow([1, *(sheets[0].answer(event) for event in sheets[0].questions)])
        rows.writerow([30, "0", "", "1/8"])
    code = "\n".join(blocks(ROOT / "docs" / request.param, "python"))
    ran = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=300)
    assert ran.stderr == ""
    return folder, ran.stdout.splitlines()


def test_the_code_about_worksheets_prints_and_writes_what_the_page_says(course):
    folder, printed = course
    assert printed[0].startswith("1 z₁⁽¹⁾ 3.0 ")
    assert printed[-2:] == ["1 15", printed[-1]]
    assert printed[-1].startswith("30 ")
    assert {"sheets.html", "key.html", "questions.gift"} <= {path.name for path in folder.iterdir()}


def test_the_questions_are_gift_as_it_is_documented(course):
    folder, _ = course
    text = (folder / "questions.gift").read_text(encoding="utf-8")
    questions = text.strip().split("\n\n")
    rows = worksheet(30, seed=7).to_dicts()
    assert len(questions) == len(rows) == 450
    number = r"-?\d+(\.\d+)?(e-?\d+)?"
    answer = re.compile(rf"=%(100|0)%{number}:{number}(#([^~=#{{}}:\\]|\\[~=#{{}}:\\])+)?")
    for question, row in zip(questions, rows, strict=True):
        first, *answers, last = question.split("\n")
        assert re.fullmatch(r"::[^:]+::([^~=#{}:\\]|\\[~=#{}:\\])+ {#", first), first
        assert last == "}"
        assert all(answer.fullmatch(line) for line in answers), answers
        assert answers[0].startswith(f"=%100%{row['answer']}:")


@pytest.mark.parametrize("course", ["worksheets.md"], indirect=True)
def test_an_assignment_is_graded_by_nbgrader(course):
    folder, _ = course
    commands = [line.split("#")[0].split() for line in blocks(ROOT / "docs" / "worksheets.md", "sh")[-1].splitlines()]
    assert [command[0] for command in commands] == ["nbgrader"] * 3
    sheet = worksheet(30, seed=7)[4]
    right = [sheet.answer(event).replace("−", "-") for event in sheet.questions]
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'by-hand'\n", encoding="utf-8"
    )

    def run(command):
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # as in an environment that is active
        environment = {**os.environ, "HOME": str(folder), "JUPYTER_PLATFORM_DIRS": "1", "PATH": path}
        tool = [sys.executable, "-m", *command]
        done = subprocess.run(tool, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr

    run(commands[0])
    released = nbformat.read(folder / "release/by-hand/by-hand.ipynb", 4)
    assert "HIDDEN" not in str(released)
    for student, answers in (("ada", right), ("bo", [*right[:5], "100", None])):
        handed_in = folder / "submitted" / student / "by-hand"
        handed_in.mkdir(parents=True)
        cell = next(it for it in released.cells if it.metadata.get("nbgrader", {}).get("grade_id") == "answers")
        cell.source = f"sheet, answers = 5, {answers!r}"
        nbformat.write(released, handed_in / "by-hand.ipynb")
    run(commands[1])
    run(commands[2])
    with (folder / "grades.csv").open(encoding="utf-8") as file:
        scores = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}
    assert scores == {"ada": (15, 15), "bo": (5, 15)}


def accessibility() -> str:
    """Return the page that says what of WCAG is met."""
    return (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")


def test_every_criterion_of_wcag_is_answered_once_with_how_we_know():
    for level, text in CRITERIA.items():
        wanted = [f"{guide}.{number}" for guide, *all in map(str.split, text.split(";")) for number in all]
        section = accessibility().split(f"## Level {level}\n")[1].split("\n## ")[0]
        rows = ROW.findall(section)
        assert [criterion for criterion, _, _ in rows] == wanted
        assert {met for _, met, _ in rows} <= {"yes", "in part", "does not apply"}
        known = re.compile("`test_|axe|by eye")
        assert [row for row in rows if row[1] != "does not apply" and not known.search(row[2])] == []


def test_every_test_that_the_page_about_accessibility_names_is_there():
    named = set(re.findall(r"`(test_\w+)`", accessibility()))
    tests = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    there = set(re.findall(r"^def (test_\w+)", "\n".join(tests), re.MULTILINE))
    assert len(named) > 40
    assert named - there == set()
