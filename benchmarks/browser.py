"""Benchmarks in a real JupyterLab: a step from the input to the painted frame, a drag, and what goes over the wire."""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from measure import Figure, jupyterlab

from bppviz import Network, backprop, save_html

HERE = Path(__file__).parent
HELD = 60  # milliseconds for which a finger stays on a button; what hovering and focusing change is painted by then

KEY_PLOT = Figure("a step by key, against a bare `Plotly.restyle` of the same series", 0.5, "×")
BUTTON_PLOT = Figure("a step by button, against a bare `Plotly.restyle` of the same series", 0.5, "×")
KEY_FIGURE = Figure("a step by key, against the same step by a `FigureWidget`", 0.3, "×")
BUTTON_FIGURE = Figure("a step by button, against the same step by a `FigureWidget`", 0.3, "×")
KEY_LABEL = Figure("a step by key, against a bare ipywidgets button and label", 0.6, "×")
BUTTON_LABEL = Figure("a step by button, against a bare ipywidgets button and label", 0.8, "×")
FIRST = Figure("over the websocket, for the first widget in a page", 2, "MB")
NEXT = Figure("over the websocket, for the next widget, with its still picture", 0.38, "MB")
DRAG = Figure("over the websocket, for each picture while a weight is dragged", 6, "kB")
PACE = Figure(
    "from one picture to the next while a weight is dragged, against a bare `Plotly.restyle` of the same series",
    1.25,
    "×",
)
PACE_LARGER = Figure("the same in a network of 4-8-8-3", 1.67, "×")
HELD_DOWN = Figure("keys held down, 30 a second: steps not yet painted when the key is let go", 0, "of 30")
HELD_DOWN_LARGER = Figure("the same in the network of 4-8-8-3", 0, "of 30")
OPENING = Figure("a saved page: until its first picture is seen, against until plotly.js has drawn it", 0.25, "×")
FIGURES = (KEY_PLOT, BUTTON_PLOT, KEY_FIGURE, BUTTON_FIGURE, KEY_LABEL, BUTTON_LABEL, FIRST, NEXT, DRAG)
FIGURES = (*FIGURES, PACE, PACE_LARGER, HELD_DOWN, HELD_DOWN_LARGER, OPENING)

EXPLAIN = "import bppviz\nexplainer = bppviz.explain(theme='light')\nexplainer"
LARGER = "import bppviz\nbppviz.explain(bppviz.Network.random([4, 8, 8, 3]), theme='light')"
DRAGGED = ".bppviz-slider[class*=bppviz-at-w-] .noUi-handle"
BARE = 'from IPython.display import HTML\nHTML(\'<div style="height: 700px"><div id="bare" tabindex="0"></div></div>\')'
BUTTON_AND_LABEL = """
import ipywidgets
button, label = ipywidgets.Button(description='count'), ipywidgets.Label('0')
button.add_class('benchmark-count')
label.add_class('benchmark-label')
button.on_click(lambda _: setattr(label, 'value', str(int(label.value) + 1)))
ipywidgets.HBox([button, label])
"""
FIGURE_WIDGET = """
from itertools import count
from plotly.graph_objects import FigureWidget
from bppviz.picture.film import Film
from bppviz.picture.theme import painted, palette
from bppviz.core.walk import walk
film, steps = Film(explainer.trace), count(1)
patches = [painted(film.picture.patch(stop), palette('light')) for stop in walk(explainer.trace)]
figure = FigureWidget(bppviz.figure(explainer.trace, 0))

def show(_):
    with figure.batch_update():
        for attribute, by_series in patches[next(steps) % len(patches)].items():
            for series, value in by_series.items():
                figure.data[series][attribute] = value

step = ipywidgets.Button(description='step')
step.add_class('benchmark-step')
step.on_click(show)
box = ipywidgets.VBox([step, figure])
box.add_class('benchmark-figure')
box
"""


def measured(quick: bool) -> dict[Figure, float]:
    """Return every figure; a quick run shows that the benchmark works, not more."""
    with jupyterlab() as (browser, lab):
        figures = weights(browser, lab)
        figures |= drags(browser, lab, 1 if quick else 5)
        figures |= hold(browser, lab)
        figures |= steps(browser, lab, 3 if quick else 45)
        figures |= openings(browser, 1 if quick else 9)
    return figures


def weights(browser, lab) -> dict[Figure, float]:
    """Return the megabytes that the first two widgets of a page send, in both directions together."""
    from lab import Notebook

    page = browser.new_page()
    sizes: list[int] = []
    for event in ("framereceived", "framesent"):
        page.on("websocket", lambda socket, event=event: socket.on(event, lambda frame: sizes.append(len(frame))))
    notebook = Notebook(lab, page, [EXPLAIN, EXPLAIN])
    megabytes = {}
    for cell, figure in enumerate((FIRST, NEXT)):
        before = sum(sizes)
        notebook.run(cell)
        notebook.painted(cell)
        notebook.idle()
        page.wait_for_timeout(1000)
        megabytes[figure] = (sum(sizes) - before) / 1e6
    page.close()
    return megabytes


def drags(browser, lab, rounds: int) -> dict[Figure, float]:
    """Return the kilobytes that a page receives for each picture while a weight is dragged, and how long one takes."""
    kilobytes, pace = dragged(browser, lab, EXPLAIN, rounds)
    _, pace_larger = dragged(browser, lab, LARGER, rounds)
    return {DRAG: kilobytes, PACE: pace, PACE_LARGER: pace_larger}


def dragged(browser, lab, cell: str, rounds: int) -> tuple[float, float]:
    """Return the kilobytes for a picture of a drag, and how long it takes against a bare plot, which takes turns."""
    page, notebook = at_end(browser, lab, cell)
    x, y = grasped(page)
    for end in (x - 30, x):
        page.mouse.move(end, y)
        page.wait_for_timeout(1000)
        page.evaluate("benchmarkNote()")
    page.mouse.up()
    page.evaluate("benchmarkCount()")
    kilobytes, ratios = [], []
    for _ in range(rounds):
        rest(page, notebook)
        x, y = grasped(page)
        before, received = page.evaluate("benchmarkPictures"), notebook.received
        own = swept(page, x, y)
        pictures = page.evaluate("benchmarkPictures") - before
        kilobytes.append((notebook.received - received) / 1e3 / pictures)
        page.mouse.up()
        rest(page, notebook)
        page.evaluate("benchmarkDragBare()")
        bare = swept(page, x, y)
        ratios.append(own / pictures / (bare / page.evaluate("benchmarkEndBare()")))
    page.close()
    return median(kilobytes), median(ratios)


def grasped(page) -> tuple[float, float]:
    """Press the mouse on the last weight's slider, and return where that is."""
    handle = page.locator(DRAGGED).last
    handle.hover()  # which scrolls to it
    page.wait_for_timeout(500)
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    return x, y


def rest(page, notebook) -> None:
    """Wait until the film is there that follows a drag."""
    page.wait_for_timeout(1500)
    notebook.idle()


def swept(page, x: float, y: float) -> float:
    """Return the seconds that the mouse takes to and fro, each move as fast as the browser takes it."""
    begun = perf_counter()
    for end in (x - 30, x):
        page.mouse.move(end, y, steps=30)
    return perf_counter() - begun


def at_end(browser, lab, cell: str):
    """Return a page and its notebook with a network at its last step, where every number is known, and its numbers."""
    from lab import Notebook

    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(path=HERE / "page.js")
    notebook = Notebook(lab, page, [cell]).run_all()
    notebook.find("button.bppviz-show-weights").click()
    notebook.find(".bppviz-panel-weights .main-svg").wait_for()
    notebook.focus()
    notebook.press("End")
    notebook.idle()
    page.wait_for_timeout(1000)
    return page, notebook


def hold(browser, lab) -> dict[Figure, float]:
    """Return how many of 30 steps are not yet painted when a key is let go that came 30 times a second."""
    missing = {}
    for figure, cell in ((HELD_DOWN, EXPLAIN), (HELD_DOWN_LARGER, LARGER)):
        page, notebook = at_end(browser, lab, cell)
        notebook.press("Home")
        notebook.until(0)
        page.wait_for_timeout(500)
        missing[figure] = 30 - page.evaluate("benchmarkHold('ArrowRight')")
        page.close()
    return missing


def steps(browser, lab, rounds: int) -> dict[Figure, float]:
    """Return how long a step of the stage takes against each of the others, which take turns with it."""
    from lab import Notebook

    # So high that nothing need be scrolled to.
    page = browser.new_page(viewport={"width": 1500, "height": 3200})
    page.add_init_script(path=HERE / "page.js")
    notebook = Notebook(lab, page, [EXPLAIN, BARE, BUTTON_AND_LABEL, FIGURE_WIDGET])
    for cell in range(4):
        notebook.run(cell)
    page.locator(".benchmark-figure .js-plotly-plot .main-svg").first.wait_for(timeout=60_000)
    notebook.idle()
    page.evaluate("benchmarkBare()")
    contestants = {
        "key": lambda: pressed(page, "stage", ".bppviz-stage"),
        "button": lambda: clicked(page, "stage", ".bppviz-next"),
        "plot": lambda: pressed(page, "bare", "#bare"),
        "figure": lambda: clicked(page, "figurewidget", ".benchmark-step"),
        "label": lambda: clicked(page, "label", ".benchmark-count"),
    }
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, contestant in contestants.items():
            times[name].append(contestant())
            page.wait_for_timeout(150)  # until the kernel has heard of it
        if notebook.step() > 40:
            page.locator(".bppviz-first").click()
            page.wait_for_timeout(300)
    page.close()
    if notebook.problems:
        raise RuntimeError("\n".join(notebook.problems))
    took = {name: median(values) for name, values in times.items()}
    return {
        KEY_PLOT: took["key"] / took["plot"],
        BUTTON_PLOT: took["button"] / took["plot"],
        KEY_FIGURE: took["key"] / took["figure"],
        BUTTON_FIGURE: took["button"] / took["figure"],
        KEY_LABEL: took["key"] / took["label"],
        BUTTON_LABEL: took["button"] / took["label"],
    }


def openings(browser, rounds: int) -> dict[Figure, float]:
    """Return when a saved page's first step is seen, as a share of the time until plotly.js has drawn it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "walk.html"
        save_html(backprop(Network.lecture(), [1, -1], [1, 0]), file)
        return {OPENING: median(opened(browser, file) for _ in range(rounds))}


def opened(browser, file: Path) -> float:
    """Return how much sooner the first picture of a page is seen than the one that plotly.js draws there."""
    page = browser.new_page()
    page.goto(file.as_uri())
    page.locator(".bppviz-stage .textpoint").first.wait_for(timeout=60_000)
    seen, drawn = page.evaluate(
        "[performance.getEntriesByName('first-contentful-paint')[0].startTime, performance.now()]"
    )
    page.close()
    return seen / drawn


def pressed(page, contestant: str, selector: str) -> float:
    """Return the milliseconds from the key that takes a step to the frame that shows it."""
    page.locator(selector).first.focus()
    page.wait_for_timeout(HELD)
    return timed(page, "keydown", contestant, lambda: page.keyboard.press("ArrowRight"))


def clicked(page, contestant: str, selector: str) -> float:
    """Return the milliseconds from the click that takes a step to the frame that shows it."""
    return timed(page, "click", contestant, lambda: page.locator(selector).first.click(delay=HELD))


def timed(page, event: str, contestant: str, act) -> float:
    """Return the milliseconds from the event that `act` causes to the frame that shows what it has changed."""
    page.evaluate(f"void benchmarkStart('{event}', benchmarkChanges.{contestant})")
    act()
    return page.evaluate("benchmarkElapsed")
