// How far the walk has come, for what shows its numbers beside the picture.

/**
 * Return whether a step is reached where the stage stands: by vector some that come before its last step are not, nor
 * is a sum whose terms are still being added.
 * @param {DOMStringMap} step - as the stage has it
 */
export function reachedAt({ last = "-1", toCome = "", unfinished }) {
  const known = Number(last) - (unfinished === undefined ? 0 : 1);
  const later = toCome.split(" ");
  /** @param {number} it */
  return (it) => it <= known && !later.includes(String(it));
}
