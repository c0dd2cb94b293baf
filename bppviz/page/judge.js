// What is to be said of an answer, from what Python wrote about it: answer_key.py says what an exam holds. Here numbers
// are compared, as practice/diagnosis.py does it, and sentences put together, as practice/replies.py does it.

import { fill } from "./dom.js";
import { numberWritten } from "./typed.js";

/** @import { Exam, ExamItem, Mistake, Typed, Words } from "./types.js" */
/** @typedef {{ isRight: boolean, mistakes: Mistake[] }} Diagnosis */

/**
 * Say of a number that somebody found for an item whether it is right, and if not, what may have happened.
 * @param {Exam} exam
 * @param {ExamItem} item
 * @param {Typed} given
 * @returns {Diagnosis}
 */
export function diagnosed({ rules, ranks }, { right, scale, mistakes }, { value, rounding }) {
  /** @type {(target: number, tolerance: number) => boolean} */
  const isNear = (target, tolerance) => {
    const size = Math.abs(target);
    return Math.abs(value - target) <= Math.max(tolerance * (scale ?? size), rounding, size < rules.zero ? rules.zero : 0);
  };
  const [veryClose, close] = rules.tolerances;
  if (right.some((it) => isNear(it, close))) return { isRight: true, mistakes: [] };
  const [nearest, near] = [veryClose, close].map((within) => mistakes.filter((it) => isNear(it[1], within)));
  // The same mistake at the same place is told once: as it was found first.
  const found = (nearest.length ? nearest : near).reverse();
  const byWhat = new Map(found.map((it) => [`${it[0]} ${it[2]?.taken ?? it[2]?.sample}`, it]));
  /** @param {Mistake} it */
  const rank = ([name]) => ranks[name] ?? 0;
  return { isRight: false, mistakes: [...byWhat.values()].reverse().sort((one, other) => rank(one) - rank(other)) };
}

/**
 * Whether a number is a value with one digit left of it, which is too few to be right or wrong.
 * @param {ExamItem} item
 * @param {Typed} given
 */
export const isTooShort = ({ short }, { value, rounding }) => !rounding && value === short;

/**
 * Say whether an answer is right, and if not, what of it is, which value is wrong and what may have happened.
 * @param {Exam} exam
 * @param {{ item: ExamItem, given: Typed, diagnosis: Diagnosis }} told
 * @param {ExamItem[]} before - what was right before it
 * @param {string} lang
 */
export function verdictOn(exam, { item, given, diagnosis }, before, lang) {
  const { rules, words } = exam;
  const say = words[lang];
  if (diagnosis.isRight) return rightSaid([...before, item], say);
  const { symbol } = item;
  const wrong = fill(say["quiz.wrong"], { symbol, given: numberWritten(given.value, rules.digits, rules.infinite) });
  const first = before.length ? fill(say["list.sentences"], { first: rightSaid(before, say), second: wrong }) : wrong;
  const causes = new Set(likely(diagnosis, rules).slice(0, rules.most_causes).map((it) => causeOf(it, say)));
  const why = fill(say["quiz.cause"], { causes: [...causes].join(say["list.or"]) });
  return fill(say["list.sentences"], { first, second: causes.size ? why : say["quiz.unknown"] });
}

/**
 * Return the mistakes that are worth telling: beside rows and columns that were confused, none by chance.
 * @param {Diagnosis} diagnosis
 * @param {Exam["rules"]} rules
 */
function likely({ mistakes }, { of_matrices, unlikely }) {
  const isOfMatrices = mistakes.some(([name]) => of_matrices.includes(name));
  return mistakes.filter(([name]) => !(isOfMatrices && unlikely.includes(name)));
}

/**
 * @param {Mistake} mistake
 * @param {Words} say
 */
function causeOf([name, , blanks = {}], say) {
  const texts = Object.entries(blanks).map(([blank, it]) => [blank, Array.isArray(it) ? it.join(say["list.comma"]) : it]);
  return fill(say[`mistake.${name}`], Object.fromEntries(texts));
}

/** Say that an answer is right, with all that was asked for. @type {(items: ExamItem[], say: Words) => string} */
function rightSaid(items, say) {
  if (items.length > 1) return fill(say["quiz.right_all"], { values: valuesOf(items, say) });
  const [{ symbol, shown }] = items;
  return fill(say["quiz.right"], { symbol, value: shown });
}

/** Tell the values that were asked for. @type {(items: ExamItem[], say: Words) => string} */
export const answersShown = (items, say) => fill(say["quiz.shown"], { values: valuesOf(items, say) });

/** @type {(items: ExamItem[], say: Words) => string} */
const valuesOf = (items, say) => listed(items.map(({ symbol, shown }) => `${symbol} = ${shown}`), say);

/**
 * Ask for the values of some items, or by vector for what they are together; with a hint, name the numbers that they are
 * computed from.
 * @param {Exam} exam
 * @param {{ question: ExamItem[], hints: number, isByVector: boolean }} asked
 * @param {Words} say
 * @param {(text: string) => string} [told] - symbols and numbers as they are said aloud
 */
export function questionOn({ rules, wholes }, { question, hints, isByVector }, say, told = (it) => it) {
  const [{ factor, whole = 0 }] = question;
  const first = isByVector && question.length > 1 ? askWhole(wholes[whole], question, say, told) : ask(question, say, told);
  if (!hints) return first;
  const second = factor
    ? fill(say["quiz.factor"], { z: told(factor.z), w: told(factor.w) })
    : fill(say["quiz.operands"], { operands: operandsOf(question, rules).map(told).join(say["list.comma"]) });
  return fill(say["list.sentences"], { first, second });
}

/** @type {(items: ExamItem[], say: Words, told: (text: string) => string) => string} */
function ask(items, say, told) {
  const names = items.map(({ is_new, symbol }) => (is_new ? fill(say["quiz.new"], { w: told(symbol) }) : told(symbol)));
  return fill(say[items.length > 1 ? "quiz.ask_all" : "quiz.ask"], { what: listed(names, say) });
}

/** @type {(symbol: string, items: ExamItem[], say: Words, told: (text: string) => string) => string} */
function askWhole(symbol, items, say, told) {
  const [{ is_new, is_of_matrix }] = items;
  const what = is_new ? fill(say["quiz.new"], { w: told(symbol) }) : told(symbol);
  const entries = listed(items.map((it) => told(it.symbol)), say);
  return fill(say[is_of_matrix ? "quiz.ask_matrix" : "quiz.ask_vector"], { what, entries });
}

/**
 * Return the numbers that some items are computed from, but for those that are asked for themselves.
 * @param {ExamItem[]} items
 * @param {Exam["rules"]} rules
 */
function operandsOf(items, rules) {
  const steps = items.map(({ step }) => step);
  const used = items.flatMap(({ operands = [] }) => operands).filter(([, step]) => step === null || !steps.includes(step));
  const told = [...new Set(used.map(([alone, , together = alone]) => (items.length > 1 ? together : alone)))];
  if (told.length <= rules.most_operands) return told;
  return [...told.slice(0, rules.first_operands), "…", ...told.slice(-rules.last_operands)];
}

/**
 * Return the items as a list in a sentence: z₃, z₄ and z₅; a long one is cut short.
 * @param {string[]} items
 * @param {Words} say
 */
function listed(items, say) {
  const few = items.length > 5 ? [...items.slice(0, 3), "…", items[items.length - 1]] : items;
  if (few.length === 1) return few[0];
  return fill(say["list.two"], { first: few.slice(0, -1).join(say["list.comma"]), last: few[few.length - 1] });
}
