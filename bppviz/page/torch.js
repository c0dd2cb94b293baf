// What PyTorch finds, beside the walk: symbol, tensor, value, and whether the walk has found the same.

import { all, escaped, fill, put } from "./dom.js";
import { blockOf } from "./moment.js";

/** @import { Program, TorchFound } from "./types.js" */
/** @import { Moment } from "./moment.js" */

/**
 * Write the table, or why there is none.
 * @param {HTMLElement} place
 * @param {Program} program
 * @param {TorchFound} found
 * @param {string} lang
 */
export function writeTensors(place, { rows, said }, { values, state = "no_torch", why = "" }, lang) {
  /** @param {string} name */
  const say = (name) => said[name][lang];
  if (!values) return put(place, `<p role="status">${fill(say(state), { why: escaped(why) })}</p>`);
  const head = ["", "PyTorch", say("value"), say("here")].map((it) => (it ? `<th scope="col">${it}</th>` : "<td></td>"));
  const body = rows.map(({ symbol, token }) => `<tr><th scope="row">${symbol}</th><td><code>${token}</code></td><td></td><td></td></tr>`);
  return put(
    place,
    `<table><caption>${say("found")}</caption><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table><p>${say("foot")}</p>`,
  );
}

/**
 * Show which of them the walk has found, too; as long as something is asked for, no value that it has not.
 * @param {HTMLElement} place
 * @param {Program} program
 * @param {TorchFound} found
 * @param {Moment} moment
 * @param {string} lang
 */
export function showFound(place, { rows, said }, { values = [] }, moment, lang) {
  all(place, "tbody tr").forEach((row, i) => {
    const [value, verdict] = /** @type {HTMLTableCellElement[]} */ (all(row, "td").slice(-2));
    const { block, step } = rows[i];
    const { same } = values[i];
    const isFound = moment.isKnown(step);
    const sign = same ? "✓" : "✗";
    value.textContent = moment.isAsking && !isFound ? "?" : values[i].value;
    value.title = value.textContent;
    put(verdict, isFound ? `<span role="img" aria-label="${said[same ? "same" : "other"][lang]}">${sign}</span>` : "");
    row.classList.toggle("bppviz-is-found", isFound);
    value.classList.toggle("bppviz-is-new", blockOf(moment.key) === block);
  });
}
