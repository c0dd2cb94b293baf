// The film that Python packed, and the frame that is newer than it: unpacked once for all views of a model.

import { homePlace } from "./dom.js";
import { unpackedJson } from "./unpack.js";

/** @import { Bytes, Difference, Film, Films, Frame, Model, Patch } from "./types.js" */

const PIECED = ["formula", "substituted", "sentence", "spoken"]; // what a film has of a frame in pieces

/**
 * @param {Model} model
 * @returns {Films}
 */
export function filmsOf(model) {
  let version = 0;
  /** @type {((film: Promise<Film>) => void) | undefined} */
  let awaken; // resolves the film that views wait for, after the kernel had put it away
  /** @returns {Promise<any>} */
  const unpackedNow = async (/** @type {Bytes | undefined} */ bytes, /** @type {number} */ own) => {
    const it = await unpackedJson(bytes);
    films.bare = it?.without_bias ?? films.bare;
    return it && Object.assign(withFrames(whole(inView(it, model.get("view")))), { version: own });
  };

  function loadFilm() {
    version += 1;
    const bytes = model.get("film");
    if (!bytes?.byteLength) {
      films.film = new Promise((resolve) => (awaken = resolve));
      return;
    }
    films.film = unpackedNow(bytes, version);
    films.isBehind = false;
    awaken?.(films.film);
  }

  /** @returns {Promise<any>} */
  const freshNow = async (/** @type {Bytes | undefined} */ bytes, /** @type {Promise<Film>} */ film, /** @type {number} */ own) => {
    const it = await unpackedJson(bytes);
    return it && Object.assign(it.of_film ? ofFilm(it, await film) : withFrames(whole(it)), { version: own });
  };

  function loadFresh() {
    version += 1;
    films.fresh = freshNow(model.get("fresh"), films.film, version);
    films.isBehind = false;
  }

  /** @type {Films} */
  const films = {
    film: /** @type {Promise<any>} */ (Promise.resolve(null)),
    fresh: Promise.resolve(null),
    bare: [],
    isBehind: false,
    goBack(isBehind = true) {
      films.fresh = Promise.resolve(null);
      films.isBehind = isBehind;
    },
    show(fresh) {
      version += 1;
      films.fresh = Promise.resolve({ version, ...fresh });
    },
  };
  loadFilm();
  loadFresh();
  model.on("change:film", loadFilm);
  model.on("change:fresh", loadFresh);
  return films;
}

/**
 * Put what a view has of its own in its place: a page without a kernel has all of them, whose frames say the same.
 * @param {Pick<Film, "frames" | "views">} film
 * @param {string} view
 */
function inView(film, view) {
  const { patches, ...own } = film.views?.[view] ?? { patches: [] };
  patches.forEach((patch, i) => (film.frames[i].patch = patch));
  return Object.assign(film, own);
}

/**
 * Return a fresh frame whole, of which only what differs from the one in the film was sent.
 * @param {{ granularity: string, place: number, frame: any }} sent
 * @param {Film} film
 */
function ofFilm({ granularity, place, frame: { patch = {}, ...others } }, film) {
  const told = film.walks[granularity][place];
  const frame = renewed(told, others);
  return { granularity, place, film: film.version, values: film.values, ...patched(patch, told.patch ?? {}, frame) };
}

/**
 * Return something with other entries in place of some.
 * @param {any} before
 * @param {any} others
 * @returns {any}
 */
function renewed(before, others) {
  if (typeof others !== "object" || typeof before !== "object") return others;
  const entries = Object.entries(others).map(([name, it]) => [name, renewed(before[name], it)]);
  return { ...before, ...Object.fromEntries(entries) };
}

/**
 * Return a frame with a patch in which some values are other, and these, which it counts from their end.
 * @param {Record<string, Record<string, Difference | unknown>>} others
 * @param {Patch} told
 * @param {Frame} frame
 */
export function patched(others, told, frame) {
  const patch = structuredClone(told);
  /** @type {unknown[]} */
  const more = [];
  for (const [attribute, bySeries] of Object.entries(others)) {
    for (const [series, value] of Object.entries(bySeries)) {
      const isDifference = typeof value === "object" && value !== null && "put" in value;
      more.unshift(isDifference ? { ...value, of: told[attribute][series] } : value);
      patch[attribute][series] = -more.length;
    }
  }
  return { more: JSON.stringify(more), frame: { ...frame, patch } };
}

/**
 * Put the texts and patches of the frames together, of which a film has the pieces; a fresh frame has them whole. What
 * has colours in it becomes text again.
 * @param {any} film
 */
function whole(film) {
  const { texts, series } = film;
  /** @type {(told: any) => any} */
  const joined = (told) =>
    Array.isArray(told)
      ? told.map((it) => texts[it]).join("")
      : Object.fromEntries(Object.entries(told).map(([name, it]) => [name, joined(it)]));
  for (const frame of texts ? film.frames : []) {
    if (!frame.patch) continue;
    for (const name of PIECED) frame[name] = joined(frame[name]);
    /** @type {Patch} */
    const patch = {};
    for (const [i, [attribute, of]] of series.entries()) (patch[attribute] ??= {})[of] = frame.patch[i];
    frame.patch = patch;
  }
  for (const name of ["base", "values"]) film[name] &&= JSON.stringify(film[name]);
  return film;
}

/**
 * Replace the indices in the walks of a film by its frames, and tell where in the picture these have their places; a
 * fresh frame has no walks.
 * @param {{ frames: Frame[], frame?: Frame, walks?: Record<string, any[]> }} film
 */
function withFrames(film) {
  for (const frame of film.frames ?? [film.frame]) house(frame);
  for (const walk of Object.values(film.walks ?? {})) walk.forEach((it, i) => (walk[i] = film.frames[it]));
  return film;
}

/**
 * Keep the exact places of a frame, which tell a gradient from its weight, and put those of the picture in their place.
 * @param {Frame} frame
 */
export function house(frame) {
  if (!frame?.from) return;
  Object.assign(frame, { used: frame.from, found: frame.to });
  for (const way of /** @type {const} */ (["from", "to"])) frame[way] = [...new Set(frame[way].map(homePlace))];
}

/**
 * Return a value of the film: a long list may be stored as its difference from another one.
 * @param {any[]} values
 * @param {number} index - below 0 from their end
 * @returns {any}
 */
export function valueAt(values, index) {
  let value = values.at(index);
  /** @type {Difference[]} */
  const changes = [];
  for (; value?.of !== undefined; value = values.at(value.of)) changes.unshift(value);
  if (!changes.length) return value;
  const list = [...value];
  for (const { at, put } of changes) at.forEach((place, i) => (list[place] = put[i]));
  return list;
}
