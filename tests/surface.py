"""How much of the surface there is in a page, and what of it is in sight: what the bounds of the design are held to."""

# Everything that is measured of a widget, in one go. What is drawn or is scrolled by itself reaches beyond nothing.
SURFACE = """(index) => {
  const box = document.querySelectorAll(".bppviz")[index];
  const lay = box.querySelector(".bppviz-lay");
  const within = (selector) => [...box.querySelectorAll(selector)]
    .filter((it) => it.checkVisibility() && it.getClientRects().length);
  const rect = (it) => it?.getBoundingClientRect().toJSON();
  const name = (it) => it.closest("[class*=bppviz-]").className;
  const style = (it) => getComputedStyle(it);
  const isScrolled = (it) => /auto|scroll/.test(style(it).overflowY) && it.scrollHeight > it.clientHeight;
  let place = box.parentElement;
  while (place !== document.documentElement && !isScrolled(place)) place = place.parentElement;
  const isPage = place === document.documentElement;
  const own = isPage && box.parentElement !== document.body ? 120 : 0; // what a page with cells takes for itself
  const { left, right, width, height } = rect(lay);

  const [panel, ...others] = within(".bppviz-panel");
  const picture = box.querySelector(".bppviz-picture");
  const scale = rect(picture).width / picture.offsetWidth;
  const texts = [...picture.querySelectorAll("svg text")].filter((it) => it.textContent.trim());

  const drawn = "svg, math, figure, .bppviz-scroll, .bppviz-charts, .bppviz-tables";
  const laid = within("*").filter((it) => it.offsetHeight && !it.closest(drawn));
  const named = "button, label, legend, .widget-label, .bppviz-title, .bppviz-said, .bppviz-went";
  const isSeen = (it) => style(it).opacity !== "0" && it.clientWidth > 1; // others are heard
  const isCut = (it) => isSeen(it) && style(it).overflowX !== "visible" && it.scrollWidth > it.clientWidth + 1;
  // A box to tick is pressed anywhere in its row, and a slider's handle a little beside it.
  const isTick = (it) => it?.matches("[type=checkbox], [type=radio]");
  const targets = within("button, select, input, label, .noUi-touch-area, .widget-readout")
    .filter((it) => (it.localName === "label" ? isTick(it.control) : !isTick(it)));
  const places = (it) => [it.scrollWidth - it.clientWidth, it.scrollHeight - it.clientHeight];
  return {
    controls: within("button, select, input, .noUi-handle").map(name),
    width, height, room: isPage ? innerHeight - own : place.clientHeight,
    text: Math.min(...texts.map((it) => scale * parseFloat(style(it).fontSize))),
    tabs: rect(within(".bppviz-tabs")[0]), stage: rect(within(".bppviz-stage")[0]), picture: rect(picture),
    panel: rect(panel), panels: Number(Boolean(panel)) + others.length, popovers: within(".bppviz-pop").length,
    hidden: panel ? places(panel) : [0, 0],
    beyond: laid.filter((it) => rect(it).right > right + 1 || rect(it).left < left - 1).map(name),
    cut: within(named).filter(isCut).map((it) => it.textContent),
    small: targets.filter((it) => Math.min(rect(it).width, rect(it).height) < 23.9).map((it) => it.outerHTML),
  };
}"""
FILLED = ":is(table, .main-svg, .bppviz-code-line)"  # what is in a panel that the kernel has filled


def measured(page, stage=0):
    """Return everything that is measured of a widget."""
    return page.evaluate(SURFACE, stage)


def still(page, stage=0):
    """Return the same once nothing moves any more."""
    looks = [{}, measured(page, stage)]
    while looks[-1] != looks[-2]:
        page.wait_for_timeout(200)
        looks.append(measured(page, stage))
    return looks[-1]


def opened(notebook, panel, stage=0):
    """Open a panel, and return what is measured once it is filled and stands still."""
    notebook.open(panel, stage)
    if panel != "predict":
        notebook.find(f".bppviz-panel-{panel} {FILLED}", stage).wait_for()
    return still(notebook.page, stage)


def closed(notebook, stage=0):
    """Close the panel that is open, and return what is measured at rest."""
    tab = notebook.find('.bppviz-tabs [aria-expanded="true"]', stage)
    if tab.is_visible():
        tab.click()
        tab.wait_for(state="detached")
    return still(notebook.page, stage)


def lost(surface):
    """Return all that is not wholly seen, or too small to be pressed: beyond the widget, or a text that is cut off."""
    return [*surface["beyond"], *surface["cut"], *surface["small"]]
