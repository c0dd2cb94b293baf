// The stops of a walk in words and in groups, by phase and layer.

import { fill } from "./dom.js";

/** @import { At, Frame, Words } from "./types.js" */
/** @typedef {{ phase: string, layer: number, start: number, stop: number }} Group */

const MOST = 12; // stops of a phase that stand together; of a longer one each layer is a group

/**
 * Return the walk in pieces that have the same key.
 * @param {Frame[]} walk
 * @param {Group} within
 * @param {(frame: Frame) => unknown} key
 * @returns {Group[]}
 */
function pieces(walk, { start, stop }, key) {
  /** @type {Group[]} */
  const found = [];
  for (let place = start; place < stop; place += 1) {
    const last = found.at(-1);
    if (last && key(walk[last.start]) === key(walk[place])) last.stop = place + 1;
    else found.push({ phase: walk[place].phase, layer: 0, start: place, stop: place + 1 });
  }
  return found;
}

/**
 * Return the groups of a walk: each phase, and of a long one each layer.
 * @param {Frame[]} walk
 */
export function groupsOf(walk) {
  const all = { phase: "", layer: 0, start: 0, stop: walk.length };
  return pieces(walk, all, ({ phase }) => phase).flatMap((phase) => {
    if (phase.stop - phase.start <= MOST) return [phase];
    return pieces(walk, phase, ({ layer }) => layer).map((it) => ({ ...it, layer: walk[it.start].layer }));
  });
}

/**
 * Return what a stop is called; of a sum that is being added up, with how many of its terms there are.
 * @param {Frame[]} walk
 * @param {number} place
 */
function nameOf(walk, place) {
  const { name, whole } = walk[place];
  if (whole) return name;
  let [first, last] = [place, place];
  while (walk[first - 1] && !walk[first - 1].whole) first -= 1;
  while (!walk[last].whole) last += 1;
  return `${name} · ${place - first + 1} / ${last - first + 1}`;
}

/**
 * Return in words where one stands in a walk: 28 of 49, Backward, ∂l/∂z₃.
 * @param {Words} words
 * @param {At} at
 */
export function standing(words, { walk, place }) {
  const count = fill(words["outline.place"], { place: place + 1, steps: walk.length });
  return [count, words[`phase.${walk[place].phase}`], nameOf(walk, place)].filter(Boolean).join(words["list.comma"]);
}

/**
 * Return the items: every group, and the stops of the open one; a group of one stop is that stop.
 * @param {Frame[]} walk
 * @param {Group[]} groups
 * @param {number} opened
 * @param {Words} words
 */
export function markup(walk, groups, opened, words) {
  const outputs = Math.max(...walk.map(({ layer }) => layer));
  const items = groups.map(({ phase, layer, start, stop }, i) => {
    const ofLayer = layer === outputs ? words["picture.output"] : fill(words["picture.layer"], { layer });
    const name = `<b>${words[`phase.${phase}`]}${layer ? ` · ${ofLayer}` : ""}</b>`;
    const place = itemOf(1, groups.length, i, phase);
    if (stop - start === 1) return `${place} data-place="${start}">${name} <i></i> <span>${stop}</span></div>`;
    const head = `${place} aria-expanded="${i === opened}" data-group="${i}">${name} <span>${start + 1}–${stop}</span></div>`;
    return head + (i === opened ? rows(walk, start, stop) : "");
  });
  return items.join("");
}

/**
 * @param {Frame[]} walk
 * @param {number} start
 * @param {number} stop
 */
function rows(walk, start, stop) {
  const items = walk.slice(start, stop).map(({ phase }, i) => {
    const item = itemOf(2, stop - start, i, phase);
    return `${item} data-place="${start + i}"><span>${start + i + 1}</span> <b>${nameOf(walk, start + i)}</b> <i></i></div>`;
  });
  return items.join("");
}

/**
 * Return the beginning of an item's tag: its level, its place among so many, and its phase.
 * @param {number} level
 * @param {number} size
 * @param {number} at
 * @param {string} phase
 */
const itemOf = (level, size, at, phase) =>
  `<div role="treeitem" tabindex="-1" aria-level="${level}" aria-setsize="${size}" aria-posinset="${at + 1}" data-phase="${phase}"`;
