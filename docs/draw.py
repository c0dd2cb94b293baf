"""Draw the pictures of the documentation: steps of a walk, and how the wings of the package stand on each other."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import bppviz
from bppviz.words.catalogue import LANGUAGES

PACKAGE = Path(bppviz.__file__).parent
STEPS = {"forward": 0, "loss": 12, "hidden": 21, "weight": 40}  # of the lecture's walk
WIDE, HIGH, GAP = 180, 58, 34  # of a box, and between two rows of them
HEAD = (  # of an arrow
    '<marker id="head" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
    '<path d="M0 0 8 4 0 8z"/></marker>'
)
BOX = 'rx="6" fill="#eef3fb" stroke="#24518f"'
ABOUT = {
    "core": "the mathematics",
    "words": "formulas, sentences",
    "practice": "what a learner does",
    "picture": "the network, drawn",
    "paper": "the same without a browser",
    "panels": "charts and tables",
    "page": "what a browser runs",
    "widget": "ipywidgets around it",
}


def draw_all(folder: Path) -> None:
    """Write every picture into a folder."""
    folder.mkdir(exist_ok=True)
    draw_steps(folder)
    (folder / "wings.svg").write_text(wings_drawn(), encoding="utf-8")


def draw_steps(folder: Path) -> None:
    """Draw steps of the lecture's walk in each language, and what else there is once."""
    lecture = run("lecture")
    for lang in LANGUAGES:
        for name, step in STEPS.items():
            bppviz.still(lecture, step, lang=lang).save(folder / f"{name}.{lang}.svg")
        bppviz.still(lecture, STEPS["hidden"], lang=lang, view="mirror").save(folder / f"mirror.{lang}.svg")
        bppviz.still(run("iris"), 40, lang=lang).save(folder / f"iris.{lang}.svg")
    bppviz.still(lecture, STEPS["hidden"], theme="dark").save(folder / "dark.svg")


def run(name: str) -> bppviz.Trace:
    """Return the recorded run of an example."""
    it = bppviz.example(name)
    return bppviz.backprop(it.network, it.x, it.target)


def imports() -> dict[str, set[str]]:
    """Return the wings that each wing imports, as its code says."""
    found: dict[str, set[str]] = {wing: set() for wing in ABOUT}
    for wing, others in found.items():
        for path in (PACKAGE / wing).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
            others |= {name.split(".")[1] for name in names if name.startswith("bppviz.")} & ABOUT.keys() - {wing}
    return found


def nearest(wing: str, of: dict[str, set[str]]) -> set[str]:
    """Return what a wing imports, but for what it reaches by another of them anyway."""
    return of[wing] - set().union(*(reached(other, of) for other in of[wing]))


def reached(wing: str, of: dict[str, set[str]]) -> set[str]:
    """Return every wing below a wing."""
    return of[wing].union(*(reached(other, of) for other in of[wing]))


def rows(of: dict[str, set[str]]) -> list[list[str]]:
    """Return the wings from the top down: each stands above all that it imports."""
    sorter = TopologicalSorter(of)
    sorter.prepare()
    levels = []
    while sorter.is_active():
        levels.append(sorted(sorter.get_ready()))
        sorter.done(*levels[-1])
    return levels[::-1]


def wings_drawn() -> str:
    """Return the wings as boxes, with an arrow to each that is imported and not reached by another."""
    of, levels = imports(), rows(imports())
    across = max(map(len, levels)) * (WIDE + GAP)
    down = len(levels) * (HIGH + GAP)
    places = {
        wing: (across / 2 + (column - (len(row) - 1) / 2) * (WIDE + GAP), GAP / 2 + HIGH / 2 + level * (HIGH + GAP))
        for level, row in enumerate(levels)
        for column, wing in enumerate(row)
    }
    arrows = [arrow(places[wing], places[other]) for wing in of for other in sorted(nearest(wing, of))]
    boxes = [box(wing, *place) for wing, place in places.items()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {down}" width="{across}" height="{down}" '
        'font-family="sans-serif" text-anchor="middle">'
        f'<rect width="100%" height="100%" fill="#fff"/><defs>{HEAD}</defs>{"".join(arrows + boxes)}</svg>\n'
    )


def arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Draw an arrow from the bottom of a box to the top of another."""
    (x, y), (to_x, to_y) = start, end
    return (
        f'<line x1="{x}" y1="{y + HIGH / 2}" x2="{to_x}" y2="{to_y - HIGH / 2}" stroke="#000" marker-end="url(#head)"/>'
    )


def box(wing: str, x: float, y: float) -> str:
    """Draw a box with the name of a wing, and what it is."""
    return (
        f'<rect x="{x - WIDE / 2}" y="{y - HIGH / 2}" width="{WIDE}" height="{HIGH}" {BOX}/>'
        f'<text x="{x}" y="{y - 4}" font-size="15" font-weight="bold">{wing}/</text>'
        f'<text x="{x}" y="{y + 16}" font-size="11">{ABOUT[wing]}</text>'
    )
