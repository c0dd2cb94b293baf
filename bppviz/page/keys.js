// The keys: what each does, the table of them, and how the widget gets them before the notebook.

import { isCommand, targetOf } from "./dom.js";
import { MOVES } from "./walk.js";
import { SCROLLED } from "./words.js";

/** @import { Cover, Model, View, Words } from "./types.js" */
/** @typedef {ReturnType<typeof keyTable>} KeyTable */

/** @type {Record<string, string>} */
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
  o: "show-steps",
  c: "show-weights",
  p: "show-predict",
  h: "hint",
  t: "show-training",
  n: "show-table",
  m: "show-matrices",
  y: "show-why",
  g: "show-check",
  d: "show-code",
  s: "spotlight",
  l: "language",
  r: "again",
  "?": "help",
};
// The rows of the table of keys.
const TOLD_KEYS = {
  walk: ["→", "←", "PageDown", "PageUp"],
  granularity: ["↑", "↓"],
  ends: ["Home", "End"],
  play: ["Space"],
  again: ["R"],
  present: ["F"],
  blank: ["B"],
  size: ["+", "−"],
  steps: ["O"],
  panels: ["C", "T", "N", "M", "Y", "G", "D"],
  predict: ["P"],
  hint: ["H"],
  undo: ["Ctrl Z", "Ctrl Shift Z"],
  spotlight: ["S"],
  language: ["L"],
  escape: ["Esc"],
  help: ["?"],
};

/** Whether a key is a letter or a sign, which those who speak to their computer may press unawares. @param {string} key */
const isLetter = (key) => key.length === 1 && key !== " ";

/**
 * Return the act of a key where the focus is, if any: an element that uses the key itself keeps it.
 * @param {KeyboardEvent} event
 * @param {boolean} hasLetters - whether letters do anything
 */
function actOf(event, hasLetters) {
  const { key } = event;
  const target = targetOf(event);
  if (key === "Escape" && !target.closest("dialog")) return "escape";
  if (isLetter(key) && !hasLetters) return undefined;
  const act = /** @type {string | undefined} */ (KEYS[key.length === 1 ? key.toLowerCase() : key]);
  if (key.startsWith("Page") || !act) return act; // a remote works wherever the focus was left
  if (act === "hint" && target.matches(".bppviz-answer")) return act; // no number has an H
  if (key.length > 1 && target.closest(`${SCROLLED}, [role=grid], [role=tree], .bppviz-tag, .bppviz-listing`)) return undefined;
  if (target.closest("select, textarea, [contenteditable=true], input:not([type=range])")) return undefined;
  if (target.closest("[role=slider], input[type=range]")) return key.length > 1 ? undefined : act;
  return target.closest("button, summary, [role=tree]") && key === " " ? undefined : act;
}

/**
 * Return whether a key with Ctrl undoes or redoes: in a field, it does so with what is typed there.
 * @param {KeyboardEvent} event
 */
function wayOf(event) {
  const { altKey, key, shiftKey } = event;
  if (altKey || key.toLowerCase() !== "z" || targetOf(event).matches("input[type=text]:focus, textarea")) return undefined;
  return shiftKey ? "redo" : "undo";
}

/**
 * The table of keys, in a dialog, where the letters among them can be turned off.
 * @param {Pick<View, "box" | "model">} view
 */
export function keyTable({ box, model }) {
  const dialog = document.createElement("dialog");
  dialog.className = "bppviz-keys";
  dialog.addEventListener("click", (event) => targetOf(event).closest("label") || dialog.close());
  dialog.addEventListener("change", ({ target }) => {
    model.set("letter_keys", /** @type {HTMLInputElement} */ (target).checked);
    model.save_changes();
  });
  return {
    get isOpen() {
      return dialog.open;
    },
    close: () => dialog.close(),
    /** @param {Words} words */
    open(words) {
      const rows = Object.entries(TOLD_KEYS).map(([name, keys]) => {
        const caps = keys.map((cap) => `<kbd>${cap}</kbd>`).join(" ");
        return `<tr><th scope="row">${caps}</th><td>${words[`keys.${name}`]}</td></tr>`;
      });
      const head = ["key", "act"].map((name) => `<th scope="col">${words[`keys.${name}`]}</th>`).join("");
      dialog.setAttribute("aria-label", words["keys.title"]);
      dialog.innerHTML = `<table><caption>${words["keys.title"]}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>
        <label class="widget-label-basic"><input type="checkbox">${words["keys.letters"]}</label>
        <button autofocus>${words["keys.close"]}</button>`;
      /** @type {HTMLInputElement} */ (dialog.querySelector("input")).checked = model.get("letter_keys");
      box.append(dialog);
      dialog.showModal();
    },
  };
}

/**
 * @param {View} view
 * @param {(name: string) => void} act
 * @param {Cover} cover
 */
export function hearKeys({ box, hear, model }, act, cover) {
  hear(globalThis, ["keydown"], (event) => keepFromNotebook(box, event), true);
  // A key with an act is taken before a slider or list in the widget gets it.
  hear(box, ["keydown"], (event) => onKey(event, act, cover, model), true);
  // JupyterLab would cut the cell on "x" and insert one on "b": https://github.com/jupyterlab/jupyterlab/pull/14115
  hear(box, ["keydown"], (event) => isCommand(event) || event.stopPropagation());
}

/**
 * Notebook 7 looks at keys before the page's elements do, and would go to its headings on → and ←. It leaves alone
 * what comes from an element with this attribute. It must not stay there: a key with Ctrl, such as the one that saves,
 * would be lost within that element.
 * @param {HTMLElement} box
 * @param {KeyboardEvent} event
 */
function keepFromNotebook(box, event) {
  const target = targetOf(event);
  if (!box.contains(target) || isCommand(event)) return;
  target.setAttribute("data-lm-suppress-shortcuts", "");
  setTimeout(() => target.removeAttribute("data-lm-suppress-shortcuts"));
}

/**
 * @param {KeyboardEvent} event
 * @param {(name: string) => void} act
 * @param {Cover} cover
 * @param {Model} model
 */
function onKey(event, act, cover, model) {
  const name = isCommand(event) ? wayOf(event) : actOf(event, model.get("letter_keys"));
  if (isCommand(event) && !name) return;
  const [blank, keys] = [cover.isBlank(), cover.isKeys()];
  if (!name && !blank) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.repeat && !(name && Object.hasOwn(MOVES, name))) return;
  cover.lift();
  if (name && !blank && !(keys && name === "help")) act(name);
}
