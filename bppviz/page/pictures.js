// Turns frames into pictures for the canvas, in a theme and a language, and says which of them may be seen.

import { jsonPainted } from "./plotly.js";
import { isAsking } from "./quiz.js";
import { themeOf } from "./screen.js";
import { isSpotlit, litBy } from "./spotlight.js";

/** @import { At, Film, Frame, Fresh, Picture, View } from "./types.js" */

/**
 * Tell whether a frame that the page made belongs to a film: that of another view has other series.
 * @param {Fresh} fresh
 * @param {Film} film
 */
const isOfFilm = (fresh, film) => (fresh.film ?? film.version) === film.version;

/** @param {View} view */
export function picturesOf(view) {
  const { model } = view;
  // Texts from Python, each parsed once in the colours of a theme.
  const parsed = new Map();
  /**
   * @param {string} text
   * @param {string} theme
   * @param {Record<string, string>} palette
   */
  function inColours(text, theme, palette) {
    const key = `${theme} ${text}`;
    if (!parsed.has(key)) {
      if (parsed.size > 3) parsed.clear();
      parsed.set(key, jsonPainted(text, palette));
    }
    return parsed.get(key);
  }

  /**
   * @param {Film} film
   * @param {Pick<Fresh, "more" | "version" | "values">} source - whose version says which run of the network is shown
   * @param {number} place
   * @param {Frame} frame
   * @returns {Picture}
   */
  function pictureOf(film, { more, version, values }, place, frame) {
    const theme = themeOf(view);
    const palette = film.palettes[theme];
    const lit = isSpotlit(view) ? litBy(frame) : null;
    return {
      key: [model.get("lang"), model.get("granularity"), place, version].join(" "),
      theme: lit ? `${theme} spotlit` : theme,
      lit,
      palette,
      base: film.base,
      values: [...inColours(values, theme, palette), ...(more ? jsonPainted(more, palette) : [])],
      patch: frame.patch ?? {},
      headings: film.headings,
      captions: film.captions[model.get("lang")],
    };
  }

  /**
   * Return the picture to show, or null while it is still to come; with a fresh frame that one, if it belongs here.
   * @param {Film} film
   * @param {Fresh | null} fresh
   * @param {At} at
   */
  function wanted(film, fresh, { walk, place }) {
    if (fresh || isAsking(model)) {
      const isHere = fresh?.place === place && fresh.granularity === model.get("granularity");
      return isHere && isOfFilm(fresh, film) ? pictureOf(film, fresh, place, fresh.frame) : null;
    }
    return walk[place]?.patch ? pictureOf(film, film, place, walk[place]) : null;
  }

  return { pictureOf, wanted };
}
