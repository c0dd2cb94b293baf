// The numbers in a painted picture: what stands where, which of them are given, and how a hand moves one.

import { plain } from "./dom.js";

/** @import { PlotDiv, Shown } from "./types.js" */

const FINEST = -2; // the power of ten by which a number below 1 changes; a larger one changes in its second digit
const NEARBY = 14; // units of the picture from a place to the number there, which a circle has below its middle
const [HALF_HIGH, CLOSE_BY] = [11, 4]; // half the height of a text, and how far beside it it still answers, in units
const NUMBER = /=.*\d|^[^\p{L}]*\d[^\p{L}]*$/u; // a text that is a number, alone or with its name before it
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A given number can be changed; what was computed has the steps that did. @param {Shown | null} [shown] */
export const isGiven = (shown) => Boolean(shown?.point[0]) && shown?.point.length === 2;

/**
 * Return everything in a picture that answers the mouse: circles, places, and every text that tells a number, of which
 * is said what its place says, and so of a closed list what its neuron says. Nothing where plotly.js has let go of it.
 * @param {PlotDiv} div
 * @returns {Shown[]}
 */
function answersOf(div) {
  const groups = div.querySelectorAll(".scatterlayer > .trace");
  const answers = (div.data ?? []).flatMap(({ customdata = [], x, y, text, marker, hovertext }, of) => {
    if (!customdata.length) return [];
    const { size } = marker ?? {};
    /** @type {NodeListOf<SVGTextElement>} */
    const texts = groups[of].querySelectorAll(".textpoint > text");
    return customdata.flatMap((point, i) => {
      const [right, down] = [x[i], y[i]];
      if (right === null || down === null || (text && !text[i]?.trim())) return [];
      const shown = { point, y: down, said: hovertext?.[i] ?? "" };
      if (!text) return [{ ...shown, x: right, half: 0, radius: (Array.isArray(size) ? size[i] : size) / 2 }];
      const box = texts[i].getBBox();
      return [{ ...shown, x: box.x + box.width / 2, half: box.width / 2, radius: HALF_HIGH }];
    });
  });
  const said = new Map(answers.filter((it) => it.said).map((it) => [it.point[1], it.said]));
  return answers.map((it) => ({ ...it, said: it.said || (said.get(it.point[1]) ?? "") }));
}

/**
 * Return how far a point is from something that answers: from its rim, and not at all from a text in or beside whose
 * box it is; elsewhere a text does not answer.
 * @param {Shown} shown
 * @param {number} x
 * @param {number} y
 */
function awayFrom(shown, x, y) {
  const { half, radius } = shown;
  const isAt = Math.abs(x - shown.x) <= half + CLOSE_BY && Math.abs(y - shown.y) <= radius;
  if (half) return isAt ? 0 : Infinity;
  return Math.max(Math.hypot(shown.x - x, shown.y - y) - radius, 1 - 3 / radius);
}

/**
 * Return what stands nearest to a point of the page, as plotly.js finds it: by its rim, and not too far away.
 * @param {PlotDiv} div
 * @param {{ clientX: number, clientY: number }} event
 */
export function nearest(div, { clientX, clientY }) {
  const { left, top, width } = div.getBoundingClientRect();
  const scale = width / div.layout.width;
  const [x, y] = [(clientX - left) / scale, (clientY - top) / scale];
  let least = div.layout.hoverdistance;
  /** @type {Shown | null} */
  let found = null;
  for (const it of answersOf(div)) {
    const away = awayFrom(it, x, y);
    if (away <= least) [least, found] = [away, it];
  }
  return found;
}

/**
 * Return where a given number stands in a picture: of several such places the one next to where it stood before.
 * @param {PlotDiv} div
 * @param {string} place
 * @param {{ x: number, y: number }} [before]
 */
export function givenAt(div, place, before = { x: 0, y: 0 }) {
  /** @param {Shown} it */
  const away = (it) => Math.hypot(it.x - before.x, it.y - before.y);
  const answers = answersOf(div).filter((it) => isGiven(it) && it.point[1] === place);
  return answers.sort((one, other) => away(one) - away(other))[0] ?? null;
}

/**
 * Return the text that is drawn of a given number, with its middle and width in the picture's units.
 * @param {PlotDiv} div
 * @param {Shown} shown
 */
export function drawnAt(div, { x, y }) {
  const { left, top, width } = div.getBoundingClientRect();
  const scale = width / div.layout.width;
  let least = NEARBY;
  let found = null;
  for (const text of div.querySelectorAll("text")) {
    const said = (text.textContent ?? "").normalize("NFKC").replaceAll("\u200b", ""); // plotly's, beside an index
    if (!NUMBER.test(said)) continue;
    const at = text.getBoundingClientRect();
    const [wide, high] = [at.width / scale, at.height / scale];
    const [middle, down] = [(at.left - left) / scale + wide / 2, (at.top - top) / scale + high / 2];
    const away = Math.hypot(Math.max(0, Math.abs(middle - x) - wide / 2), Math.max(0, Math.abs(down - y) - high / 2));
    if (away < least) [least, found] = [away, { text: said, x: middle, y: down, wide }];
  }
  return found;
}

/**
 * Return symbol and number of what is told of a place: "w₅ = 3".
 * @param {Shown} shown
 */
export function readingOf({ said }) {
  const line = plain(said.split("<br>")[0]);
  const at = line.lastIndexOf(" = ");
  return { symbol: line.slice(0, at), number: line.slice(at + 3) };
}

/**
 * Return the value of a number as the package writes it: −1.2×10⁻⁷.
 * @param {string} number
 */
export function valueOf(number) {
  const [digits, power = ""] = number.replace("−", "-").split("×10");
  const exponent = [...power].map((it) => (it === "⁻" ? "-" : RAISED.indexOf(it))).join("");
  return Number(`${digits}e${exponent || 0}`);
}

/** Return a power of ten as it stands above the line. @param {number} power */
export const digitsRaised = (power) => [...String(power)].map((it) => (it === "-" ? "⁻" : RAISED[Number(it)])).join("");

/** @param {number} value */
export const textOf = (value) => String(value).replace("-", "−");

/**
 * Return the number that a hand has made of another by going so many pixels to the right.
 * @param {number} value
 * @param {number} pixels
 * @param {number} share - of the usual step at each pixel
 */
export function scrubbed(value, pixels, share) {
  const by = Math.sign(pixels);
  for (let left = Math.abs(pixels); left > 0; left -= 1) {
    const size = Math.abs(value) * (1 + 1e-9 * by * Math.sign(value)); // from 1 inwards go hundredths, outwards tenths
    const power = size < 1 ? FINEST : Math.floor(Math.log10(size)) - 1;
    value = onGrid(value + by * share * 10 ** power, share < 1 ? power - 1 : power);
  }
  return value;
}

/**
 * Return the nearest multiple of a power of ten, as exactly as a number can be.
 * @param {number} value
 * @param {number} power
 */
function onGrid(value, power) {
  return power < 0 ? Math.round(value * 10 ** -power) / 10 ** -power : Math.round(value / 10 ** power) * 10 ** power;
}
