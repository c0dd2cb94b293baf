// The line now: of its result and of each operand the symbol, the name in the program, and the number.

import { homePlace, put } from "./dom.js";

/** @import { CodeName, Program } from "./types.js" */
/** @import { Moment } from "./moment.js" */

const NO_NAME = "–"; // of what the program has not

/**
 * Show what is computed now, and from what.
 * @param {HTMLElement} place
 * @param {Program} program
 * @param {Moment} moment
 */
export function showTiers(place, program, moment) {
  const { at, block, isWhole } = moment;
  const line = (isWhole && block?.now.length ? block.now : program.now[at]) ?? [];
  const terms = termsOf(moment.asksFactor ? line.slice(0, 2) : line); // what is multiplied would be the answer
  place.classList.toggle("bppviz-is-long", terms.length > 1);
  put(place, terms.map((term) => `<span class="bppviz-term">${markupOf(term, program, moment)}</span>`).join(""));
}

/**
 * Return a line in terms, each of which stays in one row: it is parted before each + and −.
 * @param {string[]} line
 */
function termsOf(line) {
  /** @type {{ text: string, isName: boolean, isResult: boolean }[][]} */
  const terms = [[]];
  line.forEach((text, i) => {
    if (!text) return;
    if (i % 2 === 0 && /^ [+-] /.test(text)) terms.push([]);
    terms[terms.length - 1].push({ text, isName: i % 2 === 1, isResult: i === 1 });
  });
  return terms;
}

/**
 * @param {{ text: string, isName: boolean, isResult: boolean }[]} term
 * @param {Program} program
 * @param {Moment} moment
 */
function markupOf(term, program, moment) {
  return term.map((it) => (it.isName ? tier(it.text, it.isResult, program, moment) : `<code>${it.text.trim()}</code>`)).join("");
}

/**
 * @param {string} key
 * @param {boolean} isResult
 * @param {Program} program
 * @param {Moment} moment
 */
function tier(key, isResult, { scalars, vectors }, { computed, operand }) {
  const name = scalars[key] ?? vectors[key];
  const number = isResult ? computed : operand;
  const way = isResult ? "new" : "used";
  const { symbol, plain, token, role } = name;
  const home = key in scalars ? ` data-place="${homePlace(key.split(" ")[0])}"` : "";
  return `<span class="bppviz-tier bppviz-is-${role} bppviz-is-${way}"${home}>${symbol}<i>${plain}</i><code>${token || NO_NAME}</code>${numbers(name, key, number)}</span>`;
}

/**
 * Return a number, or the numbers of an array in rows with its shape.
 * @param {CodeName} name
 * @param {string} key
 * @param {(key: string) => string} number
 */
function numbers({ shape, cells = [] }, key, number) {
  if (shape === undefined) return `<b>${number(key)}</b>`;
  const rows = cells.map((it) => `<span>${it.map((own) => `<b>${number(own)}</b>`).join("")}</span>`);
  const columns = cells[0]?.length ?? 0;
  return `${rows.length ? `<span class="bppviz-array" style="--bppviz-columns:${columns}">${rows.join("")}</span>` : ""}<small>${shape}</small>`;
}
