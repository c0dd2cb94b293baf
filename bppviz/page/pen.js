// Writes a step into a picture that plotly.js has drawn. It would itself draw all series anew, whatever has changed
// (https://github.com/plotly/plotly.js/issues/5674), which takes most of the time of a step, and of a drag. A picture
// has three kinds of series: broken lines, markers, and texts; and where they stand is told in pixels of the picture.

import { all } from "./dom.js";
import { inscribe } from "./inscribe.js";
import { outlineOf } from "./symbols.js";

/** @import { PlotDiv, Series } from "./types.js" */
/** @typedef {Record<string, any>} Values - by attribute, such as "marker.color" */
/** @typedef {(group: Element, was: Series, now: Series, names: string[]) => void} Drawing - `names` says what changes */

const UNSEEN = ["customdata", "hovertext"]; // which grip.js hears and shows
const LAID = ["x", "y", "text"]; // of a text, each line has its place
const NOWHERE = "M0,0Z"; // the outline of what goes round nothing, as plotly.js has it

/** Return the value for one point: that of a list, or the one for all. @param {any} values @param {number} i */
const at = (values, i) => (Array.isArray(values) ? values[i] : values);

/** Whether two values are the same, or lists of the same. @param {any} one @param {any} other */
const isAlike = (one, other) =>
  one === other || (Array.isArray(one) && one.length === other?.length && one.every((it, i) => it === other[i]));

/**
 * Return the value of an attribute, such as "marker.color".
 * @param {Series} series
 * @param {string} name
 */
const attribute = (series, name) => name.split(".").reduce((part, key) => part?.[key], /** @type {any} */ (series));

/**
 * Return a series with other values.
 * @param {Series} series
 * @param {Values} values
 */
function changed(series, values) {
  const made = { ...series };
  for (const [name, value] of Object.entries(values)) {
    const [first, ...rest] = name.split(".");
    const put = rest.length ? changed(/** @type {any} */ (made)[first] ?? {}, { [rest.join(".")]: value }) : value;
    Object.assign(made, { [first]: put });
  }
  return made;
}

/**
 * Return what tells whether any of some attributes has another value at a point.
 * @param {Series} was
 * @param {Series} now
 * @param {string[]} names
 */
const differing = (was, now, names) => {
  const pairs = names.map((name) => [attribute(was, name), attribute(now, name)]);
  return (/** @type {number} */ i) => pairs.some(([before, after]) => at(before, i) !== at(after, i));
};

/**
 * Return so many paths of a group: those that it has, others that are made, and without those that are too many.
 * @param {Element} group
 * @param {string} name
 * @param {number} count
 */
function pathsIn(group, name, count) {
  const found = all(group, `.${name}`);
  found.splice(count).forEach((it) => it.remove());
  while (found.length < count) {
    const path = /** @type {any} */ (document.createElementNS(group.namespaceURI, "path"));
    path.setAttribute("class", name);
    group.append(path);
    found.push(path);
  }
  return found;
}

/**
 * @param {ElementCSSInlineStyle} element
 * @param {Record<string, string | number>} styles
 */
const styled = ({ style }, styles) =>
  Object.entries(styles).forEach(([name, value]) => style.setProperty(name, String(value)));

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

/** Draw a broken line, and fill what it goes round. @type {Drawing} */
function drawLines(group, _, now) {
  const paths = pathsOf(now);
  const { color, width, dash } = /** @type {Record<string, any>} */ (now.line);
  const dashes = !dash || dash === "solid" ? "none" : dash;
  const styles = { fill: "none", stroke: color, "stroke-width": `${width}px`, "stroke-dasharray": dashes };
  pathsIn(/** @type {Element} */ (group.querySelector(".lines")), "js-line", paths.length).forEach((line, i) => {
    line.setAttribute("d", paths[i]);
    styled(line, styles);
  });
  for (const fill of all(group, ".js-fill")) {
    fill.setAttribute("d", paths.map((it) => `${it}Z`).join("") || NOWHERE);
    styled(fill, { fill: now.fillcolor ?? "none" });
  }
}

/** Return which points of a series stand somewhere. @param {Series} series */
const placed = ({ x, y }) => x.flatMap((it, i) => (it === null || y[i] === null ? [] : [i]));

/** @type {Drawing} */
function drawMarkers(group, was, now, names) {
  const [had, has] = [placed(was), placed(now)];
  const differs = differing(was, now, names);
  const marker = /** @type {Record<string, any>} */ (now.marker);
  pathsIn(/** @type {Element} */ (group.querySelector(".points")), "point", has.length).forEach((path, k) => {
    const i = has[k];
    if (i === had[k] && !differs(i)) return;
    const [color, width] = [at(marker.line?.color, i), at(marker.line?.width ?? 0, i)];
    path.setAttribute("transform", `translate(${now.x[i]},${now.y[i]})`);
    path.setAttribute("d", outlineOf(at(marker.symbol, i), at(marker.size, i), at(marker.angle, i)));
    const line = { stroke: width ? color : "none", "stroke-width": `${width}px` };
    styled(path, { fill: at(marker.color, i), opacity: at(marker.opacity, i), ...line });
  });
}

/** @type {Drawing} */
function drawTexts(group, was, now, names) {
  const [differs, rewritten] = [names, names.filter((it) => LAID.includes(it))].map((it) => differing(was, now, it));
  const { color, size } = /** @type {Record<string, any>} */ (now.textfont);
  all(group, ".textpoint > text").forEach((element, i) => {
    if (!differs(i)) return;
    element.setAttribute("x", String(now.x[i]));
    element.setAttribute("y", String(now.y[i]));
    styled(element, { fill: at(color, i) });
    if (rewritten(i)) inscribe(element, now.text?.[i] ?? "", size);
  });
}

/** @type {Record<string, Drawing>} */
const DRAWINGS = { lines: drawLines, markers: drawMarkers, text: drawTexts };

/**
 * Write values into a picture, those that it does not have.
 * @param {PlotDiv} div
 * @param {Map<number, Values>} values - by series
 */
export function writeInto(div, values) {
  const groups = div.querySelectorAll(".scatterlayer > .trace");
  for (const [of, wanted] of values) {
    const was = div.data[of];
    const others = Object.entries(wanted).filter(([name, value]) => !isAlike(attribute(was, name), value));
    const names = others.map(([name]) => name).filter((name) => !UNSEEN.includes(name));
    div.data[of] = changed(was, Object.fromEntries(others));
    if (names.length) DRAWINGS[was.mode](groups[of], was, div.data[of], names);
  }
}
