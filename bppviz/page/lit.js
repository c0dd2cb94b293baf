// What a sheet of matrices shows at a step: the numbers that are known, those that the step uses and finds, and nothing
// of what is asked for.

import { usedInRows } from "./batch.js";
import { all, write } from "./dom.js";
import { reachedAt } from "./reached.js";

/** @import { Sheet, SheetOfAll, Sheets } from "./types.js" */

// Of a step that computes a whole layer at once, the product that stands for it.
/** @type {Record<string, string>} */
const MAIN = { forward: "z", backward: "dl_da", gradient: "dl_dw", sum: "dL_dw", update: "w" };
const MOST_TERMS = 3; // of a sum that is written out
const OF_LAYERS = ["pass", "layer"]; // the sizes of step that compute several quantities of a layer

/**
 * Return the name of the sheet that is seen at a step.
 * @param {DOMStringMap} step - as the stage has it
 */
export function sheetAt({ granularity = "", layer, phase = "", quantity }) {
  const main = OF_LAYERS.includes(granularity) ? MAIN[phase] : undefined;
  return `${main ?? quantity}-${layer}`;
}

/**
 * Put in the numbers that are known, and tell those that are used and found from the others.
 * @param {HTMLElement} holder
 * @param {DOMStringMap} step - as the stage has it
 * @param {Sheet | SheetOfAll} sheet
 * @param {Sheets} told
 */
export function lightUp(holder, step, sheet, { numbers, words }) {
  const lang = holder.lang;
  const wanted = (step.asked ?? "").split(" ");
  const isReached = reachedAt(step);
  const [used, found] = [step.used, step.found].map((it) => new Set((it ?? "").split(" ")));
  const results = new Set((sheet.equation.at(-1)?.cells ?? []).flat());
  // A whole pass, or the blocks of cells of a large network: then all of the sheet is what the step is about.
  const owns = [...results].filter((id) => id && found.has(numbers[id][0]));
  const isTerm = "form" in sheet && step.phase === "gradient"; // of one sample: the sum is found later
  const isWhole = !step.asked && !isTerm && !owns.length;
  const steps = new Set(owns.map((id) => numbers[id][3]));
  const inRows = "form" in sheet && !isTerm ? usedInRows(sheet, (id) => steps.has(numbers[id][3])) : null;
  const asksFactor = wanted.some((it) => /^w-/.test(it)); // ∂z/∂w is asked for: all that it is multiplied by is hidden
  holder.classList.toggle("bppviz-is-whole", isWhole);
  holder.classList.toggle("bppviz-asks-factor", asksFactor || wanted.includes("choice")); // the product would tell
  for (const it of all(holder, "[data-id]")) {
    const id = it.dataset.id ?? "";
    const [own, name, text, since] = numbers[id];
    const isAsked = wanted.includes(String(since)) || isHidden(it, Boolean(step.asked), asksFactor);
    const isPending = isAsked || !isReached(since);
    const isFound = inRows ? results.has(id) && steps.has(since) : found.has(own) && since >= 0;
    const isResult = isWhole ? results.has(id) : isFound;
    const isFactor = inRows ? inRows.has(id) : used.has(own) || (found.has(own) && since < 0);
    const isUsed = isWhole ? !isResult && isFactorOf(it) : isFactor;
    const states = { pending: isPending, asked: isAsked, new: isResult && !isAsked, used: isUsed && !isAsked };
    for (const [state, is] of Object.entries(states)) it.classList.toggle(`bppviz-is-${state}`, is);
    const sign = it.matches(".bppviz-chip:not(.bppviz-end-of-wire > *, .bppviz-is-written *)") ? "= " : "";
    write(it.querySelector(".bppviz-text"), isAsked ? `${sign}?` : isPending ? (it.matches(".bppviz-entry") ? "·" : "") : sign + text);
    const state = states.new ? words.found[lang] : states.used ? words.used[lang] : "";
    if (it.matches(".bppviz-cell, .bppviz-chip")) it.setAttribute("aria-label", [name, isAsked ? "?" : isPending ? "" : text, state].filter(Boolean).join(", "));
  }
  if (step.phase === "gradient") drawWays(holder);
}

/**
 * Draw the ways of the two factors of a gradient to its cell: down the column, and along the row.
 * @param {HTMLElement} holder
 */
function drawWays(holder) {
  const rows = all(holder, ".bppviz-along-cells tr").map((row) => all(row, ".bppviz-cell"));
  const found = rows.flatMap((row, i) => row.flatMap((cell, j) => (cell.matches(".bppviz-is-new") ? [[i, j]] : [])));
  const [[i, j]] = found.length === 1 ? found : [[-1, -1]]; // those of several would cross
  rows.forEach((row, above) =>
    row.forEach((cell, behind) => {
      cell.classList.toggle("bppviz-way-down", behind === j && above < i);
      cell.classList.toggle("bppviz-way-left", above === i && behind > j);
    }),
  );
}

/**
 * Whether a number would give away what is asked for: in the product, which weights meet what.
 * @param {HTMLElement} it
 * @param {boolean} isAsking
 * @param {boolean} isFactor
 */
const isHidden = (it, isAsking, isFactor) =>
  isAsking && it.matches(".bppviz-entry") && (isFactor || Boolean(it.closest(".bppviz-of-rows")));

/** Whether a number is one that the result of its sheet is computed from. @param {HTMLElement} it */
const isFactorOf = (it) => it.matches(".bppviz-entry") || it.matches(".bppviz-cell");

/**
 * Return how a result comes about: 3 × (−0.09028) + (−1) × 0.1175; nothing where it is no sum of products, or a long one.
 * @param {Sheet} sheet
 * @param {Sheets["numbers"]} numbers
 * @param {string} id - of the result
 */
export function workedOut({ equation }, numbers, id) {
  const grids = equation.filter(({ cells }) => cells);
  const result = grids.at(-1)?.cells ?? [];
  const row = result.findIndex((ids) => ids.includes(id));
  const signs = equation.flatMap(({ sign }) => sign ?? []).join("");
  if (row < 0 || !["=", "+=", "⊙="].includes(signs) || grids.length < 3) return "";
  const column = result[row].indexOf(id);
  const [left, right, ...more] = grids;
  const isTurned = /^(z|dl_dw)-/.test(id); // a × w, as in the formula of a number
  const pairs = signs === "⊙=" ? [[left.cells[row][0], right.cells[row][0]]] : left.cells[row].map((it, i) => [it, right.cells[i]?.[column]]);
  if (pairs.length > MOST_TERMS || pairs.flat().some((it) => !it)) return "";
  /** @param {string} it */
  const written = (it) => (numbers[it][2].startsWith("−") ? `(${numbers[it][2]})` : numbers[it][2]);
  const added = signs === "+=" ? [written(more[0].cells[row][0])] : [];
  const products = pairs.map((pair) => (isTurned ? pair.reverse() : pair).map(written).join(" × "));
  return [...products, ...added].join(" + ");
}
