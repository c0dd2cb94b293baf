// Labels and states of the controls. They are ipywidgets, but their texts do not wait for the kernel.

import { all, classAfter, fill, placeOf, put, vary, write } from "./dom.js";
import { tellNumbers } from "./spin.js";
import { standing } from "./stops.js";
import { MOVES } from "./walk.js";

/** @import { At, Choice, Chosen, Film, Model, Words } from "./types.js" */
/** @typedef {{ playing: boolean, presenting: boolean, training: boolean }} States */

// The buttons that act in the page alone.
export const BUTTONS = [...Object.keys(MOVES), "play", "again", "present", "help"];
BUTTONS.push("smaller", "larger", "close", "spot", "hide");
export const SEGMENTS = ["granularity", "view", "theme", "language", "spotlight"]; // so does choosing one of these
const TITLED = ["table", "matrices", "why", "code"]; // the panels whose head always says the same
const LEAST_NAME = 3; // letters of a name that can be read out; a shorter one is a sign, and its hint is read
/** @type {Record<string, string>} */
const TRAITS = { language: "lang" }; // the controls whose trait has another name
/** @type {Record<string, string>} */
const PHASES = { loss: "ink" }; // the phases that have no colour of their own name

/** @param {string} name */
export const traitOf = (name) => /** @type {Chosen} */ (TRAITS[name] ?? name);

/** The panels that there are: a saved page has few. @param {HTMLElement} box */
const panelsOf = (box) => all(box, ".bppviz-panel").map((it) => classAfter(it, "bppviz-panel-"));

/**
 * @param {HTMLElement} box
 * @param {Model} model
 * @param {Film} film
 * @param {States} states
 */
export function label(box, model, film, { playing, presenting, training }) {
  const [quiz, words] = [model.get("quiz"), film.words[model.get("lang")]];
  /** @type {Record<string, string>} */
  const says = {
    play: playing ? "pause" : "play",
    run: training ? "stop" : "run",
    present: presenting ? "leave" : "present",
    check: quiz.is_asked ? "check" : quiz.is_over ? "round" : "go-on",
  };
  for (const name of film.controls.filter((it) => it !== "show-steps")) {
    const [text, hint] = [words[`control.${says[name] ?? name}`], words[`hint.${name}`] ?? ""];
    for (const part of all(box, `.bppviz-${name}`)) {
      if (part.matches("button")) labelButton(part, text, hint);
      else labelField(part, text, hint);
    }
  }
  labelChoices(box, model, film);
  labelSliders(box, model, film);
  labelPanel(box, model, words);
}

/**
 * @param {HTMLElement} button
 * @param {string} text
 * @param {string} hint
 */
function labelButton(button, text, hint) {
  write(button, text);
  hintAt(button, hint);
  const name = text.replace(/[^\p{L}\p{N} ]/gu, "").trim(); // a name is no arrows
  const isSign = name.length < LEAST_NAME && /^[ -~−+]*$/.test(text);
  button.setAttribute("aria-label", name && !isSign ? name : hint);
}

/**
 * Say what a button does, or why it does nothing now.
 * @param {HTMLElement} button
 * @param {string} hint
 */
function hintAt(button, hint) {
  button.title = button.ariaDescription ?? hint;
}

/**
 * @param {HTMLElement} control
 * @param {string} text
 * @param {string} hint
 */
function labelField(control, text, hint) {
  write(control.querySelector(".widget-label, .widget-label-basic span"), text);
  if (control.matches(".widget-toggle-buttons")) {
    control.role = "group";
    control.setAttribute("aria-label", text);
  }
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
    const chosen = choices.findIndex(({ value }) => value === model.get(traitOf(name)));
    for (const select of all(box, `.bppviz-${name} select`)) {
      labelOptions(/** @type {HTMLSelectElement} */ (select), choices, chosen, words);
    }
    all(box, `.bppviz-${name} button`).forEach((button, i) => {
      const { word } = choices[i] ?? {};
      if (word) write(button, words[word]);
      hintAt(button, ""); // its word says all
      button.classList.toggle("mod-active", i === chosen);
      button.setAttribute("aria-pressed", String(i === chosen));
    });
  }
  const byPhase = /** @type {HTMLInputElement | null} */ (box.querySelector(".bppviz-by-phase input"));
  if (byPhase) byPhase.checked = model.get("by_phase");
}

/**
 * @param {HTMLSelectElement} select
 * @param {Choice[]} choices
 * @param {number} chosen
 * @param {Words} words
 */
function labelOptions(select, choices, chosen, words) {
  choices.forEach(({ word, only_said }, i) => {
    if (word) write(select.options[i], words[word]);
    select.options[i].disabled = Boolean(only_said);
  });
  if (chosen >= 0) select.selectedIndex = chosen;
}

/**
 * Write the heads of the panels, and what has no control of its own.
 * @param {HTMLElement} box
 * @param {Model} model
 * @param {Words} words
 */
function labelPanel(box, model, words) {
  for (const panel of TITLED) write(box.querySelector(`.bppviz-title-${panel}`), words[`panel.${panel}`]);
  const sizes = /** @type {HTMLElement | null} */ (box.querySelector(".bppviz-sizes"));
  if (sizes) sizes.dataset.title = words["control.text-size"];
  write(box.querySelector(".bppviz-text-size"), `${Math.round(100 * model.get("text_size"))} %`);
}

/**
 * Name sliders and fields after their labels, and groups of them after the picture's columns.
 * @param {HTMLElement} box
 * @param {Model} model
 * @param {Film} film
 */
function labelSliders(box, model, film) {
  const lang = model.get("lang");
  const [captions, words] = [film.captions[lang], film.words[lang]];
  const groups = all(box, ".bppviz-group");
  /** @param {HTMLElement} group */
  const caption = (group) => captions[Number(classAfter(group, "bppviz-layer-"))]?.replace(/<br>/g, " · ") ?? "";
  for (const group of groups) group.dataset.title = caption(group);
  const [first, ...others] = groups.filter((it) => it.closest(".bppviz-of-sample"));
  for (const other of others) [first.dataset.title, other.dataset.title] = [`${caption(first)} · ${words["picture.target"]}`, ""];
  const selected = model.get("selected") || placeOf(box.querySelector(".bppviz-weight"));
  for (const control of all(box, ".bppviz-slider, .bppviz-exact")) {
    const slider = control.matches(".bppviz-slider") ? control : control.previousElementSibling;
    const symbol = slider?.querySelector(".widget-label")?.textContent ?? "";
    if (control === slider) control.title = symbol; // a field tells its number, too
    control.querySelector(".noUi-handle, input")?.setAttribute("aria-label", symbol);
    control.classList.toggle("bppviz-chosen", placeOf(control) === selected);
  }
  tellNumbers(box);
}

/**
 * Show the panel that is open.
 * @param {HTMLElement} box
 * @param {Model} model
 */
export function showOpen(box, model) {
  const open = model.get("panel");
  box.classList.toggle("bppviz-is-open", Boolean(open));
  for (const panel of panelsOf(box)) {
    box.classList.toggle(`bppviz-has-${panel}`, panel === open);
    box.querySelector(`.bppviz-show-${panel}`)?.setAttribute("aria-expanded", String(panel === open));
  }
}

/**
 * @param {HTMLElement} box
 * @param {Film} film
 * @param {Words} words
 * @param {At} at
 */
export function count(box, film, words, at) {
  const { walk, place } = at;
  const phases = film.spans.map(([phase, from, to]) => {
    const current = phase === walk[place].phase ? ' aria-current="step"' : "";
    const text = phase === "loss" ? "l" : words[`phase.${phase}`];
    return `<span class="bppviz-phase-${phase}"${current} style="flex-grow:${to - from}">${text}</span>`;
  });
  const labels = box.querySelector(".bppviz-phases");
  if (labels) put(labels, phases.join(""));
  const counter = box.querySelector(".bppviz-show-steps");
  const told = fill(words["control.show-steps"], { place: `<b>${place + 1}</b>`, steps: walk.length });
  if (counter) put(counter, `<span class="bppviz-counter">${told}</span>`);
  for (const handle of all(box, ".bppviz-scrub .noUi-handle, input.bppviz-scrub")) {
    handle.setAttribute("aria-valuetext", standing(words, at));
  }
  stopAtEnds(box, words, at);
}

/**
 * Say of the moves that lead nowhere why they do not.
 * @param {HTMLElement} box
 * @param {Words} words
 * @param {At} at
 */
function stopAtEnds(box, words, { walk, place }) {
  const ends = { first: place === 0, back: place === 0, next: place === walk.length - 1 };
  for (const [name, isOver] of Object.entries(ends)) {
    const button = /** @type {HTMLElement | null} */ (box.querySelector(`.bppviz-${name}`));
    if (!button) continue;
    button.ariaDisabled = isOver ? "true" : null;
    button.ariaDescription = isOver ? words[name === "next" ? "outline.end" : "outline.start"] : null;
    hintAt(button, words[`hint.${name}`]);
  }
}

/**
 * Set the theme as CSS variables, and colour the scrubber by phase.
 * @param {HTMLElement} box
 * @param {Film} film
 * @param {string} theme
 */
export function dress(box, film, theme) {
  const stops = film.spans.map(([phase, from, to]) => `var(--bppviz-${PHASES[phase] ?? phase}) ${from}% ${to}%`);
  const gaps = film.gaps.map((at) => `transparent ${at}%, var(--bppviz-background) ${at}% calc(${at}% + 2px), transparent 0`);
  const layers = [...(gaps.length ? [gaps] : []), stops].map((it) => `linear-gradient(to right, ${it.join(", ")})`);
  vary(box, "--bppviz-track", layers.join(", "));
  if (box.dataset.theme === theme) return;
  for (const [part, colour] of Object.entries(film.palettes[theme])) box.style.setProperty(part.slice(4, -1), colour);
  box.dataset.theme = theme;
}
