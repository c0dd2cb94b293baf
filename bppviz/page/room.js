// How much of the page is in sight around a widget, and what is left of it for a panel.

import { all, find } from "./dom.js";

const BESIDE = 120; // pixels that a page takes for itself, where nothing but the page scrolls; a saved page takes none
const BELOW = 8; // pixels between the panel and the end of the widget
const WIDE = 1200; // from which width on a panel stands beside the picture
const NARROW = 700; // up to which width a sentence has more lines, and formula and numbers have one each
const [SHORT, SHORT_WHERE_NARROW] = [700, 780]; // below which height there is no room for a sentence above a panel

/**
 * Return the place in which the widget is scrolled, if it is not the page.
 * @param {HTMLElement} box
 */
function scrollerOf(box) {
  for (let it = box.parentElement; it && it !== document.body; it = it.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(it).overflowY) && it.scrollHeight > it.clientHeight) return it;
  }
  return null;
}

/**
 * Return the height of that place.
 * @param {HTMLElement} box
 */
export function roomOf(box) {
  const isPage = box.parentElement === document.body;
  return scrollerOf(box)?.clientHeight ?? globalThis.innerHeight - (isPage ? 0 : BESIDE);
}

/**
 * Tell the style sheet how much is in sight below the transport, for what opens there.
 * @param {HTMLElement} box
 */
export function layBelow(box) {
  const bottom = scrollerOf(box)?.getBoundingClientRect().bottom ?? globalThis.innerHeight;
  const below = bottom - find(box, "transport").getBoundingClientRect().bottom;
  box.style.setProperty("--bppviz-below", `${Math.floor(below)}px`);
}

/** @param {HTMLElement} box */
export const isWide = (box) => box.clientWidth >= WIDE;

/**
 * Let the open panel be as high as it can be with all above it in sight.
 * @param {HTMLElement} box
 */
export function layPanel(box) {
  const room = roomOf(box);
  const above = isWide(box) ? [find(box, "transport")] : all(box, ".bppviz-tabs, .bppviz-lost");
  const taken = Math.max(0, ...above.map((it) => (it ? it.offsetTop + it.offsetHeight : 0)));
  // Not as a variable of the whole widget, all of which would be styled anew: a formula may be higher at each step.
  for (const panel of all(box, ".bppviz-panel")) panel.style.maxHeight = `max(var(--bppviz-least, 160px), ${room - taken - BELOW}px)`;
  box.classList.toggle("bppviz-is-short", room < (box.clientWidth < NARROW ? SHORT_WHERE_NARROW : SHORT));
}
