// Sends what the reader did to Python: one state value named `event`, never twice the same, never too often.

/**
 * @typedef {{wait: number, timer: any, last: number, pending: any, body: string}} Sender
 */

/** @type {WeakMap<object, Sender>} */
const SENDERS = new WeakMap();

/**
 * Queue `fields` for Python. Fields of calls that fall within `wait` ms are merged, the last value of each wins;
 * the last call always arrives. `n` grows with every event, also over a reload, so Python can tell a new one.
 * @param {HTMLElement} owner
 * @param {(name: string, value: any) => void} setStateValue
 * @param {Object<string, any>} fields
 * @param {number} [wait]
 */
export function send(owner, setStateValue, fields, wait = 50) {
  const s = SENDERS.get(owner) ?? { wait, timer: null, last: 0, pending: {}, body: "" };
  SENDERS.set(owner, s);
  Object.assign(s.pending, fields);
  if (s.timer !== null) return;
  const due = Math.max(0, s.last + wait - performance.now());
  s.timer = setTimeout(() => {
    s.timer = null;
    const pending = s.pending;
    s.pending = {};
    s.last = performance.now();
    setStateValue("event", { n: Math.round(performance.timeOrigin + s.last), ...pending });
  }, due);
}
