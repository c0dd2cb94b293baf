// Tables beside the network. Python made the rows; a cell appears at its step, and lights up with its place.

import { all, attached, find, hearing, isCommand, targetOf, write } from "./dom.js";
import { report, signalsOf } from "./signals.js";

/** @import { InLanguages, Model, Rendered } from "./types.js" */
/** @typedef {string | InLanguages} Text */
/** @typedef {[text: Text, place: string, step: number, role: string]} Cell */
/** @typedef {{ column: number, texts: string[][] }} ByStep */
/** @typedef {{ caption: InLanguages, heads: Text[], rows: Cell[][], note?: InLanguages, by_step?: ByStep, factors?: number }} Table */

const KNOWN = "[data-place]:not(.bppviz-is-pending)"; // the cells that can be pointed at
// How far a key moves within a table, in rows and cells.
/** @type {Record<string, [rows: number, cells: number]>} */
const STRIDES = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/**
 * @param {Text} text
 * @param {string} lang
 */
const textIn = (text, lang) => (typeof text === "string" ? text : text[lang]);

/**
 * Return the circle that shows a place: in the plain network a gradient stands beside its circle.
 * @param {string} place
 */
const circle = (place) => place.replace(/^dl_d([za])-/, "$1-");

/**
 * @param {Table} table
 * @param {string} lang
 */
function figureOf({ caption, heads, rows, note }, lang) {
  const figure = document.createElement("figure");
  const table = figure.appendChild(document.createElement("table"));
  table.setAttribute("role", "grid");
  table.createCaption().textContent = caption[lang];
  addHead(table, heads, lang);
  const body = table.createTBody();
  for (const cells of rows) addRow(body, cells, lang);
  // Tab reaches the first cell, or a text in place of a table, which may have to be scrolled.
  (body.rows[0]?.cells[0] ?? figure).tabIndex = 0;
  if (note) {
    // Before the table, which may be long.
    const said = document.createElement("figcaption");
    said.textContent = note[lang];
    figure.prepend(said);
  }
  return figure;
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
  cells.forEach(([text, place, step, role], i) => {
    const cell = row.appendChild(document.createElement(i ? "td" : "th"));
    if (!i) cell.scope = "row";
    cell.appendChild(document.createElement("span")).textContent = textIn(text, lang);
    Object.assign(cell.dataset, { place, step });
    cell.tabIndex = -1;
    if (role) cell.className = `bppviz-is-${role}`;
  });
}

/**
 * Move the focus to a cell. Tab reaches one cell of a table, and the arrow keys the others.
 * @param {HTMLElement | undefined} cell
 */
function enter(cell) {
  if (!cell) return;
  for (const other of all(tableOf(cell), "[tabindex='0']")) other.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** @param {Element} cell */
const tableOf = (cell) => /** @type {HTMLTableElement} */ (cell.closest("table"));

/** @param {KeyboardEvent} event */
function onKey(event) {
  const cell = /** @type {HTMLTableCellElement | null} */ (targetOf(event).closest("th, td"));
  const stride = STRIDES[event.key];
  if (!cell || isCommand(event) || (!stride && event.key !== "Enter")) return;
  event.preventDefault(); // nothing is scrolled, but for the cell
  if (!stride) {
    cell.click();
    return cell.focus({ preventScroll: true });
  }
  const row = /** @type {HTMLTableRowElement} */ (cell.parentElement);
  const body = /** @type {HTMLTableSectionElement} */ (cell.closest("tbody"));
  const to = within(row.sectionRowIndex + stride[0], body.rows);
  return enter(within(cell.cellIndex + stride[1], to.cells));
}

/**
 * @template {Element} E
 * @param {number} place
 * @param {HTMLCollectionOf<E>} list
 */
const within = (place, list) => list[Math.max(0, Math.min(list.length - 1, place))];

/**
 * Write the tables, and keep the focus in its cell.
 * @param {HTMLElement} holder
 * @param {HTMLElement} stage
 * @param {Table[]} tables
 */
function draw(holder, stage, tables) {
  const cells = () => all(holder, "th, td");
  const at = cells().findIndex((cell) => cell === document.activeElement);
  holder.replaceChildren(...tables.map((table) => figureOf(table, stage.lang || "en")));
  showKnown(holder, stage, tables);
  if (at >= 0) enter(cells()[at]);
}

/**
 * Show the cells that are known at the visible step, and no others.
 * @param {HTMLElement} holder
 * @param {HTMLElement} stage
 * @param {Table[]} tables
 */
function showKnown(holder, stage, tables) {
  const { step, asked, unfinished } = stage.dataset;
  const wanted = (asked || "").split(" ");
  const known = Number(step ?? -1) - (unfinished === undefined ? 0 : 1);
  all(holder, "table").forEach((table, i) => {
    for (const cell of /** @type {HTMLTableCellElement[]} */ (all(table, "[data-step]"))) {
      const at = Number(cell.dataset.step);
      const isAsked = wanted.includes((cell.cellIndex === tables[i].factors ? weightOf(cell) : cell.dataset.step) ?? "");
      const isHidden = isAsked || at > known;
      cell.classList.toggle("bppviz-is-pending", isHidden);
      cell.classList.toggle("bppviz-is-new", at >= 0 && at === known && !isHidden);
      question(cell, isAsked);
    }
  });
  tables.forEach(({ by_step }, i) => {
    if (!by_step) return;
    const { rows } = holder.querySelectorAll("table")[i].tBodies[0];
    by_step.texts.forEach((texts, row) => {
      write(rows[row].cells[by_step.column].firstElementChild, texts[Math.max(0, known)]);
    });
  });
}

/**
 * Return the weight that a row is about.
 * @param {HTMLTableCellElement} cell
 */
const weightOf = (cell) => /** @type {HTMLTableRowElement} */ (cell.parentElement).cells[0].dataset.place;

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
 * @param {HTMLElement} holder
 * @param {string} place
 */
function light(holder, place) {
  for (const cell of all(holder, "[data-place]")) {
    const own = cell.dataset.place ?? "";
    const here = place && (own === place || circle(own) === circle(place));
    cell.classList.toggle("bppviz-is-pointed", Boolean(here));
  }
}

/**
 * Tell the stage and the other tables what is pointed at and chosen here.
 * @param {HTMLElement} holder
 * @param {HTMLElement} box
 * @param {AbortSignal} signal
 */
function listen(holder, box, signal) {
  const { pointed, chosen } = signalsOf(box);
  const hear = hearing(signal);
  /** @param {Event} event */
  const cellOf = (event) => /** @type {HTMLElement | null} */ (targetOf(event).closest?.(KNOWN));
  hear(holder, ["mouseover", "focusin"], (event) => pointed.send(cellOf(event)?.dataset.place ?? ""));
  hear(holder, ["mouseleave", "focusout"], () => pointed.send(""));
  hear(holder, ["keydown"], onKey);
  hear(holder, ["click"], (event) => {
    const { place, step } = cellOf(event)?.dataset ?? {};
    if (place || step) chosen.send({ place, step: Number(step) });
  });
  signal.addEventListener("abort", pointed.hear((place) => light(holder, place)));
}

/** @param {Element} box */
const stageOf = (box) => find(box, "stage");

/**
 * Wait for the stage of a box, which may be rendered later.
 * @param {HTMLElement} box
 * @param {AbortSignal} [signal]
 * @returns {Promise<HTMLElement | null>}
 */
async function stageIn(box, signal) {
  while (!stageOf(box) && !signal?.aborted) await new Promise(requestAnimationFrame);
  return stageOf(box);
}

/**
 * Redraw the tables when they or the language change, and follow the steps. Returns a function that stops it.
 * @param {Model<{ tables: Table[] }>} model
 * @param {HTMLElement} holder
 * @param {HTMLElement} box
 */
function follow(model, holder, box) {
  /** @param {typeof draw | typeof showKnown} work */
  const safely = (work) => () => {
    try {
      work(holder, stageOf(box), model.get("tables"));
    } catch (error) {
      report(box, "chart", error);
    }
  };
  const [drawSafely, showSafely] = [draw, showKnown].map(safely);
  const steps = new MutationObserver((changes) => {
    if (changes.some(({ attributeName }) => attributeName === "lang")) drawSafely();
    else showSafely();
  });
  steps.observe(stageOf(box), { attributeFilter: ["data-step", "data-asked", "data-unfinished", "lang"] });
  model.on("change:tables", drawSafely);
  drawSafely();
  return () => {
    steps.disconnect();
    model.off("change:tables", drawSafely);
  };
}

export default () => ({
  /** @param {Rendered<{ tables: Table[] }>} rendered */
  async render({ model, el, signal }) {
    const holder = document.createElement("div");
    holder.className = "bppviz-tables";
    el.append(holder);
    const box = await attached(holder, signal);
    if (!(await stageIn(box, signal))) return undefined;
    const over = new AbortController();
    listen(holder, box, over.signal);
    const end = follow(model, holder, box);
    return () => {
      over.abort();
      end();
    };
  },
});
