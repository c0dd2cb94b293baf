// What is told beside the picture without waiting for it: names, colours, questions, problems, and the progress of a
// training.

import { dress, label } from "./controls.js";
import { fill, find, write } from "./dom.js";
import { withhold } from "./kernel.js";
import { isAsking, showQuiz } from "./quiz.js";
import { themeOf } from "./screen.js";

/** @import { Film, Model, Said, View, Words } from "./types.js" */
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
  const training = Boolean(model.get("running")) && kernel.state !== "gone";
  label(box, model, film, { playing: play.playing, presenting: screen.is(), training });
  withhold(box, kernel.state === "gone", words["stage.needs_kernel"]);
  box.style.setProperty("--bppviz-size", String(model.get("text_size")));
  for (const [part, it] of [["scroll", "picture"], ["formula", "formula"], ["substituted", "substituted"]]) {
    find(stage, part).setAttribute("aria-label", words[`stage.${it}`]);
  }
  tellStates(view, words, failures);
  write(box.querySelector(".bppviz-choose"), words["stage.choose"]);
  showQuiz(find(stage, "quiz"), model, words);
  const asked = isAsking(model) ? (model.get("quiz").asked_steps ?? []).join(" ") : "";
  if (asked && stage.dataset.asked !== asked) stage.dataset.asked = asked;
  if (!asked) delete stage.dataset.asked;
}

/**
 * Tell the state of the kernel, what went wrong, and how far a training is.
 * @param {View} view
 * @param {Words} words
 * @param {Failures} failures
 */
function tellStates({ box, films, kernel, model, stage }, words, failures) {
  const missing = kernel.state === "here" ? "" : words[`stage.${kernel.state}`];
  write(find(stage, "kernel"), [missing, films.isBehind ? words["stage.behind"] : ""].filter(Boolean).join(" "));
  const failure = problemOf(model, failures);
  const problem = said(words[`problem.${failure?.name}`], failure);
  write(find(stage, "problem"), problem);
  const [first, second] = (model.get("notices") ?? []).map((it) => said(words[`notice.${it.name}`], it));
  write(find(stage, "notice"), second === undefined ? first ?? "" : fill(words["list.sentences"], { first, second }));
  // Beside the button that trains, too: the picture may be out of sight there.
  const line = box.querySelector(".bppviz-progress");
  const progress = model.get("progress");
  const wrong = problem || (kernel.state === "gone" && missing);
  write(line, wrong || said(words[`progress.${progress?.name}`], progress));
  line?.classList.toggle("bppviz-is-problem", Boolean(wrong));
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
