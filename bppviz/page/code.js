// The program of the run, beside its walk: the line now, the listing, and what PyTorch finds.

import { besideStage } from "./beside.js";
import { all, find, hasMoved, hearing, put, targetOf, write } from "./dom.js";
import { textIn } from "./grid.js";
import { copied, saved } from "./keep.js";
import { lineAt, momentOfLine, onLineKey, showLine, stepOfLine, worth, writeLines } from "./listing.js";
import { light } from "./known.js";
import { momentOf } from "./moment.js";
import { safely, signalsOf } from "./signals.js";
import { showTiers } from "./tiers.js";
import { showFound, writeTensors } from "./torch.js";
import { unpackedJson } from "./unpack.js";

/** @import { Model, Program, ProgramLine, Programmed, Rendered, View } from "./types.js" */
/** @import { Moment } from "./moment.js" */
/** @typedef {{ holder: HTMLElement, acts: HTMLElement, stage: HTMLElement, box: HTMLElement, model: Model<Programmed> }} Place */

/** @type {Record<string, string>} */
const LIBRARIES = { numpy: "NumPy", torch: "PyTorch" };
const MOST_FOLDED = 4; // steps in which code.css leaves out more and more of a line that has little room
const SEGMENT = Object.entries(LIBRARIES)
  .map(([name, text]) => `<button type="button" class="widget-toggle-button" data-library="${name}">${text}</button>`)
  .join("");
const ACTS = `
  <div class="widget-toggle-buttons" role="group"><div>${SEGMENT}</div></div>
  <button type="button" class="bppviz-copy"></button><button type="button" class="bppviz-save-py"></button>
  <button type="button" class="bppviz-save-ipynb"></button><span class="bppviz-copied" role="status"></span>`;
const CODE = `
  <div class="bppviz-now" role="group"></div>
  <p class="bppviz-one-call"><b></b> <span></span><code></code><i></i></p>
  <div class="bppviz-program">
    <details><summary></summary><pre></pre></details>
    <ol class="bppviz-listing"></ol>
    <div class="bppviz-tensors"></div>
  </div>
  <p class="bppviz-code-note"></p>`;

/**
 * Write all that is the same at every step.
 * @param {Place} place
 * @param {Program} program
 */
function draw({ holder, acts, stage, model }, program) {
  const lang = stage.lang || "en";
  const library = model.get("shown");
  holder.lang = lang;
  holder.classList.toggle("bppviz-is-without", Boolean(program.note));
  acts.hidden = Boolean(program.note);
  write(find(holder, "code-note"), textIn(program.note, lang));
  if (program.note) return;
  /** @param {string} name */
  const say = (name) => program.said[name][lang];
  const { before, folded, lines } = program.libraries[library];
  holder.dataset.library = library;
  acts.firstElementChild?.setAttribute("aria-label", say("library"));
  for (const button of all(acts, "[data-library]")) {
    const isShown = button.dataset.library === library;
    button.classList.toggle("mod-active", isShown);
    button.setAttribute("aria-pressed", String(isShown));
  }
  find(holder, "now").setAttribute("aria-label", say("now"));
  const [call, more] = all(find(holder, "one-call"), "b, span");
  write(call, say("one_call"));
  write(more, say("in_grad"));
  write(holder.querySelector("summary"), `# ${folded[lang]}`);
  write(holder.querySelector("pre"), before);
  find(holder, "listing").setAttribute("aria-label", say("listing"));
  writeLines(find(holder, "listing"), lines);
  if (library === "torch") writeTensors(find(holder, "tensors"), program, model.get("found"), lang);
  else put(find(holder, "tensors"), "");
}

/**
 * Show where the walk stands.
 * @param {Place} place
 * @param {Program} program
 */
function walkOn(place, program) {
  const { holder, stage, model } = place;
  if (program.note) return;
  const library = model.get("shown");
  const moment = momentOf(stage, program);
  holder.dataset.phase = stage.dataset.phase;
  showLine(find(holder, "listing"), program, library, moment);
  readNow(find(holder, "now"), program, moment);
  sayLine(find(holder, "one-call"), program, undefined, moment);
  walkFound(place, program, moment);
  bringUp(holder);
}

/**
 * Show what the walk has found of what PyTorch finds.
 * @param {Place} place
 * @param {Program} program
 * @param {Moment} moment
 */
function walkFound({ holder, box, model }, program, moment) {
  const found = model.get("found");
  if (model.get("shown") !== "torch" || !found.values) return;
  const isAsking = box.classList.contains("bppviz-is-quizzed");
  showFound(find(holder, "tensors"), program, found, { ...moment, isAsking }, holder.lang);
}

/**
 * Show the line now.
 * @param {HTMLElement} tiers
 * @param {Program} program
 * @param {Moment} moment
 */
function readNow(tiers, program, moment) {
  tiers.style.height = "";
  tiers.dataset.folded = "0";
  tiers.classList.remove("bppviz-is-elsewhere");
  showTiers(tiers, program, moment);
}

/**
 * Show another line in its place, and in its room: else the lines below would move under the mouse.
 * @param {HTMLElement} tiers
 * @param {Program} program
 * @param {Moment} moment
 */
function readElsewhere(tiers, program, moment) {
  tiers.style.height ||= `${tiers.offsetHeight}px`;
  tiers.classList.add("bppviz-is-elsewhere");
  tiers.dataset.folded = "0";
  showTiers(tiers, program, moment);
  for (let folded = 1; folded <= MOST_FOLDED && tiers.scrollHeight > tiers.clientHeight; folded += 1) {
    tiers.dataset.folded = String(folded);
  }
}

/**
 * Say what a line of PyTorch computes and what it has found, in place of what its one call does; that, of other lines.
 * @param {HTMLElement} call
 * @param {Program} program
 * @param {ProgramLine | undefined} line
 * @param {Moment} moment
 */
function sayLine(call, program, line, moment) {
  const told = line && line.pieces.length > 1 && !moment.isAsking ? line : null;
  const there = told && momentOfLine(told, program, moment);
  const [code, found] = all(call, "code, i");
  write(code, told && there ? lineAt(told, there) : "");
  write(found, there ? worth(program, there) : "");
  call.classList.toggle("bppviz-is-elsewhere", Boolean(told));
}

/**
 * Scroll the program, or its panel, and nothing around it, to the current line, and to what PyTorch has found of it.
 * @param {HTMLElement} holder
 */
function bringUp(holder) {
  const program = find(holder, "program");
  const panel = /** @type {HTMLElement} */ (holder.closest(".bppviz-panel"));
  const scrolled = program.scrollHeight > program.clientHeight ? program : panel;
  const room = scrolled.getBoundingClientRect();
  for (const it of room.height ? all(program, "[aria-current], tr:has(.bppviz-is-new)") : []) {
    const line = it.getBoundingClientRect();
    const margin = Math.min(line.height, (room.height - line.height) / 2); // a line around it is seen, too
    const [above, below] = [line.top - margin - room.top, line.bottom + margin - room.bottom];
    if (above < 0) scrolled.scrollTop += above;
    else if (below > 0) scrolled.scrollTop += below;
  }
}

/**
 * Show the line to which mouse or keys point, unless it might tell what is asked for. It is the one now that is shown
 * when they leave it, and when the walk goes on.
 * @param {Place} place
 * @param {() => Program} now
 * @param {View["hear"]} hear
 */
function hearPointing({ holder, stage, model }, now, hear) {
  const [listing, tiers, call] = ["listing", "now", "one-call"].map((it) => find(holder, it));
  const leave = () => {
    const moment = momentOf(stage, now());
    readNow(tiers, now(), moment);
    sayLine(call, now(), undefined, moment);
  };
  /** @param {Event} event */
  const point = (event) => {
    const nth = all(listing, "li").findIndex((it) => it.querySelector("button")?.contains(targetOf(event)));
    const line = now().libraries[model.get("shown")].lines[nth];
    const moment = momentOf(stage, now());
    if (model.get("shown") === "torch") sayLine(call, now(), line, moment);
    else if (!line || listing.children[nth].ariaCurrent || moment.isAsking) leave();
    else readElsewhere(tiers, now(), momentOfLine(line, now(), moment));
  };
  hear(listing, ["mousemove"], (event) => hasMoved(event) && point(event));
  hear(listing, ["focusin"], (event) => targetOf(event).matches(":focus-visible") && point(event));
  hear(listing, ["mouseleave", "focusout"], leave);
}

/** @param {Event} event */
const placeOfTier = (event) => /** @type {HTMLElement | null} */ (targetOf(event).closest("[data-place]"))?.dataset.place ?? "";

/**
 * Go from a line to its step, and light up in the picture what is pointed at.
 * @param {Place} place
 * @param {() => Program} now
 * @param {View["hear"]} hear
 */
function hearLines({ holder, stage, box, model }, now, hear) {
  const { chosen, pointed } = signalsOf(box);
  hear(holder, ["keydown"], onLineKey);
  hear(holder, ["click"], (event) => {
    const button = targetOf(event).closest("button");
    if (!button) return;
    const nth = all(holder, ".bppviz-code-line").findIndex((it) => it.contains(button));
    const step = stepOfLine(now().libraries[model.get("shown")].lines[nth], momentOf(stage, now()));
    chosen.send({ step, back() {} });
    button.focus({ preventScroll: true }); // so that the keys go on from here
  });
  const tiers = find(holder, "now");
  hear(tiers, ["mousemove"], (event) => hasMoved(event) && pointed.send(placeOfTier(event)));
  hear(tiers, ["mouseleave"], () => pointed.send(""));
}

/**
 * Choose a library, copy and save.
 * @param {Place} place
 * @param {() => Program} now
 * @param {View["hear"]} hear
 */
function hearActs({ holder, acts, model }, now, hear) {
  hear(acts, ["click"], async (event) => {
    const button = targetOf(event).closest("button");
    const [library, { files, libraries, said }] = [model.get("shown"), now()];
    if (button?.dataset.library) {
      model.set("shown", button.dataset.library);
      model.save_changes();
    } else if (button?.matches(".bppviz-copy")) {
      write(find(acts, "copied"), ""); // so that it is seen and heard again
      const name = (await copied(libraries[library].text, acts)) ? "copied" : "not_copied";
      write(find(acts, "copied"), said[name][holder.lang]);
    } else if (button) {
      const isScript = button.matches(".bppviz-save-py");
      saved(`${library}_run.${isScript ? "py" : "ipynb"}`, isScript ? files[library].py : files[library].ipynb[holder.lang]);
    }
  });
}

/**
 * Draw the program when it or the language changes, and follow the steps. Returns a function that stops it.
 * @param {Place} place
 */
function follow(place) {
  const { holder, stage, box, model } = place;
  /** @type {Program} */
  let program = /** @type {any} */ ({ note: {} });
  const walk = safely(box, () => {
    if (holder.lang !== stage.lang) draw(place, program);
    walkOn(place, program);
  });
  const redraw = () => {
    holder.lang = "";
    void walk();
  };
  const tellFound = safely(box, () => {
    if (program.note || model.get("shown") !== "torch") return; // all else stays, with what is pointed at
    writeTensors(find(holder, "tensors"), program, model.get("found"), holder.lang);
    walkFound(place, program, momentOf(stage, program));
    bringUp(holder);
  });
  const unpack = safely(box, async () => {
    const bytes = model.get("program");
    const unpacked = await unpackedJson(bytes);
    if (!unpacked || bytes !== model.get("program")) return; // another one has come meanwhile
    program = unpacked;
    redraw();
  });
  const steps = new MutationObserver(walk);
  const attributes = ["data-last", "data-granularity", "data-to-come", "data-asked", "data-unfinished", "data-used", "data-found", "lang"];
  steps.observe(stage, { attributeFilter: attributes });
  steps.observe(box, { attributeFilter: ["class"] });
  const opened = new ResizeObserver(() => bringUp(holder));
  opened.observe(find(holder, "program"));
  /** @type {[string, () => void][]} */
  const changes = [["change:program", unpack], ["change:shown", redraw], ["change:found", tellFound]];
  changes.forEach(([change, does]) => model.on(change, does));
  void unpack();
  return {
    now: () => program,
    end() {
      steps.disconnect();
      opened.disconnect();
      changes.forEach(([change, does]) => model.off(change, does));
    },
  };
}

export default () => ({
  /** @param {Rendered<Programmed>} rendered */
  async render({ model, el, signal }) {
    const beside = await besideStage({ el, signal }, "bppviz-code bppviz-is-without", "acts");
    if (!beside) return undefined;
    const { holder, box, stage, panel } = beside;
    holder.innerHTML = CODE;
    const acts = document.createElement("div");
    acts.className = "bppviz-code-acts";
    acts.innerHTML = ACTS;
    find(panel, "acts").replaceChildren(acts);
    const place = { holder, acts, stage, box, model };
    const unlight = signalsOf(box).pointed.hear((it) => light(find(holder, "now"), it));
    const { now, end } = follow(place);
    const over = new AbortController();
    const hear = hearing(over.signal);
    hearLines(place, now, hear);
    hearPointing(place, now, hear);
    hearActs(place, now, hear);
    return () => {
      over.abort();
      unlight();
      end();
    };
  },
});
