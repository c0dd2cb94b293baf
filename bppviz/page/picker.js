// A choice among weights, made by clicking them: in the picture, in a matrix or in a table.

import { all } from "./dom.js";

/** @import { Model } from "./types.js" */

/**
 * Follow which weights are clicked while they are asked for. When these are all those of an option, it is chosen; up
 * to then the options that have them are outlined.
 * @param {Model} model
 * @param {HTMLElement} offers
 * @param {(nth: number) => void} choose
 */
export function pickerOf(model, offers, choose) {
  const lines = () => (model.get("quiz").choices ?? []).map(({ weights }) => weights);

  /** @type {string[]} */
  let picked = [];

  function outline() {
    const isMeant = lines().map((line) => picked.length > 0 && picked.every((it) => line.includes(it)));
    all(offers, "button").forEach((button, i) => button.classList.toggle("bppviz-is-meant", isMeant[i]));
  }

  return {
    /** @param {string} place */
    pick(place) {
      if (picked.includes(place) || !lines().some((line) => line.includes(place))) return;
      /** @param {string[]} line */
      const hasAll = (line) => [...picked, place].every((it) => line.includes(it));
      picked = lines().some(hasAll) ? [...picked, place] : [place];
      const nth = lines().findIndex((line) => hasAll(line) && line.length === picked.length);
      if (nth >= 0) picked = [];
      outline();
      if (nth >= 0) choose(nth);
    },
    clear() {
      picked = [];
      outline();
    },
  };
}
