// The lab and the server: changes go out one message at a time, answers come in and say up to which change they hold.

import { send } from "../shared/send.js";
import { getStored } from "../shared/store.js";
import { LabModel } from "./lab_model.js";

const ANSWER_MS = 400; // after this long without an answer the next message is sent all the same

export class LabSync extends LabModel {
  /** Run `act` once nothing has asked for the same `name` again during `ms`. */
  atRest(act, name = "tables", ms = 400) {
    this.timers ??= {};
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(act, ms);
  }

  /** Forget everything that was to happen later. */
  stopTimers() {
    for (const timer of Object.values(this.timers ?? {})) clearTimeout(timer);
  }

  /**
   * Change scene fields: at once here, and for the server now or after `rest` ms without another change.
   * @param {any} fields @param {{rest?: number, extra?: any}} [how]  extra: what goes along that is no scene field
   */
  change(fields, { rest = 0, extra = {} } = {}) {
    Object.assign(this.scene, fields);
    this.note({ scene: fields, ...extra });
    this.settled = false;
    if (rest) this.atRest(() => this.flush(), "rest", rest);
    else this.flush();
    this.changed(fields);
  }

  /** Send all that is unanswered, one message on its way at a time. */
  flush() {
    if (this.waiting && performance.now() - this.sentAt < ANSWER_MS) {
      this.again = true;
      this.atRest(() => this.flush(), "overdue", ANSWER_MS);
      return;
    }
    if (!this.unanswered.length) return;
    const fields = this.unanswered.map((change) => change.fields);
    const scene = Object.assign({}, ...fields.map((one) => one.scene));
    Object.assign(this, { waiting: true, again: false, sentAt: performance.now(), sentEdit: this.edit });
    const body = Object.assign({}, ...fields, { scene, edit: this.edit, have: this.maps?.key ?? "" });
    send(this.owner, this.setStateValue, body, 0);
    this.atRest(() => this.resend(), "overdue", ANSWER_MS * 5);
  }

  /** No answer came (a run was overtaken by another): what was said is said again. */
  resend() {
    this.waiting = false;
    this.flush();
  }

  /** An answer of the server. */
  receive(/** @type {{header: any, arrays: any, setStateValue: (name: string, value: any) => void}} */ live) {
    const { header } = live;
    this.setStateValue = live.setStateValue;
    if (header.edit >= (this.sentEdit ?? 0)) {
      this.waiting = false;
      clearTimeout(this.timers?.overdue);
    }
    const first = !this.scene;
    const current = this.take(live);
    if (this.beforePaste && current) {
      if (!header.fault) this.history.note(this.beforePaste);
      this.beforePaste = null;
    }
    this.wantPicture(header.picture);
    if (this.again && !this.waiting) this.flush();
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
