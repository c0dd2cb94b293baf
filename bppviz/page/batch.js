// The sheets of all samples, each in a row: the product, what of it the picture shows, and both forms beside each other.

import { fill } from "./dom.js";
import { paragraph, productOf, symbol } from "./sheet.js";

/** @import { Sheet, SheetOfAll, Sheets } from "./types.js" */
/** @typedef {Parameters<typeof productOf>[1]} Given */

/**
 * Return the sheet of all samples in a language.
 * @param {SheetOfAll} sheet
 * @param {Given} given
 * @param {Sheets} told
 * @param {string} said - of the sample in the picture
 */
export function markupOfAll({ equation, size, form, claim, rule, hint, code }, given, told, said) {
  const { lang, product } = given;
  return `${paragraph("claim", claim[lang])}<p class="bppviz-pointed-at"></p>
    <div class="bppviz-product bppviz-of-all" role="group" aria-label="${product}">${productOf(equation, { ...given, isReached: true }, size)}</div>
    ${paragraph("of-picture", said)}
    <div class="bppviz-more">${paragraph("rule", rule?.[lang])}${paragraph("hint", hint?.[lang])}</div>
    <div class="bppviz-both">${formsOf(told, form, lang)}${paragraph("turned", told.rows?.turned_reason[lang])}</div>
    ${code ? `<code class="bppviz-line">${code}</code>` : ""}`;
}

/**
 * Return the products of a layer in a table, those of one sample beside those of all.
 * @param {Sheets} told
 * @param {number} current - the one of the step
 * @param {string} lang
 */
function formsOf({ forms = [], rows: words = {} }, current, lang) {
  const heads = [words.one_sample, words.in_rows].map((it) => `<th scope="col">${it[lang]}</th>`).join("");
  const rows = forms.map((pair, i) => {
    const cells = pair.map((it) => `<td aria-label="${it}"><span>${symbol(it)}</span></td>`).join("");
    return `<tr ${i === current ? 'aria-current="true"' : ""}>${cells}</tr>`;
  });
  return `<table class="bppviz-forms"><caption>${words.turned[lang]}</caption><thead><tr>${heads}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

/**
 * Return what the picture, which stays at one sample, shows of the sheet: its row, or its term of the sum.
 * @param {DOMStringMap} step - as the stage has it
 * @param {Sheet} sheet
 * @param {Sheets} told
 * @param {string} lang
 */
export function saidOfPicture({ found = "", phase = "" }, sheet, { numbers, sample = 0, samples = 1, rows: words = {} }, lang) {
  const blanks = { n: sample + 1, count: samples };
  if (!["gradient", "sum"].includes(phase)) return fill(words.told[lang], blanks);
  const [, gradient, value] = numbers[found.replace(/^dL/, "dl")] ?? [];
  if (gradient) return fill(words.term[lang], { ...blanks, gradient, value });
  const layers = sheet.equation.filter((it) => it.cells).at(phase === "sum" ? -2 : -1);
  return fill(words.term_of_layer[lang], { ...blanks, gradient: layers?.name ?? "" });
}

/**
 * Return the numbers of a sheet that its results at a step are computed from. All samples are computed with the same
 * step, so a result is one that becomes known with what the picture finds.
 * @param {SheetOfAll} sheet
 * @param {(id: string) => boolean} isFound
 */
export function usedInRows({ equation }, isFound) {
  const grids = equation.filter(({ cells }) => cells);
  const results = grids.at(-1)?.cells ?? [];
  const found = results.flatMap((ids, i) => ids.flatMap((id, j) => (id && isFound(id) ? [[i, j]] : [])));
  const used = grids.slice(0, -1).flatMap(({ cells, uses }) => {
    /** @type {(i: number, j: number) => boolean} */
    const isUsed = (i, j) => found.some(([row, column]) => (uses === "columns" || i === row) && (uses === "rows" || j === column));
    return cells.flatMap((ids, i) => ids.filter((id, j) => id && isUsed(i, j)));
  });
  return new Set(used);
}
