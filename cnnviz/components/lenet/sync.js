// The lenet page and the server. Every movement of the pen is asked about at once, by the page's own way
// (shared/answers.js); at rest the page is told, so that its session and its address say what is shown. Where the own way
// is closed (the page runs without its launcher), the page is told at once and its answers are shown.

import { Answers } from "../shared/answers.js";
import { unpack } from "../shared/payload.js";
import { handOver, hasTold, tellBeforeLeaving } from "../shared/rest.js";
import { send } from "../shared/send.js";

const REST = 260; // ms after the last change the page is told
const PATIENCE_MS = 900; // without an answer of the page it is told again

export class LenetSync {
  constructor() {
    Object.assign(this, { scene: null, edit: 0, untold: [], edges: {}, key: "", timers: {}, shownEdit: -1 });
    this.answers = new Answers("lenet", {
      heard: (bytes) => this.heard(bytes),
      closed: () => this.tell(),
      lost: () => this.tell(),
    });
  }

  /** Run `act` once nothing has asked for the same name again during `ms`. */
  atRest(act, name, ms) {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(act, ms);
  }

  /** Ask no more; what the page was not told is handed over. */
  stop() {
    hasTold(this);
    handOver("lenet", this.untoldFields());
    Object.values(this.timers).forEach(clearTimeout);
    this.answers.stop();
  }

  /** Change scene fields: at once here, then by the server. */
  change(fields) {
    Object.assign(this.scene, fields);
    this.edit += 1;
    this.untold.push({ edit: this.edit, fields });
    if (this.answers.isClosed) this.tell();
    else {
      this.answers.ask(() => ({ scene: this.scene, edit: this.edit, have: this.key, lang: this.lang }));
      this.atRest(() => this.tell(), "tell", REST);
      tellBeforeLeaving(this, () => this.tell());
    }
    this.changed();
  }

  heard(/** @type {Uint8Array} */ bytes) {
    if (!bytes.length) return this.tell();
    return this.receive(unpack(bytes));
  }

  /** Tell the page all it has not answered yet. */
  tell() {
    if (!this.untold.length || !this.setStateValue) return;
    hasTold(this);
    send(this.owner, this.setStateValue, { scene: this.untoldFields(), edit: this.edit, have: this.key }, 0);
    this.atRest(() => this.tell(), "again", PATIENCE_MS);
  }

  untoldFields() {
    return Object.assign({}, ...this.untold.map((one) => one.fields));
  }

  /** The page's own answer: it ran, after what it was told or for reasons of its own. */
  receivePage(live) {
    const { header } = live;
    this.setStateValue = live.setStateValue;
    this.query = header.query;
    const first = this.scene === null;
    if (first) this.edit = header.edit;
    this.untold = this.untold.filter((one) => one.edit > header.edit);
    if (!this.untold.length) clearTimeout(this.timers.again);
    this.receive(live);
    if (!this.untold.length) this.atRest(() => this.rested(), "address", 60);
  }

  /** An answer, on either way; one that the reader has overtaken is drawn, but changes no control. */
  receive({ header, arrays }) {
    if (header.edit < this.shownEdit) return;
    header.net ??= this.net; // told with the edges only
    this.shownEdit = header.edit;
    const current = header.edit >= this.edit;
    if (!current && this.scene && !sameSubject(this.scene, header.scene)) return;
    if (current) this.scene = header.scene;
    this.header = header;
    this.arrays = arrays;
    if (header.key !== this.key && Object.keys(arrays).some((name) => name.startsWith("e."))) {
      this.key = header.key;
      this.net = header.net;
      this.edges = edgesOf(arrays);
    }
    this.answered(current);
  }
}

/** Whether an answer still is about the same view of the same network. */
export function sameSubject(one, other) {
  return ["view", "net", "level", "layer", "channel", "row", "col"].every((name) => one[name] === other[name]);
}

/** The edges of an answer by layer. */
export function edgesOf(arrays) {
  const found = {};
  for (const [name, array] of Object.entries(arrays)) {
    if (name.startsWith("e.")) found[name.slice(2)] = { pairs: array.data, shares: arrays[`w.${name.slice(2)}`].data };
  }
  return found;
}
