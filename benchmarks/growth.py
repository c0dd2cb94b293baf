"""Measure how time and bytes grow with the weights of a network; print two markdown tables, and draw them.

    python benchmarks/growth.py            from 10 weights to 10,000,000; takes a minute
    python benchmarks/growth.py --quick    the smallest ones, to show that it works

Times are the processor's, but that of backprop. The picture stands in notebooks/images/growth.svg.
Leaves with status 1 where something grows faster than the weights.
"""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from math import log10
from pathlib import Path
from time import process_time
from typing import Any

import kernel
from measure import seconds

from bppviz import Network, backprop, explain
from bppviz.core.samples import default_sample

PICTURE = Path(__file__).parent.parent / "notebooks" / "images" / "growth.svg"
DRAWN = {10: (2, 2, 2, 1), 100: (5, 10, 5), 300: (10, 15, 10)}  # neuron by neuron
CELLS = {1000: (27, 27, 10), 10_000: (95, 95, 10), 100_000: (311, 311, 10)}
CELLS |= {1_000_000: (995, 995, 10), 10_000_000: (3157, 3157, 10)}
MOST = 1.05  # of the slope in a picture whose axes are both logarithmic: 1 is linear
SMALL = ("first show, ms", "film, kB", "a step, ms", "a tick, ms", "a tick, kB")
LARGE = ("backprop, ms", "first show, ms", "film, kB")

Rows = dict[int, Sequence[float]]


async def drawn(sizes: Sequence[int]) -> list[float]:
    """Return the figures of a network that is drawn neuron by neuron."""
    network = Network.random(sizes, "sigmoid")
    shown: list[Any] = []
    begun = seconds(lambda: shown.append(explain(network, open="weights")), 1, process_time)
    explainer = shown[0]
    while not explainer._feed.is_idle:  # of a large network the film follows the first frame
        await asyncio.sleep(0.05)
    last = len(explainer.trace) - 1
    stepped = seconds(lambda: setattr(explainer, "step", (explainer.step + 1) % last), 40, process_time)
    explainer.step = last
    moved = seconds(kernel.dragged(explainer, "w-1-0-0"), 40, process_time)
    figures = [1e3 * begun, sent(explainer), 1e3 * stepped, 1e3 * moved, len(explainer._stage.fresh) / 1e3]
    explainer.close()
    return figures


def celled(sizes: Sequence[int]) -> list[float]:
    """Return the figures of a network that is drawn as cells."""
    network = Network.random(sizes, "sigmoid")
    run = seconds(lambda: backprop(network, *default_sample(network)), 5)
    explainer = explain(network)
    begun = seconds(lambda: explain(network).close(), 3, process_time)
    figures = [1e3 * run, 1e3 * begun, sent(explainer)]
    explainer.close()
    return figures


def sent(explainer: Any) -> float:
    """Return the kilobytes of the film and the frame that a widget sends at first."""
    stage = explainer._stage
    return (len(stage.film) + len(stage.fresh)) / 1e3


def table(names: Iterable[str], rows: Rows) -> str:
    """Return a row for each number of weights, in markdown, and last how steep each column is."""
    lines = [("weights", *names), ["---"] * (len(list(names)) + 1)]
    lines += [(f"{weights:,}", *(f"{it:.3g}" for it in row)) for weights, row in rows.items()]
    lines.append(("grows as weights to the power of", *(f"{it:.2f}" for it in slopes(rows))))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def slopes(rows: Rows) -> list[float]:
    """Return for each column the power of the weights with which it grows, from the first row to the last."""
    (few, first), *_, (many, last) = rows.items()
    far = log10(many / few)
    return [log10(max(there, 1e-3) / max(here, 1e-3)) / far for here, there in zip(first, last, strict=True)]


# The picture

WIDE, HIGH, LEFT, TOP, APART = 360, 220, 46, 34, 90
COLOURS = ("#1b6ca8", "#b3541e", "#2d7d46", "#7a4fa3", "#5a5a5a")


def picture(panels: Sequence[tuple[str, Sequence[str], Rows]]) -> str:
    """Return the tables as curves on axes that are both logarithmic, beside one another, as SVG."""
    body = "".join(panel(i * (WIDE + APART), *it) for i, it in enumerate(panels))
    wide, high = len(panels) * (WIDE + APART), TOP + HIGH + 130
    style = "text{font:12px sans-serif;fill:#222}polyline{fill:none;stroke-width:2}"
    frame = f'<rect width="{wide}" height="{high}" fill="#fff"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">'
    return f"{head}<style>{style}</style>{frame}{body}</svg>\n"


def panel(left: float, title: str, names: Sequence[str], rows: Rows) -> str:
    """Return one table as curves, with a dotted line that grows as the weights do."""
    first, last = log10(min(rows)), log10(max(rows))
    values = [log10(max(it, 1e-3)) for row in rows.values() for it in row]
    low, top = int(min(values) // 1), int(max(values) // 1 + 1)

    def at(weights: float, value: float) -> str:
        x = left + LEFT + (log10(weights) - first) / (last - first) * WIDE
        y = TOP + HIGH - (log10(max(value, 1e-3)) - low) / (top - low) * HIGH
        return f"{x:.1f},{y:.1f}"

    drawn = [f'<text x="{left + LEFT}" y="18">{title}</text>']
    for power in range(low, top + 1):
        y = TOP + HIGH - (power - low) / (top - low) * HIGH
        drawn.append(f'<line x1="{left + LEFT}" y1="{y}" x2="{left + LEFT + WIDE}" y2="{y}" stroke="#ddd"/>')
        drawn.append(f'<text x="{left + LEFT - 6}" y="{y + 4}" text-anchor="end">{10.0**power:g}</text>')
    for weights in rows:
        x = at(weights, 1).split(",")[0]
        drawn.append(f'<text x="{x}" y="{TOP + HIGH + 18}" text-anchor="middle">{weights:,}</text>')
    start = 10.0**low
    end = min(start * max(rows) / min(rows), 10.0**top)
    line = f"{at(min(rows), start)} {at(min(rows) * end / start, end)}"
    drawn.append(f'<polyline points="{line}" stroke="#999" stroke-dasharray="2,4"/>')
    for i, name in enumerate(names):
        points = " ".join(at(weights, row[i]) for weights, row in rows.items())
        drawn.append(f'<polyline points="{points}" stroke="{COLOURS[i]}"/>')
        x, y = left + LEFT + i % 2 * 170, TOP + HIGH + 44 + i // 2 * 20
        drawn.append(f'<line x1="{x}" y1="{y - 4}" x2="{x + 18}" y2="{y - 4}" stroke="{COLOURS[i]}" stroke-width="3"/>')
        drawn.append(f'<text x="{x + 24}" y="{y}">{name}</text>')
    x, y = left + LEFT, TOP + HIGH + 44 + (len(names) + 1) // 2 * 20
    drawn.append(f'<text x="{x}" y="{y}">· · · as the weights</text>')
    return "".join(drawn)


def main() -> int:
    """Measure, print, and draw; a quick run draws nothing."""
    is_quick = "--quick" in sys.argv
    few, many = (dict(list(it.items())[: 2 if is_quick else None]) for it in (DRAWN, CELLS))
    asyncio.run(drawn(DRAWN[10]))  # what is made once for all of them
    small = {weights: asyncio.run(drawn(sizes)) for weights, sizes in few.items()}
    large = {weights: celled(sizes) for weights, sizes in many.items()}
    print(table(SMALL, small), table(LARGE, large), sep="\n\n")
    if is_quick:
        return 0
    panels = [("Drawn neuron by neuron, by weights", SMALL, small), ("Drawn as cells, by weights", LARGE, large)]
    PICTURE.write_text(picture(panels), encoding="utf-8")
    return int(max(*slopes(small), *slopes(large)) > MOST)


if __name__ == "__main__":
    sys.exit(main())
