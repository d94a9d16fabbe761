// Keys: one listener for the whole page, so that a presenter remote works wherever the focus is; and which keys do
// something on the page as it stands, for the list of keys.

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

/** Whether the element is a slider or a box to tick, which arrows, paging and space move but letters do not. */
function isKnob(/** @type {any} */ el) {
  return el?.tagName === "INPUT" && ["range", "checkbox", "radio"].includes(el.type);
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
    const isLetter = event.key.length === 1 && event.key !== " ";
    if (event.defaultPrevented || event.isComposing || (isForTyping(path[0]) && !(isLetter && isKnob(path[0])))) return;
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

/**
 * Say which keys do something on or for `element`, by the names of their texts ([shell.keys]). The list of keys shows
 * those of the elements that can be seen.
 * @param {Element} element @param {...string} names
 */
export function declareKeys(element, ...names) {
  const doc = /** @type {any} */ (element.ownerDocument);
  const all = (doc.cnnvizKeyNames ??= { elements: [], names: new WeakMap() });
  if (!all.names.has(element)) all.elements.push(new WeakRef(element));
  all.names.set(element, names);
}

/** The names declared by what can be seen now. @returns {Set<string>} */
export function declaredKeys(/** @type {Document} */ doc) {
  const all = /** @type {any} */ (doc).cnnvizKeyNames;
  if (!all) return new Set();
  all.elements = all.elements.filter((ref) => ref.deref());
  const seen = all.elements.map((ref) => ref.deref()).filter((el) => el.isConnected && el.checkVisibility());
  return new Set(seen.flatMap((el) => all.names.get(el)));
}

/** @param {Element} owner */
export function releaseKeys(owner) {
  /** @type {any} */ (owner.ownerDocument).cnnvizKeys?.delete(owner);
}
