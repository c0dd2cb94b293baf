// Whether the kernel still knows a widget, and all acknowledgements between page and kernel: the kernel answers a
// message with a number; the page says whether it shows the stage, and what it has shown of a training; a reply is
// counted.

import { all, post, targetOf, whenIdle } from "./dom.js";

/** @import { Line, Model, PutBack, View } from "./types.js" */

const PATIENT = 1000; // milliseconds until a kernel that has not answered is called busy
const OVERTAKEN = 1000; // milliseconds for an answer on its way, when the kernel is done with what was asked
const AGAIN = 2000; // milliseconds after which it is asked again: while it trains, and while it is busy
const LEFT_ALONE = 1000; // milliseconds at most for which a training leaves the page alone

// The controls that need the kernel. Tables that are already filled can be opened without it.
const OF_KERNEL = ["slider", "exact", "undo", "redo", "reset", "data", "sample", "view", "update", "run", "updates"];
OF_KERNEL.push("rail", "filter", "rate", "rate-field", "visit", "walk-update", "log", "measure", "growth");
const PARTS = ".noUi-target, .noUi-handle, .widget-readout, button, select, input";
const OPENED = ["weights", "training"]; // panels that are of no use without it; so are questions that only it has
const FILLED = ["matrices", "why", "check", "code"]; // panels that Python fills when they are first opened

/** @param {string} name */
export const needsKernel = (name) => OF_KERNEL.includes(name);

/**
 * Whether Python has yet to fill a panel.
 * @param {HTMLElement} box
 * @param {string} panel
 */
export const isUnfilled = (box, panel) =>
  FILLED.includes(panel) && !box.querySelector(`.bppviz-panel-${panel} :is(.bppviz-tables, .bppviz-matrices, .bppviz-code)`);

/**
 * The messages without an answer, each with a function that undoes its change if the kernel never hears of it, and one
 * for when it has.
 */
function unanswered() {
  let number = 0;
  /** @type {Map<number, { putBack: PutBack, heard?: () => void, since: number }>} */
  const waiting = new Map();
  return {
    /**
     * @param {PutBack} putBack
     * @param {() => void} [heard]
     */
    add(putBack, heard) {
      number += 1;
      waiting.set(number, { putBack, heard, since: performance.now() });
      return number;
    },
    /** @param {number} own */
    has: (own) => waiting.has(own),
    oldest: () => [...waiting.values()][0],
    /** @param {number} last */
    answer(last) {
      const answered = [...waiting].filter(([it]) => it <= last);
      answered.forEach(([it]) => waiting.delete(it));
      answered.forEach(([, { heard }]) => heard?.());
    },
    giveUp() {
      const lost = [...waiting.values()].reverse();
      waiting.clear();
      lost.forEach(({ putBack }) => putBack?.());
    },
  };
}

/**
 * Returns a line to the kernel, which is "here", "busy" or "gone", and tells its listeners when that changes.
 * @param {Model} model
 * @returns {Line}
 */
export function lineOf(model) {
  /** @type {Line["state"]} */
  let state = "here";
  /** @type {ReturnType<typeof setTimeout> | null} */
  let timer = null;
  const waiting = unanswered();
  const listeners = new Set();

  /** @param {Line["state"]} now */
  function be(now) {
    const before = state;
    state = now;
    if (now === "gone") waiting.giveUp();
    if (before !== now) listeners.forEach((listener) => listener(state));
  }

  /** @type {Line["send"]} */
  function send(message = { kind: "ask" }, putBack = null, heard) {
    const number = waiting.add(putBack, heard);
    // Done with it and no answer: this is another kernel, which has never heard of the widget.
    const done = () => waiting.has(number) && be("gone");
    /** @param {{ content: { execution_state: string } }} message */
    const status = ({ content }) => content.execution_state === "idle" && setTimeout(done, OVERTAKEN);
    try {
      model.send({ ...message, number }, { iopub: { status } });
    } catch {
      be("gone"); // "Cannot send"
    }
    watch();
  }

  const watch = () => (timer ??= setTimeout(look, state === "here" && !model.get("running") ? PATIENT : AGAIN));

  // Ask again, as long as something is unanswered or a training runs.
  function look() {
    timer = null;
    if (state === "gone") return;
    const oldest = waiting.oldest();
    if (oldest && performance.now() - oldest.since >= PATIENT) be("busy");
    if (oldest || model.get("running")) send();
  }

  model.on("msg:custom", (message) => {
    if (message?.kind !== "heard") return;
    waiting.answer(message.number);
    be("here");
  });
  model.on("comm_live_update", () => send()); // ipywidgets tells so when a kernel is restarted
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

/**
 * Tell the kernel whether the page shows the stage. It puts away what no page shows, after asking all of them.
 * @param {Model} model
 */
export function presenceOf(model) {
  let views = 0;
  const tell = () => post(model, { kind: views > 0 ? "here" : "left" });
  model.on("msg:custom", ({ kind }) => kind === "who" && views > 0 && tell());
  return {
    come() {
      views += 1;
      tell();
    },
    leave() {
      views -= 1;
      if (!views) tell();
    },
  };
}

/**
 * Acknowledge the progress of a training once it is shown, after a rest as long as showing it took.
 * @param {Model} model
 */
export function tellSeen(model) {
  const progress = model.get("progress") ?? {};
  const begun = performance.now();
  const seen = () => post(model, { kind: "seen", progress });
  whenIdle(() => setTimeout(seen, Math.min(performance.now() - begun, LEFT_ALONE)));
}

/**
 * Send the learner's replies one at a time: the next one is taken when the kernel has answered the last.
 * @param {Model} model
 */
export function repliesOf(model) {
  const times = () => model.get("reply")?.times ?? 0;
  const isWaiting = () => times() > (model.get("quiz").heard ?? 0);
  return {
    isWaiting,
    /**
     * @param {string} act
     * @param {{ text?: string, level?: number }} [more]
     */
    send(act, more) {
      if (isWaiting()) return;
      model.set("reply", { act, ...more, step: model.get("step"), times: times() + 1 });
      model.save_changes();
    },
  };
}

/**
 * Check that the kernel is alive on an event that needs it; if it is gone, stop the event.
 * @param {Line} kernel
 * @param {Event} event
 * @param {PutBack} [putBack]
 */
export function askFirst(kernel, event, putBack) {
  kernel.send(undefined, putBack);
  if (kernel.state === "gone") event.stopPropagation();
}

/**
 * Withhold all controls that need the kernel while it is gone, and say why; otherwise give them back. They can still
 * have the focus: else nobody who does not see the page would hear of them.
 * @param {View} view
 * @param {string} why
 */
export function withhold({ box, examiner, kernel }, why) {
  const isGone = kernel.state === "gone";
  const closed = [...OPENED, ...(examiner.canAsk ? [] : ["predict"]), ...FILLED.filter((panel) => isUnfilled(box, panel))].map((panel) => `show-${panel}`);
  const found = isGone ? [...OF_KERNEL, ...closed].flatMap((name) => all(box, `.bppviz-${name}`)) : [];
  const controls = found.filter((it) => it.ariaExpanded !== "true"); // what is open can be closed
  const parts = new Set(controls.flatMap((it) => [it, ...all(it, PARTS)]).filter((it) => it.matches(PARTS)));
  for (const part of all(box, "[data-bppviz-held]")) {
    if (parts.has(part)) continue;
    delete part.dataset.bppvizHeld;
    hold(part, false);
    part.removeAttribute("aria-description");
  }
  for (const part of parts) {
    part.dataset.bppvizHeld = "";
    hold(part, true);
    part.setAttribute("aria-description", why);
  }
}

/**
 * Hold a part of a control where it is, or let it go.
 * @param {HTMLElement} part
 * @param {boolean} isHeld
 */
function hold(part, isHeld) {
  if (part.matches(".widget-readout")) part.contentEditable = String(!isHeld);
  else if (part.matches(".noUi-target")) part.toggleAttribute("disabled", isHeld);
  else if (part.matches("input:not([type=checkbox])")) part.toggleAttribute("readonly", isHeld);
  else if (isHeld) part.setAttribute("aria-disabled", "true");
  else part.removeAttribute("aria-disabled");
}

/**
 * Whether a control may not be used now.
 * @param {Element | null | undefined} control
 */
export const isRefused = (control) => control?.getAttribute("aria-disabled") === "true";

/**
 * Let nothing come of a click or key on a control that may not be used; the Tab key leaves it.
 * @param {MouseEvent & KeyboardEvent} event
 */
export function refuse(event) {
  if (event.key === "Tab" || !isRefused(targetOf(event).closest?.("button, select, input"))) return;
  event.preventDefault();
  if (event.type === "click") event.stopImmediatePropagation();
}
