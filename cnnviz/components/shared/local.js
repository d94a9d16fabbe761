// What the reader sets, held in the browser: drawn at once, told to Python, and not overwritten by an answer that is late.

const PATIENCE = 4000; // ms after which the server's word counts again, should an answer have been lost

/** Whether two values of a scene are the same: numbers, texts, lists of lists. */
export function sameValue(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** The fields of a scene as the reader sees them now. */
export class LocalScene {
  constructor() {
    /** @type {Object<string, any>} */ this.fields = {};
    /** @type {Map<string, {value: any, since: number}>} */ this.ahead = new Map();
  }

  /** Take what the server says, but for fields the reader has changed since; returns whether anything changed. */
  take(/** @type {Object<string, any>} */ scene, now = performance.now()) {
    const before = JSON.stringify(this.fields);
    for (const [name, value] of Object.entries(scene)) {
      const mine = this.ahead.get(name);
      if (mine && !sameValue(mine.value, value) && now - mine.since < PATIENCE) continue;
      this.ahead.delete(name);
      this.fields[name] = value;
    }
    return before !== JSON.stringify(this.fields);
  }

  /** The reader changed these. */
  change(/** @type {Object<string, any>} */ changes, now = performance.now()) {
    for (const [name, value] of Object.entries(changes)) {
      this.fields[name] = value;
      this.ahead.set(name, { value, since: now });
    }
  }

  /** What the reader changed and the server has not said back yet. @returns {Object<string, any>} */
  unanswered(now = performance.now()) {
    const recent = [...this.ahead].filter(([, { since }]) => now - since < PATIENCE);
    return Object.fromEntries(recent.map(([name, { value }]) => [name, value]));
  }
}
