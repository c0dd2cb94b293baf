// Where the walk stands in the program, and what is known there.

import { all, find, homePlace } from "./dom.js";
import { reachedAt } from "./reached.js";

/** @import { CodeBlock, Program } from "./types.js" */
/** @typedef {ReturnType<typeof momentOf>} Moment */

const WHOLE_LAYERS = ["pass", "layer", "vector"]; // the walks whose steps compute whole layers
const UNKNOWN = "·";
const ASKED = "?";

/**
 * Return the quantity and layer of a place, by which its line is found: dl_dw-2 of dl_dw-2-0-1.
 * @param {string} key
 */
export const blockOf = (key) => key.split("-").slice(0, 2).join("-");

/**
 * Return where the walk stands, and functions that say what is known there.
 * @param {HTMLElement} stage
 * @param {Program} program
 */
export function momentOf(stage, program) {
  const { last: reached = "-1", asked = "", granularity = "" } = stage.dataset;
  const at = Math.min(Number(reached), program.steps.length - 1); // the page may still show a walk that was longer
  const questions = asked.split(" ").filter(Boolean);
  const isReached = reachedAt(stage.dataset);
  const key = program.steps[at]?.[0] ?? "";
  const block = /** @type {CodeBlock | undefined} */ (program.blocks[blockOf(key)]);
  const steps = new Map(program.steps.map(([it], i) => [it, i]));
  const written = numbersIn(find(stage, "substituted"));

  /** @param {number} it */
  const isAsked = (it) => questions.includes(String(it));
  /** @param {number} it */
  const isToCome = (it) => it !== at && !isReached(it); // a sum whose terms are still being added is not
  /** @param {number} it */
  const isKnown = (it) => isReached(it) && !isAsked(it);
  /** @param {number} it */
  const result = (it) => (isAsked(it) ? ASKED : isKnown(it) ? program.steps[it][1] : UNKNOWN);
  const asksFactor = questions.some((it) => it.startsWith("w-")); // ∂z/∂w: the entering a is what is asked for
  /** @param {string} own */
  const operand = (own) => {
    const name = program.scalars[own];
    const isGiven = /^[wb]-/.test(own) || !steps.has(own);
    const computed = isGiven ? -1 : Number(steps.get(own));
    if (isAsked(computed)) return ASKED;
    if (!isGiven && !isKnown(computed)) return UNKNOWN;
    return written.get(`${homePlace(own)} ${computed}`) ?? name.text ?? "";
  };
  /** @param {string} own */
  const computed = (own) => result(steps.get(own) ?? -1);
  return { at, key, block, isWhole: WHOLE_LAYERS.includes(granularity), isAsking: questions.length > 0, asksFactor, isKnown, isToCome, result, computed, operand };
}

/**
 * Return the numbers in the equation by their places, with the digits that it needs.
 * @param {HTMLElement} equation
 */
function numbersIn(equation) {
  const found = all(equation, "[data-at]").map((it) => {
    const text = (it.textContent ?? "").replace(/^\((.*)\)$/, "$1");
    return /** @type {[string, string]} */ ([it.dataset.at, text]);
  });
  return new Map(found.filter(([, text]) => /^−?[\d.]+$/.test(text))); // a power of ten is no plain text
}
