// Pointing and choosing: in the picture, in the formula under it, and in the tables beside it.

import { find, targetOf } from "./dom.js";
import { signalsOf } from "./signals.js";
import { WHOLE } from "./walk.js";

/** @import { Point, View } from "./types.js" */

/**
 * Choose a clicked neuron, edge or gate, and show the step that computed it; on the next click, the next such step.
 * @param {View} view
 * @param {Point} [point]
 */
export function choosePoint({ model, play, stage }, [key, , ...steps] = []) {
  if (key) model.set("selected", key);
  if (steps.length) {
    play.stop();
    model.set("partial", WHOLE);
    model.set("step", steps[(steps.indexOf(model.get("step")) + 1) % steps.length]);
  }
  model.save_changes();
  stage.focus({ preventScroll: true });
}

/**
 * Choose the place of a number in the formula or a table, or the bias of its neuron, and show its step.
 * @param {View} view
 * @param {{ place?: string, step: number }} chosen
 */
export function choosePlace(view, { place = "", step }) {
  const chooses = /^[wbxt]-/.test(place) ? place : place.replace(/^\w+?-(?=\d)/, "b-");
  choosePoint(view, [place.startsWith("loss") ? "" : chooses, place, ...(step >= 0 ? [step] : [])]);
}

/**
 * Light up the place under the mouse and its twin.
 * @param {View} view
 * @param {Point} [point]
 */
export function pointAt({ box }, [, key] = []) {
  signalsOf(box).pointed.send(key ?? "");
}

/**
 * Light up the home of a number under the mouse; a click on it goes to the step that computed it.
 * @param {View} view
 */
export function hearWords(view) {
  const words = find(view.stage, "words");
  /** @param {Event} event */
  const homeOf = (event) => {
    const home = /** @type {HTMLElement | null | undefined} */ (targetOf(event).closest?.("[data-at]"));
    const [place, step] = home?.dataset.at?.split(" ") ?? ["", "-1"];
    return { place, step: Number(step) };
  };
  words.addEventListener("mouseover", (event) => pointAt(view, ["", homeOf(event).place]));
  words.addEventListener("mouseleave", () => pointAt(view));
  words.addEventListener("click", (event) => {
    const chosen = homeOf(event);
    if (chosen.place) choosePlace(view, chosen);
  });
}
