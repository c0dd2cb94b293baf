// A chart beside the network: a plotly figure that Python made, in the colours of the page.

import { attached, plain, PLOT, plotly, report, unpacked } from "./plotly.js";

export default {
  async render({ model, el, signal }) {
    const chart = document.createElement("div");
    chart.className = "bppviz-chart";
    el.append(chart);
    const box = await attached(chart, signal);
    let Plotly = null;
    let gone = false;

    const colour = (_, value) => {
      const [, name] = (typeof value === "string" && value.match(/^var\((--bppviz-[\w-]+)\)$/)) || [];
      return name ? getComputedStyle(box).getPropertyValue(name).trim() : value;
    };

    // One after the other; what changes while one is painted is painted once, at its end.
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
        const { data, layout } = JSON.parse(await unpacked(bytes), colour);
        if (gone) continue;
        await Plotly.react(chart, data, layout, PLOT);
        chart.setAttribute("role", "img");
        const downward = layout.annotations.toSorted((one, other) => (other.yshift ?? 0) - (one.yshift ?? 0));
        chart.setAttribute("aria-label", plain(downward.map(({ text }) => text).join(" · ")));
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
};
