// What is told beside the picture without waiting for it: names, colours, questions, problems, and the progress of a
// training.

import { dress, label } from "./controls.js";
import { all, fill, find, vary, write } from "./dom.js";
import { withhold } from "./kernel.js";
import { isAsking, showQuiz } from "./quiz.js";
import { themeOf } from "./screen.js";
import { placeProblem } from "./wrong.js";

/** @import { Film, Model, Said, View, Words } from "./types.js" */
const BUSY = '<span class="bppviz-busy" role="status"></span>';
const LOST = '<p class="bppviz-kernel"></p><button type="button" class="bppviz-hide"></button>';

/** @typedef {Record<string, string>} Failures - by part of the widget, what went wrong in the page */

/**
 * @param {View} view
 * @param {Film} film
 * @param {Failures} failures
 */
export function tell(view, film, failures) {
  const { box, kernel, model, play, screen, stage } = view;
  const words = film.words[model.get("lang")];
  dress(box, film, themeOf(view));
  showQuiz(view, words); // first, as it makes some of what gets a label
  const training = Boolean(model.get("running")) && kernel.state !== "gone";
  withhold(view, words["stage.needs_kernel"]); // before the labels, which say it too
  label(box, model, film, { playing: play.playing, presenting: screen.is(), training });
  vary(box, "--bppviz-size", String(model.get("text_size")));
  for (const [part, it] of [["plot", "picture"], ["formula", "formula"], ["substituted", "substituted"]]) {
    find(stage, part).setAttribute("aria-label", words[`stage.${it}`]);
  }
  tellStates(view, words, failures);
  write(box.querySelector(".bppviz-choose"), words["stage.choose"]);
  const { asked_factors = [], asked_steps = [], choices = [] } = model.get("quiz");
  const asked = isAsking(model) ? [...asked_steps, ...asked_factors, ...(choices.length ? ["choice"] : [])].join(" ") : "";
  if (asked && stage.dataset.asked !== asked) stage.dataset.asked = asked;
  if (!asked) delete stage.dataset.asked;
}

/**
 * Tell the state of the kernel, what went wrong, and how far a training is.
 * @param {View} view
 * @param {Words} words
 * @param {Failures} failures
 */
function tellStates(view, words, failures) {
  const { box, model, stage } = view;
  tellKernel(view, words);
  const failure = problemOf(model, failures);
  const problem = said(words[`problem.${failure?.name}`], failure);
  write(find(stage, "problem"), problem);
  placeProblem(view, problem && failure?.name);
  const [first, second] = (model.get("notices") ?? []).map((it) => said(words[`notice.${it.name}`], it));
  write(find(stage, "notice"), second === undefined ? first ?? "" : fill(words["list.sentences"], { first, second }));
  // Beside the button that trains, too: the picture may be out of sight there.
  const line = box.querySelector(".bppviz-progress");
  const progress = model.get("progress");
  write(line, problem || said(words[`progress.${progress?.name}`], progress));
  line?.classList.toggle("bppviz-is-problem", Boolean(problem));
}

/**
 * Tell in the head of the open panel that the kernel is busy, and in a row below the tabs that it is gone, or what has
 * no other place.
 * @param {View} view
 * @param {Words} words
 */
function tellKernel({ box, films, kernel, model }, words) {
  const head = box.querySelector(`.bppviz-panel-${model.get("panel") || "none"} .bppviz-head`);
  const isHere = kernel.state === "busy" && head;
  all(box, ".bppviz-busy").forEach((it) => head?.contains(it) || it.remove());
  if (isHere && !head.querySelector(".bppviz-busy")) head.firstElementChild?.insertAdjacentHTML("afterend", BUSY);
  write(head?.querySelector(".bppviz-busy"), isHere ? words["stage.waits"] : "");
  const missing = kernel.state === "here" || isHere ? "" : words[`stage.${kernel.state}`];
  const text = [missing, films.isBehind ? words["stage.behind"] : ""].filter(Boolean).join(" ");
  const row = rowOf(box, Boolean(text));
  const line = row && find(row, "kernel");
  if (!row || line?.textContent === text) return;
  row.hidden = !text;
  row.classList.toggle("bppviz-is-gone", kernel.state === "gone");
  if (line) line.role = kernel.state === "gone" ? "alert" : "status";
  write(line, text);
  write(find(row, "hide"), words["control.hide"]);
}

/**
 * Return the row below the tabs, which is made when there is something to tell in it.
 * @param {HTMLElement} box
 * @param {boolean} isNeeded
 */
function rowOf(box, isNeeded) {
  const row = /** @type {HTMLElement | null} */ (box.querySelector(".bppviz-lost"));
  if (row || !isNeeded) return row;
  const made = document.createElement("div");
  made.className = "bppviz-lost";
  made.innerHTML = LOST;
  (find(box, "tabs") ?? find(box, "stage")).after(made);
  return made;
}

/**
 * Hide the row below the tabs, until there is something else to tell.
 * @param {View} view
 */
export function hideRow({ box, stage }) {
  find(box, "lost").hidden = true;
  stage.focus({ preventScroll: true });
}

/**
 * @param {Model} model
 * @param {Failures} failures
 * @returns {Said | undefined}
 */
function problemOf(model, failures) {
  if (model.get("problem")?.name) return model.get("problem");
  const [failure] = Object.entries(failures);
  return failure && { name: `failed_${failure[0]}`, error: failure[1] };
}

/**
 * @param {string} text
 * @param {Said | undefined} message
 */
const said = (text, message) => (message?.name ? fill(text, message) : "");
