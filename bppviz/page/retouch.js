// Other numbers in a picture that plotly.js has drawn, without drawing it anew: it would draw all series whatever has
// changed (https://github.com/plotly/plotly.js/issues/5674), which takes most of the time of a picture while a number is
// dragged. What stands there is written over where it is what plotly.js makes of the old numbers; else nothing is done.

/** @import { PlotDiv, Series } from "./types.js" */
/** @typedef {Partial<Pick<Series, "x" | "y" | "text" | "hovertext">>} Numbers - of a series, those that are other */
/** @typedef {() => void} Touch */

const RETOUCHED = ["x", "y", "text", "hovertext"];
const MARKUP = /(<[^>]*>)/;
const JOINTS = ["", "\u200b"]; // what plotly.js puts between parts of a text
const NOWHERE = "M0,0Z"; // the path that it gives to what goes round nothing

/** @param {string} text */
const markupOf = (text) => text.split(MARKUP).filter((_, i) => i % 2).join("");
/** @param {string} text */
const wordsOf = (text) => text.split(MARKUP).filter((it, i) => it && !(i % 2));

/**
 * Return the texts of an element, without what only joins them.
 * @param {Element} element
 */
function writtenIn(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) found.push(/** @type {Text} */ (walker.currentNode));
  return found.filter(({ data }) => !JOINTS.includes(data));
}

/**
 * Return what writes another text into the place of one, with the same tags in it.
 * @param {Element} element
 * @param {string} before
 * @param {string} now
 * @returns {Touch | null}
 */
function rewriting(element, before, now) {
  const nodes = writtenIn(element);
  const [had, has] = [wordsOf(before), wordsOf(now)];
  const isKnown = nodes.length === had.length && nodes.every(({ data }, i) => data === had[i]);
  if (!isKnown || has.length !== had.length || markupOf(before) !== markupOf(now) || now.includes("&")) return null;
  return () => {
    nodes.forEach((node, i) => has[i] !== had[i] && (node.data = has[i]));
    element.setAttribute("data-unformatted", now); // as plotly.js keeps it
  };
}

/**
 * Return what gives attributes other values, where they have those before.
 * @param {Element} element
 * @param {Record<string, [before: unknown, now: unknown]>} values
 * @returns {Touch | null}
 */
function setting(element, values) {
  const all = Object.entries(values);
  if (all.some(([name, [before]]) => element.getAttribute(name) !== String(before))) return null;
  return () => all.forEach(([name, [before, now]]) => before !== now && element.setAttribute(name, String(now)));
}

/**
 * Return what writes the texts of a series.
 * @param {Element} group
 * @param {Series} before
 * @param {Series} now
 * @returns {(Touch | null)[]}
 */
function textsOf(group, before, now) {
  const elements = [...group.querySelectorAll(".textpoint > text")];
  const [had, has] = [before.text ?? [], now.text ?? []];
  if (elements.length !== had.length || has.length !== had.length) return [null];
  return elements.flatMap((element, i) => {
    const isWritten = had[i] === has[i];
    const stays = before.x[i] === now.x[i] && before.y[i] === now.y[i];
    const moves = stays ? [] : [setting(element, { x: [before.x[i], now.x[i]], y: [before.y[i], now.y[i]] })];
    return isWritten ? moves : [...moves, rewriting(element, had[i], has[i])];
  });
}

/**
 * Return the paths of a broken line, one for each piece.
 * @param {Series} series
 */
function pathsOf({ x, y }) {
  /** @type {string[][]} */
  const pieces = [[]];
  x.forEach((it, i) => (it === null ? pieces.push([]) : pieces[pieces.length - 1].push(`${it},${y[i]}`)));
  return pieces.filter((it) => it.length > 1).map((it) => `M${it.join("L")}`);
}

/**
 * Return what draws the lines of a series, and fills what they go round.
 * @param {Element} group
 * @param {Series} before
 * @param {Series} now
 * @returns {(Touch | null)[]}
 */
function linesOf(group, before, now) {
  const [had, has] = [pathsOf(before), pathsOf(now)];
  const [lines, fills] = ["line", "fill"].map((name) => [...group.querySelectorAll(`.js-${name}`)]);
  if (!had.length || lines.length !== had.length) return [null];
  /** @param {string[]} paths */
  const closed = (paths) => paths.map((it) => `${it}Z`).join("") || NOWHERE;
  const both = Math.min(had.length, has.length);
  return [
    ...had.map((path, i) => setting(lines[i], { d: [path, has[i] ?? path] })),
    () => lines.slice(both).forEach((line) => line.remove()),
    () => has.slice(both).reverse().forEach((path) => another(/** @type {Element} */ (lines.at(-1)), path)),
    ...fills.map((fill) => setting(fill, { d: [closed(had), closed(has)] })),
  ];
}

/**
 * Put another line after one, with a path of its own.
 * @param {Element} line
 * @param {string} path
 */
function another(line, path) {
  const made = /** @type {Element} */ (line.cloneNode());
  made.setAttribute("d", path);
  line.after(made);
}

/**
 * Return what puts other numbers into a series.
 * @param {Element} group
 * @param {Series} series
 * @param {Numbers} numbers
 * @returns {(Touch | null)[]}
 */
function touchesOf(group, series, numbers) {
  const now = { ...series, ...numbers };
  const isSeen = Object.keys(numbers).some((it) => it !== "hovertext"); // which grip.js shows
  if (!isSeen) return [];
  if (series.mode === "text") return textsOf(group, series, now);
  return series.mode === "lines" ? linesOf(group, series, now) : [null];
}

/**
 * Put other numbers into a picture; returns whether that could be done.
 * @param {PlotDiv} div
 * @param {Map<number, Record<string, any>>} changes - by series, its attributes that change
 */
export function retouched(div, changes) {
  const groups = div.querySelectorAll(".scatterlayer > .trace");
  if (groups.length !== div.data.length) return false;
  if ([...changes.values()].some((it) => Object.keys(it).some((name) => !RETOUCHED.includes(name)))) return false;
  const touches = [...changes].flatMap(([of, numbers]) => touchesOf(groups[of], div.data[of], numbers));
  if (touches.includes(null)) return false;
  touches.forEach((touch) => touch?.());
  changes.forEach((numbers, of) => Object.assign(div.data[of], numbers));
  return true;
}
