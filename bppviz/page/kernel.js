// Whether the kernel still knows a widget. It answers every message that has a number; one that stays without an answer
// tells what happened.

import { placeOf } from "./plotly.js";

const PATIENT = 3000; // milliseconds, or a little more, until a kernel that has not answered is called busy
const OVERTAKEN = 1000; // milliseconds for an answer on its way, when the kernel is done with what was asked
const AGAIN = 2000; // milliseconds after which it is asked again: while it trains, and while it is busy

// What needs the kernel: the numbers, and all that Python does to them or draws. Tables that are there can be opened.
export const OF_KERNEL = ["slider", "exact", "undo", "redo", "reset", "data", "sample", "view", "update", "run", "updates", "rate"];
OF_KERNEL.push("visit", "walk-update", "log", "measure", "show-predict");
const HELD = ".noUi-target, button, select, input";
export const FILLED = ["table", "why", "check"]; // panels that Python fills when they are first opened

// Returns what asks the kernel, whether it is "here", "busy" or "gone", and what hears of changes of that.
export function line(model) {
  let state = "here";
  let number = 0;
  let timer = null;
  const waiting = new Map(); // by number, what puts things back as they were if the kernel never hears of them
  const listeners = new Set();

  function be(now) {
    if (now === "gone") {
      [...waiting.values()].reverse().forEach(({ putBack }) => putBack?.());
      waiting.clear();
    }
    if (state === now) return;
    state = now;
    listeners.forEach((listener) => listener(state));
  }

  function send(message = { kind: "ask" }, putBack = null) {
    number += 1;
    const own = number;
    waiting.set(own, { putBack, since: performance.now() });
    // Done with it and no answer: this is another kernel, which has never heard of the widget.
    const done = () => waiting.has(own) && be("gone");
    const status = ({ content }) => content.execution_state === "idle" && setTimeout(done, OVERTAKEN);
    try {
      model.send({ ...message, number }, { iopub: { status } });
    } catch {
      be("gone"); // "Cannot send"
    }
    watch();
  }

  const watch = () => (timer ??= setTimeout(look, AGAIN));

  // As long as something is unanswered or a training runs.
  function look() {
    timer = null;
    if (state === "gone") return;
    const [oldest] = waiting.values();
    if (oldest && performance.now() - oldest.since > PATIENT) be("busy");
    if (oldest || model.get("running")) send();
  }

  model.on("msg:custom", (message) => {
    if (message?.kind !== "heard") return;
    [...waiting.keys()].filter((it) => it <= message.number).forEach((it) => waiting.delete(it));
    be("here");
  });
  // ipywidgets tells so when a kernel is restarted.
  model.on("comm_live_update", () => send());
  model.on("change:running", () => model.get("running") && watch());
  return {
    get state() {
      return state;
    },
    send,
    hear(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

// Disable what needs the kernel, and say why, while it is gone; else give it back as it was.
export function withhold(box, isGone, why) {
  const isEmpty = (panel) => !box.querySelector(`.bppviz-panel-${panel} .bppviz-tables`);
  const names = [...OF_KERNEL, ...FILLED.filter(isEmpty).map((panel) => `show-${panel}`)];
  const controls = isGone ? names.flatMap((name) => [...box.querySelectorAll(`.bppviz-${name}`)]) : [];
  const parts = new Set(controls.flatMap((it) => [it, ...it.querySelectorAll("*")]).filter((it) => it.matches(HELD)));
  for (const part of box.querySelectorAll("[data-bppviz-held]")) {
    if (parts.has(part)) continue;
    part.removeAttribute("disabled");
    part.removeAttribute("data-bppviz-held");
    if (part.title === why) part.title = "";
  }
  for (const part of parts) {
    if (!part.hasAttribute("disabled")) part.dataset.bppvizHeld = "";
    part.setAttribute("disabled", "");
    part.title = why;
  }
}

// What the sliders and fields of a place show, or of all places, each with the way back to it.
export function shownAt(box, at) {
  const parts = box.querySelectorAll(`[class*=bppviz-at-${at ?? ""}] :is(.noUi-target, input)`);
  return [...parts].filter((it) => !at || placeOf(it.closest("[class*=bppviz-at-]")) === at).map((part) => {
    const slider = part.noUiSlider;
    const value = slider ? slider.get() : part.value;
    return [part, () => (slider ? slider.set(value) : (part.value = value))];
  });
}
