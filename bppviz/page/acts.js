// What a learner can do in the page alone, with buttons, lists and keys.

import { BUTTONS, SEGMENTS, traitOf } from "./controls.js";
import { all, classAfter, find, targetOf } from "./dom.js";
import { askFirst, isRefused, isUnfilled, needsKernel, refuse } from "./kernel.js";
import { POPS } from "./pops.js";
import { report } from "./signals.js";
import { hideRow } from "./status.js";
import { go, locate, MOVES } from "./walk.js";

/** @import { Cover, Film, Model, Traits, View } from "./types.js" */
/** @typedef {Record<string, () => unknown>} Acts */

const IN_PAGE = "dialog, .bppviz-code, .bppviz-code-acts, .bppviz-panel-matrices .bppviz-choices"; // the buttons in these need no kernel
const QUESTIONS = ".bppviz-quiz, .bppviz-panel-predict"; // the buttons in these
const OPENS = "show-"; // what an act begins with that opens something, or closes it
const TEXT_SIZES = [0.8, 1, 1.25, 1.5, 1.8]; // of the text, by what it is at first

/**
 * Return what does an act by its name.
 * @param {View} view
 * @param {Acts} own - what needs more of the view than its model
 */
export function actsOf(view, own) {
  const { model, play } = view;
  const spotlight = () => change(model, "spotlight", !model.get("spotlight"));
  /** @type {Acts} */
  const acts = {
    ...Object.fromEntries(Object.keys(MOVES).map((name) => [name, () => move(view, name)])),
    ...own,
    play: () => play.toggle(),
    coarser: () => choose(view, "granularity", -1),
    finer: () => choose(view, "granularity", 1),
    language: () => choose(view, "language", 1, true),
    larger: () => resize(model, 1),
    smaller: () => resize(model, -1),
    spotlight,
    spot: spotlight, // its button in the drawer
    close: () => closePanel(view),
    hide: () => hideRow(view),
    undo: () => view.kernel.send({ kind: "undo" }),
    redo: () => view.kernel.send({ kind: "redo" }),
    escape: () => leaveField(view) || view.pops.close() || view.grip.letGo() || closePanel(view) || view.screen.end(),
  };
  /** @param {string} name */
  return (name) => (name.startsWith(OPENS) ? open(view, name.slice(OPENS.length)) : acts[name]());
}

/**
 * Open a popover or panel, or close it.
 * @param {View} view
 * @param {string} name
 */
function open(view, name) {
  if (POPS.includes(name)) view.pops.toggle(name);
  else if (find(view.box, `show-${name}`)) togglePanel(view, name); // a saved page has few panels
}

/**
 * Take the focus out of a field for a number. Tells whether it was in one.
 * @param {View} view
 */
function leaveField({ box, stage }) {
  const field = document.activeElement;
  if (!field?.matches(".bppviz-exact input") || !box.contains(field)) return false;
  stage.focus({ preventScroll: true });
  return true;
}

/**
 * Close the open panel, and give its tab the focus if the panel had it. Tells whether one was open.
 * @param {View} view
 */
function closePanel({ box, model }) {
  const panel = model.get("panel");
  if (!panel) return false;
  const hadFocus = find(box, `panel-${panel}`)?.contains(document.activeElement);
  change(model, "panel", "");
  if (hadFocus) find(box, `show-${panel}`)?.focus({ preventScroll: true });
  return true;
}

/**
 * @param {View} view
 * @param {string} name
 */
async function move({ films, model, play }, name) {
  play.stop();
  const film = await films.film;
  const { walk, place } = locate(model, film);
  go(model, film, MOVES[name](place, walk));
}

/**
 * @template {keyof Traits} K
 * @param {Model} model
 * @param {K} name
 * @param {Traits[K]} value
 */
function change(model, name, value) {
  model.set(name, value);
  model.save_changes();
}

/**
 * Choose the option `by` places after the present one; `round` goes on from the last to the first.
 * @param {View} view
 * @param {string} name
 * @param {number} by
 */
async function choose(view, name, by, round = false) {
  const film = await view.films.film;
  const values = film.choices[name].map(({ value }) => value);
  const now = values.indexOf(view.model.get(traitOf(name))) + by;
  const next = values[round ? now % values.length : now];
  if (next !== undefined) take(view, film, name, next);
}

/**
 * @param {View} view
 * @param {Film} film
 * @param {string} name
 * @param {any} value
 */
function take(view, film, name, value) {
  if (name === "granularity") return regrain(view, film, value);
  const { kernel, model } = view;
  const trait = traitOf(name);
  const before = model.get(trait);
  model.set(trait, value);
  if (needsKernel(name)) kernel.send(undefined, () => model.set(trait, before));
  model.save_changes();
}

/**
 * Change to a walk with larger or smaller steps. Until the learner moves, changing back returns to the same place.
 * @param {View} view
 * @param {Film} film
 * @param {string} value
 */
function regrain({ came, model }, film, value) {
  const from = came.from ?? { partial: model.get("partial"), step: model.get("step") };
  model.set("granularity", value);
  model.set("partial", from.partial);
  model.set("step", from.step);
  go(model, film, locate(model, film).place);
  came.from = from;
}

/**
 * @param {Model} model
 * @param {number} by
 */
function resize(model, by) {
  const size = TEXT_SIZES[TEXT_SIZES.indexOf(model.get("text_size")) + by];
  if (size) change(model, "text_size", size);
}

/**
 * @param {View} view
 * @param {string} panel
 */
function togglePanel(view, panel) {
  const { box, examiner, kernel, model } = view;
  const open = model.get("panel");
  if (open !== panel && isRefused(find(box, `show-${panel}`))) return;
  const isEmpty = (panel === "predict" && !examiner.isHere) || isUnfilled(box, panel);
  // What the kernel does not fill is closed again, unless something else is open by then.
  if (isEmpty) kernel.send(undefined, () => model.get("panel") === panel && model.set("panel", open));
  if (isEmpty && kernel.state === "gone" && !(panel === "predict" && examiner.canAsk)) return;
  view.pops.close();
  change(model, "panel", open === panel ? "" : panel);
}

/**
 * Do an act, and report an error in the page.
 * @param {HTMLElement} box
 * @param {() => any} act
 */
export function attempt(box, act) {
  /** @param {any} error */
  const failed = (error) => report(box, "change", error);
  failed(null);
  try {
    act()?.catch?.(failed);
  } catch (error) {
    failed(error);
  }
}

/**
 * @param {View} view
 * @param {(name: string) => void} act
 * @param {Cover} cover
 * @param {ReturnType<typeof import("./dom.js").hearing>} hear
 */
export function hearClicks(view, act, cover, hear) {
  hear(view.box, ["mousedown", "click", "keydown"], refuse, true);
  hear(view.box, ["click"], (event) => onClick(view, act, cover, event), true);
  hear(view.box, ["change"], (event) => onChoice(view, event));
}

/**
 * @param {View} view
 * @param {(name: string) => void} act
 * @param {Cover} cover
 * @param {MouseEvent} event
 */
function onClick(view, act, cover, event) {
  if (cover.isBlank()) {
    event.stopPropagation();
    return cover.lift();
  }
  const button = targetOf(event).closest("button");
  const opens = classAfter(button, `bppviz-${OPENS}`);
  const name = opens ? OPENS + opens : BUTTONS.find((it) => button?.closest(`.bppviz-${it}`));
  const isSegment = SEGMENTS.some((it) => button?.closest(`.bppviz-${it}`));
  if (name || isSegment) event.stopPropagation(); // it would tell the kernel, and complain where there is none
  if (name) act(name);
  else if (button && isSegment) void takeChosen(view, button, (buttons) => buttons.indexOf(button));
  else if (button && !button.closest(view.examiner.isHere ? `${IN_PAGE}, ${QUESTIONS}` : IN_PAGE)) askFirst(view.kernel, event);
}

/**
 * @param {View} view
 * @param {Event} event
 */
function onChoice(view, event) {
  const target = targetOf(event);
  const box = /** @type {HTMLInputElement | null} */ (target.closest(".bppviz-by-phase input"));
  if (box) change(view.model, "by_phase", box.checked);
  else if (target instanceof HTMLSelectElement) void takeChosen(view, target, () => target.selectedIndex);
}

/**
 * Take what was chosen with a control, if it is one of those that choose.
 * @param {View} view
 * @param {HTMLElement} part - of the control
 * @param {(buttons: HTMLElement[]) => number} placeAmong - which of its choices it was
 */
async function takeChosen(view, part, placeAmong) {
  const film = await view.films.film;
  for (const [name, choices] of Object.entries(film.choices)) {
    const control = part.closest(`.bppviz-${name}`);
    if (control) take(view, film, name, choices[placeAmong(all(control, "button"))].value);
  }
}
