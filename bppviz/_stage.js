// The stage: it paints the frames that Python made, and walks among them without asking anybody.
// What is where in `film` is said in _stage.py. Python alone knows what back-propagation is.

const PLOT = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };
const PAUSE = 1400; // milliseconds between two steps at speed 1
const SHARE = 0.6; // of the window's height that the picture may take, so that the words stay in sight
const MOVES = {
  first: () => 0,
  back: (place) => place - 1,
  next: (place) => place + 1,
  last: (_, walk) => walk.length - 1,
};
const KEYS = { ArrowLeft: "back", ArrowRight: "next", Home: "first", End: "last", " ": "play" };
const TRAITS = { language: "lang" }; // the controls whose trait has another name
const WHOLE = { step: -1, back: 0 };
const PATIENCE = 8000; // milliseconds until the stage says what it is waiting for
const SMALLEST = 12 / 18; // the scale at which the picture's text is 12 px; below, the picture is scrolled

const STAGE = `
  <p class="bppviz-message" role="status"></p>
  <div class="bppviz-scroll"><div class="bppviz-frame"></div></div>
  <div class="bppviz-words">
    <div class="bppviz-formula"></div>
    <div class="bppviz-substituted"></div>
    <p class="bppviz-sentence" aria-live="polite"></p>
  </div>`;

async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

// plotly.js and the font of the formulas, once for each page. The first stage asks its kernel for them; the others wait for
// its answer, and ask their own when that is long in coming, for its kernel may be gone.
async function plotly(model) {
  const first = !globalThis.bppvizPlotly;
  if (first) {
    const settle = {};
    const promise = new Promise((resolve, reject) => Object.assign(settle, { resolve, reject }));
    globalThis.bppvizPlotly = Object.assign(promise, settle);
  }
  const shared = globalThis.bppvizPlotly;
  const receive = (message, buffers) => {
    if (message?.kind === "plotly") unpackedPlotly(buffers).then(shared.resolve, shared.reject);
  };
  model.on("msg:custom", receive);
  const asking = setTimeout(() => model.send({ kind: "plotly" }), first ? 0 : PATIENCE);
  try {
    return await shared;
  } catch (error) {
    delete globalThis.bppvizPlotly; // the next stage may ask again
    throw error;
  } finally {
    clearTimeout(asking);
    model.off("msg:custom", receive);
  }
}

async function unpackedPlotly(buffers) {
  const [script, font] = buffers.map((it) => new Uint8Array(it.buffer, it.byteOffset, it.byteLength));
  document.fonts.add(await new FontFace("bppviz math", font).load());
  return asModule(await unpacked(script));
}

// A page may have its own `define` or `module`, which plotly.js would take for its own.
async function asModule(source) {
  const text = `const module = { exports: {} }, exports = module.exports, define = undefined;\n${source}\nexport default module.exports;`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return (await import(url)).default;
  } finally {
    URL.revokeObjectURL(url);
  }
}

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

function jsonPainted(text, palette) {
  const painted = (_, value) => (typeof value === "string" && Object.hasOwn(palette, value) ? palette[value] : value);
  return JSON.parse(text, painted);
}

function pageIsDark() {
  const jupyter = document.body?.dataset.jpThemeLight;
  if (jupyter) return jupyter === "false";
  return globalThis.matchMedia?.("(prefers-color-scheme: dark)").matches ?? false;
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
    timer = setTimeout(tick, (share * PAUSE) / model.get("speed"));
  };
  const tick = async () => {
    const reel = await film();
    const { walk, place } = standing(model, reel);
    if (!playing) return;
    if (views.size === 0 || place >= walk.length - 1) return set(false);
    go(model, reel, place + 1);
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

// Three plots: the one that is seen, and those of the steps before and behind it, painted while nobody waits for them.
// A step then only puts another plot in its place. Only the one that is seen is in the page.
function gallery(Plotly, frame, onPlace) {
  const plots = [];
  let seen = null;

  async function paint(plot, look, { key, patch, captions }) {
    if (plot.look !== look) {
      const { data, layout } = look.base();
      if (plot.look) await Plotly.react(plot.div, data, layout, PLOT);
      else await Plotly.newPlot(plot.div, data, layout, PLOT);
      if (!plot.look) plot.div.on("plotly_click", ({ points }) => onPlace(points[0]?.customdata));
      Object.assign(plot, { look, key: null });
    }
    if (plot.key === key) return;
    const all = plot.div.data.map((_, i) => i);
    const update = { text: new Array(all.length) }; // a hole leaves its series as it is
    for (const [attribute, bySeries] of Object.entries(patch)) {
      update[attribute] ??= new Array(all.length);
      for (const [series, value] of Object.entries(bySeries)) update[attribute][series] = look.values[value];
    }
    update.text[look.headings] = captions;
    await Plotly.restyle(plot.div, update, all);
    plot.key = key;
  }

  const holds = (look, { key }) => plots.find((plot) => plot.look === look && plot.key === key);

  function spare(look, wanted) {
    if (plots.length < 3) {
      const div = document.createElement("div");
      div.className = "bppviz-picture";
      plots.push({ div, look: null, key: null });
      return plots.at(-1);
    }
    const kept = wanted.map((it) => holds(look, it));
    return plots.find((plot) => plot !== seen && !kept.includes(plot)) ?? plots.find((plot) => plot !== seen);
  }

  return {
    // Show what is wanted first; the others are its neighbours.
    async show(look, wanted) {
      let plot = holds(look, wanted[0]);
      if (!plot) await paint((plot = spare(look, wanted)), look, wanted[0]);
      if (plot === seen) return;
      seen = plot;
      frame.replaceChildren(plot.div);
    },
    // Paint one neighbour; tell whether there was one to paint.
    async prepare(look, wanted) {
      const next = wanted.find((it) => !holds(look, it));
      if (next) await paint(spare(look, wanted), look, next);
      return Boolean(next);
    },
    // The picture is drawn at one size and scaled as a whole, so that it looks the same at every width.
    fit(width) {
      if (!seen) return;
      const { layout } = seen.div;
      const roomy = Math.min(width / layout.width, (SHARE * globalThis.innerHeight) / layout.height);
      const scale = Math.max(roomy, SMALLEST);
      seen.div.style.transform = `scale(${scale})`;
      frame.style.width = `${layout.width * scale}px`;
      frame.style.height = `${layout.height * scale}px`;
    },
    close: () => plots.forEach(({ div }) => Plotly.purge(div)),
  };
}

const whenIdle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 100));

// The controls are ipywidgets; what they say must not wait for the kernel.
function label(box, model, reel, playing) {
  const words = reel.words[model.get("lang")];
  for (const name of [...Object.keys(MOVES), "play"]) {
    const button = box.querySelector(`button.bppviz-${name}`);
    if (!button) continue;
    write(button, words[`control.${name === "play" && playing ? "pause" : name}`]);
    button.title = words[`hint.${name}`];
    button.setAttribute("aria-label", name === "play" ? button.textContent : words[`hint.${name}`]);
  }
  for (const [name, choices] of Object.entries(reel.choices)) {
    const select = box.querySelector(`.bppviz-${name} select`);
    if (!select) continue;
    write(box.querySelector(`.bppviz-${name} label`), words[`control.${name}`]);
    select.setAttribute("aria-label", words[`control.${name}`]);
    choices.forEach(({ value, word }, i) => {
      if (word) write(select.options[i], words[word]);
      if (value === model.get(TRAITS[name] ?? name)) select.selectedIndex = i;
    });
  }
  const handle = box.querySelector(".bppviz-scrub .noUi-handle, input.bppviz-scrub");
  handle?.setAttribute("aria-label", words["control.scrub"]);
}

function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function count(box, reel, words, { walk, place }) {
  const counter = box.querySelector(".bppviz-counter");
  if (!counter) return;
  const phases = reel.spans.map(([phase]) => {
    const current = phase === walk[place].phase ? ' aria-current="step"' : "";
    return `<span class="bppviz-phase-${phase}"${current}>${words[`phase.${phase}`]}</span>`;
  });
  counter.innerHTML = `<b>${place + 1} / ${walk.length}</b> ${phases.join(" › ")}`;
}

// The theme, as CSS variables for controls and words, and the phases in the colours of the scrubber.
function dress(box, reel, theme) {
  if (box.dataset.theme === theme) return;
  box.dataset.theme = theme;
  for (const [part, colour] of Object.entries(reel.palettes[theme])) box.style.setProperty(part.slice(4, -1), colour);
  const colours = { forward: "forward", loss: "muted", backward: "backward" };
  const stops = reel.spans.map(([phase, from, to]) => `var(--bppviz-${colours[phase]}) ${from}% ${to}%`);
  box.style.setProperty("--bppviz-track", `linear-gradient(to right, ${stops.join(", ")})`);
}

// Clicks, choices and keys anywhere in the widget. Returns a function that stops listening.
function listen(box, stage, model, film, play) {
  async function move(name) {
    if (name === "play") return play.toggle();
    play.stop();
    const reel = await film();
    const { walk, place } = standing(model, reel);
    go(model, reel, MOVES[name](place, walk));
  }

  function onClick(event) {
    const button = event.target.closest("button");
    const name = button && [...Object.keys(MOVES), "play"].find((it) => button.closest(`.bppviz-${it}`));
    if (!name) return;
    event.stopPropagation(); // the button would tell the kernel, and complain where there is none
    move(name);
  }

  async function onChange({ target }) {
    const reel = await film();
    for (const [name, choices] of Object.entries(reel.choices)) {
      if (!target.closest(`.bppviz-${name}`)) continue;
      model.set(TRAITS[name] ?? name, choices[target.selectedIndex].value);
      if (name === "granularity") go(model, reel, standing(model, reel).place); // to where the new walk stops
      model.save_changes();
    }
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation(); // JupyterLab would cut the cell on "x" and insert one on "b"
    const onButton = event.target.closest("button") && event.key.startsWith("Arrow");
    if ((event.target !== stage && !onButton) || !Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    if (event.key === " " && event.repeat) return;
    move(KEYS[event.key]);
  }

  box.addEventListener("click", onClick, true);
  box.addEventListener("change", onChange);
  box.addEventListener("keydown", onKey);
  return () => {
    box.removeEventListener("click", onClick, true);
    box.removeEventListener("change", onChange);
    box.removeEventListener("keydown", onKey);
  };
}

// The view is made before it is put into its box, where its controls are.
async function attached(stage, signal) {
  for (let frame = 0; !stage.closest(".bppviz") && !signal?.aborted && frame < 600; frame += 1) {
    await new Promise(requestAnimationFrame);
  }
  return stage.closest(".bppviz") ?? stage;
}

async function view({ model, el, signal }, film, play) {
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
  let look = null; // a reel in the colours of a theme
  let gone = false;

  const theme = () => (model.get("theme") === "auto" ? (pageIsDark() ? "dark" : "light") : model.get("theme"));
  let width = find("scroll").clientWidth; // remembered, because asking for it makes the browser lay out the page
  const fit = () => pictures?.fit(width);

  function looks(reel) {
    if (look?.reel !== reel || look.theme !== theme()) {
      const palette = reel.palettes[theme()];
      look = { reel, theme: theme(), headings: reel.headings, values: jsonPainted(reel.values, palette) };
      look.base = () => jsonPainted(reel.base, palette);
    }
    return look;
  }

  // What is to be seen, and its neighbours.
  function wanted(reel, { walk, place }) {
    const [lang, granularity] = [model.get("lang"), model.get("granularity")];
    return [place, place + 1, place - 1]
      .filter((it) => it >= 0 && it < walk.length)
      .map((it) => ({ key: [lang, granularity, it].join(" "), patch: walk[it].patch, captions: reel.captions[lang] }));
  }

  // Without plotly.js the stage waits, and can be read: a kernel busy with another cell sends it when it is free.
  async function open(words) {
    message.textContent = words["stage.waiting"];
    const slow = setTimeout(() => (message.textContent = words["stage.no_plotly"]), PATIENCE);
    try {
      pictures = gallery(await plotly(model), find("frame"), onPlace);
    } finally {
      clearTimeout(slow);
    }
  }

  // A click on a neuron, an edge or a gate shows the step that computed it; once more, the next one of that place.
  function onPlace(steps) {
    if (!steps?.length) return;
    play.stop();
    model.set("partial", WHOLE);
    model.set("step", steps[(steps.indexOf(model.get("step")) + 1) % steps.length]);
    model.save_changes();
    stage.focus({ preventScroll: true });
  }

  function speak(reel, words, { walk, place }) {
    const lang = model.get("lang");
    find("formula").innerHTML = walk[place].formula;
    find("substituted").innerHTML = walk[place].substituted;
    write(find("sentence"), walk[place].sentence[lang]);
    stage.setAttribute("aria-label", words["stage.label"].replace("{step}", place + 1).replace("{steps}", walk.length));
    stage.lang = lang;
    label(box, model, reel, play.playing);
    count(box, reel, words, { walk, place });
  }

  async function paint() {
    const reel = await film();
    const words = reel.words[model.get("lang")];
    try {
      dress(box, reel, theme());
      if (!pictures) {
        speak(reel, words, standing(model, reel));
        await open(words);
      }
      if (gone) return pictures.close();
      const at = standing(model, reel);
      await pictures.show(looks(reel), wanted(reel, at));
      fit();
      speak(reel, words, at);
      message.textContent = "";
      const { phase, quantity } = at.walk[at.place];
      Object.assign(stage.dataset, { steps: reel.steps, phase, quantity, theme: look.theme, step: model.get("step") });
      whenIdle(() => queue(prepare));
    } catch (error) {
      message.textContent = words["stage.failed"].replace("{reason}", error.message);
    }
  }

  async function prepare() {
    if (gone || waiting) return;
    const reel = await film();
    if (await pictures.prepare(looks(reel), wanted(reel, standing(model, reel)))) whenIdle(() => queue(prepare));
  }

  // One after the other, and once for all changes that come together: the last painting shows the last step.
  let work = Promise.resolve();
  let waiting = false;
  const queue = (task) => (work = work.then(task));
  function repaint() {
    if (waiting) return;
    waiting = true;
    queue(() => {
      waiting = false;
      return paint();
    });
  }

  const stopListening = listen(box, stage, model, film, play);
  const leave = play.enter(repaint);
  const changes = ["step", "partial", "granularity", "lang", "theme", "film"].map((name) => `change:${name}`);
  changes.forEach((name) => model.on(name, repaint));
  const resizes = new ResizeObserver(([{ contentRect }]) => {
    width = contentRect.width;
    fit();
  });
  resizes.observe(find("scroll"));
  globalThis.addEventListener("resize", fit);
  const themes = new MutationObserver(repaint);
  themes.observe(document.body, { attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  const scheme = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
  scheme?.addEventListener("change", repaint);
  repaint();

  return () => {
    gone = true;
    stopListening();
    leave();
    changes.forEach((name) => model.off(name, repaint));
    resizes.disconnect();
    globalThis.removeEventListener("resize", fit);
    themes.disconnect();
    scheme?.removeEventListener("change", repaint);
    queue(() => pictures?.close());
  };
}

export default () => {
  let film; // a promise of the unpacked film, the same for every view
  let play;
  return {
    initialize({ model, signal }) {
      const load = () => {
        film = unpacked(model.get("film")).then(JSON.parse);
      };
      load();
      play = player(model, () => film);
      model.on("change:film", () => {
        play.stop();
        load();
      });
      // Whoever comes to a step from elsewhere sees it whole.
      model.on("change:step", () => {
        if (model.get("partial").step !== model.get("step")) model.set("partial", WHOLE);
      });
      signal?.addEventListener("abort", play.stop);
      return play.stop;
    },

    render({ model, el, signal }) {
      return view({ model, el, signal }, () => film, play);
    },
  };
};
