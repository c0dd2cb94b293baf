// The stage: it paints the frames that Python made, and walks among them without asking anybody.
// What is where in `film` is said in packed.py. Python alone knows what back-propagation is.

import { attached, fill, isCommand, jsonPainted, pageIsDark, PATIENCE, placeOf, plain, PLOT, plotly, post, put, report, unpacked, write } from "./plotly.js";
import { FILLED, line, OF_KERNEL, shownAt, withhold } from "./kernel.js";
import { mark, pulse } from "./marks.js";
import { actOf, BEFORE, keyTable, presentation, SCROLLED, SIZES } from "./screen.js";

const PAUSE = 1400; // milliseconds between two steps at speed 1
const SHARE = 0.6; // of the window's height that the picture may take, so that the words stay in sight
const SHARE_BESIDE = 0.39; // the same while a panel is open, so that a slider and all that it moves are in sight together
const MOVES = {
  first: () => 0,
  back: (place) => place - 1,
  next: (place) => place + 1,
  last: (_, walk) => walk.length - 1,
};
const TRAITS = { language: "lang" }; // the controls whose trait has another name
// The buttons that act in the page alone.
const BUTTONS = [...Object.keys(MOVES), "play", "by-phase", "again", "present", "help"];
const TAKING = ["pointerdown", "focusin", "keydown"]; // of a slider or field, by a hand
const STEPS = { ArrowUp: "↑", ArrowDown: "↓" }; // in a field: Python makes its number larger or smaller by a step
const LEAVING = ["pointerup", "pointercancel"]; // of a slider or the picture; a field is left with the focus
const PANELS = ["predict", "weights", "training", "table", "why", "check"];
const PHASES = { loss: "muted" }; // the phases that have no colour of their own name
const WHOLE = { step: -1, back: 0 };
const REVEALED = 1500; // milliseconds for which a right answer is shown before the walk goes on, at speed 1
const LEFT_ALONE = 1000; // milliseconds at most for which a training leaves the page alone
const MOST_SAID = 60; // places in the picture's description
const ABREAST = 0.9; // how much smaller a formula may become to stand beside its numbers
const SMALLEST = 12 / 18; // the scale at which the picture's text is 12 px; below, the picture is scrolled

const STAGE = `
  <p class="bppviz-message" role="status"></p>
  <p class="bppviz-kernel" role="status"></p>
  <div class="bppviz-scroll" role="img">
    <div class="bppviz-frame"><div class="bppviz-plot"></div><svg class="bppviz-marks" aria-hidden="true"></svg></div>
  </div>
  <p class="bppviz-description"></p>
  <div class="bppviz-words">
    <div class="bppviz-formula" role="group"></div>
    <div class="bppviz-substituted" role="group"></div>
    <p class="bppviz-sentence"></p>
  </div>
  <form class="bppviz-quiz" autocomplete="off">
    <div class="bppviz-level"><span class="widget-label"></span><select></select></div>
    <input type="text" class="bppviz-answer" spellcheck="false" autocomplete="off">
    <button class="bppviz-check"></button><button type="button" class="bppviz-hint"></button>
    <button type="button" class="bppviz-round"></button>
    <span class="bppviz-score"></span><button type="button" class="bppviz-reset-score"></button>
    <p class="bppviz-verdict" role="status"></p>
  </form>
  <p class="bppviz-problem" role="alert"></p>
  <p class="bppviz-notice" role="status"></p>
  <p class="bppviz-spoken" aria-live="polite"></p>`;

// Where the model stands: the walk, and the place in it. `back` in `partial` counts the terms still missing from a sum.
function standing(model, reel) {
  const walk = reel.walks[model.get("granularity")] ?? Object.values(reel.walks).at(-1);
  const step = model.get("step");
  let place = walk.findIndex((frame) => frame.whole && frame.step >= step);
  if (place < 0) place = walk.length - 1;
  const { step: at, back } = model.get("partial");
  if (at === step && walk[place - back] && !walk[place - back].whole) place -= back;
  return { walk, place };
}

function go(model, reel, place) {
  const { walk } = standing(model, reel);
  place = Math.max(0, Math.min(walk.length - 1, place));
  const { step } = walk[place];
  let back = 0;
  while (!walk[place + back].whole) back += 1;
  model.set("partial", { step, back });
  model.set("step", step);
  model.save_changes();
}

// Playing belongs to the model, so that two views of it do not walk twice as fast; without a view it stops.
function player(model, film) {
  let timer = null;
  let playing = false;
  const views = new Set();
  const set = (value) => {
    playing = value;
    clearTimeout(timer);
    views.forEach((repaint) => repaint());
  };
  const later = (share = 1) => {
    clearTimeout(timer);
    timer = setTimeout(() => tick().catch(() => set(false)), (share * PAUSE) / model.get("speed"));
  };
  const tick = async () => {
    const reel = await film();
    const { walk, place } = standing(model, reel);
    if (!playing) return;
    if (views.size === 0 || place >= walk.length - 1) return set(false);
    go(model, reel, place + 1);
    if (model.get("by_phase") && walk[place + 1].phase !== walk[place + 2]?.phase) return set(false);
    later();
  };
  return {
    get playing() {
      return playing;
    },
    stop: () => playing && set(false),
    async toggle() {
      if (playing) return set(false);
      const reel = await film();
      const { walk, place } = standing(model, reel);
      if (place >= walk.length - 1) go(model, reel, 0);
      set(true);
      later(0.5);
    },
    enter(repaint) {
      views.add(repaint);
      return () => {
        views.delete(repaint);
        if (views.size === 0) set(false);
      };
    },
  };
}

// A value of the film: a long list may be told by how it differs from another one.
function valueAt(values, index) {
  const value = values[index];
  if (value?.of === undefined) return value;
  const list = [...valueAt(values, value.of)];
  value.at.forEach((place, i) => (list[place] = value.put[i]));
  return list;
}

// Three plots: the one that is seen, and those of the steps before and behind it, painted while nobody waits for them.
// A step then only puts another plot in its place. Only the one that is seen is in the page.
function gallery(Plotly, frame, { onPoint, onHover }) {
  const plots = [];
  let seen = null;

  // What is pressed stays where it is until the press has become a click: plotly.js asks only then what lies under it.
  let released = null;
  frame.addEventListener("pointerdown", ({ button }) => {
    if (button !== 0) return; // the menu of another button may keep its release to itself
    const over = new AbortController();
    released = new Promise((done) => {
      const release = () => {
        over.abort();
        setTimeout(done);
      };
      LEAVING.forEach((type) => globalThis.addEventListener(type, release, { signal: over.signal }));
    });
  });

  // Draw what stays, unless it is there.
  async function ground(plot, { base, theme, palette }) {
    if (plot.base === base && plot.theme === theme) return;
    const { data, layout } = jsonPainted(base, palette);
    if (plot.base) await Plotly.react(plot.div, data, layout, PLOT);
    else await Plotly.newPlot(plot.div, data, layout, PLOT);
    if (!plot.base) {
      plot.div.on("plotly_click", ({ points }) => onPoint(points[0]?.customdata));
      plot.div.on("plotly_hover", ({ points }) => onHover(points[0]?.customdata));
      plot.div.on("plotly_unhover", () => onHover());
    }
    Object.assign(plot, { base, theme, key: null, shows: {} });
  }

  async function paint(plot, shot) {
    await ground(plot, shot);
    if (plot.key === shot.key) return;
    const all = plot.div.data.map((_, i) => i);
    const update = {}; // a hole leaves its series as it is
    const put = (attribute, series, value) => {
      const text = JSON.stringify(value);
      const place = `${attribute} ${series}`;
      if (plot.shows[place] === text) return;
      plot.shows[place] = text;
      update[attribute] ??= new Array(all.length);
      update[attribute][series] = value;
    };
    for (const [attribute, bySeries] of Object.entries(shot.patch)) {
      for (const [series, value] of Object.entries(bySeries)) put(attribute, series, valueAt(shot.values, value));
    }
    put("text", shot.headings, shot.captions);
    if (Object.keys(update).length) await Plotly.restyle(plot.div, update, all);
    plot.key = shot.key;
  }

  const holds = ({ key, theme }) => plots.find((plot) => plot.key === key && plot.theme === theme);

  function spare(shots) {
    if (plots.length < 3) {
      const div = document.createElement("div");
      div.className = "bppviz-picture";
      plots.push({ div, base: null, key: null });
      return plots.at(-1);
    }
    const kept = shots.map(holds);
    return plots.find((plot) => plot !== seen && !kept.includes(plot)) ?? plots.find((plot) => plot !== seen);
  }

  return {
    // Show the first shot; the others are its neighbours.
    async show(shots) {
      let plot = holds(shots[0]);
      if (!plot) await paint((plot = spare(shots)), shots[0]);
      if (plot === seen) return;
      await released;
      // Out of the page it would not hear the mouse leave, and would go on telling what it was on.
      seen?.div.querySelectorAll(".nsewdrag").forEach((it) => it.dispatchEvent(new MouseEvent("mouseout")));
      seen = plot;
      frame.replaceChildren(plot.div);
    },
    // Paint one neighbour; tell whether there was one to paint.
    async prepare(shots) {
      const next = shots.find((shot) => !holds(shot));
      if (next) await paint(spare(shots), next);
      return Boolean(next);
    },
    // The picture is drawn at one size and scaled as a whole, so that it looks the same at every width.
    fit(width, height, least) {
      if (!seen) return;
      const { layout } = seen.div;
      const scale = Math.max(Math.min(width / layout.width, height / layout.height), least);
      seen.div.style.transform = `scale(${scale})`;
      frame.parentNode.style.width = `${layout.width * scale}px`;
      frame.parentNode.style.height = `${layout.height * scale}px`;
    },
    close: () => plots.forEach(({ div }) => Plotly.purge(div)),
  };
}

// A browser that has nothing to do would begin such work before it paints the step, and paint late.
const idle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 100));
const whenIdle = (work) => requestAnimationFrame(() => idle(work));

// The controls are ipywidgets; what they say must not wait for the kernel.
function label(box, model, reel, { playing, presenting, training }) {
  const words = reel.words[model.get("lang")];
  const says = {
    play: playing ? "pause" : "play",
    run: training ? "stop" : "run",
    present: presenting ? "leave" : "present",
    check: model.get("quiz").is_asked ? "check" : "go-on",
  };
  for (const name of reel.controls) {
    for (const part of box.querySelectorAll(`.bppviz-${name}`)) {
      const [text, hint] = [words[`control.${says[name] ?? name}`], words[`hint.${name}`] ?? ""];
      if (part.matches("button")) {
        write(part, text);
        part.title = hint;
        part.setAttribute("aria-label", text.replace(/[^\p{L}\p{N} ]/gu, "").trim() || hint); // a name is no arrows
        if (part.matches(".widget-toggle-button")) part.setAttribute("aria-pressed", part.matches(".mod-active"));
      } else {
        write(part.querySelector(".widget-label, .widget-label-basic span"), text);
        const fields = part.matches("input") ? [part] : part.querySelectorAll(".noUi-handle, .widget-readout, select, input");
        for (const field of fields) {
          field.setAttribute("aria-label", text);
          if (field.isContentEditable) field.role = "textbox";
          if (hint) field.title = hint;
        }
      }
    }
  }
  for (const [name, choices] of Object.entries(reel.choices)) {
    const select = box.querySelector(`.bppviz-${name} select`);
    if (!select) continue;
    choices.forEach(({ value, word, only_said }, i) => {
      if (word) write(select.options[i], words[word]);
      select.options[i].disabled = Boolean(only_said);
      if (value === model.get(TRAITS[name] ?? name)) select.selectedIndex = i;
    });
  }
  nameSliders(box, model, reel);
}

// The sliders of the weights, inputs and targets, by what stands on their labels; the groups as the picture's columns.
function nameSliders(box, model, reel) {
  const captions = reel.captions[model.get("lang")];
  box.querySelectorAll(".bppviz-group").forEach((group) => {
    group.dataset.title = captions[Number(group.className.match(/bppviz-layer-(\d+)/)[1])]?.replace(/<br>/g, " · ") ?? "";
  });
  for (const control of box.querySelectorAll(".bppviz-slider, .bppviz-exact")) {
    const slider = control.matches(".bppviz-slider") ? control : control.previousElementSibling;
    const symbol = slider?.querySelector(".widget-label")?.textContent ?? "";
    if (control === slider) control.title = symbol; // a field tells its number, too
    control.querySelector(".noUi-handle, input")?.setAttribute("aria-label", symbol);
    control.classList.toggle("bppviz-chosen", placeOf(control) === model.get("selected"));
  }
}

function count(box, reel, words, { walk, place }) {
  const counter = box.querySelector(".bppviz-counter");
  if (!counter) return;
  const phases = reel.spans.map(([phase]) => {
    const current = phase === walk[place].phase ? ' aria-current="step"' : "";
    return `<span class="bppviz-phase-${phase}"${current}>${words[`phase.${phase}`]}</span>`;
  });
  put(counter, `<b>${place + 1} / ${walk.length}</b> ${phases.join(" › ")}`);
}

// The theme, as CSS variables for controls and words, and the phases in the colours of the scrubber.
function dress(box, reel, theme) {
  const stops = reel.spans.map(([phase, from, to]) => `var(--bppviz-${PHASES[phase] ?? phase}) ${from}% ${to}%`);
  box.style.setProperty("--bppviz-track", `linear-gradient(to right, ${stops.join(", ")})`);
  if (box.dataset.theme === theme) return;
  for (const [part, colour] of Object.entries(reel.palettes[theme])) box.style.setProperty(part.slice(4, -1), colour);
  box.dataset.theme = theme;
}

// The questions: what is asked for, how it went, and what can be done next. Only where the kernel can judge an answer.
function ask(form, model, words) {
  const { is_asked, is_finished, is_last, is_too_coarse, level, levels = [], right = 0, asked = 0, verdict, kind = "" } = model.get("quiz");
  const lang = model.get("lang");
  const select = form.querySelector("select");
  const options = levels.map((name) => `<option>${name || words["quiz.nothing"]}</option>`).join("");
  put(select, options);
  select.selectedIndex = level;
  form.classList.toggle("bppviz-is-asking", Boolean(is_asked));
  write(form.querySelector(".bppviz-score"), fill(words["quiz.score"], { right, asked }));
  const done = is_last ? "quiz.all_done" : "quiz.finished";
  const note = is_finished ? done : is_too_coarse ? "quiz.too_coarse" : "";
  const said = form.querySelector(".bppviz-verdict");
  write(said, `${verdict?.[lang] ?? ""} ${words[note] ?? ""}`.trim());
  said.className = `bppviz-verdict bppviz-is-${kind}`;
}

// What the picture shows, in words: every number that is known, what the shot before does not have first.
function described(shown, before, words) {
  const had = new Set(before && numbers(before, words));
  const all = numbers(shown, words);
  const said = [...new Set([...all.filter((it) => !had.has(it)), ...all])];
  const [values, more] = [said.slice(0, MOST_SAID).join(words["list.semicolon"]), said.length - MOST_SAID];
  return plain(fill(words[more > 0 ? "stage.known_more" : "stage.known"], { values, more }));
}

// By place, what hovering says; a line that has no number is of one that is still to come.
function numbers({ patch, values }, words) {
  const texts = Object.values(patch.hovertext).reverse().flatMap((it) => valueAt(values, it));
  const known = (text) => text.split("<br>").filter((line) => /[=→]/.test(line));
  return texts.map((text) => known(text).join(words["list.comma"])).filter(Boolean);
}

// What is wider than its place can be scrolled with the keys.
function reach(stage) {
  for (const part of stage.querySelectorAll(SCROLLED)) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
  }
}

// Answers, hints and rounds. Returns a function that lets the form know that something else is asked for.
function answering(form, stage, model, move) {
  const field = form.querySelector(".bppviz-answer");
  const isWaiting = () => (model.get("reply")?.times ?? 0) > (model.get("quiz").heard ?? 0);
  const reply = (act, more) => {
    if (isWaiting()) return; // for what the kernel says to the last one
    model.set("reply", { act, ...more, step: model.get("step"), times: (model.get("reply")?.times ?? 0) + 1 });
    model.save_changes();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isWaiting() || model.get("quiz").step !== model.get("step")) return; // what is asked for here is still to come from the kernel
    if (!model.get("quiz").is_asked) move("next");
    else if (field.value.trim()) reply("answer", { text: field.value });
  });
  form.querySelector("select").addEventListener("change", ({ target }) => reply("level", { level: target.selectedIndex }));
  const acts = { hint: "hint", round: "round", "reset-score": "reset" };
  for (const [name, act] of Object.entries(acts)) form.querySelector(`.bppviz-${name}`).addEventListener("click", () => reply(act));
  let timer = null;
  let before = "";
  return () => {
    const { is_asked, kind } = model.get("quiz");
    const step = model.get("step");
    clearTimeout(timer);
    if (kind === "right") {
      const isStill = () => model.get("step") === step && model.get("quiz").kind === "right";
      const goOn = () => form.isConnected && model.get("panels").includes("predict") && isStill() && move("next");
      timer = setTimeout(goOn, REVEALED / model.get("speed"));
    }
    const now = [step, is_asked, model.get("granularity"), model.get("quiz").asked_steps].join(" ");
    if (now === before || model.get("quiz").step !== step) return;
    before = now;
    field.value = "";
    // Whoever answers with the keyboard goes on with it.
    const active = document.activeElement;
    const within = form.contains(active) || active === stage || active?.closest(".bppviz-show-predict");
    if (within) (is_asked ? field : form.querySelector(".bppviz-check")).focus({ preventScroll: true });
  };
}

// Clicks, choices and keys anywhere in the widget. `hand` is on a slider or field, `kernel` answers, `came` says from
// where the walk was changed; `own` holds the acts of this view of the widget, `cover` what may lie over it. Returns what
// moves the walk, and what stops listening.
function listen(box, model, film, play, { hand, kernel, came, own, cover }) {
  async function move(name) {
    play.stop();
    const reel = await film();
    const { walk, place } = standing(model, reel);
    go(model, reel, MOVES[name](place, walk));
  }

  function set(name, value) {
    model.set(name, value);
    model.save_changes();
  }

  // Take the value of an option that is so many places behind the present one; from the last of the languages, the first.
  async function choose(name, by, round = false) {
    const reel = await film();
    const values = reel.choices[name].map(({ value }) => value);
    const now = values.indexOf(model.get(TRAITS[name] ?? name)) + by;
    const next = values[round ? now % values.length : now];
    if (next !== undefined) take(reel, name, next);
  }

  function take(reel, name, value) {
    if (name === "granularity") return regrain(reel, value);
    const trait = TRAITS[name] ?? name;
    const before = model.get(trait);
    model.set(trait, value);
    if (OF_KERNEL.includes(name)) kernel.send(undefined, () => model.set(trait, before));
    return model.save_changes();
  }

  // To where the new walk stops. Whoever has not moved since the last one was taken comes back to where that was.
  function regrain(reel, value) {
    const from = came.from ?? { partial: model.get("partial"), step: model.get("step") };
    model.set("granularity", value);
    for (const [name, it] of Object.entries(from)) model.set(name, it);
    go(model, reel, standing(model, reel).place);
    came.from = from;
  }

  function resize(by) {
    const size = SIZES[SIZES.indexOf(model.get("text_size")) + by];
    if (size) set("text_size", size);
  }

  function toggle(panel) {
    const open = model.get("panels");
    const isEmpty = panel === "predict" || (FILLED.includes(panel) && !box.querySelector(`.bppviz-panel-${panel} .bppviz-tables`));
    if (isEmpty) kernel.send(undefined, () => model.set("panels", open));
    if (isEmpty && kernel.state === "gone") return;
    set("panels", open.includes(panel) ? open.filter((it) => it !== panel) : [...open, panel]);
  }

  const acts = {
    ...Object.fromEntries(Object.keys(MOVES).map((name) => [name, () => move(name)])),
    ...own,
    play: () => play.toggle(),
    coarser: () => choose("granularity", -1),
    finer: () => choose("granularity", 1),
    language: () => choose("language", 1, true),
    larger: () => resize(1),
    smaller: () => resize(-1),
    predict: () => box.querySelector(".bppviz-show-predict") && toggle("predict"), // a saved page asks nothing
    "by-phase": () => set("by_phase", !model.get("by_phase")),
  };

  function onClick(event) {
    if (cover.isBlank()) {
      event.stopPropagation();
      return cover.lift();
    }
    const button = event.target.closest("button");
    const name = button && BUTTONS.find((it) => button.closest(`.bppviz-${it}`));
    const panel = button && PANELS.find((it) => button.closest(`.bppviz-show-${it}`));
    if (!name && !panel) return button && !button.closest("dialog") ? asked(event) : undefined;
    event.stopPropagation(); // the button would tell the kernel, and complain where there is none
    return name ? act(name) : toggle(panel);
  }

  function act(name) {
    const failed = (error) => report(box, "change", error);
    failed(null);
    try {
      acts[name]()?.catch?.(failed);
    } catch (error) {
      failed(error);
    }
  }

  // What needs the kernel asks whether it is there; and without it, goes no further.
  function asked(event, putBack) {
    kernel.send(undefined, putBack);
    if (kernel.state === "gone") event.stopPropagation();
  }
  const putBack = (shown) => () => shown.forEach(([, back]) => back());

  // A hand on a slider, a key, a number that is typed: what it changes is one edit, however many values it takes.
  function onGrip(event) {
    const { type, target, key, repeat, relatedTarget } = event;
    // Whoever goes from one to the other says so once, by what is taken: what is said twice may come after the number.
    const next = box.contains(relatedTarget) && relatedTarget.closest("[class*=bppviz-at-]");
    if (type === "focusout" && next) return;
    const control = target.closest?.("[class*=bppviz-at-]");
    const at = placeOf(control);
    const slider = !control?.matches(".bppviz-exact");
    const left = hand.slider ? LEAVING.includes(type) : type === "focusout" && at === hand.at;
    if (hand.down && left) return tellGrip(false, { down: false });
    const typing = type === "keydown" && (repeat || (target.matches("input") && key !== "Enter"));
    const again = type === "focusin" && hand.down && at === hand.at && slider === hand.slider;
    if (!at || !TAKING.includes(type) || typing || again) return;
    if (type !== "keydown" || slider) hand.shown = shownAt(box, at); // else what was there before it was typed
    tellGrip(true, { at, slider, down: !slider || type === "pointerdown" });
    if (kernel.state === "gone") event.stopPropagation();
    else if (at.includes("-")) set("selected", at);
  }

  // In a message of its own, for it has to be there before the number that the hand changes.
  function tellGrip(taken, grip) {
    Object.assign(hand, grip);
    const { at, slider, down } = hand;
    kernel.send({ kind: "grip", taken, at, slider, down }, putBack(hand.shown));
  }

  // What is typed needs the kernel, which reads it.
  function onTyped(event) {
    const { target } = event;
    if (!target.matches("input")) return;
    const at = placeOf(target.closest("[class*=bppviz-at-]"));
    asked(event, at && at === hand.at ? putBack(hand.shown) : null);
    if (at && at === hand.at && kernel.state !== "gone") hand.shown = shownAt(box, at);
  }

  // Whoever comes into a field finds all of its number there, which the tooltip has; where it was left as it was, as
  // much of it as has room comes back.
  const fields = new WeakMap();
  function onField({ type, target }) {
    if (!target.matches?.(".bppviz-exact input")) return;
    const [, exact] = target.title.split(" = ");
    if (type === "focusout") {
      if (target.value === fields.get(target)?.exact) target.value = fields.get(target).short;
    } else if (exact) {
      fields.set(target, { short: target.value, exact });
      if (target.value === exact) return;
      target.value = exact;
      target.select(); // as it was, where the Tab key led here; a click puts the caret where it is
    }
  }

  // The arrows that Python has not yet answered are sent along: there is one text, and the last one counts.
  function onStep(event) {
    const { target, key } = event;
    if (!STEPS[key] || isCommand(event) || !target.matches(".bppviz-exact input")) return;
    event.preventDefault();
    const { value } = target;
    const { base, arrows } = fields.get(target)?.sent ?? {};
    const sent = { base: value, arrows: (base === value ? arrows : "") + STEPS[key] };
    fields.set(target, { ...fields.get(target), sent });
    target.value = sent.base + sent.arrows;
    target.dispatchEvent(new Event("change", { bubbles: true }));
    target.value = value;
  }

  async function onChange({ target }) {
    const reel = await film();
    for (const [name, choices] of Object.entries(reel.choices)) {
      if (target.closest(`.bppviz-${name}`)) take(reel, name, choices[target.selectedIndex].value);
    }
  }

  // Notebook 7 looks at keys before the page's elements do, and would go to its headings on → and ←. It leaves alone
  // what comes from an element with this attribute. It must not stay there: a key with Ctrl, such as the one that saves,
  // would be lost within that element.
  function onKeyFirst(event) {
    const { target } = event;
    if (!box.contains(target) || isCommand(event)) return;
    target.setAttribute("data-lm-suppress-shortcuts", "");
    setTimeout(() => target.removeAttribute("data-lm-suppress-shortcuts"));
  }

  // A key that stands for an act is taken before a slider or list in the widget could have it.
  function onKey(event) {
    if (isCommand(event)) return;
    if (event.key === "Escape") cover.leave(); // where the page gave its window, and not the screen
    const name = actOf(event);
    const [blank, keys] = [cover.isBlank(), cover.isKeys()];
    if (!name && !blank) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat && !Object.hasOwn(MOVES, name)) return;
    cover.lift();
    if (!blank && !(keys && name === "help")) act(name);
  }
  // JupyterLab would cut the cell on "x" and insert one on "b".
  const keepKey = (event) => isCommand(event) || event.stopPropagation();

  const over = new AbortController();
  const hear = (target, types, handler, capture = false) =>
    types.forEach((type) => target.addEventListener(type, handler, { capture, signal: over.signal }));
  hear(box, ["click"], onClick, true);
  hear(box, ["change"], onTyped, true);
  hear(box, ["change"], onChange);
  hear(box, ["focusin", "focusout"], onField);
  hear(box, ["keydown"], onStep, true);
  hear(globalThis, ["keydown"], onKeyFirst, true);
  hear(box, ["keydown"], onKey, true);
  hear(box, ["keydown"], keepKey);
  hear(box, [...TAKING, "focusout"], onGrip, true);
  hear(globalThis, LEAVING, onGrip, true);
  return { move, stop: () => over.abort() };
}

async function view({ model, el, signal }, films, play, { hand, kernel, came }) {
  const stage = document.createElement("div");
  stage.className = "bppviz-stage";
  stage.tabIndex = 0;
  stage.setAttribute("role", "group");
  stage.innerHTML = STAGE;
  el.append(stage);
  const box = await attached(stage, signal);
  const find = (name) => stage.querySelector(`.bppviz-${name}`);
  const message = find("message");
  let pictures = null;
  let gone = false;
  let late = null; // a timer, while what is to be seen is still to come from the kernel
  let reason = ""; // why there is no picture
  const failures = {}; // by part of the widget, what went wrong in the page

  // On a wall, light colours are the projector's.
  function theme() {
    const wanted = model.get("theme") === "auto" ? (pageIsDark() ? "dark" : "light") : model.get("theme");
    return wanted === "light" && full.is() ? "projector" : wanted;
  }
  let width = find("scroll").clientWidth; // remembered, because asking for it makes the browser lay out the page
  // What is projected has to be read from the last row, whatever is open; and two networks take more room than one.
  const isRoomy = () => theme() === "projector" || model.get("view") === "mirror" || model.get("panels").length === 0;
  function fit() {
    squeeze();
    const share = (isRoomy() ? SHARE : SHARE_BESIDE) * Math.max(1, model.get("text_size"));
    if (full.is()) pictures?.fit(width, find("scroll").clientHeight, 0);
    else pictures?.fit(width, share * globalThis.innerHeight, SMALLEST);
    whenIdle(() => reach(stage));
  }

  find("description").id = `bppviz-${Math.random().toString(36).slice(2)}`;
  find("scroll").setAttribute("aria-describedby", find("description").id);

  // A text from Python in the colours of a theme, parsed once.
  const parsed = new Map();
  function inColours(text, palette) {
    const key = `${theme()} ${text}`;
    if (!parsed.has(key)) {
      if (parsed.size > 3) parsed.clear();
      parsed.set(key, jsonPainted(text, palette));
    }
    return parsed.get(key);
  }

  // A frame as the gallery takes it. `version` says which run of the network it shows.
  function shot(reel, { version, values }, place, frame) {
    const palette = reel.palettes[theme()];
    return {
      key: [model.get("lang"), model.get("granularity"), place, version].join(" "),
      theme: theme(),
      palette,
      base: reel.base,
      values: inColours(values, palette),
      patch: frame.patch,
      headings: reel.headings,
      captions: reel.captions[model.get("lang")],
    };
  }

  // What is to be seen, and its neighbours; of numbers newer than the film, what is to be seen alone, once it is here.
  function shots(reel, news, { walk, place }) {
    if (news || isAsking()) return news && isNewsOf(news, place) ? [shot(reel, news, place, news.frame)] : [];
    return [place, place + 1, place - 1]
      .filter((it) => walk[it]?.patch && walk[place].patch)
      .map((it) => shot(reel, reel, it, walk[it]));
  }

  // Then the film would give the answers away.
  const isAsking = () => model.get("panels").includes("predict");
  const isNewsOf = (news, place) => news.place === place && news.granularity === model.get("granularity");

  // Without plotly.js the stage waits, and can be read: a kernel busy with another cell sends it when it is free.
  async function open(words) {
    message.textContent = words["stage.waiting"];
    const slow = setTimeout(() => (message.textContent = words["stage.no_plotly"]), PATIENCE);
    try {
      pictures = gallery(await plotly(model), find("plot"), { onPoint, onHover });
    } catch (error) {
      reason = error.message;
    } finally {
      clearTimeout(slow);
    }
  }

  // A click on a neuron, an edge or a gate chooses it, and shows the step that computed it; once more, the next one.
  function onPoint([key, , ...steps] = []) {
    if (key) model.set("selected", key);
    if (steps.length) {
      play.stop();
      model.set("partial", WHOLE);
      model.set("step", steps[(steps.indexOf(model.get("step")) + 1) % steps.length]);
    }
    model.save_changes();
    stage.focus({ preventScroll: true });
  }

  // What the mouse is on lights up, and so does its twin.
  let pointed = "";
  const onHover = ([, key] = []) => box.dispatchEvent(new CustomEvent("bppviz-pointed", { detail: key ?? "" }));
  async function onPointed({ detail }) {
    pointed = detail;
    markNow(await films.film);
  }
  // What is chosen in a table: its place, or of a neuron its bias, and its step.
  function onChosen({ detail: { place, step } }) {
    const chooses = /^[wbxt]-/.test(place) ? place : place.replace(/^\w+?-(?=\d)/, "b-");
    onPoint([place && !place.startsWith("loss") ? chooses : "", place, ...(step >= 0 ? [step] : [])]);
  }
  // Full screen, and all that goes with it.
  const full = presentation(box, stage, () => ofPage());
  const keys = keyTable(box);
  const acts = {
    present: () => full.toggle(),
    blank: () => box.classList.add("bppviz-is-blank"),
    help: async () => keys.open((await films.film).words[model.get("lang")]),
    again,
  };
  // What can lie over the widget, and how it is taken away.
  const cover = {
    isKeys: () => keys.isOpen,
    isBlank: () => box.classList.contains("bppviz-is-blank"),
    lift() {
      keys.close();
      box.classList.remove("bppviz-is-blank");
    },
    leave: () => !keys.isOpen && full.end(),
  };

  // Show how a step comes about: the one before, what it is computed from, and its result; and say it once more.
  let replay = null;
  async function again() {
    play.stop();
    const reel = await films.film;
    const news = await films.news;
    const { walk, place } = standing(model, reel);
    if (gone || !shots(reel, news, { walk, place }).length) return; // what is to be seen is still to come
    const here = standsAt();
    announced = find("spoken").textContent = ""; // else what stands there already is not said
    clearTimeout(replay);
    replay = setTimeout(() => {
      repaint();
      queue(() => here === standsAt() && pulse(find("marks"), reel, news?.frame ?? walk[place]));
    }, BEFORE);
    if (!news && place > 0 && !isStill()) queue(() => pictures?.show(shots(reel, null, { walk, place: place - 1 })));
  }
  const isStill = () => globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;

  // A number in the formula lights up where it has its home; a click goes to the step that computed it.
  const homeOf = ({ target }) => target.closest?.("[data-at]")?.dataset.at.split(" ") ?? ["", -1];
  find("words").addEventListener("mouseover", (event) => onHover(["", homeOf(event)[0]]));
  find("words").addEventListener("mouseleave", () => onHover());
  find("words").addEventListener("click", (event) => {
    const [place, step] = homeOf(event);
    if (place) onChosen({ detail: { place, step: Number(step) } });
  });

  const markNow = (reel) => mark(find("marks"), reel, model.get("selected"), pointed);

  function speak(reel, frame, { walk, place }) {
    const lang = model.get("lang");
    const words = reel.words[lang];
    put(find("formula"), frame.formula);
    put(find("substituted"), frame.substituted);
    write(find("sentence"), frame.sentence[lang]);
    stage.setAttribute("aria-label", words["stage.label"].replace("{step}", place + 1).replace("{steps}", walk.length));
    stage.lang = box.lang = lang;
    count(box, reel, words, { walk, place });
  }

  // A formula wider than the screen is set smaller: nobody can scroll on a wall. A little smaller, several equations may
  // have their numbers beside them, which leaves the picture its height.
  function squeeze() {
    const words = find("words");
    const parts = [find("formula"), find("substituted")];
    const set = (part, share) => share < 1 && part.style.setProperty("--bppviz-squeeze", share);
    parts.forEach((part) => part.style.removeProperty("--bppviz-squeeze"));
    if (!full.is()) return;
    if (words.querySelector("mtable")) {
      const room = 0.95 * words.clientWidth; // between the rims, but for the gap
      const share = room / parts.reduce((sum, { scrollWidth }) => sum + scrollWidth, 0);
      if (share > ABREAST) parts.forEach((part) => set(part, share));
    }
    parts.forEach((part) => part.scrollWidth > part.clientWidth && set(part, part.clientWidth / part.scrollWidth));
  }

  // A step is announced once, when it is painted, as a whole sentence in which every symbol is a word; while numbers
  // are dragged or trained its result changes all the time, and is said when it stays.
  let announced = "";
  function announce(reel, frame, { walk, place }) {
    const lang = model.get("lang");
    const words = reel.words[lang];
    const blanks = { place: place + 1, steps: walk.length, phase: words[`phase.${frame.phase}`], ...frame.spoken[lang] };
    if (announced === standsAt() && (model.get("running") || (hand.slider && hand.down))) return;
    if (announced !== standsAt()) find("marks").querySelectorAll(".bppviz-pulse").forEach((it) => it.remove());
    announced = standsAt();
    write(find("spoken"), fill(words["spoken.step"], blanks));
  }
  const standsAt = () => ["granularity", "step", "partial", "lang", "panels"].map((name) => JSON.stringify(model.get(name))).join();

  // What does not wait for a picture: names, colours, the chosen place, what is open, what went wrong, how far it trained.
  function tell(reel) {
    const words = reel.words[model.get("lang")];
    dress(box, reel, theme());
    const isGone = kernel.state === "gone";
    const training = model.get("running") && !isGone;
    label(box, model, reel, { playing: play.playing, presenting: full.is(), training });
    withhold(box, isGone, words["stage.needs_kernel"]);
    const missing = kernel.state === "here" ? "" : words[`stage.${kernel.state}`];
    write(find("kernel"), [missing, films.isBehind ? words["stage.behind"] : ""].filter(Boolean).join(" "));
    box.style.setProperty("--bppviz-size", model.get("text_size"));
    box.querySelector(".bppviz-by-phase")?.setAttribute("aria-pressed", model.get("by_phase"));
    for (const [part, it] of [["scroll", "picture"], ["formula", "formula"], ["substituted", "substituted"]]) {
      find(part).setAttribute("aria-label", words[`stage.${it}`]);
    }
    markNow(reel);
    const [[part, error] = []] = Object.entries(failures);
    const { name, ...blanks } = model.get("problem")?.name ? model.get("problem") : { name: part && `failed_${part}`, error };
    const problem = name ? fill(words[`problem.${name}`], blanks) : "";
    write(find("problem"), problem);
    const notices = (model.get("notices") ?? []).map(({ name, ...blanks }) => fill(words[`notice.${name}`], blanks));
    write(find("notice"), notices.length > 1 ? fill(words["list.sentences"], { first: notices[0], second: notices[1] }) : notices[0] ?? "");
    // Who trains may not have the picture in sight.
    const progress = model.get("progress") ?? {};
    const made = progress.name ? fill(words[`progress.${progress.name}`], progress) : "";
    const wrong = problem || (isGone && missing);
    write(box.querySelector(".bppviz-progress"), wrong || made);
    box.querySelector(".bppviz-progress")?.classList.toggle("bppviz-is-problem", Boolean(wrong));
    write(box.querySelector(".bppviz-choose"), words["stage.choose"]);
    ask(find("quiz"), model, words);
    const asked = isAsking() ? (model.get("quiz").asked_steps ?? []).join(" ") : "";
    if (asked && stage.dataset.asked !== asked) stage.dataset.asked = asked;
    if (!asked) delete stage.dataset.asked;
    if (isAsking()) asks();
    for (const panel of PANELS) {
      const open = model.get("panels").includes(panel);
      box.classList.toggle(`bppviz-has-${panel}`, open);
      box.querySelector(`.bppviz-show-${panel}`)?.setAttribute("aria-expanded", open);
    }
  }

  async function paint() {
    const reel = await films.film;
    const words = reel.words[model.get("lang")];
    try {
      if (!pictures && !reason) {
        const at = standing(model, reel);
        if (!isAsking() && at.walk[at.place].patch) speak(reel, at.walk[at.place], at);
        await open(words);
      }
      if (gone) return pictures?.close();
      const news = await films.news;
      const at = standing(model, reel);
      const wanted = shots(reel, news, at);
      if (!wanted.length) return wait(words);
      clearTimeout(late);
      late = null;
      await pictures?.show(wanted);
      const frame = news?.frame ?? at.walk[at.place];
      speak(reel, frame, at);
      fit();
      announce(reel, frame, at);
      const before = news || !at.place ? null : shot(reel, reel, at.place - 1, at.walk[at.place - 1]);
      whenIdle(() => write(find("description"), described(wanted[0], before, words))); // a step does not wait for it
      message.textContent = reason ? fill(words["stage.failed"], { reason }) : reel.coming ? words["stage.coming"] : "";
      const { phase, quantity } = frame;
      Object.assign(stage.dataset, { steps: reel.steps, phase, quantity, theme: theme(), step: model.get("step") });
      stage.toggleAttribute("data-unfinished", !frame.whole); // a sum whose terms are still being added
      if (!news && pictures) whenIdle(() => queue(prepare));
    } catch (error) {
      message.textContent = fill(words["stage.failed"], { reason: error.message });
    }
  }

  // The numbers have changed and the kernel, which is to send what is wanted now, takes its time: then the walk goes on
  // with the numbers from before, and says so.
  function wait(words) {
    if (late) return;
    kernel.send();
    late = setTimeout(() => {
      late = null;
      if (isAsking()) return write(message, words["stage.asking"]);
      films.goBack();
      return ofPage();
    }, PATIENCE);
  }

  // Without a kernel nothing can be asked for, and there is only the film; all that moves shows what is in it.
  async function stayAlone() {
    const news = await films.news;
    const asking = isAsking();
    if (asking) model.set("panels", model.get("panels").filter((it) => it !== "predict"));
    if (news) films.goBack(!asking);
    if (news && !asking) kept?.forEach((back) => back());
  }
  let kept = null; // by slider and field, the way back to what it shows as long as the film is up to date
  function keep() {
    if (!model.get("news")?.byteLength) kept = null;
    else kept ??= new Map([...shownAt(box), ...hand.shown]);
  }
  function forget() {
    kept = null;
    if (hand.slider) hand.shown = shownAt(box, hand.at);
  }

  async function prepare() {
    if (gone || waiting) return;
    const reel = await films.film;
    if (await films.news) return;
    if (await pictures.prepare(shots(reel, null, standing(model, reel)))) whenIdle(() => queue(prepare));
  }

  // One after the other, and once for all changes that come together: the last painting shows the last step.
  let work = Promise.resolve();
  let waiting = false;
  const painted = (error) => report(box, "picture", error);
  const queue = (task) => (work = work.then(task).then(() => painted(), painted));
  function repaint() {
    if (waiting) return;
    waiting = true;
    queue(() => {
      waiting = false;
      return paint();
    });
  }

  const film = () => films.film;
  const listening = listen(box, model, film, play, { hand, kernel, came, own: acts, cover });
  box.addEventListener("bppviz-pointed", onPointed);
  box.addEventListener("bppviz-chosen", onChosen);
  const asks = answering(find("quiz"), stage, model, listening.move);
  const tellNow = () => film().then(tell).catch((error) => write(find("problem"), `${error.name}: ${error.message}`));
  function onFailed({ detail: { part, error } }) {
    if ((failures[part] ?? null) === error) return;
    if (error) failures[part] = error;
    else delete failures[part];
    tellNow();
  }
  box.addEventListener("bppviz-failed", onFailed);
  const deaf = kernel.hear(async (state) => {
    if (state === "gone") await stayAlone();
    ofPage();
  });
  // What is trained is shown no faster than the page can show it; then it is left alone for as long as that took.
  function onProgress() {
    const progress = model.get("progress") ?? {};
    const begun = performance.now();
    const seen = () => post(model, { kind: "seen", progress });
    whenIdle(() => setTimeout(seen, Math.min(performance.now() - begun, LEFT_ALONE)));
  }
  const leave = play.enter(tellNow);
  const repaints = ["step", "partial", "granularity", "lang", "theme", "film", "news", "panels", "text_size"].map((name) => `change:${name}`);
  const told = ["lang", "theme", "granularity", "speed", "view", "film", "selected", "problem", "notices", "progress", "panels", "running", "data", "quiz", "text_size", "by_phase"];
  const tells = told.map((name) => `change:${name}`);
  repaints.forEach((name) => model.on(name, repaint));
  tells.forEach((name) => model.on(name, tellNow));
  model.on("change:progress", onProgress);
  model.on("change:film", forget);
  model.on("change:news", keep);
  // Controls may come later than the first picture. What is drawn is not watched: it changes a thousand times a second.
  const controls = new MutationObserver((changes) => {
    if (!changes.some(({ target }) => !target.closest?.(".bppviz-chart, .bppviz-tables"))) return;
    watch();
    tellNow();
  });
  function watch() {
    controls.observe(box, { childList: true });
    const parts = [...box.children].filter((part) => !part.contains(stage));
    parts.forEach((part) => controls.observe(part, { childList: true, subtree: true }));
    const toggles = box.querySelectorAll(".widget-toggle-button"); // ipywidgets says what is pressed in a class alone
    toggles.forEach((button) => controls.observe(button, { attributeFilter: ["class"] }));
  }
  watch();
  const resizes = new ResizeObserver(([{ contentRect }]) => {
    width = contentRect.width;
    fit();
  });
  resizes.observe(find("scroll"));
  globalThis.addEventListener("resize", fit);
  const ofPage = () => {
    tellNow();
    repaint();
  };
  const themes = new MutationObserver(ofPage);
  themes.observe(document.body, { attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  const scheme = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
  scheme?.addEventListener("change", ofPage);
  ofPage();
  onProgress();

  return () => {
    gone = true;
    full.end();
    full.close();
    clearTimeout(replay);
    listening.stop();
    box.removeEventListener("bppviz-pointed", onPointed);
    box.removeEventListener("bppviz-chosen", onChosen);
    box.removeEventListener("bppviz-failed", onFailed);
    deaf();
    leave();
    clearTimeout(late);
    repaints.forEach((name) => model.off(name, repaint));
    tells.forEach((name) => model.off(name, tellNow));
    model.off("change:progress", onProgress);
    model.off("change:film", forget);
    model.off("change:news", keep);
    controls.disconnect();
    resizes.disconnect();
    globalThis.removeEventListener("resize", fit);
    themes.disconnect();
    scheme?.removeEventListener("change", ofPage);
    queue(() => pictures?.close());
    el.replaceChildren(); // ipywidgets keeps it as long as the model
  };
}

// The walks of a film with their frames; news have one frame alone.
function withFrames(reel) {
  for (const [name, walk] of Object.entries(reel.walks ?? {})) reel.walks[name] = walk.map((it) => reel.frames[it]);
  return reel;
}

const unpackedJson = async (bytes) => (bytes?.byteLength ? JSON.parse(await unpacked(bytes)) : null);

export default () => {
  // Promises of what was unpacked, the same for every view: the film, and what is newer than it, or null. If that does
  // not come, the film is behind the numbers.
  const films = {
    film: null,
    news: null,
    isBehind: false,
    goBack(isBehind = true) {
      films.news = Promise.resolve(null);
      films.isBehind = isBehind;
    },
  };
  // What a hand took hold of last, whether it still does, and what was shown there before.
  const hand = { at: "", slider: false, down: false, shown: [] };
  const came = { from: null }; // where the walk stood before its steps were made larger or smaller, until it moves
  let versions = 0;
  let play;
  let kernel;
  let awaken; // gives a film to whoever waits for one, where the kernel had put it away
  let views = 0;
  // The kernel puts away what no page shows, and asks first whether another one does.
  const tell = (model) => post(model, { kind: views > 0 ? "here" : "left" });
  return {
    initialize({ model, signal }) {
      const load = (name) => {
        versions += 1;
        const version = versions;
        if (name === "film" && !model.get(name)?.byteLength) {
          films.film = new Promise((resolve) => (awaken = resolve));
          return;
        }
        films[name] = unpackedJson(model.get(name)).then((it) => it && Object.assign(withFrames(it), { version }));
        films.isBehind = false;
        if (name === "film") awaken?.(films.film);
      };
      load("film");
      load("news");
      play = player(model, () => films.film);
      kernel = line(model);
      model.on("change:film", () => load("film"));
      model.on("change:news", () => load("news"));
      // Whoever comes to a step from elsewhere sees it whole.
      model.on("change:step", () => {
        if (model.get("partial").step !== model.get("step")) model.set("partial", WHOLE);
      });
      for (const name of ["step", "partial"]) model.on(`change:${name}`, () => (came.from = null));
      model.on("msg:custom", ({ kind }) => kind === "who" && views > 0 && tell(model));
      signal?.addEventListener("abort", play.stop);
      return play.stop;
    },

    render({ model, el, signal }) {
      views += 1;
      tell(model);
      signal?.addEventListener("abort", () => {
        views -= 1;
        if (!views) tell(model);
      });
      return view({ model, el, signal }, films, play, { hand, kernel, came });
    },
  };
};
