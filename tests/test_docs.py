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
ENGLISH = sorted(path for path in (ROOT / "docs").glob("*.md") if ".zh-TW" not in path.name)


def blocks(path: Path, kind: str) -> list[str]:
    return [code for language, code in BLOCK.findall(path.read_text(encoding="utf-8")) if language == kind]


def without_comments(code: str) -> str:
    return COMMENT.sub("", code)


@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)
def test_both_languages_have_the_same_code(path):
    other = path.with_name(f"{path.stem}.zh-TW.md")
    for kind in ("python", "sh"):
        assert list(map(without_comments, blocks(path, kind))) == list(map(without_comments, blocks(other, kind)))


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
