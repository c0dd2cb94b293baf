// The outline: the walk as a list, in which one stands somewhere and can go anywhere.

import { write } from "./dom.js";
import { layDrawer } from "./drawer.js";
import { isAsking } from "./quiz.js";
import { layBelow } from "./room.js";
import { groupsOf, markup } from "./stops.js";
import { enter, hearTree, itemsOf, openHead, reveal, rove } from "./tree.js";
import { go } from "./walk.js";

/** @import { Group } from "./stops.js" */
/** @import { At, Film, Fresh, Model, Run, Words } from "./types.js" */

/**
 * Return the value of every stop that is known: up to where one stands, unless the numbers have changed since.
 * @param {Model} model
 * @param {Fresh | null} fresh
 * @param {At} at
 * @returns {(place: number) => string}
 */
function valuesAt(model, fresh, { walk, place: current }) {
  const quiz = model.get("quiz");
  const asking = isAsking(model);
  const isStale = fresh && !asking && walk[current].patch;
  const here = asking && quiz.is_asked ? "?" : (fresh && !asking ? fresh.frame : walk[current]).value;
  const isToCome = asking && quiz.step !== model.get("step"); // the question
  return (place) => {
    if (place === current) return isToCome ? "" : here;
    return place > current || isStale ? "" : walk[place].value;
  };
}

/** The groups of the walk, of which one is open at a time, and the values that are known. */
export class Outline {
  /** @type {Group[]} */
  groups = [];
  opened = -1; // index of the open group
  /** @type {unknown[]} */
  made = []; // what the items were made of
  /** @type {[film: Film, fresh: Fresh | null, at: At] | null} */
  shown = null;

  /**
   * @param {Run & { model: Model, box: HTMLElement }} view
   * @param {() => void} chosen - a stop was chosen
   */
  constructor(view, chosen) {
    this.view = view;
    this.chosen = chosen;
  }

  /**
   * Show where one stands, and what is known there.
   * @param {Film} film
   * @param {Fresh | null} fresh
   * @param {At} at
   */
  show(film, fresh, at) {
    const before = this.shown?.[2];
    this.shown = [film, fresh, at];
    const isOther = before?.walk !== at.walk;
    const moved = isOther || before.place !== at.place;
    if (isOther) this.groups = groupsOf(at.walk);
    if (moved) this.opened = this.groupAt(at.place);
    this.paint(moved);
  }

  /** Begin where one stands: the outline comes in sight. */
  open() {
    if (!this.shown) return;
    layBelow(this.view.box);
    this.opened = this.groupAt(this.shown[2].place);
    this.paint(true);
    enter(this.current());
  }

  /** @param {number} place */
  groupAt(place) {
    return this.groups.findIndex(({ start, stop }) => start <= place && place < stop);
  }

  tree() {
    return /** @type {HTMLElement | null} */ (this.view.box.querySelector(".bppviz-outline > [role=tree]")) ?? undefined;
  }

  current() {
    const tree = this.tree();
    return tree && (itemsOf(tree).find((item) => item.ariaCurrent) ?? openHead(tree));
  }

  /** Bring the current stop in sight, with the next one and, where there is room, the head of its group. */
  see() {
    const tree = this.tree();
    const current = this.current();
    const next = /** @type {HTMLElement | null} */ (current?.nextElementSibling ?? null);
    if (tree) [openHead(tree), next ?? undefined, current].forEach(reveal);
  }

  /** @param {boolean} moved */
  paint(moved) {
    const holder = /** @type {HTMLElement | null} */ (this.view.box.querySelector(".bppviz-outline"));
    if (!holder?.checkVisibility() || !this.shown) return; // it may be long
    const tree = this.tree() ?? this.addTree(holder);
    const [film, fresh, at] = this.shown;
    layDrawer(this.view.box, film, fresh?.frame ?? at.walk[at.place]);
    const hadFocus = tree.contains(document.activeElement);
    const isNew = this.draw(tree, film.words[this.view.model.get("lang")], at);
    tree.parentElement?.querySelector(".bppviz-spot")?.setAttribute("aria-pressed", String(this.view.model.get("spotlight")));
    know(tree, valuesAt(this.view.model, fresh, at), at.place);
    if (isNew || moved) rove(tree, this.current());
    if (moved) this.see();
    if (hadFocus && (isNew || moved)) this.current()?.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} holder */
  addTree(holder) {
    const tree = document.createElement("div");
    tree.setAttribute("role", "tree");
    hearTree(tree, (item) => this.choose(item));
    const foot = document.createElement("div"); // of the drawer
    foot.innerHTML = '<button class="bppviz-again"></button><button class="bppviz-spot"></button>';
    holder.replaceChildren(tree, foot);
    this.made = [];
    return tree;
  }

  /**
   * Make the items: every group, and the stops of the open one. Returns whether that was needed.
   * @param {HTMLElement} tree
   * @param {Words} words
   * @param {At} at
   */
  draw(tree, words, { walk }) {
    const made = [words, walk, this.opened];
    if (made.every((it, i) => it === this.made[i])) return false;
    this.made = made;
    tree.ariaLabel = words["outline.title"];
    tree.innerHTML = markup(walk, this.groups, this.opened, words);
    write(tree.parentElement?.querySelector(".bppviz-spot"), words["control.spotlight"]);
    write(tree.parentElement?.querySelector(".bppviz-again"), words["control.again"]);
    return true;
  }

  /**
   * Go to a stop, or open or close a group.
   * @param {HTMLElement} item
   */
  async choose({ dataset: { place, group } }) {
    if (group) return this.turn(Number(group));
    const { films, model, play } = this.view;
    play.stop();
    go(model, await films.film, Number(place));
    return this.chosen();
  }

  /** @param {number} group */
  turn(group) {
    this.opened = group === this.opened ? -1 : group;
    this.paint(false);
    const tree = this.tree();
    if (!tree) return;
    reveal(itemsOf(tree).findLast(({ ariaLevel }) => ariaLevel === "2"));
    enter(itemsOf(tree).find(({ dataset }) => dataset.group === String(group)));
  }
}

/**
 * Write what is known, and mark the current stop.
 * @param {HTMLElement} tree
 * @param {(place: number) => string} valueOf
 * @param {number} current
 */
function know(tree, valueOf, current) {
  for (const item of itemsOf(tree)) {
    if (!item.dataset.place) continue;
    const place = Number(item.dataset.place);
    write(item.querySelector("i"), valueOf(place));
    item.ariaCurrent = place === current ? "step" : null;
  }
}
