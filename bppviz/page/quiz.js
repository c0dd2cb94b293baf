// The questions. The kernel judges the answers; here they are shown and sent.

import { fill, find, put, write } from "./dom.js";
import { repliesOf } from "./kernel.js";

/** @import { Model, Quiz, View, Words } from "./types.js" */

const REVEALED = 1500; // milliseconds for which a right answer is shown before the walk goes on, at speed 1
const ACTS = { hint: "hint", round: "round", "reset-score": "reset" }; // by button

/**
 * Whether results are asked for. Then the film is not shown, as it would give them away.
 * @param {Model} model
 */
export const isAsking = (model) => model.get("panel") === "predict";

/** @param {Element} form */
const levelsIn = (form) => /** @type {HTMLSelectElement} */ (form.querySelector("select"));

/**
 * @param {Element} form
 * @param {Model} model
 * @param {Words} words
 */
export function showQuiz(form, model, words) {
  const quiz = model.get("quiz");
  const { is_asked, level = 0, levels = [], right = 0, asked = 0, verdict, kind = "" } = quiz;
  const select = levelsIn(form);
  put(select, levels.map((name) => `<option>${name || words["quiz.nothing"]}</option>`).join(""));
  select.selectedIndex = level;
  form.classList.toggle("bppviz-is-asking", Boolean(is_asked));
  write(find(form, "score"), fill(words["quiz.score"], { right, asked }));
  const said = find(form, "verdict");
  write(said, `${verdict?.[model.get("lang")] ?? ""} ${words[noteOf(quiz)] ?? ""}`.trim());
  said.className = `bppviz-verdict bppviz-is-${kind}`;
}

/** @param {Quiz} quiz */
function noteOf({ is_finished, is_last, is_too_coarse }) {
  if (is_finished) return is_last ? "quiz.all_done" : "quiz.finished";
  return is_too_coarse ? "quiz.too_coarse" : "";
}

/**
 * Send answers, hints and rounds. Returns a function to call when the question may have changed.
 * @param {View} view
 * @param {() => void} goOn
 */
export function answering({ stage, model }, goOn) {
  const form = find(stage, "quiz");
  const field = /** @type {HTMLInputElement} */ (find(form, "answer"));
  const replies = repliesOf(model);
  const isHere = () => model.get("quiz").step === model.get("step"); // else the kernel has yet to send the question
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (replies.isWaiting() || !isHere()) return;
    if (!model.get("quiz").is_asked) goOn();
    else if (field.value.trim()) replies.send("answer", { text: field.value });
  });
  const levels = levelsIn(form);
  levels.addEventListener("change", () => replies.send("level", { level: levels.selectedIndex }));
  for (const [name, act] of Object.entries(ACTS)) find(form, name).addEventListener("click", () => replies.send(act));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let before = "";
  return () => {
    const { is_asked, asked_steps, kind } = model.get("quiz");
    const step = model.get("step");
    clearTimeout(timer);
    if (kind === "right") {
      const isStill = () => model.get("step") === step && model.get("quiz").kind === "right";
      const later = () => form.isConnected && isAsking(model) && isStill() && goOn();
      timer = setTimeout(later, REVEALED / model.get("speed"));
    }
    const now = [step, is_asked, model.get("granularity"), asked_steps].join(" ");
    if (now === before || !isHere()) return;
    before = now;
    field.value = "";
    // Learners who answer by keyboard go on without reaching for the mouse.
    const active = document.activeElement;
    const within = form.contains(active) || active === stage || active?.closest(".bppviz-show-predict");
    if (within) (is_asked ? field : find(form, "check")).focus({ preventScroll: true });
  };
}
