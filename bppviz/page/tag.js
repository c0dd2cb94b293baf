// The tag of a number that was chosen in the picture: ◂ w₅ +3 ▸. There it is changed by steps, or typed.

import { fill, find, write } from "./dom.js";
import { valueOf } from "./given.js";
import { placeAt } from "./hints.js";

/** @import { Words } from "./types.js" */
/** @typedef {{ symbol: string, number: string, x: number, y: number, beside: number }} Told - what it says, and where */
/** @typedef {{ step(by: number, event: KeyboardEvent | MouseEvent): void, enter(text: string): void }} Does */

const TAG = `
  <div class="bppviz-tag" role="group" hidden>
    <button type="button" class="bppviz-less">◂</button>
    <span class="bppviz-held" role="spinbutton" tabindex="0"></span>
    <input type="text" class="bppviz-typed" inputmode="decimal" spellcheck="false" autocomplete="off" hidden>
    <button type="button" class="bppviz-more">▸</button>
  </div>`;
/** @type {Record<string, number>} */
const BY_KEYS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 };

/**
 * Put the tag into a frame, out of sight.
 * @param {HTMLElement} frame
 * @param {Does} does
 */
export function tagIn(frame, does) {
  frame.insertAdjacentHTML("beforeend", TAG);
  const [tag, held] = [find(frame, "tag"), find(frame, "held")];
  const typed = /** @type {HTMLInputElement} */ (find(frame, "typed"));
  const has = () => tag.contains(document.activeElement);
  const number = () => held.getAttribute("aria-valuetext") ?? "";

  /** Begin to type, or end it. @param {boolean} isTyping */
  function type(isTyping) {
    if (isTyping === !typed.hidden || held.ariaReadOnly === "true") return;
    const hadFocus = has();
    typed.value = number();
    typed.hidden = !isTyping;
    held.hidden = isTyping;
    if (hadFocus || isTyping) (isTyping ? typed : held).focus({ preventScroll: true });
    if (isTyping) typed.select();
  }

  function take() {
    const { hidden, value } = typed;
    const isNew = !hidden && value !== number();
    type(false);
    if (isNew) does.enter(value);
  }

  held.addEventListener("keydown", (event) => {
    const by = BY_KEYS[event.key];
    if (event.ctrlKey || event.metaKey || !(by || event.key === "Enter")) return;
    event.preventDefault();
    if (by) does.step(by, event);
    else type(true);
  });
  typed.addEventListener("keydown", ({ key }) => key === "Enter" && take());
  typed.addEventListener("blur", take);
  find(tag, "less").addEventListener("click", (event) => does.step(-1, event));
  find(tag, "more").addEventListener("click", (event) => does.step(1, event));
  return {
    has,
    type,
    isTyping: () => !typed.hidden,
    focus: () => held.focus({ preventScroll: true }),
    hide() {
      typed.hidden = true; // before it loses the focus: what was typed is not taken
      held.hidden = false;
      tag.hidden = true;
    },
    /** @type {(told: Told, words: Words, isFixed: boolean) => void} */
    show(told, words, isFixed) {
      labelTag(tag, told, words, isFixed);
      const { x, y, beside } = told;
      placeAt(tag, { x, y, beside });
      tag.hidden = false;
    },
  };
}

/**
 * @param {HTMLElement} tag
 * @param {Told} told
 * @param {Words} words
 * @param {boolean} isFixed - it cannot be changed now
 */
function labelTag(tag, { symbol, number }, words, isFixed) {
  const held = find(tag, "held");
  write(held, `${symbol} ${number}`);
  tag.setAttribute("aria-label", symbol);
  held.setAttribute("aria-label", symbol);
  held.setAttribute("aria-valuetext", number.replace("+", ""));
  held.ariaValueNow = String(valueOf(number));
  held.ariaReadOnly = String(isFixed);
  held.title = isFixed ? "" : words["stage.number"];
  find(tag, "typed").setAttribute("aria-label", symbol);
  for (const name of ["less", "more"]) {
    const button = find(tag, name);
    button.hidden = isFixed;
    button.setAttribute("aria-label", fill(words[`stage.${name}`], { number: symbol }));
  }
}
