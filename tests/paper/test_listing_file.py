"""The program of a run as a file: a script that runs, a notebook whose cells do, and numbers beside them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from networks import lecture, lecture_of_two
from oracle import torch_or_skip

from bppviz import Network, backprop, listing, save_listing
from bppviz.words.catalogue import LANGUAGES, catalogue

pytestmark = pytest.mark.usefixtures("own_precision")

LARGE = backprop(
    Network.random([60, 20, 3], ["relu", "softmax"], "cross_entropy"), np.linspace(-1, 1, 180).reshape(3, 60), [2, 0, 1]
)


@pytest.fixture(autouse=True)
def at_home(monkeypatch, tmp_path):
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)


def cells(path, kind):
    """Return the texts of the cells of a notebook."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def run(path, folder="."):
    """Run a script in a fresh interpreter from some folder, and return what it says where it fails."""
    command = [sys.executable, "-I", "-W", "error", str(Path(path).resolve())]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False).stderr


def test_a_script_is_what_listing_returns_and_runs():
    save_listing(lecture(), "run.py")
    assert Path("run.py").read_text(encoding="utf-8") == listing(lecture())
    assert run("run.py") == ""
    assert os.listdir() == ["run.py"]


def test_an_assert_of_a_script_fails_where_a_line_is_changed_by_hand():
    save_listing(lecture(), "run.py")
    text = Path("run.py").read_text(encoding="utf-8")
    Path("run.py").write_text(text.replace("W[k+1].T @", "W[k+1] @"), encoding="utf-8")
    assert re.search(r'assert same\(dl_da\[k\], shown\["dl_da"\]\[k\]\)\n.*AssertionError', run("run.py"), re.DOTALL)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("framework", ["numpy", "torch"])
def test_a_notebook_has_a_cell_for_each_phase_under_its_name_and_formulas(framework, lang):
    if framework == "torch":
        torch_or_skip()
    save_listing(lecture_of_two(), "run.ipynb", framework=framework, lang=lang)
    told, code = (cells("run.ipynb", kind) for kind in ("markdown", "code"))
    say = catalogue(lang)
    names = [it.removeprefix("## ").split("\n")[0] for it in told[1:]]
    phases = ["forward", "loss", "backward", "gradient", "update"]
    assert " · ".join(names) == " · ".join(say[f"phase.{phase}"] for phase in phases)
    assert say["listing.checks"] in told[0]
    assert all("$$" in it for it in told[1:])
    space = {}
    for cell in code:
        exec(cell, space)
    assert space["L"].item() == pytest.approx(lecture_of_two().L, rel=1e-12)
    lines = "".join(f"{cell}\n" for cell in code[1:])
    text = listing(lecture_of_two(), framework=framework)
    assert lines == re.sub(r"# .*\n", "", text[text.index("# forward") :])


def test_a_notebook_of_a_network_without_a_hidden_layer_speaks_of_none():
    save_listing(backprop(Network.random([2, 1]), [1, 2], [1]), "run.ipynb", checks=False)
    told = cells("run.ipynb", "markdown")
    assert "k+1" not in "".join(told)
    assert catalogue("en")["listing.checks"] not in told[0]


@pytest.mark.parametrize("framework", ["numpy", "torch"])
def test_too_many_numbers_stand_in_a_file_beside_the_program(framework):
    if framework == "torch":
        torch_or_skip()
    save_listing(LARGE, "run.py", framework=framework)
    assert sorted(os.listdir()) == ["run.py", "run.py.npz"]
    Path("elsewhere").mkdir()
    assert run("run.py", "elsewhere") == ""
    assert np.array_equal(np.load("run.py.npz")["W 1"], LARGE.network.weights[0])
    save_listing(LARGE, "run.ipynb", framework=framework)
    space = {}
    for cell in cells("run.ipynb", "code"):
        exec(cell, space)
    Path("run.py.npz").unlink()
    assert "run.py.npz" in run("run.py")


def test_two_programs_of_one_stem_have_each_its_own_numbers_and_take_them_with_any_name():
    save_listing(LARGE, "run.py")
    save_listing(LARGE, "run.ipynb", checks=False)
    assert run("run.py") == ""
    for end in ("", ".npz"):
        Path(f"run.py{end}").rename(f"mine.py{end}")
    assert run("mine.py") == ""


def test_what_is_computed_wrongly_is_caught_with_numbers_from_a_file_too():
    save_listing(LARGE, "run.py")
    text = Path("run.py").read_text(encoding="utf-8")
    Path("run.py").write_text(text.replace("dl_dz[k].T @ a[k-1]", "2 * dl_dz[k].T @ a[k-1]"), encoding="utf-8")
    assert "AssertionError" in run("run.py")


def test_without_checks_there_are_no_numbers_to_compare_with():
    save_listing(LARGE, "run.py", checks=False)
    assert "assert" not in Path("run.py").read_text(encoding="utf-8")
    assert sorted(np.load("run.py.npz")) == ["W 1", "W 2", "b 1", "b 2", "t", "x"]


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        (
            "run.txt",
            ValueError,
            "path is 'run.txt'; give a name that ends in .py, such as 'run.py', or in .ipynb for",
        ),
        (3, TypeError, "path is of type int; give the name of a file, such as 'run.py'."),
        ("no/run.py", FileNotFoundError, "path is 'no/run.py', but there is no folder "),
        ("folder.py", IsADirectoryError, "path is 'folder.py', which is a folder; give the name of a file in it."),
    ],
)
def test_a_path_that_cannot_be_written_is_refused_in_a_sentence(path, error, message):
    Path("folder.py").mkdir()
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        save_listing(LARGE, path)
    assert os.listdir() == ["folder.py"]


def test_what_was_there_stays_where_something_is_refused():
    Path("run.py").write_text("mine")
    for wrong in ({"framework": "jax"}, {"lang": "fr"}, {"checks": None}):
        with pytest.raises((TypeError, ValueError)):
            save_listing(lecture(), "run.py", **wrong)
    with pytest.raises(TypeError, match=r"^save_listing needs what bppviz\.backprop returns"):
        save_listing(Network.lecture(), "run.py")
    assert Path("run.py").read_text() == "mine"


def test_a_notebook_is_plain_json():
    save_listing(lecture(), "run.ipynb")
    data = json.loads(Path("run.ipynb").read_text(encoding="utf-8"))
    assert (data["nbformat"], data["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in data["cells"]}) == len(data["cells"])
