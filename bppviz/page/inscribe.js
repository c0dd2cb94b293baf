// Writes a text of plotly into an element of SVG, as plotly.js does: with its lines, its indices, and what is bold.

const BREAK = "<br>";
const MARKUP = /(<[^>]*>)/;
const JOINT = "\u200b"; // has no width; it carries the step down to an index, or back
const LINE = 1.3; // from a line to the next, by the size of the text
const CHARACTERS = /** @type {Record<string, string>} */ ({ lt: "<", gt: ">", amp: "&", "#36": "$" });

/** @type {Record<string, Record<string, string>>} */
const SPANS = {
  "<b>": { style: "font-weight:bold" },
  "<sub>": { style: "font-size:70%", dy: "0.3em" },
  "<sup>": { style: "font-size:70%", dy: "-0.6em" },
};
const BACK = /** @type {Record<string, string>} */ ({ "</sub>": "-0.21em", "</sup>": "0.42em" });

/** Return the attributes of what a tag opens. @param {string} tag */
const attributesOf = (tag) => SPANS[tag] ?? { style: /style="([^"]*)"/.exec(tag)?.[1] ?? "" };

/**
 * @param {Element} within
 * @param {Record<string, string>} attributes
 */
function spanIn(within, attributes) {
  const made = document.createElementNS(within.namespaceURI, "tspan");
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  within.append(made);
  return made;
}

/**
 * @param {Element} element
 * @param {string} line
 */
function writeLine(element, line) {
  let within = element;
  for (const [i, part] of line.split(MARKUP).entries()) {
    if (i % 2 === 0) {
      if (part) within.append(part.replace(/&(lt|gt|amp|#36);/g, (_, name) => CHARACTERS[name]));
    } else if (part.startsWith("</")) {
      within = /** @type {Element} */ (within.parentElement);
      if (part in BACK) spanIn(within, { dy: BACK[part] }).append(JOINT);
    } else {
      if (part in SPANS && SPANS[part].dy) within.append(JOINT);
      within = spanIn(within, attributesOf(part));
    }
  }
}

/**
 * Write a text about the middle of its place, instead of what was there.
 * @param {Element} element - it has its x and y
 * @param {string} text - in which names are escaped
 * @param {number} size - in pixels
 */
export function inscribe(element, text, size) {
  const lines = text.split(BREAK);
  const [x, y] = ["x", "y"].map((name) => element.getAttribute(name) ?? "");
  element.replaceChildren();
  if (lines.length === 1) writeLine(element, text);
  else lines.forEach((line, i) => writeLine(spanIn(element, { class: "line", x, y, dy: `${LINE * i}em` }), line));
  const high = LINE * (lines.length - 1) + 1;
  element.parentElement?.setAttribute("transform", `translate(0,${size * (0.75 - high / 2)})`);
}
