// The matrices beside the network. Python made the sheets; the one of the step is seen, and lights up with the picture.

import { markupOfAll, saidOfPicture } from "./batch.js";
import { besideStage } from "./beside.js";
import { listen } from "./cells.js";
import { all, fill, find, isCommand, put, targetOf } from "./dom.js";
import { enter, STRIDES, within } from "./grid.js";
import { showChoices } from "./heads.js";
import { lightUp, sheetAt, workedOut } from "./lit.js";
import { markupOf, strongly } from "./sheet.js";
import { safely, signalsOf } from "./signals.js";
import { unpackedJson } from "./unpack.js";

/** @import { Laid, Model, Rendered, Sheet, Sheets } from "./types.js" */

const REACHED = ":is(.bppviz-drawn, .bppviz-of-all) [tabindex]"; // the numbers that keys reach: all of the table

/** The sheets of a run in their place, and what is seen of them. */
class Desk {
  /** @type {Sheets | null} */
  told = null;
  shown = ""; // the name of the sheet that is seen
  pointed = "";
  under = ""; // the number of another sample that is pointed at here

  /**
   * @param {HTMLElement} holder
   * @param {HTMLElement} stage
   * @param {HTMLElement} panel
   * @param {Model<Laid>} model
   */
  constructor(holder, stage, panel, model) {
    this.holder = holder;
    this.stage = stage;
    this.panel = panel;
    this.model = model;
  }

  get sheet() {
    return this.told?.sheets[this.shown];
  }

  /** Show the sheet of the step; what has the focus keeps it, or the first number gets it. */
  show() {
    const { holder, stage, told } = this;
    if (!told || !stage.dataset.quantity) return;
    const lang = stage.lang || "en";
    const at = document.activeElement instanceof HTMLElement && holder.contains(document.activeElement) ? document.activeElement.dataset.id : "";
    const name = sheetAt(stage.dataset);
    if (told.sheets[name]) this.shown = name;
    const { sheet } = this;
    if (!sheet) return;
    holder.lang = lang;
    Object.assign(holder.dataset, { phase: stage.dataset.phase ?? "" });
    holder.classList.toggle("bppviz-is-asking", Boolean(stage.dataset.asked));
    this.write(sheet, told, lang);
    this.say();
    const [cells, stop] = [all(holder, REACHED), holder.querySelector("[tabindex='0']")];
    const [first = cells[0]] = this.rows()[0] ?? []; // where the panel is closed, nothing can be seen yet
    if (first && !stop?.checkVisibility()) cells.forEach((it) => (it.tabIndex = it === first ? 0 : -1));
    const own = cells.find((it) => it.dataset.id === at) ?? first; // where the same number is not there, keys go on
    if (at && document.activeElement !== own) enter(own);
  }

  /**
   * Write a sheet, of one sample or of all. What is asked for is a number of one: meanwhile there is nothing to choose.
   * @param {Sheet} sheet
   * @param {Sheets} told
   * @param {string} lang
   */
  write(sheet, told, lang) {
    const { holder, model, panel, stage } = this;
    const { numbers, words } = told;
    const isAsking = Boolean(stage.dataset.asked);
    const ofAll = isAsking ? undefined : sheet.all;
    if (told.choices) showChoices(panel, model, told.choices, lang);
    find(panel, "choices").classList.toggle("bppviz-is-absent", !told.choices || !ofAll);
    const given = { numbers, lang, edge: words.edge[lang], large: words.large[lang], product: words.product[lang] };
    const seen = ofAll && model.get("shown") === "all" ? ofAll : sheet;
    holder.classList.toggle("bppviz-is-all", seen === ofAll);
    if ("form" in seen) put(holder, markupOfAll(seen, given, told, saidOfPicture(stage.dataset, sheet, told, lang)));
    else put(holder, markupOf(isAsking ? { ...sheet, claim: words.asked } : sheet, given));
    lightUp(holder, stage.dataset, seen, told);
  }

  /** Say what is pointed at, in the head of the panel, or where there is none in the line of the claim. */
  say() {
    const { holder, panel, pointed, told, under } = this;
    const cells = pointed ? all(holder, "[data-place]") : [];
    const other = under ? cells.find((it) => it.dataset.id === under) : undefined;
    const cell = other ?? cells.find((it) => it.dataset.own === pointed) ?? cells.find((it) => it.dataset.place === pointed);
    const text = cell && told && this.sheet ? this.saying(cell) : "";
    put(find(holder, "pointed-at"), strongly(text));
    holder.classList.toggle("bppviz-is-told", Boolean(text));
    const said = find(panel, "said");
    if (said) put(said, strongly(text));
  }

  /** @param {HTMLElement} cell */
  saying(cell) {
    const [told, sheet, { id = "", own = "" }] = [/** @type {Sheets} */ (this.told), this.sheet, cell.dataset];
    const [, name, text] = told.numbers[id];
    const isHidden = cell.matches(".bppviz-is-pending");
    const [, layer, unit, source] = own.split("-");
    if (/^w-/.test(own) && sheet && !isHidden) {
      const before = Number(layer) === 1 ? `x-0-${source}` : `a-${Number(layer) - 1}-${source}`;
      const [a, z] = [before, `z-${layer}-${unit}`].map((it) => told.numbers[it]?.[1] ?? "");
      return fill(told.words.leaves[this.holder.lang], { w: name, value: text, a, z });
    }
    if (isHidden || !sheet) return name;
    const worked = this.stage.dataset.asked ? "" : workedOut(sheet, told.numbers, id);
    return `**${name} = ${text}**${worked ? ` ≈ ${worked}` : ""}`;
  }

  /**
   * Return the places that a number lights up: of a number above a column or beside a row all its weights, too; of one
   * of another sample where the told one has it.
   * @param {HTMLElement} cell
   */
  placeOf(cell) {
    const { home = "", place: own = "" } = cell.dataset;
    this.under = home && (cell.dataset.id ?? "");
    if (home) return home;
    const table = this.sheet?.table;
    if (!own || !table?.cells || !cell.matches(".bppviz-chip")) return own;
    const id = cell.dataset.id ?? "";
    const [i, j] = [table.beside, table.above].map((lists) => lists.findIndex((ids) => ids.includes(id)));
    const along = i >= 0 ? table.cells[i] : j >= 0 ? table.cells.map((row) => row[j]) : [];
    return [own, ...along.map((it) => it.replace(/^d\w_d|\+$/g, ""))].join(" ");
  }

  /** @param {KeyboardEvent} event */
  keys(event) {
    const cell = /** @type {HTMLElement | null} */ (targetOf(event).closest(REACHED));
    const stride = STRIDES[event.key];
    if (!cell || isCommand(event) || (!stride && event.key !== "Enter")) return;
    event.preventDefault();
    if (!stride) {
      cell.click();
      return;
    }
    const rows = this.rows();
    const at = rows.findIndex((row) => row.includes(cell));
    enter(within(rows[at].indexOf(cell) + stride[1], within(at + stride[0], rows)));
  }

  /** Return what keys reach, row by row: of the numbers above the columns each line is a row. */
  rows() {
    const [first, ...others] = all(this.holder, ":is(.bppviz-drawn, .bppviz-of-all) tr");
    if (!first) return [];
    const heads = all(first, ".bppviz-above").map((it) => all(it, "[tabindex]"));
    const lines = (heads[0] ?? []).map((_, i) => heads.map((it) => it[i]));
    const rows = [...(heads.length ? [] : [first]), ...others].map((row) => all(row, "[tabindex]"));
    return [...lines, ...rows].map((row) => row.filter((it) => it?.checkVisibility())).filter((row) => row.length);
  }
}

/**
 * Show the sheets when they, the step or the language change. Returns a function that stops it.
 * @param {Desk} desk
 * @param {Model<Laid>} model
 * @param {HTMLElement} box
 */
function follow(desk, model, box) {
  const show = safely(box, () => desk.show());
  const read = safely(box, async () => {
    const bytes = model.get("sheets");
    const told = await unpackedJson(bytes);
    if (!told || bytes !== model.get("sheets")) return; // they are still to come, or newer ones have
    desk.told = told;
    desk.show();
  });
  const steps = new MutationObserver(show);
  const attributes = ["data-last", "data-to-come", "data-asked", "data-unfinished", "data-used", "data-found", "data-quantity", "lang"];
  steps.observe(desk.stage, { attributeFilter: attributes });
  const unheard = signalsOf(box).pointed.hear((place) => {
    desk.pointed = place.split(" ")[0];
    if (!place) desk.under = "";
    desk.say();
  });
  model.on("change:sheets", read);
  model.on("change:shown", show);
  void read();
  return () => {
    steps.disconnect();
    unheard();
    model.off("change:sheets", read);
    model.off("change:shown", show);
  };
}

export default () => ({
  /** @param {Rendered<Laid>} rendered */
  async render({ model, el, signal }) {
    const beside = await besideStage({ el, signal }, "bppviz-matrices", "choices");
    if (!beside) return undefined;
    const { holder, box, stage, panel } = beside;
    const desk = new Desk(holder, stage, panel, model);
    const over = new AbortController();
    const cells = () => all(holder, REACHED);
    listen(holder, box, over.signal, { cells, placeOf: (cell) => desk.placeOf(cell), keys: (event) => desk.keys(event) });
    const end = follow(desk, model, box);
    return () => {
      over.abort();
      end();
    };
  },
});
