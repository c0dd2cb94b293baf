"""The sliders and fields of the lecture's network in a page, moved with a real mouse."""

from bppviz import Network, backprop
from bppviz.core.network import with_number
from bppviz.core.place import place_at
from bppviz.practice.typed import single

LECTURE = Network.lecture()


def handle(notebook, title):
    """Return the handle of the slider that a title names."""
    return notebook.find(f'.bppviz-slider[title="{title}"] .noUi-handle')


def field(notebook, place):
    """Return the field of a place, such as w-2-0-0."""
    return notebook.find(f".bppviz-exact.bppviz-at-{place} input")


def grasp(notebook, it):
    """Press the mouse on a handle and return where it is."""
    it.scroll_into_view_if_needed()
    box = it.bounding_box()
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    notebook.page.mouse.move(*at)
    notebook.page.mouse.down()
    return at


def drag(notebook, title, by):
    """Drag the handle of a slider sideways by so many pixels, and keep it held."""
    pull(notebook, handle(notebook, title), by)


def pull(notebook, it, by):
    """Drag a handle sideways by so many pixels, and keep it held."""
    x, y = grasp(notebook, it)
    notebook.page.mouse.move(x + by, y, steps=12)


def shown(notebook, place):
    """Return the number that the handle of a place stands at, once its field says the same."""
    slider = notebook.find(f".bppviz-slider.bppviz-at-{place} .noUi-handle")

    def stands():
        return round(float(slider.get_attribute("aria-valuetext")), 2)

    notebook.eventually(lambda: single(field(notebook, place).input_value()) == stands())
    return stands()


def edited(key, value):
    """Return the run of the lecture's network with another weight, bias, input or target, computed apart."""
    place, x, target = place_at(key), [1, -1], [1, 0]
    if place.quantity in ("w", "b"):
        return backprop(with_number(LECTURE, place, value), x, target)
    (x if place.quantity == "x" else target)[place.unit] = value
    return backprop(LECTURE, x, target)
