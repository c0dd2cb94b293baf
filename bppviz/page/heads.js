// The head of a panel with tables: its verdict, what is still being computed, and the buttons that choose what is seen.

import { all, find, write } from "./dom.js";
import { textIn } from "./grid.js";

/** @import { Model, Tabled } from "./types.js" */

/**
 * @param {HTMLElement} panel
 * @param {Model<Tabled>} model
 * @param {string} lang
 */
export function showHead(panel, model, lang) {
  const { title, said, role } = model.get("head");
  const heading = find(panel, "title");
  if (title) write(heading, textIn(title, lang));
  heading?.classList.toggle("bppviz-is-differs", role === "differs");
  const line = find(panel, "said");
  line?.setAttribute("role", "status");
  if (said !== undefined) write(line, textIn(said, lang));
  if (model.get("choices").length) showChoices(panel, model, model.get("choices"), lang);
}

/**
 * Write the buttons that choose what is seen, and tell which of them is pressed.
 * @param {HTMLElement} panel
 * @param {Model<any>} model - of which they set what is `shown`
 * @param {Tabled["choices"]} choices
 * @param {string} lang
 */
export function showChoices(panel, model, choices, lang) {
  const place = find(panel, "choices");
  if (!place.firstElementChild) place.append(buttonsOf(find(panel, "title"), model, choices));
  all(place, "button").forEach((button, i) => {
    const [value, text] = choices[i];
    const isShown = value === model.get("shown");
    write(button, textIn(text, lang));
    button.classList.toggle("mod-active", isShown);
    button.setAttribute("aria-pressed", String(isShown));
  });
}

/**
 * Return buttons of which one is pressed, named as a group after the head of their panel.
 * @param {HTMLElement} title
 * @param {Model<any>} model
 * @param {Tabled["choices"]} choices
 */
function buttonsOf(title, model, choices) {
  const group = document.createElement("div");
  group.className = "widget-toggle-buttons";
  group.role = "group";
  title.id ||= `bppviz-${Math.random().toString(36).slice(2)}`;
  group.setAttribute("aria-labelledby", title.id);
  const row = group.appendChild(document.createElement("div"));
  for (const [value] of choices) {
    const button = row.appendChild(document.createElement("button"));
    button.className = "widget-toggle-button";
    button.addEventListener("click", () => {
      model.set("shown", value);
      model.save_changes();
    });
  }
  return group;
}
