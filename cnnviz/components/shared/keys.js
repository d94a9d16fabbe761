// Keys: one listener for the whole page, so that a presenter remote works wherever the focus is.

/**
 * @typedef {(event: KeyboardEvent) => boolean} KeyHandler  returns true when it used the key
 */

/** Whether a key press there is meant for the element itself (typing, choosing), not for the stage. */
export function isForTyping(/** @type {EventTarget | null} */ target) {
  const el = /** @type {any} */ (target);
  if (!el || !el.tagName) return false;
  return ["INPUT", "TEXTAREA", "SELECT"].includes(el.tagName) || el.isContentEditable === true
    || ["textbox", "combobox", "listbox", "option", "slider", "menuitem", "tab", "radio"].includes(el.getAttribute?.("role"));
}

/**
 * Give the page's keys to `handler` while `owner` is on the page. Called again with the same owner it replaces it.
 * The newest owner is asked first; a key nobody uses goes on to Streamlit.
 * @param {Element} owner
 * @param {KeyHandler} handler
 */
export function claimKeys(owner, handler) {
  const doc = /** @type {any} */ (owner.ownerDocument);
  const owners = (doc.cnnvizKeys ??= new Map());
  owners.delete(owner);
  owners.set(owner, handler);
  doc.onkeydown = (/** @type {KeyboardEvent} */ event) => {
    const path = /** @type {any[]} */ (event.composedPath());
    if (event.defaultPrevented || event.isComposing || isForTyping(path[0])) return;
    if (path.some((el) => el.tagName === "DIALOG")) return; // a dialog stands before every stage
    for (const [el, use] of [...owners].reverse()) {
      if (!el.isConnected) owners.delete(el);
      else if (use(event)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
    }
  };
}

/** @param {Element} owner */
export function releaseKeys(owner) {
  /** @type {any} */ (owner.ownerDocument).cnnvizKeys?.delete(owner);
}
