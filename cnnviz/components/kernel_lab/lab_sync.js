// The lab and the server. A change is asked about at once, by the lab's own way (ui/kernels_route.py), one question on
// its way at a time; at rest the page is told, so that its session and its address say what is shown. Where the own
// way is closed (the page runs without its launcher), the page is told at once and its answers are shown.

import { unpack } from "../shared/payload.js";
import { send } from "../shared/send.js";
import { getStored } from "../shared/store.js";
import { LabModel } from "./lab_model.js";

const REST_MS = 220; // after the last change the page is told
const EXACT_MS = 120; // after the last change the server's map takes the place of the one worked out here
const SILENCE_MS = 5000; // after this long without an answer the own way counts as closed
const ANSWER_MS = 400; // after this long without the page's answer the next message is sent all the same

/** What a map follows that can be worked out here; lab_linear.js says when. */
const MAP_FIELDS = ["weights", "kernel", "divisor", "offset", "bias", "activation", "view", "scale", "limit"];

/** Where the lab asks: beside the page, whatever folder the app is served from. */
export function answerAddress(/** @type {{protocol: string, host: string, pathname: string}} */ { protocol, host, pathname }) {
  return `${protocol === "https:" ? "wss" : "ws"}://${host}${pathname.replace(/\/[^/]*\/?$/, "")}/answers/kernels`;
}

export class LabSync extends LabModel {
  /** Run `act` once nothing has asked for the same `name` again during `ms`. */
  atRest(act, name = "tables", ms = 400) {
    this.timers ??= {};
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(act, ms);
  }

  /** Forget everything that was to happen later, and ask no more. */
  stop() {
    for (const timer of Object.values(this.timers ?? {})) clearTimeout(timer);
    const { socket } = this;
    this.socket = null;
    socket?.close();
  }

  /**
   * Change scene fields: at once here, then by the server.
   * @param {any} fields @param {{rest?: number, extra?: any, silent?: boolean}} [how]  extra: what goes to the page
   *   that is no scene field; silent: nothing has to be computed
   */
  change(fields, { rest = REST_MS, extra = null, silent = false } = {}) {
    Object.assign(this.scene, fields);
    if ("params" in fields && fields.params.length) this.gridKnown = false;
    this.note({ scene: fields, ...extra });
    this.settled = false;
    if (!silent && !extra) this.seek(fields);
    if (extra || this.closed) this.tell();
    else this.atRest(() => this.tell(), "tell", rest);
    this.changed(fields);
  }

  /** The map for the scene as it is now: at once if it can be worked out here, and from the server in any case. */
  seek(fields) {
    this.wantMaps = !(MAP_FIELDS.some((name) => name in fields) && this.showNear());
    if (!this.wantMaps) this.nearShown();
    if (this.closed) return;
    this.ask();
    const exact = () => {
      this.wantMaps = true;
      this.ask();
    };
    if (!this.wantMaps) this.atRest(exact, "exact", EXACT_MS);
  }

  /** The lab's own way to the server; opened with the lab, so that the first change need not wait for it. */
  open() {
    if (this.socket || this.closed) return;
    const socket = new WebSocket(answerAddress(location));
    socket.binaryType = "arraybuffer";
    let opened = false;
    socket.onopen = () => {
      opened = true;
      if (this.askAgain) this.ask();
    };
    socket.onmessage = (event) => this.heard(new Uint8Array(event.data));
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.asking = false;
      if (!opened) this.close(); // there is no such way: the page alone answers
      else if (this.untold.length) this.tell();
    };
    this.socket = socket;
  }

  /** Ask no more that way. */
  close() {
    const { socket } = this;
    Object.assign(this, { closed: true, socket: null, asking: false });
    socket?.close();
    this.tell();
  }

  /** Ask for the answer to the scene as it is now; one question at a time, the last one always. */
  ask() {
    this.open();
    this.askAgain = this.asking || this.socket?.readyState !== WebSocket.OPEN;
    if (this.askAgain) return;
    this.asking = true;
    const weights = this.scene.kernel === "custom" ? this.weightRows() : [];
    this.socket.send(JSON.stringify({ scene: { ...this.scene, weights }, edit: this.edit, have: this.maps?.key ?? "", maps: this.wantMaps, lang: this.lang }));
    this.atRest(() => this.close(), "silence", SILENCE_MS);
  }

  heard(/** @type {Uint8Array} */ bytes) {
    clearTimeout(this.timers?.silence);
    this.asking = false;
    if (!bytes.length) {
      this.tell();
      return;
    }
    if (this.askAgain) this.ask();
    this.receive(unpack(bytes));
  }

  /** Tell the page all it has not answered yet, one message on its way at a time. */
  tell() {
    if (this.telling && performance.now() - this.toldAt < ANSWER_MS) {
      this.tellAgain = true;
      this.atRest(() => this.tell(), "overdue", ANSWER_MS);
      return;
    }
    if (!this.untold.length) return;
    const fields = this.untold.map((change) => change.fields);
    const scene = Object.assign({}, ...fields.map((one) => one.scene));
    Object.assign(this, { telling: true, tellAgain: false, toldAt: performance.now(), toldEdit: this.edit });
    send(this.owner, this.setStateValue, Object.assign({}, ...fields, { scene, edit: this.edit, have: this.maps?.key ?? "" }), 0);
    this.atRest(() => this.tellOnceMore(), "overdue", ANSWER_MS * 5);
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
