// Timing in the page: from an input event to the frame that shows what it has changed.

// Start to wait for the next event of a type; `elapsed` will hold the milliseconds.
globalThis.benchmarkStart = (type, changed) => {
  globalThis.benchmarkElapsed = new Promise((resolve) => {
    const listen = (event) => {
      changed().then(() => requestAnimationFrame(() => resolve(performance.now() - event.timeStamp)));
    };
    window.addEventListener(type, listen, { capture: true, once: true });
  });
};

globalThis.benchmarkMutation = (selector, what) =>
  new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      resolve();
    });
    observer.observe(document.querySelector(selector), what);
  });

// What each contestant changes once its step is shown.
globalThis.benchmarkChanges = {
  stage: () => benchmarkMutation(".bppviz-stage", { attributeFilter: ["data-step"] }),
  label: () => benchmarkMutation(".benchmark-label", { childList: true, characterData: true, subtree: true }),
  bare: () => new Promise((resolve) => document.querySelector("#bare").once("plotly_afterplot", resolve)),
  figurewidget: () => {
    const plot = document.querySelector(".benchmark-figure .js-plotly-plot");
    return new Promise((resolve) => plot.once("plotly_afterplot", resolve));
  },
};

// A bare plot of the same series, at the same scale. A key changes in it what the last step has changed in the stage.
globalThis.benchmarkBare = async () => {
  const Plotly = await globalThis.bppvizPlotly;
  const picture = benchmarkPicture();
  const bare = document.querySelector("#bare");
  bare.style.cssText = picture.style.cssText;
  const { data, layout } = structuredClone({ data: picture.data, layout: picture.layout });
  let shown = structuredClone(data);
  let latest = {};
  await Plotly.newPlot(bare, data, layout, { displayModeBar: false });
  const note = () => {
    const before = shown;
    shown = structuredClone(benchmarkPicture().data);
    latest = benchmarkDifference(before, shown);
  };
  const steps = new MutationObserver(() => setTimeout(note, 80)); // when the step has been timed
  steps.observe(document.querySelector(".bppviz-stage"), { attributeFilter: ["data-step"] });
  bare.addEventListener("keydown", (event) => {
    event.preventDefault();
    event.stopPropagation();
    Plotly.restyle(bare, latest, data.map((_, i) => i));
  });
};

// What a series sets, by attribute: {"marker.color": [...]}.
const benchmarkAttributes = (value, path = "") => {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, it]) => benchmarkAttributes(it, path ? `${path}.${name}` : name));
};

// What differs between the data of two pictures, as Plotly.restyle takes it.
const benchmarkDifference = (before, now) => {
  const update = {};
  now.forEach((series, of) => {
    const had = Object.fromEntries(benchmarkAttributes(before[of]));
    for (const [path, value] of benchmarkAttributes(series)) {
      if (JSON.stringify(had[path]) === JSON.stringify(value)) continue;
      update[path] ??= new Array(now.length);
      update[path][of] = value;
    }
  });
  return update;
};

const benchmarkPicture = () => document.querySelector(".bppviz-picture");

// From now on, how often the picture changes.
globalThis.benchmarkCount = () => {
  globalThis.benchmarkPictures = 0;
  const changes = new MutationObserver(() => (globalThis.benchmarkPictures += 1));
  changes.observe(document.querySelector(".bppviz-plot"), { childList: true, characterData: true, subtree: true });
};
globalThis.benchmarkNoted = [];
globalThis.benchmarkNote = () => globalThis.benchmarkNoted.push(structuredClone(benchmarkPicture().data));

// A bare plot of the same series over the page, at the same scale: each move of the mouse changes what a drag has changed.
globalThis.benchmarkDragBare = async () => {
  const Plotly = await globalThis.bppvizPlotly;
  const { data, layout } = structuredClone({ data: benchmarkPicture().data, layout: benchmarkPicture().layout });
  const [one, other] = globalThis.benchmarkNoted;
  const bare = document.body.appendChild(document.createElement("div"));
  const { transform } = getComputedStyle(benchmarkPicture());
  bare.style.cssText = `position: fixed; inset: 0; z-index: 99; background: white; transform-origin: 0 0; transform: ${transform}`;
  await Plotly.newPlot(bare, data, layout, { displayModeBar: false, staticPlot: true });
  const updates = [benchmarkDifference(one, other), benchmarkDifference(other, one)];
  const series = data.map((_, i) => i);
  let pictures = 0;
  const move = () => Plotly.restyle(bare, updates[(pictures += 1) % 2], series);
  window.addEventListener("pointermove", move, true);
  globalThis.benchmarkEndBare = () => {
    window.removeEventListener("pointermove", move, true);
    Plotly.purge(bare);
    bare.remove();
    return pictures;
  };
};

// Press a key on the stage 30 times in a second, as a key that is held down comes. Returns how many steps a frame has
// shown by then.
globalThis.benchmarkHold = async (key) => {
  const stage = document.querySelector(".bppviz-stage");
  const begun = performance.now();
  const end = begun + 1034; // one frame after the second
  const seen = new Set([stage.dataset.step]);
  const look = () => {
    if (performance.now() > end) return;
    seen.add(stage.dataset.step);
    requestAnimationFrame(look);
  };
  look();
  const until = (time) => new Promise((resolve) => setTimeout(resolve, Math.max(0, time - performance.now())));
  for (let i = 0; i < 30; i += 1) {
    await until(begun + (1000 * i) / 30);
    stage.dispatchEvent(new KeyboardEvent("keydown", { key, repeat: i > 0, bubbles: true, cancelable: true }));
  }
  await until(end);
  return seen.size - 1;
};
