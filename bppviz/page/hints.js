// What is told of the place under the mouse, beside it, and the line under a number that can be dragged.

import { find, plain, write } from "./dom.js";
import { drawnAt, isGiven } from "./given.js";

/** @import { PlotDiv, Shown } from "./types.js" */

const HINTS = `
  <span class="bppviz-underline" aria-hidden="true" hidden></span>
  <span class="bppviz-told" aria-hidden="true" hidden></span>`;
const GAP = 6; // units of the picture between a place and what is told of it
const RIGHTMOST = 0.75; // of the picture's width; beyond, there is room only to the left

/**
 * Put something over a point of the picture.
 * @param {HTMLElement} part
 * @param {Record<string, number>} at - x, y, and what else the style sheet needs
 */
export function placeAt(part, at) {
  for (const [name, value] of Object.entries(at)) part.style.setProperty(`--bppviz-${name}`, String(value));
}

/**
 * Return to which side of a given number the picture leaves room: what is found of a weight or bias stands below it.
 * @param {string} place
 */
export const besideOf = (place) => (/^[wb]/.test(place) ? -1 : 0);

/**
 * Tell what stands at a place where it does not cover the number that may be dragged.
 * @param {HTMLElement} told
 * @param {Shown} shown
 * @param {number} width - of the picture
 */
function tellAt(told, shown, width) {
  const { said, x, y, half, radius } = shown;
  const aside = x < RIGHTMOST * width ? "right" : "left";
  const side = isGiven(shown) ? "above" : aside;
  const away = (side === "above" ? radius : Math.max(half, radius)) + GAP;
  const [right, down] = { right: [1, 0], left: [-1, 0], above: [0, -1] }[side];
  write(told, said.split("<br>").map(plain).join("\n"));
  told.dataset.side = side;
  placeAt(told, { x: x + right * away, y: y + down * away });
}

/**
 * Put both into a frame, out of sight.
 * @param {HTMLElement} frame
 */
export function hintsIn(frame) {
  frame.insertAdjacentHTML("beforeend", HINTS);
  const [line, told] = [find(frame, "underline"), find(frame, "told")];
  return {
    /** @type {(picture: PlotDiv, shown: Shown | null, canChange: boolean) => void} */
    show(picture, shown, canChange) {
      frame.classList.toggle("bppviz-is-given", canChange);
      frame.classList.toggle("bppviz-is-computed", Boolean(shown) && !isGiven(shown));
      const drawn = canChange && shown && drawnAt(picture, shown);
      line.hidden = !drawn;
      if (drawn) {
        write(line, drawn.text);
        placeAt(line, { x: drawn.x, y: drawn.y, wide: drawn.wide });
      }
      told.hidden = !shown?.said;
      if (shown?.said) tellAt(told, shown, picture.layout.width);
    },
    /** Take away what is told, until the mouse is moved. */
    hush() {
      told.hidden = true;
    },
  };
}
