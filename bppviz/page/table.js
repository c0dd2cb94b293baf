// Tables beside the network. Python made the rows; a cell appears at its step, and lights up with its place.

import { besideStage } from "./beside.js";
import { listen } from "./cells.js";
import { all } from "./dom.js";
import { enter, figureOf, onKey, rowOf } from "./grid.js";
import { showHead } from "./heads.js";
import { reveal, showKnown } from "./known.js";
import { safely } from "./signals.js";

/** @import { Model, Rendered, Table, Tabled } from "./types.js" */
/** @typedef {{ holder: HTMLElement, stage: HTMLElement, panel: HTMLElement, model: Model<Tabled> }} Place */

/** @param {HTMLElement} holder */
const cellsOf = (holder) => all(holder, "th, td");

/** @param {HTMLElement} cell */
const placeIn = (cell) => cell.dataset.place || rowOf(cell).cells[0].dataset.place || "";

/**
 * Write the tables, and keep the focus in its cell, and what is scrolled where it is.
 * @param {Place} place
 */
function draw({ holder, stage, panel, model }) {
  const at = cellsOf(holder).findIndex((cell) => cell === document.activeElement);
  const scrolled = all(holder, "figure").map(({ scrollLeft, scrollTop }) => ({ scrollLeft, scrollTop }));
  const [tables, lang] = [model.get("tables"), stage.lang || "en"];
  holder.lang = lang;
  holder.replaceChildren(...tables.map((table) => figureOf(table, lang)));
  show(holder, tables, model.get("shown"));
  showKnown(holder, stage, tables);
  showHead(panel, model, lang);
  all(holder, "figure").forEach((figure, i) => Object.assign(figure, scrolled[i]));
  if (at >= 0) enter(cellsOf(holder)[at]);
}

/**
 * Show the table that was chosen, or all where none was.
 * @param {HTMLElement} holder
 * @param {Table[]} tables
 * @param {string} shown
 */
function show(holder, tables, shown) {
  const isOne = tables.some(({ name }) => name === shown);
  all(holder, "figure").forEach((figure, i) => (figure.hidden = isOne && tables[i].name !== shown));
}

/**
 * Redraw the tables when they or the language change, and follow the steps. Returns a function that stops it.
 * @param {Place} place
 * @param {HTMLElement} box
 */
function follow(place, box) {
  const { holder, stage, model } = place;
  const drawSafely = safely(box, () => draw(place));
  const walk = safely(box, () => {
    showKnown(holder, stage, model.get("tables"));
    reveal(holder);
  });
  const steps = new MutationObserver(() => {
    if (holder.lang !== stage.lang) drawSafely();
    walk();
  });
  const attributes = ["data-last", "data-to-come", "data-asked", "data-unfinished", "data-used", "data-found", "lang"];
  steps.observe(stage, { attributeFilter: attributes });
  const opened = new ResizeObserver(() => reveal(holder)); // as soon as the panel is seen
  opened.observe(holder);
  const head = safely(box, () => showHead(place.panel, model, stage.lang || "en"));
  /** @type {[string, () => void][]} */
  const changes = [["change:tables", drawSafely], ["change:shown", drawSafely], ["change:head", head]];
  changes.forEach(([change, does]) => model.on(change, does));
  drawSafely();
  return () => {
    steps.disconnect();
    opened.disconnect();
    changes.forEach(([change, does]) => model.off(change, does));
  };
}

export default () => ({
  /** @param {Rendered<Tabled>} rendered */
  async render({ model, el, signal }) {
    const beside = await besideStage({ el, signal }, "bppviz-tables", model.get("choices").length ? "choices" : "title");
    if (!beside) return undefined;
    const { holder, box, stage, panel } = beside;
    const over = new AbortController();
    listen(holder, box, over.signal, { cells: () => cellsOf(holder), placeOf: placeIn, keys: onKey });
    const end = follow({ holder, stage, panel, model }, box);
    return () => {
      over.abort();
      end();
    };
  },
});
