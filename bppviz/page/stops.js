// The stops of a walk in words and in groups, by phase and layer.

import { fill } from "./dom.js";

/** @import { At, Frame, Words } from "./types.js" */
/** @typedef {{ phase: string, layer?: number, unit?: number, start: number, stop: number }} Group */

const OF_PHASE = 12; // stops of a phase that stand together at most; of a longer one each layer is a group
const OF_LAYER = 400; // stops of a layer that do, and are quickly shown; of a larger one each neuron is a group

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
    else found.push({ phase: walk[place].phase, start: place, stop: place + 1 });
  }
  return found;
}

/**
 * Return the groups of a walk: each phase, of a long one each layer, and of a large layer each neuron.
 * @param {Frame[]} walk
 * @returns {Group[]}
 */
export function groupsOf(walk) {
  /** @type {(group: Group, most: number) => boolean} */
  const isShort = ({ start, stop }, most) => stop - start <= most;
  const phases = pieces(walk, { phase: "", start: 0, stop: walk.length }, ({ phase }) => phase);
  const layers = phases.flatMap((phase) => {
    if (isShort(phase, OF_PHASE)) return [phase];
    return pieces(walk, phase, ({ layer }) => layer).map((it) => ({ ...it, layer: walk[it.start].layer }));
  });
  return layers.flatMap((group) => {
    if (isShort(group, OF_LAYER)) return [group];
    return pieces(walk, group, ({ unit }) => unit).map((it) => ({ ...group, ...it, unit: walk[it.start].unit }));
  });
}

/**
 * Return what a group is called: Backward · layer 2.
 * @param {Group} group
 * @param {number} outputs - the last layer
 * @param {Words} words
 */
function titleOf({ phase, layer, unit }, outputs, words) {
  const ofLayer = layer === outputs ? words["picture.output"] : fill(words["picture.layer"], { layer });
  const ofUnit = unit === undefined ? "" : fill(words["outline.neuron"], { unit: unit + 1 });
  return [words[`phase.${phase}`], layer && ofLayer, ofUnit].filter(Boolean).join(" · ");
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
 * Return in words where one stands in a walk: 22 of 49, Backward, ∂l/∂z₃.
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
  const items = groups.map((group, i) => {
    const { phase, start, stop } = group;
    const name = `<b>${titleOf(group, outputs, words)}</b>`;
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
