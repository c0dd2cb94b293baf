// What every view of ours needs from the page: plotly.js, colours, and the box that all parts of a widget stand in.

export const PLOT = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };
export const PATIENCE = 8000; // milliseconds until a view says what it is waiting for

export async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

// Tell Python something at once. A kernel that is gone throws, and nobody misses what it would have heard.
export function post(model, message) {
  try {
    model.send(message);
  } catch {
    return;
  }
}

// Let the stage know what became of a part of the widget: what went wrong, or nothing.
export function report(box, part, error = null) {
  if (error) console.warn(error); // with its stack, for those who program
  box.dispatchEvent(new CustomEvent("bppviz-failed", { detail: { part, error: error && `${error.name}: ${error.message}` } }));
}

// The fonts, in the order in which they are sent.
const FACES = [["bppviz math"], ["bppviz text"], ["bppviz text", { weight: "bold" }]];

// plotly.js and the fonts, once for each page. The first stage asks its kernel for them; the others wait for
// its answer, and ask their own when that is long in coming, for its kernel may be gone.
export async function plotly(model) {
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
  const asking = setTimeout(() => post(model, { kind: "plotly" }), first ? 0 : PATIENCE);
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
  const [script, ...fonts] = buffers.map((it) => new Uint8Array(it.buffer, it.byteOffset, it.byteLength));
  const faces = FACES.map(([family, descriptors], i) => new FontFace(family, fonts[i], descriptors).load());
  (await Promise.all(faces)).forEach((face) => document.fonts.add(face));
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

export function jsonPainted(text, palette) {
  const painted = (_, value) => (typeof value === "string" && Object.hasOwn(palette, value) ? palette[value] : value);
  return JSON.parse(text, painted);
}

export function pageIsDark() {
  const jupyter = document.body?.dataset.jpThemeLight;
  if (jupyter) return jupyter === "false";
  return globalThis.matchMedia?.("(prefers-color-scheme: dark)").matches ?? false;
}

export function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

// Markup that stands there already is left alone: to lay out a formula takes its time.
const markups = new WeakMap();
export function put(element, markup) {
  if (markups.get(element) === markup) return;
  markups.set(element, markup);
  element.innerHTML = markup;
}

export const isCommand = ({ ctrlKey, metaKey, altKey }) => ctrlKey || metaKey || altKey; // a key for Jupyter or the browser

// What a text of plotly says, without its markup.
export const plain = (text) => new DOMParser().parseFromString(text, "text/html").body.textContent;

export function fill(text, blanks) {
  return text.replace(/\{(\w+)\}/g, (blank, name) => blanks[name] ?? blank);
}

// The view is made before it is put into its box, where its controls are.
export async function attached(stage, signal) {
  for (let frame = 0; !stage.closest(".bppviz") && !signal?.aborted && frame < 600; frame += 1) {
    await new Promise(requestAnimationFrame);
  }
  return stage.closest(".bppviz") ?? stage;
}


// The place in the network that a slider or field belongs to, such as "w-1-0-1", or "rate": as one of its classes says.
export function placeOf(element) {
  return element?.className.match(/bppviz-at-([\w-]+)/)?.[1] ?? "";
}
