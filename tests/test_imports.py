"""Imports point one way: from the numbers to the page, wing by wing, and in no circle."""

import ast
import json
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import bppviz

PACKAGE = Path(bppviz.__file__).parent
# What each wing may import, besides what stands in itself.
WINGS = {
    "core": (),
    "words": ("core",),
    "practice": ("core", "words"),
    "picture": ("core", "words"),
    "paper": ("core", "words", "practice", "picture"),
    "panels": ("core", "words", "practice", "picture"),
    "page": ("core", "words", "practice", "picture", "paper", "panels"),
    "widget": ("core", "words", "practice", "picture", "paper", "panels", "page"),
}
MODULES = sorted(
    path.relative_to(PACKAGE).with_suffix("").as_posix() for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"
)
IN_WINGS = [module for module in MODULES if module != "__main__"]


def imported(module: str) -> set[str]:
    """Return the full name of every module that a module of bppviz imports, wherever in it."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert all(node.level == 0 for node in froms), f"{module}.py has a relative import; write bppviz.wing.name"
    wings = {f"bppviz.{wing}" for wing in WINGS}
    return names | {
        f"{node.module}.{alias.name}" if node.module in wings else str(node.module)
        for node in froms
        for alias in node.names
    }


def ours(module: str) -> set[str]:
    """Return the modules of bppviz that a module imports, as wing/name."""
    names = {name.split(".", 1)[1] for name in imported(module) if name.startswith("bppviz.")}
    return {name.replace(".", "/") for name in names}


def third_party(module: str) -> set[str]:
    """Return the packages that a module imports and that Python does not bring along."""
    return {name.split(".")[0] for name in imported(module)} - set(sys.stdlib_module_names) - {"bppviz"}


def of(*wings: str) -> list[str]:
    """Return the modules of some wings."""
    return [module for module in MODULES if module.split("/")[0] in wings]


def test_every_module_stands_in_a_wing():
    assert {module.split("/")[0] for module in IN_WINGS} == set(WINGS)
    assert all(module.count("/") == 1 for module in IN_WINGS)


def test_the_command_stands_above_the_wings_and_imports_one_thing_of_them():
    assert set(MODULES) - set(IN_WINGS) == {"__main__"}
    assert (ours("__main__"), third_party("__main__")) == ({"page/command"}, set())


@pytest.mark.parametrize("module", IN_WINGS)
def test_a_module_imports_only_from_its_own_wing_and_those_before_it(module):
    wing = module.split("/")[0]
    assert {name for name in ours(module) if name.split("/")[0] not in (wing, *WINGS[wing])} == set()
    assert ours(module) <= set(MODULES)


@pytest.mark.parametrize("wing", WINGS)
def test_no_wing_has_a_circle(wing):
    TopologicalSorter({module: ours(module) for module in of(wing)}).prepare()


@pytest.mark.parametrize("module", of("core"))
def test_the_core_needs_numpy_alone(module):
    assert third_party(module) <= {"numpy"}


PURE = """
core/walk core/emphasis core/place practice/course practice/history practice/session words/numbers words/symbols
picture/layout
"""


@pytest.mark.parametrize("module", PURE.split())
def test_what_is_done_to_a_run_and_how_it_is_written_need_python_alone(module):
    assert third_party(module) == set()


def test_ipywidgets_and_anywidget_appear_in_the_widget_alone():
    users = {module for module in MODULES if third_party(module) & {"ipywidgets", "anywidget", "traitlets"}}
    assert users <= set(of("widget"))


def test_no_wing_has_the_name_of_something_that_is_exported():
    assert set(WINGS) & set(bppviz.__all__) == set()


def loaded_by(program: str) -> set[str]:
    """Return the modules that are there after a program, in a new process."""
    printing = f"{program}\nimport json, sys\nprint(json.dumps([*sys.modules]))"
    done = subprocess.run([sys.executable, "-c", printing], check=True, capture_output=True, encoding="utf-8")
    return set(json.loads(done.stdout))


def test_who_only_computes_imports_nothing_but_the_core():
    loaded = loaded_by("import bppviz; bppviz.backprop(bppviz.Network.lecture(), [1, -1], [1, 0])")
    assert {name.split(".")[1] for name in loaded if name.startswith("bppviz.")} == {"core"}
    assert not loaded & {"ipywidgets", "anywidget", "latex2mathml", "numpy.ma", "plotly"}


def test_plotly_is_imported_for_a_figure_and_not_for_a_widget():
    shown = "import bppviz; bppviz.explain(open='training')"
    assert "plotly" not in loaded_by(shown)
    assert "plotly" in loaded_by("import bppviz; bppviz.figure(bppviz.explain().trace, 0)")


def test_every_public_name_is_there_and_is_listed_and_no_other():
    assert {name for name in bppviz.__all__ if hasattr(bppviz, name)} == set(bppviz.__all__) <= set(dir(bppviz))
    with pytest.raises(AttributeError, match="module 'bppviz' has no attribute 'backpropp'"):
        bppviz.backpropp  # noqa: B018
