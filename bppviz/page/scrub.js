// A number in a field is dragged sideways, as in the picture: what it passes through is typed there.

import { targetOf } from "./dom.js";
import { scrubbed, textOf, valueOf } from "./given.js";
import { follow, shareOf } from "./grip.js";
import { numberIn } from "./spin.js";

/** @import { View } from "./types.js" */

const SCRUBBED = ".bppviz-group .bppviz-exact input";

/** @param {View} view */
export const hearScrubs = ({ box, hear }) => hear(box, ["pointerdown"], scrub);

/**
 * Follow a press on a field that is not being typed in: as a drag, or as a click that selects the text.
 * @param {PointerEvent} event
 */
function scrub(event) {
  const field = /** @type {HTMLInputElement} */ (targetOf(event));
  const isFinger = event.pointerType === "touch"; // it scrolls the panel
  const isTyping = field === document.activeElement;
  if (!field.matches(SCRUBBED) || field.disabled || isTyping || isFinger || event.button !== 0) return;
  event.preventDefault(); // else the drag would select the text
  field.focus({ preventScroll: true });
  let value = valueOf(numberIn(field));
  follow(event, {
    drag(pixels, moved) {
      value = scrubbed(value, pixels, shareOf(moved));
      field.value = textOf(value);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    },
    click: () => field.select(),
  });
}
