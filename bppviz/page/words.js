// A step in words: its formula and sentence, its announcement, and the description of its picture.

import { all, fill, find, plain, put, write } from "./dom.js";
import { valueAt } from "./films.js";
import { endPulse } from "./marks.js";
import { placeShown } from "./walk.js";

/** @import { At, Film, Frame, Picture, View, Words } from "./types.js" */

const MOST_SAID = 60; // places in the picture's description
const ABREAST = 0.9; // how much smaller a formula may become to stand beside its numbers
export const SCROLLED = ".bppviz-scroll, .bppviz-formula, .bppviz-substituted"; // what can have the focus for that

/**
 * @param {View} view
 * @param {Film} film
 * @param {Frame} frame
 * @param {At} at
 */
export function speak({ model, stage, box }, film, frame, { walk, place }) {
  const lang = model.get("lang");
  const label = film.words[lang]["stage.label"];
  put(find(stage, "formula"), frame.formula);
  put(find(stage, "substituted"), frame.substituted);
  write(find(stage, "sentence"), frame.sentence[lang]);
  stage.setAttribute("aria-label", label.replace("{step}", String(place + 1)).replace("{steps}", String(walk.length)));
  // Where it stays as it is too, the browser would style all of the widget anew.
  if (stage.lang !== lang) stage.lang = box.lang = lang;
}

/**
 * Shrink a formula wider than the full screen, where it cannot be scrolled. If shrinking a little is enough, several
 * equations have their numbers beside them, which leaves the picture its height.
 * @param {HTMLElement} stage
 * @param {boolean} isFull
 */
export function squeeze(stage, isFull) {
  const words = find(stage, "words");
  const parts = [find(stage, "formula"), find(stage, "substituted")];
  /** @type {(part: HTMLElement, share: number) => void} */
  const set = (part, share) => {
    if (share < 1) part.style.setProperty("--bppviz-squeeze", String(share));
  };
  parts.forEach((part) => part.style.removeProperty("--bppviz-squeeze"));
  if (!isFull) return;
  if (words.querySelector("mtable")) {
    const { paddingLeft, paddingRight } = getComputedStyle(words);
    const room = 0.95 * (words.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)); // but for the gap
    const share = room / parts.reduce((sum, { scrollWidth }) => sum + scrollWidth, 0);
    if (share > ABREAST) parts.forEach((part) => set(part, share));
  }
  parts.forEach((part) => part.scrollWidth > part.clientWidth && set(part, part.clientWidth / part.scrollWidth));
}

/**
 * Announce each step once, when it is painted, as a full sentence with every symbol spelled out; while numbers
 * are dragged or trained its result keeps changing, and is announced when it has settled.
 * @param {View} view
 */
export function announcerOf({ model, stage, hold }) {
  let announced = "";
  return {
    /** Let the same step be announced again. */
    forget() {
      announced = find(stage, "spoken").textContent = "";
    },
    /**
     * @param {Film} film
     * @param {Frame} frame
     * @param {At} at
     */
    announce(film, frame, { walk, place }) {
      const lang = model.get("lang");
      const words = film.words[lang];
      const phase = words[`phase.${frame.phase}`];
      const blanks = { place: place + 1, steps: walk.length, phase, ...frame.spoken[lang] };
      const now = placeShown(model);
      if (announced === now && (model.get("running") || (hold.slider && hold.down))) return;
      if (announced !== now) endPulse(find(stage, "marks"));
      announced = now;
      write(find(stage, "spoken"), fill(words["spoken.step"], blanks));
    },
  };
}

/**
 * Describe the picture: every known number, beginning with those that the previous picture does not have.
 * @param {Picture} shown
 * @param {Picture | null} before
 * @param {Words} words
 */
export function described(shown, before, words) {
  const had = new Set(before && numbers(before, words));
  const known = numbers(shown, words);
  const said = [...new Set([...known.filter((it) => !had.has(it)), ...known])];
  const [values, more] = [said.slice(0, MOST_SAID).join(words["list.semicolon"]), said.length - MOST_SAID];
  return plain(fill(words[more > 0 ? "stage.known_more" : "stage.known"], { values, more }));
}

/**
 * Return the hover texts, without the lines whose number is still to come.
 * @param {Picture} picture
 * @param {Words} words
 * @returns {string[]}
 */
function numbers({ patch, values }, words) {
  const texts = Object.values(patch.hovertext).reverse().flatMap((it) => valueAt(values, it));
  /** @param {string} text */
  const known = (text) => text.split("<br>").filter((line) => /[=→]/.test(line));
  return texts.map((text) => known(text).join(words["list.comma"])).filter(Boolean);
}

/**
 * Let the keys scroll what is wider than its place.
 * @param {HTMLElement} stage
 */
export function reach(stage) {
  for (const part of all(stage, SCROLLED)) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
  }
}
