"""Imports point one way: from the numbers to the page, never back."""

import ast
import sys
from pathlib import Path

import pytest

import bppviz

PACKAGE = Path(bppviz.__file__).parent
ARROW = """
sums < functions < checks < place < instead < network < own_gradients < trace < backprop < differences < rounding
< numbers < factor < train < cost < three_ways < data < limits < walk < emphasis < examples < places < mistakes < quiz
< course < history < session < symbols < notices < words < gradient_check < formula < digits < equations < spoken
< narrate < told < theme < layout < lines < graph < mirror < cells < charts < tables < draw < interrupts < door < stage
< predict < controls < beside < explainer < handout
"""
ORDER = [name.strip() for name in ARROW.split("<")]
MODULES = sorted(path.stem.removeprefix("_") for path in PACKAGE.glob("_[!_]*.py"))


def imported(module: str) -> set[str]:
    """Return the full name of every module that a module of bppviz imports, wherever in it."""
    tree = ast.parse((PACKAGE / f"_{module}.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert all(node.level == 0 for node in froms), f"_{module}.py has a relative import; write bppviz._name"
    return names | {node.module for node in froms}


def third_party(module: str) -> set[str]:
    """Return the packages that a module imports and that Python does not bring along."""
    return {name.split(".")[0] for name in imported(module)} - set(sys.stdlib_module_names) - {"bppviz"}


def test_every_module_has_its_place_in_the_order():
    assert set(MODULES) <= set(ORDER)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_stands_before_it(module):
    ours = {name for name in imported(module) if name.split(".")[0] == "bppviz"}
    before = {f"bppviz._{name}" for name in ORDER[: ORDER.index(module)]}
    assert ours - before == set()


CORE = [name.strip() for name in ARROW.partition("< walk")[0].split("<")]


@pytest.mark.parametrize("module", CORE)
def test_the_numerical_core_needs_numpy_alone(module):
    assert third_party(module) <= {"numpy"}


@pytest.mark.parametrize("module", ["walk", "emphasis", "places", "course", "history", "session", "numbers", "symbols"])
def test_what_is_done_to_a_run_and_how_it_is_written_need_python_alone(module):
    assert third_party(module) == set()


def test_ipywidgets_appears_in_the_controls_and_the_explainer_alone():
    assert {module for module in MODULES if "ipywidgets" in third_party(module)} == {"controls", "explainer"}


def test_no_module_names_a_module_that_is_exported():
    assert {name for name in bppviz.__all__ if (PACKAGE / f"{name}.py").exists()} == set()
