// The stage: it shows the frames that Python made, and walks among them without the kernel.
// packed.py says what a film holds. Only Python knows what back-propagation is.

import { actsOf, attempt, hearClicks } from "./acts.js";
import { showOpen } from "./controls.js";
import { all, attached, find, hearing, write } from "./dom.js";
import { Examiner } from "./examiner.js";
import { filmsOf } from "./films.js";
import { followControls, followModel, followSizes, followThemes, keepSegment } from "./follow.js";
import { Grip } from "./grip.js";
import { hearFields, hearHolds } from "./hand.js";
import { lineOf, presenceOf, tellSeen } from "./kernel.js";
import { hearKeys, keyTable } from "./keys.js";
import { mark } from "./marks.js";
import { Outline } from "./outline.js";
import { Painter } from "./painter.js";
import { chooseCell, hearWords } from "./point.js";
import { answering } from "./quiz.js";
import { blank, coverOf, screenOf } from "./screen.js";
import { popsOf } from "./pops.js";
import { hearScrubs } from "./scrub.js";
import { signalsOf } from "./signals.js";
import { followNumbers } from "./spin.js";
import { tell } from "./status.js";
import { followSteps, playerOf } from "./walk.js";
import { placeProblem } from "./wrong.js";

/** @import { Film, Rendered, Run, View } from "./types.js" */

const STAGE = `
  <div class="bppviz-sight">
    <svg class="bppviz-map" aria-hidden="true"></svg>
    <div class="bppviz-scroll">
      <div class="bppviz-frame">
        <div class="bppviz-plot" role="img"></div><svg class="bppviz-marks" aria-hidden="true"></svg>
      </div>
    </div>
    <p class="bppviz-message" role="status"></p>
  </div>
  <p class="bppviz-description"></p>
  <div class="bppviz-words">
    <div class="bppviz-formula" role="group"></div>
    <div class="bppviz-substituted" role="group"></div>
    <form class="bppviz-quiz" autocomplete="off">
      <span class="bppviz-asked"></span>
      <span class="bppviz-offers" role="group"></span>
      <input type="text" class="bppviz-answer" spellcheck="false" autocomplete="off">
      <button class="bppviz-check"></button><button type="button" class="bppviz-hint" aria-keyshortcuts="H"></button>
    </form>
    <div class="bppviz-line"><p class="bppviz-verdict" role="status"></p><p class="bppviz-sentence"></p></div>
  </div>
  <p class="bppviz-problem" role="alert"></p>
  <p class="bppviz-notice" role="status"></p>
  <p class="bppviz-spoken" aria-live="polite"></p>`;

const OUTPUTS = [".jp-OutputArea", ".jp-OutputArea-child", ".output", ".cell_output"]; // of a cell, in its frontends

/** @param {HTMLElement} el */
function addStage(el) {
  const stage = document.createElement("div");
  stage.className = "bppviz-stage bppviz-is-bare"; // until there is a picture
  stage.tabIndex = 0;
  stage.setAttribute("role", "group");
  stage.innerHTML = STAGE;
  el.append(stage);
  return stage;
}

/**
 * Say in the output of a cell whether a stage lives there: then the still beside it is not seen. Returns what says it
 * anew when the stage has gone.
 * @param {HTMLElement} box
 */
function tellHome(box) {
  const homes = OUTPUTS.flatMap((it) => box.closest(it) ?? []);
  const tell = () => homes.forEach((home) => home.classList.toggle("bppviz-lives-here", Boolean(home.querySelector(".bppviz-stage"))));
  tell();
  return tell;
}

/** @param {HTMLElement} stage */
function describePicture(stage) {
  const description = find(stage, "description");
  description.id = `bppviz-${Math.random().toString(36).slice(2)}`;
  find(stage, "plot").setAttribute("aria-describedby", description.id);
}

/**
 * Returns what updates all that is told beside the picture. It hears of errors, of the mouse, and of what is marked.
 * @param {View} view
 */
function teller(view) {
  const { box, films, model, stage } = view;
  /** @type {Record<string, string>} */
  const failures = {};
  let [pointed, marked] = ["", model.get("selected")];
  const asks = answering(view);
  /** @param {Film} film */
  function markNow(film) {
    mark(find(stage, "marks"), film, marked, pointed);
    asks.echoNow();
  }
  /** @param {Film} film */
  const tellAll = (film) => {
    tell(view, film, failures);
    markNow(film);
    asks.changed();
    showOpen(box, model);
  };
  const now = () =>
    void films.film.then(tellAll).catch((error) => write(find(stage, "problem"), `${error.name}: ${error.message}`));
  const signals = signalsOf(box);
  const ends = [
    signals.pointed.hear(async (place) => {
      pointed = place;
      markNow(await films.film);
    }),
    signals.marked.hear(async (place) => {
      if (place !== marked) asks.pick(place); // a click marks a weight, and once more as it is selected
      marked = place;
      markNow(await films.film);
    }),
    signals.failed.hear(({ part, error }) => {
      if ((failures[part] ?? null) === error) return;
      if (error) failures[part] = error;
      else delete failures[part];
      now();
    }),
  ];
  return { now, close: () => ends.forEach((end) => end()) };
}

/**
 * Listen to clicks, choices, keys and hands anywhere in the widget.
 * @param {View} view
 * @param {Painter} painter
 */
function listen(view, painter) {
  const { box, films, hear, model, screen, stage } = view;
  const keys = keyTable(view);
  const cover = coverOf(box, keys);
  const acts = actsOf(view, {
    present: () => screen.toggle(),
    blank: () => blank(box),
    help: async () => keys.open((await films.film).words[model.get("lang")]),
    again: () => painter.again(),
    hint: () => all(stage, ".bppviz-is-asking .bppviz-hint").forEach((it) => it.click()),
  });
  /** @param {string} name */
  const act = (name) => attempt(box, () => acts(name));
  hearWords(view);
  hearClicks(view, act, cover, hear);
  hearFields(view, hear);
  hearKeys(view, act, cover);
  hearHolds(view, hear);
  hearScrubs(view);
  hear(box, ["scroll"], () => placeProblem(view, model.get("problem")?.name), true);
}

/**
 * Show a model. Returns a function that ends it.
 * @param {Rendered} rendered
 * @param {Run} run
 */
async function show({ model, el, signal }, run) {
  const stage = addStage(el);
  const box = await attached(stage, signal);
  const tellGone = tellHome(box);
  const screen = screenOf(box, stage, () => {
    pops.close();
    ofPage();
  });
  const over = new AbortController();
  const hear = hearing(over.signal);
  const outline = new Outline({ ...run, model, box }, () => screen.is() || pops.close());
  const pops = popsOf(box, hear, (name) => {
    if (name === "steps") outline.open();
    painter.fit();
  });
  const seen = { ...run, model, stage, box, screen, hear, pops, outline };
  /** @type {View} */
  const view = { ...seen, grip: new Grip(seen) };
  describePicture(stage);
  const focusSegment = keepSegment(box, hear);
  const told = teller(view);
  const painter = new Painter(view, () => ofPage());
  const ofPage = () => {
    told.now();
    painter.repaint();
  };
  const repaint = () => painter.repaint();
  const progress = () => tellSeen(model);
  const { forget: film, keep: fresh } = painter.keeper;
  listen(view, painter);
  const ends = [
    () => over.abort(),
    told.close,
    view.grip.close,
    signalsOf(box).chosen.hear((cell) => chooseCell(view, cell)),
    run.kernel.hear((state) => (state === "gone" ? painter.stayAlone().finally(ofPage) : ofPage())),
    run.play.enter(told.now),
    followModel(model, { repaint, tell: told.now, progress, film, fresh }),
    followControls(box, stage, () => {
      told.now();
      focusSegment();
    }),
    followSizes(find(stage, "scroll"), (width) => painter.resize(width), () => painter.fit()),
    followThemes(ofPage),
    followNumbers(box),
  ];
  ofPage();
  progress();

  return () => {
    painter.isGone = true;
    screen.end();
    screen.close();
    ends.forEach((end) => end());
    painter.close();
    el.replaceChildren(); // ipywidgets keeps it as long as the model
    tellGone();
  };
}

export default () => {
  /** @type {Run} */
  let run;
  /** @type {ReturnType<typeof presenceOf>} */
  let presence;
  return {
    /** @param {Rendered} rendered */
    initialize({ model, signal }) {
      const films = filmsOf(model);
      const play = playerOf(model, () => films.film);
      const hold = { at: "", slider: false, down: false, shown: [] };
      const examiner = new Examiner(model, films);
      run = { films, play, kernel: lineOf(model), hold, came: { from: null }, examiner };
      if (model.get("alone")) void examiner.begin();
      run.kernel.hear((state) => state === "here" && examiner.end());
      followSteps(model, run.came);
      presence = presenceOf(model);
      signal?.addEventListener("abort", play.stop);
      return play.stop;
    },

    /** @param {Rendered} rendered */
    render({ model, el, signal }) {
      presence.come();
      signal?.addEventListener("abort", presence.leave);
      return show({ model, el, signal }, run);
    },

    /** The film, which says what the address of a saved page can name. */
    film: () => run.films.film,
  };
};
