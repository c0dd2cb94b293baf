// What is marked over the picture: what is chosen, what is pointed at, and how a step comes about.

import { put } from "./plotly.js";

const BAND = 10; // half the width of what marks an edge, in the picture's own units
const PULSE = 240; // milliseconds from one number that lights up to the next, or less where there are many
const LONGEST = 1200; // milliseconds for all of them

// A weight, input or target as a ring or band over the picture, and its twin.
function shapesAt({ marks, ring }, key) {
  const band = ([x, y, to, down]) => {
    const share = BAND / Math.hypot(to - x, down - y);
    const [a, b] = [(y - down) * share, (to - x) * share].map(Math.round); // from the middle to the rim
    const end = `A${BAND} ${BAND} 0 0 0`;
    return `<path d="M${x + a} ${y + b}L${to + a} ${down + b}${end} ${to - a} ${down - b}L${x - a} ${y - b}${end} ${x + a} ${y + b}Z"/>`;
  };
  const circle = (at) => `<circle cx="${at[0]}" cy="${at[1]}" r="${ring}"/>`;
  return (marks[key] ?? []).map((at) => (at.length > 2 ? band(at) : circle(at))).join("");
}

// The chosen weight, input or target, and what the mouse is on, marked over the picture with their twins: an edge as a
// band, the others as a ring.
export function mark(svg, reel, selected, pointed) {
  const { width, height } = reel.size;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const pointedAt = pointed && pointed !== selected ? `<g class="bppviz-pointed">${shapesAt(reel, pointed)}</g>` : "";
  put(svg, shapesAt(reel, selected) + pointedAt);
}

// Light up, one after the other, the places that a step is computed from, and last its result.
export function pulse(svg, reel, { from, to }) {
  const pace = Math.min(PULSE, LONGEST / Math.max(1, from.length));
  const groups = [...from.map((key) => [key]), to].map((keys, i) => {
    const shapes = keys.map((key) => shapesAt(reel, key)).join("");
    return `<g class="bppviz-pulse" style="animation-delay:${Math.round(i * pace)}ms">${shapes}</g>`;
  });
  svg.querySelectorAll(".bppviz-pulse").forEach((group) => group.remove());
  svg.insertAdjacentHTML("beforeend", groups.join(""));
}
