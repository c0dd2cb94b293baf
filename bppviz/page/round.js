// A round of questions: what is asked for at a stop, what was answered, and how it goes, as practice/quiz.py has it.

/** @import { ExamItem, Frame, Memory, Quiz } from "./types.js" */
/** @typedef {{ granularity: string, first: number, last: number, isWhole: boolean, quantity: string }} Stop */

const ASKED_BY = ["vector", "neuron", "equation", "term"]; // the granularities whose stops can be asked for
const HINT_NAMES = ["operands", "substituted", "answer"];

/** @param {string} granularity */
export const canBeAsked = (granularity) => ASKED_BY.includes(granularity);

/**
 * Return the stops of a walk; a sum that is being added up belongs to the one at its end.
 * @param {string} granularity
 * @param {Frame[]} walk
 */
export function stopsOf(granularity, walk) {
  let first = 0;
  return walk.map(({ step, whole, quantity, to_come = [] }) => {
    const stop = { granularity, first, last: step, isWhole: whole, quantity };
    if (whole) first = Math.min(step + 1, ...to_come);
    return stop;
  });
}

/** @param {ExamItem} item */
const isFactor = ({ quantity }) => quantity === "dz_dw";

export class Round {
  rounds = 0; // that were begun before this one
  /** @type {number | null} */
  begun = null; // the step from which on this round asks
  passed = 0; // the steps before this one can be seen, and are not asked for any more
  right = 0;
  asked = 0;
  level = 0;
  isShort = true;
  /** @type {Set<ExamItem>} */
  answered = new Set(); // or shown
  /** @type {Map<string, { attempts: number, hints: number }>} */
  tries = new Map(); // by question
  /** @type {Set<number>} */
  chosen = new Set(); // at which steps an option was, by the first of the vector

  /**
   * @param {ExamItem[]} items
   * @param {number} most - the highest level
   * @param {Quiz} quiz - to go on with
   */
  constructor(items, most, { level = most, is_short = true, right = 0, asked = 0, memory }) {
    this.items = items;
    this.most = most;
    Object.assign(this, { level: Math.min(level, most), isShort: is_short, right, asked });
    if (memory?.answered) this.recall(memory);
  }

  /** @param {Memory} memory */
  recall({ rounds, begun, passed, answered, chosen, tries }) {
    this.chosen = new Set(chosen);
    Object.assign(this, { rounds, begun, passed });
    this.answered = new Set(this.items.filter((it) => answered.includes(itemName(it))));
    this.tries = new Map(tries.map(([names, attempts, hints]) => [names.join(), { attempts, hints }]));
  }

  /** Return everything that this round asks for in a walk. @param {string} granularity */
  wanted(granularity) {
    return new Set(this.groups(granularity).flat());
  }

  /**
   * Return what this round asks for in a walk, together what is asked for together: by vector all of a quantity of a layer.
   * @param {string} granularity
   */
  groups(granularity) {
    const isByVector = granularity === "vector";
    const within = this.items.filter(({ rung, whole }) => rung <= this.level && !(isByVector && whole === undefined));
    /** @type {Map<number, Map<number, ExamItem[]>>} */
    const kinds = new Map();
    within.forEach((it, i) => {
      const kind = kinds.get(it.kind) ?? new Map();
      const name = isByVector ? it.whole : i;
      kinds.set(it.kind, kind.set(name, [...(kind.get(name) ?? []), it]));
    });
    const groups = [...kinds.values()].map((kind) => [...kind.values()]);
    const wanted = this.isShort ? groups.map((it) => it[this.rounds % it.length]) : groups.flat();
    return wanted.filter(([{ step }]) => step >= (this.begun ?? 0));
  }

  /**
   * Return what is asked for at a stop, every ∂z/∂w before ∂l/∂w: nothing where it is told, or was answered.
   * @param {Stop} stop
   */
  question({ granularity, first, last, isWhole, quantity }) {
    if (!canBeAsked(granularity) || !isWhole) return [];
    // By vector, the steps of other quantities lie between those of the one.
    const isHere = (/** @type {ExamItem} */ it) => it.step >= first && it.step <= last && (granularity !== "vector" || it.quantity === quantity);
    const here = this.groups(granularity).filter((it) => it.every(isHere));
    const [factors, results] = [here.filter(([it]) => isFactor(it)), here.filter(([it]) => !isFactor(it))];
    const asked = [factors, results].find((it) => it.some((group) => this.isOpen(group))) ?? [];
    return asked.flat().sort((one, other) => one.step - other.step);
  }

  /**
   * Count what was chosen at a question before its numbers.
   * @param {ExamItem[]} question
   * @param {boolean} isRight
   */
  choose([{ step }], isRight) {
    const tried = this.triedBy(`${step} choice`);
    tried.attempts += 1;
    if (isRight) this.chosen.add(step);
    if (tried.attempts === 1) this.count(isRight);
  }

  /** @param {ExamItem[]} question */
  triedAt(question) {
    return this.triedBy(question.map(itemName).join());
  }

  /** @param {string} name */
  triedBy(name) {
    const tried = this.tries.get(name) ?? { attempts: 0, hints: 0 };
    this.tries.set(name, tried);
    return tried;
  }

  /**
   * Count an answer to a question, whose verdict is that it is right or not.
   * @param {ExamItem[]} question
   * @param {boolean} isRight
   */
  answer(question, isRight) {
    const tried = this.triedAt(question);
    tried.attempts += 1;
    if (isRight) this.close(question);
    if (tried.attempts === 1) this.count(isRight && !tried.hints);
  }

  /**
   * Take the next hint at a question, and return what it is; the last one is the answer, and the question is done.
   * @param {ExamItem[]} question
   */
  hint(question) {
    const tried = this.triedAt(question);
    const name = HINT_NAMES[tried.hints];
    tried.hints += 1;
    if (name === "answer") this.close(question);
    if (name === "answer" && !tried.attempts) this.count(false);
    return name;
  }

  /** @param {ExamItem[]} question */
  close(question) {
    question.forEach((it) => this.answered.add(it));
  }

  /** @param {boolean} isRight */
  count(isRight) {
    this.right += Number(isRight);
    this.asked += 1;
  }

  /** Come to a stop: what stands before it can be seen. @param {Stop} stop */
  arrive({ first }) {
    this.begun ??= first;
    this.passed = Math.max(this.passed, first);
  }

  /** Begin a round, with so many parts of the derivation asked for. @param {number} level */
  begin(level) {
    Object.assign(this, { level: Math.max(0, Math.min(level, this.most)), begun: null, passed: 0 });
    this.answered.clear();
    this.chosen.clear();
    this.tries.clear();
  }

  /** Begin the next round: after one that was finished with one more part, and other numbers. @param {string} granularity */
  next(granularity) {
    const isDone = Number(this.isComplete(granularity));
    this.rounds += isDone;
    this.begin(this.level + isDone);
  }

  reset() {
    this.right = this.asked = 0;
  }

  /** @param {Stop[]} stops @param {number} step */
  nextStop(stops, step) {
    return stops.find((it) => it.last >= step && this.question(it).length);
  }

  /**
   * Return the stop at which a round begins: the next one from a step on, or the first, if few are left.
   * @param {Stop[]} stops
   * @param {number} step
   * @param {number} fewest
   */
  firstStop(stops, step, fewest) {
    const wanted = [...this.wanted(stops[0].granularity)];
    const left = wanted.filter((it) => it.step >= step).length;
    return this.nextStop(stops, left >= Math.min(fewest, wanted.length) ? step : 0);
  }

  /** @param {string} granularity */
  isOver(granularity) {
    return !this.groups(granularity).some((it) => this.isOpen(it));
  }

  /** @param {string} granularity */
  isComplete(granularity) {
    return [...this.wanted(granularity)].every((it) => this.answered.has(it));
  }

  /** How much of what is asked for was answered, or shown, and how much it is: by vector, vectors. @param {string} granularity */
  progress(granularity) {
    const groups = this.groups(granularity);
    return { done: groups.filter((it) => it.every((item) => this.answered.has(item))).length, all: groups.length };
  }

  /** @param {ExamItem[]} group */
  isOpen(group) {
    return group[0].step >= this.passed && !group.every((it) => this.answered.has(it));
  }
}

/** @param {ExamItem} item */
const itemName = ({ step, quantity }) => `${step} ${quantity}`;
