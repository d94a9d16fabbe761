// The lab and the server. A change is asked about at once, by the lab's own way (shared/answers.js); at rest the page is
// told, so that its session and its address say what is shown. Where the own way is closed (the page runs without its
// launcher), the page is told at once and its answers are shown.

import { Answers } from "../shared/answers.js";
import { unpack } from "../shared/payload.js";
import { handOver, hasTold, tellBeforeLeaving } from "../shared/rest.js";
import { send } from "../shared/send.js";
import { getStored } from "../shared/store.js";
import { LabModel } from "./lab_model.js";

const REST_MS = 220; // after the last change the page is told
const EXACT_MS = 120; // after the last change the server's map takes the place of the one worked out here
const ANSWER_MS = 400; // after this long without the page's answer the next message is sent all the same

/** Settings that leave the map as it is. */
const BESIDE_THE_MAP = ["at", "look", "tab", "bank"];

export class LabSync extends LabModel {
  constructor() {
    super();
    this.answers = new Answers("kernels", {
      heard: (bytes) => this.heard(bytes),
      closed: () => this.tell(),
      lost: () => this.tell(),
    });
  }

  /** Run `act` once nothing has asked for the same `name` again during `ms`. */
  atRest(act, name = "tables", ms = 400) {
    this.timers ??= {};
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(act, ms);
  }

  /** Forget everything that was to happen later, and ask no more; what the page was not told is handed over. */
  stop() {
    hasTold(this);
    handOver("kernels", this.untoldFields());
    for (const timer of Object.values(this.timers ?? {})) clearTimeout(timer);
    this.answers.stop();
  }

  /**
   * Change scene fields: at once here, then by the server.
   * @param {any} fields @param {{rest?: number, extra?: any, silent?: boolean}} [how]  extra: what goes to the page
   *   that is no scene field; silent: nothing has to be computed
   */
  change(fields, { rest = REST_MS, extra = null, silent = false } = {}) {
    Object.assign(this.scene, fields);
    this.note({ scene: fields, ...extra });
    this.settled = false;
    if (!silent && !extra) this.seek(fields);
    tellBeforeLeaving(this, () => this.tellNow());
    if (extra || this.answers.isClosed) this.tell();
    else this.atRest(() => this.tell(), "tell", rest);
    this.changed(fields);
  }

  /** The map for the scene as it is now: at once if it can be worked out here, and from the server in any case. */
  seek(fields) {
    const { layout } = this;
    this.wantMaps = !(Object.keys(fields).some((name) => !BESIDE_THE_MAP.includes(name)) && this.showNear());
    if (!this.wantMaps) this.nearShown(layout !== this.layout);
    if (this.answers.isClosed) return;
    this.ask();
    const exact = () => {
      this.wantMaps = true;
      this.ask();
    };
    if (!this.wantMaps) this.atRest(exact, "exact", EXACT_MS);
  }

  /** Ask for the answer to the scene as it is now; the question is put when it can go, so that it says the latest. */
  ask() {
    this.answers.ask(() => {
      const weights = this.scene.kernel === "custom" ? this.weightRows() : [];
      return { scene: { ...this.scene, weights }, edit: this.edit, have: this.have, maps: this.wantMaps, lang: this.lang };
    });
  }

  /** The map there is: the server's by its key; "" says that there is none, so that a page shows something in any case. */
  get have() {
    return this.maps ? this.maps.key || "near" : "";
  }

  heard(/** @type {Uint8Array} */ bytes) {
    if (bytes.length) this.receive(unpack(bytes));
    else this.tell();
  }

  /** Tell the page all it has not answered yet, one message on its way at a time. */
  tell() {
    if (this.telling && performance.now() - this.toldAt < ANSWER_MS) {
      this.tellAgain = true;
      this.atRest(() => this.tell(), "overdue", ANSWER_MS);
      return;
    }
    if (!this.untold.length) return;
    hasTold(this);
    const fields = this.untold.map((change) => change.fields);
    const scene = this.untoldFields();
    Object.assign(this, { telling: true, tellAgain: false, toldAt: performance.now(), toldEdit: this.edit });
    send(this.owner, this.setStateValue, Object.assign({}, ...fields, { scene, edit: this.edit, have: this.have }), 0);
    this.atRest(() => this.tellOnceMore(), "overdue", ANSWER_MS * 5);
  }

  untoldFields() {
    return Object.assign({}, ...this.untold.map((change) => change.fields.scene));
  }

  /** The reader turns away, perhaps to another page: the page is told without waiting for rest. */
  tellNow() {
    clearTimeout(this.timers?.tell);
    if (!this.untold.length || this.untold.at(-1).edit <= (this.toldEdit ?? 0)) return;
    this.telling = false;
    this.tell();
  }

  /** No answer came (a run was overtaken by another): what was said is said again. */
  tellOnceMore() {
    this.telling = false;
    this.tell();
  }

  /** The page's own answer: it ran, after what it was told or for reasons of its own. */
  receivePage(/** @type {{header: any, arrays: any, setStateValue: (name: string, value: any) => void}} */ live) {
    const { header } = live;
    this.setStateValue = live.setStateValue;
    this.query = header.query;
    this.untold = this.untold.filter((change) => change.edit > header.edit);
    if (header.edit >= (this.toldEdit ?? 0)) {
      this.telling = false;
      clearTimeout(this.timers?.overdue);
    }
    if (this.tellAgain && !this.telling) this.tell();
    this.receive(live);
    this.atRest(() => this.rested(), "address", 60);
  }

  /** An answer, on either way. */
  receive(/** @type {{header: any, arrays: any}} */ live) {
    const first = !this.scene;
    const current = this.take(live);
    if (this.beforePaste && current) {
      if (!live.header.fault) this.history.note(this.beforePaste);
      this.beforePaste = null;
    }
    this.wantPicture(live.header.picture);
    this.answeredWith(current, first);
  }

  /** The picture's pixels come once, by the part `store`; here or when they arrive. */
  wantPicture(meta) {
    if (this.picture?.digest === meta.digest) return;
    this.wanted = meta.digest;
    const got = (arrays) => {
      if (this.wanted !== meta.digest || this.picture?.digest === meta.digest) return;
      this.takePicture({ ...meta, pixels: arrays.pixels.data });
      this.pictureCame();
    };
    const stored = getStored(document, meta.digest, got);
    if (stored) got(stored);
  }
}
