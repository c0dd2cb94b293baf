"""A click on a number of the picture, where it is drawn: a given one is chosen, any other leads to its step."""

import pytest
from drawn import Drawn
from networks import lecture, lecture_of_two
from playwright.sync_api import TimeoutError
from saved import saved

from bppviz import Network, backprop, example
from bppviz.core.emphasis import emphasised
from bppviz.core.order import GIVEN
from bppviz.core.place import home
from bppviz.core.samples import default_sample
from bppviz.core.walk import walk
from bppviz.picture.film import Film

IRIS = example("iris")
SOFTMAX = Network.random([2, 3, 2], "relu", "cross_entropy")
# A run, its view, and how many steps lie between two that are looked at.
RUNS = {
    "lecture": (lecture(), "network", 1),
    "lecture and its mirror": (lecture(), "mirror", 2),
    "two samples and an update": (lecture_of_two(), "network", 3),
    "iris": (backprop(IRIS.network, IRIS.x[5], IRIS.target[5]), "network", 4),
    "iris and its mirror": (backprop(IRIS.network, IRIS.x[5], IRIS.target[5]), "mirror", 3),
    "softmax and its mirror": (backprop(SOFTMAX, *default_sample(SOFTMAX)), "mirror", 3),
    "4-8-8-3": (backprop(Network.random([4, 8, 8, 3]), [1, -1, 1, -1], [1, 0, 0]), "network", 29),
}
# The middle of a text that stands at a point of the picture, in pixels of the page.
MIDDLE = """([x, y]) => {
  const texts = [...document.querySelectorAll(".bppviz-picture .textpoint > text")];
  const away = (it) => Math.hypot(it.getAttribute("x") - x, it.getAttribute("y") - y);
  const seen = texts.filter((it) => it.textContent.trim()).sort((one, other) => away(one) - away(other))[0];
  seen.scrollIntoView({ block: "nearest", inline: "center" });
  const { left, right, top, bottom } = seen.getBoundingClientRect();
  return [(left + right) / 2, (top + bottom) / 2];
}"""
# The step that is shown, and the number in hand.
STANDS = """() => [
  Number(document.querySelector(".bppviz-stage").dataset.step),
  document.querySelector(".bppviz-held:not([hidden])")?.textContent ?? "",
]"""
IS_MEANT = "at === step && (!symbol || held.startsWith(`${symbol} `))"


@pytest.fixture(params=RUNS)
def name(request):
    return request.param


@pytest.fixture
def page(browser, tmp_path, name):
    trace, view, _ = RUNS[name]
    page = browser.new_page(viewport={"width": 1700, "height": 1000})
    page.goto(saved(trace, tmp_path) + f"#view={view}")
    page.locator(".bppviz-stage[data-step]:has(.bppviz-picture)").wait_for(timeout=60_000)
    yield page
    page.close()


def numbers(trace, drawn):
    """Yield what a step is about, the places of its numbers and where each is written; that of an update is new."""
    about = emphasised(trace, drawn.stop)
    for place in sorted({*about.results, *about.operands}, key=str):
        if text := drawn.text(place, is_result=place in about.results):
            yield place, text, place in about.results


def test_a_click_on_any_number_that_a_step_is_about_means_that_number(page, name):
    trace, view, stride = RUNS[name]
    film, wrong, seen = Film(trace, view), [], 0
    shape = film.picture.ground.shape
    for stop in walk(trace, "equation")[::stride]:
        for place, text, is_result in numbers(trace, Drawn(film, stop)):
            page.locator("input.bppviz-scrub").fill(str(stop.last))
            page.locator(f'.bppviz-stage[data-step="{stop.last}"]').wait_for()
            page.mouse.click(*page.evaluate(MIDDLE, [text.x, text.y]))
            page.wait_for_timeout(40)  # where the right step is shown already, another one would be by then
            is_given = place.quantity in GIVEN and not (is_result and place.quantity in "wb")
            meant = [stop.last, shape.symbols(*place).text] if is_given else [step_after(shape, place, stop.last), ""]
            seen += 1
            wrong += [] if comes_to(page, meant) else [(stop.last, place, text.text, meant, page.evaluate(STANDS))]
            page.keyboard.press("Escape")
    assert seen > 20
    assert wrong == [], "\n".join(map(str, wrong))


def step_after(shape, place, current):
    """Return the step that a number leads to: its own, and from there the other one that a circle has."""
    own = shape.steps[place]
    if own != current or home(place).quantity in "wb":
        return own
    steps = shape.answer(place)[2:]
    return steps[(steps.index(current) + 1) % len(steps)]


def comes_to(page, meant):
    """Tell whether a step is shown, and a number chosen if there is one to be."""
    script = f"([step, symbol]) => {{ const [at, held] = ({STANDS})(); return {IS_MEANT}; }}"
    try:
        page.wait_for_function(script, arg=meant, timeout=2000)
    except TimeoutError:
        return False
    return True
