// What the stage, tables and charts of one widget tell each other. anywidget loads each as a module of its own, and
// they share nothing but their box.

/** @import { Signal, Signals } from "./types.js" */

/**
 * @template T
 * @returns {Signal<T>}
 */
function signalOf() {
  const listeners = new Set();
  return {
    send(detail) {
      for (const listener of listeners) {
        try {
          listener(detail);
        } catch (error) {
          reportError(error); // what fails in one must not keep the others from hearing, nor end what tells them
        }
      }
    },
    hear(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * @param {HTMLElement} box
 * @returns {Signals}
 */
export function signalsOf(box) {
  box.bppvizSignals ??= { pointed: signalOf(), marked: signalOf(), chosen: signalOf(), failed: signalOf() };
  return box.bppvizSignals;
}

/**
 * Tell the stage what went wrong in a part of the widget, or that nothing did.
 * @param {HTMLElement} box
 * @param {string} part
 * @param {any} error
 */
export function report(box, part, error = null) {
  if (error) console.warn(error); // with its stack, for those who program
  signalsOf(box).failed.send({ part, error: error && `${error.name}: ${error.message}` });
}

/**
 * Return a function that does this, and tells the stage where it fails.
 * @param {HTMLElement} box
 * @param {() => unknown} work
 */
export const safely = (box, work) => async () => {
  try {
    await work();
  } catch (error) {
    report(box, "chart", error);
  }
};
