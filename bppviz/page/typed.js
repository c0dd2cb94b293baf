// Numbers as people type them, read by the rules of practice/typed.py, and one written as words/numbers.py does it.

import { digitsRaised } from "./given.js";

/** @import { Reading, Typed } from "./types.js" */

/**
 * @param {string} text
 * @param {[from: string, to: string]} signs
 */
function translated(text, [from, to]) {
  const [signs, others] = [[...from], [...to]];
  return [...text].map((it) => others[signs.indexOf(it)] ?? it).join("");
}

/** @type {(pattern: string, text: string, flags?: string) => boolean} */
const isAll = (pattern, text, flags = "u") => new RegExp(`^(?:${pattern})$`, flags).test(text);

/**
 * Return the numbers that somebody typed, or null where something else stands there.
 * @param {string} text
 * @param {Reading} reading
 * @returns {Typed[] | null}
 */
export function numbersTyped(text, reading) {
  const plain = translated(text, reading.full_width).trim().replace(new RegExp(reading.gaps, "gu"), "");
  const found = plain.split(/[\s,;[\]]+/u).filter(Boolean).map((piece) => numberOf(piece, reading));
  return found.length && found.every((it) => it !== null) ? found : null;
}

/**
 * @param {string} piece
 * @param {Reading} reading
 * @returns {Typed | null}
 */
function numberOf(piece, { number, ten, raised, largest_power }) {
  if (!isAll(number, piece, "iu")) return null;
  const text = translated(piece.toLowerCase().replace(new RegExp(ten, "gu"), "e"), raised);
  const [mantissa, power = "0"] = text.split("e");
  const [whole, decimals = ""] = mantissa.replace(/^[+-]/, "").split(".");
  const digits = (whole + decimals).replace(/^0+(?=.)/, "");
  const last = Number(power) - decimals.length; // the power of ten of the last digit
  if (last + digits.length - 1 > largest_power) return null;
  return { value: Number(text), rounding: digits.length > 1 ? Number(`5e${last - 1}`) : 0 };
}

/**
 * Whether somebody wrote a number with a comma in the place of the point.
 * @param {string} text
 * @param {Reading} reading
 */
export const hasDecimalComma = (text, reading) => isAll(reading.comma, text.trim());

/**
 * Return a number to so many digits, as 1.5e-7; halfway between two, to the even one.
 * @param {number} size
 * @param {number} digits
 */
function scientific(size, digits) {
  const text = size.toExponential(digits - 1);
  const [exact, power] = size.toExponential(100).split("e");
  const [kept, rest] = [exact.slice(0, digits + 1), exact.slice(digits + 1)];
  return /^50*$/.test(rest) && Number(kept.at(-1)) % 2 === 0 ? `${kept}e${power}` : text;
}

/**
 * Write a number to so many digits, 6 or more, with no more zeros than were cut off.
 * @param {number} value
 * @param {number} digits
 * @param {number} infinite - from where on it is too large to mean anything
 */
export function numberWritten(value, digits, infinite) {
  const [sign, size] = [value < 0 ? "−" : "", Math.abs(value)];
  if (size > infinite) return `${sign}∞`;
  if (!size) return "0";
  const rounded = scientific(size, digits);
  const isExact = Number(rounded) === Number(scientific(size, 12));
  const [mantissa, power] = rounded.split("e");
  const exponent = Number(power);
  const isShort = exponent > -5 && exponent < 6;
  const text = isShort ? Number(rounded).toFixed(Math.max(0, digits - 1 - exponent)) : mantissa;
  const short = isExact && text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return sign + short + (isShort ? "" : `×10${digitsRaised(exponent)}`);
}
