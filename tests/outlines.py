"""The outline of the walk in a page: what stands in it, and how it is opened."""

ROWS = """(stage) => {
  const box = document.querySelectorAll(".bppviz")[stage];
  return [...box.querySelectorAll(".bppviz-outline [role=treeitem]")].map((it) => {
    const text = (part) => it.querySelector(part)?.textContent ?? "";
    return {
      name: text("b"),
      value: text("i"),
      number: text("span"),
      level: Number(it.ariaLevel),
      expanded: it.ariaExpanded,
      current: it.ariaCurrent,
      focused: it === document.activeElement,
      reached: it.tabIndex === 0,
    };
  });
}"""


def items(notebook, stage=0):
    """Return the items of the outline, from the first to the last."""
    return notebook.page.evaluate(ROWS, stage)


def stops(notebook, stage=0):
    """Return the stops of the open group: number, name and value of each."""
    return [(int(it["number"]), it["name"], it["value"]) for it in items(notebook, stage) if it["level"] == 2]


def heads(notebook, stage=0):
    """Return the groups, each with its first and last stop as they are written."""
    return [(it["name"], it["number"]) for it in items(notebook, stage) if it["level"] == 1]


def current(notebook, stage=0):
    """Return the only item that is marked as the current stop."""
    (found,) = [it for it in items(notebook, stage) if it["current"]]
    return found


def focused(notebook, stage=0):
    """Return the name of the item that has the focus, which is the one that Tab reaches; nothing, if none has."""
    found = [it for it in items(notebook, stage) if it["focused"]]
    assert not found or [it for it in items(notebook, stage) if it["reached"]] == found
    return found[0]["name"] if found else ""


def opened(notebook, step, stage=0):
    """Open the outline at a step that is walked to by equation."""
    notebook.focus(stage)
    notebook.python(f"e.step = {step}")
    notebook.until(step, stage)
    notebook.find(".bppviz-show-steps", stage).click()
    notebook.find(".bppviz-outline [aria-current]", stage).wait_for()


def is_up(notebook, stage=0):
    """Tell whether the outline is open."""
    return notebook.find(".bppviz-outline", stage).is_visible()
