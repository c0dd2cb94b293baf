// The picture in its place: as large as there is room, and where it is wider than that, the part around the step,
// below a map of the whole.

import { find, put, vary } from "./dom.js";

/** @import { Film, Frame } from "./types.js" */
/** @typedef {[start: number, end: number]} Span - from left to right, in the picture's own units */

const MARGIN = 64; // units that are kept in sight at both sides of what a step is about
const [HEIGHT, RIM, DOT] = [26, 3, 4]; // of the map: its height, the least space above a dot, and its radius, in pixels
const NEURON = /^(?:[xzat]|loss)-/;

/**
 * Return the place that some numbers take.
 * @param {Film} film
 * @param {string[]} keys
 * @returns {Span | null}
 */
function spanOf({ marks, size }, keys) {
  const outlines = keys.flatMap((key) => marks[key] ?? []);
  const xs = outlines.flatMap(([x, , end = x]) => [x, end]);
  return xs.length ? [Math.max(0, Math.min(...xs) - MARGIN), Math.min(size.width, Math.max(...xs) + MARGIN)] : null;
}

/**
 * Return what has to be in sight at a step: operands and result, or the result and as much beside it as there is room;
 * where inputs take part, their names too, which stand at the left end.
 * @param {Film} film
 * @param {Frame} frame
 * @param {number} width - of what can be in sight
 * @returns {Span | null}
 */
function litAt(film, { from, to }, width) {
  const [result, all] = [spanOf(film, to), spanOf(film, [...from, ...to])];
  if (all && all[1] <= width && [...from, ...to].some((key) => key.startsWith("x-"))) return [0, all[1]];
  if (!result || !all || all[1] - all[0] <= width) return all;
  const comesLast = result[0] + result[1] > all[0] + all[1];
  return comesLast ? [result[1] - width, result[1]] : [result[0], result[0] + width];
}

/**
 * Return the map: a dot for each neuron, the operands dark, and the result in its colour.
 * @param {Film} film
 * @param {Frame} frame
 * @param {number} width - in pixels
 */
function drawn({ marks, size }, { from, to, phase }, width) {
  /** @param {string[]} keys */
  const at = (keys) => keys.flatMap((key) => marks[key] ?? []);
  const neurons = at(Object.keys(marks).filter((key) => NEURON.test(key)));
  const rows = [...new Set(neurons.map(([, y]) => y))];
  const [top, bottom] = [Math.min(...rows), Math.max(...rows)];
  const radius = Math.max(1.5, Math.min(DOT, (HEIGHT - 2 * RIM) / (2.4 * rows.length)));
  /** @param {number} x @param {number} y */
  const point = (x, y) => {
    const share = top === bottom ? 0.5 : Math.max(0, Math.min(1, (y - top) / (bottom - top)));
    return [(x * width) / size.width, RIM + radius + share * (HEIGHT - 2 * (RIM + radius))].map((it) => Math.round(10 * it) / 10);
  };
  /** @param {number[]} outline */
  const shape = ([x, y, ...end]) => {
    const [cx, cy] = point(x, y);
    if (!end.length) return `<circle cx="${cx}" cy="${cy}" r="${radius}"/>`;
    return `<path d="M${cx} ${cy}L${point(end[0], end[1]).join(" ")}"/>`;
  };
  /** @param {number[][]} outlines @param {string} name */
  const group = (outlines, name) => `<g class="bppviz-${name}">${[...new Set(outlines.map(shape))].join("")}</g>`;
  const used = at(from.filter((key) => NEURON.test(key.replace("dl_d", ""))));
  const way = phase === "forward" || phase === "loss" ? "forward" : "backward";
  const window = `<rect class="bppviz-window" y="1" height="${HEIGHT - 2}" rx="4"/>`;
  return group(neurons, "neurons") + group(used, "used") + group(at(to), `found bppviz-is-${way}`) + window;
}

/**
 * @param {HTMLElement} stage
 * @param {ReturnType<typeof import("./dom.js").hearing>} hear
 */
export function sightOf(stage, hear) {
  const [frame, scroll, map] = ["frame", "scroll", "map"].map((name) => find(stage, name));
  let scale = 1;
  const isCut = () => scroll.scrollWidth > scroll.clientWidth + 1;

  /** Let the picture fade where it goes on: at its edge a number could have lost its sign. */
  function fade() {
    const { scrollLeft, clientWidth, scrollWidth } = scroll;
    scroll.classList.toggle("bppviz-goes-on-left", scrollLeft > 1);
    scroll.classList.toggle("bppviz-goes-on-right", scrollLeft + clientWidth < scrollWidth - 1);
  }

  /** Show which part is in sight: in the map, and at its edges. */
  function frameMap() {
    fade();
    const window = map.querySelector(".bppviz-window");
    const share = map.clientWidth / scroll.scrollWidth;
    window?.setAttribute("x", String(scroll.scrollLeft * share + 1));
    window?.setAttribute("width", String(Math.max(0, scroll.clientWidth * share - 2)));
  }

  /** @param {PointerEvent} event */
  function onMap(event) {
    if (!event.buttons || !isCut()) return;
    const { left, width } = map.getBoundingClientRect();
    scroll.scrollLeft = ((event.clientX - left) / width) * scroll.scrollWidth - scroll.clientWidth / 2;
    if (event.type === "pointerdown") map.setPointerCapture(event.pointerId);
  }

  hear(scroll, ["scroll"], frameMap);
  hear(map, ["pointerdown", "pointermove"], onMap);
  return {
    /** Lay out the place of a picture, which may still be to come. @param {Film} film @param {number} by */
    fit({ size: { width, height } }, by) {
      scale = by;
      vary(stage, "--bppviz-scale", String(by));
      vary(frame, "--bppviz-width", `${width}px`);
      vary(frame, "--bppviz-aspect", `${width} / ${height}`);
      frame.style.width = `${width * by}px`;
      frame.style.height = `${height * by}px`;
      stage.classList.toggle("bppviz-is-cut", isCut());
      fade();
    },
    /** Bring into sight what a step is about, unless it is; without motion. @param {Film} film @param {Frame} step */
    show(film, step) {
      if (!isCut()) return;
      const [width, left] = [scroll.clientWidth / scale, scroll.scrollLeft / scale];
      const lit = litAt(film, step, width);
      const isSeen = !lit || (lit[0] >= left - 1 && lit[1] <= left + width + 1);
      if (lit && !isSeen) scroll.scrollLeft = scale * ((lit[0] + lit[1] - width) / 2);
      put(map, drawn(film, step, map.clientWidth));
      frameMap();
    },
  };
}
