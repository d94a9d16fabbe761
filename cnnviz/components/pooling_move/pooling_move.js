import { choices, make, mark, say, slider } from "../shared/dom.js";
import { sameValue } from "../shared/local.js";
import { fillText, numberText } from "../shared/numbers.js";
import { mountView, PartView } from "../shared/part_view.js";
import { Viewer } from "../shared/viewer.js";
import { showSigned } from "../pixels/signed.js";
import { Movement } from "../pooling/moved.js";
import { showGrey, whiteOf } from "../pooling/planes.js";

const MOVED_BY = ["subject", "shift", "turn", "scale", "kind", "block"];

/** Where an arrow key shifts to, or null for another key. */
export function shiftedBy(/** @type {string} */ key, /** @type {number[]} */ [down, right], /** @type {number} */ most) {
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
  if (!step) return null;
  const cut = (value) => Math.max(-most, Math.min(most, value));
  return [cut(down + step[0]), cut(right + step[1])];
}

/** How much of what is left to see has changed, in percent; NaN where nothing is left. */
export function relativeChange(/** @type {number} */ change, /** @type {number} */ contrast) {
  return contrast > 1e-9 ? (100 * change) / contrast : NaN;
}

class MoveView extends PartView {
  constructor(parent) {
    super(parent);
    this.captions = [...parent.querySelectorAll("figcaption")];
    this.movement = new Movement();
    this.viewers = [...parent.querySelectorAll("figure canvas")].map((canvas, i) => new Viewer(canvas, { key: (event) => i === 0 && this.key(event), keys: i === 0 ? ["shift"] : [] }));
    this.dragged(this.viewers[0].canvas);
  }

  show() {
    this.controls();
    this.work();
  }

  /** The server's numbers where they are of what the reader sees; else the browser's own, until the hand rests. */
  work() {
    const { header, arrays, local } = this;
    const [asked, told] = [local.fields, header.scene];
    if (asked.subject !== told.subject) return; // another plane, which the server has
    const isTold = MOVED_BY.every((name) => sameValue(asked[name], told[name]));
    this.draw(isTold ? { rows: header.rows, arrays } : this.movement.of(arrays.before, /** @type {any} */ (asked), header.blocks));
  }

  key(event) {
    const next = shiftedBy(event.key, this.local.fields.shift, this.header.most_shift);
    if (next) this.set({ shift: next });
    return next !== null;
  }

  /** Dragging the input shifts it by whole pixels. */
  dragged(canvas) {
    let start = null;
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture?.(event.pointerId);
      start = { x: event.clientX, y: event.clientY, shift: this.local.fields.shift };
    };
    canvas.onpointermove = (event) => {
      if (!start) return;
      const size = this.viewers[0].cellSize || 1;
      const cut = (value) => Math.max(-this.header.most_shift, Math.min(this.header.most_shift, Math.round(value)));
      const shift = [cut(start.shift[0] + (event.clientY - start.y) / size), cut(start.shift[1] + (event.clientX - start.x) / size)];
      if (String(shift) !== String(this.local.fields.shift)) this.set({ shift });
    };
    canvas.onpointerup = canvas.onpointercancel = () => { start = null; };
  }

  controls() {
    const { texts, header } = this;
    const { subject, shift, turn, scale, kind, block } = this.local.fields;
    this.find(".knobs").hidden = header.hide.includes("controls");
    choices(this.find(".subjects"), ["digit", "picture"].map((name) => [name, texts[`subject_${name}`]]), subject, (name) => this.set({ subject: name }));
    mark(this.find(".subjects"), "aria-label", texts.subject);
    const one = (name, value, min, max, text, fields) => slider(this.find(`label.${name}`), { name: texts[name], min, max, step: 1, value, text }, (v) => this.set(fields(v)));
    const most = header.most_shift;
    one("dx", shift[1], -most, most, numberText(shift[1]), (v) => ({ shift: [this.local.fields.shift[0], v] }));
    one("dy", shift[0], -most, most, numberText(shift[0]), (v) => ({ shift: [v, this.local.fields.shift[1]] }));
    one("turn", turn, -header.most_turn, header.most_turn, `${numberText(turn)}°`, (v) => ({ turn: v }));
    one("scale", scale, 50, 200, `${scale} %`, (v) => ({ scale: v }));
    const back = this.find(".back");
    say(back, texts.back);
    back.onclick = () => this.set({ shift: [0, 0], turn: 0, scale: 100 });
    choices(this.find(".kinds"), header.kinds.map((name) => [name, texts[`kind_${name}`]]), kind, (name) => this.set({ kind: name }));
    mark(this.find(".kinds"), "aria-label", texts.kind);
    choices(this.find(".blocks"), header.blocks.map((n) => [String(n), this.blockName(n)]), String(block), (n) => this.set({ block: Number(n) }));
    mark(this.find(".blocks"), "aria-label", texts.block);
    const key = turn !== 0 ? "turn" : scale !== 100 ? "scale" : "shift";
    say(this.find(".note"), texts[`note_${key}`]);
  }

  blockName(n) {
    return n === 0 ? this.texts.block_all : n === 1 ? this.texts.block_none : `${n} × ${n}`;
  }

  draw({ rows: compared, arrays }) {
    const { dark, texts } = this;
    const { block } = this.local.fields;
    const white = whiteOf(arrays.after.data, arrays.one.data, arrays.two.data);
    const [rows, columns] = arrays.after.shape;
    const bounds = { left: 0, top: 0, right: columns, bottom: rows };
    const place = (plane) => ({ bounds, frame: { left: 0, top: 0, pitchX: columns / plane.shape[1], pitchY: rows / plane.shape[0] } });
    ["after", "one", "two"].forEach((name, i) => showGrey(this.viewers[i], arrays[name], white, dark, place(arrays[name])));
    showSigned(this.viewers[3], arrays.difference, white, dark, place(arrays.difference));
    const size = (name) => arrays[name].shape.join(" × ");
    const captions = [fillText(texts.moved_input, { size: size("after") }), fillText(texts.pooled_before, { size: size("one") }), fillText(texts.pooled_after, { size: size("two") }), fillText(texts.difference, { white: numberText(white) })];
    captions.forEach((text, i) => { say(this.captions[i], text); mark(this.viewers[i].canvas, "aria-label", i ? text : `${text}. ${texts.drag}`); });
    const here = compared.find((row) => row[0] === block) ?? compared[0];
    const none = compared.find((row) => row[0] === 1);
    const relative = relativeChange(here[1], here[2]);
    const values = { change: numberText(here[1]), same: numberText(100 * here[3], 3), none: numberText(none[1]), relative: Number.isNaN(relative) ? "–" : numberText(relative, 3) };
    const verdict = fillText(texts[here[1] === 0 ? "verdict_same" : "verdict"], values);
    say(this.find(".verdict"), verdict);
    this.table(block, compared);
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => say(this.find(".said"), verdict), 500);
  }

  /** The comparison over windows; the chosen one is marked. */
  table(block, compared) {
    const { texts } = this;
    const heads = [texts.window, texts.change, texts.contrast, texts.relative, texts.same];
    const rows = compared.map(([n, change, contrast, same]) => {
      const relative = relativeChange(change, contrast);
      const cells = [numberText(change), numberText(contrast), Number.isNaN(relative) ? "–" : `${numberText(relative, 3)} %`, `${numberText(100 * same, 3)} %`];
      return make("tr", { className: n === block ? "here" : "" }, make("th", { scope: "row" }, this.blockName(n)), ...cells.map((text) => make("td", {}, text)));
    });
    const head = make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)));
    this.find(".measured").replaceChildren(make("caption", { className: "sr-only" }, texts.table), make("thead", {}, head), make("tbody", {}, ...rows));
  }

  leave() {
    super.leave();
    for (const viewer of this.viewers) viewer.destroy();
  }
}

export default (part) => mountView(MoveView, part);
