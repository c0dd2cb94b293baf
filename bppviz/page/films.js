// The film that Python packed, and the frame that is newer than it: unpacked once for all views of a model.

import { unpacked } from "./unpack.js";

/** @import { Bytes, Film, Films, Frame, Model } from "./types.js" */

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
    return it && Object.assign(withFrames(it), { version: own });
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

  function loadFresh() {
    version += 1;
    films.fresh = unpackedNow(model.get("fresh"), version);
    films.isBehind = false;
  }

  /** @type {Films} */
  const films = {
    film: /** @type {Promise<any>} */ (Promise.resolve(null)),
    fresh: Promise.resolve(null),
    isBehind: false,
    goBack(isBehind = true) {
      films.fresh = Promise.resolve(null);
      films.isBehind = isBehind;
    },
  };
  loadFilm();
  loadFresh();
  model.on("change:film", loadFilm);
  model.on("change:fresh", loadFresh);
  return films;
}

/** @param {Bytes | undefined} bytes */
const unpackedJson = async (bytes) => (bytes?.byteLength ? JSON.parse(await unpacked(bytes)) : null);

/**
 * Replace the indices in the walks of a film by its frames; a fresh frame has no walks.
 * @param {{ frames: Frame[], walks?: Record<string, any[]> }} film
 */
function withFrames(film) {
  for (const walk of Object.values(film.walks ?? {})) walk.forEach((it, i) => (walk[i] = film.frames[it]));
  return film;
}

/**
 * Return a value of the film: a long list may be stored as its difference from another one.
 * @param {any[]} values
 * @param {number} index
 * @returns {any}
 */
export function valueAt(values, index) {
  const value = values[index];
  if (value?.of === undefined) return value;
  const list = [...valueAt(values, value.of)];
  value.at.forEach((/** @type {number} */ place, /** @type {number} */ i) => (list[place] = value.put[i]));
  return list;
}
