// The program as a listing, in which the walk moves as in a debugger.

import { all, escaped, put, targetOf, write } from "./dom.js";
import { textIn, within } from "./grid.js";
import { blockOf } from "./moment.js";

/** @import { Program, ProgramLine } from "./types.js" */
/** @import { Moment } from "./moment.js" */

const MOST_ENTRIES = 6; // of a row that are written below its line
const WINDOW = 2; // entries on each side of the one that is found now, where there are more
/** @type {Record<string, number>} */
const STRIDES_OF_LINES = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

/**
 * Return the markup of a line: what can be gone to is a button.
 * @param {ProgramLine} line
 */
function lineOf({ depth, pieces, comment, layers }) {
  const names = pieces.map((it, i) => (i % 2 ? `<span class="bppviz-name">${escaped(it)}</span>` : escaped(it)));
  const code = `<code>${names.join("")}</code>${comment && ` <i># ${comment}</i>`}`;
  const remark = pieces[0].startsWith("#") ? ' class="bppviz-remark"' : "";
  const body = layers.length ? `<button type="button" tabindex="-1">${code}</button>` : `<span${remark}>${code}</span>`;
  return `<li class="bppviz-code-line" style="--bppviz-depth:${depth}">${body}<i class="bppviz-of-loop"></i><i class="bppviz-worth"></i><i class="bppviz-order"></i></li>`;
}

/**
 * Write the lines of a program.
 * @param {HTMLElement} list
 * @param {ProgramLine[]} lines
 */
export function writeLines(list, lines) {
  put(list, lines.map(lineOf).join(""));
  if (!list.querySelector("button[tabindex='0']")) list.querySelector("button")?.setAttribute("tabindex", "0");
}

/**
 * Show at which line the walk stands, in which turn of its loop, what it has found, and what is still to come.
 * @param {HTMLElement} list
 * @param {Program} program
 * @param {string} library
 * @param {Moment} moment
 */
export function showLine(list, program, library, moment) {
  const { lines } = program.libraries[library];
  const { block, key, isAsking, isWhole } = moment;
  const lang = list.closest("[lang]")?.getAttribute("lang") ?? "";
  const now = block?.at[library] ?? -1;
  const [, layer] = key.split("-");
  all(list, "li").forEach((item, i) => {
    const isNow = i === now;
    if (isNow) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
    item.classList.toggle("bppviz-is-to-come", moment.isToCome(lines[i].begins));
    all(item, ".bppviz-name").forEach((name, nth) => {
      name.classList.toggle("bppviz-is-new", isNow && !nth);
      name.classList.toggle("bppviz-is-used", isNow && nth > 0);
    });
    write(item.querySelector(".bppviz-of-loop"), now >= 0 && i === lines[now].loop ? `# k = ${layer}` : "");
    write(item.querySelector(".bppviz-worth"), isNow && lines[now].pieces.length > 1 ? worth(program, moment) : "");
    const { order } = lines[i];
    write(item.querySelector(".bppviz-order"), isNow && order && !isWhole && !isAsking ? `# ${textIn(order, lang)}` : "");
    if (isNow && !list.contains(document.activeElement)) keep(list, item.querySelector("button"));
  });
}

/**
 * Return as a comment what the line of a moment has found so far.
 * @param {Program} program
 * @param {Moment} moment
 */
export function worth({ steps }, { at, block, key, result }) {
  if (!block) return "";
  const [, , unit, source] = key.split("-");
  const isMatrix = source !== undefined; // of which a row is enough
  /** @type {number[]} */
  const entries = [];
  steps.forEach(([own], i) => {
    if (blockOf(own) === block.told && (!isMatrix || own.split("-")[2] === unit)) entries.push(i);
  });
  if (block.told.startsWith("loss")) return `# ${block.called} = ${result(entries[0])}`;
  return `# ${block.called}${isMatrix ? `[${unit}]` : ""} = ${row(entries, at, result)}`;
}

/**
 * @param {number[]} entries - by the steps that compute them
 * @param {number} at
 * @param {(step: number) => string} result
 */
function row(entries, at, result) {
  if (entries.length <= MOST_ENTRIES) return `[${entries.map(result).join(", ")}]`;
  const middle = Math.max(0, entries.findLastIndex((it) => it <= at));
  const first = Math.max(0, Math.min(middle - WINDOW, entries.length - 2 * WINDOW - 1));
  const shown = entries.slice(first, first + 2 * WINDOW + 1).map(result);
  const [before, behind] = [first > 0, first + shown.length < entries.length].map((it) => (it ? ["…"] : []));
  return `[${[...before, ...shown, ...behind].join(", ")}]`;
}

/**
 * Let Tab reach this line of all.
 * @param {HTMLElement} list
 * @param {HTMLElement | null | undefined} button
 */
function keep(list, button) {
  if (!button || button.tabIndex === 0) return;
  all(list, "button[tabindex='0']").forEach((it) => (it.tabIndex = -1));
  button.tabIndex = 0;
}

/**
 * Return the step of a line: at the present k, or else when it is reached next.
 * @param {ProgramLine} line
 * @param {Moment} moment
 */
export function stepOfLine({ layers }, { at, key }) {
  const layer = Number(key.split("-")[1]);
  const [, step] = layers.find(([it]) => it === layer) ?? layers.find(([, it]) => it > at) ?? layers[layers.length - 1];
  return step;
}

/**
 * Return the moment in which another line is read than the one now: at the step to which it leads, of its whole layer,
 * and with what is known now.
 * @param {ProgramLine} line
 * @param {Program} program
 * @param {Moment} moment
 * @returns {Moment}
 */
export function momentOfLine(line, { blocks, steps }, moment) {
  const at = stepOfLine(line, moment);
  const [key] = steps[at];
  return { ...moment, at, key, block: blocks[blockOf(key)], isWhole: true };
}

/**
 * Return the text of a line with the layer of a moment in place of k.
 * @param {ProgramLine} line
 * @param {Moment} moment
 */
export function lineAt({ pieces }, { key }) {
  const layer = Number(key.split("-")[1]);
  return pieces.join("").replace(/\[k([+-]1)?\]/g, (_, by = "0") => `[${layer + Number(by)}]`);
}

/**
 * Move the focus among the lines.
 * @param {KeyboardEvent} event
 */
export function onLineKey(event) {
  const button = targetOf(event).closest("button");
  const list = /** @type {HTMLElement | null | undefined} */ (button?.closest(".bppviz-listing"));
  const stride = STRIDES_OF_LINES[event.key];
  if (!list || !stride || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const buttons = all(list, "button");
  const to = within(buttons.findIndex((it) => it === button) + stride, buttons);
  keep(list, to);
  to.focus({ preventScroll: true });
  to.scrollIntoView({ block: "nearest" });
}
