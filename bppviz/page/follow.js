// What a view watches: its model, and the page around it.

import { all, find } from "./dom.js";

/** @import { Model } from "./types.js" */

const REPAINTED = ["step", "partial", "granularity", "lang", "theme", "film", "fresh", "panel", "text_size"];
REPAINTED.push("spotlight", "quiz");
const TOLD = ["lang", "theme", "granularity", "speed", "view", "film", "selected", "problem", "notices", "progress"];
TOLD.push("panel", "spotlight", "running", "data", "quiz", "text_size", "by_phase");

/**
 * Returns a function that stops it.
 * @param {Model} model
 * @param {{ repaint(): void, tell(): void, progress(): void, film(): void, fresh(): void }} does
 */
export function followModel(model, { repaint, tell, progress, film, fresh }) {
  /** @type {[string, () => void][]} */
  const pairs = [
    ...REPAINTED.map((name) => /** @type {[string, () => void]} */ ([name, repaint])),
    ...TOLD.map((name) => /** @type {[string, () => void]} */ ([name, tell])),
    ["progress", progress],
    ["film", film],
    ["fresh", fresh],
  ];
  pairs.forEach(([name, does]) => model.on(`change:${name}`, does));
  return () => pairs.forEach(([name, does]) => model.off(`change:${name}`, does));
}

// What the page writes as one walks, and draws: that changes too often to be watched.
const DRAWN =
  ".bppviz-chart, .bppviz-tables, .bppviz-matrices, .bppviz-said, .bppviz-code, .bppviz-code-acts, .bppviz-choices, .bppviz-outline, .bppviz-phases, .bppviz-show-steps, .bppviz-title, .widget-readout";

/**
 * Watch all that stands around the stage: controls may be attached after the first picture.
 * @param {HTMLElement} box
 * @param {HTMLElement} stage
 * @param {() => void} changed
 */
export function followControls(box, stage, changed) {
  /** @param {Node} target */
  const isDrawn = (target) => target instanceof Element && target.closest(DRAWN);
  const controls = new MutationObserver((changes) => {
    if (changes.every(({ target }) => isDrawn(target))) return;
    watch();
    changed();
  });
  function watch() {
    const lay = find(box, "lay") ?? box;
    controls.observe(lay, { childList: true });
    const parts = [...lay.children].filter((part) => !part.contains(stage));
    parts.forEach((part) => controls.observe(part, { childList: true, subtree: true }));
  }
  watch();
  return () => controls.disconnect();
}

/**
 * Keep the focus on a segment: ipywidgets makes all of them anew whenever another one is pressed.
 * https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/controls/src/widget_selection.ts
 * @param {HTMLElement} box
 * @param {import("./types.js").View["hear"]} hear
 */
export function keepSegment(box, hear) {
  /** @type {Element | null} */
  let group = null;
  let place = 0;
  /** @param {Event} event */
  const note = ({ target }) => {
    const button = /** @type {Element} */ (target).closest?.(".widget-toggle-buttons button");
    group = button?.closest(".widget-toggle-buttons") ?? null;
    if (group) place = all(group, "button").findIndex((it) => it === button);
  };
  hear(box, ["focusin"], note);
  hear(globalThis, ["pointerdown"], note, true);
  return () => {
    if (group && document.activeElement === document.body) all(group, "button")[place]?.focus({ preventScroll: true });
  };
}

/**
 * Watch the width of a place and the size of the window.
 * @param {HTMLElement} place
 * @param {(width: number) => void} resized
 * @param {() => void} fit
 */
export function followSizes(place, resized, fit) {
  const resizes = new ResizeObserver(([{ contentRect }]) => resized(contentRect.width));
  resizes.observe(place);
  globalThis.addEventListener("resize", fit);
  return () => {
    resizes.disconnect();
    globalThis.removeEventListener("resize", fit);
  };
}

/** Watch the theme of JupyterLab and of the system. @param {() => void} changed */
export function followThemes(changed) {
  const themes = new MutationObserver(changed);
  themes.observe(document.body, { attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  const scheme = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
  scheme?.addEventListener("change", changed);
  return () => {
    themes.disconnect();
    scheme?.removeEventListener("change", changed);
  };
}
