// Where a part stands that is rendered by itself, beside the stage of its widget.

import { attached, find, there } from "./dom.js";

/** @import { Rendered } from "./types.js" */

/**
 * Put a holder where a part is rendered, and return it with its box, stage and panel as soon as all of them are there,
 * with some part of the panel; nothing if it is taken away before.
 * @param {Pick<Rendered<any>, "el" | "signal">} rendered
 * @param {string} className
 * @param {string} part - of the panel
 */
export async function besideStage({ el, signal }, className, part) {
  const holder = document.createElement("div");
  holder.className = className;
  el.append(holder);
  const box = await attached(holder, signal);
  const stage = await there(() => find(box, "stage"), signal);
  const panel = /** @type {HTMLElement | null} */ (holder.closest(".bppviz-panel"));
  if (!stage || !panel || !(await there(() => find(panel, part), signal))) return null;
  return { holder, box, stage, panel };
}
