import { mapPalette } from "../shared/colours.js";
import { choices, make, say, slider } from "../shared/dom.js";
import { LocalScene } from "../shared/local.js";
import { fillText, numberText } from "../shared/numbers.js";
import { openView } from "../shared/open.js";
import { planeRgba, planesOf } from "../shared/planes.js";
import { send } from "../shared/send.js";
import { Viewer } from "../shared/viewer.js";
import { fieldInterval, halfText, recurrence, unitNear, unitShown } from "./field.js";

const MARGIN_SHARE = 0.1; // of the picture's side, around it: fields of units at the border begin there

/** Gradient magnitudes (largest 1) as palette indices. */
export function gradientIndices(/** @type {ArrayLike<number>} */ values) {
  return Uint8Array.from(values, (v) => Math.round(Math.max(0, Math.min(1, v)) * 254));
}

/** @type {WeakMap<object, FieldView>} */
const FIELD_VIEWS = new WeakMap();

class FieldView {
  constructor(parent) {
    this.find = (name) => parent.querySelector(name);
    this.local = new LocalScene();
    this.picture = new Viewer(this.find("canvas.picture"), { hover: (cell) => this.hover(cell), pick: (cell) => this.pick(cell), key: (event) => this.key(event), keys: ["unit"] });
    this.gradient = new Viewer(this.find("canvas.gradient"));
    this.over = null;
  }

  update(header, arrays, dark, tell) {
    Object.assign(this, { header, arrays, dark, tell, texts: header.texts });
    this.local.take(header.scene);
    this.show();
  }

  set(changes) {
    this.local.change(changes);
    this.tell({ scene: changes });
    this.controls();
  }

  get row() {
    return this.header.rows[Math.min(this.local.fields.layer, this.header.rows.length - 1)];
  }

  /** The unit on the screen: under the pointer, or the one that was clicked. */
  get unit() {
    return this.over ?? this.local.fields.unit.map((u) => unitShown(this.row, u));
  }

  show() {
    this.controls();
    this.table();
    this.showPicture();
    this.mark();
    this.showGradient();
    this.sums();
  }

  controls() {
    const { texts, header } = this;
    const { net, side, weights } = this.local.fields;
    const hidden = header.hide.includes("controls");
    this.find(".nets").hidden = this.find("label.side").hidden = hidden;
    const names = [["own", texts.own], ...Object.entries(header.nets).map(([name, preset]) => [name, preset.title])];
    choices(this.find(".nets"), names, net, (name) => {
      const preset = header.nets[name];
      this.over = null;
      this.set({ net: name, unit: [-1, -1], layer: preset ? 63 : 3, ...(preset ? { channels: preset.channels, side: preset.side } : { channels: 3, side: 32 }) });
    });
    this.find(".nets").setAttribute("aria-label", texts.network);
    slider(this.find("label.side"), { name: texts.side, min: 8, max: 256, step: 1, value: side, text: `${side} × ${side}` }, (value) => this.set({ side: value, unit: [-1, -1] }));
    choices(this.find(".weights"), [["uniform", texts.uniform], ["random", texts.random], ["again", texts.again]], weights, (name) => {
      this.set(name === "again" ? { weights: "random", seed: (this.local.fields.seed + 1) % 1000 } : { weights: name });
    });
    this.find(".weights").setAttribute("aria-label", texts.weights);
  }

  table() {
    const { texts, header } = this;
    const head = make("thead", {}, make("tr", {}, ...[texts.layer, texts.field_r, texts.jump_j, texts.start, texts.units].map((text) => make("th", { scope: "col" }, text))));
    const rows = header.rows.map((row, i) => {
      const name = make("button", { type: "button" }, row.name);
      name.onclick = () => { this.over = null; this.set({ layer: i, unit: [-1, -1] }); this.show(); };
      const line = make("tr", {}, make("th", { scope: "row" }, name), ...[row.size, halfText(row.jump), halfText(row.start), row.units].map((text) => make("td", {}, String(text))));
      line.classList.toggle("now", row === this.row);
      return line;
    });
    const box = this.find(".table-box");
    const held = [...this.find("table").querySelectorAll("button")].indexOf(this.find("table").getRootNode().activeElement);
    box.setAttribute("aria-label", texts.table);
    this.find("table").replaceChildren(make("caption", { className: "sr-only" }, texts.table), head, make("tbody", {}, ...rows));
    if (held >= 0) this.find("table").querySelectorAll("button")[held]?.focus();
  }

  showPicture() {
    const planes = planesOf(this.arrays.picture);
    const margin = Math.max(1, Math.round(planes.width * MARGIN_SHARE));
    const bounds = { left: -margin, top: -margin, right: planes.width + margin, bottom: planes.height + margin };
    if (this.side !== planes.width) this.picture.view = undefined;
    this.side = planes.width;
    this.picture.show({ width: planes.width, height: planes.height, rgba: planeRgba(planes), bounds }, this.dark);
  }

  /** The field of the unit, its neighbour's dashed, and the middle. */
  mark() {
    const { texts, row } = this;
    if (!row) {
      say(this.find(".unit"), texts.no_layers);
      return this.picture.mark([]);
    }
    const [r, c] = this.unit;
    const [rows, columns] = [fieldInterval(row, r), fieldInterval(row, c)];
    const box = (a, b) => ({ row: a[0], col: b[0], rows: a[1] - a[0] + 1, cols: b[1] - b[0] + 1 });
    const next = c + 1 < row.units ? [{ ...box(rows, fieldInterval(row, c + 1)), role: "soft", style: "dashed" }] : [];
    const middle = { row: Math.floor((rows[0] + rows[1]) / 2), col: Math.floor((columns[0] + columns[1]) / 2), role: "output" };
    this.picture.mark([...next, { ...box(rows, columns), role: "kernel" }, ...(row.size > 4 ? [middle] : [])]);
    say(this.find(".seen-title"), fillText(texts.seen_title, { name: row.name, size: row.size }));
    const words = fillText(texts.unit, { row: r, column: c, units: row.units, top: rows[0], bottom: rows[1], left: columns[0], right: columns[1] }).replaceAll("-", "−");
    const outside = Math.min(rows[0], columns[0]) < 0 || Math.max(rows[1], columns[1]) >= this.header.scene.side;
    say(this.find(".unit"), outside ? `${words} ${texts.outside}` : words);
    this.picture.canvas.setAttribute("aria-label", texts.picture_label);
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => say(this.find(".said"), this.find(".unit").textContent), 500);
    return undefined;
  }

  near(cell) {
    return [unitNear(this.row, cell.row), unitNear(this.row, cell.col)];
  }

  hover(cell) {
    if (!this.row) return;
    this.over = cell ? this.near(cell) : null;
    this.mark();
  }

  pick(cell) {
    if (!this.row) return;
    this.local.change({ unit: this.near(cell) });
    this.tell({ scene: { unit: this.near(cell) } });
    this.mark();
  }

  key(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step || !this.row) return false;
    this.over = null;
    const unit = this.unit.map((u, i) => Math.max(0, Math.min(this.row.units - 1, u + step[i])));
    this.local.change({ unit });
    this.tell({ scene: { unit } });
    this.mark();
    return true;
  }

  /** The measured field beside the theory. */
  showGradient() {
    const { texts, header, arrays } = this;
    const { measured } = header;
    say(this.find(".measured-title"), texts.measured_title);
    this.find(".measured").classList.toggle("is-empty", !measured);
    if (!measured) {
      this.gradient.mark([]);
      this.gradient.show({ width: 1, height: 1, indices: new Uint8Array(1), palette: mapPalette("absolute", this.dark) }, this.dark);
      return say(this.find(".says"), header.refused);
    }
    const [height, width] = arrays.gradient.shape;
    const { data } = arrays.gradient;
    const box = measured.box;
    if (this.shape !== `${height}x${width}`) this.gradient.view = undefined;
    this.shape = `${height}x${width}`;
    const numberAt = (r, c) => numberText(data[r * width + c], 2);
    this.gradient.show({ width, height, indices: gradientIndices(data), palette: mapPalette("absolute", this.dark), numberAt, rulers: false }, this.dark);
    this.gradient.mark([{ row: box[0], col: box[1], rows: measured.theoretical, cols: measured.theoretical, role: "kernel" }]);
    const words = fillText(texts.measured, { r: measured.theoretical, rows: measured.rows, columns: measured.columns, share: numberText(100 * measured.share, 3), sigma: numberText(measured.sigma, 3) });
    this.gradient.canvas.setAttribute("aria-label", words);
    return say(this.find(".says"), words);
  }

  sums() {
    const { texts, row } = this;
    const lines = row ? recurrence(row) : [];
    const parts = lines.flatMap(([letters, numbers]) => [make("p", {}, make("span", { className: "mono soft" }, `${letters}:  `), make("span", { className: "mono" }, numbers))]);
    this.find(".sums").replaceChildren(make("h2", {}, row ? fillText(texts.sums_title, { name: row.name }) : ""), ...parts);
    say(this.find(".note"), texts.note);
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const { header, arrays, dark, root } = openView(data, parentElement);
  if (!FIELD_VIEWS.has(parentElement)) FIELD_VIEWS.set(parentElement, new FieldView(parentElement));
  const view = FIELD_VIEWS.get(parentElement);
  view.update(header, arrays, dark, (fields) => send(root, setStateValue, fields, 60));
  return () => {
    view.picture.destroy();
    view.gradient.destroy();
  };
}
