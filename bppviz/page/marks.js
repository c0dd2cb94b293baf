// The marks over the picture: on the chosen place, on the place under the mouse, and on the operands of a step.

import { all, put } from "./dom.js";

/** @import { Film, Frame } from "./types.js" */

const BAND = 10; // half the width of what marks an edge, in the picture's own units
const PULSE = 240; // milliseconds from one number that lights up to the next, or less where there are many
const MOST_ECHOED = 12; // characters of what is typed that are shown in the picture
const LONGEST = 1200; // milliseconds for all of them

/**
 * Return the shapes that mark a place and its twin: an edge as a band, the others as a ring.
 * @param {Film} film
 * @param {string} key
 */
function shapesAt({ marks, ring }, key) {
  /** @param {number[]} edge */
  const band = ([x, y, to, down]) => {
    const share = BAND / Math.hypot(to - x, down - y);
    const [a, b] = [(y - down) * share, (to - x) * share].map(Math.round); // from the middle to the rim
    const end = `A${BAND} ${BAND} 0 0 0`;
    return `<path d="M${x + a} ${y + b}L${to + a} ${down + b}${end} ${to - a} ${down - b}L${x - a} ${y - b}${end} ${x + a} ${y + b}Z"/>`;
  };
  /** @param {number[]} at */
  const circle = (at) => `<circle cx="${at[0]}" cy="${at[1]}" r="${ring}"/>`;
  return (marks[key] ?? []).map((at) => (at.length > 2 ? band(at) : circle(at))).join("");
}

/**
 * Mark the selected place and what is pointed at, a place or several, each with its twin in the reversed network.
 * @param {HTMLElement} svg
 * @param {Film} film
 * @param {string} selected
 * @param {string} pointed
 */
export function mark(svg, film, selected, pointed) {
  const { width, height } = film.size;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const others = pointed.split(" ").filter((key) => key && key !== selected);
  const pointedAt = others.length ? `<g class="bppviz-pointed">${others.map((key) => shapesAt(film, key)).join("")}</g>` : "";
  put(svg, shapesAt(film, selected) + pointedAt);
}

/**
 * Light up the operands of a step one after the other, then its result.
 * @param {HTMLElement} svg
 * @param {Film} film
 * @param {Frame} frame
 */
export function pulse(svg, film, { from, to }) {
  const pace = Math.min(PULSE, LONGEST / Math.max(1, from.length));
  const groups = [...from.map((key) => [key]), to].map((keys, i) => {
    const shapes = keys.map((key) => shapesAt(film, key)).join("");
    return `<g class="bppviz-pulse" style="animation-delay:${Math.round(i * pace)}ms">${shapes}</g>`;
  });
  endPulse(svg);
  svg.insertAdjacentHTML("beforeend", groups.join(""));
}

/**
 * Show a text in the place of every question mark of the picture.
 * @param {HTMLElement} svg
 * @param {HTMLElement} plot
 * @param {string} text
 */
export function echo(svg, plot, text) {
  svg.querySelectorAll(".bppviz-echo").forEach((it) => it.remove());
  if (!text) return;
  const over = svg.getBoundingClientRect();
  if (!over.width) return; // out of sight, nothing has a place
  const marks = all(plot, "text").filter((it) => it.textContent === "?");
  const scale = Number(svg.getAttribute("viewBox")?.split(" ")[2]) / over.width;
  for (const at of marks.map((it) => it.getBoundingClientRect())) {
    const x = (at.left + at.width / 2 - over.left) * scale;
    const y = (at.top + at.height / 2 - over.top) * scale;
    svg.insertAdjacentHTML("beforeend", `<g class="bppviz-echo"><rect/><text x="${x}" y="${y}"></text></g>`);
    const [rect, written] = /** @type {SVGGraphicsElement[]} */ ([.../** @type {Element} */ (svg.lastElementChild).children]);
    written.textContent = text.slice(0, MOST_ECHOED);
    const { width } = written.getBBox();
    const sides = { x: x - width / 2 - 6, y: y - 13, width: width + 12, height: 26, rx: 4 };
    for (const [name, value] of Object.entries(sides)) rect.setAttribute(name, String(value));
  }
}

/** @param {HTMLElement} svg */
export const endPulse = (svg) => svg.querySelectorAll(".bppviz-pulse").forEach((group) => group.remove());
