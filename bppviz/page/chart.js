// A chart beside the network: a plotly figure that Python made, in the colours of the page.

import { attached, plain } from "./dom.js";
import { PLOT, plotly } from "./plotly.js";
import { report } from "./signals.js";
import { unpacked } from "./unpack.js";

/** @import { Bytes, Plotly, Rendered } from "./types.js" */

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
 * @param {{ annotations: { text: string, yshift?: number }[] }} layout
 */
function said({ annotations }) {
  const downward = annotations.toSorted((one, other) => (other.yshift ?? 0) - (one.yshift ?? 0));
  return plain(downward.map(({ text }) => text).join(" · "));
}

export default () => ({
  /** @param {Rendered<{ figure: Bytes }>} rendered */
  async render({ model, el, signal }) {
    const chart = document.createElement("div");
    chart.className = "bppviz-chart";
    el.append(chart);
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
        await Plotly.react(chart, data, layout, PLOT);
        chart.setAttribute("role", "img");
        chart.setAttribute("aria-label", said(layout));
        report(box, "chart");
      }
    }

    const themes = new MutationObserver(paint);
    themes.observe(box, { attributeFilter: ["data-theme"] });
    model.on("change:figure", paint);
    paint();
    return () => {
      gone = true;
      themes.disconnect();
      model.off("change:figure", paint);
      Plotly?.purge(chart);
    };
  },
});
