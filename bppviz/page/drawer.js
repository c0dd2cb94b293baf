// In full screen the outline is a drawer: beside the words, and on the side away from what the step lights up.

import { find } from "./dom.js";

/** @import { Film, Frame } from "./types.js" */

/** @param {HTMLElement} box */
export const isDrawer = (box) => box.matches(".bppviz-is-presenting:has(.bppviz-pop-steps.bppviz-is-up)");

/**
 * Put the drawer where it covers less of what a step is about; where that is the same on both sides, it stays.
 * @param {HTMLElement} box
 * @param {Film} film
 * @param {Frame} frame
 */
export function layDrawer(box, { marks, ring, size }, { from, to }) {
  if (!isDrawer(box) || !from) return;
  const [frame, drawer] = ["frame", "pop-steps"].map((name) => find(box, name).getBoundingClientRect());
  const scale = frame.width / size.width;
  const ends = [...from, ...to].flatMap((place) => marks[place] ?? []).flatMap(([x, , to]) => (to === undefined ? [x] : [x, to]));
  const places = ends.map((x) => frame.left + x * scale);
  const reach = drawer.width + ring * scale;
  const covered = {
    left: places.filter((x) => x < reach).length,
    right: places.filter((x) => x > box.clientWidth - reach).length,
  };
  const side = box.dataset.drawer === "right" ? "right" : "left";
  const other = side === "right" ? "left" : "right";
  box.dataset.drawer = covered[other] < covered[side] ? other : side;
}
