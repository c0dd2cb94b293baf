// The picture in the page: plotly.js draws its ground, once for a network and a theme; each step is written into that.

import { valueAt } from "./films.js";
import { writeInto } from "./pen.js";
import { jsonPainted, PLOT } from "./plotly.js";
import { spotlit } from "./spotlight.js";

/** @import { Changes, Picture, PlotDiv, Plotly, Series } from "./types.js" */

const STILL = { ...PLOT, staticPlot: true }; // grip.js hears the mouse

/**
 * Return what a step sets, by attribute and index of the series.
 * @param {Picture} picture
 * @param {Series[]} ground
 */
function changesOf({ patch, values, headings, captions, lit, palette }, ground) {
  /** @type {Changes} */
  const changes = {};
  for (const [attribute, indices] of Object.entries(patch)) {
    const found = Object.entries(indices).map(([of, value]) => [of, valueAt(values, value)]);
    changes[attribute] = Object.fromEntries(found);
  }
  changes.text = { ...changes.text, [headings]: captions };
  return lit ? { ...changes, ...spotlit(ground, changes, lit, palette["var(--bppviz-background)"]) } : changes;
}

/**
 * Return the same by series.
 * @param {Changes} changes
 */
function bySeries(changes) {
  /** @type {Map<number, Record<string, any>>} */
  const found = new Map();
  for (const [attribute, values] of Object.entries(changes)) {
    for (const [of, value] of Object.entries(values)) found.set(Number(of), { ...found.get(Number(of)), [attribute]: value });
  }
  return found;
}

/** @typedef {{ div: PlotDiv, base: string, theme: string, ground: Series[], key?: string }} Canvas */

/**
 * Draw the part of a picture that all steps share, out of sight.
 * @param {Plotly} Plotly
 * @param {Picture} picture
 * @returns {Promise<Canvas>}
 */
async function grounded(Plotly, { base, theme, palette }) {
  const div = /** @type {PlotDiv} */ (/** @type {HTMLElement} */ (document.createElement("div")));
  div.className = "bppviz-picture";
  const { data, layout } = jsonPainted(base, palette);
  const ground = structuredClone(data); // plotly.js changes what it is given
  await Plotly.newPlot(div, data, layout, STILL);
  return { div, base, theme, ground };
}

/**
 * @param {Plotly} Plotly
 * @param {HTMLElement} frame
 * @param {() => void} shown - another picture is there
 */
export function canvasOf(Plotly, frame, shown) {
  /** @type {Canvas | null} */
  let canvas = null;
  const clear = () => canvas && Plotly.purge(canvas.div);

  return {
    /** @param {Picture} picture */
    async show(picture) {
      if (canvas?.key === picture.key && canvas.theme === picture.theme) return;
      const { base, theme } = picture;
      const here = canvas?.base === base && canvas.theme === theme ? canvas : await grounded(Plotly, picture);
      writeInto(here.div, bySeries(changesOf(picture, here.ground)));
      here.key = picture.key;
      if (here !== canvas) {
        clear();
        canvas = here;
        frame.replaceChildren(here.div);
      }
      shown();
    },
    close: clear,
  };
}
