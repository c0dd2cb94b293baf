"""The package, its environments and its documents say the same."""

import json
import re
import tomllib
from itertools import chain
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from hatchling.build import build_wheel

import bppviz

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-TW.md").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
COMMANDS = {
    "lab": 'python3 -m venv .venv && .venv/bin/python -m pip install -e ".[lab]" '
    "&& .venv/bin/jupyter lab notebooks/en/0-start-here.ipynb",
    "voila": 'python3 -m venv .venv && .venv/bin/python -m pip install -e ".[voila]" '
    "&& .venv/bin/voila notebooks/en/0-start-here.ipynb",
    "test": 'python3 -m venv .venv && .venv/bin/python -m pip install -e ".[lab,test]" && .venv/bin/python -m pytest',
}


def lines(name: str) -> list[str]:
    """Return the lines of a file of the tests, without comments."""
    text = (ROOT / "tests" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> set[str]:
    """Return the names of the files in the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return set(ZipFile(folder / build_wheel(str(folder))).namelist())


def test_conda_installs_what_pip_installs_and_the_package_itself():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *conda, pip = environment["dependencies"]
    wanted = [*PROJECT["dependencies"], *EXTRAS["lab"], f"python{PROJECT['requires-python']}", "pip"]
    assert environment["name"] == PROJECT["name"]
    assert sorted(conda) == sorted(wanted)
    assert pip == {"pip": ["-e ."]}


def test_the_oldest_versions_are_the_lower_bounds():
    bounds = sorted({*PROJECT["dependencies"], *EXTRAS["lab"], *EXTRAS["test"]})
    assert lines("oldest.txt") == [bound.replace(">=", "==") for bound in bounds]


def test_every_dependency_has_a_lower_bound_and_no_upper_one():
    for requirement in (*PROJECT["dependencies"], *chain(*EXTRAS.values())):
        assert re.fullmatch(r"[a-z0-9-]+>=[\d.]+", requirement)


@pytest.mark.parametrize("suffix", [".py", ".js", ".css", ".pot", ".po", ".json", ".woff2", "OFL.txt", "py.typed"])
def test_the_wheel_holds_every_file_of_the_package(wheel, suffix):
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "bppviz").rglob(f"*{suffix}")}
    assert files
    assert files <= wheel


def test_the_table_of_the_package_lists_every_public_name_and_no_other():
    table = re.findall(r"^`(\w+)` ", bppviz.__doc__, re.MULTILINE)
    assert sorted(table) == sorted(bppviz.__all__)
    assert all(hasattr(bppviz, name) for name in table)


def test_the_version_is_written_once_in_the_package():
    assert re.fullmatch(r"\d+\.\d+\.\d+", bppviz.__version__)
    assert (PROJECT["dynamic"], "version" in PROJECT) == (["version"], False)


def test_the_wheel_holds_nothing_but_the_package(wheel):
    assert {name.split("/")[0] for name in wheel} == {"bppviz", f"bppviz-{bppviz.__version__}.dist-info"}


def on_windows(command: str) -> str:
    """Return a command as it is typed on Windows."""
    return re.sub(
        r"(?<=notebooks)/([^/]+)/", r"\\\1\\", command.replace("python3", "py").replace("/bin/", "\\Scripts\\")
    )


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_the_readme_gives_each_command_on_a_line_of_its_own(command):
    assert README.splitlines().count(command) == 1


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_the_readme_gives_each_command_for_windows_too(command):
    assert on_windows(command) in README.splitlines()


@pytest.mark.parametrize(
    ("page", "names"),
    [("README", ["lab", "voila"]), ("docs/index", ["lab"]), ("docs/lecturer", ["voila"])],
    ids=["README", "first page", "lecturers"],
)
def test_other_pages_give_the_same_commands_in_each_language(page, names):
    for end, lang in (("", "en"), (".zh-TW", "zh-TW")):
        lines = (ROOT / f"{page}{end}.md").read_text(encoding="utf-8").splitlines()
        given = [line for line in lines if ".venv && " in line and "pytest" not in line]
        wanted = [COMMANDS[name].replace("/en/", f"/{lang}/") for name in names]
        assert [line for line in given if line.startswith("python3")] == wanted
        if any(line.startswith("py ") for line in given):
            assert [line for line in given if line.startswith("py ")] == list(map(on_windows, wanted))


def test_the_chinese_readme_has_the_pictures_of_the_english_one_in_chinese_and_both_name_each_other():
    picture = re.compile(r"!\[([^\]]+)\]\(([^)]+)\)")
    names = [name for _, name in picture.findall(README) if name.endswith(".png")]
    assert names
    assert [name for _, name in picture.findall(CHINESE)] == [name.replace(".png", ".zh-TW.png") for name in names]
    assert all(re.search("[一-鿿]", described) for described, _ in picture.findall(CHINESE))
    links = re.findall(r"\]\(([^):]+)\)", README + CHINESE)
    assert {"README.md", "README.zh-TW.md"} <= set(links)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_what_the_commands_name_is_there():
    assert COMMANDS.keys() <= EXTRAS.keys()
    for lang in ("en", "zh-TW"):
        assert (ROOT / "notebooks" / lang / "0-start-here.ipynb").is_file()


def test_the_checkers_of_the_page_are_pinned_and_installed_from_whatever_registry_there_is():
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all(re.fullmatch(r"[\d.]+", version) for version in wanted.values())
    assert {name: lock[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [name for name, package in lock.items() if "resolved" in package] == []


def test_continuous_integration_ends_with_the_readmes_test_command():
    *_, extraction, _, run = CI.splitlines()
    pattern = re.search(r"grep -m 1 '(.+)' README\.md", extraction)[1]
    assert [line for line in README.splitlines() if re.search(pattern, line)] == [COMMANDS["test"]]
    assert run == 'bash -c "$command"'
