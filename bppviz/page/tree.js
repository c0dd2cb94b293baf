// A tree of two levels whose items are the children of one element: Tab reaches one item, the arrow keys the others.

import { isCommand, targetOf } from "./dom.js";

/** @param {HTMLElement} tree */
export const itemsOf = (tree) => /** @type {HTMLElement[]} */ ([...tree.children]);

/** The head of the open group. @param {HTMLElement} tree */
export const openHead = (tree) => itemsOf(tree).find(({ ariaExpanded }) => ariaExpanded === "true");

/**
 * Scroll a tree, and nothing around it, until an item is in sight.
 * @param {HTMLElement | undefined} item
 */
export function reveal(item) {
  const tree = item?.parentElement;
  if (!item || !tree) return;
  const [own, room] = [item.getBoundingClientRect(), tree.getBoundingClientRect()];
  tree.scrollTop += Math.min(0, own.top - room.top) + Math.max(0, own.bottom - room.bottom);
}

/**
 * Let Tab reach this item.
 * @param {HTMLElement} tree
 * @param {HTMLElement | undefined} item
 */
export function rove(tree, item) {
  for (const other of tree.querySelectorAll("[tabindex='0']")) other.setAttribute("tabindex", "-1");
  if (item) item.tabIndex = 0;
}

/** @param {HTMLElement | undefined} item */
export function enter(item) {
  if (!item?.parentElement) return;
  rove(item.parentElement, item);
  item.focus({ preventScroll: true });
  reveal(item);
}

/**
 * @param {HTMLElement} tree
 * @param {(item: HTMLElement) => unknown} choose - an item: opens or closes a group
 */
export function hearTree(tree, choose) {
  /** @param {Event} event */
  const itemOf = (event) => /** @type {HTMLElement | null} */ (targetOf(event).closest("[role=treeitem]"));
  tree.addEventListener("click", (event) => {
    const item = itemOf(event);
    if (item) choose(item);
  });
  tree.addEventListener("keydown", (event) => {
    const item = itemOf(event);
    const act = item && !isCommand(event) && keysOf(tree, item, choose)[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/**
 * Return what each key does at an item.
 * @param {HTMLElement} tree
 * @param {HTMLElement} item
 * @param {(item: HTMLElement) => unknown} choose
 * @returns {Record<string, () => unknown>}
 */
function keysOf(tree, item, choose) {
  const items = itemsOf(tree);
  const at = items.indexOf(item);
  const { ariaExpanded } = item;
  return {
    ArrowDown: () => enter(items[at + 1]),
    ArrowUp: () => enter(items[at - 1]),
    Home: () => enter(items[0]),
    End: () => enter(items.at(-1)),
    ArrowRight: () => (ariaExpanded === "false" ? choose(item) : ariaExpanded && enter(items[at + 1])),
    ArrowLeft: () => (ariaExpanded === "true" ? choose(item) : item.ariaLevel === "2" && enter(openHead(tree))),
    Enter: () => choose(item),
    " ": () => choose(item),
  };
}
