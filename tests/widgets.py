"""A widget as its page sees it: every control is found by its class, and told what the page tells.

What no page can know is asked for in three functions at the end.
"""

import asyncio
import gzip
import json

from bppviz.widget.stage import Chart, Stage, Tables

CONTROLS = ("training", "weights")  # the panels whose controls are ipywidgets


def inside(widget):
    """Yield a widget and everything in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def classes(widget):
    """Return the classes of a widget in the page."""
    return getattr(widget, "_dom_classes", ())


def names(widget):
    """Return the same without what all of ours begin with."""
    return [name.removeprefix("bppviz-") for name in classes(widget)]


def look_into(explainer, *panels):
    """Open panels one after the other, and then the one again that was open: their controls are made by that."""
    it = stage(explainer)
    before = it.panel
    for panel in (*panels, before):
        it.panel = panel


def all_inside(explainer):
    """Return everything in an explainer, with the controls of the panels that nobody has opened as yet."""
    found = [*inside(explainer)]
    panels = {f"bppviz-panel-{name}": name for name in CONTROLS}
    unseen = [panels[it] for widget in found for it in classes(widget) if it in panels and not widget.children]
    if not unseen:
        return found
    look_into(explainer, *unseen)
    return [*inside(explainer)]


def parts(explainer):
    """Return every widget inside of an explainer by its class in the page."""
    return {name: widget for widget in all_inside(explainer) for name in names(widget)}


def parts_of(explainer, kind):
    """Return the parts of a kind, wherever they are."""
    return [widget for widget in all_inside(explainer) if isinstance(widget, kind)]


def part(explainer, *called):
    """Return the part that is called all of this, None where there is none."""
    wanted = {f"bppviz-{name}" for name in called}
    return next((widget for widget in all_inside(explainer) if wanted <= {*classes(widget)}), None)


def stage(explainer):
    return next(child for child in inside(explainer) if isinstance(child, Stage))


def slider(explainer, key):
    """Return the slider of a number, such as w-1-0-0."""
    return part(explainer, "slider", f"at-{key}")


def field(explainer, key):
    """Return the field of a number."""
    return part(explainer, "exact", f"at-{key}")


def numbers(explainer):
    """Return what has a slider and a field, as the page calls it."""
    found = [names(widget) for widget in all_inside(explainer)]
    return [name.removeprefix("at-") for them in found if "slider" in them for name in them if name.startswith("at-")]


def charts(explainer, panel):
    """Return the charts that were drawn in a panel."""
    return [it for it in inside(part(explainer, f"panel-{panel}")) if isinstance(it, Chart)]


def tabled(explainer, panel):
    """Return the first widget with tables in a panel, which writes its head."""
    return next(it for it in inside(part(explainer, f"panel-{panel}")) if isinstance(it, Tables))


def tables(explainer, panel):
    """Return the tables in a panel."""
    return tabled(explainer, panel).tables


# What the page does


def _send(widget, **data):
    widget._handle_msg({"header": {}, "content": {"data": data}, "buffers": []})


def page(widget, **state):
    """Let the page change the state of a widget."""
    _send(widget, method="update", state=state)


def says(widget, content):
    """Let the page send a message to a widget."""
    _send(widget, method="custom", content=content)


def tells(explainer, kind, **message):
    """Let the page tell something to the stage."""
    says(stage(explainer), {"kind": kind, **message})


def holds(explainer, at):
    """Grab a slider."""
    tells(explainer, "hold", at=at, slider=True, down=True, taken=True)


def lets_go(explainer, at):
    tells(explainer, "hold", at=at, slider=True, down=False, taken=False)


def typed(explainer, key, value):
    """Type a number into the field of a place, and return the field."""
    it = field(explainer, key)
    it.value = str(value)
    return it


def unpacked(film):
    return json.loads(gzip.decompress(film))


def joined(told, texts):
    """Return what a frame tells as the page puts it together."""
    if isinstance(told, dict):
        return {name: joined(it, texts) for name, it in told.items()}
    return "".join(texts[it] for it in told)


async def until(condition):
    """Let the loop go on until a condition holds."""
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("waited in vain")


# What no page can know


def session(explainer):
    """Return what was done to the run, and can be undone."""
    return explainer._session


def asked(explainer):
    """Return the events that are asked for, and how many hints were taken."""
    asking = explainer._predict
    return asking.question(), asking.hints


def is_idle(explainer):
    """Tell whether no film is being made, or about to be."""
    return explainer._feed.is_idle
