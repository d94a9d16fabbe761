import { fillText, numberText } from "../shared/numbers.js";
import { Viewer } from "../shared/viewer.js";
import { choices, fillTable, say, slider } from "../shared/dom.js";
import { mountView, PartView } from "../shared/part_view.js";
import { planeRgba, planesOf } from "../shared/planes.js";
import { drawSignedBar, showSigned } from "../pixels/signed.js";

/** The plane moved by (down, right); what leaves is lost, or comes back on the other side. */
export function shiftedPlane(/** @type {ArrayLike<number>} */ data, height, width, down, right, circular) {
  const out = new Uint8Array(height * width);
  const wrap = (i, n) => ((i % n) + n) % n;
  for (let r = 0; r < height; r += 1) {
    for (let c = 0; c < width; c += 1) {
      const [fromR, fromC] = [r - down, c - right];
      const inside = fromR >= 0 && fromR < height && fromC >= 0 && fromC < width;
      if (inside || circular) out[r * width + c] = data[wrap(fromR, height) * width + wrap(fromC, width)];
    }
  }
  return out;
}

/** The shift after an arrow key, within ±most; null for other keys. */
export function shiftAfterKey(/** @type {string} */ key, dx, dy, most) {
  const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
  if (!step) return null;
  const cut = (value) => Math.max(-most, Math.min(most, value));
  return { dx: cut(dx + step[0]), dy: cut(dy + step[1]) };
}

class ShiftView extends PartView {
  constructor(parent) {
    super(parent);
    this.viewers = this.all("figure canvas").map((canvas, i) => {
      const viewer = new Viewer(canvas, {
        view: (view) => this.viewers.forEach((other) => other !== viewer && other.look(view)),
        key: (event) => i === 0 && this.key(event),
        keys: i === 0 ? ["shift"] : [],
      });
      return viewer;
    });
    this.dragged();
  }

  show() {
    this.controls();
    this.input();
    this.maps();
  }

  /** The input moves at once; the maps are the server's. */
  set(changes) {
    this.tellSoon(changes);
    this.controls();
    this.input();
  }

  leave() {
    super.leave();
    this.viewers.forEach((viewer) => viewer.destroy());
  }

  /** Dragging the picture shifts it: whole pixels, from where the finger went down. */
  dragged() {
    const canvas = this.viewers[0].canvas;
    let start = null;
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture?.(event.pointerId);
      const { dx, dy } = this.local.fields;
      start = { x: event.clientX, y: event.clientY, dx, dy };
    };
    canvas.onpointermove = (event) => {
      if (!start) return;
      const cut = (value) => Math.max(-this.header.most, Math.min(this.header.most, Math.round(value)));
      const size = this.viewers[0].cellSize || 1;
      const moved = { dx: cut(start.dx + (event.clientX - start.x) / size), dy: cut(start.dy + (event.clientY - start.y) / size) };
      if (moved.dx !== this.local.fields.dx || moved.dy !== this.local.fields.dy) this.set(moved);
    };
    canvas.onpointerup = () => (start = null);
    canvas.onpointercancel = () => (start = null);
  }

  key(event) {
    const { dx, dy } = this.local.fields;
    const moved = shiftAfterKey(event.key, dx, dy, this.header.most);
    if (moved) this.set(moved);
    return moved !== null;
  }

  controls() {
    const { texts, header } = this;
    const { kernel, border, stride, dx, dy } = this.local.fields;
    say(this.find(".kernel-name"), texts.kernel);
    choices(this.find(".kernels"), header.kernels.map((name) => [name, texts[`kernel_${name}`]]), kernel, (name) => this.set({ kernel: name }));
    choices(this.find(".borders"), [["zeros", texts.zeros], ["circular", texts.circular]], border, (name) => this.set({ border: name }));
    choices(this.find(".strides"), [["1", fillText(texts.stride, { stride: 1 })], ["2", fillText(texts.stride, { stride: 2 })]], String(stride), (n) => this.set({ stride: Number(n) }));
    const one = (name, value) => slider(this.find(`label.${name}`), { name: texts[name], min: -header.most, max: header.most, step: 1, value, text: numberText(value) }, (v) => this.set({ [name]: v }));
    one("dx", dx);
    one("dy", dy);
    const canvas = this.viewers[0].canvas;
    canvas.setAttribute("aria-label", texts.input_label);
  }

  /** The picture where the reader has put it: at once, the maps follow. */
  input() {
    const { dx, dy, border } = this.local.fields;
    const planes = planesOf(this.arrays.picture);
    const { height, width } = planes;
    const data = shiftedPlane(planes.data, height, width, dy, dx, border === "circular");
    const numberAt = (row, col) => String(data[row * width + col]);
    this.viewers[0].show({ width, height, rgba: planeRgba({ ...planes, data }), numberAt }, this.dark);
    say(this.all("figcaption")[0], fillText(this.texts.shifted_input, { height, width }));
  }

  maps() {
    const { texts, header, arrays, dark } = this;
    const [h, w] = arrays.shift_first.shape;
    const frame = { left: 0, top: 0, pitchX: arrays.picture.shape[1] / w, pitchY: arrays.picture.shape[0] / h };
    const bounds = { left: 0, top: 0, right: arrays.picture.shape[1], bottom: arrays.picture.shape[0] };
    const names = [texts.shift_first, texts.convolve_first, texts.difference];
    ["shift_first", "convolve_first", "difference"].forEach((name, i) => {
      const viewer = this.viewers[i + 1];
      showSigned(viewer, arrays[name], header.limit, dark, { frame, bounds });
      viewer.canvas.setAttribute("role", "img");
      viewer.canvas.setAttribute("aria-label", `${names[i]}. ${header.verdict}`);
      say(this.all("figcaption")[i + 1], names[i]);
    });
    this.viewers[3].mark(header.inner ? [{ ...header.inner, role: "soft", style: "dashed" }] : []);
    drawSignedBar(this.find("canvas.bar"), dark);
    say(this.find(".low"), numberText(-header.limit, 3));
    say(this.find(".high"), `+${numberText(header.limit, 3)}`);
    say(this.find(".verdict"), header.verdict);
    say(this.find(".explain"), header.explain);
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      say(this.find(".said"), header.verdict);
      const middle = Math.floor(h / 2);
      const cols = Array.from({ length: Math.min(w, 16) }, (_, i) => i);
      const rows = ["shift_first", "convolve_first", "difference"].map((name, i) => [names[i], ...cols.map((c) => numberText(arrays[name].data[middle * w + c], 3))]);
      fillTable(this.find(".numbers"), fillText(texts.table, { row: middle }), ["", ...cols.map(String)], rows);
    }, 500);
  }
}

export default (/** @type {any} */ part) => mountView(ShiftView, part, 50);
