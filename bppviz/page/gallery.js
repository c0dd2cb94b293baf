// The pictures of the visible step and of its neighbours, drawn by plotly.js.

import { all } from "./dom.js";
import { valueAt } from "./films.js";
import { jsonPainted, PLOT } from "./plotly.js";
import { retouched } from "./retouch.js";
import { spotlit } from "./spotlight.js";

/** @import { Changes, Picture, PlotDiv, Plotly, Series } from "./types.js" */

const STILL = { ...PLOT, staticPlot: true }; // grip.js hears the mouse

/** @typedef {{ div: PlotDiv, base?: string, theme?: string, key?: string, ground: Series[], shows: Record<string, string>, isRetouched?: boolean }} Plot */

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
  Object.assign(plot, { base, theme, key: undefined, shows: {}, isRetouched: false });
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
 * Return what differs from what the plot shows, by series.
 * @param {Plot} plot
 * @param {Picture} picture
 */
function differing(plot, picture) {
  /** @type {Map<number, Record<string, any>>} */
  const changes = new Map();
  for (const [attribute, bySeries] of Object.entries(changesOf(picture, plot.ground))) {
    for (const [of, value] of Object.entries(bySeries)) {
      const [place, text] = [`${attribute} ${of}`, JSON.stringify(value)];
      if (plot.shows[place] === text) continue;
      plot.shows[place] = text;
      changes.set(Number(of), { ...changes.get(Number(of)), [attribute]: value });
    }
  }
  return changes;
}

/**
 * Draw what differs from what the plot shows.
 * @param {Plotly} Plotly
 * @param {Plot} plot
 * @param {Picture} picture
 */
async function drawPatch(Plotly, plot, picture) {
  if (plot.key === picture.key) return;
  const changes = differing(plot, picture);
  if (changes.size && retouched(plot.div, changes)) plot.isRetouched = true;
  else if (changes.size) await redraw(Plotly, plot, changes);
  plot.key = picture.key;
}

/**
 * Let plotly.js draw what changes.
 * @param {Plotly} Plotly
 * @param {Plot} plot
 * @param {ReturnType<typeof differing>} changes
 */
async function redraw(Plotly, plot, changes) {
  const { data } = plot.div;
  // A colour alone would be put on the texts that plotly.js has drawn itself, so let it read all of them again.
  if (plot.isRetouched) data.forEach(({ text }, of) => text && changes.set(of, { text, ...changes.get(of) }));
  plot.isRetouched = false;
  /** @type {Record<string, any[]>} */
  const update = {}; // a hole leaves its series as it is
  for (const [of, attributes] of changes) {
    for (const [attribute, value] of Object.entries(attributes)) (update[attribute] ??= new Array(data.length))[of] = value;
  }
  await Plotly.restyle(plot.div, update, data.map((_, i) => i));
}

/**
 * Keep three plots: the visible one, and those of the previous and the next step, drawn and laid out in idle time.
 * A step then only lets another one be seen. A picture without neighbours is alone in the page: the others may tell
 * what is asked for.
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
    if (seen && pictures.length === 1) return seen; // it has no neighbours: a number is in the hand
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
    if (plot !== seen) plot.div.remove(); // out of the page nothing has to be laid out time and again
    await drawGround(Plotly, plot, picture);
    await drawPatch(Plotly, plot, picture);
    return plot;
  }

  return {
    /** Show the first picture; the others are its neighbours. @param {Picture[]} pictures */
    async show(pictures) {
      const held = holder(pictures[0]);
      if (held && held === seen) return;
      const plot = held ?? (await painted(pictures[0], pictures));
      seen = plot;
      const kept = pictures.length > 1 ? plots : [plot];
      all(frame, ":scope > *").forEach((it) => kept.some(({ div }) => div === it) || it.remove());
      if (!frame.contains(plot.div)) frame.append(plot.div);
      plots.forEach((it) => turn(it.div, it === plot));
      shown();
    },
    /** Draw one neighbour; return whether there was one to draw. @param {Picture[]} pictures */
    async prepare(pictures) {
      const next = pictures.find((picture) => !holder(picture));
      if (next) await painted(next, pictures).then(({ div }) => frame.append(div));
      return Boolean(next);
    },
    close: () => plots.forEach(({ div }) => Plotly.purge(div)),
  };
}

/**
 * Let a plot that is in the page be seen, or not.
 * @param {PlotDiv} div
 * @param {boolean} isSeen
 */
function turn(div, isSeen) {
  div.classList.toggle("bppviz-picture", isSeen);
  div.classList.toggle("bppviz-prepared", !isSeen);
}

/** @param {Plot[]} plots */
function addTo(plots) {
  const div = /** @type {PlotDiv} */ (/** @type {HTMLElement} */ (document.createElement("div")));
  div.className = "bppviz-prepared";
  /** @type {Plot} */
  const plot = { div, ground: [], shows: {} };
  plots.push(plot);
  return plot;
}
