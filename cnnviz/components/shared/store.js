// Big arrays that do not change (the picture) are sent once by the part `store` and read by others through here.

/**
 * @param {Document} doc
 * @returns {{held: Map<string, any>, waiting: Map<string, Set<(value: any) => void>>}}
 */
export function pageStore(doc) {
  const d = /** @type {any} */ (doc);
  return (d.cnnvizStore ??= { held: new Map(), waiting: new Map() });
}

/** Hold `value` under `name`, forget what was not asked for the longest beyond `most`, and tell who waits. */
export function putStored(doc, name, value, most = 8) {
  const { held, waiting } = pageStore(doc);
  held.delete(name);
  held.set(name, value);
  while (held.size > most) held.delete(held.keys().next().value);
  for (const tell of waiting.get(name) ?? []) tell(value);
  waiting.delete(name);
}

/** The value under `name`, which is the newest again, or undefined; then `tell` is called once it comes. */
export function getStored(doc, name, tell) {
  const { held, waiting } = pageStore(doc);
  if (held.has(name)) {
    const value = held.get(name);
    held.delete(name);
    held.set(name, value);
    return value;
  }
  if (tell) waiting.set(name, (waiting.get(name) ?? new Set()).add(tell));
  return undefined;
}
