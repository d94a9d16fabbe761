// Tells the server when the reader lets go: what was changed meanwhile goes in one message. Before another view is
// opened everything is told at once; what a part had no time to tell when its page was left goes by the bar, which stays.

/** @returns {Map<object, () => void>} who has something to tell, and how it is told; one list for the page */
function untold(/** @type {any} */ doc) {
  return (doc.cnnvizUntold ??= new Map());
}

/** `owner` has something that is not told yet: `tell` is called where the reader goes elsewhere first. */
export function tellBeforeLeaving(/** @type {object} */ owner, /** @type {() => void} */ tell, doc = document) {
  untold(doc).set(owner, tell);
}

/** `owner` has told everything. */
export function hasTold(/** @type {object} */ owner, doc = document) {
  untold(doc).delete(owner);
}

/** Tell everything at once: the reader is about to go elsewhere. */
export function tellAll(doc = document) {
  for (const [owner, tell] of [...untold(doc)]) {
    untold(doc).delete(owner);
    tell();
  }
}

/** A part that is gone gives what the server may not know yet, as fields of its page's scene, to who carries it. */
export function handOver(/** @type {string} */ page, /** @type {Object<string, any>} */ scene, /** @type {any} */ doc = document) {
  if (!Object.keys(scene).length) return;
  (doc.cnnvizLate ??= []).push({ page, scene });
  doc.cnnvizCarry?.();
}

/** The bar of every page carries what is handed over; a reader who looks away has everything told, too. */
export function carryLate(/** @type {(late: {page: string, scene: Object<string, any>}[]) => void} */ carry, /** @type {any} */ doc = document) {
  doc.onvisibilitychange = () => tellAll(doc);
  doc.cnnvizCarry = () => {
    const late = doc.cnnvizLate?.splice(0) ?? [];
    if (late.length) carry(late);
  };
  doc.cnnvizCarry();
}

/** What was changed, field by field, until it is told `wait` ms after the last change. */
export class AtRest {
  constructor(wait = 200, doc = document) {
    this.wait = wait;
    this.doc = doc;
    this.timer = null;
    this.how = null;
    /** @type {Object<string, any>} */ this.pending = {};
  }

  /**
   * @param {{scene: Object<string, any>}} fields
   * @param {(fields: {scene: Object<string, any>}) => void} tell
   */
  tell(fields, tell) {
    Object.assign(this.pending, fields.scene);
    this.how = tell;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), this.wait);
    tellBeforeLeaving(this, () => this.now(), this.doc);
  }

  /** Tell now what has not been told. */
  now() {
    clearTimeout(this.timer);
    hasTold(this, this.doc);
    const { how, pending } = this;
    if (!how) return;
    this.how = null;
    this.pending = {};
    how({ scene: pending });
  }

  /** The part is gone, and its own way is closed: what is not told, or not answered yet, is handed over. */
  leave(/** @type {string} */ page, /** @type {import("./local.js").LocalScene} */ local) {
    const { pending } = this;
    this.how = null;
    this.pending = {};
    this.now();
    handOver(page, { ...local.unanswered(), ...pending }, this.doc);
  }
}
