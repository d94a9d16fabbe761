import { mapPalette } from "../shared/colours.js";
import { choices, make, mark, say, slider } from "../shared/dom.js";
import { fillText, numberText } from "../shared/numbers.js";
import { mountView, PartView } from "../shared/part_view.js";
import { planeRgba } from "../shared/planes.js";
import { getStored } from "../shared/store.js";
import { Viewer } from "../shared/viewer.js";
import { chainOf, layersOfScene } from "../shapes/layers.js";
import { resizedSquare } from "../shapes/resized.js";
import { fieldInterval, fieldRows, gradientName, halfText, recurrence, unitNear, unitShown } from "./field.js";

const MARGIN_SHARE = 0.1; // of the picture's side, around it: fields of units at the border begin there

/** Gradient magnitudes (largest 1) as palette indices. */
export function gradientIndices(/** @type {ArrayLike<number>} */ values) {
  return Uint8Array.from(values, (v) => Math.round(Math.max(0, Math.min(1, v)) * 254));
}

/**
 * A measured field as it is sent, in words: core's EffectiveField.
 * @typedef {{theoretical: number, rows: number, columns: number, top: number, left: number, share: number, sigma: number}} Measured
 */

/** The numbers of a measured field by their names, or null where it was refused. @returns {Measured | null} */
export function measuredOf(/** @type {ArrayLike<number>} */ numbers) {
  if (!numbers.length) return null;
  const [theoretical, rows, columns, top, left, share, sigma] = Array.from(numbers);
  return { theoretical, rows, columns, top, left, share, sigma };
}

class FieldView extends PartView {
  constructor(parent) {
    super(parent);
    this.doc = parent.ownerDocument ?? document;
    this.picture = new Viewer(this.find("canvas.picture"), { hover: (cell) => this.hover(cell), pick: (cell) => this.pick(cell), key: (event) => this.key(event), keys: ["unit"] });
    this.gradient = new Viewer(this.find("canvas.gradient"));
    this.over = null;
    this.rows = [];
    this.came = () => this.header && this.show(); // what was waited for: a gradient, or the picture
  }

  update(said) {
    Object.assign(this, { drawn: "", shown: "" }); // the theme may be another
    super.update(said);
  }

  set(changes) {
    this.over = null;
    super.set(changes);
  }

  get place() {
    return Math.min(this.local.fields.layer, this.rows.length - 1);
  }

  get row() {
    return this.rows[this.place];
  }

  /** The unit on the screen: under the pointer, or the one that was clicked. */
  get unit() {
    return this.over ?? this.local.fields.unit.map((u) => unitShown(this.row, u));
  }

  show() {
    const { channels, side } = this.local.fields;
    this.rows = fieldRows(chainOf(layersOfScene(this.local.fields, this.header.nets), [channels, side, side]).stages);
    this.controls();
    this.table();
    this.showPicture();
    this.mark();
    this.showGradient();
    this.sums();
  }

  controls() {
    const { texts, header } = this;
    const { net, side, weights, seed } = this.local.fields;
    const hidden = header.hide.includes("controls");
    this.find(".nets").hidden = this.find("label.side").hidden = hidden;
    const names = [["own", texts.own], ...Object.entries(header.nets).map(([name, preset]) => [name, preset.title])];
    choices(this.find(".nets"), names, net, (name) => {
      const preset = header.nets[name];
      this.set({ net: name, unit: [-1, -1], layer: preset ? 63 : 3, ...(preset ? { channels: preset.channels, side: preset.side } : { channels: 3, side: 32 }) });
    });
    mark(this.find(".nets"), "aria-label", texts.network);
    slider(this.find("label.side"), { name: texts.side, min: Math.min(8, side), max: Math.max(256, side), step: 1, value: side, text: `${side} × ${side}` }, (value) => this.set({ side: value, unit: [-1, -1] }));
    choices(this.find(".weights"), [["uniform", texts.uniform], ["random", texts.random], ["again", texts.again]], weights, (name) => {
      this.set(name === "again" ? { weights: "random", seed: (seed + 1) % 1000 } : { weights: name });
    });
    mark(this.find(".weights"), "aria-label", texts.weights);
  }

  /** A row per layer; rows stay while their texts change, and so does focus. */
  table() {
    const { texts } = this;
    const table = this.find("table");
    mark(this.find(".table-box"), "aria-label", texts.table);
    if (this.headed !== texts.layer) {
      const head = make("tr", {}, ...[texts.layer, texts.field_r, texts.jump_j, texts.start, texts.units].map((text) => make("th", { scope: "col" }, text)));
      table.replaceChildren(make("caption", { className: "sr-only" }, texts.table), make("thead", {}, head), make("tbody"));
    }
    this.headed = texts.layer;
    const body = table.tBodies[0];
    while (body.rows.length > this.rows.length) body.lastChild.remove();
    while (body.rows.length < this.rows.length) body.append(this.fresh(body.rows.length));
    this.rows.forEach((row, i) => {
      const line = body.rows[i];
      say(line.cells[0].firstChild, row.name);
      [row.size, halfText(row.jump), halfText(row.start), row.units].forEach((text, c) => say(line.cells[c + 1], String(text)));
      line.classList.toggle("now", i === this.place);
    });
  }

  fresh(at) {
    const name = make("button", { type: "button" });
    name.onclick = () => this.set({ layer: at, unit: [-1, -1] });
    return make("tr", {}, make("th", { scope: "row" }, name), ...Array.from({ length: 4 }, () => make("td")));
  }

  /** The picture as large as the input, made here from the large one, which comes once. */
  showPicture() {
    const { side } = this.local.fields;
    const square = getStored(this.doc, this.header.square, this.came)?.square;
    const drawn = `${this.header.square} ${side}`;
    if (!square || this.drawn === drawn) return;
    this.drawn = drawn;
    const data = resizedSquare(square.data, square.shape[0], side);
    const margin = Math.max(1, Math.round(side * MARGIN_SHARE));
    const bounds = { left: -margin, top: -margin, right: side + margin, bottom: side + margin };
    if (this.side !== side) this.picture.view = undefined;
    this.side = side;
    this.picture.show({ width: side, height: side, rgba: planeRgba({ data, width: side, height: side, channels: 3, white: 255 }), bounds }, this.dark);
  }

  /** The field of the unit, its neighbour's dashed, and the middle. */
  mark() {
    const { texts, row } = this;
    if (!row) {
      say(this.find(".seen-title"), "");
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
    const outside = Math.min(rows[0], columns[0]) < 0 || Math.max(rows[1], columns[1]) >= this.local.fields.side;
    say(this.find(".unit"), outside ? `${words} ${texts.outside}` : words);
    mark(this.picture.canvas, "aria-label", texts.picture_label);
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
    if (this.row) this.choose(this.near(cell));
  }

  choose(unit) {
    this.local.change({ unit });
    this.rest.tell({ scene: { unit } }, this.tell);
    this.mark();
  }

  key(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step || !this.row) return false;
    const unit = this.unit.map((u, i) => Math.max(0, Math.min(this.row.units - 1, u + step[i])));
    this.over = null;
    this.choose(unit);
    return true;
  }

  /** The measured field beside the theory: what was measured of this very unit, or that it is still to come. */
  showGradient() {
    const { texts, row } = this;
    const name = row ? gradientName(this.local.fields, this.place) : "";
    const answer = row && getStored(this.doc, name, this.came);
    const found = answer ? measuredOf(answer.numbers.data) : null;
    say(this.find(".measured-title"), texts.measured_title);
    this.find(".measured").classList.toggle("is-waiting", Boolean(row && !answer));
    this.find(".measured").classList.toggle("is-empty", Boolean(!row || (answer && !found)));
    say(this.find(".says"), found ? measuredWords(found, texts) : row ? fillText(answer ? texts.too_wide : texts.measuring, { r: row.size, most: this.header.widest }) : "");
    if (!found || this.shown === name) return;
    this.shown = name;
    this.drawGradient(answer.gradient, found);
  }

  drawGradient({ data, shape: [height, width] }, /** @type {Measured} */ found) {
    if (this.shape !== `${height}x${width}`) this.gradient.view = undefined;
    this.shape = `${height}x${width}`;
    const numberAt = (r, c) => numberText(data[r * width + c], 2);
    this.gradient.show({ width, height, indices: gradientIndices(data), palette: mapPalette("absolute", this.dark), numberAt, rulers: false }, this.dark);
    this.gradient.mark([{ row: found.top, col: found.left, rows: found.theoretical, cols: found.theoretical, role: "kernel" }]);
    mark(this.gradient.canvas, "aria-label", measuredWords(found, this.texts));
  }

  sums() {
    const { texts, row } = this;
    const lines = row ? recurrence(row) : [];
    const parts = lines.map(([letters, numbers]) => make("p", {}, make("span", { className: "mono soft" }, `${letters}:  `), make("span", { className: "mono" }, numbers)));
    this.find(".sums").replaceChildren(make("h2", {}, row ? fillText(texts.sums_title, { name: row.name }) : ""), ...parts);
    say(this.find(".note"), texts.note);
  }

  leave() {
    super.leave();
    this.picture.destroy();
    this.gradient.destroy();
  }
}

function measuredWords(/** @type {Measured} */ { theoretical: r, rows, columns, share, sigma }, texts) {
  return fillText(texts.measured, { r, rows, columns, share: numberText(100 * share, 3), sigma: numberText(sigma, 3) });
}

export default (part) => mountView(FieldView, part);
