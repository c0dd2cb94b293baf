// The popovers, one at a time: the outline of the walk, and the settings. Which is up is known to a view alone.

import { find, targetOf } from "./dom.js";
import { isDrawer } from "./drawer.js";

/** @import { Pops } from "./types.js" */

export const POPS = ["steps", "settings"];
const FIRST = "[aria-current], [aria-pressed=true], button, input, select"; // what gets the focus, by what is there

/**
 * @param {HTMLElement} box
 * @param {ReturnType<typeof import("./dom.js").hearing>} hear
 * @param {(name: string) => unknown} shown - a popover has come up, or none is
 * @returns {Pops}
 */
export function popsOf(box, hear, shown) {
  let up = "";
  /** @param {string} name */
  const opener = (name) => find(box, `show-${name}`);

  /** @param {string} name */
  function show(name) {
    up = name;
    for (const it of POPS) {
      find(box, `pop-${it}`)?.classList.toggle("bppviz-is-up", it === up);
      opener(it)?.setAttribute("aria-expanded", String(it === up));
    }
    shown(name);
  }

  /** @param {PointerEvent} event */
  function onPress(event) {
    const inside = targetOf(event).closest?.(`.bppviz-pop-${up}, .bppviz-show-${up}`);
    if (up && !isDrawer(box) && !(inside && box.contains(inside))) show("");
  }

  hear(globalThis, ["pointerdown"], onPress, true);
  return {
    get up() {
      return up;
    },
    toggle(name) {
      if (up === name) return this.close();
      opener(name)?.scrollIntoView({ block: "nearest" }); // a key may open what is out of sight
      show(name);
      const pop = find(box, `pop-${name}`);
      const current = FIRST.split(", ").map((it) => pop?.querySelector(it)).find(Boolean);
      /** @type {HTMLElement | undefined} */ (current ?? undefined)?.focus({ preventScroll: true });
      return true;
    },
    close() {
      const was = up;
      if (!was) return false;
      const hadFocus = find(box, `pop-${was}`)?.contains(document.activeElement);
      show("");
      if (hadFocus) opener(was)?.focus({ preventScroll: true });
      return true;
    },
  };
}
