// The questions. The kernel judges the answers; here they are shown and sent.

import { all, escaped, fill, find, put, targetOf, vary, write } from "./dom.js";
import { repliesOf } from "./kernel.js";
import { echo } from "./marks.js";
import { pickerOf } from "./picker.js";

/** @import { Model, Quiz, View, Words } from "./types.js" */

export const READ = ["table", "matrices", "why", "check", "code"]; // the panels that can be looked at while something is asked for
const MOST_HINTS = 3; // that there are of a question
const ACTS = { round: "round", "reset-score": "reset" }; // by button of the panel
const ROUND = `
  <p class="bppviz-went"><b class="bppviz-place"></b> <span class="bppviz-score"></span></p>
  <div class="bppviz-level"><span class="widget-label"></span><select></select></div>
  <fieldset class="bppviz-levels"><legend></legend><div></div></fieldset>
  <fieldset class="bppviz-length"><legend></legend><div></div></fieldset>
  <button type="button" class="bppviz-round"></button><button type="button" class="bppviz-reset-score"></button>
  <button type="button" class="bppviz-close"></button>`;

/**
 * Whether results are asked for. Then the film is not shown, as it would give them away.
 * @param {Model} model
 */
export function isAsking(model) {
  const panel = model.get("panel");
  return panel === "predict" || (READ.includes(panel) && Boolean(model.get("quiz").is_on));
}

/**
 * @param {View} view
 * @param {Words} words
 */
export function showQuiz({ box, model, stage }, words) {
  box.classList.toggle("bppviz-is-quizzed", isAsking(model));
  showQuestion(stage, model, words);
  const panel = /** @type {HTMLElement | null} */ (box.querySelector(".bppviz-panel-predict"));
  if (panel) showRound(panel, model, words);
}

/**
 * @param {HTMLElement} stage
 * @param {Model} model
 * @param {Words} words
 */
function showQuestion(stage, model, words) {
  const quiz = model.get("quiz");
  const { asked_factors = [], hints = 0, is_asked, kind = "", choices = [], symbols = [], verdict, whole } = quiz;
  const form = find(stage, "quiz");
  form.classList.toggle("bppviz-is-asking", Boolean(is_asked));
  form.classList.toggle("bppviz-is-factor", asked_factors.length > 0);
  const what = symbols.join(words["list.comma"]);
  write(find(form, "asked"), `${whole || what} =`);
  vary(stage, "--bppviz-asked", String(symbols.length || 1)); // for so many there is to be room
  form.classList.toggle("bppviz-is-choice", choices.length > 0);
  const options = find(form, "offers");
  const texts = choices.map(({ text }) => `<button type="button" class="bppviz-option">${escaped(text[model.get("lang")])}</button>`);
  const hadFocus = options.contains(document.activeElement);
  put(options, texts.join(""));
  if (hadFocus && !texts.length) find(form, "answer").focus({ preventScroll: true });
  options.setAttribute("aria-label", words["quiz.choices"]);
  find(form, "answer").setAttribute("aria-label", fill(words["quiz.answer"], { what }));
  const hint = find(form, "hint");
  write(hint, fill(words["quiz.hint"], { hint: Math.min(hints + 1, MOST_HINTS), hints: MOST_HINTS }));
  hint.title = words["hint.hint"];
  const said = find(stage, "verdict");
  write(said, `${verdict?.[model.get("lang")] ?? ""} ${words[noteOf(quiz)] ?? ""}`.trim());
  said.className = `bppviz-verdict bppviz-is-${kind}`;
}

/** @param {Quiz} quiz */
function noteOf({ is_finished, is_last, is_missing, is_over, is_too_coarse }) {
  if (is_missing) return "quiz.missing";
  if (is_finished) return is_last ? "quiz.all_done" : "quiz.finished";
  if (is_over) return "quiz.over";
  return is_too_coarse ? "quiz.too_coarse" : "";
}

/**
 * @param {HTMLElement} panel
 * @param {Model} model
 * @param {Words} words
 */
function showRound(panel, model, words) {
  const { all: most = 0, asked = 0, done = 0, is_asked, is_short, level = 0, levels = [], right = 0 } = model.get("quiz");
  if (!panel.querySelector(".bppviz-score")) build(panel, model);
  const place = Math.max(1, done + Number(Boolean(is_asked)));
  write(find(panel, "place"), most ? fill(words["quiz.progress"], { place, all: most }) : "");
  write(find(panel, "score"), fill(words["quiz.score"], { right, asked }));
  const last = levels.length - 1;
  const names = levels.map((name, i) => (i === last ? fill(words["quiz.everything"], { name }) : name || words["quiz.nothing"]));
  const select = /** @type {HTMLSelectElement} */ (panel.querySelector("select"));
  put(select, names.map((name) => `<option>${name}</option>`).join(""));
  select.selectedIndex = level;
  offer(find(panel, "levels"), words["control.level"], names, level);
  // Nothing is taken until the kernel has said what is: to choose what seems to be taken already would do nothing.
  const length = is_short === undefined ? -1 : Number(!is_short);
  offer(find(panel, "length"), words["quiz.length"], [words["quiz.short"], words["quiz.long"]], length);
}

/**
 * Show some choices as radio buttons, and which of them is taken.
 * @param {HTMLElement} fieldset
 * @param {string} legend
 * @param {string[]} names
 * @param {number} taken
 */
function offer(fieldset, legend, names, taken) {
  write(fieldset.querySelector("legend"), legend);
  fieldset.title = legend;
  const group = (fieldset.dataset.group ??= `bppviz-${Math.random().toString(36).slice(2)}`);
  const choices = names.map((name, i) => `<label><input type="radio" name="${group}" value="${i}">${name}</label>`);
  put(/** @type {Element} */ (fieldset.querySelector("div")), choices.join(""));
  all(fieldset, "input").forEach((it, i) => (/** @type {HTMLInputElement} */ (it).checked = i === taken));
}

/**
 * Fill the panel: how a round goes, and what the next one asks for.
 * @param {HTMLElement} panel
 * @param {Model} model
 */
function build(panel, model) {
  panel.insertAdjacentHTML("beforeend", ROUND);
  const replies = repliesOf(model);
  for (const [name, act] of Object.entries(ACTS)) find(panel, name).addEventListener("click", () => replies.send(act));
  /** @type {(() => void) | null} */
  let choice = null; // the last one, as long as the kernel has yet to hear the one before
  function pass() {
    if (!panel.isConnected) return model.off("change:quiz", pass);
    if (!choice || replies.isWaiting()) return undefined;
    const choose = choice;
    choice = null; // first: without a kernel it is answered at once
    return choose();
  }
  panel.addEventListener("change", (event) => {
    const chosen = /** @type {HTMLSelectElement | HTMLInputElement} */ (targetOf(event));
    const level = "selectedIndex" in chosen ? chosen.selectedIndex : Number(chosen.value);
    if (chosen.closest(".bppviz-length")) choice = () => replies.send(level ? "long" : "short");
    else choice = () => replies.send("level", { level });
    pass();
  });
  model.on("change:quiz", pass);
}

/**
 * Send answers and hints. Returns a function to call when the question may have changed, one that shows again in the
 * picture what is typed, and one for a weight that is clicked.
 * @param {View} view
 */
export function answering({ box, model, stage }) {
  const form = find(stage, "quiz");
  const field = /** @type {HTMLInputElement} */ (find(form, "answer"));
  const replies = repliesOf(model);
  const isHere = () => model.get("quiz").step === model.get("step"); // else the kernel has yet to send the question
  function echoNow() {
    const { is_asked, symbols = [] } = model.get("quiz");
    // Which of several question marks a number belongs to, the picture does not say.
    const isSingle = isAsking(model) && is_asked && symbols.length === 1;
    echo(find(stage, "marks"), find(stage, "plot"), isSingle ? field.value.trim() : "");
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { is_asked, is_over } = model.get("quiz");
    if (!isHere()) return;
    if (!is_asked) replies.send(is_over ? "round" : "next");
    else if (form.matches(".bppviz-is-choice")) return;
    else if (field.value.trim()) replies.send("answer", { text: field.value });
  });
  form.addEventListener("input", echoNow);
  /** @param {number} chosen */
  function choose(chosen) {
    if (chosen >= 0 && isHere()) replies.send("choose", { text: String(chosen) });
  }
  form.addEventListener("click", (event) => {
    choose(all(form, ".bppviz-option").indexOf(/** @type {HTMLElement} */ (targetOf(event).closest(".bppviz-option"))));
  });
  const picker = pickerOf(model, find(form, "offers"), choose);
  find(form, "hint").addEventListener("click", () => replies.send("hint"));
  let before = { heard: 0, panel: "", question: "" };
  function changed() {
    const { choices = [], heard = 0, is_asked, kind, symbols } = model.get("quiz");
    const panel = model.get("panel");
    if (!isAsking(model)) before = { ...before, panel, question: "" };
    if (!isAsking(model) || !isHere()) return;
    const question = [model.get("step"), is_asked, model.get("granularity"), symbols, choices.length].join(" ");
    const isOther = question !== before.question;
    const isOpened = panel === "predict" && panel !== before.panel;
    const active = document.activeElement;
    const isInForm = form.contains(active);
    if (isOther) field.value = "";
    if (isOther) picker.clear();
    // Learners who answer by keyboard go on without reaching for the mouse.
    if (isOpened ? box.contains(active) : isOther && (isInForm || active === stage)) {
      const answer = form.querySelector(".bppviz-option") ?? field;
      /** @type {HTMLElement} */ (is_asked ? answer : find(form, "check")).focus({ preventScroll: true });
    } else if (choices.length) {
      // What was chosen keeps the focus.
    } else if (!isOther && heard !== before.heard && isInForm) {
      field.focus({ preventScroll: true });
      if (kind) field.select();
    }
    before = { heard, panel, question };
    echoNow();
  }
  return { changed, echoNow, pick: picker.pick };
}
