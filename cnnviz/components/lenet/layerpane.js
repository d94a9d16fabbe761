// One map of a layer: what it reads, map by map, each kernel beneath its map and what the two give beneath that; all
// partial maps flow into the sum and the bias. Every kernel can be changed.

import { houseColours, mapPalette } from "../shared/colours.js";
import { declareKeys } from "../shared/keys.js";
import { KernelGrid } from "../shared/kernel_grid.js";
import { numberText } from "../shared/numbers.js";
import { fillTable, make, say } from "../shared/dom.js";
import { corner } from "./netpaint.js";
import { boundWeight } from "./surgery.js";
import { largestSize, paintSigned } from "./unitpanel.js";

/** A long row of numbers folded to a rectangle: 120 become 10 rows of 12. @returns {[number, number]} */
export function foldedShape(rows, cols) {
  if (rows > 1 || cols < 8) return [rows, cols];
  let best = 1;
  for (let r = 2; r * r <= cols; r += 1) if (cols % r === 0) best = r;
  return [best, cols / best];
}

/**
 * Blocks of (map, kernel, partial map) in lines: the largest side that lets all fit.
 * @returns {{side: number, across: number, kernel: number, height: number}}
 */
export function blockLayout(count, width, height, hasKernels, gap = 8) {
  for (let side = 140; side >= 6; side -= 1) {
    const kernel = hasKernels ? Math.max(4, Math.round(side * 0.5)) : 0;
    const tall = hasKernels ? 2 * side + kernel + 3 * gap : side + gap;
    const most = Math.max(1, Math.floor((width + gap) / (side + gap)));
    const lines = Math.ceil(count / most);
    if (lines * tall <= height) return { side, across: Math.ceil(count / lines), kernel, height: tall };
  }
  return { side: 6, across: Math.max(1, Math.floor(width / 8)), kernel: hasKernels ? 4 : 0, height: hasKernels ? 24 : 8 };
}

/** Which sentence says what a layer does. @returns {string} */
export function noteOn(layer, weighs, row) {
  if (layer.radial) return "note_radial";
  if (weighs) return layer.vector ? "note_vector" : "note_layer";
  if (row?.kind === "input" || row?.kind === "flatten") return `note_${row.kind}`;
  if (row?.parameters) return "note_learned";
  if (row?.kind === "pad") return "note_plain";
  return row?.kind.endsWith("_pool") ? "note_pool" : "note_activation";
}

export class LayerPane {
  constructor(app) {
    this.app = app;
    this.canvas = make("canvas", { className: "flow", tabIndex: 0, attrs: { role: "application" } });
    this.out = make("canvas", { className: "out", attrs: { role: "img" } });
    this.sum = make("p", { className: "mono sum" });
    this.gap = make("p", { className: "soft small" });
    this.outName = make("h3", { className: "output" });
    this.kernelName = make("h3", { className: "kernel" });
    this.gridBox = make("div", { className: "grid", attrs: { role: "grid" } });
    this.unread = make("p", { className: "soft" });
    this.undo = make("button", { type: "button", className: "chip", onclick: () => app.editKernel(this.name, null) });
    this.editor = make("div", { className: "column editor" }, this.kernelName, this.gridBox, this.unread, this.undo);
    this.table = make("table");
    this.note = make("p", { className: "note" });
    const flow = make("div", { className: "column grow" }, this.canvas, this.note);
    this.side = make("div", { className: "column outside" }, this.outName, this.out, this.sum, this.gap, this.editor);
    this.el = make("div", { className: "layer" }, flow, this.side, make("div", { className: "sr-only" }, this.table));
    this.sheet = make("canvas");
    this.grid = new KernelGrid(this.gridBox, {
      edit: (row, col, value) => this.edit(row, col, value),
      name: (row, col, value) => app.text("kernel_cell", { row: row + 1, column: col + 1, value }),
    });
    this.canvas.onclick = (event) => this.point(event);
    this.canvas.onkeydown = (event) => this.key(event);
    declareKeys(this.canvas, "flow", "closer", "back");
    this.at = 0;
    this.watch = new ResizeObserver(() => this.show());
    this.watch.observe(this.canvas);
  }

  destroy() {
    this.watch.disconnect();
    this.grid.destroy();
  }

  show() {
    const { app, canvas } = this;
    const layer = app.header?.layer;
    if (!layer || !canvas.isConnected || !canvas.clientWidth) return;
    const { before, kernels, out } = app.arrays;
    if (app.kernelAt !== undefined) this.at = app.kernelAt; // asked for elsewhere
    app.kernelAt = undefined;
    this.at = Math.min(this.at, (before?.shape[0] ?? 1) - 1);
    this.paint(before, kernels, app.arrays.partials);
    const { scene, texts } = app;
    const [rows, cols] = foldedShape(...out.shape.slice(1));
    paintSigned(this.out, out.data, rows, cols, largestSize(out.data), app.dark);
    this.out.setAttribute("aria-label", `${scene.layer}, ${scene.channel}`);
    say(this.outName, rows * cols > 1 ? app.text("map_of", { layer: scene.layer, map: scene.channel }) : app.text("place_unit", { layer: scene.layer, number: scene.channel }));
    say(this.sum, layer.off ? texts.is_off : kernels ? app.text("sum_line", { count: layer.read?.filter(Boolean).length ?? before.shape[0], bias: numberText(layer.bias, 4) }) : app.text("own_line", { kind: layer.kind }));
    const one = out.data.length === 1 ? `= ${numberText(out.data[0], 6)}. ` : "";
    say(this.gap, one + (typeof layer.gap === "number" ? app.text("gap_line", { gap: numberText(layer.gap, 2) }) : ""));
    const row = app.header.net.layers.find((one) => one.name === scene.layer);
    say(this.note, app.text(noteOn(layer, Boolean(kernels), row), { parameters: row?.parameters ?? 0 }));
    this.edited(layer, kernels);
    this.canvas.setAttribute("aria-label", app.text("flow_label", { count: before?.shape[0] ?? 0, from: layer.from ?? "" }));
    app.atRest(() => this.fill(before, app.arrays.partials, layer), "layertable", 400);
  }

  /** The chosen kernel as the scene names it. */
  get name() {
    return `${this.app.scene.layer}.${this.app.scene.channel}.${this.at}`;
  }

  /** Which of this map's kernels are edited. */
  get changed() {
    const { scene, edited } = this.app;
    return edited[scene.layer]?.get(scene.channel) ?? new Set();
  }

  edited(layer, kernels) {
    const { app } = this;
    this.editor.hidden = !layer.conv;
    if (!layer.conv) return;
    const [, rows, cols] = kernels.shape;
    const there = layer.read?.[this.at] ?? true;
    const changed = this.changed.has(this.at);
    const words = app.text("kernel_of", { from: this.at, map: app.scene.channel });
    say(this.kernelName, changed ? app.text("kernel_edited", { kernel: words }) : words);
    this.gridBox.hidden = this.undo.hidden = !there;
    say(this.unread, there ? "" : app.texts.not_read);
    this.gridBox.setAttribute("aria-label", this.kernelName.textContent);
    const cells = Array.from(kernels.data.subarray(this.at * rows * cols, (this.at + 1) * rows * cols));
    this.grid.show({ rows, cols, cells, step: 0.1, dark: app.dark });
    this.undo.disabled = !changed;
    say(this.undo, app.texts.learned_again);
  }

  edit(row, col, value) {
    const { app } = this;
    const { kernels } = app.arrays;
    if (!kernels) return;
    const [, rows, cols] = kernels.shape;
    const start = this.at * rows * cols;
    const before = kernels.data.slice(start, start + rows * cols);
    kernels.data[start + row * cols + col] = boundWeight(value);
    const kernel = Array.from({ length: rows }, (_, r) => Array.from(kernels.data.subarray(start + r * cols, start + (r + 1) * cols), (v) => Number(v.toPrecision(7))));
    if (!app.editKernel(this.name, kernel)) kernels.data.set(before, start);
    this.edited(app.header.layer, kernels);
  }

  paint(before, kernels, partials) {
    const { canvas, app, sheet } = this;
    const ratio = globalThis.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.imageSmoothingEnabled = false;
    pen.clearRect(0, 0, width, height);
    if (!before) return;
    const house = houseColours(app.dark);
    const count = before.shape[0];
    const layout = blockLayout(count, width - 34, height - 4, Boolean(kernels));
    this.layout = layout;
    const palette = mapPalette("signed", app.dark);
    const changed = kernels ? this.changed : new Set();
    const limits = [before, kernels, partials].map((array) => (array ? largestSize(array.data) : 0));
    const draw = (array, number, limit, x, y, side, colour) => {
      const [rows, cols] = foldedShape(...array.shape.slice(1));
      const size = rows * cols;
      paintSigned(sheet, array.data.subarray(number * size, (number + 1) * size), rows, cols, limit, app.dark, palette);
      const scale = side / Math.max(rows, cols);
      const [w, h] = [cols * scale, rows * scale];
      const [left, top] = [x + (layout.side - w) / 2, y + (side - h) / 2];
      pen.drawImage(sheet, 0, 0, cols, rows, left, top, w, h);
      pen.strokeStyle = colour;
      pen.lineWidth = number === this.at && colour === house.kernel ? 2.5 : 1;
      pen.strokeRect(left - 0.5, top - 0.5, w + 1, h + 1);
    };
    for (let i = 0; i < count; i += 1) {
      const x = (i % layout.across) * (layout.side + 8) + 2;
      const y = Math.floor(i / layout.across) * layout.height + 2;
      draw(before, i, limits[0], x, y, layout.side, house.input);
      if (!kernels || app.header.layer.read?.[i] === false) continue; // not read: nothing flows
      draw(kernels, i, limits[1], x, y + layout.side + 6, layout.kernel, house.kernel);
      if (changed.has(i)) corner(pen, x + (layout.side + layout.kernel) / 2, y + layout.side + 6, Math.max(5, layout.kernel * 0.3), house.kernel);
      const low = y + layout.side + layout.kernel + 12;
      draw(partials, i, limits[2], x, low, layout.side, house.output);
      this.flow(pen, x + layout.side / 2, low + layout.side, Math.floor(i / layout.across), layout, width, house);
    }
    if (kernels) {
      pen.fillStyle = house.output;
      pen.font = `700 22px ${getComputedStyle(canvas).fontFamily}`;
      pen.fillText("Σ", width - 24, Math.min(height - 8, layout.height - 4));
    }
  }

  /** From a partial map down to the line that runs into the sum. */
  flow(pen, x, bottom, line, layout, width, house) {
    pen.strokeStyle = house.output;
    pen.globalAlpha = 0.55;
    pen.lineWidth = 1.2;
    const y = bottom + 4;
    pen.beginPath();
    pen.moveTo(x, bottom);
    pen.lineTo(x, y);
    pen.lineTo(width - 14, y);
    pen.lineTo(width - 14, layout.height - 22);
    pen.stroke();
    pen.globalAlpha = 1;
  }

  point(event) {
    const { layout, app } = this;
    if (!layout) return;
    const box = this.canvas.getBoundingClientRect();
    const [col, row] = [Math.floor((event.clientX - box.left) / (layout.side + 8)), Math.floor((event.clientY - box.top) / layout.height)];
    const number = row * layout.across + col;
    if (col >= layout.across || number >= (app.arrays.before?.shape[0] ?? 0)) return;
    const into = (event.clientY - box.top) % layout.height;
    this.at = number;
    if (into < layout.side && app.header.layer.from) this.into(number);
    else this.show();
  }

  /** Go to the map that was read. */
  into(number) {
    const { header } = this.app;
    const { from, maps } = header.layer;
    const one = this.app.arrays.before.shape[0] === 1 && maps > 1;
    const row = header.net.layers.find((layer) => layer.name === from);
    if (row) this.app.look({ layer: from, channel: Math.min(one ? this.app.scene.channel : number, row.shape[0] - 1) });
  }

  key(event) {
    const count = this.app.arrays.before?.shape[0] ?? 1;
    const way = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -(this.layout?.across ?? 1), ArrowDown: this.layout?.across ?? 1 }[event.key];
    if (way) this.at = Math.max(0, Math.min(count - 1, this.at + way));
    else if (event.key === "Enter") this.app.change({ level: "unit" });
    else if (event.key === "Backspace" || event.key === "Escape") this.app.change({ level: "network" });
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.show();
  }

  /** For those who do not see the maps: what each gives, as one number. */
  fill(before, partials, layer) {
    const { app } = this;
    if (!before) return;
    const mean = (array, i) => {
      const size = array.shape[1] * array.shape[2];
      return array.data.subarray(i * size, (i + 1) * size).reduce((a, b) => a + b, 0) / size;
    };
    const rows = Array.from({ length: Math.min(before.shape[0], 64) }, (_, i) => [String(i), numberText(mean(before, i), 4), partials ? numberText(mean(partials, i), 4) : ""]);
    fillTable(this.table, app.text("layer_table", { layer: app.scene.layer, bias: numberText(layer.bias, 4) }), [app.texts.head_map, app.texts.head_before, app.texts.head_partial], rows);
  }
}
