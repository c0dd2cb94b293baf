// For whoever stands in front of a class: the keys, full screen, a blank one, and how a step came about once more.

const KEYS = {
  ArrowLeft: "back",
  ArrowRight: "next",
  PageUp: "back", // a presenter's remote sends these two
  PageDown: "next",
  ArrowUp: "coarser",
  ArrowDown: "finer",
  Home: "first",
  End: "last",
  " ": "play",
  f: "present",
  b: "blank",
  "+": "larger",
  "=": "larger", // the same key, without Shift
  "-": "smaller",
  p: "predict",
  l: "language",
  r: "again",
  "?": "help",
};
// What the table of keys says, in its order.
const TOLD_KEYS = {
  walk: ["→", "←", "PageDown", "PageUp"],
  granularity: ["↑", "↓"],
  ends: ["Home", "End"],
  play: ["Space"],
  again: ["R"],
  present: ["F"],
  blank: ["B"],
  size: ["+", "−"],
  predict: ["P"],
  language: ["L"],
  help: ["?"],
};
export const SIZES = [0.8, 1, 1.25, 1.5, 1.8]; // of the text, by what it is at first
export const BEFORE = 500; // milliseconds for which the step before is seen again
export const SCROLLED = ".bppviz-scroll, .bppviz-formula, .bppviz-substituted"; // what can have the focus for that

// The act that a key stands for where the focus is, if any: what has a use of its own for a key keeps it.
export function actOf({ key, target }) {
  const act = KEYS[key.length === 1 ? key.toLowerCase() : key];
  if (key.startsWith("Page") || !act) return act; // a remote works wherever the focus was left
  if (key.length > 1 && target.closest(`${SCROLLED}, [role=grid]`)) return undefined;
  if (target.closest("select, textarea, [contenteditable=true], input:not([type=range])")) return undefined;
  if (target.closest("[role=slider], input[type=range]")) return key.length > 1 ? undefined : act;
  return target.closest("button") && key === " " ? undefined : act;
}

// Full screen, or where the page may not have it, all of the window. Returns what can be asked and done.
export function presentation(box, stage, changed) {
  let given = []; // what is to be as it was, when it is over
  const is = () => box.classList.contains("bppviz-is-presenting");

  function begin() {
    // The notebook must not close up and scroll while the widget is out of it.
    const home = box.parentElement;
    const { minHeight } = home.style;
    home.style.minHeight = `${box.offsetHeight}px`;
    given = [() => (home.style.minHeight = minHeight)];
    for (let it = home; it; it = it.parentElement) {
      const { scrollTop } = it;
      if (scrollTop) given.push(() => (it.scrollTop = scrollTop));
    }
    box.classList.add("bppviz-is-presenting");
    stage.focus({ preventScroll: true });
    box.tabIndex = -1; // a click beside the buttons must not give the focus to the notebook behind the wall
    given.push(() => box.removeAttribute("tabindex"));
    const asked = box.requestFullscreen?.() ?? Promise.reject();
    asked.then(() => is() || document.exitFullscreen(), takeWindow);
    changed();
  }

  function takeWindow() {
    if (!is()) return;
    box.popover = "manual";
    box.showPopover?.();
    given.push(() => box.removeAttribute("popover"));
  }

  async function end() {
    if (!is()) return;
    const restores = given;
    box.classList.remove("bppviz-is-presenting", "bppviz-is-blank");
    changed();
    if (document.fullscreenElement === box) await document.exitFullscreen();
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame); // JupyterLab lays itself out
    restores.forEach((restore) => restore());
  }

  const onChange = () => document.fullscreenElement !== box && end();
  box.addEventListener("fullscreenchange", onChange);
  return { is, end, toggle: () => (is() ? end() : begin()), close: () => box.removeEventListener("fullscreenchange", onChange) };
}

// The table of keys, over everything.
export function keyTable(box) {
  const dialog = document.createElement("dialog");
  dialog.className = "bppviz-keys";
  dialog.addEventListener("click", () => dialog.close());
  return {
    get isOpen() {
      return dialog.open;
    },
    close: () => dialog.close(),
    open(words) {
      const rows = Object.entries(TOLD_KEYS).map(([name, keys]) => {
        const caps = keys.map((cap) => `<kbd>${cap}</kbd>`).join(" ");
        return `<tr><th scope="row">${caps}</th><td>${words[`keys.${name}`]}</td></tr>`;
      });
      const head = ["key", "act"].map((name) => `<th scope="col">${words[`keys.${name}`]}</th>`).join("");
      dialog.setAttribute("aria-label", words["keys.title"]);
      dialog.innerHTML = `<table><caption>${words["keys.title"]}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>
        <button autofocus>${words["keys.close"]}</button>`;
      box.append(dialog);
      dialog.showModal();
    },
  };
}
