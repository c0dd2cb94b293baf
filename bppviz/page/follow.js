// What a view watches: its model, and the page around it.

/** @import { Model } from "./types.js" */

const REPAINTED = ["step", "partial", "granularity", "lang", "theme", "film", "fresh", "panel", "text_size"];
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

/**
 * Controls may be attached after the first picture. Charts and tables are not watched: they change too often.
 * @param {HTMLElement} box
 * @param {HTMLElement} stage
 * @param {() => void} changed
 */
export function followControls(box, stage, changed) {
  /** @param {Node} target */
  const isDrawn = (target) => target instanceof Element && target.closest(".bppviz-chart, .bppviz-tables");
  const controls = new MutationObserver((changes) => {
    if (changes.every(({ target }) => isDrawn(target))) return;
    watch();
    changed();
  });
  function watch() {
    controls.observe(box, { childList: true });
    const parts = [...box.children].filter((part) => !part.contains(stage));
    parts.forEach((part) => controls.observe(part, { childList: true, subtree: true }));
    const toggles = box.querySelectorAll(".widget-toggle-button"); // ipywidgets says what is pressed in a class alone
    toggles.forEach((button) => controls.observe(button, { attributeFilter: ["class"] }));
  }
  watch();
  return () => controls.disconnect();
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
