// The frame of a question, made of the one that is told and what exam.py says is other in it.

import { house } from "./films.js";
import { questionOn } from "./judge.js";

/** @import { Difference, Exam, ExamItem, Frame, Patch } from "./types.js" */
/** @typedef {{ granularity: string, question: ExamItem[], hints: number, view: string }} Asked */

/**
 * Return the frame of a question, and the values that its picture has besides those of the film.
 * @param {Exam} exam
 * @param {Asked} asked
 * @param {Frame} told
 */
export function frameAsked(exam, { granularity, question, hints, view }, told) {
  const walk = granularity === "neuron" ? granularity : "equation"; // by term, a whole sum looks as by equation
  const name = [walk, ...question.map((it) => exam.items.indexOf(it))].join(" ");
  const { formula, substituted, ...ways } = exam.asked[name];
  const { more, patch } = patched(exam.patches[view][name], told.patch ?? {});
  /** @type {Frame} */
  const frame = {
    ...told,
    ...ways,
    value: "",
    patch,
    formula: formula === undefined ? told.formula : exam.texts[formula],
    substituted: hints > 1 ? exam.texts[substituted] : "",
    sentence: {},
    spoken: {},
  };
  if (ways.from) house(frame);
  for (const [lang, say] of Object.entries(exam.words)) {
    const { texts, words } = exam.aloud[lang];
    const aloud = questionOn(exam, question, hints, { ...say, ...words }, (text) => texts[text] ?? text);
    frame.sentence[lang] = questionOn(exam, question, hints, say);
    frame.spoken[lang] = { result: "", sentence: aloud };
  }
  return { frame, more };
}

/**
 * Return a patch in which some values are other, and these, which it counts from their end.
 * @param {Exam["patches"][string][string]} others
 * @param {Patch} told
 */
function patched(others, told) {
  const patch = structuredClone(told);
  /** @type {unknown[]} */
  const more = [];
  for (const [attribute, bySeries] of Object.entries(others)) {
    for (const [series, value] of Object.entries(bySeries)) {
      const { put } = /** @type {Partial<Difference>} */ (value);
      more.unshift(put ? { .../** @type {Difference} */ (value), of: told[attribute][series] } : value);
      patch[attribute][series] = -more.length;
    }
  }
  return { more: JSON.stringify(more), patch };
}
