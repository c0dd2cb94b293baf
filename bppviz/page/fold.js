// A formula too wide for its place, broken before its signs: MathML does not break lines by itself.

import { renew } from "./dom.js";

const FOLDED = "bppviz-is-folded";
const SIGNS = ["=", "≈", "+", "−"]; // a line is broken before these
const INNER = [...SIGNS, "×", "⋯"]; // and before these, where a piece is still too wide

/**
 * Returns an empty element of MathML.
 * @param {Element} beside - another one
 * @param {string} name
 */
const element = ({ namespaceURI }, name) => document.createElementNS(namespaceURI, name);

/**
 * Break the lines of a formula that is wider than its place, or put them together again.
 * @param {HTMLElement} part
 * @param {boolean} mayFold
 */
export function fold(part, mayFold) {
  if (part.querySelector(`.${FOLDED}`)) renew(part);
  const width = part.clientWidth;
  if (!mayFold || part.scrollWidth <= width) return;
  const math = part.querySelector("math");
  const whole = math?.firstElementChild;
  if (!math || !whole) return;
  const table = whole.childElementCount === 1 && whole.querySelector(":scope > mtable");
  const rows = table ? [...table.children].map((it) => /** @type {Element} */ (it.querySelector("mrow"))) : [whole];
  const lines = rows.map((row) => piecesOf(row, SIGNS));
  math.replaceChildren(...lines.flatMap((pieces) => [...pieces, ending(math)]));
  math.classList.add(FOLDED);
  math.classList.toggle("bppviz-is-several", lines.length > 1);
  for (const piece of lines.flat()) {
    if (piece.getBoundingClientRect().width > width) piece.replaceWith(...piecesOf(piece, INNER));
  }
}

/**
 * Returns what ends a line, so that the next one begins below it.
 * @param {Element} math
 */
function ending(math) {
  const end = element(math, "mrow");
  end.setAttribute("class", "bppviz-end");
  return end;
}

/**
 * Take a row apart before some signs. What is stretched along the whole row stays as high in each piece.
 * @param {Element} row
 * @param {string[]} signs
 */
function piecesOf(row, signs) {
  const strut = row.querySelector(":scope > mo[fence]") && strutOf(row);
  /** @type {Element[]} */
  const pieces = [];
  for (const part of [...row.children]) {
    const isSign = part.localName === "mo" && signs.includes(part.textContent ?? "");
    if (isSign && pieces.length) part.setAttribute("form", "infix"); // with the spaces of a sign between two numbers
    if (isSign || !pieces.length) pieces.push(element(row, "mrow"));
    pieces[pieces.length - 1].append(part);
  }
  if (strut) pieces.forEach((piece) => piece.querySelector(":scope > mo[fence]") && piece.append(strut.cloneNode()));
  return pieces;
}

/**
 * Returns something invisible that is as high and as deep as a row.
 * @param {Element} row
 */
function strutOf(row) {
  const strut = row.appendChild(element(row, "mspace"));
  const { top, bottom } = row.getBoundingClientRect();
  const line = strut.getBoundingClientRect().bottom;
  const size = parseFloat(getComputedStyle(row).fontSize);
  strut.setAttribute("height", `${(line - top) / size}em`);
  strut.setAttribute("depth", `${(bottom - line) / size}em`);
  strut.remove();
  return strut;
}
