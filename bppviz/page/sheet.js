// A sheet of matrices as markup: the crossing table or the wires, and the product below it. What is known, used and
// found at a step is put in by lit.js.

import { homePlace } from "./dom.js";

/** @import { Grid, GridNumber, Sheet, SheetTable } from "./types.js" */
/** @typedef {{ numbers: Record<string, GridNumber>, lang: string, edge: string, large: string, product: string, isReached?: boolean }} Given */

const RUNS = /([₀-₉ₙ]+(?:,[₀-₉ₙ]+)*)|([⁰¹²³⁴-⁹⁽⁾ᵀⁿ]+)|([A-Za-z∂σ]+)/g; // below, above, and letters
const LEVELLED = "0123456789n0123456789()Tn";
const SPACIOUS = 3; // wires below one another that have much room
const [MANY, MOST] = [10, 24]; // columns of a product, beyond which its cells are smaller
const SCRIPTS = "₀₁₂₃₄₅₆₇₈₉ₙ⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ᵀⁿ";
/** @param {string} text */
const levelled = (text) => text.replace(/[^,]/g, (it) => LEVELLED[SCRIPTS.indexOf(it)] ?? it);

/** Return a letter in italics of Unicode's own, as the picture has it. @param {string} letter */
function italic(letter) {
  if (letter === "h") return "ℎ"; // it stands elsewhere
  if (letter === "∂" || letter === "σ") return letter === "∂" ? "𝜕" : "𝜎";
  const isSmall = letter >= "a";
  return String.fromCodePoint((isSmall ? 0x1d44e - 97 : 0x1d434 - 65) + letter.charCodeAt(0));
}

/**
 * Return a symbol, such as ∂l/∂w₁₃⁽²⁾, with its letters in italics and its indices below and above.
 * @param {string} text
 */
export const symbol = (text) =>
  text.replace(RUNS, (_, below, above, letters) => {
    if (below) return `<sub>${levelled(below)}</sub>`;
    return above ? `<sup>${levelled(above)}</sup>` : `<i>${[...letters].map(italic).join("")}</i>`;
  });

/**
 * Return a text whose **marked** parts are strong.
 * @param {string} text
 */
export const strongly = (text) =>
  text.replaceAll("/", "/\u2060").split("**").map((it, i) => (i % 2 ? `<b>${it}</b>` : it)).join(""); // no ∂l/∂z is broken

/** The part that a number plays. @param {string} id */
const partOf = (id) => (/^[wb]-/.test(id) ? "weight" : /^d/.test(id) ? "backward" : "forward");

/**
 * Return an element that stands for a number; its text is put in at each step.
 * @param {string} id - of the number
 * @param {Given} given
 * @param {{ tag?: string, kind: string, more?: string, named?: boolean }} as
 */
function numberIn(id, { numbers }, { tag = "td", kind, more = "", named = true }) {
  const [own, name, , step, home] = numbers[id];
  const data = `data-id="${id}" data-own="${own}" data-place="${homePlace(own)}" data-home="${home}" data-step="${step}"`;
  const label = named ? `<span class="bppviz-name">${symbol(name)}</span>` : "";
  const look = `class="bppviz-number bppviz-${kind} bppviz-of-${partOf(id)}"`;
  const face = `${label}<span class="bppviz-text"></span>`;
  return `<${tag} ${look} ${data} ${more}>${tag === "td" ? `<span class="bppviz-face">${face}</span>` : face}</${tag}>`;
}

/** @type {(ids: string[], given: Given) => string} */
const chips = (ids, given) => ids.map((id) => numberIn(id, given, { tag: "span", kind: "chip", more: 'role="button" tabindex="-1"' })).join("");

/**
 * Return W with what crosses it: a above its columns, z beside its rows. One cell is one edge.
 * @param {SheetTable} table
 * @param {Given} given
 */
function crossingOf(table, given) {
  const { along, above, beside, cells, name, shape, shares, size, window } = table;
  const isLarge = size === "cells";
  /** @type {(id: string, i: number, j: number) => string} */
  const cell = (id, i, j) => {
    const share = shares?.[i][j] ?? 0;
    const drawn = isLarge ? `style="--bppviz-share:${Math.sqrt(Math.abs(share))}" data-sign="${share < 0 ? "−" : "+"}"` : "";
    return numberIn(id, given, { kind: "cell", more: `role="gridcell" tabindex="-1" ${drawn}`, named: size === "named" });
  };
  const corner = `<b>${symbol(name)}</b><span>${size === "named" ? given.edge : shape}</span>`;
  const heads = above.map((ids) => `<th scope="col" class="bppviz-above">${chips(ids, given)}</th>`).join("");
  const rows = cells.map((ids, i) => `<tr>${ids.map((id, j) => cell(id, i, j)).join("")}<th scope="row" class="bppviz-beside">${chips(beside[i], given)}</th></tr>`);
  const notes = [...(window ? [window[given.lang]] : []), ...(isLarge ? [given.large] : [])];
  const note = notes.map((it) => `<p class="bppviz-note">${it}</p>`).join("");
  const look = `bppviz-crossing bppviz-is-${size} bppviz-along-${along}`;
  return `<table role="grid" class="${look}"><caption>${table.caption[given.lang]}</caption><tbody>
    <tr>${heads}<td class="bppviz-corner">${corner}</td></tr>${rows.join("")}</tbody></table>${note}`;
}

/**
 * Return wires that do not cross, one in each row; or those of a softmax, which all meet in a box.
 * @param {SheetTable} table
 * @param {Given} given
 */
function wiresOf({ caption, rows, sign, crossed }, given) {
  const boxed = crossed ? `<td class="bppviz-box" rowspan="${rows.length}">${sign}</td>` : "";
  const body = rows.map(([from, gain, to], i) => {
    /** @type {(id: string) => string} */
    const end = (id) => `<th class="bppviz-end-of-wire">${chips([id], given)}</th>`;
    const passed = `<span class="bppviz-sign-of-wire">${sign}</span>${gain ? chips([gain], given) : ""}`;
    const middle = crossed ? (i ? "" : boxed) : `<td class="bppviz-wire">${passed}</td>`;
    return `<tr>${end(from)}${middle}${end(to)}</tr>`;
  });
  return `<table role="grid" class="bppviz-wires ${rows.length > SPACIOUS ? "bppviz-is-dense" : ""}"><caption>${caption[given.lang]}</caption><tbody>${body.join("")}</tbody></table>`;
}

/**
 * Return a factor or result of the product, in brackets, with the labels of its rows and columns.
 * @param {Grid} grid
 * @param {Given} given
 * @param {string} size
 */
function gridOf({ name, shape, cells, rows, cols, met, is_whole, samples, told }, given, size) {
  const isMatrix = cols.some(Boolean);
  const caption = `<caption><b>${symbol(name)}</b><span>${shape}</span></caption>`;
  if (!is_whole) return `<table class="bppviz-grid bppviz-is-bare">${caption}</table>`;
  const isLabelled = rows.some(Boolean);
  const corner = isLabelled ? "<td></td>" : "";
  /** @type {(text: string, i: number, scope: "row" | "col") => string} */
  const head = (text, i, scope) => {
    const isTold = samples?.startsWith(scope) && i === told; // the sample of the picture
    return `<th scope="${scope}" aria-label="${text}" ${isTold ? 'class="bppviz-told-sample"' : ""}>${symbol(text)}</th>`;
  };
  const heads = cols.map((it, i) => (it ? head(it, i, "col") : "<td></td>")).join("");
  const isNamed = size === "named" && met === "cols";
  const more = given.isReached ? 'tabindex="-1"' : ""; // there is no table above in which keys reach it
  const gap = `<td class="bppviz-gap">${samples === "cols" ? "⋯" : "⋮"}</td>`; // samples that are left out
  /** @param {string} id */
  const entry = (id) => (id ? numberIn(id, given, { kind: "entry", named: isNamed, more }) : gap);
  const body = cells.map((ids, i) => {
    const label = isLabelled ? head(rows[i], i, "row") : "";
    return `<tr>${label}${ids.map(entry).join("")}</tr>`;
  });
  const look = `bppviz-grid bppviz-is-${size} ${met ? `bppviz-met-${met}` : ""} ${isMatrix ? "bppviz-of-rows" : ""}`;
  return `<table ${given.isReached ? 'role="grid"' : ""} class="${look}">${caption}<thead><tr>${corner}${heads}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}

/**
 * Return factors, signs and result in a line; where it is broken, a sign begins the next one.
 * @param {Grid[]} equation
 * @param {Given} given
 * @param {string} size
 */
export function productOf(equation, given, size) {
  const isBare = equation.some((it) => it.is_whole === false); // a matrix that is not all there meets nothing
  const columns = equation.reduce((sum, { cols }) => sum + (cols?.length ?? 0), 0);
  const look = columns > MANY ? `${size} bppviz-is-${columns > MOST ? "most" : "many"}` : size;
  let [sign, product] = ["", ""];
  for (const it of equation) {
    if (it.sign) sign = `<span class="bppviz-sign">${it.sign}</span>`;
    else {
      product += `<div class="bppviz-piece">${sign}${gridOf({ ...it, is_whole: !isBare }, given, look)}</div>`;
      sign = "";
    }
  }
  return product;
}

/** @type {(kind: string, text?: string) => string} */
export const paragraph = (kind, text) => (text ? `<p class="bppviz-${kind}">${strongly(text)}</p>` : "");

/**
 * Return a sheet in a language.
 * @param {Sheet} sheet
 * @param {Given} given
 */
export function markupOf({ table, equation, size, claim, reason, rule, hint, slope, code }, given) {
  const { lang, product } = given;
  const drawn = table.kind === "crossing" ? crossingOf(table, given) : wiresOf(table, given);
  return `${paragraph("claim", claim[lang])}<p class="bppviz-pointed-at"></p><div class="bppviz-drawn">${drawn}</div>
    ${paragraph("reason", reason[lang])}<div class="bppviz-product" role="group" aria-label="${product}">${productOf(equation, given, size)}</div>
    <div class="bppviz-more">${paragraph("rule", rule?.[lang])}${paragraph("hint", hint?.[lang])}${paragraph("slope", slope?.[lang])}</div>
    ${code ? `<code class="bppviz-line">${code}</code>` : ""}`;
}
