// The mouse in the picture: a computed number goes to its step; a given one is dragged, or chosen and changed in its
// tag.

import { find, hearing, LEAVING, targetOf, whenIdle } from "./dom.js";
import { drawnAt, givenAt, isGiven, nearest, readingOf, scrubbed, textOf, valueOf } from "./given.js";
import { takeHold } from "./hand.js";
import { choosePoint } from "./point.js";
import { signalsOf } from "./signals.js";
import { besideOf, hintsIn } from "./hints.js";
import { tagIn } from "./tag.js";

/** @import { Line, PlotDiv, Shown, View } from "./types.js" */
/** @typedef {Omit<View, "grip">} Seen */
/** @typedef {{ drag: ((pixels: number, event: PointerEvent) => void) | null, click(): void }} Follows */

const SLACK = 3; // pixels that the mouse may move in a click
const TREMOR = 10; // and a finger in a tap
const COARSER = 10; // with Shift, and with Alt finer

/** @param {{ shiftKey: boolean, altKey: boolean }} event */
export const shareOf = ({ shiftKey, altKey }) => (shiftKey ? COARSER : 1) / (altKey ? COARSER : 1);

/**
 * Follow a press on some part of the page until it ends: as a drag by so many pixels, or as a click. A finger drags
 * sideways; up and down, and where there is nothing to drag, it scrolls.
 * @param {PointerEvent} event
 * @param {Follows} follows
 */
export function follow(event, { drag, click }) {
  const over = new AbortController();
  const hear = hearing(over.signal);
  const part = /** @type {HTMLElement} */ (event.currentTarget);
  const isFinger = event.pointerType === "touch";
  const slack = isFinger ? TREMOR : SLACK;
  let done = 0;
  let isDrag = false;
  if (drag) part.setPointerCapture(event.pointerId);
  hear(globalThis, ["pointermove"], (moved) => {
    const pixels = Math.round(moved.clientX - event.clientX);
    const scrolls = isFinger && Math.abs(moved.clientY - event.clientY) > Math.abs(pixels);
    if (!isDrag && drag && !scrolls && Math.abs(pixels) > slack) {
      isDrag = true;
      if (isFinger) done = pixels; // a finger that has gone so far has not meant it
    }
    if (!isDrag || pixels === done) return;
    drag?.(pixels - done, moved);
    done = pixels;
  });
  // Its target hears of a finger even when it is drawn anew; else what a drag has begun would end as a scroll.
  if (drag) hear(targetOf(event), ["touchmove"], (touched) => isDrag && touched.cancelable && touched.preventDefault());
  hear(globalThis, LEAVING, ({ type }) => {
    over.abort();
    if (type === "pointerup" && !isDrag) click();
  });
}

/**
 * Send numbers one at a time; of those that come meanwhile, only the last. `settled` hears when there are no more.
 * @param {Line} kernel
 * @param {() => void} settled
 */
function senderOf(kernel, settled) {
  /** @type {object | null} */
  let next = null;
  let isOut = false;
  const over = () => {
    const more = next;
    [isOut, next] = [false, null];
    if (more && kernel.state !== "gone") send(more);
    else settled();
  };
  /** @param {object} entered */
  function send(entered) {
    if (isOut) return void (next = entered);
    isOut = true;
    return kernel.send({ kind: "enter", ...entered }, over, over);
  }
  return {
    send,
    isBusy: () => isOut,
    /** Send what waits at once: what comes now is another edit. */
    flush() {
      if (next) kernel.send({ kind: "enter", ...next });
      next = null;
    },
  };
}

export class Grip {
  /** The number in the tag. @type {Shown | null} */
  held = null;
  /** What a hand has made of it, until that is painted. @type {number | null} */
  wanted = null;
  back = () => {}; // puts the focus where the number was chosen, if not in the picture
  pointed = ""; // the place under the mouse
  mouse = { last: "", rest: "" }; // where it was last, and where it has rested since another picture came

  /** @param {Seen} view */
  constructor(view) {
    const { box, hear, kernel, model, stage } = view;
    this.view = view;
    this.marked = model.get("selected");
    this.frame = find(stage, "frame");
    this.hints = hintsIn(this.frame);
    this.tag = tagIn(this.frame, { step: (by, event) => this.step(by, event), enter: (text) => this.enter(text) });
    this.sender = senderOf(kernel, () => this.settle());
    const { marked } = signalsOf(box);
    const unmark = () => marked.send("");
    const choose = () => marked.send(model.get("selected"));
    /** @type {[string, () => void][]} */
    const pairs = [["change:step", unmark], ["change:partial", unmark], ["change:selected", choose]];
    pairs.forEach(([name, does]) => model.on(name, does));
    const ends = [
      marked.hear((place) => this.mark(place)),
      kernel.hear(() => this.draw()),
      () => pairs.forEach(([name, does]) => model.off(name, does)),
    ];
    this.close = () => ends.forEach((end) => end());
    hear(this.frame, ["pointermove"], (event) => this.hover(event));
    hear(this.frame, ["pointerleave"], () => this.point(null));
    hear(this.frame, ["pointerdown"], (event) => this.press(event), true);
  }

  get picture() {
    return /** @type {PlotDiv | null} */ (this.frame.querySelector(".bppviz-picture"));
  }

  /** Whether numbers can only be chosen: without a kernel, and in a saved page, which trains nothing. */
  get isFixed() {
    const { kernel, model } = this.view;
    return kernel.state === "gone" || model.get("running") === undefined;
  }

  // The mouse

  /** Whether an event comes from a mouse that has not moved since another picture came. @param {MouseEvent} event */
  isResting({ clientX, clientY }) {
    return this.mouse.rest === `${clientX} ${clientY}`;
  }

  /** @param {PointerEvent} event */
  hover(event) {
    this.mouse.last = `${event.clientX} ${event.clientY}`;
    if (event.buttons || this.isResting(event)) return;
    this.mouse.rest = "";
    this.point(targetOf(event).closest(".bppviz-tag") ? null : this.at(event));
  }

  /** @param {PointerEvent} event */
  at(event) {
    return this.picture && nearest(this.picture, event);
  }

  /** Light up what is under the mouse, and tell what it is. @param {Shown | null} shown */
  point(shown) {
    if (this.picture) this.hints.show(this.picture, shown, isGiven(shown) && !this.isFixed);
    const place = shown?.point[1] ?? "";
    if (place !== this.pointed) signalsOf(this.view.box).pointed.send(place);
    this.pointed = place;
  }

  /** @param {PointerEvent} event */
  press(event) {
    const { box, stage } = this.view;
    const target = targetOf(event);
    if (event.button !== 0 || target.closest("button, input")) return;
    event.preventDefault(); // else a drag would select text
    const isTag = Boolean(target.closest(".bppviz-tag"));
    if (!isTag) stage.focus({ preventScroll: true });
    const shown = isTag ? this.held : this.at(event);
    if (shown && isGiven(shown)) this.grasp(event, shown);
    else if (shown) follow(event, { drag: null, click: () => choosePoint(this.view, shown.point) });
    else follow(event, { drag: null, click: () => signalsOf(box).marked.send("") });
  }

  /**
   * Let a given number be dragged, or chosen; on the next click it can be typed.
   * @param {PointerEvent} event
   * @param {Shown} shown
   */
  grasp(event, shown) {
    const isHeld = () => this.place === shown.point[1];
    let value = isHeld() ? this.value : valueOf(readingOf(shown).number);
    let isDrag = false;
    /** @type {Follows["drag"]} */
    const drag = (pixels, moved) => {
      if (!isDrag) {
        if (!isHeld()) this.choose(shown);
        this.take();
      }
      isDrag = true;
      value = scrubbed(value, pixels, shareOf(moved));
      this.change(value);
    };
    follow(event, { drag: this.isFixed ? null : drag, click: () => (isHeld() ? this.tag.type(true) : this.choose(shown)) });
  }

  /**
   * Take hold of a number that was pressed elsewhere, if the picture has it.
   * @param {PointerEvent} event
   * @param {string} place
   */
  graspAt(event, place) {
    const shown = event.button === 0 && this.picture && givenAt(this.picture, place);
    if (!shown) return;
    event.preventDefault();
    this.grasp(event, shown);
  }

  // The number in hand

  get place() {
    return this.held?.point[1] ?? "";
  }

  get value() {
    return this.wanted ?? valueOf(readingOf(/** @type {Shown} */ (this.held)).number);
  }

  /**
   * Choose a number that stands elsewhere, if the picture has it; tells whether it does.
   * @param {string} place
   * @param {() => void} back - puts the focus where it was chosen
   */
  chooseAt(place, back) {
    const shown = this.picture && givenAt(this.picture, place);
    if (shown) this.choose(shown, back);
    return Boolean(shown);
  }

  /**
   * @param {Shown} shown
   * @param {() => void} [back]
   */
  choose(shown, back = () => {}) {
    this.held = shown;
    this.wanted = null;
    this.back = back;
    this.point(null);
    choosePoint(this.view, shown.point);
    this.draw().then(() => this.tag.focus());
  }

  /** What follows is an edit of its own. */
  take() {
    this.sender.flush();
    if (this.held) takeHold(this.view, this.place);
  }

  /** @param {number} value */
  change(value) {
    if (!this.held || this.isFixed) return;
    this.wanted = value;
    this.draw();
    this.sender.send({ at: this.place, value });
  }

  /**
   * @param {number} by
   * @param {KeyboardEvent | MouseEvent} event
   */
  step(by, event) {
    if (!this.held || this.isFixed) return;
    if (!("repeat" in event && event.repeat)) this.take();
    this.change(scrubbed(this.value, by, shareOf(event)));
  }

  /** @param {string} text */
  enter(text) {
    if (!this.held || this.isFixed) return;
    this.take();
    this.sender.send({ at: this.place, value: text });
  }

  /** Show what the picture says of the number, as soon as nothing is on its way. */
  async settle() {
    await this.view.films.fresh;
    whenIdle(() => {
      if (!this.sender.isBusy()) this.wanted = null;
      this.draw();
    });
  }

  // The tag

  /** Forget where the mouse was: another picture is shown. */
  renew() {
    this.mouse.rest = this.mouse.last;
    this.point(null);
    this.draw();
  }

  async draw() {
    const { films, model, stage } = this.view;
    stage.classList.toggle("bppviz-is-fixed", this.isFixed);
    if (!this.held) return;
    const film = await films.film;
    const { held, picture, place } = this;
    const shown = held && picture && givenAt(picture, place, held);
    if (!shown) return this.letTagGo();
    this.held = shown;
    const { symbol, number } = readingOf(shown);
    const said = this.wanted === null ? number : textOf(this.wanted);
    const isSigned = /^[wb]/.test(place) && !/^(−|0$)/.test(said);
    const { x, y } = drawnAt(picture, shown) ?? shown;
    const told = { x, y, symbol, number: `${isSigned ? "+" : ""}${said}`, beside: besideOf(place) };
    this.tag.show(told, film.words[model.get("lang")], this.isFixed);
  }

  /** @param {string} place */
  mark(place) {
    this.marked = place;
    if (this.place !== place) this.letTagGo();
  }

  letTagGo() {
    const hadFocus = this.tag.has();
    this.held = this.wanted = null;
    this.tag.hide();
    if (!hadFocus) return;
    this.view.stage.focus({ preventScroll: true });
    this.back();
  }

  /** Take one thing back: what is being typed, or else the mark. Returns whether there was one. What is told goes anyway. */
  letGo() {
    this.hints.hush();
    const { isTyping, type } = this.tag;
    const { marked } = this;
    if (isTyping()) type(false);
    else if (marked) signalsOf(this.view.box).marked.send("");
    else return false;
    return true;
  }
}
