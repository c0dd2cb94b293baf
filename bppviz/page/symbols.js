// The outlines of markers, about their place, as plotly.js draws them.

const HALF_HEAD = Math.PI / 10; // of an arrow, between its axis and its side
/** @param {number} length */
const rounded = (length) => Math.round(100 * length) / 100;

/** @type {Record<string, (radius: number, angle: number) => string>} */
const OUTLINES = {
  circle(radius) {
    const r = rounded(radius);
    return `M${r},0A${r},${r} 0 1,1 0,-${r}A${r},${r} 0 0,1 ${r},0Z`;
  },
  square(radius) {
    const r = rounded(radius);
    return `M${r},${r}H-${r}V-${r}H${r}Z`;
  },
  "triangle-left"(radius) {
    const [r, half, side] = [radius, radius / 2, (radius * 2) / Math.sqrt(3)].map(rounded);
    return `M${half},-${side}V${side}L-${r},0Z`;
  },
  /** Its tip is its place. */
  arrow(radius, angle) {
    const corners = [HALF_HEAD, -HALF_HEAD].map((half) => {
      const turned = (angle * Math.PI) / 180 + half;
      return `${-2 * radius * Math.sin(turned)},${2 * radius * Math.cos(turned)}`;
    });
    return `M0,0L${corners.join("L")}Z`;
  },
};

/**
 * Return the outline of a marker, for a path.
 * @param {string | undefined} symbol
 * @param {number} size - its diameter, in pixels
 * @param {number | undefined} angle - in degrees from upwards, clockwise
 */
export const outlineOf = (symbol, size, angle) => OUTLINES[symbol ?? "circle"](size / 2, angle ?? 0);
