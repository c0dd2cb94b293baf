// The frame of a question, made of the one that is told and what exam.py says is other in it.

import { house, patched } from "./films.js";
import { questionOn } from "./judge.js";

/** @import { Exam, ExamChoice, ExamItem, Frame } from "./types.js" */
/** @typedef {{ granularity: string, question: ExamItem[], hints: number, view: string, choice?: ExamChoice }} Asked */

/**
 * Return the frame of a question, and the values that its picture has besides those of the film.
 * @param {Exam} exam
 * @param {Asked} asked
 * @param {Frame} told
 */
export function frameAsked(exam, { granularity, question, hints, view, choice }, told) {
  const walk = granularity === "term" ? "equation" : granularity; // by term, a whole sum looks as by equation
  const isByVector = granularity === "vector";
  const name = [walk, ...question.map((it) => exam.items.indexOf(it))].join(" ");
  const { formula, substituted, ...ways } = exam.asked[name];
  /** @type {Frame} */
  const frame = {
    ...told,
    ...ways,
    value: "",
    formula: exam.texts[choice?.formula ?? formula ?? -1] ?? told.formula,
    substituted: hints > 1 ? exam.texts[substituted] : "",
    sentence: {},
    spoken: {},
  };
  if (ways.from) house(frame);
  for (const [lang, say] of Object.entries(exam.words)) {
    const { texts, words } = exam.aloud[lang];
    const aloud = questionOn(exam, { question, hints, isByVector }, { ...say, ...words }, (text) => texts[text] ?? text);
    frame.sentence[lang] = choice?.ask[lang] ?? questionOn(exam, { question, hints, isByVector }, say);
    frame.spoken[lang] = { result: "", sentence: choice?.aloud[lang] ?? aloud };
  }
  return patched(exam.patches[view][name], told.patch ?? {}, frame);
}
