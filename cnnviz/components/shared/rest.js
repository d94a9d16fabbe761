// Tells the server when the reader lets go: what was changed meanwhile goes in one message. Whoever goes elsewhere before
// (to another view or page, or away) has everything told at once.

/** @returns {Map<object, () => void>} who has something to tell, and how it is told; one list for the page */
function untold(/** @type {any} */ doc) {
  return (doc.cnnvizUntold ??= new Map());
}

/** `owner` has something that is not told yet: `tell` is called where the reader goes elsewhere first. */
export function tellBeforeLeaving(/** @type {object} */ owner, /** @type {() => void} */ tell, doc = document) {
  untold(doc).set(owner, tell);
  // A press anywhere may lead away, and comes before the click that does; so does leaving a control by the keyboard.
  doc.onpointerdown = () => tellAll(doc);
  doc.onkeyup = (event) => ["Tab", "Enter", " "].includes(event.key) && tellAll(doc);
  doc.onvisibilitychange = () => tellAll(doc);
  if (doc.defaultView) doc.defaultView.onpagehide = () => tellAll(doc);
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
}
