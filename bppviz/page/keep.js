// Texts that leave the page: copied, or saved as a file.

const AWHILE = 10_000; // milliseconds for which a browser may still read what it saves

/**
 * Copy a text, and tell whether that was done: some pages may not.
 * @param {string} text
 * @param {HTMLElement} beside
 */
export async function copied(text, beside) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text, beside);
  }
}

/**
 * Copy what is selected, which needs no permission.
 * @param {string} text
 * @param {HTMLElement} beside
 */
function copiedBySelection(text, beside) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const field = document.createElement("textarea");
  field.value = text;
  field.style.cssText = "position: fixed; opacity: 0;";
  beside.append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return isDone;
}

/**
 * Let the browser save a text.
 * @param {string} name
 * @param {string} text
 */
export function saved(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), AWHILE);
}
