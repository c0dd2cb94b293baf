"""A class on one machine: its hub, with students who are made up, and with one at a real page."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import yaml
from lab import Notebook
from networks import lecture
from pages import Opener, missing
from painting import shows
from sliders import drag, edited, shown

ROOT = Path(__file__).parent.parent
CLASSROOM = ROOT / "classroom"
PAGE = (ROOT / "docs" / "class.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "docs" / "class.zh-TW.md").read_text(encoding="utf-8")
LOAD = [sys.executable, CLASSROOM / "load.py"]
LESSON = Path("en/0-start-here.ipynb")
W3 = "w-2-0-0"
PATIENCE = 300  # seconds: on a busy machine, servers and kernels take their time to start


@pytest.fixture(scope="module")
def installed():
    """JupyterHub and its proxy."""
    if not find_spec("jupyterhub") or not (CLASSROOM / "node_modules").is_dir():
        missing("These tests run a hub: pip install -r classroom/requirements.txt; npm ci --prefix classroom.")


@pytest.fixture
def marked(tmp_path):
    """An environment by which processes are known that come of this test, and a function that returns them."""
    path = f"{os.environ['PATH']}{os.pathsep}{tmp_path}"

    def found():
        everywhere = psutil.process_iter(["environ", "cmdline"])
        return [it for it in everywhere if (it.info["environ"] or {}).get("PATH") == path]

    yield {**os.environ, "PATH": path}, found
    for process in found():
        process.kill()


def cells(text, first=""):
    """Return the cells of the table that begins with some head, row by row."""
    table = re.search(rf"^\| {first}.*\n(\|.*\n)+", text, re.MULTILINE)[0]
    return [row.strip("| ").split(" | ") for row in table.splitlines()]


# Students who are made up


def test_two_students_work_at_once_and_nothing_is_left_of_them(installed, marked):
    environment, found = marked
    command = [*LOAD, "--students", "2", "--seconds", "1"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")
    head, line, *rows = cells(done.stdout)
    assert (head, line) == (["Figure", "1 student alone", "2 students at once"], ["---"] * 3)
    assert [name for name, *_ in rows] == [name for name, *_ in cells(PAGE, "Figure")[2:]]
    figures = {name: [float(it.split()[0]) for it in both] for name, *both in rows}
    assert min(figures.pop("processors that hub and proxy keep busy")) >= 0
    assert all(min(both) > 0 for both in figures.values()), figures
    alone, both = figures["memory in all"]
    assert alone < both
    assert found() == []


def test_where_it_is_interrupted_all_that_was_started_has_ended(installed, marked):
    environment, found = marked
    command = [*LOAD, "--students", "2", "--seconds", "60"]
    load = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + PATIENCE
    while not any("jupyterhub-singleuser" in " ".join(it.info["cmdline"]) for it in found()):
        assert load.poll() is None, load.communicate()
        assert time.monotonic() < end
        time.sleep(0.2)
    load.send_signal(signal.SIGTERM)
    printed, said = load.communicate(timeout=PATIENCE)
    assert (load.returncode, printed) == (130, "")
    assert said.endswith("Interrupted: all that was started has ended.\n")
    assert found() == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--students", "0"], "argument --students: '0' is no whole number from 2 to 60."),
        (["--students", "1e3"], "argument --students: '1e3' is no whole number from 2 to 60."),
        (["--seconds", "61"], "argument --seconds: '61' is no whole number from 1 to 60."),
        (["--seconds"], "argument --seconds: expected one argument"),
        (["--loud"], "unrecognized arguments: --loud"),
    ],
)
def test_a_command_line_that_is_wrong_is_told_so_in_one_sentence(given, said):
    done = subprocess.run([*LOAD, *given], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"{said}\n")


def test_a_class_without_a_password_is_told_that_it_needs_one(installed, tmp_path):
    environment = {name: it for name, it in os.environ.items() if name != "CLASS_PASSWORD"}
    command = [sys.executable, "-m", "jupyterhub", "-f", CLASSROOM / "jupyterhub_config.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode != 0
    assert "CLASS_PASSWORD is the password of the class, and needs 8 letters or more." in done.stderr
    assert not list(tmp_path.iterdir())


# A student at a page


class Seat:
    """The place of one student at a hub, where a JupyterLab would be."""

    def __init__(self, hub, folder):
        self.hub, self.url = hub, f"{hub.url}/user/ada"
        own = folder / "class" / "students" / "ada" / ".jupyter" / "jupyter_lab_config.json"
        own.parent.mkdir(parents=True)
        exposed = {"LabApp": {"expose_app_in_browser": True}}  # for this test, which asks Python behind the page
        own.write_text(json.dumps(exposed), encoding="utf-8")

    def write(self, lesson):
        """Return where a lesson is."""
        return lesson.as_posix()

    def shut_down(self, name):
        """Do nothing: the kernel ends with the hub."""


class InClass(Notebook):
    """A lesson in a page of a student's own server, after a login at the page of the hub."""

    address = "/lab/tree/{name}"

    def __init__(self, seat, page, lesson):
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(f"{seat.hub.url}/hub/login")
        page.get_by_label("Username").fill("ada")
        page.get_by_label("Password").fill(seat.hub.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: urlsplit(url).path.startswith("/user/ada/lab"))
        super().__init__(seat, page, lesson)


@pytest.fixture(scope="module")
def hub(installed, tmp_path_factory):
    """A running hub, and its folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(CLASSROOM)
        from hub import Hub
    folder = tmp_path_factory.mktemp("hub")
    running = Hub(folder)
    try:
        running.wait()
        yield running, folder
    finally:
        running.stop()
    assert not [it for it in running.family() if it.is_running()]


@pytest.fixture(scope="module")
def lesson(browser, hub):
    """The first lesson, all its cells run; nothing may go wrong, nor be fetched from afar."""
    opener = Opener(browser, Seat(*hub), InClass)
    yield opener.open(LESSON).run_all()
    opener.close()


def test_a_student_walks_and_drags_under_the_policy_for_what_a_page_may_load(lesson):
    answer = lesson.page.request.get(f"{lesson.lab.url}/lab")
    policy = f"Content-Security-Policy: {answer.headers['content-security-policy']}"
    assert "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:;" in policy
    assert f"\n{policy}\n" in PAGE
    assert f"\n{policy}\n" in CHINESE
    lesson.focus()
    lesson.press("End")
    shows(lesson, lecture(), 48)
    lesson.open("weights")
    drag(lesson, "w₃", 30)
    lesson.page.mouse.up()
    weight = shown(lesson, W3)
    assert weight != 3
    lesson.prints(
        "import json; print(json.dumps([w.tolist() for w in explainer.network.weights]))",
        json.dumps([w.tolist() for w in edited(W3, weight).network.weights]),
    )


# What the page says


def test_what_the_commands_name_is_there_and_is_what_is_tested():
    commands = "".join(re.findall(r"```(?:sh|text)\n(.*?)```", PAGE, re.DOTALL))
    named = set(re.findall(r"(?:classroom|notebooks)/[\w./-]+", commands))
    assert named >= {"classroom/requirements.txt", "classroom/jupyterhub_config.py", "classroom/load.py"}
    assert [it for it in named if not (ROOT / it).exists()] == []
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert all(it in commands and it in ci for it in ("-r classroom/requirements.txt", "--prefix classroom"))
    hub = (CLASSROOM / "hub.py").read_text(encoding="utf-8")
    assert all(
        it in commands and it in hub for it in ("jupyterhub_config.py", "CLASS_PASSWORD", "--JupyterHub.bind_url=")
    )


def test_both_languages_have_the_same_figures():
    assert [both for _, *both in cells(PAGE, "Figure")[1:]] == [both for _, *both in cells(CHINESE, "項目")[1:]]


def test_the_image_holds_the_package_made_of_what_is_copied_into_it(tmp_path):
    recipe = (CLASSROOM / "Dockerfile").read_text(encoding="utf-8")
    for *sources, target in (line.split()[1:] for line in recipe.splitlines() if line.startswith("COPY")):
        folder = tmp_path / target.strip("/")
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, folder)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, folder)
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run(command, cwd=tmp_path / "tmp" / "bppviz", check=True, capture_output=True)
    assert (tmp_path / "opt/conda/etc/jupyter/jupyter_server_config.py").is_file()


def test_what_is_said_of_three_hundred_is_what_is_set():
    settings = yaml.safe_load((CLASSROOM / "config.yaml").read_text(encoding="utf-8"))["singleuser"]
    image, memory, cpu = settings["image"], settings["memory"], settings["cpu"]
    assert f" {image['name']}:{image['tag']} " in PAGE
    assert (memory, cpu) == ({"guarantee": "300M", "limit": "1G"}, {"guarantee": 0.05, "limit": 1})
    for said in ("300 MB", "90 GB", "1 GB", "0.05", "15", "75", "210 MB"):
        assert said in PAGE
        assert said in CHINESE
    assert sum(int(row[1].removesuffix(" MB")) for row in cells(PAGE, "Figure")[2:4]) <= 210
