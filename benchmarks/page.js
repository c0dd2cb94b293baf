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

// A bare plot of the same series, at the same scale. It is changed by a key, with what the stage last gave to plotly.
globalThis.benchmarkBare = async () => {
  const Plotly = await globalThis.bppvizPlotly;
  const picture = document.querySelector(".bppviz-picture");
  const bare = document.querySelector("#bare");
  bare.style.cssText = picture.style.cssText;
  const { data, layout } = structuredClone({ data: picture.data, layout: picture.layout });
  await Plotly.newPlot(bare, data, layout, { displayModeBar: false });
  const restyle = Plotly.restyle;
  let latest;
  Plotly.restyle = (plot, update, series) => {
    latest = [structuredClone(update), series];
    return restyle(plot, update, series);
  };
  bare.addEventListener("keydown", (event) => {
    event.preventDefault();
    event.stopPropagation();
    restyle(bare, ...latest);
  });
};
