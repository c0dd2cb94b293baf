// plotly.js and the fonts, which come from Python, and the data for it.

import { post } from "./dom.js";
import { imported, unpacked } from "./unpack.js";

/** @import { Model } from "./types.js" */

export const PLOT = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };
export const PATIENCE = 8000; // milliseconds until a view says what it is waiting for
/** The fonts, in the order in which they are sent. @type {[string, FontFaceDescriptors?][]} */
const FACES = [["bppviz math"], ["bppviz text"], ["bppviz text", { weight: "bold" }]];

/**
 * Returns plotly.js, once for each page. The first stage asks its kernel for it; the others wait for its answer, and
 * ask their own when that is long in coming, for its kernel may be gone.
 * @param {Model<any>} model
 */
export async function plotly(model) {
  const first = !globalThis.bppvizPlotly;
  const shared = (globalThis.bppvizPlotly ??= promised());
  /**
   * @param {{ kind: string }} message
   * @param {DataView<ArrayBuffer>[]} buffers
   */
  const receive = (message, buffers) => {
    if (message?.kind === "plotly") unpackedPlotly(buffers).then(shared.resolve, shared.reject);
  };
  model.on("msg:custom", receive);
  const asking = setTimeout(() => post(model, { kind: "plotly" }), first ? 0 : PATIENCE);
  try {
    return await shared;
  } catch (error) {
    delete globalThis.bppvizPlotly; // the next stage may ask again
    throw error;
  } finally {
    clearTimeout(asking);
    model.off("msg:custom", receive);
  }
}

/** @returns {NonNullable<typeof globalThis.bppvizPlotly>} */
function promised() {
  const settle = /** @type {any} */ ({});
  const promise = new Promise((resolve, reject) => Object.assign(settle, { resolve, reject }));
  return Object.assign(promise, settle);
}

/** @param {DataView<ArrayBuffer>[]} buffers */
async function unpackedPlotly(buffers) {
  const [script, ...fonts] = buffers.map((it) => new Uint8Array(it.buffer, it.byteOffset, it.byteLength));
  const faces = FACES.map(([family, descriptors], i) => new FontFace(family, fonts[i], descriptors).load());
  (await Promise.all(faces)).forEach((face) => document.fonts.add(face));
  return asModule(await unpacked(script));
}

/**
 * Import a script as a module: the page may have a global `define` or `module`, which plotly.js would use
 * (https://github.com/plotly/plotly.js/issues/90).
 * @param {string} source
 */
async function asModule(source) {
  const own = "const module = { exports: {} }, exports = module.exports, define = undefined;";
  return (await imported(`${own}\n${source}\nexport default module.exports;`)).default;
}

/**
 * Parse JSON from Python, with the colours of a palette in place of their names.
 * @param {string} text
 * @param {Record<string, string>} palette
 */
export function jsonPainted(text, palette) {
  /** @type {(key: string, value: any) => any} */
  const painted = (_, value) => (typeof value === "string" && Object.hasOwn(palette, value) ? palette[value] : value);
  return JSON.parse(text, painted);
}
