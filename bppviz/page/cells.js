// Cells beside the picture that stand for its numbers: what is pointed at and chosen there is told to the stage.

import { hasMoved, hearing, targetOf } from "./dom.js";
import { enter } from "./grid.js";
import { light } from "./known.js";
import { signalsOf } from "./signals.js";

const KNOWN = "[data-place]:not(.bppviz-is-pending)"; // the cells that can be pointed at

/**
 * The cells of a holder, the places that one of them lights up, and what its keys do.
 * @typedef {{ cells(): HTMLElement[], placeOf(cell: HTMLElement): string, keys(event: KeyboardEvent): void }} Cells
 */

/**
 * Tell the stage and what else is beside it what is pointed at and chosen here.
 * @param {HTMLElement} holder
 * @param {HTMLElement} box
 * @param {AbortSignal} signal
 * @param {Cells} of
 */
export function listen(holder, box, signal, of) {
  const { pointed, chosen } = signalsOf(box);
  const hear = hearing(signal);
  /** @param {Event} event */
  const cellOf = (event) => /** @type {HTMLElement | null} */ (targetOf(event).closest?.(KNOWN));
  /** @param {Event} event */
  const point = (event) => {
    const cell = cellOf(event);
    pointed.send(cell ? of.placeOf(cell) : "");
  };
  hear(holder, ["mousemove"], (event) => hasMoved(event) && point(event));
  hear(holder, ["focusin"], point);
  hear(holder, ["mouseleave", "focusout"], () => pointed.send(""));
  hear(holder, ["keydown"], of.keys);
  hear(holder, ["click"], (event) => {
    const cell = cellOf(event);
    const { place, step } = cell?.dataset ?? {};
    const at = of.cells().findIndex((it) => it === cell);
    const back = () => enter(of.cells()[at]); // it may have been written anew
    if (place || Number(step) >= 0) chosen.send({ place, step: Number(step), back });
  });
  signal.addEventListener("abort", pointed.hear((place) => light(holder, place)));
}
