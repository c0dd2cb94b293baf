// A table as a grid: Tab reaches one of its cells, and the arrow keys the others.

import { all, homePlace, isCommand, targetOf } from "./dom.js";

/** @import { Cell, InLanguages, Table, Text } from "./types.js" */

// How far a key moves within a table, in rows and cells.
/** @type {Record<string, [rows: number, cells: number]>} */
export const STRIDES = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/**
 * @param {Text | undefined} text
 * @param {string} lang
 */
export const textIn = (text = "", lang) => (typeof text === "string" ? text : text[lang]);

/**
 * @param {Table} table
 * @param {string} lang
 */
export function figureOf({ caption, heads, rows, note, foot, is_titled }, lang) {
  const figure = document.createElement("figure");
  if (note) addNote(figure, "note", note, lang); // before the table, which may be long
  const table = figure.appendChild(document.createElement("table"));
  table.setAttribute("role", "grid");
  table.classList.toggle("bppviz-is-titled", Boolean(is_titled));
  table.createCaption().textContent = caption[lang];
  addHead(table, heads, lang);
  const body = table.createTBody();
  for (const cells of rows) addRow(body, cells, lang);
  // Tab reaches the first cell, or a text in place of a table, which may have to be scrolled.
  (body.rows[0]?.cells[0] ?? figure).tabIndex = 0;
  if (foot) addNote(figure, "foot", foot, lang);
  return figure;
}

/**
 * @param {HTMLElement} figure
 * @param {string} name
 * @param {InLanguages} text
 * @param {string} lang
 */
function addNote(figure, name, text, lang) {
  const said = figure.appendChild(document.createElement("p"));
  said.className = `bppviz-${name}`;
  said.textContent = text[lang];
}

/**
 * @param {HTMLTableElement} table
 * @param {Text[]} heads
 * @param {string} lang
 */
function addHead(table, heads, lang) {
  const head = table.createTHead().insertRow();
  for (const text of heads) {
    const cell = head.appendChild(document.createElement(text ? "th" : "td"));
    if (text) cell.scope = "col";
    cell.textContent = textIn(text, lang);
  }
}

/**
 * @param {HTMLTableSectionElement} body
 * @param {Cell[]} cells
 * @param {string} lang
 */
function addRow(body, cells, lang) {
  const row = body.insertRow();
  cells.forEach(([text, own, step, role, hint], i) => {
    const cell = row.appendChild(document.createElement(i ? "td" : "th"));
    if (!i) cell.scope = "row";
    cell.appendChild(document.createElement("span")).textContent = textIn(text, lang);
    Object.assign(cell.dataset, { own, place: homePlace(own), step });
    if (hint) cell.dataset.hint = textIn(hint, lang);
    cell.tabIndex = -1;
    if (role) cell.className = `bppviz-is-${role}`;
  });
}

/**
 * Move the focus to a cell.
 * @param {HTMLElement | undefined} cell
 */
export function enter(cell) {
  if (!cell) return;
  for (const other of all(tableOf(cell), "[tabindex='0']")) other.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** @param {Element} cell */
export const tableOf = (cell) => /** @type {HTMLTableElement} */ (cell.closest("table"));

/** @param {Element} cell */
export const rowOf = (cell) => /** @type {HTMLTableRowElement} */ (cell.closest("tr"));

/** @param {KeyboardEvent} event */
export function onKey(event) {
  const cell = /** @type {HTMLTableCellElement | null} */ (targetOf(event).closest("th, td"));
  const stride = STRIDES[event.key];
  if (!cell || isCommand(event) || (!stride && event.key !== "Enter")) return;
  event.preventDefault(); // nothing is scrolled, but for the cell
  if (!stride) {
    cell.click();
    return cell.focus({ preventScroll: true });
  }
  const body = /** @type {HTMLTableSectionElement} */ (cell.closest("tbody"));
  const to = within(rowOf(cell).sectionRowIndex + stride[0], body.rows);
  return enter(within(cell.cellIndex + stride[1], to.cells));
}

/**
 * Return what stands at a place of a list, or at its end that is nearer.
 * @template E
 * @param {number} place
 * @param {ArrayLike<E>} list
 */
export const within = (place, list) => list[Math.max(0, Math.min(list.length - 1, place))];
