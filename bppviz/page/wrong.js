// Where a problem is told: under the field that it is about, and else beside the picture.

import { all, find } from "./dom.js";

/** @import { View } from "./types.js" */

const OF_FIELDS = ["typed", "point", "target", "overflow", "rate"];
const WIDEST = 300; // pixels
const UNDER = 4; // pixels between a field and what is told under it

/**
 * Put the problem under the field of the number that was refused, if that is in sight.
 * @param {View} view
 * @param {string} [name] - of the problem
 */
export function placeProblem({ box, hold, stage }, name = "") {
  const told = find(stage, "problem");
  const isOfField = OF_FIELDS.includes(name);
  const field = /** @type {HTMLElement | null} */ (isOfField ? box.querySelector(`.bppviz-exact.bppviz-at-${hold.at} input`) : null);
  for (const wrong of all(box, "input.bppviz-is-wrong").filter((it) => it !== field)) {
    wrong.classList.remove("bppviz-is-wrong");
    wrong.removeAttribute("aria-invalid");
  }
  const isUnder = Boolean(field?.offsetParent);
  told.classList.toggle("bppviz-is-under", isUnder);
  if (!field || !isUnder) return;
  field.classList.add("bppviz-is-wrong");
  field.setAttribute("aria-invalid", "true");
  const [around, at] = [/** @type {Element} */ (told.offsetParent), field].map((it) => it.getBoundingClientRect());
  const right = box.getBoundingClientRect().right - WIDEST - around.left;
  told.style.left = `${Math.min(at.left - around.left, right)}px`;
  told.style.top = `${at.bottom + UNDER - around.top}px`;
}
