// How much of the page is in sight around a widget, and what is left of it for a panel.

import { all, find } from "./dom.js";

const BESIDE = 120; // pixels that a page takes for itself, where nothing but the page scrolls
const BELOW = 8; // pixels between the panel and the end of the widget
const WIDE = 1200; // from which width on a panel stands beside the picture

/**
 * Return the height of the place in which the widget is scrolled.
 * @param {HTMLElement} box
 */
export function roomOf(box) {
  for (let it = box.parentElement; it && it !== document.body; it = it.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(it).overflowY) && it.scrollHeight > it.clientHeight) return it.clientHeight;
  }
  return globalThis.innerHeight - BESIDE;
}

/** @param {HTMLElement} box */
export const isWide = (box) => box.clientWidth >= WIDE;

/**
 * Tell the style sheet how high the open panel can be, so that it and all above it are in sight.
 * @param {HTMLElement} box
 */
export function layPanel(box) {
  const room = roomOf(box);
  const above = isWide(box) ? [find(box, "transport")] : all(box, ".bppviz-tabs, .bppviz-lost");
  const taken = Math.max(0, ...above.map((it) => (it ? it.offsetTop + it.offsetHeight : 0)));
  box.style.setProperty("--bppviz-room", `${room}px`);
  box.style.setProperty("--bppviz-panel", `${room - taken - BELOW}px`);
  box.classList.toggle("bppviz-is-short", room < 700);
}
