// Labels and states of the controls. They are ipywidgets, but their texts do not wait for the kernel.

import { all, classAfter, placeOf, put, write } from "./dom.js";
import { MOVES } from "./walk.js";

/** @import { At, Chosen, Film, Model, Words } from "./types.js" */
/** @typedef {{ playing: boolean, presenting: boolean, training: boolean }} States */

// The buttons that act in the page alone.
export const BUTTONS = [...Object.keys(MOVES), "play", "by-phase", "again", "present", "help"];
export const PANELS = ["predict", "weights", "training", "table", "why", "check"];
/** @type {Record<string, string>} */
const TRAITS = { language: "lang" }; // the controls whose trait has another name
/** @type {Record<string, string>} */
const PHASES = { loss: "muted" }; // the phases that have no colour of their own name

/** @param {string} name */
export const traitOf = (name) => /** @type {Chosen} */ (TRAITS[name] ?? name);

/**
 * @param {HTMLElement} box
 * @param {Model} model
 * @param {Film} film
 * @param {States} states
 */
export function label(box, model, film, { playing, presenting, training }) {
  const words = film.words[model.get("lang")];
  /** @type {Record<string, string>} */
  const says = {
    play: playing ? "pause" : "play",
    run: training ? "stop" : "run",
    present: presenting ? "leave" : "present",
    check: model.get("quiz").is_asked ? "check" : "go-on",
  };
  for (const name of film.controls) {
    const [text, hint] = [words[`control.${says[name] ?? name}`], words[`hint.${name}`] ?? ""];
    for (const part of all(box, `.bppviz-${name}`)) {
      if (part.matches("button")) labelButton(part, text, hint);
      else labelField(part, text, hint);
    }
  }
  labelChoices(box, model, film);
  labelSliders(box, model, film);
}

/**
 * @param {HTMLElement} button
 * @param {string} text
 * @param {string} hint
 */
function labelButton(button, text, hint) {
  write(button, text);
  button.title = hint;
  button.setAttribute("aria-label", text.replace(/[^\p{L}\p{N} ]/gu, "").trim() || hint); // a name is no arrows
  const isPressed = button.matches(".mod-active");
  if (button.matches(".widget-toggle-button")) button.setAttribute("aria-pressed", String(isPressed));
}

/**
 * @param {HTMLElement} control
 * @param {string} text
 * @param {string} hint
 */
function labelField(control, text, hint) {
  write(control.querySelector(".widget-label, .widget-label-basic span"), text);
  const fields = control.matches("input") ? [control] : all(control, ".noUi-handle, .widget-readout, select, input");
  for (const field of fields) {
    field.setAttribute("aria-label", text);
    if (field.isContentEditable) field.role = "textbox";
    if (hint) field.title = hint;
  }
}

/**
 * @param {HTMLElement} box
 * @param {Model} model
 * @param {Film} film
 */
function labelChoices(box, model, film) {
  const words = film.words[model.get("lang")];
  for (const [name, choices] of Object.entries(film.choices)) {
    const select = /** @type {HTMLSelectElement | null} */ (box.querySelector(`.bppviz-${name} select`));
    if (!select) continue;
    choices.forEach(({ value, word, only_said }, i) => {
      if (word) write(select.options[i], words[word]);
      select.options[i].disabled = Boolean(only_said);
      if (value === model.get(traitOf(name))) select.selectedIndex = i;
    });
  }
}

/**
 * Name sliders and fields after their labels, and groups of them after the picture's columns.
 * @param {HTMLElement} box
 * @param {Model} model
 * @param {Film} film
 */
function labelSliders(box, model, film) {
  const captions = film.captions[model.get("lang")];
  for (const group of all(box, ".bppviz-group")) {
    group.dataset.title = captions[Number(classAfter(group, "bppviz-layer-"))]?.replace(/<br>/g, " · ") ?? "";
  }
  for (const control of all(box, ".bppviz-slider, .bppviz-exact")) {
    const slider = control.matches(".bppviz-slider") ? control : control.previousElementSibling;
    const symbol = slider?.querySelector(".widget-label")?.textContent ?? "";
    if (control === slider) control.title = symbol; // a field tells its number, too
    control.querySelector(".noUi-handle, input")?.setAttribute("aria-label", symbol);
    control.classList.toggle("bppviz-chosen", placeOf(control) === model.get("selected"));
  }
}

/**
 * Mark the open panels, and whether playing stops after each phase.
 * @param {HTMLElement} box
 * @param {Model} model
 */
export function showOpen(box, model) {
  box.querySelector(".bppviz-by-phase")?.setAttribute("aria-pressed", String(model.get("by_phase")));
  for (const panel of PANELS) {
    const open = model.get("panels").includes(panel);
    box.classList.toggle(`bppviz-has-${panel}`, open);
    box.querySelector(`.bppviz-show-${panel}`)?.setAttribute("aria-expanded", String(open));
  }
}

/**
 * @param {HTMLElement} box
 * @param {Film} film
 * @param {Words} words
 * @param {At} at
 */
export function count(box, film, words, { walk, place }) {
  const counter = box.querySelector(".bppviz-counter");
  if (!counter) return;
  const phases = film.spans.map(([phase]) => {
    const current = phase === walk[place].phase ? ' aria-current="step"' : "";
    return `<span class="bppviz-phase-${phase}"${current}>${words[`phase.${phase}`]}</span>`;
  });
  put(counter, `<b>${place + 1} / ${walk.length}</b> ${phases.join(" › ")}`);
}

/**
 * Set the theme as CSS variables, and colour the scrubber by phase.
 * @param {HTMLElement} box
 * @param {Film} film
 * @param {string} theme
 */
export function dress(box, film, theme) {
  const stops = film.spans.map(([phase, from, to]) => `var(--bppviz-${PHASES[phase] ?? phase}) ${from}% ${to}%`);
  box.style.setProperty("--bppviz-track", `linear-gradient(to right, ${stops.join(", ")})`);
  if (box.dataset.theme === theme) return;
  for (const [part, colour] of Object.entries(film.palettes[theme])) box.style.setProperty(part.slice(4, -1), colour);
  box.dataset.theme = theme;
}
