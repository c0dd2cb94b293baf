// Asks and answers where there is no kernel, as widget/predict.py does: in a saved page, and in a widget whose kernel is
// gone. It sets the same `quiz`, hears the same `reply`, and shows the same frames, made of the film and the exam.

import { frameAsked } from "./asked.js";
import { fill } from "./dom.js";
import { answersShown, diagnosed, isTooShort, verdictOn } from "./judge.js";
import { READ } from "./quiz.js";
import { canBeAsked, Round, stopsOf } from "./round.js";
import { hasDecimalComma, numbersTyped } from "./typed.js";
import { unpackedJson } from "./unpack.js";
import { locate, WHOLE } from "./walk.js";

/** @import { Exam, ExamItem, Film, Films, Model, Quiz } from "./types.js" */
/** @import { Stop } from "./round.js" */

export class Examiner {
  isOn = false; // whether results are asked for
  isHere = false; // whether it asks in place of the kernel
  isMoving = false;
  leave = () => {};
  view = ""; // in which the film shows the network
  /** @type {Pick<Quiz, "kind" | "verdict">} */
  verdict = {};
  heard = 0; // how many replies were
  /** @type {Promise<boolean> | undefined} */
  begun;
  /** @type {Film} */
  film = /** @type {any} */ (null);
  /** @type {Exam} */
  exam = /** @type {any} */ (null);
  /** @type {Round} */
  round = /** @type {any} */ (null);

  /**
   * @param {Model} model
   * @param {Films} films
   */
  constructor(model, films) {
    this.model = model;
    this.films = films;
  }

  /** Whether the page has questions. */
  get canAsk() {
    return Boolean(this.model.get("exam")?.byteLength);
  }

  /** Take the place of the kernel, and tell whether there are questions. */
  begin() {
    return (this.begun ??= this.takeOver());
  }

  async takeOver() {
    const { model } = this;
    if (!this.canAsk && !model.get("alone")) return false;
    this.exam = await unpackedJson(model.get("exam"));
    await this.unpack();
    if (!this.begun || this.isHere) return this.isHere; // the kernel has answered meanwhile
    this.isHere = true;
    const quiz = model.get("quiz");
    this.heard = quiz.heard ?? 0;
    this.isOn = Boolean(quiz.is_on);
    if (this.exam) {
      const { exam, film } = this;
      const langs = Object.keys(film.words);
      exam.words = Object.fromEntries(langs.map((lang) => [lang, { ...film.words[lang], ...exam.mistakes[lang] }]));
      this.round = new Round(exam.items, exam.levels.length - 1, quiz);
      if (quiz.kind) this.verdict = { kind: quiz.kind, verdict: quiz.verdict };
    }
    this.listen();
    this.follow();
    if (this.isOn) this.tell();
    if ((model.get("reply")?.times ?? 0) > this.heard) this.hear();
    return this.canAsk;
  }

  /** Get the film, which a saved page unpacks for one view. */
  async unpack() {
    this.film = await this.films.film;
    this.view = this.model.get("view");
  }

  listen() {
    let isDue = false;
    const arrive = () => {
      if (isDue || this.isMoving) return;
      isDue = true; // a step and its size may be changed together
      queueMicrotask(() => {
        isDue = false;
        this.arrive();
      });
    };
    const renew = async () => {
      await this.unpack();
      this.tell();
    };
    /** @type {[string, () => unknown][]} */
    const pairs = [...["step", "partial", "granularity"].map((it) => /** @type {[string, () => void]} */ ([it, arrive]))];
    pairs.push(["panel", () => this.follow()], ["reply", () => this.hear()], ["film", renew]);
    pairs.forEach(([name, does]) => this.model.on(`change:${name}`, does));
    this.leave = () => pairs.forEach(([name, does]) => this.model.off(`change:${name}`, does));
  }

  /** Give the place back to the kernel, which has answered after all. */
  end() {
    if (this.model.get("alone")) return;
    this.leave();
    this.isHere = false;
    this.begun = undefined;
  }

  // Where it stands

  /** @returns {Stop[]} */
  get stops() {
    const granularity = this.model.get("granularity");
    return stopsOf(granularity, this.film.walks[granularity] ?? []);
  }

  /** @returns {Stop} */
  get stop() {
    const { walk, place } = locate(this.model, this.film);
    return stopsOf(this.model.get("granularity"), walk)[place];
  }

  /** What is asked for. @returns {ExamItem[]} */
  get question() {
    return this.isOn && this.exam ? this.round.question(this.stop) : [];
  }

  /** What is to be chosen before that. */
  get choice() {
    const { exam, question, round } = this;
    const isAsked = question.length && this.stop.granularity === "vector" && !round.chosen.has(question[0].step);
    return isAsked ? exam.choices[question[0].step] : undefined;
  }

  get hints() {
    return this.question.length ? this.round.triedAt(this.question).hints : 0;
  }

  /** Begin to ask where the panel that is open now says so, or end it. */
  follow() {
    const [wasOn, panel] = [this.isOn, this.model.get("panel")];
    this.isOn = panel === "predict" || (wasOn && READ.includes(panel));
    if (this.isOn && !wasOn) this.start(this.round?.level, this.model.get("step"));
    if (wasOn && !this.isOn) {
      this.verdict = {};
      this.tell();
    }
  }

  /** Ask anew: the stage has come to another stop. */
  arrive() {
    if (!this.isOn) return;
    this.round?.arrive(this.stop);
    this.verdict = {};
    this.tell();
  }

  // What is shown

  /** Let the page know what is asked for, and how it went; it shows the frame then. */
  tell() {
    const { choice, exam, model, question, round, stop } = this;
    const factors = question.flatMap(({ place = [] }) => place);
    const steps = factors.length ? this.stepsOf(stop) : question.map(({ step }) => step);
    const isTold = this.isOn && Boolean(exam) && canBeAsked(stop.granularity);
    const { granularity } = stop;
    const isOver = isTold && (round.level ? round.isOver(granularity) : stop.last === this.film.steps - 1);
    const { isShort: is_short, level, right, asked } = round ?? {};
    const { done, all } = round?.progress(granularity) ?? {};
    this.show();
    model.set("quiz", {
      step: model.get("step"),
      heard: this.heard,
      asked_steps: [...new Set(steps)],
      asked_factors: factors,
      symbols: question.map(({ symbol }) => symbol),
      choices: choice?.options.map(([text, , weights]) => ({ text, weights })) ?? [],
      whole: granularity === "vector" ? (exam?.wholes[question[0]?.whole ?? -1] ?? "") : "",
      is_on: this.isOn,
      is_asked: question.length > 0,
      is_missing: this.isOn && !exam,
      is_too_coarse: this.isOn && Boolean(exam) && !isTold,
      hints: this.hints,
      ...{ level, levels: exam?.levels, is_short, right, asked, done },
      all: isTold ? all : 0,
      is_over: isOver,
      is_finished: isOver && round.isComplete(granularity),
      is_last: level === round?.most,
      ...this.verdict,
    });
  }

  /** @param {Stop} stop */
  stepsOf({ first, last }) {
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  }

  /** Show the frame of the film, or that of a question. */
  show() {
    const { choice, film, films, model, question } = this;
    if (!this.isOn) return films.goBack(films.isBehind);
    const { walk, place } = locate(model, film);
    const granularity = model.get("granularity");
    const here = { granularity, place, values: film.values, film: film.version };
    const asked = { granularity, question, hints: this.hints, view: this.view, choice };
    if (question.length) return films.show({ ...here, ...frameAsked(this.exam, asked, walk[place]) });
    return films.show({ ...here, version: film.version, frame: walk[place] });
  }

  // What people answer

  hear() {
    const { act = "", text = "", level = 0, step = -1, times = 0 } = this.model.get("reply") ?? {};
    this.heard = times;
    const isAsked = this.question.length && Boolean(this.choice) === (act === "choose");
    const isLate = ["answer", "hint", "choose"].includes(act) && (step !== this.model.get("step") || !isAsked);
    /** @type {Record<string, () => unknown>} */
    const acts = {
      answer: () => this.answer(text),
      hint: () => this.hint(),
      choose: () => this.choose(/^[0-9]$/.test(text) ? Number(text) : -1),
      next: () => this.goOn(),
      level: () => this.start(level),
      short: () => this.measure(true),
      long: () => this.measure(false),
      round: () => this.startNext(),
      reset: () => this.round.reset(),
    };
    if (this.isOn && !isLate && (this.exam || act === "next")) acts[act]?.();
    this.tell();
  }

  /** @param {string} text */
  answer(text) {
    const { exam, question, round } = this;
    const given = numbersTyped(text, exam.reading);
    if (!given) return this.refuse("quiz.not_a_number", { text: [...text.trim()].slice(0, exam.rules.most_typed).join("") });
    if (given.length !== question.length) {
      if (question.length === 1 && hasDecimalComma(text, exam.reading)) return this.refuse("quiz.point");
      return this.refuse("quiz.count", { wanted: question.length, given: given.length });
    }
    const found = question.map((item, i) => ({ item, given: given[i], diagnosis: diagnosed(exam, item, given[i]) }));
    if (found.some((it) => !it.diagnosis.isRight && isTooShort(it.item, it.given))) return this.refuse("quiz.digits");
    const wrong = found.findIndex(({ diagnosis }) => !diagnosis.isRight);
    const at = wrong < 0 ? found.length - 1 : wrong;
    round.answer(question, wrong < 0);
    return this.say(wrong < 0 ? "right" : "wrong", (lang) => verdictOn(exam, found[at], question.slice(0, at), lang));
  }

  /** @param {number} chosen */
  choose(chosen) {
    const { choice, question } = this;
    const option = choice?.options[chosen];
    if (!choice || !option) return;
    const isRight = chosen === choice.right;
    this.round.choose(question, isRight);
    this.say(isRight ? "right" : "wrong", (lang) => option[1][lang]);
  }

  hint() {
    const { exam, question } = this;
    this.verdict = {};
    if (this.round.hint(question) === "answer") this.say("shown", (lang) => answersShown(question, exam.words[lang]));
  }

  /** Go to the next question; without any, one step on. */
  goOn() {
    const { stops } = this;
    const following = stops[Math.min(locate(this.model, this.film).place + 1, stops.length - 1)];
    this.goTo((this.round?.nextStop(stops, this.model.get("step")) ?? following).last);
  }

  /** Begin a round at the first question from a step on; without any, it is a worked example from there. */
  start(level = 0, step = 0) {
    this.round?.begin(level);
    this.goToFirst(step);
  }

  startNext() {
    this.round.next(this.model.get("granularity"));
    this.goToFirst();
  }

  /** Begin a round of another length. @param {boolean} isShort */
  measure(isShort) {
    this.round.isShort = isShort;
    this.start(this.round.level);
  }

  goToFirst(step = 0) {
    const { exam, round, stops } = this;
    const stop = exam && round.firstStop(stops, step, exam.rules.fewest_left);
    this.goTo(stop ? stop.last : Math.max(step, stops[0].last));
  }

  /** @param {number} step */
  goTo(step) {
    const { model } = this;
    this.isMoving = true; // both are changed before anything is heard of it
    model.set("partial", WHOLE);
    model.set("step", step);
    this.isMoving = false;
    model.save_changes();
    this.arrive();
  }

  /**
   * Say that something is no answer.
   * @param {string} name
   * @param {Record<string, unknown>} [blanks]
   */
  refuse(name, blanks = {}) {
    this.say("problem", (lang) => fill(this.exam.words[lang][name], blanks));
  }

  /**
   * @param {string} kind
   * @param {(lang: string) => string} tell
   */
  say(kind, tell) {
    const verdict = Object.fromEntries(Object.keys(this.exam.words).map((lang) => [lang, tell(lang)]));
    this.verdict = { kind, verdict };
  }
}
