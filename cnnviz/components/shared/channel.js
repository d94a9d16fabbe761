// One part hands what changes often to another on the same page, so that the second is not mounted anew each time.

/** @param {Document} doc @returns {Map<string, {value: any, tell: Map<object, (value: any) => void>}>} */
function channelsOf(doc) {
  return (/** @type {any} */ (doc).cnnvizChannels ??= new Map());
}

function channelNamed(doc, name) {
  const all = channelsOf(doc);
  if (!all.has(name)) all.set(name, { value: undefined, tell: new Map() });
  return all.get(name);
}

/** Hand `value` to whoever listens to `name`, and keep it for who comes later. */
export function publish(/** @type {Document} */ doc, /** @type {string} */ name, value) {
  const channel = channelNamed(doc, name);
  channel.value = value;
  for (const tell of channel.tell.values()) tell(value);
}

/** Call `tell` with the value there is and every new one. The same owner again replaces its earlier `tell`. */
export function subscribe(/** @type {Document} */ doc, /** @type {string} */ name, /** @type {object} */ owner, tell) {
  const channel = channelNamed(doc, name);
  const known = channel.tell.has(owner);
  channel.tell.set(owner, tell);
  if (!known && channel.value !== undefined) tell(channel.value);
}

/** Stop calling `owner`; what was kept is forgotten with the last listener. */
export function unsubscribe(/** @type {Document} */ doc, /** @type {string} */ name, /** @type {object} */ owner) {
  const channel = channelNamed(doc, name);
  channel.tell.delete(owner);
  if (!channel.tell.size) channel.value = undefined;
}
