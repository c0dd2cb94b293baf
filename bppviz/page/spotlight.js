// The spotlight: it dims everything in the picture but what a step computes, and from what.

/** @import { Changes, Frame, Series, View } from "./types.js" */

const DIMMED = 0.22; // of a colour, the rest is the background

/**
 * Whether it is on; where the system chooses the colours it never is.
 * @param {View} view
 */
export const isSpotlit = ({ model }) =>
  model.get("spotlight") && !globalThis.matchMedia?.("(forced-colors: active)").matches;

/**
 * Return the passes that a step belongs to; where the network has its mirror, each has one half. σ′ stands in both.
 * @param {string[]} to
 */
function passesOf(to) {
  if (to.some((place) => /^dl_d[az]-/.test(place))) return ["backward"];
  return to.some((place) => place.startsWith("dsigma-")) ? ["forward", "backward"] : ["forward"];
}

/**
 * Return the places that a step lights up: all that it is about, and the σ between a neuron's z and a; and its passes.
 * What a whole pass computes is everything.
 * @param {Frame} frame
 */
export function litBy({ from, to }) {
  if (!from?.length || !to?.length) return new Set(["*"]);
  const between = to.filter((place) => place.startsWith("a-")).map((place) => place.replace("a", "dsigma"));
  return new Set([...from, ...to, ...between, ...passesOf(to)]);
}

/** @param {string} colour */
const parts = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

/**
 * Return a function that dims a colour, given as #rrggbb.
 * @param {string} background
 */
function dimmer(background) {
  const ground = parts(background);
  /** @type {(part: number, i: number) => string} */
  const mixed = (part, i) => Math.round(ground[i] + DIMMED * (part - ground[i])).toString(16).padStart(2, "0");
  return (/** @type {string} */ colour) => `#${parts(colour).map(mixed).join("")}`;
}

/**
 * Return which points of a series are lit; a text without a place is, if it is bold. Null: none is ever dimmed.
 * @param {Series} series
 * @param {string[]} text
 * @param {Set<string>} lit
 */
function litPoints({ meta, mode }, text, lit) {
  if (lit.has("*") || meta?.at === "*") return null;
  if (meta?.pass && !lit.has(meta.pass)) return meta.at.map(() => false);
  if (meta) return meta.at.map((places) => places.split(" ").some((place) => lit.has(place)));
  return mode === "text" ? text.map((it) => it.includes("<b>")) : [false];
}

/**
 * Return the colours that a series has: a line, a text, or markers that have places; bars and what is not seen stay.
 * @param {Series} series
 * @returns {Record<string, any>}
 */
function coloursOf({ mode, line, textfont, marker, meta, fillcolor }) {
  if (mode === "lines") return { "line.color": line?.color, fillcolor };
  if (mode === "text") return { "textfont.color": textfont?.color };
  return meta ? { "marker.color": marker?.color, "marker.line.color": marker?.line?.color } : {};
}

/**
 * Return the colours of all series as they are in the spotlight.
 * @param {Series[]} ground - the series as they are before any step
 * @param {Changes} changes - what a step sets of them
 * @param {Set<string>} lit
 * @param {string} background
 */
export function spotlit(ground, changes, lit, background) {
  const dim = dimmer(background);
  /** @type {Changes} */
  const found = {};
  ground.forEach((series, of) => {
    const points = litPoints(series, changes.text?.[of] ?? series.text, lit);
    for (const [attribute, own] of Object.entries(coloursOf(series))) {
      const colours = changes[attribute]?.[of] ?? own;
      if (!colours) continue;
      const inSpot = points?.map((isLit, i) => {
        const colour = Array.isArray(colours) ? colours[i] : colours;
        return isLit ? colour : dim(colour);
      });
      found[attribute] ??= { ...changes[attribute] };
      found[attribute][of] = series.mode === "lines" && inSpot ? inSpot[0] : (inSpot ?? colours);
    }
  });
  return found;
}
