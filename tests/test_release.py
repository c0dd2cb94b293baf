"""What a stranger finds beside the code: how to cite it, to report something, and what a release is made of."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest
import yaml
from hatchling.build import build_sdist

import bppviz

ROOT = Path(__file__).parent.parent
GITHUB = ROOT / ".github"
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
RELEASE = yaml.safe_load((GITHUB / "workflows" / "release.yml").read_text(encoding="utf-8"))
STEPS = RELEASE["jobs"]["build"]["steps"]
REPOSITORY = "https://example.org/somebody/bppviz"


def text(name: str) -> str:
    """Return what stands in a file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def ran(name: str, folder: Path, tag: str) -> int:
    """Run a step of the release in a folder, and return its exit code."""
    step = next(it["run"] for it in STEPS if it.get("name") == name)
    server, repository = REPOSITORY.rsplit("/", 2)[0], "somebody/bppviz"
    named = {"GITHUB_SERVER_URL": server, "GITHUB_REPOSITORY": repository, "GITHUB_REF_NAME": tag}
    return subprocess.run(["bash", "-euc", step], cwd=folder, env={**os.environ, **named}).returncode


def test_a_citation_names_the_package_its_version_and_its_authors():
    citation, project = yaml.safe_load(text("CITATION.cff")), tomllib.loads(text("pyproject.toml"))["project"]
    assert citation["version"] == bppviz.__version__
    assert citation["title"].split(":")[0] == project["name"]
    assert (citation["authors"], citation["license"]) == (project["authors"], project["license"])


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_a_form_asks_in_both_languages_and_needs_one_answer(form):
    asked = yaml.safe_load(form.read_text(encoding="utf-8"))
    labels = [asked["name"], asked["description"], *(it["attributes"]["label"] for it in asked["body"])]
    assert all(re.fullmatch(r"[^一-鿿]+ · .*[一-鿿].*", label) for label in labels), labels
    assert any(it.get("validations", {}).get("required") for it in asked["body"])
    names = [it["id"] for it in asked["body"]]
    assert len(set(names)) == len(names)


def test_the_code_of_conduct_is_in_both_languages():
    english, chinese = text("CODE_OF_CONDUCT.md").split("\n## ")
    assert english.count("\n- ") == chinese.count("\n- ") >= 5


def test_only_the_job_that_publishes_may_ask_for_a_token():
    assert RELEASE["permissions"] == {"contents": "read"}
    may = {name: job.get("permissions") for name, job in RELEASE["jobs"].items()}
    assert may == {"build": None, "publish": {"id-token": "write"}}
    assert "secrets." not in text(".github/workflows/release.yml")


@pytest.mark.skipif(sys.platform != "linux", reason="a release is made on Linux")
@pytest.mark.parametrize(("tag", "code"), [(f"v{bppviz.__version__}", 0), ("v0.0.0", 1)])
def test_a_tag_that_is_not_the_version_is_refused(tag, code):
    assert ran("The tag is the version", ROOT, tag) == code


@pytest.mark.skipif(sys.platform != "linux", reason="a release is made on Linux")
def test_on_the_page_of_the_package_every_picture_and_link_of_the_readme_is_found(tmp_path):
    shutil.copy(ROOT / "README.md", tmp_path)
    assert ran("Links of the README begin at the repository", tmp_path, "v1") == 0
    link = re.compile(r"(!?)\[[^\]]*\]\(([^)]+)\)")
    then = link.findall((tmp_path / "README.md").read_text(encoding="utf-8"))
    here = link.findall(text("README.md"))
    assert any(picture for picture, _ in here)
    for (picture, was), (_, target) in zip(here, then, strict=True):
        kind = "raw" if picture else "blob"
        assert target == (was if ":" in was else f"{REPOSITORY}/{kind}/v1/{was}")
        assert ":" in was or (ROOT / was).exists(), was


def test_the_source_distribution_holds_what_its_tests_need(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    with tarfile.open(tmp_path / build_sdist(str(tmp_path))) as packed:
        held = {name.split("/", 1)[1] for name in packed.getnames()}
    folders = (ROOT / "tests", ROOT / "docs", ROOT / "site", ROOT / "benchmarks", GITHUB, ROOT / ".ci")
    written = {
        path for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".md", ".yml", ".txt")
    }
    assert {path.relative_to(ROOT).as_posix() for path in written} <= held
    assert {"README.md", "CONTRIBUTING.md", "CITATION.cff", "pyproject.toml", "environment.yml", "package.json"} <= held
