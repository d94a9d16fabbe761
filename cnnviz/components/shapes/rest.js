// Tells the server when the reader lets go: what was changed meanwhile goes in one message.

/** What was changed, field by field, until it is told `wait` ms after the last change. */
export class AtRest {
  constructor(wait = 200) {
    this.wait = wait;
    this.timer = null;
    /** @type {Object<string, any>} */ this.pending = {};
  }

  /**
   * @param {{scene: Object<string, any>}} fields
   * @param {(fields: {scene: Object<string, any>}) => void} tell
   */
  tell(fields, tell) {
    Object.assign(this.pending, fields.scene);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const scene = this.pending;
      this.pending = {};
      tell({ scene });
    }, this.wait);
  }
}
