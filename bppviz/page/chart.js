// A chart beside the network: a plotly figure that Python made, in the colours of the page, with its words around it.

import { attached, plain, put } from "./dom.js";
import { PLOT, plotly } from "./plotly.js";
import { gripOn } from "./rail.js";
import { report } from "./signals.js";
import { unpacked } from "./unpack.js";

/** @import { Bytes, ChartLayout, Plotly, Rendered } from "./types.js" */

const CHART = `<p class="bppviz-key"></p><div class="bppviz-plotted"></div><span class="bppviz-point" hidden></span>`;

/**
 * Returns a JSON reviver that puts in the colours of the box's style.
 * @param {HTMLElement} box
 * @returns {(key: string, value: any) => any}
 */
const colours = (box) => (_, value) => {
  const [, name] = (typeof value === "string" && value.match(/^var\((--bppviz-[\w-]+)\)$/)) || [];
  return name ? getComputedStyle(box).getPropertyValue(name).trim() : value;
};

/**
 * Read all texts of a chart from top to bottom.
 * @param {ChartLayout} layout
 */
function said({ annotations, meta }) {
  const downward = annotations.toSorted((one, other) => (other.yshift ?? 0) - (one.yshift ?? 0));
  const around = meta ? [meta.head.join(" "), ...meta.keys.map(({ text }) => text)] : [];
  return plain([...around, ...downward.map(({ text }) => text)].filter((it) => it.trim()).join(" · "));
}

/**
 * Write what stands around a chart: above its panel what it is about, and beside it what its marks mean.
 * @param {HTMLElement} chart
 * @param {NonNullable<ChartLayout["meta"]>} meta
 */
function writeAround(chart, { head: [strong, rest], keys }) {
  const title = chart.closest(".bppviz-panel")?.querySelector(".bppviz-title");
  if (title && strong) put(title, `<b>${strong}</b> ${rest}`);
  /** @type {(mark: string, text: string, room?: string) => string} */
  const entry = (mark, text, room = "") => (text ? `<span class="bppviz-key-${mark} ${room}">${text}</span>` : "");
  const entries = keys.flatMap(({ mark, text, short }) =>
    short === text ? [entry(mark, text)] : [entry(mark, text, "bppviz-long"), entry(mark, short, "bppviz-short")],
  );
  put(/** @type {HTMLElement} */ (chart.firstElementChild), entries.join(""));
}

/** @param {HTMLElement} el */
function addChart(el) {
  const chart = document.createElement("div");
  chart.className = "bppviz-chart";
  chart.innerHTML = CHART;
  el.append(chart);
  const [, plot, point] = /** @type {HTMLCollectionOf<HTMLElement>} */ (chart.children);
  return { chart, plot, grip: gripOn(point, chart) };
}

/**
 * Draw a chart, as large as its place if it fills it.
 * @param {ReturnType<typeof addChart>} parts
 * @param {Plotly} Plotly
 * @param {object[]} data
 * @param {ChartLayout} layout
 */
async function draw({ chart, grip, plot }, Plotly, data, layout) {
  if (layout.meta) {
    writeAround(chart, layout.meta);
    chart.classList.add("bppviz-fills");
    const { clientWidth, clientHeight } = plot;
    if (!clientWidth) return; // its panel is closed; when it is opened, the place changes its size
    Object.assign(layout, { width: clientWidth, height: clientHeight });
  }
  await Plotly.react(plot, data, layout, PLOT);
  grip.place(layout);
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", said(layout));
}

export default () => ({
  /** @param {Rendered<{ figure: Bytes }>} rendered */
  async render({ model, el, signal }) {
    const parts = addChart(el);
    const { chart, grip, plot } = parts;
    const box = await attached(chart, signal);
    /** @type {Plotly | null} */
    let Plotly = null;
    let gone = false;

    // One after the other; what changes while one is painted is painted once, at its end.
    /** @type {Promise<void> | null} */
    let work = null;
    let again = false;
    function paint() {
      again = true;
      work ??= painted().catch((error) => report(box, "chart", error)).finally(() => (work = null));
    }
    async function painted() {
      while (again && !gone) {
        again = false;
        const bytes = model.get("figure");
        if (!bytes?.byteLength || !box.dataset.theme) continue;
        Plotly ??= await plotly(model);
        const { data, layout } = JSON.parse(await unpacked(bytes), colours(box));
        if (gone) continue;
        await draw(parts, Plotly, data, layout);
        report(box, "chart");
      }
    }
    const themes = new MutationObserver(paint);
    themes.observe(box, { attributeFilter: ["data-theme"] });
    const sizes = new ResizeObserver(() => chart.classList.contains("bppviz-fills") && paint());
    sizes.observe(plot);
    model.on("change:figure", paint);
    paint();
    return () => {
      gone = true;
      themes.disconnect();
      sizes.disconnect();
      grip.close();
      model.off("change:figure", paint);
      Plotly?.purge(plot);
    };
  },
});
