// Small helpers that every module of the page uses.

/** @import { Model } from "./types.js" */

// A browser that has nothing to do would begin such work before it paints the step, and paint late.
const idle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 100));
/** @param {() => unknown} work */
export const whenIdle = (work) => requestAnimationFrame(() => idle(() => void work()));

export const LEAVING = ["pointerup", "pointercancel"]; // of a slider or the picture; a field is left with the focus

/**
 * Find the part with one of our class names; it must be there.
 * @param {Element} within
 * @param {string} name
 */
export const find = (within, name) => /** @type {HTMLElement} */ (within.querySelector(`.bppviz-${name}`));

/**
 * @param {Element} within
 * @param {string} selector
 */
export const all = (within, selector) => /** @type {HTMLElement[]} */ ([...within.querySelectorAll(selector)]);

/** @param {Event} event */
export const targetOf = (event) => /** @type {HTMLElement} */ (event.target);

/** Whether the mouse itself has moved; else something has come to lie under it. @param {MouseEvent} event */
export const hasMoved = ({ movementX, movementY }) => Boolean(movementX || movementY);

/**
 * @param {Element | null | undefined} element
 * @param {string} text
 */
export function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/**
 * Set a variable of the style sheet, unless it is so: each setting has all that is below styled anew.
 * @param {HTMLElement} element
 * @param {string} name
 * @param {string} value
 */
export function vary({ style }, name, value) {
  if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
}

// Markup that has not changed is left alone: laying out a formula takes time.
const markups = new WeakMap();
/**
 * @param {Element} element
 * @param {string} markup
 */
export function put(element, markup) {
  if (markups.get(element) === markup) return;
  markups.set(element, markup);
  element.innerHTML = markup;
}

/** Write a text as markup. @param {string} text */
export const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/**
 * Write the markup of an element anew, after its parts were moved.
 * @param {Element} element
 */
export function renew(element) {
  element.innerHTML = markups.get(element) ?? "";
}

/**
 * Whether a key belongs to Jupyter or the browser.
 * @param {KeyboardEvent} event
 */
export const isCommand = ({ ctrlKey, metaKey, altKey }) => ctrlKey || metaKey || altKey;

/**
 * Strip the markup from a text of plotly.
 * @param {string} text
 */
export const plain = (text) => new DOMParser().parseFromString(text, "text/html").body.textContent ?? "";

/**
 * @param {string} text
 * @param {Record<string, unknown>} blanks
 */
export function fill(text, blanks) {
  return text.replace(/\{(\w+)\}/g, (blank, name) => String(blanks[name] ?? blank));
}

/**
 * Return the rest of the class name with this beginning. Classes are all that Python can set on an ipywidget.
 * @param {Element | null | undefined} element
 * @param {string} beginning
 */
export function classAfter(element, beginning) {
  const name = [...(element?.classList ?? [])].find((it) => it.startsWith(beginning));
  return name?.slice(beginning.length) ?? "";
}

export const PLACED = "[class*=bppviz-at-]"; // the sliders and fields of numbers
/**
 * The place in the network that a slider or field sets, such as "w-1-0-1", or "rate".
 * @param {Element | null | undefined} element
 */
export const placeOf = (element) => classAfter(element, "bppviz-at-");

/**
 * Wait until a view is attached, and return the box that holds it and its controls.
 * @param {HTMLElement} stage
 * @param {AbortSignal} [signal]
 * @returns {Promise<HTMLElement>}
 */
export async function attached(stage, signal) {
  for (let frame = 0; !stage.closest(".bppviz") && !signal?.aborted && frame < 600; frame += 1) {
    await new Promise(requestAnimationFrame);
  }
  return /** @type {HTMLElement | null} */ (stage.closest(".bppviz")) ?? stage;
}

/**
 * Wait for a part that may be rendered later.
 * @param {() => HTMLElement | null} look
 * @param {AbortSignal} [signal]
 */
export async function there(look, signal) {
  while (!look() && !signal?.aborted) await new Promise(requestAnimationFrame);
  return look();
}

/**
 * Return where in the picture a quantity has its home: the gradient of a weight or bias at that.
 * @param {string} place
 */
export const homePlace = (place) => place.replace(/^d\w_d([wb])-/, "$1-");

export function pageIsDark() {
  const jupyter = document.body?.dataset.jpThemeLight;
  if (jupyter) return jupyter === "false";
  return globalThis.matchMedia?.("(prefers-color-scheme: dark)").matches ?? false;
}

/**
 * Returns a function that adds listeners, which the signal removes.
 * @param {AbortSignal} signal
 */
export const hearing = (signal) =>
  /**
   * @param {EventTarget} target
   * @param {string[]} types
   * @param {(event: any) => unknown} handler
   */
  (target, types, handler, capture = false) => {
    for (const type of types) target.addEventListener(type, handler, { capture, signal });
  };

/**
 * Send Python a message at once. A dead kernel throws; then the message no longer matters.
 * @param {Model<any>} model
 * @param {object} message
 */
export function post(model, message) {
  try {
    model.send(message);
  } catch {
    return;
  }
}
