// What the tables show at a step: the numbers that are known, those that the step is about, and what is pointed at.

import { all, write } from "./dom.js";
import { rowOf, tableOf } from "./grid.js";
import { reachedAt } from "./reached.js";

/** @import { Table } from "./types.js" */

/**
 * Show the cells that are known at the visible step, and no others.
 * @param {HTMLElement} holder
 * @param {HTMLElement} stage
 * @param {Table[]} tables
 */
export function showKnown(holder, stage, tables) {
  const { last, asked, unfinished, toCome = "", phase = "", used = "", found = "" } = stage.dataset;
  const wanted = (asked || "").split(" ");
  const known = Number(last ?? -1) - (unfinished === undefined ? 0 : 1);
  const isReached = reachedAt(stage.dataset);
  all(holder, "table").forEach((table, i) => {
    for (const cell of /** @type {HTMLTableCellElement[]} */ (all(table, "[data-step]"))) {
      const asks = cell.cellIndex === tables[i].factors ? rowOf(cell).cells[0].dataset.place : cell.dataset.step;
      const isAsked = wanted.includes(asks ?? "");
      const isHidden = isAsked || !isReached(Number(cell.dataset.step));
      cell.classList.toggle("bppviz-is-pending", isHidden);
      if (cell.dataset.hint) hint(cell, isHidden ? "" : cell.dataset.hint);
      question(cell, isAsked);
    }
  });
  holder.dataset.phase = phase;
  emphasise(holder, used.split(" "), found.split(" "));
  tables.forEach(({ by_step }, i) => {
    if (!by_step) return;
    const { rows } = holder.querySelectorAll("table")[i].tBodies[0];
    const apart = toCome && by_step.apart[known];
    by_step.texts.forEach((texts, row) => {
      write(rows[row].cells[by_step.column].firstElementChild, apart ? apart[row] : texts[Math.max(0, known)]);
    });
  });
}

/**
 * Put a question mark in the place of a number that is asked for, or take it away.
 * @param {HTMLElement} cell
 * @param {boolean} isAsked
 */
function question(cell, isAsked) {
  const mark = cell.querySelector("b");
  if (isAsked && !mark) cell.appendChild(document.createElement("b")).textContent = "?";
  if (!isAsked) mark?.remove();
}

/**
 * Say more of a cell, whose text is a sign.
 * @param {HTMLElement} cell
 * @param {string} text
 */
function hint(cell, text) {
  cell.title = text;
  if (text) cell.setAttribute("aria-label", text);
  else cell.removeAttribute("aria-label");
}

/**
 * Fill the cells of the results of the step, and of what they are computed from. A number that stands in more than one
 * table is filled in the first, and elsewhere only beside a result.
 * @param {HTMLElement} holder
 * @param {string[]} from
 * @param {string[]} to
 */
function emphasise(holder, from, to) {
  const cells = all(holder, "td[data-own]").filter((cell) => cell.dataset.own && isSeen(cell));
  /** @type {Map<string | undefined, HTMLElement>} */
  const first = new Map();
  for (const cell of cells) if (!first.has(cell.dataset.own)) first.set(cell.dataset.own, tableOf(cell));
  /** @param {HTMLElement} cell */
  const isHome = (cell) => first.get(cell.dataset.own) === tableOf(cell);
  /** @type {(cell: HTMLElement, places: string[]) => boolean} */
  const isOf = (cell, places) => places.includes(cell.dataset.own ?? "");
  /** @param {HTMLElement} cell */
  const isComputed = (cell) => Number(cell.dataset.step) >= 0;
  const results = new Set(cells.filter((cell) => isOf(cell, to) && isComputed(cell) && isHome(cell)));
  const rows = new Set([...results].map(rowOf));
  for (const cell of cells) {
    // The weight before an update has the place of the new one.
    const isUsed = isOf(cell, from) || (isOf(cell, to) && !isComputed(cell));
    cell.classList.toggle("bppviz-is-new", results.has(cell));
    cell.classList.toggle("bppviz-is-used", isUsed && (isHome(cell) || rows.has(rowOf(cell))));
  }
}

/** @param {Element} cell */
const isSeen = (cell) => !cell.closest("[hidden]");

/**
 * Scroll the tables, and nothing around them, to what the step is about: the result, and what it is computed from as
 * far as there is room. A table that has none of it shows the last number that became known.
 * @param {HTMLElement} holder
 */
export function reveal(holder) {
  const scrolled = [holder, ...all(holder, "figure")].filter(isScrolled);
  for (const it of scrolled) {
    const about = ["used", "new"].flatMap((name) => all(it, `.bppviz-is-${name}`).reverse());
    for (const cell of about.length ? about : lastKnown(it)) scrollTo(cell, it);
  }
}

/** @param {HTMLElement} it */
const isScrolled = (it) => it.scrollHeight > it.clientHeight || it.scrollWidth > it.clientWidth;

/** @param {HTMLElement} within */
function lastKnown(within) {
  const known = all(within, "td[data-step]:not(.bppviz-is-pending, [data-step='-1'])");
  /** @param {HTMLElement} cell */
  const stepOf = (cell) => Number(cell.dataset.step);
  return known.sort((one, other) => stepOf(other) - stepOf(one)).slice(0, 1);
}

/**
 * @param {Element} cell
 * @param {HTMLElement} within
 */
function scrollTo(cell, within) {
  const [row, room] = [rowOf(cell), within].map((it) => it.getBoundingClientRect());
  const head = tableOf(cell).tHead?.offsetHeight ?? 0;
  const above = row.top - head - room.top;
  const below = row.bottom - room.top - within.clientHeight;
  if (above < 0) within.scrollTop += above;
  else if (below > 0) within.scrollTop += below;
  const [own, name] = [cell, rowOf(cell).cells[0]].map((it) => it.getBoundingClientRect());
  const before = own.left - room.left - name.width; // the name of a row stays
  const behind = own.right - room.left - within.clientWidth;
  if (before < 0) within.scrollLeft += before;
  else if (behind > 0) within.scrollLeft += behind;
}

/**
 * Return the circle that shows a place: in the plain network a gradient stands beside its circle.
 * @param {string} place
 */
const circle = (place) => place.replace(/^dl_d([za])-/, "$1-");

/**
 * Light up the cells of the place that is pointed at, or of several.
 * @param {HTMLElement} holder
 * @param {string} pointed
 */
export function light(holder, pointed) {
  const circles = pointed.split(" ").map(circle);
  for (const cell of all(holder, "[data-place]")) {
    const own = cell.dataset.place ?? "";
    cell.classList.toggle("bppviz-is-pointed", Boolean(own) && circles.includes(circle(own)));
  }
}
