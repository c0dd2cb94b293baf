// Paints the picture and the words under it, one task at a time, and once for all changes that come together. The words
// do not wait for plotly.js; the picture is that of the step that is shown when it is there.

import { canvasOf } from "./canvas.js";
import { count } from "./controls.js";
import { all, fill, find, whenIdle, write } from "./dom.js";
import { fold } from "./fold.js";
import { keeperOf } from "./hand.js";
import { pulse } from "./marks.js";
import { picturesOf } from "./pictures.js";
import { PATIENCE, plotly } from "./plotly.js";
import { isAsking } from "./quiz.js";
import { isWide, layPanel, roomOf } from "./room.js";
import { themeOf } from "./screen.js";
import { sightOf } from "./sight.js";
import { report } from "./signals.js";
import { locate, placeShown } from "./walk.js";
import { announcerOf, described, reach, speak, squeeze } from "./words.js";

/** @import { At, Film, Frame, Fresh, Picture, View, Words } from "./types.js" */

// What the transport, the words and the tabs take of the height that is in sight, in pixels: with a panel below, more.
const AROUND = 232;
const AROUND_WITH_PANEL = 304;
const QUESTION = 52; // the line of a question, which is not left out where the room is short
const SMALLEST = 12 / 18; // the scale at which the picture's text is 12 px; below, the picture is scrolled
const PHONE = 480; // up to this width there is more height than the picture needs, and its text can be larger:
const ON_PHONE = 14 / 18;
const BEFORE = 500; // milliseconds for which the step before is seen again

const isStill = () => globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;

export class Painter {
  /** @type {ReturnType<typeof canvasOf> | null} */
  canvas = null;
  isGone = false;
  isOpening = false; // plotly.js was asked for
  isSlow = false; // and is long in coming
  reason = ""; // why there is no picture: plotly.js does not come,
  failure = ""; // or does not draw this one
  /** @type {ReturnType<typeof setTimeout> | null} */
  late = null; // while what is to be seen is still to come from the kernel
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  replay;
  isWaiting = false;
  /** @type {Promise<void>} */
  work = Promise.resolve();

  /**
   * @param {View} view
   * @param {() => void} changed - what is told beside the picture has changed, too
   */
  constructor(view, changed) {
    this.view = view;
    this.changed = changed;
    this.pictures = picturesOf(view);
    this.announcer = announcerOf(view);
    this.keeper = keeperOf(view);
    this.message = find(view.stage, "message");
    this.sight = sightOf(view.stage, view.hear);
    /** @type {Film | null} */
    this.film = null;
    /** @type {Frame | null} */
    this.frame = null; // the one that is seen
    /** @type {Picture | null} */
    this.shown = null;
    this.width = find(view.stage, "scroll").clientWidth; // remembered: to ask makes the browser lay out the page
  }

  /** @param {() => unknown} task */
  queue(task) {
    /** @param {unknown} [error] */
    const painted = (error) => report(this.view.box, "picture", error);
    this.work = this.work.then(task).then(() => painted(), painted);
  }

  repaint() {
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.queue(() => {
      this.isWaiting = false;
      return this.paint();
    });
  }

  async paint() {
    const { films, model } = this.view;
    const film = await films.film;
    const words = film.words[model.get("lang")];
    this.film = film;
    try {
      void this.open();
      if (this.isGone) return this.canvas?.close();
      const fresh = await films.fresh;
      const at = locate(model, film);
      const wanted = this.pictures.wanted(film, fresh, at);
      if (!wanted) return this.wait(words);
      this.endWait();
      this.failure = await this.draw(wanted);
      this.tell(film, fresh, at, wanted);
    } catch (error) {
      this.message.textContent = fill(words["stage.failed"], { reason: /** @type {Error} */ (error).message });
    }
    return undefined;
  }

  /**
   * Update everything that goes with the visible picture.
   * @param {Film} film
   * @param {Fresh | null} fresh
   * @param {At} at
   * @param {Picture} shown
   */
  tell(film, fresh, at, shown) {
    const { model, stage } = this.view;
    const { granularity, step, walk, place } = at; // the model may have gone on while the picture was drawn
    const words = film.words[model.get("lang")];
    const frame = fresh?.frame ?? walk[place];
    this.say(film, frame, at);
    this.fit();
    this.view.outline.show(film, fresh, at);
    this.announcer.announce(film, frame, at);
    const before = fresh || !place ? null : this.pictures.pictureOf(film, film, place - 1, walk[place - 1]);
    this.shown = shown;
    // A step does not wait for it, nor is it written of a picture that another one has followed by then.
    whenIdle(() => this.shown === shown && write(find(stage, "description"), described(shown, before, words)));
    write(this.message, this.lacking(words) || (film.coming ? words["stage.coming"] : ""));
    const { layer, phase, quantity, step: last, to_come = [], used = [], found = [] } = frame;
    const theme = themeOf(this.view);
    stage.toggleAttribute("data-spotlit", Boolean(shown.lit));
    const [toCome, usedNow, foundNow] = [to_come, used, found].map((it) => it.join(" "));
    Object.assign(stage.dataset, { steps: film.steps, phase, quantity, layer, granularity, theme, step, last, toCome });
    Object.assign(stage.dataset, { used: usedNow, found: foundNow });
    stage.toggleAttribute("data-unfinished", !frame.whole); // a sum whose terms are still being added
  }

  /**
   * @param {Film} film
   * @param {Frame} frame
   * @param {At} at
   */
  say(film, frame, at) {
    this.frame = frame;
    speak(this.view, film, frame, at);
    count(this.view.box, film, film.words[this.view.model.get("lang")], at);
  }

  /** Get plotly.js, once: a kernel that is busy with another cell sends it when it is free. */
  async open() {
    if (this.isOpening) return;
    this.isOpening = true;
    const { grip, model, stage } = this.view;
    const slow = setTimeout(() => {
      this.isSlow = model.get("running") !== undefined; // a saved page waits for no kernel
      this.repaint();
    }, PATIENCE);
    try {
      const Plotly = await plotly(model);
      this.canvas = canvasOf(Plotly, find(stage, "plot"), () => {
        stage.classList.remove("bppviz-is-bare");
        grip.renew();
      });
    } catch (error) {
      this.reason = /** @type {Error} */ (error).message;
    }
    clearTimeout(slow);
    this.repaint();
  }

  /**
   * Show the picture, if plotly.js is there; returns why it cannot be drawn.
   * @param {Picture} picture
   */
  async draw(picture) {
    try {
      await this.canvas?.show(picture);
      return "";
    } catch (error) {
      return /** @type {Error} */ (error).message;
    }
  }

  /**
   * Return why there is no picture, or not yet; nothing, where there is one.
   * @param {Words} words
   */
  lacking(words) {
    const reason = this.reason || this.failure;
    if (reason) return fill(words["stage.failed"], { reason });
    return this.canvas ? "" : words[this.isSlow ? "stage.no_plotly" : "stage.waiting"];
  }

  /**
   * Wait for the kernel, which is to send a frame of the new numbers. If it takes long, go on with the old film, and
   * say so.
   * @param {Words} words
   */
  wait(words) {
    if (!this.canvas) {
      this.fit(); // the picture's place is as high as it will be
      write(this.message, this.lacking(words));
    }
    if (this.late) return;
    const { films, kernel, model } = this.view;
    kernel.send();
    this.late = setTimeout(() => {
      this.late = null;
      if (isAsking(model)) return write(this.message, words["stage.asking"]);
      films.goBack();
      return this.changed();
    }, PATIENCE);
  }

  endWait() {
    clearTimeout(this.late ?? undefined);
    this.late = null;
  }

  /** Go on without a kernel: ask in its place, or end the questions; else show the film and its numbers. */
  async stayAlone() {
    const { examiner, films, model } = this.view;
    const fresh = await films.fresh;
    const asking = isAsking(model);
    const goesOn = await examiner.begin();
    if (asking && goesOn) return;
    if (asking) model.set("panel", "");
    if (fresh) films.goBack(!asking);
    if (fresh && !asking) this.keeper.putBack();
  }

  /** Replay a step: show the previous one, light up the operands, then show the result and announce it again. */
  async again() {
    const { films, model, play, stage } = this.view;
    play.stop();
    const film = await films.film;
    const fresh = await films.fresh;
    const at = locate(model, film);
    const { walk, place } = at;
    if (this.isGone || !this.pictures.wanted(film, fresh, at)) return; // it is still to come
    const here = placeShown(model);
    this.announcer.forget();
    clearTimeout(this.replay);
    this.replay = setTimeout(() => {
      this.repaint();
      this.queue(() => here === placeShown(model) && pulse(find(stage, "marks"), film, fresh?.frame ?? walk[place]));
    }, BEFORE);
    if (fresh || place === 0 || isStill()) return;
    const before = this.pictures.wanted(film, null, { ...at, place: place - 1 });
    if (before) this.queue(() => this.draw(before));
  }

  fit() {
    const { box, screen, stage } = this.view;
    if (!this.film) return;
    squeeze(stage, screen.is());
    for (const part of all(stage, ".bppviz-formula, .bppviz-substituted")) fold(part, !screen.is());
    this.sight.fit(this.film, this.scaleOf(this.film));
    if (this.frame) this.sight.show(this.film, this.frame);
    layPanel(box);
    whenIdle(() => reach(stage));
  }

  /**
   * Return how large the picture is shown: as large as it fits into what is in sight, and no smaller than can be read.
   * @param {Film} film
   */
  scaleOf({ size }) {
    const { box, model, screen, stage } = this.view;
    const panel = model.get("panel");
    const isBelow = panel && panel !== "predict" && !isWide(box);
    const around = (isBelow ? AROUND_WITH_PANEL : AROUND) + (isAsking(model) ? QUESTION : 0);
    const room = (roomOf(box) - around) * Math.max(1, model.get("text_size"));
    if (screen.is()) return Math.min(this.width / size.width, find(stage, "scroll").clientHeight / size.height);
    const least = box.clientWidth < PHONE ? ON_PHONE : 0;
    return Math.max(Math.min(Math.max(this.width / size.width, least), room / size.height), SMALLEST);
  }

  /** @param {number} width */
  resize(width) {
    this.width = width;
    this.fit();
  }

  close() {
    clearTimeout(this.replay);
    clearTimeout(this.late ?? undefined);
    this.queue(() => this.canvas?.close());
  }
}
