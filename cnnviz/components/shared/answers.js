// A part's own way to the server (ui/answers.py): a question in, packed bytes out, without a run of the page. One
// question is on its way at a time, and the last one asked is always answered.

const SILENT_MS = 5000; // after this long without an answer the way counts as closed

/** Where a page's parts ask: beside the page, whatever folder the app is served from. */
export function answersAddress(/** @type {string} */ page, /** @type {{protocol: string, host: string, pathname: string}} */ { protocol, host, pathname }) {
  return `${protocol === "https:" ? "wss" : "ws"}://${host}${pathname.replace(/\/[^/]*\/?$/, "")}/answers/${page}`;
}

export class Answers {
  /**
   * @param {string} page
   * @param {{heard: (bytes: Uint8Array) => void, closed: () => void, lost?: () => void}} owner  `closed`: there is no
   *   such way, or it fell silent; `lost`: it broke off and is opened again with the next question
   * @param {(url: string) => any} [connect]
   */
  constructor(page, owner, connect = (url) => new WebSocket(url)) {
    Object.assign(this, { page, owner, connect, socket: null, asking: false, waiting: null, isClosed: false });
  }

  /** Open the way, so that the first question need not wait for it. */
  open() {
    if (this.socket || this.isClosed) return;
    const socket = this.connect(answersAddress(this.page, location));
    socket.binaryType = "arraybuffer";
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.next();
    };
    socket.onmessage = (event) => this.answered(new Uint8Array(event.data));
    socket.onclose = () => {
      if (this.socket !== socket) return;
      Object.assign(this, { socket: null, asking: false });
      clearTimeout(this.silence);
      if (!opened) this.shut();
      else this.owner.lost?.();
    };
    this.socket = socket;
  }

  /** Ask; `question()` is called when the question can go, so that it says the latest. */
  ask(/** @type {() => any} */ question) {
    this.waiting = question;
    this.open();
    this.next();
  }

  next() {
    if (this.asking || !this.waiting || this.socket?.readyState !== 1) return;
    const question = this.waiting();
    Object.assign(this, { waiting: null, asking: true });
    this.socket.send(JSON.stringify(question));
    this.silence = setTimeout(() => this.shut(), SILENT_MS);
  }

  answered(/** @type {Uint8Array} */ bytes) {
    clearTimeout(this.silence);
    this.asking = false;
    this.next();
    this.owner.heard(bytes);
  }

  /** There is no such way: ask no more. */
  shut() {
    const { socket } = this;
    Object.assign(this, { socket: null, asking: false, isClosed: true });
    clearTimeout(this.silence);
    socket?.close();
    this.owner.closed();
  }

  /** The part is gone. */
  stop() {
    const { socket } = this;
    Object.assign(this, { socket: null, waiting: null });
    clearTimeout(this.silence);
    socket?.close();
  }
}
