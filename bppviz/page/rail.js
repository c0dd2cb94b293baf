// The point of a chart that can be dragged: it moves the slider that stands under the chart.

import { hearing, LEAVING } from "./dom.js";

/** @import { ChartLayout } from "./types.js" */

/**
 * Let a point be dragged in a chart. Returns how it is put in its place, and what ends it.
 * @param {HTMLElement} point
 * @param {HTMLElement} chart
 */
export function gripOn(point, chart) {
  const over = new AbortController();
  const hear = hearing(over.signal);
  let isHeld = false;
  const rail = () => /** @type {HTMLElement | null | undefined} */ (
    chart.closest(".bppviz-panel")?.querySelector(".bppviz-rail .noUi-target")
  );

  /**
   * Move the slider to where the pointer is; it says so to Python as if it were dragged itself.
   * @param {PointerEvent} event
   */
  function follow({ clientX }) {
    const slider = rail();
    if (!isHeld || !slider?.noUiSlider) return;
    const { left, width } = slider.getBoundingClientRect();
    const { min, max } = slider.noUiSlider.options.range;
    const share = Math.min(Math.max((clientX - left) / width, 0), 1);
    slider.noUiSlider.set(min + share * (max - min));
  }

  hear(point, ["pointerdown"], (event) => {
    const slider = rail();
    if (event.button !== 0 || !slider || slider.hasAttribute("disabled")) return;
    event.preventDefault();
    isHeld = true;
    point.setPointerCapture(event.pointerId);
    // The slider is in the hand from now on: what it passes through is one edit.
    slider.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    /** @type {HTMLElement | null} */ (slider.querySelector(".noUi-handle"))?.focus({ preventScroll: true });
  });
  hear(point, ["pointermove"], follow);
  hear(point, LEAVING, () => (isHeld = false));
  return {
    /** @param {ChartLayout} layout */
    place({ height, margin: { b, l, r, t }, meta, width }) {
      point.hidden = !meta?.point;
      if (!meta?.point) return;
      const [across, up] = meta.point;
      point.style.left = `${l + across * (width - l - r)}px`;
      point.style.bottom = `${b + up * (height - t - b)}px`;
    },
    close: () => over.abort(),
  };
}
