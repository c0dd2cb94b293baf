// Holding a slider, pressing a key on it, typing a number: each is one edit, however many values it passes through.

import { all, isCommand, LEAVING, PLACED, placeOf, targetOf } from "./dom.js";
import { askFirst } from "./kernel.js";
import { signalsOf } from "./signals.js";
import { numberIn } from "./spin.js";

/** @import { Hold, Model, View } from "./types.js" */
/** @typedef {HTMLInputElement} Field */
/** @typedef {ReturnType<typeof import("./dom.js").hearing>} Hear */

const TAKING = ["pointerdown", "focusin", "keydown"]; // of a slider or field, by a hand
/** @type {Record<string, string>} */
const STEPS = { ArrowUp: "↑", ArrowDown: "↓" }; // in a field: Python makes its number larger or smaller by a step
const EXACT = ".bppviz-exact input";

/** @param {Hold["shown"]} shown */
const putBack = (shown) => () => shown.forEach(([, back]) => back());

/**
 * What the sliders and fields of one place show, or of all places, each with a function that restores it.
 * @param {HTMLElement} box
 * @param {string} [at]
 * @returns {Hold["shown"]}
 */
function shownAt(box, at) {
  const parts = all(box, `[class*=bppviz-at-${at ?? ""}] :is(.noUi-target, input)`);
  const own = parts.filter((it) => !at || placeOf(it.closest(PLACED)) === at);
  return own.map((part) => {
    const slider = part.noUiSlider;
    const field = /** @type {Field} */ (part);
    const value = slider ? slider.get() : field.value;
    return [part, () => void (slider ? slider.set(value) : (field.value = String(value)))];
  });
}

/**
 * Remember what each slider and field shows while the film is up to date, and how to restore it.
 * @param {{ box: HTMLElement, model: Model, hold: Hold }} view
 */
export function keeperOf({ box, model, hold }) {
  /** @type {Map<Element, () => void> | null} */
  let kept = null;
  return {
    keep() {
      if (!model.get("fresh")?.byteLength) kept = null;
      else kept ??= new Map([...shownAt(box), ...hold.shown]);
    },
    forget() {
      kept = null;
      if (hold.slider) hold.shown = shownAt(box, hold.at);
    },
    putBack: () => kept?.forEach((back) => back()),
  };
}

/**
 * @param {View} view
 * @param {Hear} hear
 */
export function hearHolds(view, hear) {
  hear(view.box, [...TAKING, "focusout"], (event) => onHold(view, event), true);
  hear(globalThis, LEAVING, (event) => onHold(view, event), true);
}

/**
 * @param {View} view
 * @param {KeyboardEvent & FocusEvent} event
 */
function onHold(view, event) {
  const { box, hold, kernel, model } = view;
  const { type, relatedTarget } = event;
  const target = targetOf(event);
  // Moving from one control to another sends one message, of what is taken: a second one may arrive after the number.
  const to = /** @type {Element | null} */ (relatedTarget);
  if (type === "focusout" && box.contains(to) && to?.closest(PLACED)) return;
  const control = target.closest?.(PLACED);
  const at = placeOf(control);
  const slider = !control?.matches(".bppviz-exact");
  const left = hold.slider ? LEAVING.includes(type) : type === "focusout" && at === hold.at;
  if (hold.down && left) return tellHold(view, false, { down: false });
  const again = type === "focusin" && hold.down && at === hold.at && slider === hold.slider;
  if (!at || !TAKING.includes(type) || isTyping(event) || again) return;
  if (type !== "keydown" || slider) hold.shown = shownAt(box, at); // else what was there before it was typed
  tellHold(view, true, { at, slider, down: !slider || type === "pointerdown" });
  if (kernel.state === "gone") event.stopPropagation();
  else if (at.includes("-")) {
    model.set("selected", at);
    model.save_changes();
    signalsOf(box).marked.send(at);
  }
}

/** @param {KeyboardEvent} event */
function isTyping(event) {
  return event.type === "keydown" && (event.repeat || (targetOf(event).matches("input") && event.key !== "Enter"));
}

/**
 * Take hold of a number in the picture: what is made of it is one edit. Its slider and field follow.
 * @param {Pick<View, "hold" | "kernel">} view
 * @param {string} at
 */
export const takeHold = (view, at) => tellHold(view, true, { at, slider: false, down: false, shown: [] });

/**
 * Tell the kernel in a message of its own, as it has to arrive before the number that changes.
 * @param {Pick<View, "hold" | "kernel">} view
 * @param {boolean} taken
 * @param {Partial<Hold>} changes
 */
function tellHold({ hold, kernel }, taken, changes) {
  Object.assign(hold, changes);
  const { at, slider, down } = hold;
  kernel.send({ kind: "hold", taken, at, slider, down }, putBack(hold.shown));
}

/**
 * Listen to what is typed into fields, and to the arrow keys there.
 * @param {View} view
 * @param {Hear} hear
 */
export function hearFields(view, hear) {
  /** @type {WeakMap<Field, { short?: string, exact?: string, stepped?: { from: string, arrows: string } }>} */
  const fields = new WeakMap();

  /**
   * Show all digits of a number, which the tooltip has, when its field gets the focus.
   * @param {Field} field
   */
  function enter(field) {
    const exact = numberIn(field);
    if (!exact) return;
    fields.set(field, { short: field.value, exact });
    if (field.value === exact) return;
    field.value = exact;
    field.select(); // as it was, where the Tab key led here; a click puts the caret where it is
  }

  /**
   * Shorten the number again when its field is left unchanged.
   * @param {Field} field
   */
  function leave(field) {
    const { short, exact } = fields.get(field) ?? {};
    if (short !== undefined && field.value === exact) field.value = short;
  }

  /**
   * Send an arrow along with all those since the field was typed in or got the focus: of what is sent while the kernel
   * is busy only the last arrives, and what the field shows meanwhile may be the answer to any of them.
   * @param {KeyboardEvent} event
   */
  function onStep(event) {
    const field = /** @type {Field} */ (targetOf(event));
    if (!STEPS[event.key] || isCommand(event) || !field.matches(EXACT)) return;
    event.preventDefault();
    const { value } = field;
    const { from, arrows } = fields.get(field)?.stepped ?? { from: value, arrows: "" };
    const stepped = { from, arrows: arrows + STEPS[event.key] };
    fields.set(field, { ...fields.get(field), stepped });
    field.value = stepped.from + stepped.arrows;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.value = value;
  }

  hear(view.box, ["change"], (event) => onTyped(view, event), true);
  hear(view.box, ["focusin"], ({ target }) => target.matches?.(EXACT) && enter(target));
  hear(view.box, ["focusout"], ({ target }) => target.matches?.(EXACT) && leave(target));
  hear(view.box, ["input"], ({ target }) => fields.set(target, { ...fields.get(target), stepped: undefined }));
  hear(view.box, ["keydown"], onStep, true);
}

/**
 * Check that the kernel is there to read what was typed.
 * @param {View} view
 * @param {Event} event
 */
function onTyped({ box, hold, kernel }, event) {
  const target = targetOf(event);
  if (!target.matches("input")) return;
  const at = placeOf(target.closest(PLACED));
  const isHeld = Boolean(at) && at === hold.at;
  askFirst(kernel, event, isHeld ? putBack(hold.shown) : null);
  if (isHeld && kernel.state !== "gone") hold.shown = shownAt(box, at);
}
