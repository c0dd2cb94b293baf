// Full screen, or the whole window where the page may not have it; and what can lie over the widget.

import { pageIsDark } from "./dom.js";

/** @import { Cover, Model, Screen } from "./types.js" */
/** @import { KeyTable } from "./keys.js" */

const BLANK = "bppviz-is-blank";

/**
 * Return the visible theme: in full screen the light one becomes that of the projector.
 * @param {{ model: Model, screen: Screen }} view
 */
export function themeOf({ model, screen }) {
  const chosen = model.get("theme");
  const wanted = chosen === "auto" ? (pageIsDark() ? "dark" : "light") : chosen;
  return wanted === "light" && screen.is() ? "projector" : wanted;
}

/**
 * Bring the box to the front; returns functions that put the page back as it was.
 * @param {HTMLElement} box
 * @param {HTMLElement} stage
 */
function putInFront(box, stage) {
  // The notebook must not close up and scroll while the widget is out of it.
  const home = /** @type {HTMLElement} */ (box.parentElement);
  const { minHeight } = home.style;
  home.style.minHeight = `${box.offsetHeight}px`;
  /** @type {(() => void)[]} */
  const given = [() => void (home.style.minHeight = minHeight)];
  for (let it = /** @type {HTMLElement | null} */ (home); it; it = it.parentElement) {
    const [element, { scrollTop }] = [it, it];
    if (scrollTop) given.push(() => void (element.scrollTop = scrollTop));
  }
  box.classList.add("bppviz-is-presenting");
  stage.focus({ preventScroll: true });
  box.tabIndex = -1; // a click beside the buttons must not give the focus to the notebook behind it
  given.push(() => box.removeAttribute("tabindex"));
  return given;
}

/** Let Escape close what is open first, where the browser gives the key away; held down, it still leaves. */
const keepEscape = () => /** @type {any} */ (navigator).keyboard?.lock?.(["Escape"]);

/**
 * @param {HTMLElement} box
 * @param {HTMLElement} stage
 * @param {() => void} changed
 * @returns {Screen}
 */
export function screenOf(box, stage, changed) {
  /** @type {(() => void)[]} */
  let given = []; // what is to be as it was, when it is over
  const is = () => box.classList.contains("bppviz-is-presenting");

  function begin() {
    given = putInFront(box, stage);
    const asked = box.requestFullscreen?.() ?? Promise.reject();
    asked.then(() => (is() ? keepEscape() : document.exitFullscreen()), takeWindow);
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
    box.classList.remove("bppviz-is-presenting", BLANK);
    changed();
    if (document.fullscreenElement === box) await document.exitFullscreen();
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame); // JupyterLab lays itself out
    restores.forEach((restore) => restore());
  }

  const onChange = () => document.fullscreenElement !== box && end();
  box.addEventListener("fullscreenchange", onChange);
  return {
    is,
    end,
    toggle: () => (is() ? end() : begin()),
    close: () => box.removeEventListener("fullscreenchange", onChange),
  };
}

/** @param {HTMLElement} box */
export const blank = (box) => box.classList.add(BLANK);

/**
 * @param {HTMLElement} box
 * @param {KeyTable} keys
 * @returns {Cover}
 */
export function coverOf(box, keys) {
  return {
    isKeys: () => keys.isOpen,
    isBlank: () => box.classList.contains(BLANK),
    lift() {
      keys.close();
      box.classList.remove(BLANK);
    },
  };
}
