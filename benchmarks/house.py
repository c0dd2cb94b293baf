"""Measure how the code is laid out, and print the figures beside their bounds as one markdown table.

    python benchmarks/house.py

Leaves with status 1 where a bound is missed. How long a function of the page is, eslint says.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
DOORS = {
    "explain",
    "save_html",
    "save_sheet",
    "still",
    "train",
    "worksheet",
}  # what people call, and may be given many things by name
PUBLIC = ("_repr_", "_ipython_", "_replace", "_fields")  # private in their looks alone, to Jupyter or in a named tuple
SAME = {"latex"}  # one thing in two modules: of a formula, and of the formula of an event
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Figure(NamedTuple):
    """What is counted, the most that there is of it, where, and how much there may be."""

    name: str
    most: int
    where: str
    bound: int


def trees(folder: str) -> dict[str, ast.Module]:
    """Return every Python file of a folder, parsed, by its path."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def lines(pattern: str, bound: int) -> Figure:
    """Return the length of the longest file."""
    files = (ROOT / "bppviz").rglob(pattern)
    counts = {path.relative_to(ROOT).as_posix(): len(path.read_bytes().splitlines()) for path in files}
    return most(f"lines of the longest {pattern[1:]} file", counts, bound)


def most(name: str, counts: dict[str, int], bound: int) -> Figure:
    """Return the largest of some counts as a figure."""
    where = max(counts, key=counts.__getitem__)
    return Figure(name, counts[where], where, bound)


def of_kind(package: dict[str, ast.Module], kinds: type | tuple[type, ...]) -> dict[str, ast.AST]:
    """Return the functions or classes of a package by path and name."""
    return {
        f"{path}: {node.name}": node
        for path, tree in package.items()
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    }


def length(node: ast.AST) -> int:
    """Return how many lines a function or class has."""
    return node.end_lineno - node.lineno + 1


def parameters(function: ast.FunctionDef) -> int:
    """Return how many parameters a function has, but for self and cls."""
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return len([it for it in given if it.arg not in ("self", "cls")])


def methods(node: ast.ClassDef) -> int:
    """Return how many methods a class has."""
    return sum(isinstance(it, FUNCTIONS) for it in node.body)


def attributes(node: ast.ClassDef) -> int:
    """Return how many names a class puts on itself."""
    stored = (it for it in ast.walk(node) if isinstance(it, ast.Attribute) and isinstance(it.ctx, ast.Store))
    return len({it.attr for it in stored if isinstance(it.value, ast.Name) and it.value.id == "self"})


def private(tree: ast.Module) -> Iterator[str]:
    """Yield the private names of others that a test touches."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not node.attr.startswith("_") or node.attr.startswith("__"):
            continue
        is_own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
        if not is_own and not node.attr.startswith(PUBLIC):
            yield node.attr


def defined(tree: ast.Module) -> set[str]:
    """Return the public names that a module defines."""
    named = {node.name for node in tree.body if isinstance(node, (*FUNCTIONS, ast.ClassDef))}
    targets = chain.from_iterable(node.targets for node in tree.body if isinstance(node, ast.Assign))
    return {name for name in named | {it.id for it in targets if isinstance(it, ast.Name)} if name[0] != "_"}


def figures() -> list[Figure]:
    """Return everything that is held."""
    package, tests = trees("bppviz"), trees("tests")
    functions, classes = of_kind(package, FUNCTIONS), of_kind(package, ast.ClassDef)
    named = {name: it for name, it in functions.items() if it.name not in DOORS}
    touched = Counter(name for tree in tests.values() for name in private(tree))
    twice = Counter(name for path, tree in package.items() if path != "bppviz/__init__.py" for name in defined(tree))
    several = sorted(name for name, count in twice.items() if count > 1 and name not in SAME)
    return [
        lines("*.py", 350),
        lines("*.js", 350),
        lines("*.css", 350),
        most("lines of the longest function", {name: length(it) for name, it in functions.items()}, 40),
        most("lines of the biggest class", {name: length(it) for name, it in classes.items()}, 250),
        most("methods of a class", {name: methods(it) for name, it in classes.items()}, 25),
        most("attributes of a class", {name: attributes(it) for name, it in classes.items()}, 15),
        most("parameters of a function", {name: parameters(it) for name, it in named.items()}, 5),
        Figure("private names touched by tests", touched.total(), ", ".join(dict(touched.most_common(5))), 9),
        Figure("names defined in two modules", len(several), ", ".join(several), 0),
    ]


def main() -> int:
    """Print the table."""
    found = figures()
    print("| Figure | Most | Where | Bound |\n| --- | --- | --- | --- |")
    for it in found:
        print(f"| {it.name} | {it.most} | {it.where} | ≤ {it.bound} |")
    return int(any(it.most > it.bound for it in found))


if __name__ == "__main__":
    sys.exit(main())
