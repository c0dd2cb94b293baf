// The fields for numbers, as a screen reader has them: each a spin button, with its number and how far its slider goes.

import { all } from "./dom.js";
import { valueOf } from "./given.js";

const FIELDS = ".bppviz-exact input";
const RANGES = ["aria-valuemin", "aria-valuemax"];

/**
 * Return all digits of the number in a field, which its tooltip has after what it is called: "w₁ = −0.25".
 * @param {HTMLElement} field
 */
export const numberIn = (field) => field.title.split(" = ")[1] ?? "";

/** The slider beside a field, if it goes over numbers, not powers of ten. @param {HTMLElement} field */
const handleOf = (field) =>
  field.closest(".bppviz-slider + .bppviz-exact")?.previousElementSibling?.querySelector(".noUi-handle");

/** @param {HTMLElement} field */
function tellNumber(field) {
  field.role = "spinbutton";
  field.ariaValueNow = String(valueOf(numberIn(field)));
  for (const range of RANGES) {
    const end = handleOf(field)?.getAttribute(range);
    if (end) field.setAttribute(range, end);
  }
}

/** @param {HTMLElement} box */
export const tellNumbers = (box) => all(box, FIELDS).forEach(tellNumber);

/**
 * Tell every number that changes; of what Python writes into a field, nothing but its tooltip is heard of.
 * @param {HTMLElement} box
 */
export function followNumbers(box) {
  const changes = new MutationObserver((records) => {
    for (const { target, attributeName } of records) {
      const part = /** @type {HTMLElement} */ (target);
      const isField = part.matches(FIELDS);
      if (isField && attributeName === "title") tellNumber(part);
      else if (!isField && attributeName !== "title") all(part.closest(".bppviz-group") ?? part, FIELDS).forEach(tellNumber);
    }
  });
  changes.observe(box, { subtree: true, attributeFilter: ["title", ...RANGES] });
  return () => changes.disconnect();
}
