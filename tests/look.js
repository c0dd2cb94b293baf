// What a person sees of a stage, measured in one go: for the tests.

globalThis.bppvizLook = async (index, step) => {
  const stage = document.querySelectorAll(".bppviz-stage")[index];
  const deadline = performance.now() + 60000;
  const isShown = () => stage.dataset.step === String(step) && stage.querySelector(".bppviz-picture");
  while (step !== null && !isShown()) {
    if (performance.now() > deadline) throw new Error(`waited for step ${step}, but it is ${stage.dataset.step}`);
    await new Promise(requestAnimationFrame);
  }
  const find = (name) => stage.querySelector(`.bppviz-${name}`);
  const [picture, frame, scroll] = ["picture", "frame", "scroll"].map(find);
  const scale = picture.getBoundingClientRect().width / picture.offsetWidth;
  const box = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { left, top, right, bottom };
  };
  const fontSize = (element) => parseFloat(getComputedStyle(element).fontSize);
  const labels = [...picture.querySelectorAll("svg text")]
    .filter((text) => text.textContent.trim() && !text.closest(".hoverlayer"))
    .map((text) => ({
      text: text.textContent,
      ...box(text),
      ...inked(text, scale),
      size: scale * fontSize(text),
      index: scale * Math.min(fontSize(text), ...[...text.querySelectorAll("tspan tspan")].map(fontSize)), // of a name
    }));
  const leaves = (element) => [...element.querySelectorAll("mi, mn, mo, mtext")];
  const words = Object.fromEntries(
    ["formula", "substituted", "sentence"].map((name) => {
      const element = find(name);
      const parts = name === "sentence" ? [element] : leaves(element);
      return [
        name,
        {
          text: element.textContent,
          latex: element.querySelector("math")?.getAttribute("alttext") ?? null,
          size: Math.min(...parts.map(fontSize)),
          box: box(element),
          parts: parts.map((part) => ({ text: part.textContent, ...box(part) })),
          hidden: [element.scrollWidth - element.clientWidth, element.scrollHeight - element.clientHeight],
        },
      ];
    }),
  );
  // Left out: what JupyterLab writes while a key is pressed, and that by which the panels follow.
  const { lmSuppressShortcuts, used, found, granularity, last, layer, toCome, ...data } = stage.dataset;
  return {
    data,
    lang: stage.lang,
    label: stage.getAttribute("aria-label"),
    message: find("message").textContent,
    scale,
    stage: box(stage),
    frame: box(frame),
    hidden: scroll.scrollWidth - scroll.clientWidth,
    labels,
    circles: circles(picture, scale),
    ...words,
  };
};

// From where to where the letters of a text reach. Its box is as high as the font's lines are, which differs from font to
// font by half a letter and covers nothing.
const ink = document.createElement("canvas").getContext("2d");
function inked(text, scale) {
  ink.font = getComputedStyle(text.querySelector("tspan") ?? text).font;
  const { actualBoundingBoxAscent: above, actualBoundingBoxDescent: below } = ink.measureText(text.textContent);
  const svg = text.ownerSVGElement.getBoundingClientRect();
  const inPage = (point) => svg.top + scale * point.matrixTransform(text.getCTM()).y;
  const [first, last] = [text.getStartPositionOfChar(0), text.getEndPositionOfChar(text.getNumberOfChars() - 1)];
  return { top: inPage(first) - scale * above, bottom: inPage(last) + scale * below };
}

// The circles of x, z and a, as they stand in the page.
function circles(picture, scale) {
  const { left, top } = picture.getBoundingClientRect();
  const nodes = picture.data.find(({ marker }) => Array.isArray(marker?.symbol) && marker.symbol.includes("square"));
  if (!nodes) return [];
  return nodes.x
    .map((x, i) => ({ x: left + scale * x, y: top + scale * nodes.y[i], radius: (scale * nodes.marker.size[i]) / 2, i }))
    .filter(({ i }) => nodes.marker.symbol[i] === "circle");
}

// From now on, how often the numbers of a stage change.
globalThis.bppvizCountPictures = (index) => {
  globalThis.bppvizPictures = 0;
  const numbers = document.querySelectorAll(".bppviz-substituted")[index];
  new MutationObserver(() => (globalThis.bppvizPictures += 1)).observe(numbers, { childList: true });
};

// The centre in the page of a point of the picture.
globalThis.bppvizPoint = (index, x, y) => {
  const picture = document.querySelectorAll(".bppviz-picture")[index];
  const { left, top, width } = picture.getBoundingClientRect();
  const scale = width / picture.offsetWidth;
  return [left + scale * x, top + scale * y];
};
