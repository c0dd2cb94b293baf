// A walk among the frames of a film: where the model stands in it, where it can go, and how it is played.

/** @import { At, Came, Film, Model, Player, Traits } from "./types.js" */

const PAUSE = 1400; // milliseconds between two steps at speed 1
/** @type {Record<string, (place: number, walk: At["walk"]) => number>} */
export const MOVES = {
  first: () => 0,
  back: (place) => place - 1,
  next: (place) => place + 1,
  last: (_, walk) => walk.length - 1,
};
/** @type {(keyof Traits)[]} */
const PLACE = ["granularity", "step", "partial", "lang", "panel"]; // what says which stop is shown, and how
export const WHOLE = { step: -1, back: 0 };

/**
 * Find the stop of the model: its walk, and the place in it. `back` in `partial` counts the terms missing from a sum.
 * @param {Model} model
 * @param {Film} film
 * @returns {At}
 */
export function locate(model, film) {
  const granularity = model.get("granularity");
  const walk = film.walks[granularity] ?? Object.values(film.walks).at(-1);
  const step = model.get("step");
  let place = walk.findIndex((it) => it.whole && it.step >= step && !it.to_come?.includes(step));
  if (place < 0) place = walk.length - 1;
  const { step: at, back } = model.get("partial");
  if (at === step && walk[place - back] && !walk[place - back].whole) place -= back;
  return { granularity, step, walk, place };
}

/**
 * @param {Model} model
 * @param {Film} film
 * @param {number} place
 */
export function go(model, film, place) {
  const { walk } = locate(model, film);
  place = Math.max(0, Math.min(walk.length - 1, place));
  const { step } = walk[place];
  let back = 0;
  while (!walk[place + back].whole) back += 1;
  model.set("partial", { step, back });
  model.set("step", step);
  model.save_changes();
}

/**
 * Return a text that changes whenever another stop is shown, or the same one in another way.
 * @param {Model} model
 */
export const placeShown = (model) => PLACE.map((name) => JSON.stringify(model.get(name))).join();

/**
 * Show a step whole when it is reached from elsewhere, and notice that the walk has moved.
 * @param {Model} model
 * @param {Came} came
 */
export function followSteps(model, came) {
  model.on("change:step", () => {
    if (model.get("partial").step !== model.get("step")) model.set("partial", WHOLE);
  });
  for (const name of ["step", "partial"]) model.on(`change:${name}`, () => (came.from = null));
}

/**
 * Play the walk. Playing belongs to the model, so that two views are not twice as fast; without a view it stops.
 * @param {Model} model
 * @param {() => Promise<Film>} film
 * @returns {Player}
 */
export function playerOf(model, film) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let playing = false;
  /** @type {Set<() => void>} */
  const views = new Set();
  /** @param {boolean} value */
  const set = (value) => {
    playing = value;
    clearTimeout(timer);
    views.forEach((repaint) => repaint());
  };
  const later = (share = 1) => {
    clearTimeout(timer);
    timer = setTimeout(() => tick().catch(() => set(false)), (share * PAUSE) / model.get("speed"));
  };
  const tick = async () => {
    const it = await film();
    const { walk, place } = locate(model, it);
    if (!playing) return;
    if (views.size === 0 || place >= walk.length - 1) return set(false);
    go(model, it, place + 1);
    if (model.get("by_phase") && walk[place + 1].phase !== walk[place + 2]?.phase) return set(false);
    later();
  };
  return {
    get playing() {
      return playing;
    },
    stop: () => playing && set(false),
    async toggle() {
      if (playing) return set(false);
      const it = await film();
      const { walk, place } = locate(model, it);
      if (place >= walk.length - 1) go(model, it, 0);
      set(true);
      later(0.5);
    },
    enter(repaint) {
      views.add(repaint);
      return () => {
        views.delete(repaint);
        if (views.size === 0) set(false);
      };
    },
  };
}
