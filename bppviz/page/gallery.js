// The pictures of the visible step and of its neighbours, drawn by plotly.js.

import { valueAt } from "./films.js";
import { jsonPainted, PLOT } from "./plotly.js";
import { spotlit } from "./spotlight.js";

/** @import { Changes, Picture, PlotDiv, Plotly, Series } from "./types.js" */

const STILL = { ...PLOT, staticPlot: true }; // grip.js hears the mouse

/** @typedef {{ div: PlotDiv, base?: string, theme?: string, key?: string, ground: Series[], shows: Record<string, string> }} Plot */

/**
 * Draw the part of a picture that all steps share, unless it is there.
 * @param {Plotly} Plotly
 * @param {Plot} plot
 * @param {Picture} picture
 */
async function drawGround(Plotly, plot, { base, theme, palette }) {
  if (plot.base === base && plot.theme === theme) return;
  const { data, layout } = jsonPainted(base, palette);
  plot.ground = structuredClone(data); // plotly.js changes what it is given
  if (plot.base) await Plotly.react(plot.div, data, layout, STILL);
  else await Plotly.newPlot(plot.div, data, layout, STILL);
  Object.assign(plot, { base, theme, key: undefined, shows: {} });
}

/**
 * Return what a step sets, by attribute and index of the series.
 * @param {Picture} picture
 * @param {Series[]} ground
 */
function changesOf({ patch, values, headings, captions, lit, palette }, ground) {
  /** @type {Changes} */
  const changes = {};
  for (const [attribute, bySeries] of Object.entries(patch)) {
    const found = Object.entries(bySeries).map(([of, value]) => [of, valueAt(values, value)]);
    changes[attribute] = Object.fromEntries(found);
  }
  changes.text = { ...changes.text, [headings]: captions };
  return lit ? { ...changes, ...spotlit(ground, changes, lit, palette["var(--bppviz-background)"]) } : changes;
}

/**
 * Draw what differs from what the plot shows.
 * @param {Plotly} Plotly
 * @param {Plot} plot
 * @param {Picture} picture
 */
async function drawPatch(Plotly, plot, picture) {
  if (plot.key === picture.key) return;
  const series = plot.div.data.map((_, i) => i);
  /** @type {Record<string, any[]>} */
  const update = {}; // a hole leaves its series as it is
  /**
   * @param {string} attribute
   * @param {string | number} of
   * @param {unknown} value
   */
  const set = (attribute, of, value) => {
    const text = JSON.stringify(value);
    const place = `${attribute} ${of}`;
    if (plot.shows[place] === text) return;
    plot.shows[place] = text;
    update[attribute] ??= new Array(series.length);
    update[attribute][Number(of)] = value;
  };
  for (const [attribute, bySeries] of Object.entries(changesOf(picture, plot.ground))) {
    for (const [of, value] of Object.entries(bySeries)) set(attribute, of, value);
  }
  if (Object.keys(update).length) await Plotly.restyle(plot.div, update, series);
  plot.key = picture.key;
}

/**
 * Keep three plots: the visible one, and those of the previous and the next step, drawn in idle time.
 * A step then only swaps plots. Only the visible one is in the page.
 * @param {Plotly} Plotly
 * @param {HTMLElement} frame
 * @param {() => void} shown - another plot is in the page
 */
export function galleryOf(Plotly, frame, shown) {
  /** @type {Plot[]} */
  const plots = [];
  /** @type {Plot | null} */
  let seen = null;

  /** @param {Picture} picture */
  const holder = ({ key, theme }) => plots.find((plot) => plot.key === key && plot.theme === theme);

  /** @param {Picture[]} pictures */
  function spare(pictures) {
    if (plots.length < 3) return addTo(plots);
    const kept = pictures.map(holder);
    const others = plots.filter((plot) => plot !== seen);
    return others.find((plot) => !kept.includes(plot)) ?? others[0];
  }

  /**
   * @param {Picture} picture
   * @param {Picture[]} pictures
   */
  async function painted(picture, pictures) {
    const plot = spare(pictures);
    await drawGround(Plotly, plot, picture);
    await drawPatch(Plotly, plot, picture);
    return plot;
  }

  return {
    /** Show the first picture; the others are its neighbours. @param {Picture[]} pictures */
    async show(pictures) {
      const plot = holder(pictures[0]) ?? (await painted(pictures[0], pictures));
      if (plot === seen) return;
      seen = plot;
      frame.replaceChildren(plot.div);
      shown();
    },
    /** Draw one neighbour; return whether there was one to draw. @param {Picture[]} pictures */
    async prepare(pictures) {
      const next = pictures.find((picture) => !holder(picture));
      if (next) await painted(next, pictures);
      return Boolean(next);
    },
    close: () => plots.forEach(({ div }) => Plotly.purge(div)),
  };
}

/** @param {Plot[]} plots */
function addTo(plots) {
  const div = /** @type {PlotDiv} */ (/** @type {HTMLElement} */ (document.createElement("div")));
  div.className = "bppviz-picture";
  /** @type {Plot} */
  const plot = { div, ground: [], shows: {} };
  plots.push(plot);
  return plot;
}
