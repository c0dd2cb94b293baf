// Pointing and choosing: in the picture, in the formula under it, and in the tables beside it.

import { find, hasMoved, targetOf } from "./dom.js";
import { signalsOf } from "./signals.js";
import { WHOLE } from "./walk.js";

/** @import { ChosenCell, Point, View } from "./types.js" */

/**
 * Choose and mark a clicked number, and show the step that computed it; on the next click, the next such step.
 * @param {Pick<View, "box" | "model" | "play" | "stage">} view
 * @param {Point} point
 */
export function choosePoint({ box, model, play, stage }, [key, , ...steps]) {
  if (key) model.set("selected", key);
  if (steps.length) {
    play.stop();
    model.set("partial", WHOLE);
    model.set("step", steps[(steps.indexOf(model.get("step")) + 1) % steps.length]);
  }
  model.save_changes();
  if (key) signalsOf(box).marked.send(key);
  stage.focus({ preventScroll: true });
}

/**
 * Choose the number of a cell: a given one as in the picture, if that has it.
 * @param {View} view
 * @param {ChosenCell} cell
 */
export function chooseCell(view, { place = "", step, back }) {
  if (step >= 0 || !view.grip.chooseAt(place, back)) choosePlace(view, { place, step });
}

/**
 * Choose the place of a number in the formula or a table, and show its step; in a neuron's place its bias is chosen, or
 * its first weight.
 * @param {View} view
 * @param {{ place?: string, step: number }} chosen
 */
function choosePlace(view, { place = "", step }) {
  const [, layer, unit] = place.split("-");
  const own = view.films.bare.includes(Number(layer)) ? `w-${layer}-${unit}-0` : `b-${layer}-${unit}`;
  const chooses = /^[wbxt]-/.test(place) ? place : own;
  const isNumber = place && !place.startsWith("loss"); // a line of the program is none
  choosePoint(view, [isNumber ? chooses : "", place, ...(step >= 0 ? [step] : [])]);
}

/**
 * Light up the home of a number under the mouse. A click on it goes to the step that computed it; a given number can be
 * dragged.
 * @param {View} view
 */
export function hearWords(view) {
  const words = find(view.stage, "words");
  const { pointed } = signalsOf(view.box);
  /** @param {Event} event */
  const homeOf = (event) => {
    const home = /** @type {HTMLElement | null | undefined} */ (targetOf(event).closest?.("[data-at]"));
    const [place, step] = home?.dataset.at?.split(" ") ?? ["", "-1"];
    return { place, step: Number(step) };
  };
  words.addEventListener("mousemove", (event) => hasMoved(event) && pointed.send(homeOf(event).place));
  words.addEventListener("mouseleave", () => pointed.send(""));
  words.addEventListener("pointerdown", (event) => {
    const { place, step } = homeOf(event);
    if (place && step < 0) view.grip.graspAt(event, place);
  });
  words.addEventListener("click", (event) => {
    const chosen = homeOf(event);
    if (chosen.place) choosePlace(view, chosen);
  });
}
