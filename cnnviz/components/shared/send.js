// Sends what the reader did to Python: one state value named `event`, never twice the same, never too often.

/**
 * @typedef {{wait: number, timer: any, last: number, pending: any, body: string}} Sender
 */

/** @type {WeakMap<object, Sender>} */
const SENDERS = new WeakMap();

const HOLD_MS = 3000; // so long another page may take to come

/**
 * A click: where it follows a link to another page (not into another tab), nothing is sent until that page is there, for
 * a message that comes between would call the old page back.
 */
export function noteWayOut(/** @type {any} */ doc, /** @type {MouseEvent} */ click, now = performance.now()) {
  if (click.ctrlKey || click.metaKey || click.shiftKey) return;
  const { origin, pathname } = doc.defaultView.location;
  const through = /** @type {any[]} */ (click.composedPath());
  const link = through.find((el) => el.tagName === "A" && el.href && !el.target);
  const to = link ? new URL(link.href) : null;
  if (to?.origin === origin && to.pathname !== pathname) doc.cnnvizWayOut = { from: pathname, since: now };
}

/** The browser's Back or Forward was pressed: wherever it led, the reader stays there. */
export function forgetWayOut(/** @type {any} */ doc) {
  doc.cnnvizWayOut = null;
}

function isOnWayOut(/** @type {any} */ doc, now = performance.now()) {
  const way = doc?.cnnvizWayOut;
  return Boolean(way) && now - way.since < HOLD_MS && doc.defaultView.location.pathname === way.from;
}

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
  const go = () => {
    s.timer = null;
    if (owner.isConnected === false) return; // it is gone, and rest.js has handed over what it had to say
    if (isOnWayOut(owner.ownerDocument)) {
      s.timer = setTimeout(go, 100);
      return;
    }
    const pending = s.pending;
    s.pending = {};
    s.last = performance.now();
    setStateValue("event", { n: Math.round(performance.timeOrigin + s.last), ...pending });
  };
  s.timer = setTimeout(go, due);
}
