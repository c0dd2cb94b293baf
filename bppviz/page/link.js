// The address of a saved page names what it shows: #step=28&by=layer&lang=zh-TW&theme=projector&view=mirror. So a step
// can be sent. It counts as the page's counter does, in steps of the size that `by` names; what is not named is as the
// page has it by itself, so that an address means the same wherever it is opened.

import { go, locate, WHOLE } from "./walk.js";

/** @import { Film, Model, Words } from "./types.js" */
/** @typedef {"granularity" | "lang" | "theme" | "view"} Named - the traits that an address may name */
/** @typedef {{ name: string, given: string, offered: string }} Wrong - what this page does not have, and what it has */

const REST = 400; // milliseconds between two addresses: some browsers refuse more than a hundred in half a minute
const LONGEST = 24; // letters of what an address asks for that are repeated
/** By its name in an address, a trait and its control. @type {[name: string, trait: Named, control: string][]} */
const NAMES = [
  ["by", "granularity", "granularity"],
  ["lang", "lang", "language"],
  ["theme", "theme", "theme"],
  ["view", "view", "view"],
];

/**
 * Choose what an address asks for, and for the rest what the page has by itself. Returns what there is not.
 * @param {Model} model
 * @param {Film} film
 * @param {Record<Named, string>} own
 * @param {URLSearchParams} asked
 */
function choose(model, film, own, asked) {
  /** @type {Wrong[]} */
  const wrong = [];
  for (const [name, trait, control] of NAMES) {
    const values = film.choices[control].map(({ value }) => String(value));
    const given = asked.get(name);
    const found = values.find((it) => it.toLowerCase() === given?.toLowerCase());
    if (given !== null && !found) wrong.push({ name, given, offered: values.join() });
    model.set(trait, found ?? own[trait]);
  }
  return wrong;
}

/**
 * Go to the step that an address names, counted from 1; without one, to where the page begins. Returns what is wrong.
 * @param {Model} model
 * @param {Film} film
 * @param {number} begin - a step of the run
 * @param {string | null} given
 * @returns {Wrong[]}
 */
function goTo(model, film, begin, given) {
  const { walk } = locate(model, film);
  const count = /^\d+$/.test(given ?? "") ? Number(given) : 0;
  const isThere = count >= 1 && count <= walk.length;
  if (isThere) go(model, film, count - 1);
  else {
    model.set("partial", WHOLE);
    model.set("step", begin);
  }
  return given === null || isThere ? [] : [{ name: "step", given, offered: `1–${walk.length}` }];
}

/**
 * Return the problem that says what an address asks for in vain.
 * @param {Wrong[]} wrong
 * @param {Words} words
 */
function problemOf(wrong, words) {
  const comma = words["list.comma"];
  const given = wrong.map((it) => `${it.name}=${it.given.slice(0, LONGEST)}`).join(comma);
  const offered = wrong.map((it) => `${it.name}=${it.offered.replaceAll(",", comma)}`).join(words["list.semicolon"]);
  return wrong.length ? { name: "link", given, offered } : {};
}

/**
 * Show what the address of the page asks for, now and whenever it changes, and let it follow what is shown.
 * @param {{ model: Model, film(): Promise<Film> }} page
 */
export default async function followAddress({ model, film }) {
  const own = Object.fromEntries(NAMES.map(([, trait]) => [trait, model.get(trait)]));
  const begin = model.get("step");
  let isReading = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {string} address */
  async function read(address) {
    const asked = new URLSearchParams(new URL(address).hash.slice(1));
    const now = await film();
    clearTimeout(timer);
    timer = undefined;
    isReading = true;
    const chosen = choose(model, now, /** @type {Record<Named, string>} */ (own), asked);
    const wrong = [...goTo(model, now, begin, asked.get("step")), ...chosen];
    isReading = false;
    model.set("problem", problemOf(wrong, now.words[model.get("lang")]));
  }

  async function write() {
    timer = undefined;
    const { place } = locate(model, await film());
    const named = NAMES.filter(([, trait]) => model.get(trait) !== own[trait]).map(([name, trait]) => `${name}=${model.get(trait)}`);
    const address = new URL(location.href);
    address.hash = [`step=${place + 1}`, ...named].join("&");
    try {
      history.replaceState(history.state, "", address.href);
    } catch {
      return; // a page in a frame may not be allowed to have an address of its own
    }
  }

  const follow = () => {
    if (isReading) return;
    if (model.get("problem")?.name === "link") model.set("problem", {}); // the address that it tells of is no longer there
    timer ??= setTimeout(write, REST);
  };
  await read(location.href);
  for (const name of ["step", "partial", ...NAMES.map(([, trait]) => trait)]) model.on(`change:${name}`, follow);
  globalThis.addEventListener("hashchange", ({ newURL }) => void read(newURL));
}
