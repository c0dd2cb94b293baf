// Tables beside the network: Python made the rows; each cell is seen from its step on, and lights up with its place.

import { attached, isCommand, report, write } from "./plotly.js";

const textIn = (text, lang) => (typeof text === "string" ? text : text[lang]);
// In the network alone a gradient stands beside its circle, and has no place of its own.
const circle = (place) => place.replace(/^dl_d([za])-/, "$1-");
// How far the keys go within a table, in rows and cells.
const STRIDES = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

export default {
  async render({ model, el, signal }) {
    const holder = document.createElement("div");
    holder.className = "bppviz-tables";
    el.append(holder);
    const box = await attached(holder, signal);
    const stage = () => box.querySelector(".bppviz-stage");
    while (!stage() && !signal?.aborted) await new Promise(requestAnimationFrame); // it may be rendered later
    if (!stage()) return undefined;

    // Write the tables, before any step is seen. Whoever goes about in one with the keys stays in the cell.
    function draw() {
      const lang = stage().lang || "en";
      const cells = () => [...holder.querySelectorAll("th, td")];
      const at = cells().indexOf(document.activeElement);
      holder.replaceChildren(...model.get("tables").map((table) => made(table, lang)));
      fill();
      if (at >= 0) enter(cells()[at]);
    }

    // With Tab one comes to one cell of a table, and goes on to others with the keys that have an arrow.
    function enter(cell) {
      if (!cell) return;
      for (const other of cell.closest("table").querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
      cell.tabIndex = 0;
      cell.focus({ preventScroll: true });
      cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    function onKey(event) {
      const cell = event.target.closest("th, td");
      const stride = STRIDES[event.key];
      if (!cell || isCommand(event) || (!stride && event.key !== "Enter")) return;
      event.preventDefault(); // nothing is scrolled, but for the cell
      if (!stride) {
        cell.click();
        return cell.focus({ preventScroll: true });
      }
      const within = (place, list) => list[Math.max(0, Math.min(list.length - 1, place))];
      const row = within(cell.parentElement.sectionRowIndex + stride[0], cell.closest("tbody").rows);
      return enter(within(cell.cellIndex + stride[1], row.cells));
    }

    function made({ caption, heads, rows, note }, lang) {
      const figure = document.createElement("figure");
      const table = figure.appendChild(document.createElement("table"));
      table.setAttribute("role", "grid");
      table.createCaption().textContent = caption[lang];
      const head = table.createTHead().insertRow();
      for (const text of heads) {
        const cell = head.appendChild(document.createElement(text ? "th" : "td"));
        if (text) cell.scope = "col";
        cell.textContent = textIn(text, lang);
      }
      const body = table.createTBody();
      for (const cells of rows) {
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
      // Tab comes to the first cell, or to a text that stands in the place of a table, and is scrolled where it is wide.
      (body.rows[0]?.cells[0] ?? figure).tabIndex = 0;
      if (note) {
        // Before the table, which may be long.
        const said = document.createElement("figcaption");
        said.textContent = note[lang];
        figure.prepend(said);
      }
      return figure;
    }

    // Show what is known at the step that is looked at, and no more.
    function fill() {
      const { step, asked, unfinished } = stage().dataset;
      const hidden = (asked || "").split(" ");
      const known = Number(step ?? -1) - (unfinished === undefined ? 0 : 1);
      for (const cell of holder.querySelectorAll("[data-step]")) {
        const at = Number(cell.dataset.step);
        const isHidden = at > known || hidden.includes(cell.dataset.step);
        cell.classList.toggle("bppviz-is-pending", isHidden);
        cell.classList.toggle("bppviz-is-new", at >= 0 && at === known && !isHidden);
      }
      model.get("tables").forEach(({ by_step }, i) => {
        if (!by_step) return;
        const rows = holder.querySelectorAll("table")[i].tBodies[0].rows;
        by_step.texts.forEach((texts, row) => write(rows[row].cells[by_step.column].firstChild, texts[Math.max(0, known)]));
      });
    }

    function light({ detail }) {
      for (const cell of holder.querySelectorAll("[data-place]")) {
        const here = detail && (cell.dataset.place === detail || circle(cell.dataset.place) === circle(detail));
        cell.classList.toggle("bppviz-is-pointed", Boolean(here));
      }
    }

    const cellOf = ({ target }) => target.closest?.("[data-place]:not(.bppviz-is-pending)");
    const tell = (name, detail) => box.dispatchEvent(new CustomEvent(name, { detail }));
    const over = new AbortController();
    const hear = (target, type, handler) => target.addEventListener(type, handler, { signal: over.signal });
    hear(holder, "mouseover", (event) => tell("bppviz-pointed", cellOf(event)?.dataset.place ?? ""));
    hear(holder, "mouseleave", () => tell("bppviz-pointed", ""));
    hear(holder, "focusin", (event) => tell("bppviz-pointed", cellOf(event)?.dataset.place ?? ""));
    hear(holder, "focusout", () => tell("bppviz-pointed", ""));
    hear(holder, "keydown", onKey);
    hear(holder, "click", (event) => {
      const { place, step } = cellOf(event)?.dataset ?? {};
      if (place || step) tell("bppviz-chosen", { place, step: Number(step) });
    });
    hear(box, "bppviz-pointed", light);
    const safely = (work) => () => {
      try {
        work();
      } catch (error) {
        report(box, "chart", error);
      }
    };
    const [drawSafely, fillSafely] = [draw, fill].map(safely);
    const steps = new MutationObserver((changes) => {
      if (changes.some(({ attributeName }) => attributeName === "lang")) drawSafely();
      else fillSafely();
    });
    steps.observe(stage(), { attributeFilter: ["data-step", "data-asked", "data-unfinished", "lang"] });
    model.on("change:tables", drawSafely);
    drawSafely();
    return () => {
      over.abort();
      steps.disconnect();
      model.off("change:tables", drawSafely);
    };
  },
};
