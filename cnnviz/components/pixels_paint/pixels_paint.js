import { greyRgb, houseColours, inkOn, rgbHex, signedRgb } from "../shared/colours.js";
import { declareKeys } from "../shared/keys.js";
import { fillText, numberText, typedNumber } from "../shared/numbers.js";
import { numberSize } from "../shared/view.js";
import { sharpPen } from "../pixels/charts.js";
import { choices, fillTable, say } from "../shared/dom.js";
import { sameValue } from "../shared/local.js";
import { mountView, PartView } from "../shared/part_view.js";
import { newEasel, painted, redone, resized, scaleOfCells, strokeCells, undone, withCell } from "./easel.js";

const BRUSHES = [0, 1, 5, 9, 128, 255, -1];
const SIDES = [8, 12, 16, 28];
const LIMIT = 999;

class PaintView extends PartView {
  constructor(parent) {
    super(parent);
    this.canvas = this.find("canvas");
    this.at = { row: 0, col: 0 };
    this.typed = "";
    this.watch = new ResizeObserver(() => this.easel && this.paint());
    this.watch.observe(this.canvas);
    this.listen();
  }

  leave() {
    super.leave();
    this.watch.disconnect();
  }

  show() {
    const { cells } = this.local.fields;
    if (!this.easel) this.easel = newEasel(cells);
    else if (!sameValue(this.easel.cells, cells)) this.easel = painted(this.easel, cells); // from the picture, or a link
    this.draw();
  }

  /** Put new cells on the easel; told to Python when the stroke is over. */
  put(easel, over = true) {
    this.easel = easel;
    if (over) this.tellSoon({ cells: easel.cells });
    else this.local.change({ cells: easel.cells });
    this.draw();
  }

  draw() {
    this.at = { row: Math.min(this.at.row, this.easel.cells.length - 1), col: Math.min(this.at.col, this.easel.cells[0].length - 1) };
    this.paint();
    this.tools();
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.speak(), 400);
  }

  paint() {
    const { cells } = this.easel;
    const { pen, width, height } = sharpPen(this.canvas);
    const { top, signed } = scaleOfCells(cells);
    const [h, w] = [height / cells.length, width / cells[0].length];
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    cells.forEach((line, r) => line.forEach((value, c) => {
      const rgb = signed ? signedRgb(value / top, this.dark) : greyRgb(value / top);
      pen.fillStyle = rgbHex(rgb);
      pen.fillRect(c * w, r * h, Math.ceil(w), Math.ceil(h));
      const text = numberText(value, 3);
      const size = numberSize(w, h, text.length, 10, 20);
      if (!size) return;
      pen.fillStyle = inkOn(rgb);
      pen.font = `${size}px ui-monospace, monospace`;
      pen.fillText(text, (c + 0.5) * w, (r + 0.5) * h);
    }));
    const house = houseColours(this.dark);
    pen.strokeStyle = house.line;
    pen.lineWidth = 0.5;
    pen.beginPath();
    for (let r = 1; r < cells.length; r += 1) { pen.moveTo(0, r * h); pen.lineTo(width, r * h); }
    for (let c = 1; c < cells[0].length; c += 1) { pen.moveTo(c * w, 0); pen.lineTo(c * w, height); }
    pen.stroke();
    pen.strokeStyle = house.kernel;
    pen.lineWidth = 3;
    pen.strokeRect(this.at.col * w + 1.5, this.at.row * h + 1.5, w - 3, h - 3);
  }

  cellOf(event) {
    const box = this.canvas.getBoundingClientRect();
    const { cells } = this.easel;
    const index = (share, count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
    return { row: index((event.clientY - box.top) / box.height, cells.length), col: index((event.clientX - box.left) / box.width, cells[0].length) };
  }

  listen() {
    const { canvas } = this;
    let last = null;
    let before = null;
    const stroke = (to) => {
      let { cells } = this.easel;
      for (const cell of strokeCells(last ?? to, to)) cells = withCell(cells, cell.row, cell.col, this.local.fields.brush);
      last = this.at = to;
      this.put({ ...this.easel, cells }, false);
    };
    canvas.onpointerdown = (event) => {
      if (event.button > 0) return;
      canvas.setPointerCapture?.(event.pointerId);
      before = this.easel;
      last = null;
      this.typed = "";
      stroke(this.cellOf(event));
    };
    canvas.onpointermove = (event) => last && stroke(this.cellOf(event));
    canvas.onpointerup = canvas.onpointercancel = () => {
      if (!last) return;
      last = null;
      this.put(painted(before, this.easel.cells)); // one stroke, one step back
    };
    canvas.onkeydown = (event) => this.key(event);
    declareKeys(canvas, "easel", "easel_paint", "easel_type", "easel_clear", "undo");
  }

  key(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const { cells } = this.easel;
    const set = (value) => this.put(painted(this.easel, withCell(cells, this.at.row, this.at.col, value)));
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") this.put(event.shiftKey ? redone(this.easel) : undone(this.easel));
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (step) {
      this.typed = "";
      this.at = { row: Math.max(0, Math.min(cells.length - 1, this.at.row + step[0])), col: Math.max(0, Math.min(cells[0].length - 1, this.at.col + step[1])) };
      this.draw();
    } else if (event.key === "Enter" || event.key === " ") set(this.local.fields.brush);
    else if (event.key === "Backspace" || event.key === "Delete") { this.typed = ""; set(0); }
    else if (/^[-\d.]$/.test(event.key)) this.type(event.key, set);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Digits typed on the easel go into the cell, one after another. */
  type(key, set) {
    const text = this.typed + key;
    const value = typedNumber(text);
    this.typed = Number.isFinite(value) && Math.abs(value) > LIMIT ? key : text;
    const now = typedNumber(this.typed);
    if (Number.isFinite(now)) set(now);
  }

  tools() {
    const { texts } = this;
    const { brush } = this.local.fields;
    const { row, col } = this.at;
    const { cells, past, future } = this.easel;
    say(this.find(".brush-title"), texts.brush);
    const take = (value) => {
      this.tellSoon({ brush: value });
      this.tools();
    };
    choices(this.find(".brushes"), BRUSHES.map((n) => [String(n), numberText(n)]), String(brush), (text) => take(Number(text)));
    this.field(".brush", brush, texts.brush_type, take);
    say(this.find(".cell-title"), fillText(texts.where, this.at));
    this.field(".value", cells[row][col], texts.cell_value, (value) => this.put(painted(this.easel, withCell(cells, row, col, value))));
    say(this.find(".type-hint"), texts.type_hint);
    say(this.find(".side-title"), texts.size);
    const side = cells.length === cells[0].length ? String(cells.length) : "";
    choices(this.find(".sides"), SIDES.map((n) => [String(n), `${n} × ${n}`]), side, (text) => this.put(painted(this.easel, resized(cells, Number(text)))));
    const actions = /** @type {[string, string][]} */ ([["undo", texts.undo], ["redo", texts.redo], ["clear", texts.clear], ["picture", texts.from_picture]]);
    choices(this.find(".actions"), actions, "", (what) => this.act(what));
    this.find(".actions").children[0].disabled = !past.length;
    this.find(".actions").children[1].disabled = !future.length;
    const go = this.find(".go");
    say(go, texts.send);
    go.onclick = () => this.tell({ scene: { cells: this.easel.cells }, go: "convolution" });
    const { top, signed } = scaleOfCells(cells);
    say(this.find(".scale"), fillText(signed ? texts.scale_signed : texts.scale_grey, { top }));
    say(this.find(".hint"), texts.hint);
    this.canvas.setAttribute("aria-label", fillText(texts.easel_label, { rows: cells.length, columns: cells[0].length }));
  }

  field(name, value, label, take) {
    const input = this.find(`input${name}`);
    input.setAttribute("aria-label", label);
    if (input.getRootNode().activeElement !== input) input.value = numberText(value, 6);
    input.onchange = () => {
      const found = typedNumber(input.value);
      if (Number.isFinite(found) && Math.abs(found) <= LIMIT) take(found);
      else input.value = numberText(value, 6);
    };
  }

  act(what) {
    const { cells } = this.easel;
    if (what === "undo") this.put(undone(this.easel));
    else if (what === "redo") this.put(redone(this.easel));
    else if (what === "clear") this.put(painted(this.easel, cells.map((line) => line.map(() => 0))));
    else {
      this.local.ahead.delete("cells"); // what comes back is wanted, whatever it is
      this.tell({ from_picture: cells.length });
    }
  }

  speak() {
    const { cells } = this.easel;
    const { row, col } = this.at;
    say(this.find(".said"), fillText(this.texts.said, { row, col, value: numberText(cells[row][col], 6) }));
    const heads = ["", ...cells[0].map((_, c) => String(c))];
    fillTable(this.find(".numbers"), this.texts.table, heads, cells.map((line, r) => [String(r), ...line.map((v) => numberText(v, 6))]));
  }
}

export default (/** @type {any} */ part) => mountView(PaintView, part);
